//! What `deceptive-url` promises: a lookalike of a known host is found however it is written, and honest hosts and texts are left alone.

use proptest::prelude::*;
use tablewright::lint::{self, Settings};
use tablewright::rules::by_name;
use tablewright::source::Source;

use crate::corpus::CURRENT_YEAR;
use crate::generate;

fn findings(link: &str) -> Vec<String> {
    let source = Source::new("list.md", format!("| Name | Link |\n| ---- | ---- |\n| a | {link} |\n"));
    let rule = [by_name("deceptive-url").expect("the rule is there")];
    let checked = lint::check(&source, &Settings::new(&rule, CURRENT_YEAR));
    checked.findings.into_iter().map(|finding| finding.diagnostic.message).collect()
}

/// Letters, and others that look like them.
const LOOKALIKES: &[(char, &[char])] = &[
    ('a', &['а', 'ɑ', 'α', 'á', 'ạ']),
    ('c', &['с', 'ć']),
    ('e', &['е', 'ẹ', 'é']),
    ('g', &['ɡ', 'ģ']),
    ('h', &['һ', 'ḥ']),
    ('i', &['і', 'ı', 'í', 'ị']),
    ('o', &['о', 'ο', 'ö', 'ọ']),
    ('p', &['р', 'ρ']),
    ('x', &['х', 'ẋ']),
    ('u', &['υ', 'ս', 'ụ']),
    ('k', &['ķ']),
];

fn lookalike() -> impl Strategy<Value = (String, &'static str)> {
    let known = prop::sample::select(vec![
        "github.com",
        "arxiv.org",
        "huggingface.co",
        "doi.org",
        "openreview.net",
        "kaggle.com",
        "google.com",
        "paypal.com",
    ]);
    (known, any::<prop::sample::Index>(), any::<prop::sample::Index>()).prop_map(|(known, place, letter)| {
        let name_len = known.find('.').expect("a domain has a dot");
        let places: Vec<(usize, &[char])> = known[..name_len]
            .char_indices()
            .filter_map(|(at, plain)| {
                LOOKALIKES.iter().find(|(other, _)| *other == plain).map(|(_, likes)| (at, *likes))
            })
            .collect();
        let (at, likes) = *place.get(&places);
        (format!("{}{}{}", &known[..at], letter.get(likes), &known[at + 1..]), known)
    })
}

proptest! {
    #![proptest_config(generate::config())]

    #[test]
    fn a_lookalike_of_a_known_host_is_found(
        (host, known) in lookalike(),
        subdomain in prop::sample::select(vec!["", "www.", "api."]),
        port in prop::sample::select(vec!["", ":443"]),
        path in prop::sample::select(vec!["", "/", "/a/b?c=d#e"]),
        is_on_the_wire in any::<bool>(),
    ) {
        let host = if is_on_the_wire { idna::domain_to_ascii(&host).expect("the host is one") } else { host };
        let found = findings(&format!("[code](https://{subdomain}{host}{port}{path})"));
        prop_assert_eq!(found.len(), 1);
        prop_assert!(found[0].contains(&format!("looks like {known}")), "{}", found[0]);
    }

    #[test]
    fn anything_before_an_at_is_found(
        name in "[a-z]{1,8}(\\.[a-z]{2,3})?",
        password in prop::option::of("[a-zA-Z0-9]{0,8}"),
        form in prop::sample::select(vec!["[x](URL)", "<URL>", "URL", "<a href=\"URL\">x</a>", "![x](URL)"]),
    ) {
        let user = password.map_or(name.clone(), |password| format!("{name}:{password}"));
        let link = form.replace("URL", &format!("https://{user}@example.org/a"));
        prop_assert_eq!(findings(&link).len(), 1, "{}", link);
    }
}

#[test]
fn honest_hosts_are_left_alone() {
    for host in [
        "github.com",
        "www.github.com",
        "gist.github.com",
        "münchen.de",
        "MÜNCHEN.de",
        "bücher.example",
        "straße.de",
        "例え.jp",
        "例え。jp",
        "中文.com",
        "пример.рф",
        "россия.рф",
        "почта.com",
        "παράδειγμα.gr",
        "ελλάδα.com",
        "한국.kr",
        "ไทย.com",
        "عربي.com",
        "דוגמה.co.il",
        "i❤.ws",
        "altın.com.tr",
        "ışık.com.tr",
        "łódź.pl",
        "żółw.pl",
        "đường.vn",
        "café.fr",
        "ai数据.com",
        "データabc.jp",
        "xn--mnchen-3ya.de",
        "xn--r8jz45g.jp",
        "xn--e1afmkfd.xn--p1ai",
        "modern.org",
        "learn.microsoft.com",
        "0x00.org",
        "101.dev",
        "10.0.0.1:8080",
        "localhost:3000",
        "[::1]:80",
        "a_b.example.org",
        "xn--zz.org",
        "1.1.1.1",
        "turing.com",
        "earnings.io",
        "burn.ai",
    ] {
        assert_eq!(findings(&format!("[a](https://{host}/x)")), [""; 0], "{host}");
    }
}

