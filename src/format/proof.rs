//! Reads the formatter's own output: what it wrote must be what it meant.

use super::{Reason, TableFormat};
use crate::fix::{Edit, splice};
use crate::source::Source;
use crate::table::{Alignment, Document, Row, Table, is_comment, is_delimiter_row, split_row, trim_cell};

/// Takes back the edits of each table that would not read as it did.
pub(super) fn take_back_unproven(document: &Document<'_>, formats: &mut [TableFormat]) {
    let is_plain = |(table, format): (&Table<'_>, &TableFormat)| is_plainly_same(document, table, &format.edits);
    if document.tables.iter().zip(formats.iter()).all(is_plain) {
        debug_assert!(is_proven(document, formats), "the whole text tells the same");
        return;
    }
    // Leaving out what was at fault changes no other table; if the second reading finds more all the same, nothing is certain.
    for _ in 0..2 {
        if formats.iter().all(|format| format.edits.is_empty()) {
            return;
        }
        let text = splice(document.source.text(), formats.iter().flat_map(|format| &format.edits));
        if text.len() > Source::MAX_BYTES {
            return leave_alone(formats, Reason::TooLarge);
        }
        let source = Source::new(document.source.path(), text);
        let at_fault = faults(document, &Document::parse_rows(&source), formats);
        if !at_fault.contains(&true) {
            return;
        }
        let at_fault =
            formats.iter_mut().zip(at_fault).filter_map(|(format, is_at_fault)| is_at_fault.then_some(format));
        leave_alone(at_fault, Reason::Unproven);
    }
    leave_alone(formats, Reason::Unproven);
}

fn is_proven(document: &Document<'_>, formats: &[TableFormat]) -> bool {
    let text = splice(document.source.text(), formats.iter().flat_map(|format| &format.edits));
    let source = Source::new(document.source.path(), text);
    !faults(document, &Document::parse_rows_of_whole_text(&source), formats).contains(&true)
}

/// Whether the new lines of a table read as the old ones did, where that can be said without reading the whole text again.
fn is_plainly_same(document: &Document<'_>, table: &Table<'_>, edits: &[Edit]) -> bool {
    let source = document.source;
    let mut edits = edits.iter().peekable();
    if edits.peek().is_none() {
        return true;
    }
    let mut last_line = 0;
    for (index, row) in table.rows().enumerate() {
        let is_delimiter = index == 1;
        last_line = row.line_number();
        let line = source.line(last_line);
        let Some(edit) = edits.next_if(|edit| edit.span.start() <= line.end()) else {
            if !is_delimiter && is_delimiter_row(row.text()) {
                return false;
            }
            continue;
        };
        let written = edit.replacement.as_str();
        let row_text = written.get(row.prefix().len()..).unwrap_or_default();
        let is_same = if is_delimiter { is_same_delimiter(table, row_text) } else { is_same_row(table, row, row_text) };
        if edit.span != line
            || !document.admits(last_line, written)
            || is_delimiter != is_delimiter_row(row_text)
            || !is_same
        {
            return false;
        }
    }
    let below = source.slice(source.line(last_line + 1));
    edits.next().is_none() && !is_delimiter_row(below.trim_start_matches([' ', '\t', '>']))
}

fn is_same_delimiter(table: &Table<'_>, written: &str) -> bool {
    let mut alignments = table.alignments.iter();
    let mut is_same = true;
    let split = split_row(written, |start, end| {
        let cell = trim_cell(&written[start..end]);
        let ends = (cell.starts_with(':'), cell.ends_with(':'));
        is_same &= alignments.next().is_some_and(|alignment| match alignment {
            Alignment::None => ends == (false, false),
            Alignment::Left => ends == (true, false),
            Alignment::Center => ends == (true, true),
            Alignment::Right => ends == (false, true),
        });
    });
    is_same && split.count == table.width()
}

/// Whether a line without container prefix has the cells of a row, and empty ones up to the header's number.
fn is_same_row(table: &Table<'_>, row: Row<'_>, written: &str) -> bool {
    let count = row.cells().len().max(table.width());
    let (mut column, mut is_same) = (0, true);
    let mut last = "";
    let split = split_row(written, |start, end| {
        last = trim_cell(&written[start..end]);
        is_same &= column >= count || last == text(row, column);
        column += 1;
    });
    is_same
        && match comment(table, row) {
            None => split.count == count && split.has_closing_pipe,
            Some(comment) => split.count == count + 1 && !split.has_closing_pipe && is_comment(last) && last == comment,
        }
}

fn leave_alone<'f>(formats: impl IntoIterator<Item = &'f mut TableFormat>, reason: Reason) {
    for format in formats {
        if !format.edits.is_empty() {
            *format = TableFormat { edits: Vec::new(), left_alone: Some(reason) };
        }
    }
}

/// For each table, whether its edits changed what is read. Edits keep the lines, so that a table is known again by its header's line.
fn faults(before: &Document<'_>, after: &Document<'_>, formats: &[TableFormat]) -> Vec<bool> {
    let mut faults = vec![false; before.tables.len()];
    let mut is_elsewhere = false;
    let mut rest = after.tables.iter().peekable();
    let line_number = |table: &Table<'_>| table.header().line_number();
    for (index, table) in before.tables.iter().enumerate() {
        // A table that was none before: the one above is to blame.
        while rest.next_if(|after| line_number(after) < line_number(table)).is_some() {
            match index.checked_sub(1) {
                Some(above) => faults[above] = true,
                None => is_elsewhere = true,
            }
        }
        let same_line = rest.next_if(|after| line_number(after) == line_number(table));
        faults[index] |= same_line.is_none_or(|after| !is_same(table, after, !formats[index].edits.is_empty()));
    }
    if let (Some(_), Some(last)) = (rest.next(), faults.last_mut()) {
        *last = true;
    }
    let heading_lines = |document: &Document<'_>| -> Vec<usize> {
        document.headings.iter().map(|heading| heading.line_number).collect()
    };
    is_elsewhere |= before.blocks != after.blocks || heading_lines(before) != heading_lines(after);
    let is_explained = faults.iter().zip(formats).any(|(is_at_fault, format)| *is_at_fault && !format.edits.is_empty());
    if (is_elsewhere || faults.contains(&true)) && !is_explained {
        faults.fill(true);
    }
    faults
}

fn is_same(before: &Table<'_>, after: &Table<'_>, is_edited: bool) -> bool {
    let is_same_row = |row: Row<'_>, written: Row<'_>| {
        // What is laid out has all its cells.
        let is_completed = is_edited && !(row.body_index().is_some() && row.is_swallowed_text());
        let count = if is_completed { row.cells().len().max(before.width()) } else { row.cells().len() };
        row.line_number() == written.line_number()
            && written.cells().len() == count
            && (0..count).all(|column| text(row, column) == text(written, column))
            && comment(before, row) == comment(after, written)
    };
    before.alignments == after.alignments
        && before.containers == after.containers
        && before.body_len() == after.body_len()
        && is_same_row(before.header(), after.header())
        && before.body().zip(after.body()).all(|(row, written)| is_same_row(row, written))
}

fn text(row: Row<'_>, column: usize) -> &str {
    row.cell(column).map_or("", |cell| cell.written())
}

fn comment<'s>(table: &Table<'s>, row: Row<'_>) -> Option<&'s str> {
    row.comment().map(|span| table.slice(span))
}
