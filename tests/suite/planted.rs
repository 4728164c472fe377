//! Faults planted into clean tables of real lists are found: at their line, by their rule, and nothing else is said that was not said before.

use std::cell::OnceCell;
use std::collections::BTreeSet;

use tablewright::column::order::{Habit, Verdict, habit, infer};
use tablewright::column::{Declared, Role, TypedDocument, TypedTable, date};
use tablewright::diagnostic::Severity;
use tablewright::lint::{self, Settings};
use tablewright::rules::defaults;
use tablewright::source::{Source, Span};
use tablewright::table::{Cell, Document, LinkKind, Row};

use crate::corpus::{self, CURRENT_YEAR};

/// A fault: where the text changes, and what is to be said of it.
struct Plant {
    span: Span,
    replacement: String,
    /// Where the finding stands in the new text.
    line_number: usize,
    rule: &'static str,
    /// Another rule that may speak of the table as well, or in place of the first.
    beside: Option<(&'static str, Beside)>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Beside {
    /// At the line, as well.
    AtLine,
    /// At the line, instead.
    Instead,
    /// Anywhere in the table, as well.
    InTable,
}

impl Plant {
    fn new(row: Row<'_>, span: Span, replacement: impl Into<String>, rule: &'static str) -> Self {
        Self { span, replacement: replacement.into(), line_number: row.line_number(), rule, beside: None }
    }

    fn below(self) -> Self {
        Self { line_number: self.line_number + 1, ..self }
    }

    fn beside(self, rule: &'static str, how: Beside) -> Self {
        Self { beside: Some((rule, how)), ..self }
    }
}

/// The table that a fault is planted into.
struct Place<'p> {
    typed: &'p TypedTable<'p>,
    habit: Habit,
    /// A row with as many cells as the header and both outer pipes; not the last one.
    row: Row<'p>,
}

