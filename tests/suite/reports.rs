//! Reports of hostile lists: nothing in them reaches the terminal or the runner, and marks stand where they should.

use crate::generate;
use proptest::prelude::*;
use tablewright::diagnostic::{Diagnostic, Label, RuleName, Severity};
use tablewright::fix::{Edit, Fix};
use tablewright::lint::{Checked, Finding};
use tablewright::report::safe::{self, Safe};
use tablewright::report::text::Canvas;
use tablewright::report::{FileReport, Summary, concise, json, statistics, text};
use tablewright::source::{Source, Span};
use unicode_width::UnicodeWidthStr;

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
    let finding =
        (prop::collection::vec(hostile(), 5), prop::collection::vec(any::<prop::sample::Index>(), 4), any::<bool>());
    let findings = prop::collection::vec(finding, 1..4);
    (hostile(), prop::collection::vec(hostile(), 1..5), findings).prop_map(|(path, lines, findings)| {
        let text = lines.join("\n");
        let bounds: Vec<usize> = (0..=text.len()).filter(|&offset| text.is_char_boundary(offset)).collect();
        let span = |a: &prop::sample::Index, b: &prop::sample::Index| {
            let (a, b) = (*a.get(&bounds), *b.get(&bounds));
            Span::new(a.min(b), a.max(b))
        };
        let finding = |(texts, places, has_fix): (Vec<String>, Vec<prop::sample::Index>, bool)| {
            let span_of_label = span(&places[2], &places[3]);
            Finding {
                diagnostic: Diagnostic {
                    rule: RuleName("some-rule"),
                    severity: Severity::Error,
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

/// Whether the runner could take the line for a command. It looks at `::name …::` at the beginning of the trimmed line, and for `##[name …]`
/// anywhere; characters without width do not hinder it. Here every name counts as registered.
fn is_command(line: &str) -> bool {
    let compared: String = line.chars().filter(|char| char.to_string().width() > 0).collect();
    let second = compared.trim_start().strip_prefix("::").is_some_and(|rest| rest.contains("::"));
    let first = compared.find("##[").is_some_and(|at| compared[at..].contains(']'));
    first || second
}

#[test]
fn the_oracle_knows_commands() {
    for line in ["::error::x", " \u{3000}::set-output name=a::b", "| ##[error]x |", "\u{fe0f}::x::"] {
        assert!(is_command(line), "{line}");
    }
    for line in ["a ::error::x", ":: x", "##[error", "\\::x::", "# # [x]"] {
        assert!(!is_command(line), "{line}");
    }
}

/// Says what is wrong with a text that people's terminals and the runner are to read.
#[track_caller]
fn assert_harmless(output: &str) {
    let acting = output.chars().find(|&char| char != '\n' && safe::is_harmful(char));
    assert_eq!(acting, None, "in {output:?}");
    let command = output.split(['\n', '\r']).find(|line| is_command(line));
    assert_eq!(command, None);
}

/// The text without the colours that we wrote.
fn without_colours(output: &str) -> String {
    let mut parts = output.split("\u{1b}[");
    let first = parts.next().unwrap_or_default().to_owned();
    parts.fold(first, |text, part| {
        let (numbers, rest) = part.split_once('m').expect("a colour ends with `m`");
        assert!(
            numbers.chars().all(|char| char.is_ascii_digit() || char == ';'),
            "a colour is made of numbers: {numbers:?}"
        );
        text + rest
    })
}

#[test]
fn many_findings_in_one_long_line_are_drawn_at_once() {
    let text = "| 日本 [a](b) ".repeat(50_000);
    let finding = |index: usize| {
        let start = index * "| 日本 [a](b) ".len() * 20;
        let diagnostic = Diagnostic {
            rule: RuleName("some-rule"),
            severity: Severity::Warning,
            is_weighed: false,
            span: Span::new(start, start + 1),
            message: "a pipe".to_owned(),
            labels: Vec::new(),
            help: None,
            fix: None,
            subject: None,
        };
        Finding { diagnostic, section: None, fingerprint: String::new(), likeness: String::new() }
    };
    let checked = Checked { findings: (0..2_500).map(finding).collect(), ..Checked::default() };
    let report = FileReport { source: Source::new("list.md", text), checked };
    let drawn = text::render(&report, Canvas { width: 80, has_colour: false });
    assert_eq!(drawn.matches("a pipe").count(), 2_500);
    assert!(drawn.contains("list.md:1:599761"), "columns count characters");
    assert_eq!(concise::render(&report).lines().count(), 2_500);
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
