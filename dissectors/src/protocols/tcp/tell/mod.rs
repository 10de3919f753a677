//! What a TCP segment means: the sentences of the handshake, the close, and of what goes wrong.
//!
//! Data is told by the protocol that it belongs to, so that a segment in order with data and
//! nothing else tells nothing. A mere acknowledgement tells with the least weight and names no
//! chapter: it belongs to whatever goes on.

mod ending;
mod needless;
mod offers;
mod opening;
mod urgent;

use self::offers::Offers;
use super::needless::Needless;
use super::segment::{Meant, Noted, Segment as Header};
use super::state::State;
use super::waits::Remark;
use crate::engine::tcp::WindowScale;
use crate::engine::tcp::{SegmentKind as Kind, flags};
use crate::engine::view::View;
use crate::ids::Direction;
use crate::message::Message;
use crate::telling::{Gained, Outcome, Side, Telling};
use crate::wording::{counted, thousands};

/// A segment as its teller sees it: the header in the terms of the connection, and where both
/// ends stood.
#[derive(Clone, Copy, Debug)]
struct Segment {
    /// Who sent it.
    direction: Direction,
    /// The flags of [`flags`].
    flags: u16,
    /// The sequence number as it stands in the header.
    number: u32,
    /// The same, counted from the SYN.
    seq: u32,
    /// The acknowledgement number, counted from the other side's SYN.
    ack: u32,
    /// How many bytes of data it carried on the wire.
    payload_len: u32,
    /// How many bytes its sender is ready to take, scaled.
    window: u32,
    /// The largest segment its sender takes, where it says so.
    mss: Option<u16>,
    /// How long the cookie of TCP Fast Open is that it bears; none where it asks for one.
    cookie: Option<usize>,
    /// What it offers, where it is a SYN or its answer.
    offers: Offers,
    /// What it was to its stream.
    kind: Kind,
    meant: Meant,
    /// What its time says of it.
    remark: Option<Remark>,
    /// How many bytes from its first one on it calls urgent, where it does.
    urgent: Option<u16>,
}

/// Says what a segment means, with the states that both ends come to.
#[must_use]
pub(super) fn tell(message: &Message, view: &View<'_>) -> Option<Telling> {
    let (kind, meant) = (message.kind::<Kind>()?, message.extra::<Kind>()?);
    let (direction, bytes) = (message.direction, view.bytes(message.span));
    let header = Header::read(direction, bytes, message.span, meant.cut.into())?;
    let numbering = view.numbering();
    let base = |way: Direction| numbering.bases.get(way.index()).copied().flatten().unwrap_or(0);
    let window = match numbering.scales.get(direction.index()) {
        // Never in a segment with SYN; and no shift is larger (RFC 7323, sections 2.2 and 2.3).
        Some(WindowScale::Shift(shift)) if !header.has(flags::SYN) => {
            u32::from(header.window) << (*shift).min(14)
        }
        _ => header.window.into(),
    };
    let told = of(&Segment {
        direction,
        flags: header.flags,
        number: header.seq,
        seq: header.seq.wrapping_sub(base(direction)),
        ack: header.ack.wrapping_sub(base(direction.reverse())),
        payload_len: header.len,
        window,
        mss: opening::mss(bytes),
        cookie: opening::cookie(bytes),
        offers: if header.has(flags::SYN) { Offers::of(bytes) } else { Offers::default() },
        kind,
        meant,
        remark: view.facts::<Noted>(message).and_then(|noted| noted.remark),
        urgent: header.urgent,
    })?;
    let says_why = header.has(flags::RST) && (header.cause.len > 0 || header.cut > 0);
    Some(if says_why {
        ending::with_cause(told, view.bytes(header.cause), header.cut)
    } else {
        told
    })
}

