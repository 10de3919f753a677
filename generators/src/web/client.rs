//! The visitor: requests one after the other on one connection, by hyper's client.

use http_body_util::{BodyExt, Full};
use hyper::{
    Method, Request, StatusCode,
    body::Bytes,
    client::conn::http1,
    header::{ACCEPT, CONTENT_TYPE, HOST, USER_AGENT},
    http,
};
use hyper_util::rt::TokioIo;
use tokio::io::{AsyncRead, AsyncWrite};

use super::{SERVER_NAME, told_request, told_response};
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

    let (head, body) = response.into_parts();
    let body =
        body.collect().await.map_err(|error| actor.failed("read an answer", error))?.to_bytes();
    let version = format!("{:?}", head.version);
    actor.say(steps::http_response_received(told_response(&head, &version, &body)));

    if head.status != status {
        return Err(actor.expected(status.to_string(), format!("the answer was {}", head.status)));
    }
    Ok(())
}
