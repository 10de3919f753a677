//! Segments that come to an end which has broken the connection off: they change nothing there any
//! more. Where only one place was recorded, they had left before that was known, and none shows.
//!
//! ```text
//!   client   ── ACK ──╲  ╱── the reset comes: CLOSED
//!                      ╳
//!   server   ── RST ──╱  ╲── the ACK comes: it was CLOSED before
//! ```

use super::gather::Thread;
use super::item::Item;
use super::vantage::Vantage;
use crate::engine::reader::Context;
use crate::ids::{Direction, Time};
use crate::protocols::tcp;
use crate::story::{Gained, Side};
use crate::telling::sentence;

/// Takes from each segment the state that it did not bring about, and says so.
pub(super) fn settle(thread: &mut Thread, vantage: &Vantage, context: Context<'_>) {
    if vantage.sightings().is_none() {
        return;
    }
    let left = |way: Direction| -> Option<Time> {
        let own = thread.items.iter().filter(|item| item.direction == way && item.breaks_off());
        // What comes from the way ends nothing there.
        let own = own.filter(|item| vantage.stray(item.start).is_none());
        own.map(|item| vantage.sent(item.start, way, context).time).min()
    };
    let gone = Direction::BOTH.map(left);
    for item in &mut thread.items {
        let there = gone.get(item.direction.reverse().index()).copied().flatten();
        let came = vantage.received(item.end, item.direction, context);
        let is_late = there.zip(came).is_some_and(|(gone, came)| gone < came.time);
        // Whoever asks anew opens another connection.
        if !is_late || item.told.turn.asks {
            continue;
        }
        let before = item.told.gained.len();
        let is_state = |gained: &Gained| matches!(gained, Gained::State(..));
        item.told.gained.retain(|(side, gained)| *side != Side::Receiver || !is_state(gained));
        if item.told.gained.len() < before && !item.breaks_off() {
            let said = sentence(&item.told.detail);
            item.told.detail =
                format!("{said} It crosses a reset: where it comes to, the connection is gone.");
        }
    }
}

impl Item {
    /// Whether its sender breaks the connection off with it.
    pub(super) fn breaks_off(&self) -> bool {
        self.protocol == tcp::PROTOCOL_ID && self.told.label.starts_with(tcp::RESET)
    }
}
