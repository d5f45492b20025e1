//! Why Discord can't be served: one sentence each that names the setting and what to do.

use std::path::PathBuf;

use bot_core::engine::Fault;

/// Why serving Discord could not begin, or ended.
#[derive(Debug, thiserror::Error)]
pub enum DiscordFault {
    /// The certificate could not be used.
    #[error("`discord.ca_file` names {path}, which can’t be used ({why}); name a PEM file with a certificate", path = .path.display())]
    Certificate {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        why: String,
    },
    /// Nothing answers where Discord is to be.
    #[error(
        "Discord can’t be reached at {address} ({why}); check the network, `discord.proxy` and `discord.ca_file`"
    )]
    Unreachable {
        /// Where it was looked for.
        address: String,
        /// What went wrong.
        why: String,
    },
    /// What answers there speaks no TLS.
    #[error(
        "What answers at {address} does not speak TLS ({why}); write `discord.proxy` with http://, or put TLS in front of it"
    )]
    NoTls {
        /// Where it was looked for.
        address: String,
        /// What went wrong.
        why: String,
    },
    /// Nothing answers where the gateway is to be.
    #[error(
        "Discord’s gateway can’t be reached at {address} ({why}); check the network and `discord.gateway_url`"
    )]
    NoGateway {
        /// Where it was looked for.
        address: String,
        /// What went wrong.
        why: String,
    },
    /// The token was refused.
    #[error(
        "Discord refused the token; make a new one on the bot’s page of the developer portal and set `discord.token`"
    )]
    Token,
    /// The gateway refused what the bot asked for.
    #[error(
        "Discord’s gateway refused the bot ({why}); check the bot’s page of the developer portal"
    )]
    Gateway {
        /// What it said.
        why: String,
    },
    /// The thread that listens could not be started.
    #[error(
        "The thread that listens to Discord could not be started; see that there is memory left"
    )]
    Thread(#[source] std::io::Error),
    /// The core can keep nothing any more.
    #[error(transparent)]
    Core(#[from] Fault),
}
