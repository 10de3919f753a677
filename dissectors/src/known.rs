//! By what a question is known again where it is asked on another connection: marks that protocols
//! find in it, in words that no protocol owns; and the head of a message, as whoever hands it on
//! may change it.

use std::net::IpAddr;

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
