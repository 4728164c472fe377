//! Findings as rdjson, the Diagnostic Format of reviewdog. Columns count bytes, from 1; ends are behind what is meant.

use serde::Serialize;

use super::{FileReport, Item, PROJECT, Unit, advice, all_places, items, markdown, rule_url, safe};
use crate::diagnostic::Severity;
use crate::fix::{self, Applicability, Edit, Fix};
use crate::source::{Position, Source, Span};

/// The most lines that a suggestion replaces. Nobody reads a longer one, and a fix may move every row of a table.
const MOST_LINES: usize = 20;

/// All findings, as one JSON document.
///
/// reviewdog posts messages as Markdown, so what could be more than words in it stands in code spans. Fixes are suggestions that replace whole
/// lines, as GitHub and GitLab take them.
#[must_use]
pub fn render(files: &[FileReport]) -> String {
    let places = all_places(Unit::Byte, files);
    let result = DiagnosticResult {
        source: Tool { name: "tablewright", url: PROJECT },
        diagnostics: items(files, &places).map(diagnostic).collect(),
    };
    // Plain values always serialize.
    safe::json(&serde_json::to_string_pretty(&result).unwrap_or_default()) + "\n"
}

fn diagnostic(item: Item<'_>) -> Diagnostic<'_> {
    let diagnostic = item.diagnostic();
    let message = markdown::inline(&diagnostic.message);
    let fix = diagnostic.fix.as_ref().filter(|fix| fix.applicability > Applicability::DisplayOnly);
    let location = |span| Location { path: item.source().path(), range: Range::new(item.places.range(span)) };
    let related = diagnostic
        .labels
        .iter()
        .map(|label| Related { message: markdown::inline(&label.text), location: location(label.span) });
    Diagnostic {
        message: match advice(diagnostic) {
            Some(advice) => format!("{message}\n\n{}", markdown::inline(&advice)),
            None => message,
        },
        location: location(diagnostic.span),
        severity: match diagnostic.severity {
            Severity::Error => "ERROR",
            Severity::Warning => "WARNING",
            Severity::Note => "INFO",
        },
        code: Code { value: diagnostic.rule.0, url: rule_url(diagnostic.rule) },
        suggestions: fix.and_then(|fix| suggestion(item.source(), fix)).into_iter().collect(),
        related_locations: related.collect(),
    }
}

/// The lines that a fix touches, as they are after it; none where they are too many, or where nothing but an empty line is left of them.
fn suggestion(source: &Source, fix: &Fix) -> Option<Suggestion> {
    let edits = fix.edits();
    let first = source.line_number(edits.first()?.span.start());
    let last = edits.iter().map(|edit| last_line(source, edit)).max()?.max(first);
    if last - first >= MOST_LINES {
        return None;
    }
    let lines = Span::new(source.line(first).start(), source.line_with_ending(last).end());
    let edits: Vec<Edit> = edits.iter().map(|edit| edit.relative_to(lines.start())).collect();
    let text = fix::splice(source.slice(lines), &edits);
    // No text at all deletes the lines, so an empty line cannot be suggested.
    if ["\n", "\r\n", "\r"].contains(&text.as_str()) {
        return None;
    }
    let text = text.strip_suffix('\n').unwrap_or(&text);
    let text = text.strip_suffix('\r').unwrap_or(text);
    let line = |line| LineOnly { line };
    Some(Suggestion { range: LineRange { start: line(first), end: line(last) }, text: text.to_owned() })
}

/// The last line that looks otherwise after an edit. One that takes out whole lines touches none behind them.
fn last_line(source: &Source, edit: &Edit) -> usize {
    let (start, end) = (edit.span.start(), edit.span.end());
    let begins_line = |offset| source.line(source.line_number(offset)).start() == offset;
    let is_of_lines = edit.replacement.is_empty() || edit.replacement.ends_with('\n');
    if end > start && begins_line(start) && is_of_lines { source.line_number(end - 1) } else { source.line_number(end) }
}

#[derive(Serialize)]
struct DiagnosticResult<'r> {
    source: Tool<'r>,
    diagnostics: Vec<Diagnostic<'r>>,
}

#[derive(Serialize)]
struct Tool<'r> {
    name: &'r str,
    url: &'r str,
}

#[derive(Serialize)]
struct Diagnostic<'r> {
    message: String,
    location: Location<'r>,
    severity: &'static str,
    code: Code<'r>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    suggestions: Vec<Suggestion>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    related_locations: Vec<Related<'r>>,
}

#[derive(Serialize)]
struct Code<'r> {
    value: &'r str,
    url: String,
}

#[derive(Serialize)]
struct Related<'r> {
    message: String,
    location: Location<'r>,
}

#[derive(Serialize)]
struct Location<'r> {
    path: &'r str,
    range: Range,
}

#[derive(Serialize)]
struct Range {
    start: Place,
    end: Place,
}

#[derive(Serialize)]
struct Place {
    line: usize,
    column: usize,
}

impl Range {
    fn new((start, end): (Position, Position)) -> Self {
        let place = |position: Position| Place { line: position.line, column: position.column };
        Self { start: place(start), end: place(end) }
    }
}

#[derive(Serialize)]
struct Suggestion {
    range: LineRange,
    text: String,
}

/// Whole lines, the last one included.
#[derive(Serialize)]
struct LineRange {
    start: LineOnly,
    end: LineOnly,
}

#[derive(Serialize)]
struct LineOnly {
    line: usize,
}
