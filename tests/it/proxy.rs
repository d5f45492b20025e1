//! A way for the bot to the homeserver on which a test can hold a request: before it goes on, or after it was done.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};

use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::oneshot;

/// When a held request is stopped.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum When {
    /// The server never hears of it.
    Before,
    /// The server has done it; the answer never comes.
    After,
}

/// A request that is to be held: its method, a part of its path, and when.
struct Trap {
    method: &'static str,
    path: String,
    when: When,
    sprung: oneshot::Sender<()>,
}

/// A request that the server never got, though it was answered as if: where it went and what was in it.
#[derive(Debug)]
pub struct Withheld {
    pub path: String,
    pub body: Vec<u8>,
}

/// A request that is to be withheld: its method, a part of its path, and who gets it.
type Withholding = (&'static str, String, oneshot::Sender<Withheld>);

/// The proxy; ends when it is dropped.
pub struct Proxy {
    url: String,
    withholding: Arc<Mutex<Option<Withholding>>>,
    strict: Arc<AtomicBool>,
    trap: Arc<Mutex<Option<Trap>>>,
    task: tokio::task::JoinHandle<()>,
}

impl Proxy {
    /// Starts one in front of a server.
    pub async fn start(server: &str) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let url = format!("http://{}", listener.local_addr().expect("an address"));
        let trap: Arc<Mutex<Option<Trap>>> = Arc::default();
        let withholding: Arc<Mutex<Option<Withholding>>> = Arc::default();
        let (server, shared) = (server.to_owned(), trap.clone());
        let kept = withholding.clone();
        let strict: Arc<AtomicBool> = Arc::default();
        let asks = strict.clone();
        let task = tokio::spawn(async move {
            let client = reqwest::Client::new();
            let mut connections = tokio::task::JoinSet::new();
            while let Ok((stream, _)) = listener.accept().await {
                let (client, server, trap) = (client.clone(), server.clone(), shared.clone());
                let (withholding, strict) = (kept.clone(), asks.clone());
                connections.spawn(async move {
                    // A connection that breaks off is the bot's to notice.
                    let _ = serve(stream, &client, &server, &trap, &withholding, &strict).await;
                });
            }
        });
        Self {
            url,
            withholding,
            strict,
            trap,
            task,
        }
    }

    /// Where the bot finds it.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// From now on the server asks for the password before it takes an account's first identity, as some do.
    pub fn ask_for_passwords(&self) {
        self.strict.store(true, Ordering::Relaxed);
    }

    /// Answers the next request of this kind as if it were done, and gives it to the receiver.
    pub fn withhold(&self, method: &'static str, path: &str) -> oneshot::Receiver<Withheld> {
        let (send, receive) = oneshot::channel();
        *self.withholding.lock().expect("no panic") = Some((method, path.to_owned(), send));
        receive
    }

    /// Holds the next request of this kind for good; the receiver hears when it is there.
    pub fn hold(&self, method: &'static str, path: &str, when: When) -> oneshot::Receiver<()> {
        let (sprung, heard) = oneshot::channel();
        let trap = Trap {
            method,
            path: path.to_owned(),
            when,
            sprung,
        };
        *self.trap.lock().expect("no panic") = Some(trap);
        heard
    }
}

impl Drop for Proxy {
    fn drop(&mut self) {
        self.task.abort();
    }
}

/// Hands on one connection's requests, one after the other.
async fn serve(
    stream: TcpStream,
    client: &reqwest::Client,
    server: &str,
    trap: &Mutex<Option<Trap>>,
    withholding: &Mutex<Option<Withholding>>,
    strict: &AtomicBool,
) -> anyhow::Result<()> {
    let mut stream = BufReader::new(stream);
    loop {
        let mut line = String::new();
        if stream.read_line(&mut line).await? == 0 {
            return Ok(());
        }
        let mut words = line.split_whitespace();
        let method = words.next().unwrap_or_default().to_owned();
        let path = words.next().unwrap_or_default().to_owned();
        let headers = headers(&mut stream).await?;
        let length = headers
            .get("content-length")
            .and_then(|length| length.parse().ok())
            .unwrap_or(0);
        let mut body = vec![0; length];
        stream.read_exact(&mut body).await?;

        if strict.load(Ordering::Relaxed)
            && path.contains("/keys/device_signing/upload")
            && !String::from_utf8_lossy(&body).contains("m.login.password")
        {
            let asks = r#"{"session":"s","params":{},"flows":[{"stages":["m.login.password"]}]}"#;
            answer(&mut stream, "401 Unauthorized", asks).await?;
            continue;
        }
        let withheld = {
            let mut withholding = withholding.lock().expect("no panic");
            withholding.take_if(|(of, part, _)| method == *of && path.contains(part.as_str()))
        };
        if let Some((_, _, send)) = withheld {
            let _ = send.send(Withheld { path, body });
            answer(&mut stream, "200 OK", "{}").await?;
            continue;
        }
        let sprung = {
            let mut trap = trap.lock().expect("no panic");
            let fits = |trap: &Trap| method == trap.method && path.contains(&trap.path);
            if trap.as_ref().is_some_and(fits) {
                trap.take()
            } else {
                None
            }
        };
        if let Some(Trap {
            when: When::Before,
            sprung,
            ..
        }) = sprung
        {
            let _ = sprung.send(());
            return std::future::pending().await;
        }
        let mut request = client
            .request(method.parse()?, format!("{server}{path}"))
            .body(body);
        for (name, value) in headers.iter().filter(|(name, _)| {
            !matches!(
                name.as_str(),
                "host" | "content-length" | "connection" | "accept-encoding"
            )
        }) {
            request = request.header(name, value);
        }
        let answer = request.send().await?;
        if let Some(Trap { sprung, .. }) = sprung {
            answer.bytes().await?;
            let _ = sprung.send(());
            return std::future::pending().await;
        }
        let status = answer.status();
        let kind = answer.headers().get("content-type").cloned();
        let bytes = answer.bytes().await?;
        let mut head = format!(
            "HTTP/1.1 {} {}\r\ncontent-length: {}\r\n",
            status.as_u16(),
            status.canonical_reason().unwrap_or("-"),
            bytes.len()
        );
        if let Some(kind) = kind {
            head.push_str(&format!("content-type: {}\r\n", kind.to_str()?));
        }
        head.push_str("\r\n");
        stream.write_all(head.as_bytes()).await?;
        stream.write_all(&bytes).await?;
        stream.flush().await?;
    }
}

/// Answers in the server's place.
async fn answer(stream: &mut BufReader<TcpStream>, status: &str, json: &str) -> anyhow::Result<()> {
    let head = format!(
        "HTTP/1.1 {status}\r\ncontent-type: application/json\r\ncontent-length: {}\r\n\r\n{json}",
        json.len()
    );
    stream.write_all(head.as_bytes()).await?;
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
