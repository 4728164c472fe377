//! What is known of the files from before: what they were, by git or by a diff, and the findings that the baseline knows.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::io;
use std::path::{Path, PathBuf};

use rustc_hash::FxHashMap;

use super::git;
use super::{decode, read_bytes, tell, write};
use crate::baseline::{Baseline, Known};
use crate::changes::{Base, Meant, Outcome, Patches, Series};
use crate::cli;
use crate::files::{self, Input, Origin, Trouble};
use crate::lint::Checked;
use crate::report::counted;
use crate::report::safe::{self, Safe};
use crate::rules::Rule;
use crate::source::Source;

/// What the files are compared with.
#[derive(Default)]
enum Comparison {
    /// Nothing: everything counts.
    #[default]
    None,
    /// The old text of each file; none where it is not known.
    Texts(Vec<Option<String>>),
    /// A unified diff.
    Diff(Vec<u8>),
}

/// What is known of the files from before.
#[derive(Default)]
pub(super) struct Past {
    /// Where each file is, without symbolic links; none for standard input without a name, and where nothing is known from before.
    places: Vec<Option<PathBuf>>,
    comparison: Comparison,
    baseline: Option<BaselineFile>,
}

impl Past {
    /// Reads what the arguments name. What cannot be compared with counts as new as a whole, and standard error tells why.
    pub(super) fn gather(arguments: &cli::Check, inputs: &[Input]) -> Result<Self, Trouble> {
        let folder = std::env::current_dir().unwrap_or_default();
        let baseline = BaselineFile::read(arguments)?;
        let asks_for_places = baseline.is_some() || arguments.since.is_some() || arguments.diff_from.is_some();
        let stdin_name = arguments.files.stdin_filename.as_deref();
        let place = |input| if asks_for_places { place(input, stdin_name, &folder) } else { None };
        let places = inputs.iter().map(place).collect();
        let mut past = Self { places, comparison: Comparison::None, baseline };
        if let Some(reference) = &arguments.since {
            match past.texts_since(reference, &folder) {
                Ok(texts) => {
                    let unknown = inputs.iter().zip(&texts).filter(|(_, text)| text.is_none());
                    unknown.for_each(|(input, _)| tell(&unknown_file(&input.name, "it is not in the repository")));
                    past.comparison = Comparison::Texts(texts);
                }
                Err(cause) => tell(&as_new(&Trouble::new("compare with", reference, cause))),
            }
        } else if let Some(path) = &arguments.diff_from {
            past.comparison = Comparison::Diff(read_diff(path)?);
        }
        Ok(past)
    }

    fn texts_since(&self, reference: &str, folder: &Path) -> Result<Vec<Option<String>>, String> {
        let commit = git::Past::find(reference, folder)?;
        if let Some(remark) = &commit.remark {
            tell(&format!("{}: {}\n", Safe::new(reference), Safe::new(remark)));
        }
        commit.texts(&self.places)
    }

