//! What somebody filled into a dialog and nothing came of: it comes back whole, with a button that opens the dialog as it was. It is kept a
//! day, and is in the same dialog when that is opened anew: whoever was not told in time finds it there.

use bot_core::command::Target;
use bot_core::document::{Block, Card};
use bot_core::engine::{DraftKey, Fault};
use bot_core::platform::PlaceKey;
use bot_core::text::Key;
use serde_json::{Value, json};

use super::{Answered, InteractionAnswer};
use crate::PLATFORM;
use crate::body::Embed;
use crate::channels::Location;
use crate::commands;
use crate::custom_id::{Dialog, PostRef};
use crate::dialogs::{self, TITLE_ID};
use crate::event_handler::EventHandler;
use crate::fault::DiscordFault;
use crate::inbound::{Use, Used};
use crate::names;
use crate::render;

/// The most UTF-16 units of a text that a message gives back, and of what stands before it there.
const PART: usize = 3_000;
const BEFORE: usize = 2_500;

impl EventHandler {
    /// What a dialog is answered with: where nothing came of what was filled in, that comes back with it.
    pub(super) async fn with_draft(&self, used: &Used, answered: Answered) -> Answered {
        let Use::Dialog { id, inputs } = &used.what else {
            return answered;
        };
        let dialog = Dialog::parse(id).ok();
        if answered.kept {
            if let Some(dialog) = dialog {
                let key = self.draft_key(used, &dialog, inputs);
                if let Err(fault) = self.core.drop_draft(&key).await {
                    drop(self.core.trouble(PLATFORM, &fault));
                }
            }
            return answered;
        }
        let dialog = match dialog {
            Some(dialog) if answered.stale => self.of_present(used, dialog).await,
            dialog => dialog,
        };
        self.gives_back(used, dialog.as_ref(), inputs, answered)
            .await
    }

    /// Gives back what somebody wrote, which was to become this if that is known.
    pub(super) async fn gives_back(
        &self,
        used: &Used,
        dialog: Option<&Dialog>,
        filled: &[(String, String)],
        mut answered: Answered,
    ) -> Answered {
        let InteractionAnswer::Private(body) = &mut answered.answer else {
            return answered;
        };
        let text = dialogs::whole(filled);
        for part in dialogs::parts(&text, PART) {
            let code = Block::Code {
                language: None,
                text: part,
            };
            let card = Card {
                blocks: vec![code],
                ..Card::default()
            };
            let part = self.outbound.draw(&card, None, None, None);
            if body.embeds.len() == 1 && size(&body.embeds) <= BEFORE {
                body.embeds.extend(part.embeds);
            } else {
                answered.more.push(part);
            }
        }
        let Some(dialog) = dialog else {
            return answered;
        };
        match self.keeps(used, dialog, filled).await {
            Ok(id) => {
                let row = render::draft(id, &self.outbound.texts);
                body.components.push(row);
            }
            Err(fault) => drop(self.core.trouble(PLATFORM, &fault)),
        }
        answered
    }

    /// Keeps what somebody wrote; gives its name.
    async fn keeps(
        &self,
        used: &Used,
        dialog: &Dialog,
        filled: &[(String, String)],
    ) -> Result<String, Fault> {
        let text_of = match dialog {
            Dialog::Edit {
                post: PostRef::At(address),
                ..
            } => Some(*address),
            Dialog::Edit { .. }
            | Dialog::Ask { .. }
            | Dialog::Answer { .. }
            | Dialog::Comment { .. } => None,
        };
        let key = self.draft_key(used, dialog, filled);
        let written = json!({ "dialog": dialog.encode(), "inputs": filled });
        self.core
            .keep_draft(key, written.to_string(), text_of)
            .await
    }

