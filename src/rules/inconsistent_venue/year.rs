//! How the years of venues are written: `CVPR 2024`, `CVPR2024`, `CVPR'24`.

use std::cell::OnceCell;
use std::ops::Range;

use rustc_hash::FxHashMap;

use super::spelling::Spellings;
use super::{Departure, Venue};

/// The year of a venue.
#[derive(Debug)]
pub(super) struct Year {
    /// The year with what sets it apart from the name: ` 2024`, `'24`, ` (2024)`.
    range: Range<usize>,
    digits: Range<usize>,
}

/// Marks that set a year apart.
const SEPARATORS: [char; 9] = [' ', '\'', '’', '‘', '`', '-', '_', ',', '('];

/// Marks that stand for the century.
const APOSTROPHES: [char; 4] = ['\'', '’', '‘', '`'];

/// Where the name before the first year, or date, ends; and the year, if it is the only one and no part of a date or a number.
pub(super) fn find(visible: &str, current_year: u16) -> (usize, Option<Year>) {
    let mut runs = digit_runs(visible).filter(|run| is_year(visible, run, current_year));
    let Some(digits) = runs.next() else { return (visible.len(), None) };
    let is_only = runs.next().is_none();
    let name_end = visible[..digits.start].trim_end_matches(SEPARATORS).len();
    let mut end = digits.end;
    let behind = &visible[end..];
    if visible[name_end..digits.start].contains('(') {
        if !behind.starts_with(')') {
            return (name_end, None);
        }
        end += 1;
    }
    let is_alone = visible[end..].chars().next().is_none_or(|next| matches!(next, ' ' | '(' | ',' | ';'));
    let year = Year { range: name_end..end, digits };
    (name_end, (is_only && is_alone && name_end > 0).then_some(year))
}

fn digit_runs(text: &str) -> impl Iterator<Item = Range<usize>> {
    let bytes = text.as_bytes();
    let mut at = 0;
    std::iter::from_fn(move || {
        let start = at + bytes[at..].iter().position(u8::is_ascii_digit)?;
        at = start + bytes[start..].iter().take_while(|byte| byte.is_ascii_digit()).count();
        Some(start..at)
    })
}

/// Whether digits are a year: four, or two behind an apostrophe or behind a word in capitals (`CVPR24`, `CVPR 24`).
fn is_year(text: &str, digits: &Range<usize>, current_year: u16) -> bool {
    let Ok(number) = text[digits.clone()].parse::<u16>() else { return false };
    let (before, behind) = (&text[..digits.start], &text[digits.end..]);
    let goes_on = behind.strip_prefix('.').is_some_and(|rest| rest.starts_with(|digit: char| digit.is_ascii_digit()));
    match digits.len() {
        4 => (1900..=current_year + 1).contains(&number) && !goes_on && !before.ends_with('.'),
        2 => {
            let is_recent = (10..=current_year % 100 + 1).contains(&number);
            let word = before.strip_suffix(' ').unwrap_or(before);
            let is_acronym = word.len() >= 2 && word.bytes().all(|byte| byte.is_ascii_uppercase());
            before.trim_end_matches(' ').ends_with(APOSTROPHES) || is_recent && is_acronym && !goes_on
        }
        _ => false,
    }
}

/// How a year is written.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
struct Style<'v> {
    /// What sets it apart from the name: ` `, `'`, ` (`.
    before: &'v str,
    /// How many digits it has, two or four.
    digits: usize,
    behind: &'v str,
}

/// How most venues of a file write their years.
pub(super) struct YearStyle<'v> {
    venues: &'v [Venue<'v>],
    style: Style<'v>,
    /// How many cells write it so.
    cells: usize,
    /// Out of how many.
    all: usize,
    /// A venue that does.
    example: &'v str,
    /// How often a venue (by the key of its name) is written in a style, once somebody asked.
    by_name: OnceCell<FxHashMap<(usize, Style<'v>), usize>>,
}

/// Fewer cells make no convention.
const ENOUGH_CELLS: usize = 10;

