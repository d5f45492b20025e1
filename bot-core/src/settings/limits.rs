//! The section `[limits]`: how much one person may do within an hour.

use std::time::Duration;

use serde::Deserialize;

use super::fault::SettingsFault;
use super::layers::Layers;
use crate::forum::Limits;

#[derive(Deserialize)]
#[serde(deny_unknown_fields, expecting = "a section")]
pub(super) struct LimitsSection {
    questions: i64,
    newcomer_questions: i64,
    answers: i64,
    comments: i64,
    edits: i64,
    votes: i64,
    newcomer_posts: i64,
    newcomer_hours: i64,
}

impl LimitsSection {
    pub(super) fn check(self, layers: &Layers) -> Result<Limits, SettingsFault> {
        let count = |key: &'static str, written: i64| {
            u32::try_from(written).map_err(|_| SettingsFault::WrongValue {
                key,
                origin: layers.origin(key),
                wrong: format!("is {written}"),
                remedy: "write a number from 0; 0 sets no limit",
            })
        };
        let hours = count("limits.newcomer_hours", self.newcomer_hours)?;
        Ok(Limits {
            questions: count("limits.questions", self.questions)?,
            newcomer_questions: count("limits.newcomer_questions", self.newcomer_questions)?,
            answers: count("limits.answers", self.answers)?,
            comments: count("limits.comments", self.comments)?,
            edits: count("limits.edits", self.edits)?,
            votes: count("limits.votes", self.votes)?,
            newcomer_posts: count("limits.newcomer_posts", self.newcomer_posts)?,
            newcomer_time: Duration::from_secs(3_600 * u64::from(hours)),
        })
    }
}
