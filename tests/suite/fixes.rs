//! What fixing promises: it settles, leaves nothing behind that it could mend, loses nothing, and its diff is what it writes.

use std::collections::BTreeMap;
use std::path::Path;
use std::process::Command;

use proptest::prelude::*;
use tablewright::fix::Applicability;
use tablewright::lint::{self, Fixed, Settings};
use tablewright::rules::{Rule, by_name, defaults};
use tablewright::source::Source;
use tablewright::table::{Document, Table};

use crate::case_page::in_package;
use crate::corpus::CURRENT_YEAR;
use crate::{corpus, generate};

#[test]
fn fixing_lists_keeps_the_promises() {
    for source in corpus::lists() {
        check(&source);
    }
}

proptest! {
    #![proptest_config(generate::config())]

    #[test]
    fn fixing_generated_documents_keeps_the_promises(text in generate::document()) {
        check(&Source::new("generated.md", text));
    }
}

/// More rows than there are passes belong to one place, and all get there, in the order in which they stood.
#[test]
fn rows_that_belong_to_one_place_get_there_together() {
    let sorted = (0..1500).map(|row| format!("| {} | Sorted {row} |\n", 2024 - row / 150));
    let late = (0..120).map(|row| format!("| 2020 | Late {row} |\n"));
    let text = format!("| Year | Title |\n| ---- | ----- |\n{}", sorted.chain(late).collect::<String>());
    let rule = by_name("unsorted-rows").expect("there is the rule");
    let fixed = lint::fix(Source::new("list.md", text), &Settings::new(&[rule], CURRENT_YEAR), Applicability::Safe);
    assert!(fixed.has_settled);
    assert_eq!(fixed.applied.values().sum::<usize>(), 120);
    let rows: Vec<&str> = fixed.source.text().lines().skip(2).collect();
    assert!(rows.iter().map(|row| &row[2..6]).is_sorted_by(|a, b| a >= b), "from new to old");
    let of = |word: &str| rows.iter().filter(|row| row.contains(word)).copied().collect::<Vec<_>>();
    let late: Vec<String> = (0..120).map(|row| format!("| 2020 | Late {row} |")).collect();
    assert_eq!(of("Late"), late);
    assert_eq!(of("Sorted").len(), 1500);
}

#[track_caller]
fn check(source: &Source) {
    let fix = |rules: &[&'static Rule], at_least| {
        lint::fix(Source::new(source.path(), source.text()), &Settings::new(rules, CURRENT_YEAR), at_least)
    };
    for at_least in [Applicability::Safe, Applicability::Unsafe] {
        let fixed = fix(&defaults(), at_least);
        assert!(fixed.has_settled, "{}: {:?} fixes do not settle:\n{}", source.path(), at_least, source.text());
        let is_left = |fixed: &Fixed| {
            let mut offers = fixed.left.findings.iter().filter_map(|finding| finding.diagnostic.fix.as_ref());
            offers.any(|offer| offer.applicability >= at_least)
        };
        assert!(!is_left(&fixed), "{}: a fix is left behind", source.path());
    }
    let safe = fix(&defaults(), Applicability::Safe);
    if safe.applied.is_empty() {
        assert_eq!(safe.source.text(), source.text(), "{}: nothing was fixed", source.path());
        return;
    }
    let tables = |source: &Source| Document::parse_rows(source).tables.iter().map(Table::body_len).collect::<Vec<_>>();
    assert_eq!(tables(&safe.source), tables(source), "{}: safe fixes keep tables and rows", source.path());
    for rule in defaults().into_iter().filter(|rule| safe.applied.contains_key(&rule.name)) {
        let fixed = fix(&[rule], Applicability::Safe);
        check_words(source, &fixed.source, rule);
        if ["ragged-row", "missing-outer-pipe", "padded-url"].contains(&rule.name.0) && !has_other_blanks(source) {
            assert_eq!(html(&fixed.source), html(source), "{}: {} changes what readers see", source.path(), rule.name);
        }
    }
}

/// A safe fix takes no letter or digit away and adds none, wherever it moves them; but `bad-scheme` is about the letters of schemes.
#[track_caller]
fn check_words(old: &Source, new: &Source, rule: &Rule) {
    let count = |source: &Source| {
        let text = source.text().to_lowercase();
        let text = if rule.name.0 == "bad-scheme" { text.replace(['h', 't', 'p', 's'], "") } else { text };
        let mut counts: BTreeMap<char, usize> = BTreeMap::new();
        text.chars()
            .filter(|character| character.is_alphanumeric())
            .for_each(|character| *counts.entry(character).or_default() += 1);
        counts
    };
    assert_eq!(count(old), count(new), "{}: {} loses or adds letters", old.path(), rule.name);
}

/// Blanks that are part of a URL for a renderer, and that `padded-url` takes away: there, what readers see does change, for the better.
fn has_other_blanks(source: &Source) -> bool {
    source.text().contains(['\u{a0}', '\u{3000}', '\u{200b}', '\u{feff}', '\u{b}', '\u{c}'])
}

