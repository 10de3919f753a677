//! What ends a connection: both directions at once, or one after the other.

use super::{CLOSING, OPENING, STANDARD, Segment};
use crate::engine::tcp::flags;
use crate::protocols::tcp::state::State;
use crate::telling::{Outcome, Telling, quoted};
use crate::wording::counted;

pub(super) fn reset(segment: &Segment) -> Telling {
    let telling = match segment.receiver(segment.meant.before) {
        State::SynSent => Telling::new("RST, ACK", "Refuses the connection", OPENING)
            .detail(
                "Mostly no program listens on that port; a firewall may say so, too. Silence \
                     would have cost a timeout instead.",
            )
            .lesson("tcp/reset", STANDARD, "3.5.2")
            .answering(),
        State::Closed | State::TimeWait => {
            let label = if segment.has(flags::ACK) { "RST, ACK" } else { "RST" };
            Telling::new(label, "Resets: no connection is open here any more", CLOSING)
                .detail("So is answered what belongs to no connection. Nothing answers a reset.")
                .lesson("tcp/reset", STANDARD, "3.5.2")
                .closing()
        }
        _ if segment.has(flags::ACK) => {
            Telling::new("RST, ACK", "Breaks the connection off", CLOSING)
                .detail(
                    "One that answers a segment of an open connection bears no acknowledgement; \
                     this one does, so its sender gave up by itself. Mostly a program closed with \
                     a linger time of zero, or while data lay unread. Data that no program has \
                     read yet may be lost.",
                )
                .lesson("tcp/abort", STANDARD, "3.5.2")
                .closing()
        }
        _ => Telling::new("RST", "Breaks the connection off", CLOSING)
            .detail(
                "It bears no acknowledgement: so is answered a segment that fits no connection \
                 here, which has been closed or forgotten. Data that no program has read yet may \
                 be lost.",
            )
            .lesson("tcp/abort", STANDARD, "3.5.2")
            .closing(),
    };
    Telling { outcome: Outcome::Refused, ..telling.weight(8, 8) }
}

/// So many letters of a cause are quoted.
const QUOTED: usize = 120;

/// A reset with what it says of its cause, which is mostly text (RFC 9293, section 3.5.3); `cut`
/// bytes of it were not captured.
pub(super) fn with_cause(telling: Telling, cause: &[u8], cut: u32) -> Telling {
    let text = std::str::from_utf8(cause).map(|text| text.trim_end_matches(['\0', '\r', '\n']));
    let said = match text {
        Ok(text) if !text.is_empty() && !text.chars().any(char::is_control) => {
            let shown: String = text.chars().take(QUOTED).collect();
            let more = if shown.len() < text.len() || cut > 0 { "…" } else { "" };
            format!("It says why: {}", quoted(format_args!("{shown}{more}")))
        }
        _ => format!(
            "It carries {} that may say why, and no standard says how to read them (RFC 9293, \
             section 3.5.3).",
            counted(cause.len() as u64 + u64::from(cut), "byte")
        ),
    };
    Telling { detail: format!("{} {said}", telling.detail), ..telling }
}

pub(super) fn close(segment: &Segment) -> Telling {
    let last = match segment.payload_len {
        0 => String::new(),
        len => format!("The last {} ride along. ", counted(len.into(), "byte")),
    };
    let (headline, rest) = match segment.sender(segment.meant.before) {
        State::CloseWait if segment.sender(segment.meant.after) == State::Closing => (
            "Has nothing more to send, and had not heard the other side say so",
            "Both FINs crossed on their way.",
        ),
        State::CloseWait => {
            ("Has nothing more to send either", "With its acknowledgement both directions end.")
        }
        State::FinWait1 | State::Closing | State::LastAck => (
            "Says again that it is done",
            "No acknowledgement was seen; a FIN is repeated like data.",
        ),
        _ => ("Has nothing more to send", "The other direction may go on until it says the same."),
    };
    let label = if segment.has(flags::ACK) { "FIN, ACK" } else { "FIN" };
    let telling = Telling::new(label, headline, CLOSING).detail(format!("{last}{rest}")).lesson(
        "tcp/close",
        STANDARD,
        "3.6",
    );
    // Data that ends with a FIN is told by its own protocol, which has more to say.
    if segment.payload_len > 0 { telling.weight(4, 4) } else { telling.weight(4, 5).closing() }
}
