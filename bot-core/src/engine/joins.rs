//! Two that become one: a person's accounts, and forums. Each side agrees, with a one-time code, to what it was told.

use super::acts::ActContext;
use super::outcome::{Account, Outcome};
use crate::command::JoinCommand;
use crate::forum::{
    Agreement, ForumId, IdentityId, Pact, Refusal, Role, Side, Speaker, Timestamp, own_name, pact,
};
use crate::store::{CodeKind, Community, Fault, Tx};

/// An outcome, or a refusal on the way to it.
type Acted = Result<Result<Outcome, Refusal>, Fault>;

/// How something was said with a code.
#[derive(Clone, Copy, Debug)]
pub(super) struct CodeUse<'s> {
    /// The code, if one was said.
    pub code: Option<&'s str>,
    /// Whether they agree.
    pub agrees: bool,
    /// Whether others read it where it was said.
    pub overheard: bool,
}

/// Somebody joins their accounts: gets a code, or says one. `fresh` is a code that nobody knows yet.
pub(super) fn link(
    tx: &Tx<'_>,
    by: Speaker,
    said: CodeUse<'_>,
    fresh: &str,
    now: Timestamp,
) -> Acted {
    let identity = by.identity;
    let Some(code) = said.code else {
        let pact = Pact::made(identity.0, Some(by), now);
        tx.set_code(CodeKind::Persons, fresh, &pact, now)?;
        return Ok(Ok(Outcome::LinkCode(fresh.to_owned())));
    };
    let mut pact = match known(tx, CodeKind::Persons, code, identity, now)? {
        Ok(pact) => pact,
        // Where others read, nobody learns whether it was one.
        Err(Refusal::NoSuchCode) if said.overheard => return Ok(Err(Refusal::CodeOverheard)),
        Err(refusal) => return Ok(Err(refusal)),
    };
    if said.overheard {
        return spend(tx, CodeKind::Persons, code, pact, now);
    }
    let maker = IdentityId(pact.maker.is);
    if !pact.used && maker != identity && tx.is_one(maker, identity)? {
        return Ok(Err(Refusal::OneAlready));
    }
    let agreed = match pact.say(identity.0, by, said.agrees, now) {
        Ok(agreed) => agreed,
        Err(refusal) => return wrong(tx, identity, refusal, now),
    };
    tx.set_code(CodeKind::Persons, code, &pact, now)?;
    let code = code.to_owned();
    Ok(Ok(match agreed {
        Agreement::Asked(other) => Outcome::LinkAsked {
            code,
            other: account(tx, IdentityId(other.is))?,
        },
        Agreement::Waits(other) => Outcome::LinkWaits {
            code,
            other: account(tx, IdentityId(other.is))?,
        },
        Agreement::Sealed { taker, maker } => {
            let (taker, maker) = (IdentityId(taker.is), IdentityId(maker.is));
            tx.unite(taker, maker, now)?;
            let other = if taker == identity { maker } else { taker };
            Outcome::Linked(account(tx, other)?)
        }
    }))
}

/// A code that there is; who says many that are none waits.
fn known(
    tx: &Tx<'_>,
    kind: CodeKind,
    code: &str,
    by: IdentityId,
    now: Timestamp,
) -> Result<Result<Pact<i64>, Refusal>, Fault> {
    if let Some(until) = pact::waits_until(&tx.wrong_codes(by)?, now) {
        return Ok(Err(Refusal::TooManyCodes { until }));
    }
    match tx.code(kind, code)? {
        Some(pact) => Ok(Ok(pact)),
        None => {
            tx.said_wrong_code(by, now)?;
            Ok(Err(Refusal::NoSuchCode))
        }
    }
}

/// The code was said where others read: it is good no more.
fn spend(tx: &Tx<'_>, kind: CodeKind, code: &str, mut pact: Pact<i64>, now: Timestamp) -> Acted {
    pact.used = true;
    tx.set_code(kind, code, &pact, now)?;
    Ok(Err(Refusal::CodeOverheard))
}

/// A code that is not this person's to say counts as a wrong one.
fn wrong(tx: &Tx<'_>, by: IdentityId, refusal: Refusal, now: Timestamp) -> Acted {
    if refusal == Refusal::CodeTaken {
        tx.said_wrong_code(by, now)?;
    }
    Ok(Err(refusal))
}

/// Somebody parts this account from their others.
pub(super) fn unlink(tx: &Tx<'_>, identity: IdentityId, now: Timestamp) -> Acted {
    if !tx.is_linked(identity)? {
        return Ok(Err(Refusal::NotLinked));
    }
    tx.part(identity, now)?;
    Ok(Ok(Outcome::Unlinked))
}

fn account(tx: &Tx<'_>, identity: IdentityId) -> Result<Account, Fault> {
    let known = tx.account(identity)?;
    Ok(known
        .map(|known| Account {
            name: own_name(&known.name),
            platform: known.platform,
            account: known.account,
            id: known.key,
            place: None,
        })
        .unwrap_or_default())
}

/// Who speaks for a side, and from where; none where whoever runs the bot does.
fn speaker<S>(tx: &Tx<'_>, side: &Side<S>) -> Result<Option<Account>, Fault> {
    let Some(by) = side.by else { return Ok(None) };
    Ok(Some(Account {
        place: tx.whereabouts(by.place)?,
        ..account(tx, by.identity)?
    }))
}

