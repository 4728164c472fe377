//! `duplicate-entry`: the same entry twice.

mod declared;

pub use declared::{Seen, SharedKey, shared_keys};

use std::collections::hash_map::Entry;
use std::hash::{Hash, Hasher};

use rustc_hash::FxHashMap;

use super::conflict_marker::Conflicts;
use super::{Check, Rule, shorten};
use crate::column::{Reference, Role, TypedDocument, TypedTable, date, repeats};
use crate::diagnostic::{Diagnostic, Findings, RuleName, Severity};
use crate::fix::{Applicability, Edit, Fix};
use crate::identity::{Identity, placeholder, title};
use crate::source::Source;
use crate::table::{Cell, Row};

/// The rule's name.
pub const NAME: RuleName = RuleName("duplicate-entry");

pub(super) const RULE: Rule = Rule {
    name: NAME,
    page: include_str!("../../../rules/duplicate-entry.md"),
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
    let have_namesakes = have_namesakes(document);
    let mut have_namesakes = &have_namesakes[..];
    let mut elsewhere = Elsewhere { first: Places::new(), pairs: Vec::new() };
    let conflicts = Conflicts::of(document.document);
    declared::check(document, &conflicts, findings);
    for (index, typed) in document.tables.iter().enumerate() {
        let (in_table, behind) = have_namesakes.split_at(typed.table.body_len());
        have_namesakes = behind;
        if declared::decides(typed) {
            continue;
        }
        let line_number = |row: usize| typed.table.body_row(row).line_number();
        let mut twins = twins(typed, in_table);
        // The two sides of a merge conflict have most entries twice.
        twins.retain(|&(later, earlier)| !conflicts.cover_both(line_number(earlier), line_number(later)));
        for &(later, earlier) in &twins {
            report(typed, later, typed, earlier, Severity::Error, findings);
        }
        let reported: Vec<usize> = twins.iter().map(|&(later, _)| later).collect();
        if typed.options.compares_tables {
            elsewhere.look(&document.tables, index, in_table, &reported);
        }
    }
    for pair in elsewhere.unintended(&document.tables) {
        let (later, earlier) = (&document.tables[pair.later.0], &document.tables[pair.earlier.0]);
        report(later, pair.later.1, earlier, pair.earlier.1, Severity::Note, findings);
    }
}

/// For each row of each table, whether another row of the file may have its title. Of nearly every row there is none.
fn have_namesakes(document: &TypedDocument<'_>) -> Vec<bool> {
    let count = document.tables.iter().map(|typed| typed.table.body_len()).sum();
    let digests =
        document.tables.iter().flat_map(|typed| (0..typed.table.body_len()).map(|row| typed.title_digest(row)));
    repeats(digests.map(|digest| Some(digest).filter(|&digest| digest != 0).into_iter()), count)
}

/// The rows of one table that repeat an earlier one, each with the first that it repeats.
fn twins(typed: &TypedTable<'_>, have_namesakes: &[bool]) -> Vec<(usize, usize)> {
    let mut twins = Vec::new();
    let title = typed.title_column();
    let mut by_title: Places<&str, usize> = Places::new();
    let mut by_cells: FxHashMap<Cells<'_>, usize> = FxHashMap::default();
    let mut by_own_link: Places<&Identity<'_>, usize> = Places::new();
    for (index, &has_namesake) in have_namesakes.iter().enumerate() {
        let may_share_link = typed.may_share_own_link(index);
        // Equal rows have equal titles, if they have any.
        if typed.title_digest(index) != 0 && !has_namesake && !may_share_link {
            continue;
        }
        let key = typed.title_key(index);
        let is_twin = |earlier: &usize| are_twins(typed, *earlier, typed, index);
        let equal_title = by_title.of(&key).take(MOST_COMPARED).find(is_twin);
        let row = typed.table.body_row(index);
        let cells = is_telling(row, key).then_some(Cells { row, title, key });
        let equal_row = cells.map(|cells| *by_cells.entry(cells).or_insert(index)).filter(|&earlier| earlier < index);
        let equal_row = equal_row.filter(|&earlier| {
            let (references, others) = (typed.references(index), typed.references(earlier));
            references.is_empty() && others.is_empty() || shares_link(references, others)
        });
        let near_title = || {
            let own = typed.references(index).iter().filter(|reference| reference.is_own());
            let sharing = own.flat_map(|reference| by_own_link.of(&reference.identity()));
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
            by_title.add(key, index);
            for reference in typed.references(index).iter().filter(|reference| may_share_link && reference.is_own()) {
                by_own_link.add(reference.identity(), index);
            }
        }
    }
    twins
}

