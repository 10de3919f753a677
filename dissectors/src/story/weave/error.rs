//! Errors of ICMP that quote a connection, ready to be told in its story.

use super::vantage::Vantage;
use crate::ids::{Direction, FlowId, FrameId, ProtocolId};
use crate::story::apart::Apart;
use crate::story::cast::Cast;
use crate::story::errors::Quoting;
use crate::story::{ActorId, Telling};
use crate::survey::Flow;

/// An error that quotes a connection, ready to be told.
pub(super) struct Error {
    pub(super) frame: FrameId,
    /// Who says it, and to whom.
    pub(super) from: ActorId,
    pub(super) to: ActorId,
    /// Which way the quoted packet went, and its frame, where that is known.
    pub(super) direction: Direction,
    pub(super) quoted: Option<FrameId>,
    /// Whether that was dropped on its way, because its time to live ran out.
    pub(super) is_dropped: bool,
    pub(super) protocol: ProtocolId,
    pub(super) told: Telling,
}

impl Error {
    pub(super) fn of(quoting: &Quoting, cast: &Cast, flow: Option<&Flow>) -> Self {
        let actor = |address| flow.map_or(ActorId(0), |flow| cast.guest(address, flow));
        Self {
            frame: quoting.frame,
            from: actor(quoting.complaint.from),
            to: actor(quoting.to),
            direction: quoting.direction,
            quoted: quoting.quoted,
            is_dropped: quoting.expired() == Some(true),
            protocol: quoting.protocol,
            told: quoting.tell(),
        }
    }
}

/// The errors that quote a connection: as the initiator's end saw them, and those that only the
/// responder's end did, for they were said to it.
pub(super) fn quoting<'a>(apart: &'a Apart, near: FlowId, vantage: &Vantage) -> Vec<&'a Quoting> {
    let mut all: Vec<&Quoting> = apart.errors(near).collect();
    let is_to_far = |error: &&Quoting| error.direction == Direction::Backward;
    if let Some(far) = vantage.far().filter(|_| !all.iter().any(is_to_far)) {
        all.extend(apart.errors(far).filter(is_to_far));
        all.sort_by_key(|error| error.frame);
    }
    all
}
