//! What reports promise: nothing of a list reaches the terminal or the runner but as text.

use std::collections::BTreeMap;

use tablewright::report::repository::Repository;
use tablewright::report::safe;
use tablewright::report::text::Canvas;
use tablewright::report::{
    FileReport, Summary, checkstyle, concise, github, gitlab, json, junit, markdown, rdjson, sarif, statistics, text,
};
use unicode_width::UnicodeWidthStr;

/// A command of the runner of GitHub Actions, as it takes one from a line; its own parser, version 2 and version 1, ported.
#[derive(PartialEq, Debug)]
pub(crate) struct Command {
    pub(crate) name: String,
    pub(crate) properties: BTreeMap<String, String>,
    pub(crate) data: String,
}

impl Command {
    /// The runner tries version 2 first. `is_registered` says which names it knows.
    pub(crate) fn parse(line: &str, is_registered: impl Fn(&str) -> bool) -> Option<Self> {
        Self::second(line, &is_registered).or_else(|| Self::first(line, &is_registered))
    }

    /// `::name key=value,…::data` at the beginning of the trimmed line.
    fn second(line: &str, is_registered: impl Fn(&str) -> bool) -> Option<Self> {
        let (information, data) = line.trim_start().strip_prefix("::")?.split_once("::")?;
        Self::new(information, ',', data, is_registered, |text, is_property| {
            let text = text.replace("%0D", "\r").replace("%0A", "\n");
            let text = if is_property { text.replace("%3A", ":").replace("%2C", ",") } else { text };
            text.replace("%25", "%")
        })
    }

    /// `##[name key=value;…]data` anywhere in the line.
    fn first(line: &str, is_registered: impl Fn(&str) -> bool) -> Option<Self> {
        let (_, rest) = line.split_once("##[")?;
        let (information, data) = rest.split_once(']')?;
        Self::new(information, ';', data, is_registered, |text, _| {
            let text = text.replace("%3B", ";").replace("%0D", "\r").replace("%0A", "\n");
            text.replace("%5D", "]").replace("%25", "%")
        })
    }

    fn new(
        information: &str,
        separator: char,
        data: &str,
        is_registered: impl Fn(&str) -> bool,
        unescape: impl Fn(&str, bool) -> String,
    ) -> Option<Self> {
        let (name, properties) = information.split_once(' ').unwrap_or((information, ""));
        if !is_registered(name) {
            return None;
        }
        let pairs = properties.trim().split(separator).filter_map(|property| property.split_once('='));
        let properties = pairs.map(|(key, value)| (key.to_lowercase(), unescape(value, true)));
        Some(Self { name: name.to_lowercase(), properties: properties.collect(), data: unescape(data, false) })
    }
}

/// Whether the runner could take the line for a command. Characters without width do not hinder it, since .NET passes over them when it
/// compares. Here every name counts as registered.
pub(crate) fn is_command(line: &str) -> bool {
    let compared: String = line.chars().filter(|char| char.to_string().width() > 0).collect();
    Command::parse(&compared, |_| true).is_some()
}

/// Says what is wrong with a text that people's terminals and the runner are to read.
#[track_caller]
pub(crate) fn assert_harmless(output: &str) {
    let acting = output.chars().find(|&char| char != '\n' && safe::is_harmful(char));
    assert_eq!(acting, None, "in {output:?}");
    let command = output.split(['\n', '\r']).find(|line| is_command(line));
    assert_eq!(command, None);
}

/// The text without the colours that we wrote.
pub(crate) fn without_colours(output: &str) -> String {
    let mut parts = output.split("\u{1b}[");
    let first = parts.next().unwrap_or_default().to_owned();
    parts.fold(first, |text, part| {
        let (numbers, rest) = part.split_once('m').expect("a colour ends with `m`");
        assert!(
            numbers.chars().all(|char| char.is_ascii_digit() || char == ';'),
            "a colour is made of numbers: {numbers:?}"
        );
        text + rest
    })
}

/// The formats, apart from `github`, whose commands are meant.
pub(crate) fn rendered(files: &[FileReport], repository: &Repository) -> Vec<(&'static str, String)> {
    let summary = Summary::of(files);
    vec![
        ("json", json::render(files, &summary)),
        ("jsonl", files.iter().map(json::lines).collect()),
        ("markdown", markdown::render(files, &summary, repository)),
        ("sarif", sarif::render(files, repository)),
        ("rdjson", rdjson::render(files)),
        ("gitlab", gitlab::render(files, repository)),
        ("junit", junit::render(files, &summary)),
        ("checkstyle", checkstyle::render(files)),
        ("statistics", statistics::render(files)),
    ]
}

pub(crate) fn repository() -> Repository {
    Repository { folder: "lists".to_owned(), address: Some("https://host/o/r/blob/1/".to_owned()) }
}

/// The commands of a text for the runner. Every line is one.
#[track_caller]
pub(crate) fn commands(output: &str) -> Vec<Command> {
    let acting = output.chars().find(|&char| char != '\n' && safe::is_harmful(char));
    assert_eq!(acting, None, "in {output:?}");
    let is_registered = |name: &str| ["error", "warning", "notice"].contains(&name);
    let command = |line| Command::second(line, is_registered).unwrap_or_else(|| panic!("it is no command: {line:?}"));
    output.split_terminator('\n').map(command).collect()
}

