//! `split-cell`: a pipe in a code span or a link splits the cell.

use super::{Check, Rule};
use crate::column::TypedTable;
use crate::diagnostic::{Findings, RuleName, Severity};
use crate::fix::{Applicability, Edit, Fix};
use crate::source::Span;
use crate::table::{Definitions, LinkKind, Row, Table, is_comment, scan_links};

pub(super) const RULE: Rule = Rule {
    name: RuleName("split-cell"),
    page: include_str!("../../rules/split-cell.md"),
    severity: Severity::Error,
    fix: Some(Applicability::Unsafe),
    check: Check::Table(check),
    is_default: true,
};

fn check(typed: &TypedTable<'_>, findings: &mut Findings) {
    let table = typed.table;
    for row in table.body().filter(|row| row.cells().len() > table.width()) {
        let pipes = splitting_pipes(table, row);
        let Some(first) = pipes.first() else { continue };
        let edits: Vec<Edit> = pipes.iter().map(|pipe| Edit::replace(pipe.span, pipe.place.escape())).collect();
        findings
            .report(first.span, message(&pipes, row.cells().len(), table.width()))
            .label(table.header().span(), "the header")
            .help(format!("write the pipe as `{}`", first.place.escape()))
            .fix(Fix::uncertain(if pipes.len() == 1 { "escape the pipe" } else { "escape the pipes" }, edits));
    }
}

fn message(pipes: &[Pipe], cells: usize, width: usize) -> String {
    let place = pipes.first().map_or("", |pipe| pipe.place.name());
    let subject = match pipes.len() {
        1 => format!("a pipe in {place} splits this cell"),
        count => format!("{count} pipes in {place} split this cell"),
    };
    format!("{subject}: the row has {}, the header has {width}", super::count(cells, "cell"))
}

/// A pipe that splits a cell, and would not if it were escaped.
#[derive(Clone, Copy, Debug)]
pub(super) struct Pipe {
    span: Span,
    place: Place,
}

/// What a splitting pipe stands in.
#[derive(Clone, Copy, Debug)]
enum Place {
    Code,
    Tag,
    Comment,
    Text,
    Address,
}

impl Place {
    fn name(self) -> &'static str {
        match self {
            Self::Code => "a code span",
            Self::Tag => "an HTML tag",
            Self::Comment => "a comment",
            Self::Text => "a link's text",
            Self::Address => "a link's address",
        }
    }

    /// GFM takes the backslash of `\|` away before it reads anything else; in an address, other renderers do not.
    fn escape(self) -> &'static str {
        if matches!(self, Self::Address) { "%7C" } else { "\\|" }
    }
}

/// The pipes whose escaping gives a row of too many cells the header's number; none where that is not what ails it.
pub(super) fn splitting_pipes(table: &Table<'_>, row: Row<'_>) -> Vec<Pipe> {
    let cells = row.cells();
    let repairs = |pipes: &Vec<Pipe>| {
        let left = cells.len() - pipes.len();
        let surplus = cells.from(cells.len() - left.saturating_sub(table.width()));
        !pipes.is_empty()
            && left >= table.width()
            && surplus.iter().all(|cell| cell.is_empty() || is_comment(cell.text))
    };
    let whole = bridged_pipes(table, row, 0..cells.len());
    if repairs(&whole) {
        return whole;
    }
    // A stray mark in one cell can hide what neighbours show between themselves.
    let mut pairs = Vec::new();
    for left in 0..cells.len() - 1 {
        pairs.extend(bridged_pipes(table, row, left..left + 2));
    }
    if repairs(&pairs) { pairs } else { Vec::new() }
}

/// The pipes between neighbouring cells that something reaches across when the cells are read as one.
fn bridged_pipes(table: &Table<'_>, row: Row<'_>, columns: std::ops::Range<usize>) -> Vec<Pipe> {
    let cells = row.cells().up_to(columns.end).from(columns.start);
    let (Some(first), Some(last)) = (cells.first(), cells.last()) else { return Vec::new() };
    let joined = first.span().to(last.span());
    let text = table.slice(joined);
    if !text.bytes().any(|byte| matches!(byte, b'`' | b'<' | b']')) {
        return Vec::new();
    }
    let mut links = Vec::new();
    let mut bridges = Vec::new();
    let mut opaque = |span: Span| {
        let place = match table.slice(span).as_bytes() {
            // In "it`s | it`s" no code was meant.
            [b'`', ..] if is_glued(text, span.start() - joined.start(), span.end() - joined.start()) => return,
            [b'`', ..] => Place::Code,
            [b'<', b'!', ..] => Place::Comment,
            _ => Place::Tag,
        };
        bridges.push((span, place));
    };
    scan_links(text, joined.start(), &Definitions::default(), &mut links, &mut opaque);
    for link in links {
        // A bare URL reaches to the next blank, past any pipe.
        if matches!(link.kind, LinkKind::Inline | LinkKind::Html | LinkKind::Autolink) {
            bridges.push((link.destination, Place::Address));
        }
        if link.kind == LinkKind::Inline {
            bridges.push((link.span, Place::Text));
        }
    }
    // Where several reach across a pipe, the innermost tells how to escape it.
    bridges.sort_by_key(|(span, _)| span.len());
    let mut pipes: Vec<Option<Pipe>> = vec![None; cells.len() - 1];
    let ends: Vec<usize> = cells.iter().map(|cell| cell.span().end()).collect();
    // Where to look on from each pipe that has been told of, so that nested spans do not walk over it again.
    let mut onward: Vec<usize> = (0..cells.len()).collect();
    for (span, place) in bridges {
        let mut index = ends.partition_point(|&end| end < span.start());
        let begin = index;
        while index < pipes.len() && ends[index] < span.end() {
            let end = ends[index];
            pipes[index].get_or_insert(Pipe { span: Span::new(end, end + 1), place });
            index = onward[index].max(index + 1);
        }
        if begin < index {
            onward[begin] = index;
        }
    }
    pipes.into_iter().flatten().collect()
}

/// Whether a letter or digit stands directly before or behind a piece of a text.
fn is_glued(text: &str, start: usize, end: usize) -> bool {
    let is_word = |byte: Option<&u8>| byte.is_some_and(u8::is_ascii_alphanumeric);
    let bytes = text.as_bytes();
    is_word(bytes[..start].last()) || is_word(bytes.get(end))
}
