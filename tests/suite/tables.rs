//! The table reader keeps its promises on real lists and on generated documents.

use proptest::prelude::*;
use tablewright::source::Source;
use tablewright::table::{Document, Table};

use crate::promises::table::{check, check_skeleton};
use crate::{corpus, generate};

#[test]
fn lists_read_as_comrak_reads_them() {
    for source in corpus::lists() {
        check(&source);
    }
}

proptest! {
    #![proptest_config(generate::config())]

    #[test]
    fn generated_documents_read_as_comrak_reads_them(text in generate::document()) {
        check(&Source::new("generated.md", text));
    }

    #[test]
    fn generated_lines_have_the_tables_of_the_whole_text(text in generate::lines()) {
        check_skeleton(&Source::new("generated.md", text));
    }

    #[test]
    fn generated_cells_have_the_links_of_comrak(cells in proptest::collection::vec(generate::cell(), 1..4)) {
        let rows = cells.join(" |\n| ");
        check(&Source::new("generated.md", format!("| h |\n|---|\n| {rows} |\n\n[ref]: https://x.org/ref\n")));
    }
}

/// What generated cells hardly hold; a link behind it shows where reading goes on.
#[test]
fn cells_with_odd_marks_have_the_links_of_comrak() {
    let long_label = "a".repeat(64);
    let long_host = format!("<a@{long_label}.org> <a@{}.org>", &long_label[1..]);
    let cells = [
        "[a](<https://e.org/\\>b>)",
        "[a](<https://e.org/<b>)",
        "[a](<https://e.org/b>c)",
        "[a](<\thttps://e.org/b >)",
        "[a]] [b](https://e.org/b)]",
        "[a [b][c] d](https://e.org/a)",
        "[a](https://http//e.org/a)",
        "[a](https://e.org/a [b](https://e.org/b)",
        "[a](https://e.org/a (t(u)))",
        "[a](https://e.org/a (t\\)u))",
        "[a](https://e.org/a \"t\"  )",
        "[a](https://e.org/a \"t\" u)",
        "[a](https://e.org/a\"t\")",
        "[a](  https://e.org/a  )",
        "[a](https://e.org/\0b)",
        "[a](https://e.org/(b)c)",
        "[a](https://e.org/\\(b)",
        "[a](https://e.org/a&amp;b&copy;)",
        "[a\\]](https://e.org/a)",
        "![a ![b](https://e.org/b)](https://e.org/a)",
        "[a [b](https://e.org/b)](https://e.org/a)",
        "[![a](https://e.org/a)](https://e.org/b)",
        "[ref]x [ref][]y [REF] [ ref ]",
        "[a][ref](https://e.org/a)",
        "[a][none](https://e.org/a)",
        "[a][ref]",
        "![a][ref]",
        "[^ref]",
        "`[a](https://e.org/a)` ``b` [c](https://e.org/c)``",
        "`[a](https://e.org/a)",
        "<b [a](https://e.org/a)>",
        "<b title='[a](https://e.org/a)'>",
        "<b title=[a](https://e.org/a)>",
        "<b / [a](https://e.org/a)>",
        "<b/>[a](https://e.org/a)",
        "<b/[a](https://e.org/a)>",
        "<!-- [a](https://e.org/a) --> [b](https://e.org/b)",
        "<!-- [a](https://e.org/a)",
        "<![CDATA[ [a](https://e.org/a) ]]>[b](https://e.org/b)",
        "<![CDATA[ [a](https://e.org/a) ]>",
        "<![CDATA[ [a](https://e.org/a) ]]]>",
        "<![CDATA[ [a](https://e.org/a) ]]]]]>",
        "<?php [a](https://e.org/a) ?>[b](https://e.org/b)",
        "<!X [a](https://e.org/a)>",
        "<https://e.org/a b>",
        "<https://e.org/<b>",
        "<https://e.org/a>",
        "<https://e.org/?a=1&amp;b=\\|&lt;>",
        "<https://e.org/?a=1&amp;b=2>",
        "[a](https://e.org/\\&amp;b)",
        "[a](https://e.org/&#92;&#42;&#38;amp;b)",
        "https://e.org/?a=1&amp;b=2",
        "<https://e.org/\0a>",
        "<https://e.org/\u{1}a>",
        "<a href=\0\u{1}https://e.org/a>a</a>",
        "<a+b.c-d:e> <a:> <ab:> <a_b:c>",
        "<a@e.org> <a@e-.org> <a@-e.org> <a@e..org> <@e.org> <a@e>",
        &long_host,
        "https://e.org/a\\|b",
        "https://a_b.e.org/x https://e_x.org/ www.a_b.c_d www.e_x.org",
        "https://e.org\\_x https://e.org\\",
        "https://e.org/a(b)). https://e.org/))) https://e.org/&amp; https://e.org/&amp;x;",
        "https://e.org/a'\" https://e.org/a?!.,:*_~",
        "https:// http://. www.e",
        "xhttps://e.org/a (https://e.org/b) *https://e.org/c* _https://e.org/d",
        "ftp://e.org/a HTTPS://e.org/b",
        "www.. www.a..",
        "![^]() ![^](https://e.org/a) ![^ref]",
        "(0mailto:a@e.org) mailto:a@e.org xmpp:a@e.org/b -xmpp:a@e.org",
    ];
    for cell in cells {
        let text = format!("| h |\n|---|\n| {cell} [z](https://e.org/z) |\n\n[ref]: https://x.org/ref\n");
        check(&Source::new("cell.md", text));
    }
}

