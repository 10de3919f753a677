//! The steps of WebSocket: the way into it, messages, pings, and the end.
//!
//! Messages are told whole and unpacked, as the libraries hand them over, in however many frames
//! they came. Pongs and the answer to a close are sent by the libraries themselves, which do not
//! tell; that they came is told.

use aws_lc_rs::digest::{SHA1_FOR_LEGACY_USE_ONLY, digest as hash};
use data_encoding::BASE64;

use super::Step;
use crate::digest;

/// What is put behind the key before it is hashed (RFC 6455, section 1.3): nobody sends it by
/// chance.
const BEHIND_KEY: &str = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";

/// What a server must answer to a client's key, so that the client knows that it was understood
/// (RFC 6455, section 4.2.2).
pub fn websocket_accept(key: &str) -> String {
    let whole = format!("{key}{BEHIND_KEY}");
    BASE64.encode(hash(&SHA1_FOR_LEGACY_USE_ONLY, whole.as_bytes()).as_ref())
}

/// `websocket.opened {target}`: the client's library found the server's answer to be right.
///
/// On the wire: a request with `Upgrade: websocket`, and a response 101 whose Sec-WebSocket-Accept
/// is [`websocket_accept`] of the request's Sec-WebSocket-Key.
pub fn websocket_opened(target: &str) -> Step {
    Step::new("websocket.opened", [("target", target.to_owned())])
}

/// `websocket.accepted {target, key, accept, extensions}`: the server's library took the request.
///
/// On the wire: the request's target and Sec-WebSocket-Key, the response's Sec-WebSocket-Accept and
/// Sec-WebSocket-Extensions, absent where they are.
pub fn websocket_accepted(
    target: &str,
    key: Option<&str>,
    accept: Option<&str>,
    extensions: Option<&str>,
) -> Step {
    Step::new("websocket.accepted", [("target", target.to_owned())])
        .maybe("key", key.map(str::to_owned))
        .maybe("accept", accept.map(str::to_owned))
        .maybe("extensions", extensions.map(str::to_owned))
}

/// `websocket.message.sent {kind, bytes, sha256}`: the library took a message; `kind` is `text` or
/// `binary`.
///
/// On the wire: the payloads of its frames together, unmasked and unpacked.
pub fn websocket_message_sent(kind: &str, message: &[u8]) -> Step {
    payload("websocket.message.sent", message).maybe("kind", Some(kind.to_owned()))
}

/// `websocket.message.received {kind, bytes, sha256}`: the library handed a message over. The facts
/// of [`websocket_message_sent`].
pub fn websocket_message_received(kind: &str, message: &[u8]) -> Step {
    payload("websocket.message.received", message).maybe("kind", Some(kind.to_owned()))
}

/// `websocket.ping.sent {bytes, sha256}`: the library took a ping.
///
/// On the wire: a ping and its payload.
pub fn websocket_ping_sent(ping: &[u8]) -> Step {
    payload("websocket.ping.sent", ping)
}

/// `websocket.ping.received {bytes, sha256}`: the library handed a ping over, and answers it. The
/// facts of [`websocket_ping_sent`].
pub fn websocket_ping_received(ping: &[u8]) -> Step {
    payload("websocket.ping.received", ping)
}

/// `websocket.pong.received {bytes, sha256}`: the library handed a pong over.
///
/// On the wire: a pong and its payload.
pub fn websocket_pong_received(pong: &[u8]) -> Step {
    payload("websocket.pong.received", pong)
}

fn payload(name: &'static str, payload: &[u8]) -> Step {
    Step::new(name, [("bytes", payload.len().to_string()), ("sha256", digest::sha256(payload))])
}

/// `websocket.close.sent {code, reason}`: the client ended the conversation.
///
/// On the wire: the close frame that came first.
pub fn websocket_close_sent(code: u16, reason: &str) -> Step {
    close("websocket.close.sent", code, reason)
}

/// `websocket.close.received {code, reason}`: the library handed a close over: to the server the
/// client's, to the client the answer to it.
///
/// On the wire: a close frame.
pub fn websocket_close_received(code: u16, reason: &str) -> Step {
    close("websocket.close.received", code, reason)
}

fn close(name: &'static str, code: u16, reason: &str) -> Step {
    Step::new(name, [("code", code.to_string()), ("reason", reason.to_owned())])
}

#[cfg(test)]
mod tests {
    #[test]
    fn a_key_is_answered_as_in_the_standard() {
        // RFC 6455, section 1.3.
        let accept = super::websocket_accept("dGhlIHNhbXBsZSBub25jZQ==");
        assert_eq!(accept, "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=");
    }
}
