//! Findings as pictures for the terminal, drawn by miette; it is named only here.
//!
//! Rows are hundreds of columns wide, and full of characters that a terminal obeys. So miette never sees a line of the list: it gets an
//! excerpt of it, cut around the marked places to the width of the terminal, harmless, and with a stand-in for every character that is not
//! ASCII, one for each column that it takes up. The stand-ins of the drawn picture are then replaced by what they stand for.

use std::fmt::{self, Display, Write};
use std::ops::Range;

use miette::{
    GraphicalReportHandler, GraphicalTheme, LabeledSpan, MietteError, MietteSpanContents, SourceCode, SourceSpan,
    SpanContents, ThemeCharacters, ThemeStyles,
};
use unicode_segmentation::UnicodeSegmentation;
use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

use super::safe::{self, Safe};
use super::{FileReport, Places, findings};
use crate::diagnostic::{Diagnostic, Severity};
use crate::source::{Position, Source, Span};

/// What the pictures are drawn on.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Canvas {
    /// The number of columns.
    pub width: usize,
    /// Whether it shows colours.
    pub has_colour: bool,
}

/// The findings of one file, each drawn and followed by an empty line.
#[must_use]
pub fn render(file: &FileReport, canvas: Canvas) -> String {
    let places = Places::of(&file.source);
    findings(file).fold(String::new(), |mut text, finding| {
        draw(&mut text, &file.source, &places, &finding.diagnostic, canvas);
        text
    })
}

fn draw(text: &mut String, source: &Source, places: &Places<'_>, diagnostic: &Diagnostic, canvas: Canvas) {
    let picture = Picture::new(source, places, diagnostic, canvas);
    let mut drawn = String::new();
    let handler = GraphicalReportHandler::new_themed(theme(diagnostic.severity, canvas.has_colour, &picture))
        .with_context_lines(0)
        .with_wrap_lines(false)
        .without_syntax_highlighting();
    // Writing to a string does not fail, and every mark lies in its excerpt.
    let _ = handler.render_report(&mut drawn, &picture);
    picture.put_back(text, &drawn);
    if let Some(fix) = &diagnostic.fix {
        let style = if canvas.has_colour { HELP } else { anstyle::Style::new() };
        let (title, applicability) = (Safe::new(&fix.title), fix.applicability.name());
        let _ = writeln!(text, "  {style}fix:{style:#} {title} ({applicability})");
    }
    text.push('\n');
}

/// As miette's own style for `help:`.
const HELP: anstyle::Style = anstyle::AnsiColor::Cyan.on_default();

fn theme(severity: Severity, has_colour: bool, picture: &Picture<'_>) -> GraphicalTheme {
    let mut styles = if has_colour { ThemeStyles::ansi() } else { ThemeStyles::none() };
    let primary = match severity {
        Severity::Error => styles.error,
        Severity::Warning => styles.warning,
        Severity::Note => styles.advice,
    };
    // miette gives its highlight styles to the marks in the order of their places.
    styles.highlights = picture
        .marks
        .iter()
        .map(|mark| if mark.is_primary { primary } else { styles.link.remove_all_effects() })
        .collect();
    GraphicalTheme { characters: ThemeCharacters::unicode(), styles }
}

/// One finding as miette draws it.
#[derive(Debug)]
struct Picture<'d> {
    diagnostic: &'d Diagnostic,
    headline: String,
    help: Option<Safe<'d>>,
    path: String,
    /// The excerpts, each ended by a line feed.
    text: String,
    /// In the order of their lines.
    lines: Vec<Line>,
    /// In the order of their places in `text`.
    marks: Vec<Mark>,
    /// What the stand-ins of `text` stand for.
    clusters: Vec<String>,
}

/// The excerpt of one line.
#[derive(Debug)]
struct Line {
    number: usize,
    /// Where it is in the text of the picture, its line feed included.
    range: Range<usize>,
}

/// A marked place.
#[derive(Debug)]
struct Mark {
    is_primary: bool,
    label: Option<String>,
    /// Where it is in the text of the picture.
    range: Range<usize>,
    place: Position,
}

/// Something to mark: a span cut to its first line, and what is written under it.
struct Wanted {
    is_primary: bool,
    label: Option<String>,
    span: Span,
    place: Position,
}

