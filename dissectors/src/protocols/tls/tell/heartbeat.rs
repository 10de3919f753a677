//! Heartbeats (RFC 6520): who is there is asked with bytes that are to come back.
//!
//! ```text
//!   |type 1|payload length 2|payload|padding 16 at least|
//! ```

use super::super::record::{ContentType, HEADER_LEN, Header};
use crate::engine::view::View;
use crate::message::{Message, Protection};
use crate::telling::{Outcome, Source, Telling};
use crate::wording::counted;

/// Type and length, before the payload.
const HEAD: usize = 3;

/// What a heartbeat means that can be read; nothing for any other record.
pub(super) fn tell(message: &Message, view: &View<'_>) -> Option<Telling> {
    if message.protection != Protection::Clear {
        return None;
    }
    let bytes = view.bytes(message.span.part(0, HEADER_LEN + HEAD));
    let header = Header::read(bytes)?;
    if header.content_type != ContentType::HEARTBEAT {
        return None;
    }
    let [kind, high, low] = *bytes.get(HEADER_LEN..)?.first_chunk::<HEAD>()?;
    let claimed = usize::from(u16::from_be_bytes([high, low]));
    Some(of(kind, claimed, header.len))
}

/// The same by its type, how many bytes it says its payload has, and how long it is with its head.
fn of(kind: u8, claimed: usize, len: usize) -> Telling {
    let sent = len.saturating_sub(HEAD);
    let told = match kind {
        1 => Telling::new("heartbeat request", "Asks whether the other side is there", CHAPTER)
            .detail(format!("{} are to come back.", counted(claimed as u64, "byte")))
            .asking(),
        2 => {
            Telling::new("heartbeat response", "Gives back what it was sent: it is there", CHAPTER)
                .detail(format!("{} come back.", counted(claimed as u64, "byte")))
                .answering()
        }
        _ => Telling::new("heartbeat", "A heartbeat of a type that is not known here", CHAPTER),
    };
    let told = if kind == 1 && claimed > sent {
        let headline = "Asks for more bytes back than it sends";
        let detail = format!(
            "It sends {sent}, and says that its payload has {claimed}: who believes that gives away what \
             lies behind it in memory (Heartbleed, CVE-2014-0160). It is to be dropped."
        );
        Telling { headline: headline.into(), ..told }.detail(detail).outcome(Outcome::Refused)
    } else {
        told
    };
    Telling { source: Some(Source { standard: "RFC 6520", section: "4" }), ..told }.weight(6, 4)
}

const CHAPTER: &str = "TLS heartbeat";

#[cfg(test)]
mod tests {
    use super::of;
    use crate::protocols::stage::line;

    #[test]
    fn what_is_told_of_heartbeats() {
        let check = |kind, claimed, len, expected: &str| {
            assert_eq!(line(&of(kind, claimed, len)), expected);
        };
        check(
            1,
            18,
            37,
            "heartbeat request | Asks whether the other side is there | 18 bytes are to come back.",
        );
        check(
            1,
            16_384,
            3,
            "heartbeat request | Asks for more bytes back than it sends | It sends 0, and says that its \
             payload has 16384: who believes that gives away what lies behind it in memory (Heartbleed, \
             CVE-2014-0160). It is to be dropped.",
        );
        check(
            2,
            18,
            37,
            "heartbeat response | Gives back what it was sent: it is there | 18 bytes come back.",
        );
        check(9, 0, 20, "heartbeat | A heartbeat of a type that is not known here");
    }
}
