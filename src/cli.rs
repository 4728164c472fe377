//! The arguments, each parsed into its own type.

use std::num::NonZeroUsize;
use std::path::{Component, Path, PathBuf};

use clap::{
    Arg, ArgAction, ArgMatches, Args, CommandFactory, FromArgMatches, Parser, Subcommand, ValueEnum, value_parser,
};

use crate::diagnostic::Severity;
use crate::fix::Applicability;
use crate::format::{self, FormatOptions};
use crate::rules::{self, Rule};

/// Finds and mends what is wrong with the Markdown tables of curated lists.
#[derive(Debug, Parser)]
#[command(
    name = "tablewright",
    version,
    propagate_version = true,
    subcommand_required = true,
    arg_required_else_help = true
)]
#[command(
    after_help = "Exit status: 0 nothing to report, 1 findings or a file that would change, 2 trouble (bad argument, unreadable file)."
)]
pub struct Cli {
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
    /// How to run and to speak.
    #[command(flatten)]
    pub manner: Manner,
    /// Which configuration to go by.
    #[command(flatten)]
    pub configuration: Configuration,
}

/// What to do.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Report what is wrong with the tables.
    Check(Check),
    /// Align the tables, in place.
    Fmt(Fmt),
    /// Learn what the lists' tables look like, and write it to tablewright.toml.
    Init(Init),
    /// Print the configuration that holds for a file, and where each value comes from.
    Config(Config),
    /// Explain a rule, or list all rules.
    Explain(Explain),
    /// Print the completions of a shell.
    Completions {
        /// The shell.
        shell: clap_complete::Shell,
    },
    /// Print the manual page of the program, or of one of its commands.
    Man {
        /// The command.
        #[arg(value_parser = command_name)]
        command: Option<String>,
    },
}

/// What every command takes.
#[derive(Clone, Copy, Debug, Args)]
#[command(next_help_heading = "Everywhere")]
pub struct Manner {
    /// When to use colours; `auto` honours `NO_COLOR`, `FORCE_COLOR`, `CLICOLOR_FORCE` and the terminal.
    #[arg(long, global = true, value_name = "WHEN", default_value = "auto")]
    pub color: ColorWhen,
    /// Say nothing but findings and trouble.
    #[arg(short, long, global = true, conflicts_with = "verbose")]
    pub quiet: bool,
    /// Say more: each table with its columns and what they were taken for.
    #[arg(short, long, global = true)]
    pub verbose: bool,
    /// The number of threads; without it, as many as there are processors.
    #[arg(short, long, global = true, value_name = "N")]
    pub jobs: Option<NonZeroUsize>,
}

/// Which configuration to go by.
#[derive(Clone, Debug, Default, Args)]
#[command(next_help_heading = "Everywhere")]
pub struct Configuration {
    /// Go by this configuration instead of the nearest `tablewright.toml` above each file; its paths are from the working directory.
    #[arg(long, global = true, value_name = "FILE", conflicts_with = "isolated")]
    pub config: Option<PathBuf>,
    /// Go by no configuration.
    #[arg(long, global = true)]
    pub isolated: bool,
}

/// When to use colours.
#[derive(Clone, Copy, PartialEq, Eq, Debug, ValueEnum)]
pub enum ColorWhen {
    /// Where the reader wants and sees them.
    Auto,
    /// Always.
    Always,
    /// Never.
    Never,
}

/// Which files to look at.
#[derive(Debug, Args)]
pub struct Paths {
    /// Files, folders to search for `*.md` and `*.markdown`, or `-` for standard input [default: .].
    #[arg(value_name = "PATH")]
    pub paths: Vec<PathBuf>,
    /// The name of what is read from standard input.
    #[arg(long, value_name = "NAME")]
    pub stdin_filename: Option<PathBuf>,
    /// Pass over files that the configuration excludes, though they are named.
    #[arg(long)]
    pub force_exclude: bool,
}

