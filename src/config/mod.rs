//! `tablewright.toml`: what a list's maintainer declares, what of it is for a file, and how it is learnt from lists.

mod effective;
pub mod learn;
mod rule_settings;
mod wrong;

pub use effective::{Effective, EffectiveRule, Sourced};
pub use rule_settings::{Level, RuleSettings};

use std::ops::Range;

use rustc_hash::FxHashMap;
#[cfg(test)]
use schemars::JsonSchema;
use serde::Deserialize;
use toml::Spanned;

use crate::column::Role;
use crate::format;
use crate::schema::{Mistake, PathGlob, TableSchema, fold_header};

/// The names that a configuration may have, the usual one first.
pub const FILE_NAMES: [&str; 2] = ["tablewright.toml", ".tablewright.toml"];

/// A configuration, as it is written.
#[derive(Clone, Debug, Default, Deserialize)]
#[cfg_attr(test, derive(JsonSchema), schemars(rename = "tablewright.toml"))]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Config {
    /// Globs for the files that are looked at where a folder is searched; without it, `*.md` and `*.markdown`.
    include: Option<Vec<PathGlob>>,
    /// Globs for files and folders that are passed over where a folder is searched.
    #[serde(default)]
    exclude: Vec<PathGlob>,
    /// Which rules run, how much their findings weigh, and what else is asked of them.
    #[serde(default)]
    rules: RuleSettings,
    /// What columns hold, by the text of their header, in any case.
    #[serde(default)]
    columns: Roles,
    /// How tables are to look.
    #[serde(default)]
    format: Format,
    /// What is otherwise for some files; of two that say something of one thing, the later counts.
    #[serde(default)]
    files: Vec<FileSection>,
    /// What tables must look like. A table belongs to the first that it matches.
    #[serde(default, rename = "table")]
    #[cfg_attr(test, schemars(with = "Vec<TableSchema>"))]
    tables: Vec<Spanned<std::sync::Arc<TableSchema>>>,
}

/// What is otherwise for some files.
#[derive(Clone, Debug, Deserialize)]
#[cfg_attr(test, derive(JsonSchema), schemars(rename = "Files"))]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct FileSection {
    /// Globs for the files.
    #[serde(rename = "match")]
    globs: Vec<PathGlob>,
    /// Which rules run there, how much their findings weigh, and what else is asked of them.
    #[serde(default)]
    rules: RuleSettings,
    /// What columns hold there.
    #[serde(default)]
    columns: Roles,
    /// How tables are to look there.
    #[serde(default)]
    format: Format,
}

/// How tables are to look.
#[derive(Clone, Debug, Default, Deserialize)]
#[cfg_attr(test, derive(JsonSchema))]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct Format {
    /// Whether cells are padded.
    #[cfg_attr(test, schemars(with = "Option<Style>"))]
    style: Option<Spanned<Style>>,
    /// A cell wider than this many columns does not widen its column; 0 for no limit.
    #[cfg_attr(test, schemars(with = "Option<usize>"))]
    max_column_width: Option<Spanned<usize>>,
    /// Computes the widths of aligned tables anew, whatever their delimiter rows declare.
    #[cfg_attr(test, schemars(with = "Option<bool>"))]
    realign: Option<Spanned<bool>>,
}

/// Whether cells are padded.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Deserialize)]
#[cfg_attr(test, derive(JsonSchema))]
#[serde(rename_all = "kebab-case")]
enum Style {
    /// The pipes of a column stand below each other.
    Aligned,
    /// One space around each cell.
    Compact,
    /// Aligned where most rows stand under the pipes of the delimiter row, else compact.
    Keep,
}

impl From<Style> for format::Style {
    fn from(style: Style) -> Self {
        match style {
            Style::Aligned => Self::Aligned,
            Style::Compact => Self::Compact,
            Style::Keep => Self::Keep,
        }
    }
}

/// Headers and the roles of their columns, in the order in which they are written.
#[derive(Clone, Debug, Default)]
struct Roles(Vec<(Spanned<String>, RoleName)>);

/// The name of a role.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(try_from = "String")]
struct RoleName(Role);

impl TryFrom<String> for RoleName {
    type Error = String;

    fn try_from(name: String) -> Result<Self, String> {
        Role::by_name(&name).map(Self).ok_or_else(|| {
            let names = Role::ALL.map(|role| format!("`{}`", role.name()));
            let near = crate::schema::nearest(&name, Role::ALL.into_iter().map(Role::name).chain(["year"]));
            let help = match near {
                Some(near) => format!("did you mean `{near}`?"),
                None => format!("write one of {}", names.join(", ")),
            };
            format!("there is no role `{name}`\n{help}")
        })
    }
}

