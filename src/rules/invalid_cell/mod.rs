//! `invalid-cell`: a cell that is not what its column's schema asks for.

mod link;
mod text;
mod value;

use std::borrow::Cow;

use super::{Check, Rule};
use crate::broken_link;
use crate::column::{Bound, TypedDocument, TypedTable};
use crate::diagnostic::{Fault, Findings, RuleName, Severity};
use crate::fix::{Applicability, Edit, Fix};
use crate::identity::title;
use crate::schema::{Column, Condition, Kind, Presence};
use crate::source::Span;
use crate::table::{Cell, Definitions, Link, Row, Table};

pub(super) const RULE: Rule = Rule {
    name: RuleName("invalid-cell"),
    page: include_str!("../../../rules/invalid-cell.md"),
    severity: Severity::Error,
    fix: Some(Applicability::Unsafe),
    check: Check::Document(check),
    is_default: true,
};

fn check(document: &TypedDocument<'_>, findings: &mut Findings) {
    for typed in &document.tables {
        let Some(bound) = &typed.bound else { continue };
        let judges: Vec<Judge<'_>> = bound.columns().map(|column| Judge::new(typed, bound, column)).collect();
        let is_entry = |row: &Row<'_>| !row.is_swallowed_text() && !typed.is_group_row(*row) && !is_torn(*row);
        for row in typed.table.body().filter(is_entry) {
            let mut verdict = Verdict::default();
            for judge in &judges {
                judge.judge(row, &document.document.definitions, &mut verdict);
            }
            let help = verdict.help;
            if let Some(finding) = findings.report_together(verdict.faults) {
                finding.help = help;
                finding.declared_severity(bound.schema().severity);
            }
        }
    }
}

/// The number of cells that are not what a schema asks for, reference links aside.
#[must_use]
pub fn departures(typed: &TypedTable<'_>, bound: &Bound<'_>) -> usize {
    let judges: Vec<Judge<'_>> = bound.columns().map(|column| Judge::new(typed, bound, column)).collect();
    let is_entry = |row: &Row<'_>| !row.is_swallowed_text() && !typed.is_group_row(*row) && !is_torn(*row);
    let definitions = Definitions::default();
    let cells = typed.table.body().filter(is_entry).flat_map(|row| judges.iter().map(move |judge| (judge, row)));
    let is_breached = |(judge, row): &(&Judge<'_>, Row<'_>)| {
        let mut verdict = Verdict::default();
        judge.judge(*row, &definitions, &mut verdict);
        !verdict.faults.is_empty()
    };
    cells.filter(is_breached).count()
}

/// Whether the columns of a row cannot be told: surplus cells with text have shifted them, or all are empty. Other rules speak of it.
fn is_torn(row: Row<'_>) -> bool {
    let surplus = row.cells().from(row.width());
    !surplus.are_empty() || row.is_empty()
}

/// What is wrong in a row.
#[derive(Default)]
struct Verdict {
    /// In the order of their places.
    faults: Vec<Fault>,
    /// What to do about the first.
    help: Option<String>,
}

/// What the cells of one column of one table are held against.
struct Judge<'t> {
    typed: &'t TypedTable<'t>,
    bound: &'t Bound<'t>,
    column: &'t Column,
    /// The column's place in the table, from 0.
    place: usize,
    /// The header's text.
    name: Cow<'t, str>,
    required_if: Option<(&'t Condition, Option<usize>)>,
    required_unless: Option<(&'t Condition, Option<usize>)>,
}

/// A cell and what is read off it once.
struct Subject<'t> {
    table: &'t Table<'t>,
    cell: Cell<'t>,
    /// The content as written, without comments at its ends.
    written: &'t str,
    /// What readers see of it.
    visible: Cow<'t, str>,
    /// Its links and pictures.
    links: &'t [Link],
}

/// One thing that is wrong with a cell.
struct Breach {
    /// Where; without it, the whole cell.
    span: Option<Span>,
    /// What is wrong, without the column's name.
    message: String,
    /// What to do, as an order.
    help: String,
    /// How to mend it; the title and the edit.
    mend: Option<(String, Edit)>,
}

impl Breach {
    fn new(message: impl Into<String>, help: impl Into<String>) -> Self {
        Self { span: None, message: message.into(), help: help.into(), mend: None }
    }

    fn at(self, span: Span) -> Self {
        Self { span: Some(span), ..self }
    }

    fn mend(self, title: impl Into<String>, edit: Option<Edit>) -> Self {
        Self { mend: edit.map(|edit| (title.into(), edit)), ..self }
    }
}