/// Makes one kind of fault; none where there is nothing to break, or where the result may be meant.
type Kind = fn(&mut Random, &Place<'_>) -> Option<Plant>;

const KINDS: &[(&str, Kind)] = &[
    ("last cell removed", |_, place| remove(place, &place.row.cells().last()?)),
    ("any cell removed", |random, place| remove(place, &any_cell(random, place.row)?)),
    ("cell added", |_, Place { row, .. }| {
        Some(Plant::new(*row, Span::empty(row.span().end()), " surplus |", "ragged-row"))
    }),
    ("empty cell added", |random, Place { row, .. }| {
        let at = any_cell(random, *row)?.span().start();
        Some(Plant::new(*row, Span::empty(at), "  |", "ragged-row"))
    }),
    ("pipe in a text", |random, Place { row, typed, .. }| {
        let cell = any_cell(random, *row)?;
        let is_plain =
            !cell.text.contains(['`', '<', '\\']) && row.links().iter().all(|link| !link.span.touches(cell.span()));
        let at = typed.table.source.span_of(cell.text).start() + cell.text.find(' ').filter(|_| is_plain)?;
        Some(Plant::new(*row, Span::empty(at), "|", "ragged-row"))
    }),
    ("two rows on one line", |random, Place { row, typed, .. }| {
        let next = typed.table.body_row(row.body_index()? + 1);
        let seam = *random.pick(&["", " "])?;
        let plant = Plant::new(*row, Span::new(row.span().end(), next.span().start()), seam, "ragged-row");
        Some(plant).filter(|_| typed.table.width() > 1)
    }),
    ("no closing pipe", |_, Place { row, .. }| {
        let end = row.span().end();
        let plant = Plant::new(*row, Span::new(end - 1, end), "", "missing-outer-pipe");
        // The pipe before an empty last cell closes the row.
        Some(plant).filter(|_| row.cells().last().is_some_and(|cell| !cell.is_empty()))
    }),
    ("no opening pipe", |_, Place { row, .. }| {
        let start = row.span().start();
        let plant = Plant::new(*row, Span::new(start, start + 1), "", "missing-outer-pipe");
        // A cell padded by four blanks becomes code, and a dash a list's item.
        let beside = plant.beside("detached-row", Beside::Instead);
        let is_row = row.cell_text(0).starts_with(|first: char| first.is_alphanumeric() || first == '[');
        Some(beside).filter(|_| is_row)
    }),
    ("empty row", |_, Place { row, typed, .. }| {
        let line = format!("{}|{}\n", row.prefix(), "  |".repeat(typed.table.width()));
        Some(Plant::new(*row, Span::empty(line_start(*row, typed)), line, "empty-row"))
    }),
    ("blank line inside", |_, place| inside(place, "\n")),
    ("comment inside", |_, place| inside(place, "<!-- to be sorted -->\n")),
    ("text glued below", |_, Place { typed, .. }| {
        let last = typed.table.rows().next_back()?;
        let end = typed.table.source.line_with_ending(last.line_number()).end();
        let plant = Plant::new(last, Span::empty(end), "Back to the top of this list\n", "swallowed-line").below();
        Some(plant).filter(|_| last.prefix().is_empty())
    }),
    ("delimiter row with a cell fewer", |_, Place { typed, .. }| {
        let delimiter = typed.table.delimiter();
        let last = delimiter.cells().last()?.span();
        let span = Span::new(last.start(), delimiter.span().end().min(last.end() + 1));
        Some(Plant::new(delimiter, span, "", "detached-row")).filter(|_| typed.table.width() > 1)
    }),
    ("conflict", |_, Place { row, typed, .. }| {
        let line = typed.table.source.line(row.line_number());
        let text = typed.table.source.slice(line);
        let conflict = format!("<<<<<<< HEAD\n{text}\n=======\n{text}\n>>>>>>> branch");
        Some(Plant::new(*row, line, conflict, "conflict-marker")).filter(|_| row.prefix().is_empty())
    }),
    ("row copied", |random, place| copy(random, place, |line| Some(line.to_owned()))),
    ("row copied in capitals", |random, place| {
        let title = place.row.cell_text(place.typed.title_column()?);
        let is_plain = title.contains(char::is_alphabetic) && !title.contains(['[', '<', '&', '`', ':', '!', '/']);
        copy(random, place, |line| Some(line.replacen(title, &title.to_uppercase(), 1)).filter(|_| is_plain))
    }),
    ("row copied with arXiv's other link", |random, place| {
        copy(random, place, |line| {
            Some(line.replace("arxiv.org/abs/", "arxiv.org/pdf/")).filter(|copied| copied != line)
        })
    }),
    ("row copied with http links", |random, place| {
        // Only links of columns for links and of titles make an entry known again.
        let is_known = !place.typed.references(place.row.body_index()?).is_empty();
        copy(random, place, |line| {
            Some(line.replace("https://", "http://")).filter(|copied| is_known && copied != line)
        })
    }),
    ("row moved", moved),
    ("slip in a year", slip),
    ("mark behind a URL", |random, place| {
        let mark = *random.pick(&[".", ",", ";", ":", "!", "。"])?;
        link(random, place, "url-trailing-punctuation", |text, url| {
            // An exclamation mark may belong to a query, any mark to a fragment or to a title of a wiki.
            let may_be_meant = url.contains(['#', '?']) || url.contains("/wiki/") || url.ends_with(['.', ')']);
            (!may_be_meant).then(|| format!("[{text}]({url}{mark})"))
        })
    }),
    ("blank before a URL", |random, place| {
        link(random, place, "padded-url", |text, url| Some(format!("[{text}]( {url})")))
    }),
    ("blanks behind a URL", |random, place| {
        link(random, place, "padded-url", |text, url| Some(format!("[{text}]({url}  )")))
    }),
    ("gap", |random, place| link(random, place, "malformed-link", |text, url| Some(format!("[{text}] ({url})")))),
    ("brackets the wrong way round", |random, place| {
        link(random, place, "malformed-link", |text, url| Some(format!("({text})[{url}]")))
    }),
    ("URL in square brackets", |random, place| {
        link(random, place, "malformed-link", |text, url| Some(format!("[{text}][{url}]")))
    }),
    ("no closing parenthesis", |random, place| {
        link(random, place, "malformed-link", |text, url| Some(format!("[{text}]({url}")))
    }),
    ("no opening parenthesis", |random, place| {
        link(random, place, "malformed-link", |text, url| Some(format!("[{text}]{url})")))
    }),
    ("no closing bracket", |random, place| {
        link(random, place, "malformed-link", |text, url| Some(format!("[{text}({url})")))
    }),
    ("no opening bracket", |random, place| {
        link(random, place, "malformed-link", |text, url| Some(format!("{text}]({url})")))
    }),
    ("surplus parenthesis", |random, place| {
        link(random, place, "malformed-link", |text, url| Some(format!("[{text}]({url}))")))
    }),
    ("surplus bracket", |random, place| {
        link(random, place, "malformed-link", |text, url| Some(format!("[[{text}]({url})")))
    }),
    ("blank in a URL", |random, place| {
        let share = random.next();
        link(random, place, "malformed-link", |text, url| {
            // ` (…)` behind a URL is a title.
            let places: Vec<usize> =
                url.char_indices().skip(1).filter(|(_, character)| *character != '(').map(|(at, _)| at).collect();
            let (before, behind) = url.split_at(places[share % places.len()]);
            Some(format!("[{text}]({before} {behind})"))
        })
    }),
    ("no scheme", |random, place| {
        link(random, place, "bad-scheme", |text, url| {
            let rest = url.split_once("://")?.1;
            // Without a folder behind it, some hosts are names of files: `setup.sh`.
            rest.contains('/').then(|| format!("[{text}]({rest})"))
        })
    }),
    ("two schemes", |random, place| {
        link(random, place, "bad-scheme", |text, url| Some(format!("[{text}](https://{url})")))
    }),
    ("misspelt scheme", |random, place| {
        const SLIPS: [&str; 9] =
            ["htps://", "htttps://", "hhttps://", "ttps://", "https:/", "https//", "http//", "htpp://", "https:///"];
        let slip = *random.pick(&SLIPS)?;
        link(random, place, "bad-scheme", |text, url| Some(format!("[{text}]({slip}{})", url.split_once("://")?.1)))
    }),
    ("no URL", |random, place| link(random, place, "empty-link", |text, _| Some(format!("[{text}]()")))),
    ("no text", |random, place| link(random, place, "empty-link", |_, url| Some(format!("[]({url})")))),
];

fn line_start(row: Row<'_>, typed: &TypedTable<'_>) -> usize {
    typed.table.source.line(row.line_number()).start()
}

fn any_cell<'t>(random: &mut Random, row: Row<'t>) -> Option<Cell<'t>> {
    let cells: Vec<Cell<'t>> = row.cells().iter().collect();
    random.pick(&cells).copied()
}

