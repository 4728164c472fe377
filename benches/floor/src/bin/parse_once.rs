//! What any tool that parses Markdown has to do at least: reads a file and parses it once with comrak, and nothing else. Of a folder it parses each
//! file, on two threads. `benches/ratios` measures the program against it.

use std::path::{Path, PathBuf};

use comrak::{Arena, Options, parse_document};
use rayon::prelude::*;

fn main() {
    let path = PathBuf::from(std::env::args_os().nth(1).expect("a file or folder is named"));
    if path.is_dir() {
        let mut files = Vec::new();
        collect(&path, &mut files);
        files.sort();
        let pool = rayon::ThreadPoolBuilder::new().num_threads(2).build().expect("there are threads");
        pool.install(|| files.par_iter().for_each(|file| parse(file)));
    } else {
        parse(&path);
    }
}

fn parse(path: &Path) {
    let text = std::fs::read_to_string(path).expect("the file is readable");
    let arena = Arena::new();
    let mut options = Options::default();
    options.extension.table = true;
    let root = parse_document(&arena, &text, &options);
    std::hint::black_box(root.first_child().is_some());
}

fn collect(folder: &Path, files: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).expect("the folder is readable") {
        let path = entry.expect("the entry is readable").path();
        if path.is_dir() { collect(&path, files) } else { files.push(path) }
    }
}
