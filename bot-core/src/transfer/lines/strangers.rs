//! A file's accounts as a forum in use takes them: as those of another site, with which nobody here can act.
//!
//! Whoever wrote the file may have written any account into it. Were they taken as they stand, a file could put words and votes into the
//! mouth of people who are here, and join their accounts.

use std::cell::Cell;
use std::collections::HashMap;

use crate::forum::Vote;
use crate::store::record::{
    AccountRecord, Answer, Carried, Comment, Edited, Hidden, Item, Question, Revision, VoteRecord,
    Withdrawn,
};
use crate::store::{DELETED, IMPORTED};

/// Makes strangers of all accounts in a file's items.
pub(super) struct Strangers {
    /// What the keys of the file's accounts begin with.
    prefix: String,
    /// Which person an account belongs to, where the file says it.
    persons: HashMap<(String, String), usize>,
    /// Whether an account was met with which somebody could act here.
    met: Cell<bool>,
}

/// Whose vote it is: a person of the file, or an account that is on its own.
#[derive(PartialEq, Eq, Hash)]
enum Voter {
    Person(usize),
    Account(String, String),
}

impl Strangers {
    pub(super) fn new(prefix: &str) -> Self {
        Self {
            prefix: prefix.to_owned(),
            persons: HashMap::new(),
            met: Cell::new(false),
        }
    }

    /// Whether any account was one of a chat.
    pub(super) fn met_some(&self) -> bool {
        self.met.get()
    }

    /// An item as it is taken; none of a line that only says which accounts are one person.
    pub(super) fn item(&mut self, item: Item) -> Option<Item> {
        match item {
            Item::Person(accounts) => {
                let person = self.persons.len();
                for account in accounts {
                    self.persons.insert((account.platform, account.key), person);
                }
                None
            }
            Item::Question(mut question) => {
                self.question(&mut question);
                Some(Item::Question(question))
            }
            Item::Answer { to, mut answer } => {
                self.answer(&mut answer);
                Some(Item::Answer { to, answer })
            }
            Item::Head(_) | Item::Link(_) => Some(item),
        }
    }

    fn question(&self, question: &mut Question) {
        self.post(
            (
                &mut question.author,
                &mut question.edited,
                &mut question.revisions,
            ),
            (&mut question.votes, &mut question.carried),
            (&mut question.hidden, &mut question.withdrawn),
        );
        // The reaction that accepted an answer is one of the chat that the file is of.
        if let Some(accepted) = &mut question.accepted {
            accepted.via = None;
        }
        // Numbers in forums that joined this one are for those forums to say.
        question.formerly.clear();
        for comment in &mut question.comments {
            self.comment(comment);
        }
        for answer in &mut question.answers {
            self.answer(answer);
        }
    }

    fn answer(&self, answer: &mut Answer) {
        self.post(
            (
                &mut answer.author,
                &mut answer.edited,
                &mut answer.revisions,
            ),
            (&mut answer.votes, &mut answer.carried),
            (&mut answer.hidden, &mut answer.withdrawn),
        );
        for comment in &mut answer.comments {
            self.comment(comment);
        }
    }

    fn comment(&self, comment: &mut Comment) {
        self.post(
            (
                &mut comment.author,
                &mut comment.edited,
                &mut comment.revisions,
            ),
            (&mut comment.votes, &mut comment.carried),
            (&mut comment.hidden, &mut comment.withdrawn),
        );
    }

    /// What all posts have.
    fn post(
        &self,
        (author, edited, revisions): (
            &mut Option<AccountRecord>,
            &mut Option<Edited>,
            &mut Vec<Revision>,
        ),
        (votes, carried): (&mut Vec<VoteRecord>, &mut Carried),
        (hidden, withdrawn): (&mut Option<Hidden>, &mut Option<Withdrawn>),
    ) {
        self.count(votes, author.as_ref(), carried);
        for saying in votes.drain(..) {
            self.meet(&saying.by);
        }
        let accounts = author
            .iter_mut()
            .chain(edited.iter_mut().map(|edited| &mut edited.by))
            .chain(revisions.iter_mut().map(|revision| &mut revision.by))
            .chain(hidden.iter_mut().filter_map(|hidden| hidden.by.as_mut()))
            .chain(withdrawn.iter_mut().filter_map(|gone| gone.by.as_mut()));
        for account in accounts {
            self.stranger(account);
        }
    }

    /// Counts votes without keeping whose they are: the latest of each voter that stands, none of the author's own.
    fn count(&self, votes: &[VoteRecord], author: Option<&AccountRecord>, carried: &mut Carried) {
        let author = author.map(|author| self.voter(author));
        let latest: HashMap<Voter, Vote> = votes
            .iter()
            .filter(|saying| !saying.spent)
            .map(|saying| (self.voter(&saying.by), saying.vote))
            .collect();
        for (voter, way) in latest {
            if Some(voter) == author {
                continue;
            }
            match way {
                Vote::Up => carried.ups = carried.ups.saturating_add(1),
                Vote::Down => carried.downs = carried.downs.saturating_add(1),
            }
        }
    }

    fn voter(&self, account: &AccountRecord) -> Voter {
        let key = (account.platform.clone(), account.key.clone());
        match self.persons.get(&key) {
            Some(person) => Voter::Person(*person),
            None => Voter::Account(key.0, key.1),
        }
    }

    /// Notes whether it is an account of a chat.
    fn meet(&self, account: &AccountRecord) {
        if account.platform != DELETED && account.platform != IMPORTED {
            self.met.set(true);
        }
    }

    fn stranger(&self, account: &mut AccountRecord) {
        self.meet(account);
        account.key = format!("{}{}/{}", self.prefix, account.platform, account.key);
        if account.platform != DELETED {
            IMPORTED.clone_into(&mut account.platform);
        }
    }
}
