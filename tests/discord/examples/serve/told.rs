//! What was told of the fake, so that only what is new is told again, and messages keep their numbers.

use discord::{Channel, Discord, Message};
use jiff::Timestamp;

/// What was told.
#[derive(Default)]
pub struct Told {
    known: Vec<Known>,
    facts: Vec<String>,
}

/// A message, its number, and how it was told.
struct Known {
    number: String,
    message: Message,
    shown: String,
}

impl Told {
    pub fn message(&self, number: &str) -> Result<&Message, String> {
        let mut known = self.known.iter().map(|it| (&it.number, &it.message));
        let found = known.find(|it| it.0 == number && it.1.exists());
        Ok(found
            .ok_or_else(|| format!("there is no message {number}"))?
            .1)
    }

    /// Gives a message its number. Those that only one person sees are counted apart, with a `p`.
    pub fn know(&mut self, message: Message) {
        let ids = self.known.iter().map(|it| it.message.id());
        if !message.exists() || ids.into_iter().any(|id| id == message.id()) {
            return;
        }
        let kind = if message.is_ephemeral() { "p" } else { "" };
        let alike = self
            .known
            .iter()
            .filter(|it| it.number.starts_with('p') != kind.is_empty());
        self.known.push(Known {
            number: format!("{kind}{}", alike.count() + 1),
            message,
            shown: String::new(),
        });
    }

    /// Tells what is not as it was told.
    pub fn tell(&mut self, discord: &Discord, places: &[Channel]) {
        let facts = facts(discord, places);
        let new = facts.iter().filter(|it| !self.facts.contains(it));
        new.for_each(|it| println!("{it}"));
        self.facts = facts;
        let mut messages: Vec<_> = places.iter().flat_map(Channel::messages).collect();
        messages.sort_by_key(Message::id);
        messages.into_iter().for_each(|it| self.know(it));
        for known in &mut self.known {
            let there = Some(&known.message).filter(|it| it.exists());
            let shown = there.map(Message::shown).unwrap_or_default();
            if shown == known.shown {
                continue;
            }
            let place = there.map(|it| it.channel().name());
            known.shown = shown;
            match place {
                Some(place) => println!("in {place}:\n{}", known.line("  ")),
                None => println!("{} is gone", known.number),
            }
        }
    }

    /// Prints a place with its threads.
    pub fn show(&self, place: &Channel, indent: &str) {
        println!("{indent}{}", title(place));
        let inner = format!("{indent}    ");
        let mut threads = place.threads();
        for message in place.messages() {
            let known = self.known.iter().find(|it| it.message.id() == message.id());
            println!("{}", known.map(|it| it.line(indent)).unwrap_or_default());
            let below = threads.extract_if(.., |it| it.id() == message.id());
            below.for_each(|it| self.show(&it, &inner));
        }
        threads.iter().for_each(|it| self.show(it, &inner));
    }
}

impl Known {
    fn line(&self, indent: &str) -> String {
        #[expect(
            clippy::disallowed_methods,
            reason = "whoever watches lives by the machine's clock"
        )]
        let shown = dated(&self.shown, Timestamp::now().as_second());
        let shown = shown.replace('\n', &format!("\n{indent}  "));
        format!("{indent}{:>2} {shown}", self.number)
    }
}

/// What there is to tell beside messages.
fn facts(discord: &Discord, places: &[Channel]) -> Vec<String> {
    let mut facts = vec![match discord.connected() {
        0 => "the bot is not connected".to_owned(),
        _ => format!(
            "the bot is connected and has {}",
            discord.commands().join(", ")
        ),
    }];
    facts.extend(places.iter().map(title));
    let violations = discord.violations().into_iter().enumerate();
    facts.extend(violations.map(|(at, it)| format!("violation {}: {it}", at + 1)));
    facts
}

fn title(place: &Channel) -> String {
    let tags = place.tags().into_iter().map(|tag| format!(" [{tag}]"));
    let state = match (place.is_locked(), place.is_archived()) {
        (true, _) => " (locked)",
        (false, true) => " (archived)",
        (false, false) => "",
    };
    format!("# {}{}{state}", place.name(), tags.collect::<String>())
}

/// A text with its moments as Discord shows them.
fn dated(text: &str, now: i64) -> String {
    let mut parts = text.split("<t:");
    let mut dated = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let moment = part.split_once(":R>");
        let moment = moment.and_then(|(at, rest)| Some((now - at.parse::<i64>().ok()?, rest)));
        let Some((ago, rest)) = moment else {
            dated.extend(["<t:", part]);
            continue;
        };
        let long = match ago.abs() {
            seconds @ ..60 => format!("{seconds} s"),
            seconds @ ..3_600 => format!("{} min", seconds / 60),
            seconds => format!("{} h", seconds / 3_600),
        };
        dated.push_str(&match ago {
            0.. => format!("{long} ago{rest}"),
            _ => format!("in {long}{rest}"),
        });
    }
    dated
}

#[cfg(test)]
mod tests {
    use super::dated;

    #[test]
    fn moments_are_read() {
        let text = "asked <t:990:R> by <t:x:R>, edited <t:940:R>, gone <t:9000:R>, <t:";
        let read = "asked 10 s ago by <t:x:R>, edited 1 min ago, gone in 2 h, <t:";
        assert_eq!(dated(text, 1_000), read);
    }
}
