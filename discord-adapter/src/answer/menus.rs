//! What is done with a message from its menu.

use bot_core::command::{Act, Intent, Target};
use bot_core::engine::{Adoption, Beginning};
use bot_core::forum::Role;
use bot_core::platform::{IncomingEvent, MessageKey};
use bot_core::text::Key;
use serenity::http::Route;
use serenity::model::id::{GuildId, UserId};

use super::{Answered, InteractionAnswer, Made, actor};
use crate::PLATFORM;
use crate::channels::{ChannelKind, Location};
use crate::commands::{self, Menu};
use crate::conventions::role;
use crate::custom_id::Dialog;
use crate::dialogs::Prefill;
use crate::event_handler::EventHandler;
use crate::fault::DiscordFault;
use crate::inbound::{MessageAuthor, Use, Used};
use crate::names;
use crate::offered;
use crate::rest::Failure;
use crate::spoken::{self, Mention};

/// The question that a message is to become.
struct Asked {
    title: String,
    body: String,
    tags: Vec<String>,
}

impl EventHandler {
    pub(super) async fn menu(
        &self,
        used: &Used,
        location: &Location,
        name: &str,
    ) -> Result<InteractionAnswer, DiscordFault> {
        let menu = commands::menu(name, &self.outbound.texts);
        let (
            Some(menu),
            Use::Menu {
                message,
                author,
                text,
                files,
                replies_to,
                ..
            },
        ) = (menu, &used.what)
        else {
            return Ok(self.says(Key::DiscordOutdated));
        };
        let mut text = self.with_names(text, location);
        if *files {
            // They stay where they are.
            let word = self.outbound.texts.say(Key::MessageFiles, &[]);
            if let Some(link) = names::link(message, location.guild) {
                text.push_str(&format!("\n\n[{word}]({link})"));
            }
        }
        match menu {
            Menu::Accept => {
                let intent = Intent::Act(Act::Accept {
                    answer: Target::Here,
                });
                self.does(used, location, intent, Some(message.clone()), None)
                    .await
            }
            Menu::Question | Menu::Answer if !may_post(used, author) => {
                Ok(self.says(Key::DiscordNotYours))
            }
            Menu::Question => {
                // What is made of another's message is theirs, with none of a moderator's rights.
                let role = match author.user == used.user && location.common.is_none() {
                    true => role(used.permissions),
                    false => Role::Member,
                };
                let by = (&names::person(author.user), role);
                let asks = self.may_begin(location, by, Beginning::Ask, Some(message));
                if let Err(refused) = asks.await? {
                    return Ok(refused);
                }
                if author.user != used.user {
                    // What comes back in the dialog is not the author's.
                    let by = names::person(used.user);
                    let place = location.key();
                    let said = (&place, message);
                    let kept = self.core.keep_words(PLATFORM, said, &by, &text);
                    kept.await?;
                }
                let asked = self.offers(location, message, &text).await;
                let prefill = Prefill {
                    title: Some(asked.title),
                    tags: (!asked.tags.is_empty()).then(|| asked.tags.join(", ")),
                    text: asked.body,
                    reason: None,
                };
                let dialog = Dialog::Ask {
                    from: Some(message.clone()),
                };
                match self.earlier(used, &dialog, None).await? {
                    Some(earlier) => Ok(earlier),
                    None => Ok(self.shows(&dialog, &prefill)),
                }
            }
            Menu::Answer => {
                // In a thread its question is meant; elsewhere, that of the card which is replied to.
                let Some(on) = location.root.clone().or_else(|| replies_to.clone()) else {
                    return Ok(self.says(Key::DiscordNoQuestion));
                };
                if location.root.is_none() && !self.shows_a_post(location, &on).await? {
                    return Ok(self.says(Key::DiscordNoQuestion));
                }
                let intent = Intent::Act(Act::Answer {
                    question: Target::Here,
                    body: text,
                });
                let author = self.called_here(location, author.clone(), used).await;
                let used = used.by(&author);
                self.does(&used, location, intent, Some(on), Some(message.clone()))
                    .await
            }
        }
    }

    /// The text with the names of the channels and roles that it mentions.
    fn with_names(&self, text: &str, location: &Location) -> String {
        spoken::with_names(text, |mention| match mention {
            Mention::Channel(id) => self.channels.name(id),
            Mention::Role(id) => self.servers.role_name(location.guild?, id),
        })
    }

