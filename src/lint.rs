//! Checks a source: document → roles → findings, in the order of their places; and fixes it until nothing changes.

use std::collections::BTreeMap;
use std::ops::RangeInclusive;

use rustc_hash::{FxHashMap, FxHashSet};
use sha2::{Digest, Sha256};

use crate::baseline::{Entry, Known};
use crate::changes::{self, Base, Changes, Concern};
use crate::column::{Declared, Role, TypedDocument, TypedTable};
use crate::config::Effective;
use crate::diagnostic::{Diagnostic, Findings, RuleName, Severity};
use crate::directive;
use crate::fix::{self, Applicability, Fix};
use crate::format::{self, FormatOptions};
use crate::rules::{Check, Rule, duplicate_entry, unsorted_rows};
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
    /// The number of findings that the baseline knows.
    pub baselined: usize,
    /// The number of findings in rows that did not change.
    pub unchanged: usize,
    /// What the baseline knows and is not there; of the rules that ran.
    pub gone: Known,
    /// What must be unique among all files of a run; sorted by place.
    pub shared: Vec<Shared>,
}

/// A row's key that is unique among all files of a run, with the finding that another row of the key would be.
#[derive(Debug)]
pub struct Shared {
    key: (usize, usize, String),
    finding: Finding,
    /// Whether the row changed.
    is_new: bool,
}

/// A diagnostic and what makes it known again when lines move.
#[derive(Debug)]
pub struct Finding {
    /// What the rule says.
    pub diagnostic: Diagnostic,
    /// The heading above the table that it is about.
    pub section: Option<String>,
    /// Sixteen hexadecimal digits that depend on the rule, the section and the row's content, and not on the line. No two findings of a file share it.
    /// Empty unless [`Settings::identifies`] asks for it.
    pub fingerprint: String,
    /// The fingerprint of the first finding that agrees with this one in all of that, such as that of an equal row.
    pub likeness: String,
}

impl Finding {
    /// What a baseline knows it by.
    #[must_use]
    pub fn entry(&self) -> Entry {
        Entry::new(self.diagnostic.rule.0, &self.likeness)
    }
}

