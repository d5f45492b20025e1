//! Replies: what the person is told of what came of what they said.

use super::Inner;
use super::outcome::{Account, NamedPlace, Outcome};
use crate::card::{self, DecidedBy, HelpLine, HelpMore};
use crate::command::view::Help;
use crate::command::{
    self, ALL_COMMANDS, COMMANDS, Command, Does, Opt, OwnWords, Param, WrongOption,
};
use crate::conventions::{Argument, Commands, Phrasing};
use crate::document::{Block, Card, Inline};
use crate::forum::{Address, Refusal};
use crate::platform::Platform;
use crate::store::{Community, Shown};
use crate::text::{Arg, Key, Texts};

/// The texts, and how a platform has them.
#[derive(Clone, Copy)]
pub(super) struct Cards<'a> {
    pub texts: &'a Texts,
    /// What their language has for words behind commands.
    pub words: &'a OwnWords,
    /// How commands are said.
    pub phrasing: Phrasing<'a>,
    /// What stands before them.
    pub prefix: &'a str,
    /// A page's weight.
    pub page: usize,
    /// How many questions are on a page of a list.
    pub items: u32,
}

/// What stands for the end of a line, where it is shown how something is typed.
const NEW_LINE: &str = "⏎";

impl Inner {
    pub(super) fn cards(&self, platform: Platform) -> Cards<'_> {
        let conventions = platform.conventions();
        let phrasing = Phrasing::new(conventions.commands, &self.prefix);
        Cards {
            texts: &self.reading.texts,
            words: &self.words,
            phrasing,
            prefix: phrasing.prefix(),
            page: conventions.page_weight,
            items: conventions.hits_per_page,
        }
    }
}

