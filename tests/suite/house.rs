//! The walls of the house: rules, pages and sources belong together; imports go one way; each library has its place.

use std::collections::BTreeSet;
use std::path::Path;

use tablewright::fix::Applicability;
use tablewright::rules::ALL;

use crate::case_page::{in_package, is_updating, pages, report};

/// The modules of the library, from the bottom up: a file imports only from its own module and from layers above its own line.
const LAYERS: &[&[&str]] = &[
    &["source"],
    &["fix"],
    &["table"],
    &["identity"],
    &["schema"],
    &["column"],
    &["address"],
    &["broken_link"],
    &["directive"],
    &["diagnostic"],
    &["format"],
    &["rules"],
    &["config"],
    &["suppress"],
    &["baseline", "changes"],
    &["lint"],
    &["report"],
    &["diff"],
    &["files", "cli"],
    &["run"],
    &["main"],
];

/// What only some files may name.
const PLACES: &[(&str, &[&str])] = &[
    ("comrak", &["src/table/"]),
    ("miette", &["src/report/text.rs", "src/files.rs", "src/run/", "src/main.rs"]),
    ("clap", &["src/cli.rs", "src/run/", "src/main.rs"]),
    ("similar", &["src/diff.rs"]),
    ("unicode_width", &["src/format/width.rs", "src/report/safe.rs"]),
    ("rayon", &["src/run/"]),
    ("toml", &["src/schema/", "src/config/", "src/report/init.rs"]),
    ("globset", &["src/schema/", "src/config/"]),
    ("regex", &["src/schema/"]),
    ("quick_xml", &["src/report/xml.rs"]),
    ("idna", &["src/rules/deceptive_url/"]),
    ("psl", &["src/rules/deceptive_url/"]),
    ("unicode_security", &["src/rules/deceptive_url/"]),
];

#[test]
fn rules_pages_and_sources_belong_together() {
    let rules: BTreeSet<String> = ALL.iter().map(|rule| rule.name.0.to_owned()).collect();
    assert_eq!(rules.len(), ALL.len(), "a rule is registered twice");
    let pages: BTreeSet<String> = pages("rules").iter().map(|page| page.stem().to_owned()).collect();
    assert_eq!(rules, pages, "registered rules, and pages in rules/");
    let sources = sources("src/rules").into_iter().filter_map(|(path, _)| {
        let stem = path.strip_prefix("src/rules/")?.split(['/', '.']).next()?.replace('_', "-");
        (stem != "mod").then_some(stem)
    });
    assert_eq!(rules, sources.collect(), "registered rules, and files in src/rules/");
    for rule in ALL {
        let page = std::fs::read_to_string(in_package(&format!("rules/{}.md", rule.name))).expect("the page is there");
        // A run that rewrites pages was built with what they said before.
        assert!(is_updating() || rule.page == page, "`{}` includes its own page", rule.name);
    }
}

#[test]
fn rules_are_named_after_faults() {
    for rule in ALL {
        let name = rule.name.0;
        let is_kebab_case =
            name.split('-').all(|word| !word.is_empty() && word.bytes().all(|byte| byte.is_ascii_lowercase()));
        assert!(is_kebab_case, "`{name}` is in kebab case");
        let orders = ["no-", "use-", "prefer-", "check-"];
        assert!(
            !orders.iter().any(|order| name.starts_with(order)),
            "`{name}` names a fault, so that `allow {name}` makes sense"
        );
    }
}

#[test]
fn the_readme_lists_the_rules() {
    const BEGIN: &str = "<!-- rules -->\n";
    const END: &str = "<!-- /rules -->";
    let path = in_package("README.md");
    let readme = std::fs::read_to_string(&path).expect("README.md is there");
    let begin = readme.find(BEGIN).expect("README.md marks where the rules begin") + BEGIN.len();
    let end = begin + readme[begin..].find(END).expect("README.md marks where the rules end");
    let current = format!("\n{}\n", rule_table());
    if is_updating() && readme[begin..end] != current {
        std::fs::write(&path, format!("{}{current}{}", &readme[..begin], &readme[end..]))
            .expect("README.md is writable");
    } else {
        assert_eq!(&readme[begin..end], current, "TABLEWRIGHT_UPDATE=1 rewrites the table");
    }
}

