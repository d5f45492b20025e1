//! A room's part of a sync response as what happened in it, oldest first, with what the response left out.

use std::time::Instant;

use bot_core::panics;
use matrix_sdk::Room;
use matrix_sdk::deserialized_responses::TimelineEvent;
use matrix_sdk::room::MessagesOptions;
use matrix_sdk::sync::{JoinedRoomUpdate, State};
use serde::de::IgnoredAny;

use crate::failure::Failure;
use crate::inbound::{self, EventMeaning, Witness};

/// Whether something of a room's state came in with what happened.
pub(crate) fn has_state(update: &JoinedRoomUpdate) -> bool {
    let beside = match &update.state {
        State::Before(events) | State::After(events) => !events.is_empty(),
    };
    let is_state = |event: &TimelineEvent| {
        let key = event.raw().get_field::<IgnoredAny>("state_key");
        key.is_ok_and(|key| key.is_some())
    };
    beside || update.timeline.limited || update.timeline.events.iter().any(is_state)
}

/// How much of what was missed in a room is kept in memory, in bytes of events; the rest is read when its turn has come.
const KEPT: usize = 1 << 20;
/// How many events of it are asked for at a time. A homeserver answers nobody else while it gathers a page; the smaller that is, the
/// sooner the others have their turn.
const PAGE: u32 = 25;

/// What happened, newest first as a homeserver pages, and whether the bot came in there: what lies further back is not looked at.
#[derive(Debug, PartialEq, Eq)]
struct TimelinePage {
    newest_first: Vec<EventMeaning>,
    /// Of the events that are kept, in bytes.
    size: usize,
    back: Back,
}

/// Whether to look further back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Back {
    Further,
    Far,
}

/// Reads events, and keeps what is to be kept of them. What came before the bot did is left out, unless the homeserver says that it
/// was there.
fn page<'a>(
    own: &str,
    newest_first: impl Iterator<Item = &'a TimelineEvent>,
    is_ours: &dyn Fn(&EventMeaning) -> bool,
) -> TimelinePage {
    let mut page = TimelinePage {
        newest_first: Vec::new(),
        size: 0,
        back: Back::Further,
    };
    for event in newest_first {
        let json = event.raw().json().get();
        let heard = match panics::caught(|| inbound::read(own, json)) {
            Ok(Ok(Some(heard))) => heard,
            Ok(Ok(None)) => continue,
            Ok(Err(error)) => {
                tracing::debug!(%error, "an event can't be read");
                continue;
            }
            Err(panicked) => {
                let error = &panicked as &dyn std::error::Error;
                tracing::error!(error, "an event broke what reads it, and is passed over");
                continue;
            }
        };
        let counts = match &heard {
            EventMeaning::Arrived => {
                page.back = Back::Far;
                false
            }
            EventMeaning::Own { .. } => true,
            EventMeaning::UserEvent(user_event) => {
                page.back == Back::Further || user_event.witness == Witness::Present
            }
            EventMeaning::Undecrypted(sealed) => {
                page.back == Back::Further || sealed.witness == Witness::Present
            }
        };
        if counts && is_ours(&heard) {
            page.size += json.len();
            page.newest_first.push(heard);
        }
    }
    page
}

/// A room's part of a sync response as what happened, oldest first, and whether the bot came in with it.
pub(crate) fn read(
    own: &str,
    events: &[TimelineEvent],
    is_ours: &dyn Fn(&EventMeaning) -> bool,
) -> (Vec<EventMeaning>, Came) {
    let mut page = page(own, events.iter().rev(), is_ours);
    page.newest_first.reverse();
    let came = match page.back {
        Back::Further => Came::Before,
        Back::Far => Came::Then,
    };
    (page.newest_first, came)
}

/// When the bot came into a room.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Came {
    /// Before what is told of it.
    Before,
    /// In it: there is nothing to look for before.
    Then,
}

/// What was missed in a room between two sync tokens, as far as it is not heard yet.
#[derive(Debug)]
pub(crate) struct Missed {
    /// Where it begins.
    since: String,
    /// Newest first: the last is heard next.
    pages: Vec<Leaf>,
    /// How much of it is in memory, in bytes of events.
    kept: usize,
}

/// A page of what was missed.
#[derive(Debug)]
struct Leaf {
    /// The token from which it is read.
    from: String,
    /// What happened, newest first; none where it is to be read again.
    heard: Option<(Vec<EventMeaning>, usize)>,
}

impl Missed {
    /// Looks for what happened between these tokens: pages back until `since`, or to where the bot came in. The oldest of it is kept,
    /// as that is heard first.
    pub(crate) async fn find(
        own: &str,
        room: &Room,
        (from, since): (&str, &str),
        is_ours: &(dyn Fn(&EventMeaning) -> bool + Sync),
    ) -> Result<Self, Failure> {
        let mut missed = Self {
            since: since.to_owned(),
            pages: Vec::new(),
            kept: 0,
        };
        let mut from = Some(from.to_owned());
        while let Some(at) = from {
            let begun = Instant::now();
            let (page, end) = asked(own, room, (&at, since), is_ours).await?;
            from = end.filter(|end| page.back == Back::Further && *end != at);
            missed.add(at, page);
            if from.is_some() {
                // As long again the homeserver is left to others.
                tokio::time::sleep(begun.elapsed()).await;
            }
        }
        Ok(missed)
    }

    fn add(&mut self, from: String, page: TimelinePage) {
        if page.newest_first.is_empty() {
            return;
        }
        self.kept += page.size;
        self.pages.push(Leaf {
            from,
            heard: Some((page.newest_first, page.size)),
        });
        let last = self.pages.len() - 1;
        for leaf in self.pages.iter_mut().take(last) {
            if self.kept <= KEPT {
                break;
            }
            if let Some((_, size)) = leaf.heard.take() {
                self.kept -= size;
            }
        }
    }

