//! What is used in a conversation with the bot: its forum is that of a server both share, and nothing is published before its person
//! saw where and as whom, and agreed.

use bot_core::command::{Intent, Link, View};
use bot_core::engine::Fault;
use bot_core::platform::{Decision, IncomingEvent, PlaceKey};
use bot_core::text::Key;

use super::{Answered, InteractionAnswer};
use crate::PLATFORM;
use crate::channels::Location;
use crate::commands::{Asked, intent};
use crate::custom_id::Press;
use crate::direct::Common;
use crate::event_handler::EventHandler;
use crate::fault::DiscordFault;
use crate::inbound::{Use, Used};

impl EventHandler {
    /// Something is used in a conversation.
    pub(super) async fn used_alone(&self, used: &Used) -> Result<Answered, DiscordFault> {
        let (location, used) = {
            let _turn = self.answering.turn_to_ask(used).await;
            self.conversation(used).await?
        };
        if location.common.as_ref().is_none_or(Vec::is_empty) && !needs_no_forum(&used.what) {
            return Ok(match used.what {
                Use::Typing(..) => InteractionAnswer::Choices(Vec::new()),
                Use::Slash(..) | Use::Menu { .. } | Use::Button { .. } | Use::Dialog { .. } => {
                    self.says(Key::DiscordAlone)
                }
            }
            .into());
        }
        let _turn = self.answering.turn(&used).await;
        self.used_in(&used, &location).await
    }

    /// Where something was used in a conversation, and by whom: under the name that they have in the server both share.
    async fn conversation(&self, used: &Used) -> Result<(Location, Used), DiscordFault> {
        let Common {
            places,
            guild,
            name,
        } = self.in_common(used.user, used.id.created_at()).await?;
        let location = Location {
            place: used.channel,
            name: None,
            guild,
            root: None,
            private: false,
            in_private_thread: false,
            common: Some(places),
        };
        let mut used = used.clone();
        used.name = name.unwrap_or(used.name);
        Ok((location, used))
    }

    /// Shows which forums a conversation can be about.
    pub(super) async fn which(
        &self,
        used: &Used,
        location: &Location,
    ) -> Result<InteractionAnswer, DiscordFault> {
        let decision = Decision::Which;
        let response = self
            .tells(used, location, IncomingEvent::Decided { decision })
            .await?;
        if response.reply.is_none() {
            return Ok(self.says(Key::DiscordOneForum));
        }
        let said = self.read(location, response).await?;
        Ok(InteractionAnswer::Private(self.said(location, &said, None)))
    }

    /// What somebody decided about what they were asked: the question gives way to what came of it.
    pub(super) async fn decided(
        &self,
        used: &Used,
        location: &Location,
        decision: Decision,
    ) -> Result<Answered, DiscordFault> {
        let response = self
            .tells(used, location, IncomingEvent::Decided { decision })
            .await?;
        let said = self.read(location, response).await?;
        Ok(InteractionAnswer::Turned(self.said(location, &said, None)).into())
    }

    /// The place whose forum is looked into: where somebody is, or, in a conversation, one of the forum that is meant there.
    pub(super) async fn looks_into(&self, location: &Location) -> Result<Option<PlaceKey>, Fault> {
        match location.common {
            Some(_) => {
                let place = self.described(location);
                self.core.shared_place(PLATFORM, &place).await
            }
            None => Ok(Some(location.key())),
        }
    }
}

/// Whether something needs no forum.
fn needs_no_forum(what: &Use) -> bool {
    let Use::Slash(name, options) = what else {
        return false;
    };
    matches!(
        intent(name, options),
        Ok(Asked::Intent(
            Intent::View(View::Help(_)) | Intent::Link(Link::Account { .. } | Link::Apart)
        ))
    )
}

/// What somebody wants.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Wish {
    /// To see something.
    See,
    /// To do something.
    Do,
}

/// What somebody wants by something.
pub(super) fn wish(what: &Use) -> Wish {
    let sees = match what {
        Use::Slash(name, options) => match intent(name, options) {
            Ok(Asked::Intent(intent)) => matches!(intent, Intent::View(_)),
            Ok(Asked::Which) => true,
            Ok(Asked::Dialog(..) | Asked::Forum(_)) => false,
            Err(_) => true,
        },
        Use::Typing(..) => true,
        Use::Menu { .. } | Use::Dialog { .. } => false,
        Use::Button { id, .. } => matches!(
            Press::parse(id),
            Ok(Press::Page { .. } | Press::Decide(Decision::Which | Decision::Forum(_)))
        ),
    };
    match sees {
        true => Wish::See,
        false => Wish::Do,
    }
}
