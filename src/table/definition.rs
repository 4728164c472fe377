//! The link reference definitions of a document: `[label]: https://example.org "title"`.

use rustc_hash::FxHashMap;

use super::link::{angled_destination_end, destination_end, title_end};
use super::{Block, BlockKind, Document};
use crate::source::{Source, Span};

/// The link reference definitions of a document: where each label leads.
#[derive(Debug, Default)]
pub struct Definitions {
    destinations: FxHashMap<String, Span>,
}

impl Definitions {
    /// Reads the definitions that begin a paragraph or follow another there; label, address and title may stand on lines of their own.
    /// The first of a label counts.
    ///
    /// The document has its unseen parts still: definitions in a footnote that nothing refers to count as well.
    pub(super) fn collect(document: &Document<'_>) -> Self {
        let source = document.source;
        let text = source.text().as_bytes();
        let mut destinations = FxHashMap::default();
        let mut blocks = document.blocks.iter().peekable();
        let mut tables = document.tables.iter().peekable();
        let mut headings = document.headings.iter().peekable();
        let (mut last_end, mut last_line, mut last_depth) = (0, 0, 0);
        // A line, and what stands on it behind the beginnings of its containers: seen once, however many brackets it has.
        let mut prefixed = (0, "");
        // The first line of a paragraph that a table cuts off, and the line in it that would make a heading of those above.
        let mut cut_off = (0, None);
        for at in memchr::memmem::find_iter(text, b"]:") {
            let Some(opening) = (at >= last_end).then(|| opening(text, last_end, at)).flatten() else { continue };
            let number = source.line_number(opening);
            while blocks.next_if(|block| block.last_line < number).is_some() {}
            while tables.next_if(|table| table.span().end() < opening).is_some() {}
            while headings.next_if(|heading| heading.last_line < number).is_some() {}
            let (next_block, table, next_heading) = (blocks.peek(), tables.peek(), headings.peek());
            // Where nothing but definitions is left of a paragraph, it is none of the blocks.
            let block = next_block.filter(|block| block.first_line <= number);
            let heading = next_heading.filter(|heading| heading.line_number <= number);
            let is_other = block.is_some_and(|block| block.kind != BlockKind::Paragraph);
            if is_other || table.is_some_and(|table| table.span().start() <= at) {
                continue;
            }
            let is_cut_off =
                block.zip(table).is_some_and(|(block, table)| block.last_line + 1 == table.header().line_number());
            if let Some(block) = block.filter(|block| is_cut_off && block.first_line != cut_off.0) {
                cut_off = (block.first_line, underline(source, block));
            }
            // The paragraph that a table cuts off at its header stays text, but for what would have been a heading without its definitions.
            if is_cut_off && cut_off.1.is_none_or(|underline| underline <= number) {
                continue;
            }
            let first_line = block.map(|block| block.first_line).or(heading.map(|heading| heading.line_number));
            let is_further = first_line.is_some_and(|first_line| first_line < number);
            if is_further && last_line + 1 != number {
                continue;
            }
            if prefixed.0 != number {
                // Only a paragraph's first line may begin with the marker of a list.
                let text = |number: usize| source.slice(source.line(number));
                let line = match first_line.filter(|_| is_further) {
                    None => without_containers(text(number)),
                    Some(first_line) => match within_containers_of(text(first_line), text(number)) {
                        (false, line) => line.trim_start_matches(BLANKS),
                        // The blanks before a lazy line stay, as in cmark.
                        (true, line) => line,
                    },
                };
                prefixed = (number, line);
            }
            if source.span_of(prefixed.1).start() != opening {
                continue;
            }
            let above = |line: usize| source.line(line.max(2) - 1).end();
            let end = match (block, heading) {
                (Some(block), _) => match cut_off.1.filter(|_| is_cut_off) {
                    Some(underline) => above(underline),
                    None => source.line(block.last_line).end(),
                },
                // Below the text is the line that makes a heading of it.
                (None, Some(heading)) => above(heading.last_line),
                (None, None) => {
                    let next = next_block.map(|block| block.first_line).into_iter();
                    let next = next.chain(next_heading.map(|heading| heading.line_number));
                    let next = next.chain(table.map(|table| table.header().line_number()));
                    next.min().map_or(text.len(), above)
                }
            };
            let before = source.slice(Span::new(source.line(number).start(), opening));
            let depth = memchr::memchr_iter(b'>', before.as_bytes()).count();
            let depth = if last_line + 1 == number { depth.max(last_depth) } else { depth };
            let paragraph = Paragraph { text: source.text(), end, depth };
            let Some(label) = paragraph.label(opening + 1, at) else { continue };
            let Some(definition) = paragraph.defined(at + 2) else { continue };
            destinations.entry(label).or_insert(definition.destination);
            (last_end, last_line, last_depth) = (definition.end, source.line_number(definition.end), depth);
        }
        Self { destinations }
    }

