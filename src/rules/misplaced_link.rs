//! `misplaced-link`: a link that leads to another sort of thing than the rest of its column.

use super::{Check, Rule, count, shorten};
use crate::column::links::{is_labelled, link_texts, url_of};
use crate::column::{LinkRole, TypedTable, link_role};
use crate::diagnostic::{Fault, Findings, RuleName, Severity};
use crate::identity::site::{Sort, sort};
use crate::identity::title;
use crate::table::{Link, Row};

pub(super) const RULE: Rule = Rule {
    name: RuleName("misplaced-link"),
    page: include_str!("../../rules/misplaced-link.md"),
    severity: Severity::Warning,
    fix: None,
    check: Check::Table(check),
    is_default: true,
};

fn check(typed: &TypedTable<'_>, findings: &mut Findings) {
    if typed.table.body_len() <= Kind::ENOUGH {
        return;
    }
    let columns = Kind::of_columns(typed);
    if !columns.iter().flatten().any(|kind| kind.has_others) {
        return;
    }
    let place_of = |sort| columns.iter().position(|kind| kind.as_ref().is_some_and(|kind| kind.sort == sort));
    // In a ragged row something else stands in the column.
    for row in typed.table.body().filter(|row| row.cells().len() == typed.table.width()) {
        let mut faults = Vec::new();
        for (column, kind) in columns.iter().enumerate() {
            let Some(kind) = kind.as_ref().filter(|kind| kind.has_others) else { continue };
            let Some((link, other, says_kind)) = kind.departure(row, column) else { continue };
            let place = place_of(other);
            if !says_kind && place.is_none() {
                continue;
            }
            let mut message = format!(
                "this leads to {}, {} of this column lead to {}",
                other.name(),
                count(kind.count, "other link"),
                kind.sort.plural()
            );
            if let Some(place) = place {
                let header = typed.header_text(place);
                message = format!("{message}; {} stand in \"{}\"", other.plural(), shorten(&header));
            }
            faults.push(Fault { span: link.span, message, fix: None });
        }
        if let Some(finding) = findings.report_together(faults) {
            finding.help("put in the link that belongs here, or leave the cell empty");
        }
    }
}

/// What the links of a column lead to, where they nearly all lead to one sort of thing.
struct Kind {
    sort: Sort,
    /// How many links lead there.
    count: usize,
    /// Whether some lead to another sort.
    has_others: bool,
    /// The text that most links have that stand alone in their cells.
    usual_text: Option<String>,
}

impl Kind {
    /// Fewer links of a sort tell nothing of a column.
    const ENOUGH: usize = 5;

    /// One for each column.
    fn of_columns(typed: &TypedTable<'_>) -> Vec<Option<Self>> {
        let mut columns = vec![Counts::default(); typed.table.width()];
        for row in typed.table.body() {
            for ((column, link), glance) in row.placed_links().zip(typed.glances(row)) {
                if let Some(counts) = columns.get_mut(column) {
                    counts.all += usize::from(!link.is_image);
                    if let Some(sort) = glance.sort {
                        counts.of_sorts[sort as usize] += 1;
                    }
                }
            }
        }
        columns.into_iter().enumerate().map(|(column, counts)| Self::of(typed, column, counts)).collect()
    }

    fn of(typed: &TypedTable<'_>, column: usize, counts: Counts) -> Option<Self> {
        let (sort, count) = Sort::ALL.into_iter().zip(counts.of_sorts).max_by_key(|&(_, count)| count)?;
        let others = counts.of_sorts.iter().sum::<usize>() - count;
        if count < Self::ENOUGH || count < others * 9 || count * 2 < counts.all {
            return None;
        }
        let usual = || link_texts(typed, column, Self::ENOUGH / 2 + 1).into_iter().next();
        let usual_text = (others > 0).then(usual).flatten().map(|text| text.key);
        Some(Self { sort, count, has_others: others > 0, usual_text })
    }

    /// The only link of a cell, where it leads to another sort of thing; and whether its own text says that it leads to this one.
    ///
    /// A link whose text says something else stands there on purpose: `[arXiv](…)` for want of code.
    fn departure<'t>(&self, row: Row<'t>, column: usize) -> Option<(&'t Link, Sort, bool)> {
        let links = row.cell_links(column);
        if links.is_empty() || links.len() > 2 {
            return None;
        }
        let mut links = links.iter().filter(|link| !link.is_image);
        let link = links.next().filter(|_| links.next().is_none())?;
        let other = sort(&url_of(row, link)?).filter(|other| *other != self.sort)?;
        if !is_labelled(link) {
            return Some((link, other, false));
        }
        let text = title::fold(row.slice(link.text));
        let says_kind = match link_role(&text) {
            Some(LinkRole::Code) => self.sort == Sort::Code,
            Some(LinkRole::Paper) => self.sort == Sort::Paper,
            _ => false,
        };
        (says_kind || self.usual_text.as_ref() == Some(&text)).then_some((link, other, says_kind))
    }
}

/// What the links of one column lead to.
#[derive(Clone, Copy, Default)]
struct Counts {
    all: usize,
    of_sorts: [usize; Sort::ALL.len()],
}