#[test]
fn hidden_characters_are_found() {
    for (url, character) in [
        ("https://e.org/\u{202e}fdp", "U+202E"),
        ("https://e.org/\u{2066}a", "U+2066"),
        ("https://git\u{200b}hub.com/a", "U+200B"),
        ("https://git%E2%80%8Bhub.com/a", "U+200B"),
        ("https://e.org/a\u{ad}b", "U+00AD"),
        ("https://e.org/a\u{200d}b", "U+200D"),
        ("https://e.org/?q=%e2%80%ae", "U+202E"),
        ("https://e.org/a&#8203;b", "U+200B"),
        ("./docs/\u{202e}dm", "U+202E"),
    ] {
        let found = findings(&format!("[a]({url})"));
        assert!(found.len() == 1 && found[0].contains(character), "{url:?}: {found:?}");
    }
    for url in [
        "https://fa.wikipedia.org/wiki/%D9%85%DB%8C%E2%80%8C%D8%AE",
        "https://e.org/👨\u{200d}👩\u{200d}👧",
        "https://e.org/#:~:text=a%E2%80%8Bb%E2%80%AE",
        "https://e.org/%E2%80%8Bslug/",
        "https://e.org/%E2%9C%85",
        "https://e.org/⚠\u{fe0f}",
        "https://e.org/%",
        "https://e.org/%E2%8",
    ] {
        assert_eq!(findings(&format!("[a]({url})")), [""; 0], "{url:?}");
    }
}

#[test]
fn texts_are_held_against_their_links() {
    for link in [
        "[https://github.com/a/b](https://github.com.example.org/a/b)",
        "[**https://github.com/a/b**](http://example.org)",
        "[`github.com`](https://github.com.example.org/)",
        "[GitHub.com](https://example.org/)",
        "[github.com](https://name.github.io/)",
        "[www.paypal.com](https://example.org/)",
        "[https://arxiv.org/abs/2401.00001](https://example.org/abs/2401.00001)",
        "[https://a.github.io](https://b.github.io)",
        "<a href=\"https://example.org/\">https://github.com/a/b</a>",
        "[https://github.com/a/b](https://github.com@example.org/a/b)",
        "[https://example.com/a](https://10.0.0.1/a)",
    ] {
        assert_eq!(findings(link).len(), 1, "{link}");
    }
    for link in [
        "[https://github.com/a/b](https://www.github.com/a/b)",
        "[https://github.com/a/b](http://github.com/a/b/tree/main)",
        "[https://github.com/name/x](https://name.github.io/x)",
        "[https://huggingface.co/spaces/own/x](https://own-x.hf.space)",
        "[https://arxiv.org/abs/2401.00001](https://doi.org/10.48550/arXiv.2401.00001)",
        "[https://arxiv.org/abs/2401.00001](https://ar5iv.labs.arxiv.org/html/2401.00001)",
        "[https://dl.acm.org/doi/10.1145/1](https://doi.org/10.1145/1)",
        "[doi.org/10.1145/1](https://www.nature.com/articles/x)",
        "[https://twitter.com/a](https://x.com/a)",
        "[https://github.com/a/b](https://link.zhihu.com/?target=https%3A//github.com/a/b)",
        "[https://xn--mnchen-3ya.de](https://münchen.de)",
        "[https://www.exampl…](https://www.example.org/long)",
        "[https://example.org/a/b...](https://example.org/a/b/c)",
        "[http://localhost:3000](https://demo.example.org)",
        "[https://{host}/api](https://example.org)",
        "[three.js](https://threejs.org)",
        "[llama.cpp](https://github.com/ggml-org/llama.cpp)",
        "[Cal.com](https://github.com/calcom/cal.com)",
        "[Archive.org](https://archive.readme.io/docs)",
        "[Z.AI](https://docs.z.ai/guides)",
        "[ysoserial.net](https://github.com/pwntester/ysoserial.net)",
        "[v1.2.3](https://example.org/v1.2.3)",
        "[setup.py](https://example.org)",
        "[data.table](https://example.org)",
        "[see github.com for more](https://example.org)",
        "[github.com](#github)",
        "[github.com](docs/github.md)",
        "[name@github.com](mailto:name@github.com)",
        "[![github.com](https://img.shields.io/github.com)](https://example.org)",
        "![github.com](https://img.shields.io/x)",
        "[e.g.](https://example.org)",
    ] {
        assert_eq!(findings(link), [""; 0], "{link}");
    }
}

/// Growth is no more than linear; otherwise this would not end.
#[test]
fn hostile_cells_end_soon() {
    let rule = ["deceptive-url", "mojibake"].map(|name| by_name(name).expect("the rule is there"));
    for cell in [
        "Ã".repeat(100_000),
        "Ã©".repeat(100_000),
        "Ã© ".repeat(50_000),
        "‚Äì ".repeat(50_000),
        "“Ã©” ".repeat(50_000),
        "Ã¢â‚¬â€œ".repeat(20_000),
        "[a](https://xn--ithub-qmc.com/) ".repeat(10_000),
        "[github.com](https://e.org) ".repeat(10_000),
        format!("[a](https://{}.com/)", "é".repeat(200_000)),
        format!("[a](https://{}/)", "%".repeat(200_000)),
        format!("[a](https://e.org/{})", "%E2%80%8B".repeat(50_000)),
        format!("[a](https://{}e.org/)", "a@".repeat(100_000)),
        format!("[{}](https://e.org/)", "a.com/".repeat(50_000)),
        (0..10_000).map(|index| format!("[a](https://gıthub{index}.com) ")).collect::<Vec<_>>().concat(),
        format!("[a](https://e.org/{})", "\u{200d}é".repeat(50_000)),
    ] {
        let source = Source::new("list.md", format!("| a | b |\n| - | - |\n| x | {cell} |\n"));
        let _ = lint::check(&source, &Settings::new(&rule, CURRENT_YEAR));
    }
}
