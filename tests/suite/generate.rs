//! Generated documents: tables of every shape, in every container, with every character that has ever broken a table tool.

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::test_runner::{Config, RngAlgorithm, RngSeed};

/// The same cases in every run, so that a failure is one for everybody; `PROPTEST_CASES` asks for more of them.
pub(crate) fn config() -> Config {
    let cases = std::env::var("PROPTEST_CASES").ok().and_then(|cases| cases.parse().ok()).unwrap_or(400);
    Config {
        cases,
        rng_algorithm: RngAlgorithm::ChaCha,
        rng_seed: RngSeed::Fixed(7),
        failure_persistence: None,
        ..Config::default()
    }
}

/// A piece of a cell.
fn piece() -> impl Strategy<Value = String> {
    let fixed = prop::sample::select(vec![
        "a",
        "b1",
        "Zeta",
        " ",
        "  ",
        "\t",
        "\\",
        "\\|",
        "\\\\",
        "`",
        "``",
        "*",
        "_",
        "~",
        "[",
        "]",
        "(",
        ")",
        "<",
        ">",
        "!",
        "![",
        "](",
        "日本",
        "é",
        "e\u{301}",
        "👍🏽",
        "👨‍👩‍👧",
        "⚠️",
        "🇺🇸",
        "\u{a0}",
        "\u{3000}",
        "\u{200b}",
        "\u{b}",
        "\u{c}",
        "&amp;",
        "&#124;",
        "<br>",
        "<!-- c -->",
        "<!--",
        "-->",
        "<b>",
        "</b>",
        "https://x.org/a_b?c=d&e;",
        "www.x.org/a).",
        "http://",
        "<https://x.org/y>",
        "[t](https://x.org/z)",
        "[t]( u )",
        "[t](u \"v\")",
        "![i](p.png)",
        "[![b](p)](q)",
        "[t] (u)",
        "[t](u",
        "`c`",
        "``c`d``",
        ":",
        "-",
        "--",
        "ref",
        "[ref]",
        "[t][ref]",
        "[t][]",
        "<a href=\"h\">",
        "</a>",
        "<img src=s>",
        "=",
        "\"",
        "'",
        "#",
        "~~~",
        "2024",
        "$|x|$",
    ]);
    fixed.prop_map(str::to_owned)
}

/// What stands between two pipes.
pub(crate) fn cell() -> impl Strategy<Value = String> {
    vec(piece(), 0..6).prop_map(|pieces| pieces.concat())
}

/// A row with about `width` cells, with or without its outer pipes.
fn row(width: usize) -> impl Strategy<Value = String> {
    let count = prop_oneof![6 => Just(width), 1 => 0..width + 3];
    let ends = prop_oneof![6 => Just((true, true)), 1 => any::<(bool, bool)>()];
    (
        count.prop_flat_map(|count| vec(cell(), count)),
        ends,
        prop::sample::select(vec!["", "", "", "  ", "\t", " <!-- k -->"]),
    )
        .prop_map(|(cells, (opening, closing), tail)| {
            let open = if opening { "| " } else { "" };
            let close = if closing { " |" } else { "" };
            format!("{open}{}{close}{tail}", cells.join(" | "))
        })
}

fn delimiter(width: usize) -> impl Strategy<Value = String> {
    let cells = vec(
        prop::sample::select(vec!["-", "--", "---", ":-", "-:", ":-:", "-----", " --- ", "----------------"]),
        width,
    );
    let ends = prop_oneof![6 => Just((true, true)), 1 => any::<(bool, bool)>()];
    (cells, ends).prop_map(|(cells, (opening, closing))| {
        let (open, close) = (if opening { "|" } else { "" }, if closing { "|" } else { "" });
        format!("{open}{}{close}", cells.join("|"))
    })
}

/// The lines of a table, or nearly one.
fn table() -> impl Strategy<Value = Vec<String>> {
    (1..5_usize).prop_flat_map(|width| {
        let header = row(width);
        let delimiters = prop_oneof![9 => delimiter(width).boxed(), 1 => delimiter(width + 1).boxed()];
        (header, delimiters, vec(row(width), 0..5)).prop_map(|(header, delimiter, body)| {
            let mut lines = vec![header, delimiter];
            lines.extend(body);
            lines
        })
    })
}

