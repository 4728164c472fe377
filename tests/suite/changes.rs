//! What comparing with an older text promises: findings about rows that a change touched are reported, those about others are not; and what a
//! baseline knows stays known while rows come, go and move.

use std::collections::{BTreeMap, BTreeSet};

use proptest::prelude::*;
use tablewright::baseline::{Baseline, Known};
use tablewright::changes::{Base, Meant, Outcome, Patches};
use tablewright::column::order::{Verdict, habit, infer};
use tablewright::column::{Declared, TypedDocument};
use tablewright::diagnostic::Severity;
use tablewright::diff::unified;
use tablewright::fix::{Applicability, splice};
use tablewright::format::{self, FormatOptions, Style};
use tablewright::lint::{self, Checked, Finding, Past, Settings};
use tablewright::rules::defaults;
use tablewright::source::{Source, Span};
use tablewright::table::{Document, Row, Table};

use crate::corpus::CURRENT_YEAR;
use crate::promises::changes::{check_diff, check_diff_of};
use crate::{corpus, generate, promises};

const ORDER: &str = "unsorted-rows";

fn settings() -> Settings {
    Settings::new(&defaults(), CURRENT_YEAR)
}

fn against(new: &Source, old: &str) -> Checked {
    lint::check_against(new, &settings(), &since(old))
}

fn since(old: &str) -> Past {
    Past { base: Base::Text(Source::new("list.md", old)), ..Past::default() }
}

/// What a finding is known by in one run.
fn place(finding: &Finding) -> (&'static str, &str, &str) {
    (finding.diagnostic.rule.0, &finding.fingerprint, &finding.diagnostic.message)
}

/// An edited list, and the lines (from 1) that the edit made or changed, or took elsewhere.
struct Edited {
    text: String,
    touched: BTreeSet<usize>,
    moved: BTreeSet<usize>,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Kind {
    Insert,
    Repeat,
    Delete,
    Change,
    Move,
    Realign,
    Shuffle,
}

const KINDS: [Kind; 7] =
    [Kind::Insert, Kind::Repeat, Kind::Delete, Kind::Change, Kind::Move, Kind::Realign, Kind::Shuffle];

struct Random(u64);

impl Random {
    fn below(&mut self, end: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).expect("31 bits fit") % end.max(1)
    }
}

/// The lines of a source with their endings; the last one with one, too.
fn lines(source: &Source) -> Vec<String> {
    let line = |number: usize| {
        let text = source.slice(source.line(number));
        format!("{text}{}", source.line_ending(number))
    };
    (1..=source.line_count()).map(line).collect()
}

/// A row like those of a table: each cell that of any of its rows.
fn mixture(table: &Table<'_>, random: &mut Random) -> String {
    let cells = (0..table.width()).map(|column| {
        let row = table.body_row(random.below(table.body_len()));
        row.cell_text(column).to_owned()
    });
    format!("| {} |", cells.collect::<Vec<_>>().join(" | "))
}

fn contents(text: &str) -> Vec<String> {
    let source = Source::new("row.md", format!("|a|\n|-|\n{text}\n"));
    let document = Document::parse_rows(&source);
    let row = document.tables.first().and_then(|table| table.body().next());
    row.map(|row| row.cells().iter().map(|cell| cell.text.to_owned()).collect()).unwrap_or_default()
}

fn is_plain(row: Row<'_>) -> bool {
    row.has_opening_pipe() && row.has_closing_pipe() && row.cells().len() == row.width() && row.comment().is_none()
}

