//! Finds the links of a cell, with exact places, as GFM reads them.

use std::borrow::Cow;

use finl_unicode::categories::CharacterCategories;
use rustc_hash::FxHashMap;

use super::definition::{Definitions, MAX_LABEL_LEN, trim_label};
use super::html::{Absent, Angle, angle};
use super::kinds::{ByteKinds, bytes_in};
use crate::source::{Source, Span};

/// How a link is written.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum LinkKind {
    /// `[text](destination)`
    Inline,
    /// `[text][label]`, `[label][]` or `[label]`, with a definition elsewhere.
    Reference,
    /// `<https://…>`
    Autolink,
    /// `https://…` or `www.…` in the text.
    Bare,
    /// `<a href="…">…</a>`, `<img src="…">`
    Html,
}

/// A link or an image in a cell.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Link {
    /// How it is written.
    pub kind: LinkKind,
    /// Whether it shows a picture: `![text](destination)`, `<img>`.
    pub is_image: bool,
    /// Whether it stands in the text of another link, as a badge does: `[![text](picture)](destination)`.
    pub is_nested: bool,
    /// Whether it is written as nearly all are: `[text](https://example.org/…)` or `![…](https://…)`.
    ///
    /// Its text is what readers see, begins and ends with a letter or digit of ASCII, and holds no link. Its address begins with `https://` or
    /// `http://` and a name with a dot behind its first label; it is of letters and digits of ASCII and of `-._~/?#=+,;!$`, none of which means
    /// anything in Markdown, and ends with a letter, a digit or a slash; there are neither blanks nor a title around it, and no bracket behind
    /// the link. The text of a picture may be any.
    pub is_plain: bool,
    /// The whole of it.
    pub span: Span,
    /// What readers see: between the brackets or tags; the address itself where there is no other text.
    pub text: Span,
    /// The address as written, without blanks and angle brackets around it; of a reference, in its definition.
    pub destination: Span,
}

impl Link {
    /// The address that the link leads to: escapes and entities in it resolved, blanks around it gone.
    #[must_use]
    pub fn url<'s>(&self, source: &'s Source) -> Cow<'s, str> {
        let destination = source.slice(self.destination);
        if self.is_plain {
            return Cow::Borrowed(destination);
        }
        match self.kind {
            // A bare address is text: only GFM's own escape is none of it.
            LinkKind::Bare => without_escaped_pipes(destination),
            // Entities mean what they mean in text, other escapes nothing (`CommonMark` 6.4 and 2.5).
            LinkKind::Autolink => match without_escaped_pipes(destination) {
                Cow::Borrowed(address) => html_escape::decode_html_entities(address),
                Cow::Owned(address) => Cow::Owned(html_escape::decode_html_entities(&address).into_owned()),
            },
            LinkKind::Html => html_escape::decode_html_entities(destination.trim()),
            // Angle brackets may have blanks within, which cmark-gfm takes off (`cmark_clean_url`).
            LinkKind::Inline | LinkKind::Reference => {
                unescape(destination.trim_matches([' ', '\t', '\n', '\r', '\u{b}', '\u{c}']))
            }
        }
    }
}

fn without_escaped_pipes(text: &str) -> Cow<'_, str> {
    if text.contains("\\|") { Cow::Owned(text.replace("\\|", "|")) } else { Cow::Borrowed(text) }
}

/// Entities, then backslash escapes before ASCII punctuation, resolved (`CommonMark` 2.5 and 2.4; in this order by cmark's `cmark_clean_url`, so that in
/// an address even `\&amp;` is an ampersand).
fn unescape(text: &str) -> Cow<'_, str> {
    let decoded = html_escape::decode_html_entities(text);
    if memchr::memchr(b'\\', decoded.as_bytes()).is_none() {
        return decoded;
    }
    let mut plain = String::with_capacity(decoded.len());
    let mut rest = &*decoded;
    while let Some(at) = memchr::memchr(b'\\', rest.as_bytes()) {
        let escaped = rest[at + 1..].chars().next().filter(char::is_ascii_punctuation);
        plain.push_str(&rest[..at]);
        plain.push(escaped.unwrap_or('\\'));
        rest = &rest[at + 1 + escaped.map_or(0, char::len_utf8)..];
    }
    plain.push_str(rest);
    Cow::Owned(plain)
}