/// What is read of a whole cell at once is read as it would be piece by piece.
#[test]
fn cells_of_one_link_or_emphasis_are_what_readers_see() {
    for cell in [
        "**a**",
        "*a*",
        "**a** and **b**",
        "*a* and *b*",
        "***a***",
        "[a](https://x.org/a)",
        "[a\u{a0}](https://x.org/a)",
        "［a］",
    ] {
        check(&Source::new("cells.md", format!("| h |\n|---|\n| {cell} |\n")));
    }
}

/// A footnote that nothing refers to is on no page, and neither is a table in it.
#[test]
fn a_bare_url_swallows_what_refers_to_a_footnote() {
    for reference in [
        "see https://x.org/a[^1]",
        "[a](https://x.org/a[^1]",
        "see www.x.org/a[^1]",
        "see x.org[^1]",
        "see https://x.org/a [^1]",
    ] {
        let text = format!("{reference}\n\n[^1]: | a   | b      |\n      | --- | ------ |\n      | 1   | longer |\n");
        check(&Source::new("footnotes.md", text));
    }
}

/// What stands behind the address of a definition is a title, or there is no definition.
#[test]
fn definitions_are_those_of_comrak() {
    for behind in [
        "",
        " ",
        " \"title\"",
        " 'title' ",
        " (title)",
        " title",
        " \"title\" more",
        " \"title",
        " \"title\nover lines\"",
        " \"title\nover lines\" more",
        " \"title\n\nover a blank line\"",
        "\"title\"",
        ">",
        "(a)b",
        "a)b",
        "\u{b}",
    ] {
        let below = "\n\n[other]: https://x.org/other\n";
        for address in ["https://x.org/a", "<https://x.org/a b>", "<https://x.org/a"] {
            let text = format!("| h |\n|---|\n| [x][ref] [other] |\n\n[ref]: {address}{behind}{below}");
            check(&Source::new("definitions.md", text));
        }
    }
    for before in [
        "",
        "   ",
        "    ",
        "- ",
        "*\t",
        "-  ",
        "-",
        "**  ",
        "* * ",
        "- + ",
        "1. ",
        "1)  ",
        "123456789. ",
        "1234567890. ",
        ". ",
        "1.",
        "a ",
        "> ",
        ">",
        "> - ",
        "- > ",
        "#",
        "1.  - ",
    ] {
        let text = format!("| h |\n|---|\n| [x][ref] |\n\n{before}[ref]: https://x.org/a\n");
        check(&Source::new("definitions.md", text));
    }
    for below in [
        "https://x.org/a",
        "  https://x.org/a 'title'",
        "\t<https://x.org/a b>",
        "        https://x.org/a\n    'title'",
        "https://x.org/a\ntext",
        "https://x.org/a\n[other]: b",
        "https://x.org/a text",
        "<div>",
        "# a",
        "#",
        "#a",
        "-",
        "---",
        "===",
        "= =",
        "-a",
        "- a",
        "+",
        "***",
        "```",
        "1. a",
        "2. a",
        "1.",
        "> a",
        "",
        " \nhttps://x.org/a",
        "|-|",
        "a |\n-|",
    ] {
        for (before, inside) in
            [("", ""), ("> ", "> "), ("> ", ""), ("- ", "  "), ("- ", ""), ("> - ", ">   "), ("text\n", "")]
        {
            let text = format!("| h |\n|---|\n| [x][ref] [other] |\n\n{before}[ref]:\n{inside}{below}\n");
            check(&Source::new("definitions.md", text));
        }
    }
    // Of long addresses, comrak follows only some, where the text is short.
    let long = format!("[ref]: https://x.org/{}", "a".repeat(400));
    check(&Source::new("definitions.md", format!("| h |\n|---|\n| [a][ref] |\n| [b][ref] |\n| [ref] |\n\n{long}\n")));
    for (above, below) in
        [("text\n", "---\n"), ("", "---\n"), ("", "text\n---\n"), ("[other]: b\n", "text\n===\n"), ("# a\n", "")]
    {
        let text = format!("| h |\n|---|\n| [x][ref] [other] |\n\n{above}[ref]: https://x.org/a\n{below}");
        check(&Source::new("definitions.md", text));
    }
}

