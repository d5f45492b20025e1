//! The acts: each fetches the facts inside the transaction, lets a rule decide, and applies what it decided.

use std::sync::Arc;

use super::outcome::Outcome;
use super::recent::RecentActs;
use crate::command::{Act, Target};
use crate::forum::{
    self, Address, Author, Ballot, Basis, Body, By, Change, Condition, Counted, Draft, Edit,
    EditEvent, ForumId, PlaceId, Post, PostId, PostKind, Reason, Refusal, Role, Source, Tags, Text,
    Timestamp, Title, Vote, vote,
};
use crate::platform::{Incoming, IncomingEvent, MessageKey, PersonKey, Platform};
use crate::store::{Fault, TextPart, Tx};

/// Who acts, where, and when, as the store knows them.
#[derive(Clone, Debug)]
pub(super) struct ActContext {
    /// The forum.
    pub forum: ForumId,
    /// The place.
    pub place: PlaceId,
    /// Who.
    pub by: By,
    /// When, for the post; what is shown.
    pub at: Timestamp,
    /// The message that says so, if one does.
    pub message: Option<MessageKey>,
    /// The event that makes the text of an edit, if it is one that can be taken away: then the edit is.
    pub event: Option<MessageKey>,
    /// The post that the message hangs on: in reply to it, or in its thread.
    pub here: Option<Post>,
    /// When the core heard of it: what limits go by.
    pub now: Timestamp,
    /// What people did lately.
    pub recent: Arc<RecentActs>,
}

/// An outcome, or a refusal on the way to it.
type Acted = Result<Result<Outcome, Refusal>, Fault>;

/// Gives up with a refusal.
macro_rules! or_refuse {
    ($result:expr) => {
        match $result {
            Ok(value) => value,
            Err(refusal) => return Ok(Err(refusal)),
        }
    };
}

/// The post that is meant; ends the act where there is none.
macro_rules! the_post {
    ($tx:expr, $context:expr, $target:expr) => {
        match target($tx, $context, $target)? {
            Meant::Post(post) => post,
            Meant::None(address) => return Ok(Err(Refusal::NoSuchPost { address })),
            Meant::Unsaid => return Ok(Ok(Outcome::WhichPost)),
        }
    };
}

/// Which post a target means.
enum Meant {
    Post(Post),
    None(Address),
    Unsaid,
}

/// Does what somebody said.
pub(super) fn perform(tx: &Tx<'_>, context: &ActContext, act: &Act) -> Result<Outcome, Fault> {
    let acted = match act {
        Act::Ask { title, body, tags } => ask(tx, context, title, body, tags),
        Act::Answer { question, body } => answer(tx, context, *question, body),
        Act::Comment { on, body } => comment(tx, context, *on, body),
        Act::Edit {
            post,
            title,
            body,
            tags,
            reason,
            seen,
        } => {
            let post = match target(tx, context, *post)? {
                Meant::Post(post) => post,
                Meant::None(address) => {
                    return Ok(Outcome::Refused(Refusal::NoSuchPost { address }));
                }
                Meant::Unsaid => return Ok(Outcome::WhichPost),
            };
            let wanted = EditRequest {
                title: title.as_deref(),
                body: body.as_deref(),
                tags: tags.as_deref(),
                reason: reason.as_deref(),
                made_from: seen.map_or(MadeFrom::Present, MadeFrom::Revision),
            };
            edit(tx, context, &post, wanted)
        }
        Act::Delete { post } => delete(tx, context, *post),
        Act::Hide { post } => hide(tx, context, *post),
        Act::Unhide { post } => unhide(tx, context, *post),
        Act::RemoveMessage { post } => remove_message(tx, context, *post),
        Act::SetVote { post, vote } => cast(tx, context, *post, Source::Command, *vote),
        Act::PressVote { post, vote } => press(tx, context, *post, *vote),
        Act::Unvote { post } => unvote(tx, context, *post),
        Act::Accept { answer } => accept(tx, context, *answer, None),
        Act::Unaccept { question } => unaccept(tx, context, *question),
    };
    acted.map(|acted| acted.unwrap_or_else(Outcome::Refused))
}

