//! The lists to test on: those of `fixtures/lists`, and of the folder that `TABLEWRIGHT_CORPUS` names.

use std::path::{Path, PathBuf};

use tablewright::source::Source;

pub(crate) use crate::promises::CURRENT_YEAR;

/// Every list: our own, then those of the corpus where it is given.
pub(crate) fn lists() -> Vec<Source> {
    own_lists().into_iter().chain(corpus_lists().into_iter().flatten()).collect()
}

/// The lists of `fixtures/lists`.
pub(crate) fn own_lists() -> Vec<Source> {
    read(&Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/lists"))
}

/// The lists of the corpus; none where `TABLEWRIGHT_CORPUS` names no folder.
pub(crate) fn corpus_lists() -> Option<Vec<Source>> {
    std::env::var_os("TABLEWRIGHT_CORPUS").map(|folder| read(&PathBuf::from(folder)))
}

/// The lists of a folder in the order of their names. Files that are no UTF-8 are left out: the binary refuses them.
fn read(folder: &Path) -> Vec<Source> {
    let mut paths = files(folder);
    paths.sort();
    let read = |path: PathBuf| {
        let text = String::from_utf8(std::fs::read(&path).expect("the file is readable")).ok()?;
        Some(Source::new(path.file_name().expect("a file has a name").to_string_lossy(), text))
    };
    let sources: Vec<Source> = paths.into_iter().filter_map(read).collect();
    assert!(!sources.is_empty(), "{} holds no list", folder.display());
    sources
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).unwrap_or_else(|error| panic!("cannot read {}: {error}", folder.display()));
    let paths = entries.map(|entry| entry.expect("the entry is readable").path());
    paths.filter(|path| path.extension().is_some_and(|extension| extension == "md")).collect()
}
