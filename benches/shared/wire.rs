//! Requests and responses as a proxy between the bot and a homeserver sees them.

use anyhow::{Result, bail};
use tokio::io::{AsyncBufReadExt, AsyncReadExt, BufReader};
use tokio::net::TcpStream;

/// A request or a response, whole.
pub struct Message {
    /// The first line.
    pub first: Vec<u8>,
    headers: Vec<u8>,
    /// What follows the headers.
    pub body: Vec<u8>,
}

impl Message {
    /// Reads one; none where the connection ends before it.
    pub async fn read(stream: &mut BufReader<TcpStream>) -> Result<Option<Self>> {
        let mut first = Vec::new();
        if stream.read_until(b'\n', &mut first).await? == 0 {
            return Ok(None);
        }
        let (mut headers, mut length, mut is_chunked) = (Vec::new(), 0, false);
        loop {
            let mut line = String::new();
            if stream.read_line(&mut line).await? == 0 {
                bail!("broken off in the headers");
            }
            let Some((name, value)) = line.trim_end().split_once(':') else {
                break;
            };
            match name.to_lowercase().as_str() {
                "content-length" => length = value.trim().parse()?,
                "transfer-encoding" => is_chunked = value.contains("chunked"),
                // What is looked into must not be compressed.
                "accept-encoding" => {}
                _ => headers.extend_from_slice(line.as_bytes()),
            }
        }
        let mut body = Vec::new();
        if is_chunked {
            while let size @ 1.. = chunk(stream).await? {
                let begun = body.len();
                body.resize(begun + size, 0);
                stream.read_exact(&mut body[begun..]).await?;
                stream.read_line(&mut String::new()).await?;
            }
            stream.read_line(&mut String::new()).await?;
        } else {
            body.resize(length, 0);
            stream.read_exact(&mut body).await?;
        }
        Ok(Some(Self {
            first,
            headers,
            body,
        }))
    }

    /// As it goes on.
    pub fn bytes(&self) -> Vec<u8> {
        let length = format!("content-length: {}\r\n\r\n", self.body.len());
        [&self.first, &self.headers, length.as_bytes(), &self.body].concat()
    }
}

/// The size of the next chunk.
async fn chunk(stream: &mut BufReader<TcpStream>) -> Result<usize> {
    let mut line = String::new();
    stream.read_line(&mut line).await?;
    let size = line.split(';').next().unwrap_or_default().trim();
    Ok(usize::from_str_radix(size, 16)?)
}
