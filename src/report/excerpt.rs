//! The part of a long line that shows the marked places: cut to a width, harmless, each column of it one character.

use std::borrow::Cow;
use std::ops::Range;

use unicode_segmentation::UnicodeSegmentation;

use super::safe;
use crate::format::display_width;

/// A part of a line as it is drawn.
#[derive(Debug)]
pub(super) struct Excerpt<'l> {
    /// Printed ASCII, and stand-ins for everything else.
    pub(super) text: String,
    /// The bytes of the text that show each marked place of the line.
    pub(super) marks: Vec<Range<usize>>,
    /// What the stand-ins stand for, in their order.
    pub(super) clusters: Vec<Cow<'l, str>>,
}

/// Stands for a character that is not ASCII. No harmless text holds it, since it is no character; miette takes it to be one column wide.
pub(super) const STAND_IN: char = '\u{fdd0}';

/// Stands for each further column of that character.
pub(super) const FURTHER_COLUMN: char = '\u{fdd1}';

/// The part of a line that shows the marked bytes, at most so many columns wide. The marks are in order, and in the line. Looks only at what
/// may be shown, however long the line is.
pub(super) fn excerpt<'l>(line: &'l str, marks: &[Range<usize>], width: usize) -> Excerpt<'l> {
    let width = width.max(MIN_WIDTH);
    plain(line, marks, width).unwrap_or_else(|| pieced(line, marks, width))
}

/// Narrower excerpts show nothing.
const MIN_WIDTH: usize = 20;

/// The excerpt of a line that shows nothing but printed ASCII, where a byte is a column; none where it shows something else.
fn plain<'l>(line: &'l str, marks: &[Range<usize>], width: usize) -> Option<Excerpt<'l>> {
    let mut kept: Vec<Range<usize>> = Vec::with_capacity(marks.len());
    if line.len() <= width {
        kept.push(0..line.len());
    } else {
        let room = share(width, marks.len());
        for mark in marks {
            let range = around(mark, line.len(), room, |_| 1);
            match kept.last_mut() {
                Some(last) if range.start <= last.end => *last = last.start.min(range.start)..last.end.max(range.end),
                _ => kept.push(range),
            }
        }
    }
    if !kept.iter().all(|range| is_plain(line.as_bytes(), range)) {
        return None;
    }
    let mut excerpt = Excerpt { text: String::new(), marks: Vec::with_capacity(marks.len()), clusters: Vec::new() };
    excerpt.text.reserve(width + 2 * STAND_IN.len_utf8());
    // Where each kept range begins in the text.
    let mut starts = Vec::with_capacity(kept.len());
    let mut shown_to = 0;
    for range in &kept {
        if range.start > shown_to {
            excerpt.push_gap();
        }
        starts.push(excerpt.text.len());
        excerpt.text.push_str(&line[range.clone()]);
        shown_to = range.end;
    }
    if shown_to < line.len() {
        excerpt.push_gap();
    }
    for mark in marks {
        let start = kept.partition_point(|range| range.end < mark.start);
        let end = kept.partition_point(|range| range.start < mark.end).saturating_sub(1).max(start);
        // Of a mark that goes on behind what is kept, the gap is marked as well.
        let gap = if mark.end > kept[end].end { STAND_IN.len_utf8() } else { 0 };
        let start = starts[start] + (mark.start - kept[start].start);
        excerpt.marks.push(start..starts[end] + (mark.end.min(kept[end].end) - kept[end].start) + gap);
    }
    Some(excerpt)
}

/// Whether the range and what stands beside it is printed ASCII, and no command of a workflow.
fn is_plain(line: &[u8], range: &Range<usize>) -> bool {
    let bytes = &line[range.start.saturating_sub(COMMAND.len() - 1)..line.len().min(range.end + 1)];
    bytes.iter().all(|byte| matches!(byte, b' '..=b'~')) && memchr::memmem::find(bytes, COMMAND).is_none()
}

impl Excerpt<'_> {
    fn push_gap(&mut self) {
        self.text.push(STAND_IN);
        self.clusters.push(Cow::Borrowed(GAP));
    }
}

/// Shown where the line goes on.
const GAP: &str = "…";

