//! What segments mean: one by one, and as a conversation goes on.

mod flagged;
mod needless;
mod opened;
mod urgent;

use super::*;
use crate::ids::FrameId;
use crate::protocols::tcp::state::Machine;
use crate::span::Span;

/// A segment of a conversation: direction, flags, relative seq and ack, length, window.
type Step = (char, u16, u32, u32, u32, u32);

/// Tells every segment; each line is the label, the headline, and what the sides gain.
fn story(steps: &[(Step, Kind)]) -> Vec<String> {
    let mut machine = Machine::default();
    let (mut full, mut asked) = ([false; 2], [false; 2]);
    let mut lines = Vec::new();
    for ((side, flags, seq, ack, payload_len, window), kind) in steps.iter().copied() {
        let direction = if side == '>' { Direction::Forward } else { Direction::Backward };
        let before = machine.states();
        let data = Span::frame(FrameId(0), 0, payload_len);
        let (ports, len) = ([0; 2], payload_len);
        let window = window as u16;
        let (cause, cut, urgent) = (Span::NONE, 0, None);
        let header =
            Header { direction, ports, seq, ack, flags, window, data, len, cause, cut, urgent };
        machine.segment(&header);
        let (after, was_full) = (machine.states(), full[direction.index()]);
        let was_asked = std::mem::take(&mut asked[direction.index()]);
        asked[direction.reverse().index()] |= matches!(kind, Kind::KeepAlive | Kind::WindowProbe);
        let told = of(&Segment {
            direction,
            flags,
            seq,
            ack,
            payload_len,
            window: window.into(),
            mss: (flags & flags::SYN != 0).then_some(1460),
            cookie: None,
            offers: Offers::default(),
            kind,
            number: seq,
            meant: Meant { before, after, was_full, was_asked, cut: 0 },
            remark: None,
            urgent: None,
        });
        full[direction.index()] = window == 0;
        lines.push(told.map_or("-".to_owned(), |told| {
            let gained = told.gained.iter().map(|(side, gained)| match gained {
                Gained::State(name, open) => format!(" {side:?} {name} {open}"),
                Gained::Keys(..) | Gained::Renewed(..) => unreachable!("TCP has no keys"),
            });
            format!("{} | {} |{}", told.label, told.headline, gained.collect::<String>())
        }));
    }
    lines
}

fn check(steps: &[(Step, Kind, &str)]) {
    let bare: Vec<(Step, Kind)> = steps.iter().map(|(step, kind, _)| (*step, *kind)).collect();
    let expected: Vec<&str> = steps.iter().map(|(_, _, line)| *line).collect();
    assert_eq!(story(&bare), expected);
}

const SYN: u16 = flags::SYN;
const ACK: u16 = flags::ACK;
const FIN: u16 = flags::FIN;

#[test]
fn a_connection_tells_its_handshake_and_its_end() {
    let plain = Kind::Plain;
    check(&[
        (('>', SYN, 0, 0, 0, 9), plain, "SYN | Asks for a connection | Sender SYN-SENT true"),
        (
            ('<', SYN | ACK, 0, 1, 0, 9),
            plain,
            "SYN, ACK | Accepts, and opens its own direction | \
             Sender SYN-RECEIVED true Receiver ESTABLISHED true",
        ),
        (
            ('>', ACK, 1, 1, 0, 9),
            plain,
            "ACK | Confirms: the connection is open on both sides | Receiver ESTABLISHED true",
        ),
        (('>', ACK, 1, 1, 5, 9), plain, "-"),
        (('<', ACK, 1, 6, 0, 9), plain, "ACK | Confirms what has arrived |"),
        (
            ('>', FIN | ACK, 6, 1, 0, 9),
            plain,
            "FIN, ACK | Has nothing more to send | \
             Sender FIN-WAIT-1 true Receiver CLOSE-WAIT true",
        ),
        (
            ('<', FIN | ACK, 1, 7, 0, 9),
            plain,
            "FIN, ACK | Has nothing more to send either | \
             Sender LAST-ACK true Receiver TIME-WAIT false",
        ),
        (
            ('>', ACK, 7, 2, 0, 9),
            plain,
            "ACK | Confirms that the other side has ended its direction | Receiver CLOSED false",
        ),
    ]);
}

