//! Takes the markup off a cell: what readers see of it.

use std::borrow::Cow;

use memchr::memmem;

use crate::table::{ByteKinds, Content, Row};

/// The visible plain text of a cell or of a link's text, trimmed, each run of whitespace one space.
///
/// Links are reduced to their text; emphasis, strikethrough, backticks and HTML tags are taken off, images, comments and footnote marks
/// left out, entities and backslash escapes decoded. Case, punctuation, emoji, `:shortcodes:` and bare URLs stay. Borrowed where nothing changes.
///
/// An approximation of GFM's inline rules in one pass, in time linear in the text; a reference link counts as one whether or not its label is
/// defined, since a cell does not know the document.
#[must_use]
pub fn visible(raw: &str) -> Cow<'_, str> {
    let trimmed = raw.trim();
    if is_plain(trimmed) {
        return Cow::Borrowed(trimmed);
    }
    without_markup(trimmed)
}

/// The same for a trimmed text that need not be plain.
fn without_markup(trimmed: &str) -> Cow<'_, str> {
    if let Some(text) = text_of_whole_link(trimmed).or_else(|| text_of_whole_emphasis(trimmed)) {
        return Cow::Borrowed(text);
    }
    let mut reader = Reader::new(trimmed);
    reader.read();
    Cow::Owned(reader.finish())
}

/// The same for a cell of a row, by its column (from 0); empty where the row has no such cell.
#[must_use]
pub fn visible_cell(row: Row<'_>, column: usize) -> Cow<'_, str> {
    let Some(Content { span, kinds }) = row.content(column) else { return Cow::Borrowed("") };
    if kinds.is_plain() {
        return Cow::Borrowed(row.slice(span));
    }
    if kinds.is_plain_but_for_whitespace() {
        return visible(row.slice(span));
    }
    match row.cell_links(column) {
        // As in most cells with a link, where it is all there is.
        [link] if link.is_plain && link.span == span => {
            Cow::Borrowed(if link.is_image { "" } else { row.slice(link.text) })
        }
        _ => without_markup(row.slice(span).trim()),
    }
}

/// Whether the text holds neither markup nor whitespace to collapse.
fn is_plain(text: &str) -> bool {
    let kinds = ByteKinds::of(text);
    kinds.is_plain()
        || kinds.is_plain_but_for_whitespace() && !text.contains(|char: char| char.is_whitespace() && char != ' ')
}

/// The text of a link that is all there is, as in most cells with a link: `[paper](https://example.org/x)`; none where markup is in it.
fn text_of_whole_link(whole: &str) -> Option<&str> {
    let rest = whole.strip_prefix('[')?;
    let (text, behind) = rest.split_at(memchr::memchr(b']', rest.as_bytes())?);
    let destination = behind.strip_prefix("](")?.as_bytes();
    let end = memchr::memchr3(b'(', b')', b'<', destination)?;
    let is_whole = end + 1 == destination.len() && destination[end] == b')';
    let is_simple = is_whole && memchr::memchr3(b'\\', b' ', b'\t', destination).is_none();
    (is_simple && !text.starts_with('^') && is_plain(text)).then(|| text.trim())
}

/// The text of bold or italics that are all there is: `**text**`; none where markup is in it.
fn text_of_whole_emphasis(whole: &str) -> Option<&str> {
    let inner = whole.strip_prefix('*')?.strip_suffix('*')?;
    let text = inner.strip_prefix('*').and_then(|inner| inner.strip_suffix('*')).unwrap_or(inner);
    let (first, last) = (text.bytes().next()?, text.bytes().next_back()?);
    (first.is_ascii_alphanumeric() && last.is_ascii_alphanumeric() && is_plain(text)).then_some(text)
}

/// A place in the output where markup stood that takes no part in what readers see, if it turns out to be markup.
struct Mark {
    /// Where in the output its characters stand.
    at: usize,
    /// How many bytes it has.
    length: usize,
    /// How many of them are markup and fall away.
    dropped: usize,
}

/// Kinds of emphasis, each with its own stack of openers, so that a closer finds its opener without a search.
const EMPHASIS: [char; 3] = ['*', '_', '~'];

struct Reader<'t> {
    text: &'t str,
    out: String,
    /// Invariant: sorted by place in the output.
    marks: Vec<Mark>,
    /// Open brackets: indices of their marks; an image's mark is two bytes long.
    brackets: Vec<usize>,
    /// Open emphasis by kind: indices of marks.
    openers: [Vec<usize>; 3],
    /// Where the last backtick run of each length starts; none before the first span was sought in vain.
    last_backticks: Option<[usize; LONGEST_BACKTICK_RUN + 1]>,
    /// How many bytes may still be looked at in vain; keeps the whole linear on hostile text.
    patience: usize,
}

