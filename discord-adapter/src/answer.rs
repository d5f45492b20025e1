//! Answers who used a command, a button or a dialog: within the three seconds that Discord gives, for them alone.

mod allowed;
mod answering;
mod buttons;
mod commands;
mod conversations;
mod drafts;
mod gone;
mod menus;
mod places;

use std::sync::Arc;
use std::time::Duration;

use bot_core::command::{Act, Intent, Target, View};
use bot_core::crash::{self, Point};
use bot_core::document::{Block, Card, Inline};
use bot_core::engine::{CurrentCard, Drawing, Fault, Stop};
use bot_core::forum::Address;
use bot_core::panics;
use bot_core::platform::{
    Actor, Asks, Incoming, IncomingEvent, MessageKey, PlaceKey, Reply, Response,
};
use bot_core::text::Key;
use serenity::model::id::InteractionId;
use serenity::model::permissions::Permissions;
use tokio::sync::mpsc;
use tokio::task::JoinSet;
use twilight_model::application::command::CommandOptionChoice;
use twilight_model::channel::message::MessageFlags;
use twilight_model::http::interaction::InteractionResponseType;

use self::allowed::{kept_from, publishes, sees};
pub(crate) use self::answering::Answering;
use crate::PLATFORM;
use crate::admission::Admitted;
use crate::body::{InteractionResponse, MessageBody, ResponseData};
use crate::channels::{ChannelKind, Location};
use crate::commands::{Asked, intent};
use crate::conventions::role;
use crate::custom_id::Press;
use crate::dialogs::Modal;
use crate::event_handler::{EventHandler, UNSAID};
use crate::fault::DiscordFault;
use crate::gateway::{QueuedEvent, Waiter};
use crate::inbound::{Unread, Use, Used};
use crate::lanes::LaneKey;
use crate::names;
use crate::pages;
use crate::permissions::{self, In};
use crate::recent_interactions::Latest;
use crate::render;
use crate::rest::Failure;

/// How long is worked before an answer is put off; Discord waits for three seconds.
const AT_ONCE: Duration = Duration::from_millis(1_500);
/// How long is waited at most for what was told before.
const CATCH_UP: Duration = Duration::from_millis(200);
/// When whoever waits has been told by Discord that nothing came.
const GONE: Duration = Duration::from_secs(3);

/// What is answered.
enum InteractionAnswer {
    /// This, to the person alone.
    Private(MessageBody),
    /// This, to all.
    Shared(MessageBody),
    /// Another page in the place of the one that was there.
    Turned(MessageBody),
    /// The card whose button was pressed, as it is now.
    Card(MessageBody),
    /// A dialog.
    Dialog(Modal),
    /// What may be meant by what is typed.
    Choices(Vec<CommandOptionChoice>),
}

/// What is made of something that was filled in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Made {
    /// A question.
    Question,
    /// An answer or comment on this.
    Below(Target),
    /// No post.
    Nothing,
}

impl From<&Act> for Made {
    fn from(act: &Act) -> Self {
        if let Act::Ask { .. } = act {
            Self::Question
        } else if let Act::Answer { question: on, .. } | Act::Comment { on, .. } = act {
            Self::Below(*on)
        } else {
            Self::Nothing
        }
    }
}

/// What the core says, and what it asks by that.
#[derive(Clone, Debug, Default)]
struct CoreReply {
    card: Card,
    asks: Option<Asks>,
}

/// The tasks that answer.
type Answers = JoinSet<Result<(), DiscordFault>>;

/// An answer, and the card that it shows.
struct Answered {
    answer: InteractionAnswer,
    /// Messages to the person alone that follow.
    more: Vec<MessageBody>,
    /// Whether what was wanted is done, or kept until it is agreed to: nothing that was written is lost.
    kept: bool,
    /// Whether it was refused because its post was changed meanwhile.
    stale: bool,
    drawn: Option<CurrentCard>,
    /// Nobody else brings the card up to date until it is sent.
    _drawing: Option<Drawing>,
}

impl From<InteractionAnswer> for Answered {
    fn from(answer: InteractionAnswer) -> Self {
        Self {
            answer,
            more: Vec::new(),
            kept: false,
            stale: false,
            drawn: None,
            _drawing: None,
        }
    }
}

