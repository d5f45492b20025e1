//! Posts cards, edits and takes them away: Discord as the core sees it.

use std::sync::Arc;
use std::time::Duration;

use bot_core::crash::{self, Point};
use bot_core::document::{Card, Subject};
use bot_core::forum::PostKind;
use bot_core::platform::{
    ChatPlatform, EditRate, Editing, MessageKey, Naming, PlaceKey, Platform, Posting, Removing,
    SendError, SendKey, Telling, Whose,
};
use bot_core::text::Texts;
use serde::Serialize;
use serde_json::Value;
use serenity::http::{LightMethod, Route};
use serenity::model::id::{ChannelId, GuildId, InteractionId, MessageId, UserId};

use crate::PLATFORM;
use crate::body::{MessageBody, NewConversation, NewPost, NewThread, ThreadChange};
use crate::channels::{ChannelKind, Channels, ForumTags, Location};
use crate::custom_id;
use crate::names;
use crate::render::{self, Frame, Pages};
use crate::rest::{
    Failure, MISSING_PERMISSIONS, Rest, THREAD_ARCHIVED, THREAD_EXISTS, UNKNOWN_CHANNEL,
    UNKNOWN_MESSAGE,
};

/// How many of the bot's latest messages, and of its latest posts in a forum, are looked through for one that was sent.
const LOOKED_THROUGH: usize = 300;
const POSTS: usize = 25;

/// Discord as the core sees it.
pub(crate) struct Outbound {
    pub(crate) rest: Rest,
    pub(crate) channels: Arc<Channels>,
    pub(crate) own: UserId,
    pub(crate) texts: Texts,
}

impl Outbound {
    /// A card as the body of a message.
    pub(crate) fn draw(
        &self,
        card: &Card,
        guild: Option<u64>,
        key: Option<&SendKey>,
        pages: Option<Pages>,
    ) -> MessageBody {
        let link = |message: &MessageKey| {
            // A conversation is of no server.
            let of = || self.channels.guild_of(names::parts(message)?.0);
            names::link(message, guild.or_else(of))
        };
        let frame = Frame {
            key,
            pages,
            texts: &self.texts,
        };
        render::draw(card, &link, &frame).body()
    }

    async fn location(&self, place: &PlaceKey) -> Result<Location, SendError> {
        let channel = channel(place)?;
        Ok(self.channels.location(&self.rest, channel).await?)
    }

    /// Sends a message; again under the same key within some minutes it is the same one.
    async fn send(
        &self,
        to: ChannelId,
        body: &MessageBody,
        key: &SendKey,
    ) -> Result<MessageId, Failure> {
        let body = body.clone().named(nonce(key));
        let route = Route::ChannelMessages { channel_id: to };
        let (sent, _) = self
            .awake(to, LightMethod::Post, route, Some(&body))
            .await?;
        message_id(&sent)
    }

    /// A request in a channel that may be a thread: one that is archived is woken first.
    async fn awake(
        &self,
        thread: ChannelId,
        method: LightMethod,
        route: Route<'_>,
        body: Option<&(impl Serialize + Sync + ?Sized)>,
    ) -> Result<(Value, Woken), Failure> {
        match self.rest.call(method, route, body).await {
            Err(failure) if failure.is(THREAD_ARCHIVED) => {
                self.archive(thread, false).await?;
                let done = self.rest.call(method, route, body).await?;
                Ok((done, Woken::Yes))
            }
            done => Ok((done?, Woken::No)),
        }
    }

    /// Archives a thread, or wakes it.
    async fn archive(&self, thread: ChannelId, archived: bool) -> Result<(), Failure> {
        let channel = Route::Channel { channel_id: thread };
        let body = ThreadChange {
            archived: Some(archived),
            ..ThreadChange::default()
        };
        let done = self.rest.call(LightMethod::Patch, channel, Some(&body));
        done.await.map(drop)
    }

