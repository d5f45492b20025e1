//! A forum's hour on Discord: what people do in it, one after the other, also while the bot dies.

use discord::{Channel, Message, Person};

use super::play::{Kind, Play};
use crate::discord::context::TEXT;

/// What people do, one after the other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    Ask,
    Answer,
    Press,
    Vote,
    Accept,
    OwnVote,
    Edit,
    Unvote,
    Delete,
}

impl Step {
    pub const fn says(self) -> &'static str {
        match self {
            Self::Ask => "a question is asked",
            Self::Answer => "it is answered, twice",
            Self::Press => "somebody presses 👍",
            Self::Vote => "people react with 👍",
            Self::Accept => "an answer is accepted",
            Self::OwnVote => "a vote is refused",
            Self::Edit => "the question is edited",
            Self::Unvote => "a 👍 is taken back",
            Self::Delete => "an answer is deleted",
        }
    }
}

impl Play {
    /// The thread of the question.
    fn thread(place: &Channel, kind: Kind) -> Option<Channel> {
        let posts = match kind {
            Kind::Text => 0,
            Kind::Forum => 1,
        };
        place.threads().get(posts).cloned()
    }

    async fn question(&mut self) -> Message {
        let (place, kind) = (self.place.clone(), self.kind);
        let card = || match kind {
            Kind::Text => place.messages().first().cloned(),
            Kind::Forum => Self::thread(&place, kind)?.messages().first().cloned(),
        };
        self.comes("the question's card", card).await
    }

    /// Somebody presses *Answer*; gives the card.
    async fn answer(&mut self, who: &Person, card: &Message, text: &str, number: usize) -> Message {
        let dialog = self.dialog(async |_| who.click(card, "Answer").await);
        let dialog = dialog.await;
        if number == 1 {
            self.before(Step::Answer);
        }
        let texts = [(TEXT, text)];
        let sends = async |_: &Self| who.submit(&dialog, &texts).await;
        self.done(("answers", number as u64), sends).await;
        let (place, kind) = (self.place.clone(), self.kind);
        let at = match kind {
            Kind::Text => number - 1,
            Kind::Forum => number,
        };
        let card = || {
            let thread = Self::thread(&place, kind)?;
            thread.messages().get(at).cloned()
        };
        self.comes("the answer's card", card).await
    }

    async fn shows(&mut self, message: &Message, parts: &[&str]) {
        let says = || {
            let shown = message.shown();
            parts.iter().all(|part| shown.contains(part)).then_some(())
        };
        self.comes(&format!("{parts:?} on a card"), says).await;
    }

    /// What people do. Gives the conversation in which one of them is told something.
    pub async fn hour(&mut self) -> Channel {
        let (mira, sol) = (self.context.mira.clone(), self.context.sol.clone());
        let (ivo, desk) = (self.ivo.clone(), self.desk.clone());
        let title = [("title", "How long does a keg kep?")];
        let dialog = self.dialog(async |_| mira.command(&desk, "ask", &title).await);
        let dialog = dialog.await;
        self.before(Step::Ask);
        let text = [(TEXT, "It is a pilsner.")];
        self.done(("questions", 1), async |_| {
            mira.submit(&dialog, &text).await
        })
        .await;
        let card = self.question().await;
        let answer = self.answer(&sol, &card, "Six weeks.", 1).await;
        let deleted = self.answer(&ivo, &card, "Two days.", 2).await;
        self.before(Step::Press);
        self.done(("votes", 1), async |_| sol.click(&card, "👍").await)
            .await;
        self.before(Step::Vote);
        ivo.react(&answer, "👍").await;
        ivo.react(&card, "👍").await;
        sol.react(&deleted, "👎").await;
        self.shows(&answer, &["+1 vote"]).await;
        self.before(Step::Accept);
        self.done(("accepted", 1), async |_| {
            mira.click(&answer, "Accept").await
        })
        .await;
        let direct = mira.direct().await;
        self.before(Step::OwnVote);
        mira.react(&card, "👍").await;
        let refused = || {
            let ups = card.reactions();
            let is_gone = ups.iter().all(|(_, who)| !who.contains(&"mira".to_owned()));
            (is_gone && !direct.messages().is_empty()).then_some(())
        };
        self.comes("a refused vote to be taken away", refused).await;
        let post = [("post", "#1")];
        let dialog = self.dialog(async |_| mira.command(&desk, "edit", &post).await);
        let dialog = dialog.await;
        self.before(Step::Edit);
        let mended = [("title", "How long does a keg keep?")];
        // To edit it twice alike is to edit it once.
        self.done(("", 0), async |_| mira.submit(&dialog, &mended).await)
            .await;
        self.shows(&card, &["keep?"]).await;
        self.before(Step::Unvote);
        ivo.unreact(&card, "👍").await;
        self.shows(&card, &["+1 vote "]).await;
        self.before(Step::Delete);
        let second = [("post", "#1.2")];
        self.done(("answers", 1), async |_| {
            ivo.command(&desk, "delete", &second).await
        })
        .await;
        let gone = || (!deleted.exists()).then_some(());
        self.comes("the answer's card to go", gone).await;
        self.shows(&card, &["keep?", "1 answer", "+1 vote ", "Answered"])
            .await;
        self.shows(&answer, &["Accepted", "+1 vote "]).await;
        self.survived().await;
        let shown = mira.command(&desk, "show", &post).await;
        let shown = shown.message().await.shown();
        assert!(shown.contains("Six weeks"), "{shown}");
        direct
    }
}
