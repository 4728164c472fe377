//! `duplicate-entry`: the same entry twice.

use rustc_hash::FxHashMap;

use super::{Check, Rule, shorten};
use crate::column::{Reference, Role, TypedDocument, TypedTable};
use crate::diagnostic::{Findings, RuleName, Severity};
use crate::fix::{Applicability, Edit, Fix};
use crate::identity::title;
use crate::table::Row;

pub(super) const RULE: Rule = Rule {
    name: RuleName("duplicate-entry"),
    page: include_str!("../../rules/duplicate-entry.md"),
    severity: Severity::Error,
    fix: Some(Applicability::Unsafe),
    check: Check::Document(check),
    is_default: true,
};

/// A title of so many words names one publication only.
const LONG_TITLE: usize = 5;

/// The longest value, in characters, that can be a size.
const LONGEST_VALUE: usize = 24;

/// Of so many rows with one title, each is compared with this many before it: more are a column of kinds, not of names.
const MOST_COMPARED: usize = 8;

fn check(document: &TypedDocument<'_>, findings: &mut Findings) {
    let mut elsewhere = Elsewhere::default();
    for (index, typed) in document.tables.iter().enumerate() {
        let twins = twins(typed);
        for &(later, earlier) in &twins {
            report(typed, later, typed, earlier, Severity::Error, findings);
        }
        let reported: Vec<usize> = twins.iter().map(|&(later, _)| later).collect();
        elsewhere.look(&document.tables, index, &reported);
    }
    for pair in elsewhere.unintended(&document.tables) {
        let (later, earlier) = (&document.tables[pair.later.0], &document.tables[pair.earlier.0]);
        report(later, pair.later.1, earlier, pair.earlier.1, Severity::Note, findings);
    }
}

/// The rows of one table that repeat an earlier one, each with the first that it repeats.
fn twins(typed: &TypedTable<'_>) -> Vec<(usize, usize)> {
    let mut twins = Vec::new();
    let mut by_title: FxHashMap<&str, Vec<usize>> = FxHashMap::default();
    let mut by_text: FxHashMap<Vec<&str>, usize> = FxHashMap::default();
    let mut by_own_link: FxHashMap<_, Vec<usize>> = FxHashMap::default();
    for (index, row) in typed.table.body().enumerate() {
        let key = typed.title_key(index);
        let equal_title = by_title.get(key).into_iter().flatten().copied();
        let equal_title = equal_title.take(MOST_COMPARED).find(|&earlier| are_twins(typed, earlier, typed, index));
        let texts = is_telling(row).then(|| row.cells().iter().map(|cell| cell.text).collect::<Vec<_>>());
        let equal_row = texts.as_ref().and_then(|texts| by_text.get(texts).copied());
        let near_title = || {
            let own = typed.references(index).iter().filter(|reference| reference.is_own);
            let sharing = own.filter_map(|reference| by_own_link.get(&reference.identity)).flatten().copied();
            sharing.take(MOST_COMPARED).find(|&earlier| {
                typed.title_key(earlier) != key
                    && title::near_equal(typed.title_key(earlier), key)
                    && !differ_in_other_names(typed, earlier, typed, index)
            })
        };
        if let Some(earlier) = equal_row.or(equal_title).or_else(near_title) {
            twins.push((index, earlier));
        }
        if !key.is_empty() {
            by_title.entry(key).or_default().push(index);
            for reference in typed.references(index).iter().filter(|reference| reference.is_own) {
                by_own_link.entry(&reference.identity).or_default().push(index);
            }
        }
        if let Some(texts) = texts {
            by_text.entry(texts).or_insert(index);
        }
    }
    twins
}

/// Whether rows like this one are no accident when they are equal: two cells with something in them, and a word.
fn is_telling(row: Row<'_>) -> bool {
    let filled = row.cells().iter().filter(|cell| !title::is_placeholder(cell.text)).count();
    filled >= 2 && row.text().chars().filter(|character| character.is_alphabetic()).nth(3).is_some()
}

