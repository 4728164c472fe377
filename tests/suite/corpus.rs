//! The lists to test on: those of `fixtures/lists`, and of the folder that `TABLEWRIGHT_CORPUS` names.

use std::path::{Path, PathBuf};

use tablewright::source::Source;

/// Every list, in the order of the paths. Files that are no UTF-8 are left out: the binary refuses them.
pub(crate) fn lists() -> Vec<Source> {
    let own = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/lists");
    let corpus = std::env::var_os("TABLEWRIGHT_CORPUS").map(PathBuf::from);
    let mut paths: Vec<PathBuf> = [Some(own), corpus].into_iter().flatten().flat_map(|folder| files(&folder)).collect();
    paths.sort();
    let read = |path: PathBuf| {
        let text = String::from_utf8(std::fs::read(&path).expect("the file is readable")).ok()?;
        Some(Source::new(path.file_name().expect("a file has a name").to_string_lossy(), text))
    };
    paths.into_iter().filter_map(read).collect()
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).unwrap_or_else(|error| panic!("cannot read {}: {error}", folder.display()));
    let paths = entries.map(|entry| entry.expect("the entry is readable").path());
    paths.filter(|path| path.extension().is_some_and(|extension| extension == "md")).collect()
}
