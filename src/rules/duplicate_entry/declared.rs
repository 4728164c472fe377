//! Rows that have in common what a schema declares unique.

use rustc_hash::{FxHashMap, FxHashSet};

use super::super::conflict_marker::Conflicts;
use super::super::shorten;
use super::{RULE, are_equal, delete_later};
use crate::column::{Bound, TypedDocument, TypedTable};
use crate::diagnostic::{Diagnostic, Findings};
use crate::identity::{self, Kind, title};
use crate::schema::{Fold, Scope, TableSchema, UniqueKey, Weight};
use crate::table::{Link, Row};

/// A row's key that is unique among all files of a run.
#[derive(Debug)]
pub struct SharedKey {
    /// The key: the schema, the place of the key among its unique keys, and what the row has there. Equal where two rows have it in common.
    pub key: (usize, usize, String),
    /// What to say where another file has it: all but the other place.
    pub diagnostic: Diagnostic,
}

/// Whether the schema of a table says what is a duplicate there.
pub(super) fn decides(typed: &TypedTable<'_>) -> bool {
    typed.bound.as_ref().is_some_and(|bound| bound.schema().unique.is_some())
}

/// A unique key of a table's schema, and where its columns are.
struct Key<'d> {
    /// Its place among the schema's unique keys.
    index: usize,
    unique: &'d UniqueKey,
    places: Vec<usize>,
}

/// The unique keys of a table, and what its rows have there.
fn keys<'d>(bound: &Bound<'d>) -> Vec<Key<'d>> {
    let unique = bound.schema().unique.as_deref().unwrap_or_default();
    let keys = unique.iter().enumerate().filter_map(|(index, unique)| {
        // A table that lacks a column of the key has none.
        let places =
            unique.columns.as_ref().iter().map(|name| bound.column(name.as_ref())).collect::<Option<Vec<_>>>()?;
        (!places.is_empty()).then_some(Key { index, unique, places })
    });
    keys.collect()
}

impl Key<'_> {
    /// What a row has in the columns of the key; none where it has nothing in one of them, or what may repeat.
    fn of(&self, bound: &Bound<'_>, row: Row<'_>) -> Option<String> {
        let mut whole = String::new();
        for &place in &self.places {
            let text = row.cell_text(place);
            let visible = title::visible(text);
            let link = row.cell_links(place).iter().find(|link| !link.is_image);
            if link.is_none() && bound.is_blank(place, &visible) {
                return None;
            }
            if self.unique.except.iter().any(|except| except == visible.trim()) {
                return None;
            }
            whole.push_str(&folded(self.unique.fold, row, text, &visible, link)?);
            whole.push('\n');
        }
        Some(whole)
    }

    /// The rows among which the key is unique, as a number that they share.
    fn scope(&self, typed: &TypedTable<'_>) -> usize {
        match (self.unique.scope, typed.table.section) {
            (Scope::Table, _) => std::ptr::from_ref(typed.table) as usize,
            // Two headings of one text are two sections.
            (Scope::Section, Some(section)) => section.as_ptr() as usize,
            (Scope::Section, None) | (Scope::File | Scope::Run, _) => std::ptr::from_ref(typed.table.source) as usize,
        }
    }
}

fn folded(fold: Fold, row: Row<'_>, text: &str, visible: &str, link: Option<&Link>) -> Option<String> {
    match fold {
        Fold::Exact => Some(text.to_owned()),
        Fold::Case => Some(visible.trim().to_lowercase()),
        Fold::Title => Some(title::fold(text)).filter(|folded| !folded.is_empty()),
        Fold::Url => identity::address(&row.url(link?)),
        Fold::PaperId | Fold::Repository => {
            let url = row.url(link?);
            let identity = identity::key(&url)?;
            let is_meant = match identity.kind() {
                Kind::Arxiv | Kind::Doi => fold == Fold::PaperId,
                Kind::Repository => fold == Fold::Repository,
                Kind::Page => false,
            };
            if is_meant { Some(identity.to_string()) } else { identity::address(&url) }
        }
    }
}

/// Whether a row is an entry.
fn is_entry(typed: &TypedTable<'_>, row: &Row<'_>) -> bool {
    !row.is_swallowed_text() && !typed.is_group_row(*row)
}

/// The keys of the rows that were looked at.
#[derive(Debug, Default)]
pub struct Seen {
    known: FxHashSet<(usize, usize, String)>,
}

impl Seen {
    /// The number of rows that repeat a key of this table's schema, in this table or one that was looked at before with the same schema.
    pub fn count_repeated(&mut self, typed: &TypedTable<'_>, bound: &Bound<'_>) -> usize {
        let keys = keys(bound);
        let rows = typed.table.body().filter(|row| is_entry(typed, row));
        rows.filter(|row| {
            let known = keys.iter().filter_map(|key| Some((key.index, key.scope(typed), key.of(bound, *row)?)));
            known.filter(|key| !self.known.insert(key.clone())).count() > 0
        })
        .count()
    }
}

