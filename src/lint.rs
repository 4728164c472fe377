//! Checks a source: document → roles → findings, in the order of their places; and fixes it until nothing changes.

use std::collections::BTreeMap;
use std::ops::RangeInclusive;

use rustc_hash::{FxHashMap, FxHashSet};
use sha2::{Digest, Sha256};

use crate::column::{Declared, Role, TypedDocument, TypedTable};
use crate::diagnostic::{Diagnostic, Findings, RuleName, Severity};
use crate::directive;
use crate::fix::{self, Applicability, Fix};
use crate::format::{self, FormatOptions};
use crate::rules::{Check, Rule, duplicate_entry};
use crate::source::{Source, Span};
use crate::suppress::Suppressions;
use crate::table::Document;

/// What came of checking one source.
#[derive(Debug, Default)]
pub struct Checked {
    /// The findings, sorted by place, then rule.
    pub findings: Vec<Finding>,
    /// What the tables look like, in the order of their lines.
    pub tables: Vec<TableSummary>,
    /// The number of findings that directives in the list silence.
    pub suppressed: usize,
    /// What must be unique among all files of a run; sorted by place.
    pub shared: Vec<Shared>,
}

/// A row's key that is unique among all files of a run, with the finding that another row of the key would be.
#[derive(Debug)]
pub struct Shared {
    key: (usize, usize, String),
    finding: Finding,
}

/// A diagnostic and what makes it known again when lines move.
#[derive(Debug)]
pub struct Finding {
    /// What the rule says.
    pub diagnostic: Diagnostic,
    /// The heading above the table that it is about.
    pub section: Option<String>,
    /// Sixteen hexadecimal digits that depend on the rule, the section and the row's content, and not on the line.
    pub fingerprint: String,
}

/// What one table looks like.
#[derive(Debug)]
pub struct TableSummary {
    /// The header's line, from 1.
    pub line_number: usize,
    /// The heading above it.
    pub section: Option<String>,
    /// The number of body rows.
    pub rows: usize,
    /// Each column's header text and role.
    pub columns: Vec<(String, Role)>,
}

/// How a source is to be checked.
#[derive(Clone, Debug)]
pub struct Settings {
    /// The rules to run.
    pub rules: Vec<&'static Rule>,
    /// The weights that the user gives to rules. A finding that its rule makes lighter than most stays as light; what a schema weighs, too.
    pub severities: BTreeMap<RuleName, Severity>,
    /// What the user says of the tables' columns.
    pub declared: Declared,
    /// How tables are to look.
    pub format: FormatOptions,
    /// The year that it is now.
    pub current_year: u16,
    /// Whether directives in the list may silence findings.
    pub heeds_directives: bool,
}

