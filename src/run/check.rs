//! `tablewright check`.

use std::io;
use std::time::SystemTime;

use super::output::{self, Output, Page, Printing};
use super::past::{Before, Past};
use super::{
    Mended, Mends, NO_FILE, Run, Status, Threads, current_year, deliver, end, guarded, read, tell, wants_colour,
};
use crate::baseline::Known;
use crate::cli::{self, Cli};
use crate::config::Effective;
use crate::files::{Input, Origin, Trouble};
use crate::fix::Applicability;
use crate::lint::{self, Checked, Settings};
use crate::report::{FileReport, Summary};
use crate::source::Source;

/// Checks the files, and mends them where that is asked for.
pub(super) fn run(arguments: &cli::Check, cli: &Cli) -> Status {
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
        has_colour: wants_colour(manner.color, &io::stdout()),
    };
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
    let at_once = Some(&printing).filter(|printing| printing.is_by_file() && !past.has_baseline());
    let outcomes = run.threads.map(jobs, |(input, before, known)| {
        let effective = run.configs.effective(input).unwrap_or_default();
        let settings =
            Settings { identifies, describes: manner.verbose, ..settings(&effective, arguments, current_year) };
        let (report, mended) = check_file(input, &settings, &before, &known, &task)?;
        Ok(look(report, mended, at_once))
    });
    let mut files = Vec::new();
    for outcome in outcomes {
        match outcome {
            Ok((file, outcome)) => {
                files.push(file);
                mended.add(outcome, &mut trouble);
            }
            Err(cause) => {
                files.push(None);
                trouble.push(cause);
            }
        }
    }
    lint::compare(files.iter_mut().flatten().filter_map(Looked::open));
    let open = files.iter_mut().map(|file| file.as_mut().and_then(Looked::open));
    let mut checked: Vec<_> = open.map(|open| open.map(|(_, checked)| checked)).collect();
    let ran =
        |input: &Input| run.configs.effective(input).unwrap_or_default().rules(&arguments.select, &arguments.ignore).0;
    if let Err(cause) = past.conclude(inputs, &mut checked, ran, &mut mended.remarks) {
        trouble.push(cause);
    }
    let (pages, reports) = print_files(files.into_iter().flatten().collect(), &printing, &run.threads, &mut trouble);
    let summary: Summary = pages.iter().map(|page| page.summary).sum();
    let prints_text = task.mends == Mends::Written && inputs.iter().any(|input| input.origin == Origin::Stdin);
    let mut status = Status::Clean;
    if task.mends == Mends::Shown || prints_text {
        status = status.max(Output::new(None, manner.color).write(&mended.text));
    }
    for (output, text) in outputs.iter().zip(printing.texts(&pages, &reports, &summary)) {
        // Standard output holds the mended text, or the findings, never both.
        if prints_text && output.file.is_none() {
            tell(&text);
        } else {
            status = status.max(write(output, &text, inputs, cli));
        }
    }
    for page in &pages {
        tell(&page.description);
    }
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

/// Writes findings to where they go, but over none of the lists that are checked.
fn write(to: &cli::Output, findings: &str, inputs: &[Input], cli: &Cli) -> Status {
    let output = Output::new(to.file.as_deref(), cli.manner.color);
    if to.file.as_ref().is_some_and(|file| output::is_input(file, inputs)) {
        return end(&[Trouble::new("write", output.name(), "it is one of the lists that are checked")]);
    }
    output.write(findings)
}

/// How a file is to be checked.
fn settings(effective: &Effective, arguments: &cli::Check, current_year: u16) -> Settings {
    Settings {
        heeds_directives: !arguments.no_inline_config,
        ..Settings::configured(effective, &arguments.select, &arguments.ignore, current_year)
    }
}

/// What is to be done to each file.
struct Task {
    mends: Mends,
    /// How sure a fix must be.
    at_least: Applicability,
    /// Whether diffs are in colour.
    has_colour: bool,
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

/// A file that was checked, printed where that is to be done at once and no other file can change what was found in it.
///
/// What was mended is told, or printed, even where the findings cannot be: then there is trouble in place of the file.
fn look(report: FileReport, mut mended: Mended, at_once: Option<&Printing>) -> (Option<Looked>, Mended) {
    let Some(printing) = at_once.filter(|_| report.checked.shared.is_empty()) else {
        return (Some(Looked::Open(report)), mended);
    };
    let page = print_file(&report, printing).map_err(|cause| mended.trouble.push(cause));
    (page.ok().map(Looked::Printed), mended)
}

/// What is printed of each file by itself, and the reports where there is more to be printed.
fn print_files(
    files: Vec<Looked>,
    printing: &Printing,
    threads: &Threads,
    trouble: &mut Vec<Trouble>,
) -> (Vec<Page>, Vec<FileReport>) {
    let (mut pages, mut reports) = (Vec::new(), Vec::new());
    for printed in threads.map(files, |file| file.printed(printing)) {
        match printed {
            Ok((page, report)) => {
                pages.push(page);
                reports.extend(report);
            }
            Err(cause) => trouble.push(cause),
        }
    }
    (pages, reports)
}

fn print_file(report: &FileReport, printing: &Printing) -> Result<Page, Trouble> {
    let bug = |cause: String| {
        Trouble::new("report on", report.source.path(), format!("an error in tablewright, please report it: {cause}"))
    };
    guarded(|| printing.page(report)).map_err(bug)
}

/// Reads and checks one file, and mends it where that is asked for. Whatever goes wrong in it, the others are still checked.
fn check_file(
    input: &Input,
    settings: &Settings,
    before: &Before<'_>,
    known: &Known,
    task: &Task,
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
        mended.text = deliver(input, &old, fixed.source.text(), task.mends, task.has_colour, &mut mended.remarks)?;
        (fixed.source, fixed.left)
    };
    // A report shows text where there are or may be findings; a clean file need not stay in memory.
    let source =
        if checked.findings.is_empty() && checked.shared.is_empty() { Source::new(&input.name, "") } else { source };
    Ok((FileReport { source, checked }, mended))
}

#[cfg(test)]
mod tests {
    use std::num::NonZeroUsize;

    use super::super::LAST_PANIC;
    use super::*;
    use crate::diagnostic::{RuleName, Severity};
    use crate::rules;

    const FAILS: rules::Rule = rules::Rule {
        name: RuleName("fails"),
        page: "",
        severity: Severity::Error,
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
                let task = Task { mends, at_least: Applicability::Safe, has_colour: false };
                let outcomes = threads.map(files.iter().collect(), |input| {
                    let settings = Settings::new(&[&FAILS], 2026);
                    check_file(input, &settings, &Before::Unknown, &Known::default(), &task)
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
    fn what_was_mended_is_kept_where_findings_cannot_be_printed() {
        std::panic::set_hook(Box::new(|panic| LAST_PANIC.set(Some(panic.to_string()))));
        let report = FileReport { source: Source::new("a.md", ""), checked: Checked::default() };
        let mended = Mended { text: "| a |\n".to_owned(), ..Mended::default() };
        let (file, mended) = look(report, mended, Some(&Printing::of(|_, _| panic!("no ink"))));
        assert!(file.is_none());
        assert_eq!(mended.text, "| a |\n");
        let trouble: Vec<String> = mended.trouble.iter().map(ToString::to_string).collect();
        assert!(
            trouble[0].starts_with("cannot report on a.md: an error in tablewright, please report it: panicked at")
        );
        assert!(trouble[0].ends_with("no ink"), "{trouble:?}");
    }
}
