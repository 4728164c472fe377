//! How wide the columns of a table become.

use super::width::display_width;
use super::{FormatOptions, Style};
use crate::table::{Row, Table};

/// The least width of a delimiter cell, and so of a column.
pub(super) const MIN_WIDTH: usize = 3;

/// The display widths of a table's cells, surplus ones apart.
pub(super) struct Measured {
    /// Row after row; the delimiter row and rows of swallowed text have none.
    widths: Vec<u32>,
}

/// How the cells of a table are laid out.
pub(super) enum Layout {
    /// One space around each cell.
    Compact,
    /// One width a column; a wider cell overflows.
    Aligned(Vec<usize>),
}

impl Measured {
    pub(super) fn of(table: &Table<'_>) -> Self {
        let cells = rows(table).flat_map(|row| row.cells().iter().take(table.width()));
        Self { widths: cells.map(|cell| u32::try_from(display_width(cell.written())).unwrap_or(u32::MAX)).collect() }
    }

    /// The laid-out rows with the widths of their cells.
    pub(super) fn rows<'m>(&'m self, table: &'m Table<'m>) -> impl Iterator<Item = (Row<'m>, &'m [u32])> {
        let mut rest = self.widths.as_slice();
        rows(table).map(move |row| {
            let (widths, further) = rest.split_at(row.cells().len().min(table.width()));
            rest = further;
            (row, widths)
        })
    }
}

/// The rows that are laid out by their cells: header and body, without swallowed text.
fn rows<'t>(table: &'t Table<'_>) -> impl Iterator<Item = Row<'t>> {
    std::iter::once(table.header()).chain(table.body().filter(|row| !row.is_swallowed_text()))
}

impl Layout {
    pub(super) fn of(table: &Table<'_>, measured: &Measured, options: &FormatOptions) -> Self {
        match options.style {
            Style::Compact => Self::Compact,
            Style::Aligned => Self::Aligned(widths(table, measured, options)),
            Style::Keep => keep(table, measured, options),
        }
    }

    /// The width of a column's delimiter cell, and of its other cells where they are padded.
    pub(super) fn width(&self, column: usize) -> Option<usize> {
        match self {
            Self::Compact => None,
            Self::Aligned(widths) => widths.get(column).copied(),
        }
    }
}

/// Aligned where that is what the table is, or would be if it were compact.
///
/// So what is written is kept the next time: a table that is written aligned stands under its delimiter row, one that is written compact does not.
fn keep(table: &Table<'_>, measured: &Measured, options: &FormatOptions) -> Layout {
    let declared = Declared::of(table);
    let is_aligned = most(measured.rows(table).map(|(row, widths)| declared.stands(row, widths, false)));
    let is_aligned_when_compact = || {
        let stands = |widths: &[u32]| widths.len() == table.width() && widths.iter().all(|&width| width == 3);
        most(measured.rows(table).map(|(_, widths)| stands(widths)))
    };
    if !is_aligned && !is_aligned_when_compact() {
        return Layout::Compact;
    }
    let columns = widths(table, measured, options);
    let fits = |widths: &[u32]| widths.iter().zip(&columns).all(|(&cell, &column)| cell as usize <= column);
    if most(measured.rows(table).map(|(_, widths)| fits(widths))) { Layout::Aligned(columns) } else { Layout::Compact }
}

fn most(claims: impl Iterator<Item = bool>) -> bool {
    let (mut yes, mut all) = (0, 0);
    for claim in claims {
        yes += usize::from(claim);
        all += 1;
    }
    2 * yes >= all
}

fn widths(table: &Table<'_>, measured: &Measured, options: &FormatOptions) -> Vec<usize> {
    if !options.realign {
        let declared = Declared::of(table);
        if declared.hold(table, measured, options) {
            return declared.columns.iter().map(Field::width).collect();
        }
    }
    let mut widths = vec![MIN_WIDTH; table.width()];
    for (_, cells) in measured.rows(table) {
        for (column, &cell) in widths.iter_mut().zip(cells) {
            if is_within_limit(cell, options) {
                *column = (*column).max(cell as usize);
            }
        }
    }
    widths
}

fn is_within_limit(width: u32, options: &FormatOptions) -> bool {
    options.max_column_width == 0 || width as usize <= options.max_column_width
}

/// The widths that the delimiter row declares.
struct Declared {
    columns: Vec<Field>,
}

/// What a delimiter cell leaves for content between its pipes, a space at either side taken off.
struct Field(usize);

impl Field {
    fn width(&self) -> usize {
        self.0.max(MIN_WIDTH)
    }
}

impl Declared {
    fn of(table: &Table<'_>) -> Self {
        let row = table.delimiter();
        let columns = (0..table.width()).map(|column| {
            let Some(cell) = row.cell(column) else { return Field(0) };
            let (span, text) = (cell.span(), cell.written());
            let before = table.source.span_of(text).start() - span.start();
            let behind = span.len() - before - text.len();
            let (has_pipe_before, has_pipe_behind) = pipes_around(row, column);
            let blanks = before * usize::from(has_pipe_before) + behind * usize::from(has_pipe_behind);
            let spaces = usize::from(has_pipe_before) + usize::from(has_pipe_behind);
            Field((text.len() + blanks).saturating_sub(spaces))
        });
        Self { columns: columns.collect() }
    }

    /// Whether the table goes by its declared widths: no cell is wider, or it looks aligned but for a few rows.
    fn hold(&self, table: &Table<'_>, measured: &Measured, options: &FormatOptions) -> bool {
        let mut overflowing = vec![0_usize; self.columns.len()];
        let mut count = 0;
        for (_, cells) in measured.rows(table) {
            count += 1;
            for ((overflowing, field), &cell) in overflowing.iter_mut().zip(&self.columns).zip(cells) {
                *overflowing += usize::from(cell as usize > field.width() && is_within_limit(cell, options));
            }
        }
        // One row is always few, two are where there are more of the others; and a bare `---` declares nothing.
        let few = (count / 10).max(2.min((count - 1) / 2)).max(1);
        let is_little =
            |(&overflowing, field): (&usize, &Field)| overflowing == 0 || overflowing <= few && field.0 >= MIN_WIDTH;
        if overflowing.iter().all(|&overflowing| overflowing == 0) {
            return true;
        }
        let mut standing = measured.rows(table).map(|(row, widths)| self.stands(row, widths, true));
        // Of a header and one row, each is half: both must stand, lest dashes drawn below a header freeze the row.
        let looks_aligned = if count == 2 { standing.all(|stands| stands) } else { most(standing) };
        looks_aligned && overflowing.iter().zip(&self.columns).all(is_little)
    }

    /// Whether a row's pipes stand as far apart as the delimiter row's; cells may be wider where overflow is allowed.
    fn stands(&self, row: Row<'_>, widths: &[u32], may_overflow: bool) -> bool {
        let stands = |(column, field): (usize, &Field)| {
            let (Some(cell), Some(&width)) = (row.cell(column), widths.get(column)) else { return false };
            let width = width as usize;
            pipes_around(row, column) != (true, true)
                || width + (cell.span().len() - cell.written().len()) == field.0 + 2
                || may_overflow && width > field.width()
        };
        self.columns.iter().enumerate().all(stands)
    }
}

/// Whether a pipe stands before a cell, and behind it.
fn pipes_around(row: Row<'_>, column: usize) -> (bool, bool) {
    (column > 0 || row.has_opening_pipe(), column + 1 < row.cells().len() || row.has_closing_pipe())
}
