//! Findings as SARIF 2.1.0, as GitHub's code scanning takes it. Columns count UTF-16 code units, from 1; ends are behind what is meant.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use serde::Serialize;

use super::line_hash::LineHashes;
use super::repository::Repository;
use super::{
    FileReport, Item, PROJECT, Places, Unit, advice, all_places, counted, explain, first_line, items, rule_url, safe,
};
use crate::diagnostic::{RuleName, Severity};
use crate::fix::Fix;
use crate::rules::{self, Rule};
use crate::source::{Position, Source, Span};

/// The most findings of a run. GitHub refuses a file with more, and shows the five thousand that weigh most.
const MOST_RESULTS: usize = 25_000;

/// The longest description of a rule, in characters.
const LONGEST_DESCRIPTION: usize = 1000;

/// All findings, as one JSON document; where there are too many for GitHub, those that weigh most, and a notification of how many are left out.
#[must_use]
pub fn render(files: &[FileReport], repository: &Repository) -> String {
    let places = all_places(Unit::Utf16, files);
    let mut all: Vec<Item<'_>> = items(files, &places).collect();
    let left_out = all.len().saturating_sub(MOST_RESULTS);
    if left_out > 0 {
        all.sort_by_key(|item| Reverse(item.diagnostic().severity));
        all.truncate(MOST_RESULTS);
    }
    let known = rules::ALL.iter().filter(|rule| all.iter().any(|item| item.diagnostic().rule == rule.name));
    let rules: Vec<&Rule> = known.copied().collect();
    let indices: BTreeMap<RuleName, usize> = rules.iter().enumerate().map(|(index, rule)| (rule.name, index)).collect();
    // Where not all are left out, findings of one file follow one another, so its lines are hashed once or, sorted by weight, three times at most.
    let mut hashes = Hashes::default();
    let results = all.iter().map(|&item| result(item, &indices, &mut hashes, repository)).collect();
    let notification = Notification {
        level: "warning",
        message: Text {
            text: format!("{} left out, the lightest: GitHub takes {MOST_RESULTS}", counted(left_out, "finding")),
        },
    };
    let run = Run {
        tool: Tool {
            driver: Driver {
                name: "tablewright",
                semantic_version: env!("CARGO_PKG_VERSION"),
                information_uri: PROJECT,
                rules: rules.into_iter().map(Descriptor::of).collect(),
            },
        },
        automation_details: AutomationDetails { id: "tablewright/" },
        column_kind: "utf16CodeUnits",
        invocations: [Invocation {
            execution_successful: true,
            tool_execution_notifications: (left_out > 0).then_some(notification).into_iter().collect(),
        }],
        results,
    };
    let log = Log { schema: "https://json.schemastore.org/sarif-2.1.0.json", version: "2.1.0", runs: [run] };
    // Maps with string keys and plain values always serialize.
    safe::json(&serde_json::to_string_pretty(&log).unwrap_or_default()) + "\n"
}

/// The hashes of the lines of the file that was asked for last.
#[derive(Default)]
struct Hashes<'r>(Option<(&'r Source, LineHashes)>);

impl<'r> Hashes<'r> {
    fn line(&mut self, source: &'r Source, number: usize) -> String {
        let known = self.0.take().filter(|(known, _)| std::ptr::eq(*known, source));
        let (_, hashes) = self.0.insert(known.unwrap_or_else(|| (source, LineHashes::of(source.text()))));
        hashes.line(number)
    }
}

