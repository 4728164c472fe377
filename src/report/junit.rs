//! Findings as XML of `JUnit`, which CI servers show as tests: a file is a suite, a finding a test that failed.

use super::xml::Document;
use super::{FileReport, Places, Summary, advice, findings};
use crate::diagnostic::Severity;
use crate::lint::Finding;

/// A suite for every file. A clean file has one test that passed; so does a note, which has its text as output.
#[must_use]
pub fn render(files: &[FileReport], summary: &Summary) -> String {
    let mut document = Document::new();
    let tests = files.iter().map(tests).sum::<usize>();
    let failures = summary.at_least(Severity::Warning);
    document.open("testsuites", &counts("tablewright", tests, failures).each());
    for file in files {
        let failures = findings(file).filter(|finding| fails(finding)).count();
        document.open("testsuite", &counts(file.source.path(), self::tests(file), failures).each());
        if file.checked.findings.is_empty() {
            document.empty("testcase", &[("name", "no findings"), ("classname", file.source.path()), ("time", "0")]);
        }
        let places = Places::of(&file.source);
        findings(file).for_each(|finding| test(&mut document, file.source.path(), &places, finding));
        document.close("testsuite");
    }
    document.close("testsuites");
    document.finish()
}

fn test(document: &mut Document, path: &str, places: &Places<'_>, finding: &Finding) {
    let diagnostic = &finding.diagnostic;
    let place = places.position(diagnostic.span.start());
    let name = format!("{} {}:{}", diagnostic.rule, place.line, place.column);
    document.open("testcase", &[("name", &name), ("classname", path), ("time", "0")]);
    let text = format!("{path}:{}:{}: {}", place.line, place.column, diagnostic.message);
    let text = match advice(diagnostic) {
        Some(advice) => format!("{text}; {advice}"),
        None => text,
    };
    if fails(finding) {
        let attributes = [("message", diagnostic.message.as_str()), ("type", diagnostic.severity.name())];
        document.text("failure", &attributes, &text);
    } else {
        document.text("system-out", &[], &text);
    }
    document.close("testcase");
}

/// A clean file counts as one test.
fn tests(file: &FileReport) -> usize {
    file.checked.findings.len().max(1)
}

/// A note fails no run.
fn fails(finding: &Finding) -> bool {
    finding.diagnostic.severity > Severity::Note
}

/// The attributes of a suite.
struct Counts<'n> {
    name: &'n str,
    tests: String,
    failures: String,
}

fn counts(name: &str, tests: usize, failures: usize) -> Counts<'_> {
    Counts { name, tests: tests.to_string(), failures: failures.to_string() }
}

impl Counts<'_> {
    fn each(&self) -> [(&str, &str); 6] {
        let (tests, failures) = (self.tests.as_str(), self.failures.as_str());
        [
            ("name", self.name),
            ("tests", tests),
            ("failures", failures),
            ("errors", "0"),
            ("skipped", "0"),
            ("time", "0"),
        ]
    }
}
