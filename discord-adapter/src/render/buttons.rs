//! The buttons under a message. Pure.

use bot_core::document::{Action, Card};
use bot_core::forum::{Vote, cut_utf16};
use bot_core::platform::{Asks, Decision, MessageKey, SendKey};
use bot_core::text::{Key, Texts};
use twilight_model::channel::message::EmojiReactionType;
use twilight_model::channel::message::component::{self, ActionRow, ButtonStyle, Component};

use super::{Frame, Pages};
use crate::custom_id::{self, Press, Sharing};

/// A button.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Button {
    face: Face,
    look: Look,
    id: String,
    disabled: bool,
}

/// What is on it.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Face {
    /// An emoji.
    Emoji(&'static str),
    /// A word.
    Label(String),
}

/// What it looks like.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Look {
    Primary,
    Secondary,
    Success,
    Danger,
}

impl Button {
    fn new(face: Face, look: Look, press: &Press) -> Self {
        Self {
            face,
            look,
            id: press.encode(),
            disabled: false,
        }
    }

    /// The button as Discord takes it.
    fn body(&self) -> Component {
        let (emoji, label) = match &self.face {
            Face::Emoji(emoji) => {
                let name = (*emoji).to_owned();
                (Some(EmojiReactionType::Unicode { name }), None)
            }
            Face::Label(label) => (None, Some(label.clone())),
        };
        Component::Button(component::Button {
            custom_id: Some(self.id.clone()),
            disabled: self.disabled,
            emoji,
            id: None,
            label,
            sku_id: None,
            style: match self.look {
                Look::Primary => ButtonStyle::Primary,
                Look::Secondary => ButtonStyle::Secondary,
                Look::Success => ButtonStyle::Success,
                Look::Danger => ButtonStyle::Danger,
            },
            url: None,
        })
    }
}

/// Buttons beside each other, as Discord takes them.
pub(super) fn row(buttons: &[Button]) -> Component {
    Component::ActionRow(ActionRow {
        components: buttons.iter().map(Button::body).collect(),
        id: None,
    })
}

/// The rows of buttons: what can be done with a post, and the pages.
pub(super) fn rows(card: &Card, frame: &Frame<'_>) -> Vec<Vec<Button>> {
    let key = frame.key.filter(|key| custom_id::fits(&key.0));
    let key = key.filter(|_| card.subject.is_some());
    let acts = key.map(|key| acts(&card.actions, key, frame.texts));
    let pages = frame.pages.as_ref();
    let pages = pages.filter(|pages| custom_id::fits(&pages.id));
    acts.into_iter()
        .chain(pages.map(|shown| turning(shown, frame.texts)))
        .collect()
}

/// What can be done with a post; what finds no room is behind the last button. That is there, dead, where nothing can be done, since a card is
/// found again by the key on its buttons.
fn acts(actions: &[Action], key: &SendKey, texts: &Texts) -> Vec<Button> {
    let label = |word| Face::Label(texts.say(word, &[]));
    let button = |face, look, press: fn(SendKey) -> Press| {
        Some(Button::new(face, look, &press(key.clone())))
    };
    let first = actions.iter().filter_map(|action| match action {
        Action::Vote(Vote::Up) => button(Face::Emoji("👍"), Look::Secondary, Press::Up),
        Action::Vote(Vote::Down) => button(Face::Emoji("👎"), Look::Secondary, Press::Down),
        Action::Answer => button(
            label(Key::DiscordButtonAnswer),
            Look::Primary,
            Press::Answer,
        ),
        Action::Accept => button(
            label(Key::DiscordButtonAccept),
            Look::Success,
            Press::Accept,
        ),
        Action::Comment => button(
            label(Key::DiscordButtonComment),
            Look::Secondary,
            Press::Comment,
        ),
        Action::Edit | Action::History | Action::Whole => None,
    });
    let has_more =
        |action: &Action| matches!(action, Action::Edit | Action::History | Action::Whole);
    let more = actions.is_empty() || actions.iter().any(has_more);
    let more = more.then(|| {
        let face = Face::Label("…".to_owned());
        Button {
            disabled: actions.is_empty(),
            ..Button::new(face, Look::Secondary, &Press::More(key.clone()))
        }
    });
    first.chain(more).collect()
}

