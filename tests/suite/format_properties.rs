//! The formatter keeps its promises on real lists and on generated documents.

use proptest::collection::vec;
use proptest::prelude::*;
use tablewright::fix::splice;
use tablewright::format::{self, FormatOptions, Style};
use tablewright::source::Source;

use crate::promises::format::{REALIGNED, check, html};
use crate::{corpus, generate};

#[test]
fn lists_keep_the_promises() {
    for source in corpus::lists() {
        let page = html(source.text());
        for options in
            [FormatOptions::default(), REALIGNED, FormatOptions { style: Style::Keep, ..FormatOptions::default() }]
        {
            check(&source, &page, &options);
        }
    }
}

proptest! {
    #![proptest_config(generate::config())]

    #[test]
    fn generated_documents_keep_the_promises(text in generate::document()) {
        check_all_styles(&Source::new("generated.md", text));
    }

    #[test]
    fn lines_in_any_order_keep_the_promises(text in lines()) {
        check_all_styles(&Source::new("generated.md", text));
    }

    #[test]
    fn a_longer_row_changes_its_own_line_alone(cells in vec(vec("[a-z]{1,9}", 3), 3..9), at in any::<prop::sample::Index>()) {
        let rows: Vec<String> = cells.iter().map(|cells| format!("| {} |\n", cells.join(" | "))).collect();
        let text = rows.concat();
        let header = text.find('\n').expect("there is a header") + 1;
        let aligned = formatted(&format!("{}|-|-|-|\n{}", &text[..header], &text[header..]), &REALIGNED);
        let rows: Vec<&str> = aligned.split_inclusive('\n').collect();
        let at = 2 + at.index(rows.len() - 2);
        let longer = format!("{}| longer than all others | b | c |\n{}", rows[..at].concat(), rows[at..].concat());
        let after = formatted(&longer, &FormatOptions::default());
        let mut lines: Vec<&str> = after.split_inclusive('\n').collect();
        lines.remove(at);
        prop_assert_eq!(lines.concat(), aligned);
    }
}

/// Lines of any kind behind prefixes of any kind: rows that leave their container, headers that are the end of a paragraph.
fn lines() -> impl Strategy<Value = String> {
    let prefix = prop::sample::select(vec![
        "",
        "",
        "",
        "",
        "> ",
        "> ",
        ">",
        "- ",
        "  ",
        "  ",
        "    ",
        "\t",
        " ",
        "   ",
        "1. ",
        "> > ",
        "- > ",
        "  > ",
        "- [x] ",
        "[^n]: ",
        "[^long-label]: ",
        "10) ",
        "-\t",
        ">\t",
        "      ",
        "- - ",
        "\u{b}",
        "> - ",
        ">   ",
        "> - [ ] ",
    ]);
    let line = prop::sample::select(vec![
        "| a | b |",
        "| a | b |",
        "|-|-|",
        "|-|-|",
        "|:-:|-:|",
        ":-|-:",
        "a | b",
        "a | b",
        "| a",
        "b |",
        "| 日本 | longer cell |",
        "|:-\u{b}|-:\u{c}|",
        "-|-",
        ":-",
        "|-|",
        "| a |",
        "a",
        "text[^n]",
        "",
        "# heading",
        "---",
        "```",
        "<!-- prettier-ignore -->",
        "<div>",
        "|",
        "||",
        "| a | b | c | d",
        "| a | b | <!-- key -->",
        "| a \\| b | c \\",
        "| \u{b} | \u{a0} |",
        "| a | b |\u{b}",
        "| a |\tb\t|  ",
        "[a]: b",
        "<!-- tablewright-disable -->",
        "<!-- tablewright-enable -->",
        "\\| a | b",
        "| `a|b` |",
        "[x] | a |",
        "* | b |",
    ]);
    let ending = prop::sample::select(vec!["\n", "\n", "\n", "\n", "\r\n", "\r"]);
    vec((prefix, line, ending), 2..14).prop_map(|lines| {
        let lines: Vec<String> =
            lines.into_iter().map(|(prefix, line, ending)| [prefix, line, ending].concat()).collect();
        format!("{}\n\n\nsee[^n] and[^long-label]\n", lines.concat())
    })
}

fn formatted(text: &str, options: &FormatOptions) -> String {
    splice(text, &format::document(&Source::new("", text), options).edits)
}

#[track_caller]
pub(crate) fn check_all_styles(source: &Source) {
    let page = html(source.text());
    let styled = |style, max_column_width| FormatOptions { style, max_column_width, realign: false };
    for style in [Style::Aligned, Style::Compact, Style::Keep] {
        check(source, &page, &styled(style, 120));
        check(source, &page, &styled(style, 6));
    }
    check(source, &page, &REALIGNED);
}
