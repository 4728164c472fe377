//! How the names of venues are spelled: `arXiv` and `Arxiv`, `RA-L` and `RAL`, `Elsevier` and `Elservier`.

use std::hash::Hasher;
use std::ops::Range;
use std::sync::LazyLock;

use rustc_hash::{FxHashMap, FxHasher};

use super::super::shorten;
use super::{Departure, Venue};
use crate::identity::word::{shadows, slip};

/// The spellings of names and of words in the venue columns of a file.
pub(super) struct Spellings<'v> {
    names: Tally<'v>,
    words: Tally<'v>,
    /// Frequent words of the file that others may be slips of, by their shadows.
    models: ByShadow<'v>,
}

/// Words by each of their shadows.
struct ByShadow<'v> {
    /// Sorted by shadow; those of one shadow in their own order.
    words: Vec<(u64, &'v str)>,
    beginnings: Beginnings,
}

impl<'v> ByShadow<'v> {
    fn of(words: impl Iterator<Item = &'v str>) -> Self {
        let mut shadowed: Vec<(u64, &str)> = Vec::new();
        for word in words {
            shadowed.extend(shadows(word).map(|shadow| (shadow, word)));
        }
        shadowed.sort_by_key(|&(shadow, _)| shadow);
        let beginnings = Beginnings::of(shadowed.iter().map(|&(shadow, _)| shadow));
        Self { words: shadowed, beginnings }
    }

    fn get(&self, shadow: u64) -> impl Iterator<Item = &'v str> {
        let words = if self.beginnings.may_have(shadow) { &self.words[..] } else { &[] };
        let start = words.partition_point(|&(other, _)| other < shadow);
        words[start..].iter().take_while(move |&&(other, _)| other == shadow).map(|&(_, word)| word)
    }
}

/// A bit for each number that some shadows begin with, in fourteen bits. Most shadows that are looked up are not among them, and most of those do not
/// begin like any that is.
struct Beginnings([u64; 256]);

impl Beginnings {
    fn of(shadows: impl Iterator<Item = u64>) -> Self {
        let mut beginnings = Self([0; 256]);
        for shadow in shadows {
            let (at, bit) = Self::place(shadow);
            beginnings.0[at] |= bit;
        }
        beginnings
    }

    fn may_have(&self, shadow: u64) -> bool {
        let (at, bit) = Self::place(shadow);
        self.0[at] & bit != 0
    }

    fn place(shadow: u64) -> (usize, u64) {
        ((shadow >> 56) as usize, 1 << (shadow >> 50 & 63))
    }
}

/// The words that everybody knows, by a shadow of a word of so many letters. They are few, so that a table of their shadows, made for each run, would not
/// pay.
fn known(shadow: u64, len: usize) -> impl Iterator<Item = &'static str> {
    static BEGINNINGS: LazyLock<Beginnings> =
        LazyLock::new(|| Beginnings::of(KNOWN.iter().flat_map(|word| shadows(word))));
    let words = if BEGINNINGS.may_have(shadow) { KNOWN } else { &[] };
    let is_near = move |word: &&str| word.len().abs_diff(len) <= 1 && shadows(word).any(|other| other == shadow);
    words.iter().copied().filter(is_near)
}

