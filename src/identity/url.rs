//! URLs: taken apart without copying, and written in one canonical form.

use std::borrow::Cow;

use super::markup;
use crate::table::bytes_in;

/// The parts of an absolute URL, each a slice of it, as written.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct UrlParts<'u> {
    /// What stands before `://`; empty for `//host`.
    pub scheme: &'u str,
    /// What stands before the last `@` of the authority: `user:password`.
    pub userinfo: Option<&'u str>,
    /// The host, never empty; an IPv6 address with its brackets.
    pub host: &'u str,
    /// What stands behind the host's colon, digits or not, empty or not.
    pub port: Option<&'u str>,
    /// From the slash after the authority on; may be empty.
    pub path: &'u str,
    /// What stands behind `?`.
    pub query: Option<&'u str>,
    /// What stands behind `#`.
    pub fragment: Option<&'u str>,
}

impl<'u> UrlParts<'u> {
    /// The parts of an absolute URL (`scheme://host…` or `//host…`); none for any other text. Nothing is decoded or trimmed.
    #[must_use]
    pub fn split(url: &'u str) -> Option<Self> {
        let is_of_scheme = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'-' | b'.');
        let scheme_length = if url.starts_with("https://") { 5 } else { url.bytes().take_while(is_of_scheme).count() };
        let (scheme, rest) = url.split_at(scheme_length);
        let rest = match scheme.bytes().next() {
            None => rest.strip_prefix("//")?,
            Some(first) if first.is_ascii_alphabetic() => rest.strip_prefix("://")?,
            Some(_) => return None,
        };
        let bytes = rest.as_bytes();
        let (mut end, mut at_sign, mut colon) = (0, None, None);
        let is_special = |&byte: &u8| IS_SPECIAL_IN_AUTHORITY[usize::from(byte)];
        loop {
            let Some(special) = bytes[end..].iter().position(is_special) else {
                end = bytes.len();
                break;
            };
            end += special;
            match bytes[end] {
                // Browsers take a backslash for a slash: `https://one.org\@other.org` leads to one.org.
                b'/' | b'?' | b'#' | b'\\' => break,
                b'@' => (at_sign, colon) = (Some(end), None),
                b':' => colon = Some(end),
                // In brackets, colons are part of an IPv6 address.
                _ => colon = None,
            }
            end += 1;
        }
        let (authority, rest) = rest.split_at(end);
        let (path, query, fragment) = if memchr::memchr2(b'#', b'?', rest.as_bytes()).is_none() {
            (rest, None, None)
        } else {
            let (rest, fragment) = cut(rest, b'#');
            let (path, query) = cut(rest, b'?');
            (path, query, fragment)
        };
        let host_start = at_sign.map_or(0, |at| at + 1);
        let userinfo = at_sign.map(|at| &authority[..at]);
        let (host, port) = match colon {
            Some(at) => (&authority[host_start..at], Some(&authority[at + 1..])),
            None => (&authority[host_start..], None),
        };
        (!host.is_empty()).then_some(Self { scheme, userinfo, host, port, path, query, fragment })
    }

    /// The value of a parameter of the query, as written.
    #[must_use]
    pub fn parameter(&self, name: &str) -> Option<&'u str> {
        let mut parameters = self.query?.split('&').filter_map(|parameter| parameter.split_once('='));
        parameters.find(|(other, _)| *other == name).map(|(_, value)| value)
    }
}

static IS_SPECIAL_IN_AUTHORITY: [bool; 256] = bytes_in(b"/?#\\@:]");

fn cut(text: &str, at: u8) -> (&str, Option<&str>) {
    memchr::memchr(at, text.as_bytes()).map_or((text, None), |at| (&text[..at], Some(&text[at + 1..])))
}

/// Why a parameter of a query does nothing for those who follow the link.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Idle {
    /// It tells the site where its readers come from.
    Tracking,
    /// It is left over from the visit of whoever copied the URL: a login that failed, a place among search results.
    Visit,
    /// It names what the page shows without it.
    Usual,
}

