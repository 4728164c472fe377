//! Reads a unified diff, as git and `diff -u` write it, and takes what it did out of a text again.

use std::borrow::Cow;
use std::ops::Range;

use rustc_hash::FxHashMap;

/// The changes of a unified diff, file by file.
#[derive(Debug, Default)]
pub struct Patches<'d> {
    patches: Vec<Patch<'d>>,
}

/// What is wrong with a diff, and where.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Malformed {
    /// The line of the diff, from 1.
    pub line_number: usize,
    /// What is wrong there.
    pub cause: String,
}

/// What a text was before a diff.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Outcome {
    /// The same: the diff does not speak of it.
    Same,
    /// Another, perhaps empty.
    Before(String),
    /// The hunk at this line of the diff (from 1) is not found in the text.
    Misfit(usize),
    /// The diff says that the file changed, and not how.
    Hidden,
    /// The diff changes the file so often that taking it back would take too long.
    TooOften,
}

/// The changes of one file.
#[derive(Debug, Default)]
struct Patch<'d> {
    /// None where the file is new, or a copy.
    old_name: Option<Name>,
    /// None where the file was deleted.
    new_name: Option<Name>,
    hunks: Vec<Hunk<'d>>,
    /// Whether the diff calls the file binary.
    is_hidden: bool,
    /// Whether the file began as a copy of another, which stays.
    is_copy: bool,
    /// Whether the lines `---` and `+++` were read, so that hunks may follow.
    has_names: bool,
}

/// The path of a file as a diff writes it.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
struct Name {
    path: Vec<u8>,
    /// Whether the first folder is git's own (`a/`, `b/`), and part of no path.
    is_prefixed: bool,
}

/// Lines that changed, with lines around them.
#[derive(Debug)]
struct Hunk<'d> {
    line_number: usize,
    /// The line of the new text, from 1; where there is none, the line before.
    new_start: usize,
    /// The lines with their marks.
    body: &'d [u8],
}

impl Name {
    /// The paths that may be meant, the likelier one first.
    fn candidates(&self) -> impl Iterator<Item = &[u8]> {
        let whole = &self.path[..];
        let stripped = memchr::memchr(b'/', whole).map(|slash| &whole[slash + 1..]).filter(|rest| !rest.is_empty());
        let (first, second) = if self.is_prefixed { (stripped, Some(whole)) } else { (Some(whole), stripped) };
        first.into_iter().chain(second)
    }

    /// The path in the repository.
    fn key(&self) -> &[u8] {
        self.candidates().next().unwrap_or_default()
    }
}

impl<'d> Patches<'d> {
    /// Reads a diff; text around the changes, such as that of a mail, is passed over.
    ///
    /// # Errors
    ///
    /// The first line that no diff has, or that contradicts an earlier one.
    pub fn parse(diff: &'d [u8]) -> Result<Self, Malformed> {
        Reader { diff, at: 0, line_number: 0, patches: Vec::new() }.read()
    }

    /// Whether it changes nothing.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.patches.is_empty()
    }

    /// Sorts the changes by the text that they are of; `meant` tells which of so many texts a path of the diff means.
    ///
    /// Where the diff changes a file several times, as a series of mails does, all of it is of one text, whatever names it had.
    #[must_use]
    pub fn by_text(&self, count: usize, mut meant: impl FnMut(&[u8]) -> Meant) -> Vec<Series<'_>> {
        let mut of_text: Vec<Series<'_>> = (0..count).map(|_| Series::default()).collect();
        // Which text a path of the diff became: renamed files have another one in the patches before.
        let mut became: FxHashMap<&[u8], Option<usize>> = FxHashMap::default();
        for patch in self.patches.iter().rev() {
            let Some(new) = &patch.new_name else { continue };
            let mut find = || {
                let mut places = new.candidates().map(&mut meant);
                match places.find(|place| *place != Meant::Nothing) {
                    Some(Meant::Text(index)) => Some(index),
                    _ => None,
                }
            };
            let index = became.remove(new.key()).unwrap_or_else(&mut find);
            if let Some(index) = index {
                of_text[index].patches.push(patch);
            }
            // What had the path before the file was made is another file.
            became.insert(new.key(), None);
            if let Some(old) = &patch.old_name {
                became.insert(old.key(), index);
            }
        }
        of_text
    }
}

