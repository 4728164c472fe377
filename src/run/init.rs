//! `tablewright init`.

use std::io;
use std::path::Path;
use std::time::SystemTime;

use super::output::Output;
use super::{NO_FILE, Run, Status, current_year, end, guarded, read, tell, write};
use crate::cli::{self, Cli, ColorWhen};
use crate::column::{Declared, TypedDocument};
use crate::config::FILE_NAMES;
use crate::config::learn::{self, Learnt};
use crate::files::Trouble;
use crate::report::init::{Learning, render};
use crate::report::{counted, safe::Safe};
use crate::source::Source;
use crate::table::Document;

/// Where editors find the schema of configurations.
const SCHEMA: &str = concat!(env!("CARGO_PKG_REPOSITORY"), "/raw/main/tablewright.schema.json");

/// Learns a configuration from the files and writes it to the working directory, or prints it.
pub(super) fn run(arguments: &cli::Init, cli: &Cli) -> Status {
    let manner = cli.manner;
    // What is there already may be what is to be replaced.
    let configuration = cli::Configuration { config: None, isolated: true };
    let run = Run::start(&arguments.files, &configuration, manner);
    let mut trouble = run.found.trouble;
    let existing = FILE_NAMES.into_iter().find(|name| Path::new(name).symlink_metadata().is_ok());
    if let Some(name) = existing.filter(|_| !arguments.stdout && !arguments.force) {
        trouble.push(Trouble::new("write", name, "it is there already; --force replaces it, --stdout prints instead"));
        return end(&trouble);
    }
    let mut sources = Vec::new();
    for outcome in run.threads.map(run.found.inputs.iter().collect(), read) {
        match outcome {
            Ok(source) => sources.push(source),
            Err(cause) => trouble.push(cause),
        }
    }
    if sources.is_empty() {
        if trouble.is_empty() && !manner.quiet {
            tell(NO_FILE);
        }
        return end(&trouble).max(Status::Trouble);
    }
    let status = match learnt(&sources) {
        Err(cause) => {
            trouble.push(cause);
            Status::Clean
        }
        Ok((_, text)) if arguments.stdout => Output::new(None, ColorWhen::Never).write(&text),
        Ok((learnt, text)) => {
            let name = existing.unwrap_or(FILE_NAMES[0]);
            match put(Path::new(name), existing.is_some(), &text) {
                Ok(()) if manner.quiet => {}
                Ok(()) => tell(&format!("wrote {name}; {}\n", what_was_learnt(&learnt, sources.len()))),
                Err(error) => trouble.push(Trouble::io("write", name, &error)),
            }
            Status::Clean
        }
    };
    status.max(end(&trouble))
}

/// `learnt 2 kinds of tables from 1 file`
fn what_was_learnt(learnt: &Learnt, files: usize) -> String {
    let files = counted(files, "file");
    match learnt.tables.len() {
        0 => format!(
            "nothing was learnt from {files}: no table there has two columns with headers and four rows or more"
        ),
        1 => format!("learnt one kind of table from {files}; `tablewright check` goes by it now"),
        kinds => format!("learnt {kinds} kinds of tables from {files}; `tablewright check` goes by it now"),
    }
}

/// What is learnt from the sources, and the configuration that says it.
fn learnt(sources: &[Source]) -> Result<(Learnt, String), Trouble> {
    let names: Vec<String> = sources.iter().map(|source| source.path().to_owned()).collect();
    let year = current_year(SystemTime::now());
    let learnt = guarded(|| {
        let documents: Vec<Document<'_>> = sources.iter().map(Document::parse).collect();
        let declared = Declared::default();
        let typed: Vec<TypedDocument<'_>> =
            documents.iter().map(|document| TypedDocument::infer(document, &declared, year)).collect();
        let learnt = learn::learn(&typed);
        let text = render(&learnt, Learning { names: &names, schema: SCHEMA });
        (learnt, text)
    });
    let shown = || names.iter().map(|name| Safe::new(name).as_str().to_owned()).collect::<Vec<_>>().join(", ");
    let bug =
        |cause| Trouble::new("learn from", shown(), format!("an error in tablewright, please report it: {cause}"));
    learnt.map_err(bug)
}

/// Writes a file as a whole or not at all; over an old one only where that is meant.
fn put(path: &Path, replaces: bool, text: &str) -> io::Result<()> {
    if replaces {
        let old = std::fs::read_to_string(path)?;
        return write::replace(path, &old, text).map(|_| ());
    }
    write::create(path, text)
}
