//! A copy of a document that is cheap to parse and has the same tables: rows and lines of text cut to stubs, and of like rows only the first and the
//! last.
//!
//! Only *where* tables are is asked of the parser, and inline content has no part in that. What must survive is what block structure hangs
//! on: what a line begins with, what stands before a row on its line, which lines are delimiter rows and whether their cells are as many as
//! those of the line above, lines that end an HTML block, link definitions, and footnotes (one that nothing refers to is no part of the tree). A
//! row that repeats the two before it changes nothing: what the first of them opened, the second went on with, and so do all further ones.

use std::borrow::Cow;
use std::ops::Range;

use super::row::{is_blank, is_delimiter, split};
use crate::source::Source;

/// More cells than this in one line, and cmark-gfm takes the line for no row (`UINT16_MAX`).
const MAX_COLUMNS: usize = u16::MAX as usize;

/// What the parser is asked about, and how its lines answer to those of the source.
pub(super) struct Skeleton<'s> {
    /// The text; that of the source where it cannot be cut without asking what its lines mean.
    pub(super) text: Cow<'s, str>,
    /// Lines of the skeleton that stand for several lines of the source, and how many lines were left out up to there; in the order of the lines.
    folds: Vec<(u32, u32)>,
    /// First and last line of each stretch of the source whose rows are stubs, in the order of the lines.
    pub(super) cut: Vec<(u32, u32)>,
    /// Whether the source may hold a comment.
    pub(super) may_have_comments: bool,
    /// Whether the source may define a footnote.
    pub(super) may_have_footnotes: bool,
}

impl<'s> Skeleton<'s> {
    /// The text itself.
    pub(super) fn whole(source: &'s Source) -> Self {
        Self {
            text: Cow::Borrowed(source.text()),
            folds: Vec::new(),
            cut: Vec::new(),
            may_have_comments: true,
            may_have_footnotes: true,
        }
    }

    /// The skeleton of a text.
    pub(super) fn of(source: &'s Source) -> Self {
        let text = source.text();
        // Both begin with `<!`.
        let (may_have_comments, has_declarations) = comments_and_declarations(text);
        let may_have_footnotes = has_footnotes(text);
        if may_have_footnotes || has_declarations {
            return Self { text: bounded(Cow::Borrowed(text)), may_have_footnotes, ..Self::whole(source) };
        }
        let mut writer = Writer { source, text: String::new(), copied: 0, left_out: 0, folds: Vec::new() };
        // What a definition is, and where it ends, hangs on its text, and on rows that its label, address or title may reach into.
        let may_have_definitions = memchr::memmem::find(text.as_bytes(), b"]:").is_some();
        // Whether a line of text with a bracket stands above, and no blank line in between.
        let mut may_be_definition = false;
        let mut cut = Vec::new();
        let mut lines = Vec::new();
        let mut number = 1;
        let count = source.line_count();
        while number <= count {
            let first = number;
            lines.clear();
            while let Some(line) = (number <= count).then(|| PipeLine::at(source, number)).flatten() {
                lines.push(line);
                number += 1;
            }
            if lines.is_empty() {
                // Before the first line there may be a byte order mark.
                if may_have_definitions {
                    let line = source.slice(source.line(number)).as_bytes();
                    let is_blank = line.iter().all(|byte| matches!(byte, b' ' | b'\t' | b'>'));
                    may_be_definition = !is_blank && (may_be_definition || memchr::memchr(b'[', line).is_some());
                } else if number > 1 {
                    writer.text_line(number);
                }
                number += 1;
                continue;
            }
            let below = (number <= count).then(|| source.slice(source.line(number)));
            if !may_be_definition && can_be_cut(&lines, below, text) {
                writer.stubs(first, &lines);
                cut.push((narrow(first), narrow(number - 1)));
            }
        }
        let (text, folds) = writer.finish();
        Self { text: bounded(text), folds, cut, may_have_comments, may_have_footnotes }
    }

    /// The first line of the source, from 1, that a line of the skeleton stands for.
    pub(super) fn first_line(&self, line: usize) -> usize {
        let before = self.folds.partition_point(|&(folded, _)| (folded as usize) < line);
        line + before.checked_sub(1).map_or(0, |index| self.folds[index].1 as usize)
    }

    /// The last line of the source, from 1, that a line of the skeleton stands for.
    pub(super) fn last_line(&self, line: usize) -> usize {
        self.first_line(line + 1) - 1
    }
}

