//! A copy of a document that is cheap to parse and has the same tables: rows cut to stubs, every line kept.
//!
//! Only *where* tables are is asked of the parser, and inline content has no part in that. What must survive is what block structure hangs
//! on: the number of lines, what stands before a row on its line, which lines are delimiter rows and whether their cells are as many as those
//! of the line above, lines that end an HTML block, and footnotes (one that nothing refers to is no part of the tree).

use std::borrow::Cow;

use super::row::{is_blank, is_delimiter, split};
use crate::source::Source;

/// More cells than this in one line, and cmark-gfm takes the line for no row (`UINT16_MAX`).
const MAX_COLUMNS: usize = u16::MAX as usize;

/// The skeleton of a text; the text itself where it cannot be cut without asking what its lines mean.
pub(super) fn skeleton(source: &Source) -> Cow<'_, str> {
    let text = source.text();
    if has_footnotes(text) || has_declarations(text) {
        return Cow::Borrowed(text);
    }
    let mut skeleton = String::with_capacity(text.len() / 4);
    let mut copied = 0;
    let mut number = 1;
    let count = source.line_count();
    while number <= count {
        if pipe_line(source, number).is_none() {
            number += 1;
            continue;
        }
        let first = number;
        let mut lines = Vec::new();
        while let Some(line) = (number <= count).then(|| pipe_line(source, number)).flatten() {
            lines.push(line);
            number += 1;
        }
        let below = (number <= count).then(|| source.slice(source.line(number)));
        if !can_be_cut(&lines, below) {
            continue;
        }
        for (number, line) in (first..).zip(&lines) {
            if line.is_kept_whole() {
                continue;
            }
            let span = source.line(number);
            let row_start = span.start() + line.prefix_len;
            skeleton.push_str(&text[copied..row_start]);
            skeleton.push_str(if line.is_delimiter { "|-|" } else { "|x|" });
            copied = span.end();
        }
    }
    skeleton.push_str(&text[copied..]);
    Cow::Owned(skeleton)
}

/// A line whose first character, container prefix apart, is a pipe.
struct PipeLine<'s> {
    prefix_len: usize,
    row: &'s str,
    is_delimiter: bool,
}

impl PipeLine<'_> {
    /// A lone pipe is no row, and a comment's end ends the comment.
    fn is_kept_whole(&self) -> bool {
        self.is_lone_pipe() || ends_html_block(self.row)
    }

    fn is_lone_pipe(&self) -> bool {
        self.row.bytes().skip(1).all(is_blank)
    }

    fn cell_count(&self) -> usize {
        split(self.row, |_, _| {}).count
    }
}

fn pipe_line(source: &Source, number: usize) -> Option<PipeLine<'_>> {
    let line = source.slice(source.line(number));
    let prefix_len = line.bytes().position(|byte| !matches!(byte, b' ' | b'\t' | b'>'))?;
    let row = &line[prefix_len..];
    row.starts_with('|').then(|| PipeLine { prefix_len, row, is_delimiter: is_delimiter(row) })
}

/// Whether the parser will find the same tables in these neighbouring lines when each is cut to one cell.
///
/// A delimiter row makes a table of the line above exactly where their cells are equally many; so that must hold, before and after, for each
/// delimiter row in and directly below the lines.
fn can_be_cut(lines: &[PipeLine<'_>], below: Option<&str>) -> bool {
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
            || !above.is_kept_whole() && !delimiter.is_kept_whole() && above.cell_count() == delimiter.cell_count()
    });
    pairs_agree && lines.iter().all(|line| line.row.len() <= MAX_COLUMNS || line.cell_count() <= MAX_COLUMNS)
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

/// Whether the text may define a footnote; what refers to it can stand in any row.
fn has_footnotes(text: &str) -> bool {
    memchr::memmem::find_iter(text.as_bytes(), b"[^").any(|at| {
        let label = &text.as_bytes()[at..];
        memchr::memchr2(b']', b'\n', label).is_some_and(|end| label[end..].starts_with(b"]:"))
    })
}

/// Whether the text may hold an HTML block that ends at the next `>` (`CommonMark` 4.6, start condition 4).
fn has_declarations(text: &str) -> bool {
    memchr::memmem::find_iter(text.as_bytes(), b"<!")
        .any(|at| text.as_bytes().get(at + 2).is_some_and(u8::is_ascii_alphabetic))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expected: &str) {
        assert_eq!(skeleton(&Source::new("", text)), expected);
    }

    #[test]
    fn rows_become_stubs() {
        check("# H\n| a | b |\r\n|---|:-:|\n| 1 | 2 | 3 |\n\ntext\n", "# H\n|x|\r\n|-|\n|x|\n\ntext\n");
        check("> | a |\n>  | - |\n> | 1 |", "> |x|\n>  |-|\n> |x|");
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
    fn footnotes_and_declarations_keep_the_whole_text() {
        for text in ["| a[^1] |\n|---|\n\n[^1]: x\n", "<!DOCTYPE\n| a > |\n"] {
            check(text, text);
        }
    }
}
