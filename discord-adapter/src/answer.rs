//! Answers who used a command, a button or a dialog: within the three seconds that Discord gives, for them alone.

use std::time::Duration;

use bot_core::card::{Block, Card, Inline};
use bot_core::command::{Intent, Target};
use bot_core::engine::Fault;
use bot_core::forum::{Claims, Role};
use bot_core::platform::{Actor, Incoming, MessageKey, Platform, What};
use serde_json::{Value, json};
use serenity::model::id::UserId;

use crate::channels::Spot;
use crate::commands::{self, Asked, Door, Menu, OptionValue};
use crate::custom_id::{Dialog, Press, Spot as Post};
use crate::dialogs::{self, Filled, Prefill};
use crate::ear::{Ear, UNSAID};
use crate::fault::DiscordFault;
use crate::inbound::{Use, Used};
use crate::names;
use crate::pages;
use crate::words::Word;

/// How long is worked before an answer is put off; Discord waits for three seconds.
const AT_ONCE: Duration = Duration::from_millis(1_500);
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
    /// A dialog.
    Dialog(Value),
    /// What may be meant by what is typed.
    Choices(Value),
}

impl Ear {
    /// Does what somebody used something for, and tells them.
    pub(crate) async fn answer(&self, used: Used) -> Result<(), DiscordFault> {
        if self.ignores(used.user) {
            return Ok(());
        }
        let work = self.worked(&used);
        tokio::pin!(work);
        // Dialogs and completions have to be the first response; they only read.
        let first = matches!(used.what, Use::Typing(..));
        let (kind, data) = tokio::select! {
            answer = &mut work => response(answer?),
            () = tokio::time::sleep(AT_ONCE), if !first => {
                let data = json!({ "flags": PRIVATE });
                let put_off = self.rest.respond(used.id, &used.token, PUT_OFF, Some(data)).await;
                if let Err(failure) = put_off {
                    tracing::warn!(%failure, "somebody was not answered in time");
                }
                let (_, body) = response(work.await?);
                if let Err(failure) = self.rest.fill_in(&used.token, &body).await {
                    tracing::warn!(%failure, "somebody was not answered");
                }
                return Ok(());
            }
        };
        // What was done is done, whether they hear of it or not.
        if let Err(failure) = self
            .rest
            .respond(used.id, &used.token, kind, Some(data))
            .await
        {
            tracing::warn!(%failure, "somebody was not answered");
        }
        Ok(())
    }

    async fn worked(&self, used: &Used) -> Result<Answer, DiscordFault> {
        match self.done(used).await {
            Ok(answer) => Ok(answer),
            Err(DiscordFault::Core(fault)) if !fault.is_fatal() => {
                let card = self.core.trouble(Platform::Discord, &fault);
                Ok(Answer::Private(self.outbound.draw(&card, None, None, None)))
            }
            Err(fault) => Err(fault),
        }
    }

    async fn done(&self, used: &Used) -> Result<Answer, DiscordFault> {
        if used.guild.is_none() {
            return Ok(self.says(Word::Alone));
        }
        let spot = match self.channels.spot(&self.rest, used.channel).await {
            Ok(spot) => spot,
            Err(failure) => {
                tracing::warn!(%failure, "a channel can't be looked at");
                return Ok(self.says(Word::NoPlace));
            }
        };
        if let Use::Slash(name, options) = &used.what
            && let Ok(Asked::Forum(door)) = commands::intent(name, options)
        {
            return self.turn(used, &spot, door).await;
        }
        if !self.core.is_place(Platform::Discord, &spot.key()).await? {
            return Ok(match used.what {
                Use::Typing(..) => Answer::Choices(json!({ "choices": [] })),
                _ => self.says(Word::NoPlace),
            });
        }
        match &used.what {
            Use::Slash(name, options) => self.slash(used, &spot, name, options).await,
            Use::Typing(option, typed) => self.choices(&spot, option, typed).await,
            Use::Menu {
                name,
                message,
                author,
                text,
            } => self.menu(used, &spot, name, (message, *author, text)).await,
            Use::Button { id, message } => self.button(used, &spot, id, message).await,
            Use::Dialog { id, inputs } => self.filled(used, &spot, id, inputs).await,
        }
    }

