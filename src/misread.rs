//! Text whose bytes were read with the wrong character set: what stands there, and what was meant.
//!
//! UTF-8 that a program reads as Windows-1252, Latin-1 or Mac Roman and saves again as UTF-8 leaves two to four odd characters for each that is not
//! ASCII. The way back is certain: the characters' bytes in that set, read as UTF-8. What it yields is taken only where it is more plausible than
//! what stands there, since `CAFÉ…`, `l’été` and `« thé »` can be read in that way, too.

use std::ops::Range;
use std::sync::OnceLock;

use encoding_rs::{Encoding, MACINTOSH, WINDOWS_1252};

/// A character set that text is often read with by mistake.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Charset {
    /// Windows-1252, of which Latin-1 is a part; its unused bytes and the controls of Latin-1 stand for themselves (WHATWG Encoding, windows-1252).
    Windows1252,
    /// Mac Roman (WHATWG Encoding, macintosh).
    MacRoman,
}

impl Charset {
    const ALL: [Self; 2] = [Self::Windows1252, Self::MacRoman];

    /// The name that people know.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Windows1252 => "Windows-1252",
            Self::MacRoman => "Mac Roman",
        }
    }

    fn encoding(self) -> &'static Encoding {
        match self {
            Self::Windows1252 => WINDOWS_1252,
            Self::MacRoman => MACINTOSH,
        }
    }

    /// The byte from 0x80 on that a character stands for; none where the set does not have it.
    fn byte(self, char: char) -> Option<u8> {
        static TABLES: [OnceLock<Vec<(char, u8)>>; 2] = [OnceLock::new(), OnceLock::new()];
        // Neither has any of East Asia's.
        if char.is_ascii() || ('\u{2600}'..='\u{f8fe}').contains(&char) {
            return None;
        }
        let table = TABLES[self as usize].get_or_init(|| {
            let decode = |byte: u8| self.encoding().decode_without_bom_handling(&[byte]).0.chars().next();
            let mut table: Vec<(char, u8)> = (0x80..=0xff).filter_map(|byte| Some((decode(byte)?, byte))).collect();
            table.sort_unstable();
            table
        });
        table.binary_search_by_key(&char, |&(char, _)| char).ok().map(|index| table[index].1)
    }
}

/// A piece of text that was read with the wrong character set.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Misread {
    /// Where it is in the text, in bytes.
    pub range: Range<usize>,
    /// What was meant.
    pub meant: String,
    /// The character set that it was read with.
    pub charset: Charset,
    /// Whether what stands there could hardly stand in a text that was read well.
    is_certain: bool,
}

/// The pieces of a text that were read with the wrong character set, in the order of their places.
///
/// Pieces that might also be meant as they stand are taken only beside one in `evidence`, a set that the document was read with elsewhere.
#[must_use]
pub fn misread(text: &str, evidence: Option<Charset>) -> Vec<Misread> {
    if text.is_ascii() {
        return Vec::new();
    }
    // The set that explains more is the one.
    let found = Charset::ALL.map(|charset| pieces(text, charset));
    let certain =
        |pieces: &[Misread]| pieces.iter().filter(|piece| piece.is_certain).map(|piece| piece.meant.len()).sum();
    let sizes: [usize; 2] = [certain(&found[0]), certain(&found[1])];
    let [windows, mac] = found;
    let best =
        if sizes[1] > sizes[0] || sizes[1] == sizes[0] && evidence == Some(Charset::MacRoman) { mac } else { windows };
    let is_evident = best.iter().any(|piece| piece.is_certain || Some(piece.charset) == evidence);
    if is_evident { best } else { Vec::new() }
}

/// The first character set that a piece of the text was certainly read with.
#[must_use]
pub fn evidence(text: &str) -> Option<Charset> {
    misread(text, None).first().map(|piece| piece.charset)
}

/// A character that was read as several.
struct Decoded {
    /// Where the several are, in bytes.
    range: Range<usize>,
    meant: char,
    lead: u8,
    /// Whether one behind the first is none of those that may well follow a letter.
    is_odd: bool,
}

