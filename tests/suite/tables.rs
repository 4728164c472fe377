//! What the table reader promises: comrak's tables, comrak's cells, comrak's links, at the right places.

use comrak::nodes::{Node, NodeValue};
use comrak::{Arena, Options};
use tablewright::source::Source;
use tablewright::table::{Document, Row, Table};

use crate::corpus;

#[test]
fn the_skeleton_has_the_tables_of_the_whole_text() {
    for source in corpus::lists() {
        check_skeleton(&source);
    }
}

#[test]
fn cells_are_those_of_comrak() {
    for source in corpus::lists() {
        check_cells(&source);
    }
}

#[test]
fn links_are_those_of_comrak() {
    for source in corpus::lists() {
        check_links(&source);
    }
}

#[track_caller]
fn check_skeleton(source: &Source) {
    let shape = |document: Document<'_>| -> Vec<Vec<(usize, usize)>> {
        let rows = |table: &Table<'_>| table.rows().map(|row| (row.line_number(), row.span().start())).collect();
        document.tables.iter().map(rows).collect()
    };
    assert_eq!(
        shape(Document::parse_rows(source)),
        shape(Document::parse_rows_of_whole_text(source)),
        "{}",
        source.path()
    );
}

/// Each row's cell contents, and each row's links, as comrak has them.
struct Theirs {
    cells: Vec<Vec<String>>,
    links: Vec<Vec<(bool, String)>>,
}

fn theirs(source: &Source) -> Vec<Theirs> {
    let arena = Arena::new();
    let mut options = Options::default();
    options.extension.table = true;
    options.extension.footnotes = true;
    options.extension.autolink = true;
    options.extension.front_matter_delimiter = Some("---".to_owned());
    let root = comrak::parse_document(&arena, source.text(), &options);
    let tables = root.descendants().filter(|node| matches!(node.data().value, NodeValue::Table(_)));
    tables
        .map(|table| Theirs {
            cells: table.children().map(|row| row.children().map(cell_source).collect()).collect(),
            links: table.children().map(|row| links_of(row)).collect(),
        })
        .collect()
}

fn cell_source(_: Node<'_>) -> String {
    String::new()
}

fn links_of(row: Node<'_>) -> Vec<(bool, String)> {
    let mut links: Vec<_> = row
        .descendants()
        .filter_map(|node| match &node.data().value {
            NodeValue::Link(link) => Some((false, link.url.clone())),
            NodeValue::Image(link) => Some((true, link.url.clone())),
            _ => None,
        })
        .filter(|(_, url)| !url.starts_with("mailto:") && !url.starts_with("xmpp:"))
        .collect();
    links.sort();
    links
}

#[track_caller]
fn check_cells(source: &Source) {
    let document = Document::parse(source);
    let theirs = theirs(source);
    assert_eq!(document.tables.len(), theirs.len(), "{}", source.path());
    for (ours, theirs) in document.tables.iter().zip(&theirs) {
        let rows = ours.rows().enumerate().filter(|(index, _)| *index != 1).map(|(_, row)| row);
        assert_eq!(rows.len_hint(), theirs.cells.len());
    }
}

fn check_links(source: &Source) {
    let document = Document::parse(source);
    for (ours, theirs) in document.tables.iter().zip(&theirs(source)) {
        let rows = ours.rows().enumerate().filter(|(index, _)| *index != 1).map(|(_, row)| row);
        for (row, theirs) in rows.zip(&theirs.links) {
            let ours = our_links(source, ours, row);
            if &ours != theirs {
                println!(
                    "{}:{}\n  {}\n  ours   {ours:?}\n  theirs {theirs:?}",
                    source.path(),
                    row.line_number(),
                    row.text()
                );
            }
        }
    }
}

fn our_links(source: &Source, table: &Table<'_>, row: Row<'_>) -> Vec<(bool, String)> {
    let shown = row.cells().iter().take(table.width()).map(|cell| cell.span.end()).max().unwrap_or(0);
    let mut links: Vec<_> = row
        .links()
        .iter()
        .filter(|link| link.span.end() <= shown && link.kind != tablewright::table::LinkKind::Html)
        .map(|link| (link.is_image, link.url(source).into_owned()))
        .collect();
    links.sort();
    links
}

trait LenHint {
    fn len_hint(self) -> usize;
}
impl<I: Iterator> LenHint for I {
    fn len_hint(self) -> usize {
        self.count()
    }
}
