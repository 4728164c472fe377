//! What checking promises: findings with places in the text, in their order, and with fixes that change something.

use tablewright::lint::{self, Checked, Settings};
use tablewright::rules::ALL;
use tablewright::source::{Source, Span};

use super::CURRENT_YEAR;

/// What all rules find, those too that are off by default.
#[track_caller]
pub(crate) fn check(source: &Source) -> Checked {
    let checked = lint::check(source, &Settings::new(ALL, CURRENT_YEAR));
    let Checked { findings, tables, .. } = &checked;
    let exists = |span: Span| source.text().get(span.start()..span.end()).is_some();
    let mut last = Span::empty(0);
    for finding in findings {
        let diagnostic = &finding.diagnostic;
        assert!(exists(diagnostic.span), "{}: {diagnostic:?}", source.path());
        assert!(last.start() <= diagnostic.span.start(), "{}: {diagnostic:?}", source.path());
        last = diagnostic.span;
        assert!(diagnostic.labels.iter().all(|label| exists(label.span)), "{}: {diagnostic:?}", source.path());
        let Some(fix) = &diagnostic.fix else { continue };
        assert!(fix.edits().iter().all(|edit| exists(edit.span)), "{}: {diagnostic:?}", source.path());
        let changes = fix.edits().iter().any(|edit| source.slice(edit.span) != edit.replacement);
        assert!(changes, "{}: a fix that changes nothing: {diagnostic:?}", source.path());
    }
    let fingerprints: std::collections::BTreeSet<_> = findings.iter().map(|finding| &finding.fingerprint).collect();
    assert_eq!(fingerprints.len(), findings.len(), "{}: a fingerprint stands for one finding", source.path());
    assert!(tables.iter().all(|table| table.line_number <= source.line_count()));
    checked
}