    /// Whether nothing is left.
    pub(crate) fn is_over(&self) -> bool {
        self.pages.is_empty()
    }

    /// The next of what happened, oldest first. It stays until [`Self::turn`].
    pub(crate) async fn next(
        &self,
        own: &str,
        room: &Room,
        is_ours: &(dyn Fn(&EventMeaning) -> bool + Sync),
    ) -> Result<Vec<EventMeaning>, Failure> {
        let Some(leaf) = self.pages.last() else {
            return Ok(Vec::new());
        };
        let mut heard = match &leaf.heard {
            Some((heard, _)) => heard.clone(),
            None => {
                let tokens = (leaf.from.as_str(), self.since.as_str());
                let (page, _) = asked(own, room, tokens, is_ours).await?;
                page.newest_first
            }
        };
        heard.reverse();
        Ok(heard)
    }

    /// What [`Self::next`] gave is taken over.
    pub(crate) fn turn(&mut self) {
        if let Some(leaf) = self.pages.pop()
            && let Some((_, size)) = leaf.heard
        {
            self.kept -= size;
        }
    }
}

/// A page that the homeserver has, and where the one before it ends.
async fn asked(
    own: &str,
    room: &Room,
    (from, since): (&str, &str),
    is_ours: &(dyn Fn(&EventMeaning) -> bool + Sync),
) -> Result<(TimelinePage, Option<String>), Failure> {
    let mut options = MessagesOptions::backward().from(from);
    options.to = Some(since.to_owned());
    options.limit = PAGE.into();
    let read = room.messages(options).await?;
    Ok((page(own, read.chunk.iter(), is_ours), read.end))
}

#[cfg(test)]
mod tests {
    use matrix_sdk::ruma::serde::Raw;
    use serde_json::{Value, json};

    use super::*;

    const OWN: &str = "@stoa:localhost";

    fn said(id: &str, unsigned: Value) -> Value {
        json!({
            "type": "m.room.message",
            "event_id": id,
            "sender": "@mira:localhost",
            "content": { "msgtype": "m.text", "body": id },
            "unsigned": unsigned,
        })
    }

    fn arrival() -> Value {
        json!({
            "type": "m.room.member",
            "event_id": "$join",
            "sender": OWN,
            "state_key": OWN,
            "content": { "membership": "join" },
        })
    }

    fn events(events: Vec<Value>) -> Vec<TimelineEvent> {
        let event = |event: Value| {
            let raw = serde_json::value::to_raw_value(&event).expect("JSON");
            TimelineEvent::from_plaintext(Raw::from_json(raw))
        };
        events.into_iter().map(event).collect()
    }

    fn names(heard: &[EventMeaning]) -> Vec<String> {
        let name = |heard: &EventMeaning| match heard {
            EventMeaning::UserEvent(user_event) => user_event.id.0.clone(),
            EventMeaning::Undecrypted(sealed) => sealed.id.0.clone(),
            EventMeaning::Own { message, .. } => message.0.clone(),
            EventMeaning::Arrived => "arrived".to_owned(),
        };
        heard.iter().map(name).collect()
    }

    fn missed(pages: &[Vec<Value>]) -> Missed {
        let mut missed = Missed {
            since: "s1".to_owned(),
            pages: Vec::new(),
            kept: 0,
        };
        for (at, newest_first) in pages.iter().enumerate() {
            let events = events(newest_first.clone());
            missed.add(format!("t{at}"), page(OWN, events.iter(), &|_| true));
        }
        missed
    }

    #[test]
    fn history_counts_only_where_the_homeserver_says_that_the_bot_was_there() {
        let all = events(vec![
            said("$unsaid", json!({})),
            said("$absent", json!({ "membership": "leave" })),
            said("$before", json!({ "membership": "join" })),
            arrival(),
            json!({ "type": "m.room.message" }),
            said("$after", json!({})),
        ]);
        let (heard, came) = read(OWN, &all, &|_| true);
        assert_eq!(names(&heard), ["$before", "$after"]);
        assert_eq!(came, Came::Then);
    }

    #[test]
    fn what_is_none_of_ours_is_dropped_while_it_is_read() {
        let all = events(vec![said("$talk", json!({})), said("$ours", json!({}))]);
        let is_ours = |heard: &EventMeaning| names(std::slice::from_ref(heard)) == ["$ours"];
        let page = page(OWN, all.iter(), &is_ours);
        assert_eq!(names(&page.newest_first), ["$ours"]);
        let ours = all.last().expect("two").raw().json().get().len();
        assert_eq!(page.size, ours);
    }

    #[test]
    fn the_oldest_of_what_was_missed_is_kept_and_the_rest_is_read_again() {
        let long = "x".repeat(KEPT / 3);
        let page = |name: &str| vec![said(&format!("${name}{long}"), json!({}))];
        // Each name stands in its event twice.
        let mut missed = missed(&[page("newest"), page("newer"), page("older"), page("oldest")]);
        assert!(missed.kept <= KEPT);
        let mut in_memory = Vec::new();
        while let Some(leaf) = missed.pages.last() {
            in_memory.push((leaf.from.clone(), leaf.heard.is_some()));
            missed.turn();
        }
        let expected = [("t3", true), ("t2", false), ("t1", false), ("t0", false)];
        let expected = expected.map(|(from, is_there)| (from.to_owned(), is_there));
        assert_eq!(in_memory, expected);
        assert!(missed.is_over() && missed.kept == 0);
    }

    #[test]
    fn pages_in_which_nothing_is_ours_leave_nothing() {
        assert!(missed(&[vec![arrival()], Vec::new()]).is_over());
    }
}
