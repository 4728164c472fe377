//! What scripts of real lists check, `tablewright.toml` can say: wherever such a script objects to a row, so do we.
//!
//! The scripts are written anew here, check by check, after what `scripts/validate/format.py` of public-apis, `check_duplicates.py` of
//! awesome-ai-for-math and `validate_table.py` of asia-internship do; where one of them is wrong, the test says so.

use std::collections::BTreeSet;

use proptest::prelude::*;
use tablewright::config::{Config, Effective};
use tablewright::lint::{self, Settings};
use tablewright::source::Source;

use crate::case_page::in_package;
use crate::corpus::CURRENT_YEAR;

/// The example of a name, and the configuration beside it.
fn example(name: &str) -> (String, Effective) {
    let read = |file: &str| {
        let path = in_package(&format!("fixtures/examples/{name}/{file}"));
        std::fs::read_to_string(path).expect("the example is there")
    };
    (read("README.md"), configured(&read("tablewright.toml")))
}

fn configured(text: &str) -> Effective {
    let config = Config::read(text).expect("the configuration is sound");
    Effective::of(&config, "README.md")
}

/// The lines, from 1, that we object to, each with the rule.
fn ours(text: &str, effective: &Effective) -> BTreeSet<(usize, &'static str)> {
    let settings = Settings::configured(effective, &[], &[], CURRENT_YEAR);
    let source = Source::new("README.md", text);
    let findings = lint::check(&source, &settings).findings.into_iter().map(|finding| finding.diagnostic);
    findings.map(|it| (source.line_number(it.span.start()), it.rule.0)).collect()
}

#[test]
fn the_examples_keep_to_their_own_configurations() {
    for name in ["apis", "papers", "datasets"] {
        let (text, effective) = example(name);
        assert_eq!(ours(&text, &effective), BTreeSet::new(), "{name}");
    }
}

/// Editors that go by the schema find nothing wrong with the examples, and something with a mistake.
#[test]
fn the_examples_are_what_the_json_schema_describes() {
    let schema = std::fs::read_to_string(in_package("tablewright.schema.json")).expect("the schema is shipped");
    let schema = serde_json::from_str(&schema).expect("the schema is JSON");
    let schema = jsonschema::validator_for(&schema).expect("the schema is one");
    let is_valid = |text: &str| schema.is_valid(&toml::from_str(text).expect("a configuration is TOML"));
    for name in ["apis", "papers", "datasets"] {
        let path = in_package(&format!("fixtures/examples/{name}/tablewright.toml"));
        assert!(is_valid(&std::fs::read_to_string(path).expect("the example is there")), "{name}");
    }
    for mistake in
        ["exlude = []", "[rules]\nragged-rows = \"off\"", "[[table]]\ncolumns.A.type = \"yeer\"", "[columns]\nA = 1"]
    {
        assert!(!is_valid(mistake), "{mistake}");
    }
}

/// The README shows the example as it is.
#[test]
fn the_readme_shows_the_configuration_of_the_apis() {
    let readme = std::fs::read_to_string(in_package("README.md")).expect("README.md is there");
    let configuration = std::fs::read_to_string(in_package("fixtures/examples/apis/tablewright.toml"));
    let configuration = configuration.expect("the example is there");
    assert!(readme.contains(&format!("```toml\n{configuration}```\n")));
}

/// The example of the manual can be read.
#[test]
fn the_manuals_configuration_is_sound() {
    let manual = std::fs::read_to_string(in_package("docs/configuration.md")).expect("the manual is there");
    let blocks: Vec<&str> = manual.split("```toml\n").skip(1).filter_map(|rest| rest.split("```").next()).collect();
    assert!(!blocks.is_empty());
    for block in blocks {
        configured(block);
    }
}

mod public_apis {
    use super::*;

    const PUNCTUATION: &str = "!\"#$%&'*+,-./:;<=>?@[\\]^_`{|}~";
    const AUTH: [&str; 5] = ["apiKey", "OAuth", "X-Mashape-Key", "User-Agent", "No"];

