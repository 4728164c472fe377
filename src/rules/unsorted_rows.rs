//! `unsorted-rows`: a row out of the table's own order by year.

use super::{Check, Rule, count};
use crate::column::order::{Direction, Displaced, Habit, Relocation, Verdict, follows_other_column, habit, infer};
use crate::column::{Role, TypedDocument, TypedTable, declared_order};
use crate::diagnostic::{Findings, RuleName, Severity};
use crate::fix::{Applicability, Edit, Fix};
use crate::identity::title;
use crate::schema::{self, OrderKey};
use crate::source::Span;
use crate::table::{Row, Table};

/// The rule's name.
pub const NAME: RuleName = RuleName("unsorted-rows");

pub(super) const RULE: Rule = Rule {
    name: NAME,
    page: include_str!("../../rules/unsorted-rows.md"),
    severity: Severity::Warning,
    fix: Some(Applicability::Safe),
    check: Check::Document(check),
    is_default: true,
};

fn check(document: &TypedDocument<'_>, findings: &mut Findings) {
    let habit = habit(document);
    let (mut ordered, mut unordered) = (0, Vec::new());
    for typed in &document.tables {
        if typed.bound.as_ref().is_some_and(|bound| bound.schema().order.is_some()) {
            declared(typed, findings);
            continue;
        }
        let Some(column) = typed.date_column else { continue };
        match infer(typed, habit) {
            Verdict::Ordered(direction, displaced) => {
                ordered += usize::from(habit == Habit::Goes(direction));
                for row in displaced.into_iter().filter(|row| !row.is_excused) {
                    report(typed, column, direction, row, findings);
                }
            }
            Verdict::Unordered if typed.roles[column] == Role::Date && !follows_other_column(typed) => {
                unordered.push((typed, column));
            }
            Verdict::Unordered | Verdict::Silent => {}
        }
    }
    if let Habit::Goes(direction) = habit {
        let go = if ordered == 1 { "goes" } else { "go" };
        let others = format!("; {} of this file {go} {}", count(ordered, "other table"), way(direction));
        let help = format!("sort the rows {}", way(direction));
        for (typed, column) in unordered {
            note(typed, column, &others, &help, findings);
        }
    } else if let Some(&(typed, column)) = unordered.first() {
        // A list that goes by no date at all hears it once.
        let others = match unordered.len() - 1 {
            0 => String::new(),
            1 => ", nor do those of 1 other table of this file".to_owned(),
            more => format!(", nor do those of {more} other tables of this file"),
        };
        let help = "sort the rows from new to old, as most lists do, or from old to new";
        note(typed, column, &others, help, findings);
    }
}

fn note(typed: &TypedTable<'_>, column: usize, others: &str, help: &str, findings: &mut Findings) {
    let header = typed.table.header().cells().at(column);
    findings
        .report(header.content, format!("the rows follow no order by date{others}"))
        .severity(Severity::Note)
        .help(help);
}

fn way(direction: Direction) -> &'static str {
    match direction {
        Direction::Ascending => "from old to new",
        Direction::Descending => "from new to old",
    }
}

fn report(typed: &TypedTable<'_>, column: usize, direction: Direction, displaced: Displaced, findings: &mut Findings) {
    let table = typed.table;
    let row = table.body_row(displaced.relocation.row);
    let Some((place, neighbour)) = neighbour(table, displaced.relocation) else { return };
    let line = neighbour.line_number();
    let name = typed.title_column().map(|column| title::visible_cell(neighbour, column)).unwrap_or_default();
    let name = if name.is_empty() { String::new() } else { format!(", \"{}\"", super::shorten(&name)) };
    let date = displaced.neighbour_date;
    let message = format!("{} stands out of order: the table goes {}", displaced.date, way(direction));
    let label = format!("it belongs {place} this row ({date}{name})");
    findings
        .report(row.cell_place(column), message)
        .equal_party(neighbour.cell_place(column), label)
        .help(format!("move the row {place} line {line}"))
        .fix(Fix::safe(format!("move the row {place} line {line}"), move_rows(table, displaced.relocation)));
}

/// The row that a displaced one belongs next to, and on which side of it.
fn neighbour<'t>(table: &'t Table<'t>, displaced: Relocation) -> Option<(&'static str, Row<'t>)> {
    match (displaced.below, displaced.above) {
        (Some(below), _) => Some(("below", table.body_row(below))),
        (None, Some(above)) => Some(("above", table.body_row(above))),
        (None, None) => None,
    }
}

