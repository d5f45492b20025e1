//! Buttons: those below a card, and those that turn pages.

use bot_core::command::view::{History, Show};
use bot_core::command::{Act, Intent, Target, View};
use bot_core::document::Card;
use bot_core::forum::Vote;
use bot_core::platform::MessageKey;
use bot_core::text::Key;

use super::allowed::silenced;
use super::{Answered, InteractionAnswer, is_shareable};
use crate::PLATFORM;
use crate::channels::Location;
use crate::custom_id::{Dialog, PostRef, Press};
use crate::dialogs::Prefill;
use crate::event_handler::EventHandler;
use crate::fault::DiscordFault;
use crate::inbound::Used;
use crate::names;
use crate::pages;
use crate::render;

impl EventHandler {
    pub(super) async fn button(
        &self,
        used: &Used,
        location: &Location,
        id: &str,
        message: &MessageKey,
    ) -> Result<Answered, DiscordFault> {
        let Ok(press) = Press::parse(id) else {
            return Ok(self.says(Key::DiscordOutdated).into());
        };
        if let Some(key) = press.key() {
            self.core
                .seen(PLATFORM, &location.key(), key, message)
                .await?;
        }
        let post = Target::Here;
        let voted = |vote| Act::PressVote { post, vote };
        let answer = match press {
            Press::Up(_) => return self.pressed(used, location, voted(Vote::Up), message).await,
            Press::Down(_) => {
                return self
                    .pressed(used, location, voted(Vote::Down), message)
                    .await;
            }
            Press::Accept(_) => {
                let accept = Act::Accept { answer: post };
                return self.pressed(used, location, accept, message).await;
            }
            Press::Answer(_) => {
                let to = PostRef::On(message.clone());
                let dialog = Dialog::Answer { to };
                let prefill = Prefill::default();
                return self.opens(used, location, dialog, prefill, None).await;
            }
            Press::Comment(_) => {
                let on = PostRef::On(message.clone());
                let dialog = Dialog::Comment { on };
                let prefill = Prefill::default();
                return self.opens(used, location, dialog, prefill, None).await;
            }
            Press::Draft(id) => self.opens_draft(used, location, &id).await?,
            Press::More(_) => self.more(message),
            Press::Edit(on) => {
                let edit = Dialog::Edit {
                    post: PostRef::On(on.clone()),
                    seen: None,
                };
                let prefill = Prefill::default();
                return self.opens(used, location, edit, prefill, None).await;
            }
            Press::History(on) => {
                let history = |post| View::History(History { post, page: 1 });
                self.looks(used, location, on, history).await?
            }
            Press::Whole(on) => {
                let whole = |post| View::Show(Show { post, page: 1 });
                self.looks(used, location, on, whole).await?
            }
            Press::Page { number, id } => match self.page(used, location, &id, number).await? {
                Some(page) => InteractionAnswer::Turned(self.drawn(location, &page, Some(id))),
                None => self.says(Key::DiscordOutdated),
            },
            // That was looked at before.
            Press::Open(_) => self.says(Key::DiscordMayNotOpen),
            Press::Decide(decision) if location.common.is_some() => {
                return self.decided(used, location, decision).await;
            }
            Press::Decide(_) => self.says(Key::DiscordOutdated),
            Press::RemoveMessage(address) => {
                let post = Target::At(address);
                let intent = Intent::Act(Act::RemoveMessage { post });
                self.does(used, location, intent, None, None).await?
            }
            Press::Share { .. } if location.common.is_some() => self.says(Key::DiscordOutdated),
            Press::Share { number, id } => match self.page(used, location, &id, number).await? {
                Some(_) if silenced(used, location).is_some() => self.says(Key::DiscordMayNotShare),
                Some(page) if is_shareable(&page) => {
                    let page = self
                        .core
                        .shared_by(page, PLATFORM, &used.name, &used.account);
                    // Which message it is says the gateway.
                    let (place, key) = (location.key(), names::answer(used.id));
                    let thread = location.root.as_ref();
                    self.core
                        .will_send(PLATFORM, &place, thread, &key, &page)
                        .await?;
                    InteractionAnswer::Shared(self.drawn(location, &page, None))
                }
                // It is not there any more: why is for the person alone.
                Some(page) => InteractionAnswer::Private(self.drawn(location, &page, None)),
                None => self.says(Key::DiscordOutdated),
            },
        };
        Ok(answer.into())
    }

    /// What else can be done with a card's post, for the person alone.
    pub(super) fn more(&self, card: &MessageKey) -> InteractionAnswer {
        let mut body = self.plain(Key::DiscordMore);
        body.components = render::more(card, &self.outbound.texts);
        InteractionAnswer::Private(body)
    }

    /// Shows something of the post of a card, in pages.
    pub(super) async fn looks(
        &self,
        used: &Used,
        location: &Location,
        card: MessageKey,
        of: fn(Target) -> View,
    ) -> Result<InteractionAnswer, DiscordFault> {
        let place = location.key();
        let shown = self.core.surface_of(PLATFORM, &place, &card).await?;
        let Some(shown) = shown else {
            return Ok(self.says(Key::DiscordNothingThere));
        };
        let intent = Intent::View(of(Target::Here));
        let said = self.hears(used, location, intent, Some(card), None).await?;
        // Its pages are turned where nothing hangs on the card.
        let view = of(Target::At(shown.address));
        self.looked(used, location, &said, &view).await
    }

    /// Has done what a card's button says: the card itself shows at once what came of it.
    pub(super) async fn pressed(
        &self,
        used: &Used,
        location: &Location,
        act: Act,
        message: &MessageKey,
    ) -> Result<Answered, DiscordFault> {
        let drawing = self.core.drawing(PLATFORM, message);
        let response = self
            .heard(
                used,
                location,
                Intent::Act(act),
                Some(message.clone()),
                None,
            )
            .await?;
        let done = response.done;
        let drawn = match done {
            true => {
                let key = location.key();
                self.core.drawn(PLATFORM, &key, message).await?
            }
            false => None,
        };
        let Some(drawn) = drawn else {
            let card = response.reply.map(|reply| reply.card).unwrap_or_default();
            return Ok(InteractionAnswer::Private(self.drawn(location, &card, None)).into());
        };
        let body = self
            .outbound
            .draw(&drawn.card, location.guild, Some(&drawn.key), None);
        Ok(Answered {
            drawn: Some(drawn),
            _drawing: Some(drawing),
            ..InteractionAnswer::Card(body).into()
        })
    }

    /// A page of what the same person asked to see before.
    async fn page(
        &self,
        used: &Used,
        location: &Location,
        id: &str,
        number: u32,
    ) -> Result<Option<Card>, DiscordFault> {
        let Some(view) = pages::kept(&self.core, used, id, number).await? else {
            return Ok(None);
        };
        let said = self.hears(
            used,
            location,
            Intent::View(view),
            location.root.clone(),
            None,
        );
        Ok(Some(said.await?.card))
    }
}
