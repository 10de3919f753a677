//! The site: three pages and a guest book, answered by hyper's server.

use std::error::Error;

use http_body_util::{BodyExt, Full};
use hyper::{
    Method, Request, Response, StatusCode,
    body::{Bytes, Incoming},
    header::{CONNECTION, CONTENT_TYPE, HeaderValue, LOCATION, SERVER},
    http,
    server::conn::http1,
    service::service_fn,
};
use hyper_util::rt::TokioIo;
use tokio::io::{AsyncRead, AsyncWrite};

use super::{told_request, told_response};
use crate::{Failure, actor::Actor, steps};

const HTML: HeaderValue = HeaderValue::from_static("text/html; charset=utf-8");

/// Answers requests on one connection until the client asks for the last or leaves, and gives the
/// connection back still open, so that the caller can close it in order.
pub(crate) async fn serve<C>(actor: &Actor, connection: C) -> Result<C, Failure>
where
    C: AsyncRead + AsyncWrite + Unpin,
{
    let service = service_fn(|request| answer(actor, request));
    let parts = http1::Builder::new()
        .title_case_headers(true)
        .serve_connection(TokioIo::new(connection), service)
        .without_shutdown()
        .await
        .map_err(|error| actor.failed("serve HTTP", error))?;
    Ok(parts.io.into_inner())
}

/// Reads one request to its end and answers it, and says both.
async fn answer(
    actor: &Actor,
    request: Request<Incoming>,
) -> Result<Response<Full<Bytes>>, Box<dyn Error + Send + Sync>> {
    let (head, body) = request.into_parts();
    let body = body.collect().await?.to_bytes();
    let version = format!("{:?}", head.version);
    actor.say(steps::http_request_received(told_request(&head, &version, &body)));

    let mut response = route(&head.method, head.uri.path(), &body)?;
    response.headers_mut().insert(SERVER, HeaderValue::from_static("wirestage"));
    // Who is asked to close says that it will (RFC 9112, section 9.6).
    if head
        .headers
        .get(CONNECTION)
        .is_some_and(|value| value.as_bytes().eq_ignore_ascii_case(b"close"))
    {
        response.headers_mut().insert(CONNECTION, HeaderValue::from_static("close"));
    }

    let (head, body) = response.into_parts();
    let version = format!("{:?}", head.version);
    actor.say(steps::http_response_sent(told_response(&head, &version, &body)));
    Ok(Response::from_parts(head, Full::new(body)))
}

/// Which answer belongs to which request.
fn route(method: &Method, path: &str, body: &[u8]) -> Result<Response<Bytes>, http::Error> {
    let page = |html: &'static str| {
        Response::builder().header(CONTENT_TYPE, HTML).body(Bytes::from_static(html.as_bytes()))
    };
    match (method, path) {
        (&Method::GET, "/") => page(include_str!("pages/index.html")),
        (&Method::GET, "/about.html") => page(include_str!("pages/about.html")),
        (&Method::GET, "/thanks.html") => page(include_str!("pages/thanks.html")),
        // After a POST the browser is sent to a page it may reload without writing twice (RFC 9110,
        // section 15.4.4).
        (&Method::POST, "/guestbook") if body.starts_with(b"name=") => Response::builder()
            .status(StatusCode::SEE_OTHER)
            .header(LOCATION, "/thanks.html")
            .body(Bytes::new()),
        (&Method::POST, "/guestbook") => {
            Response::builder().status(StatusCode::UNPROCESSABLE_ENTITY).body(Bytes::new())
        }
        _ => Response::builder().status(StatusCode::NOT_FOUND).body(Bytes::new()),
    }
}
