//! The state of buttons and dialogs, all of it in their `custom_id`: `1.up.<key>`, `1.answer.to.#42`. Pure.
//!
//! An id comes back from Discord with whatever a client made of it, from messages of any age: reading one never trusts
//! it, and tells what is merely of another version from what was never ours.

use bot_core::forum::{Address, ForumId};
use bot_core::platform::{Decision, MessageKey, SendKey};
use serde_json::Value;

/// The version of ids that this program writes and reads.
const VERSION: u32 = 1;
/// The most characters of an id; Discord's number.
pub(crate) const MOST: usize = 100;
/// The most characters of the part of an id that is not ours: a [`SendKey`], a page's name, a message.
pub(crate) const NAME: usize = 60;

/// A button.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Press {
    /// Votes for the post that the message shows; `SendKey` is the message's own name, here and below.
    Up(SendKey),
    /// Votes against it.
    Down(SendKey),
    /// Accepts it.
    Accept(SendKey),
    /// Opens the dialog for an answer to it.
    Answer(SendKey),
    /// Opens the dialog for a comment on it.
    Comment(SendKey),
    /// Shows what else can be done with it.
    More(SendKey),
    /// Opens the dialog for a change of the post that this message shows.
    Edit(MessageKey),
    /// Shows what the post that this message shows said before.
    History(MessageKey),
    /// Shows all of the post that this message shows.
    Whole(MessageKey),
    /// Shows another page of what `id` names.
    Page {
        /// Which, from 1.
        number: u32,
        /// The adapter's own name for what has the pages.
        id: String,
    },
    /// Posts for all to see a page of what `id` names.
    Share {
        /// Which, from 1.
        number: u32,
        /// The adapter's own name for what has the pages.
        id: String,
    },
    /// Opens the channel so.
    Open(Sharing),
    /// Opens the dialog with what was filled in before, by the name of the draft.
    Draft(String),
    /// Decides what was asked in a conversation.
    Decide(Decision),
    /// Takes the messages away that the hidden post at this address was made from.
    RemoveMessage(Address),
}

/// Whether a channel shares the forum of another that others can view.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Sharing {
    /// It has questions of its own.
    Apart,
    /// It does, as its admin agreed to.
    Shared,
}

/// The post that a dialog is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum PostRef {
    /// The one at this address.
    At(Address),
    /// The one that this message shows.
    On(MessageKey),
    /// The one whose thread the dialog was opened in.
    Here,
}

/// A dialog.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Dialog {
    /// Asks a question.
    Ask {
        /// The message that becomes one, if one does.
        from: Option<MessageKey>,
    },
    /// Answers a question.
    Answer {
        /// Which.
        to: PostRef,
    },
    /// Comments on a post.
    Comment {
        /// Which.
        on: PostRef,
    },
    /// Changes a post.
    Edit {
        /// Which.
        post: PostRef,
        /// The revision whose text the dialog opened with; none before that is known, and in dialogs of earlier versions.
        seen: Option<u32>,
    },
}

/// Why an id could not be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum Unreadable {
    /// One of another version: what it hangs on is too old, or too new.
    #[error("an id of another version")]
    Outdated,
    /// None that this program ever wrote.
    #[error("an id that was never ours")]
    Forged,
}

impl Press {
    /// The name of the card that it is on; none where it is on none.
    pub(crate) fn key(&self) -> Option<&SendKey> {
        match self {
            Self::Up(key)
            | Self::Down(key)
            | Self::Accept(key)
            | Self::Answer(key)
            | Self::Comment(key)
            | Self::More(key) => Some(key),
            Self::Edit(_)
            | Self::History(_)
            | Self::Whole(_)
            | Self::Page { .. }
            | Self::Share { .. }
            | Self::Open(_)
            | Self::Draft(_)
            | Self::Decide(_)
            | Self::RemoveMessage(_) => None,
        }
    }