    /// A row as the script cuts it.
    fn segments(line: &str) -> Vec<&str> {
        let parts: Vec<&str> = line.split('|').collect();
        if parts.len() < 2 { Vec::new() } else { parts[1..parts.len() - 1].to_vec() }
    }

    /// `[TITLE](http…)` at the beginning of a cell, the title as long as can be.
    fn title(cell: &str) -> Option<&str> {
        let inner = cell.strip_prefix('[')?;
        let at = inner.match_indices("](http").map(|(at, _)| at).filter(|&at| at > 0);
        let is_closed = |&at: &usize| inner[at..].contains(')');
        at.filter(is_closed).last().map(|at| &inner[..at])
    }

    fn is_row(line: &str) -> bool {
        line.starts_with('|') && !line.starts_with("|---") && !line.starts_with("| ---")
    }

    /// The script objects to the header line of each table, too; that is not meant.
    fn is_entry(line: &str) -> bool {
        is_row(line) && !line.starts_with("| API |")
    }

    /// What the script objects to in a row.
    fn objections(line: &str) -> Vec<&'static str> {
        let raw = segments(line);
        if raw.len() < 5 {
            return vec!["columns"];
        }
        let mut objections = Vec::new();
        let blanks = |cell: &str| (cell.len() - cell.trim_start().len(), cell.len() - cell.trim_end().len());
        // An empty cell cannot have a blank on either side; what it lacks is told below.
        if raw.iter().any(|cell| !cell.trim().is_empty() && blanks(cell) != (1, 1)) {
            objections.push("padding");
        }
        let cells: Vec<&str> = raw.iter().map(|cell| cell.trim()).collect();
        match title(cells[0]) {
            None => objections.push("title"),
            Some(title) if title.to_uppercase().ends_with(" API") => objections.push("suffix"),
            Some(_) => {}
        }
        match (cells[1].chars().next(), cells[1].chars().next_back()) {
            (Some(first), Some(last)) => {
                if first.to_uppercase().to_string() != first.to_string() {
                    objections.push("capital");
                }
                if PUNCTUATION.contains(last) {
                    objections.push("punctuation");
                }
                if cells[1].chars().count() > 100 {
                    objections.push("length");
                }
            }
            // There, the script breaks off.
            _ => objections.push("empty"),
        }
        let auth = cells[2];
        if auth != "No" && !(auth.starts_with('`') && auth.ends_with('`')) || !AUTH.contains(&&*auth.replace('`', "")) {
            objections.push("auth");
        }
        if !["Yes", "No"].contains(&cells[3]) {
            objections.push("https");
        }
        if !["Yes", "No", "Unknown"].contains(&cells[4]) {
            objections.push("cors");
        }
        objections
    }

    /// The sections whose titles are not in the order of their capitals, and those with less than three rows: the lines of their headings.
    fn sections(text: &str) -> Vec<(usize, &'static str)> {
        let mut found = Vec::new();
        let lines: Vec<&str> = text.lines().collect();
        let starts: Vec<usize> = (0..lines.len()).filter(|&index| lines[index].starts_with("###")).collect();
        for (place, &start) in starts.iter().enumerate() {
            let end = starts.get(place + 1).copied().unwrap_or(lines.len());
            let rows: Vec<&str> = lines[start..end].iter().copied().filter(|line| is_entry(line)).collect();
            let titles: Vec<String> =
                rows.iter().filter_map(|row| title(segments(row).first()?.trim())).map(str::to_uppercase).collect();
            if !titles.is_sorted() {
                found.push((start + 1, "order"));
            }
            if rows.len() < 3 {
                found.push((start + 1, "few"));
            }
        }
        found
    }

    /// Whether we object to something between two lines by a rule.
    fn objects(ours: &BTreeSet<(usize, &'static str)>, lines: std::ops::Range<usize>, rule: &str) -> bool {
        ours.iter().any(|(line, other)| lines.contains(line) && *other == rule)
    }

    /// Whatever the script objects to, we do, at the row; for a section, within it.
    fn check(text: &str, effective: &Effective) -> Result<(), TestCaseError> {
        let ours = ours(text, effective);
        let starts = text.lines().enumerate().filter(|(_, line)| line.starts_with("###")).map(|(index, _)| index + 1);
        let starts: Vec<usize> = starts.chain([usize::MAX]).collect();
        let section = |line: usize| {
            let end = starts.iter().copied().find(|&start| start > line).unwrap_or(usize::MAX);
            starts.iter().copied().rfind(|&start| start <= line).unwrap_or(0)..end
        };
        for (index, line) in text.lines().enumerate().filter(|(_, line)| is_entry(line)) {
            // An escaped pipe is part of its cell, which the script does not know.
            let whole = line.replace(r"\|", "¦");
            let rules: BTreeSet<&str> =
                ours.iter().filter(|(other, _)| *other == index + 1).map(|(_, rule)| *rule).collect();
            for objection in objections(&whole) {
                let expected = match objection {
                    "columns" => "ragged-row",
                    "padding" => "unaligned-table",
                    _ => "invalid-cell",
                };
                let is_said = rules.contains(expected)
                    // Behind a comment in a line of its own, readers see no table.
                    || objects(&ours, section(index + 1), "detached-row")
                    // Of a row with a cell too many, only the author knows which cell belongs to which column.
                    || segments(&whole).len() > 5 && rules.contains("ragged-row")
                    // Without its last pipe, the script finds a cell less.
                    || objection == "columns" && rules.contains("missing-outer-pipe")
                    || objection == "padding" && objects(&ours, 0..usize::MAX, "unaligned-table")
                    // A link that is none has a rule of its own, and so has an address without a scheme.
                    || objection == "title" && (rules.contains("malformed-link") || rules.contains("bad-scheme"));
                prop_assert!(is_said, "{objection}: {line}\n{rules:?}");
            }
            // More than five cells pass the script, and readers lose text.
            if segments(&whole).len() > 5 && !objects(&ours, section(index + 1), "detached-row") {
                prop_assert!(rules.contains("ragged-row"), "{line}\n{rules:?}");
            }
        }
        for (heading, objection) in sections(text) {
            let rule = if objection == "order" { "unsorted-rows" } else { "few-rows" };
            let is_said = objects(&ours, section(heading), rule) || objects(&ours, section(heading), "detached-row");
            prop_assert!(is_said, "{objection} below line {heading}:\n{text}\n{ours:?}");
        }
        Ok(())
    }

    const TITLES: [&str; 12] = [
        "[Cat Facts](https://cats.example.org)",
        "[Cat Facts API](https://cats.example.org)",
        "[cat api](http://a.example)",
        "[Ape](ftp://a.example)",
        "Ape",
        "[Ape] (https://a.example)",
        "[Ape](a.example)",
        "**[Ape](https://a.example)**",
        "[](https://a.example)",
        "https://a.example",
        r"[A \| B](https://a.example)",
        "",
    ];
    const DESCRIPTIONS: [&str; 14] = [
        "Daily facts",
        "daily facts",
        "Daily facts.",
        "Daily facts!",
        "Daily facts (free)",
        "Daily facts `json`",
        "Daily *facts*",
        "Daily [facts](https://a.example/a/very/long/path/that/makes/the/cell/longer/than/one/hundred/characters/as/written)",
        "Facts of a hundred characters and one more, which is longer than what is asked for in this very list!!",
        "ärgerlich",
        "日本の事実",
        "-",
        "",
        "1,000 facts;",
    ];
    const AUTHS: [&str; 9] =
        ["No", "`apiKey`", "apiKey", "`OAuth`", "`oauth`", "`apiKey", "`Token`", "", "`X-Mashape-Key`"];
    const YES: [&str; 7] = ["Yes", "No", "yes", "Unknown", "", "Maybe", "YES"];

    #[derive(Clone, Debug)]
    enum Mutation {
        Cell(usize, &'static str),
        Drop,
        Add(&'static str),
        Delete,
        Comment,
        Swap,
        Pad,
        Unclose,
    }

    fn mutation() -> impl Strategy<Value = Mutation> {
        prop_oneof![
            proptest::sample::select(&TITLES[..]).prop_map(|text| Mutation::Cell(0, text)),
            proptest::sample::select(&DESCRIPTIONS[..]).prop_map(|text| Mutation::Cell(1, text)),
            proptest::sample::select(&AUTHS[..]).prop_map(|text| Mutation::Cell(2, text)),
            (3_usize..5, proptest::sample::select(&YES[..])).prop_map(|(column, text)| Mutation::Cell(column, text)),
            Just(Mutation::Drop),
            proptest::sample::select(&["surplus", "Yes"][..]).prop_map(Mutation::Add),
            Just(Mutation::Delete),
            Just(Mutation::Comment),
            Just(Mutation::Swap),
            Just(Mutation::Pad),
            Just(Mutation::Unclose),
        ]
    }

    /// The list with a mutated row; an escaped pipe stands for one character while it is cut.
    fn mutated(text: &str, place: usize, mutation: &Mutation) -> String {
        let mut lines: Vec<String> = text.lines().map(|line| line.replace(r"\|", "¦")).collect();
        let rows: Vec<usize> = (0..lines.len()).filter(|&index| is_entry(&lines[index])).collect();
        let Some(&row) = rows.get(place % rows.len().max(1)) else { return text.to_owned() };
        let mut cells: Vec<String> = segments(&lines[row]).into_iter().map(|cell| cell.trim().to_owned()).collect();
        match mutation {
            Mutation::Cell(column, text) if *column < cells.len() => cells[*column] = text.replace(r"\|", "¦"),
            Mutation::Drop => drop(cells.pop()),
            Mutation::Add(text) => cells.push((*text).to_owned()),
            Mutation::Delete => drop(lines.remove(row)),
            Mutation::Comment => lines[row] = format!("<!-- {} -->", lines[row]),
            Mutation::Swap if rows.contains(&(row + 1)) => lines.swap(row, row + 1),
            Mutation::Cell(..) | Mutation::Swap => {}
            Mutation::Pad => lines[row] = lines[row].replacen("| ", "|  ", 1),
            Mutation::Unclose => {
                let kept = lines[row].trim_end_matches('|').trim_end().len();
                lines[row].truncate(kept);
            }
        }
        if matches!(mutation, Mutation::Cell(..) | Mutation::Drop | Mutation::Add(_)) {
            lines[row] = format!("| {} |", cells.join(" | "));
        }
        lines.iter().fold(String::new(), |text, line| text + &line.replace('¦', r"\|") + "\n")
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 400, ..crate::generate::config() })]

        #[test]
        fn whatever_the_script_objects_to_we_do(
            mutations in proptest::collection::vec((0_usize..40, mutation()), 1..4)
        ) {
            let (text, effective) = example("apis");
            let text = mutations.iter().fold(text, |text, (place, mutation)| mutated(&text, *place, mutation));
            check(&text, &effective)?;
        }
    }

    #[test]
    fn where_the_script_is_wrong_we_are_right() {
        let (text, effective) = example("apis");
        let row = text.lines().find(|line| line.contains(r"\|")).expect("a title has an escaped pipe");
        // It counts the escaped pipe.
        assert!(!objections(row).is_empty());
        // It passes a sixth cell.
        let more = text.replace(row, &format!("{row} more |"));
        assert!(objections(&format!("{} more |", row.replace(r"\|", "¦"))).is_empty());
        let line = text.lines().position(|line| line == row).expect("it is there") + 1;
        assert!(ours(&more, &effective).contains(&(line, "ragged-row")));
        // It reads what readers do not see.
        let commented = text.replace(row, &format!("<!--\n| x | y |\n-->\n{row}"));
        let silent = ours(&commented, &effective);
        assert!(!silent.contains(&(line + 1, "invalid-cell")), "{silent:?}");
    }
}

