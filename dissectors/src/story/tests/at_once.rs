//! What both ends began at once, and what has no connection, recorded at both its ends.

use etherparse::PacketBuilder;

use super::play::{CLIENT, Play, SERVER};
use super::story;
use crate::engine::reader::Context;
use crate::engine::tcp::flags::{ACK, SYN};
use crate::frames::{FrameList, Frames, LinkType};
use crate::ids::Direction::{self, Backward, Forward};
use crate::ids::{FlowId, FrameId, Time};
use crate::registry::standard;
use crate::secret::Secrets;
use crate::story::apart::Apart;
use crate::story::sighting::{Twins, far_ends, sightings};
use crate::story::{Level, Outcome, Recorded, Story};
use crate::survey::Survey;

/// The way takes this long, in microseconds.
const WAY: i64 = 20_000;

/// How much later the other end asks.
const LATER: i64 = 300;

/// Two SYNs that cross (RFC 9293, figure 7), past both vantage points.
fn crossing() -> Play {
    let script: [(i64, Direction, u16, &[u8]); 6] = [
        (0, Forward, SYN, b""),
        (LATER, Backward, SYN, b""),
        (WAY, Backward, SYN | ACK, b""),
        (WAY + LATER, Forward, SYN | ACK, b""),
        (2 * WAY + 2 * LATER, Forward, ACK, b"hello\r\n"),
        (3 * WAY + 3 * LATER, Backward, ACK, b"hello\r\n"),
    ];
    let mut one = Play::against(9_999);
    let starts = Direction::BOTH.map(|way| one.seq(way));
    let mut seen: Vec<(i64, u16, Vec<u8>)> = Vec::new();
    for (frame, (time, from, bits, payload)) in (0..).map(FrameId).zip(script) {
        if bits == SYN | ACK {
            // It says its SYN again.
            one.tcp_at(starts[from.index()], from, bits, payload);
        } else {
            one.tcp(from, bits, payload);
        }
        let bytes = one.frames.frame(frame).bytes.to_vec();
        let (here, there) = if from == Forward { (0, 1) } else { (1, 0) };
        seen.push((time, here, bytes.clone()));
        seen.push((time + WAY, there, bytes));
    }
    seen.sort_by_key(|(time, ..)| *time);
    let mut play = Play::against(9_999);
    play.frames = FrameList::new();
    for (time, interface, bytes) in seen {
        play.frames.push(Time(time * 1_000), interface, LinkType::ETHERNET, bytes);
    }
    play
}

#[test]
fn two_ends_that_ask_at_once_have_one_connection() {
    let play = crossing();
    let survey = Survey::of(&play.frames, standard());
    let began: Vec<bool> = survey.flows().iter().map(|flow| flow.initiator_is_low).collect();
    assert_eq!(began, [true, false], "each end saw its own SYN first");
    let expected = Twins { near: FlowId(0), far: FlowId(1) };
    assert_eq!(far_ends(&play.frames, &survey), [(expected.near, expected.far)].into());
    assert_eq!(expected.at_far(Forward, &survey), Backward);
    let pairs = sightings(expected, &play.frames, &survey);
    let ways: Vec<_> = pairs.iter().map(|one| one.direction).collect();
    assert_eq!(ways, [Forward, Backward, Backward, Forward, Forward, Backward]);
    assert!(pairs.iter().all(|one| {
        one.received.is_some_and(|received| received.time.since(one.sent.time) == WAY * 1_000)
    }));
}

#[test]
fn syns_that_cross_are_told_once() {
    let told = story(&crossing());
    assert!(told.both_ends);
    assert_eq!(told.packets, 6, "a packet seen twice is one packet");
    assert_eq!(told.sum.matches("connection").count(), 0, "{}", told.sum);
    let packets = told.level(Level::Packet);
    assert!(packets.into_iter().all(|(_, one)| one.outcome == Outcome::Arrived));
}

/// A message of ICMP: when, from which end, its bytes behind the number, and whether it comes.
type Sent = (i64, Direction, Echo, bool);

/// The number that an echo bears, and whether it asks.
#[derive(Clone, Copy)]
enum Echo {
    Asks(u16),
    Answers(u16),
}