    /// What a failure in a thread means: that thread may be gone or locked, which is no matter of its place.
    async fn in_thread(&self, thread: ChannelId, failure: Failure) -> SendError {
        let is_over = match &failure {
            failure if failure.is(UNKNOWN_CHANNEL) => true,
            failure if failure.is(MISSING_PERMISSIONS) || failure.is(THREAD_ARCHIVED) => {
                let route = Route::Channel { channel_id: thread };
                let thread = self.rest.get(route, Vec::new()).await;
                thread.is_ok_and(|thread| thread["thread_metadata"]["locked"] == true)
            }
            _ => false,
        };
        match SendError::from(failure) {
            SendError::Later { why, .. }
            | SendError::NotAllowed { why }
            | SendError::PlaceClosed { why }
                if is_over =>
            {
                SendError::Refused { why }
            }
            error => error,
        }
    }

    /// Whether a thread is locked: then the bot writes nothing in it, though it could.
    pub(crate) async fn is_locked(&self, thread: ChannelId) -> bool {
        let known = self.channels.get(&self.rest, thread).await;
        known.is_ok_and(|thread| thread.locked)
    }

    /// Opens the thread below a message, where there is none yet.
    async fn open_thread(&self, root: &MessageKey, name: &str) -> Result<(), Failure> {
        let Some((channel_id, message_id)) = names::parts(root) else {
            return Ok(());
        };
        let route = Route::ChannelMessageThreads {
            channel_id,
            message_id,
        };
        let body = NewThread { name };
        match self.rest.call(LightMethod::Post, route, Some(&body)).await {
            Err(failure) if !failure.is(THREAD_EXISTS) => Err(failure),
            _ => Ok(()),
        }
    }

    /// Posts below a question: in its thread.
    async fn post_below(
        &self,
        root: &MessageKey,
        body: &MessageBody,
        posting: &Posting,
    ) -> Result<MessageKey, SendError> {
        let thread = names::thread(root).ok_or_else(|| no_message(root))?;
        if self.is_locked(thread).await {
            return Err(SendError::Stuck {
                why: format!("the thread {thread} is locked"),
            });
        }
        let sent = match self.send(thread, body, &posting.key).await {
            // The thread was not opened yet, as after a crash, or somebody took it away.
            Err(failure) if failure.is(UNKNOWN_CHANNEL) => {
                let name = posting.about.as_ref().map(render::post_name);
                match self.open_thread(root, &name.unwrap_or_default()).await {
                    Ok(()) => self.send(thread, body, &posting.key).await,
                    Err(failure) => Err(failure),
                }
            }
            sent => sent,
        };
        match sent {
            Ok(sent) => Ok(names::message(thread, sent)),
            Err(failure) => Err(self.in_thread(thread, failure).await),
        }
    }

    /// Makes a post in a forum channel of a question.
    async fn post_in_forum(
        &self,
        forum: ChannelId,
        subject: &Subject,
        tags: &ForumTags,
        body: &MessageBody,
    ) -> Result<MessageKey, SendError> {
        let post = NewPost {
            name: render::post_name(subject),
            applied_tags: render::applied_tags(subject, tags),
            message: MessageBody {
                content: None,
                ..body.clone()
            },
        };
        let route = Route::ChannelForumPosts { channel_id: forum };
        let made = self
            .rest
            .call(LightMethod::Post, route, Some(&post))
            .await?;
        let id = message_id(&made)?;
        Ok(names::message(ChannelId::new(id.get()), id))
    }

    /// Keeps a forum post's tags true.
    async fn retag(&self, thread: ChannelId, subject: &Subject) -> Result<(), Failure> {
        let ChannelKind::Thread(parent) = self.channels.get(&self.rest, thread).await?.kind else {
            return Ok(());
        };
        let ChannelKind::Forum(tags) = self.channels.get(&self.rest, parent).await?.kind else {
            return Ok(());
        };
        let route = Route::Channel { channel_id: thread };
        let now = self.rest.get(route, Vec::new()).await?;
        let mut wanted = render::applied_tags(subject, &tags);
        let mut has: Vec<String> =
            serde_json::from_value(now["applied_tags"].clone()).unwrap_or_default();
        let kept = has.iter().filter(|tag| tags.moderated.contains(tag));
        let kept: Vec<String> = kept.cloned().collect();
        wanted.truncate(render::TAGS.saturating_sub(kept.len()));
        wanted.extend(kept);
        has.sort();
        wanted.sort();
        if has == wanted {
            return Ok(());
        }
        let change = ThreadChange {
            applied_tags: Some(&wanted),
            ..ThreadChange::default()
        };
        self.change_thread(thread, change).await
    }

