//! Link texts that show an address: whether the link leads there.

use super::host::{domain, forms};
use super::known::{self, FORWARDERS, LASTING, PAGES, SHORT};
use super::shorten;
use crate::address::{SchemeFaultKind, scheme_fault};
use crate::identity;
use crate::identity::title::visible;
use crate::identity::url::{UrlParts, decoded};
use crate::table::{Link, LinkKind, Table};

/// Whether the text of a link may be an address of its own: it has a dot, and a link behind it that it could contradict.
pub(super) fn is_address(table: &Table<'_>, link: &Link) -> bool {
    let has_text = match link.kind {
        LinkKind::Inline | LinkKind::Reference | LinkKind::Html => !link.is_image,
        LinkKind::Autolink | LinkKind::Bare => false,
    };
    if !has_text {
        return false;
    }
    let text = table.slice(link.text).trim_ascii().as_bytes();
    // Most texts are a word.
    let has_dot = if text.len() < 16 { text.contains(&b'.') } else { memchr::memchr(b'.', text).is_some() };
    has_dot && memchr::memchr(b' ', text).is_none()
}

/// What is wrong with a text that shows an address on another host than the link's; none where it shows none, or where the difference is honest.
pub(super) fn contradiction(text: &str, url: &str, target: &UrlParts<'_>) -> Option<String> {
    let text = visible(text);
    let text = text.trim_matches(['<', '>', '(', ')', '[', ']', '"', '\'', '“', '”', ',', ';', ':']);
    let address = Address::read(text)?;
    let is_web = ["", "http", "https"].iter().any(|scheme| scheme.eq_ignore_ascii_case(target.scheme));
    let parts = UrlParts::split(&address.url).filter(|_| is_web)?;
    let stem = parts.host.strip_suffix('…').or_else(|| parts.host.strip_suffix("..."));
    let ((_, shown), (_, leads_to)) = (forms(stem.unwrap_or(parts.host).trim_end_matches('.'))?, forms(target.host)?);
    if stem.is_some() && without_www(&leads_to).starts_with(without_www(&shown)) {
        return None;
    }
    let is_registered =
        psl::suffix(shown.as_bytes()).is_some_and(|suffix| suffix.is_known()) && psl::domain_str(&shown).is_some();
    let (own, other) = (domain(&shown), domain(&leads_to));
    let is_honest = !is_registered
        || own == other
        || known::are_family(own, other)
        || LASTING.contains(&&*shown)
        || SHORT.contains(&own)
        || LASTING.contains(&&*leads_to)
        || leads_on(&leads_to, target, own)
        || are_pages_of_repository((own, &parts), (other, target))
        || identity::key(&address.url).is_some_and(|key| identity::key(url) == Some(key));
    if is_honest || address.is_name && !pretends(text, own, other, target) {
        return None;
    }
    Some(format!("the text shows {}, but the link leads to {}", shorten(&shown), shorten(&leads_to)))
}

/// An address that a text shows.
struct Address {
    url: String,
    /// Whether it is no more than a host, as names of projects and companies are: `socket.io`.
    is_name: bool,
}

impl Address {
    fn read(text: &str) -> Option<Self> {
        if text.is_empty() || text.contains(char::is_whitespace) {
            return None;
        }
        let is_whole = ["https://", "http://"]
            .iter()
            .any(|scheme| text.get(..scheme.len()).is_some_and(|start| start.eq_ignore_ascii_case(scheme)));
        if is_whole {
            return Some(Self { url: text.to_owned(), is_name: false });
        }
        let fault = scheme_fault(text)?;
        if fault.kind != SchemeFaultKind::Missing || fault.len > 0 || fault.replacement != "https://" {
            return None;
        }
        let has_www = text.get(..4).is_some_and(|start| start.eq_ignore_ascii_case("www."));
        let has_path = text.find(['/', '?', '#']).is_some_and(|at| at + 1 < text.len());
        Some(Self { url: format!("https://{text}"), is_name: !has_www && !has_path })
    }
}

/// Whether a text that is no more than a host pretends that the link leads there.
///
/// Lists name projects and companies by their hosts and link to their code or documentation: `socket.io` on GitHub. So capitals (`Dev.to`), a target that
/// has the name in it, and one that readers know are honest; but a host that readers know better than its name is not named in passing.
fn pretends(text: &str, own: &str, other: &str, target: &UrlParts<'_>) -> bool {
    let is_lower = !text.bytes().any(|byte| byte.is_ascii_uppercase());
    if known::is_known(own) && is_lower {
        return true;
    }
    let letters = |text: &str| {
        text.chars().filter(|character| character.is_alphanumeric()).flat_map(char::to_lowercase).collect::<String>()
    };
    let name = psl::suffix(own.as_bytes()).map_or(own, |suffix| &own[..own.len() - suffix.as_bytes().len()]);
    let has_name = || letters(&format!("{}{}", target.host, target.path)).contains(&letters(name));
    (is_lower || known::is_known(own)) && !known::is_known(other) && !has_name()
}

/// Whether a host leads on to an address within its own, or shows a copy of it, and that is the one shown.
fn leads_on(host: &str, target: &UrlParts<'_>, shown: &str) -> bool {
    let is_forwarder = FORWARDERS.contains(&host)
        || FORWARDERS.iter().any(|other| host.strip_suffix(other).is_some_and(|sub| sub.ends_with('.')));
    is_forwarder
        && [Some(target.path), target.query, target.fragment]
            .into_iter()
            .flatten()
            .any(|part| decoded(part).to_ascii_lowercase().contains(shown))
}

/// Whether one is a repository and the other the pages of the same owner: `github.com/name/…`, `name.github.io`.
fn are_pages_of_repository(a: (&str, &UrlParts<'_>), b: (&str, &UrlParts<'_>)) -> bool {
    let is_of = |(forge, parts): (&str, &UrlParts<'_>), (pages, _): (&str, &UrlParts<'_>)| {
        let Some(&(_, suffix)) = PAGES.iter().find(|(host, _)| *host == forge) else { return false };
        let Some(name) = pages.strip_suffix(suffix).and_then(|name| name.strip_suffix('.')) else { return false };
        let owner =
            parts.path.split('/').find(|segment| !segment.is_empty() && *segment != "spaces").unwrap_or_default();
        // A space's page has the owner's name and its own.
        !owner.is_empty()
            && (name.eq_ignore_ascii_case(owner)
                || suffix == "hf.space" && name.starts_with(&owner.to_ascii_lowercase()))
    };
    is_of(a, b) || is_of(b, a)
}

fn without_www(host: &str) -> &str {
    host.strip_prefix("www.").unwrap_or(host)
}
