//! URLs: taken apart without copying, and written in one canonical form.

use std::borrow::Cow;

use super::markup;

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
        let scheme_length =
            url.bytes().take_while(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'-' | b'.')).count();
        let (scheme, rest) = url.split_at(scheme_length);
        let rest = match scheme.bytes().next() {
            None => rest.strip_prefix("//")?,
            Some(first) if first.is_ascii_alphabetic() => rest.strip_prefix("://")?,
            Some(_) => return None,
        };
        // Browsers take a backslash for a slash: `https://one.org\@other.org` leads to one.org.
        let (authority, rest) = rest.split_at(rest.find(['/', '?', '#', '\\']).unwrap_or(rest.len()));
        let (rest, fragment) = cut(rest, '#');
        let (path, query) = cut(rest, '?');
        let (userinfo, host) = match authority.rsplit_once('@') {
            Some((userinfo, host)) => (Some(userinfo), host),
            None => (None, authority),
        };
        let (host, port) = match host.rsplit_once(':') {
            Some((host, port)) if !port.contains(']') => (host, Some(port)),
            _ => (host, None),
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

fn cut(text: &str, at: char) -> (&str, Option<&str>) {
    text.split_once(at).map_or((text, None), |(before, behind)| (before, Some(behind)))
}

/// Whether a parameter of a query serves only to track readers, so that the page is the same without it.
///
/// `host` is in lower case and without `www.`; some names track on some hosts only.
#[must_use]
pub fn is_tracking(host: &str, parameter: &str) -> bool {
    const NAMES: [&str; 20] = [
        "fbclid", "gclid", "dclid", "gbraid", "wbraid", "msclkid", "yclid", "twclid", "spm", "ref_src", "ref_url",
        "mc_cid", "mc_eid", "igshid", "igsh", "_hsenc", "_hsmi", "vero_id", "mkt_tok", "denied",
    ];
    let name = parameter.split('=').next().unwrap_or_default();
    let has_prefix = |prefix: &str| name.get(..prefix.len()).is_some_and(|start| start.eq_ignore_ascii_case(prefix));
    has_prefix("utm_")
        || NAMES.iter().any(|tracking| tracking.eq_ignore_ascii_case(name))
        || match name {
            "usp" => host == "goo.gl" || host.split('.').any(|label| label == "google"),
            "si" | "feature" => matches!(host, "youtube.com" | "youtu.be" | "m.youtube.com"),
            "s" | "t" => matches!(host, "x.com" | "twitter.com"),
            "via" => host == "sciencedirect.com",
            "tab" => host == "github.com" && parameter.starts_with("tab=readme"),
            _ => false,
        }
}

/// A URL as it stands in Markdown, without blanks and angle brackets around it, entities and backslash escapes decoded.
pub(super) fn unescape(url: &str) -> Cow<'_, str> {
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

/// Whether a scheme is `http` or `https`, or left to the page (`//host`).
pub(super) fn is_web(scheme: &str) -> bool {
    scheme.is_empty() || scheme.eq_ignore_ascii_case("https") || scheme.eq_ignore_ascii_case("http")
}

/// The host in lower case, without `www.` and a final dot, under the name that it goes by today.
pub(super) fn canonical_host(host: &str) -> Cow<'_, str> {
    let host = host.strip_suffix('.').unwrap_or(host);
    let bare = match host.get(..4) {
        Some(start) if start.eq_ignore_ascii_case("www.") && host[4..].contains('.') => &host[4..],
        _ => host,
    };
    let is_lower = bare.bytes().all(|byte| byte.is_ascii() && !byte.is_ascii_uppercase());
    let lower = if is_lower { Cow::Borrowed(bare) } else { Cow::Owned(bare.to_lowercase()) };
    match &*lower {
        "twitter.com" | "mobile.twitter.com" => Cow::Borrowed("x.com"),
        "hf.co" => Cow::Borrowed("huggingface.co"),
        _ => lower,
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
        if !parameter.is_empty() && !is_tracking(host, parameter) {
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
    if text.is_ascii() && !text.contains('%') {
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
    if !text.contains('%') {
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
