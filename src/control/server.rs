//! The end of the socket that is asked.

use std::fs::{self, Permissions};
use std::io;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::Result;
use bot_core::engine::{Core, Stop};
use tokio::io::{AsyncBufReadExt as _, AsyncReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::{UnixListener, UnixStream};
use tokio::sync::Semaphore;
use tokio::task::JoinSet;

use super::{Answer, Performer, Request, SOCKET};
use crate::say;

/// How many commands are answered at once; whoever comes then waits.
const AT_ONCE: usize = 8;
/// The longest request, in bytes: the longest post in JSON, escaped, and some room.
const LONGEST: u64 = 1 << 20;

/// The socket of a process that serves a forum.
pub struct Server {
    listener: UnixListener,
    path: PathBuf,
}

impl Server {
    /// Makes the socket, which the owner of the folder alone can open. The folder has to be this process's: what an earlier one left
    /// is taken away. Must be called on the runtime.
    pub fn bind(dir: &Path) -> io::Result<Self> {
        let path = dir.join(SOCKET);
        match fs::remove_file(&path) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
            _ => {}
        }
        let listener = UnixListener::bind(&path)?;
        fs::set_permissions(&path, Permissions::from_mode(0o600))?;
        Ok(Self { listener, path })
    }

    /// Answers until the stop; what is being done then is finished.
    pub async fn serve(self, core: &Core, prefix: &str, stop: &Stop) {
        let (slots, seat) = (
            Arc::new(Semaphore::new(AT_ONCE)),
            Arc::new(Semaphore::new(1)),
        );
        let mut connections = JoinSet::new();
        loop {
            let accepted = tokio::select! {
                () = stop.requested() => break,
                accepted = accept(&self.listener, &slots) => accepted,
                Some(_) = connections.join_next() => continue,
            };
            let (stream, slot) = match accepted {
                Ok(accepted) => accepted,
                Err(error) => {
                    tracing::warn!(%error, "the control socket takes no more requests; start anew to have it again");
                    break;
                }
            };
            let performer = Performer::new(core, prefix, stop);
            let (seat, stop) = (seat.clone(), stop.clone());
            connections.spawn(async move {
                if let Err(error) = talk(stream, performer, &seat, &stop).await {
                    tracing::debug!(error = say::sentence(&error), "a command went away");
                }
                drop(slot);
            });
        }
        while connections.join_next().await.is_some() {}
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // What is left is taken away by the next start.
        let _ = fs::remove_file(&self.path);
    }
}

/// Takes the next connection when there is room for one.
async fn accept(
    listener: &UnixListener,
    slots: &Arc<Semaphore>,
) -> io::Result<(UnixStream, tokio::sync::OwnedSemaphorePermit)> {
    let slot = slots.clone().acquire_owned().await;
    let slot = slot.map_err(|_| io::Error::from(io::ErrorKind::BrokenPipe))?;
    let (stream, _) = listener.accept().await?;
    Ok((stream, slot))
}

/// Answers one connection until it ends, or the stop.
async fn talk(
    stream: UnixStream,
    mut performer: Performer,
    seat: &Arc<Semaphore>,
    stop: &Stop,
) -> Result<()> {
    let (requests, mut answers) = stream.into_split();
    let mut requests = BufReader::new(requests);
    let mut seated = None;
    let talked = async {
        loop {
            let mut line = Vec::new();
            let mut limited = (&mut requests).take(LONGEST);
            let read = tokio::select! {
                read = limited.read_until(b'\n', &mut line) => read?,
                () = stop.requested() => return Ok(()),
            };
            if read == 0 {
                return Ok(());
            }
            let (answer, goes_on) = match (line.last(), serde_json::from_slice(&line)) {
                (Some(b'\n'), Ok(request)) => {
                    if matches!(request, Request::Sit(_)) && seated.is_none() {
                        seated = seat.clone().try_acquire_owned().ok();
                    }
                    (
                        performed(&mut performer, request, seated.is_some()).await,
                        true,
                    )
                }
                (_, Err(error)) => (
                    Answer::Refused {
                        why: format!("this is no request: {error}"),
                    },
                    false,
                ),
                (_, Ok(_)) => return Ok(()),
            };
            let mut line = serde_json::to_vec(&answer)?;
            line.push(b'\n');
            answers.write_all(&line).await?;
            if !goes_on {
                return Ok(());
            }
        }
    };
    let talked: Result<()> = talked.await;
    performer.end().await?;
    talked
}

/// Carries a request out; what goes wrong is said in one sentence.
async fn performed(performer: &mut Performer, request: Request, may_sit: bool) -> Answer {
    match performer.answer(request, may_sit).await {
        Ok(answer) => answer,
        Err(error) => {
            let why = say::sentence(&error);
            tracing::error!(error = why, "what a command asked for failed");
            Answer::Refused { why }
        }
    }
}
