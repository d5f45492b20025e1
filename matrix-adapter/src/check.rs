//! What `stoa check --online` says of Matrix: whether the homeserver answers, the log-in is good, the bot's keys for
//! encrypted rooms are in order, and it may do what it needs in its rooms. Looks only; beside a running bot too.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::time::Duration;

use bot_core::finding::Finding;
use bot_core::settings::{Login, MatrixSettings};
use futures_util::future::BoxFuture;
use matrix_sdk::authentication::matrix::MatrixSession;
use matrix_sdk::ruma::{OwnedDeviceId, RoomId};
use serde_json::{Value, json};
use tokio::time::timeout;

use crate::failure::Failure;
use crate::fault::MatrixFault;
use crate::joins;
use crate::login::{self, SessionState};
use crate::power::Powers;
use crate::rest::{Rest, segment};
use crate::saved_session::{self, SavedSession};
use crate::session::blocking;

/// How long a homeserver may take to answer before it is asked whether it speaks TLS.
const PATIENCE: Duration = Duration::from_secs(3);
/// Matrix' code for what is not there.
const NOT_FOUND: &str = "M_NOT_FOUND";

/// Whether a session is there only for the check.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Guest {
    Yes,
    No,
}

/// Looks at the homeserver, the log-in and the rooms. `state_dir` as in [`crate::run()`]. What can't be reached ends the list.
#[must_use]
pub fn check(settings: MatrixSettings, state_dir: PathBuf) -> BoxFuture<'static, Vec<Finding>> {
    Box::pin(async move {
        let mut findings = Vec::new();
        if let Err(fault) = look(&settings, state_dir, &mut findings).await {
            findings.push(Finding::wrong("access", fault.to_string()));
        }
        findings
    })
}

async fn look(
    settings: &MatrixSettings,
    state_dir: PathBuf,
    findings: &mut Vec<Finding>,
) -> Result<(), MatrixFault> {
    let user = login::user(&settings.user)?;
    let rest = Rest::new(&settings.homeserver).await?;
    answers(settings, &rest).await?;
    findings.push(Finding::good(format!(
        "the homeserver {} answers",
        settings.homeserver
    )));
    let dir = state_dir.join("matrix");
    let (session, guest, device) = session(settings, dir.clone(), &rest, &user).await?;
    let rest = rest.with_token(&session.tokens.access_token);
    let own = session.meta.user_id.as_str();
    findings.push(Finding::good(format!("logged in as {own}")));
    findings.push(Finding::good(format!(
        "invitations are accepted from {}",
        joins::welcome(settings, own)
    )));
    match device {
        None => findings.push(Finding::good(
            "the bot has no device yet; the first start makes one, with its keys for encrypted rooms",
        )),
        Some(device) => findings.extend(keys(settings, &rest, own, device.as_str(), &dir).await),
    }
    let looked = rooms(settings, &rest, own, findings).await;
    if guest == Guest::Yes
        && let Err(refusal) = rest.post("v3/logout", &json!({})).await
    {
        let why = refusal.failure.why();
        tracing::warn!(why, "the session of the check could not be ended");
    }
    looked
}

/// Whether the homeserver answers. One that is asked for TLS and speaks none may say nothing at all: it is then asked without,
/// before the long wait for an answer is over.
async fn answers(settings: &MatrixSettings, rest: &Rest) -> Result<(), MatrixFault> {
    let asked = rest.get("versions");
    let Some(plain) = rest.without_tls() else {
        asked
            .await
            .map_err(|refusal| login::refused(settings, refusal))?;
        return Ok(());
    };
    let mut asked = std::pin::pin!(asked);
    let early = timeout(PATIENCE, &mut asked).await;
    let unanswered = match &early {
        Ok(Ok(_)) => return Ok(()),
        Ok(Err(refusal)) => matches!(refusal.failure, Failure::Unreachable { .. }),
        Err(_) => true,
    };
    if unanswered && let Ok(Ok(_)) = timeout(PATIENCE, plain.get("versions")).await {
        let address = settings.homeserver.clone();
        return Err(MatrixFault::NoTls { address });
    }
    let answer = match early {
        Ok(answer) => answer,
        Err(_) => asked.await,
    };
    answer.map_err(|refusal| login::refused(settings, refusal))?;
    Ok(())
}