fn remove(place: &Place<'_>, cell: &Cell<'_>) -> Option<Plant> {
    let is_filled = place.row.cells().iter().any(|other| other.span() != cell.span() && !other.is_empty());
    let span = Span::new(cell.span().start(), cell.span().end() + 1);
    is_filled.then(|| Plant::new(place.row, span, "", "ragged-row"))
}

/// A line that ends the table above the row.
fn inside(Place { row, typed, .. }: &Place<'_>, line: &str) -> Option<Plant> {
    let plant = Plant::new(*row, Span::empty(line_start(*row, typed)), line, "detached-row").below();
    // What is left of the table may look otherwise than the whole.
    Some(plant.beside("unsorted-rows", Beside::InTable)).filter(|_| row.prefix().is_empty())
}

/// One of the row's links, if nothing but text and URL stands between its brackets.
fn link(
    random: &mut Random,
    Place { row, typed, .. }: &Place<'_>,
    rule: &'static str,
    write: impl Fn(&str, &str) -> Option<String>,
) -> Option<Plant> {
    let is_text = |link: &&_| {
        let link: &tablewright::table::Link = link;
        link.kind == LinkKind::Inline && !link.is_image && !link.is_nested
    };
    let links: Vec<_> = row.links().iter().filter(is_text).collect();
    let link = *random.pick(&links)?;
    let (text, url) = (typed.table.slice(link.text), typed.table.slice(link.destination));
    let is_usual = typed.table.slice(link.span) == format!("[{text}]({url})")
        && (url.starts_with("https://") || url.starts_with("http://"));
    // A row may be excused for its link: it stands where the preprint belongs.
    let plant = Plant::new(*row, link.span, write(text, url).filter(|_| is_usual)?, rule);
    Some(plant.beside("unsorted-rows", Beside::AtLine))
}

/// Another row like this one, somewhere below.
fn copy(
    random: &mut Random,
    Place { row, typed, .. }: &Place<'_>,
    write: impl Fn(&str) -> Option<String>,
) -> Option<Plant> {
    let source = typed.table.source;
    let filled = row.cells().iter().filter(|cell| cell.text.contains(char::is_alphanumeric)).count();
    // Rows of little else than marks may be equal by accident.
    if filled < 3 || typed.title_key(row.body_index()?).chars().filter(|letter| letter.is_alphabetic()).nth(1).is_none()
    {
        return None;
    }
    let below: Vec<Row<'_>> = typed.table.body().skip(row.body_index()?).collect();
    let below = *random.pick(&below)?;
    let copied = write(source.slice(source.line(row.line_number())))?;
    let end = source.line(below.line_number()).end();
    let plant = Plant::new(below, Span::empty(end), format!("\n{copied}"), "duplicate-entry").below();
    Some(plant.beside("unsorted-rows", Beside::InTable))
}