/// Longer runs of backticks are text, as in cmark.
const LONGEST_BACKTICK_RUN: usize = 80;

impl<'t> Reader<'t> {
    fn new(text: &'t str) -> Self {
        Self {
            text,
            out: String::with_capacity(text.len()),
            marks: Vec::new(),
            brackets: Vec::new(),
            openers: [Vec::new(), Vec::new(), Vec::new()],
            last_backticks: None,
            patience: 8 * text.len() + 1024,
        }
    }

    fn read(&mut self) {
        let mut at = 0;
        while let Some(rest) = self.text.get(at..).filter(|rest| !rest.is_empty()) {
            let plain = rest.bytes().position(is_special).unwrap_or(rest.len());
            self.out.push_str(&rest[..plain]);
            at += plain;
            let Some(byte) = rest[plain..].bytes().next() else { break };
            at += match byte {
                b'\\' => self.escape(at),
                b'`' => self.backticks(at),
                b'<' => self.angle(at),
                b'&' => self.entity(at),
                b'!' | b'[' => self.open_bracket(at),
                b']' => self.close_bracket(at),
                _ => self.emphasis(at),
            };
        }
    }

    /// The output without what turned out to be markup, whitespace collapsed.
    fn finish(self) -> String {
        let dropped = || self.marks.iter().filter(|mark| mark.dropped > 0);
        // As in most texts.
        if dropped().next().is_none() && is_collapsed(&self.out) {
            return self.out;
        }
        let mut clean = String::with_capacity(self.out.len());
        let mut read = 0;
        for mark in dropped() {
            push_collapsed(&mut clean, self.out.get(read..mark.at).unwrap_or_default());
            read = mark.at + mark.dropped;
        }
        push_collapsed(&mut clean, self.out.get(read..).unwrap_or_default());
        clean.truncate(clean.trim_end().len());
        clean
    }

    fn escape(&mut self, at: usize) -> usize {
        match self.text.as_bytes().get(at + 1) {
            Some(&byte) if byte.is_ascii_punctuation() => {
                self.out.push(char::from(byte));
                2
            }
            _ => self.literal(at, 1),
        }
    }

    fn backticks(&mut self, at: usize) -> usize {
        let length = run_length(self.text, at, b'`');
        match self.code_end(at + length, length) {
            Some(end) => {
                // A cell's `\|` is a pipe in a code span, too.
                for (index, part) in self.text[at + length..end].split("\\|").enumerate() {
                    if index > 0 {
                        self.out.push('|');
                    }
                    self.out.push_str(part);
                }
                end + length - at
            }
            None => self.literal(at, length),
        }
    }