    /// The button's id.
    pub(crate) fn encode(&self) -> String {
        let of = |what: &str, key: &SendKey| format!("{VERSION}.{what}.{key}");
        match self {
            Self::Up(key) => of("up", key),
            Self::Down(key) => of("down", key),
            Self::Accept(key) => of("accept", key),
            Self::Answer(key) => of("answer", key),
            Self::Comment(key) => of("comment", key),
            Self::More(key) => of("more", key),
            Self::Edit(on) => format!("{VERSION}.edit.{on}"),
            Self::History(on) => format!("{VERSION}.history.{on}"),
            Self::Whole(on) => format!("{VERSION}.whole.{on}"),
            Self::Page { number, id } => format!("{VERSION}.page.{number}.{id}"),
            Self::Decide(Decision::Publish) => format!("{VERSION}.publish"),
            Self::Decide(Decision::Which) => format!("{VERSION}.which"),
            Self::Decide(Decision::Drop) => format!("{VERSION}.drop"),
            Self::Decide(Decision::Forum(forum)) => format!("{VERSION}.forum.{}", forum.0),
            Self::Open(Sharing::Apart) => format!("{VERSION}.open.apart"),
            Self::Open(Sharing::Shared) => format!("{VERSION}.open.shared"),
            Self::RemoveMessage(post) => format!("{VERSION}.remove.{post}"),
            Self::Draft(id) => format!("{VERSION}.draft.{id}"),
            Self::Share { number, id } => format!("{VERSION}.share.{number}.{id}"),
        }
    }

    /// The button of an id.
    pub(crate) fn parse(id: &str) -> Result<Self, Unreadable> {
        let (what, rest) = of_this_version(id)?;
        let key = || Ok(SendKey(name(rest)?));
        match what {
            "up" => Ok(Self::Up(key()?)),
            "down" => Ok(Self::Down(key()?)),
            "accept" => Ok(Self::Accept(key()?)),
            "answer" => Ok(Self::Answer(key()?)),
            "comment" => Ok(Self::Comment(key()?)),
            "more" => Ok(Self::More(key()?)),
            "edit" => Ok(Self::Edit(MessageKey(name(rest)?))),
            "history" => Ok(Self::History(MessageKey(name(rest)?))),
            "whole" => Ok(Self::Whole(MessageKey(name(rest)?))),
            "page" => {
                let (number, id) = paged(rest)?;
                Ok(Self::Page { number, id })
            }
            "share" => {
                let (number, id) = paged(rest)?;
                Ok(Self::Share { number, id })
            }
            "draft" => Ok(Self::Draft(name(rest)?)),
            "publish" if rest.is_empty() && id.ends_with("publish") => {
                Ok(Self::Decide(Decision::Publish))
            }
            "which" if rest.is_empty() && id.ends_with("which") => {
                Ok(Self::Decide(Decision::Which))
            }
            "drop" if rest.is_empty() && id.ends_with("drop") => Ok(Self::Decide(Decision::Drop)),
            "forum" => {
                let forum = page(rest).ok_or(Unreadable::Forged)?;
                Ok(Self::Decide(Decision::Forum(ForumId(forum.into()))))
            }
            "remove" => match Address::parse_marked(rest) {
                Ok(post) => Ok(Self::RemoveMessage(post)),
                Err(_) => Err(Unreadable::Forged),
            },
            "open" => match rest {
                "apart" => Ok(Self::Open(Sharing::Apart)),
                "shared" => Ok(Self::Open(Sharing::Shared)),
                _ => Err(Unreadable::Forged),
            },
            _ => Err(Unreadable::Forged),
        }
    }
}

impl Dialog {
    /// The dialog's id.
    pub(crate) fn encode(&self) -> String {
        let of = |what: &str, location: &PostRef| match location {
            PostRef::At(address) => format!("{VERSION}.{what}.at.{address}"),
            PostRef::On(message) => format!("{VERSION}.{what}.on.{message}"),
            PostRef::Here => format!("{VERSION}.{what}.here"),
        };
        match self {
            Self::Ask { from: None } => format!("{VERSION}.ask"),
            Self::Ask {
                from: Some(message),
            } => format!("{VERSION}.ask.{message}"),
            Self::Answer { to } => of("answerto", to),
            Self::Comment { on } => of("commenton", on),
            Self::Edit { post, seen: None } => of("edit", post),
            Self::Edit {
                post,
                seen: Some(seen),
            } => of(&format!("edit.{seen}"), post),
        }
    }

