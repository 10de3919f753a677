//! What came and could not be handed on, because something before it was missing: head-of-line
//! blocking.
//!
//! ```text
//!   sent      a1 b1 c1 a2 b2 c2            a2 again
//!   came      a1 b1 c1 ×  b2 c2 ──────────> a2
//!   TCP                   b2 and c2 wait ─┘     one order for all of a connection
//!   QUIC                  b2, c2 at once        an order for each stream (RFC 9000, section 2.2)
//! ```

use super::told::Told;
use crate::engine::reader::Context;
use crate::ids::{MessageId, Time};
use crate::maps::FastMap;
use crate::protocol::Framing;

/// A wait shorter than this is none: packets that overtake each other by a hair, in nanoseconds.
const LEAST: i64 = 1_000_000;

/// Messages that lay and waited: since when, and for how many nanoseconds.
pub(super) type Held = FastMap<MessageId, (Time, i64)>;

/// Finds those on lanes, and says so with each.
pub(super) fn tell(told: &mut Told, context: Context<'_>) {
    told.held = held(told, context);
    let why = why(told.thread.framing);
    for item in &mut told.thread.items {
        let Some((_, nanos)) = told.held.get(&item.message) else { continue };
        let millis = *nanos as f64 / 1e6;
        let said = format!(
            "It came, and lay there for {millis:.1} ms until what was missing before it had come: {why}."
        );
        item.told.detail = format!("{} {said}", item.told.detail).trim_start().to_owned();
    }
}

fn held(told: &Told, context: Context<'_>) -> Held {
    let on_lanes = told.thread.items.iter().filter(|item| item.told.lane.is_some());
    let waited = on_lanes.filter_map(|item| {
        // Only of what was recorded where it came can one say that it waited there.
        let at = |frame| told.vantage.received(frame, item.direction, context);
        let (came, read) = (at(item.came)?.time, at(item.end)?.time);
        let waited = read.since(came);
        (waited >= LEAST && item.message != MessageId::NONE)
            .then_some((item.message, (came, waited)))
    });
    waited.collect()
}

/// Why bytes wait for those before them.
const fn why(framing: Framing) -> &'static str {
    match framing {
        Framing::Stream => "TCP hands all bytes on in their order (RFC 9293, section 2.2)",
        Framing::Datagram => "QUIC keeps the order within a stream (RFC 9000, section 2.2)",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_keeps_an_order_is_named() {
        let kept = "QUIC keeps the order within a stream (RFC 9000, section 2.2)";
        assert_eq!(why(Framing::Datagram), kept);
        let kept = "TCP hands all bytes on in their order (RFC 9293, section 2.2)";
        assert_eq!(why(Framing::Stream), kept);
    }
}
