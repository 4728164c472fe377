//! What a list does everywhere but in one place is found there: headers and venues, planted into real lists and into one of our own.

use std::cell::OnceCell;
use std::collections::BTreeMap;
use std::fmt::Write as _;

use tablewright::column::{Declared, Role, TypedDocument};
use tablewright::lint::{self, Settings};
use tablewright::rules::by_name;
use tablewright::source::{Source, Span};
use tablewright::table::Document;

use crate::corpus::{self, CURRENT_YEAR};

const HEADER: &str = "inconsistent-header";
const VENUE: &str = "inconsistent-venue";

/// A finding's line, and the first replacement of its fix.
type Found = (usize, Option<String>);

fn found(source: &Source, rule: &str) -> Vec<Found> {
    let rule = by_name(rule).expect("the rule exists");
    let findings = lint::check(source, &Settings::new(&[rule], CURRENT_YEAR)).findings;
    let place = |finding: &lint::Finding| {
        let fix = finding.diagnostic.fix.as_ref();
        let replacement = fix.and_then(|fix| fix.edits().first().map(|edit| edit.replacement.clone()));
        (source.line_number(finding.diagnostic.span.start()), replacement)
    };
    findings.iter().map(place).collect()
}

/// Replaces a piece of a list; what the rule says then, beside what it said before.
fn plant(source: &Source, before: &[Found], rule: &str, span: Span, replacement: &str) -> Vec<Found> {
    let text = source.text();
    let planted = format!("{}{replacement}{}", &text[..span.start()], &text[span.end()..]);
    found(&Source::new(source.path(), planted), rule).into_iter().filter(|finding| !before.contains(finding)).collect()
}

/// A list with seven tables of four columns and, of each venue, many rows.
fn own_list() -> Source {
    let mut text = String::new();
    for (section, entry) in
        ["Surveys", "Models", "Datasets", "Benchmarks", "Tools", "Talks", "Courses"].into_iter().zip(1..)
    {
        let _ = write!(text, "## {section}\n\n| Year | Title | Publisher and venue | Download |\n| - | - | - | - |\n");
        for (venue, year) in
            ["CVPR", "NeurIPS", "RA-L", "Bioinformatics", "arXiv"].into_iter().zip(2020..).cycle().take(10)
        {
            let _ =
                writeln!(text, "| {year} | {section} {entry}.{year} | {venue} {year} | [file](https://x.org/{year}) |");
        }
        text += "\n";
    }
    Source::new("list.md", text)
}

fn lists() -> Vec<Source> {
    /// Longer lists take too long to be read as often.
    const MAX_BYTES: usize = 80_000;
    let lists = std::iter::once(own_list()).chain(corpus::lists());
    lists.filter(|list| list.text().len() < MAX_BYTES).collect()
}

/// Other ways to write a name that nobody takes for another one.
fn misspelt_names(name: &str) -> Vec<String> {
    let is_word = |least: usize| name.len() >= least && name.bytes().all(|byte| byte.is_ascii_alphabetic());
    let mut names = vec![name.to_uppercase(), name.to_lowercase(), format!("{name}.")];
    if is_word(4) && !name.ends_with(['s', 'S', 'u', 'i']) {
        names.push(format!("{name}s"));
    }
    if is_word(7) {
        names.push(format!("{}{}", &name[..2], &name[3..]));
    }
    if is_word(8) {
        names.push(format!("{}q{}", &name[..3], &name[4..]));
    }
    names.retain(|misspelt| misspelt != name);
    names
}

#[test]
fn a_renamed_column_is_found_in_its_header() {
    /// Of fewer tables one more departure may be too many.
    const ENOUGH_TABLES: usize = 7;
    let (mut plants, mut failures) = (0, Vec::new());
    for source in lists() {
        let document = Document::parse(&source);
        let declared = Declared::default();
        let typed = TypedDocument::infer(&document, &declared, CURRENT_YEAR);
        let before = OnceCell::new();
        let mut alike: BTreeMap<Vec<&str>, Vec<usize>> = BTreeMap::new();
        for (index, typed) in typed.tables.iter().enumerate() {
            let header = typed.table.header().cells().iter().map(|cell| cell.text).collect();
            alike.entry(header).or_default().push(index);
        }
        for (header, tables) in alike.iter().filter(|(_, tables)| tables.len() >= ENOUGH_TABLES) {
            // Two columns of one name tell nothing.
            let is_twice = |at: usize| header[..at].contains(&header[at]);
            if !(2..=20).contains(&header.len()) || (1..header.len()).any(is_twice) {
                continue;
            }
            for (column, &name) in header.iter().enumerate() {
                let typed = &typed.tables[tables[(column * 3 + 1) % tables.len()]];
                if typed.header_text(column) != name || !name.is_ascii() || name.contains(['\\', '&', '`', ':', '.']) {
                    continue;
                }
                let misspelt = misspelt_names(name);
                let before = before.get_or_init(|| found(&source, HEADER));
                for misspelt in misspelt.iter().cycle().skip(column).take(misspelt.len().min(2)) {
                    plants += 1;
                    let found =
                        plant(&source, before, HEADER, typed.table.header().cells().at(column).content, misspelt);
                    let line = typed.table.header().line_number();
                    if found != [(line, Some(name.to_owned()))] {
                        failures.push(format!("{}:{line} {name} as {misspelt}: {found:?}", source.path()));
                    }
                }
            }
        }
    }
    assert!(plants >= 8);
    assert!(failures.is_empty(), "{} of {plants} plants:\n{}", failures.len(), failures.join("\n"));
}