mod duplicates {
    use super::*;

    /// The configuration of a list of papers in one table, sorted by title, with its count in a sentence.
    const CONFIGURATION: &str = r#"
        [[table]]
        match = { headers = ["Title"] }
        count-line = "A curated list of {} awesome papers"
        order = [{ column = "Title", compare = "text" }]
        unique = [{ columns = ["Title"], fold = "case" }, { columns = ["Title"], fold = "url" }]
    "#;

    fn list(rows: &[(&str, &str)], count: usize) -> String {
        let rows = rows.iter().map(|(title, url)| format!("| **[{title}]({url})** | arXiv 2026 |\n"));
        let rows: String = rows.collect();
        format!(
            "A curated list of {count} awesome papers exploring tables.\n\n| Title | Venue |\n| :--- | :--- |\n{rows}"
        )
    }

    /// The rows, from 0, whose title or address an earlier row has, as the script folds them.
    fn repeated(rows: &[(&str, &str)]) -> Vec<usize> {
        let fold = |title: &str| title.to_lowercase().split_whitespace().collect::<Vec<_>>().join(" ");
        let is_repeated = |&later: &usize| {
            rows[..later].iter().any(|(title, url)| fold(title) == fold(rows[later].0) || *url == rows[later].1)
        };
        (0..rows.len()).filter(is_repeated).collect()
    }

