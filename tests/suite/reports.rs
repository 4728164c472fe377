//! Reports of hostile lists: nothing in them reaches the terminal or the runner, and marks stand where they should.

use clap::ValueEnum as _;
use proptest::prelude::*;
use tablewright::cli::OutputFormat;
use tablewright::diagnostic::{Diagnostic, Label, RuleName, Severity};
use tablewright::fix::{Edit, Fix};
use tablewright::lint::{Checked, Finding};
use tablewright::report::repository::Repository;
use tablewright::report::safe::{self, Safe};
use tablewright::report::text::Canvas;
use tablewright::report::{
    FileReport, Summary, checkstyle, concise, github, gitlab, json, junit, markdown, rdjson, sarif, statistics, text,
};
use tablewright::rules;
use tablewright::source::{Source, Span};
use unicode_width::UnicodeWidthStr;

use crate::promises::report::{
    Command, assert_harmless, assert_only_words, commands, html_of, is_command, repository, without_colours, words_of,
    xml_values,
};
use crate::{generate, promises};

/// What acts on a terminal, on a runner or on the drawing.
const HOSTILE: &[&str] = &[
    "##[error]x",
    "##[",
    "##",
    "[",
    "]",
    "::set-output name=a::b",
    "::",
    ":",
    "::add-mask::the",
    "\u{1b}[2J",
    "\u{1b}]8;;",
    "\u{7}",
    "\u{9b}",
    "\u{7f}",
    "\u{202e}",
    "\u{2066}",
    "\u{61c}",
    "\u{200b}",
    "\u{200d}",
    "\u{feff}",
    "\u{e0041}",
    "\u{2028}",
    "\u{85}",
    "\u{fdd0}",
    "\u{fdd1}",
    "\u{fe0f}",
    "\u{301}",
    "\u{34f}",
    "\u{3000}",
    "\t",
    "\r",
    "\n",
    " ",
    "|",
    "日本",
    "❤️",
    "👍🏽",
    "🇯🇵",
    "👨\u{200d}👩",
    "plain words",
    "`",
    "``",
    "`````````",
    "\\",
    "<img src=x onerror=y>",
    "<!--",
    "-->",
    "]]>",
    "<![CDATA[",
    "&lt;",
    "&#x1b;",
    "![a](b)",
    "](",
    "[a](javascript:b)",
    "https://example.com/a",
    "www.example.com",
    "@somebody",
    "a@example.com",
    "#12",
    "GH-12",
    "owner/name#12",
    "0123456789abcdef",
    ":tada:",
    "$`x`$",
    "**",
    "~~",
    "_",
    "1. ",
    "%0A",
    "%25",
    "%",
    ",",
    "=",
    ";",
    "\"",
    "'",
    "\u{1}",
    "\u{ffff}",
];

fn hostile() -> impl Strategy<Value = String> {
    let part = prop_oneof![
        6 => prop::sample::select(HOSTILE).prop_map(str::to_owned),
        1 => any::<char>().prop_map(String::from),
        1 => (prop::sample::select(HOSTILE), 1..200_usize).prop_map(|(part, times)| part.repeat(times)),
    ];
    prop::collection::vec(part, 0..12).prop_map(|parts| parts.concat())
}