    /// The question that a message offers to become. A forum channel's post has a title and tags of its own, if its first message
    /// is meant.
    async fn offers(&self, location: &Location, message: &MessageKey, text: &str) -> Asked {
        let offered = offered::offered(text);
        let asked = Asked {
            title: offered.title,
            body: offered.body,
            tags: Vec::new(),
        };
        let Some((channel, first)) = names::parts(message) else {
            return asked;
        };
        if channel.get() != first.get() || !self.channels.is_forum(location.place) {
            return asked;
        }
        let post = self.channels.get(&self.rest, channel).await;
        let forum = self.channels.get(&self.rest, location.place).await;
        let (Ok(post), Ok(forum)) = (post, forum) else {
            return asked;
        };
        let ChannelKind::Forum(known) = &forum.kind else {
            return asked;
        };
        let applied = known.available.iter();
        let applied = applied.filter(|(id, _)| post.applied.contains(id));
        Asked {
            title: post.name.unwrap_or(asked.title),
            body: text.to_owned(),
            tags: offered::tags(applied.map(|(_, name)| name.as_str())),
        }
    }

    /// An author under the name that the server's people see, where Discord tells it.
    async fn called_here(
        &self,
        location: &Location,
        author: MessageAuthor,
        used: &Used,
    ) -> MessageAuthor {
        let name = match location.guild {
            _ if author.user == used.user => Some(used.name.clone()),
            Some(guild) => self.nickname(guild, author.user).await,
            None => None,
        };
        MessageAuthor {
            name: name.unwrap_or(author.name),
            ..author
        }
    }

    /// What somebody is called in a server alone.
    async fn nickname(&self, guild: u64, user: UserId) -> Option<String> {
        let route = Route::GuildMember {
            guild_id: GuildId::new(guild),
            user_id: user,
        };
        match self.rest.get(route, Vec::new()).await {
            Ok(member) => Some(member.get("nick")?.as_str()?.to_owned()),
            Err(failure) => {
                tracing::debug!(%failure, "what somebody is called in a server is not told");
                None
            }
        }
    }

    /// A message of this place becomes a question: its author's, whoever filled in the dialog, whose changes are a revision by them.
    pub(super) async fn asked_by_menu(
        &self,
        used: &Used,
        location: &Location,
        act: Act,
        message: MessageKey,
    ) -> Result<Answered, DiscordFault> {
        if !self.is_here(location, &message).await {
            return Ok(self.says(Key::DiscordNothingThere).into());
        }
        match self.author_of(&message).await {
            Ok(author) if author.user == used.user => {
                let response = self.heard(used, location, Intent::Act(act), None, Some(message));
                let asked = (Made::Question, response.await?);
                Ok(self.came_of(used, location, asked).await?)
            }
            Ok(author) if may_post(used, &author) => {
                let author = self.called_here(location, author, used).await;
                self.adopts(used, location, act, (message, author)).await
            }
            Ok(_) => Ok(self.says(Key::DiscordNotYours).into()),
            Err(failure) => {
                tracing::debug!(%failure, "a message that is to become a question can't be read");
                Ok(self.says(Key::DiscordNothingThere).into())
            }
        }
    }

    /// Makes a question of another's message.
    async fn adopts(
        &self,
        used: &Used,
        location: &Location,
        wanted: Act,
        (message, author): (MessageKey, MessageAuthor),
    ) -> Result<Answered, DiscordFault> {
        let place = location.key();
        let (said, by) = ((&place, &message), names::person(used.user));
        let words = self.core.kept_words(PLATFORM, said, &by).await?;
        let Some(words) = words else {
            return Ok(self.says(Key::DiscordOutdated).into());
        };
        let by_author = used.by(&author);
        let asked = self.offers(location, &message, &words).await;
        let adoption = Adoption {
            author: actor(&by_author),
            own: Act::Ask {
                title: asked.title,
                body: asked.body,
                tags: asked.tags,
            },
            wanted: wanted.clone(),
            message: message.clone(),
        };
        let what = IncomingEvent::Commanded {
            intent: Intent::Act(wanted),
            on: None,
            from: Some(message),
        };
        let incoming = self.incoming(used, location, what);
        let response = self.core.adopt(&incoming, adoption).await?;
        let asked = (Made::Question, response);
        Ok(self.came_of(used, location, asked).await?)
    }

    /// Whether a message is of this place. A dialog's id comes back with whatever a client made of it, and the bot sees other servers.
    async fn is_here(&self, location: &Location, message: &MessageKey) -> bool {
        let Some((channel, _)) = names::parts(message) else {
            return false;
        };
        let of = self.channels.location(&self.rest, channel).await;
        of.is_ok_and(|of| of.place == location.place && of.guild == location.guild)
    }

    pub(super) async fn author_of(&self, message: &MessageKey) -> Result<MessageAuthor, Failure> {
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
        Ok(MessageAuthor {
            user: UserId::new(user.ok_or_else(|| unread("its author is not told"))?),
            name: name.unwrap_or_default().to_owned(),
            account: author["username"].as_str().unwrap_or_default().to_owned(),
            bot: author["bot"] == true || message["webhook_id"].is_string(),
        })
    }
}

/// Whether somebody may make a post of a message of this author's: it is their own, or they moderate. Programs ask nothing.
fn may_post(used: &Used, author: &MessageAuthor) -> bool {
    let moderates = role(used.permissions) >= Role::Moderator;
    !author.bot && (author.user == used.user || moderates)
}
