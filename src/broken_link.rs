//! Finds what was meant to be a link and is none, and how to mend it.

use rustc_hash::FxHashSet;

use crate::address::is_like_url;
use crate::fix::{Edit, splice};
use crate::source::Span;
use crate::table::{Definitions, Link, LinkKind, scan_links};

/// Brackets and a URL that were meant to be a link, or a link with brackets too many.
#[derive(Debug)]
pub struct BrokenLink {
    /// The smallest place that shows the fault.
    pub span: Span,
    /// The fault, as in a message.
    pub message: String,
    /// What the edits do.
    pub title: &'static str,
    /// Whether it can be read in no other way.
    pub is_certain: bool,
    /// What makes it the link that was meant; empty where there is no telling.
    pub edits: Vec<Edit>,
    /// Text and URL of the link after mending, as written; none where there is no telling.
    meant: Option<(String, String)>,
}

/// Every broken link of a cell's text, which begins at byte `base` of its source, in the order of place, none overlapping.
///
/// Edits are offered only where a look at the mended cell shows the link that was meant.
#[must_use]
pub fn find(text: &str, base: usize, links: &[Link], definitions: &Definitions) -> Vec<BrokenLink> {
    let mut hidden = Vec::new();
    scan_links(text, base, definitions, &mut Vec::new(), &mut |span| hidden.push(span));
    let mut broken = Reader { text, base, tokens: tokens(text, base, links, &hidden), links }.read();
    let edits: Vec<Edit> = broken.iter().flat_map(|broken| &broken.edits).map(|edit| edit.relative_to(base)).collect();
    let mended = splice(text, &edits);
    let mut found = Vec::new();
    scan_links(&mended, 0, definitions, &mut found, &mut |_| {});
    let slice = |span: Span| mended.get(span.start()..span.end()).unwrap_or_default();
    let found: FxHashSet<(&str, &str)> = found.iter().map(|link| (slice(link.text), slice(link.destination))).collect();
    for broken in &mut broken {
        let is_as_meant =
            broken.meant.as_ref().is_some_and(|(text, url)| found.contains(&(text.as_str(), url.as_str())));
        if !is_as_meant {
            broken.edits.clear();
        }
    }
    broken
}

/// Links that no other link holds, apart from bare URLs, which may be part of something broken.
#[must_use]
pub fn is_whole(link: &Link) -> bool {
    !link.is_nested && link.kind != LinkKind::Bare
}

