//! What the rules about links promise: a planted fault is found at its row by its rule, and mending it brings the link back.

use crate::{corpus, generate};
use proptest::prelude::*;
use tablewright::fix::{Fix, apply};
use tablewright::lint::{self, Settings};
use tablewright::rules::{Rule, by_name};
use tablewright::source::Source;
use tablewright::table::{Document, LinkKind};

const RULES: [&str; 5] = ["malformed-link", "padded-url", "empty-link", "bad-scheme", "url-trailing-punctuation"];

fn rules() -> Vec<&'static Rule> {
    RULES.iter().filter_map(|name| by_name(name)).collect()
}

/// Line and rule of every finding.
fn findings(text: &str) -> Vec<(usize, &'static str)> {
    let source = Source::new("list.md", text);
    let findings = lint::check(&source, &Settings::new(&rules(), corpus::CURRENT_YEAR)).findings.into_iter();
    findings.map(|finding| (source.line_number(finding.diagnostic.span.start()), finding.diagnostic.rule.0)).collect()
}

/// The text after all fixes, pass by pass, until nothing changes.
fn mended(text: &str) -> String {
    let mut text = text.to_owned();
    for _ in 0..10 {
        let source = Source::new("list.md", text.as_str());
        let fixes: Vec<Fix> = lint::check(&source, &Settings::new(&rules(), corpus::CURRENT_YEAR))
            .findings
            .into_iter()
            .filter_map(|finding| finding.diagnostic.fix)
            .collect();
        let new = apply(&text, &fixes).text;
        if new == text {
            return text;
        }
        text = new;
    }
    panic!("fixes do not settle: {text}");
}

/// The addresses of the inline links.
fn addresses(text: &str) -> Vec<String> {
    let source = Source::new("list.md", text);
    let document = Document::parse(&source);
    let links = document.tables.iter().flat_map(|table| table.body().flat_map(|row| row.links().iter()));
    let links = links.filter(|link| link.kind == LinkKind::Inline);
    links.map(|link| source.slice(link.destination).to_owned()).collect()
}

/// A way to break `[text](url)`.
#[derive(Clone, Copy, Debug)]
enum Break {
    Reversed,
    SquareUrl,
    CurlyUrl,
    WideParentheses,
    Gap,
    BlankInUrl(prop::sample::Index),
    NoOpeningBracket,
    NoClosingBracket,
    NoOpeningParenthesis,
    NoClosingParenthesis,
    SquareEnd,
    SurplusParenthesis,
    SurplusBracket,
    SurplusOpeningBracket,
    DoubleParentheses,
    QuotedUrl,
    PadBefore,
    PadBehind,
    WidePad,
    NoUrl,
    NoText,
    NoScheme,
    DoubledScheme,
    MisspeltScheme(prop::sample::Index),
    Dot,
    Comma,
    WideStop,
}