/// What a path of a diff means.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Meant {
    /// One of the texts, by its place.
    Text(usize),
    /// A file that is none of the texts.
    OtherFile,
    /// Nothing that there is.
    Nothing,
}

/// What a diff does to one text.
#[derive(Debug, Default)]
pub struct Series<'p> {
    /// The last first.
    patches: Vec<&'p Patch<'p>>,
}

/// Each patch goes through the whole text, which may grow on the way, so a hostile diff must not have as many as it likes: of a list of 1 MB,
/// two hundred and more are taken back.
const MOST_BYTES: usize = 1 << 28;

impl Series<'_> {
    /// Whether the diff does not speak of the text.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.patches.is_empty()
    }

    /// What the text was before the diff.
    #[must_use]
    pub fn undo(&self, text: &str) -> Outcome {
        if self.is_empty() {
            return Outcome::Same;
        }
        if self.patches.len() > 1 && self.patches.len().saturating_mul(text.len()) > MOST_BYTES {
            return Outcome::TooOften;
        }
        let mut text = Cow::Borrowed(text);
        let mut left = MOST_BYTES;
        for (index, patch) in self.patches.iter().enumerate() {
            match left.checked_sub(text.len() + patch.size()) {
                Some(rest) => left = rest,
                // A single patch may be as large as it likes.
                None if index == 0 => left = 0,
                None => return Outcome::TooOften,
            }
            if patch.old_name.is_none() {
                return Outcome::Before(String::new());
            }
            if patch.is_hidden {
                return Outcome::Hidden;
            }
            match patch.undo(&text) {
                Ok(before) => text = Cow::Owned(before),
                Err(line_number) => return Outcome::Misfit(line_number),
            }
        }
        Outcome::Before(text.into_owned())
    }
}

impl Patch<'_> {
    /// Whether `diff --git` was read, and nothing of what changed.
    fn is_begun(&self) -> bool {
        !self.has_names && !self.is_hidden
    }

    /// The bytes of what it changes.
    fn size(&self) -> usize {
        self.hunks.iter().map(|hunk| hunk.body.len()).sum()
    }

    /// The text before; or the line of the hunk that is not found in the text. Line endings do not count.
    fn undo(&self, text: &str) -> Result<String, usize> {
        let lines: Vec<&[u8]> = lines(text.as_bytes()).collect();
        let mut search = Search { lines: &lines, budget: 16 * (text.len() + 4096) };
        let mut old: Vec<&[u8]> = Vec::with_capacity(lines.len());
        let (mut done, mut shift) = (0, 0_isize);
        for hunk in &self.hunks {
            let new: Vec<&[u8]> = hunk.lines().filter(|(mark, _)| *mark != b'-').map(|(_, line)| line).collect();
            let stated = if new.is_empty() { hunk.new_start } else { hunk.new_start.saturating_sub(1) };
            let expected = stated.saturating_add_signed(shift).clamp(done, lines.len().max(done));
            let found = search.find(&new, done, expected).ok_or(hunk.line_number)?;
            shift = found.cast_signed() - stated.cast_signed();
            old.extend(&lines[done..found]);
            old.extend(hunk.lines().filter(|(mark, _)| *mark != b'+').map(|(_, line)| line));
            done = found + new.len();
        }
        old.extend(&lines[done..]);
        let mut before = old.join(&b'\n');
        before.push(b'\n');
        Ok(String::from_utf8_lossy(&before).into_owned())
    }
}