fn result<'r>(
    item: Item<'r>,
    indices: &BTreeMap<RuleName, usize>,
    hashes: &mut Hashes<'r>,
    repository: &Repository,
) -> SarifResult<'r> {
    let diagnostic = item.diagnostic();
    let source = item.source();
    let uri = repository.uri(source.path());
    let span = seen(source, first_line(source, diagnostic.span));
    let physical =
        |span| Physical { artifact_location: Artifact { uri: uri.clone() }, region: Region::of(item.places, span) };
    let related = diagnostic.labels.iter().zip(1..).map(|(label, id)| Related {
        id,
        message: Text { text: plain(&label.text) },
        physical_location: physical(seen(source, first_line(source, label.span))),
    });
    SarifResult {
        rule_id: diagnostic.rule.0,
        rule_index: indices.get(&diagnostic.rule).copied().and_then(|index| isize::try_from(index).ok()).unwrap_or(-1),
        level: diagnostic.severity.name(),
        message: Text { text: message(item) },
        locations: [Location { physical_location: physical(span) }],
        related_locations: related.collect(),
        partial_fingerprints: Fingerprints {
            primary_location_line_hash: hashes.line(source, source.line_number(span.start())),
            row: &item.finding.fingerprint,
        },
        fixes: diagnostic.fix.iter().map(|fix| FixOf::new(fix, &uri, item.places)).collect(),
    }
}

/// The message, with links to the other places, which GitHub shows only then; and what to do, on a line of its own.
fn message(item: Item<'_>) -> String {
    let diagnostic = item.diagnostic();
    let mut text = plain(&diagnostic.message);
    let links = diagnostic.labels.iter().zip(1..).map(|(label, id)| format!("[{}]({id})", link_text(&label.text)));
    let links = links.collect::<Vec<_>>().join(", ");
    if !links.is_empty() {
        text.extend([" (", &links, ")"]);
    }
    if let Some(advice) = advice(diagnostic) {
        text.extend(["\n", &plain(&advice)]);
    }
    text
}

/// Text without the links that a reader of SARIF sees in `[text](address)`.
fn plain(text: &str) -> String {
    text.replace("](", "\\](")
}

/// SARIF 2.1.0, 3.11.6: these three are escaped in the text of a link.
fn link_text(text: &str) -> String {
    text.replace('\\', "\\\\").replace('[', "\\[").replace(']', "\\]")
}

/// A span of one line that people can see: an empty one with the character before or behind it.
fn seen(source: &Source, span: Span) -> Span {
    if !span.is_empty() {
        return span;
    }
    let line = source.line(source.line_number(span.start()));
    let (before, behind) = (Span::new(line.start(), span.start()), Span::new(span.start(), line.end()));
    let width = |char: Option<char>| char.map_or(0, char::len_utf8);
    match width(source.slice(before).chars().next_back()) {
        0 => Span::new(span.start(), span.start() + width(source.slice(behind).chars().next())),
        width => Span::new(span.start() - width, span.start()),
    }
}

#[derive(Serialize)]
struct Log<'r> {
    #[serde(rename = "$schema")]
    schema: &'static str,
    version: &'static str,
    runs: [Run<'r>; 1],
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Run<'r> {
    tool: Tool,
    automation_details: AutomationDetails,
    column_kind: &'static str,
    invocations: [Invocation; 1],
    results: Vec<SarifResult<'r>>,
}

#[derive(Serialize)]
struct Tool {
    driver: Driver,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Driver {
    name: &'static str,
    semantic_version: &'static str,
    information_uri: &'static str,
    rules: Vec<Descriptor>,
}

/// What a file is one of a series of.
#[derive(Serialize)]
struct AutomationDetails {
    id: &'static str,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Invocation {
    execution_successful: bool,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    tool_execution_notifications: Vec<Notification>,
}

#[derive(Serialize)]
struct Notification {
    level: &'static str,
    message: Text,
}

/// A rule.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Descriptor {
    id: &'static str,
    name: String,
    short_description: Text,
    full_description: Text,
    help: Help,
    help_uri: String,
    default_configuration: Configuration,
    properties: Properties,
}

#[derive(Serialize)]
struct Text {
    text: String,
}

#[derive(Serialize)]
struct Help {
    text: String,
    markdown: &'static str,
}

#[derive(Serialize)]
struct Configuration {
    level: &'static str,
}

