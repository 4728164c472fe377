//! The text of one file, and places in it: `Source`, `Span`, `Position`.

/// A half-open range of bytes in one source, on character boundaries.
///
/// Thirty-two bits a side: a table of a large list has a million cells, and no source is larger than [`Source::MAX_BYTES`].
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default)]
pub struct Span {
    start: u32,
    end: u32,
}

impl Span {
    /// The range of bytes from `start` up to, but not including, `end`.
    #[must_use]
    pub fn new(start: usize, end: usize) -> Self {
        debug_assert!(start <= end, "a span runs forwards");
        let narrow = |offset: usize| u32::try_from(offset).unwrap_or(u32::MAX);
        Self { start: narrow(start), end: narrow(end) }
    }

    /// The empty range at a byte offset: a place to insert at.
    #[must_use]
    pub fn empty(at: usize) -> Self {
        Self::new(at, at)
    }

    /// The offset of the first byte.
    #[must_use]
    pub fn start(self) -> usize {
        self.start as usize
    }

    /// The offset behind the last byte.
    #[must_use]
    pub fn end(self) -> usize {
        self.end as usize
    }

    /// The number of bytes.
    #[must_use]
    pub fn len(self) -> usize {
        self.end() - self.start()
    }

    /// Whether the range holds no byte.
    #[must_use]
    pub fn is_empty(self) -> bool {
        self.start == self.end
    }

    /// Whether the two ranges overlap or stand directly side by side.
    #[must_use]
    pub fn touches(self, other: Self) -> bool {
        self.start <= other.end && other.start <= self.end
    }

    /// Whether `other` lies wholly inside.
    #[must_use]
    pub fn contains(self, other: Self) -> bool {
        self.start <= other.start && other.end <= self.end
    }

    /// The smallest range that holds both.
    #[must_use]
    pub fn to(self, other: Self) -> Self {
        Self { start: self.start.min(other.start), end: self.end.max(other.end) }
    }
}

/// A place as people count: both numbers from 1, columns in characters (Unicode scalar values).
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Position {
    /// The line, from 1.
    pub line: usize,
    /// The column in characters, from 1; a byte order mark is not counted.
    pub column: usize,
}

/// One file: its path as people read it, and its text.
#[derive(Debug)]
pub struct Source {
    path: String,
    text: String,
    line_starts: Vec<u32>,
}

impl Source {
    /// The largest text that a source takes, in bytes; `run` refuses larger files.
    ///
    /// GitHub takes no file of more than 100 MiB; and text that grows eightfold when it is laid out still has offsets of thirty-two bits.
    pub const MAX_BYTES: usize = 1 << 28;

    /// A source from its path (relative to the working directory, with `/`) and its text, at most [`Source::MAX_BYTES`] long.
    #[must_use]
    pub fn new(path: impl Into<String>, text: impl Into<String>) -> Self {
        let text = text.into();
        let line_starts = line_starts(&text);
        Self { path: path.into(), text, line_starts }
    }

    /// The path as people read it.
    #[must_use]
    pub fn path(&self) -> &str {
        &self.path
    }

    /// The whole text, a byte order mark included.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Gives the text back.
    #[must_use]
    pub fn into_text(self) -> String {
        self.text
    }

    /// The text of a span; empty where the span does not fit this source.
    #[must_use]
    pub fn slice(&self, span: Span) -> &str {
        self.text.get(span.start()..span.end()).unwrap_or_default()
    }

    /// The span of a slice that was taken from this source's text.
    #[must_use]
    pub fn span_of(&self, slice: &str) -> Span {
        let start = (slice.as_ptr() as usize).wrapping_sub(self.text.as_ptr() as usize);
        debug_assert!(start + slice.len() <= self.text.len(), "the slice belongs to this source");
        Span::new(start, start + slice.len())
    }

    /// The number of lines; a text that ends with a line ending has no further, empty line.
    #[must_use]
    pub fn line_count(&self) -> usize {
        match self.line_starts.last() {
            Some(&last) if last as usize == self.text.len() && self.line_starts.len() > 1 => self.line_starts.len() - 1,
            _ => self.line_starts.len(),
        }
    }

