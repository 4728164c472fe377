//! `implausible-year`: a year cell that is no year, or none that can be meant.

use super::{Check, Rule};
use crate::column::date::{self, Form};
use crate::column::{Bound, Role, TypedTable};
use crate::diagnostic::{Findings, RuleName, Severity};
use crate::identity::title;
use crate::schema::{Column, RuleOptions};
use crate::table::Row;

pub(super) const RULE: Rule = Rule {
    name: RuleName("implausible-year"),
    page: include_str!("../../rules/implausible-year.md"),
    severity: Severity::Warning,
    fix: None,
    check: Check::Table(check),
    is_default: true,
};

/// The longest cell, in characters, that can be a slip of a year; a longer one is a remark.
const LONGEST_SLIP: usize = 10;

/// In a list with nothing older, a year before 1900 is a slip.
const OLDEST_OF_A_MODERN_LIST: u16 = 1970;

fn check(typed: &TypedTable<'_>, findings: &mut Findings) {
    let Some(column) = typed.date_column.filter(|&column| typed.roles[column] == Role::Date) else { return };
    // Where the schema says what the column holds, `invalid-cell` holds the cells against it.
    let is_declared = |(place, declared): (usize, &Column)| place == column && declared.kind.is_some();
    if typed.bound.iter().flat_map(Bound::columns).any(is_declared) {
        return;
    }
    let options = typed.options;
    let latest = options.latest_year.unwrap_or(typed.current_year + 1);
    let (mut dated, mut oldest) = (0, u16::MAX);
    let mut faults = Vec::new();
    // In a ragged row something else may stand in the column.
    let is_whole = |row: &Row<'_>| row.cells().len() == typed.table.width() && !typed.is_group_row(*row);
    for row in typed.table.body().filter(is_whole) {
        match typed.date(row) {
            Some(found) if found.date.year > latest => {
                let year = found.date.year;
                faults.push((row, options.latest_year.map_or(Fault::Future(year), |_| Fault::Above(year, latest))));
                dated += usize::from(found.form == Form::Year);
            }
            Some(found) if found.date.year < options.earliest_year => {
                faults.push((row, Fault::Past(found.date.year.into(), options.earliest_year)));
                dated += usize::from(found.form == Form::Year);
            }
            Some(found) => {
                dated += 1;
                oldest = oldest.min(found.date.year);
            }
            None => {
                faults
                    .extend(fault(&title::visible_cell(row, column), options.earliest_year).map(|fault| (row, fault)));
            }
        }
    }
    // Where several cells are of the same other kind (plans for 2040), or the rest is old too (books of 1605), that is the list's own way.
    let is_habit = |fault: &Fault| {
        let is_asked_for = match fault {
            Fault::Past(_, earliest) => *earliest != RuleOptions::default().earliest_year,
            Fault::Above(..) => true,
            Fault::Future(_) | Fault::NoYear(_) => false,
        };
        if is_asked_for {
            return false;
        }
        if matches!(fault, Fault::Past(..)) && oldest < OLDEST_OF_A_MODERN_LIST {
            return true;
        }
        let alike = |(_, other): &&(_, Fault)| std::mem::discriminant(other) == std::mem::discriminant(fault);
        match faults.iter().filter(alike).count() {
            1 => dated < 3,
            count => count * 8 > dated,
        }
    };
    for (row, fault) in &faults {
        if !is_habit(fault) {
            findings.report(row.cell_place(column), fault.message()).help("write the year in four digits");
        }
    }
}

enum Fault {
    /// A year before the earliest one.
    Past(u32, u16),
    Future(u16),
    /// A year behind the latest one that the user lets pass.
    Above(u16, u16),
    NoYear(String),
}

impl Fault {
    fn message(&self) -> String {
        match self {
            Self::Past(year, earliest) => format!("the year {year} lies before {earliest}"),
            Self::Future(year) => format!("the year {year} lies in the future"),
            Self::Above(year, latest) => format!("the year {year} lies behind {latest}"),
            Self::NoYear(text) => format!("`{text}` is no year"),
        }
    }
}

fn fault(text: &str, earliest: u16) -> Option<Fault> {
    match date::year_like(text) {
        Some(year @ 1000..1900) if year < u32::from(earliest) => Some(Fault::Past(year, earliest)),
        Some(1000..1900) => None,
        Some(_) => Some(Fault::NoYear(text.to_owned())),
        None => {
            let is_slip = text.chars().count() <= LONGEST_SLIP && text.bytes().filter(u8::is_ascii_digit).count() >= 2;
            is_slip.then(|| Fault::NoYear(text.to_owned()))
        }
    }
}