/// The places of each key, in the order in which they were added.
struct Places<K, P> {
    /// By key, where its first and its last place stand in `links`.
    ends: FxHashMap<K, (u32, u32)>,
    /// Each place, and where the next one of its key stands; 0 where there is none, as the first is never the next.
    links: Vec<(P, u32)>,
}

impl<K: Hash + Eq, P: Copy> Places<K, P> {
    fn new() -> Self {
        Self { ends: FxHashMap::default(), links: Vec::new() }
    }

    fn of<'p>(&'p self, key: &K) -> impl Iterator<Item = P> + use<'p, K, P> {
        let mut next = self.ends.get(key).map(|&(first, _)| first as usize);
        std::iter::from_fn(move || {
            let &(place, behind) = self.links.get(next?)?;
            next = (behind > 0).then_some(behind as usize);
            Some(place)
        })
    }

    fn last(&self, key: &K) -> Option<P> {
        self.ends.get(key).map(|&(_, last)| self.links[last as usize].0)
    }

    fn add(&mut self, key: K, place: P) {
        let own = u32::try_from(self.links.len()).unwrap_or(u32::MAX);
        self.links.push((place, 0));
        match self.ends.entry(key) {
            Entry::Occupied(mut ends) => {
                let last = std::mem::replace(&mut ends.get_mut().1, own);
                self.links[last as usize].1 = own;
            }
            Entry::Vacant(ends) => {
                ends.insert((own, own));
            }
        }
    }
}

/// A row's cells, equal where their texts are, the title's folded.
#[derive(Clone, Copy)]
struct Cells<'r> {
    row: Row<'r>,
    title: Option<usize>,
    key: &'r str,
}

impl<'r> Cells<'r> {
    fn texts(self) -> impl Iterator<Item = &'r str> {
        let title = self.title.filter(|_| !self.key.is_empty());
        let text = move |(column, cell): (usize, Cell<'r>)| if title == Some(column) { self.key } else { cell.text };
        self.row.cells().iter().enumerate().map(text)
    }
}

impl Hash for Cells<'_> {
    fn hash<H: Hasher>(&self, hasher: &mut H) {
        self.texts().for_each(|text| text.hash(hasher));
    }
}

impl PartialEq for Cells<'_> {
    fn eq(&self, other: &Self) -> bool {
        self.texts().eq(other.texts())
    }
}

impl Eq for Cells<'_> {}

/// Whether rows like this one are no accident when they are equal: a name and two cells more with something in them, or one and a word.
fn is_telling(row: Row<'_>, key: &str) -> bool {
    let filled = row.cells().iter().filter(|cell| !placeholder::is_placeholder(cell.text)).take(3).count();
    let letters = row.text().chars().filter(|character| character.is_alphabetic());
    filled >= 3 && key.contains(char::is_alphabetic) || filled >= 2 && letters.take(4).count() == 4
}

/// Whether two rows of equal title are the same entry: they share a link, or the title is long enough to be no other's.
fn are_twins(a: &TypedTable<'_>, row_a: usize, b: &TypedTable<'_>, row_b: usize) -> bool {
    let words = title::words(a.title_key(row_a));
    // A model stands in one table for each way of its training, with other results.
    let longest_name = if std::ptr::eq(a, b) { 2 } else { LONG_TITLE - 1 };
    if differ_in_other_names(a, row_a, b, row_b) || words <= longest_name && are_variants(a, row_a, b, row_b) {
        return false;
    }
    shares_link(a.references(row_a), b.references(row_b)) || words >= LONG_TITLE && a.title_column() == b.title_column()
}

