//! The tables of a document: `Document`, `Table`, `Row`, `Cell`, `Link`.

mod cell;
mod definition;
mod html;
mod kinds;
mod link;
mod parse;
mod row;
mod skeleton;

pub use cell::{Cell, Cells, Content};
pub use definition::Definitions;
pub use kinds::ByteKinds;
pub(crate) use kinds::bytes_in;
pub use link::{Link, LinkKind, scan as scan_links};
pub use row::{Split, is_comment, is_delimiter as is_delimiter_row, split as split_row, trim as trim_cell};

use std::cell::OnceCell;
use std::ops::Range;

use crate::source::{Source, Span};

/// One file's tables, headings and blocks, as GitHub reads them.
#[derive(Debug)]
pub struct Document<'s> {
    /// The text that was read.
    pub source: &'s Source,
    /// The tables, in the order of their lines.
    pub tables: Vec<Table<'s>>,
    /// The headings, in the order of their lines.
    pub headings: Vec<Heading<'s>>,
    /// The blocks that hold lines but no further blocks, tables apart, in the order of their lines.
    pub blocks: Vec<Block>,
    /// The link reference definitions.
    pub definitions: Definitions,
    /// Whether there may be a comment anywhere in the text.
    pub may_have_comments: bool,
    /// First and last line of each stretch of lines that the parser saw as stubs, in the order of the lines.
    stubs: Vec<(u32, u32)>,
    /// What stands in footnotes that nothing refers to, as long as it has not been left out.
    unseen: Vec<Unseen>,
    /// Whether a marker of a merge conflict may be in the text, once somebody asked.
    holds_conflicts: OnceCell<bool>,
}

/// What a footnote holds that nothing refers to, and that is on no page: the places of its tables, headings and blocks in the document.
#[derive(Debug)]
struct Unseen {
    tables: Range<usize>,
    headings: Range<usize>,
    blocks: Range<usize>,
}

/// A heading and the line that it begins on.
#[derive(Clone, Copy, Debug)]
pub struct Heading<'s> {
    /// The line, from 1; the first of several.
    pub line_number: usize,
    /// The last line: below the text where a line of dashes makes it a heading.
    pub last_line: usize,
    /// The depth, 1 to 6.
    pub level: u8,
    /// The text as written, without the marks that make it a heading.
    pub text: &'s str,
}

/// Lines that belong together and are no table.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Block {
    /// What the lines are.
    pub kind: BlockKind,
    /// The first line, from 1.
    pub first_line: usize,
    /// The last line, from 1.
    pub last_line: usize,
}

/// What lines outside tables are.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum BlockKind {
    /// Text.
    Paragraph,
    /// A fenced or indented code block.
    Code,
    /// Raw HTML, comments included.
    Html,
    /// Metadata at the top of the file.
    FrontMatter,
}

/// The alignment that a delimiter cell asks for.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Alignment {
    /// `---`
    None,
    /// `:--`
    Left,
    /// `:-:`
    Center,
    /// `--:`
    Right,
}

/// A container that a table stands in, with what its lines begin with.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Container {
    /// A block quote: each line begins with `>`.
    Quote,
    /// A list item or footnote that begins on this line (from 1): its further lines are indented.
    Item {
        /// The line with the marker, from 1.
        first_line: usize,
    },
}

/// A table: a header, a delimiter row, and body rows, one a line.
#[derive(Debug)]
pub struct Table<'s> {
    /// The text that the table is in.
    pub source: &'s Source,
    /// The text of the nearest heading above; none where there is no heading.
    pub section: Option<&'s str>,
    /// One alignment a column.
    pub alignments: Vec<Alignment>,
    /// The containers, outermost first.
    pub containers: Vec<Container>,
    /// Header, delimiter row, body rows.
    rows: Vec<RowData>,
    cells: Vec<Content>,
    /// The comments behind the last pipes of rows, with the rows' places among all, in order.
    comments: Vec<(u32, Span)>,
    /// The links of all cells, in the order of their cells; of links in one cell, in the order of their closing.
    links: Vec<Link>,
}

#[derive(Debug)]
struct RowData {
    line_number: u32,
    span: Span,
    first_cell: u32,
    first_link: u32,
    /// How many of its cells have content; 255 stands for more, too.
    filled: u8,
    has_opening_pipe: bool,
    has_closing_pipe: bool,
    /// Whether each link is plain, and no bracket, tag or code span stands outside of them; known once links are.
    is_plainly_linked: bool,
    /// Those of all cells, and of the comment.
    kinds: ByteKinds,
}

/// One row of a table, ragged or not: its cells as written.
#[derive(Clone, Copy, Debug)]
pub struct Row<'t> {
    table: &'t Table<'t>,
    index: usize,
}

