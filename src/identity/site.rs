//! What sort of thing a URL leads to, as far as its host says it for certain.

use super::url::{UrlParts, canonical_host, unescape};
use super::{Identity, identity_of, segments};

/// What sort of thing a URL leads to.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Sort {
    /// A publication.
    Paper,
    /// A repository of code.
    Code,
    /// A video.
    Video,
}

impl Sort {
    /// Every sort.
    pub const ALL: [Self; 3] = [Self::Paper, Self::Code, Self::Video];

    /// The words for what a URL leads to.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Paper => "a paper",
            Self::Code => "a repository",
            Self::Video => "a video",
        }
    }

    /// The words for what several URLs lead to.
    #[must_use]
    pub fn plural(self) -> &'static str {
        match self {
            Self::Paper => "papers",
            Self::Code => "repositories",
            Self::Video => "videos",
        }
    }
}

/// Hosts that show publications and little else. Those whose URLs hold a DOI or an arXiv id need not be among them.
const PUBLISHERS: &[&str] = &[
    "aclanthology.org",
    "aclweb.org",
    "openreview.net",
    "ieeexplore.ieee.org",
    "sciencedirect.com",
    "mdpi.com",
    "nature.com",
    "openaccess.thecvf.com",
    "ecva.net",
    "papers.nips.cc",
    "proceedings.neurips.cc",
    "proceedings.mlr.press",
    "jmlr.org",
    "ojs.aaai.org",
    "ijcai.org",
    "papers.ssrn.com",
    "frontiersin.org",
    "isca-archive.org",
    "isca-speech.org",
    "ceur-ws.org",
    "academic.oup.com",
    "papers.miccai.org",
    "hal.science",
    "pubmed.ncbi.nlm.nih.gov",
    "techrxiv.org",
    "preprints.org",
    "cell.com",
];

/// Registrants of DOIs for data and software: Zenodo, figshare, IEEE `DataPort`, Dataverse, Mendeley Data, Code Ocean, Dryad, Hugging Face,
/// Kaggle, UCI, 4TU, PANGAEA.
const DATA: [&str; 12] = [
    "10.5281", "10.6084", "10.21227", "10.7910", "10.17632", "10.24433", "10.5061", "10.57967", "10.34740", "10.24432",
    "10.4121", "10.1594",
];

/// Hosts whose URLs may hold an arXiv id.
const ARXIV: [&str; 6] =
    ["arxiv.org", "huggingface.co", "ar5iv.org", "alphaxiv.org", "arxiv-vanity.com", "xxx.lanl.gov"];

const FORGES: [&str; 6] = ["github.com", "gitlab.com", "bitbucket.org", "gitee.com", "codeberg.org", "git.sr.ht"];

const VIDEOS: [&str; 5] = ["youtube.com", "youtu.be", "vimeo.com", "bilibili.com", "b23.tv"];

/// What a host shows.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum HostKind {
    Forge,
    Video,
    Publisher,
    Other,
}

impl HostKind {
    /// Of a host from [`canonical_host`].
    pub(super) fn of(host: &str) -> Self {
        if FORGES.contains(&host) {
            Self::Forge
        } else if VIDEOS.contains(&host) {
            Self::Video
        } else if PUBLISHERS.contains(&host) {
            Self::Publisher
        } else {
            Self::Other
        }
    }
}

/// What a URL, as it stands in Markdown, leads to; none where its host does not tell.
///
/// Hugging Face has code, data, models, papers and demonstrations, and a file in a repository may be anything: neither tells.
#[must_use]
pub fn sort(url: &str) -> Option<Sort> {
    let url = unescape(url);
    let parts = UrlParts::split(&url)?;
    let host = canonical_host(parts.host);
    sort_of(&host, HostKind::of(&host), &parts)
}

/// The same for the parts of a URL; `host` comes from [`canonical_host`].
pub(super) fn sort_of(host: &str, kind: HostKind, parts: &UrlParts<'_>) -> Option<Sort> {
    // Only such URLs can be those of papers; the others need not be looked at more closely.
    let holds_doi = |part: &str| memchr::memchr_iter(b'1', part.as_bytes()).any(|at| part[at..].starts_with("10."));
    let may_be_paper = || {
        kind == HostKind::Publisher
            || ARXIV.iter().any(|site| host.ends_with(site))
            || [Some(parts.path), parts.query].into_iter().flatten().any(holds_doi)
    };
    sort_by_host(kind, parts, || {
        let identity = may_be_paper().then(|| identity_of(host, parts))?;
        sort_by_identity(&identity, host, kind, parts)
    })
}

