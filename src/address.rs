//! Addresses as authors write them: what is like one, and what is wrong with how one begins.

/// What is wrong with how an address begins.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum SchemeFaultKind {
    /// `www.example.org`, `github.com/…`, `name@example.org`: a relative path to whoever follows it.
    Missing,
    /// `https://https://…`
    Doubled,
    /// `htps://…`, `https//…`, `https:/…`
    Misspelt,
}

/// A fault in how an address begins, and what should stand there.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct SchemeFault {
    /// What is wrong.
    pub kind: SchemeFaultKind,
    /// How many bytes of the address are to be replaced.
    pub len: usize,
    /// What should stand in their place.
    pub replacement: &'static str,
    /// Whether it can be nothing else.
    pub is_certain: bool,
}

/// Longer hosts are none (RFC 1035); what is longer need not be read to know that.
const MAX_HOST_BYTES: usize = 255;

/// What is wrong with how an address begins; none where it is a proper address or a path.
#[must_use]
pub fn scheme_fault(address: &str) -> Option<SchemeFault> {
    if is_plainly_proper(address) {
        return None;
    }
    let Some(first) = Beginning::read(address) else { return missing_scheme(address) };
    let mut last = first;
    let mut len = first.len;
    let mut is_doubled = false;
    while let Some(next) = Beginning::read(&address[len..]).filter(|next| next.slashes > 0) {
        is_doubled = true;
        len += next.len;
        last = Beginning { is_exact: last.is_exact && next.is_exact && last.scheme == next.scheme, ..next };
    }
    let rest = &address[len..];
    let begins_host = rest.starts_with(|character: char| character.is_alphanumeric() || character == '[');
    if !begins_host || !is_doubled && first.is_proper {
        return None;
    }
    if first.slashes == 0 && !is_doubled && host_len(rest).is_none() {
        return None;
    }
    let kind = if is_doubled { SchemeFaultKind::Doubled } else { SchemeFaultKind::Misspelt };
    Some(SchemeFault { kind, len, replacement: last.scheme, is_certain: last.is_exact })
}

/// Whether an address begins with `https://` or `http://` and a name with a dot behind its first part, which is no second scheme.
fn is_plainly_proper(address: &str) -> bool {
    let rest = address.strip_prefix("https://").or_else(|| address.strip_prefix("http://"));
    rest.is_some_and(|rest| {
        let name = rest.bytes().take_while(u8::is_ascii_alphanumeric).count();
        matches!(rest.as_bytes()[name..], [b'.', behind, ..] if name > 0 && behind.is_ascii_alphanumeric())
    })
}

/// Whether a text begins as a web address does, its faults forgiven: `scheme://`, `www.`, or a domain.
#[must_use]
pub fn is_like_url(text: &str) -> bool {
    let letters = text.bytes().take_while(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'-')).count();
    letters > 1 && text[letters..].starts_with("://")
        || text.starts_with("mailto:")
        || scheme_fault(text).is_some_and(|fault| fault.replacement != "mailto:")
}

/// The host of an address that begins with a scheme and `//`, in lower case, without a port.
#[must_use]
pub fn host(address: &str) -> Option<String> {
    let rest = &address[address.find("://")? + 3..];
    let host = rest.split(['/', '?', '#', ':']).next().unwrap_or_default();
    (!host.is_empty() && host.len() <= MAX_HOST_BYTES).then(|| host.to_ascii_lowercase())
}

/// Whether a character is a blank of any kind, or has no width: nothing that readers can see.
#[must_use]
pub fn is_invisible(character: char) -> bool {
    character.is_whitespace() || matches!(character, '\u{200b}' | '\u{2060}' | '\u{feff}')
}

/// A word that is, or was meant to be, `http` or `https`, and the marks behind it.
#[derive(Clone, Copy)]
struct Beginning {
    /// `https://` or `http://`
    scheme: &'static str,
    /// Whether the word is right, or can only be meant as this one.
    is_exact: bool,
    /// Whether word and marks are right.
    is_proper: bool,
    slashes: usize,
    len: usize,
}

