//! `noncanonical-url`: a URL that names its page in a roundabout way.

use std::borrow::Cow;
use std::ops::Range;

use rustc_hash::FxHashMap;

use super::{Check, Rule, count, shorten};
use crate::address::scheme_fault;
use crate::column::TypedDocument;
use crate::column::links::url_of;
use crate::diagnostic::{Fault, Findings, RuleName, Severity};
use crate::fix::{Applicability, Edit, Fix};
use crate::identity::glance::{ARXIV_PDFS, OLD_ANTHOLOGY, may_be_roundabout};
use crate::identity::url::{self, Idle, UrlParts};
use crate::identity::{self, Identity};
use crate::source::Span;
use crate::table::{Link, LinkKind, Row, Table};

pub(super) const RULE: Rule = Rule {
    name: RuleName("noncanonical-url"),
    page: include_str!("../../rules/noncanonical-url.md"),
    severity: Severity::Note,
    fix: Some(Applicability::Unsafe),
    check: Check::Document(check),
    is_default: true,
};

fn check(typed: &TypedDocument<'_>, findings: &mut Findings) {
    let candidates = candidates(typed);
    let mut habits = Habits::of(&candidates);
    for of_table in candidates.chunk_by(|a, b| std::ptr::eq(a.table, b.table)) {
        let mut forms = ArxivForms::new(of_table[0].table);
        for of_row in of_table.chunk_by(|a, b| a.row.line_number() == b.row.line_number()) {
            let mut faults = Vec::new();
            for candidate in of_row {
                let Some(address) = Address::of(candidate) else { continue };
                faults.extend(other_host(&address));
                faults.extend(other_form(&address, candidate.row, candidate.column, &mut forms));
                faults.extend(idle_parameters(&address, &mut habits));
            }
            findings.report_together(faults);
        }
    }
}

/// A link that is worth a closer look.
struct Candidate<'t> {
    table: &'t Table<'t>,
    row: Row<'t>,
    column: usize,
    link: &'t Link,
    parts: UrlParts<'t>,
}

/// The links that readers can follow and that may be roundabout. Definitions stand outside the table.
fn candidates<'t>(typed: &TypedDocument<'t>) -> Vec<Candidate<'t>> {
    let mut candidates = Vec::new();
    for typed in &typed.tables {
        let table = typed.table;
        for row in table.body() {
            let glances = typed.glances(row);
            if !glances.iter().any(|glance| glance.may_be_roundabout) {
                continue;
            }
            for ((column, link), glance) in row.shown_placed_links().zip(glances) {
                if glance.may_be_roundabout && !link.is_image && link.kind != LinkKind::Reference {
                    let parts = UrlParts::split(table.slice(link.destination)).filter(may_be_roundabout);
                    candidates.extend(parts.map(|parts| Candidate { table, row, column, link, parts }));
                }
            }
        }
    }
    candidates
}

/// The address of a link, as it is written.
struct Address<'t> {
    table: &'t Table<'t>,
    link: &'t Link,
    written: &'t str,
    parts: UrlParts<'t>,
}

impl<'t> Address<'t> {
    fn of(candidate: &Candidate<'t>) -> Option<Self> {
        let &Candidate { table, link, parts, .. } = candidate;
        let written = table.slice(link.destination);
        let is_web = parts.scheme.eq_ignore_ascii_case("https") || parts.scheme.eq_ignore_ascii_case("http");
        // What blanks or brackets slipped into is another rule's business.
        let is_whole = parts.userinfo.is_none()
            && parts.port.is_none()
            && !written.contains(|character: char| character.is_whitespace());
        (is_web && is_whole && scheme_fault(written).is_none()).then_some(Self { table, link, written, parts })
    }

    fn identity(&self) -> Option<Identity<'static>> {
        identity::key(&self.link.url(self.table.source))
    }

    /// The offset in the address of a part of it.
    fn offset(&self, part: &str) -> usize {
        self.table.source.span_of(part).start() - self.link.destination.start()
    }

    /// A fault at a part of the address, mended by replacing parts of it.
    fn fault(&self, place: Range<usize>, message: String, title: String, edits: &[(Range<usize>, &str)]) -> Fault {
        let at = |base: usize, range: &Range<usize>| Span::new(base + range.start, base + range.end);
        let destination = self.link.destination.start();
        let mut bases = vec![destination];
        // Where the address is shown as well, it stays what is shown.
        if self.link.kind == LinkKind::Inline && self.table.slice(self.link.text) == self.written {
            bases.push(self.link.text.start());
        }
        let edit = |base| edits.iter().map(move |(range, text)| Edit::replace(at(base, range), *text));
        let edits: Vec<Edit> = bases.into_iter().flat_map(edit).collect();
        Fault { span: at(destination, &place), message, fix: Some(Fix::uncertain(title, edits)) }
    }
}

