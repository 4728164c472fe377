//! Which files to look at: `find` turns paths into files, in path order, each once.

use std::collections::BTreeMap;
use std::fmt;
use std::io;
use std::path::{Component, Path, PathBuf};
use std::sync::Arc;

use ignore::{DirEntry, WalkBuilder};

use crate::report::safe::Safe;

/// Something that could not be done: act, thing and cause.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Trouble {
    act: &'static str,
    thing: String,
    cause: String,
    /// The place of the cause, drawn; harmless already.
    picture: Option<String>,
}

impl Trouble {
    /// `cannot <act> <thing>: <cause>`
    #[must_use]
    pub fn new(act: &'static str, thing: impl Into<String>, cause: impl Into<String>) -> Self {
        Self { act, thing: thing.into(), cause: cause.into(), picture: None }
    }

    /// The same with a picture, which says everything in its own way.
    #[must_use]
    pub fn drawn(self, picture: String) -> Self {
        Self { picture: Some(picture), ..self }
    }

    /// The same of an error of the operating system.
    #[must_use]
    pub fn io(act: &'static str, thing: impl Into<String>, error: &io::Error) -> Self {
        Self::new(act, thing, cause(error))
    }
}

impl fmt::Display for Trouble {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(picture) = &self.picture {
            return formatter.write_str(picture.trim_end());
        }
        write!(formatter, "cannot {} {}: {}", self.act, Safe::new(&self.thing), Safe::new(&self.cause))
    }
}

/// Why the operating system refused, in lower case and without its number.
#[must_use]
pub fn cause(error: &io::Error) -> String {
    match error.kind() {
        io::ErrorKind::NotFound => "no such file or folder".to_owned(),
        io::ErrorKind::PermissionDenied => "permission denied".to_owned(),
        io::ErrorKind::IsADirectory => "it is a folder".to_owned(),
        _ => {
            let text = error.to_string();
            let text = text.split_once(" (os error").map_or(text.as_str(), |(text, _)| text);
            let mut chars = text.chars();
            chars.next().map_or_else(String::new, |first| first.to_lowercase().chain(chars).collect())
        }
    }
}

/// A file to look at.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Input {
    /// The path as people read it: relative to the working directory where it lies below, with `/`.
    pub name: String,
    /// Where its bytes come from.
    pub origin: Origin,
}

/// Where the bytes of a file come from.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Origin {
    /// Standard input.
    Stdin,
    /// A path.
    Path(PathBuf),
}

/// The files, and what stood in the way of finding more.
#[derive(Debug, Default)]
pub struct Found {
    /// In the order of their paths, each once.
    pub inputs: Vec<Input>,
    /// In the order of the arguments.
    pub trouble: Vec<Trouble>,
}

/// Which files of a folder are lists to look at.
pub trait Scope: fmt::Debug + Send + Sync {
    /// Whether a file that was found in a folder is looked at.
    fn includes(&self, file: &Path) -> bool;

    /// Whether a file or folder is passed over.
    fn excludes(&self, path: &Path) -> bool;
}

/// What to look for.
#[derive(Clone, Debug)]
pub struct Request<'r> {
    /// Files and folders; without any, the working directory.
    pub paths: &'r [PathBuf],
    /// The name of what is read from standard input.
    pub stdin_name: Option<&'r Path>,
    /// The folder that names are relative to.
    pub working_directory: &'r Path,
    /// Which files of a folder are taken.
    pub scope: Arc<dyn Scope>,
    /// Whether a file that is named is passed over where it is excluded.
    pub forces_exclude: bool,
}