/// The HTML of a Markdown text, with all that GitHub makes of Markdown.
pub(crate) fn html_of(markdown: &str) -> String {
    let mut options = comrak::Options::default();
    let extension = &mut options.extension;
    (extension.table, extension.autolink, extension.strikethrough) = (true, true, true);
    (extension.tasklist, extension.footnotes, extension.alerts) = (true, true, true);
    (extension.math_dollars, extension.math_code) = (true, true);
    options.render.r#unsafe = true;
    comrak::markdown_to_html(markdown, &options)
}

/// The text of the HTML of a Markdown text that is neither a tag that we write nor code; panics at any other tag.
#[track_caller]
pub(crate) fn words_of(markdown: &str) -> String {
    let html = html_of(markdown);
    let mut words = String::new();
    let mut is_code = false;
    for (index, part) in html.split('<').enumerate() {
        let (tag, text) = if index == 0 { ("", part) } else { part.split_once('>').expect("a tag ends") };
        let is_ours = ["", "h3", "p", "table", "thead", "tbody", "tr", "th", "td", "code", "a"]
            .contains(&tag.trim_start_matches('/'))
            || tag.strip_prefix("a href=\"").is_some_and(|url| {
                let is_row = url.starts_with("https://host/o/r/blob/1/") && url.contains("?plain=1#L");
                (is_row || url.contains("/rules/") && url.ends_with(".md\"")) && !url.contains([' ', '(', '<'])
            });
        assert!(is_ours, "<{tag}> in {html}\nof {markdown}");
        is_code = if tag.ends_with("code") { tag == "code" } else { is_code };
        words.push_str(if is_code { "" } else { text });
        words.push(' ');
    }
    words
}

/// Says what GitHub would make more of than words.
#[track_caller]
pub(crate) fn assert_only_words(markdown: &str) {
    let words = words_of(markdown);
    let is_more = |word: &str| {
        let is_hash = word.len() >= 7 && word.bytes().all(|byte| byte.is_ascii_hexdigit());
        let is_shortcode = word.strip_prefix(':').is_some_and(|rest| rest.len() > 1 && rest.contains(':'));
        is_hash
            || is_shortcode
            || word.contains(['@', '#', '$', '_', '*', '~', '\\', '`', '['])
            || word.contains("://")
            || word.contains("www.")
            || word.contains("GH-")
    };
    let found = words.split_whitespace().find(|word| is_more(word));
    assert_eq!(found, None, "in {words}\nof {markdown}");
}

/// The values of the attributes of a name, and the texts, of an XML document.
#[track_caller]
pub(crate) fn xml_values(document: &str, name: &str) -> (Vec<String>, Vec<String>) {
    let mut reader = quick_xml::Reader::from_str(document);
    let (mut attributes, mut texts, mut text) = (Vec::new(), Vec::new(), String::new());
    loop {
        use quick_xml::events::Event;
        match reader.read_event().expect("it is XML") {
            Event::Start(element) | Event::Empty(element) => {
                for attribute in element.attributes() {
                    let attribute = attribute.expect("it is an attribute");
                    if attribute.key.as_ref() == name {
                        attributes
                            .push(quick_xml::escape::unescape(&attribute.value).expect("it is escaped").into_owned());
                    }
                }
                text.clear();
            }
            Event::Text(part) => text.push_str(&part),
            Event::GeneralRef(part) => text.extend(["&", &part, ";"]),
            Event::End(element) if ["failure", "system-out"].contains(&element.name().as_ref()) => {
                texts.push(quick_xml::escape::unescape(&text).expect("it is escaped").into_owned());
            }
            Event::Eof => return (attributes, texts),
            _ => {}
        }
    }
}

/// Every format shows the files harmlessly, in its own syntax, and each finding once.
#[track_caller]
pub(crate) fn check(files: &[FileReport]) {
    let count: usize = files.iter().map(|file| file.checked.findings.len()).sum();
    for file in files {
        for width in [0, 40, 120] {
            assert_harmless(&text::render(file, Canvas { width, has_colour: false }));
        }
        assert_harmless(&without_colours(&text::render(file, Canvas { width: 80, has_colour: true })));
        let concise = concise::render(file);
        assert_harmless(&concise);
        assert_eq!(concise.lines().count(), file.checked.findings.len());
    }
    for (format, text) in rendered(files, &repository()) {
        assert_harmless(&text);
        let is_json = |text: &str| serde_json::from_str::<serde_json::Value>(text).is_ok();
        match format {
            "json" | "sarif" | "rdjson" | "gitlab" => assert!(is_json(&text), "{format}: {text}"),
            "jsonl" => assert!(text.lines().count() == count && text.lines().all(is_json), "{format}: {text}"),
            "junit" | "checkstyle" => {
                xml_values(&text, "message");
            }
            "markdown" => assert_only_words(&text),
            _ => {}
        }
    }
    commands(&github::render(files, &Repository::default(), |_, _| true));
}