/// Finds the links of a cell's text, which begins at byte `base` of its source, and adds them to `links` in the order of their ends.
///
/// `opaque` is told of what hides Markdown from readers: code spans, tags, comments.
pub fn scan(text: &str, base: usize, definitions: &Definitions, links: &mut Vec<Link>, opaque: &mut dyn FnMut(Span)) {
    scan_again(text, ByteKinds::of(text), base, definitions, links, opaque, &mut Vec::new());
}

/// The same for one of many cells, whose kinds of bytes are known: `openers` is a place to work in, empty before and behind.
///
/// Says whether all links are plain, and no bracket, tag or code span stands outside of them.
pub(super) fn scan_again(
    text: &str,
    kinds: ByteKinds,
    base: usize,
    definitions: &Definitions,
    links: &mut Vec<Link>,
    opaque: &mut dyn FnMut(Span),
    openers: &mut Vec<Opener>,
) -> bool {
    let bytes = text.as_bytes();
    let is_special = if kinds.may_have_www() { &IS_SPECIAL_OR_W } else { &IS_SPECIAL };
    let Some(start) = bytes.iter().position(|&byte| is_special[usize::from(byte)]) else { return true };
    let links_before = links.len();
    let mut scanner = Scanner {
        text,
        bytes,
        kinds,
        is_special,
        base,
        definitions,
        links,
        opaque,
        openers: std::mem::take(openers),
        inactive: 0,
        floor: 0,
        backticks: None,
        absent: Absent::default(),
        anchors: Vec::new(),
        outermost: Vec::new(),
        looked_at: links_before,
        is_plain: true,
    };
    scanner.run(start);
    let is_plain = scanner.is_plain && scanner.openers.is_empty();
    scanner.openers.clear();
    *openers = scanner.openers;
    is_plain
}

struct Scanner<'a> {
    text: &'a str,
    bytes: &'a [u8],
    kinds: ByteKinds,
    /// Bytes that may begin or end something.
    is_special: &'static [bool; 256],
    base: usize,
    definitions: &'a Definitions,
    links: &'a mut Vec<Link>,
    opaque: &'a mut dyn FnMut(Span),
    openers: Vec<Opener>,
    /// The openers below this place can open an image, but no link: links do not nest.
    inactive: usize,
    /// What stands before this offset belongs to something that was read already.
    floor: usize,
    backticks: Option<Backticks>,
    absent: Absent,
    /// Unclosed `<a href=…>`.
    anchors: Vec<Link>,
    /// The places of links that no anchor holds yet, among those before `looked_at`.
    outermost: Vec<usize>,
    looked_at: usize,
    /// Whether nothing but plain links was found.
    is_plain: bool,
}

/// A bracket that may begin a link.
#[derive(Clone, Copy)]
pub(super) struct Opener {
    /// The offset of the `[`, or of the `!` before it.
    start: usize,
    /// The offset behind the `[`.
    text: usize,
    is_image: bool,
    /// How many links the scan had found when this opened.
    links: usize,
}

