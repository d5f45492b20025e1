//! The bot's own keys: the identity that vouches for its device, the backup of the rooms' keys, and the recovery key that
//! opens both on another device. Set up beside the sync loop, and tried again until it is.
//!
//! The recovery key itself never goes into the log, only where it is.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use bot_core::backoff::{Backoff, Doubling};
use bot_core::chance::System;
use bot_core::engine::Stop;
use bot_core::settings::{Login, MatrixSettings};
use matrix_sdk::deserialized_responses::TimelineEvent;
use matrix_sdk::encryption::identities::Device;
use matrix_sdk::encryption::recovery::{RecoveryError, RecoveryState};
use matrix_sdk::encryption::secret_storage::SecretStorageError;
use matrix_sdk::encryption::{BackupDownloadStrategy, EncryptionSettings};
use matrix_sdk::ruma::api::client::keys::get_keys;
use matrix_sdk::ruma::api::client::uiaa::{AuthData, Password, UserIdentifier};
use matrix_sdk::ruma::events::room::encrypted::OriginalSyncRoomEncryptedEvent;
use matrix_sdk::{Client, Error, Room};

use crate::failure::Failure;
use crate::fault::MatrixFault;
use crate::saved_session;
use crate::session::blocking;

/// What the SDK does by itself: makes an identity and a backup where the account has none, and looks into the backup for
/// keys that are missing.
pub(crate) const SETTINGS: EncryptionSettings = EncryptionSettings {
    auto_enable_cross_signing: true,
    backup_download_strategy: BackupDownloadStrategy::AfterDecryptionFailure,
    auto_enable_backups: true,
};

/// The waits between tries.
const WAITS: Doubling = Doubling::new(Duration::from_secs(1), Duration::from_secs(300));
/// After as many tries in vain the log says so.
const SAID_AFTER: u32 = 5;

/// Who sees to the keys.
pub(crate) struct Keys {
    pub client: Client,
    pub settings: Arc<MatrixSettings>,
    /// The adapter's folder.
    pub dir: PathBuf,
}

/// Why the keys are not in order.
enum Trouble {
    /// It may be through next time.
    Later(Failure),
    /// The operator has to do something: a sentence that says what.
    Operator(String),
}

impl From<Error> for Trouble {
    fn from(error: Error) -> Self {
        Self::Later(Failure::from(error))
    }
}

impl From<MatrixFault> for Trouble {
    fn from(fault: MatrixFault) -> Self {
        Self::Operator(fault.to_string())
    }
}

/// Where a recovery key comes from.
#[derive(Clone, Copy, PartialEq, Eq)]
enum RecoveryKeySource {
    Settings,
    File,
}

impl Keys {
    /// Sees to the keys once; gives why it has to be tried again, if it has.
    pub(crate) async fn attempt(&self, stop: &Stop) -> Option<Failure> {
        let tried = tokio::select! {
            tried = self.set_up() => tried,
            () = stop.requested() => return None,
        };
        match tried {
            Ok(()) => {
                tracing::info!(
                    "encryption is set up: the bot’s device is verified and its keys are backed up"
                );
                None
            }
            Err(Trouble::Operator(what)) => {
                tracing::warn!(what, "encryption is not wholly set up");
                None
            }
            Err(Trouble::Later(failure)) => {
                tracing::debug!(why = failure.why(), "encryption is not set up yet");
                Some(failure)
            }
        }
    }

    /// Tries again, as long as there is a reason to.
    pub(crate) async fn go_on(self, mut left: Option<Failure>, stop: Stop) {
        let mut backoff = Backoff::new(WAITS, System);
        let mut failed = 0;
        while let Some(failure) = left {
            failed += 1;
            if failed == SAID_AFTER {
                let why = failure.why();
                tracing::warn!(
                    why,
                    "encryption can’t be set up yet; trying again until it is"
                );
            }
            tokio::select! {
                () = tokio::time::sleep(backoff.wait(failure.after())) => {}
                () = stop.requested() => return,
            }
            left = self.attempt(&stop).await;
        }
    }

    async fn set_up(&self) -> Result<(), Trouble> {
        let encryption = self.client.encryption();
        encryption.wait_for_e2ee_initialization_tasks().await;
        self.identity().await?;
        self.recovery().await?;
        if self.is_verified().await? {
            return Ok(());
        }
        // What was signed just now is known when the homeserver has been asked for it.
        if let Some(own) = self.client.user_id() {
            encryption.request_user_identity(own).await?;
        }
        // The process died after the identity was made, before it vouched for the device.
        if !self.is_verified().await?
            && self.is_complete().await
            && let Some(device) = self.device().await?
        {
            let signed = device.verify().await;
            signed.map_err(|error| Trouble::Later(trouble(error.to_string())))?;
        }
        match self.is_verified().await? {
            true => Ok(()),
            false => Err(Trouble::Later(trouble(
                "the device is not verified".to_owned(),
            ))),
        }
    }