/// The arguments of `check`.
#[derive(Debug, Args)]
#[expect(clippy::struct_excessive_bools, reason = "each is a flag that users give or not")]
pub struct Check {
    /// Which files to look at.
    #[command(flatten)]
    pub files: Paths,
    /// Mend what can be mended safely, in place; what is read from standard input goes to standard output.
    #[arg(long)]
    pub fix: bool,
    /// With --fix or --diff, mend also what changes visible text or is a guess.
    #[arg(long)]
    pub unsafe_fixes: bool,
    /// Show what --fix would change as a unified diff, and write nothing.
    #[arg(long, conflicts_with_all = ["statistics", "output_file"])]
    pub diff: bool,
    /// Run only these rules, whatever the configuration says.
    #[arg(long, value_name = "RULE,…", value_delimiter = ',', value_parser = rule)]
    pub select: Vec<&'static Rule>,
    /// Do not run these rules.
    #[arg(long, value_name = "RULE,…", value_delimiter = ',', value_parser = rule)]
    pub ignore: Vec<&'static Rule>,
    /// Report only what is new since this commit, branch or tag and the checked-out commit parted; git is asked what the files were.
    #[arg(long, value_name = "REF")]
    pub since: Option<String>,
    /// Report only what is new by this unified diff, which led to the files as they are; `-` for standard input.
    #[arg(long, value_name = "FILE", conflicts_with = "since")]
    pub diff_from: Option<PathBuf>,
    /// Report only what this file of known findings does not know [default: tablewright-baseline.json, where there is one].
    #[arg(long, value_name = "FILE")]
    pub baseline: Option<PathBuf>,
    /// Write all findings to the baseline, so that from now on only new ones are reported.
    #[arg(long, conflicts_with_all = ["since", "diff_from", "diff"])]
    pub write_baseline: bool,
    /// Report also what the baseline knows.
    #[arg(long, conflicts_with_all = ["baseline", "write_baseline"])]
    pub no_baseline: bool,
    /// Report also what comments in the lists silence.
    #[arg(long)]
    pub no_inline_config: bool,
    /// Where findings go, and how they are written.
    #[command(flatten)]
    pub outputs: Outputs,
    /// Count the findings of each rule instead of showing them.
    #[arg(long)]
    pub statistics: bool,
    /// The weight from which on findings make the exit status 1.
    #[arg(long, value_name = "SEVERITY", default_value = "warning")]
    pub fail_on: FailOn,
}

impl Check {
    /// How sure a fix must be to be applied.
    #[must_use]
    pub fn applicability(&self) -> Applicability {
        if self.unsafe_fixes { Applicability::Unsafe } else { Applicability::Safe }
    }
}

/// The arguments of `fmt`.
#[derive(Debug, Args)]
pub struct Fmt {
    /// Which files to look at.
    #[command(flatten)]
    pub files: Paths,
    /// List the files that would change, write nothing, and exit with 1 if there are any.
    #[arg(long)]
    pub check: bool,
    /// Show what would change as a unified diff, write nothing, and exit with 1 if anything would.
    #[arg(long, conflicts_with = "check")]
    pub diff: bool,
    /// How tables are to look [default: aligned].
    #[arg(long, value_name = "STYLE")]
    pub style: Option<Style>,
    /// A cell wider than this many columns does not widen its column; 0 for no limit [default: 120].
    #[arg(long, value_name = "N")]
    pub max_column_width: Option<usize>,
    /// Compute the widths of aligned tables anew, whatever their delimiter rows declare.
    #[arg(long)]
    pub realign: bool,
}

impl Fmt {
    /// How tables are to look: as the arguments say, else as configured.
    #[must_use]
    pub fn options(&self, configured: FormatOptions) -> FormatOptions {
        let style = self.style.map_or(configured.style, |style| match style {
            Style::Aligned => format::Style::Aligned,
            Style::Compact => format::Style::Compact,
            Style::Keep => format::Style::Keep,
        });
        FormatOptions {
            style,
            max_column_width: self.max_column_width.unwrap_or(configured.max_column_width),
            realign: self.realign || configured.realign,
        }
    }
}

/// How tables are to look.
#[derive(Clone, Copy, PartialEq, Eq, Debug, ValueEnum)]
pub enum Style {
    /// Pipes below each other.
    Aligned,
    /// One space around each cell.
    Compact,
    /// Aligned where a table mostly is, else compact.
    Keep,
}

/// How to write findings.
#[derive(Clone, Copy, PartialEq, Eq, Debug, ValueEnum)]
pub enum OutputFormat {
    /// Pictures for people.
    Text,
    /// One line each.
    Concise,
    /// JSON, version 1.
    Json,
    /// The same findings, one JSON object a line.
    Jsonl,
    /// Annotations of GitHub Actions, at most ten of a kind.
    Github,
    /// A table in Markdown, as the summary of a job.
    Markdown,
    /// SARIF 2.1.0, for code scanning.
    Sarif,
    /// The Diagnostic Format of reviewdog, with suggestions.
    Rdjson,
    /// A code quality report of GitLab.
    Gitlab,
    /// XML as `JUnit` writes it, a test each.
    #[value(help = "XML as JUnit writes it, a test each")]
    Junit,
    /// XML as Checkstyle writes it.
    Checkstyle,
}

impl OutputFormat {
    /// Its word on the command line.
    #[must_use]
    pub fn name(self) -> String {
        self.to_possible_value().map_or_else(String::new, |value| value.get_name().to_owned())
    }

