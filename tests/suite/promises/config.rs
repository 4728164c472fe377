//! What a configuration promises: whatever it says, it is either used or explained.

use tablewright::config::{Config, Effective};
use tablewright::lint::{self, Settings};
use tablewright::report::config::{Configured, render};
use tablewright::report::text::{Canvas, mistake};
use tablewright::source::Source;

use super::CURRENT_YEAR;
use super::report::{assert_harmless, without_colours};

/// Each mistake has its place in the text and can be drawn; without one, the configuration can be used on a list.
#[track_caller]
pub(crate) fn check(configuration: &Source, list: &Source) {
    let config = match Config::read(configuration.text()) {
        Ok(config) => config,
        Err(mistakes) => {
            assert!(!mistakes.is_empty());
            for it in &mistakes {
                assert!(configuration.text().get(it.span.clone()).is_some(), "{it:?}");
                assert_harmless(&mistake(configuration, it, Canvas { width: 80, has_colour: false }));
                assert_harmless(&without_colours(&mistake(configuration, it, Canvas { width: 30, has_colour: true })));
            }
            return;
        }
    };
    for path in [list.path(), "docs/a.markdown", "docs", ""] {
        assert!(!config.includes(path) || !config.excludes(path));
    }
    let effective = Effective::of(&config, list.path());
    let settings = Settings::configured(&effective, &[], &[], CURRENT_YEAR);
    let findings = lint::check(list, &settings).findings;
    assert!(findings.iter().all(|finding| {
        let span = finding.diagnostic.span;
        list.text().get(span.start()..span.end()).is_some()
    }));
    let shown =
        Configured { path: None, configuration: Some(configuration.path()), effective: &effective, tables: &[] };
    assert_harmless(&render(&shown, |offset| configuration.line_number(offset)));
}
