//! What holds for a file, as `tablewright config` prints it: a configuration that says it all, with the place of each value.

use std::fmt::Write;
use std::ops::Range;

use super::counted;
use super::init::{key, quoted};
use super::safe::Safe;
use crate::column::{Role, TypedTable};
use crate::config::{Effective, EffectiveRule, Level, Sourced};
use crate::format::Style;

/// What holds for a file.
#[derive(Clone, Copy, Debug)]
pub struct Configured<'c> {
    /// The file, as people name it; none for any file of the working directory.
    pub path: Option<&'c str>,
    /// The configuration, as people name it; none where there is none.
    pub configuration: Option<&'c str>,
    /// What it says.
    pub effective: &'c Effective,
    /// The tables of the file.
    pub tables: &'c [BoundTable],
}

/// A table and what it is held against.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct BoundTable {
    /// The header's line, from 1.
    line_number: usize,
    section: Option<String>,
    rows: usize,
    /// The place of its schema among those of the file; none where it has none.
    schema: Option<usize>,
    columns: Vec<(String, Role)>,
}

impl BoundTable {
    /// What is to be told of a table.
    #[must_use]
    pub fn of(typed: &TypedTable<'_>) -> Self {
        let columns = typed.roles.iter().enumerate();
        Self {
            line_number: typed.table.header().line_number(),
            section: typed.table.section.map(str::to_owned),
            rows: typed.table.body_len(),
            schema: typed.bound.as_ref().map(|bound| bound.index),
            columns: columns.map(|(column, role)| (typed.header_text(column).trim().to_owned(), *role)).collect(),
        }
    }
}

/// The text of a configuration that says all that holds; `line` tells the line of a byte of the configuration.
#[must_use]
pub fn render(configured: &Configured<'_>, line: impl Fn(usize) -> usize) -> String {
    let Configured { path, configuration, effective, tables } = *configured;
    let whose = path.map_or_else(|| "lists in this folder".to_owned(), |path| Safe::new(path).as_str().to_owned());
    let name = configuration.map(|name| Safe::new(name).as_str().to_owned());
    let from = |span: Option<&Range<usize>>| match (span, &name) {
        (Some(span), Some(name)) => format!("{name}:{}", line(span.start)),
        _ => "default".to_owned(),
    };
    let mut text = match &name {
        Some(name) => format!("# What holds for {whose}, by {name}.\n"),
        None => format!("# What holds for {whose}; there is no configuration.\n"),
    };
    text.push_str("\n[rules]\n");
    lines(
        &mut text,
        effective.rules.iter().map(|rule| (format!("{} = {}", rule.rule.name, value(rule)), places(rule, &from))),
    );
    text.push_str("\n[format]\n");
    let style = match effective.style.value {
        Style::Aligned => "aligned",
        Style::Compact => "compact",
        Style::Keep => "keep",
    };
    let format = [
        (format!("style = \"{style}\""), from(effective.style.span.as_ref())),
        (
            format!("max-column-width = {}", effective.max_column_width.value),
            from(effective.max_column_width.span.as_ref()),
        ),
        (format!("realign = {}", effective.realign.value), from(effective.realign.span.as_ref())),
    ];
    lines(&mut text, format.into_iter());
    if !effective.columns.is_empty() {
        text.push_str("\n[columns]\n");
        let columns = effective.columns.iter();
        lines(
            &mut text,
            columns.map(|(header, role): &(String, Sourced<Role>)| {
                (format!("{} = \"{}\"", key(header), role.value.name()), from(role.span.as_ref()))
            }),
        );
    }
    if !effective.schemas.is_empty() {
        text.push('\n');
    }
    for schema in &effective.schemas {
        let place = from(schema.span.as_ref());
        let columns: Vec<String> = schema.value.columns.0.iter().map(|(name, _)| quoted(name.as_ref())).collect();
        let columns = if columns.is_empty() { "any columns".to_owned() } else { columns.join(", ") };
        // Writing to a string does not fail.
        let _ = writeln!(text, "# [[table]] of {place}: {columns}");
    }
    for table in tables {
        let schema = table.schema.and_then(|index| effective.schemas.get(index));
        let schema = schema.map_or_else(
            || "no [[table]] is for it".to_owned(),
            |schema| format!("goes by the [[table]] of {}", from(schema.span.as_ref())),
        );
        let section = table.section.as_deref().map(|section| format!(" under \"{}\"", Safe::new(section)));
        let columns = table.columns.iter().map(|(header, role)| format!("{} ({})", Safe::new(header), role.name()));
        let (line, rows) = (table.line_number, counted(table.rows, "row"));
        let _ = write!(
            text,
            "\n# The table on line {line}{}: {rows}, {schema}.\n#   {}\n",
            section.unwrap_or_default(),
            columns.collect::<Vec<_>>().join(", ")
        );
    }
    text
}

fn value(rule: &EffectiveRule) -> String {
    let level = match rule.level.value {
        Level::Off => "off",
        Level::On => rule.rule.severity.name(),
        Level::Note => "note",
        Level::Warning => "warning",
        Level::Error => "error",
    };
    if rule.options.is_empty() {
        return format!("\"{level}\"");
    }
    let options = rule.options.iter().map(|(name, value)| format!(", {name} = {}", value.value));
    format!("{{ severity = \"{level}\"{} }}", options.collect::<String>())
}

/// Where the values of a rule come from, each place once.
fn places(rule: &EffectiveRule, from: &impl Fn(Option<&Range<usize>>) -> String) -> String {
    let mut places = vec![from(rule.level.span.as_ref())];
    for (_, value) in &rule.options {
        let place = from(value.span.as_ref());
        if !places.contains(&place) {
            places.push(place);
        }
    }
    places.join(", ")
}

/// Lines whose comments stand below each other.
fn lines(text: &mut String, entries: impl Iterator<Item = (String, String)>) {
    let entries: Vec<(String, String)> = entries.collect();
    let width = |line: &str| crate::format::display_width(line);
    let widest = entries.iter().map(|(line, _)| width(line)).max().unwrap_or(0);
    for (line, place) in &entries {
        let padding = " ".repeat(widest - width(line) + 1);
        let _ = writeln!(text, "{line}{padding}# {place}");
    }
}
