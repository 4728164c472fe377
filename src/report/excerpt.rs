//! The part of a long line that shows the marked places: cut to a width, harmless, in pieces of known width.

use std::borrow::Cow;
use std::ops::Range;

use unicode_segmentation::UnicodeSegmentation;

use super::safe;
use crate::format::display_width;

/// A part of a line: what is shown of it, and which pieces are marked.
#[derive(Debug)]
pub(super) struct Excerpt<'l> {
    pub(super) pieces: Vec<Piece<'l>>,
    pub(super) marks: Vec<Range<usize>>,
}

/// What is seen as one character, or stands for one.
#[derive(Clone, Debug)]
pub(super) struct Piece<'l> {
    /// The bytes of the line that it shows.
    bytes: Range<usize>,
    pub(super) shown: Cow<'l, str>,
    /// The number of columns that it takes up.
    pub(super) width: usize,
}

impl Piece<'_> {
    fn gap(at: usize) -> Self {
        Self { bytes: at..at, shown: Cow::Borrowed("…"), width: 1 }
    }

    fn is_gap(&self) -> bool {
        self.bytes.is_empty()
    }
}

/// The part of a line that shows the marked bytes, at most so many columns wide. Looks only at what may be shown, however long the line is.
pub(super) fn excerpt<'l>(line: &'l str, marks: &[Range<usize>], width: usize) -> Excerpt<'l> {
    let width = width.max(MIN_WIDTH);
    let pieces = pieces(line, marks, width);
    let is_whole = !pieces.iter().any(Piece::is_gap) && total_width(&pieces) <= width;
    let pieces = if is_whole { pieces } else { cut(&pieces, marks, width) };
    let marks = marks.iter().map(|mark| marked(&pieces, mark)).collect();
    Excerpt { pieces, marks }
}

/// Narrower excerpts show nothing.
const MIN_WIDTH: usize = 20;

/// The most bytes around a mark that are looked at, for each column that may be shown: more than nearly every text needs.
const BYTES_PER_COLUMN: usize = 8;

fn total_width(pieces: &[Piece<'_>]) -> usize {
    pieces.iter().map(|piece| piece.width).sum()
}

/// The pieces of the line around the marks, with gaps where it goes on.
fn pieces<'l>(line: &'l str, marks: &[Range<usize>], width: usize) -> Vec<Piece<'l>> {
    let bytes = line.as_bytes();
    let forwards = |at: usize| at + reach(bytes[at..].iter(), width);
    let mut ranges: Vec<Range<usize>> = Vec::new();
    for mark in marks {
        let start = floor_boundary(line, mark.start - reach(bytes[..mark.start].iter().rev(), width));
        let end = floor_boundary(line, forwards(mark.end.min(forwards(mark.start))));
        match ranges.last_mut() {
            Some(last) if start <= last.end => last.end = last.end.max(end),
            _ => ranges.push(start..end),
        }
    }
    let mut pieces: Vec<Piece<'l>> = Vec::new();
    let mut shown_to = 0;
    for range in ranges {
        if range.start > shown_to {
            pieces.push(Piece::gap(range.start));
        }
        push_pieces(&mut pieces, line, range.clone());
        shown_to = range.end;
    }
    if shown_to < line.len() {
        pieces.push(Piece::gap(shown_to));
    }
    pieces
}

/// How many bytes from a place on may be shown: each printed character of ASCII takes up a column, whatever stands around it.
fn reach<'b>(bytes: impl Iterator<Item = &'b u8>, width: usize) -> usize {
    let mut columns = 0;
    let is_within = |byte: &&u8| {
        columns += usize::from(matches!(byte, b' '..=b'~'));
        columns <= width + 1
    };
    bytes.take(width * BYTES_PER_COLUMN).take_while(is_within).count()
}

fn push_pieces<'l>(pieces: &mut Vec<Piece<'l>>, line: &'l str, range: Range<usize>) {
    let mut at = range.start;
    let bytes = &line.as_bytes()[range.clone()];
    pieces.reserve(bytes.len());
    let begins_command = || memchr::memmem::find(bytes, COMMAND).is_some();
    if bytes.iter().all(|byte| matches!(byte, b' '..=b'~')) && !begins_command() {
        let piece = |at| Piece { bytes: at..at + 1, width: 1, shown: Cow::Borrowed(&line[at..=at]) };
        return pieces.extend(range.map(piece));
    }
    // A harmful character, spelt out, joins nothing: what stands around it is measured apart.
    for run in line[range].split_inclusive(is_spelt) {
        let plain = run.trim_end_matches(is_spelt);
        let mut rest = plain;
        while !rest.is_empty() {
            // Between two characters of ASCII, a cluster ends (UAX 29), so that only what stands around others need be asked about.
            let bytes = rest.as_bytes();
            let alone =
                bytes.iter().position(|byte| !byte.is_ascii()).map_or(bytes.len(), |other| other.saturating_sub(1));
            for index in 0..alone {
                push_cluster(pieces, at + index, &rest[index..=index]);
            }
            let joined = &rest[alone..];
            let are_ascii = |pair: &[u8]| pair.iter().all(u8::is_ascii);
            let behind = joined.as_bytes()[joined.len().min(1)..]
                .windows(2)
                .position(are_ascii)
                .map_or(joined.len(), |pair| pair + 2);
            at += alone;
            for cluster in joined[..behind].graphemes(true) {
                push_cluster(pieces, at, cluster);
                at += cluster.len();
            }
            rest = &joined[behind..];
        }
        for char in run[plain.len()..].chars() {
            let mut shown = String::new();
            safe::push(&mut shown, char);
            let width = display_width(&shown);
            pieces.push(Piece { bytes: at..at + char.len_utf8(), width, shown: Cow::Owned(shown) });
            at += char.len_utf8();
        }
    }
}