/// Pings over a router between two vantage points, which have this many hops on their way.
fn pings(script: &[Sent], way: i64) -> FrameList {
    let mut seen: Vec<(i64, u16, Vec<u8>)> = Vec::new();
    for (time, from, echo, came) in script {
        let (source, destination, here, there) =
            if *from == Forward { (CLIENT, SERVER, 0, 1) } else { (SERVER, CLIENT, 1, 0) };
        let bytes = |hops: u8| {
            let builder = PacketBuilder::ethernet2([2; 6], [4; 6]).ipv4(source, destination, hops);
            let builder = match echo {
                Echo::Asks(number) => builder.icmpv4_echo_request(7, *number),
                Echo::Answers(number) => builder.icmpv4_echo_reply(7, *number),
            };
            let mut bytes = Vec::new();
            builder.write(&mut bytes, b"abcdefgh").unwrap();
            bytes
        };
        seen.push((*time, here, bytes(64)));
        if *came {
            seen.push((*time + way, there, bytes(63)));
        }
    }
    seen.sort_by_key(|(time, ..)| *time);
    let mut frames = FrameList::new();
    for (time, interface, bytes) in seen {
        frames.push(Time(time * 1_000), interface, LinkType::ETHERNET, bytes);
    }
    frames
}

fn apart(frames: &FrameList) -> Story {
    let survey = Survey::of(frames, standard());
    let secrets = Secrets::default();
    let context = Context { frames, secrets: &secrets, registry: standard() };
    Apart::of(context, &survey).story(None, (context, &survey), &Recorded::default())
}

/// The steps: label, how long it was on its way in microseconds, and what became of it.
fn steps(told: &Story) -> Vec<(String, Option<i64>, Outcome)> {
    let step = |beat: &crate::story::Beat| {
        let way = beat.received.map(|came| came.time.since(beat.sent.time) / 1_000);
        (beat.label.clone(), way, beat.outcome)
    };
    told.level(Level::Flight).map(|(_, beat)| step(beat)).collect()
}

#[test]
fn a_ping_that_both_ends_saw_is_one_arrow() {
    let told = apart(&pings(
        &[(0, Forward, Echo::Asks(1), true), (WAY, Backward, Echo::Answers(1), true)],
        WAY,
    ));
    let arrived = |label: &str| (label.to_owned(), Some(WAY), Outcome::Arrived);
    assert_eq!(steps(&told), [arrived("Echo request"), arrived("Echo reply")]);
    assert!(told.both_ends);
    assert_eq!((told.packets, told.sum.as_str()), (2, "No connection: 2 ICMP frames (100 bytes)"));
    let trips: Vec<i64> = told.trips.iter().map(|trip| trip.nanos / 1_000).collect();
    assert_eq!(trips, [2 * WAY], "from who asked and back again");
}

#[test]
fn a_ping_that_never_came_is_lost() {
    let told = apart(&pings(
        &[
            (0, Forward, Echo::Asks(1), true),
            (WAY, Backward, Echo::Answers(1), true),
            (100_000, Forward, Echo::Asks(2), false),
            (200_000, Forward, Echo::Asks(3), true),
            (200_000 + WAY, Backward, Echo::Answers(3), false),
        ],
        WAY,
    ));
    let fates: Vec<_> = steps(&told).into_iter().map(|(_, _, fate)| fate).collect();
    let (arrived, lost) = (Outcome::Arrived, Outcome::Lost);
    assert_eq!(fates, [arrived, arrived, lost, arrived, lost]);
    assert_eq!(told.packets, 5);
}

#[test]
fn hops_tell_who_sent_where_clocks_do_not() {
    // The clock of the server's end is behind: what it received it seems to have seen before.
    let told = apart(&pings(&[(50_000, Forward, Echo::Asks(1), true)], -30_000));
    assert_eq!(steps(&told), [("Echo request".to_owned(), Some(-30_000), Outcome::Arrived)]);
}

#[test]
fn a_ping_that_one_end_saw_is_told_as_that() {
    let told = apart(&pings(&[(0, Forward, Echo::Asks(1), false)], WAY));
    assert_eq!(steps(&told), [("Echo request".to_owned(), None, Outcome::Arrived)]);
    assert!(!told.both_ends);
}