impl<'de> Deserialize<'de> for Roles {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        crate::schema::entries(deserializer, "a table of headers and roles").map(Self)
    }
}

#[cfg(test)]
impl JsonSchema for Roles {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Columns of any table".into()
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        let names: Vec<&str> = Role::ALL.into_iter().map(Role::name).chain(["year"]).collect();
        schemars::json_schema!({ "type": "object", "additionalProperties": { "type": "string", "enum": names } })
    }
}

impl Config {
    /// Reads a configuration.
    ///
    /// # Errors
    ///
    /// What is wrong with it, in the order of the places: the first thing that cannot be read, or all that makes no sense.
    pub fn read(text: &str) -> Result<Self, Vec<Mistake>> {
        let parsed = toml::de::Deserializer::parse(text).map_err(|error| vec![wrong::syntax(&error, text)])?;
        let config = Self::deserialize(parsed).map_err(|error| vec![wrong::value(&error, text)])?;
        let mut mistakes = config.mistakes();
        if mistakes.is_empty() {
            return Ok(config);
        }
        mistakes.sort_by_key(|mistake| mistake.span.start);
        Err(mistakes)
    }

    fn mistakes(&self) -> Vec<Mistake> {
        let mut mistakes = Vec::new();
        let sections = self.files.iter().map(|section| (&section.rules, &section.columns));
        for (rules, columns) in std::iter::once((&self.rules, &self.columns)).chain(sections) {
            rules.mistakes(&mut mistakes);
            columns.mistakes(&mut mistakes);
        }
        mistakes.extend(self.tables.iter().flat_map(|table| table.as_ref().mistakes()));
        mistakes
    }

    /// Whether a file is one to look at where a folder is searched; its path is from the configuration's folder, with `/`.
    #[must_use]
    pub fn includes(&self, path: &str) -> bool {
        let is_list = |globs: &Vec<PathGlob>| globs.iter().any(|glob| glob.is_match(path));
        self.include.as_ref().map_or_else(|| is_markdown(path), is_list) && !self.excludes(path)
    }

    /// Whether a file or folder is passed over; its path is from the configuration's folder, with `/`.
    #[must_use]
    pub fn excludes(&self, path: &str) -> bool {
        self.exclude.iter().any(|glob| glob.is_match(path))
    }
}

/// Whether a file's name says that it is Markdown.
#[must_use]
pub fn is_markdown(path: &str) -> bool {
    let extension = path.rsplit('/').next().and_then(|name| name.rsplit_once('.')).map(|(_, extension)| extension);
    extension.is_some_and(|extension| ["md", "markdown"].iter().any(|known| extension.eq_ignore_ascii_case(known)))
}

