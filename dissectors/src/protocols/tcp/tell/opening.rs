//! What the two SYNs mean, and what rides on them.

use etherparse::TcpHeaderSlice;

use super::{OPENING, STANDARD, Segment, grouped, offers};
use crate::engine::options;
use crate::engine::tcp::flags;
use crate::protocols::tcp::state::State;
use crate::protocols::tcp::waits::Remark;
use crate::telling::Telling;
use crate::wording::counted;

/// The largest segment that a SYN's sender takes (RFC 9293, section 3.7.1).
pub(super) fn mss(segment: &[u8]) -> Option<u16> {
    let header = TcpHeaderSlice::from_slice(segment).ok()?;
    options::of(header.options()).find_map(|(kind, value)| match (kind, value) {
        (2, [high, low]) => Some(u16::from_be_bytes([*high, *low])),
        _ => None,
    })
}

/// How long the cookie of TCP Fast Open is that a segment bears: none in an empty option, which
/// asks for one.
pub(super) fn cookie(segment: &[u8]) -> Option<usize> {
    let header = TcpHeaderSlice::from_slice(segment).ok()?;
    options::cookie(header.options()).map(<[u8]>::len)
}

pub(super) fn open(segment: &Segment) -> Telling {
    let window = grouped(segment.window);
    let mss = match segment.mss {
        Some(mss) => format!(", MSS {}", grouped(mss.into())),
        None => String::new(),
    };
    let lesson = if segment.cookie.is_some() { "tcp/fast-open" } else { "tcp/handshake" };
    let offers = offers::told(segment.flags, segment.offers);
    let before = segment.sender(segment.meant.before);
    if segment.has(flags::ACK) {
        // What it acknowledges behind the number of a SYN that was seen is data that rode on it.
        let was_seen = segment.receiver(segment.meant.before) == State::SynSent;
        let taken = if was_seen { segment.ack.saturating_sub(1) } else { 0 };
        let has_asked = segment.answers_as_it_asked();
        let headline = match before {
            _ if has_asked => "Accepts what the other side asks, and repeats its own SYN",
            State::SynReceived => "Accepts again: no confirmation has been seen",
            State::Established => "Accepts again",
            _ if taken > 0 => "Accepts, and has taken what came with the SYN",
            _ => "Accepts, and opens its own direction",
        };
        let cookie = match segment.cookie {
            Some(len) if len > 0 => format!(
                " It gives a cookie of {}: with it the next SYN from there may carry data \
                 (TCP Fast Open, RFC 7413).",
                counted(len as u64, "byte")
            ),
            _ => String::new(),
        };
        let kernel = match taken {
            _ if has_asked => {
                "Both sides had asked, so that neither SYN was an answer (simultaneous open)."
                    .to_owned()
            }
            0 => "On common systems the kernel says so for the program, which gets the connection \
                  once it is open."
                .to_owned(),
            len => format!(
                "Its kernel has the {} already: its program may read them, and answer, before \
                 the handshake ends.",
                counted(len.into(), "byte")
            ),
        };
        return Telling::new("SYN, ACK", headline, OPENING)
            .detail(format!(
                "{}, ack {}, window {window}{mss}. {kernel}{cookie}{offers}",
                segment.start(),
                segment.ack
            ))
            .lesson(lesson, STANDARD, "3.5")
            .answering();
    }
    let is_late = segment.remark == Some(Remark::StoredLate);
    let headline = match (before, segment.receiver(segment.meant.before)) {
        _ if is_late => "Asks for a connection: it stands behind its answer in the recording",
        (State::SynSent, _) => "Asks again: no answer has been seen",
        (State::Closed, State::SynSent) => "Asks, too: both sides open at once",
        (State::Closed, _)
            if segment.cookie.is_some_and(|len| len > 0) && segment.payload_len > 0 =>
        {
            "Asks for a connection, and sends its first bytes along"
        }
        (State::Closed, _) => "Asks for a connection",
        _ => "Asks again, though it was answered",
    };
    let carries = match segment.payload_len {
        0 if segment.cookie == Some(0) => {
            "It carries no data, and asks for a cookie, so that the next one may (TCP Fast Open, \
             RFC 7413)."
                .to_owned()
        }
        0 => "It carries no data.".to_owned(),
        len if segment.cookie.is_some_and(|len| len > 0) => {
            let len = counted(len.into(), "byte");
            format!(
                "{len} ride along, with the cookie that the server gave before (TCP Fast \
                 Open, RFC 7413)."
            )
        }
        len => {
            let len = counted(len.into(), "byte");
            format!("{len} ride along: no program gets them before the connection is open.")
        }
    };
    let told = Telling::new("SYN", headline, OPENING)
        .detail(format!("{}, window {window}{mss}. {carries}{offers}", segment.start()))
        .lesson(lesson, STANDARD, "3.5")
        .asking();
    if is_late { told.stored_late() } else { told }
}

/// What shows that a SYN was answered, where the answer was not captured.
pub(super) fn unseen(segment: &Segment) -> Option<Telling> {
    let ack = format!("ack {}", grouped(segment.ack));
    let ends = [segment.sender(segment.meant.before), segment.receiver(segment.meant.before)];
    let told = match ends {
        [State::SynSent, State::Closed] => {
            let headline = "Confirms an answer that was not recorded: the connection is open";
            Telling::new("ACK", headline, OPENING).after_unseen()
        }
        [State::Closed, State::SynSent] => {
            let headline = "Goes on after its SYN, which was not recorded: the connection is open";
            Telling::new("ACK", headline, OPENING).answering()
        }
        _ => return None,
    };
    let detail = format!("{ack}. Nobody goes on before both SYNs are confirmed.");
    Some(told.detail(detail).lesson("tcp/handshake", STANDARD, "3.5").weight(1, 1))
}
