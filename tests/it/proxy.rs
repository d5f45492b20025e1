//! A way for the bot to the homeserver on which a test can interfere: hold a request, answer in the server's place, cut the
//! connection, or change what the server says.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use reqwest::header::CONTENT_TYPE;
use serde_json::{Value, json};
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{oneshot, watch};

/// When a request is interfered with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum When {
    /// The server never hears of it.
    Before,
    /// The server has done it; the answer never comes.
    After,
}

/// A request that the server never got, though it was answered as if: where it went and what was in it.
#[derive(Debug)]
pub struct Withheld {
    pub path: String,
    pub body: Vec<u8>,
}

/// Keeps requests waiting until it is opened.
pub struct Gate(watch::Sender<bool>);

impl Gate {
    /// Lets all pass, those that wait and those that come.
    pub fn open(self) {
        self.0.send_replace(true);
    }
}

/// Changes what the server says.
type Change = Arc<dyn Fn(&mut Value) + Send + Sync>;

/// What is done about a request.
#[derive(Debug)]
enum Act {
    /// It is held for good; the sender hears when it is there.
    Hold(When, Option<oneshot::Sender<()>>),
    /// It waits until the gate is open.
    Gate(watch::Receiver<bool>),
    /// It is answered as if it were done, and given to the sender.
    Withhold(Option<oneshot::Sender<Withheld>>),
    /// It is answered in the server's place.
    Answer(u16, String),
    /// The connection ends.
    Cut(When),
    /// The server does it, and something on the way says that it took too long.
    Late,
    /// What the server answers is changed.
    Rewrite(Rewrite),
    /// The server asks for the password before it does it.
    AskForPassword,
    /// Every session has expired until the next log-in.
    Expired,
}

struct Rewrite(Change);

impl std::fmt::Debug for Rewrite {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Rewrite")
    }
}

/// What is done about some requests: of this method, with this part in their path, so many times.
#[derive(Debug)]
struct Rule {
    method: &'static str,
    part: String,
    times: usize,
    act: Act,
}

/// What is shared with the connections.
#[derive(Debug, Default)]
struct Rules {
    rules: Vec<Rule>,
    /// The requests that came, their method and path.
    seen: Vec<String>,
}

/// The proxy; ends when it is dropped.
pub struct Proxy {
    url: String,
    rules: Arc<Mutex<Rules>>,
    task: tokio::task::JoinHandle<()>,
}

impl Proxy {
    /// Starts one in front of a server.
    pub async fn start(server: &str) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let url = format!("http://{}", listener.local_addr().expect("an address"));
        let rules: Arc<Mutex<Rules>> = Arc::default();
        let (server, shared) = (server.to_owned(), Arc::clone(&rules));
        let task = tokio::spawn(async move {
            let client = reqwest::Client::new();
            let mut connections = tokio::task::JoinSet::new();
            while let Ok((stream, _)) = listener.accept().await {
                let way = Way {
                    client: client.clone(),
                    server: server.clone(),
                    rules: Arc::clone(&shared),
                };
                connections.spawn(async move {
                    // A connection that breaks off is the bot's to notice.
                    let _ = way.serve(stream).await;
                });
            }
        });
        Self { url, rules, task }
    }

    /// Where the bot finds it.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// From now on the server asks for the password before it takes an account's first identity, as some do.
    pub fn ask_for_passwords(&self) {
        let path = "/keys/device_signing/upload";
        self.rule("POST", path, usize::MAX, Act::AskForPassword);
    }

    /// Answers the next request of this kind as if it were done, and gives it to the receiver.
    pub fn withhold(&self, method: &'static str, path: &str) -> oneshot::Receiver<Withheld> {
        let (send, receive) = oneshot::channel();
        self.rule(method, path, 1, Act::Withhold(Some(send)));
        receive
    }

    /// Holds the next request of this kind for good; the receiver hears when it is there.
    pub fn hold(&self, method: &'static str, path: &str, when: When) -> oneshot::Receiver<()> {
        let (send, receive) = oneshot::channel();
        self.rule(method, path, 1, Act::Hold(when, Some(send)));
        receive
    }

    /// Keeps requests of this kind waiting until the gate is opened.
    pub fn gate(&self, method: &'static str, path: &str) -> Gate {
        let (send, receive) = watch::channel(false);
        self.rule(method, path, usize::MAX, Act::Gate(receive));
        Gate(send)
    }

    /// Answers the next requests of this kind in the server's place.
    pub fn answer(
        &self,
        method: &'static str,
        path: &str,
        times: usize,
        status: u16,
        body: impl ToString,
    ) {
        self.rule(method, path, times, Act::Answer(status, body.to_string()));
    }

    /// Cuts the connection at the next requests of this kind.
    pub fn cut(&self, method: &'static str, path: &str, times: usize, when: When) {
        self.rule(method, path, times, Act::Cut(when));
    }

    /// The server does the next requests of this kind, but something on the way answers that it took too long.
    pub fn late(&self, method: &'static str, path: &str, times: usize) {
        self.rule(method, path, times, Act::Late);
    }

    /// Changes what the server answers to the next requests of this kind.
    pub fn rewrite(
        &self,
        method: &'static str,
        path: &str,
        times: usize,
        change: impl Fn(&mut Value) + Send + Sync + 'static,
    ) {
        let change = Rewrite(Arc::new(change));
        self.rule(method, path, times, Act::Rewrite(change));
    }

    /// The server takes every session for expired until somebody logs in again.
    pub fn expire_sessions(&self) {
        self.rule("", "/_matrix/client/", usize::MAX, Act::Expired);
    }

    /// How many requests of this kind came so far.
    pub fn count(&self, method: &str, part: &str) -> usize {
        let rules = self.rules.lock().expect("no panic");
        let fits = |seen: &&String| seen.starts_with(method) && seen.contains(part);
        rules.seen.iter().filter(fits).count()
    }

    /// How often a rule is still to be used, all in all.
    pub fn left(&self) -> usize {
        let rules = self.rules.lock().expect("no panic");
        rules.rules.iter().map(|rule| rule.times).sum()
    }

    fn rule(&self, method: &'static str, part: &str, times: usize, act: Act) {
        let rule = Rule {
            method,
            part: part.to_owned(),
            times,
            act,
        };
        self.rules.lock().expect("no panic").rules.push(rule);
    }
}

