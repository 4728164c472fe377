//! `padded-url`: blanks inside the parentheses around a link's URL.

use super::{Check, Rule};
use crate::address::is_invisible;
use crate::column::TypedTable;
use crate::diagnostic::{Fault, Findings, RuleName, Severity};
use crate::fix::{Applicability, Edit, Fix};
use crate::source::Span;
use crate::table::{Link, LinkKind, Table};

pub(super) const RULE: Rule = Rule {
    name: RuleName("padded-url"),
    page: include_str!("../../rules/padded-url.md"),
    severity: Severity::Warning,
    fix: Some(Applicability::Safe),
    check: Check::Table(check),
    is_default: true,
};

fn check(typed: &TypedTable<'_>, findings: &mut Findings) {
    for row in typed.table.body().filter(|row| !row.is_plainly_linked()) {
        let pads: Vec<Padding> = row.shown_links().iter().filter_map(|link| padding(typed.table, link)).collect();
        if pads.is_empty() {
            continue;
        }
        let is_broken = pads.iter().any(|padding| padding.is_part_of_url);
        let mut pads = pads;
        pads.sort_by_key(|padding| padding.spans[0]);
        let Some(finding) = findings.report_together(pads.into_iter().map(fault).collect()) else { continue };
        if is_broken {
            finding.severity(Severity::Error);
        }
    }
}

struct Padding {
    /// One or two: before the URL, behind it.
    spans: Vec<Span>,
    message: String,
    /// Whether the link leads nowhere for it: blanks other than spaces and tabs belong to the URL.
    is_part_of_url: bool,
}

/// Whether there is nothing but the URL between the parentheses, as in nearly every link.
fn is_tight(link: &Link, url: &str) -> bool {
    let ends = [url.bytes().next(), url.bytes().next_back()];
    link.text.end() + "](".len() == link.destination.start()
        && link.destination.end() + ")".len() == link.span.end()
        && ends.iter().all(|end| end.is_some_and(|byte| byte.is_ascii_graphic()))
}

fn padding(table: &Table<'_>, link: &Link) -> Option<Padding> {
    let url = table.slice(link.destination);
    if link.kind != LinkKind::Inline || link.is_plain || is_tight(link, url) {
        return None;
    }
    let plain = url.trim_matches(is_invisible);
    if plain.is_empty() {
        return None;
    }
    let plain = table.source.span_of(plain);
    let before = blanks_between(table, Span::new(link.text.end() + "](".len(), plain.start()), '<');
    let behind = Span::new(plain.end(), link.span.end() - ")".len());
    let behind_url = Span::new(plain.end(), link.destination.end());
    // A blank before a title belongs there.
    let has_title =
        !table.slice(behind).trim_matches(|character| is_invisible(character) || character == '>').is_empty();
    let behind = blanks_between(table, if has_title { behind_url } else { behind }, '>');
    let count = |spans: &[Span]| -> usize { spans.iter().map(|&span| table.slice(span).chars().count()).sum() };
    let side = match (before.is_empty(), behind.is_empty()) {
        (true, true) => return None,
        (false, true) => "before",
        (true, false) => "behind",
        (false, false) => "around",
    };
    let spans: Vec<Span> = before.into_iter().chain(behind).collect();
    let is_part_of_url = spans.iter().any(|&span| table.slice(span).contains(|character: char| !character.is_ascii()));
    let amount = match count(&spans) {
        1 => "a blank".to_owned(),
        count => format!("{count} blanks"),
    };
    let message = if is_part_of_url {
        format!("{amount} {side} the URL, part of it for GitHub, so the link is broken")
    } else {
        format!("{amount} {side} the URL")
    };
    Some(Padding { spans, message, is_part_of_url })
}

/// The blanks in a span that holds nothing else but one angle bracket.
fn blanks_between(table: &Table<'_>, span: Span, bracket: char) -> Vec<Span> {
    let pieces = table.slice(span).split(bracket).filter(|piece| !piece.is_empty());
    pieces.map(|piece| table.source.span_of(piece)).collect()
}

fn fault(padding: Padding) -> Fault {
    let edits: Vec<Edit> = padding.spans.iter().copied().map(Edit::delete).collect();
    Fault { span: padding.spans[0], message: padding.message, fix: Some(Fix::safe("remove the blanks", edits)) }
}
