//! `detached-row`: pipe rows that GitHub shows as text, since they are cut off from their table or make none.

use std::ops::Range;

use super::conflict_marker::Conflicts;
use super::{Check, Rule, count};
use crate::column::TypedDocument;
use crate::diagnostic::{Diagnostic, Findings, RuleName, Severity};
use crate::fix::{Applicability, Edit, Fix};
use crate::source::{Source, Span};
use crate::table::{Block, BlockKind, Document, Row, Table, is_delimiter_row, split_row};

pub(super) const RULE: Rule = Rule {
    name: RuleName("detached-row"),
    page: include_str!("../../rules/detached-row.md"),
    severity: Severity::Error,
    fix: Some(Applicability::Unsafe),
    check: Check::Document(check),
    is_default: true,
};

fn check(typed: &TypedDocument<'_>, findings: &mut Findings) {
    let document = typed.document;
    let conflicts = Conflicts::of(document);
    let mut group: Option<Group<'_>> = None;
    let mut cut_off: Option<CutOff> = None;
    for block in &document.blocks {
        if conflicts.cover(block.first_line) {
            continue;
        }
        match block.kind {
            BlockKind::Code => {
                if let Some(indented) = Group::indented(document, block) {
                    cut_off = group.replace(indented).and_then(|done| done.report(document, findings)).or(cut_off);
                }
                continue;
            }
            BlockKind::Html | BlockKind::FrontMatter => continue,
            BlockKind::Paragraph => {}
        }
        let text = document.source.line(block.first_line).to(document.source.line(block.last_line));
        if memchr::memchr(b'|', document.source.slice(text).as_bytes()).is_none() {
            continue;
        }
        let lines: Vec<Line<'_>> =
            (block.first_line..=block.last_line).map(|number| Line::read(document.source, number)).collect();
        for (range, is_header) in runs(document, &lines) {
            let run = lines[range.clone()].to_vec();
            let (is_first, is_last) = (range.start == 0, range.end == lines.len());
            match &mut group {
                Some(group) if is_first && !is_header && group.goes_on_at(document.source, block.first_line) => {
                    group.lines.extend(run);
                    group.ends_block = is_last;
                }
                _ => {
                    if let Some(done) = group.take() {
                        cut_off = done.report(document, findings).or(cut_off);
                    }
                    let above = if is_first { Above::find(document, block, cut_off.as_ref()) } else { None };
                    group = Some(Group {
                        lines: run,
                        indented: 0,
                        begins_with_header: is_header,
                        ends_block: is_last,
                        above,
                    });
                }
            }
        }
    }
    if let Some(done) = group {
        done.report(document, findings);
    }
}

/// Lines that look like rows, with nothing but blank lines between them.
#[derive(Debug)]
struct Group<'d> {
    lines: Vec<Line<'d>>,
    /// How many lines, the first ones, are code by their indentation.
    indented: usize,
    /// Whether the second line is a delimiter row, directly below the first.
    begins_with_header: bool,
    /// Whether no other text follows in their paragraph.
    ends_block: bool,
    /// The table that they may have been cut off from.
    above: Option<Above<'d>>,
}

impl<'d> Group<'d> {
    /// A block of code directly below a table whose lines are rows of it, but for their indentation.
    fn indented(document: &'d Document<'d>, block: &Block) -> Option<Self> {
        let next = document.tables.partition_point(|table| table.header().line_number() < block.first_line);
        let table = &document.tables[next.checked_sub(1)?];
        let last_line = table.rows().next_back().map_or(0, Row::line_number);
        if last_line + 1 != block.first_line || table.width() < 2 {
            return None;
        }
        let lines: Vec<Line<'_>> =
            (block.first_line..=block.last_line).map(|number| Line::read(document.source, number)).collect();
        let above = Some(Above { table, last_line, comment: None });
        let are_rows = lines.iter().all(|line| {
            let is_indented = line.prefix.ends_with("    ") || line.prefix.ends_with('\t');
            is_indented && line.cells == table.width() && !line.text.starts_with(['`', '~'])
        });
        are_rows.then_some(Self { indented: lines.len(), lines, begins_with_header: false, ends_block: true, above })
    }

    fn last_line(&self) -> usize {
        self.lines.last().map_or(0, |line| line.number)
    }

    fn goes_on_at(&self, source: &Source, line_number: usize) -> bool {
        self.ends_block && (self.last_line() + 1..line_number).all(|number| is_blank(source, number))
    }

