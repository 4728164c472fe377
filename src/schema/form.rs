//! How dates are written: `YYYY-MM-DD`, `Mon YYYY`, `'YY`.

#[cfg(test)]
use schemars::JsonSchema;
use serde::Deserialize;

/// A way to write years or dates.
///
/// `YYYY` and `YY` are the year, `MM` and `M` the month's number with and without a zero before it, `Mon` and `Month` its English name, `DD` and `D`
/// the day; `…` is any text. All else but ASCII letters stands for itself.
#[derive(Clone, PartialEq, Eq, Debug, Deserialize)]
#[cfg_attr(test, derive(JsonSchema), schemars(with = "String"))]
#[serde(try_from = "String")]
pub struct DateForm {
    text: String,
    parts: Vec<Part>,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Part {
    Year,
    ShortYear,
    PaddedMonth,
    Month,
    ShortMonthName,
    MonthName,
    PaddedDay,
    Day,
    Anything,
    Itself(char),
}

/// What stands for each part; of two that begin alike, the longer first.
const PARTS: [(&str, Part); 9] = [
    ("YYYY", Part::Year),
    ("YY", Part::ShortYear),
    ("Month", Part::MonthName),
    ("Mon", Part::ShortMonthName),
    ("MM", Part::PaddedMonth),
    ("M", Part::Month),
    ("DD", Part::PaddedDay),
    ("D", Part::Day),
    ("…", Part::Anything),
];

const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

impl TryFrom<String> for DateForm {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        const HELP: &str =
            "write it with YYYY, YY, MM, M, Mon, Month, DD, D, and … for any text: `YYYY-MM-DD`, `Mon YYYY`";
        let mut parts = Vec::new();
        let mut rest = text.as_str();
        while let Some(first) = rest.chars().next() {
            if let Some(&(name, part)) = PARTS.iter().find(|(name, _)| rest.starts_with(name)) {
                parts.push(part);
                rest = &rest[name.len()..];
            } else if first.is_ascii_alphanumeric() {
                return Err(format!("\"{first}\" is no part of a date\n{HELP}"));
            } else {
                parts.push(Part::Itself(first));
                rest = &rest[first.len_utf8()..];
            }
        }
        let count = |kinds: &[Part]| parts.iter().filter(|part| kinds.contains(part)).count();
        let months = count(&[Part::Month, Part::PaddedMonth, Part::MonthName, Part::ShortMonthName]);
        let days = count(&[Part::Day, Part::PaddedDay]);
        if count(&[Part::Year, Part::ShortYear]) != 1 {
            Err(format!("a date is written with one year\n{HELP}"))
        } else if months > 1 || days > months {
            Err(format!("a date has one month at most, and a day only with a month\n{HELP}"))
        } else if count(&[Part::Anything]) > 2 || parts.windows(2).any(|pair| pair == [Part::Anything, Part::Anything])
        {
            Err(format!("one … before the date and one behind it are enough\n{HELP}"))
        } else {
            Ok(Self { text, parts })
        }
    }
}

impl DateForm {
    /// The form as written in the configuration.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Year, month and day of a text that is written so; unknown ones are 0. A short year is one from 1970 to 2069.
    #[must_use]
    pub fn parse(&self, text: &str) -> Option<(u16, u8, u8)> {
        parse(&self.parts, text, (0, 0, 0))
    }

    /// A date written so; none where the date lacks a part, or the form has text of the cell's own.
    #[must_use]
    pub fn write(&self, (year, month, day): (u16, u8, u8)) -> Option<String> {
        use std::fmt::Write as _;
        let month_name = usize::from(month).checked_sub(1).and_then(|index| MONTHS.get(index));
        let mut text = String::new();
        let (mut has_month, mut has_day) = (false, false);
        for part in &self.parts {
            has_month |= matches!(part, Part::Month | Part::PaddedMonth | Part::MonthName | Part::ShortMonthName);
            has_day |= matches!(part, Part::Day | Part::PaddedDay);
            // Writing to a string does not fail.
            let _ = match part {
                Part::Year => write!(text, "{year}"),
                Part::ShortYear => write!(text, "{:02}", year % 100),
                Part::PaddedMonth if month > 0 => write!(text, "{month:02}"),
                Part::Month if month > 0 => write!(text, "{month}"),
                Part::MonthName => write!(text, "{}", month_name?),
                Part::ShortMonthName => write!(text, "{}", &month_name?[..3]),
                Part::PaddedDay if day > 0 => write!(text, "{day:02}"),
                Part::Day if day > 0 => write!(text, "{day}"),
                Part::Itself(char) => write!(text, "{char}"),
                _ => return None,
            };
        }
        // Nothing that the date says may get lost.
        (has_month == (month > 0) && has_day == (day > 0)).then_some(text)
    }
}

type Ymd = (u16, u8, u8);

