//! Fixing keeps its promises on real lists and on generated documents, and its diff is what it writes.

use std::path::Path;
use std::process::Command;

use proptest::prelude::*;
use tablewright::fix::Applicability;
use tablewright::lint::{self, Settings};
use tablewright::rules::by_name;
use tablewright::source::Source;

use crate::case_page::in_package;
use crate::corpus::CURRENT_YEAR;
use crate::promises::fix::check;
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

#[test]
fn however_many_brackets_are_surplus_one_pass_takes_them_out() {
    for behind in [")", "}"] {
        let link = format!("[a](https://e.org){}", behind.repeat(120));
        check(&Source::new("list.md", format!("| a |\n|---|\n| {link} |\n| {link} b |\n")));
    }
    check(&Source::new(
        "list.md",
        format!("| a |\n|---|\n| [a](https://e.}}{}org/b https://e.org/bb) |\n", "}".repeat(120)),
    ));
}
