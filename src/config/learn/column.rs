//! What the cells of a column have in common.

use toml::Value;

use super::survey::{Survey, frequent, well_spelt};
use super::{FEWEST_ROWS, Guess, Kind};
use crate::column::Role;
use crate::column::date::{self, Form};
use crate::rules::invalid_cell;
use crate::schema::DateForm;

/// Ways to write dates, the usual ones first.
const FORMS: [&str; 26] = [
    "YYYY-MM-DD",
    "YYYY-MM",
    "YYYY/MM/DD",
    "YYYY/MM",
    "YYYY.MM.DD",
    "YYYY.MM",
    "YYYY",
    "Mon YYYY",
    "Month YYYY",
    "D Mon YYYY",
    "D Month YYYY",
    "Mon D, YYYY",
    "Month D, YYYY",
    "MM/YYYY",
    "M/YYYY",
    "DD/MM/YYYY",
    "DD.MM.YYYY",
    "YYYY-M-D",
    "YYYY/M/D",
    "YYYY/M",
    "YYYY-M",
    "YYYYMMDD",
    "'YY",
    "Mon-YY",
    "YYYY年M月",
    "YYYY年M月D日",
];

/// A column that is written in more forms than these is written in none.
const MOST_FORMS: usize = 3;

/// The most values of an enumeration, link texts and hosts.
const MOST_VALUES: usize = 8;

/// More hosts are no choice, but where things happen to be published.
const MOST_HOSTS: usize = 4;

/// The longest value of an enumeration, in bytes.
const LONGEST_VALUE: usize = 40;

/// So many cells make a vocabulary.
const ENOUGH_FOR_WORDS: usize = 10;

/// The guesses about one column, each borne out by all but a few of its cells.
pub(super) fn guesses(kind: &Kind<'_, '_>, column: usize) -> Vec<Guess> {
    let survey = Survey::of(kind, column);
    let mut learner = Learner { kind, column, survey: &survey, guesses: Vec::new() };
    learner.presence();
    if survey.filled >= FEWEST_ROWS {
        learner.kind();
    }
    learner.guesses
}

struct Learner<'k> {
    kind: &'k Kind<'k, 'k>,
    column: usize,
    survey: &'k Survey,
    guesses: Vec<Guess>,
}