/// Whether two rows of equal title are the same entry: they share a link, or the title is long enough to be no other's.
fn are_twins(a: &TypedTable<'_>, row_a: usize, b: &TypedTable<'_>, row_b: usize) -> bool {
    let words = title::words(a.title_key(row_a));
    if differ_in_other_names(a, row_a, b, row_b) || words < 3 && are_variants(a, row_a, b, row_b) {
        return false;
    }
    shares_link(a.references(row_a), b.references(row_b)) || words >= LONG_TITLE && a.title_column() == b.title_column()
}

fn shares_link(a: &[Reference], b: &[Reference]) -> bool {
    a.iter().any(|reference| b.iter().any(|other| other.identity == reference.identity))
}

/// Two datasets of one paper, say, where the paper's title stands in its own column; or two sizes of its model.
fn differ_in_other_names(a: &TypedTable<'_>, row_a: usize, b: &TypedTable<'_>, row_b: usize) -> bool {
    a.other_names.iter().zip(&b.other_names).any(|(&column_a, &column_b)| {
        let name = |typed: &TypedTable<'_>, row, column| {
            title::fold(typed.table.body_row(row).cell_text(column)).replace(' ', "")
        };
        let (name_a, name_b) = (name(a, row_a, column_a), name(b, row_b, column_b));
        let digits = |name: &str| name.chars().filter(char::is_ascii_digit).collect::<String>();
        let names_data = || {
            let header = a.header_text(column_a).to_lowercase();
            ["data", "corpus", "corpora", "benchmark", "数据", "データ", "데이터"]
                .iter()
                .any(|word| header.contains(word))
        };
        !name_a.is_empty()
            && !name_b.is_empty()
            && name_a != name_b
            && (digits(&name_a) != digits(&name_b) || names_data())
    })
}

/// Two sizes of one model, say: different numbers in a column of short values.
fn are_variants(a: &TypedTable<'_>, row_a: usize, b: &TypedTable<'_>, row_b: usize) -> bool {
    let columns = a
        .roles
        .iter()
        .zip(&b.roles)
        .enumerate()
        .filter(|(_, roles)| matches!(roles, (Role::Text | Role::Enum, Role::Text | Role::Enum)));
    columns.map(|(column, _)| column).any(|column| {
        let value =
            |typed: &TypedTable<'_>, row| title::visible(typed.table.body_row(row).cell_text(column)).into_owned();
        let (value_a, value_b) = (value(a, row_a), value(b, row_b));
        let is_value = |value: &str| {
            value.contains(|character: char| character.is_ascii_digit()) && value.chars().count() <= LONGEST_VALUE
        };
        is_value(&value_a) && is_value(&value_b) && value_a != value_b
    })
}

/// Entries of a table that stand in a like table above.
#[derive(Default)]
struct Elsewhere<'d> {
    /// The first place of each title: table and row.
    first: FxHashMap<&'d str, Vec<(usize, usize)>>,
    pairs: Vec<Pair>,
}

struct Pair {
    later: (usize, usize),
    earlier: (usize, usize),
}

impl<'d> Elsewhere<'d> {
    fn look(&mut self, tables: &'d [TypedTable<'d>], index: usize, reported: &[usize]) {
        let typed = &tables[index];
        let mut here = Vec::new();
        for row in 0..typed.table.body_len() {
            let key = typed.title_key(row);
            if key.is_empty() {
                continue;
            }
            here.push((key, row));
            if reported.binary_search(&row).is_ok() {
                continue;
            }
            let places = self.first.get(key).into_iter().flatten().take(MOST_COMPARED);
            let earlier = places.copied().find(|&(other, other_row)| {
                are_alike(&tables[other], typed) && are_twins(&tables[other], other_row, typed, row)
            });
            if let Some(earlier) = earlier {
                self.pairs.push(Pair { later: (index, row), earlier });
            }
        }
        for (key, row) in here {
            let places = self.first.entry(key).or_default();
            if places.last().is_none_or(|&(table, _)| table != index) {
                places.push((index, row));
            }
        }
    }
}

