//! Buttons: those below a card, and those that turn pages.

use bot_core::command::{Intent, Target};
use bot_core::forum::Vote;
use bot_core::platform::{MessageKey, Platform};
use serde_json::Value;

use super::{Answer, Answered};
use crate::channels::Spot;
use crate::commands::{self, Asked, OptionValue};
use crate::custom_id::{Dialog, Press, Spot as Post};
use crate::dialogs::Prefill;
use crate::ear::Ear;
use crate::fault::DiscordFault;
use crate::inbound::Used;
use crate::pages;
use crate::render;
use crate::words::Word;

impl Ear {
    pub(super) async fn button(
        &self,
        used: &Used,
        spot: &Spot,
        id: &str,
        message: &MessageKey,
    ) -> Result<Answered, DiscordFault> {
        let Ok(press) = Press::parse(id) else {
            return Ok(self.says(Word::Outdated).into());
        };
        if let Some(key) = press.key() {
            self.core
                .seen(Platform::Discord, &spot.key(), key, message)
                .await?;
        }
        let post = Target::Here;
        let voted = |vote| Intent::PressVote { post, vote };
        let answer = match press {
            Press::Up(_) => return self.pressed(used, spot, voted(Vote::Up), message).await,
            Press::Down(_) => return self.pressed(used, spot, voted(Vote::Down), message).await,
            Press::Accept(_) => {
                let intent = Intent::Accept { answer: post };
                return self.pressed(used, spot, intent, message).await;
            }
            Press::Answer(_) => {
                let to = Post::On(message.clone());
                self.shows(&Dialog::Answer { to }, &Prefill::default())
            }
            Press::Comment(_) => {
                let on = Post::On(message.clone());
                self.shows(&Dialog::Comment { on }, &Prefill::default())
            }
            Press::More(_) => self.more(message),
            Press::Edit(on) => {
                let edit = Dialog::Edit {
                    post: Post::On(on.clone()),
                };
                self.opens(used, spot, edit, Prefill::default(), None)
                    .await?
            }
            Press::History(on) => {
                let page = 1;
                self.looks(used, spot, Intent::History { post, page }, on)
                    .await?
            }
            Press::Whole(on) => {
                let page = 1;
                self.looks(used, spot, Intent::Show { post, page }, on)
                    .await?
            }
            Press::Page { number, id } => {
                let page = self.page(used, spot, &id, Some(number)).await?;
                page.map_or_else(|| self.says(Word::Outdated), Answer::Turned)
            }
            Press::Share { id } => {
                let page = self.page(used, spot, &id, None).await?;
                page.map_or_else(|| self.says(Word::Outdated), Answer::Shared)
            }
        };
        Ok(answer.into())
    }

    /// What else can be done with a card's post, for the person alone.
    pub(super) fn more(&self, card: &MessageKey) -> Answer {
        let mut body = self.plain(Word::More);
        body["components"] = render::more(card, self.outbound.speak.words());
        Answer::Private(body)
    }

    /// Shows something of the post of a card, in pages.
    pub(super) async fn looks(
        &self,
        used: &Used,
        spot: &Spot,
        intent: Intent,
        card: MessageKey,
    ) -> Result<Answer, DiscordFault> {
        let place = spot.key();
        let shown = self
            .core
            .surface_of(Platform::Discord, &place, &card)
            .await?;
        let Some(shown) = shown else {
            return Ok(self.says(Word::NothingThere));
        };
        // Its pages are turned as those of the command.
        let name = match intent {
            Intent::History { .. } => "history",
            _ => "show",
        };
        let options = [(
            "post".to_owned(),
            OptionValue::Text(shown.address.to_string()),
        )];
        let id = pages::keep(&self.core, used, name, &options).await?;
        let card = self.hears(used, spot, intent, Some(card), None).await?;
        self.drawn(spot, card, Some(id)).map(Answer::Private)
    }

    /// Has done what a card's button says: the card itself shows at once what came of it.
    pub(super) async fn pressed(
        &self,
        used: &Used,
        spot: &Spot,
        intent: Intent,
        message: &MessageKey,
    ) -> Result<Answered, DiscordFault> {
        let drawing = self.core.drawing(Platform::Discord, message);
        let response = self
            .heard(used, spot, intent, Some(message.clone()), None)
            .await?;
        let done = response.done;
        let drawn = match done {
            true => {
                let key = spot.key();
                self.core.drawn(Platform::Discord, &key, message).await?
            }
            false => None,
        };
        let Some(drawn) = drawn else {
            let card = response.reply.map(|reply| reply.card).unwrap_or_default();
            return Ok(self.drawn(spot, card, None).map(Answer::Private)?.into());
        };
        let body = self
            .outbound
            .draw(&drawn.card, spot.guild, Some(&drawn.key), None);
        Ok(Answered {
            answer: Answer::Card(body),
            drawn: Some(drawn),
            _drawing: Some(drawing),
        })
    }

    /// A page of what was asked for before; the one that was asked for where `number` is none.
    pub(super) async fn page(
        &self,
        used: &Used,
        spot: &Spot,
        id: &str,
        number: Option<u32>,
    ) -> Result<Option<Value>, DiscordFault> {
        let Some((name, options)) = pages::kept(&self.core, id).await? else {
            return Ok(None);
        };
        let Ok(Asked::Intent(intent)) = commands::intent(&name, &options) else {
            return Ok(None);
        };
        let intent = match number {
            Some(number) => pages::turned(intent, number),
            None => intent,
        };
        let card = self
            .hears(used, spot, intent, spot.root.clone(), None)
            .await?;
        let id = number.map(|_| id.to_owned());
        self.drawn(spot, card, id).map(Some)
    }
}
