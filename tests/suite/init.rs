//! What `init` learns from a list holds for the list: it can be read, and finds only what departs from the list's own habits.

use std::sync::Arc;

use tablewright::column::{Declared, PreparedSchema, TypedDocument};
use tablewright::config::learn;
use tablewright::diagnostic::Severity;
use tablewright::lint::{self, Checked, Settings};
use tablewright::report::init::{Learning, render};
use tablewright::rules::defaults;
use tablewright::schema::TableSchema;
use tablewright::source::Source;
use tablewright::table::Document;

use crate::corpus::{CURRENT_YEAR, lists};

/// The configuration that is learnt from a list; none where it is too small.
fn learnt(source: &Source) -> Option<String> {
    let document = Document::parse(source);
    let declared = Declared::default();
    let typed = TypedDocument::infer(&document, &declared, CURRENT_YEAR);
    let names = [source.path().to_owned()];
    learn::learn(&[typed]).map(|learnt| render(&learnt, Learning { names: &names, schema: "schema.json" }))
}

#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct Configuration {
    #[serde(default)]
    #[expect(dead_code, reason = "roles are told, and not looked at here")]
    columns: toml::Table,
    table: Vec<TableSchema>,
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
    for source in &lists() {
        let Some(text) = learnt(source) else { continue };
        let configuration: Configuration = match toml::from_str(&text) {
            Ok(configuration) => configuration,
            Err(error) => {
                failures.push(format!("{}: {error}\n{text}", source.path()));
                continue;
            }
        };
        let mistakes: Vec<_> = configuration.table.iter().flat_map(TableSchema::mistakes).collect();
        if !mistakes.is_empty() {
            failures.push(format!("{}: {mistakes:?}\n{text}", source.path()));
        }
        let schemas = configuration.table.into_iter().map(|schema| PreparedSchema::new(Arc::new(schema)));
        let settings = Settings::new(&defaults(), CURRENT_YEAR);
        let before = lint::check(source, &settings);
        let after = lint::check(source, &Settings { declared: Declared::default().with_schemas(schemas), ..settings });
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