pub(super) fn check(document: &TypedDocument<'_>, conflicts: &Conflicts, findings: &mut Findings) {
    /// Where a key was seen first: the table and the row.
    type First = FxHashMap<(usize, usize, usize, String), (usize, usize)>;
    let mut first = First::default();
    for (index, typed) in document.tables.iter().enumerate() {
        let Some(bound) = &typed.bound else { continue };
        let keys = keys(bound);
        if keys.is_empty() {
            continue;
        }
        for (place, row) in typed.table.body().enumerate().filter(|(_, row)| is_entry(typed, row)) {
            let mut is_reported = false;
            for key in &keys {
                let Some(text) = key.of(bound, row) else { continue };
                let known = *first.entry((bound.index, key.index, key.scope(typed), text)).or_insert((index, place));
                // One finding a row is enough: the keys of a duplicate mostly agree.
                if known == (index, place) || is_reported {
                    continue;
                }
                let earlier = document.tables[known.0].table.body_row(known.1);
                if !conflicts.cover_both(earlier.line_number(), row.line_number()) {
                    is_reported = true;
                    report(document, known, (index, place), key, findings);
                }
            }
        }
    }
}

fn report(
    document: &TypedDocument<'_>,
    (earlier, earlier_row): (usize, usize),
    (later, later_row): (usize, usize),
    key: &Key<'_>,
    findings: &mut Findings,
) {
    let (earlier, later) = (&document.tables[earlier], &document.tables[later]);
    let (Some(earlier_bound), Some(bound)) = (&earlier.bound, &later.bound) else { return };
    let (row, first_row) = (later.table.body_row(later_row), earlier.table.body_row(earlier_row));
    let (line, first_line) = (row.line_number(), first_row.line_number());
    let first_place = key.unique.columns.as_ref().first().and_then(|name| earlier_bound.column(name.as_ref()));
    let is_equal = are_equal(first_row, row);
    let is_one_table = std::ptr::eq(earlier.table, later.table);
    let fix = (is_equal && is_one_table).then(|| delete_later(row, later.table.source));
    let help = if is_equal { "delete one of the two rows" } else { "keep one row, or say what tells them apart" };
    findings
        .report(row.cell_place(key.places[0]), format!("{}, on lines {first_line} and {line}", named(later, row, key)))
        .declared_severity(weight(key.unique, bound.schema()))
        .equal_party(first_row.cell_place(first_place.unwrap_or_default()), "first listed here")
        .help(help)
        .fix(fix)
        .about(key.of(bound, row).unwrap_or_default());
}

fn weight(unique: &UniqueKey, schema: &TableSchema) -> Option<Weight> {
    unique.severity.or(schema.severity)
}

/// `"Cat Facts" is listed twice in API`
fn named(typed: &TypedTable<'_>, row: Row<'_>, key: &Key<'_>) -> String {
    let columns: Vec<String> = key.places.iter().map(|&place| typed.header_text(place).trim().to_owned()).collect();
    let columns = columns.join(" and ");
    let link = row.cell_links(key.places[0]).iter().find(|link| !link.is_image);
    let is_about_link = matches!(key.unique.fold, Fold::Url | Fold::PaperId | Fold::Repository);
    if let Some(link) = link.filter(|_| is_about_link) {
        return format!("the link \"{}\" is listed twice in {columns}", shorten(&row.url(link)));
    }
    let texts: Vec<String> =
        key.places.iter().map(|&place| title::visible_cell(row, place).trim().to_owned()).collect();
    format!("\"{}\" is listed twice in {columns}", shorten(&texts.join(", ")))
}

/// The keys of a document's rows that are unique among all files of a run.
#[must_use]
pub fn shared_keys(document: &TypedDocument<'_>) -> Vec<SharedKey> {
    let mut shared = Vec::new();
    for typed in &document.tables {
        let Some(bound) = &typed.bound else { continue };
        let keys: Vec<Key<'_>> = keys(bound).into_iter().filter(|key| key.unique.scope == Scope::Run).collect();
        if keys.is_empty() {
            continue;
        }
        for row in typed.table.body().filter(|row| is_entry(typed, row)) {
            for key in &keys {
                let Some(text) = key.of(bound, row) else { continue };
                let mut findings = Findings::new(RULE.name, RULE.severity);
                findings
                    .report(row.cell_place(key.places[0]), named(typed, row, key))
                    .declared_severity(weight(key.unique, bound.schema()))
                    .help("keep one row, or say what tells them apart")
                    .about(format!("{text} among files"));
                let schema = std::ptr::from_ref(bound.schema()) as usize;
                let key = (schema, key.index, text);
                let diagnostics = findings.into_diagnostics().into_iter();
                shared.extend(diagnostics.map(|diagnostic| SharedKey { key: key.clone(), diagnostic }));
            }
        }
    }
    shared
}
