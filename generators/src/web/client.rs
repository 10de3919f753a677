//! The visitor: requests one after the other on one connection, by hyper's client.

use std::io::{self, Read};

use flate2::read::GzDecoder;
use http_body_util::{BodyExt, Full};
use hyper::{
    HeaderMap, Method, Request, Response, StatusCode,
    body::{Bytes, Incoming},
    client::conn::http1,
    header::{ACCEPT, CONTENT_ENCODING, CONTENT_TYPE, HOST, LOCATION, USER_AGENT},
    http::{self, response},
};
use hyper_util::rt::TokioIo;
use tokio::io::{AsyncRead, AsyncWrite};

use super::{
    SERVER_NAME,
    answer::{CONTENT_DIGEST, content_digest},
    told_request, told_response,
};
use crate::{Failure, actor::Actor, counted::Counted, lent::Lent, steps};

/// A request for a page.
pub(crate) fn get(target: impl Into<String>) -> http::request::Builder {
    get_from(SERVER_NAME, target)
}

/// A request for a page of the host of that name.
pub(crate) fn get_from(host: &'static str, target: impl Into<String>) -> http::request::Builder {
    Request::builder()
        .method(Method::GET)
        .uri(target.into())
        .header(HOST, host)
        .header(USER_AGENT, "wirestage")
        .header(ACCEPT, "text/html")
}

/// A request that sends what was filled into a form.
pub(crate) fn post(target: &'static str) -> http::request::Builder {
    send(target, "application/x-www-form-urlencoded")
}

/// A request that sends something of that type.
pub(crate) fn send(target: &'static str, kind: &'static str) -> http::request::Builder {
    get(target).method(Method::POST).header(CONTENT_TYPE, kind)
}

/// Sends each request when the answer to the one before is complete, and gives the connection back
/// still open. Each request comes with the status it must be answered with.
pub(crate) async fn browse<C>(
    actor: &Actor,
    connection: C,
    requests: Vec<(Request<Bytes>, StatusCode)>,
) -> Result<C, Failure>
where
    C: AsyncRead + AsyncWrite + Unpin,
{
    talk(actor, connection, async |mut visitor| {
        for (request, status) in requests {
            visitor.ask(request).await?.must_be(actor, status)?;
        }
        Ok(())
    })
    .await
}

/// Says what `say` has to say, each time with the answer before in hand, and gives the connection
/// back still open.
pub(crate) async fn talk<C>(
    actor: &Actor,
    connection: C,
    say: impl AsyncFnOnce(Visitor) -> Result<(), Failure>,
) -> Result<C, Failure>
where
    C: AsyncRead + AsyncWrite + Unpin,
{
    let (sender, connection) = http1::Builder::new()
        .title_case_headers(true)
        .handshake(TokioIo::new(connection))
        .await
        .map_err(|error| actor.failed("begin HTTP", error))?;

    // hyper has two halves: the sender takes requests and gives answers, the connection moves the
    // bytes. With the visitor the sender is dropped, and the connection knows that nothing more
    // will be asked.
    let visitor = Visitor { actor: actor.clone(), sender };
    let (said, moved) = tokio::join!(say(visitor), connection.without_shutdown());
    said?;
    let parts = moved.map_err(|error| actor.failed("carry HTTP", error))?;
    Ok(parts.io.into_inner())
}

/// One who asks on a connection, again and again.
pub(crate) struct Visitor {
    actor: Actor,
    sender: http1::SendRequest<Full<Bytes>>,
}

/// An answer with all of its content.
pub(crate) struct Heard {
    pub(crate) head: response::Parts,
    pub(crate) body: Bytes,
}

impl Heard {
    /// Fails where the answer is another than was expected.
    pub(crate) fn must_be(self, actor: &Actor, status: StatusCode) -> Result<Heard, Failure> {
        if self.head.status != status {
            let found = format!("the answer was {}", self.head.status);
            return Err(actor.expected(status.to_string(), found));
        }
        Ok(self)
    }

