//! Comments that ask for a table to be left as it is.

use crate::directive::{Comment, Shade, block_comments, directives};
use crate::table::Document;

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
    pub(super) const PRETTIER: u8 = 1 << 4;
}

/// The rule whose silence is the formatter's.
const LAYOUT_RULE: &str = "unaligned-table";

/// The lines on which comments silence the formatter.
#[derive(Default)]
pub(super) struct Silenced {
    /// What is off from which line on, in the order of the lines.
    changes: Vec<(usize, u8)>,
    /// Lines below which the next block is left as it is.
    before_next: Vec<usize>,
    /// Lines that are left as they are.
    lines: Vec<usize>,
    /// Where our own directives silence the rule about layout.
    own: Shade,
}

impl Silenced {
    /// Comments that are meant for other programs count in blocks of HTML only, as they do for those.
    pub(super) fn read(document: &Document<'_>, heeds_own: bool) -> Self {
        let comments = block_comments(document);
        let own = if heeds_own { Shade::of(&directives(document), LAYOUT_RULE, true) } else { Shade::default() };
        let mut silenced = Self { own, ..Self::default() };
        let mut off = 0_u8;
        for directive in comments.iter().filter_map(Directive::parse) {
            match directive {
                Directive::OffInFile(switches) => off |= switches,
                Directive::OnInFile(switches) => off &= !switches,
                _ => {}
            }
        }
        silenced.changes.push((0, off));
        let in_file = off;
        let mut captured = in_file;
        for comment in &comments {
            let line_number = document.source.line_number(comment.span.end() - 1);
            match Directive::parse(comment) {
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
            || self.own.at(header_line).next().is_some()
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
    fn parse(comment: &Comment<'_>) -> Option<Self> {
        let mut words = comment.words();
        let name = words.next()?;
        match name {
            "prettier-ignore" => return (comment.body.trim() == name).then_some(Self::OffInNextBlock),
            "prettier-ignore-start" => return Some(Self::Off(switch::PRETTIER)),
            "prettier-ignore-end" => return Some(Self::On(switch::PRETTIER)),
            _ => {}
        }
        let verb = name.strip_prefix("markdownlint-")?;
        let switches = switches(words);
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
fn switches<'w>(rules: impl Iterator<Item = &'w str>) -> u8 {
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
