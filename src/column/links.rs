//! The links of a column, cell by cell: which cells hold nothing else, and what the links say.

use std::borrow::Cow;

use rustc_hash::FxHashMap;

use super::TypedTable;
use crate::identity::title;
use crate::source::Span;
use crate::table::{Link, LinkKind, Row, Table};

/// The cells of a table that hold links and nothing else but marks between them, such as commas.
///
/// A cell with a picture that leads nowhere is no such cell; links in the text of others and their pictures are left out.
#[derive(Debug)]
pub struct LinkCells {
    /// Sorted by column, then row.
    cells: Vec<LinkCell>,
}

/// A cell that holds links and nothing else.
#[derive(Clone, Copy, Debug)]
pub struct LinkCell {
    /// The column, from 0.
    column: u32,
    /// The place of its row among the body rows, from 0.
    row: u32,
    /// Its first link among those of the row, and the one behind its last.
    first: u32,
    end: u32,
}

impl LinkCells {
    /// Looks at each cell of a table's body once.
    #[must_use]
    pub fn of(table: &Table<'_>) -> Self {
        let mut cells = Vec::with_capacity(table.link_count());
        let narrow = |place: usize| u32::try_from(place).unwrap_or(u32::MAX);
        for (index, row) in table.body().enumerate() {
            let links = row.links();
            let mut placed = row.placed_links().enumerate().peekable();
            while let Some((first, (column, _))) = placed.next() {
                let mut end = first + 1;
                while placed.next_if(|(_, (other, _))| *other == column).is_some() {
                    end += 1;
                }
                if row.content(column).is_some_and(|content| holds_nothing_else(row, content.span, &links[first..end]))
                {
                    let [column, row, first, end] = [column, index, first, end].map(narrow);
                    cells.push(LinkCell { column, row, first, end });
                }
            }
        }
        // Stable, so that rows stay in order.
        cells.sort_by_key(|cell| cell.column);
        Self { cells }
    }

    /// Those of one column, from 0, in the order of their rows.
    #[must_use]
    pub fn of_column(&self, column: usize) -> &[LinkCell] {
        let start = self.cells.partition_point(|cell| (cell.column as usize) < column);
        let rest = &self.cells[start..];
        &rest[..rest.partition_point(|cell| cell.column as usize == column)]
    }

    /// The cells of each column that has any, with the column (from 0).
    pub fn by_column(&self) -> impl Iterator<Item = (usize, &[LinkCell])> {
        self.cells.chunk_by(|a, b| a.column == b.column).map(|cells| (cells[0].column as usize, cells))
    }
}

impl LinkCell {
    /// Its row.
    #[must_use]
    pub fn row<'t>(&self, table: &'t Table<'_>) -> Row<'t> {
        table.body_row(self.row as usize)
    }

    /// Those links of its row that are its own.
    pub fn links<'t>(&self, row: Row<'t>) -> impl Iterator<Item = &'t Link> + use<'t> {
        row.links()[self.first as usize..self.end as usize].iter().filter(|link| !link.is_nested)
    }

    /// Its link, if it has but one, and that shows a text of its own; and the text that readers see.
    #[must_use]
    pub fn only_labelled_link<'t>(&self, row: Row<'t>) -> Option<(&'t Link, Cow<'t, str>)> {
        let mut links = self.links(row);
        let link = links.next().filter(|link| is_labelled(link))?;
        if links.next().is_some() {
            return None;
        }
        Some((link, visible_text(row, link))).filter(|(_, visible)| !visible.is_empty())
    }
}

/// Whether the content of a cell is its links and nothing else but marks between them.
fn holds_nothing_else(row: Row<'_>, cell: Span, links: &[Link]) -> bool {
    if let [link] = links {
        // As in most cells with a link.
        if !link.is_image && link.span == cell {
            return true;
        }
    }
    let mut at = cell.start();
    for link in links.iter().filter(|link| !link.is_nested) {
        if link.is_image || link.span.start() < at || !are_marks(row.slice(Span::new(at, link.span.start()))) {
            return false;
        }
        at = link.span.end();
    }
    are_marks(row.slice(Span::new(at, cell.end())))
}

/// Whether what stands between links is marks and line breaks: neither words nor brackets, which make something else of the links.
fn are_marks(between: &str) -> bool {
    if between.bytes().all(|byte| matches!(byte, b' ' | b'\t' | b',' | b'/' | b';')) {
        return true;
    }
    let has_words =
        |text: &str| text.contains(|character: char| character.is_alphanumeric() || "[](){}<>`\\!".contains(character));
    let mut pieces = between.split("<br");
    !pieces.next().is_some_and(has_words)
        && pieces.all(|piece| {
            let rest = piece.trim_start_matches([' ', '/']).strip_prefix('>');
            rest.is_some_and(|rest| !has_words(rest))
        })
}

/// The address that a link of a row leads to; none where it is longer than any that browsers follow.
///
/// Thousands of reference links may share one address, so its length has to have an end.
#[must_use]
pub fn url_of<'t>(row: Row<'t>, link: &Link) -> Option<Cow<'t, str>> {
    const LONGEST: usize = 4096;
    (link.destination.len() <= LONGEST).then(|| row.url(link))
}

/// Whether a link shows a text of its own, and not its address.
#[must_use]
pub fn is_labelled(link: &Link) -> bool {
    matches!(link.kind, LinkKind::Inline | LinkKind::Reference | LinkKind::Html)
}

/// What readers see of a link's text.
#[must_use]
pub fn visible_text<'t>(row: Row<'t>, link: &Link) -> Cow<'t, str> {
    let text = row.slice(link.text);
    if link.is_plain && !link.is_image { Cow::Borrowed(text) } else { title::visible(text) }
}

/// A text that links of a column have.
#[derive(Debug)]
pub struct LinkText<'t> {
    /// What readers see.
    pub visible: Cow<'t, str>,
    /// How many cells hold a link of this text and nothing else.
    pub count: usize,
    /// The same for all spellings of one text.
    pub key: String,
}

/// The texts of the links in those cells of a column that hold one labelled link and nothing else; the most frequent first.
///
/// None at all where not even the most frequent has so many cells as `least`.
#[must_use]
pub fn link_texts<'t>(typed: &'t TypedTable<'_>, column: usize, least: usize) -> Vec<LinkText<'t>> {
    let cells = typed.link_cells().of_column(column);
    if cells.len() < least {
        return Vec::new();
    }
    let mut counts: FxHashMap<Cow<'t, str>, (usize, usize)> = FxHashMap::default();
    for (index, cell) in cells.iter().enumerate() {
        if let Some((_, visible)) = cell.only_labelled_link(cell.row(typed.table)) {
            counts.entry(visible).or_insert((0, index)).0 += 1;
        }
    }
    let mut counts: Vec<_> = counts.into_iter().collect();
    counts.sort_by_key(|(_, (count, first))| (std::cmp::Reverse(*count), *first));
    if counts.first().is_none_or(|(_, (count, _))| *count < least) {
        return Vec::new();
    }
    let text = |(visible, (count, _)): (Cow<'t, str>, (usize, usize))| LinkText { key: key(&visible), visible, count };
    counts.into_iter().map(text).collect()
}

fn key(visible: &str) -> String {
    let folded = title::fold(visible);
    // A text of marks and emoji has no words to be known by.
    if folded.is_empty() { visible.to_owned() } else { folded }
}
