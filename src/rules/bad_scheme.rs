//! `bad-scheme`: a URL whose scheme is missing, doubled or misspelt.

use rustc_hash::FxHashSet;

use super::{Check, Rule};
use crate::address::{SchemeFault, SchemeFaultKind, host, scheme_fault};
use crate::column::TypedDocument;
use crate::diagnostic::{Fault, Findings, RuleName, Severity};
use crate::fix::{Applicability, Edit, Fix};
use crate::source::Span;
use crate::table::{Document, Link, LinkKind, Table};

pub(super) const RULE: Rule = Rule {
    name: RuleName("bad-scheme"),
    page: include_str!("../../rules/bad-scheme.md"),
    severity: Severity::Error,
    fix: Some(Applicability::Safe),
    check: Check::Document(check),
    is_default: true,
};

fn check(typed: &TypedDocument<'_>, findings: &mut Findings) {
    let mut secure_hosts = None;
    for table in &typed.document.tables {
        for row in table.body().filter(|row| !row.is_plainly_linked()) {
            let links = row.shown_links().iter().filter_map(|link| Some((link, fault_of(table, link)?)));
            let faults = links.map(|(link, fault)| {
                let mut is_secure = |address: &str| {
                    let hosts = secure_hosts.get_or_insert_with(|| hosts_with_https(typed.document));
                    host(&format!("https://{address}")).is_some_and(|host| hosts.contains(&host))
                };
                let is_certain = fault.is_certain
                    || fault.kind == SchemeFaultKind::Missing && is_secure(table.slice(link.destination));
                report(table, link, fault, is_certain)
            });
            findings.report_together(faults.collect());
        }
    }
}

fn fault_of(table: &Table<'_>, link: &Link) -> Option<SchemeFault> {
    let takes_part = match link.kind {
        LinkKind::Inline | LinkKind::Html | LinkKind::Autolink => !link.is_plain,
        LinkKind::Reference | LinkKind::Bare => false,
    };
    // Escapes in a proper address are none of this rule's business.
    takes_part
        .then(|| table.slice(link.destination).trim())
        .and_then(scheme_fault)
        .filter(|_| scheme_fault(&link.url(table.source)).is_some())
}

/// The hosts that the tables link to with `https://`: evidence that a host can be reached so.
fn hosts_with_https(document: &Document<'_>) -> FxHashSet<String> {
    let links = document.tables.iter().flat_map(|table| table.rows().flat_map(|row| row.links().iter()));
    let addresses = links.map(|link| document.source.slice(link.destination));
    addresses.filter(|address| address.starts_with("https://")).filter_map(host).collect()
}

fn report(table: &Table<'_>, link: &Link, fault: SchemeFault, is_certain: bool) -> Fault {
    let address = table.slice(link.destination);
    let start = link.destination.start() + (address.len() - address.trim_start().len());
    let beginning = Span::new(start, start + fault.len);
    let written = table.slice(beginning);
    let message = match fault.kind {
        SchemeFaultKind::Missing if fault.replacement == "mailto:" => {
            "this address has no `mailto:`, so GitHub looks for a file of that name".to_owned()
        }
        SchemeFaultKind::Missing => "this URL has no `https://`, so GitHub looks for a file of that name".to_owned(),
        SchemeFaultKind::Doubled => format!("this URL has more than one scheme: `{written}`"),
        SchemeFaultKind::Misspelt => format!("the scheme of this URL is misspelt: `{written}`"),
    };
    let title = format!("begin the URL with `{}`", fault.replacement);
    let applicability = if is_certain { Applicability::Safe } else { Applicability::Unsafe };
    let span = if fault.len == 0 { link.destination } else { beginning };
    Fault { span, message, fix: Some(Fix::new(applicability, title, [Edit::replace(beginning, fault.replacement)])) }
}