impl Beginning {
    fn read(address: &str) -> Option<Self> {
        let word_len = address.bytes().take(10).take_while(u8::is_ascii_alphabetic).count();
        let (word, rest) = address.split_at(word_len);
        if !(2..=8).contains(&word_len) || !rest.starts_with([':', ';', '：', '.', ',', '/', '\\']) {
            return None;
        }
        // `https.//`: a dot or comma typed for the colon. Anywhere else it is part of a name.
        let dots = usize::from(rest.starts_with(['.', ',']) && rest[1..].starts_with(['/', '\\', ':']));
        let is_mark = |character: char| matches!(character, ':' | ';' | '：' | '/' | '\\');
        let marks_len = dots + rest[dots..].find(|character| !is_mark(character)).unwrap_or(rest.len() - dots);
        let marks = &rest[..marks_len];
        let slashes = marks.chars().filter(|character| matches!(character, '/' | '\\')).count();
        let has_colon = marks.contains([':', ';', '：']);
        if !has_colon && slashes < 2 {
            return None;
        }
        let word = word.to_ascii_lowercase();
        let (scheme, is_exact) = nearest(&word).filter(|_| slashes > 0 || matches!(word.as_str(), "http" | "https"))?;
        Some(Self {
            scheme,
            is_exact,
            is_proper: marks == "://" && matches!(word.as_str(), "http" | "https"),
            slashes,
            len: word_len + marks_len,
        })
    }
}

/// The scheme that a word is or was meant to be, and whether it can be no other.
fn nearest(word: &str) -> Option<(&'static str, bool)> {
    match word {
        "https" => return Some(("https://", true)),
        "http" => return Some(("http://", true)),
        _ => {}
    }
    let (http, https) = (strsim::osa_distance(word, "http"), strsim::osa_distance(word, "https"));
    let scheme = if http < https { "http://" } else { "https://" };
    // Two slips are believed where only the letters of the scheme are used: `hppts`, `tps`.
    let has_its_letters =
        word.bytes().all(|byte| b"htps".contains(&byte)) && word.contains('t') && word.contains('p') && word.len() > 2;
    match http.min(https) {
        1 => Some((scheme, http != https)),
        2 if has_its_letters => Some((scheme, false)),
        _ => None,
    }
}

fn missing_scheme(address: &str) -> Option<SchemeFault> {
    let missing = |len, replacement| SchemeFault {
        kind: SchemeFaultKind::Missing,
        len,
        replacement,
        is_certain: replacement == "mailto:",
    };
    if let Some(rest) = address.strip_prefix("://") {
        return rest.starts_with(char::is_alphanumeric).then(|| missing(3, "https://"));
    }
    if host_len(address).is_some() {
        return Some(missing(0, "https://"));
    }
    let at = address.bytes().take(MAX_HOST_BYTES).position(|byte| !is_mailbox(byte))?;
    let is_mail = at > 0
        && address[at..].strip_prefix('@').is_some_and(|host| host_len(host).is_some_and(|len| len == host.len()));
    is_mail.then(|| missing(0, "mailto:"))
}

fn is_mailbox(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'_' | b'-' | b'+')
}

