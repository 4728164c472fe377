//! Writes a file so that an interruption at any moment leaves the old text or the new one.

use std::fs::{File, Metadata, OpenOptions};
use std::io::{self, Read, Write};
use std::path::Path;

/// How a text reached its file.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Outcome {
    /// It was there already.
    Unchanged,
    /// By a new file that took the place of the old one.
    Renamed,
    /// Into the old file, since that has further names (hard links).
    InPlace,
}

/// Replaces the content of a file, which is still `old`, by `new`.
///
/// A symbolic link is followed to its file. Permissions stay; so do owner and group where we may set them. Extended attributes and access lists
/// do not survive a rename.
///
/// # Errors
///
/// Any of the operating system, and one of its own where the file has changed since `old` was read. The file then holds what it held.
pub(super) fn replace(path: &Path, old: &str, new: &str) -> io::Result<Outcome> {
    if old == new {
        return Ok(Outcome::Unchanged);
    }
    let target = path.canonicalize()?;
    // Opened for writing, so that a read-only file is refused: its folder may well let us rename another over it.
    let mut file = OpenOptions::new().read(true).write(true).open(&target)?;
    let mut content = Vec::with_capacity(old.len());
    file.read_to_end(&mut content)?;
    if content != old.as_bytes() {
        return Err(io::Error::other("it changed while it was being worked on"));
    }
    let metadata = file.metadata()?;
    if has_further_names(&metadata) {
        overwrite(&mut file, old, new)?;
        return Ok(Outcome::InPlace);
    }
    rename_over(&target, new, Some(&metadata))?;
    Ok(Outcome::Renamed)
}

/// Makes a file hold a text, whatever was in it.
///
/// Permissions, owner and links stay as in [`replace`]. What is no file, such as a device or a pipe, is written to.
///
/// # Errors
///
/// Any of the operating system. A file then holds what it held, unless it has further names, or its folder takes no other file.
pub(super) fn put(path: &Path, text: &str) -> io::Result<()> {
    let metadata = match std::fs::metadata(path) {
        Ok(metadata) => metadata,
        // Not even a link that leads nowhere.
        Err(error) if error.kind() == io::ErrorKind::NotFound && path.symlink_metadata().is_err() => {
            return rename_over(path, text, None);
        }
        Err(error) if error.kind() == io::ErrorKind::NotFound => return std::fs::write(path, text),
        Err(error) => return Err(error),
    };
    if !metadata.is_file() || has_further_names(&metadata) {
        return std::fs::write(path, text);
    }
    // A file that may not be written to is not replaced either.
    drop(OpenOptions::new().write(true).open(path)?);
    match rename_over(&path.canonicalize()?, text, Some(&metadata)) {
        Err(error) if error.kind() == io::ErrorKind::PermissionDenied => std::fs::write(path, text),
        outcome => outcome,
    }
}

/// Writes a text beside where it is to be, as a file like the old one where there is one, and moves it there.
fn rename_over(target: &Path, text: &str, old: Option<&Metadata>) -> io::Result<()> {
    let folder = target.parent().ok_or_else(|| io::Error::other("it is in no folder"))?;
    let folder = if folder.as_os_str().is_empty() { Path::new(".") } else { folder };
    let mut beside = tempfile::Builder::new();
    beside.prefix(".tablewright-");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        // As any new file, of which the user's mask takes its part.
        beside.permissions(std::fs::Permissions::from_mode(0o666));
    }
    let mut beside = beside.tempfile_in(folder)?;
    beside.write_all(text.as_bytes())?;
    if let Some(metadata) = old {
        keep_owner(beside.as_file(), metadata);
        beside.as_file().set_permissions(metadata.permissions())?;
    }
    beside.as_file().sync_all()?;
    beside.persist(target).map_err(|error| error.error)?;
    // The rename itself reaches the disk with its folder; where that cannot be asked for, it does so in time.
    let _ = File::open(folder).and_then(|folder| folder.sync_all());
    Ok(())
}

/// Makes a file that is not there yet, as a whole or not at all.
///
/// # Errors
///
/// Any of the operating system, such as that the file is there.
pub(super) fn create(path: &Path, text: &str) -> io::Result<()> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let mut file = tempfile::Builder::new().prefix(".tablewright-").tempfile_in(folder)?;
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

/// Writes over a file; puts the old text back where the new one does not fit.
fn overwrite(file: &mut File, old: &str, new: &str) -> io::Result<()> {
    use std::io::{Seek, SeekFrom};
    let mut put = |text: &str| {
        file.seek(SeekFrom::Start(0))?;
        file.write_all(text.as_bytes())?;
        file.set_len(text.len() as u64)?;
        file.sync_all()
    };
    put(new).inspect_err(|_| {
        let _ = put(old);
    })
}

#[cfg(unix)]
fn has_further_names(metadata: &Metadata) -> bool {
    std::os::unix::fs::MetadataExt::nlink(metadata) > 1
}

#[cfg(not(unix))]
fn has_further_names(_: &Metadata) -> bool {
    false
}

