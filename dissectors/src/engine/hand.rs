//! Handing on: what a session gives to the layers inside it, and how such a layer is opened.

use std::sync::Arc;

use super::inbox::Moment;
use super::out::Out;
use super::session::Ending;
use super::slot::Opening;
use crate::claim::{Claim, Framing};
use crate::ids::Direction;
use crate::message::Protection;
use crate::span::Span;
use crate::typed::AnyFact;

/// To whom bytes are handed on.
#[derive(Clone, Copy, Debug)]
pub struct To<'a> {
    child: u64,
    lane: u64,
    framing: Framing,
    claim: Claim<'a>,
    or: Claim<'a>,
    is_agreed: bool,
    settled: &'a [AnyFact],
}

impl<'a> To<'a> {
    /// The layer of that number inside this one (0 where there is only one), as a stream. Its
    /// first bytes decide, with the claim, which protocol that is.
    #[must_use]
    pub const fn child(child: u64, claim: Claim<'a>) -> Self {
        Self {
            child,
            lane: 0,
            framing: Framing::Stream,
            claim,
            or: Claim::Content,
            is_agreed: false,
            settled: &[],
        }
    }

    /// One of several lanes of that layer, which one session reads all of.
    #[must_use]
    pub const fn lane(self, lane: u64) -> Self {
        Self { lane, ..self }
    }

    /// With a second claim, used if no protocol takes the first, or if the bytes contradict the one
    /// that does.
    #[must_use]
    pub const fn or(self, claim: Claim<'a>) -> Self {
        Self { or: claim, ..self }
    }

    /// Both sides have agreed on what is claimed, under seal: whatever the bytes look like.
    #[must_use]
    pub const fn agreed(self) -> Self {
        Self { is_agreed: true, ..self }
    }

    /// Each span handed on is a datagram of its own.
    #[must_use]
    pub const fn datagrams(self) -> Self {
        Self { framing: Framing::Datagram, ..self }
    }

    /// What was settled about it, one of a type: read through [`Facts`](crate::claim::Facts).
    #[must_use]
    pub const fn settled(self, settled: &'a [AnyFact]) -> Self {
        Self { settled, ..self }
    }
}

/// What goes to another layer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum What {
    /// Bytes at this place.
    Bytes(Span),
    /// Nothing: bytes are missing, so many or nobody knows how many.
    Gap(Option<u64>),
    /// Nothing on this lane, ever again.
    End(Ending),
    /// Nothing on any lane, ever again.
    EndAll(Ending),
}

/// Something on its way to another layer.
#[derive(Clone, Debug)]
pub(super) struct Handed {
    pub(super) child: u64,
    pub(super) lane: u64,
    pub(super) opening: Option<Opening>,
    pub(super) direction: Direction,
    pub(super) protection: Protection,
    pub(super) moment: Moment,
    pub(super) what: What,
}

impl Out<'_> {
    /// Hands bytes on to another layer.
    pub fn hand_on(&mut self, to: To<'_>, span: Span, protection: Option<Protection>) {
        let protection = protection.unwrap_or(self.protection);
        // What was handed on before may have ended the layer that is there now.
        let is_open = self.handed.is_empty() && self.children.contains_key(&to.child);
        let opening = if is_open { None } else { Some(self.opening(&to)) };
        self.hand(to.child, to.lane, opening, protection, What::Bytes(span));
    }

    /// Says that bytes of a layer are missing in a direction, as [`Out::lose`] does, also
    /// where they are its first.
    pub fn lack(&mut self, to: To<'_>, direction: Direction, missing: Option<u64>) {
        let opening = Some(self.opening(&to));
        let own = std::mem::replace(&mut self.direction, direction);
        self.hand(to.child, to.lane, opening, self.protection, What::Gap(missing));
        self.direction = own;
    }

    /// How to open a layer. A claim may borrow from bytes that are gone when it is read: it is
    /// settled here.
    fn opening(&self, to: &To<'_>) -> Opening {
        // What somebody says of the ports of a connection of TCP counts as agreed on.
        let ruled = match (to.claim, to.or) {
            (Claim::TcpPort(one), Claim::TcpPort(other)) => {
                self.claims.ruled(Framing::Stream, [one, other])
            }
            _ => None,
        };
        let claimed = [to.claim, to.or].map(|claim| self.claims.find(claim));
        Opening {
            framing: to.framing,
            claimed: ruled.map_or(claimed, |ruled| [Some(ruled), None]),
            is_agreed: to.is_agreed || ruled.is_some(),
            settled: if to.settled.is_empty() { Arc::default() } else { to.settled.into() },
        }
    }

    /// Says that a layer inside this one has ended in the direction at hand.
    pub fn end_child(&mut self, child: u64, ending: Ending) {
        self.hand(child, 0, None, self.protection, What::EndAll(ending));
    }

    /// Says that a layer inside this one was broken off, in both directions.
    pub fn reset_child(&mut self, child: u64) {
        self.end_child(child, Ending::Reset);
        self.direction = self.direction.reverse();
        self.end_child(child, Ending::Reset);
        self.direction = self.direction.reverse();
    }

    /// Says that one lane of a layer inside this one has ended in the direction at hand.
    pub fn end_lane(&mut self, child: u64, lane: u64, ending: Ending) {
        self.hand(child, lane, None, self.protection, What::End(ending));
    }

    /// The same of the other direction: a lane on which only one side may speak ends in both.
    pub fn end_other(&mut self, child: u64, lane: u64, ending: Ending) {
        self.direction = self.direction.reverse();
        self.end_lane(child, lane, ending);
        self.direction = self.direction.reverse();
    }

    /// Says that bytes of a layer inside this one are missing in the direction at hand, before
    /// what is handed on next.
    pub fn lose(&mut self, child: u64, lane: u64, missing: Option<u64>) {
        self.hand(child, lane, None, self.protection, What::Gap(missing));
    }

    fn hand(
        &mut self,
        child: u64,
        lane: u64,
        opening: Option<Opening>,
        protection: Protection,
        what: What,
    ) {
        let (direction, moment) = (self.direction, self.moment);
        self.handed.push(Handed { child, lane, opening, direction, protection, moment, what });
    }
}
