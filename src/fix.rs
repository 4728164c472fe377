//! Edits, fixes made of edits, and applying fixes that do not clash.

use std::borrow::Cow;

use crate::source::Span;

/// One replacement of bytes by text.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Edit {
    /// What is replaced; empty for an insertion.
    pub span: Span,
    /// What stands there afterwards; empty for a deletion.
    pub replacement: String,
}

impl Edit {
    /// Puts text in at a byte offset.
    #[must_use]
    pub fn insert(at: usize, text: impl Into<String>) -> Self {
        Self { span: Span::empty(at), replacement: text.into() }
    }

    /// Takes a span out.
    #[must_use]
    pub fn delete(span: Span) -> Self {
        Self { span, replacement: String::new() }
    }

    /// Puts text in the place of a span.
    #[must_use]
    pub fn replace(span: Span, with: impl Into<String>) -> Self {
        Self { span, replacement: with.into() }
    }

    /// The same edit of a part of the text that begins at a byte offset.
    #[must_use]
    pub fn relative_to(&self, base: usize) -> Self {
        let span = Span::new(self.span.start().saturating_sub(base), self.span.end().saturating_sub(base));
        Self { span, replacement: self.replacement.clone() }
    }
}

/// How sure it is that a fix is what the author meant; least sure first, so that "may be applied" is `>=`.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Applicability {
    /// A hint for a person; never applied.
    DisplayOnly,
    /// Changes what readers see, or guesses.
    Unsafe,
    /// Can only be what the author meant; no visible text changes or vanishes.
    Safe,
}

impl Applicability {
    /// The word that users read: `safe`, `unsafe`, `display-only`.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Safe => "safe",
            Self::Unsafe => "unsafe",
            Self::DisplayOnly => "display-only",
        }
    }
}

/// Edits that mend one finding together.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Fix {
    /// What the fix does, completing "apply this to …".
    pub title: Cow<'static, str>,
    /// How sure it is that this is meant.
    pub applicability: Applicability,
    /// Invariant: not empty, sorted by place, no two touching.
    edits: Vec<Edit>,
}

impl Fix {
    /// A fix that can only be what the author meant.
    #[must_use]
    pub fn safe(title: impl Into<Cow<'static, str>>, edits: impl Into<Vec<Edit>>) -> Self {
        Self::new(Applicability::Safe, title, edits)
    }

    /// A fix that changes what readers see, or guesses.
    #[must_use]
    pub fn uncertain(title: impl Into<Cow<'static, str>>, edits: impl Into<Vec<Edit>>) -> Self {
        Self::new(Applicability::Unsafe, title, edits)
    }

    /// A fix of the given applicability. Edits that touch are joined into one; there is at least one edit.
    #[must_use]
    pub fn new(applicability: Applicability, title: impl Into<Cow<'static, str>>, edits: impl Into<Vec<Edit>>) -> Self {
        let mut edits = edits.into();
        debug_assert!(!edits.is_empty(), "a fix changes something");
        edits.sort_by_key(|edit| (edit.span.start(), edit.span.end()));
        edits.dedup_by(|later, earlier| {
            let touching = later.span.start() <= earlier.span.end();
            if touching {
                debug_assert!(later.span.start() == earlier.span.end(), "the edits of a fix do not overlap");
                earlier.span = earlier.span.to(later.span);
                earlier.replacement.push_str(&later.replacement);
            }
            touching
        });
        Self { title: title.into(), applicability, edits }
    }

    /// The edits, sorted by place, no two touching.
    #[must_use]
    pub fn edits(&self) -> &[Edit] {
        &self.edits
    }
}

/// What came of applying fixes to a text.
#[derive(Debug)]
pub struct Applied {
    /// The new text.
    pub text: String,
    /// The places, among the fixes given, of those that were applied.
    pub applied: Vec<usize>,
    /// How many had to wait, since they touch an applied one.
    pub skipped: usize,
    /// What was put in, in the new text and in the order of place; empty spans where something was only taken out.
    pub touched: Vec<Span>,
}