    /// Opens the dialog of a draft, as it was filled in; where it is known that nothing would come of it still, that is said instead, and the
    /// draft is kept.
    pub(super) async fn opens_draft(
        &self,
        used: &Used,
        location: &Location,
        id: &str,
    ) -> Result<InteractionAnswer, DiscordFault> {
        let (person, place) = (names::person(used.user), location.key());
        let draft = self.core.draft(PLATFORM, (&person, &place), id).await?;
        let dialog = draft.as_ref().and_then(|(_, written)| dialog_of(written));
        if let Some(dialog) = dialog
            && let Err(refused) = self
                .begins(used, location, dialog, location.root.as_ref())
                .await?
        {
            return Ok(refused);
        }
        let opened = draft.and_then(|(_, written)| self.as_it_was(&written));
        Ok(opened.unwrap_or_else(|| self.says(Key::DiscordOutdated)))
    }

    /// The dialog with what the same person filled in before and nothing came of, if there is such a draft. `title` is that of a question.
    pub(super) async fn earlier(
        &self,
        used: &Used,
        dialog: &Dialog,
        title: Option<&str>,
    ) -> Result<Option<InteractionAnswer>, Fault> {
        let title = title.map(|title| (TITLE_ID.to_owned(), title.to_owned()));
        let key = self.draft_key(used, dialog, title.as_slice());
        let draft = self.core.draft_about(&key).await?;
        Ok(draft.and_then(|written| self.as_it_was(&written)))
    }

    fn as_it_was(&self, written: &str) -> Option<InteractionAnswer> {
        let dialog = dialog_of(written)?;
        let written: Value = serde_json::from_str(written).ok()?;
        let filled: Vec<(String, String)> =
            serde_json::from_value(written["inputs"].clone()).ok()?;
        let opened = dialogs::again(&dialog, &filled, &self.outbound.texts);
        opened.ok().map(InteractionAnswer::Dialog)
    }

    /// The same change, made from the text that the post has now and that was shown.
    async fn of_present(&self, used: &Used, dialog: Dialog) -> Option<Dialog> {
        let Dialog::Edit {
            post: PostRef::At(address),
            seen,
        } = dialog
        else {
            return Some(dialog);
        };
        let (person, place) = (names::person(used.user), self.draft_place(used));
        let target = Target::At(address);
        let text = self
            .core
            .text_of(PLATFORM, &place, &person, target, None)
            .await;
        let seen = match text {
            Ok(text) => text.map(|text| text.revision).or(seen),
            Err(_) => seen,
        };
        let post = PostRef::At(address);
        Some(Dialog::Edit { post, seen })
    }

    /// Whose draft it is, and what it is to become: a question by its title, anything else by what it is about.
    fn draft_key(&self, used: &Used, dialog: &Dialog, filled: &[(String, String)]) -> DraftKey {
        let about = match dialog {
            Dialog::Ask { from: None } => {
                let title = filled.iter().find(|(id, _)| id == TITLE_ID);
                let title = title.map_or("", |(_, title)| title.trim());
                format!(
                    "{}.{}",
                    dialog.encode(),
                    commands::hash(&Value::from(title))
                )
            }
            Dialog::Edit { post, .. } => Dialog::Edit {
                post: post.clone(),
                seen: None,
            }
            .encode(),
            Dialog::Ask { .. } | Dialog::Answer { .. } | Dialog::Comment { .. } => dialog.encode(),
        };
        DraftKey {
            platform: PLATFORM,
            person: names::person(used.user),
            place: self.draft_place(used),
            about,
        }
    }

    /// The place in which somebody writes.
    fn draft_place(&self, used: &Used) -> PlaceKey {
        let parent = self.channels.parent_of(used.channel);
        names::place(parent.unwrap_or(used.channel))
    }
}

/// The dialog of a draft, as it was kept.
fn dialog_of(written: &str) -> Option<Dialog> {
    let written: Value = serde_json::from_str(written).ok()?;
    Dialog::parse(written["dialog"].as_str()?).ok()
}

/// How long the embeds of a message are, at most.
fn size(embeds: &[Embed]) -> usize {
    let length = |text: &Option<String>| {
        let text = text.as_deref().unwrap_or_default();
        text.encode_utf16().count()
    };
    let of = |embed: &Embed| length(&embed.title) + length(&embed.description);
    embeds.iter().map(of).sum()
}
