//! Cells that hold links and pictures.

use std::borrow::Cow;

use super::value::listed;
use super::{Breach, Subject};
use crate::address::scheme_fault;
use crate::fix::Edit;
use crate::identity::title;
use crate::identity::url::UrlParts;
use crate::schema::{Column, Kind, Permission};
use crate::table::{Link, LinkKind};

pub(super) fn links(column: &Column, subject: &Subject<'_>, breaches: &mut Vec<Breach>) {
    let is_bare = |link: &&Link| matches!(link.kind, LinkKind::Bare | LinkKind::Autolink);
    let counts = |link: &&Link| !link.is_image && (column.bare_urls != Some(Permission::Forbid) || !is_bare(link));
    let links: Vec<&Link> = subject.links.iter().filter(counts).collect();
    let (least, most) = match column.kind {
        Some(Kind::Links) => (column.min_links.unwrap_or(1), column.max_links.unwrap_or(usize::MAX)),
        _ => (1, 1),
    };
    if links.len() < least {
        breaches.push(too_few(subject, links.len(), least, subject.links.iter().find(is_bare)));
    } else if links.len() > most {
        let message = format!("has {} links, and at most {most} is allowed", links.len());
        breaches.push(Breach::new(message, "keep the one that the column is for"));
    }
    for link in &links {
        address(column, subject, link, "link", breaches);
        text(column, subject, link, breaches);
    }
    if column.alone
        && let [link] = links[..]
    {
        let emphasis = ['*', '_', '~', ' ', '\t'];
        let (whole, own) = (subject.written.trim_matches(emphasis), subject.table.slice(link.span));
        if whole != own.trim_matches(emphasis) {
            let message = "has something beside its link".to_owned();
            breaches.push(Breach::new(message, "leave nothing in the cell but the link"));
        }
    }
}

fn too_few(subject: &Subject<'_>, count: usize, least: usize, bare: Option<&Link>) -> Breach {
    match bare {
        Some(bare) => {
            let breach = Breach::new("has an address without a text", "write it as `[text](address)`");
            breach.at(bare.span)
        }
        None if count == 0 => {
            let visible = super::super::shorten(subject.visible.trim()).into_owned();
            Breach::new(format!("is \"{visible}\", and has no link"), "write it as `[text](address)`")
        }
        None => {
            let message = format!("has {}, and at least {least} are asked for", super::super::count(count, "link"));
            Breach::new(message, "add the missing links")
        }
    }
}

pub(super) fn pictures(column: &Column, subject: &Subject<'_>, breaches: &mut Vec<Breach>) {
    let pictures: Vec<&Link> = subject.links.iter().filter(|link| link.is_image).collect();
    if pictures.is_empty() {
        let visible = super::super::shorten(subject.visible.trim()).into_owned();
        breaches.push(Breach::new(format!("is \"{visible}\", and has no picture"), "write it as `![text](address)`"));
    }
    for picture in pictures {
        address(column, subject, picture, "picture", breaches);
    }
}

/// Where a link may lead.
fn address(column: &Column, subject: &Subject<'_>, link: &Link, what: &str, breaches: &mut Vec<Breach>) {
    if column.schemes.is_empty()
        && column.hosts.is_empty()
        && column.forbidden_hosts.is_empty()
        && column.path.is_none()
    {
        return;
    }
    let url = link.url(subject.table.source);
    let url = url.trim();
    // What is wrong with any address, wherever it stands, is another rule's to tell.
    if url.is_empty() || scheme_fault(url).is_some() {
        return;
    }
    let shown = || super::super::shorten(url).into_owned();
    let Some(parts) = UrlParts::split(url).filter(|parts| !parts.scheme.is_empty()) else {
        if !column.schemes.is_empty() || !column.hosts.is_empty() {
            let message = format!("has a {what} to \"{}\", which is no address with a host", shown());
            breaches.push(Breach::new(message, "write the whole address").at(link.destination));
        }
        return;
    };
    let say = |message: String, help: String| Breach::new(message, help).at(link.destination);
    let scheme = parts.scheme.to_ascii_lowercase();
    if !column.schemes.is_empty() && !column.schemes.iter().any(|allowed| allowed.eq_ignore_ascii_case(&scheme)) {
        let schemes = listed(&column.schemes);
        let edit =
            (column.schemes.len() == 1 && subject.table.slice(link.destination).starts_with(parts.scheme)).then(|| {
                let start = link.destination.start();
                Edit::replace(crate::source::Span::new(start, start + parts.scheme.len()), column.schemes[0].clone())
            });
        let message = format!("has a {what} with {scheme}, and only {schemes} is allowed");
        breaches.push(say(message, format!("use {schemes}")).mend(format!("write {schemes}"), edit));
    }
    let host = parts.host.to_ascii_lowercase();
    let is_one_of = |hosts: &[String]| hosts.iter().any(|pattern| is_host(&host, pattern));
    if is_one_of(&column.forbidden_hosts) {
        breaches.push(say(format!("has a {what} to {host}, which is not allowed"), "link to another host".to_owned()));
    } else if !column.hosts.is_empty() && !is_one_of(&column.hosts) {
        let hosts = listed(&column.hosts);
        breaches
            .push(say(format!("has a {what} to {host}, which is none of {hosts}"), format!("link to one of {hosts}")));
    } else if let Some(pattern) = &column.path
        && !pattern.is_match(parts.path)
    {
        let path = super::super::shorten(parts.path).into_owned();
        let message = format!("has a {what} whose path \"{path}\" is not as declared");
        breaches.push(say(message, format!("write a path that matches `{}`", pattern.text())));
    }
}

/// Whether a host is one that a pattern stands for: itself, with `www.` or without, or anything below `*.`.
fn is_host(host: &str, pattern: &str) -> bool {
    let bare = |host: &str| host.strip_prefix("www.").unwrap_or(host).to_ascii_lowercase();
    match pattern.strip_prefix("*.") {
        Some(parent) => {
            let parent = parent.to_ascii_lowercase();
            host.strip_suffix(parent.as_str()).is_some_and(|below| below.ends_with('.') && below.len() > 1)
        }
        None => bare(host) == bare(pattern),
    }
}

/// What the text of a link may be.
fn text(column: &Column, subject: &Subject<'_>, link: &Link, breaches: &mut Vec<Breach>) {
    if column.texts.is_empty() {
        return;
    }
    let raw = subject.table.slice(link.text);
    let visible: Cow<'_, str> = title::visible(raw);
    if column.texts.iter().any(|text| text == visible.trim()) {
        return;
    }
    let fold = |text: &str| title::fold(text);
    let folded = fold(raw);
    let alike = column.texts.iter().find(|text| fold(text) == folded);
    let meant = alike.or_else(|| column.texts.first().filter(|_| column.texts.len() == 1));
    let texts = listed(&column.texts);
    let message = format!("has the link text \"{}\", which is none of {texts}", super::super::shorten(visible.trim()));
    let message = if column.texts.len() == 1 { message.replace("none of", "not") } else { message };
    let help = meant.map_or_else(|| format!("write one of {texts}"), |text| format!("write \"{text}\""));
    let is_labelled = matches!(link.kind, LinkKind::Inline) && raw == visible;
    let edit = meant.filter(|_| is_labelled).map(|text| Edit::replace(link.text, text.as_str()));
    breaches.push(Breach::new(message, help).at(link.text).mend("write the declared link text", edit));
}
