//! A summary as Markdown, for the summary of a job or the text of an issue.
//!
//! Whatever comes from a file is either words that Markdown and GitHub see nothing in, or stands in a code span: no markup, link, mention,
//! reference to an issue or commit, address or emoji comes of it.

use std::cmp::Reverse;
use std::fmt::Write;

use super::github::shortened;
use super::repository::Repository;
use super::safe::{self, Safe};
use super::{FileReport, Item, Summary, Unit, advice, all_places, counted, counted_by_severity, items, rule_url};

/// Where the table ends, in bytes. GitHub takes no summary of more than 1 MiB.
const LONGEST: usize = 1_000_000;

/// The longest text of a cell, in characters.
const LONGEST_CELL: usize = 500;

/// What was looked at, and a table of the findings, the most severe first.
#[must_use]
pub fn render(files: &[FileReport], summary: &Summary, repository: &Repository) -> String {
    let places = all_places(Unit::Character, files);
    let mut all: Vec<Item<'_>> = items(files, &places).collect();
    all.sort_by_key(|item| Reverse(item.diagnostic().severity));
    let mut text = format!("### tablewright\n\n{}\n", sentence(summary));
    if all.is_empty() {
        return text;
    }
    text.push_str("\n| severity | place | finding | what to do | rule |\n| --- | --- | --- | --- | --- |\n");
    let mut shown = 0;
    for &item in &all {
        let row = row(item, repository);
        if text.len() + row.len() > LONGEST {
            break;
        }
        text.push_str(&row);
        shown += 1;
    }
    let rest = &all[shown..];
    if !rest.is_empty() {
        let kinds = counted_by_severity(rest.iter().map(|item| item.diagnostic()));
        let verb = if rest.len() == 1 { "is" } else { "are" };
        let count = counted(rest.len(), "more finding");
        let _ = writeln!(text, "\n{count} {verb} not shown here, for want of room: {kinds}.");
    }
    text
}

/// The summary as a sentence of its own.
fn sentence(summary: &Summary) -> String {
    let text = summary.to_string();
    let text = text.replace("--fix --unsafe-fixes", "`--fix --unsafe-fixes`");
    let text = if text.contains('`') { text } else { text.replace("--unsafe-fixes", "`--unsafe-fixes`") };
    let text = if text.contains("`--fix ") { text } else { text.replace("--fix", "`--fix`") };
    format!("{}{}.", text[..1].to_uppercase(), &text[1..])
}

fn row(item: Item<'_>, repository: &Repository) -> String {
    let diagnostic = item.diagnostic();
    let path = item.source().path();
    let line = item.places.position(diagnostic.span.start()).line;
    let place = code(&format!("{}:{line}", shortened(path, LONGEST_CELL)));
    let place = repository.url(path, line).map_or_else(|| place.clone(), |url| format!("[{place}]({url})"));
    let message = inline(shortened(&diagnostic.message, LONGEST_CELL));
    let advice = advice(diagnostic).map_or_else(String::new, |advice| inline(shortened(&advice, LONGEST_CELL)));
    let (severity, rule, url) = (diagnostic.severity.name(), diagnostic.rule, rule_url(diagnostic.rule));
    format!("| {severity} | {place} | {message} | {advice} | [`{rule}`]({url}) |\n")
}

/// Text on one line, also in the cell of a table, with every word that could be more than a word in a code span.
///
/// Code that the text itself puts between backticks becomes a span as a whole.
#[must_use]
pub fn inline(text: &str) -> String {
    let safe = Safe::new(text);
    let text = safe.as_str();
    let mut line = Line::default();
    let is_paired = !text.contains("``") && memchr::memchr_iter(b'`', text.as_bytes()).count().is_multiple_of(2);
    if is_paired {
        for (index, part) in text.split('`').enumerate() {
            if index % 2 == 1 { line.push_code(part) } else { line.push_words(part) }
        }
    } else {
        line.push_words(text);
    }
    line.finish()
}

/// A line of Markdown that is being written: words, and code that is not yet put between backticks, since more may follow.
#[derive(Default)]
struct Line {
    text: String,
    code: String,
    /// Whether a blank stands before what follows.
    has_blank: bool,
}

impl Line {
    fn push_words(&mut self, text: &str) {
        for (index, word) in text.split(' ').enumerate() {
            self.has_blank |= index > 0;
            if word.is_empty() {
                continue;
            }
            if is_plain(word) {
                self.end_code();
                self.end_blank();
                self.text.push_str(word);
            } else {
                if !self.code.is_empty() && std::mem::take(&mut self.has_blank) {
                    self.code.push(' ');
                }
                self.push_code(word);
            }
        }
    }