impl Scanner<'_> {
    fn run(&mut self, start: usize) {
        let mut at = start;
        while let Some(special) = self.bytes[at..].iter().position(|&byte| self.is_special[usize::from(byte)]) {
            at += special;
            self.is_plain &= matches!(self.bytes[at], b'[' | b']' | b':' | b'w');
            at = match self.bytes[at] {
                b'\\' => {
                    let len = escape_len(&self.bytes[at..]);
                    self.floor = at + len;
                    at + len
                }
                b'`' => self.code_span(at),
                b'<' => self.angle(at),
                b'[' => self.open(at),
                b']' => self.close(at),
                b':' => self.bare_url(at).unwrap_or(at + 1),
                _ => self.bare_www(at).unwrap_or(at + 1),
            };
        }
    }

    fn span(&self, start: usize, end: usize) -> Span {
        Span::new(self.base + start, self.base + end)
    }

    fn code_span(&mut self, at: usize) -> usize {
        let bytes = self.bytes;
        let run = self.backticks.get_or_insert_with(|| Backticks::new(bytes)).run_at(at);
        let end = run.closer.unwrap_or(run.end);
        if run.closer.is_some() {
            (self.opaque)(Span::new(self.base + at, self.base + end));
            self.floor = end;
        }
        end
    }

    fn angle(&mut self, at: usize) -> usize {
        let Some(found) = angle(&self.bytes[at..], &mut self.absent) else { return at + 1 };
        let html = |is_image, len: usize, start: usize, end: usize, scanner: &Self| Link {
            kind: LinkKind::Html,
            is_image,
            is_nested: false,
            is_plain: false,
            span: scanner.span(at, at + len),
            text: scanner.span(at + len, at + len),
            destination: scanner.span(at + start, at + end),
        };
        let len = match found {
            Angle::Autolink(len) => {
                let inner = self.span(at + 1, at + len - 1);
                let span = self.span(at, at + len);
                self.links.push(Link {
                    kind: LinkKind::Autolink,
                    is_image: false,
                    is_nested: false,
                    is_plain: false,
                    span,
                    text: inner,
                    destination: inner,
                });
                len
            }
            Angle::Opaque(len) => len,
            Angle::Image(len, start, end) => {
                let link = html(true, len, start, end, self);
                self.links.push(link);
                len
            }
            Angle::Anchor(len, start, end) => {
                let link = html(false, len, start, end, self);
                self.anchors.push(link);
                len
            }
            Angle::AnchorEnd(len) => {
                if let Some(mut link) = self.anchors.pop() {
                    link.text = link.text.to(self.span(at, at));
                    link.span = link.span.to(self.span(at, at + len));
                    self.push_around(link);
                }
                len
            }
        };
        if !matches!(found, Angle::Autolink(_)) {
            let span = self.span(at, at + len);
            (self.opaque)(span);
        }
        self.floor = at + len;
        at + len
    }

    fn open(&mut self, at: usize) -> usize {
        // Behind `![^`, cmark looks for a footnote, and not for an image.
        let is_image = at > self.floor && self.bytes[at - 1] == b'!' && self.bytes.get(at + 1) != Some(&b'^');
        self.openers.push(Opener {
            start: at - usize::from(is_image),
            text: at + 1,
            is_image,
            links: self.links.len(),
        });
        at + 1
    }

    fn close(&mut self, at: usize) -> usize {
        let was_plain = std::mem::replace(&mut self.is_plain, false);
        let Some(opener) = self.openers.pop() else { return at + 1 };
        let is_active = opener.is_image || self.openers.len() >= self.inactive;
        self.inactive = self.inactive.min(self.openers.len());
        if !is_active {
            return at + 1;
        }
        let mut is_plain = false;
        let (kind, destination, end) = if let Some(target) = inline_target(self.bytes, at + 1) {
            let holds_links = self.links.len() > opener.links;
            is_plain = !holds_links
                && target.is_plain
                && !matches!(self.bytes.get(target.end), Some(b')' | b'}' | 0xef))
                && (opener.is_image || self.is_plain_text(opener.text, at, was_plain));
            self.is_plain = was_plain && is_plain;
            (LinkKind::Inline, self.span(target.destination.0, target.destination.1), target.end)
        } else if let Some((destination, end)) = self.reference_target(opener, at) {
            (LinkKind::Reference, destination, end)
        } else {
            return at + 1;
        };
        let link = Link {
            kind,
            is_image: opener.is_image,
            is_nested: false,
            is_plain,
            span: self.span(opener.start, end),
            text: self.span(opener.text, at),
            destination,
        };
        if !opener.is_image {
            self.inactive = self.openers.len();
            for inner in &mut self.links[opener.links..] {
                inner.is_nested = true;
            }
        }
        self.links.push(link);
        self.floor = end;
        end
    }

    /// Whether a link's text is what readers see, and begins and ends with a letter or digit of ASCII; it holds no link.
    /// `is_unbroken` says that nothing was found so far but plain links, so that no bracket stands in the text.
    fn is_plain_text(&self, start: usize, end: usize, is_unbroken: bool) -> bool {
        let bytes = &self.bytes[start..end];
        bytes.first().is_some_and(u8::is_ascii_alphanumeric)
            && bytes.last().is_some_and(u8::is_ascii_alphanumeric)
            && (is_unbroken && self.kinds.is_plain_but_for_brackets()
                || ByteKinds::of(&self.text[start..end]).is_plain())
    }

    /// Where `[text][label]`, `[label][]` or `[label]` leads, and the offset behind it; `at` is that of the first `]`.
    fn reference_target(&self, opener: Opener, at: usize) -> Option<(Span, usize)> {
        if self.definitions.is_empty() {
            return None;
        }
        let text = &self.text[opener.text..at];
        let defined = |label: &str| self.definitions.get(&without_escaped_pipes(label));
        if self.bytes.get(at + 1) == Some(&b'[') {
            let label_end = label_end(&self.bytes[at + 2..]).map(|end| at + 2 + end);
            if let Some(end) = label_end {
                let label = &self.text[at + 2..end];
                let label = if trim_label(label).is_empty() { text } else { label };
                return defined(label).map(|destination| (destination, end + 1));
            }
        }
        defined(text).map(|destination| (destination, at + 1))
    }

    /// Adds a link that reaches around links found since it opened.
    fn push_around(&mut self, link: Link) {
        self.outermost.extend(self.looked_at..self.links.len());
        self.looked_at = self.links.len();
        while let Some(inner) = self.outermost.pop_if(|&mut inner| self.links[inner].span.start() >= link.span.start())
        {
            self.links[inner].is_nested = true;
        }
        self.links.push(link);
    }

    /// `scheme://…` around the `:` at an offset (GFM 6.9, as comrak reads it).
    fn bare_url(&mut self, at: usize) -> Option<usize> {
        if !self.openers.is_empty() || !self.bytes[at..].starts_with(b"://") {
            return None;
        }
        let scheme_len = self.bytes[..at].iter().rev().take_while(|byte| byte.is_ascii_alphabetic()).count();
        let start = at - scheme_len;
        if start < self.floor
            || !["http", "https", "ftp"].iter().any(|scheme| self.text[start..at].eq_ignore_ascii_case(scheme))
        {
            return None;
        }
        let domain = &self.text[at + 3..];
        if !domain.chars().next().is_some_and(is_host_character) {
            return None;
        }
        let end = at + 3 + domain_len(domain, true)?;
        Some(self.push_bare(start, end))
    }

    /// `www.…` at an offset.
    fn bare_www(&mut self, at: usize) -> Option<usize> {
        let follows_delimiter = at == 0 || b" \t*_~([".contains(&self.bytes[at - 1]);
        if !self.openers.is_empty() || !follows_delimiter || !self.bytes[at..].starts_with(b"www.") {
            return None;
        }
        let end = at + 4 + domain_len(&self.text[at + 4..], false)?;
        Some(self.push_bare(at, end))
    }

    fn push_bare(&mut self, start: usize, domain_end: usize) -> usize {
        self.is_plain = false;
        let len = self.bytes[domain_end..]
            .iter()
            .position(|&byte| matches!(byte, b' ' | b'\t'))
            .unwrap_or(self.bytes.len() - domain_end);
        let end = start + without_trailing_punctuation(&self.bytes[start..domain_end + len]);
        let span = self.span(start, end);
        self.links.push(Link {
            kind: LinkKind::Bare,
            is_image: false,
            is_nested: false,
            is_plain: false,
            span,
            text: span,
            destination: span,
        });
        self.floor = end;
        end
    }
}

