//! What a rule has to say: `Diagnostic`, its labels and severity, and `Findings`, which collects them.

use crate::fix::{Edit, Fix};
use crate::schema::Weight;
use crate::source::Span;

/// The name of a rule, in kebab case, after the fault it finds.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct RuleName(pub &'static str);

impl std::fmt::Display for RuleName {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str(self.0)
    }
}

/// How much a finding weighs; lightest first.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Severity {
    /// Information; never fails a run by default.
    Note,
    /// The list is untidy.
    Warning,
    /// Readers lose text, or the entry is wrong.
    Error,
}

impl Severity {
    /// The word that users read and write: `note`, `warning`, `error`.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Note => "note",
            Self::Warning => "warning",
            Self::Error => "error",
        }
    }
}

impl From<Weight> for Severity {
    fn from(weight: Weight) -> Self {
        match weight {
            Weight::Error => Self::Error,
            Weight::Warning => Self::Warning,
            Weight::Note => Self::Note,
        }
    }
}

/// A second place that a finding speaks of.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Label {
    /// Where it is.
    pub span: Span,
    /// What it is: `the header`, `the first entry`.
    pub text: String,
    /// Whether the finding is as much about this place as about its own, so that who silences either silences both.
    pub is_equal_party: bool,
}

/// One finding of one rule.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Diagnostic {
    /// The rule that speaks.
    pub rule: RuleName,
    /// How much it weighs.
    pub severity: Severity,
    /// Whether a schema says how much it weighs, so that what is said of its rule does not count.
    pub is_weighed: bool,
    /// The smallest place that shows the fault.
    pub span: Span,
    /// The fault with its numbers, lower case, without a full stop.
    pub message: String,
    /// Other places that take part, in the order of their importance.
    pub labels: Vec<Label>,
    /// What to do, as an order.
    pub help: Option<String>,
    /// Edits that mend it.
    pub fix: Option<Fix>,
    /// What it is about, where that is no single row: the title that rows have in common. Whichever of them it stands at, it is the same finding.
    pub subject: Option<String>,
}

impl Diagnostic {
    /// Says what it is about, where that is no single row.
    pub fn about(&mut self, subject: impl Into<String>) -> &mut Self {
        self.subject = Some(subject.into()).filter(|subject| !subject.is_empty());
        self
    }

    /// Says what to do, as an order.
    pub fn help(&mut self, help: impl Into<String>) -> &mut Self {
        self.help = Some(help.into());
        self
    }

    /// Points at a second place.
    pub fn label(&mut self, span: Span, text: impl Into<String>) -> &mut Self {
        self.labels.push(Label { span, text: text.into(), is_equal_party: false });
        self
    }

    /// Points at a second place that the finding is as much about.
    pub fn equal_party(&mut self, span: Span, text: impl Into<String>) -> &mut Self {
        self.labels.push(Label { span, text: text.into(), is_equal_party: true });
        self
    }

    /// Offers edits that mend it.
    pub fn fix(&mut self, fix: impl Into<Option<Fix>>) -> &mut Self {
        self.fix = fix.into();
        self
    }

    /// Gives it another weight than its rule's.
    pub fn severity(&mut self, severity: Severity) -> &mut Self {
        self.severity = severity;
        self
    }

    /// Gives it the weight that a schema declares, if it does.
    pub fn declared_severity(&mut self, weight: Option<Weight>) -> &mut Self {
        if let Some(weight) = weight {
            self.severity = weight.into();
            self.is_weighed = true;
        }
        self
    }
}

/// A picture with more labels is none.
const MAX_LABELS: usize = 8;

/// One of the like faults of a row, which are reported as one finding.
#[derive(Debug)]
pub struct Fault {
    /// The smallest place that shows it.
    pub span: Span,
    /// The fault, as in a message.
    pub message: String,
    /// Edits that mend it.
    pub fix: Option<Fix>,
}

/// Collects what one rule finds; stamps the rule's name and severity, so that the rule repeats neither.
#[derive(Debug)]
pub struct Findings {
    rule: RuleName,
    severity: Severity,
    diagnostics: Vec<Diagnostic>,
}

impl Findings {
    /// An empty collection for one rule.
    #[must_use]
    pub fn new(rule: RuleName, severity: Severity) -> Self {
        Self { rule, severity, diagnostics: Vec::new() }
    }

    /// Adds a finding at the smallest place that shows it; its labels, help and fix are set on what is returned.
    pub fn report(&mut self, span: Span, message: impl Into<String>) -> &mut Diagnostic {
        self.diagnostics.push(Diagnostic {
            rule: self.rule,
            severity: self.severity,
            is_weighed: false,
            span,
            message: message.into(),
            labels: Vec::new(),
            help: None,
            fix: None,
            subject: None,
        });
        let last = self.diagnostics.len() - 1;
        &mut self.diagnostics[last]
    }

    /// Reports the like faults of one row as one finding: at the first, with labels at the others, and with one fix for all that can be mended.
    ///
    /// The fixes do not overlap. Nothing is reported where there is no fault.
    pub fn report_together(&mut self, faults: Vec<Fault>) -> Option<&mut Diagnostic> {
        let mut faults = faults.into_iter();
        let first = faults.next()?;
        let more = faults.len();
        let message =
            if more == 0 { first.message } else { format!("{} (and {more} more in this row)", first.message) };
        let diagnostic = self.report(first.span, message);
        let mut fixes: Vec<Fix> = first.fix.into_iter().collect();
        for fault in faults {
            if diagnostic.labels.len() < MAX_LABELS {
                diagnostic.label(fault.span, fault.message);
            }
            fixes.extend(fault.fix);
        }
        if let Some(least_sure) = fixes.iter().map(|fix| fix.applicability).min() {
            let title = fixes[0].title.clone();
            let edits: Vec<Edit> = fixes.iter().flat_map(Fix::edits).cloned().collect();
            diagnostic.fix(Fix::new(least_sure, title, edits));
        }
        Some(diagnostic)
    }

    /// Reports faults of several rows, each given with its line: those of one line together, in the order of their places.
    pub fn report_by_line(&mut self, mut faults: Vec<(usize, Fault)>) {
        faults.sort_by_key(|(line, fault)| (*line, fault.span));
        let mut faults = faults.into_iter().peekable();
        while let Some((line, fault)) = faults.next() {
            let mut of_line = vec![fault];
            while let Some((_, fault)) = faults.next_if(|(other, _)| *other == line) {
                of_line.push(fault);
            }
            self.report_together(of_line);
        }
    }

    /// The findings, in the order of their reports.
    #[must_use]
    pub fn into_diagnostics(self) -> Vec<Diagnostic> {
        self.diagnostics
    }
}
