//! The order of a table's rows by date: which way it goes, and which rows break it.

use std::cmp::Ordering;

use super::date::{self, Date, Form};
use super::{TypedDocument, TypedTable};
use crate::identity::{Identity, title};
use crate::table::Row;

/// Which way dates go down a table.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Direction {
    /// The oldest first.
    Ascending,
    /// The newest first.
    Descending,
}

/// What a table's dates say of its order.
#[derive(Debug)]
pub enum Verdict {
    /// The rows are in the order of their dates, but for those displaced, sorted by place.
    Ordered(Direction, Vec<Displaced>),
    /// There are dates, and their order goes no way.
    Unordered,
    /// Too few dates to tell, all alike, or a table in some other order.
    Silent,
}

/// A row that stands out of order, and where it belongs. Rows are counted among the body rows, from 0.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Relocation {
    /// The row.
    pub row: usize,
    /// How many rows move: the row and those below it that have no place of their own.
    pub len: usize,
    /// The row that it belongs below; none where it belongs above all others of its block.
    pub below: Option<usize>,
    /// The row that it belongs above; none where it belongs below all others of its block.
    pub above: Option<usize>,
}

/// A row that stands out of the order of dates.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Displaced {
    /// The row and where it belongs.
    pub relocation: Relocation,
    /// The row's date, as precise as the column is throughout.
    pub date: Date,
    /// The date of the row that it belongs next to.
    pub neighbour_date: Date,
    /// Whether nobody would move it: a day or two lie between, or it stands where its preprint belongs.
    pub is_excused: bool,
}

/// A dated row together with the rows without a date that follow it.
#[derive(Clone, Copy, Debug)]
struct Unit {
    row: u32,
    len: u32,
    date: Date,
    /// When the paper of a row first appeared, where its date is that of a venue.
    preprint: Option<Date>,
    /// Whether the row is known to be new, or to have been moved.
    is_new: bool,
}

/// What the dated tables of a document have in common.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Habit {
    /// Two or more have a direction, and nearly all of them this one.
    Goes(Direction),
    /// Many have none.
    GoesNoWay,
    /// They are too few to tell, or disagree.
    Unknown,
}

/// Reads off the tables of a document which way they go.
#[must_use]
pub fn habit(document: &TypedDocument<'_>) -> Habit {
    /// In fewer rows, order is soon an accident.
    const ENOUGH_ROWS: usize = 5;
    let (mut up, mut down, mut neither) = (0, 0, 0);
    for typed in document.tables.iter().filter(|typed| typed.table.body_len() >= ENOUGH_ROWS) {
        match infer(typed, Habit::GoesNoWay) {
            Verdict::Ordered(Direction::Ascending, _) => up += 1,
            Verdict::Ordered(Direction::Descending, _) => down += 1,
            Verdict::Unordered => neither += 1,
            Verdict::Silent => {}
        }
    }
    let (direction, many, few) =
        if up > down { (Direction::Ascending, up, down) } else { (Direction::Descending, down, up) };
    if many >= 2 && many > 4 * few {
        Habit::Goes(direction)
    } else if 2 * neither > up + down {
        Habit::GoesNoWay
    } else {
        Habit::Unknown
    }
}

/// Reads the order of a table off its date column.
///
/// A direction is one where moving a few rows would sort the table: at most one row in twelve (or one row), and going the other way would take
/// at least three times as many moves. On the corpus this finds a direction in nearly all tables of which at most 15 % of the neighbouring pairs go
/// the other way. Where the other tables of the document go that way, less will do; where they go no way, a short table needs more.
#[must_use]
pub fn infer(typed: &TypedTable<'_>, habit: Habit) -> Verdict {
    let reading = typed.order.get_or_init(|| Reading::of(typed));
    for cut in &reading.cuts {
        if let Some(direction) = cut.direction(reading.count, habit) {
            let displaced = |block: &Vec<Unit>| displaced(block, cut.precision, direction);
            let blocks: &[Vec<Unit>] = if cut.moves(direction) > 0 { &reading.blocks } else { &[] };
            return Verdict::Ordered(direction, blocks.iter().flat_map(displaced).collect());
        }
    }
    if reading.has_many_years { Verdict::Unordered } else { Verdict::Silent }
}

