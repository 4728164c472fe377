//! What makes two texts the same thing: titles, URLs, arXiv ids, DOIs, repositories.

pub mod glance;
mod markup;
mod paper;
pub mod placeholder;
mod repository;
pub mod site;
pub mod title;
pub mod url;
pub mod word;

use std::borrow::Cow;

pub use paper::is_arxiv_mirror;
use url::UrlParts;

/// What a URL leads to, the same for all URLs that lead there: comparable, sortable, hashable.
///
/// Displayed as people name it: `arXiv 2401.00001`, `DOI 10.1145/…`, `github.com/owner/name`, else the URL without its scheme.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Identity<'u> {
    /// A paper on arXiv, by its id without version: `2401.00001`, `math/0309136`.
    Arxiv(Cow<'u, str>),
    /// A publication, by its DOI in lower case: `10.1145/3564625.3567985`.
    Doi(String),
    /// A repository, by host and path in lower case: `github.com/owner/name`.
    Repository(String),
    /// Any other page, by its canonical URL without `http(s)://`.
    Page(String),
}

/// What sort of thing an identity names.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Kind {
    /// A paper on arXiv.
    Arxiv,
    /// A publication with a DOI.
    Doi,
    /// A repository of code, a model or a dataset.
    Repository,
    /// Any other page.
    Page,
}

impl Identity<'_> {
    /// The same, apart from the URL that it was read from.
    #[must_use]
    pub fn into_owned(self) -> Identity<'static> {
        match self {
            Self::Arxiv(id) => Identity::Arxiv(Cow::Owned(id.into_owned())),
            Self::Doi(doi) => Identity::Doi(doi),
            Self::Repository(name) => Identity::Repository(name),
            Self::Page(page) => Identity::Page(page),
        }
    }

    /// What sort of thing it names.
    #[must_use]
    pub fn kind(&self) -> Kind {
        match self {
            Self::Arxiv(_) => Kind::Arxiv,
            Self::Doi(_) => Kind::Doi,
            Self::Repository(_) => Kind::Repository,
            Self::Page(_) => Kind::Page,
        }
    }
}

impl std::fmt::Display for Identity<'_> {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Arxiv(id) => write!(formatter, "arXiv {id}"),
            Self::Doi(doi) => write!(formatter, "DOI {doi}"),
            Self::Repository(name) | Self::Page(name) => formatter.write_str(name),
        }
    }
}

/// What a URL, as it stands in Markdown, leads to; none where it is not absolute (`mailto:`, relative paths, `#anchors`).
///
/// Entities and backslash escapes are decoded, blanks and angle brackets around it ignored.
///
/// ```
/// use tablewright::identity::key;
/// assert_eq!(key("http://www.arxiv.org/pdf/2306.11029v2.pdf"), key("https://doi.org/10.48550/arXiv.2306.11029"));
/// ```
#[must_use]
pub fn key(url: &str) -> Option<Identity<'static>> {
    let url = url::unescape(url);
    let parts = UrlParts::split(&url)?;
    Some(identity_of(&url::canonical_host(parts.host), &parts).into_owned())
}

/// What the parts of a URL lead to; `host` comes from [`url::canonical_host`].
fn identity_of<'u>(host: &str, parts: &UrlParts<'u>) -> Identity<'u> {
    let publication = if url::is_web(parts.scheme) { paper::identity(host, parts) } else { None };
    publication
        .or_else(|| repository::identity(host, parts))
        .unwrap_or_else(|| Identity::Page(url::canonical(host, parts)))
}

/// The address that a URL, as it stands in Markdown, leads to, without its scheme, `www.`, trailing slash and tracking parameters; none where it is not
/// absolute.
///
/// Unlike [`key`], it tells the abstract and the PDF of one paper apart.
#[must_use]
pub fn address(url: &str) -> Option<String> {
    let url = url::unescape(url);
    let parts = UrlParts::split(&url)?;
    Some(url::canonical(&url::canonical_host(parts.host), &parts))
}

/// The segments of a URL's path that are not empty.
fn segments(path: &str) -> impl Iterator<Item = &str> + Clone {
    let mut rest = path;
    std::iter::from_fn(move || {
        loop {
            // Segments are short, so that a search by many bytes at once does not pay.
            let (segment, behind) = match rest.bytes().position(|byte| byte == b'/') {
                Some(at) => (&rest[..at], &rest[at + 1..]),
                None => (rest, ""),
            };
            if segment.is_empty() && behind.is_empty() {
                return None;
            }
            rest = behind;
            if !segment.is_empty() {
                return Some(segment);
            }
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(url: &str, expected: &str) {
        assert_eq!(key(url).map(|identity| identity.to_string()).unwrap_or_default(), expected);
    }

    #[test]
    fn what_is_not_absolute_has_no_identity() {
        for url in [
            "",
            "mailto:a@b.c",
            "#anchor",
            "docs/a.md",
            "/docs",
            "www.x.org",
            "https://",
            "https:///x",
            "arxiv:2401.00001",
            "//",
            "1://x",
        ] {
            check(url, "");
        }
    }

    #[test]
    fn markdown_around_a_url_does_not_matter() {
        check(" https://x.org/?a=1&amp;b=2 ", "x.org?a=1&b=2");
        check("<https://x.org/a\\_b>", "x.org/a_b");
        check("//x.org/a", "x.org/a");
        check("https://x.org/?a=1&copy=2", "x.org?a=1&copy=2");
    }

    #[test]
    fn identities_know_their_kind() {
        let kinds =
            ["https://arxiv.org/abs/2401.00001", "https://doi.org/10.1/x", "https://github.com/a/b", "https://x.org"];
        let kinds = kinds.map(|url| key(url).map(|identity| identity.kind()));
        assert_eq!(kinds, [Kind::Arxiv, Kind::Doi, Kind::Repository, Kind::Page].map(Some));
    }

    #[test]
    fn hostile_urls_take_linear_time() {
        let bases = [
            "",
            "https://x.org",
            "https://github.com",
            "https://arxiv.org/abs",
            "https://doi.org/10.1000",
            "https://x.org/doi",
            "https://x.org/?a",
        ];
        let parts = [
            "/",
            "%",
            "%2F",
            "&",
            "&amp;",
            "&a",
            "#",
            "?",
            "@",
            ":",
            "\\",
            "\\_",
            "v1",
            "/10.1000",
            ".pdf",
            "é",
            "%zz",
            "=",
            "[",
            "www.",
            ".git",
            "/tree/main",
            "-",
        ];
        for base in bases {
            for part in parts {
                let _ = key(&format!("{base}{}", part.repeat(20_000)));
            }
        }
    }
}
