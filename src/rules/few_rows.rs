//! `few-rows`: a table with fewer rows than its schema asks for, and a sentence that tells another number of rows than there are.

use memchr::memmem;

use super::{Check, Rule, count};
use crate::column::{Bound, TypedDocument, TypedTable};
use crate::diagnostic::{Findings, RuleName, Severity};
use crate::fix::{Applicability, Edit, Fix};
use crate::schema::TableSchema;
use crate::source::Span;
use crate::table::{BlockKind, Document};

pub(super) const RULE: Rule = Rule {
    name: RuleName("few-rows"),
    page: include_str!("../../rules/few-rows.md"),
    severity: Severity::Warning,
    fix: Some(Applicability::Unsafe),
    check: Check::Document(check),
    is_default: true,
};

/// The tables of one schema.
struct Group<'d> {
    schema: &'d TableSchema,
    first: &'d TypedTable<'d>,
    rows: usize,
    tables: usize,
}

fn check<'d>(document: &'d TypedDocument<'d>, findings: &mut Findings) {
    let mut groups: Vec<Option<Group<'d>>> = Vec::new();
    for typed in &document.tables {
        let Some(bound) = &typed.bound else { continue };
        let rows = entries(typed);
        few_rows(typed, bound, rows, findings);
        if groups.len() <= bound.index {
            groups.resize_with(bound.index + 1, || None);
        }
        let new = || Group { schema: bound.schema(), first: typed, rows: 0, tables: 0 };
        let group = groups[bound.index].get_or_insert_with(new);
        group.rows += rows;
        group.tables += 1;
    }
    for group in groups.iter().flatten() {
        count_line(document.document, group, findings);
    }
}

/// The number of rows that are entries: not sub-headings, text that stands below the table, or empty.
fn entries(typed: &TypedTable<'_>) -> usize {
    let is_entry =
        |row: &crate::table::Row<'_>| !row.is_swallowed_text() && !typed.is_group_row(*row) && !row.is_empty();
    typed.table.body().filter(is_entry).count()
}

fn few_rows(typed: &TypedTable<'_>, bound: &Bound<'_>, rows: usize, findings: &mut Findings) {
    let Some(least) = bound.schema().min_rows.filter(|&least| rows < least) else { return };
    let message = format!("this table has {}, and at least {least} are asked for", count(rows, "row"));
    let finding = findings.report(typed.table.header().span(), message);
    finding.help("add entries, or move these into another section").declared_severity(bound.schema().severity);
}

fn count_line(document: &Document<'_>, group: &Group<'_>, findings: &mut Findings) {
    let Some(line) = &group.schema.count_line else { return };
    let Some((before, behind)) = line.as_ref().split_once("{}") else { return };
    let source = document.source;
    let rows = group.rows;
    let stated: Vec<(Span, usize)> = stated(document, before, behind);
    let weight = group.schema.severity;
    let tables = if group.tables == 1 { "the table has" } else { "the tables have" };
    for &(span, number) in stated.iter().filter(|(_, number)| *number != rows) {
        let text = if source.slice(span).contains(',') { grouped(rows) } else { rows.to_string() };
        let finding = findings.report(span, format!("the text says {number}, {tables} {}", count(rows, "row")));
        finding.label(group.first.table.header().span(), "the first table that counts");
        finding.help(format!("write {text}"));
        finding.fix(Fix::uncertain("write the number of rows", [Edit::replace(span, text)]));
        finding.declared_severity(weight);
    }
    if stated.is_empty() {
        let message = format!("nothing in the file says \"{}\"", line.as_ref().replace("{}", &rows.to_string()));
        let finding = findings.report(group.first.table.header().span(), message);
        finding.help("write it above the tables, or take `count-line` out of the configuration");
        finding.declared_severity(weight);
    }
}

/// The numbers that stand between two texts, outside code and tables.
fn stated(document: &Document<'_>, before: &str, behind: &str) -> Vec<(Span, usize)> {
    let text = document.source.text();
    let is_digit = |byte: &u8| byte.is_ascii_digit() || *byte == b',';
    let number = |start: usize| {
        let digits = text.as_bytes()[start..].iter().take_while(|&byte| is_digit(byte)).count();
        let digits = text[start..start + digits].trim_end_matches(',');
        let is_followed = text[start + digits.len()..].starts_with(behind);
        let value = digits.replace(',', "").parse().ok().filter(|_| is_followed)?;
        Some((Span::new(start, start + digits.len()), value))
    };
    let starts: Vec<usize> = if before.is_empty() {
        let ends = memmem::find_iter(text.as_bytes(), behind).filter(|_| !behind.is_empty());
        // Each digit is looked at once: before the next mention there are others.
        ends.map(|end| {
            end - text.as_bytes()[..end].iter().rev().take(MOST_DIGITS).take_while(|&byte| is_digit(byte)).count()
        })
        .collect()
    } else {
        memmem::find_iter(text.as_bytes(), before).map(|at| at + before.len()).collect()
    };
    let mut blocks = document.blocks.iter().filter(|block| block.kind == BlockKind::Code).peekable();
    let mut tables = document.tables.iter().peekable();
    let is_prose = |start: &usize| {
        let line = document.source.line_number(*start);
        while blocks.next_if(|block| block.last_line < line).is_some() {}
        while tables.next_if(|table| table.span().end() < *start).is_some() {}
        blocks.peek().is_none_or(|block| block.first_line > line)
            && tables.peek().is_none_or(|table| table.span().start() > *start)
    };
    starts.into_iter().filter(is_prose).filter_map(number).collect()
}

/// No number of rows has more digits and commas.
const MOST_DIGITS: usize = 16;

/// `1234` as `1,234`.
fn grouped(number: usize) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::grouped;

    #[test]
    fn commas_stand_between_groups_of_three_digits() {
        for (number, expected) in
            [(7, "7"), (120, "120"), (1234, "1,234"), (45_678, "45,678"), (1_234_567, "1,234,567")]
        {
            assert_eq!(grouped(number), expected);
        }
    }
}
