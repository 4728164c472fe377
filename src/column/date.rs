//! Years and dates, in the many ways that lists write them.

/// A date as precise as its cell: a year, perhaps a month, perhaps a day. An unknown part is 0 and sorts before all known ones.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Date {
    /// The year of the common era, 1900 to 2100.
    pub year: u16,
    /// The month, 1 to 12; 0 where unknown.
    pub month: u8,
    /// The day of the month, 1 to 31; 0 where unknown, as it always is where the month is.
    pub day: u8,
}

impl std::fmt::Display for Date {
    /// As in ISO 8601: `2024`, `2024-05`, `2024-05-17`.
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self { year, month: 0, .. } => write!(formatter, "{year}"),
            Self { year, month, day: 0 } => write!(formatter, "{year}-{month:02}"),
            Self { year, month, day } => write!(formatter, "{year}-{month:02}-{day:02}"),
        }
    }
}

/// How a date is written.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Form {
    /// `2024`
    Year,
    /// `'24`
    ShortYear,
    /// `2024-05`, `2024/05/17`, `05/2024`, `17.05.2024`, `202405`, `20240517`
    Numeric,
    /// `May 2024`, `17 May 2024`, `May 17, 2024`, `May-24`, `2024 May`
    Named,
    /// `2024年5月`, `2024년 5월 17일`
    Cjk,
    /// `2024 Q1`: the first month of the quarter.
    Quarter,
    /// `2019-2023`, `2020–present`: the first year.
    Range,
    /// `CVPR 2024`, `ICMR'23 (Oral)`, `arXiv 2024-05`, `2024 CVPR`, `CVPR-24`, `AAAI2024`
    Venue,
    /// Other text of at most 80 characters with one plausible year in it.
    InText,
}

/// A date and the form in which it was found.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Dated {
    /// The date.
    pub date: Date,
    /// How it is written.
    pub form: Form,
}

/// The longest text, in characters, in which a year is looked for.
const LONGEST_TEXT: usize = 80;

/// The date that a cell's visible text states; punctuation and emoji around it are ignored.
///
/// Years from 1900 to 2100 only. Of two numbers that may both be the month (`05/06/2024`) neither is taken, and month and day are unknown.
#[must_use]
pub fn parse(visible: &str) -> Option<Dated> {
    if let Some(year) = four_digits(visible).filter(|&year| is_plausible(year.into())) {
        return Some(Dated { date: date(year, 0, 0), form: Form::Year });
    }
    // Without a digit there is no year.
    if !visible.bytes().any(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let text = bare(visible);
    // Nothing longer is a date; a character has at most four bytes. The years of a URL are no dates.
    if text.is_empty() || text.len() > 4 * LONGEST_TEXT || text.chars().count() > LONGEST_TEXT || text.contains("://") {
        return None;
    }
    pure(text).or_else(|| venue(text)).or_else(|| in_text(text))
}

/// The number that a text of four digits is, as in most columns of dates.
fn four_digits(text: &str) -> Option<u16> {
    let digits: [u8; 4] = text.as_bytes().try_into().ok()?;
    let add = |number: u16, digit: u8| digit.is_ascii_digit().then(|| number * 10 + u16::from(digit - b'0'));
    digits.into_iter().try_fold(0, add)
}

/// The number where the text consists of 2 to 6 digits, perhaps with punctuation around: what may be meant as a year, plausible or not.
#[must_use]
pub fn year_like(visible: &str) -> Option<u32> {
    let text = visible.trim_matches(|char: char| !char.is_alphanumeric());
    let is_number = (2..=6).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit());
    is_number.then(|| text.parse().ok()).flatten()
}

/// The text without punctuation, emoji and blanks around; signs that make a number something else stay, as do an apostrophe before and a dash behind.
fn bare(visible: &str) -> &str {
    let keeps = |char: char| char.is_alphanumeric() || matches!(char, '$' | '€' | '£' | '¥' | '%' | '#' | '+' | '°');
    let text = visible.trim_start_matches(|char| !keeps(char) && !is_apostrophe(char));
    text.trim_end_matches(|char| !keeps(char) && !is_dash(char))
}