    /// Where the backtick run that closes a code span starts.
    fn code_end(&mut self, from: usize, length: usize) -> Option<usize> {
        if length > LONGEST_BACKTICK_RUN || self.last_backticks.is_some_and(|last| last[length] < from) {
            return None;
        }
        let mut last = [0; LONGEST_BACKTICK_RUN + 1];
        let mut at = from;
        while let Some(offset) = memchr::memchr(b'`', self.text.as_bytes().get(at..)?) {
            let start = at + offset;
            let found = run_length(self.text, start, b'`');
            if found == length {
                return Some(start);
            }
            if let Some(last) = last.get_mut(found) {
                *last = start;
            }
            at = start + found;
        }
        self.last_backticks = Some(last);
        None
    }

    /// A tag, a comment, an autolink, or a `<` of the text.
    fn angle(&mut self, at: usize) -> usize {
        let rest = &self.text[at..];
        if self.patience == 0 {
            return self.literal(at, 1);
        }
        if rest.starts_with("<!--") {
            let Some(length) = memmem::find(&rest.as_bytes()[4..], b"-->") else {
                self.in_vain(rest.len());
                return self.literal(at, 1);
            };
            return length + 7;
        }
        match angle(rest) {
            Angle::Tag { length, is_break } => {
                if is_break {
                    self.out.push(' ');
                }
                length
            }
            Angle::Autolink { length } => {
                self.out.push_str(&rest[1..length - 1]);
                length
            }
            Angle::Text { looked_at } => {
                self.in_vain(looked_at);
                self.literal(at, 1)
            }
        }
    }

    fn entity(&mut self, at: usize) -> usize {
        match entity(&self.text[at..]) {
            Some((decoded, length)) => {
                self.out.push_str(&decoded);
                length
            }
            None => self.literal(at, 1),
        }
    }

    fn open_bracket(&mut self, at: usize) -> usize {
        let is_image = self.text[at..].starts_with("![");
        if is_image || self.text.as_bytes()[at] == b'[' {
            if let Some(length) = footnote(&self.text[at..]) {
                return length;
            }
            let length = 1 + usize::from(is_image);
            self.brackets.push(self.marks.len());
            self.marks.push(Mark { at: self.out.len(), length, dropped: 0 });
            return self.literal(at, length);
        }
        self.literal(at, 1)
    }

    fn close_bracket(&mut self, at: usize) -> usize {
        let Some(index) = self.brackets.pop() else { return self.literal(at, 1) };
        let rest = &self.text[at + 1..];
        let target = if self.patience == 0 { Target::None { looked_at: 0 } } else { target(rest) };
        match target {
            Target::Found { length } => {
                let (start, is_image) = (self.marks[index].at, self.marks[index].length == 2);
                if is_image {
                    self.out.truncate(start);
                    self.out.push(' ');
                    self.marks.truncate(index);
                    for openers in &mut self.openers {
                        while openers.pop_if(|opener| *opener >= index).is_some() {}
                    }
                } else {
                    self.marks[index].dropped = 1;
                }
                1 + length
            }
            Target::None { looked_at } => {
                self.in_vain(looked_at);
                self.literal(at, 1)
            }
        }
    }

    fn emphasis(&mut self, at: usize) -> usize {
        let byte = self.text.as_bytes()[at];
        let length = run_length(self.text, at, byte);
        let kind = EMPHASIS.iter().position(|&kind| kind == char::from(byte)).unwrap_or_default();
        if byte == b'~' && length > 2 {
            return self.literal(at, length);
        }
        let before = self.text[..at].chars().next_back().unwrap_or(' ');
        let after = self.text[at + length..].chars().next().unwrap_or(' ');
        let (can_open, can_close) = flanking(byte, before, after);
        let mut mark = Mark { at: self.out.len(), length, dropped: 0 };
        if can_close {
            self.close_emphasis(kind, &mut mark);
        }
        if mark.dropped == mark.length {
            return length;
        }
        // What is left of the run stands in the output; what closed something is not even written.
        mark.length -= mark.dropped;
        mark.dropped = 0;
        let left = mark.length;
        if can_open {
            self.openers[kind].push(self.marks.len());
            self.marks.push(mark);
        }
        self.literal(at, left);
        length
    }