    /// Changes a thread; one that sleeps goes on to sleep.
    async fn change_thread(
        &self,
        thread: ChannelId,
        change: ThreadChange<'_>,
    ) -> Result<(), Failure> {
        let route = Route::Channel { channel_id: thread };
        let (_, woken) = self
            .awake(thread, LightMethod::Patch, route, Some(&change))
            .await?;
        if woken == Woken::Yes {
            self.archive(thread, true).await?;
        }
        Ok(())
    }

    /// Gives a thread or forum post a name, if it has another: names may be changed twice in ten minutes only.
    async fn rename(&self, thread: ChannelId, name: &str) -> Result<(), Failure> {
        let route = Route::Channel { channel_id: thread };
        let now = self.rest.get(route, Vec::new()).await?;
        if now["name"] == name {
            return Ok(());
        }
        let change = ThreadChange {
            name: Some(name),
            ..ThreadChange::default()
        };
        self.change_thread(thread, change).await
    }

    /// Sends somebody a direct message.
    pub(crate) async fn whisper(&self, user: UserId, body: &MessageBody) -> Result<(), Failure> {
        let open = NewConversation {
            recipient_id: user.to_string(),
        };
        let route = Route::UserMeDmChannels;
        let channel = self
            .rest
            .call(LightMethod::Post, route, Some(&open))
            .await?;
        let Some(id) = channel["id"].as_str().and_then(names::id) else {
            return Ok(());
        };
        let route = Route::ChannelMessages {
            channel_id: ChannelId::new(id),
        };
        self.rest.call(LightMethod::Post, route, Some(body)).await?;
        Ok(())
    }

    /// The bot's latest message in a channel that has this key.
    async fn find_in(
        &self,
        channel: ChannelId,
        key: &SendKey,
    ) -> Result<Option<MessageKey>, Failure> {
        let mut before: Option<String> = None;
        let mut seen = 0;
        while seen < LOOKED_THROUGH {
            let mut params = vec![("limit", "100".to_owned())];
            params.extend(before.take().map(|before| ("before", before)));
            let route = Route::ChannelMessages {
                channel_id: channel,
            };
            let page = self.rest.get(route, params).await?;
            let page = page.as_array().map(Vec::as_slice).unwrap_or_default();
            for message in page {
                if self.is_ours(message, key) {
                    return Ok(Some(names::message(channel, message_id(message)?)));
                }
            }
            let Some(last) = page.last() else { break };
            before = last["id"].as_str().map(str::to_owned);
            seen += page.len();
            if page.len() < 100 {
                break;
            }
        }
        Ok(None)
    }

    fn is_ours(&self, message: &Value, key: &SendKey) -> bool {
        let answers = message["interaction_metadata"]["id"].as_str();
        let answers = answers.and_then(names::id).map(InteractionId::new);
        message["author"]["id"] == self.own.to_string()
            && (custom_id::send_key_of(&message["components"]).as_ref() == Some(key)
                || answers.map(names::answer).as_ref() == Some(key))
    }

