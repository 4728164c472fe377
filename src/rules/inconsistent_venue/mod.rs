//! `inconsistent-venue`: one venue spelled, or its year written, otherwise than in the rest of the file.

mod spelling;
mod year;

use std::borrow::Cow;
use std::ops::Range;

use rustc_hash::FxHashMap;

use super::{Check, Rule};
use crate::column::{Role, TypedDocument, TypedTable};
use crate::diagnostic::{Fault, Findings, RuleName, Severity};
use crate::fix::{Applicability, Edit, Fix};
use crate::identity::{placeholder, title};
use crate::schema::Kind;
use crate::source::Span;
use crate::table::{Cell, Row};
use spelling::Spellings;
use year::{Year, YearStyle};

pub(super) const RULE: Rule = Rule {
    name: RuleName("inconsistent-venue"),
    page: include_str!("../../../rules/inconsistent-venue.md"),
    severity: Severity::Note,
    fix: Some(Applicability::Unsafe),
    check: Check::Document(check),
    is_default: true,
};

/// Longer texts are more than a venue, in bytes.
const LONGEST: usize = 200;

/// A text of a venue column, and how many cells have it.
#[derive(Debug)]
struct Venue<'d> {
    /// What readers see.
    visible: Cow<'d, str>,
    /// Where in it the venue's name is, without year and remarks.
    name: Range<usize>,
    /// Its year; none where it has none, or several.
    year: Option<Year>,
    /// How many cells of the file have it.
    cells: usize,
}

/// A cell with a venue.
struct Place {
    table: u32,
    row: u32,
    column: u32,
    /// Its text, by its place among all of the file.
    venue: u32,
}

/// What a cell has that the rest of the file writes otherwise.
#[derive(Clone)]
struct Departure {
    /// The text that shows it, as readers see it.
    wrong: String,
    /// Which part of it changes, in bytes.
    changed: Range<usize>,
    /// What stands there instead.
    replacement: String,
    message: String,
}

impl Departure {
    /// What the whole of it should be.
    fn mended(&self) -> String {
        format!("{}{}{}", &self.wrong[..self.changed.start], self.replacement, &self.wrong[self.changed.end..])
    }
}

fn check(document: &TypedDocument<'_>, findings: &mut Findings) {
    let (venues, places) = collect(document);
    if places.is_empty() {
        return;
    }
    let spellings = Spellings::of(&venues);
    let mut departures = spellings.departures(&venues);
    if let Some(style) = YearStyle::of(&venues) {
        for (venue, departures) in venues.iter().zip(&mut departures) {
            departures.extend(style.departure(venue, &spellings));
        }
    }
    let mut rest = &places[..];
    while let Some(first) = rest.first() {
        let count = rest.iter().take_while(|place| (place.table, place.row) == (first.table, first.row)).count();
        let row = document.tables[first.table as usize].table.body_row(first.row as usize);
        let found = rest[..count]
            .iter()
            .flat_map(|place| departures[place.venue as usize].iter().map(|it| (place.column as usize, it)));
        report(row, found.collect(), findings);
        rest = &rest[count..];
    }
}

fn report(row: Row<'_>, found: Vec<(usize, &Departure)>, findings: &mut Findings) {
    let fault = |(column, departure)| (fault(row, column, departure), departure);
    let mut faults: Vec<(Fault, &Departure)> = found.into_iter().map(fault).collect();
    faults.sort_by_key(|(fault, _)| fault.span);
    let Some(help) = faults.first().map(|(_, first)| format!("write `{}`", first.mended())) else { return };
    if let Some(finding) = findings.report_together(faults.into_iter().map(|(fault, _)| fault).collect()) {
        finding.help(help);
    }
}

fn fault(row: Row<'_>, column: usize, departure: &Departure) -> Fault {
    let message = departure.message.clone();
    let Some(span) = locate(row, column, &departure.wrong) else {
        return Fault { span: row.cell_place(column), message, fix: None };
    };
    let changed = Span::new(span.start() + departure.changed.start, span.start() + departure.changed.end);
    let edit = Edit::replace(changed, departure.replacement.as_str());
    Fault { span, message, fix: Some(Fix::uncertain("write the venue as the rest of the list does", [edit])) }
}