    /// Whether it says what makes a finding known again when its line moves.
    #[must_use]
    pub fn identifies(self) -> bool {
        matches!(self, Self::Json | Self::Jsonl | Self::Sarif | Self::Gitlab)
    }

    /// Whether people read it as it is, so that it may hold counts instead of findings.
    #[must_use]
    pub fn is_plain(self) -> bool {
        matches!(self, Self::Text | Self::Concise)
    }
}

/// One format, and where it goes.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Output {
    /// How findings are written.
    pub format: OutputFormat,
    /// The file; none for standard output.
    pub file: Option<PathBuf>,
}

/// The formats and files that findings go to, as they stand on the command line: each file belongs to the format before it.
#[derive(Clone, Debug)]
pub struct Outputs {
    /// Each with its place on the command line; formats and files apart, each in order.
    formats: Vec<(usize, OutputFormat)>,
    files: Vec<(usize, PathBuf)>,
}

impl Outputs {
    const FORMAT: &str = "output_format";
    const FILE: &str = "output_file";

    /// The outputs, at least one and in the order of the command line; a sentence where files and formats do not pair.
    ///
    /// # Errors
    ///
    /// A file without a format of its own, two formats for standard output, or one file for two formats.
    pub fn pairs(&self) -> Result<Vec<Output>, String> {
        let file = |path: &PathBuf| (path.as_os_str() != "-").then(|| path.clone());
        if let ([] | [_], [] | [_]) = (self.formats.as_slice(), self.files.as_slice()) {
            let format = self.formats.first().map_or(OutputFormat::Text, |(_, format)| *format);
            return Ok(vec![Output { format, file: self.files.first().and_then(|(_, path)| file(path)) }]);
        }
        let mut outputs: Vec<(Output, bool)> = Vec::new();
        let mut files = self.files.iter().peekable();
        let mut formats = self.formats.iter().peekable();
        while let Some((place, format)) = formats.next() {
            let end = formats.peek().map_or(usize::MAX, |(next, _)| *next);
            let own = files.next_if(|(at, _)| (*place..end).contains(at));
            outputs.push((Output { format: *format, file: own.and_then(|(_, path)| file(path)) }, own.is_some()));
            if files.peek().is_some_and(|(at, _)| *at < end) {
                break;
            }
        }
        if let Some((_, path)) = files.next() {
            return Err(format!(
                "--output-file {} has no --output-format of its own; write each file behind its format",
                path.display()
            ));
        }
        let outputs: Vec<Output> = outputs.into_iter().map(|(output, _)| output).collect();
        for (index, output) in outputs.iter().enumerate() {
            if let Some(other) =
                outputs[..index].iter().find(|other| is_same(other.file.as_deref(), output.file.as_deref()))
            {
                let (one, two) = (other.format.name(), output.format.name());
                return Err(match &output.file {
                    None => {
                        format!("{one} and {two} cannot both go to standard output; write an --output-file behind one")
                    }
                    Some(path) => format!("{one} and {two} cannot both go to {}", path.display()),
                });
            }
        }
        Ok(outputs)
    }
}

/// Whether two paths are spelt for the same file, `./` apart; or both are standard output.
fn is_same(one: Option<&Path>, two: Option<&Path>) -> bool {
    let parts = |path: Option<&Path>| {
        path.map(|path| path.components().filter(|part| *part != Component::CurDir).collect::<PathBuf>())
    };
    parts(one) == parts(two)
}

impl FromArgMatches for Outputs {
    fn from_arg_matches(matches: &ArgMatches) -> Result<Self, clap::Error> {
        fn placed<T: Clone + Send + Sync + 'static>(matches: &ArgMatches, id: &str) -> Vec<(usize, T)> {
            let values = matches.get_many::<T>(id).into_iter().flatten().cloned();
            matches.indices_of(id).into_iter().flatten().zip(values).collect()
        }
        Ok(Self { formats: placed(matches, Self::FORMAT), files: placed(matches, Self::FILE) })
    }

    fn update_from_arg_matches(&mut self, matches: &ArgMatches) -> Result<(), clap::Error> {
        *self = Self::from_arg_matches(matches)?;
        Ok(())
    }
}

impl Args for Outputs {
    fn augment_args(command: clap::Command) -> clap::Command {
        command
            .arg(
                Arg::new(Self::FORMAT)
                    .long("output-format")
                    .value_name("FORMAT")
                    .value_parser(value_parser!(OutputFormat))
                    .action(ArgAction::Append)
                    .help("How to write the findings; several formats at once, each with its file [default: text]"),
            )
            .arg(
                Arg::new(Self::FILE)
                    .long("output-file")
                    .value_name("FILE")
                    .value_parser(value_parser!(PathBuf))
                    .action(ArgAction::Append)
                    .help("Write the format before it to a file instead of standard output"),
            )
    }

