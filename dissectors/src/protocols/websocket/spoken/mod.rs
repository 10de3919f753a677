//! What is spoken inside: a protocol that both sides name in the handshake (RFC 6455, section 1.9),
//! or one that goes by its path. Some have readers of their own, of others what a message means can
//! be said.
//!
//! ```text
//!   Sec-WebSocket-Protocol: mqtt, v12.stomp     bytes go on to who reads them
//!   Sec-WebSocket-Protocol: graphql-ws, …       graphql   {"type": "subscribe", "id": "1", …}
//!   GET /socket.io/?EIO=4&transport=websocket   socketio  42["news", {…}]
//! ```

pub(super) mod graphql;
pub(super) mod socketio;

use crate::claim::Claim;
use crate::codes;
use crate::engine::session::Out;
use crate::protocols::semantics::{Call, Upgraded};

codes! {
    /// What is spoken inside, as far as somebody here knows it.
    #[derive(Default)]
    pub enum Spoken {
        /// What programs like.
        #[default]
        Own,
        /// MQTT (MQTT 5.0, section 6).
        Mqtt,
        /// STOMP.
        Stomp,
        /// GraphQL, under either of two names.
        GraphQl,
        /// Socket.IO on Engine.IO.
        SocketIo,
    }
}

/// A message as it is told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Said {
    pub(super) label: String,
    pub(super) headline: &'static str,
    /// What is added; empty for nothing.
    pub(super) detail: String,
}

impl Spoken {
    /// What both sides have agreed on.
    pub(super) fn agreed(call: Option<&Call>, out: &Out<'_>) -> Self {
        match call {
            Some(call) => Self::named(call.subprotocol.as_deref().unwrap_or_default(), &call.path),
            None => Upgraded::take(out)
                .map_or(Self::Own, |asked| Self::named(&asked.subprotocol, &asked.target)),
        }
    }

    /// What goes by that name, or else by that path.
    fn named(name: &[u8], path: &[u8]) -> Self {
        match name.trim_ascii() {
            b"mqtt" | b"mqttv3.1" => Self::Mqtt,
            b"v12.stomp" | b"v11.stomp" | b"v10.stomp" => Self::Stomp,
            b"graphql-transport-ws" | b"graphql-ws" => Self::GraphQl,
            _ if socketio::is_path(path) => Self::SocketIo,
            _ => Self::Own,
        }
    }

    /// Who reads what messages hold, one after the other as a stream.
    pub(super) const fn claim(self) -> Option<Claim<'static>> {
        match self {
            Self::Mqtt => Some(Claim::Named("mqtt")),
            Self::Stomp => Some(Claim::Named("stomp")),
            Self::Own | Self::GraphQl | Self::SocketIo => None,
        }
    }

    /// What a message of text means.
    pub(super) fn said(self, text: &[u8]) -> Option<Said> {
        match self {
            Self::GraphQl => graphql::said(text),
            Self::SocketIo => socketio::said(text),
            Self::Own | Self::Mqtt | Self::Stomp => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_come_before_paths() {
        let check = |name: &str, path: &str, expected| {
            assert_eq!(Spoken::named(name.as_bytes(), path.as_bytes()), expected, "{name} {path}");
        };
        check("mqtt", "/", Spoken::Mqtt);
        check("mqtt, v12.stomp", "/", Spoken::Own);
        check("v11.stomp", "/ws", Spoken::Stomp);
        check("graphql-ws", "/graphql", Spoken::GraphQl);
        check("", "/socket.io/?EIO=4&transport=websocket", Spoken::SocketIo);
        check("mqtt", "/engine.io/?EIO=3", Spoken::Mqtt);
        check("", "/live?EIO=4&x", Spoken::SocketIo);
        check("", "/live?AEIO=4", Spoken::Own);
        check("soap", "/", Spoken::Own);
    }
}