/// What a table's dates tell of its order, whatever the other tables do.
#[derive(Default, Debug)]
pub(super) struct Reading {
    blocks: Vec<Vec<Unit>>,
    /// The number of dates.
    count: usize,
    /// The finest precision first; none where the dates tell nothing.
    cuts: Vec<Cut>,
    /// Whether there is enough to call the rows unordered.
    has_many_years: bool,
}

/// How many moves sort the rows by their dates, none taken to be more precise than this.
#[derive(Debug)]
struct Cut {
    precision: Precision,
    up: usize,
    down: usize,
}

impl Reading {
    fn of(typed: &TypedTable<'_>) -> Self {
        if typed.date_column.is_none() {
            return Self::default();
        }
        let blocks = blocks(typed);
        let dates = || blocks.iter().flatten().map(|unit| unit.date);
        let count = dates().count();
        if count < 4 {
            return Self::default();
        }
        let finest = if dates().all(|date| date.day > 0) {
            Precision::Day
        } else if dates().all(|date| date.month > 0) {
            Precision::Month
        } else {
            Precision::Year
        };
        if finest == Precision::Year && is_of_one_year(typed, dates()) {
            return Self::default();
        }
        let precisions = [Precision::Day, Precision::Month, Precision::Year].into_iter();
        let moves = |precision, direction| blocks.iter().map(|block| moves(block, precision, direction)).sum();
        let cuts = precisions.filter(|&precision| precision <= finest).map(|precision| Cut {
            precision,
            up: moves(precision, Direction::Ascending),
            down: moves(precision, Direction::Descending),
        });
        let cuts = cuts.collect();
        let mut years: Vec<u16> = dates().map(|date| date.year).collect();
        years.sort_unstable();
        years.dedup();
        Self { cuts, count, has_many_years: years.len() >= 3 && count >= 6, blocks }
    }
}

/// Whether the table stands under the heading of its year: the year says where it stands, and the rows go by something else.
fn is_of_one_year(typed: &TypedTable<'_>, dates: impl Iterator<Item = Date> + Clone) -> bool {
    let section = typed.table.section.and_then(|section| date::parse(&title::visible(section)));
    section.is_some_and(|section| {
        let near = dates.clone().filter(|date| date.year.abs_diff(section.date.year) <= 1).count();
        near * 4 >= dates.count() * 3
    })
}

/// Whether the rows follow the order of some other column: by its text, by its numbers, or in groups of one value each.
#[must_use]
pub fn follows_other_column(typed: &TypedTable<'_>) -> bool {
    (0..typed.table.width()).filter(|&column| typed.date_column != Some(column)).any(|column| {
        let texts = typed.table.body().map(|row| title::fold(row.cell_text(column))).filter(|text| !text.is_empty());
        let texts: Vec<String> = texts.collect();
        if texts.len() * 5 < typed.table.body_len() * 4 || texts.len() < 4 {
            return false;
        }
        let numbers: Option<Vec<f64>> = texts.iter().map(|text| text.replace(' ', ".").parse().ok()).collect();
        numbers.is_some_and(|numbers| is_mostly_sorted(&numbers)) || is_mostly_sorted(&texts) || is_grouped(&texts)
    })
}

/// Sorted up or down, but for one pair in twenty.
fn is_mostly_sorted<T: PartialOrd>(values: &[T]) -> bool {
    let up = values.windows(2).filter(|pair| pair[0] < pair[1]).count();
    let down = values.windows(2).filter(|pair| pair[0] > pair[1]).count();
    let (few, many) = (up.min(down), up.max(down));
    many >= 3 && few <= (many / 20).max(1)
}

/// Whether equal values stand together, in fewer groups than half the rows.
fn is_grouped(texts: &[String]) -> bool {
    let runs = 1 + texts.windows(2).filter(|pair| pair[0] != pair[1]).count();
    let mut values: Vec<&String> = texts.iter().collect();
    values.sort_unstable();
    values.dedup();
    values.len() >= 2 && values.len() * 2 <= texts.len() && runs <= values.len() + values.len() / 8
}

#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
enum Precision {
    Year,
    Month,
    Day,
}

impl Date {
    /// This date, no more precise than another.
    fn like(self, other: Self) -> Self {
        match other {
            Self { month: 0, .. } => Precision::Year.cut(self),
            Self { day: 0, .. } => Precision::Month.cut(self),
            _ => self,
        }
    }
}