impl Roles {
    fn mistakes(&self, mistakes: &mut Vec<Mistake>) {
        let mut known: FxHashMap<String, Range<usize>> = FxHashMap::default();
        for (header, _) in &self.0 {
            if known.insert(fold_header(header.as_ref()), header.span()).is_some() {
                let message = format!("\"{}\" has a role already", header.as_ref());
                mistakes.push(Mistake::new(header.span(), message, "say it once; case and markup make no difference"));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Every mistake has its place, its reason and its remedy.
    #[track_caller]
    fn check(text: &str, expected: &[(&str, &str, &str)]) {
        let mistakes = Config::read(text).expect_err("there is a mistake");
        let told: Vec<(&str, &str, &str)> =
            mistakes.iter().map(|it| (&text[it.span.clone()], it.message.as_str(), it.help.as_str())).collect();
        assert_eq!(told, expected);
    }

    #[test]
    fn the_json_schema_is_current() {
        let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tablewright.schema.json");
        let mut schema = schemars::schema_for!(Config);
        schema.insert(
            "$id".to_owned(),
            concat!(env!("CARGO_PKG_REPOSITORY"), "/raw/main/tablewright.schema.json").into(),
        );
        let current = format!("{}\n", serde_json::to_string_pretty(&schema).expect("the schema is JSON"));
        if std::env::var_os("TABLEWRIGHT_UPDATE").is_some_and(|value| value == "1") {
            std::fs::write(&path, &current).expect("the schema is writable");
        }
        let shipped = std::fs::read_to_string(&path).unwrap_or_default();
        assert!(shipped == current, "TABLEWRIGHT_UPDATE=1 rewrites tablewright.schema.json");
    }

    #[test]
    fn names_that_there_are_not_are_told_with_the_nearest() {
        check("exlude = []", &[("exlude", "there is no option `exlude` here", "did you mean `exclude`?")]);
        check(
            "[rules]\nduplicate-entri = \"off\"",
            &[("duplicate-entri", "there is no rule `duplicate-entri`", "did you mean `duplicate-entry`?")],
        );
        check("[rules]\nzzz = \"off\"", &[("zzz", "there is no rule `zzz`", "`tablewright explain` lists the rules")]);
        check("[columns]\nA = \"yeer\"", &[("\"yeer\"", "there is no role `yeer`", "did you mean `year`?")]);
        check(
            "[[table]]\ncolumns.A.presence = \"maybe\"",
            &[("\"maybe\"", "there is no value `maybe` here", "what may stand here is `optional`, `required`")],
        );
        check(
            "[[table]]\norder = [{ column = \"Yaer\" }]\ncolumns.Year = {}",
            &[("\"Yaer\"", "no column \"Yaer\" is declared", "write `Year`")],
        );
    }

    #[test]
    fn all_that_makes_no_sense_is_told_at_once_in_the_order_of_the_places() {
        check(
            "[rules]\nimplausible-year = { min = 2000, max = 1900 }\nragged-row = { min = 1 }\n[columns]\nA = \"year\"\n\"**a**\" = \"text\"",
            &[
                ("2000", "`min` is 2000, which is above `max`", "make `min` smaller than `max`"),
                ("1", "`min` is no option of `ragged-row`", "take it out; `ragged-row` has none but `severity`"),
                ("\"**a**\"", "\"**a**\" has a role already", "say it once; case and markup make no difference"),
            ],
        );
    }

    #[test]
    fn a_value_of_another_type_is_told_with_what_belongs_there() {
        check("exclude = \"a\"", &[("\"a\"", "an array belongs here, not the text \"a\"", "write `[\"…\", \"…\"]`")]);
        check(
            "[[table]]\nmin-rows = -1",
            &[("-1", "a number from 0 on belongs here, not `-1`", "write a number such as 3")],
        );
        check(
            "[table]\nmin-rows = 1",
            &[("[table]", "there may be several `table`", "write `[[table]]`, with two brackets")],
        );
        check(
            "[rules]\nragged-row = 3",
            &[(
                "3",
                "a severity, or a table of options belongs here, not `3`",
                "write a severity, or a table of options",
            )],
        );
    }

    #[test]
    fn later_sections_outweigh_earlier_ones() {
        let text = r#"
            [rules]
            ragged-row = "note"
            unaligned-table = "on"
            implausible-year = { min = 1800 }
            [columns]
            Paper = "text"
            [format]
            style = "compact"
            [[files]]
            match = ["docs/**"]
            rules = { ragged-row = "off", implausible-year = { severity = "error" } }
            columns = { paper = "link" }
            format = { realign = true }
        "#;
        let config = Config::read(text).expect("the configuration is sound");
        let of = |path: &str| Effective::of(&config, path);
        let level = |path: &str, name: &str| {
            of(path).rules.iter().find(|rule| rule.rule.name.0 == name).map(|rule| rule.level.value)
        };
        assert_eq!(level("a.md", "ragged-row"), Some(Level::Note));
        assert_eq!(level("docs/a.md", "ragged-row"), Some(Level::Off));
        assert_eq!(level("docs/a.md", "unaligned-table"), Some(Level::On));
        assert_eq!(level("docs/a.md", "implausible-year"), Some(Level::Error));
        assert_eq!(of("docs/a.md").declared().options.earliest_year, 1800);
        assert_eq!(of("docs/a.md").columns.len(), 1);
        assert_eq!(
            of("docs/a.md").format(),
            format::FormatOptions { style: format::Style::Compact, realign: true, ..Default::default() }
        );
        assert!(!of("a.md").format().realign);
    }

    #[test]
    fn arguments_outweigh_the_configuration() {
        let config = Config::read("[rules]\nragged-row = \"off\"\nempty-row = \"error\"").expect("it is sound");
        let effective = Effective::of(&config, "a.md");
        let rule = |name| crate::rules::by_name(name).expect("there is the rule");
        let (rules, _) = effective.rules(&[], &[rule("empty-row")]);
        assert!(!rules.iter().any(|rule| ["ragged-row", "empty-row"].contains(&rule.name.0)));
        let (rules, weights) = effective.rules(&[rule("ragged-row"), rule("empty-row")], &[]);
        assert_eq!(rules.len(), 2);
        assert_eq!(weights.into_values().collect::<Vec<_>>(), [crate::diagnostic::Severity::Error]);
    }
}