impl<'v> YearStyle<'v> {
    /// The style that nearly all acronyms keep to; none where they are few, or of different habits.
    pub(super) fn of(venues: &'v [Venue<'v>]) -> Option<Self> {
        let mut by_style: FxHashMap<Style<'_>, (usize, usize)> = FxHashMap::default();
        let mut all = 0;
        for (index, venue) in venues.iter().enumerate() {
            let Some(year) = &venue.year else { continue };
            if is_acronym(&venue.visible[..year.range.start]) {
                by_style.entry(year.style(&venue.visible)).or_insert((0, index)).0 += venue.cells;
                all += venue.cells;
            }
        }
        let most = by_style.into_iter().max_by_key(|(_, (cells, first))| (*cells, std::cmp::Reverse(*first)));
        let (style, (cells, first)) = most?;
        let venue = &venues[first];
        let example = &venue.visible[..venue.year.as_ref()?.range.end];
        let is_habit = cells >= ENOUGH_CELLS && cells * 20 >= all * 17;
        is_habit.then(|| Self { venues, style, cells, all, example, by_name: OnceCell::new() })
    }

    /// Where a venue's year is written in another style, unless that venue is usually written so.
    pub(super) fn departure(&self, venue: &Venue<'_>, spellings: &Spellings<'_>) -> Option<Departure> {
        const OWN_HABIT: usize = 3;
        let year = venue.year.as_ref()?;
        let style = year.style(&venue.visible);
        if style == self.style {
            return None;
        }
        let name = &venue.visible[..year.range.start];
        // A name that is written out takes a blank before its year in any list.
        let is_glued = style.before.is_empty() && !self.style.before.is_empty();
        if !is_acronym(name) && !is_glued {
            return None;
        }
        let by_name = self.by_name.get_or_init(|| count_styles(self.venues, spellings));
        let key = spellings.name_key(venue.name())?;
        let count = |style| by_name.get(&(key, style)).copied().unwrap_or(0);
        let cells = count(style);
        if cells >= OWN_HABIT && cells > count(self.style) {
            return None;
        }
        let digits = &venue.visible[year.digits.clone()];
        let Style { before, behind, .. } = self.style;
        let replacement = if self.style.digits == 4 {
            let century = if digits.len() == 2 { "20" } else { "" };
            format!("{before}{century}{digits}{behind}")
        } else {
            // `'99` is of the last century.
            let short = digits.strip_prefix("20").unwrap_or(digits);
            if short.len() != 2 {
                return None;
            }
            format!("{before}{short}{behind}")
        };
        let first_word = name.rfind(' ').map_or(0, |space| space + 1);
        let wrong = venue.visible[first_word..year.range.end].to_owned();
        let changed = year.range.start - first_word..wrong.len();
        let (all, cells) = (self.all, self.cells);
        let message = format!(
            "`{wrong}` is written otherwise than {cells} of {all} venues with a year, such as `{}`",
            self.example
        );
        Some(Departure { wrong, changed, replacement, message })
    }
}

impl Year {
    fn style<'v>(&self, visible: &'v str) -> Style<'v> {
        let (before, behind) =
            (&visible[self.range.start..self.digits.start], &visible[self.digits.end..self.range.end]);
        Style { before, digits: self.digits.len(), behind }
    }
}

fn count_styles<'v>(venues: &'v [Venue<'v>], spellings: &Spellings<'_>) -> FxHashMap<(usize, Style<'v>), usize> {
    let mut counts = FxHashMap::default();
    for venue in venues {
        let key = spellings.name_key(venue.name());
        if let Some((year, key)) = venue.year.as_ref().zip(key) {
            *counts.entry((key, year.style(&venue.visible))).or_default() += venue.cells;
        }
    }
    counts
}

/// Whether a name is one word of letters with a capital inside: `CVPR`, `RA-L`, `arXiv`; not `Nature`.
fn is_acronym(name: &str) -> bool {
    name.bytes().all(|byte| byte.is_ascii_alphabetic() || byte == b'-')
        && name.bytes().skip(1).any(|byte| byte.is_ascii_uppercase())
        && !name.ends_with('-')
}