/// The kept session if it is good, else one of its own; and the bot's device, if it has one.
async fn session(
    settings: &MatrixSettings,
    dir: PathBuf,
    rest: &Rest,
    user: &str,
) -> Result<(MatrixSession, Guest, Option<OwnedDeviceId>), MatrixFault> {
    match &settings.login {
        Login::Token(token) => {
            let session = login::token(rest, settings, user, &token.0).await?;
            let device = session.meta.device_id.clone();
            Ok((session, Guest::No, Some(device)))
        }
        Login::Password(password) => {
            let kept = blocking(move || saved_session::read(&dir)).await?;
            let kept = kept.filter(|kept| kept.is_of(&settings.homeserver, user));
            let mut device = None;
            if let Some(SavedSession { session, .. }) = kept {
                let own = session.meta.device_id.clone();
                match login::standing(rest, &session.tokens.access_token).await {
                    SessionState::Good => return Ok((session, Guest::No, Some(own))),
                    // The bot renews it by itself; here nothing is changed.
                    SessionState::Expired => device = Some(own),
                    SessionState::Ended { .. } => {}
                }
            }
            let session = login::password(rest, settings, user, &password.0, None).await?;
            Ok((session, Guest::Yes, device))
        }
    }
}

/// What is to be seen of the bot's keys: whether its device is verified, the rooms' keys are backed up, and both can be had
/// back.
async fn keys(
    settings: &MatrixSettings,
    rest: &Rest,
    own: &str,
    device: &str,
    dir: &Path,
) -> [Finding; 3] {
    let asked = json!({ "device_keys": { own: [] } });
    let verified = match rest.post("v3/keys/query", &asked).await {
        Ok(keys) => verified(&keys, own, device),
        Err(refusal) => Finding::better(
            format!("the device {device}"),
            format!(
                "the homeserver does not tell its keys ({})",
                refusal.failure.why()
            ),
        ),
    };
    let what = "the backup of the rooms’ keys";
    let backup = match rest.get("v3/room_keys/version").await {
        Ok(_) => Finding::good(format!("{what} is on")),
        Err(refusal) if refusal.code.as_deref() == Some(NOT_FOUND) => Finding::better(
            what,
            "there is none; `stoa run` makes one when it starts".to_owned(),
        ),
        Err(refusal) => Finding::better(
            what,
            format!(
                "the homeserver does not tell of it ({})",
                refusal.failure.why()
            ),
        ),
    };
    let path = format!(
        "v3/user/{}/account_data/m.secret_storage.default_key",
        segment(own)
    );
    let recovery = match rest.get(&path).await {
        Ok(set) if set.get("key").is_some_and(Value::is_string) => {
            recovery(settings, dir.to_owned()).await
        }
        Err(refusal) if refusal.code.as_deref() != Some(NOT_FOUND) => Finding::better(
            "the account’s recovery",
            format!(
                "the homeserver does not tell of it ({})",
                refusal.failure.why()
            ),
        ),
        Ok(_) | Err(_) => Finding::better(
            "the account’s recovery",
            "it is not set up; `stoa run` sets it up when it starts, and its log says what is in the way".to_owned(),
        ),
    };
    [verified, backup, recovery]
}

