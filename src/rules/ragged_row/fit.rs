//! What the columns of a table are like, so that a ragged row's cells can be tried in other columns.

use rustc_hash::{FxHashMap, FxHashSet};

use crate::table::{Row, Table};

/// What a cell looks like.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
enum Kind {
    /// Nothing, or a placeholder: it fits any column.
    Blank,
    Date,
    Number,
    /// Links and nothing else.
    Link,
    /// Pictures and nothing else.
    Badge,
    /// Marks without letters or digits: `✅`.
    Symbol,
    /// One code span.
    Code,
    Text,
}

/// Whether a cell looks as if it belonged to a column.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Fit {
    /// The column's other cells are like it, and cells of other columns need not be.
    Yes,
    /// The column's other cells are of other kinds.
    No,
    /// Nothing can be said.
    Unknown,
}

/// What the whole rows of a table have in each column.
#[derive(Debug)]
pub(super) struct Columns<'t> {
    table: &'t Table<'t>,
    profiles: Vec<Column<'t>>,
    /// How many rows are as wide as the header.
    rows: usize,
}

#[derive(Default, Debug)]
struct Column<'t> {
    filled: usize,
    kinds: FxHashMap<Kind, usize>,
    /// The texts that occur, as long as they are few.
    values: FxHashSet<&'t str>,
}

/// A column of no more different texts than this may be one of a few values.
const MAX_VALUES: usize = 12;

impl<'t> Columns<'t> {
    pub(super) fn of(table: &'t Table<'t>) -> Self {
        let mut profiles: Vec<Column<'t>> = (0..table.width()).map(|_| Column::default()).collect();
        let mut rows = 0;
        for row in table.body().filter(|row| row.cells().len() == table.width()) {
            rows += 1;
            for (index, column) in profiles.iter_mut().enumerate() {
                let kind = kind(table, row, index);
                if kind == Kind::Blank {
                    continue;
                }
                column.filled += 1;
                *column.kinds.entry(kind).or_default() += 1;
                if column.values.len() <= MAX_VALUES {
                    column.values.insert(row.cell_text(index));
                }
            }
        }
        Self { table, profiles, rows }
    }

    /// Whether hardly a row leaves a column empty.
    pub(super) fn is_always_filled(&self, column: usize) -> bool {
        self.rows >= 3 && self.profiles.get(column).is_some_and(|column| column.filled * 10 >= self.rows * 9)
    }

    /// How a cell of a row would do in a column.
    pub(super) fn fit(&self, column: usize, row: Row<'_>, cell: usize) -> Fit {
        let Some(column) = self.profiles.get(column) else { return Fit::Unknown };
        let kind = kind(self.table, row, cell);
        if kind == Kind::Blank || column.filled < 3 {
            return Fit::Unknown;
        }
        let alike = column.kinds.get(&kind).copied().unwrap_or(0);
        let is_one_of_few = column.values.len() <= MAX_VALUES && column.values.len() * 3 <= column.filled;
        if is_one_of_few && column.values.contains(row.cell_text(cell)) {
            return Fit::Yes;
        }
        if alike * 10 < column.filled {
            return Fit::No;
        }
        if kind != Kind::Text && alike * 2 >= column.filled { Fit::Yes } else { Fit::Unknown }
    }
}

fn kind(table: &Table<'_>, row: Row<'_>, column: usize) -> Kind {
    let text = row.cell_text(column);
    if is_placeholder(text) {
        return Kind::Blank;
    }
    let links = row.cell_links(column);
    if links.is_empty() {
        return plain_kind(text);
    }
    if let [link] = links
        && !link.is_image
        && link.span.len() == text.len()
    {
        // As in most cells with a link.
        return Kind::Link;
    }
    let base = table.source.span_of(text).start();
    let mut whole: Vec<_> = links.iter().filter(|link| !link.is_nested).map(|link| link.span).collect();
    whole.sort_unstable();
    let mut at = 0;
    for span in whole {
        if has_words(text.get(at..span.start() - base).unwrap_or_default()) {
            return Kind::Text;
        }
        at = span.end() - base;
    }
    if has_words(text.get(at..).unwrap_or_default()) {
        return Kind::Text;
    }
    // Links come in the order of their ends: the picture of a badge comes right before its link.
    let is_pictured = |index: usize| {
        let link = links[index];
        let inside = index.checked_sub(1).map(|inside| links[inside]);
        link.is_image || inside.is_some_and(|inside| inside.is_image && link.span.contains(inside.span))
    };
    let is_badge = (0..links.len()).filter(|&index| !links[index].is_nested).all(is_pictured);
    if is_badge { Kind::Badge } else { Kind::Link }
}

/// Whether a text between links has letters or digits; a line break has none.
fn has_words(text: &str) -> bool {
    let text = text.trim();
    !matches!(text, "<br>" | "<br/>" | "<br />" | "</br>") && text.chars().any(char::is_alphanumeric)
}

/// Whether a text says no more than that there is nothing to say.
fn is_placeholder(text: &str) -> bool {
    const WORDS: [&str; 10] = ["n/a", "na", "none", "null", "tbd", "tba", "todo", "unknown", "nan", "coming soon"];
    let bare = text.trim_matches(|character: char| " -–—.…?/_*\\".contains(character));
    bare.is_empty() || WORDS.iter().any(|word| text.eq_ignore_ascii_case(word))
}

fn plain_kind(text: &str) -> Kind {
    if text.len() > 2 && text.starts_with('`') && text.ends_with('`') {
        return Kind::Code;
    }
    let text = text.trim_matches(['*', '_', '`', '~', ' ']);
    let letters = text.chars().filter(|character| character.is_alphabetic()).take(4).count();
    if letters > 3 {
        return Kind::Text;
    }
    let is_year = |text: &str| {
        text.len() == 4
            && (text.starts_with("19") || text.starts_with("20"))
            && text.bytes().all(|byte| byte.is_ascii_digit())
    };
    let has_year = text.split(|character: char| !character.is_ascii_digit()).any(is_year);
    let has_digits = text.chars().any(|character| character.is_ascii_digit());
    match (has_year, has_digits) {
        // `2024-05`, `May 2024`, `2024年5月`; `CVPR 2024` is a venue.
        (true, _) if letters <= 3 => Kind::Date,
        (_, true) if letters <= 2 => Kind::Number,
        (_, false) if letters == 0 => Kind::Symbol,
        _ => Kind::Text,
    }
}