/// Edits a table of three rows or more; none where there is none, or where the edit would change nothing.
fn edit(source: &Source, kind: Kind, random: &mut Random) -> Option<Edited> {
    let document = Document::parse_rows(source);
    let is_fit = |table: &&Table<'_>| table.body_len() >= 3 && table.containers.is_empty();
    let tables: Vec<&Table<'_>> = document.tables.iter().filter(is_fit).collect();
    let table = *tables.get(random.below(tables.len()))?;
    let number = |row: usize| table.body_row(row).line_number();
    let (row, other) = (random.below(table.body_len()), random.below(table.body_len()));
    if !is_plain(table.body_row(row)) || !is_plain(table.body_row(other)) {
        return None;
    }
    let mut lines = lines(source);
    let ending = source.line_ending(number(row)).to_owned();
    let (mut touched, mut moved) = (BTreeSet::new(), BTreeSet::new());
    match kind {
        Kind::Insert | Kind::Change => {
            let text = mixture(table, random);
            let new = contents(&text);
            let is_known = |table: &Table<'_>| {
                table.body().any(|row| row.cells().iter().map(|cell| cell.text).eq(new.iter().map(String::as_str)))
            };
            if new.len() != table.width() || document.tables.iter().any(is_known) {
                return None;
            }
            touched.insert(number(row));
            let place = number(row) - 1;
            let replaced = usize::from(kind == Kind::Change);
            lines.splice(place..place + replaced, [format!("{text}{ending}")]);
        }
        Kind::Repeat => {
            let text = lines[number(other) - 1].clone();
            lines.insert(number(row) - 1, text);
        }
        Kind::Delete => {
            lines.remove(number(row) - 1);
        }
        Kind::Move => {
            if row == other {
                return None;
            }
            let text = lines.remove(number(row) - 1);
            lines.insert(number(other) - 1, text);
            moved.insert(number(other));
        }
        Kind::Realign => {
            let options = FormatOptions { style: Style::Compact, ..FormatOptions::default() };
            let edits = format::document(source, &options).edits;
            let text = splice(source.text(), &edits);
            return (text != source.text()).then_some(Edited { text, touched, moved });
        }
        Kind::Shuffle => {
            let (first, last) = (number(0) - 1, number(table.body_len() - 1));
            for place in (first + 1..last).rev() {
                let with = first + random.below(place + 1 - first);
                lines.swap(place, with);
            }
            moved.extend(first + 1..=last);
        }
    }
    let text = lines.concat();
    if kind == Kind::Repeat {
        // Which of equal rows is the new one, nobody can tell: the last one is taken for it.
        let content = contents(&lines[number(row) - 1]);
        let new = Source::new("list.md", text.as_str());
        let document = Document::parse_rows(&new);
        let is_copy = |row: &Row<'_>| row.cells().iter().map(|cell| cell.text).eq(content.iter().map(String::as_str));
        let copies = document.tables.iter().map(|table| table.body().filter(is_copy).map(Row::line_number));
        let copies: Vec<Vec<usize>> =
            copies.map(Iterator::collect).filter(|copies: &Vec<_>| !copies.is_empty()).collect();
        let [copies] = &copies[..] else { return None };
        touched.extend(copies.last());
        // Out of order is the one that was put there, whichever that is.
        moved.extend(copies);
    }
    Some(Edited { text, touched, moved })
}

fn lines_of(source: &Source, span: Span) -> impl Iterator<Item = usize> {
    source.line_number(span.start())..=source.line_number(span.end())
}

/// How often each likeness occurs.
fn known(findings: &[Finding]) -> Known {
    let mut known = Known::default();
    for finding in findings {
        known.add(finding.entry());
    }
    known
}

#[track_caller]
fn check_edit(old: &Source, before: &Checked, kind: Kind, edited: &Edited) {
    let new = Source::new("list.md", edited.text.as_str());
    let document = Document::parse_rows(&new);
    let (whole_run, reported) = (lint::check(&new, &settings()), against(&new, old.text()));
    let name = old.path();
    let mut left = known(&before.findings);
    let is_reported: BTreeSet<_> = reported.findings.iter().map(place).collect();
    let touches = |span: Span| lines_of(&new, span).any(|number| edited.touched.contains(&number));
    let is_in_row = |finding: &Finding| {
        let offset = finding.diagnostic.span.start();
        let row = document.tables.iter().find_map(|table| table.row_at(offset));
        row.is_some_and(|row| row.body_index().is_some())
    };
    for finding in &whole_run.findings {
        let diagnostic = &finding.diagnostic;
        let mut parties = diagnostic.labels.iter().filter(|label| label.is_equal_party).map(|label| label.span);
        let was_there = left.take(&finding.entry());
        if diagnostic.rule.0 == ORDER && is_in_row(finding) {
            continue;
        }
        let is_expected =
            touches(diagnostic.span) || if is_in_row(finding) { parties.any(touches) } else { !was_there };
        let is_reported = is_reported.contains(&place(finding));
        assert_eq!(is_reported, is_expected, "{name}, {kind:?} at {:?}: {diagnostic:?}", edited.touched);
        // A finding that was there before is one about rows that have more in common than their cells.
        let names_row = diagnostic.subject.is_none() && is_in_row(finding) && kind != Kind::Repeat;
        assert!(!(is_reported && was_there && names_row), "{name}, {kind:?}: {diagnostic:?}");
    }
    let all: BTreeSet<_> = whole_run.findings.iter().map(place).collect();
    for finding in &reported.findings {
        let line = new.line_number(finding.diagnostic.span.start());
        if finding.diagnostic.rule.0 == "duplicate-entry" {
            let is_there = edited.touched.is_empty() || edited.touched.contains(&line);
            assert!(is_there, "{name}, {kind:?} at {:?}: {:?}", edited.touched, finding.diagnostic);
        }
        if finding.diagnostic.rule.0 != ORDER {
            assert!(all.contains(&place(finding)), "{name}, {kind:?}: {:?}", finding.diagnostic);
        } else if is_in_row(finding) {
            let is_to_blame = edited.touched.contains(&line) || edited.moved.contains(&line);
            assert!(is_to_blame, "{name}, {kind:?} at {:?}: {:?}", edited.touched, finding.diagnostic);
        }
    }
    // Nothing is lost: what is not reported is counted.
    let others = |findings: &[Finding]| findings.iter().filter(|finding| finding.diagnostic.rule.0 != ORDER).count();
    assert_eq!(reported.suppressed, whole_run.suppressed);
    assert!(others(&whole_run.findings) <= others(&reported.findings) + reported.unchanged, "{name}, {kind:?}");
}

