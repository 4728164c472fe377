//! `bare-url`: a naked URL in a column of labelled links.

use std::borrow::Cow;

use rustc_hash::FxHashMap;

use super::{Check, Rule, count, shorten};
use crate::address::scheme_fault;
use crate::column::links::{LinkCell, is_labelled, url_of, visible_text};
use crate::column::{Bound, TypedTable};
use crate::diagnostic::{Fault, Findings, RuleName, Severity};
use crate::fix::{Applicability, Edit, Fix};
use crate::identity::url;
use crate::table::{Link, Row};

pub(super) const RULE: Rule = Rule {
    name: RuleName("bare-url"),
    page: include_str!("../../rules/bare-url.md"),
    severity: Severity::Warning,
    fix: Some(Applicability::Unsafe),
    check: Check::Table(check),
    is_default: true,
};

fn check(typed: &TypedTable<'_>, findings: &mut Findings) {
    let columns = typed.link_cells().by_column().filter_map(|(column, cells)| Labels::of(typed, column, cells));
    findings.report_by_line(columns.flat_map(|labels| labels.faults(typed)).collect());
}

/// How the links of a column are labelled.
struct Labels<'t> {
    /// The cells of the column that hold links and nothing else.
    cells: &'t [LinkCell],
    /// How many links have a text of their own.
    labelled: usize,
    /// The text that most of them have.
    usual: Option<String>,
    /// The text that most of those to one host have.
    by_host: FxHashMap<String, String>,
}

/// Fewer labelled links to each naked one are no convention.
const LABELLED_TO_ONE: usize = 4;

impl<'t> Labels<'t> {
    /// None where the column has no naked URL, or not nearly all of its links have texts.
    fn of(typed: &TypedTable<'_>, column: usize, cells: &'t [LinkCell]) -> Option<Self> {
        let links = || {
            cells.iter().flat_map(|cell| {
                let row = cell.row(typed.table);
                cell.links(row).map(move |link| (row, link))
            })
        };
        let (mut naked, mut labelled) = (0, 0);
        for (_, link) in links() {
            *(if is_labelled(link) { &mut labelled } else { &mut naked }) += 1;
        }
        if naked == 0 || labelled < naked * LABELLED_TO_ONE || is_settled(typed, column) {
            return None;
        }
        let mut all: Texts<'_> = FxHashMap::default();
        let mut hosts: FxHashMap<String, Texts<'_>> = FxHashMap::default();
        for (row, link) in links().filter(|(_, link)| is_labelled(link)) {
            let text = visible_text(row, link);
            if let Some(host) = host(row, link) {
                *hosts.entry(host).or_default().entry(text.clone()).or_default() += 1;
            }
            *all.entry(text).or_default() += 1;
        }
        let by_host = hosts.into_iter().filter_map(|(host, texts)| Some((host, usual(texts)?))).collect();
        Some(Self { cells, labelled, usual: usual(all), by_host })
    }

    /// The naked URLs of the column, with their lines.
    fn faults(&self, typed: &TypedTable<'_>) -> Vec<(usize, Fault)> {
        let mut faults = Vec::new();
        for cell in self.cells {
            let row = cell.row(typed.table);
            // In a ragged row something else stands in the column.
            if row.cells().len() != typed.table.width() {
                continue;
            }
            for link in cell.links(row).filter(|link| !is_labelled(link)) {
                // How it begins is the business of `bad-scheme`.
                if scheme_fault(row.slice(link.destination)).is_some() {
                    continue;
                }
                let others = count(self.labelled, "other link");
                let message = format!("this URL has no text, and {others} of this column have one");
                faults.push((row.line_number(), Fault { span: link.span, message, fix: self.fix(row, link) }));
            }
        }
        faults
    }

    /// The URL with the text that links to its host have in this column, else with the one that most have.
    fn fix(&self, row: Row<'_>, link: &Link) -> Option<Fix> {
        let address = row.slice(link.destination);
        let label = host(row, link).and_then(|host| self.by_host.get(&host)).or(self.usual.as_ref())?;
        let is_plain = !address.contains(|character: char| character.is_whitespace() || "()<>[]\\".contains(character));
        is_plain.then(|| {
            let text = format!("[{label}]({address})");
            Fix::uncertain(format!("give it the text \"{}\"", shorten(label)), [Edit::replace(link.span, text)])
        })
    }
}

/// Whether the schema says of a column whether URLs may be naked, or what the texts of its links are.
fn is_settled(typed: &TypedTable<'_>, column: usize) -> bool {
    let settles = |bound: &Bound<'_>| {
        let mut columns = bound.columns().filter(|&(place, _)| place == column);
        columns.any(|(_, declared)| declared.bare_urls.is_some() || !declared.texts.is_empty())
    };
    typed.bound.as_ref().is_some_and(settles)
}

/// Visible texts of links, and how many have each.
type Texts<'t> = FxHashMap<Cow<'t, str>, usize>;

/// The host that a link leads to.
fn host(row: Row<'_>, link: &Link) -> Option<String> {
    let url = url_of(row, link)?;
    Some(url::canonical_host(url::UrlParts::split(&url)?.host).into_owned())
}

/// The text that at least three links and three quarters of all have, if it can be written as it is seen.
fn usual(texts: Texts<'_>) -> Option<String> {
    let all: usize = texts.values().sum();
    let (text, count) = texts.into_iter().max_by(|(a, m), (b, n)| (m, a).cmp(&(n, b)))?;
    let is_plain = !text.is_empty() && !text.contains(|character: char| "[]()<>`*_~\\&|!".contains(character));
    (count >= 3 && count * 4 >= all * 3 && is_plain).then(|| text.into_owned())
}