    /// Reports what is wrong with the rows, if anything is; tells of rows that were cut off, since more may follow.
    fn report(self, document: &'d Document<'d>, findings: &mut Findings) -> Option<CutOff> {
        let lines = &self.lines;
        if self.begins_with_header && lines[0].cells != lines[1].cells {
            report_undrawn(document, &self, findings);
        } else if let Some(above) = self.above.as_ref().filter(|above| above.may_hold(&lines[self.indented..])) {
            report_cut_off(document, &self, above, findings);
            return Some(CutOff { last_line: self.last_line() });
        } else if let Some(table) = table_below(document, self.last_line()) {
            report_text(lines, "above the header", findings).label(table.header().span(), "the header");
        } else if lines.len() > 1
            && lines[1].is_delimiter()
            && lines[0].cells == lines[1].cells
            && gaps(&self).next().is_some()
        {
            report_parted(document.source, &self, findings);
        } else if is_surely_meant(lines) {
            let help = "move the rows into a table, or give them a header and a delimiter row";
            report_text(lines, "in no table", findings).help(help);
        }
        None
    }
}

fn is_blank(source: &Source, line_number: usize) -> bool {
    source.slice(source.line(line_number)).trim_matches([' ', '\t', '>']).is_empty()
}

/// The numbers of the lines around each gap between rows.
fn gaps<'g>(group: &'g Group<'_>) -> impl Iterator<Item = (usize, usize)> + 'g {
    let pairs = group.lines.windows(2).map(|pair| (pair[0].number, pair[1].number));
    pairs.filter(|(upper, lower)| upper + 1 < *lower)
}

/// Deletes the blank lines within a group.
fn close_gaps(source: &Source, group: &Group<'_>) -> Vec<Edit> {
    let start = |number: usize| source.line_with_ending(number).start();
    gaps(group).map(|(upper, lower)| Edit::delete(Span::new(start(upper + 1), start(lower)))).collect()
}

/// A line of a paragraph, read as a row.
#[derive(Clone, Debug)]
struct Line<'s> {
    number: usize,
    prefix: &'s str,
    text: &'s str,
    span: Span,
    cells: usize,
    has_opening_pipe: bool,
    has_closing_pipe: bool,
    /// Whether a pipe ends a cell in it.
    has_pipe: bool,
}

impl<'s> Line<'s> {
    fn read(source: &'s Source, number: usize) -> Self {
        let line = source.slice(source.line(number));
        let text = line.trim_start_matches([' ', '\t', '>']);
        let text = match text.strip_prefix(['-', '*', '+']).map(|rest| rest.trim_start_matches([' ', '\t'])) {
            Some(rest) if rest.starts_with('|') && rest.len() + 1 < text.len() => rest,
            _ => text,
        };
        let prefix = &line[..line.len() - text.len()];
        let text = text.trim_end_matches([' ', '\t']);
        let row = split_row(text, |_, _| {});
        let has_pipe = row.has_opening_pipe || row.has_closing_pipe || row.count > 1;
        let (has_opening_pipe, has_closing_pipe) = (row.has_opening_pipe, row.has_closing_pipe);
        let span = source.span_of(text);
        Self { number, prefix, text, span, cells: row.count, has_opening_pipe, has_closing_pipe, has_pipe }
    }

    fn is_delimiter(&self) -> bool {
        self.has_pipe && is_delimiter_row(self.text)
    }
}

/// The longest runs of lines that look like rows, and whether they begin with a header and its delimiter row, which begin a run of their own.
fn runs(document: &Document<'_>, lines: &[Line<'_>]) -> Vec<(Range<usize>, bool)> {
    let Some(first) = lines.iter().find(|line| line.has_pipe) else { return Vec::new() };
    let next = document.tables.partition_point(|table| table.header().line_number() < first.number);
    let above = next.checked_sub(1).map(|index| &document.tables[index]);
    let without_opening_pipe =
        above.filter(|table| !table.header().has_opening_pipe() && table.width() > 2).map(Table::width);
    let is_row = |line: &Line<'_>| {
        line.has_opening_pipe && (line.cells > 1 || line.has_closing_pipe) || without_opening_pipe == Some(line.cells)
    };
    let is_header =
        |at: usize| lines[at].has_pipe && lines[at].cells > 0 && lines.get(at + 1).is_some_and(Line::is_delimiter);
    let mut runs = Vec::new();
    let mut at = 0;
    while at < lines.len() {
        let start = at;
        let begins_with_header = is_header(at);
        if begins_with_header {
            at += 2;
        }
        while lines.get(at).is_some_and(|line| is_row(line) || begins_with_header && line.has_pipe) && !is_header(at) {
            at += 1;
        }
        if start < at {
            runs.push((start..at, begins_with_header));
        }
        at = at.max(start + 1);
    }
    runs
}

