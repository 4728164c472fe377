//! Findings as pictures for the terminal, drawn by miette; it is named only here.
//!
//! Rows are hundreds of columns wide, and full of characters that a terminal obeys. So miette never sees a line of the list: it gets an
//! excerpt of it, cut around the marked places to the width of the terminal, harmless, and with a stand-in for every character that is not
//! ASCII, one for each column that it takes up. The stand-ins of the drawn picture are then replaced by what they stand for.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt::{self, Display, Write};
use std::ops::Range;

use miette::{
    GraphicalReportHandler, GraphicalTheme, LabeledSpan, MietteError, SourceCode, SourceSpan, SpanContents,
    ThemeCharacters, ThemeStyles,
};

use super::excerpt::{FURTHER_COLUMN, STAND_IN, excerpt};
use super::safe::Safe;
use super::{FileReport, Places, counted, findings};
use crate::diagnostic::{Diagnostic, Findings, RuleName, Severity};
use crate::schema::Mistake;
use crate::source::{Position, Source, Span};

/// What the pictures are drawn on.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Canvas {
    /// The number of columns.
    pub width: usize,
    /// Whether it shows colours.
    pub has_colour: bool,
}

/// How many findings of one rule are drawn of one file. Nobody reads more pictures of one fault, and each is drawn anew.
const MOST_OF_A_RULE: usize = 50;

/// The findings of one file, each drawn and followed by an empty line; of a rule that finds very much the first ones, and how many more there are.
#[must_use]
pub fn render(file: &FileReport, canvas: Canvas) -> String {
    let places = Places::of(&file.source);
    let mut counts: BTreeMap<RuleName, usize> = BTreeMap::new();
    let mut text = String::new();
    for finding in findings(file) {
        let count = counts.entry(finding.diagnostic.rule).or_default();
        *count += 1;
        if *count <= MOST_OF_A_RULE {
            draw(&mut text, &file.source, &places, &finding.diagnostic, canvas);
        }
    }
    let path = Safe::new(file.source.path());
    for (rule, count) in counts.into_iter().filter(|&(_, count)| count > MOST_OF_A_RULE) {
        let more = counted(count - MOST_OF_A_RULE, "more finding");
        let _ = writeln!(text, "{path}: {more} of `{rule}`, not drawn; `--output-format concise` lists all\n");
    }
    text
}

/// What is wrong with a configuration, drawn.
#[must_use]
pub fn mistake(source: &Source, mistake: &Mistake, canvas: Canvas) -> String {
    let mut findings = Findings::new(RuleName("configuration"), Severity::Error);
    let span = Span::new(mistake.span.start, mistake.span.end);
    findings.report(span, mistake.message.as_str()).help(mistake.help.as_str());
    findings.into_diagnostics().iter().fold(String::new(), |mut text, diagnostic| {
        let path = Safe::new(source.path());
        let headline = headline(&["cannot use ", path.as_str()], diagnostic, canvas);
        draw_under(&mut text, source, &Places::of(source), diagnostic, headline, canvas);
        text
    })
}

fn draw(text: &mut String, source: &Source, places: &Places<'_>, diagnostic: &Diagnostic, canvas: Canvas) {
    let headline = headline(&[diagnostic.severity.name(), "[", diagnostic.rule.0, "]"], diagnostic, canvas);
    draw_under(text, source, places, diagnostic, headline, canvas);
}

/// What is wrong, after its kind in bold.
fn headline(kind: &[&str], diagnostic: &Diagnostic, canvas: Canvas) -> String {
    let message = Safe::new(&diagnostic.message);
    [styled(&kind.concat(), BOLD, canvas).as_ref(), ": ", message.as_str()].concat()
}

const BOLD: anstyle::Style = anstyle::Style::new().bold();

fn styled(text: &str, style: anstyle::Style, canvas: Canvas) -> Cow<'_, str> {
    if canvas.has_colour { Cow::Owned(format!("{style}{text}{style:#}")) } else { Cow::Borrowed(text) }
}

