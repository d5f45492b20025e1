//! How a command reaches the process that serves a forum: a socket in the storage folder, `control.sock`, which its owner alone can
//! open. A request is a line of JSON, and so is the answer to it.
//!
//! Where no process serves the folder, the same requests are carried out on the forum itself.

mod act;
#[cfg(unix)]
mod client;
#[cfg(unix)]
mod server;

use std::io;
use std::path::Path;

use anyhow::{Result, bail};
use serde::{Deserialize, Serialize};

pub use act::{Performer, answer};
#[cfg(unix)]
pub use client::Connection;
#[cfg(unix)]
pub use server::Server;

/// The socket's name in the storage folder.
#[cfg(unix)]
const SOCKET: &str = "control.sock";

/// What is asked of the process that serves a forum.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "do", rename_all = "kebab-case", deny_unknown_fields)]
pub enum Request {
    /// How it is.
    Status {},
    /// Hide a post.
    Hide(OnPost),
    /// Show a hidden post again.
    Show(OnPost),
    /// Make a code by which another forum joins this one.
    ForumCode {
        /// The forum's name.
        forum: String,
    },
    /// Sit down at the terminal: what is said from then on is said there. One at a time.
    Sit(Sit),
    /// Say something at the terminal.
    Say {
        /// The message.
        text: String,
    },
}

/// A post, and who does something about it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OnPost {
    /// The forum's name.
    pub forum: String,
    /// The post's address, such as `#42.1`.
    pub post: String,
    /// The name of the person at the terminal.
    #[serde(rename = "as")]
    pub name: String,
}

/// Who sits down at the terminal, and where.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Sit {
    /// The forum's name.
    pub forum: String,
    /// The name of the person.
    #[serde(rename = "as")]
    pub name: String,
    /// Whether what is shown may have colours.
    pub colours: bool,
}

/// What comes of a request.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "is", rename_all = "kebab-case")]
pub enum Answer {
    /// How it is.
    Status(Report),
    /// It is done; what is said of it.
    Done {
        /// For people.
        text: String,
    },
    /// The code.
    Code {
        /// It.
        code: String,
    },
    /// The person sits at the terminal.
    Seated {
        /// What commands begin with.
        prefix: String,
        /// What was posted there before anything was said.
        texts: Vec<String>,
    },
    /// What the terminal shows then: the reply, then what was posted.
    Said {
        /// In order.
        texts: Vec<String>,
    },
    /// It is not done, and why.
    Refused {
        /// For people.
        why: String,
    },
}

/// How a forum is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Report {
    /// Whether a process serves it.
    pub running: bool,
    /// Whether the store's writer answers; none where no process has one.
    pub writer: Option<bool>,
    /// The number of the newest change.
    pub newest: i64,
    /// Whether the search index follows the store; none where no process has one.
    pub index: Option<bool>,
    /// How many changes the search index is behind.
    pub index_behind: u64,
    /// The platforms that are served, or for which something waits.
    pub platforms: Vec<PlatformReport>,
}

/// How far a platform is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlatformReport {
    /// Its name.
    pub platform: String,
    /// `no`, `begun`, `yes` or `ended`.
    pub serving: String,
    /// How many changes what is shown there is behind, where that is known.
    pub behind: Option<u64>,
    /// Cards that wait to be posted.
    pub cards: u64,
    /// Cards that wait to be brought up to date.
    pub stale: u64,
    /// Messages that wait to be taken away, and threads that wait for another name.
    pub removals: u64,
}

/// Asks the process that serves a folder; none where no process does.
#[cfg(unix)]
pub async fn ask(dir: &Path, request: &Request) -> Result<Option<Answer>> {
    let Some(mut connection) = Connection::open(dir).await? else {
        return Ok(None);
    };
    connection.ask(request).await.map(Some)
}

/// Where there are no such sockets, no process can be asked.
#[cfg(not(unix))]
pub async fn ask(_: &Path, _: &Request) -> Result<Option<Answer>> {
    Ok(None)
}

/// The text of what was done, or why it was not.
pub fn done(answer: Answer) -> Result<String> {
    match answer {
        Answer::Done { text } => Ok(text),
        Answer::Code { code } => Ok(code),
        Answer::Refused { why } => bail!("{why}"),
        Answer::Status(_) | Answer::Seated { .. } | Answer::Said { .. } => {
            bail!(io::Error::from(io::ErrorKind::InvalidData))
        }
    }
}
