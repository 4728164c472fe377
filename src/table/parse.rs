//! comrak finds the tables; their lines become rows.

use std::borrow::Cow;
use std::cell::OnceCell;
use std::iter::Peekable;
use std::ops::{Range, RangeInclusive};

use comrak::nodes::{AstNode, NodeValue};
use comrak::{Arena, Options};
use rustc_hash::FxHashMap;

use super::cell::Content;
use super::definition::{Definitions, normalize};
use super::kinds::ByteKinds;
use super::link::scan_again;
use super::row::{is_blank, is_comment, is_delimiter, split, trim_end, trimmed};
use super::skeleton::{Skeleton, have_one_stub};
use super::{Alignment, Block, BlockKind, Container, Document, Heading, RowData, Table, Unseen};
use crate::source::{Source, Span};

/// cmark-gfm ends a table once it has made up more empty cells than this for its short rows (`MAX_AUTOCOMPLETED_CELLS`).
const MAX_MADE_UP_CELLS: usize = 500_000;

const SOME_ROWS: usize = 32;

const SOME_COLUMNS: usize = 8;

impl<'s> Document<'s> {
    /// Reads a document: where its tables are, as GitHub decides it, and what their rows hold. Any text is a document.
    #[must_use]
    pub fn parse(source: &'s Source) -> Self {
        let mut document = Self::parse_all_rows(source);
        document.definitions = Definitions::collect(&document);
        document.leave_out_unseen();
        for table in &mut document.tables {
            table.find_links(&document.definitions);
        }
        document
    }

    /// Reads a document without the links of its cells.
    #[must_use]
    pub fn parse_rows(source: &'s Source) -> Self {
        let mut document = Self::parse_all_rows(source);
        document.leave_out_unseen();
        document
    }

    /// The same with what is on no page.
    fn parse_all_rows(source: &'s Source) -> Self {
        // A table takes a pipe in a row; or in the delimiter row of its only column a colon (`:-`), or before it a blank that keeps dashes from
        // making the line above a heading. A comment may be a directive.
        let bytes = source.text().as_bytes();
        let may_have_tables =
            memchr::memchr2(b'|', b':', bytes).or_else(|| memchr::memchr2(0x0b, 0x0c, bytes)).is_some();
        if !may_have_tables && memchr::memmem::find(bytes, b"<!--").is_none() {
            return Self::without_tables(source);
        }
        Self::read(source, &Skeleton::of(source))
    }

    /// Reads a document by parsing its whole text, rows included: what [`Document::parse_rows`] must agree with.
    #[must_use]
    pub fn parse_rows_of_whole_text(source: &'s Source) -> Self {
        let mut document = Self::read(source, &Skeleton::whole(source));
        document.leave_out_unseen();
        document
    }

    /// Whether any line begins with the marker that opens a merge conflict.
    #[must_use]
    pub fn holds_conflict_marker(&self) -> bool {
        let bytes = self.source.text().as_bytes();
        let begins_so = |number: usize| bytes[self.source.line_with_ending(number).start()..].starts_with(b"<<<<<<<");
        *self.holds_conflicts.get_or_init(|| (1..=self.source.line_count()).any(begins_so))
    }

    /// Whether a line of a table (from 1) can be written otherwise with the certainty that where tables and blocks are stays the same, as long as
    /// each delimiter row has as many cells as the line above it.
    ///
    /// That is so where the parser was not asked about the line itself but about its stub, and both texts have the same.
    #[must_use]
    pub fn admits(&self, line_number: usize, text: &str) -> bool {
        let next = self.stubs.partition_point(|&(first, _)| first as usize <= line_number);
        let is_stub = next.checked_sub(1).is_some_and(|index| line_number <= self.stubs[index].1 as usize);
        is_stub && have_one_stub(self.source.slice(self.source.line(line_number)), text)
    }

    fn without_tables(source: &'s Source) -> Self {
        Self {
            source,
            tables: Vec::new(),
            headings: Vec::new(),
            blocks: Vec::new(),
            definitions: Definitions::default(),
            may_have_comments: false,
            stubs: Vec::new(),
            unseen: Vec::new(),
            holds_conflicts: OnceCell::new(),
        }
    }

    /// Asks comrak about a skeleton of the source.
    fn read(source: &'s Source, skeleton: &Skeleton<'_>) -> Self {
        let mut document = Self::read_blocks(source, skeleton);
        document.stubs.clone_from(&skeleton.cut);
        document.may_have_comments = skeleton.may_have_comments;
        document
    }

