//! What a URL tells at first sight, so that most need not be looked at again.

use super::site::{Sort, sort_of, sort_of_known};
use super::url::{UrlParts, canonical_host, preferred_host, unescape};
use super::{Identity, identity_of, is_arxiv_mirror};

/// What a URL tells at first sight.
#[derive(Clone, Copy, Default, Debug)]
pub struct Glance {
    /// What it leads to; none where its host does not tell.
    pub sort: Option<Sort>,
    /// Whether the page may have a plainer URL; of most URLs it cannot.
    pub may_be_roundabout: bool,
}

/// Where PDFs are on arXiv.
pub const ARXIV_PDFS: &str = "/pdf/";

/// Where the ACL Anthology was on `aclweb.org`, before it had a host of its own.
pub const OLD_ANTHOLOGY: &str = "/anthology/";

impl Glance {
    /// What a URL, as it stands in Markdown, tells; none where it is not absolute.
    #[must_use]
    pub fn at(url: &str) -> Option<Self> {
        let plain = unescape(url);
        let parts = UrlParts::split(&plain)?;
        let sort = sort_of(&canonical_host(parts.host), &parts);
        Some(Self::new(url, &plain, &parts, sort))
    }

    /// The same, and what the URL leads to, as [`key`](super::key) has it.
    #[must_use]
    pub fn with_key(url: &str) -> Option<(Identity, Self)> {
        let plain = unescape(url);
        let parts = UrlParts::split(&plain)?;
        let host = canonical_host(parts.host);
        let identity = identity_of(&host, &parts);
        let sort = sort_of_known(&identity, &host, &parts);
        Some((identity, Self::new(url, &plain, &parts, sort)))
    }

    fn new(url: &str, plain: &str, parts: &UrlParts<'_>, sort: Option<Sort>) -> Self {
        // What is escaped may be written otherwise.
        Self { sort, may_be_roundabout: plain.len() != url.len() || may_be_roundabout(parts) }
    }
}

/// Whether the page of a URL may have a plainer one: without a query, on the site's own host, or that of a paper's abstract.
#[must_use]
pub fn may_be_roundabout(parts: &UrlParts<'_>) -> bool {
    parts.query.is_some()
        || preferred_host(parts.host).is_some()
        || is_arxiv_mirror(parts.host)
        || parts.path.starts_with(ARXIV_PDFS)
        || parts.path.starts_with(OLD_ANTHOLOGY)
}
