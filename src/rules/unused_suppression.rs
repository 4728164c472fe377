//! `unused-suppression`: a directive that silences nothing, or names no rule.

use super::{Check, Rule, by_name, nearest, shorten};
use crate::column::TypedDocument;
use crate::diagnostic::{Findings, RuleName, Severity};
use crate::directive::{Directive, Idle, Place, Verb};
use crate::fix::{Applicability, Edit, Fix};
use crate::source::{Source, Span};
use crate::table::{Block, Document, is_comment};

pub(super) const RULE: Rule = Rule {
    name: RuleName("unused-suppression"),
    page: include_str!("../../rules/unused-suppression.md"),
    severity: Severity::Warning,
    fix: Some(Applicability::Safe),
    check: Check::Suppressions(check),
    is_default: true,
};

fn check(typed: &TypedDocument<'_>, idle: &[Idle<'_, '_>], findings: &mut Findings) {
    let document = typed.document;
    let mut on_line = (0, 0);
    let mut rest = Rest::default();
    for Idle { directive, names } in idle {
        if on_line.0 != directive.first_line {
            std::mem::take(&mut rest).report(findings);
            on_line = (directive.first_line, 0);
        }
        on_line.1 += 1;
        if on_line.1 > MOST_ON_A_LINE {
            rest.add(document, directive, names);
            continue;
        }
        let Some(verb) = directive.verb else {
            report_no_directive(document.source, directive, findings);
            continue;
        };
        let (known, unknown): (Vec<usize>, Vec<usize>) =
            names.iter().copied().partition(|&name| by_name(directive.names[name]).is_some());
        report_no_rules(document.source, directive, &unknown, findings);
        if directive.names.is_empty() || !known.is_empty() {
            report_idle(document, directive, verb, &known, findings);
        }
    }
    rest.report(findings);
}

/// Of more on one line, the others are reported together.
const MOST_ON_A_LINE: usize = 8;

/// The further directives of one line that can go.
#[derive(Default)]
struct Rest {
    first: Option<Span>,
    count: usize,
    /// In the order of place, none overlapping.
    edits: Vec<Edit>,
    is_in_text: bool,
}

impl Rest {
    fn add(&mut self, document: &Document<'_>, directive: &Directive<'_>, names: &[usize]) {
        let are_all_idle =
            names.len() == directive.names.len() && names.iter().all(|&name| by_name(directive.names[name]).is_some());
        let goes_whole = directive.verb.is_some() && are_all_idle;
        let Some(edits) = goes_whole.then(|| removal(document, directive)).flatten() else { return };
        // What overlaps, as of two that share a blank, waits until the first is gone.
        let end = self.edits.last().map_or(0, |last| last.span.end());
        if edits.first().is_some_and(|first| first.span.start() >= end) {
            self.first = self.first.or(Some(directive.comment.span));
            self.count += 1;
            self.is_in_text |= directive.comment.place == Place::Text;
            self.edits.extend(edits);
        }
    }

    fn report(self, findings: &mut Findings) {
        let Some(first) = self.first else { return };
        let (message, them) = match self.count {
            1 => ("1 more directive of this line does nothing".to_owned(), "it"),
            count => (format!("{count} more directives of this line do nothing"), "them"),
        };
        let applicability = if self.is_in_text { Applicability::Unsafe } else { Applicability::Safe };
        let fix = Fix::new(applicability, format!("remove {them}"), self.edits);
        findings.report(first, message).help(format!("remove {them}")).fix(fix);
    }
}

fn report_no_directive(source: &Source, directive: &Directive<'_>, findings: &mut Findings) {
    let message = format!("`{}` is no directive, and silences nothing", shorten(directive.keyword));
    let verbs: Vec<String> = Verb::ALL.iter().map(|(word, _)| format!("`{word}`")).collect();
    findings.report(source.span_of(directive.keyword), message).help(format!(
        "begin with {} or {}",
        verbs[..verbs.len() - 1].join(", "),
        verbs[verbs.len() - 1]
    ));
}