    /// Pairs a closing run with the openers before it, latest first; says in `dropped` how much of it closed something.
    fn close_emphasis(&mut self, kind: usize, closer: &mut Mark) {
        while closer.dropped < closer.length {
            let Some(&index) = self.openers[kind].last() else { return };
            let opener = &mut self.marks[index];
            let left = opener.length - opener.dropped;
            if EMPHASIS[kind] == '~' && left != closer.length {
                return;
            }
            let paired = left.min(closer.length - closer.dropped);
            opener.dropped += paired;
            closer.dropped += paired;
            if opener.dropped == opener.length {
                self.openers[kind].pop();
            }
            // Openers of other kinds in between stay unpaired, since emphasis nests.
            for openers in &mut self.openers {
                while openers.pop_if(|opener| *opener > index).is_some() {}
            }
        }
    }

    /// Copies bytes of the text, which are on character boundaries, into the output.
    fn literal(&mut self, at: usize, length: usize) -> usize {
        self.out.push_str(self.text.get(at..at + length).unwrap_or_default());
        length
    }

    fn in_vain(&mut self, looked_at: usize) {
        self.patience = self.patience.saturating_sub(looked_at);
    }
}

/// Whether a text has no whitespace at its ends, and elsewhere only single spaces.
fn is_collapsed(text: &str) -> bool {
    !text.starts_with(char::is_whitespace) && !text.ends_with(char::is_whitespace) && next_run(text).is_none()
}

/// Writes a text with each run of whitespace one space, and none at the beginning of all.
fn push_collapsed(clean: &mut String, text: &str) {
    let mut rest = text;
    loop {
        let behind = rest.trim_start();
        if behind.len() < rest.len() && !clean.is_empty() && !clean.ends_with(' ') {
            clean.push(' ');
        }
        let run = next_run(behind);
        clean.push_str(&behind[..run.unwrap_or(behind.len())]);
        match run {
            Some(at) => rest = &behind[at..],
            None => return,
        }
    }
}

/// Where the first whitespace of a text is that is more than a space between others; the text does not begin with any.
fn next_run(text: &str) -> Option<usize> {
    let bytes = text.as_bytes();
    let mut from = 0;
    loop {
        let at = from + bytes[from..].iter().position(|&byte| KINDS[usize::from(byte)] & WHITESPACE != 0)?;
        let first = text[at..].chars().next()?;
        let is_run = if first == ' ' { bytes.get(at + 1) == Some(&b' ') } else { first.is_whitespace() };
        if is_run {
            // A single space before other whitespace is a part of the run.
            return Some(at - usize::from(at > 0 && bytes[at - 1] == b' '));
        }
        from = at + first.len_utf8();
    }
}

/// What may begin markup.
const SPECIAL: u8 = 1;

/// The blanks of ASCII, and the bytes that other whitespace begins with.
const WHITESPACE: u8 = 2;

static KINDS: [u8; 256] = {
    let mut kinds = [0; 256];
    let mut byte = 0;
    while byte < 256 {
        #[expect(clippy::cast_possible_truncation, reason = "it is below 256")]
        let kind = match byte as u8 {
            b'\\' | b'`' | b'<' | b'&' | b'!' | b'[' | b']' | b'*' | b'_' | b'~' => SPECIAL,
            b' ' | b'\t'..=b'\r' | 0xc2 | 0xe1..=0xe3 => WHITESPACE,
            _ => 0,
        };
        kinds[byte] = kind;
        byte += 1;
    }
    kinds
};

fn is_special(byte: u8) -> bool {
    KINDS[usize::from(byte)] & SPECIAL != 0
}

fn run_length(text: &str, at: usize, byte: u8) -> usize {
    text.as_bytes()[at..].iter().take_while(|&&other| other == byte).count()
}

