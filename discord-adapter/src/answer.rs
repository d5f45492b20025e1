//! Answers who used a command, a button or a dialog: within the three seconds that Discord gives, for them alone.

use std::sync::Arc;
use std::time::Duration;

use bot_core::card::{Block, Card, Inline};
use bot_core::command::{Intent, Target};
use bot_core::crash::{self, Point};
use bot_core::engine::{Drawing, Drawn, Fault, Stop};
use bot_core::forum::{Claims, Role, Vote};
use bot_core::platform::{Actor, Incoming, MessageKey, Platform, Response, What};
use serde_json::{Value, json};
use serenity::http::Route;
use serenity::model::id::UserId;
use tokio::sync::mpsc;
use tokio::task::JoinSet;

use crate::channels::Spot;
use crate::commands::{self, Asked, Door, Menu, OptionValue};
use crate::custom_id::{Dialog, Press, Spot as Post};
use crate::dialogs::{self, Filled, Prefill};
use crate::ear::{Ear, UNSAID};
use crate::fault::DiscordFault;
use crate::gateway::Heard;
use crate::inbound::{Author, Inbound, Use, Used};
use crate::latest::Latest;
use crate::names;
use crate::pages;
use crate::render;
use crate::rest::Failure;
use crate::words::Word;

/// How long is worked before an answer is put off; Discord waits for three seconds.
const AT_ONCE: Duration = Duration::from_millis(1_500);
/// How long is waited at most for what was told before.
const CATCH_UP: Duration = Duration::from_millis(200);
/// When whoever waits has been told by Discord that nothing came.
const GONE: Duration = Duration::from_secs(3);
/// How many are answered at the same time.
const AT_A_TIME: usize = 2_000;
/// That only the person sees it.
const PRIVATE: u64 = 64;
/// Discord's numbers of responses.
const MESSAGE: u8 = 4;
const PUT_OFF: u8 = 5;
const UPDATE: u8 = 7;
const CHOICES: u8 = 8;
const DIALOG: u8 = 9;
/// How many choices a completion has.
const MOST_CHOICES: usize = 25;
/// The most characters of a choice, and of what stands in its place.
const CHOICE: usize = 100;
/// The most characters of the title that a message becomes a question with.
const FIRST_LINE: usize = 120;

/// What is answered.
enum Answer {
    /// This, to the person alone.
    Private(Value),
    /// This, to all.
    Shared(Value),
    /// Another page in the place of the one that was there.
    Turned(Value),
    /// The card whose button was pressed, as it is now.
    Card(Value),
    /// A dialog.
    Dialog(Value),
    /// What may be meant by what is typed.
    Choices(Value),
}

/// An answer, and the card that it shows.
struct Answered {
    answer: Answer,
    drawn: Option<Drawn>,
    /// Nobody else brings the card up to date until it is sent.
    _drawing: Option<Drawing>,
}

impl From<Answer> for Answered {
    fn from(answer: Answer) -> Self {
        Self {
            answer,
            drawn: None,
            _drawing: None,
        }
    }
}

impl Ear {
    /// Answers whoever waits, each in a task of its own, until the stop; what was begun is finished.
    pub(crate) async fn answer_all(
        self: Arc<Self>,
        mut uses: mpsc::Receiver<(Used, Heard)>,
        stop: Stop,
    ) -> Result<(), DiscordFault> {
        let mut answers: JoinSet<Result<(), DiscordFault>> = JoinSet::new();
        let mut latest = Latest::default();
        let ended = |answer: Result<_, tokio::task::JoinError>| {
            answer.unwrap_or_else(|error| {
                tracing::error!(%error, "an answer to somebody broke off");
                Ok(())
            })
        };
        loop {
            tokio::select! {
                biased;
                () = stop.requested() => break,
                Some(answer) = answers.join_next(), if !answers.is_empty() => ended(answer)?,
                // So many at once that more would only make all of them late wait here.
                used = uses.recv(), if answers.len() < AT_A_TIME => match used {
                    Some((used, _)) if !latest.is_new(used.id) => {}
                    Some((used, heard)) => {
                        let ear = Arc::clone(&self);
                        answers.spawn(async move { ear.answer(used, heard).await });
                    }
                    None => break,
                },
            }
        }
        while let Some(answer) = answers.join_next().await {
            ended(answer)?;
        }
        Ok(())
    }