fn html(source: &Source) -> String {
    let mut options = comrak::Options::default();
    options.extension.table = true;
    options.extension.footnotes = true;
    options.extension.autolink = true;
    options.extension.front_matter_delimiter = Some("---".to_owned());
    // A comment shows nothing, in whichever cell it stands.
    comrak::markdown_to_html(source.text(), &options).replace("<!-- raw HTML omitted -->", "")
}

#[test]
fn what_the_diff_shows_is_what_is_written() {
    let lists = std::env::var_os("TABLEWRIGHT_CORPUS").map_or_else(|| in_package("fixtures/lists"), Into::into);
    for arguments in
        [&["check", "--fix"][..], &["check", "--fix", "--unsafe-fixes"], &["fmt"], &["fmt", "--style", "compact"]]
    {
        let (written, patched) = (copy(&lists), copy(&lists));
        run(arguments, &["."], written.path());
        let diff = run(arguments, &["--diff", "."], patched.path());
        std::fs::write(patched.path().join("changes.diff"), &diff).expect("the diff is kept");
        let mut apply = Command::new("git");
        apply.args(["apply", "--whitespace=nowarn", "changes.diff"]).current_dir(patched.path());
        let outcome = apply.env("GIT_CEILING_DIRECTORIES", patched.path()).output().expect("git runs");
        assert!(diff.is_empty() || outcome.status.success(), "{}", String::from_utf8_lossy(&outcome.stderr));
        for entry in std::fs::read_dir(written.path()).expect("the folder is readable") {
            let name = entry.expect("the entry is readable").file_name();
            let read = |folder: &Path| std::fs::read(folder.join(&name)).expect("the file is readable");
            assert!(read(written.path()) == read(patched.path()), "{arguments:?}: {}", name.display());
        }
        let again = run(arguments, &["--diff", "."], written.path());
        assert!(again.is_empty(), "{arguments:?} a second time:\n{}", String::from_utf8_lossy(&again));
    }
}

fn copy(lists: &Path) -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a folder is made");
    for entry in std::fs::read_dir(lists).expect("the folder is readable") {
        let path = entry.expect("the entry is readable").path();
        if path.extension().is_some_and(|extension| extension == "md") {
            let copy = folder.path().join(path.file_name().expect("a file has a name"));
            std::fs::write(copy, std::fs::read(&path).expect("the list is readable")).expect("the copy is written");
        }
    }
    folder
}

fn run(arguments: &[&str], more: &[&str], folder: &Path) -> Vec<u8> {
    let mut command = Command::new(env!("CARGO_BIN_EXE_tablewright"));
    command.args(arguments).args(more).current_dir(folder);
    let output = command.output().expect("the program runs");
    assert!(output.status.code().is_some_and(|code| code < 2), "{}", String::from_utf8_lossy(&output.stderr));
    output.stdout
}

/// Whenever the program is killed, each file holds its old text or its new one.
#[cfg(unix)]
#[test]
fn a_killed_run_leaves_old_or_new_files() {
    let old = format!("| Name | Note |\n| ---- | ---- |\n{}", "| a | b\n".repeat(20_000));
    let folder = tempfile::tempdir().expect("a folder is made");
    let path = folder.path().join("list.md");
    let start = || {
        std::fs::write(&path, &old).expect("the list is written");
        let mut command = Command::new(env!("CARGO_BIN_EXE_tablewright"));
        command.args(["fmt", "--style", "compact", "-q", "list.md"]).current_dir(folder.path());
        command.spawn().expect("the program runs")
    };
    let begun = std::time::Instant::now();
    start().wait().expect("the program ends");
    let whole_run = begun.elapsed();
    let new = std::fs::read_to_string(&path).expect("the list is readable");
    assert!(new != old);
    let mut changed = 0;
    for step in 0..40 {
        let mut child = start();
        // The last one may live.
        if step < 39 {
            std::thread::sleep(whole_run * step / 25);
            let _ = child.kill();
        }
        child.wait().expect("the program ends");
        let text = std::fs::read_to_string(&path).expect("the list is readable");
        assert!(text == old || text == new, "killed at step {step}, the list is neither old nor new");
        changed += usize::from(text == new);
    }
    assert!(changed > 0, "the last run changed nothing");
}

/// A full disk, as far as a test can have one: a limit to the size of files.
#[cfg(unix)]
#[test]
fn a_failed_write_leaves_the_old_file_and_says_so() {
    let folder = tempfile::tempdir().expect("a folder is made");
    let old = format!("| Name | Note |\n| ---- | ---- |\n{}", "| a | b\n".repeat(2_000));
    std::fs::write(folder.path().join("list.md"), &old).expect("the list is written");
    let mut shell = Command::new("sh");
    shell.args(["-c", "trap '' XFSZ; ulimit -f 8; exec \"$0\" fmt -q list.md", env!("CARGO_BIN_EXE_tablewright")]);
    let output = shell.current_dir(folder.path()).output().expect("there is a shell");
    assert_eq!(output.status.code(), Some(2));
    assert_eq!(String::from_utf8_lossy(&output.stderr), "cannot write list.md: file too large\n");
    assert_eq!(std::fs::read_to_string(folder.path().join("list.md")).expect("it is readable"), old);
    assert_eq!(std::fs::read_dir(folder.path()).expect("the folder is readable").count(), 1, "nothing is left beside");
}
