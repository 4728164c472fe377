//! What ordinary text looks like: which characters stand side by side in it, and which do not.

use unicode_script::{Script, UnicodeScript};

/// A cell's text, and what is asked of it over and over.
pub(super) struct Surroundings<'c> {
    text: &'c str,
    /// The first mark that can open a quotation, and the last that can close one: offsets in the text.
    first_opener: usize,
    last_closer: usize,
}

impl<'c> Surroundings<'c> {
    pub(super) fn new(text: &'c str) -> Self {
        let first_opener = text.find(['"', '“', '”', '„', '‘', '‚', '«', '»', '‹', '›']);
        let last_closer = text.rfind(['"', '”', '“', '’', '‘', '»', '«', '›', '‹']);
        Self { text, first_opener: first_opener.unwrap_or(text.len()), last_closer: last_closer.unwrap_or(0) }
    }

    /// Whether a run of characters, from one offset of the cell to another, holds neighbours that no author writes side by side; `run` is what
    /// stands there, or is to stand there.
    pub(super) fn are_odd(&self, run: &str, start: usize, end: usize) -> bool {
        let (before, behind) = self.neighbours(start, end);
        let mut characters = run.chars().peekable();
        let mut previous = before;
        let mut is_first = true;
        while let Some(current) = characters.next() {
            let triple = Triple { previous, current, next: characters.peek().copied().or(behind) };
            let is_odd = is_alien(current)
                || is_first && self.is_lone_capital(triple, start)
                || previous.is_some_and(|previous| is_odd_pair(previous, current))
                || self.is_odd_quote(triple, start, end)
                || triple.is_dashed();
            if is_odd {
                return true;
            }
            is_first = false;
            previous = Some(current);
        }
        previous.zip(behind).is_some_and(|(last, behind)| is_odd_pair(last, behind))
    }

    /// Whether a text reads well in the place of a run, so that it may well be what the author wrote.
    pub(super) fn welcome(&self, run: &str, start: usize, end: usize) -> bool {
        let (before, behind) = self.neighbours(start, end);
        let first = run.chars().next();
        let goes_on_in_case = match (before, first) {
            (Some(before), Some(first)) if before.is_lowercase() => !first.is_uppercase(),
            (Some(before), Some(first)) if before.is_uppercase() && first.is_lowercase() => run
                .chars()
                .nth(1)
                .or(behind)
                .is_some_and(|next| next.is_lowercase() || !next.is_alphabetic() && next != ' '),
            _ => true,
        };
        let mut foreign =
            run.chars().filter(|character| character.is_alphabetic() && character.script() != Script::Latin);
        let is_lone_foreigner = match (foreign.next(), foreign.next()) {
            // A Greek letter is a symbol of science as well.
            (Some(letter), None) if letter.script() != Script::Greek => {
                let stands_in_latin = [before, behind].into_iter().flatten().any(|other| other.is_ascii_alphabetic());
                letter < '\u{800}' || stands_in_latin
            }
            _ => false,
        };
        goes_on_in_case && !is_lone_foreigner && run.chars().all(is_common)
    }

    fn neighbours(&self, start: usize, end: usize) -> (Option<char>, Option<char>) {
        (self.text[..start].chars().next_back(), self.text[end..].chars().next())
    }

    /// `Ã` and `Â` begin words, but are none, and no word ends in `Â`; yet a text may speak of the letters: `« Ã »`.
    fn is_lone_capital(&self, triple: Triple, start: usize) -> bool {
        let Triple { previous, current, next } = triple;
        let follows_letter = previous.is_some_and(char::is_alphabetic);
        let is_quoted = self.first_opener < start && self.last_closer >= start;
        match (current, next) {
            ('Ã', Some(next)) => {
                !follows_letter && !next.is_alphabetic() && !(is_quoted && (is_closer(next) || next == '\u{a0}'))
            }
            ('Â', Some(next)) => !next.is_alphabetic() && !(is_quoted && (is_closer(next) || next == '\u{a0}')),
            _ => false,
        }
    }

    /// A quotation that nobody opened or closes, or a mark that opens one behind a letter.
    fn is_odd_quote(&self, triple: Triple, start: usize, end: usize) -> bool {
        let Triple { previous, current, next } = triple;
        let follows_word = previous.is_some_and(char::is_alphanumeric);
        let precedes_word = next.is_some_and(char::is_alphanumeric);
        let (is_opened, is_closed) = (self.first_opener < start, self.last_closer >= end);
        match current {
            '„' | '‚' => follows_word || !is_closed,
            '¿' | '¡' => follows_word,
            // German closes with what English opens with; and guillemets point either way.
            '“' | '‘' | '«' | '‹' | '”' | '»' | '›' if follows_word => precedes_word || !is_opened,
            '“' | '«' | '‹' => !is_closed,
            _ => false,
        }
    }
}

