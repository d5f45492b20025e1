//! Slash commands, what completes them, and dialogs.

use bot_core::command::{Act, Intent, Target};
use bot_core::document::Card;
use bot_core::engine::Beginning;
use bot_core::forum::{Address, Role, cut_utf16};
use bot_core::platform::{MessageKey, PersonKey};
use bot_core::text::Key;
use twilight_model::application::command::CommandOptionChoice;

use super::{Answered, InteractionAnswer, Made};
use crate::PLATFORM;
use crate::channels::Location;
use crate::commands::{self, Asked, OptionValue};
use crate::conventions::role;
use crate::custom_id::{Dialog, PostRef};
use crate::dialogs::{self, Filled, Prefill};
use crate::event_handler::EventHandler;
use crate::fault::DiscordFault;
use crate::inbound::Used;
use crate::names;

/// How many choices a completion has.
const MOST_CHOICES: usize = 25;
/// The most UTF-16 units of a choice, and of what stands in its place.
const CHOICE: usize = 100;

impl EventHandler {
    pub(super) async fn slash(
        &self,
        used: &Used,
        location: &Location,
        name: &str,
        options: &[(String, OptionValue)],
    ) -> Result<Answered, DiscordFault> {
        let chosen = chosen(name, options);
        let (name, options) = match &chosen {
            Some(post) => ("show", post.as_slice()),
            None => (name, options),
        };
        let answer = match commands::intent(name, options) {
            Ok(Asked::Intent(Intent::View(view))) => {
                let intent = Intent::View(view.clone());
                let said = self.hears(used, location, intent, location.root.clone(), None);
                self.looked(used, location, &said.await?, &view).await?
            }
            Ok(Asked::Intent(Intent::Act(act @ Act::Edit { .. }))) => {
                return self.changes(used, location, act).await;
            }
            Ok(Asked::Intent(intent)) => {
                if let Intent::Act(Act::Unhide { post }) = intent {
                    self.finds_out(used, location, post).await?;
                }
                self.does(used, location, intent, location.root.clone(), None)
                    .await?
            }
            Ok(Asked::Dialog(dialog, prefill)) => {
                if let Some(refused) = self.refuses(used, location, &dialog, &prefill).await {
                    return Ok(refused);
                }
                let here = location.root.as_ref();
                return self.opens(used, location, dialog, prefill, here).await;
            }
            Ok(Asked::Which) if location.common.is_some() => self.which(used, location).await?,
            Ok(Asked::Which) => self.says(Key::DiscordOneForum),
            // That was looked at before.
            Ok(Asked::Forum(_)) => self.says(Key::DiscordMayNotOpen),
            Err(misread) => {
                tracing::debug!(%misread, "a command was not read");
                self.says(Key::DiscordNotRead)
            }
        };
        Ok(answer.into())
    }

    /// Changes what was typed with the command; where nothing comes of that, it comes back.
    async fn changes(
        &self,
        used: &Used,
        location: &Location,
        act: Act,
    ) -> Result<Answered, DiscordFault> {
        let mut typed = Vec::new();
        if let Act::Edit {
            title,
            tags,
            reason,
            ..
        } = &act
        {
            let tags = tags.as_ref().map(|tags| tags.join(", "));
            let given = [
                (dialogs::TITLE_ID, title.clone()),
                (dialogs::TAGS_ID, tags),
                (dialogs::REASON_ID, reason.clone()),
            ];
            let given = given
                .into_iter()
                .filter_map(|(id, text)| Some((id.to_owned(), text?)));
            typed.extend(given);
        }
        let response = self.heard(
            used,
            location,
            Intent::Act(act),
            location.root.clone(),
            None,
        );
        let changed = (Made::Nothing, response.await?);
        let answered = self.came_of(used, location, changed).await?;
        Ok(match answered.kept {
            true => answered,
            false => self.gives_back(used, None, &typed, answered).await,
        })
    }

    /// Refuses a question by the title and tags that were typed with the command, before anybody writes a text for it.
    async fn refuses(
        &self,
        used: &Used,
        location: &Location,
        dialog: &Dialog,
        prefill: &Prefill,
    ) -> Option<Answered> {
        if *dialog != (Dialog::Ask { from: None }) {
            return None;
        }
        let words = prefill.tags.as_deref().unwrap_or_default();
        let title = prefill.title.as_deref();
        let tags = dialogs::tags(words);
        let card = self.core.refuses_question(PLATFORM, title, &tags)?;
        let answer = InteractionAnswer::Private(self.drawn(location, &card, None));
        let filled = dialogs::begun(title.unwrap_or_default(), words);
        let refused = self.gives_back(used, Some(dialog), &filled, answer.into());
        Some(refused.await)
    }