/// Applies fixes, each as a whole or not at all.
///
/// A fix with an edit that touches an edit of an accepted fix is skipped, to be found again on the next pass; lines that several put in at one place,
/// and lines below each other that several take out, do not touch. Earlier fixes go first; of two that start together, the one given first.
#[must_use]
pub fn apply<'f>(text: &str, fixes: impl IntoIterator<Item = &'f Fix>) -> Applied {
    let mut fixes: Vec<(usize, &Fix)> = fixes.into_iter().enumerate().collect();
    fixes.sort_by_key(|(_, fix)| fix.edits.first().map_or(0, |edit| edit.span.start()));
    // By where an edit starts, and how many were accepted before it.
    let mut accepted: std::collections::BTreeMap<(usize, usize), &Edit> = std::collections::BTreeMap::new();
    let (mut applied, mut skipped) = (Vec::new(), 0);
    for (place, fix) in fixes {
        let clashes = fix.edits.iter().any(|edit| {
            let before = accepted.range(..=(edit.span.end(), usize::MAX)).rev().map(|(_, other)| *other);
            let mut touching = before.take_while(|other| other.span.touches(edit.span));
            match touching.next() {
                None => false,
                // Beside lines that were put in at one place, there is nothing else.
                Some(other) if are_lines_apart(other, edit) => false,
                Some(other) => {
                    !are_lines_taken(text, other, edit) || touching.any(|it| !are_lines_taken(text, it, edit))
                }
            }
        });
        if clashes {
            skipped += 1;
        } else {
            for edit in &fix.edits {
                accepted.insert((edit.span.start(), accepted.len()), edit);
            }
            applied.push(place);
        }
    }
    applied.sort_unstable();
    let mut removed = 0;
    let mut added = 0;
    let touched = accepted.values().map(|edit| {
        let start = edit.span.start() + added - removed;
        removed += edit.span.len();
        added += edit.replacement.len();
        Span::new(start, start + edit.replacement.len())
    });
    let touched = touched.collect();
    Applied { text: splice(text, accepted.into_values()), applied, skipped, touched }
}

/// Whether two edits put lines in at one place, with their endings on the same side, so that they can stand below each other.
fn are_lines_apart(a: &Edit, b: &Edit) -> bool {
    let side = begins_with_ending(a);
    a.span == b.span && side.is_some() && side == begins_with_ending(b)
}

/// Whether two edits take out whole lines, those of one below those of the other.
fn are_lines_taken(text: &str, a: &Edit, b: &Edit) -> bool {
    let is_line = |edit: &Edit| {
        let is_ended = |at: usize| at == 0 || matches!(text.as_bytes().get(at - 1), Some(b'\n' | b'\r'));
        edit.replacement.is_empty() && !edit.span.is_empty() && is_ended(edit.span.start()) && is_ended(edit.span.end())
    };
    let is_beside = a.span.end() == b.span.start() || b.span.end() == a.span.start();
    is_beside && is_line(a) && is_line(b)
}

/// Of an edit that puts a line in: whether the line's ending stands before it. A blank line parts what stands on its sides, and counts as none.
fn begins_with_ending(edit: &Edit) -> Option<bool> {
    let is_ending = |char: char| matches!(char, '\n' | '\r');
    let (begins, ends) = (edit.replacement.starts_with(is_ending), edit.replacement.ends_with(is_ending));
    (edit.span.is_empty() && begins != ends && !edit.replacement.trim().is_empty()).then_some(begins)
}