/// Whether the account's identity vouches for the device, as the homeserver tells it.
fn verified(keys: &Value, own: &str, device: &str) -> Finding {
    let identity = keys
        .get("self_signing_keys")
        .and_then(|identities| identities.get(own)?.get("keys")?.as_object());
    let Some(identity) = identity else {
        return Finding::better(
            format!("the device {device}"),
            "the account has no identity that could vouch for it, so people’s apps may keep their keys from it; `stoa run` makes one when it starts, and its log says what is in the way"
                .to_owned(),
        );
    };
    let signed = keys
        .get("device_keys")
        .and_then(|devices| devices.get(own)?.get(device)?.get("signatures")?.get(own));
    if identity
        .keys()
        .any(|key| signed.is_some_and(|signed| signed.get(key).is_some()))
    {
        return Finding::good(format!("the device {device} is verified"));
    }
    Finding::better(
        format!("the device {device}"),
        "it is not verified, so people’s apps may keep their keys from it; start `stoa run` with the account’s recovery key in `matrix.recovery_key`"
            .to_owned(),
    )
}

/// Whether the key of a recovery that is set up is known.
async fn recovery(settings: &MatrixSettings, dir: PathBuf) -> Finding {
    let what = "the account’s recovery is set up";
    if settings.recovery_key.is_some() {
        return Finding::good(format!("{what}, its key is in `matrix.recovery_key`"));
    }
    let path = saved_session::recovery_file(&dir);
    let path = path.display();
    match blocking(move || saved_session::recovery_key(&dir)).await {
        Ok(Some(_)) => Finding::good(format!(
            "{what}, its key is in {path}: keep a copy elsewhere"
        )),
        Ok(None) => Finding::better(
            "the account’s recovery",
            format!(
                "its key is neither in `matrix.recovery_key` nor in {path}; put it into one of them"
            ),
        ),
        Err(fault) => Finding::better("the account’s recovery", fault.to_string()),
    }
}

/// Looks at the rooms that the bot is in, and those that it should be in.
async fn rooms(
    settings: &MatrixSettings,
    rest: &Rest,
    own: &str,
    findings: &mut Vec<Finding>,
) -> Result<(), MatrixFault> {
    let joined = rest.get("v3/joined_rooms").await;
    let joined = joined.map_err(|refusal| login::refused(settings, refusal))?;
    let joined = joined.get("joined_rooms").and_then(Value::as_array);
    let ids = joined.into_iter().flatten().filter_map(Value::as_str);
    let ids: Vec<&str> = ids.collect();
    for named in &settings.rooms {
        findings.push(self::named(rest, named, &ids).await);
    }
    if ids.is_empty() {
        findings.push(Finding::wrong(
            "rooms",
            format!("{own} is in no room; invite it into one, or name one in `matrix.rooms`"),
        ));
    }
    for id in ids {
        findings.push(room(rest, own, id).await);
        findings.extend(bridged(settings, rest, id).await);
    }
    Ok(())
}

/// A room of the settings.
async fn named(rest: &Rest, named: &str, joined: &[&str]) -> Finding {
    let what = format!("the room {named} of `matrix.rooms`");
    let id = if RoomId::parse(named).is_ok() {
        named.to_owned()
    } else {
        let path = format!("v3/directory/room/{}", segment(named));
        match rest.get(&path).await {
            Ok(found) => found
                .get("room_id")
                .and_then(Value::as_str)
                .unwrap_or_default()
                .to_owned(),
            Err(refusal) => {
                let why = refusal.failure.why();
                return Finding::wrong(
                    what,
                    format!(
                        "the homeserver does not know it ({why}); see whether the name is right"
                    ),
                );
            }
        }
    };
    if joined.contains(&id.as_str()) {
        Finding::good(format!("{what} is joined"))
    } else {
        Finding::wrong(
            what,
            "the bot is not in it; invite the bot there, or open the room, while it runs"
                .to_owned(),
        )
    }
}

/// What the bot may do in a room.
async fn room(rest: &Rest, own: &str, id: &str) -> Finding {
    let state = async |kind: &str, form: &str| {
        let path = format!("v3/rooms/{}/state/{kind}/{form}", segment(id));
        rest.get(&path).await.unwrap_or_default()
    };
    let name = state("m.room.name", "").await;
    let name = name.get("name").and_then(Value::as_str);
    let what = match name {
        Some(name) => format!("the room {name:?} ({id})"),
        None => format!("the room {id}"),
    };
    let levels = state("m.room.power_levels", "").await;
    let creation = state("m.room.create", "?format=event").await;
    let powers = Powers::new(&levels, &creation);
    if !powers.may_write(own) {
        return Finding::wrong(
            what,
            format!("{own} may not write there; give it the power level that messages need"),
        );
    }
    if !powers.may_redact(own) {
        return Finding::better(
            what,
            format!(
                "{own} may not remove others’ reactions, so refused votes stay to be seen; give it power level {}",
                powers.redact()
            ),
        );
    }
    Finding::good(what)
}