/// A reaction that votes.
pub(super) fn react_vote(
    tx: &Tx<'_>,
    context: &ActContext,
    reaction: &MessageKey,
    vote: Vote,
) -> Result<Outcome, Fault> {
    // A card of a forum that the place has left takes no more votes.
    if context.here.is_none() {
        return Ok(Outcome::Nothing);
    }
    let source = Source::Reaction(reaction.0.clone());
    cast(tx, context, Target::Here, source, vote)
        .map(|acted| acted.unwrap_or_else(Outcome::Refused))
}

/// A reaction that voted on a post before: nobody is told of it again.
pub(super) fn voted_before(tx: &Tx<'_>, post: PostId) -> Result<Outcome, Fault> {
    let score = tx.score(post)?;
    let post = tx.post(post)?;
    Ok(post.map_or(Outcome::Nothing, |post| Outcome::Voted {
        on: post.address,
        vote: None,
        score,
    }))
}

/// A reaction that accepts, if it is the asker's on an answer; otherwise it is just a reaction, a moderator's too: they say
/// `accept` when they mean it.
pub(super) fn react_accept(
    tx: &Tx<'_>,
    context: &ActContext,
    reaction: &MessageKey,
) -> Result<Outcome, Fault> {
    if tx.is_spent(reaction)? {
        return Ok(Outcome::Nothing);
    }
    let on = context.here.as_ref().map(|on| tx.post(on.question));
    let question = on.transpose()?.flatten();
    if question.is_none_or(|question| question.author.member != context.by.member) {
        let on = context
            .here
            .as_ref()
            .filter(|on| on.kind == PostKind::Answer);
        let Some(on) = on else {
            return Ok(Outcome::Nothing);
        };
        // It stays where it is, and its person is told of it once.
        tx.spend(reaction)?;
        let address = on.address;
        return Ok(Outcome::Refused(Refusal::StrayTick { address }));
    }
    accept(tx, context, Target::Here, Some(reaction.0.clone()))
        .map(|acted| acted.unwrap_or(Outcome::Nothing))
}

/// A person changed the message that a post was made from: `act` is what it says now. It was made from what the message said before, which
/// need not be what the post says by now.
pub(super) fn rewrite(
    tx: &Tx<'_>,
    context: &ActContext,
    post: PostId,
    act: &Act,
) -> Result<Outcome, Fault> {
    let Some(post) = tx.post(post)? else {
        return Ok(Outcome::Nothing);
    };
    if post.author.identity != context.by.identity || post.forum != context.forum {
        return Ok(Outcome::Nothing);
    }
    let acted = match (post.kind, act) {
        (PostKind::Question, Act::Ask { title, body, tags }) => {
            let wanted = EditRequest {
                made_from: MadeFrom::Message,
                ..EditRequest::question(title, body, tags)
            };
            edit(tx, context, &post, wanted)?
        }
        (
            PostKind::Question,
            Act::Edit {
                title, body, tags, ..
            },
        ) => {
            let wanted = EditRequest {
                title: title.as_deref(),
                body: body.as_deref(),
                tags: tags.as_deref(),
                made_from: MadeFrom::Message,
                ..EditRequest::default()
            };
            edit(tx, context, &post, wanted)?
        }
        (PostKind::Answer, Act::Answer { body, .. })
        | (PostKind::Comment, Act::Comment { body, .. }) => {
            let wanted = EditRequest {
                body: Some(body),
                made_from: MadeFrom::Message,
                ..EditRequest::default()
            };
            edit(tx, context, &post, wanted)?
        }
        _ => Err(Refusal::OtherCommand {
            address: post.address,
        }),
    };
    Ok(match acted {
        Ok(outcome) => outcome,
        Err(Refusal::NothingChanged { .. }) => Outcome::Nothing,
        Err(refusal) => Outcome::Refused(refusal),
    })
}

/// Keeps that what somebody wrote just now holds a post's text, and is not what the post was made from: a command by which it was edited, or
/// a change of the message that it was made from. It goes when the post is withdrawn.
pub(super) fn keep_words(
    tx: &Tx<'_>,
    incoming: &Incoming,
    place: PlaceId,
    outcome: &Outcome,
    now: Timestamp,
) -> Result<(), Fault> {
    let (message, post) = match (&incoming.what, outcome) {
        (IncomingEvent::Said { message, .. }, Outcome::Edited(address)) => {
            let row = tx.place(incoming.platform, &incoming.place.key)?;
            let Some(forum) = row.and_then(|row| row.forum) else {
                return Ok(());
            };
            (message, tx.post_at(forum, *address)?.map(|post| post.id))
        }
        // Also one that was refused: it may be what the post said before in other words.
        (IncomingEvent::Rewrote { message, .. }, _) => match &incoming.id {
            Some(change) => {
                let (platform, person) = (incoming.platform, &incoming.actor.key);
                // What others send as changes of it is none.
                let made = match tx.made_from(place, message)? {
                    Some(post) if tx.is_author(post, platform, person)? => Some(post),
                    Some(_) | None => None,
                };
                (change, made)
            }
            None => return Ok(()),
        },
        _ => return Ok(()),
    };
    match post {
        Some(post) => tx.keep_theirs(place, message, post, Some(&incoming.actor.key), now),
        None => Ok(()),
    }
}

