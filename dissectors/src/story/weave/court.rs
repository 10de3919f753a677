//! The judges of one connection: each layer that has one, and what they hear.

use crate::engine::session::Ending;
use crate::engine::tcp::{SegmentKind, flags};
use crate::engine::view::View;
use crate::ids::{Direction, LayerId, ProtocolId, Time};
use crate::limits::MAX_JUDGES;
use crate::message::{Message, Protection};
use crate::protocol::{Framing, Judge, Registry};
use crate::protocols::tcp::{self, segment::Segment};
use crate::verdict::Verdict;

/// The judges of one connection.
pub(super) struct Court {
    framing: Framing,
    judges: Vec<(LayerId, Box<dyn Judge>)>,
    /// Who spoke what in the clear, for judges that come later.
    beside: Vec<(&'static str, Direction)>,
    /// What was seen of each direction of TCP.
    seen: [Seen; 2],
}

impl Court {
    /// The court of a connection that is carried so.
    pub(super) fn new(framing: Framing) -> Self {
        Self { framing, judges: Vec::new(), beside: Vec::new(), seen: [Seen::default(); 2] }
    }

    /// Lets all hear a message of that protocol, seen at that time; what one of them says of it.
    pub(super) fn hear(
        &mut self,
        (message, protocol, time): (&Message, ProtocolId, Time),
        view: &View<'_>,
        registry: &Registry,
    ) -> Option<Verdict> {
        if protocol == tcp::PROTOCOL_ID {
            let ending = self.segment(message, view)?;
            let mut judges = self.judges.iter_mut();
            return judges.find_map(|(_, judge)| judge.ends(message.direction, ending));
        }
        let known = self.judges.iter().position(|(layer, _)| *layer == message.layer);
        let place = known.or_else(|| self.seat(message.layer, protocol, registry));
        if let Some((_, judge)) = place.and_then(|place| self.judges.get_mut(place)) {
            return judge.hear(message, view, time);
        }
        // On a stream what is in the clear is not what carries the rest: that is TCP alone.
        if message.protection != Protection::Clear || self.framing == Framing::Datagram {
            return None;
        }
        let said = (registry.get(protocol).title(), message.direction);
        if self.beside.contains(&said) {
            return None;
        }
        if self.beside.len() < MAX_JUDGES {
            self.beside.push(said);
        }
        let (title, direction) = said;
        self.judges.iter_mut().find_map(|(_, judge)| judge.beside(title, direction))
    }

    /// Gives a layer its judge, where its protocol has one.
    fn seat(&mut self, layer: LayerId, protocol: ProtocolId, registry: &Registry) -> Option<usize> {
        if self.judges.len() >= MAX_JUDGES {
            return None;
        }
        let mut judge = registry.get(protocol).judge()?;
        for (title, direction) in &self.beside {
            // That was before this layer began: it is no news, and proves nothing by itself.
            let _ = judge.beside(title, *direction);
        }
        self.judges.push((layer, judge));
        Some(self.judges.len() - 1)
    }

    /// Counts a segment; says how it ends its direction, where nothing that was said before is
    /// missing from the capture: of what is missing nobody knows that it was not said.
    fn segment(&mut self, message: &Message, view: &View<'_>) -> Option<Ending> {
        let segment = tcp::segment(message, view)?;
        let [forward, backward] = &mut self.seen;
        let (own, other) = match segment.direction {
            Direction::Forward => (forward, &*backward),
            Direction::Backward => (backward, &*forward),
        };
        let is_whole = own.is_whole_before(&segment) && other.holds_what_is_confirmed_by(&segment);
        let is_new = !message.kind().is_some_and(SegmentKind::says_nothing_new);
        own.add(&segment, is_new);
        if segment.has(flags::RST) {
            return is_whole.then_some(Ending::Reset);
        }
        (segment.has(flags::FIN) && is_whole).then_some(Ending::Closed)
    }
}

/// What was seen of one direction of TCP.
#[derive(Clone, Copy, Default)]
struct Seen {
    /// The number of its first byte, where its SYN was seen.
    first: Option<u32>,
    /// How many of its bytes came.
    bytes: u32,
    /// Whether the capture has less of some segment than was on the wire.
    is_cut: bool,
}

impl Seen {
    fn add(&mut self, segment: &Segment, is_new: bool) {
        if segment.has(flags::SYN) {
            self.first = Some(segment.seq.wrapping_add(1));
        }
        if is_new {
            self.bytes = self.bytes.wrapping_add(segment.len);
            self.is_cut |= segment.len > segment.data.len;
        }
    }

    /// Whether all came that was sent before a segment.
    fn is_whole_before(&self, segment: &Segment) -> bool {
        let before = self.first.map(|first| segment.seq.wrapping_sub(first));
        // A reset after a FIN has the number behind it.
        let after_fin = self.bytes.wrapping_add(1);
        let is_next =
            before == Some(self.bytes) || segment.has(flags::RST) && before == Some(after_fin);
        is_next && !self.is_cut
    }

    /// Whether all came that a segment of the other direction confirms.
    fn holds_what_is_confirmed_by(&self, segment: &Segment) -> bool {
        let Some(first) = self.first else { return false };
        let confirmed = segment.ack.wrapping_sub(first);
        !self.is_cut && (!segment.has(flags::ACK) || confirmed <= self.bytes.wrapping_add(1))
    }
}