    /// The diff, read; none where there is none.
    pub(super) fn patches(&self, arguments: &cli::Check) -> Result<Option<Patches<'_>>, Trouble> {
        let (Comparison::Diff(diff), Some(path)) = (&self.comparison, &arguments.diff_from) else { return Ok(None) };
        let malformed = |error: crate::changes::Malformed| {
            Trouble::new("read", name_of_diff(path), format!("line {}: {}", error.line_number, error.cause))
        };
        Patches::parse(diff).map(Some).map_err(malformed)
    }

    /// What the files were, before each is read.
    pub(super) fn before<'p>(&'p self, patches: Option<&'p Patches<'p>>, remarks: &mut String) -> Vec<Before<'p>> {
        let count = self.places.len();
        match (&self.comparison, patches) {
            (Comparison::Texts(texts), _) => {
                texts.iter().map(|text| text.as_deref().map_or(Before::Unknown, Before::Text)).collect()
            }
            (_, Some(patches)) => {
                let series = self.series(patches);
                if series.iter().all(Series::is_empty) {
                    remarks.push_str("the diff changes none of the files: nothing in them counts as new\n");
                }
                series.into_iter().map(Before::Series).collect()
            }
            _ => (0..count).map(|_| Before::Unknown).collect(),
        }
    }

    fn series<'p>(&self, patches: &'p Patches<'p>) -> Vec<Series<'p>> {
        let folder = std::env::current_dir().unwrap_or_default();
        // Paths of git are relative to the repository, those of other programs to the working directory.
        let root = folder.ancestors().find(|folder| folder.join(".git").exists());
        let folders = root.filter(|root| *root != folder).into_iter().chain([&*folder]);
        let indices: FxHashMap<&Path, usize> =
            self.places.iter().enumerate().filter_map(|(index, place)| Some((place.as_deref()?, index))).collect();
        let names: Vec<_> = self.places.iter().flatten().filter_map(|place| place.file_name()).collect();
        patches.by_text(self.places.len(), |path| {
            let Some(path) = local_path(path) else { return Meant::Nothing };
            // Files of other names need not be looked for.
            if !path.file_name().is_some_and(|name| names.contains(&name)) {
                return Meant::Nothing;
            }
            for folder in folders.clone() {
                let place = folder.join(&path);
                // What standard input is named after need not be there; what is there may have another name.
                let file = if place.exists() { place.canonicalize().ok() } else { None };
                match indices.get(file.as_deref().unwrap_or(&place)) {
                    Some(&index) => return Meant::Text(index),
                    None if file.is_some() => return Meant::OtherFile,
                    None => {}
                }
            }
            Meant::Nothing
        })
    }

    /// Whether there is a baseline, read or to be written.
    pub(super) fn has_baseline(&self) -> bool {
        self.baseline.is_some()
    }

    /// The findings of a file that the baseline knows.
    pub(super) fn known(&self, index: usize, input: &Input) -> Known {
        let file = self.baseline.as_ref().filter(|file| !file.is_to_be_written);
        let known = file.and_then(|file| file.baseline.files.get(&file.key(self.places[index].as_deref(), input)));
        known.cloned().unwrap_or_default()
    }

    /// After the checks: writes the baseline where that is asked for, and takes the findings that it knows now out of the report; else tells what
    /// it knows in vain. `ran` gives the rules that ran over an input. `checked` has, for each input, what was found in it; none where it could not be read.
    pub(super) fn conclude(
        &self,
        inputs: &[Input],
        checked: &mut [Option<&mut Checked>],
        ran: impl Fn(&Input) -> Vec<&'static Rule>,
        remarks: &mut String,
    ) -> Result<(), Trouble> {
        let Some(file) = &self.baseline else { return Ok(()) };
        let key = |index: usize| file.key(self.places[index].as_deref(), &inputs[index]);
        let keys: Vec<String> = (0..inputs.len()).map(key).collect();
        let mut gone = file.of_deleted_files(&keys);
        if !file.is_to_be_written {
            for (index, checked) in checked.iter().enumerate() {
                if let Some(checked) = checked.as_ref().filter(|checked| !checked.gone.is_empty()) {
                    gone.insert(keys[index].clone(), checked.gone.clone());
                }
            }
            remarks.extend(gone.iter().map(|(path, known)| remark_on(path, known)));
            if !gone.is_empty() {
                remarks.extend([Safe::new(&file.name).as_str(), ": --write-baseline takes out what is gone\n"]);
            }
            return Ok(());
        }
        let mut files = file.baseline.files.clone();
        files.retain(|path, _| !gone.contains_key(path));
        for (index, checked) in checked.iter_mut().enumerate() {
            let Some(checked) = checked else { continue };
            // What rules have found that did not run now is still to be expected.
            let rules = ran(&inputs[index]);
            let mut known = files.remove(&keys[index]).unwrap_or_default();
            let mut known = known.split_off(|rule| rules.iter().any(|other| other.name.0 == rule));
            checked.findings.iter().for_each(|finding| known.add(finding.entry()));
            checked.baselined += checked.findings.len();
            checked.findings.clear();
            if !known.is_empty() {
                files.insert(keys[index].clone(), known);
            }
        }
        file.write(&Baseline { files }, remarks)
    }
}

