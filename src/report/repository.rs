//! Where the files are, for readers elsewhere: platforms know a file by its path in the repository, not by the working directory.

/// The repository that a run takes place in.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Repository {
    /// The path from its root to the working directory, with `/`; empty where both are the same, or where there is no repository.
    pub folder: String,
    /// What stands before a file's path in the address at which people read it, with `/` at its end; none where no such place is known.
    pub address: Option<String>,
}

impl Repository {
    /// The path of a file from the root of the repository; absolute paths stay as they are.
    #[must_use]
    pub fn path(&self, path: &str) -> String {
        if is_absolute(path) {
            return path.to_owned();
        }
        let mut parts: Vec<&str> = Vec::new();
        for part in self.folder.split('/').chain(path.split('/')) {
            match part {
                "" | "." => {}
                ".." if parts.last().is_some_and(|&last| last != "..") => _ = parts.pop(),
                part => parts.push(part),
            }
        }
        parts.join("/")
    }

    /// The same as a URI: relative to the root of the repository, or `file:///…`.
    #[must_use]
    pub fn uri(&self, path: &str) -> String {
        let path = self.path(path);
        let encoded = encoded(&path);
        match (is_absolute(&path), encoded.starts_with('/')) {
            (false, _) => encoded,
            (true, true) => format!("file://{encoded}"),
            (true, false) => format!("file:///{encoded}"),
        }
    }

    /// Where people read a line of a file, from 1; none where the file is not in the repository or that place is not known.
    #[must_use]
    pub fn url(&self, path: &str, line: usize) -> Option<String> {
        let path = self.path(path);
        let address = self.address.as_ref().filter(|_| !is_absolute(&path) && !path.starts_with("../"))?;
        // `plain=1` shows the lines of a Markdown file instead of the page that it makes.
        Some(format!("{address}{}?plain=1#L{line}", encoded(&path)))
    }
}

/// Whether a path begins at a root or a drive.
fn is_absolute(path: &str) -> bool {
    path.starts_with('/') || path.as_bytes().get(1) == Some(&b':') && path.as_bytes()[0].is_ascii_alphabetic()
}

/// A path as part of a URI: all but what RFC 3986 calls unreserved is percent-encoded, except slashes.
fn encoded(path: &str) -> String {
    const DIGITS: &[u8; 16] = b"0123456789ABCDEF";
    let mut uri = String::with_capacity(path.len());
    for byte in path.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~/".contains(&byte) {
            uri.push(char::from(byte));
        } else {
            uri.extend(['%', char::from(DIGITS[usize::from(byte >> 4)]), char::from(DIGITS[usize::from(byte & 15)])]);
        }
    }
    uri
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(folder: &str, path: &str, expected: &str) {
        let repository = Repository { folder: folder.to_owned(), address: None };
        assert_eq!(repository.uri(path), expected);
    }

    #[test]
    fn paths_begin_at_the_root_of_the_repository() {
        check("", "README.md", "README.md");
        check("docs/lists", "papers.md", "docs/lists/papers.md");
        check("docs/lists", "../papers.md", "docs/papers.md");
        check("docs", "../../papers.md", "../papers.md");
        check("docs", "/tmp/papers.md", "file:///tmp/papers.md");
        check("docs", "C:/papers.md", "file:///C%3A/papers.md");
    }

    #[test]
    fn what_has_a_meaning_in_a_uri_is_encoded() {
        check("", "a b#c?d:é%41.md", "a%20b%23c%3Fd%3A%C3%A9%2541.md");
        check("", "<stdin>", "%3Cstdin%3E");
        check("", "javascript:x", "javascript%3Ax");
    }

    #[test]
    fn lines_are_linked_where_the_place_is_known() {
        let repository = Repository { folder: "docs".to_owned(), address: Some("https://host/o/r/blob/1/".to_owned()) };
        assert_eq!(repository.url("a.md", 7).as_deref(), Some("https://host/o/r/blob/1/docs/a.md?plain=1#L7"));
        assert_eq!(repository.url("/tmp/a.md", 7), None);
        assert_eq!(repository.url("../../a.md", 7), None);
        assert_eq!(Repository::default().url("a.md", 7), None);
    }
}
