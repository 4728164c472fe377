//! The table reader keeps its promises on real lists and on generated documents.

use proptest::prelude::*;
use tablewright::source::Source;
use tablewright::table::Document;

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

#[test]
fn a_table_has_as_many_columns_as_its_header_has_cells() {
    // comrak counts four, though the line that goes on lazily has three.
    let source = Source::new("lazy.md", "- | a | b | c |\n |-|-|-|\n  |-|-|-|-|\n");
    assert!(Document::parse(&source).tables.iter().all(|table| table.header().cells().len() == table.width()));
}