impl Drop for Proxy {
    fn drop(&mut self) {
        self.task.abort();
    }
}

/// A request as it came.
struct Request {
    method: String,
    path: String,
    headers: BTreeMap<String, String>,
    body: Vec<u8>,
}

/// From one of the bot's connections to the server.
struct Way {
    client: reqwest::Client,
    server: String,
    rules: Arc<Mutex<Rules>>,
}

impl Way {
    /// Hands on a connection's requests, one after the other.
    async fn serve(&self, stream: TcpStream) -> anyhow::Result<()> {
        let mut stream = BufReader::new(stream);
        while let Some(request) = Request::read(&mut stream).await? {
            let mut change = None;
            match self.act(&request) {
                None | Some(Act::AskForPassword | Act::Expired) => {}
                // Whoever held it may be gone.
                Some(Act::Gate(mut open)) => drop(open.wait_for(|open| *open).await),
                Some(Act::Withhold(send)) => {
                    if let Some(send) = send {
                        let (path, body) = (request.path, request.body);
                        let _ = send.send(Withheld { path, body });
                    }
                    answer(&mut stream, 200, "application/json", b"{}").await?;
                    continue;
                }
                Some(Act::Answer(status, body)) => {
                    let kind = if body.starts_with('<') {
                        "text/html"
                    } else {
                        "application/json"
                    };
                    answer(&mut stream, status, kind, body.as_bytes()).await?;
                    continue;
                }
                Some(Act::Cut(When::Before)) => return Ok(()),
                Some(Act::Cut(When::After)) => {
                    self.forward(request).await?.bytes().await?;
                    return Ok(());
                }
                Some(Act::Late) => {
                    self.forward(request).await?.bytes().await?;
                    let late = b"<html><h1>504 Gateway Time-out</h1></html>";
                    answer(&mut stream, 504, "text/html", late).await?;
                    continue;
                }
                Some(Act::Hold(when, send)) => {
                    if when == When::After {
                        self.forward(request).await?.bytes().await?;
                    }
                    if let Some(send) = send {
                        let _ = send.send(());
                    }
                    return std::future::pending().await;
                }
                Some(Act::Rewrite(Rewrite(by))) => change = Some(by),
            }
            let response = self.forward(request).await?;
            let status = response.status().as_u16();
            let kind = response.headers().get(CONTENT_TYPE).cloned();
            let kind = kind
                .as_ref()
                .map_or(Ok("application/json"), |kind| kind.to_str())?;
            let kind = kind.to_owned();
            let mut bytes = response.bytes().await?.to_vec();
            if let Some(change) = change {
                let mut said: Value = serde_json::from_slice(&bytes)?;
                change(&mut said);
                bytes = serde_json::to_vec(&said)?;
            }
            answer(&mut stream, status, &kind, &bytes).await?;
        }
        Ok(())
    }

