//! Configurations: which one is for a file, read once each.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use rustc_hash::FxHashMap;

use crate::cli;
use crate::config::{Config, Effective, FILE_NAMES, is_markdown};
use crate::files::{self, Input, Origin, Scope, Trouble};
use crate::report::counted;
use crate::report::text::{Canvas, mistake};
use crate::schema::Mistake;
use crate::source::Source;

/// A larger file is no configuration.
const MAX_BYTES: u64 = 1 << 20;

/// The configurations of a run.
#[derive(Debug)]
pub(super) struct Configs {
    choice: Choice,
    working_directory: PathBuf,
    /// The folders that were asked about, by the names that they were asked by.
    folders: Mutex<FxHashMap<PathBuf, Arc<Folder>>>,
}

/// Which configuration to go by.
#[derive(Debug)]
enum Choice {
    None,
    Named(Arc<Loaded>),
    Nearest,
}

/// A folder, and the configuration for what is in it.
#[derive(Debug)]
struct Folder {
    path: PathBuf,
    config: Option<Arc<Loaded>>,
}

/// A configuration that was read.
#[derive(Debug)]
pub(super) struct Loaded {
    /// Its path as people read it.
    pub(super) name: String,
    /// Its text; empty where it could not be read.
    pub(super) text: String,
    /// The folder that its globs are for.
    folder: PathBuf,
    pub(super) outcome: Result<Config, Broken>,
}

/// Why a configuration cannot be used.
#[derive(Debug)]
pub(super) enum Broken {
    Unreadable(Trouble),
    Mistaken(Vec<Mistake>),
}

impl Configs {
    pub(super) fn new(choice: &cli::Configuration, working_directory: &Path) -> Self {
        let choice = match &choice.config {
            _ if choice.isolated => Choice::None,
            Some(path) => {
                let folder = working_directory.canonicalize().unwrap_or_else(|_| working_directory.to_owned());
                Choice::Named(Arc::new(Loaded::read(path, folder, working_directory)))
            }
            None => Choice::Nearest,
        };
        Self { choice, working_directory: working_directory.to_owned(), folders: Mutex::default() }
    }

    /// The configuration for a file, and the file's path from the configuration's folder.
    pub(super) fn of(&self, input: &Input) -> Option<(Arc<Loaded>, String)> {
        match &input.origin {
            Origin::Path(path) => self.of_path(path),
            Origin::Stdin => self.of_path(Path::new(&input.name)),
        }
    }

    /// The same of a path, which need not lead to a file.
    pub(super) fn of_path(&self, path: &Path) -> Option<(Arc<Loaded>, String)> {
        if matches!(self.choice, Choice::None) {
            return None;
        }
        let parent = path.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
        let folder = self.folder(parent);
        let config = Arc::clone(folder.config.as_ref()?);
        let path = path.file_name().map_or_else(|| folder.path.clone(), |name| folder.path.join(name));
        let relative = match path.strip_prefix(&config.folder) {
            Ok(below) => files::shown(below, Path::new("")),
            // Of what lies elsewhere, only names can be told.
            Err(_) => files::shown(&path, Path::new("")).trim_start_matches('/').to_owned(),
        };
        Some((config, relative))
    }

    /// What is said of a file; none where its configuration cannot be used.
    pub(super) fn effective(&self, input: &Input) -> Option<Effective> {
        match self.of(input) {
            None => Some(Effective::without_configuration()),
            Some((loaded, path)) => loaded.outcome.as_ref().ok().map(|config| Effective::of(config, &path)),
        }
    }

    fn folder(&self, folder: &Path) -> Arc<Folder> {
        if let Some(known) = self.known(folder) {
            return known;
        }
        let path = self.real_path(folder);
        let config = match &self.choice {
            Choice::None => None,
            Choice::Named(config) => Some(Arc::clone(config)),
            // Under one name, a folder is asked about once.
            Choice::Nearest => self.real_folder(&path),
        };
        self.keep(folder, Folder { path, config })
    }