/// What a cell consists of, as far as links are concerned.
#[derive(Clone, Copy)]
struct Token {
    start: usize,
    end: usize,
    kind: TokenKind,
    /// The place of the other half of a pair of brackets among the tokens.
    mate: Option<usize>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum TokenKind {
    Open(Shape),
    Close(Shape),
    /// A whole link, by its place among the cell's links.
    Link(usize),
    /// Code, a tag or a comment.
    Hidden,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Shape {
    Round,
    Square,
    Curly,
}

impl Shape {
    const COUNT: usize = 3;
}

/// Brackets outside links and code, each with its mate; links and code as wholes.
fn tokens(text: &str, base: usize, links: &[Link], hidden: &[Span]) -> Vec<Token> {
    let links = links.iter().enumerate().filter(|(_, link)| is_whole(link));
    let mut wholes: Vec<(Span, TokenKind)> = links.map(|(index, link)| (link.span, TokenKind::Link(index))).collect();
    wholes.extend(hidden.iter().map(|&span| (span, TokenKind::Hidden)));
    // Of two that begin together the longer comes first.
    wholes.sort_by_key(|(span, _)| (span.start(), std::cmp::Reverse(span.end())));
    let mut wholes = wholes.into_iter().map(|(span, kind)| (span.start() - base, span.end() - base, kind)).peekable();
    let mut tokens: Vec<Token> = Vec::new();
    let mut open: [Vec<usize>; Shape::COUNT] = Default::default();
    let bytes = text.as_bytes();
    let mut at = 0;
    while at < bytes.len() {
        while wholes.next_if(|&(start, ..)| start < at).is_some() {}
        if let Some((start, end, kind)) = wholes.next_if(|&(start, ..)| start == at) {
            tokens.push(Token { start, end, kind, mate: None });
            at = end;
            continue;
        }
        let (kind, len) = match bracket(&bytes[at..]) {
            Ok(found) => found,
            Err(skipped) => {
                at += skipped;
                continue;
            }
        };
        let mut mate = None;
        match kind {
            TokenKind::Open(shape) => open[shape as usize].push(tokens.len()),
            TokenKind::Close(shape) => {
                mate = open[shape as usize].pop();
                if let Some(mate) = mate {
                    tokens[mate].mate = Some(tokens.len());
                }
            }
            TokenKind::Link(_) | TokenKind::Hidden => {}
        }
        tokens.push(Token { start: at, end: at + len, kind, mate });
        at += len;
    }
    tokens
}

/// The bracket that some bytes begin with and its length; else how many bytes hold none.
fn bracket(bytes: &[u8]) -> Result<(TokenKind, usize), usize> {
    Ok(match bytes {
        [b'\\', next, ..] if next.is_ascii_punctuation() => return Err(2),
        [b'(', ..] => (TokenKind::Open(Shape::Round), 1),
        [b')', ..] => (TokenKind::Close(Shape::Round), 1),
        [b'[', ..] => (TokenKind::Open(Shape::Square), 1),
        [b']', ..] => (TokenKind::Close(Shape::Square), 1),
        [b'{', ..] => (TokenKind::Open(Shape::Curly), 1),
        [b'}', ..] => (TokenKind::Close(Shape::Curly), 1),
        // （ ） ［ ］, as typed with an input method left switched on.
        [0xef, 0xbc, 0x88, ..] => (TokenKind::Open(Shape::Round), 3),
        [0xef, 0xbc, 0x89, ..] => (TokenKind::Close(Shape::Round), 3),
        [0xef, 0xbc, 0xbb, ..] => (TokenKind::Open(Shape::Square), 3),
        [0xef, 0xbc, 0xbd, ..] => (TokenKind::Close(Shape::Square), 3),
        _ => return Err(1),
    })
}

/// No text, URL or remark holds more brackets; so nothing is read again and again.
const MAX_TOKENS: usize = 100;

struct Reader<'a> {
    text: &'a str,
    base: usize,
    tokens: Vec<Token>,
    links: &'a [Link],
}

/// Where the URL of a broken link is, and how it ends.
struct Target {
    /// The URL up to the first blank.
    url: (usize, usize),
    /// What stands between blanks behind the URL and the bracket at the end.
    rest: Option<(usize, usize)>,
    /// The offset behind the whole.
    end: usize,
    closing: Closing,
    /// Whether the URL stands in angle brackets.
    is_angled: bool,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Closing {
    Parenthesis,
    Other,
    Missing,
}

impl Reader<'_> {
    /// Every broken link, in the order of place, none overlapping.
    fn read(&self) -> Vec<BrokenLink> {
        let mut broken: Vec<BrokenLink> = Vec::new();
        let mut floor = 0;
        for index in 0..self.tokens.len() {
            // What belongs to the last finding is not looked at again.
            if self.tokens[index].start < floor {
                continue;
            }
            let found = match self.tokens[index].kind {
                TokenKind::Close(shape) => self.junction(index, shape, floor),
                TokenKind::Open(Shape::Square) => self.unclosed_text(index),
                TokenKind::Link(link) => self.odd_link(index, &self.links[link]),
                TokenKind::Open(_) | TokenKind::Hidden => None,
            };
            if let Some(found) = found
                && broken.last().is_none_or(|last| last.span.end() <= found.span.start())
            {
                floor = found.span.end() - self.base;
                broken.push(found);
            }
        }
        broken
    }

    fn span(&self, start: usize, end: usize) -> Span {
        Span::new(self.base + start, self.base + end)
    }

    fn replace(&self, start: usize, end: usize, with: &str) -> Option<Edit> {
        (&self.text[start..end] != with).then(|| Edit::replace(self.span(start, end), with))
    }

    fn token(&self, index: usize) -> Option<Token> {
        self.tokens.get(index).copied()
    }

    /// `…](…`, `…] (…`, `…)[…`, `…][…`: the end of a text, and the beginning of a URL.
    fn junction(&self, close_index: usize, shape: Shape, floor: usize) -> Option<BrokenLink> {
        let close = self.tokens[close_index];
        if let Some(broken) = self.missing_parenthesis(close_index, shape) {
            return Some(broken);
        }
        let open = self.token(close_index + 1)?;
        let TokenKind::Open(target_shape) = open.kind else { return None };
        let gap = &self.text[close.end..open.start];
        if !gap.chars().all(is_blank)
            || !matches!((shape, target_shape), (Shape::Square, _) | (Shape::Round, Shape::Square))
        {
            return None;
        }
        let text_open = close.mate.map(|mate| self.tokens[mate]);
        if close.mate.is_some_and(|mate| self.holds_link(mate, close_index)) {
            return None;
        }
        let mut first = close_index + 2;
        let mut url_start = open.end;
        // `((`: one too many.
        if let Some(second) = self.token(first).filter(|second| second.kind == open.kind && second.start == url_start) {
            url_start = second.end;
            first += 1;
        }
        url_start += blanks(&self.text[url_start..]);
        let autolink = self.token(first).filter(|token| token.start == url_start).and_then(|token| match token.kind {
            TokenKind::Link(index) if self.links[index].kind == LinkKind::Autolink => Some(self.links[index]),
            _ => None,
        });
        if autolink.is_none() && !begins_like_url(&self.text[url_start..]) {
            let is_glued = gap.is_empty() && shape == Shape::Square && target_shape == Shape::Round;
            return is_glued.then(|| self.without_url(close_index, url_start)).flatten();
        }
        let target = self.target(close_index + 1, first, url_start, target_shape, autolink)?;
        let Some(text_open) = text_open else { return self.unopened_text(close_index, &target, floor) };
        let text = &self.text[text_open.end..close.start];
        if shape == Shape::Square && text.starts_with('^') || text.trim().is_empty() && !gap.is_empty() {
            return None;
        }
        if matches!(text, "x" | "X") && !gap.is_empty() {
            return None;
        }
        self.mend(text_open, close, open, &target)
    }

