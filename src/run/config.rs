//! `tablewright config`.

use std::path::{Path, PathBuf};
use std::time::SystemTime;

use super::configs::Configs;
use super::output::Output;
use super::{Status, canvas_of_stderr, current_year, end, guarded, read};
use crate::cli::{self, Cli};
use crate::column::TypedDocument;
use crate::config::Effective;
use crate::files::{self, Input, Origin, Trouble};
use crate::report::config::{BoundTable, Configured, render};
use crate::table::Document;

/// Prints what holds for a file, and where each value comes from.
pub(super) fn run(arguments: &cli::Config, cli: &Cli) -> Status {
    let working_directory = std::env::current_dir().unwrap_or_default();
    let configs = Configs::new(&cli.configuration, &working_directory);
    let path = arguments.path.clone().unwrap_or_default();
    let is_folder = path.as_os_str().is_empty() || path.is_dir();
    // Of a folder, what holds for any list in it; no list has this name.
    let found = configs.of_path(&if is_folder { path.join("*.md") } else { path.clone() });
    let (effective, name) = match &found {
        None => (Effective::without_configuration(), None),
        Some((loaded, below)) => match &loaded.outcome {
            Ok(config) => (Effective::of(config, below), Some(loaded.name.as_str())),
            Err(broken) => return end(&loaded.explain(broken, canvas_of_stderr(cli.manner.color))),
        },
    };
    let mut trouble = Vec::new();
    let tables = if is_folder { Vec::new() } else { tables(&path, &effective, &working_directory, &mut trouble) };
    let shown = if is_folder { None } else { Some(files::shown(&path, &working_directory)) };
    let line = |offset: usize| found.as_ref().map_or(0, |(loaded, _)| loaded.line_number(offset));
    let text = render(
        &Configured { path: shown.as_deref(), configuration: name, effective: &effective, tables: &tables },
        line,
    );
    let output = Output::new(None, crate::cli::ColorWhen::Never);
    output.write(&text).max(end(&trouble))
}

/// The tables of the file, where there is one, with what they are bound to.
fn tables(path: &Path, effective: &Effective, working_directory: &Path, trouble: &mut Vec<Trouble>) -> Vec<BoundTable> {
    if path.symlink_metadata().is_err() {
        return Vec::new();
    }
    let input = Input { name: files::shown(path, working_directory), origin: Origin::Path(PathBuf::from(path)) };
    let source = match read(&input) {
        Ok(source) => source,
        Err(cause) => {
            trouble.push(cause);
            return Vec::new();
        }
    };
    let bound = guarded(|| {
        let document = Document::parse(&source);
        let declared = effective.declared();
        let typed = TypedDocument::infer(&document, &declared, current_year(SystemTime::now()));
        typed.tables.iter().map(BoundTable::of).collect()
    });
    bound.unwrap_or_else(|cause| {
        trouble.push(Trouble::new("read the tables of", input.name, cause));
        Vec::new()
    })
}
