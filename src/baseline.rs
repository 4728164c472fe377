//! Findings that a list had when its maintainer switched the checks on: read from a file, and written to it.
//!
//! A baseline goes by what rows say, not by their lines: each finding by its rule and its likeness, with the number of findings that agree in
//! both. One entry a line, sorted, so that two branches that change it can be merged.

use std::collections::BTreeMap;
use std::fmt;
use std::num::NonZeroU32;

use serde::{Deserialize, Serialize};

/// The known findings of all files.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Baseline {
    /// By path, relative to the folder of the baseline, with `/`.
    pub files: BTreeMap<String, Known>,
}

/// The known findings of one file, each with how many of them there are.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Known(BTreeMap<Entry, NonZeroU32>);

/// What findings are known by.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub struct Entry {
    /// The name of the rule.
    pub rule: String,
    /// The findings' likeness: sixteen hexadecimal digits.
    pub likeness: String,
}

impl Entry {
    /// The entry of a rule's finding.
    #[must_use]
    pub fn new(rule: &str, likeness: &str) -> Self {
        Self { rule: rule.to_owned(), likeness: likeness.to_owned() }
    }
}

impl fmt::Display for Entry {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{} {}", self.rule, self.likeness)
    }
}

impl From<Entry> for String {
    fn from(entry: Entry) -> Self {
        entry.to_string()
    }
}

impl TryFrom<String> for Entry {
    type Error = &'static str;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        let is_digit = |byte: u8| matches!(byte, b'0'..=b'9' | b'a'..=b'f');
        match text.split_once(' ') {
            Some((rule, likeness)) if likeness.len() == 16 && likeness.bytes().all(is_digit) && !rule.is_empty() => {
                Ok(Self::new(rule, likeness))
            }
            _ => Err("an entry is a rule and sixteen hexadecimal digits"),
        }
    }
}

/// The only version of the file so far.
const VERSION: u32 = 1;

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct BaselineJson<'b> {
    version: u32,
    files: std::borrow::Cow<'b, BTreeMap<String, Known>>,
}

impl Baseline {
    /// Reads a baseline from its JSON.
    ///
    /// # Errors
    ///
    /// What is wrong with it, and where.
    pub fn from_json(text: &str) -> Result<Self, String> {
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        let baseline: BaselineJson<'_> = serde_json::from_str(text).map_err(|error| error.to_string())?;
        match baseline.version {
            VERSION => Ok(Self { files: baseline.files.into_owned() }),
            other => Err(format!("it is of version {other}, and this program reads version {VERSION}")),
        }
    }

    /// The JSON of a baseline: sorted, one entry a line.
    #[must_use]
    pub fn to_json(&self) -> String {
        let files = std::borrow::Cow::Borrowed(&self.files);
        // Maps with string keys and plain values always serialize.
        serde_json::to_string_pretty(&BaselineJson { version: VERSION, files }).unwrap_or_default() + "\n"
    }

    /// The number of findings that it knows and another does not.
    #[must_use]
    pub fn without(&self, other: &Self) -> usize {
        let missing = |(path, known): (&String, &Known)| match other.files.get(path) {
            Some(other) => {
                known.0.iter().map(|(entry, count)| count.get().saturating_sub(other.count(entry)) as usize).sum()
            }
            None => known.len(),
        };
        self.files.iter().map(missing).sum()
    }

    /// The number of findings that it knows.
    #[must_use]
    pub fn len(&self) -> usize {
        self.files.values().map(Known::len).sum()
    }

    /// Whether it knows none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.files.values().all(Known::is_empty)
    }
}

impl Known {
    /// Adds one finding.
    pub fn add(&mut self, entry: Entry) {
        let count = self.0.entry(entry);
        count.and_modify(|count| *count = count.saturating_add(1)).or_insert(NonZeroU32::MIN);
    }

    /// Takes one finding out; false where there is none left.
    pub fn take(&mut self, entry: &Entry) -> bool {
        let Some(count) = self.0.get_mut(entry) else { return false };
        match NonZeroU32::new(count.get() - 1) {
            Some(fewer) => *count = fewer,
            None => {
                self.0.remove(entry);
            }
        }
        true
    }

    /// Takes out, and gives back, all findings that are not of these rules.
    #[must_use]
    pub fn split_off(&mut self, is_of_rules: impl Fn(&str) -> bool) -> Self {
        let (kept, rest) = std::mem::take(&mut self.0).into_iter().partition(|(entry, _)| is_of_rules(&entry.rule));
        self.0 = kept;
        Self(rest)
    }

    fn count(&self, entry: &Entry) -> u32 {
        self.0.get(entry).map_or(0, |count| count.get())
    }

    /// The number of findings of each rule, sorted by its name.
    #[must_use]
    pub fn by_rule(&self) -> BTreeMap<&str, usize> {
        let mut counts = BTreeMap::new();
        self.0.iter().for_each(|(entry, count)| *counts.entry(&*entry.rule).or_default() += count.get() as usize);
        counts
    }

    /// The number of findings.
    #[must_use]
    pub fn len(&self) -> usize {
        self.0.values().map(|count| count.get() as usize).sum()
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read_again_line_by_line() {
        let mut known = Known::default();
        known.add(Entry::new("ragged-row", "00000000000000ff"));
        known.add(Entry::new("bad-scheme", "0123456789abcdef"));
        known.add(Entry::new("ragged-row", "00000000000000ff"));
        let baseline = Baseline { files: BTreeMap::from([("a b\n.md".to_owned(), known)]) };
        let json = baseline.to_json();
        let expected = r#"{
  "version": 1,
  "files": {
    "a b\n.md": {
      "bad-scheme 0123456789abcdef": 1,
      "ragged-row 00000000000000ff": 2
    }
  }
}
"#;
        assert_eq!(json, expected);
        assert_eq!(Baseline::from_json(&json), Ok(baseline));
    }

    #[track_caller]
    fn check_error(json: &str, expected: &str) {
        assert_eq!(Baseline::from_json(json), Err(expected.to_owned()));
    }

    #[test]
    fn a_broken_baseline_is_refused_with_the_place() {
        check_error("", "EOF while parsing a value at line 1 column 0");
        check_error("{\n<<<<<<< ours\n", "key must be a string at line 2 column 1");
        check_error(r#"{"version": 2, "files": {}}"#, "it is of version 2, and this program reads version 1");
        check_error(r#"{"version": 1}"#, "missing field `files` at line 1 column 14");
        check_error(
            r#"{"version": 1, "files": {"a.md": {"ragged-row 12": 1}}}"#,
            "an entry is a rule and sixteen hexadecimal digits at line 1 column 49",
        );
        check_error(
            r#"{"version": 1, "files": {"a.md": {"ragged-row 0123456789abcdef": 0}}}"#,
            "invalid value: integer `0`, expected a nonzero u32 at line 1 column 66",
        );
    }

    #[test]
    fn each_finding_is_known_as_often_as_it_was_there() {
        let entry = Entry::new("empty-row", "0123456789abcdef");
        let mut known = Known::default();
        known.add(entry.clone());
        known.add(entry.clone());
        assert_eq!([known.take(&entry), known.take(&entry), known.take(&entry)], [true, true, false]);
        assert!(known.is_empty());
    }
}
