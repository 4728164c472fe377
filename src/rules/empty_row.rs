//! `empty-row`: a row whose cells are all empty.

use super::{Check, Rule};
use crate::column::TypedTable;
use crate::diagnostic::{Findings, RuleName, Severity};
use crate::fix::{Applicability, Edit, Fix};

pub(super) const RULE: Rule = Rule {
    name: RuleName("empty-row"),
    page: include_str!("../../rules/empty-row.md"),
    severity: Severity::Warning,
    fix: Some(Applicability::Unsafe),
    check: Check::Table(check),
};

fn check(typed: &TypedTable<'_>, findings: &mut Findings) {
    let table = typed.table;
    let is_empty =
        |row: &crate::table::Row<'_>| row.comment().is_none() && row.cells().iter().all(crate::table::Cell::is_empty);
    for row in table.body().filter(is_empty) {
        let line = table.source.line_with_ending(row.line_number());
        findings
            .report(row.span(), "every cell of this row is empty")
            .help("fill the row or delete it")
            .fix(Fix::uncertain("delete the empty row", [Edit::delete(line)]));
    }
}
