//! What was found, in the formats that people and programs read. Text only: `run` prints it.

pub mod checkstyle;
pub mod concise;
pub mod config;
mod excerpt;
pub mod explain;
pub mod github;
pub mod gitlab;
pub mod init;
pub mod json;
pub mod junit;
pub mod line_hash;
pub mod markdown;
pub mod rdjson;
pub mod repository;
pub mod safe;
pub mod sarif;
pub mod statistics;
pub mod text;
mod xml;

use std::cell::OnceCell;

use crate::diagnostic::{Diagnostic, RuleName, Severity};
use crate::fix::Applicability;
use crate::lint::{Checked, Finding};
use crate::source::{Position, Source, Span};

/// One file and what came of checking it.
#[derive(Debug)]
pub struct FileReport {
    /// The file.
    pub source: Source,
    /// What was found in it.
    pub checked: Checked,
}

/// How much was looked at and found.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, serde::Serialize)]
pub struct Summary {
    /// The files that were checked.
    pub files: usize,
    /// Their tables.
    pub tables: usize,
    /// The body rows of the tables.
    pub rows: usize,
    /// The findings that are errors.
    pub errors: usize,
    /// The findings that are warnings.
    pub warnings: usize,
    /// The findings that are notes.
    pub notes: usize,
    /// The findings with a safe fix.
    pub fixable: usize,
    /// The findings that a comment in the list silences.
    pub suppressed: usize,
    /// The findings that the baseline knows.
    pub baselined: usize,
    /// The findings that have nothing to do with what changed.
    pub unchanged: usize,
    /// The findings with an unsafe fix.
    #[serde(skip)]
    pub unsafely_fixable: usize,
}

impl Summary {
    /// Counts what is in the files.
    #[must_use]
    pub fn of(files: &[FileReport]) -> Self {
        let mut summary = Self { files: files.len(), ..Self::default() };
        for file in files {
            summary.tables += file.checked.tables.len();
            summary.suppressed += file.checked.suppressed;
            summary.baselined += file.checked.baselined;
            summary.unchanged += file.checked.unchanged;
            summary.rows += file.checked.tables.iter().map(|table| table.rows).sum::<usize>();
            file.checked.findings.iter().for_each(|finding| summary.count(&finding.diagnostic));
        }
        summary
    }

    fn count(&mut self, diagnostic: &Diagnostic) {
        match diagnostic.severity {
            Severity::Error => self.errors += 1,
            Severity::Warning => self.warnings += 1,
            Severity::Note => self.notes += 1,
        }
        match diagnostic.fix.as_ref().map(|fix| fix.applicability) {
            Some(Applicability::Safe) => self.fixable += 1,
            Some(Applicability::Unsafe) => self.unsafely_fixable += 1,
            Some(Applicability::DisplayOnly) | None => {}
        }
    }

    /// `5 errors, 1 note`
    fn found(&self) -> String {
        let found = [(self.errors, "error"), (self.warnings, "warning"), (self.notes, "note")];
        let found: Vec<_> =
            found.into_iter().filter(|&(count, _)| count > 0).map(|(count, noun)| counted(count, noun)).collect();
        if found.is_empty() { "no findings".to_owned() } else { found.join(", ") }
    }

    /// The number of findings that weigh at least so much.
    #[must_use]
    pub fn at_least(&self, severity: Severity) -> usize {
        match severity {
            Severity::Error => self.errors,
            Severity::Warning => self.errors + self.warnings,
            Severity::Note => self.errors + self.warnings + self.notes,
        }
    }
}

impl std::iter::Sum for Summary {
    fn sum<I: Iterator<Item = Self>>(summaries: I) -> Self {
        summaries.fold(Self::default(), |sum, summary| Self {
            files: sum.files + summary.files,
            tables: sum.tables + summary.tables,
            rows: sum.rows + summary.rows,
            errors: sum.errors + summary.errors,
            warnings: sum.warnings + summary.warnings,
            notes: sum.notes + summary.notes,
            fixable: sum.fixable + summary.fixable,
            suppressed: sum.suppressed + summary.suppressed,
            baselined: sum.baselined + summary.baselined,
            unchanged: sum.unchanged + summary.unchanged,
            unsafely_fixable: sum.unsafely_fixable + summary.unsafely_fixable,
        })
    }
}