impl EventHandler {
    /// Answers whoever waits, each in a task of its own, until the stop; what was begun is finished.
    pub(crate) async fn answer_all(
        self: Arc<Self>,
        mut waiters: mpsc::Receiver<(Waiter, QueuedEvent)>,
        stop: Stop,
    ) -> Result<(), DiscordFault> {
        let mut answers: Answers = JoinSet::new();
        let mut latest = Latest::default();
        let ended = |answer: Result<_, tokio::task::JoinError>| {
            answer.unwrap_or_else(|error| {
                tracing::error!(%error, "an answer to somebody broke off");
                Ok(())
            })
        };
        loop {
            tokio::select! {
                biased;
                () = stop.requested() => break,
                Some(answer) = answers.join_next(), if !answers.is_empty() => ended(answer)?,
                waiter = waiters.recv() => match waiter {
                    Some((Waiter::Used(used), _)) if !latest.is_new(used.id) => {}
                    Some((Waiter::Used(used), _)) if self.ignores(used.user) => {}
                    Some((Waiter::Used(used), heard)) => self.admits(*used, heard, &mut answers),
                    Some((Waiter::Unread(unread), heard)) => {
                        self.admits_unread(unread, heard, &mut answers);
                    }
                    None => break,
                },
            }
        }
        while let Some(answer) = answers.join_next().await {
            ended(answer)?;
        }
        Ok(())
    }

    /// Has somebody answered, or told that there is no room for that.
    fn admits(self: &Arc<Self>, used: Used, heard: QueuedEvent, answers: &mut Answers) {
        let place = answering::place(&used);
        let handler = Arc::clone(self);
        if let Some(admitted) = self.answering.waiting.admit(&place, 1) {
            answers.spawn(handler.answer_one(used, heard, admitted));
        } else if let Some(admitted) = self.answering.refused.admit(&place, 1) {
            answers.spawn(async move {
                let _admitted = admitted;
                let answer = match used.what {
                    Use::Typing(..) => InteractionAnswer::Choices(Vec::new()),
                    _ => handler.says(Key::DiscordBusy),
                };
                let answered = Box::pin(handler.with_draft(&used, answer.into())).await;
                let waiter = (used.id, used.token.as_str());
                if handler.responds(waiter, answered.answer, heard).await {
                    handler.follows(&used, answered.more).await;
                }
                Ok(())
            });
        } else {
            tracing::debug!(%place, "too many use something at once, and somebody is told nothing");
        }
    }

    /// Tells somebody that what they used could not be read.
    fn admits_unread(self: &Arc<Self>, unread: Unread, heard: QueuedEvent, answers: &mut Answers) {
        let place = names::place(unread.channel);
        let handler = Arc::clone(self);
        if let Some(admitted) = self.answering.refused.admit(&place, 1) {
            answers.spawn(async move {
                let _admitted = admitted;
                let answer = handler.broke(&unread.why);
                handler
                    .responds((unread.id, &unread.token), answer, heard)
                    .await;
                Ok(())
            });
        }
    }

    /// Answers somebody. What breaks after it is known what to say ends this answer alone.
    async fn answer_one(
        self: Arc<Self>,
        used: Used,
        heard: QueuedEvent,
        _admitted: Admitted<PlaceKey>,
    ) -> Result<(), DiscordFault> {
        let used = Arc::new(used);
        let answered = panics::caught_while(self.answer(&used, heard)).await;
        answered.unwrap_or_else(|panicked| {
            drop(self.core.trouble(PLATFORM, &panicked));
            Ok(())
        })
    }

