//! Cells that hold one value: numbers, years, dates, one of a few words, emoji, code.

use unicode_segmentation::UnicodeSegmentation;

use super::{Breach, Subject};
use crate::column::date::{self, Form};
use crate::fix::Edit;
use crate::identity::title;
use crate::schema::{Column, DateForm};

pub(super) fn integer(column: &Column, subject: &Subject<'_>) -> Option<Breach> {
    let visible = subject.visible.trim();
    let Some(number) = whole_number(visible) else {
        let message = format!("is \"{}\", which is no whole number", super::super::shorten(visible));
        return Some(Breach::new(message, "write digits only"));
    };
    out_of_range(column, number, None)
}

/// The value of a whole number; commas may stand between groups of three digits.
fn whole_number(text: &str) -> Option<i64> {
    let digits = text.strip_prefix(['+', '-', '−']).unwrap_or(text);
    let groups: Vec<&str> = digits.split(',').collect();
    let are_digits = groups.iter().all(|group| !group.is_empty() && group.bytes().all(|byte| byte.is_ascii_digit()));
    let are_groups = groups.len() == 1 || groups[0].len() <= 3 && groups[1..].iter().all(|group| group.len() == 3);
    let value: i64 = (are_digits && are_groups).then(|| groups.concat().parse().ok()).flatten()?;
    Some(if text.starts_with(['-', '−']) { -value } else { value })
}

fn out_of_range(column: &Column, number: i64, default_max: Option<i64>) -> Option<Breach> {
    let min = column.min;
    let max = column.max.or(default_max);
    match (min, max) {
        (Some(min), _) if number < min => {
            Some(Breach::new(format!("is {number}, and at least {min} is asked for"), format!("write {min} or more")))
        }
        (_, Some(max)) if number > max => {
            Some(Breach::new(format!("is {number}, and at most {max} is allowed"), format!("write {max} or less")))
        }
        _ => None,
    }
}

pub(super) fn year(column: &Column, subject: &Subject<'_>, current_year: u16) -> Option<Breach> {
    let visible = subject.visible.trim();
    let found = if column.formats.is_empty() {
        let is_year = visible.len() == 4 && visible.bytes().all(|byte| byte.is_ascii_digit());
        is_year.then(|| visible.parse().ok()).flatten()
    } else {
        column.formats.iter().find_map(|form| form.parse(visible)).map(|(year, ..)| year)
    };
    let Some(year) = found else {
        let dated = date::parse(visible).filter(|dated| matches!(dated.form, Form::Year | Form::ShortYear));
        let year = dated.map(|dated| dated.date.year);
        let preferred = column.formats.first();
        let text = year.and_then(|year| preferred.map_or(Some(year.to_string()), |form| form.write((year, 0, 0))));
        let asked = preferred.map_or("YYYY", DateForm::text);
        return Some(unlike(subject, "year", asked, text));
    };
    out_of_range(column, i64::from(year), Some(i64::from(current_year) + 1))
}

pub(super) fn date(column: &Column, subject: &Subject<'_>) -> Option<Breach> {
    let visible = subject.visible.trim();
    let is_written_so = column.formats.iter().any(|form| form.parse(visible).is_some());
    let dated = date::parse(visible).filter(|dated| !matches!(dated.form, Form::Venue | Form::InText));
    if is_written_so || column.formats.is_empty() && dated.is_some() {
        return None;
    }
    let Some(preferred) = column.formats.first() else {
        return Some(Breach::new(
            format!("is \"{}\", which is no date", super::super::shorten(visible)),
            "write a date, such as 2024-05-17",
        ));
    };
    // Ranges and times of day would lose a part, and what may be the month or the day must not be guessed.
    let is_certain = |dated: &date::Dated| match dated.form {
        Form::Year | Form::ShortYear | Form::Named | Form::Cjk => true,
        Form::Numeric => dated.date.month > 0 && !visible.contains(':'),
        Form::Quarter | Form::Range | Form::Venue | Form::InText => false,
    };
    let certain = dated.filter(is_certain).map(|dated| (dated.date.year, dated.date.month, dated.date.day));
    let text = certain.and_then(|date| column.formats.iter().find_map(|form| form.write(date)));
    Some(unlike(subject, "date", preferred.text(), text))
}

