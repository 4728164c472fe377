//! Publications: arXiv ids, DOIs, and the pages of publishers that show one paper under several URLs.

use std::borrow::Cow;

use super::url::{UrlParts, decoded};
use super::{Identity, segments};

/// The publication that a URL leads to; none where its host or path says nothing of one.
pub(super) fn identity<'u>(host: &str, parts: &UrlParts<'u>) -> Option<Identity<'u>> {
    arxiv(host, parts.path)
        .map(Identity::Arxiv)
        .or_else(|| doi(host, parts))
        .or_else(|| proceedings(host, parts).map(Identity::Page))
}

/// The arXiv id, without version, that a path on one of arXiv's hosts or mirrors names.
fn arxiv<'p>(host: &str, path: &'p str) -> Option<Cow<'p, str>> {
    let is_arxiv = host == "arxiv.org" || host.ends_with(".arxiv.org") || host == "xxx.lanl.gov";
    if !is_arxiv && !matches!(host, "huggingface.co" | "arxiv-vanity.com" | "ar5iv.org" | "alphaxiv.org") {
        return None;
    }
    let mut rest = segments(path);
    let section = rest.next()?;
    let is_section = match host {
        // `huggingface.co/papers/2401.00001` shows the arXiv paper; ids of another form are not papers.
        "huggingface.co" | "arxiv-vanity.com" => section == "papers",
        "ar5iv.org" | "alphaxiv.org" => is_arxiv_section(section),
        _ if is_arxiv && section == "ftp" => return arxiv_file(rest),
        _ if is_arxiv => is_arxiv_section(section),
        _ => return None,
    };
    let first = if is_section { rest.next()? } else { section };
    let second = rest.next();
    // A file beside the paper (`/src/2401.00001/anc/log.txt`) is not the paper.
    rest.next().is_none().then(|| arxiv_id(first, second)).flatten()
}

/// The id that a path on arxiv.org names as nearly all do: `/abs/2401.00001`, `/pdf/2401.00001`.
pub(super) fn plain_arxiv(path: &str) -> Option<&str> {
    let id = path.strip_prefix("/abs/").or_else(|| path.strip_prefix("/pdf/"))?;
    let (month, serial) = id.as_bytes().split_at_checked(4)?;
    let are_digits = |bytes: &[u8]| bytes.iter().all(u8::is_ascii_digit);
    let is_plain = matches!(serial, [b'.', serial @ ..] if matches!(serial.len(), 4 | 5) && are_digits(serial));
    (is_plain && are_digits(month)).then_some(id)
}

/// Whether a host shows the papers of arxiv.org under another name. Most such mirrors are gone, and `export.` is for programs.
///
/// `host` may be in any case; other hosts below arxiv.org (`info.`, `static.`) have pages of their own.
#[must_use]
pub fn is_arxiv_mirror(host: &str) -> bool {
    const NAMES: [&str; 19] = [
        "aps", "au", "br", "browse", "cn", "de", "es", "export", "fr", "il", "in", "jp", "kr", "lanl", "ru", "tw",
        "uk", "us", "xxx",
    ];
    let at = host.len().saturating_sub(".arxiv.org".len());
    let is_below = host.get(at..).is_some_and(|end| end.eq_ignore_ascii_case(".arxiv.org"));
    is_below && NAMES.iter().any(|name| name.eq_ignore_ascii_case(&host[..at]))
        || host.eq_ignore_ascii_case("xxx.lanl.gov")
}

fn is_arxiv_section(section: &str) -> bool {
    const SECTIONS: [&str; 12] =
        ["abs", "pdf", "html", "format", "ps", "src", "e-print", "dvi", "tex", "papers", "overview", "audio"];
    SECTIONS.iter().any(|known| known.eq_ignore_ascii_case(section))
}

/// `/ftp/arxiv/papers/2401/2401.00001.pdf`, `/ftp/cs/papers/0112/0112017.pdf`; `ftp` is gone already.
fn arxiv_file<'p>(mut rest: impl Iterator<Item = &'p str>) -> Option<Cow<'p, str>> {
    let archive = rest.next()?;
    let file = rest.nth(2)?;
    if archive == "arxiv" { arxiv_id(file, None) } else { arxiv_id(archive, Some(file)) }
}