/// The pieces that may have been read with one set.
fn pieces(text: &str, charset: Charset) -> Vec<Misread> {
    let mut pieces = Vec::new();
    let mut at = 0;
    while let Some(offset) = text[at..].bytes().position(|byte| byte >= 0x80) {
        let start = at + offset;
        let run = run(text, start, charset);
        at = match run.last() {
            Some(last) => last.range.end,
            None => start + text[start..].chars().next().map_or(1, char::len_utf8),
        };
        pieces.extend(piece(text, &run, charset));
    }
    pieces
}

/// The characters that were read as several, one behind the other, from a place on.
fn run(text: &str, start: usize, charset: Charset) -> Vec<Decoded> {
    let mut run = Vec::new();
    let mut at = start;
    while let Some(decoded) = decode(text, at, charset) {
        at = decoded.range.end;
        run.push(decoded);
    }
    run
}

/// The character that begins at a place, if it was read as several.
fn decode(text: &str, start: usize, charset: Charset) -> Option<Decoded> {
    let mut chars = text[start..].chars();
    let lead = charset.byte(chars.next()?)?;
    let len = match lead {
        0xc2..=0xdf => 2,
        0xe0..=0xef => 3,
        0xf0..=0xf4 => 4,
        _ => return None,
    };
    let mut bytes = [lead, 0, 0, 0];
    let mut is_odd = false;
    for place in &mut bytes[1..len] {
        let char = chars.next()?;
        *place = charset.byte(char).filter(|byte| (0x80..0xc0).contains(byte))?;
        is_odd |= !may_follow(char, lead, charset);
    }
    let meant = std::str::from_utf8(&bytes[..len]).ok()?.chars().next()?;
    Some(Decoded { range: start..text.len() - chars.as_str().len(), meant, lead, is_odd })
}

/// Whether a character may well stand behind the letter or sign that a first byte looks like, in a text that was read well.
fn may_follow(char: char, lead: u8, charset: Charset) -> bool {
    match (charset, char) {
        // What ends a sentence or a quotation, or parts two words: `CAFÉ…`, `thé »` with a space that does not break.
        (_, '»' | '›' | '”' | '’' | '“' | '‘' | '…' | '–' | '—') => true,
        (_, '\u{a0}') => lead != 0xc2,
        // Square and cubic Ångström.
        (Charset::Windows1252, '¹' | '²' | '³') => lead == 0xc5,
        // Roots and negations of what has a sign of its own.
        (Charset::MacRoman, 'π' | '∑' | '∏' | '∫' | '∂' | '∞' | '±' | '≤' | '≥' | '≠' | 'Ω' | 'µ' | 'ø') => {
            lead == 0xc3
        }
        _ => false,
    }
}

/// What a character that was decoded is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Sort {
    /// A letter of the Latin script that living languages are written with.
    Latin,
    /// A mark, a sign or a picture.
    Mark,
    /// A letter of another script.
    Foreign,
    /// None that people write.
    Unlikely,
}

fn sort(char: char) -> Sort {
    match char {
        // Latin-1, Latin Extended-A and Additional; Vietnamese, Romanian, Pinyin and Azerbaijani letters beyond.
        'À'..='Ö' | 'Ø'..='ö' | 'ø'..='ſ' | 'Ḁ'..='ỿ' | 'Ơ' | 'ơ' | 'Ư' | 'ư' | 'Ș'..='ț' | 'Ǎ'..='ǜ' | 'Ə' | 'ə' => {
            Sort::Latin
        }
        // Latin-1 signs; spaces, dashes and quotes; money, letterlike signs, arrows, mathematics, shapes, dingbats; marks of East Asia; pictures.
        '\u{a0}'..='¿'
        | '×'
        | '÷'
        | '\u{2000}'..='\u{2029}'
        | '\u{202f}'..='\u{2065}'
        | '⁰'..='⟿'
        | '⤀'..='⯿'
        | '　'..='〿'
        | '\u{fe00}'..='\u{fe0f}'
        | '！'..='～'
        | '\u{feff}'
        | '\u{1f000}'..='\u{1faff}' => Sort::Mark,
        // Combining marks, Greek, Cyrillic, Armenian, Hebrew, Arabic; the scripts of South and South-East Asia; those of East Asia.
        '\u{300}'..='\u{6ff}'
        | '\u{900}'..='\u{11ff}'
        | '\u{1780}'..='\u{17ff}'
        | '\u{3040}'..='\u{9fff}'
        | '가'..='힣'
        | '豈'..='\u{faff}'
        | '\u{20000}'..='\u{2fa1f}' => Sort::Foreign,
        _ => Sort::Unlikely,
    }
}

