//! What the cells of a column look like, over a sample of its rows.

use std::borrow::Cow;
use std::cell::OnceCell;

use rustc_hash::{FxBuildHasher, FxHashSet};

use super::date::{self, Form};
use super::{LinkRole, Role};
use crate::identity;
use crate::table::{Content, Row, Table};

/// How many rows are looked at; they are spread over the table. No more than there are bits in a `u64`.
const SAMPLE: usize = 60;

/// The rows that are looked at.
fn sample<'t>(table: &'t Table<'t>) -> impl Iterator<Item = Row<'t>> + use<'t> {
    table.body().step_by(table.body_len().div_ceil(SAMPLE).max(1))
}

/// Counts over the sampled cells of one column that hold more than a placeholder.
#[derive(Debug)]
pub(super) struct Profile<'t> {
    table: &'t Table<'t>,
    column: usize,
    /// The cells that hold more than a placeholder: a bit for each row of the sample.
    filled_rows: u64,
    /// Their number.
    filled: usize,
    /// Cells with a link that is no picture.
    linked: usize,
    /// Cells that show pictures and no text.
    pictures: usize,
    /// What readers see of them, once somebody asked: of most columns nobody does.
    visible: OnceCell<Vec<Cow<'t, str>>>,
    /// What their texts are like, once somebody asked.
    texts: OnceCell<Texts>,
    /// How many different texts there are, once somebody asked.
    distinct: OnceCell<usize>,
    /// What they say of dates, once somebody asked.
    dates: OnceCell<Dates>,
}

/// Counts over the visible texts of the cells.
#[derive(Clone, Copy, Default, Debug)]
struct Texts {
    /// Cells that hold a number and nothing else.
    numbers: usize,
    /// Words in all cells.
    words: usize,
    /// Cells with three letters or more.
    lettered: usize,
}

/// Counts of cells that hold dates.
#[derive(Clone, Copy, Default, Debug)]
struct Dates {
    /// Cells with a date in any form.
    all: usize,
    /// Cells that are a date and nothing else, and no bare number.
    pure: usize,
    /// Cells that are a year and nothing else.
    years: usize,
}

impl<'t> Profile<'t> {
    /// One for each column of a table.
    pub(super) fn of_columns(table: &'t Table<'t>) -> Vec<Self> {
        // By column, the rows with a link, and those with a picture.
        let mut columns = vec![(0_u64, 0_u64); table.width()];
        for (place, row) in sample(table).enumerate() {
            for (column, link) in row.placed_links() {
                let Some((linked, pictured)) = columns.get_mut(column) else { break };
                *(if link.is_image { pictured } else { linked }) |= 1 << place;
            }
        }
        let profile = |(column, (linked, pictured))| Self::of(table, column, linked, pictured);
        columns.into_iter().enumerate().map(profile).collect()
    }

    fn of(table: &'t Table<'t>, column: usize, linked_rows: u64, pictured_rows: u64) -> Self {
        let (mut filled_rows, mut pictures) = (linked_rows | pictured_rows, 0);
        for (place, row) in sample(table).enumerate() {
            let bit = 1 << place;
            if pictured_rows & bit != 0 {
                pictures += usize::from(identity::title::visible_cell(row, column).is_empty());
            } else if filled_rows & bit == 0 {
                // What is plain is seen at once, and what is not takes some reading.
                let is_plain = |Content { span, kinds }: Content| {
                    kinds.is_plain() || !identity::placeholder::begins_as_text(row.slice(span))
                };
                let is_filled = !row.content(column).is_none_or(is_plain)
                    || !identity::placeholder::is_placeholder(&identity::title::visible_cell(row, column));
                filled_rows |= if is_filled { bit } else { 0 };
            }
        }
        let count = |rows: u64| rows.count_ones() as usize;
        Self {
            table,
            column,
            filled_rows,
            filled: count(filled_rows),
            linked: count(linked_rows),
            pictures,
            visible: OnceCell::new(),
            texts: OnceCell::new(),
            distinct: OnceCell::new(),
            dates: OnceCell::new(),
        }
    }

    /// The sampled rows whose cell holds more than a placeholder.
    fn filled_rows(&self) -> impl Iterator<Item = Row<'t>> + use<'t> {
        let filled_rows = self.filled_rows;
        sample(self.table).enumerate().filter(move |(place, _)| filled_rows >> place & 1 == 1).map(|(_, row)| row)
    }

    /// The visible texts of those rows.
    fn visible(&self) -> &[Cow<'t, str>] {
        self.visible.get_or_init(|| {
            let mut visible = Vec::with_capacity(self.filled);
            visible.extend(self.filled_rows().map(|row| identity::title::visible_cell(row, self.column)));
            visible
        })
    }

    fn texts(&self) -> Texts {
        *self.texts.get_or_init(|| {
            let mut texts = Texts::default();
            for visible in self.visible() {
                let looks = Looks::of(visible);
                texts.words += looks.words;
                texts.lettered += usize::from(looks.is_lettered);
                texts.numbers += usize::from(looks.is_number);
            }
            texts
        })
    }

