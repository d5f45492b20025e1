//! Channels that become places of the forum, and stop being ones. One that is viewed by fewer or others than the server's other places gets
//! questions of its own, unless its admin agrees to share.

use bot_core::document::{Block, Card, Inline};
use bot_core::engine::{Narrowness, PlaceNotice};
use bot_core::forum::Role;
use bot_core::platform::PlaceKind;
use bot_core::text::Key;
use serenity::model::permissions::Permissions;

use super::InteractionAnswer;
use crate::PLATFORM;
use crate::channels::{ChannelKind, Location};
use crate::commands::Door;
use crate::conventions::role;
use crate::custom_id::Sharing;
use crate::event_handler::EventHandler;
use crate::fault::DiscordFault;
use crate::inbound::{Inbound, Used};
use crate::permissions::{self, In};
use crate::render;
use crate::rest::{Failure, MISSING_ACCESS};
use crate::servers::{Opening, ViewedPlace, opening, wider};

impl EventHandler {
    /// Opens or closes a place.
    pub(super) async fn turn(
        &self,
        used: &Used,
        location: &Location,
        door: Door,
    ) -> Result<InteractionAnswer, DiscordFault> {
        if role(used.permissions) != Role::Admin {
            return Ok(self.says(Key::DiscordMayNotOpen));
        }
        match door {
            Door::Open => self.opens_place(used, location, None).await,
            Door::Close => {
                self.core.place_closed(PLATFORM, &location.key()).await?;
                Ok(self.says(Key::DiscordClosed))
            }
        }
    }

    /// What an admin said of sharing by a button.
    pub(super) async fn shares(
        &self,
        used: &Used,
        location: &Location,
        sharing: Sharing,
    ) -> Result<InteractionAnswer, DiscordFault> {
        if role(used.permissions) != Role::Admin {
            return Ok(self.says(Key::DiscordMayNotOpen));
        }
        self.opens_place(used, location, Some(sharing)).await
    }

    async fn opens_place(
        &self,
        used: &Used,
        location: &Location,
        sharing: Option<Sharing>,
    ) -> Result<InteractionAnswer, DiscordFault> {
        if let Some(unfit) = self.unfit(used, location).await {
            return Ok(unfit);
        }
        let place = self.described(location);
        let answer = match (&place.kind, location.guild) {
            (PlaceKind::Grouped { .. }, Some(guild)) => {
                match self.opens_beside(location, guild, sharing).await? {
                    Ok(answer) => answer,
                    Err(failure) => {
                        // Nothing is opened that may show to some what others said among themselves.
                        tracing::warn!(%failure, "who can view a server's channels is not told");
                        return Ok(self.says(Key::DiscordTooSlow));
                    }
                }
            }
            _ => {
                self.core.place_opened(PLATFORM, &place).await?;
                self.says(Key::DiscordOpened)
            }
        };
        if let Some(guild) = location.guild {
            self.of_server(guild, vec![location.place]).await?;
        }
        // It may have been open before, and nothing was heard there since.
        self.rows.put(Inbound::Began);
        Ok(answer)
    }

    /// Why a channel can't be a place, if it can't: its kind, or what the bot may not do there, as `check` names it.
    async fn unfit(&self, used: &Used, location: &Location) -> Option<InteractionAnswer> {
        let channel = match self.channels.get(&self.rest, location.place).await {
            Ok(channel) => channel,
            Err(failure) => {
                tracing::warn!(%failure, "a channel can't be looked at");
                return Some(self.says(not_seen(&failure)));
            }
        };
        let kind = match channel.kind {
            ChannelKind::Forum(tags) if tags.required && tags.available.is_empty() => {
                return Some(self.says(Key::DiscordModeratedTags));
            }
            ChannelKind::Forum(_) => In::Forum,
            ChannelKind::Text => In::Text,
            ChannelKind::Thread(_) | ChannelKind::Unfit => {
                return Some(self.says(Key::DiscordUnfitChannel));
            }
        };
        let allowed = Permissions::from_bits_truncate(used.app_permissions?);
        // Who does not see a channel may nothing there.
        if !allowed.contains(Permissions::VIEW_CHANNEL) {
            return Some(self.says(Key::DiscordUnseen));
        }
        let missing = permissions::missing(allowed, kind);
        if missing.is_empty() {
            return None;
        }
        let lacks = self.outbound.texts.say(Key::DiscordLacks, &[]);
        let paragraph = |text: String| Block::Paragraph(vec![Inline::Text(text)]);
        let card = Card {
            blocks: vec![paragraph(lacks), paragraph(missing.join(", "))],
            ..Card::default()
        };
        Some(InteractionAnswer::Private(
            self.drawn(location, &card, None),
        ))
    }

