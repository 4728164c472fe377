//! `mojibake`: UTF-8 that was read in another character set, and saved.

use std::ops::Range;

use super::{Check, Rule, shorten};
use crate::column::TypedTable;
use crate::diagnostic::{Fault, Findings, RuleName, Severity};
use crate::fix::{Applicability, Edit, Fix};
use crate::source::Span;
use crate::table::{Definitions, Row, scan_links};
use charset::Charset;
use plausible::{Surroundings, is_common};

mod charset;
mod plausible;

pub(super) const RULE: Rule = Rule {
    name: RuleName("mojibake"),
    page: include_str!("../../../rules/mojibake.md"),
    severity: Severity::Warning,
    fix: Some(Applicability::Unsafe),
    check: Check::Table(check),
    is_default: true,
};

/// How often a text may have been read wrongly, one time after the other.
const MAX_TIMES: usize = 4;

fn check(typed: &TypedTable<'_>, findings: &mut Findings) {
    for row in typed.table.rows().filter(|row| !row.kinds().is_ascii() && may_hold_runs(*row)) {
        let readings = Charset::ALL.map(|charset| misread(typed, row, charset));
        // A set may fit by chance; the one that was used explains the most.
        let explained = |runs: &Vec<Run>| runs.iter().map(|run| run.span.len()).sum::<usize>();
        let reading = readings.into_iter().reduce(|a, b| if explained(&b) > explained(&a) { b } else { a });
        let faults = reading.into_iter().flatten().map(|run| fault(typed, &run));
        findings.report_together(faults.collect());
    }
}

/// Whether characters that are not ASCII stand side by side: one alone was read from one byte, which is no UTF-8.
fn may_hold_runs(row: Row<'_>) -> bool {
    let is_continued = |pair: &[u8]| !pair[0].is_ascii() && pair[1] >= 0xc0;
    let mut cells = row.cells().iter().filter(|cell| !cell.kinds.is_ascii());
    cells.any(|cell| cell.text.as_bytes().windows(2).any(is_continued))
}

/// The runs of a row that were read in a character set; none where nothing shows that any was.
fn misread(typed: &TypedTable<'_>, row: Row<'_>, charset: Charset) -> Vec<Run> {
    let mut runs = runs(typed, row, charset);
    let Some(times) = runs.iter().filter(|run| run.is_evident).map(|run| run.times).max() else { return Vec::new() };
    // The whole row was read wrongly: what alone could be meant is so no longer.
    for run in &mut runs {
        run.decode_up_to(times);
    }
    runs.retain(|run| run.is_evident || run.decoded.chars().all(is_common));
    runs
}

fn fault(typed: &TypedTable<'_>, run: &Run) -> Fault {
    let (written, meant) = (shorten(typed.table.slice(run.span)), shorten(&run.decoded));
    let name = run.charset.name();
    let message = if run.times == 1 {
        format!("`{written}` is `{meant}`, read as {name}")
    } else {
        format!("`{written}` is `{meant}`, read with the wrong character set {} times", run.times)
    };
    let fix = Fix::uncertain("restore the right characters", [Edit::replace(run.span, run.decoded.as_str())]);
    Fault { span: run.span, message, fix: Some(fix) }
}

/// Characters that can be UTF-8 read in another character set.
struct Run {
    span: Span,
    charset: Charset,
    decoded: String,
    /// How often it was read wrongly.
    times: usize,
    /// Whether what stands there makes no sense where it stands, and what it is decoded to does.
    is_evident: bool,
}

impl Run {
    /// Decodes it as often as it takes, and decides whether it is evident; `place` is where it stands in its cell.
    fn judged(mut self, written: &str, place: Range<usize>, surroundings: &Surroundings<'_>) -> Self {
        if !surroundings.are_odd(written, place.start, place.end) {
            return self;
        }
        while self.times < MAX_TIMES && surroundings.are_odd(&self.decoded, place.start, place.end) {
            let Some(again) = decode_again(&self.decoded) else { break };
            self.decoded = again;
            self.times += 1;
        }
        self.is_evident = surroundings.welcome(&self.decoded, place.start, place.end);
        self
    }

    /// Decodes as often as another run of the row was read wrongly, where that gives characters in use.
    fn decode_up_to(&mut self, times: usize) {
        let mut decoded = self.decoded.clone();
        for time in self.times..times {
            let Some(again) = decode_again(&decoded) else { break };
            if again.chars().all(is_common) {
                self.decoded.clone_from(&again);
                self.times = time + 1;
            }
            decoded = again;
        }
    }
}