static IS_SPECIAL: [bool; 256] = bytes_in(b"\\`<[]:");

/// The same for texts in which `www.` may begin a link.
static IS_SPECIAL_OR_W: [bool; 256] = bytes_in(b"\\`<[]:w");

/// Means something in a destination without angle brackets: blanks and control characters end it, parentheses stand in it in pairs.
const SYNTAX: u8 = 1 << 0;
/// Not to be found in a plain link's destination.
const ODD: u8 = 1 << 1;

static IN_DESTINATION: [u8; 256] = {
    let mut table = [0; 256];
    let mut byte = 0;
    while byte < 256 {
        #[expect(clippy::cast_possible_truncation, reason = "it is below 256")]
        let kind = match byte as u8 {
            // NUL is read as U+FFFD (CommonMark 2.3), which is no control character.
            1..=b' ' | 0x7f | b'\\' | b'(' | b')' => SYNTAX,
            b'-' | b'.' | b'_' | b'~' | b'/' | b'?' | b'#' | b'=' | b'+' | b',' | b';' | b'!' | b'$' => 0,
            other if other.is_ascii_alphanumeric() => 0,
            _ => ODD,
        };
        table[byte] = kind;
        byte += 1;
    }
    table
};

fn is_space(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t' | 0x0b | 0x0c)
}

/// How many bytes a backslash and what it escapes take. GFM makes a pipe of `\|` before it reads inlines, so `\\|` is an escaped pipe.
fn escape_len(bytes: &[u8]) -> usize {
    match bytes {
        [_, b'\\', b'|', ..] => 3,
        [_, next, ..] if next.is_ascii_punctuation() => 2,
        _ => 1,
    }
}

/// What follows the text of an inline link: `(destination "title")`.
struct Target {
    /// The offsets of the destination's first byte and of the byte behind its last.
    destination: (usize, usize),
    /// The offset behind the closing parenthesis.
    end: usize,
    /// Whether the destination is that of a plain link, and there is nothing else.
    is_plain: bool,
}