/// An id from one segment (`2401.00001v2.pdf`) or two (`math.GT/0309136`).
fn arxiv_id<'p>(first: &'p str, second: Option<&str>) -> Option<Cow<'p, str>> {
    match decoded(first) {
        Cow::Borrowed(first) => arxiv_id_of(first, second),
        Cow::Owned(first) => arxiv_id_of(&first, second).map(|id| Cow::Owned(id.into_owned())),
    }
}

/// The same without percent encoding.
fn arxiv_id_of<'p>(first: &'p str, second: Option<&str>) -> Option<Cow<'p, str>> {
    if first.starts_with(|char: char| char.is_ascii_digit()) {
        let digits = digits(first);
        let serial = first[digits..].strip_prefix('.')?;
        let length = self::digits(serial);
        return (second.is_none() && digits == 4 && matches!(length, 4 | 5) && is_version(&serial[length..]))
            .then(|| Cow::Borrowed(&first[..digits + 1 + length]));
    }
    let (archive, number) = match first.split_once('/') {
        Some(parts) => parts,
        None => (first, second?),
    };
    let archive = archive.split('.').next().filter(|archive| is_archive(archive))?;
    let length = digits(number);
    (length == 7 && is_version(&number[length..]))
        .then(|| Cow::Owned(format!("{}/{}", archive.to_ascii_lowercase(), &number[..length])))
}

fn digits(text: &str) -> usize {
    text.bytes().take_while(u8::is_ascii_digit).count()
}

fn is_archive(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_alphabetic() || byte == b'-')
}

/// Whether nothing stands behind an id but a version and a file's ending.
fn is_version(text: &str) -> bool {
    let text = text.strip_prefix(['v', 'V']).map_or(text, |version| &version[digits(version)..]);
    text.is_empty()
        || [".pdf", ".html", ".ps", ".ps.gz", ".tar.gz"].iter().any(|ending| ending.eq_ignore_ascii_case(text))
}

/// The DOI that a URL names, at doi.org or in the path of a publisher's page.
fn doi(host: &str, parts: &UrlParts<'_>) -> Option<Identity<'static>> {
    let path = parts.path;
    // Journals of BMC and SpringerOpen have hosts of their own.
    let journals = ["biomedcentral.com", "springeropen.com"].into_iter().find(|publisher| host.ends_with(publisher));
    match journals.unwrap_or(host) {
        "doi.org" | "dx.doi.org" | "doi.acm.org" | "doi.ieeecomputersociety.org" => {
            of_doi(path.trim_start_matches('/'))
        }
        "link.springer.com" => {
            let path = decoded(path);
            let start = path.find("/10.")? + 1;
            // A suffix of Springer has no slash; behind it come `fulltext.html`, `figures/1`.
            let end = path[start..].match_indices('/').nth(1).map_or(path.len(), |(at, _)| start + at);
            of_doi(without_ending(&path[start..end], &[".pdf", ".epub", ".html"]))
        }
        "nature.com" => {
            let id = path.strip_prefix("/articles/")?.split('/').next()?;
            let id = without_ending(id, &[".pdf", ".epub"]);
            let is_modern =
                matches!(id.as_bytes(), [b's' | b'd', b'4', rest @ ..] if memchr::memchr_iter(b'-', rest).count() == 3);
            is_modern.then(|| Identity::Doi(format!("10.1038/{}", id.to_ascii_lowercase())))
        }
        "biorxiv.org" | "medrxiv.org" => {
            let rest = path.strip_prefix("/content/").filter(|rest| rest.starts_with("10."))?;
            of_doi(before_version(rest))
        }
        "zenodo.org" => {
            let mut segments = segments(path);
            let number = segments
                .next()
                .filter(|&section| matches!(section, "record" | "records"))
                .and_then(|_| segments.next())?;
            (digits(number) == number.len()).then(|| Identity::Doi(format!("10.5281/zenodo.{number}")))
        }
        "journals.plos.org" => of_doi(parts.parameter("id")?),
        "frontiersin.org" | "iopscience.iop.org" | "biomedcentral.com" | "springeropen.com" => {
            let start = path.find("/10.")? + 1;
            of_doi(without_view(&path[start..]))
        }
        // Publishers on Atypon, and many others: `/doi/10.…`, `/doi/abs/10.…`, `/doi/pdf/10.…`.
        _ => {
            let behind = &path[find_folder(path, "/doi/")? + 5..];
            let start = if behind.starts_with("10.") { 0 } else { behind.find('/')? + 1 };
            let is_supplement = behind[..start].starts_with("suppl");
            (!is_supplement).then(|| of_doi(without_view(&behind[start..]))).flatten()
        }
    }
}

/// Where a folder stands in a path; its name has a slash at both ends.
fn find_folder(path: &str, folder: &str) -> Option<usize> {
    // Few paths have the letter behind the slash.
    let (bytes, letter) = (path.as_bytes(), folder.as_bytes()[1]);
    let starts = memchr::memchr_iter(letter, bytes).filter_map(|at| at.checked_sub(1));
    starts.into_iter().find(|&at| bytes[at..].starts_with(folder.as_bytes()))
}

/// An identity from a DOI as it stands in a URL; arXiv's own become arXiv ids, the ACL Anthology's its pages.
fn of_doi(text: &str) -> Option<Identity<'static>> {
    let doi = decoded(text);
    let doi = doi.trim().trim_end_matches(['/', '.', ',', ';']).to_lowercase();
    let registrant = doi.strip_prefix("10.")?;
    let (registrant, suffix) = registrant.split_once('/')?;
    if suffix.is_empty()
        || registrant.is_empty()
        || !registrant.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.')
    {
        return None;
    }
    if let Some(id) = doi.strip_prefix("10.48550/arxiv.") {
        let (first, second) = id.split_once('/').map_or((id, None), |(first, second)| (first, Some(second)));
        let id = arxiv_id(first, second).map(|id| Identity::Arxiv(id).into_owned());
        return Some(id.unwrap_or_else(|| Identity::Doi(doi.clone())));
    }
    if let Some(id) = doi.strip_prefix("10.18653/v1/").or_else(|| doi.strip_prefix("10.3115/v1/")) {
        return Some(Identity::Page(format!("aclanthology.org/{id}")));
    }
    Some(Identity::Doi(doi))
}