    /// Opens or closes a place.
    async fn turn(&self, used: &Used, spot: &Spot, door: Door) -> Result<Answer, DiscordFault> {
        if Role::from_claims(claims(used)) != Role::Admin {
            return Ok(self.says(Word::MayNotOpen));
        }
        let word = match door {
            Door::Open => {
                let place = self.described(spot);
                self.core.place_opened(Platform::Discord, &place).await?;
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

    async fn menu(
        &self,
        used: &Used,
        spot: &Spot,
        name: &str,
        (message, author, text): (&MessageKey, UserId, &str),
    ) -> Result<Answer, DiscordFault> {
        let Some(menu) = commands::menu(name, self.outbound.speak.words()) else {
            return Ok(self.says(Word::Outdated));
        };
        let own = author == used.user;
        match menu {
            Menu::Accept => {
                let intent = Intent::Accept {
                    answer: Target::Here,
                };
                self.does(used, spot, intent, Some(message.clone()), None)
                    .await
            }
            Menu::Question | Menu::Answer if !own => Ok(self.says(Word::NotYours)),
            Menu::Question => {
                let first = text.lines().next().unwrap_or_default();
                let prefill = Prefill {
                    title: Some(cut(first, FIRST_LINE)),
                    tags: None,
                    text: text.to_owned(),
                    reason: None,
                };
                let dialog = Dialog::Ask {
                    from: Some(message.clone()),
                };
                self.shows(&dialog, &prefill)
            }
            Menu::Answer if spot.root.is_none() => Ok(self.says(Word::NoQuestion)),
            Menu::Answer => {
                let intent = Intent::Answer {
                    question: Target::Here,
                    body: text.to_owned(),
                };
                self.does(used, spot, intent, spot.root.clone(), Some(message.clone()))
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
    ) -> Result<Answer, DiscordFault> {
        use bot_core::forum::Vote;
        let Ok(press) = Press::parse(id) else {
            return Ok(self.says(Word::Outdated));
        };
        let post = Target::Here;
        let intent = match press {
            Press::Up(_) => Intent::SetVote {
                post,
                vote: Vote::Up,
            },
            Press::Down(_) => Intent::SetVote {
                post,
                vote: Vote::Down,
            },
            Press::Accept(_) => Intent::Accept { answer: post },
            Press::Answer(_) => {
                let to = Post::On(message.clone());
                return self.shows(&Dialog::Answer { to }, &Prefill::default());
            }
            Press::Comment(_) => {
                let on = Post::On(message.clone());
                return self.shows(&Dialog::Comment { on }, &Prefill::default());
            }
            Press::Page { number, id } => {
                return Ok(match self.page(used, spot, &id, Some(number)).await? {
                    Some(body) => Answer::Turned(body),
                    None => self.says(Word::Outdated),
                });
            }
            Press::Share { id } => {
                return Ok(match self.page(used, spot, &id, None).await? {
                    Some(body) => Answer::Shared(body),
                    None => self.says(Word::Outdated),
                });
            }
        };
        self.does(used, spot, intent, Some(message.clone()), None)
            .await
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
            Ok(Filled::Intent { intent, on }) => {
                let asks = matches!(intent, Intent::Ask { .. });
                let (on, from) = if asks {
                    (None, on)
                } else {
                    (on.or_else(|| spot.root.clone()), None)
                };
                self.does(used, spot, intent, on, from).await
            }
            Ok(Filled::Reason { .. }) | Err(_) => Ok(self.says(Word::Outdated)),
        }
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
            return self.shows(&dialog, &prefill);
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
        self.shows(&Dialog::Edit { post }, &prefill)
    }

    fn shows(&self, dialog: &Dialog, prefill: &Prefill) -> Result<Answer, DiscordFault> {
        Ok(
            match dialogs::modal(dialog, prefill, self.outbound.speak.words()) {
                Ok(modal) => Answer::Dialog(modal),
                Err(dialogs::TooLong) => self.says(Word::TooLong),
            },
        )
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
        let response = self.core.hear(incoming).await?;
        Ok(response.reply.map(|reply| reply.card).unwrap_or_default())
    }

    fn drawn(&self, spot: &Spot, card: Card, id: Option<String>) -> Result<Value, DiscordFault> {
        let pages = id.zip(card.page).map(|(id, page)| crate::render::Pages {
            number: page.number,
            of: page.of,
            id,
        });
        Ok(self.outbound.draw(&card, spot.guild, None, pages))
    }

    fn says(&self, word: Word) -> Answer {
        let text = self.outbound.speak.words().say(word);
        let card = Card {
            blocks: vec![Block::Paragraph(vec![Inline::Text(text)])],
            ..Card::default()
        };
        Answer::Private(self.outbound.draw(&card, None, None, None))
    }
}

/// An answer as Discord takes it: which kind of response, and its data.
fn response(answer: Answer) -> (u8, Value) {
    match answer {
        Answer::Private(mut body) => {
            body["flags"] = json!(PRIVATE);
            (MESSAGE, body)
        }
        Answer::Shared(body) => (MESSAGE, body),
        Answer::Turned(body) => (UPDATE, body),
        Answer::Dialog(modal) => (DIALOG, modal),
        Answer::Choices(choices) => (CHOICES, choices),
    }
}

fn claims(used: &Used) -> Claims {
    // A server's owner has every permission in what Discord says with an interaction.
    Claims::Discord {
        permissions: used.permissions,
        owner: false,
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
