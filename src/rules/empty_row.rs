//! `empty-row`: a row whose cells are all empty.

use super::conflict_marker::Conflicts;
use super::{Check, Rule};
use crate::column::{TypedDocument, TypedTable};
use crate::diagnostic::{Findings, RuleName, Severity};
use crate::directive::is_directive;
use crate::fix::{Applicability, Edit, Fix};
use crate::source::{Source, Span};
use crate::table::Row;

pub(super) const RULE: Rule = Rule {
    name: RuleName("empty-row"),
    page: include_str!("../../rules/empty-row.md"),
    severity: Severity::Warning,
    fix: Some(Applicability::Unsafe),
    check: Check::Document(check),
    is_default: true,
};

fn check(typed: &TypedDocument<'_>, findings: &mut Findings) {
    let conflicts = Conflicts::of(typed.document);
    let tables = typed.tables.iter().filter(|typed| !has_gaps(typed));
    let rows = tables.flat_map(|typed| typed.table.body()).filter(|row| is_empty(*row));
    for row in rows.filter(|row| !conflicts.mark(row.line_number())) {
        let line = line_to_delete(typed.document.source, row.line_number());
        findings
            .report(row.span(), "every cell of this row is empty")
            .help("fill the row or delete it")
            .fix(Fix::uncertain("delete the empty row", [Edit::delete(line)]));
    }
}

/// Whether empty rows are a table's way to part its groups: more than one stands above a sub-heading, and most of them do.
fn has_gaps(typed: &TypedTable<'_>) -> bool {
    let mut rows = typed.table.body().peekable();
    let (mut gaps, mut empty) = (0, 0);
    while let Some(row) = rows.next() {
        if is_empty(row) {
            empty += 1;
            gaps += usize::from(rows.peek().is_some_and(|next| typed.is_group_row(*next)));
        }
    }
    gaps > 1 && gaps * 2 > empty
}

/// Whether a row, ragged or not, has nothing to show and no comment but a directive.
pub(super) fn is_empty(row: Row<'_>) -> bool {
    row.is_empty() && row.comment().is_none_or(|comment| is_directive(row.slice(comment)))
}

/// A line with its ending; on a last line without one, with the ending before it, so that the text goes on ending without.
fn line_to_delete(source: &Source, number: usize) -> Span {
    let (line, with_ending) = (source.line(number), source.line_with_ending(number));
    if line.end() < with_ending.end() { with_ending } else { Span::new(source.line(number - 1).end(), line.end()) }
}