/// Finds the lines of hunks in a text, even if they stand elsewhere than the diff says.
struct Search<'t> {
    lines: &'t [&'t [u8]],
    /// How many bytes may yet be compared, so that no diff takes more time than its text is worth.
    budget: usize,
}

impl Search<'_> {
    /// Where the wanted lines stand: where they are expected, else at the next place below, else at the nearest above that is not before `from`.
    fn find(&mut self, wanted: &[&[u8]], from: usize, expected: usize) -> Option<usize> {
        let last = self.lines.len().checked_sub(wanted.len()).filter(|&last| from <= last)?;
        if self.fits(wanted, expected)? {
            return Some(expected);
        }
        for place in (expected + 1..=last).chain((from..expected.min(last + 1)).rev()) {
            if self.fits(wanted, place)? {
                return Some(place);
            }
        }
        None
    }

    /// Whether the wanted lines stand at a place; none where looking at it goes on for too long.
    fn fits(&mut self, wanted: &[&[u8]], place: usize) -> Option<bool> {
        let Some(lines) = self.lines.get(place..place + wanted.len()) else { return Some(false) };
        let equal = lines.iter().zip(wanted).take_while(|(line, wanted)| line == wanted);
        let (count, bytes) = equal.fold((0, 1), |(count, bytes), (line, _)| (count + 1, bytes + line.len() + 1));
        // Where they fit, the bytes are paid for by the hunk itself.
        if count == wanted.len() {
            return Some(true);
        }
        self.budget = self.budget.checked_sub(bytes)?;
        Some(false)
    }
}

impl<'d> Hunk<'d> {
    /// The lines, each with its mark: ` `, `-` or `+`.
    fn lines(&self) -> impl Iterator<Item = (u8, &'d [u8])> {
        // Some tools strip the blank of an empty line.
        let line = |line: &'d [u8]| line.split_first().map_or((b' ', line), |(&mark, rest)| (mark, rest));
        lines(self.body).map(line).filter(|(mark, _)| *mark != b'\\')
    }
}

/// The lines of a text without their endings.
fn lines(text: &[u8]) -> impl Iterator<Item = &[u8]> {
    let is_empty = text.is_empty();
    let text = text.strip_suffix(b"\n").unwrap_or(text);
    text.split(|&byte| byte == b'\n').map(without_return).filter(move |_| !is_empty)
}

fn without_return(line: &[u8]) -> &[u8] {
    let end = line.iter().rposition(|&byte| byte != b'\r').map_or(0, |last| last + 1);
    &line[..end]
}

/// Goes through a diff line by line.
struct Reader<'d> {
    diff: &'d [u8],
    /// Where the next line begins.
    at: usize,
    /// The number of the line read last, from 1.
    line_number: usize,
    patches: Vec<Patch<'d>>,
}

