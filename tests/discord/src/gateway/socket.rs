//! The gateway's WebSocket: text frames in and out. It never compresses, whatever the client asks for.

use std::sync::Arc;

use axum::extract::ws::{CloseFrame, Message, Utf8Bytes, WebSocket};
use tokio::sync::mpsc;

use super::{Out, handshake::Line};
use crate::shared::Shared;

/// Serves one client until one of the two goes.
pub(crate) async fn serve(mut socket: WebSocket, shared: Arc<Shared>) {
    let (out, mut queue) = mpsc::unbounded_channel();
    let heartbeat = shared.look(|world| world.heartbeat);
    let mut line = Line::greet(out, heartbeat);
    loop {
        tokio::select! {
            biased;
            next = queue.recv() => match next {
                Some(Out::Text { text, interaction }) => {
                    if let Some(id) = interaction {
                        shared.note(|world| world.told(id));
                    }
                    if socket.send(Message::Text(text)).await.is_err() {
                        break;
                    }
                }
                Some(Out::Close(code)) => {
                    let frame = code.map(|code| CloseFrame { code, reason: Utf8Bytes::default() });
                    // The client may have gone first.
                    let _ = socket.send(Message::Close(frame)).await;
                    break;
                }
                Some(Out::Drop) | None => break,
            },
            heard = socket.recv() => match heard {
                Some(Ok(Message::Text(text))) => shared.change(|world| world.hear(&mut line, &text)),
                Some(Ok(Message::Binary(bytes))) => {
                    let text = String::from_utf8_lossy(&bytes);
                    shared.change(|world| world.hear(&mut line, &text));
                }
                Some(Ok(Message::Ping(_) | Message::Pong(_))) => {}
                Some(Ok(Message::Close(_)) | Err(_)) | None => break,
            },
            () = shared.stopped() => break,
        }
    }
    shared.change(|world| world.hang_up(&line));
}
