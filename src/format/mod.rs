//! Aligns tables: a table in, the edits that lay it out.

mod layout;
mod prefix;
mod proof;
mod silenced;
mod width;

pub use width::display_width;

use layout::{Layout, MIN_WIDTH, Measured};
use prefix::Prefixes;
use silenced::Silenced;

use crate::fix::Edit;
use crate::source::{Source, Span};
use crate::table::{Alignment, Document, Row, Table};

/// How tables are to look.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct FormatOptions {
    /// Padded or not.
    pub style: Style,
    /// A cell wider than this many columns does not widen its column; 0 for no limit.
    pub max_column_width: usize,
    /// Computes the widths of aligned tables anew, whatever their delimiter rows declare.
    pub realign: bool,
}

impl Default for FormatOptions {
    fn default() -> Self {
        Self { style: Style::Aligned, max_column_width: 120, realign: false }
    }
}

/// Whether cells are padded.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Style {
    /// The pipes of a column stand below each other.
    Aligned,
    /// One space around each cell.
    Compact,
    /// Aligned where most rows stand under the pipes of the delimiter row, else compact.
    Keep,
}

/// What is to be done to one table.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct TableFormat {
    /// One edit a changed line, in the order of the lines; none where nothing changes.
    pub edits: Vec<Edit>,
    /// Why the table is left as it is, where that is not because it looks as it should.
    pub left_alone: Option<Reason>,
}

/// What is to be done to a document.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Formatted {
    /// One edit a changed line, in the order of the lines; none where nothing changes.
    pub edits: Vec<Edit>,
    /// The tables that are left as they are though they may not look as they should.
    pub left_alone: Vec<LeftAlone>,
}

/// A table that is left as it is, and why.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct LeftAlone {
    /// The line of its header, from 1.
    pub line_number: usize,
    /// Why.
    pub reason: Reason,
}

/// Why a table is left as it is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Reason {
    /// A comment asks for it.
    Silenced,
    /// Laid out, it would be out of proportion.
    TooLarge,
    /// Its rows must begin further left than its header.
    OutOfReach,
    /// Its header is a task (`- [x]`), which not every renderer reads as one.
    Task,
    /// A row without an opening pipe begins with a vertical tab or form feed: content there, but none behind a pipe.
    StrayBlank,
    /// Read again, the outcome was not what was meant.
    Unproven,
}

impl std::fmt::Display for Reason {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str(match self {
            Self::Silenced => "a comment asks for it",
            Self::TooLarge => "laid out, it would be more than eight times as large",
            Self::OutOfReach => "its rows cannot begin in its header's column",
            Self::Task => "its header begins with a task's box",
            Self::StrayBlank => "a row begins with a vertical tab or form feed",
            Self::Unproven => "laid out, it would not read the same",
        })
    }
}

/// The edits that lay out all tables of a text.
#[must_use]
pub fn document(source: &Source, options: &FormatOptions) -> Formatted {
    lay_out(&Document::parse_rows(source), options, true)
}

/// The edits that lay out all tables of a document, those too that a directive of ours silences.
#[must_use]
pub fn document_in_spite_of_directives(document: &Document<'_>, options: &FormatOptions) -> Formatted {
    lay_out(document, options, false)
}

fn lay_out(document: &Document<'_>, options: &FormatOptions, heeds_directives: bool) -> Formatted {
    let silenced = Silenced::read(document, heeds_directives);
    let format = |table: &Table<'_>| {
        if silenced.covers(document, table.header().line_number()) {
            TableFormat { edits: Vec::new(), left_alone: Some(Reason::Silenced) }
        } else {
            self::table(table, options)
        }
    };
    let mut formats: Vec<TableFormat> = document.tables.iter().map(format).collect();
    proof::take_back_unproven(document, &mut formats);
    let mut formatted = Formatted::default();
    for (table, format) in document.tables.iter().zip(formats) {
        let line_number = table.header().line_number();
        formatted.edits.extend(format.edits);
        formatted.left_alone.extend(format.left_alone.map(|reason| LeftAlone { line_number, reason }));
    }
    formatted
}

/// The edits that bring lines back into line with their tables, after a change to them; `lines` are numbers from 1, in ascending order.
///
/// Only tables that look aligned apart from these lines have a line to be brought into.
#[must_use]
pub fn lines(source: &Source, lines: &[usize], options: &FormatOptions) -> Vec<Edit> {
    let document = Document::parse_rows(source);
    let is_changed = |line: usize| lines.binary_search(&line).is_ok();
    let touches = |table: &Table<'_>| {
        let (first, count) = (table.header().line_number(), table.rows().len());
        lines.partition_point(|&line| line < first) < lines.partition_point(|&line| line < first + count)
    };
    if !document.tables.iter().any(touches) {
        return Vec::new();
    }
    let mut edits = self::document(source, options).edits.into_iter().peekable();
    let mut kept = Vec::new();
    for table in &document.tables {
        let span = Span::new(source.line(table.header().line_number()).start(), table.span().end());
        while edits.next_if(|edit| edit.span.end() < span.start()).is_some() {}
        let mut own = Vec::new();
        while let Some(edit) = edits.next_if(|edit| edit.span.start() <= span.end()) {
            own.push(edit);
        }
        let line_of = |edit: &Edit| source.line_number(edit.span.start());
        let others = table.rows().filter(|row| !is_changed(row.line_number())).count();
        let crooked = own.iter().filter(|edit| !is_changed(line_of(edit))).count();
        // The delimiter row alone always stands under itself.
        if crooked * 2 <= others && others > 1 {
            own.retain(|edit| is_changed(line_of(edit)));
            kept.append(&mut own);
        }
    }
    kept
}