    /// Does what somebody used something for, and tells them.
    async fn answer(&self, used: Used, heard: Heard) -> Result<(), DiscordFault> {
        if self.ignores(used.user) {
            return Ok(());
        }
        crash::here(Point::InteractionCame);
        self.catch_up(heard).await;
        let last = heard.at + GONE;
        let work = self.worked(&used);
        tokio::pin!(work);
        // Completions have to be the first response, and are of no use later.
        let puts_off = !matches!(used.what, Use::Typing(..));
        tokio::select! {
            biased;
            answer = &mut work => {
                let answered = answer?;
                let (kind, data) = response(answered.answer);
                crash::here(Point::BeforeReply);
                let sent = self.rest.respond(used.id, &used.token, (kind, data), last).await;
                crash::here(Point::AfterReply);
                match (sent, answered.drawn) {
                    (Ok(()), Some(drawn)) => self.core.was_drawn(drawn).await?,
                    (Ok(()), None) => {}
                    // What was done is done, whether they hear of it or not.
                    (Err(failure), _) => tracing::warn!(%failure, "somebody was not answered"),
                }
                Ok(())
            }
            () = tokio::time::sleep_until(heard.at + AT_ONCE), if puts_off => {
                let put_off = (PUT_OFF, Some(json!({ "flags": seen_by(&used.what) })));
                let put_off = self.rest.respond(used.id, &used.token, put_off, last).await;
                if let Err(failure) = put_off {
                    tracing::warn!(%failure, "somebody was not answered in time");
                }
                let body = match work.await?.answer {
                    Answer::Private(body) | Answer::Shared(body) | Answer::Turned(body) => body,
                    // It has to come at once, or not at all; the card is edited as any other.
                    Answer::Dialog(_) => self.plain(Word::TooSlow),
                    Answer::Card(_) | Answer::Choices(_) => self.plain(Word::Done),
                };
                if let Err(failure) = self.rest.fill_in(&used.token, &body).await {
                    tracing::warn!(%failure, "somebody was not answered");
                }
                Ok(())
            }
        }
    }

    /// Waits a little for what was told before: that a card is there, say, which is acted on now.
    async fn catch_up(&self, heard: Heard) {
        let mut done = self.done.subscribe();
        let caught_up = done.wait_for(|done| *done >= heard.after);
        if tokio::time::timeout(CATCH_UP, caught_up).await.is_err() {
            tracing::debug!("somebody is answered before all is heard that was told before");
        }
    }

    async fn worked(&self, used: &Used) -> Result<Answered, DiscordFault> {
        match self.done(used).await {
            Ok(answered) => Ok(answered),
            Err(DiscordFault::Core(fault)) if !fault.is_fatal() => {
                let card = self.core.trouble(Platform::Discord, &fault);
                let body = self.outbound.draw(&card, None, None, None);
                Ok(Answer::Private(body).into())
            }
            Err(fault) => Err(fault),
        }
    }

    async fn done(&self, used: &Used) -> Result<Answered, DiscordFault> {
        if used.guild.is_none() {
            return Ok(self.says(Word::Alone).into());
        }
        let spot = match self.channels.spot(&self.rest, used.channel).await {
            Ok(spot) => spot,
            Err(failure) => {
                tracing::warn!(%failure, "a channel can't be looked at");
                return Ok(self.says(Word::NoPlace).into());
            }
        };
        if let Use::Slash(name, options) = &used.what
            && let Ok(Asked::Forum(door)) = commands::intent(name, options)
        {
            return Ok(self.turn(used, &spot, door).await?.into());
        }
        if !self.core.is_place(Platform::Discord, &spot.key()).await? {
            let nothing = match &used.what {
                Use::Typing(..) => Answer::Choices(json!({ "choices": [] })),
                Use::Slash(..) | Use::Menu { .. } | Use::Button { .. } | Use::Dialog { .. } => {
                    self.says(Word::NoPlace)
                }
            };
            return Ok(nothing.into());
        }
        let answer = match &used.what {
            Use::Slash(name, options) => self.slash(used, &spot, name, options).await?,
            Use::Typing(option, typed) => self.choices(&spot, option, typed).await?,
            Use::Menu { name, .. } => self.menu(used, &spot, name).await?,
            Use::Button { id, message } => return self.button(used, &spot, id, message).await,
            Use::Dialog { id, inputs } => self.filled(used, &spot, id, inputs).await?,
        };
        Ok(answer.into())
    }