impl Break {
    fn apply(self, text: &str, url: &str) -> (&'static str, String) {
        let rest = url.strip_prefix("https://").expect("the scheme is https");
        match self {
            Self::Reversed => ("malformed-link", format!("({text})[{url}]")),
            Self::SquareUrl => ("malformed-link", format!("[{text}][{url}]")),
            Self::CurlyUrl => ("malformed-link", format!("[{text}]{{{url}}}")),
            Self::WideParentheses => ("malformed-link", format!("[{text}]（{url}）")),
            Self::Gap => ("malformed-link", format!("[{text}] ({url})")),
            Self::BlankInUrl(index) => {
                // ` (…)` behind a URL is a title.
                let places: Vec<usize> =
                    url.char_indices().skip(1).filter(|(_, character)| *character != '(').map(|(at, _)| at).collect();
                let at = *index.get(&places);
                ("malformed-link", format!("[{text}]({} {})", &url[..at], &url[at..]))
            }
            Self::NoOpeningBracket => ("malformed-link", format!("{text}]({url})")),
            Self::NoClosingBracket => ("malformed-link", format!("[{text}({url})")),
            Self::NoOpeningParenthesis => ("malformed-link", format!("[{text}]{url})")),
            Self::NoClosingParenthesis => ("malformed-link", format!("[{text}]({url}")),
            Self::SquareEnd => ("malformed-link", format!("[{text}]({url}]")),
            Self::SurplusParenthesis => ("malformed-link", format!("[{text}]({url}))")),
            Self::SurplusBracket => ("malformed-link", format!("[{text}]({url})]")),
            Self::SurplusOpeningBracket => ("malformed-link", format!("[[{text}]({url})")),
            Self::DoubleParentheses => ("malformed-link", format!("[{text}](({url}))")),
            Self::QuotedUrl => ("malformed-link", format!("[{text}](\"{url}\")")),
            Self::PadBefore => ("padded-url", format!("[{text}]( {url})")),
            Self::PadBehind => ("padded-url", format!("[{text}]({url}  )")),
            Self::WidePad => ("padded-url", format!("[{text}](\u{3000}{url})")),
            Self::NoUrl => ("empty-link", format!("[{text}]()")),
            Self::NoText => ("empty-link", format!("[]({url})")),
            Self::NoScheme => ("bad-scheme", format!("[{text}]({rest})")),
            Self::DoubledScheme => ("bad-scheme", format!("[{text}](https://{url})")),
            Self::MisspeltScheme(index) => {
                let scheme = [
                    "htps://",
                    "htttps://",
                    "hhttps://",
                    "ttps://",
                    "https//",
                    "https:/",
                    "https:",
                    "https;//",
                    "https:://",
                ];
                let scheme = scheme[index.index(scheme.len())];
                ("bad-scheme", format!("[{text}]({scheme}{rest})"))
            }
            Self::Dot => ("url-trailing-punctuation", format!("[{text}]({url}.)")),
            Self::Comma => ("url-trailing-punctuation", format!("[{text}]({url},)")),
            Self::WideStop => ("url-trailing-punctuation", format!("[{text}]({url}。)")),
        }
    }

    fn comes_back(self) -> bool {
        !matches!(self, Self::NoUrl | Self::NoText)
    }
}

fn breaks() -> impl Strategy<Value = Break> {
    let index = any::<prop::sample::Index>();
    prop_oneof![
        Just(Break::Reversed),
        Just(Break::SquareUrl),
        Just(Break::CurlyUrl),
        Just(Break::WideParentheses),
        Just(Break::Gap),
        index.prop_map(Break::BlankInUrl),
        Just(Break::NoOpeningBracket),
        Just(Break::NoClosingBracket),
        Just(Break::NoOpeningParenthesis),
        Just(Break::NoClosingParenthesis),
        Just(Break::SquareEnd),
        Just(Break::SurplusParenthesis),
        Just(Break::SurplusBracket),
        Just(Break::SurplusOpeningBracket),
        Just(Break::DoubleParentheses),
        Just(Break::QuotedUrl),
        Just(Break::PadBefore),
        Just(Break::PadBehind),
        Just(Break::WidePad),
        Just(Break::NoUrl),
        Just(Break::NoText),
        Just(Break::NoScheme),
        Just(Break::DoubledScheme),
        any::<prop::sample::Index>().prop_map(Break::MisspeltScheme),
        Just(Break::Dot),
        Just(Break::Comma),
        Just(Break::WideStop),
    ]
}

fn url() -> impl Strategy<Value = String> {
    let host = prop::sample::select(vec![
        "github.com",
        "arxiv.org",
        "www.mdpi.com",
        "ieeexplore.ieee.org",
        "huggingface.co",
        "en.wikipedia.org",
        "data.example.ac.uk",
    ]);
    let path = prop::sample::select(vec![
        "",
        "/",
        "/abs/2307.15266",
        "/pdf/1712.07835v2.pdf",
        "/a-b/c_d",
        "/owner/repo/tree/main/data",
        "/document/9855519",
        "/wiki/Alien_(film)",
        "/open?id=0B1jt7lJDEXy3aE90",
        "/10.1016/S0924-2716(22)00035-1",
        "/~name/x.html",
        "/数据集",
        "/a%20b",
        "/forum#notes",
    ]);
    (host, path).prop_map(|(host, path)| format!("https://{host}{path}"))
}