    /// The configuration for a folder of this name, which is no other's.
    fn real_folder(&self, folder: &Path) -> Option<Arc<Loaded>> {
        if let Some(known) = self.known(folder) {
            return known.config.clone();
        }
        let config = self.nearest(folder);
        self.keep(folder, Folder { path: folder.to_owned(), config }).config.clone()
    }

    /// The absolute path of a folder without links in it.
    fn real_path(&self, folder: &Path) -> PathBuf {
        // A walk comes from each folder to those in it, and hardly one is a link.
        let above = folder.parent().filter(|above| !above.as_os_str().is_empty()).and_then(|above| self.known(above));
        if let Some((above, name)) = above.zip(folder.file_name())
            && folder.symlink_metadata().is_ok_and(|metadata| metadata.is_dir())
        {
            return above.path.join(name);
        }
        folder.canonicalize().or_else(|_| std::path::absolute(folder)).unwrap_or_else(|_| folder.to_owned())
    }

    fn known(&self, name: &Path) -> Option<Arc<Folder>> {
        self.folders.lock().unwrap_or_else(PoisonError::into_inner).get(name).cloned()
    }

    fn keep(&self, name: &Path, folder: Folder) -> Arc<Folder> {
        let folder = Arc::new(folder);
        let mut folders = self.folders.lock().unwrap_or_else(PoisonError::into_inner);
        folders.insert(name.to_owned(), Arc::clone(&folder));
        folder
    }

    /// The configuration of a folder, or else of the nearest one that it is in, up to the root of its repository.
    fn nearest(&self, folder: &Path) -> Option<Arc<Loaded>> {
        let is_there = |path: &PathBuf| path.symlink_metadata().is_ok_and(|metadata| !metadata.is_dir());
        if let Some(path) = FILE_NAMES.iter().map(|name| folder.join(name)).find(is_there) {
            return Some(Arc::new(Loaded::read(&path, folder.to_owned(), &self.working_directory)));
        }
        if folder.join(".git").symlink_metadata().is_ok() {
            return None;
        }
        self.real_folder(folder.parent()?)
    }

    /// What is wrong with the configurations that files go by, each once, and how many files are passed over for it.
    pub(super) fn trouble(&self, inputs: &[Input], canvas: Canvas) -> Vec<Trouble> {
        let mut used: BTreeMap<String, (Arc<Loaded>, Vec<&str>)> = BTreeMap::new();
        if let Choice::Named(config) = &self.choice {
            used.insert(config.name.clone(), (Arc::clone(config), Vec::new()));
        }
        for input in inputs {
            if let Some((loaded, _)) = self.of(input) {
                used.entry(loaded.name.clone()).or_insert((loaded, Vec::new())).1.push(&input.name);
            }
        }
        let mut trouble = Vec::new();
        for (loaded, files) in used.values() {
            let Err(broken) = &loaded.outcome else { continue };
            trouble.extend(loaded.explain(broken, canvas));
            let (files, whose) = match files[..] {
                [] => continue,
                [file] => (file.to_owned(), "its"),
                _ => (counted(files.len(), "file"), "their"),
            };
            let cause = format!("{whose} configuration {} cannot be used", loaded.name);
            trouble.push(Trouble::new("look at", files, cause));
        }
        trouble
    }
}

impl Scope for Configs {
    fn includes(&self, file: &Path) -> bool {
        match self.of_path(file) {
            Some((loaded, path)) => match &loaded.outcome {
                Ok(config) => config.includes(&path),
                Err(_) => is_markdown(&path),
            },
            None => is_markdown(&file.to_string_lossy()),
        }
    }

    fn excludes(&self, path: &Path) -> bool {
        let is_excluded =
            |(loaded, path): (Arc<Loaded>, String)| loaded.outcome.as_ref().is_ok_and(|config| config.excludes(&path));
        self.of_path(path).is_some_and(is_excluded)
    }
}

