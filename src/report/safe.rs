//! Text from outside, made harmless for a terminal and for the log of a GitHub runner: `Safe`.
//!
//! A list, a path or an argument may hold control sequences, invisible and direction-changing characters, and workflow commands. Whatever a
//! report shows of them goes through [`Safe`]. JSON and XML, whose readers need the text itself, go through [`json`] and [`xml`].

use std::borrow::Cow;
use std::fmt::{self, Write};

use unicode_width::UnicodeWidthChar;

/// Text that holds no control character, nothing invisible, and no workflow command; always one line.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Safe<'t>(Cow<'t, str>);

impl<'t> Safe<'t> {
    /// Shows what is harmful as `\u{202e}`, a tab as a space, `##[` as `##\[`, and a `::` at the beginning as `\::`.
    #[must_use]
    pub fn new(text: &'t str) -> Self {
        if !needs_escape(text) {
            return Self(Cow::Borrowed(text));
        }
        let mut safe = String::with_capacity(text.len() + 16);
        if begins_command(text) {
            safe.push('\\');
        }
        for char in text.chars() {
            push(&mut safe, char);
        }
        Self(Cow::Owned(safe))
    }

    /// The harmless text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Safe<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.pad(&self.0)
    }
}

/// The same line by line, for text of several lines.
#[must_use]
pub fn lines(text: &str) -> String {
    text.split_inclusive('\n').fold(String::with_capacity(text.len()), |mut safe, line| {
        let (line, ending) = line.strip_suffix('\n').map_or((line, ""), |line| (line, "\n"));
        safe.push_str(Safe::new(line).as_str());
        safe.push_str(ending);
        safe
    })
}

/// JSON that says the same with harmless bytes: what [`Safe`] would show, and the bracket of `##[`, written as `\uXXXX`.
///
/// Line feeds stay: they stand between values, where the serializer put them.
#[must_use]
pub fn json(text: &str) -> String {
    let mut safe = String::with_capacity(text.len() + 16);
    for char in text.chars() {
        if char == '\n' || !is_harmful(char) && !completes_command(&safe, char) {
            safe.push(char);
        } else {
            for unit in char.encode_utf16(&mut [0; 2]) {
                let _ = write!(safe, "\\u{unit:04x}");
            }
        }
    }
    safe
}

/// What stands for the text in an attribute or between tags of an XML document, on one line.
///
/// As in [`json`], the text keeps its value where XML can say it: as a character reference. What XML 1.0 has no way to say at all, such as ESC, is
/// shown as in [`Safe`].
#[must_use]
pub fn xml(text: &str) -> String {
    let mut safe = String::with_capacity(text.len() + 16);
    for char in text.chars() {
        match char {
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '"' => safe.push_str("&quot;"),
            '\t' | '\n' | '\r' => push_reference(&mut safe, char),
            '\0'..='\u{1f}' | '\u{fffe}' | '\u{ffff}' => push(&mut safe, char),
            char if is_harmful(char) || completes_command(&safe, char) => push_reference(&mut safe, char),
            char => safe.push(char),
        }
    }
    safe
}

fn push_reference(safe: &mut String, char: char) {
    let _ = write!(safe, "&#x{:x};", u32::from(char));
}

/// Whether a character acts on its surroundings instead of being seen.
#[must_use]
pub fn is_harmful(char: char) -> bool {
    let is_control = char.is_control();
    // The soft hyphen, the Arabic letter mark and the Mongolian vowel separator; zero width, marks of direction, line and paragraph
    // separators, embeddings and overrides; word joiner, invisible operators, isolates, deprecated format characters.
    let is_unseen = matches!(char, '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}'
        | '\u{2060}'..='\u{206f}');
    // The byte order mark, interlinear annotations, tags, and what is no character at all.
    let is_special = matches!(char, '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}'
        | '\u{fdd0}'..='\u{fdef}' | '\u{fffe}' | '\u{ffff}');
    !char.is_ascii_graphic() && (is_control || is_unseen || is_special)
}

/// Whether a character written behind this text would complete `##[`, which the runner looks for anywhere in a line.
#[must_use]
pub fn completes_command(before: &str, char: char) -> bool {
    char == '[' && before.chars().rev().filter(|&char| is_compared(char)).take(2).eq(['#', '#'])
}