    /// Whether a link, other than a picture, stands between two tokens.
    fn holds_link(&self, from: usize, to: usize) -> bool {
        to - from > MAX_TOKENS
            || self.tokens[from..to].iter().any(|token| match token.kind {
                TokenKind::Link(index) => !self.links[index].is_image,
                _ => false,
            })
    }

    /// Where the URL that begins at an offset ends; `first` is the first token that can stand in it.
    fn target(
        &self,
        open_index: usize,
        first: usize,
        start: usize,
        shape: Shape,
        autolink: Option<Link>,
    ) -> Option<Target> {
        let mut next = first;
        let mut is_balanced = true;
        let mut url = (start, start);
        let mut end = start;
        if let Some(link) = autolink {
            url = (link.destination.start() - self.base, link.destination.end() - self.base);
            end = link.span.end() - self.base;
            next += 1;
        } else {
            let (found, token, balanced) = self.url_end(open_index, first, start, shape);
            is_balanced = balanced;
            url.1 = found;
            end = end.max(found);
            next = token;
        }
        if url.0 >= url.1 {
            return None;
        }
        let is_angled = autolink.is_some();
        let after = end + blanks(&self.text[end..]);
        let closing = self.token(next).filter(|token| token.start == after);
        if let Some(token) = closing
            && let TokenKind::Close(closing) = token.kind
            && (closing == shape && is_balanced || after == end)
        {
            let mut end = token.end;
            // `))` closes `((`.
            if first > open_index + 1
                && let Some(second) =
                    self.token(next + 1).filter(|second| second.kind == token.kind && second.start == end)
            {
                end = second.end;
            }
            let closing = if token.end - token.start == 1 && closing == Shape::Round {
                Closing::Parenthesis
            } else {
                Closing::Other
            };
            return Some(Target { url, rest: None, end, closing, is_angled });
        }
        let mate =
            self.tokens[open_index].mate.filter(|&mate| (next..next + MAX_TOKENS).contains(&mate) && after > end);
        if let Some(mate) = mate
            && !self.tokens[next..mate].iter().any(|token| matches!(token.kind, TokenKind::Link(_)))
        {
            let token = self.tokens[mate];
            let rest = Some((after, token.start));
            return Some(Target { url, rest, end: token.end, closing: Closing::Parenthesis, is_angled });
        }
        Some(Target { url, rest: None, end, closing: Closing::Missing, is_angled })
    }

    /// Where a URL ends that begins at an offset, the first token behind it, and whether its parentheses come in pairs.
    fn url_end(&self, open_index: usize, first: usize, start: usize, shape: Shape) -> (usize, usize, bool) {
        let (mut at, mut next, mut depth) = (start, first, 0_usize);
        loop {
            if next > first + MAX_TOKENS {
                return (at, next, false);
            }
            let token = self.token(next);
            let stop = token.map_or(self.text.len(), |token| token.start);
            if let Some(blank) = self.text[at..stop].find(is_blank) {
                return (at + blank, next, depth == 0);
            }
            let Some(token) = token else { return (stop, next, depth == 0) };
            match token.kind {
                TokenKind::Link(_) | TokenKind::Hidden => return (stop, next, depth == 0),
                TokenKind::Close(closing) if closing == shape => {
                    if depth == 0 {
                        return (stop, next, depth == 0);
                    }
                    depth -= 1;
                }
                TokenKind::Close(_) if token.mate.is_none_or(|mate| mate < open_index) => {
                    return (stop, next, depth == 0);
                }
                TokenKind::Open(Shape::Square) if self.begins_link(token) => return (stop, next, depth == 0),
                TokenKind::Open(opening) if opening == shape => depth += 1,
                TokenKind::Open(_) | TokenKind::Close(_) => {}
            }
            at = token.end;
            next += 1;
        }
    }

