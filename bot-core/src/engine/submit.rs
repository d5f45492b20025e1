//! Hears what happened in a chat: reads it, has it done by the writer or answered from the readers, and says what to reply.

use futures_util::future::BoxFuture;

use super::action::{Job, PlaceForum, find_place, once};
use super::conversations::{self, ConversationReply};
use super::fault::blocking;
use super::outcome::Outcome;
use super::{Core, Fault};
use crate::command::{Act, Bare, Intent, Link, Parsed, ReactionMeaning, Speech, View, parse, view};
use crate::conventions::Input;
use crate::document::Card;
use crate::fingerprint;
use crate::forum::{PostId, Refusal};
use crate::panics::{self, PanicPoint};
use crate::platform::{
    Asks, Audience, Decision, Incoming, IncomingEvent, MessageKey, PlaceKind, Platform, Reply,
    Response, SendKey,
};
use crate::store::{self, PlaceRow, ReceivedEvent};

/// How often an action is tried again while another program holds the database; each try waits 5 s itself.
const TRIES: u32 = 12;

/// What the readers found out about a message before anything is done.
struct MessageContext {
    place: Option<PlaceRow>,
    /// The post that the message hangs on, or the one hung on that it changes.
    here: Option<PostId>,
    /// The post that was made from the message that this is about.
    about: Option<PostId>,
    /// Whether what this is about was refused before.
    refused: bool,
}

