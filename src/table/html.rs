//! Raw HTML and autolinks in a cell: how far they reach, and what a tag refers to.

/// What begins at a `<`.
pub(super) enum Angle {
    /// `<https://…>`: the length of the whole.
    Autolink(usize),
    /// `<name@host>`, a tag, a comment, a processing instruction, a declaration or CDATA: the length of the whole.
    Opaque(usize),
    /// `<a href=…>`: its length, and where the reference stands (offsets from the `<`).
    Anchor(usize, usize, usize),
    /// `</a>`: its length.
    AnchorEnd(usize),
    /// `<img src=…>`: its length, and where the reference stands.
    Image(usize, usize, usize),
}

/// Remembers which closing marks are absent from the rest of a text, so that no unclosed opening mark is searched for twice.
#[derive(Default)]
#[expect(clippy::struct_excessive_bools, reason = "four marks, each absent or not")]
pub(super) struct Absent {
    comment: bool,
    instruction: bool,
    declaration: bool,
    cdata: bool,
}

/// Reads what begins at the `<` that `bytes` begins with (`CommonMark` 6.4 and 6.5); none where it is just that character.
pub(super) fn angle(bytes: &[u8], absent: &mut Absent) -> Option<Angle> {
    match *bytes.get(1)? {
        b'!' => declaration(bytes, absent).map(Angle::Opaque),
        b'?' => find(&bytes[2..], b"?>", &mut absent.instruction).map(|at| Angle::Opaque(2 + at + 2)),
        b'/' => {
            let name_len = tag_name_len(&bytes[2..])?;
            let end = 2 + name_len + blanks(&bytes[2 + name_len..]);
            let is_anchor = bytes[2..2 + name_len].eq_ignore_ascii_case(b"a");
            (bytes.get(end) == Some(&b'>')).then_some(if is_anchor {
                Angle::AnchorEnd(end + 1)
            } else {
                Angle::Opaque(end + 1)
            })
        }
        _ => autolink(bytes).or_else(|| open_tag(bytes)),
    }
}

fn declaration(bytes: &[u8], absent: &mut Absent) -> Option<usize> {
    let rest = &bytes[2..];
    if let Some(inner) = rest.strip_prefix(b"--") {
        return match inner {
            [b'>', ..] => Some(5),
            [b'-', b'>', ..] => Some(6),
            _ if absent.comment => None,
            _ => {
                let end = end_of(b'-', inner);
                absent.comment = end.is_none();
                end.map(|end| 4 + end)
            }
        };
    }
    if let Some(inner) = rest.strip_prefix(b"[CDATA[") {
        if absent.cdata {
            return None;
        }
        let end = end_of(b']', inner);
        absent.cdata = end.is_none();
        return end.map(|end| 9 + end);
    }
    // cmark-gfm takes capitals only.
    let name_len = rest.iter().take_while(|byte| byte.is_ascii_uppercase()).count();
    if name_len == 0 || blanks(&rest[name_len..]) == 0 {
        return None;
    }
    find(rest, b">", &mut absent.declaration).map(|at| 2 + at + 1)
}

/// The length of a comment's inside and its `-->`, or that of CDATA and its `]]>`.
///
/// cmark-gfm eats dashes and brackets in threes on its way (`htmlcomment` and `cdata` in its scanners), so `--->` ends no comment and `----->` does.
fn end_of(mark: u8, bytes: &[u8]) -> Option<usize> {
    let mut at = 0;
    loop {
        at += memchr::memchr(mark, &bytes[at..])?;
        let marks = bytes[at..].iter().take_while(|&&byte| byte == mark).count();
        at += marks;
        if marks % 3 == 2 && bytes.get(at) == Some(&b'>') {
            return Some(at + 1);
        }
    }
}

fn find(bytes: &[u8], end: &[u8], is_absent: &mut bool) -> Option<usize> {
    if *is_absent {
        return None;
    }
    let at = memchr::memmem::find(bytes, end);
    *is_absent = at.is_none();
    at
}

