//! What `mojibake` promises: text of any script that was read in a wrong character set is found and restored exactly; honest text is left alone.

use encoding_rs::{Encoding, MACINTOSH, WINDOWS_1252};
use proptest::prelude::*;
use tablewright::fix::Applicability;
use tablewright::lint::{self, Settings};
use tablewright::rules::by_name;
use tablewright::source::Source;

use crate::corpus::CURRENT_YEAR;
use crate::generate;

fn list(cell: &str) -> Source {
    Source::new("list.md", format!("| Name | Note |\n| ---- | ---- |\n| [a](https://e.org/a) | {cell} |\n"))
}

fn findings(source: &Source) -> Vec<String> {
    let rule = [by_name("mojibake").expect("the rule is there")];
    let checked = lint::check(source, &Settings::new(&rule, CURRENT_YEAR));
    checked.findings.into_iter().map(|finding| finding.diagnostic.message).collect()
}

fn restored(source: &Source) -> String {
    let rule = [by_name("mojibake").expect("the rule is there")];
    let source = Source::new(source.path(), source.text());
    lint::fix(source, &Settings::new(&rule, CURRENT_YEAR), Applicability::Unsafe).source.into_text()
}

/// How a text comes to be read wrongly.
#[derive(Clone, Copy, PartialEq, Debug)]
enum Misreading {
    Windows1252,
    /// As Latin-1 in its strict form, with control characters.
    Latin1,
    MacRoman,
}

impl Misreading {
    fn of(self, text: &str) -> String {
        let decode = |encoding: &'static Encoding| encoding.decode_without_bom_handling(text.as_bytes()).0.into_owned();
        match self {
            Self::Windows1252 => decode(WINDOWS_1252),
            Self::Latin1 => text.bytes().map(char::from).collect(),
            Self::MacRoman => decode(MACINTOSH),
        }
    }
}

fn misreading() -> impl Strategy<Value = Misreading> {
    prop::sample::select(vec![Misreading::Windows1252, Misreading::Latin1, Misreading::MacRoman])
}

/// Sentences as people write them; each has words with letters beyond ASCII.
const SENTENCES: &[&str] = &[
    "Déjà vu : l’été à la plage, où l’on mange des crêpes",
    "« L’Œuvre » est à moitié finie… ÇA VA ? Noël, maïs, cœur",
    "Não há informação; a coleção de dados é pública. SÃO PAULO, «AMANHû",
    "Año nuevo, ¿qué tal? ¡Muy bien! Señor Muñoz, corazón",
    "Größe und Straße, „ÄRGER“, für Österreich, ÜBUNG",
    "Är det så? På svenska: räksmörgås, ”ÅÄÖ”",
    "Blåbærsyltetøy på norsk, Ærø og Øresund",
    "Příliš žluťoučký kůň úpěl ďábelské ódy",
    "Zażółć gęślą jaźń, Łódź i Kraków, źródło",
    "Şişli’de güneşli bir gün, İstanbul’un ışığı, çocuk",
    "Árvíztűrő tükörfúrógép, győr",
    "Mulțumesc, în română și în engleză, ăsta",
    "Tiếng Việt có nhiều dấu: đường, nguyễn, ở đây",
    "Žluti lapse õunad, šokolaad ja üürike",
    "Ķēniņš ēd āboliņu, ūdens, žēl",
    "Þetta er íslenska: ætíð, öðruvísi",
    "Ελληνικά δεδομένα για την έρευνα, Αθήνα",
    "Привет, мир! Данные на русском языке – и не только",
    "Українська мова: її ґанок, Київ",
    "שלום עולם, נתונים בעברית",
    "مرحبا بالعالم، بيانات عربية",
    "سلام دنیا، داده‌های فارسی",
    "हिन्दी में डेटा, नमस्ते",
    "বাংলা ভাষার তথ্য",
    "தமிழ் தரவு",
    "ข้อมูลภาษาไทย",
    "中文数据集，包含多种标签。“测试”",
    "繁體中文資料集「測試」",
    "日本語のデータセット、テスト（カタカナ）",
    "한국어 데이터셋 · 감정 분석",
    "Հայերեն տվյալներ",
    "ქართული მონაცემები",
    "መረጃ በአማርኛ",
    "Azərbaycan dili üçün məlumat",
    "Ẹ káàárọ̀, èdè Yorùbá, ọmọ",
    "Weather: 20 °C ± 0.5, 512×512 pixels – “good”, it’s 3 µm",
    "✅ works, ⚠️ careful, 🚀 fast, ⭐⭐⭐ → next",
];