/// Finds the files that the arguments name, and those in the folders that they name; without arguments, in the working directory.
///
/// Folders are searched as git sees them: what `.gitignore` names is passed over, hidden files are not. Symbolic links inside them are not
/// followed, so that a list of somebody else's reaches nothing outside it. A file named explicitly is always taken, unless that is not wanted.
#[must_use]
pub fn find(request: &Request<'_>) -> Found {
    let Request { paths, stdin_name, working_directory, .. } = *request;
    let mut search = Search { request, found: BTreeMap::new(), passed_over: 0, trouble: Vec::new() };
    let default = [PathBuf::from(".")];
    for path in if paths.is_empty() { &default } else { paths } {
        if path.as_os_str() == "-" {
            let name = stdin_name.map_or_else(|| "<stdin>".to_owned(), |name| shown(name, working_directory));
            search.found.entry(PathBuf::from("-")).or_insert(Input { name, origin: Origin::Stdin });
        } else {
            search.argument(path);
        }
    }
    if !paths.is_empty() && search.found.is_empty() && search.passed_over == 0 && search.trouble.is_empty() {
        let names: Vec<_> = paths.iter().map(|path| shown(path, working_directory)).collect();
        search.trouble.push(Trouble::new("find a list in", names.join(", "), "no *.md or *.markdown file there"));
    }
    let mut inputs: Vec<Input> = search.found.into_values().collect();
    inputs.sort_by(|a, b| Path::new(&a.name).cmp(Path::new(&b.name)));
    Found { inputs, trouble: search.trouble }
}

struct Search<'r> {
    request: &'r Request<'r>,
    /// By the path that all names of a file lead to.
    found: BTreeMap<PathBuf, Input>,
    /// Files that are named, and excluded.
    passed_over: usize,
    trouble: Vec<Trouble>,
}

impl Search<'_> {
    fn argument(&mut self, path: &Path) {
        match path.metadata() {
            Ok(metadata) if metadata.is_dir() => self.folder(path),
            Ok(_) if self.request.forces_exclude && self.request.scope.excludes(path) => self.passed_over += 1,
            Ok(_) => self.file(path, path.canonicalize().unwrap_or_else(|_| path.to_owned())),
            Err(error) => self.trouble.push(Trouble::io("read", self.shown(path), &error)),
        }
    }

    fn folder(&mut self, folder: &Path) {
        let mut trouble = Vec::new();
        let scope = Arc::clone(&self.request.scope);
        let is_searched = move |entry: &DirEntry| {
            let is_inner_folder = entry.depth() > 0 && entry.file_type().is_some_and(|kind| kind.is_dir());
            !(is_foreign(entry) || is_inner_folder && scope.excludes(entry.path()))
        };
        // No symbolic link is followed, so that what leads to the folder leads to all that is in it.
        let real_folder = folder.canonicalize().unwrap_or_else(|_| folder.to_owned());
        let real =
            |path: &Path| path.strip_prefix(folder).map_or_else(|_| path.to_owned(), |below| real_folder.join(below));
        let walk = WalkBuilder::new(folder).hidden(false).require_git(false).filter_entry(is_searched).build();
        for entry in walk {
            match entry {
                Ok(entry) if is_file(&entry) && self.request.scope.includes(entry.path()) => {
                    self.file(entry.path(), real(entry.path()));
                }
                Ok(_) => {}
                Err(error) => {
                    let path = path_of(&error).unwrap_or(folder);
                    let cause = error.io_error().map_or_else(|| error.to_string(), cause);
                    trouble.push(Trouble::new("read", self.shown(path), cause));
                }
            }
        }
        // The file system gives the entries of a folder in any order.
        trouble.sort_by(|a, b| a.thing.cmp(&b.thing));
        self.trouble.append(&mut trouble);
    }

    /// `real` is where all names of the file lead to.
    fn file(&mut self, path: &Path, real: PathBuf) {
        let input = Input { name: self.shown(path), origin: Origin::Path(path.to_owned()) };
        let known = self.found.entry(real).or_insert_with(|| input.clone());
        // Of several names of one file the same is taken in whichever order they come.
        if Path::new(&input.name) < Path::new(&known.name) {
            *known = input;
        }
    }

    fn shown(&self, path: &Path) -> String {
        shown(path, self.request.working_directory)
    }
}

/// Folders that hold no list of this repository's own.
fn is_foreign(entry: &DirEntry) -> bool {
    let names = [".git", ".hg", ".jj", ".svn", "node_modules"];
    entry.depth() > 0
        && entry.file_type().is_some_and(|kind| kind.is_dir())
        && names.iter().any(|name| entry.file_name() == *name)
}

fn is_file(entry: &DirEntry) -> bool {
    entry.file_type().is_some_and(|kind| kind.is_file())
}

fn path_of(error: &ignore::Error) -> Option<&Path> {
    match error {
        ignore::Error::WithPath { path, .. } => Some(path),
        ignore::Error::WithDepth { err, .. } | ignore::Error::WithLineNumber { err, .. } => path_of(err),
        _ => None,
    }
}