const OPENING: &str = "TCP handshake";
const CLOSING: &str = "Closing";
/// The chapter of what is lost, late or sent again.
pub(crate) const TROUBLE: &str = "TCP recovery";
const WAITING: &str = "TCP flow control";
const KEEPING: &str = "TCP keep-alive";
const STANDARD: &str = "RFC 9293";
/// How the beads of what breaks a connection off begin.
pub(crate) const RESET: &str = "RST";
/// The bead of data that was held back until all before it was acknowledged.
pub(crate) const HELD: &str = "held back";
/// The bead of data that is sent after the other side has ended its direction.
pub(crate) const HALF_CLOSED: &str = "half-closed";

impl Segment {
    fn has(&self, flag: u16) -> bool {
        self.flags & flag != 0
    }

    /// Whether it says again what it said before. The SYN, ACK of a side that had asked itself has
    /// the number of its SYN and is the next step of the handshake (RFC 9293, section 3.5, figure
    /// 7).
    fn is_repeated(&self) -> bool {
        if self.answers_as_it_asked() {
            return false;
        }
        let before = self.sender(self.meant.before);
        let said = match before {
            State::SynSent | State::SynReceived | State::Established => self.has(flags::SYN),
            State::FinWait1 | State::Closing | State::LastAck => self.has(flags::FIN),
            _ => false,
        };
        let is_new = self.remark == Some(Remark::StoredLate);
        let is_same = before == self.sender(self.meant.after) && !is_new;
        self.kind.is_retransmission() || (said && is_same)
    }

    /// Whether its SYN, ACK confirms the SYN of a side that it had asked itself: such a one says
    /// its own SYN again.
    fn answers_as_it_asked(&self) -> bool {
        self.has(flags::SYN)
            && self.has(flags::ACK)
            && matches!(self.sender(self.meant.before), State::SynReceived | State::Established)
            && matches!(self.receiver(self.meant.before), State::SynSent | State::SynReceived)
            && self.receiver(self.meant.after) == State::Established
    }

    /// What it shows of bytes that came twice.
    fn needless(&self) -> Option<Needless> {
        match self.remark? {
            Remark::Needless(shown) => Some(shown),
            _ => None,
        }
    }

    /// The number that the sender counts from, which readers count as 0.
    fn start(&self) -> String {
        format!("seq 0 ({} on the wire)", self.number)
    }

    fn sender(&self, states: [State; 2]) -> State {
        let [client, server] = states;
        if self.direction == Direction::Forward { client } else { server }
    }

    fn receiver(&self, states: [State; 2]) -> State {
        let [client, server] = states;
        if self.direction == Direction::Forward { server } else { client }
    }
}

fn of(segment: &Segment) -> Option<Telling> {
    let telling = if segment.has(flags::RST) {
        Some(ending::reset(segment))
    } else if segment.has(flags::SYN) {
        Some(opening::open(segment))
    } else if segment.has(flags::FIN) {
        Some(ending::close(segment))
    } else {
        within(segment)
    };
    let telling = urgent::told(telling, segment)?;
    let telling = if segment.is_repeated() {
        Telling { outcome: Outcome::Repeated, ..telling }
    } else {
        telling
    };
    Some(with_states(telling, segment))
}

fn with_states(mut telling: Telling, segment: &Segment) -> Telling {
    let sides = [
        (Side::Sender, segment.sender(segment.meant.before), segment.sender(segment.meant.after)),
        (
            Side::Receiver,
            segment.receiver(segment.meant.before),
            segment.receiver(segment.meant.after),
        ),
    ];
    if segment.answers_as_it_asked() && segment.sender(segment.meant.before) == State::Established {
        // It got the other side's SYN before that one's answer, which had crossed its own (RFC
        // 9293, section 3.5, figure 7).
        let state = State::SynReceived;
        telling = telling.gains(Side::Sender, Gained::State(state.name(), state.is_open()));
    }
    for (side, before, after) in sides {
        if before != after {
            telling = telling.gains(side, Gained::State(after.name(), after.is_open()));
        }
    }
    telling
}