impl Precision {
    fn cut(self, date: Date) -> Date {
        match self {
            Self::Year => Date { month: 0, day: 0, ..date },
            Self::Month => Date { day: 0, ..date },
            Self::Day => date,
        }
    }
}

/// The dated rows, block by block: a sub-heading row begins a new block.
fn blocks(typed: &TypedTable<'_>) -> Vec<Vec<Unit>> {
    let mut blocks = vec![Vec::<Unit>::with_capacity(typed.table.body_len())];
    for (index, row) in typed.table.body().enumerate() {
        if typed.is_group_row(row) {
            blocks.push(Vec::new());
            continue;
        }
        let block = blocks.last_mut();
        match (date_of(typed, row), block) {
            (Some(date), Some(block)) => {
                let (preprint, is_new) = (preprint(typed, index), typed.is_new(index));
                let row = u32::try_from(index).unwrap_or(u32::MAX);
                block.push(Unit { row, len: 1, date, preprint, is_new });
            }
            (None, Some(block)) => {
                if let Some(unit) = block.last_mut() {
                    unit.len += 1;
                }
            }
            _ => {}
        }
    }
    blocks
}

/// The year and month of a row's paper on arXiv, where the row's date is that of its venue: such a row often stands where it came in.
fn preprint(typed: &TypedTable<'_>, row: usize) -> Option<Date> {
    typed.date(typed.table.body_row(row)).filter(|dated| dated.form == Form::Venue)?;
    typed.references(row).iter().find_map(|reference| match reference.identity() {
        Identity::Arxiv(id) => {
            let (year, month) = (id.get(..2)?.parse::<u16>().ok()?, id.get(2..4)?.parse().ok()?);
            Some(Date { year: 2000 + year, month, day: 0 })
        }
        _ => None,
    })
}

fn date_of(typed: &TypedTable<'_>, row: Row<'_>) -> Option<Date> {
    typed.date(row).map(|dated| dated.date).filter(|date| date.year <= typed.current_year + 1)
}

impl Cut {
    fn moves(&self, direction: Direction) -> usize {
        match direction {
            Direction::Ascending => self.up,
            Direction::Descending => self.down,
        }
    }

    /// The direction that takes clearly fewer moves.
    fn direction(&self, count: usize, habit: Habit) -> Option<Direction> {
        let (direction, few, many) = if self.up < self.down {
            (Direction::Ascending, self.up, self.down)
        } else {
            (Direction::Descending, self.down, self.up)
        };
        let is_clear = if habit == Habit::Goes(direction) && count > 4 {
            few <= (count / 12).max(if count < 12 { 1 } else { 2 }) && many >= 2 * few
        } else {
            // Of five dates in no order, four are in order more often than not.
            let least = if habit == Habit::GoesNoWay { 4 } else { 3 };
            few <= (count / 12).max(1) && many >= 3 * few && (few == 0 || many >= least)
        };
        (is_clear && many > few).then_some(direction)
    }
}

impl Direction {
    fn in_order(self, earlier: Date, later: Date) -> bool {
        match self {
            Self::Ascending => earlier <= later,
            Self::Descending => earlier >= later,
        }
    }
}

/// The least number of rows whose moving sorts the block.
fn moves(units: &[Unit], precision: Precision, direction: Direction) -> usize {
    let mut tops: Vec<Date> = Vec::with_capacity(units.len());
    for unit in units {
        let date = precision.cut(unit.date);
        if tops.last().is_none_or(|&top| direction.in_order(top, date)) {
            tops.push(date);
        } else {
            let pile = tops.partition_point(|&top| direction.in_order(top, date));
            tops[pile] = date;
        }
    }
    units.len() - tops.len()
}