fn report_no_rules(source: &Source, directive: &Directive<'_>, unknown: &[usize], findings: &mut Findings) {
    let Some(&first) = unknown.first() else { return };
    let name = directive.names[first];
    let more =
        if unknown.len() > 1 { format!(" (and {} more names of none)", unknown.len() - 1) } else { String::new() };
    let help = match nearest(name) {
        Some(rule) => format!("did you mean `{}`?", rule.name),
        None => "name rules that `tablewright explain` lists; a reason stands behind `--`".to_owned(),
    };
    let message = format!("there is no rule `{}`{more}", shorten(name));
    findings.report(source.span_of(name), message).help(help);
}

fn report_idle(
    document: &Document<'_>,
    directive: &Directive<'_>,
    verb: Verb,
    names: &[usize],
    findings: &mut Findings,
) {
    let rules = names.iter().take(MOST_NAMED).map(|&name| format!("`{}`", directive.names[name]));
    let mut rules = rules.collect::<Vec<_>>().join(" and no ");
    if names.len() > MOST_NAMED {
        rules.push_str(" …");
    }
    let message = match verb {
        Verb::Enable if names.is_empty() => "this directive ends nothing".to_owned(),
        Verb::Enable => format!("this directive ends no silence of {}", rules.replace(" no ", " ")),
        _ if names.is_empty() => "this directive silences nothing".to_owned(),
        _ => format!("this directive silences no {rules}"),
    };
    let source = document.source;
    let goes_whole = names.len() == directive.names.len();
    let span = match names.first() {
        Some(&first) if !goes_whole => source.span_of(directive.names[first]),
        _ => directive.comment.span,
    };
    let finding = findings.report(span, message);
    if !goes_whole {
        finding.help("name only rules that speak here").fix(without_names(source, directive, names));
        return;
    }
    finding.help("remove the directive");
    match removal(document, directive) {
        Some(edits) => {
            // Without its comment, a line of text may be a header or define a link.
            let is_text = directive.comment.place == Place::Text;
            let applicability = if is_text { Applicability::Unsafe } else { Applicability::Safe };
            finding.fix(Fix::new(applicability, "remove the directive", edits));
        }
        None if parts_rows(document, directive) => {
            finding.help(
                "remove the line, which ends the table: `<!-- tablewright-ignore -->` behind a row's last pipe does not",
            );
        }
        None => {}
    }
}

/// More names are no message.
const MOST_NAMED: usize = 4;

/// Takes names out of a directive that keeps others.
fn without_names(source: &Source, directive: &Directive<'_>, idle: &[usize]) -> Option<Fix> {
    let last = directive.names.last()?;
    let named = Span::new(source.span_of(directive.keyword).end(), source.span_of(last).end());
    let written = source.slice(named);
    // What follows in a paragraph hangs on the lines above.
    if directive.comment.place == Place::Text && written.contains(['\n', '\r']) {
        return None;
    }
    let separator = if written.contains(',') { ", " } else { " " };
    let mut gone = idle.iter().peekable();
    let all = directive.names.iter().enumerate();
    let kept: Vec<&str> = all.filter(|(index, _)| gone.next_if_eq(&index).is_none()).map(|(_, name)| *name).collect();
    let title = match idle {
        [only] => format!("take `{}` out of the directive", directive.names[*only]),
        _ => format!("take {} rules out of the directive", idle.len()),
    };
    Some(Fix::safe(title, [Edit::replace(named, format!(" {}", kept.join(separator)))]))
}