#[derive(Clone, Copy)]
struct Triple {
    previous: Option<char>,
    current: char,
    next: Option<char>,
}

impl Triple {
    /// `–о–`: dashes around one character, without blanks.
    fn is_dashed(self) -> bool {
        let is_dash = |character: Option<char>| matches!(character, Some('–' | '—'));
        is_dash(self.previous) && is_dash(self.next) && !self.current.is_ascii() && !self.current.is_whitespace()
    }
}

/// Whether a character is in no text at all: a control character, or the private sign of one manufacturer.
fn is_alien(character: char) -> bool {
    matches!(character, '\u{80}'..='\u{9f}' | '\u{f8ff}')
}

fn is_closer(character: char) -> bool {
    matches!(character, '”' | '’' | '»' | '›' | '“' | '‘')
}

/// What a character is to its neighbours.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Blank,
    NoBreak,
    Letter,
    Digit,
    /// Accents that stand alone, and what hardly any text has.
    Accent,
    /// `®`, `²`, `†`: they stand behind a word, or before one with a blank.
    Raised,
    Money,
    /// `π`, `∞`: they stand where a number could.
    Operand,
    Operator,
    Bullet,
    Dash,
    Apostrophe,
    Other,
}

fn kind(character: char) -> Kind {
    match character {
        '\u{a0}' => Kind::NoBreak,
        '¨' | '¯' | '´' | '¸' | 'ˆ' | '˜' | '¦' | '¤' | 'ˇ' | '˘' | '˙' | '˚' | '˛' | '˝' | '◊' => {
            Kind::Accent
        }
        '™' | '®' | '©' | 'ª' | 'º' | '°' | '²' | '³' | '¹' | '†' | '‡' | '§' | '¶' => Kind::Raised,
        '€' | '£' | '¢' | '¥' | 'ƒ' => Kind::Money,
        'µ' | 'π' | 'Ω' | '∞' | '∂' | '∑' | '∏' | '∫' | '¼' | '½' | '¾' => Kind::Operand,
        '±' | '¬' | '×' | '÷' | '√' | '≈' | '∆' | '≠' | '≤' | '≥' | '⁄' | '‰' => Kind::Operator,
        '•' | '·' => Kind::Bullet,
        '–' | '—' => Kind::Dash,
        '’' => Kind::Apostrophe,
        _ if character.is_whitespace() => Kind::Blank,
        _ if character.is_alphabetic() => Kind::Letter,
        _ if character.is_numeric() => Kind::Digit,
        _ => Kind::Other,
    }
}

/// Whether two characters hardly ever stand side by side. Pairs of ASCII are never asked about.
fn is_odd_pair(a: char, b: char) -> bool {
    let is_foreign_letter = |character: char| !character.is_ascii() && kind(character) == Kind::Letter;
    match (kind(a), kind(b)) {
        (Kind::Letter, Kind::Letter) => is_odd_pair_of_letters(a, b),
        (Kind::Blank, Kind::NoBreak) | (Kind::NoBreak, Kind::Blank) => a == ' ' || b == ' ',
        (Kind::Accent, other) | (other, Kind::Accent) => !matches!(other, Kind::Blank | Kind::Other),
        // `Nº`, `x²` and `Name®`, but not `©name`.
        (Kind::Letter, Kind::Raised) => is_foreign_letter(a) && matches!(b, 'ª' | 'º' | '°'),
        (Kind::Raised, Kind::Raised) => a != b && !matches!((a, b), ('²' | '³' | '¹', '²' | '³' | '¹')),
        (Kind::Letter, Kind::Operand | Kind::Operator) => is_foreign_letter(a) || b == '‰',
        (Kind::Letter, Kind::Bullet) => is_foreign_letter(a) || b == '•',
        (Kind::Operator | Kind::Bullet, Kind::Letter) => is_foreign_letter(b),
        (Kind::Operator, Kind::Operator | Kind::Bullet) | (Kind::Dash, Kind::Operator) => (a, b) != ('≈', '±'),
        (Kind::Operator, Kind::Operand) => a == '¬' || b == '∑',
        (Kind::Digit, Kind::Operator) => a.is_ascii() && b == '¬',
        (Kind::Raised, Kind::Letter | Kind::Money | Kind::Operand | Kind::Apostrophe)
        | (Kind::Letter, Kind::Money)
        | (Kind::Money, Kind::Letter | Kind::Raised | Kind::Money | Kind::Operator)
        | (Kind::Operator | Kind::Dash | Kind::Bullet, Kind::Raised | Kind::Money)
        | (Kind::Bullet, Kind::Operand | Kind::Operator | Kind::Bullet) => true,
        _ => false,
    }
}