    /// Whether a square bracket opens the text of another, broken link.
    fn begins_link(&self, open: Token) -> bool {
        let close = open.mate.map(|mate| (self.tokens[mate], self.token(mate + 1)));
        close.is_some_and(|(close, next)| {
            next.is_some_and(|next| next.start == close.end && next.kind == TokenKind::Open(Shape::Round))
        })
    }

    /// The edits that make `[text](URL)` of a text between brackets and a target.
    fn mend(&self, text_open: Token, close: Token, open: Token, target: &Target) -> Option<BrokenLink> {
        let text = &self.text[text_open.end..close.start];
        let (mut url_end, mut behind) = (target.url.1, ")".to_owned());
        let mut url = self.text[target.url.0..target.url.1].to_owned();
        let gap = &self.text[close.end..open.start];
        let is_reversed = close.kind == TokenKind::Close(Shape::Round);
        // `f(x) [https://…]`: how far the text reaches is a guess.
        let follows_word = self.text[..text_open.start].ends_with(char::is_alphanumeric);
        let is_round = open.kind == TokenKind::Open(Shape::Round);
        let goes_on = self.text[target.end..].starts_with('(');
        let mut is_certain = !follows_word
            && !goes_on
            && (is_round || gap.is_empty())
            && !text.bytes().all(|byte| byte.is_ascii_digit());
        let mut title = "write the link as `[text](URL)`";
        let mut span = (text_open.start, target.end);
        let mut is_mendable = true;
        let message = if let Some(rest) = target.rest {
            let reading = self.read_blank(target.url, rest);
            span = (target.url.0, rest.1);
            url_end = reading.edit_start;
            behind = reading.replacement + ")";
            is_mendable = reading.is_mendable;
            is_certain &= reading.is_certain;
            title = reading.title;
            url = reading.url;
            reading.message
        } else if is_reversed {
            "the text of this link stands in parentheses and its URL in square brackets".to_owned()
        } else if !gap.is_empty() {
            span = (close.end, open.start);
            title = "remove the blank";
            match gap.chars().count() {
                1 => "a blank between the text and the URL of this link".to_owned(),
                count => format!("{count} blanks between the text and the URL of this link"),
            }
        } else if &self.text[open.start..open.end] != "(" {
            format!("the URL of this link stands in `{}`, not in parentheses", &self.text[open.start..open.end])
        } else if target.closing == Closing::Missing {
            title = "close the link behind its URL";
            "this link has no closing parenthesis".to_owned()
        } else if target.closing == Closing::Other {
            format!(
                "this link ends in `{}`, not in a parenthesis",
                self.text[..target.end].chars().next_back().unwrap_or(')')
            )
        } else if self.text[open.start..target.end].starts_with("((") {
            "two parentheses open before the URL of this link".to_owned()
        } else {
            "the brackets of this link are not those of Markdown".to_owned()
        };
        if target.closing == Closing::Missing {
            let kept = self.without_marks(target);
            let follows = self.text[target.end..].trim_start();
            let is_followed_by_whole = follows.is_empty()
                || self.next_token(target.end).is_some_and(|token| {
                    token.start == self.text.len() - follows.len()
                        && matches!(token.kind, TokenKind::Link(_) | TokenKind::Hidden)
                });
            is_certain &= kept == target.url.1 && is_followed_by_whole;
            url_end = if target.is_angled { target.end } else { kept };
            self.text[target.url.0..kept].clone_into(&mut url);
        }
        // With a remark or a blank behind them, the angle brackets go.
        let keeps_angles = target.is_angled && target.rest.is_none();
        let url_start = target.url.0 - usize::from(keeps_angles);
        if keeps_angles && target.closing != Closing::Missing {
            url_end += 1;
        }
        let end = if target.closing == Closing::Missing { url_end } else { target.end };
        let edits = [
            self.replace(text_open.start, text_open.end, "["),
            self.replace(close.start, url_start, "]("),
            self.replace(url_end, end, &behind),
        ];
        let edits: Vec<Edit> = edits.into_iter().flatten().collect();
        if edits.is_empty() {
            // A link as it should be, which something broken before it has swallowed.
            return None;
        }
        Some(BrokenLink {
            span: self.span(span.0, span.1),
            message,
            title,
            is_certain,
            edits: if is_mendable { edits } else { Vec::new() },
            meant: Some((text.to_owned(), url)),
        })
    }

    fn next_token(&self, at: usize) -> Option<Token> {
        self.token(self.tokens.partition_point(|token| token.start < at))
    }