/// What else can be done with the post of a card, as the components of a message.
pub(crate) fn more(card: &MessageKey, texts: &Texts) -> Vec<Component> {
    let button =
        |word, press| Button::new(Face::Label(texts.say(word, &[])), Look::Secondary, press);
    let buttons = [
        button(Key::DiscordButtonEdit, &Press::Edit(card.clone())),
        button(Key::DiscordButtonHistory, &Press::History(card.clone())),
        button(Key::DiscordButtonWhole, &Press::Whole(card.clone())),
    ];
    vec![row(&buttons)]
}

/// The most characters of a button's label; Discord's number. And the most buttons of a row, and of a message.
const LABEL: usize = 80;
const ROW: usize = 5;
const MOST: usize = 25;

/// What somebody can decide about what they are asked, as the components of a message.
pub(crate) fn asked(asks: &Asks, texts: &Texts) -> Vec<Component> {
    let pressed = |label: String, look, press| {
        let label = cut_utf16(&label, LABEL);
        Button::new(Face::Label(label), look, &press)
    };
    let button = |label, look, decision| pressed(label, look, Press::Decide(decision));
    let buttons: Vec<_> = match asks {
        Asks::Publish => vec![
            button(
                texts.say(Key::DiscordButtonPublish, &[]),
                Look::Success,
                Decision::Publish,
            ),
            button(
                texts.say(Key::DiscordButtonDrop, &[]),
                Look::Secondary,
                Decision::Drop,
            ),
        ],
        Asks::Forum(forums) => forums
            .iter()
            .take(MOST)
            .map(|(forum, name)| {
                let name = Some(name.trim()).filter(|name| !name.is_empty());
                let name = name.map_or_else(|| format!("{}", forum.0), str::to_owned);
                button(name, Look::Secondary, Decision::Forum(*forum))
            })
            .collect(),
        Asks::RemoveMessage(address) => vec![pressed(
            texts.say(Key::DiscordButtonRemove, &[]),
            Look::Danger,
            Press::RemoveMessage(*address),
        )],
    };
    buttons.chunks(ROW).map(row).collect()
}

/// The button that opens a dialog with what was filled in before, as a row of a message's components.
pub(crate) fn draft(id: String, texts: &Texts) -> Component {
    let face = Face::Label(texts.say(Key::DiscordButtonDraft, &[]));
    row(&[Button::new(face, Look::Primary, &Press::Draft(id))])
}

/// What an admin can say of sharing a forum, as the components of a message.
pub(crate) fn sharing(offered: &[Sharing], texts: &Texts) -> Vec<Component> {
    let buttons = offered.iter().map(|sharing| {
        let word = match sharing {
            Sharing::Shared => Key::DiscordButtonShareForum,
            Sharing::Apart => Key::DiscordButtonOwnForum,
        };
        let face = Face::Label(texts.say(word, &[]));
        Button::new(face, Look::Secondary, &Press::Open(*sharing))
    });
    vec![row(&buttons.collect::<Vec<_>>())]
}

/// Turning pages, and sharing.
fn turning(shown: &Pages, texts: &Texts) -> Vec<Button> {
    let Pages {
        number,
        of,
        id,
        can_share,
    } = shown;
    let to = |emoji, number, disabled| {
        let id = id.clone();
        Button {
            disabled,
            ..Button::new(
                Face::Emoji(emoji),
                Look::Secondary,
                &Press::Page { number, id },
            )
        }
    };
    let mut row = Vec::new();
    if *of > 1 {
        // Both ids are different whatever the number is, as they must be.
        let before = number.saturating_sub(1).clamp(1, u32::MAX - 1);
        let next = number.saturating_add(1).max(2);
        row.push(to("◀️", before, *number <= 1));
        row.push(to("▶️", next, number >= of));
    }
    let share = Press::Share {
        number: (*number).max(1),
        id: id.clone(),
    };
    if *can_share {
        let face = Face::Label(texts.say(Key::DiscordButtonShare, &[]));
        row.push(Button::new(face, Look::Secondary, &share));
    }
    row
}