    fn read_blocks(source: &'s Source, skeleton: &Skeleton<'_>) -> Self {
        let arena = Arena::new();
        // cmark-gfm ends a last line without an ending; comrak does not, and would not see that `<div` begins HTML there.
        let is_ended = skeleton.text.is_empty() || skeleton.text.ends_with(['\n', '\r']);
        let text = if is_ended { Cow::Borrowed(&*skeleton.text) } else { Cow::Owned(format!("{}\n", skeleton.text)) };
        let root = comrak::parse_document(&arena, &text, &options(skeleton.may_have_footnotes));
        let mut document = Self::without_tables(source);
        let unseen = if skeleton.may_have_footnotes { unseen_footnotes(root) } else { Vec::new() };
        let mut unseen = unseen.into_iter().peekable();
        let mut containers = Vec::new();
        // By hand, not by recursion: quotes nest twenty thousand deep in hostile files.
        let mut node = root;
        loop {
            if unseen.peek().is_some_and(|&footnote| footnote.same_node(node)) {
                document.unseen.push(document.unseen_from_here());
            }
            let is_container = document.enter(node, skeleton, &mut containers);
            if is_container && let Some(child) = node.first_child() {
                node = child;
                continue;
            }
            if is_container {
                document.leave(node, &mut containers, &mut unseen);
            }
            node = loop {
                if let Some(next) = node.next_sibling() {
                    break next;
                }
                let Some(parent) = node.parent() else { return document };
                document.leave(parent, &mut containers, &mut unseen);
                node = parent;
            };
        }
    }

