//! `conflict-marker`: a merge-conflict marker in or beside a table.

use super::{Check, Rule};
use crate::column::TypedDocument;
use crate::diagnostic::{Findings, RuleName, Severity};
use crate::table::{BlockKind, Document};

pub(super) const RULE: Rule = Rule {
    name: RuleName("conflict-marker"),
    page: include_str!("../../rules/conflict-marker.md"),
    severity: Severity::Error,
    fix: None,
    check: Check::Document(check),
    is_default: true,
};

fn check(typed: &TypedDocument<'_>, findings: &mut Findings) {
    let document = typed.document;
    for conflict in Conflicts::of(document).0.iter().filter(|conflict| conflict.is_near_table(document)) {
        let line = |number: usize| document.source.line(number);
        let finding = findings
            .report(line(conflict.opening), conflict.message())
            .help("keep the rows of one side or of both, and delete the marker lines");
        for (number, text) in [
            (conflict.base, "what both sides began with"),
            (conflict.separator, "the other side begins here"),
            (conflict.closing, "the conflict ends here"),
        ] {
            if let Some(number) = number {
                finding.label(line(number), text);
            }
        }
    }
}

/// The conflicts of a document, in the order of their lines.
///
/// Other rules ask here, so that what a marker does to the lines around it is not reported under their names as well.
#[derive(Debug)]
pub(super) struct Conflicts(Vec<Conflict>);

/// The marker lines that one conflict left, as numbers from 1.
#[derive(Debug)]
struct Conflict {
    opening: usize,
    base: Option<usize>,
    separator: Option<usize>,
    closing: Option<usize>,
    /// The last line that the markers change the meaning of: a line behind the closing one goes on with its block quote.
    last_changed: usize,
}

impl Conflicts {
    /// Whether a line is a marker.
    pub(super) fn mark(&self, line_number: usize) -> bool {
        self.at(line_number).is_some_and(|conflict| {
            [Some(conflict.opening), conflict.base, conflict.separator, conflict.closing].contains(&Some(line_number))
        })
    }

    /// Whether a line stands between markers, or is read otherwise because of them.
    pub(super) fn cover(&self, line_number: usize) -> bool {
        self.at(line_number).is_some_and(|conflict| line_number <= conflict.last_changed)
    }

    /// Whether two lines stand between the markers of one conflict.
    pub(super) fn cover_both(&self, upper: usize, lower: usize) -> bool {
        self.at(lower).is_some_and(|conflict| conflict.opening < upper && lower < conflict.last())
    }

    /// The last conflict that opens at or above a line.
    fn at(&self, line_number: usize) -> Option<&Conflict> {
        let next = self.0.partition_point(|conflict| conflict.opening <= line_number);
        next.checked_sub(1).map(|index| &self.0[index])
    }

    /// An opening marker with its separator or its closing marker, outside code, HTML and front matter.
    pub(super) fn of(document: &Document<'_>) -> Self {
        let source = document.source;
        if !document.holds_conflict_marker() {
            return Self(Vec::new());
        }
        let Some(first) = memchr::memmem::find(source.text().as_bytes(), b"<<<<<<<") else { return Self(Vec::new()) };
        let mut conflicts: Vec<Conflict> = Vec::new();
        let mut open: Option<Conflict> = None;
        for number in source.line_number(first)..=source.line_count() {
            let Some(marker) = marker(source.slice(source.line(number))) else { continue };
            if is_hidden(document, number) {
                continue;
            }
            match (marker, &mut open) {
                ('<', open) => conflicts.extend(open.replace(Conflict::opened(number))),
                ('|', Some(conflict)) if conflict.separator.is_none() => conflict.base = conflict.base.or(Some(number)),
                ('=', Some(conflict)) => conflict.separator = conflict.separator.or(Some(number)),
                ('>', Some(conflict)) => {
                    conflict.closing = Some(number);
                    conflicts.extend(open.take());
                }
                _ => {}
            }
        }
        conflicts.extend(open);
        conflicts.retain(|conflict| conflict.separator.is_some() || conflict.closing.is_some());
        let is_blank = |number: &usize| source.slice(source.line(*number)).trim().is_empty();
        let mut below: Option<(usize, usize)> = None;
        for conflict in conflicts.iter_mut().rev() {
            let until = below.map_or(source.line_count(), |(opening, _)| opening);
            let blank = (conflict.last()..=until).find(is_blank);
            conflict.last_changed = blank.unwrap_or(below.map_or(until, |(_, last_changed)| last_changed));
            below = Some((conflict.opening, conflict.last_changed));
        }
        Self(conflicts)
    }
}

impl Conflict {
    fn opened(opening: usize) -> Self {
        Self { opening, base: None, separator: None, closing: None, last_changed: opening }
    }

    fn last(&self) -> usize {
        self.closing.or(self.separator).unwrap_or(self.opening)
    }

    fn message(&self) -> String {
        let (Some(separator), Some(closing)) = (self.separator, self.closing) else {
            return "a merge conflict is half resolved: a marker was left behind".to_owned();
        };
        let ours = self.base.unwrap_or(separator) - self.opening - 1;
        let theirs = closing - separator - 1;
        format!("a merge conflict is unresolved: one side has {}, the other {theirs}", super::count(ours, "line"))
    }

    fn is_near_table(&self, document: &Document<'_>) -> bool {
        let (first, last) = (self.opening.saturating_sub(1), self.last() + 1);
        let next = document.tables.partition_point(|table| table.header().line_number() <= last);
        let table = next.checked_sub(1).map(|index| &document.tables[index]);
        let touches = table.and_then(|table| table.rows().next_back()).is_some_and(|row| first <= row.line_number());
        let source = document.source;
        touches
            || (first.max(1)..=last).any(|number| {
                let line = source.slice(source.line(number)).trim_start_matches([' ', '\t', '>']);
                line.starts_with('|') && marker(line).is_none()
            })
    }
}

/// The character of a marker line: seven of it, and behind them nothing or, after a blank, a name.
fn marker(line: &str) -> Option<char> {
    let character = line.chars().next().filter(|character| matches!(character, '<' | '|' | '=' | '>'))?;
    let rest = line.trim_start_matches(character);
    let is_marker = line.len() - rest.len() == 7
        && if character == '=' { rest.trim().is_empty() } else { rest.is_empty() || rest.starts_with(' ') };
    is_marker.then_some(character)
}

fn is_hidden(document: &Document<'_>, line_number: usize) -> bool {
    let next = document.blocks.partition_point(|block| block.first_line <= line_number);
    let block = next.checked_sub(1).map(|index| document.blocks[index]);
    block.is_some_and(|block| block.kind != BlockKind::Paragraph && line_number <= block.last_line)
}
