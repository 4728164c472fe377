//! A configuration that is broken anywhere is explained, or used as it is.

use tablewright::source::Source;

use crate::case_page::in_package;
use crate::promises;

#[test]
fn a_configuration_broken_anywhere_is_used_or_explained() {
    let read = |path: &str| std::fs::read_to_string(in_package(path)).expect("the file is readable");
    for folder in ["papers", "datasets", "apis"] {
        let list = Source::new("README.md", read(&format!("fixtures/examples/{folder}/README.md")));
        let text = read(&format!("fixtures/examples/{folder}/tablewright.toml"));
        promises::config::check(&Source::new("tablewright.toml", text.as_str()), &list);
        for (at, char) in text.char_indices().step_by(7) {
            let (before, behind) = (&text[..at], &text[at + char.len_utf8()..]);
            for broken in [before.to_owned(), format!("{before}{behind}"), format!("{before}\u{202e}{behind}")] {
                promises::config::check(&Source::new("tablewright.toml", broken), &list);
            }
        }
    }
}