impl<'s> Table<'s> {
    /// The number of columns: cells of the header.
    #[must_use]
    pub fn width(&self) -> usize {
        self.alignments.len()
    }

    /// From the header's first byte to the last row's last.
    #[must_use]
    pub fn span(&self) -> Span {
        self.rows[0].span.to(self.rows[self.rows.len() - 1].span)
    }

    /// The header.
    #[must_use]
    pub fn header(&self) -> Row<'_> {
        Row { table: self, index: 0 }
    }

    /// The delimiter row.
    #[must_use]
    pub fn delimiter(&self) -> Row<'_> {
        Row { table: self, index: 1 }
    }

    /// The body rows.
    #[must_use]
    pub fn body(&self) -> impl DoubleEndedIterator<Item = Row<'_>> + ExactSizeIterator {
        (2..self.rows.len()).map(|index| Row { table: self, index })
    }

    /// A body row by its place among the body rows, from 0.
    #[must_use]
    pub fn body_row(&self, index: usize) -> Row<'_> {
        Row { table: self, index: index + 2 }
    }

    /// The number of body rows.
    #[must_use]
    pub fn body_len(&self) -> usize {
        self.rows.len() - 2
    }

    /// A link by its place among those of all rows, from 0; it is below their number.
    #[must_use]
    pub fn link(&self, place: usize) -> &Link {
        &self.links[place]
    }

    /// The number of links in all rows.
    #[must_use]
    pub fn link_count(&self) -> usize {
        self.links.len()
    }

    /// All rows: header, delimiter row, body.
    #[must_use]
    pub fn rows(&self) -> impl DoubleEndedIterator<Item = Row<'_>> + ExactSizeIterator {
        (0..self.rows.len()).map(|index| Row { table: self, index })
    }

    /// The cell that a byte offset lies in, as body row (from 0) and column (from 0).
    #[must_use]
    pub fn row_at(&self, offset: usize) -> Option<Row<'_>> {
        let index = self.rows.partition_point(|row| row.span.start() <= offset).checked_sub(1)?;
        (offset <= self.rows[index].span.end()).then_some(Row { table: self, index })
    }

    /// The text of a span of this table's source.
    #[must_use]
    pub fn slice(&self, span: Span) -> &'s str {
        self.source.slice(span)
    }
}

impl<'t> Row<'t> {
    /// The line, from 1.
    #[must_use]
    pub fn line_number(self) -> usize {
        self.data().line_number as usize
    }

    /// The row without its container's prefix and without blanks at its ends.
    #[must_use]
    pub fn span(self) -> Span {
        self.data().span
    }

