//! The program: the only place that reads, writes, prints and starts threads.

mod config;
mod configs;
mod fmt;
mod git;
mod init;
mod output;
mod past;
mod write;

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::ffi::OsString;
use std::fs::File;
use std::io::{self, IsTerminal, Read, Write};
use std::num::NonZeroUsize;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::process::ExitCode;
use std::sync::Arc;
use std::time::{SystemTime, UNIX_EPOCH};

use clap::{CommandFactory, Parser};
use rayon::prelude::*;

use self::past::{Before, Past};
use crate::baseline::Known;
use crate::cli::{self, Cli, ColorWhen, Command, Manner};
use crate::config::Effective;
use crate::diagnostic::RuleName;
use crate::diff;
use crate::files::{self, Input, Origin, Trouble};
use crate::fix::Applicability;
use crate::lint::{self, Checked, Settings, TableSummary};
use crate::report::safe::{self, Safe};
use crate::report::text::Canvas;
use crate::report::{self, FileReport, Summary, counted};
use crate::rules;
use crate::source::Source;
use configs::Configs;
use output::{Output, Page, Printing};

/// How a run ended; worst last.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
enum Status {
    Clean,
    Findings,
    Trouble,
}

impl From<Status> for ExitCode {
    fn from(status: Status) -> Self {
        Self::from(match status {
            Status::Clean => 0,
            Status::Findings => 1,
            Status::Trouble => 2,
        })
    }
}

/// Runs the program with these arguments, the first of which is its name.
#[must_use]
pub fn run(arguments: impl IntoIterator<Item = OsString>) -> ExitCode {
    std::panic::set_hook(Box::new(|panic| LAST_PANIC.set(Some(panic.to_string()))));
    let status = match Cli::try_parse_from(arguments).and_then(refuse_contradictions) {
        Ok(cli) => guarded(|| command(&cli)).unwrap_or_else(|cause| end(&[Trouble::new("go on", "", cause)])),
        Err(error) => answer(&error),
    };
    status.into()
}

fn command(cli: &Cli) -> Status {
    let output = Output::new(None, cli.manner.color);
    match &cli.command {
        Command::Check(arguments) => check(arguments, cli),
        Command::Fmt(arguments) => fmt::run(arguments, cli),
        Command::Init(arguments) => init::run(arguments, cli),
        Command::Config(arguments) => config::run(arguments, cli),
        Command::Explain(arguments) => output.write(&match arguments.rule {
            Some(rule) => report::explain::page(rule, output.has_colour()),
            None => report::explain::list(rules::ALL),
        }),
        Command::Completions { shell } => {
            let mut script = Vec::new();
            clap_complete::generate(*shell, &mut Cli::command(), "tablewright", &mut script);
            output.write(&String::from_utf8_lossy(&script))
        }
        Command::Man { command } => output.write(&manual(command.as_deref())),
    }
}

fn manual(command: Option<&str>) -> String {
    let mut program = Cli::command();
    program.build();
    let described = command.and_then(|name| program.find_subcommand(name)).unwrap_or(&program).clone();
    let mut page = Vec::new();
    // Writing to memory does not fail.
    let _ = clap_mangen::Man::new(described).render(&mut page);
    String::from_utf8_lossy(&page).into_owned()
}

/// What clap cannot express: a value that contradicts another argument.
fn refuse_contradictions(cli: Cli) -> Result<Cli, clap::Error> {
    let conflict = |message: &str| {
        let mut program = Cli::command();
        program.build();
        let check = program.find_subcommand_mut("check");
        Err(check
            .map_or_else(Cli::command, |check| check.clone())
            .error(clap::error::ErrorKind::ArgumentConflict, message))
    };
    let Command::Check(check) = &cli.command else { return Ok(cli) };
    if check.diff_from.as_deref() == Some(Path::new("-")) && check.files.paths.iter().any(|path| path == "-") {
        return conflict(
            "standard input cannot be both a list and the diff; name the list, or write the diff to a file",
        );
    }
    match check.outputs.pairs() {
        Err(sentence) => conflict(&sentence),
        Ok(outputs) => match outputs.iter().find(|output| check.statistics && !output.format.is_plain()) {
            Some(cli::Output { format, .. }) => conflict(&format!(
                "--statistics cannot be written as {0}; count the findings of the {0} instead",
                format.name()
            )),
            None => Ok(cli),
        },
    }
}

