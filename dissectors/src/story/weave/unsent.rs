//! Packets that came to an end and never left the other, where both were recorded: a reset of what
//! lies between, in the name of an end, or one more copy of a packet.
//!
//! ```text
//!   client  17 bytes ──────────> box                     server
//!           <───────────── RST   has forgotten them      still has its connection
//! ```

use super::gather::{Item, Thread};
use super::vantage::Vantage;
use crate::protocols::tcp;
use crate::story::{Gained, Outcome, Side};
use crate::telling::{Chapter, Turn, sentence};

/// Says so with each of them, and leaves alone whoever has not sent it.
pub(super) fn tell(thread: &mut Thread, vantage: &Vantage) {
    for item in thread.items.iter_mut().filter(|item| item.start == item.end) {
        match vantage.stray(item.start) {
            Some(stray) if stray.is_copy => item.copied(),
            Some(_) => item.made_midway(),
            None => {}
        }
    }
}

impl Item {
    /// The way has made one more of it.
    fn copied(&mut self) {
        if self.protocol != tcp::PROTOCOL_ID {
            return;
        }
        self.is_try = true;
        let told = &mut self.told;
        let is_named = !told.chapter.title.is_empty() && told.chapter.title != tcp::RECOVERY;
        told.label = match is_named {
            true => format!("{}, a copy", told.label),
            false => "a copy".to_owned(),
        };
        told.headline = "Comes once more: the way has made a copy".to_owned();
        told.detail = "It left once, and nothing was sent again.".to_owned();
        (told.outcome, told.turn, told.chapter) =
            (Outcome::Arrived, Turn::default(), Chapter::default());
        told.stance.aside = true;
        told.gained.clear();
    }

    /// Something between the two ends has made it.
    fn made_midway(&mut self) {
        let breaks_off = self.breaks_off();
        let told = &mut self.told;
        let is_learned = |(side, gained): &(Side, Gained)| {
            *side == Side::Receiver && matches!(gained, Gained::State(..))
        };
        told.gained.retain(is_learned);
        let headline = told.headline.trim_end_matches('.');
        told.headline =
            format!("{headline}; it comes from the way, for the other end has not sent it");
        let who = "Both ends were recorded, and only this one has it: a device between the two \
                   speaks in the other's name.";
        told.detail = if breaks_off {
            format!("{who} It may have forgotten the connection, or forbid it.")
        } else {
            sentence(&format!("{} {who}", told.detail)).trim_start().to_owned()
        };
    }
}
