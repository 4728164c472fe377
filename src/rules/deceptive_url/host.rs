//! Hosts in disguise: those that look like another.

use std::borrow::Cow;

use rustc_hash::FxHashMap;
use unicode_normalization::{UnicodeNormalization, char::is_combining_mark};
use unicode_script::{Script, UnicodeScript};
use unicode_security::{GeneralSecurityProfile, MixedScript, RestrictionLevel, RestrictionLevelDetection};

use super::known;
use super::shorten;
use crate::identity::url::{UrlParts, decoded};
use crate::table::Document;

/// Longer hosts are none: names have at most 253 bytes (RFC 1035), and no character takes more than twelve, percent-encoded.
const LONGEST: usize = 253 * 12;

/// The domain below which a host belongs to one owner, such as `example.co.uk` or `name.github.io`; the host where it has none.
pub(super) fn domain(host: &str) -> &str {
    let host = host.strip_suffix('.').unwrap_or(host);
    psl::domain_str(host).unwrap_or(host)
}

/// A host as browsers look it up, in lower case and without percent encoding; as readers see it and as it is on the wire. None for what is no host.
pub(super) fn forms(host: &str) -> Option<(String, String)> {
    if host.len() > LONGEST {
        return None;
    }
    if host.is_ascii()
        && !host.bytes().any(|byte| byte == b'%')
        && memchr::memmem::find(host.as_bytes(), b"--").is_none()
    {
        let host = host.to_ascii_lowercase();
        return Some((host.clone(), host));
    }
    let host = decoded(host);
    let (shown, valid) = idna::domain_to_unicode(&host);
    valid.ok()?;
    let wire = idna::domain_to_ascii(&shown).ok()?;
    Some((shown, wire))
}

/// The domains that a document links to, by what they look like.
pub(super) struct Others(FxHashMap<String, String>);

impl Others {
    pub(super) fn collect(document: &Document<'_>) -> Self {
        let links = document.tables.iter().flat_map(|table| table.rows().flat_map(|row| row.links().iter()));
        let mut seen = rustc_hash::FxHashSet::default();
        let mut others: FxHashMap<String, String> = FxHashMap::default();
        for link in links {
            let url = link.url(document.source);
            let Some(parts) = UrlParts::split(&url) else { continue };
            if !seen.insert(parts.host.to_owned()) {
                continue;
            }
            let Some((shown, _)) = forms(parts.host) else { continue };
            let domain = domain(&shown);
            let other = others.entry(skeleton(domain)).or_insert_with(|| domain.to_owned());
            if domain.is_ascii() && !other.is_ascii() {
                domain.clone_into(other);
            }
        }
        Self(others)
    }
}

/// What is wrong with a host that looks like another, is written in letters that imitate others, or mixes scripts; none for honest ones.
pub(super) fn disguise<'o>(host: &str, others: impl FnOnce() -> &'o Others) -> Option<String> {
    let (shown, wire) = forms(host)?;
    let written = shorten(host);
    if shown.is_ascii() {
        if !host.is_ascii() || host.contains('%') {
            return Some(format!("the host `{written}` is written in characters that stand for others: it is {shown}"));
        }
        let own = domain(&shown);
        let other = if known::is_known(own) { None } else { imitated(own) }?;
        return Some(format!("the host `{written}` looks like {other}, and is another"));
    }
    let readable =
        if host.is_ascii() { format!("`{written}`, shown as `{}`,", shorten(&shown)) } else { format!("`{written}`") };
    let wire_name = if host.is_ascii() { String::new() } else { format!(": it is {}", shorten(&wire)) };
    if let Some(slash) = shown.chars().find(|&character| is_like_separator(character)) {
        let real = domain(&wire);
        return Some(format!(
            "the host {readable} holds U+{:04X}, which looks like a separator: the link leads to {real}",
            u32::from(slash)
        ));
    }
    let own = domain(&shown);
    // Browsers exchange some letters for others; readers see what is written.
    let as_written = || imitated(domain(&decoded(host).to_lowercase()));
    if let Some(other) = imitated(own).or_else(as_written).filter(|&other| other != own) {
        return Some(format!("the host {readable} only looks like {other}{wire_name}"));
    }
    if let Some(other) = others().0.get(&skeleton(own)).filter(|other| *other != own) {
        return Some(format!("the host {readable} only looks like {other}, which other links lead to{wire_name}"));
    }
    let top = shown.rsplit('.').next().unwrap_or_default();
    let what = shown.split('.').filter(|label| !label.is_ascii()).find_map(|label| oddity(label, top))?;
    Some(format!("the host {readable} {what}{wire_name}"))
}

/// The known domain that a domain looks like.
fn imitated(domain: &str) -> Option<&'static str> {
    let skeleton = skeleton(domain);
    let without_marks = || skeleton.chars().filter(|&character| !is_combining_mark(character)).collect::<String>();
    known_like(&skeleton).or_else(|| known_like(&without_marks()))
}

/// The known domain that looks like this.
fn known_like(skeleton: &str) -> Option<&'static str> {
    // A file has few hosts that are looked up here, so that a table of what the known ones look like would not pay.
    known::domains()
        .find(|domain| domain.bytes().flat_map(|byte| known_look(byte).into_iter().flatten()).eq(skeleton.bytes()))
}

/// What a character of a known domain looks like, as [`skeleton`] has it: itself, but for one.
fn known_look(byte: u8) -> [Option<u8>; 2] {
    if byte == b'm' { [Some(b'r'), Some(b'n')] } else { [Some(byte), None] }
}

/// What a text looks like: equal for texts that people cannot tell apart (UTS 39, 4), capitals and small letters being one.
fn skeleton(text: &str) -> String {
    unicode_security::skeleton(text).flat_map(char::to_lowercase).nfd().collect()
}

/// Whether a character is taken for one that ends a host.
fn is_like_separator(character: char) -> bool {
    !character.is_ascii()
        && unicode_security::skeleton(character.encode_utf8(&mut [0; 4]))
            .any(|like| matches!(like, '/' | '?' | '#' | ':' | '@' | '\\'))
}

/// What is odd about one label of a host.
fn oddity(label: &str, top: &str) -> Option<Cow<'static, str>> {
    // Digits, hyphens and emoji go with any script.
    let letters: String = label.chars().filter(|character| character.is_alphabetic()).collect();
    if !letters.is_single_script() {
        let level = letters.detect_restriction_level();
        let is_usual = level <= RestrictionLevel::ModeratelyRestrictive;
        return (!is_usual).then(|| format!("mixes letters of {}", scripts(&letters)).into());
    }
    let looks_ascii = !letters.is_ascii() && skeleton(&letters).is_ascii();
    let script = letters.chars().find(|character| !character.is_ascii()).map(|character| character.script())?;
    let is_foreign = script != Script::Latin && !top.chars().any(|character| character.script() == script);
    let is_unused = || letters.chars().any(|character| !character.is_ascii() && !character.identifier_allowed());
    (looks_ascii && (is_foreign || script == Script::Latin && is_unused())).then(|| {
        let like: String = skeleton(&letters);
        format!("is written in letters that look like `{like}`").into()
    })
}

/// The names of the scripts of a text.
fn scripts(letters: &str) -> String {
    let mut names: Vec<&str> = Vec::new();
    for character in letters.chars() {
        let script = character.script();
        if !matches!(script, Script::Common | Script::Inherited) && !names.contains(&script.full_name()) {
            names.push(script.full_name());
        }
    }
    names.join(" and ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn known_domains_look_like_their_skeletons() {
        for domain in known::domains() {
            assert_eq!(known_like(&skeleton(domain)), Some(domain));
        }
    }
}