/// The edits that lay out a table; none where it looks as it should.
#[must_use]
pub fn table(table: &Table<'_>, options: &FormatOptions) -> TableFormat {
    let left_alone = |reason| TableFormat { edits: Vec::new(), left_alone: Some(reason) };
    if prefix::is_task(table) {
        return left_alone(Reason::Task);
    }
    if table.rows().any(|row| row.text().starts_with(['\u{b}', '\u{c}'])) {
        return left_alone(Reason::StrayBlank);
    }
    let Some(prefixes) = Prefixes::of(table) else { return left_alone(Reason::OutOfReach) };
    let measured = Measured::of(table);
    let layout = Layout::of(table, &measured, options);
    if is_out_of_proportion(table, &measured, &layout) {
        return left_alone(Reason::TooLarge);
    }
    let mut writer = Writer { table, layout, line: String::new(), edits: Vec::new() };
    for (index, (row, widths)) in measured.rows(table).enumerate() {
        let prefix = if index == 0 { prefixes.of_header() } else { prefixes.of_row(row) };
        writer.row(row, prefix, widths);
        if index == 0 {
            writer.delimiter_row(prefixes.of_row(table.delimiter()));
        }
    }
    TableFormat { edits: writer.edits, left_alone: None }
}

/// Whether laying a table out would write more than eight times its size and a megabyte: missing cells and padding can grow with the product
/// of rows and columns.
fn is_out_of_proportion(table: &Table<'_>, measured: &Measured, layout: &Layout) -> bool {
    let columns = (0..table.width()).map(|column| layout.width(column).unwrap_or(0) + PIPE_AND_SPACES);
    let mut from_column: Vec<usize> = columns.collect();
    for column in (1..from_column.len()).rev() {
        from_column[column - 1] = from_column[column - 1].saturating_add(from_column[column]);
    }
    let padding = |(column, &width): (usize, &u32)| {
        PIPE_AND_SPACES + layout.width(column).unwrap_or(0).saturating_sub(width as usize)
    };
    let added = measured.rows(table).map(|(_, widths)| {
        let missing = from_column.get(widths.len()).copied().unwrap_or(0);
        missing.saturating_add(widths.iter().enumerate().map(padding).sum())
    });
    let added = added.fold(from_column[0], usize::saturating_add);
    added > table.span().len().saturating_mul(8).saturating_add(1 << 20)
}

const PIPE_AND_SPACES: usize = 3;

struct Writer<'t> {
    table: &'t Table<'t>,
    layout: Layout,
    line: String,
    edits: Vec<Edit>,
}

impl<'t> Writer<'t> {
    fn row(&mut self, row: Row<'t>, prefix: &str, widths: &[u32]) {
        self.begin(prefix);
        for column in 0..self.table.width() {
            let width = widths.get(column).map_or(0, |&width| width as usize);
            let text = row.cell(column).map_or("", |cell| cell.written());
            self.cell(text, column, width);
        }
        for surplus in row.cells().iter().skip(self.table.width()) {
            self.line.push(' ');
            self.line.push_str(surplus.written());
            self.line.push_str(" |");
        }
        match row.comment() {
            Some(comment) => {
                self.line.push(' ');
                self.line.push_str(self.table.slice(comment));
            }
            None => self.line.push_str(behind_last_pipe(self.table, row)),
        }
        self.end(row);
    }

    fn delimiter_row(&mut self, prefix: &str) {
        self.begin(prefix);
        for (column, alignment) in self.table.alignments.iter().enumerate() {
            let width = self.layout.width(column).unwrap_or(MIN_WIDTH);
            let (first, last) = match alignment {
                Alignment::None => ('-', '-'),
                Alignment::Left => (':', '-'),
                Alignment::Center => (':', ':'),
                Alignment::Right => ('-', ':'),
            };
            self.line.push(' ');
            self.line.push(first);
            fill(&mut self.line, DASHES, width - 2);
            self.line.push(last);
            self.line.push_str(" |");
        }
        self.end(self.table.delimiter());
    }

    fn begin(&mut self, prefix: &str) {
        self.line.clear();
        self.line.push_str(prefix);
        self.line.push('|');
    }

    /// A cell and the pipe behind it. A blank always stands between them: a backslash would take the pipe into the cell.
    fn cell(&mut self, text: &str, column: usize, width: usize) {
        let padding = self.layout.width(column).unwrap_or(0).saturating_sub(width);
        let before = match self.table.alignments[column] {
            Alignment::None | Alignment::Left => 0,
            Alignment::Center => padding / 2,
            Alignment::Right => padding,
        };
        fill(&mut self.line, SPACES, before + 1);
        self.line.push_str(text);
        fill(&mut self.line, SPACES, padding - before + 1);
        self.line.push('|');
    }

    fn end(&mut self, row: Row<'_>) {
        let line = self.table.source.line(row.line_number());
        if self.table.slice(line) != self.line {
            self.edits.push(Edit::replace(line, self.line.clone()));
        }
    }
}

/// What stands behind the last pipe of a row and is neither a cell nor blank to a reader of bytes: vertical tabs, form feeds.
fn behind_last_pipe<'t>(table: &'t Table<'_>, row: Row<'t>) -> &'t str {
    if !row.has_closing_pipe() {
        return "";
    }
    let Some(last) = row.cells().last() else { return "" };
    let line_end = table.source.line(row.line_number()).end();
    table.slice(Span::new(last.span().end() + 1, line_end)).trim_matches([' ', '\t'])
}

const SPACES: &str = "                                                                ";
const DASHES: &str = "----------------------------------------------------------------";

fn fill(line: &mut String, pattern: &str, mut count: usize) {
    while count > pattern.len() {
        line.push_str(pattern);
        count -= pattern.len();
    }
    line.push_str(&pattern[..count]);
}