/// The label of a definition may go on over lines, and so may its title; another definition may stand below.
#[test]
fn definitions_over_lines_are_those_of_comrak() {
    for (definition, reference) in [
        ("[\na]: u", "a"),
        ("[\ra]: u", "a"),
        ("[\r\na\r\n]: u", "a"),
        ("[a\nb]: u", "a b"),
        ("[a\n  b\n\tc]:\nu\n't\nt'", "a b c"),
        ("[a\n\nb]: u", "a b"),
        ("[a\n \nb]: u", "a b"),
        ("[a\n- b]: u", "a - b"),
        ("[a\n2. b]: u", "a 2. b"),
        ("[a\n# b]: u", "a # b"),
        ("[a\n> b]: u", "a > b"),
        ("> > [a]: u\n> [b]:\n> > v", "b"),
        ("[a]: u\n===\n| c |\n|---|", "a"),
        ("[a]: u\nb\n===\n| c |\n|---|", "a"),
        ("[a]: u\n| c |\n|---|", "a"),
        ("[b]: v\n===\n[a]: u\nc\n|-", "a"),
        ("[a]: u\n===\nb\nc\n|-", "a"),
        ("[b]: v\n=\n[a]:|\n)\n-:", "a"),
        ("> [a]: u\n===\n> | c |\n> |---|", "a"),
        ("> [a]: u\n> ===\n> | c |\n> |---|", "a"),
        ("[a\n---\nb]: u", "a --- b"),
        ("[a\n---: b]: u", "a ---: b"),
        ("[a\n| b]: u", "a \\| b"),
        ("[a\n[b]: u", "b"),
        ("[a\nb]\n: u", "a b"),
        ("[\n]: u", "a"),
        ("[a\\\nb]: u", "a\\ b"),
        ("[a\\]\nb]: u", "a\\] b"),
        ("[a\\[b\\]: u", "a\\[b\\"),
        ("[a\\\\\nb]: u", "a\\\\ b"),
        ("[a]: <>", "a"),
        ("[a]: <> 't'", "a"),
        ("[a]: u\n't'\n[b]: v", "b"),
        ("[a]: u\n't'\n[b]: v\ntext", "b"),
        ("[a]: u\n't\nt'\n[b]: v\ntext", "b"),
        ("[a]: u 't\n[b]: v'", "b"),
        ("[a]: u 't\n[b]: v", "b"),
        ("[a]: u\n't' text\n[b]: v", "a"),
        ("[a]: u\n't' text\n[b]: v", "b"),
        ("[a]: u\n2. [b]: v\ntext", "b"),
        ("[a]: u\n> [b]: v\ntext", "b"),
        ("[a]: u\n- [b]: v\ntext", "b"),
        ("[a]: u\n[b\nc]: v\n[d\n", "b c"),
        ("[^]: u\n[a]: v", "a"),
        ("[^]:[a]: v", "a"),
        ("[^a b]: [a]: v", "a"),
        ("[^1]: text\n[a]: u", "a"),
        ("[^1]: text\n> [a]: u", "a"),
        ("[^1]: text\n- [a]: u", "a"),
        ("[^1]: text\n\n    [a]: u", "a"),
        ("[^1]:\n[a]: u", "a"),
        ("[^1]: | a |\n    |-|\n    [a]: u", "a"),
        ("[^1]: text\n\n[b]: v\n[a]: u", "a"),
        ("[^1]: ```\n[a]: u", "a"),
        ("[^1]: ```\n    [a]: u", "a"),
        ("[^1]: <b>\n[a]: u", "a"),
        ("[^1]: <b>\n    [a]: u", "a"),
        ("[^1]: # text\n[a]: u", "a"),
        ("[^1]:-     [a]: u", "a"),
        ("[^1]: text\n\n    text\n    [a]: u", "a"),
        ("[^1]: text\n\n        [a]: u", "a"),
        ("[^1]: [^2]: text\n    [a]: u", "a"),
        ("[a]: <\u{b}u\u{c}>", "a"),
        ("[a]: u\n---\nh\n|-", "a"),
        ("[b]: u\n[a]: u\n===\n[a]: v\nh\n|-", "a"),
        ("[a]: u\nh\n|-", "a"),
        ("[a]: >\n->\nh\n|-", "a"),
        ("[a]: u\n   -\nh\n|-", "a"),
        ("[a]: u\n    -\nh\n|-", "a"),
        ("[b]: u\n [a]: u", "a"),
        ("[b]: u\n\t[a]: u", "a"),
        ("[b]: u\n    >[a]: u", "a"),
        ("[\u{a0}a]: u", "a"),
        ("[\u{a0} a]: u", "\u{a0}a"),
        ("[Straße]: u", "STRASSE"),
        ("[ẞ]: u", "ss"),
        ("[Σς]: u", "ςσ"),
        ("[ı]: u", "I"),
        ("[İ]: u", "i\u{307}"),
    ] {
        for (first, further) in [("", ""), ("> ", "> "), ("> ", ""), ("> > ", "> "), ("- ", "  "), ("- > ", "  > ")] {
            let lines = definition.replace('\n', &format!("\n{further}"));
            let text = format!("| h |\n|---|\n| [x][{reference}] |\n\n{first}{lines}\n");
            check(&Source::new("definitions.md", text));
        }
    }
    for len in [998, 999, 1000, 1001] {
        let label = "a ".repeat(len / 2 - 2) + &"b".repeat(4 + len % 2);
        let lines = label.replace(' ', "\n");
        check(&Source::new("definitions.md", format!("| h |\n|---|\n| [x][{label}] |\n\n[{lines}]: u\n")));
    }
}