    /// The dialog of an id.
    pub(crate) fn parse(id: &str) -> Result<Self, Unreadable> {
        let (what, rest) = of_this_version(id)?;
        match what {
            "ask" if id.ends_with("ask") && rest.is_empty() => Ok(Self::Ask { from: None }),
            "ask" => Ok(Self::Ask {
                from: Some(MessageKey(name(rest)?)),
            }),
            "answerto" => Ok(Self::Answer {
                to: location(rest)?,
            }),
            "commenton" => Ok(Self::Comment {
                on: location(rest)?,
            }),
            "edit" => {
                let seen = rest.split_once('.').and_then(|(number, post)| {
                    let seen = page(number)?;
                    Some((Some(seen), post))
                });
                let (seen, post) = seen.unwrap_or((None, rest));
                let post = location(post)?;
                Ok(Self::Edit { post, seen })
            }
            _ => Err(Unreadable::Forged),
        }
    }
}

/// Whether an id may be sent: what it names is not too long, and plain ASCII.
pub(crate) fn fits(name: &str) -> bool {
    (1..=NAME).contains(&name.len()) && name.bytes().all(|byte| (b' '..=b'~').contains(&byte))
}

/// The name under which a message was sent, read from the buttons under it: the `components` of a message as Discord gives
/// them. Who may have sent the message is not looked at.
pub(crate) fn send_key_of(components: &Value) -> Option<SendKey> {
    let buttons = components.as_array()?.iter().flat_map(|row| {
        let inside = row.get("components").and_then(Value::as_array);
        inside.map(Vec::as_slice).unwrap_or_default()
    });
    buttons
        .filter_map(|button| button.get("custom_id")?.as_str())
        .find_map(|id| Press::parse(id).ok()?.key().cloned())
}

/// What an id is of, and what follows.
fn of_this_version(id: &str) -> Result<(&str, &str), Unreadable> {
    if id.len() > MOST {
        return Err(Unreadable::Forged);
    }
    let (version, rest) = id.split_once('.').ok_or(Unreadable::Forged)?;
    match page(version) {
        Some(VERSION) => {}
        Some(_) => return Err(Unreadable::Outdated),
        None => return Err(Unreadable::Forged),
    }
    Ok(rest.split_once('.').unwrap_or((rest, "")))
}

/// A number from 1, in digits without sign or leading zeros.
fn page(text: &str) -> Option<u32> {
    let plain = !text.starts_with('0') && text.bytes().all(|byte| byte.is_ascii_digit());
    text.parse().ok().filter(|_| plain)
}

/// A page, and the name of what has it.
fn paged(text: &str) -> Result<(u32, String), Unreadable> {
    let (number, id) = text.split_once('.').ok_or(Unreadable::Forged)?;
    Ok((page(number).ok_or(Unreadable::Forged)?, name(id)?))
}

/// A part that is not ours.
fn name(text: &str) -> Result<String, Unreadable> {
    match fits(text) {
        true => Ok(text.to_owned()),
        false => Err(Unreadable::Forged),
    }
}