    /// Opens or closes a place.
    async fn turn(&self, used: &Used, spot: &Spot, door: Door) -> Result<Answer, DiscordFault> {
        if Role::from_claims(&claims(used)) != Role::Admin {
            return Ok(self.says(Word::MayNotOpen));
        }
        let word = match door {
            Door::Open => {
                let place = self.described(spot);
                self.core.place_opened(Platform::Discord, &place).await?;
                // It may have been open before, and nothing was heard there since.
                self.rows.put(Inbound::Began);
                Word::Opened
            }
            Door::Close => {
                self.core
                    .place_closed(Platform::Discord, &spot.key())
                    .await?;
                Word::Closed
            }
        };
        Ok(self.says(word))
    }

    async fn slash(
        &self,
        used: &Used,
        spot: &Spot,
        name: &str,
        options: &[(String, OptionValue)],
    ) -> Result<Answer, DiscordFault> {
        match commands::intent(name, options) {
            Ok(Asked::Intent(intent)) => {
                let id = pages::keep(&self.core, used, name, options).await?;
                let hear = self.hears(used, spot, intent, spot.root.clone(), None);
                self.drawn(spot, hear.await?, Some(id)).map(Answer::Private)
            }
            Ok(Asked::Dialog(dialog, prefill)) => {
                self.opens(used, spot, dialog, prefill, spot.root.as_ref())
                    .await
            }
            // That was looked at before.
            Ok(Asked::Forum(_)) => Ok(self.says(Word::MayNotOpen)),
            Err(misread) => {
                tracing::debug!(%misread, "a command was not read");
                Ok(self.says(Word::NotRead))
            }
        }
    }

