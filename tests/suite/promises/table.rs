//! What the table reader promises: comrak's tables, comrak's cells, comrak's links, at their exact places.

use std::borrow::Cow;

use comrak::nodes::{Node, NodeValue};
use comrak::{Arena, Options};
use tablewright::address::scheme_fault;
use tablewright::identity::title;
use tablewright::source::{Source, Span};
use tablewright::table::{ByteKinds, Document, LinkKind, Row, Table};

#[track_caller]
pub(crate) fn check(source: &Source) {
    let document = Document::parse(source);
    check_places(source, &document);
    check_plainness(&document);
    check_skeleton(source);
    let arena = Arena::new();
    let options = super::options();
    let root = comrak::parse_document(&arena, &padded(source.text()), &options);
    let theirs: Vec<_> = root.descendants().filter(|node| matches!(node.data().value, NodeValue::Table(_))).collect();
    // Where a line above the header was taken for a link definition, comrak has the header at that.
    let header_line = |theirs: &Node<'_>| {
        let below = |row: Node<'_>| row.data().sourcepos.start.line;
        theirs.children().nth(1).map_or(theirs.data().sourcepos.end.line + 1, below) - 2
    };
    let is_ours =
        |theirs: &Node<'_>| document.tables.iter().any(|ours| ours.header().line_number() == header_line(theirs));
    let (mut theirs, left_out): (Vec<_>, Vec<_>) = theirs.into_iter().partition(is_ours);
    // It puts footnotes behind all else.
    theirs.sort_by_key(header_line);
    // A line that goes on lazily may be a header for comrak that has other cells than are written, as blanks before its first pipe.
    let is_lazy = |theirs: &Node<'_>| {
        let is_container = |node: Node<'_>| {
            matches!(node.data().value, NodeValue::BlockQuote | NodeValue::Item(_) | NodeValue::FootnoteDefinition(_))
        };
        theirs.ancestors().any(is_container) && !source.slice(source.line(header_line(theirs) - 1)).trim().is_empty()
    };
    assert!(left_out.iter().all(is_lazy), "tables of {}:\n{}", source.path(), source.text());
    assert_eq!(document.tables.len(), theirs.len(), "tables of {}:\n{}", source.path(), source.text());
    for (ours, theirs) in document.tables.iter().zip(theirs) {
        assert_eq!(ours.rows().count() - 1, theirs.children().count());
        for (ours_row, theirs) in shown_rows(ours).zip(theirs.children()) {
            let place = format!("{}:{}: {}", source.path(), ours_row.line_number(), ours_row.text());
            // comrak leaves both backslashes of `\\|`, where cmark-gfm makes a pipe of the last two characters.
            if !ours_row.text().contains("\\\\|") && !has_link_in_link(theirs) {
                let their_links = their_links(theirs);
                // References to control characters and to what is no character, which no address has, stay as they are written.
                let is_odd =
                    |(_, url): &(bool, String)| url.contains(|char: char| char.is_control() || char == '\u{fffd}');
                if !ours_row.text().contains("&#") || !their_links.iter().any(is_odd) {
                    assert_eq!(our_links(source, ours, ours_row), their_links, "{place}");
                }
            }
        }
        check_cells(&document, ours, theirs, &options);
    }
}

/// The skeleton, which the reader asks comrak about, has the tables, headings and blocks of the whole text.
#[track_caller]
pub(crate) fn check_skeleton(source: &Source) {
    if !source.text().contains(['|', ':', '\u{b}', '\u{c}']) {
        // Nothing is read where no table can be.
        return;
    }
    let (ours, whole) = (Document::parse_rows(source), Document::parse_rows_of_whole_text(source));
    let tables = |document: &Document<'_>| -> Vec<_> {
        let rows = |table: &Table<'_>| table.rows().map(|row| (row.line_number(), row.span().start())).collect();
        let table = |table: &Table<'_>| (rows(table), table.containers.clone(), table.section.map(str::to_owned));
        document.tables.iter().map(table).collect::<Vec<(Vec<_>, _, _)>>()
    };
    let headings = |document: &Document<'_>| -> Vec<_> {
        document.headings.iter().map(|heading| (heading.line_number, heading.level, heading.text.to_owned())).collect()
    };
    let text = source.text();
    assert_eq!(tables(&ours), tables(&whole), "{}:\n{text}", source.path());
    assert_eq!(headings(&ours), headings(&whole), "{}:\n{text}", source.path());
    assert_eq!(ours.blocks, whole.blocks, "{}:\n{text}", source.path());
}

/// The rows that comrak has nodes for: all but the delimiter row.
fn shown_rows<'t>(table: &'t Table<'_>) -> impl Iterator<Item = Row<'t>> {
    table.rows().enumerate().filter(|(index, _)| *index != 1).map(|(_, row)| row)
}

