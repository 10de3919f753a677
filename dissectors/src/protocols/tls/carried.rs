//! The handshake where another protocol carries it and makes its own keys: QUIC (RFC 9001, section
//! 4). Each lane is an epoch, in the order of [`Epoch`].

use super::Kind;
use super::compressed::unpack;
use super::extra::Note;
use super::handshake::{Epoch, Handshake};
use super::unsealed::{lend, unseal};
use crate::engine::session::{Announce, Input, Out, Progress, Session, Way};
use crate::ids::Direction;
use crate::message::Protection;
use crate::span::Span;

/// The handshake of one connection, without records.
#[derive(Clone, Default)]
pub(super) struct CarriedSession {
    handshake: Handshake,
}

/// The epoch that a lane is of.
fn epoch(lane: u64) -> Epoch {
    let epochs = [Epoch::Clear, Epoch::Early, Epoch::Handshake, Epoch::Application];
    epochs.into_iter().find(|epoch| *epoch as u64 == lane).unwrap_or_default()
}

impl Session for CarriedSession {
    fn read(&mut self, input: Input<'_>, out: &mut Out<'_>) -> Progress {
        let (epoch, len) = (epoch(input.lane), input.bytes.len());
        let place = out.span(input.at, len);
        self.handshake.push(input.direction, epoch, input.bytes, place);
        self.announce(input.direction, epoch, out);
        Progress::Took(len)
    }

    /// The message at hand is lost; what follows begins another.
    fn gap(&mut self, way: Way, _missing: Option<u64>, _out: &mut Out<'_>) -> bool {
        self.handshake.restart(way.direction);
        true
    }

    fn holds(&self) -> Vec<Span> {
        self.handshake.holds().collect()
    }

    fn fork(&self) -> Box<dyn Session> {
        Box::new(self.clone())
    }
}

impl CarriedSession {
    fn announce(&mut self, side: Direction, epoch: Epoch, out: &mut Out<'_>) {
        while let Some(step) = self.handshake.next(side, epoch, out) {
            let extra = Note::Content(step.extra);
            let id = out.announce(Announce::new(Kind::Handshake, step.span).extra(extra));
            unpack(step.kind, step.span, id, out);
            if let Some((span, extra)) =
                unseal(step.unsealed.as_ref(), (step.span, step.extra), id, out)
            {
                let inner = Announce::new(Kind::Handshake, span).extra(Note::Content(extra));
                let id = out.announce(inner.protection(Protection::Ech));
                lend(step.span, id, out);
            }
        }
    }
}