/// What is known of a source from before, so that only what is new is reported.
#[derive(Debug, Default)]
pub struct Past {
    /// The text to compare with.
    pub base: Base,
    /// The findings that the baseline knows.
    pub known: Known,
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
    /// Each column's header text and role. None unless [`Settings::describes`] asks for them.
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
    /// Whether findings get what makes them known again. Most formats have no use for it, and it takes longer than many a rule.
    pub identifies: bool,
    /// Whether it is told what the columns of tables were taken for.
    pub describes: bool,
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
            identifies: true,
            describes: true,
        }
    }

    /// What holds of a file by its configuration. With `select`, those rules run and no other; those of `ignore` do not. `current_year` is the year that
    /// it is now.
    #[must_use]
    pub fn configured(
        effective: &Effective,
        select: &[&'static Rule],
        ignore: &[&'static Rule],
        current_year: u16,
    ) -> Self {
        let (rules, severities) = effective.rules(select, ignore);
        Self {
            severities,
            declared: effective.declared(),
            format: effective.format(),
            ..Self::new(&rules, current_year)
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
        let findings = identify(typed.document, self.weighed(rule, diagnostics), self.identifies);
        let shared = keys.into_iter().zip(findings).map(|(key, finding)| Shared { key, finding, is_new: true });
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
    check_against(source, settings, &Past::default())
}

/// Runs the rules over a source, and leaves out what is not new.
#[must_use]
pub fn check_against(source: &Source, settings: &Settings, past: &Past) -> Checked {
    let document = Document::parse(source);
    let mut typed = TypedDocument::infer(&document, &settings.declared, settings.current_year);
    let changes = match &past.base {
        Base::Text(old) => Some(Changes::between(&Document::parse_rows(old), &document)),
        Base::Unknown | Base::Same => None,
    };
    if let Some(changes) = &changes {
        typed.tables.iter_mut().enumerate().for_each(|(index, table)| table.new_rows = changes.rows(&document, index));
    }
    let directives = if settings.heeds_directives { directive::directives(&document) } else { Vec::new() };
    let mut suppressions = Suppressions::new(source, &directives);
    let mut diagnostics = Vec::new();
    for rule in &settings.rules {
        diagnostics.extend(suppressions.sift(rule, settings.run(rule, &typed)));
    }
    // A directive that silences what another file may have is not idle for all that this one can tell.
    let mut shared = settings.shared(&typed, &mut suppressions);
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
    if let Some(concern) = judge(changes.as_ref(), past, &document) {
        for shared in &mut shared {
            shared.is_new = concern(&shared.finding.diagnostic) == Concern::New;
        }
    }
    let mut checked = Checked {
        shared,
        tables: typed.tables.iter().map(|table| TableSummary::of(table, settings.describes)).collect(),
        suppressed: suppressions.count(),
        findings: identify(&document, diagnostics, settings.identifies),
        ..Checked::default()
    };
    checked.leave_out_known(settings, past);
    if let Some(concern) = judge(changes.as_ref(), past, &document) {
        checked.leave_out_old(settings, past, &concern);
        let is_duplicate = |diagnostic: &Diagnostic| diagnostic.rule == duplicate_entry::NAME;
        for Finding { diagnostic, .. } in &mut checked.findings {
            if is_duplicate(diagnostic) && concern(diagnostic) == Concern::OtherNew {
                duplicate_entry::turn(diagnostic, source);
            }
        }
        checked.findings.sort_by_key(|finding| (finding.diagnostic.span, finding.diagnostic.rule));
    }
    checked
}

/// How to tell what findings have to do with the change; none where everything counts.
fn judge<'c>(
    changes: Option<&'c Changes>,
    past: &'c Past,
    document: &'c Document<'_>,
) -> Option<impl Fn(&Diagnostic) -> Concern + 'c> {
    let is_known = !matches!(past.base, Base::Unknown);
    is_known.then_some(move |diagnostic: &Diagnostic| {
        let is_new = |changes: &Changes| changes.concern(document, diagnostic);
        changes.map_or(Concern::Old { has_moved: false }, is_new)
    })
}

impl Checked {
    /// Takes out the findings that the baseline knows.
    fn leave_out_known(&mut self, settings: &Settings, past: &Past) {
        if past.known.is_empty() {
            return;
        }
        self.gone = past.known.clone();
        // Rules that did not run are not to be judged.
        let _ = self.gone.split_off(|rule| settings.rules.iter().any(|other| other.name.0 == rule));
        let before = self.findings.len();
        self.findings.retain(|finding| !self.gone.take(&finding.entry()));
        self.baselined = before - self.findings.len();
    }

    /// Takes out the findings that have nothing to do with the change.
    fn leave_out_old(&mut self, settings: &Settings, past: &Past, concern: &impl Fn(&Diagnostic) -> Concern) {
        let concerns: Vec<Concern> = self.findings.iter().map(|finding| concern(&finding.diagnostic)).collect();
        let is_open = |(concern, finding): (&Concern, &Finding)| match concern {
            Concern::Whole => true,
            // Where a row was moved out of order, the move is to blame.
            Concern::Old { has_moved } => *has_moved && finding.diagnostic.rule == unsorted_rows::NAME,
            Concern::New | Concern::OtherNew => false,
        };
        let is_open: Vec<bool> = concerns.iter().zip(&self.findings).map(is_open).collect();
        let mut old = Known::default();
        if let Base::Text(text) = &past.base
            && is_open.contains(&true)
        {
            check(text, settings).findings.iter().for_each(|finding| old.add(finding.entry()));
        }
        let mut is_new = concerns.iter().zip(&is_open);
        let before = self.findings.len();
        self.findings.retain(|finding| match is_new.next() {
            Some((_, true)) => !old.take(&finding.entry()),
            Some((concern, false)) => matches!(concern, Concern::New | Concern::OtherNew),
            None => true,
        });
        self.unchanged = before - self.findings.len();
    }
}

/// Finds rows of different files that have in common what is unique among all, and reports them in the later file; the files are in path order.
///
/// Rows of one file are [`check`]'s to compare.
pub fn compare<'f>(files: impl IntoIterator<Item = (&'f Source, &'f mut Checked)>) {
    let mut first: FxHashMap<(usize, usize, String), (usize, String, bool)> = FxHashMap::default();
    for (index, (source, checked)) in files.into_iter().enumerate() {
        if checked.shared.is_empty() {
            continue;
        }
        let is_duplicate = |finding: &&Finding| finding.diagnostic.rule == duplicate_entry::NAME;
        let mut known: FxHashSet<Span> =
            checked.findings.iter().filter(is_duplicate).map(|finding| finding.diagnostic.span).collect();
        for Shared { key, mut finding, is_new } in std::mem::take(&mut checked.shared) {
            let line = source.line_number(finding.diagnostic.span.start());
            let place = format!("on line {line} of {}", source.path());
            let (earlier, earlier_place, earlier_is_new) = first.entry(key).or_insert_with(|| (index, place, is_new));
            // Of several rows of one file, the first is held against the other file; the others are held against the first.
            if *earlier < index && known.insert(finding.diagnostic.span) {
                let diagnostic = &mut finding.diagnostic;
                diagnostic.message = format!("{}, here and {earlier_place}", diagnostic.message);
                if checked.gone.take(&finding.entry()) {
                    checked.baselined += 1;
                } else if is_new || *earlier_is_new {
                    checked.findings.push(finding);
                } else {
                    checked.unchanged += 1;
                }
            }
        }
        checked.findings.sort_by_key(|finding| (finding.diagnostic.span, finding.diagnostic.rule));
    }
}

