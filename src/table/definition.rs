//! The link reference definitions of a document: `[label]: https://example.org "title"`.

use rustc_hash::FxHashMap;

use super::link::{angled_destination_end, destination_end, title_end};
use super::{BlockKind, Document, row};
use crate::source::Span;

/// The link reference definitions of a document: where each label leads.
#[derive(Debug, Default)]
pub struct Definitions {
    destinations: FxHashMap<String, Span>,
}

impl Definitions {
    /// Reads the definitions whose label stands on one line, with the address (`[label]: address "title"`) or above it, and that begin a paragraph.
    /// The first of a label counts.
    #[must_use]
    pub fn collect(document: &Document<'_>) -> Self {
        let source = document.source;
        let mut destinations = FxHashMap::default();
        let mut blocks = document.blocks.iter().peekable();
        let mut tables = document.tables.iter().peekable();
        let mut headings = document.headings.iter().peekable();
        let mut last_definition = 0;
        for at in memchr::memmem::find_iter(source.text().as_bytes(), b"]:") {
            let number = source.line_number(at);
            while blocks.next_if(|block| block.last_line < number).is_some() {}
            while tables.next_if(|table| table.span().end() < at).is_some() {}
            while headings.next_if(|heading| heading.last_line < number).is_some() {}
            let heading = headings.peek().filter(|heading| heading.line_number <= number);
            let continues_text = blocks.peek().is_some_and(|block| match block.kind {
                BlockKind::Paragraph => block.first_line < number && last_definition + 1 != number,
                _ => block.first_line <= number,
            });
            let continues_text = continues_text
                || heading.is_some_and(|heading| heading.line_number < number && last_definition + 1 != number);
            // The paragraph that a table cuts off at its header stays text.
            let is_cut_off = blocks.peek().zip(tables.peek()).is_some_and(|(block, table)| {
                block.first_line <= number && block.last_line + 1 == table.header().line_number()
            });
            if continues_text || is_cut_off || tables.peek().is_some_and(|table| table.span().start() <= at) {
                continue;
            }
            let line = source.line(number);
            let before = source.slice(Span::new(line.start(), at));
            let Some(label) = label(before) else { continue };
            let has_address = !row::trim(source.slice(Span::new(at + 2, line.end()))).is_empty();
            // Where the line below begins a block of its own, the paragraph ends above it; a line of dashes may make a heading of it.
            let ends_here = blocks.peek().is_some_and(|block| block.first_line <= number && block.last_line == number)
                || heading.is_some_and(|heading| heading.last_line == number + 1);
            let address_line = if has_address { number } else { number + 1 };
            if !has_address && (ends_here || number == source.line_count()) {
                continue;
            }
            let address = source.line(address_line);
            let start = if has_address {
                at + 2
            } else {
                address.start() + address_below(source.slice(address), before.contains('>'))
            };
            if let Some((start, end)) = defined(source.text().as_bytes(), start, address.end()) {
                destinations.entry(normalize(label)).or_insert_with(|| Span::new(start, end));
                last_definition = address_line;
            }
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
        if self.is_empty() || label.len() > 999 { None } else { self.destinations.get(&normalize(label)).copied() }
    }
}

/// Where on the line below its label an address may stand: behind blanks, and the marks of the quote that both lines are in.
fn address_below(line: &str, is_quoted: bool) -> usize {
    let is_before = |char: char| matches!(char, ' ' | '\t') || is_quoted && char == '>';
    line.len() - line.trim_start_matches(is_before).len()
}

/// The address that a definition gives, from the offset behind its `]:`, in a line that ends at another; none where what stands there is no
/// definition, as with more than a title behind the address. The title may go on over further lines, but not over a blank one.
fn defined(text: &[u8], at: usize, line_end: usize) -> Option<(usize, usize)> {
    let line = &text[..line_end];
    let is_blank = |byte: &u8| matches!(byte, b' ' | b'\t');
    let blanks = |from: usize| line[from..].iter().take_while(|byte| is_blank(byte)).count();
    let start = at + blanks(at);
    let (start, end, after) = if line.get(start) == Some(&b'<') {
        let end = angled_destination_end(line, start + 1)?;
        (start + 1, end, end + 1)
    } else {
        let end = destination_end(line, start)?;
        (start, end, end)
    };
    let behind = after + blanks(after);
    if start == end || behind == line_end {
        return (start < end).then_some((start, end));
    }
    let title_end = title_end(text, behind).filter(|_| behind > after)?;
    let is_empty = |line: &[u8]| line.iter().all(|byte| is_blank(byte) || *byte == b'\r');
    let mut lines = text[behind..title_end].split(|&byte| byte == b'\n');
    let rest = text[title_end..].split(|&byte| matches!(byte, b'\n' | b'\r')).next().unwrap_or_default();
    (!lines.any(is_empty) && is_empty(rest)).then_some((start, end))
}

/// The label of a definition, from what stands before its `]:`: container prefix, bracket, label.
fn label(before: &str) -> Option<&str> {
    const PREFIX: [char; 3] = [' ', '\t', '>'];
    let mut rest = before.trim_start_matches(PREFIX);
    loop {
        // Behind the marker of a list stands a blank, and before that of a numbered one stand digits.
        let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
        let number = || rest[digits..].strip_prefix(['.', ')']).filter(|_| (1..=9).contains(&digits));
        let footnote = || rest.strip_prefix("[^")?.split_once("]:").map(|(_, inner)| inner);
        let item = rest.strip_prefix(['-', '+', '*']).or_else(number);
        let inner = item.filter(|item| item.starts_with([' ', '\t'])).or_else(footnote);
        let Some(inner) = inner else { break };
        rest = inner.trim_start_matches(PREFIX);
    }
    let label = rest.strip_prefix('[')?;
    (!label.starts_with('^') && !label.trim().is_empty() && !label.contains(['[', ']'])).then_some(label)
}

/// Labels match in any case, with any blanks between their words (`CommonMark` 4.7).
fn normalize(label: &str) -> String {
    let words: Vec<&str> = label.split_whitespace().collect();
    words.join(" ").to_lowercase()
}