fn inline_target(bytes: &[u8], at: usize) -> Option<Target> {
    if bytes.get(at) != Some(&b'(') {
        return None;
    }
    // Nearly all destinations begin at once, and are plain.
    if let Some(after_scheme) = scheme_end(bytes, at + 1) {
        let rest = &bytes[after_scheme..];
        let (len, has_odd) = destination_len(rest);
        if rest.get(len) == Some(&b')') {
            let end = after_scheme + len;
            let is_plain = !has_odd && begins_plainly(rest) && ends_plainly(&rest[..len]);
            return Some(Target { destination: (at + 1, end), end: end + 1, is_plain });
        }
    }
    let start = at + 1 + spaces(&bytes[at + 1..]);
    let (start, end, after) = if bytes.get(start) == Some(&b'<') {
        let end = angled_destination_end(bytes, start + 1)?;
        (start + 1, end, end + 1)
    } else {
        let end = destination_end(bytes, start)?;
        (start, end, end)
    };
    let blank = spaces(&bytes[after..]);
    let mut close = after + blank;
    if blank > 0
        && let Some(title_end) = title_end(bytes, close)
    {
        close = title_end + spaces(&bytes[title_end..]);
    }
    (bytes.get(close) == Some(&b')')).then_some(Target { destination: (start, end), end: close + 1, is_plain: false })
}

/// How many bytes stand before one that means something in a destination, and whether any of them is odd.
fn destination_len(bytes: &[u8]) -> (usize, bool) {
    let kind = |byte: u8| IN_DESTINATION[usize::from(byte)];
    let (mut len, mut seen) = (0, 0);
    // By fours, since this looks at nearly every byte of a list's addresses.
    for &four in bytes.as_chunks::<4>().0 {
        let kinds = kind(four[0]) | kind(four[1]) | kind(four[2]) | kind(four[3]);
        if kinds & SYNTAX != 0 {
            break;
        }
        seen |= kinds;
        len += 4;
    }
    for &byte in &bytes[len..] {
        let kind = kind(byte);
        if kind & SYNTAX != 0 {
            break;
        }
        seen |= kind;
        len += 1;
    }
    (len, seen & ODD != 0)
}

/// The offset behind `https://` or `http://`, where that begins at an offset.
fn scheme_end(bytes: &[u8], at: usize) -> Option<usize> {
    let rest = &bytes[at..];
    if rest.starts_with(b"https://") {
        Some(at + 8)
    } else if rest.starts_with(b"http://") {
        Some(at + 7)
    } else {
        None
    }
}

/// Whether an address, without its scheme, begins with a label of letters and digits, a dot, and another label.
fn begins_plainly(address: &[u8]) -> bool {
    let label = address.iter().take_while(|byte| byte.is_ascii_alphanumeric()).count();
    label > 0 && matches!(address[label..], [b'.', behind, ..] if behind.is_ascii_alphanumeric())
}

/// Whether an address ends as a word or a folder does, and not with a mark that may belong to the sentence around it.
fn ends_plainly(address: &[u8]) -> bool {
    address.last().is_some_and(|&last| last.is_ascii_alphanumeric() || last == b'/')
}

fn spaces(bytes: &[u8]) -> usize {
    bytes.iter().take_while(|&&byte| is_space(byte)).count()
}

pub(super) fn angled_destination_end(bytes: &[u8], mut at: usize) -> Option<usize> {
    loop {
        match *bytes.get(at)? {
            b'>' => return Some(at),
            b'<' => return None,
            b'\\' => at += escape_len(&bytes[at..]),
            _ => at += 1,
        }
    }
}

/// No blanks or control characters, and parentheses in pairs, at most 32 deep (as in cmark).
pub(super) fn destination_end(bytes: &[u8], mut at: usize) -> Option<usize> {
    let mut depth = 0_u32;
    loop {
        let rest = &bytes[at..];
        let Some(special) = rest.iter().position(|&byte| IN_DESTINATION[usize::from(byte)] & SYNTAX != 0) else {
            at = bytes.len();
            break;
        };
        at += special;
        match bytes[at] {
            b'\\' => {
                at += escape_len(&bytes[at..]);
                continue;
            }
            b'(' if depth == 32 => return None,
            b'(' => depth += 1,
            b')' if depth == 0 => return Some(at),
            b')' => depth -= 1,
            _ => break,
        }
        at += 1;
    }
    (depth == 0).then_some(at)
}

