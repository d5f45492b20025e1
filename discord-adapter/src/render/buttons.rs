//! The buttons under a message. Pure.

use bot_core::document::Subject;
use bot_core::forum::{PostKind, cut_utf16};
use bot_core::platform::{Asks, Decision, MessageKey, SendKey};
use serde_json::{Value, json};

use super::{Frame, Pages};
use crate::custom_id::{self, Press, Sharing};
use crate::words::{Word, Words};

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
    pub(super) fn body(&self) -> Value {
        let style = match self.look {
            Look::Primary => 1,
            Look::Secondary => 2,
            Look::Success => 3,
            Look::Danger => 4,
        };
        let mut body = json!({ "type": 2, "style": style, "custom_id": self.id });
        match &self.face {
            Face::Emoji(emoji) => body["emoji"] = json!({ "name": emoji }),
            Face::Label(label) => body["label"] = json!(label),
        }
        if self.disabled {
            body["disabled"] = json!(true);
        }
        body
    }
}

/// The rows of buttons: what can be done with a post, and the pages.
pub(super) fn rows(subject: Option<&Subject>, frame: &Frame<'_>) -> Vec<Vec<Button>> {
    let posted = subject.zip(frame.key.filter(|key| custom_id::fits(&key.0)));
    let acts = posted.map(|(subject, key)| acts(subject, key, frame.words));
    let pages = frame.pages.as_ref();
    let pages = pages.filter(|pages| custom_id::fits(&pages.id));
    acts.into_iter()
        .chain(pages.map(|shown| turning(shown, frame.words)))
        .collect()
}

/// What can be done with a post.
fn acts(subject: &Subject, key: &SendKey, words: Words<'_>) -> Vec<Button> {
    let key = || key.clone();
    let label = |word| Face::Label(words.say(word));
    let up = || Button::new(Face::Emoji("👍"), Look::Secondary, &Press::Up(key()));
    let down = || Button::new(Face::Emoji("👎"), Look::Secondary, &Press::Down(key()));
    let answer = || {
        let face = label(Word::ButtonAnswer);
        Button::new(face, Look::Primary, &Press::Answer(key()))
    };
    let accept = || {
        let face = label(Word::ButtonAccept);
        Button::new(face, Look::Success, &Press::Accept(key()))
    };
    let comment = || {
        let face = label(Word::ButtonComment);
        Button::new(face, Look::Secondary, &Press::Comment(key()))
    };
    let more = || {
        Button::new(
            Face::Label("…".to_owned()),
            Look::Secondary,
            &Press::More(key()),
        )
    };
    match (subject.kind, subject.accepted) {
        (PostKind::Question, _) => vec![up(), down(), answer(), comment(), more()],
        (PostKind::Answer, false) => vec![up(), down(), accept(), comment(), more()],
        (PostKind::Answer, true) => vec![up(), down(), comment(), more()],
        (PostKind::Comment, _) => vec![up(), more()],
    }
}

/// What else can be done with the post of a card, as the components of a message.
pub(crate) fn more(card: &MessageKey, words: Words<'_>) -> Value {
    let button = |word, press| Button::new(Face::Label(words.say(word)), Look::Secondary, press);
    let row = [
        button(Word::ButtonEdit, &Press::Edit(card.clone())),
        button(Word::ButtonHistory, &Press::History(card.clone())),
        button(Word::ButtonWhole, &Press::Whole(card.clone())),
    ];
    json!([{ "type": 1, "components": row.map(|button| button.body()) }])
}

/// The most characters of a button's label; Discord's number. And the most buttons of a row, and of a message.
const LABEL: usize = 80;
const ROW: usize = 5;
const MOST: usize = 25;

/// What somebody can decide about what they are asked, as the components of a message.
pub(crate) fn asked(asks: &Asks, words: Words<'_>) -> Value {
    let pressed = |label: String, look, press| {
        let label = cut_utf16(&label, LABEL);
        Button::new(Face::Label(label), look, &press).body()
    };
    let button = |label, look, decision| pressed(label, look, Press::Decide(decision));
    let buttons: Vec<_> = match asks {
        Asks::Publish => vec![
            button(
                words.say(Word::ButtonPublish),
                Look::Success,
                Decision::Publish,
            ),
            button(words.say(Word::ButtonDrop), Look::Secondary, Decision::Drop),
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
            words.say(Word::ButtonRemove),
            Look::Danger,
            Press::RemoveMessage(*address),
        )],
    };
    let rows = buttons.chunks(ROW);
    rows.map(|row| json!({ "type": 1, "components": row }))
        .collect()
}

/// The button that opens a dialog with what was filled in before, as a row of a message's components.
pub(crate) fn draft(id: String, words: Words<'_>) -> Value {
    let face = Face::Label(words.say(Word::ButtonDraft));
    let button = Button::new(face, Look::Primary, &Press::Draft(id));
    json!({ "type": 1, "components": [button.body()] })
}

/// What an admin can say of sharing a forum, as the components of a message.
pub(crate) fn sharing(offered: &[Sharing], words: Words<'_>) -> Value {
    let buttons = offered.iter().map(|sharing| {
        let word = match sharing {
            Sharing::Shared => Word::ButtonShareForum,
            Sharing::Apart => Word::ButtonOwnForum,
        };
        let face = Face::Label(words.say(word));
        Button::new(face, Look::Secondary, &Press::Open(*sharing)).body()
    });
    json!([{ "type": 1, "components": buttons.collect::<Vec<_>>() }])
}

/// Turning pages, and sharing.
fn turning(shown: &Pages, words: Words<'_>) -> Vec<Button> {
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
        let face = Face::Label(words.say(Word::ButtonShare));
        row.push(Button::new(face, Look::Secondary, &share));
    }
    row
}