#[test]
fn a_closed_port_refuses() {
    check(&[
        (('>', SYN, 0, 0, 0, 9), Kind::Plain, "SYN | Asks for a connection | Sender SYN-SENT true"),
        (
            ('<', flags::RST | ACK, 0, 1, 0, 0),
            Kind::Plain,
            "RST, ACK | Refuses the connection | Receiver CLOSED false",
        ),
    ]);
}

#[test]
fn a_window_closes_is_probed_and_opens() {
    check(&[
        (('>', ACK, 1, 1, 9, 9), Kind::Plain, "-"),
        (
            ('<', ACK, 1, 10, 0, 0),
            Kind::Plain,
            "window 0 | Has no room left: the other side must wait |",
        ),
        (
            ('>', ACK, 9, 1, 0, 9),
            Kind::WindowProbe,
            "window probe | Asks whether there is room again |",
        ),
        (('<', ACK, 1, 10, 0, 9), Kind::Plain, "window update | Has room again |"),
        (
            ('>', ACK, 9, 1, 0, 9),
            Kind::KeepAlive,
            "keep-alive | Asks whether the other side is still there |",
        ),
        (('<', ACK, 1, 10, 0, 9), Kind::Plain, "ACK | Is still there |"),
        (('>', ACK, 1, 1, 9, 9), Kind::Retransmission, "sent again | Sends the same bytes again |"),
    ]);
}

#[test]
fn long_numbers_are_grouped() {
    let shown = [0, 999, 1460, 64_240, 1_234_567].map(grouped);
    assert_eq!(shown, ["0", "999", "1460", "64,240", "1,234,567"]);
}

