//! How a text may be: its length, its letters, its words.

use unicode_segmentation::UnicodeSegmentation;

use super::{Breach, Subject};
use crate::fix::Edit;
use crate::schema::{Column, EndPunctuation, LetterCase, Permission};
use crate::source::Span;

/// Marks that end a sentence or a part of one.
const MARKS: &str = ".,;:!?…。，；：！？、";

/// Marks that end a whole sentence.
const STOPS: &str = ".!?…。！？";

pub(super) fn limits(column: &Column, subject: &Subject<'_>, breaches: &mut Vec<Breach>) {
    let visible = subject.visible.trim();
    breaches.extend(length(column, visible));
    breaches.extend(first_letter(column, subject, visible));
    breaches.extend(end(column, subject, visible));
    breaches.extend(words(column, visible));
    if let Some(pattern) = column.pattern.as_ref().filter(|pattern| !pattern.is_match(visible)) {
        let message = format!("is \"{}\", which is not as declared", super::super::shorten(visible));
        breaches.push(Breach::new(message, format!("write a text that matches `{}`", pattern.text())));
    }
    if let Some(pattern) = column.source_pattern.as_ref().filter(|pattern| !pattern.is_match(subject.written)) {
        let message = format!("is written \"{}\", which is not as declared", super::super::shorten(subject.written));
        breaches.push(Breach::new(message, format!("write what matches `{}`", pattern.text())));
    }
    breaches.extend(html(column, subject));
}

fn length(column: &Column, visible: &str) -> Option<Breach> {
    let (min, max) = (column.min_length.unwrap_or(0), column.max_length.unwrap_or(usize::MAX));
    // A character has a byte at least.
    if min == 0 && visible.len() <= max {
        return None;
    }
    let length = visible.graphemes(true).count();
    if length > max {
        let message = format!("has {length} characters, and at most {max} are allowed");
        Some(Breach::new(message, format!("shorten it by {}", length - max)))
    } else if length < min {
        let message = format!("has {}, and at least {min} are asked for", super::super::count(length, "character"));
        Some(Breach::new(message, "say more"))
    } else {
        None
    }
}

fn first_letter(column: &Column, subject: &Subject<'_>, visible: &str) -> Option<Breach> {
    let first = visible.chars().next()?;
    let (is_wrong, size) = match column.first_letter? {
        LetterCase::Upper => (first.is_lowercase(), "small"),
        LetterCase::Lower => (first.is_uppercase(), "capital"),
    };
    if !is_wrong {
        return None;
    }
    let (help, other) = match column.first_letter? {
        LetterCase::Upper => ("begin with a capital letter", first.to_uppercase().to_string()),
        LetterCase::Lower => ("begin with a small letter", first.to_lowercase().to_string()),
    };
    let edit = starts_at(subject, first).map(|start| Edit::replace(Span::new(start, start + first.len_utf8()), other));
    Some(Breach::new(format!("begins with the {size} letter \"{first}\""), help).mend(help, edit))
}

/// Where the first visible character stands: at the beginning of the cell, or of its first link's text.
fn starts_at(subject: &Subject<'_>, first: char) -> Option<usize> {
    let texts = std::iter::once(subject.table.source.span_of(subject.written));
    let link =
        subject.links.first().filter(|link| subject.written.starts_with('[') && !link.is_image).map(|link| link.text);
    texts.chain(link).find(|span| subject.table.slice(*span).starts_with(first)).map(Span::start)
}