/// Answers what is no order to run: a call for help, or arguments that make no sense. They may hold anything, such as the name of a file.
fn answer(error: &clap::Error) -> Status {
    if !error.use_stderr() {
        let output = Output::new(None, ColorWhen::Auto);
        let text = error.render();
        return output.write(&if output.has_colour() { text.ansi().to_string() } else { text.to_string() });
    }
    tell(&safe::lines(&error.render().to_string()));
    Status::Trouble
}

fn check(arguments: &cli::Check, cli: &Cli) -> Status {
    let manner = cli.manner;
    let run = Run::start(&arguments.files, &cli.configuration, manner);
    let current_year = current_year(SystemTime::now());
    let task = Task {
        mends: match (arguments.diff, arguments.fix) {
            (true, _) => Mends::Shown,
            (false, true) => Mends::Written,
            (false, false) => Mends::No,
        },
        at_least: arguments.applicability(),
    };
    let has_colour = wants_colour(manner.color, &io::stdout());
    let (inputs, mut trouble) = (&run.found.inputs, run.found.trouble);
    let past = match Past::gather(arguments, inputs) {
        Ok(past) => past,
        Err(cause) => return end(&[trouble, vec![cause]].concat()),
    };
    let patches = match past.patches(arguments) {
        Ok(patches) => patches,
        Err(cause) => return end(&[trouble, vec![cause]].concat()),
    };
    // What does not pair was refused. A diff is printed in place of findings.
    let outputs = if task.mends == Mends::Shown { Vec::new() } else { arguments.outputs.pairs().unwrap_or_default() };
    let identifies = past.has_baseline() || outputs.iter().any(|output| output.format.identifies());
    let printing = Printing::new(&outputs, arguments.statistics, manner);
    let mut mended = Mended::default();
    let known = past.before(patches.as_ref(), &mut mended.remarks).into_iter().enumerate();
    let jobs: Vec<_> =
        known.map(|(index, before)| (&inputs[index], before, past.known(index, &inputs[index]))).collect();
    let is_by_file = printing.is_by_file() && !past.has_baseline();
    let outcomes = run.threads.map(jobs, |(input, before, known)| {
        let effective = run.configs.effective(input).unwrap_or_default();
        let settings =
            Settings { identifies, describes: manner.verbose, ..settings(&effective, arguments, current_year) };
        let (report, mended) = check_file(input, &settings, &before, &known, &task, has_colour)?;
        let file = if is_by_file && report.checked.shared.is_empty() {
            Looked::Printed(print_file(&report, &printing)?)
        } else {
            Looked::Open(report)
        };
        Ok((file, mended))
    });
    let mut files: Vec<Option<Looked>> = Vec::new();
    for outcome in outcomes {
        let (file, outcome) = outcome.map(|(file, outcome)| (Some(file), outcome)).unwrap_or_else(|cause| {
            trouble.push(cause);
            (None, Mended::default())
        });
        mended.add(outcome, &mut trouble);
        files.push(file);
    }
    lint::compare(files.iter_mut().flatten().filter_map(Looked::open));
    let open = files.iter_mut().map(|file| file.as_mut().and_then(Looked::open));
    let mut checked: Vec<_> = open.map(|open| open.map(|(_, checked)| checked)).collect();
    let ran =
        |input: &Input| run.configs.effective(input).unwrap_or_default().rules(&arguments.select, &arguments.ignore).0;
    if let Err(cause) = past.conclude(inputs, &mut checked, ran, &mut mended.remarks) {
        trouble.push(cause);
    }
    let (mut pages, mut reports) = (Vec::new(), Vec::new());
    let files = files.into_iter().flatten().collect();
    for printed in run.threads.map(files, |file| file.printed(&printing)) {
        match printed {
            Ok((page, report)) => {
                pages.push(page);
                reports.extend(report);
            }
            Err(cause) => trouble.push(cause),
        }
    }
    let summary: Summary = pages.iter().map(|page| page.summary).sum();
    let prints_text =
        task.mends == Mends::Written && run.found.inputs.iter().any(|input| input.origin == Origin::Stdin);
    let mut status = Status::Clean;
    if task.mends == Mends::Shown || prints_text {
        status = status.max(Output::new(None, manner.color).write(&mended.text));
    }
    for (cli::Output { file, .. }, text) in outputs.iter().zip(printing.texts(&pages, &reports, &summary)) {
        let output = Output::new(file.as_deref(), manner.color);
        // Standard output holds the mended text, or the findings, never both.
        if prints_text && file.is_none() {
            tell(&text);
        } else if file.as_ref().is_some_and(|file| output::is_input(file, &run.found.inputs)) {
            let cause = "it is one of the lists that are checked";
            status = status.max(end(&[Trouble::new("write", output.name(), cause)]));
        } else {
            status = status.max(output.write(&text));
        }
    }
    pages.iter().for_each(|page| tell(&page.description));
    status = status.max(end(&trouble));
    tell(&mended.news);
    if !manner.quiet {
        tell(&mended.remarks);
        if let Some(mended) = mended.summary(task.mends) {
            tell(&format!("{mended}\n"));
        }
        if !pages.is_empty() {
            tell(&format!("{summary}\n"));
        } else if trouble.is_empty() {
            tell(NO_FILE);
        }
    }
    let fails = arguments.fail_on.severity().is_some_and(|severity| summary.at_least(severity) > 0);
    let would_change = task.mends == Mends::Shown && !mended.text.is_empty();
    status.max(if fails || would_change { Status::Findings } else { Status::Clean })
}

