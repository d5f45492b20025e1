//! Commands in the languages of those who see them: Discord shows each person what they have for the language of their own Discord.

use bot_core::text::Texts;
use serde_json::{Map, Value, json};

use super::described;
use crate::words;

/// The languages that Discord can be in beside English, as it names them; Discord's list.
const KNOWN: [&str; 30] = [
    "bg", "cs", "da", "de", "el", "es-419", "es-ES", "fi", "fr", "hi", "hr", "hu", "id", "it",
    "ja", "ko", "lt", "nl", "no", "pl", "pt-BR", "ro", "ru", "sv-SE", "th", "tr", "uk", "vi",
    "zh-CN", "zh-TW",
];
/// The language that the one made of English stands in for.
const STANDS_FOR: &str = "de";

/// A language that Discord can be in, with the texts in it.
pub(crate) struct Locale {
    /// As Discord names it.
    name: &'static str,
    texts: Texts,
}

/// The languages that commands have texts in beside the forum's, whose texts are `texts`.
pub(crate) fn locales(texts: &Texts) -> Vec<Locale> {
    let made = texts.is_made().then(|| Locale {
        name: STANDS_FOR,
        texts: texts.clone(),
    });
    let shipped = Texts::others().flat_map(|language| {
        let is_it = move |name: &&str| name.split('-').next() == Some(language);
        KNOWN.into_iter().filter(is_it).map(move |name| Locale {
            name,
            texts: Texts::new(language),
        })
    });
    // What is said twice is said as the forum does.
    let shipped = shipped.filter(|locale| made.is_none() || locale.name != STANDS_FOR);
    let shipped: Vec<_> = shipped.collect();
    made.into_iter().chain(shipped).collect()
}

/// The languages in which commands are described.
#[derive(Clone, Copy)]
pub(super) struct Languages<'a> {
    /// The forum's texts.
    pub texts: &'a Texts,
    /// Those for people whose Discord is in another language.
    pub locales: &'a [Locale],
}

impl Languages<'_> {
    /// A command, a subcommand or an option, described, and in the other languages described and named; `id` is what the names
    /// are found by.
    pub(super) fn localized(
        self,
        mut of: Value,
        id: &str,
        says: impl Fn(&Texts) -> String,
    ) -> Value {
        of["description"] = json!(described(&says(self.texts)));
        let english = of["name"].as_str().unwrap_or_default().to_owned();
        let of = self.named(of, |texts| words::name(texts, id, &english));
        self.set(of, "description_localizations", |texts| {
            Some(described(&says(texts)))
        })
    }

    /// What has a name, with the names that the other languages have for it.
    pub(super) fn named(self, of: Value, name: impl Fn(&Texts) -> Option<String>) -> Value {
        self.set(of, "name_localizations", name)
    }

    fn set(self, mut of: Value, field: &str, says: impl Fn(&Texts) -> Option<String>) -> Value {
        let said = self.locales.iter().filter_map(|locale| {
            let said = says(&locale.texts)?;
            Some((locale.name.to_owned(), Value::from(said)))
        });
        let said: Map<_, _> = said.collect();
        if !said.is_empty() {
            of[field] = said.into();
        }
        of
    }
}