/// How the local parts of bridges' ghosts begin, by the bridges that are in use; what follows is the person's name on the other chat.
const GHOSTS: [&str; 12] = [
    "_discord_",
    "discord_",
    "_discordpuppet_",
    "_irc_",
    "irc_",
    "_slack_",
    "slack_",
    "_telegram_",
    "telegram_",
    "_xmpp_",
    "whatsapp_",
    "signal_",
];

/// The ghosts of bridges in a room that are still heard as if they were people.
async fn bridged(settings: &MatrixSettings, rest: &Rest, id: &str) -> Vec<Finding> {
    let path = format!("v3/rooms/{}/joined_members", segment(id));
    let members = rest.get(&path).await.unwrap_or_default();
    let members = members.get("joined").and_then(Value::as_object);
    let people = members.into_iter().flatten().map(|(person, _)| person);
    heard_ghosts(people.map(String::as_str), settings)
        .into_iter()
        .map(|(ghost, pattern)| {
            Finding::better(
                format!("the room {id}"),
                format!(
                    "a bridge is in it, whose ghosts ({ghost}) would ask and vote besides the people they stand for; \
                     add {pattern:?} to `matrix.ignore`"
                ),
            )
        })
        .collect()
}

/// Of each bridge whose ghosts are not ignored, one of them and the pattern that they fit.
fn heard_ghosts<'a>(
    people: impl Iterator<Item = &'a str>,
    settings: &MatrixSettings,
) -> BTreeMap<String, String> {
    let mut patterns = BTreeMap::new();
    for person in people.filter(|person| !settings.ignore.fit(person)) {
        let Some((local, server)) = person.strip_prefix('@').and_then(|id| id.split_once(':'))
        else {
            continue;
        };
        if let Some(begin) = GHOSTS.iter().find(|begin| local.starts_with(**begin)) {
            patterns
                .entry(format!("@{begin}*:{server}"))
                .or_insert_with(|| person.to_owned());
        }
    }
    patterns
        .into_iter()
        .map(|(pattern, ghost)| (ghost, pattern))
        .collect()
}

#[cfg(test)]
mod tests {
    use bot_core::finding::Verdict;

    use super::*;

    const OWN: &str = "@stoa:localhost";

    #[test]
    fn a_device_is_verified_where_the_accounts_identity_signed_it() {
        let keys = |identity: Value, signed: Value| {
            json!({
                "self_signing_keys": identity,
                "device_keys": { OWN: { "DEVICE": { "signatures": { OWN: signed } } } },
            })
        };
        let identity = json!({ OWN: { "keys": { "ed25519:abc": "abc" } } });
        let own = json!({ "ed25519:DEVICE": "x" });
        let both = json!({ "ed25519:DEVICE": "x", "ed25519:abc": "y" });
        let said = |keys: Value| match verified(&keys, OWN, "DEVICE").verdict {
            Verdict::Good => String::new(),
            // A room that is not encrypted works without.
            Verdict::Better(how) => how,
            Verdict::Wrong(problem) => panic!("{problem}"),
        };
        assert_eq!(said(keys(identity.clone(), both.clone())), "");
        let unsigned = said(keys(identity, own));
        assert!(unsigned.contains("`matrix.recovery_key`"), "{unsigned}");
        let nobody = said(keys(json!({}), both));
        assert!(nobody.contains("`stoa run`"), "{nobody}");
        for said in [unsigned, nobody] {
            assert!(!said.contains("  "), "{said}");
        }
    }
}
