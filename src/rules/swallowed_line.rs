//! `swallowed-line`: a text line glued under a table that became a row.

use super::conflict_marker::Conflicts;
use super::ragged_row::has_full_width_pipes;
use super::{Check, Rule};
use crate::column::TypedDocument;
use crate::diagnostic::{Findings, RuleName, Severity};
use crate::fix::{Applicability, Edit, Fix};
use crate::table::{Row, Table};

pub(super) const RULE: Rule = Rule {
    name: RuleName("swallowed-line"),
    page: include_str!("../../rules/swallowed-line.md"),
    severity: Severity::Warning,
    fix: Some(Applicability::Unsafe),
    check: Check::Document(check),
    is_default: true,
};

fn check(typed: &TypedDocument<'_>, findings: &mut Findings) {
    let conflicts = Conflicts::of(typed.document);
    let is_swallowed = |table: &Table<'_>, row: &Row<'_>| {
        row.is_swallowed_text() && !has_full_width_pipes(table, *row) && !conflicts.mark(row.line_number())
    };
    for table in typed.document.tables.iter().filter(|table| !has_rows_without_pipes(table)) {
        let mut rows = table.body().peekable();
        while let Some(first) = rows.next() {
            if !is_swallowed(table, &first) {
                continue;
            }
            let mut last = first;
            while let Some(next) = rows.next_if(|row| is_swallowed(table, row)) {
                last = next;
            }
            let lines = last.line_number() - first.line_number() + 1;
            let finding = findings.report(first.span().to(last.span()), message(lines));
            if rows.peek().is_none() {
                finding.help("put a blank line between the table and the text").fix(separate(table, first));
            } else {
                finding.help("move the text out of the table, or give it the pipes of a row");
            }
        }
    }
}

/// In a table of one column whose header does without pipes, a line without pipes is a row.
fn has_rows_without_pipes(table: &Table<'_>) -> bool {
    table.width() == 1 && table.header().is_swallowed_text()
}

fn message(lines: usize) -> String {
    match lines {
        1 => "this line of text is drawn as a row of the table above".to_owned(),
        _ => format!("these {lines} lines of text are drawn as rows of the table above"),
    }
}

fn separate(table: &Table<'_>, first: Row<'_>) -> Fix {
    let source = table.source;
    let blank = first.prefix().trim_end_matches([' ', '\t']);
    let line_start = source.line_with_ending(first.line_number()).start();
    let ending = source.line_ending(first.line_number() - 1);
    Fix::uncertain("put a blank line before the text", [Edit::insert(line_start, format!("{blank}{ending}"))])
}
