//! Frames of a connection on their way to its reader.

use crate::ids::{Direction, FlowId, FrameId, Time};
use crate::span::Span;

/// A frame of a connection: where lies what IP carried in it.
#[derive(Clone, Copy, Debug)]
pub struct Arrival<'a> {
    /// The frame.
    pub frame: FrameId,
    /// All its bytes.
    pub bytes: &'a [u8],
    /// When it was seen.
    pub time: Time,
    /// Who sent it.
    pub direction: Direction,
    /// The five-tuple that it took.
    pub path: FlowId,
    /// Whether it bears a name that its connection goes by, which no other's datagrams bear by
    /// chance.
    pub by_name: bool,
    /// What was captured of it: of TCP the segment with its header, of UDP the payload.
    pub carried: Span,
    /// How many bytes of it were on the wire behind those.
    pub cut: u32,
    /// How many bytes of data it brought on the wire: of TCP those behind the header.
    pub data: u32,
}
