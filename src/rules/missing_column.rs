//! `missing-column`: a table whose columns are not those that its schema declares.

use super::{Check, Rule};
use crate::column::{Bound, TypedTable};
use crate::diagnostic::{Fault, Findings, RuleName, Severity};
use crate::schema::{ColumnOrder, Permission};

pub(super) const RULE: Rule = Rule {
    name: RuleName("missing-column"),
    page: include_str!("../../rules/missing-column.md"),
    severity: Severity::Error,
    fix: None,
    check: Check::Table(check),
    is_default: true,
};

fn check(typed: &TypedTable<'_>, findings: &mut Findings) {
    let Some(bound) = &typed.bound else { return };
    let schema = bound.schema();
    let mut faults = Vec::new();
    let missing = missing(bound);
    if !missing.is_empty() {
        let noun = if missing.len() == 1 { "column" } else { "columns" };
        let message = format!("this table has no {noun} {}", listed(&missing));
        faults.push(Fault { span: typed.table.header().span(), message, fix: None });
    }
    let has_strangers = schema.other_columns == Permission::Forbid && !bound.strangers.is_empty();
    let strangers = bound.strangers.iter().filter(|_| has_strangers);
    faults.extend(strangers.map(|&(_, place)| {
        let message = format!("the column \"{}\" is not declared", typed.header_text(place).trim());
        Fault { span: typed.header_place(place), message, fix: None }
    }));
    let displaced = (schema.column_order == ColumnOrder::Declared).then(|| displaced(typed, bound)).flatten();
    let help = if !missing.is_empty() {
        "add what is missing, or declare it with `optional = true`"
    } else if has_strangers {
        "declare the column, or take it out of the table"
    } else {
        "bring the columns into the declared order"
    };
    faults.extend(displaced);
    if let Some(finding) = findings.report_together(faults) {
        finding.message = finding.message.replace(" more in this row)", " more in this header)");
        finding.help(help).declared_severity(schema.severity);
    }
}

/// The names of the columns that the table must have and has not.
fn missing<'d>(bound: &Bound<'d>) -> Vec<&'d str> {
    let declared = bound.places.iter().zip(&bound.schema().columns.0);
    let missing = declared.filter(|(place, (_, column))| place.is_none() && !column.optional);
    missing.map(|(_, (name, _))| name.as_ref().as_str()).collect()
}

/// `"A"`, `"A" and "B"`, `"A", "B" and "C"`
fn listed(names: &[&str]) -> String {
    let quoted: Vec<String> = names.iter().map(|name| format!("\"{name}\"")).collect();
    match &quoted[..] {
        [] => String::new(),
        [one] => one.clone(),
        [first @ .., last] => format!("{} and {last}", first.join(", ")),
    }
}

/// The first column that stands before one that is declared before it.
fn displaced(typed: &TypedTable<'_>, bound: &Bound<'_>) -> Option<Fault> {
    let places: Vec<usize> = bound.places.iter().flatten().copied().collect();
    let pair = places.windows(2).find(|pair| pair[1] < pair[0])?;
    let name = |place: usize| typed.header_text(place).trim().to_owned();
    let message = format!("the column \"{}\" stands before \"{}\"", name(pair[1]), name(pair[0]));
    Some(Fault { span: typed.header_place(pair[1]), message, fix: None })
}