impl<'d> Reader<'d> {
    fn read(mut self) -> Result<Patches<'d>, Malformed> {
        let mut ends_hunk = false;
        while let Some(line) = self.next() {
            let was_hunk = std::mem::take(&mut ends_hunk);
            if let Some(rest) = line.strip_prefix(b"diff --git ") {
                let (old_name, new_name) = git_names(rest);
                self.patches.push(Patch { old_name, new_name, ..Patch::default() });
            } else if line.starts_with(b"diff --cc ")
                || line.starts_with(b"diff --combined ")
                || line.starts_with(b"@@@ ")
            {
                return Err(self.malformed("a diff against several parents; make one against a single commit"));
            } else if line.starts_with(b"--- ") && self.peek().is_some_and(|next| next.starts_with(b"+++ ")) {
                self.names(line)?;
            } else if line.starts_with(b"@@ ") {
                self.hunk(line)?;
                ends_hunk = true;
            } else if was_hunk && matches!(line.first(), Some(b'+' | b'-')) && line != b"--" && line != b"-- " {
                return Err(self.malformed("the hunk above has more lines than it says"));
            } else if let Some(patch) = self.patches.last_mut().filter(|patch| patch.is_begun()) {
                extended_header(patch, line).map_err(|cause| self.malformed(cause))?;
            } else {
                self.patches.extend(binary(line).or_else(|| only_in(line)));
            }
        }
        if self.patches.is_empty() && !self.diff.trim_ascii().is_empty() {
            return Err(Malformed { line_number: 1, cause: "this is no unified diff".to_owned() });
        }
        Ok(Patches { patches: self.patches })
    }

    fn malformed(&self, cause: impl Into<String>) -> Malformed {
        Malformed { line_number: self.line_number, cause: cause.into() }
    }

    fn range_of_next(&self) -> Option<Range<usize>> {
        let rest = self.diff.get(self.at..).filter(|rest| !rest.is_empty())?;
        Some(self.at..self.at + memchr::memchr(b'\n', rest).map_or(rest.len(), |end| end + 1))
    }

    fn peek(&self) -> Option<&'d [u8]> {
        let line = &self.diff[self.range_of_next()?];
        Some(without_return(line.strip_suffix(b"\n").unwrap_or(line)))
    }

    fn next(&mut self) -> Option<&'d [u8]> {
        let line = self.peek()?;
        self.at = self.range_of_next()?.end;
        self.line_number += 1;
        Some(line)
    }

    /// The lines `---` and `+++`.
    fn names(&mut self, line: &[u8]) -> Result<(), Malformed> {
        let old = name(&line[4..]).map_err(|cause| self.malformed(cause))?;
        let line = self.next().unwrap_or_default();
        let new = name(&line[4..]).map_err(|cause| self.malformed(cause))?;
        if self.patches.last().is_none_or(|patch| patch.has_names || patch.is_hidden) {
            self.patches.push(Patch::default());
        }
        let Some(patch) = self.patches.last_mut() else { return Ok(()) };
        let is_prefixed = are_prefixed(old.as_deref(), new.as_deref());
        let name = |path: Option<Vec<u8>>| path.map(|path| Name { path, is_prefixed });
        patch.old_name = name(old).filter(|_| !patch.is_copy);
        patch.new_name = name(new);
        patch.has_names = true;
        Ok(())
    }

    /// A hunk: its header, which was read, and its lines.
    fn hunk(&mut self, header: &[u8]) -> Result<(), Malformed> {
        let line_number = self.line_number;
        let Some((mut old, (new_start, mut new))) = counts(header) else {
            return Err(self.malformed("a hunk begins with `@@ -1,2 +3,4 @@`"));
        };
        if self.patches.last().is_none_or(|patch| !patch.has_names) {
            return Err(self.malformed("a hunk stands below the names of its file, `---` and `+++`"));
        }
        let start = self.at;
        while old > 0 || new > 0 {
            let Some(line) = self.next() else {
                return Err(self.malformed(format!("the diff ends within the hunk of line {line_number}")));
            };
            let (takes_old, takes_new) = match line.first() {
                Some(b' ') | None => (1, 1),
                Some(b'-') => (1, 0),
                Some(b'+') => (0, 1),
                Some(b'\\') => (0, 0),
                Some(_) => return Err(self.malformed("a line of a hunk begins with a blank, `+` or `-`")),
            };
            let left = old.checked_sub(takes_old).zip(new.checked_sub(takes_new));
            let message = || format!("the hunk of line {line_number} has other numbers of lines than it says");
            (old, new) = left.ok_or_else(|| self.malformed(message()))?;
        }
        let body = &self.diff[start..self.at];
        if self.peek().is_some_and(|line| line.starts_with(b"\\")) {
            self.next();
        }
        if let Some(patch) = self.patches.last_mut() {
            patch.hunks.push(Hunk { line_number, new_start, body });
        }
        Ok(())
    }
}