impl std::fmt::Display for Summary {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let looked_at = [(self.files, "file"), (self.tables, "table"), (self.rows, "row")];
        write!(formatter, "checked {}: ", looked_at.map(|(count, noun)| counted(count, noun)).join(", "))?;
        formatter.write_str(&self.found())?;
        match (self.fixable, self.unsafely_fixable) {
            (0, 0) => Ok(()),
            (safe, 0) => write!(formatter, " ({safe} can be fixed with --fix)"),
            (0, uncertain) => write!(formatter, " ({uncertain} can be fixed with --fix --unsafe-fixes)"),
            (safe, uncertain) => {
                write!(formatter, " ({safe} can be fixed with --fix, {uncertain} more with --unsafe-fixes)")
            }
        }?;
        let left_out = [
            (self.suppressed, "silenced by comments"),
            (self.baselined, "in the baseline"),
            (self.unchanged, "not new"),
        ];
        let left_out = left_out.into_iter().filter(|&(count, _)| count > 0);
        let left_out: Vec<_> = left_out.map(|(count, how)| format!("{count} {how}")).collect();
        if left_out.is_empty() { Ok(()) } else { write!(formatter, "; {}", left_out.join(", ")) }
    }
}

/// A count and its noun: `1 row`, `2 rows`.
#[must_use]
pub fn counted(count: usize, noun: &str) -> String {
    format!("{count} {noun}{}", if count == 1 { "" } else { "s" })
}

/// What a column counts.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Unit {
    /// Characters (Unicode scalar values), as people and most formats count.
    Character,
    /// Code units of UTF-16, as SARIF's readers count.
    Utf16,
    /// Bytes of UTF-8, as reviewdog counts.
    Byte,
}

impl Unit {
    /// How many begin in these bytes.
    fn count(self, bytes: &[u8]) -> usize {
        let characters = || count_characters(bytes);
        match self {
            Self::Character => characters(),
            // What takes four bytes of UTF-8 takes two units.
            Self::Utf16 => characters() + bytes.iter().filter(|&&byte| byte >= 0xf0).count(),
            Self::Byte => bytes.len(),
        }
    }
}

/// Lines and columns of one source, each found in the same time however long its line is.
#[derive(Debug)]
pub(crate) struct Places<'s> {
    source: &'s Source,
    unit: Unit,
    /// The number of units before each block of [`Places::BLOCK`] bytes; known once a long line asks.
    units: OnceCell<Vec<usize>>,
}

impl<'s> Places<'s> {
    const BLOCK: usize = 512;

    /// With columns in characters.
    pub(crate) fn of(source: &'s Source) -> Self {
        Self::counting(Unit::Character, source)
    }

    pub(crate) fn counting(unit: Unit, source: &'s Source) -> Self {
        Self { source, unit, units: OnceCell::new() }
    }

    pub(crate) fn position(&self, offset: usize) -> Position {
        let line = self.source.line_number(offset);
        let start = self.source.line(line).start();
        let offset = offset.clamp(start, self.source.text().len().max(start));
        let column = if offset - start < Self::BLOCK {
            self.unit.count(&self.source.text().as_bytes()[start..offset])
        } else {
            self.units_before(offset) - self.units_before(start)
        };
        Position { line, column: column + 1 }
    }

    /// Where a span begins and ends.
    pub(crate) fn range(&self, span: Span) -> (Position, Position) {
        (self.position(span.start()), self.position(span.end()))
    }

    fn units_before(&self, offset: usize) -> usize {
        let text = self.source.text().as_bytes();
        let units = self.units.get_or_init(|| {
            let blocks = text.chunks(Self::BLOCK).scan(0, |total, block| {
                let before = *total;
                *total += self.unit.count(block);
                Some(before)
            });
            blocks.collect()
        });
        let block = (offset / Self::BLOCK).min(units.len().saturating_sub(1));
        let before = units.get(block).copied().unwrap_or_default();
        before + self.unit.count(&text[(block * Self::BLOCK).min(offset)..offset])
    }
}

/// The characters that begin in these bytes.
fn count_characters(bytes: &[u8]) -> usize {
    // Added up in single bytes, which a processor does many at a time.
    let count = |few: &[u8]| few.iter().map(|&byte| u8::from(byte & 0xc0 != 0x80)).sum::<u8>();
    bytes.chunks(usize::from(u8::MAX)).map(|few| usize::from(count(few))).sum()
}