/// The length of the domain, with its port, that a text begins with; none where a path or a file's name is as likely.
fn host_len(text: &str) -> Option<usize> {
    let is_of_host = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-');
    let len = text.bytes().take(MAX_HOST_BYTES).take_while(|&byte| is_of_host(byte)).count();
    let (host, rest) = text.split_at(len);
    let port = rest.strip_prefix(':').map_or(0, |port| port.bytes().take(6).take_while(u8::is_ascii_digit).count());
    let end = if port > 0 { len + 1 + port } else { len };
    let has_path = text[end..].starts_with(['/', '?', '#']);
    // Behind a domain nothing else may stand: `a.com_b` is a name.
    if !has_path && text[end..].starts_with(|character: char| character.is_alphanumeric() || "_@:".contains(character))
    {
        return None;
    }
    let host = host.trim_end_matches('.');
    let (before, top) = host.rsplit_once('.')?;
    if before.split('.').any(str::is_empty) || before.starts_with('-') {
        return None;
    }
    let has_www = before.get(..4).is_some_and(|www| www.eq_ignore_ascii_case("www."));
    let is_lower = !host.bytes().any(|byte| byte.is_ascii_uppercase());
    // `proceedings.neurips.cc/paper`: folders have no extensions, and hardly ever two.
    let is_number = |part: &str| part.trim_start_matches('v').bytes().all(|byte| byte.is_ascii_digit());
    let is_long = has_path
        && is_lower
        && top.len() == 2
        && before.contains('.')
        && !before.split('.').any(is_number)
        && !EXTENSIONS.contains(&top);
    // `developer.jet.co.id`
    let second = before.rsplit_once('.').map_or("", |(_, second)| second);
    let is_registered = top.len() == 2 && is_lower && REGISTERED.contains(&second);
    let is_domain = if has_www || GENERIC.contains(&top) || is_long || is_registered {
        top.len() > 1 && top.bytes().all(|byte| byte.is_ascii_alphabetic())
    } else {
        NATIONAL.contains(&top) && (has_path || is_lower) || NATIONAL_OR_FILE.contains(&top) && has_path && is_lower
    };
    is_domain.then_some(end)
}

/// Top-level domains that are no file's extension.
const GENERIC: &[&str] = &[
    "academy",
    "ai",
    "app",
    "art",
    "blog",
    "chat",
    "cloud",
    "club",
    "co",
    "com",
    "community",
    "cool",
    "design",
    "dev",
    "digital",
    "edu",
    "education",
    "email",
    "engineering",
    "foundation",
    "fun",
    "games",
    "global",
    "google",
    "gov",
    "guru",
    "health",
    "host",
    "info",
    "ink",
    "institute",
    "int",
    "io",
    "jobs",
    "life",
    "link",
    "live",
    "me",
    "media",
    "mil",
    "net",
    "network",
    "news",
    "ninja",
    "one",
    "online",
    "org",
    "page",
    "press",
    "pro",
    "pub",
    "research",
    "rocks",
    "school",
    "science",
    "site",
    "social",
    "software",
    "solutions",
    "space",
    "store",
    "studio",
    "systems",
    "team",
    "tech",
    "technology",
    "today",
    "tools",
    "top",
    "tv",
    "university",
    "vip",
    "website",
    "wiki",
    "work",
    "works",
    "world",
    "xyz",
    "zone",
];

/// What stands before a country's domain where the country divides it.
const REGISTERED: &[&str] = &["ac", "co", "com", "edu", "go", "gov", "ne", "net", "or", "org"];

/// Extensions of two letters that names of projects have as well: `three.module.js`.
const EXTENSIONS: &[&str] = &["cs", "el", "go", "hs", "js", "kt", "md", "ml", "py", "rb", "rs", "ts", "vb"];

/// Domains of countries that are also extensions of files, though not of folders.
const NATIONAL_OR_FILE: &[&str] = &["cc", "gs", "id", "im", "in", "is", "la", "ms", "pl", "pw", "sh", "so", "st", "vc"];

