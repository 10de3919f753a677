//! The judges of one connection: each layer that has one, and what they hear.

use crate::engine::view::View;
use crate::ids::{Direction, LayerId, ProtocolId, Time};
use crate::limits::MAX_JUDGES;
use crate::message::{Message, Protection};
use crate::protocol::{Framing, Judge, Registry};
use crate::protocols::tcp;
use crate::verdict::Verdict;

/// The judges of one connection.
pub(super) struct Court {
    framing: Framing,
    judges: Vec<(LayerId, Box<dyn Judge>)>,
    /// Who spoke what in the clear, for judges that come later.
    beside: Vec<(&'static str, Direction)>,
}

impl Court {
    /// The court of a connection that is carried so.
    pub(super) const fn new(framing: Framing) -> Self {
        Self { framing, judges: Vec::new(), beside: Vec::new() }
    }

    /// Lets all hear a message of that protocol, seen at that time; what one of them says of it.
    pub(super) fn hear(
        &mut self,
        (message, protocol, time): (&Message, ProtocolId, Time),
        view: &View<'_>,
        registry: &Registry,
    ) -> Option<Verdict> {
        if protocol == tcp::PROTOCOL_ID {
            let ending = tcp::ending(message, view)?;
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
}
