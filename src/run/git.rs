//! Asks git what files held before: the only place that starts another program.
//!
//! Names and contents of files come from whoever wrote them, so nothing of them is ever an argument: paths are read behind NUL bytes, and files are
//! asked for by the hashes of their contents. Files of the work tree are left to us, so that git runs no filter over them.

use std::ffi::OsStr;
use std::io::{BufRead, BufReader, Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

use rustc_hash::FxHashMap;

use crate::source::Source;

/// A commit to compare with, and its files.
#[derive(Debug)]
pub(super) struct Past {
    /// The working directory.
    folder: PathBuf,
    /// The folder that paths of the commit are relative to, without symbolic links.
    root: PathBuf,
    /// The full hash of the commit.
    commit: String,
    /// The hash of each file, by its path.
    files: FxHashMap<Vec<u8>, String>,
    /// What a user should know of how it was found.
    pub(super) remark: Option<String>,
}

impl Past {
    /// The commit from which the working directory's commit and another one parted, and its files.
    ///
    /// Where a clone is too shallow to tell, and its commit is one that GitHub merged for a pull request, it is what was merged into.
    pub(super) fn find(reference: &str, folder: &Path) -> Result<Self, String> {
        let git = |arguments: &[&str]| run(folder, arguments);
        let root = git(&["rev-parse", "--show-toplevel"])?;
        let root = path(root.strip_suffix(b"\n").unwrap_or(&root)).canonicalize();
        let root = root.map_err(|error| format!("its folder cannot be found: {error}"))?;
        let commit = |name: &str| {
            // A name that begins with a dash is none.
            let name = format!("{name}^{{commit}}");
            let hash = git(&["rev-parse", "--verify", "--quiet", "--end-of-options", &name]).ok()?;
            hash_of(&hash).map(str::to_owned)
        };
        let head = commit("HEAD").ok_or("there is no commit yet")?;
        let other = commit(reference);
        let parted = other.as_ref().and_then(|other| {
            let hashes = git(&["merge-base", "--end-of-options", other, &head]).ok()?;
            hash_of(&hashes).map(str::to_owned)
        });
        let (commit, remark) = if let Some(parted) = parted {
            (parted, None)
        } else if let Some(merged_into) = merged_into(folder, &head).and_then(|hash| commit(&hash)) {
            let remark = format!(
                "where it parted is not known here; compared with {}, the base of the pull request",
                &merged_into[..7]
            );
            (merged_into, Some(remark))
        } else {
            let is_shallow =
                git(&["rev-parse", "--is-shallow-repository"]).is_ok_and(|answer| answer.starts_with(b"true"));
            let cause =
                if other.is_some() { "it has no commit in common with HEAD" } else { "there is no such commit" };
            let more = if is_shallow { ", and the clone is shallow: fetch more of its history" } else { "" };
            return Err(format!("{cause}{more}"));
        };
        let listing = git(&["ls-tree", "-r", "-z", "--full-tree", &commit])?;
        // `<mode> <kind> <hash>\t<path>`
        let file = |line: &[u8]| {
            let (entry, path) = split_once(line, b'\t')?;
            let entry = std::str::from_utf8(entry).ok()?.strip_prefix("100")?;
            Some((path.to_vec(), entry.rsplit_once(' ')?.1.to_owned()))
        };
        let files = listing.split(|&byte| byte == 0).filter_map(file).collect();
        Ok(Self { folder: folder.to_owned(), root, commit, files, remark })
    }

    /// For each of several files, its text at the commit: empty where it was not there under any name; none where it is outside the repository.
    pub(super) fn texts(&self, files: &[Option<PathBuf>]) -> Result<Vec<Option<String>>, String> {
        let paths: Vec<Option<Vec<u8>>> = files.iter().map(|file| self.path_in_repository(file.as_deref()?)).collect();
        let has_strangers = paths.iter().flatten().any(|path| !self.files.contains_key(path));
        let renamed = if has_strangers { self.renamed()? } else { FxHashMap::default() };
        let mut objects = Objects::open(&self.folder)?;
        let text = |path: Option<Vec<u8>>| {
            let Some(path) = path else { return Ok(None) };
            match self.files.get(&path).or_else(|| renamed.get(&path)) {
                Some(hash) => objects.text(hash).map(Some),
                None => Ok(Some(String::new())),
            }
        };
        paths.into_iter().map(text).collect()
    }

    fn path_in_repository(&self, file: &Path) -> Option<Vec<u8>> {
        let parts = file.strip_prefix(&self.root).ok()?.components();
        let parts: Vec<&[u8]> = parts.map(|part| part.as_os_str().as_encoded_bytes()).collect();
        Some(parts.join(&b'/'))
    }

    /// The old contents of files that have another name since, by their new path.
    fn renamed(&self) -> Result<FxHashMap<Vec<u8>, String>, String> {
        let arguments = [
            "diff-index",
            "--cached",
            "--raw",
            "-z",
            "--no-abbrev",
            "--find-renames",
            "--diff-filter=R",
            "--no-ext-diff",
            "--no-textconv",
            "--ignore-submodules=all",
            &self.commit,
            "--",
        ];
        let listing = run(&self.folder, &arguments)?;
        let mut fields = listing.split(|&byte| byte == 0);
        let mut renamed = FxHashMap::default();
        // `:<old mode> <new mode> <old hash> <new hash> R<likeness>`, the old path, the new path.
        while let (Some(entry), Some(_), Some(new)) = (fields.next(), fields.next(), fields.next()) {
            let Some(hash) = std::str::from_utf8(entry).ok().and_then(|entry| entry.split(' ').nth(2)) else {
                continue;
            };
            renamed.insert(new.to_vec(), hash.to_owned());
        }
        Ok(renamed)
    }
}

/// The first parent of a commit whose message is that of GitHub's own merge of a pull request: `Merge <second parent> into <first parent>`.
fn merged_into(folder: &Path, commit: &str) -> Option<String> {
    let content = run(folder, &["cat-file", "commit", commit]).ok()?;
    let content = String::from_utf8_lossy(&content);
    let (header, message) = content.split_once("\n\n")?;
    let parents: Vec<&str> = header.lines().filter_map(|line| line.strip_prefix("parent ")).collect();
    let [first, second] = parents[..] else { return None };
    (message.lines().next()? == format!("Merge {second} into {first}")).then(|| first.to_owned())
}

/// The contents of files, asked for one after another.
struct Objects {
    child: Child,
    questions: ChildStdin,
    answers: BufReader<ChildStdout>,
}

impl Objects {
    fn open(folder: &Path) -> Result<Self, String> {
        let mut command = git(folder);
        command.args(["cat-file", "--batch"]).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null());
        let mut child = command.spawn().map_err(|error| failed_start(&error))?;
        let (questions, answers) = (child.stdin.take(), child.stdout.take());
        let (questions, answers) = questions.zip(answers).ok_or("git does not listen")?;
        Ok(Self { child, questions, answers: BufReader::new(answers) })
    }

    fn text(&mut self, hash: &str) -> Result<String, String> {
        self.ask(hash).map_err(|error| format!("git cannot read its object {hash}: {error}"))
    }

    fn ask(&mut self, hash: &str) -> std::io::Result<String> {
        let broken = |what: &str| std::io::Error::other(what.to_owned());
        writeln!(self.questions, "{hash}")?;
        self.questions.flush()?;
        let mut header = String::new();
        self.answers.read_line(&mut header)?;
        // `<hash> blob <size>`
        let size = header.trim_end().rsplit_once(" blob ").and_then(|(_, size)| size.parse::<usize>().ok());
        let size = size.ok_or_else(|| broken("it is not there"))?;
        if size > Source::MAX_BYTES {
            return Err(broken("it is too large"));
        }
        let mut content = vec![0; size + 1];
        self.answers.read_exact(&mut content)?;
        content.pop();
        // What is no UTF-8 was in no list, or will differ from what is there now.
        Ok(String::from_utf8(content).unwrap_or_else(|error| String::from_utf8_lossy(error.as_bytes()).into_owned()))
    }
}