/// Whether the runner looks at the character: the comparisons of .NET pass over most characters without width, such as variation selectors.
fn is_compared(char: char) -> bool {
    char.width() != Some(0)
}

/// Writes one character in the way it may be shown.
pub fn push(safe: &mut String, char: char) {
    if char == '\t' {
        safe.push(' ');
    } else if is_harmful(char) {
        let _ = write!(safe, "\\u{{{:x}}}", u32::from(char));
    } else {
        if completes_command(safe, char) {
            safe.push('\\');
        }
        safe.push(char);
    }
}

fn needs_escape(text: &str) -> bool {
    if text.bytes().all(|byte| matches!(byte, b' '..=b'~')) {
        return text.contains("##[") || begins_command(text);
    }
    let mut compared = text.chars().filter(|&char| is_compared(char));
    let mut hashes = 0;
    let holds_command = compared.any(|char| {
        let is_command = char == '[' && hashes >= 2;
        hashes = if char == '#' { hashes + 1 } else { 0 };
        is_command
    });
    holds_command || begins_command(text) || text.chars().any(is_harmful)
}

/// Whether a line that begins with this text may be a command: the runner trims the line, then wants `::`. The second colon may be ours.
fn begins_command(text: &str) -> bool {
    // What is harmful will be spelt out, and then stands before the colons.
    let is_blank = |char: &char| *char == '\t' || char.is_whitespace() && !is_harmful(*char);
    let mut compared = text.chars().filter(|&char| is_harmful(char) || is_compared(char)).skip_while(is_blank);
    compared.next() == Some(':') && matches!(compared.next(), None | Some(':'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expected: &str) {
        assert_eq!(Safe::new(text).as_str(), expected);
    }

    #[test]
    fn plain_text_stays_as_it_is() {
        check("Mutual Attention: 日本語 ❤️ [a](b) | :--", "Mutual Attention: 日本語 ❤️ [a](b) | :--");
    }

    #[test]
    fn what_acts_instead_of_being_seen_is_spelt_out() {
        check("a\x1b[31mb\x07\tc\r\nd", "a\\u{1b}[31mb\\u{7} c\\u{d}\\u{a}d");
        check("\u{9b}2J\u{7f}", "\\u{9b}2J\\u{7f}");
        check("\u{202e}gpj\u{2066}\u{61c}", "\\u{202e}gpj\\u{2066}\\u{61c}");
        check("a\u{200b}b\u{feff}\u{e0041}", "a\\u{200b}b\\u{feff}\\u{e0041}");
    }

    #[test]
    fn workflow_commands_are_broken() {
        check("| a ##[error]b |", "| a ##\\[error]b |");
        check("##\u{1b}[31m", "##\\u{1b}[31m");
        check("::set-output name=a::b", "\\::set-output name=a::b");
        check("#\u{fe0f}#\u{34f}[error]b", "#\u{fe0f}#\u{34f}\\[error]b");
        check("\u{fe0f}:\u{fe0f}:debug::b", "\\\u{fe0f}:\u{fe0f}:debug::b");
        check("\u{3000} ::debug::b", "\\\u{3000} ::debug::b");
        check(":", "\\:");
        check("a::b", "a::b");
    }

    #[test]
    fn xml_keeps_what_it_can_say() {
        assert_eq!(xml("<a & \"b\">\r\n日本"), "&lt;a &amp; &quot;b&quot;&gt;&#xd;&#xa;日本");
        assert_eq!(
            xml("##[error]x\u{202e}\u{85}\u{1b}\0\u{ffff}"),
            "##&#x5b;error]x&#x202e;&#x85;\\u{1b}\\u{0}\\u{ffff}"
        );
    }

    #[test]
    fn json_keeps_its_value() {
        let text = "a##[error]\u{9b}\u{202e}\u{e0041}\u{1b}\u{7f}";
        let safe = json(&serde_json::to_string_pretty(&[text]).expect("a string is JSON"));
        assert_eq!(safe, "[\n  \"a##\\u005berror]\\u009b\\u202e\\udb40\\udc41\\u001b\\u007f\"\n]");
        let read: Vec<String> = serde_json::from_str(&safe).expect("the JSON is valid");
        assert_eq!(read, [text]);
    }
}