#[test]
fn what_an_edit_touched_is_reported_and_nothing_else() {
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    // Larger lists take long, and show nothing else.
    for (index, source) in corpus::lists().iter().filter(|source| source.line_count() < 800).enumerate() {
        let source = Source::new(source.path(), lines(source).concat());
        let before = lint::check(&source, &settings());
        let mut random = Random(index as u64);
        // Large lists take their time.
        let kinds = if source.line_count() > 200 { 1 } else { KINDS.len() };
        for kind in KINDS.into_iter().cycle().skip(index).take(kinds) {
            // A row that is drawn may be none that can be edited so.
            if let Some(edited) = (0..8).find_map(|_| edit(&source, kind, &mut random)) {
                check_edit(&source, &before, kind, &edited);
                check_baseline(&source, &before, kind, &edited);
                *counts.entry(format!("{kind:?}")).or_default() += 1;
            }
        }
    }
    assert_eq!(counts.len(), KINDS.len(), "every kind of edit was made: {counts:?}");
}

/// What the baseline knows of a list stays known, whatever is inserted, moved or aligned.
#[track_caller]
fn check_baseline(old: &Source, before: &Checked, kind: Kind, edited: &Edited) {
    let known = known(&before.findings);
    let json = Baseline { files: BTreeMap::from([(old.path().to_owned(), known.clone())]) }.to_json();
    let read = Baseline::from_json(&json).expect("what was written is read");
    assert_eq!(read.files.get(old.path()), Some(&known));
    let new = Source::new("list.md", edited.text.as_str());
    let checked = lint::check_against(&new, &settings(), &Past { base: Base::Unknown, known });
    assert_eq!(checked.baselined + checked.gone.len(), before.findings.len(), "{}, {kind:?}", old.path());
    let touches = |span: Span| lines_of(&new, span).any(|number| edited.touched.contains(&number));
    for Finding { diagnostic, .. } in &checked.findings {
        let mut parties = diagnostic.labels.iter().filter(|label| label.is_equal_party).map(|label| label.span);
        // What goes by the place of rows, or by how many of their kind there are.
        let is_habit = diagnostic.rule.0 == ORDER
            || diagnostic.rule.0 == "duplicate-entry" && diagnostic.severity == Severity::Note;
        let is_new = touches(diagnostic.span) || parties.any(touches);
        assert!(is_habit || is_new, "{}, {kind:?} at {:?}: {diagnostic:?}", old.path(), edited.touched);
    }
}