/// The rows whose moving sorts the block: the fewest, that is, all that are not in the longest ordered run; where some are new, as few old ones as
/// possible.
fn displaced(units: &[Unit], precision: Precision, direction: Direction) -> Vec<Displaced> {
    let units: Vec<Unit> = units.iter().map(|unit| Unit { date: precision.cut(unit.date), ..*unit }).collect();
    let in_order = |earlier: Date, later: Date| direction.in_order(earlier, later);
    let dates: Vec<Date> = units.iter().map(|unit| unit.date).collect();
    let displaced = |step: Step| {
        let unit = units[step.place];
        let (below, above) = (step.below.map(|place| units[place]), step.above.map(|place| units[place]));
        let fits = |date: Date| {
            step.before.is_none_or(|before| in_order(dates[before], date))
                && step.behind.is_none_or(|behind| in_order(date, dates[behind]))
        };
        let is_near = |place: Option<usize>| place.is_some_and(|place| is_day_or_two(dates[place], unit.date));
        let stands_as_preprint = unit.preprint.is_some_and(|date| fits(date.like(unit.date)));
        let is_excused = stands_as_preprint || is_near(if step.goes_up { step.before } else { step.behind });
        Some(Displaced {
            relocation: Relocation {
                row: unit.row as usize,
                len: unit.len as usize,
                below: below.map(|unit| (unit.row + unit.len - 1) as usize),
                above: above.map(|unit| unit.row as usize),
            },
            date: unit.date,
            neighbour_date: below.or(above)?.date,
            is_excused,
        })
    };
    let is_new = |place: usize| units[place].is_new;
    steps(&dates, in_order, is_new).into_iter().filter_map(displaced).collect()
}

/// A key that stands out of order, and the keys in order that it belongs between, all by their places.
pub(super) struct Step {
    pub(super) place: usize,
    pub(super) below: Option<usize>,
    pub(super) above: Option<usize>,
    /// The nearest keys in order between which it stands.
    before: Option<usize>,
    behind: Option<usize>,
    goes_up: bool,
}

/// The fewest keys whose moving sorts them: all that are not in the longest ordered run. Equal keys keep their old order. Where some are new,
/// as few old ones as possible move, however many new ones do.
pub(super) fn steps<K: Copy>(keys: &[K], in_order: impl Fn(K, K) -> bool, is_new: impl Fn(usize) -> bool) -> Vec<Step> {
    let kept =
        if (0..keys.len()).any(&is_new) { run_of_old(keys, &in_order, is_new) } else { longest_run(keys, &in_order) };
    let mut places = kept.iter().copied().peekable();
    let mut steps = Vec::new();
    for (place, &key) in keys.iter().enumerate() {
        if places.next_if_eq(&place).is_some() {
            continue;
        }
        // Those that stood above this one stay above.
        let belongs_below = |&kept: &usize| in_order(keys[kept], key) && (kept < place || !in_order(key, keys[kept]));
        let split = kept.partition_point(belongs_below);
        let (below, above) = (split.checked_sub(1).map(|before| kept[before]), kept.get(split).copied());
        let passed = kept.partition_point(|&kept| kept < place);
        let (before, behind) = (passed.checked_sub(1).map(|before| kept[before]), kept.get(passed).copied());
        steps.push(Step { place, below, above, before, behind, goes_up: split <= passed });
    }
    steps
}

/// Whether two days are so near that either may be right: that of the submission and that of the announcement.
fn is_day_or_two(a: Date, b: Date) -> bool {
    const MONTH: i32 = 31;
    let number = |date: Date| (i32::from(date.year) * 12 + i32::from(date.month)) * MONTH + i32::from(date.day);
    a.day > 0 && b.day > 0 && (number(a) - number(b)).abs() <= 2
}

/// The places of the ordered subsequence with the most old keys, and of those the longest, in n log n.
fn run_of_old<K: Copy>(keys: &[K], in_order: impl Fn(K, K) -> bool, is_new: impl Fn(usize) -> bool) -> Vec<usize> {
    let compare = |&a: &usize, &b: &usize| match (in_order(keys[a], keys[b]), in_order(keys[b], keys[a])) {
        (true, false) => Ordering::Less,
        (false, true) => Ordering::Greater,
        _ => Ordering::Equal,
    };
    let mut sorted: Vec<usize> = (0..keys.len()).collect();
    sorted.sort_by(compare);
    let mut ranks = vec![1_usize; keys.len()];
    for pair in sorted.windows(2) {
        ranks[pair[1]] = ranks[pair[0]] + usize::from(compare(&pair[0], &pair[1]) == Ordering::Less);
    }
    // A tree of maxima (after Fenwick): for the keys of a rank and of those below it, the best run that ends there, as old keys, all keys, last key.
    let mut best: Vec<(usize, usize, Option<usize>)> = vec![(0, 0, None); keys.len() + 1];
    let mut before: Vec<Option<usize>> = vec![None; keys.len()];
    let mut whole = (0, 0, None);
    for place in 0..keys.len() {
        let mut longest = (0, 0, None);
        let mut rank = ranks[place];
        while rank > 0 {
            longest = longest.max(best[rank]);
            rank &= rank - 1;
        }
        before[place] = longest.2;
        let run = (longest.0 + usize::from(!is_new(place)), longest.1 + 1, Some(place));
        whole = whole.max(run);
        rank = ranks[place];
        while rank < best.len() {
            best[rank] = best[rank].max(run);
            rank += rank & rank.wrapping_neg();
        }
    }
    let mut run: Vec<usize> = std::iter::successors(whole.2, |&place| before[place]).collect();
    run.reverse();
    run
}

