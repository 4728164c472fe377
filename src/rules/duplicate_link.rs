//! `duplicate-link`: two publications with one link.

use rustc_hash::FxHashMap;

use super::{Check, Rule, shorten};
use crate::column::{Reference, TypedTable};
use crate::diagnostic::{Findings, RuleName, Severity};
use crate::identity::{Identity, Kind, title};

pub(super) const RULE: Rule = Rule {
    name: RuleName("duplicate-link"),
    page: include_str!("../../rules/duplicate-link.md"),
    severity: Severity::Note,
    fix: None,
    check: Check::Table(check),
    is_default: true,
};

/// Shorter titles are names: two datasets of one paper may share its link.
const LONG_TITLE: usize = 4;

fn check(typed: &TypedTable<'_>, findings: &mut Findings) {
    if !typed.lists_publications {
        return;
    }
    let mut first: FxHashMap<&Identity<'_>, usize> = FxHashMap::default();
    for index in 0..typed.table.body_len() {
        if !typed.may_share_own_link(index) {
            continue;
        }
        let key = typed.title_key(index);
        if title::words(key) < LONG_TITLE {
            continue;
        }
        for reference in publications(typed, index) {
            let earlier = *first.entry(reference.identity()).or_insert(index);
            if earlier != index && !are_one_work(typed.title_key(earlier), key) {
                report(typed, reference, earlier, findings);
                break;
            }
        }
    }
}

/// The links that lead to a row's publication: the first of its column, and papers behind it. A repository may serve several papers.
fn publications<'t>(typed: &'t TypedTable<'_>, row: usize) -> impl Iterator<Item = &'t Reference<'t>> {
    let own = typed.references(row).iter().filter(|reference| reference.is_own()).enumerate();
    let leads_to_paper = |(index, reference): &(usize, &Reference<'_>)| match reference.identity().kind() {
        Kind::Arxiv | Kind::Doi => true,
        Kind::Page => *index == 0,
        Kind::Repository => false,
    };
    own.filter(leads_to_paper).map(|(_, reference)| reference)
}

fn report(typed: &TypedTable<'_>, reference: &Reference<'_>, earlier: usize, findings: &mut Findings) {
    let other = typed.table.body_row(earlier);
    let name = typed.title_column().map(|column| title::visible_cell(other, column)).unwrap_or_default();
    let identity = reference.identity().to_string();
    let line = other.line_number();
    let message = format!("the link to {} is also that of \"{}\" on line {line}", shorten(&identity), shorten(&name));
    let diagnostic = findings.report(reference.link().span, message);
    diagnostic
        .about(&identity)
        .help("see which of the two titles the link belongs to, and correct the other row's link");
    if let Some(there) = publications(typed, earlier).find(|there| there.identity() == reference.identity()) {
        diagnostic.equal_party(there.link().span, "the same link");
    }
}

/// Whether one title goes on from the other, or is a misspelling of it.
fn are_one_work(a: &str, b: &str) -> bool {
    a.starts_with(b) || b.starts_with(a) || a.ends_with(b) || b.ends_with(a) || title::near_equal(a, b)
}
