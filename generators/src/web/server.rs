//! A server: requests read to their end and answered by whatever [`Answers`], with hyper's server.

use std::{error::Error, net::SocketAddr};

use http_body_util::BodyExt;
use hyper::{
    HeaderMap, Request, Response,
    body::Incoming,
    header::{CONNECTION, HeaderValue, SERVER},
    http::request,
    server::conn::http1,
    service::service_fn,
};
use hyper_util::rt::TokioIo;
use tokio::{
    io::{AsyncRead, AsyncWrite},
    sync::oneshot,
};

use super::{
    answer::{Answer, Body},
    site::Answers,
    told_request, told_response,
};
use crate::{Failure, actor::Actor, counted::Counted, lent::Lent, steps};

/// Listens, and serves one connection until its client asks for the last answer; closes it first.
///
/// The writing side alone is closed, and the client's FIN waited for: a full close could answer
/// bytes still on their way with a reset, and cost the client the end of the last answer (RFC 9112,
/// section 9.6).
pub(crate) async fn serve_once(
    actor: &Actor,
    site: &impl Answers,
    listening: oneshot::Sender<SocketAddr>,
) -> Result<(), Failure> {
    let listener = actor.listen(super::HTTP, listening)?;
    let connection = serve(actor, site, actor.accept(&listener).await?).await?;
    connection.close_first("client").await
}

/// Answers requests on one connection until the client asks for the last or leaves, and gives the
/// connection back still open, so that the caller can close it in order.
pub(crate) async fn serve<C>(
    actor: &Actor,
    site: &impl Answers,
    connection: C,
) -> Result<C, Failure>
where
    C: AsyncRead + AsyncWrite + Unpin,
{
    let service = service_fn(|request| reply(actor, site, request));
    let parts = http1::Builder::new()
        .title_case_headers(true)
        .serve_connection(TokioIo::new(connection), service)
        .without_shutdown()
        .await
        .map_err(|error| actor.failed("serve HTTP", error))?;
    Ok(parts.io.into_inner())
}

/// Reads one request to its end and answers it, and says both. A request that is refused for its
/// head alone is never read further.
async fn reply(
    actor: &Actor,
    site: &impl Answers,
    request: Request<Incoming>,
) -> Result<Response<Body>, Box<dyn Error + Send + Sync>> {
    // Whoever gives up a body that has not come asks hyper to end the connection.
    let (head, mut answer, _unread) = take(actor, site, request).await?;
    tokio::time::sleep(answer.thinking).await;
    let headers = answer.response.headers_mut();
    headers.insert(SERVER, HeaderValue::from_static("wirestage"));
    if asks_to_close(&head.headers) {
        headers.insert(CONNECTION, HeaderValue::from_static("close"));
    }
    say_sent(actor, &head.version, &answer);
    Ok(answer.into_response())
}

/// Reads one request, says it, and finds its answer; with it comes the body, where it was not read.
async fn take(
    actor: &Actor,
    site: &impl Answers,
    request: Request<Incoming>,
) -> Result<(request::Parts, Answer, Option<Incoming>), Box<dyn Error + Send + Sync>> {
    let (head, body) = request.into_parts();
    let refused = site.refuse(&head)?;
    let mut unread = None;
    let body = match refused {
        Some(_) => {
            unread = Some(body);
            Default::default()
        }
        // Where the client waits for a word before it sends the body, hyper says 100 Continue as
        // soon as somebody wants to read it (RFC 9110, section 10.1.1).
        None => body.collect().await?.to_bytes(),
    };
    let version = format!("{:?}", head.version);
    actor.say(steps::http_request_received(told_request(&head, &version, &body)));

    let answer = match refused {
        Some(answer) => answer,
        None => site.answer(&head, &body).await?,
    };
    Ok((head, answer, unread))
}

/// Takes one request, does what it asks, and breaks the connection off before the answer has left,
/// as a program does that dies at the wrong moment.
pub(crate) async fn serve_and_die(
    actor: &Actor,
    site: &impl Answers,
    connection: Counted,
) -> Result<(), Failure> {
    let (lent, given_back) = Lent::new(connection);
    let service = service_fn(|request| async {
        let (_, answer, _) = take(actor, site, request).await?;
        drop(answer);
        Err::<Response<Body>, _>(Box::<dyn Error + Send + Sync>::from("it dies here"))
    });
    // That the service fails is how it is meant.
    let _ = http1::Builder::new().serve_connection(TokioIo::new(lent), service).await;
    actor.hear(given_back).await?.abort()
}

/// Says what is about to be sent. The version on the wire is the request's: a server does not
/// speak a newer one than it was asked in.
fn say_sent(actor: &Actor, version: &hyper::Version, answer: &Answer) {
    let head = answer.response.clone().into_parts().0;
    let version = format!("{version:?}");
    actor.say(steps::http_response_sent(told_response(
        &head,
        &version,
        answer.response.body(),
        &answer.trailers,
    )));
}

/// Who is asked to close says that it will (RFC 9112, section 9.6).
fn asks_to_close(headers: &HeaderMap) -> bool {
    headers.get(CONNECTION).is_some_and(|value| value.as_bytes().eq_ignore_ascii_case(b"close"))
}