#[test]
fn the_row_that_breaks_the_order_is_to_blame() {
    let mut count = 0;
    for source in corpus::lists().iter().filter(|source| source.line_count() < 250) {
        let source = Source::new(source.path(), lines(source).concat());
        let document = Document::parse(&source);
        let declared = Declared::default();
        let typed = TypedDocument::infer(&document, &declared, CURRENT_YEAR);
        let habit = habit(&typed);
        for (index, kind) in KINDS.into_iter().cycle().take(2 * KINDS.len()).enumerate() {
            let Some(edited) = edit(&source, kind, &mut Random(index as u64)) else { continue };
            let new = Source::new("list.md", edited.text.as_str());
            let document = Document::parse_rows(&new);
            let changed: BTreeSet<usize> = edited.touched.union(&edited.moved).copied().collect();
            let is_in = |table: &Table<'_>| table.body().any(|row| changed.contains(&row.line_number()));
            let Some(place) = document.tables.iter().position(is_in) else { continue };
            let was_sorted = match infer(&typed.tables[place], habit) {
                Verdict::Ordered(_, displaced) => displaced.is_empty(),
                Verdict::Unordered | Verdict::Silent => false,
            };
            let table = &document.tables[place];
            let out_of_order = |checked: Checked| -> Vec<usize> {
                let findings = checked.findings.iter().filter(|finding| finding.diagnostic.rule.0 == ORDER);
                let spans = findings.map(|finding| finding.diagnostic.span);
                let in_rows =
                    spans.filter(|span| table.row_at(span.start()).is_some_and(|row| row.body_index().is_some()));
                in_rows.map(|span| new.line_number(span.start())).collect()
            };
            let (all, reported) =
                (out_of_order(lint::check(&new, &settings())), out_of_order(against(&new, source.text())));
            if was_sorted && kind != Kind::Shuffle {
                assert_eq!(all.is_empty(), reported.is_empty(), "{}, {kind:?}: {changed:?}", source.path());
                assert!(reported.iter().all(|number| changed.contains(number)), "{}, {kind:?}", source.path());
                count += usize::from(!reported.is_empty());
            }
        }
    }
    assert!(count > 0, "some edit broke an order");
}

/// Takes a line out, puts one in, or swaps two.
fn edit_lines(text: &str, edits: &[(usize, usize, u8)]) -> String {
    let mut lines: Vec<&str> = text.split_inclusive('\n').collect();
    for (one, other, kind) in edits {
        let (one, other) = (one % lines.len().max(1), other % lines.len().max(1));
        match kind % 3 {
            _ if lines.is_empty() => {}
            0 => {
                lines.remove(one);
            }
            1 => lines.insert(one, lines[other]),
            _ => lines.swap(one, other),
        }
    }
    lines.concat()
}

proptest! {
    #![proptest_config(generate::config())]

    #[test]
    fn any_text_can_be_compared_with_any_other(
        old in generate::document(),
        other in generate::document(),
        edits in prop::collection::vec(any::<(usize, usize, u8)>(), 0..4),
    ) {
        let text = edit_lines(&old, &edits);
        let new = Source::new("list.md", text.as_str());
        let all = lint::check(&new, &settings());
        for old in [&old, &other] {
            let checked = against(&new, old);
            prop_assert_eq!(checked.suppressed, all.suppressed);
        }
        // Nothing is new against the same text, and everything is against an empty one.
        for same in [since(&text), Past { base: Base::Same, ..Past::default() }] {
            let checked = lint::check_against(&new, &settings(), &same);
            prop_assert!(checked.findings.is_empty(), "{:?}", checked.findings);
            prop_assert_eq!(checked.unchanged, all.findings.len());
        }
        let places = |checked: &Checked| checked.findings.iter().map(|finding| format!("{:?}", place(finding))).collect::<Vec<_>>();
        prop_assert_eq!(places(&against(&new, "")), places(&all));
        // What is fixed is new.
        let fixed = lint::fix_against(Source::new("list.md", text.as_str()), &settings(), &since(&text), Applicability::Unsafe);
        prop_assert_eq!(fixed.source.text(), text.as_str());
    }

    #[test]
    fn a_diff_is_taken_back(
        old in generate::document(),
        edits in prop::collection::vec(any::<(usize, usize, u8)>(), 0..6),
        above in 0..3_usize,
    ) {
        let new = edit_lines(&old, &edits);
        check_diff_of(&old, &new);
        let diff = unified("a b/list.md", &old, &new);
        let patches = Patches::parse(diff.as_bytes()).expect("our own diffs are well-formed");
        let series = patches.by_text(1, |_| Meant::Text(0));
        let plain = |text: &str| text.strip_suffix('\n').unwrap_or(text).split('\n').count();
        // Meanwhile, lines came in above.
        let shifted = format!("{}{new}", "above all\n".repeat(above));
        if let Outcome::Before(text) = series[0].undo(&shifted) {
            prop_assert_eq!(plain(&text), plain(&old) + above);
        }
    }

    #[test]
    fn no_bytes_confuse_the_reading_of_diffs(lines in prop::collection::vec(hostile_line(), 0..12), text in generate::document()) {
        let diff = lines.concat();
        check_diff(&diff, &text);
    }
}