impl Settings {
    /// Rules with their own weights, and nothing declared. `current_year` is the year that it is now.
    #[must_use]
    pub fn new(rules: &[&'static Rule], current_year: u16) -> Self {
        Self {
            rules: rules.to_vec(),
            severities: BTreeMap::new(),
            declared: Declared::default(),
            format: FormatOptions::default(),
            current_year,
            heeds_directives: true,
        }
    }

    fn run(&self, rule: &Rule, typed: &TypedDocument<'_>) -> Vec<Diagnostic> {
        let mut findings = Findings::new(rule.name, rule.severity);
        match rule.check {
            Check::Table(check) => typed.tables.iter().for_each(|table| check(table, &mut findings)),
            Check::Document(check) => check(typed, &mut findings),
            Check::Layout(check) => check(typed, &self.format, &mut findings),
            Check::Suppressions(_) => {}
        }
        self.weighed(rule, findings.into_diagnostics())
    }

    /// What must be unique among all files, and is not silenced here.
    fn shared(&self, typed: &TypedDocument<'_>, suppressions: &mut Suppressions<'_, '_>) -> Vec<Shared> {
        let Some(rule) = self.rules.iter().find(|rule| rule.name == duplicate_entry::NAME) else { return Vec::new() };
        let (keys, diagnostics): (Vec<_>, Vec<_>) =
            duplicate_entry::shared_keys(typed).into_iter().map(|shared| (shared.key, shared.diagnostic)).unzip();
        if keys.is_empty() {
            return Vec::new();
        }
        let silenced = suppressions.silenced(rule, &diagnostics);
        let findings = identify(typed.document, self.weighed(rule, diagnostics));
        let shared = keys.into_iter().zip(findings).map(|(key, finding)| Shared { key, finding });
        shared.zip(silenced).filter(|(_, is_silenced)| !is_silenced).map(|(shared, _)| shared).collect()
    }

    fn weighed(&self, rule: &Rule, mut diagnostics: Vec<Diagnostic>) -> Vec<Diagnostic> {
        if let Some(&severity) = self.severities.get(&rule.name) {
            for diagnostic in diagnostics.iter_mut().filter(|diagnostic| !diagnostic.is_weighed) {
                let is_lighter = diagnostic.severity < rule.severity;
                diagnostic.severity = if is_lighter { diagnostic.severity.min(severity) } else { severity };
            }
        }
        diagnostics
    }
}

/// Runs the rules over a source.
#[must_use]
pub fn check(source: &Source, settings: &Settings) -> Checked {
    let document = Document::parse(source);
    let typed = TypedDocument::infer(&document, &settings.declared, settings.current_year);
    let directives = if settings.heeds_directives { directive::directives(&document) } else { Vec::new() };
    let mut suppressions = Suppressions::new(source, &directives);
    let mut diagnostics = Vec::new();
    for rule in &settings.rules {
        diagnostics.extend(suppressions.sift(rule, settings.run(rule, &typed)));
    }
    // A directive that silences what another file may have is not idle for all that this one can tell.
    let shared = settings.shared(&typed, &mut suppressions);
    for rule in &settings.rules {
        if let Check::Suppressions(check) = rule.check
            && !directives.is_empty()
        {
            let mut findings = Findings::new(rule.name, rule.severity);
            let idle = suppressions.idle(&settings.rules, |other| settings.run(other, &typed));
            check(&typed, &idle, &mut findings);
            diagnostics.extend(suppressions.sift(rule, settings.weighed(rule, findings.into_diagnostics())));
        }
    }
    diagnostics.sort_by_key(|diagnostic| (diagnostic.span, diagnostic.rule));
    Checked {
        shared,
        tables: typed.tables.iter().map(TableSummary::of).collect(),
        suppressed: suppressions.count(),
        findings: identify(&document, diagnostics),
    }
}

/// Finds rows of different files that have in common what is unique among all, and reports them in the later file; the files are in path order.
///
/// Rows of one file are [`check`]'s to compare.
pub fn compare<'f>(files: impl IntoIterator<Item = (&'f Source, &'f mut Checked)>) {
    let mut first: FxHashMap<(usize, usize, String), (usize, String)> = FxHashMap::default();
    for (index, (source, checked)) in files.into_iter().enumerate() {
        if checked.shared.is_empty() {
            continue;
        }
        let is_duplicate = |finding: &&Finding| finding.diagnostic.rule == duplicate_entry::NAME;
        let mut known: FxHashSet<Span> =
            checked.findings.iter().filter(is_duplicate).map(|finding| finding.diagnostic.span).collect();
        for Shared { key, mut finding } in std::mem::take(&mut checked.shared) {
            let line = source.line_number(finding.diagnostic.span.start());
            let place = format!("on line {line} of {}", source.path());
            let (earlier, earlier_place) = first.entry(key).or_insert_with(|| (index, place));
            // Of several rows of one file, the first is held against the other file; the others are held against the first.
            if *earlier < index && known.insert(finding.diagnostic.span) {
                let diagnostic = &mut finding.diagnostic;
                diagnostic.message = format!("{}, here and {earlier_place}", diagnostic.message);
                checked.findings.push(finding);
            }
        }
        checked.findings.sort_by_key(|finding| (finding.diagnostic.span, finding.diagnostic.rule));
    }
}

