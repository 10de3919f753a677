//! What an acknowledgement shows of bytes that came twice, or were sent again for nothing.

use super::{ASIDE, TROUBLE, grouped};
use crate::protocols::tcp::needless::{Needless, Shown};
use crate::telling::Telling;

/// The lesson on it.
const LESSON: &str = "tcp/spurious";

/// An acknowledgement that does nothing else of note, or one that rides on data.
pub(super) fn told(shown: Needless, rides: bool) -> Telling {
    let bytes = if shown.count == 1 { "byte" } else { "bytes" };
    let which = format!("{} {bytes} from seq {}", grouped(shown.count), grouped(shown.first));
    let earlier = if shown.tries > 1 { "an earlier try" } else { "the first try" };
    let told = match shown.shown {
        Shown::Twice if shown.tries == 0 => {
            let headline = "Says that it got bytes twice that nobody was seen to send again";
            let detail = format!(
                "{which} (D-SACK). The way doubled the packet, or one of two tries was not \
                 recorded."
            );
            Telling::new("D-SACK", headline, TROUBLE).detail(detail)
        }
        Shown::Twice => {
            let headline = "Says that it got bytes twice: sending them again was unnecessary";
            let detail = format!(
                "{which} (D-SACK). So {earlier} had not been lost: it was late, or what confirmed \
                 it was late or lost. Only a way that doubles packets could make it look so."
            );
            Telling::new("D-SACK", headline, TROUBLE).detail(detail)
        }
        Shown::Echo => {
            let headline = format!("Answers {earlier}: sending it again was unnecessary");
            let detail = format!(
                "{which}. It echoes a timestamp from before they were sent again (Eifel). So they \
                 had not been lost: they were late, or what confirms them is."
            );
            Telling::new("late ACK", headline, TROUBLE).detail(detail)
        }
    };
    let told = match shown.shown {
        Shown::Twice => told.lesson(LESSON, "RFC 2883", "4"),
        Shown::Echo => told.lesson(LESSON, "RFC 3522", ""),
    };
    told.weight(6, if rides { ASIDE } else { 3 })
}