/// A file of hostile text with findings at any places, whose every text is hostile.
fn report() -> impl Strategy<Value = FileReport> {
    let severity = prop::sample::select(vec![Severity::Error, Severity::Warning, Severity::Note]);
    let places = prop::collection::vec(any::<prop::sample::Index>(), 4);
    let finding = (prop::collection::vec(hostile(), 5), places, any::<bool>(), severity);
    let findings = prop::collection::vec(finding, 1..4);
    (hostile(), prop::collection::vec(hostile(), 1..5), findings).prop_map(|(path, lines, findings)| {
        let text = lines.join("\n");
        let bounds: Vec<usize> = (0..=text.len()).filter(|&offset| text.is_char_boundary(offset)).collect();
        let span = |a: &prop::sample::Index, b: &prop::sample::Index| {
            let (a, b) = (*a.get(&bounds), *b.get(&bounds));
            Span::new(a.min(b), a.max(b))
        };
        let finding = |(texts, places, has_fix, severity): (Vec<String>, Vec<prop::sample::Index>, bool, Severity)| {
            let span_of_label = span(&places[2], &places[3]);
            Finding {
                diagnostic: Diagnostic {
                    rule: RuleName("empty-row"),
                    severity,
                    is_weighed: false,
                    span: span(&places[0], &places[1]),
                    message: texts[0].clone(),
                    labels: vec![Label { span: span_of_label, text: texts[1].clone(), is_equal_party: false }],
                    help: Some(texts[2].clone()),
                    fix: has_fix.then(|| Fix::safe(texts[3].clone(), [Edit::replace(span_of_label, texts[4].clone())])),
                    subject: None,
                },
                section: Some(texts[4].clone()),
                fingerprint: "0".to_owned(),
                likeness: String::new(),
            }
        };
        let findings = findings.into_iter().map(finding).collect();
        FileReport { source: Source::new(path, text), checked: Checked { findings, ..Checked::default() } }
    })
}

#[test]
fn the_oracle_knows_commands() {
    for line in ["::error::x", " \u{3000}::set-output name=a::b", "| ##[error]x |", "\u{fe0f}::x::", "::a b ##[c]"] {
        assert!(is_command(line), "{line}");
    }
    for line in ["a ::error::x", ":: x", "##[error", "\\::x::", "# # [x]"] {
        assert!(!is_command(line), "{line}");
    }
    let parsed = |line| Command::parse(line, |name| name.eq_ignore_ascii_case("error"));
    let command = parsed(" ::Error file=a%2Cb%3A%250A,Line=1::c%0Ad,e::f ##[error]g").expect("it is a command");
    assert_eq!((command.name.as_str(), command.data.as_str()), ("error", "c\nd,e::f ##[error]g"));
    assert_eq!(
        command.properties.into_iter().collect::<Vec<_>>(),
        [("file".to_owned(), "a,b:%0A".to_owned()), ("line".to_owned(), "1".to_owned())]
    );
    let command = parsed("::debug::x ##[error file=a%3Bb;line=1]c%5D").expect("it is a command");
    assert_eq!((command.data.as_str(), command.properties["file"].as_str()), ("c]", "a;b"));
    assert_eq!(parsed("::debug::x"), None);
}

#[test]
fn many_findings_in_one_long_line_are_drawn_at_once() {
    let text = "| 日本 [a](b) ".repeat(50_000);
    let finding = |index: usize| {
        let start = index * "| 日本 [a](b) ".len() * 20;
        let diagnostic = Diagnostic {
            // No rule has more than are drawn.
            rule: rules::ALL[index % rules::ALL.len()].name,
            severity: Severity::Warning,
            is_weighed: false,
            span: Span::new(start, start + 1),
            message: "a pipe".to_owned(),
            subject: None,
            labels: Vec::new(),
            help: None,
            fix: None,
        };
        Finding { diagnostic, section: None, fingerprint: String::new(), likeness: String::new() }
    };
    let count = 50 * rules::ALL.len();
    let checked = Checked { findings: (0..count).map(finding).collect(), ..Checked::default() };
    let report = FileReport { source: Source::new("list.md", text), checked };
    let drawn = text::render(&report, Canvas { width: 80, has_colour: false });
    assert_eq!(drawn.matches("a pipe").count(), count);
    let last = (count - 1) * "| 日本 [a](b) ".chars().count() * 20 + 1;
    assert!(drawn.contains(&format!("list.md:1:{last}")), "columns count characters");
    assert_eq!(concise::render(&report).lines().count(), count);
}

