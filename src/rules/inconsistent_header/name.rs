//! Names of columns, and what makes two of them names of the same thing.

use rustc_hash::FxHashMap;

use crate::column::Role;
use crate::identity::word::slip;

/// How two names come to mean the same; the surest first.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(super) enum Likeness {
    /// They are the same to the letter.
    Same,
    /// They differ in case, marks, number (`Link`, `Links`) or by a slip of the pen.
    Spelling,
    /// One says more of what is the same: `Paper`, `Paper Link`.
    Wording,
    /// They are two words for one thing: `Venue`, `Publication`.
    Synonym,
    /// One column has no name.
    Unnamed,
    /// They are in two languages.
    Language,
}

impl Likeness {
    /// Whether the names show by themselves that the columns are the same, wherever they stand.
    pub(super) fn is_strong(self) -> bool {
        self <= Self::Wording
    }
}

/// The number of a name among all of the file.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub(super) struct Name(usize);

/// The names of the columns of a file.
#[derive(Default)]
pub(super) struct Names {
    numbers: FxHashMap<String, Name>,
    forms: Vec<Forms>,
}

struct Forms {
    text: String,
    /// Its words without case, marks and the plural's `s`; equal for spellings of one name.
    key: String,
    /// The key without words such as `link` and `name`.
    core: String,
    /// The groups of [`SYNONYMS`] that the key is in, one bit each.
    groups: u32,
}

/// Words that say only that a column names or links what the other words say.
const GENERIC: &[&str] = &["link", "url", "name", "title", "page"];

/// Keys of names that mean the same where their columns hold the same kind of thing.
const SYNONYMS: &[&[&str]] = &[
    &["venue", "pub", "publication", "publishedin", "publishedat", "publicationvenue"],
    &["title", "papertitle", "paper", "articletitle"],
    &["paper", "pdf"],
    &["code", "github", "repo", "repository", "sourcecode", "implementation", "officialcode", "codebase", "githubrepo"],
    &["link", "url"],
    &["website", "homepage"],
    &["description", "desc"],
    &["note", "remark", "comment"],
    &["organization", "org"],
    &["star", "githubstar"],
    &["#", "id", "no", "index", "number"],
    &["描述", "介绍", "说明", "简介"],
    &["链接", "地址", "网址"],
    &["代码", "源码"],
    &["名称", "名字"],
];

impl Names {
    /// The number of a name, given as readers see it.
    pub(super) fn number(&mut self, text: &str) -> Name {
        if let Some(&number) = self.numbers.get(text) {
            return number;
        }
        let words = words(text);
        let key = words.concat();
        let core = words.iter().filter(|word| !GENERIC.contains(&word.as_str())).map(String::as_str).collect();
        let is_in = |group: &&[&str]| group.contains(&key.as_str());
        let groups = SYNONYMS.iter().enumerate().filter(|(_, group)| is_in(group)).map(|(bit, _)| 1 << bit).sum();
        let number = Name(self.forms.len());
        self.forms.push(Forms { text: text.to_owned(), key, core, groups });
        self.numbers.insert(text.to_owned(), number);
        number
    }

    /// The name as readers see it.
    pub(super) fn text(&self, name: Name) -> &str {
        &self.forms[name.0].text
    }

    /// Whether two names are one but for case, marks and number.
    pub(super) fn have_one_key(&self, a: Name, b: Name) -> bool {
        let (a, b) = (&self.forms[a.0], &self.forms[b.0]);
        a.key == b.key && !a.key.is_empty()
    }

    /// How the names of two columns of these roles are alike; none where they say different things.
    pub(super) fn likeness(&self, (a, role_a): (Name, Role), (b, role_b): (Name, Role)) -> Option<Likeness> {
        if a == b {
            return Some(Likeness::Same);
        }
        let (a, b) = (&self.forms[a.0], &self.forms[b.0]);
        if a.text.is_empty() || b.text.is_empty() {
            return Some(Likeness::Unnamed);
        }
        let are_like = role_a == role_b;
        if !a.key.is_empty() && a.key == b.key || is_slip(&a.key, &b.key) {
            Some(Likeness::Spelling)
        } else if are_like && !a.core.is_empty() && a.core == b.core {
            Some(Likeness::Wording)
        } else if are_like && a.groups & b.groups != 0 {
            Some(Likeness::Synonym)
        } else {
            None
        }
    }

    /// Whether one of two names is written in Latin letters and the other in Chinese, Japanese or Korean ones.
    pub(super) fn are_in_two_scripts(&self, a: Name, b: Name) -> bool {
        let is_latin = |name: Name| {
            let text = self.text(name);
            text.is_ascii() && text.bytes().any(|byte| byte.is_ascii_alphabetic())
        };
        let is_other = |name: Name| {
            let letters = || self.text(name).chars().filter(|character| character.is_alphabetic());
            letters().next().is_some() && letters().all(|letter| letter >= '\u{1100}')
        };
        is_latin(a) && is_other(b) || is_other(a) && is_latin(b)
    }
}

/// Whether two keys are one word with a slip of the pen in it.
fn is_slip(a: &str, b: &str) -> bool {
    const LONG_WORD: usize = 5;
    // `Score` and `Scope` are two words.
    const LONG_WORD_WITH_OTHER_LETTER: usize = 7;
    let is_word = |key: &str| key.len() >= LONG_WORD && key.bytes().all(|byte| byte.is_ascii_lowercase());
    let sum = |key: &str| key.bytes().map(u32::from).sum::<u32>();
    let has_other_letter = a.len() == b.len() && sum(a) != sum(b);
    is_word(a)
        && is_word(b)
        && (!has_other_letter || a.len() >= LONG_WORD_WITH_OTHER_LETTER)
        && slip(a, b).is_some_and(|behind| behind > 0)
}

/// The words of a name in lower case, without the plural's `s`. Marks that count things or say more or less belong to them: `# images`, `C++`.
fn words(text: &str) -> Vec<String> {
    let is_kept = |character: char| character.is_alphanumeric() || "#%+@&=<>!?$^~".contains(character);
    // `Author(s)` is `Authors`.
    let text = text.replace("(s)", "s").replace('\'', "");
    let words = text.split(|character| !is_kept(character)).filter(|word| !word.is_empty());
    let singular = |word: &str| {
        let word = word.to_lowercase();
        let is_plural =
            word.len() >= 4 && word.ends_with('s') && !["ss", "us", "is"].iter().any(|end| word.ends_with(end));
        if is_plural { word[..word.len() - 1].to_owned() } else { word }
    };
    words.map(singular).collect()
}
