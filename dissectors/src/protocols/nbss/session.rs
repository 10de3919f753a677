//! Cuts a stream into packets and hands what they carry on to SMB.

use super::{HEAD, Kind, MESSAGE, Role, is_smb, packet_type, payload_len, probe};
use crate::engine::session::{Announce, Ending, Input, Out, Progress, Session, To, Way};
use crate::ids::{Both, Direction, MessageId};
use crate::protocol::{Claim, Likelihood};
use crate::span::Span;

/// The longest packet that is waited for as a whole. Reads and writes of SMB2 may have 8 MB
/// (MS-SMB2, section 2.2.4); longer ones pass by, and of those only the head is read.
const MAX_WHOLE: usize = 1 << 17;

/// Bytes of a long packet that are read: its head, and all of the message in it that is told.
const KEPT: usize = HEAD + 256;

/// The layers inside: SMB1 and SMB2 follow each other on one connection.
const SMB: u64 = 1;
const SMB2: u64 = 2;

/// The state of a connection.
#[derive(Clone, Default)]
pub(super) struct NbssSession {
    lanes: Both<Lane>,
}

/// One direction.
#[derive(Clone, Copy, Default)]
enum Lane {
    /// The head of a packet comes next.
    #[default]
    Packet,
    /// A long packet passes by: the message that it is, and where its first bytes lie.
    Long(MessageId, Span),
    /// Bytes are missing: nobody knows where the next packet begins.
    Lost,
}

impl Session for NbssSession {
    fn read(&mut self, input: Input<'_>, out: &mut Out<'_>) -> Progress {
        if matches!(*self.lane(input.direction), Lane::Lost) {
            // Only a segment that begins with a packet of SMB shows where one begins.
            if probe(input.bytes) != Likelihood::Surely {
                return rest(input, out);
            }
            *self.lane(input.direction) = Lane::Packet;
        }
        let Some(len) = payload_len(input.bytes) else { return Progress::Need(HEAD) };
        if packet_type(input.bytes).is_none() {
            *self.lane(input.direction) = Lane::Lost;
            return rest(input, out);
        }
        if HEAD + len > MAX_WHOLE {
            if input.bytes.len() < KEPT {
                return Progress::Need(KEPT);
            }
            let span = out.span(input.at, KEPT);
            let id = out.begin(Announce::new(Kind::Packet, span));
            out.collect(id, Role::Payload);
            *self.lane(input.direction) = Lane::Long(id, span);
            return Progress::Pass((HEAD + len) as u64);
        }
        if input.bytes.len() < HEAD + len {
            return Progress::Need(HEAD + len);
        }
        let span = out.span(input.at, HEAD + len);
        out.announce(Announce::new(Kind::Packet, span));
        if input.bytes.first() == Some(&MESSAGE) {
            hand_on(input.bytes.get(HEAD..).unwrap_or(&[]), span.from(HEAD), out);
        }
        Progress::Took(HEAD + len)
    }

    /// A packet that lost its end is told as far as it is there.
    fn cut(&mut self, input: Input<'_>, out: &mut Out<'_>) {
        let span = out.span(input.at, input.bytes.len());
        let is_packet = packet_type(input.bytes).is_some() && input.bytes.len() >= HEAD;
        let kind = if is_packet { Kind::Packet } else { Kind::Rest };
        out.announce(Announce::new(kind, span));
        if is_packet && input.bytes.first() == Some(&MESSAGE) {
            hand_on(input.bytes.get(HEAD..).unwrap_or(&[]), span.from(HEAD), out);
        }
    }

    fn gap(&mut self, way: Way, _missing: Option<u64>, out: &mut Out<'_>) -> bool {
        self.passed(way, out);
        *self.lane(way.direction) = Lane::Lost;
        true
    }

    fn end(&mut self, way: Way, _ending: Ending, out: &mut Out<'_>) {
        self.passed(way, out);
    }

    fn passed(&mut self, way: Way, out: &mut Out<'_>) {
        let lane = std::mem::take(self.lane(way.direction));
        let Lane::Long(id, span) = lane else {
            *self.lane(way.direction) = lane;
            return;
        };
        let head = span.from(HEAD);
        let magic = out.bytes(head).first_chunk::<4>().copied().unwrap_or_default();
        out.finish(id);
        hand_on(&magic, head, out);
    }

    fn fork(&self) -> Box<dyn Session> {
        Box::new(self.clone())
    }
}

impl NbssSession {
    fn lane(&mut self, direction: Direction) -> &mut Lane {
        self.lanes.of_mut(direction)
    }
}

/// Hands a message on to the protocol that its signature names.
fn hand_on(message: &[u8], span: Span, out: &mut Out<'_>) {
    let (child, name) = match message.first() {
        Some(0xff) => (SMB, "smb"),
        _ => (SMB2, "smb2"),
    };
    if is_smb(message) {
        out.hand_on(To::child(child, Claim::Named(name)).datagrams(), span, None);
    }
}

/// Bytes of a packet whose start is lost.
fn rest(input: Input<'_>, out: &mut Out<'_>) -> Progress {
    let span = out.span(input.at, input.bytes.len());
    out.announce(Announce::new(Kind::Rest, span));
    Progress::Took(input.bytes.len())
}
