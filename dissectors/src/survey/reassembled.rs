//! What a datagram that came in fragments carries: found when it is whole, by the same walk as
//! that of any frame.

use super::carried::headers_of;
use super::chunk::{Headers, new_flow};
use super::direction;
use super::flow::{Flow, HIGH, LOW};
use super::fragments::{Fragment, Waiting, Whole};
use super::row::Row;
use crate::engine::tcp::flags;
use crate::headers::{Carried, Datagram, Part, carried_by, slice};
use crate::ids::FrameId;
use crate::protocol::Registry;
use crate::span::{Piece, Span};

/// What a frame completed that holds the last fragment of a datagram.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reassembled {
    /// The datagrams: the outermost, and those that came in fragments inside it.
    pub datagrams: Vec<Datagram>,
    /// Where in the innermost one its TCP or UDP header begins; where it has none, 0.
    pub transport_at: u32,
    /// Where what it carries lies: a segment of TCP with its header, or the payload of UDP.
    pub carried: Vec<Piece>,
}

/// A frame with the last fragment of a datagram, before it has a flow.
pub(super) struct Completed {
    pub(super) frame: FrameId,
    pub(super) what: Reassembled,
    /// The transport in it, and a flow of this frame alone.
    pub(super) transport: Option<(Headers, Flow)>,
}

impl Waiting {
    /// Adds a fragment, and looks into the datagram that it makes whole.
    pub(super) fn complete(
        &mut self,
        fragment: Fragment,
        registry: &Registry,
    ) -> Option<Completed> {
        let mut whole = self.add(fragment)?;
        let mut datagrams = Vec::new();
        loop {
            let len = whole.datagram.len();
            let span = Span::frame(whole.frame, 0, whole.head.len() as u32);
            let part = Part { bytes: &whole.head, span, wire: len as usize };
            let (found, inner) = match carried_by(&whole.said, part, registry) {
                Carried::Transport(found) => (headers_of(whole.interface, &found), None),
                Carried::Fragment(said, part) => {
                    (None, Some(Fragment::inside(&whole, said, part.span.start, &part)))
                }
                Carried::Nothing => (None, None),
            };
            let next = inner.and_then(|inner| self.add(inner));
            let Whole { frame, datagram, .. } = &whole;
            datagrams.push(datagram.clone());
            let Some(next) = next else {
                let (frame, mut headers) = (*frame, found);
                let transport_at = headers.as_ref().map_or(0, Headers::transport_at);
                let carried = headers.as_ref().map_or_else(Vec::new, |Headers { row, .. }| {
                    let header = row.tcp_header_len();
                    let at = row.payload_at.saturating_sub(header);
                    slice(&datagram.pieces, at.into(), u32::from(header) + row.payload_len)
                });
                let what = Reassembled { datagrams, transport_at, carried };
                let transport = headers.take().map(|headers| alone(headers, &whole));
                return Some(Completed { frame, what, transport });
            };
            whole = next;
        }
    }
}

/// A flow of this datagram alone. It says only what holds in whatever order flows are put
/// together: what its numbers count from where it has a SYN, and not what comes first.
fn alone(mut headers: Headers, whole: &Whole) -> (Headers, Flow) {
    let mut flow = new_flow(&headers, whole.frame);
    headers.row.set_direction(direction(flow.initiator_is_low, headers.from_low));
    flow.frames = 1;
    flow.bytes = whole.wire.into();
    flow.sides = if headers.from_low { LOW } else { HIGH };
    if headers.row.tcp_flags() & flags::SYN != 0 {
        let mut syn = Row { seq: headers.row.seq, ..Row::EMPTY };
        syn.set_tcp(flags::SYN, 0);
        syn.set_direction(headers.row.direction());
        flow.numbers.pass(&syn, 0);
        *flow.window_scale.of_mut(headers.row.direction()) = headers.window_scale;
    }
    (headers, flow)
}