/// The same where it is known what the URL leads to.
pub(super) fn sort_of_known(identity: &Identity<'_>, host: &str, kind: HostKind, parts: &UrlParts<'_>) -> Option<Sort> {
    sort_by_host(kind, parts, || sort_by_identity(identity, host, kind, parts))
}

/// What a URL leads to, by its host, where that tells; else what is said otherwise.
fn sort_by_host(kind: HostKind, parts: &UrlParts<'_>, otherwise: impl FnOnce() -> Option<Sort>) -> Option<Sort> {
    match kind {
        HostKind::Forge => leads_to_repository(parts.path).then_some(Sort::Code),
        HostKind::Video => Some(Sort::Video),
        HostKind::Publisher | HostKind::Other => otherwise(),
    }
}

fn sort_by_identity(identity: &Identity<'_>, host: &str, kind: HostKind, parts: &UrlParts<'_>) -> Option<Sort> {
    let is_paper = match identity {
        Identity::Arxiv(_) => true,
        Identity::Doi(doi) => !DATA.contains(&doi.split('/').next().unwrap_or_default()),
        Identity::Page(_) => {
            kind == HostKind::Publisher
                && (host != "openreview.net" || matches!(parts.path, "/forum" | "/pdf"))
                && segments(parts.path).next().is_some()
        }
        Identity::Repository(_) => false,
    };
    // What belongs to a paper is not the paper.
    (is_paper && !is_supplement(parts.path)).then_some(Sort::Paper)
}

/// Whether a path leads to a supplement, an attachment, the sources or the data of a paper.
fn is_supplement(path: &str) -> bool {
    let bytes = path.as_bytes();
    let begins = |at: usize, word: &[u8]| bytes[at..].starts_with(word);
    bytes.windows(2).enumerate().any(|(at, pair)| match pair {
        b"/s" => begins(at, b"/src/"),
        b"/e" => begins(at, b"/e-print/"),
        b"/d" => begins(at, b"/dataset"),
        b"Su" => begins(at, b"Suppl"),
        b"su" => begins(at, b"suppl"),
        b"at" => begins(at, b"attachment"),
        _ => false,
    })
}

/// Whether a path on a forge leads to a repository or a folder of it, and not to a file, a page of its owner or a download.
fn leads_to_repository(path: &str) -> bool {
    let mut segments = segments(path).skip(1);
    let has_name = segments.next().is_some();
    has_name && segments.next().is_none_or(|place| matches!(place, "tree" | "-" | "src"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(urls: &[&str], expected: Option<Sort>) {
        for url in urls {
            assert_eq!(sort(url), expected, "{url}");
        }
    }

    #[test]
    fn papers_are_known_by_host_or_identity() {
        let urls = [
            "https://arxiv.org/abs/2401.00001",
            "https://huggingface.co/papers/2401.00001",
            "https://doi.org/10.1145/3564625.3567985",
            "https://openreview.net/forum?id=a",
            "https://ieeexplore.ieee.org/document/1",
            "https://www.mdpi.com/2072-4292/15/3/579",
            "https://onlinelibrary.wiley.com/doi/10.1002/a.1",
        ];
        check(&urls, Some(Sort::Paper));
    }

    #[test]
    fn repositories_and_videos_are_known_by_host() {
        check(
            &["https://github.com/a/b", "https://www.github.com/a/b/tree/main/c", "https://gitlab.com/a/b/-/tree/x"],
            Some(Sort::Code),
        );
        check(
            &["https://youtu.be/a", "https://m.youtube.com/watch?v=a", "https://www.bilibili.com/video/BV1"],
            Some(Sort::Video),
        );
    }

    #[test]
    fn what_may_be_anything_is_of_no_sort() {
        let urls = [
            "https://github.com/a",
            "https://github.com/a/b/blob/main/paper.pdf",
            "https://github.com/a/b/releases/download/v1/data.zip",
            "https://github.com/a/b/issues/1",
            "https://a.github.io/b",
            "https://huggingface.co/a/b",
            "https://huggingface.co/datasets/a/b",
            "https://zenodo.org/records/1",
            "https://doi.org/10.24433/CO.1",
            "https://arxiv.org/src/2401.00001v1/anc/code.zip",
            "https://openreview.net/attachment?id=a&name=supplementary_material",
            "https://papers.nips.cc/paper/2020/file/c6-Supplemental.zip",
            "https://www.kaggle.com/datasets/a/b",
            "https://arxiv.org",
            "docs/paper.pdf",
        ];
        check(&urls, None);
    }
}