impl<'d> Picture<'d> {
    fn new(source: &Source, places: &Places<'_>, diagnostic: &'d Diagnostic, canvas: Canvas) -> Self {
        let style = if canvas.has_colour { anstyle::Style::new().bold() } else { anstyle::Style::new() };
        let (severity, rule, message) = (diagnostic.severity.name(), diagnostic.rule, Safe::new(&diagnostic.message));
        let mut picture = Self {
            diagnostic,
            headline: format!("{style}{severity}[{rule}]{style:#}: {message}"),
            help: diagnostic.help.as_deref().map(Safe::new),
            path: Safe::new(source.path()).to_string(),
            text: String::new(),
            lines: Vec::new(),
            marks: Vec::new(),
            clusters: Vec::new(),
        };
        let groups = groups(wanted(source, places, diagnostic));
        let digits = groups.last().map_or(1, |group| group[0].place.line.to_string().len());
        for group in groups {
            picture.add_line(source, group, canvas.width.saturating_sub(digits + GUTTER));
        }
        picture
    }

    fn add_line(&mut self, source: &Source, group: Vec<Wanted>, width: usize) {
        let number = group[0].place.line;
        let line = source.line(number);
        let spans = group.iter().map(|wanted| wanted.span.start() - line.start()..wanted.span.end() - line.start());
        let excerpt = excerpt(source.slice(line), &spans.collect::<Vec<_>>(), width);
        let start = self.text.len();
        for piece in &excerpt.pieces {
            if piece.shown.is_ascii() {
                self.text.push_str(&piece.shown);
            } else {
                self.text.push(STAND_IN);
                self.text.extend(std::iter::repeat_n(FURTHER_COLUMN, piece.width - 1));
                self.clusters.push(piece.shown.clone());
            }
        }
        self.text.push('\n');
        self.lines.push(Line { number, range: start..self.text.len() });
        // A piece that is not ASCII takes up more bytes as stand-ins than as itself.
        let ends: Vec<usize> = excerpt
            .pieces
            .iter()
            .scan(start, |end, piece| {
                *end += if piece.shown.is_ascii() { piece.shown.len() } else { piece.width * STAND_IN.len_utf8() };
                Some(*end)
            })
            .collect();
        let offset = |piece: usize| piece.checked_sub(1).map_or(start, |piece| ends[piece]);
        self.marks.extend(group.into_iter().zip(&excerpt.marks).map(|(wanted, mark)| Mark {
            is_primary: wanted.is_primary,
            label: wanted.label,
            range: offset(mark.start)..offset(mark.end),
            place: wanted.place,
        }));
    }

    /// Writes what miette drew, with the characters that the stand-ins stand for.
    fn put_back(&self, text: &mut String, drawn: &str) {
        let mut clusters = self.clusters.iter();
        for char in drawn.chars() {
            match char {
                STAND_IN => text.push_str(clusters.next().map_or("", String::as_str)),
                FURTHER_COLUMN => {}
                char => text.push(char),
            }
        }
    }
}

/// What miette draws before an excerpt, the digits of the line number apart, and some room at its end.
const GUTTER: usize = 5;

/// Stands for a character that is not ASCII. No harmless text holds it, since it is no character; miette takes it to be one column wide.
const STAND_IN: char = '\u{fdd0}';

/// Stands for each further column of that character.
const FURTHER_COLUMN: char = '\u{fdd1}';

/// The places to mark, a span of several lines by its first.
fn wanted(source: &Source, places: &Places<'_>, diagnostic: &Diagnostic) -> Vec<Wanted> {
    let wanted = |is_primary, span: Span, label: Option<&str>| {
        let place = places.position(span.start());
        let line = source.line(place.line);
        let last_line = source.line_number(span.end().saturating_sub(1).max(span.start()));
        let further = (last_line > place.line).then(|| format!("down to line {last_line}"));
        let label = label.map(|label| Safe::new(label).to_string());
        let label = [label, further].into_iter().flatten().collect::<Vec<_>>().join(", ");
        let start = span.start().clamp(line.start(), line.end());
        Wanted {
            is_primary,
            label: (!label.is_empty()).then_some(label),
            span: Span::new(start, span.end().clamp(start, line.end())),
            place,
        }
    };
    let labels = diagnostic.labels.iter().map(|label| wanted(false, label.span, Some(&label.text)));
    std::iter::once(wanted(true, diagnostic.span, None)).chain(labels).collect()
}