/// A segment of a connection that is open, and stays so.
fn within(segment: &Segment) -> Option<Telling> {
    let len = segment.payload_len;
    match segment.kind {
        Kind::Retransmission => {
            return Some(
                Telling::new("sent again", "Sends the same bytes again", TROUBLE)
                    .detail(format!(
                        "{} from seq {}, seen before. A sender repeats what it takes for \
                         lost: unacknowledged for too long, or shown as a hole by later \
                         acknowledgements.",
                        counted(len.into(), "byte"),
                        grouped(segment.seq)
                    ))
                    .lesson("tcp/retransmission", STANDARD, "3.8.1")
                    .weight(6, 3),
            );
        }
        Kind::SpuriousRetransmission => {
            let headline = "Sends the same bytes again, though they are confirmed";
            let detail = format!(
                "{} from seq {}. What confirms them had come past here before: on the rest \
                 of its way it was lost, or the two crossed. So this was unnecessary.",
                counted(len.into(), "byte"),
                grouped(segment.seq)
            );
            let told = Telling::new("sent again", headline, TROUBLE).detail(detail);
            return Some(told.lesson("tcp/spurious", STANDARD, "3.8.1").weight(6, 3));
        }
        Kind::OutOfOrder => {
            return Some(
                Telling::new("late", "Fills a hole: later bytes were seen first", TROUBLE)
                    .detail(
                        "Either others overtook it, or its first try was lost before it came past \
                         here.",
                    )
                    .lesson("tcp/retransmission", STANDARD, "3.10.7.4")
                    .weight(6, 3),
            );
        }
        Kind::KeepAlive | Kind::WindowProbe => return Some(probe(segment.kind)),
        Kind::Plain | Kind::WindowUpdate | Kind::KeepAliveAnswer | Kind::DuplicateAck => {}
    }
    if len > 0 {
        // Data is told by its own protocol; beside it, what its acknowledgement brought about, or
        // what it had waited for.
        let shown = segment.needless().map(|shown| needless::told(shown, true));
        return confirm(segment).or(shown).or_else(|| waited(segment));
    }
    Some(acknowledge(segment))
}

fn probe(kind: Kind) -> Telling {
    if kind == Kind::WindowProbe {
        return Telling::new("window probe", "Asks whether there is room again", WAITING)
            .detail("The acknowledgement that gives room again can be lost; so the sender asks.")
            .lesson("tcp/window", STANDARD, "3.8.6.1")
            .weight(5, 3);
    }
    Telling::new("keep-alive", "Asks whether the other side is still there", KEEPING)
        .detail("It begins at a number that was acknowledged already: a live peer must answer.")
        .lesson("tcp/keep-alive", STANDARD, "3.8.4")
        .weight(5, 3)
        .asking()
}

/// What the time of a segment with data says of it, where it says anything.
fn waited(segment: &Segment) -> Option<Telling> {
    match segment.remark? {
        Remark::Held(waited, after) => {
            let detail = format!(
                "It left {} after that acknowledgement had come, {} after the segment before it. \
                 No program sees acknowledgements, so its kernel had held it back: Nagle's \
                 algorithm (inferred).",
                span(after),
                span(waited)
            );
            let told = Telling::new(HELD, "Goes on once all before it is confirmed", "");
            let told = told.detail(detail).lesson("tcp/nagle", STANDARD, "3.7.4");
            Some(told.weight(7, ASIDE))
        }
        Remark::SendsOn => {
            let headline = "Sends on, though the other side has ended its direction";
            let told = Telling::new(HALF_CLOSED, headline, "");
            let told = told.detail("Each direction ends by itself, and this one has not.");
            Some(told.lesson("tcp/half-close", STANDARD, "3.6").weight(4, ASIDE))
        }
        Remark::Delayed(_) | Remark::StoredLate | Remark::Needless(_) => None,
    }
}

