//! What is done with a message from its menu.

use bot_core::command::{Intent, Target};
use bot_core::forum::Role;
use bot_core::platform::MessageKey;
use serenity::http::Route;
use serenity::model::id::UserId;

use super::{Answer, claims, cut};
use crate::channels::Spot;
use crate::commands::{self, Menu};
use crate::custom_id::Dialog;
use crate::dialogs::Prefill;
use crate::ear::Ear;
use crate::fault::DiscordFault;
use crate::inbound::{Author, Use, Used};
use crate::names;
use crate::rest::Failure;
use crate::words::Word;

/// The most characters of the title that a message becomes a question with.
const FIRST_LINE: usize = 120;

impl Ear {
    pub(super) async fn menu(
        &self,
        used: &Used,
        spot: &Spot,
        name: &str,
    ) -> Result<Answer, DiscordFault> {
        let menu = commands::menu(name, self.outbound.speak.words());
        let (
            Some(menu),
            Use::Menu {
                message,
                author,
                text,
                files,
                ..
            },
        ) = (menu, &used.what)
        else {
            return Ok(self.says(Word::Outdated));
        };
        let mut text = text.clone();
        if *files {
            // They stay where they are.
            let word = self.outbound.speak.words().say(Word::Files);
            if let Some(link) = names::link(message, spot.guild) {
                text.push_str(&format!("\n\n[{word}]({link})"));
            }
        }
        match menu {
            Menu::Accept => {
                let intent = Intent::Accept {
                    answer: Target::Here,
                };
                self.does(used, spot, intent, Some(message.clone()), None)
                    .await
            }
            Menu::Question | Menu::Answer if !may_post(used, author) => {
                Ok(self.says(Word::NotYours))
            }
            Menu::Question => {
                let first = text.lines().next().unwrap_or_default();
                let prefill = Prefill {
                    title: Some(cut(first, FIRST_LINE)),
                    tags: None,
                    text: text.clone(),
                    reason: None,
                };
                let dialog = Dialog::Ask {
                    from: Some(message.clone()),
                };
                Ok(self.shows(&dialog, &prefill))
            }
            Menu::Answer if spot.root.is_none() => Ok(self.says(Word::NoQuestion)),
            Menu::Answer => {
                let intent = Intent::Answer {
                    question: Target::Here,
                    body: text,
                };
                let used = used.by(author);
                self.does(
                    &used,
                    spot,
                    intent,
                    spot.root.clone(),
                    Some(message.clone()),
                )
                .await
            }
        }
    }

    /// A message becomes a question: its author's, whoever filled in the dialog.
    pub(super) async fn asked_by_menu(
        &self,
        used: &Used,
        spot: &Spot,
        intent: Intent,
        message: MessageKey,
    ) -> Result<Answer, DiscordFault> {
        match self.author_of(&message).await {
            Ok(author) if may_post(used, &author) => {
                let used = used.by(&author);
                self.does(&used, spot, intent, None, Some(message)).await
            }
            Ok(_) => Ok(self.says(Word::NotYours)),
            Err(failure) => {
                tracing::debug!(%failure, "a message that is to become a question can't be read");
                Ok(self.says(Word::NothingThere))
            }
        }
    }

    pub(super) async fn author_of(&self, message: &MessageKey) -> Result<Author, Failure> {
        let unread = |why: &str| Failure::Trouble {
            why: why.to_owned(),
        };
        let (channel_id, message_id) =
            names::parts(message).ok_or_else(|| unread("it is no message"))?;
        let route = Route::ChannelMessage {
            channel_id,
            message_id,
        };
        let message = self.rest.get(route, Vec::new()).await?;
        let author = &message["author"];
        let name = author["global_name"]
            .as_str()
            .or_else(|| author["username"].as_str());
        let user = author["id"].as_str().and_then(names::id);
        Ok(Author {
            user: UserId::new(user.ok_or_else(|| unread("its author is not told"))?),
            name: name.unwrap_or_default().to_owned(),
            bot: author["bot"] == true || message["webhook_id"].is_string(),
        })
    }
}

/// Whether somebody may make a post of a message of this author's: it is their own, or they moderate. Programs ask nothing.
fn may_post(used: &Used, author: &Author) -> bool {
    let moderates = Role::from_claims(&claims(used)) >= Role::Moderator;
    !author.bot && (author.user == used.user || moderates)
}
