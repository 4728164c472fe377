//! What a URL tells at first sight, so that most need not be looked at again.

use std::borrow::Cow;
use std::hash::BuildHasher as _;

use rustc_hash::{FxBuildHasher, FxHashMap};

use super::site::{HostKind, Sort, sort_of, sort_of_known};
use super::url::{UrlParts, canonical_host, has_double, is_web, preferred_host, unescape};
use super::{Identity, identity_of, is_arxiv_mirror, paper};

/// What a URL tells at first sight.
#[derive(Clone, Copy, Default, Debug)]
pub struct Glance {
    /// What it leads to; none where its host does not tell.
    pub sort: Option<Sort>,
    /// Whether the page may have a plainer URL; of most URLs it cannot.
    pub may_be_roundabout: bool,
    /// Whether its host is certain to be no other's double: see [`has_double`].
    pub has_sound_host: bool,
}

/// Where PDFs are on arXiv.
pub const ARXIV_PDFS: &str = "/pdf/";

/// Where the ACL Anthology was on `aclweb.org`, before it had a host of its own.
pub const OLD_ANTHOLOGY: &str = "/anthology/";

/// Takes glances at URLs. A list links to few hosts, so that what each tells is kept.
#[derive(Default, Debug)]
pub struct Glancer {
    hosts: Vec<Host>,
    /// Where each is, by the host as written.
    places: FxHashMap<String, usize>,
}

#[derive(Debug)]
struct Host {
    canonical: String,
    kind: HostKind,
    is_arxiv: bool,
    /// Whether it is not its site's own.
    is_roundabout: bool,
    has_double: bool,
}

impl Glancer {
    /// What a URL, as it stands in Markdown, tells; none where it is not absolute. `is_plain` says that nothing in it can be escaped.
    #[must_use]
    pub fn glance(&mut self, url: &str, is_plain: bool) -> Option<Glance> {
        let plain = if is_plain { Cow::Borrowed(url) } else { unescape(url) };
        let parts = UrlParts::split(&plain)?;
        let host = self.host(parts.host);
        let sort = match host.plain_paper(&parts) {
            Some(_) => Some(Sort::Paper),
            None => sort_of(&host.canonical, host.kind, &parts),
        };
        Some(Glance::new(url, &plain, &parts, host, sort))
    }

    /// The same, and a number that is the same for all URLs of one [`key`](super::key); those of others hardly ever have it.
    #[must_use]
    pub fn glance_with_digest(&mut self, url: &str, is_plain: bool) -> Option<(u32, Glance)> {
        let plain = if is_plain { Cow::Borrowed(url) } else { unescape(url) };
        let parts = UrlParts::split(&plain)?;
        let host = self.host(parts.host);
        let (identity, sort) = if let Some(identity) = host.plain_paper(&parts) {
            (identity, Some(Sort::Paper))
        } else {
            let identity = identity_of(&host.canonical, &parts);
            let sort = sort_of_known(&identity, &host.canonical, host.kind, &parts);
            (identity, sort)
        };
        let digest = (FxBuildHasher.hash_one(&identity) >> 32) as u32;
        Some((digest, Glance::new(url, &plain, &parts, host, sort)))
    }

    fn host(&mut self, written: &str) -> &Host {
        let place = if let Some(&place) = self.places.get(written) {
            place
        } else {
            let canonical = canonical_host(written).into_owned();
            let (kind, is_arxiv) = (HostKind::of(&canonical), canonical == "arxiv.org");
            self.places.insert(written.to_owned(), self.hosts.len());
            self.hosts.push(Host {
                canonical,
                kind,
                is_arxiv,
                is_roundabout: is_roundabout(written),
                has_double: has_double(written),
            });
            self.hosts.len() - 1
        };
        &self.hosts[place]
    }
}

impl Host {
    /// The paper that a URL on this host leads to, where it is written as nearly all links to papers are.
    fn plain_paper<'u>(&self, parts: &UrlParts<'u>) -> Option<Identity<'u>> {
        let id = paper::plain_arxiv(parts.path).filter(|_| self.is_arxiv && is_web(parts.scheme))?;
        Some(Identity::Arxiv(Cow::Borrowed(id)))
    }
}

impl Glance {
    fn new(url: &str, plain: &str, parts: &UrlParts<'_>, host: &Host, sort: Option<Sort>) -> Self {
        // What is escaped may be written otherwise.
        let may_be_roundabout = plain.len() != url.len() || host.is_roundabout || has_roundabout_path(parts);
        Self { sort, may_be_roundabout, has_sound_host: !host.has_double }
    }
}

/// Whether the page of a URL may have a plainer one: without a query, on the site's own host, or that of a paper's abstract.
#[must_use]
pub fn may_be_roundabout(parts: &UrlParts<'_>) -> bool {
    is_roundabout(parts.host) || has_roundabout_path(parts)
}

fn is_roundabout(host: &str) -> bool {
    preferred_host(host).is_some() || is_arxiv_mirror(host)
}

fn has_roundabout_path(parts: &UrlParts<'_>) -> bool {
    parts.query.is_some() || parts.path.starts_with(ARXIV_PDFS) || parts.path.starts_with(OLD_ANTHOLOGY)
}

#[cfg(test)]
mod tests {
    use super::super::{key, site};
    use super::*;

    #[test]
    fn what_is_known_at_first_sight_is_what_a_closer_look_tells() {
        let urls = [
            "https://arxiv.org/abs/2401.00001",
            "http://www.arxiv.org/pdf/2401.0001",
            "ftp://arxiv.org/abs/2401.00001",
            "https://arxiv.org/abs/2401.00001v2",
            "https://arxiv.org/abs/2401.000011",
            "https://arxiv.org/abs/240a.00001",
            "https://arxiv.org/abs/2401.000o1",
            "https://arxiv.org/abs/240",
            "https://arxiv.org/src/2401.00001",
            "https://export.arxiv.org/pdf/2401.00001",
            "https://e.org/abs/2401.00001",
            "https://arxiv.org/abs/2401.00001?a=b",
            "https://arxiv.org/abs/2401.00001\\_",
        ];
        let mut hosts = Glancer::default();
        for url in urls {
            let (digest, glance) = hosts.glance_with_digest(url, false).expect("it is absolute");
            assert_eq!(
                (glance.sort, hosts.glance(url, false).and_then(|glance| glance.sort)),
                (site::sort(url), site::sort(url)),
                "{url}"
            );
            for other in urls {
                let (other_digest, _) = hosts.glance_with_digest(other, false).expect("it is absolute");
                assert_eq!(digest == other_digest, key(url) == key(other), "{url} {other}");
            }
        }
    }
}
