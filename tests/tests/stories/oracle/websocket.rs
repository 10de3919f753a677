//! The steps of WebSocket: the way into it from the fields of HTTP, the rest from its frames.

use wirestage_dissectors::ids::Direction::{Backward, Forward};
use wirestage_dissectors::ids::ProtocolId;
use wirestage_generators::Entry;
use wirestage_generators::steps::{
    websocket_accept, websocket_accepted, websocket_close_received, websocket_close_sent,
    websocket_message_received, websocket_message_sent, websocket_opened, websocket_ping_received,
    websocket_ping_sent, websocket_pong_received,
};

use super::fields::Fields;
use super::{Connection, say};

/// Opcodes (RFC 6455, section 5.2).
const CONTINUATION: u64 = 0;
const TEXT: u64 = 1;
const BINARY: u64 = 2;
const CLOSE: u64 = 8;
const PING: u64 = 9;
const PONG: u64 = 10;

/// Whether a message of HTTP asks for WebSocket, or agrees to it.
pub(super) fn is_upgrade(fields: &Fields) -> bool {
    fields.text("http.upgrade") == Some("websocket")
}

pub(super) fn tell(connection: &Connection<'_>, entries: &mut Vec<Entry>) {
    let (client, server) = (connection.role(Forward), connection.role(Backward));
    let http = || connection.of(ProtocolId::of("http")).filter(|said| is_upgrade(&said.fields));
    let asked = http().find(|said| said.direction == Forward);
    let agreed = http().find(|said| said.direction == Backward);
    if let (Some(asked), Some(agreed)) = (asked, agreed) {
        let target = asked.fields.text("http.request.uri").expect("a request has a target");
        let key = asked.fields.text("http.sec_websocket_key");
        let accept = agreed.fields.text("http.sec_websocket_accept");
        let extensions = agreed.fields.text("http.sec_websocket_extensions");
        say(entries, server, websocket_accepted(target, key, accept, extensions));
        if key.map(websocket_accept).as_deref() == accept {
            say(entries, client, websocket_opened(target));
        }
    }
    let mut is_closing = false;
    for said in connection.of(ProtocolId::of("websocket")) {
        let fields = &said.fields;
        let (from, to) =
            (connection.role(said.direction), connection.role(said.direction.reverse()));
        let is_whole = fields.number("websocket.fin") == Some(1);
        let payload = fields.bytes("websocket.payload").unwrap_or_default();
        match fields.number("websocket.opcode").expect("a frame has an opcode") {
            CONTINUATION | TEXT | BINARY if is_whole => {
                let (kind, message) = match fields.bytes("websocket.payload.text") {
                    Some(text) => ("text", text),
                    None => ("binary", payload),
                };
                say(entries, from, websocket_message_sent(kind, message));
                say(entries, to, websocket_message_received(kind, message));
            }
            PING => {
                say(entries, from, websocket_ping_sent(payload));
                say(entries, to, websocket_ping_received(payload));
            }
            PONG => say(entries, to, websocket_pong_received(payload)),
            CLOSE => {
                let code = fields.number("websocket.payload.close.status_code");
                let code = u16::try_from(code.expect("a code is given")).expect("two bytes");
                let reason = fields.text("websocket.payload.close.reason").unwrap_or_default();
                // The second is the answer to the first.
                if !std::mem::replace(&mut is_closing, true) {
                    say(entries, from, websocket_close_sent(code, reason));
                }
                say(entries, to, websocket_close_received(code, reason));
            }
            _ => {}
        }
    }
}