    fn distinct(&self) -> usize {
        *self.distinct.get_or_init(|| {
            let mut different: FxHashSet<&str> = FxHashSet::with_capacity_and_hasher(self.filled, FxBuildHasher);
            different.extend(self.visible().iter().map(AsRef::as_ref));
            different.len()
        })
    }

    fn dates(&self) -> Dates {
        *self.dates.get_or_init(|| {
            let mut counts = Dates::default();
            for dated in self.visible().iter().filter_map(|visible| date::parse(visible)) {
                counts.all += 1;
                counts.years += usize::from(dated.form == Form::Year);
                let is_pure = !matches!(dated.form, Form::Year | Form::Venue | Form::InText | Form::ShortYear);
                counts.pure += usize::from(is_pure);
            }
            counts
        })
    }

    /// The column's role: the one that its header names where the cells do not speak against it, else what the cells look like.
    pub(super) fn role(&self, named: Option<Role>) -> Role {
        match named {
            Some(Role::Date) if self.is_mostly_dates() => Role::Date,
            Some(Role::Date) if self.filled == 0 => Role::Date,
            Some(Role::Date) => {
                self.unnamed_role(if self.linked * 2 > self.filled { Role::Link(LinkRole::Other) } else { Role::Text })
            }
            Some(Role::Link(LinkRole::Paper)) if self.has_long_texts() => Role::Title,
            Some(Role::Title) if self.is_links_of_few_words() => Role::Link(LinkRole::Other),
            Some(role @ Role::Link(_)) if self.linked == 0 && self.filled > 0 => self.unnamed_role(role),
            Some(role) => role,
            None => self.unnamed_role(Role::Text),
        }
    }

    fn unnamed_role(&self, otherwise: Role) -> Role {
        if self.filled < 3 {
            otherwise
        } else if self.pictures * 2 > self.filled {
            Role::Badge
        } else if self.is_purely_dates() {
            Role::Date
        } else if self.is_links_of_few_words() {
            Role::Link(LinkRole::Other)
        } else if self.has_few_values() {
            Role::Enum
        } else if self.linked == 0 {
            Role::Text
        } else {
            otherwise
        }
    }

    fn has_few_values(&self) -> bool {
        self.filled >= 8
            && self.texts().words <= self.filled * 3
            && self.distinct() <= 8
            && self.distinct() * 4 <= self.filled
    }

    pub(super) fn is_mostly_dates(&self) -> bool {
        self.filled > 0 && self.dates().all * 5 >= self.filled * 3
    }

    fn is_purely_dates(&self) -> bool {
        let dates = self.dates();
        (dates.pure + dates.years) * 5 >= self.filled * 4 && dates.pure * 2 > self.filled
    }

    /// Whether the cells hold different names of their own.
    pub(super) fn bears_names(&self) -> bool {
        let texts = self.texts();
        self.filled > 0
            && self.pictures * 2 < self.filled
            && texts.lettered * 5 >= self.filled * 3
            && texts.numbers * 2 < self.filled
            && self.distinct() * 5 >= self.filled * 3
    }

    fn has_long_texts(&self) -> bool {
        self.filled > 0 && self.texts().words >= self.filled * 3 && self.distinct() * 10 >= self.filled * 7
    }

    fn is_links_of_few_words(&self) -> bool {
        self.linked * 5 >= self.filled * 4
            && self.filled >= 3
            && self.texts().words <= self.filled * 3
            && self.distinct() * 3 <= self.filled.max(6)
    }
}

/// What one visible text looks like.
struct Looks {
    /// Words; two characters that are not ASCII may be one.
    words: usize,
    /// Whether it has three letters or more.
    is_lettered: bool,
    /// Whether it is a number, perhaps with signs and a unit.
    is_number: bool,
}

impl Looks {
    fn of(text: &str) -> Self {
        if text.is_ascii() {
            return Self::of_ascii(text.as_bytes());
        }
        Self {
            words: text.split_whitespace().count().max(text.chars().filter(|c| !c.is_ascii()).count() / 2),
            is_lettered: text.chars().filter(|c| c.is_alphabetic()).nth(2).is_some() || text.chars().any(is_ideograph),
            is_number: text.chars().any(|c| c.is_ascii_digit()) && text.chars().all(is_of_number),
        }
    }

    fn of_ascii(text: &[u8]) -> Self {
        let (mut words, mut letters, mut is_in_word) = (0, 0, false);
        for &byte in text {
            let is_space = byte.is_ascii_whitespace() || byte == 0x0b;
            words += usize::from(!is_space && !is_in_word);
            letters += usize::from(byte.is_ascii_alphabetic());
            is_in_word = !is_space;
        }
        let is_number = text.iter().any(u8::is_ascii_digit) && text.iter().all(|&byte| is_of_number(char::from(byte)));
        Self { words, is_lettered: letters >= 3, is_number }
    }
}

fn is_of_number(c: char) -> bool {
    c.is_ascii_digit() || c.is_ascii_punctuation() || matches!(c, ' ' | 'k' | 'K' | 'M' | 'B' | 'G')
}

fn is_ideograph(character: char) -> bool {
    matches!(character, '\u{3040}'..='\u{30ff}' | '\u{3400}'..='\u{9fff}' | '\u{ac00}'..='\u{d7af}')
}
