//! Posts as their readers see them, and small facts that reading needs.

use super::db::{self, Connection, OptionalExtension, Row, column, params};
use super::fault::{During, Fault};
use super::names::person_name;
use super::reader::Reader;
use super::rows::{self};
use crate::forum::{
    Address, AnswerView, Closing, Condition, EditedBy, ForumId, Origin, Ownership, Page, PostId,
    PostKind, PostView, QuestionView, RevisionView, Score, ThreadView, Timestamp,
};

/// Edits by the author within this many milliseconds of posting are not told of.
const QUIET_EDIT: i64 = 300_000;

/// An answer as its card shows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AnswerCard {
    /// The answer.
    pub post: PostView,
    /// Whether it is the accepted one.
    pub accepted: bool,
}

/// A question that was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FoundQuestion {
    /// The question.
    pub question: QuestionView,
    /// Its accepted (else best) visible answer.
    pub answer: Option<AnswerCard>,
}

/// What a card shows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Shown {
    /// A question.
    Question(QuestionView),
    /// An answer.
    Answer(AnswerCard),
    /// A comment.
    Comment(PostView),
    /// Nothing any more: the post was withdrawn and nothing hangs on it.
    Gone,
}

impl Shown {
    /// The post, if it is hidden.
    #[must_use]
    pub fn hidden(&self) -> Option<PostId> {
        let post = match self {
            Self::Question(question) => &question.post,
            Self::Answer(answer) => &answer.post,
            Self::Comment(comment) => comment,
            Self::Gone => return None,
        };
        matches!(post.condition, Condition::Hidden(_)).then_some(post.id)
    }
}

/// In which order, and which, questions are listed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Order {
    /// Newest first.
    Recent,
    /// Those without an answer, newest first.
    Unanswered,
    /// By how much goes on: newest activity, plus 160,000 s for each answer and vote.
    Hot,
    /// By votes, then newest.
    Votes,
}

/// Which questions to list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listing {
    /// The order.
    pub order: Order,
    /// Only those with this tag.
    pub tag: Option<String>,
    /// The page, from 1.
    pub page: u32,
    /// How many are on a page.
    pub items: u32,
}

impl Listing {
    /// How many questions are on the pages before.
    #[must_use]
    pub fn skipped(&self) -> u64 {
        u64::from(self.page.saturating_sub(1)) * u64::from(self.items.max(1))
    }

    /// The page, of a list that has `total` questions.
    #[must_use]
    pub fn with(&self, items: Vec<QuestionView>, total: u64) -> Page<QuestionView> {
        let pages = total.div_ceil(u64::from(self.items.max(1)));
        Page {
            items,
            number: self.page,
            pages: u32::try_from(pages).unwrap_or(u32::MAX),
            total,
            more: false,
        }
    }
}

/// What is shown of posts, behind the columns of [`rows::POST`] that [`rows::post`] reads. Of a name each four, as [`person_name`] reads them: whether somebody else in the forum looks
/// the same is looked up from the index of skeletons to the members, so that it costs as much in a forum of any size.
const SHOWN: &str = "SELECT post.id, post.question, post.kind, post.forum, post.author, post.at,
    post.withdrawn_at IS NOT NULL AS withdrawn, post.number, question.number, parent.kind, parent.number, post.hidden_as, post.withdraw_at,
    question.closed_at IS NOT NULL AS closed,
    identity.name, identity.platform, coalesce(identity.account, identity.key),
    EXISTS (SELECT 1 FROM identity AS other
         WHERE other.skeleton = identity.skeleton AND other.id <> identity.id
         AND (other.person IS NULL OR other.person IS DISTINCT FROM identity.person)
         AND EXISTS (SELECT 1 FROM membership WHERE membership.forum = post.forum AND membership.identity = other.id)),
    coalesce(text.body, '') AS body, coalesce(score.ups, 0) AS ups, coalesce(score.downs, 0) AS downs, text.revision, text.author, text.at,
    editor.name, editor.platform, coalesce(editor.account, editor.key),
    CASE WHEN text.author <> post.author THEN EXISTS (SELECT 1 FROM identity AS other
         WHERE other.skeleton = editor.skeleton AND other.id <> editor.id
         AND (other.person IS NULL OR other.person IS DISTINCT FROM editor.person)
         AND EXISTS (SELECT 1 FROM membership WHERE membership.forum = post.forum AND membership.identity = other.id)) ELSE FALSE END,
    coalesce(text.title, '') AS title, post.answers, accepted.number,
    post.closed_at, post.closed_as, origin.name, origin.site, imported.key, imported.licence, imported.wiki,
    identity.platform = 'deleted' AS deleted
    FROM post JOIN post AS question ON question.id = post.question LEFT JOIN post AS parent ON parent.id = post.parent
    JOIN identity ON identity.id = post.author LEFT JOIN text ON text.post = post.id
    LEFT JOIN score ON score.post = post.id LEFT JOIN identity AS editor ON editor.id = text.author
    LEFT JOIN post AS accepted ON accepted.id = post.accepted AND accepted.hidden_at IS NULL
    LEFT JOIN imported ON imported.post = post.id LEFT JOIN origin ON origin.id = imported.origin";

