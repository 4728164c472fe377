//! `unaligned-table`: a table that `fmt` would change.

use super::{Check, Rule, count};
use crate::column::TypedDocument;
use crate::diagnostic::{Findings, RuleName, Severity};
use crate::fix::{Applicability, Fix};
use crate::format::{self, FormatOptions};

pub(super) const RULE: Rule = Rule {
    name: RuleName("unaligned-table"),
    page: include_str!("../../rules/unaligned-table.md"),
    severity: Severity::Warning,
    fix: Some(Applicability::Safe),
    check: Check::Layout(check),
    is_default: false,
};

/// So few lines of a table are to blame by themselves, where the others stand as they should.
const MOST_LINES: usize = 3;

fn check(typed: &TypedDocument<'_>, options: &FormatOptions, findings: &mut Findings) {
    let document = typed.document;
    // Whether a directive silences the rule is not the rule's to say.
    let formatted = format::document_in_spite_of_directives(document, options);
    let mut edits = formatted.edits.into_iter().peekable();
    for table in &document.tables {
        let end = table.span().end();
        let mut own = Vec::new();
        while let Some(edit) = edits.next_if(|edit| edit.span.start() <= end) {
            own.push(edit);
        }
        if own.len() <= MOST_LINES && own.len() * 2 < table.rows().len() {
            for edit in own {
                findings.report(edit.span, "`fmt` would change this line").fix(Fix::safe("align the line", [edit]));
            }
        } else if !own.is_empty() {
            let message = format!("`fmt` would change {} of {}", own.len(), count(table.rows().len(), "line"));
            findings.report(table.header().span(), message).fix(Fix::safe("align the table", own));
        }
    }
}