/// The marks of one excerpt each: of one line, none overlapping another. In the order of the lines; the marks in the order of their places.
fn groups(wanted: Vec<Wanted>) -> Vec<Vec<Wanted>> {
    let mut groups: Vec<Vec<Wanted>> = Vec::new();
    for wanted in wanted {
        let fits = |group: &&mut Vec<Wanted>| {
            let overlaps = |other: &Wanted| {
                let (a, b) = (wanted.span, other.span);
                a.start() < b.end() && b.start() < a.end() || a.start() == b.start()
            };
            group[0].place.line == wanted.place.line && group.len() < MAX_MARKS && !group.iter().any(overlaps)
        };
        match groups.iter_mut().find(fits) {
            Some(group) => group.push(wanted),
            None => groups.push(vec![wanted]),
        }
    }
    for group in &mut groups {
        group.sort_by_key(|wanted| wanted.span);
    }
    groups.sort_by_key(|group| group[0].place.line);
    groups
}

/// More marks in one excerpt would leave each too little room.
const MAX_MARKS: usize = 3;

/// A part of a line: what is shown of it, and which pieces are marked.
#[derive(Debug)]
struct Excerpt {
    pieces: Vec<Piece>,
    marks: Vec<Range<usize>>,
}

/// What is seen as one character, or stands for one.
#[derive(Clone, Debug)]
struct Piece {
    /// The bytes of the line that it shows.
    bytes: Range<usize>,
    shown: String,
    width: usize,
}

impl Piece {
    fn gap(at: usize) -> Self {
        Self { bytes: at..at, shown: "…".to_owned(), width: 1 }
    }

    fn is_gap(&self) -> bool {
        self.bytes.is_empty()
    }
}

/// The part of a line that shows the marked bytes, at most so many columns wide. Looks only at what may be shown, however long the line is.
fn excerpt(line: &str, marks: &[Range<usize>], width: usize) -> Excerpt {
    let width = width.max(MIN_WIDTH);
    let pieces = pieces(line, marks, width);
    let is_whole = !pieces.iter().any(Piece::is_gap) && total_width(&pieces) <= width;
    let pieces = if is_whole { pieces } else { cut(&pieces, marks, width) };
    let marks = marks.iter().map(|mark| marked(&pieces, mark)).collect();
    Excerpt { pieces, marks }
}

/// Narrower excerpts show nothing.
const MIN_WIDTH: usize = 20;

/// The bytes around a mark that are looked at, for each column that may be shown: more than nearly every text needs.
const BYTES_PER_COLUMN: usize = 8;

fn total_width(pieces: &[Piece]) -> usize {
    pieces.iter().map(|piece| piece.width).sum()
}

/// The pieces of the line around the marks, with gaps where it goes on.
fn pieces(line: &str, marks: &[Range<usize>], width: usize) -> Vec<Piece> {
    let reach = width * BYTES_PER_COLUMN;
    let mut ranges: Vec<Range<usize>> = Vec::new();
    for mark in marks {
        let start = floor_boundary(line, mark.start.saturating_sub(reach));
        let end = floor_boundary(line, mark.end.min(mark.start + reach).saturating_add(reach).min(line.len()));
        match ranges.last_mut() {
            Some(last) if start <= last.end => last.end = last.end.max(end),
            _ => ranges.push(start..end),
        }
    }
    let mut pieces = Vec::new();
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

fn push_pieces(pieces: &mut Vec<Piece>, line: &str, range: Range<usize>) {
    let mut at = range.start;
    // A harmful character, spelt out, joins nothing: what stands around it is measured apart.
    for run in line[range].split_inclusive(is_spelt) {
        let plain = run.trim_end_matches(is_spelt);
        for cluster in plain.graphemes(true) {
            push_cluster(pieces, at, cluster);
            at += cluster.len();
        }
        for char in run[plain.len()..].chars() {
            let mut shown = String::new();
            safe::push(&mut shown, char);
            pieces.push(Piece { bytes: at..at + char.len_utf8(), width: shown.width(), shown });
            at += char.len_utf8();
        }
    }
}

fn is_spelt(char: char) -> bool {
    char == '\t' || safe::is_harmful(char)
}

fn push_cluster(pieces: &mut Vec<Piece>, at: usize, cluster: &str) {
    let is_command = cluster.starts_with('[')
        && matches!(pieces.as_slice(), [.., first, second] if first.shown.starts_with('#') && second.shown.starts_with('#'));
    let mut shown = if is_command { "\\".to_owned() } else { String::new() };
    if cluster.width() > 0 && cluster.len() <= MAX_CLUSTER {
        shown.push_str(cluster);
    } else {
        // What has no width of its own, or is a heap of marks that would cover the lines around.
        let mut chars = cluster.chars();
        shown.extend(chars.next().filter(|char| char.width().is_some_and(|width| width > 0)));
        chars = if shown.is_empty() { cluster.chars() } else { chars };
        chars.by_ref().take(MAX_SPELT).for_each(|char| shown.extend(char.escape_unicode()));
        shown.push_str(if chars.next().is_some() { "…" } else { "" });
    }
    pieces.push(Piece { bytes: at..at + cluster.len(), width: shown.width(), shown });
}

/// The longest cluster in bytes that is shown as it is.
const MAX_CLUSTER: usize = 64;

/// The most marks of such a heap that are spelt out.
const MAX_SPELT: usize = 4;

/// The pieces around the marks that fit into the width, which the marks share.
fn cut(pieces: &[Piece], marks: &[Range<usize>], width: usize) -> Vec<Piece> {
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
    let mut kept: Vec<Piece> = Vec::new();
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
fn take(pieces: &[Piece], index: usize, room: &mut usize) -> bool {
    let width = pieces[index].width;
    let fits = width <= *room;
    *room -= if fits { width } else { 0 };
    fits
}

/// The pieces that show some of the marked bytes; where it marks none, the empty range before what follows.
fn marked(pieces: &[Piece], mark: &Range<usize>) -> Range<usize> {
    let start = pieces.partition_point(|piece| piece.bytes.end <= mark.start);
    let end = start + pieces[start..].partition_point(|piece| piece.bytes.start < mark.end);
    start..end
}

fn floor_boundary(text: &str, offset: usize) -> usize {
    (0..=offset).rev().find(|&offset| text.is_char_boundary(offset)).unwrap_or_default()
}

impl Display for Picture<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.headline)
    }
}

