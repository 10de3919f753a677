//! A visitor that does not wait: all requests leave in one write, the answers come in their order.
//!
//! No common client library does this any more, so the requests are written by hand here, and the
//! answers are cut out of the stream by their lengths.

use hyper::StatusCode;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};

use super::SERVER_NAME;
use crate::{Failure, actor::Actor, steps};

/// How many header fields an answer may have: those of our own server are fewer.
const MAX_FIELDS: usize = 16;

/// How much is read at once.
const READ: usize = 4096;

/// Asks for all `targets` at once, and reads as many answers, each of which must be 200.
pub(crate) async fn ask_at_once<C>(
    actor: &Actor,
    mut connection: C,
    targets: &[&str],
) -> Result<C, Failure>
where
    C: AsyncRead + AsyncWrite + Unpin,
{
    let mut requests = String::new();
    for (at, target) in targets.iter().enumerate() {
        let last = at + 1 == targets.len();
        let close = if last { "Connection: close\r\n" } else { "" };
        requests += &format!("GET {target} HTTP/1.1\r\nHost: {SERVER_NAME}\r\n{close}\r\n");
        actor.say(steps::http_request_sent(steps::Request {
            method: "GET",
            target,
            version: "HTTP/1.1",
            host: Some(SERVER_NAME),
            connection: last.then_some("close"),
            body: &[],
        }));
    }
    connection
        .write_all(requests.as_bytes())
        .await
        .map_err(|error| actor.cannot("send its requests", error))?;

    let mut read = Vec::new();
    for _ in targets {
        let length = loop {
            if let Some(length) = hear(actor, &read)? {
                break length;
            }
            let mut more = [0; READ];
            let count = connection.read(&mut more).await;
            match count.map_err(|error| actor.cannot("read an answer", error))? {
                0 => return Err(actor.expected("another answer", "the connection ended")),
                count => read.extend_from_slice(more.get(..count).unwrap_or_default()),
            }
        };
        read.drain(..length);
    }
    Ok(connection)
}

/// Says the answer that stands at the front, and gives its length; nothing while it is incomplete.
fn hear(actor: &Actor, read: &[u8]) -> Result<Option<usize>, Failure> {
    let mut fields = [httparse::EMPTY_HEADER; MAX_FIELDS];
    let mut head = httparse::Response::new(&mut fields);
    let status = head.parse(read).map_err(|error| actor.failed("read a head", error))?;
    let httparse::Status::Complete(end) = status else { return Ok(None) };
    let field = |name: &str| {
        let named = head.headers.iter().find(|field| field.name.eq_ignore_ascii_case(name))?;
        str::from_utf8(named.value).ok()
    };
    let length = field("content-length").and_then(|length| length.parse::<usize>().ok());
    let Some(length) = length else {
        return Err(actor.expected("an answer that says its length", "it has none"));
    };
    let Some(body) = read.get(end..end.saturating_add(length)) else { return Ok(None) };
    let status = head.code.unwrap_or_default();
    actor.say(steps::http_response_received(steps::Response {
        version: if head.version == Some(1) { "HTTP/1.1" } else { "HTTP/1.0" },
        status,
        location: field("location"),
        connection: field("connection"),
        coding: field("content-encoding"),
        body,
        digest: None,
    }));
    if status != StatusCode::OK.as_u16() {
        return Err(actor.expected("200 OK", format!("the answer was {status}")));
    }
    Ok(Some(end + length))
}