/// Parameters that mean one thing on every host, since their makers chose names that nobody else uses.
///
/// Sources: the makers' manuals (Google Analytics and Ads, Meta, Microsoft Advertising, Yandex, Mailchimp, `HubSpot`, Marketo, Matomo, Piwik PRO),
/// and the lists that browsers and their extensions strip URLs by.
const TRACKING: &[&str] = &[
    // Clicks on advertisements: Google, Meta, Microsoft, Yandex, X, TikTok, LinkedIn, Reddit, Snapchat, Pinterest, Outbrain, Taboola.
    "gclid",
    "dclid",
    "gbraid",
    "wbraid",
    "gclsrc",
    "gad_source",
    "gad_campaignid",
    "srsltid",
    "fbclid",
    "fb_action_ids",
    "fb_action_types",
    "fb_source",
    "fb_ref",
    "msclkid",
    "yclid",
    "ysclid",
    "_openstat",
    "twclid",
    "ttclid",
    "li_fat_id",
    "rdt_cid",
    "sccid",
    "epik",
    "dicbo",
    "tblci",
    // Letters to subscribers: Mailchimp, HubSpot, Marketo, Vero, Drip, Klaviyo, MailerLite, Olytics.
    "mc_cid",
    "mc_eid",
    "_hsenc",
    "_hsmi",
    "__hssc",
    "__hstc",
    "__hsfp",
    "hsctatracking",
    "mkt_tok",
    "vero_id",
    "vero_conv",
    "_kx",
    "ml_subscriber",
    "ml_subscriber_hash",
    "oly_anon_id",
    "oly_enc_id",
    // Visitors handed from site to site: Google Analytics, Adobe, Branch.
    "_ga",
    "_gl",
    "s_kwcid",
    "ef_id",
    "_branch_match_id",
    "_branch_referrer",
    // Shared links: Instagram, X, Alibaba, Tencent, Elsevier.
    "igshid",
    "igsh",
    "ref_src",
    "ref_url",
    "__twitter_impression",
    "spm",
    "tdsourcetag",
    "dgcid",
];

/// The same, by how their names begin: campaigns of Google Analytics, Matomo, Piwik, `HubSpot` Ads.
const TRACKING_PREFIXES: [&str; 6] = ["utm_", "mtm_", "matomo_", "piwik_", "pk_campaign", "hsa_"];

/// Why a parameter of a query does nothing for readers, so that the page is the same without it; none where it may do something.
///
/// `host` is in lower case and without `www.`; some names do nothing on some hosts only.
#[must_use]
pub fn idle(host: &str, parameter: &str) -> Option<Idle> {
    let (name, value) = parameter.split_once('=').unwrap_or((parameter, ""));
    let has_prefix = |prefix: &&str| name.get(..prefix.len()).is_some_and(|start| start.eq_ignore_ascii_case(prefix));
    if TRACKING_PREFIXES.iter().any(has_prefix) || TRACKING.iter().any(|known| known.eq_ignore_ascii_case(name)) {
        return Some(Idle::Tracking);
    }
    let is_at = |site: &str| host.strip_suffix(site).is_some_and(|below| below.is_empty() || below.ends_with('.'));
    match name {
        // How a document was shared; the right to read it hangs on the document.
        "usp" if host == "goo.gl" || host.split('.').any(|label| label == "google") => Some(Idle::Tracking),
        // Who shared a video, and where it was embedded. `t`, `v`, `list` and `index` are not among them.
        "si"
        | "feature"
        | "pp"
        | "ab_channel"
        | "embeds_referring_euri"
        | "embeds_referring_origin"
        | "source_ve_path"
            if is_at("youtube.com") || host == "youtu.be" =>
        {
            Some(Idle::Tracking)
        }
        "si" if host == "open.spotify.com" => Some(Idle::Tracking),
        // How a post was shared, and by whom.
        "s" | "t" if matches!(host, "x.com" | "twitter.com") => Some(Idle::Tracking),
        "share_id" if is_at("reddit.com") => Some(Idle::Tracking),
        "trk" | "trackingId" | "lipi" if is_at("linkedin.com") => Some(Idle::Tracking),
        "spm_id_from" | "vd_source" | "share_source" | "share_medium" | "share_plat" | "share_session_id"
        | "share_tag" | "unique_k" | "from_spmid" | "from_source"
            if is_at("bilibili.com") || host == "b23.tv" =>
        {
            Some(Idle::Tracking)
        }
        // Behind `via` stands, in the name itself, `=ihub`, with its sign encoded.
        _ if host == "sciencedirect.com" && (name == "via" || name.starts_with("via%3D")) => Some(Idle::Tracking),
        "ref" if names_referrer(host, value) => Some(Idle::Tracking),
        // IEEE's login comes back with it.
        "denied" if value.is_empty() => Some(Idle::Visit),
        // Which search at the shop found the book, and as which result.
        "from_search" | "from_srp" | "qid" | "rank" | "ac" if host == "goodreads.com" => Some(Idle::Visit),
        "qid" | "sr" | "crid" | "sprefix" | "dib" | "dib_tag" | "pf_rd_p" | "pf_rd_r" | "pd_rd_i" | "pd_rd_r"
        | "pd_rd_w" | "pd_rd_wg" | "ref_"
            if host.split('.').any(|label| label == "amazon") =>
        {
            Some(Idle::Visit)
        }
        "tab" if host == "github.com" && value.starts_with("readme") => Some(Idle::Usual),
        _ => None,
    }
}

