//! Two that become one: a person's accounts, and forums. Each side agrees, with a one-time code, to what it was told.

use super::acts::Scene;
use super::outcome::{Account, Outcome};
use crate::command::Union;
use crate::forum::{Agreement, ForumId, IdentityId, Pact, Refusal, Role, Timestamp};
use crate::store::{Fault, Kind, Tx};

/// How many letters a code has: about 39 bits, good for half an hour.
pub(super) const CODE: usize = 8;

/// An outcome, or a refusal on the way to it.
type Acted = Result<Result<Outcome, Refusal>, Fault>;

/// Somebody joins their accounts: gets a code, or says one. `fresh` is a code that nobody knows yet.
pub(super) fn link(
    tx: &Tx<'_>,
    identity: IdentityId,
    (code, agrees): (Option<&str>, bool),
    fresh: &str,
    now: Timestamp,
) -> Acted {
    let Some(code) = code else {
        let pact = Pact::made(identity.0, false, now);
        tx.set_code(Kind::Persons, fresh, &pact, now)?;
        return Ok(Ok(Outcome::LinkCode(fresh.to_owned())));
    };
    let Some(mut pact) = tx.code(Kind::Persons, code)? else {
        return Ok(Err(Refusal::NoSuchCode));
    };
    let maker = IdentityId(pact.maker);
    if !pact.used && maker != identity && tx.is_one(maker, identity)? {
        return Ok(Err(Refusal::OneAlready));
    }
    let agreed = match pact.say(identity.0, agrees, now) {
        Ok(agreed) => agreed,
        Err(refusal) => return Ok(Err(refusal)),
    };
    tx.set_code(Kind::Persons, code, &pact, now)?;
    Ok(Ok(match agreed {
        Agreement::Asked(other) => Outcome::LinkAsked {
            code: code.to_owned(),
            other: account(tx, other)?,
        },
        Agreement::Waits(other) => Outcome::LinkWaits {
            code: code.to_owned(),
            other: account(tx, other)?,
        },
        Agreement::Sealed { taker, maker } => {
            tx.unite(IdentityId(taker), IdentityId(maker), now)?;
            let other = if taker == identity.0 { maker } else { taker };
            Outcome::Linked(account(tx, other)?)
        }
    }))
}

/// Somebody parts this account from their others.
pub(super) fn unlink(tx: &Tx<'_>, identity: IdentityId, now: Timestamp) -> Acted {
    if !tx.is_linked(identity)? {
        return Ok(Err(Refusal::NotLinked));
    }
    tx.part(identity, now)?;
    Ok(Ok(Outcome::Unlinked))
}

fn account(tx: &Tx<'_>, identity: i64) -> Result<Account, Fault> {
    let known = tx.account(IdentityId(identity))?;
    Ok(known
        .map(|(name, platform)| Account { name, platform })
        .unwrap_or_default())
}

/// Keeps a code by which another forum can join this one, to which whoever runs the bot has agreed.
pub(super) fn invite(tx: &Tx<'_>, forum: ForumId, code: &str, now: Timestamp) -> Result<(), Fault> {
    tx.set_code(Kind::Forums, code, &Pact::made(forum.0, true, now), now)
}

/// An admin has forums become one, or two again. `fresh` is a code that nobody knows yet.
pub(super) fn forum(
    tx: &Tx<'_>,
    scene: &Scene,
    union: &Union,
    fresh: &str,
    now: Timestamp,
) -> Acted {
    if scene.by.role < Role::Admin {
        return Ok(Err(Refusal::NotAdmin));
    }
    match union {
        Union::Code => {
            let pact = Pact::made(scene.forum.0, false, now);
            tx.set_code(Kind::Forums, fresh, &pact, now)?;
            Ok(Ok(Outcome::ForumCode(fresh.to_owned())))
        }
        Union::Join { code, agrees } => join(tx, scene.forum, code, *agrees, now),
        Union::Leave { agrees } => leave(tx, scene, *agrees, now),
    }
}

fn join(tx: &Tx<'_>, side: ForumId, code: &str, agrees: bool, now: Timestamp) -> Acted {
    let Some(mut pact) = tx.code(Kind::Forums, code)? else {
        return Ok(Err(Refusal::NoSuchCode));
    };
    if !pact.used {
        // What was another's when the code was made can have joined since.
        pact.maker = tx.joined(ForumId(pact.maker))?.0;
        if let Some(taker) = pact.taker {
            let taker = tx.joined(ForumId(taker))?.0;
            if taker == pact.maker {
                return Ok(Err(Refusal::OneAlready));
            }
            pact.taker = Some(taker);
        }
    }
    let agreed = match pact.say(side.0, agrees, now) {
        Ok(agreed) => agreed,
        Err(refusal) => return Ok(Err(refusal)),
    };
    tx.set_code(Kind::Forums, code, &pact, now)?;
    let about = |forum: i64| tx.community(ForumId(forum)).map(Option::unwrap_or_default);
    Ok(Ok(match agreed {
        Agreement::Asked(other) => Outcome::JoinAsked {
            code: code.to_owned(),
            joins: other == pact.maker,
            mine: about(side.0)?,
            other: about(other)?,
        },
        Agreement::Waits(other) => Outcome::JoinWaits {
            code: code.to_owned(),
            other: about(other)?,
        },
        Agreement::Sealed { taker, maker } => {
            let other = if taker == side.0 { maker } else { taker };
            let (other, brought) = (about(other)?, about(taker)?.questions);
            tx.join(ForumId(taker), ForumId(maker), now)?;
            Outcome::Joined { other, brought }
        }
    }))
}

fn leave(tx: &Tx<'_>, scene: &Scene, agrees: bool, now: Timestamp) -> Acted {
    let home = tx.home(scene.place)?;
    let Some(home) = home.filter(|home| *home != scene.forum) else {
        return Ok(Err(Refusal::NotJoined));
    };
    let other = tx.community(scene.forum)?.unwrap_or_default();
    if !agrees {
        return Ok(Ok(Outcome::LeaveAsked(other)));
    }
    let took = tx.leave(home, now)?;
    let took = u64::try_from(took).unwrap_or(u64::MAX);
    Ok(Ok(Outcome::Left { other, took }))
}
