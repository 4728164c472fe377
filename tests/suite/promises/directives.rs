//! What directives promise: they silence what they say and nothing else, and those that silence nothing can go unseen.

use tablewright::diagnostic::Diagnostic;
use tablewright::fix::{Applicability, apply};
use tablewright::lint::{self, Checked, Finding, Settings};
use tablewright::rules::{ALL, Rule, defaults};
use tablewright::source::Source;
use tablewright::table::{Document, Row, Table};

use super::CURRENT_YEAR;

/// So many rows of each list are silenced, one after another.
const ROWS_OF_A_LIST: usize = 2;

pub(crate) fn check(text: &str) -> Checked {
    lint::check(&Source::new("list.md", text), &Settings::new(&defaults(), CURRENT_YEAR))
}

/// Rule, line, other lines that the finding is as much about, and message of each finding.
fn findings(source: &Source) -> Vec<(&'static str, Vec<usize>, String)> {
    let findings = lint::check(source, &Settings::new(&defaults(), CURRENT_YEAR)).findings.into_iter();
    let findings = findings.map(|finding| {
        let diagnostic = finding.diagnostic;
        let parties = diagnostic.labels.iter().filter(|label| label.is_equal_party).map(|label| label.span);
        let lines = std::iter::once(diagnostic.span).chain(parties).map(|span| source.line_number(span.start()));
        (diagnostic.rule.0, lines.collect(), diagnostic.message)
    });
    findings.collect()
}

/// A region around the whole text silences it.
#[track_caller]
pub(crate) fn check_region(source: &Source) {
    let text = source.text();
    if text.starts_with("---") || text.starts_with('\u{feff}') || has_directives(text) {
        return;
    }
    let before = findings(source).len();
    let silenced = format!("<!-- tablewright-disable -->\n\n{text}\n\n<!-- tablewright-enable -->\n");
    let wrapped = Source::new(source.path(), silenced);
    let checked = lint::check(&wrapped, &Settings::new(&defaults(), CURRENT_YEAR));
    let left: Vec<_> =
        checked.findings.iter().filter(|finding| finding.diagnostic.rule.0 != "unused-suppression").collect();
    assert!(left.is_empty(), "{}: {left:#?}", source.path());
    assert_eq!(checked.suppressed, before, "{}", source.path());
    let rules = defaults();
    let heedless = Settings { heeds_directives: false, ..Settings::new(&rules, CURRENT_YEAR) };
    let heedless = lint::check(&wrapped, &heedless);
    assert_eq!((heedless.findings.len(), heedless.suppressed), (before, 0), "{}", source.path());
}

/// A comment behind the last pipe of a row silences that row, and pairs of which it is one.
#[track_caller]
pub(crate) fn check_rows(source: &Source) {
    if has_directives(source.text()) {
        return;
    }
    let before = findings(source);
    let document = Document::parse_rows(source);
    // In a shorter row, the comment would be a cell; and a vertical tab behind it would be no blank.
    let takes_comment = |row: &Row<'_>| {
        let behind = &source.slice(source.line(row.line_number()))[row.prefix().len() + row.text().len()..];
        row.has_closing_pipe()
            && row.comment().is_none()
            && row.cells().len() >= row.width()
            && behind.trim_matches([' ', '\t']).is_empty()
    };
    let is_reported = |row: &Row<'_>| before.iter().any(|(_, lines, _)| lines.contains(&row.line_number()));
    let rows = document.tables.iter().flat_map(Table::body);
    let rows: Vec<Row<'_>> = rows.filter(takes_comment).filter(is_reported).collect();
    for row in rows.iter().step_by(rows.len() / ROWS_OF_A_LIST + 1) {
        let (line, end) = (row.line_number(), row.span().end());
        let mut text = source.text().to_owned();
        text.insert_str(end, " <!-- tablewright-ignore -->");
        let expected: Vec<_> = before.iter().filter(|(_, lines, _)| !lines.contains(&line)).cloned().collect();
        let source = Source::new(source.path(), text);
        assert_eq!(findings(&source), expected, "{}:{line}", source.path());
        let fixed = lint::fix(source, &Settings::new(&defaults(), CURRENT_YEAR), Applicability::Safe);
        assert!(fixed.has_settled);
    }
}

fn has_directives(text: &str) -> bool {
    // Any number of blanks may stand before it.
    text.contains("tablewright-")
}

/// Taking unused directives away comes to an end, and changes nothing that readers see.
#[track_caller]
pub(crate) fn check_removal(text: &str) {
    let mut text = text.to_owned();
    for _ in 0..20 {
        let findings = check(&text).findings;
        let fixes: Vec<_> = findings
            .into_iter()
            .filter(|finding| finding.diagnostic.rule.0 == "unused-suppression")
            .filter_map(|finding| finding.diagnostic.fix)
            .filter(|fix| fix.applicability == Applicability::Safe)
            .collect();
        if fixes.is_empty() {
            let all = |rules: &[&'static Rule], at_least| {
                lint::fix(Source::new("list.md", text.as_str()), &Settings::new(rules, CURRENT_YEAR), at_least)
                    .has_settled
            };
            assert!(all(&defaults(), Applicability::Safe) && all(&defaults(), Applicability::Unsafe), "{text}");
            return;
        }
        for fix in &fixes {
            let without = apply(&text, [fix]).text;
            assert_eq!(html(&without), html(&text), "\n--- before\n{text}\n--- after\n{without}");
        }
        text = apply(&text, &fixes).text;
    }
    panic!("unused directives come back:\n{text}");
}

/// What readers see: comments are nothing, and nor are line endings between blocks.
fn html(text: &str) -> String {
    let mut options = super::options();
    options.render.r#unsafe = true;
    let mut shown = String::new();
    let html = comrak::markdown_to_html(text, &options);
    let mut rest = html.as_str();
    while let Some(start) = rest.find("<!-- tablewright-") {
        let Some(end) = rest[start..].find("-->") else { break };
        shown.push_str(&rest[..start]);
        rest = &rest[start + end + "-->".len()..];
    }
    shown.push_str(rest);
    shown.split_whitespace().collect()
}

/// Findings that directives leave are those that there are without directives, and the others are counted.
#[track_caller]
pub(crate) fn check_subset(source: &Source) {
    let rules: Vec<&Rule> = ALL.iter().copied().filter(|rule| rule.name.0 != "unused-suppression").collect();
    let settings = Settings::new(&rules, CURRENT_YEAR);
    let heeded = lint::check(source, &settings);
    let all = lint::check(source, &Settings { heeds_directives: false, ..settings });
    let mut rest = all.findings.iter().map(|finding| &finding.diagnostic);
    for Finding { diagnostic, .. } in &heeded.findings {
        let is_same = |other: &Diagnostic| {
            (other.rule, other.span, &other.message) == (diagnostic.rule, diagnostic.span, &diagnostic.message)
        };
        assert!(rest.any(is_same), "a directive brings about {diagnostic:?} in\n{}", source.text());
    }
    assert_eq!(heeded.findings.len() + heeded.suppressed, all.findings.len(), "{}", source.text());
}
