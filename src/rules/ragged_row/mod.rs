//! `ragged-row`: a row has more or fewer cells than the header.

mod fit;

use super::conflict_marker::Conflicts;
use super::split_cell::splitting_pipes;
use super::{Check, Rule, count, empty_row};
use crate::column::TypedDocument;
use crate::diagnostic::{Findings, RuleName, Severity};
use crate::fix::{Applicability, Edit, Fix};
use crate::source::Span;
use crate::table::{Cell, Cells, Row, Table, is_comment, split_row};

use fit::{Columns, Fit};

pub(super) const RULE: Rule = Rule {
    name: RuleName("ragged-row"),
    page: include_str!("../../../rules/ragged-row.md"),
    severity: Severity::Error,
    fix: Some(Applicability::Safe),
    check: Check::Document(check),
    is_default: true,
};

fn check(typed: &TypedDocument<'_>, findings: &mut Findings) {
    let conflicts = Conflicts::of(typed.document);
    for table in &typed.document.tables {
        let is_ragged = |row: &Row<'_>| {
            row.cells().len() != table.width()
                && (!row.is_swallowed_text() || has_full_width_pipes(table, *row))
                && !empty_row::is_empty(*row)
        };
        let mut rows = table.body().filter(is_ragged).peekable();
        if rows.peek().is_none() {
            continue;
        }
        let columns = Columns::of(table);
        let is_fillable = is_fillable(table);
        for row in rows.filter(|row| !conflicts.mark(row.line_number())) {
            if let Some(fault) = fault(table, &columns, row) {
                report(table, row, &fault, is_fillable, findings);
            }
        }
    }
}

/// What is wrong with a row that has more or fewer cells than the header.
#[derive(Debug)]
enum Fault {
    /// The last cells are missing.
    Missing,
    /// Its pipes are full-width ones.
    FullWidth,
    /// The next line has the rest of the row.
    CarriesOn,
    /// The line above has the beginning of the row.
    IsCarriedOn,
    /// Cells are missing before this one: it and all behind it fit columns further on.
    ShiftedLeft(usize),
    /// The surplus cells are empty.
    EmptySurplus,
    /// The surplus cells hold text.
    LostText,
    /// This cell is empty, and without it all behind it fit their columns.
    ShiftedRight(usize),
    /// The cell behind this one belongs to it, and all further ones fit the columns before.
    Broken(usize),
    /// A second row begins with this cell; `Some` where the cells before it and from it on are a whole row each.
    TwoRows(usize, Option<Seam>),
}

/// How two rows on one line meet.
#[derive(Debug)]
enum Seam {
    /// `| a | b | c | d |`
    OnePipe,
    /// `| a | b || c | d |`
    TwoPipes,
}

fn fault(table: &Table<'_>, columns: &Columns<'_>, row: Row<'_>) -> Option<Fault> {
    let (cells, width) = (row.cells(), table.width());
    if has_full_width_pipes(table, row) {
        return Some(Fault::FullWidth);
    }
    if carries_on(table, row) {
        return Some(Fault::CarriesOn);
    }
    if is_carried_on(table, row) {
        return Some(Fault::IsCarriedOn);
    }
    if cells.len() < width {
        return Some(shift_left(columns, row, width).map_or(Fault::Missing, Fault::ShiftedLeft));
    }
    let surplus = cells.from(width);
    if surplus.iter().all(|cell| is_comment(cell.text)) || !splitting_pipes(table, row).is_empty() {
        return None;
    }
    if let Some(two_rows) = two_rows(columns, row, width) {
        return Some(two_rows);
    }
    if cells.len() == width + 1
        && let Some(shift) = shift_right(columns, row, width)
    {
        return Some(shift);
    }
    let is_empty = surplus.iter().all(|cell| cell.is_empty() || is_comment(cell.text));
    Some(if is_empty { Fault::EmptySurplus } else { Fault::LostText })
}

/// Whether a row has the header's number of cells once its full-width pipes (U+FF5C) are taken for pipes.
pub(super) fn has_full_width_pipes(table: &Table<'_>, row: Row<'_>) -> bool {
    row.cells().len() < table.width()
        && row.text().contains(FULL_WIDTH_PIPE)
        && split_row(&row.text().replace(FULL_WIDTH_PIPE, "|"), |_, _| {}).count == table.width()
}

