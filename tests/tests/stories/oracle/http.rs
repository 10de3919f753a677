//! The steps of HTTP/1.1, from the fields of its messages.

use std::collections::VecDeque;

use wirestage_dissectors::ids::Direction::{Backward, Forward};
use wirestage_dissectors::ids::ProtocolId;
use wirestage_generators::steps::{
    Request, Response, http_interim_received, http_request_received, http_request_sent,
    http_response_received, http_response_sent,
};

use super::Connection;
use super::fields::Fields;
use super::happened::Happened;
use super::tcp::has_left;
use super::websocket::is_upgrade;

pub(super) fn tell(connection: &Connection<'_>, happened: &mut Happened) {
    // A server takes up one request after the other: what came early waits for its turn.
    let (mut busy, mut early) = (false, VecDeque::new());
    let is_request = |fields: &Fields| fields.text("http.request.method").is_some();
    let last = connection.of(ProtocolId::of("http")).filter(|said| is_request(&said.fields)).last();
    let unread = last.map(|last| last.done).filter(|_| has_left(connection));
    let mut at = None;
    for said in connection.of(ProtocolId::of("http")) {
        let fields = &said.fields;
        // An interim answer may come before the question is whole, and is heard behind it.
        at = at.max(Some(said.done));
        let done = at.unwrap_or(said.done);
        let mut say = |direction, step| {
            if connection.blind != Some(direction) {
                happened.by(done, connection, direction, step);
            }
        };
        // Its own steps tell how a connection turns to WebSocket.
        if is_upgrade(fields) {
            continue;
        }
        let text = |name| fields.text(name);
        let body = fields.bytes("http.file_data").unwrap_or_default();
        if let Some(method) = text("http.request.method") {
            let request = Request {
                method,
                target: text("http.request.uri").expect("a request has a target"),
                version: text("http.request.version").expect("a request has a version"),
                host: text("http.host"),
                connection: text("http.connection"),
                body,
            };
            say(Forward, http_request_sent(request));
            let received = http_request_received(request);
            if unread == Some(said.done) {
                continue;
            }
            if std::mem::replace(&mut busy, true) {
                early.push_back(received);
            } else {
                say(Backward, received);
            }
        } else if let Some(status) =
            fields.number("http.response.code").filter(|status| *status < 200)
        {
            let version = text("http.response.version").expect("a response has a version");
            let status = u16::try_from(status).expect("a status has three digits");
            say(Forward, http_interim_received(version, status));
        } else if is_open(fields) {
            // What it says is told by its events.
            busy = false;
        } else if let Some(status) = fields.number("http.response.code") {
            let response = Response {
                version: text("http.response.version").expect("a response has a version"),
                status: u16::try_from(status).expect("a status has three digits"),
                location: text("http.location"),
                connection: text("http.connection"),
                coding: text("http.content_encoding"),
                body,
                digest: text("http.chunked_trailer_part").and_then(digest),
            };
            say(Backward, http_response_sent(response));
            match early.pop_front() {
                Some(received) => say(Backward, received),
                None => busy = false,
            }
            say(Forward, http_response_received(response));
        }
    }
}

/// Whether an answer stays open for events.
fn is_open(fields: &Fields) -> bool {
    fields.text("http.content_type") == Some("text/event-stream")
}

/// The digest in a trailer section: names of fields know no case.
fn digest(trailers: &str) -> Option<&str> {
    let fields = trailers.lines().filter_map(|line| line.split_once(':'));
    let mut digests = fields.filter(|(name, _)| name.eq_ignore_ascii_case("content-digest"));
    digests.next().map(|(_, value)| value.trim())
}
