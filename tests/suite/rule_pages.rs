//! Every rule's page tells the truth: its cases, run with its own rule alone, come out as it says; a rule about directives runs with all.

use std::fmt::Write as _;

use tablewright::config::{Config, Effective};
use tablewright::diagnostic::Diagnostic;
use tablewright::fix::{Applicability, Fix, apply};
use tablewright::lint::{self, Settings};
use tablewright::rules::{Check, Rule, by_name, defaults};
use tablewright::source::Source;

use crate::case_page::{Block, Page, in_package, is_updating, pages, report};

/// Fixing settles within this many passes.
const MAX_PASSES: usize = 10;

const BAD: &str = "markdown bad";
const FINDINGS: &str = "findings";
const FIXED: &str = "markdown fixed";
const GOOD: &str = "markdown good";
/// What a list's maintainer declares; it holds for the cases below it.
const CONFIGURATION: &str = "toml";

/// What a page's cases run with.
struct Case {
    rule: &'static Rule,
    configuration: Effective,
}

/// What a configuration says of a list; what is wrong with it.
fn configured(text: &str) -> Result<Effective, String> {
    let config = Config::read(text).map_err(|mistakes| format!("{mistakes:?}"))?;
    Ok(Effective::of(&config, "page.md"))
}

#[test]
fn rule_pages_tell_the_truth() {
    let failures: Vec<String> = pages("rules").into_iter().flat_map(failures).collect();
    report(&failures);
}

fn failures(mut page: Page) -> Vec<String> {
    let Some(rule) = by_name(page.stem()) else {
        page.fail(1, "  no rule has this page's name");
        return page.finish();
    };
    check_opening(&mut page, rule);
    let blocks = page.blocks.clone();
    let mut is_fixed_somewhere = false;
    let mut case = Case { rule, configuration: Effective::default() };
    for (index, block) in blocks.iter().enumerate() {
        match block.tag.as_str() {
            BAD => is_fixed_somewhere |= check_bad(&mut page, &case, block, &blocks[index + 1..]),
            GOOD => check_good(&mut page, &case, block),
            CONFIGURATION => match configured(&block.text) {
                Ok(configuration) => case.configuration = configuration,
                Err(mistake) => page.fail(block.line_number, format_args!("  {mistake}")),
            },
            FINDINGS | FIXED if index == 0 || blocks[index - 1].tag == GOOD => {
                page.fail(block.line_number, format_args!("  `{}` follows a `{BAD}` block", block.tag));
            }
            tag if tag.starts_with("markdown ") && tag != FIXED => {
                page.fail(block.line_number, format_args!("  `{tag}` is no kind of case"));
            }
            _ => {}
        }
    }
    for tag in [BAD, GOOD] {
        if !blocks.iter().any(|block| block.tag == tag) {
            page.fail(1, format_args!("  the page has no `{tag}` block"));
        }
    }
    match rule.fix {
        Some(_) if !is_fixed_somewhere => page.fail(1, "  the rule declares a fix, and no case shows one"),
        None if is_fixed_somewhere => page.fail(1, "  a case shows a fix, and the rule declares none"),
        _ => {}
    }
    page.finish()
}

/// `# name`, then one sentence in one line.
fn check_opening(page: &mut Page, rule: &'static Rule) {
    let title = page.text.lines().next().unwrap_or_default();
    if title.strip_prefix("# ") != Some(rule.name.0) {
        page.fail(1, format_args!("  the title is not `# {}`", rule.name));
    }
    let summary = rule.summary();
    let is_one_sentence = summary.ends_with('.') && !summary.contains(". ") && !summary.contains('\n');
    if !is_one_sentence {
        page.fail(3, "  the second paragraph is one sentence in one line");
    }
}

/// What the pages leave out of a finding: what it marks, what it points at, what it advises, and how sure its fix is. A change shows as a change of
/// `fixtures/findings.md`, to be read before it is kept.
#[test]
fn findings_mark_and_advise_what_was_last_read() {
    let mut told = String::from("# What the findings of the rules' pages mark and advise\n");
    for page in pages("rules") {
        let Some(rule) = by_name(page.stem()) else { continue };
        let _ = writeln!(told, "\n## {rule}\n\n```text", rule = rule.name);
        let mut case = Case { rule, configuration: Effective::default() };
        for block in &page.blocks {
            match block.tag.as_str() {
                CONFIGURATION => case.configuration = configured(&block.text).unwrap_or_default(),
                BAD => told.push_str(&tell(&case, &block.text)),
                _ => {}
            }
        }
        told.push_str("```\n");
    }
    let path = in_package("fixtures/findings.md");
    let kept = std::fs::read_to_string(&path).unwrap_or_default();
    if kept != told && is_updating() {
        std::fs::write(&path, told).expect("the page can be written");
    } else if kept != told {
        let diff = similar::TextDiff::from_lines(&kept, &told);
        panic!(
            "TABLEWRIGHT_UPDATE=1 rewrites it\n{}",
            diff.unified_diff().header("the page", "the findings").context_radius(1)
        );
    }
}

