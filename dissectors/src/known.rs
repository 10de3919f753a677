//! By what a question is known again where it is asked on another connection: marks that protocols
//! find in it, in words that no protocol owns; the head of a message, as whoever hands it on may
//! change it; and what is handed out on one connection to be shown on another.

use std::net::IpAddr;

use aws_lc_rs::digest;

/// The marks of one question.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Known {
    /// How it asks: questions that are answered by other means are never the same.
    pub method: Box<[u8]>,
    /// What it asks for, whichever way it came: no host, no connection.
    pub target: Box<[u8]>,
    /// Ids that it bears, such as that of a trace, each with the field that holds it.
    pub ids: Vec<(&'static str, Box<[u8]>)>,
    /// Who asked first, as it says itself: each field, with the address of who asked the one that
    /// sends this.
    pub asked_by: Vec<(&'static str, IpAddr)>,
    /// Who passed it on before, in the order in which they did, and the field that says so.
    pub passed: Option<(&'static str, Box<[u8]>)>,
}

/// The head of a message, in the parts that whoever hands it on may change.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Head {
    /// The words of its first line, each with what it is: "version", `HTTP/1.1`.
    pub start: Vec<(&'static str, Box<str>)>,
    /// Its lines, in their order: names and values. Names are the same whatever their case.
    pub lines: Vec<(Box<str>, Box<str>)>,
}

/// What one side hands out and is shown later, mostly on another connection: a ticket. Bytes that
/// are the same have the same digest, so that nothing of a connection has to be kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Token {
    /// What it is called: "ticket".
    pub what: &'static str,
    digest: [u8; Self::KEPT],
}

/// What tokens are called of which more is said than where they come from.
pub mod tokens {
    /// By which a request is known that is to be done once, however often it comes.
    pub const KEY: &str = "Idempotency-Key";
    /// All of a request that does something each time it comes.
    pub const REQUEST: &str = "request";
    /// What is to be published for a client that goes without a word.
    pub const WILL: &str = "last will";
    /// What takes that back.
    pub const LEAVE: &str = "leave";
}

impl Token {
    /// So many bytes of a SHA-256: nobody finds two that have them in common.
    const KEPT: usize = 16;

    /// The token that consists of these bytes; `None` if there are none.
    #[must_use]
    pub fn of(what: &'static str, bytes: &[u8]) -> Option<Self> {
        let sum = digest::digest(&digest::SHA256, bytes);
        let digest = *sum.as_ref().first_chunk()?;
        (!bytes.is_empty()).then_some(Self { what, digest })
    }
}

#[cfg(test)]
mod tests {
    use super::Token;

    #[test]
    fn tokens_are_the_same_where_their_bytes_are() {
        assert_eq!(Token::of("ticket", b"abc"), Token::of("ticket", b"abc"));
        assert_ne!(Token::of("ticket", b"abc"), Token::of("ticket", b"abd"));
        assert_ne!(Token::of("ticket", b"abc"), Token::of("session id", b"abc"));
        assert_eq!(Token::of("ticket", b""), None);
    }
}
