//! Dialogs, and what was filled into them. Pure.
//!
//! Only rows with a text input each: the newer labels lose their values in serenity. A text is longer than an input takes, so
//! it is split over several; each input's id says how it was joined to the one before it, so that nothing is ever lost.

mod split;

use bot_core::command::{Act, Target};
use bot_core::forum::{BODY_MAX, BODY_MIN, REASON_MAX, TAG_MAX, TAGS_MAX, TITLE, TITLE_BYTES};
use bot_core::platform::MessageKey;
use bot_core::text::{Key, Texts};
use serde::Serialize;
use twilight_model::channel::message::component::{ComponentType, TextInputStyle};

use crate::custom_id::{Dialog, PostRef, Unreadable};

use split::{Seam, TextPart};

/// The most UTF-16 units of one input; Discord's number.
const INPUT: usize = 4_000;
/// The fewest and most units of what may be typed in. Discord counts units, the rules characters as people see them, each of which may be
/// many units. So the fewest are the rules' own, and the most are those that the longest good text can have: never less than the rules
/// allow. What is too long all the same is refused by them, and comes back.
const TITLE_LEAST: usize = TITLE.0;
pub(crate) const TITLE_MOST: usize = in_units(TITLE.1, TITLE_BYTES);
/// A tag's characters are letters and digits of at most two units; something is between them.
const TAGS: usize = TAGS_MAX * (2 * TAG_MAX + 3);
/// What is longer is cut off.
const REASON: usize = 2 * REASON_MAX;
/// How many inputs a text has: as many as the rules allow characters, so far as there is room.
const PARTS: usize = BODY_MAX / INPUT;

/// The most units of a text of so many characters and bytes: besides the first of each character, a unit takes two bytes at least.
const fn in_units(characters: usize, bytes: usize) -> usize {
    characters + (bytes - characters) / 2
}

/// The ids of inputs that are no text.
pub(crate) const TITLE_ID: &str = "title";
pub(crate) const TAGS_ID: &str = "tags";
pub(crate) const REASON_ID: &str = "reason";

/// What is in a dialog when it opens.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Prefill {
    /// A question's title. A dialog for a change asks for it only where there is one.
    pub title: Option<String>,
    /// Its tags, as they are typed.
    pub tags: Option<String>,
    /// The text.
    pub text: String,
    /// The reason of a change.
    pub reason: Option<String>,
}

/// A text does not fit into a dialog: it has to be changed elsewhere.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a text that does not fit into a dialog")]
pub(crate) struct TooLong;

/// A dialog, as the data of the response that opens it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(crate) struct Modal {
    custom_id: String,
    title: String,
    components: Vec<InputRow>,
}

/// The row that an input stands in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
struct InputRow {
    #[serde(rename = "type")]
    kind: ComponentType,
    components: [InputBody; 1],
}

/// An input as Discord takes it in a row: with a label of its own, which twilight's type has no more.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
struct InputBody {
    #[serde(rename = "type")]
    kind: ComponentType,
    custom_id: String,
    label: String,
    style: TextInputStyle,
    #[serde(skip_serializing_if = "Option::is_none")]
    min_length: Option<usize>,
    max_length: usize,
    required: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    placeholder: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    value: Option<String>,
}

/// What somebody wants by a dialog.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Filled {
    /// What; [`Target::Here`] where `on` says which post, or nothing does but the thread.
    pub act: Act,
    /// The message that it hangs on, or that becomes the question.
    pub on: Option<MessageKey>,
}

/// A dialog. It never holds less than the whole text.
pub(crate) fn modal(dialog: &Dialog, prefill: &Prefill, texts: &Texts) -> Result<Modal, TooLong> {
    let (heading, inputs) = inputs(dialog, prefill)?;
    opened(dialog, heading, &inputs, texts)
}

/// The same with what was filled into it before, each text in the input that it was in.
pub(crate) fn again(
    dialog: &Dialog,
    filled: &[(String, String)],
    texts: &Texts,
) -> Result<Modal, TooLong> {
    let has_title = filled.iter().any(|(id, _)| id == TITLE_ID);
    let blank = Prefill {
        title: has_title.then(String::new),
        ..Prefill::default()
    };
    let (heading, mut inputs) = inputs(dialog, &blank)?;
    for input in &mut inputs {
        let place = |id: &str| read_text_id(id).map(|(at, _)| at);
        let is_it = |id: &str| match place(&input.id) {
            Some(at) => place(id) == Some(at),
            None => id == input.id,
        };
        if let Some((id, value)) = filled.iter().find(|(id, _)| is_it(id)) {
            input.id.clone_from(id);
            input.value.clone_from(value);
        }
    }
    opened(dialog, heading, &inputs, texts)
}

/// All that was filled into a dialog, as one text: a line each of title and tags, then the rest.
pub(crate) fn whole(filled: &[(String, String)]) -> String {
    let Ok(given) = Given::read(filled) else {
        return String::new();
    };
    let lines = [given.title, given.tags, given.reason]
        .into_iter()
        .flatten();
    let lines = lines.map(|line| line.trim().to_owned());
    let lines: Vec<String> = lines.filter(|line| !line.is_empty()).collect();
    let text = given.text.unwrap_or_default();
    match (lines.is_empty(), text.trim().is_empty()) {
        (true, _) => text,
        (false, true) => lines.join("\n"),
        (false, false) => format!("{}\n\n{text}", lines.join("\n")),
    }
}