    /// The span of a line (from 1) without its line ending; without the byte order mark on line 1. Empty beyond the last line.
    #[must_use]
    pub fn line(&self, number: usize) -> Span {
        let with_ending = self.line_with_ending(number);
        let ending = match &self.text.as_bytes()[with_ending.start()..with_ending.end()] {
            [.., b'\r', b'\n'] => 2,
            [.., b'\n' | b'\r'] => 1,
            _ => 0,
        };
        Span::new(with_ending.start(), with_ending.end() - ending)
    }

    /// The span of a line (from 1) with its line ending.
    #[must_use]
    pub fn line_with_ending(&self, number: usize) -> Span {
        let start = |index: usize| self.line_starts.get(index).map_or(self.text.len(), |&start| start as usize);
        let skipped =
            if number == 1 && self.text.starts_with(BYTE_ORDER_MARK) { BYTE_ORDER_MARK.len_utf8() } else { 0 };
        Span::new(start(number.saturating_sub(1)) + skipped, start(number))
    }

    /// The number (from 1) of the line that holds a byte offset.
    #[must_use]
    pub fn line_number(&self, offset: usize) -> usize {
        self.line_starts.partition_point(|&start| start as usize <= offset).max(1).min(self.line_count())
    }

    /// Where a byte offset stands, as people count.
    #[must_use]
    pub fn position(&self, offset: usize) -> Position {
        let line = self.line_number(offset);
        let start = self.line(line).start();
        let before = self.text.get(start..offset.max(start)).unwrap_or_default();
        Position { line, column: before.chars().count() + 1 }
    }

    /// The line ending that a new line beside this one (from 1) takes: its own, else the first one of the text, else `\n`.
    #[must_use]
    pub fn line_ending(&self, number: usize) -> &str {
        let own = |number: usize| &self.text[self.line(number).end()..self.line_with_ending(number).end()];
        [own(number), own(1), "\n"].into_iter().find(|ending| !ending.is_empty()).unwrap_or("\n")
    }
}

const BYTE_ORDER_MARK: char = '\u{feff}';

/// Lines end with LF, CRLF or a lone CR, as in `CommonMark` 2.1.
fn line_starts(text: &str) -> Vec<u32> {
    let bytes = text.as_bytes();
    let narrow = |offset: usize| u32::try_from(offset).unwrap_or(u32::MAX);
    // Most lines of a list are longer; of those that are not, there is room for a doubling.
    let mut starts = Vec::with_capacity(1 + bytes.len() / 64);
    starts.push(0);
    if memchr::memchr(b'\r', bytes).is_none() {
        starts.extend(memchr::memchr_iter(b'\n', bytes).map(|at| narrow(at + 1)));
    } else {
        let ends = memchr::memchr2_iter(b'\n', b'\r', bytes);
        starts.extend(
            ends.filter(|&at| bytes[at] == b'\n' || bytes.get(at + 1) != Some(&b'\n')).map(|at| narrow(at + 1)),
        );
    }
    starts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check_lines(text: &str, expected: &[&str]) {
        let source = Source::new("list.md", text);
        let lines: Vec<_> = (1..=source.line_count()).map(|number| source.slice(source.line(number))).collect();
        assert_eq!(lines, expected);
    }

    #[test]
    fn lines_end_with_lf_crlf_or_cr() {
        check_lines("a\nb\r\nc\rd", &["a", "b", "c", "d"]);
        check_lines("a\n", &["a"]);
        check_lines("a\n\n", &["a", ""]);
        check_lines("", &[""]);
        check_lines("\r\r\n", &["", ""]);
    }

    #[test]
    fn a_byte_order_mark_belongs_to_no_line() {
        check_lines("\u{feff}a\nb", &["a", "b"]);
        assert_eq!(Source::new("", "\u{feff}ab").position(4), Position { line: 1, column: 2 });
    }

    #[test]
    fn columns_count_characters() {
        let source = Source::new("", "a\n日本語");
        assert_eq!(source.position(5), Position { line: 2, column: 2 });
        assert_eq!(source.position(11), Position { line: 2, column: 4 });
    }

    #[test]
    fn a_new_line_takes_its_neighbours_ending() {
        let source = Source::new("", "a\r\nb\nc");
        assert_eq!([source.line_ending(1), source.line_ending(2), source.line_ending(3)], ["\r\n", "\n", "\r\n"]);
        assert_eq!(Source::new("", "a").line_ending(1), "\n");
    }
}