    /// Takes note of a block; says whether it holds blocks itself.
    fn enter<'a>(&mut self, node: &'a AstNode<'a>, skeleton: &Skeleton<'_>, containers: &mut Vec<Container>) -> bool {
        let ast = node.data();
        let first_line = skeleton.first_line(ast.sourcepos.start.line);
        let last_line = || skeleton.last_line(ast.sourcepos.end.line).max(first_line);
        let kind = match &ast.value {
            NodeValue::Document | NodeValue::List(_) => return true,
            NodeValue::BlockQuote => {
                containers.push(Container::Quote);
                return true;
            }
            NodeValue::Item(_) | NodeValue::FootnoteDefinition(_) => {
                containers.push(Container::Item { first_line });
                return true;
            }
            NodeValue::Table(_) => {
                let line = |row: &'a AstNode<'a>| row.data().sourcepos.start.line;
                // Where a line above the header was taken for a link definition, comrak has the header at that.
                let below = node.children().nth(1).map_or(ast.sourcepos.end.line + 1, line);
                let header = below.saturating_sub(2).max(1);
                if node.previous_sibling().is_some_and(|above| matches!(above.data().value, NodeValue::Paragraph)) {
                    self.extend_paragraph(skeleton.first_line(header));
                }
                let rows = std::iter::once(header).chain(node.children().skip(1).map(line));
                self.add_table(rows.map(|line| skeleton.first_line(line)..=skeleton.last_line(line)), containers);
                return false;
            }
            NodeValue::Heading(heading) => {
                let line =
                    Span::new(content_start(self.source, first_line, containers), self.source.line(first_line).end());
                let text = self.source.slice(line).trim_matches([' ', '\t']);
                let text = if heading.setext { text } else { text.trim_matches('#').trim_matches([' ', '\t']) };
                self.headings.push(Heading {
                    line_number: first_line,
                    last_line: last_line(),
                    level: heading.level,
                    text,
                });
                return false;
            }
            NodeValue::Paragraph => BlockKind::Paragraph,
            NodeValue::CodeBlock(_) => BlockKind::Code,
            NodeValue::HtmlBlock(_) => BlockKind::Html,
            NodeValue::FrontMatter(_) => BlockKind::FrontMatter,
            _ => return false,
        };
        self.blocks.push(Block { kind, first_line, last_line: last_line() });
        false
    }

    fn leave<'a>(
        &mut self,
        node: &'a AstNode<'a>,
        containers: &mut Vec<Container>,
        unseen: &mut Peekable<impl Iterator<Item = &'a AstNode<'a>>>,
    ) {
        if matches!(node.data().value, NodeValue::BlockQuote | NodeValue::Item(_) | NodeValue::FootnoteDefinition(_)) {
            containers.pop();
        }
        if unseen.next_if(|footnote| footnote.same_node(node)).is_some() {
            let here = self.unseen_from_here();
            if let Some(last) = self.unseen.last_mut() {
                last.tables.end = here.tables.end;
                last.headings.end = here.headings.end;
                last.blocks.end = here.blocks.end;
            }
        }
    }

    /// Nothing yet of a footnote that nothing refers to and that begins behind all that was read.
    fn unseen_from_here(&self) -> Unseen {
        let empty = |at: usize| at..at;
        Unseen {
            tables: empty(self.tables.len()),
            headings: empty(self.headings.len()),
            blocks: empty(self.blocks.len()),
        }
    }

    /// Leaves out what stands in footnotes that nothing refers to.
    fn leave_out_unseen(&mut self) {
        let unseen = std::mem::take(&mut self.unseen);
        let has_headings = unseen.iter().any(|unseen| !unseen.headings.is_empty());
        leave_out(&mut self.tables, unseen.iter().map(|unseen| &unseen.tables));
        leave_out(&mut self.headings, unseen.iter().map(|unseen| &unseen.headings));
        leave_out(&mut self.blocks, unseen.iter().map(|unseen| &unseen.blocks));
        for table in self.tables.iter_mut().filter(|_| has_headings) {
            let header_line = table.header().line_number();
            let above = self.headings.partition_point(|heading| heading.line_number < header_line);
            table.section = above.checked_sub(1).map(|last| self.headings[last].text);
        }
    }

    /// The last paragraph goes on to the table with this header's line, where no blank line parts them: comrak has its end as many lines too high as it
    /// had definitions at its start.
    fn extend_paragraph(&mut self, header_line: usize) {
        let text = |number: usize| self.source.slice(self.source.line(number));
        let is_blank = |number: usize| text(number).bytes().all(|byte| matches!(byte, b' ' | b'\t' | b'>'));
        if let Some(above) = self.blocks.last_mut()
            && (above.last_line + 1..header_line).all(|number| !is_blank(number))
        {
            above.last_line = above.last_line.max(header_line - 1);
        }
    }

    /// `row_lines` are the lines of header and body rows, as comrak has them; the delimiter row is no node.
    fn add_table(&mut self, row_lines: impl Iterator<Item = RangeInclusive<usize>>, containers: &[Container]) {
        let row_lines: Vec<RangeInclusive<usize>> = row_lines.collect();
        let count = row_lines.iter().map(|lines| lines.end() + 1 - lines.start()).sum();
        let mut lines = row_lines.into_iter().flatten().peekable();
        let Some(header_line) = lines.next() else { return };
        self.add_table_of(header_line, &mut lines, count, containers);
        // Cut to stubs, short rows lack no cells, so that the parser does not know where cmark-gfm ends the table. What follows is a paragraph
        // there, in which only the first line that looks like a delimiter row may make a table of the line above it.
        while let Some(first_line) = lines.next() {
            let mut last_line = first_line;
            let mut header = None;
            for line in lines.by_ref() {
                if is_delimiter(self.row_text(line, containers)) {
                    let count = |line: usize| split(self.row_text(line, containers), |_, _| {}).count;
                    header = (count(last_line) == count(line)).then_some(last_line);
                    break;
                }
                last_line = line;
            }
            if let Some(header_line) = header {
                if first_line < header_line {
                    self.blocks.push(Block { kind: BlockKind::Paragraph, first_line, last_line: header_line - 1 });
                }
                self.add_table_of(header_line, &mut lines, SOME_ROWS, containers);
            } else {
                let last_line = lines.by_ref().last().unwrap_or(last_line);
                self.blocks.push(Block { kind: BlockKind::Paragraph, first_line, last_line });
            }
        }
    }

    /// Adds the table of a header and of the body rows at these lines, as far as cmark-gfm takes them for rows: some `count` lines.
    fn add_table_of(
        &mut self,
        header_line: usize,
        lines: &mut Peekable<impl Iterator<Item = usize>>,
        count: usize,
        containers: &[Container],
    ) {
        let mut table = Table {
            source: self.source,
            section: self.headings.last().map(|heading| heading.text),
            alignments: Vec::new(),
            containers: containers.to_vec(),
            rows: Vec::with_capacity(count + 2),
            cells: Vec::with_capacity(2 * SOME_COLUMNS),
            comments: Vec::new(),
            links: Vec::new(),
        };
        table.add_row(header_line);
        table.add_row(header_line + 1);
        table.alignments = table.cells[table.rows[1].first_cell as usize..]
            .iter()
            .map(|cell| alignment(table.slice(cell.span)))
            .collect();
        // Room for what a whole table takes, and no more; each cell takes a byte of its row.
        let bytes = self.source.line(header_line + count).end() - self.source.line(header_line).start();
        table.cells.reserve_exact((count * table.width()).min(bytes));
        // comrak may take a line that goes on lazily for a header of more cells than it has.
        if table.header().cells().len() != table.width() {
            lines.by_ref().for_each(drop);
            return;
        }
        let mut made_up_cells = 0;
        while let Some(line) = lines.next_if(|_| made_up_cells <= MAX_MADE_UP_CELLS) {
            let cells = table.cells.len();
            table.add_row(line);
            made_up_cells += table.width().saturating_sub(table.cells.len() - cells);
        }
        self.tables.push(table);
    }

    /// What stands on a line in containers.
    fn row_text(&self, line_number: usize, containers: &[Container]) -> &'s str {
        let end = self.source.line(line_number).end();
        let start = content_start(self.source, line_number, containers).min(end);
        trim_end(self.source.slice(Span::new(start, end)))
    }
}