    /// Does what somebody used something for, and tells them.
    async fn answer(
        self: &Arc<Self>,
        used: &Arc<Used>,
        heard: QueuedEvent,
    ) -> Result<(), DiscordFault> {
        crash::here(Point::InteractionCame);
        self.catch_up(used, heard).await;
        let last = heard.at + GONE;
        // A task of its own: it is put off in time, whatever the work waits for.
        let mut tasks = JoinSet::new();
        let (handler, by) = (Arc::clone(self), Arc::clone(used));
        tasks.spawn(async move { handler.worked(&by).await });
        let work = async {
            match tasks.join_next().await {
                Some(Ok(answered)) => answered,
                Some(Err(error)) => match error.try_into_panic() {
                    Ok(panic) => std::panic::resume_unwind(panic),
                    Err(_) => Err(Fault::Task.into()),
                },
                None => Err(Fault::Task.into()),
            }
        };
        tokio::pin!(work);
        // Completions have to be the first response, and are of no use later.
        let puts_off = !matches!(used.what, Use::Typing(..));
        tokio::select! {
            biased;
            answer = &mut work => {
                let answered = answer?;
                crash::here(Point::BeforeReply);
                let told = self.responds((used.id, &used.token), answered.answer, heard).await;
                crash::here(Point::AfterReply);
                if told {
                    self.follows(used, answered.more).await;
                }
                match answered.drawn {
                    Some(drawn) if told => Ok(self.core.was_drawn(drawn).await?),
                    // What was done is done, whether they hear of it or not.
                    Some(_) | None => Ok(()),
                }
            }
            () = tokio::time::sleep_until(last), if !puts_off => {
                tracing::debug!("nobody waits any more for what completes what they typed");
                Ok(())
            }
            () = tokio::time::sleep_until(heard.at + AT_ONCE), if puts_off => {
                let later = later(&used.what);
                let put_off = match later {
                    Later::FilledIn => InteractionResponse {
                        kind: InteractionResponseType::DeferredChannelMessageWithSource,
                        data: Some(ResponseData::Flags { flags: MessageFlags::EPHEMERAL }),
                    },
                    Later::FollowsUp => InteractionResponse {
                        kind: InteractionResponseType::DeferredUpdateMessage,
                        data: None,
                    },
                };
                let put_off = self.rest.respond(used.id, &used.token, &put_off, last).await;
                if let Err(failure) = put_off {
                    tracing::warn!(%failure, "somebody was not answered in time");
                }
                let answered = work.await?;
                let (body, flags) = match answered.answer {
                    InteractionAnswer::Shared(body) => (body, MessageFlags::empty()),
                    InteractionAnswer::Private(body) | InteractionAnswer::Turned(body) => (body, MessageFlags::EPHEMERAL),
                    // It has to come at once, or not at all; the card is edited as any other.
                    InteractionAnswer::Dialog(_) => (self.plain(Key::DiscordTooSlow), MessageFlags::EPHEMERAL),
                    InteractionAnswer::Card(_) | InteractionAnswer::Choices(_) => (self.plain(Key::DiscordDone), MessageFlags::EPHEMERAL),
                };
                let sent = match later {
                    Later::FilledIn => self.rest.fill_in(&used.token, &body).await,
                    Later::FollowsUp => {
                        let body = MessageBody { flags: Some(flags), ..body };
                        self.rest.follow_up(&used.token, &body).await
                    }
                };
                if let Err(failure) = sent {
                    tracing::warn!(%failure, "somebody was not answered");
                }
                self.follows(used, answered.more).await;
                Ok(())
            }
        }
    }

    /// Sends the person alone what is too long for one message.
    async fn follows(&self, used: &Used, more: Vec<MessageBody>) {
        for body in more {
            let body = body.private();
            if let Err(failure) = self.rest.follow_up(&used.token, &body).await {
                tracing::warn!(%failure, "somebody was not told all");
                break;
            }
        }
    }

    /// Says something to whoever waits, as the first response; whether it came through.
    async fn responds(
        &self,
        (id, token): (InteractionId, &str),
        answer: InteractionAnswer,
        heard: QueuedEvent,
    ) -> bool {
        let response = response(answer);
        let sent = self.rest.respond(id, token, &response, heard.at + GONE);
        match sent.await {
            Ok(()) => true,
            Err(failure) => {
                tracing::warn!(%failure, "somebody was not answered");
                false
            }
        }
    }

    /// Waits a little for what was told before of the channel, the one whose thread it is, and the server: that a card is there,
    /// say, which is acted on now.
    async fn catch_up(&self, used: &Used, heard: QueuedEvent) {
        let mut told = self.told.subscribe();
        let caught_up = async {
            // It can't end before this does.
            drop(told.wait_for(|told| *told >= heard.after).await);
            let parent = used.thread.as_ref().and_then(|thread| match thread.kind {
                ChannelKind::Thread(parent) => Some(LaneKey::Channel(parent)),
                ChannelKind::Text | ChannelKind::Forum(_) | ChannelKind::Unfit => None,
            });
            let own = [LaneKey::Channel(used.channel)].into_iter();
            let lanes = own.chain(parent).chain(used.guild.map(LaneKey::Server));
            self.lanes.pending(lanes).done().await;
        };
        if tokio::time::timeout(CATCH_UP, caught_up).await.is_err() {
            tracing::debug!("somebody is answered before all is heard that was told before");
        }
    }