const NO_FILE: &str = "no *.md or *.markdown file here\n";

/// How a file is to be checked.
fn settings(effective: &Effective, arguments: &cli::Check, current_year: u16) -> Settings {
    Settings {
        heeds_directives: !arguments.no_inline_config,
        ..Settings::configured(effective, &arguments.select, &arguments.ignore, current_year)
    }
}

/// What every command on files begins with.
struct Run {
    found: files::Found,
    configs: Arc<Configs>,
    threads: Threads,
}

impl Run {
    /// Finds the files, and passes over those whose configuration cannot be used.
    fn start(paths: &cli::Paths, configuration: &cli::Configuration, manner: Manner) -> Self {
        let working_directory = std::env::current_dir().unwrap_or_default();
        let configs = Arc::new(Configs::new(configuration, &working_directory));
        let mut found = files::find(&files::Request {
            paths: &paths.paths,
            stdin_name: paths.stdin_filename.as_deref(),
            working_directory: &working_directory,
            scope: Arc::<Configs>::clone(&configs),
            forces_exclude: paths.force_exclude,
        });
        let trouble = configs.trouble(&found.inputs, canvas_of_stderr(manner.color));
        if !trouble.is_empty() {
            found.inputs.retain(|input| configs.effective(input).is_some());
            found.trouble.splice(0..0, trouble);
        }
        let threads = Threads::start(manner.jobs, found.inputs.len());
        Self { found, configs, threads }
    }
}

/// What is to be done to each file.
struct Task {
    mends: Mends,
    /// How sure a fix must be.
    at_least: Applicability,
}

/// What becomes of fixes.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Mends {
    No,
    Written,
    Shown,
}

/// What fixing came to, in one file or in all.
#[derive(Default)]
struct Mended {
    files: usize,
    applied: BTreeMap<RuleName, usize>,
    /// Diffs, or the text that was read from standard input, mended.
    text: String,
    /// Lines for standard error.
    remarks: String,
    /// Lines for standard error that have to be read: more is reported than was asked for.
    news: String,
    trouble: Vec<Trouble>,
}