/// Blanks before a line that goes on lazily are of its text.
#[test]
fn definitions_of_lazy_lines_are_those_of_comrak() {
    for (first, further) in [
        (">", " "),
        ("> ", ">"),
        (">   ", "> "),
        ("> ", " >  "),
        ("> > ", ">  "),
        ("> > ", ">"),
        ("- ", " "),
        ("-   ", "   "),
        ("-   ", "     "),
        ("-\t", "\t"),
        ("10. ", "   "),
        ("- - ", "  "),
        ("> - ", ">  "),
        ("- > ", " >"),
        ("[^1]: ", " "),
        ("[^1]: ", "    "),
    ] {
        let text = format!("| h |\n|---|\n| [x][a] |\n\n{first}[b]: v\n{further}[a]: u\ntext\n");
        check(&Source::new("definitions.md", text));
    }
}

#[test]
fn dashes_behind_other_blanks_are_a_delimiter_row() {
    for blank in ["", " ", "   ", "    ", "\t", "\u{b}", "\u{c}", " \u{b} ", "\u{a0}"] {
        check(&Source::new("blanks.md", format!("a\n{blank}---\nb\n")));
    }
}

#[test]
fn a_header_stands_above_its_delimiter_row_even_below_a_definition() {
    // Nothing is left above the dashes that would be a heading, so they are text, and then a header.
    for (text, header_line) in [
        ("[1]: https://e.org\n---\n---|\n", 2),
        ("[1]: https://e.org\n---\n---|\n| b |\n", 2),
        ("- [1]: https://e.org\n  [2]: https://e.org\n  ---\n  ---|\n  | b |\n", 3),
        ("[1]: https://e.org\n---\na\n---|\n| b |\n", 3),
    ] {
        let source = Source::new("header.md", text);
        let lines: Vec<_> = Document::parse(&source).tables.iter().map(|table| table.header().line_number()).collect();
        assert_eq!(lines, [header_line], "{text}");
        check(&source);
    }
}

#[test]
fn definitions_are_no_paragraphs() {
    let source =
        Source::new("definitions.md", "| a |\n|-|\n\n[long label]: https://e.org/long 'title\ngoes on'\n\nlong text\n");
    let document = Document::parse(&source);
    assert_eq!(document.blocks.iter().map(|block| block.first_line).collect::<Vec<_>>(), [7]);
}