impl Learner<'_> {
    /// Takes a guess where the rule that will hold cells against it finds few that depart from it; `of` is what there is of, and its name.
    fn try_out(&mut self, option: &'static str, value: impl Into<Value>, of: (usize, &str)) -> bool {
        self.try_out_together(vec![Guess::new(option, value, "")], of)
    }

    /// The same of guesses of which none makes sense without the others.
    fn try_out_together(&mut self, guesses: Vec<Guess>, (of, noun): (usize, &str)) -> bool {
        let known = self.departures(&[]).unwrap_or(usize::MAX);
        let Some(departures) = self.departures(&guesses) else { return false };
        let exceptions = departures.saturating_sub(known);
        let is_habit = Kind::is_habit(exceptions, of);
        if is_habit {
            let support = || super::support(exceptions, of, noun);
            self.guesses.extend(guesses.into_iter().map(|guess| Guess { support: support(), ..guess }));
        }
        is_habit
    }

    /// The number of cells that would break the guesses made so far, and further ones.
    fn departures(&self, more: &[Guess]) -> Option<usize> {
        let options = self.guesses.iter().chain(more).map(|guess| (guess.option.to_owned(), guess.value.clone()));
        let column = Value::Table(options.collect());
        let columns: toml::Table = [(self.kind.headers[self.column].clone(), column)].into_iter().collect();
        let schema = [("columns".to_owned(), Value::Table(columns))].into_iter().collect();
        let counts = self.kind.bind(&schema, |typed, bound| invalid_cell::departures(typed, bound))?;
        Some(counts.into_iter().sum())
    }

    fn presence(&mut self) {
        let rows = self.kind.rows;
        let placeholders = frequent(&self.survey.placeholders, 1);
        let total: usize = placeholders.iter().map(|(_, count)| count).sum();
        // Who says now and then that there is nothing does not ask for something.
        if total <= 1 && self.try_out("presence", "required", (rows, "rows")) {
            return;
        }
        if let [(text, count), ..] = placeholders[..]
            && total >= FEWEST_ROWS
            && Kind::is_habit(total - count, total)
        {
            let support = format!("{count} of {total} cells that say so");
            self.guesses.push(Guess::new("placeholders", vec![text], support));
        }
    }

    fn kind(&mut self) {
        let survey = self.survey;
        let filled = survey.filled;
        let is_mostly = |count: usize| Kind::is_habit(filled - count.min(filled), filled);
        if is_mostly(survey.pictures) {
            self.try_out("type", "badge", (filled, "cells"));
        } else if is_mostly(survey.linked) {
            self.links();
        } else if survey.linked * 4 <= filled {
            self.value(&is_mostly);
        }
    }

    /// A column without links, or with few.
    fn value(&mut self, is_mostly: &dyn Fn(usize) -> bool) {
        let survey = self.survey;
        let filled = survey.filled;
        let count = |is: &dyn Fn(&str) -> bool| survey.visible.iter().filter(|text| is(text)).count();
        let dates =
            |form: fn(Form) -> bool| count(&|text: &str| date::parse(text).is_some_and(|dated| form(dated.form)));
        let is_year = |text: &str| date::parse(text).is_some_and(|dated| dated.form == Form::Year) && text.len() == 4;
        let starts_with_digit = |text: &str| text.starts_with(|char: char| char.is_ascii_digit());
        if is_mostly(count(&is_year)) && self.try_out("type", "year", (filled, "cells")) {
            let years = survey.visible.iter().filter_map(|text| text.parse::<i64>().ok());
            if let Some(oldest) = years.min().filter(|oldest| *oldest >= 1900) {
                // Something older may come to light; a slip is mostly far off.
                self.guesses.push(Guess::new("min", oldest / 10 * 10, format!("the oldest is {oldest}")));
            }
        } else if is_mostly(dates(|form| !matches!(form, Form::Venue | Form::InText | Form::Range))) {
            self.dates();
        } else {
            let is_integer = is_mostly(count(&starts_with_digit)) && self.try_out("type", "integer", (filled, "cells"));
            if !is_integer && !self.emoji() && !self.code() && !self.enumeration() {
                self.text();
            }
        }
    }

    fn dates(&mut self) {
        let cells = (self.survey.filled, "cells");
        let forms = FORMS.iter().filter_map(|form| DateForm::try_from((*form).to_owned()).ok());
        let mut left: Vec<&str> = self.survey.visible.iter().map(String::as_str).collect();
        let mut counted: Vec<(usize, DateForm)> = forms
            .map(|form| (left.iter().filter(|text| form.parse(text).is_some()).count(), form))
            .filter(|(count, _)| *count > 0)
            .collect();
        counted.sort_by_key(|(count, _)| std::cmp::Reverse(*count));
        let mut chosen = Vec::new();
        for (_, form) in counted {
            let before = left.len();
            left.retain(|text| form.parse(text).is_none());
            if (before - left.len()) * 50 > self.survey.filled {
                chosen.push(form.text().to_owned());
            }
        }
        if self.try_out("type", "date", cells) && chosen.len() <= MOST_FORMS && !chosen.is_empty() {
            self.try_out("formats", chosen, cells);
        }
    }

    fn links(&mut self) {
        let survey = self.survey;
        let cells = (survey.filled, "cells");
        let links = (survey.links, "links");
        // Two cells with several links are no slip.
        let is_single = survey.linked - survey.linked_once <= 1;
        if !self.try_out("type", if is_single { "link" } else { "links" }, cells) {
            return;
        }
        if is_single && survey.alone * 20 >= survey.filled * 19 {
            self.try_out("alone", true, cells);
        }
        if survey.bare == 0 {
            self.try_out("bare-urls", "forbid", links);
        }
        if survey.links >= ENOUGH_FOR_WORDS {
            let is_secure = |(scheme, _): &(&str, usize)| *scheme == "https";
            if frequent(&survey.schemes, 1).first().is_some_and(is_secure) {
                self.try_out("schemes", vec!["https"], links);
            }
            for (option, counts, most) in [("hosts", &survey.hosts, MOST_HOSTS), ("texts", &survey.texts, MOST_VALUES)]
            {
                let known = well_spelt(counts, 2);
                let total: usize = frequent(counts, 1).iter().map(|(_, count)| count).sum();
                let rare = total - known.iter().map(|(_, count)| count).sum::<usize>();
                let is_vocabulary = (1..=most.min(survey.links / 5)).contains(&known.len());
                let known: Vec<&str> = known.into_iter().map(|(text, _)| text).collect();
                // Where ever new ones come up, the next one is no departure.
                if is_vocabulary && rare <= (survey.links / 50).max(1) && known.iter().all(|text| is_short(text)) {
                    self.try_out(option, known, links);
                }
            }
        }
    }

    fn emoji(&mut self) -> bool {
        let is_emoji = |text: &str| text.chars().all(|char| !char.is_alphanumeric() && !char.is_ascii());
        let values = frequent(&self.survey.written, 1);
        let is_vocabulary = values.len() <= MOST_VALUES && values.iter().all(|(text, _)| is_emoji(text));
        let values: Vec<&str> = values.into_iter().map(|(text, _)| text).collect();
        is_vocabulary && self.vocabulary("emoji", values)
    }

    fn code(&mut self) -> bool {
        let is_code = |text: &str| text.len() > 2 && text.starts_with('`') && text.ends_with('`');
        let code: usize =
            frequent(&self.survey.written, 1).iter().filter(|(text, _)| is_code(text)).map(|(_, n)| n).sum();
        code * 20 >= self.survey.filled * 19 && self.try_out("type", "code", (self.survey.filled, "cells"))
    }

    fn enumeration(&mut self) -> bool {
        let filled = self.survey.filled;
        if self.is_name() || filled < ENOUGH_FOR_WORDS {
            return false;
        }
        let values = well_spelt(&self.survey.written, 2);
        let is_vocabulary = (1..=MOST_VALUES).contains(&values.len())
            && values.len() * 5 <= filled
            && values.iter().all(|(text, _)| is_short(text));
        let values: Vec<&str> = values.into_iter().map(|(text, _)| text).collect();
        is_vocabulary && (self.full_enumeration(&values) || self.vocabulary("enum", values))
    }

    /// Where no cell is empty, the one word for nothing is a value, too.
    fn full_enumeration(&mut self, values: &[&str]) -> bool {
        let survey = self.survey;
        let Some((nothing, count)) = survey.placeholders.iter().next().filter(|_| survey.placeholders.len() == 1)
        else {
            return false;
        };
        if count + survey.filled < self.kind.rows || *count < 2 {
            return false;
        }
        let values: Vec<&str> = values.iter().copied().chain([nothing.as_str()]).collect();
        let earlier = std::mem::take(&mut self.guesses);
        let guesses = [("presence", Value::from("required")), ("type", "enum".into()), ("values", values.into())];
        let guesses = guesses.map(|(option, value)| Guess::new(option, value, "")).into();
        let is_habit = self.try_out_together(guesses, (self.kind.rows, "rows"));
        if !is_habit {
            self.guesses = earlier;
        }
        is_habit
    }

    /// Whether the column holds names of things or people.
    fn is_name(&self) -> bool {
        self.kind.tables.iter().any(|typed| {
            matches!(typed.roles.get(self.column), Some(Role::Title | Role::Authors | Role::Venue | Role::Index))
        })
    }

    fn vocabulary(&mut self, kind: &str, values: Vec<&str>) -> bool {
        let guesses = vec![Guess::new("type", kind, ""), Guess::new("values", values, "")];
        self.try_out_together(guesses, (self.survey.filled, "cells"))
    }

    fn text(&mut self) {
        let survey = self.survey;
        let cells = (survey.filled, "cells");
        let words: usize = survey.visible.iter().map(|text| text.split_whitespace().count()).sum();
        // Names are spelt as those who gave them like: `iGPT`, `What Is a Table?`
        if self.is_name() || survey.filled < ENOUGH_FOR_WORDS || words < 3 * survey.filled {
            return;
        }
        let is_lettered = |text: &&String| text.starts_with(|char: char| char.is_lowercase() || char.is_uppercase());
        if survey.visible.iter().filter(is_lettered).count() * 2 > survey.filled {
            self.try_out("first-letter", "upper", cells);
        }
        let stops = survey.visible.iter().filter(|text| text.ends_with('.')).count();
        if stops * 2 > survey.filled {
            self.try_out("end-punctuation", "require", cells);
        } else {
            self.try_out("end-punctuation", "forbid", cells);
        }
        let length = |text: &String| i64::try_from(text.chars().count()).unwrap_or(i64::MAX);
        let longest = survey.visible.iter().map(length).max().unwrap_or_default();
        // The roundest number that is no less: who has a limit has a round one.
        if let Some(limit) = LIMITS.into_iter().find(|limit| longest <= *limit) {
            self.guesses.push(Guess::new("max-length", limit, format!("the longest has {longest}")));
        }
    }
}

/// The greatest lengths that people ask for, in characters.
const LIMITS: [i64; 12] = [40, 50, 60, 80, 100, 120, 150, 200, 250, 300, 400, 500];

fn is_short(text: &str) -> bool {
    text.len() <= LONGEST_VALUE && !text.is_empty()
}