/// Rows were cut off from a table, and further rows behind them are as well.
#[derive(Debug)]
struct CutOff {
    last_line: usize,
}

/// The table that a paragraph's rows may belong to, with what stands between.
#[derive(Debug)]
struct Above<'d> {
    table: &'d Table<'d>,
    /// The line of the table's last row, or of the last row that was cut off from it before.
    last_line: usize,
    /// What stands between, first to last line, blank lines apart.
    comment: Option<(usize, usize)>,
}

impl<'d> Above<'d> {
    /// The table above a paragraph; none where more than blank lines and comments stands between.
    fn find(document: &'d Document<'d>, block: &Block, cut_off: Option<&CutOff>) -> Option<Self> {
        let next = document.tables.partition_point(|table| table.header().line_number() < block.first_line);
        let table = &document.tables[next.checked_sub(1)?];
        let own_last = table.rows().next_back().map_or(0, Row::line_number);
        let later = cut_off.filter(|cut_off| cut_off.last_line > own_last).map(|cut_off| cut_off.last_line);
        let last_line = later.unwrap_or(own_last);
        let mut comment: Option<(usize, usize)> = None;
        let mut number = block.first_line - 1;
        while number > last_line {
            if is_blank(document.source, number) {
                number -= 1;
            } else {
                let (first, last) = comment_at(document, number)?;
                comment = Some((first, comment.map_or(last, |(_, last)| last)));
                number = first - 1;
            }
        }
        (number == last_line && last_line + 1 < block.first_line).then_some(Self { table, last_line, comment })
    }

    /// Whether rows look like some of this table.
    fn may_hold(&self, lines: &[Line<'_>]) -> bool {
        lines.iter().all(|line| {
            // `|x| is the absolute value` begins like a row of two cells.
            let is_spaced = line.cells > 2 || line.text.starts_with("| ");
            line.has_closing_pipe || line.cells == self.table.width() && is_spaced
        })
    }
}

/// First and last line of the block of comments that a line belongs to.
fn comment_at(document: &Document<'_>, line_number: usize) -> Option<(usize, usize)> {
    let next = document.blocks.partition_point(|block| block.first_line <= line_number);
    let block = document.blocks[next.checked_sub(1)?];
    let text = document.source.slice(document.source.line(block.first_line).to(document.source.line(block.last_line)));
    let is_comment = text.trim_start_matches([' ', '\t', '>']).starts_with("<!--") && text.trim_end().ends_with("-->");
    (block.kind == BlockKind::Html && line_number <= block.last_line && is_comment)
        .then_some((block.first_line, block.last_line))
}

fn table_below<'d>(document: &'d Document<'d>, line_number: usize) -> Option<&'d Table<'d>> {
    let index = document.tables.binary_search_by_key(&(line_number + 1), |table| table.header().line_number()).ok()?;
    Some(&document.tables[index])
}

/// Whether rows are certainly no prose: most of them closed, and alike, or with a link in the first.
fn is_surely_meant(group: &[Line<'_>]) -> bool {
    let cells = group[0].cells;
    let closed = group.iter().filter(|line| line.has_closing_pipe).count();
    let are_meant = group.iter().all(|line| line.has_opening_pipe) && closed * 2 > group.len();
    let are_alike = group.len() > 1 && group.iter().all(|line| line.cells == cells);
    are_meant && cells > 1 && (are_alike || group[0].text.contains("]("))
}

fn report_text<'f>(group: &[Line<'_>], place: &str, findings: &'f mut Findings) -> &'f mut Diagnostic {
    let (stand, are) = if group.len() == 1 { ("stands", "is") } else { ("stand", "are") };
    let message = format!("{} {stand} {place} and {are} shown as text", count(group.len(), "row"));
    findings.report(group[0].span, message)
}