/// Takes out the items of all ranges, which are in order, in one pass.
fn leave_out<'r, T>(items: &mut Vec<T>, ranges: impl Iterator<Item = &'r Range<usize>>) {
    let mut ranges = ranges.peekable();
    if ranges.peek().is_none() {
        return;
    }
    let mut places = 0..items.len();
    items.retain(|_| {
        let Some(place) = places.next() else { return true };
        while ranges.next_if(|range| range.end <= place).is_some() {}
        !ranges.peek().is_some_and(|range| range.contains(&place))
    });
}

/// The footnotes that nothing refers to, and that stand in no other, in the order of their lines. Of several with one label, comrak looks at the last;
/// it leaves the others where they are.
fn unseen_footnotes<'a>(root: &'a AstNode<'a>) -> Vec<&'a AstNode<'a>> {
    let mut last_of_labels = FxHashMap::default();
    let mut unseen = Vec::new();
    let mut node = root;
    loop {
        let footnote = match &node.data().value {
            NodeValue::FootnoteDefinition(footnote) => Some((normalize(&footnote.name), footnote.total_references)),
            _ => None,
        };
        let is_footnote = footnote.is_some();
        if let Some((label, references)) = footnote {
            if let Some(above) = last_of_labels.insert(label, unseen.len()) {
                unseen[above] = None;
            }
            unseen.push((references == 0).then_some(node));
        }
        if !is_footnote && let Some(child) = node.first_child() {
            node = child;
            continue;
        }
        node = loop {
            if let Some(next) = node.next_sibling() {
                break next;
            }
            let Some(parent) = node.parent() else { return unseen.into_iter().flatten().collect() };
            node = parent;
        };
    }
}