/// A host under another name than its site's own, or that of a service that only counts clicks.
fn other_host(address: &Address<'_>) -> Option<Fault> {
    let parts = &address.parts;
    if let Some(target) = url::wrapped(parts) {
        let host = UrlParts::split(&target).map_or("", |parts| parts.host);
        let message = format!(
            "this link goes through `{}`, which counts clicks, and then on to `{}`",
            shorten(parts.host),
            shorten(host)
        );
        let place = address.offset(parts.host)..address.offset(parts.host) + parts.host.len();
        let edits = [(0..address.written.len(), &*escaped(&target))];
        return Some(address.fault(place, message, "link to where it leads".to_owned(), &edits));
    }
    let start = address.offset(parts.host);
    let (end, preferred) = if let Some(preferred) = url::preferred_host(parts.host) {
        (start + parts.host.len(), preferred)
    } else if identity::is_arxiv_mirror(parts.host) {
        // What programs ask of `export.arxiv.org` stays.
        matches!(address.identity(), Some(Identity::Arxiv(_)))
            .then(|| (start + parts.host.len(), Cow::Borrowed("arxiv.org")))?
    } else {
        (start + moved_anthology(parts)?, Cow::Borrowed("aclanthology.org"))
    };
    let message = format!("`{}` is another name of `{preferred}`", &address.written[start..end]);
    let title = format!("link to `{preferred}`");
    Some(address.fault(start..end, message, title, &[(0..end, &format!("https://{preferred}"))]))
}

/// The length of `www.aclweb.org/anthology` before a paper's id: the ACL Anthology has a host of its own since 2019.
fn moved_anthology(parts: &UrlParts<'_>) -> Option<usize> {
    let is_host = ["www.aclweb.org", "aclweb.org"].iter().any(|host| host.eq_ignore_ascii_case(parts.host));
    let paper = parts.path.strip_prefix(OLD_ANTHOLOGY).filter(|_| is_host)?;
    let is_id =
        |id: &str| id.starts_with(|first: char| first.is_ascii_alphanumeric()) && id.contains('-') && !id.contains('/');
    is_id(paper.trim_end_matches('/')).then_some(parts.host.len() + OLD_ANTHOLOGY.trim_end_matches('/').len())
}

/// A URL as it can stand in any link of a table.
fn escaped(url: &str) -> String {
    use std::fmt::Write as _;
    let mut escaped = String::with_capacity(url.len());
    for character in url.chars() {
        if character.is_whitespace() || character.is_control() || "()<>[]|\\\"`*~".contains(character) {
            for byte in character.encode_utf8(&mut [0; 4]).bytes() {
                let _ = write!(escaped, "%{byte:02X}");
            }
        } else {
            escaped.push(character);
        }
    }
    escaped
}

/// How many links of a column lead to arXiv's abstracts, and how many to its PDFs.
#[derive(Clone, Copy, Default)]
struct Forms {
    abstracts: usize,
    pdfs: usize,
}

impl Forms {
    /// Fewer abstracts are no habit.
    const ENOUGH: usize = 4;

    fn prefer_abstracts(self) -> bool {
        self.abstracts >= Self::ENOUGH && self.abstracts >= self.pdfs * 4
    }
}

/// The forms of each column of a table, counted when they are first asked for.
struct ArxivForms<'t> {
    table: &'t Table<'t>,
    columns: Vec<Option<Forms>>,
}

impl<'t> ArxivForms<'t> {
    fn new(table: &'t Table<'t>) -> Self {
        Self { table, columns: Vec::new() }
    }