/// A text in parts of at most so many UTF-16 units, for messages that give it back.
pub(crate) fn parts(text: &str, size: usize) -> Vec<String> {
    let parts = split::split(text, size, usize::MAX).unwrap_or_default();
    let parts = parts.into_iter().map(|part| part.text);
    parts.filter(|part| !part.trim().is_empty()).collect()
}

/// What was filled in of a question of which there is no more than this yet.
pub(crate) fn begun(title: &str, tags: &str) -> Vec<(String, String)> {
    let text = text_id(0, Seam::Line);
    [(TITLE_ID, title), (TAGS_ID, tags), (text.as_str(), "")]
        .map(|(id, value)| (id.to_owned(), value.to_owned()))
        .to_vec()
}

fn opened(
    dialog: &Dialog,
    heading: Key,
    inputs: &[TextInput],
    texts: &Texts,
) -> Result<Modal, TooLong> {
    let rows: Result<Vec<_>, _> = inputs.iter().map(|input| input.row(texts)).collect();
    Ok(Modal {
        custom_id: dialog.encode(),
        title: texts.say(heading, &[]),
        components: rows?,
    })
}

/// What a dialog is called, and its inputs.
fn inputs(dialog: &Dialog, prefill: &Prefill) -> Result<(Key, Vec<TextInput>), TooLong> {
    let title = || {
        let value = prefill.title.as_deref().unwrap_or_default();
        TextInput {
            hint: Some(Key::DiscordInputTitleHint),
            required: true,
            least: TITLE_LEAST,
            ..TextInput::line(TITLE_ID, Key::DiscordInputTitle, value, TITLE_MOST)
        }
    };
    let tags = || {
        let value = prefill.tags.as_deref().unwrap_or_default();
        TextInput {
            hint: Some(Key::DiscordInputTagsHint),
            ..TextInput::line(TAGS_ID, Key::DiscordInputTags, value, TAGS)
        }
    };
    let reason = || {
        let value = prefill.reason.as_deref().unwrap_or_default();
        TextInput {
            hint: Some(Key::DiscordInputReasonHint),
            ..TextInput::line(REASON_ID, Key::DiscordInputReason, value, REASON)
        }
    };
    let text = |label, needed, parts| texts(&prefill.text, label, needed, parts);
    let mut inputs = Vec::new();
    let heading = match dialog {
        Dialog::Ask { .. } => {
            inputs.extend([title(), tags()]);
            inputs.extend(text(Key::DiscordInputText, Needed::No, PARTS)?);
            Key::DiscordDialogAsk
        }
        Dialog::Answer { .. } => {
            inputs.extend(text(Key::DiscordInputAnswer, Needed::Yes, PARTS)?);
            Key::DiscordDialogAnswer
        }
        Dialog::Comment { .. } => {
            inputs.extend(text(Key::DiscordInputComment, Needed::Yes, 1)?);
            Key::DiscordDialogComment
        }
        Dialog::Edit { .. } => {
            let is_question = prefill.title.is_some();
            inputs.extend(is_question.then(title));
            let needed = match is_question {
                true => Needed::No,
                false => Needed::Yes,
            };
            inputs.extend(text(Key::DiscordInputText, needed, PARTS)?);
            inputs.push(reason());
            Key::DiscordDialogEdit
        }
    };
    Ok((heading, inputs))
}

/// The inputs of a text, as many as there may be, so that there is room to write on.
fn texts(text: &str, label: Key, needed: Needed, most: usize) -> Result<Vec<TextInput>, TooLong> {
    let parts = split::split(text, INPUT, most).ok_or(TooLong)?;
    let blank = TextPart {
        seam: Seam::Line,
        text: String::new(),
    };
    let parts = parts.into_iter().chain(std::iter::repeat(blank));
    Ok(parts
        .take(most)
        .enumerate()
        .map(|(at, part)| TextInput {
            id: text_id(at, part.seam),
            label: if at == 0 {
                label
            } else {
                Key::DiscordInputMore
            },
            hint: (at == 0 && label == Key::DiscordInputText).then_some(Key::DiscordInputTextHint),
            value: part.text,
            least: BODY_MIN,
            most: INPUT,
            shape: InputSize::Lines,
            required: needed == Needed::Yes && at == 0,
        })
        .collect())
}

/// The id of a text's input: its place, and how it is joined to the one before it.
fn text_id(at: usize, seam: Seam) -> String {
    match seam {
        Seam::Line => format!("text.{at}.line"),
        Seam::None => format!("text.{at}.on"),
    }
}

/// Whether a text has to be there.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Needed {
    Yes,
    No,
}

/// The size of an input.
#[derive(Clone, Copy)]
enum InputSize {
    Line,
    Lines,
}