    async fn choices(
        &self,
        spot: &Spot,
        option: &str,
        typed: &str,
    ) -> Result<Answer, DiscordFault> {
        let (platform, place) = (Platform::Discord, spot.key());
        let choice = |name: String, value: String| json!({ "name": cut(&name, CHOICE), "value": cut(&value, CHOICE) });
        let choices: Vec<Value> = match option {
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
                    let value = match option {
                        "post" => address.to_string(),
                        _ => title.clone(),
                    };
                    choice(format!("{address} {title}"), value)
                });
                titles.collect()
            }
        };
        Ok(Answer::Choices(json!({ "choices": choices })))
    }

    async fn menu(&self, used: &Used, spot: &Spot, name: &str) -> Result<Answer, DiscordFault> {
        let menu = commands::menu(name, self.outbound.speak.words());
        let (
            Some(menu),
            Use::Menu {
                message,
                author,
                text,
                files,
                ..
            },
        ) = (menu, &used.what)
        else {
            return Ok(self.says(Word::Outdated));
        };
        let mut text = text.clone();
        if *files {
            // They stay where they are.
            let word = self.outbound.speak.words().say(Word::Files);
            if let Some(link) = names::link(message, spot.guild) {
                text.push_str(&format!("\n\n[{word}]({link})"));
            }
        }
        match menu {
            Menu::Accept => {
                let intent = Intent::Accept {
                    answer: Target::Here,
                };
                self.does(used, spot, intent, Some(message.clone()), None)
                    .await
            }
            Menu::Question | Menu::Answer if !may_post(used, author) => {
                Ok(self.says(Word::NotYours))
            }
            Menu::Question => {
                let first = text.lines().next().unwrap_or_default();
                let prefill = Prefill {
                    title: Some(cut(first, FIRST_LINE)),
                    tags: None,
                    text: text.clone(),
                    reason: None,
                };
                let dialog = Dialog::Ask {
                    from: Some(message.clone()),
                };
                Ok(self.shows(&dialog, &prefill))
            }
            Menu::Answer if spot.root.is_none() => Ok(self.says(Word::NoQuestion)),
            Menu::Answer => {
                let intent = Intent::Answer {
                    question: Target::Here,
                    body: text,
                };
                let used = used.by(author);
                self.does(
                    &used,
                    spot,
                    intent,
                    spot.root.clone(),
                    Some(message.clone()),
                )
                .await
            }
        }
    }

    async fn button(
        &self,
        used: &Used,
        spot: &Spot,
        id: &str,
        message: &MessageKey,
    ) -> Result<Answered, DiscordFault> {
        let Ok(press) = Press::parse(id) else {
            return Ok(self.says(Word::Outdated).into());
        };
        if let Some(key) = press.key() {
            self.core
                .seen(Platform::Discord, &spot.key(), key, message)
                .await?;
        }
        let post = Target::Here;
        let voted = |vote| Intent::PressVote { post, vote };
        let answer = match press {
            Press::Up(_) => return self.pressed(used, spot, voted(Vote::Up), message).await,
            Press::Down(_) => return self.pressed(used, spot, voted(Vote::Down), message).await,
            Press::Accept(_) => {
                let intent = Intent::Accept { answer: post };
                return self.pressed(used, spot, intent, message).await;
            }
            Press::Answer(_) => {
                let to = Post::On(message.clone());
                self.shows(&Dialog::Answer { to }, &Prefill::default())
            }
            Press::Comment(_) => {
                let on = Post::On(message.clone());
                self.shows(&Dialog::Comment { on }, &Prefill::default())
            }
            Press::More(_) => self.more(message),
            Press::Edit(on) => {
                let edit = Dialog::Edit {
                    post: Post::On(on.clone()),
                };
                self.opens(used, spot, edit, Prefill::default(), None)
                    .await?
            }
            Press::History(on) => {
                let page = 1;
                self.looks(used, spot, Intent::History { post, page }, on)
                    .await?
            }
            Press::Whole(on) => {
                let page = 1;
                self.looks(used, spot, Intent::Show { post, page }, on)
                    .await?
            }
            Press::Page { number, id } => {
                let page = self.page(used, spot, &id, Some(number)).await?;
                page.map_or_else(|| self.says(Word::Outdated), Answer::Turned)
            }
            Press::Share { id } => {
                let page = self.page(used, spot, &id, None).await?;
                page.map_or_else(|| self.says(Word::Outdated), Answer::Shared)
            }
        };
        Ok(answer.into())
    }

    /// What else can be done with a card's post, for the person alone.
    fn more(&self, card: &MessageKey) -> Answer {
        let mut body = self.plain(Word::More);
        body["components"] = render::more(card, self.outbound.speak.words());
        Answer::Private(body)
    }

    /// Shows something of the post of a card, in pages.
    async fn looks(
        &self,
        used: &Used,
        spot: &Spot,
        intent: Intent,
        card: MessageKey,
    ) -> Result<Answer, DiscordFault> {
        let place = spot.key();
        let shown = self
            .core
            .surface_of(Platform::Discord, &place, &card)
            .await?;
        let Some(shown) = shown else {
            return Ok(self.says(Word::NothingThere));
        };
        // Its pages are turned as those of the command.
        let name = match intent {
            Intent::History { .. } => "history",
            _ => "show",
        };
        let options = [(
            "post".to_owned(),
            OptionValue::Text(shown.address.to_string()),
        )];
        let id = pages::keep(&self.core, used, name, &options).await?;
        let card = self.hears(used, spot, intent, Some(card), None).await?;
        self.drawn(spot, card, Some(id)).map(Answer::Private)
    }

    /// Has done what a card's button says: the card itself shows at once what came of it.
    async fn pressed(
        &self,
        used: &Used,
        spot: &Spot,
        intent: Intent,
        message: &MessageKey,
    ) -> Result<Answered, DiscordFault> {
        let drawing = self.core.drawing(Platform::Discord, message);
        let response = self
            .heard(used, spot, intent, Some(message.clone()), None)
            .await?;
        let done = response.done;
        let drawn = match done {
            true => {
                let key = spot.key();
                self.core.drawn(Platform::Discord, &key, message).await?
            }
            false => None,
        };
        let Some(drawn) = drawn else {
            let card = response.reply.map(|reply| reply.card).unwrap_or_default();
            return Ok(self.drawn(spot, card, None).map(Answer::Private)?.into());
        };
        let body = self
            .outbound
            .draw(&drawn.card, spot.guild, Some(&drawn.key), None);
        Ok(Answered {
            answer: Answer::Card(body),
            drawn: Some(drawn),
            _drawing: Some(drawing),
        })
    }

    /// A page of what was asked for before; the one that was asked for where `number` is none.
    async fn page(
        &self,
        used: &Used,
        spot: &Spot,
        id: &str,
        number: Option<u32>,
    ) -> Result<Option<Value>, DiscordFault> {
        let Some((name, options)) = pages::kept(&self.core, id).await? else {
            return Ok(None);
        };
        let Ok(Asked::Intent(intent)) = commands::intent(&name, &options) else {
            return Ok(None);
        };
        let intent = match number {
            Some(number) => pages::turned(intent, number),
            None => intent,
        };
        let card = self
            .hears(used, spot, intent, spot.root.clone(), None)
            .await?;
        let id = number.map(|_| id.to_owned());
        self.drawn(spot, card, id).map(Some)
    }

    async fn filled(
        &self,
        used: &Used,
        spot: &Spot,
        id: &str,
        inputs: &[(String, String)],
    ) -> Result<Answer, DiscordFault> {
        match dialogs::filled(id, inputs) {
            Ok(Filled {
                intent,
                on: Some(message),
            }) if matches!(intent, Intent::Ask { .. }) => {
                self.asked_by_menu(used, spot, intent, message).await
            }
            Ok(Filled { intent, on }) => {
                let asks = matches!(intent, Intent::Ask { .. });
                let on = on.or_else(|| spot.root.clone()).filter(|_| !asks);
                self.does(used, spot, intent, on, None).await
            }
            Err(_) => Ok(self.says(Word::Outdated)),
        }
    }

    /// A message becomes a question: its author's, whoever filled in the dialog.
    async fn asked_by_menu(
        &self,
        used: &Used,
        spot: &Spot,
        intent: Intent,
        message: MessageKey,
    ) -> Result<Answer, DiscordFault> {
        match self.author_of(&message).await {
            Ok(author) if may_post(used, &author) => {
                let used = used.by(&author);
                self.does(&used, spot, intent, None, Some(message)).await
            }
            Ok(_) => Ok(self.says(Word::NotYours)),
            Err(failure) => {
                tracing::debug!(%failure, "a message that is to become a question can't be read");
                Ok(self.says(Word::NothingThere))
            }
        }
    }

    async fn author_of(&self, message: &MessageKey) -> Result<Author, Failure> {
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
        Ok(Author {
            user: UserId::new(user.ok_or_else(|| unread("its author is not told"))?),
            name: name.unwrap_or_default().to_owned(),
            bot: author["bot"] == true || message["webhook_id"].is_string(),
        })
    }

    /// Opens a dialog, with the text in it that is to be changed.
    async fn opens(
        &self,
        used: &Used,
        spot: &Spot,
        dialog: Dialog,
        prefill: Prefill,
        here: Option<&MessageKey>,
    ) -> Result<Answer, DiscordFault> {
        let Dialog::Edit { post } = &dialog else {
            return Ok(self.shows(&dialog, &prefill));
        };
        let (target, on) = match post {
            Post::At(address) => (Target::At(*address), None),
            Post::On(message) => (Target::Here, Some(message)),
            Post::Here => (Target::Here, here),
        };
        let (place, person) = (spot.key(), names::person(used.user));
        let text = self
            .core
            .text_of(Platform::Discord, &place, &person, target, on)
            .await?;
        let Some(text) = text else {
            return Ok(self.says(Word::NothingThere));
        };
        let prefill = Prefill {
            title: text.title,
            tags: Some(text.tags.join(", ")),
            text: text.body,
            reason: prefill.reason,
        };
        let post = Post::At(text.address);
        Ok(self.shows(&Dialog::Edit { post }, &prefill))
    }

    fn shows(&self, dialog: &Dialog, prefill: &Prefill) -> Answer {
        match dialogs::modal(dialog, prefill, self.outbound.speak.words()) {
            Ok(modal) => Answer::Dialog(modal),
            Err(dialogs::TooLong) => self.says(Word::TooLong),
        }
    }

    /// Has something done, and says what came of it.
    async fn does(
        &self,
        used: &Used,
        spot: &Spot,
        intent: Intent,
        on: Option<MessageKey>,
        from: Option<MessageKey>,
    ) -> Result<Answer, DiscordFault> {
        let card = self.hears(used, spot, intent, on, from).await?;
        self.drawn(spot, card, None).map(Answer::Private)
    }

    /// Tells the core; gives what it says.
    async fn hears(
        &self,
        used: &Used,
        spot: &Spot,
        intent: Intent,
        on: Option<MessageKey>,
        from: Option<MessageKey>,
    ) -> Result<Card, Fault> {
        let response = self.heard(used, spot, intent, on, from).await?;
        Ok(response.reply.map(|reply| reply.card).unwrap_or_default())
    }

    async fn heard(
        &self,
        used: &Used,
        spot: &Spot,
        intent: Intent,
        on: Option<MessageKey>,
        from: Option<MessageKey>,
    ) -> Result<Response, Fault> {
        let incoming = Incoming {
            platform: Platform::Discord,
            id: Some(MessageKey(format!("interaction/{}", used.id))),
            actor: Actor {
                key: names::person(used.user),
                name: used.name.clone(),
                claims: claims(used),
            },
            place: self.described(spot),
            at: UNSAID,
            what: What::Commanded { intent, on, from },
        };
        crash::here(Point::BeforeHearing);
        let response = self.core.hear(incoming).await;
        crash::here(Point::AfterHearing);
        response
    }

    fn drawn(&self, spot: &Spot, card: Card, id: Option<String>) -> Result<Value, DiscordFault> {
        let (number, of) = card.page.map_or((1, 1), |page| (page.number, page.of));
        // What names no post that is there is nothing to be shared.
        let id = id.filter(|_| of > 1 || !card.links.is_empty());
        let pages = id.map(|id| render::Pages { number, of, id });
        Ok(self.outbound.draw(&card, spot.guild, None, pages))
    }

    fn says(&self, word: Word) -> Answer {
        Answer::Private(self.plain(word))
    }

    fn plain(&self, word: Word) -> Value {
        let text = self.outbound.speak.words().say(word);
        let card = Card {
            blocks: vec![Block::Paragraph(vec![Inline::Text(text)])],
            ..Card::default()
        };
        self.outbound.draw(&card, None, None, None)
    }
}