/// Lower case before upper case, and letters of different languages.
fn is_odd_pair_of_letters(a: char, b: char) -> bool {
    if a.is_ascii() && b.is_ascii() {
        return false;
    }
    let is_ligature = |character: char| matches!(character, 'œ' | 'Œ');
    let is_slavic = |character: char| matches!(character, 'š' | 'ž' | 'Š' | 'Ž');
    let occurs_with_slavic = |character: char| {
        character.is_ascii()
            || is_slavic(character)
            || !('\u{c0}'..='\u{ff}').contains(&character)
            || "áéíóúýäôõöüÁÉÍÓÚÝÄÔÕÖÜ".contains(character)
    };
    a.is_lowercase() && b.is_uppercase()
        || is_ligature(a) && !b.is_ascii()
        || is_ligature(b) && !a.is_ascii()
        || is_slavic(a) && !occurs_with_slavic(b)
        || is_slavic(b) && !occurs_with_slavic(a)
        || b == 'Ÿ' && !a.is_ascii()
}

/// Whether a character is in use: assigned, no control, and of a writing system and an alphabet that lists are written in.
pub(super) fn is_common(character: char) -> bool {
    if character.is_control() {
        return false;
    }
    match character.script() {
        Script::Latin => match character {
            // Latin-1 and Extended-A; Extended-B only where an alphabet of today has the letter; then Vietnamese, ligatures and full width.
            '\u{a0}'..='\u{17f}'
            | '\u{1e00}'..='\u{1eff}'
            | '\u{2100}'..='\u{214f}'
            | '\u{fb00}'..='\u{fb06}'
            | '\u{ff21}'..='\u{ff5a}'
            | 'Ɓ'
            | 'Ɔ'
            | 'Ɖ'
            | 'Ɗ'
            | 'Ə'
            | 'Ɛ'
            | 'ƒ'
            | 'Ɣ'
            | 'Ƙ'
            | 'ƙ'
            | 'Ơ'
            | 'ơ'
            | 'Ư'
            | 'ư'
            | 'Ǎ'..='ǜ'
            | 'Ș'..='ț'
            | 'ɓ'
            | 'ɔ'
            | 'ɖ'
            | 'ɗ'
            | 'ə'
            | 'ɛ'
            | 'ɣ' => true,
            _ => character.is_numeric(),
        },
        Script::Greek => !('\u{370}'..'\u{384}').contains(&character),
        Script::Cyrillic => {
            ('\u{400}'..='\u{45f}').contains(&character) || ('\u{490}'..='\u{4ff}').contains(&character)
        }
        Script::Inherited => {
            matches!(character, '\u{300}'..='\u{304}' | '\u{306}'..='\u{30c}' | '\u{31b}' | '\u{323}'..='\u{328}'
            | '\u{64b}'..='\u{655}' | '\u{670}' | '\u{200c}' | '\u{200d}' | '\u{20e3}' | '\u{3099}' | '\u{309a}' | '\u{fe0e}' | '\u{fe0f}')
        }
        Script::Common => !('\u{2b0}'..='\u{2ff}').contains(&character),
        Script::Armenian
        | Script::Hebrew
        | Script::Arabic
        | Script::Devanagari
        | Script::Bengali
        | Script::Gurmukhi
        | Script::Gujarati
        | Script::Oriya
        | Script::Tamil
        | Script::Telugu
        | Script::Kannada
        | Script::Malayalam
        | Script::Sinhala
        | Script::Thai
        | Script::Lao
        | Script::Tibetan
        | Script::Myanmar
        | Script::Georgian
        | Script::Hangul
        | Script::Ethiopic
        | Script::Khmer
        | Script::Mongolian
        | Script::Hiragana
        | Script::Katakana
        | Script::Bopomofo
        | Script::Han => true,
        _ => false,
    }
}
