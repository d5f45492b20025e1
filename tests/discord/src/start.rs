//! How a fake starts, and where it is then: a plain port, one with TLS, and a proxy.

use std::{sync::Arc, time::Duration};

use axum::serve::ListenerExt as _;
use tokio::net::TcpListener;

use crate::{
    Discord, proxy,
    rest::server::router,
    shared::Shared,
    tls::{PAPERS, TlsListener},
    world::World,
};

/// How a fake is to be.
#[derive(Debug, Clone)]
pub struct Options {
    /// The bot's name.
    pub bot_name: String,
    /// The bot's token.
    pub token: String,
    /// The privileged intents that are switched on for the application. A bot that asks for others is refused (4014).
    pub privileged_intents: u64,
    /// The port to listen on, 0 for any that is free.
    pub port: u16,
    /// How many shards the bot must have. Guilds go around them in the order in which they are made.
    pub shards: u64,
    /// How many shards may identify at once: those that share `shard % max_concurrency` wait 5 seconds for each other.
    pub max_concurrency: u64,
    /// How long a client waits between heartbeats. Discord says 41.25 seconds.
    pub heartbeat: Duration,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            bot_name: "bot".to_owned(),
            token: "MTIz.fake.token-of-the-bot".to_owned(),
            privileged_intents: 0,
            port: 0,
            shards: 1,
            max_concurrency: 1,
            heartbeat: Duration::from_millis(41_250),
        }
    }
}

/// Where it listens.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Ports {
    plain: u16,
    tls: u16,
    proxy: u16,
}

impl Discord {
    /// Starts a fake with nothing in it but the bot's account, on free ports of 127.0.0.1.
    pub async fn start() -> Self {
        Self::start_with(Options::default()).await
    }

    /// Starts a fake as asked.
    ///
    /// # Panics
    /// When the port is taken.
    pub async fn start_with(options: Options) -> Self {
        let mut world = World::new(
            &options.bot_name,
            &options.token,
            options.privileged_intents,
        );
        let (listener, plain) = bound(options.port).await;
        let (tls_listener, tls) = bound(0).await;
        let (proxy_listener, proxy) = bound(0).await;
        world.shards = options.shards;
        world.max_concurrency = options.max_concurrency;
        world.heartbeat = u64::try_from(options.heartbeat.as_millis())
            .expect("a heartbeat is a matter of seconds");
        world.authority = format!("127.0.0.1:{plain}");
        let shared = Arc::new(Shared::new(world));
        let app = router(Arc::clone(&shared));
        let tls_app = app.clone();
        let servers = [
            tokio::spawn(async move {
                let listener = listener.tap_io(|stream| {
                    // Frames are small, and what measures the bot must not measure the wait for a full packet.
                    let _ = stream.set_nodelay(true);
                });
                // It ends with the test; a socket that fails then is nobody's loss.
                let _ = axum::serve(listener, app).await;
            }),
            tokio::spawn(async move {
                let _ = axum::serve(TlsListener::new(tls_listener), tls_app).await;
            }),
            tokio::spawn(proxy::serve(proxy_listener, tls, Arc::clone(&shared))),
        ];
        Self {
            shared,
            token: options.token,
            ports: Ports { plain, tls, proxy },
            servers,
        }
    }

    /// Where REST is, without `/api/v10`: what `HttpBuilder::proxy` of serenity takes.
    #[must_use]
    pub fn rest_url(&self) -> String {
        format!("http://127.0.0.1:{}", self.ports.plain)
    }

    /// Where the gateway is.
    #[must_use]
    pub fn gateway_url(&self) -> String {
        format!("ws://127.0.0.1:{}/gateway", self.ports.plain)
    }

    /// Where REST is with TLS, without `/api/v10`. Its certificate is for discord.com, too.
    #[must_use]
    pub fn tls_url(&self) -> String {
        format!("https://127.0.0.1:{}", self.ports.tls)
    }

    /// The port of [`Discord::tls_url`], for clients that resolve discord.com to it.
    #[must_use]
    pub fn tls_port(&self) -> u16 {
        self.ports.tls
    }

    /// The certificate of the authority that a client must trust for TLS.
    #[must_use]
    pub fn ca_pem(&self) -> String {
        PAPERS.ca_pem.clone()
    }

    /// What `HTTPS_PROXY` is to be, so that a client that asks for discord.com comes here. It finds no other host (502).
    #[must_use]
    pub fn connect_proxy(&self) -> String {
        format!("http://127.0.0.1:{}", self.ports.proxy)
    }

    /// What the proxy was asked for so far, such as `discord.com:443`, in order.
    #[must_use]
    pub fn tunnels(&self) -> Vec<String> {
        self.shared.look(|world| world.tunnels.clone())
    }

    /// The bot's token.
    #[must_use]
    pub fn token(&self) -> &str {
        &self.token
    }
}

async fn bound(port: u16) -> (TcpListener, u16) {
    let listener = TcpListener::bind(("127.0.0.1", port)).await;
    let listener = listener.expect("the port on 127.0.0.1 is free");
    let address = listener.local_addr();
    (
        listener,
        address.expect("a bound socket has an address").port(),
    )
}