/// A row of a sorted table, taken to where its year does not belong.
fn moved(random: &mut Random, place: &Place<'_>) -> Option<Plant> {
    /// In a shorter table a single row out of order leaves no order to be seen.
    const ENOUGH_ROWS: usize = 8;
    let Place { typed, row, .. } = place;
    let Verdict::Ordered(_, displaced) = infer(typed, place.habit) else { return None };
    let year = |row: Row<'_>| typed.date(row).map(|dated| dated.date.year);
    let years: BTreeSet<u16> = typed.table.body().filter_map(year).collect();
    // A venue's year may be later than the row.
    if !displaced.is_empty()
        || typed.table.body_len() < ENOUGH_ROWS
        || years.len() < 3
        || typed.roles[typed.date_column?] != Role::Date
    {
        return None;
    }
    let own = year(*row)?;
    let is_far = |other: &Row<'_>| year(*other).is_some_and(|other| other.abs_diff(own) >= 2);
    let others: Vec<Row<'_>> = typed.table.body().filter(is_far).collect();
    let other = *random.pick(&others)?;
    let source = typed.table.source;
    let line = |number: usize| source.slice(source.line_with_ending(number));
    let (from, to) = (row.line_number(), other.line_number());
    let numbers: Vec<usize> =
        if from < to { (from + 1..=to).chain([from]).collect() } else { [from].into_iter().chain(to..from).collect() };
    let span = source.line_with_ending(from).to(source.line_with_ending(to));
    let plant = Plant::new(other, span, numbers.into_iter().map(line).collect::<String>(), "unsorted-rows");
    // Of two rows that changed places either is out of order.
    Some(plant.beside("unsorted-rows", Beside::Instead)).filter(|_| from.abs_diff(to) > 1)
}

/// A year with a digit too many, too few, or wrong.
fn slip(random: &mut Random, Place { row, typed, .. }: &Place<'_>) -> Option<Plant> {
    let column = typed.date_column.filter(|&column| typed.roles[column] == Role::Date)?;
    let year = row.cell_text(column);
    let is_year = year.len() == 4 && year.starts_with("20") && date::parse(year).is_some();
    // Among old years an older one is no slip.
    let is_modern = typed.table.body().filter_map(|row| typed.date(row)).all(|dated| dated.date.year >= 1970);
    if !is_year || !is_modern {
        return None;
    }
    let slip = match random.next() % 6 {
        0 => format!("{}{}", &year[..3], &year[2..]),
        1 => year.replacen('0', "O", 1),
        2 => format!("2{}0{}", &year[2..3], &year[3..]),
        3 => "1823".to_owned(),
        4 => year[..3].to_owned(),
        _ => "2924".to_owned(),
    };
    let plant = Plant::new(*row, typed.table.source.span_of(year), slip.as_str(), "implausible-year");
    Some(plant.beside("unsorted-rows", Beside::InTable)).filter(|_| slip != year)
}

/// A small generator of numbers (splitmix64), the same in every run.
pub(crate) struct Random(u64);

impl Random {
    pub(crate) fn new(seed: &str) -> Self {
        Self(seed.bytes().fold(7, |sum: u64, byte| sum.wrapping_mul(31).wrapping_add(u64::from(byte))))
    }

    pub(crate) fn next(&mut self) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        usize::try_from((mixed ^ (mixed >> 31)) >> 33).unwrap_or_default()
    }

    pub(crate) fn pick<'t, T>(&mut self, from: &'t [T]) -> Option<&'t T> {
        if from.is_empty() { None } else { from.get(self.next() % from.len()) }
    }
}

type Found = BTreeSet<(usize, &'static str)>;

/// A list as it was before anything was planted.
struct List<'d> {
    typed: TypedDocument<'d>,
    /// Computed when something is planted.
    before: OnceCell<(Found, BTreeSet<usize>)>,
}

/// Line and rule of each finding, and every line that some finding speaks of.
fn look(source: &Source) -> (Found, BTreeSet<usize>) {
    let (mut found, mut lines) = (BTreeSet::new(), BTreeSet::new());
    for finding in lint::check(source, &Settings::new(&defaults(), CURRENT_YEAR)).findings {
        let diagnostic = finding.diagnostic;
        // Notes weigh the list as a whole: how often it repeats itself, which way most tables go.
        if diagnostic.severity == Severity::Note {
            continue;
        }
        let line_number = source.line_number(diagnostic.span.start());
        found.insert((line_number, diagnostic.rule.0));
        lines.insert(line_number);
        lines.extend(diagnostic.labels.iter().map(|label| source.line_number(label.span.start())));
    }
    (found, lines)
}