    fn augment_args_for_update(command: clap::Command) -> clap::Command {
        Self::augment_args(command)
    }
}

/// The lightest finding that makes a run fail.
#[derive(Clone, Copy, PartialEq, Eq, Debug, ValueEnum)]
pub enum FailOn {
    /// Errors.
    Error,
    /// Errors and warnings.
    Warning,
    /// Any finding.
    Note,
    /// None.
    Never,
}

impl FailOn {
    /// The lightest severity that makes a run fail; none where nothing does.
    #[must_use]
    pub fn severity(self) -> Option<Severity> {
        match self {
            Self::Error => Some(Severity::Error),
            Self::Warning => Some(Severity::Warning),
            Self::Note => Some(Severity::Note),
            Self::Never => None,
        }
    }
}

/// The arguments of `init`.
#[derive(Debug, Args)]
pub struct Init {
    /// Which files to learn from.
    #[command(flatten)]
    pub files: Paths,
    /// Print the configuration instead of writing it.
    #[arg(long)]
    pub stdout: bool,
    /// Replace a configuration that is there already.
    #[arg(long, conflicts_with = "stdout")]
    pub force: bool,
}

/// The arguments of `config`.
#[derive(Debug, Args)]
pub struct Config {
    /// The file, which need not exist; without it, what holds for lists in the working directory.
    #[arg(value_name = "PATH")]
    pub path: Option<PathBuf>,
}

/// The arguments of `explain`.
#[derive(Debug, Args)]
pub struct Explain {
    /// The rule; without it, all are listed.
    #[arg(value_parser = rule)]
    pub rule: Option<&'static Rule>,
}

/// The rule of a name, or a sentence that names the nearest one.
fn rule(name: &str) -> Result<&'static Rule, String> {
    rules::by_name(name.trim()).ok_or_else(|| match rules::nearest(name) {
        Some(rule) => format!("there is no such rule; did you mean `{}`?", rule.name),
        None => "there is no such rule; `tablewright explain` lists them".to_owned(),
    })
}

/// The name of a command.
fn command_name(name: &str) -> Result<String, String> {
    let known = Cli::command().find_subcommand(name).is_some();
    if known { Ok(name.to_owned()) } else { Err("there is no such command".to_owned()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_arguments_are_sound() {
        Cli::command().debug_assert();
    }

    #[track_caller]
    fn check(arguments: &str, expected: &str) {
        let words = ["tablewright", "check"].into_iter().chain(arguments.split_whitespace());
        let cli = Cli::try_parse_from(words).expect("the arguments are known");
        let Command::Check(check) = cli.command else { panic!("it is a check") };
        let shown = |output: &Output| match &output.file {
            Some(path) => format!("{}>{}", output.format.name(), path.display()),
            None => output.format.name(),
        };
        let pairs = check.outputs.pairs().map(|outputs| outputs.iter().map(shown).collect::<Vec<_>>().join(" "));
        assert_eq!(pairs.unwrap_or_else(|error| error), expected);
    }

    #[test]
    fn one_format_and_one_file_belong_together() {
        check("", "text");
        check("--output-format json", "json");
        check("--output-file a", "text>a");
        check("--output-file a --output-format json", "json>a");
        check("--output-format json --output-file -", "json");
    }

    #[test]
    fn a_file_belongs_to_the_format_before_it() {
        check("--output-format text --output-format sarif --output-file a", "text sarif>a");
        check("--output-format sarif --output-file a --output-format text", "sarif>a text");
        check("--output-format=sarif --output-file=a list.md --output-format=json --output-file=b", "sarif>a json>b");
    }

    #[test]
    fn what_does_not_pair_is_explained() {
        let lonely =
            |file| format!("--output-file {file} has no --output-format of its own; write each file behind its format");
        check("--output-file a --output-format json --output-file b", &lonely("a"));
        check("--output-format json --output-file a --output-file b", &lonely("b"));
        check("--output-format json --output-format sarif --output-file a --output-file b", &lonely("b"));
        check("--output-file a --output-file b", &lonely("a"));
        check("--output-file a --output-format json --output-format text", &lonely("a"));
        check(
            "--output-format json --output-format sarif",
            "json and sarif cannot both go to standard output; write an --output-file behind one",
        );
        check(
            "--output-format json --output-file a/b --output-format sarif --output-file ./a/./b",
            "json and sarif cannot both go to ./a/./b",
        );
    }
}
