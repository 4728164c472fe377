//! What was found, in the formats that people and programs read. Text only: `run` prints it.

pub mod concise;
pub mod config;
mod excerpt;
pub mod explain;
pub mod init;
pub mod json;
pub mod safe;
pub mod statistics;
pub mod text;

use crate::diagnostic::{Diagnostic, Severity};
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

impl std::fmt::Display for Summary {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let looked_at = [(self.files, "file"), (self.tables, "table"), (self.rows, "row")];
        write!(formatter, "checked {}: ", looked_at.map(|(count, noun)| counted(count, noun)).join(", "))?;
        let found = [(self.errors, "error"), (self.warnings, "warning"), (self.notes, "note")];
        let found: Vec<_> =
            found.into_iter().filter(|&(count, _)| count > 0).map(|(count, noun)| counted(count, noun)).collect();
        formatter.write_str(&if found.is_empty() { "no findings".to_owned() } else { found.join(", ") })?;
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

/// Lines and columns of one source, each found in the same time however long its line is.
#[derive(Debug)]
pub(crate) struct Places<'s> {
    source: &'s Source,
    /// The number of characters before each block of [`Places::BLOCK`] bytes.
    characters: Vec<usize>,
}

impl<'s> Places<'s> {
    const BLOCK: usize = 512;

    pub(crate) fn of(source: &'s Source) -> Self {
        let blocks = source.text().as_bytes().chunks(Self::BLOCK);
        let characters = blocks.scan(0, |total, block| {
            let before = *total;
            *total += count_characters(block);
            Some(before)
        });
        Self { source, characters: characters.collect() }
    }

    pub(crate) fn position(&self, offset: usize) -> Position {
        let line = self.source.line_number(offset);
        let start = self.source.line(line).start();
        let column = self.characters_before(offset.max(start)) - self.characters_before(start) + 1;
        Position { line, column }
    }

    fn characters_before(&self, offset: usize) -> usize {
        let text = self.source.text().as_bytes();
        let offset = offset.min(text.len());
        let block = (offset / Self::BLOCK).min(self.characters.len().saturating_sub(1));
        let before = self.characters.get(block).copied().unwrap_or_default();
        before + count_characters(&text[(block * Self::BLOCK).min(offset)..offset])
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
