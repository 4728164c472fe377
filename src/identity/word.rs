//! Words that differ by one slip of the pen, and how to find them without comparing all with all.

use std::hash::Hasher as _;

use rustc_hash::FxHasher;

/// How many letters stand behind the slip that makes one word of the other: a letter lost, added or changed, or two neighbours swapped; none
/// where more than that differs, or the first letter, or nothing.
///
/// Words are compared by byte, so they are ASCII and of one case.
///
/// ```
/// use tablewright::identity::word::slip;
/// assert_eq!(slip("elservier", "elsevier"), Some(4));
/// assert_eq!(slip("physics", "physica"), Some(0));
/// assert_eq!(slip("iclr", "icml"), None);
/// ```
#[must_use]
pub fn slip(a: &str, b: &str) -> Option<usize> {
    let (a, b) = (a.as_bytes(), b.as_bytes());
    if a.len().abs_diff(b.len()) > 1 {
        return None;
    }
    let before = a.iter().zip(b).take_while(|(a, b)| a == b).count();
    let (a, b) = (&a[before..], &b[before..]);
    let behind = a.iter().rev().zip(b.iter().rev()).take_while(|(a, b)| a == b).count();
    let is_slip = match (&a[..a.len() - behind], &b[..b.len() - behind]) {
        ([_], [] | [_]) | ([], [_]) => true,
        ([a, b], [c, d]) => (a, b) == (d, c),
        _ => false,
    };
    (is_slip && before > 0).then_some(behind)
}

/// Longer words have no shadows.
const LONGEST: usize = 24;

/// Numbers of which two words have one in common where a slip makes one of the other: the word itself, and the word without each of its letters.
pub fn shadows(word: &str) -> impl Iterator<Item = u64> {
    let bytes = if word.len() <= LONGEST { word.as_bytes() } else { &[] };
    (0..=bytes.len()).map(|without| {
        let mut hasher = FxHasher::default();
        for (at, &byte) in bytes.iter().enumerate() {
            if at != without {
                hasher.write_u8(byte);
            }
        }
        hasher.finish()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(a: &str, b: &str, expected: Option<usize>) {
        assert_eq!((slip(a, b), slip(b, a)), (expected, expected), "{a} / {b}");
        let meet = shadows(a).any(|shadow| shadows(b).any(|other| other == shadow));
        assert!(expected.is_none() || meet, "{a} and {b} have a shadow in common");
    }

    #[test]
    fn one_letter_lost_added_changed_or_swapped_is_a_slip() {
        check("access", "acess", Some(3));
        check("elsevier", "elservier", Some(4));
        check("neurips", "neurlps", Some(2));
        check("title", "tilte", Some(1));
        check("links", "link", Some(0));
        check("aab", "ab", Some(1));
    }

    #[test]
    fn what_else_differs_is_none() {
        check("title", "title", None);
        check("title", "bitle", None);
        check("title", "tolte", None);
        check("cvpr", "iccv", None);
        check("a", "abc", None);
        check("", "", None);
        check("", "a", None);
    }

    #[test]
    fn long_words_have_no_shadows() {
        assert_eq!(shadows(&"a".repeat(25)).count(), shadows("").count());
    }
}
