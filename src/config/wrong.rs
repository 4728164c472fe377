//! What cannot be read in a configuration, told as people would: `toml` and `serde` name the thing, we say what to write instead.

use std::ops::Range;

use toml::de::Error;

use crate::schema::{Mistake, nearest};

/// What is no TOML.
pub(super) fn syntax(error: &Error, text: &str) -> Mistake {
    let message = first_line(error.message());
    let help = match message.as_str() {
        "duplicate key" => "give each key once; of a table that is begun twice, join the parts",
        _ => "texts stand between quotes, keys before `=`, tables in brackets: https://toml.io",
    };
    Mistake::new(span(error, text), format!("this is no TOML: {message}"), help)
}

/// What is TOML, and no configuration.
pub(super) fn value(error: &Error, text: &str) -> Mistake {
    let message = error.message();
    let span = span(error, text);
    if let Some(name) = ["files", "table"].into_iter().find(|name| text[span.clone()].starts_with(&format!("[{name}]")))
    {
        let help = format!("write `[[{name}]]`, with two brackets");
        return Mistake::new(span, format!("there may be several `{name}`"), help);
    }
    let (fault, help) = match message.split_once('\n') {
        // Ours, which say what to do in their second line.
        Some((fault, help)) => (fault.to_owned(), help.to_owned()),
        None => unknown(message, "unknown field ", "there is no option", "what belongs here is")
            .or_else(|| unknown(message, "unknown variant ", "there is no value", "what may stand here is"))
            .or_else(|| missing(message))
            .or_else(|| wrong_type(message))
            .unwrap_or_else(|| (message.to_owned(), "see what the option is for in the README".to_owned())),
    };
    Mistake::new(span, fault, help)
}

fn span(error: &Error, text: &str) -> Range<usize> {
    let span = error.span().unwrap_or(0..text.len());
    let end = span.end.min(text.len());
    span.start.min(end)..end
}

fn first_line(message: &str) -> String {
    let line = message.lines().next().unwrap_or_default();
    let mut chars = line.chars();
    chars.next().map_or_else(String::new, |first| first.to_lowercase().chain(chars).collect())
}

/// ``unknown field `x`, expected one of `a`, `b` ``
fn unknown(message: &str, opening: &str, fault: &str, list: &str) -> Option<(String, String)> {
    let rest = message.strip_prefix(opening)?.strip_prefix('`')?;
    let (name, expected) = rest.rsplit_once("`, expected ").or_else(|| rest.rsplit_once("`, there are no "))?;
    let known: Vec<&str> = expected.split('`').skip(1).step_by(2).collect();
    let help = match nearest(name, known.iter().copied()) {
        Some(near) => format!("did you mean `{near}`?"),
        None if known.is_empty() => "take it out".to_owned(),
        None => format!("{list} `{}`", known.join("`, `")),
    };
    Some((format!("{fault} `{name}` here"), help))
}

/// ``missing field `x` ``
fn missing(message: &str) -> Option<(String, String)> {
    let name = message.strip_prefix("missing field `")?.strip_suffix('`')?;
    Some((format!("`{name}` is missing"), format!("add `{name} = …`")))
}

/// ``invalid type: string "x", expected a boolean``
fn wrong_type(message: &str) -> Option<(String, String)> {
    let rest = message.strip_prefix("invalid type: ").or_else(|| message.strip_prefix("invalid value: "))?;
    let (found, expected) = rest.rsplit_once(", expected ")?;
    let (expected, example) = match expected {
        "usize" | "u64" | "u32" | "u16" => ("a number from 0 on", "a number such as 3"),
        "i64" | "i32" => ("a whole number", "a number such as 3"),
        "a sequence" => ("an array", "`[\"…\", \"…\"]`"),
        "a boolean" => ("yes or no", "`true` or `false`"),
        "a string" => ("a text", "a text between quotes"),
        "a map" => ("a table", "`{ … }`"),
        other if other.starts_with("struct ") => ("a table", "`{ … }`"),
        other if other.starts_with("variant ") || other.starts_with("enum ") => ("a text", "a text between quotes"),
        other => (other, other),
    };
    Some((format!("{expected} belongs here, not {}", article(found)), format!("write {example}")))
}

/// `string "x"` → `the text "x"`; `map` → `a table`
fn article(found: &str) -> String {
    if let Some(text) = found.strip_prefix("string ") {
        return format!("the text {text}");
    }
    for kind in ["integer", "floating point", "boolean"] {
        if let Some(value) = found.strip_prefix(kind) {
            return value.trim().to_owned();
        }
    }
    match found {
        "map" => "a table".to_owned(),
        "sequence" => "an array".to_owned(),
        other => format!("a {other}"),
    }
}
