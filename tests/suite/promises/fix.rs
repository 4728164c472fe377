//! What fixing promises: it settles, leaves nothing behind that it could mend, and loses nothing.

use std::collections::BTreeMap;

use tablewright::address::is_invisible;
use tablewright::fix::Applicability;
use tablewright::lint::{self, Fixed, Settings};
use tablewright::rules::{Rule, defaults};
use tablewright::source::Source;
use tablewright::table::{Document, Table};

use super::CURRENT_YEAR;

#[track_caller]
pub(crate) fn check(source: &Source) {
    let fix = |rules: &[&'static Rule], at_least| {
        lint::fix(Source::new(source.path(), source.text()), &Settings::new(rules, CURRENT_YEAR), at_least)
    };
    for at_least in [Applicability::Safe, Applicability::Unsafe] {
        let fixed = fix(&defaults(), at_least);
        assert!(fixed.has_settled, "{}: {:?} fixes do not settle:\n{}", source.path(), at_least, source.text());
        let is_left = |fixed: &Fixed| {
            let mut offers = fixed.left.findings.iter().filter_map(|finding| finding.diagnostic.fix.as_ref());
            offers.any(|offer| offer.applicability >= at_least)
        };
        assert!(!is_left(&fixed), "{}: a fix is left behind", source.path());
    }
    let safe = fix(&defaults(), Applicability::Safe);
    if safe.applied.is_empty() {
        assert_eq!(safe.source.text(), source.text(), "{}: nothing was fixed", source.path());
        return;
    }
    let tables = |source: &Source| Document::parse_rows(source).tables.iter().map(Table::body_len).collect::<Vec<_>>();
    assert_eq!(tables(&safe.source), tables(source), "{}: safe fixes keep tables and rows", source.path());
    for rule in defaults().into_iter().filter(|rule| safe.applied.contains_key(&rule.name)) {
        let fixed = fix(&[rule], Applicability::Safe);
        check_words(source, &fixed, rule);
        if ["ragged-row", "missing-outer-pipe", "padded-url"].contains(&rule.name.0) && !has_other_blanks(source) {
            assert_eq!(html(&fixed.source), html(source), "{}: {} changes what readers see", source.path(), rule.name);
        }
    }
}

/// A safe fix takes no letter or digit away and adds none, wherever it moves them; but `bad-scheme` is about the letters of schemes, where two may
/// be wrong, and `unused-suppression` about those of directives.
#[track_caller]
fn check_words(old: &Source, fixed: &Fixed, rule: &Rule) {
    let count = |source: &Source| {
        let text = source.text().to_lowercase();
        let text = match rule.name.0 {
            "bad-scheme" => text.replace("mailto:", "").replace(['h', 't', 'p', 's'], ""),
            "unused-suppression" => without_directives(&text),
            _ => text,
        };
        let mut counts: BTreeMap<char, usize> = BTreeMap::new();
        text.chars()
            .filter(|character| character.is_alphanumeric())
            .for_each(|character| *counts.entry(character).or_default() += 1);
        counts
    };
    // A comment may go on over lines, unless it begins in a cell: what is a directive would have to be asked of the program itself.
    let is_left_open = |line: &str| line.rfind("<!--") > line.rfind("-->");
    if rule.name.0 == "unused-suppression" && old.text().lines().any(is_left_open) {
        return;
    }
    let (before, after) = (count(old), count(&fixed.source));
    if rule.name.0 == "bad-scheme" {
        let is_added = |(letter, count): (&char, &usize)| before.get(letter).is_none_or(|before| before < count);
        let all = |counts: &BTreeMap<char, usize>| counts.values().sum::<usize>();
        let has_added = after.iter().any(is_added);
        let most = 2 * fixed.applied.get(&rule.name).copied().unwrap_or_default();
        assert!(!has_added && all(&before) <= all(&after) + most, "{}: {before:?} {after:?}", old.path());
    } else {
        assert_eq!(before, after, "{}: {} loses or adds letters", old.path(), rule.name);
    }
}

fn without_directives(text: &str) -> String {
    let mut kept = String::new();
    let mut rest = text;
    while let Some(start) = rest.find("<!--") {
        let comment = &rest[start + "<!--".len()..];
        let is_directive = comment.trim_start().starts_with("tablewright-");
        let end = if is_directive { comment.find("-->").map_or(comment.len(), |end| end + "-->".len()) } else { 0 };
        kept.push_str(&rest[..start]);
        rest = &comment[end..];
    }
    kept + rest
}

/// Blanks that are part of a URL for a renderer, and that `padded-url` takes away: there, what readers see does change, for the better.
fn has_other_blanks(source: &Source) -> bool {
    source.text().contains(|char| is_invisible(char) && !matches!(char, ' ' | '\t' | '\n' | '\r'))
}

fn html(source: &Source) -> String {
    // A comment shows nothing, in whichever cell it stands, and neither does a blank between two.
    let page = comrak::markdown_to_html(source.text(), &super::options());
    page.replace("omitted --> <!-- raw", "omitted --><!-- raw").replace("<!-- raw HTML omitted -->", "")
}
