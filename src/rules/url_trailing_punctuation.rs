//! `url-trailing-punctuation`: a URL that ends in a mark which belongs to the sentence around it.

use super::{Check, Rule};
use crate::column::TypedTable;
use crate::diagnostic::{Fault, Findings, RuleName, Severity};
use crate::fix::{Applicability, Edit, Fix};
use crate::source::Span;
use crate::table::{Link, LinkKind, Table};

pub(super) const RULE: Rule = Rule {
    name: RuleName("url-trailing-punctuation"),
    page: include_str!("../../rules/url-trailing-punctuation.md"),
    severity: Severity::Warning,
    fix: Some(Applicability::Safe),
    check: Check::Table(check),
    is_default: true,
};

fn check(typed: &TypedTable<'_>, findings: &mut Findings) {
    for row in typed.table.body().filter(|row| !row.is_plainly_linked()) {
        let faults = row.shown_links().iter().filter_map(|link| fault(typed.table, link));
        findings.report_together(faults.collect());
    }
}

fn fault(table: &Table<'_>, link: &Link) -> Option<Fault> {
    match link.kind {
        LinkKind::Inline | LinkKind::Html | LinkKind::Autolink if !link.is_plain => {}
        // GitHub leaves the marks behind a bare URL out of it; a definition stands in no cell.
        _ => return None,
    }
    let url = table.slice(link.destination);
    if url.bytes().next_back().is_some_and(|last| last.is_ascii_alphanumeric() || last == b'/') {
        return None;
    }
    let url = url.trim_matches(char::is_whitespace);
    let surplus = surplus(url)?;
    let end = table.source.span_of(url).end();
    let span = Span::new(end - surplus.marks.len(), end);
    let applicability = if surplus.is_certain { Applicability::Safe } else { Applicability::Unsafe };
    let fix = Fix::new(applicability, format!("end the URL before `{}`", surplus.marks), [Edit::delete(span)]);
    Some(Fault { span, message: format!("this URL ends in `{}`", surplus.marks), fix: Some(fix) })
}

struct Surplus<'u> {
    marks: &'u str,
    is_certain: bool,
}

/// The marks at the end of a URL that do not belong to it.
fn surplus(url: &str) -> Option<Surplus<'_>> {
    let authority = url.find("://")? + "://".len();
    let stem = &url[..url.len() - surplus_len(url)];
    let marks = &url[stem.len()..];
    let rest = stem.get(authority..).filter(|rest| !rest.is_empty() && !marks.is_empty() && !is_wrapped(url))?;
    if stem.ends_with('\\') || marks.ends_with(';') && html_escape::decode_html_entities(url) != url {
        return None;
    }
    if rest.contains('#') {
        return None;
    }
    if let Some((_, query)) = rest.split_once('?') {
        return is_plain_value(query, marks).then_some(Surplus { marks, is_certain: false });
    }
    let Some((path, segment)) = rest.rsplit_once('/') else {
        return Some(Surplus { marks, is_certain: is_one_mark(marks) });
    };
    // Titles in a wiki keep their own punctuation: `/wiki/Jeopardy!`.
    let is_wiki = path.split('/').skip(1).any(|folder| folder == "wiki" || folder == "w");
    if is_wiki && marks.chars().all(|mark| matches!(mark, '.' | '!')) || marks == "." && is_abbreviated(segment) {
        return None;
    }
    let is_plain = !segment.is_empty() && segment.bytes().all(is_plain_byte);
    Some(Surplus { marks, is_certain: is_plain && is_one_mark(marks) })
}

fn is_one_mark(marks: &str) -> bool {
    let mut characters = marks.chars();
    // An exclamation mark may be part of a name.
    characters.next().is_some_and(|mark| is_sentence_mark(mark) && !matches!(mark, '!' | '！'))
        && characters.next().is_none()
}

fn is_plain_byte(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'~')
}

fn is_sentence_mark(mark: char) -> bool {
    matches!(mark, '.' | ',' | ';' | ':' | '!' | '。' | '，' | '；' | '：' | '！' | '、')
}

/// How many bytes at the end of a URL are marks of a sentence, or brackets and quotes without their other half.
fn surplus_len(url: &str) -> usize {
    /// So many marks in a row are no slip of the pen, and each bracket is a look through the whole URL.
    const MAX_MARKS: usize = 16;
    let mut stem = url;
    for _ in 0..MAX_MARKS {
        let Some(last) = stem.chars().next_back() else { break };
        if !is_sentence_mark(last) && !is_unpaired(stem, last) {
            break;
        }
        stem = &stem[..stem.len() - last.len_utf8()];
    }
    url.len() - stem.len()
}

fn is_unpaired(url: &str, last: char) -> bool {
    const PAIRS: [(char, char); 14] = [
        ('(', ')'),
        ('[', ']'),
        ('{', '}'),
        ('<', '>'),
        ('“', '”'),
        ('‘', '’'),
        ('«', '»'),
        ('（', '）'),
        ('［', '］'),
        ('「', '」'),
        ('『', '』'),
        ('【', '】'),
        ('《', '》'),
        ('〈', '〉'),
    ];
    let count = |wanted: char| url.matches(wanted).count();
    if matches!(last, '"' | '\'') {
        return count(last) % 2 == 1;
    }
    PAIRS.iter().any(|&(opening, closing)| {
        last == opening && count(opening) > count(closing) || last == closing && count(closing) > count(opening)
    })
}

/// Whether quotes or brackets stand around the whole URL; that is a malformed link.
fn is_wrapped(url: &str) -> bool {
    url.starts_with(['"', '\'', '(', '[', '{', '（'])
}

/// Whether the last value of a query is a mere word or number, so that the marks behind it can hardly belong to it.
fn is_plain_value(query: &str, marks: &str) -> bool {
    let parameter = query.rsplit('&').next().unwrap_or_default();
    let value = parameter.split_once('=').map_or("", |(_, value)| value);
    !value.is_empty() && value.bytes().all(is_plain_byte) && !marks.contains('!')
}

/// Whether the full stop behind a segment is part of its last word: `E.T.`, `Ph.D.`, `Acme_Inc.`.
fn is_abbreviated(segment: &str) -> bool {
    const WORDS: [&str; 12] = ["al", "bros", "co", "corp", "dept", "etc", "inc", "jr", "llc", "ltd", "sr", "univ"];
    let word = segment.rsplit(['_', '-', '+', ',', ' ', '&']).next().unwrap_or_default();
    let word = word.rsplit("%20").next().unwrap_or_default();
    let is_initials = word.contains('.')
        && word
            .split('.')
            .all(|letters| (1..=2).contains(&letters.len()) && letters.bytes().all(|byte| byte.is_ascii_alphabetic()));
    is_initials
        || WORDS.contains(&word.to_ascii_lowercase().as_str())
            && (word.len() < segment.len() || word.starts_with(|first: char| first.is_ascii_uppercase()))
}
