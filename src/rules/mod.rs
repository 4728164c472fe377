//! The rules: each its page, its severity and one function.

use crate::column::{TypedDocument, TypedTable};
use crate::diagnostic::{Findings, RuleName, Severity};
use crate::fix::Applicability;

mod bad_scheme;
mod empty_link;
mod empty_row;
mod malformed_link;
mod padded_url;
mod url_trailing_punctuation;

/// Every rule, in the order in which the README and `explain` list them.
pub const ALL: &[&Rule] = &[
    &empty_row::RULE,
    &malformed_link::RULE,
    &padded_url::RULE,
    &empty_link::RULE,
    &bad_scheme::RULE,
    &url_trailing_punctuation::RULE,
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
}

/// What a rule looks at.
#[derive(Clone, Copy, Debug)]
pub enum Check {
    /// One table at a time.
    Table(fn(&TypedTable<'_>, &mut Findings)),
    /// The document as a whole.
    Document(fn(&TypedDocument<'_>, &mut Findings)),
}

impl Rule {
    /// What holds when the rule is content: the first sentence of its page.
    #[must_use]
    pub fn summary(&self) -> &'static str {
        self.page.split("\n\n").nth(1).unwrap_or_default().trim()
    }
}

/// The rule of a name.
#[must_use]
pub fn by_name(name: &str) -> Option<&'static Rule> {
    ALL.iter().copied().find(|rule| rule.name.0 == name)
}
