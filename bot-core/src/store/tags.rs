//! The tags that a forum's questions have.

use super::db::params;
use super::fault::{During, Fault};
use super::reader::Reader;
use crate::forum::{ForumId, PostId, TagView};

impl Reader {
    /// The tags of a forum that begin so, with how many questions have each that can be seen: those that most have first, then by name.
    pub fn tags(&self, forum: ForumId, begin: &str) -> Result<Vec<TagView>, Fault> {
        self.with(|conn| {
            conn.prepare_cached(
                "SELECT tag.name, count(*) AS questions, min(tag.post) AS sole FROM tag CROSS JOIN post ON post.id = tag.post
                     WHERE tag.forum = ?1 AND tag.name >= ?2 AND substr(tag.name, 1, length(?2)) = ?2
                     AND post.hidden_at IS NULL GROUP BY tag.name ORDER BY count(*) DESC, tag.name",
            )?
            .query_map(params![forum.0, begin], |row| {
                let questions = row.get("questions")?;
                let sole = PostId(row.get("sole")?);
                Ok(TagView {
                    name: row.get("name")?,
                    questions,
                    sole: (questions == 1).then_some(sole),
                })
            })?
            .collect()
        })
        .during("reading how much tags are used")
    }
}