/// Whether a delimiter run may open and may close emphasis (`CommonMark` 6.2).
fn flanking(byte: u8, before: char, after: char) -> (bool, bool) {
    let is_mark = |char: char| !char.is_alphanumeric() && !char.is_whitespace();
    let opens = !after.is_whitespace() && (!is_mark(after) || before.is_whitespace() || is_mark(before));
    let closes = !before.is_whitespace() && (!is_mark(before) || after.is_whitespace() || is_mark(after));
    // An underscore inside a word is a letter of it.
    if byte == b'_' {
        (opens && (!closes || is_mark(before)), closes && (!opens || is_mark(after)))
    } else {
        (opens, closes)
    }
}

/// The text of the entity that the text starts with, and the entity's length in bytes.
pub(super) fn entity(text: &str) -> Option<(String, usize)> {
    // The longest name, `CounterClockwiseContourIntegral`, has 31 letters.
    const LONGEST: usize = 34;
    let window = &text.as_bytes()[..text.len().min(LONGEST)];
    let length = memchr::memchr(b';', window)? + 1;
    match html_escape::decode_html_entities(text.get(..length)?) {
        Cow::Owned(decoded) => Some((decoded, length)),
        Cow::Borrowed(_) => None,
    }
}

/// What a `<` begins.
enum Angle {
    Tag { length: usize, is_break: bool },
    Autolink { length: usize },
    Text { looked_at: usize },
}

/// Reads what begins with `<`: a tag of HTML, a little laxer than `CommonMark`, or an autolink.
fn angle(text: &str) -> Angle {
    let bytes = text.as_bytes();
    let name_start = 1 + usize::from(bytes.get(1) == Some(&b'/'));
    let is_name = |byte: &&u8| byte.is_ascii_alphanumeric() || matches!(**byte, b'-' | b'+' | b'.');
    let name_end = name_start + bytes[name_start..].iter().take_while(is_name).count();
    let name = &text[name_start..name_end];
    if !name.starts_with(|char: char| char.is_ascii_alphabetic()) {
        return Angle::Text { looked_at: name_end };
    }
    match bytes.get(name_end) {
        Some(b':' | b'@') => {
            let end = bytes[name_end..].iter().position(|&byte| matches!(byte, b'<' | b'>' | 0..=b' '));
            match end.map(|offset| name_end + offset) {
                Some(end) if bytes[end] == b'>' => Angle::Autolink { length: end + 1 },
                end => Angle::Text { looked_at: end.unwrap_or(text.len()) },
            }
        }
        Some(b'>' | b'/' | b' ' | b'\t') => {
            let mut quote = None;
            for (at, &byte) in bytes.iter().enumerate().skip(name_end) {
                match (quote, byte) {
                    (None, b'>') => return Angle::Tag { length: at + 1, is_break: is_break(name) },
                    (None, b'<') => return Angle::Text { looked_at: at },
                    // A quotation mark counts only where a value may start: `title="a > b"`.
                    (None, b'"' | b'\'') if bytes[at - 1] == b'=' => quote = Some(byte),
                    (Some(open), _) if open == byte => quote = None,
                    _ => {}
                }
            }
            Angle::Text { looked_at: text.len() }
        }
        _ => Angle::Text { looked_at: name_end },
    }
}

/// Whether a tag sets apart what stands before and behind it.
fn is_break(name: &str) -> bool {
    const BREAKS: [&str; 22] = [
        "br",
        "p",
        "div",
        "li",
        "ul",
        "ol",
        "td",
        "th",
        "tr",
        "table",
        "hr",
        "img",
        "picture",
        "video",
        "details",
        "summary",
        "h1",
        "h2",
        "h3",
        "h4",
        "blockquote",
        "pre",
    ];
    BREAKS.iter().any(|tag| tag.eq_ignore_ascii_case(name))
}