/// A DOI without what publishers put behind it to choose a view.
fn without_view(doi: &str) -> &str {
    const VIEWS: [&str; 12] = [
        "/full",
        "/abstract",
        "/pdf",
        "/epdf",
        "/epub",
        "/meta",
        "/html",
        "/full/html",
        "/fulltext",
        "/summary",
        "/references",
        ".pdf",
    ];
    without_ending(doi.trim_end_matches('/'), &VIEWS)
}

fn without_ending<'t>(text: &'t str, endings: &[&str]) -> &'t str {
    let strip = |ending: &&str| {
        let at = text.len().checked_sub(ending.len())?;
        text.get(at..).filter(|end| end.eq_ignore_ascii_case(ending)).map(|_| &text[..at])
    };
    // The longest, so that `/full/html` goes before `/html`.
    endings.iter().filter_map(strip).min_by_key(|text| text.len()).unwrap_or(text)
}

/// `10.1101/2023.04.28.23289283v1.full.pdf` without the version and all behind it.
fn before_version(text: &str) -> &str {
    let bytes = text.as_bytes();
    let is_version = |&at: &usize| {
        bytes[at] == b'v'
            && at > 0
            && bytes[at - 1].is_ascii_digit()
            && bytes.get(at + 1).is_some_and(u8::is_ascii_digit)
    };
    let end = (0..bytes.len()).find(is_version).unwrap_or(text.len());
    without_ending(&text[..end], &[".full.pdf", ".full", ".abstract", ".full-text"])
}

/// The one URL of a paper on the sites of conferences and publishers that have several.
fn proceedings(host: &str, parts: &UrlParts<'_>) -> Option<String> {
    let path = parts.path;
    match host {
        "aclanthology.org" => acl(path.trim_matches('/')),
        "aclweb.org" | "aclanthology.coli.uni-saarland.de" => acl(path.trim_matches('/').strip_prefix("anthology/")?),
        "ieeexplore.ieee.org" => ieee(parts).map(|number| [host, "/document/", number].concat()),
        "openreview.net" => {
            let is_paper = matches!(path, "/forum" | "/pdf" | "/forum/" | "/pdf/");
            parts.parameter("id").filter(|id| is_paper && !id.is_empty()).map(|id| [host, "/forum?id=", id].concat())
        }
        "openaccess.thecvf.com" => {
            let (before, behind) = path.split_once("/papers/").or_else(|| path.split_once("/html/"))?;
            let name = without_ending(behind, &[".html", ".pdf"]).strip_suffix("_paper")?;
            Some([host, before, "/html/", name, "_paper.html"].concat())
        }
        "proceedings.mlr.press" => {
            let mut segments = segments(path);
            let volume = segments.next().filter(|volume| volume.starts_with('v'))?;
            let name = without_ending(segments.next()?, &[".html", ".pdf"]);
            let is_paper =
                segments.next().is_none_or(|file| without_ending(file, &[".pdf"]) == name) && segments.next().is_none();
            is_paper.then(|| format!("{host}/{volume}/{name}.html"))
        }
        "papers.nips.cc" | "papers.neurips.cc" | "proceedings.neurips.cc" => neurips(path),
        "ojs.aaai.org" => {
            let mut rest = segments(path).skip_while(|&segment| segment != "article").skip(1);
            let number =
                rest.next().filter(|&action| matches!(action, "view" | "download")).and_then(|_| rest.next())?;
            (digits(number) == number.len()).then(|| format!("{host}/index.php/AAAI/article/view/{number}"))
        }
        "sciencedirect.com" => {
            let mut rest = segments(path).skip_while(|&segment| segment != "pii").skip(1);
            rest.next().map(|id| [host, "/science/article/pii/", &id.to_ascii_uppercase()].concat())
        }
        _ => None,
    }
}

