//! What a stream of a connection is for: settled by who carries it, for who reads its content.

use crate::codes;
use crate::ids::Direction;
use crate::typed::Fact;

codes! {
    /// Which version of HTTP carries something.
    #[derive(Default)]
    pub enum HttpVersion {
        /// One without streams: a connection carries one thing at a time.
        #[default]
        Http1,
        /// HTTP/2.
        Http2,
        /// HTTP/3.
        Http3,
    }
}

impl HttpVersion {
    /// The chapter of a story that its streams are told in; `None` if it has none.
    pub(in crate::protocols) const fn chapter(self) -> Option<&'static str> {
        match self {
            Self::Http1 => None,
            Self::Http2 => Some("HTTP/2"),
            Self::Http3 => Some("HTTP/3"),
        }
    }
}

/// A call that has a stream of its own.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::protocols) struct Call {
    pub(in crate::protocols) carrier: HttpVersion,
    /// Who asked.
    pub(in crate::protocols) asker: Direction,
    /// The path that was asked for.
    pub(in crate::protocols) path: Box<[u8]>,
    /// What is to be spoken inside a WebSocket, as the answer has it.
    pub(in crate::protocols) subprotocol: Option<Box<[u8]>>,
}

impl Fact for Call {}
