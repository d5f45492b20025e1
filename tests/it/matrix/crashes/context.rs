//! A room's hour: what people do in it, one after the other, and what is to be seen of it afterwards.

use std::collections::BTreeMap;

use synapse::{RoomId, Synapse, UserId};

use crate::human::{Human, Kind, Message};
use crate::matrix::session::stable;
use crate::world::Bot;

/// What people do, one after the other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    Ask,
    Answer,
    Vote,
    Edit,
    Accept,
    Command,
    OwnVote,
    Unvote,
    Delete,
}

impl Step {
    pub const ALL: [Self; 9] = [
        Self::Ask,
        Self::Answer,
        Self::Vote,
        Self::Edit,
        Self::Accept,
        Self::Command,
        Self::OwnVote,
        Self::Unvote,
        Self::Delete,
    ];

    pub const fn says(self) -> &'static str {
        match self {
            Self::Ask => "a question is asked",
            Self::Answer => "it is answered, twice",
            Self::Vote => "people react with 👍",
            Self::Edit => "the question is edited",
            Self::Accept => "an answer is accepted with ✅",
            Self::Command => "a vote is said by `!up`",
            Self::OwnVote => "a vote is refused",
            Self::Unvote => "a 👍 is taken back",
            Self::Delete => "an answer is deleted",
        }
    }
}

/// The people of a room. The one who is told something in private is in no other.
pub struct TestContext<'a> {
    mira: Human,
    sol: &'a Human,
    ivo: &'a Human,
    pub room: RoomId,
    bot: UserId,
}

impl<'a> TestContext<'a> {
    pub async fn new(server: &Synapse, bot: &Bot, kind: Kind, [sol, ivo]: [&'a Human; 2]) -> Self {
        let mira = Human::new(server, "mira", kind).await;
        let room = mira.room_with("Kitchen", bot.user()).await;
        tokio::join!(sol.join(&room), ivo.join(&room));
        let bot = bot.user().clone();
        Self {
            mira,
            sol,
            ivo,
            room,
            bot,
        }
    }

    /// Waits for the bot's card that begins with `address`, and gives it once `is_it` holds.
    async fn card(&self, address: &str, is_it: impl Fn(&Message) -> bool) -> String {
        let (what, beginning) = (format!("the card of {address}"), format!("{address} "));
        let is_it = |message: &&Message| {
            message.sender == self.bot.as_str()
                && message.msgtype == "m.text"
                && message
                    .body
                    .trim_start_matches("✅ ")
                    .starts_with(&beginning)
                && is_it(message)
        };
        self.mira
            .wait(&self.room, &what, |messages| {
                messages.iter().find(is_it).map(|card| card.id.clone())
            })
            .await
    }

    async fn notice(&self, person: &Human, room: &RoomId, words: &str) {
        person
            .wait(room, &format!("the notice {words:?}"), |messages| {
                let is_it = |message: &Message| {
                    message.sender == self.bot.as_str()
                        && message.msgtype == "m.notice"
                        && message.body.contains(words)
                };
                messages.iter().any(is_it).then_some(())
            })
            .await;
    }

    /// What people do; gives the direct room in which one of them is told something.
    pub async fn play(&self, before: impl Fn(Step)) -> RoomId {
        let (mira, sol, ivo, room) = (&self.mira, self.sol, self.ivo, &self.room);
        before(Step::Ask);
        let asked = "!ask How long does a keg kep?\nIt is a pilsner.";
        let asked = mira.send(room, asked).await;
        let question = self.card("#1", |_| true).await;
        before(Step::Answer);
        sol.in_thread(room, &question, "!answer Six weeks.").await;
        let answer = self.card("#1.1", |_| true).await;
        let second = ivo.send(room, "!answer #1 Two days.").await;
        let deleted = self.card("#1.2", |_| true).await;
        before(Step::Vote);
        ivo.react(room, &answer, "👍").await;
        let vote = sol.react(room, &asked, "👍").await;
        sol.react(room, &deleted, "👎").await;
        before(Step::Edit);
        let mended = "!ask How long does a keg keep?\nIt is a pilsner.";
        mira.edit(room, &asked, mended).await;
        before(Step::Accept);
        mira.react(room, &answer, "✅").await;
        before(Step::Command);
        ivo.send(room, "!up #1").await;
        self.notice(ivo, room, "You voted for #1").await;
        before(Step::OwnVote);
        mira.react(room, &question, "👍").await;
        mira.wait(room, "the reaction to be taken away", |messages| {
            let card = messages.iter().find(|message| message.id == question)?;
            (!card.reactions.contains_key("👍")).then_some(())
        })
        .await;
        let direct = mira.wait_invited(&self.bot).await;
        self.notice(mira, &direct, "nobody votes on their own posts")
            .await;
        before(Step::Unvote);
        sol.redact(room, &vote).await;
        before(Step::Delete);
        ivo.redact(room, &second).await;
        mira.wait(room, "the answer's card to go", |messages| {
            let gone = messages.iter().all(|message| message.id != deleted);
            gone.then_some(())
        })
        .await;
        self.card("#1", |card| {
            ["keep?", "1 answer", "✅", "+1 vote "]
                .iter()
                .all(|part| card.body.contains(part))
        })
        .await;
        self.card("#1.1", |card| {
            card.body.contains('✅') && card.body.contains("+1 vote")
        })
        .await;
        mira.send(room, "!show #1").await;
        self.notice(mira, room, "Six weeks").await;
        direct
    }

    /// All that is to be seen, in both rooms, the same in each run.
    pub async fn seen(&self, direct: &RoomId) -> Seen {
        let messages = self.mira.read(&self.room).await;
        let direct = self.mira.read(direct).await;
        let invitations = self.mira.invitations().await;
        let own = |kind: &str| {
            let all = messages.iter().chain(&direct);
            all.filter(|message| message.sender == self.bot.as_str() && message.msgtype == kind)
                .count()
        };
        let (cards, replies) = (own("m.text"), own("m.notice"));
        let bodies: BTreeMap<_, _> = messages
            .iter()
            .map(|message| (&message.id, message.body.as_str()))
            .collect();
        let line = |message: &Message| {
            let thread = message.thread.as_ref();
            let thread = thread.map(|root| *bodies.get(root).unwrap_or(&"what is gone"));
            let Message {
                by,
                msgtype,
                reactions,
                body,
                ..
            } = message;
            stable(&format!("{by} {msgtype} {thread:?} {reactions:?}\n{body}"))
        };
        let mut lines: Vec<String> = messages.iter().chain(&direct).map(line).collect();
        lines.sort();
        lines.push(format!("{invitations} more invitations"));
        Seen {
            cards,
            replies,
            lines,
        }
    }
}

/// What is to be seen in a room.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Seen {
    /// How many cards there are.
    pub cards: usize,
    /// How many replies were given.
    pub replies: usize,
    /// Every message, sorted.
    pub lines: Vec<String>,
}