impl std::error::Error for Picture<'_> {}

impl miette::Diagnostic for Picture<'_> {
    fn severity(&self) -> Option<miette::Severity> {
        Some(match self.diagnostic.severity {
            Severity::Error => miette::Severity::Error,
            Severity::Warning => miette::Severity::Warning,
            Severity::Note => miette::Severity::Advice,
        })
    }

    fn help<'a>(&'a self) -> Option<Box<dyn Display + 'a>> {
        self.help.as_ref().map(|help| Box::new(help) as Box<dyn Display>)
    }

    fn source_code(&self) -> Option<&dyn SourceCode> {
        Some(self)
    }

    fn labels(&self) -> Option<Box<dyn Iterator<Item = LabeledSpan> + '_>> {
        let labels = self.marks.iter().map(|mark| {
            let span = (mark.range.start, mark.range.len());
            let make = if mark.is_primary { LabeledSpan::new_primary_with_span } else { LabeledSpan::new_with_span };
            make(mark.label.clone(), span)
        });
        Some(Box::new(labels))
    }
}

impl SourceCode for Picture<'_> {
    /// The lines that hold a span. Lines that do not follow one another in the list are not given together: miette then draws them apart.
    fn read_span<'a>(
        &'a self,
        span: &SourceSpan,
        _lines_before: usize,
        _lines_after: usize,
    ) -> Result<Box<dyn SpanContents<'a> + 'a>, MietteError> {
        let (start, end) = (span.offset(), span.offset() + span.len());
        let first = self.lines.partition_point(|line| line.range.end <= start);
        let last = self.lines.partition_point(|line| line.range.end <= end.saturating_sub(1).max(start));
        let lines = self.lines.get(first..=last).ok_or(MietteError::OutOfBounds)?;
        let (Some(top), Some(bottom)) = (lines.first(), lines.last()) else { return Err(MietteError::OutOfBounds) };
        if lines.windows(2).any(|pair| pair[1].number != pair[0].number + 1) {
            return Err(MietteError::OutOfBounds);
        }
        let range = top.range.start..bottom.range.end;
        let column = self.marks.iter().find(|mark| mark.range.start == start).map_or(1, |mark| mark.place.column);
        Ok(Box::new(MietteSpanContents::new_named(
            self.path.clone(),
            &self.text.as_bytes()[range.clone()],
            (range.start, range.len()).into(),
            top.number - 1,
            column - 1,
            lines.len(),
        )))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostic::{Findings, RuleName};
    use crate::fix::{Edit, Fix};
    use crate::lint::{Checked, Finding};

    /// Draws one finding about the marked text, with each label at its own text.
    #[track_caller]
    fn check(text: &str, marked: &str, labels: &[&str], expected: &str) {
        let source = Source::new("list.md", text);
        let span = |part: &str| {
            Span::new(text.find(part).expect("the text holds it"), text.find(part).expect("it does") + part.len())
        };
        let mut findings = Findings::new(RuleName("some-rule"), Severity::Error);
        let diagnostic = findings.report(span(marked), "something is wrong");
        for label in labels {
            diagnostic.label(span(label), format!("the {label}"));
        }
        let diagnostic = findings.into_diagnostics().remove(0);
        let finding = Finding { diagnostic, section: None, fingerprint: String::new() };
        let file = FileReport { source, checked: Checked { findings: vec![finding], tables: Vec::new() } };
        let drawn = render(&file, Canvas { width: 60, has_colour: false });
        let headline = "  × error[some-rule]: something is wrong\n";
        let drawn = drawn.strip_prefix(headline).expect("the headline comes first");
        assert_eq!(drawn.trim_end(), expected.trim_matches('\n').trim_end(), "\n{drawn}");
    }

    #[test]
    fn the_mark_stands_under_wide_characters() {
        check(
            "| 日本語 | ❤️ 👍🏽 🇯🇵 é | x | 日 |",
            "x |",
            &[],
            r"
   ╭─[list.md:1:22]
 1 │ | 日本語 | ❤️ 👍🏽 🇯🇵 é | x | 日 |
   ·                         ───
   ╰────",
        );
    }

    #[test]
    fn long_lines_are_cut_around_the_mark() {
        let text = format!("| {}| here | {}|", "日本 ".repeat(100), "abc ".repeat(100));
        check(
            &text,
            "here",
            &[],
            r"
   ╭─[list.md:1:305]
 1 │ …本 日本 日本 日本 日本 日本 | here | abc abc abc abc…
   ·                                ────
   ╰────",
        );
    }

    #[test]
    fn a_mark_longer_than_the_width_goes_on() {
        let text = format!("| {}|", "abc ".repeat(100));
        check(
            &text,
            &text,
            &[],
            r"
   ╭─[list.md:1:1]
 1 │ | abc abc abc abc abc abc abc abc abc abc abc abc ab…
   · ─────────────────────────────────────────────────────
   ╰────",
        );
    }

    #[test]
    fn each_distant_line_has_its_own_excerpt() {
        check(
            "first\n\n\nagain\n",
            "again",
            &["first"],
            r"
   ╭─[list.md:1:1]
 1 │ first
   · ──┬──
   ·   ╰── the first
   ╰────
   ╭─[list.md:4:1]
 4 │ again
   · ─────
   ╰────",
        );
    }

    #[test]
    fn neighbouring_lines_share_an_excerpt() {
        check(
            "a first\nan again\n",
            "again",
            &["first"],
            r"
   ╭─[list.md:2:4]
 1 │ a first
   ·   ──┬──
   ·     ╰── the first
 2 │ an again
   ·    ─────
   ╰────",
        );
    }

    #[test]
    fn overlapping_marks_are_drawn_apart() {
        check(
            "| a | b |",
            "a",
            &["| a | b |"],
            r"
   ╭─[list.md:1:3]
 1 │ | a | b |
   ·   ─
   ╰────
   ╭─[list.md:1:1]
 1 │ | a | b |
   · ────┬────
   ·     ╰── the | a | b |
   ╰────",
        );
    }

    #[test]
    fn several_lines_are_shown_by_the_first() {
        check(
            "one\ntwo\nthree\n",
            "one\ntwo\nth",
            &[],
            r"
   ╭─[list.md:1:1]
 1 │ one
   · ─┬─
   ·  ╰── down to line 3
   ╰────",
        );
    }

    #[test]
    fn harmful_text_is_spelt_out_under_the_mark() {
        check(
            "\t\x1b[2J\u{202e}##[error]x",
            "x",
            &[],
            r"
   ╭─[list.md:1:16]
 1 │  \u{1b}[2J\u{202e}##\[error]x
   ·                             ─
   ╰────",
        );
    }

    #[test]
    fn a_place_between_characters_is_pointed_at() {
        let source = Source::new("list.md", "| a\n");
        let mut findings = Findings::new(RuleName("some-rule"), Severity::Note);
        findings.report(Span::empty(3), "no pipe").fix(Fix::safe("add it", [Edit::insert(3, " |")]));
        let finding =
            Finding { diagnostic: findings.into_diagnostics().remove(0), section: None, fingerprint: String::new() };
        let file = FileReport { source, checked: Checked { findings: vec![finding], tables: Vec::new() } };
        assert_eq!(
            render(&file, Canvas { width: 60, has_colour: false }),
            "\
\x20 ☞ note[some-rule]: no pipe
   ╭─[list.md:1:4]
 1 │ | a
   ·    ▲
   ╰────
  fix: add it (safe)

"
        );
    }
}