/// Spans are in bounds, on character boundaries and in order, and a row is its prefix, its cells and its pipes.
#[track_caller]
fn check_places(source: &Source, document: &Document<'_>) {
    for table in &document.tables {
        for row in table.rows() {
            let line = source.slice(source.line(row.line_number()));
            assert!(line.starts_with(row.prefix()));
            let behind = line[row.prefix().len()..].strip_prefix(row.text()).expect("the row follows its prefix");
            assert!(behind.chars().all(|blank| matches!(blank, ' ' | '\t' | '\u{b}' | '\u{c}')), "{behind:?}");
            assert_eq!(printed(row), row.text(), "{}:{}", source.path(), row.line_number());
            for link in row.links() {
                assert!(row.cells().iter().any(|cell| cell.span().contains(link.span)));
                assert!(link.span.contains(link.text));
                assert!(link.kind == LinkKind::Reference || link.span.contains(link.destination));
                assert!(source.text().get(link.span.start()..link.span.end()).is_some());
                assert!(source.text().get(link.text.start()..link.text.end()).is_some());
                assert!(source.text().get(link.destination.start()..link.destination.end()).is_some());
            }
        }
    }
}

/// What spares rules a closer look is true.
#[track_caller]
fn check_plainness(document: &Document<'_>) {
    let source = document.source;
    for row in document.tables.iter().flat_map(Table::rows) {
        for (column, cell) in row.cells().iter().enumerate() {
            assert_eq!(cell.kinds, ByteKinds::of(cell.text), "{}", cell.text);
            assert_eq!(title::visible_cell(row, column), title::visible(cell.text), "{}", cell.text);
            // A picture is left out, but keeps a text from being taken as a whole.
            if cell.text.starts_with(['[', '*']) {
                let with_picture = format!("{} ![](x)", cell.text);
                assert_eq!(title::visible(cell.text), title::visible(&with_picture), "{}", cell.text);
            }
        }
        assert_eq!(row.kinds().is_ascii(), row.text().is_ascii(), "{}", row.text());
        for link in row.links().iter().filter(|link| link.is_plain) {
            let (text, address) = (source.slice(link.text), source.slice(link.destination));
            let mark = if link.is_image { "!" } else { "" };
            assert_eq!(source.slice(link.span), format!("{mark}[{text}]({address})"));
            assert!(
                !address.contains(['\\', '&']) && link.url(source) == address && scheme_fault(address).is_none(),
                "{address}"
            );
            assert!(link.is_image || !text.is_empty() && title::visible(text) == text, "{text}");
        }
        if row.is_plainly_linked() {
            assert!(row.links().iter().all(|link| link.is_plain && !link.is_nested), "{}", row.text());
            let mut behind = row.span().start();
            let mut between = String::new();
            for link in row.links() {
                between.push_str(source.slice(Span::new(behind, link.span.start())));
                behind = link.span.end();
            }
            between.push_str(source.slice(Span::new(behind, row.span().end())));
            let has_brackets = between.contains(['[', ']', '［', '］']);
            assert!(!has_brackets || row.comment().is_some(), "{}", row.text());
        }
    }
}

/// The row put together again from its parts.
fn printed(row: Row<'_>) -> String {
    let inner: Vec<&str> = row.cells().iter().map(|cell| &row.text()[relative(row, cell.span())]).collect();
    let mut text = String::new();
    text.push_str(if row.has_opening_pipe() { "|" } else { "" });
    text.push_str(&inner.join("|"));
    let end = row.cells().last().map_or(row.span().start(), |cell| cell.span().end());
    let behind = row.text().len() - (end - row.span().start());
    let tail = &row.text()[row.text().len() - behind..];
    assert_eq!(tail.starts_with('|'), row.has_closing_pipe() && !row.cells().is_empty());
    assert!(row.comment().is_some() || tail.len() <= 1, "{tail}");
    text.push_str(tail);
    text
}

fn relative(row: Row<'_>, span: tablewright::source::Span) -> std::ops::Range<usize> {
    let start = row.span().start();
    span.start() - start..span.end() - start
}