/// The whole run as a piece, where what it yields is plausible.
fn piece(text: &str, run: &[Decoded], charset: Charset) -> Option<Misread> {
    let (first, last) = (run.first()?, run.last()?);
    let sorts: Vec<Sort> = run.iter().map(|decoded| sort(decoded.meant)).collect();
    let range = first.range.start..last.range.end;
    let mut meant: String = run.iter().map(|decoded| decoded.meant).collect();
    if sorts.contains(&Sort::Unlikely) {
        // What was read wrongly twice is not plausible after one step back.
        return whole(&meant, charset).map(|meant| Misread { range, meant, charset, is_certain: true });
    }
    let (before, behind) = (&text[..range.start], &text[range.end..]);
    let is_certain = match (run, sorts.contains(&Sort::Foreign)) {
        ([one], false) => is_certain_alone(one, before, behind, charset)?,
        // A letter of another script alone is none of a word of ours, and no word of its own but in China and Japan.
        ([one], true) => {
            let touches = |char: Option<char>| char.is_some_and(char::is_alphabetic);
            let stands_alone = !touches(before.chars().next_back()) && !touches(behind.chars().next());
            (stands_alone && one.is_odd).then_some(one.meant.len_utf8() > 2)?
        }
        // Several in a row are no accident.
        (several, _) => several.iter().any(|decoded| decoded.is_odd),
    };
    if let Some(again) = whole(&meant, charset) {
        meant = again;
    }
    // A mark of the byte order has no meaning amid a text.
    meant.retain(|char| char != '\u{feff}');
    Some(Misread { range, meant, charset, is_certain })
}

/// Whether a letter or mark was certainly read as several; none where that is not plausible.
fn is_certain_alone(one: &Decoded, before: &str, behind: &str, charset: Charset) -> Option<bool> {
    let (left, right) = (before.chars().next_back(), behind.chars().next());
    let is = |char: Option<char>, is: fn(char) -> bool| char.is_some_and(is);
    if charset == Charset::MacRoman && matches!(one.lead, 0xc7 | 0xc9..=0xdf) {
        // There, the first is a quote, a dash or an apostrophe: `«été»`, `l’été`.
        return None;
    }
    let is_behind_capitals = before.chars().rev().take(2).filter(|char| char.is_uppercase()).count() == 2;
    let is_before_capital = is(right, char::is_uppercase) && !is(left, char::is_lowercase);
    if one.meant.is_lowercase() && (is_behind_capitals && !is(right, char::is_lowercase) || is_before_capital) {
        // `MAÇÃ®` is a name in capitals, and no `MAÇî`.
        return None;
    }
    let is_sign = matches!(one.meant, '×' | '÷');
    if is_sign && is(left, char::is_alphabetic) && !one.is_odd {
        return None;
    }
    // A capital letter in the midst of a word: `sÄ…`; a capital where a small letter follows: `Ã–l`.
    let is_capital_amid =
        is(left, char::is_lowercase) && (0xc3..=0xde).contains(&one.lead) && charset == Charset::Windows1252;
    let begins_word = one.meant.is_uppercase() && is(right, char::is_lowercase);
    Some(one.is_odd || is_capital_amid || begins_word || is_sign)
}