/// Every sentence beside the segment that it is said of: direction, flags, data, kind, and the
/// states before and after, by the direction in which each end sends.
#[test]
fn each_sentence_has_its_segment() {
    use State::{
        CloseWait, Closed, Closing, Established, FinWait1, FinWait2, SynReceived, SynSent, TimeWait,
    };
    let plain = Kind::Plain;
    let open = [Established; 2];
    let say = |way: char, flags: u16, len: u32, states: [[State; 2]; 2], expected: &str| {
        check_one(segment(way, flags, len, plain, states), expected);
    };
    say(
        '>',
        SYN,
        0,
        [[Closed; 2], [SynSent, Closed]],
        "SYN | Asks for a connection | seq 0 (1000 on the wire), window 64,240, MSS 1460. It \
         carries no data.",
    );
    say(
        '>',
        SYN,
        5,
        [[Closed; 2], [SynSent, Closed]],
        "SYN | Asks for a connection | seq 0 (1000 on the wire), window 64,240, MSS 1460. 5 \
         bytes ride along: no program gets them before the connection is open.",
    );
    let mut with_cookie = segment('>', SYN, 5, plain, [[Closed; 2], [SynSent, Closed]]);
    with_cookie.cookie = Some(8);
    check_one(
        with_cookie,
        "SYN | Asks for a connection, and sends its first bytes along | seq 0 (1000 on the wire), \
         window 64,240, MSS 1460. 5 bytes ride along, with the cookie that the server gave before \
         (TCP Fast Open, RFC 7413).",
    );
    let mut asking = segment('>', SYN, 0, plain, [[Closed; 2], [SynSent, Closed]]);
    asking.cookie = Some(0);
    check_one(
        asking,
        "SYN | Asks for a connection | seq 0 (1000 on the wire), window 64,240, MSS 1460. It \
         carries no data, and asks for a cookie, so that the next one may (TCP Fast Open, RFC \
         7413).",
    );
    let accepting = [[SynSent, Closed], [Established, SynReceived]];
    let mut giving = segment('<', SYN | ACK, 0, plain, accepting);
    giving.cookie = Some(8);
    check_one(
        giving,
        "SYN, ACK | Accepts, and opens its own direction | seq 0 (1000 on the wire), ack 1, \
         window 64,240, MSS 1460. On common systems the kernel says so for the program, which \
         gets the connection once it is open. It gives a cookie of 8 bytes: with it the next SYN \
         from there may carry data (TCP Fast Open, RFC 7413).",
    );
    let mut taking = segment('<', SYN | ACK, 0, plain, accepting);
    taking.ack = 6;
    check_one(
        taking,
        "SYN, ACK | Accepts, and has taken what came with the SYN | seq 0 (1000 on the wire), ack \
         6, window 64,240, MSS 1460. Its kernel has the 5 bytes already: its program may read them, and answer, before \
         the handshake ends.",
    );
    say(
        '>',
        SYN,
        0,
        [[SynSent, Closed]; 2],
        "SYN | Asks again: no answer has been seen | seq 0 (1000 on the wire), window 64,240, \
         MSS 1460. It carries no data.",
    );
    say(
        '<',
        SYN,
        0,
        [[SynSent, Closed], [SynSent; 2]],
        "SYN | Asks, too: both sides open at once | seq 0 (1000 on the wire), window 64,240, \
         MSS 1460. It carries no data.",
    );
    say(
        '>',
        SYN,
        0,
        [[Established, SynReceived]; 2],
        "SYN | Asks again, though it was answered | seq 0 (1000 on the wire), window 64,240, \
         MSS 1460. It carries no data.",
    );
    say(
        '<',
        SYN | ACK,
        0,
        [[SynSent, Closed], [Established, SynReceived]],
        "SYN, ACK | Accepts, and opens its own direction | seq 0 (1000 on the wire), ack 1, \
         window 64,240, MSS 1460. On common systems the kernel says so for the program, which \
         gets the connection once it is open.",
    );
    say(
        '<',
        SYN | ACK,
        0,
        [[Established, SynReceived]; 2],
        "SYN, ACK | Accepts again: no confirmation has been seen | seq 0 (1000 on the wire), \
         ack 1, window 64,240, MSS 1460. On common systems the kernel says so for the program, \
         which gets the connection once it is open.",
    );
    say(
        '<',
        SYN | ACK,
        0,
        [open; 2],
        "SYN, ACK | Accepts again | seq 0 (1000 on the wire), ack 1, window 64,240, MSS 1460. \
         On common systems the kernel says so for the program, which gets the connection once \
         it is open.",
    );
    say(
        '<',
        RST | ACK,
        0,
        [[SynSent, Closed], [Closed; 2]],
        "RST, ACK | Refuses the connection | Mostly no program listens on that port; a firewall \
         may say so, too. Silence would have cost a timeout instead.",
    );
    say(
        '<',
        RST,
        0,
        [open, [Closed; 2]],
        "RST | Breaks the connection off | It bears no acknowledgement: so is answered a segment \
         that fits no connection here, which has been closed or forgotten. Data that no program \
         has read yet may be lost.",
    );
    say(
        '<',
        RST | ACK,
        0,
        [open, [Closed; 2]],
        "RST, ACK | Breaks the connection off | One that answers a segment of an open connection \
         bears no acknowledgement; this one does, so its sender gave up by itself. Mostly a \
         program closed with a linger time of zero, or while data lay unread. Data that no \
         program has read yet may be lost.",
    );
    say(
        '<',
        RST,
        0,
        [[Closed; 2]; 2],
        "RST | Resets: no connection is open here any more | So is answered what belongs to no \
         connection. Nothing answers a reset.",
    );
    say(
        '>',
        FIN | ACK,
        0,
        [open, [FinWait1, CloseWait]],
        "FIN, ACK | Has nothing more to send | The other direction may go on until it says the \
         same.",
    );
    say(
        '>',
        FIN | ACK,
        9,
        [open, [FinWait1, CloseWait]],
        "FIN, ACK | Has nothing more to send | The last 9 bytes ride along. The other direction \
         may go on until it says the same.",
    );
    say(
        '<',
        FIN | ACK,
        0,
        [[FinWait2, CloseWait], [TimeWait, State::LastAck]],
        "FIN, ACK | Has nothing more to send either | With its acknowledgement both directions \
         end.",
    );
    say(
        '<',
        FIN | ACK,
        0,
        [[FinWait1, CloseWait], [State::Closing; 2]],
        "FIN, ACK | Has nothing more to send, and had not heard the other side say so | Both FINs \
         crossed on their way.",
    );
    say(
        '<',
        FIN,
        0,
        [open, [CloseWait, FinWait1]],
        "FIN | Has nothing more to send | The other direction may go on until it says the same.",
    );
    say(
        '>',
        FIN | ACK,
        0,
        [[FinWait1, CloseWait]; 2],
        "FIN, ACK | Says again that it is done | No acknowledgement was seen; a FIN is repeated \
         like data.",
    );
    say(
        '>',
        ACK,
        0,
        [[Established, SynReceived], open],
        "ACK | Confirms: the connection is open on both sides | ack 1",
    );
    say('>', ACK, 0, [open; 2], "ACK | Confirms what has arrived | Everything before 1.");
    say(
        '>',
        ACK,
        0,
        [[Closing, Closing], [Closing, TimeWait]],
        "ACK | Confirms that the other side has ended its direction | ack 1",
    );
    say(
        '>',
        ACK,
        0,
        [[CloseWait, FinWait1], [CloseWait, FinWait2]],
        "ACK | Confirms that the other side has ended its direction | ack 1. Its own direction stays \
         open: the connection is half closed",
    );
    let data = |kind, expected: &str| {
        check_one(segment('>', ACK, 1460, kind, [open; 2]), expected);
    };
    data(
        Kind::Retransmission,
        "sent again | Sends the same bytes again | 1460 bytes from seq 0, seen before. A sender \
         repeats what it takes for lost: unacknowledged for too long, or shown as a hole by \
         later acknowledgements.",
    );
    data(
        Kind::SpuriousRetransmission,
        "sent again | Sends the same bytes again, though they are confirmed | 1460 bytes from seq \
         0. What confirms them had come past here before: on the rest of its way it was lost, or \
         the two crossed. So this was unnecessary.",
    );
    data(
        Kind::OutOfOrder,
        "late | Fills a hole: later bytes were seen first | Either others overtook it, or its \
         first try was lost before it came past here.",
    );
    data(
        Kind::KeepAlive,
        "keep-alive | Asks whether the other side is still there | It begins at a number that \
         was acknowledged already: a live peer must answer.",
    );
    data(
        Kind::WindowProbe,
        "window probe | Asks whether there is room again | The acknowledgement that gives room \
         again can be lost; so the sender asks.",
    );
    let answer = |window, was_full, was_asked, expected: &str| {
        let mut segment = segment('<', ACK, 0, plain, [open; 2]);
        segment.window = window;
        (segment.meant.was_full, segment.meant.was_asked) = (was_full, was_asked);
        check_one(segment, expected);
    };
    answer(
        0,
        false,
        false,
        "window 0 | Has no room left: the other side must wait | There is room again when its \
         program reads what has come.",
    );
    answer(
        0,
        true,
        true,
        "window 0 | Has still no room left | The sender asks again later, after twice the time.",
    );
    answer(
        64_240,
        true,
        false,
        "window update | Has room again | window 64,240: the other side may go on.",
    );
    answer(
        64_240,
        false,
        true,
        "ACK | Is still there | It answers with what it confirmed before: everything before 1.",
    );
}