#[test]
fn footnotes_stand_where_their_lines_are() {
    let text = "# A\n\nsee[^1]\n\n[^1]: | a |\n    |-|\n\n    # B\n\n    text\n\n# C\n\n| c |\n|-|\n\ntext\n";
    let source = Source::new("notes.md", text);
    let document = Document::parse(&source);
    let tables: Vec<_> = document.tables.iter().map(|table| (table.header().line_number(), table.section)).collect();
    assert_eq!(tables, [(5, Some("A")), (14, Some("C"))]);
    assert_eq!(document.headings.iter().map(|heading| heading.line_number).collect::<Vec<_>>(), [1, 8, 12]);
    assert!(document.blocks.is_sorted_by_key(|block| block.first_line));
}

/// What stands in a footnote that nothing refers to is on no page; of several with one label, only the last is looked at.
#[test]
fn footnotes_that_nothing_refers_to_are_not_seen() {
    let table = "\n\n    # B\n\n    | b |\n    |-|\n\n";
    for (text, sections) in [
        (format!("# A\n\n[^1]: text{table}| c |\n|-|\n"), vec!["A"]),
        (format!("# A\n\n[^1]: text{table}| [^1] |\n|-|\n"), vec!["B", "B"]),
        ("# A\n\n> # B\n>\n> [^1]: | b |\n>     |-|\n\nsee[^1]\n".to_owned(), vec!["B"]),
        ("# A\n\n> # B\n>\n> [^1]: | b |\n>     |-|\n\nsee\n".to_owned(), vec![]),
        (format!("# A\n\n[^1]: [^2]: text\n\n    {table}| c [^2] |\n|-|\n"), vec!["A"]),
        (format!("# A\n\n[^1]: [^2]: text\n\n    {table}| c [^1] |\n|-|\n"), vec!["B", "B"]),
        (format!("# A\n\n[^ß]: text{table}[^SS]: text{table}| c |\n|-|\n"), vec!["B", "B"]),
    ] {
        let source = Source::new("notes.md", text);
        check(&source);
        let document = Document::parse(&source);
        let found: Vec<_> = document.tables.iter().filter_map(|table| table.section).collect();
        assert_eq!(found, sections, "{}", source.text());
    }
}

/// A row as text may be a part of a definition, and only the whole row tells.
#[test]
fn rows_within_definitions_are_read_whole() {
    for text in
        ["[a]:\n|(\n=\n", "[a]:\n| |\n=\n", "[a\n| b]: u\n=\n", "[a]: u 't\n| t'\n=\n", "> [a]:\n>\n> | a |\n> |-|\n"]
    {
        check(&Source::new("rows.md", text));
    }
}

#[test]
fn a_last_line_without_an_ending_is_what_it_is_with_one() {
    for last in ["<div", "<pre", "<v>", "</div", "```", "---", "- ", ">", "#", "[a]:", "[a]: u", "[^1]:", "    b"] {
        for ending in ["", "\n", "\r\n", "\r"] {
            let source = Source::new("end.md", format!("| [a] |\n|---|\n{last}{ending}"));
            check(&source);
            let ended = Source::new("end.md", format!("{}\n", source.text()));
            let rows = |source: &Source| Document::parse(source).tables.iter().map(Table::body_len).collect::<Vec<_>>();
            assert_eq!(rows(&source), rows(&ended), "{}", source.text());
        }
    }
}

#[test]
fn a_table_has_as_many_columns_as_its_header_has_cells() {
    // comrak counts four, though the line that goes on lazily has three.
    let source = Source::new("lazy.md", "- | a | b | c |\n |-|-|-|\n  |-|-|-|-|\n");
    assert!(Document::parse(&source).tables.iter().all(|table| table.header().cells().len() == table.width()));
}

#[test]
fn all_blanks_behind_a_pipe_are_none_of_the_content() {
    let text = "| Name | Site |\n| --- | --- |\n| \u{b}a\u{b} |\u{c}|\n\u{b}c |  d  |\n";
    let source = Source::new("list.md", text);
    let document = Document::parse(&source);
    let cells = document.tables[0].body().flat_map(|row| row.cells().iter());
    let cells: Vec<(&str, &str)> = cells.map(|cell| (cell.text, source.slice(cell.span()))).collect();
    assert_eq!(cells, [("a\u{b}", " \u{b}a\u{b} "), ("", "\u{c}"), ("\u{b}c", "\u{b}c "), ("d", "  d  ")]);
}