/// Where more rows than so many, and more than one in three, are out of order, the table is not sorted, and no row is to blame.
const MOST_DISPLACED: usize = 5;

/// Reports the rows that break the order that the schema declares.
fn declared(typed: &TypedTable<'_>, findings: &mut Findings) {
    let Some((bound, disorder)) = typed.bound.as_ref().zip(declared_order::disorder(typed)) else { return };
    let (table, schema) = (typed.table, bound.schema());
    let keys = schema.order.as_deref().unwrap_or_default();
    let Some(column) = keys.first().and_then(|key| bound.column(key.column.as_ref())) else { return };
    let by: Vec<String> = keys.iter().map(described).collect();
    let by = by.join(", then ");
    let count = disorder.displaced.len();
    if count > MOST_DISPLACED && count * 3 > disorder.rows {
        let header = table.header().cells().at(column);
        let message = format!("the rows are not sorted by {by}: {count} of {} stand out of order", disorder.rows);
        let edits: Vec<Edit> = disorder.sorted.iter().map(|(first, rows)| sort(table, *first, rows)).collect();
        let finding = findings.report(header.content, message);
        finding.help(format!("sort the rows by {by}")).fix(Fix::safe("sort the rows", edits));
        finding.declared_severity(schema.severity);
        return;
    }
    for displaced in disorder.displaced {
        let row = table.body_row(displaced.row);
        let Some((place, neighbour)) = neighbour(table, displaced) else { continue };
        let line = neighbour.line_number();
        let shown = |row: Row<'_>| super::shorten(title::visible_cell(row, column).trim()).into_owned();
        let message = format!("\"{}\" stands out of order: the table is sorted by {by}", shown(row));
        let finding = findings.report(row.cell_place(column), message);
        finding
            .equal_party(
                neighbour.cell_place(column),
                format!("it belongs {place} this row (\"{}\")", shown(neighbour)),
            )
            .help(format!("move the row {place} line {line}"))
            .fix(Fix::safe(format!("move the row {place} line {line}"), move_rows(table, displaced)));
        finding.declared_severity(schema.severity);
    }
}

/// `Year, descending`
fn described(key: &OrderKey) -> String {
    let column = key.column.as_ref();
    match key.direction {
        schema::Direction::Ascending => column.clone(),
        schema::Direction::Descending => format!("{column}, descending"),
    }
}

/// Puts the lines of a run of rows into another order; `rows` says which row comes to each line.
fn sort(table: &Table<'_>, first: usize, rows: &[usize]) -> Edit {
    let source = table.source;
    let line_number = |row: usize| table.body_row(row).line_number();
    let start = source.line(line_number(first)).start();
    let mut text = String::new();
    let mut end = start;
    for (slot, &row) in (first..).zip(rows) {
        let line = source.line(line_number(slot));
        text.push_str(source.slice(source.line(line_number(row))));
        end = line.end();
        if slot + 1 < first + rows.len() {
            text.push_str(source.line_ending(line_number(slot)));
        }
    }
    Edit::replace(Span::new(start, end), text)
}

/// Takes the lines of a row, and of the rows without a date below it, to their place.
fn move_rows(table: &Table<'_>, displaced: Relocation) -> Vec<Edit> {
    let source = table.source;
    let line_number = |row: usize| table.body_row(row).line_number();
    let (first, last) = (line_number(displaced.row), line_number(displaced.row + displaced.len - 1));
    let whole = Span::new(source.line(first).start(), source.line_with_ending(last).end());
    let text = source.slice(Span::new(whole.start(), source.line(last).end()));
    let is_last_of_file = source.line(last).end() == whole.end();
    let take = if is_last_of_file {
        // Without a final line ending, the one before the rows goes, and the file ends as it did.
        Edit::delete(Span::new(source.line(first - 1).end(), whole.end()))
    } else {
        Edit::delete(whole)
    };
    let put = match (displaced.below, displaced.above) {
        (Some(below), _) => {
            let number = line_number(below);
            Edit::insert(source.line(number).end(), format!("{}{text}", source.line_ending(number)))
        }
        (None, Some(above)) => {
            let number = line_number(above);
            Edit::insert(source.line(number).start(), format!("{text}{}", source.line_ending(number)))
        }
        (None, None) => return vec![take],
    };
    vec![take, put]
}