fn label() -> impl Strategy<Value = &'static str> {
    prop::sample::select(vec![
        "paper",
        "Code",
        "Paper Link",
        "论文",
        "Change Detection-Based Dataset",
        "**bold** text",
        "PyTorch",
        "GPT-4",
    ])
}

/// What stands before and behind the link in its cell.
fn surroundings() -> impl Strategy<Value = (&'static str, &'static str)> {
    prop::sample::select(vec![
        ("", ""),
        ("", ""),
        ("", " (official)"),
        ("see ", " for more"),
        ("", "/[other](https://example.org/other)"),
        ("", ", [other](https://example.org/other)"),
        ("[first](https://example.org/first) / ", ""),
        ("", "<br>[next](https://example.org/next)"),
        ("`a[i](x)` ", " [ ] open"),
        ("说明：", "。"),
    ])
}

#[derive(Clone, Debug)]
struct Entry {
    label: &'static str,
    url: String,
    around: (&'static str, &'static str),
}

fn entry() -> impl Strategy<Value = Entry> {
    (label(), url(), surroundings()).prop_map(|(label, url, around)| Entry { label, url, around })
}

fn list(links: &[String], entries: &[Entry]) -> String {
    let rows = links.iter().zip(entries).map(|(link, entry)| {
        let (before, behind) = entry.around;
        format!("| A (b) | {before}{link}{behind} | f(x)[i] [^1] [x] (optional) [[Page]] (a)[b] [0, 1) |\n")
    });
    "# List\n\n| Name | Link | Notes |\n| --- | --- | --- |\n".to_owned() + &rows.collect::<String>()
}

proptest! {
    #![proptest_config(generate::config())]

    #[test]
    fn a_planted_fault_is_found_at_its_row_and_mended(
        entries in prop::collection::vec(entry(), 1..5),
        place in any::<prop::sample::Index>(),
        fault in breaks(),
    ) {
        let whole: Vec<String> = entries.iter().map(|entry| format!("[{}]({})", entry.label, entry.url)).collect();
        let sound = list(&whole, &entries);
        prop_assert_eq!(findings(&sound), []);
        let row = place.index(entries.len());
        let (rule, broken) = fault.apply(entries[row].label, &entries[row].url);
        // A mark behind a text fragment or a fragment may be meant; a full stop in a wiki's title, too.
        let url = &entries[row].url;
        let may_be_meant = url.contains('#') || url.contains("/wiki/") && matches!(fault, Break::Dot);
        if rule == "url-trailing-punctuation" && may_be_meant {
            return Ok(());
        }
        let mut links = whole;
        links[row] = broken;
        let text = list(&links, &entries);
        prop_assert_eq!(findings(&text), [(row + 5, rule)], "{}", text);
        if fault.comes_back() {
            let mended = mended(&text);
            prop_assert_eq!(addresses(&mended), addresses(&sound), "{}\n{}", text, mended);
        }
    }

    #[test]
    fn fixes_settle_whatever_the_cell_holds(
        pieces in prop::collection::vec(
            prop::sample::select(vec![
                "[", "]", "(", ")", "{", "（", "）", "<", ">", " ", "a", "http://e.org", "https", ":", "/", ".", "\"", "”", "\u{a0}", "\\",
                "`", "!", "#", "?", "|", "<br>", "^", "数", "。", "www.", "&amp;", ";", "[a](b)", "](", "] (", ")[",
            ]),
            1..16,
        ),
    ) {
        mended(&format!("| a | b |\n| - | - |\n| {} | c |\n", pieces.concat()));
    }
}
