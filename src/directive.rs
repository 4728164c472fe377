//! Comments in a list that ask programs for something: `<!-- tablewright-disable ragged-row -- an old row -->`.

use crate::source::{Source, Span};
use crate::table::{Block, BlockKind, Definitions, Document, Row, scan_links};

/// A whole comment that readers do not see.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Comment<'s> {
    /// From `<!--` to `-->`.
    pub span: Span,
    /// What stands between them.
    pub body: &'s str,
    /// Where it stands.
    pub place: Place,
}

/// Where a comment stands.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Place {
    /// In this block of HTML.
    Block(Block),
    /// In running text.
    Text,
    /// In a cell of a row.
    Cell,
    /// Behind the last pipe of a row.
    RowEnd,
}

impl<'s> Comment<'s> {
    /// The words of the comment, up to the `--` behind which a reason may stand: first what is asked for, then the rules it is asked for.
    pub fn words(&self) -> impl Iterator<Item = &'s str> {
        // In a block quote, each line of a comment begins with `>`.
        let words = self.body.split([' ', '\t', '\n', '\r', ',', '>']).filter(|word| !word.is_empty());
        words.take_while(|word| *word != "--")
    }
}

/// The comments that stand in blocks of HTML, in the order of their places.
#[must_use]
pub fn block_comments<'s>(document: &Document<'s>) -> Vec<Comment<'s>> {
    let mut comments = Vec::new();
    for block in document.blocks.iter().filter(|block| block.kind == BlockKind::Html) {
        collect(document.source, block_span(document.source, block), Place::Block(*block), &mut comments);
    }
    comments
}

fn block_span(source: &Source, block: &Block) -> Span {
    source.line(block.first_line).to(source.line(block.last_line))
}

/// The comments in text where nothing but a comment can hold `<!--`.
fn collect<'s>(source: &'s Source, span: Span, place: Place, comments: &mut Vec<Comment<'s>>) {
    let mut rest = source.slice(span);
    while let Some((before, behind)) = rest.split_once("<!--") {
        let Some((body, behind)) = behind.split_once("-->") else { break };
        let start = source.span_of(rest).start() + before.len();
        let span = Span::new(start, source.span_of(body).end() + "-->".len());
        comments.push(Comment { span, body, place });
        rest = behind;
    }
}

/// The comments in Markdown: code that shows a comment holds none.
fn collect_inline<'s>(source: &'s Source, text: &str, place: Place, comments: &mut Vec<Comment<'s>>) {
    let base = source.span_of(text).start();
    scan_links(text, base, &Definitions::default(), &mut Vec::new(), &mut |span| {
        let body = source.slice(span).strip_prefix("<!--").and_then(|rest| rest.strip_suffix("-->"));
        comments.extend(body.map(|body| Comment { span, body, place }));
    });
}

/// What every directive begins with.
const PREFIX: &str = "tablewright-";

/// A comment that asks this program for something.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Directive<'s> {
    /// The comment.
    pub comment: Comment<'s>,
    /// The line that the comment begins on, from 1.
    pub first_line: usize,
    /// The line that the comment ends on, from 1.
    pub last_line: usize,
    /// What it asks for; none where it is no word of ours.
    pub verb: Option<Verb>,
    /// Its first word as written: `tablewright-disable`.
    pub keyword: &'s str,
    /// The rules that it names; none where it means all.
    pub names: Vec<&'s str>,
    /// Whether its comment counts as the last cell of its row, which has no pipe behind it and would lack that cell otherwise.
    pub stands_for_cell: bool,
}

/// What a directive asks for.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Verb {
    /// Silence, from its line on.
    Disable,
    /// Silence no longer, behind its line.
    Enable,
    /// Silence in the whole file.
    DisableFile,
    /// Silence on the line below.
    DisableNextLine,
    /// Silence on its line.
    Ignore,
}

impl Verb {
    /// Every word that a directive may begin with, and what it asks for.
    pub const ALL: [(&'static str, Self); 5] = [
        ("tablewright-disable", Self::Disable),
        ("tablewright-enable", Self::Enable),
        ("tablewright-disable-next-line", Self::DisableNextLine),
        ("tablewright-disable-file", Self::DisableFile),
        ("tablewright-ignore", Self::Ignore),
    ];
}

/// The directives of a document, in the order of their places.
#[must_use]
pub fn directives<'s>(document: &Document<'s>) -> Vec<Directive<'s>> {
    let source = document.source;
    let mut directives = Vec::new();
    let mut comments = Vec::new();
    let mut read_up_to = 0;
    let text = if document.may_have_comments { source.text() } else { "" };
    for at in memchr::memmem::find_iter(text.as_bytes(), PREFIX) {
        if at < read_up_to {
            continue;
        }
        if let Some(row) = row_at(document, at) {
            read_row(source, row, &mut comments);
            read_up_to = row.span().end();
        } else if let Some(block) = block_at(document, source.line_number(at)) {
            let span = block_span(source, block);
            match block.kind {
                BlockKind::Html => collect(source, span, Place::Block(*block), &mut comments),
                BlockKind::Paragraph => collect_inline(source, source.slice(span), Place::Text, &mut comments),
                BlockKind::Code | BlockKind::FrontMatter => {}
            }
            read_up_to = span.end();
        }
        directives.extend(comments.drain(..).filter_map(|comment| Directive::read(document, comment)));
    }
    directives
}