    pub(super) async fn choices(
        &self,
        location: &Location,
        option: &str,
        typed: &str,
    ) -> Result<InteractionAnswer, DiscordFault> {
        let Some(place) = self.looks_into(location).await? else {
            return Ok(InteractionAnswer::Choices(Vec::new()));
        };
        let platform = PLATFORM;
        let choice = |name: String, value: String| {
            commands::choice(cut_utf16(&name, CHOICE), &cut_utf16(&value, CHOICE))
        };
        let choices: Vec<CommandOptionChoice> = match option {
            "tag" | "tags" => {
                // Of several, the last is being typed.
                let (before, last) = typed
                    .rsplit_once(',')
                    .map_or(("", typed), |(before, last)| (before, last));
                let tags = self
                    .core
                    .complete_tags(platform, &place, last, MOST_CHOICES)
                    .await?;
                let whole = |tag: String| match before {
                    "" => tag,
                    before => format!("{}, {tag}", before.trim_end()),
                };
                let whole = tags.into_iter().map(whole);
                whole.map(|tags| choice(tags.clone(), tags)).collect()
            }
            _ => {
                let titles = self
                    .core
                    .complete_titles(platform, &place, typed, MOST_CHOICES)
                    .await?;
                let titles = titles.into_iter().map(|(address, title)| {
                    // Whoever chooses a question that is there wants to see it, not to ask it again.
                    let value = match option {
                        "post" | "title" => address.to_string(),
                        _ => title.clone(),
                    };
                    choice(format!("{address} {title}"), value)
                });
                titles.collect()
            }
        };
        Ok(InteractionAnswer::Choices(choices))
    }

    pub(super) async fn filled(
        &self,
        used: &Used,
        location: &Location,
        id: &str,
        inputs: &[(String, String)],
    ) -> Result<Answered, DiscordFault> {
        match dialogs::filled(id, inputs) {
            Ok(Filled {
                act: act @ Act::Ask { .. },
                on: Some(message),
            }) => self.asked_by_menu(used, location, act, message).await,
            Ok(Filled { act, on }) => {
                let asks = matches!(act, Act::Ask { .. });
                let on = on.or_else(|| location.root.clone()).filter(|_| !asks);
                let made = Made::from(&act);
                let response = self
                    .heard(used, location, Intent::Act(act), on, None)
                    .await?;
                Ok(self.came_of(used, location, (made, response)).await?)
            }
            Err(_) => Ok(self.says(Key::DiscordOutdated).into()),
        }
    }

    /// Opens a dialog, with the text in it that is to be changed, or that was filled in before and came to nothing. Where it is known already
    /// that nothing would come of it, that is said instead, and what was typed with the command comes back.
    pub(super) async fn opens(
        &self,
        used: &Used,
        location: &Location,
        dialog: Dialog,
        prefill: Prefill,
        here: Option<&MessageKey>,
    ) -> Result<Answered, DiscordFault> {
        let dialog = match self.begins(used, location, dialog.clone(), here).await? {
            Ok(dialog) => dialog,
            Err(refused) => {
                let typed = typed(&prefill);
                return Ok(match typed.is_empty() {
                    true => refused.into(),
                    false => {
                        let again = Some(&dialog).filter(|dialog| is_question(dialog));
                        self.gives_back(used, again, &typed, refused.into()).await
                    }
                });
            }
        };
        let earlier = self.earlier(used, &dialog, prefill.title.as_deref());
        if let Some(earlier) = earlier.await? {
            return Ok(earlier.into());
        }
        let Dialog::Edit { post, .. } = &dialog else {
            return Ok(self.shows(&dialog, &prefill).into());
        };
        let (target, on) = meant(post, here);
        let Some(place) = self.looks_into(location).await? else {
            return Ok(self.says(Key::DiscordNothingThere).into());
        };
        let person = names::person(used.user);
        let text = self
            .core
            .text_of(PLATFORM, &place, &person, target, on)
            .await?;
        let Some(text) = text else {
            return Ok(self.says(Key::DiscordNothingThere).into());
        };
        let prefill = Prefill {
            title: text.title,
            tags: Some(text.tags.join(", ")),
            text: text.body,
            reason: prefill.reason,
        };
        let edit = Dialog::Edit {
            post: PostRef::At(text.address),
            seen: Some(text.revision),
        };
        Ok(self.shows(&edit, &prefill).into())
    }