/// What honest lists hold beside sentences: marks, symbols and abbreviations, in capitals, too.
const HONEST: &[&str] = &[
    "CAFÉ®, CAFÉ™, ÉTÉ…, LÉ—, ÂGE, Nº 5, 1ª, 2º, Â",
    "« À », « Ã », « Â », «É», ‹É›, „Ä“, “É”, ‘É’, »É«, ”É”",
    "“IRMÃ”, «MANHû, ‘MAÇû, IRMÃ’S, IRMÃ – MÃE, AMANHÃ…, LÃ",
    "7×–18×, 2×½, ×, Ø², Ø³, Ø° 5, 20°–30°",
    "(–∞, ∞), √π, 2√π, ≈π, ≈±3, ∆µ, ∂∑, ≤½, –π",
    "® © ™ § ¶ † ‡ • · … – — ° ¹ ² ³ ½ ¼ ¾ € £ ¥ ¢",
    "TÝŽ, NEJMLADŠÍ, PŘÍŠTÍ, VÝŠKA, KÓŽ, ÚŽASNÝ, môže, äž",
    "ÖVRIGT, ÅR, PÅ, „ÖL“, „STRASSE“, Ü, ÄÖÜ, ß",
    "d’État, l’École, d’Été, —État—, –Été–, …à suivre, «été», “à”",
    "‚Äpfel‘, ‚Öl‘, „Äußerung“, ‚à la carte’",
    "l·l, col·lecció, 서울·부산, A·B·C",
    "naïve façade—coöperate, Brontë’s, Zoë™, Citroën®",
    "ASCII only, with 'quotes' and \"more\" -- nothing else",
    "① ② ③, ★★★☆☆, ▲▼, →←, ✓✗, ♪, ⌘",
    "é, è, à, ù, ç, œ, É, È, À, Ù, Ç, Œ",
    "ÀÉÎÕÜ ÂÊÎÔÛ ÃÑÕ ÄËÏÖÜ",
    "¿Qué?, ¡Olé!, ¿¡Cómo!?",
    "µm, Ω, kΩ, 5 µs, ±5 %, ≤ 3, ≥ 2, ≠, ¬p, p ∧ ¬q",
];

#[test]
fn honest_text_is_left_alone() {
    for text in SENTENCES.iter().chain(HONEST) {
        let source = list(text);
        assert_eq!(findings(&source), [""; 0], "{text}");
        let upper = list(&text.to_uppercase());
        assert_eq!(findings(&upper), [""; 0], "{}", text.to_uppercase());
    }
}

#[test]
fn every_sentence_comes_back() {
    for sentence in SENTENCES {
        for misreading in [Misreading::Windows1252, Misreading::Latin1, Misreading::MacRoman] {
            for text in [(*sentence).to_owned(), misreading.of(sentence)] {
                let broken = list(&misreading.of(&text));
                assert!(!findings(&broken).is_empty(), "{misreading:?}: {sentence}: {}", broken.text());
                assert_eq!(restored(&broken), list(sentence).text(), "{misreading:?}: {}", broken.text());
            }
        }
    }
}

proptest! {
    #![proptest_config(generate::config())]

    #[test]
    fn words_of_any_script_come_back(
        first in prop::sample::select(SENTENCES),
        second in prop::sample::select(SENTENCES),
        words in (any::<prop::sample::Index>(), any::<prop::sample::Index>()),
        plain in prop::sample::select(vec!["", "Dataset ", "a survey of ", "GPT-4: "]),
        misreading in misreading(),
    ) {
        let from = |sentence: &str, index: &prop::sample::Index| {
            let words: Vec<&str> = sentence.split(' ').filter(|word| !word.is_ascii()).collect();
            words[index.index(words.len())].to_owned()
        };
        let text = format!("{plain}{} {}", from(first, &words.0), from(second, &words.1));
        prop_assert_eq!(findings(&list(&text)), [""; 0], "{}", text);
        let broken = list(&misreading.of(&text));
        // One word alone may be read either way: `Ãœ`. Where something is found, all of it comes back.
        if findings(&broken).is_empty() {
            let letters = text.chars().filter(|character| !character.is_ascii() && character.is_alphabetic()).count();
            prop_assert!(letters < 4, "{:?}: {}", misreading, broken.text());
        } else {
            let (healed, sound) = (restored(&broken), list(&text));
            prop_assert_eq!(healed.as_str(), sound.text(), "{:?}: {}", misreading, broken.text());
        }
    }

    #[test]
    fn fixes_settle_on_any_mixture(
        pieces in prop::collection::vec(prop::sample::select(vec![
            "Ã", "Â", "â", "€", "“", "”", "’", "©", "\u{a0}", "\u{80}", "\u{9d}", "√", "ó", "‚", "Ä", "ì", "é", " ", "a", "Z", "`", "«", "»", "Ð",
            "¸", "œ", "…", "中", "\u{f8ff}", "ü", "ö", "–", "∞", "×", "<!--", "-->", "ï", "¿",
        ]), 1..24),
    ) {
        let source = list(&pieces.concat());
        let rule = [by_name("mojibake").expect("the rule is there")];
        let settings = Settings::new(&rule, CURRENT_YEAR);
        prop_assert!(lint::fix(source, &settings, Applicability::Unsafe).has_settled);
    }
}