/// Whether the value of `ref` names the site that a link stands on, as blogs and directories write it. On forges it names a branch.
fn names_referrer(host: &str, value: &str) -> bool {
    const FORGES: [&str; 6] =
        ["github.com", "githubusercontent.com", "gitlab.com", "bitbucket.org", "codeberg.org", "gitee.com"];
    let is_host = || {
        let (name, ending) = value.rsplit_once('.').unwrap_or_default();
        !name.is_empty()
            && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.'))
            && (2..=6).contains(&ending.len())
            && ending.bytes().all(|byte| byte.is_ascii_lowercase())
    };
    !FORGES.iter().any(|forge| host.ends_with(forge)) && (value == "producthunt" || is_host())
}

/// Hosts that lead to a site of another name, or show it to small screens; and the host that its own links have.
const HOSTS: [(&str, &str); 17] = [
    ("www.github.com", "github.com"),
    ("raw.github.com", "raw.githubusercontent.com"),
    ("www.gitlab.com", "gitlab.com"),
    ("www.bitbucket.org", "bitbucket.org"),
    ("www.huggingface.co", "huggingface.co"),
    ("hf.co", "huggingface.co"),
    ("www.arxiv.org", "arxiv.org"),
    ("www.doi.org", "doi.org"),
    // The DOI Foundation asks for `https://doi.org/`; the older name is kept alive for old links.
    ("dx.doi.org", "doi.org"),
    ("www.openreview.net", "openreview.net"),
    ("www.zenodo.org", "zenodo.org"),
    ("www.aclanthology.org", "aclanthology.org"),
    ("m.youtube.com", "www.youtube.com"),
    ("mobile.twitter.com", "x.com"),
    ("m.facebook.com", "www.facebook.com"),
    ("m.imdb.com", "www.imdb.com"),
    ("m.bilibili.com", "www.bilibili.com"),
];

/// The host that a site's own links have, for one that leads to the same pages under another name; none for any other host.
///
/// `host` may be in any case. Mirrors of arXiv are not among them: [`super::is_arxiv_mirror`].
#[must_use]
pub fn preferred_host(host: &str) -> Option<Cow<'static, str>> {
    // Most hosts begin otherwise than all of these.
    let may_be_known =
        matches!(host.bytes().next(), Some(b'w' | b'r' | b'h' | b'd' | b'm' | b'W' | b'R' | b'H' | b'D' | b'M'));
    let known = may_be_known.then(|| HOSTS.iter().find(|(other, _)| other.eq_ignore_ascii_case(host))).flatten();
    known.map(|&(_, preferred)| Cow::Borrowed(preferred)).or_else(|| {
        let at = host.len().checked_sub(MOBILE_WIKIPEDIA.len())?;
        let language = host.get(..at).filter(|language| !language.is_empty())?;
        let is_mobile = host[at..].eq_ignore_ascii_case(MOBILE_WIKIPEDIA);
        is_mobile.then(|| Cow::Owned(format!("{}.wikipedia.org", language.to_ascii_lowercase())))
    })
}

const MOBILE_WIKIPEDIA: &str = ".m.wikipedia.org";