/// What its time says of a segment that is open both ways.
#[test]
fn what_a_segment_waited_for_is_said_of_it() {
    let check = |len, remark, expected: &str| {
        let mut segment = segment('>', ACK, len, Kind::Plain, [[State::Established; 2]; 2]);
        segment.remark = Some(remark);
        check_one(segment, expected);
    };
    check(
        0,
        Remark::Delayed(44_000_000),
        "ACK | Confirms what has arrived only after 44.0 ms | Everything before 1. A receiver may \
         wait a little, so that an answer of its program carries the acknowledgement; here none \
         came.",
    );
    check(
        5,
        Remark::Held(44_030_000, 30_000),
        "held back | Goes on once all before it is confirmed | It left 0.03 ms after that \
         acknowledgement had come, 44.0 ms after the segment before it. No program sees \
         acknowledgements, so its kernel had held it back: Nagle's algorithm (inferred).",
    );
    check(
        5,
        Remark::SendsOn,
        "half-closed | Sends on, though the other side has ended its direction | Each direction \
         ends by itself, and this one has not.",
    );
    // Its own protocol tells of the data.
    let mut data = segment('>', ACK, 5, Kind::Plain, [[State::Established; 2]; 2]);
    data.remark = Some(Remark::Delayed(44_000_000));
    check_one(data, "");
}

const RST: u16 = flags::RST;

fn segment(
    way: char,
    flags: u16,
    len: u32,
    kind: Kind,
    [before, after]: [[State; 2]; 2],
) -> Segment {
    Segment {
        direction: if way == '>' { Direction::Forward } else { Direction::Backward },
        flags,
        number: 1_000,
        seq: 0,
        ack: 1,
        payload_len: len,
        window: 64_240,
        mss: (flags & SYN != 0).then_some(1460),
        cookie: None,
        offers: Offers::default(),
        kind,
        meant: Meant { before, after, was_full: false, was_asked: false, cut: 0 },
        remark: None,
        urgent: None,
    }
}

#[track_caller]
fn check_one(segment: Segment, expected: &str) {
    let told = of(&segment).map(|told| crate::protocols::stage::line(&told)).unwrap_or_default();
    assert_eq!(told, expected);
}