/// As far as we may: only root gives files away.
#[cfg(unix)]
fn keep_owner(file: &File, metadata: &Metadata) {
    use std::os::unix::fs::MetadataExt;
    let _ = std::os::unix::fs::fchown(file, Some(metadata.uid()), Some(metadata.gid()));
}

#[cfg(not(unix))]
fn keep_owner(_: &File, _: &Metadata) {}

#[cfg(all(test, unix))]
mod tests {
    use std::fs;
    use std::os::unix::fs::{MetadataExt, PermissionsExt, symlink};

    use super::*;

    fn list(text: &str) -> (tempfile::TempDir, std::path::PathBuf) {
        let folder = tempfile::tempdir().expect("a folder is made");
        let path = folder.path().join("list.md");
        fs::write(&path, text).expect("the file is written");
        (folder, path)
    }

    fn names(folder: &Path) -> usize {
        fs::read_dir(folder).expect("the folder is readable").count()
    }

    #[test]
    fn permissions_stay_and_nothing_is_left_beside() {
        let (folder, path) = list("old");
        fs::set_permissions(&path, fs::Permissions::from_mode(0o640)).expect("permissions are taken");
        assert_eq!(replace(&path, "old", "new").expect("it is written"), Outcome::Renamed);
        assert_eq!(fs::read_to_string(&path).expect("it is readable"), "new");
        assert_eq!(fs::metadata(&path).expect("it exists").permissions().mode() & 0o777, 0o640);
        assert_eq!(names(folder.path()), 1);
    }

    #[test]
    fn equal_text_is_not_written() {
        let (_folder, path) = list("old");
        let before = fs::metadata(&path).expect("it exists");
        assert_eq!(replace(&path, "old", "old").expect("nothing to do"), Outcome::Unchanged);
        assert_eq!(fs::metadata(&path).expect("it exists").ino(), before.ino());
    }

    #[test]
    fn a_symbolic_link_stays_one() {
        let (folder, path) = list("old");
        let link = folder.path().join("link.md");
        symlink("list.md", &link).expect("the link is made");
        replace(&link, "old", "new").expect("it is written");
        assert!(fs::symlink_metadata(&link).expect("it exists").is_symlink());
        assert_eq!(fs::read_to_string(&path).expect("it is readable"), "new");
    }

    #[test]
    fn a_hard_link_is_not_cut() {
        let (folder, path) = list("a longer old text");
        let other = folder.path().join("other.md");
        fs::hard_link(&path, &other).expect("the link is made");
        assert_eq!(replace(&path, "a longer old text", "new").expect("it is written"), Outcome::InPlace);
        assert_eq!(fs::read_to_string(&other).expect("it is readable"), "new");
    }

    #[test]
    fn a_report_takes_the_place_of_the_last_one() {
        let (folder, path) = list("old");
        fs::set_permissions(&path, fs::Permissions::from_mode(0o640)).expect("permissions are taken");
        fs::write(&path, b"\xff\xfe").expect("the file is written");
        put(&path, "new").expect("it is written");
        assert_eq!(fs::read_to_string(&path).expect("it is readable"), "new");
        assert_eq!(fs::metadata(&path).expect("it exists").permissions().mode() & 0o777, 0o640);
        assert_eq!(names(folder.path()), 1);
    }

    #[test]
    fn a_new_report_is_like_any_new_file() {
        let (folder, path) = list("old");
        let new = folder.path().join("new.txt");
        put(&new, "new").expect("it is written");
        let mode = |path| fs::metadata(path).expect("it exists").permissions().mode();
        assert_eq!(mode(&new), mode(&path));
        assert_eq!(
            put(&folder.path().join("none/new.txt"), "").map_err(|error| error.kind()),
            Err(io::ErrorKind::NotFound)
        );
    }

    #[test]
    fn a_report_goes_through_links_and_into_what_is_no_file() {
        let (folder, path) = list("old");
        let (link, other) = (folder.path().join("link.md"), folder.path().join("other.md"));
        symlink("list.md", &link).expect("the link is made");
        put(&link, "new").expect("it is written");
        assert!(fs::symlink_metadata(&link).expect("it exists").is_symlink());
        fs::hard_link(&path, &other).expect("the link is made");
        put(&path, "newer").expect("it is written");
        assert_eq!(fs::read_to_string(&other).expect("it is readable"), "newer");
        put(Path::new("/dev/null"), "x").expect("it is written");
        assert!(!fs::metadata("/dev/null").expect("it exists").is_file());
        symlink("nowhere.md", folder.path().join("dangling.md")).expect("the link is made");
        put(&folder.path().join("dangling.md"), "x").expect("it is written");
        assert_eq!(fs::read_to_string(folder.path().join("nowhere.md")).expect("it is readable"), "x");
    }

    #[test]
    fn a_file_that_changed_meanwhile_is_left_alone() {
        let (_folder, path) = list("somebody else's");
        let error = replace(&path, "old", "new").expect_err("it is refused");
        assert_eq!(error.to_string(), "it changed while it was being worked on");
        assert_eq!(fs::read_to_string(&path).expect("it is readable"), "somebody else's");
    }
}