/// Applies fixes that are at least so sure, until there are none; rows touched in an aligned table are aligned again.
#[must_use]
pub fn fix(source: Source, settings: &Settings, at_least: Applicability) -> Fixed {
    let mut state = Fixed { left: check(&source, settings), source, applied: BTreeMap::new(), has_settled: false };
    for _ in 0..MAX_PASSES {
        let diagnostics = state.left.findings.iter().map(|finding| &finding.diagnostic);
        let fixes: Vec<(RuleName, &Fix)> = diagnostics
            .filter_map(|diagnostic| Some((diagnostic.rule, diagnostic.fix.as_ref()?)))
            .filter(|(_, fix)| fix.applicability >= at_least)
            .collect();
        if fixes.is_empty() {
            state.has_settled = true;
            break;
        }
        let outcome = fix::apply(state.source.text(), fixes.iter().map(|(_, fix)| *fix));
        for &place in &outcome.applied {
            *state.applied.entry(fixes[place].0).or_default() += 1;
        }
        let text = Source::new(state.source.path(), outcome.text);
        // Where whole lines were taken out, no line that is left was touched.
        let is_gap = |span: &Span| {
            let line = text.line(text.line_number(span.start()));
            span.is_empty() && (span.start() == line.start() || span.end() == text.text().len())
        };
        let touched = outcome.touched.iter().filter(|span| !is_gap(span));
        let mut lines: Vec<usize> = touched.flat_map(|span| lines_of(&text, *span)).collect();
        lines.dedup();
        let aligned = fix::splice(text.text(), &format::lines(&text, &lines, &settings.format));
        state.source = Source::new(text.path(), aligned);
        state.left = check(&state.source, settings);
    }
    state
}

impl TableSummary {
    fn of(typed: &TypedTable<'_>) -> Self {
        let header = typed.table.header().cells().iter().map(|cell| cell.text.to_owned());
        Self {
            line_number: typed.table.header().line_number(),
            section: typed.table.section.map(str::to_owned),
            rows: typed.table.body_len(),
            columns: header.zip(typed.roles.iter().copied()).collect(),
        }
    }
}

/// What came of fixing one source.
#[derive(Debug)]
pub struct Fixed {
    /// The new text.
    pub source: Source,
    /// How many fixes of each rule were applied.
    pub applied: BTreeMap<RuleName, usize>,
    /// What is left to be said of the new text.
    pub left: Checked,
    /// Whether nothing is left to be fixed; otherwise fixes undid each other until the last pass.
    pub has_settled: bool,
}

/// Passes after which fixing ends, settled or not.
const MAX_PASSES: usize = 100;

/// The lines, from 1, that a span has part in.
fn lines_of(source: &Source, span: Span) -> RangeInclusive<usize> {
    source.line_number(span.start())..=source.line_number(span.end())
}

fn identify(document: &Document<'_>, diagnostics: Vec<Diagnostic>) -> Vec<Finding> {
    let mut seen = rustc_hash::FxHashMap::default();
    let finding = |diagnostic: Diagnostic| {
        let offset = diagnostic.span.start();
        let table = document.tables.partition_point(|table| table.span().start() <= offset).checked_sub(1);
        let table = table.map(|index| &document.tables[index]).filter(|table| offset <= table.span().end());
        let section = table.and_then(|table| table.section);
        let mut digest = Sha256::new();
        digest.update(diagnostic.rule.0);
        digest.update([0]);
        digest.update(section.unwrap_or_default());
        match table.and_then(|table| table.row_at(offset)) {
            Some(row) => row.cells().iter().for_each(|cell| {
                digest.update([0]);
                digest.update(cell.text);
            }),
            None => {
                digest.update(document.source.slice(document.source.line(document.source.line_number(offset))).trim());
            }
        }
        let key = u64::from_be_bytes(digest.finalize().as_slice()[..8].try_into().unwrap_or_default());
        // Equal rows are told apart by their order.
        let count = seen.entry(key).or_insert(0_u64);
        let fingerprint = format!("{:016x}", key.wrapping_add(*count));
        *count += 1;
        Finding { section: section.map(str::to_owned), fingerprint, diagnostic }
    };
    diagnostics.into_iter().map(finding).collect()
}
