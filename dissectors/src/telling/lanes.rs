//! What a message is to the path and to the lane that it takes, and to what may be sent there.

use super::Side;

/// What a message has to do with the path that it takes, of several between two ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Route {
    /// It is about that path.
    Along,
    /// Its sender took another one before.
    Onto,
}

/// What flow control lets one side send, before and after a message, in bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Allowed {
    /// Which side of the message it is that may send.
    pub side: Side,
    /// On the connection.
    pub connection: Option<(i64, i64)>,
    /// On its lane.
    pub lane: Option<(i64, i64)>,
}

/// What a message is on its lane.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OnLane {
    /// Which part.
    pub piece: Piece,
    /// Whether its sender says nothing more there.
    pub ends: bool,
    /// What the lane is for, where it says so: "GET /style.css".
    pub purpose: Option<String>,
}

/// A part of what passes on a lane.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Piece {
    /// A question, or an answer, without its content.
    Head,
    /// So many bytes of content.
    Content(u64),
    /// The lane is broken off.
    Reset,
    /// Leave to go on, after so many nanoseconds in which nothing might be sent.
    Leave(i64),
}
