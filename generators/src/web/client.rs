//! The visitor: requests one after the other on one connection, by hyper's client.

use std::io::{self, Read};

use flate2::read::GzDecoder;
use http_body_util::{BodyExt, Full};
use hyper::{
    HeaderMap, Method, Request, Response, StatusCode,
    body::{Bytes, Incoming},
    client::conn::http1,
    header::{ACCEPT, CONTENT_ENCODING, CONTENT_TYPE, HOST, USER_AGENT},
    http,
};
use hyper_util::rt::TokioIo;
use tokio::io::{AsyncRead, AsyncWrite};

use super::{
    SERVER_NAME,
    answer::{CONTENT_DIGEST, content_digest},
    told_request, told_response,
};
use crate::{Failure, actor::Actor, steps};

/// A request for a page.
pub(crate) fn get(target: &'static str) -> http::request::Builder {
    Request::builder()
        .method(Method::GET)
        .uri(target)
        .header(HOST, SERVER_NAME)
        .header(USER_AGENT, "wirestage")
        .header(ACCEPT, "text/html")
}

/// A request that sends what was filled into a form.
pub(crate) fn post(target: &'static str) -> http::request::Builder {
    get(target).method(Method::POST).header(CONTENT_TYPE, "application/x-www-form-urlencoded")
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
    let (mut sender, connection) = http1::Builder::new()
        .title_case_headers(true)
        .handshake(TokioIo::new(connection))
        .await
        .map_err(|error| actor.failed("begin HTTP", error))?;

    // hyper has two halves: the sender takes requests and gives answers, the connection moves the
    // bytes.
    let asking = async move {
        for (request, status) in requests {
            ask(actor, &mut sender, request, status).await?;
        }
        // The sender is dropped here, and the connection knows that nothing more will be asked.
        Ok(())
    };
    let (asked, moved) = tokio::join!(asking, connection.without_shutdown());
    asked?;
    let parts = moved.map_err(|error| actor.failed("carry HTTP", error))?;
    Ok(parts.io.into_inner())
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

/// One request and its answer.
async fn ask(
    actor: &Actor,
    sender: &mut http1::SendRequest<Full<Bytes>>,
    request: Request<Bytes>,
    status: StatusCode,
) -> Result<(), Failure> {
    let (head, body) = request.into_parts();
    let version = format!("{:?}", head.version);
    actor.say(steps::http_request_sent(told_request(&head, &version, &body)));

    let doing = format!("ask for {}", head.uri);
    let response = sender
        .send_request(Request::from_parts(head, Full::new(body)))
        .await
        .map_err(|error| actor.failed(&doing, error))?;
    hear(actor, response, status).await
}

/// Reads an answer to its end, undoes what was done to its content, and says what it was.
pub(super) async fn hear(
    actor: &Actor,
    response: Response<Incoming>,
    status: StatusCode,
) -> Result<(), Failure> {
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

    if head.status != status {
        return Err(actor.expected(status.to_string(), format!("the answer was {}", head.status)));
    }
    Ok(())
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
