//! TLS, as Discord has it: a listener whose certificate is for discord.com and for where the fake really is, signed by an
//! authority that is made once a process.

use std::{
    io,
    net::SocketAddr,
    sync::{Arc, LazyLock},
};

use axum::serve::Listener;
use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, DnType, IsCa, KeyPair};
use tokio::{
    net::{TcpListener, TcpStream},
    task::JoinSet,
};
use tokio_rustls::{
    TlsAcceptor,
    rustls::{
        ServerConfig,
        crypto::ring,
        pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer},
    },
    server::TlsStream,
};

/// What the certificate is for.
const NAMES: [&str; 4] = [
    "discord.com",
    "gateway.discord.gg",
    "localhost",
    "127.0.0.1",
];

/// The authority's certificate, and what speaks TLS with one that it signed.
pub(crate) struct Papers {
    pub(crate) ca_pem: String,
    acceptor: TlsAcceptor,
}

/// The papers of this process: making keys takes longer than a small test.
pub(crate) static PAPERS: LazyLock<Papers> = LazyLock::new(|| {
    Papers::made().expect("a certificate for fixed names can be made with fresh keys")
});

impl Papers {
    fn made() -> Result<Self, Box<dyn std::error::Error>> {
        let mut authority = CertificateParams::new(Vec::new())?;
        authority.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        let name = &mut authority.distinguished_name;
        name.push(DnType::CommonName, "the fake's authority");
        let authority = CertifiedIssuer::self_signed(authority, KeyPair::generate()?)?;
        let key = KeyPair::generate()?;
        let own = CertificateParams::new(NAMES.map(str::to_owned))?.signed_by(&key, &authority)?;
        let key = PrivateKeyDer::from(PrivatePkcs8KeyDer::from(key.serialize_der()));
        let config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
            .with_safe_default_protocol_versions()?
            .with_no_client_auth()
            .with_single_cert(vec![own.der().clone()], key)?;
        Ok(Self {
            ca_pem: authority.pem(),
            acceptor: TlsAcceptor::from(Arc::new(config)),
        })
    }
}

/// A listener that shakes hands. Who is slow at it, or trusts nobody, holds no other up.
pub(crate) struct TlsListener {
    tcp: TcpListener,
    under_way: JoinSet<Option<(TlsStream<TcpStream>, SocketAddr)>>,
}

impl TlsListener {
    pub(crate) fn new(tcp: TcpListener) -> Self {
        let under_way = JoinSet::new();
        Self { tcp, under_way }
    }
}

impl Listener for TlsListener {
    type Io = TlsStream<TcpStream>;
    type Addr = SocketAddr;

    async fn accept(&mut self) -> (Self::Io, Self::Addr) {
        loop {
            tokio::select! {
                (stream, from) = Listener::accept(&mut self.tcp) => {
                    // As on the plain port. A socket that has gone already fails at the handshake.
                    let _ = stream.set_nodelay(true);
                    self.under_way.spawn(async move {
                        // Who does not trust the certificate goes without a word that matters here.
                        let shaken = PAPERS.acceptor.accept(stream).await.ok()?;
                        Some((shaken, from))
                    });
                }
                Some(done) = self.under_way.join_next() => {
                    if let Ok(Some(shaken)) = done {
                        return shaken;
                    }
                }
            }
        }
    }

    fn local_addr(&self) -> io::Result<Self::Addr> {
        self.tcp.local_addr()
    }
}
