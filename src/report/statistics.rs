//! How often each rule speaks, the most frequent first.

use std::collections::BTreeMap;
use std::fmt::Write;

use super::{FileReport, findings};
use crate::diagnostic::RuleName;
use crate::fix::Applicability;

/// The number of findings of each rule, and how many of them have a safe fix.
#[must_use]
pub fn render(files: &[FileReport]) -> String {
    let mut counts: BTreeMap<RuleName, (usize, usize)> = BTreeMap::new();
    for finding in files.iter().flat_map(findings) {
        let (count, fixable) = counts.entry(finding.diagnostic.rule).or_default();
        let is_safe = finding.diagnostic.fix.as_ref().is_some_and(|fix| fix.applicability == Applicability::Safe);
        *count += 1;
        *fixable += usize::from(is_safe);
    }
    let mut counts: Vec<_> = counts.into_iter().collect();
    counts.sort_by_key(|&(rule, (count, _))| (std::cmp::Reverse(count), rule));
    let digits = counts.first().map_or(1, |(_, (count, _))| count.to_string().len());
    let names = counts.iter().map(|(rule, _)| rule.0.len()).max().unwrap_or_default();
    let mut text = String::new();
    for (rule, (count, fixable)) in counts {
        let mark = match fixable {
            0 => String::new(),
            all if all == count => "  [fixable]".to_owned(),
            some => format!("  [{some} fixable]"),
        };
        let line = format!("{count:>digits$}  {:names$}{mark}", rule.0);
        let _ = writeln!(text, "{}", line.trim_end());
    }
    text
}
