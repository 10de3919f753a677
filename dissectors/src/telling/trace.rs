//! What a message is known by on other connections: passages and sessions are followed by it.

use crate::known::{Known, Token};

/// What is the same wherever a message, or what it hands out, turns up again.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct Trace {
    /// By what it is known again, where it asks something that may be handed on.
    pub known: Option<Box<Known>>,
    /// What it hands out, to be shown on a later connection.
    pub gives: Option<Token>,
    /// What it shows that was handed out before.
    pub shows: Vec<Token>,
    /// What it is told from all other messages by: seen on another connection, it was handed on.
    pub unique: Option<Token>,
}
