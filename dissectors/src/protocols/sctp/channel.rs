//! What DATA carries: messages of data channels, and what opens those (RFC 8831, RFC 8832).
//!
//! ```text
//!   DATA_CHANNEL_OPEN   |3|type 1|priority 2|reliability 4|label length 2|protocol length 2|label|…
//!   DATA_CHANNEL_ACK    |2|
//! ```

use super::chunk::Carried;
use crate::protocols::lines::text::short;
use crate::telling::{Telling, sentence};
use crate::wording::counted;

/// Kinds of payload of data channels (RFC 8831, section 8).
mod kind {
    pub(super) const ESTABLISHMENT: u64 = 50;
    pub(super) const TEXT: u64 = 51;
    pub(super) const BINARY: u64 = 53;
    pub(super) const EMPTY_TEXT: u64 = 56;
    pub(super) const EMPTY_BINARY: u64 = 57;
}

/// The same telling with what is carried on which stream.
pub(super) fn tell(carried: Option<Carried<'_>>, told: Telling) -> Telling {
    let Some(carried) = carried else { return told };
    let stream = carried.stream;
    if carried.kind == Some(kind::ESTABLISHMENT) && carried.begins {
        let named = match carried.bytes.first() {
            Some(3) => {
                Some(format!("Opens a data channel on stream {stream}{}", label(carried.bytes)))
            }
            Some(2) => Some(format!("Takes the data channel on stream {stream}")),
            _ => None,
        };
        let Some(headline) = named else { return told };
        let section = if carried.bytes.first() == Some(&3) { "5.1" } else { "5.2" };
        let told = Telling { headline, ..told }.weight(6, 4);
        return told.lesson("sctp/association", "RFC 8832", section);
    }
    let what = match carried.kind {
        Some(kind::TEXT) => "text of a data channel",
        Some(kind::BINARY) => "bytes of a data channel",
        Some(kind::EMPTY_TEXT | kind::EMPTY_BINARY) => {
            return told.detail(format!("An empty message of a data channel, on stream {stream}."));
        }
        _ => "bytes",
    };
    let share = match (carried.begins, carried.ends) {
        (true, true) => "",
        (true, false) => ", the first part of a message",
        (false, true) => ", the last part of a message",
        (false, false) => ", a part of a message",
    };
    let words = match carried.kind {
        Some(kind::TEXT) if carried.begins => format!(": “{}”", short(carried.bytes)),
        _ => String::new(),
    };
    let len = counted(carried.len as u64, "byte");
    told.detail(sentence(&format!("On stream {stream}: {len}, {what}{share}{words}")))
}

/// Where the label of a channel stands that is opened, and its length before that.
const LABEL_LENGTH: usize = 8;
const LABEL: usize = 12;

/// ": chat", the label of a channel that is opened; nothing where it has none.
fn label(open: &[u8]) -> String {
    let len = open.get(LABEL_LENGTH..).and_then(|rest| rest.first_chunk::<2>());
    let len = len.map_or(0, |len| usize::from(u16::from_be_bytes(*len)));
    match open.get(LABEL..LABEL + len) {
        Some(label) if !label.is_empty() => format!(": {}", short(label)),
        _ => String::new(),
    }
}