    /// The end of an unclosed URL without the marks that belong to what follows it.
    fn without_marks(&self, target: &Target) -> usize {
        let url = &self.text[target.url.0..target.url.1];
        let mut kept = url.trim_end_matches(['.', ',', ';', ':', '!', '*', '，', '。', '；', '、']);
        // `[a](https://example.org/a/[b](…)`: the slash stands between two links.
        let is_glued = self.next_token(target.end).is_some_and(|next| {
            next.start == target.end && (matches!(next.kind, TokenKind::Link(_)) || self.begins_link(next))
        });
        if is_glued && let Some(shorter) = kept.strip_suffix('/') {
            kept = shorter;
        }
        target.url.0 + kept.len()
    }

    /// What a blank in a URL may mean.
    fn read_blank(&self, url: (usize, usize), rest: (usize, usize)) -> Reading {
        let (address, more) = (&self.text[url.0..url.1], &self.text[rest.0..rest.1]);
        let (blank, more) = (self.text[url.1..rest.0].trim_start_matches('>'), more.trim_end_matches(is_blank));
        read_blank(address, blank, more, url.1)
    }

    /// `[text]https://…)`: the parenthesis before the URL is missing.
    fn missing_parenthesis(&self, close_index: usize, shape: Shape) -> Option<BrokenLink> {
        let close = self.tokens[close_index];
        let rest = &self.text[close.end..];
        if shape != Shape::Square || !(rest.starts_with("http") || rest.starts_with("www.")) || !begins_like_url(rest) {
            return None;
        }
        let text_index = close.mate.filter(|&mate| !self.holds_link(mate, close_index))?;
        let (url_end, next, _) = self.url_end(close_index, close_index + 1, close.end, Shape::Round);
        // In `(see [a]https://example.org))` the first parenthesis is taken for the outer one's mate, and the last has none.
        let is_surplus = |token: &Token| token.kind == TokenKind::Close(Shape::Round) && token.mate.is_none();
        let closing = self.token(next).filter(|token| {
            let leaves_one = || self.tokens[next..].iter().take(MAX_TOKENS).any(is_surplus);
            token.start == url_end && (token.mate.is_none() || leaves_one())
        })?;
        let text = &self.text[self.tokens[text_index].end..close.start];
        (closing.kind == TokenKind::Close(Shape::Round) && closing.end - closing.start == 1).then(|| BrokenLink {
            span: self.span(self.tokens[text_index].start, closing.end),
            message: "this link has no opening parenthesis before its URL".to_owned(),
            title: "open the parenthesis",
            is_certain: true,
            edits: vec![Edit::insert(self.base + close.end, "(")],
            meant: Some((text.to_owned(), self.text[close.end..url_end].to_owned())),
        })
    }

    /// `text](URL)`: the bracket before the text is missing.
    fn unopened_text(&self, close_index: usize, target: &Target, floor: usize) -> Option<BrokenLink> {
        let close = self.tokens[close_index];
        if close.kind != TokenKind::Close(Shape::Square)
            || target.closing != Closing::Parenthesis
            || target.rest.is_some()
        {
            return None;
        }
        let url = self.text[target.url.0..target.url.1].to_owned();
        let before = close_index.checked_sub(1).map(|index| self.tokens[index]);
        if let Some(other) = before.filter(|other| other.end == close.start && other.kind == close.kind)
            && let Some(mate) = other.mate
        {
            return Some(BrokenLink {
                span: self.span(close.start, close.end),
                message: "a surplus `]` behind the text of this link".to_owned(),
                title: "remove the surplus bracket",
                is_certain: true,
                edits: vec![Edit::delete(self.span(close.start, close.end))],
                meant: Some((self.text[self.tokens[mate].end..other.start].to_owned(), url)),
            });
        }
        let start = before.map_or(0, |before| before.end).max(floor);
        let text = self.text[start..close.start].trim_start_matches(|character: char| {
            is_blank(character) || matches!(character, '/' | ',' | ';' | '·' | '•' | '&' | '、' | '，' | '；')
        });
        let emphasis = text.len() - text.trim_start_matches(['*', '_']).len();
        let text = if text[emphasis..].contains(&text[..emphasis]) && emphasis > 0 { text } else { &text[emphasis..] };
        let at = close.start - text.len();
        Some(BrokenLink {
            span: self.span(at, target.end),
            message: "this link has no opening bracket before its text".to_owned(),
            title: "open the bracket before the text",
            is_certain: before.is_none() && at == 0,
            edits: if text.is_empty() { Vec::new() } else { vec![Edit::insert(self.base + at, "[")] },
            meant: Some((text.to_owned(), url)),
        })
    }

