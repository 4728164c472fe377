//! Splits one table row into cells, as GFM does.

use std::ops::Range;

/// Where the cells of a row are, in bytes from the row's first byte, and what stands around them.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Split {
    /// Whether the row begins with a pipe.
    pub has_opening_pipe: bool,
    /// Whether nothing but blanks stands behind the last pipe.
    pub has_closing_pipe: bool,
    /// The number of cells.
    pub count: usize,
}

/// Splits a row's text and hands each cell to `cell`, as the offsets of its first byte and of the byte behind its last, blanks included.
///
/// The text has no container prefix, no line ending and no blanks at its start. A cell ends at every pipe with no backslash directly before
/// it: neither code spans nor links protect it (GFM 4.10), and `\\|` does not end a cell (cmark-gfm's scanner, `table_cell`).
pub fn split(text: &str, mut cell: impl FnMut(usize, usize)) -> Split {
    let bytes = text.as_bytes();
    let has_opening_pipe = bytes.first() == Some(&b'|');
    let first = usize::from(has_opening_pipe);
    let mut start = first;
    let mut count = 0;
    for pipe in memchr::memchr_iter(b'|', &bytes[first..]).map(|at| at + first) {
        if pipe == 0 || bytes[pipe - 1] != b'\\' {
            cell(start, pipe);
            count += 1;
            start = pipe + 1;
        }
    }
    // Only a pipe takes the blanks behind it along; a row of nothing but a vertical tab is a cell.
    let rest_is_blank =
        bytes[start..].iter().all(|&byte| if start > 0 { is_blank(byte) } else { matches!(byte, b' ' | b'\t') });
    let has_closing_pipe = rest_is_blank && count > 0;
    if !rest_is_blank {
        cell(start, bytes.len());
        count += 1;
    }
    Split { has_opening_pipe, has_closing_pipe, count }
}

/// A text without the spaces and tabs at its ends.
#[must_use]
pub fn trim(text: &str) -> &str {
    &text[trimmed(text.as_bytes(), 0..text.len())]
}

/// A text without the spaces and tabs at its end.
pub(super) fn trim_end(text: &str) -> &str {
    &text[..end_of_content(text.as_bytes())]
}

/// A range of a text without the spaces and tabs at its ends.
pub(super) fn trimmed(text: &[u8], range: Range<usize>) -> Range<usize> {
    let end = range.start + end_of_content(&text[range.clone()]);
    let mut start = range.start;
    while start < end && matches!(text[start], b' ' | b'\t') {
        start += 1;
    }
    start..end
}

/// Where the spaces and tabs at the end of a text begin.
fn end_of_content(mut text: &[u8]) -> usize {
    // Padding is long in aligned tables.
    while let Some((before, b"                ")) = text.split_last_chunk::<16>() {
        text = before;
    }
    while let [before @ .., b' ' | b'\t'] = text {
        text = before;
    }
    text.len()
}

/// The blanks that cmark-gfm skips behind a pipe: space, tab, vertical tab, form feed.
pub(super) const BLANKS: [char; 4] = [' ', '\t', '\u{b}', '\u{c}'];

/// Whether a byte is one of [`BLANKS`].
pub(super) fn is_blank(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t' | 0x0b | 0x0c)
}

/// Whether a line, without container prefix, is a delimiter row: cells of dashes, each with at most a colon at either end.
#[must_use]
pub fn is_delimiter(text: &str) -> bool {
    let bytes = text.as_bytes();
    if !matches!(bytes.first(), Some(b'|' | b'-' | b':' | b' ' | b'\t' | 0x0b | 0x0c)) {
        return false;
    }
    if !bytes.iter().all(|&byte| matches!(byte, b'|' | b'-' | b':') || is_blank(byte)) {
        return false;
    }
    let mut all_dashes = true;
    let split = split(text, |start, end| all_dashes &= is_delimiter_cell(&text[start..end]));
    all_dashes && split.count > 0
}

fn is_delimiter_cell(cell: &str) -> bool {
    let dashes = cell.trim_matches(BLANKS);
    let dashes = dashes.strip_prefix(':').unwrap_or(dashes);
    let dashes = dashes.strip_suffix(':').unwrap_or(dashes);
    !dashes.is_empty() && dashes.bytes().all(|byte| byte == b'-')
}

/// Whether a piece of a row is one or more whole HTML comments and nothing else.
#[must_use]
pub fn is_comment(text: &str) -> bool {
    let mut rest = text.trim_matches([' ', '\t']);
    if rest.is_empty() {
        return false;
    }
    while !rest.is_empty() {
        let Some(end) = rest.strip_prefix("<!--").and_then(|inner| inner.find("-->")) else { return false };
        rest = rest[end + "<!---->".len()..].trim_start_matches([' ', '\t']);
    }
    true
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expected: &[&str]) {
        let mut cells = Vec::new();
        split(text, |start, end| cells.push(text[start..end].trim_matches([' ', '\t'])));
        assert_eq!(cells, expected, "{text}");
    }

    #[test]
    fn pipes_end_cells() {
        check("| a | b |", &["a", "b"]);
        check("a | b", &["a", "b"]);
        check("| a | b", &["a", "b"]);
        check("||", &[""]);
        check("| a || b |", &["a", "", "b"]);
        check("|", &[]);
        check("|  ", &[]);
        check("", &[]);
    }

    #[test]
    fn a_backslash_directly_before_it_shelters_a_pipe() {
        check(r"| a \| b | c |", &[r"a \| b", "c"]);
        check(r"| a \\| b |", &[r"a \\| b"]);
        check(r"| a | b \|", &["a", r"b \|"]);
        check(r"| C:\ | b |", &[r"C:\", "b"]);
        check(r"\| a | b", &[r"\| a", "b"]);
    }

    #[test]
    fn a_pipe_in_a_code_span_ends_the_cell() {
        check("| `a|b` | c |", &["`a", "b`", "c"]);
        check("| [x](http://e.org/a|b) |", &["[x](http://e.org/a", "b)"]);
    }

    #[test]
    fn no_break_and_ideographic_space_are_content() {
        check("| \u{a0} | \u{3000}a |", &["\u{a0}", "\u{3000}a"]);
    }

    #[test]
    fn delimiter_rows_are_dashes_and_colons() {
        for text in ["|-|", "---|---", "| :-: | --: |", "|:--|", "-", ":-", "| - | - "] {
            assert!(is_delimiter(text), "{text}");
        }
        for text in ["", "|", "||", "| - - |", "| : - |", "|-||-|", "| a |", "|:|", "| -- | x |"] {
            assert!(!is_delimiter(text), "{text}");
        }
    }

    #[test]
    fn comments_are_whole_comments() {
        assert!(is_comment(" <!-- a --> <!-- b -->"));
        assert!(!is_comment("<!-- a --> b"));
        assert!(!is_comment("<!-- a"));
        assert!(!is_comment(" "));
    }
}