/// Applies fixes that are at least so sure, until there are none; rows touched in an aligned table are aligned again.
#[must_use]
pub fn fix(source: Source, settings: &Settings, at_least: Applicability) -> Fixed {
    fix_against(source, settings, &Past::default(), at_least)
}

/// The same for what is new and nothing else.
#[must_use]
pub fn fix_against(source: Source, settings: &Settings, past: &Past, at_least: Applicability) -> Fixed {
    let left = check_against(&source, settings, past);
    let mut state = Fixed { left, source, applied: BTreeMap::new(), has_settled: false };
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
        state.left = check_against(&state.source, settings, past);
    }
    state
}

impl TableSummary {
    fn of(typed: &TypedTable<'_>, describes: bool) -> Self {
        let header = typed.table.header().cells().iter().filter(|_| describes).map(|cell| cell.text.to_owned());
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

/// Gives each finding its section and, where that is wanted, what makes it known again: rule, section, and the content of its row, or of its line where
/// it is in no table.
fn identify(document: &Document<'_>, diagnostics: Vec<Diagnostic>, identifies: bool) -> Vec<Finding> {
    let mut seen: FxHashMap<u64, u64> = FxHashMap::default();
    let finding = |diagnostic: Diagnostic| {
        let offset = diagnostic.span.start();
        let table = changes::table_at(document, offset).map(|(_, table)| table);
        let section = table.and_then(|table| table.section);
        if !identifies {
            let (fingerprint, likeness) = Default::default();
            return Finding { section: section.map(str::to_owned), fingerprint, likeness, diagnostic };
        }
        let mut digest = Sha256::new();
        digest.update(diagnostic.rule.0);
        digest.update([0]);
        digest.update(section.unwrap_or_default());
        match (&diagnostic.subject, table.and_then(|table| table.row_at(offset))) {
            (Some(subject), _) => {
                digest.update([1]);
                digest.update(subject);
            }
            // A row that gets the cells that it lacks, empty, stays what it is.
            (None, Some(row)) => row.filled_cells().iter().for_each(|cell| {
                digest.update([0]);
                digest.update(cell.text);
            }),
            (None, None) => {
                let line = document.source.line(document.source.line_number(offset));
                digest.update(changes::squeezed(document.source.slice(line)));
            }
        }
        let key = u64::from_be_bytes(digest.finalize().as_slice()[..8].try_into().unwrap_or_default());
        // Equal rows are told apart by their order.
        let count = seen.entry(key).or_default();
        let (fingerprint, likeness) = (format!("{:016x}", key.wrapping_add(*count)), format!("{key:016x}"));
        *count += 1;
        Finding { section: section.map(str::to_owned), fingerprint, likeness, diagnostic }
    };
    diagnostics.into_iter().map(finding).collect()
}