    fn of(&mut self, column: usize) -> Forms {
        if self.columns.is_empty() {
            self.columns.resize(self.table.width(), None);
        }
        let Some(place) = self.columns.get_mut(column) else { return Forms::default() };
        *place.get_or_insert_with(|| {
            let mut forms = Forms::default();
            let links = self.table.body().flat_map(|row| row.cell_links(column).iter().map(move |link| (row, link)));
            for url in links.filter(|(_, link)| !link.is_image).filter_map(|(row, link)| url_of(row, link)) {
                if let Some(parts) = UrlParts::split(&url).filter(|parts| is_arxiv(parts.host)) {
                    forms.abstracts += usize::from(parts.path.starts_with("/abs/"));
                    forms.pdfs += usize::from(parts.path.starts_with(ARXIV_PDFS));
                }
            }
            forms
        })
    }
}

fn is_arxiv(host: &str) -> bool {
    host.eq_ignore_ascii_case("arxiv.org")
        || host.eq_ignore_ascii_case("www.arxiv.org")
        || identity::is_arxiv_mirror(host)
}

/// A link to a paper's PDF on arXiv, in a column whose other links lead to abstracts.
fn other_form(address: &Address<'_>, row: Row<'_>, column: usize, columns: &mut ArxivForms<'_>) -> Option<Fault> {
    /// A cell of more links is a list of its own.
    const MANY_LINKS: usize = 16;
    let parts = &address.parts;
    let file = parts.path.strip_prefix(ARXIV_PDFS).filter(|_| is_arxiv(parts.host))?;
    // A place inside the PDF is no place on the page of the abstract.
    if parts.fragment.is_some() || parts.query.is_some() {
        return None;
    }
    let forms = columns.of(column);
    let identity = address.identity().filter(|identity| matches!(identity, Identity::Arxiv(_)))?;
    let is_meant = || {
        if row.cell_links(column).len() > MANY_LINKS {
            return true;
        }
        let text = address.table.slice(address.link.text).to_ascii_lowercase();
        let is_same = |other: &&Link| other.span != address.link.span && !other.is_image;
        let mut others = row.cell_links(column).iter().filter(is_same);
        text.contains("pdf") && text != address.written.to_ascii_lowercase()
            || others.any(|other| url_of(row, other).and_then(|url| identity::key(&url)).as_ref() == Some(&identity))
    };
    if !forms.prefer_abstracts() || is_meant() {
        return None;
    }
    let start = address.offset(parts.path);
    let end = start + parts.path.len();
    let mut edits = vec![(start + 1..start + ARXIV_PDFS.len() - 1, "abs")];
    if file.get(file.len().saturating_sub(4)..).is_some_and(|ending| ending.eq_ignore_ascii_case(".pdf")) {
        edits.push((end - 4..end, ""));
    }
    let message = format!(
        "this links to the PDF on arXiv, {} of this column to the abstract",
        count(forms.abstracts, "other link")
    );
    Some(address.fault(start..end, message, "link to the abstract".to_owned(), &edits))
}

/// Parameters without which the page is the same.
fn idle_parameters(address: &Address<'_>, habits: &mut Habits) -> Option<Fault> {
    let query = address.parts.query.filter(|query| !query.is_empty())?;
    let host = url::canonical_host(address.parts.host);
    let start = address.offset(query);
    let mut idle = Vec::new();
    let mut kept = String::new();
    let mut mores = 0;
    for (separator, parameter) in parameters(query) {
        let what = kind(&host, parameter).map(|kind| (kind, habits.tell(&host, parameter)));
        match what {
            Some((kind, Tell::Departure)) => idle.push((kind, parameter)),
            Some((kind, Tell::First(more))) => {
                mores = mores.max(more);
                idle.push((kind, parameter));
            }
            Some((_, Tell::Again)) | None => push_parameter(&mut kept, separator, parameter),
        }
    }
    let &(what, first) = idle.first()?;
    let place = address.offset(first)..address.offset(first) + first.len();
    let written = |&(kind, parameter): &(Idle, &str)| {
        format!("`{}`", shorten(&if kind == Idle::Usual { Cow::Borrowed(parameter) } else { name(parameter) }))
    };
    let names = listed(&idle.iter().map(written).collect::<Vec<_>>());
    let is_one = idle.len() == 1;
    let message = match (what, is_one) {
        (Idle::Tracking, true) => format!("{names} tracks readers, who see the same page without it"),
        (Idle::Tracking, false) => format!("{names} track readers, who see the same page without them"),
        (Idle::Visit, true) => format!("{names} is left over from a visit, and the page is the same without it"),
        (Idle::Visit, false) => format!("{names} are left over from a visit, and the page is the same without them"),
        (Idle::Usual, true) => format!("{names} asks for what the page shows anyway"),
        (Idle::Usual, false) => format!("{names} ask for what the page shows anyway"),
    };
    if mores > 0 {
        let base = address.link.destination.start();
        let message = format!("{message}, here and in {} of this file", count(mores, "more link"));
        return Some(Fault { span: Span::new(base + place.start, base + place.end), message, fix: None });
    }
    let range = start - usize::from(kept.is_empty())..start + query.len();
    let title = format!("take the parameter{} out of the URL", if is_one { "" } else { "s" });
    Some(address.fault(place, message, title, &[(range, &kept)]))
}

