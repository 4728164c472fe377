//! `tablewright init`.

use std::io::{self, Write};
use std::path::Path;
use std::time::SystemTime;

use super::output::Output;
use super::{NO_FILE, Run, Status, current_year, end, guarded, read, tell, write};
use crate::cli::{self, ColorWhen, Manner};
use crate::column::{Declared, TypedDocument};
use crate::config::learn;
use crate::files::Trouble;
use crate::report::init::{Learning, render};
use crate::report::{counted, safe::Safe};
use crate::source::Source;
use crate::table::Document;

/// The names that a configuration may have, the usual one first.
const NAMES: [&str; 2] = ["tablewright.toml", ".tablewright.toml"];

/// Where editors find the schema of configurations.
const SCHEMA: &str = concat!(env!("CARGO_PKG_REPOSITORY"), "/raw/main/tablewright.schema.json");

/// Learns a configuration from the files and writes it to the working directory, or prints it.
pub(super) fn run(arguments: &cli::Init, manner: Manner) -> Status {
    let run = Run::start(&arguments.files, manner);
    let mut trouble = run.found.trouble;
    let existing = NAMES.into_iter().find(|name| Path::new(name).symlink_metadata().is_ok());
    if let Some(name) = existing.filter(|_| !arguments.stdout && !arguments.force) {
        trouble.push(Trouble::new("write", name, "it is there already; --force replaces it, --stdout prints instead"));
        return end(&trouble);
    }
    let mut sources = Vec::new();
    for outcome in run.threads.map(&run.found.inputs, read) {
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
        Ok(text) if arguments.stdout => Output::new(None, ColorWhen::Never).write(&text),
        Ok(text) => {
            let name = existing.unwrap_or(NAMES[0]);
            match put(Path::new(name), existing.is_some(), &text) {
                Ok(()) if manner.quiet => {}
                Ok(()) => tell(&format!(
                    "wrote {name}, learnt from {}; `tablewright check` goes by it now\n",
                    counted(sources.len(), "file")
                )),
                Err(error) => trouble.push(Trouble::io("write", name, &error)),
            }
            Status::Clean
        }
    };
    status.max(end(&trouble))
}

fn learnt(sources: &[Source]) -> Result<String, Trouble> {
    let names: Vec<String> = sources.iter().map(|source| source.path().to_owned()).collect();
    let year = current_year(SystemTime::now());
    let learnt = guarded(|| {
        let documents: Vec<Document<'_>> = sources.iter().map(Document::parse).collect();
        let declared = Declared::default();
        let typed: Vec<TypedDocument<'_>> =
            documents.iter().map(|document| TypedDocument::infer(document, &declared, year)).collect();
        learn::learn(&typed).map(|learnt| render(&learnt, Learning { names: &names, schema: SCHEMA }))
    });
    let shown = || names.iter().map(|name| Safe::new(name).as_str().to_owned()).collect::<Vec<_>>().join(", ");
    let bug =
        |cause| Trouble::new("learn from", shown(), format!("an error in tablewright, please report it: {cause}"));
    learnt.map_err(bug)?.ok_or_else(|| {
        Trouble::new("learn from", shown(), "no table there has two columns with headers and four rows or more")
    })
}

/// Writes a file as a whole or not at all; over an old one only where that is meant.
fn put(path: &Path, replaces: bool, text: &str) -> io::Result<()> {
    if replaces {
        let old = std::fs::read_to_string(path)?;
        return write::replace(path, &old, text).map(|_| ());
    }
    let mut file = tempfile::Builder::new().prefix(".tablewright-").tempfile_in(".")?;
    file.write_all(text.as_bytes())?;
    file.as_file().sync_all()?;
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        // As any new file, unlike a temporary one.
        file.as_file().set_permissions(std::fs::Permissions::from_mode(0o644))?;
    }
    file.persist_noclobber(path).map(|_| ()).map_err(|error| error.error)
}