/// Some findings of a weight, one a row.
fn findings(severities: &[(Severity, usize)]) -> FileReport {
    let all = severities.iter().flat_map(|&(severity, count)| std::iter::repeat_n(severity, count));
    let finding = |(index, severity): (usize, Severity)| {
        let diagnostic = Diagnostic {
            rule: RuleName("empty-row"),
            severity,
            is_weighed: false,
            span: Span::new(index * 2, index * 2 + 1),
            message: format!("finding {index}"),
            subject: None,
            labels: Vec::new(),
            help: None,
            fix: None,
        };
        Finding { diagnostic, section: None, likeness: String::new(), fingerprint: format!("{index:016x}") }
    };
    let findings: Vec<Finding> = all.enumerate().map(finding).collect();
    FileReport {
        source: Source::new("list.md", "|\n".repeat(findings.len())),
        checked: Checked { findings, ..Checked::default() },
    }
}

#[test]
fn github_gets_ten_of_a_kind_and_a_count_of_the_rest() {
    let shown = |severities: &[(Severity, usize)]| {
        let commands = commands(&github::render(&[findings(severities)], &repository(), |_, _| true));
        let count = |name: &str| commands.iter().filter(|command| command.name == name).count();
        let last = commands.last().expect("there is one").data.clone();
        (["error", "warning", "notice"].map(count), last)
    };
    let (counts, last) = shown(&[(Severity::Error, 10), (Severity::Warning, 1), (Severity::Note, 10)]);
    assert_eq!((counts, last.as_str()), ([10, 1, 10], "list.md:21:1: empty-row: finding 20"));
    let (counts, last) = shown(&[(Severity::Error, 12), (Severity::Warning, 45), (Severity::Note, 10)]);
    assert_eq!(counts, [10, 10, 10]);
    assert_eq!(
        last,
        "38 more findings are not shown here, since GitHub shows ten of a kind: 2 errors, 35 warnings, 1 note"
    );
    let (counts, last) = shown(&[(Severity::Error, 11)]);
    assert_eq!(counts, [10, 0, 1]);
    assert_eq!(last, "1 more finding is not shown here, since GitHub shows ten of a kind: 1 error");
}

#[test]
fn github_gets_changed_rows_first() {
    let report = findings(&[(Severity::Warning, 30)]);
    let is_changed = |source: &Source, finding: &Finding| source.line_number(finding.diagnostic.span.start()) > 25;
    let commands = commands(&github::render(&[report], &repository(), is_changed));
    let lines: Vec<&str> =
        commands.iter().filter_map(|command| Some(command.properties.get("line")?.as_str())).collect();
    assert_eq!(lines, ["26", "27", "28", "29", "30", "1", "2", "3", "4", "5"]);
}

#[test]
fn github_gets_no_columns_of_several_lines() {
    let mut report = findings(&[(Severity::Error, 2)]);
    report.checked.findings[0].diagnostic.span = Span::new(0, 3);
    let commands = commands(&github::render(&[report], &Repository::default(), |_, _| true));
    let properties = |index: usize| {
        let pairs = commands[index].properties.iter().map(|(key, value)| format!("{key}={value}"));
        pairs.collect::<Vec<_>>().join(" ")
    };
    assert_eq!(properties(0), "endline=2 file=list.md line=1 title=tablewright (empty-row)");
    assert_eq!(properties(1), "col=1 endcolumn=2 endline=2 file=list.md line=2 title=tablewright (empty-row)");
}

#[test]
fn a_summary_is_cut_between_rows() {
    let report = findings(&[(Severity::Note, 3), (Severity::Error, 9_000)]);
    let files = [report];
    let text = markdown::render(&files, &Summary::of(&files), &repository());
    assert!(text.len() < 1 << 20);
    let rows = text.lines().filter(|line| line.starts_with("| error |") && line.ends_with(" |")).count();
    let rest = 9_003 - rows;
    let last = format!("{rest} more findings are not shown here, for want of room: {} errors, 3 notes.", rest - 3);
    assert_eq!(text.lines().last(), Some(last.as_str()));
}