fn push_parameter(query: &mut String, separator: &str, parameter: &str) {
    if !query.is_empty() {
        query.push_str(separator);
    }
    query.push_str(parameter);
}

/// The parameters of a query as written, each with what separates it from the one before: `&` or, escaped for HTML, `&amp;`.
fn parameters(query: &str) -> impl Iterator<Item = (&'static str, &str)> {
    let parameter = |text| match str::strip_prefix(text, "amp;") {
        Some(parameter) => ("&amp;", parameter),
        None => ("&", text),
    };
    query.split('&').map(parameter).filter(|(_, parameter)| !parameter.is_empty())
}

fn name(parameter: &str) -> Cow<'_, str> {
    let name = parameter.split('=').next().unwrap_or_default();
    if name.contains('\\') { Cow::Owned(name.replace('\\', "")) } else { Cow::Borrowed(name) }
}

fn kind(host: &str, parameter: &str) -> Option<Idle> {
    if parameter.contains('\\') { url::idle(host, &parameter.replace('\\', "")) } else { url::idle(host, parameter) }
}

fn listed(names: &[String]) -> String {
    match names {
        [] => String::new(),
        [only] => only.clone(),
        [first, second] => format!("{first} and {second}"),
        [first, more @ ..] => format!("{first} and {} more parameters", more.len()),
    }
}

/// Parameters that so many links have that they are the list's habit: to be spoken of once.
struct Habits {
    /// How many links have each, until it is told of.
    counts: FxHashMap<Habit, usize>,
}

#[derive(PartialEq, Eq, Hash)]
enum Habit {
    /// A parameter of this name, whatever its value, in links to this host.
    Name(String, String),
    /// A parameter of this name and value, in links to whatever host: the list's own campaign.
    Parameter(String),
}

enum Tell {
    /// Few links have it.
    Departure,
    /// The first of so many more.
    First(usize),
    /// One of those that the first spoke of.
    Again,
}

impl Habits {
    const ENOUGH: usize = 20;

    fn of(candidates: &[Candidate<'_>]) -> Self {
        let mut counts = FxHashMap::default();
        for parts in candidates.iter().map(|candidate| &candidate.parts) {
            let host = url::canonical_host(parts.host);
            for (_, parameter) in parts.query.into_iter().flat_map(parameters) {
                if kind(&host, parameter).is_some() {
                    for habit in Self::habits(&host, parameter) {
                        *counts.entry(habit).or_default() += 1;
                    }
                }
            }
        }
        counts.retain(|_, count| *count >= Self::ENOUGH);
        Self { counts }
    }

    fn habits(host: &str, parameter: &str) -> [Habit; 2] {
        [Habit::Name(host.to_owned(), name(parameter).into_owned()), Habit::Parameter(parameter.to_owned())]
    }

    fn tell(&mut self, host: &str, parameter: &str) -> Tell {
        if self.counts.is_empty() {
            return Tell::Departure;
        }
        let habits = Self::habits(host, parameter);
        let Some(habit) =
            habits.iter().filter(|habit| self.counts.contains_key(habit)).max_by_key(|habit| self.counts[habit])
        else {
            return Tell::Departure;
        };
        let first = self.counts[habit];
        // Both habits of a parameter are told of at once.
        for habit in &habits {
            if let Some(count) = self.counts.get_mut(habit) {
                *count = 0;
            }
        }
        if first == 0 { Tell::Again } else { Tell::First(first - 1) }
    }
}
