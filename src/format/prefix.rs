//! What stands before the rows of a table in quotes, list items and footnotes, and which prefix brings a row to the header's column.

use std::borrow::Cow;

use super::width::display_width;
use crate::source::{Source, Span};
use crate::table::{Container, Row, Table};

/// The prefixes that bring the rows of one table to one column.
pub(super) struct Prefixes<'t> {
    header: &'t str,
    /// For rows that begin in another column.
    common: Cow<'t, str>,
    column: usize,
}

impl<'t> Prefixes<'t> {
    /// The prefixes of a table; none where its rows cannot stand below its header, as behind a long footnote label.
    pub(super) fn of(table: &'t Table<'_>) -> Option<Self> {
        let header = table.header().prefix();
        let delimiter = table.delimiter().prefix();
        let line_number = table.header().line_number();
        let begins_item = table.containers.iter().any(|container| begins_on(*container, line_number));
        let common = if begins_item { Cow::Owned(without_markers(table)) } else { Cow::Borrowed(header) };
        if common == delimiter || admits_row(table, &common) {
            return Some(Self { header, column: column_behind(header), common });
        }
        // The last line of a paragraph may be a header from anywhere: without quote marks, or indented like code. Brought to where a delimiter
        // row can stand, one that looks like a delimiter row would be one.
        let is_in_reach = !begins_item && !looks_like_delimiter(table.header().text());
        // Without its quote mark, a header keeps its indentation, and blanks before its first pipe are a cell.
        let is_in_reach = is_in_reach && table.header().cells().len() == table.width();
        let column = column_behind(delimiter);
        is_in_reach.then_some(Self { header: delimiter, common: Cow::Borrowed(delimiter), column })
    }

    pub(super) fn of_header(&self) -> &str {
        self.header
    }

    /// The row's own prefix where that ends in the right column.
    pub(super) fn of_row<'r>(&'r self, row: Row<'r>) -> &'r str {
        let own = row.prefix();
        if own == self.common || column_behind(own) == self.column { own } else { &self.common }
    }
}

/// Whether the header of a table begins with the box of a task (`- [x] | a |`): GitHub reads no table there, or a header without the box.
pub(super) fn is_task(table: &Table<'_>) -> bool {
    let header = table.header();
    let box_mark = header.text().as_bytes();
    table.containers.last().is_some_and(|container| begins_on(*container, header.line_number()))
        && matches!(box_mark, [b'[', b' ' | b'x' | b'X', b']', b' ' | b'\t' | 0x0b | 0x0c, ..])
}

fn looks_like_delimiter(text: &str) -> bool {
    text.bytes().all(|byte| matches!(byte, b'|' | b'-' | b':' | b' ' | b'\t' | 0x0b | 0x0c))
}

fn begins_on(container: Container, line_number: usize) -> bool {
    container == Container::Item { first_line: line_number }
}

/// The column behind a prefix, from 0; a tab leads to the next multiple of four.
fn column_behind(prefix: &str) -> usize {
    if !prefix.contains('\t') {
        return display_width(prefix);
    }
    prefix.chars().fold(0, |column, character| match character {
        '\t' => next_tab_stop(column),
        _ => column + display_width(character.encode_utf8(&mut [0; 4])),
    })
}

fn next_tab_stop(column: usize) -> usize {
    (column / 4 + 1) * 4
}

/// The header's prefix with spaces in the place of list markers and footnote labels.
fn without_markers(table: &Table<'_>) -> String {
    let header = table.header();
    let prefix = header.prefix();
    let mut masked = String::with_capacity(prefix.len());
    let mut walk = Walk::new(prefix);
    for container in &table.containers {
        let start = walk.at;
        walk.skip_blanks();
        let marker = walk.at;
        if begins_on(*container, header.line_number()) {
            walk.skip_marker();
            masked.push_str(&prefix[start..marker]);
            masked.extend(std::iter::repeat_n(' ', display_width(&prefix[marker..walk.at])));
        } else {
            walk.skip_quote_mark();
            masked.push_str(&prefix[start..walk.at]);
        }
    }
    masked.push_str(&prefix[walk.at..]);
    masked
}

