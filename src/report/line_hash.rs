//! Hashes of lines as GitHub's code scanning computes them, so that an alert is known again when its line moves.
//!
//! They are the `primaryLocationLineHash` of SARIF files that are uploaded to GitHub: a rolling hash over the hundred UTF-16 code units from the
//! beginning of a line on, spaces and tabs passed over. Aligning a table therefore changes none, but the dashes of its delimiter row do.

use rustc_hash::FxHashMap;

/// How many code units of the text a hash covers.
const WINDOW: usize = 100;

/// By what the hash is multiplied for each code unit.
const FACTOR: u64 = 37;

/// What stands for the end of the text.
const END: u16 = u16::MAX;

/// The hash of each line of a text.
#[derive(Debug)]
pub struct LineHashes(Vec<(u64, u32)>);

impl LineHashes {
    /// Computes the hashes of all lines, in one go over the text.
    #[must_use]
    pub fn of(text: &str) -> Self {
        let mut rolling = Rolling::default();
        let (mut is_line_start, mut is_after_cr) = (true, false);
        for unit in text.encode_utf16().chain([END]) {
            let completes_crlf = is_after_cr && unit == u16::from(b'\n');
            is_after_cr = unit == u16::from(b'\r');
            if unit == u16::from(b' ') || unit == u16::from(b'\t') || completes_crlf {
                continue;
            }
            let ends_line = is_after_cr || unit == u16::from(b'\n');
            rolling.push(if ends_line { u16::from(b'\n') } else { unit }, is_line_start);
            is_line_start = ends_line;
        }
        // The lines that begin less than a window before the end.
        for _ in 0..WINDOW {
            rolling.push(0, false);
        }
        Self(rolling.hashes)
    }

    /// The hash of a line, from 1, and which of the lines of the same hash it is: `54703d4cd895b18:1`. Empty beyond the last line.
    #[must_use]
    pub fn line(&self, number: usize) -> String {
        let hash = number.checked_sub(1).and_then(|index| self.0.get(index));
        hash.map_or_else(String::new, |(hash, count)| format!("{hash:x}:{count}"))
    }
}

struct Rolling {
    units: [u16; WINDOW],
    /// Which of the units begin a line.
    starts: [bool; WINDOW],
    /// Where the oldest unit is.
    at: usize,
    hash: u64,
    /// What the oldest unit was multiplied by.
    weight: u64,
    counts: FxHashMap<u64, u32>,
    hashes: Vec<(u64, u32)>,
}

impl Default for Rolling {
    fn default() -> Self {
        Self {
            units: [0; WINDOW],
            starts: [false; WINDOW],
            at: 0,
            hash: 0,
            weight: (0..WINDOW).fold(1, |weight, _| FACTOR.wrapping_mul(weight)),
            counts: FxHashMap::default(),
            hashes: Vec::new(),
        }
    }
}

impl Rolling {
    fn push(&mut self, unit: u16, is_line_start: bool) {
        if std::mem::replace(&mut self.starts[self.at], is_line_start) {
            let count = self.counts.entry(self.hash).or_default();
            *count += 1;
            self.hashes.push((self.hash, *count));
        }
        let oldest = u64::from(std::mem::replace(&mut self.units[self.at], unit));
        self.hash =
            FACTOR.wrapping_mul(self.hash).wrapping_add(u64::from(unit)).wrapping_sub(self.weight.wrapping_mul(oldest));
        self.at = (self.at + 1) % WINDOW;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The cases are those that GitHub tests its own code with.
    #[track_caller]
    fn check(text: &str, expected: &[&str]) {
        let hashes = LineHashes::of(text);
        let hashes: Vec<String> = (1..=hashes.0.len()).map(|number| hashes.line(number)).collect();
        assert_eq!(hashes, expected);
    }

    #[test]
    fn an_empty_text_has_one_line() {
        check("", &["c129715d7a2bc9a3:1"]);
    }

    #[test]
    fn spaces_and_tabs_are_passed_over() {
        check(
            " a\nb\n  \t\tc\n d",
            &["271789c17abda88f:1", "54703d4cd895b18:1", "180aee12dab6264:1", "a23a3dc5e078b07b:1"],
        );
        check(
            " hello; \t\nworld!!!\n\n\n  \t\tGreetings\n End",
            &[
                "8b7cf3e952e7aeb2:1",
                "b1ae1287ec4718d9:1",
                "bff680108adb0fcc:1",
                "c6805c5e1288b612:1",
                "b86d3392aea1be30:1",
                "e6ceba753e1a442:1",
            ],
        );
    }

    #[test]
    fn all_line_endings_are_one() {
        let expected = [
            "e9496ae3ebfced30:1",
            "fb7c023a8b9ccb3f:1",
            "ce8ba1a563dcdaca:1",
            "e20e36e16fcb0cc8:1",
            "b3edc88f2938467e:1",
            "c8e28b0b4002a3a0:1",
            "c129715d7a2bc9a3:1",
        ];
        check(" hello; \t\nworld!!!\n\n\n  \t\tGreetings\n End\n", &expected);
        check(" hello; \t\nworld!!!\r\r\r  \t\tGreetings\r End\r", &expected);
        check(" hello; \t\r\nworld!!!\r\n\r\n\r\n  \t\tGreetings\r\n End\r\n", &expected);
        check(" hello; \t\nworld!!!\r\n\n\r  \t\tGreetings\r End\r\n", &expected);
    }

    #[test]
    fn equal_lines_are_counted() {
        let expected = [
            "a7f2ff13bc495cf2:1",
            "a7f2ff13bc495cf2:2",
            "a7f2ff13bc495cf2:3",
            "a7f2ff13bc495cf2:4",
            "a7f2ff13bc495cf2:5",
            "a7f2ff13bc495cf2:6",
            "a7f2ff1481e87703:1",
            "a9cf91f7bbf1862b:1",
            "55ec222b86bcae53:1",
            "cc97dc7b1d7d8f7b:1",
            "c129715d7a2bc9a3:1",
        ];
        check(&"Lorem ipsum dolor sit amet.\n".repeat(10), &expected);
    }

    #[test]
    fn beyond_the_text_there_is_no_hash() {
        assert_eq!(LineHashes::of("a").line(2), "");
        assert_eq!(LineHashes::of("a").line(0), "");
    }
}