/// Somebody took a message or reaction away: a vote is taken back, an accepting too; a post is withdrawn if its author did it, and
/// hidden if a moderator did.
pub(super) fn removed(
    tx: &Tx<'_>,
    context: &ActContext,
    gone: &MessageKey,
) -> Result<Outcome, Fault> {
    tx.forget_spent(gone)?;
    if let Some((saying, identity, post)) = tx.said_by(gone)? {
        let Some(post) = tx.post(post)? else {
            return Ok(Outcome::Nothing);
        };
        // Its place can have left the forum since.
        let Some(member) = tx.member_of(post.forum, identity)? else {
            return Ok(Outcome::Nothing);
        };
        let ballot = tx.ballot(post.forum, member, post.id)?;
        let changes = vote::take_back(&post, member, &ballot, saying);
        return vote_with(tx, context, &post, &ballot, &changes);
    }
    if let Some(question) = tx.accepted_by(gone)? {
        let Some(question) = tx.post(question)? else {
            return Ok(Outcome::Nothing);
        };
        tx.apply(
            question.forum,
            &[Change::Unaccepted {
                question: question.id,
                by: Some(context.by.identity),
            }],
            context.at,
        )?;
        tx.forget_spent(gone)?;
        return Ok(Outcome::Unaccepted(question.address));
    }
    if let Some(edit) = tx.made_by(&gone.0)? {
        return edit_removed(tx, context, &edit);
    }
    let made = tx.made_from(context.place, gone)?;
    let card = tx.card_of_message(context.place, gone)?;
    tx.end_surface(context.place, gone)?;
    if let Some(post) = card.map(|post| tx.post(post)).transpose()?.flatten() {
        // Its card says nothing of a post that stands.
        let stands = context.by.role.moderates() && post.condition == Condition::Visible;
        return Ok(match stands {
            true => Outcome::CardRemoved(post.address),
            false => Outcome::Nothing,
        });
    }
    let Some(post) = made.map(|post| tx.post(post)).transpose()?.flatten() else {
        return Ok(Outcome::Nothing);
    };
    let acted = if post.author.identity == context.by.identity {
        withdraw(tx, context, &post)?
    } else if context.by.role.moderates() {
        screen(tx, context, &post)?
    } else {
        return Ok(Outcome::Nothing);
    };
    Ok(acted.unwrap_or(Outcome::Nothing))
}

/// Somebody was banned from the place, and all that they wrote there was taken away: where a moderator did that, the posts that were made from it
/// are hidden.
pub(super) fn words_removed(
    tx: &Tx<'_>,
    context: &ActContext,
    platform: Platform,
    of: &PersonKey,
) -> Result<Outcome, Fault> {
    if !context.by.role.moderates() {
        return Ok(Outcome::Nothing);
    }
    for (message, post) in tx.written_in(context.place, platform, of)? {
        tx.end_surface(context.place, &message)?;
        if let Some(post) = tx.post(post)? {
            // What is hidden already is no less so.
            let hidden = forum::hide(&post, &context.by, context.at).unwrap_or_default();
            tx.apply(post.forum, &hidden, context.at)?;
        }
    }
    Ok(Outcome::Nothing)
}

/// The event that made one of a post's texts is taken away.
fn edit_removed(tx: &Tx<'_>, context: &ActContext, edit: &EditEvent) -> Result<Outcome, Fault> {
    let post = tx.post(edit.post)?;
    let Some(post) = post.filter(|post| post.forum == context.forum) else {
        return Ok(Outcome::Nothing);
    };
    let accepted = tx.accepted(post.question)?.map(|(answer, _)| answer);
    let Ok(changes) = forum::remove_edit(&post, edit, accepted, &context.by, context.at) else {
        return Ok(Outcome::Nothing);
    };
    tx.apply(context.forum, &changes, context.at)?;
    Ok(match changes.last() {
        Some(Change::EditRemoved { .. }) => Outcome::Edited(post.address),
        Some(Change::Withdrawn { .. }) => Outcome::Withdrawn(post.address),
        Some(Change::Hidden { .. }) => Outcome::Hidden(post.address),
        Some(_) | None => Outcome::Nothing,
    })
}