/// The address that a URL of a service for counting clicks leads on to; none for any other URL.
#[must_use]
pub fn wrapped(parts: &UrlParts<'_>) -> Option<String> {
    let host = canonical_host(parts.host);
    let name = match (&*host, parts.path) {
        ("google.com", "/url") => parts.parameter("q").map_or("url", |_| "q"),
        ("youtube.com", "/redirect") => "q",
        ("link.zhihu.com" | "link.csdn.net" | "link.juejin.cn", "" | "/") => "target",
        ("l.facebook.com" | "lm.facebook.com" | "l.instagram.com", "/l.php" | "/") => "u",
        (host, _) if host.ends_with(".safelinks.protection.outlook.com") => "url",
        _ => return None,
    };
    let target = decoded(parts.parameter(name)?).into_owned();
    let is_address = UrlParts::split(&target).is_some_and(|parts| !parts.scheme.is_empty() && is_web(parts.scheme));
    is_address.then_some(target)
}

/// A URL as it stands in Markdown, without blanks and angle brackets around it, entities and backslash escapes decoded.
pub(super) fn unescape(url: &str) -> Cow<'_, str> {
    // Nothing is around most.
    let is_bare = |byte: Option<u8>| byte.is_some_and(|byte| byte.is_ascii_alphanumeric() || byte == b'/');
    if is_bare(url.bytes().next())
        && is_bare(url.bytes().next_back())
        && memchr::memchr2(b'&', b'\\', url.as_bytes()).is_none()
    {
        return Cow::Borrowed(url);
    }
    let url = url.trim();
    let url = url.strip_prefix('<').and_then(|url| url.strip_suffix('>')).unwrap_or(url).trim();
    if memchr::memchr2(b'&', b'\\', url.as_bytes()).is_none() {
        return Cow::Borrowed(url);
    }
    let mut clean = String::with_capacity(url.len());
    let mut rest = url;
    while let Some(at) = memchr::memchr2(b'&', b'\\', rest.as_bytes()) {
        clean.push_str(&rest[..at]);
        rest = &rest[at..];
        let escaped = rest.strip_prefix('\\').and_then(|rest| rest.chars().next()).filter(char::is_ascii_punctuation);
        let taken = if let Some(char) = escaped {
            clean.push(char);
            2
        } else if let Some((decoded, length)) = markup::entity(rest) {
            clean.push_str(&decoded);
            length
        } else {
            clean.push_str(&rest[..1]);
            1
        };
        rest = &rest[taken..];
    }
    clean.push_str(rest);
    Cow::Owned(clean)
}

/// Whether a host has letters that can be taken for others: `0` for `o`, `1` for `l`, `rn` for `m`, or `xn--`, which stands for any.
#[must_use]
pub fn has_double(host: &str) -> bool {
    let mut previous = b'.';
    for &byte in host.as_bytes() {
        match byte {
            b'0' | b'1' => return true,
            b'-' if previous == b'-' => return true,
            b'n' if previous == b'r' => return true,
            _ => previous = byte,
        }
    }
    false
}

/// Whether a scheme is `http` or `https`, or left to the page (`//host`).
pub(super) fn is_web(scheme: &str) -> bool {
    scheme.is_empty() || scheme.eq_ignore_ascii_case("https") || scheme.eq_ignore_ascii_case("http")
}

/// The host in lower case, without `www.` and a final dot, under the name that it goes by today.
#[must_use]
pub fn canonical_host(host: &str) -> Cow<'_, str> {
    let host = host.strip_suffix('.').unwrap_or(host);
    let bare = match host.get(..4) {
        Some(start) if start.eq_ignore_ascii_case("www.") && host[4..].contains('.') => &host[4..],
        _ => host,
    };
    let is_lower = bare.bytes().all(|byte| byte.is_ascii() && !byte.is_ascii_uppercase());
    let lower = if is_lower { Cow::Borrowed(bare) } else { Cow::Owned(bare.to_lowercase()) };
    match preferred_host(&lower) {
        Some(Cow::Borrowed(preferred)) => Cow::Borrowed(preferred.strip_prefix("www.").unwrap_or(preferred)),
        Some(preferred) => preferred,
        None if lower == "twitter.com" => Cow::Borrowed("x.com"),
        None => lower,
    }
}