    const TITLES: [&str; 6] = ["Alpha  Beta", "alpha beta", "ALPHA BETA", "Gamma", "gamma ray", "Zeta: one"];
    const URLS: [&str; 5] = [
        "https://arxiv.org/abs/2608.00177",
        "https://arxiv.org/abs/2608.00178",
        "https://doi.org/10.52202/085713-5741",
        "https://a.example/x",
        "https://a.example/y",
    ];

    proptest! {
        #![proptest_config(crate::generate::config())]

        #[test]
        fn whatever_the_script_objects_to_we_do(
            rows in proptest::collection::vec(
                (proptest::sample::select(&TITLES[..]), proptest::sample::select(&URLS[..])), 1..7),
            off in 0_usize..2,
        ) {
            let effective = configured(CONFIGURATION);
            let text = list(&rows, rows.len() + off);
            let ours = ours(&text, &effective);
            for row in repeated(&rows) {
                prop_assert!(ours.contains(&(row + 5, "duplicate-entry")), "row {row} of\n{text}\n{ours:?}");
            }
            let is_counted = !ours.iter().any(|(_, rule)| *rule == "few-rows");
            prop_assert_eq!(is_counted, off == 0, "{}", text);
            let is_sorted = rows.iter().map(|(title, _)| title.to_uppercase().split_whitespace().collect::<Vec<_>>().join(" ")).is_sorted();
            prop_assert_eq!(!ours.iter().any(|(_, rule)| *rule == "unsorted-rows"), is_sorted, "{}", text);
        }
    }