    /// Whether the account's identity vouches for the device.
    async fn is_verified(&self) -> Result<bool, Trouble> {
        let device = self.device().await?;
        Ok(device.is_some_and(|device| device.is_cross_signed_by_owner()))
    }

    /// The bot's device, as it is known here.
    async fn device(&self) -> Result<Option<Device>, Trouble> {
        let device = self.client.encryption().get_own_device().await;
        device.map_err(|error| Trouble::Later(trouble(error.to_string())))
    }

    /// Makes the account's identity where there is none. Some homeservers ask for the password then.
    async fn identity(&self) -> Result<(), Trouble> {
        if self.is_verified().await? || self.has_identity().await? {
            return Ok(());
        }
        let encryption = self.client.encryption();
        let Err(error) = encryption.bootstrap_cross_signing(None).await else {
            return Ok(());
        };
        let Some(asked) = error.as_uiaa_response() else {
            return Err(error.into());
        };
        let (Login::Password(password), Some(own)) = (&self.settings.login, self.client.user_id())
        else {
            return Err(Trouble::Operator(
                "the homeserver asks for the account’s password before the bot may verify its device; set \
                 `matrix.password` instead of `matrix.access_token` for one start"
                    .to_owned(),
            ));
        };
        let who = UserIdentifier::Matrix(own.to_owned().into());
        let mut answer = Password::new(who, password.0.clone());
        answer.session = asked.session.clone();
        let answer = Some(AuthData::Password(answer));
        Ok(encryption.bootstrap_cross_signing(answer).await?)
    }

    /// Whether the homeserver has an identity of the account: one that it refused is known here all the same.
    async fn has_identity(&self) -> Result<bool, Trouble> {
        let Some(own) = self.client.user_id() else {
            return Ok(false);
        };
        let mut asked = get_keys::v3::Request::new();
        asked.device_keys = BTreeMap::from([(own.to_owned(), Vec::new())]);
        let answer = self.client.send(asked).await;
        let answer = answer.map_err(|error| Trouble::Later(Failure::from(error)))?;
        Ok(answer.master_keys.contains_key(own))
    }

    /// Opens the account's recovery, or sets it up.
    async fn recovery(&self) -> Result<(), Trouble> {
        let recovery = self.client.encryption().recovery();
        let key = self.key().await?;
        match (self.state().await?, key) {
            (RecoveryState::Enabled, Some(_)) => Ok(()),
            (RecoveryState::Unknown | RecoveryState::Incomplete, Some((key, from))) => {
                let opened = recovery.recover_and_fix_backup(&key).await;
                opened.map_err(|error| self.not_opened(error, from))?;
                tracing::info!("the bot’s identity and old keys are recovered");
                Ok(())
            }
            (RecoveryState::Unknown | RecoveryState::Incomplete, None) => Err(Trouble::Operator(format!(
                "the account has an identity and recovery that this device can’t open; set `matrix.recovery_key`, or put the \
                 key into {}",
                saved_session::recovery_file(&self.dir).display()
            ))),
            (RecoveryState::Disabled, Some((_, RecoveryKeySource::Settings))) => {
                Err(Trouble::Operator(
                    "the account has no recovery that `matrix.recovery_key` could open; leave it out, and the bot sets \
                     recovery up with a key of its own"
                        .to_owned(),
                ))
            }
            (RecoveryState::Disabled, Some((_, RecoveryKeySource::File)) | None) => {
                if !self.is_complete().await {
                    return Err(Trouble::Operator(
                        "the account’s identity was made by another client and has no recovery; set recovery up there and \
                         put its key into `matrix.recovery_key`"
                            .to_owned(),
                    ));
                }
                let dir = self.dir.clone();
                blocking(move || saved_session::begin_recovery(&dir)).await?;
                let key = recovery.enable().await.map_err(set_up_failed)?;
                self.keep(key).await
            }
            (RecoveryState::Enabled, None) => {
                let dir = self.dir.clone();
                if !blocking(move || saved_session::has_begun_recovery(&dir)).await? {
                    let path = saved_session::recovery_file(&self.dir);
                    tracing::warn!(path = %path.display(), "the account’s recovery key is not here: with it in `matrix.recovery_key` or in this file, the bot comes back by itself after its storage is lost");
                    return Ok(());
                }
                // The process died before the key was kept: nobody has it.
                let key = recovery.reset_key().await.map_err(set_up_failed)?;
                self.keep(key).await
            }
        }
    }

