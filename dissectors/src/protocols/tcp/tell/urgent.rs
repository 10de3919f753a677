//! What a segment says of urgent data: that its receiver should read on quickly up to a place.

use super::{ASIDE, STANDARD, Segment, grouped};
use crate::telling::Telling;
use crate::wording::counted;

/// The bead of a segment that marks data as urgent.
const LABEL: &str = "urgent";

/// What a segment means, with what it says of urgent data: beside data and mere acknowledgements
/// that is all there is to say, else it is added to what they mean.
pub(super) fn told(telling: Option<Telling>, segment: &Segment) -> Option<Telling> {
    let Some(pointer) = segment.urgent else { return telling };
    let (headline, detail) = in_words(segment, pointer);
    match telling {
        Some(telling) if telling.chapter.weight > 0 => {
            let detail = format!("{}. {headline}. {detail}", telling.detail.trim_end_matches('.'));
            Some(Telling { detail, ..telling })
        }
        _ => {
            let told = Telling::new(LABEL, headline, "").detail(detail);
            Some(told.lesson("tcp/urgent", STANDARD, "3.8.5").weight(2, ASIDE))
        }
    }
}

/// Which bytes are urgent by its pointer, and what that means.
fn in_words(segment: &Segment, pointer: u16) -> (String, String) {
    let (len, count) = (segment.payload_len, u32::from(pointer));
    let bytes = |count: u32| counted(count.into(), "byte");
    let end = grouped(segment.seq.wrapping_add(count));
    let headline = match count {
        0 => "Is marked as urgent, and names no urgent byte".to_owned(),
        _ if len == 0 => format!("Says that urgent data is to come: {}", bytes(count)),
        _ if count < len => format!("Marks its first {} as urgent", bytes(count)),
        _ if count == len => format!("Marks its {} as urgent", bytes(count)),
        _ => format!("Marks its {} and the next {} as urgent", bytes(len), bytes(count - len)),
    };
    let detail = match count {
        0 => {
            "The urgent pointer points behind the last urgent byte, and here at the first byte of \
              the segment."
                .to_owned()
        }
        _ => format!(
            "The urgent pointer points at seq {end}, behind the last of them: whoever reads is told \
             to go on quickly up to there. Common systems take the last byte alone for urgent and \
             hand it over apart; new programs do without (RFC 6093)."
        ),
    };
    (headline, detail)
}
