//! `empty-link`: a link without text, or one that leads nowhere.

use super::{Check, Rule};
use crate::address::is_invisible;
use crate::column::TypedTable;
use crate::diagnostic::{Fault, Findings, RuleName, Severity};
use crate::table::{Link, LinkKind, Table};

pub(super) const RULE: Rule = Rule {
    name: RuleName("empty-link"),
    page: include_str!("../../rules/empty-link.md"),
    severity: Severity::Warning,
    fix: None,
    check: Check::Table(check),
    is_default: true,
};

fn check(typed: &TypedTable<'_>, findings: &mut Findings) {
    for row in typed.table.body() {
        let faults = row.shown_links().iter().filter_map(|link| {
            let message = message(typed.table, link)?;
            Some(Fault { span: link.span, message, fix: None })
        });
        if let Some(finding) = findings.report_together(faults.collect()) {
            finding.help("fill it in, or write plain text until there is something to link to");
        }
    }
}

fn message(table: &Table<'_>, link: &Link) -> Option<String> {
    let what = if link.is_image { "picture" } else { "link" };
    match link.kind {
        LinkKind::Inline | LinkKind::Html => {}
        LinkKind::Reference | LinkKind::Autolink | LinkKind::Bare => return None,
    }
    let url = link.url(table.source);
    let url = url.trim_matches(is_invisible);
    if url.is_empty() {
        return Some(format!("this {what} has no URL"));
    }
    if is_placeholder(url) {
        return Some(format!("`{url}` stands in place of this {what}'s URL"));
    }
    let has_no_text =
        !link.is_image && link.kind == LinkKind::Inline && table.slice(link.text).trim_matches(is_invisible).is_empty();
    has_no_text.then(|| "this link has no text, so nobody can see or click it".to_owned())
}

/// Whether an address only keeps the place of one: a mark, a word that says so, or a scheme with nothing behind it.
fn is_placeholder(url: &str) -> bool {
    const WORDS: [&str; 22] = [
        "about:blank",
        "coming-soon",
        "empty",
        "http:",
        "https:",
        "link",
        "n/a",
        "na",
        "nil",
        "none",
        "null",
        "placeholder",
        "soon",
        "tba",
        "tbc",
        "tbd",
        "todo",
        "url",
        "wip",
        "x",
        "xx",
        "xxx",
    ];
    let is_mark = |character: char| matches!(character, '#' | '-' | '–' | '—' | '?' | '…' | '_' | '*' | '~');
    let word = url.trim_start_matches('#').trim_end_matches('/');
    url.chars().all(is_mark) || url == "..." || url.len() <= 16 && WORDS.contains(&word.to_ascii_lowercase().as_str())
}