impl Core {
    /// Hears of something that happened; gives what to do about it. The same event again gets the same response.
    ///
    /// Fails only where nothing can be kept any more (the disk is full, the store has stopped): the process should end.
    ///
    /// The future is boxed so that its code is compiled with the core, once, and not again for each adapter.
    pub fn hear(&self, incoming: Incoming) -> BoxFuture<'_, Result<Response, Fault>> {
        Box::pin(self.hear_or_tell(incoming))
    }

    #[tracing::instrument(name = "hear", level = "debug", skip_all, fields(platform = %incoming.platform, place = %incoming.place.key, event = incoming.id.as_ref().map(|id| id.0.as_str())))]
    async fn hear_or_tell(&self, incoming: Incoming) -> Result<Response, Fault> {
        let heard = panics::caught_while(async {
            match self.where_it_was(incoming.clone()).await {
                Ok(incoming) => self.heard(&incoming).await,
                Err(fault) => Err(fault),
            }
        });
        match heard.await.unwrap_or_else(|panicked| Err(panicked.into())) {
            Ok(response) => Ok(response),
            Err(fault) if fault.is_fatal() => Err(fault),
            Err(fault) => {
                let code = self.code();
                if fault.is_panic() {
                    self.give_up_on(&incoming, &code).await?;
                }
                tracing::error!(%code, platform = %incoming.platform, error = &fault as &dyn std::error::Error, "an action failed");
                let card = self.inner.cards(incoming.platform).fault(&code);
                Ok(reply(&incoming, card, Audience::Place))
            }
        }
    }

    /// Keeps that nothing comes of an event, so that it is not tried again when it comes again. What was kept of it stays.
    async fn give_up_on(&self, incoming: &Incoming, code: &str) -> Result<(), Fault> {
        let Some(event) = incoming.id.clone() else {
            return Ok(());
        };
        let heard = ReceivedEvent {
            person: incoming.actor.key.clone(),
            outcome: Outcome::Broken(code.to_owned()).encode(),
            here: None,
        };
        match self.keep_heard(incoming.platform, event, heard).await {
            Err(fault) if fault.is_fatal() => Err(fault),
            Err(fault) => {
                let error = &fault as &dyn std::error::Error;
                tracing::error!(%code, error, "it could not be kept that nothing comes of an event");
                Ok(())
            }
            Ok(()) => Ok(()),
        }
    }

    /// Keeps what came of an event, if it was not heard before.
    async fn keep_heard(
        &self,
        platform: Platform,
        event: MessageKey,
        heard: ReceivedEvent,
    ) -> Result<(), Fault> {
        let now = self.inner.clock.now();
        let kept = self.inner.store.act(move |tx| {
            if tx.heard(platform, &event)?.is_none() {
                tx.hear(platform, &event, None, &heard, now)?;
            }
            Ok(())
        });
        Ok(kept.await?)
    }

    /// Keeps that somebody was only told how to say what they want, or that there is no such post: they can change their message,
    /// where it is one.
    async fn hinted(&self, incoming: &Incoming, context: &MessageContext) -> Result<(), Fault> {
        let (IncomingEvent::Said { .. }, Some(event)) = (&incoming.what, &incoming.id) else {
            return Ok(());
        };
        match incoming.platform.conventions().input {
            Input::Messages => {}
            Input::Lines => return Ok(()),
        }
        let heard = ReceivedEvent {
            person: incoming.actor.key.clone(),
            outcome: Outcome::Hinted.encode(),
            here: context.here,
        };
        self.keep_heard(incoming.platform, event.clone(), heard)
            .await
    }

    async fn heard(&self, incoming: &Incoming) -> Result<Response, Fault> {
        match &incoming.what {
            IncomingEvent::Said {
                message,
                text,
                reply_to,
                thread,
            } => {
                panics::here(PanicPoint::Event, text);
                let speech = self.speech(incoming, true);
                if parse(text, speech) == Parsed::Nothing {
                    return Ok(Response::default());
                }
                let context = self
                    .context(incoming, reply_to.as_ref().or(thread.as_ref()), None)
                    .await?;
                self.said(incoming, text, message, &context).await
            }
            IncomingEvent::Commanded { intent, on, from } => {
                let context = self.context(incoming, on.as_ref(), None).await?;
                self.wanted(incoming, intent.clone(), from.clone(), &context)
                    .await
            }
            IncomingEvent::Decided { decision } => {
                let job = Job::Decide(match decision {
                    Decision::Which => ConversationReply::Which,
                    decision => ConversationReply::Decided(*decision),
                });
                self.act(incoming, job, None).await
            }
            IncomingEvent::Rewrote { message, text } => {
                let context = self.context(incoming, None, Some(message)).await?;
                match context.about {
                    Some(post) => self.rewrote(incoming, post, text).await,
                    None if context.refused => self.said(incoming, text, message, &context).await,
                    None => Ok(Response::default()),
                }
            }
            IncomingEvent::Reacted {
                reaction,
                on,
                emoji,
            } => {
                let Some(said) = ReactionMeaning::read(emoji) else {
                    return Ok(Response::default());
                };
                let context = self.context(incoming, Some(on), None).await?;
                if context.here.is_none() {
                    let agrees = said == ReactionMeaning::Accept
                        && self.is_waiting(incoming, context.place, Some(on)).await?;
                    if agrees {
                        let job = Job::Decide(ConversationReply::Decided(Decision::Publish));
                        return self.act(incoming, job, None).await;
                    }
                    return Ok(Response::default());
                }
                let reaction = reaction.clone();
                let job = match said {
                    ReactionMeaning::Vote(vote) => Job::Vote { reaction, vote },
                    ReactionMeaning::Accept => Job::Accept { reaction },
                };
                self.act(incoming, job, context.here).await
            }
            IncomingEvent::Removed { gone } => {
                if !self.matters(incoming.platform, gone).await? {
                    return Ok(Response::default());
                }
                self.act(incoming, Job::Remove { gone: gone.clone() }, None)
                    .await
            }
            IncomingEvent::MessageGone { gone } => {
                if !self.matters(incoming.platform, gone).await? {
                    return Ok(Response::default());
                }
                self.act(incoming, Job::Vanish { gone: gone.clone() }, None)
                    .await
            }
            IncomingEvent::WordsRemoved { of } => {
                self.act(incoming, Job::RemoveWords { of: of.clone() }, None)
                    .await
            }
            IncomingEvent::SurfacesGone { gone } => {
                let gone = self.that_matter(incoming.platform, gone).await?;
                if gone.is_empty() {
                    return Ok(Response::default());
                }
                self.act(incoming, Job::EndSurfaces { gone }, None).await
            }
        }
    }

    /// Somebody said something to the bot, perhaps.
    async fn said(
        &self,
        incoming: &Incoming,
        text: &str,
        message: &MessageKey,
        context: &MessageContext,
    ) -> Result<Response, Fault> {
        let cards = self.inner.cards(incoming.platform);
        let parsed = parse(text, self.speech(incoming, context.here.is_some()));
        if let Some(response) = self.decided(incoming, text, &parsed, context).await? {
            return Ok(response);
        }
        let card = match parsed {
            Parsed::Nothing => return Ok(Response::default()),
            Parsed::Talk => cards.talk(),
            Parsed::Several => cards.several(),
            Parsed::Incomplete(command) => cards.incomplete(command),
            Parsed::Misread {
                command,
                option,
                why,
            } => cards.misread(command, &option, why),
            Parsed::Unknown { said, near } => cards.did_you_mean(&said, near),
            Parsed::Intent(intent) => {
                return self
                    .wanted(incoming, intent, Some(message.clone()), context)
                    .await;
            }
        };
        self.hinted(incoming, context).await?;
        Ok(reply(incoming, card, Audience::Place))
    }

    /// What comes of a message by which somebody says something to what they were asked in a conversation; none where it is no such
    /// message.
    async fn decided(
        &self,
        incoming: &Incoming,
        text: &str,
        parsed: &Parsed,
        context: &MessageContext,
    ) -> Result<Option<Response>, Fault> {
        if !matches!(incoming.place.kind, PlaceKind::Direct { .. }) {
            return Ok(None);
        }
        let said = match parsed {
            Parsed::Nothing | Parsed::Talk | Parsed::Unknown { .. } => {
                ConversationReply::read(text, &self.inner.prefix, &self.inner.words)
            }
            Parsed::Incomplete(command) if !command.parts.is_empty() => {
                Some(ConversationReply::Which)
            }
            Parsed::Several
            | Parsed::Incomplete(_)
            | Parsed::Misread { .. }
            | Parsed::Intent(_) => None,
        };
        let Some(said) = said else { return Ok(None) };
        if matches!(said, ConversationReply::Decided(_))
            && !self.is_waiting(incoming, context.place, None).await?
        {
            return Ok(None);
        }
        let response = self.act(incoming, Job::Decide(said), None).await?;
        Ok(response.reply.is_some().then_some(response))
    }

    /// Somebody wants something, said in `message` if it was said in one.
    async fn wanted(
        &self,
        incoming: &Incoming,
        intent: Intent,
        message: Option<MessageKey>,
        context: &MessageContext,
    ) -> Result<Response, Fault> {
        let job = match intent {
            // Whatever it is that can't be told there, how to say things can.
            Intent::View(View::Help(help)) => {
                let card = self.inner.cards(incoming.platform).help(&help);
                return Ok(reply(incoming, card, Audience::Place));
            }
            Intent::View(view) => return self.look(incoming, view, context).await,
            Intent::Link(link) => Job::Link {
                link,
                fresh: self.fresh_code(),
            },
            Intent::Act(act) => Job::Command {
                asks_first: message.is_some() && self.could_be_talk(incoming),
                act,
                message,
            },
        };
        self.act(incoming, job, context.here).await
    }

    /// Somebody changed a message that a post was made from. Where no command is left, all of it is the post's text.
    async fn rewrote(
        &self,
        incoming: &Incoming,
        post: PostId,
        text: &str,
    ) -> Result<Response, Fault> {
        let reader = self.inner.store.reader().clone();
        let Some(address) = blocking(move || Ok(reader.address(post)?)).await? else {
            return Ok(Response::default());
        };
        let speech = self.speech(incoming, true);
        let prefixed = speech.behind_prefix(text).is_some();
        let act = match parse(text, speech) {
            Parsed::Intent(Intent::Act(act)) if prefixed || act.writes(address) => act,
            Parsed::Incomplete(command) if prefixed => {
                let card = self.inner.cards(incoming.platform).incomplete(command);
                return Ok(reply(incoming, card, Audience::Place));
            }
            Parsed::Misread {
                command,
                option,
                why,
            } => {
                let cards = self.inner.cards(incoming.platform);
                let card = cards.misread(command, &option, why);
                return Ok(reply(incoming, card, Audience::Place));
            }
            Parsed::Unknown { said, near } if prefixed => {
                let card = self
                    .inner
                    .cards(incoming.platform)
                    .did_you_mean(&said, near);
                return Ok(reply(incoming, card, Audience::Place));
            }
            _ if prefixed => {
                let refusal = Refusal::OtherCommand { address };
                let card = self.inner.cards(incoming.platform).refusal(&refusal);
                return Ok(reply(incoming, card, Audience::Place));
            }
            _ => match Act::text_of(address, text) {
                Some(act) => act,
                None => return Ok(Response::default()),
            },
        };
        self.act(incoming, Job::Rewrite { post, act }, None).await
    }

    /// Answers from the readers.
    async fn look(
        &self,
        incoming: &Incoming,
        view: View,
        context: &MessageContext,
    ) -> Result<Response, Fault> {
        let found = match self.forum_for(incoming, context).await? {
            PlaceForum::Forum(forum) => forum,
            PlaceForum::Several(forums) => {
                let which = conversations::which(&forums);
                let card = self.inner.cards(incoming.platform).outcome(&which, None);
                return Ok(asking(reply(incoming, card, Audience::Place), &which));
            }
        };
        if self.is_kept_from(&incoming.place, found).await? {
            let cards = self.inner.cards(incoming.platform);
            let card = cards.refusal(&Refusal::OnlyEncrypted);
            return Ok(reply(incoming, card, Audience::Place));
        }
        let is_of_a_post = matches!(view, View::Show(_) | View::History(_));
        let (core, platform) = (self.clone(), incoming.platform);
        let (here, place) = (context.here, context.place.map(|place| place.id));
        let (card, lacking) = blocking(move || {
            let inner = &core.inner;
            let card = inner.view(platform, found, &view, (here, place))?;
            let Some(place) = place else {
                return Ok((card, None));
            };
            let meant = match view {
                View::Show(view::Show { post, .. }) => {
                    inner.question_meant(found, post, (here, Some(place)))?
                }
                _ => None,
            };
            let lacking = match meant {
                Some(question) if inner.store.reader().lacks_card(place, question)? => {
                    Some((place, question))
                }
                Some(_) | None => None,
            };
            Ok((inner.linked_in_server(card, found, place)?, lacking))
        })
        .await?;
        if let Some((place, question)) = lacking {
            self.show_card(place, question).await?;
        }
        if is_of_a_post && card.holds.is_empty() {
            self.hinted(incoming, context).await?;
        }
        Ok(reply(incoming, card, Audience::Place))
    }

    /// Has something done by the writer and makes the response.
    pub(super) async fn act(
        &self,
        incoming: &Incoming,
        job: Job,
        here: Option<PostId>,
    ) -> Result<Response, Fault> {
        let outcome = self.write(incoming, job.clone(), here).await?;
        if let Outcome::Broken(code) = &outcome {
            let card = self.inner.cards(incoming.platform).fault(code);
            return Ok(reply(incoming, card, Audience::Place));
        }
        let unreact = match (&job, &outcome) {
            (Job::Vote { reaction, .. }, Outcome::Refused(_)) => Some(reaction.clone()),
            _ => None,
        };
        // Whose accounts are whose is nobody else's business, and a code is for whom it was made or said by.
        let private = matches!(
            &job,
            Job::Link {
                link: Link::Account { .. } | Link::Apart,
                ..
            }
        ) || matches!(
            outcome,
            Outcome::ForumCode(_) | Outcome::JoinAsked { .. } | Outcome::JoinWaits { .. }
        );
        let hint = matches!(outcome, Outcome::CardRemoved(_));
        let stray = matches!(outcome, Outcome::Refused(Refusal::StrayTick { .. }));
        let audience = if unreact.is_some() || private || hint || stray {
            Audience::Person
        } else {
            Audience::Place
        };
        let refused = matches!(
            outcome,
            Outcome::Refused(_)
                | Outcome::WhichForum(_)
                | Outcome::WhichPost
                | Outcome::Confirm { .. }
                | Outcome::ConfirmDelete(_)
                | Outcome::NotDeleted
                | Outcome::NothingWaits
        );
        let done = !refused && outcome != Outcome::Nothing;
        // A card tells of a new post in the place itself; elsewhere it is said, and to those whose platform waits for a word.
        let posted_here = matches!(outcome, Outcome::Posted(_))
            && !matches!(incoming.what, IncomingEvent::Commanded { .. })
            && !matches!(incoming.place.kind, PlaceKind::Direct { .. });
        let told =
            refused || hint || (job.is_told() && !posted_here && outcome != Outcome::Nothing);
        let unasked = unreact.is_some() || hint || stray;
        if !told || (unasked && !self.may_complain(incoming)) {
            return Ok(Response {
                reply: None,
                unreact,
                done,
                stale: false,
            });
        }
        let command = match &job {
            Job::Command { act, .. } => Some(act.command()),
            Job::Adopt(_)
            | Job::Vote { .. }
            | Job::Accept { .. }
            | Job::Rewrite { .. }
            | Job::Remove { .. }
            | Job::Vanish { .. }
            | Job::RemoveWords { .. }
            | Job::EndSurfaces { .. }
            | Job::Link { .. }
            | Job::Decide(_) => None,
        };
        let card = self
            .inner
            .cards(incoming.platform)
            .outcome(&outcome, command);
        let card = self.with_present(card, &outcome, incoming).await?;
        let card = self.linked_there(card, incoming).await?;
        let stale = matches!(outcome, Outcome::Refused(Refusal::ChangedSince { .. }));
        let mut response = Response {
            unreact,
            done,
            stale,
            ..asking(reply(incoming, card, audience), &outcome)
        };
        if let (Job::Decide(_), Some(reply)) = (&job, &mut response.reply)
            && conversations::waits_on(&outcome)
        {
            reply.asks = Some(Asks::Publish);
        }
        Ok(response)
    }

    /// Adds to what is said of an edit what its post says now, where that was changed meanwhile.
    async fn with_present(
        &self,
        card: Card,
        outcome: &Outcome,
        incoming: &Incoming,
    ) -> Result<Card, Fault> {
        let &Outcome::Refused(
            Refusal::ChangedSince { address } | Refusal::ChangedElsewhere { address },
        ) = outcome
        else {
            return Ok(card);
        };
        let core = self.clone();
        let (platform, key) = (incoming.platform, incoming.place.key.clone());
        blocking(move || {
            let reader = core.inner.store.reader();
            let forum = reader.place(platform, &key)?.and_then(|place| place.forum);
            let post = forum.map(|forum| reader.resolve(forum, address));
            let shown = match post.transpose()?.flatten() {
                Some(post) => reader.shown(post)?,
                None => None,
            };
            let cards = core.inner.cards(platform);
            Ok(match shown {
                Some(shown) => cards.with_present(card, &shown),
                None => card,
            })
        })
        .await
    }

    /// One action, durable when this returns.
    #[tracing::instrument(name = "act", level = "debug", skip_all, fields(platform = %incoming.platform, place = %incoming.place.key, person = %incoming.actor.key, post = here.map(|post| post.0)))]
    async fn write(
        &self,
        incoming: &Incoming,
        job: Job,
        here: Option<PostId>,
    ) -> Result<Outcome, Fault> {
        let now = self.inner.clock.now();
        let mut tries = 0;
        loop {
            let (incoming, job) = (incoming.clone(), job.clone());
            let recent = self.inner.recent.clone();
            let written = self
                .inner
                .store
                .act(move |tx| once(tx, &incoming, &job, here, now, &recent))
                .await;
            tries += 1;
            match written {
                Err(store::Fault::Locked { .. }) if tries < TRIES => {}
                written => return Ok(written?),
            }
        }
    }

    /// Whether a message can be meant for the bot where several people talk; the rest is none of the forum's.
    #[must_use]
    pub fn is_spoken_to(&self, text: &str) -> bool {
        let speech = Speech {
            prefix: &self.inner.prefix,
            bare: Bare::Talk,
            hangs: true,
            own: Some(&self.inner.words),
        };
        parse(text, speech) != Parsed::Nothing
    }

    /// Whether something that is a command could be talk as well: it was said to the bot alone, without the prefix.
    fn could_be_talk(&self, incoming: &Incoming) -> bool {
        let (IncomingEvent::Said { text, .. } | IncomingEvent::Rewrote { text, .. }) =
            &incoming.what
        else {
            return false;
        };
        let speech = self.speech(incoming, false);
        speech.bare == Bare::Spelled && speech.behind_prefix(text).is_none()
    }

    fn speech<'a>(&'a self, incoming: &Incoming, hangs: bool) -> Speech<'a> {
        let alone = matches!(incoming.place.kind, PlaceKind::Direct { .. });
        let bare = match incoming.platform.conventions().input {
            Input::Lines => Bare::Command,
            Input::Messages if alone => Bare::Spelled,
            Input::Messages => Bare::Talk,
        };
        Speech {
            prefix: &self.inner.prefix,
            bare,
            hangs,
            own: Some(&self.inner.words),
        }
    }

    /// Looks up what a message is about: `hangs_on` is the message it replies to, `about` the one it changes.
    async fn context(
        &self,
        incoming: &Incoming,
        hangs_on: Option<&MessageKey>,
        about: Option<&MessageKey>,
    ) -> Result<MessageContext, Fault> {
        let reader = self.inner.store.reader().clone();
        let (platform, key) = (incoming.platform, incoming.place.key.clone());
        let (hangs_on, about) = (hangs_on.cloned(), about.cloned());
        let person = incoming.actor.key.clone();
        blocking(move || {
            let (hangs_on, about) = (hangs_on.as_ref(), about.as_ref());
            let found = reader.message_context(platform, &key, hangs_on, about)?;
            let refused = found.heard.filter(|heard| {
                heard.person == person
                    && about.is_some_and(|about| {
                        Outcome::decode(&heard.outcome, platform, about).can_be_mended()
                    })
            });
            Ok(MessageContext {
                here: found
                    .here
                    .or_else(|| refused.as_ref().and_then(|heard| heard.here)),
                refused: refused.is_some(),
                // Nobody but the bot changes a card.
                about: found.about,
                place: found.place,
            })
        })
        .await
    }

    /// The forum that is looked at from a place; makes the place known where it is not.
    async fn forum_for(
        &self,
        incoming: &Incoming,
        context: &MessageContext,
    ) -> Result<PlaceForum, Fault> {
        if let Some(PlaceRow {
            forum: Some(forum),
            direct: false,
            ..
        }) = context.place
        {
            // Whoever only looks does not wait for what is being written, unless the place may have to change.
            let stays = match &incoming.place.kind {
                PlaceKind::Shared | PlaceKind::Grouped { .. } => true,
                PlaceKind::Named => {
                    let reader = self.inner.store.reader().clone();
                    blocking(move || Ok(!reader.is_empty(forum)?)).await?
                }
                PlaceKind::Direct { .. } => false,
            };
            if stays {
                return Ok(PlaceForum::Forum(forum));
            }
        }
        let (platform, place, at) = (
            incoming.platform,
            incoming.place.clone(),
            self.inner.clock.now(),
        );
        Ok(self
            .inner
            .store
            .act(move |tx| find_place(tx, platform, &place, at).map(|(_, found)| found))
            .await?)
    }
}

/// The key of the reply to an event, made from the event's own name.
pub(super) fn reply_key(incoming: &Incoming) -> SendKey {
    let event = incoming.id.as_ref().map_or("", |id| id.0.as_str());
    let event = fingerprint::of_text(&format!("{}\n{event}", incoming.platform));
    SendKey(format!("r{event:016x}"))
}

/// Whether a key is that of a reply; cards have others.
pub(super) fn is_reply(key: &SendKey) -> bool {
    key.0.starts_with('r')
}

/// A response that says what its reply asks.
fn asking(response: Response, outcome: &Outcome) -> Response {
    let reply = response.reply.map(|reply| Reply {
        asks: conversations::asks(outcome),
        ..reply
    });
    Response { reply, ..response }
}

/// A reply under a key that is made from the event's own name.
fn reply(incoming: &Incoming, card: Card, audience: Audience) -> Response {
    Response {
        reply: Some(Reply {
            card,
            audience,
            key: reply_key(incoming),
            asks: None,
        }),
        unreact: None,
        done: false,
        stale: false,
    }
}