#[test]
fn sarif_holds_as_many_findings_as_github_takes() {
    let files = [findings(&[(Severity::Note, 2), (Severity::Error, 25_000)])];
    let log: serde_json::Value = serde_json::from_str(&sarif::render(&files, &repository())).expect("it is JSON");
    let run = &log["runs"][0];
    assert_eq!(run["results"].as_array().map(Vec::len), Some(25_000));
    assert!(run["results"].as_array().is_some_and(|results| results.iter().all(|result| result["level"] == "error")));
    let notification = &run["invocations"][0]["toolExecutionNotifications"][0]["message"]["text"];
    assert_eq!(notification, "2 findings left out, the lightest: GitHub takes 25000");
}

#[test]
fn each_format_counts_columns_as_its_readers_do() {
    let text = "\u{feff}a\n| 日本👍🏽 | x |\n";
    let start = text.find("x |").expect("it is there");
    let mut report = findings(&[(Severity::Error, 1)]);
    report.source = Source::new("list.md", text);
    report.checked.findings[0].diagnostic.span = Span::new(start, start + 1);
    let files = [report];
    let json: serde_json::Value =
        serde_json::from_str(&json::render(&files, &Summary::of(&files))).expect("it is JSON");
    assert_eq!(json["findings"][0]["start"], serde_json::json!({ "line": 2, "column": 10, "offset": start }));
    let sarif: serde_json::Value = serde_json::from_str(&sarif::render(&files, &repository())).expect("it is JSON");
    let location = &sarif["runs"][0]["results"][0]["locations"][0]["physicalLocation"];
    assert_eq!(
        location["region"],
        serde_json::json!({ "startLine": 2, "startColumn": 12, "endLine": 2, "endColumn": 13 })
    );
    assert_eq!(location["artifactLocation"]["uri"], "lists/list.md");
    let rdjson: serde_json::Value = serde_json::from_str(&rdjson::render(&files)).expect("it is JSON");
    let range = &rdjson["diagnostics"][0]["location"]["range"];
    assert_eq!(range, &serde_json::json!({ "start": { "line": 2, "column": 20 }, "end": { "line": 2, "column": 21 } }));
}

/// Checks what reviewdog is to put in the place of which lines.
#[track_caller]
fn check_suggestion(text: &str, edits: Vec<Edit>, expected: Option<(usize, usize, &str)>) {
    let mut report = findings(&[(Severity::Error, 1)]);
    report.source = Source::new("list.md", text);
    report.checked.findings[0].diagnostic.fix = Some(Fix::safe("mend", edits));
    let rdjson: serde_json::Value = serde_json::from_str(&rdjson::render(&[report])).expect("it is JSON");
    let expected = expected.map(|(start, end, text)| {
        serde_json::json!([{ "range": { "start": { "line": start }, "end": { "line": end } }, "text": text }])
    });
    assert_eq!(rdjson["diagnostics"][0].get("suggestions"), expected.as_ref());
}

#[test]
fn suggestions_replace_whole_lines() {
    let text = "one\ntwo\r\nthree";
    check_suggestion(text, vec![Edit::replace(Span::new(1, 2), "N")], Some((1, 1, "oNe")));
    check_suggestion(text, vec![Edit::insert(0, "a\n"), Edit::insert(13, "b")], Some((1, 3, "a\none\ntwo\r\nthrebe")));
    // Lines that are taken out, moved or joined.
    check_suggestion(text, vec![Edit::delete(Span::new(0, 4))], Some((1, 1, "")));
    check_suggestion(text, vec![Edit::delete(Span::new(4, 9))], Some((2, 2, "")));
    check_suggestion(text, vec![Edit::delete(Span::new(7, 14))], Some((2, 3, "two")));
    check_suggestion(
        text,
        vec![Edit::delete(Span::new(0, 4)), Edit::insert(14, "\none")],
        Some((1, 3, "two\r\nthree\none")),
    );
    check_suggestion(text, vec![Edit::replace(Span::new(3, 4), " ")], Some((1, 2, "one two")));
    check_suggestion(text, vec![Edit::insert(4, "\n")], Some((2, 2, "\ntwo")));
    // An empty line cannot be told from none.
    check_suggestion(text, vec![Edit::delete(Span::new(0, 3))], None);
    check_suggestion(&"a\n".repeat(30), vec![Edit::insert(0, "b"), Edit::insert(40, "b")], None);
    check_suggestion(
        &"a\n".repeat(30),
        vec![Edit::insert(0, "b"), Edit::insert(38, "b")],
        Some((1, 20, &format!("b{}ba", "a\n".repeat(19)))),
    );
}