/// Ids are those of the DOIs, so in lower case: `P19-1001`, `2023.acl-long.1`.
fn acl(id: &str) -> Option<String> {
    let id = without_ending(id, &[".pdf"]);
    let is_paper = !id.contains('/') && id.contains('-') && id.bytes().any(|byte| byte.is_ascii_digit());
    is_paper.then(|| format!("aclanthology.org/{}", id.to_ascii_lowercase()))
}

/// `/document/N`, `/abstract/document/N`, `?arnumber=N`, `/iel7/…/0N.pdf`.
fn ieee<'u>(parts: &UrlParts<'u>) -> Option<&'u str> {
    let mut rest = segments(parts.path).skip_while(|&segment| segment != "document").skip(1);
    let file = || {
        segments(parts.path)
            .last()
            .filter(|_| parts.path.starts_with("/iel"))
            .map(|file| without_ending(file, &[".pdf"]))
    };
    let number = rest.next().or_else(|| parts.parameter("arnumber")).or_else(file)?;
    let number = number.trim_start_matches('0');
    (!number.is_empty() && digits(number) == number.len()).then_some(number)
}

/// `/paper/2020/hash/H-Abstract.html`, `/paper_files/paper/2020/file/H-Paper-Conference.pdf`, and `/paper/7181-title.pdf` of old.
fn neurips(path: &str) -> Option<String> {
    let mut rest = segments(path).skip_while(|&segment| matches!(segment, "paper_files" | "paper"));
    let year = rest.next()?;
    if digits(year) != 4 || year.len() != 4 {
        let is_old = path.starts_with("/paper/") && rest.next().is_none();
        return is_old.then(|| format!("papers.nips.cc/paper/{}", without_ending(year, &[".pdf", ".html"])));
    }
    let file = rest.next().filter(|&section| matches!(section, "hash" | "file")).and_then(|_| rest.next())?;
    let (hash, what) = file.split_once('-')?;
    (what.starts_with("Abstract") || what.starts_with("Paper"))
        .then(|| format!("papers.nips.cc/paper/{year}/hash/{hash}-Abstract.html"))
}

#[cfg(test)]
mod tests {
    #[track_caller]
    fn check(urls: &[&str], expected: &str) {
        for url in urls {
            assert_eq!(
                crate::identity::key(url).map(|identity| identity.to_string()).as_deref(),
                Some(expected),
                "{url}"
            );
        }
    }

    #[test]
    fn all_ways_to_an_arxiv_paper_are_one() {
        let urls = [
            "https://arxiv.org/abs/2401.00001",
            "http://www.arxiv.org/pdf/2401.00001v3.pdf",
            "https://arxiv.org/pdf/2401.00001",
            "https://export.arxiv.org/abs/2401.00001v1",
            "https://cn.arxiv.org/html/2401.00001v2",
            "https://arxiv.org/format/2401.00001",
            "https://arxiv.org/ftp/arxiv/papers/2401/2401.00001.pdf",
            "https://ar5iv.org/abs/2401.00001",
            "https://ar5iv.labs.arxiv.org/html/2401.00001",
            "https://www.alphaxiv.org/abs/2401.00001",
            "https://ar5iv.org/2401.00001",
            "https://doi.org/10.48550/arXiv.2401.00001",
            "https://dx.doi.org/10.48550%2FARXIV.2401.00001",
            "https://huggingface.co/papers/2401.00001",
            "https://arxiv.org/abs/2401.00001/",
            "https://arxiv.org/abs/2401.00001?context=cs#x",
            "https://browse.arxiv.org/pdf/2401.00001.pdf",
        ];
        check(&urls, "arXiv 2401.00001");
    }

