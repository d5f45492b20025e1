//! The end of the socket that asks.

use std::path::Path;

use anyhow::{Context as _, Result, bail};
use tokio::io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::UnixStream;
use tokio::net::unix::{OwnedReadHalf, OwnedWriteHalf};

use super::{Answer, Request, SOCKET};

/// A connection with the process that serves a folder.
pub struct Connection {
    answers: BufReader<OwnedReadHalf>,
    requests: OwnedWriteHalf,
}

impl Connection {
    /// Reaches the process that serves a folder; none where no process does.
    pub async fn open(dir: &Path) -> Result<Option<Self>> {
        // A process that was killed leaves its socket behind. What else can be wrong with the folder the store says better.
        let Ok(stream) = UnixStream::connect(dir.join(SOCKET)).await else {
            return Ok(None);
        };
        let (answers, requests) = stream.into_split();
        Ok(Some(Self {
            answers: BufReader::new(answers),
            requests,
        }))
    }

    /// Asks, and waits for the answer.
    pub async fn ask(&mut self, request: &Request) -> Result<Answer> {
        let mut line = serde_json::to_vec(request)?;
        line.push(b'\n');
        let sent = self.requests.write_all(&line).await;
        let mut answer = String::new();
        let read = match sent {
            Ok(()) => self.answers.read_line(&mut answer).await,
            Err(error) => Err(error),
        };
        // What the system says of that is nothing that the reader can do anything about.
        if !read.is_ok_and(|read| read > 0) {
            bail!("the process that serves the forum ended meanwhile");
        }
        serde_json::from_str(&answer).context(
            "reading what the process that serves the forum said; is it of another version?",
        )
    }
}