impl List<'_> {
    /// Plants one fault into a clean table. None where chance finds no place; else whether all is as it should be, or what is not.
    fn plant(&self, random: &mut Random, kind: Kind) -> Option<Result<(), String>> {
        const ENOUGH_ROWS: usize = 4;
        let source = self.typed.document.source;
        let typed = random.pick(&self.typed.tables)?;
        let table = typed.table;
        let (first, last) = (table.header().line_number(), table.rows().next_back()?.line_number());
        if table.body_len() < ENOUGH_ROWS || last == source.line_count() {
            return None;
        }
        let row = table.body_row(random.next() % (table.body_len() - 1));
        let is_whole = row.cells().len() == table.width() && row.has_opening_pipe() && row.has_closing_pipe();
        let (before, lines) = self.before.get_or_init(|| look(source));
        let is_clean = lines.range(first.saturating_sub(3)..=last + 3).next().is_none();
        if !is_whole || !is_clean || row.comment().is_some() || typed.is_group_row(row) {
            return None;
        }
        let plant = kind(random, &Place { typed, habit: habit(&self.typed), row })?;
        let text = source.text();
        let new = format!("{}{}{}", &text[..plant.span.start()], plant.replacement, &text[plant.span.end()..]);
        let (gone, come) = (source.slice(plant.span).matches('\n').count(), plant.replacement.matches('\n').count());
        let line_now =
            |line: usize| if source.line(line).start() < plant.span.end() { line } else { line + come - gone };
        let before: Found = before.iter().map(|&(line, rule)| (line_now(line), rule)).collect();
        let (after, _) = look(&Source::new(source.path(), new));
        let in_table = first..=last + come;
        let is_expected = |&(line, rule): &(usize, &str)| {
            (line, rule) == (plant.line_number, plant.rule)
                || plant.beside.is_some_and(|(beside, how)| {
                    beside == rule
                        && if how == Beside::InTable { in_table.contains(&line) } else { line == plant.line_number }
                })
        };
        let is_found = after.iter().any(|&(line, rule)| {
            line == plant.line_number && (rule == plant.rule || plant.beside == Some((rule, Beside::Instead)))
        });
        // Which way other tables go is judged by this one as well.
        let is_elsewhere = |&(line, rule): &(usize, &str)| rule == "unsorted-rows" && !in_table.contains(&line);
        let others: Vec<_> =
            after.difference(&before).filter(|found| !is_expected(found) && !is_elsewhere(found)).collect();
        let missing: Vec<_> = before.difference(&after).filter(|found| !is_elsewhere(found)).collect();
        let is_right = is_found && others.is_empty() && missing.is_empty();
        Some(is_right.then_some(()).ok_or_else(|| {
            let found = if is_found { "found" } else { "missed" };
            format!("{}:{} {found}, others: {others:?}, gone: {missing:?}", source.path(), plant.line_number)
        }))
    }
}

/// `PROPTEST_CASES` asks for more plants.
#[test]
fn planted_faults_are_found_where_they_are() {
    /// Longer lists take too long to be read as often.
    const MAX_BYTES: usize = 80_000;
    let cases: Option<usize> = std::env::var("PROPTEST_CASES").ok().and_then(|cases| cases.parse().ok());
    let wanted = cases.unwrap_or(400).div_ceil(100);
    let sources: Vec<Source> = corpus::lists().into_iter().filter(|list| list.text().len() < MAX_BYTES).collect();
    let declared = Declared::default();
    let documents: Vec<Document<'_>> = sources.iter().map(Document::parse).collect();
    let lists: Vec<List<'_>> = documents
        .iter()
        .map(|document| List {
            typed: TypedDocument::infer(document, &declared, CURRENT_YEAR),
            before: OnceCell::new(),
        })
        .collect();
    let mut failures = Vec::new();
    for (name, kind) in KINDS {
        let mut random = Random::new(name);
        let mut tries = std::iter::repeat_with(|| {
            let list = random.next() % lists.len();
            lists[list].plant(&mut random, *kind)
        });
        let planted = tries.by_ref().take(wanted * 100).flatten().take(wanted);
        failures.extend(planted.filter_map(Result::err).map(|failure| format!("{name}: {failure}")));
    }
    assert!(failures.is_empty(), "{} of {} plants:\n{}", failures.len(), wanted * KINDS.len(), failures.join("\n"));
}