#[test]
fn a_baseline_cut_anywhere_is_read_or_refused() {
    let text =
        r#"{"version": 1, "files": {"日本.md": {"ragged-row 0123456789abcdef": 2, "empty-row 0123456789abcdef": 1}}}"#;
    promises::changes::check_baseline(text);
    for (at, char) in text.char_indices() {
        promises::changes::check_baseline(&text[..at]);
        promises::changes::check_baseline(&format!("{}{}", &text[..at], &text[at + char.len_utf8()..]));
    }
}

/// Lines that diffs have, and what none has.
fn hostile_line() -> impl Strategy<Value = Vec<u8>> {
    let known: Vec<&[u8]> = vec![
        b"diff --git a/x b/x\n",
        b"diff --git \"a/\\\n",
        b"--- a/x\n",
        b"+++ b/x\n",
        b"--- \"\n",
        b"+++ /dev/null\n",
        b"@@ -1 +1 @@\n",
        b"@@ -0,0 +4294967295,1 @@\n",
        b"@@ -1,4294967295 +1 @@\n",
        b"@@ -3,0 +2,0 @@\n",
        b"-a\n",
        b"+b\n",
        b" c\n",
        b"\n",
        b"\r\n",
        b"\\ No\n",
        b"rename from x\n",
        b"rename to \"\\377\"\n",
        b"copy to x\n",
        b"new file mode 1\n",
        b"Binary files a and b differ\n",
        b"Only in a: b\n",
        b"\xff\0",
    ];
    let known = prop::sample::select(known).prop_map(<[u8]>::to_vec);
    prop_oneof![9 => known, 1 => prop::collection::vec(any::<u8>(), 0..12)]
}

#[test]
fn comparing_grows_with_the_texts_alone() {
    // Were it not so, these would take hours.
    let rows =
        |count: usize| (0..count).map(|row| format!("| 2024 | Entry {row} | x |\n")).collect::<Vec<_>>().concat();
    let header = "| Year | Title | Note |\n| --- | --- | --- |\n";
    let old = format!("{header}{}", rows(30_000));
    let new = format!("{header}| 2020 | New | y |\n{}| 2024 |\n", rows(30_000));
    let reported = against(&Source::new("list.md", new.as_str()), &old);
    assert!(reported.findings.iter().any(|finding| finding.diagnostic.rule.0 == "ragged-row"));
    let alike = format!("{header}{}", "| a | b | c |\n".repeat(30_000));
    let _ = against(&Source::new("list.md", alike.as_str()), &alike.replace("| a | b", "| a | d"));
    // Hunks that nearly fit everywhere, and fit nowhere or far away.
    let text = "a\na\nb\n".repeat(30_000);
    let hunk = "@@ -1,3 +1,3 @@\n a\n a\n-b\n+c\n";
    let diff = format!("--- x\n+++ x\n{}", hunk.repeat(60_000));
    let patches = Patches::parse(diff.as_bytes()).expect("the diff is well-formed");
    assert_eq!(patches.by_text(1, |_| Meant::Text(0))[0].undo(&text), Outcome::Misfit(3));
    let fits_late = format!("--- x\n+++ x\n{}", "@@ -1 +1,2 @@\n+a\n b\n".repeat(30_000));
    let patches = Patches::parse(fits_late.as_bytes()).expect("the diff is well-formed");
    assert!(matches!(patches.by_text(1, |_| Meant::Text(0))[0].undo(&text), Outcome::Before(_)));
    let often = "--- x\n+++ x\n@@ -1 +1,0 @@\n-z\n".repeat(30_000);
    let patches = Patches::parse(often.as_bytes()).expect("the diff is well-formed");
    assert_eq!(patches.by_text(1, |_| Meant::Text(0))[0].undo(&text), Outcome::TooOften);
    // Going back, each patch adds a line to a text that is empty.
    let grows = "--- x\n+++ x\n@@ -1 +0,0 @@\n-zzzzzzzzzzzzzzz\n".repeat(30_000);
    let patches = Patches::parse(grows.as_bytes()).expect("the diff is well-formed");
    assert_eq!(patches.by_text(1, |_| Meant::Text(0))[0].undo(""), Outcome::TooOften);
    // Many files.
    let file = |file| format!("--- a/{file}.md\n+++ b/{file}.md\n@@ -0,0 +1 @@\n+a\n");
    let files = (0..30_000).map(file).collect::<Vec<_>>().concat();
    let patches = Patches::parse(files.as_bytes()).expect("the diff is well-formed");
    assert_eq!(patches.by_text(1, |_| Meant::Nothing)[0].undo("a\n"), Outcome::Same);
}