/// Reads a whole text as a date of one form.
type Way = fn(Scanner<'_>) -> Option<Date>;

/// A date with nothing else beside it.
fn pure(text: &str) -> Option<Dated> {
    const FROM_DIGIT: [(Way, Form); 8] = [
        (year, Form::Year),
        (compact, Form::Numeric),
        (year_first, Form::Numeric),
        (year_last, Form::Numeric),
        (named, Form::Named),
        (cjk, Form::Cjk),
        (quarter, Form::Quarter),
        (range, Form::Range),
    ];
    const FROM_OTHER: [(Way, Form); 3] =
        [(short_year, Form::ShortYear), (named, Form::Named), (quarter, Form::Quarter)];
    let begins_with_digit = text.bytes().next().is_some_and(|byte| byte.is_ascii_digit());
    let ways = if begins_with_digit { &FROM_DIGIT[..] } else { &FROM_OTHER[..] };
    ways.iter().find_map(|(way, form)| way(Scanner { rest: text }).map(|date| Dated { date, form: *form }))
}

fn year(mut scanner: Scanner<'_>) -> Option<Date> {
    let year = scanner.year()?;
    scanner.end(date(year, 0, 0))
}

fn short_year(mut scanner: Scanner<'_>) -> Option<Date> {
    scanner.any(is_apostrophe)?;
    let year = scanner.short_year()?;
    scanner.end(date(year, 0, 0))
}

/// `202405`, `20240517`.
fn compact(mut scanner: Scanner<'_>) -> Option<Date> {
    let (number, digits) = scanner.number()?;
    let (year, month, day) = match digits {
        6 => (number / 100, number % 100, 0),
        8 => (number / 10_000, number / 100 % 100, number % 100),
        _ => return None,
    };
    let narrow = |part: u32| u8::try_from(part).ok();
    let is_date = is_plausible(year) && (1..=12).contains(&month) && (digits == 6 || (1..=31).contains(&day));
    let date = is_date.then_some(date(u16::try_from(year).ok()?, narrow(month)?, narrow(day)?))?;
    scanner.end(date)
}

/// `2024-05`, `2024/05/17`, `2024.5`, `2024-05-17 12:30`.
fn year_first(mut scanner: Scanner<'_>) -> Option<Date> {
    let year = scanner.year()?;
    scanner.any(is_numeric_separator)?;
    let one = scanner.day()?;
    if scanner.rest.is_empty() {
        return (one <= 12).then_some(date(year, one, 0));
    }
    scanner.any(is_numeric_separator)?;
    let other = scanner.day()?;
    scanner.time();
    let date = match (one, other) {
        (1..=12, day) => date(year, one, day),
        (day, 1..=12) => date(year, other, day),
        _ => return None,
    };
    scanner.end(date)
}

/// `05/2024`, `17/05/2024`, `05/17/2024`.
fn year_last(mut scanner: Scanner<'_>) -> Option<Date> {
    let one = scanner.day()?;
    scanner.any(is_numeric_separator)?;
    if let Some(year) = scanner.attempt(Scanner::year) {
        return (one <= 12).then(|| scanner.end(date(year, one, 0))).flatten();
    }
    let other = scanner.day()?;
    scanner.any(is_numeric_separator)?;
    let year = scanner.year()?;
    let date = match (one, other) {
        (13.., 1..=12) => date(year, other, one),
        (1..=12, 13..) => date(year, one, other),
        (1..=12, 1..=12) if one == other => date(year, one, other),
        (1..=12, 1..=12) => date(year, 0, 0),
        _ => return None,
    };
    scanner.end(date)
}

/// `May 2024`, `May-24`, `May '24`, `May 17th, 2024`, `17 May 2024`, `17-May-24`, `2024 May 17`, `May/June 2024`.
fn named(mut scanner: Scanner<'_>) -> Option<Date> {
    if let Some(year) = scanner.attempt(Scanner::year) {
        scanner.separators();
        let month = scanner.month()?;
        scanner.separators();
        let day = scanner.attempt(Scanner::ordinal).unwrap_or(0);
        return scanner.end(date(year, month, day));
    }
    let day = scanner.attempt(Scanner::ordinal);
    scanner.separators();
    if day.is_some() && scanner.rest.starts_with("of ") {
        scanner.rest = &scanner.rest[3..];
    }
    let month = scanner.month()?;
    let behind_month = scanner;
    scanner.separators();
    if scanner.attempt(Scanner::month).is_some() {
        scanner.separators();
    }
    if let Some(year) = scanner.attempt(Scanner::year) {
        return scanner.end(date(year, month, day.unwrap_or(0)));
    }
    if let Some(day) = scanner.attempt(Scanner::ordinal).filter(|_| day.is_none()) {
        scanner.separators();
        if let Some(year) = scanner.attempt(Scanner::year) {
            return scanner.end(date(year, month, day));
        }
    }
    // `May 24` may be a day, `May-24` and `May '24` are not.
    let mut scanner = behind_month;
    scanner.spaces();
    scanner.any(|char| char == '-' || is_apostrophe(char))?;
    let year = scanner.short_year()?;
    scanner.end(date(year, month, day.unwrap_or(0)))
}

/// `2024年`, `2024年5月17日`, `2024년 5월`.
fn cjk(mut scanner: Scanner<'_>) -> Option<Date> {
    let year = scanner.year()?;
    scanner.spaces();
    scanner.any(|char| matches!(char, '年' | '년'))?;
    scanner.spaces();
    let (mut month, mut day) = (0, 0);
    if let Some(number) = scanner.attempt(Scanner::day) {
        month = Some(number).filter(|month| *month <= 12)?;
        scanner.spaces();
        scanner.any(|char| matches!(char, '月' | '월'))?;
        let _ = scanner.any(|char| char == '份');
        scanner.spaces();
        if let Some(number) = scanner.attempt(Scanner::day) {
            day = number;
            scanner.spaces();
            scanner.any(|char| matches!(char, '日' | '号' | '號' | '일'))?;
        }
    }
    scanner.end(date(year, month, day))
}

/// `2024 Q1`, `2024-Q1`, `Q1 2024`, `Q1'24`.
fn quarter(mut scanner: Scanner<'_>) -> Option<Date> {
    let before = scanner.attempt(Scanner::year);
    scanner.separators();
    scanner.any(|char| matches!(char, 'Q' | 'q'))?;
    let number = scanner.day().filter(|number| *number <= 4)?;
    let year = before.or_else(|| {
        scanner.separators();
        if scanner.any(is_apostrophe).is_some() { scanner.short_year() } else { scanner.year() }
    })?;
    scanner.end(date(year, 3 * number - 2, 0))
}

/// `2019-2023`, `2019–23`, `2020 to present`, `2020–`.
fn range(mut scanner: Scanner<'_>) -> Option<Date> {
    const OPEN_ENDS: [&str; 11] =
        ["present", "now", "current", "ongoing", "today", "date", "至今", "现在", "現在", "今", "현재"];
    let year = scanner.year()?;
    scanner.spaces();
    let is_dashed = scanner.any(|char| is_dash(char) || matches!(char, '/' | '至' | '到')).is_some();
    if !is_dashed {
        scanner.rest =
            scanner.rest.strip_prefix("to ").or_else(|| scanner.rest.strip_prefix("至今").map(|_| "至今"))?;
    }
    scanner.spaces();
    let has_end = scanner.attempt(Scanner::year).is_some()
        || scanner.attempt(Scanner::short_year).is_some()
        || OPEN_ENDS.iter().any(|end| end.eq_ignore_ascii_case(scanner.rest)) && {
            scanner.rest = "";
            true
        };
    (has_end || is_dashed).then(|| scanner.end(date(year, 0, 0))).flatten()
}

/// A venue, or any words, with a year before or behind.
fn venue(text: &str) -> Option<Dated> {
    let (words, behind) = text.split_at(text.find(|char: char| char.is_ascii_digit())?);
    let date = if words.is_empty() { year_then_words(behind) } else { words_then_date(text, words, behind) };
    date.map(|date| Dated { date, form: Form::Venue })
}

/// `2024 CVPR`, `2024, Nature`.
fn year_then_words(text: &str) -> Option<Date> {
    let mut scanner = Scanner { rest: text };
    let year = scanner.year()?;
    let words = scanner.rest.trim_start_matches(|char: char| is_separator(char) || matches!(char, ':' | '('));
    let is_short = words.split_whitespace().count() <= 5;
    let is_venue =
        is_short && words.len() < scanner.rest.len() && words.starts_with(char::is_alphabetic) && !has_digit(words);
    is_venue.then_some(date(year, 0, 0))
}

/// `CVPR 2024`, `arXiv 2024-05`, `NeurIPS 2023 (Oral)`, `Published May 2024`, `ICMR'23`, `CVPR-24`.
fn words_then_date(text: &str, words: &str, behind: &str) -> Option<Date> {
    if !words.contains(char::is_alphabetic) {
        return None;
    }
    let last_word = words.trim_end().rsplit([' ', '(', ',']).next().unwrap_or_default();
    let from_last_word = &text[words.trim_end().len() - last_word.len()..];
    let whole = pure(behind)
        .filter(|dated| matches!(dated.form, Form::Year | Form::Numeric | Form::Named | Form::Cjk | Form::Quarter));
    if let Some(date) = named(Scanner { rest: from_last_word }).or(whole.map(|dated| dated.date)) {
        return Some(date);
    }
    let mut scanner = Scanner { rest: behind };
    if let Some(year) = scanner.attempt(Scanner::year) {
        return is_remark(scanner.rest).then_some(date(year, 0, 0));
    }
    let year = scanner.short_year()?;
    let name = words.trim_end();
    if name.ends_with(is_apostrophe) {
        return is_remark(scanner.rest).then_some(date(year, 0, 0));
    }
    // `arXiv08` is a month beside a column of years.
    let name = name.strip_suffix('-').or(Some(name).filter(|name| !name.eq_ignore_ascii_case("arxiv")))?;
    // `CIFAR-10`, `THCHS-30` and `RESISC45` are datasets.
    (scanner.rest.is_empty() && (2011..2030).contains(&year) && is_acronym(name)).then_some(date(year, 0, 0))
}

/// Whether the text behind a year only adds to it: `(Oral)`, `, Vienna`, ` Workshop`; it holds no digit.
fn is_remark(text: &str) -> bool {
    let is_apart = !text.starts_with(char::is_alphabetic);
    let is_set_off = text.trim_start().starts_with(|char: char| !char.is_alphanumeric());
    is_apart && !has_digit(text) && (is_set_off || text.split_whitespace().count() <= 3)
}

/// Whether two digits behind a word may be a year: `CVPR24`, `KDD-24`; not so of models (`VGG-16`, `ResNet-50`).
fn is_acronym(word: &str) -> bool {
    const OTHERS: [&str; 9] = ["ACL", "KDD", "WWW", "CHI", "MM", "arXiv", "NeurIPS", "ArXiv", "SIGIR"];
    OTHERS.contains(&word) || (word.len() >= 4 && word.bytes().all(|byte| byte.is_ascii_uppercase()))
}

/// The one plausible year of a text; it may stand there more than once.
fn in_text(text: &str) -> Option<Dated> {
    // Numbers alone that make no date (`2024-13-13`) are a mistake.
    if !text.contains(char::is_alphabetic) {
        return None;
    }
    let mut found = None;
    let mut at = 0;
    while let Some(offset) = text[at..].find(|char: char| char.is_ascii_digit()) {
        let start = at + offset;
        let mut scanner = Scanner { rest: &text[start..] };
        let year = scanner.attempt(Scanner::year);
        let end = start + text[start..].bytes().take_while(u8::is_ascii_digit).count();
        at = end;
        let Some(year) = year.filter(|_| stands_alone(&text[..start], &text[end..])) else { continue };
        if found.is_some_and(|found| found != year) {
            return None;
        }
        found = Some(year);
    }
    found.map(|year| Dated { date: date(year, 0, 0), form: Form::InText })
}

/// Whether digits between these texts are a number of their own: no `1,999`, `2005.14165`, `1920x1080`, `$2000`, `2048-bit`.
fn stands_alone(before: &str, behind: &str) -> bool {
    let mut before = before.chars().rev();
    let mut behind = behind.chars();
    let (previous, second_previous) = (before.next(), before.next());
    let (next, second_next) = (behind.next(), behind.next());
    let is_point = |char: Option<char>| matches!(char, Some('.' | ','));
    let is_digit = |char: Option<char>| char.is_some_and(|char| char.is_ascii_digit());
    let is_sign = |char: Option<char>| matches!(char, Some('$' | '€' | '£' | '¥' | '%' | '#' | '°'));
    let is_fraction = (is_point(previous) && is_digit(second_previous)) || (is_point(next) && is_digit(second_next));
    let is_unit = |char: Option<char>| char.is_some_and(|char| char.is_ascii_alphabetic());
    let has_unit = is_unit(next) || (next == Some('-') && is_unit(second_next));
    !is_fraction && !has_unit && !is_sign(previous) && !is_sign(next)
}

/// A place in a text from which parts of dates are read. A reader that fails leaves it anywhere; [`Scanner::attempt`] puts it back.
#[derive(Clone, Copy)]
struct Scanner<'t> {
    rest: &'t str,
}