/// Lines that are no table.
fn other() -> impl Strategy<Value = Vec<String>> {
    prop::sample::select(vec![
        vec!["# Heading"],
        vec!["text"],
        vec!["text | with | pipes"],
        vec![""],
        vec!["", ""],
        vec!["```md", "| a | b |", "|---|---|", "| 1 | 2 |", "```"],
        vec!["<!--", "| a |", "|---|", "| 1 |", "-->"],
        vec!["<details>", ""],
        vec!["<div>"],
        vec!["- item"],
        vec!["---"],
        vec!["    | code | x |"],
        vec!["|"],
        vec!["||"],
        vec!["~~~"],
        vec!["===="],
        vec!["|---|---|"],
        vec!["| a | b |"],
        vec!["<pre>"],
        vec!["| x </pre> |"],
        vec!["1. one"],
        vec!["> quote"],
        vec!["[^1]: note"],
        vec!["a | b", "--- | ---", "1 | 2"],
    ])
    .prop_map(|lines| lines.into_iter().map(str::to_owned).collect())
}

/// Lines in a container: what the first line begins with, and what the others do.
fn contained() -> impl Strategy<Value = Vec<String>> {
    let container = prop::sample::select(vec![
        ("", ""),
        ("", ""),
        ("", ""),
        ("> ", "> "),
        (">", ">"),
        ("- ", "  "),
        ("1. ", "   "),
        ("- ", "\t"),
        ("> - ", ">   "),
        ("- > ", "  > "),
        ("  ", "  "),
        ("   ", " "),
        ("- - ", "    "),
        ("> > ", ">> "),
        ("[^2]: ", "    "),
    ]);
    let lines = prop_oneof![3 => table().boxed(), 2 => other().boxed()];
    (container, lines).prop_map(|((first, rest), lines)| {
        lines
            .into_iter()
            .enumerate()
            .map(|(index, line)| format!("{}{line}", if index == 0 { first } else { rest }))
            .collect()
    })
}

/// Lines of a few kinds in any order, so that what begins in one is met by all others, and often several times.
pub(crate) fn lines() -> impl Strategy<Value = String> {
    let prefix = prop::sample::select(vec![
        "", "", "", "", " ", "  ", "   ", "    ", "\t", "> ", ">", ">> ", "> > ", ">  ", ">     ", "- ", "1. ", "  - ",
        "> - ", "  > ", "    > ", "     ", "      ",
    ]);
    let content = prop::sample::select(vec![
        "| a |",
        "| a |",
        "| a |",
        "| b \\| c |",
        "| a | b |",
        "| a | b",
        "a | b",
        "|-|",
        "|---|---|",
        "---|---",
        "-",
        "|",
        "| ",
        "||",
        "| `a` [b](c) -->|",
        "| <pre> |",
        "| </pre> |",
        "| ``` |",
        "text",
        "",
        "",
        "```",
        "~~~",
        "<div>",
        "<!--",
        "-->",
        "<?x",
        "?>",
        "<pre>",
        "</pre>",
        "# h",
        "===",
        "---",
        "***",
        "[a]: b",
        "[a",
        "b]: c",
        "\"t",
        "t\"",
        "* x",
        "2) x",
        "<b>",
        "a\\",
        "long text",
        "long text",
        "日本語の文",
        "# long heading",
        "- [link](to) text",
        "2) long text",
        "```long text",
        "``` long`text",
        "~~~ long text",
        "long ``` text",
        "long text -->",
        "-->long text",
        "<!-- long text",
        "long </pre> text",
        "long text|",
    ]);
    let line =
        (prefix, content, prop_oneof![6 => Just(1), 1 => 2..5_usize], prop_oneof![30 => Just("\n"), 1 => Just("\r\n")]);
    vec(line, 1..14).prop_map(|lines| {
        let repeated = |(prefix, content, times, ending): (&str, &str, usize, &str)| {
            [prefix, content, ending].concat().repeat(times)
        };
        lines.into_iter().map(repeated).collect()
    })
}

/// A whole document.
pub(crate) fn document() -> impl Strategy<Value = String> {
    let ending = prop_oneof![8 => Just("\n"), 2 => Just("\r\n"), 1 => Just("\r")];
    let blocks = vec((contained(), prop::bool::weighted(0.7), ending), 1..6);
    (prop::bool::weighted(0.05), blocks, any::<bool>(), any::<bool>()).prop_map(
        |(has_mark, blocks, is_defined, has_final_ending)| {
            let mut text = if has_mark { "\u{feff}".to_owned() } else { String::new() };
            let mut last = "";
            for (lines, blank, ending) in blocks {
                for line in lines {
                    text.push_str(&line);
                    text.push_str(ending);
                }
                if blank {
                    text.push_str(ending);
                }
                last = ending;
            }
            if is_defined {
                // Apart from all else: what a definition is in the middle of other lines, is not ours to tell.
                text.push_str("\n\n\n[ref]: https://x.org/ref\n");
                last = "\n";
            }
            if !has_final_ending {
                text.truncate(text.len() - last.len());
            }
            text
        },
    )
}