fn is_spelt(char: char) -> bool {
    char == '\t' || safe::is_harmful(char)
}

/// What begins a command of a workflow.
const COMMAND: &[u8] = b"##[";

fn push_cluster<'l>(pieces: &mut Vec<Piece<'l>>, at: usize, cluster: &'l str) {
    let is_command = cluster.starts_with('[')
        && matches!(pieces.as_slice(), [.., first, second] if first.shown.starts_with('#') && second.shown.starts_with('#'));
    if !is_command && cluster.len() == 1 {
        pieces.push(Piece { bytes: at..at + 1, width: 1, shown: Cow::Borrowed(cluster) });
        return;
    }
    let mut shown = if is_command { "\\".to_owned() } else { String::new() };
    if display_width(cluster) > 0 && cluster.len() <= MAX_CLUSTER {
        shown.push_str(cluster);
    } else {
        // What has no width of its own, or is a heap of marks that would cover the lines around.
        let mut chars = cluster.chars();
        shown.extend(chars.next().filter(|char| display_width(char.encode_utf8(&mut [0; 4])) > 0));
        chars = if shown.is_empty() { cluster.chars() } else { chars };
        chars.by_ref().take(MAX_SPELT).for_each(|char| shown.extend(char.escape_unicode()));
        shown.push_str(if chars.next().is_some() { "…" } else { "" });
    }
    let width = display_width(&shown);
    pieces.push(Piece { bytes: at..at + cluster.len(), width, shown: Cow::Owned(shown) });
}

/// The longest cluster in bytes that is shown as it is.
const MAX_CLUSTER: usize = 64;

/// The most marks of such a heap that are spelt out.
const MAX_SPELT: usize = 4;

/// The pieces around the marks that fit into the width, which the marks share.
fn cut<'l>(pieces: &[Piece<'l>], marks: &[Range<usize>], width: usize) -> Vec<Piece<'l>> {
    let share = (width / marks.len().max(1)).saturating_sub(2).max(1);
    let mut is_kept = vec![false; pieces.len()];
    for mark in marks {
        let marked = marked(pieces, mark);
        let mut range = marked.start..marked.start;
        let mut room = share;
        // As much of the mark as fits, then what stands around it, from both sides in turn.
        while range.end < marked.end && take(pieces, range.end, &mut room) {
            range.end += 1;
        }
        let (mut goes_left, mut goes_right) = (true, true);
        while goes_left || goes_right {
            goes_left = goes_left && range.start > 0 && take(pieces, range.start - 1, &mut room);
            range.start -= usize::from(goes_left);
            goes_right = goes_right && range.end < pieces.len() && take(pieces, range.end, &mut room);
            range.end += usize::from(goes_right);
        }
        is_kept[range].fill(true);
    }
    let mut kept: Vec<Piece<'l>> = Vec::with_capacity(width + marks.len() + 1);
    for (piece, is_kept) in pieces.iter().zip(is_kept) {
        if is_kept && !piece.is_gap() {
            kept.push(piece.clone());
        } else if !kept.last().is_some_and(Piece::is_gap) {
            kept.push(Piece::gap(piece.bytes.start));
        }
    }
    kept
}

/// Whether the piece fits into the room, which it then takes up.
fn take(pieces: &[Piece<'_>], index: usize, room: &mut usize) -> bool {
    let width = pieces[index].width;
    let fits = width <= *room;
    *room -= if fits { width } else { 0 };
    fits
}

/// The pieces that show some of the marked bytes; where it marks none, the empty range before what follows.
fn marked(pieces: &[Piece<'_>], mark: &Range<usize>) -> Range<usize> {
    let start = pieces.partition_point(|piece| piece.bytes.end <= mark.start);
    let end = start + pieces[start..].partition_point(|piece| piece.bytes.start < mark.end);
    start..end
}

fn floor_boundary(text: &str, offset: usize) -> usize {
    (0..=offset).rev().find(|&offset| text.is_char_boundary(offset)).unwrap_or_default()
}