const _: () = assert!(rows::can_read(SHOWN), "rows::post reads these rows too");

impl Reader {
    /// What the card of a post shows; none where there is no such post.
    pub fn shown(&self, post: PostId) -> Result<Option<Shown>, Fault> {
        self.with(|conn| {
            let Some(question) = question(conn, post)? else {
                return Ok(None);
            };
            let view = question.post.clone();
            if view.condition == Condition::Withdrawn && !bears(conn, post)? {
                return Ok(Some(Shown::Gone));
            }
            Ok(Some(match view.kind {
                PostKind::Question => Shown::Question(question),
                PostKind::Answer => Shown::Answer(AnswerCard {
                    accepted: is_accepted(conn, post)?,
                    post: view,
                }),
                PostKind::Comment => Shown::Comment(view),
            }))
        })
        .during("reading a card")
    }

    /// A question without what hangs on it.
    pub fn question(&self, id: PostId) -> Result<Option<QuestionView>, Fault> {
        self.with(|conn| question(conn, id))
            .during("reading a question")
    }

    /// A question with all that hangs on it.
    pub fn thread(&self, id: PostId) -> Result<Option<ThreadView>, Fault> {
        self.with(|conn| {
            let Some(question) = question(conn, id)? else {
                return Ok(None);
            };
            let sql = format!(
                "{SHOWN} WHERE post.question = ?1 AND post.kind = 1
                 AND (post.withdrawn_at IS NULL AND post.hidden_at IS NULL OR EXISTS
                     (SELECT 1 FROM post AS child
                      WHERE child.parent = post.id AND child.withdrawn_at IS NULL AND child.hidden_at IS NULL))
                 ORDER BY post.id = question.accepted DESC,
                     coalesce(score.ups, 0) - coalesce(score.downs, 0) DESC, post.number"
            );
            let posts: Vec<PostView> =
                conn.prepare_cached(&sql)?.query_map([id.0], post_view)?.collect::<db::Result<_>>()?;
            let mut answers = Vec::with_capacity(posts.len());
            for post in posts {
                answers.push(AnswerView {
                    accepted: question.accepted == Some(post.address),
                    comments: comments(conn, post.id)?,
                    post,
                });
            }
            Ok(Some(ThreadView { comments: comments(conn, id)?, question, answers }))
        })
        .during("reading a thread")
    }

    /// What is shown of questions that were found, in their order: each with its accepted (else best) visible answer. None for one
    /// that is gone.
    pub fn found(&self, questions: &[PostId]) -> Result<Vec<Option<FoundQuestion>>, Fault> {
        self.with(|conn| {
            let found = questions.iter().map(|id| {
                let Some(question) = question(conn, *id)? else {
                    return Ok(None);
                };
                let answer = match question.answers {
                    0 => None,
                    _ => best_answer(conn, &question)?,
                };
                Ok(Some(FoundQuestion { question, answer }))
            });
            found.collect()
        })
        .during("reading what was found")
    }

