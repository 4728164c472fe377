//! What checking promises on any list: places that exist, fixes that can be applied, the same findings in every run, and counts to review.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::process::Command;

use proptest::prelude::*;
use tablewright::lint::{self, Settings};
use tablewright::rules::{ALL, defaults};
use tablewright::source::Source;

use crate::case_page::{in_package, is_updating};
use crate::corpus::CURRENT_YEAR;
use crate::promises;
use crate::{corpus, generate};

#[test]
fn findings_on_lists_have_places_and_fixes() {
    for source in corpus::lists() {
        promises::check::check(&source);
    }
}

proptest! {
    #![proptest_config(generate::config())]

    #[test]
    fn findings_on_generated_documents_have_places_and_fixes(text in generate::document()) {
        promises::check::check(&Source::new("generated.md", text));
    }
}

#[test]
fn one_row_has_one_finding_of_a_rule() {
    for source in corpus::lists() {
        let mut seen = BTreeMap::new();
        for finding in lint::check(&source, &Settings::new(ALL, CURRENT_YEAR)).findings {
            let place = (source.line_number(finding.diagnostic.span.start()), finding.diagnostic.rule);
            let count = seen.entry(place).or_insert(0);
            *count += 1;
            assert_eq!(*count, 1, "{}: {place:?}", source.path());
        }
    }
}

#[test]
fn the_number_of_threads_changes_nothing() {
    let run = |jobs: &str| {
        let folder = std::env::var_os("TABLEWRIGHT_CORPUS").unwrap_or_else(|| in_package("fixtures/lists").into());
        let mut command = Command::new(env!("CARGO_BIN_EXE_tablewright"));
        command.args(["check", "--output-format", "json", "--jobs", jobs]).arg(folder);
        command.output().expect("the program runs").stdout
    };
    let alone = run("1");
    assert!(!alone.is_empty());
    assert!(alone == run("4"), "the findings differ between 1 and 4 threads");
}

/// A change of judgement shows as a change of these pages, to be read before it is kept.
#[test]
fn the_counts_of_findings_are_those_last_read() {
    check_counts("fixtures/counts.md", &corpus::own_lists());
    if let Some(lists) = corpus::corpus_lists() {
        check_counts("fixtures/corpus-counts.md", &lists);
    }
}

#[track_caller]
fn check_counts(page: &str, lists: &[Source]) {
    let mut counted = String::from(
        "# Findings per list and rule\n\n| List | Rule | Findings | Lines of the first |\n| ---- | ---- | -------: | ------------------ |\n",
    );
    for source in lists {
        let mut counts: BTreeMap<_, Vec<usize>> = BTreeMap::new();
        for finding in lint::check(source, &Settings::new(&defaults(), CURRENT_YEAR)).findings {
            let line = source.line_number(finding.diagnostic.span.start());
            counts.entry((finding.diagnostic.rule, finding.diagnostic.severity.name())).or_default().push(line);
        }
        for ((rule, severity), lines) in counts {
            let first: Vec<String> = lines.iter().take(6).map(ToString::to_string).collect();
            let (count, first, more) = (lines.len(), first.join(", "), if lines.len() > 6 { ", …" } else { "" });
            writeln!(counted, "| {} | {rule} ({severity}) | {count} | {first}{more} |", source.path())
                .expect("writing to a string does not fail");
        }
    }
    let path = in_package(page);
    let kept = std::fs::read_to_string(&path).unwrap_or_default();
    if kept != counted && is_updating() {
        std::fs::write(&path, &counted).expect("the page can be written");
    } else if kept != counted {
        let lines = |text: &str| text.lines().map(str::to_owned).collect::<std::collections::BTreeSet<_>>();
        let (kept, counted) = (lines(&kept), lines(&counted));
        let gone: Vec<_> = kept.difference(&counted).collect();
        let new: Vec<_> = counted.difference(&kept).collect();
        panic!("{page} says otherwise (TABLEWRIGHT_UPDATE=1 rewrites it)\ngone: {gone:#?}\nnew: {new:#?}");
    }
}
