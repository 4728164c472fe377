//! What the cells of a column hold, counted over all tables of a kind.

use rustc_hash::FxHashMap;

use super::Kind;
use crate::column::TypedTable;
use crate::identity::url::UrlParts;
use crate::identity::{placeholder, title};
use crate::table::{Link, LinkKind, Row};

/// The rows of a table that are entries.
pub(super) fn entries<'t>(typed: &'t TypedTable<'_>) -> impl Iterator<Item = Row<'t>> {
    typed.table.body().filter(|row| !row.is_swallowed_text() && !typed.is_group_row(*row) && !row.is_empty())
}

/// Texts with how often they occur.
pub(super) type Counts = FxHashMap<String, usize>;

/// Counts over the cells of one column.
#[derive(Default)]
pub(super) struct Survey {
    /// Cells with something in them.
    pub(super) filled: usize,
    /// What cells say that have nothing, as written.
    pub(super) placeholders: Counts,
    /// The texts that readers see.
    pub(super) visible: Vec<String>,
    /// The cells as written.
    pub(super) written: Counts,
    /// Cells with a link that is no picture.
    pub(super) linked: usize,
    /// Cells with one such link.
    pub(super) linked_once: usize,
    /// Cells that hold nothing but one link.
    pub(super) alone: usize,
    /// Cells with a picture.
    pub(super) pictures: usize,
    /// Links that are no pictures.
    pub(super) links: usize,
    /// Those without a text of their own.
    pub(super) bare: usize,
    pub(super) schemes: Counts,
    pub(super) hosts: Counts,
    pub(super) texts: Counts,
}

/// Columns of many different values are no enumerations; what lies beyond need not be counted.
const MOST_DISTINCT: usize = 400;

impl Survey {
    pub(super) fn of(kind: &Kind<'_, '_>, column: usize) -> Self {
        let mut survey = Self::default();
        for typed in &kind.tables {
            for row in entries(typed) {
                survey.count(row, column);
            }
        }
        survey
    }

    fn count(&mut self, row: Row<'_>, column: usize) {
        let text = row.cell_text(column);
        let visible = title::visible(text);
        let visible = visible.trim();
        let links = row.cell_links(column);
        if links.is_empty() && placeholder::is_placeholder(visible) {
            if !visible.is_empty() {
                add(&mut self.placeholders, visible);
            }
            return;
        }
        self.filled += 1;
        self.visible.push(visible.to_owned());
        add(&mut self.written, text);
        self.pictures += usize::from(links.iter().any(|link| link.is_image));
        let own = || links.iter().filter(|link| !link.is_image);
        let count = own().count();
        self.linked += usize::from(count > 0);
        self.linked_once += usize::from(count == 1);
        self.links += count;
        for link in own() {
            self.link(row, link);
            let is_alone = count == 1 && row.slice(link.span) == text.trim_matches(['*', '_', '~', ' ', '\t']);
            self.alone += usize::from(is_alone);
        }
    }

    fn link(&mut self, row: Row<'_>, link: &Link) {
        self.bare += usize::from(matches!(link.kind, LinkKind::Bare | LinkKind::Autolink));
        add(&mut self.texts, title::visible(row.slice(link.text)).trim());
        let url = row.url(link);
        if let Some(parts) = UrlParts::split(url.trim()) {
            let host = parts.host.to_ascii_lowercase();
            add(&mut self.hosts, host.strip_prefix("www.").unwrap_or(&host));
            add(&mut self.schemes, &parts.scheme.to_ascii_lowercase());
        }
    }
}

fn add(counts: &mut Counts, text: &str) {
    if let Some(count) = counts.get_mut(text) {
        *count += 1;
    } else if counts.len() < MOST_DISTINCT {
        counts.insert(text.to_owned(), 1);
    }
}

/// The same without those that are but another spelling of a text ten times as frequent.
pub(super) fn well_spelt(counts: &Counts, least: usize) -> Vec<(&str, usize)> {
    let mut known: FxHashMap<String, usize> = FxHashMap::default();
    let mut texts = frequent(counts, least);
    texts.retain(|(text, count)| {
        let most = *known.entry(title::fold(text)).or_insert(*count);
        most < 10 * count
    });
    texts
}

/// The texts that occur at least so often, the most frequent first.
pub(super) fn frequent(counts: &Counts, least: usize) -> Vec<(&str, usize)> {
    let mut frequent: Vec<(&str, usize)> =
        counts.iter().map(|(text, &count)| (text.as_str(), count)).filter(|(_, count)| *count >= least).collect();
    frequent.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(b.0)));
    frequent
}
