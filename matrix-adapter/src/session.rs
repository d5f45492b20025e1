//! Logging in, keeping the session, and bringing the SDK's client back to life on it.
//!
//! The SDK stores its sync token before anything is done about a response. So it is set back to the own cursor before the
//! session is restored: what was under way when the process died comes again.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::time::Duration;

use bot_core::engine::{Fault, Ledger, Stop};
use bot_core::platform::PlaceKey;
use bot_core::settings::{Login, MatrixSettings, Secret};
use matrix_sdk::authentication::matrix::MatrixSession;
use matrix_sdk::config::RequestConfig;
use matrix_sdk::ruma::{OwnedUserId, UserId};
use matrix_sdk::store::{StateStoreDataKey, StateStoreDataValue};
use matrix_sdk::{Client, SqliteStoreConfig};
use tokio::task::spawn_blocking;

use crate::crypto;
use crate::fault::MatrixFault;
use crate::login::{self, SessionState};
use crate::rest::Rest;
use crate::saved_session::{self, SavedSession};
use crate::undecrypted::{self, Undecrypted};

/// The SDK tries this often before an error is ours to handle.
const TRIES: usize = 3;
/// The longest that an ordinary request may take.
pub(crate) const TIMEOUT: Duration = Duration::from_secs(30);

/// A client that is logged in.
pub(crate) struct Session {
    /// The SDK's client.
    pub client: Client,
    /// The homeserver outside of the session.
    pub rest: Rest,
    /// Who the bot is.
    pub own: OwnedUserId,
    /// Where the cursor is kept.
    pub cursor: Cursor,
    /// What could not be decrypted yet, by room.
    pub undecrypted: HashMap<PlaceKey, Undecrypted>,
    /// What the SDK's store knows of the rooms.
    pub knows: Knows,
    /// The folder of the SDK's store.
    pub store: PathBuf,
}

/// What the SDK's store knows of the rooms.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Knows {
    /// All until the cursor.
    All,
    /// Nothing: it is new. The first sync has to ask for everything.
    Nothing,
}

/// How far what the homeserver told has been dealt with; kept with the forum.
pub(crate) struct Cursor {
    ledger: Ledger,
    key: String,
    at: Option<String>,
}

impl Cursor {
    /// Reads it.
    async fn open(ledger: Ledger, own: &UserId) -> Result<Self, Fault> {
        // Another account's cursor would mean nothing to this one's homeserver.
        let key = format!("since {own}");
        let at = ledger.get(&key).await?;
        Ok(Self { ledger, key, at })
    }

    /// The sync token up to which all is done; none before the first.
    pub(crate) fn at(&self) -> Option<&str> {
        self.at.as_deref()
    }

    /// Moves it on. Where that can't be kept for now, what comes after it only comes again after a crash.
    pub(crate) async fn advance(&mut self, to: String) -> Result<(), Fault> {
        if self.at.as_deref() == Some(to.as_str()) {
            return Ok(());
        }
        let kept = self.ledger.set(&self.key, &to).await;
        self.at = Some(to);
        match kept {
            Err(fault) if fault.is_fatal() => Err(fault),
            Err(fault) => {
                let error = &fault as &dyn std::error::Error;
                tracing::error!(error, "the cursor of Matrix could not be kept");
                Ok(())
            }
            Ok(()) => Ok(()),
        }
    }
}

/// Logs in, or takes up the kept session. None if the stop came before.
pub(crate) async fn open(
    settings: &MatrixSettings,
    dir: &Path,
    ledger: Ledger,
    stop: &Stop,
) -> Result<Option<Session>, MatrixFault> {
    tokio::select! {
        session = connect(settings, dir, ledger) => session.map(Some),
        () = stop.requested() => Ok(None),
    }
}

async fn connect(
    settings: &MatrixSettings,
    dir: &Path,
    ledger: Ledger,
) -> Result<Session, MatrixFault> {
    let user = login::user(&settings.user)?;
    let rest = Rest::new(&settings.homeserver).await?;
    let kept = kept(settings, dir, &rest, &user).await?;
    let own = kept.session.meta.user_id.clone();
    let store = store(dir, &kept.session);
    let undecrypted = undecrypted::kept(&ledger, &own).await?;
    let cursor = Cursor::open(ledger, &own).await?;
    let (client, knows) = restore(settings, store.clone(), &kept.session, &cursor).await?;
    keep_refreshed(&client, dir, kept)?;
    Ok(Session {
        client,
        rest,
        own,
        cursor,
        undecrypted,
        knows,
        store,
    })
}