/// A word that is spelled right.
#[derive(Clone, Copy)]
enum Model<'v> {
    /// A frequent word of the file.
    Frequent(&'v str),
    /// A word that everybody knows.
    Known(&'static str),
}

/// So many cells make a spelling the file's own.
const ENOUGH_CELLS: usize = 4;

/// One cell in so many may be a slip.
const MOST_TO_ONE: usize = 4;

/// So many cells make a word a model for words that differ by a letter.
const FREQUENT: usize = 5;

/// Shorter words are acronyms or too like others to be slips.
const LONG_WORD: usize = 7;

/// More words of one shadow are none that a slip leads to.
const MAX_MODELS: usize = 8;

/// Words of venues that have no neighbour in English, nor in French, German, Spanish or Italian: in lower case, then as written.
const KNOWN: &[&str] = &[
    "Access",
    "Applications",
    "Artificial",
    "Association",
    "Automation",
    "Autonomous",
    "Communications",
    "Computational",
    "Conference",
    "Cybernetics",
    "Elsevier",
    "Engineering",
    "Environmental",
    "Geoscience",
    "Information",
    "Intelligence",
    "International",
    "INTERSPEECH",
    "Knowledge",
    "Mathematics",
    "Multimedia",
    "NeurIPS",
    "Observation",
    "Photogrammetry",
    "Preprint",
    "Proceedings",
    "Processing",
    "Recognition",
    "SIGGRAPH",
    "Springer",
    "Statistics",
    "Symposium",
    "Technologies",
    "Technology",
    "Transactions",
    "Workshop",
];

/// Words that look like slips and are words of other languages, or other words.
const OTHER_WORDS: &[&str] = &["excess", "internacional", "inteligence", "sprinter", "reprint"];

impl<'v> Spellings<'v> {
    pub(super) fn of(venues: &'v [Venue<'_>]) -> Self {
        let (mut names, mut words) = (Tally::of_some(venues.len()), Tally::of_some(venues.len()));
        for venue in venues {
            names.add(venue.name(), venue.cells, name_key);
            for range in word_ranges(&venue.visible) {
                words.add(&venue.visible[range], venue.cells, word_key);
            }
        }
        names.settle();
        words.settle();
        let frequent = words.bests.iter().filter_map(|best| {
            let text = words.spellings[best.spelling].text;
            let is_long = text.len() >= LONG_WORD && text.bytes().filter(u8::is_ascii_lowercase).count() >= 3;
            (is_long && best.all >= FREQUENT).then_some(text)
        });
        let models = ByShadow::of(frequent);
        Self { names, words, models }
    }

    /// The number of a venue's name, the same for all its spellings.
    pub(super) fn name_key(&self, name: &str) -> Option<usize> {
        self.names.places.get(name).map(|&place| self.names.spellings[place].key)
    }

    /// What the file spells otherwise in each venue, each once.
    pub(super) fn departures(&self, venues: &[Venue<'_>]) -> Vec<Vec<Departure>> {
        let of_words: Vec<Option<Departure>> =
            self.words.spellings.iter().map(|spelling| self.word(spelling.text)).collect();
        // Most files spell each name and each word in one way.
        if !self.names.vary() && of_words.iter().all(Option::is_none) {
            return venues.iter().map(|_| Vec::new()).collect();
        }
        venues.iter().map(|venue| self.of_venue(venue, &of_words)).collect()
    }

    fn of_venue(&self, venue: &Venue<'_>, of_words: &[Option<Departure>]) -> Vec<Departure> {
        let name = venue.name();
        let other_name = self.names.usual(name).filter(|_| is_name(name));
        let mut departures = Vec::new();
        if let Some((usual, cells)) = other_name {
            departures.push(departure(name, usual, &elsewhere(usual, cells)));
        }
        for range in word_ranges(&venue.visible) {
            if other_name.is_some() && range.start < venue.name.end {
                continue;
            }
            let place = self.words.places.get(&venue.visible[range]);
            departures.extend(place.and_then(|&place| of_words[place].clone()));
        }
        departures.sort_by(|a, b| a.wrong.cmp(&b.wrong));
        departures.dedup_by(|a, b| a.wrong == b.wrong);
        departures
    }

    fn word(&self, word: &str) -> Option<Departure> {
        if word.len() < 4 {
            return None;
        }
        // Only a capital inside, as in `arXiv` and `CVPR`, makes the case of a word a part of its name.
        let has_own_case = |text: &str| text.bytes().skip(1).any(|byte| byte.is_ascii_uppercase());
        if let Some((usual, cells)) = self.words.usual(word).filter(|(usual, _)| has_own_case(usual)) {
            return Some(departure(word, usual, &elsewhere(usual, cells)));
        }
        let (model, cells) = self.model(word)?;
        let model = in_case_of(model, word);
        let also = match cells {
            0 => String::new(),
            1 => ", which stands in 1 other cell".to_owned(),
            cells => format!(", which stands in {cells} other cells"),
        };
        Some(departure(word, &model, &format!("looks like a misspelling of `{model}`{also}")))
    }

    /// The word that a word is a slip of, and how many cells have that.
    fn model(&self, word: &str) -> Option<(&'v str, usize)> {
        // Of one letter less or more, so of four at least.
        if word.len() < 5 {
            return None;
        }
        let lower = word.to_ascii_lowercase();
        let own = self.words.all(word_key(&lower));
        let is_known = |text: &str| KNOWN.iter().any(|known| known.eq_ignore_ascii_case(text));
        let is_in_capitals = word.bytes().all(|byte| byte.is_ascii_uppercase());
        if is_known(&lower) || OTHER_WORDS.contains(&&*lower) {
            return None;
        }
        let models = shadows(&lower).flat_map(|shadow| {
            let frequent = self.models.get(shadow).map(Model::Frequent);
            frequent.chain(known(shadow, lower.len()).map(Model::Known)).take(MAX_MODELS)
        });
        let candidates = models.filter_map(|model| {
            // Endings are grammar: `physics` and `physica`, `science` and `sciences`.
            let key = model.text().to_ascii_lowercase();
            let behind = slip(&lower, &key)?;
            let cells = self.words.all(word_key(&key));
            let is_sure = match model {
                // Another letter in capitals is another acronym.
                Model::Frequent(_) => lower.len() >= LONG_WORD && own * FREQUENT <= cells && !is_in_capitals,
                Model::Known(_) => own <= cells.max(3) || lower == "neurlps",
            };
            (is_sure && behind >= 2).then(|| (self.words.best(word_key(&key)).unwrap_or(model.text()), cells))
        });
        candidates.max_by_key(|&(_, cells)| cells)
    }
}

impl<'v> Model<'v> {
    fn text(&self) -> &'v str {
        let (Self::Frequent(text) | Self::Known(text)) = self;
        text
    }
}

