//! The formatter's pages: each `before` comes out as its `after` blocks say, and keeps the formatter's promises.

use tablewright::fix::splice;
use tablewright::format::{self, FormatOptions, Style};
use tablewright::source::Source;

use crate::case_page::{Block, Page, in_package, is_updating, pages, report};
use crate::format_properties::check_all_styles;
use crate::promises::format::REALIGNED;

const BEFORE: &str = "before";
const AFTER: &str = "after";
/// In the place of `after`: nothing is to be done.
const UNCHANGED: &str = "unchanged";

#[test]
fn formatter_pages_tell_the_truth() {
    let failures: Vec<String> = pages("fixtures/format").into_iter().flat_map(failures).collect();
    report(&failures);
}

fn failures(mut page: Page) -> Vec<String> {
    let blocks = page.blocks.clone();
    let mut cases = 0;
    for (index, block) in blocks.iter().enumerate() {
        let last_case = blocks[..index].iter().rposition(|block| block.tag == BEFORE || block.tag == UNCHANGED);
        match (block.tag.as_str(), last_case.map(|index| &blocks[index])) {
            (BEFORE, _) => {
                cases += 1;
                check_all_styles(&Source::new(page.stem(), block.text.as_str()));
                if blocks.get(index + 1).is_none_or(|next| !next.tag.starts_with(AFTER)) {
                    let text = formatted(&block.text, &FormatOptions::default());
                    page.expect(block, AFTER, None, Some(&text));
                }
            }
            (UNCHANGED, _) => {
                cases += 1;
                check_all_styles(&Source::new(page.stem(), block.text.as_str()));
                check_after(&mut page, block, &block.text, &FormatOptions::default());
            }
            (tag, Some(case)) if case.tag == BEFORE => match options(tag) {
                Some(options) => check_after(&mut page, block, &case.text, &options),
                None => page.fail(block.line_number, format_args!("  `{tag}` is no kind of block")),
            },
            (tag, _) => page.fail(block.line_number, format_args!("  `{tag}` follows no `{BEFORE}` block")),
        }
    }
    if cases == 0 {
        page.fail(1, "  the page has no case");
    }
    page.finish()
}

fn check_after(page: &mut Page, after: &Block, before: &str, options: &FormatOptions) {
    let text = formatted(before, options);
    page.expect(after, &after.tag, Some(after), Some(&text));
}

/// The options that an `after` block names: `after compact`, `after realign`, `after limit 20`.
fn options(tag: &str) -> Option<FormatOptions> {
    let default = FormatOptions::default();
    let words: Vec<&str> = tag.split(' ').collect();
    match words[..] {
        [AFTER] => Some(default),
        [AFTER, "compact"] => Some(FormatOptions { style: Style::Compact, ..default }),
        [AFTER, "keep"] => Some(FormatOptions { style: Style::Keep, ..default }),
        [AFTER, "realign"] => Some(REALIGNED),
        [AFTER, "limit", limit] => Some(FormatOptions { max_column_width: limit.parse().ok()?, ..default }),
        _ => None,
    }
}

fn formatted(text: &str, options: &FormatOptions) -> String {
    splice(text, &format::document(&Source::new("page.md", text), options).edits)
}

/// Bytes that a page cannot show: `x.md` comes out as `x.formatted.md`.
#[test]
fn raw_pairs_come_out_byte_for_byte() {
    let entries = std::fs::read_dir(in_package("fixtures/raw")).expect("the folder is there");
    let names = entries.map(|entry| entry.expect("the entry is readable").file_name().to_string_lossy().into_owned());
    let mut stems: Vec<String> = names
        .filter(|name| name != "README.md")
        .filter_map(|name| name.strip_suffix(".md").map(str::to_owned))
        .filter(|stem| !stem.ends_with(".formatted"))
        .collect();
    stems.sort();
    assert!(!stems.is_empty(), "there are pairs");
    let mut failures = Vec::new();
    for stem in stems {
        let read = |path: &str| std::fs::read_to_string(in_package(path)).unwrap_or_default();
        let text = read(&format!("fixtures/raw/{stem}.md"));
        check_all_styles(&Source::new(stem.clone(), text.as_str()));
        let expected_path = format!("fixtures/raw/{stem}.formatted.md");
        let (expected, comes) = (read(&expected_path), formatted(&text, &FormatOptions::default()));
        if expected == comes {
            continue;
        }
        if is_updating() {
            std::fs::write(in_package(&expected_path), comes).expect("the file is writable");
        } else {
            failures.push(format!("{expected_path}\n  says {expected:?}\n  and it comes to {comes:?}"));
        }
    }
    report(&failures);
}