fn row_at<'d>(document: &'d Document<'_>, offset: usize) -> Option<Row<'d>> {
    let next = document.tables.partition_point(|table| table.span().start() <= offset);
    document.tables[next.checked_sub(1)?].row_at(offset)
}

fn block_at<'d>(document: &'d Document<'_>, line_number: usize) -> Option<&'d Block> {
    let next = document.blocks.partition_point(|block| block.first_line <= line_number);
    Some(&document.blocks[next.checked_sub(1)?]).filter(|block| line_number <= block.last_line)
}

fn read_row<'s>(source: &'s Source, row: Row<'_>, comments: &mut Vec<Comment<'s>>) {
    for cell in row.cells().iter() {
        collect_inline(source, cell.text, Place::Cell, comments);
    }
    if let Some(comment) = row.comment() {
        collect(source, comment, Place::RowEnd, comments);
    }
}

impl<'s> Directive<'s> {
    fn read(document: &Document<'s>, comment: Comment<'s>) -> Option<Self> {
        let mut words = comment.words();
        let keyword = words.next().filter(|word| word.starts_with(PREFIX))?;
        let source = document.source;
        let verb = Verb::ALL.iter().find(|(word, _)| *word == keyword).map(|&(_, verb)| verb);
        Some(Self {
            first_line: source.line_number(comment.span.start()),
            last_line: source.line_number(comment.span.end() - 1),
            verb,
            keyword,
            names: words.collect(),
            stands_for_cell: comment.place == Place::Cell && stands_for_cell(document, comment),
            comment,
        })
    }

    /// The rule names that the directive applies to, each by its place; the one without a place is all of them.
    fn marks(&self, directive: usize, rule: &str, is_meant_by_all: bool) -> impl Iterator<Item = Mark> {
        let all = (self.names.is_empty() && is_meant_by_all).then_some(Mark { directive, name: None });
        let named = self.names.iter().enumerate().filter(move |(_, name)| **name == rule);
        all.into_iter().chain(named.map(move |(index, _)| Mark { directive, name: Some(index) }))
    }
}

fn stands_for_cell(document: &Document<'_>, comment: Comment<'_>) -> bool {
    let Some(row) = row_at(document, comment.span.start()) else { return false };
    let is_last = row.cells().last().is_some_and(|cell| cell.content == comment.span);
    is_last && !row.has_closing_pipe() && row.cells().len() == row.width()
}

/// Whether a piece of a row is one directive and nothing else.
#[must_use]
pub fn is_directive(text: &str) -> bool {
    let body = text.trim_matches([' ', '\t']).strip_prefix("<!--").and_then(|rest| rest.strip_suffix("-->"));
    body.is_some_and(|body| !body.contains("-->") && body.trim_start_matches([' ', '\t']).starts_with(PREFIX))
}

/// What silences: a directive, by one of the rules it names, or as a whole.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Mark {
    /// The directive's place among all.
    pub directive: usize,
    /// The name's place among the directive's; none where it names no rule.
    pub name: Option<usize>,
}

/// Where directives silence one rule.
#[derive(Debug, Default)]
pub struct Shade {
    file: Option<Mark>,
    /// First and last line, and what silences from there to there. Invariant: sorted, no two in one line but at their ends.
    regions: Vec<(usize, usize, Mark)>,
    /// Single lines, sorted, each once.
    lines: Vec<(usize, Mark)>,
    /// The `enable`s, and names in them, that end a region.
    ends: Vec<Mark>,
}