/// Only the words that differ change.
fn departure(wrong: &str, right: &str, message: &str) -> Departure {
    let words = |text: &str| -> Vec<usize> { text.match_indices(' ').map(|(at, _)| at).collect() };
    let before = words(wrong).into_iter().rfind(|&at| right.starts_with(&wrong[..=at])).map_or(0, |at| at + 1);
    let (rest, right) = (&wrong[before..], &right[before..]);
    let behind = words(rest).into_iter().find(|&at| right.ends_with(&rest[at..])).map_or(0, |at| rest.len() - at);
    let message = format!("`{}` {message}", shorten(wrong));
    let changed = before..wrong.len() - behind;
    Departure { wrong: wrong.to_owned(), changed, replacement: right[..right.len() - behind].to_owned(), message }
}

fn elsewhere(usual: &str, cells: usize) -> String {
    format!("is written `{}` in {cells} other cells", shorten(usual))
}

/// A word in the case of another: in capitals, in lower case, or as it is.
fn in_case_of(word: &str, other: &str) -> String {
    if other.bytes().all(|byte| byte.is_ascii_uppercase()) {
        word.to_ascii_uppercase()
    } else if other.bytes().all(|byte| byte.is_ascii_lowercase()) {
        word.to_ascii_lowercase()
    } else {
        word.to_owned()
    }
}

/// A number for what all spellings of one name have in common: its letters and digits, in lower case.
fn name_key(name: &str) -> u64 {
    if name.is_ascii() {
        let letters = name.bytes().filter(u8::is_ascii_alphanumeric);
        return digest(letters.map(|letter| u32::from(letter.to_ascii_lowercase())));
    }
    let letters = name.chars().filter(|character| character.is_alphanumeric());
    digest(letters.flat_map(char::to_lowercase).map(u32::from))
}

/// The same for the letters of a word, which are ASCII.
fn word_key(word: &str) -> u64 {
    digest(word.bytes().map(|letter| u32::from(letter.to_ascii_lowercase())))
}