    /// Opens a place that has others beside it in its server, perhaps.
    async fn opens_beside(
        &self,
        location: &Location,
        guild: u64,
        sharing: Option<Sharing>,
    ) -> Result<Result<InteractionAnswer, Failure>, DiscordFault> {
        let viewers = match self.viewers(guild, location.place).await {
            Ok(viewers) => viewers,
            Err(failure) => return Ok(Err(failure)),
        };
        let all = match self.viewed(guild).await? {
            Ok(all) => all,
            Err(failure) => return Ok(Err(failure)),
        };
        let (known, others): (Vec<_>, Vec<_>) = all
            .into_iter()
            .partition(|other| other.channel == location.place);
        let known = known.first();
        let group = format!("discord:{guild}");
        if sharing == Some(Sharing::Shared) {
            let of_group = others.iter().find(|other| other.place.home == group);
            if let Some(other) = of_group.or(others.first()) {
                let shared = self.opens_shared(location, known, other);
                let answer = shared.await?;
                self.agreed(location, guild).await?;
                return Ok(Ok(answer));
            }
        }
        // One that is open stays in its forum, and one that was may come back where nothing has to be asked.
        if let (Some(known), None) = (known, sharing) {
            let unasked = unagreed(known, &others);
            if known.place.open || unasked.is_none() {
                let place = self.described(location);
                self.core.place_opened(PLATFORM, &place).await?;
                return Ok(Ok(match unasked {
                    Some(other) => self.asks(PlaceNotice::SharesStill, location, other),
                    None => self.says(Key::DiscordOpened),
                }));
            }
        }
        let own = format!("discord:{guild}:{}", location.place);
        let opening = opening(&viewers, &others);
        let forum = match &opening {
            Opening::With(other) => &other.place.home,
            Opening::First => &group,
            Opening::Narrower(_) | Opening::Wider(_) => &own,
        };
        let place = self.described(location);
        self.core.place_opened_in(PLATFORM, &place, forum).await?;
        self.core
            .set_narrowness(PLATFORM, &place.key, Narrowness::Unsaid)
            .await?;
        Ok(Ok(match opening {
            Opening::With(_) | Opening::First => self.says(Key::DiscordOpened),
            Opening::Narrower(other) => self.asks(PlaceNotice::NarrowApart, location, other),
            Opening::Wider(other) => self.asks(PlaceNotice::WideApart, location, other),
        }))
    }

    /// Opens a place in the forum of another, to which its admin has agreed.
    async fn opens_shared(
        &self,
        location: &Location,
        known: Option<&ViewedPlace>,
        other: &ViewedPlace,
    ) -> Result<InteractionAnswer, DiscordFault> {
        let elsewhere = known.filter(|known| known.place.forum != other.place.forum);
        if let Some(known) = elsewhere
            && !self.core.is_unused(&known.place.home).await?
        {
            let card = self.told_of(PlaceNotice::AskedAlready, location, other);
            return Ok(InteractionAnswer::Private(
                self.drawn(location, &card, None),
            ));
        }
        let place = self.described(location);
        self.core
            .place_opened_in(PLATFORM, &place, &other.place.home)
            .await?;
        let card = self.told_of(PlaceNotice::Shares, location, other);
        Ok(InteractionAnswer::Private(
            self.drawn(location, &card, None),
        ))
    }

    /// Keeps that an admin agreed to what a place shares: of the place, and of those that are narrower than it.
    async fn agreed(&self, location: &Location, guild: u64) -> Result<(), DiscordFault> {
        let Ok(all) = self.viewed(guild).await? else {
            return Ok(());
        };
        let Some(own) = all.iter().find(|place| place.channel == location.place) else {
            return Ok(());
        };
        let of_forum = all
            .iter()
            .filter(|place| place.place.forum == own.place.forum);
        for place in of_forum {
            let narrow = match place.channel == own.channel {
                true => wider(&all, own).is_some(),
                false => place.is_narrower_than(own),
            };
            if narrow {
                self.core
                    .set_narrowness(PLATFORM, &place.place.key, Narrowness::Agreed)
                    .await?;
            }
        }
        Ok(())
    }

    /// Tells an admin of a place and another one, with the buttons by which they say what they want.
    fn asks(
        &self,
        notice: PlaceNotice,
        location: &Location,
        other: &ViewedPlace,
    ) -> InteractionAnswer {
        let card = self.told_of(notice, location, other);
        let mut body = self.drawn(location, &card, None);
        let offered: &[Sharing] = match notice {
            PlaceNotice::SharesStill => &[Sharing::Shared, Sharing::Apart],
            _ => &[Sharing::Shared],
        };
        body.components = render::sharing(offered, &self.outbound.texts);
        InteractionAnswer::Private(body)
    }

    fn told_of(&self, notice: PlaceNotice, location: &Location, other: &ViewedPlace) -> Card {
        let name = location.name.clone().unwrap_or_default();
        self.notice(notice, location.guild, (location.place, &name), other)
    }
}

/// What is said of a channel that can't be looked at.
pub(super) fn not_seen(failure: &Failure) -> Key {
    match failure.is(MISSING_ACCESS) {
        true => Key::DiscordUnseen,
        false => Key::DiscordNoPlace,
    }
}

/// The first place of the same forum beside which not everybody can view both, and that nobody agreed to.
fn unagreed<'a>(known: &ViewedPlace, others: &'a [ViewedPlace]) -> Option<&'a ViewedPlace> {
    let unagreed = |place: &ViewedPlace| place.place.narrowness != Narrowness::Agreed;
    others.iter().find(|other| {
        other.place.forum == known.place.forum
            && ((known.is_narrower_than(other) && unagreed(known))
                || (other.is_narrower_than(known) && unagreed(other)))
    })
}
