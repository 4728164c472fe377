//! What reading the past promises: whatever the bytes are, they are read or refused, and what our own diffs did is taken back.

use tablewright::baseline::Baseline;
use tablewright::changes::{Meant, Outcome, Patches};
use tablewright::diff::unified;

/// Bytes are a diff that can be taken back from a text, or there is a line that is to blame.
#[track_caller]
pub(crate) fn check_diff(diff: &[u8], text: &str) {
    /// The texts that the diff may mean; by their number.
    const TEXTS: usize = 2;
    let line_count = diff.split_inclusive(|&byte| byte == b'\n').count();
    let patches = match Patches::parse(diff) {
        Ok(patches) => patches,
        Err(malformed) => {
            assert!((1..=line_count).contains(&malformed.line_number), "{malformed:?}");
            return;
        }
    };
    let meant = |path: &[u8]| match path.len() % 4 {
        index @ 0..TEXTS => Meant::Text(index),
        TEXTS => Meant::OtherFile,
        _ => Meant::Nothing,
    };
    let series = patches.by_text(TEXTS, meant);
    assert_eq!(series.len(), TEXTS);
    for series in series.iter().chain(&patches.by_text(1, |_| Meant::Text(0))) {
        match series.undo(text) {
            Outcome::Same => assert!(series.is_empty()),
            Outcome::Misfit(line_number) => assert!((1..=line_count).contains(&line_number)),
            Outcome::Before(_) | Outcome::Hidden | Outcome::TooOften => {}
        }
    }
}

/// The diff of two texts, taken back from the new one, gives the old one, but for the line endings.
#[track_caller]
pub(crate) fn check_diff_of(old: &str, new: &str) {
    let diff = unified("a b/list.md", old, new);
    let patches = Patches::parse(diff.as_bytes()).expect("our own diffs are well-formed");
    let meant = |path: &[u8]| if path == b"a b/list.md" { Meant::Text(0) } else { Meant::Nothing };
    let plain = |text: &str| {
        let text = text.strip_suffix('\n').unwrap_or(text);
        text.split('\n').map(|line| line.trim_end_matches('\r').to_owned() + "\n").collect::<String>()
    };
    match patches.by_text(1, meant)[0].undo(new) {
        Outcome::Same => assert_eq!(new, old),
        Outcome::Before(text) => assert_eq!(plain(&text), plain(old), "{diff}"),
        outcome => panic!("{outcome:?} of {diff}"),
    }
}

/// Text is a baseline that is written as it was read, or there is a reason why it is none.
#[track_caller]
pub(crate) fn check_baseline(text: &str) {
    match Baseline::from_json(text) {
        Ok(baseline) => {
            assert_eq!(Baseline::from_json(&baseline.to_json()).as_ref(), Ok(&baseline));
            assert_eq!(baseline.without(&baseline), 0);
            assert_eq!(baseline.without(&Baseline::default()), baseline.len());
            for known in baseline.files.values() {
                assert_eq!(known.by_rule().values().sum::<usize>(), known.len());
            }
        }
        Err(cause) => assert!(!cause.is_empty()),
    }
}
