//! HTTP: from bytes to a call and back, with the faults in between.

use std::{panic::resume_unwind, sync::Arc, time::Instant};

use axum::{
    Router,
    body::{Body, Bytes, to_bytes},
    extract::{FromRequest, Multipart, Request, State, WebSocketUpgrade},
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse, Response},
    routing::{any, get},
};
use serde_json::{Map, Value};
use tokio::time::sleep;

use super::{
    Call, Reply,
    refusal::{NO_JSON, Refusal, UNKNOWN_REFERENCE},
    response::{json_response, limited, page, too_many},
};
use crate::{check::schema, faults::Kind, gateway::socket, shared::Shared, world::World};

/// Discord's most for one request: ten files of 10 MiB.
const LARGEST: usize = 110 * 1024 * 1024;

pub(crate) fn router(shared: Arc<Shared>) -> Router {
    Router::new()
        .route("/gateway", get(upgrade))
        .route("/gateway/", get(upgrade))
        .fallback(any(answer))
        .with_state(shared)
}

async fn upgrade(socket: WebSocketUpgrade, State(shared): State<Arc<Shared>>) -> Response {
    socket.on_upgrade(|socket| socket::serve(socket, shared))
}

async fn answer(State(shared): State<Arc<Shared>>, request: Request) -> Response {
    let came = Instant::now();
    let method = request.method().as_str().to_owned();
    let full = request
        .uri()
        .path_and_query()
        .map_or("", |path| path.as_str());
    let path = full.strip_prefix("/api/v10").unwrap_or(full).to_owned();
    let fault = shared.change(|world| take_fault(world, &method, &path));
    if let Some(Kind::Hold {
        gate,
        is_done: false,
    }) = &fault
    {
        gate.pass().await;
    }
    let headers = request.headers().clone();
    let call = read(&method, &path, request).await;
    let body = call
        .as_ref()
        .map_or(Value::Null, |call| Value::Object(call.body.clone()));
    let note = |world: &mut World, status, code| {
        world.note_request(crate::Request {
            method: method.clone(),
            path: path.clone(),
            body: body.clone(),
            status,
            code,
        });
    };
    let result = shared.change(|world| {
        if fault.as_ref().is_some_and(|fault| !fault.is_done()) {
            return None;
        }
        check_agent(world, &headers);
        let kind = schema::place(world, &path);
        let result = call.and_then(|call| call.perform(world, &headers));
        let result = result.inspect_err(|refusal| blame(world, refusal, &method, &path));
        if result.is_ok() {
            for trouble in schema::check(&method, &path, &body, kind) {
                world.violation("schema", format!("{method} {path}: {trouble}"));
            }
        }
        let is_told = fault.as_ref().is_none_or(Kind::is_told);
        world.answered(&path, came, is_told);
        if is_told {
            match &result {
                Ok(reply) => note(world, reply.status(), 0),
                Err(refusal) => note(world, refusal.status, refusal.code),
            }
        }
        Some(result)
    });
    match fault {
        None => {}
        Some(Kind::Hold {
            gate,
            is_done: true,
        }) => gate.pass().await,
        Some(Kind::Hold { .. }) => {}
        Some(Kind::Slow { by }) => sleep(by).await,
        Some(Kind::HangUp { .. }) => {
            shared.change(|world| note(world, 0, 0));
            // Ends the connection's task without an answer and without a panic's message.
            resume_unwind(Box::new("the fake hangs up, as a test asked"));
        }
        Some(Kind::Html { status, .. }) => {
            shared.change(|world| note(world, status, 0));
            return page(status);
        }
        Some(Kind::TooMany { after, scope }) => {
            shared.change(|world| note(world, 429, 0));
            return too_many(after.as_secs_f64(), scope);
        }
    }
    match result.expect("what was not done has been answered above") {
        Ok(Reply::Nothing) => limited(StatusCode::NO_CONTENT.into_response(), &path),
        Ok(reply @ (Reply::Json(_) | Reply::Created(_))) => {
            let status = reply.status();
            limited(json_response(status, &reply.into_json()), &path)
        }
        Err(refusal) => limited(json_response(refusal.status, &refusal.json()), &path),
    }
}

/// What goes wrong with a request: as a test asked, and else as the chaos has it.
fn take_fault(world: &mut World, method: &str, path: &str) -> Option<Kind> {
    let asked = world.faults.iter_mut().find(|it| it.fits(method, path));
    if let Some(fault) = asked {
        fault.left -= 1;
        return Some(fault.kind.clone());
    }
    world.chaos.as_mut()?.request(method, path)
}

/// Refusals that only a mistake of the bot's can lead to.
fn blame(world: &mut World, refusal: &Refusal, method: &str, path: &str) {
    let kind = match refusal.code {
        0 if refusal.status == 404 => "route",
        // What is replied to may just have been deleted.
        50_035 if refusal.errors.iter().any(|it| it.code == UNKNOWN_REFERENCE) => return,
        50_006 | 50_035 | 50_109 => "body",
        // Who was not told that it was done must try again.
        40_060 if world.is_unheard(path) => return,
        40_060 => "twice",
        50_005 | 50_008 | 50_024 => "refused",
        _ => return,
    };
    world.violation(kind, format!("{method} {path}: {}", refusal.line()));
}

fn check_agent(world: &mut World, headers: &HeaderMap) {
    let agent = headers.get(header::USER_AGENT);
    let agent = agent
        .and_then(|agent| agent.to_str().ok())
        .unwrap_or_default();
    if !agent.starts_with("DiscordBot (") {
        world.violation("agent", format!("no user agent of a bot: {agent:?}"));
    }
}

async fn read(method: &str, path: &str, request: Request) -> Result<Call, Refusal> {
    let (parts, body) = request.into_parts();
    let bytes = to_bytes(body, LARGEST).await.unwrap_or_default();
    let kind = parts.headers.get(header::CONTENT_TYPE);
    let kind = kind.and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    let mut call = Call::new(method, path);
    if kind.starts_with("multipart/form-data") {
        let request = Request::from_parts(parts.clone(), Body::from(bytes));
        read_parts(&mut call, request).await?;
    } else if !bytes.is_empty() {
        call.set_body(&bytes)?;
    }
    Ok(call)
}

async fn read_parts(call: &mut Call, request: Request) -> Result<(), Refusal> {
    let Ok(mut parts) = Multipart::from_request(request, &()).await else {
        return Err(NO_JSON);
    };
    while let Ok(Some(part)) = parts.next_field().await {
        let name = part.name().unwrap_or_default().to_owned();
        let file = part.file_name().unwrap_or("unknown").to_owned();
        let bytes: Bytes = part.bytes().await.unwrap_or_default();
        if name == "payload_json" {
            call.set_body(&bytes)?;
        } else {
            call.files.push((name, file, bytes.to_vec()));
        }
    }
    Ok(())
}

impl Call {
    fn set_body(&mut self, bytes: &[u8]) -> Result<(), Refusal> {
        match serde_json::from_slice(bytes) {
            Ok(Value::Object(body)) => self.body = body,
            // A list is wrapped, so that all bodies are objects from here on.
            Ok(list @ Value::Array(_)) => self.body = Map::from_iter([(String::new(), list)]),
            Ok(Value::Null) => {}
            _ => return Err(NO_JSON),
        }
        Ok(())
    }
}