/// The number of old lines, and the first of the new ones and their number: `@@ -12,3 +14 @@ …`.
fn counts(header: &[u8]) -> Option<(usize, (usize, usize))> {
    let header = std::str::from_utf8(header.get(..header.len().min(100))?).ok().or_else(|| {
        // Only the numbers have to be text.
        let end = memchr::memmem::find(header, b" @@")?;
        std::str::from_utf8(&header[..end + 3]).ok()
    })?;
    let (ranges, _) = header.strip_prefix("@@ -")?.split_once(" @@")?;
    let (old, new) = ranges.split_once(" +")?;
    let range = |text: &str| -> Option<(usize, usize)> {
        let (start, count) = text.split_once(',').unwrap_or((text, "1"));
        // A line number that is not below this is none of a file that anybody reads.
        let number = |text: &str| text.parse::<u32>().ok().map(|number| number as usize);
        Some((number(start)?, number(count)?))
    };
    Some((range(old)?.1, range(new)?))
}

/// What git says of a file between `diff --git` and `---`.
fn extended_header(patch: &mut Patch<'_>, line: &[u8]) -> Result<(), &'static str> {
    let plain = |text: &[u8]| name(text).map(|path| path.map(|path| Name { path, is_prefixed: false }));
    if let Some(text) = line.strip_prefix(b"rename from ") {
        patch.old_name = plain(text)?;
    } else if let Some(text) = line.strip_prefix(b"rename to ").or_else(|| line.strip_prefix(b"copy to ")) {
        patch.new_name = plain(text)?;
    } else if line.starts_with(b"new file mode ") || line.starts_with(b"copy from ") {
        patch.is_copy = line.starts_with(b"copy");
        patch.old_name = None;
    } else if line.starts_with(b"deleted file mode ") {
        patch.new_name = None;
    } else if line.starts_with(b"Binary files ") || line == b"GIT binary patch" {
        patch.is_hidden = true;
    }
    Ok(())
}

/// The names behind `diff --git`, where both are one: without quotes, nothing tells where the first ends.
fn git_names(text: &[u8]) -> (Option<Name>, Option<Name>) {
    let pair = if text.starts_with(b"\"") {
        unquoted(text).ok().and_then(|(old, rest)| Some((old, name(rest.strip_prefix(b" ")?).ok()??)))
    } else {
        let middle = text.len() / 2;
        let (old, rest) = text.split_at(middle);
        rest.strip_prefix(b" ").map(|new| (old.to_vec(), new.to_vec()))
    };
    let Some((old, new)) = pair else { return (None, None) };
    let is_prefixed = are_prefixed(Some(&old), Some(&new));
    let name = |path| Some(Name { path, is_prefixed });
    (name(old), name(new))
}

/// `Binary files old/list.md and new/list.md differ`
fn binary(line: &[u8]) -> Option<Patch<'static>> {
    let names = line.strip_prefix(b"Binary files ")?.strip_suffix(b" differ")?;
    let at = memchr::memmem::rfind(names, b" and ")?;
    let path = |path: &[u8]| Some(Name { path: path.to_vec(), is_prefixed: false });
    let (old_name, new_name) = (path(&names[..at]), path(&names[at + 5..]));
    Some(Patch { old_name, new_name, is_hidden: true, ..Patch::default() })
}

/// `Only in new/docs: list.md`, as `diff -r` says of a file that one of two folders has. If it is there, it is new.
fn only_in(line: &[u8]) -> Option<Patch<'static>> {
    let place = line.strip_prefix(b"Only in ")?;
    let at = memchr::memmem::rfind(place, b": ")?;
    let path = [&place[..at], b"/", &place[at + 2..]].concat();
    Some(Patch { new_name: Some(Name { path, is_prefixed: false }), has_names: true, ..Patch::default() })
}

/// Whether two names of one file begin with folders that git puts before them: `a/` and `b/`, or letters that say where either comes from.
fn are_prefixed(old: Option<&[u8]>, new: Option<&[u8]>) -> bool {
    let letter = |path: &[u8]| match path {
        [letter @ (b'a' | b'b' | b'c' | b'i' | b'o' | b'w'), b'/', ..] => Some(*letter),
        _ => None,
    };
    match (old, new) {
        (Some(old), Some(new)) => letter(old).zip(letter(new)).is_some_and(|(old, new)| old != new),
        (Some(path), None) | (None, Some(path)) => letter(path).is_some(),
        (None, None) => false,
    }
}

