//! Every number and text that the schema keeps though it follows from other rows, counted from nothing.

use super::*;
use crate::fingerprint;
use crate::forum::folded;

/// What is kept, and a statement that gives of each row which it is, what is kept there, and what a count of all the others gives.
const DERIVED: &[(&str, &str)] = &[
    (
        "votes: of each member the latest that stands, not on their own posts, and those imported without a voter",
        "WITH voter AS (
             SELECT saying.post, membership.member, max(saying.nth) AS latest
             FROM saying JOIN post ON post.id = saying.post
             JOIN membership ON membership.identity = saying.identity AND membership.forum = post.forum
             WHERE saying.standing = 1 GROUP BY saying.post, membership.member),
         counted AS (
             SELECT voter.post, sum(vote = 1) AS ups, sum(vote = -1) AS downs
             FROM voter JOIN saying ON saying.post = voter.post AND saying.nth = voter.latest
             JOIN post ON post.id = voter.post
             WHERE NOT EXISTS (SELECT 1 FROM membership AS own WHERE own.forum = post.forum
                               AND own.identity = post.author AND own.member = voter.member)
             GROUP BY voter.post)
         SELECT post.id, score.ups || ' ' || score.downs,
             (coalesce(counted.ups, 0) + score.carried_ups) || ' ' || (coalesce(counted.downs, 0) + score.carried_downs)
         FROM post JOIN score ON score.post = post.id LEFT JOIN counted ON counted.post = post.id",
    ),
    (
        "answers that can be seen, and when the newest of them was written",
        "SELECT post.id, post.answers || ' ' || coalesce(post.answered_at, '-'),
             (SELECT count(*) || ' ' || coalesce(max(at), '-') FROM post AS answer
              WHERE answer.parent = post.id AND answer.kind = 1 AND answer.hidden_at IS NULL AND answer.withdrawn_at IS NULL)
         FROM post",
    ),
    (
        "the forum of a post, which is its question's",
        "SELECT post.id, post.forum, question.forum FROM post JOIN post AS question ON question.id = post.question",
    ),
    (
        "the question of an answer or comment, which is that of what it hangs on",
        "SELECT post.id, post.question, coalesce(parent.question, post.id) FROM post LEFT JOIN post AS parent ON parent.id = post.parent",
    ),
    (
        "the forum of a tag, which is its question's",
        "SELECT tag.post, tag.forum, post.forum FROM tag JOIN post ON post.id = tag.post",
    ),
    (
        "the person of an account, who is called by the oldest of their accounts",
        "SELECT identity.id, identity.person, (SELECT min(one.id) FROM identity AS one WHERE one.person = identity.person)
         FROM identity WHERE person IS NOT NULL",
    ),
    (
        "a text's number, which is greater than those before it",
        "SELECT text.post, text.revision > coalesce(max(revision.number), 0), 1
         FROM text LEFT JOIN revision ON revision.post = text.post GROUP BY text.post",
    ),
    (
        "the last number of an answer, a comment, a vote and a question: none was greater",
        "SELECT id, last_answer >= (SELECT coalesce(max(number), 0) FROM post AS child WHERE child.parent = post.id AND child.kind = 1), 1 FROM post
         UNION ALL SELECT id, last_comment >= (SELECT coalesce(max(number), 0) FROM post AS child WHERE child.parent = post.id AND child.kind = 2), 1 FROM post
         UNION ALL SELECT post, said >= (SELECT coalesce(max(nth), 0) FROM saying WHERE saying.post = score.post), 1 FROM score
         UNION ALL SELECT id, questions >= (SELECT coalesce(max(number), 0) FROM post WHERE post.forum = forum.id AND kind = 0), 1 FROM forum",
    ),
    (
        "the last number of a row and of a change: none was greater",
        "SELECT 0, counter.last >= CASE counter.name
             WHEN 'forum' THEN (SELECT coalesce(max(id), 0) FROM forum)
             WHEN 'place' THEN (SELECT coalesce(max(id), 0) FROM place)
             WHEN 'identity' THEN (SELECT coalesce(max(id), 0) FROM identity)
             WHEN 'member' THEN (SELECT coalesce(max(id), 0) FROM member)
             WHEN 'post' THEN (SELECT coalesce(max(id), 0) FROM post)
             WHEN 'surface' THEN (SELECT coalesce(max(id), 0) FROM surface)
             WHEN 'outbox' THEN (SELECT coalesce(max(id), 0) FROM outbox)
             WHEN 'origin' THEN (SELECT coalesce(max(id), 0) FROM origin)
             WHEN 'text_copy' THEN (SELECT coalesce(max(id), 0) FROM text_copy)
             WHEN 'wrong_code' THEN (SELECT coalesce(max(id), 0) FROM wrong_code)
             WHEN 'change_log' THEN (SELECT coalesce(max(seq), 0) FROM change_log) END, 1 FROM counter",
    ),
];

/// What is kept otherwise than a count of everything gives, in words.
pub(crate) fn miscounted(reader: &Reader) -> Vec<String> {
    reader
        .with(|conn| {
            let mut wrong = Vec::new();
            for (what, sql) in DERIVED {
                let mut statement = conn.prepare(sql)?;
                let rows = statement
                    .query_map([], |row| Ok((row.shown(0)?, row.shown(1)?, row.shown(2)?)))?;
                for row in rows {
                    let (of, kept, counted) = row?;
                    if kept != counted {
                        wrong.push(format!("{what}: of {of} kept is {kept}, counted {counted}"));
                    }
                }
            }
            let mut statement =
                conn.prepare("SELECT post, title, body, same FROM text WHERE title IS NOT NULL")?;
            let rows = statement.query_map([], |row| {
                let (title, body): (String, String) = (row.get(1)?, row.get(2)?);
                let counted = fingerprint::of_text(&folded(&Title::kept(title), &Body::kept(body)));
                Ok((row.get::<_, i64>(0)?, row.get::<_, i64>(3)?, counted))
            })?;
            for row in rows {
                let (post, kept, counted) = row?;
                if kept != counted {
                    wrong.push(format!("the fingerprint of question {post}"));
                }
            }
            Ok(wrong)
        })
        .expect("reads")
}

/// The change log, a line a change: what happened, who did it and why, as far as that is kept.
pub(crate) fn logged(reader: &Reader) -> Vec<String> {
    let read = reader.with(|conn| {
        conn.prepare(
            "SELECT what, coalesce(' by ' || identity.name, ''), coalesce(': ' || reason, '')
             FROM change_log LEFT JOIN identity ON identity.id = change_log.actor ORDER BY seq",
        )?
        .query_map([], |row| {
            let (what, by, why): (String, String, String) = (row.get(0)?, row.get(1)?, row.get(2)?);
            Ok(format!("{what}{by}{why}"))
        })?
        .collect::<db::Result<_>>()
    });
    read.expect("reads")
}