    /// These questions in their order, without what hangs on them; those that are not there are left out.
    pub fn questions(&self, ids: &[PostId]) -> Result<Vec<QuestionView>, Fault> {
        self.with(|conn| {
            let questions = ids.iter().map(|id| question(conn, *id));
            questions.filter_map(Result::transpose).collect()
        })
        .during("reading questions")
    }

    /// The questions of a forum that have a tag, in the order of their ids; some may be hidden.
    pub fn tagged(&self, forum: ForumId, tag: &str) -> Result<Vec<PostId>, Fault> {
        self.with(|conn| {
            conn.prepare_cached(
                "SELECT post FROM tag WHERE forum = ?1 AND name = ?2 ORDER BY post",
            )?
            .query_map(params![forum.0, tag], |row| row.get(0).map(PostId))?
            .collect()
        })
        .during("reading what has a tag")
    }

    /// One page of a forum's questions, made from the questions themselves: the longer, the more there are.
    pub fn list(&self, forum: ForumId, listing: &Listing) -> Result<Page<QuestionView>, Fault> {
        let [count, page] = page_statements(listing.order);
        self.with(|conn| {
            let total: u64 = conn
                .prepare_cached(&count)?
                .query_row(params![forum.0, listing.tag], |row| row.get(0))?;
            let ids: Vec<i64> = conn
                .prepare_cached(&page)?
                .query_map(
                    params![
                        forum.0,
                        listing.tag,
                        listing.items,
                        i64::try_from(listing.skipped()).unwrap_or(i64::MAX)
                    ],
                    |row| row.get(0),
                )?
                .collect::<db::Result<_>>()?;
            let mut items = Vec::with_capacity(ids.len());
            for id in ids {
                items.extend(question(conn, PostId(id))?);
            }
            Ok(listing.with(items, total))
        })
        .during("listing questions")
    }

    /// Every text that a post had, oldest first, the present one last; nothing while it is hidden and once it is withdrawn.
    pub fn history(&self, post: PostId) -> Result<Vec<RevisionView>, Fault> {
        self.with(|conn| {
            conn.prepare_cached(
                "SELECT text.number, text.at, text.reason, text.title, text.body, identity.name, identity.platform, coalesce(identity.account, identity.key),
    EXISTS (SELECT 1 FROM identity AS other
         WHERE other.skeleton = identity.skeleton AND other.id <> identity.id
         AND (other.person IS NULL OR other.person IS DISTINCT FROM identity.person)
         AND EXISTS (SELECT 1 FROM membership WHERE membership.forum = post.forum AND membership.identity = other.id))
                 FROM (SELECT number, author, at, reason, title, body FROM revision WHERE post = ?1
                      UNION ALL SELECT revision, author, at, reason, title, body FROM text WHERE post = ?1) AS text
                 JOIN identity ON identity.id = text.author JOIN post ON post.id = ?1
                 WHERE post.hidden_at IS NULL ORDER BY text.number",
            )?
            .query_map([post.0], |row| {
                Ok(RevisionView {
                    number: row.get(0)?,
                    author: person_name(row, 5)?,
                    at: Timestamp(row.get(1)?),
                    reason: row.get(2)?,
                    title: row.get(3)?,
                    body: row.get(4)?,
                })
            })?
            .collect()
        })
        .during("reading a history")
    }
}

/// The statements of a list in this order: how many questions are on it, and those of a page.
pub(super) fn page_statements(order: Order) -> [String; 2] {
    let unanswered = match order {
        Order::Unanswered => "AND post.answers = 0",
        Order::Recent | Order::Hot | Order::Votes => "",
    };
    let by = match order {
        Order::Recent | Order::Unanswered => "post.number DESC",
        Order::Votes => "coalesce(score.ups, 0) - coalesce(score.downs, 0) DESC, post.number DESC",
        // 160,000 s an answer or vote, in milliseconds; both times are added, as the forum's rules say.
        Order::Hot => {
            "post.at + coalesce(post.answered_at, post.at) + 160000000 * (post.answers
             + coalesce(score.ups, 0) - coalesce(score.downs, 0)) DESC, post.number DESC"
        }
    };
    let filter = format!(
        "WHERE post.forum = ?1 AND post.kind = 0 AND post.withdrawn_at IS NULL AND post.hidden_at IS NULL {unanswered}
         AND (CAST(?2 AS TEXT) IS NULL OR EXISTS (SELECT 1 FROM tag WHERE tag.post = post.id AND tag.name = ?2))"
    );
    [
        format!("SELECT count(*) FROM post INDEXED BY post_listed {filter}"),
        format!(
            "SELECT post.id FROM post INDEXED BY post_listed LEFT JOIN score ON score.post = post.id {filter}
             ORDER BY {by} LIMIT ?3 OFFSET ?4"
        ),
    ]
}