impl<'t> Judge<'t> {
    fn new(typed: &'t TypedTable<'t>, bound: &'t Bound<'t>, (place, column): (usize, &'t Column)) -> Self {
        let condition =
            |condition: &'t Option<Condition>| condition.as_ref().map(|it| (it, bound.column(it.column.as_ref())));
        Self {
            typed,
            bound,
            column,
            place,
            name: typed.header_text(place),
            required_if: condition(&column.required_if),
            required_unless: condition(&column.required_unless),
        }
    }

    fn judge(&self, row: Row<'t>, definitions: &Definitions, verdict: &mut Verdict) {
        let Some(cell) = row.cell(self.place) else { return };
        let written = without_comments(cell.text);
        let (visible, links) = (title::visible(written), row.cell_links(self.place));
        let subject = Subject { table: self.typed.table, cell, written, visible, links };
        let mut breaches = Vec::new();
        if self.is_blank(&subject) {
            breaches.extend(self.is_required(row).then(|| self.blank(&subject)));
        } else if !self.holds_broken_link(&subject, definitions) {
            match self.column.kind {
                None | Some(Kind::Text) => {}
                Some(Kind::Integer) => breaches.extend(value::integer(self.column, &subject)),
                Some(Kind::Year) => breaches.extend(value::year(self.column, &subject, self.typed.current_year)),
                Some(Kind::Date) => breaches.extend(value::date(self.column, &subject)),
                Some(Kind::Enum) => value::enumeration(self.column, &subject, &mut breaches),
                Some(Kind::Emoji) => breaches.extend(value::emoji(self.column, &subject)),
                Some(Kind::Code) => breaches.extend(value::code(&subject)),
                Some(Kind::Link | Kind::Links) => link::links(self.column, &subject, &mut breaches),
                Some(Kind::Badge) => link::pictures(self.column, &subject, &mut breaches),
            }
            text::limits(self.column, &subject, &mut breaches);
        }
        self.tell(&subject, breaches, verdict);
    }

    /// Whether the cell says that there is nothing. A placeholder that is one of the values says something.
    fn is_blank(&self, subject: &Subject<'_>) -> bool {
        subject.links.is_empty()
            && !self.column.values.iter().any(|value| value == subject.written)
            && self.bound.is_blank(self.place, &subject.visible)
    }

    fn is_required(&self, row: Row<'_>) -> bool {
        let holds = |(condition, place): (&Condition, Option<usize>)| {
            place.is_some_and(|place| {
                let visible = title::visible_cell(row, place);
                let is_blank = row.cell_links(place).is_empty() && self.bound.is_blank(place, &visible);
                condition.holds(&visible, is_blank)
            })
        };
        let is_excused = self.required_unless.is_some_and(holds);
        // Where a cell is asked for only under a condition, the condition alone decides.
        let is_asked_for = self.column.presence == Presence::Required || self.required_unless.is_some();
        is_asked_for && !is_excused || self.required_if.is_some_and(holds)
    }

    fn blank(&self, subject: &Subject<'_>) -> Breach {
        let message = if subject.cell.is_empty() {
            "is empty".to_owned()
        } else {
            format!("is \"{}\", and must be filled", super::shorten(subject.visible.trim()))
        };
        Breach::new(message, format!("fill in the {}", self.name.trim()))
    }

    /// What is meant as a link and is none is another rule's to tell.
    fn holds_broken_link(&self, subject: &Subject<'_>, definitions: &Definitions) -> bool {
        let has_links = matches!(self.column.kind, Some(Kind::Link | Kind::Links | Kind::Badge));
        let is_suspicious = || memchr::memchr2(b'[', b']', subject.written.as_bytes()).is_some();
        has_links && is_suspicious() && {
            let base = subject.table.source.span_of(subject.cell.text).start();
            !broken_link::find(subject.cell.text, base, subject.links, definitions).is_empty()
        }
    }

    fn tell(&self, subject: &Subject<'_>, breaches: Vec<Breach>, verdict: &mut Verdict) {
        let mut mended_to = None;
        for breach in breaches {
            let Breach { span, message, help, mend } = breach;
            // Of two edits that touch, the later waits until the first is made.
            let mend = mend.filter(|(_, edit)| {
                let is_free = mended_to.is_none_or(|(start, end)| edit.span.start() > end || edit.span.end() < start);
                is_free && is_whole(&edit.replacement)
            });
            if let Some((_, edit)) = &mend {
                let (start, end) = mended_to.unwrap_or((edit.span.start(), edit.span.end()));
                mended_to = Some((start.min(edit.span.start()), end.max(edit.span.end())));
            }
            if verdict.faults.is_empty() {
                verdict.help = Some(self.column.help.clone().unwrap_or(help));
            }
            let span = span.unwrap_or_else(|| {
                let text = subject.table.source.span_of(subject.cell.text);
                if text.is_empty() { subject.cell.span() } else { text }
            });
            let name = self.name.trim();
            let fix = mend.map(|(title, edit)| Fix::uncertain(title, [edit]));
            verdict.faults.push(Fault { span, message: format!("{name} {message}"), fix });
        }
    }
}

/// Whether a text stays in its cell when it is put there.
fn is_whole(text: &str) -> bool {
    !text.contains(['\n', '\r', '|'])
}

/// A cell's content without the comments at its ends, which may be directives.
fn without_comments(text: &str) -> &str {
    let blanks = [' ', '\t'];
    let mut text = text.trim_matches(blanks);
    while let Some(end) = text.strip_prefix("<!--").and_then(|inner| inner.find("-->")) {
        text = text[end + "<!---->".len()..].trim_start_matches(blanks);
    }
    while let Some(start) = text.strip_suffix("-->").and_then(|inner| inner.rfind("<!--")) {
        text = text[..start].trim_end_matches(blanks);
    }
    text
}