/// A message is gone by nobody knows whose hand: the post that was made from it is hidden, and withdrawn a day later.
pub(super) fn vanished(
    tx: &Tx<'_>,
    place: PlaceId,
    gone: &MessageKey,
    now: Timestamp,
) -> Result<Outcome, Fault> {
    let made = tx.made_from(place, gone)?;
    let ours = tx.is_being_removed(place, gone)?;
    tx.end_surface(place, gone)?;
    if ours {
        return Ok(Outcome::Nothing);
    }
    let Some(post) = made.map(|post| tx.post(post)).transpose()?.flatten() else {
        return Ok(Outcome::Nothing);
    };
    let changes = forum::source_gone(&post, now);
    if changes.is_empty() {
        return Ok(Outcome::Nothing);
    }
    tx.apply(post.forum, &changes, now)?;
    Ok(Outcome::Hidden(post.address))
}

/// Messages are gone together: nothing is shown by them any more, and that is all.
pub(super) fn ended(tx: &Tx<'_>, place: PlaceId, gone: &[MessageKey]) -> Result<Outcome, Fault> {
    for message in gone {
        tx.end_surface(place, message)?;
    }
    Ok(Outcome::Nothing)
}

/// Withdraws a hidden post whose time has come; gives whether it was.
pub(super) fn withdraw_due(tx: &Tx<'_>, post: PostId, now: Timestamp) -> Result<bool, Fault> {
    let Some(post) = tx.post(post)? else {
        return Ok(false);
    };
    let accepted = tx.accepted(post.question)?.map(|(answer, _)| answer);
    let changes = forum::withdraw_due(&post, accepted, now);
    tx.apply(post.forum, &changes, now)?;
    Ok(!changes.is_empty())
}

/// Makes a post of another's message: its first text is in the author's own words, and what is wanted otherwise is a revision by
/// whoever makes it. A title that can't be one as the author wrote it is taken as it is wanted.
pub(super) fn adopt(
    tx: &Tx<'_>,
    context: &ActContext,
    author: Author,
    own: &Act,
    wanted: &Act,
) -> Result<Outcome, Fault> {
    let theirs = ActContext {
        by: By {
            identity: author.identity,
            member: author.member,
            role: Role::Member,
            side: context.by.side,
        },
        ..context.clone()
    };
    let (
        Act::Ask { title, body, tags },
        Act::Ask {
            title: said,
            body: words,
            ..
        },
    ) = (wanted, own)
    else {
        return perform(tx, &theirs, own);
    };
    // Nothing is posted where what is wanted can't be.
    for checked in [
        Title::new(title).map(drop),
        Body::new(PostKind::Question, body).map(drop),
        Tags::new(tags.iter().map(String::as_str)).map(drop),
        Body::new(PostKind::Question, words).map(drop),
    ] {
        if let Err(refusal) = checked {
            return Ok(Outcome::Refused(refusal));
        }
    }
    let said = if Title::new(said).is_ok() {
        said
    } else {
        title
    };
    let posted = match ask(tx, &theirs, said, words, &[])? {
        Ok(outcome) => outcome,
        Err(refusal) => return Ok(Outcome::Refused(refusal)),
    };
    let Outcome::Posted(address) = posted else {
        return Ok(posted);
    };
    let Some(post) = tx.post_at(context.forum, address)? else {
        return Ok(posted);
    };
    let changed = edit(tx, context, &post, EditRequest::question(title, body, tags))?;
    Ok(match changed {
        Ok(_) | Err(Refusal::NothingChanged { .. }) => posted,
        Err(refusal) => Outcome::Refused(refusal),
    })
}

