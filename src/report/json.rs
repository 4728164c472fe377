//! Findings as JSON, version 1.

use serde::Serialize;

use super::{FileReport, Places, Summary, findings, safe};
use crate::fix::Fix;
use crate::lint::Finding;
use crate::source::Span;

/// The findings of one file as JSON, one a line; what each holds is the same as in [`render`].
#[must_use]
pub fn lines(file: &FileReport) -> String {
    let places = Places::of(&file.source);
    findings(file).fold(String::new(), |mut text, finding| {
        let finding = FindingJson::new(file.source.path(), &places, finding);
        // Plain values always serialize.
        text.push_str(&safe::json(&serde_json::to_string(&finding).unwrap_or_default()));
        text.push('\n');
        text
    })
}

/// All findings and the summary, as one JSON document.
#[must_use]
pub fn render(files: &[FileReport], summary: &Summary) -> String {
    let findings = files.iter().flat_map(|file| {
        let places = Places::of(&file.source);
        findings(file).map(move |finding| FindingJson::new(file.source.path(), &places, finding)).collect::<Vec<_>>()
    });
    let report = ReportJson { version: 1, findings: findings.collect(), summary };
    // Maps with string keys and plain values always serialize.
    let text = serde_json::to_string_pretty(&report).unwrap_or_default();
    safe::json(&text) + "\n"
}

#[derive(Serialize)]
struct ReportJson<'r> {
    version: u8,
    findings: Vec<FindingJson<'r>>,
    summary: &'r Summary,
}

#[derive(Serialize)]
struct FindingJson<'r> {
    rule: &'r str,
    severity: &'r str,
    path: &'r str,
    #[serde(flatten)]
    range: RangeJson,
    message: &'r str,
    help: Option<&'r str>,
    related: Vec<RelatedJson<'r>>,
    fix: Option<FixJson<'r>>,
    section: Option<&'r str>,
    fingerprint: &'r str,
}

#[derive(Serialize)]
struct RelatedJson<'r> {
    path: &'r str,
    #[serde(flatten)]
    range: RangeJson,
    message: &'r str,
}

#[derive(Serialize)]
struct FixJson<'r> {
    title: &'r str,
    applicability: &'static str,
    edits: Vec<EditJson<'r>>,
}

#[derive(Serialize)]
struct EditJson<'r> {
    #[serde(flatten)]
    range: RangeJson,
    replacement: &'r str,
}

/// A half-open range: `end` is the place behind its last character.
#[derive(Serialize)]
struct RangeJson {
    start: PlaceJson,
    end: PlaceJson,
}

/// Line and column from 1, the column in characters; the offset in bytes from 0.
#[derive(Serialize)]
struct PlaceJson {
    line: usize,
    column: usize,
    offset: usize,
}

impl<'r> FindingJson<'r> {
    fn new(path: &'r str, places: &Places<'_>, finding: &'r Finding) -> Self {
        let diagnostic = &finding.diagnostic;
        let related = diagnostic.labels.iter().map(|label| RelatedJson {
            path,
            range: RangeJson::new(places, label.span),
            message: &label.text,
        });
        Self {
            rule: diagnostic.rule.0,
            severity: diagnostic.severity.name(),
            path,
            range: RangeJson::new(places, diagnostic.span),
            message: &diagnostic.message,
            help: diagnostic.help.as_deref(),
            related: related.collect(),
            fix: diagnostic.fix.as_ref().map(|fix| FixJson::new(places, fix)),
            section: finding.section.as_deref(),
            fingerprint: &finding.fingerprint,
        }
    }
}

impl<'r> FixJson<'r> {
    fn new(places: &Places<'_>, fix: &'r Fix) -> Self {
        let edits = fix
            .edits()
            .iter()
            .map(|edit| EditJson { range: RangeJson::new(places, edit.span), replacement: &edit.replacement });
        Self { title: &fix.title, applicability: fix.applicability.name(), edits: edits.collect() }
    }
}

impl RangeJson {
    fn new(places: &Places<'_>, span: Span) -> Self {
        let place = |offset| {
            let position = places.position(offset);
            PlaceJson { line: position.line, column: position.column, offset }
        };
        Self { start: place(span.start()), end: place(span.end()) }
    }
}
