//! The rules: each its page, its severity and one function.

use crate::column::{TypedDocument, TypedTable};
use crate::diagnostic::{Findings, RuleName, Severity};
use crate::directive::Idle;
use crate::fix::Applicability;
use crate::format::FormatOptions;

mod bad_scheme;
mod bare_url;
mod conflict_marker;
mod deceptive_url;
mod detached_row;
pub mod duplicate_entry;
mod duplicate_link;
mod empty_link;
mod empty_row;
mod few_rows;
mod implausible_year;
mod inconsistent_header;
mod inconsistent_link_text;
mod inconsistent_venue;
pub mod invalid_cell;
mod malformed_link;
mod misplaced_link;
mod missing_column;
mod missing_outer_pipe;
mod mojibake;
mod noncanonical_url;
mod padded_url;
mod ragged_row;
mod split_cell;
mod swallowed_line;
mod unaligned_table;
pub mod unsorted_rows;
mod unused_suppression;
mod url_trailing_punctuation;

/// Every rule, in the order in which the README and `explain` list them.
pub const ALL: &[&Rule] = &[
    &ragged_row::RULE,
    &split_cell::RULE,
    &missing_outer_pipe::RULE,
    &swallowed_line::RULE,
    &detached_row::RULE,
    &conflict_marker::RULE,
    &empty_row::RULE,
    &duplicate_entry::RULE,
    &duplicate_link::RULE,
    &unsorted_rows::RULE,
    &implausible_year::RULE,
    &malformed_link::RULE,
    &padded_url::RULE,
    &empty_link::RULE,
    &bad_scheme::RULE,
    &url_trailing_punctuation::RULE,
    &bare_url::RULE,
    &noncanonical_url::RULE,
    &inconsistent_link_text::RULE,
    &inconsistent_header::RULE,
    &inconsistent_venue::RULE,
    &misplaced_link::RULE,
    &deceptive_url::RULE,
    &mojibake::RULE,
    &invalid_cell::RULE,
    &missing_column::RULE,
    &few_rows::RULE,
    &unaligned_table::RULE,
    &unused_suppression::RULE,
];

/// A rule: a name, a page, and a function that looks at one table or at the whole document.
#[derive(Debug)]
pub struct Rule {
    /// Its name, after the fault it finds.
    pub name: RuleName,
    /// `rules/<name>.md`: documentation, `explain` text and test cases in one.
    pub page: &'static str,
    /// The weight of its findings, unless one says otherwise.
    pub severity: Severity,
    /// The surest fix it can offer; none where it offers none.
    pub fix: Option<Applicability>,
    /// How it looks.
    pub check: Check,
    /// Whether it runs without being asked for.
    pub is_default: bool,
}

/// What a rule looks at.
#[derive(Clone, Copy, Debug)]
pub enum Check {
    /// One table at a time.
    Table(fn(&TypedTable<'_>, &mut Findings)),
    /// The document as a whole.
    Document(fn(&TypedDocument<'_>, &mut Findings)),
    /// How the tables of the document are to look.
    Layout(fn(&TypedDocument<'_>, &FormatOptions, &mut Findings)),
    /// The directives that do not do all they say, after all other rules have looked.
    Suppressions(fn(&TypedDocument<'_>, &[Idle<'_, '_>], &mut Findings)),
}

impl Rule {
    /// What holds when the rule is content: the first sentence of its page.
    #[must_use]
    pub fn summary(&self) -> &'static str {
        self.page.split("\n\n").nth(1).unwrap_or_default().trim()
    }
}

/// The rules that run without being asked for.
#[must_use]
pub fn defaults() -> Vec<&'static Rule> {
    ALL.iter().copied().filter(|rule| rule.is_default).collect()
}

/// The rule of a name.
#[must_use]
pub fn by_name(name: &str) -> Option<&'static Rule> {
    ALL.iter().copied().find(|rule| rule.name.0 == name)
}

/// The rule that a name resembles most; none where it resembles none much.
#[must_use]
pub fn nearest(name: &str) -> Option<&'static Rule> {
    let name: String = name.trim().chars().take(MAX_NAME).collect::<String>().to_lowercase().replace('_', "-");
    let likeness = |rule: &Rule| strsim::jaro_winkler(rule.name.0, &name);
    let nearest = ALL.iter().copied().max_by(|a, b| likeness(a).total_cmp(&likeness(b)))?;
    (likeness(nearest) > 0.75).then_some(nearest)
}

/// Longer names resemble no rule.
const MAX_NAME: usize = 64;

/// A text for a message: at most 60 characters, cut at a word where that is near.
fn shorten(text: &str) -> std::borrow::Cow<'_, str> {
    const LONGEST: usize = 60;
    let Some((end, _)) = text.char_indices().nth(LONGEST) else { return text.into() };
    let cut = &text[..end];
    let cut = cut.rfind(' ').filter(|&at| at * 4 > end * 3).map_or(cut, |at| &cut[..at]);
    format!("{} …", cut.trim_end()).into()
}

/// A number and what it counts: `1 cell`, `3 cells`.
fn count(number: usize, noun: &str) -> String {
    format!("{number} {noun}{}", if number == 1 { "" } else { "s" })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_misspelt_rule_suggests_the_nearest() {
        let suggested = |name| nearest(name).map(|rule| rule.name.0);
        assert_eq!(suggested("empty-rows"), Some("empty-row"));
        assert_eq!(suggested("EMPTY_ROW"), Some("empty-row"));
        assert_eq!(suggested("zzz"), None);
    }
}
