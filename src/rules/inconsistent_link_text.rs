//! `inconsistent-link-text`: a link whose text departs from what the others of its column say.

use std::borrow::Cow;

use rustc_hash::FxHashMap;

use super::{Check, Rule, shorten};
use crate::column::links::{LinkText, link_texts, url_of};
use crate::column::{Bound, TypedTable};
use crate::diagnostic::{Fault, Findings, RuleName, Severity};
use crate::fix::{Applicability, Edit, Fix};
use crate::identity::url::{UrlParts, canonical_host};
use crate::table::{Link, LinkKind, Row};

pub(super) const RULE: Rule = Rule {
    name: RuleName("inconsistent-link-text"),
    page: include_str!("../../rules/inconsistent-link-text.md"),
    severity: Severity::Note,
    fix: Some(Applicability::Unsafe),
    check: Check::Table(check),
    is_default: true,
};

fn check(typed: &TypedTable<'_>, findings: &mut Findings) {
    if typed.table.body_len() < ESTABLISHED {
        return;
    }
    let conventions: Vec<Convention<'_>> =
        (0..typed.table.width()).filter_map(|column| Convention::of(typed, column)).collect();
    if conventions.is_empty() {
        return;
    }
    findings.report_by_line(conventions.iter().flat_map(|convention| convention.departures(typed)).collect());
}

fn is_plain(text: &str) -> bool {
    !text.contains(|character: char| "[]()<>`*_~\\&|!".contains(character))
}

/// So many links of one text make it one that the column has on purpose.
const ESTABLISHED: usize = 5;

/// What the links of a column say, and which texts depart from it.
struct Convention<'t> {
    column: usize,
    /// What is meant by each text that departs.
    meant: FxHashMap<Cow<'t, str>, Meant>,
    /// What the column's usual text names of the hosts that its links lead to, as `GitHub` does: no text for links that lead elsewhere.
    site: Option<String>,
}

/// The text that is meant by another.
struct Meant {
    text: String,
    /// How many links have it.
    count: usize,
    /// Whether it is the same words.
    is_respelling: bool,
}

impl<'t> Convention<'t> {
    /// None where no text departs.
    fn of(typed: &'t TypedTable<'_>, column: usize) -> Option<Self> {
        let declares_texts =
            |bound: &Bound<'_>| bound.columns().any(|(place, declared)| place == column && !declared.texts.is_empty());
        if typed.bound.as_ref().is_some_and(declares_texts) {
            return None;
        }
        let texts = link_texts(typed, column, ESTABLISHED);
        if texts.len() < 2 {
            return None;
        }
        let groups = Groups::of(&texts);
        let all: usize = texts.iter().map(|text| text.count).sum();
        let mut meant = FxHashMap::default();
        for text in &texts {
            let respelling = groups.spelling(text, &texts);
            let model = respelling.or_else(|| groups.word(text, &texts, all));
            if let Some(model) = model {
                let is_respelling = respelling.is_some() || is_slip(&text.key, &model.key);
                let model = Meant { text: model.visible.to_string(), count: model.count, is_respelling };
                meant.insert(text.visible.clone(), model);
            }
        }
        if meant.is_empty() {
            return None;
        }
        let name: String = texts[0].key.split(' ').collect();
        let links = labelled_links(typed, column).filter(|(_, _, text)| *text == texts[0].visible);
        let named = links.filter(|(row, link, _)| host(*row, link).is_some_and(|host| host.contains(&name))).count();
        let site = Some(name).filter(|_| named * 2 > texts[0].count);
        Some(Self { column, meant, site })
    }

