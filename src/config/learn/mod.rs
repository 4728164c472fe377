//! Learns from lists as they are what their maintainers would declare: `learn`.

mod column;
mod order;
mod survey;

use std::sync::Arc;

use rustc_hash::FxHashMap;
use toml::Value;

use crate::column::{Bound, PreparedSchema, Role, TypedDocument, TypedTable};
use crate::schema::TableSchema;

/// What was learnt from lists.
#[derive(Clone, PartialEq, Debug)]
pub struct Learnt {
    /// Roles of columns that hold for all their tables, by header.
    pub roles: Vec<(String, Guess)>,
    /// One schema for each kind of table, in the order in which they must be tried.
    pub tables: Vec<LearntTable>,
    /// Kinds of tables that were too small, or too many, to be learnt from.
    pub passed_over: usize,
}

/// What tables of one kind have in common.
#[derive(Clone, PartialEq, Debug)]
pub struct LearntTable {
    /// The headers, as the tables write them.
    pub headers: Vec<String>,
    /// How many tables there are.
    pub tables: usize,
    /// How many rows they have.
    pub rows: usize,
    /// Options of the schema.
    pub options: Vec<Guess>,
    /// Options of the columns, by header.
    pub columns: Vec<(String, Vec<Guess>)>,
}

/// An option, its value, and what bears it out.
#[derive(Clone, PartialEq, Debug)]
pub struct Guess {
    /// The option's name.
    pub option: &'static str,
    /// Its value.
    pub value: Value,
    /// What bears it out: `104 of 107 rows`.
    pub support: String,
}

impl Guess {
    fn new(option: &'static str, value: impl Into<Value>, support: impl Into<String>) -> Self {
        Self { option, value: value.into(), support: support.into() }
    }
}

/// A kind with fewer rows says nothing of its habits.
const FEWEST_ROWS: usize = 4;

/// A configuration of more schemas is not short.
const MOST_KINDS: usize = 12;

/// Learns from lists; nothing where no table is large enough.
///
/// A guess is made where all but one row in twenty bear it out, so that what departs from it is a departure from the lists' own habits.
#[must_use]
pub fn learn(documents: &[TypedDocument<'_>]) -> Learnt {
    let tables = || documents.iter().flat_map(|document| &document.tables);
    let mut kinds: FxHashMap<Vec<String>, Vec<&TypedTable<'_>>> = FxHashMap::default();
    for typed in tables() {
        kinds.entry(headers(typed)).or_default().push(typed);
    }
    let all = kinds.len();
    let mut kinds: Vec<Kind<'_, '_>> =
        kinds.into_iter().filter_map(|(folded, tables)| Kind::of(folded, tables)).collect();
    kinds.sort_by(|a, b| b.rows.cmp(&a.rows).then_with(|| a.folded.cmp(&b.folded)));
    kinds.truncate(MOST_KINDS);
    // A table has the headers of all kinds with fewer, so that those with more are tried first.
    kinds.sort_by_key(|kind| std::cmp::Reverse(kind.folded.len()));
    let roles = roles(&kinds);
    let passed_over = all - kinds.len();
    Learnt { roles, tables: kinds.iter().map(Kind::learn).collect(), passed_over }
}

/// The folded headers of a table.
fn headers(typed: &TypedTable<'_>) -> Vec<String> {
    typed.table.header().cells().iter().map(|cell| crate::schema::fold_header(cell.text)).collect()
}

/// The tables of one kind: those with the same headers.
struct Kind<'t, 'd> {
    folded: Vec<String>,
    /// The headers as the first table writes them, without markup.
    headers: Vec<String>,
    tables: Vec<&'t TypedTable<'d>>,
    /// The rows that are entries.
    rows: usize,
}

impl<'t, 'd> Kind<'t, 'd> {
    /// The kind, where it has rows enough and headers that tell its columns apart.
    fn of(folded: Vec<String>, tables: Vec<&'t TypedTable<'d>>) -> Option<Self> {
        let mut distinct = folded.clone();
        distinct.sort_unstable();
        distinct.dedup();
        let is_told_apart =
            distinct.len() == folded.len() && !distinct.iter().any(String::is_empty) && folded.len() >= 2;
        let rows = tables.iter().map(|typed| survey::entries(typed).count()).sum();
        let first = tables.first()?;
        let headers = (0..folded.len()).map(|column| first.header_text(column).trim().to_owned()).collect();
        (is_told_apart && rows >= FEWEST_ROWS).then_some(Self { folded, headers, tables, rows })
    }

    fn learn(&self) -> LearntTable {
        let columns: Vec<(String, Vec<Guess>)> = (0..self.headers.len())
            .map(|column| (self.headers[column].clone(), column::guesses(self, column)))
            .filter(|(_, guesses)| !guesses.is_empty())
            .collect();
        LearntTable {
            headers: self.headers.clone(),
            tables: self.tables.len(),
            rows: self.rows,
            options: order::guesses(self),
            columns,
        }
    }

    /// Whether all but a few of so many bear a guess out.
    fn is_habit(exceptions: usize, of: usize) -> bool {
        exceptions <= (of / 20).max(usize::from(of >= 8)) && of >= FEWEST_ROWS
    }

    /// A schema with these options, and each table bound to it.
    fn bind<R>(&self, schema: &toml::Table, mut look: impl FnMut(&TypedTable<'d>, &Bound<'_>) -> R) -> Option<Vec<R>> {
        let schema: TableSchema = toml::from_str(&toml::to_string(schema).ok()?).ok()?;
        let prepared = [PreparedSchema::new(Arc::new(schema))];
        let bound = |typed: &&&TypedTable<'d>| Bound::find(&prepared, typed.table, &self.folded);
        self.tables.iter().map(|typed| bound(&typed).map(|bound| look(typed, &bound))).collect()
    }
}

/// `all 107 rows`, `104 of 107 rows`
fn support(exceptions: usize, of: usize, noun: &str) -> String {
    match exceptions {
        0 => format!("all {of} {noun}"),
        _ => format!("{} of {of} {noun}", of.saturating_sub(exceptions)),
    }
}

/// The roles of headers that have one role only.
fn roles(kinds: &[Kind<'_, '_>]) -> Vec<(String, Guess)> {
    let mut found: Vec<(&str, &str, Role, usize)> = Vec::new();
    let mut places: FxHashMap<&str, usize> = FxHashMap::default();
    let mut torn: Vec<&str> = Vec::new();
    for kind in kinds {
        for typed in &kind.tables {
            for (column, role) in typed.roles.iter().enumerate() {
                let folded = kind.folded[column].as_str();
                let place = *places.entry(folded).or_insert(found.len());
                match found.get_mut(place) {
                    None => found.push((folded, &kind.headers[column], *role, 1)),
                    Some((.., known, count)) if known == role => *count += 1,
                    Some(_) => torn.push(folded),
                }
            }
        }
    }
    torn.sort_unstable();
    let is_known = |role: Role| !matches!(role, Role::Text | Role::Index);
    let learnt =
        found.into_iter().filter(|(folded, _, role, _)| is_known(*role) && torn.binary_search(folded).is_err());
    learnt
        .map(|(_, header, role, count)| {
            let tables = if count == 1 { "table" } else { "tables" };
            (header.to_owned(), Guess::new("role", role.name(), format!("{count} {tables}")))
        })
        .collect()
}
