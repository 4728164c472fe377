//! What a list's maintainer declares of its tables: `TableSchema`, as it is written in a configuration.

mod form;
mod glob;
mod mistake;
mod options;
mod wrap;

pub use form::DateForm;
pub use glob::PathGlob;
pub use mistake::{Mistake, nearest};
pub use options::RuleOptions;
pub use wrap::{Columns, Pattern, SectionGlob, entries};

#[cfg(test)]
use schemars::JsonSchema;
use serde::Deserialize;
use toml::Spanned;

use crate::identity::title;

/// What the tables of one kind must look like.
#[derive(Clone, Debug, Default, Deserialize)]
#[cfg_attr(test, derive(JsonSchema), schemars(rename = "Table"))]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct TableSchema {
    /// Which tables it is for; without it, all. A table belongs to the first schema that it matches.
    #[serde(default, rename = "match")]
    pub selector: Selector,
    /// The columns, by the text of their header.
    #[serde(default)]
    pub columns: Columns,
    /// Whether the columns stand in the order in which they are declared.
    #[serde(default)]
    pub column_order: ColumnOrder,
    /// Whether a table may have columns that are not declared.
    #[serde(default)]
    pub other_columns: Permission,
    /// What no two rows have in common. With `[]`, entries may repeat; without it, duplicates are what look like one entry.
    pub unique: Option<Vec<UniqueKey>>,
    /// What the rows are sorted by, the weightiest first. With `[]`, they may stand in any order; without it, the order is the table's own.
    pub order: Option<Vec<OrderKey>>,
    /// Rows at the top that stand apart from the order: so many, or those whose first cell shows one of these texts.
    #[serde(default)]
    pub pinned: Pinned,
    /// The least number of rows.
    pub min_rows: Option<usize>,
    /// A sentence of the file that says how many rows its tables of this kind have, with `{}` where the number stands.
    #[cfg_attr(test, schemars(with = "Option<String>"))]
    pub count_line: Option<Spanned<String>>,
    /// The weight of what breaks this schema; without it, that of each rule.
    pub severity: Option<Weight>,
}

/// Which tables a schema is for. A table has to fit all that is given.
#[derive(Clone, Debug, Default, Deserialize)]
#[cfg_attr(test, derive(JsonSchema), schemars(rename = "Match"))]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Selector {
    /// Globs for the file's path from the configuration's folder.
    #[serde(default)]
    pub files: Vec<PathGlob>,
    /// Globs for the text of the heading above the table, in any case.
    #[serde(default)]
    pub sections: Vec<SectionGlob>,
    /// Headers that the table has, in any case; an alias of a declared column stands for it.
    #[serde(default)]
    pub headers: Vec<String>,
}

/// What the cells of a column must look like.
#[derive(Clone, Debug, Default, Deserialize)]
#[cfg_attr(test, derive(JsonSchema))]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Column {
    /// Other texts that its header may have, in any case.
    #[serde(default)]
    pub aliases: Vec<String>,
    /// Whether a table may do without the column.
    #[serde(default)]
    pub optional: bool,
    /// What its cells hold; without it, anything.
    #[serde(rename = "type")]
    pub kind: Option<Kind>,
    /// Whether a cell may be empty or say that there is nothing.
    #[serde(default)]
    pub presence: Presence,
    /// When a cell must be filled.
    pub required_if: Option<Condition>,
    /// When a cell need not be filled, though the column is required.
    pub required_unless: Option<Condition>,
    /// Texts that say that there is nothing; without it, an empty cell and the usual ones, such as `-` and `TBD`.
    pub placeholders: Option<Vec<String>>,
    /// The least number of characters that readers see.
    pub min_length: Option<usize>,
    /// The greatest number of characters that readers see.
    pub max_length: Option<usize>,
    /// The case of the first letter.
    pub first_letter: Option<LetterCase>,
    /// Whether a text ends with a punctuation mark.
    pub end_punctuation: Option<EndPunctuation>,
    /// The marks that count for `end-punctuation`; without it, full stop, comma, colon and the like, Chinese and Japanese ones too.
    pub end_marks: Option<String>,
    /// Words that a text has none of, in any case.
    #[serde(default)]
    pub forbidden_words: Vec<String>,
    /// Endings that a text has none of, in any case.
    #[serde(default)]
    pub forbidden_suffixes: Vec<String>,
    /// A regular expression for the whole text that readers see.
    pub pattern: Option<Pattern>,
    /// A regular expression for the whole cell as it is written, markup included.
    pub source_pattern: Option<Pattern>,
    /// Whether a cell may have line breaks (`<br>`).
    #[serde(default)]
    pub line_breaks: Permission,
    /// Whether a cell may have HTML other than line breaks and comments.
    #[serde(default)]
    pub html: Permission,
    /// The least number or year.
    pub min: Option<i64>,
    /// The greatest number or year; without it, a year may be the next one at most.
    pub max: Option<i64>,
    /// How years and dates are written, the preferred way first: `YYYY`, `'YY`, `YYYY-MM-DD`, `Mon YYYY`. `…YYYY…` is a year amid a text.
    #[serde(default)]
    pub formats: Vec<DateForm>,
    /// Schemes that links may have: `https`.
    #[serde(default)]
    pub schemes: Vec<String>,
    /// Hosts that links may lead to, `www.` aside; `*.example.org` stands for all below one.
    #[serde(default)]
    pub hosts: Vec<String>,
    /// Hosts that no link leads to.
    #[serde(default)]
    pub forbidden_hosts: Vec<String>,
    /// A regular expression for the whole path of a link.
    pub path: Option<Pattern>,
    /// The texts that links may have, the preferred one first.
    #[serde(default)]
    pub texts: Vec<String>,
    /// Whether a link stands alone in its cell.
    #[serde(default)]
    pub alone: bool,
    /// Whether an address without a text of its own is a link, too; without it, it is one.
    pub bare_urls: Option<Permission>,
    /// The least number of links.
    pub min_links: Option<usize>,
    /// The greatest number of links.
    pub max_links: Option<usize>,
    /// The values of an enumeration, or the emoji, as they are written.
    #[serde(default)]
    pub values: Vec<String>,
    /// What stands between several values of one cell; without it, a cell has one.
    pub separator: Option<String>,
    /// What to tell a contributor whose cell breaks this.
    pub help: Option<String>,
}