/// Whether two lines have one stub.
pub(super) fn have_one_stub(line: &str, other: &str) -> bool {
    let (Some(a), Some(b)) = (PipeLine::read(line, 0), PipeLine::read(other, 0)) else { return false };
    !a.is_kept_whole
        && !b.is_kept_whole
        && a.is_delimiter == b.is_delimiter
        && line[..a.row_start()] == other[..b.row_start()]
        && !b.has_too_many_cells(other)
}

fn narrow(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}

struct Writer<'s> {
    source: &'s Source,
    text: String,
    /// How far the source has been dealt with.
    copied: usize,
    /// How many lines have been left out.
    left_out: usize,
    folds: Vec<(u32, u32)>,
}

impl<'s> Writer<'s> {
    /// Writes neighbouring lines, the first of which has this number, as stubs.
    fn stubs(&mut self, first: usize, lines: &[PipeLine]) {
        let mut index = 0;
        while index < lines.len() {
            let line = &lines[index];
            if !line.is_kept_whole {
                self.copy_to(line.row_start());
                self.text.push_str(if line.is_delimiter { "|-|" } else { "|x|" });
                self.copied = line.end();
            }
            let text = self.source.text();
            let alike = lines[index + 1..].iter().take_while(|next| line.is_like(next, text)).count();
            if alike > 1 {
                // All but this one and the last.
                self.copy_to(lines[index + 1].start());
                let last = index + alike;
                let number = first + index - self.left_out;
                self.left_out += alike - 1;
                self.folds.push((narrow(number), narrow(self.left_out)));
                self.copied = lines[last].start();
                index = last;
            } else {
                index += 1;
            }
        }
    }

    /// Writes the line of this number, which is no row, as a stub where its block shows in what it begins with.
    fn text_line(&mut self, number: usize) {
        let line = self.source.line(number);
        if let Some(kept) = stub_of_text(self.source.slice(line)) {
            self.copy_to(line.start() + kept);
            self.copied = line.end();
        }
    }

    fn copy_to(&mut self, end: usize) {
        if self.text.is_empty() {
            self.text.reserve(self.source.text().len() / 8);
        }
        self.text.push_str(&self.source.text()[self.copied..end]);
    }

    fn finish(mut self) -> (Cow<'s, str>, Vec<(u32, u32)>) {
        if self.copied == 0 {
            return (Cow::Borrowed(self.source.text()), self.folds);
        }
        self.copy_to(self.source.text().len());
        (Cow::Owned(self.text), self.folds)
    }
}

/// How many bytes of a line without its ending tell what block it begins or goes on with, and that it is not blank: all before its first letter, and
/// that. None where more of it may matter, or little would be left out.
///
/// A pipe may make it a row, a backtick behind others tells a fence from a code span, and angle brackets begin and end HTML blocks.
fn stub_of_text(line: &str) -> Option<usize> {
    const LITTLE: usize = 4;
    let is_letter = |byte: u8| byte.is_ascii_alphabetic() || !byte.is_ascii();
    let may_matter = |byte: u8| matches!(byte, b'|' | b'<' | b'`');
    let first = line.bytes().position(|byte| is_letter(byte) || may_matter(byte))?;
    let kept =
        first + line[first..].chars().next().filter(|char| !char.is_ascii() || char.is_ascii_alphabetic())?.len_utf8();
    let rest = &line.as_bytes()[kept..];
    (rest.len() > LITTLE && memchr::memchr3(b'|', b'<', b'>', rest).is_none()).then_some(kept)
}

/// A line whose first character, container prefix apart, is a pipe.
struct PipeLine {
    /// The offset of the line's first byte.
    start: u32,
    prefix_len: u32,
    row_len: u32,
    is_delimiter: bool,
    /// A lone pipe is no row, and a comment's end ends the comment.
    is_kept_whole: bool,
}

impl PipeLine {
    /// A line without its ending, which begins at this offset.
    fn read(line: &str, start: usize) -> Option<Self> {
        let prefix_len = line.bytes().position(|byte| !matches!(byte, b' ' | b'\t' | b'>'))?;
        let row = &line[prefix_len..];
        row.starts_with('|').then(|| Self {
            start: narrow(start),
            prefix_len: narrow(prefix_len),
            row_len: narrow(row.len()),
            is_delimiter: is_delimiter(row),
            is_kept_whole: row.bytes().skip(1).all(is_blank) || ends_html_block(row),
        })
    }

    fn at(source: &Source, number: usize) -> Option<Self> {
        let line = source.line(number);
        Self::read(source.slice(line), line.start())
    }

    fn start(&self) -> usize {
        self.start as usize
    }

    fn row_start(&self) -> usize {
        self.start() + self.prefix_len as usize
    }