fn report_cut_off(document: &Document<'_>, group: &Group<'_>, above: &Above<'_>, findings: &mut Findings) {
    let (source, lines, table) = (document.source, &group.lines, above.table);
    let blank_lines = lines[0].number - above.last_line - 1;
    let (are, their) = if lines.len() == 1 { ("is", "its") } else { ("are", "their") };
    let is_code = group.indented > 0;
    let by = match above.comment {
        _ if is_code => "an indentation that makes code".to_owned(),
        Some(_) => "a comment".to_owned(),
        None if blank_lines == 1 && gaps(group).next().is_none() => "a blank line".to_owned(),
        None => "blank lines".to_owned(),
    };
    let message = format!("{} {are} cut off from {their} table by {by} and shown as text", count(lines.len(), "row"));
    let help = match above.comment {
        _ if is_code => "indent the row like the table",
        Some(_) => "move the comment out of the table",
        None => "delete the blank lines, or begin a table with a header and a delimiter row",
    };
    let finding = findings.report(lines[0].span, message).label(table.header().span(), "the table's header").help(help);
    if let Some((first, last)) = above.comment {
        finding.label(source.line(first).to(source.line(last)), "the comment");
    }
    let agree = lines.iter().all(|line| line.cells == table.width())
        && lines[group.indented..].iter().all(|line| is_in_container(line, table));
    if agree && group.ends_block {
        finding.fix(join(source, group, above));
    }
}

/// A whole table, or its beginning, with blank lines between its rows.
fn report_parted(source: &Source, group: &Group<'_>, findings: &mut Findings) {
    let (header, body) = (&group.lines[0], &group.lines[2..]);
    let rows = count(body.len() + 1, "row");
    let message = format!("blank lines part the rows of this table: none is drawn, {rows} are shown as text");
    let finding = findings.report(header.span, message).help("delete the blank lines");
    let agree = body.iter().all(|line| line.cells == header.cells && line.prefix == header.prefix);
    if agree && group.ends_block {
        finding.fix(Fix::uncertain("delete the blank lines", close_gaps(source, group)));
    }
}

fn is_in_container(line: &Line<'_>, table: &Table<'_>) -> bool {
    let last = table.rows().next_back().map_or("", Row::prefix);
    table.containers.is_empty() || line.prefix == last
}

/// Uncertain, as text becomes rows.
fn join(source: &Source, group: &Group<'_>, above: &Above<'_>) -> Fix {
    let start = |number: usize| source.line_with_ending(number).start();
    let mut edits = close_gaps(source, group);
    let prefix = above.table.rows().next_back().map_or("", Row::prefix);
    edits.extend(group.lines[..group.indented].iter().map(|line| Edit::replace(source.span_of(line.prefix), prefix)));
    if group.indented > 0 {
        return Fix::uncertain("indent the rows like the table", edits);
    }
    edits.push(Edit::delete(Span::new(start(above.last_line + 1), start(group.lines[0].number))));
    let Some((first, last)) = above.comment else { return Fix::uncertain("delete the blank lines", edits) };
    let comment = source.slice(source.line(first).to(source.line(last)));
    let (ending, end) = (source.line_ending(group.last_line()), source.line(group.last_line()).end());
    edits.push(Edit::insert(end, format!("{ending}{comment}")));
    Fix::uncertain("move the comment below the rows", edits)
}

fn report_undrawn(document: &Document<'_>, group: &Group<'_>, findings: &mut Findings) {
    let (header, delimiter, body) = (&group.lines[0], &group.lines[1], &group.lines[2..]);
    let message = format!(
        "the delimiter row has {}, the header has {}: no table is drawn, {} shown as text",
        count(delimiter.cells, "cell"),
        header.cells,
        if body.is_empty() { "the header is".to_owned() } else { format!("{} are", count(body.len() + 1, "row")) },
    );
    let finding = findings.report(delimiter.span, message).label(header.span, "the header").help(
        if !body.is_empty() && body.iter().all(|line| line.cells == delimiter.cells) {
            "give the header as many cells as the rows below have"
        } else {
            "give the delimiter row as many cells as the header"
        },
    );
    if !body.is_empty() && body.iter().all(|line| line.cells == header.cells) {
        finding.fix(resize(document.source, delimiter, header.cells));
    }
}

/// Uncertain, as text becomes a table.
fn resize(source: &Source, delimiter: &Line<'_>, width: usize) -> Fix {
    let mut ends = Vec::new();
    split_row(delimiter.text, |_, end| ends.push(end));
    let title = format!("give the delimiter row {}", count(width, "cell"));
    let edit = if width < ends.len() {
        let kept = &delimiter.text[..ends[width - 1] + usize::from(delimiter.has_closing_pipe)];
        Edit::delete(Span::new(delimiter.span.start() + kept.trim_end().len(), delimiter.span.end()))
    } else {
        let is_wide = source.slice(delimiter.span).contains("- |") || source.slice(delimiter.span).contains(": |");
        let cell = if is_wide { " --- |" } else { "---|" };
        let closing = if delimiter.has_closing_pipe { "" } else { "|" };
        Edit::insert(delimiter.span.end(), format!("{closing}{}", cell.repeat(width - ends.len())))
    };
    Fix::uncertain(title, [edit])
}
