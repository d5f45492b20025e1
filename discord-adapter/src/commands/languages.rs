//! Commands in the languages of those who see them: Discord shows each person what they have for the language of their own Discord.

use std::collections::HashMap;

use bot_core::text::Texts;

use super::described;

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
    /// The description of a command, a subcommand or an option, and what it is in the other languages.
    pub(super) fn described(
        self,
        says: impl Fn(&Texts) -> String,
    ) -> (String, Option<HashMap<String, String>>) {
        let others = self.localized(|texts| Some(described(&says(texts))));
        (described(&says(self.texts)), others)
    }

    /// The names that the other languages have for something; none where they have none.
    pub(super) fn localized(
        self,
        says: impl Fn(&Texts) -> Option<String>,
    ) -> Option<HashMap<String, String>> {
        let said = self.locales.iter().filter_map(|locale| {
            let said = says(&locale.texts)?;
            Some((locale.name.to_owned(), said))
        });
        Some(said.collect::<HashMap<_, _>>()).filter(|said| !said.is_empty())
    }
}