impl Mended {
    fn add(&mut self, other: Self, trouble: &mut Vec<Trouble>) {
        self.files += other.files;
        self.text.push_str(&other.text);
        self.remarks.push_str(&other.remarks);
        self.news.push_str(&other.news);
        for (rule, count) in other.applied {
            *self.applied.entry(rule).or_default() += count;
        }
        trouble.extend(other.trouble);
    }

    /// `fixed 3 findings in 1 file: 2 padded-url, 1 ragged-row`
    fn summary(&self, mends: Mends) -> Option<String> {
        let total: usize = self.applied.values().sum();
        let act = match mends {
            _ if total == 0 => return None,
            Mends::No => return None,
            Mends::Written => "fixed",
            Mends::Shown => "would fix",
        };
        let rules: Vec<String> = self.applied.iter().map(|(rule, count)| format!("{count} {rule}")).collect();
        let (findings, files) = (counted(total, "finding"), counted(self.files, "file"));
        Some(format!("{act} {findings} in {files}: {}", rules.join(", ")))
    }
}

/// A file that was checked.
enum Looked {
    /// What is printed of it; its text need not stay in memory.
    Printed(Page),
    /// What was found in it, which may still change when all files are known, or is printed together with that of the others.
    Open(FileReport),
}

impl Looked {
    /// What may still change.
    fn open(&mut self) -> Option<(&Source, &mut Checked)> {
        match self {
            Self::Open(report) => Some((&report.source, &mut report.checked)),
            Self::Printed(_) => None,
        }
    }

    /// What is printed of it by itself, and the report where there is more to be printed.
    fn printed(self, printing: &Printing) -> Result<(Page, Option<FileReport>), Trouble> {
        match self {
            Self::Printed(page) => Ok((page, None)),
            Self::Open(report) => Ok((print_file(&report, printing)?, Some(report))),
        }
    }
}

fn print_file(report: &FileReport, printing: &Printing) -> Result<Page, Trouble> {
    let bug = |cause: String| {
        Trouble::new("report on", report.source.path(), format!("an error in tablewright, please report it: {cause}"))
    };
    guarded(|| printing.page(report)).map_err(bug)
}

/// A file's tables: line, section, size, and what each column was taken for; and how many findings its comments silence.
fn describe(report: &FileReport) -> String {
    let path = Safe::new(report.source.path());
    let table = |table: &TableSummary| {
        let section = table.section.as_deref().map(|section| format!(" {},", Safe::new(section)));
        let columns = table.columns.iter().map(|(header, role)| format!("{} ({})", Safe::new(header), role.name()));
        let columns = columns.collect::<Vec<_>>().join(", ");
        let (line, rows) = (table.line_number, counted(table.rows, "row"));
        format!("{path}:{line}:{} {rows}: {columns}\n", section.unwrap_or_default())
    };
    let tables: String = report.checked.tables.iter().map(table).collect();
    match report.checked.suppressed {
        0 => tables,
        count => format!("{tables}{path}: {} silenced by comments\n", counted(count, "finding")),
    }
}

/// Reads and checks one file, and mends it where that is asked for. Whatever goes wrong in it, the others are still checked.
fn check_file(
    input: &Input,
    settings: &Settings,
    before: &Before<'_>,
    known: &Known,
    task: &Task,
    has_colour: bool,
) -> Result<(FileReport, Mended), Trouble> {
    let source = read(input)?;
    let bug = |cause: String| {
        Trouble::new("check", &input.name, format!("an error in tablewright, please report it: {cause}"))
    };
    let mut mended = Mended::default();
    let past = lint::Past { base: before.base(&source, &mut mended.news), known: known.clone() };
    let (source, checked) = if task.mends == Mends::No {
        let checked = guarded(|| lint::check_against(&source, settings, &past)).map_err(bug)?;
        (source, checked)
    } else {
        let old = source.text().to_owned();
        let fixed = guarded(|| lint::fix_against(source, settings, &past, task.at_least)).map_err(bug)?;
        if !fixed.has_settled {
            let cause = "fixes undo each other; please report the list";
            mended.trouble.push(Trouble::new("fix all of", &input.name, cause));
        }
        mended.applied = fixed.applied;
        mended.files = usize::from(old != fixed.source.text());
        mended.text = deliver(input, &old, fixed.source.text(), task.mends, has_colour, &mut mended.remarks)?;
        (fixed.source, fixed.left)
    };
    // A report shows text where there are or may be findings; a clean file need not stay in memory.
    let source =
        if checked.findings.is_empty() && checked.shared.is_empty() { Source::new(&input.name, "") } else { source };
    Ok((FileReport { source, checked }, mended))
}

