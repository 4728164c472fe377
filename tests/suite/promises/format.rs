//! What the formatter promises: the same page, the same words, other bytes untouched, once is enough, pipes in line.

use std::collections::HashSet;

use tablewright::fix::splice;
use tablewright::format::{self, FormatOptions, LeftAlone, Reason, Style, display_width};
use tablewright::source::Source;
use tablewright::table::{Document, Row, Table};

/// Widths computed anew, without a limit: the pipes of every row stand in line.
pub(crate) const REALIGNED: FormatOptions = FormatOptions { style: Style::Aligned, max_column_width: 0, realign: true };

/// Checks every promise for one document, drawn as `page`, and one set of options.
#[track_caller]
pub(crate) fn check(source: &Source, page: &str, options: &FormatOptions) {
    let outcome = format::document(source, options);
    let text = splice(source.text(), &outcome.edits);
    let place = || format!("{} with {options:?}\n--- before\n{}\n--- after\n{text}", source.path(), source.text());
    let after = Source::new(source.path(), text.as_str());
    let again = format::document(&after, options);
    assert_eq!(again.edits, [], "formatting twice is formatting once: {}", place());
    assert_eq!(again.left_alone, outcome.left_alone, "{}", place());
    let unproven = outcome.left_alone.iter().find(|table| table.reason == Reason::Unproven);
    assert_eq!(unproven, None, "the formatter knows what it does: {}", place());
    assert!(page == html(&text), "the page stays the same: {}", place());
    let (old, new) = (Document::parse_rows(source), Document::parse_rows(&after));
    check_lines(&old, &after, &place);
    assert_eq!(old.tables.len(), new.tables.len(), "{}", place());
    for (old, new) in old.tables.iter().zip(&new.tables) {
        assert_eq!(words(old), words(new), "no letter and no digit is lost: {}", place());
        let line_number = new.header().line_number();
        if !outcome.left_alone.iter().any(|table: &LeftAlone| table.line_number == line_number) {
            check_looks(new, options, &place);
        }
    }
}

/// Every line keeps its ending, and lines of no table keep all.
#[track_caller]
fn check_lines(old: &Document<'_>, after: &Source, place: &dyn Fn() -> String) {
    let source = old.source;
    let row_lines: HashSet<usize> = old.tables.iter().flat_map(Table::rows).map(Row::line_number).collect();
    assert_eq!(source.line_count(), after.line_count(), "{}", place());
    for number in 1..=source.line_count() {
        let ending = |source: &Source| {
            source.text()[source.line(number).end()..source.line_with_ending(number).end()].to_owned()
        };
        assert_eq!(ending(source), ending(after), "line {number} keeps its ending: {}", place());
        if !row_lines.contains(&number) {
            let text = |source: &Source| source.slice(source.line(number)).to_owned();
            assert_eq!(text(source), text(after), "line {number} is of no table: {}", place());
        }
    }
    let has_mark = |source: &Source| source.text().starts_with('\u{feff}');
    assert_eq!(has_mark(source), has_mark(after), "{}", place());
}

#[track_caller]
fn check_looks(table: &Table<'_>, options: &FormatOptions, place: &dyn Fn() -> String) {
    let expected = pipes(table, table.delimiter());
    for row in table.rows().filter(|row| row.body_index().is_none() || !row.is_swallowed_text()) {
        let at = format!("line {}: {}", row.line_number(), place());
        assert!(row.has_opening_pipe() && row.has_closing_pipe(), "outer pipes, {at}");
        assert!(row.cells().len() >= table.width(), "no cell is missing, {at}");
        let line = table.source.line(row.line_number());
        assert!(!table.slice(line).ends_with([' ', '\t']), "no blanks at the end, {at}");
        if *options == REALIGNED {
            assert_eq!(pipes(table, row), expected, "pipes in line, {at}");
        }
    }
}

/// The columns of a row's pipes, as far as its table has columns.
fn pipes(table: &Table<'_>, row: Row<'_>) -> Vec<usize> {
    let mut column = 0;
    for character in row.prefix().chars() {
        column += if character == '\t' { 4 - column % 4 } else { display_width(character.encode_utf8(&mut [0; 4])) };
    }
    let mut pipes = vec![column];
    for cell in row.cells().iter().take(table.width()) {
        column += 1 + display_width(table.slice(cell.span()));
        pipes.push(column);
    }
    pipes
}

fn words(table: &Table<'_>) -> String {
    let lines = table.rows().map(|row| table.slice(table.source.line(row.line_number())));
    lines.flat_map(|line| line.chars().filter(|character| character.is_alphanumeric())).collect()
}

/// The page as GitHub draws it.
pub(crate) fn html(text: &str) -> String {
    let mut options = super::options();
    options.extension.strikethrough = true;
    options.extension.tasklist = true;
    options.render.r#unsafe = true;
    comrak::markdown_to_html(text, &options)
}
