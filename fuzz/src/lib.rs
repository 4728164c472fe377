//! What the fuzz targets check of a text: the promises that the tests check, too.

#[path = "../../tests/suite/promises/mod.rs"]
mod promises;

use tablewright::format::{FormatOptions, Style};
use tablewright::report::FileReport;
use tablewright::source::Source;

/// The name of every list here.
const NAME: &str = "list.md";

/// The bytes as a list. Those that are no UTF-8 become U+FFFD, so that every input is worth something.
fn source(data: &[u8]) -> Source {
    Source::new(NAME, String::from_utf8_lossy(data))
}

/// Target `table`: tables, rows, cells and links are comrak's, whether it reads the whole text or the skeleton.
pub fn table(data: &[u8]) {
    promises::table::check(&source(data));
}

/// Target `fmt`: the last byte says how tables are to look, the others are the list.
pub fn fmt(data: &[u8]) {
    let Some((&last, text)) = data.split_last() else { return };
    let digits = [usize::from(last) % 3, usize::from(last) / 3 % 2, usize::from(last) / 6];
    let options = FormatOptions {
        style: [Style::Aligned, Style::Compact, Style::Keep][digits[0]],
        realign: digits[1] == 1,
        max_column_width: if digits[2] < 40 { digits[2] * 3 } else { usize::MAX },
    };
    let source = source(text);
    promises::format::check(&source, &promises::format::html(source.text()), &options);
}

/// Target `fix`: safe and unsafe fixes settle and lose nothing.
pub fn fix(data: &[u8]) {
    promises::fix::check(&source(data));
}

/// Target `check`: all rules, those too that are off by default, and every format of reports.
pub fn check(data: &[u8]) {
    let source = source(data);
    let checked = promises::check::check(&source);
    promises::report::check(&[FileReport { source, checked }]);
}

/// Target `directives`: comments silence what they say, and what they do not do can be taken out.
pub fn directives(data: &[u8]) {
    let source = source(data);
    promises::directives::check_subset(&source);
    promises::directives::check_region(&source);
    promises::directives::check_rows(&source);
    promises::directives::check_removal(source.text());
}

/// Target `config`: the text is `tablewright.toml`.
pub fn config(data: &[u8]) {
    let list = Source::new(NAME, include_str!("list.md"));
    promises::config::check(&Source::new("tablewright.toml", String::from_utf8_lossy(data)), &list);
}

/// Target `diff`: a diff of any bytes, taken back from what it says that the text is now; and the diff of the two halves of the input.
pub fn diff(data: &[u8]) {
    let is_new = |line: &&[u8]| !line.starts_with(b"-") && !line.starts_with(b"@@");
    let lines = data.split_inclusive(|&byte| byte == b'\n').filter(is_new);
    let new: Vec<&[u8]> =
        lines.map(|line| line.strip_prefix(b"+").or(line.strip_prefix(b" ")).unwrap_or(line)).collect();
    promises::changes::check_diff(data, &String::from_utf8_lossy(&new.concat()));
    let (old, new) = data.split_at(data.len() / 2);
    promises::changes::check_diff_of(&String::from_utf8_lossy(old), &String::from_utf8_lossy(new));
}

/// Target `baseline`: the text is a baseline.
pub fn baseline(data: &[u8]) {
    promises::changes::check_baseline(&String::from_utf8_lossy(data));
}
