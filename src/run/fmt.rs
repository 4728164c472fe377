//! `tablewright fmt`.

use super::output::Output;
use super::{Mended, Mends, NO_FILE, Run, Status, deliver, end, guarded, read, tell, wants_colour};
use crate::cli::{self, Cli};
use crate::files::{Input, Origin, Trouble};
use crate::fix;
use crate::format::{self, FormatOptions, LeftAlone, Reason};
use crate::report::counted;
use crate::report::safe::Safe;

/// Lays out the tables of the files.
pub(super) fn run(arguments: &cli::Fmt, cli: &Cli) -> Status {
    let manner = cli.manner;
    let run = Run::start(&arguments.files, &cli.configuration, manner);
    let mends = if arguments.diff || arguments.check { Mends::Shown } else { Mends::Written };
    let has_colour = wants_colour(manner.color, &std::io::stdout());
    let outcomes = run.threads.map(run.found.inputs.iter().collect(), |input| {
        let options = arguments.options(run.configs.effective(input).unwrap_or_default().format());
        format_file(input, &options, mends, arguments.check, has_colour)
    });
    let (mut mended, mut trouble) = (Mended::default(), run.found.trouble);
    let (mut files, mut left_alone) = (0, 0);
    for (input, outcome) in run.found.inputs.iter().zip(outcomes) {
        match outcome {
            Ok((outcome, tables)) => {
                files += 1;
                left_alone += tables.len();
                if !manner.quiet {
                    tell(&outcome.remarks);
                    for table in tables {
                        tell(&explain(input, table));
                    }
                }
                mended.add(outcome, &mut trouble);
            }
            Err(cause) => trouble.push(cause),
        }
    }
    let output = Output::new(None, manner.color);
    let status = output.write(&mended.text).max(end(&trouble));
    if !manner.quiet && files > 0 {
        tell(&summary(files, mended.files, left_alone, mends));
    } else if !manner.quiet && trouble.is_empty() {
        tell(NO_FILE);
    }
    let would_change = mends == Mends::Shown && mended.files > 0;
    status.max(if would_change { Status::Findings } else { Status::Clean })
}

/// Reads and lays out one file. Whatever goes wrong in it, the others are still done.
fn format_file(
    input: &Input,
    options: &FormatOptions,
    mends: Mends,
    lists_only: bool,
    has_colour: bool,
) -> Result<(Mended, Vec<LeftAlone>), Trouble> {
    let source = read(input)?;
    let formatted = guarded(|| format::document(&source, options)).map_err(|cause| {
        Trouble::new("format", &input.name, format!("an error in tablewright, please report it: {cause}"))
    })?;
    let mut mended = Mended { files: usize::from(!formatted.edits.is_empty()), ..Mended::default() };
    if !formatted.edits.is_empty() || input.origin == Origin::Stdin {
        mended.text = match lists_only {
            true if mended.files > 0 => format!("{}\n", Safe::new(&input.name)),
            true => String::new(),
            false => {
                let new = fix::splice(source.text(), &formatted.edits);
                deliver(input, source.text(), &new, mends, has_colour, &mut mended.remarks)?
            }
        };
    }
    Ok((mended, formatted.left_alone))
}

fn explain(input: &Input, table: LeftAlone) -> String {
    let act =
        if table.reason == Reason::Silenced { "is left as it is" } else { "cannot be laid out and is left as it is" };
    format!("{}:{}: the table {act}: {}\n", Safe::new(&input.name), table.line_number, table.reason)
}

/// `formatted 2 of 3 files; 1 table left as it is`
fn summary(files: usize, changed: usize, left_alone: usize, mends: Mends) -> String {
    let act = if mends == Mends::Shown { "would format" } else { "formatted" };
    let done = if changed == 0 {
        format!("{} formatted already", counted(files, "file"))
    } else {
        format!("{act} {changed} of {}", counted(files, "file"))
    };
    match left_alone {
        0 => format!("{done}\n"),
        count => format!("{done}; {} left as it is\n", counted(count, "table")),
    }
}