    /// `[text(URL)`: the bracket behind the text is missing. `[[text](URL)`: one too many.
    fn unclosed_text(&self, open_index: usize) -> Option<BrokenLink> {
        let open = self.tokens[open_index];
        if open.mate.is_some() {
            return None;
        }
        let next = self.token(open_index + 1)?;
        if let TokenKind::Link(index) = next.kind
            && next.start == open.end
            && self.links[index].kind == LinkKind::Inline
        {
            let link = &self.links[index];
            let is_alone = open.start == 0 && next.end == self.text.len();
            return Some(self.surplus(&[open], link, is_alone, "before"));
        }
        if next.kind != TokenKind::Open(Shape::Round) || !begins_like_url(&self.text[next.end..]) {
            return None;
        }
        let text = self.text[open.end..next.start].trim_end_matches(is_blank);
        let target = self.target(open_index + 1, open_index + 2, next.end, Shape::Round, None)?;
        if text.is_empty() || target.closing != Closing::Parenthesis || target.rest.is_some() {
            return None;
        }
        let text_end = open.end + text.len();
        Some(BrokenLink {
            span: self.span(open.start, target.end),
            message: "this link has no closing bracket behind its text".to_owned(),
            title: "close the bracket behind the text",
            is_certain: text_end == next.start,
            edits: self.replace(text_end, next.end, "](").into_iter().collect(),
            meant: Some((text.to_owned(), self.text[target.url.0..target.url.1].to_owned())),
        })
    }

    /// A whole link with a bracket too many behind it, or around its URL, or with a blank of its own kind in its URL.
    fn odd_link(&self, index: usize, link: &Link) -> Option<BrokenLink> {
        let token = self.tokens[index];
        if link.kind != LinkKind::Inline {
            return None;
        }
        let destination = (link.destination.start() - self.base, link.destination.end() - self.base);
        let url = &self.text[destination.0..destination.1];
        let text = self.text[link.text.start() - self.base..link.text.end() - self.base].to_owned();
        let is_angled = self.text[..destination.0].ends_with('<');
        if let Some(inner) = unwrapped(url).filter(|inner| !is_angled && is_like_url(inner)) {
            let bracket = url.chars().next().unwrap_or('(');
            let start = destination.0 + bracket.len_utf8();
            let end = start + inner.len();
            return Some(BrokenLink {
                span: self.span(destination.0, destination.1),
                message: format!("a surplus `{bracket}` around the URL of this link"),
                title: "remove what stands around the URL",
                is_certain: true,
                edits: vec![Edit::delete(self.span(destination.0, start)), Edit::delete(self.span(end, destination.1))],
                meant: Some((text, inner.to_owned())),
            });
        }
        let trimmed = url.trim_matches(is_blank);
        if let Some(blank) = trimmed.find(is_blank).filter(|_| !is_angled && begins_like_url(trimmed)) {
            let start = destination.0 + blanks(url);
            let (address, rest) = trimmed.split_at(blank);
            let more = rest.trim_start_matches(is_blank);
            let reading = read_blank(address, &rest[..rest.len() - more.len()], more, start + blank);
            let end = start + trimmed.len();
            let edit = self.replace(reading.edit_start, end, &reading.replacement);
            return Some(BrokenLink {
                span: self.span(start, end),
                message: reading.message,
                title: reading.title,
                is_certain: reading.is_certain,
                edits: edit.into_iter().filter(|_| reading.is_mendable).collect(),
                meant: Some((text, reading.url)),
            });
        }
        let next = self.token(index + 1).filter(|next| next.start == token.end && next.mate.is_none())?;
        let TokenKind::Close(_) = next.kind else { return None };
        // In `see [a](https://example.org))` the other parenthesis may be the one that is missing.
        let is_first =
            index == 0 && token.start <= 3 && self.text[..token.start].bytes().all(|byte| matches!(byte, b'*' | b'_'));
        // Of `}}}`, all are, so that one fix takes them out.
        let mut end = next.end;
        let is_more = |token: &&Token| {
            let is_more = token.kind == next.kind && token.mate.is_none() && token.start == end;
            end = token.end;
            is_more
        };
        let count = 1 + self.tokens[index + 2..].iter().take_while(is_more).count();
        let brackets = &self.tokens[index + 1..=index + count];
        let is_first = is_first && !self.text[brackets[count - 1].end..].starts_with('(');
        Some(self.surplus(brackets, link, is_first, "behind"))
    }

    /// Brackets of one kind, side by side, that no other matches.
    fn surplus(&self, brackets: &[Token], link: &Link, is_certain: bool, side: &str) -> BrokenLink {
        let (first, last) = (brackets[0], brackets[brackets.len() - 1]);
        let written = &self.text[first.start..first.end];
        let slice = |span: Span| self.text[span.start() - self.base..span.end() - self.base].to_owned();
        let (surplus, title) = match brackets.len() {
            1 => ("a surplus".to_owned(), "remove the surplus bracket"),
            count => (format!("{count} surplus"), "remove the surplus brackets"),
        };
        BrokenLink {
            span: self.span(first.start, last.end),
            message: format!("{surplus} `{written}` {side} this link"),
            title,
            is_certain,
            edits: vec![Edit::delete(self.span(first.start, last.end))],
            meant: Some((slice(link.text), slice(link.destination))),
        }
    }

