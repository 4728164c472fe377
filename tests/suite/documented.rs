//! Runs the commands that the README and the manual show.
//!
//! The `console` blocks of a page run one after another in one copy of `fixtures/cli/documented`, which is a repository. A command has to end with 0
//! or 1; what is shown below it has to be what it says. A block that cannot run says why: `<!-- not run: needs a release -->` stands before it.

#![cfg(unix)]

use std::fmt::Write;
use std::path::{Path, PathBuf};

use crate::case_page::{in_package, is_updating};
use crate::transcripts::{run, workspace};

/// Each command does what its page says. With `TABLEWRIGHT_UPDATE=1` what is shown is rewritten to what commands say.
#[test]
fn documented_commands_work() {
    let mut faults = String::new();
    for path in pages() {
        let page = std::fs::read_to_string(&path).expect("the page is readable");
        let current = rerun(&page, &path, &mut faults);
        if is_updating() {
            std::fs::write(&path, current).expect("the page is writable");
        } else if current != page {
            let diff = similar::TextDiff::from_lines(&page, &current);
            let _ = writeln!(faults, "{}", diff.unified_diff().header(&path.to_string_lossy(), "the binary"));
        }
    }
    assert!(faults.is_empty(), "{faults}");
}

/// No block of commands goes by unseen: it is run, or says why not.
#[test]
fn blocks_that_do_not_run_say_why() {
    for path in pages() {
        let page = std::fs::read_to_string(&path).expect("the page is readable");
        let is_readme = path.ends_with("README.md");
        let mut shell_blocks = 0;
        for block in blocks(&page) {
            let place = format!("{}:{}", path.display(), block.line_number);
            match block.language {
                "console" => {}
                // The first commands that readers try; `.ci/run` runs them as they are.
                "sh" if is_readme => shell_blocks += 1,
                "yaml" => assert!(block.remark.starts_with("<!-- file: "), "{place}: which file is this?"),
                "markdown" | "text" | "toml" => {
                    assert!(
                        !block.lines.iter().any(|line| line.starts_with("$ ")),
                        "{place}: commands stand in `console`"
                    );
                }
                other => panic!("{place}: nothing here runs `{other}`"),
            }
            if let Some(reason) = block.remark.strip_prefix("<!-- not run:") {
                assert!(reason.trim_end_matches("-->").trim().len() > 10, "{place}: why is this not run?");
            }
        }
        assert_eq!(shell_blocks, if is_readme { 2 } else { 0 }, "{}", path.display());
    }
}

/// A fenced block.
struct Block<'p> {
    /// The line of its opening fence, from 1.
    line_number: usize,
    language: &'p str,
    /// The comment in the line before it, blank lines apart; empty where there is none.
    remark: &'p str,
    lines: Vec<&'p str>,
}

fn blocks(page: &str) -> Vec<Block<'_>> {
    let mut blocks = Vec::new();
    let mut open: Option<Block<'_>> = None;
    let mut remark = "";
    for (index, line) in page.lines().enumerate() {
        match (open.take(), line.strip_prefix("```")) {
            (Some(block), Some(_)) => blocks.push(block),
            (Some(mut block), None) => {
                block.lines.push(line);
                open = Some(block);
            }
            (None, Some(language)) => {
                open = Some(Block { line_number: index + 1, language, remark, lines: Vec::new() });
                remark = "";
            }
            (None, None) if line.starts_with("<!-- ") => remark = line,
            (None, None) if line.is_empty() => {}
            (None, None) => remark = "",
        }
    }
    assert!(open.is_none(), "a block is not closed");
    blocks
}

/// The page with what the commands of its blocks say now, where it shows what they say.
fn rerun(page: &str, path: &Path, faults: &mut String) -> String {
    let folder = workspace("documented");
    let setup = "git init -q -b main . && git config user.name Somebody && git config user.email somebody@example.org \
                 && git add lists && git commit -q -m tools && git update-ref refs/remotes/origin/main HEAD \
                 && git add . && git commit -q -m papers";
    assert!(run(setup, folder.path()).status.success(), "the repository is made");
    let mut lines: Vec<String> = page.lines().map(str::to_owned).collect();
    let runnable = |block: &Block<'_>| block.language == "console" && !block.remark.starts_with("<!-- not run:");
    let mut shift = 0;
    for block in blocks(page).iter().filter(|block| runnable(block)) {
        let current = rerun_block(block, &folder, |line, what| {
            let _ = writeln!(faults, "{}:{}: {what}", path.display(), block.line_number + line);
        });
        // The lines behind the opening fence, wherever earlier blocks have moved them.
        let start = block.line_number.saturating_add_signed(shift);
        lines.splice(start..start + block.lines.len(), current.iter().cloned());
        shift += isize::try_from(current.len()).expect("it is short")
            - isize::try_from(block.lines.len()).expect("it is short");
    }
    lines.join("\n") + "\n"
}

/// The lines of a block, with what commands say now where what they say is shown.
fn rerun_block(block: &Block<'_>, folder: &tempfile::TempDir, mut fault: impl FnMut(usize, String)) -> Vec<String> {
    let mut current = Vec::new();
    let mut lines = block.lines.iter().enumerate().peekable();
    while let Some((index, line)) = lines.next() {
        let Some(command) = line.strip_prefix("$ ") else {
            fault(index + 1, format!("this is below no command: {line}"));
            continue;
        };
        current.push((*line).to_owned());
        let output = run(command, folder.path());
        let said = [output.stdout, output.stderr].map(|stream| String::from_utf8_lossy(&stream).into_owned()).concat();
        if !matches!(output.status.code(), Some(0 | 1)) {
            fault(index + 1, format!("`{command}` ends with {:?}:\n{said}", output.status.code()));
        }
        if lines.peek().is_some_and(|(_, next)| !next.starts_with("$ ")) {
            current.extend(said.lines().map(str::to_owned));
            while lines.next_if(|(_, next)| !next.starts_with("$ ")).is_some() {}
        }
    }
    current
}

/// The README and the manual.
fn pages() -> Vec<PathBuf> {
    let entries = std::fs::read_dir(in_package("docs")).expect("there is a manual");
    let mut pages: Vec<PathBuf> = entries.map(|entry| entry.expect("the entry is readable").path()).collect();
    pages.retain(|page| page.extension().is_some_and(|extension| extension == "md"));
    pages.push(in_package("README.md"));
    pages.sort();
    pages
}
