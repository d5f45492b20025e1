//! What is sent to Discord. The types are twilight's, but where those have fields that only Discord fills in.

use serde::Serialize;
use twilight_model::application::command::CommandOptionChoice;
use twilight_model::channel::message::{AllowedMentions, Component, MessageFlags};
use twilight_model::http::interaction::InteractionResponseType;

use crate::dialogs::Modal;

/// A message, new or changed.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub(crate) struct MessageBody {
    /// None where a forum post begins with it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub content: Option<String>,
    pub embeds: Vec<Embed>,
    pub components: Vec<Component>,
    pub allowed_mentions: AllowedMentions,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub flags: Option<MessageFlags>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub nonce: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub enforce_nonce: Option<bool>,
}

impl MessageBody {
    /// A message that mentions nobody.
    pub(crate) fn new(embed: Embed, components: Vec<Component>) -> Self {
        Self {
            content: Some(String::new()),
            embeds: vec![embed],
            components,
            allowed_mentions: AllowedMentions::default(),
            flags: None,
            nonce: None,
            enforce_nonce: None,
        }
    }

    /// The same, for one person's eyes.
    pub(crate) fn private(self) -> Self {
        Self {
            flags: Some(MessageFlags::EPHEMERAL),
            ..self
        }
    }

    /// The same under a name of at most 25 characters: sent again under it within some minutes, it is the same message.
    pub(crate) fn named(self, nonce: impl Into<String>) -> Self {
        Self {
            nonce: Some(nonce.into()),
            enforce_nonce: Some(true),
            ..self
        }
    }
}

/// What a card is drawn as.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub(crate) struct Embed {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// Where the title leads.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    pub color: u32,
}

/// The first response to an interaction.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub(crate) struct InteractionResponse {
    #[serde(rename = "type")]
    pub kind: InteractionResponseType,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub data: Option<ResponseData>,
}

/// What a response has in it.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(untagged)]
pub(crate) enum ResponseData {
    Message(MessageBody),
    /// Of a message that follows, this is known at once.
    Flags {
        flags: MessageFlags,
    },
    Modal(Modal),
    Choices {
        choices: Vec<CommandOptionChoice>,
    },
}

/// A post in a forum channel, by its first message.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub(crate) struct NewPost {
    pub name: String,
    pub applied_tags: Vec<String>,
    pub message: MessageBody,
}

/// A thread below a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub(crate) struct NewThread<'a> {
    pub name: &'a str,
}

/// What of a thread is changed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub(crate) struct ThreadChange<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub archived: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub applied_tags: Option<&'a [String]>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<&'a str>,
}

/// The conversation with a person.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(crate) struct NewConversation {
    pub recipient_id: String,
}
