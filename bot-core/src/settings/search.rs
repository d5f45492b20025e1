//! The section `[search]`: what is found.

use serde::Deserialize;

use super::fault::SettingsFault;
use super::layers::Layers;
use crate::forum::InTen;

/// What is found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SearchSettings {
    /// When similar questions are shown.
    pub similar: InTen,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, expecting = "a section")]
pub(super) struct SearchSection {
    similar: i64,
}

impl SearchSection {
    pub(super) fn check(self, layers: &Layers) -> Result<SearchSettings, SettingsFault> {
        let key = "search.similar";
        let similar = u8::try_from(self.similar).ok().and_then(InTen::new);
        let wrong = || SettingsFault::WrongValue {
            key,
            origin: layers.origin(key),
            wrong: format!("is {}", self.similar),
            remedy: "write a number from 1 to 9: of ten similar questions that are shown, at least so many should answer",
        };
        Ok(SearchSettings {
            similar: similar.ok_or_else(wrong)?,
        })
    }
}