/// Who sees what an answer that was put off will be: those before whom something is shared, else the person alone.
fn seen_by(what: &Use) -> u64 {
    match what {
        Use::Button { id, .. } if matches!(Press::parse(id), Ok(Press::Share { .. })) => 0,
        Use::Slash(..)
        | Use::Typing(..)
        | Use::Menu { .. }
        | Use::Button { .. }
        | Use::Dialog { .. } => PRIVATE,
    }
}

/// Whether somebody may make a post of a message of this author's: it is their own, or they moderate. Programs ask nothing.
fn may_post(used: &Used, author: &Author) -> bool {
    let moderates = Role::from_claims(&claims(used)) >= Role::Moderator;
    !author.bot && (author.user == used.user || moderates)
}

/// An answer as Discord takes it: which kind of response, and its data.
fn response(answer: Answer) -> (u8, Option<Value>) {
    let (kind, body) = match answer {
        Answer::Private(mut body) => {
            body["flags"] = json!(PRIVATE);
            (MESSAGE, body)
        }
        Answer::Shared(body) => (MESSAGE, body),
        Answer::Card(body) | Answer::Turned(body) => (UPDATE, body),
        Answer::Dialog(modal) => (DIALOG, modal),
        Answer::Choices(choices) => (CHOICES, choices),
    };
    (kind, Some(body))
}

fn claims(used: &Used) -> Claims {
    Claims::Discord {
        permissions: used.permissions,
        roles: used.roles.clone(),
    }
}

/// The text, cut off where it has more than so many characters.
fn cut(text: &str, most: usize) -> String {
    if text.chars().count() <= most {
        return text.to_owned();
    }
    let mut head: String = text.chars().take(most.saturating_sub(1)).collect();
    head.push('…');
    head
}
