//! What a change to a list touched: which rows and lines of a text are not those of an older one, and which findings are about them.

mod patch;

pub use patch::{Malformed, Meant, Outcome, Patches, Series};

use std::hash::{BuildHasher, Hash, Hasher, RandomState};
use std::ops::Range;

use rustc_hash::{FxHashMap, FxHashSet};

use crate::column::order::longest_run;
use crate::diagnostic::Diagnostic;
use crate::rules::unsorted_rows;
use crate::source::{Source, Span};
use crate::table::{Alignment, Document, Row, Table};

/// The text that a source is compared with.
#[derive(Debug, Default)]
pub enum Base {
    /// None: everything counts as new.
    #[default]
    Unknown,
    /// The same: nothing is new.
    Same,
    /// An older one, perhaps empty.
    Text(Source),
}

/// What a finding has to do with a change.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Concern {
    /// It is about a row or line that is new, or one of a table whose header is.
    New,
    /// It is about two rows, and stands at the one that was there before; the other is new.
    OtherNew,
    /// It is about rows that were there before; if `has_moved`, its own stood elsewhere among the others.
    Old {
        /// Whether the row stood elsewhere.
        has_moved: bool,
    },
    /// It is about a table as a whole, or text outside tables, and its line was there before: whether it was true before, the old text tells.
    Whole,
}

/// Which rows and lines of a text are new against an older one.
///
/// Rows are compared by the contents of their cells and by the comment behind them: neither alignment nor place makes a row new, be it a place in
/// another table with the same header. Pipes and empty cells at the end that a row was given, and that it should have, do not either.
#[derive(Debug)]
pub struct Changes {
    /// One flag a line.
    is_new: Vec<bool>,
    /// One flag a line: a row that was there before, at another place among the others of its table.
    has_moved: Vec<bool>,
    /// One flag a table: there was none with its header and alignments.
    has_new_header: Vec<bool>,
}

impl Changes {
    /// Compares a text with an older one.
    #[must_use]
    pub fn between(old: &Document<'_>, new: &Document<'_>) -> Self {
        // Keys that nobody can know before, so that no text can make two rows look alike.
        let hasher = RandomState::new();
        let (old_lines, new_lines) = (lines(old, &hasher), lines(new, &hasher));
        let header = |table: &Table<'_>| hasher.hash_one(Header::of(table));
        let headers: FxHashSet<u64> = old.tables.iter().map(header).collect();
        let mut changes = Self {
            is_new: vec![false; new.source.line_count()],
            has_moved: vec![false; new.source.line_count()],
            has_new_header: Vec::new(),
        };
        changes.has_new_header = new.tables.iter().map(|table| !headers.contains(&header(table))).collect();
        let origins = origins(&old_lines, &new_lines);
        let mut stayed: Vec<Vec<(usize, &Line)>> = vec![Vec::new(); new.tables.len()];
        for (line, origin) in new_lines.iter().zip(origins) {
            changes.is_new[line.number - 1] = origin.is_none();
            if let (Some(table), Some(origin)) = (line.table, origin) {
                stayed[table].push((line.number, &old_lines[origin]));
            }
        }
        for number in stayed.iter().flat_map(|rows| moved(rows)) {
            changes.has_moved[number - 1] = true;
        }
        changes
    }

    /// For each body row of a table (its place among the tables of the document), whether it is new or stood elsewhere.
    #[must_use]
    pub fn rows(&self, document: &Document<'_>, table: usize) -> Vec<bool> {
        let is_new = |number: usize| self.is_new[number - 1] || self.has_moved[number - 1];
        document.tables[table].body().map(|row| is_new(row.line_number())).collect()
    }

    /// What a finding has to do with the change. Order findings are about one row; others are as much about the rows of their equal parties.
    #[must_use]
    pub fn concern(&self, document: &Document<'_>, diagnostic: &Diagnostic) -> Concern {
        let source = document.source;
        let is_about_order = diagnostic.rule == unsorted_rows::NAME;
        let mut parties = diagnostic.labels.iter().filter(|label| label.is_equal_party && !is_about_order);
        let is_new = self.is_new_in(source, diagnostic.span);
        if !is_new && parties.any(|label| self.is_new_in(source, label.span)) {
            return Concern::OtherNew;
        }
        let table = table_at(document, diagnostic.span.start());
        if is_new || table.is_some_and(|(index, _)| self.has_new_header[index]) {
            return Concern::New;
        }
        match table
            .and_then(|(_, table)| table.row_at(diagnostic.span.start()))
            .filter(|row| row.body_index().is_some())
        {
            Some(row) => Concern::Old { has_moved: self.has_moved[row.line_number() - 1] },
            None => Concern::Whole,
        }
    }

    /// Whether one of the lines of a span is new.
    fn is_new_in(&self, source: &Source, span: Span) -> bool {
        self.is_new[source.line_number(span.start()) - 1..source.line_number(span.end())].contains(&true)
    }
}

/// The table that a byte offset lies in, and its place among the tables of its document.
#[must_use]
pub fn table_at<'t, 's>(document: &'t Document<'s>, offset: usize) -> Option<(usize, &'t Table<'s>)> {
    let index = document.tables.partition_point(|table| table.span().start() <= offset).checked_sub(1)?;
    let table = &document.tables[index];
    (offset <= table.span().end()).then_some((index, table))
}