    /// How the account's recovery stands. The SDK looks once, when it starts: the homeserver may not have answered then.
    async fn state(&self) -> Result<RecoveryState, Trouble> {
        let encryption = self.client.encryption();
        match encryption.recovery().state() {
            RecoveryState::Unknown => {
                let is_set_up = encryption.secret_storage().is_enabled().await?;
                Ok(match is_set_up {
                    true if self.is_complete().await => RecoveryState::Enabled,
                    true => RecoveryState::Incomplete,
                    false => RecoveryState::Disabled,
                })
            }
            known => Ok(known),
        }
    }

    /// Whether this device holds the account's whole identity.
    async fn is_complete(&self) -> bool {
        let status = self.client.encryption().cross_signing_status().await;
        status.is_some_and(|status| status.is_complete())
    }

    /// The recovery key: of the settings, else the one that the bot made.
    async fn key(&self) -> Result<Option<(String, RecoveryKeySource)>, Trouble> {
        if let Some(key) = &self.settings.recovery_key {
            return Ok(Some((key.0.clone(), RecoveryKeySource::Settings)));
        }
        let dir = self.dir.clone();
        let kept = blocking(move || saved_session::recovery_key(&dir)).await?;
        Ok(kept.map(|key| (key, RecoveryKeySource::File)))
    }

    async fn keep(&self, key: String) -> Result<(), Trouble> {
        let dir = self.dir.clone();
        let path = blocking(move || saved_session::write_recovery_key(&dir, &key)).await?;
        tracing::info!(path = %path.display(), "a recovery key is made and kept in this file; keep a copy elsewhere: with it the bot comes back verified after its storage is lost");
        Ok(())
    }

    /// What it means that the recovery could not be opened.
    fn not_opened(&self, error: RecoveryError, from: RecoveryKeySource) -> Trouble {
        let wrong = || {
            let place = match from {
                RecoveryKeySource::Settings => "`matrix.recovery_key`".to_owned(),
                RecoveryKeySource::File => {
                    format!("in {}", saved_session::recovery_file(&self.dir).display())
                }
            };
            Trouble::Operator(format!(
                "the recovery key {place} does not open the account’s recovery; put in the one that does"
            ))
        };
        match error {
            RecoveryError::Sdk(error)
            | RecoveryError::SecretStorage(SecretStorageError::Sdk(error)) => error.into(),
            RecoveryError::SecretStorage(SecretStorageError::SecretStorageKey(_)) => wrong(),
            RecoveryError::SecretStorage(error) => Trouble::Operator(format!(
                "the account’s recovery could not be opened ({error}); set it up anew in another client"
            )),
            RecoveryError::BackupExistsOnServer => Trouble::Later(trouble(error.to_string())),
        }
    }
}

/// Reads what could not be read yet, with the keys that the backup has of the room: after the device's store was lost.
pub(crate) async fn unlock(room: &Room, events: &mut [TimelineEvent]) -> Result<(), Failure> {
    if !events.iter().any(|event| event.kind.is_utd()) {
        return Ok(());
    }
    let backups = room.client().encryption().backups();
    backups.download_room_keys_for_room(room.room_id()).await?;
    for event in events.iter_mut().filter(|event| event.kind.is_utd()) {
        let raw = event
            .raw()
            .cast_ref_unchecked::<OriginalSyncRoomEncryptedEvent>();
        *event = room.decrypt_event(raw, None).await?;
    }
    Ok(())
}

/// What it means that recovery could not be set up.
fn set_up_failed(error: RecoveryError) -> Trouble {
    match error {
        RecoveryError::Sdk(error)
        | RecoveryError::SecretStorage(SecretStorageError::Sdk(error)) => error.into(),
        RecoveryError::BackupExistsOnServer => Trouble::Operator(
            "the account has a backup of keys that was made by another client, and no recovery that opens it; set recovery \
             up there and put its key into `matrix.recovery_key`, or delete that backup"
                .to_owned(),
        ),
        RecoveryError::SecretStorage(error) => Trouble::Later(trouble(error.to_string())),
    }
}

fn trouble(why: String) -> Failure {
    Failure::Trouble { why }
}
