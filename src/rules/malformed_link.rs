//! `malformed-link`: brackets and a URL that were meant to be a link, and are none.

use super::{Check, Rule};
use crate::broken_link::{BrokenLink, find, is_whole};
use crate::column::TypedDocument;
use crate::diagnostic::{Fault, Findings, RuleName, Severity};
use crate::fix::{Applicability, Fix};
use crate::source::Span;
use crate::table::{Cell, Definitions, Link, LinkKind, Row, Table, scan_links};

pub(super) const RULE: Rule = Rule {
    name: RuleName("malformed-link"),
    page: include_str!("../../rules/malformed-link.md"),
    severity: Severity::Error,
    fix: Some(Applicability::Safe),
    check: Check::Document(check),
    is_default: true,
};

fn check(typed: &TypedDocument<'_>, findings: &mut Findings) {
    let definitions = &typed.document.definitions;
    for table in &typed.document.tables {
        for row in table.body().filter(|row| !row.is_plainly_linked()) {
            let mut faults = Vec::new();
            for (column, cell) in row.shown_cells().iter().enumerate() {
                if !may_hold_brackets(cell.text) {
                    continue;
                }
                let links = row.cell_links(column);
                if is_suspicious(table, cell, links) {
                    let base = cell.content.start();
                    faults.extend(find(cell.text, base, links, definitions).into_iter().map(fault));
                }
            }
            if !faults.is_empty() && row.cells().len() > table.width() {
                let torn = torn_links(row, definitions);
                faults.retain(|fault| {
                    let next = torn.partition_point(|link| link.end() < fault.span.start());
                    torn.get(next).is_none_or(|link| !link.touches(fault.span))
                });
            }
            findings.report_together(faults);
        }
    }
}

/// Whether a cell is worth reading closely: most hold whole links, and brackets nowhere else.
fn is_suspicious(table: &Table<'_>, cell: Cell<'_>, links: &[Link]) -> bool {
    let has_brackets = |text: &str| may_hold_brackets(text) && text.contains(['[', ']', '［', '］']);
    let (mut at, end) = (cell.content.start(), cell.content.end());
    for link in links.iter().filter(|link| is_whole(link)) {
        if link.span.start() < at {
            return true;
        }
        let behind = table.slice(Span::new(link.span.end(), end.max(link.span.end())));
        if has_brackets(table.slice(Span::new(at, link.span.start())))
            || behind.starts_with([')', '）', '}'])
            || link.kind == LinkKind::Inline && is_odd(table.slice(link.destination))
        {
            return true;
        }
        at = link.span.end();
    }
    has_brackets(table.slice(Span::new(at.min(end), end)))
}

/// Whether a text holds a square bracket, or the first byte of a full-width one.
fn may_hold_brackets(text: &str) -> bool {
    memchr::memchr3(b'[', b']', 0xef, text.as_bytes()).is_some()
}

/// Whether a destination begins with a bracket or quote, or holds blanks that GitHub takes for part of it.
fn is_odd(destination: &str) -> bool {
    destination.starts_with(['(', '[', '{', '"', '\'', '（', '“'])
        || !destination.is_ascii()
            && destination.contains(|character: char| !character.is_ascii() && character.is_whitespace())
}

/// The links that a pipe tears apart: `split-cell` speaks of them.
fn torn_links(row: Row<'_>, definitions: &Definitions) -> Vec<Span> {
    let mut links = Vec::new();
    scan_links(row.text(), row.span().start(), definitions, &mut links, &mut |_| {});
    let ends: Vec<usize> = row.cells().iter().map(|cell| cell.span().end()).collect();
    let holds_pipe = |link: &Link| {
        let next = ends.partition_point(|&end| end < link.span.start());
        ends.get(next).is_some_and(|&end| end < link.span.end())
    };
    links.iter().filter(|link| !link.is_nested && holds_pipe(link)).map(|link| link.span).collect()
}

fn fault(broken: BrokenLink) -> Fault {
    let applicability = if broken.is_certain { Applicability::Safe } else { Applicability::Unsafe };
    let fix = (!broken.edits.is_empty()).then(|| Fix::new(applicability, broken.title, broken.edits));
    Fault { span: broken.span, message: broken.message, fix }
}