/// `README.md: 3 findings of the baseline are gone: 2 ragged-row, 1 bad-scheme`
fn remark_on(path: &str, known: &Known) -> String {
    let are = if known.len() == 1 { "is" } else { "are" };
    let rules = known.by_rule().into_iter().map(|(rule, count)| format!("{count} {}", Safe::new(rule)));
    let rules = rules.collect::<Vec<_>>().join(", ");
    format!("{}: {} of the baseline {are} gone: {rules}\n", Safe::new(path), counted(known.len(), "finding"))
}

/// What a file was, before it is read.
pub(super) enum Before<'p> {
    /// Nobody knows.
    Unknown,
    /// A text, perhaps empty.
    Text(&'p str),
    /// What a diff makes of it.
    Series(Series<'p>),
}

impl Before<'_> {
    /// The text to compare with; a remark where there is none though there should be.
    pub(super) fn base(&self, source: &Source, remarks: &mut String) -> Base {
        let text = match self {
            Self::Unknown => return Base::Unknown,
            Self::Text(text) => Cow::Borrowed(*text),
            Self::Series(series) => match series.undo(source.text()) {
                Outcome::Same => return Base::Same,
                Outcome::Before(text) => Cow::Owned(text),
                Outcome::Misfit(line) => {
                    let cause = format!("the lines of the diff from line {line} on are not found in it");
                    remarks.push_str(&unknown_file(source.path(), &cause));
                    return Base::Unknown;
                }
                Outcome::TooOften => {
                    remarks.push_str(&unknown_file(source.path(), "the diff changes it too often"));
                    return Base::Unknown;
                }
                Outcome::Hidden => {
                    remarks.push_str(&unknown_file(source.path(), "the diff takes it for a binary file"));
                    return Base::Unknown;
                }
            },
        };
        if text == source.text() { Base::Same } else { Base::Text(Source::new(source.path(), text)) }
    }
}

/// `cannot tell what is new in README.md: the diff takes it for a binary file; everything counts as new`
fn unknown_file(name: &str, cause: &str) -> String {
    as_new(&Trouble::new("tell what is new in", name, cause))
}

fn as_new(trouble: &Trouble) -> String {
    format!("{trouble}; everything counts as new\n")
}

/// Where a file is, without symbolic links.
fn place(input: &Input, stdin_name: Option<&Path>, folder: &Path) -> Option<PathBuf> {
    let path = match &input.origin {
        Origin::Path(path) => path,
        Origin::Stdin => stdin_name?,
    };
    let path = folder.join(path);
    // What standard input is named after need not be there.
    let in_folder = || Some(path.parent()?.canonicalize().ok()?.join(path.file_name()?));
    path.canonicalize().ok().or_else(in_folder).or(Some(path))
}

/// A path of a diff, where it is one of this machine's. A path that leads to another one is not to be asked for.
fn local_path(path: &[u8]) -> Option<PathBuf> {
    let leads_elsewhere = path.starts_with(b"//") || path.starts_with(br"\\");
    if leads_elsewhere || path.contains(&0) { None } else { path_of(path) }
}

#[cfg(unix)]
#[expect(clippy::unnecessary_wraps, reason = "elsewhere paths are text")]
fn path_of(path: &[u8]) -> Option<PathBuf> {
    Some(PathBuf::from(<std::ffi::OsStr as std::os::unix::ffi::OsStrExt>::from_bytes(path)))
}

#[cfg(not(unix))]
fn path_of(path: &[u8]) -> Option<PathBuf> {
    std::str::from_utf8(path).ok().map(PathBuf::from)
}

fn name_of_diff(path: &Path) -> Cow<'_, str> {
    if path.as_os_str() == "-" { "standard input".into() } else { path.to_string_lossy() }
}