    /// Whether the document defines no label.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.destinations.is_empty()
    }

    /// Where a label leads, in whatever case and spacing it is written.
    #[must_use]
    pub fn get(&self, label: &str) -> Option<Span> {
        if self.is_empty() || label.len() > MAX_LABEL_LEN {
            None
        } else {
            self.destinations.get(&normalize(label)).copied()
        }
    }
}

/// A label has at most this many bytes between its brackets, as cmark counts them (`MAX_LINK_LABEL_LENGTH`).
pub(super) const MAX_LABEL_LEN: usize = 1000;

/// The text of a paragraph that definitions are read from.
struct Paragraph<'s> {
    text: &'s str,
    /// The offset behind its last byte.
    end: usize,
    /// How many quotes it stands in: as many marks may stand before each of its lines.
    depth: usize,
}

struct Definition {
    destination: Span,
    /// The offset behind its last byte, which is followed by nothing but blanks on its line.
    end: usize,
}

impl Paragraph<'_> {
    fn bytes(&self) -> &[u8] {
        &self.text.as_bytes()[..self.end]
    }

    /// The label between two offsets, as labels are compared; none where it is empty, too long, or not of this paragraph.
    fn label(&self, start: usize, end: usize) -> Option<String> {
        let written = self.text.get(start..end).filter(|_| end < self.end)?;
        if trim_label(written).is_empty() {
            return None;
        }
        let mut label = String::with_capacity(written.len());
        let mut at = 0;
        while let Some(len) = memchr::memchr2(b'\n', b'\r', &written.as_bytes()[at..]) {
            label.push_str(&written[at..=at + len]);
            at = self.line_start(start + at + len + 1) - start;
        }
        label.push_str(&written[at..]);
        (label.len() <= MAX_LABEL_LEN).then(|| normalize(&label))
    }

    /// The definition that goes on at the offset behind its `]:`; none where what stands there makes no definition, as with more than a title
    /// behind the address.
    fn defined(&self, at: usize) -> Option<Definition> {
        let bytes = self.bytes();
        let start = self.skip_blanks_and_line_end(at);
        let line = &bytes[..self.line_end(start)];
        let (start, end, after) = if line.get(start) == Some(&b'<') {
            let end = angled_destination_end(line, start + 1)?;
            (start + 1, end, end + 1)
        } else {
            let end = destination_end(line, start).filter(|&end| end > start)?;
            (start, end, end)
        };
        let is_last = |at: &usize| self.skip_blanks(*at) == self.line_end(*at);
        let behind = self.skip_blanks_and_line_end(after);
        // What stands on the line below and is no title is text.
        let title_end = (behind > after).then(|| title_end(bytes, behind)).flatten().filter(is_last);
        let definition_end = title_end.or(Some(after).filter(is_last))?;
        Some(Definition { destination: Span::new(start, end), end: definition_end })
    }

    fn line_end(&self, at: usize) -> usize {
        memchr::memchr2(b'\n', b'\r', &self.bytes()[at..]).map_or(self.end, |len| at + len)
    }

    fn skip_blanks(&self, at: usize) -> usize {
        at + self.bytes()[at..].iter().take_while(|byte| matches!(byte, b' ' | b'\t')).count()
    }

    fn skip_blanks_and_line_end(&self, at: usize) -> usize {
        let at = self.skip_blanks(at);
        match self.bytes()[at..] {
            [b'\r', b'\n', ..] => self.line_start(at + 2),
            [b'\r' | b'\n', ..] => self.line_start(at + 1),
            _ => at,
        }
    }

    /// Where the text of a line begins that itself begins at this offset.
    fn line_start(&self, at: usize) -> usize {
        let mut at = self.skip_blanks(at);
        for _ in 0..self.depth {
            if self.bytes().get(at) != Some(&b'>') {
                break;
            }
            at = self.skip_blanks(at + 1);
        }
        at
    }
}

/// The bracket that opens what the one at an offset closes, no further back than another offset; none where there is none or either is escaped.
fn opening(text: &[u8], from: usize, at: usize) -> Option<usize> {
    let is_escaped = |at: usize| text[from..at].iter().rev().take_while(|&&byte| byte == b'\\').count() % 2 == 1;
    if is_escaped(at) {
        return None;
    }
    let last = memchr::memrchr2_iter(b'[', b']', &text[from..at]).find(|&last| !is_escaped(from + last))?;
    (text[from + last] == b'[').then_some(from + last)
}