/// Writes a new text to where the old one came from, or gives what is to be printed: its diff, or itself.
fn deliver(
    input: &Input,
    old: &str,
    new: &str,
    mends: Mends,
    has_colour: bool,
    remarks: &mut String,
) -> Result<String, Trouble> {
    match &input.origin {
        _ if mends == Mends::Shown => Ok(shown_diff(&input.name, old, new, has_colour)),
        Origin::Stdin => Ok(new.to_owned()),
        Origin::Path(path) => {
            let outcome = write::replace(path, old, new).map_err(|error| Trouble::io("write", &input.name, &error))?;
            if outcome == write::Outcome::InPlace {
                // No failure, but worth a word: an interruption would have left it half-written.
                remarks.extend([
                    Safe::new(&input.name).as_str(),
                    ": it has several hard links and was written in place\n",
                ]);
            }
            Ok(String::new())
        }
    }
}

fn shown_diff(name: &str, old: &str, new: &str, has_colour: bool) -> String {
    if has_colour { diff::colored(name, old, new) } else { diff::unified(name, old, new) }
}

/// The year of a time, in UTC; years have 365.2425 days on average, so it turns within a day of New Year.
fn current_year(now: SystemTime) -> u16 {
    const SECONDS_OF_A_YEAR: u64 = 31_556_952;
    let seconds = now.duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs());
    u16::try_from(1970 + seconds / SECONDS_OF_A_YEAR).unwrap_or(u16::MAX)
}

fn read(input: &Input) -> Result<Source, Trouble> {
    let bytes = match &input.origin {
        Origin::Stdin => read_bytes(io::stdin().lock(), 0).map(Some),
        Origin::Path(path) => File::open(path).and_then(|file| {
            let size = file.metadata().map_or(0, |metadata| metadata.len());
            let size = usize::try_from(size).unwrap_or(usize::MAX);
            // What is too large is not read to find that out.
            if size > Source::MAX_BYTES { Ok(None) } else { read_bytes(file, size).map(Some) }
        }),
    };
    let bytes = bytes.map_err(|error| Trouble::io("read", &input.name, &error))?;
    let text = bytes.ok_or_else(too_large).and_then(decode);
    let text = text.map_err(|cause| Trouble::new("read", &input.name, cause))?;
    Ok(Source::new(&input.name, text))
}

/// All bytes, or one more than a source takes.
fn read_bytes(from: impl Read, expected: usize) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::with_capacity(expected + 1);
    from.take(Source::MAX_BYTES as u64 + 1).read_to_end(&mut bytes)?;
    Ok(bytes)
}

fn too_large() -> String {
    format!("it is larger than {} MiB", Source::MAX_BYTES >> 20)
}

/// The text of a file, or why it is none.
fn decode(bytes: Vec<u8>) -> Result<String, String> {
    if bytes.len() > Source::MAX_BYTES {
        return Err(too_large());
    }
    if bytes.starts_with(b"\xff\xfe") || bytes.starts_with(b"\xfe\xff") {
        return Err("it is UTF-16; save it as UTF-8".to_owned());
    }
    let text = String::from_utf8(bytes).map_err(|error| {
        let (at, bytes) = (error.utf8_error().valid_up_to(), error.as_bytes());
        format!("invalid UTF-8 on line {}: byte {at} is 0x{:02x}", line_number(bytes, at), bytes[at])
    })?;
    match memchr::memchr(0, text.as_bytes()) {
        Some(at) => Err(format!("NUL on line {}: byte {at}", line_number(text.as_bytes(), at))),
        None => Ok(text),
    }
}