const FULL_WIDTH_PIPE: char = '\u{ff5c}';

/// Whether a line break stands within a row: the next row lacks its opening pipe, and both together have the header's number of cells.
pub(super) fn carries_on(table: &Table<'_>, row: Row<'_>) -> bool {
    let rest = row.body_index().map(|index| index + 1).filter(|next| *next < table.body_len());
    let Some(rest) = rest.map(|next| table.body_row(next)) else { return false };
    let (len, width) = (row.cells().len(), table.width());
    // A cell that the break stands in is counted twice.
    let cells = len + rest.cells().len() - usize::from(!row.has_closing_pipe());
    let lacks_pipe = table.header().has_opening_pipe() && row.has_opening_pipe() && !rest.has_opening_pipe();
    lacks_pipe && !rest.is_swallowed_text() && len < width && rest.cells().len() < width && cells == width
}

/// Whether a row is the rest of the one above.
pub(super) fn is_carried_on(table: &Table<'_>, row: Row<'_>) -> bool {
    let above = row.body_index().and_then(|index| index.checked_sub(1));
    above.is_some_and(|above| carries_on(table, table.body_row(above)))
}

/// Two rows on one line: twice the cells, perhaps one more or fewer at the seam, and the second half looks like a row of this table.
fn two_rows(columns: &Columns<'_>, row: Row<'_>, width: usize) -> Option<Fault> {
    let cells = row.cells();
    let ends_empty = cells.last().is_some_and(|cell| cell.is_empty());
    let (second, seam, offset) = match cells.len() {
        _ if width < 2 => return None,
        len if len == 2 * width => (width, Some(Seam::OnePipe), 0),
        len if len == 2 * width + 1 && cells.at(width).is_empty() => (width + 1, Some(Seam::TwoPipes), 0),
        len if len == 2 * width + 1 && ends_empty => (width, Some(Seam::OnePipe), 0),
        // Without a pipe between them, the last cell of the one and the first of the other are one.
        len if len == 2 * width - 1 && width > 2 => (width, None, 1),
        _ => return None,
    };
    let first_half = (0..width - offset).map(|column| columns.fit(column, row, column));
    let second_half =
        (second..2 * width + second - width - offset).map(|cell| columns.fit(cell - second + offset, row, cell));
    let fits: Vec<Fit> = second_half.collect();
    let alike = fits.iter().filter(|fit| **fit == Fit::Yes).count();
    let is_unlike = first_half.chain(fits).any(|fit| fit == Fit::No);
    let needed = match seam {
        Some(Seam::TwoPipes) if width >= 3 => 0,
        Some(Seam::OnePipe) if width >= 4 => 0,
        Some(_) => 1,
        None => 2,
    };
    (!is_unlike && alike >= needed).then_some(Fault::TwoRows(second, seam))
}

/// The cell behind which a row with one cell too many goes wrong: cells that do not fit where they are fit one column before.
fn shift_right(columns: &Columns<'_>, row: Row<'_>, width: usize) -> Option<Fault> {
    let here: Vec<Fit> = (0..width).map(|column| columns.fit(column, row, column)).collect();
    let before: Vec<Fit> = (0..width).map(|column| columns.fit(column, row, column + 1)).collect();
    // Cells before the break fit where they are, cells behind it fit one column before.
    let first_misfit = here.iter().position(|fit| *fit == Fit::No).unwrap_or(width);
    let last_misfit = before.iter().rposition(|fit| *fit == Fit::No).map_or(0, |column| column + 1);
    let cells = row.cells();
    let is_proved = |cell: usize| {
        before[cell..].contains(&Fit::Yes) || columns.is_always_filled(cell) && !cells.at(cell + 1).is_empty()
    };
    let empty =
        (last_misfit..=first_misfit.min(width - 1)).rev().find(|&cell| cells.at(cell).is_empty() && is_proved(cell));
    if let Some(empty) = empty {
        return Some(Fault::ShiftedRight(empty));
    }
    // A pipe in a text: one place only may come into question.
    let range = last_misfit..first_misfit.min(width);
    let mut joints = range.filter(|&cell| !cells.at(cell).is_empty() && !cells.at(cell + 1).is_empty());
    let joint = joints.next()?;
    let is_proved = before.get(joint + 1..).is_some_and(|behind| behind.contains(&Fit::Yes));
    (joints.next().is_none() && first_misfit < width && is_proved).then_some(Fault::Broken(joint))
}

