//! Values of a configuration that are checked while they are read: regular expressions, globs, columns in their order.

use std::fmt;

#[cfg(test)]
use schemars::JsonSchema;
use serde::Deserialize;
use serde::de::{MapAccess, Visitor};
use toml::Spanned;

use super::Column;

/// A regular expression for a whole text.
#[derive(Clone, Debug, Deserialize)]
#[cfg_attr(test, derive(JsonSchema), schemars(with = "String"))]
#[serde(try_from = "String")]
pub struct Pattern {
    text: String,
    regex: regex::Regex,
}

impl Pattern {
    /// The expression as written.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Whether the whole of a text is one that the expression describes. The time is linear in the text.
    #[must_use]
    pub fn is_match(&self, text: &str) -> bool {
        self.regex.is_match(text)
    }
}

impl TryFrom<String> for Pattern {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        /// Larger ones would take more memory than a list does.
        const MAX_BYTES: usize = 1 << 20;
        let whole = format!(r"\A(?:{text})\z");
        // Whatever is wrong is told of the expression as written.
        let compiled = regex::RegexBuilder::new(&text).size_limit(MAX_BYTES).build();
        let compiled = compiled.and_then(|_| regex::RegexBuilder::new(&whole).size_limit(MAX_BYTES).build());
        match compiled {
            Ok(regex) => Ok(Self { text, regex }),
            Err(regex::Error::CompiledTooBig(_)) => {
                Err("this regular expression is too large\nask for fewer repetitions".to_owned())
            }
            Err(error) => {
                let error = error.to_string();
                let cause = error.lines().last().unwrap_or_default();
                let cause = cause.strip_prefix("error: ").unwrap_or(cause);
                Err(format!(
                    "this is no regular expression: {cause}\nwrite one as Rust's `regex` reads it; a character that means itself takes a backslash"
                ))
            }
        }
    }
}

/// A glob for the text of a heading, in any case.
#[derive(Clone, Debug, Deserialize)]
#[cfg_attr(test, derive(JsonSchema), schemars(with = "String"))]
#[serde(try_from = "String")]
pub struct SectionGlob(globset::GlobMatcher);

impl SectionGlob {
    /// Whether a heading's visible text is one that the glob describes.
    #[must_use]
    pub fn is_match(&self, heading: &str) -> bool {
        self.0.is_match(heading)
    }
}

impl TryFrom<String> for SectionGlob {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        let glob = globset::GlobBuilder::new(&text).case_insensitive(true).literal_separator(false).build();
        glob.map(|glob| Self(glob.compile_matcher())).map_err(|error| {
            format!(
                "this is no glob: {}\n`*` stands for any text, `?` for a character, `[ab]` for one of several",
                error.kind()
            )
        })
    }
}

/// Declared columns, in the order in which they stand in the configuration.
#[derive(Clone, Debug, Default)]
pub struct Columns(pub Vec<(Spanned<String>, Column)>);

#[cfg(test)]
impl JsonSchema for Columns {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Columns".into()
    }

    fn json_schema(generator: &mut schemars::SchemaGenerator) -> schemars::Schema {
        <std::collections::BTreeMap<String, Column>>::json_schema(generator)
    }
}

impl<'de> Deserialize<'de> for Columns {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        entries(deserializer, "a table of columns").map(Self)
    }
}

/// The entries of a table in the order in which they are written, with the places of their keys.
///
/// # Errors
///
/// Where there is no table, which `expected` names, or a value in it is none.
pub fn entries<'de, D: serde::Deserializer<'de>, V: Deserialize<'de>>(
    deserializer: D,
    expected: &'static str,
) -> Result<Vec<(Spanned<String>, V)>, D::Error> {
    struct EntriesVisitor<V>(&'static str, std::marker::PhantomData<V>);

    impl<'de, V: Deserialize<'de>> Visitor<'de> for EntriesVisitor<V> {
        type Value = Vec<(Spanned<String>, V)>;

        fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
            formatter.write_str(self.0)
        }

        fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
            let mut entries = Vec::new();
            while let Some(entry) = map.next_entry()? {
                entries.push(entry);
            }
            Ok(entries)
        }
    }

    deserializer.deserialize_map(EntriesVisitor(expected, std::marker::PhantomData))
}