/// The excerpt of any line, put together from pieces of known width.
fn pieced<'l>(line: &'l str, marks: &[Range<usize>], width: usize) -> Excerpt<'l> {
    let pieces = pieces(line, marks, width);
    let is_whole = !pieces.iter().any(Piece::is_gap) && total_width(&pieces) <= width;
    let pieces = if is_whole { pieces } else { cut(&pieces, marks, width) };
    let mut excerpt = Excerpt { text: String::new(), marks: Vec::new(), clusters: Vec::new() };
    // Where each piece ends: one that is not ASCII takes up more bytes as stand-ins than as itself.
    let mut ends = Vec::with_capacity(pieces.len());
    for piece in &pieces {
        if piece.shown.is_ascii() {
            excerpt.text.push_str(&piece.shown);
        } else {
            excerpt.text.push(STAND_IN);
            excerpt.text.extend(std::iter::repeat_n(FURTHER_COLUMN, piece.width - 1));
            excerpt.clusters.push(piece.shown.clone());
        }
        ends.push(excerpt.text.len());
    }
    let offset = |piece: usize| piece.checked_sub(1).map_or(0, |piece| ends[piece]);
    let marked = marks.iter().map(|mark| marked(&pieces, mark));
    excerpt.marks = marked.map(|pieces| offset(pieces.start)..offset(pieces.end)).collect();
    excerpt
}

/// What is seen as one character, or stands for one.
#[derive(Clone, Debug)]
struct Piece<'l> {
    /// The bytes of the line that it shows.
    bytes: Range<usize>,
    shown: Cow<'l, str>,
    /// The number of columns that it takes up.
    width: usize,
}

impl Piece<'_> {
    fn gap(at: usize) -> Self {
        Self { bytes: at..at, shown: Cow::Borrowed(GAP), width: 1 }
    }

    fn is_gap(&self) -> bool {
        self.bytes.is_empty()
    }
}

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
    pieces.reserve(range.len());
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
    let room = share(width, marks.len());
    let mut is_kept = vec![false; pieces.len()];
    for mark in marks {
        let marked = marked(pieces, mark);
        is_kept[around(&marked, pieces.len(), room, |piece| pieces[piece].width)].fill(true);
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

/// How many columns each of the marks may take up with what stands around it, gaps apart.
fn share(width: usize, marks: usize) -> usize {
    (width / marks.max(1)).saturating_sub(2).max(1)
}

/// As many of so many pieces as fit into the room: first of the marked ones, then of those around, from both sides in turn.
fn around(marked: &Range<usize>, len: usize, mut room: usize, width: impl Fn(usize) -> usize) -> Range<usize> {
    let mut takes = |piece: usize| {
        let fits = width(piece) <= room;
        room -= if fits { width(piece) } else { 0 };
        fits
    };
    let mut range = marked.start..marked.start;
    while range.end < marked.end && takes(range.end) {
        range.end += 1;
    }
    let (mut goes_left, mut goes_right) = (true, true);
    while goes_left || goes_right {
        goes_left = goes_left && range.start > 0 && takes(range.start - 1);
        range.start -= usize::from(goes_left);
        goes_right = goes_right && range.end < len && takes(range.end);
        range.end += usize::from(goes_right);
    }
    range
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

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn bytes_and_pieces_make_the_same_excerpt(
            line in "[a-c #\\[|é\u{301}\t]{0,120}|[a-c #\\[|]{0,120}",
            mut ends in proptest::collection::vec(0..=120_usize, 4),
            width in 20..60_usize,
        ) {
            for end in &mut ends {
                *end = floor_boundary(&line, line.len().min(*end));
            }
            ends.sort_unstable();
            // Marks of one line are apart.
            let count = if ends[1] < ends[2] { 2 } else { 1 };
            let marks = &[ends[0]..ends[1], ends[2]..ends[3]][..count];
            if let Some(plain) = plain(&line, marks, width) {
                let pieced = pieced(&line, marks, width);
                prop_assert_eq!(plain.text, pieced.text);
                prop_assert_eq!(plain.marks, pieced.marks);
                prop_assert_eq!(plain.clusters, pieced.clusters);
            }
        }
    }
}