#[test]
fn columns_in_another_order_are_found_in_their_header() {
    let source = own_list();
    let document = Document::parse(&source);
    for table in &document.tables {
        let header = table.header();
        for (first, second) in [(0, 1), (1, 2), (0, 3)] {
            let mut texts: Vec<&str> = header.cells().iter().map(|cell| cell.text).collect();
            texts.swap(first, second);
            let swapped = format!("| {} |", texts.join(" | "));
            assert_eq!(
                plant(&source, &[], HEADER, header.span(), &swapped),
                [(header.line_number(), None)],
                "{swapped}"
            );
        }
    }
}

#[test]
fn a_misspelt_venue_is_found_in_its_row() {
    /// Of fewer cells another spelling may be meant.
    const ENOUGH_CELLS: usize = 10;
    let (mut plants, mut failures) = (0, Vec::new());
    for source in lists() {
        let document = Document::parse(&source);
        let declared = Declared::default();
        let typed = TypedDocument::infer(&document, &declared, CURRENT_YEAR);
        // The first word of each venue: how many cells begin with it, and the middle one of those.
        let mut words: BTreeMap<&str, Vec<(usize, &str)>> = BTreeMap::new();
        for typed in &typed.tables {
            let columns = (0..typed.roles.len()).filter(|&column| typed.roles[column] == Role::Venue);
            for column in columns {
                for row in typed.table.body().filter(|row| row.cells().len() == typed.table.width()) {
                    let cell = row.cell_text(column);
                    let word = &cell[..cell.bytes().take_while(u8::is_ascii_alphabetic).count()];
                    let rest = &cell[word.len()..];
                    let is_plain = rest.bytes().all(|byte| byte.is_ascii_digit() || byte == b' ');
                    if is_plain && word.len() >= 4 && !typed.is_group_row(row) {
                        words.entry(word).or_default().push((row.line_number(), cell));
                    }
                }
            }
        }
        let before = found(&source, VENUE);
        for (word, cells) in words.iter().filter(|(_, cells)| cells.len() >= ENOUGH_CELLS) {
            let (line, cell) = cells[cells.len() / 2];
            let start = source.span_of(cell).start();
            let mut spellings = vec![word.to_lowercase()];
            let is_long = word.len() >= 8 && word.bytes().filter(u8::is_ascii_lowercase).count() >= 3;
            spellings.extend(is_long.then(|| format!("{}{}", &word[..3], &word[4..])));
            for misspelt in spellings.into_iter().filter(|misspelt| misspelt != word) {
                plants += 1;
                let found = plant(&source, &before, VENUE, Span::new(start, start + word.len()), &misspelt);
                if found != [(line, Some((*word).to_owned()))] {
                    failures.push(format!("{}:{line} {word} as {misspelt}: {found:?}", source.path()));
                }
            }
        }
    }
    assert!(plants >= 3);
    assert!(failures.is_empty(), "{} of {plants} plants:\n{}", failures.len(), failures.join("\n"));
}

#[test]
fn a_year_in_another_style_is_found_in_its_row() {
    let source = own_list();
    for (from, to) in [("CVPR 2020", "CVPR2020"), ("NeurIPS 2021", "NeurIPS'21"), ("RA-L 2022", "RA-L (2022)")] {
        for (at, _) in source.text().match_indices(from) {
            let found = plant(&source, &[], VENUE, Span::new(at, at + from.len()), to);
            let year = &from[from.find(' ').unwrap_or_default()..];
            assert_eq!(found, [(source.line_number(at), Some(year.to_owned()))], "{to}");
        }
    }
}

#[test]
fn a_clean_list_is_silent() {
    let source = own_list();
    for rule in [HEADER, VENUE] {
        assert_eq!(found(&source, rule), [], "{rule}");
    }
}
