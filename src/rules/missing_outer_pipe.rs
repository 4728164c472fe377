//! `missing-outer-pipe`: a row without its opening or closing pipe, in a table that has them.

use super::conflict_marker::Conflicts;
use super::ragged_row::{carries_on, is_carried_on};
use super::{Check, Rule};
use crate::column::TypedDocument;
use crate::diagnostic::{Findings, RuleName, Severity};
use crate::fix::{Applicability, Edit, Fix};
use crate::source::Span;
use crate::table::{Row, Table};

pub(super) const RULE: Rule = Rule {
    name: RuleName("missing-outer-pipe"),
    page: include_str!("../../rules/missing-outer-pipe.md"),
    severity: Severity::Warning,
    fix: Some(Applicability::Safe),
    check: Check::Document(check),
    is_default: true,
};

fn check(typed: &TypedDocument<'_>, findings: &mut Findings) {
    let conflicts = Conflicts::of(typed.document);
    let tables = &typed.document.tables;
    let openings = habits(tables, Row::has_opening_pipe);
    let closings = habits(tables, Row::has_closing_pipe);
    for ((table, has_opening), has_closing) in tables.iter().zip(openings).zip(closings) {
        for row in table.body().filter(|row| !row.is_swallowed_text()) {
            let lacks_opening = has_opening && !row.has_opening_pipe() && !is_carried_on(table, row);
            let lacks_closing = has_closing && !row.has_closing_pipe() && !carries_on(table, row);
            if (lacks_opening || lacks_closing) && !conflicts.mark(row.line_number()) {
                report(row, lacks_opening, lacks_closing, findings);
            }
        }
    }
}

/// Whether each table has the pipe: header and delimiter row have it, and not more than half of the rows do without. Of fewer than three rows
/// half is soon more than half, so there all tables of the document decide.
fn habits<'d>(tables: &'d [Table<'d>], has_pipe: impl Fn(Row<'d>) -> bool) -> Vec<bool> {
    let counts: Vec<Option<(usize, usize)>> = tables
        .iter()
        .map(|table| {
            let rows = || table.body().filter(|row| !row.is_swallowed_text());
            let lacking = rows().filter(|row| !has_pipe(*row)).count();
            (has_pipe(table.header()) && has_pipe(table.delimiter())).then(|| (lacking, rows().count()))
        })
        .collect();
    let all = counts.iter().flatten().fold((0, 0), |sum, table| (sum.0 + table.0, sum.1 + table.1));
    let is_habit = |(lacking, rows): (usize, usize)| lacking * 2 <= rows;
    // Where no other table tells, a single row is no habit.
    let decide = |(lacking, rows)| is_habit(if rows < 3 { (all.0, all.1.max(2)) } else { (lacking, rows) });
    counts.into_iter().map(|count| count.is_some_and(decide)).collect()
}

fn report(row: Row<'_>, lacks_opening: bool, lacks_closing: bool, findings: &mut Findings) {
    let (start, end) = (row.span().start(), row.span().end());
    let opening = lacks_opening.then(|| Edit::insert(start, "| "));
    let closing = lacks_closing.then(|| Edit::insert(end, " |"));
    let (at, which) = match (lacks_opening, lacks_closing) {
        (true, true) => (start, "opening and its closing pipe"),
        (true, false) => (start, "opening pipe"),
        _ => (end, "closing pipe"),
    };
    let edits: Vec<Edit> = opening.into_iter().chain(closing).collect();
    let title = if edits.len() == 2 { "add the missing pipes" } else { "add the missing pipe" };
    findings
        .report(Span::empty(at), format!("this row lacks its {which}, the header has it"))
        .fix(Fix::safe(title, edits));
}
