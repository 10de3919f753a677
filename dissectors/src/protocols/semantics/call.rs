//! What a stream of a connection is for: settled by who carries it, for who reads its content.

use crate::typed::Fact;

/// A call that has a stream of its own.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::protocols) struct Call {
    /// The stream's number.
    pub(in crate::protocols) stream: u32,
    /// The path that was asked for.
    pub(in crate::protocols) path: Box<[u8]>,
}

impl Fact for Call {}