    /// Looks whether anything can come of a dialog: the dialog with its post's address where there is one, else why not.
    pub(super) async fn begins(
        &self,
        used: &Used,
        location: &Location,
        dialog: Dialog,
        here: Option<&MessageKey>,
    ) -> Result<Result<Dialog, InteractionAnswer>, DiscordFault> {
        let (beginning, on) = match &dialog {
            Dialog::Ask { from: None } => (Beginning::Ask, None),
            // Whose it is would have to be asked.
            Dialog::Ask { from } => (Beginning::AskOfMessage, from.as_ref()),
            Dialog::Answer { to } => begun(Beginning::Answer, to, here),
            Dialog::Comment { on } => begun(Beginning::Comment, on, here),
            Dialog::Edit { post, .. } => begun(Beginning::Edit, post, here),
        };
        let person = names::person(used.user);
        // Whoever made a conversation has all power in it, which says nothing of the forum.
        let role = match location.common {
            Some(_) => Role::Member,
            None => role(used.permissions),
        };
        let may = self
            .may_begin(location, (&person, role), beginning, on)
            .await?;
        Ok(match may {
            Err(refused) => Err(refused),
            Ok(Some(address)) if location.common.is_none() => {
                let post = PostRef::At(address);
                Ok(match dialog {
                    Dialog::Answer { .. } => Dialog::Answer { to: post },
                    Dialog::Comment { .. } => Dialog::Comment { on: post },
                    Dialog::Edit { seen, .. } => Dialog::Edit { post, seen },
                    ask @ Dialog::Ask { .. } => ask,
                })
            }
            Ok(_) => Ok(dialog),
        })
    }

    /// Whether something can be written there, as far as it is known: the post that it is about, if there is one, else why not.
    pub(super) async fn may_begin(
        &self,
        location: &Location,
        by: (&PersonKey, Role),
        beginning: Beginning,
        on: Option<&MessageKey>,
    ) -> Result<Result<Option<Address>, InteractionAnswer>, DiscordFault> {
        let refused = |card: &Card| InteractionAnswer::Private(self.drawn(location, card, None));
        if location.common.is_some() {
            let conversation = self.described(location);
            let may = self.core.may_begin_from(PLATFORM, &conversation, beginning);
            if let Err(card) = may.await? {
                return Ok(Err(refused(&card)));
            }
        }
        let Some(place) = self.looks_into(location).await? else {
            return Ok(Ok(None));
        };
        let may = self.core.may_begin(PLATFORM, &place, by, beginning, on);
        Ok(may.await?.map_err(|card| refused(&card)))
    }

    pub(super) fn shows(&self, dialog: &Dialog, prefill: &Prefill) -> InteractionAnswer {
        match dialogs::modal(dialog, prefill, &self.outbound.texts) {
            Ok(modal) => InteractionAnswer::Dialog(modal),
            Err(dialogs::TooLong) => self.says(Key::DiscordTooLong),
        }
    }
}

/// What somebody begins who writes about a post, and the message by which that is meant.
fn begun<'a>(
    begin: fn(Target) -> Beginning,
    post: &'a PostRef,
    here: Option<&'a MessageKey>,
) -> (Beginning, Option<&'a MessageKey>) {
    let (target, on) = meant(post, here);
    (begin(target), on)
}

/// What was typed with the command that opens a dialog.
fn typed(prefill: &Prefill) -> Vec<(String, String)> {
    if let Some(title) = &prefill.title {
        return dialogs::begun(title, prefill.tags.as_deref().unwrap_or_default());
    }
    let reason = prefill.reason.iter();
    reason
        .map(|reason| (dialogs::REASON_ID.to_owned(), reason.clone()))
        .collect()
}

const fn is_question(dialog: &Dialog) -> bool {
    match dialog {
        Dialog::Ask { .. } => true,
        Dialog::Answer { .. } | Dialog::Comment { .. } | Dialog::Edit { .. } => false,
    }
}

/// The post that a dialog is about, and the message by which it is meant.
fn meant<'a>(post: &'a PostRef, here: Option<&'a MessageKey>) -> (Target, Option<&'a MessageKey>) {
    match post {
        PostRef::At(address) => (Target::At(*address), None),
        PostRef::On(message) => (Target::Here, Some(message)),
        PostRef::Here => (Target::Here, here),
    }
}

/// The question that was chosen for the title of a new one, as the option of another command: a title is longer than an address.
fn chosen(name: &str, options: &[(String, OptionValue)]) -> Option<[(String, OptionValue); 1]> {
    let title = options.iter().find_map(|(option, value)| match value {
        OptionValue::Text(text) if option == "title" => Some(text),
        _ => None,
    })?;
    let is_post = name == "ask" && Address::parse_marked(title.trim()).is_ok();
    is_post.then(|| [("post".to_owned(), OptionValue::Text(title.clone()))])
}