fn tell(case: &Case, text: &str) -> String {
    let source = Source::new("page.md", text);
    let mut told = String::new();
    for diagnostic in diagnostics(case, &source) {
        let marked = |span| shortened(source.slice(span));
        let _ = writeln!(told, "{}: {}", marked(diagnostic.span), diagnostic.message);
        for label in &diagnostic.labels {
            let _ = writeln!(told, "    {}: {}", marked(label.span), label.text);
        }
        if let Some(help) = &diagnostic.help {
            let _ = writeln!(told, "    help: {help}");
        }
        if let Some(fix) = &diagnostic.fix {
            let _ = writeln!(told, "    {}: {}", fix.applicability.name(), fix.title);
        }
    }
    told
}

/// The beginning and the end of a text, in quotation marks and one line.
fn shortened(text: &str) -> String {
    const CHARACTERS_AT_EITHER_END: usize = 24;
    let characters: Vec<char> = text.chars().collect();
    match characters.len().checked_sub(CHARACTERS_AT_EITHER_END) {
        Some(end) if end > CHARACTERS_AT_EITHER_END => {
            let (first, last) = (&characters[..CHARACTERS_AT_EITHER_END], &characters[end..]);
            format!("{:?} … {:?}", String::from_iter(first), String::from_iter(last))
        }
        _ => format!("{text:?}"),
    }
}

/// Compares the blocks that belong to a `bad` block; says whether a fix is offered.
fn check_bad(page: &mut Page, case: &Case, bad: &Block, following: &[Block]) -> bool {
    let is_case = |block: &&Block| block.tag == BAD || block.tag == GOOD;
    let own = following.iter().position(|block| is_case(&block)).map_or(following, |end| &following[..end]);
    let of_tag = |tag: &str| own.iter().find(|block| block.tag == tag);
    let (findings, offered) = run(case, &bad.text);
    if findings.is_empty() {
        page.fail(bad.line_number, "  the rule is silent here");
    }
    if let Some(fix) = offered.iter().find(|fix| Some(fix.applicability) > case.rule.fix) {
        page.fail(bad.line_number, format_args!("  the fix `{}` is surer than the rule declares", fix.title));
    }
    page.expect(bad, FINDINGS, of_tag(FINDINGS), Some(&findings));
    let fixed = (!offered.is_empty()).then(|| settle(case, &bad.text));
    let fixed = match fixed.transpose() {
        Ok(fixed) => fixed,
        Err(text) => {
            page.fail(bad.line_number, format_args!("  fixing does not settle in {MAX_PASSES} passes:\n{text}"));
            return true;
        }
    };
    page.expect(of_tag(FINDINGS).unwrap_or(bad), FIXED, of_tag(FIXED), fixed.as_deref());
    fixed.is_some()
}

fn check_good(page: &mut Page, case: &Case, good: &Block) {
    let (findings, _) = run(case, &good.text);
    if !findings.is_empty() {
        page.fail(good.line_number, format_args!("  the rule is not silent here:\n{findings}"));
    }
}

/// The findings of one rule, as a page states them, and the fixes that may be applied.
fn run(case: &Case, text: &str) -> (String, Vec<Fix>) {
    let rule = case.rule;
    let source = Source::new("page.md", text);
    let mut stated = String::new();
    let mut fixes = Vec::new();
    for diagnostic in diagnostics(case, &source) {
        let place = source.position(diagnostic.span.start());
        let severity = match diagnostic.severity {
            severity if severity == rule.severity => String::new(),
            severity => format!("{}: ", severity.name()),
        };
        let _ = writeln!(stated, "{}:{} {severity}{}", place.line, place.column, diagnostic.message);
        fixes.extend(diagnostic.fix.filter(|fix| fix.applicability > Applicability::DisplayOnly));
    }
    (stated, fixes)
}

/// The findings of a case's rule.
fn diagnostics(case: &Case, source: &Source) -> Vec<Diagnostic> {
    let rule = case.rule;
    // What a directive silences is what other rules find.
    let rules = if matches!(rule.check, Check::Suppressions(_)) { defaults() } else { vec![rule] };
    let settings = Settings {
        declared: case.configuration.declared(),
        format: case.configuration.format(),
        ..Settings::new(&rules, crate::corpus::CURRENT_YEAR)
    };
    let findings = lint::check(source, &settings).findings.into_iter();
    findings.map(|finding| finding.diagnostic).filter(|diagnostic| diagnostic.rule == rule.name).collect()
}

/// The text after fixing until nothing changes; `Err` with the last text where it does not come to that.
fn settle(case: &Case, text: &str) -> Result<String, String> {
    let mut text = text.to_owned();
    for _ in 0..=MAX_PASSES {
        let (_, fixes) = run(case, &text);
        if fixes.is_empty() {
            return Ok(text);
        }
        text = apply(&text, &fixes).text;
    }
    Err(text)
}