/// The text whose UTF-8 bytes some character set shows as these characters; none where there is none.
fn decode_again(characters: &str) -> Option<String> {
    Charset::ALL.into_iter().find_map(|charset| {
        let bytes: Option<Vec<u8>> = characters.chars().map(|character| charset.byte(character)).collect();
        String::from_utf8(bytes?).ok()
    })
}

/// The runs of a row, in order, that can be UTF-8 read in a character set.
fn runs(typed: &TypedTable<'_>, row: Row<'_>, charset: Charset) -> Vec<Run> {
    let mut found = Vec::new();
    for cell in row.cells().iter().filter(|cell| !cell.kinds.is_ascii()) {
        let first = found.len();
        let base = cell.content.start();
        let mut surroundings = None;
        each_run(cell.text, charset, |characters, bytes| {
            let Some((part, decoded)) = without_marks(characters, bytes) else { return };
            let surroundings = surroundings.get_or_insert_with(|| Surroundings::new(cell.text));
            let start = typed.table.source.span_of(characters).start() - base;
            let place = start + part.start..start + part.end;
            let run = Run {
                span: Span::new(base + place.start, base + place.end),
                charset,
                decoded,
                times: 1,
                is_evident: false,
            };
            found.push(run.judged(&characters[part], place, surroundings));
        });
        let hidden = if found.len() > first { hidden(cell.text, base) } else { Vec::new() };
        for run in &mut found[first..] {
            let next = hidden.partition_point(|span| span.end() <= run.span.start());
            // Code shows what is, and may show mojibake.
            run.is_evident &= hidden.get(next).is_none_or(|span| !span.contains(run.span));
        }
    }
    found
}

/// Hands on the longest runs of two or more characters that all have a byte in a set, with their bytes.
fn each_run<'t>(text: &'t str, charset: Charset, mut take: impl FnMut(&'t str, &[u8])) {
    let mut bytes = Vec::new();
    let mut at = 0;
    while let Some(next) = text.as_bytes()[at..].iter().position(|byte| !byte.is_ascii()) {
        let start = at + next;
        at = text.len();
        bytes.clear();
        for (offset, character) in text[start..].char_indices() {
            let Some(byte) = charset.byte(character) else {
                at = start + offset;
                break;
            };
            bytes.push(byte);
        }
        if bytes.len() > 1 {
            take(&text[start..at], &bytes);
        }
        // What ended the run belongs to none.
        at += text[at..].chars().next().map_or(0, char::len_utf8);
    }
}

/// The part of a run that is UTF-8, as a range of its text, and what that is decoded to: all of it, or all but two marks at either end.
fn without_marks(characters: &str, bytes: &[u8]) -> Option<(Range<usize>, String)> {
    const MARKS: [char; 14] = ['\u{a0}', '“', '”', '„', '‘', '’', '‚', '«', '»', '‹', '›', '–', '—', '…'];
    let marks =
        |characters: &mut dyn Iterator<Item = char>| characters.take(2).take_while(|mark| MARKS.contains(mark)).count();
    let (before, behind) = (marks(&mut characters.chars()), marks(&mut characters.chars().rev()));
    let parts =
        (0..=before + behind).flat_map(|count| (0..=count.min(before)).map(move |front| (front, count - front)));
    for (front, back) in parts.filter(|&(_, back)| back <= behind) {
        let Some(part) = bytes.get(front..bytes.len() - back).filter(|part| part.len() >= 2) else { continue };
        if let Ok(decoded) = std::str::from_utf8(part) {
            let len = |marks: &mut dyn Iterator<Item = char>| marks.map(char::len_utf8).sum::<usize>();
            let start = len(&mut characters.chars().take(front));
            let end = characters.len() - len(&mut characters.chars().rev().take(back));
            return Some((start..end, decoded.to_owned()));
        }
    }
    None
}

/// Code spans and comments.
fn hidden(text: &str, base: usize) -> Vec<Span> {
    let mut hidden = Vec::new();
    scan_links(text, base, &Definitions::default(), &mut Vec::new(), &mut |span| {
        let text = &text[span.start() - base..span.end() - base];
        if text.starts_with('`') || text.starts_with("<!--") {
            hidden.push(span);
        }
    });
    hidden
}