/// The path of a `---` or `+++` line; none for a file that is not there. A time may stand behind a tab.
fn name(text: &[u8]) -> Result<Option<Vec<u8>>, &'static str> {
    let path = if text.starts_with(b"\"") {
        unquoted(text)?.0
    } else {
        text[..memchr::memchr(b'\t', text).unwrap_or(text.len())].to_vec()
    };
    if path.is_empty() {
        return Err("the name of a file is missing");
    }
    Ok(Some(path).filter(|path| path != b"/dev/null"))
}

/// A path in double quotes, as C writes strings, and what stands behind it.
fn unquoted(text: &[u8]) -> Result<(Vec<u8>, &[u8]), &'static str> {
    const BROKEN: &str = "the quoted name of a file is broken";
    let mut path = Vec::new();
    let mut rest = text.strip_prefix(b"\"").ok_or(BROKEN)?;
    loop {
        let (&byte, behind) = rest.split_first().ok_or(BROKEN)?;
        rest = behind;
        match byte {
            b'"' => return Ok((path, rest)),
            b'\\' => {
                let (&escape, behind) = rest.split_first().ok_or(BROKEN)?;
                rest = behind;
                path.push(match escape {
                    b'a' => 7,
                    b'b' => 8,
                    b't' => b'\t',
                    b'n' => b'\n',
                    b'v' => 11,
                    b'f' => 12,
                    b'r' => b'\r',
                    b'"' | b'\\' => escape,
                    b'0'..=b'3' => {
                        let (digits, behind) = rest.split_at_checked(2).ok_or(BROKEN)?;
                        rest = behind;
                        let digits = [escape, digits[0], digits[1]];
                        let digits = std::str::from_utf8(&digits).map_err(|_| BROKEN)?;
                        u8::from_str_radix(digits, 8).map_err(|_| BROKEN)?
                    }
                    _ => return Err(BROKEN),
                });
            }
            _ => path.push(byte),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The texts of these paths before a diff, the texts now being lines of their own.
    #[track_caller]
    fn undone(diff: &str, texts: &[(&str, &str)]) -> Vec<Outcome> {
        let patches = Patches::parse(diff.as_bytes()).expect("the diff is well-formed");
        let place = |path: &[u8]| {
            let index = texts.iter().position(|(name, _)| name.as_bytes() == path);
            index.map_or(Meant::Nothing, Meant::Text)
        };
        let series = patches.by_text(texts.len(), place);
        series.iter().zip(texts).map(|(series, (_, text))| series.undo(text)).collect()
    }

    #[track_caller]
    fn check(diff: &str, texts: &[(&str, &str)], expected: &[&str]) {
        let expected: Vec<Outcome> = expected.iter().map(|text| Outcome::Before((*text).to_owned())).collect();
        assert_eq!(undone(diff, texts), expected);
    }

    #[test]
    fn every_form_of_name_is_understood() {
        let hunk = "@@ -1 +1 @@\n-old\n+new\n";
        for names in [
            "diff --git a/docs/list.md b/docs/list.md\nindex 1..2 100644\n--- a/docs/list.md\n+++ b/docs/list.md\n",
            "diff --git docs/list.md docs/list.md\n--- docs/list.md\n+++ docs/list.md\n",
            "diff --git i/docs/list.md w/docs/list.md\n--- i/docs/list.md\n+++ w/docs/list.md\n",
            "diff -u old/docs/list.md new/docs/list.md\n--- old/docs/list.md\t2024-01-01 10:00\n+++ new/docs/list.md\t2024-01-01 10:00\n",
            "--- docs/list.md.orig\n+++ docs/list.md\n",
            "From 12 Mon\nSubject: [PATCH]\n\n---\n docs/list.md | 2 +-\n\n--- a/docs/list.md\r\n+++ b/docs/list.md\r\n",
            "rubbish\n--- \"a/docs/li\\163t.md\"\n+++ \"b/docs/li\\163t.md\"\n",
        ] {
            check(&format!("{names}{hunk}"), &[("docs/list.md", "new\n")], &["old\n"]);
        }
        let diff = format!("--- \"a/a \\\"b\\n\\303\\251.md\"\n+++ \"b/a \\\"b\\n\\303\\251.md\"\n{hunk}");
        check(&diff, &[("a \"b\n\u{e9}.md", "new\n")], &["old\n"]);
        check(&format!("--- a/a b.md\t\n+++ b/a b.md\t\n{hunk}"), &[("a b.md", "new\n")], &["old\n"]);
    }

    #[test]
    fn files_are_told_apart() {
        let diff = "--- a/x.md\n+++ b/x.md\n@@ -1,2 +1 @@\n a\n-b\n--- a/y.md\n+++ b/y.md\n@@ -0,0 +1 @@\n+c\n\\ No newline at end of file\n";
        check(diff, &[("y.md", "c"), ("x.md", "a\n")], &["\n", "a\nb\n"]);
        assert_eq!(undone(diff, &[("z.md", "a\n")]), [Outcome::Same]);
        // A line that looks like a name is counted as the line that it is.
        check(
            "--- a/x\n+++ b/x\n@@ -1,2 +1,2 @@\n--- a/y\n-z\n+++ b/y\n+z\n",
            &[("x", "++ b/y\nz\n")],
            &["-- a/y\nz\n"],
        );
    }

    #[test]
    fn new_renamed_copied_and_hidden_files_are_known() {
        let new = "diff --git a/n.md b/n.md\nnew file mode 100644\n--- /dev/null\n+++ b/n.md\n@@ -0,0 +1 @@\n+a\n";
        check(new, &[("n.md", "a\n")], &[""]);
        let renamed = "diff --git a/o.md b/n.md\nsimilarity index 90%\nrename from o.md\nrename to n.md\n";
        check(&format!("{renamed}--- a/o.md\n+++ b/n.md\n@@ -1 +1 @@\n-a\n+b\n"), &[("n.md", "b\n")], &["a\n"]);
        check(renamed, &[("n.md", "b\n")], &["b\n"]);
        let copied = "diff --git a/o.md b/n.md\nsimilarity index 90%\ncopy from o.md\ncopy to n.md\n";
        check(&format!("{copied}--- a/o.md\n+++ b/n.md\n@@ -1 +1 @@\n-a\n+b\n"), &[("n.md", "b\n")], &[""]);
        let binary = "diff --git a/n.md b/n.md\nindex 1..2 100644\nBinary files a/n.md and b/n.md differ\n";
        assert_eq!(undone(binary, &[("n.md", "b\n")]), [Outcome::Hidden]);
        let binaries = "Binary files old/m.md and new/m.md differ\nBinary files old/n.md and new/n.md differ\n";
        assert_eq!(undone(binaries, &[("n.md", "b\n"), ("m.md", "")]), [Outcome::Hidden, Outcome::Hidden]);
        check("Only in new: n.md\n", &[("n.md", "b\n")], &[""]);
    }

    #[test]
    fn a_series_is_taken_back_from_its_end() {
        let hunk = |old: &str, new: &str| format!("@@ -1 +1 @@\n-{old}\n+{new}\n");
        let first = format!("--- a/o.md\n+++ b/o.md\n{}", hunk("a", "b"));
        let renamed = "diff --git a/o.md b/n.md\nrename from o.md\nrename to n.md\n-- \n2.47\n";
        let last = format!("diff --git a/n.md b/n.md\n--- a/n.md\n+++ b/n.md\n{}", hunk("b", "c"));
        check(&format!("{first}-- \n2.47\n\n{renamed}{last}"), &[("n.md", "c\n")], &["a\n"]);
        // What has the old name now is another file.
        let outcome = undone(&format!("{first}{renamed}"), &[("n.md", "b\n"), ("o.md", "b\n")]);
        assert_eq!(outcome, [Outcome::Before("a\n".to_owned()), Outcome::Same]);
    }

    #[test]
    fn hunks_are_found_where_lines_moved() {
        let diff = "--- a/x\n+++ b/x\n@@ -2,3 +2,4 @@\n b\n+new\n c\n d\n@@ -8,1 +8,0 @@\n-gone\n";
        check(diff, &[("x", "a\nb\nnew\nc\nd\ne\nf\ng\nh\n")], &["a\nb\nc\nd\ne\nf\ng\ngone\nh\n"]);
        check(diff, &[("x", "0\n1\na\nb\nnew\nc\nd\ne\nf\ng\nh\n")], &["0\n1\na\nb\nc\nd\ne\nf\ng\ngone\nh\n"]);
        assert_eq!(undone(diff, &[("x", "a\nb\nc\nd\n")]), [Outcome::Misfit(3)]);
        // Line endings are no difference, and editors strip the blank of an empty line.
        let crlf = "--- a/x\r\n+++ b/x\r\n@@ -1,3 +1,3 @@\r\n a\r\n\r\n-b\r\n+c\r\n";
        check(crlf, &[("x", "a\n\nc\n")], &["a\n\nb\n"]);
        check("--- a/x\n+++ b/x\n@@ -1,3 +1,3 @@\n a\n\n-b\n+c\n", &[("x", "a\r\n\r\nc\r\n")], &["a\n\nb\n"]);
        // A text of one empty line has a line.
        check("--- a/x\n+++ b/x\n@@ -1 +1,1 @@\n-a\n+\n", &[("x", "\n")], &["a\n"]);
    }

    #[track_caller]
    fn check_malformed(diff: &str, line_number: usize, cause: &str) {
        let error = Patches::parse(diff.as_bytes()).expect_err("the diff is malformed");
        assert_eq!(error, Malformed { line_number, cause: cause.to_owned() });
    }

    #[test]
    fn what_is_no_diff_is_refused_with_the_place() {
        assert!(Patches::parse(b"").expect("no change is a change").is_empty());
        let names = "--- a/x\n+++ b/x\n";
        check_malformed("Not Found\n", 1, "this is no unified diff");
        check_malformed("@@ -1 +1 @@\n-a\n+b\n", 1, "a hunk stands below the names of its file, `---` and `+++`");
        check_malformed(&format!("{names}@@ -1 1 @@\n"), 3, "a hunk begins with `@@ -1,2 +3,4 @@`");
        check_malformed(&format!("{names}@@ -1,99999999999 +1 @@\n"), 3, "a hunk begins with `@@ -1,2 +3,4 @@`");
        check_malformed(&format!("{names}@@ -1,2 +1 @@\n a\n"), 4, "the diff ends within the hunk of line 3");
        check_malformed(
            &format!("{names}@@ -1,2 +1 @@\n a\nb\n"),
            5,
            "a line of a hunk begins with a blank, `+` or `-`",
        );
        check_malformed(
            &format!("{names}@@ -1 +1,2 @@\n-a\n-b\n"),
            5,
            "the hunk of line 3 has other numbers of lines than it says",
        );
        check_malformed(&format!("{names}@@ -1 +1 @@\n-a\n+b\n+c\n"), 6, "the hunk above has more lines than it says");
        check_malformed("--- \"a/x\n+++ b/x\n", 1, "the quoted name of a file is broken");
        check_malformed("--- \"a/\\400\"\n+++ b/x\n", 1, "the quoted name of a file is broken");
        check_malformed("--- a/x\n+++ \n", 2, "the name of a file is missing");
        check_malformed("diff --cc x\n", 1, "a diff against several parents; make one against a single commit");
    }
}