/// The canonical form of a URL, without `http(s)://`; `host` comes from [`canonical_host`].
///
/// Default ports, final slashes, tracking parameters and fragments that lead nowhere (`#readme`, text highlights) fall away; percent
/// encoding becomes uniform. Everything else stays, in its case and order.
pub(super) fn canonical(host: &str, parts: &UrlParts<'_>) -> String {
    let mut canonical = String::with_capacity(
        parts.scheme.len() + host.len() + parts.path.len() + parts.query.map_or(0, str::len) + 16,
    );
    if !is_web(parts.scheme) {
        canonical.push_str(&parts.scheme.to_ascii_lowercase());
        canonical.push_str("://");
    }
    if let Some(userinfo) = parts.userinfo {
        canonical.push_str(userinfo);
        canonical.push('@');
    }
    canonical.push_str(host);
    if let Some(port) = parts.port.filter(|port| !matches!(*port, "" | "80" | "443")) {
        canonical.push(':');
        canonical.push_str(port);
    }
    push_encoded(&mut canonical, parts.path.trim_end_matches('/'));
    let mut mark = '?';
    for parameter in parts.query.into_iter().flat_map(|query| query.split('&')) {
        if !parameter.is_empty() && idle(host, parameter).is_none() {
            canonical.push(mark);
            push_encoded(&mut canonical, parameter);
            mark = '&';
        }
    }
    if let Some(fragment) = parts.fragment.filter(|fragment| !leads_nowhere(fragment)) {
        canonical.push('#');
        push_encoded(&mut canonical, fragment);
    }
    canonical
}

/// Whether a fragment shows the same page as none: empty, the readme below a repository's files, a text highlight.
fn leads_nowhere(fragment: &str) -> bool {
    fragment.is_empty()
        || fragment.eq_ignore_ascii_case("readme")
        || fragment == "readme-ov-file"
        || fragment.starts_with(":~:")
}

/// Writes text with one percent encoding for each character: letters, digits and `-._~` as they are, all beyond ASCII encoded, hexadecimal digits upper case.
fn push_encoded(out: &mut String, text: &str) {
    if text.is_ascii() && memchr::memchr(b'%', text.as_bytes()).is_none() {
        out.push_str(text);
        return;
    }
    let bytes = text.as_bytes();
    let mut at = 0;
    while let Some(&byte) = bytes.get(at) {
        at += 1;
        let encoded = (byte == b'%').then(|| percent(&bytes[at..])).flatten();
        match encoded {
            Some(value) => {
                at += 2;
                if value.is_ascii_alphanumeric() || matches!(value, b'-' | b'.' | b'_' | b'~') {
                    out.push(char::from(value));
                } else {
                    push_percent(out, value);
                }
            }
            None if byte.is_ascii() => out.push(char::from(byte)),
            None => push_percent(out, byte),
        }
    }
}

fn push_percent(out: &mut String, byte: u8) {
    const DIGITS: [char; 16] = ['0', '1', '2', '3', '4', '5', '6', '7', '8', '9', 'A', 'B', 'C', 'D', 'E', 'F'];
    out.extend(['%', DIGITS[usize::from(byte >> 4)], DIGITS[usize::from(byte & 15)]]);
}

/// The byte that two hexadecimal digits at the start stand for.
fn percent(digits: &[u8]) -> Option<u8> {
    let digit = |index: usize| {
        digits.get(index).and_then(|&digit| char::from(digit).to_digit(16)).and_then(|digit| u8::try_from(digit).ok())
    };
    Some(digit(0)? * 16 + digit(1)?)
}

