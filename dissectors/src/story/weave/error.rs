//! Errors of ICMP that quote a connection, ready to be told in its story.

use crate::ids::{Direction, FrameId, ProtocolId};
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
            protocol: quoting.protocol,
            told: quoting.tell(),
        }
    }
}
