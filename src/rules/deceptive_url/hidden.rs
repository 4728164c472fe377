//! Characters in a URL that nobody sees, or that turn the direction of others.

use crate::identity::url::{UrlParts, decoded};

/// The first hidden character of a URL, raw or percent-encoded, and what is wrong with it.
pub(super) fn find<'u>(url: &'u str, parts: Option<&UrlParts<'u>>) -> Option<(&'u str, String)> {
    raw(url).or_else(|| encoded(url, parts?))
}

fn raw(url: &str) -> Option<(&str, String)> {
    if url.is_ascii() {
        return None;
    }
    let mut previous = 'a';
    for (at, character) in url.char_indices() {
        // Persian, the languages of India and emoji join and part characters by what has no width itself.
        let is_joiner = matches!(character, '\u{200c}' | '\u{200d}') && !previous.is_ascii();
        if !is_joiner && let Some(what) = effect(character) {
            let message = format!("this URL holds U+{:04X}, {what}", u32::from(character));
            return Some((&url[at..at + character.len_utf8()], message));
        }
        previous = character;
    }
    None
}

/// Percent-encoded, only what turns text around deceives, and what ends a URL that was copied with it; titles in a wiki hold joiners and marks.
fn encoded<'u>(url: &'u str, parts: &UrlParts<'u>) -> Option<(&'u str, String)> {
    let message =
        |character: char, what: &str| format!("this URL holds U+{:04X}, percent-encoded, {what}", u32::from(character));
    // Browsers decode a host before they look it up.
    if parts.host.contains('%')
        && let Some((character, what)) =
            decoded(parts.host).chars().find_map(|character| Some((character, effect(character)?)))
    {
        return Some((parts.host, message(character, what)));
    }
    // A text fragment quotes a page, whatever the page holds.
    let end = url.len() - parts.fragment.filter(|fragment| fragment.starts_with(":~:")).map_or(0, str::len);
    for (at, _) in memchr_percent(&url[..end]) {
        let Some(character) = sequence(&url[at..end]) else { continue };
        let len = character.len_utf8() * 3;
        let is_last = at + len == url.len() && matches!(character, '\u{200b}' | '\u{2060}' | '\u{feff}');
        if (turns(character) || is_last)
            && let Some(what) = effect(character)
        {
            return Some((&url[at..at + len], message(character, what)));
        }
    }
    None
}

/// Where `%e` and `%E` stand: all hidden characters begin so.
fn memchr_percent(url: &str) -> impl Iterator<Item = (usize, u8)> {
    memchr::memchr_iter(b'%', url.as_bytes())
        .filter_map(|at| Some((at, *url.as_bytes().get(at + 1)?)))
        .filter(|(_, digit)| matches!(digit, b'e' | b'E'))
}

/// The character of three bytes that a text begins with, percent-encoded.
fn sequence(text: &str) -> Option<char> {
    let text = text.get(..9).filter(|text| text.is_ascii())?;
    let plain = decoded(text);
    let mut characters = plain.chars();
    characters.next().filter(|_| plain.len() == 3 && characters.next().is_none())
}

/// Whether a character makes what follows run the other way: embeddings, overrides and isolates.
fn turns(character: char) -> bool {
    matches!(character, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// What a hidden character does to readers; none for any other character.
fn effect(character: char) -> Option<&'static str> {
    match character {
        _ if turns(character) => Some("which turns the direction of the text, so that readers see another address"),
        '\u{ad}'
        | '\u{34f}'
        | '\u{61c}'
        | '\u{115f}'
        | '\u{1160}'
        | '\u{180e}'
        | '\u{200b}'..='\u{200f}'
        | '\u{2060}'..='\u{2064}'
        | '\u{206a}'..='\u{206f}'
        | '\u{3164}'
        | '\u{feff}'
        | '\u{ffa0}'
        | '\u{e0001}'..='\u{e007f}' => Some("which nobody sees"),
        _ => None,
    }
}