/// A cell is comrak's where it renders the same, alone in a table, as comrak renders its own.
#[track_caller]
fn check_cells(document: &Document<'_>, ours: &Table<'_>, theirs: Node<'_>, options: &Options<'_>) {
    let source = document.source;
    let definition = document.definitions.get("ref").map(|span| format!("\n[ref]: {}\n", source.slice(span)));
    let mut alone = String::from("|h|\n|-|\n");
    let mut expected = Vec::new();
    for (row, theirs) in shown_rows(ours).zip(theirs.children()) {
        for (column, cell) in theirs.children().enumerate() {
            let text = row.cell_text(column);
            // A vertical tab beside a pipe is skipped, and this cell may have had no pipe there.
            if !text.starts_with(['\u{b}', '\u{c}']) && !text.ends_with(['\u{b}', '\u{c}']) {
                alone.extend(["| ", text, " |\n"]);
                expected.push((row.line_number(), html(cell, options)));
            }
        }
    }
    alone.push_str(&definition.unwrap_or_default());
    let arena = Arena::new();
    let root = comrak::parse_document(&arena, &alone, options);
    let table = root.first_child().expect("the document has a block");
    let actual = table.children().skip(1).map(|row| html(row.first_child().expect("a row has a cell"), options));
    // Links that are defined by other means than `[ref]:` cannot be judged alone.
    let judged = |html: &String| !["<a", "<img", "footnote"].iter().any(|part| html.contains(part));
    for (actual, (line_number, expected)) in actual.zip(&expected) {
        if judged(expected) {
            assert_eq!(&actual, expected, "{}:{line_number}", source.path());
        }
    }
}

fn html(cell: Node<'_>, options: &Options<'_>) -> String {
    let mut html = String::new();
    for child in cell.children() {
        comrak::format_html(child, options, &mut html).expect("writing to a string does not fail");
    }
    html
}

/// The text, with a blank line behind it that changes nothing of its tables, where it may define links: comrak 0.59 makes none of references any more
/// once their addresses are as long in all as the text or 100,000 bytes, whichever is less; in cmark-gfm it is whichever is more.
///
/// The last line has an ending, which cmark-gfm adds and comrak does not: without one, comrak takes `<div` for no beginning of HTML.
fn padded(text: &str) -> Cow<'_, str> {
    match text.contains("]:") {
        true => Cow::Owned(format!("{text}\n{}\n", " ".repeat(100_000))),
        false if text.ends_with(['\n', '\r']) => Cow::Borrowed(text),
        false => Cow::Owned(format!("{text}\n")),
    }
}

/// comrak 0.59 makes a link around another where a bracket behind that came to nothing, as in
/// `[x, [c](u), [d](e](h)`; the standard forbids it (6.3), and cmark-gfm does not.
fn has_link_in_link(row: Node<'_>) -> bool {
    let is_link = |node: Node<'_>| matches!(node.data().value, NodeValue::Link(_));
    row.descendants().any(|node| is_link(node) && node.ancestors().skip(1).any(is_link))
}

fn their_links(row: Node<'_>) -> Vec<(bool, String)> {
    let links = row.descendants().filter_map(|node| match &node.data().value {
        NodeValue::Link(link) => Some((false, link.url.clone())),
        NodeValue::Image(link) => Some((true, link.url.clone())),
        _ => None,
    });
    let links = links.map(|(is_image, url)| (is_image, without_blanks(url)));
    let mut links: Vec<_> = links.filter(|(_, url)| !is_mail(url)).collect();
    links.sort();
    links
}

/// Bare addresses of mail and chat are links for comrak and none for the reader, which has no use for them; so nobody's are compared.
///
/// What the name may hold besides letters may stand before the scheme as well, for comrak: `0mailto:a@e.org`.
fn is_mail(url: &str) -> bool {
    let is_name = |char: char| char.is_ascii_alphanumeric() || matches!(char, '.' | '+' | '-' | '_');
    let is_before_scheme = |text: &str| text.chars().all(is_name) && !text.ends_with(|char: char| char.is_alphabetic());
    ["mailto:", "xmpp:"].iter().any(|scheme| {
        url.split_once(scheme)
            .is_some_and(|(before, rest)| before.is_empty() || is_before_scheme(before) && rest.contains('@'))
    })
}

/// Of the blanks in angle brackets, cmark takes off vertical tabs and form feeds as well (`cmark_isspace`), and comrak does not.
fn without_blanks(url: String) -> String {
    let inner = url.trim_matches([' ', '\t', '\n', '\r', '\u{b}', '\u{c}']);
    if inner.len() < url.len() { inner.to_owned() } else { url }
}

fn our_links(source: &Source, table: &Table<'_>, row: Row<'_>) -> Vec<(bool, String)> {
    let shown = row.cells().iter().take(table.width()).map(|cell| cell.span().end()).max().unwrap_or(0);
    let shown = row.links().iter().filter(|link| link.span.end() <= shown && link.kind != LinkKind::Html);
    let mut links: Vec<_> = shown
        .map(|link| {
            let url = link.url(source);
            // Of `www..`, the dots belong to the sentence.
            let is_www = link.kind == LinkKind::Bare && url.starts_with("www");
            (link.is_image, without_blanks(if is_www { format!("http://{url}") } else { url.into_owned() }))
        })
        .filter(|(_, url)| !is_mail(url))
        .collect();
    links.sort();
    links
}