    /// The row as written, without its container's prefix and without blanks at its ends.
    #[must_use]
    pub fn text(self) -> &'t str {
        self.table.slice(self.span())
    }

    /// What stands before the row on its line: indentation, quote marks, list markers.
    #[must_use]
    pub fn prefix(self) -> &'t str {
        let line = self.table.source.line(self.line_number());
        self.table.slice(Span::new(line.start(), self.span().start()))
    }

    /// The cells as written: fewer or more than the header's in a ragged row.
    #[must_use]
    pub fn cells(self) -> Cells<'t> {
        Cells::new(self.table, self.span(), self.contents())
    }

    /// A cell by its column, from 0; none where the row has no such cell.
    #[must_use]
    pub fn cell(self, column: usize) -> Option<Cell<'t>> {
        self.contents().get(column).map(|content| Cell::new(self.table.source, self.span(), content))
    }

    /// The content of a cell by its column, from 0; none where the row has no such cell.
    #[must_use]
    pub fn content(self, column: usize) -> Option<Content> {
        self.contents().get(column).copied()
    }

    /// Whether no cell has content.
    #[must_use]
    pub fn is_empty(self) -> bool {
        self.data().filled == 0
    }

    /// The only cell that has content; none where no or several have.
    #[must_use]
    pub fn only_filled_cell(self) -> Option<Cell<'t>> {
        if self.data().filled != 1 {
            return None;
        }
        self.cells().iter().find(|cell| !cell.is_empty())
    }

    /// The cells up to the last that is not empty.
    #[must_use]
    pub fn filled_cells(self) -> Cells<'t> {
        let last = self.contents().iter().rposition(|content| !content.span.is_empty());
        self.cells().up_to(last.map_or(0, |last| last + 1))
    }

    /// A cell's text; empty where the row has no such cell.
    #[must_use]
    pub fn cell_text(self, column: usize) -> &'t str {
        self.contents().get(column).map_or("", |content| self.slice(content.span))
    }

    /// Where a cell's text stands; the whole row where it has no such cell, or nothing in it.
    #[must_use]
    pub fn cell_place(self, column: usize) -> Span {
        let content = self.contents().get(column).map(|content| content.span);
        content.filter(|content| !content.is_empty()).unwrap_or_else(|| self.span())
    }

    /// The links of all cells of the row.
    #[must_use]
    pub fn links(self) -> &'t [Link] {
        let end = self.next().map_or(self.table.links.len(), |next| next.first_link as usize);
        &self.table.links[self.data().first_link as usize..end]
    }

    /// The cells that GitHub shows: those below a cell of the header.
    #[must_use]
    pub fn shown_cells(self) -> Cells<'t> {
        self.cells().up_to(self.table.width())
    }

    /// The place of the row's first link among those of its table, or where it would be.
    #[must_use]
    pub fn first_link(self) -> usize {
        self.data().first_link as usize
    }

    /// The links of the row in the order of their cells, each with the column (from 0) of its cell, in one pass.
    pub fn placed_links(self) -> impl Iterator<Item = (usize, &'t Link)> {
        place(self.contents(), self.links())
    }

    /// The links of the cells that GitHub shows, each with the column (from 0) of its cell, in one pass.
    pub fn shown_placed_links(self) -> impl Iterator<Item = (usize, &'t Link)> {
        place(self.contents(), self.shown_links())
    }

    /// The links of the cells that GitHub shows.
    #[must_use]
    pub fn shown_links(self) -> &'t [Link] {
        let links = self.links();
        if self.cells().len() <= self.table.width() {
            return links;
        }
        let end = self.shown_cells().last().map_or(0, |cell| cell.content.end());
        &links[..links.partition_point(|link| link.span.end() <= end)]
    }

    /// The links of one cell; none where the row has no such cell.
    #[must_use]
    pub fn cell_links(self, column: usize) -> &'t [Link] {
        let links = self.links();
        if links.is_empty() {
            return links;
        }
        let Some(cell) = self.contents().get(column) else { return &[] };
        let start = links.partition_point(|link| link.span.end() <= cell.span.start());
        let end = links.partition_point(|link| link.span.end() <= cell.span.end());
        &links[start..end]
    }

    /// The text of a span of its table's source.
    #[must_use]
    pub fn slice(self, span: Span) -> &'t str {
        self.table.slice(span)
    }

    /// The address that a link of the row leads to.
    #[must_use]
    pub fn url(self, link: &Link) -> std::borrow::Cow<'t, str> {
        link.url(self.table.source)
    }

    /// The number of columns of its table.
    #[must_use]
    pub fn width(self) -> usize {
        self.table.width()
    }

    /// Whether the row has no cells but those that GitHub shows, each link in them is plain, and no bracket, tag or code span stands outside
    /// of links, as in nearly every row.
    #[must_use]
    pub fn is_plainly_linked(self) -> bool {
        self.data().is_plainly_linked && self.cells().len() <= self.width()
    }

    /// What kinds of bytes its cells have, and the comment behind them.
    #[must_use]
    pub fn kinds(self) -> ByteKinds {
        self.data().kinds
    }

    /// Whether the row begins with a pipe.
    #[must_use]
    pub fn has_opening_pipe(self) -> bool {
        self.data().has_opening_pipe
    }

    /// Whether the row ends with a pipe; a comment may stand behind it.
    #[must_use]
    pub fn has_closing_pipe(self) -> bool {
        self.data().has_closing_pipe
    }

    /// Whether the row has no pipe at all: a line of text that stands directly below a table.
    #[must_use]
    pub fn is_swallowed_text(self) -> bool {
        !self.has_opening_pipe() && !self.has_closing_pipe() && self.cells().len() == 1
    }

    /// The comment behind the last pipe, which is no cell: `| a | b | <!-- 2024-03 -->`.
    #[must_use]
    pub fn comment(self) -> Option<Span> {
        let comments = &self.table.comments;
        let found = comments.binary_search_by_key(&self.index, |&(row, _)| row as usize);
        found.ok().map(|place| comments[place].1)
    }

    /// The place of the row among the body rows, from 0; none for header and delimiter row.
    #[must_use]
    pub fn body_index(self) -> Option<usize> {
        self.index.checked_sub(2)
    }

    fn contents(self) -> &'t [Content] {
        let end = self.next().map_or(self.table.cells.len(), |next| next.first_cell as usize);
        &self.table.cells[self.data().first_cell as usize..end]
    }

    fn data(self) -> &'t RowData {
        &self.table.rows[self.index]
    }

    fn next(self) -> Option<&'t RowData> {
        self.table.rows.get(self.index + 1)
    }
}

/// Each link with the place of its cell.
fn place<'t>(cells: &'t [Content], links: &'t [Link]) -> impl Iterator<Item = (usize, &'t Link)> {
    let mut column = 0;
    links.iter().map(move |link| {
        while cells.get(column).is_some_and(|cell| cell.span.end() < link.span.end()) {
            column += 1;
        }
        (column, link)
    })
}