impl Shade {
    /// Where a rule is silenced, whether or not a directive without rules means it too.
    ///
    /// What is silenced already is not silenced again: of several directives, the first is what does it.
    #[must_use]
    pub fn of(directives: &[Directive<'_>], rule: &str, is_meant_by_all: bool) -> Self {
        let mut shade = Self::default();
        let mut open: Option<(usize, Mark)> = None;
        for (index, directive) in directives.iter().enumerate() {
            let Some(verb) = directive.verb else { continue };
            let is_meant_by_all = is_meant_by_all || verb == Verb::Enable;
            let Some(mark) = directive.marks(index, rule, is_meant_by_all).next() else { continue };
            match verb {
                Verb::Disable => open = open.or(Some((directive.last_line, mark))),
                Verb::Enable => {
                    if let Some((first_line, by)) = open.take() {
                        shade.regions.push((first_line, directive.first_line, by));
                        shade.ends.push(mark);
                    }
                }
                Verb::DisableFile => shade.file = shade.file.or(Some(mark)),
                Verb::DisableNextLine => shade.lines.push((directive.last_line + 1, mark)),
                Verb::Ignore => shade.lines.push((directive.last_line, mark)),
            }
        }
        shade.regions.extend(open.map(|(first_line, by)| (first_line, usize::MAX, by)));
        shade.lines.sort();
        shade.lines.dedup_by_key(|(line, _)| *line);
        shade
    }

    /// What silences the rule on a line, from 1.
    pub fn at(&self, line_number: usize) -> impl Iterator<Item = Mark> {
        let line =
            self.lines.binary_search_by_key(&line_number, |(line, _)| *line).ok().map(|index| self.lines[index].1);
        let begun = self.regions.partition_point(|(first_line, _, _)| *first_line <= line_number);
        let region = begun.checked_sub(1).map(|index| self.regions[index]).filter(|(_, last, _)| line_number <= *last);
        self.file.into_iter().chain(line).chain(region.map(|(_, _, mark)| mark))
    }

    /// The `enable`s, and names in them, that end a region.
    #[must_use]
    pub fn ends(&self) -> &[Mark] {
        &self.ends
    }
}

/// A directive that does not do all it says.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Idle<'d, 's> {
    /// The directive.
    pub directive: &'d Directive<'s>,
    /// Those of its rules, by place, that it does nothing to; none where it names none.
    pub names: Vec<usize>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expected: &[(usize, &str, &[&str])]) {
        let source = Source::new("list.md", text);
        let read = directives(&Document::parse(&source));
        let read: Vec<_> = read
            .iter()
            .map(|directive| (directive.first_line, directive.keyword, directive.names.as_slice()))
            .collect();
        assert_eq!(read, expected, "{text}");
    }

    #[test]
    fn a_directive_stands_where_readers_see_nothing() {
        let text = "<!-- tablewright-disable a, b -->\n\ntext <!--tablewright-enable-->\n\n\
            | x <!-- tablewright-ignore c --> | y |\n|---|---|\n| `a` | b | <!-- 1 --> <!-- tablewright-ignore -- why d -->\n";
        let expected: [(_, _, &[_]); 4] = [
            (1, "tablewright-disable", &["a", "b"]),
            (3, "tablewright-enable", &[]),
            (5, "tablewright-ignore", &["c"]),
            (7, "tablewright-ignore", &[]),
        ];
        check(text, &expected);
        check("> <!-- tablewright-disable\n> a -->\n", &[(1, "tablewright-disable", &["a"])]);
    }

    #[test]
    fn text_about_a_directive_is_none() {
        for text in [
            "---\na: <!-- tablewright-disable -->\n---\n",
            "`<!-- tablewright-disable -->`\n",
            "```\n<!-- tablewright-disable -->\n```\n",
            "    <!-- tablewright-disable -->\n",
            "\\<!-- tablewright-disable -->\n",
            "<!-- see tablewright-disable -->\n",
            "<!-- <!-- tablewright-disable -->\n",
            "| a |\n|---|\n| `<!-- tablewright-ignore -->` |\n",
        ] {
            check(text, &[]);
        }
    }

    #[track_caller]
    fn check_shade(text: &str, silenced: &[usize]) {
        let source = Source::new("list.md", text);
        let directives = directives(&Document::parse(&source));
        let shade = Shade::of(&directives, "a", true);
        let lines: Vec<usize> = (1..=source.line_count()).filter(|&line| shade.at(line).next().is_some()).collect();
        assert_eq!(lines, silenced, "{text}");
    }

    #[test]
    fn silence_lasts_as_long_as_it_says() {
        check_shade("\n<!-- tablewright-disable -->\n\n\n<!-- tablewright-enable b -->\n", &[2, 3, 4, 5]);
        check_shade("\n<!-- tablewright-disable -->\n\n\n<!-- tablewright-enable a -->\n\nx\n", &[2, 3, 4, 5]);
        check_shade("\n<!-- tablewright-disable b -->\n\nx\n", &[]);
        check_shade("<!-- tablewright-disable-next-line a -->\nx\ny\n", &[2]);
        check_shade("x\n\n<!-- tablewright-disable-file b a -->\n", &[1, 2, 3]);
        check_shade("|x|\n|-|\n|y|<!-- tablewright-ignore -->\n|z|\n", &[3]);
    }
}