/// The table of all rules, aligned.
fn rule_table() -> String {
    let mut rows = vec![["rule", "what holds where it is silent", "severity", "fix"].map(str::to_owned)];
    rows.extend(ALL.iter().map(|rule| {
        let fix = match rule.fix {
            Some(Applicability::Safe) => "safe",
            Some(Applicability::Unsafe) => "unsafe",
            Some(Applicability::DisplayOnly) | None => "",
        };
        let link = format!("[`{0}`](rules/{0}.md)", rule.name);
        [link, rule.summary().to_owned(), rule.severity.name().to_owned(), fix.to_owned()]
    }));
    let widths: Vec<usize> =
        (0..4).map(|column| rows.iter().map(|row| row[column].chars().count()).max().unwrap_or(0)).collect();
    rows.insert(1, std::array::from_fn(|column| "-".repeat(widths[column])));
    let line = |row: &[String; 4]| -> String {
        let cells = row.iter().zip(&widths).map(|(cell, width)| format!("| {cell:width$} "));
        cells.collect::<String>() + "|\n"
    };
    rows.iter().map(line).collect()
}

#[test]
fn imports_go_one_way() {
    let layer = |module: &str| LAYERS.iter().position(|layer| layer.contains(&module));
    let mut failures = Vec::new();
    for (path, text) in sources("src") {
        let module = path["src/".len()..].split(['/', '.']).next().unwrap_or_default();
        if module == "lib" {
            continue;
        }
        let Some(own) = layer(module) else {
            failures.push(format!("{path}: `{module}` is in no layer"));
            continue;
        };
        for imported in imported_modules(&text) {
            if imported != module && layer(&imported).is_none_or(|imported| imported >= own) {
                failures.push(format!("{path}: imports `{imported}`, which is no layer below `{module}`"));
            }
        }
    }
    report(&failures);
}

/// The top modules that a source names behind `crate::` (or `tablewright::`, in the binary).
fn imported_modules(text: &str) -> BTreeSet<String> {
    let name = |text: &str| {
        text.chars().take_while(|&character| character.is_alphanumeric() || character == '_').collect::<String>()
    };
    let is_module = |name: &String| name.chars().next().is_some_and(char::is_lowercase);
    let mut modules = BTreeSet::new();
    for (at, prefix) in text.match_indices("crate::").chain(text.match_indices("tablewright::")) {
        // A word of a text is no path.
        if text[..at].ends_with('=') {
            continue;
        }
        let rest = &text[at + prefix.len()..];
        match rest.strip_prefix('{') {
            // `use crate::{a::{B, C}, d}`: the names at depth one.
            Some(group) => {
                let mut depth = 1;
                let mut is_start = true;
                for (index, character) in group.char_indices() {
                    match character {
                        '{' => depth += 1,
                        '}' => depth -= 1,
                        ',' if depth == 1 => is_start = true,
                        _ if character.is_whitespace() => {}
                        _ => {
                            if is_start {
                                modules.insert(name(&group[index..]));
                            }
                            is_start = false;
                        }
                    }
                    if depth == 0 {
                        break;
                    }
                }
            }
            None => {
                modules.insert(name(rest));
            }
        }
    }
    modules.into_iter().filter(is_module).collect()
}

#[test]
fn imports_are_read_in_every_form() {
    let text = "use crate::a::B;\nuse crate::{c::{D, e}, f};\nlet g = crate::h::I;\npub use crate::J;\n";
    assert_eq!(imported_modules(text).into_iter().collect::<Vec<_>>(), ["a", "c", "f", "h"]);
}

#[test]
fn each_library_has_its_place() {
    let mut failures = Vec::new();
    for (path, text) in sources("src") {
        for (library, places) in PLACES {
            let named = [format!("{library}::"), format!("use {library};")];
            let is_named = text.lines().filter(|line| !line.trim_start().starts_with("//")).any(|line| {
                named.iter().any(|named| {
                    line.match_indices(named.as_str())
                        .any(|(at, _)| !line[..at].ends_with(|before: char| before.is_alphanumeric() || before == '_'))
                })
            });
            if is_named && !places.iter().any(|place| path.starts_with(place)) {
                failures.push(format!("{path}: names `{library}`, whose place is {}", places.join(", ")));
            }
        }
    }
    report(&failures);
}

/// Path and text of every Rust file below a folder of the package.
fn sources(folder: &str) -> Vec<(String, String)> {
    let mut found = Vec::new();
    let mut folders = vec![in_package(folder)];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(&folder).expect("the folder is readable") {
            let path = entry.expect("the entry is readable").path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                let text = std::fs::read_to_string(&path).expect("the source is readable");
                found.push((below_package(&path), text));
            }
        }
    }
    found.sort();
    found
}

fn below_package(path: &Path) -> String {
    let path = path.strip_prefix(in_package("")).expect("the file is in the package");
    path.components().map(|part| part.as_os_str().to_string_lossy()).collect::<Vec<_>>().join("/")
}