fn bears(conn: &Connection, post: PostId) -> db::Result<bool> {
    conn.prepare_cached(
        "SELECT EXISTS (SELECT 1 FROM post WHERE parent = ?1 AND withdrawn_at IS NULL)",
    )?
    .query_row([post.0], |row| row.get(0))
}

fn is_accepted(conn: &Connection, answer: PostId) -> db::Result<bool> {
    conn.prepare_cached(
        "SELECT question.accepted IS NOT DISTINCT FROM post.id FROM post JOIN post AS question ON question.id = post.question WHERE post.id = ?1",
    )?
    .query_row([answer.0], |row| row.get(0))
}

/// The accepted (else best) visible answer of a question: found first, so that only one of them is read with all that is shown.
fn best_answer(conn: &Connection, of: &QuestionView) -> db::Result<Option<AnswerCard>> {
    let best: Option<i64> = conn
        .prepare_cached(
            "SELECT post.id FROM post JOIN post AS question ON question.id = post.question
             LEFT JOIN score ON score.post = post.id
             WHERE post.question = ?1 AND post.kind = 1 AND post.withdrawn_at IS NULL AND post.hidden_at IS NULL
             ORDER BY post.id = question.accepted DESC,
                 coalesce(score.ups, 0) - coalesce(score.downs, 0) DESC, post.number LIMIT 1",
        )?
        .query_row([of.post.id.0], |row| row.get(0))
        .optional()?;
    let Some(best) = best else { return Ok(None) };
    let post = conn
        .prepare_cached(&format!("{SHOWN} WHERE post.id = ?1"))?
        .query_row([best], post_view)?;
    Ok(Some(AnswerCard {
        accepted: of.accepted == Some(post.address),
        post,
    }))
}

fn comments(conn: &Connection, on: PostId) -> db::Result<Vec<PostView>> {
    conn.prepare_cached(&format!(
        "{SHOWN} WHERE post.parent = ?1 AND post.kind = 2 AND post.withdrawn_at IS NULL AND post.hidden_at IS NULL
         ORDER BY post.number"
    ))?
    .query_map([on.0], post_view)?
    .collect()
}

/// A post with the columns that a question has; empty on others, and on one that is hidden.
fn question(conn: &Connection, id: PostId) -> db::Result<Option<QuestionView>> {
    let found = conn
        .prepare_cached(&format!("{SHOWN} WHERE post.id = ?1"))?
        .query_row([id.0], |row| {
            let post = post_view(row)?;
            let question = Address::question(post.address.question);
            Ok(QuestionView {
                title: match post.condition {
                    Condition::Visible | Condition::Withdrawn => {
                        row.get(column!(SHOWN, "title"))?
                    }
                    Condition::Hidden(_) => String::new(),
                },
                tags: Vec::new(),
                answers: row.get(column!(SHOWN, "post.answers"))?,
                accepted: row
                    .get::<_, Option<u32>>(column!(SHOWN, "accepted.number"))?
                    .map(|number| question.with_answer(number)),
                closing: closing(row)?,
                post,
            })
        })
        .optional()?;
    found
        .map(|view| {
            let tags = match view.post.condition {
                Condition::Visible | Condition::Withdrawn => rows::tags(conn, id)?,
                Condition::Hidden(_) => Vec::new(),
            };
            let closing = match view.closing {
                Some(closing) => Some(Closing {
                    duplicates: duplicates(conn, id)?,
                    ..closing
                }),
                None => None,
            };
            Ok(QuestionView {
                tags,
                closing,
                ..view
            })
        })
        .transpose()
}

