//! Cells that say that there is nothing, or not yet.

use super::title::is_ignorable;

/// Whether a visible text says that there is nothing: empty, a dash, `n/a`, `TBD`, `coming soon`, `暂无`, and the like, in any ASCII case.
///
/// `no` and `NA` are none: they answer questions (`HTTPS`) and name things.
#[must_use]
pub fn is_placeholder(visible: &str) -> bool {
    // Most texts are too long, or begin with another letter, than any of the words.
    let is_around = |byte: &u8| matches!(byte, b' ' | b'(' | b')' | b'[' | b']' | b'<' | b'>' | b'{' | b'}');
    let bytes = visible.as_bytes();
    let is_certain = |bytes: &[u8]| match bytes {
        [first, .., last] => {
            first.is_ascii_alphanumeric() && last.is_ascii_alphanumeric() && !may_be_placeholder(*first, bytes.len())
        }
        _ => false,
    };
    if is_certain(bytes) {
        return false;
    }
    let start = bytes.iter().take_while(|byte| is_around(byte)).count();
    let end = bytes.len() - bytes[start..].iter().rev().take_while(|byte| is_around(byte)).count();
    if is_certain(&bytes[start..end]) {
        return false;
    }
    let is_blank = |char: char| char.is_whitespace() || is_ignorable(char);
    let text = visible.trim_matches(is_blank);
    if text.len() > LONGEST_PLACEHOLDER {
        return !text.contains(|char: char| !is_dash(char) && !is_blank(char));
    }
    let bare = text.trim_matches(|char| {
        is_blank(char) || matches!(char, '(' | ')' | '[' | ']' | '（' | '）' | '【' | '】' | '<' | '>' | '{' | '}')
    });
    let bare = bare.strip_suffix(['.', '!', '…', '。']).unwrap_or(bare).trim_end_matches('.').trim_end();
    bare.is_empty()
        || bare.chars().all(|char| is_dash(char) || char.is_whitespace())
        || bare.chars().all(|char| matches!(char, '?' | '？'))
        || PLACEHOLDERS.iter().any(|word| word.eq_ignore_ascii_case(bare))
}

/// Whether a cell, as written, begins with so much plain text that what readers see of it is no placeholder.
#[must_use]
pub fn begins_as_text(raw: &str) -> bool {
    const ENOUGH: usize = LONGEST_PLACEHOLDER + 16;
    let is_text = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b' ' | b',' | b'.' | b'-' | b'\'');
    // Blanks and dashes may be what readers do not see, or what a placeholder is made of.
    let letters = |bytes: &[u8]| bytes.iter().filter(|byte| byte.is_ascii_alphanumeric()).count();
    let start = raw.as_bytes().get(..ENOUGH);
    start.is_some_and(|start| start.iter().all(is_text) && letters(start) > LONGEST_PLACEHOLDER)
}

/// In bytes; the longest of [`PLACEHOLDERS`] with some brackets.
const LONGEST_PLACEHOLDER: usize = 48;

/// Compared without ASCII case, brackets around and full stops behind.
const PLACEHOLDERS: &[&str] = &[
    "n/a",
    "n.a",
    "n\\a",
    "#n/a",
    "none",
    "null",
    "nil",
    "nan",
    "undefined",
    "tbd",
    "tba",
    "tbc",
    "t.b.d",
    "t.b.a",
    "tbr",
    "todo",
    "to do",
    "to be added",
    "to be announced",
    "to be determined",
    "to be released",
    "to be updated",
    "to come",
    "wip",
    "x",
    "✗",
    "✘",
    "✕",
    "✖",
    "×",
    "❌",
    "❎",
    "⛔",
    "🚫",
    "\u{2716}\u{fe0f}",
    ":x:",
    ":heavy_minus_sign:",
    ":no_entry_sign:",
    "➖",
    "/",
    "\\",
    "·",
    "・",
    "∅",
    "coming soon",
    "soon",
    "pending",
    "not available",
    "not available yet",
    "not yet",
    "not yet available",
    "not released",
    "unavailable",
    "unknown",
    "not found",
    "无",
    "暂无",
    "未知",
    "未公开",
    "未开源",
    "待定",
    "待补充",
    "なし",
    "不明",
    "없음",
    "미정",
];

/// Whether one of [`PLACEHOLDERS`] begins with this letter and is so long.
fn may_be_placeholder(first: u8, length: usize) -> bool {
    /// By the first letter, a bit for each length.
    static LENGTHS: [u32; 256] = {
        let mut lengths = [0; 256];
        let mut index = 0;
        while index < PLACEHOLDERS.len() {
            let word = PLACEHOLDERS[index].as_bytes();
            assert!(word.len() < 32, "a bit for each length");
            lengths[word[0].to_ascii_lowercase() as usize] |= 1 << word.len();
            index += 1;
        }
        lengths
    };
    length < 32 && LENGTHS[usize::from(first.to_ascii_lowercase())] >> length & 1 == 1
}

fn is_dash(char: char) -> bool {
    matches!(
        char,
        '-' | '_' | '*' | '~' | '.' | '…' | '\u{2010}'
            ..='\u{2015}' | '\u{2212}' | '\u{2500}' | '\u{30fc}' | '\u{ff0d}' | '\u{ff5e}' | '\u{2e3a}' | '\u{2e3b}'
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_said_in_many_ways_is_a_placeholder() {
        for text in [
            "",
            " ",
            "-",
            "--",
            "---",
            "—",
            "–",
            "N/A",
            "n.a.",
            "None",
            "null",
            "NaN",
            "TBD",
            "tba.",
            "TODO",
            "?",
            "??",
            "x",
            "X",
            "✗",
            "❌",
            "/",
            ".",
            "...",
            "…",
            "Coming soon",
            "coming soon...",
            "(soon)",
            "Not Available",
            "unknown",
            "无",
            "暂无",
            "未知",
            "\u{200b}",
            "\u{2060}-",
            "- -",
            "✖️",
            "[TBD]",
            "：".trim_matches('：'),
            "------------------------------------------------------------",
        ] {
            assert!(is_placeholder(text), "{text}");
        }
        for text in ["no", "NA", "0", "xx", "C", "nano", "soon after", "to-do list", "⭐", "无线", "yes", "A-"] {
            assert!(!is_placeholder(text), "{text}");
        }
    }

    #[test]
    fn what_begins_as_text_is_no_placeholder() {
        let text = "a".repeat(LONGEST_PLACEHOLDER + 16);
        assert!(begins_as_text(&text) && begins_as_text(&format!("{text} <!-- TBD -->")));
        for other in [&text[1..], &format!("<!-- {text} -->"), &format!("- {}", " ".repeat(100))] {
            assert!(!begins_as_text(other), "{other}");
        }
    }

    #[test]
    fn hostile_text_takes_linear_time() {
        for part in ["-", " ", "(", "[", "a-", "\u{301}", "\u{200b}", "."] {
            let text = part.repeat(500_000);
            let _ = (is_placeholder(&text), begins_as_text(&text));
        }
    }
}