/// `<scheme:…>` or `<name@host>`.
fn autolink(bytes: &[u8]) -> Option<Angle> {
    // NUL stands for U+FFFD (`CommonMark` 2.3), which may be part of an address.
    let end = 1 + bytes[1..].iter().position(|&byte| matches!(byte, 1..=b' ' | b'<' | b'>'))?;
    if bytes[end] != b'>' {
        return None;
    }
    let inner = &bytes[1..end];
    let first = inner.first()?;
    let scheme_len =
        inner.iter().take_while(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'.' | b'-')).count();
    if first.is_ascii_alphabetic() && (2..=32).contains(&scheme_len) && inner.get(scheme_len) == Some(&b':') {
        return Some(Angle::Autolink(end + 1));
    }
    let at = memchr::memchr(b'@', inner)?;
    let is_name = |byte: &u8| byte.is_ascii_alphanumeric() || b".!#$%&'*+/=?^_`{|}~-".contains(byte);
    let is_label = |label: &[u8]| {
        !label.is_empty()
            && label.len() <= 63
            && label.iter().all(|byte| byte.is_ascii_alphanumeric() || *byte == b'-')
            && label[0] != b'-'
            && label[label.len() - 1] != b'-'
    };
    let is_email =
        at > 0 && inner[..at].iter().all(is_name) && inner[at + 1..].split(|&byte| byte == b'.').all(is_label);
    is_email.then_some(Angle::Opaque(end + 1))
}

fn open_tag(bytes: &[u8]) -> Option<Angle> {
    let name_len = tag_name_len(&bytes[1..])?;
    let name = &bytes[1..=name_len];
    let wanted: &[u8] = if name.eq_ignore_ascii_case(b"a") {
        b"href"
    } else if name.eq_ignore_ascii_case(b"img") {
        b"src"
    } else {
        b""
    };
    let mut reference = None;
    let mut at = 1 + name_len;
    loop {
        let blank = blanks(&bytes[at..]);
        at += blank;
        match bytes.get(at)? {
            b'>' => break,
            b'/' if bytes.get(at + 1) == Some(&b'>') => {
                at += 1;
                break;
            }
            _ if blank == 0 => return None,
            _ => {}
        }
        let attribute = attribute_len(&bytes[at..])?;
        let attribute_name = &bytes[at..at + attribute];
        at += attribute;
        let equals = at + blanks(&bytes[at..]);
        if bytes.get(equals) == Some(&b'=') {
            let value = equals + 1 + blanks(&bytes[equals + 1..]);
            let (start, end, after) = attribute_value(bytes, value)?;
            if reference.is_none() && attribute_name.eq_ignore_ascii_case(wanted) {
                reference = Some((start, end));
            }
            at = after;
        }
    }
    Some(match reference {
        Some((start, end)) if wanted == b"href" => Angle::Anchor(at + 1, start, end),
        Some((start, end)) => Angle::Image(at + 1, start, end),
        None => Angle::Opaque(at + 1),
    })
}

fn attribute_len(bytes: &[u8]) -> Option<usize> {
    let first = bytes.first()?;
    (first.is_ascii_alphabetic() || matches!(first, b'_' | b':')).then(|| {
        bytes
            .iter()
            .take_while(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b':' | b'.' | b'-'))
            .count()
    })
}

/// Start and end of a value without its quotes, and the offset behind it.
fn attribute_value(bytes: &[u8], at: usize) -> Option<(usize, usize, usize)> {
    let first = *bytes.get(at)?;
    if matches!(first, b'"' | b'\'') {
        let end = at + 1 + memchr::memchr(first, &bytes[at + 1..])?;
        return Some((at + 1, end, end + 1));
    }
    let is_plain = |byte: &&u8| {
        !matches!(byte, b' ' | b'\t' | b'\n' | b'\r' | 0x0b | 0x0c | b'"' | b'\'' | b'=' | b'<' | b'>' | b'`')
    };
    let end = at + bytes[at..].iter().take_while(is_plain).count();
    (end > at).then_some((at, end, end))
}

fn tag_name_len(bytes: &[u8]) -> Option<usize> {
    bytes
        .first()?
        .is_ascii_alphabetic()
        .then(|| bytes.iter().take_while(|byte| byte.is_ascii_alphanumeric() || **byte == b'-').count())
}

fn blanks(bytes: &[u8]) -> usize {
    bytes.iter().take_while(|byte| matches!(byte, b' ' | b'\t' | 0x0b | 0x0c)).count()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn empty_angle_brackets_are_just_characters() {
        assert!(angle(b"<>", &mut Absent::default()).is_none());
    }
}