fn end(column: &Column, subject: &Subject<'_>, visible: &str) -> Option<Breach> {
    let asked = column.end_punctuation?;
    let default = if asked == EndPunctuation::Forbid { MARKS } else { STOPS };
    let marks = column.end_marks.as_deref().unwrap_or(default);
    let last = visible.chars().next_back()?;
    let is_mark = |char: char| marks.contains(char);
    match asked {
        EndPunctuation::Forbid if is_mark(last) => {
            let run = |text: &str| text.len() - text.trim_end_matches(is_mark).len();
            let written = subject.table.source.span_of(subject.written);
            let link = subject.links.last().filter(|link| link.span.end() == written.end() && !link.is_image);
            let text = if link.is_some() { link.map(|link| link.text) } else { Some(written) };
            // Nothing would be left of a text of marks alone.
            let edit = text.filter(|text| (1..text.len()).contains(&run(subject.table.slice(*text)))).map(|text| {
                let end = text.end();
                Edit::delete(Span::new(end - run(subject.table.slice(text)), end))
            });
            let help = "take the mark away";
            Some(Breach::new(format!("ends in \"{last}\""), help).mend("take the mark at the end away", edit))
        }
        EndPunctuation::Require if !is_mark(last) => {
            let mark = marks.chars().next()?;
            let end = subject.table.source.span_of(subject.written).end();
            let message = format!("ends in \"{last}\", and not in a mark such as \"{mark}\"");
            let edit = Edit::insert(end, mark.to_string());
            Some(
                Breach::new(message, format!("end it with \"{mark}\""))
                    .mend(format!("end it with \"{mark}\""), Some(edit)),
            )
        }
        _ => None,
    }
}

fn words(column: &Column, visible: &str) -> Option<Breach> {
    if column.forbidden_words.is_empty() && column.forbidden_suffixes.is_empty() {
        return None;
    }
    let lower = visible.to_lowercase();
    if let Some(word) = column.forbidden_words.iter().find(|word| has_word(&lower, &word.to_lowercase())) {
        return Some(Breach::new(format!("has the word \"{word}\""), format!("do without \"{word}\"")));
    }
    let suffix = column.forbidden_suffixes.iter().find(|suffix| lower.ends_with(&suffix.to_lowercase()))?;
    Some(Breach::new(format!("ends in \"{suffix}\""), format!("leave \"{}\" out", suffix.trim())))
}

fn has_word(text: &str, word: &str) -> bool {
    let is_part = |char: Option<char>| char.is_some_and(char::is_alphanumeric);
    !word.is_empty()
        && text.match_indices(word).any(|(at, _)| {
            let (before, behind) = (text[..at].chars().next_back(), text[at + word.len()..].chars().next());
            !is_part(before) && !is_part(behind)
        })
}

fn html(column: &Column, subject: &Subject<'_>) -> Option<Breach> {
    if column.line_breaks == Permission::Allow && column.html == Permission::Allow {
        return None;
    }
    let tags = || tags(subject.written);
    let is_break = |name: &str| name.eq_ignore_ascii_case("br");
    let at = |name: &str| subject.table.source.span_of(name);
    if column.line_breaks == Permission::Forbid
        && let Some(name) = tags().find(|name| is_break(name))
    {
        return Some(Breach::new("has a line break (`<br>`)", "write it in one line").at(at(name)));
    }
    let name = tags().find(|name| column.html == Permission::Forbid && !is_break(name))?;
    Some(Breach::new(format!("has HTML (`<{name}>`)"), "write it in Markdown").at(at(name)))
}

/// The names of the tags of a text that stand outside its code spans.
fn tags(text: &str) -> impl Iterator<Item = &str> {
    let mut is_code = false;
    text.split_inclusive(['<', '`'])
        .scan("", move |before, piece| {
            let opens = before.ends_with('<') && !is_code;
            if piece.ends_with('`') {
                is_code = !is_code;
            }
            *before = piece;
            let name = piece.strip_prefix('/').unwrap_or(piece);
            let len = name.bytes().take_while(u8::is_ascii_alphanumeric).count();
            // An address between angle brackets is a link.
            let is_tag = opens
                && name.starts_with(|char: char| char.is_ascii_alphabetic())
                && name[len..].starts_with(|char: char| matches!(char, '>' | '/') || char.is_ascii_whitespace());
            Some(is_tag.then(|| &name[..len]))
        })
        .flatten()
}
