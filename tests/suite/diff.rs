//! What diffs promise: `git apply` and `patch` make of the old files the new ones, byte for byte.

use std::fmt::Write as _;
use std::path::Path;
use std::process::{Command, Stdio};

use proptest::prelude::*;
use tablewright::diff::{colored, unified};
use tablewright::fix::splice;
use tablewright::format;
use tablewright::source::Source;

use crate::{corpus, generate};

/// A path, the old text, the new text.
type Case<'t> = (&'t str, &'t str, &'t str);

/// Applies the diffs of all cases as one patch, with each program, and compares the files.
#[track_caller]
fn check(cases: &[Case<'_>]) {
    let patch: String = cases.iter().map(|(path, old, new)| unified(path, old, new)).collect::<Vec<_>>().concat();
    if patch.is_empty() {
        assert!(cases.iter().all(|(_, old, new)| old == new), "a change is a diff");
        return;
    }
    for program in [&["git", "apply", "--whitespace=nowarn", "-"][..], &["patch", "-p1", "--quiet", "--fuzz=0"]] {
        let folder = tempfile::tempdir().expect("there is a place for temporary files");
        for (path, old, _) in cases {
            let file = folder.path().join(path);
            std::fs::create_dir_all(file.parent().expect("a file is in a folder")).expect("the folder can be made");
            std::fs::write(file, old).expect("the file is writable");
        }
        apply(program, folder.path(), &patch);
        for (path, _, new) in cases {
            let file = std::fs::read_to_string(folder.path().join(path)).expect("the file is readable");
            assert_eq!(file, *new, "{path} after {program:?} of\n{patch}");
        }
    }
}

#[track_caller]
fn apply(program: &[&str], folder: &Path, patch: &str) {
    let mut child = Command::new(program[0])
        .args(&program[1..])
        .current_dir(folder)
        // The folder is in no repository, whatever lies above it.
        .env("GIT_CEILING_DIRECTORIES", folder.parent().expect("the folder is in another"))
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap_or_else(|error| panic!("cannot run {program:?}: {error}"));
    let mut input = child.stdin.take().expect("the input is piped");
    std::io::Write::write_all(&mut input, patch.as_bytes()).expect("the program reads its input");
    drop(input);
    let outcome = child.wait_with_output().expect("the program ends");
    let said = String::from_utf8_lossy(&outcome.stderr);
    assert!(outcome.status.success(), "{program:?}: {said}\n{patch}");
}

#[test]
fn texts_of_every_kind_are_patched() {
    let long: String = (0..40).fold(String::new(), |mut text, number| {
        let _ = writeln!(text, "line {number}");
        text
    });
    for (old, new) in [
        ("a\nb\nc\n", "a\nB\nc\n"),
        ("a\r\nb\r\n", "a\r\nB\r\n"),
        ("a\rb\rc", "a\rB\rc"),
        ("\u{feff}a\nb", "\u{feff}A\nb"),
        ("a\nb", "a\nB"),
        ("a\nb", "a\nb\n"),
        ("a\nb\n", "a\nb"),
        ("a\n", "a\nb"),
        ("a\nb\nc\n", "b\nc\n"),
        ("a\nb\nc\n", "c\nb\na\n"),
        ("\n\n\n", "\n\n"),
        (
            long.as_str(),
            &long.replace("line 3\n", "").replace("line 20", "other").replace("line 39\n", "line 39\nmore\n"),
        ),
    ] {
        check(&[("list.md", old, new)]);
    }
}

#[test]
fn names_of_every_kind_are_patched() {
    let (old, new) = ("a\nb\n", "a\nc\n");
    for path in [
        "docs/list.md",
        "日本/リスト.md",
        "with blank.md",
        "é b.md",
        "quote\"d.md",
        "back\\slash.md",
        "tab\t.md",
        "--- a.md",
    ] {
        check(&[(path, old, new)]);
    }
    check(&[("a.md", old, new), ("b.md", old, old), ("d/ü.md", "x", "y"), ("e.md", "x\r\n", "y\r\n")]);
}

#[test]
fn nothing_changed_is_no_diff() {
    assert_eq!(unified("list.md", "a\nb", "a\nb") + &colored("list.md", "", ""), "");
}

#[test]
fn a_diff_is_as_small_as_the_change() {
    let rows = "| a |\n| b |\n| c |\n| d |\n| e |\n";
    let moved = "| e |\n| a |\n| b |\n| c |\n| d |\n";
    let expected = "--- a/x.md\n+++ b/x.md\n@@ -1,5 +1,5 @@\n+| e |\n | a |\n | b |\n | c |\n | d |\n-| e |\n";
    assert_eq!(unified("x.md", rows, moved), expected);
}

#[test]
fn the_changed_words_of_a_line_stand_out() {
    let diff = colored("x.md", "| jq | old |\n", "| jq | new |\n");
    // Behind the sequence that turns the colours round stands the colour's own.
    let marked = |rest: &str| rest.split(['m', '\u{1b}']).nth(2).map(str::to_owned);
    let marked: Vec<String> = diff.split("\u{1b}[7m").skip(1).filter_map(marked).collect();
    assert_eq!(marked, ["old", "new"], "{diff:?}");
}

#[test]
fn nothing_in_a_text_reaches_the_terminal_as_a_command() {
    let diff = colored("\u{1b}[2J.md", "a\u{1b}[31m\n", "b\u{9b}31m\u{202e}\r\u{7}c\r\n");
    let own = ["\u{1b}[1m", "\u{1b}[0m", "\u{1b}[36m", "\u{1b}[31m", "\u{1b}[32m", "\u{1b}[7m"];
    let rest = own.iter().fold(diff.clone(), |rest, sequence| rest.replace(sequence, ""));
    let is_harmful = |character: char| character != '\n' && character.is_control() || character == '\u{202e}';
    assert!(!rest.contains(is_harmful), "{rest:?}");
    assert!(rest.contains(r"a\u{1b}[31m"), "{rest:?}");
}

#[test]
fn a_diff_of_every_line_takes_linear_time() {
    let table = |padding: &str| -> String {
        (0..100_000).fold(String::new(), |mut text, number| {
            let _ = writeln!(text, "| row {number}{padding} |");
            text
        })
    };
    let start = std::time::Instant::now();
    let diff = unified("x.md", &table(""), &table("  "));
    assert_eq!(diff.lines().count(), 200_003);
    assert!(start.elapsed().as_secs() < 20, "{:?}", start.elapsed());
}

proptest! {
    #![proptest_config(ProptestConfig { cases: generate::config().cases / 10, ..generate::config() })]

    #[test]
    fn formatted_documents_are_patched(text in generate::document()) {
        let new = formatted(&text);
        check(&[("list.md", &text, &new)]);
    }

    #[test]
    fn unlike_texts_are_patched(old in "[ab\r\n]{1,30}", new in "[ab\r\n]{1,30}") {
        check(&[("list.md", &old, &new)]);
    }
}

#[test]
fn formatted_lists_are_patched() {
    let lists = corpus::lists();
    let formatted: Vec<String> = lists.iter().map(|source| formatted(source.text())).collect();
    let cases: Vec<Case<'_>> =
        lists.iter().zip(&formatted).map(|(source, new)| (source.path(), source.text(), new.as_str())).collect();
    check(&cases);
}

fn formatted(text: &str) -> String {
    splice(text, &format::document(&Source::new("list.md", text), &format::FormatOptions::default()).edits)
}