fn ask(tx: &Tx<'_>, context: &ActContext, title: &str, body: &str, tags: &[String]) -> Acted {
    let draft = Draft {
        title: or_refuse!(Title::new(title)),
        body: or_refuse!(Body::new(PostKind::Question, body)),
        tags: or_refuse!(Tags::new(tags.iter().map(String::as_str))),
    };
    let equal = tx.same_question(context.forum, &forum::folded(&draft.title, &draft.body))?;
    let changes = or_refuse!(forum::ask(draft, equal, &context.by, context.at));
    post(tx, context, Counted::Question, &changes)
}

fn answer(tx: &Tx<'_>, context: &ActContext, question: Target, body: &str) -> Acted {
    let meant = the_post!(tx, context, question);
    // In a thread, whatever post the reply is to, its question is the one that is answered.
    let question = match (question, meant.kind) {
        (Target::Here, PostKind::Answer | PostKind::Comment) => {
            tx.post(meant.question)?.unwrap_or(meant)
        }
        _ => meant,
    };
    let body = or_refuse!(Body::new(PostKind::Answer, body));
    post(
        tx,
        context,
        Counted::Answer,
        &or_refuse!(forum::answer(&question, body, &context.by, context.at)),
    )
}

fn comment(tx: &Tx<'_>, context: &ActContext, on: Target, body: &str) -> Acted {
    let on = the_post!(tx, context, on);
    let body = or_refuse!(Body::new(PostKind::Comment, body));
    post(
        tx,
        context,
        Counted::Comment,
        &or_refuse!(forum::comment(&on, body, &context.by, context.at)),
    )
}

/// Adds a post and keeps the message that it was made from: one that none was made from before.
fn post(tx: &Tx<'_>, context: &ActContext, what: Counted, changes: &[Change]) -> Acted {
    let made = match &context.message {
        Some(message) => tx.made_from(context.place, message)?,
        None => None,
    };
    if let Some(made) = made.map(|made| tx.post(made)).transpose()?.flatten() {
        return Ok(Err(Refusal::AlreadyPost {
            address: made.address,
        }));
    }
    or_refuse!(count(tx, context, what)?);
    let Some(added) = tx.apply(context.forum, changes, context.at)? else {
        return Ok(Ok(Outcome::Nothing));
    };
    if let Some(message) = &context.message {
        tx.keep_source(context.place, message, added)?;
    }
    if context.by.side != context.forum {
        tx.set_side(added, context.by.side)?;
    }
    // A message that was refused first is a post by the event that mended it.
    if let Some(event) = context
        .event
        .as_ref()
        .filter(|event| context.message.as_ref() != Some(event))
    {
        tx.keep_event(added, &event.0)?;
    }
    let address = tx.post(added)?.map(|post| post.address);
    Ok(Ok(address.map_or(Outcome::Nothing, Outcome::Posted)))
}

/// The text that an edit was made from.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum MadeFrom {
    /// The present one, as far as anybody knows.
    #[default]
    Present,
    /// The one of this number.
    Revision(u32),
    /// What the message says that the post was made from: that message was changed.
    Message,
}

/// What is to be changed of a post, as it was said.
#[derive(Clone, Copy, Default)]
struct EditRequest<'a> {
    title: Option<&'a str>,
    body: Option<&'a str>,
    tags: Option<&'a [String]>,
    reason: Option<&'a str>,
    made_from: MadeFrom,
}

impl<'a> EditRequest<'a> {
    /// All of a question.
    fn question(title: &'a str, body: &'a str, tags: &'a [String]) -> Self {
        Self {
            title: Some(title),
            body: Some(body),
            tags: Some(tags),
            ..Self::default()
        }
    }
}