    async fn worked(&self, used: &Used) -> Result<Answered, DiscordFault> {
        let done = panics::caught_while(self.done(used)).await;
        let answered = match done.unwrap_or_else(|panicked| Err(Fault::from(panicked).into())) {
            Ok(answered) => answered,
            Err(DiscordFault::Core(fault)) if !fault.is_fatal() => {
                let answer = self.broke(&fault);
                match used.what {
                    Use::Typing(..) => InteractionAnswer::Choices(Vec::new()),
                    Use::Slash(..) | Use::Menu { .. } | Use::Button { .. } | Use::Dialog { .. } => {
                        answer
                    }
                }
                .into()
            }
            Err(fault) => return Err(fault),
        };
        Ok(Box::pin(self.with_draft(used, answered)).await)
    }

    /// What is said where something broke; why is in the log.
    fn broke(&self, why: &(dyn std::error::Error + 'static)) -> InteractionAnswer {
        let card = self.core.trouble(PLATFORM, why);
        InteractionAnswer::Private(self.outbound.draw(&card, None, None, None))
    }

    async fn done(&self, used: &Used) -> Result<Answered, DiscordFault> {
        let Some(guild) = used.guild else {
            return Box::pin(self.used_alone(used)).await;
        };
        self.acquaintances.meet(guild, used.user);
        if let Some(thread) = &used.thread {
            self.channels.learn_new(used.channel, thread);
        }
        let location = match self.where_used(used).await {
            Ok(location) => location,
            Err(failure) => {
                tracing::warn!(%failure, "a channel can't be looked at");
                return Ok(self.says(places::not_seen(&failure)).into());
            }
        };
        let _turn = self.answering.turn(used).await;
        // Whoever waits for their turn takes little memory.
        Box::pin(self.used_at(used, &location)).await
    }

    /// Where something was used in a server.
    async fn where_used(&self, used: &Used) -> Result<Location, Failure> {
        let _turn = match self.channels.knows(used.channel) {
            true => None,
            false => Some(self.answering.turn_to_ask(used).await),
        };
        Box::pin(self.channels.location(&self.rest, used.channel)).await
    }

    /// Something is used in a channel of a server.
    async fn used_at(&self, used: &Used, location: &Location) -> Result<Answered, DiscordFault> {
        if let Use::Slash(name, options) = &used.what
            && let Ok(Asked::Forum(door)) = intent(name, options)
        {
            return Ok(self.turn(used, location, door).await?.into());
        }
        if let Use::Button { id, .. } = &used.what
            && let Ok(Press::Open(sharing)) = Press::parse(id)
        {
            return Ok(self.shares(used, location, sharing).await?.into());
        }
        if !self.core.is_place(PLATFORM, &location.key()).await? {
            let nothing = match &used.what {
                Use::Typing(..) => InteractionAnswer::Choices(Vec::new()),
                Use::Slash(..) | Use::Menu { .. } | Use::Button { .. } | Use::Dialog { .. } => self
                    .says(match sees(used) {
                        true => Key::DiscordNoPlace,
                        false => Key::DiscordUnseen,
                    }),
            };
            return Ok(nothing.into());
        }
        if location.in_private_thread && publishes(&used.what, &self.outbound.texts) {
            return Ok(self.says(Key::DiscordPrivateThread).into());
        }
        if let Some(word) = kept_from(used, location, &self.outbound.texts) {
            return Ok(self.says(word).into());
        }
        self.used_in(used, location).await
    }

    /// Something is used where the forum is.
    async fn used_in(&self, used: &Used, location: &Location) -> Result<Answered, DiscordFault> {
        let answer = match &used.what {
            Use::Slash(name, options) => return self.slash(used, location, name, options).await,
            Use::Typing(option, typed) => self.choices(location, option, typed).await?,
            Use::Menu { name, .. } => self.menu(used, location, name).await?,
            Use::Button { id, message } => return self.button(used, location, id, message).await,
            Use::Dialog { id, inputs } => return self.filled(used, location, id, inputs).await,
        };
        Ok(answer.into())
    }

    /// Has something done, and says what came of it.
    async fn does(
        &self,
        used: &Used,
        location: &Location,
        intent: Intent,
        on: Option<MessageKey>,
        from: Option<MessageKey>,
    ) -> Result<InteractionAnswer, DiscordFault> {
        let said = self.hears(used, location, intent, on, from).await?;
        Ok(InteractionAnswer::Private(self.said(location, &said, None)))
    }

    /// Tells the core; gives what it says.
    async fn hears(
        &self,
        used: &Used,
        location: &Location,
        intent: Intent,
        on: Option<MessageKey>,
        from: Option<MessageKey>,
    ) -> Result<CoreReply, Fault> {
        let response = self.heard(used, location, intent, on, from).await?;
        self.read(location, response).await
    }

    /// What came of something that was filled in; where what was made of it can't be shown, that is said.
    async fn came_of(
        &self,
        used: &Used,
        location: &Location,
        (made, response): (Made, Response),
    ) -> Result<Answered, Fault> {
        let (done, stale) = (response.done, response.stale);
        let mut said = self.read(location, response).await?;
        if done && let Some(word) = self.not_shown(used, location, made).await? {
            let text = self.outbound.texts.say(word, &[]);
            let note = Block::Paragraph(vec![Inline::Text(text)]);
            said.card.blocks.push(note);
        }
        let answer = InteractionAnswer::Private(self.said(location, &said, None));
        Ok(Answered {
            kept: done || said.asks == Some(Asks::Publish),
            stale,
            ..answer.into()
        })
    }

    /// Why a post that was made is not shown where it was made, if it is not.
    async fn not_shown(
        &self,
        used: &Used,
        location: &Location,
        made: Made,
    ) -> Result<Option<Key>, Fault> {
        if made == Made::Nothing || location.common.is_some() {
            return Ok(None);
        }
        let is_forum = self.channels.is_forum(location.place);
        let kind = if is_forum { In::Forum } else { In::Text };
        let allowed = used.app_permissions.map(Permissions::from_bits_truncate);
        if allowed.is_some_and(|allowed| !permissions::missing(allowed, kind).is_empty()) {
            return Ok(Some(Key::DiscordNoCard));
        }
        let question = match made {
            Made::Below(Target::At(address)) => {
                let question = Address::question(address.question);
                let place = location.key();
                self.core.card_of(PLATFORM, &place, question).await?
            }
            Made::Below(Target::Here) => location.root.clone(),
            Made::Question | Made::Nothing => None,
        };
        let Some(thread) = question.as_ref().and_then(names::thread) else {
            return Ok(None);
        };
        Ok(self
            .outbound
            .is_locked(thread)
            .await
            .then_some(Key::DiscordNoThread))
    }

    /// What the core says; in a conversation it links to where the posts are shown.
    async fn read(&self, location: &Location, response: Response) -> Result<CoreReply, Fault> {
        let Some(Reply { card, asks, .. }) = response.reply else {
            return Ok(CoreReply::default());
        };
        let card = match &location.common {
            Some(common) => {
                let place = self.described(location);
                self.core
                    .linked_in_conversation(PLATFORM, card, &place, common)
                    .await?
            }
            None => card,
        };
        Ok(CoreReply { card, asks })
    }

    async fn heard(
        &self,
        used: &Used,
        location: &Location,
        intent: Intent,
        on: Option<MessageKey>,
        from: Option<MessageKey>,
    ) -> Result<Response, Fault> {
        self.tells(
            used,
            location,
            IncomingEvent::Commanded { intent, on, from },
        )
        .await
    }

    async fn tells(
        &self,
        used: &Used,
        location: &Location,
        what: IncomingEvent,
    ) -> Result<Response, Fault> {
        let incoming = self.incoming(used, location, what);
        crash::here(Point::BeforeHearing);
        let response = self.core.hear(incoming).await;
        crash::here(Point::AfterHearing);
        response
    }

    /// What somebody does, as the core is told of it.
    fn incoming(&self, used: &Used, location: &Location, what: IncomingEvent) -> Incoming {
        Incoming {
            platform: PLATFORM,
            id: Some(MessageKey(format!("interaction/{}", used.id))),
            actor: actor(used),
            place: self.described(location),
            at: UNSAID,
            what,
        }
    }

    /// Shows somebody what they asked for by a command, with buttons to turn its pages and to share it.
    async fn looked(
        &self,
        used: &Used,
        location: &Location,
        said: &CoreReply,
        view: &View,
    ) -> Result<InteractionAnswer, DiscordFault> {
        let id = match has_buttons(location, &said.card) {
            true => Some(pages::keep(&self.core, used, view).await?),
            false => None,
        };
        Ok(InteractionAnswer::Private(self.said(location, said, id)))
    }

    /// What the core says, with buttons for what it asks.
    fn said(&self, location: &Location, said: &CoreReply, id: Option<String>) -> MessageBody {
        let mut body = self.drawn(location, &said.card, id);
        if let Some(asks) = &said.asks {
            body.components = render::asked(asks, &self.outbound.texts);
        }
        body
    }

    /// A reply; `id` is the name of what it is a page of, where its pages can be turned.
    fn drawn(&self, location: &Location, card: &Card, id: Option<String>) -> MessageBody {
        let (number, of) = card.page.map_or((1, 1), |page| (page.number, page.of));
        let can_share = location.common.is_none();
        let pages = id.map(|id| render::Pages {
            number,
            of,
            id,
            can_share,
        });
        self.outbound.draw(card, location.guild, None, pages)
    }

    fn says(&self, word: Key) -> InteractionAnswer {
        InteractionAnswer::Private(self.plain(word))
    }

    fn plain(&self, word: Key) -> MessageBody {
        let text = self.outbound.texts.say(word, &[]);
        let card = Card {
            blocks: vec![Block::Paragraph(vec![Inline::Text(text)])],
            ..Card::default()
        };
        self.outbound.draw(&card, None, None, None)
    }
}

/// How an answer comes that was put off.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Later {
    /// It fills in what the person alone was shown at first.
    FilledIn,
    /// As a message of its own: who may see it is known only when it is there.
    FollowsUp,
}