#[test]
fn what_comes_last_is_deleted_as_sarif_counts_lines() {
    let mut report = findings(&[(Severity::Error, 1)]);
    report.source = Source::new("list.md", "a\n日\n");
    report.checked.findings[0].diagnostic.fix = Some(Fix::safe("mend", [Edit::delete(Span::new(2, 6))]));
    let sarif: serde_json::Value = serde_json::from_str(&sarif::render(&[report], &repository())).expect("it is JSON");
    let replacement = &sarif["runs"][0]["results"][0]["fixes"][0]["artifactChanges"][0]["replacements"][0];
    let region = serde_json::json!({ "startLine": 2, "startColumn": 1, "endLine": 3, "endColumn": 1 });
    assert_eq!(replacement, &serde_json::json!({ "deletedRegion": region }));
}

#[test]
fn findings_of_gitlab_are_told_apart() {
    let mut report = findings(&[(Severity::Error, 3)]);
    report.checked.findings.iter_mut().for_each(|finding| "same".clone_into(&mut finding.fingerprint));
    let issues: serde_json::Value =
        serde_json::from_str(&gitlab::render(&[report], &repository())).expect("it is JSON");
    let fingerprints: std::collections::BTreeSet<&str> =
        issues.as_array().into_iter().flatten().filter_map(|issue| issue["fingerprint"].as_str()).collect();
    assert_eq!(fingerprints.len(), 3);
}

#[test]
fn formats_that_identify_findings_say_so() {
    let rendered = |fingerprint: &str, format: OutputFormat| {
        let mut report = findings(&[(Severity::Error, 1)]);
        fingerprint.clone_into(&mut report.checked.findings[0].fingerprint);
        let reports = [report];
        match format {
            OutputFormat::Text => text::render(&reports[0], Canvas { width: 80, has_colour: false }),
            OutputFormat::Concise => concise::render(&reports[0]),
            OutputFormat::Json => json::render(&reports, &Summary::of(&reports)),
            OutputFormat::Jsonl => json::lines(&reports[0]),
            OutputFormat::Github => github::render(&reports, &repository(), |_, _| true),
            OutputFormat::Markdown => markdown::render(&reports, &Summary::of(&reports), &repository()),
            OutputFormat::Sarif => sarif::render(&reports, &repository()),
            OutputFormat::Rdjson => rdjson::render(&reports),
            OutputFormat::Gitlab => gitlab::render(&reports, &repository()),
            OutputFormat::Junit => junit::render(&reports, &Summary::of(&reports)),
            OutputFormat::Checkstyle => checkstyle::render(&reports),
        }
    };
    for &format in OutputFormat::value_variants() {
        assert_eq!(rendered("0123", format) != rendered("4567", format), format.identifies(), "{}", format.name());
    }
}