/// What the whole of a text was read from, where all of it was read wrongly. Each step back halves it at least.
fn whole(text: &str, charset: Charset) -> Option<String> {
    let run = run(text, 0, charset);
    let reaches_end = run.last().is_some_and(|last| last.range.end == text.len());
    let piece = reaches_end.then(|| piece(text, &run, charset)).flatten()?;
    piece.is_certain.then_some(piece.meant)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The text as it looks after it was read with the wrong set.
    fn spoilt(text: &str, charset: Charset) -> String {
        let decode = |byte: u8| charset.encoding().decode_without_bom_handling(&[byte]).0.into_owned();
        text.bytes().map(decode).collect()
    }

    fn mended(text: &str) -> String {
        let mut mended = text.to_owned();
        for piece in misread(text, evidence(text)).iter().rev() {
            mended.replace_range(piece.range.clone(), &piece.meant);
        }
        mended
    }

    const SENTENCES: [&str; 24] = [
        "Élève à l’école, où l’été « naïf » coûte cher… — cœur, garçon, Noël",
        "Über die Straße: Größe, Äpfel, Öl – „schön“ und ‚süß‘",
        "El niño comió piñas; ¿qué pasó? ¡Camión!",
        "São Paulo: informação, coração, pães, três, avó",
        "Příliš žluťoučký kůň úpěl ďábelské ódy",
        "Zażółć gęślą jaźń, książka, są, ŁÓDŹ",
        "Iğdır’da şöyle bir çocuk: İstanbul, güneş, ağaç",
        "Tiếng Việt: được, người, những, trường, phở",
        "Árvíztűrő tükörfúrógép, őszi eső",
        "Țară și pădure, știință, înălțime",
        "Smørrebrød på Ærø, blåbærgrød, Ångström",
        "Það er gott að búa á Íslandi",
        "Обработка изображений и текста",
        "Χάρτες και πίνακες",
        "עיבוד תמונה וטקסט",
        "معالجة الصور والنصوص",
        "图像与文本检索",
        "画像とテキストの検索。",
        "이미지 검색",
        "การค้นหาภาพ",
        "512×512 pixels, 10 µm ± 2 °C, 5 € – 7 £",
        "Text–Image Retrieval — “quoted” ‘words’…",
        "🚀 fast ✅ done ❤️ ™ ® ©",
        "naïve café, façade, résumé",
    ];

    #[test]
    fn what_was_spoilt_is_mended() {
        for sentence in SENTENCES {
            for charset in Charset::ALL {
                let spoilt = spoilt(sentence, charset);
                assert_eq!(mended(&spoilt), sentence, "{charset:?}: {spoilt}");
            }
        }
    }

    #[test]
    fn what_was_spoilt_twice_is_mended() {
        for sentence in ["naïve café – 图像", "“Größe”"] {
            let twice = spoilt(&spoilt(sentence, Charset::Windows1252), Charset::Windows1252);
            assert_eq!(mended(&twice), sentence, "{twice}");
        }
    }

    #[test]
    fn honest_text_is_left_alone() {
        let tricky = [
            "« thé\u{a0}» «\u{a0}À\u{a0}» «été» «école» l’été, d’État, –à –é …é “é ‘à",
            "CAFÉ… CAFÉ’s “CAFÉ” CAFÉ® CAFÉ™ MENÜ… „Ä“ Ä… SÃO NÃO» MAÇÃ… MAÇÃ» MAÇÃ® IRMÃ— É® Ü” HYVÄ…",
            "10 Å², 5 Å³, 3×½, Ø²?, √π, ¬p, ∆x, 2√π",
            "Âge, ÂGE, Ângulo, ROMÂNIA, Ñandú, Ð, Þ, ß, œuvre, Œuvre",
            "Đặng Ương Ấn Độ, ẢNH, Ê-đê, Ôn, Ôi!",
            "col·legi, paral·lel, ŁÓDŹ, ČESKÝ, ŽIŽKA, šœž",
            "Ω Σ π ∑ ∞ ≤ ≥ ≠ ± µ ° § ¶ † ‡ • … ‰ ‹ › € £ ¥ ¢ ¤",
            "ÀÁÂÃÄÅÆÇÈÉÊËÌÍÎÏÐÑÒÓÔÕÖØÙÚÛÜÝÞß àáâãäåæçèéêëìíîïðñòóôõöøùúûüýþÿ",
        ];
        for text in SENTENCES.iter().chain(&tricky) {
            assert_eq!(misread(text, None), [], "{text}");
        }
    }

    #[test]
    fn what_may_be_meant_is_mended_beside_what_cannot() {
        assert_eq!(misread("IRMÃ“S", None), []);
        assert_eq!(mended("IRMÃ“S sÃ£o"), "IRMÓS são");
    }
}