/// What takes a directive's comment away and changes nothing else; none where that is not certain.
fn removal(document: &Document<'_>, directive: &Directive<'_>) -> Option<Vec<Edit>> {
    let source = document.source;
    let span = directive.comment.span;
    let lines = source.line(directive.first_line).to(source.line(directive.last_line));
    let before = source.slice(Span::new(lines.start(), span.start()));
    let behind = source.slice(Span::new(span.end(), lines.end()));
    let is_alone = before.trim_end_matches(PREFIX).is_empty() && behind.trim_start_matches(BLANKS).is_empty();
    match directive.comment.place {
        Place::Block(block) if is_alone => remove_lines(source, directive, &block, before),
        // A line of comments.
        Place::Block(_) if behind.len() < 4096 && is_comment(behind) => {
            let blanks = behind.len() - behind.trim_start_matches(BLANKS).len();
            Some(vec![Edit::delete(Span::new(span.start(), span.end() + blanks))])
        }
        Place::Block(_) if behind.trim_start_matches(BLANKS).is_empty() && before.trim_end().ends_with("-->") => {
            Some(vec![Edit::delete(Span::new(source.span_of(before.trim_end()).end(), span.end()))])
        }
        Place::Block(_) => None,
        Place::RowEnd => {
            let blanks = before.len() - before.trim_end_matches(BLANKS).len();
            Some(vec![Edit::delete(Span::new(span.start() - blanks, span.end()))])
        }
        Place::Text if is_alone => None,
        // What stands on both sides decides what `*` and `_` mean; so a blank must do so, before and after.
        Place::Text | Place::Cell => {
            let is_in_cell = directive.comment.place == Place::Cell;
            let blanks_before = before.len() - before.trim_end_matches(BLANKS).len();
            let blanks_behind = behind.len() - behind.trim_start_matches(BLANKS).len();
            let begins_cell = is_in_cell && before.trim_end_matches(BLANKS).ends_with('|');
            let ends = behind.is_empty() || blanks_behind > 0 || is_in_cell && behind.starts_with('|');
            if begins_cell && ends {
                Some(vec![Edit::delete(Span::new(span.start(), span.end() + blanks_behind))])
            } else if blanks_before > 0 && ends {
                Some(vec![Edit::delete(Span::new(span.start() - blanks_before, span.end()))])
            } else {
                None
            }
        }
    }
}

const BLANKS: [char; 2] = [' ', '\t'];

/// What may stand before a block on its line.
const PREFIX: [char; 3] = [' ', '\t', '>'];

/// Takes away the lines of a comment, and one of two blank lines around them.
fn remove_lines(source: &Source, directive: &Directive<'_>, block: &Block, prefix: &str) -> Option<Vec<Edit>> {
    let (first, last) = (directive.first_line, directive.last_line);
    let line = |number: usize| (1..=source.line_count()).contains(&number).then(|| source.slice(source.line(number)));
    let whole = |from: usize, to: usize| source.line_with_ending(from).to(source.line_with_ending(to));
    if !prefix.is_empty() {
        // A quote or an item may hold nothing else.
        return None;
    }
    if block.first_line < first {
        // Other HTML goes on around it.
        return Some(vec![Edit::delete(whole(first, last))]);
    }
    let is_blank = |line: Option<&str>| line.is_none_or(|line| line.trim_matches(PREFIX).is_empty());
    let (above, below) = (line(first.wrapping_sub(1)), line(last + 1));
    // A comment parts lists and quotes from each other, and from indented code; so what follows must be none of these, not even an empty quote.
    let next = (last + 1..=source.line_count()).map(|number| source.slice(source.line(number)));
    if let Some(next) = next.into_iter().find(|line| !line.trim_matches(BLANKS).is_empty()) {
        let begins_list = next.starts_with(|first: char| first.is_ascii_digit() || "-+*=>".contains(first));
        // At the beginning of a text, it would be no character any more.
        let begins_with_mark = next.starts_with('\u{feff}');
        if begins_list || begins_with_mark || next.starts_with(BLANKS) {
            return None;
        }
    }
    Some(match (is_blank(above), is_blank(below)) {
        (true, true) if below.is_none() && first > 2 => {
            // The text goes on ending as it did, with a line ending or without.
            vec![Edit::delete(Span::new(source.line(first - 2).end(), source.line(last).end()))]
        }
        (true, true) if below.is_some() && (above.is_none() || above == below) => {
            vec![Edit::delete(whole(first, last + 1))]
        }
        (true, _) | (_, true) => vec![Edit::delete(whole(first, last))],
        (false, false) if begins_row(above) && begins_row(below) => return None,
        (false, false) => vec![Edit::delete(source.line(first).to(source.line(last)))],
    })
}

/// Whether a comment stands in a line of its own between lines that look like rows.
fn parts_rows(document: &Document<'_>, directive: &Directive<'_>) -> bool {
    let source = document.source;
    let line = |number: usize| Some(source.slice(source.line(number)));
    matches!(directive.comment.place, Place::Block(_))
        && directive.first_line > 1
        && begins_row(line(directive.first_line - 1))
        && begins_row(line(directive.last_line + 1))
}

fn begins_row(line: Option<&str>) -> bool {
    line.is_some_and(|line| line.trim_start_matches(PREFIX).starts_with('|'))
}
