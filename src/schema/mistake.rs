//! What is wrong with a schema though each of its values could be right: columns that are not declared, options that do not fit the type.

use std::collections::hash_map::Entry;
use std::ops::Range;

use rustc_hash::FxHashMap;
use toml::Spanned;

use super::{Column, Kind, Permission, TableSchema};

/// Something wrong with a configuration.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Mistake {
    /// The place in the file, in bytes.
    pub span: Range<usize>,
    /// What is wrong, in lower case and without a full stop.
    pub message: String,
    /// What to do, as an order.
    pub help: String,
}

impl Mistake {
    /// A mistake at a place.
    #[must_use]
    pub fn new(span: Range<usize>, message: impl Into<String>, help: impl Into<String>) -> Self {
        Self { span, message: message.into(), help: help.into() }
    }
}

impl TableSchema {
    /// What is wrong with the schema.
    #[must_use]
    pub fn mistakes(&self) -> Vec<Mistake> {
        let mut mistakes = Vec::new();
        let mut known: FxHashMap<String, &str> = FxHashMap::default();
        for (name, column) in &self.columns.0 {
            for text in std::iter::once(name.as_ref()).chain(&column.aliases) {
                match known.entry(super::fold_header(text)) {
                    Entry::Vacant(entry) => {
                        entry.insert(name.as_ref());
                    }
                    Entry::Occupied(entry) => {
                        let message = format!("\"{text}\" names the column \"{}\" already", entry.get());
                        mistakes.push(Mistake::new(
                            name.span(),
                            message,
                            "give each name and each alias to one column, once",
                        ));
                    }
                }
            }
            options(name, column, &mut mistakes);
            for condition in [&column.required_if, &column.required_unless].into_iter().flatten() {
                self.reference(&condition.column, &mut mistakes);
                if condition.is.is_empty() == condition.filled.is_none() {
                    let message = "a condition needs either `is` or `filled`";
                    let help = "write `is = [\"…\"]` or `filled = true`";
                    mistakes.push(Mistake::new(condition.column.span(), message, help));
                }
            }
        }
        for key in self.unique.iter().flatten() {
            let columns = key.columns.as_ref();
            if columns.is_empty() {
                let help = "name those that make it up: `columns = [\"…\"]`";
                mistakes.push(Mistake::new(key.columns.span(), "a unique key has no columns", help));
            }
            for column in columns {
                self.reference(column, &mut mistakes);
            }
        }
        self.order.iter().flatten().for_each(|key| self.reference(&key.column, &mut mistakes));
        if let Some(line) = &self.count_line
            && line.as_ref().matches("{}").count() != 1
        {
            let message = "a count line has one place for its number";
            mistakes.push(Mistake::new(line.span(), message, "write `{}` where the number stands: \"{} papers\""));
        }
        mistakes
    }

    /// A column that is spoken of is declared, or a header that selects the tables; where no column is declared, it may be any.
    fn reference(&self, name: &Spanned<String>, mistakes: &mut Vec<Mistake>) {
        let folded = super::fold_header(name.as_ref());
        let is_selecting = || self.selector.headers.iter().any(|header| super::fold_header(header) == folded);
        if self.columns.0.is_empty() || self.column(name.as_ref()).is_some() || is_selecting() {
            return;
        }
        let declared: Vec<String> = self.columns.0.iter().map(|(name, _)| format!("`{}`", name.as_ref())).collect();
        let help = match nearest(name.as_ref(), self.columns.0.iter().map(|(name, _)| name.as_ref().as_str())) {
            Some(near) => format!("write `{near}`"),
            None => {
                format!("declare it (`columns.{:?} = {{}}`), or name one of {}", name.as_ref(), declared.join(", "))
            }
        };
        mistakes.push(Mistake::new(name.span(), format!("no column \"{}\" is declared", name.as_ref()), help));
    }
}

/// The name that another resembles most; none where it resembles none much.
pub fn nearest<'n>(name: &str, names: impl Iterator<Item = &'n str>) -> Option<&'n str> {
    let likeness = |other: &str| strsim::jaro_winkler(&other.to_lowercase(), &name.to_lowercase());
    names.max_by(|a, b| likeness(a).total_cmp(&likeness(b))).filter(|near| likeness(near) > 0.75)
}

/// The options of a column fit its type and each other.
fn options(name: &Spanned<String>, column: &Column, mistakes: &mut Vec<Mistake>) {
    let mut say = |message: String, help: String| mistakes.push(Mistake::new(name.span(), message, help));
    let column_name = name.as_ref();
    let kind = column.kind;
    for (option, is_set, kinds) in fitting(column) {
        if is_set && !kind.is_some_and(|kind| kinds.contains(&kind)) {
            let kinds: Vec<String> = kinds.iter().map(|kind| format!("`type = \"{}\"`", kind.name())).collect();
            let has = kind.map_or("none".to_owned(), |kind| format!("\"{}\"", kind.name()));
            let message = format!("`{option}` does not fit the type of column \"{column_name}\", which is {has}");
            say(message, format!("take it out, or write {}", kinds.join(" or ")));
        }
    }
    if matches!(kind, Some(Kind::Enum | Kind::Emoji)) && column.values.is_empty() {
        let message = format!("column \"{column_name}\" has no values");
        say(message, "list what its cells may hold: `values = [\"…\", \"…\"]`".to_owned());
    }
    let contradictions = [
        ("length", column.min_length.zip(column.max_length).is_some_and(|(min, max)| min > max)),
        ("links", column.min_links.zip(column.max_links).is_some_and(|(min, max)| min > max)),
    ];
    for (what, _) in contradictions.iter().filter(|(_, is_wrong)| *is_wrong) {
        let message = format!("the least `{what}` of column \"{column_name}\" is above the greatest");
        say(message, format!("make `min-{what}` smaller than `max-{what}`"));
    }
    if column.min.zip(column.max).is_some_and(|(min, max)| min > max) {
        let message = format!("the least value of column \"{column_name}\" is above the greatest");
        say(message, "make `min` smaller than `max`".to_owned());
    }
}

/// The options that fit some types only: their names, whether they are given, and the types.
fn fitting(column: &Column) -> [(&'static str, bool, &'static [Kind]); 14] {
    const LINKS: &[Kind] = &[Kind::Link, Kind::Links];
    const TARGETS: &[Kind] = &[Kind::Link, Kind::Links, Kind::Badge];
    const NUMBERS: &[Kind] = &[Kind::Integer, Kind::Year];
    [
        ("min", column.min.is_some(), NUMBERS),
        ("max", column.max.is_some(), NUMBERS),
        ("formats", !column.formats.is_empty(), &[Kind::Year, Kind::Date]),
        ("schemes", !column.schemes.is_empty(), TARGETS),
        ("hosts", !column.hosts.is_empty(), TARGETS),
        ("forbidden-hosts", !column.forbidden_hosts.is_empty(), TARGETS),
        ("path", column.path.is_some(), TARGETS),
        ("texts", !column.texts.is_empty(), LINKS),
        ("alone", column.alone, LINKS),
        ("bare-urls", column.bare_urls == Some(Permission::Forbid), LINKS),
        ("min-links", column.min_links.is_some(), &[Kind::Links]),
        ("max-links", column.max_links.is_some(), &[Kind::Links]),
        ("values", !column.values.is_empty(), &[Kind::Enum, Kind::Emoji]),
        ("separator", column.separator.is_some(), &[Kind::Enum]),
    ]
}