/// Text with its percent encoding decoded; as it is where that gives no UTF-8.
#[must_use]
pub fn decoded(text: &str) -> Cow<'_, str> {
    if memchr::memchr(b'%', text.as_bytes()).is_none() {
        return Cow::Borrowed(text);
    }
    let bytes = text.as_bytes();
    let mut clean = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while let Some(&byte) = bytes.get(at) {
        at += 1;
        match percent(&bytes[at..]) {
            Some(value) if byte == b'%' => {
                clean.push(value);
                at += 2;
            }
            _ => clean.push(byte),
        }
    }
    String::from_utf8(clean).map_or(Cow::Borrowed(text), Cow::Owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check_split(url: &str, expected: &str) {
        let shown = UrlParts::split(url).map(|parts| {
            let optional = |part: Option<&str>| part.map_or(String::from("-"), |part| format!("<{part}>"));
            let [userinfo, port] = [parts.userinfo, parts.port].map(optional);
            let [query, fragment] = [parts.query, parts.fragment].map(optional);
            format!("{} {userinfo} {} {port} {} {query} {fragment}", parts.scheme, parts.host, parts.path)
        });
        assert_eq!(shown.unwrap_or_default(), expected);
    }

    #[test]
    fn an_absolute_url_falls_into_its_parts() {
        check_split("https://x.org", "https - x.org -  - -");
        check_split("HTTP://u:p@X.org:8080/a/b?c=d?e#f?g#h", "HTTP <u:p> X.org <8080> /a/b <c=d?e> <f?g#h>");
        check_split("//x.org?#", " - x.org -  <> <>");
        check_split("https://[::1]:80/", "https - [::1] <80> / - -");
        check_split("https://[::1]/", "https - [::1] - / - -");
        check_split("https://a@b@c/", "https <a@b> c - / - -");
        check_split("https://one.org\\@other.org", "https - one.org - \\@other.org - -");
        check_split("git+ssh://x.org/a", "git+ssh - x.org - /a - -");
    }

    #[test]
    fn other_text_has_no_parts() {
        for url in [
            "",
            "x.org",
            "mailto:a@x.org",
            "#a",
            "/a",
            "https:/x.org",
            "https//x.org",
            "://x.org",
            "https://",
            "https:///a",
            "https://:80/",
            "1a://x",
            "é://x",
        ] {
            check_split(url, "");
        }
    }

    #[track_caller]
    fn check(url: &str, expected: &str) {
        let url = unescape(url);
        let canonical = UrlParts::split(&url).map(|parts| canonical(&canonical_host(parts.host), &parts));
        assert_eq!(canonical.as_deref(), Some(expected));
    }

    #[test]
    fn scheme_host_port_and_final_slash_do_not_matter() {
        check("HTTP://WWW.X.org:80/A/", "x.org/A");
        check("https://x.org:443", "x.org");
        check("https://x.org.:8080//", "x.org:8080");
        check("https://www.org/a", "www.org/a");
        check("https://x.org/index.html", "x.org/index.html");
        check("ftp://x.org/a/", "ftp://x.org/a");
        check("https://twitter.com/a/status/1?s=20&t=x", "x.com/a/status/1");
    }

    #[test]
    fn tracking_does_not_matter_and_other_parameters_do() {
        check("https://x.org/?utm_source=a&b=2&a=1&UTM_x&fbclid=3&", "x.org?b=2&a=1");
        check("https://x.org/?usp=sharing", "x.org?usp=sharing");
        check("https://drive.google.com/file/d/A/view?usp=sharing", "drive.google.com/file/d/A/view");
        check("https://a.sharepoint.com/:b:/g/x?e=Qa1", "a.sharepoint.com/:b:/g/x?e=Qa1");
        check("https://youtube.com/watch?v=A&si=b", "youtube.com/watch?v=A");
    }

    #[track_caller]
    fn check_idle(host: &str, parameters: &[&str], expected: Option<Idle>) {
        for parameter in parameters {
            assert_eq!(idle(host, parameter), expected, "{host}?{parameter}");
        }
    }

    #[test]
    fn names_that_nobody_else_uses_track_everywhere() {
        let parameters = [
            "utm_source=a",
            "UTM_Medium",
            "gclid=a",
            "fbclid=a",
            "msclkid=",
            "mc_cid=a",
            "_hsenc=a",
            "mkt_tok=a",
            "spm=a.b",
            "igsh=a",
            "mtm_campaign=a",
            "hsa_acc=1",
            "_gl=1*a",
            "dgcid=a",
            "hsCtaTracking=a",
        ];
        check_idle("x.org", &parameters, Some(Idle::Tracking));
    }

    #[test]
    fn common_names_track_on_their_hosts_only() {
        check_idle("drive.google.com", &["usp=sharing", "usp=drive_link"], Some(Idle::Tracking));
        check_idle("youtu.be", &["si=a"], Some(Idle::Tracking));
        check_idle("x.com", &["s=20", "t=a"], Some(Idle::Tracking));
        check_idle("sciencedirect.com", &["via%3Dihub", "via=ihub"], Some(Idle::Tracking));
        check_idle("goodreads.com", &["from_search=true", "rank=1"], Some(Idle::Visit));
        check_idle("ieeexplore.ieee.org", &["denied=", "denied"], Some(Idle::Visit));
        check_idle("github.com", &["tab=readme-ov-file"], Some(Idle::Usual));
        check_idle(
            "x.org",
            &["usp=sharing", "si=a", "s=20", "t=1", "via=a", "rank=1", "denied=a", "tab=readme", "qid=1"],
            None,
        );
    }

    #[test]
    fn ref_tracks_where_it_names_a_site() {
        check_idle("x.org", &["ref=blog.e.org", "ref=producthunt"], Some(Idle::Tracking));
        check_idle("x.org", &["ref=main", "ref=v1.2", "ref=", "ref", "ref=.org", "ref=a/b.org", "ref=a.org%2Fb"], None);
        for host in ["github.com", "api.github.com", "raw.githubusercontent.com", "gitlab.com"] {
            check_idle(host, &["ref=dev.main"], None);
        }
    }

    #[test]
    fn keys_are_no_tracking() {
        check_idle("a.sharepoint.com", &["e=MSf977", "download=1"], None);
        check_idle("pan.baidu.com", &["pwd=a1b2"], None);
        check_idle("youtube.com", &["v=a", "list=PL1", "index=2", "t=90", "start=1"], None);
        check_idle("drive.google.com", &["id=a", "export=download", "resourcekey=a"], None);
        check_idle("openreview.net", &["id=a", "noteId=b"], None);
        check_idle("github.com", &["tab=repositories", "q=a"], None);
    }

    #[test]
    fn other_names_of_a_host_have_one_that_is_preferred() {
        let check =
            |host: &str, expected: Option<&str>| assert_eq!(preferred_host(host).as_deref(), expected, "{host}");
        check("www.github.com", Some("github.com"));
        check("WWW.GitHub.com", Some("github.com"));
        check("dx.doi.org", Some("doi.org"));
        check("De.m.wikipedia.org", Some("de.wikipedia.org"));
        for host in [
            "github.com",
            "www.youtube.com",
            "export.arxiv.org",
            "m.wikipedia.org",
            ".m.wikipedia.org",
            "www.x.org",
            "",
            "é.m",
        ] {
            check(host, None);
        }
        // The host that is preferred is what the others are known by.
        for (other, preferred) in HOSTS {
            assert_eq!(canonical_host(other), canonical_host(preferred));
            assert_eq!(preferred_host(preferred), None);
        }
    }

    #[test]
    fn wrapped_addresses_come_out() {
        let check = |url: &str, expected: Option<&str>| {
            let target = UrlParts::split(url).and_then(|parts| wrapped(&parts));
            assert_eq!(target.as_deref(), expected, "{url}");
        };
        check("https://link.zhihu.com/?target=https%3A//github.com/a/b", Some("https://github.com/a/b"));
        check("https://www.google.com/url?sa=t&q=https://x.org/a%3Fb&usg=c", Some("https://x.org/a?b"));
        check(
            "https://eur01.safelinks.protection.outlook.com/?url=https%3A%2F%2Fx.org%2F&data=1",
            Some("https://x.org/"),
        );
        check("https://l.facebook.com/l.php?u=https%3A%2F%2Fx.org", Some("https://x.org"));
        for url in [
            "https://www.google.com/url?q=javascript:a",
            "https://www.google.com/search?q=https://x.org",
            "https://link.zhihu.com/?target=docs/a.md",
            "https://x.org/?url=https://y.org",
        ] {
            check(url, None);
        }
    }

    #[test]
    fn fragments_matter_unless_they_lead_nowhere() {
        check("https://x.org/#", "x.org");
        check("https://x.org/#readme", "x.org");
        check("https://x.org/#:~:text=a,", "x.org");
        check("https://x.org/#/foo", "x.org#/foo");
        check("https://mega.nz/file/A#Key", "mega.nz/file/A#Key");
    }

    #[test]
    fn percent_encoding_is_uniform() {
        check("https://x.org/%7ea%2fb%zz", "x.org/~a%2Fb%zz");
        check("https://x.org/é?ü#ö", "x.org/%C3%A9?%C3%BC#%C3%B6");
        check("https://x.org/%c3%a9", "x.org/%C3%A9");
    }
}
