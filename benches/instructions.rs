//! Instructions for each byte of a list, counted by valgrind: the same on every machine, however busy it is. `cargo bench` prints them.
//!
//! What the program does as a whole is counted of the program; what the library does by itself, of this bench, which runs itself again.

#![expect(clippy::print_stdout, reason = "a bench says what it counted")]

use std::fmt::Write;
use std::path::Path;
use std::process::{Command, Stdio};

use tablewright::fix::Applicability;
use tablewright::format::{self, FormatOptions};
use tablewright::lint::{self, Settings};
use tablewright::rules;
use tablewright::source::Source;
use tablewright::table::Document;

/// The rows of the list: about a megabyte.
const ROWS: usize = 5_000;

const TABLE_ROWS: usize = 60;

/// The year that findings are made in.
const YEAR: u16 = 2026;

fn main() {
    let arguments: Vec<String> = std::env::args().collect();
    if let [_, act, path] = arguments.as_slice()
        && act != "--bench"
    {
        return by_itself(act, path);
    }
    let folder = tempfile::tempdir().expect("a folder is made");
    let write = |name: &str, text: &str| {
        let path = folder.path().join(name);
        std::fs::write(&path, text).expect("the file is written");
        path
    };
    let text = list(ROWS);
    let (list, tiny) = (write("list.md", &text), write("tiny.md", "# t\n\n| a |\n|---|\n| 1 |\n"));
    let program = Path::new(env!("CARGO_BIN_EXE_tablewright"));
    let own = std::env::current_exe().expect("the bench has a path");
    let start = count(program, &["check"], &tiny);
    println!("{:24} {start:>12} instructions", "start-up");
    for (name, binary, words) in [
        ("check", program, vec!["check"]),
        ("fmt --check", program, vec!["fmt", "--check"]),
        ("check --fix --diff", program, vec!["check", "--fix", "--diff"]),
        ("library: parse", own.as_path(), vec!["parse"]),
        ("library: check", own.as_path(), vec!["check"]),
        ("library: fix", own.as_path(), vec!["fix"]),
        ("library: format", own.as_path(), vec!["format"]),
    ] {
        let instructions = count(binary, &words, &list);
        println!("{name:24} {instructions:>12} instructions, {} a byte", instructions / text.len());
    }
}

/// Does one thing to a file, for valgrind to count.
fn by_itself(act: &str, path: &str) {
    let source = Source::new(path, std::fs::read_to_string(path).expect("the file is readable"));
    let settings = Settings::new(&rules::defaults(), YEAR);
    let seen = match act {
        "parse" => Document::parse(&source).tables.len(),
        "check" => lint::check(&source, &settings).findings.len(),
        "fix" => lint::fix(source, &settings, Applicability::Safe).applied.len(),
        _ => format::document(&source, &FormatOptions::default()).edits.len(),
    };
    std::hint::black_box(seen);
}

fn count(binary: &Path, words: &[&str], path: &Path) -> usize {
    let run = Command::new("valgrind")
        .args(["--tool=callgrind", "--callgrind-out-file=/dev/null"])
        .arg(binary)
        .args(words)
        .arg(path)
        .stdout(Stdio::null())
        .output()
        .expect("valgrind is installed");
    let told = String::from_utf8_lossy(&run.stderr);
    let number = told.split("Collected : ").nth(1).and_then(|rest| rest.split_whitespace().next());
    number.and_then(|number| number.parse().ok()).unwrap_or_else(|| panic!("valgrind counts: {told}"))
}

/// A list of papers in tables, with a slip here and there.
fn list(rows: usize) -> String {
    let words = [
        "Retrieval",
        "Grounding",
        "Detection",
        "Reasoning",
        "Navigation",
        "Planning",
        "Tracking",
        "Decoding",
        "Memory",
    ];
    let mut state = 7_usize;
    let mut next = |below: usize| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) % below
    };
    let mut text = String::from("# Awesome papers\n\nA list.\n");
    for row in 0..rows {
        if row % TABLE_ROWS == 0 {
            let _ = write!(
                text,
                "\n## Part {}\n\n| Year | Title | Paper | Code |\n| --- | --- | --- | --- |\n",
                row / TABLE_ROWS
            );
        }
        let year = 2025 - row % TABLE_ROWS / 8;
        let title: Vec<&str> = (0..7).map(|_| words[next(words.len())]).collect();
        let paper = format!("https://arxiv.org/abs/{:02}{:02}.{:05}", year % 100, 1 + next(12), next(100_000));
        let code = format!("[code](https://github.com/org{}/repository{})", next(90), next(9000));
        let closing = if row % 97 == 0 { "" } else { " |" };
        let _ = writeln!(text, "| {year} | {} {row} | [paper]({paper}) | {code}{closing}", title.join(" "));
    }
    text
}