fn draw_under(
    text: &mut String,
    source: &Source,
    places: &Places<'_>,
    diagnostic: &Diagnostic,
    headline: String,
    canvas: Canvas,
) {
    let picture = Picture::new(source, places, diagnostic, headline, canvas);
    let mut drawn = String::new();
    let handler = GraphicalReportHandler::new_themed(theme(diagnostic.severity, canvas.has_colour, &picture))
        .with_context_lines(0)
        .with_wrap_lines(false)
        .without_syntax_highlighting();
    // Writing to a string does not fail, and every mark lies in its excerpt.
    let _ = handler.render_report(&mut drawn, &picture);
    picture.put_back(text, &drawn);
    if let Some(fix) = &diagnostic.fix {
        let (kind, title) = (styled("fix:", HELP, canvas), Safe::new(&fix.title));
        text.extend(["  ", &kind, " ", title.as_str(), " (", fix.applicability.name(), ")\n"]);
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
    path: Safe<'d>,
    /// The excerpts, each ended by a line feed.
    text: String,
    /// In the order of their lines.
    lines: Vec<Line>,
    /// In the order of their places in `text`.
    marks: Vec<Mark>,
    /// What the stand-ins of `text` stand for.
    clusters: Vec<Cow<'d, str>>,
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
    fn new(
        source: &'d Source,
        places: &Places<'_>,
        diagnostic: &'d Diagnostic,
        headline: String,
        canvas: Canvas,
    ) -> Self {
        let mut picture = Self {
            diagnostic,
            headline,
            help: diagnostic.help.as_deref().map(Safe::new),
            path: Safe::new(source.path()),
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

    fn add_line(&mut self, source: &'d Source, group: Vec<Wanted>, width: usize) {
        let number = group[0].place.line;
        let line = source.line(number);
        let spans = group.iter().map(|wanted| wanted.span.start() - line.start()..wanted.span.end() - line.start());
        let excerpt = excerpt(source.slice(line), &spans.collect::<Vec<_>>(), width);
        let start = self.text.len();
        self.text.push_str(&excerpt.text);
        self.text.push('\n');
        self.clusters.extend(excerpt.clusters);
        self.lines.push(Line { number, range: start..self.text.len() });
        self.marks.extend(group.into_iter().zip(excerpt.marks).map(|(wanted, mark)| Mark {
            is_primary: wanted.is_primary,
            label: wanted.label,
            range: start + mark.start..start + mark.end,
            place: wanted.place,
        }));
    }

    /// Writes what miette drew, with the characters that the stand-ins stand for.
    fn put_back(&self, text: &mut String, drawn: &str) {
        let mut clusters = self.clusters.iter();
        let mut written = 0;
        text.reserve(drawn.len());
        // What both begin with.
        for at in memchr::memchr_iter(0xef, drawn.as_bytes()) {
            let cluster = match drawn[at..].chars().next() {
                Some(STAND_IN) => clusters.next().map_or("", Cow::as_ref),
                Some(FURTHER_COLUMN) => "",
                _ => continue,
            };
            text.push_str(&drawn[written..at]);
            text.push_str(cluster);
            written = at + STAND_IN.len_utf8();
        }
        text.push_str(&drawn[written..]);
    }
}

/// What miette draws before an excerpt, the digits of the line number apart, and some room at its end.
const GUTTER: usize = 5;

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
        Ok(Box::new(Shown {
            picture: self,
            span: (range.start, range.len()).into(),
            line: top.number - 1,
            column: column - 1,
            lines: lines.len(),
        }))
    }
}

/// Neighbouring lines of a picture; of miette's own type for this, each would hold a copy of the path.
struct Shown<'p> {
    picture: &'p Picture<'p>,
    span: SourceSpan,
    line: usize,
    column: usize,
    lines: usize,
}

impl<'p> SpanContents<'p> for Shown<'p> {
    fn data(&self) -> &'p [u8] {
        &self.picture.text.as_bytes()[self.span.offset()..self.span.offset() + self.span.len()]
    }

    fn span(&self) -> &SourceSpan {
        &self.span
    }

    fn name(&self) -> Option<&str> {
        Some(self.picture.path.as_str())
    }

    fn line(&self) -> usize {
        self.line
    }

    fn column(&self) -> usize {
        self.column
    }

    fn line_count(&self) -> usize {
        self.lines
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
        let finding = Finding { diagnostic, section: None, fingerprint: String::new(), likeness: String::new() };
        let file = FileReport { source, checked: Checked { findings: vec![finding], ..Checked::default() } };
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
    fn a_mark_belongs_to_the_character_before_it_wherever_that_stands() {
        check(
            "e\u{301}e\u{301} abc o\u{308}de\u{301}\u{301} f | x |",
            "x |",
            &[],
            "
   ╭─[list.md:1:21]
 1 │ e\u{301}e\u{301} abc o\u{308}de\u{301}\u{301} f | x |
   ·                ───
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
    fn long_lines_are_cut_between_characters() {
        let text = format!("| here | {}e\u{301} {}|", "a".repeat(42), "abc ".repeat(100));
        let expected = format!(
            "
   ╭─[list.md:1:1]
 1 │ | here | {}e\u{301}…
   · ──────
   ╰────",
            "a".repeat(42)
        );
        check(&text, "| here", &[], &expected);
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
        let finding = Finding {
            diagnostic: findings.into_diagnostics().remove(0),
            section: None,
            fingerprint: String::new(),
            likeness: String::new(),
        };
        let file = FileReport { source, checked: Checked { findings: vec![finding], ..Checked::default() } };
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
