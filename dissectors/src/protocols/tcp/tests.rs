//! What is kept with the message of each segment, and what goes to the layer inside.

use etherparse::TcpHeader;

use super::PROTOCOL_ID;
use super::segment::Meant;
use super::state::State;
use crate::engine::arrival::Arrival;
use crate::engine::later::Unknown;
use crate::engine::ports::Ports;
use crate::engine::reader::{ConnectionReader, Context};
use crate::engine::stretch::Stretch;
use crate::engine::tcp::{Analysis, SegmentKind, flags};
use crate::frames::{FrameList, Frames, LinkType};
use crate::ids::{Direction, FlowId, FrameId, Time};
use crate::message::{Message, Relation};
use crate::protocol::Framing;
use crate::registry::standard;
use crate::secret::Secrets;
use crate::span::Span;

const CLIENT: Direction = Direction::Forward;
const SERVER: Direction = Direction::Backward;

/// A segment: who sends it, its number, the number it acknowledges, flags, window, data, and how
/// many bytes more were on the wire.
type Sent = (Direction, u32, u32, u16, u16, &'static str, u32);

/// What came out of a connection.
struct Read {
    /// Of each segment.
    segments: Vec<(SegmentKind, Meant)>,
    /// What each is to those before it.
    analyses: Vec<Analysis>,
    /// What the layer inside said, in text.
    inside: Vec<String>,
    /// How many of them repeat another.
    repeats: usize,
}

fn read(sent: &[Sent]) -> Read {
    let mut frames = FrameList::new();
    // A segment a millisecond.
    let time = |at: u32| Time(i64::from(at) * MILLI);
    for (way, seq, ack, bits, window, data, _) in sent {
        let [from, to] = if *way == CLIENT { [40_000, 9] } else { [9, 40_000] };
        let mut header = TcpHeader::new(from, to, *seq, *window);
        header.acknowledgment_number = *ack;
        header.ack = bits & flags::ACK != 0;
        header.syn = bits & flags::SYN != 0;
        header.rst = bits & flags::RST != 0;
        header.psh = bits & flags::PSH != 0;
        let mut bytes = Vec::new();
        header.write(&mut bytes).unwrap();
        bytes.extend(data.bytes());
        frames.push(time(frames.count()), 0, LinkType::RAW, bytes);
    }
    let ports = Ports { framing: Framing::Stream, ports: [40_000, 9], began: None };
    let (secrets, mut stretch, mut reader) =
        (Secrets::default(), Stretch::default(), ConnectionReader::new(ports));
    let context = Context { frames: &frames, secrets: &secrets, registry: standard() };
    for (frame, (direction, .., data, cut)) in (0..).map(FrameId).zip(sent) {
        let bytes = frames.frame(frame).bytes;
        let carried = Span::frame(frame, 0, bytes.len() as u32);
        let (direction, cut, data) = (*direction, *cut, data.len() as u32 + cut);
        let (time, path, by_name) = (time(frame.0), FlowId(0), false);
        let arrival = Arrival { frame, bytes, time, direction, path, by_name, carried, cut, data };
        reader.feed(&arrival, context, &Unknown, &mut stretch);
    }
    reader.finish(context, &mut stretch);
    let view = reader.view(&frames, &stretch);
    let is_segment = |message: &&Message| {
        view.layer(message.layer).is_some_and(|layer| layer.protocol == PROTOCOL_ID)
    };
    let (segments, others): (Vec<&Message>, Vec<&Message>) =
        stretch.messages.iter().partition(is_segment);
    let repeats = stretch.related.iter().filter(|one| one.relation == Relation::Repeats);
    Read {
        repeats: repeats.count(),
        analyses: segments
            .iter()
            .map(|one| super::analysis(one, &view).unwrap_or_default())
            .collect(),
        segments: segments
            .iter()
            .map(|one| (one.kind().unwrap(), one.extra::<SegmentKind>().unwrap()))
            .collect(),
        inside: others
            .iter()
            .map(|one| String::from_utf8_lossy(view.bytes(one.span)).into_owned())
            .collect(),
    }
}

const ACK: u16 = flags::ACK;
const MILLI: i64 = 1_000_000;

#[test]
fn a_segment_is_kept_with_what_it_was_to_its_stream() {
    use SegmentKind::{
        DuplicateAck, KeepAlive, KeepAliveAnswer, Plain, Retransmission, SpuriousRetransmission,
        WindowProbe, WindowUpdate,
    };
    let sent = [
        ((CLIENT, 10, 50, ACK, 9, "question", 0), Plain, false),
        ((SERVER, 50, 18, ACK, 0, "", 0), Plain, false),
        ((CLIENT, 17, 50, ACK, 9, "", 0), WindowProbe, false),
        ((SERVER, 50, 18, ACK, 9, "", 0), WindowUpdate, true),
        ((CLIENT, 17, 50, ACK, 9, "", 0), KeepAlive, false),
        ((SERVER, 50, 18, ACK, 9, "", 0), KeepAliveAnswer, false),
        // It had been confirmed.
        ((CLIENT, 10, 50, ACK, 9, "question", 0), SpuriousRetransmission, false),
        ((SERVER, 50, 18, ACK, 9, "", 0), DuplicateAck, false),
        // A reset has no window, so that nobody is full after it.
        ((SERVER, 50, 18, ACK | flags::RST, 0, "", 0), Plain, false),
        ((SERVER, 50, 18, ACK, 9, "", 0), WindowUpdate, false),
        ((CLIENT, 18, 50, ACK, 9, "and", 0), Plain, false),
        ((CLIENT, 18, 50, ACK, 9, "and", 0), Retransmission, false),
    ];
    let all: Vec<Sent> = sent.iter().map(|(one, ..)| *one).collect();
    let found: Vec<_> =
        read(&all).segments.iter().map(|(kind, meant)| (*kind, meant.was_full)).collect();
    let expected: Vec<_> = sent.iter().map(|(_, kind, full)| (*kind, *full)).collect();
    assert_eq!(found, expected);
}

#[test]
fn the_states_of_both_ends_are_those_before_and_after() {
    use State::{Closed, Established, SynReceived, SynSent};
    let sent = [
        (CLIENT, 9, 0, flags::SYN, 9, "", 0),
        (SERVER, 49, 10, flags::SYN | ACK, 9, "", 0),
        (CLIENT, 10, 50, ACK, 9, "", 0),
    ];
    let states: Vec<_> =
        read(&sent).segments.iter().map(|(_, meant)| (meant.before, meant.after)).collect();
    let expected = [
        ([Closed, Closed], [SynSent, Closed]),
        ([SynSent, Closed], [Established, SynReceived]),
        ([Established, SynReceived], [Established, Established]),
    ];
    assert_eq!(states, expected);
}

#[test]
fn who_asked_and_accepts_repeats_nothing() {
    let mut sent = vec![
        (CLIENT, 9, 0, flags::SYN, 9, "", 0),
        (SERVER, 49, 0, flags::SYN, 9, "", 0),
        (CLIENT, 9, 50, flags::SYN | ACK, 9, "", 0),
        (SERVER, 49, 10, flags::SYN | ACK, 9, "", 0),
    ];
    assert_eq!(read(&sent).repeats, 0);
    sent.push((CLIENT, 9, 50, flags::SYN | ACK, 9, "", 0));
    assert_eq!(read(&sent).repeats, 1);
}

#[test]
fn what_the_capture_cut_is_a_hole_inside() {
    let sent = [
        (CLIENT, 10, 50, ACK, 9, "begin", 95),
        (CLIENT, 110, 50, ACK, 9, "end", 0),
        (CLIENT, 113, 50, ACK, 9, "", 1_000),
    ];
    let read = read(&sent);
    let cut: Vec<u16> = read.segments.iter().map(|(_, meant)| meant.cut).collect();
    assert_eq!((cut, read.inside), (vec![95, 0, 1_000], vec!["begin".into(), "end".into()]));
}

#[test]
fn a_segment_is_counted_among_those_before_it() {
    let (syn, push) = (flags::SYN, flags::PSH | ACK);
    let plain = Analysis::default();
    let after = |frame: u32, millis: i64| Some((FrameId(frame), millis * MILLI));
    let data = |in_flight: u32, pushed: u32| Analysis {
        in_flight: Some(in_flight),
        pushed: Some(pushed),
        ..plain
    };
    let sent = [
        ((CLIENT, 9, 0, syn, 90, "", 0), plain),
        ((SERVER, 49, 10, syn | ACK, 8, "", 0), Analysis { acknowledges: after(0, 1), ..plain }),
        ((CLIENT, 10, 50, ACK, 90, "", 0), Analysis { acknowledges: after(1, 1), ..plain }),
        // The server has room for eight bytes.
        ((CLIENT, 10, 50, push, 90, "question", 0), Analysis { fills: true, ..data(8, 8) }),
        ((CLIENT, 18, 50, ACK, 90, "more", 0), data(12, 4)),
        ((CLIENT, 22, 50, ACK, 90, "yet", 0), data(15, 7)),
        ((SERVER, 50, 18, ACK, 90, "", 0), Analysis { acknowledges: after(3, 3), ..plain }),
        ((SERVER, 50, 18, ACK, 90, "", 0), Analysis { duplicate: again(6, 1), ..plain }),
        ((SERVER, 50, 18, ACK, 90, "", 0), Analysis { duplicate: again(6, 2), ..plain }),
        (
            (CLIENT, 18, 50, ACK, 90, "more", 0),
            Analysis { repeats: after(4, 5), is_fast: true, ..data(7, 11) },
        ),
        // Something before it is missing: until an acknowledgement nobody knows what is under way.
        ((CLIENT, 30, 50, ACK, 90, "gap", 0), Analysis { lacks_before: true, ..plain }),
        (
            (SERVER, 50, 70, ACK, 0, "", 0),
            Analysis { acknowledges: after(10, 1), acknowledges_unseen: true, ..plain },
        ),
        ((CLIENT, 33, 50, ACK, 90, "?", 0), Analysis { probes: true, ..data(1, 12) }),
    ];
    let all: Vec<Sent> = sent.iter().map(|(one, _)| *one).collect();
    for (at, (found, (_, expected))) in read(&all).analyses.iter().zip(&sent).enumerate() {
        assert_eq!(found, expected, "{at}");
    }
}

/// For the how manieth time the acknowledgement of a frame is repeated.
fn again(frame: u32, times: u32) -> Option<(FrameId, u32)> {
    Some((FrameId(frame), times))
}