fn parse(parts: &[Part], text: &str, (year, month, day): Ymd) -> Option<Ymd> {
    let Some((&part, parts)) = parts.split_first() else { return text.is_empty().then_some((year, month, day)) };
    let number = |least: usize, most: usize| {
        let digits = text.bytes().take(most).take_while(u8::is_ascii_digit).count();
        let is_whole =
            digits >= least && !text.as_bytes().get(digits).is_some_and(|byte| least != most && byte.is_ascii_digit());
        is_whole.then(|| text[..digits].parse::<u16>().ok().map(|number| (number, &text[digits..]))).flatten()
    };
    let narrow = |(number, rest): (u16, _), most: u8| {
        u8::try_from(number).ok().filter(|number| (1..=most).contains(number)).map(|number| (number, rest))
    };
    let month_name = |len: Option<usize>| {
        (1..).zip(MONTHS).find_map(|(number, name)| {
            let name = &name[..len.unwrap_or(name.len())];
            let head = text.get(..name.len())?;
            head.eq_ignore_ascii_case(name).then(|| (number, &text[name.len()..]))
        })
    };
    match part {
        Part::Year => number(4, 4).and_then(|(year, rest)| parse(parts, rest, (year, month, day))),
        Part::ShortYear => number(2, 2).and_then(|(short, rest)| {
            let year = if short < 70 { 2000 + short } else { 1900 + short };
            parse(parts, rest, (year, month, day))
        }),
        Part::PaddedMonth | Part::Month => {
            let (month, rest) = narrow(number(if part == Part::Month { 1 } else { 2 }, 2)?, 12)?;
            parse(parts, rest, (year, month, day))
        }
        Part::MonthName | Part::ShortMonthName => {
            let (month, rest) = month_name((part == Part::ShortMonthName).then_some(3))?;
            parse(parts, rest, (year, month, day))
        }
        Part::PaddedDay | Part::Day => {
            let (day, rest) = narrow(number(if part == Part::Day { 1 } else { 2 }, 2)?, 31)?;
            parse(parts, rest, (year, month, day))
        }
        Part::Itself(char) => text.strip_prefix(char).and_then(|rest| parse(parts, rest, (year, month, day))),
        Part::Anything if parts.is_empty() => Some((year, month, day)),
        // Text amid which a date stands is short; the rest of a longer one is not searched.
        Part::Anything => text
            .char_indices()
            .take(LONGEST_TEXT)
            .filter(|&(at, _)| is_word_start(text, at))
            .find_map(|(at, _)| parse(parts, &text[at..], (year, month, day))),
    }
}

/// The longest text, in characters, in which a date is looked for.
const LONGEST_TEXT: usize = 200;

/// Whether no number is cut in two there.
fn is_word_start(text: &str, at: usize) -> bool {
    let is_digit = |byte: Option<&u8>| byte.is_some_and(u8::is_ascii_digit);
    let bytes = text.as_bytes();
    !(is_digit(bytes.get(at)) && at.checked_sub(1).is_some_and(|before| is_digit(bytes.get(before))))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(form: &str, text: &str, expected: Option<Ymd>) {
        let form = DateForm::try_from(form.to_owned()).expect("the form is sound");
        assert_eq!(form.parse(text), expected, "{text}");
    }

    #[test]
    fn texts_are_read_as_the_form_says() {
        check("YYYY", "2024", Some((2024, 0, 0)));
        check("YYYY", "20245", None);
        check("'YY", "'24", Some((2024, 0, 0)));
        check("YYYY-MM-DD", "2024-05-17", Some((2024, 5, 17)));
        check("YYYY-MM-DD", "2024-5-17", None);
        check("YYYY-MM-DD", "2024-13-01", None);
        check("M/D/YYYY", "5/17/2024", Some((2024, 5, 17)));
        check("M/D/YYYY", "12/7/2024", Some((2024, 12, 7)));
        check("Mon YYYY", "may 2024", Some((2024, 5, 0)));
        check("Month D, YYYY", "December 1, 1999", Some((1999, 12, 1)));
        check("YYYY年M月", "2024年5月", Some((2024, 5, 0)));
        check("…YYYY…", "CVPR 2024 (oral)", Some((2024, 0, 0)));
        check("…YYYY", "v12024", None);
        check("…'YY", "WWW'25", Some((2025, 0, 0)));
    }

    #[test]
    fn a_date_is_written_whole_or_not_at_all() {
        let write = |form: &str, date| DateForm::try_from(form.to_owned()).expect("the form is sound").write(date);
        assert_eq!(write("YYYY-MM-DD", (2024, 5, 7)).as_deref(), Some("2024-05-07"));
        assert_eq!(write("D Month 'YY", (2024, 5, 7)).as_deref(), Some("7 May '24"));
        assert_eq!(write("YYYY", (2024, 5, 7)), None);
        assert_eq!(write("YYYY-MM-DD", (2024, 5, 0)), None);
        assert_eq!(write("…YYYY", (2024, 0, 0)), None);
    }

    #[test]
    fn what_is_no_form_is_refused() {
        for text in ["", "DD", "YYYY YY", "YYYY-MM-MM", "YYYY-DD", "YYYY-mm", "……YYYY", "2024"] {
            assert!(DateForm::try_from(text.to_owned()).is_err(), "{text}");
        }
    }
}
