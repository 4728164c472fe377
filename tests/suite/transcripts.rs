//! Runs the console transcripts of `tests/cli/*.md` with the built binary; `tests/cli/README.md` says how they read.

use std::fmt::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// Every page's commands say what the page says. With `TABLEWRIGHT_UPDATE=1` the pages are rewritten to what the commands say.
#[cfg(unix)]
#[test]
fn the_binary_speaks_as_transcribed() {
    let update = std::env::var_os("TABLEWRIGHT_UPDATE").is_some_and(|value| value == "1");
    let mut faults = String::new();
    for page in pages() {
        let expected = std::fs::read_to_string(&page).expect("the page is readable");
        let name = page.file_stem().expect("a page has a name").to_string_lossy().into_owned();
        let actual = rerun(&expected, &workspace(&name));
        if update {
            std::fs::write(&page, actual).expect("the page is writable");
        } else if expected != actual {
            let diff = similar::TextDiff::from_lines(&expected, &actual);
            let _ = writeln!(faults, "{}", diff.unified_diff().header("the page", "the binary").context_radius(3));
        }
    }
    assert!(faults.is_empty(), "set TABLEWRIGHT_UPDATE=1 to accept and read the diff:\n{faults}");
}

/// What cannot be shown to root, for whom every file is readable.
#[cfg(unix)]
#[test]
fn an_unreadable_file_is_named_and_the_others_are_checked() {
    use std::os::unix::fs::PermissionsExt;
    let folder = workspace("check");
    let path = folder.path().join("clean.md");
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o000)).expect("permissions are taken");
    if std::fs::read(&path).is_ok() {
        return;
    }
    let output = run("tablewright check --select empty-row -q clean.md tools.md", folder.path());
    assert_eq!(output.status.code(), Some(2));
    assert_eq!(String::from_utf8_lossy(&output.stderr), "cannot read clean.md: permission denied\n");
    assert!(String::from_utf8_lossy(&output.stdout).contains("tools.md:"));
}

/// The pages, in the order of their names.
fn pages() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cli");
    let entries = std::fs::read_dir(folder).expect("there are transcripts");
    let paths = entries.map(|entry| entry.expect("the entry is readable").path());
    let is_page =
        |path: &PathBuf| path.extension().is_some_and(|extension| extension == "md") && !path.ends_with("README.md");
    let mut pages: Vec<PathBuf> = paths.filter(is_page).collect();
    pages.sort();
    assert!(!pages.is_empty(), "there are transcripts");
    pages
}

/// A copy of `fixtures/cli/<name>` to run in; empty where there is no such folder.
pub(crate) fn workspace(name: &str) -> tempfile::TempDir {
    let copy = tempfile::tempdir().expect("a folder is made");
    let fixture = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/cli").join(name);
    if fixture.is_dir() {
        copy_folder(&fixture, copy.path());
    }
    copy
}

fn copy_folder(from: &Path, to: &Path) {
    for entry in std::fs::read_dir(from).expect("the folder is readable") {
        let entry = entry.expect("the entry is readable");
        let target = to.join(entry.file_name());
        if entry.file_type().expect("the entry has a type").is_dir() {
            std::fs::create_dir(&target).expect("the folder is made");
            copy_folder(&entry.path(), &target);
        } else {
            std::fs::copy(entry.path(), target).expect("the file is copied");
        }
    }
}

/// The page with what its commands say now.
fn rerun(page: &str, folder: &tempfile::TempDir) -> String {
    let mut text = String::new();
    let mut is_console = false;
    for line in page.split_inclusive('\n') {
        match line.trim_end() {
            "```console" => is_console = true,
            "```" => is_console = false,
            _ => {}
        }
        if !is_console || line.starts_with("```") {
            text.push_str(line);
        } else if let Some(command) = line.strip_prefix("$ ") {
            text.push_str(line);
            text.push_str(&said(&run(command.trim_end(), folder.path())));
        }
    }
    text
}

/// Runs one line of shell where `tablewright` is the built binary and nothing else of our environment is seen.
pub(crate) fn run(command: &str, folder: &Path) -> std::process::Output {
    let binary = Path::new(env!("CARGO_BIN_EXE_tablewright"));
    let own = std::env::var_os("PATH").unwrap_or_default();
    let folders = binary.parent().map(Path::to_owned).into_iter().chain(std::env::split_paths(&own));
    let path = std::env::join_paths(folders).expect("the paths can be joined");
    let mut shell = Command::new("sh");
    shell.args(["-c", command]).current_dir(folder).env_clear().env("PATH", path).stdin(Stdio::null());
    shell.output().expect("there is a shell")
}

/// What a command wrote to standard output, then to standard error, then its status.
fn said(output: &std::process::Output) -> String {
    let mut text = String::new();
    for line in String::from_utf8_lossy(&output.stdout).lines() {
        let _ = writeln!(text, "{line}");
    }
    for line in String::from_utf8_lossy(&output.stderr).lines() {
        let _ = writeln!(text, "{}", format!("2> {line}").trim_end());
    }
    match output.status.code() {
        Some(0) => {}
        Some(code) => {
            let _ = writeln!(text, "? {code}");
        }
        None => text.push_str("? killed\n"),
    }
    text
}