    /// `[text](…` with something else than a URL behind it.
    fn without_url(&self, close_index: usize, start: usize) -> Option<BrokenLink> {
        let (close, open) = (self.tokens[close_index], self.tokens[close_index + 1]);
        let text_open = self.tokens[close.mate?];
        let text = &self.text[text_open.end..close.start];
        if self.text[..text_open.start].ends_with(char::is_alphanumeric) {
            return None;
        }
        let is_named = text.contains(char::is_alphabetic);
        let broken = |span, message: &str, title, edits, url| BrokenLink {
            span,
            message: message.to_owned(),
            title,
            is_certain: false,
            edits,
            meant: Some((text.to_owned(), url)),
        };
        let Some(mate) = open.mate else {
            let path = &self.text[start..];
            return (is_named && is_path(path)).then(|| {
                let edits = vec![Edit::insert(self.base + self.text.len(), ")")];
                let span = self.span(text_open.start, self.text.len());
                broken(
                    span,
                    "this link has no closing parenthesis",
                    "close the link behind its URL",
                    edits,
                    path.to_owned(),
                )
            });
        };
        if mate > close_index + MAX_TOKENS {
            return None;
        }
        let end = self.tokens[mate].start;
        let inner = self.text.get(start..end)?.trim_end_matches(is_blank);
        let span = self.span(start, start + inner.len());
        let mut links = self.tokens[close_index + 2..mate].iter().filter_map(|token| match token.kind {
            TokenKind::Link(index) => Some((*token, self.links[index])),
            _ => None,
        });
        if let Some((token, link)) = links.next() {
            let url = &self.text[link.destination.start() - self.base..link.destination.end() - self.base];
            let is_alone = token.start == start && token.end == start + inner.len() && links.next().is_none();
            return (is_named && is_alone && link.kind == LinkKind::Inline).then(|| {
                let edits = vec![Edit::replace(self.span(open.end, end), url)];
                broken(
                    span,
                    "another link stands where the URL of this link should be",
                    "take the URL of the inner link",
                    edits,
                    url.to_owned(),
                )
            });
        }
        let words: Vec<&str> = inner.split(is_blank).filter(|word| !word.is_empty()).collect();
        if words.len() < 2 || !inner.contains(char::is_alphabetic) {
            return None;
        }
        let joined = words.concat();
        if "https://".starts_with(words[0]) && begins_like_url(&joined) {
            // `h ttps://…`: no scheme holds a blank.
            let edits = vec![Edit::replace(span, joined.as_str())];
            let broken = broken(span, "a blank inside the URL of this link", "remove the blank", edits, joined);
            return Some(BrokenLink { is_certain: words.len() == 2, ..broken });
        }
        if !is_named {
            return None;
        }
        let whole = words.join("%20");
        if is_path(&whole) && words.last().is_some_and(|last| has_extension(last)) {
            let edits = vec![Edit::replace(span, whole.as_str())];
            return Some(broken(
                span,
                "a blank inside the path of this link",
                "write the blank as `%20`",
                edits,
                whole,
            ));
        }
        Some(broken(span, "words stand where the URL of this link should be", "", Vec::new(), String::new()))
    }
}

/// What blanks in a URL may mean: how the URL goes on instead.
struct Reading {
    message: String,
    title: &'static str,
    is_certain: bool,
    is_mendable: bool,
    /// Where the replacement begins: at the blank.
    edit_start: usize,
    /// What stands there instead of all up to the closing parenthesis.
    replacement: String,
    /// The whole URL afterwards.
    url: String,
}

/// Reads `address`, `blank`, `more` as one of: a title with bad quotes, two URLs, a URL with a remark, a URL with a blank too many.
fn read_blank(address: &str, blank: &str, more: &str, edit_start: usize) -> Reading {
    let count = blank.chars().count() + more.chars().filter(|&character| is_blank(character)).count();
    let message = match count {
        1 => "a blank inside the URL of this link".to_owned(),
        count => format!("{count} blanks inside the URL of this link"),
    };
    let reading = |title, is_certain, replacement: String, url: String| Reading {
        message: message.clone(),
        title,
        is_certain,
        is_mendable: true,
        edit_start,
        replacement,
        url,
    };
    if let Some((quoted, is_certain)) = requoted(more) {
        return Reading {
            message: "the title of this link is not in a pair of quotes".to_owned(),
            ..reading("quote the title", is_certain, format!(" {quoted}"), address.to_owned())
        };
    }
    let words: Vec<&str> = more.split(is_blank).filter(|word| !word.is_empty()).collect();
    if words.iter().any(|word| word.contains("://")) && is_like_url(address) && !address.ends_with("://") {
        return Reading {
            message: "two URLs in one link".to_owned(),
            is_mendable: false,
            ..reading("", false, String::new(), String::new())
        };
    }
    let joined = words.concat();
    if let Some(host) = address.split_once("://").map_or(Some(address), |(_, host)| Some(host))
        && !host.contains('/')
        && words.len() == 1
    {
        // No host holds a blank.
        let is_certain =
            address.ends_with("//") || address.ends_with(':') || joined.starts_with('/') || !host.contains('.');
        return reading("remove the blank", is_certain, joined.clone(), format!("{address}{joined}"));
    }
    if words.len() > 1 {
        if words.last().is_some_and(|last| has_extension(last)) && more.is_ascii() {
            let path = words.join("%20");
            return reading("write the blanks as `%20`", false, format!("%20{path}"), format!("{address}%20{path}"));
        }
        if words.iter().any(|word| !word.contains(['/', '-', '_', '.', '?', '=', '&', '%', '#'])) {
            let note = format!(") ({more}");
            return Reading {
                message: "words stand behind the URL of this link".to_owned(),
                ..reading("close the link behind the URL", false, note, address.to_owned())
            };
        }
    } else if !more.is_ascii() && address.is_ascii() && !more.contains(['/', '.']) {
        return Reading {
            message: "words stand behind the URL of this link".to_owned(),
            ..reading("close the link behind the URL", false, format!(") ({more}"), address.to_owned())
        };
    }
    reading("remove the blank", false, joined.clone(), format!("{address}{joined}"))
}

/// A title in proper quotes, and whether it can be meant otherwise; none where there is no sign of a title.
fn requoted(title: &str) -> Option<(String, bool)> {
    const QUOTES: [char; 6] = ['"', '\'', '“', '”', '‘', '’'];
    let opens = title.starts_with(QUOTES);
    let closes = title.chars().count() > 1 && title.ends_with(QUOTES);
    if !closes && (!opens || title.contains(['/', '.'])) {
        return None;
    }
    let inner = title.strip_prefix(QUOTES).unwrap_or(title);
    let inner = if closes { inner.strip_suffix(QUOTES).unwrap_or(inner) } else { inner };
    let mut escaped = String::from('"');
    let mut is_escaped = false;
    for character in inner.chars() {
        if character == '"' && !is_escaped {
            escaped.push('\\');
        }
        is_escaped = character == '\\' && !is_escaped;
        escaped.push(character);
    }
    escaped.push('"');
    Some((escaped, opens && closes))
}

/// What stands in brackets or quotes that a destination wholly consists of.
fn unwrapped(url: &str) -> Option<&str> {
    const PAIRS: [(char, char); 7] =
        [('(', ')'), ('[', ']'), ('{', '}'), ('"', '"'), ('\'', '\''), ('（', '）'), ('“', '”')];
    PAIRS.iter().find_map(|&(opening, closing)| url.strip_prefix(opening)?.strip_suffix(closing))
}

/// Whether a text begins like a URL; blanks in `https: //` are forgiven.
fn begins_like_url(text: &str) -> bool {
    /// Longer beginnings tell no more.
    const MAX_BYTES: usize = 512;
    let len = (0..=MAX_BYTES.min(text.len())).rev().find(|&len| text.is_char_boundary(len)).unwrap_or_default();
    let text = &text[..len];
    let word = text.find(is_blank).map_or(text, |blank| &text[..blank]);
    if is_like_url(word) {
        return true;
    }
    let is_web = text.get(..4).is_some_and(|word| word.eq_ignore_ascii_case("http"));
    is_web && word.len() < "https://".len() && {
        let plain: String = text.chars().filter(|&character| !is_blank(character)).take(64).collect();
        plain.contains("//") && is_like_url(&plain)
    }
}

/// Whether a text has the form of a relative path: no blanks, and a folder, a file's extension or an anchor.
fn is_path(text: &str) -> bool {
    !text.is_empty()
        && !text.contains(|character: char| is_blank(character) || matches!(character, '(' | ')' | '[' | ']' | ','))
        && (text.starts_with("./")
            || text.starts_with("../")
            || text.starts_with('#') && text.len() > 1
            || has_extension(text))
}

fn has_extension(text: &str) -> bool {
    text.rsplit_once('.').is_some_and(|(name, extension)| {
        name.ends_with(char::is_alphanumeric)
            && (2..=5).contains(&extension.len())
            && extension.bytes().all(|byte| byte.is_ascii_alphanumeric())
            && extension.contains(|character: char| character.is_ascii_lowercase())
    })
}

fn blanks(text: &str) -> usize {
    text.len() - text.trim_start_matches(is_blank).len()
}

fn is_blank(character: char) -> bool {
    character.is_whitespace()
}