/// The text of a line without what alignment may change: blanks at its ends, further blanks between words, and further dashes between pipes.
#[must_use]
pub fn squeezed(line: &str) -> String {
    let mut squeezed = String::with_capacity(line.len());
    let is_delimiter =
        line.contains('|') && line.chars().all(|char| matches!(char, '|' | '-' | ':' | ' ' | '\t' | '>'));
    for char in line.trim().chars() {
        let char = if char == '\t' { ' ' } else { char };
        let may_repeat = char == ' ' || is_delimiter && char == '-';
        let is_left_out = is_delimiter && char == ' ' || may_repeat && squeezed.ends_with(char);
        if !is_left_out {
            squeezed.push(char);
        }
    }
    squeezed
}

fn last_line(table: &Table<'_>) -> usize {
    table.rows().next_back().map_or(0, Row::line_number)
}

/// What makes tables of one kind.
#[derive(PartialEq, Eq, Hash)]
struct Header<'t> {
    cells: Vec<&'t str>,
    alignments: Vec<u8>,
}

impl<'t> Header<'t> {
    fn of(table: &'t Table<'_>) -> Self {
        let alignment = |alignment: &Alignment| *alignment as u8;
        let cells = table.header().cells().iter().map(|cell| cell.text).collect();
        Self { cells, alignments: table.alignments.iter().map(alignment).collect() }
    }
}

/// A line that is not blank.
struct Line {
    number: usize,
    /// The place of its table among the tables of the document; none outside tables.
    table: Option<usize>,
    /// What it is known by, from strict to loose: lines that agree in one key agree in those behind it.
    keys: [u64; LEVELS],
    /// How many of the keys are enough to know it again: a row may have been given outer pipes, or the cells that it lacked.
    levels: usize,
}

const LEVELS: usize = 4;

/// The lines of a document that are not blank, in their order.
fn lines(document: &Document<'_>, hasher: &RandomState) -> Vec<Line> {
    let source = document.source;
    let mut lines = Vec::new();
    let texts = |lines: &mut Vec<Line>, numbers: Range<usize>| {
        for number in numbers {
            let text = source.slice(source.line(number));
            if !text.trim().is_empty() {
                let key = hasher.hash_one(("text", squeezed(text)));
                lines.push(Line { number, table: None, keys: [key; LEVELS], levels: 1 });
            }
        }
    };
    let mut next = 1;
    for (index, table) in document.tables.iter().enumerate() {
        texts(&mut lines, next..table.header().line_number());
        let header = hasher.hash_one(Header::of(table).cells);
        for row in table.rows() {
            let keys = if row.body_index().is_some() { keys(row, table, header, hasher) } else { [header; LEVELS] };
            let has_pipes = row.has_opening_pipe() && row.has_closing_pipe();
            let has_cells = row.cells().len() == row.width();
            let levels = 2 + usize::from(has_pipes) + usize::from(has_pipes && has_cells);
            lines.push(Line { number: row.line_number(), table: Some(index), keys, levels });
        }
        next = last_line(table) + 1;
    }
    texts(&mut lines, next..source.line_count() + 1);
    lines
}

/// A row in its section; the row; whatever outer pipes it has; and whatever empty cells at its end. Each in a table of its header.
fn keys(row: Row<'_>, table: &Table<'_>, header: u64, hasher: &RandomState) -> [u64; LEVELS] {
    let comment = row.comment().map(|comment| table.slice(comment).trim());
    let mut state = hasher.build_hasher();
    (header, comment).hash(&mut state);
    row.filled_cells().iter().for_each(|cell| cell.text.hash(&mut state));
    let content = state.finish();
    let cells = hasher.hash_one((content, row.cells().len()));
    let exact = hasher.hash_one((cells, row.has_opening_pipe(), row.has_closing_pipe()));
    [hasher.hash_one((exact, table.section)), exact, cells, content]
}

/// For each new line, the old line that it was, each old line once; by the strictest key first.
fn origins(old: &[Line], new: &[Line]) -> Vec<Option<usize>> {
    let mut origins: Vec<Option<usize>> = vec![None; new.len()];
    let mut is_taken = vec![false; old.len()];
    for level in 0..LEVELS {
        // The last first, so that the first is taken first.
        let mut left: FxHashMap<u64, Vec<usize>> = FxHashMap::default();
        for (index, line) in old.iter().enumerate().rev().filter(|(index, _)| !is_taken[*index]) {
            left.entry(line.keys[level]).or_default().push(index);
        }
        for (line, origin) in new.iter().zip(&mut origins).filter(|(_, origin)| origin.is_none()) {
            if level < line.levels {
                *origin = left.get_mut(&line.keys[level]).and_then(Vec::pop);
                if let Some(origin) = *origin {
                    is_taken[origin] = true;
                }
            }
        }
    }
    origins
}

/// The numbers of those rows of a table, given with their old lines, that stood in another table or elsewhere among the others.
fn moved(rows: &[(usize, &Line)]) -> Vec<usize> {
    let mut counts: FxHashMap<Option<usize>, usize> = FxHashMap::default();
    for (_, old) in rows {
        *counts.entry(old.table).or_default() += 1;
    }
    let home = counts.into_iter().max_by_key(|&(table, count)| (count, table)).and_then(|(table, _)| table);
    let (at_home, mut moved): (Vec<_>, Vec<_>) = rows.iter().partition(|(_, old)| old.table == home);
    let old_numbers: Vec<usize> = at_home.iter().map(|(_, old)| old.number).collect();
    let mut stayed = longest_run(&old_numbers, |a, b| a < b).into_iter().peekable();
    moved
        .extend(at_home.iter().enumerate().filter(|(place, _)| stayed.next_if_eq(place).is_none()).map(|(_, row)| row));
    moved.into_iter().map(|(number, _)| number).collect()
}