    /// The links whose texts depart from it, with their lines.
    fn departures(&self, typed: &'t TypedTable<'_>) -> impl Iterator<Item = (usize, Fault)> {
        // In a ragged row something else stands in the column.
        let links = labelled_links(typed, self.column).filter(|(row, ..)| row.cells().len() == row.width());
        links.filter_map(|(row, link, visible)| {
            let Meant { text: meant, count, is_respelling } = self.meant.get(&*visible)?;
            let names_other = |site: &str| !host(row, link).is_some_and(|host| host.contains(site));
            if !is_respelling && self.site.as_deref().is_some_and(names_other) {
                return None;
            }
            let message = format!(
                "this link says \"{}\", and {count} others of this column say \"{}\"",
                shorten(&visible),
                shorten(meant)
            );
            // Where it takes more than letters to write a text, the author has to.
            let is_plain =
                link.kind != LinkKind::Reference && row.slice(link.text).trim() == visible && is_plain(meant);
            let edit = is_plain.then(|| Edit::replace(link.text, meant.as_str()));
            let fix = edit.map(|edit| Fix::uncertain(format!("write \"{}\"", shorten(meant)), [edit]));
            Some((row.line_number(), Fault { span: link.text, message, fix }))
        })
    }
}

/// The labelled links of a column that stand alone in their cells, with their texts.
fn labelled_links<'t>(
    typed: &'t TypedTable<'_>,
    column: usize,
) -> impl Iterator<Item = (Row<'t>, &'t Link, Cow<'t, str>)> {
    typed.link_cells().of_column(column).iter().filter_map(|cell| {
        let row = cell.row(typed.table);
        cell.only_labelled_link(row).map(|(link, visible)| (row, link, visible))
    })
}

/// The host that a link leads to.
fn host(row: Row<'_>, link: &Link) -> Option<String> {
    let url = url_of(row, link)?;
    Some(canonical_host(UrlParts::split(&url)?.host).into_owned())
}

/// The spellings of each text of a column: the place of the most frequent one, and how many links have any of them.
struct Groups<'x>(FxHashMap<&'x str, (usize, usize)>);

impl<'x> Groups<'x> {
    fn of(texts: &'x [LinkText<'_>]) -> Self {
        let mut groups: FxHashMap<&str, (usize, usize)> = FxHashMap::default();
        for (index, text) in texts.iter().enumerate() {
            groups.entry(&text.key).or_insert((index, 0)).1 += text.count;
        }
        Self(groups)
    }

    /// The usual spelling of a text that is spelt otherwise.
    fn spelling(&self, text: &LinkText<'_>, texts: &'x [LinkText<'x>]) -> Option<&'x LinkText<'x>> {
        let &(first, all) = self.0.get(&*text.key)?;
        let model = &texts[first];
        let is_usual = model.count >= ESTABLISHED && model.count >= (all - model.count) * 3;
        (is_usual && model.visible != text.visible).then_some(model)
    }

    /// The text that nearly all links of the column have, for one that says nothing of its own, or has a slip of the pen.
    fn word(&self, text: &LinkText<'_>, texts: &'x [LinkText<'x>], all: usize) -> Option<&'x LinkText<'x>> {
        let model = &texts[0];
        let (_, alike) = self.0.get(&*model.key)?;
        let (_, own) = self.0.get(&*text.key)?;
        let is_rare = own * 10 <= *alike && alike * 10 >= all * 8;
        (model.key != text.key && is_rare && (says_nothing(&text.key) || is_slip(&text.key, &model.key)))
            .then_some(model)
    }
}

/// Whether a text says no more than that there is a link.
fn says_nothing(key: &str) -> bool {
    const WORDS: [&str; 20] = [
        "link",
        "links",
        "url",
        "here",
        "click",
        "click here",
        "click me",
        "this",
        "this link",
        "web link",
        "链接",
        "鏈接",
        "連結",
        "点击",
        "这里",
        "リンク",
        "こちら",
        "링크",
        "여기",
        "바로가기",
    ];
    WORDS.contains(&key)
}

/// Whether a word is another one with a letter too many, too few, wrong, or in the wrong place.
fn is_slip(key: &str, model: &str) -> bool {
    let is_word = |text: &str| text.chars().all(|character| character.is_alphabetic() || character == ' ');
    let is_short = |text: &str| (4..=24).contains(&text.len());
    is_short(key) && is_short(model) && is_word(key) && is_word(model) && strsim::osa_distance(key, model) == 1
}