/// The places of the longest ordered subsequence, found by patience sorting in n log n.
#[must_use]
pub fn longest_run<K: Copy>(keys: &[K], in_order: impl Fn(K, K) -> bool) -> Vec<usize> {
    // `tops[k]` ends the run of length k + 1 that is easiest to go on from.
    let mut tops: Vec<usize> = Vec::new();
    let mut before: Vec<Option<usize>> = Vec::with_capacity(keys.len());
    for (index, &key) in keys.iter().enumerate() {
        let pile = tops.partition_point(|&top| in_order(keys[top], key));
        before.push(pile.checked_sub(1).map(|pile| tops[pile]));
        if pile == tops.len() {
            tops.push(index);
        } else {
            tops[pile] = index;
        }
    }
    let mut run = Vec::with_capacity(tops.len());
    let mut place = tops.last().copied();
    while let Some(index) = place {
        run.push(index);
        place = before[index];
    }
    run.reverse();
    run
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(years: &[u16], direction: Direction, expected: &[(usize, Option<usize>)]) {
        check_new(years, &[], direction, expected);
    }

    /// `new` are the places of the rows that are new.
    #[track_caller]
    fn check_new(years: &[u16], new: &[usize], direction: Direction, expected: &[(usize, Option<usize>)]) {
        let units: Vec<Unit> = years
            .iter()
            .enumerate()
            .map(|(row, &year)| {
                let date = Date { year, month: 0, day: 0 };
                let is_new = new.contains(&row);
                Unit { row: u32::try_from(row).expect("few rows"), len: 1, date, preprint: None, is_new }
            })
            .collect();
        let actual: Vec<_> = displaced(&units, Precision::Day, direction)
            .iter()
            .map(|row| (row.relocation.row, row.relocation.below))
            .collect();
        assert_eq!(actual, expected);
    }

    #[test]
    fn only_the_rows_outside_the_longest_run_are_displaced() {
        check(&[2024, 2023, 2023, 2022], Direction::Descending, &[]);
        check(&[2024, 2021, 2023, 2022, 2022], Direction::Descending, &[(1, Some(4))]);
        check(&[2024, 2023, 2022, 2024, 2021], Direction::Descending, &[(3, Some(0))]);
        check(&[2019, 2020, 2018, 2021], Direction::Ascending, &[(2, None)]);
    }

    #[test]
    fn new_rows_are_to_blame_before_old_ones() {
        // Either of the last two may move.
        check_new(&[2024, 2022, 2023], &[1], Direction::Descending, &[(1, Some(2))]);
        check_new(&[2024, 2022, 2023], &[2], Direction::Descending, &[(2, Some(0))]);
        // More new rows agree with each other than old ones do.
        check_new(&[2024, 2020, 2020, 2023, 2022], &[1, 2], Direction::Descending, &[(1, Some(4)), (2, Some(4))]);
        // What was out of order before still is.
        check_new(&[2024, 2021, 2023, 2022, 2022], &[4], Direction::Descending, &[(1, Some(4))]);
        check_new(&[2024, 2023, 2022], &[0, 1, 2], Direction::Descending, &[]);
    }

    #[test]
    fn rows_of_one_date_keep_their_old_order() {
        // The first row moves down, and stays above the later one of its year.
        check(&[2021, 2024, 2023, 2021, 2020], Direction::Descending, &[(0, Some(2))]);
        // The last row moves up, and stays below the earlier ones of its year.
        check(&[2024, 2023, 2023, 2022, 2021, 2023], Direction::Descending, &[(5, Some(2))]);
    }
}
