//! The program: the only place that reads, writes, prints and starts threads.

mod check;
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

use crate::cli::{self, Cli, ColorWhen, Command, Manner};
use crate::diagnostic::RuleName;
use crate::diff;
use crate::files::{self, Input, Origin, Trouble};
use crate::report::safe::{self, Safe};
use crate::report::text::Canvas;
use crate::report::{self, counted};
use crate::rules;
use crate::source::Source;
use configs::Configs;
use output::Output;

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
        Command::Check(arguments) => check::run(arguments, cli),
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

const NO_FILE: &str = "no *.md or *.markdown file here\n";

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
    #[test]
    fn a_panic_becomes_a_sentence() {
        std::panic::set_hook(Box::new(|panic| LAST_PANIC.set(Some(panic.to_string()))));
        let cause = guarded(|| -> usize { panic!("no such row") }).expect_err("it panics");
        assert!(cause.starts_with("panicked at src") && cause.ends_with("no such row"), "{cause}");
        assert_eq!(guarded(|| 1), Ok(1));
    }
}
