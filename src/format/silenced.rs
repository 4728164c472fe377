//! Comments that ask for a table to be left as it is.

use crate::table::{BlockKind, Document};

/// Who may ask, each with a switch of its own.
mod switch {
    /// The rules of markdownlint that are about the layout of tables: identifier and alias.
    pub(super) const MARKDOWNLINT: [(&str, &str); 4] = [
        ("MD055", "TABLE-PIPE-STYLE"),
        ("MD056", "TABLE-COLUMN-COUNT"),
        ("MD058", "BLANKS-AROUND-TABLES"),
        ("MD060", "TABLE-COLUMN-STYLE"),
    ];
    pub(super) const ALL_OF_MARKDOWNLINT: u8 = 0b1111;
    pub(super) const TABLEWRIGHT: u8 = 1 << 4;
    pub(super) const PRETTIER: u8 = 1 << 5;
}

/// The lines on which comments silence the formatter.
#[derive(Default)]
pub(super) struct Silenced {
    /// What is off from which line on, in the order of the lines.
    changes: Vec<(usize, u8)>,
    /// Lines below which the next block is left as it is.
    before_next: Vec<usize>,
    /// Lines that are left as they are.
    lines: Vec<usize>,
}

impl Silenced {
    pub(super) fn read(document: &Document<'_>) -> Self {
        let comments = comments(document);
        let mut silenced = Self::default();
        let mut off = 0_u8;
        for directive in comments.iter().filter_map(|(_, body)| Directive::parse(body)) {
            match directive {
                Directive::OffInFile(switches) => off |= switches,
                Directive::OnInFile(switches) => off &= !switches,
                _ => {}
            }
        }
        silenced.changes.push((0, off));
        let in_file = off;
        let mut captured = in_file;
        for (line_number, body) in comments {
            match Directive::parse(body) {
                Some(Directive::Off(switches)) => off |= switches,
                Some(Directive::On(switches)) => off &= !switches,
                Some(Directive::OffOnNextLine) => silenced.lines.push(line_number + 1),
                Some(Directive::OffInNextBlock) => silenced.before_next.push(line_number),
                Some(Directive::Capture) => captured = off,
                Some(Directive::Restore) => {
                    off = captured & switch::ALL_OF_MARKDOWNLINT | off & !switch::ALL_OF_MARKDOWNLINT;
                }
                Some(Directive::OffInFile(_) | Directive::OnInFile(_)) | None => {}
            }
            silenced.changes.push((line_number, off));
        }
        silenced
    }

    /// Whether the table with this header line is left as it is.
    pub(super) fn covers(&self, document: &Document<'_>, header_line: usize) -> bool {
        let last_change = self.changes.partition_point(|&(line_number, _)| line_number < header_line).checked_sub(1);
        last_change.is_some_and(|index| self.changes[index].1 != 0)
            || self.lines.binary_search(&header_line).is_ok()
            || self.is_next_after_comment(document, header_line)
    }

    fn is_next_after_comment(&self, document: &Document<'_>, header_line: usize) -> bool {
        let last = self.before_next.partition_point(|&line_number| line_number < header_line).checked_sub(1);
        let Some(comment_line) = last.map(|index| self.before_next[index]) else { return false };
        let is_between = |line_number: usize| comment_line < line_number && line_number < header_line;
        let block = document.blocks.partition_point(|block| block.first_line <= comment_line);
        let heading = document.headings.partition_point(|heading| heading.line_number <= comment_line);
        let table = document.tables.partition_point(|table| table.header().line_number() <= comment_line);
        !document.blocks.get(block).is_some_and(|block| is_between(block.first_line))
            && !document.headings.get(heading).is_some_and(|heading| is_between(heading.line_number))
            && !document.tables.get(table).is_some_and(|table| is_between(table.header().line_number()))
    }
}

/// The comments that stand in blocks of HTML: the line (from 1) on which each ends, and what it says.
///
/// Those in running text and in rows silence nothing here: text about a directive is no directive.
fn comments<'s>(document: &Document<'s>) -> Vec<(usize, &'s str)> {
    let source = document.source;
    let mut comments = Vec::new();
    for block in document.blocks.iter().filter(|block| block.kind == BlockKind::Html) {
        let span = source.line(block.first_line).to(source.line(block.last_line));
        let mut rest = source.slice(span);
        while let Some((_, behind)) = rest.split_once("<!--") {
            let Some((body, behind)) = behind.split_once("-->") else { break };
            comments.push((source.line_number(source.span_of(body).end()), body));
            rest = behind;
        }
    }
    comments
}

#[derive(Clone, Copy)]
enum Directive {
    Off(u8),
    On(u8),
    OffInFile(u8),
    OnInFile(u8),
    OffOnNextLine,
    OffInNextBlock,
    Capture,
    Restore,
}

impl Directive {
    /// What the comment asks for; none where that has no bearing on tables.
    fn parse(body: &str) -> Option<Self> {
        let mut words = body.split([' ', '\t', '\n', '\r', ',']).filter(|word| !word.is_empty());
        let name = words.next()?;
        match name {
            "prettier-ignore" => return words.next().is_none().then_some(Self::OffInNextBlock),
            "prettier-ignore-start" => return Some(Self::Off(switch::PRETTIER)),
            "prettier-ignore-end" => return Some(Self::On(switch::PRETTIER)),
            _ => {}
        }
        let rules = words.take_while(|word| *word != "--");
        let (verb, switches) = if let Some(verb) = name.strip_prefix("markdownlint-") {
            (verb, markdownlint_switches(rules))
        } else {
            (name.strip_prefix("tablewright-")?, tablewright_switch(rules))
        };
        let directive = match verb {
            "disable" => Self::Off(switches),
            "enable" => Self::On(switches),
            "disable-file" => Self::OffInFile(switches),
            "enable-file" => Self::OnInFile(switches),
            "disable-next-line" => Self::OffOnNextLine,
            "capture" => return Some(Self::Capture),
            "restore" => return Some(Self::Restore),
            _ => return None,
        };
        (switches != 0).then_some(directive)
    }
}

/// Without rules, all of them.
fn markdownlint_switches<'w>(rules: impl Iterator<Item = &'w str>) -> u8 {
    let mut rules = rules.peekable();
    if rules.peek().is_none() {
        return switch::ALL_OF_MARKDOWNLINT;
    }
    rules.fold(0, |switches, rule| {
        let is_named = |(index, (name, alias)): (usize, &(&str, &str))| {
            let is_it = rule.eq_ignore_ascii_case(name)
                || rule.eq_ignore_ascii_case(alias)
                || rule.eq_ignore_ascii_case("table");
            u8::from(is_it) << index
        };
        switches | switch::MARKDOWNLINT.iter().enumerate().map(is_named).sum::<u8>()
    })
}

fn tablewright_switch<'w>(rules: impl Iterator<Item = &'w str>) -> u8 {
    let mut rules = rules.peekable();
    let is_meant = rules.peek().is_none() || rules.any(|rule| rule == "unaligned-table");
    if is_meant { switch::TABLEWRIGHT } else { 0 }
}
