//! What a configuration says of one file: `Effective`, each value with the place that it comes from.

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::Arc;

use super::rule_settings::{Level, RuleSetting};
use super::{Config, FileSection, Format, Roles, RuleSettings};
use crate::column::{Declared, PreparedSchema, Role};
use crate::diagnostic::{RuleName, Severity};
use crate::format::{self, FormatOptions};
use crate::rules::{self, Rule};
use crate::schema::{RuleOptions, TableSchema};

/// A value, and the place of the configuration that it comes from, in bytes; none where the configuration is silent.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Sourced<T> {
    /// The value.
    pub value: T,
    /// Where it comes from.
    pub span: Option<Range<usize>>,
}

impl<T> Sourced<T> {
    fn default(value: T) -> Self {
        Self { value, span: None }
    }
}

/// What is said of one rule.
#[derive(Clone, Debug)]
pub struct EffectiveRule {
    /// The rule.
    pub rule: &'static Rule,
    /// Whether it runs, and how much its findings weigh.
    pub level: Sourced<Level>,
    /// The options that are given: their names, and their values as they are written.
    pub options: Vec<(&'static str, Sourced<String>)>,
}

/// What a configuration says of one file.
#[derive(Clone, Debug)]
pub struct Effective {
    /// Every rule.
    pub rules: Vec<EffectiveRule>,
    /// What is asked of single rules.
    options: RuleOptions,
    /// What columns hold, by the text of their header.
    pub columns: Vec<(String, Sourced<Role>)>,
    /// Whether cells are padded.
    pub style: Sourced<format::Style>,
    /// A cell wider than this many columns does not widen its column; 0 for no limit.
    pub max_column_width: Sourced<usize>,
    /// Whether the widths of aligned tables are computed anew.
    pub realign: Sourced<bool>,
    /// The schemas that may be for its tables.
    pub schemas: Vec<Sourced<Arc<TableSchema>>>,
}

impl Default for Effective {
    fn default() -> Self {
        Self::without_configuration()
    }
}

impl Effective {
    /// What holds without a configuration.
    #[must_use]
    pub fn without_configuration() -> Self {
        let rule = |&rule: &&'static Rule| {
            let level = if rule.is_default { Level::On } else { Level::Off };
            EffectiveRule { rule, level: Sourced::default(level), options: Vec::new() }
        };
        let format = FormatOptions::default();
        Self {
            rules: rules::ALL.iter().map(rule).collect(),
            options: RuleOptions::default(),
            columns: Vec::new(),
            style: Sourced::default(format.style),
            max_column_width: Sourced::default(format.max_column_width),
            realign: Sourced::default(format.realign),
            schemas: Vec::new(),
        }
    }

    /// What a configuration says of the file of a path, which is from the configuration's folder and has `/` between its parts.
    #[must_use]
    pub fn of(config: &Config, path: &str) -> Self {
        let mut effective = Self::without_configuration();
        effective.take(&config.rules, &config.columns, &config.format);
        let is_for = |section: &&FileSection| section.globs.iter().any(|glob| glob.is_match(path));
        for section in config.files.iter().filter(is_for) {
            effective.take(&section.rules, &section.columns, &section.format);
        }
        for schema in &config.tables {
            let globs = &schema.as_ref().selector.files;
            if globs.is_empty() || globs.iter().any(|glob| glob.is_match(path)) {
                effective.schemas.push(Sourced { value: Arc::clone(schema.as_ref()), span: Some(schema.span()) });
            }
        }
        effective
    }

    /// Takes what one section says over what was said before.
    fn take(&mut self, rules: &RuleSettings, columns: &Roles, format: &Format) {
        for (name, setting) in &rules.0 {
            if let Some(known) = self.rules.iter_mut().find(|known| known.rule.name.0 == name.as_ref()) {
                known.take(setting, name.span());
                setting.apply(&mut self.options);
            }
        }
        for (header, role) in &columns.0 {
            let folded = crate::schema::fold_header(header.as_ref());
            self.columns.retain(|(known, _)| crate::schema::fold_header(known) != folded);
            self.columns.push((header.as_ref().clone(), Sourced { value: role.0, span: Some(header.span()) }));
        }
        if let Some(style) = &format.style {
            self.style = Sourced { value: (*style.as_ref()).into(), span: Some(style.span()) };
        }
        if let Some(width) = &format.max_column_width {
            self.max_column_width = Sourced { value: *width.as_ref(), span: Some(width.span()) };
        }
        if let Some(realign) = &format.realign {
            self.realign = Sourced { value: *realign.as_ref(), span: Some(realign.span()) };
        }
    }

    /// The rules that run, and the weights that are given to them.
    ///
    /// With `select`, those rules run and no other; those of `ignore` do not.
    #[must_use]
    pub fn rules(
        &self,
        select: &[&'static Rule],
        ignore: &[&'static Rule],
    ) -> (Vec<&'static Rule>, BTreeMap<RuleName, Severity>) {
        let names = |rules: &[&Rule], rule: &Rule| rules.iter().any(|other| other.name == rule.name);
        let runs = |known: &&EffectiveRule| {
            let is_on = if select.is_empty() { known.level.value != Level::Off } else { names(select, known.rule) };
            is_on && !names(ignore, known.rule)
        };
        let running = || self.rules.iter().filter(runs);
        let weights = running().filter_map(|known| Some((known.rule.name, known.level.value.severity()?)));
        (running().map(|known| known.rule).collect(), weights.collect())
    }

    /// What is declared of the tables' columns.
    #[must_use]
    pub fn declared(&self) -> Declared {
        let roles = self.columns.iter().map(|(header, role)| (header.as_str(), role.value));
        let schemas = self.schemas.iter().map(|schema| PreparedSchema::new(Arc::clone(&schema.value)));
        let mut declared = Declared::new(roles).with_schemas(schemas);
        declared.options = self.options;
        declared
    }

    /// How tables are to look.
    #[must_use]
    pub fn format(&self) -> FormatOptions {
        FormatOptions {
            style: self.style.value,
            max_column_width: self.max_column_width.value,
            realign: self.realign.value,
        }
    }
}

impl EffectiveRule {
    fn take(&mut self, setting: &RuleSetting, span: Range<usize>) {
        if let Some(level) = setting.level() {
            self.level = Sourced { value: level, span: Some(span) };
        }
        for (name, value, span) in setting.written_options() {
            self.options.retain(|(known, _)| *known != name);
            self.options.push((name, Sourced { value, span: Some(span) }));
        }
    }
}