fn location(text: &str) -> Result<PostRef, Unreadable> {
    if text == "here" {
        return Ok(PostRef::Here);
    }
    match text.split_once('.') {
        Some(("at", address)) => Address::parse_marked(address)
            .map(PostRef::At)
            .map_err(|_| Unreadable::Forged),
        Some(("on", message)) => Ok(PostRef::On(MessageKey(name(message)?))),
        _ => Err(Unreadable::Forged),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;

    fn named() -> impl Strategy<Value = String> {
        "[ -~]{1,60}"
    }

    fn address() -> impl Strategy<Value = Address> {
        let number = || 1..=u32::MAX;
        let maybe = || prop::option::of(1..=u32::MAX);
        (number(), maybe(), maybe()).prop_map(|(question, answer, comment)| Address {
            question,
            answer,
            comment,
        })
    }

    fn spots() -> impl Strategy<Value = PostRef> {
        prop_oneof![
            address().prop_map(PostRef::At),
            named().prop_map(|name| PostRef::On(MessageKey(name))),
            Just(PostRef::Here),
        ]
    }

    fn presses() -> impl Strategy<Value = Press> {
        (0..19, 1..=u32::MAX, named()).prop_map(|(which, number, id)| match which {
            0 => Press::Up(SendKey(id)),
            1 => Press::Down(SendKey(id)),
            2 => Press::Accept(SendKey(id)),
            3 => Press::Answer(SendKey(id)),
            4 => Press::Comment(SendKey(id)),
            5 => Press::Page { number, id },
            6 => Press::More(SendKey(id)),
            7 => Press::Edit(MessageKey(id)),
            8 => Press::History(MessageKey(id)),
            9 => Press::Whole(MessageKey(id)),
            10 => Press::Open(Sharing::Apart),
            11 => Press::Open(Sharing::Shared),
            12 => Press::Decide(Decision::Publish),
            13 => Press::Decide(Decision::Drop),
            15 => Press::Decide(Decision::Which),
            16 => Press::RemoveMessage(Address::question(number)),
            14 => Press::Decide(Decision::Forum(ForumId(number.into()))),
            17 => Press::Draft(id),
            _ => Press::Share { number, id },
        })
    }

    fn dialogs() -> impl Strategy<Value = Dialog> {
        let seen = prop::option::of(1..=u32::MAX);
        (0..4, spots(), prop::option::of(named()), seen).prop_map(
            |(which, location, from, seen)| match which {
                0 => Dialog::Ask {
                    from: from.map(MessageKey),
                },
                1 => Dialog::Answer { to: location },
                2 => Dialog::Comment { on: location },
                _ => Dialog::Edit {
                    post: location,
                    seen,
                },
            },
        )
    }

    proptest! {
        #[test]
        fn a_button_is_found_again(press in presses()) {
            let id = press.encode();
            prop_assert!(id.len() <= MOST, "{id}");
            prop_assert_eq!(Press::parse(&id), Ok(press));
        }

        #[test]
        fn a_dialog_is_found_again(dialog in dialogs()) {
            let id = dialog.encode();
            prop_assert!(id.len() <= MOST, "{id}");
            prop_assert_eq!(Dialog::parse(&id), Ok(dialog));
        }

        #[test]
        fn what_is_read_is_written_the_same(id in ".{0,12}|[12]\\.(up|page|ask|edit|reason|answerto)[.a-z0-9#/]{0,20}") {
            if let Ok(press) = Press::parse(&id) {
                prop_assert_eq!(press.encode(), id.clone());
            }
            if let Ok(dialog) = Dialog::parse(&id) {
                prop_assert_eq!(dialog.encode(), id);
            }
        }

        #[test]
        fn what_is_cut_off_is_an_error_or_another_of_the_same(press in presses(), at in 0_usize..100) {
            let id = press.encode();
            let cut: String = id.chars().take(at).collect();
            if let Ok(shorter) = Press::parse(&cut) {
                prop_assert_eq!(std::mem::discriminant(&shorter), std::mem::discriminant(&press));
            }
        }
    }

    #[test]
    fn what_was_never_ours_is_an_error() {
        for id in [
            "",
            ".",
            "1",
            "1.",
            "1.up",
            "1.up.",
            "01.up.x",
            "+1.up.x",
            "1.UP.x",
            "1.up.é",
            "1.up.\u{0}",
            "1.page.0.x",
            "1.page.x.x",
            "1.page.2",
            "1.page.2.",
            "1.page.4294967296.x",
            "1.ask.",
            "1.answerto.at.42",
            "1.answerto.at.#0",
            "1.answerto.on.",
            "1.answerto.here.x",
            "1.edit",
            &format!("1.up.{}", "x".repeat(61)),
            &format!("1.up.{}", "x".repeat(1_000)),
        ] {
            assert_eq!(Press::parse(id), Err(Unreadable::Forged), "{id}");
            assert_eq!(Dialog::parse(id), Err(Unreadable::Forged), "{id}");
        }
    }

    #[test]
    fn another_version_is_told_apart() {
        for id in ["2.up.p1-2-x", "17.whatever", "2."] {
            assert_eq!(Press::parse(id), Err(Unreadable::Outdated), "{id}");
            assert_eq!(Dialog::parse(id), Err(Unreadable::Outdated), "{id}");
        }
    }

    #[test]
    fn a_message_tells_under_which_name_it_was_sent() {
        let row = |ids: &[&str]| {
            let buttons: Vec<_> = ids
                .iter()
                .map(|id| json!({"type": 2, "style": 2, "custom_id": id}))
                .collect();
            json!({"type": 1, "components": buttons})
        };
        let found = |components: Value| send_key_of(&components);
        let key = Some(SendKey("p1-2.3-x".to_owned()));
        assert_eq!(found(json!([row(&["1.up.p1-2.3-x"])])), key);
        assert_eq!(
            found(json!([
                {"type": 1},
                row(&["1.page.2.x", "hello", "2.up.p"]),
                row(&["1.comment.p1-2.3-x"]),
            ])),
            key
        );
        for none in [json!(null), json!([]), json!({}), json!([row(&["1.up."])])] {
            assert_eq!(found(none), None);
        }
    }
}