/// How `path:line:column` of a finding reads, without its path.
fn place(places: &Places<'_>, span: Span) -> String {
    let Position { line, column } = places.position(span.start());
    format!("{line}:{column}")
}

fn findings(file: &FileReport) -> impl Iterator<Item = &Finding> {
    file.checked.findings.iter()
}

/// A finding with what it takes to say where it is.
#[derive(Clone, Copy, Debug)]
struct Item<'r> {
    places: &'r Places<'r>,
    finding: &'r Finding,
}

impl<'r> Item<'r> {
    fn source(self) -> &'r Source {
        self.places.source
    }

    fn diagnostic(self) -> &'r Diagnostic {
        &self.finding.diagnostic
    }
}

/// The places of each file, for [`items`].
fn all_places(unit: Unit, files: &[FileReport]) -> Vec<Places<'_>> {
    files.iter().map(|file| Places::counting(unit, &file.source)).collect()
}

/// The findings of all files, in the order of their places; `places` are those of the files.
fn items<'r>(files: &'r [FileReport], places: &'r [Places<'r>]) -> impl Iterator<Item = Item<'r>> {
    files.iter().zip(places).flat_map(|(file, places)| findings(file).map(move |finding| Item { places, finding }))
}

/// The span without what is on further lines than its first.
fn first_line(source: &Source, span: Span) -> Span {
    let line = source.line(source.line_number(span.start()));
    let start = span.start().clamp(line.start(), line.end());
    Span::new(start, span.end().clamp(start, line.end()))
}

/// Where a rule is explained.
fn rule_url(rule: RuleName) -> String {
    format!("{}/blob/main/rules/{rule}.md", env!("CARGO_PKG_REPOSITORY"))
}

/// Where tablewright is explained.
const PROJECT: &str = env!("CARGO_PKG_REPOSITORY");

/// What a reader of one line is told to do: the help, else what the fix does.
fn advice(diagnostic: &Diagnostic) -> Option<std::borrow::Cow<'_, str>> {
    let fix = || diagnostic.fix.as_ref().map(|fix| fix.title.as_ref().into());
    diagnostic.help.as_deref().map(Into::into).or_else(fix)
}

/// Counts by severity, for a sentence: `2 errors, 35 warnings`.
fn counted_by_severity<'d>(diagnostics: impl Iterator<Item = &'d Diagnostic>) -> String {
    let mut summary = Summary::default();
    diagnostics.for_each(|diagnostic| summary.count(diagnostic));
    summary.found()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_the_sources_positions() {
        let text = format!("\u{feff}a\r\n{}\n日本\r{}", "日本語|".repeat(400), "é".repeat(1000));
        let source = Source::new("list.md", text);
        let places = Places::of(&source);
        let offsets = (3..=source.text().len()).filter(|&offset| source.text().is_char_boundary(offset));
        for offset in offsets {
            assert_eq!(places.position(offset), source.position(offset), "at byte {offset}");
        }
    }

    #[test]
    fn columns_count_what_their_readers_count() {
        let source = Source::new("list.md", format!("{}\n日👍🏽é|", "日".repeat(600)));
        let column = |unit| Places::counting(unit, &source).position(source.text().len()).column;
        assert_eq!([Unit::Character, Unit::Utf16, Unit::Byte].map(column), [6, 8, 15]);
    }

    #[test]
    fn the_summary_counts_in_words() {
        let summary = Summary { files: 1, tables: 6, rows: 107, ..Summary::default() };
        assert_eq!(summary.to_string(), "checked 1 file, 6 tables, 107 rows: no findings");
        let summary = Summary { errors: 5, notes: 1, fixable: 3, unsafely_fixable: 2, ..summary };
        assert_eq!(
            summary.to_string(),
            "checked 1 file, 6 tables, 107 rows: 5 errors, 1 note (3 can be fixed with --fix, 2 more with --unsafe-fixes)"
        );
        let summary = Summary { files: 1, suppressed: 2, ..Summary::default() };
        assert_eq!(summary.to_string(), "checked 1 file, 0 tables, 0 rows: no findings; 2 silenced by comments");
        let summary = Summary { files: 1, suppressed: 2, baselined: 24, unchanged: 9, ..Summary::default() };
        assert_eq!(
            summary.to_string(),
            "checked 1 file, 0 tables, 0 rows: no findings; 2 silenced by comments, 24 in the baseline, 9 not new"
        );
    }
}
