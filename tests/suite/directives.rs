//! Directives keep their promises on real lists and on generated documents, and cost no more than their share.

use std::fmt::Write;

use proptest::collection::vec;
use proptest::prelude::*;
use tablewright::fix::Applicability;
use tablewright::lint::{self, Settings};
use tablewright::rules::defaults;
use tablewright::source::Source;

use crate::corpus::CURRENT_YEAR;
use crate::promises::directives::{check, check_region, check_removal, check_rows, check_subset};
use crate::{corpus, generate};

#[test]
fn directives_in_lists_silence_what_they_say() {
    for source in corpus::lists() {
        check_region(&source);
        check_rows(&source);
    }
}

proptest! {
    #![proptest_config(generate::config())]

    #[test]
    fn directives_in_generated_documents_silence_what_they_say(text in generate::document()) {
        let source = Source::new("generated.md", text);
        check_region(&source);
        check_rows(&source);
    }

    #[test]
    fn unused_directives_can_go_unseen(text in generate::document(), added in vec((any::<prop::sample::Index>(), directive(), any::<bool>()), 1..5)) {
        let text = with_directives(&text, &added);
        check_removal(&text);
        check_subset(&Source::new("generated.md", text));
    }
}

fn directive() -> impl Strategy<Value = &'static str> {
    prop::sample::select(vec![
        "<!-- tablewright-disable -->",
        "<!-- tablewright-disable ragged-row, empty-row -->",
        "<!-- tablewright-enable -->",
        "<!-- tablewright-enable ragged-row -->",
        "<!-- tablewright-disable-next-line -->",
        "<!-- tablewright-disable-next-line split-cell\n-- because -->",
        "<!-- tablewright-disable-file bad-scheme malformed-link -- because -->",
        "<!-- tablewright-ignore -->",
        "<!-- tablewright-ignore ragged-row missing-outer-pipe -->",
        "> <!-- tablewright-disable -->",
        "  <!-- tablewright-ignore -->",
        "- <!-- tablewright-ignore -->",
        "<!-- x --> <!-- tablewright-ignore --> <!-- tablewright-enable --> ",
        "<!-- tablewright-disable -->\n",
        "\n<!-- tablewright-disable -->",
        "\n<!-- tablewright-disable -->\n",
        "\n> <!-- tablewright-disable -->\n>",
    ])
}

/// Directives in lines of their own, and behind lines.
fn with_directives(text: &str, added: &[(prop::sample::Index, &str, bool)]) -> String {
    let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
    for (index, directive, is_behind) in added {
        let at = index.index(lines.len() + 1);
        match lines.get_mut(at) {
            Some(line) if *is_behind => {
                let _ = write!(line, " {}", directive.trim());
            }
            _ => lines.insert(at, (*directive).to_owned()),
        }
    }
    lines.join("\n") + "\n"
}

/// At the beginning of a text, U+FEFF is no character of it.
#[test]
fn a_character_does_not_become_the_byte_order_mark() {
    check_removal("<!-- tablewright-disable -->\n\u{feff}text\n");
    check_removal("<!-- tablewright-ignore --><!-- tablewright-disable -->\n\u{feff}text\n");
}

#[test]
fn quotes_stay_apart() {
    check_removal("> text\n<!-- tablewright-disable -->\n> \n");
}

/// However many unused directives stand on one line, fixing takes them all away in a few passes.
#[test]
fn unused_directives_on_one_line_go_together() {
    const MANY: usize = 3_000;
    let settings = Settings::new(&defaults(), CURRENT_YEAR);
    let directives = " <!-- tablewright-ignore empty-row -->".repeat(MANY);
    for (before, behind) in [("text", "\n\n| a |\n|---|\n| 1 |\n"), ("| a | b |\n|---|---|\n| 1 | 2", " |\n")] {
        let source = Source::new("list.md", format!("{before}{directives}{behind}"));
        let reported = lint::check(&source, &settings).findings;
        assert_eq!(reported.len(), 9);
        assert_eq!(reported[8].diagnostic.message, format!("{} more directives of this line do nothing", MANY - 8));
        let fixed = lint::fix(source, &settings, Applicability::Unsafe);
        assert!(fixed.has_settled && !fixed.source.text().contains("<!--"), "{}", &fixed.source.text()[..80]);
        assert!(fixed.left.findings.is_empty());
    }
}

/// Many directives, on lines of their own, in one row, in one line of text.
#[test]
fn many_directives_take_no_more_than_their_share() {
    const MANY: usize = 10_000;
    let table = "\n| a | b |\n|---|---|\n| |\n| | |\n";
    for unit in [
        "<!-- tablewright-disable ragged-row -->\n\n",
        "<!-- tablewright-disable -->\n<!-- tablewright-enable -->\n",
        "<!-- tablewright-disable-file -->",
        "text <!-- tablewright-ignore empty-row -->\n",
        "<!-- tablewright-disable-next-line -->\n",
    ] {
        check(&format!("{}{table}", unit.repeat(MANY)));
    }
    check(&format!("<!-- tablewright-disable {} -->\n{table}", "ragged-row x, ".repeat(MANY)));
    check(&format!("{table}| |{}\n", " <!-- tablewright-ignore ragged-row -->".repeat(MANY)));
    check(&format!("{table}{}", "| | | <!-- tablewright-ignore empty-row -->\n".repeat(MANY)));
    check(&format!("{table}{}", "| a longer one | b | <!-- tablewright-ignore empty-row -->\n".repeat(MANY)));
}