impl Cards<'_> {
    /// A post's card; none where nothing is left to show.
    pub(super) fn shown(self, shown: &Shown) -> Option<Card> {
        match shown {
            Shown::Question(question) => Some(card::question(self.texts, self.prefix, question)),
            Shown::Answer(answer) => Some(card::answer(
                self.texts,
                self.prefix,
                &answer.post,
                answer.accepted,
            )),
            Shown::Comment(comment) => Some(card::comment(self.texts, self.prefix, comment)),
            Shown::Gone => None,
        }
    }

    /// What is said of an edit that was refused because its post was changed meanwhile, and what that says now.
    pub(super) fn with_present(self, refused: Card, shown: &Shown) -> Card {
        let Some(now) = self.shown(shown) else {
            return refused;
        };
        let mut card = refused;
        let says = Block::Paragraph(self.texts.line(Key::SaysNow, &[]));
        card.blocks.push(says);
        card.blocks.extend(now.blocks);
        card.holds.extend(now.holds);
        card
    }

    /// What stands where a message that held a post's text can't be taken away.
    pub(super) fn no_more(self, address: Address) -> Card {
        card::about(self.texts, Key::NoMore, address)
    }

    /// What a person is told whose message can't be taken away, when its post was withdrawn or is hidden.
    pub(super) fn still_stands(self, address: Address, withdrawn: bool) -> Card {
        let key = match withdrawn {
            true => Key::StillStands,
            false => Key::StillStandsHidden,
        };
        card::about(self.texts, key, address)
    }

    /// What a moderator is told who wanted somebody's message to be taken away that can't be.
    pub(super) fn not_removed(self, address: Address) -> Card {
        card::about(self.texts, Key::NotRemoved, address)
    }

    /// What came of an action; `command` is the one that was said, if it was one.
    pub(super) fn outcome(self, outcome: &Outcome, command: Option<&Command>) -> Card {
        let texts = self.texts;
        match outcome {
            Outcome::Nothing | Outcome::Hinted => Card::default(),
            Outcome::Posted(address) => match (address.answer, address.comment) {
                (_, Some(_)) => card::commented(texts, *address),
                (Some(_), None) => card::answered(texts, *address),
                (None, None) => card::asked(texts, *address),
            },
            Outcome::Edited(address) => card::edited(texts, *address),
            Outcome::Withdrawn(address) => card::withdrawn(texts, *address),
            Outcome::Hidden(address) => card::hidden(texts, self.prefix, *address),
            Outcome::Screened(address) => card::screened(texts, self.prefix, *address),
            Outcome::MessageRemoved(address) => card::about(texts, Key::DoneRemoved, *address),
            Outcome::CardRemoved(address) => card::card_removed(texts, self.prefix, *address),
            Outcome::Unhidden(address) => card::unhidden(texts, *address),
            Outcome::Voted { on, vote, score } => card::voted(texts, *on, *vote, *score),
            Outcome::Accepted(address) => card::accepted(texts, *address),
            Outcome::Unaccepted(address) => card::unaccepted(texts, *address),
            Outcome::LinkCode(code) => card::to_say(texts, Key::LinkCode, &elsewhere("link", code)),
            Outcome::LinkAsked { code, other } => {
                self.on_account(Key::LinkAsked, other, &self.agreed("link", code))
            }
            Outcome::LinkWaits { code, other } => {
                self.on_account(Key::LinkWaits, other, &elsewhere("link", code))
            }
            Outcome::Linked(other) => {
                self.on_account(Key::Linked, other, &format!("{}unlink", self.prefix))
            }
            Outcome::Unlinked => card::to_say(texts, Key::Unlinked, ""),
            Outcome::ForumCode(code) => {
                card::to_say(texts, Key::ForumCode, &elsewhere("forum join", code))
            }
            Outcome::JoinAsked {
                code,
                joins,
                mine,
                by,
                other,
            } => {
                let (key, moved) = match joins {
                    true => (Key::JoinAsked, mine.questions),
                    false => (Key::JoinedAsked, 0),
                };
                let mut asked = self.on_forum(key, other, "", moved);
                let who = match joins {
                    true => Key::JoinMadeBy,
                    false => Key::JoinSaidBy,
                };
                asked.blocks.extend(self.spoken(who, by.as_ref()).blocks);
                let leave = format!("{}forum leave", self.prefix);
                asked
                    .blocks
                    .extend(self.on_forum(Key::JoinModerators, other, &leave, 0).blocks);
                for (side, encrypted, private) in [
                    (mine, Key::JoinEncryptedHere, Key::JoinPrivateHere),
                    (other, Key::JoinEncryptedThere, Key::JoinPrivateThere),
                ] {
                    let warned = [
                        (side.seclusion.encrypted, encrypted),
                        (side.seclusion.private, private),
                    ];
                    let warned = warned.into_iter().filter(|(is, _)| *is);
                    asked.blocks.extend(
                        warned.flat_map(|(_, key)| self.on_forum(key, other, "", 0).blocks),
                    );
                }
                let agree = self.agreed("forum join", code);
                asked
                    .blocks
                    .extend(self.on_forum(Key::JoinAgree, other, &agree, 0).blocks);
                asked
            }
            Outcome::JoinWaits { code, other } => {
                let said = elsewhere("forum join", code);
                self.on_forum(Key::JoinWaits, other, &said, 0)
            }
            Outcome::Joined { other, by, brought } => {
                let leave = format!("{}forum leave", self.prefix);
                let mut joined = self.on_forum(Key::Joined, other, &leave, *brought);
                let who = self.spoken(Key::JoinAgreedBy, by.as_ref());
                joined.blocks.extend(who.blocks);
                joined
            }
            Outcome::LeaveAsked(other) => {
                let said = self.phrasing.command("forum leave", &[self.agrees()]);
                self.on_forum(Key::LeaveAsked, other, &said, 0)
            }
            Outcome::PartAsked { other, which } => {
                let which = Argument::Option("which", which);
                let said = self
                    .phrasing
                    .command("forum leave", &[which, self.agrees()]);
                self.on_forum(Key::PartAsked, other, &said, 0)
            }
            Outcome::Parted { other, took } => self.on_forum(Key::Parted, other, "", *took),
            Outcome::WhichJoined(several) => {
                let mut which = card::to_say(texts, Key::WhichJoined, "");
                which
                    .blocks
                    .extend(several.iter().flat_map(|(other, name)| {
                        let which = [Argument::Option("which", name)];
                        let said = self.phrasing.command("forum leave", &which);
                        self.on_forum(Key::WhichJoinedOne, other, &said, 0).blocks
                    }));
                which
            }
            Outcome::Left { other, took } => self.on_forum(Key::Left, other, "", *took),
            Outcome::Refused(refusal) => self.refusal(refusal),
            Outcome::Broken(code) => self.fault(code),
            Outcome::WhichPost => match command {
                Some(command) => self.incomplete(command),
                None => self.talk(),
            },
            Outcome::WhichForum(forums) => {
                let places = forums.iter().map(|(_, place)| link(place));
                card::which_forum(texts, (self.decided_by(), self.prefix), places)
            }
            Outcome::Chosen(place) => {
                card::forum_chosen(texts, (self.decided_by(), self.prefix), link(place))
            }
            Outcome::Confirm {
                places,
                others,
                name,
            } => {
                let places = places.iter().map(link);
                let words = self.decisions();
                card::confirm_publish(texts, self.decided_by(), places, *others, name, words)
            }
            Outcome::Dropped => card::not_published(texts),
            Outcome::ConfirmDelete(address) => {
                card::confirm_delete(texts, *address, self.decisions())
            }
            Outcome::NotDeleted => card::not_deleted(texts),
            Outcome::NothingWaits => card::nothing_waits(texts),
            Outcome::All(outcomes) => {
                let cards = outcomes.iter().map(|outcome| self.outcome(outcome, None));
                Card {
                    blocks: cards.flat_map(|card| card.blocks).collect(),
                    ..Card::default()
                }
            }
        }
    }

    /// The words by which somebody agrees and declines.
    fn decisions(&self) -> (&str, &str) {
        (self.words.agreed(), self.words.declined())
    }

    /// That somebody agrees to what they were asked.
    fn agrees(&self) -> Argument<'_> {
        Argument::Option("agree", self.words.agreed())
    }

    /// How somebody decides here what they are asked.
    fn decided_by(self) -> DecidedBy {
        match self.phrasing.commands() {
            Commands::Own => DecidedBy::Buttons,
            Commands::Typed => DecidedBy::Words,
        }
    }

    /// What is to be said here to agree to what a code is for.
    fn agreed(self, what: &str, code: &str) -> String {
        let code = halves(code);
        let code = Argument::Option("code", &code);
        self.phrasing.command(what, &[code, self.agrees()])
    }

    fn on_account(self, key: Key, other: &Account, said: &str) -> Card {
        card::on_account(self.texts, key, told(other), said)
    }

    /// Who speaks for the other side, and from where.
    fn spoken(self, key: Key, by: Option<&Account>) -> Card {
        let Some(by) = by else {
            return card::to_say(self.texts, Key::JoinByOperator, "");
        };
        let place = by.place.as_ref().map(|place| card::OtherPlace {
            id: &place.id,
            server: place.server,
        });
        card::by_account(self.texts, key, told(by), place)
    }

    fn on_forum(self, key: Key, other: &Community, said: &str, moved: u64) -> Card {
        let place = other.place.as_ref().map(|place| card::OtherPlace {
            id: &place.id,
            server: place.server,
        });
        let other = card::OtherForum {
            name: &other.name,
            questions: other.questions,
            place,
        };
        card::on_forum(self.texts, key, other, said, moved)
    }

    pub(super) fn refusal(self, refusal: &Refusal) -> Card {
        card::refusal(self.texts, self.prefix, refusal)
    }

    pub(super) fn fault(self, code: &str) -> Card {
        card::fault(self.texts, code)
    }

    pub(super) fn did_you_mean(self, said: &str, near: &Command) -> Card {
        card::did_you_mean(self.texts, self.prefix, said, near.name)
    }

    pub(super) fn incomplete(self, command: &Command) -> Card {
        card::missing_argument(self.texts, &self.usage(command))
    }

    /// That a message has several commands in it.
    pub(super) fn several(self) -> Card {
        card::several_commands(self.texts)
    }

    pub(super) fn misread(self, command: &Command, option: &str, why: WrongOption) -> Card {
        let usage = self.usage(command);
        match why {
            WrongOption::Unknown { near: None } => card::unknown_option(self.texts, option, &usage),
            WrongOption::Unknown { near: Some(near) } => {
                let near = format!("--{}", near.name());
                card::misnamed_option(self.texts, option, &near, &usage)
            }
            WrongOption::Empty => card::empty_option(self.texts, option, &usage),
        }
    }

    /// What to say to somebody who talks to the bot.
    pub(super) fn talk(self) -> Card {
        let command = |name: &str| Arg::Node(Inline::Code(format!("{}{name}", self.prefix)));
        let args = [
            ("ask", command("ask")),
            ("search", command("search")),
            ("help", command("help")),
        ];
        Card {
            blocks: vec![Block::Paragraph(self.texts.line(Key::Talk, &args))],
            ..Card::default()
        }
    }

    /// The help: of the commands that everybody needs first, of all, or of one.
    pub(super) fn help(self, help: &Help) -> Card {
        let said = help.topic.as_deref();
        let topic = said.map(|said| said.strip_prefix(self.prefix).unwrap_or(said));
        let topic = topic.and_then(command::named);
        let all = said.is_some_and(|said| said.eq_ignore_ascii_case(ALL_COMMANDS));
        let shown = |command: &Command| match topic {
            Some(topic) => topic == command,
            None => all || command.is_common,
        };
        let lines: Vec<HelpLine> = COMMANDS
            .iter()
            .filter(|command| shown(command))
            .map(|command| self.help_line(command, topic.is_some()))
            .collect();
        let about = |topic: &str| {
            let topic = Argument::Option("command", topic);
            self.phrasing.command("help", &[topic])
        };
        let more = (topic.is_none() && !all).then(|| HelpMore {
            all: about(ALL_COMMANDS),
            one: about("ask"),
        });
        let help = card::help(self.texts, self.decided_by(), &lines, more.as_ref());
        match said.filter(|_| topic.is_none() && !all) {
            Some(said) => {
                let mut blocks = card::no_such_command(self.texts, said);
                blocks.extend(help.blocks);
                Card { blocks, ..help }
            }
            None => help,
        }
    }

    /// What the help says of a command. One of the platform's own says itself what it takes, and may say otherwise what it does.
    fn help_line(self, command: &Command, with_example: bool) -> HelpLine {
        let own = match self.decided_by() {
            DecidedBy::Buttons => self.texts.find(&format!("slash-{}", command.name)),
            DecidedBy::Words => None,
        };
        let summary = format!("help-{}", command.name);
        HelpLine {
            usage: match self.decided_by() {
                DecidedBy::Words => self.usage(command),
                DecidedBy::Buttons => format!("{}{}", self.prefix, command.name),
            },
            summary: own.unwrap_or_else(|| self.texts.named(&summary)),
            example: (with_example && self.decided_by() == DecidedBy::Words)
                .then(|| self.example(command)),
        }
    }

    /// One that could be typed as it stands.
    fn example(self, command: &Command) -> String {
        let behind = self.texts.named(&format!("example-{}", command.name));
        format!("{}{} {behind}", self.prefix, command.name)
            .trim_end()
            .to_owned()
    }

    /// How a command is typed: `!answer [#42] text`.
    fn usage(self, command: &Command) -> String {
        let mut usage = format!("{}{}", self.prefix, command.name);
        if !command.parts.is_empty() {
            let parts = command.parts.iter().map(|part| {
                let params = part.params.iter().map(|param| self.param(command, *param));
                let needed = params.filter_map(|(name, needed)| needed.then_some(name));
                std::iter::once(part.name.to_owned())
                    .chain(needed)
                    .collect::<Vec<_>>()
                    .join(" ")
            });
            usage.push(' ');
            usage.push_str(&parts.collect::<Vec<_>>().join("|"));
        }
        let optional = |name: String, needed| if needed { name } else { format!("[{name}]") };
        let titled = command.params.contains(&Param::Title);
        let (below, behind): (Vec<Param>, Vec<Param>) = command
            .params
            .iter()
            .copied()
            .partition(|param| titled && matches!(param, Param::Text { .. }));
        for param in behind {
            let (name, needed) = self.param(command, param);
            usage.push(' ');
            usage.push_str(&optional(name, needed));
        }
        for option in command.options {
            let value = match option {
                Opt::Tag => Key::ParamTags,
                Opt::Title => Key::ParamTitle,
                Opt::Reason => Key::ParamReason,
            };
            let value = self.texts.say(value, &[]);
            usage.push_str(&format!(" [--{} {value}]", option.name()));
        }
        // What stands below a title begins on a line of its own.
        for param in below {
            let (name, needed) = self.param(command, param);
            usage.push(' ');
            usage.push_str(&optional(format!("{NEW_LINE} {name}"), needed));
        }
        usage
    }

    /// What a command takes, as its usage names it, and whether it makes no sense without it.
    fn param(self, command: &Command, param: Param) -> (String, bool) {
        let (key, needed) = match param {
            // Only where something hangs on a post is there a post to be meant.
            // As in its example: some are about an answer.
            Param::Post => {
                let example = self.texts.named(&format!("example-{}", command.name));
                let (post, _) = example.split_once(' ').unwrap_or((&example, ""));
                return (post.to_owned(), command.does == Does::View);
            }
            Param::Title => (Key::ParamTitle, true),
            Param::Text { needed } => (Key::ParamText, needed),
            Param::Words => (Key::ParamWords, true),
            Param::Order => (Key::ParamOrder, false),
            Param::Tag { marked: true } => (Key::ParamTag, false),
            Param::Tag { marked: false } => (Key::ParamTagName, false),
            Param::Page => (Key::ParamPage, false),
            Param::Code { needed } => (Key::ParamCode, needed),
            Param::Which => (Key::ParamWhich, false),
            Param::Topic => (Key::ParamTopic, false),
        };
        (self.texts.say(key, &[]), needed)
    }
}

/// A place as cards have it.
fn link(place: &NamedPlace) -> card::PlaceLink<'_> {
    card::PlaceLink {
        key: &place.key,
        name: &place.name,
    }
}

/// An account as it is told of.
fn told(account: &Account) -> card::OtherAccount<'_> {
    card::OtherAccount {
        name: &account.name,
        platform: &account.platform,
        account: &account.account,
        id: &account.id,
    }
}

/// A code in two halves, which are easier to read.
pub(super) fn halves(code: &str) -> String {
    let (one, other) = code.split_at_checked(4).unwrap_or((code, ""));
    format!("{one}-{other}")
}

/// What is to be said with a code on the other side, which may have another prefix.
fn elsewhere(what: &str, code: &str) -> String {
    format!("{what} {}", halves(code))
}