impl Loaded {
    /// Reads a configuration; its globs are for paths from `folder`.
    fn read(path: &Path, folder: PathBuf, working_directory: &Path) -> Self {
        let real = working_directory.canonicalize();
        let base = real.as_deref().unwrap_or(working_directory);
        let name = files::shown(path.strip_prefix(base).unwrap_or(path), working_directory);
        let text = text(path, &folder).map_err(|cause| Broken::Unreadable(Trouble::new("read", name.as_str(), cause)));
        let (text, outcome) = match text {
            Ok(text) => {
                let outcome = Config::read(&text).map_err(Broken::Mistaken);
                (text, outcome)
            }
            Err(broken) => (String::new(), Err(broken)),
        };
        Self { name, text, folder, outcome }
    }

    /// What is wrong with the configuration.
    pub(super) fn explain(&self, broken: &Broken, canvas: Canvas) -> Vec<Trouble> {
        match broken {
            Broken::Unreadable(trouble) => vec![trouble.clone()],
            Broken::Mistaken(mistakes) => {
                let source = Source::new(&self.name, self.text.as_str());
                let drawn = |it: &Mistake| {
                    let trouble = Trouble::new("use", self.name.as_str(), it.message.as_str());
                    trouble.drawn(mistake(&source, it, canvas))
                };
                mistakes.iter().map(drawn).collect()
            }
        }
    }

    /// The number of the line of a byte, from 1.
    pub(super) fn line_number(&self, offset: usize) -> usize {
        let before = self.text.as_bytes().get(..offset).unwrap_or_default();
        memchr::memchr_iter(b'\n', before).count() + 1
    }
}

/// The text of a configuration, or why there is none.
fn text(path: &Path, folder: &Path) -> Result<String, String> {
    let metadata = path.metadata().map_err(|error| files::cause(&error))?;
    if !metadata.is_file() {
        return Err("it is no file".to_owned());
    }
    // What is wrong is shown with its line, and a link of a stranger's may lead to what nobody else may read.
    let is_link = path.symlink_metadata().is_ok_and(|metadata| metadata.is_symlink());
    if is_link && !path.canonicalize().is_ok_and(|target| target.starts_with(root(folder))) {
        return Err("it is a link that leads out of the repository".to_owned());
    }
    let mut bytes = Vec::new();
    let file = File::open(path).map_err(|error| files::cause(&error))?;
    file.take(MAX_BYTES + 1).read_to_end(&mut bytes).map_err(|error| files::cause(&error))?;
    if bytes.len() as u64 > MAX_BYTES {
        return Err(format!("it is larger than {} MiB", MAX_BYTES >> 20));
    }
    String::from_utf8(bytes).map_err(|error| format!("invalid UTF-8: byte {}", error.utf8_error().valid_up_to()))
}

/// The root of the repository that a folder is in; the folder where it is in none.
fn root(folder: &Path) -> &Path {
    folder.ancestors().find(|folder| folder.join(".git").symlink_metadata().is_ok()).unwrap_or(folder)
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    #[test]
    fn a_link_leads_to_the_configuration_of_what_it_leads_to() {
        let root = tempfile::tempdir().expect("a folder is made");
        let path = |name: &str| root.path().join(name);
        for folder in [".git", "one/in", "other"] {
            std::fs::create_dir_all(path(folder)).expect("the folder is made");
        }
        std::fs::write(path("one/tablewright.toml"), "").expect("the file is written");
        std::os::unix::fs::symlink(path("one/in"), path("other/link")).expect("the link is made");
        let configs = Configs::new(&cli::Configuration { config: None, isolated: false }, root.path());
        // From each folder to those in it, as a walk goes.
        let found = ["list.md", "one/list.md", "one/in/list.md", "other/list.md", "other/link/list.md"]
            .map(|name| configs.of_path(&path(name)).map(|(_, name)| name));
        let found: Vec<Option<&str>> = found.iter().map(Option::as_deref).collect();
        assert_eq!(found, [None, Some("list.md"), Some("in/list.md"), None, Some("in/list.md")]);
    }
}