fn read_diff(path: &Path) -> Result<Vec<u8>, Trouble> {
    let bytes = if path.as_os_str() == "-" {
        read_bytes(io::stdin().lock(), 0)
    } else {
        std::fs::File::open(path).and_then(|file| read_bytes(file, 0))
    };
    let bytes = bytes.map_err(|error| Trouble::io("read", name_of_diff(path), &error))?;
    if bytes.len() > Source::MAX_BYTES {
        let cause = format!("it is larger than {} MiB", Source::MAX_BYTES >> 20);
        return Err(Trouble::new("read", name_of_diff(path), cause));
    }
    Ok(bytes)
}

/// Where a baseline is looked for without being named, in the working directory.
const BASELINE: &str = "tablewright-baseline.json";

/// The file of a baseline, and what it says.
struct BaselineFile {
    name: String,
    path: PathBuf,
    /// The folder that its paths are relative to, without symbolic links.
    folder: PathBuf,
    /// Its text; none where it is yet to be made.
    text: Option<String>,
    baseline: Baseline,
    is_to_be_written: bool,
}

impl BaselineFile {
    /// The baseline that the arguments name, or the one in the working directory; none where neither is there, or none is wanted.
    fn read(arguments: &cli::Check) -> Result<Option<Self>, Trouble> {
        let is_to_be_written = arguments.write_baseline;
        let path = arguments.baseline.clone().unwrap_or_else(|| PathBuf::from(BASELINE));
        let name = path.to_string_lossy().into_owned();
        let text = match std::fs::File::open(&path).and_then(|file| read_bytes(file, 0)) {
            _ if arguments.no_baseline => return Ok(None),
            Ok(bytes) => Some(decode(bytes).map_err(|cause| Trouble::new("read", &name, cause))?),
            Err(error) if error.kind() == io::ErrorKind::NotFound && is_to_be_written => None,
            Err(error) if error.kind() == io::ErrorKind::NotFound && arguments.baseline.is_none() => return Ok(None),
            Err(error) => return Err(Trouble::io("read", &name, &error)),
        };
        let baseline = text.as_deref().map(Baseline::from_json).transpose();
        let baseline = baseline.map_err(|cause| Trouble::new("read", &name, cause))?.unwrap_or_default();
        let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
        let folder = folder.canonicalize().map_err(|error| Trouble::io("write", &name, &error))?;
        Ok(Some(Self { name, path, folder, text, baseline, is_to_be_written }))
    }

    /// What the baseline calls a file: its path from the baseline's folder.
    fn key(&self, place: Option<&Path>, input: &Input) -> String {
        let Some(place) = place else { return input.name.clone() };
        let mut up = PathBuf::new();
        for folder in self.folder.ancestors() {
            // The root of another drive is no way to this one.
            if let Some(path) = place.strip_prefix(folder).ok().filter(|path| path.is_relative()) {
                return files::shown(&up.join(path), Path::new(""));
            }
            up.push("..");
        }
        files::shown(place, Path::new(""))
    }

    /// What it knows of files that are not there any more, and that were not read from elsewhere.
    fn of_deleted_files(&self, read: &[String]) -> BTreeMap<String, Known> {
        let is_there = |path: &String| path.starts_with('<') || read.contains(path) || self.folder.join(path).exists();
        let files = self.baseline.files.iter().filter(|(path, _)| !is_there(path));
        files.map(|(path, known)| (path.clone(), known.clone())).collect()
    }

    fn write(&self, baseline: &Baseline, remarks: &mut String) -> Result<(), Trouble> {
        let json = safe::json(&baseline.to_json());
        let written = match &self.text {
            Some(old) => write::replace(&self.path, old, &json).map(|_| ()),
            None => write::create(&self.path, &json),
        };
        written.map_err(|error| Trouble::io("write", &self.name, &error))?;
        let (findings, files) = (counted(baseline.len(), "finding"), counted(baseline.files.len(), "file"));
        let (new, gone) = (baseline.without(&self.baseline), self.baseline.without(baseline));
        let name = Safe::new(&self.name);
        let difference = match &self.text {
            Some(_) => format!(": {new} new, {gone} gone"),
            None => String::new(),
        };
        remarks.extend([format!("wrote {findings} in {files} to {name}{difference}\n")]);
        Ok(())
    }
}
