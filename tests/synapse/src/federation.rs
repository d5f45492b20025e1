//! Servers of a test's own that share rooms with each other, over links that the test can cut.
//!
//! A server's name is the address of a [`Relay`] in the test process, so that the others reach it without any look-up, and only
//! through that relay.

use std::{ops::Deref, sync::Arc};

use anyhow::Result;
use tokio::task;

use crate::{
    OwnSynapse, Synapse,
    certificates::Certificates,
    program,
    relay::{Passage, Relay},
};

/// What a server has to know of those it shares rooms with.
#[derive(Clone, Debug)]
pub(crate) struct Federation {
    /// Its own name.
    pub(crate) name: String,
    /// Everybody's name.
    pub(crate) names: Vec<String>,
    /// What they trust each other by.
    pub(crate) certificates: Certificates,
}

impl Synapse {
    /// Servers of the test's own that federate with each other and with nobody else, as many as the pattern takes:
    /// `let [here, there] = Synapse::federating().await;`. Each ends when it is dropped. They belong to the runtime that made
    /// them.
    ///
    /// # Panics
    /// When they cannot be started, with a sentence that says why.
    pub async fn federating<const N: usize>() -> [Federated; N] {
        match start(N).await {
            Ok(servers) => servers.try_into().expect("as many as were asked for"),
            Err(error) => panic!("{error:#}"),
        }
    }
}

/// One of the servers that [`Synapse::federating`] gave. Everything that an [`OwnSynapse`] can do, and to be cut off.
#[derive(Debug)]
pub struct Federated {
    server: OwnSynapse,
    links: Arc<Links>,
}

impl Federated {
    /// Cuts the links between all the servers that were made together: what is under way breaks off, and nothing passes in any
    /// direction until [`Federated::reconnect`]. Each server goes on for its own people. It is done when this is.
    pub async fn cut_off(&self) {
        for (relay, _) in &self.links.0 {
            relay.set(Passage::Closed).await;
        }
    }

    /// Makes the links whole again. What the servers had to say to each other meanwhile passes soon, without a new event.
    pub async fn reconnect(&self) {
        for (relay, port) in &self.links.0 {
            relay.set(Passage::To(*port)).await;
        }
    }
}

impl Deref for Federated {
    type Target = OwnSynapse;

    fn deref(&self) -> &OwnSynapse {
        &self.server
    }
}

/// Each server's relay, and the port on which the server itself listens to the others.
#[derive(Debug)]
struct Links(Vec<(Relay, u16)>);

async fn start(count: usize) -> Result<Vec<Federated>> {
    let certificates = task::spawn_blocking(|| Certificates::make(&program::python()?))
        .await
        .expect("making certificates gives errors, not panics")?;
    let mut relays = Vec::with_capacity(count);
    for _ in 0..count {
        relays.push(Relay::start().await?);
    }
    let names: Vec<String> = relays
        .iter()
        .map(|relay| format!("localhost:{}", relay.port()))
        .collect();
    let starts: Vec<_> = names
        .iter()
        .map(|name| Federation {
            name: name.clone(),
            names: names.clone(),
            certificates: certificates.clone(),
        })
        .map(|federation| task::spawn_blocking(move || OwnSynapse::federating(&federation)))
        .collect();

    let mut servers = Vec::with_capacity(count);
    let mut links = Vec::with_capacity(count);
    for (start, relay) in starts.into_iter().zip(relays) {
        let (server, port) = start
            .await
            .expect("starting a server gives errors, not panics")?;
        relay.set(Passage::To(port)).await;
        servers.push(server);
        links.push((relay, port));
    }
    let links = Arc::new(Links(links));
    Ok(servers
        .into_iter()
        .map(|server| Federated {
            server,
            links: Arc::clone(&links),
        })
        .collect())
}
