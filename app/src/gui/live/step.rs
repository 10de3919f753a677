//! What a person does about capturing.

/// A step of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// Asks what there is to capture.
    Ask,
    /// Begins what was asked for.
    Start,
    /// Ends what is captured; it is kept.
    Stop,
    /// Puts away what is told of a capture that is over.
    PutAway,
}
