//! What somebody asked of the bot, and what they see of its answer.

use std::{panic::Location, sync::Arc};

use serde_json::Value;

use super::{Message, Modal};
use crate::{
    Id,
    discord::wait,
    shared::Shared,
    world::{
        interactions::{self, First},
        messages::LOADING,
    },
};

/// A command, click, dialog or half-written option that was sent to the bot.
#[derive(Debug, Clone)]
pub struct Interaction {
    pub(crate) shared: Arc<Shared>,
    pub(crate) id: Id,
    pub(crate) what: String,
}

/// What is seen first.
#[derive(Debug, Clone)]
pub enum Response {
    /// A message.
    Message(Message),
    /// "is thinking": the message comes later.
    Deferred(Message),
    /// Nothing yet: the message with the button may change later.
    DeferredUpdate,
    /// The message with the button has changed.
    Updated(Message),
    /// A dialog.
    Modal(Modal),
    /// Suggestions.
    Choices(Vec<Choice>),
}

/// A suggestion.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Choice {
    /// What is shown.
    pub name: String,
    /// What is sent when it is taken.
    pub value: String,
}

impl Interaction {
    /// Its id.
    #[must_use]
    pub const fn id(&self) -> Id {
        self.id
    }

    /// Whether the bot has responded.
    #[must_use]
    pub fn is_answered(&self) -> bool {
        self.shared
            .look(|world| world.interactions[&self.id].first.is_some())
    }

    /// Whether the bot was told of it: what happened while a session was lost is told to nobody.
    #[must_use]
    pub fn is_told(&self) -> bool {
        self.shared
            .look(|world| world.interactions[&self.id].told.is_some())
    }

    /// Waits for the first response.
    ///
    /// # Panics
    /// After 20 seconds.
    #[track_caller]
    pub fn response(&self) -> impl Future<Output = Response> {
        let here = Location::caller();
        async move {
            let what = format!("a response to {}", self.what);
            wait(&self.shared, &what, here, |world| {
                self.seen(&world.interactions[&self.id])
            })
            .await
        }
    }

    fn seen(&self, interaction: &interactions::Interaction) -> Option<Response> {
        let message = || {
            let id = interaction.original.expect("such a response has a message");
            Message::new(Arc::clone(&self.shared), interaction.channel, id)
        };
        Some(match interaction.first.as_ref()? {
            First::Message => Response::Message(message()),
            First::Deferred => Response::Deferred(message()),
            First::DeferredUpdate => Response::DeferredUpdate,
            First::Updated => Response::Updated(message()),
            First::Modal(data) => Response::Modal(Modal::new(
                interaction.channel,
                interaction.user,
                interaction.source,
                data.clone(),
            )),
            First::Choices(choices) => {
                Response::Choices(choices.iter().map(Choice::read).collect())
            }
        })
    }

    /// Waits for the message that answers this, also when the bot thinks first. For a click it is the message with the button,
    /// where that is what changed.
    ///
    /// # Panics
    /// After 20 seconds, or when something else is answered.
    #[track_caller]
    pub fn message(&self) -> impl Future<Output = Message> {
        let here = Location::caller();
        async move {
            let what = format!("a message that answers {}", self.what);
            let found = wait(&self.shared, &what, here, |world| {
                let interaction = &world.interactions[&self.id];
                if matches!(interaction.first, Some(First::Modal(_) | First::Choices(_))) {
                    return Some(Err(interaction.first.clone()));
                }
                interaction.first.as_ref()?;
                let thought = interaction
                    .original
                    .and_then(|id| world.message(interaction.channel, id));
                // Once it was deleted, as may be done in favour of a follow-up, the follow-up is the answer.
                let id = match thought {
                    Some(message) if message.flags & LOADING != 0 => return None,
                    Some(message) => message.id,
                    None => *interaction.followups.first()?,
                };
                let is_awaited = matches!(interaction.first, Some(First::DeferredUpdate));
                if is_awaited
                    && thought.is_none_or(|it| it.edited.is_none_or(|at| at < interaction.made))
                {
                    return interaction
                        .followups
                        .first()
                        .map(|id| Ok((interaction.channel, *id)));
                }
                Some(Ok((interaction.channel, id)))
            })
            .await;
            match found {
                Ok((channel, id)) => Message::new(Arc::clone(&self.shared), channel, id),
                Err(other) => panic!(
                    "{here}: {} is answered by no message but {other:?}",
                    self.what
                ),
            }
        }
    }

    /// Waits for the dialog that answers this.
    ///
    /// # Panics
    /// After 20 seconds, or when something else is answered.
    #[track_caller]
    pub fn modal(&self) -> impl Future<Output = Modal> {
        let here = Location::caller();
        let response = self.response();
        async move {
            match response.await {
                Response::Modal(modal) => modal,
                other => panic!(
                    "{here}: {} is answered by no dialog but {}",
                    self.what,
                    other.shown()
                ),
            }
        }
    }

    /// Waits for the suggestions that answer this.
    ///
    /// # Panics
    /// After 20 seconds, or when something else is answered.
    #[track_caller]
    pub fn choices(&self) -> impl Future<Output = Vec<Choice>> {
        let here = Location::caller();
        let response = self.response();
        async move {
            match response.await {
                Response::Choices(choices) => choices,
                other => panic!(
                    "{here}: {} is answered by no suggestions but {}",
                    self.what,
                    other.shown()
                ),
            }
        }
    }

    /// The follow-ups so far that are still there.
    #[must_use]
    pub fn followups(&self) -> Vec<Message> {
        self.shared.look(|world| {
            let interaction = &world.interactions[&self.id];
            let there = |id: &&Id| world.message(interaction.channel, **id).is_some();
            let handle = |id: &Id| Message::new(Arc::clone(&self.shared), interaction.channel, *id);
            interaction
                .followups
                .iter()
                .filter(there)
                .map(handle)
                .collect()
        })
    }

    /// Waits for the first follow-up.
    ///
    /// # Panics
    /// After 20 seconds.
    #[track_caller]
    pub fn followup(&self) -> impl Future<Output = Message> {
        let here = Location::caller();
        async move {
            let what = format!("a follow-up to {}", self.what);
            let (channel, id) = wait(&self.shared, &what, here, |world| {
                let interaction = &world.interactions[&self.id];
                let id = interaction.followups.first()?;
                Some((interaction.channel, *id))
            })
            .await;
            Message::new(Arc::clone(&self.shared), channel, id)
        }
    }
}

impl Response {
    /// It as readable text.
    #[must_use]
    pub fn shown(&self) -> String {
        match self {
            Self::Message(message) | Self::Updated(message) | Self::Deferred(message) => {
                message.shown()
            }
            Self::DeferredUpdate => "(nothing yet)".to_owned(),
            Self::Modal(modal) => modal.shown(),
            Self::Choices(choices) => {
                let line = |choice: &Choice| format!("- {} ({})", choice.name, choice.value);
                choices.iter().map(line).collect::<Vec<_>>().join("\n")
            }
        }
    }
}

impl Choice {
    fn read(choice: &Value) -> Self {
        let value = &choice["value"];
        Self {
            name: choice["name"].as_str().unwrap_or_default().to_owned(),
            value: value
                .as_str()
                .map_or_else(|| value.to_string(), str::to_owned),
        }
    }
}
