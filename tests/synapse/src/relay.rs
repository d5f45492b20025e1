//! A wire that can be cut: it passes raw bytes from a port of its own to another port on loopback. It knows no Matrix.

use std::net::{Ipv4Addr, SocketAddr};

use anyhow::{Context, Result};
use tokio::{
    io,
    net::{TcpListener, TcpStream},
    sync::{mpsc, oneshot},
    task::JoinSet,
};

/// What becomes of connections.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Passage {
    /// They are closed, new ones as soon as they are made.
    Closed,
    /// They lead to this port.
    To(u16),
}

/// A running relay, closed at first. It belongs to the runtime that made it and ends when it is dropped.
#[derive(Debug)]
pub(crate) struct Relay {
    port: u16,
    orders: mpsc::Sender<Order>,
}

type Order = (Passage, oneshot::Sender<()>);

impl Relay {
    /// Listens on a free port and keeps it, whether closed or not.
    ///
    /// # Errors
    /// When there is no free port on loopback.
    pub(crate) async fn start() -> Result<Self> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))
            .await
            .context("finding a port for a relay")?;
        let port = listener
            .local_addr()
            .context("asking for a relay's port")?
            .port();
        let (orders, received) = mpsc::channel(1);
        tokio::spawn(run(listener, received));
        Ok(Self { port, orders })
    }

    /// Where it listens.
    pub(crate) fn port(&self) -> u16 {
        self.port
    }

    /// Changes what becomes of connections. Once this is done, those of before are gone.
    pub(crate) async fn set(&self, passage: Passage) {
        let (done, waits) = oneshot::channel();
        let sent = self.orders.send((passage, done)).await;
        sent.expect("a relay runs as long as there is somebody to order it");
        waits.await.expect("a relay says when it is done");
    }
}

async fn run(listener: TcpListener, mut orders: mpsc::Receiver<Order>) {
    let mut passage = Passage::Closed;
    let mut connections = JoinSet::new();
    loop {
        tokio::select! {
            order = orders.recv() => {
                let Some((next, done)) = order else { return };
                connections.shutdown().await;
                passage = next;
                done.send(()).ok();
            }
            Ok((from, _)) = listener.accept() => match passage {
                Passage::Closed => drop(from),
                Passage::To(port) => drop(connections.spawn(pass(from, port))),
            },
            Some(_) = connections.join_next() => {}
        }
    }
}

/// Until either end closes; a server that is down right now is as good as closed.
async fn pass(mut from: TcpStream, port: u16) {
    if let Ok(mut to) = TcpStream::connect(SocketAddr::from((Ipv4Addr::LOCALHOST, port))).await {
        io::copy_bidirectional(&mut from, &mut to).await.ok();
    }
}
