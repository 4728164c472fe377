//! Pages whose fenced blocks are test cases: reading them, comparing them, and writing expectations back.

use std::ops::Range;
use std::path::{Path, PathBuf};

/// The environment variable that makes a run write expectations instead of comparing them; the diff is reviewed like code.
const UPDATE: &str = "TABLEWRIGHT_UPDATE";

/// Whether this run rewrites expectations.
pub(crate) fn is_updating() -> bool {
    std::env::var_os(UPDATE).is_some_and(|value| value == "1")
}

/// A file below the package's folder.
pub(crate) fn in_package(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

/// The pages of a folder of the package, in the order of their names, without its `README.md`.
pub(crate) fn pages(folder: &str) -> Vec<Page> {
    let entries = std::fs::read_dir(in_package(folder)).unwrap_or_else(|error| panic!("cannot read {folder}: {error}"));
    let names = entries.map(|entry| entry.expect("the entry is readable").file_name().to_string_lossy().into_owned());
    let mut stems: Vec<String> = names.filter_map(|name| name.strip_suffix(".md").map(str::to_owned)).collect();
    stems.retain(|stem| stem != "README");
    stems.sort();
    stems.iter().map(|stem| Page::read(&format!("{folder}/{stem}.md"))).collect()
}

/// A Markdown file with fenced blocks, some of them test cases.
#[derive(Debug)]
pub(crate) struct Page {
    /// The path below the package's folder.
    pub(crate) path: String,
    /// The whole text.
    pub(crate) text: String,
    /// Its fenced blocks, in the order of their lines.
    pub(crate) blocks: Vec<Block>,
    failures: Vec<String>,
    changes: Vec<(Range<usize>, String)>,
}

/// A fenced block.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Block {
    /// The line of the opening fence, from 1.
    pub(crate) line_number: usize,
    /// What stands behind the opening fence: `markdown bad`.
    pub(crate) tag: String,
    /// The lines between the fences, each with its ending.
    pub(crate) text: String,
    /// The bytes from the opening fence to behind the closing fence's line.
    span: Range<usize>,
}

impl Page {
    /// Reads a page.
    pub(crate) fn read(path: &str) -> Self {
        let text =
            std::fs::read_to_string(in_package(path)).unwrap_or_else(|error| panic!("cannot read {path}: {error}"));
        let blocks = blocks(&text);
        Self { path: path.to_owned(), text, blocks, failures: Vec::new(), changes: Vec::new() }
    }

    /// The file's name without `.md`.
    pub(crate) fn stem(&self) -> &str {
        Path::new(&self.path).file_stem().and_then(|stem| stem.to_str()).expect("a page has a name")
    }

    /// Notes a failure at a line, from 1.
    pub(crate) fn fail(&mut self, line_number: usize, what: impl std::fmt::Display) {
        self.failures.push(format!("{}:{line_number}\n{what}", self.path));
    }

    /// Compares a block with what it should say; when updating, makes it say so. `None`: there is or should be no such block.
    ///
    /// A block that is missing is put behind the block `after`.
    pub(crate) fn expect(&mut self, after: &Block, tag: &str, block: Option<&Block>, wanted: Option<&str>) {
        if block.map(|block| block.text.as_str()) == wanted {
            return;
        }
        if is_updating() {
            let fenced = wanted.map(|text| fenced(tag, text));
            let change = match (block, fenced) {
                (Some(block), Some(fenced)) => (block.span.clone(), fenced),
                (Some(block), None) => {
                    let blank = usize::from(self.text[..block.span.start].ends_with("\n\n"));
                    (block.span.start - blank..block.span.end, String::new())
                }
                (None, fenced) => (after.span.end..after.span.end, format!("\n{}", fenced.unwrap_or_default())),
            };
            self.changes.push(change);
            return;
        }
        let shown = |text: Option<&str>| text.map_or("    (no such block)\n".to_owned(), indented);
        let (stands, comes) = (shown(block.map(|block| block.text.as_str())), shown(wanted));
        let line_number = block.unwrap_or(after).line_number;
        self.fail(line_number, format_args!("  the block `{tag}` says\n{stands}  and it comes to\n{comes}"));
    }

    /// Writes the changes, if any, and gives the failures back.
    pub(crate) fn finish(mut self) -> Vec<String> {
        if !self.changes.is_empty() {
            self.changes.sort_by_key(|(span, _)| (span.start, span.end));
            for (span, replacement) in self.changes.iter().rev() {
                self.text.replace_range(span.clone(), replacement);
            }
            std::fs::write(in_package(&self.path), &self.text).expect("the page is writable");
        }
        self.failures
    }
}

/// Ends a test with all failures of its run, if there are any.
#[track_caller]
pub(crate) fn report(failures: &[String]) {
    assert!(
        failures.is_empty(),
        "{} failures; {UPDATE}=1 rewrites expectations\n\n{}",
        failures.len(),
        failures.join("\n\n")
    );
}

/// The fenced blocks of a text. A fence of more backticks holds shorter ones, as in `CommonMark`; none are indented or unclosed.
fn blocks(text: &str) -> Vec<Block> {
    let mut blocks = Vec::new();
    let mut open: Option<(usize, Block)> = None;
    let mut start = 0;
    for (line_index, line) in text.split_inclusive('\n').enumerate() {
        let end = start + line.len();
        let fence = line.bytes().take_while(|&byte| byte == b'`').count();
        let tag = line[fence..].trim();
        match &mut open {
            Some((len, block)) if fence >= *len && tag.is_empty() => {
                block.span.end = end;
                blocks.extend(open.take().map(|(_, block)| block));
            }
            Some((_, block)) => block.text.push_str(line),
            None if fence >= 3 => {
                let block =
                    Block { line_number: line_index + 1, tag: tag.to_owned(), text: String::new(), span: start..end };
                open = Some((fence, block));
            }
            None => {}
        }
        start = end;
    }
    blocks
}

fn fenced(tag: &str, text: &str) -> String {
    let runs = text.lines().map(|line| line.bytes().take_while(|&byte| byte == b'`').count());
    let fence = "`".repeat(runs.max().unwrap_or(0).max(2) + 1);
    format!("{fence}{tag}\n{text}{fence}\n")
}

fn indented(text: &str) -> String {
    if text.is_empty() {
        return "    (nothing)\n".to_owned();
    }
    text.lines().flat_map(|line| ["    ", line, "\n"]).collect()
}

#[test]
fn blocks_are_read_with_their_tags() {
    let text = "a\n```x y\nb\n```\n````\n```z\n```\n````\n";
    let read: Vec<_> = blocks(text).into_iter().map(|block| (block.line_number, block.tag, block.text)).collect();
    let expected = [(2, "x y", "b\n"), (5, "", "```z\n```\n")];
    assert_eq!(read, expected.map(|(line, tag, text)| (line, tag.to_owned(), text.to_owned())));
}

#[test]
fn a_block_that_holds_fences_gets_longer_ones() {
    assert_eq!(fenced("x", "a\n"), "```x\na\n```\n");
    assert_eq!(fenced("x", "```\n"), "````x\n```\n````\n");
}