impl Elsewhere<'_> {
    /// The repeats that are not the list's way: one that repeats many entries, or has a table of highlights, does so on purpose.
    fn unintended(&self, tables: &[TypedTable<'_>]) -> Vec<&Pair> {
        let entries: usize = tables.iter().map(|typed| typed.table.body_len()).sum();
        if self.pairs.len() > 3 && self.pairs.len() * 33 > entries {
            return Vec::new();
        }
        let mut repeats = vec![(0, 0); tables.len()];
        for pair in &self.pairs {
            repeats[pair.later.0].0 += 1;
            repeats[pair.earlier.0].1 += 1;
        }
        let has_highlights = |table: usize| {
            let (later, earlier) = repeats[table];
            [later, earlier].into_iter().any(|count| count >= 3 && count * 4 >= tables[table].table.body_len())
        };
        self.pairs.iter().filter(|pair| !has_highlights(pair.later.0) && !has_highlights(pair.earlier.0)).collect()
    }
}

/// Whether two tables list things of one kind: the same columns for names and links.
fn are_alike(a: &TypedTable<'_>, b: &TypedTable<'_>) -> bool {
    let names = |typed: &TypedTable<'_>| typed.title_column().map(|column| title::fold(&typed.header_text(column)));
    let kinds = |typed: &TypedTable<'_>| -> Vec<Role> {
        typed.roles.iter().copied().filter(|role| matches!(role, Role::Link(_) | Role::Date | Role::Venue)).collect()
    };
    names(a) == names(b) && kinds(a) == kinds(b)
}

fn report(
    later: &TypedTable<'_>,
    row: usize,
    earlier: &TypedTable<'_>,
    first: usize,
    severity: Severity,
    findings: &mut Findings,
) {
    let (later_row, first_row) = (later.table.body_row(row), earlier.table.body_row(first));
    let source = later.table.source;
    let place = |typed: &TypedTable<'_>, row: Row<'_>| {
        let text = typed.title_column().map_or("", |column| row.cell_text(column));
        if text.is_empty() { row.span() } else { source.span_of(text) }
    };
    let name = later.title_column().map(|column| title::visible(later_row.cell_text(column))).unwrap_or_default();
    let name = if name.is_empty() { "this row".into() } else { format!("\"{}\"", shorten(&name)) };
    let (line, first_line) = (later_row.line_number(), first_row.line_number());
    let differences = differences(later, later_row, earlier, first_row);
    let message = if differences.is_empty() {
        format!("{name} is listed twice, on lines {first_line} and {line}")
    } else {
        let (there, here): (Vec<_>, Vec<_>) = differences.into_iter().unzip();
        format!("{name} is listed twice: {} on line {first_line}, {} on line {line}", there.join(", "), here.join(", "))
    };
    let is_equal = first_row.cells().iter().map(|cell| cell.text).eq(later_row.cells().iter().map(|cell| cell.text));
    let shares = shares_link(earlier.references(first), later.references(row));
    let help = if is_equal {
        "delete one of the two rows"
    } else if shares {
        "keep one row, with what is right in either"
    } else {
        "keep one row, or say in the titles what tells them apart: the links differ"
    };
    let fix = (is_equal && severity == Severity::Error)
        .then(|| Fix::uncertain("delete the later of two equal rows", [Edit::delete(source.line_with_ending(line))]));
    findings
        .report(place(later, later_row), message)
        .severity(severity)
        .equal_party(place(earlier, first_row), "first listed here")
        .help(help)
        .fix(fix);
}

/// Where two rows say different things of when and where the entry appeared: what the first says, and what the later says.
fn differences(
    later: &TypedTable<'_>,
    row: Row<'_>,
    earlier: &TypedTable<'_>,
    first: Row<'_>,
) -> Vec<(String, String)> {
    let column = |typed: &TypedTable<'_>, role| typed.column(role);
    let columns = [Role::Date, Role::Venue].map(|role| (column(earlier, role), column(later, role)));
    let pairs = columns.into_iter().filter_map(|(there, here)| {
        let text = |row: Row<'_>, column| shorten(&title::visible(row.cell_text(column))).into_owned();
        let (there, here) = (text(first, there?), text(row, here?));
        let is_stated = |text: &str| !title::is_placeholder(text);
        (is_stated(&there) && is_stated(&here) && title::fold(&there) != title::fold(&here)).then_some((there, here))
    });
    pairs.collect()
}
