//! Repositories: which URLs lead to one as a whole, on the hosts that lists link to.

use super::url::UrlParts;
use super::{Identity, segments, url};

/// The repository that a URL leads to, or the page inside its host with owner and name in lower case; none on other hosts.
///
/// A deeper place (`/tree/main/sub`, `/issues/3`, `/wiki`) is not the repository; its front page on the main branch and its readme are.
pub(super) fn identity(host: &str, parts: &UrlParts<'_>) -> Option<Identity<'static>> {
    let forge = FORGES.iter().find(|forge| forge.host == host)?;
    let known = ["https", "http", "", "git", "ssh", "git+https", "git+ssh", "git+http"];
    if !known.iter().any(|scheme| scheme.eq_ignore_ascii_case(parts.scheme)) {
        return None;
    }
    let name_length = (forge.name_length)(parts.path);
    let Some(name_length) = name_length.filter(|&length| is_front(parts.path, length)) else {
        return Some(Identity::Page(page(host, parts, name_length.unwrap_or(1))));
    };
    let mut name = String::with_capacity(host.len() + parts.path.len() + 1);
    name.push_str(host);
    for segment in segments(parts.path).take(name_length) {
        name.push('/');
        name.push_str(segment);
    }
    name.make_ascii_lowercase();
    if let Some(length) = name.strip_suffix(".git").map(str::len) {
        name.truncate(length);
    }
    Some(Identity::Repository(name))
}

/// A host of repositories.
struct Forge {
    host: &'static str,
    /// How many segments of a path name a repository; none where the path leads elsewhere.
    name_length: fn(&str) -> Option<usize>,
}

const FORGES: [Forge; 6] = [
    Forge { host: "github.com", name_length: |path| owner_and_name(path, &GITHUB_PAGES) },
    Forge { host: "gitlab.com", name_length: gitlab },
    Forge { host: "huggingface.co", name_length: huggingface },
    Forge { host: "bitbucket.org", name_length: |path| owner_and_name(path, &["product", "account", "blog"]) },
    Forge {
        host: "gitee.com",
        name_length: |path| owner_and_name(path, &["explore", "organizations", "enterprises", "help"]),
    },
    Forge { host: "codeberg.org", name_length: |path| owner_and_name(path, &["explore", "user", "org"]) },
];

/// First segments of paths on GitHub that are no owners.
const GITHUB_PAGES: [&str; 24] = [
    "about",
    "apps",
    "collections",
    "contact",
    "customer-stories",
    "enterprise",
    "explore",
    "features",
    "issues",
    "login",
    "marketplace",
    "new",
    "notifications",
    "orgs",
    "pricing",
    "pulls",
    "search",
    "security",
    "settings",
    "site",
    "sponsors",
    "topics",
    "trending",
    "users",
];

fn owner_and_name(path: &str, reserved: &[&str]) -> Option<usize> {
    let mut segments = segments(path);
    let owner = segments.next()?;
    let is_owner = !reserved.iter().any(|page| page.eq_ignore_ascii_case(owner));
    segments.next().filter(|_| is_owner).map(|_| 2)
}

/// Groups nest on GitLab; `/-/`, or in old links a word such as `tree`, ends the name.
fn gitlab(path: &str) -> Option<usize> {
    const ENDS: [&str; 10] =
        ["-", "tree", "blob", "raw", "issues", "merge_requests", "wikis", "commits", "releases", "tags"];
    owner_and_name(path, &["explore", "users", "groups", "help", "dashboard", "search", "api"])?;
    let ends_name = |(index, segment): (usize, &str)| index >= 2 && ENDS.contains(&segment);
    Some(segments(path).enumerate().take_while(|&place| !ends_name(place)).count())
}

/// `owner/name` is a model; `datasets/` and `spaces/` stand before other repositories. `datasets/name` is one from the early days.
fn huggingface(path: &str) -> Option<usize> {
    const PAGES: [&str; 16] = [
        "docs",
        "blog",
        "papers",
        "collections",
        "learn",
        "tasks",
        "models",
        "join",
        "settings",
        "pricing",
        "organizations",
        "chat",
        "api",
        "posts",
        "login",
        "enterprise",
    ];
    match segments(path).next()? {
        "datasets" => Some(segments(path).count().min(3)).filter(|&length| length > 1),
        "spaces" => Some(3).filter(|_| segments(path).count() >= 3),
        _ => owner_and_name(path, &PAGES),
    }
}

/// Whether nothing but the main branch or the readme on it stands behind a name of so many segments.
fn is_front(path: &str, name_length: usize) -> bool {
    let mut rest = segments(path).skip(name_length).filter(|&segment| segment != "-");
    let is_main = |branch: Option<&str>| branch.is_some_and(|branch| matches!(branch, "main" | "master" | "HEAD"));
    let is_end = match rest.next() {
        None => return true,
        // Gitea (Codeberg) has `/src/branch/main`, Bitbucket `/src/main`.
        Some("tree") => is_main(rest.next()),
        Some("src") => {
            is_main(rest.next().and_then(|segment| if segment == "branch" { rest.next() } else { Some(segment) }))
        }
        Some("blob") => is_main(rest.next()) && rest.next().is_some_and(|file| file.eq_ignore_ascii_case("readme.md")),
        Some(_) => false,
    };
    is_end && rest.next().is_none()
}

/// The canonical URL with its first segments, so many, in lower case.
fn page(host: &str, parts: &UrlParts<'_>, lower_segments: usize) -> String {
    let mut page = url::canonical(host, parts);
    let path_start = page.find(host).map_or(0, |at| at + host.len());
    let mut slashes = page[path_start..]
        .bytes()
        .enumerate()
        .filter(|(_, byte)| matches!(byte, b'/' | b'?' | b'#'))
        .map(|(at, _)| path_start + at);
    let end = slashes.nth(lower_segments).unwrap_or(page.len());
    let path_end = page.find(['?', '#']).unwrap_or(page.len());
    if let Some(names) = page.get_mut(path_start..end.min(path_end)) {
        names.make_ascii_lowercase();
    }
    page
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(urls: &[&str], expected: &Identity<'_>) {
        for url in urls {
            assert_eq!(crate::identity::key(url).as_ref(), Some(expected), "{url}");
        }
    }

    fn repository(name: &str) -> Identity<'static> {
        Identity::Repository(name.into())
    }

    fn page(url: &str) -> Identity<'static> {
        Identity::Page(url.into())
    }

    #[test]
    fn all_ways_to_a_github_repository_are_one() {
        let urls = [
            "https://github.com/Owner/Name",
            "http://www.github.com/owner/name/",
            "https://github.com/owner/name.git",
            "https://github.com/owner/name#usage",
            "https://github.com/owner/name?tab=readme-ov-file#a",
            "https://github.com/owner/name/tree/main",
            "https://github.com/owner/name/tree/master/",
            "https://github.com/owner/name/blob/main/README.md",
            "git://github.com/owner/name.git",
            "ssh://git@github.com/owner/name",
            "//github.com//owner//name",
        ];
        check(&urls, &repository("github.com/owner/name"));
    }

    #[test]
    fn a_place_inside_a_repository_is_a_page() {
        check(&["https://github.com/Owner/Name/tree/main/Sub/"], &page("github.com/owner/name/tree/main/Sub"));
        check(&["https://github.com/o/n/blob/main/docs/README.md"], &page("github.com/o/n/blob/main/docs/README.md"));
        check(&["https://github.com/o/n/tree/v2"], &page("github.com/o/n/tree/v2"));
        check(&["https://github.com/o/N/issues/3#X"], &page("github.com/o/n/issues/3#X"));
        check(&["https://github.com/o/n/wiki/", "https://github.com/o/n/wiki"], &page("github.com/o/n/wiki"));
    }

    #[test]
    fn owners_topics_and_gists_are_pages() {
        check(&["https://github.com/Owner", "https://github.com/owner/"], &page("github.com/owner"));
        check(&["https://github.com/Owner?tab=repositories"], &page("github.com/owner?tab=repositories"));
        check(&["https://github.com/topics/nlp"], &page("github.com/topics/nlp"));
        check(&["https://gist.github.com/Owner/abc"], &page("gist.github.com/Owner/abc"));
        check(&["https://github.com"], &page("github.com"));
    }

    #[test]
    fn models_datasets_and_spaces_are_repositories() {
        check(
            &[
                "https://huggingface.co/Owner/Name",
                "https://hf.co/owner/name/tree/main",
                "https://huggingface.co/owner/name?x=y",
            ],
            &repository("huggingface.co/owner/name"),
        );
        check(
            &["https://huggingface.co/datasets/O/N/", "https://huggingface.co/datasets/O/N/blob/main/README.md"],
            &repository("huggingface.co/datasets/o/n"),
        );
        check(&["https://huggingface.co/datasets/squad"], &repository("huggingface.co/datasets/squad"));
        check(&["https://huggingface.co/spaces/O/N"], &repository("huggingface.co/spaces/o/n"));
        check(&["https://huggingface.co/datasets/o/n/viewer"], &page("huggingface.co/datasets/o/n/viewer"));
        check(&["https://huggingface.co/collections/O/n-1"], &page("huggingface.co/collections/O/n-1"));
        check(&["https://huggingface.co/Owner"], &page("huggingface.co/owner"));
    }

    #[test]
    fn groups_nest_on_gitlab() {
        check(
            &["https://gitlab.com/G/S/n", "https://gitlab.com/g/s/n/-/tree/main", "https://gitlab.com/g/s/n.git"],
            &repository("gitlab.com/g/s/n"),
        );
        check(&["https://gitlab.com/g/n/-/issues/1"], &page("gitlab.com/g/n/-/issues/1"));
        check(&["https://gitlab.com/g/n/tree/master"], &repository("gitlab.com/g/n"));
    }

    #[test]
    fn other_forges_have_repositories() {
        check(&["https://bitbucket.org/o/n/src/master/"], &repository("bitbucket.org/o/n"));
        check(&["https://gitee.com/o/n/tree/master"], &repository("gitee.com/o/n"));
        check(&["https://codeberg.org/o/n/src/branch/main"], &repository("codeberg.org/o/n"));
        check(&["https://codeberg.org/o/n/src/branch/dev"], &page("codeberg.org/o/n/src/branch/dev"));
    }
}