impl Drop for Objects {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// What git says on its standard output; or why it fails.
fn run(folder: &Path, arguments: &[&str]) -> Result<Vec<u8>, String> {
    let output = git(folder).args(arguments).stdin(Stdio::null()).output().map_err(|error| failed_start(&error))?;
    if output.status.success() {
        return Ok(output.stdout);
    }
    let said = String::from_utf8_lossy(&output.stderr);
    let line = said.lines().find(|line| !line.trim().is_empty()).unwrap_or("git fails and says nothing");
    Err(line.strip_prefix("fatal: ").unwrap_or(line).to_owned())
}

fn failed_start(error: &std::io::Error) -> String {
    match error.kind() {
        std::io::ErrorKind::NotFound => "git is not installed".to_owned(),
        _ => format!("git cannot be started: {error}"),
    }
}

/// The variables of git's own that may stay: where its settings are, and how far to look for a repository. Others say which repository to use,
/// as a hook has them, and that is the one around the working directory.
const KEPT: [&str; 5] = [
    "GIT_CEILING_DIRECTORIES",
    "GIT_CONFIG_GLOBAL",
    "GIT_CONFIG_NOSYSTEM",
    "GIT_CONFIG_SYSTEM",
    "GIT_DISCOVERY_ACROSS_FILESYSTEM",
];

fn git(folder: &Path) -> Command {
    let mut command = Command::new("git");
    let is_foreign =
        |name: &OsStr| name.as_encoded_bytes().starts_with(b"GIT_") && !KEPT.iter().any(|kept| name == *kept);
    for (name, _) in std::env::vars_os().filter(|(name, _)| is_foreign(name)) {
        command.env_remove(name);
    }
    command.env("GIT_OPTIONAL_LOCKS", "0").env("GIT_TERMINAL_PROMPT", "0").env("LC_ALL", "C").current_dir(folder);
    command.args(["-c", "core.quotePath=false", "-c", "core.fsmonitor=false"]);
    command
}

fn hash_of(answer: &[u8]) -> Option<&str> {
    let hash = std::str::from_utf8(answer).ok()?.lines().next()?;
    (hash.len() >= 40 && hash.bytes().all(|byte| byte.is_ascii_hexdigit())).then_some(hash)
}

fn split_once(bytes: &[u8], at: u8) -> Option<(&[u8], &[u8])> {
    let place = memchr::memchr(at, bytes)?;
    Some((&bytes[..place], &bytes[place + 1..]))
}

/// A path that git printed.
#[cfg(unix)]
fn path(bytes: &[u8]) -> PathBuf {
    PathBuf::from(std::os::unix::ffi::OsStrExt::from_bytes(bytes) as &OsStr)
}

#[cfg(not(unix))]
fn path(bytes: &[u8]) -> PathBuf {
    PathBuf::from(String::from_utf8_lossy(bytes).into_owned())
}
