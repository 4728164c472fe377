//! Unified diffs: one that `git apply` and `patch` take, one for the eyes.

use std::fmt::Write as _;
use std::ops::Range;

use crate::report::safe::Safe;
use anstyle::{AnsiColor, Style};
use similar::{Algorithm, DiffOp, DiffTag, capture_diff_slices, group_diff_ops};

/// Lines without change around each change.
const CONTEXT_LINES: usize = 3;

/// What turns `old` into `new`, as a unified diff that `git apply` and `patch -p1` take; empty where nothing changes.
#[must_use]
pub fn unified(path: &str, old: &str, new: &str) -> String {
    let mut diff = String::new();
    let lines = Lines::of(old, new);
    for (index, hunk) in lines.hunks().iter().enumerate() {
        if index == 0 {
            let (before, after) = (quoted("a/", path), quoted("b/", path));
            let _ = write!(diff, "--- {before}\n+++ {after}\n");
        }
        let _ = writeln!(diff, "{}", header(hunk));
        for (sign, line) in hunk.iter().flat_map(|op| lines.of_change(op)) {
            diff.push(sign.character());
            diff.push_str(line.text);
            if !line.text.ends_with('\n') {
                diff.push_str(NO_NEWLINE);
            }
        }
    }
    diff
}

/// What turns `old` into `new`, with colours for a terminal: the changed words of a changed line stand out. Empty where nothing changes.
#[must_use]
pub fn colored(path: &str, old: &str, new: &str) -> String {
    let mut diff = String::new();
    let lines = Lines::of(old, new);
    for (index, hunk) in lines.hunks().iter().enumerate() {
        if index == 0 {
            paint(&mut diff, HEADING, &format!("--- a/{}", Safe::new(path)));
            paint(&mut diff, HEADING, &format!("+++ b/{}", Safe::new(path)));
        }
        paint(&mut diff, PLACE, &header(hunk));
        for op in hunk {
            let words = lines.changed_words(op);
            for (sign, line) in lines.of_change(op) {
                let changed = match sign {
                    Sign::Context => &[][..],
                    Sign::Removed => words.get(line.index - op.old_range().start).map_or(&[][..], |[old, _]| old),
                    Sign::Added => words.get(line.index - op.new_range().start).map_or(&[][..], |[_, new]| new),
                };
                paint_line(&mut diff, sign, line.text, changed);
            }
        }
    }
    diff
}

const NO_NEWLINE: &str = "\n\\ No newline at end of file\n";
const HEADING: Style = Style::new().bold();
const PLACE: Style = AnsiColor::Cyan.on_default();
const REMOVED: Style = AnsiColor::Red.on_default();
const ADDED: Style = AnsiColor::Green.on_default();

/// What became of a line.
#[derive(Clone, Copy)]
enum Sign {
    Context,
    Removed,
    Added,
}

impl Sign {
    fn character(self) -> char {
        match self {
            Self::Context => ' ',
            Self::Removed => '-',
            Self::Added => '+',
        }
    }

    fn style(self) -> Style {
        match self {
            Self::Context => Style::new(),
            Self::Removed => REMOVED,
            Self::Added => ADDED,
        }
    }
}

#[derive(Clone, Copy)]
struct Line<'t> {
    text: &'t str,
    index: usize,
}

struct Lines<'t> {
    old: Vec<&'t str>,
    new: Vec<&'t str>,
}

impl<'t> Lines<'t> {
    /// Diffs know one line ending, LF: a CR is a part of its line.
    fn of(old: &'t str, new: &'t str) -> Self {
        Self { old: old.split_inclusive('\n').collect(), new: new.split_inclusive('\n').collect() }
    }

    fn hunks(&self) -> Vec<Vec<DiffOp>> {
        // Lines that only one side has are set apart before the search, so that a text whose every line changed takes linear time.
        group_diff_ops(capture_diff_slices(Algorithm::Myers, &self.old, &self.new), CONTEXT_LINES)
    }

    fn of_change(&self, op: &DiffOp) -> impl Iterator<Item = (Sign, Line<'t>)> {
        let (first, then) = match op.tag() {
            DiffTag::Equal => (Sign::Context, None),
            _ => (Sign::Removed, Some(Sign::Added)),
        };
        let old = op.old_range().map(move |index| (first, Line { text: self.old[index], index }));
        let new = then
            .into_iter()
            .flat_map(move |sign| op.new_range().map(move |index| (sign, Line { text: self.new[index], index })));
        old.chain(new)
    }

