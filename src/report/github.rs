//! Annotations for GitHub Actions, as commands that the runner carries out; the only format that may hold any.
//!
//! The runner takes a line `::error file=…,line=…::message` for a command. It shows at most ten errors, ten warnings and ten notices of a step
//! and drops the others without a word, so the findings that weigh most come first, and the last notice counts what is left.

use std::cmp::Reverse;
use std::fmt::Write;

use super::repository::Repository;
use super::safe::Safe;
use super::{FileReport, Item, Unit, advice, all_places, counted, counted_by_severity, items};
use crate::diagnostic::Severity;
use crate::lint::Finding;
use crate::source::Source;

/// How many annotations of a kind the runner shows in a step.
const MOST_OF_A_KIND: usize = 10;

/// The longest text of a part of a message, in characters. The runner cuts messages at 4096 UTF-16 code units.
const LONGEST_PART: usize = 600;

/// The longest path that is worth showing; file systems have none that is longer.
const LONGEST_PATH: usize = 4096;

/// At most thirty annotations, and where there are more findings, a notice that counts these.
///
/// `is_changed` says which findings are about what the change at hand touched; these come before others of their weight.
#[must_use]
pub fn render(files: &[FileReport], repository: &Repository, is_changed: impl Fn(&Source, &Finding) -> bool) -> String {
    let places = all_places(Unit::Character, files);
    let mut all: Vec<Item<'_>> = items(files, &places).collect();
    all.sort_by_cached_key(|item| (Reverse(item.diagnostic().severity), !is_changed(item.source(), item.finding)));
    let kinds = [Severity::Error, Severity::Warning, Severity::Note];
    let counts = kinds.map(|kind| all.iter().filter(|item| item.diagnostic().severity == kind).count());
    let is_cut = counts.iter().any(|&count| count > MOST_OF_A_KIND);
    let mut text = String::new();
    let mut rest = Vec::new();
    let mut sorted = all.as_slice();
    for (kind, count) in kinds.into_iter().zip(counts) {
        let (of_kind, others) = sorted.split_at(count);
        sorted = others;
        // The notice that counts the others is one of ten, too.
        let most = if kind == Severity::Note && is_cut { MOST_OF_A_KIND - 1 } else { MOST_OF_A_KIND };
        let (shown, left) = of_kind.split_at(count.min(most));
        for &item in shown {
            annotate(&mut text, item, repository);
        }
        rest.extend_from_slice(left);
    }
    if !rest.is_empty() {
        let (count, kinds) =
            (counted(rest.len(), "more finding"), counted_by_severity(rest.iter().map(|item| item.diagnostic())));
        let verb = if rest.len() == 1 { "is" } else { "are" };
        let _ = writeln!(
            text,
            "::notice title=tablewright::{count} {verb} not shown here, since GitHub shows ten of a kind: {kinds}"
        );
    }
    text
}

fn annotate(text: &mut String, item: Item<'_>, repository: &Repository) {
    let diagnostic = item.diagnostic();
    let path = Safe::new(item.source().path()).to_string();
    let (start, end) = item.places.range(diagnostic.span);
    let command = match diagnostic.severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Note => "notice",
    };
    let file = repository.path(item.source().path());
    let _ = write!(text, "::{command} title=tablewright ({})", diagnostic.rule);
    let _ = write!(text, ",file={},line={},endLine={}", property(&file), start.line, end.line);
    // The runner drops the columns of what spans several lines.
    if start.line == end.line {
        let _ = write!(text, ",col={},endColumn={}", start.column, end.column);
    }
    let message = shortened(&diagnostic.message, LONGEST_PART);
    let path = shortened(&path, LONGEST_PART);
    let mut body = format!("{}:{}:{}: {}: {}", path, start.line, start.column, diagnostic.rule, Safe::new(message));
    if let Some(advice) = advice(diagnostic) {
        let _ = write!(body, "\nhelp: {}", Safe::new(shortened(&advice, LONGEST_PART)));
    }
    let _ = writeln!(text, "::{}", data(&body));
}

/// The beginning of a text, so many characters long.
pub(super) fn shortened(text: &str, longest: usize) -> &str {
    text.char_indices().nth(longest).map_or(text, |(end, _)| &text[..end])
}

/// Text as the data of a command. The runner turns `%25`, `%0D` and `%0A` back, and nothing else.
fn data(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

/// Text as the value of a property, which ends at a comma, and must not hold the colons that end all properties.
fn property(text: &str) -> String {
    data(Safe::new(shortened(text, LONGEST_PATH)).as_str()).replace(':', "%3A").replace(',', "%2C")
}