fn line_number(bytes: &[u8], at: usize) -> usize {
    let ends_line = |&at: &usize| bytes[at] == b'\n' || bytes[at] == b'\r' && bytes.get(at + 1) != Some(&b'\n');
    memchr::memchr2_iter(b'\n', b'\r', &bytes[..at]).filter(ends_line).count() + 1
}

/// Runs something that should not panic; says where it did.
fn guarded<T>(act: impl FnOnce() -> T) -> Result<T, String> {
    catch_unwind(AssertUnwindSafe(act)).map_err(|_| LAST_PANIC.take().unwrap_or_default().replace('\n', " "))
}

thread_local! {
    /// What the last panic of this thread said.
    static LAST_PANIC: RefCell<Option<String>> = const { RefCell::new(None) };
}

/// Threads for many files; one file needs none.
struct Threads(Option<rayon::ThreadPool>);

impl Threads {
    fn start(jobs: Option<NonZeroUsize>, files: usize) -> Self {
        if files <= 1 {
            return Self(None);
        }
        let jobs = jobs.or_else(|| std::thread::available_parallelism().ok()).map_or(1, NonZeroUsize::get).min(files);
        // This thread does its part; where the system has no others to give, it must do.
        let pool = || rayon::ThreadPoolBuilder::new().num_threads(jobs).use_current_thread().build().ok();
        Self((jobs > 1).then(pool).flatten())
    }

    /// The results, in the order of the items.
    fn map<T: Send, U: Send>(&self, items: Vec<T>, act: impl Fn(T) -> U + Sync + Send) -> Vec<U> {
        match &self.0 {
            Some(pool) => pool.install(|| items.into_par_iter().map(act).collect()),
            None => items.into_iter().map(act).collect(),
        }
    }
}

/// What pictures of trouble are drawn on.
fn canvas_of_stderr(color: ColorWhen) -> Canvas {
    output::canvas(terminal_size::terminal_size_of(io::stderr()), wants_colour(color, &io::stderr()))
}

/// Names every trouble, and what the run is worth after it.
fn end(trouble: &[Trouble]) -> Status {
    for trouble in trouble {
        tell(&format!("{trouble}\n"));
    }
    if trouble.is_empty() { Status::Clean } else { Status::Trouble }
}

/// Writes to standard error; nobody is left to hear that this failed.
fn tell(text: &str) {
    let _ = io::stderr().lock().write_all(text.as_bytes());
}

fn wants_colour(when: ColorWhen, stream: &impl IsTerminal) -> bool {
    decide_colour(when, |name| std::env::var_os(name), stream.is_terminal())
}

