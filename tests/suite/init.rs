//! What `init` learns from a list holds for the list: it can be read, and finds only what departs from the list's own habits.

use tablewright::column::{Declared, TypedDocument};
use tablewright::config::{Config, Effective, learn};
use tablewright::diagnostic::Severity;
use tablewright::lint::{self, Checked, Settings};
use tablewright::report::init::{Learning, render};
use tablewright::rules::defaults;
use tablewright::source::Source;
use tablewright::table::Document;

use crate::case_page::in_package;
use crate::corpus::{CURRENT_YEAR, lists};

/// The configuration that is learnt from a list.
fn learnt(source: &Source) -> String {
    let document = Document::parse(source);
    let declared = Declared::default();
    let typed = TypedDocument::infer(&document, &declared, CURRENT_YEAR);
    let names = [source.path().to_owned()];
    render(&learn::learn(&[typed]), Learning { names: &names, schema: "schema.json" })
}

fn errors_in_sound_tables(source: &Source, before: &Checked, after: &Checked) -> Vec<String> {
    let document = Document::parse(source);
    let table_of = |offset: usize| {
        document.tables.iter().position(|table| table.span().start() <= offset && offset <= table.span().end())
    };
    let errors = |checked: &Checked| {
        let errors =
            checked.findings.iter().map(|finding| &finding.diagnostic).filter(|it| it.severity == Severity::Error);
        errors.map(|it| (table_of(it.span.start()), it.clone())).collect::<Vec<_>>()
    };
    let faulty: Vec<_> = errors(before).into_iter().map(|(table, _)| table).collect();
    let added = errors(after).into_iter().filter(|(table, _)| !faulty.contains(table));
    added.map(|(_, it)| format!("{}: {} {}", source.path(), it.rule, it.message)).collect()
}

#[test]
fn what_is_learnt_from_a_list_adds_no_error_and_few_findings() {
    let mut failures = Vec::new();
    let schema = std::fs::read_to_string(in_package("tablewright.schema.json")).expect("the schema is shipped");
    let schema = serde_json::from_str(&schema).expect("the schema is JSON");
    let schema = jsonschema::validator_for(&schema).expect("the schema is one");
    for source in &lists() {
        let text = learnt(source);
        let config = match Config::read(&text) {
            Ok(config) => config,
            Err(mistakes) => {
                failures.push(format!("{}: {mistakes:?}\n{text}", source.path()));
                continue;
            }
        };
        let instance: serde_json::Value = toml::from_str(&text).expect("a configuration is TOML");
        failures.extend(schema.iter_errors(&instance).map(|error| format!("{}: {error}", source.path())));
        let settings = Settings::new(&defaults(), CURRENT_YEAR);
        let before = lint::check(source, &settings);
        let after =
            lint::check(source, &Settings { declared: Effective::of(&config, source.path()).declared(), ..settings });
        failures.extend(errors_in_sound_tables(source, &before, &after));
        let rows: usize = before.tables.iter().map(|table| table.rows).sum();
        let (was, is) = (before.findings.len(), after.findings.len());
        // A departure in one row of twenty for each of a few options.
        if is > was + rows / 8 + 3 {
            failures.push(format!("{}: {was} findings became {is}, of {rows} rows", source.path()));
        }
    }
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}