    #[track_caller]
    fn check(unique: &str, text: &str, expected: &[usize]) {
        let effective = configured(&format!("[[table]]\nunique = {unique}"));
        let ours = ours(text, &effective);
        let lines: Vec<usize> =
            ours.iter().filter(|(_, rule)| *rule == "duplicate-entry").map(|(line, _)| *line).collect();
        assert_eq!(lines, expected, "{unique}\n{text}");
    }

    /// Two sections; the tool of line 5 is listed again on lines 12 and 13, with one licence for all.
    const TOOLS: &str = "\
## Filters

| Tool | Licence |
| ---- | ------- |
| [jq](https://jq.org) | [MIT](https://mit.org) |
| [yq](https://yq.org) | [MIT](https://mit.org) |

## Shells

| Tool | Licence |
| ---- | ------- |
| [jq](https://jq.org) | [MIT](https://mit.org) |
| [JQ!](https://jq.org/) | [MIT](https://mit.org) |
";

    #[test]
    fn the_main_link_alone_is_unique() {
        check("[{ columns = [\"Tool\"], fold = \"url\", scope = \"file\" }]", TOOLS, &[12, 13]);
        check("[{ columns = [\"Licence\"], fold = \"url\", scope = \"table\" }]", TOOLS, &[6, 13]);
    }

    #[test]
    fn an_entry_may_stand_in_several_sections() {
        check("[{ columns = [\"Tool\"], fold = \"url\", scope = \"section\" }]", TOOLS, &[13]);
        check("[{ columns = [\"Tool\"], fold = \"exact\", scope = \"file\" }]", TOOLS, &[12]);
        check("[]", TOOLS, &[]);
    }

    #[test]
    fn silencing_one_of_two_silences_the_pair() {
        let unique = "[{ columns = [\"Tool\"], fold = \"url\", scope = \"section\" }]";
        for line in [12, 13] {
            let mut lines: Vec<String> = TOOLS.lines().map(str::to_owned).collect();
            lines[line - 1].push_str(" <!-- tablewright-ignore duplicate-entry -->");
            check(unique, &lines.join("\n"), &[]);
        }
    }
}

mod internships {
    use super::*;

    const CONFIGURATION: &str = r#"
        [[table]]
        match = { headers = ["Company", "Status"] }
        column-order = "declared"
        other-columns = "forbid"
        columns.Company = { presence = "required" }
        columns.Role = { presence = "required" }
        columns.Status = { type = "emoji", values = ["🟢", "🔒", "⏳"], presence = "required" }
        columns.Apply = { type = "link", required-unless = { column = "Status", is = ["🔒"] }, schemes = ["http", "https"], forbidden-hosts = ["bit.ly", "tinyurl.com", "t.co"] }
        columns.Added = { type = "date", formats = ["YYYY-MM-DD"], presence = "required" }
    "#;

    /// Whether the script objects to a row.
    fn is_objectionable([company, role, status, apply, added]: [&str; 5]) -> bool {
        let is_date = |text: &str| {
            let parts: Vec<&str> = text.split('-').collect();
            let is_number =
                |text: &str, len: usize| text.len() == len && text.bytes().all(|byte| byte.is_ascii_digit());
            parts.len() == 3
                && is_number(parts[0], 4)
                && is_number(parts[1], 2)
                && is_number(parts[2], 2)
                && (1..=12).contains(&parts[1].parse::<u8>().unwrap_or(0))
        };
        company.is_empty()
            || role.is_empty()
            || !["🟢", "🔒", "⏳"].contains(&status)
            || status != "🔒" && !apply.contains("](http")
            || ["bit.ly", "tinyurl.com", "t.co/"].iter().any(|host| apply.contains(host))
            || !is_date(added)
    }

    proptest! {
        #![proptest_config(crate::generate::config())]

        #[test]
        fn whatever_the_script_objects_to_we_do_and_nothing_else(
            company in proptest::sample::select(&["Acme", "", "Bolt"][..]),
            role in proptest::sample::select(&["Engineer", ""][..]),
            status in proptest::sample::select(&["🟢", "🔒", "⏳", "🟡", "", "open"][..]),
            apply in proptest::sample::select(&["[Apply](https://a.example/jobs)", "[Apply](https://bit.ly/3x)", "", "[Apply](http://t.co/a)"][..]),
            added in proptest::sample::select(&["2026-01-31", "2026-1-31", "31.1.2026", "", "2026-13-01"][..]),
        ) {
            let row = [company, role, status, apply, added];
            let text = format!(
                "| Company | Role | Status | Apply | Added |\n| - | - | - | - | - |\n| Coil | Intern | 🟢 | [Apply](https://c.example) | 2026-02-01 |\n| {} |\n",
                row.join(" | ")
            );
            let ours = ours(&text, &configured(CONFIGURATION));
            let is_said = ours.contains(&(4, "invalid-cell")) || ours.contains(&(4, "empty-row"));
            prop_assert_eq!(is_said, is_objectionable(row), "{}\n{:?}", text, ours);
        }
    }
}
