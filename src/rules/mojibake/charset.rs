//! The one-byte character sets that UTF-8 is mistaken for.

/// A character set of one byte a character, ASCII in its lower half.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Charset {
    /// Windows-1252, and Latin-1, which has control characters where Windows-1252 has marks and letters: both occur in one text, since
    /// Windows-1252 leaves five bytes undefined.
    Windows1252,
    /// The Macintosh's own, before it had Unicode.
    MacRoman,
}

impl Charset {
    pub(super) const ALL: [Self; 2] = [Self::Windows1252, Self::MacRoman];

    /// The name that people know it by.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Windows1252 => "Windows-1252",
            Self::MacRoman => "Mac Roman",
        }
    }

    /// The byte, 0x80 or above, that stands for a character; none for ASCII and for characters that the set lacks.
    pub(super) fn byte(self, character: char) -> Option<u8> {
        match (self, character) {
            // The last character of either set but one; before it come all scripts of Europe, behind it those of Asia.
            (_, '\0'..='\x7f' | '\u{25cb}'..='\u{f8fe}' | '\u{fb03}'..) => None,
            (Self::Windows1252, '\u{80}'..='\u{ff}') => u8::try_from(character).ok(),
            (Self::Windows1252, _) => find(&WINDOWS_1252, character),
            (Self::MacRoman, _) => find(&MAC_ROMAN, character),
        }
    }
}

fn find(set: &[(char, u8)], character: char) -> Option<u8> {
    set.binary_search_by_key(&character, |&(character, _)| character).ok().map(|at| set[at].1)
}

/// What Windows-1252 has in the place of control characters (`index-windows-1252.txt` of the WHATWG's Encoding Standard), sorted.
const WINDOWS_1252: [(char, u8); 32] = sorted([
    '€', '\u{81}', '‚', 'ƒ', '„', '…', '†', '‡', 'ˆ', '‰', 'Š', '‹', 'Œ', '\u{8d}', 'Ž', '\u{8f}', '\u{90}', '‘', '’',
    '“', '”', '•', '–', '—', '˜', '™', 'š', '›', 'œ', '\u{9d}', 'ž', 'Ÿ',
]);

/// Mac Roman from 0x80 on (`index-macintosh.txt` of the WHATWG's Encoding Standard), sorted.
const MAC_ROMAN: [(char, u8); 128] = sorted([
    'Ä', 'Å', 'Ç', 'É', 'Ñ', 'Ö', 'Ü', 'á', 'à', 'â', 'ä', 'ã', 'å', 'ç', 'é', 'è', 'ê', 'ë', 'í', 'ì', 'î', 'ï', 'ñ',
    'ó', 'ò', 'ô', 'ö', 'õ', 'ú', 'ù', 'û', 'ü', '†', '°', '¢', '£', '§', '•', '¶', 'ß', '®', '©', '™', '´', '¨', '≠',
    'Æ', 'Ø', '∞', '±', '≤', '≥', '¥', 'µ', '∂', '∑', '∏', 'π', '∫', 'ª', 'º', 'Ω', 'æ', 'ø', '¿', '¡', '¬', '√', 'ƒ',
    '≈', '∆', '«', '»', '…', '\u{a0}', 'À', 'Ã', 'Õ', 'Œ', 'œ', '–', '—', '“', '”', '‘', '’', '÷', '◊', 'ÿ', 'Ÿ', '⁄',
    '€', '‹', '›', 'ﬁ', 'ﬂ', '‡', '·', '‚', '„', '‰', 'Â', 'Ê', 'Á', 'Ë', 'È', 'Í', 'Î', 'Ï', 'Ì', 'Ó', 'Ô',
    '\u{f8ff}', 'Ò', 'Ú', 'Û', 'Ù', 'ı', 'ˆ', '˜', '¯', '˘', '˙', '˚', '¸', '˝', '˛', 'ˇ',
]);

/// Characters from byte 0x80 on, each with its byte, in the order of the characters.
const fn sorted<const N: usize>(characters: [char; N]) -> [(char, u8); N] {
    let mut set = [('\0', 0); N];
    let mut byte = 0x80_u8;
    let mut count = 0;
    while count < N {
        let mut at = count;
        while at > 0 && set[at - 1].0 > characters[count] {
            set[at] = set[at - 1];
            at -= 1;
        }
        set[at] = (characters[count], byte);
        byte = byte.wrapping_add(1);
        count += 1;
    }
    set
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_byte_is_its_character_in_the_encoding_standard() {
        for byte in 0x80..=0xff {
            let decoded = |encoding: &'static encoding_rs::Encoding| {
                encoding.decode_without_bom_handling(&[byte]).0.chars().next().unwrap_or_default()
            };
            assert_eq!(Charset::Windows1252.byte(decoded(encoding_rs::WINDOWS_1252)), Some(byte));
            assert_eq!(Charset::Windows1252.byte(char::from(byte)), Some(byte), "Latin-1");
            assert_eq!(Charset::MacRoman.byte(decoded(encoding_rs::MACINTOSH)), Some(byte));
        }
    }

    #[test]
    fn other_characters_have_no_byte() {
        for charset in Charset::ALL {
            for character in ['a', '|', '\u{7f}', 'ł', 'я', 'ệ', '中', '한', '\u{fffd}', '🚀'] {
                assert_eq!(charset.byte(character), None, "{character}");
            }
        }
    }
}
