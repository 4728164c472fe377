//! `empty-link`: a link without text, or one that leads nowhere.

use rustc_hash::FxHashMap;

use super::{Check, Rule};
use crate::address::is_invisible;
use crate::column::TypedDocument;
use crate::diagnostic::{Fault, Findings, RuleName, Severity};
use crate::table::{Document, Link, LinkKind, Row, Table};

pub(super) const RULE: Rule = Rule {
    name: RuleName("empty-link"),
    page: include_str!("../../rules/empty-link.md"),
    severity: Severity::Warning,
    fix: None,
    check: Check::Document(check),
    is_default: true,
};

/// So many links of one text and without a URL are the list's way of saying that something is to come.
const HABIT: usize = 4;

fn check(typed: &TypedDocument<'_>, findings: &mut Findings) {
    let document = typed.document;
    let rows = document.tables.iter().flat_map(|table| table.body().map(move |row| (table, row)));
    let doubtful = rows.filter(|(_, row)| !row.is_plainly_linked());
    let doubtful: Vec<(&Table<'_>, Row<'_>)> = doubtful.collect();
    let mut habits = Habits::of(document, &doubtful);
    for (table, row) in doubtful {
        let faults = row.shown_links().iter().filter_map(|link| {
            let message = message(table, link)?;
            let message = match habits.tell(table, link) {
                None => message,
                Some(Tell::Again) => return None,
                Some(Tell::First(more)) => format!("{message}, nor have {more} more of this text in this file"),
            };
            Some(Fault { span: link.span, message, fix: None })
        });
        if let Some(finding) = findings.report_together(faults.collect()) {
            finding.help("fill it in, or write plain text until there is something to link to");
        }
    }
}

/// How often each text of a link without a URL occurs; texts that links with a URL have as well, as `paper`, are left out.
struct Habits<'d>(FxHashMap<&'d str, usize>);

enum Tell {
    /// The first of so many more.
    First(usize),
    /// One of those that the first spoke of.
    Again,
}

impl<'d> Habits<'d> {
    /// The links without a URL are all in the doubtful rows.
    fn of(document: &'d Document<'d>, doubtful: &[(&'d Table<'d>, Row<'d>)]) -> Self {
        let mut counts: FxHashMap<&str, usize> = FxHashMap::default();
        for &(table, row) in doubtful {
            for link in row.shown_links().iter().filter(|link| has_no_url(table, link)) {
                *counts.entry(table.slice(link.text)).or_default() += 1;
            }
        }
        counts.retain(|_, count| *count >= HABIT);
        let mut with_url: FxHashMap<&str, usize> = FxHashMap::default();
        if !counts.is_empty() {
            // Most texts are as long as none of these.
            let length = |length: usize| 1_u64 << length.min(63);
            let lengths = counts.keys().fold(0, |lengths, text| lengths | length(text.len()));
            for table in &document.tables {
                for link in table.body().flat_map(Row::shown_links) {
                    if lengths & length(link.text.len()) == 0 {
                        continue;
                    }
                    let text = table.slice(link.text);
                    if counts.contains_key(text) && !has_no_url(table, link) {
                        *with_url.entry(text).or_default() += 1;
                    }
                }
            }
        }
        counts.retain(|text, count| with_url.get(text).is_none_or(|with_url| with_url * 2 <= *count));
        Self(counts)
    }

    /// What to say of a link; none where it is like no others.
    fn tell(&mut self, table: &Table<'d>, link: &Link) -> Option<Tell> {
        let count = self.0.get_mut(table.slice(link.text)).filter(|_| has_no_url(table, link))?;
        Some(match std::mem::take(count) {
            0 => Tell::Again,
            count => Tell::First(count - 1),
        })
    }
}

fn has_no_url(table: &Table<'_>, link: &Link) -> bool {
    let begins_with_letter =
        || table.slice(link.destination).bytes().next().is_some_and(|byte| byte.is_ascii_alphanumeric());
    link.kind == LinkKind::Inline
        && !link.is_plain
        && !begins_with_letter()
        && link.url(table.source).trim_matches(is_invisible).is_empty()
}

/// In bytes.
const LONGEST_PLACEHOLDER: usize = 16;

fn message(table: &Table<'_>, link: &Link) -> Option<String> {
    let what = if link.is_image { "picture" } else { "link" };
    match link.kind {
        LinkKind::Inline | LinkKind::Html if !link.is_plain => {}
        _ => return None,
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
    url.chars().all(is_mark)
        || url == "..."
        || url.len() <= LONGEST_PLACEHOLDER && WORDS.contains(&word.to_ascii_lowercase().as_str())
}
