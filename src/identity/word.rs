//! Words that differ by one slip of the pen, and how to find them without comparing all with all.

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

/// Numbers of which two words have one in common where a slip makes one of the other: the word itself, and the word without each of its letters. The
/// case of ASCII makes no difference.
///
/// The number of a text is the value of a polynomial of its bytes, so that those without a letter follow from that of the whole word, one step each.
pub fn shadows(word: &str) -> impl Iterator<Item = u64> {
    let bytes = if word.len() <= LONGEST { word.as_bytes() } else { &[] };
    let extended = |number: u64, byte: &u8| number.wrapping_mul(BASE).wrapping_add(byte.to_ascii_lowercase().into());
    let whole = bytes.iter().fold(0, extended);
    let mut before = 0;
    let without = bytes.iter().zip(POWERS[..bytes.len()].iter().rev()).map(move |(byte, power)| {
        let with = extended(before, byte);
        let lost = with.wrapping_sub(before).wrapping_mul(*power);
        before = with;
        whole.wrapping_sub(lost)
    });
    std::iter::once(whole).chain(without)
}

/// The place at which the polynomial is evaluated: odd, with bits all over.
const BASE: u64 = 0x9e37_79b9_7f4a_7c15;

const POWERS: [u64; LONGEST] = {
    let mut powers = [1_u64; LONGEST];
    let mut at = 1;
    while at < LONGEST {
        powers[at] = powers[at - 1].wrapping_mul(BASE);
        at += 1;
    }
    powers
};

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
    fn case_makes_no_difference_to_shadows() {
        assert!(shadows("NeurIPS").eq(shadows("neurips")));
    }

    #[test]
    fn long_words_have_no_shadows() {
        assert_eq!(shadows(&"a".repeat(25)).count(), shadows("").count());
    }
}
