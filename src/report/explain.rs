//! Rules explained on the terminal: one rule's page, or the list of all.

use std::fmt::Write;

use super::safe::Safe;
use crate::fix::Applicability;
use crate::rules::Rule;

/// A rule's page: headings bold, code indented, its cases named by what they show.
#[must_use]
pub fn page(rule: &Rule, has_colour: bool) -> String {
    let mut text = String::new();
    let bold = if has_colour { anstyle::Style::new().bold() } else { anstyle::Style::new() };
    let mut is_code = false;
    for line in rule.page.lines() {
        if let Some(tags) = line.strip_prefix("```") {
            is_code = !is_code;
            if is_code && let Some(caption) = caption(tags) {
                let _ = writeln!(text, "{caption}\n");
            }
            continue;
        }
        let shown = Safe::new(line);
        let _ = match line.trim_start_matches('#') {
            "" => writeln!(text),
            _ if is_code => writeln!(text, "    {shown}"),
            heading if heading.len() < line.len() => writeln!(text, "{bold}{}{bold:#}", Safe::new(heading.trim())),
            _ => writeln!(text, "{shown}"),
        };
        if line.starts_with("# ") {
            let _ = writeln!(text, "{}, {}", rule.severity.name(), fix(rule));
        }
    }
    text
}

/// What a block of a page shows, from the words behind its fence.
fn caption(tags: &str) -> Option<&'static str> {
    let captions = [("bad", "Reported:"), ("good", "Not reported:"), ("fixed", "After the fix:")];
    let named = |name: &str| tags.split_whitespace().any(|tag| tag == name);
    captions.into_iter().find(|(name, _)| named(name)).map(|(_, caption)| caption)
}

fn fix(rule: &Rule) -> &'static str {
    match rule.fix {
        Some(Applicability::Safe) => "safe fix",
        Some(Applicability::Unsafe) => "unsafe fix",
        Some(Applicability::DisplayOnly) => "hint",
        None => "no fix",
    }
}

/// One line a rule: name, severity, fix, and what holds when the rule is content.
#[must_use]
pub fn list(rules: &[&Rule]) -> String {
    let width = rules.iter().map(|rule| rule.name.0.len()).max().unwrap_or_default();
    rules.iter().fold(String::new(), |mut text, rule| {
        let summary = rule.summary().split_whitespace().collect::<Vec<_>>().join(" ");
        let (name, severity, fix) = (rule.name.0, rule.severity.name(), fix(rule));
        let _ = writeln!(text, "{name:width$}  {severity:7}  {fix:10}  {}", Safe::new(&summary));
        text
    })
}