/// The flag decides, else `NO_COLOR`, else what forces colours, else whether there is a terminal that shows them.
fn decide_colour(when: ColorWhen, variable: impl Fn(&str) -> Option<OsString>, is_terminal: bool) -> bool {
    let is_set = |name| variable(name).is_some_and(|value| !value.is_empty());
    let is_on = |name| variable(name).is_some_and(|value| !value.is_empty() && value != "0");
    let is = |name, value: &str| variable(name).is_some_and(|set| set == value);
    match when {
        ColorWhen::Always => true,
        ColorWhen::Never => false,
        ColorWhen::Auto if is_set("NO_COLOR") => false,
        ColorWhen::Auto if is_on("FORCE_COLOR") || is_on("CLICOLOR_FORCE") => true,
        ColorWhen::Auto => is_terminal && !is("CLICOLOR", "0") && !is("TERM", "dumb"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check_colour(when: ColorWhen, variables: &[(&str, &str)], is_terminal: bool, expected: bool) {
        let value = |name: &str| variables.iter().find(|(key, _)| *key == name).map(|(_, value)| OsString::from(value));
        assert_eq!(decide_colour(when, value, is_terminal), expected);
    }

    #[test]
    fn the_flag_outweighs_the_variables_and_these_the_terminal() {
        check_colour(ColorWhen::Always, &[("NO_COLOR", "1")], false, true);
        check_colour(ColorWhen::Never, &[("FORCE_COLOR", "1")], true, false);
        check_colour(ColorWhen::Auto, &[("NO_COLOR", "1"), ("FORCE_COLOR", "1")], true, false);
        check_colour(ColorWhen::Auto, &[("NO_COLOR", "")], true, true);
        check_colour(ColorWhen::Auto, &[("CLICOLOR_FORCE", "1")], false, true);
        check_colour(ColorWhen::Auto, &[("FORCE_COLOR", "0")], false, false);
        check_colour(ColorWhen::Auto, &[("TERM", "dumb")], true, false);
        check_colour(ColorWhen::Auto, &[], true, true);
        check_colour(ColorWhen::Auto, &[], false, false);
    }

    #[track_caller]
    fn check_decode(bytes: &[u8], expected: Result<&str, &str>) {
        let decoded = decode(bytes.to_vec());
        assert_eq!(decoded.as_deref().map_err(String::as_str), expected);
    }

    #[test]
    fn what_is_no_text_is_refused_with_the_place() {
        check_decode(b"\xef\xbb\xbfa\r\nb", Ok("\u{feff}a\r\nb"));
        check_decode(b"a\r\nb\rc\xff", Err("invalid UTF-8 on line 3: byte 6 is 0xff"));
        check_decode(b"a\n\0", Err("NUL on line 2: byte 2"));
        check_decode(b"\xff\xfe|\0", Err("it is UTF-16; save it as UTF-8"));
        check_decode(b"\xfe\xff\0|", Err("it is UTF-16; save it as UTF-8"));
        check_decode(b"", Ok(""));
    }

    /// A rule that fails on some lists.
    const FAILS: rules::Rule = rules::Rule {
        name: RuleName("fails"),
        page: "",
        severity: crate::diagnostic::Severity::Error,
        fix: None,
        check: rules::Check::Document(|typed, findings| {
            assert!(!typed.document.source.text().contains("boom"), "no such row");
            findings.report(typed.document.tables[0].span(), "seen");
        }),
        is_default: true,
    };

    #[test]
    fn a_panic_in_one_file_is_its_trouble_and_the_others_are_checked() {
        std::panic::set_hook(Box::new(|panic| LAST_PANIC.set(Some(panic.to_string()))));
        let folder = tempfile::tempdir().expect("a folder is made");
        let files = ["a.md", "b.md", "c.md"].map(|name| {
            let path = folder.path().join(name);
            let text = if name == "b.md" { "boom\n" } else { "| a |\n| - |\n" };
            std::fs::write(&path, text).expect("the file is written");
            Input { origin: Origin::Path(path), name: name.to_owned() }
        });
        for jobs in [1, 2] {
            for mends in [Mends::No, Mends::Written] {
                let threads = Threads::start(NonZeroUsize::new(jobs), files.len());
                let task = Task { mends, at_least: Applicability::Safe };
                let outcomes = threads.map(files.iter().collect(), |input| {
                    let settings = Settings::new(&[&FAILS], 2026);
                    check_file(input, &settings, &Before::Unknown, &Known::default(), &task, false)
                });
                let told = outcomes.iter().map(|outcome| match outcome {
                    Ok((report, _)) => report.checked.findings[0].diagnostic.message.clone(),
                    Err(trouble) => trouble.to_string(),
                });
                let told: Vec<String> = told.collect();
                assert_eq!([told[0].as_str(), told[2].as_str()], ["seen"; 2]);
                assert!(
                    told[1].starts_with("cannot check b.md: an error in tablewright, please report it: panicked at")
                );
                assert!(told[1].ends_with("no such row"), "{}", told[1]);
            }
        }
    }

    #[test]
    fn a_panic_becomes_a_sentence() {
        std::panic::set_hook(Box::new(|panic| LAST_PANIC.set(Some(panic.to_string()))));
        let cause = guarded(|| -> usize { panic!("no such row") }).expect_err("it panics");
        assert!(cause.starts_with("panicked at src") && cause.ends_with("no such row"), "{cause}");
        assert_eq!(guarded(|| 1), Ok(1));
    }
}
