//! `deceptive-url`: a URL that leads elsewhere than readers believe.

use rustc_hash::FxHashMap;

use super::{Check, Rule, shorten};
use crate::address::is_invisible;
use crate::column::TypedDocument;
use crate::diagnostic::{Fault, Findings, RuleName, Severity};
use crate::identity::glance::Glance;
use crate::identity::url::{UrlParts, has_double};
use crate::source::Span;
use crate::table::{Document, Link, LinkKind, Table};
use host::{Others, disguise};

mod hidden;
mod host;
mod known;
mod shown;

pub(super) const RULE: Rule = Rule {
    name: RuleName("deceptive-url"),
    page: include_str!("../../../rules/deceptive-url.md"),
    severity: Severity::Error,
    fix: None,
    check: Check::Document(check),
    is_default: true,
};

fn check(typed: &TypedDocument<'_>, findings: &mut Findings) {
    let mut judge = Judge { document: typed.document, others: None, judged: FxHashMap::default() };
    for typed in &typed.tables {
        let table = typed.table;
        for row in table.rows() {
            let glances = typed.glances(row);
            let links = row.shown_links().iter().enumerate().map(|(index, link)| (link, glances.get(index)));
            let mut faults: Vec<Fault> = links.filter_map(|(link, glance)| judge.fault(table, link, glance)).collect();
            faults.sort_by_key(|fault| fault.span);
            if let Some(finding) = findings.report_together(faults) {
                finding.help("see where the link leads, and write that address, in plain letters and nothing else, or take the link out");
            }
        }
    }
}

/// Judges links, each host once.
struct Judge<'d> {
    document: &'d Document<'d>,
    /// The hosts of all links, gathered when the first is asked about.
    others: Option<Others>,
    judged: FxHashMap<String, Option<String>>,
}

impl Judge<'_> {
    fn fault(&mut self, table: &Table<'_>, link: &Link, glance: Option<&Glance>) -> Option<Fault> {
        let may_contradict = shown::is_address(table, link);
        // Most URLs are plain, and hold nothing to resolve either.
        if link.is_plain && !may_contradict && glance.is_some_and(|glance| glance.has_sound_host) {
            return None;
        }
        let link = &beginning(table, *link);
        let url = link.url(table.source);
        let url = match link.kind {
            // What pads an inline URL is `padded-url`'s business.
            LinkKind::Inline => url.trim_matches(is_invisible),
            _ => &url,
        };
        let may_deceive = is_unusual(url);
        if !may_deceive && !may_contradict {
            return None;
        }
        let parts = UrlParts::split(url);
        // Escapes and entities make the text of a URL another than what is written; then the fault is the whole of it.
        let destination = if link.kind == LinkKind::Reference { link.span } else { link.destination };
        let place = |part: &str| {
            let start = part.as_ptr() as usize - url.as_ptr() as usize;
            match table.slice(destination).find(url) {
                Some(at) => Span::new(destination.start() + at + start, destination.start() + at + start + part.len()),
                None => destination,
            }
        };
        let deception = may_deceive.then(|| {
            let hidden = || hidden::find(url, parts.as_ref()).map(|(part, message)| (place(part), message));
            let user = || parts.as_ref().and_then(user).map(|(part, message)| (place(part), message));
            let host = || parts.and_then(|parts| Some((place(parts.host), self.disguise(parts.host)?)));
            user().or_else(hidden).or_else(host)
        });
        let contradiction = || {
            let parts = parts.as_ref().filter(|_| may_contradict)?;
            Some((link.text, shown::contradiction(table.slice(link.text), url, parts)?))
        };
        let (span, message) = deception.flatten().or_else(contradiction)?;
        Some(Fault { span, message, fix: None })
    }

    fn disguise(&mut self, host: &str) -> Option<String> {
        if let Some(judged) = self.judged.get(host) {
            return judged.clone();
        }
        let judged = disguise(host, || self.others.get_or_insert_with(|| Others::collect(self.document)));
        self.judged.insert(host.to_owned(), judged.clone());
        judged
    }
}

/// A link as far as its address is looked at. Thousands of references may share one address, so of theirs only the beginning is; the host is there.
fn beginning(table: &Table<'_>, link: Link) -> Link {
    const LONGEST: usize = 4096;
    let Link { kind, destination, .. } = link;
    if kind != LinkKind::Reference || destination.len() <= LONGEST {
        return link;
    }
    let address = table.slice(destination);
    let end = (0..=LONGEST).rev().find(|&end| address.is_char_boundary(end)).unwrap_or_default();
    Link { destination: Span::new(destination.start(), destination.start() + end), ..link }
}

/// Whether a URL needs a closer look: few hold anything but plain letters, or a host with letters that can be taken for others.
fn is_unusual(url: &str) -> bool {
    !url.is_ascii() || memchr::memchr2(b'@', b'%', url.as_bytes()).is_some() || has_unusual_host(url)
}

fn has_unusual_host(url: &str) -> bool {
    let Some(at) = memchr::memchr(b':', url.as_bytes()) else { return false };
    let authority = url[at + 1..].strip_prefix("//").unwrap_or_default();
    has_double(authority.split('/').next().unwrap_or_default())
}

/// What stands before the `@` of a web address: to a browser a name and a password, to readers often the host.
fn user<'u>(parts: &UrlParts<'u>) -> Option<(&'u str, String)> {
    let is_web = ["", "http", "https"].iter().any(|scheme| scheme.eq_ignore_ascii_case(parts.scheme));
    let user = parts.userinfo.filter(|_| is_web)?;
    let (name, password) = user.split_once(':').map_or((user, None), |(name, password)| (name, Some(password)));
    let host = shorten(parts.host);
    let message = if name.contains('.') {
        format!("this URL leads to {host}, not to {}: what stands before `@` is a user name", shorten(name))
    } else if password.is_some() {
        format!("this URL gives away a user name and a password for {host}")
    } else {
        format!("this URL has a user name before its host, {host}")
    };
    Some((user, message))
}