/// The cell of a short row before which cells are missing: those from it on do not fit where they are, and fit further on.
fn shift_left(columns: &Columns<'_>, row: Row<'_>, width: usize) -> Option<usize> {
    let len = row.cells().len();
    let missing = width - len;
    let here: Vec<Fit> = (0..len).map(|column| columns.fit(column, row, column)).collect();
    let further: Vec<Fit> = (0..len).map(|cell| columns.fit(cell + missing, row, cell)).collect();
    let first_misfit = here.iter().position(|fit| *fit == Fit::No)?;
    let last_misfit = further.iter().rposition(|fit| *fit == Fit::No).map_or(0, |cell| cell + 1);
    let mut places = (last_misfit..=first_misfit).filter(|&cell| further[cell..].contains(&Fit::Yes));
    let place = places.next()?;
    places.next().is_none().then_some(place)
}

/// Whether a table may be given the cells that its rows lack: text that grows to many times its size is not what anybody meant.
fn is_fillable(table: &Table<'_>) -> bool {
    let missing: usize = table.body().map(|row| table.width().saturating_sub(row.cells().len())).sum();
    missing * EMPTY_CELL.len() <= 8 * table.span().len() + (1 << 16)
}

const EMPTY_CELL: &str = "  |";

fn report(table: &Table<'_>, row: Row<'_>, fault: &Fault, is_fillable: bool, findings: &mut Findings) {
    let (cells, width) = (row.cells(), table.width());
    let numbers = format!("this row has {}, the header has {width}", count(cells.len(), "cell"));
    let finding = match *fault {
        Fault::Missing => findings.report(row.span(), numbers).fix(is_fillable.then(|| add_empty_cells(table, row))),
        Fault::FullWidth => {
            let message = format!("{numbers}: its pipes are full-width ones (`{FULL_WIDTH_PIPE}`)");
            let pipes = row.text().match_indices(FULL_WIDTH_PIPE).map(|(_, pipe)| table.source.span_of(pipe));
            let edits: Vec<Edit> = pipes.map(|pipe| Edit::replace(pipe, "|")).collect();
            findings.report(row.span(), message).fix(Fix::uncertain("write the full-width pipes as `|`", edits))
        }
        Fault::CarriesOn => {
            let message = format!("{numbers}; the next line has the rest of it");
            findings.report(row.span(), message).fix(join_lines(table, row))
        }
        Fault::IsCarriedOn => findings.report(row.span(), format!("{numbers}; it is the rest of the line above")),
        Fault::ShiftedLeft(cell) => {
            let missing = width - cells.len();
            let message =
                format!("{numbers}; cell {} and those behind it fit {} further on", cell + 1, count(missing, "column"));
            let start = cells.at(cell).span().start();
            let at = start - usize::from(cell > 0 || row.has_opening_pipe());
            let pipes = if at < start { "|  ".repeat(missing) } else { "|  ".repeat(missing) + "| " };
            let title = format!("put {} before cell {}", count(missing, "empty cell"), cell + 1);
            let fix = is_fillable.then(|| Fix::uncertain(title, [Edit::insert(at, pipes)]));
            findings.report(content(cells.from(cell)), message).fix(fix)
        }
        Fault::EmptySurplus => {
            let surplus: Vec<Cell<'_>> = cells.from(width).iter().filter(Cell::is_empty).collect();
            let message =
                format!("{numbers}; nothing is in the surplus {}", if surplus.len() == 1 { "cell" } else { "cells" });
            let edits: Vec<Edit> = surplus.iter().map(|cell| Edit::delete(with_closing_pipe(cell))).collect();
            let title = if edits.len() == 1 { "drop the surplus pipe" } else { "drop the surplus pipes" };
            let span = with_closing_pipe(&surplus[0]).to(with_closing_pipe(&surplus[surplus.len() - 1]));
            findings.report(span, message).severity(Severity::Warning).fix(Fix::safe(title, edits))
        }
        Fault::LostText => {
            let message = format!("{numbers}; {} is not shown", quote(table, cells.from(width)));
            let help = "escape a pipe that belongs to the text as `\\|`, or give the header the column";
            findings.report(content(cells.from(width)), message).help(help)
        }
        Fault::ShiftedRight(cell) => {
            let lost = quote(table, cells.from(width));
            let lost = if lost == "\"\"" { String::new() } else { format!(", and {lost} is not shown") };
            let message = format!("{numbers}; cell {} is empty, those behind it fit one column before{lost}", cell + 1);
            let empty = with_closing_pipe(&cells.at(cell));
            let shown = if cell > 0 { Span::new(empty.start() - 1, empty.end()) } else { empty };
            findings.report(shown, message).fix(Fix::uncertain("drop the empty cell", [Edit::delete(empty)]))
        }
        Fault::Broken(cell) => {
            let end = cells.at(cell).span().end();
            let pipe = Span::new(end, end + 1);
            let message = format!("{numbers}; the cells behind this pipe fit one column before");
            findings
                .report(pipe, message)
                .help("escape a pipe that belongs to the text as `\\|`")
                .fix(Fix::uncertain("escape the pipe", [Edit::insert(pipe.start(), "\\")]))
        }
        Fault::TwoRows(second, ref seam) => {
            let message =
                format!("two rows stand on one line: it has {}, the header has {width}", count(cells.len(), "cell"));
            let help = format!("put a line break before {}", quote(table, cells.from(second).up_to(1)));
            let fix = seam.as_ref().map(|seam| break_line(table, row, width, seam));
            findings.report(content(cells.from(second)), message).help(help).fix(fix)
        }
    };
    finding.label(table.header().span(), "the header");
}