/// A text input.
struct TextInput {
    id: String,
    label: Key,
    hint: Option<Key>,
    value: String,
    /// The fewest units, where it has to be filled in.
    least: usize,
    most: usize,
    shape: InputSize,
    required: bool,
}

impl TextInput {
    /// One line that may stay empty.
    fn line(id: &str, label: Key, value: &str, most: usize) -> Self {
        Self {
            id: id.to_owned(),
            label,
            hint: None,
            value: value.to_owned(),
            least: 1,
            most,
            shape: InputSize::Line,
            required: false,
        }
    }

    /// The row that it stands in. What is in it already may be longer than what would be taken anew.
    fn row(&self, texts: &Texts) -> Result<InputRow, TooLong> {
        let length = split::units(&self.value);
        if length > INPUT {
            return Err(TooLong);
        }
        // What is in it already may be shorter, too: an imported title.
        let least = match length {
            0 => self.least,
            length => self.least.min(length),
        };
        let input = InputBody {
            kind: ComponentType::TextInput,
            custom_id: self.id.clone(),
            label: texts.say(self.label, &[]),
            style: match self.shape {
                InputSize::Line => TextInputStyle::Short,
                InputSize::Lines => TextInputStyle::Paragraph,
            },
            min_length: self.required.then_some(least),
            max_length: self.most.max(length),
            required: self.required,
            placeholder: self.hint.map(|hint| texts.say(hint, &[])),
            value: Some(self.value.clone()).filter(|value| !value.is_empty()),
        };
        Ok(InputRow {
            kind: ComponentType::ActionRow,
            components: [input],
        })
    }
}

/// What somebody wants who filled in a dialog: its id, and the ids and values of its inputs.
pub(crate) fn filled(custom_id: &str, inputs: &[(String, String)]) -> Result<Filled, Unreadable> {
    let dialog = Dialog::parse(custom_id)?;
    let given = Given::read(inputs)?;
    let target = |location: PostRef| match location {
        PostRef::At(address) => (Target::At(address), None),
        PostRef::On(message) => (Target::Here, Some(message)),
        PostRef::Here => (Target::Here, None),
    };
    let body = given.text.ok_or(Unreadable::Forged);
    Ok(match dialog {
        Dialog::Ask { from } => Filled {
            act: Act::Ask {
                title: given.title.ok_or(Unreadable::Forged)?,
                body: body?,
                tags: given.tags.map(|texts| tags(&texts)).unwrap_or_default(),
            },
            on: from,
        },
        Dialog::Answer { to } => {
            let (question, on) = target(to);
            let body = body?;
            Filled {
                act: Act::Answer { question, body },
                on,
            }
        }
        Dialog::Comment { on } => {
            let (post, on) = target(on);
            let body = body?;
            Filled {
                act: Act::Comment { on: post, body },
                on,
            }
        }
        Dialog::Edit { post, seen } => {
            let (post, on) = target(post);
            Filled {
                act: Act::Edit {
                    post,
                    title: given.title,
                    body: Some(body?),
                    tags: None,
                    reason: given.reason.filter(|reason| !reason.trim().is_empty()),
                    seen,
                },
                on,
            }
        }
    })
}

/// Tags as people type them: with commas or spaces between, and perhaps a `#` before.
pub(crate) fn tags(texts: &str) -> Vec<String> {
    texts
        .split(|c: char| c == ',' || c.is_whitespace())
        .map(|tag| tag.trim_start_matches('#'))
        .filter(|tag| !tag.is_empty())
        .map(str::to_owned)
        .collect()
}

/// What was filled in.
#[derive(Default)]
struct Given {
    title: Option<String>,
    tags: Option<String>,
    reason: Option<String>,
    text: Option<String>,
}

impl Given {
    /// Reads the inputs; those that were never ours, or come twice, are forged.
    fn read(inputs: &[(String, String)]) -> Result<Self, Unreadable> {
        let mut given = Self::default();
        let mut parts: [Option<TextPart>; PARTS] = [const { None }; PARTS];
        for (id, value) in inputs {
            let before = match id.as_str() {
                TITLE_ID => given.title.replace(value.clone()).is_some(),
                TAGS_ID => given.tags.replace(value.clone()).is_some(),
                REASON_ID => given.reason.replace(value.clone()).is_some(),
                text => {
                    let (at, seam) = read_text_id(text).ok_or(Unreadable::Forged)?;
                    let part = parts.get_mut(at).ok_or(Unreadable::Forged)?;
                    let text = value.replace("\r\n", "\n");
                    part.replace(TextPart { seam, text }).is_some()
                }
            };
            if before {
                return Err(Unreadable::Forged);
            }
        }
        if parts.first().is_some_and(Option::is_some) {
            given.text = Some(split::join(parts.into_iter().flatten()));
        }
        Ok(given)
    }
}

/// The place and seam of a text's input.
fn read_text_id(id: &str) -> Option<(usize, Seam)> {
    (0..PARTS)
        .flat_map(|at| [(at, Seam::Line), (at, Seam::None)])
        .find(|(at, seam)| text_id(*at, *seam) == id)
}

#[cfg(test)]
mod tests;
