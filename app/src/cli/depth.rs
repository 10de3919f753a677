//! How far one looks into a recording.

use wirestage_dissectors::story::Level;

/// From afar to near.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub(super) enum Depth {
    /// Who spoke to whom, and how it went: all connections, in rows
    Overview,
    /// The phases of each connection
    Connection,
    /// A question with its answer
    Exchange,
    /// What one side sends before it waits: a step
    Flight,
    /// One message
    Message,
    /// One frame
    Packet,
}

impl Depth {
    /// The level of a story that is meant; nothing for the overview, which is none.
    pub(super) const fn level(self) -> Option<Level> {
        match self {
            Self::Overview => None,
            Self::Connection => Some(Level::Chapter),
            Self::Exchange => Some(Level::Exchange),
            Self::Flight => Some(Level::Flight),
            Self::Message => Some(Level::Message),
            Self::Packet => Some(Level::Packet),
        }
    }
}