/// Domains of countries that are hardly ever a file's extension.
const NATIONAL: &[&str] = &[
    "ac", "ae", "ar", "at", "au", "be", "bg", "br", "by", "ca", "ch", "cl", "cn", "cz", "de", "dk", "ee", "es", "eu",
    "fi", "fm", "fr", "gg", "gl", "gr", "hk", "hr", "hu", "ie", "il", "ir", "it", "jp", "ke", "kr", "kz", "li", "lt",
    "lu", "lv", "ly", "mx", "my", "nl", "no", "nz", "pe", "ph", "pk", "pt", "ro", "ru", "sa", "se", "sg", "si", "sk",
    "su", "th", "to", "tr", "tw", "ua", "uk", "us", "uy", "vn", "ws", "za",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(address: &str, expected: Option<(SchemeFaultKind, &str, bool)>) {
        let fault = scheme_fault(address);
        let mended = fault.map(|fault| format!("{}{}", fault.replacement, &address[fault.len..]));
        let found = fault.zip(mended.as_deref()).map(|(fault, mended)| (fault.kind, mended, fault.is_certain));
        assert_eq!(found, expected, "{address}");
    }

    #[test]
    fn proper_addresses_and_paths_have_no_fault() {
        for address in [
            "https://http.cat/404",
            "https://https.example.org/",
            "https://web.archive.org/web/2020/https://example.org/",
            "HTTPS://example.org",
            "//example.org/x",
            "mailto:a@example.org",
            "vscode:mcp/install?x",
            "tg://resolve?domain=x",
            "ftp://example.org",
            "sftp://example.org",
            "docs/x.md",
            "./a.com/x",
            "../x",
            "/path",
            "#anchor",
            "LICENSE",
            "README.md",
            "README.de",
            "setup.py",
            "node.js/docs",
            "ASP.NET/README.md",
            "v1.2/notes.md",
            "v1.2.rc/notes.md",
            "three.module.js/docs",
            "main.cc",
            "setup.sh",
            "http/server.go",
            "http.md",
            ".github/workflows",
            "https://",
            "http",
            "",
        ] {
            check(address, None);
        }
    }

    #[test]
    fn missing_schemes_are_told_from_paths() {
        use SchemeFaultKind::Missing;
        check("www.example.org", Some((Missing, "https://www.example.org", false)));
        check("github.com/a/b", Some((Missing, "https://github.com/a/b", false)));
        check("example.org", Some((Missing, "https://example.org", false)));
        check("example.com:8080/x", Some((Missing, "https://example.com:8080/x", false)));
        check("psai.cn", Some((Missing, "https://psai.cn", false)));
        check("developer.jet.co.id", Some((Missing, "https://developer.jet.co.id", false)));
        check("jmlr.cc/x", Some((Missing, "https://jmlr.cc/x", false)));
        check("api.example.lk/x", Some((Missing, "https://api.example.lk/x", false)));
        check("://example.org", Some((Missing, "https://example.org", false)));
        check("a.b@example.org", Some((Missing, "mailto:a.b@example.org", true)));
    }

    #[test]
    fn misspelt_schemes_are_mended() {
        use SchemeFaultKind::Misspelt;
        for address in [
            "htps://e.org/x",
            "htttps://e.org/x",
            "hhttps://e.org/x",
            "ttps://e.org/x",
            "https:/e.org/x",
            "https:///e.org/x",
            "https//e.org/x",
            "https:e.org/x",
            "https;//e.org/x",
            "https.//e.org/x",
            "https:\\\\e.org/x",
            "https：//e.org/x",
            "https//:e.org/x",
            "https:://e.org/x",
        ] {
            check(address, Some((Misspelt, "https://e.org/x", true)));
        }
        check("htp://e.org", Some((Misspelt, "http://e.org", true)));
        check("hppts://e.org", Some((Misspelt, "https://e.org", false)));
    }

    #[test]
    fn doubled_schemes_are_mended() {
        use SchemeFaultKind::Doubled;
        check("https://https://e.org", Some((Doubled, "https://e.org", true)));
        check("https:https://e.org", Some((Doubled, "https://e.org", true)));
        check("https://https//e.org", Some((Doubled, "https://e.org", true)));
        check("https://https://https://e.org", Some((Doubled, "https://e.org", true)));
        check("https://http://e.org", Some((Doubled, "http://e.org", false)));
    }
}