/// A post as its readers see it: of a hidden one, no text.
fn post_view(row: &Row<'_>) -> db::Result<PostView> {
    let post = rows::post(row)?;
    let author = person_name(row, column!(SHOWN, "identity.name"))?;
    let revision: Option<i64> = row.get(column!(SHOWN, "text.revision"))?;
    let edited = match revision {
        Some(revision) if revision > 1 => {
            let editor: i64 = row.get(column!(SHOWN, "text.author"))?;
            let at: i64 = row.get(column!(SHOWN, "text.at"))?;
            let own = editor == post.author.0;
            let told = !own || at.saturating_sub(post.at.0) > QUIET_EDIT;
            told.then(|| -> db::Result<_> {
                Ok(EditedBy {
                    name: if own {
                        author.clone()
                    } else {
                        person_name(row, column!(SHOWN, "editor.name"))?
                    },
                    at: Timestamp(at),
                })
            })
            .transpose()?
        }
        _ => None,
    };
    Ok(PostView {
        id: post.id,
        address: post.address,
        kind: post.kind,
        condition: post.condition,
        author,
        body: match post.condition {
            Condition::Visible | Condition::Withdrawn => row.get(column!(SHOWN, "body"))?,
            Condition::Hidden(_) => String::new(),
        },
        score: Score {
            ups: row.get(column!(SHOWN, "ups"))?,
            downs: row.get(column!(SHOWN, "downs"))?,
        },
        at: post.at,
        edited,
        origin: origin(row)?,
    })
}

/// How a question was closed, but for its duplicates.
fn closing(row: &Row<'_>) -> db::Result<Option<Closing>> {
    let Some(at) = row.get(column!(SHOWN, "post.closed_at"))? else {
        return Ok(None);
    };
    Ok(Some(Closing {
        at: Timestamp(at),
        why: rows::why(row.get(column!(SHOWN, "post.closed_as"))?),
        duplicates: Vec::new(),
    }))
}

/// The questions that a question asks the same as, and that can be seen.
fn duplicates(conn: &Connection, question: PostId) -> db::Result<Vec<Address>> {
    conn.prepare_cached(
        "SELECT other.number FROM link JOIN post AS own ON own.id = link.question JOIN post AS other ON other.id = link.other
         WHERE link.question = ?1 AND link.kind = ?2 AND other.forum = own.forum
         AND other.withdrawn_at IS NULL AND other.hidden_at IS NULL ORDER BY other.number",
    )?
    .query_map(params![question.0, rows::DUPLICATE], |row| {
        row.get(0).map(Address::question)
    })?
    .collect()
}

/// Where a post was imported from.
fn origin(row: &Row<'_>) -> db::Result<Option<Origin>> {
    let Some(name) = row.get(column!(SHOWN, "origin.name"))? else {
        return Ok(None);
    };
    let (site, key): (Option<String>, String) = (
        row.get(column!(SHOWN, "origin.site"))?,
        row.get(column!(SHOWN, "imported.key"))?,
    );
    let host = site.as_deref().and_then(site_host);
    Ok(Some(Origin {
        source: host.map_or(name, str::to_owned),
        link: site.and_then(|site| original(&site, &key)),
        licence: row.get(column!(SHOWN, "imported.licence"))?,
        ownership: match (
            row.get(column!(SHOWN, "imported.wiki"))?,
            row.get(column!(SHOWN, "deleted"))?,
        ) {
            (true, _) => Ownership::Wiki,
            (false, true) => Ownership::Deleted,
            (false, false) => Ownership::Author,
        },
    }))
}

/// A site's name: `beer.stackexchange.com`.
pub(super) fn site_host(site: &str) -> Option<&str> {
    let (_, rest) = site.split_once("://")?;
    rest.split('/').next().filter(|host| !host.is_empty())
}

/// The address of an original: a site of Stack Exchange leads from a post's number to the post.
fn original(site: &str, key: &str) -> Option<String> {
    let site = site.trim_end_matches('/');
    let (number, to) = match key.strip_prefix('c') {
        Some(comment) => (comment, "posts/comments"),
        None => (key, "q"),
    };
    number.parse::<u64>().ok()?;
    Some(format!("{site}/{to}/{number}"))
}
