//! What `stoa check --online` says of Matrix: whether the homeserver answers, the log-in is good, and the bot may do what
//! it needs in its rooms. Looks only; beside a running bot too.

use std::path::PathBuf;

use bot_core::settings::{Login, MatrixSettings};
use matrix_sdk::authentication::matrix::MatrixSession;
use matrix_sdk::ruma::RoomId;
use serde_json::{Value, json};

use crate::fault::MatrixFault;
use crate::keep;
use crate::login;
use crate::power::Powers;
use crate::rest::{Rest, segment};
use crate::session::blocking;

/// A thing that was looked at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// What was looked at, and how it is where all is well.
    pub what: String,
    /// What is wrong and what to do; none where all is well.
    pub problem: Option<String>,
}

/// Whether a session is there only for the check.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Guest {
    Yes,
    No,
}

/// Looks at the homeserver, the log-in and the rooms. `state_dir` as in [`crate::run()`]. What can't be reached ends the list.
pub async fn check(settings: MatrixSettings, state_dir: PathBuf) -> Vec<Finding> {
    let mut findings = Vec::new();
    if let Err(fault) = look(&settings, state_dir, &mut findings).await {
        findings.push(bad("Matrix", fault.to_string()));
    }
    findings
}

async fn look(
    settings: &MatrixSettings,
    state_dir: PathBuf,
    findings: &mut Vec<Finding>,
) -> Result<(), MatrixFault> {
    let user = login::user(&settings.user)?;
    let rest = Rest::new(&settings.homeserver).await?;
    let versions = rest.get("versions").await;
    versions.map_err(|refusal| login::refused(settings, refusal))?;
    findings.push(good(format!(
        "the homeserver {} answers",
        settings.homeserver
    )));
    let (session, guest) = session(settings, state_dir, &rest, &user).await?;
    let rest = rest.with_token(&session.tokens.access_token);
    let own = session.meta.user_id.as_str();
    findings.push(good(format!("logged in as {own}")));
    let looked = rooms(settings, &rest, own, findings).await;
    if guest == Guest::Yes
        && let Err(refusal) = rest.post("v3/logout", &json!({})).await
    {
        let why = refusal.failure.why();
        tracing::warn!(why, "the session of the check could not be ended");
    }
    looked
}

/// The kept session if it is good, else one of its own.
async fn session(
    settings: &MatrixSettings,
    state_dir: PathBuf,
    rest: &Rest,
    user: &str,
) -> Result<(MatrixSession, Guest), MatrixFault> {
    match &settings.login {
        Login::Token(token) => {
            let session = login::token(rest, settings, user, &token.0).await?;
            Ok((session, Guest::No))
        }
        Login::Password(password) => {
            let kept = blocking(move || keep::read(&state_dir.join("matrix"))).await?;
            let kept = kept.filter(|kept| kept.is_of(&settings.homeserver, user));
            if let Some(kept) = kept
                && login::is_good(rest, &kept.session).await
            {
                return Ok((kept.session, Guest::No));
            }
            let session = login::password(rest, settings, user, &password.0).await?;
            Ok((session, Guest::Yes))
        }
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
        findings.push(bad(
            "rooms",
            format!("{own} is in no room; invite it into one, or name one in `matrix.rooms`"),
        ));
    }
    for id in ids {
        findings.push(room(rest, own, id).await);
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
                return bad(
                    what,
                    format!(
                        "the homeserver does not know it ({why}); see whether the name is right"
                    ),
                );
            }
        }
    };
    if joined.contains(&id.as_str()) {
        good(format!("{what} is joined"))
    } else {
        bad(
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
        return bad(
            what,
            format!("{own} may not write there; give it the power level that messages need"),
        );
    }
    if !powers.may_redact(own) {
        return bad(
            what,
            format!(
                "{own} may not remove others’ reactions, so refused votes stay to be seen; give it power level {}",
                powers.redact()
            ),
        );
    }
    good(what)
}

fn good(what: impl Into<String>) -> Finding {
    Finding {
        what: what.into(),
        problem: None,
    }
}

fn bad(what: impl Into<String>, problem: String) -> Finding {
    Finding {
        what: what.into(),
        problem: Some(problem),
    }
}