/// Where a text stands in a cell as written, outside of addresses and tags; none where it stands there more than once, or with markup in it.
fn locate(row: Row<'_>, column: usize, text: &str) -> Option<Span> {
    let raw = row.cell(column)?;
    let start = raw.content.start();
    let links = row.cell_links(column);
    let is_read = |span: Span| links.iter().all(|link| !link.span.contains(span) || link.text.contains(span));
    // A word may have a year glued to it, but no further letters.
    let goes_on = |before: Option<&u8>, behind: Option<&u8>| {
        let both = |is: fn(&u8) -> bool| before.is_some_and(is) && behind.is_some_and(is);
        both(u8::is_ascii_alphabetic) || both(u8::is_ascii_digit)
    };
    let is_whole = |at: usize| {
        let (before, rest) = raw.text.as_bytes().split_at(at);
        let (found, behind) = rest.split_at(text.len());
        !goes_on(before.last(), found.first()) && !goes_on(found.last(), behind.first())
    };
    let is_in_tag = |at: usize| raw.text[..at].rfind('<') > raw.text[..at].rfind('>');
    let mut spans = memchr::memmem::find_iter(raw.text.as_bytes(), text)
        .filter(|&at| is_whole(at) && !is_in_tag(at))
        .map(|at| Span::new(start + at, start + at + text.len()))
        .filter(|&span| is_read(span));
    let span = spans.next()?;
    spans.next().is_none().then_some(span)
}

/// Room is made for so many new texts of a table at once: large tables repeat most of theirs.
const MOST_NEW: usize = 64;

/// The different texts of the venue columns, and the cells that have them.
fn collect<'d>(document: &TypedDocument<'d>) -> (Vec<Venue<'d>>, Vec<Place>) {
    let (mut venues, mut places) = (Vec::<Venue<'d>>::new(), Vec::new());
    let mut known: FxHashMap<&'d str, Option<usize>> = FxHashMap::default();
    for (index, typed) in document.tables.iter().enumerate() {
        let columns: Vec<usize> = (0..typed.roles.len()).filter(|&column| is_free(typed, column)).collect();
        if columns.is_empty() {
            continue;
        }
        let table = typed.table;
        known.reserve(table.body_len().min(MOST_NEW));
        places.reserve(table.body_len());
        for (row_index, row) in table.body().enumerate() {
            if row.cells().len() != table.width() || typed.is_group_row(row) {
                continue;
            }
            for &column in &columns {
                let Some(cell) = row.cell(column).filter(|cell| !cell.is_empty()) else { continue };
                let text = cell.text;
                if cell.kinds.may_have_links() && row.cell_links(column).iter().any(|link| link.is_image) {
                    continue;
                }
                let venue = *known.entry(text).or_insert_with(|| {
                    let venue = Venue::read(cell, typed.current_year)?;
                    venues.push(venue);
                    Some(venues.len() - 1)
                });
                let Some(venue) = venue else { continue };
                venues[venue].cells += 1;
                let [table, row, column, venue] =
                    [index, row_index, column, venue].map(|place| u32::try_from(place).unwrap_or(u32::MAX));
                places.push(Place { table, row, column, venue });
            }
        }
    }
    (venues, places)
}

/// Whether a column holds venues of which no schema says how they are written.
fn is_free(typed: &TypedTable<'_>, column: usize) -> bool {
    let declared = || typed.bound.as_ref()?.columns().find(|(place, _)| *place == column).map(|(_, column)| column);
    typed.roles[column] == Role::Venue
        && declared().is_none_or(|declared| {
            declared.kind.is_none_or(|kind| kind == Kind::Text)
                && declared.values.is_empty()
                && declared.pattern.is_none()
                && declared.source_pattern.is_none()
        })
}

impl<'d> Venue<'d> {
    /// Reads a cell as written; none where it holds none, or more than one.
    fn read(cell: Cell<'d>, current_year: u16) -> Option<Self> {
        if cell.text.len() > 8 * LONGEST {
            return None;
        }
        let is_plain = cell.kinds.is_plain();
        let visible = if is_plain { Cow::Borrowed(cell.text) } else { title::visible(cell.text) };
        let may_have_url = !is_plain || cell.kinds.may_have_links();
        if visible.len() > LONGEST
            || placeholder::is_placeholder(&visible)
            || may_have_url && (visible.contains("://") || visible.contains("www."))
        {
            return None;
        }
        let (name_end, year) = year::find(&visible, current_year);
        let name = visible[..name_end].split('(').next().unwrap_or_default();
        let name = name.trim_end_matches(|character: char| !character.is_alphanumeric());
        let name = 0..name.len();
        Some(Self { name, year, cells: 0, visible })
    }

    /// The venue's name as written.
    fn name(&self) -> &str {
        &self.visible[self.name.clone()]
    }
}