fn acknowledge(segment: &Segment) -> Telling {
    let ack = grouped(segment.ack);
    if segment.window == 0 && segment.meant.was_full && segment.meant.was_asked {
        return Telling::new("window 0", "Has still no room left", WAITING)
            .detail("The sender asks again later, after twice the time.")
            .lesson("tcp/window", STANDARD, "3.8.6.1")
            .weight(6, 4);
    }
    if segment.window == 0 {
        let told = Telling::new("window 0", "Has no room left: the other side must wait", WAITING)
            .detail("There is room again when its program reads what has come.")
            .lesson("tcp/window", STANDARD, "3.8.6")
            .weight(6, 4);
        return if segment.meant.was_asked { told.answering() } else { told };
    }
    if segment.meant.was_full {
        // A program has made room: that answers no probe, whenever the last one was.
        return Telling::new("window update", "Has room again", WAITING)
            .detail(format!("window {}: the other side may go on.", grouped(segment.window)))
            .lesson("tcp/window", STANDARD, "3.8.6")
            .weight(6, 4);
    }
    if segment.meant.was_asked {
        return Telling::new("ACK", "Is still there", KEEPING)
            .detail(format!("It answers with what it confirmed before: everything before {ack}."))
            .lesson("tcp/keep-alive", STANDARD, "3.8.4")
            .weight(4, 3)
            .answering();
    }
    if let Some(shown) = segment.needless() {
        return needless::told(shown, false);
    }
    if let Some(Remark::Delayed(late)) = segment.remark {
        let headline = format!("Confirms what has arrived only after {}", span(late));
        return Telling::new("ACK", headline, "")
            .detail(format!(
                "Everything before {ack}. A receiver may wait a little, so that an answer of its \
                 program carries the acknowledgement; here none came."
            ))
            .lesson("tcp/nagle", STANDARD, "3.8.6.3")
            .weight(0, 0);
    }
    confirm(segment).unwrap_or_else(|| {
        Telling::new("ACK", "Confirms what has arrived", "")
            .detail(format!("Everything before {ack}."))
            .lesson("tcp/acknowledgement", STANDARD, "3.8.6.3")
            .weight(0, 0)
    })
}

/// An acknowledgement that opens a connection, or ends a direction of it.
fn confirm(segment: &Segment) -> Option<Telling> {
    let before = segment.receiver(segment.meant.before);
    if before == segment.receiver(segment.meant.after) {
        return None;
    }
    let ack = format!("ack {}", grouped(segment.ack));
    match before {
        State::Closed | State::SynSent => opening::unseen(segment),
        State::SynReceived => {
            let headline = "Confirms: the connection is open on both sides";
            let told = Telling::new("ACK", headline, OPENING).detail(ack);
            Some(told.lesson("tcp/handshake", STANDARD, "3.5").weight(1, 1))
        }
        State::FinWait1 | State::Closing | State::LastAck => {
            let headline = "Confirms that the other side has ended its direction";
            let is_open = segment.sender(segment.meant.after) == State::CloseWait;
            let rest = if is_open {
                ". Its own direction stays open: the connection is half closed"
            } else {
                ""
            };
            let told = Telling::new("ACK", headline, CLOSING).detail(format!("{ack}{rest}"));
            let told = told.lesson("tcp/close", STANDARD, "3.6").weight(1, 1);
            // Whoever says more with it has not taken leave.
            Some(if segment.payload_len == 0 { told.closing() } else { told })
        }
        _ => None,
    }
}

/// The weight of a chapter that a segment begins none of, though it is no mere acknowledgement.
const ASIDE: u8 = 2;

/// A span of time in milliseconds: "44.0 ms", "0.03 ms".
fn span(nanos: i64) -> String {
    let millis = nanos.max(0) as f64 / 1e6;
    if millis >= 9.995 { format!("{millis:.1} ms") } else { format!("{millis:.2} ms") }
}

/// A number as it reads best: `64,240`.
fn grouped(number: u32) -> String {
    thousands(number.into())
}

#[cfg(test)]
mod tests;