    /// The bot's post in a forum channel whose first message has this key.
    async fn find_post(
        &self,
        forum: ChannelId,
        guild: Option<u64>,
        key: &SendKey,
    ) -> Result<Option<MessageKey>, Failure> {
        let mut threads = Vec::new();
        if let Some(guild) = guild.map(GuildId::new) {
            let route = Route::GuildThreadsActive { guild_id: guild };
            threads.push(self.rest.get(route, Vec::new()).await?);
        }
        let route = Route::ChannelArchivedPublicThreads { channel_id: forum };
        let archived = vec![("limit", POSTS.to_string())];
        threads.push(self.rest.get(route, archived).await?);
        let (own, forum) = (self.own.to_string(), forum.to_string());
        let threads = threads
            .iter()
            .filter_map(|page| page["threads"].as_array())
            .flatten()
            .filter(|thread| thread["owner_id"] == own && thread["parent_id"] == forum);
        let mut ids: Vec<u64> = threads
            .filter_map(|thread| names::id(thread["id"].as_str()?))
            .collect();
        ids.sort_unstable_by(|one, other| other.cmp(one));
        for id in ids.into_iter().take(POSTS) {
            let (channel_id, message_id) = (ChannelId::new(id), MessageId::new(id));
            let route = Route::ChannelMessage {
                channel_id,
                message_id,
            };
            match self.rest.get(route, Vec::new()).await {
                Ok(message) if self.is_ours(&message, key) => {
                    return Ok(Some(names::message(channel_id, message_id)));
                }
                // It was sent in none that can't be read; but for what passes it is looked for again.
                Err(failure) if failure.passes() => return Err(failure),
                Ok(_) | Err(_) => {}
            }
        }
        Ok(None)
    }
}

impl ChatPlatform for Outbound {
    fn platform(&self) -> Platform {
        PLATFORM
    }

    fn pace(&self) -> EditRate {
        EditRate {
            least: Duration::from_secs(2),
            most: Duration::from_secs(30),
        }
    }

    async fn post(&self, posting: &Posting) -> Result<MessageKey, SendError> {
        let channel = channel(&posting.place)?;
        let known = self.channels.get(&self.rest, channel).await?;
        let body = self.draw(&posting.card, known.guild, Some(&posting.key), None);
        if let Some(root) = &posting.thread {
            return self.post_below(root, &body, posting).await;
        }
        let subject = posting.card.subject.as_ref();
        let question = subject.filter(|subject| subject.kind == PostKind::Question);
        match (&known.kind, question) {
            (ChannelKind::Forum(tags), Some(question)) => {
                self.post_in_forum(channel, question, tags, &body).await
            }
            (ChannelKind::Forum(_), None) => Err(SendError::Refused {
                why: "in a forum channel there is nothing but posts".to_owned(),
            }),
            (ChannelKind::Text | ChannelKind::Thread(_) | ChannelKind::Unfit, question) => {
                let sent = self.send(channel, &body, &posting.key).await?;
                let sent = names::message(channel, sent);
                crash::here(Point::BeforeThread);
                if let Some(question) = question
                    && let Err(failure) =
                        self.open_thread(&sent, &render::post_name(question)).await
                {
                    tracing::debug!(%failure, "a question's thread is opened when something is posted there");
                }
                crash::here(Point::AfterThread);
                Ok(sent)
            }
        }
    }

    async fn find(
        &self,
        place: &PlaceKey,
        thread: Option<&MessageKey>,
        key: &SendKey,
    ) -> Result<Option<MessageKey>, SendError> {
        let location = self.location(place).await?;
        if let Some(root) = thread {
            let thread = names::thread(root).ok_or_else(|| no_message(root))?;
            return match self.find_in(thread, key).await {
                Err(failure) if failure.is(UNKNOWN_CHANNEL) => Ok(None),
                found => Ok(found?),
            };
        }
        let known = self.channels.get(&self.rest, location.place).await?;
        Ok(match known.kind {
            ChannelKind::Forum(_) => self.find_post(location.place, known.guild, key).await?,
            ChannelKind::Text | ChannelKind::Thread(_) | ChannelKind::Unfit => {
                self.find_in(location.place, key).await?
            }
        })
    }

    async fn edit(&self, editing: &Editing) -> Result<(), SendError> {
        let (channel_id, message_id) =
            names::parts(&editing.message).ok_or_else(|| no_message(&editing.message))?;
        let location = self.location(&editing.place).await?;
        let body = self.draw(&editing.card, location.guild, Some(&editing.key), None);
        let edited = self.edit_in(channel_id, message_id, &body).await;
        match edited {
            Ok(()) => Ok(()),
            Err(failure) => Err(self.in_thread(channel_id, failure).await),
        }
    }