/// A year or date that is not written as asked, and how it should be.
fn unlike(subject: &Subject<'_>, what: &str, asked: &str, text: Option<String>) -> Breach {
    let visible = subject.visible.trim();
    let message = format!("is \"{}\", which is no {what} written as {asked}", super::super::shorten(visible));
    let help = text.as_ref().map_or_else(|| format!("write it as {asked}"), |text| format!("write {text}"));
    let edit = text.filter(|_| subject.visible == subject.written).map(|text| replace(subject, subject.written, text));
    Breach::new(message, help).mend(format!("write the {what} as {asked}"), edit)
}

fn replace(subject: &Subject<'_>, part: &str, text: impl Into<String>) -> Edit {
    Edit::replace(subject.table.source.span_of(part), text)
}

pub(super) fn enumeration(column: &Column, subject: &Subject<'_>, breaches: &mut Vec<Breach>) {
    let parts: Vec<&str> = match column.separator.as_deref().filter(|separator| !separator.is_empty()) {
        Some(separator) => subject.written.split(separator).map(str::trim).collect(),
        None => vec![subject.written],
    };
    for part in parts.into_iter().filter(|part| !column.values.iter().any(|value| value == part)) {
        let meant = meant(column, part);
        let values = listed(&column.values);
        let message = match part {
            "" => "has a separator with nothing beside it".to_owned(),
            part => format!("is \"{}\", which is none of {values}", super::super::shorten(part)),
        };
        let help = meant.map_or_else(|| format!("write one of {values}"), |value| format!("write {value}"));
        let span = subject.table.source.span_of(part);
        let breach = Breach::new(message, help);
        let breach = if span.is_empty() { breach } else { breach.at(span) };
        let edit = meant.map(|value| replace(subject, part, value));
        breaches.push(breach.mend("write the value as it is declared", edit));
    }
}

/// The one value that differs from a text in case and markup only.
fn meant<'c>(column: &'c Column, part: &str) -> Option<&'c str> {
    let fold = |text: &str| title::visible(text).trim().to_lowercase();
    let folded = fold(part);
    let mut alike = column.values.iter().filter(|value| !folded.is_empty() && fold(value) == folded);
    let first = alike.next()?;
    alike.next().is_none().then_some(first)
}

/// The values, for a message: all of a few, else the first ones.
pub(super) fn listed(values: &[String]) -> String {
    const MOST: usize = 8;
    let shown: Vec<&str> = values.iter().take(MOST).map(String::as_str).collect();
    let more = values.len().saturating_sub(MOST);
    let rest = if more == 0 { String::new() } else { format!(" and {more} more") };
    format!("{}{rest}", shown.join(", "))
}

pub(super) fn emoji(column: &Column, subject: &Subject<'_>) -> Option<Breach> {
    let is_value = |text: &str| column.values.iter().any(|value| bare(value) == bare(text));
    let is_known = |word: &str| is_value(word) || word.graphemes(true).all(is_value);
    let unknown = subject.visible.split_whitespace().find(|word| !is_known(word))?;
    let values = listed(&column.values);
    let message = format!("has \"{}\", which is none of {values}", super::super::shorten(unknown));
    Some(Breach::new(message, format!("use {values} only")))
}

/// An emoji without the sign that asks for its coloured picture, which editors add and drop.
fn bare(emoji: &str) -> std::borrow::Cow<'_, str> {
    if emoji.contains('\u{fe0f}') { emoji.replace('\u{fe0f}', "").into() } else { emoji.into() }
}

pub(super) fn code(subject: &Subject<'_>) -> Option<Breach> {
    let ticks = subject.written.bytes().take_while(|&byte| byte == b'`').count();
    let inner = subject.written.get(ticks..subject.written.len().saturating_sub(ticks)).unwrap_or_default();
    let closes = ticks > 0 && subject.written.ends_with(&"`".repeat(ticks)) && !inner.is_empty();
    // A run of as many backticks inside ends the span before the cell does.
    let is_one_span = closes && !inner.split(|char| char != '`').any(|run| run.len() == ticks);
    if is_one_span {
        return None;
    }
    let is_plain = subject.visible == subject.written && !subject.written.contains('`');
    let edit = is_plain.then(|| replace(subject, subject.written, format!("`{}`", subject.written)));
    let message = format!("is \"{}\", which is not written as code", super::super::shorten(subject.visible.trim()));
    Some(Breach::new(message, "put it between backticks").mend("put it between backticks", edit))
}