fn shares_link(a: &[Reference<'_>], b: &[Reference<'_>]) -> bool {
    a.iter().any(|reference| b.iter().any(|other| other.identity() == reference.identity()))
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
    let holds_values = |typed: &TypedTable<'_>, column: usize| matches!(typed.roles[column], Role::Text | Role::Enum);
    let is_one_table = std::ptr::eq(a, b);
    let values_of_b = (0..b.roles.len()).filter(|&column| !is_one_table && holds_values(b, column));
    let by_header: FxHashMap<_, usize> = values_of_b.map(|column| (b.header_text(column), column)).collect();
    let of_b = |column: usize| {
        if is_one_table { Some(column) } else { by_header.get(&a.header_text(column)).copied() }
    };
    let columns = (0..a.roles.len()).filter(|&column| holds_values(a, column));
    columns.filter_map(|column| Some((column, of_b(column)?))).any(|(column_a, column_b)| {
        let value =
            |typed: &TypedTable<'_>, row, column| title::visible_cell(typed.table.body_row(row), column).into_owned();
        let (value_a, value_b) = (value(a, row_a, column_a), value(b, row_b, column_b));
        let is_value = |value: &str| {
            value.contains(|character: char| character.is_ascii_digit()) && value.chars().count() <= LONGEST_VALUE
        };
        is_value(&value_a) && is_value(&value_b) && value_a != value_b
    })
}

/// Entries of a table that stand in a like table above.
struct Elsewhere<'d> {
    /// The first place of each title in each table: table and row.
    first: Places<&'d str, (usize, usize)>,
    pairs: Vec<Pair>,
}

struct Pair {
    later: (usize, usize),
    earlier: (usize, usize),
}

impl<'d> Elsewhere<'d> {
    fn look(&mut self, tables: &'d [TypedTable<'d>], index: usize, have_namesakes: &[bool], reported: &[usize]) {
        let typed = &tables[index];
        let mut here = Vec::new();
        for (row, _) in have_namesakes.iter().enumerate().filter(|(_, has_namesake)| **has_namesake) {
            let key = typed.title_key(row);
            here.push((key, row));
            if reported.binary_search(&row).is_ok() {
                continue;
            }
            let earlier = self.first.of(&key).take(MOST_COMPARED).find(|&(other, other_row)| {
                are_alike(&tables[other], typed) && are_twins(&tables[other], other_row, typed, row)
            });
            if let Some(earlier) = earlier {
                self.pairs.push(Pair { later: (index, row), earlier });
            }
        }
        for (key, row) in here {
            if self.first.last(&key).is_none_or(|(table, _)| table != index) {
                self.first.add(key, (index, row));
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
            let typed = &tables[table];
            let rows = (0..typed.table.body_len()).filter(|&row| typed.title_digest(row) != 0).count();
            [later, earlier].into_iter().any(|count| count >= 3 && count * 4 >= rows || count == 2 && rows <= 6)
        };
        self.pairs.iter().filter(|pair| !has_highlights(pair.later.0) && !has_highlights(pair.earlier.0)).collect()
    }
}

/// Whether two tables list things of one kind: the same columns for names and links.
fn are_alike(a: &TypedTable<'_>, b: &TypedTable<'_>) -> bool {
    // The best of one kind may well be among the best of all.
    if is_ranking(a) && is_ranking(b) {
        return false;
    }
    let names = |typed: &TypedTable<'_>| typed.title_column().map(|column| title::fold(&typed.header_text(column)));
    let kinds = |typed: &TypedTable<'_>| -> Vec<Role> {
        typed.roles.iter().copied().filter(|role| matches!(role, Role::Link(_) | Role::Date | Role::Venue)).collect()
    };
    names(a) == names(b) && kinds(a) == kinds(b)
}

