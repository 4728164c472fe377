//! Departures planted into columns of links that are alike are found: in their row, by their rule, and the fix undoes them.

use std::borrow::Cow;
use std::cell::OnceCell;
use std::collections::BTreeSet;
use std::fmt::Write as _;

use tablewright::column::links::link_texts;
use tablewright::column::{Declared, TypedDocument, TypedTable};
use tablewright::fix::Applicability;
use tablewright::identity::site::sort;
use tablewright::lint::{self, Settings};
use tablewright::rules::by_name;
use tablewright::source::Source;
use tablewright::table::{Document, Link, LinkKind, Row};

use crate::corpus::{self, CURRENT_YEAR};
use crate::planted::Random;

/// A link of a column whose links are alike.
struct Place<'p> {
    typed: &'p TypedTable<'p>,
    row: Row<'p>,
    column: usize,
    /// The text of this link, which is that of nearly all others.
    text: &'p str,
    url: &'p str,
}

/// Writes a link that departs from its column; none where it may be meant.
type Kind = fn(&mut Random, &Place<'_>) -> Option<String>;

/// What is planted, the rule that finds it, and whether its fix brings back what was there.
const KINDS: &[(&str, &str, bool, Kind)] = &[
    ("text in other case", "inconsistent-link-text", true, |_, Place { text, url, .. }| {
        let other = if text.chars().any(char::is_uppercase) { text.to_lowercase() } else { text.to_uppercase() };
        (other != *text).then(|| format!("[{other}]({url})"))
    }),
    ("text that says nothing", "inconsistent-link-text", true, |random, Place { text, url, .. }| {
        let word = *random.pick(&["link", "here", "链接", "Click here"])?;
        let says_something = !["link", "here", "url"].contains(&text.to_lowercase().as_str());
        says_something.then(|| format!("[{word}]({url})"))
    }),
    ("naked URL", "bare-url", true, |random, Place { url, .. }| {
        // GitHub leaves these out of a URL, or ends it there.
        let is_whole = !url.ends_with(['.', ',', ')', '_', '*', '~']) && !url.contains(['(', ')', '<']);
        is_whole.then(|| if random.next() % 2 == 0 { (*url).to_owned() } else { format!("<{url}>") })
    }),
    ("campaign", "noncanonical-url", true, |random, Place { text, url, .. }| {
        let parameters = *random.pick(&[
            "utm_source=x",
            "fbclid=IwAR0",
            "gclid=Cj0&utm_medium=y",
            "spm=a2ty",
            "mc_cid=1&amp;mc_eid=2",
        ])?;
        (!url.contains(['?', '#'])).then(|| format!("[{text}]({url}?{parameters})"))
    }),
    ("other name of the host", "noncanonical-url", true, |_, Place { text, url, .. }| {
        let rest = url.strip_prefix("https://")?;
        let other = ["github.com/", "arxiv.org/", "huggingface.co/"].into_iter().find(|host| rest.starts_with(host))?;
        Some(format!("[{text}](https://www.{other}{})", &rest[other.len()..]))
    }),
    ("PDF on arXiv", "noncanonical-url", true, |random, Place { text, url, typed, column, .. }| {
        let id = url.strip_prefix("https://arxiv.org/abs/").filter(|id| !id.contains(['?', '#', '/']))?;
        let is_abstract = |row: Row<'_>| row.cell_text(*column).contains("arxiv.org/abs/");
        let is_pdf = |row: Row<'_>| row.cell_text(*column).contains("arxiv.org/pdf/");
        let count = |is_form: &dyn Fn(Row<'_>) -> bool| typed.table.body().filter(|row| is_form(*row)).count();
        let is_clear = count(&is_abstract) >= 10 && count(&is_pdf) == 0 && !text.to_lowercase().contains("pdf");
        let ending = *random.pick(&["", ".pdf"])?;
        is_clear.then(|| format!("[{text}](https://arxiv.org/pdf/{id}{ending})"))
    }),
    ("link of another column", "misplaced-link", false, |_, Place { text, url, typed, row, column }| {
        let own = sort(url)?;
        let sorts = |column: usize| {
            let cells = typed.link_cells().of_column(column).iter();
            let links = cells.filter_map(|cell| cell.only_labelled_link(cell.row(typed.table)));
            links.map(|(link, _)| sort(typed.table.slice(link.destination))).collect::<Vec<_>>()
        };
        let is_of = |sorts: &[Option<_>], sort| sorts.len() >= 12 && sorts.iter().all(|other| *other == Some(sort));
        let other = (0..row.width()).filter(|other| other != column).find_map(|other| {
            let (link, _) = only_labelled_link(typed, *row, other)?;
            let url = typed.table.slice(link.destination);
            let sort = sort(url).filter(|sort| *sort != own)?;
            is_of(&sorts(other), sort).then_some(url)
        })?;
        is_of(&sorts(*column), own).then(|| format!("[{text}]({other})"))
    }),
];

/// The labelled link that is all there is in a cell, with its text.
fn only_labelled_link<'t>(typed: &TypedTable<'t>, row: Row<'t>, column: usize) -> Option<(&'t Link, Cow<'t, str>)> {
    let mut cells = typed.link_cells().of_column(column).iter();
    cells.find(|cell| cell.row(typed.table).line_number() == row.line_number())?.only_labelled_link(row)
}

/// A list whose columns are as clean as can be.
fn clean_list() -> Source {
    let mut text = String::from("| Title | Paper | Code | Data | Talk |\n| --- | --- | --- | --- | --- |\n");
    for row in 0..40 {
        let _ = writeln!(
            text,
            "| Entry {row} | [paper](https://arxiv.org/abs/2401.{row:05}) | [Code](https://github.com/owner/name{row}) \
             | [data](https://zenodo.org/records/{row}) | [video](https://www.youtube.com/watch?v=A{row}) |"
        );
    }
    text.push_str("\nThe end.\n");
    Source::new("clean.md", text)
}

/// The lines that a rule speaks of.
fn look(source: &Source, settings: &Settings) -> BTreeSet<usize> {
    let findings = lint::check(source, settings).findings;
    findings.iter().map(|finding| source.line_number(finding.diagnostic.span.start())).collect()
}

/// Plants one departure; `is_clean` tells, once it is known, whether the rule is silent on the list. None where chance finds no place for it; else what is not as it should be, if anything.
fn plant(
    typed: &TypedDocument<'_>,
    is_clean: &OnceCell<bool>,
    random: &mut Random,
    (rule, is_undone, kind): (&'static str, bool, Kind),
) -> Option<Result<(), String>> {
    /// Among fewer links one that departs may be meant.
    const ENOUGH: usize = 12;
    let source = typed.document.source;
    let table = random.pick(&typed.tables)?;
    let column = random.next() % table.table.width();
    let rows: Vec<Row<'_>> = table.table.body().collect();
    let row = *random.pick(&rows).filter(|row| row.cells().len() == table.table.width())?;
    let (link, _) = only_labelled_link(table, row, column)?;
    let (text, url) = (table.table.slice(link.text), table.table.slice(link.destination));
    let texts = link_texts(table, column, 1);
    let links = rows.iter().filter(|row| !row.cell_links(column).is_empty()).count();
    let is_usual = texts.first().is_some_and(|usual| usual.visible == text && usual.count >= ENOUGH)
        && texts[0].count * 10 > links * 9
        && row.cell_links(column).len() == 1
        && link.kind == LinkKind::Inline
        && table.table.slice(link.span) == format!("[{text}]({url})");
    let settings = Settings::new(&[by_name(rule)?], CURRENT_YEAR);
    if !is_usual || !is_clean.get_or_init(|| look(source, &settings).is_empty()) {
        return None;
    }
    let planted = kind(random, &Place { typed: table, row, column, text, url })?;
    let whole = source.text();
    let new = format!("{}{planted}{}", &whole[..link.span.start()], &whole[link.span.end()..]);
    let new = Source::new(source.path(), new);
    let found = look(&new, &settings);
    let place = format!("{}:{} {planted}", source.path(), row.line_number());
    if found != BTreeSet::from([row.line_number()]) {
        return Some(Err(format!("{place}: found at {found:?}")));
    }
    let fixed = lint::fix(new, &settings, Applicability::Unsafe);
    // Rows that were touched are aligned again.
    let squeezed = |text: &str| text.split([' ', '-']).collect::<String>();
    if is_undone && squeezed(fixed.source.text()) != squeezed(whole) {
        let written = fixed.source.slice(fixed.source.line(row.line_number())).to_owned();
        return Some(Err(format!("{place}: fixed to {written}")));
    }
    Some(Ok(()))
}

/// `PROPTEST_CASES` asks for more plants.
#[test]
fn links_that_depart_from_their_column_are_found_and_put_right() {
    /// Longer lists take too long to be read as often.
    const MAX_BYTES: usize = 80_000;
    let cases: Option<usize> = std::env::var("PROPTEST_CASES").ok().and_then(|cases| cases.parse().ok());
    let wanted = cases.unwrap_or(400).div_ceil(40);
    let lists = corpus::lists().into_iter().filter(|list| list.text().len() < MAX_BYTES);
    // The clean list has a place for each departure, whatever the others are like.
    let sources: Vec<Source> = lists.chain([clean_list()]).collect();
    let declared = Declared::default();
    let documents: Vec<Document<'_>> = sources.iter().map(Document::parse).collect();
    let lists: Vec<TypedDocument<'_>> =
        documents.iter().map(|document| TypedDocument::infer(document, &declared, CURRENT_YEAR)).collect();
    let mut failures = Vec::new();
    for &(name, rule, is_undone, kind) in KINDS {
        let mut random = Random::new(name);
        let mut count = 0;
        let clean = vec![OnceCell::new(); lists.len()];
        for _ in 0..wanted * 400 {
            let list = random.next() % lists.len();
            if let Some(outcome) = plant(&lists[list], &clean[list], &mut random, (rule, is_undone, kind)) {
                count += 1;
                failures.extend(outcome.err().map(|failure| format!("{name}: {failure}")));
            }
            if count == wanted {
                break;
            }
        }
        assert!(count > 0, "{name}: planted nowhere");
    }
    assert!(failures.is_empty(), "{} failures:\n{}", failures.len(), failures.join("\n"));
}

#[test]
fn a_clean_list_is_left_alone() {
    let source = clean_list();
    for (_, rule, ..) in KINDS {
        let settings = Settings::new(&[by_name(rule).expect("there is such a rule")], CURRENT_YEAR);
        assert_eq!(look(&source, &settings), BTreeSet::new(), "{rule}");
    }
}