/// A path as people read it: relative to the working directory where it lies below, with `/` and without `./`.
#[must_use]
pub fn shown(path: &Path, working_directory: &Path) -> String {
    let path = path.strip_prefix(working_directory).unwrap_or(path);
    let mut shown = String::new();
    for component in path.components() {
        match component {
            Component::CurDir => {}
            Component::RootDir => shown.push('/'),
            component => {
                if !shown.is_empty() && !shown.ends_with('/') {
                    shown.push('/');
                }
                shown.push_str(&component.as_os_str().to_string_lossy());
            }
        }
    }
    if shown.is_empty() { ".".to_owned() } else { shown }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug)]
    struct Markdown;

    impl Scope for Markdown {
        fn includes(&self, file: &Path) -> bool {
            crate::config::is_markdown(&file.to_string_lossy())
        }

        fn excludes(&self, path: &Path) -> bool {
            path.ends_with("excluded")
        }
    }

    fn find_all(paths: &[PathBuf], working_directory: &Path) -> Found {
        let scope = Arc::new(Markdown);
        find(&Request { paths, stdin_name: None, working_directory, scope, forces_exclude: false })
    }

    #[track_caller]
    fn check(folder: &Path, paths: &[&str], expected: &[&str]) {
        let paths: Vec<_> = paths.iter().map(|path| folder.join(path)).collect();
        let found = find_all(&paths, folder);
        let names: Vec<_> = found.inputs.iter().map(|input| input.name.as_str()).collect();
        assert_eq!(names, expected);
    }

    fn folder(files: &[&str]) -> tempfile::TempDir {
        let folder = tempfile::tempdir().expect("a folder is made");
        for file in files {
            let path = folder.path().join(file);
            std::fs::create_dir_all(path.parent().expect("a file is in a folder")).expect("the folder is made");
            std::fs::write(path, "").expect("the file is written");
        }
        folder
    }

    #[test]
    fn folders_are_searched_for_lists_of_any_case_in_path_order() {
        let folder = folder(&[
            "b.md",
            "a/z.MD",
            "a.markdown",
            "a/excluded/b.md",
            "a-b.md",
            "x.txt",
            "README",
            ".github/x.md",
            ".git/y.md",
        ]);
        check(folder.path(), &[""], &[".github/x.md", "a/z.MD", "a-b.md", "a.markdown", "b.md"]);
    }

    #[test]
    fn ignored_files_are_read_only_when_named() {
        let folder = folder(&["a.md", "drafts/b.md", "c.md", "d.txt"]);
        std::fs::write(folder.path().join(".gitignore"), "drafts\nc.md\n").expect("the file is written");
        check(folder.path(), &[""], &["a.md"]);
        check(folder.path(), &["", "c.md", "drafts/b.md", "d.txt"], &["a.md", "c.md", "d.txt", "drafts/b.md"]);
    }

    #[test]
    fn each_file_is_taken_once() {
        let folder = folder(&["a.md", "b/c.md"]);
        check(folder.path(), &["b/c.md", "b/../a.md", "a.md", "b", ""], &["a.md", "b/c.md"]);
    }

    #[cfg(unix)]
    #[test]
    fn links_inside_folders_are_not_followed() {
        let outside = folder(&["secret.md", "deep/list.md"]);
        let folder = folder(&["a.md"]);
        let link =
            |target: &str, name| std::os::unix::fs::symlink(outside.path().join(target), folder.path().join(name));
        link("secret.md", "b.md").expect("the link is made");
        link("deep", "c").expect("the link is made");
        check(folder.path(), &[""], &["a.md"]);
        check(folder.path(), &["b.md", "c"], &["b.md", "c/list.md"]);
    }

    #[test]
    fn a_missing_path_does_not_stop_the_others() {
        let folder = folder(&["a.md", "empty/x.txt"]);
        let found = find_all(&[folder.path().join("b.md"), folder.path().join("a.md")], folder.path());
        assert_eq!(found.inputs.len(), 1);
        assert_eq!(found.trouble, [Trouble::new("read", "b.md", "no such file or folder")]);
        let found = find_all(&[folder.path().join("empty")], folder.path());
        assert_eq!(found.trouble, [Trouble::new("find a list in", "empty", "no *.md or *.markdown file there")]);
        assert!(find_all(&[], folder.path()).trouble.is_empty());
    }
}
