//! Globs for paths, as people know them from `.gitignore`.

use globset::{GlobBuilder, GlobMatcher};
#[cfg(test)]
use schemars::JsonSchema;
use serde::Deserialize;

/// A glob for the paths of files and folders below the folder that it is written for.
///
/// Without a slash it is for the name of a file or folder at any depth; with one, for the path from that folder. `*` stands for any text without a
/// slash, `**` for any number of folders. What is true of a folder is true of all that is in it.
#[derive(Clone, Debug, Deserialize)]
#[cfg_attr(test, derive(JsonSchema), schemars(with = "String"))]
#[serde(try_from = "String")]
pub struct PathGlob {
    text: String,
    matcher: GlobMatcher,
}

impl PathGlob {
    /// The glob as written.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Whether a path, or one of the folders that it is in, is one that the glob describes. The path is relative and has `/` between its parts.
    #[must_use]
    pub fn is_match(&self, path: &str) -> bool {
        let folders = path.match_indices('/').map(|(at, _)| &path[..at]);
        self.matcher.is_match(path) || folders.into_iter().any(|folder| self.matcher.is_match(folder))
    }
}

impl TryFrom<String> for PathGlob {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        const HELP: &str = "write it as in `.gitignore`: `*.md`, `docs/**`, `drafts`";
        if let Some(rest) = text.strip_prefix('!') {
            return Err(format!("a glob with `!` excludes nothing here\nwrite `{rest}` into `include` or `exclude`"));
        }
        let whole = text.strip_prefix("./").unwrap_or(&text).trim_end_matches('/');
        let inner = whole.strip_prefix('/').unwrap_or(whole);
        if inner.is_empty() {
            return Err(format!("this glob is for no path\n{HELP}"));
        }
        if inner.split('/').any(|part| part == "..") {
            return Err("a glob is for paths below its own folder\ntake out the `..`".to_owned());
        }
        let pattern = if whole.contains('/') { inner.to_owned() } else { format!("**/{inner}") };
        let glob = GlobBuilder::new(&pattern).literal_separator(true).build();
        let glob = glob.map_err(|error| format!("this is no glob: {}\n{HELP}", error.kind()))?;
        Ok(Self { text, matcher: glob.compile_matcher() })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(glob: &str, path: &str, expected: bool) {
        let glob = PathGlob::try_from(glob.to_owned()).expect("the glob is sound");
        assert_eq!(glob.is_match(path), expected, "{} on {path}", glob.text());
    }

    #[test]
    fn a_name_is_found_at_any_depth_and_a_path_where_it_is() {
        check("drafts", "drafts/a.md", true);
        check("drafts/", "docs/drafts/a.md", true);
        check("drafts", "docs/mydrafts/a.md", false);
        check("*.md", "docs/a.md", true);
        check("docs/*.md", "docs/a.md", true);
        check("docs/*.md", "docs/en/a.md", false);
        check("docs/**/*.md", "docs/en/a.md", true);
        check("docs/**", "docs/en/a.md", true);
        check("/README.md", "README.md", true);
        check("/README.md", "docs/README.md", false);
        check("./lists/a.md", "lists/a.md", true);
        check("list[12].md", "list1.md", true);
        check("README.{zh,ja}.md", "README.ja.md", true);
    }

    #[test]
    fn what_is_no_glob_is_refused() {
        for text in ["", "/", "./", "[", "a/{b", "../a.md", "!a.md"] {
            assert!(PathGlob::try_from(text.to_owned()).is_err(), "{text}");
        }
    }
}
