//! What a message is between question and answer: round trips are counted by it.

/// Whether a message asks, answers, or goes on with either.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub struct Turn {
    /// Whether it asks for an answer, and so opens a round trip when it starts a flight.
    pub asks: bool,
    /// Whether it asks on a connection on which its sender has asked before.
    pub reuses: bool,
    /// Whether it answers the other side's last question, and so closes a round trip.
    pub answers: bool,
    /// Whether what it answers was asked by what its protocol carries: a Retry of QUIC answers a
    /// ClientHello of TLS.
    pub answers_inside: bool,
    /// Whether it goes on with what its sender asked on the same lane: the question is whole with
    /// the last of these.
    pub continues: bool,
    /// Whether that answer is not the last one: the question stays open (`100 Continue`).
    pub interim: bool,
    /// Whether the other side's answer had come before it and was not recorded: it goes on as only
    /// who was answered does.
    pub after_unseen: bool,
    /// Whether it says that no answer came in time: what it took until then is no round trip.
    pub in_vain: bool,
    /// Whether it asked, and its answer stands before it in the recording.
    pub stored_late: bool,
}
