//! A message that shares its datagram with others like it.

/// What one of them is called, and what there is to learn of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Enclosed {
    /// "Initial 0: ACK 0, CRYPTO".
    pub label: String,
    /// The lesson behind it, as with [`Telling`](super::Telling).
    pub lesson: &'static str,
}
