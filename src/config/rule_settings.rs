//! The `[rules]` of a configuration: the weight of each rule, and what is asked of it beyond that.

use std::fmt;
use std::ops::Range;

use serde::Deserialize;
use serde::de::value::{MapAccessDeserializer, StrDeserializer};
use serde::de::{IntoDeserializer, MapAccess, Visitor};
use toml::Spanned;

use crate::diagnostic::Severity;
use crate::rules::{self, Rule};
use crate::schema::{Mistake, RuleOptions};

/// Whether a rule runs, and how much its findings weigh.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Level {
    /// It does not run.
    Off,
    /// It runs, and its findings weigh what the rule says.
    On,
    /// It runs; its findings are notes.
    Note,
    /// It runs; its findings are warnings.
    Warning,
    /// It runs; its findings are errors.
    Error,
}

impl Level {
    /// Every level, as users write it.
    pub const NAMES: [&'static str; 5] = ["off", "on", "note", "warning", "error"];

    /// The weight of the findings; none where the rule does not run, or says so itself.
    #[must_use]
    pub fn severity(self) -> Option<Severity> {
        match self {
            Self::Off | Self::On => None,
            Self::Note => Some(Severity::Note),
            Self::Warning => Some(Severity::Warning),
            Self::Error => Some(Severity::Error),
        }
    }
}

/// What is said of rules, in the order in which it is written.
#[derive(Clone, Debug, Default)]
pub struct RuleSettings(pub(super) Vec<(Spanned<String>, RuleSetting)>);

/// What is said of one rule.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct RuleTable {
    severity: Option<Level>,
    min: Option<Spanned<u16>>,
    max: Option<Spanned<u16>>,
    across_tables: Option<Spanned<bool>>,
}

/// What is said of one rule: its weight, or a table of it and of options.
#[derive(Clone, Debug)]
pub(super) struct RuleSetting(RuleTable);

/// The options of rules: the rule, the option, and what it is for.
#[cfg(test)]
const OPTIONS: [(&str, &str, &str); 3] = [
    ("implausible-year", "min", "The earliest year that passes; without it, 1900."),
    ("implausible-year", "max", "The latest year that passes; without it, the next one."),
    ("duplicate-entry", "across-tables", "Whether the rows of different tables are compared; without it, they are."),
];

impl RuleSetting {
    pub(super) fn level(&self) -> Option<Level> {
        self.0.severity
    }

    /// The options that are given: their names, their values as they are written, and the places of these.
    pub(super) fn written_options(&self) -> impl Iterator<Item = (&'static str, String, Range<usize>)> {
        fn written<T: ToString>(value: Option<&Spanned<T>>) -> Option<(String, Range<usize>)> {
            value.map(|value| (value.as_ref().to_string(), value.span()))
        }
        let RuleTable { severity: _, min, max, across_tables } = &self.0;
        let given = [
            ("min", written(min.as_ref())),
            ("max", written(max.as_ref())),
            ("across-tables", written(across_tables.as_ref())),
        ];
        given.into_iter().filter_map(|(name, value)| value.map(|(value, span)| (name, value, span)))
    }

    /// Writes the options into those of all rules.
    pub(super) fn apply(&self, options: &mut RuleOptions) {
        if let Some(min) = &self.0.min {
            options.earliest_year = *min.as_ref();
        }
        if let Some(max) = &self.0.max {
            options.latest_year = Some(*max.as_ref());
        }
        if let Some(across_tables) = &self.0.across_tables {
            options.compares_tables = *across_tables.as_ref();
        }
    }
}

/// The options that a rule has.
fn options_of(rule: &Rule) -> &'static [&'static str] {
    match rule.name.0 {
        "implausible-year" => &["min", "max"],
        "duplicate-entry" => &["across-tables"],
        _ => &[],
    }
}

impl RuleSettings {
    /// What is wrong with them: rules that there are not, options that the rule does not have.
    pub(super) fn mistakes(&self, mistakes: &mut Vec<Mistake>) {
        for (name, setting) in &self.0 {
            let Some(rule) = rules::by_name(name.as_ref()) else {
                let help = match rules::nearest(name.as_ref()) {
                    Some(rule) => format!("did you mean `{}`?", rule.name),
                    None => "`tablewright explain` lists the rules".to_owned(),
                };
                mistakes.push(Mistake::new(name.span(), format!("there is no rule `{}`", name.as_ref()), help));
                continue;
            };
            let known = options_of(rule);
            for (option, _, span) in setting.written_options().filter(|(option, ..)| !known.contains(option)) {
                let help = match known {
                    [] => format!("take it out; `{}` has none but `severity`", rule.name),
                    known => format!("take it out; `{}` has `{}`", rule.name, known.join("` and `")),
                };
                mistakes.push(Mistake::new(span, format!("`{option}` is no option of `{}`", rule.name), help));
            }
            if let (Some(min), Some(max)) = (&setting.0.min, &setting.0.max)
                && min.as_ref() > max.as_ref()
            {
                let message = format!("`min` is {}, which is above `max`", min.as_ref());
                mistakes.push(Mistake::new(min.span(), message, "make `min` smaller than `max`"));
            }
        }
    }
}

impl<'de> Deserialize<'de> for RuleSettings {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        crate::schema::entries(deserializer, "a table of rules").map(Self)
    }
}

impl<'de> Deserialize<'de> for RuleSetting {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct SettingVisitor;

        impl<'de> Visitor<'de> for SettingVisitor {
            type Value = RuleSetting;

            fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                formatter.write_str("a severity, or a table of options")
            }

            fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<RuleSetting, E> {
                let text: StrDeserializer<'_, E> = text.into_deserializer();
                let severity = Some(Level::deserialize(text)?);
                Ok(RuleSetting(RuleTable { severity, ..RuleTable::default() }))
            }

            fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<RuleSetting, A::Error> {
                RuleTable::deserialize(MapAccessDeserializer::new(map)).map(RuleSetting)
            }
        }

        deserializer.deserialize_any(SettingVisitor)
    }
}

#[cfg(test)]
impl schemars::JsonSchema for RuleSettings {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Rules".into()
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        let severity = schemars::json_schema!({ "type": "string", "enum": Level::NAMES });
        let properties = rules::ALL.iter().map(|rule| {
            let mut options = serde_json::Map::new();
            options.insert("severity".to_owned(), severity.clone().into());
            for (_, option, description) in OPTIONS.iter().filter(|(name, ..)| *name == rule.name.0) {
                let value = match *option {
                    "across-tables" => serde_json::json!({ "type": "boolean", "description": description }),
                    _ => serde_json::json!({
                        "type": "integer", "minimum": 0, "maximum": u16::MAX, "description": description
                    }),
                };
                options.insert((*option).to_owned(), value);
            }
            let setting = serde_json::json!({
                "description": rule.summary(),
                "anyOf": [
                    severity,
                    { "type": "object", "properties": options, "additionalProperties": false },
                ],
            });
            (rule.name.0.to_owned(), setting)
        });
        let properties: serde_json::Map<String, serde_json::Value> = properties.collect();
        schemars::json_schema!({ "type": "object", "properties": properties, "additionalProperties": false })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_schema_knows_the_options_of_each_rule() {
        for rule in rules::ALL {
            let described = OPTIONS.iter().filter(|(name, ..)| *name == rule.name.0).map(|(_, option, _)| *option);
            assert_eq!(described.collect::<Vec<_>>(), options_of(rule), "{}", rule.name);
        }
    }
}