    /// For each pair of lines in a change of as many lines, the changed parts of the old one and of the new one.
    fn changed_words(&self, op: &DiffOp) -> Vec<[Vec<Range<usize>>; 2]> {
        if op.tag() != DiffTag::Replace || op.old_range().len() != op.new_range().len() {
            return Vec::new();
        }
        let pairs = self.old[op.old_range()].iter().zip(&self.new[op.new_range()]);
        pairs.map(|(old, new)| changed_words(old, new)).collect()
    }
}

fn changed_words(old: &str, new: &str) -> [Vec<Range<usize>>; 2] {
    let (old_words, new_words) = (words(old), words(new));
    let (mut in_old, mut in_new) = (Vec::new(), Vec::new());
    let (mut old_at, mut new_at) = (0, 0);
    for op in capture_diff_slices(Algorithm::Myers, &old_words, &new_words) {
        let len = |words: &[&str]| words.iter().map(|word| word.len()).sum::<usize>();
        let old_end = old_at + len(&old_words[op.old_range()]);
        let new_end = new_at + len(&new_words[op.new_range()]);
        if op.tag() != DiffTag::Equal {
            in_old.push(old_at..old_end);
            in_new.push(new_at..new_end);
        }
        (old_at, new_at) = (old_end, new_end);
    }
    [in_old, in_new]
}

/// Runs of letters and digits, runs of one other character: what changes as one.
fn words(line: &str) -> Vec<&str> {
    let mut words = Vec::new();
    let mut start = 0;
    let mut previous = None;
    for (at, character) in line.char_indices() {
        let goes_on = previous.is_some_and(|previous: char| {
            previous == character || previous.is_alphanumeric() && character.is_alphanumeric()
        });
        if !goes_on && at > 0 {
            words.push(&line[start..at]);
            start = at;
        }
        previous = Some(character);
    }
    if start < line.len() {
        words.push(&line[start..]);
    }
    words
}

fn header(hunk: &[DiffOp]) -> String {
    let range = |ranges: &mut dyn Iterator<Item = Range<usize>>| {
        let whole = ranges.reduce(|whole, range| whole.start.min(range.start)..whole.end.max(range.end));
        match whole.unwrap_or_default() {
            // An empty range stands behind the line before it.
            range if range.is_empty() => format!("{},0", range.start),
            range if range.len() == 1 => format!("{}", range.start + 1),
            range => format!("{},{}", range.start + 1, range.len()),
        }
    };
    let old = range(&mut hunk.iter().map(DiffOp::old_range));
    let new = range(&mut hunk.iter().map(DiffOp::new_range));
    format!("@@ -{old} +{new} @@")
}

/// A path as git writes it: in quotes, with escapes, where it has more than plain ASCII; before a tab where it has blanks.
fn quoted(side: &str, path: &str) -> String {
    let is_plain = |byte: u8| (b' '..=b'~').contains(&byte) && !matches!(byte, b'"' | b'\\');
    if path.bytes().all(is_plain) {
        return format!("{side}{path}{}", if path.contains(' ') { "\t" } else { "" });
    }
    let mut quoted = format!("\"{side}");
    for byte in path.bytes() {
        match byte {
            b'"' | b'\\' => quoted.extend(['\\', char::from(byte)]),
            b'\n' => quoted.push_str("\\n"),
            b'\t' => quoted.push_str("\\t"),
            b'\r' => quoted.push_str("\\r"),
            _ if is_plain(byte) => quoted.push(char::from(byte)),
            _ => {
                let _ = write!(quoted, "\\{byte:03o}");
            }
        }
    }
    quoted.push('"');
    quoted
}

fn paint(diff: &mut String, style: Style, text: &str) {
    let _ = writeln!(diff, "{style}{text}{style:#}");
}

/// `changed` are parts of the line, in order.
fn paint_line(diff: &mut String, sign: Sign, line: &str, changed: &[Range<usize>]) {
    let style = sign.style();
    let text = line.strip_suffix('\n').unwrap_or(line);
    let text = text.strip_suffix('\r').unwrap_or(text);
    let _ = write!(diff, "{style}{}", sign.character());
    let mut at = 0;
    for range in changed {
        let (start, end) = (range.start.min(text.len()), range.end.min(text.len()));
        let marked = style.invert();
        diff.push_str(Safe::new(&text[at..start]).as_str());
        if start < end {
            let _ = write!(diff, "{style:#}{marked}{}{marked:#}{style}", Safe::new(&text[start..end]));
        }
        at = end;
    }
    let _ = writeln!(diff, "{}{style:#}", Safe::new(&text[at..]));
    if !line.ends_with('\n') {
        diff.push_str(&NO_NEWLINE[1..]);
    }
}