/// What the cells of a column hold.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Deserialize)]
#[cfg_attr(test, derive(JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    /// Any text.
    Text,
    /// A whole number; commas may group its digits.
    Integer,
    /// A year.
    Year,
    /// A date.
    Date,
    /// One link.
    Link,
    /// One or more links.
    Links,
    /// One or more pictures, linked or not.
    Badge,
    /// One of a few values.
    Enum,
    /// One or more emoji of a few.
    Emoji,
    /// A code span.
    Code,
}

impl Kind {
    /// The word that users read and write.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::Integer => "integer",
            Self::Year => "year",
            Self::Date => "date",
            Self::Link => "link",
            Self::Links => "links",
            Self::Badge => "badge",
            Self::Enum => "enum",
            Self::Emoji => "emoji",
            Self::Code => "code",
        }
    }
}

/// Whether something may be.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Deserialize)]
#[cfg_attr(test, derive(JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum Permission {
    /// It may.
    #[default]
    Allow,
    /// It may not.
    Forbid,
}

/// Whether columns stand in their declared order.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Deserialize)]
#[cfg_attr(test, derive(JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum ColumnOrder {
    /// They may stand in any order.
    #[default]
    Any,
    /// They do; those that are not declared may stand between them.
    Declared,
}

/// Whether a cell may be without content.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Deserialize)]
#[cfg_attr(test, derive(JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum Presence {
    /// It may.
    #[default]
    Optional,
    /// It may not.
    Required,
}

/// A condition on another cell of the row.
#[derive(Clone, Debug, Deserialize)]
#[cfg_attr(test, derive(JsonSchema))]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Condition {
    /// The other column, as declared.
    #[cfg_attr(test, schemars(with = "String"))]
    pub column: Spanned<String>,
    /// The condition holds where the cell shows one of these texts, in any case.
    #[serde(default)]
    pub is: Vec<String>,
    /// The condition holds where the cell is filled, or is not.
    pub filled: Option<bool>,
}

/// The case of a letter.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Deserialize)]
#[cfg_attr(test, derive(JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum LetterCase {
    /// A capital letter.
    Upper,
    /// A small letter.
    Lower,
}

/// Whether a text ends with a punctuation mark.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Deserialize)]
#[cfg_attr(test, derive(JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum EndPunctuation {
    /// It does.
    Require,
    /// It does not.
    Forbid,
}

/// What no two rows have in common.
#[derive(Clone, Debug, Deserialize)]
#[cfg_attr(test, derive(JsonSchema))]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct UniqueKey {
    /// The columns that make up the key, as declared. A row that has nothing in one of them has no key.
    #[cfg_attr(test, schemars(with = "Vec<String>"))]
    pub columns: Spanned<Vec<Spanned<String>>>,
    /// What makes two cells the same.
    #[serde(default)]
    pub fold: Fold,
    /// Among which rows the key is unique.
    #[serde(default)]
    pub scope: Scope,
    /// Texts that may repeat.
    #[serde(default)]
    pub except: Vec<String>,
    /// The weight of a repetition; without it, that of the schema.
    pub severity: Option<Weight>,
}