#[derive(Serialize)]
struct Properties {
    tags: [&'static str; 2],
    precision: &'static str,
    #[serde(rename = "problem.severity")]
    severity: &'static str,
}

impl Descriptor {
    fn of(rule: &Rule) -> Self {
        let description = rule.page.split("\n\n").skip(1).take(2).collect::<Vec<_>>().join("\n\n");
        let words = rule.name.0.split('-');
        Self {
            id: rule.name.0,
            name: words.flat_map(|word| [word[..1].to_uppercase(), word[1..].to_owned()]).collect(),
            short_description: Text { text: rule.summary().to_owned() },
            full_description: Text { text: description.chars().take(LONGEST_DESCRIPTION).collect() },
            help: Help { text: explain::page(rule, false), markdown: rule.page },
            help_uri: rule_url(rule.name),
            default_configuration: Configuration { level: rule.severity.name() },
            properties: Properties {
                tags: ["markdown", "table"],
                precision: "high",
                severity: match rule.severity {
                    Severity::Error => "error",
                    Severity::Warning => "warning",
                    Severity::Note => "recommendation",
                },
            },
        }
    }
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct SarifResult<'r> {
    rule_id: &'r str,
    rule_index: isize,
    level: &'static str,
    message: Text,
    locations: [Location; 1],
    #[serde(skip_serializing_if = "Vec::is_empty")]
    related_locations: Vec<Related>,
    partial_fingerprints: Fingerprints<'r>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    fixes: Vec<FixOf>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Location {
    physical_location: Physical,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Related {
    id: usize,
    message: Text,
    physical_location: Physical,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Physical {
    artifact_location: Artifact,
    region: Region,
}

/// A file.
#[derive(Serialize)]
struct Artifact {
    uri: String,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Region {
    start_line: usize,
    start_column: usize,
    end_line: usize,
    end_column: usize,
}

impl Region {
    fn of(places: &Places<'_>, span: Span) -> Self {
        let (start, end) = places.range(span);
        Self { start_line: start.line, start_column: start.column, end_line: end.line, end_column: end.column }
    }

    /// What an edit replaces. Behind the last line ending, the text has one more line for SARIF.
    fn replaced(places: &Places<'_>, span: Span) -> Self {
        let text = places.source.text();
        let place = |offset: usize| {
            let is_behind_all = offset == text.len() && text.ends_with(['\n', '\r']);
            let position = places.position(offset);
            if is_behind_all { Position { line: position.line + 1, column: 1 } } else { position }
        };
        let (start, end) = (place(span.start()), place(span.end()));
        Self { start_line: start.line, start_column: start.column, end_line: end.line, end_column: end.column }
    }
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Fingerprints<'r> {
    /// GitHub knows this one only.
    primary_location_line_hash: String,
    #[serde(rename = "tablewrightRow/v1")]
    row: &'r str,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct FixOf {
    description: Text,
    artifact_changes: [Change; 1],
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Change {
    artifact_location: Artifact,
    replacements: Vec<Replacement>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Replacement {
    deleted_region: Region,
    #[serde(skip_serializing_if = "Option::is_none")]
    inserted_content: Option<Text>,
}

impl FixOf {
    fn new(fix: &Fix, uri: &str, places: &Places<'_>) -> Self {
        let replacements = fix.edits().iter().map(|edit| Replacement {
            deleted_region: Region::replaced(places, edit.span),
            inserted_content: (!edit.replacement.is_empty()).then(|| Text { text: edit.replacement.clone() }),
        });
        Self {
            description: Text { text: format!("{} ({})", plain(&fix.title), fix.applicability.name()) },
            artifact_changes: [Change {
                artifact_location: Artifact { uri: uri.to_owned() },
                replacements: replacements.collect(),
            }],
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn empty_spans_get_something_to_see() {
        let source = Source::new("list.md", "日b\n\nc\n");
        let seen = |at| source.slice(seen(&source, Span::empty(at)));
        assert_eq!([seen(0), seen(3), seen(4), seen(5), seen(6)], ["日", "日", "b", "", "c"]);
    }

    #[test]
    fn text_makes_no_links() {
        assert_eq!(plain("[a](b) [c] (d)"), "[a\\](b) [c] (d)");
        assert_eq!(link_text("a[\\]"), "a\\[\\\\\\]");
    }
}
