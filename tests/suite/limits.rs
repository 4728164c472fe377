//! No depth overflows the stack, and no text takes much more than its own size; `docs/limits.md` has what is limited, `tests/cli/limits.md` meets it.

use std::fmt::Write;

use tablewright::fix::Applicability;
use tablewright::format::{self, FormatOptions};
use tablewright::lint::{self, Settings};
use tablewright::rules::ALL;
use tablewright::source::Source;
use tablewright::table::Document;

use crate::corpus::CURRENT_YEAR;

/// As deep as no author goes.
const DEPTH: usize = 2_000;

/// An eighth of what threads have: a hundred bytes for each step down.
const STACK_BYTES: usize = 1 << 18;

#[test]
fn no_depth_overflows_the_stack() {
    let cell = |content: String| format!("| a | b |\n| - | - |\n| {content} | b |\n");
    let pairs = |open: &str, close: &str| cell(format!("{}x{}", open.repeat(DEPTH), close.repeat(DEPTH)));
    let lines = |prefix: &str, further: &str| format!("{prefix}| a | b |\n{further}| - | - |\n{further}| 1 | 2 |\n");
    for text in [
        lines(&">".repeat(10 * DEPTH), &">".repeat(10 * DEPTH)),
        lines(&"- ".repeat(1_000), &"  ".repeat(1_000)),
        lines(&"1. > ".repeat(500), &"   > ".repeat(500)),
        format!("{}\n| a |\n| - |\n| 1 |\n", "<details>\n".repeat(DEPTH)),
        pairs("[", "](https://example.org)"),
        pairs("![", "](https://example.org)"),
        pairs("[", "]"),
        pairs("(", ")"),
        cell(format!("[x](https://example.org/{}{})", "(".repeat(DEPTH), ")".repeat(DEPTH))),
        pairs("<a href=\"https://example.org\">", "</a>"),
        pairs("<b>", "</b>"),
        pairs("*", "*"),
        pairs("**a _", "_**"),
        pairs("~~", "~~"),
        pairs("<!--", "-->"),
        cell("[a] (https://example.org ".repeat(DEPTH)),
    ] {
        let text: &'static str = text.leak();
        let thread = std::thread::Builder::new().stack_size(STACK_BYTES).spawn(move || do_everything(text));
        thread.expect("there are threads").join().expect("nothing panics");
    }
}

fn do_everything(text: &str) {
    let settings = Settings::new(ALL, CURRENT_YEAR);
    let _ = lint::fix(Source::new("deep.md", text), &settings, Applicability::Unsafe);
    let _ = format::document(&Source::new("deep.md", text), &FormatOptions::default());
}

/// A table of so many columns, whose rows have one cell.
fn short_rows(columns: usize, rows: usize) -> String {
    format!("|{}\n|{}\n{}", "a|".repeat(columns), "-|".repeat(columns), "|x|\n".repeat(rows))
}

#[test]
fn a_table_ends_where_the_parser_of_github_ends_it() {
    let mut text = String::from("# One\n\n");
    text.push_str(&short_rows(1_001, 510));
    // In what follows, a table; and it ends, too.
    let _ = write!(text, "| a | b |\n| - | - |\n| 1 | 2 |\n\n> {}", short_rows(2_000, 260).replace('\n', "\n> "));
    text.push_str("\n\n- # Two\n\n  ");
    text.push_str(&short_rows(1_500, 400).replace('\n', "\n  "));
    text.push_str("| a |\n  |-|-|\n  | b |\n  | - |\n\ntext\n");
    let source = Source::new("short.md", text);
    let (ours, whole) = (Document::parse_rows(&source), Document::parse_rows_of_whole_text(&source));
    let tables = |document: &Document<'_>| -> Vec<_> {
        document.tables.iter().map(|table| (table.header().line_number(), table.body_len(), table.width())).collect()
    };
    assert_eq!(tables(&ours), tables(&whole));
    assert_eq!(ours.blocks, whole.blocks);
    assert_eq!(tables(&ours)[0], (3, 501, 1_001));
    assert_eq!(tables(&ours).len(), 4);
}

/// Were the cells made up that the rows lack, these would take gigabytes.
#[test]
fn many_tables_of_short_rows_take_no_more_than_their_size() {
    let tables = |text: String| Document::parse_rows(&Source::new("short.md", text)).tables.len();
    let table = short_rows(1_000, 510);
    assert_eq!(tables(format!("{table}\n").repeat(100)), 100);
    // Here only the parser knows what is a table, and it makes them up, but not all.
    assert_eq!(tables(format!("[^1]: note\n\n{}", format!("{table}\n").repeat(100))), 1);
    let without_opening_pipes = table.replace("\n|", "\n").replacen('|', "", 1);
    assert_eq!(tables(format!("{without_opening_pipes}\n").repeat(100)), 1);
}

/// Were the whole address looked at each time, these would take minutes.
#[test]
fn references_that_share_an_address_take_no_more_than_their_size() {
    for end in ["a", "%20"] {
        let address = format!("https://example.org/{}", end.repeat(100_000));
        let text = format!("[r]: {address}\n\n| a | b |\n| - | - |\n{}", "| [x.org][r] | b |\n".repeat(1_000));
        let _ = lint::check(&Source::new("references.md", text), &Settings::new(ALL, CURRENT_YEAR));
    }
}

/// Were what stands before or behind a bracket looked at again for each of them, these would take minutes.
#[test]
fn what_looks_like_a_definition_is_looked_at_once() {
    let many = |text: &str| text.repeat(100_000 / text.len());
    for text in [
        many("[a]: "),
        many("[a\n"),
        many("\\[]: "),
        many("[\\]:"),
        many("\\"),
        many("]:"),
        many("[a]: u 'x\n\n"),
        many("[a]: u \"x\n\n[a]: u (x\n\n"),
        many("[a]: u\n'x\n"),
        many("[a]: u\n[b\nc]:\nv\n'x'\n"),
        many("[^1]: "),
        many("> "),
        many("- [a]: u\n  > [b]:\n"),
        many("[a]: <"),
    ] {
        for before in ["> [", &many("- "), &many("[^1]: ")] {
            let text = format!("| a |\n|---|\n\n{before}{text}]: u\n");
            let _ = Document::parse(&Source::new("definitions.md", text));
        }
    }
}

/// Were the places of all that follows moved for each footnote, this would take minutes.
#[test]
fn footnotes_that_nothing_refers_to_take_no_more_than_their_size() {
    let mut text = String::new();
    for number in 0..20_000 {
        let _ = write!(text, "[^{number}]: note\n\ntext\n\n| a |\n|---|\n\n");
    }
    let source = Source::new("notes.md", text);
    let document = Document::parse(&source);
    assert_eq!((document.tables.len(), document.blocks.len()), (20_000, 20_000));
}
