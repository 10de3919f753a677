//! Small web sites and visitors to them: HTTP/1.x by hyper, over any connection it is given.
//!
//! Scenarios that teach what lies below HTTP, such as TLS, use the pages as they are; those of HTTP
//! are about how requests and answers travel.

mod answer;
mod client;
mod pieces;
mod pipeline;
mod server;
mod site;
mod upload;

use hyper::{
    HeaderMap,
    header::{CONNECTION, CONTENT_ENCODING, HOST, HeaderName, LOCATION},
    http::{request, response, uri::PathAndQuery},
};

use crate::steps;

pub(crate) use answer::Answer;
pub(crate) use client::{
    Visitor, ask_in_vain, ask_unanswered, browse, get, get_from, post, send, talk, visit,
};
pub(crate) use pieces::ask_in_pieces;
pub(crate) use pipeline::ask_at_once;
pub(crate) use server::{serve, serve_and_die, serve_once};
pub(crate) use site::{
    Answers, MADE_PAGES, PAGE, PAGES, SLOW_REPORT, Site, UPLOADS, empty, front_page,
};
pub(crate) use upload::{Upload, offer};

/// The well-known port of HTTP.
pub(crate) const HTTP: u16 = 80;

/// The well-known port of HTTPS.
pub(crate) const HTTPS: u16 = 443;

/// The server's name. Names under `.test` are reserved for testing and belong to nobody (RFC 6761,
/// section 6.2).
pub(crate) const SERVER_NAME: &str = "server.wirestage.test";

/// The request as the transcript tells it.
pub(crate) fn told_request<'a>(
    head: &'a request::Parts,
    version: &'a str,
    body: &'a [u8],
) -> steps::Request<'a> {
    steps::Request {
        method: head.method.as_str(),
        target: head.uri.path_and_query().map_or("/", PathAndQuery::as_str),
        version,
        host: field(&head.headers, HOST),
        connection: field(&head.headers, CONNECTION),
        body,
    }
}

/// The response as the transcript tells it.
fn told_response<'a>(
    head: &'a response::Parts,
    version: &'a str,
    body: &'a [u8],
    trailers: &'a HeaderMap,
) -> steps::Response<'a> {
    steps::Response {
        version,
        status: head.status.as_u16(),
        location: field(&head.headers, LOCATION),
        connection: field(&head.headers, CONNECTION),
        coding: field(&head.headers, CONTENT_ENCODING),
        body,
        digest: field(trailers, HeaderName::from_static(answer::CONTENT_DIGEST)),
    }
}

fn field(headers: &HeaderMap, name: HeaderName) -> Option<&str> {
    headers.get(name).and_then(|value| value.to_str().ok())
}
