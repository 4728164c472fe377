//! The order of a table's rows as its schema declares it: which rows break it, and what the table looks like in order.

use std::cmp::Ordering;

use super::date::{self, Date};
use super::order::{Relocation, steps};
use super::{Bound, Role, TypedTable};
use crate::identity::title;
use crate::schema::{Comparator, Direction, EmptyRows, Kind, OrderKey, Pinned};
use crate::table::Row;

/// The rows of a table that are not where the declared order has them.
#[derive(Debug)]
pub struct Disorder {
    /// The fewest rows whose moving sorts the table, in the order of their places.
    pub displaced: Vec<Relocation>,
    /// Runs of rows that are out of order as a whole: the first row, and where each row of the run comes from.
    pub sorted: Vec<(usize, Vec<usize>)>,
    /// The number of rows that have a place in the order.
    pub rows: usize,
    /// The number of different places, so many that rows can be told apart by them.
    pub places: usize,
}

/// What rows are compared by.
struct Comparison<'d> {
    key: &'d OrderKey,
    /// The column's place in the table.
    place: usize,
    comparator: Comparator,
}

#[derive(Clone, PartialEq, Debug)]
enum Value {
    Text(String),
    Number(f64),
    Date(Date),
    Empty,
}

/// A row with what it is compared by, together with the rows below it that have no place of their own.
struct Unit {
    row: usize,
    len: usize,
    values: Vec<Value>,
}

/// The disorder of a table whose schema declares an order; none where it declares none, or lacks its columns.
#[must_use]
pub fn disorder(typed: &TypedTable<'_>) -> Option<Disorder> {
    disorder_of(typed, typed.bound.as_ref()?)
}

/// The disorder that a table has by a schema; none where it declares no order, or the table lacks its columns.
#[must_use]
pub fn disorder_of(typed: &TypedTable<'_>, bound: &Bound<'_>) -> Option<Disorder> {
    let keys = bound.schema().order.as_ref()?;
    let comparison = |key| {
        let place = bound.column(OrderKey::column_name(key))?;
        Some(Comparison { key, place, comparator: comparator(typed, bound, key, place) })
    };
    // Without one of its columns a table has no order.
    let comparisons = keys.iter().map(comparison).collect::<Option<Vec<_>>>().filter(|keys| !keys.is_empty())?;
    let mut disorder = Disorder { displaced: Vec::new(), sorted: Vec::new(), rows: 0, places: 0 };
    for mut block in blocks(typed, bound, &comparisons) {
        cut_dates(&mut block, comparisons.len());
        disorder.rows += block.len();
        let mut sorted: Vec<usize> = (0..block.len()).collect();
        sorted.sort_by(|&a, &b| compare(&comparisons, &block[a].values, &block[b].values));
        // Equal rows share a rank, so that the numbers are in order exactly where the rows are.
        let mut ranks = vec![0_usize; block.len()];
        for pair in sorted.windows(2) {
            let is_equal = compare(&comparisons, &block[pair[0]].values, &block[pair[1]].values) == Ordering::Equal;
            ranks[pair[1]] = ranks[pair[0]] + usize::from(!is_equal);
        }
        disorder.places += sorted.last().map_or(0, |&last| ranks[last] + 1);
        let relocation = |step: super::order::Step| Relocation {
            row: block[step.place].row,
            len: block[step.place].len,
            below: step.below.map(|place| block[place].row + block[place].len - 1),
            above: step.above.map(|place| block[place].row),
        };
        let displaced = steps(&ranks, |a, b| a <= b, |place| typed.is_new(block[place].row));
        if let (false, Some(first)) = (displaced.is_empty(), block.first()) {
            let rows = sorted.iter().flat_map(|&unit| block[unit].row..block[unit].row + block[unit].len);
            disorder.sorted.push((first.row, rows.collect()));
        }
        disorder.displaced.extend(displaced.into_iter().map(relocation));
    }
    Some(disorder)
}

/// Makes the dates of each key as precise as all of its column are: of `2024` and `2024-05`, neither is the earlier.
fn cut_dates(block: &mut [Unit], keys: usize) {
    for key in 0..keys {
        let dates =
            || block.iter().filter_map(|unit| if let Value::Date(date) = unit.values[key] { Some(date) } else { None });
        let (has_months, has_days) = (dates().all(|date| date.month > 0), dates().all(|date| date.day > 0));
        for unit in &mut *block {
            if let Value::Date(date) = &mut unit.values[key] {
                date.day = if has_days { date.day } else { 0 };
                date.month = if has_months { date.month } else { 0 };
            }
        }
    }
}

impl OrderKey {
    fn column_name(&self) -> &str {
        self.column.as_ref()
    }
}

fn comparator(typed: &TypedTable<'_>, bound: &Bound<'_>, key: &OrderKey, place: usize) -> Comparator {
    let declared = bound.columns().find(|(other, _)| *other == place);
    key.compare.unwrap_or_else(|| match declared.and_then(|(_, column)| column.kind) {
        Some(Kind::Year | Kind::Date) => Comparator::Date,
        Some(Kind::Integer) => Comparator::Number,
        None if typed.roles.get(place) == Some(&Role::Date) => Comparator::Date,
        _ => Comparator::Natural,
    })
}