fn digest(letters: impl Iterator<Item = u32>) -> u64 {
    let mut hasher = FxHasher::default();
    letters.for_each(|letter| hasher.write_u32(letter));
    hasher.finish()
}

/// Whether a text is long enough to be known again without its case, blanks and marks.
fn is_name(name: &str) -> bool {
    name.chars().filter(|character| character.is_alphabetic()).nth(2).is_some()
}

/// The words of ASCII letters with nothing but blanks, marks and digits around them.
fn word_ranges(text: &str) -> impl Iterator<Item = Range<usize>> {
    let bytes = text.as_bytes();
    let mut at = 0;
    let runs = std::iter::from_fn(move || {
        let start = at + bytes[at..].iter().position(u8::is_ascii_alphabetic)?;
        at = start + bytes[start..].iter().take_while(|byte| byte.is_ascii_alphabetic()).count();
        Some(start..at)
    });
    let is_other = |byte: Option<&u8>| byte.is_some_and(|byte| !byte.is_ascii());
    runs.filter(move |run| !is_other(bytes[..run.start].last()) && !is_other(bytes.get(run.end)))
}

/// Counts the spellings of things that have a key.
#[derive(Default)]
struct Tally<'v> {
    /// By the number of what spellings have in common.
    keys: FxHashMap<u64, usize>,
    places: FxHashMap<&'v str, usize>,
    /// In the order of their first cells.
    spellings: Vec<Spelling<'v>>,
    /// For each key, its most frequent spelling.
    bests: Vec<Best>,
}

struct Spelling<'v> {
    text: &'v str,
    key: usize,
    cells: usize,
}

#[derive(Clone, Default)]
struct Best {
    spelling: usize,
    cells: usize,
    /// How many cells have the key in any spelling.
    all: usize,
}

impl<'v> Tally<'v> {
    /// An empty one with room for so many spellings.
    fn of_some(count: usize) -> Self {
        let mut tally = Self::default();
        tally.keys.reserve(count);
        tally.places.reserve(count);
        tally.spellings.reserve(count);
        tally
    }

    fn add(&mut self, text: &'v str, cells: usize, key: impl Fn(&str) -> u64) {
        let place = *self.places.entry(text).or_insert_with(|| {
            let next = self.keys.len();
            let key = *self.keys.entry(key(text)).or_insert(next);
            self.spellings.push(Spelling { text, key, cells: 0 });
            self.spellings.len() - 1
        });
        self.spellings[place].cells += cells;
    }

    /// Finds the most frequent spellings, of equal ones the first.
    fn settle(&mut self) {
        self.bests = vec![Best::default(); self.keys.len()];
        for (index, spelling) in self.spellings.iter().enumerate() {
            let best = &mut self.bests[spelling.key];
            best.all += spelling.cells;
            if spelling.cells > best.cells {
                (best.spelling, best.cells) = (index, spelling.cells);
            }
        }
    }

    /// Whether anything has more than one spelling.
    fn vary(&self) -> bool {
        self.spellings.len() > self.keys.len()
    }

    /// The spelling that the file uses instead of this one, and in how many cells; none where that is not sure.
    fn usual(&self, text: &str) -> Option<(&'v str, usize)> {
        let own = &self.spellings[*self.places.get(text)?];
        let best = &self.bests[own.key];
        let usual = &self.spellings[best.spelling];
        let is_sure = best.cells >= ENOUGH_CELLS && own.cells * MOST_TO_ONE <= best.cells;
        (is_sure && usual.text != own.text).then_some((usual.text, best.cells))
    }

    /// The most frequent spelling of a key.
    fn best(&self, key: u64) -> Option<&'v str> {
        self.keys.get(&key).map(|&key| self.spellings[self.bests[key].spelling].text)
    }

    /// How many cells have a key in any spelling.
    fn all(&self, key: u64) -> usize {
        self.keys.get(&key).map_or(0, |&key| self.bests[key].all)
    }
}
