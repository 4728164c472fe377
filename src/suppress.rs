//! Findings that comments in the list silence, and the comments that silence none.

use rustc_hash::FxHashSet;

use crate::diagnostic::{Diagnostic, Label};
use crate::directive::{Directive, Idle, Mark, Shade, Verb};
use crate::rules::{self, Check, Rule};
use crate::source::Source;

/// The directives of a source, and what they did.
#[derive(Debug)]
pub struct Suppressions<'d, 's> {
    source: &'s Source,
    directives: &'d [Directive<'s>],
    used: FxHashSet<Mark>,
    count: usize,
}

impl<'d, 's> Suppressions<'d, 's> {
    /// Begins with directives that did nothing yet.
    #[must_use]
    pub fn new(source: &'s Source, directives: &'d [Directive<'s>]) -> Self {
        Self { source, directives, used: FxHashSet::default(), count: 0 }
    }

    /// The number of findings that were silenced.
    #[must_use]
    pub fn count(&self) -> usize {
        self.count
    }

    /// The findings of a rule that no directive silences.
    pub fn sift(&mut self, rule: &Rule, mut diagnostics: Vec<Diagnostic>) -> Vec<Diagnostic> {
        if self.directives.is_empty() || diagnostics.is_empty() {
            return diagnostics;
        }
        let shade = shade(self.directives, rule);
        let before = diagnostics.len();
        diagnostics.retain(|diagnostic| !self.silences(&shade, diagnostic));
        self.count += before - diagnostics.len();
        diagnostics
    }

    /// For each of several findings of a rule that may yet be made, whether a directive silences it; they are not counted.
    pub fn silenced(&mut self, rule: &Rule, diagnostics: &[Diagnostic]) -> Vec<bool> {
        let shade = shade(self.directives, rule);
        diagnostics.iter().map(|diagnostic| self.silences(&shade, diagnostic)).collect()
    }

    fn silences(&mut self, shade: &Shade, diagnostic: &Diagnostic) -> bool {
        let parties = diagnostic.labels.iter().filter(|label| label.is_equal_party).map(|label| label.span);
        let mut is_silenced = false;
        for span in std::iter::once(diagnostic.span).chain(parties) {
            for mark in shade.at(self.source.line_number(span.start())) {
                // A directive does not hide the harm that it does itself, as a comment line amid the rows.
                let comment = self.directives[mark.directive].comment.span;
                let is_blamed = |label: &Label| {
                    label.span.contains(comment) && self.source.slice(label.span).trim_start().starts_with("<!--")
                };
                if !diagnostic.labels.iter().any(is_blamed) {
                    self.used.insert(mark);
                    is_silenced = true;
                }
            }
        }
        is_silenced
    }

    /// The directives that do not do all they say, after the rules that ran.
    ///
    /// One that names a rule that did not run is given the benefit of the doubt; for one that names none, the other rules are asked: `look`
    /// runs one.
    pub fn idle(&mut self, ran: &[&Rule], mut look: impl FnMut(&Rule) -> Vec<Diagnostic>) -> Vec<Idle<'d, 's>> {
        let directives = self.directives;
        let is_silent_whole = |(index, directive): (usize, &Directive<'_>)| {
            let mark = Mark { directive: index, name: None };
            directive.names.is_empty() && directive.verb != Some(Verb::Enable) && !self.used.contains(&mark)
        };
        let has_run = |rule: &Rule| ran.iter().any(|other| other.name == rule.name);
        if directives.iter().enumerate().any(is_silent_whole) {
            let count = self.count;
            for rule in rules::ALL.iter().filter(|rule| !is_about_directives(rule) && !has_run(rule)) {
                self.sift(rule, look(rule));
            }
            self.count = count;
        }
        if directives.iter().any(|directive| directive.verb == Some(Verb::Enable)) {
            self.used.extend(rules::ALL.iter().flat_map(|rule| shade(directives, rule).ends().to_vec()));
        }
        let idle = directives.iter().enumerate().filter_map(|(index, directive)| {
            let does_nothing = |name: Option<usize>| !self.used.contains(&Mark { directive: index, name });
            let is_named_in_vain = |&name: &usize| match rules::by_name(directive.names[name]) {
                Some(rule) if directive.verb == Some(Verb::Enable) => {
                    !is_about_directives(rule) && does_nothing(Some(name))
                }
                Some(rule) => !is_about_directives(rule) && has_run(rule) && does_nothing(Some(name)),
                None => true,
            };
            let names: Vec<usize> = (0..directive.names.len()).filter(is_named_in_vain).collect();
            let is_idle = match directive.verb {
                None => true,
                Some(_) if directive.stands_for_cell => false,
                Some(_) if directive.names.is_empty() => does_nothing(None),
                Some(_) => !names.is_empty(),
            };
            is_idle.then_some(Idle { directive, names })
        });
        idle.collect()
    }
}

/// Who means all rules does not mean the one that says so where there is nothing to silence.
fn shade(directives: &[Directive<'_>], rule: &Rule) -> Shade {
    Shade::of(directives, rule.name.0, !is_about_directives(rule))
}

fn is_about_directives(rule: &Rule) -> bool {
    matches!(rule.check, Check::Suppressions(_))
}