    #[test]
    fn old_arxiv_ids_have_an_archive_without_class_or_case() {
        check(
            &[
                "https://arxiv.org/abs/math.GT/0309136",
                "https://arxiv.org/pdf/Math/0309136v2",
                "https://arxiv.org/ftp/math/papers/0309/0309136.pdf",
            ],
            "arXiv math/0309136",
        );
        check(&["https://arxiv.org/abs/cs/0112017", "https://arxiv.org/abs/cs%2F0112017"], "arXiv cs/0112017");
        check(&["https://arxiv.org/pdf/0704.0001.pdf"], "arXiv 0704.0001");
    }

    #[test]
    fn other_pages_of_arxiv_are_pages() {
        check(&["https://arxiv.org/list/cs.CV/recent"], "arxiv.org/list/cs.CV/recent");
        check(&["https://arxiv.org/src/2401.00001v2/anc/log.pdf"], "arxiv.org/src/2401.00001v2/anc/log.pdf");
        check(&["https://arxiv.org/abs/2401.000011"], "arxiv.org/abs/2401.000011");
        check(&["https://arxiv.org/abs/2401.00001x"], "arxiv.org/abs/2401.00001x");
        check(&["https://huggingface.co/papers/trending"], "huggingface.co/papers/trending");
        check(&["https://paperswithcode.com/paper/a-b"], "paperswithcode.com/paper/a-b");
    }

    #[test]
    fn a_doi_is_found_in_any_url_that_names_it() {
        let urls = [
            "https://doi.org/10.1145/3564625.3567985",
            "http://dx.doi.org/10.1145%2F3564625.3567985/",
            "https://dl.acm.org/doi/10.1145/3564625.3567985",
            "https://dl.acm.org/doi/abs/10.1145/3564625.3567985#sec",
            "https://dl.acm.org/doi/fullHtml/10.1145/3564625.3567985",
            "https://www.dl.acm.org/doi/epdf/10.1145/3564625.3567985?x",
        ];
        check(&urls, "DOI 10.1145/3564625.3567985");
        check(
            &[
                "https://onlinelibrary.wiley.com/doi/full/10.1002/MRM.29624",
                "https://onlinelibrary.wiley.com/doi/10.1002/mrm.29624/abstract",
            ],
            "DOI 10.1002/mrm.29624",
        );
        let urls = [
            "https://link.springer.com/article/10.1007/s11042-024-18512-5",
            "https://link.springer.com/content/pdf/10.1007%2Fs11042-024-18512-5.pdf",
            "https://link.springer.com/article/10.1007/s11042-024-18512-5/figures/1",
            "https://link.springer.com/10.1007/s11042-024-18512-5",
        ];
        check(&urls, "DOI 10.1007/s11042-024-18512-5");
        check(
            &[
                "https://www.tandfonline.com/doi/abs/10.1080/1.2?journalCode=x",
                "https://tandfonline.com/doi/10.1080/1.2",
            ],
            "DOI 10.1080/1.2",
        );
        check(
            &["https://www.science.org/doi/10.1126/science.abc", "https://science.org/doi/pdf/10.1126/science.abc"],
            "DOI 10.1126/science.abc",
        );
        check(
            &[
                "https://www.nature.com/articles/s41586-024-08148-8",
                "https://nature.com/articles/s41586-024-08148-8.pdf",
            ],
            "DOI 10.1038/s41586-024-08148-8",
        );
        let urls = [
            "https://www.biorxiv.org/content/10.1101/2023.04.30.538439v1.full.pdf",
            "https://www.biorxiv.org/content/10.1101/2023.04.30.538439v2",
            "https://biorxiv.org/content/10.1101/2023.04.30.538439",
        ];
        check(&urls, "DOI 10.1101/2023.04.30.538439");
        check(
            &[
                "https://www.frontiersin.org/articles/10.3389/f.2023.1/full",
                "https://www.frontiersin.org/journals/x/articles/10.3389/f.2023.1",
            ],
            "DOI 10.3389/f.2023.1",
        );
        check(
            &["https://bmcx.biomedcentral.com/articles/10.1186/s1-2", "https://doi.org/10.1186/s1-2"],
            "DOI 10.1186/s1-2",
        );
        check(&["https://journals.plos.org/plosone/article?id=10.1371/journal.pone.1"], "DOI 10.1371/journal.pone.1");
        check(&["https://zenodo.org/record/123", "https://doi.org/10.5281/zenodo.123"], "DOI 10.5281/zenodo.123");
        check(&["https://doi.org/10.1016/S0140-6736(20)30183-5"], "DOI 10.1016/s0140-6736(20)30183-5");
    }

