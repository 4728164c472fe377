//! Findings as Checkstyle's XML, which many services and editors read.

use super::xml::Document;
use super::{FileReport, Places, findings};
use crate::diagnostic::Severity;

/// Every file, clean ones included, with its findings. Columns count characters, from 1.
#[must_use]
pub fn render(files: &[FileReport]) -> String {
    let mut document = Document::new();
    document.open("checkstyle", &[("version", "4.3")]);
    for file in files {
        let name = [("name", file.source.path())];
        if file.checked.findings.is_empty() {
            document.empty("file", &name);
            continue;
        }
        document.open("file", &name);
        let places = Places::of(&file.source);
        for finding in findings(file) {
            let diagnostic = &finding.diagnostic;
            let place = places.position(diagnostic.span.start());
            let severity = match diagnostic.severity {
                Severity::Error => "error",
                Severity::Warning => "warning",
                Severity::Note => "info",
            };
            document.empty(
                "error",
                &[
                    ("line", &place.line.to_string()),
                    ("column", &place.column.to_string()),
                    ("severity", severity),
                    ("message", &diagnostic.message),
                    ("source", &format!("tablewright.{}", diagnostic.rule)),
                ],
            );
        }
        document.close("file");
    }
    document.close("checkstyle");
    document.finish()
}
