//! A proxy as companies have one: it takes CONNECT, and whoever asks it for discord.com comes to the fake.

use std::{io, sync::Arc};

use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _, copy_bidirectional},
    net::{TcpListener, TcpStream},
    task::JoinSet,
};

use crate::shared::Shared;

/// The only host that it finds.
const KNOWN: &str = "discord.com:443";

/// The longest head of a request.
const LONGEST: usize = 8 * 1024;

/// Takes clients until it is dropped, and their tunnels with it.
pub(crate) async fn serve(listener: TcpListener, tls_port: u16, shared: Arc<Shared>) {
    let mut tunnels = JoinSet::new();
    loop {
        tokio::select! {
            accepted = listener.accept() => if let Ok((client, _)) = accepted {
                tunnels.spawn(tunnel(client, tls_port, Arc::clone(&shared)));
            },
            Some(_) = tunnels.join_next() => {}
        }
    }
}

async fn tunnel(mut client: TcpStream, tls_port: u16, shared: Arc<Shared>) -> io::Result<()> {
    let head = read_head(&mut client).await?;
    let mut words = head.split(' ');
    let (method, host) = (words.next(), words.next().unwrap_or_default());
    shared.change(|world| world.tunnels.push(host.to_owned()));
    if method != Some("CONNECT") || host != KNOWN {
        let refusal = b"HTTP/1.1 502 Bad Gateway\r\ncontent-length: 0\r\nconnection: close\r\n\r\n";
        return client.write_all(refusal).await;
    }
    let mut fake = TcpStream::connect(("127.0.0.1", tls_port)).await?;
    client.write_all(b"HTTP/1.1 200 OK\r\n\r\n").await?;
    copy_bidirectional(&mut client, &mut fake).await.map(drop)
}

/// Reads up to the empty line. A byte at a time, so that nothing of the tunnel is taken.
async fn read_head(client: &mut TcpStream) -> io::Result<String> {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") && head.len() < LONGEST {
        head.push(client.read_u8().await?);
    }
    Ok(String::from_utf8_lossy(&head).into_owned())
}
