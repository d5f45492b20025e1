//! Why Matrix can't be served: one sentence each that names the setting and what to do.

use std::path::PathBuf;

use bot_core::engine::Fault;

/// Why serving Matrix could not begin, or ended.
#[derive(Debug, thiserror::Error)]
pub enum MatrixFault {
    /// `matrix.homeserver` is no address.
    #[error(
        "`matrix.homeserver` is “{address}”, which is no address such as https://matrix.example.org"
    )]
    Address {
        /// What the settings say.
        address: String,
    },
    /// Nothing answers there, or it is in trouble.
    #[error(
        "The homeserver {address} can’t be reached ({why}); check `matrix.homeserver` and the network"
    )]
    Unreachable {
        /// The homeserver.
        address: String,
        /// What went wrong.
        why: String,
    },
    /// It answers without TLS only.
    #[error(
        "{address} does not speak TLS, but answers without; write `matrix.homeserver` with http://, or put TLS in front of it"
    )]
    NoTls {
        /// What the settings say.
        address: String,
    },
    /// Something else answers there.
    #[error(
        "{address} does not answer as a Matrix homeserver does ({why}); check `matrix.homeserver`"
    )]
    NotMatrix {
        /// What the settings say.
        address: String,
        /// What it answered.
        why: String,
    },
    /// `matrix.user` is no user.
    #[error(
        "`matrix.user` is “{user}”, which is no Matrix user; write it as @name:example.org, or only its name"
    )]
    User {
        /// What the settings say.
        user: String,
    },
    /// The password was refused.
    #[error(
        "The homeserver refused the password of {user} ({why}); check `matrix.user` and `matrix.password`"
    )]
    Password {
        /// Who was to be logged in.
        user: String,
        /// What the homeserver said.
        why: String,
    },
    /// The access token was refused.
    #[error(
        "The homeserver refused the access token ({why}); make a new one and set `matrix.access_token`"
    )]
    Token {
        /// What the homeserver said.
        why: String,
    },
    /// The access token is somebody else's.
    #[error(
        "`matrix.access_token` is that of {found}, but `matrix.user` is {user}; set the one that goes with the other"
    )]
    OtherUser {
        /// What the settings say.
        user: String,
        /// Whose token it is.
        found: String,
    },
    /// The homeserver ended the session while it was used.
    #[error(
        "The homeserver ended the session of {user} ({why}); start again to log in anew with `matrix.password`"
    )]
    LoggedOut {
        /// Who was logged in.
        user: String,
        /// What the homeserver said.
        why: String,
    },
    /// The session can't be kept.
    #[error(
        "The Matrix session can’t be kept in {path} ({why}); make the folder of `storage.dir` writable and see that the disk is not full"
    )]
    Keep {
        /// The file or folder.
        path: PathBuf,
        /// What went wrong.
        why: String,
    },
    /// The SDK's store does not work.
    #[error(
        "The Matrix store in {path} does not work ({why}); if it stays so, move that folder away: it is built anew from the homeserver"
    )]
    Store {
        /// The folder.
        path: PathBuf,
        /// What went wrong.
        why: String,
    },
    /// The core can't go on.
    #[error(transparent)]
    Core(#[from] Fault),
    /// A task of the adapter died.
    #[error(
        "a task of the Matrix adapter ended before it was done ({why}); what it said is in the log above"
    )]
    Task {
        /// How it ended.
        why: String,
    },
}

impl MatrixFault {
    /// Whether the whole process should end: nothing can be kept any more, whatever the chat.
    #[must_use]
    pub fn is_fatal(&self) -> bool {
        match self {
            Self::Core(fault) => fault.is_fatal(),
            Self::Address { .. }
            | Self::Unreachable { .. }
            | Self::NoTls { .. }
            | Self::NotMatrix { .. }
            | Self::User { .. }
            | Self::Password { .. }
            | Self::Token { .. }
            | Self::OtherUser { .. }
            | Self::LoggedOut { .. }
            | Self::Keep { .. }
            | Self::Store { .. }
            | Self::Task { .. } => false,
        }
    }
}