    #[test]
    fn what_only_looks_like_a_doi_is_a_page() {
        check(&["https://doi.org/"], "doi.org");
        check(&["https://doi.org/10.1145"], "doi.org/10.1145");
        check(&["https://www.nature.com/articles/nature14539"], "nature.com/articles/nature14539");
        check(&["https://x.org/doi/suppl/10.1/a"], "x.org/doi/suppl/10.1/a");
        check(&["https://x.org/doi/a"], "x.org/doi/a");
        check(&["https://link.springer.com/book/x"], "link.springer.com/book/x");
    }

    #[test]
    fn page_and_pdf_of_proceedings_are_one() {
        let acl = [
            "https://aclanthology.org/D19-1600",
            "https://aclanthology.org/D19-1600.pdf",
            "https://www.aclweb.org/anthology/D19-1600/",
            "https://doi.org/10.18653/v1/D19-1600",
        ];
        check(&acl, "aclanthology.org/d19-1600");
        check(&["https://aclanthology.org/venues/acl/"], "aclanthology.org/venues/acl");
        let ieee = [
            "https://ieeexplore.ieee.org/document/9108283",
            "https://ieeexplore.ieee.org/abstract/document/9108283/",
            "https://ieeexplore.ieee.org/document/9108283/keywords",
            "http://ieeexplore.ieee.org/stamp/stamp.jsp?tp=&amp;arnumber=9108283",
            "https://ieeexplore.ieee.org/iel7/1/2/09108283.pdf",
        ];
        check(&ieee, "ieeexplore.ieee.org/document/9108283");
        check(
            &[
                "https://openreview.net/forum?id=Ab-1",
                "https://openreview.net/pdf?id=Ab-1",
                "https://openreview.net/forum?noteId=x&id=Ab-1#y",
            ],
            "openreview.net/forum?id=Ab-1",
        );
        check(&["https://openreview.net/group?id=ICLR"], "openreview.net/group?id=ICLR");
        let cvf = [
            "http://openaccess.thecvf.com/content/CVPR2023/html/A_B_CVPR_2023_paper.html",
            "https://openaccess.thecvf.com/content/CVPR2023/papers/A_B_CVPR_2023_paper.pdf",
        ];
        check(&cvf, "openaccess.thecvf.com/content/CVPR2023/html/A_B_CVPR_2023_paper.html");
        check(
            &["https://proceedings.mlr.press/v80/wu18h.html", "https://proceedings.mlr.press/v80/wu18h/wu18h.pdf"],
            "proceedings.mlr.press/v80/wu18h.html",
        );
        check(&["https://proceedings.mlr.press/v80/"], "proceedings.mlr.press/v80");
        let neurips = [
            "https://proceedings.neurips.cc/paper/2020/hash/c6-Abstract.html",
            "https://papers.nips.cc/paper_files/paper/2020/file/c6-Paper-Conference.pdf",
            "https://papers.nips.cc/paper/2020/file/c6-Paper.pdf",
        ];
        check(&neurips, "papers.nips.cc/paper/2020/hash/c6-Abstract.html");
        check(
            &["https://proceedings.neurips.cc/paper/2020/file/c6-Supplemental.pdf"],
            "proceedings.neurips.cc/paper/2020/file/c6-Supplemental.pdf",
        );
        check(
            &["https://papers.nips.cc/paper/7181-attention.pdf", "http://papers.nips.cc/paper/7181-attention"],
            "papers.nips.cc/paper/7181-attention",
        );
        check(
            &[
                "https://ojs.aaai.org/index.php/AAAI/article/view/1/2",
                "https://ojs.aaai.org/index.php/AAAI/article/download/1/2",
            ],
            "ojs.aaai.org/index.php/AAAI/article/view/1",
        );
        check(
            &[
                "https://www.sciencedirect.com/science/article/abs/pii/S1?via%3Dihub",
                "https://sciencedirect.com/science/article/pii/s1",
            ],
            "sciencedirect.com/science/article/pii/S1",
        );
    }
}
