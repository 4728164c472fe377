//! What kinds of bytes a cell has, so that most questions about it are answered without another look.

/// The kinds of bytes that a text has, read in one pass over it.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug)]
pub struct ByteKinds(u16);

/// `[` and `<`: without them, links are bare.
const BRACKET: u16 = 1 << 0;
/// `]`
const CLOSING_BRACKET: u16 = 1 << 1;
/// A bare link has a colon, or begins with `www.`.
const COLON: u16 = 1 << 2;
/// What may be markup apart from brackets, or is whitespace other than a space.
const MARKUP: u16 = 1 << 3;
/// The first byte of a character that may be whitespace: U+0085 and U+00A0, U+1680, U+2000 to U+205F, U+3000.
const PERHAPS_SPACE: u16 = 1 << 4;
const NON_ASCII: u16 = 1 << 5;
/// The first byte of the full-width forms, U+FF00 to U+FFEF.
const PERHAPS_FULL_WIDTH: u16 = 1 << 6;
/// These two count where they stand side by side.
const SPACE: u16 = 1 << 7;
const LETTER_W: u16 = 1 << 8;
const PAIRS: u16 = SPACE | LETTER_W;

static KINDS: [u16; 256] = {
    let mut kinds = [0; 256];
    let mut byte = 0;
    while byte < 256 {
        #[expect(clippy::cast_possible_truncation, reason = "it is below 256")]
        let kind = match byte as u8 {
            b'[' | b'<' => BRACKET,
            b']' => CLOSING_BRACKET,
            b'*' | b'_' | b'~' | b'`' | b'&' | b'\\' | 0..=0x1f => MARKUP,
            b':' => COLON,
            b' ' => SPACE,
            b'w' => LETTER_W,
            0xc2 | 0xe1 | 0xe2 | 0xe3 => PERHAPS_SPACE | NON_ASCII,
            0xef => PERHAPS_FULL_WIDTH | NON_ASCII,
            0x80..=0xff => NON_ASCII,
            _ => 0,
        };
        kinds[byte] = kind;
        byte += 1;
    }
    kinds
};

impl ByteKinds {
    /// Reads a text.
    #[must_use]
    pub fn of(text: &str) -> Self {
        let kind = |byte: u8| KINDS[usize::from(byte)];
        let (mut all, mut pairs, mut last) = (0, 0, 0);
        // By fours, since this looks at every byte of every cell.
        let (fours, rest) = text.as_bytes().as_chunks::<4>();
        for &four in fours {
            let [a, b, c, d] = [kind(four[0]), kind(four[1]), kind(four[2]), kind(four[3])];
            all |= a | b | c | d;
            pairs |= (last & a) | (a & b) | (b & c) | (c & d);
            last = d;
        }
        for kind in rest.iter().map(|&byte| kind(byte)) {
            all |= kind;
            pairs |= last & kind;
            last = kind;
        }
        Self(all & !PAIRS | pairs & PAIRS)
    }

    fn has(self, kinds: u16) -> bool {
        self.0 & kinds != 0
    }

    /// Whether all bytes are ASCII.
    #[must_use]
    pub fn is_ascii(self) -> bool {
        !self.has(NON_ASCII)
    }

    /// The kinds that either has.
    #[must_use]
    pub(super) fn and(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// Whether there may be full-width brackets.
    #[must_use]
    pub(super) fn may_have_full_width(self) -> bool {
        self.has(PERHAPS_FULL_WIDTH)
    }

    /// Whether there may be a link of any kind, or a square bracket.
    #[must_use]
    pub fn may_have_links(self) -> bool {
        self.has(BRACKET | CLOSING_BRACKET | COLON | LETTER_W)
    }

    /// Whether a link can only be a bare one with a scheme.
    #[must_use]
    pub(super) fn links_have_schemes(self) -> bool {
        !self.has(BRACKET | CLOSING_BRACKET | LETTER_W)
    }

    /// Whether there may be a bare link without a scheme.
    #[must_use]
    pub(super) fn may_have_www(self) -> bool {
        self.has(LETTER_W)
    }

    /// Whether it is certain that there is no markup, no run of spaces, and no other whitespace: what is written is what readers see.
    #[must_use]
    pub fn is_plain(self) -> bool {
        !self.has(BRACKET | MARKUP | PERHAPS_SPACE | SPACE)
    }

    /// Whether nothing but brackets may be markup or whitespace to collapse.
    #[must_use]
    pub(super) fn is_plain_but_for_brackets(self) -> bool {
        !self.has(MARKUP | PERHAPS_SPACE | SPACE)
    }

    /// The same, but for whitespace that is not ASCII, which is not ruled out.
    #[must_use]
    pub fn is_plain_but_for_whitespace(self) -> bool {
        !self.has(BRACKET | MARKUP | SPACE)
    }
}

/// A table of which bytes are among these, so that a search for any of many is one look a byte.
pub(crate) const fn bytes_in(bytes: &[u8]) -> [bool; 256] {
    let mut table = [false; 256];
    let mut index = 0;
    while index < bytes.len() {
        table[bytes[index] as usize] = true;
        index += 1;
    }
    table
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_byte_counts_wherever_it_stands() {
        for (text, is_plain, may_have_links) in [
            ("", true, false),
            ("a b, c. d!", true, false),
            ("a  b", false, false),
            ("w w w", true, false),
            ("ww", true, true),
            ("a:b", true, true),
            ("[", false, true),
            ("]", true, true),
            ("<", false, true),
            ("*", false, false),
            ("\u{3000}", false, false),
            ("\u{a0}", false, false),
            ("中", true, false),
        ] {
            for text in [text.to_owned(), format!("x{text}"), format!("{text}x"), format!("xyz{text}xyz")] {
                let kinds = ByteKinds::of(&text);
                assert_eq!((kinds.is_plain(), kinds.may_have_links()), (is_plain, may_have_links), "{text}");
            }
        }
        assert!(ByteKinds::of("a").is_ascii() && !ByteKinds::of("é").is_ascii());
    }
}