/// The text with edits carried out; they are sorted by place and none overlap.
#[must_use]
pub fn splice<'e>(text: &str, edits: impl IntoIterator<Item = &'e Edit>) -> String {
    let mut new = String::with_capacity(text.len());
    let mut at = 0;
    for edit in edits {
        new.push_str(text.get(at..edit.span.start()).unwrap_or_default());
        new.push_str(&edit.replacement);
        at = edit.span.end();
    }
    new.push_str(text.get(at..).unwrap_or_default());
    new
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fix(edits: &[(usize, usize, &str)]) -> Fix {
        Fix::safe(
            "mend",
            edits.iter().map(|&(start, end, text)| Edit::replace(Span::new(start, end), text)).collect::<Vec<_>>(),
        )
    }

    #[track_caller]
    fn check(fixes: &[Fix], expected: &str, skipped: usize) {
        let applied = apply("abcdef", fixes);
        assert_eq!((applied.text.as_str(), applied.skipped), (expected, skipped));
    }

    #[test]
    fn fixes_apart_are_all_applied() {
        check(&[fix(&[(4, 5, "E")]), fix(&[(0, 1, "A"), (2, 3, "C")])], "AbCdEf", 0);
    }

    #[test]
    fn a_fix_that_touches_an_accepted_one_waits_whole() {
        check(&[fix(&[(0, 2, "X")]), fix(&[(2, 3, "Y"), (5, 6, "Z")])], "Xcdef", 1);
        check(&[fix(&[(1, 1, "+")]), fix(&[(1, 1, "-")])], "a+bcdef", 1);
        check(&[fix(&[(1, 2, "X"), (4, 5, "Y")]), fix(&[(3, 6, "Z")])], "aXcdYf", 1);
    }

    #[test]
    fn lines_put_in_at_one_place_stand_below_each_other() {
        check(&[fix(&[(1, 1, "\nx")]), fix(&[(1, 1, "\ny"), (4, 5, "")])], "a\nx\nybcdf", 0);
        check(&[fix(&[(1, 1, "x\n")]), fix(&[(1, 1, "y\n")])], "ax\ny\nbcdef", 0);
        // They would run into each other, or a blank line would part them.
        check(&[fix(&[(1, 1, "\nx")]), fix(&[(1, 1, "y\n")])], "a\nxbcdef", 1);
        check(&[fix(&[(1, 1, "\nx")]), fix(&[(1, 1, "\n")])], "a\nxbcdef", 1);
        check(&[fix(&[(1, 1, "\nx")]), fix(&[(0, 1, "A")])], "Abcdef", 1);
    }

    #[test]
    fn lines_below_each_other_are_taken_out_together() {
        let check = |spans: &[(usize, usize)], expected: &str, skipped: usize| {
            let fixes: Vec<Fix> = spans.iter().map(|&(start, end)| fix(&[(start, end, "")])).collect();
            let applied = apply("a\nb\nc\nd", &fixes);
            assert_eq!((applied.text.as_str(), applied.skipped), (expected, skipped), "{spans:?}");
        };
        check(&[(0, 2), (2, 4), (4, 6)], "d", 0);
        check(&[(2, 4), (0, 2), (4, 6)], "d", 0);
        // Parts of lines, and lines that overlap.
        check(&[(0, 1), (1, 2)], "\nb\nc\nd", 1);
        check(&[(0, 4), (2, 6)], "c\nd", 1);
        check(&[(2, 4), (3, 4)], "a\nc\nd", 1);
    }

    #[test]
    fn touched_spans_are_places_in_the_new_text() {
        let fixes = [fix(&[(0, 2, "xyz"), (4, 4, "+")]), fix(&[(5, 6, "")])];
        let applied = apply("abcdef", &fixes);
        let touched: Vec<&str> = applied.touched.iter().map(|span| &applied.text[span.start()..span.end()]).collect();
        assert_eq!((applied.text.as_str(), touched), ("xyzcd+e", vec!["xyz", "+", ""]));
        assert_eq!(applied.applied, [0, 1]);
    }

    #[test]
    fn touching_edits_of_one_fix_become_one() {
        assert_eq!(fix(&[(1, 2, "x"), (2, 4, "y")]).edits(), [Edit::replace(Span::new(1, 4), "xy")]);
    }
}
