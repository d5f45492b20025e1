//! Has people do what was read. What they cannot do is a sentence: where the fake panics for it, as it does for tests, the caller
//! makes one of that.

use std::{collections::BTreeMap, time::Duration};

use discord::{Channel, Discord, Id, Modal, Person, Response};
use jiff::Timestamp;
use tokio::time::timeout;

use crate::{
    line::{Ask, Chat, HELP, Line, Pairs, read},
    told::Told,
};

/// What was done is over when nothing has happened for so long, and it may take so long at most.
const QUIET: Duration = Duration::from_millis(700);
const PATIENCE: Duration = Duration::from_secs(10);

/// The fake, its people, and what was told of it.
pub struct Play {
    discord: Discord,
    people: [Person; 3],
    /// A text channel and a forum.
    channels: [Channel; 2],
    here: Channel,
    dialogs: BTreeMap<Id, Modal>,
    told: Told,
}

impl Play {
    pub async fn new(discord: Discord) -> Self {
        let guild = discord.guild("Kitchen").await;
        let help = guild.text_channel("help").await;
        let forum = guild.forum_channel("questions", &["setup", "rust"]).await;
        let mira = guild.person("mira").await.admin().await;
        Self {
            people: [mira, guild.person("sol").await, guild.person("tom").await],
            here: help.clone(),
            channels: [help, forum],
            dialogs: BTreeMap::new(),
            told: Told::default(),
            discord,
        }
    }