/// Whether a line that begins with this prefix can go on with a row of the table: it stays in all containers, and is no indented code.
fn admits_row(table: &Table<'_>, prefix: &str) -> bool {
    let mut walk = Walk::new(prefix);
    openings(table).iter().all(|opening| walk.pass(*opening)) && walk.skip_blanks() < CODE_INDENT
}

/// From this many columns on, an indented line is code.
const CODE_INDENT: usize = 4;

/// What each line of a container begins with.
#[derive(Clone, Copy)]
enum Opening {
    QuoteMark,
    /// So many columns of blanks.
    Indent(usize),
}

fn openings(table: &Table<'_>) -> Vec<Opening> {
    let mut openings = Vec::with_capacity(table.containers.len());
    let mut line_number = 0;
    let mut walk = Walk::new("");
    for container in &table.containers {
        let Container::Item { first_line } = *container else {
            walk.pass(Opening::QuoteMark);
            openings.push(Opening::QuoteMark);
            continue;
        };
        if first_line != line_number {
            line_number = first_line;
            walk = Walk::new(line_text(table.source, line_number));
            for opening in &openings {
                walk.pass(*opening);
            }
        }
        openings.push(Opening::Indent(walk.enter_item()));
    }
    openings
}

fn line_text(source: &Source, line_number: usize) -> &str {
    let line = source.line(line_number);
    source.slice(Span::new(line.start(), line.end()))
}

/// Walks along the beginning of a line as `CommonMark` does, counting columns; a tab may be passed in parts.
struct Walk<'l> {
    bytes: &'l [u8],
    at: usize,
    column: usize,
}

impl<'l> Walk<'l> {
    fn new(line: &'l str) -> Self {
        Self { bytes: line.as_bytes(), at: 0, column: 0 }
    }

    /// Passes what a container's line begins with; says whether it is there.
    fn pass(&mut self, opening: Opening) -> bool {
        match opening {
            Opening::QuoteMark => {
                let has_mark = self.skip_blanks_up_to(CODE_INDENT) < CODE_INDENT && self.skip_quote_mark();
                self.skip_blanks_up_to(usize::from(has_mark));
                has_mark
            }
            Opening::Indent(columns) => self.skip_blanks_up_to(columns) == columns,
        }
    }

    /// Passes an item's marker and the blanks behind it; says how far its further lines are indented.
    fn enter_item(&mut self) -> usize {
        let start = self.column;
        self.skip_blanks();
        let is_footnote = self.bytes.get(self.at) == Some(&b'[');
        self.skip_marker();
        let behind = self.column;
        if is_footnote {
            self.skip_blanks();
            return CODE_INDENT;
        }
        let mut look = Walk { ..*self };
        let blanks = look.skip_blanks_up_to(CODE_INDENT + 1);
        let is_empty = look.at == look.bytes.len();
        let blanks = if is_empty || blanks == 0 || blanks > CODE_INDENT { 1 } else { blanks };
        self.skip_blanks_up_to(blanks);
        behind + blanks - start
    }

    fn skip_quote_mark(&mut self) -> bool {
        let has_mark = self.bytes.get(self.at) == Some(&b'>');
        self.at += usize::from(has_mark);
        self.column += usize::from(has_mark);
        has_mark
    }

    /// A list marker, or a footnote's label.
    fn skip_marker(&mut self) {
        let rest = &self.bytes[self.at..];
        let len = match rest.first() {
            Some(b'[') => memchr::memmem::find(rest, b"]:").map_or(0, |at| at + 2),
            Some(b'-' | b'+' | b'*') => 1,
            _ => rest.iter().take_while(|byte| byte.is_ascii_digit()).count() + 1,
        };
        let len = len.min(rest.len());
        self.at += len;
        self.column += len;
    }

    fn skip_blanks(&mut self) -> usize {
        self.skip_blanks_up_to(usize::MAX)
    }

    /// Says how many columns were passed.
    fn skip_blanks_up_to(&mut self, columns: usize) -> usize {
        let start = self.column;
        while self.column - start < columns {
            match self.bytes.get(self.at) {
                Some(b' ') => {
                    self.at += 1;
                    self.column += 1;
                }
                Some(b'\t') => {
                    let stop = next_tab_stop(self.column);
                    if stop - start <= columns {
                        self.at += 1;
                        self.column = stop;
                    } else {
                        self.column = start + columns;
                    }
                }
                _ => break,
            }
        }
        self.column - start
    }
}
