//! `mojibake`: text that was read with the wrong character set and saved.

use super::{Check, Rule, shorten};
use crate::column::TypedDocument;
use crate::diagnostic::{Fault, Findings, RuleName, Severity};
use crate::fix::{Applicability, Edit, Fix};
use crate::misread::{Charset, Misread, evidence, misread};
use crate::source::Span;
use crate::table::{Cell, Row, Table};

pub(super) const RULE: Rule = Rule {
    name: RuleName("mojibake"),
    page: include_str!("../../rules/mojibake.md"),
    severity: Severity::Warning,
    fix: Some(Applicability::Unsafe),
    check: Check::Document(check),
    is_default: true,
};

fn check(typed: &TypedDocument<'_>, findings: &mut Findings) {
    let tables = &typed.document.tables;
    // What cannot be ASCII alone is mostly well read; a document without one certain place has none.
    let Some(charset) = tables.iter().find_map(|table| table.rows().find_map(|row| evidence(row.text()))) else {
        return;
    };
    for table in tables {
        for row in table.rows().filter(|row| !row.text().is_ascii()) {
            findings
                .report_together(faults(table, row, charset))
                .map(|finding| finding.help("restore the characters, and see that the editor reads the file as UTF-8"));
        }
    }
}

fn faults(table: &Table<'_>, row: Row<'_>, charset: Charset) -> Vec<Fault> {
    let in_cell = |cell: &Cell<'_>| {
        let start = table.source.span_of(cell.text).start();
        let text = cell.text;
        let pieces = outside_code(text, misread(text, Some(charset))).into_iter();
        pieces.map(move |piece| fault(text, start, piece)).collect::<Vec<Fault>>()
    };
    row.cells().iter().filter(|cell| !cell.text.is_ascii()).flat_map(in_cell).collect()
}

fn fault(text: &str, start: usize, piece: Misread) -> Fault {
    let span = Span::new(start + piece.range.start, start + piece.range.end);
    let was = match piece.meant.trim() {
        "" if piece.meant.is_empty() => "a mark of the byte order".to_owned(),
        "" => "a blank".to_owned(),
        meant => format!("\"{}\"", shorten(meant)),
    };
    let message =
        format!("\"{}\" was {was} before it was read as {}", shorten(&text[piece.range]), piece.charset.name());
    let fix = Fix::uncertain("restore the characters", [Edit::replace(span, piece.meant)]);
    Fault { span, message, fix: Some(fix) }
}

/// The pieces that do not stand between backticks: who writes of such text writes it as code.
fn outside_code(text: &str, mut pieces: Vec<Misread>) -> Vec<Misread> {
    let last = memchr::memrchr(b'`', text.as_bytes()).unwrap_or(0);
    let (mut ticks, mut end) = (0, 0);
    pieces.retain(|piece| {
        ticks += memchr::memchr_iter(b'`', &text.as_bytes()[end..piece.range.start]).count();
        end = piece.range.start;
        ticks % 2 == 0 || piece.range.end > last
    });
    pieces
}