pub(super) fn title_end(bytes: &[u8], at: usize) -> Option<usize> {
    let close = match *bytes.get(at)? {
        quote @ (b'"' | b'\'') => quote,
        b'(' => b')',
        _ => return None,
    };
    let mut at = at + 1;
    loop {
        match *bytes.get(at)? {
            byte if byte == close => return Some(at + 1),
            b'(' if close == b')' => return None,
            b'\\' => at += escape_len(&bytes[at..]),
            _ => at += 1,
        }
    }
}

/// The length of a link label up to its `]`, without brackets.
fn label_end(bytes: &[u8]) -> Option<usize> {
    let mut at = 0;
    while at <= MAX_LABEL_LEN {
        match *bytes.get(at)? {
            b']' => return Some(at),
            b'[' => return None,
            b'\\' => at += escape_len(&bytes[at..]),
            _ => at += 1,
        }
    }
    None
}

fn is_host_character(character: char) -> bool {
    if character.is_ascii() {
        character.is_ascii_alphanumeric() || character.is_ascii_control() && !character.is_whitespace()
    } else {
        !character.is_whitespace() && !character.is_punctuation() && !character.is_symbol()
    }
}

/// The length of a domain: letters, digits, hyphens and dots, with no underscore in its last two parts.
fn domain_len(text: &str, allow_short: bool) -> Option<usize> {
    let (mut dots, mut underscores, mut underscores_before) = (0, 0, 0);
    let mut end = text.len();
    for (at, character) in text.char_indices() {
        match character {
            '\\' if at + 1 < text.len() => {}
            '_' => underscores += 1,
            '.' => {
                underscores_before = underscores;
                underscores = 0;
                dots += 1;
            }
            '-' => {}
            _ if is_host_character(character) => {}
            _ => {
                end = at;
                break;
            }
        }
    }
    if dots > 10 {
        return Some(end);
    }
    (underscores + underscores_before == 0 && (allow_short || dots > 0)).then_some(end)
}

/// The length of a bare URL without the punctuation, entity and unmatched parentheses at its end.
fn without_trailing_punctuation(url: &[u8]) -> usize {
    let mut end = memchr::memchr(b'<', url).unwrap_or(url.len());
    let count = |wanted: u8| memchr::memchr_iter(wanted, &url[..end]).count();
    let (opening, mut closing) = (count(b'('), count(b')'));
    while end > 0 {
        match url[end - 1] {
            b'?' | b'!' | b'.' | b',' | b':' | b'*' | b'_' | b'~' | b'\'' | b'"' => end -= 1,
            b')' if closing > opening => {
                closing -= 1;
                end -= 1;
            }
            b';' => {
                let letters = url[..end - 1].iter().rev().take_while(|byte| byte.is_ascii_alphabetic()).count();
                let is_entity = letters > 0 && url[..end - 1 - letters].last() == Some(&b'&');
                end -= if is_entity { letters + 2 } else { 1 };
            }
            _ => break,
        }
    }
    end
}

/// The runs of backticks in a cell. A run opens a code span that the next run of the same length closes.
struct Backticks {
    /// Where each run ends, in order of place.
    ends: Vec<usize>,
    /// Where the runs of each length end, in order of place.
    ends_by_len: FxHashMap<usize, Vec<usize>>,
}

struct Run {
    end: usize,
    /// The offset behind the run that closes the code span.
    closer: Option<usize>,
}

impl Backticks {
    fn new(bytes: &[u8]) -> Self {
        let mut runs: Vec<(usize, usize)> = Vec::new();
        for at in memchr::memchr_iter(b'`', bytes) {
            match runs.last_mut() {
                Some((_, end)) if *end == at => *end += 1,
                _ => runs.push((at, at + 1)),
            }
        }
        let mut ends_by_len: FxHashMap<usize, Vec<usize>> = FxHashMap::default();
        for &(start, end) in &runs {
            ends_by_len.entry(end - start).or_default().push(end);
        }
        Self { ends: runs.into_iter().map(|(_, end)| end).collect(), ends_by_len }
    }

    /// The run that begins at an offset: a whole one, or the rest of one whose first backtick is escaped.
    fn run_at(&self, at: usize) -> Run {
        let end = self.ends[self.ends.partition_point(|&end| end <= at)];
        let same_len = self.ends_by_len.get(&(end - at)).map_or(&[][..], Vec::as_slice);
        let closer = same_len.get(same_len.partition_point(|&other| other <= end)).copied();
        Run { end, closer }
    }
}