#[test]
fn a_clean_file_passes_its_test() {
    let files = [findings(&[]), findings(&[(Severity::Note, 1), (Severity::Warning, 1)])];
    let report = junit::render(&files, &Summary::of(&files));
    assert!(report.contains(r#"<testsuites name="tablewright" tests="3" failures="1""#), "{report}");
    assert_eq!((report.matches("<testcase ").count(), report.matches("<failure ").count()), (3, 1));
}

#[test]
fn nothing_of_a_file_is_active_in_a_summary() {
    let attacks = [
        "<img src=x onerror=alert(1)>",
        "![a](https://example.com/a.png)",
        "[click](javascript:alert(1))",
        "[click][1]\n\n[1]: https://example.com",
        "https://example.com and www.example.com and a@example.com",
        "@somebody, #12, GH-12, owner/name#12, 0123456789abcdef0123456789abcdef01234567",
        "</td></table><script>alert(1)</script>",
        "| a | b |\n| - | - |",
        "` <img src=x> `",
        "`` ` <img src=x> ` ``",
        "\\` <img src=x> `",
        "<!-- ` --> <img src=x>",
        "<a href=\"`\"> ` <img src=x>",
        ":tada: $x$ $`x`$ **a** _b_ ~~c~~ [^1] &lt;img&gt;",
        "a\\",
        "`\\",
        "|",
        "\\|",
        "x` | <img src=x> | `y",
    ];
    let longest = ["`".repeat(79), "`".repeat(80), "`".repeat(81), "`".repeat(2000)];
    let longest = longest.iter().map(|fence| format!("{fence} <img src=x> [a](b)"));
    for attack in attacks.into_iter().map(str::to_owned).chain(longest) {
        let mut report = findings(&[(Severity::Error, 1)]);
        report.source = Source::new(attack.clone(), "| a |\n");
        let diagnostic = &mut report.checked.findings[0].diagnostic;
        (diagnostic.message, diagnostic.help) = (attack.clone(), Some(attack.clone()));
        let files = [report];
        let text = markdown::render(&files, &Summary::of(&files), &repository());
        assert_only_words(&text);
        assert_eq!(words_of(&text).matches("empty").count(), 0, "the rule is code");
        assert_harmless(&text);
        let html = words_of(&markdown::inline(&attack));
        assert!(!html.contains("img"), "{html}");
    }
}

/// What XML can say of a text.
fn in_xml(text: &str) -> String {
    let is_illegal =
        |char: char| matches!(char, '\0'..='\u{8}' | '\u{b}' | '\u{c}' | '\u{e}'..='\u{1f}' | '\u{fffe}' | '\u{ffff}');
    text.chars().fold(String::new(), |text, char| {
        if is_illegal(char) { text + &char.escape_unicode().to_string() } else { text + char.encode_utf8(&mut [0; 4]) }
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: generate::config().cases / 3, ..generate::config() })]

    #[test]
    fn safe_text_is_one_harmless_line(text in hostile()) {
        let safe = Safe::new(&text).to_string();
        assert_harmless(&safe);
        prop_assert!(!safe.contains('\n'));
        assert_harmless(&safe::lines(&text));
    }

    #[test]
    fn no_format_lets_hostile_text_through(report in report(), width in 0..150_usize) {
        assert_harmless(&text::render(&report, Canvas { width, has_colour: false }));
        assert_harmless(&without_colours(&text::render(&report, Canvas { width, has_colour: true })));
        assert_harmless(&concise::render(&report));
        prop_assert_eq!(concise::render(&report).lines().count(), report.checked.findings.len());
        let files = [report];
        assert_harmless(&statistics::render(&files));
        let json = json::render(&files, &Summary::of(&files));
        assert_harmless(&json);
        let read: serde_json::Value = serde_json::from_str(&json).expect("it is JSON");
        prop_assert_eq!(read["findings"][0]["message"].as_str(), Some(files[0].checked.findings[0].diagnostic.message.as_str()));
        prop_assert_eq!(read["findings"][0]["path"].as_str(), Some(files[0].source.path()));
    }

    #[test]
    fn no_machine_format_lets_hostile_text_through(reports in prop::collection::vec(report(), 1..3)) {
        promises::report::check(&reports);
    }

    #[test]
    fn github_carries_out_what_is_meant_and_nothing_else(reports in prop::collection::vec(report(), 1..3)) {
        let commands = commands(&github::render(&reports, &Repository::default(), |_, _| true));
        prop_assert_eq!(commands.len(), reports.iter().map(|report| report.checked.findings.len()).sum::<usize>());
        for report in &reports {
            for finding in &report.checked.findings {
                let file = Safe::new(&Repository::default().path(report.source.path())).to_string();
                let message = Safe::new(&finding.diagnostic.message).to_string();
                let start = report.source.position(finding.diagnostic.span.start());
                let is_its = |command: &&Command| {
                    let is_cut = message.len() > 500 || file.len() > 4000;
                    let has = |key: &str, value: &str| command.properties.get(key).is_none_or(|own| own == value);
                    has("title", "tablewright (empty-row)")
                        && (is_cut || has("file", &file) && command.data.contains(&message))
                        && has("line", &start.line.to_string())
                        && command.properties.keys().all(|key| ["title", "file", "line", "endline", "col", "endcolumn"].contains(&key.as_str()))
                };
                prop_assert!(commands.iter().any(|command| is_its(&command)), "{:?} in {:?}", finding, commands);
            }
        }
    }

    #[test]
    fn a_summary_says_words_only(reports in prop::collection::vec(report(), 1..3)) {
        let text = markdown::render(&reports, &Summary::of(&reports), &repository());
        assert_only_words(&text);
        let html = html_of(&text);
        let count = reports.iter().map(|report| report.checked.findings.len()).sum::<usize>();
        prop_assert_eq!(html.matches("<td").count(), 5 * count, "{}", html);
        for report in &reports {
            for finding in &report.checked.findings {
                assert_only_words(&markdown::inline(&finding.diagnostic.message));
            }
        }
    }

    #[test]
    fn xml_says_what_was_found(report in report()) {
        let files = [report];
        let messages: Vec<String> = files[0].checked.findings.iter().map(|finding| in_xml(&finding.diagnostic.message)).collect();
        let (found, _) = xml_values(&checkstyle::render(&files), "message");
        prop_assert_eq!(&found, &messages);
        let (names, texts) = xml_values(&junit::render(&files, &Summary::of(&files)), "classname");
        prop_assert!(names.iter().all(|name| *name == in_xml(files[0].source.path())), "{:?}", names);
        prop_assert_eq!(texts.len(), messages.len());
        for (text, message) in texts.iter().zip(&messages) {
            prop_assert!(text.contains(message.as_str()), "{} in {}", message, text);
        }
    }

    #[test]
    fn the_mark_stands_under_the_marked_character(before in hostile(), after in hostile(), width in 60..150_usize) {
        let marked = '★';
        let before = before.replace(['\r', '\n'], " ");
        let text = format!("{before} {marked} {after}");
        let diagnostic = Diagnostic {
            rule: RuleName("some-rule"),
            severity: Severity::Warning,
            is_weighed: false,
            span: Span::new(before.len() + 1, before.len() + 1 + marked.len_utf8()),
            message: "a star".to_owned(),
            labels: Vec::new(),
            help: None,
            fix: None,
            subject: None,
        };
        let finding = Finding { diagnostic, section: None, fingerprint: String::new(), likeness: String::new() };
        let checked = Checked { findings: vec![finding], ..Checked::default() };
        let report = FileReport { source: Source::new("list.md", text), checked };
        let drawn = text::render(&report, Canvas { width, has_colour: false });
        let lines: Vec<&str> = drawn.lines().collect();
        let (left, _) = lines[2].split_once(marked).expect("the excerpt shows what is marked");
        let (gutter, _) = lines[3].split_once('─').expect("the mark is drawn");
        prop_assert_eq!(left.width(), gutter.width(), "{}", drawn);
        prop_assert!(lines[2].width() <= width, "{}", drawn);
    }
}
