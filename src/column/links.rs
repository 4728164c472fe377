//! The links of a column, cell by cell: which cells hold nothing else, and what the links say.

use std::borrow::Cow;

use rustc_hash::FxHashMap;

use super::TypedTable;
use crate::identity::title;
use crate::source::Span;
use crate::table::{Link, LinkKind, Row};

/// The links of a cell that holds nothing else but marks between them, such as commas; none of any other cell.
///
/// Links in the text of others and pictures are left out; a cell with a picture that leads nowhere is no such cell.
#[must_use]
pub fn links_of_link_cell(row: Row<'_>, column: usize) -> Option<Vec<&Link>> {
    let links = row.cell_links(column);
    if links.is_empty() {
        return None;
    }
    let cell = row.cells()[column].span;
    let mut at = cell.start();
    let mut own = Vec::with_capacity(links.len());
    for link in links.iter().filter(|link| !link.is_nested) {
        if link.is_image || link.span.start() < at || !are_marks(row.slice(Span::new(at, link.span.start()))) {
            return None;
        }
        at = link.span.end();
        own.push(link);
    }
    are_marks(row.slice(Span::new(at, cell.end()))).then_some(own)
}

/// Whether what stands between links is marks and line breaks: neither words nor brackets, which make something else of the links.
fn are_marks(between: &str) -> bool {
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
#[must_use]
pub fn link_texts<'t>(typed: &'t TypedTable<'_>, column: usize) -> Vec<LinkText<'t>> {
    let mut counts: FxHashMap<Cow<'t, str>, (usize, usize)> = FxHashMap::default();
    for (index, row) in typed.table.body().enumerate() {
        if let Some((_, visible)) = only_labelled_link(row, column) {
            counts.entry(visible).or_insert((0, index)).0 += 1;
        }
    }
    let mut counts: Vec<_> = counts.into_iter().collect();
    counts.sort_by_key(|(_, (count, first))| (std::cmp::Reverse(*count), *first));
    let text = |(visible, (count, _)): (Cow<'t, str>, (usize, usize))| LinkText { key: key(&visible), visible, count };
    counts.into_iter().map(text).collect()
}

/// The labelled link that is all there is in a cell, and the text that readers see; none of any other cell.
#[must_use]
pub fn only_labelled_link(row: Row<'_>, column: usize) -> Option<(&Link, Cow<'_, str>)> {
    let links = links_of_link_cell(row, column)?;
    let [link] = links[..] else { return None };
    let visible = title::visible(row.slice(link.text));
    (is_labelled(link) && !visible.is_empty()).then_some((link, visible))
}

fn key(visible: &str) -> String {
    let folded = title::fold(visible);
    // A text of marks and emoji has no words to be known by.
    if folded.is_empty() { visible.to_owned() } else { folded }
}
