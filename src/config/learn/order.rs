//! What the rows of a kind are sorted by, and what is unique among them.

use toml::Value;

use super::survey::entries;
use super::{Guess, Kind};
use crate::column::{LinkRole, Role, declared_order};
use crate::rules::duplicate_entry;

/// The guesses about the rows of a kind.
pub(super) fn guesses(kind: &Kind<'_, '_>) -> Vec<Guess> {
    order(kind).into_iter().chain(unique(kind)).collect()
}

fn table(options: &[(&str, &str)]) -> Value {
    Value::Table(options.iter().map(|(key, value)| ((*key).to_owned(), Value::from(*value))).collect())
}

/// The order that nearly all rows are in, by date or by name.
fn order(kind: &Kind<'_, '_>) -> Option<Guess> {
    let first = kind.tables.first()?;
    let date = first.date_column.filter(|&column| kind.tables.iter().all(|typed| typed.date_column == Some(column)));
    let name = first.title_column();
    let mut candidates = Vec::new();
    for (column, direction) in [(date, "descending"), (date, "ascending"), (name, "ascending")] {
        let Some(header) = column.and_then(|column| kind.headers.get(column)) else { continue };
        candidates.push(table(&[("column", header), ("direction", direction)]));
    }
    candidates.into_iter().find_map(|candidate| {
        let option: toml::Table = [("order".to_owned(), Value::Array(vec![candidate]))].into_iter().collect();
        let disorders = kind.bind(&option, |typed, bound| declared_order::disorder_of(typed, bound))?;
        let (mut rows, mut displaced) = (0, 0);
        for disorder in disorders.into_iter().flatten() {
            // The order of two rows is an accident, and so is that of equal ones.
            if disorder.rows > 2 && disorder.places > 1 {
                rows += disorder.rows;
                displaced += disorder.displaced.len();
            }
        }
        let value = option.get("order").cloned()?;
        let is_habit = rows * 2 > kind.rows && rows >= 6 && Kind::is_habit(displaced, rows);
        is_habit.then(|| Guess::new("order", value, super::support(displaced, rows, "rows")))
    })
}

/// What no two rows have in common, among as many rows as it holds for.
fn unique(kind: &Kind<'_, '_>) -> Option<Guess> {
    let first = kind.tables.first()?;
    let title = first.title_column();
    let own_link = match first.column(Role::Link(LinkRole::Paper)).filter(|_| first.lists_publications) {
        Some(column) => Some((column, "paper-id")),
        None => first.column(Role::Link(LinkRole::Code)).map(|column| (column, "repository")),
    };
    let columns = title.map(|column| (column, "title")).into_iter().chain(own_link);
    let keys: Vec<Value> = columns
        .filter_map(|(column, fold)| {
            let header = kind.headers.get(column)?;
            // The widest scope in which nothing repeats.
            ["file", "section", "table"].into_iter().find_map(|scope| {
                let key = Value::Table(
                    [
                        ("columns".to_owned(), Value::from(vec![header.as_str()])),
                        ("fold".to_owned(), Value::from(fold)),
                        ("scope".to_owned(), Value::from(scope)),
                    ]
                    .into_iter()
                    .collect(),
                );
                let option = [("unique".to_owned(), Value::Array(vec![key.clone()]))].into_iter().collect();
                let repeated = repeated(kind, &option)?;
                (repeated == 0).then_some(key)
            })
        })
        .collect();
    let rows: usize = kind.tables.iter().map(|typed| entries(typed).count()).sum();
    (!keys.is_empty()).then(|| Guess::new("unique", Value::Array(keys), super::support(0, rows, "rows")))
}

/// The number of rows that repeat a key of an earlier one.
fn repeated(kind: &Kind<'_, '_>, option: &toml::Table) -> Option<usize> {
    let mut seen = duplicate_entry::Seen::default();
    let counts = kind.bind(option, |typed, bound| seen.count_repeated(typed, bound))?;
    Some(counts.into_iter().sum())
}