/// The rows that are sorted, block by block: a sub-heading begins a new one, and so does the first row behind pinned ones.
fn blocks(typed: &TypedTable<'_>, bound: &Bound<'_>, comparisons: &[Comparison<'_>]) -> Vec<Vec<Unit>> {
    let mut blocks = vec![Vec::<Unit>::new()];
    let pinned = &bound.schema().pinned;
    for (index, row) in typed.table.body().enumerate() {
        let Some(block) = blocks.last_mut() else { break };
        if typed.is_group_row(row) || is_pinned(pinned, index, row) {
            if !block.is_empty() {
                blocks.push(Vec::new());
            }
            continue;
        }
        let values: Vec<Value> = comparisons.iter().map(|comparison| value(bound, comparison, row)).collect();
        let stays = row.is_swallowed_text()
            || values.first() == Some(&Value::Empty) && comparisons[0].key.empty == EmptyRows::Stay;
        match (stays, block.last_mut()) {
            (true, Some(unit)) => unit.len += 1,
            (true, None) => {}
            (false, _) => block.push(Unit { row: index, len: 1, values }),
        }
    }
    blocks
}

fn is_pinned(pinned: &Pinned, index: usize, row: Row<'_>) -> bool {
    match pinned {
        Pinned::Count(count) => index < *count,
        Pinned::Texts(texts) => {
            let visible = title::visible_cell(row, 0);
            texts.iter().any(|text| text == visible.trim())
        }
    }
}

fn value(bound: &Bound<'_>, comparison: &Comparison<'_>, row: Row<'_>) -> Value {
    let visible = title::visible_cell(row, comparison.place);
    let visible = visible.trim();
    if bound.is_blank(comparison.place, visible) {
        return Value::Empty;
    }
    match comparison.comparator {
        Comparator::Number => number(visible).map_or(Value::Empty, Value::Number),
        Comparator::Date => date::parse(visible).map_or(Value::Empty, |dated| Value::Date(dated.date)),
        Comparator::Text | Comparator::Natural => {
            let text = if comparison.key.ignore_articles { without_article(visible) } else { visible };
            Value::Text(if comparison.key.ignore_case { text.to_uppercase() } else { text.to_owned() })
        }
    }
}

fn without_article(text: &str) -> &str {
    let (first, rest) = text.split_once(' ').unwrap_or((text, ""));
    let is_article = ["the", "a", "an"].iter().any(|article| article.eq_ignore_ascii_case(first));
    if is_article && !rest.trim().is_empty() { rest.trim_start() } else { text }
}

/// The first number of a text: `1,200`, `-4.5`, `12k`, `$3.2M`.
fn number(text: &str) -> Option<f64> {
    let start = text.find(|char: char| char.is_ascii_digit())?;
    let is_part = |char: &char| char.is_ascii_digit() || matches!(char, ',' | '.');
    let digits: String = text[start..].chars().take_while(is_part).collect();
    let unit = text[start + digits.len()..].trim_start().chars().next();
    let value: f64 = digits.replace(',', "").trim_end_matches('.').parse().ok()?;
    let factor = match unit {
        Some('k' | 'K') => 1e3,
        Some('M') => 1e6,
        Some('B' | 'G') => 1e9,
        Some('T') => 1e12,
        _ => 1.0,
    };
    let is_negative = text[..start].ends_with(['-', '−']);
    Some(if is_negative { -value * factor } else { value * factor })
}

fn compare(comparisons: &[Comparison<'_>], a: &[Value], b: &[Value]) -> Ordering {
    let each = comparisons.iter().zip(a.iter().zip(b));
    let order = each.map(|(comparison, (a, b))| {
        let is_natural = comparison.comparator == Comparator::Natural;
        let empty_first = comparison.key.empty == EmptyRows::First;
        let order = match (a, b) {
            (Value::Empty, Value::Empty) => return Ordering::Equal,
            (Value::Empty, _) => return if empty_first { Ordering::Less } else { Ordering::Greater },
            (_, Value::Empty) => return if empty_first { Ordering::Greater } else { Ordering::Less },
            (Value::Text(a), Value::Text(b)) if is_natural => natural(a, b),
            (Value::Text(a), Value::Text(b)) => a.cmp(b),
            (Value::Number(a), Value::Number(b)) => a.total_cmp(b),
            (Value::Date(a), Value::Date(b)) => a.cmp(b),
            _ => Ordering::Equal,
        };
        if comparison.key.direction == Direction::Descending { order.reverse() } else { order }
    });
    order.into_iter().find(|order| *order != Ordering::Equal).unwrap_or(Ordering::Equal)
}

/// Compares two texts, the numbers in them by their value.
fn natural(mut a: &str, mut b: &str) -> Ordering {
    loop {
        let (Some(first), Some(second)) = (a.chars().next(), b.chars().next()) else { return a.len().cmp(&b.len()) };
        if first.is_ascii_digit() && second.is_ascii_digit() {
            let digits = |text: &str| text.bytes().take_while(u8::is_ascii_digit).count();
            let ((one, rest), (other, other_rest)) = (a.split_at(digits(a)), b.split_at(digits(b)));
            let (value, other_value) = (one.trim_start_matches('0'), other.trim_start_matches('0'));
            let order = value.len().cmp(&other_value.len()).then_with(|| value.cmp(other_value));
            if order != Ordering::Equal {
                return order;
            }
            (a, b) = (rest, other_rest);
        } else if first == second {
            (a, b) = (&a[first.len_utf8()..], &b[second.len_utf8()..]);
        } else {
            return first.cmp(&second);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_in_texts_are_compared_by_value() {
        let mut names = ["LLAMA 13", "LLAMA 2", "LLAMA", "LLAMA 02B", "ALPACA"];
        names.sort_by(|a, b| natural(a, b));
        assert_eq!(names, ["ALPACA", "LLAMA", "LLAMA 2", "LLAMA 02B", "LLAMA 13"]);
    }

    #[test]
    fn numbers_are_read_with_their_units() {
        let read = ["1,200 stars", "-4.5", "12k", "$3.2M", "none", "7."].map(number);
        assert_eq!(read, [Some(1200.0), Some(-4.5), Some(12_000.0), Some(3_200_000.0), None, Some(7.0)]);
    }
}