fn edit(tx: &Tx<'_>, context: &ActContext, post: &Post, wanted: EditRequest<'_>) -> Acted {
    let Some(now) = tx.text(post.id)? else {
        return Ok(Err(Refusal::Withdrawn {
            address: post.address,
        }));
    };
    let EditRequest {
        title,
        body,
        tags,
        reason,
        made_from,
    } = wanted;
    let said = Edit {
        title: or_refuse!(title.map(Title::new).transpose()),
        body: or_refuse!(body.map(|body| Body::new(post.kind, body)).transpose()),
        tags: or_refuse!(
            tags.map(|tags| Tags::new(tags.iter().map(String::as_str)))
                .transpose()
        ),
        reason: reason.and_then(Reason::new),
        basis: match made_from {
            MadeFrom::Present => Basis::Present,
            MadeFrom::Revision(seen) => tx.basis(post.id, seen)?,
            MadeFrom::Message => tx.said_in_message(post.id)?,
        },
    };
    let by_message = (made_from == MadeFrom::Message).then(|| said.clone());
    let changes = match forum::edit(post, now.clone(), said, &context.by, context.at) {
        Ok(changes) => changes,
        Err(refusal) => {
            if let (Refusal::NothingChanged { .. }, Some(said)) = (&refusal, &by_message) {
                tx.keep_said(post.id, &same_parts(said, &now), true)?;
            }
            return Ok(Err(match (refusal, made_from) {
                (Refusal::ChangedSince { address }, MadeFrom::Message) => {
                    Refusal::ChangedElsewhere { address }
                }
                (refusal, _) => refusal,
            }));
        }
    };
    if post.author.member == context.by.member {
        or_refuse!(count(tx, context, Counted::Edit)?);
    }
    tx.apply(context.forum, &changes, context.at)?;
    if let Some(event) = &context.event {
        tx.keep_event(post.id, &event.0)?;
    }
    if let Some(Change::Edited { text, .. }) = changes.first() {
        match by_message {
            Some(said) => tx.keep_said(post.id, &same_parts(&said, text), true)?,
            None => tx.keep_said(post.id, &changed_parts(&now, text), false)?,
        }
    }
    Ok(Ok(Outcome::Edited(post.address)))
}

/// The parts of a text that are as an edit says them.
fn same_parts(said: &Edit, text: &Text) -> Vec<TextPart> {
    let same = [
        (
            TextPart::Title,
            said.title.is_some() && said.title == text.title,
        ),
        (TextPart::Body, said.body.as_ref() == Some(&text.body)),
        (TextPart::Tags, said.tags.as_ref() == Some(&text.tags)),
    ];
    let same = same.into_iter().filter(|(_, is_same)| *is_same);
    same.map(|(part, _)| part).collect()
}

/// The parts in which two texts differ.
fn changed_parts(before: &Text, after: &Text) -> Vec<TextPart> {
    let changed = [
        (TextPart::Title, before.title != after.title),
        (TextPart::Body, before.body != after.body),
        (TextPart::Tags, before.tags != after.tags),
    ];
    let changed = changed.into_iter().filter(|(_, is_changed)| *is_changed);
    changed.map(|(part, _)| part).collect()
}

fn delete(tx: &Tx<'_>, context: &ActContext, post: Target) -> Acted {
    let post = the_post!(tx, context, post);
    withdraw(tx, context, &post)
}

fn withdraw(tx: &Tx<'_>, context: &ActContext, post: &Post) -> Acted {
    let accepted = tx.accepted(post.question)?.map(|(answer, _)| answer);
    let changes = or_refuse!(forum::withdraw(post, accepted, &context.by, context.at));
    tx.apply(context.forum, &changes, context.at)?;
    Ok(Ok(Outcome::Withdrawn(post.address)))
}

fn hide(tx: &Tx<'_>, context: &ActContext, post: Target) -> Acted {
    let post = the_post!(tx, context, post);
    screen(tx, context, &post)
}

fn screen(tx: &Tx<'_>, context: &ActContext, post: &Post) -> Acted {
    let changes = or_refuse!(forum::hide(post, &context.by, context.at));
    tx.apply(context.forum, &changes, context.at)?;
    let others = post.author.member != context.by.member;
    Ok(Ok(if others && tx.is_written(post.id)? {
        Outcome::Screened(post.address)
    } else {
        Outcome::Hidden(post.address)
    }))
}

fn remove_message(tx: &Tx<'_>, context: &ActContext, post: Target) -> Acted {
    let post = the_post!(tx, context, post);
    let stand = tx.is_written(post.id)?;
    let changes = or_refuse!(forum::remove_message(&post, stand, &context.by));
    tx.apply(context.forum, &changes, context.at)?;
    Ok(Ok(Outcome::MessageRemoved(post.address)))
}

fn unhide(tx: &Tx<'_>, context: &ActContext, post: Target) -> Acted {
    let post = the_post!(tx, context, post);
    let changes = or_refuse!(forum::unhide(&post, &context.by));
    tx.apply(context.forum, &changes, context.at)?;
    Ok(Ok(Outcome::Unhidden(post.address)))
}