/// Safe, as GitHub already draws the missing cells, empty. A comment at the end stays behind the last pipe.
fn add_empty_cells(table: &Table<'_>, row: Row<'_>) -> Fix {
    let cells = row.cells();
    let missing = table.width() - cells.len();
    let title = if missing == 1 { "add the missing cell, empty" } else { "add the missing cells, empty" };
    let edit = match cells.last() {
        Some(last) if !row.has_closing_pipe() && is_comment(last.text) => {
            Edit::insert(last.span().start(), EMPTY_CELL.repeat(missing + 1))
        }
        _ if row.has_closing_pipe() => Edit::insert(row.span().end(), EMPTY_CELL.repeat(missing)),
        _ => Edit::insert(row.span().end(), format!(" |{}", EMPTY_CELL.repeat(missing))),
    };
    Fix::safe(title, [edit])
}

/// Uncertain, as the two lines may be two rows after all.
fn join_lines(table: &Table<'_>, row: Row<'_>) -> Option<Fix> {
    let rest = table.body_row(row.body_index()? + 1);
    let line_break = Span::new(row.span().end(), rest.span().start());
    Some(Fix::uncertain("join the lines", [Edit::replace(line_break, " ")]))
}

/// Uncertain, as the second half may be something else than a row.
fn break_line(table: &Table<'_>, row: Row<'_>, width: usize, seam: &Seam) -> Fix {
    let behind = row.cells().at(width - 1).span().end() + 1;
    let ending = table.source.line_ending(row.line_number());
    let prefix = row.prefix();
    let edit = match seam {
        Seam::TwoPipes => Edit::replace(row.cells().at(width).span(), format!("{ending}{prefix}")),
        Seam::OnePipe => Edit::insert(behind, format!("{ending}{prefix}|")),
    };
    Fix::uncertain("put each row on a line of its own", [edit])
}

/// A cell and the pipe that closes it.
fn with_closing_pipe(cell: &Cell<'_>) -> Span {
    let span = cell.span();
    Span::new(span.start(), span.end() + 1)
}

/// From the first to the last text of neighbouring cells.
fn content(cells: Cells<'_>) -> Span {
    let mut filled = cells.iter().filter(|cell| !cell.is_empty()).map(|cell| cell.content);
    let first = filled.next().unwrap_or_else(|| cells.at(0).span());
    filled.next_back().map_or(first, |last| first.to(last))
}

/// The text of cells in quotation marks, shortened.
fn quote(table: &Table<'_>, cells: Cells<'_>) -> String {
    const MAX_CHARACTERS: usize = 40;
    let text = table.slice(content(cells)).trim();
    match text.char_indices().nth(MAX_CHARACTERS) {
        Some((end, _)) => format!("\"{}…\"", text[..end].trim_end()),
        None => format!("\"{text}\""),
    }
}