    /// Does what a line says. Gives whether there may be another.
    pub async fn turn(&mut self, line: &str) -> Result<bool, String> {
        #[expect(
            clippy::disallowed_methods,
            reason = "whoever watches lives by the machine's clock"
        )]
        let passed = Timestamp::now().as_millisecond() - self.discord.now();
        let passed = Duration::from_millis(passed.try_into().unwrap_or(0));
        self.discord.advance(passed);
        match read(line)? {
            Line::Nothing => self.settle().await,
            Line::Help => println!("{HELP}"),
            Line::Show => self.told.show(&self.here, ""),
            Line::Quit => return Ok(false),
            Line::Who => println!("mira (an admin), sol and tom; #help and #questions, a forum"),
            Line::Wait => {
                while self.discord.connected() == 0 || self.discord.commands().is_empty() {
                    self.stirs().await;
                }
                self.settle().await;
            }
            Line::In(place) => {
                self.here = self.place(&place)?;
                println!("in {}", self.here.name());
            }
            Line::Asks(who, what) => self.asks(&who, what).await?,
            Line::Chats(who, what) => {
                self.chats(&self.person(&who)?, what).await?;
                self.settle().await;
            }
        }
        Ok(true)
    }

    async fn asks(&mut self, who: &str, what: Ask) -> Result<(), String> {
        let who = self.person(who)?;
        if self.discord.connected() == 0 {
            return Err("the bot is not connected".to_owned());
        }
        let asked = match what {
            Ask::Command(..) | Ask::Types(..) if self.here.id() == self.channels[1].id() => {
                return Err("a forum takes commands in its posts only".to_owned());
            }
            Ask::Command((name, of)) => who.command(&self.here, &name, &lent(&of)).await,
            Ask::Types((name, of)) => {
                let of = lent(&of);
                let (last, others) = of.split_last().ok_or("nothing is typed to complete")?;
                who.complete_with(&self.here, &name, *last, others).await
            }
            Ask::Menu((number, command)) => who.menu(self.told.message(&number)?, &command).await,
            Ask::Click((number, button)) => {
                let message = self.told.message(&number)?;
                let there = message.buttons();
                if !there.contains(&button) {
                    let there = there.join(", ");
                    return Err(format!(
                        "{number} has no button {button}, but these: {there}"
                    ));
                }
                who.click(message, &button).await
            }
            Ask::Fill(of) => {
                let dialog = self.dialogs.get(&who.id());
                let dialog = dialog.ok_or("no dialog is open before that person")?;
                let of = of.iter();
                let of = of.map(|(name, text)| Ok((field(dialog, name)?, text.clone())));
                let of = of.collect::<Result<Pairs, String>>()?;
                let sent = who.submit(dialog, &lent(&of)).await;
                self.dialogs.remove(&who.id());
                sent
            }
        };
        let answer = timeout(PATIENCE, asked.response()).await;
        match answer.map_err(|_| "the bot does not respond")? {
            Response::Modal(dialog) => {
                println!("  {}", dialog.shown().replace('\n', "\n  "));
                self.dialogs.insert(who.id(), dialog);
            }
            Response::Choices(choices) if choices.is_empty() => println!("(no completions)"),
            completed @ Response::Choices(_) => println!("{}", completed.shown()),
            Response::Message(message) | Response::Updated(message) => self.told.know(message),
            Response::Deferred(_) => {
                let answer = timeout(PATIENCE, asked.message()).await;
                self.told.know(answer.map_err(|_| "the bot still thinks")?);
            }
            Response::DeferredUpdate => {}
        }
        self.settle().await;
        asked
            .followups()
            .into_iter()
            .for_each(|it| self.told.know(it));
        Ok(())
    }

    /// What people do among themselves.
    async fn chats(&self, who: &Person, what: Chat) -> Result<(), String> {
        match what {
            Chat::Says(text) => drop(who.says(&self.here, &text).await),
            Chat::Edits((number, text)) => who.edits(self.told.message(&number)?, &text).await,
            Chat::Deletes(number) => who.deletes(self.told.message(&number)?).await,
            Chat::React((number, emoji)) => who.react(self.told.message(&number)?, &emoji).await,
            Chat::Unreact((number, emoji)) => {
                who.unreact(self.told.message(&number)?, &emoji).await
            }
            Chat::Posts(title, text) => {
                drop(who.posts(&self.channels[1], &title, &text, &[]).await)
            }
        }
        Ok(())
    }

    fn person(&self, name: &str) -> Result<Person, String> {
        let found = self.people.iter().find(|it| it.name() == name);
        let found = found.ok_or("only mira, sol and tom are here; help says what they can do");
        Ok(found?.clone())
    }

    /// A channel or thread, by its name's beginning or the number of a thread's message.
    fn place(&self, name: &str) -> Result<Channel, String> {
        let places = self.places();
        let by_message = || {
            let id = self.told.message(name).ok()?.id();
            places.iter().find(|it| it.id() == id)
        };
        let by_name = places.iter().find(|it| it.name().starts_with(name));
        let place = by_name.or_else(by_message).cloned();
        place.ok_or_else(|| format!("there is no place {name}"))
    }

    /// All channels that are there, each before its threads.
    fn places(&self) -> Vec<Channel> {
        let channels = self.channels.iter();
        let with_threads = channels.flat_map(|it| [vec![it.clone()], it.threads()].concat());
        with_threads.collect()
    }

    /// Comes back when something happens.
    pub async fn stirs(&self) {
        while timeout(PATIENCE, self.change()).await.is_err() {}
    }

    /// Comes back when no more happens.
    async fn settle(&self) {
        let quiet = async { while timeout(QUIET, self.change()).await.is_ok() {} };
        // Where it never gets quiet, as with a bot that does things by itself, what there is so far is told.
        let _ = timeout(PATIENCE, quiet).await;
    }

    async fn change(&self) {
        let mut looks = 0;
        let look = move |_: &Discord| {
            looks += 1;
            (looks > 1).then_some(())
        };
        self.discord.wait_until("a change", look).await;
    }

    /// Tells what is not as it was told.
    pub fn tell(&mut self) {
        self.told.tell(&self.discord, &self.places());
    }

    /// The end: what the bot must not do, all of it.
    pub fn over(&self) {
        let violations = self.discord.violations();
        println!("{} violations", violations.len());
        violations.iter().for_each(|it| println!("violation: {it}"));
    }
}

/// A mistake of who types, in a sentence.
pub fn mistake(why: &str) {
    println!("! {}", why.lines().next().unwrap_or_default());
}

fn lent(pairs: &Pairs) -> Vec<(&str, &str)> {
    let pairs = pairs.iter();
    pairs.map(|it| (it.0.as_str(), it.1.as_str())).collect()
}

/// The id of a dialog's field, by the beginning of its label or of its id.
fn field(dialog: &Modal, name: &str) -> Result<String, String> {
    let fields = dialog.inputs();
    let by_label = fields
        .iter()
        .find(|it| it.label.to_lowercase().starts_with(name));
    let found = by_label.or_else(|| fields.iter().find(|it| it.custom_id.starts_with(name)));
    let found = found.ok_or_else(|| format!("the dialog has no field {name}"))?;
    Ok(found.custom_id.clone())
}