    fn end(&self) -> usize {
        self.row_start() + self.row_len as usize
    }

    /// Whether the two lines have one stub, which is no delimiter row.
    fn is_like(&self, other: &Self, text: &str) -> bool {
        let is_body = |line: &Self| !line.is_delimiter && !line.is_kept_whole;
        is_body(self)
            && is_body(other)
            && text[self.start()..self.row_start()] == text[other.start()..other.row_start()]
    }

    fn has_too_many_cells(&self, text: &str) -> bool {
        let row = &text.as_bytes()[self.row_start()..self.end()];
        row.len() > MAX_COLUMNS
            && memchr::memchr_iter(b'|', row).count() >= MAX_COLUMNS
            && self.cell_count(text) > MAX_COLUMNS
    }

    fn cell_count(&self, text: &str) -> usize {
        split(&text[self.row_start()..self.end()], |_, _| {}).count
    }
}

/// Whether the parser will find the same tables in these neighbouring lines when each is cut to one cell.
///
/// A delimiter row makes a table of the line above exactly where their cells are equally many; so that must hold, before and after, for each
/// delimiter row in and directly below the lines.
fn can_be_cut(lines: &[PipeLine], below: Option<&str>, text: &str) -> bool {
    let below_is_delimiter = below.is_some_and(|line| {
        let prefix_len = line.bytes().position(|byte| !matches!(byte, b' ' | b'\t' | b'>')).unwrap_or(line.len());
        is_delimiter(&line[prefix_len..])
    });
    if below_is_delimiter || lines.first().is_some_and(|first| first.is_delimiter) {
        return false;
    }
    let pairs_agree = lines.windows(2).all(|pair| {
        let [above, delimiter] = pair else { return true };
        !delimiter.is_delimiter
            || !above.is_kept_whole && !delimiter.is_kept_whole && above.cell_count(text) == delimiter.cell_count(text)
    });
    pairs_agree && !lines.iter().any(|line| line.has_too_many_cells(text))
}

/// Whether a line could end an HTML block that began above it (`CommonMark` 4.6, end conditions 1, 2, 3 and 5).
fn ends_html_block(row: &str) -> bool {
    const TAGS: [&str; 4] = ["</script", "</style", "</pre", "</textarea"];
    memchr::memchr_iter(b'>', row.as_bytes()).any(|at| {
        let before = &row.as_bytes()[..at];
        let ends_with_tag = |tag: &&str| {
            before.len() >= tag.len() && before[before.len() - tag.len()..].eq_ignore_ascii_case(tag.as_bytes())
        };
        before.ends_with(b"--") || before.ends_with(b"?") || before.ends_with(b"]]") || TAGS.iter().any(ends_with_tag)
    })
}

/// How many empty cells the parser may make up for short rows in all; each takes two hundred bytes.
const MAX_MADE_UP_CELLS: usize = 1_000_000;