/// The kept session, where it still goes with the settings and its device's store is there; else a new one, which is kept.
async fn kept(
    settings: &MatrixSettings,
    dir: &Path,
    rest: &Rest,
    user: &str,
) -> Result<SavedSession, MatrixFault> {
    let (folder, address) = (dir.to_owned(), settings.homeserver.clone());
    let whose = user.to_owned();
    let kept = blocking(move || {
        saved_session::folder(&folder)?;
        let kept = saved_session::read(&folder)?.filter(|kept| kept.is_of(&address, &whose));
        Ok(kept.map(|kept| {
            let stored = store(&folder, &kept.session).is_dir();
            (kept, stored)
        }))
    })
    .await?;
    let mut device = None;
    match (kept, &settings.login) {
        (Some((kept, _)), Login::Token(token)) if kept.session.tokens.access_token == token.0 => {
            return Ok(kept);
        }
        // Without its store the device's keys are lost: a new device is better.
        (Some((kept, true)), Login::Password(_)) => {
            match login::standing(rest, &kept.session.tokens.access_token).await {
                SessionState::Good => return Ok(kept),
                SessionState::Expired => device = Some(kept.session.meta.device_id),
                SessionState::Ended { why } => {
                    tracing::warn!(%why, "the homeserver has ended the kept session, logging in anew");
                }
            }
        }
        _ => {}
    }
    let session = match &settings.login {
        Login::Password(Secret(password)) => {
            login::password(rest, settings, user, password, device.as_deref()).await?
        }
        Login::Token(Secret(token)) => login::token(rest, settings, user, token).await?,
    };
    let again = device.is_some_and(|device| device == session.meta.device_id);
    let how = if again { "again" } else { "on a new device" };
    tracing::info!(user = %session.meta.user_id, device = %session.meta.device_id, "logged in to Matrix {how}");
    let kept = SavedSession {
        homeserver: settings.homeserver.clone(),
        session,
    };
    let (folder, keep) = (dir.to_owned(), kept.clone());
    blocking(move || saved_session::write(&folder, &keep)).await?;
    Ok(kept)
}

/// A client on the device's own store, set back to the cursor.
async fn restore(
    settings: &MatrixSettings,
    store: PathBuf,
    session: &MatrixSession,
    cursor: &Cursor,
) -> Result<(Client, Knows), MatrixFault> {
    let fault = |why: String| MatrixFault::Store {
        path: store.clone(),
        why,
    };
    let folder = store.clone();
    let knows = blocking(move || {
        let there = folder.is_dir();
        saved_session::folder(&folder)?;
        Ok(if there { Knows::All } else { Knows::Nothing })
    })
    .await?;
    let config = SqliteStoreConfig::new(&store);
    let client = Client::builder()
        .homeserver_url(&settings.homeserver)
        .respect_login_well_known(false)
        .with_encryption_settings(crypto::SETTINGS)
        .handle_refresh_tokens()
        .request_config(RequestConfig::new().retry_limit(TRIES).timeout(TIMEOUT))
        .sqlite_store_with_config_and_cache_path(config, None::<&Path>)
        .build()
        .await
        .map_err(|error| fault(error.to_string()))?;
    let token = StateStoreDataKey::SyncToken;
    let known = client.state_store().get_kv_data(token).await;
    let known = known.map_err(|error| fault(error.to_string()))?;
    let rewound = match cursor.at() {
        Some(at) => {
            let at = StateStoreDataValue::SyncToken(at.to_owned());
            let token = StateStoreDataKey::SyncToken;
            client.state_store().set_kv_data(token, at).await
        }
        None => {
            let token = StateStoreDataKey::SyncToken;
            client.state_store().remove_kv_data(token).await
        }
    };
    rewound.map_err(|error| fault(error.to_string()))?;
    client
        .restore_session(session.clone())
        .await
        .map_err(|error| fault(error.to_string()))?;
    // A store that never saw a whole response knows nothing either.
    let knows = match known {
        Some(_) => knows,
        None => Knows::Nothing,
    };
    Ok((client, knows))
}

/// Has the session's tokens kept whenever they are renewed, before they are used: from then on the homeserver takes no others.
fn keep_refreshed(client: &Client, dir: &Path, kept: SavedSession) -> Result<(), MatrixFault> {
    let dir = dir.to_owned();
    let save = move |client: Client| {
        let Some(tokens) = client.session_tokens() else {
            return Ok(());
        };
        let mut kept = kept.clone();
        kept.session.tokens = tokens;
        tracing::debug!("the access token is renewed");
        Ok(saved_session::write(&dir, &kept)?)
    };
    // Asked for only where several processes share a session.
    let reload = |client: Client| client.session_tokens().ok_or_else(|| "no session".into());
    client
        .set_session_callbacks(Box::new(reload), Box::new(save))
        .map_err(|error| MatrixFault::Task {
            why: error.to_string(),
        })
}

/// The folder of a device's own store.
fn store(dir: &Path, session: &MatrixSession) -> PathBuf {
    let plain = |c: char| if c.is_ascii_alphanumeric() { c } else { '_' };
    let device: String = session.meta.device_id.as_str().chars().map(plain).collect();
    dir.join(format!("device-{device}"))
}

/// Runs what blocks on a thread where it may.
pub(crate) async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, MatrixFault> + Send + 'static,
) -> Result<T, MatrixFault> {
    spawn_blocking(work)
        .await
        .map_err(|error| MatrixFault::Task {
            why: error.to_string(),
        })?
}
