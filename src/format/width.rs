//! How many columns a text takes on a screen.

use unicode_segmentation::UnicodeSegmentation;
use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

/// The columns that a text takes, as Prettier, mdformat, dprint and Biome count them.
///
/// Wide and fullwidth characters take two, ambiguous ones one, combining marks none, an emoji sequence two, controls (a tab among them) one.
#[must_use]
pub fn display_width(text: &str) -> usize {
    if text.is_ascii() {
        return text.len();
    }
    let mut sum = 0;
    for character in text.chars() {
        if joins_emoji(character) {
            return text.graphemes(true).map(cluster_width).sum();
        }
        sum += character_width(character);
    }
    sum
}

fn cluster_width(cluster: &str) -> usize {
    if cluster.chars().any(joins_emoji) {
        // Within such a cluster only: across clusters, the sum for a whole text joins lam and alef to one column, which nobody else does.
        cluster.width()
    } else {
        cluster.chars().map(character_width).sum()
    }
}

fn character_width(character: char) -> usize {
    character.width().unwrap_or(1)
}

/// Whether a character makes one picture of its neighbours: joiner, emoji style, half a flag, skin tone.
fn joins_emoji(character: char) -> bool {
    matches!(character, '\u{200d}' | '\u{fe0f}' | '\u{1f1e6}'..='\u{1f1ff}' | '\u{1f3fb}'..='\u{1f3ff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(expected: usize, texts: &[&str]) {
        for text in texts {
            assert_eq!(display_width(text), expected, "{text} {}", text.escape_unicode());
        }
    }

    #[test]
    fn wide_characters_take_two_columns_and_ambiguous_ones_one() {
        check(4, &["中文", "전각", "ＡＢ", "\u{3000}\u{3000}"]);
        check(1, &["①", "±", "“", "—", "…", "\u{a0}"]);
    }

    #[test]
    fn an_emoji_sequence_takes_two_columns() {
        check(2, &["👍", "❌", "❤️", "⚠️", "👨‍👩‍👧‍👦", "👩‍💻", "🇺🇸", "👍🏽", "1️⃣", "©️"]);
        check(1, &["❤", "⚠", "✔", "✍", "☝", "❤︎"]);
    }

    #[test]
    fn marks_take_no_column() {
        check(1, &["e\u{301}", "a\u{200b}", "a\u{200c}", "a\u{200d}", "a\u{200f}"]);
        check(2, &["\u{1112}\u{1161}\u{11ab}"]);
        check(5, &["हिन्दी"]);
    }

    #[test]
    fn lam_and_alef_stay_two_letters() {
        check(7, &["سلام لا"]);
    }

    #[test]
    fn controls_take_one_column() {
        check(3, &["a\tb", "a\u{1b}b", "é\u{b}b"]);
    }
}
