//! Findings as a code quality report of GitLab.

use std::fmt::Write;

use rustc_hash::FxHashMap;
use serde::Serialize;
use sha2::{Digest, Sha256};

use super::repository::Repository;
use super::{FileReport, Unit, all_places, items, safe};
use crate::diagnostic::Severity;

/// All findings, as one JSON document.
#[must_use]
pub fn render(files: &[FileReport], repository: &Repository) -> String {
    let places = all_places(Unit::Character, files);
    let mut seen: FxHashMap<String, usize> = FxHashMap::default();
    let issues: Vec<Issue<'_>> = items(files, &places)
        .map(|item| {
            let diagnostic = item.diagnostic();
            let (start, end) = item.places.range(diagnostic.span);
            let path = repository.path(item.source().path());
            let mut fingerprint = fingerprint(&[&path, diagnostic.rule.0, &item.finding.fingerprint]);
            let count = seen.entry(fingerprint.clone()).or_default();
            if *count > 0 {
                // GitLab shows only the first of those that have one in common.
                fingerprint = self::fingerprint(&[&fingerprint, &count.to_string()]);
            }
            *count += 1;
            Issue {
                // GitLab does not show the name of the check.
                description: format!("{}: {}", diagnostic.rule, diagnostic.message),
                check_name: diagnostic.rule.0,
                fingerprint,
                severity: match diagnostic.severity {
                    Severity::Error => "major",
                    Severity::Warning => "minor",
                    Severity::Note => "info",
                },
                location: Location { path, lines: Lines { begin: start.line, end: end.line } },
            }
        })
        .collect();
    // Plain values always serialize.
    safe::json(&serde_json::to_string_pretty(&issues).unwrap_or_default()) + "\n"
}

fn fingerprint(parts: &[&str]) -> String {
    let mut digest = Sha256::new();
    for part in parts {
        digest.update(part);
        digest.update([0]);
    }
    digest.finalize().iter().fold(String::with_capacity(64), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

#[derive(Serialize)]
struct Issue<'r> {
    description: String,
    check_name: &'r str,
    /// Unique in the report, and the same in the next one.
    fingerprint: String,
    severity: &'static str,
    location: Location,
}

#[derive(Serialize)]
struct Location {
    /// From the root of the repository, without `./`.
    path: String,
    lines: Lines,
}

/// Lines from 1.
#[derive(Serialize)]
struct Lines {
    begin: usize,
    end: usize,
}