    async fn remove(&self, removing: &Removing) -> Result<(), SendError> {
        let (channel_id, message_id) =
            names::parts(&removing.message).ok_or_else(|| no_message(&removing.message))?;
        // A forum post goes with its thread; somebody else's only loses its text.
        let is_post = channel_id.get() == message_id.get() && removing.whose == Whose::Own;
        let route = if is_post {
            Route::Channel { channel_id }
        } else {
            Route::ChannelMessage {
                channel_id,
                message_id,
            }
        };
        let removed = self
            .awake(channel_id, LightMethod::Delete, route, None::<&()>)
            .await;
        match removed {
            Ok(_) => Ok(()),
            Err(failure) if failure.is(UNKNOWN_CHANNEL) || failure.is(UNKNOWN_MESSAGE) => Ok(()),
            // The bot was not given that right; its own messages it may always take away or change.
            Err(failure)
                if failure.is(MISSING_PERMISSIONS)
                    && (is_post || removing.whose == Whose::Theirs) =>
            {
                Err(SendError::Refused {
                    why: failure.to_string(),
                })
            }
            Err(failure) => Err(self.in_thread(channel_id, failure).await),
        }
    }

    async fn name(&self, naming: &Naming) -> Result<(), SendError> {
        let thread = names::thread(&naming.message).ok_or_else(|| no_message(&naming.message))?;
        // The tags of a post in a forum channel tell of its question too.
        let named = match self.retag(thread, &naming.subject).await {
            Ok(()) => {
                let name = render::post_name(&naming.subject);
                self.rename(thread, &name).await
            }
            Err(failure) => Err(failure),
        };
        match named {
            Ok(()) => Ok(()),
            // It has no thread, or that was taken away.
            Err(failure) if failure.is(UNKNOWN_CHANNEL) => Ok(()),
            Err(failure) => Err(self.in_thread(thread, failure).await),
        }
    }

    async fn tell(&self, telling: &Telling) -> Result<(), SendError> {
        let Some(user) = names::id(&telling.person.0).map(UserId::new) else {
            return Ok(());
        };
        let location = self.location(&telling.place).await?;
        let body = self.draw(&telling.card, location.guild, None, None);
        let body = body.named(nonce(&telling.key));
        match self.whisper(user, &body).await {
            Ok(()) => Ok(()),
            Err(failure) if failure.passes() => Err(failure.into()),
            // Whoever takes no direct messages can't be told.
            Err(failure) => Err(SendError::Refused {
                why: failure.to_string(),
            }),
        }
    }
}

impl Outbound {
    async fn edit_in(
        &self,
        channel_id: ChannelId,
        message_id: MessageId,
        body: &MessageBody,
    ) -> Result<(), Failure> {
        let route = Route::ChannelMessage {
            channel_id,
            message_id,
        };
        let (_, woken) = self
            .awake(channel_id, LightMethod::Patch, route, Some(body))
            .await?;
        // Nothing new was said in it: it goes on to sleep.
        if woken == Woken::Yes {
            self.archive(channel_id, true).await?;
        }
        Ok(())
    }
}

/// Whether a thread had to be woken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Woken {
    Yes,
    No,
}

fn channel(place: &PlaceKey) -> Result<ChannelId, SendError> {
    names::channel(place).ok_or_else(|| SendError::PlaceClosed {
        why: format!("{place} is no channel"),
    })
}

fn no_message(message: &MessageKey) -> SendError {
    SendError::Refused {
        why: format!("{message} is no message"),
    }
}

fn message_id(message: &Value) -> Result<MessageId, Failure> {
    let id = message["id"].as_str().and_then(names::id);
    id.map(MessageId::new).ok_or_else(|| Failure::Trouble {
        why: "Discord's answer names no message".to_owned(),
    })
}

/// A message's name for Discord: the end of its key, which has at most 25 characters there.
fn nonce(key: &SendKey) -> &str {
    let start = key.0.len().saturating_sub(25);
    key.0.get(start..).unwrap_or(&key.0)
}