/// Whether the rows are numbered by how good they are.
fn is_ranking(typed: &TypedTable<'_>) -> bool {
    const WORDS: [&str; 5] = ["rank", "ranking", "排名", "順位", "순위"];
    typed.column(Role::Index).is_some_and(|column| WORDS.contains(&&*title::fold(&typed.header_text(column))))
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
    let place =
        |typed: &TypedTable<'_>, row: Row<'_>| typed.title_column().map_or(row.span(), |column| row.cell_place(column));
    let name = later.title_column().map(|column| title::visible_cell(later_row, column)).unwrap_or_default();
    let name = if name.is_empty() { "this row".into() } else { format!("\"{}\"", shorten(&name)) };
    let (line, first_line) = (later_row.line_number(), first_row.line_number());
    let differences = differences(later, later_row, earlier, first_row);
    let message = if differences.is_empty() {
        format!("{name} is listed twice, on lines {first_line} and {line}")
    } else {
        let (there, here): (Vec<_>, Vec<_>) = differences.into_iter().unzip();
        let (there, here) = (there.join(" and "), here.join(" and "));
        format!("{name} is listed twice: {there} on line {first_line}, {here} on line {line}")
    };
    let is_equal = are_equal(first_row, later_row);
    let shares = shares_link(earlier.references(first), later.references(row));
    let help = if is_equal {
        "delete one of the two rows"
    } else if shares {
        "keep one row, with what is right in either"
    } else {
        "keep one row, or say in the titles what tells them apart: the links differ"
    };
    let fix = (is_equal && severity == Severity::Error).then(|| delete_later(later_row, source));
    findings
        .report(place(later, later_row), message)
        .severity(severity)
        .equal_party(place(earlier, first_row), "first listed here")
        .help(help)
        .fix(fix)
        // Of two near-equal titles the same one, whichever stands first.
        .about(later.title_key(row).min(earlier.title_key(first)));
}

/// Says the same of the other row: where that one is new, whoever wrote it looks for it there.
pub fn turn(diagnostic: &mut Diagnostic, source: &Source) {
    let Some(first) = diagnostic.labels.iter_mut().find(|label| label.is_equal_party) else { return };
    std::mem::swap(&mut diagnostic.span, &mut first.span);
    "also listed here".clone_into(&mut first.text);
    if diagnostic.fix.is_some() {
        let line = source.line_with_ending(source.line_number(diagnostic.span.start()));
        diagnostic.fix(Fix::uncertain("delete this one of two equal rows", [Edit::delete(line)]));
    }
}

/// Whether two rows are equal in every cell.
fn are_equal(a: Row<'_>, b: Row<'_>) -> bool {
    a.cells().iter().map(|cell| cell.text).eq(b.cells().iter().map(|cell| cell.text))
}

/// Takes the later of two equal rows out.
fn delete_later(row: Row<'_>, source: &Source) -> Fix {
    let line = source.line_with_ending(row.line_number());
    Fix::uncertain("delete the later of two equal rows", [Edit::delete(line)])
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
        let text = |row: Row<'_>, column| shorten(&title::visible_cell(row, column)).into_owned();
        let (there, here) = (text(first, there?), text(row, here?));
        let is_stated = |text: &str| !placeholder::is_placeholder(text);
        (is_stated(&there) && is_stated(&here) && !mean_the_same(&there, &here)).then_some((there, here))
    });
    pairs.collect()
}

/// Whether two texts differ in spelling only: `CVPR 2024`, `CVPR'24`, `cvpr24`.
fn mean_the_same(a: &str, b: &str) -> bool {
    let letters =
        |text: &str| text.chars().filter(|character| character.is_alphabetic()).collect::<String>().to_lowercase();
    let date = |text: &str| date::parse(text).map(|dated| dated.date);
    title::fold(a) == title::fold(b) || letters(a) == letters(b) && date(a).is_some() && date(a) == date(b)
}