/// How an answer comes that was put off: what may be for all to see must not begin as a message for all, since it may be a refusal.
fn later(what: &Use) -> Later {
    match what {
        Use::Button { id, .. } if matches!(Press::parse(id), Ok(Press::Share { .. })) => {
            Later::FollowsUp
        }
        Use::Slash(..)
        | Use::Typing(..)
        | Use::Menu { .. }
        | Use::Button { .. }
        | Use::Dialog { .. } => Later::FilledIn,
    }
}

/// An answer as Discord takes it.
fn response(answer: InteractionAnswer) -> InteractionResponse {
    let (kind, data) = match answer {
        InteractionAnswer::Private(body) => (
            InteractionResponseType::ChannelMessageWithSource,
            ResponseData::Message(body.private()),
        ),
        InteractionAnswer::Shared(body) => (
            InteractionResponseType::ChannelMessageWithSource,
            ResponseData::Message(body),
        ),
        InteractionAnswer::Card(body) | InteractionAnswer::Turned(body) => (
            InteractionResponseType::UpdateMessage,
            ResponseData::Message(body),
        ),
        InteractionAnswer::Dialog(modal) => {
            (InteractionResponseType::Modal, ResponseData::Modal(modal))
        }
        InteractionAnswer::Choices(choices) => (
            InteractionResponseType::ApplicationCommandAutocompleteResult,
            ResponseData::Choices { choices },
        ),
    };
    InteractionResponse {
        kind,
        data: Some(data),
    }
}

/// Whether there is something to be turned or shared: what names no post that is there has nothing of that.
fn is_shareable(card: &Card) -> bool {
    card.page.is_some_and(|page| page.of > 1) || !card.links.is_empty()
}

/// The same, where it is shown: in a conversation there is nobody to share it with.
fn has_buttons(location: &Location, card: &Card) -> bool {
    match location.common {
        Some(_) => card.page.is_some_and(|page| page.of > 1),
        None => is_shareable(card),
    }
}

/// Who used something, as the core is told of them.
fn actor(used: &Used) -> Actor {
    Actor {
        key: names::person(used.user),
        name: used.name.clone(),
        account: Some(used.account.clone()),
        role: role(used.permissions),
    }
}
