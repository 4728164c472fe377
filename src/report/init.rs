//! A configuration that was learnt from lists, as `tablewright init` writes it.

use std::fmt::Write;

use toml::Value;

use super::counted;
use super::safe::{self, Safe};
use crate::config::learn::{Guess, Learnt, LearntTable};

/// What the first lines of a learnt configuration name.
#[derive(Clone, Copy, Debug)]
pub struct Learning<'n> {
    /// The files that were learnt from, as people name them.
    pub names: &'n [String],
    /// The address of the schema of configurations.
    pub schema: &'n str,
}

/// The text of a `tablewright.toml`; every guess stands in a line of its own with what bears it out.
#[must_use]
pub fn render(learnt: &Learnt, learning: Learning<'_>) -> String {
    const MOST_NAMES: usize = 3;
    let mut text = format!("#:schema {}\n", learning.schema);
    let names: Vec<String> =
        learning.names.iter().take(MOST_NAMES).map(|name| Safe::new(name).as_str().to_owned()).collect();
    let more = learning.names.len().saturating_sub(MOST_NAMES);
    let more = if more == 0 { String::new() } else { format!(" and {} more", counted(more, "file")) };
    // Writing to a string does not fail.
    let _ = writeln!(text, "\n# Learnt from {}{more} by `tablewright init`.", names.join(", "));
    if learnt.tables.is_empty() {
        text.push_str(NOTHING);
        return text;
    }
    text.push_str("# Every line is a guess, and says what bears it out. Take out what is no rule of the list.\n");
    if !learnt.roles.is_empty() {
        text.push_str("\n# What columns hold.\n[columns]\n");
        let entries = learnt.roles.iter().map(|(header, guess)| (key(header), value(&guess.value), &guess.support));
        aligned(&mut text, entries);
    }
    for table in &learnt.tables {
        self::table(&mut text, table);
    }
    if learnt.passed_over > 0 {
        let kinds = counted(learnt.passed_over, "other kind");
        let _ = writeln!(text, "\n# {kinds} of tables: too few rows to learn from, or too few beside those above.");
    }
    text
}

/// What stands in a configuration from which nothing was learnt.
const NOTHING: &str = "\
# No table there has two columns with headers and four rows or more, so nothing was learnt. What tables must look like is declared so:
#
# [[table]]
# match = { headers = [\"Year\", \"Title\"] }
# columns.Year = { type = \"year\", presence = \"required\" }
# columns.Title = { presence = \"required\" }
# order = [{ column = \"Year\", direction = \"descending\" }]
";

fn table(text: &mut String, table: &LearntTable) {
    let (tables, rows) = (counted(table.tables, "table"), counted(table.rows, "row"));
    let headers: Vec<Value> = table.headers.iter().map(|header| Value::from(header.as_str())).collect();
    let selector = Value::Table([("headers".to_owned(), Value::Array(headers))].into_iter().collect());
    let _ = writeln!(text, "\n# {tables}, {rows}.\n[[table]]\nmatch = {}", value(&selector));
    text.push_str("severity = \"warning\" # raise it to \"error\" once the list keeps to this\n");
    for guess in &table.options {
        option(text, guess);
    }
    for (header, guesses) in &table.columns {
        let _ = writeln!(text, "\n[table.columns.{}]", key(header));
        aligned(text, guesses.iter().map(|guess| (guess.option.to_owned(), value(&guess.value), &guess.support)));
    }
}

fn option(text: &mut String, guess: &Guess) {
    match &guess.value {
        Value::Array(items) if items.len() > 1 => {
            let _ = writeln!(text, "{} = [ # {}", guess.option, guess.support);
            for item in items {
                let _ = writeln!(text, "  {},", value(item));
            }
            text.push_str("]\n");
        }
        one => {
            let _ = writeln!(text, "{} = {} # {}", guess.option, value(one), guess.support);
        }
    }
}

/// Lines whose comments stand below each other, but for long ones.
fn aligned<'g>(text: &mut String, entries: impl Iterator<Item = (String, String, &'g String)>) {
    const WIDEST: usize = 60;
    let lines: Vec<(String, &String)> =
        entries.map(|(key, value, support)| (format!("{key} = {value}"), support)).collect();
    let width = |line: &str| crate::format::display_width(line);
    let widest = lines.iter().map(|(line, _)| width(line)).filter(|width| *width <= WIDEST).max().unwrap_or(0);
    for (line, support) in lines {
        let padding = " ".repeat(widest.saturating_sub(width(&line)) + 1);
        let _ = writeln!(text, "{line}{padding}# {support}");
    }
}

/// A key, bare where it may be.
pub(super) fn key(name: &str) -> String {
    let is_bare = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
    if !name.is_empty() && name.bytes().all(is_bare) { name.to_owned() } else { quoted(name) }
}

fn value(value: &Value) -> String {
    match value {
        Value::String(text) => quoted(text),
        Value::Array(items) => {
            format!("[{}]", items.iter().map(self::value).collect::<Vec<_>>().join(", "))
        }
        Value::Table(entries) => {
            let entries: Vec<String> =
                entries.iter().map(|(name, entry)| format!("{} = {}", key(name), self::value(entry))).collect();
            format!("{{ {} }}", entries.join(", "))
        }
        other => other.to_string(),
    }
}

/// A string between quotes (TOML 1.0, basic strings): what would act on a terminal or the log of a runner is written as `\uXXXX`.
pub(super) fn quoted(text: &str) -> String {
    let mut quoted = String::with_capacity(text.len() + 2);
    quoted.push('"');
    for char in text.chars() {
        match char {
            '"' | '\\' => quoted.extend(['\\', char]),
            _ if safe::is_harmful(char) || char.is_control() || safe::completes_command(&quoted, char) => {
                let _ = write!(quoted, "\\U{:08x}", u32::from(char));
            }
            _ => quoted.push(char),
        }
    }
    quoted.push('"');
    quoted
}