/// The text without the delimiter rows of tables for whose short rows the parser would make up more cells than that.
///
/// cmark-gfm has a limit for each table, and takes any number of tables: a hostile list of a megabyte would fill twenty gigabytes.
fn bounded(text: Cow<'_, str>) -> Cow<'_, str> {
    let bytes = text.as_bytes();
    let mut bound = Bound { left: MAX_MADE_UP_CELLS, run: Run::default(), excess: Vec::new() };
    let mut start = 0;
    for end in memchr::memchr2_iter(b'\n', b'\r', bytes).chain([bytes.len()]) {
        if start < end || !bytes[..end].ends_with(b"\r") {
            bound.line(&text[start..end], start);
        }
        start = end + 1;
    }
    bound.end_run();
    if bound.excess.is_empty() {
        return text;
    }
    let mut masked = text.into_owned().into_bytes();
    for range in bound.excess {
        masked[range].iter_mut().filter(|byte| matches!(byte, b'-' | b':')).for_each(|byte| *byte = b'x');
    }
    // Of ASCII, only ASCII was made.
    Cow::Owned(String::from_utf8(masked).unwrap_or_default())
}

/// Counts the cells that the parser may make up.
struct Bound {
    left: usize,
    run: Run,
    /// The delimiter rows that would take more.
    excess: Vec<Range<usize>>,
}

/// Neighbouring lines.
#[derive(Default)]
struct Run {
    delimiters: Vec<Range<usize>>,
    /// The number of cells of the widest of these.
    width: usize,
    /// How many cells the lines below lack of that.
    missing: usize,
}

impl Bound {
    fn line(&mut self, line: &str, start: usize) {
        let row = line.trim_start_matches([' ', '\t', '>']);
        if row.trim_end_matches([' ', '\t']).is_empty() {
            return self.end_run();
        }
        let count = || split(row, |_, _| {}).count;
        if is_delimiter(row) {
            self.run.width = self.run.width.max(count());
            self.run.delimiters.push(start..start + line.len());
        } else if self.run.width > 1 {
            self.run.missing += self.run.width.saturating_sub(count());
        }
    }

    fn end_run(&mut self) {
        let Run { mut delimiters, width, missing } = std::mem::take(&mut self.run);
        // A single table ends by itself.
        let made_up = if delimiters.len() == 1 { missing.min(MAX_MADE_UP_CELLS / 2 + width) } else { missing };
        match self.left.checked_sub(made_up) {
            Some(left) => self.left = left,
            None => self.excess.append(&mut delimiters),
        }
    }
}

/// Whether the text may define a footnote; what refers to it can stand in any row.
fn has_footnotes(text: &str) -> bool {
    memchr::memmem::find_iter(text.as_bytes(), b"[^").any(|at| {
        let label = &text.as_bytes()[at..];
        memchr::memchr2(b']', b'\n', label).is_some_and(|end| label[end..].starts_with(b"]:"))
    })
}

/// Whether the text may hold comments, and whether it may hold an HTML block that ends at the next `>` (`CommonMark` 4.6, start condition 4).
fn comments_and_declarations(text: &str) -> (bool, bool) {
    let (mut comments, mut declarations) = (false, false);
    for at in memchr::memmem::find_iter(text.as_bytes(), b"<!") {
        let next = text.as_bytes().get(at + 2);
        comments |= next == Some(&b'-');
        declarations |= next.is_some_and(u8::is_ascii_alphabetic);
        if comments && declarations {
            break;
        }
    }
    (comments, declarations)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expected: &str) {
        assert_eq!(Skeleton::of(&Source::new("", text)).text, expected);
    }

    #[test]
    fn rows_become_stubs() {
        check("# H\n| a | b |\r\n|---|:-:|\n| 1 | 2 | 3 |\n\ntext\n", "# H\n|x|\r\n|-|\n|x|\n\ntext\n");
        check("> | a |\n>  | - |\n> | 1 |", "> |x|\n>  |-|\n> |x|");
    }

    #[test]
    fn of_like_rows_the_first_and_the_last_are_left() {
        let source = Source::new("", "x\n| a |\n|-|\n| 1 |\n| 2 |\n| 3 |\n| 4 |\n> | 5 |\ny\n");
        let skeleton = Skeleton::of(&source);
        assert_eq!(skeleton.text, "x\n|x|\n|-|\n|x|\n|x|\n> |x|\ny\n");
        let lines: Vec<_> = (1..=7).map(|line| (skeleton.first_line(line), skeleton.last_line(line))).collect();
        assert_eq!(lines, [(1, 1), (2, 2), (3, 3), (4, 6), (7, 7), (8, 8), (9, 9)]);
        assert_eq!(skeleton.cut, [(2, 8)]);
    }

    #[test]
    fn a_header_is_never_left_out() {
        check("| 1 |\n| 2 |\n| 3 |\n| a |\n|-|\n", "|x|\n|x|\n|-|\n");
    }

    #[test]
    fn header_and_delimiter_that_disagree_stay() {
        for text in ["| a | b |\n|---|\n| 1 |", "a | b\n|---|---|\n", "| a | b\n--- | ---\n", "| a -->|\n|--|\n"] {
            check(text, text);
        }
    }

    #[test]
    fn lines_that_end_something_stay() {
        check("| a |\n|---|\n| x --> |\n|\n| b |", "|x|\n|-|\n| x --> |\n|\n|x|");
        check("| a |\n|---|\n| x</PRE> |", "|x|\n|-|\n| x</PRE> |");
    }

    #[test]
    fn tables_of_too_many_empty_cells_are_none() {
        let table = |width: usize, rows: usize| {
            format!("{}a\n{}-\r\n{}\n", "a|".repeat(width - 1), "-|".repeat(width - 1), "x|\r".repeat(rows))
        };
        let (large, small) = (table(1_000, 600), table(3, 1_000));
        check(&large, &large);
        let masked = large.replace('-', "x");
        check(&format!("{large}\n{large}\n{small}\n{large}"), &format!("{large}\n{masked}\n{small}\n{masked}"));
    }

    #[test]
    fn footnotes_and_declarations_keep_the_whole_text() {
        for text in ["| a[^1] |\n|---|\n\n[^1]: x\n", "<!DOCTYPE\n| a > |\n"] {
            check(text, text);
        }
    }
}