    fn push_code(&mut self, code: &str) {
        if self.has_blank {
            self.end_code();
            self.end_blank();
        }
        // What is joined here could be a command again.
        code.chars().for_each(|char| safe::push(&mut self.code, char));
    }

    fn end_code(&mut self) {
        if !self.code.is_empty() {
            self.text.push_str(&code(&std::mem::take(&mut self.code)));
        }
    }

    fn end_blank(&mut self) {
        if std::mem::take(&mut self.has_blank) && !self.text.is_empty() {
            self.text.push(' ');
        }
    }

    fn finish(mut self) -> String {
        self.end_code();
        self.text
    }
}

/// Whether neither Markdown nor GitHub sees anything in a word: letters or digits between marks that only punctuate.
fn is_plain(word: &str) -> bool {
    let core = word.trim_start_matches(['"', '\'', '(', '“', '‘', '„', '«']);
    let core = core.trim_end_matches(['"', '\'', ')', '”', '’', '»', ',', ';', ':', '.', '?', '…']);
    let is_number = !core.is_empty() && core.bytes().all(|byte| byte.is_ascii_digit());
    // `1.` could begin a list.
    if is_number {
        return !word.ends_with(['.', ')']);
    }
    // `GH-1` and seven hexadecimal digits are references.
    let letters = |part: &str| !part.is_empty() && part.chars().all(char::is_alphabetic);
    let is_compound = core.split(['-', '\'', '’']).all(letters);
    let is_hash = core.len() >= 7 && core.bytes().all(|byte| byte.is_ascii_hexdigit());
    core.is_empty()
        || ["—", "–"].contains(&core)
        || (core.chars().all(char::is_alphanumeric) || is_compound) && !is_hash
}

/// Text as a code span, also in the cell of a table.
fn code(text: &str) -> String {
    let safe = Safe::new(text);
    let mut text = safe.as_str().to_owned();
    let mut longest = longest_run(&text);
    // Longer fences are none: parsers give up on them.
    if longest > MAX_RUN {
        text = text.replace('`', "\\u{60}");
        longest = 0;
    }
    let fence = "`".repeat(longest + 1);
    let is_edged = text.starts_with('`') || text.ends_with('`') || text.starts_with(' ') && text.ends_with(' ');
    let blank = if is_edged { " " } else { "" };
    // Even in a code span, a pipe would end the cell.
    format!("{fence}{blank}{}{blank}{fence}", text.replace('|', "\\|"))
}

/// The longest run of backticks that a code span may hold.
const MAX_RUN: usize = 8;

fn longest_run(text: &str) -> usize {
    let (longest, _) = text.bytes().fold((0, 0), |(longest, run), byte| {
        let run = if byte == b'`' { run + 1 } else { 0 };
        (longest.max(run), run)
    });
    longest
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expected: &str) {
        assert_eq!(inline(text), expected);
    }

    #[test]
    fn plain_words_stay_as_they_are() {
        check("this row has 4 cells, the header has 5", "this row has 4 cells, the header has 5");
        check("\"Mutual Attention\" is listed twice: 2022, 2021", "\"Mutual Attention\" is listed twice: 2022, 2021");
        check(" a  —  b ", "a — b");
        check("日本語 isn't well-known…", "日本語 isn't well-known…");
    }

    #[test]
    fn what_could_be_more_is_code() {
        check("ask @somebody about #12", "ask `@somebody` about `#12`");
        check("see https://example.com/a_b_c now", "see `https://example.com/a_b_c` now");
        check("www.example.com, a@b.cd", "`www.example.com, a@b.cd`");
        check("GH-1 o/r#1 0123abc :tada:", "`GH-1 o/r#1 0123abc :tada:`");
        check("<img src=x> ![a](b) **bold**", "`<img src=x> ![a](b) **bold**`");
        check("1. one", "`1.` one");
        check("a | b \\ c", "a `\\|` b `\\` c");
        check("$x$ &amp; ~~no~~", "`$x$ &amp; ~~no~~`");
    }

    #[test]
    fn code_in_the_text_is_code() {
        check("escape it as `\\|`, please", "escape it as `\\\\|`, please");
        check("`a b`, (`c`) and ` d", "`` `a b`, (`c`) `` and `` ` `` d");
        check("`##`[error]x", "`##\\[error]x`");
    }
}
