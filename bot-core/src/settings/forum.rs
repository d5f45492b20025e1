//! The section `[forum]`: how people speak with the bot.

use serde::Deserialize;
use unic_langid::LanguageIdentifier;

use super::fault::SettingsFault;
use super::layers::Layers;

/// How people speak with the bot, and it with them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ForumSettings {
    /// What commands begin with where several people talk.
    pub prefix: String,
    /// The language of what the bot says, a BCP 47 tag.
    pub language: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, expecting = "a section")]
pub(super) struct ForumSection {
    prefix: String,
    language: String,
}

impl ForumSection {
    pub(super) fn check(self, layers: &Layers) -> Result<ForumSettings, SettingsFault> {
        let wrong = |key: &'static str, wrong: &str, remedy| {
            Err(SettingsFault::WrongValue {
                key,
                origin: layers.origin(key),
                wrong: wrong.to_owned(),
                remedy,
            })
        };
        let remedy = "choose one or two signs that nobody’s talk begins with, such as \"!\"";
        if self.prefix.is_empty() {
            return wrong("forum.prefix", "is empty", remedy);
        }
        if self.prefix.chars().any(char::is_whitespace) {
            return wrong("forum.prefix", "has white space in it", remedy);
        }
        if self.prefix.contains('#') {
            return wrong(
                "forum.prefix",
                "has a # in it, with which addresses like #42 begin",
                remedy,
            );
        }
        if self.language.parse::<LanguageIdentifier>().is_err() {
            return wrong(
                "forum.language",
                &format!("is \"{}\", which is no language", self.language),
                "write a tag such as \"en\" or \"de-CH\"",
            );
        }
        Ok(ForumSettings {
            prefix: self.prefix,
            language: self.language,
        })
    }
}
