//! One line a finding: `path:line:column: severity[rule] message`.

use std::fmt::Write;

use super::safe::Safe;
use super::{FileReport, Places, findings, place};

/// The findings of one file, one a line.
#[must_use]
pub fn render(file: &FileReport) -> String {
    let mut text = String::new();
    let path = Safe::new(file.source.path());
    let places = Places::of(&file.source);
    for finding in findings(file) {
        let diagnostic = &finding.diagnostic;
        let place = place(&places, diagnostic.span);
        let (severity, rule, message) = (diagnostic.severity.name(), diagnostic.rule, Safe::new(&diagnostic.message));
        let _ = writeln!(text, "{path}:{place}: {severity}[{rule}] {message}");
    }
    text
}