fn cast(tx: &Tx<'_>, context: &ActContext, post: Target, source: Source, vote: Vote) -> Acted {
    let post = the_post!(tx, context, post);
    let ballot: Ballot = tx.ballot(context.forum, context.by.member, post.id)?;
    let changes = or_refuse!(vote::cast(&post, &context.by, &ballot, source, vote));
    if ballot.vote().is_none() {
        or_refuse!(count(tx, context, Counted::Vote)?);
    }
    vote_with(tx, context, &post, &ballot, &changes).map(Ok)
}

fn press(tx: &Tx<'_>, context: &ActContext, post: Target, vote: Vote) -> Acted {
    let post = the_post!(tx, context, post);
    let ballot = tx.ballot(context.forum, context.by.member, post.id)?;
    let changes = or_refuse!(vote::press(&post, &context.by, &ballot, vote));
    if ballot.vote().is_none() {
        or_refuse!(count(tx, context, Counted::Vote)?);
    }
    vote_with(tx, context, &post, &ballot, &changes).map(Ok)
}

fn unvote(tx: &Tx<'_>, context: &ActContext, post: Target) -> Acted {
    let post = the_post!(tx, context, post);
    let ballot = tx.ballot(context.forum, context.by.member, post.id)?;
    if ballot.vote().is_none() {
        return Ok(Err(Refusal::NoVote {
            address: post.address,
        }));
    }
    let changes = vote::unvote(&post, context.by.member, &ballot);
    vote_with(tx, context, &post, &ballot, &changes).map(Ok)
}

/// Counts one more act of a kind, or refuses it: it is the last that can be refused.
fn count(tx: &Tx<'_>, context: &ActContext, what: Counted) -> Result<Result<(), Refusal>, Fault> {
    let ActContext {
        forum,
        by,
        now,
        recent,
        ..
    } = context;
    let acts = recent.of(tx, *forum, by.author(), what, *now)?;
    let experience = || tx.experience(*forum, by.member, recent.limits.newcomer_posts);
    if let Err(refusal) = recent.refuses(what, by.role, &acts, *now, experience)? {
        return Ok(Err(refusal));
    }
    recent.count(*forum, by.identity, what, *now);
    Ok(Ok(()))
}

/// Makes the changes of a vote on a post by whoever said this ballot of it before.
fn vote_with(
    tx: &Tx<'_>,
    context: &ActContext,
    post: &Post,
    before: &Ballot,
    changes: &[Change],
) -> Result<Outcome, Fault> {
    tx.apply(post.forum, changes, context.at)?;
    let (vote, score) = (before.vote_after(changes), tx.score(post.id)?);
    Ok(Outcome::Voted {
        on: post.address,
        vote,
        score,
    })
}

fn accept(tx: &Tx<'_>, context: &ActContext, answer: Target, via: Option<String>) -> Acted {
    let answer = the_post!(tx, context, answer);
    let Some(question) = tx.post(answer.question)? else {
        return Ok(Err(Refusal::NoSuchPost {
            address: answer.address,
        }));
    };
    let accepted = tx.accepted(question.id)?.map(|(answer, _)| answer);
    let changes = or_refuse!(forum::accept(
        &question,
        &answer,
        accepted,
        &context.by,
        via
    ));
    tx.apply(context.forum, &changes, context.at)?;
    Ok(Ok(Outcome::Accepted(answer.address)))
}

fn unaccept(tx: &Tx<'_>, context: &ActContext, question: Target) -> Acted {
    let meant = the_post!(tx, context, question);
    let Some(question) = tx.post(meant.question)? else {
        return Ok(Err(Refusal::NoSuchPost {
            address: meant.address,
        }));
    };
    let accepted = tx.accepted(question.id)?.map(|(answer, _)| answer);
    let changes = or_refuse!(forum::unaccept(&question, accepted, &context.by));
    tx.apply(context.forum, &changes, context.at)?;
    Ok(Ok(Outcome::Unaccepted(question.address)))
}

/// The post that is meant, of this forum.
fn target(tx: &Tx<'_>, context: &ActContext, target: Target) -> Result<Meant, Fault> {
    Ok(match target {
        Target::At(address) => match tx.post_at(context.forum, address)? {
            Some(post) => Meant::Post(post),
            None => {
                let now = tx.formerly(context.place, address)?;
                let post = now.map(|now| tx.post_at(context.forum, now)).transpose()?;
                post.flatten().map_or(Meant::None(address), Meant::Post)
            }
        },
        Target::Here => context.here.clone().map_or(Meant::Unsaid, Meant::Post),
    })
}