impl Table<'_> {
    fn add_row(&mut self, line_number: usize) {
        let source = self.source;
        let line_end = source.line(line_number).end();
        let start = content_start(source, line_number, &self.containers).min(line_end);
        let text = source.slice(Span::new(start, line_end));
        let text = trim_end(text);
        let first_cell = self.cells.len();
        let cells = &mut self.cells;
        let (mut kinds, mut filled) = (ByteKinds::default(), 0_u8);
        let bytes = text.as_bytes();
        let row = split(text, |cell_start, cell_end| {
            let mut content = trimmed(bytes, cell_start..cell_end);
            // Behind a pipe, the other blanks are skipped with it; elsewhere they are content.
            while cell_start > 0 && !content.is_empty() && is_blank(bytes[content.start]) {
                content.start += 1;
            }
            let kinds_of_cell = ByteKinds::of(&text[content.clone()]);
            kinds = kinds.and(kinds_of_cell);
            filled = filled.saturating_add(u8::from(!content.is_empty()));
            cells.push(Content { span: Span::new(start + content.start, start + content.end), kinds: kinds_of_cell });
        });
        let blanks =
            if row.has_closing_pipe { bytes.iter().rev().take_while(|&&byte| is_blank(byte)).count() } else { 0 };
        let mut data = RowData {
            line_number: u32::try_from(line_number).unwrap_or(u32::MAX),
            span: Span::new(start, start + text.len() - blanks),
            first_cell: u32::try_from(first_cell).unwrap_or(u32::MAX),
            first_link: 0,
            filled,
            has_opening_pipe: row.has_opening_pipe,
            has_closing_pipe: row.has_closing_pipe,
            is_plainly_linked: false,
            kinds,
        };
        let is_body = self.rows.len() >= 2;
        if is_body
            && row.count > self.alignments.len()
            && !row.has_closing_pipe
            && let Some(last) = self.cells.last()
            && is_comment(source.slice(last.span))
        {
            self.comments.push((u32::try_from(self.rows.len()).unwrap_or(u32::MAX), last.span));
            data.has_closing_pipe = true;
            data.filled -= 1;
            self.cells.pop();
        }
        self.rows.push(data);
    }

    fn find_links(&mut self, definitions: &Definitions) {
        let mut links = std::mem::take(&mut self.links);
        // Most rows have one at least.
        links.reserve(self.rows.len());
        let mut openers = Vec::new();
        for index in 0..self.rows.len() {
            let first_link = u32::try_from(links.len()).unwrap_or(u32::MAX);
            let cells = self.rows[index].first_cell as usize
                ..self.rows.get(index + 1).map_or(self.cells.len(), |next| next.first_cell as usize);
            let mut is_plain = !self.rows[index].kinds.may_have_full_width();
            for cell in self.cells[cells].iter().filter(|cell| cell.kinds.may_have_links()) {
                // Many titles have a colon, and nothing more of a link.
                let text = self.source.slice(cell.span);
                if cell.kinds.links_have_schemes() && !has_scheme(text) {
                    continue;
                }
                let base = cell.span.start();
                is_plain &= scan_again(text, cell.kinds, base, definitions, &mut links, &mut |_| {}, &mut openers);
            }
            let row = &mut self.rows[index];
            (row.first_link, row.is_plainly_linked) = (first_link, is_plain);
        }
        // Room for twice as many may have been made.
        links.shrink_to_fit();
        self.links = links;
    }
}

/// Whether `://` stands in a text.
fn has_scheme(text: &str) -> bool {
    let bytes = text.as_bytes();
    memchr::memchr_iter(b':', bytes).any(|at| bytes[at..].starts_with(b"://"))
}

/// The offset at which a line's content begins, in containers given from the outermost in, blanks skipped.
fn content_start(source: &Source, line_number: usize, containers: &[Container]) -> usize {
    let line = source.line(line_number);
    let bytes = source.slice(line).as_bytes();
    let mut at = 0;
    let skip_blanks =
        |at: &mut usize| *at += bytes[*at..].iter().take_while(|byte| matches!(byte, b' ' | b'\t')).count();
    skip_blanks(&mut at);
    for container in containers {
        match container {
            Container::Quote if bytes.get(at) == Some(&b'>') => at += 1,
            Container::Item { first_line } if *first_line == line_number => at += marker_len(&bytes[at..]),
            _ => {}
        }
        skip_blanks(&mut at);
    }
    line.start() + at
}

/// The length of a list marker or footnote label.
fn marker_len(bytes: &[u8]) -> usize {
    match bytes.first() {
        Some(b'-' | b'+' | b'*') => 1,
        Some(b'[') => memchr::memmem::find(bytes, b"]:").map_or(0, |at| at + 2),
        _ => {
            let digits = bytes.iter().take_while(|byte| byte.is_ascii_digit()).count();
            if digits > 0 && matches!(bytes.get(digits), Some(b'.' | b')')) { digits + 1 } else { 0 }
        }
    }
}

fn alignment(delimiter: &str) -> Alignment {
    match (delimiter.starts_with(':'), delimiter.ends_with(':')) {
        (true, true) => Alignment::Center,
        (true, false) => Alignment::Left,
        (false, true) => Alignment::Right,
        (false, false) => Alignment::None,
    }
}

/// The block structure of GitHub: tables, footnotes, and front matter, which GitHub takes away before it parses. A bare URL may swallow what refers to
/// a footnote, and a footnote that nothing refers to is on no page, so where there may be one, bare URLs are asked for, too.
fn options(may_have_footnotes: bool) -> Options<'static> {
    let mut options = Options::default();
    options.extension.table = true;
    options.extension.footnotes = true;
    options.extension.autolink = may_have_footnotes;
    // They stay where they are, those too that nothing refers to.
    options.parse.leave_footnote_definitions = true;
    options.extension.front_matter_delimiter = Some("---".to_owned());
    options
}