/// Keeps a code by which another forum can join this one, to which whoever runs the bot has agreed.
pub(super) fn invite(tx: &Tx<'_>, forum: ForumId, code: &str, now: Timestamp) -> Result<(), Fault> {
    tx.set_code(CodeKind::Forums, code, &Pact::made(forum.0, None, now), now)
}

/// An admin has forums become one, or two again. `fresh` is a code that nobody knows yet.
pub(super) fn forum(
    tx: &Tx<'_>,
    context: &ActContext,
    union: &JoinCommand,
    (fresh, overheard): (&str, bool),
    now: Timestamp,
) -> Acted {
    if context.by.role < Role::Admin {
        return Ok(Err(Refusal::NotAdmin));
    }
    match union {
        JoinCommand::Code => {
            let by = Speaker {
                identity: context.by.identity,
                place: context.place,
            };
            let pact = Pact::made(context.forum.0, Some(by), now);
            tx.set_code(CodeKind::Forums, fresh, &pact, now)?;
            Ok(Ok(Outcome::ForumCode(fresh.to_owned())))
        }
        JoinCommand::Join { code, agrees } => {
            let said = CodeUse {
                code: Some(code),
                agrees: *agrees,
                overheard,
            };
            join(tx, context, code, said, now)
        }
        JoinCommand::Leave { which, agrees } => leave(tx, context, which.as_deref(), *agrees, now),
    }
}

fn join(tx: &Tx<'_>, context: &ActContext, code: &str, said: CodeUse<'_>, now: Timestamp) -> Acted {
    let by = Speaker {
        identity: context.by.identity,
        place: context.place,
    };
    let mut pact = match known(tx, CodeKind::Forums, code, by.identity, now)? {
        Ok(pact) => pact,
        Err(refusal) => return Ok(Err(refusal)),
    };
    if !pact.used {
        // What was another's when the code was made can have joined since.
        pact.maker.is = tx.joined(ForumId(pact.maker.is))?.0;
        if let Some(taker) = &mut pact.taker {
            taker.is = tx.joined(ForumId(taker.is))?.0;
            if taker.is == pact.maker.is {
                return Ok(Err(Refusal::OneAlready));
            }
        }
    }
    let side = context.forum;
    let agreed = match pact.say(side.0, by, said.agrees, now) {
        Ok(agreed) => agreed,
        // Anybody who reads there could say it on a side of theirs now.
        Err(Refusal::CodeOwn) if said.overheard => {
            return spend(tx, CodeKind::Forums, code, pact, now);
        }
        Err(refusal) => return wrong(tx, by.identity, refusal, now),
    };
    tx.set_code(CodeKind::Forums, code, &pact, now)?;
    let about = |forum: i64| tx.community(ForumId(forum)).map(Option::unwrap_or_default);
    let code = code.to_owned();
    Ok(Ok(match agreed {
        Agreement::Asked(other) => Outcome::JoinAsked {
            code,
            joins: other.is == pact.maker.is,
            mine: about(side.0)?,
            by: speaker(tx, &other)?,
            other: about(other.is)?,
        },
        Agreement::Waits(other) => Outcome::JoinWaits {
            code,
            other: about(other.is)?,
        },
        Agreement::Sealed { taker, maker } => {
            let other = if taker.is == side.0 { maker } else { taker };
            let by = speaker(tx, &other)?;
            let (other, brought) = (about(other.is)?, about(taker.is)?.questions);
            tx.join(ForumId(taker.is), ForumId(maker.is), now)?;
            Outcome::Joined { other, by, brought }
        }
    }))
}

/// Ends a joining, from either side: a place's own forum leaves the one that it joined, or one that joined it is parted from it.
fn leave(
    tx: &Tx<'_>,
    context: &ActContext,
    which: Option<&str>,
    agrees: bool,
    now: Timestamp,
) -> Acted {
    let home = tx.home(context.place)?;
    let own = home.filter(|home| *home != context.forum);
    let took = |taken: usize| u64::try_from(taken).unwrap_or(u64::MAX);
    if let (Some(own), None) = (own, which) {
        let other = tx.community(context.forum)?.unwrap_or_default();
        if !agrees {
            return Ok(Ok(Outcome::LeaveAsked(other)));
        }
        let took = took(tx.leave(own, now)?);
        return Ok(Ok(Outcome::Left { other, took }));
    }
    let joiners = tx.joiners(own.unwrap_or(context.forum))?;
    let named = |which: &str| joiners.iter().find(|(_, name)| name == which);
    let (leaving, name) = match (which, joiners.as_slice()) {
        (_, []) => return Ok(Err(Refusal::NotJoined)),
        (None, [only]) => only,
        (None, several) => return several_joined(tx, several).map(Ok),
        (Some(which), several) => match named(which) {
            Some(named) => named,
            None => return several_joined(tx, several).map(Ok),
        },
    };
    let other = tx.former_community(*leaving)?.unwrap_or_default();
    if !agrees {
        let which = name.clone();
        return Ok(Ok(Outcome::PartAsked { other, which }));
    }
    let took = took(tx.leave(*leaving, now)?);
    Ok(Ok(Outcome::Parted { other, took }))
}

/// Several forums joined this one: which of them is to leave has to be said.
fn several_joined(tx: &Tx<'_>, several: &[(ForumId, String)]) -> Result<Outcome, Fault> {
    let about = |(forum, name): &(ForumId, String)| -> Result<(Community, String), Fault> {
        let known = tx.former_community(*forum)?.unwrap_or_default();
        Ok((known, name.clone()))
    };
    let several: Result<Vec<_>, _> = several.iter().map(about).collect();
    Ok(Outcome::WhichJoined(several?))
}