impl Scanner<'_> {
    /// What `read` reads, or the scanner where it was.
    fn attempt<T>(&mut self, read: impl FnOnce(&mut Self) -> Option<T>) -> Option<T> {
        let before = *self;
        let found = read(self);
        if found.is_none() {
            *self = before;
        }
        found
    }

    /// A whole run of at most 8 digits: its number and its length.
    fn number(&mut self) -> Option<(u32, usize)> {
        let digits = self.rest.bytes().take_while(u8::is_ascii_digit).count();
        let number = self.rest[..digits].parse().ok().filter(|_| digits <= 8)?;
        self.rest = &self.rest[digits..];
        Some((number, digits))
    }

    /// Four digits that are a plausible year.
    fn year(&mut self) -> Option<u16> {
        let (number, digits) = self.number()?;
        u16::try_from(number).ok().filter(|_| digits == 4 && is_plausible(number))
    }

    /// Two digits that are a year from 1970 to 2069.
    fn short_year(&mut self) -> Option<u16> {
        let (number, digits) = self.number()?;
        let number = u16::try_from(number).ok().filter(|_| digits == 2)?;
        Some(if number < 70 { 2000 + number } else { 1900 + number })
    }

    /// One or two digits from 1 to 31.
    fn day(&mut self) -> Option<u8> {
        let (number, digits) = self.number()?;
        u8::try_from(number).ok().filter(|number| digits <= 2 && (1..=31).contains(number))
    }

    /// A day, perhaps with `st`, `nd`, `rd` or `th`.
    fn ordinal(&mut self) -> Option<u8> {
        let day = self.day()?;
        if let Some(start) = self
            .rest
            .get(..2)
            .filter(|start| ["st", "nd", "rd", "th"].iter().any(|end| end.eq_ignore_ascii_case(start)))
        {
            self.rest = &self.rest[start.len()..];
        }
        Some(day)
    }

    /// The name of a month in English, whole or its first three letters, perhaps with a full stop.
    fn month(&mut self) -> Option<u8> {
        const NAMES: [&str; 12] = [
            "january",
            "february",
            "march",
            "april",
            "may",
            "june",
            "july",
            "august",
            "september",
            "october",
            "november",
            "december",
        ];
        let length = self.rest.bytes().take_while(u8::is_ascii_alphabetic).count();
        if !(3..=9).contains(&length) {
            return None;
        }
        let word = &self.rest[..length];
        let is_month = |name: &str| name.eq_ignore_ascii_case(word) || name[..3].eq_ignore_ascii_case(word);
        let index =
            NAMES.iter().position(|name| is_month(name)).or_else(|| "sept".eq_ignore_ascii_case(word).then_some(8))?;
        self.rest = &self.rest[length..];
        self.rest = self.rest.strip_prefix('.').unwrap_or(self.rest);
        u8::try_from(index + 1).ok()
    }

    /// A time of day behind a date; nothing happens where there is none.
    fn time(&mut self) {
        let is_time = |char: char| char.is_ascii_digit() || matches!(char, ':' | '.' | '+' | '-' | 'Z' | ' ');
        if let Some(time) = self.rest.strip_prefix(['T', ' '])
            && time.contains(':')
            && time.chars().all(is_time)
        {
            self.rest = "";
        }
    }

    fn any(&mut self, is_wanted: impl Fn(char) -> bool) -> Option<char> {
        let char = self.rest.chars().next().filter(|&char| is_wanted(char))?;
        self.rest = &self.rest[char.len_utf8()..];
        Some(char)
    }

    fn spaces(&mut self) {
        self.rest = self.rest.trim_start();
    }

    fn separators(&mut self) {
        self.rest = self.rest.trim_start_matches(is_separator);
    }

    /// The date, if nothing is left.
    fn end(&self, date: Date) -> Option<Date> {
        self.rest.is_empty().then_some(date)
    }
}