    /// What is to be done about a request, by the first rule that fits.
    fn act(&self, request: &Request) -> Option<Act> {
        let mut rules = self.rules.lock().expect("no panic");
        rules
            .seen
            .push(format!("{} {}", request.method, request.path));
        let fits = |rule: &Rule| {
            request.method.starts_with(rule.method)
                && request.path.contains(&rule.part)
                && match rule.act {
                    Act::AskForPassword => {
                        !String::from_utf8_lossy(&request.body).contains("m.login.password")
                    }
                    Act::Expired => request.path.contains("/v3/login") || request.needs_session(),
                    _ => true,
                }
        };
        let at = rules.rules.iter().position(fits)?;
        if matches!(rules.rules[at].act, Act::Expired) && !request.needs_session() {
            // Somebody logs in: all is well again.
            rules.rules.remove(at);
            return None;
        }
        let rule = &mut rules.rules[at];
        let act = match &mut rule.act {
            Act::Hold(when, send) => Act::Hold(*when, send.take()),
            Act::Withhold(send) => Act::Withhold(send.take()),
            Act::Gate(open) => Act::Gate(open.clone()),
            Act::Answer(status, body) => Act::Answer(*status, body.clone()),
            Act::Cut(when) => Act::Cut(*when),
            Act::Late => Act::Late,
            Act::Rewrite(Rewrite(change)) => Act::Rewrite(Rewrite(Arc::clone(change))),
            Act::AskForPassword => {
                let flows = json!([{ "stages": ["m.login.password"] }]);
                let asks = json!({ "session": "s", "params": {}, "flows": flows });
                Act::Answer(401, asks.to_string())
            }
            Act::Expired => {
                let why = json!({ "errcode": "M_UNKNOWN_TOKEN", "error": "expired", "soft_logout": true });
                let refused = json!({ "errcode": "M_FORBIDDEN", "error": "expired" });
                match request.path.contains("/v3/refresh") {
                    true => Act::Answer(403, refused.to_string()),
                    false => Act::Answer(401, why.to_string()),
                }
            }
        };
        rule.times -= 1;
        if rule.times == 0 {
            rules.rules.remove(at);
        }
        Some(act)
    }

    async fn forward(&self, request: Request) -> anyhow::Result<reqwest::Response> {
        let url = format!("{}{}", self.server, request.path);
        let mut onward = self.client.request(request.method.parse()?, url);
        for (name, value) in &request.headers {
            if !matches!(
                name.as_str(),
                "host" | "content-length" | "connection" | "accept-encoding"
            ) {
                onward = onward.header(name, value);
            }
        }
        Ok(onward.body(request.body).send().await?)
    }
}

impl Request {
    /// Reads one; none where the connection ends before it.
    async fn read(stream: &mut BufReader<TcpStream>) -> anyhow::Result<Option<Self>> {
        let mut line = String::new();
        if stream.read_line(&mut line).await? == 0 {
            return Ok(None);
        }
        let mut words = line.split_whitespace();
        let method = words.next().unwrap_or_default().to_owned();
        let path = words.next().unwrap_or_default().to_owned();
        let headers = headers(stream).await?;
        let length = headers.get("content-length");
        let length = length.and_then(|length| length.parse().ok()).unwrap_or(0);
        let mut body = vec![0; length];
        stream.read_exact(&mut body).await?;
        Ok(Some(Self {
            method,
            path,
            headers,
            body,
        }))
    }

    fn needs_session(&self) -> bool {
        self.headers.contains_key("authorization") || self.path.contains("/v3/refresh")
    }
}

/// Answers a request.
async fn answer(
    stream: &mut BufReader<TcpStream>,
    status: u16,
    kind: &str,
    body: &[u8],
) -> anyhow::Result<()> {
    let head = format!(
        "HTTP/1.1 {status} -\r\ncontent-type: {kind}\r\ncontent-length: {}\r\n\r\n",
        body.len()
    );
    stream.write_all(head.as_bytes()).await?;
    stream.write_all(body).await?;
    Ok(stream.flush().await?)
}

async fn headers(stream: &mut BufReader<TcpStream>) -> anyhow::Result<BTreeMap<String, String>> {
    let mut headers = BTreeMap::new();
    loop {
        let mut line = String::new();
        stream.read_line(&mut line).await?;
        match line.trim_end().split_once(':') {
            Some((name, value)) => headers.insert(name.to_lowercase(), value.trim().to_owned()),
            None => return Ok(headers),
        };
    }
}
