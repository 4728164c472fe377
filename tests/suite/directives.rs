//! What directives promise on any list: they silence what they say and nothing else, and those that silence nothing can go unseen.

use std::fmt::Write;

use proptest::collection::vec;
use proptest::prelude::*;
use tablewright::fix::{Applicability, apply};
use tablewright::lint::{self, Checked, Settings};
use tablewright::rules::{Rule, defaults};
use tablewright::source::Source;
use tablewright::table::{Document, Row};

use crate::corpus::CURRENT_YEAR;
use crate::{corpus, generate};

/// So many rows of each list are silenced, one after another.
const ROWS_OF_A_LIST: usize = 2;

#[test]
fn directives_in_lists_silence_what_they_say() {
    for source in corpus::lists() {
        check_region(&source);
        check_rows(&source);
    }
}

proptest! {
    #![proptest_config(generate::config())]

    #[test]
    fn directives_in_generated_documents_silence_what_they_say(text in generate::document()) {
        let source = Source::new("generated.md", text);
        check_region(&source);
        check_rows(&source);
    }

    #[test]
    fn unused_directives_can_go_unseen(text in generate::document(), added in vec((any::<prop::sample::Index>(), directive(), any::<bool>()), 1..5)) {
        check_removal(&with_directives(&text, &added));
    }
}

fn check(text: &str) -> Checked {
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
fn check_region(source: &Source) {
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
fn check_rows(source: &Source) {
    if has_directives(source.text()) {
        return;
    }
    let before = findings(source);
    let document = Document::parse_rows(source);
    // In a shorter row, the comment would be a cell.
    let takes_comment =
        |row: &Row<'_>| row.has_closing_pipe() && row.comment().is_none() && row.cells().len() >= row.width();
    let is_reported = |row: &Row<'_>| before.iter().any(|(_, lines, _)| lines.contains(&row.line_number()));
    let rows = document.tables.iter().flat_map(tablewright::table::Table::body);
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
    text.contains("<!-- tablewright-")
}

fn directive() -> impl Strategy<Value = &'static str> {
    prop::sample::select(vec![
        "<!-- tablewright-disable -->",
        "<!-- tablewright-disable ragged-row, empty-row -->",
        "<!-- tablewright-enable -->",
        "<!-- tablewright-enable ragged-row -->",
        "<!-- tablewright-disable-next-line -->",
        "<!-- tablewright-disable-next-line split-cell\n-- because -->",
        "<!-- tablewright-disable-file bad-scheme malformed-link -- because -->",
        "<!-- tablewright-ignore -->",
        "<!-- tablewright-ignore ragged-row missing-outer-pipe -->",
        "> <!-- tablewright-disable -->",
        "  <!-- tablewright-ignore -->",
        "- <!-- tablewright-ignore -->",
        "<!-- x --> <!-- tablewright-ignore --> <!-- tablewright-enable --> ",
        "<!-- tablewright-disable -->\n",
        "\n<!-- tablewright-disable -->",
        "\n<!-- tablewright-disable -->\n",
        "\n> <!-- tablewright-disable -->\n>",
    ])
}

/// Directives in lines of their own, and behind lines.
fn with_directives(text: &str, added: &[(prop::sample::Index, &str, bool)]) -> String {
    let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
    for (index, directive, is_behind) in added {
        let at = index.index(lines.len() + 1);
        match lines.get_mut(at) {
            Some(line) if *is_behind => {
                let _ = write!(line, " {}", directive.trim());
            }
            _ => lines.insert(at, (*directive).to_owned()),
        }
    }
    lines.join("\n") + "\n"
}

/// Taking unused directives away comes to an end, and changes nothing that readers see.
#[track_caller]
fn check_removal(text: &str) {
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
    let mut options = comrak::Options::default();
    options.extension.table = true;
    options.extension.footnotes = true;
    options.extension.autolink = true;
    options.extension.front_matter_delimiter = Some("---".to_owned());
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

/// However many unused directives stand on one line, fixing takes them all away in a few passes.
#[test]
fn unused_directives_on_one_line_go_together() {
    const MANY: usize = 3_000;
    let settings = Settings::new(&defaults(), CURRENT_YEAR);
    let directives = " <!-- tablewright-ignore empty-row -->".repeat(MANY);
    for (before, behind) in [("text", "\n\n| a |\n|---|\n| 1 |\n"), ("| a | b |\n|---|---|\n| 1 | 2", " |\n")] {
        let source = Source::new("list.md", format!("{before}{directives}{behind}"));
        let reported = lint::check(&source, &settings).findings;
        assert_eq!(reported.len(), 9);
        assert_eq!(reported[8].diagnostic.message, format!("{} more directives of this line do nothing", MANY - 8));
        let fixed = lint::fix(source, &settings, Applicability::Unsafe);
        assert!(fixed.has_settled && !fixed.source.text().contains("<!--"), "{}", &fixed.source.text()[..80]);
        assert!(fixed.left.findings.is_empty());
    }
}

/// Many directives, on lines of their own, in one row, in one line of text.
#[test]
fn many_directives_take_no_more_than_their_share() {
    const MANY: usize = 10_000;
    let table = "\n| a | b |\n|---|---|\n| |\n| | |\n";
    for unit in [
        "<!-- tablewright-disable ragged-row -->\n\n",
        "<!-- tablewright-disable -->\n<!-- tablewright-enable -->\n",
        "<!-- tablewright-disable-file -->",
        "text <!-- tablewright-ignore empty-row -->\n",
        "<!-- tablewright-disable-next-line -->\n",
    ] {
        check(&format!("{}{table}", unit.repeat(MANY)));
    }
    check(&format!("<!-- tablewright-disable {} -->\n{table}", "ragged-row x, ".repeat(MANY)));
    check(&format!("{table}| |{}\n", " <!-- tablewright-ignore ragged-row -->".repeat(MANY)));
    check(&format!("{table}{}", "| | | <!-- tablewright-ignore empty-row -->\n".repeat(MANY)));
    check(&format!("{table}{}", "| a longer one | b | <!-- tablewright-ignore empty-row -->\n".repeat(MANY)));
}