/// The line of a block that makes a heading of the text above it, were there any left.
fn underline(source: &Source, block: &Block) -> Option<usize> {
    let text = |number: usize| source.slice(source.line(number));
    (block.first_line + 1..=block.last_line).find(|&number| {
        let (is_lazy, line) = within_containers_of(text(block.first_line), text(number));
        let marks = line.trim_matches(BLANKS);
        let is_indented = columns(&line[..line.len() - line.trim_start_matches(BLANKS).len()]) > 3;
        let is_of_one_mark = ['-', '='].iter().any(|&mark| marks.trim_start_matches(mark).is_empty());
        !is_lazy && !is_indented && !marks.is_empty() && is_of_one_mark
    })
}

const BLANKS: [char; 2] = [' ', '\t'];

/// A line without the beginnings of containers.
fn without_containers(line: &str) -> &str {
    let mut rest = line;
    while let Some((_, inner)) = container(rest) {
        rest = inner;
    }
    rest.trim_start_matches(BLANKS)
}

/// A line without what it has of the containers that another line begins, or goes on with, and whether it goes on lazily, with less than that.
fn within_containers_of<'s>(other: &str, line: &'s str) -> (bool, &'s str) {
    let (mut other, mut rest) = (other, line);
    while let Some((width, inner)) = container(other) {
        let further = match width {
            // Behind more than three blanks, the mark is text.
            None => rest.trim_start_matches(BLANKS).strip_prefix('>').map(without_blank).filter(|inner| {
                let before = &rest[..rest.len() - inner.len()];
                columns(before.trim_end_matches(BLANKS)) <= 4
            }),
            Some(width) => without_columns(rest, width),
        };
        let Some(further) = further else { return (true, rest) };
        (other, rest) = (inner, further);
    }
    (false, rest)
}

/// What follows the beginning of a container, and how many columns of blanks further lines of the container begin with; none for a quote.
fn container(line: &str) -> Option<(Option<usize>, &str)> {
    let rest = line.trim_start_matches(BLANKS);
    if let Some(inner) = rest.strip_prefix('>') {
        return Some((None, without_blank(inner)));
    }
    // Behind the marker of a list stands a blank, and before that of a numbered one stand digits.
    let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
    let number = || rest[digits..].strip_prefix(['.', ')']).filter(|_| (1..=9).contains(&digits));
    let item = rest.strip_prefix(['-', '+', '*']).or_else(number);
    if let Some(inner) = item.filter(|item| item.starts_with(BLANKS)) {
        let inner = inner.trim_start_matches(BLANKS);
        return Some((Some(columns(&line[..line.len() - inner.len()])), inner));
    }
    let (label, inner) = rest.strip_prefix("[^")?.split_once("]:")?;
    (!label.is_empty() && !label.contains([' ', '\t', ']'])).then_some((Some(4), inner))
}

/// A line without the one blank that belongs to the mark of a quote.
fn without_blank(line: &str) -> &str {
    line.strip_prefix(BLANKS).unwrap_or(line)
}

/// A line without as many columns of blanks; none where it has fewer.
fn without_columns(line: &str, width: usize) -> Option<&str> {
    let mut column = 0;
    let mut rest = line;
    while column < width {
        let inner = rest.strip_prefix(BLANKS)?;
        column = behind(column, rest.as_bytes()[0]);
        rest = inner;
    }
    Some(rest)
}

/// How many columns ASCII takes.
fn columns(text: &str) -> usize {
    text.bytes().fold(0, behind)
}

/// The column behind a byte of ASCII at this one: tabs end at every fourth.
fn behind(column: usize, byte: u8) -> usize {
    if byte == b'\t' { column / 4 * 4 + 4 } else { column + 1 }
}

/// A label without the blanks at its ends.
pub(super) fn trim_label(label: &str) -> &str {
    label.trim_matches([' ', '\t', '\n', '\r'])
}

/// Labels match in any case, where `ß` is `SS`, with any blanks between their words (`CommonMark` 4.7).
pub(super) fn normalize(label: &str) -> String {
    let label = trim_label(label);
    let mut normal = String::with_capacity(label.len());
    for char in label.chars() {
        match char {
            _ if char.is_whitespace() => normal.push_str(if normal.ends_with(' ') { "" } else { " " }),
            _ if char.is_ascii() => normal.push(char.to_ascii_lowercase()),
            // The one letter that becomes another on the way.
            'ı' => normal.push(char),
            _ => {
                let upper = char.to_lowercase().flat_map(char::to_uppercase);
                normal.extend(upper.flat_map(char::to_lowercase));
            }
        }
    }
    normal
}