/// The length of a footnote mark (`[^1]`) at the start of the text.
fn footnote(text: &str) -> Option<usize> {
    const LONGEST: usize = 64;
    let label = text.strip_prefix("[^")?;
    let window = &label.as_bytes()[..label.len().min(LONGEST)];
    let end = window.iter().position(|&byte| matches!(byte, b']' | b'[' | b' '))?;
    (end > 0 && window[end] == b']' && window.get(end + 1) != Some(&b'(')).then_some(end + 3)
}

/// What stands behind a closing bracket.
enum Target {
    /// A destination or a label, so many bytes long.
    Found {
        length: usize,
    },
    None {
        looked_at: usize,
    },
}

/// Reads `(destination "title")` or `[label]`.
fn target(text: &str) -> Target {
    match text.bytes().next() {
        Some(b'(') => destination(text),
        Some(b'[') => {
            // CommonMark: a label has at most 999 characters and no bracket inside.
            let window = &text.as_bytes()[1..text.len().min(1000)];
            match memchr::memchr2(b'[', b']', window) {
                Some(end) if window[end] == b']' => Target::Found { length: end + 2 },
                end => Target::None { looked_at: end.unwrap_or(window.len()) },
            }
        }
        _ => Target::None { looked_at: 0 },
    }
}

/// Reads `(destination "title")`, blanks inside the parentheses allowed.
fn destination(text: &str) -> Target {
    // The limit of cmark.
    const DEEPEST: usize = 32;
    let bytes = text.as_bytes();
    let blanks = |from: usize| from + bytes[from..].iter().take_while(|byte| matches!(byte, b' ' | b'\t')).count();
    let start = blanks(1);
    let mut at = start;
    let mut depth = 0_usize;
    if bytes.get(at) == Some(&b'<') {
        match memchr::memchr2(b'<', b'>', &bytes[at + 1..]) {
            Some(end) if bytes[at + 1 + end] == b'>' => at += end + 2,
            end => return Target::None { looked_at: at + end.unwrap_or(text.len()) },
        }
    } else {
        while let Some(&byte) = bytes.get(at) {
            match byte {
                b'\\' if bytes.get(at + 1).is_some_and(u8::is_ascii_punctuation) => at += 1,
                b' ' | b'\t' => break,
                b')' if depth == 0 => break,
                b')' => depth -= 1,
                b'(' if depth == DEEPEST => return Target::None { looked_at: at },
                b'(' => depth += 1,
                _ => {}
            }
            at += 1;
        }
    }
    let end = blanks(at.min(bytes.len()));
    let title_end = match bytes.get(end) {
        Some(&open @ (b'"' | b'\'' | b'(')) if end > at => {
            let close = if open == b'(' { b')' } else { open };
            match memchr::memchr(close, &bytes[end + 1..]) {
                Some(length) => blanks(end + length + 2),
                None => return Target::None { looked_at: text.len() },
            }
        }
        _ => end,
    };
    match bytes.get(title_end) {
        Some(b')') if depth == 0 => Target::Found { length: title_end + 1 },
        _ => Target::None { looked_at: title_end.min(text.len()) },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(raw: &str, expected: &str) {
        assert_eq!(visible(raw), expected);
    }

    #[test]
    fn plain_text_is_borrowed() {
        for raw in ["", "a", " a plain title: of (2) parts! ", "日本語の題", "naïve – ‘quoted’", "] a"] {
            assert!(matches!(visible(raw), Cow::Borrowed(text) if text == raw.trim()), "{raw}");
        }
    }

    #[test]
    fn whitespace_of_every_kind_is_one_space() {
        check(" a  b\tc\u{a0}d\u{3000}e&nbsp;&emsp;f ", "a b c d e f");
        check("*a*  ", "a");
    }

    #[test]
    fn a_link_that_is_all_there_is_reads_as_one_among_others() {
        for link in [
            "[a b](https://x.org/a_b*c)",
            "[ a ](x)",
            "[](x)",
            "[a!](x)",
            "[a]()",
            "[日本](é)",
            "[^a](x)",
            "[a\u{a0}b](x)",
        ] {
            let among = visible(&format!("{link}<b></b>")).into_owned();
            check(link, &among);
            assert_eq!(visible(&format!("x {link}")), format!("x {among}").trim_end());
        }
        for not_whole in ["[a](b)(c)", "[a](b c)", "[a](<b>)", "[a](b\\)", "[a](b))", "[a](b", "[a] (b)"] {
            assert!(text_of_whole_link(not_whole).is_none(), "{not_whole}");
        }
    }

    #[test]
    fn a_link_is_its_text() {
        check("[a b](https://x.org/a_(b)_c)", "a b");
        check("**[a](x \"title\")** [b][ref] [c][] [d]( <u v> ) [e]()", "a b c d e");
        check("[a [b] c](x)", "a [b] c");
        check("[a](not a destination)", "[a](not a destination)");
        check("[a] (x)", "[a] (x)");
        check("a[0] and b]", "a[0] and b]");
    }

    #[test]
    fn images_and_badges_are_left_out() {
        check("![badge](x) a ![b][ref]", "a");
        check("[![badge](a)](b) title", "title");
        check("[![badge *x](a) **name**](b)", "name");
        check("a!b ![alt]", "a!b ![alt]");
    }

    #[test]
    fn emphasis_falls_only_where_it_is_paired() {
        check("**a** *b* _c_ __d__ ~~e~~ ~f~ ***g***", "a b c d e f g");
        check("snake_case_name", "snake_case_name");
        check("a * b * c", "a * b * c");
        check("A* search, 2024*", "A* search, 2024*");
        check("**a*", "*a");
        check("*a _b* c_", "a _b c_");
        check("~100 to ~~200", "~100 to ~~200");
        check("un*frigging*believable", "unfriggingbelievable");
    }

    #[test]
    fn code_spans_are_literal() {
        check("`a_b*c*` ``d`e`` `f\\|g` `&amp;`", "a_b*c* d`e f|g &amp;");
        check("`a ``b", "`a ``b");
        check("`[a](b)`", "[a](b)");
    }

    #[test]
    fn tags_and_comments_are_left_out() {
        check("a<br>b<BR/>c</br>d", "a b c d");
        check("H<sub>2</sub>O <a href=\"x>y\">z</a>", "H2O z");
        check("a<!-- | b -->c", "ac");
        check("a <b, c > d <3 <!-- e", "a <b, c > d <3 <!-- e");
        check("<img src='x'>a", "a");
        check("<https://x.org/a_b_> <me@x.org>", "https://x.org/a_b_ me@x.org");
        check("< a>", "< a>");
    }

    #[test]
    fn entities_and_escapes_are_decoded() {
        check("R&amp;D &#39;a&#x27; &lt;b&gt; &nope; AT&T", "R&D 'a' <b> &nope; AT&T");
        check("a\\|b \\*c\\* \\d", "a|b *c* \\d");
        check("&#42;a&#42;", "*a*");
    }

    #[test]
    fn footnote_marks_are_left_out() {
        check("a[^1] b[^note]", "a b");
        check("[^](x)", "^");
    }

    #[test]
    fn hostile_text_takes_linear_time() {
        let parts = [
            "[",
            "![",
            "]",
            "[](",
            "[a](b ",
            "[a](b \"",
            "[a](<b",
            "[a][",
            "*a",
            "_a*",
            "**a_~",
            "*a*",
            "<a ",
            "<a x=\"",
            "<a b='\" c=\"",
            "<!--",
            "<!-",
            "`",
            "``a`",
            "&",
            "&a",
            "\\",
            "~a~~",
        ];
        for part in parts {
            let _ = visible(&part.repeat(50_000));
        }
        let runs: String = (1..1500).map(|length| "`".repeat(length) + "a").collect();
        let _ = visible(&runs);
    }
}
