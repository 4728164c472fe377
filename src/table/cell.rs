//! The cells of a row: `Cells`, `Cell`.

use super::Table;
use super::kinds::ByteKinds;
use super::row::{is_blank, trim};
use crate::source::{Source, Span};

/// What a cell holds between its blanks: all that a table keeps of it. A large list has a million cells, so that what can be read off the text again is
/// not kept.
#[derive(Clone, Copy, Debug)]
pub struct Content {
    /// Where it stands; an empty place behind the pipe before it where there is none.
    pub span: Span,
    /// What kinds of bytes it has.
    pub kinds: ByteKinds,
}

/// Neighbouring cells of a row.
#[derive(Clone, Copy, Debug)]
pub struct Cells<'t> {
    source: &'t Source,
    /// The row without its container's prefix and without blanks at its ends.
    row: Span,
    contents: &'t [Content],
}

/// A cell, from the pipe before it to the pipe behind it.
#[derive(Clone, Copy, Debug)]
pub struct Cell<'t> {
    /// Its content: without spaces and tabs at its ends (no other blanks: U+00A0 and U+3000 are content), otherwise as written.
    pub text: &'t str,
    /// Where its content stands; an empty place behind the pipe before it where it has none.
    pub content: Span,
    /// What kinds of bytes the content has.
    pub kinds: ByteKinds,
    source: &'t Source,
    row: Span,
}

impl<'t> Cell<'t> {
    pub(super) fn new(source: &'t Source, row: Span, &Content { span, kinds }: &Content) -> Self {
        Self { text: source.slice(span), content: span, kinds, source, row }
    }

    /// Whether nothing but spaces and tabs stands between the pipes.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.content.is_empty()
    }

    /// The bytes between its pipes, blanks included.
    #[must_use]
    pub fn span(&self) -> Span {
        let text = self.source.text().as_bytes();
        let before = &text[self.row.start()..self.content.start()];
        let behind = &text[self.content.end()..self.row.end()];
        let blanks_before = before.iter().rev().take_while(|&&byte| is_blank(byte)).count();
        let blanks_behind = behind.iter().take_while(|&&byte| is_blank(byte)).count();
        Span::new(self.content.start() - blanks_before, self.content.end() + blanks_behind)
    }

    /// What it takes to write it elsewhere: all but the spaces and tabs at its ends, also blanks of other kinds, which renderers skip.
    #[must_use]
    pub fn written(&self) -> &'t str {
        let before = &self.source.text().as_bytes()[self.row.start()..self.content.start()];
        let has_others =
            || before.iter().rev().take_while(|&&byte| is_blank(byte)).any(|byte| matches!(byte, 0x0b | 0x0c));
        if self.is_empty() || has_others() { trim(self.source.slice(self.span())) } else { self.text }
    }

    /// Where its content stands, or the whole of it where it has none.
    #[must_use]
    pub fn place(&self) -> Span {
        if self.is_empty() { self.span() } else { self.content }
    }
}

impl<'t> Cells<'t> {
    pub(super) fn new(table: &'t Table<'_>, row: Span, contents: &'t [Content]) -> Self {
        Self { source: table.source, row, contents }
    }

    /// Their number.
    #[must_use]
    pub fn len(self) -> usize {
        self.contents.len()
    }

    /// Whether there are none, as in a row that is a lone pipe.
    #[must_use]
    pub fn is_empty(self) -> bool {
        self.contents.is_empty()
    }

    /// A cell by its place among them, which is below their number.
    #[must_use]
    pub fn at(self, index: usize) -> Cell<'t> {
        self.cell(&self.contents[index])
    }

    /// The first.
    #[must_use]
    pub fn first(self) -> Option<Cell<'t>> {
        self.contents.first().map(|content| self.cell(content))
    }

    /// The last.
    #[must_use]
    pub fn last(self) -> Option<Cell<'t>> {
        self.contents.last().map(|content| self.cell(content))
    }

    /// Those from this place on, from 0.
    #[must_use]
    pub fn from(self, index: usize) -> Self {
        Self { contents: self.contents.get(index..).unwrap_or_default(), ..self }
    }

    /// Those before this place, from 0.
    #[must_use]
    pub fn up_to(self, index: usize) -> Self {
        Self { contents: &self.contents[..index.min(self.len())], ..self }
    }

    /// All, in order.
    #[must_use]
    pub fn iter(self) -> impl DoubleEndedIterator<Item = Cell<'t>> + ExactSizeIterator {
        self.contents.iter().map(move |content| self.cell(content))
    }

    /// Whether no cell has content.
    #[must_use]
    pub fn are_empty(self) -> bool {
        self.contents.iter().all(|content| content.span.is_empty())
    }

    fn cell(self, content: &Content) -> Cell<'t> {
        Cell::new(self.source, self.row, content)
    }
}