fn date(year: u16, month: u8, day: u8) -> Date {
    Date { year, month, day }
}

fn is_plausible(year: u32) -> bool {
    (1900..=2100).contains(&year)
}

fn has_digit(text: &str) -> bool {
    text.contains(|char: char| char.is_ascii_digit())
}

fn is_apostrophe(char: char) -> bool {
    matches!(char, '\'' | '’' | '‘' | '`' | '´' | 'ʼ')
}

fn is_dash(char: char) -> bool {
    matches!(char, '-' | '~' | '～' | '\u{2010}'..='\u{2015}' | '\u{2212}')
}

fn is_numeric_separator(char: char) -> bool {
    matches!(char, '-' | '/' | '.' | '\u{2010}'..='\u{2013}')
}

fn is_separator(char: char) -> bool {
    char.is_whitespace() || is_dash(char) || matches!(char, ',' | '.' | '/' | '_')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(form: Form, texts: &[&str], expected: &str) {
        for text in texts {
            let found = parse(text).map(|dated| (dated.form, dated.date.to_string()));
            assert_eq!(found, Some((form, expected.to_owned())), "{text}");
        }
    }

    #[track_caller]
    fn check_none(texts: &[&str]) {
        for text in texts {
            assert_eq!(parse(text), None, "{text}");
        }
    }

    #[test]
    fn a_year_may_have_punctuation_around() {
        check(Form::Year, &["2024", " 2024 ", "(2024)", "2024.", "2024*", "[2024]", "~2024", "🔥 2024"], "2024");
        check(Form::Year, &["1900"], "1900");
        check(Form::Year, &["2100"], "2100");
    }

    #[test]
    fn implausible_numbers_are_no_dates() {
        check_none(&[
            "",
            "-",
            "1234",
            "9999",
            "20244",
            "202",
            "24",
            "202413",
            "20240532",
            "1899",
            "2101",
            "2024-13-13",
            "3000-01-01",
            "$2000",
            "2048%",
        ]);
        assert_eq!(
            ["1234", "20244", "(24)", "'24", "1", "1234567", "12a", "", "20.24"].map(year_like),
            [Some(1234), Some(20244), Some(24), Some(24), None, None, None, None, None]
        );
    }

    #[test]
    fn a_short_year_has_an_apostrophe() {
        check(Form::ShortYear, &["'24", "’24", "(`24)"], "2024");
        check(Form::ShortYear, &["'98"], "1998");
    }

    #[test]
    fn numbers_make_dates() {
        check(
            Form::Numeric,
            &["2024-05", "2024/05", "2024.05", "2024.5", "05/2024", "5-2024", "202405", "(2024/5)"],
            "2024-05",
        );
        check(
            Form::Numeric,
            &[
                "2024-05-17",
                "2024/5/17",
                "2024.05.17",
                "17/05/2024",
                "05/17/2024",
                "20240517",
                "2024-05-17T12:30:00Z",
                "2024-05-17 12:30",
                "2024-17-05",
            ],
            "2024-05-17",
        );
        check(Form::Numeric, &["05/05/2024"], "2024-05-05");
        check(Form::Numeric, &["05/06/2024"], "2024");
    }

    #[test]
    fn names_of_months_make_dates() {
        check(
            Form::Named,
            &[
                "May 2024",
                "May. 2024",
                "may, 2024",
                "May-24",
                "May '24",
                "2024 May",
                "2024-May",
                "May/June 2024",
                "May2024",
            ],
            "2024-05",
        );
        check(Form::Named, &["Sept. 2023", "September 2023", "SEP 2023", "Sep/2023"], "2023-09");
        check(
            Form::Named,
            &[
                "17 May 2024",
                "May 17, 2024",
                "May 17th 2024",
                "17th of May, 2024",
                "17-May-24",
                "17-May-2024",
                "2024 May 17",
            ],
            "2024-05-17",
        );
        check_none(&["May 24", "May", "Maybe 24"]);
    }

    #[test]
    fn chinese_japanese_and_korean_dates_are_dates() {
        check(Form::Cjk, &["2024年"], "2024");
        check(Form::Cjk, &["2024年5月", "2024 年 05 月", "2024년 5월", "2024年5月份"], "2024-05");
        check(Form::Cjk, &["2024年5月17日", "2024년 5월 17일"], "2024-05-17");
    }

    #[test]
    fn a_quarter_is_its_first_month() {
        check(Form::Quarter, &["2024 Q2", "2024Q2", "2024-Q2", "Q2 2024", "Q2'24"], "2024-04");
    }

    #[test]
    fn a_range_is_its_first_year() {
        check(
            Form::Range,
            &[
                "2019-2023",
                "2019 – 2023",
                "2019–present",
                "2019 to now",
                "2019-",
                "2019/2020",
                "2019-20",
                "2019~",
                "2019至今",
            ],
            "2019",
        );
    }

    #[test]
    fn venues_have_years() {
        let texts = [
            "CVPR 2024",
            "CVPR'24",
            "CVPR ’24",
            "arXiv 2024",
            "arXiv'24",
            "2024 CVPR",
            "CVPR 2024 (Oral)",
            "CVPR-24",
            "AAAI2024",
            "CVPR24",
            "arXiv-24",
            "EMNLP 2024 Findings",
            "KDD'24 (Oral)",
            "IEEE Transactions on Geoscience and Remote Sensing, 2024",
            "2024, Nature",
            "ACM MM 2024",
            "🔥 CVPR 2024 🔥",
            "Spring 2024",
            "发表于 2024",
        ];
        check(Form::Venue, &texts, "2024");
        check(
            Form::Venue,
            &["arXiv 2024-05", "arXiv 2024.05", "arXiv, May 2024", "Published May 2024", "arXiv (2024/05)"],
            "2024-05",
        );
        check(Form::Venue, &["arXiv 2024-05-17"], "2024-05-17");
    }

    #[test]
    fn models_and_numbers_are_no_venues() {
        check_none(&[
            "VGG-16",
            "CIFAR-10",
            "RESISC45",
            "THCHS-30",
            "arXiv12",
            "ResNet-50",
            "GPT-4",
            "Llama 13",
            "arXiv:2005.14165",
            "1920x1080",
            "$2000 a month",
            "1,999 images",
            "see 2019, 2020",
            "2019, 2020",
            "Qwen-72B",
            "https://x.org/2024",
        ]);
    }

    #[test]
    fn one_year_in_a_text_is_its_year() {
        check(
            Form::InText,
            &[
                "TGRS, 2024, vol. 62",
                "The 2024 list of 5 models and its parts",
                "since 2024 (2 parts, from 2024)",
                "2024 (v2)",
                "2024 voice records of people who speak",
                "来自CoNLL-2024的任务",
                "10.1/x (2024)",
            ],
            "2024",
        );
        check_none(&["from 2019 by 3 to 2020", "no year 123 here"]);
        check_none(&[&format!("{} 2024 1", "a".repeat(80))]);
    }

    #[test]
    fn any_text_is_fine() {
        for part in ["2024", "a", "2024-", "'", "年", "May ", "2024 ", "-", "é2"] {
            let text = part.repeat(200_000);
            let _ = (parse(&text), year_like(&text));
            for length in 0..40 {
                let short = part.repeat(length);
                let _ = (parse(&short), year_like(&short));
            }
        }
    }
}