/// What makes two cells the same.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Deserialize)]
#[cfg_attr(test, derive(JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum Fold {
    /// What stands in the cell, markup included.
    Exact,
    /// The text that readers see, in any case.
    Case,
    /// The text that readers see, whatever its case, spacing, punctuation and Unicode form.
    #[default]
    Title,
    /// The address of the first link, whatever its scheme, `www.`, trailing slash and tracking parameters.
    Url,
    /// The publication that the first link leads to, in any form of its arXiv id or DOI; another address as with `url`.
    PaperId,
    /// The repository that the first link leads to or into; another address as with `url`.
    Repository,
}

/// Among which rows a key is unique.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Default, Deserialize)]
#[cfg_attr(test, derive(JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum Scope {
    /// Those of one table.
    #[default]
    Table,
    /// Those of the tables under one heading.
    Section,
    /// Those of the tables of this kind in one file.
    File,
    /// Those of the tables of this kind in all files of the run.
    Run,
}

/// What rows are sorted by.
#[derive(Clone, Debug, Deserialize)]
#[cfg_attr(test, derive(JsonSchema))]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct OrderKey {
    /// The column, as declared.
    #[cfg_attr(test, schemars(with = "String"))]
    pub column: Spanned<String>,
    /// Which way.
    #[serde(default)]
    pub direction: Direction,
    /// How two cells are compared; without it, by what the column holds.
    pub compare: Option<Comparator>,
    /// Whether `B` stands behind `a`.
    #[serde(default = "yes")]
    pub ignore_case: bool,
    /// Whether `The`, `A` and `An` at the beginning count for nothing.
    #[serde(default)]
    pub ignore_articles: bool,
    /// Where rows without anything to compare stand.
    #[serde(default)]
    pub empty: EmptyRows,
}

fn yes() -> bool {
    true
}

/// Which way rows are sorted.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Deserialize)]
#[cfg_attr(test, derive(JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum Direction {
    /// The least first: A before Z, old before new.
    #[default]
    Ascending,
    /// The greatest first.
    Descending,
}

/// How two cells are compared.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Deserialize)]
#[cfg_attr(test, derive(JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum Comparator {
    /// The texts that readers see, character by character.
    Text,
    /// The texts that readers see, the numbers in them by their value: `Llama 2` before `Llama 13`.
    Natural,
    /// The numbers: `1,200`, `4.5`, `12k`.
    Number,
    /// The dates, in whatever form.
    Date,
}

/// Where rows without anything to compare stand.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Deserialize)]
#[cfg_attr(test, derive(JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum EmptyRows {
    /// Below all others.
    #[default]
    Last,
    /// Above all others.
    First,
    /// Below the row that they stand below.
    Stay,
}

/// Rows at the top of a table that stand apart from its order.
#[derive(Clone, PartialEq, Eq, Debug, Deserialize)]
#[cfg_attr(test, derive(JsonSchema))]
#[serde(
    untagged,
    expecting = "pinned rows are so many, or those of these texts in their first cells\nwrite `pinned = 1` or `pinned = [\"…\"]`"
)]
pub enum Pinned {
    /// So many.
    Count(usize),
    /// Those whose first cell shows one of these texts.
    Texts(Vec<String>),
}

impl Default for Pinned {
    fn default() -> Self {
        Self::Count(0)
    }
}

/// The weight of a finding.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Deserialize)]
#[cfg_attr(test, derive(JsonSchema), schemars(rename = "Severity"))]
#[serde(rename_all = "kebab-case")]
pub enum Weight {
    /// Readers lose text, or the entry is wrong.
    Error,
    /// The list is untidy.
    Warning,
    /// Information; never fails a run by default.
    Note,
}

impl TableSchema {
    /// The place of a declared column among the declared ones, by its name or an alias, in any case and without markup.
    #[must_use]
    pub fn column(&self, header: &str) -> Option<usize> {
        let header = fold_header(header);
        let is_called = |text: &str| fold_header(text) == header;
        let columns = &self.columns.0;
        let by_name = columns.iter().position(|(name, _)| is_called(name.as_ref()));
        by_name.or_else(|| columns.iter().position(|(_, column)| column.aliases.iter().any(|alias| is_called(alias))))
    }
}

/// A header's text as it is compared: visible text, in lower case, blanks folded.
#[must_use]
pub fn fold_header(header: &str) -> String {
    let visible = title::visible(header);
    let mut folded = String::with_capacity(visible.len());
    for word in visible.split_whitespace() {
        if !folded.is_empty() {
            folded.push(' ');
        }
        if word.is_ascii() {
            folded.extend(word.chars().map(|letter| letter.to_ascii_lowercase()));
        } else {
            folded.push_str(&word.to_lowercase());
        }
    }
    folded
}