    /// Where the answer says that something is.
    pub(crate) fn location(&self, actor: &Actor) -> Result<String, Failure> {
        let place = self.head.headers.get(LOCATION).and_then(|place| place.to_str().ok());
        place.map(str::to_owned).ok_or_else(|| actor.expected("a place", "none was named"))
    }
}

/// Fetches one page, and gives the connection back still open.
pub(crate) async fn visit<C>(actor: &Actor, connection: C, page: &'static str) -> Result<C, Failure>
where
    C: AsyncRead + AsyncWrite + Unpin,
{
    let request = get(page).body(Bytes::new());
    let request = request.map_err(|error| actor.failed("write its request", error))?;
    browse(actor, connection, vec![(request, StatusCode::OK)]).await
}

impl Visitor {
    /// Asks, and hears the answer to its end.
    pub(crate) async fn ask(&mut self, request: Request<Bytes>) -> Result<Heard, Failure> {
        let doing = format!("ask for {}", request.uri());
        let response = self.send(request).await;
        let response = response.map_err(|error| self.actor.failed(&doing, error))?;
        hear(&self.actor, response).await
    }

    /// Asks, and gives what comes of it: an answer that has only begun, or none.
    async fn send(&mut self, request: Request<Bytes>) -> hyper::Result<Response<Incoming>> {
        let (head, body) = request.into_parts();
        let version = format!("{:?}", head.version);
        self.actor.say(steps::http_request_sent(told_request(&head, &version, &body)));
        self.sender.send_request(Request::from_parts(head, Full::new(body))).await
    }
}

/// Asks for something whose answer gets lost: whoever should give it breaks the connection off.
pub(crate) async fn ask_in_vain(
    actor: &Actor,
    connection: Counted,
    request: Request<Bytes>,
    peer: &'static str,
) -> Result<(), Failure> {
    ask_unanswered(actor, connection, request).await?.broken(peer);
    Ok(())
}

/// Asks for something, and gives the connection back when it is clear that no answer comes on it.
pub(crate) async fn ask_unanswered(
    actor: &Actor,
    connection: Counted,
    request: Request<Bytes>,
) -> Result<Counted, Failure> {
    let (lent, given_back) = Lent::new(connection);
    let (sender, connection) = http1::Builder::new()
        .title_case_headers(true)
        .handshake(TokioIo::new(lent))
        .await
        .map_err(|error| actor.failed("begin HTTP", error))?;
    let mut visitor = Visitor { actor: actor.clone(), sender };
    let (answer, _) = tokio::join!(visitor.send(request), connection);
    if answer.is_ok() {
        return Err(actor.expected("no answer", "one came"));
    }
    actor.hear(given_back).await
}

/// Reads an answer to its end, undoes what was done to its content, and says what it was.
pub(super) async fn hear(actor: &Actor, response: Response<Incoming>) -> Result<Heard, Failure> {
    let (head, body) = response.into_parts();
    let body = body.collect().await.map_err(|error| actor.failed("read an answer", error))?;
    let trailers = body.trailers().cloned().unwrap_or_default();
    let body = body.to_bytes();
    check_digest(actor, &trailers, &body)?;
    let body = match head.headers.get(CONTENT_ENCODING) {
        Some(coding) if coding == "gzip" => {
            unzipped(&body).map_err(|error| actor.cannot("undo gzip", error))?
        }
        _ => body,
    };
    let version = format!("{:?}", head.version);
    actor.say(steps::http_response_received(told_response(&head, &version, &body, &trailers)));
    Ok(Heard { head, body })
}

/// A digest behind the content must be that of the content before its coding is undone.
fn check_digest(actor: &Actor, trailers: &HeaderMap, content: &[u8]) -> Result<(), Failure> {
    let expected = content_digest(content);
    match trailers.get(CONTENT_DIGEST) {
        Some(told) if told.as_bytes() != expected.as_bytes() => {
            Err(actor.expected(expected, format!("the digest was {told:?}")))
        }
        _ => Ok(()),
    }
}

fn unzipped(content: &[u8]) -> io::Result<Bytes> {
    let mut plain = Vec::new();
    GzDecoder::new(content).read_to_end(&mut plain)?;
    Ok(plain.into())
}
