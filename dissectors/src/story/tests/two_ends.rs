//! One connection, recorded at both its ends.

use super::play::Play;
use super::story;
use crate::attribution::Attribution;
use crate::engine::conversation::{Conversations, DEFAULT_BUDGET};
use crate::engine::reader::Context;
use crate::engine::tcp::flags::{ACK, FIN, SYN};
use crate::frames::{FrameList, Frames, LinkType};
use crate::ids::Direction::{self, Backward, Forward};
use crate::ids::{ConnectionId, FlowId, FrameId, Time};
use crate::message::Relation;
use crate::protocols::tcp;
use crate::registry::standard;
use crate::secret::Secrets;
use crate::story::sighting::{Twins, far_ends, sightings, twins};
use crate::story::{Level, Outcome, Story};
use crate::survey::Survey;

/// The way takes this long, in microseconds, in each direction.
pub(super) const WAY: i64 = 50_000;

/// Sends each packet past the client's vantage point (interface 0) and the server's (interface
/// 1), and puts all frames in order of time.
fn both_ends(lost: &[usize]) -> Play {
    let script: [(Direction, u16, &[u8]); 8] = [
        (Forward, SYN, b""),
        (Backward, SYN | ACK, b""),
        (Forward, ACK, b""),
        (Forward, ACK, b"question"),
        (Backward, ACK, b"answer"),
        (Forward, FIN | ACK, b""),
        (Backward, FIN | ACK, b""),
        (Forward, ACK, b""),
    ];
    let mut one = Play::against(9_999);
    let mut seen: Vec<(i64, u16, Vec<u8>)> = Vec::new();
    let mut now = 0;
    for (at, (from, bits, payload)) in script.into_iter().enumerate() {
        one.tcp(from, bits, payload);
        let bytes = one.frames.frame(FrameId(at as u32)).bytes.to_vec();
        let (here, there) = match from {
            Forward => (0, 1),
            Backward => (1, 0),
        };
        seen.push((now, here, bytes.clone()));
        if !lost.contains(&at) {
            let mut hop = bytes;
            hop[22] -= 1; // One hop further: the time to live is one less.
            seen.push((now + WAY, there, hop));
        }
        let next = script_from(at + 1);
        now += if next == Some(from) { 100 } else { WAY };
    }
    seen.sort_by_key(|(time, ..)| *time);
    let mut play = Play::against(9_999);
    play.frames = FrameList::new();
    for (time, interface, bytes) in seen {
        play.frames.push(Time(time * 1_000), interface, LinkType::ETHERNET, bytes);
    }
    play
}

/// Who sends the script's next packet.
fn script_from(at: usize) -> Option<Direction> {
    [Forward, Backward, Forward, Forward, Backward, Forward, Backward, Forward].get(at).copied()
}

#[test]
fn two_readings_make_one_story_with_slanted_arrows() {
    let play = both_ends(&[]);
    let survey = Survey::of(&play.frames, standard());
    assert_eq!(survey.flows().len(), 2, "vantage points are read apart");
    let secrets = Secrets::default();
    let context = Context { frames: &play.frames, secrets: &secrets, registry: standard() };
    let mut conversations = Conversations::new(Attribution::default().into(), DEFAULT_BUDGET);
    for id in [0, 1] {
        let held = conversations.stretch(ConnectionId(id), 0, context, &survey).unwrap();
        let view = held.view(&play.frames);
        let layers = held.stretch().messages.iter().filter_map(|one| view.layer(one.layer));
        let said = layers.filter(|layer| layer.protocol != tcp::PROTOCOL_ID);
        assert_eq!(said.count(), 2, "each reading has question and answer");
    }
    assert_eq!(conversations.reads(), 2);

    let told = story(&play);
    assert!(told.both_ends);
    assert_eq!(told.cast.len(), 2);
    assert_eq!(told.packets, 8, "a packet seen twice is one packet");
    for (_, beat) in told.level(Level::Flight) {
        let received = beat.received.unwrap();
        assert_eq!(received.time.since(beat.sent.time), WAY * 1_000, "{}", beat.label);
        let interface = |frame| play.frames.frame(frame).interface;
        assert_ne!(interface(beat.sent.frame), interface(received.frame));
    }
    assert_eq!(told.trips[0].nanos, 2 * WAY * 1_000);
    let frames = (0..play.frames.count()).map(|at| play.frames.frame(FrameId(at)).time);
    assert_eq!(told.end(), frames.max(), "it lasts until the last packet has come");
}

#[test]
fn whoever_waits_longer_for_the_answer_is_the_client() {
    let play = both_ends(&[]);
    let survey = Survey::of(&play.frames, standard());
    let expected = Twins { near: FlowId(0), far: FlowId(1) };
    assert_eq!(twins(FlowId(0), &play.frames, &survey), Some(expected));
    assert_eq!(twins(FlowId(1), &play.frames, &survey), Some(expected));
    assert_eq!(far_ends(&play.frames, &survey), [(expected.near, expected.far)].into());
    let pairs = sightings(expected, &play.frames, &survey);
    assert_eq!(pairs.len(), 8);
    assert!(pairs.iter().all(|one| {
        one.received.is_some_and(|received| received.time.since(one.sent.time) == WAY * 1_000)
    }));
}

#[test]
fn what_the_server_sent_in_vain_is_shown_too() {
    let play = both_ends(&[4]);
    let told = story(&play);
    assert_eq!(told.packets, 8);
    let lost: Vec<_> =
        told.level(Level::Packet).filter(|(_, one)| one.outcome == Outcome::Lost).collect();
    assert_eq!(lost.len(), 1);
    let (_, beat) = lost[0];
    assert_eq!(play.frames.frame(beat.sent.frame).interface, 1, "only the server's end saw it");
    assert_eq!((beat.received, &*told.cast[usize::from(beat.from.0)].name), (None, "Server"));
}

#[test]
fn a_packet_that_never_came_is_lost() {
    let play = both_ends(&[3]);
    let told = story(&play);
    let lost: Vec<_> =
        told.level(Level::Packet).filter(|(_, one)| one.outcome == Outcome::Lost).collect();
    assert_eq!(lost.len(), 1);
    assert_eq!(lost[0].1.received, None);
    let message = told.level(Level::Message).find(|(_, one)| one.label == "8 bytes").unwrap();
    assert_eq!(message.1.outcome, Outcome::Lost);
}

/// A packet at its sender's end: when, in microseconds, who sends it, its place in the stream where
/// that does not just go on, its data, and whether it comes to the other end.
pub(super) type Sent<'d> = (i64, Direction, Option<u32>, &'d [u8], bool);

/// An open connection in which these packets are sent, past both vantage points.
pub(super) fn over_the_way(script: &[Sent<'_>]) -> Play {
    let mut one = Play::against(9_999);
    one.tcp(Forward, SYN, b"").tcp(Backward, SYN | ACK, b"").tcp(Forward, ACK, b"");
    let opening = [(0, Forward, true), (WAY, Backward, true), (2 * WAY, Forward, true)].into_iter();
    for (_, from, at, data, _) in script {
        match at {
            Some(at) => one.tcp_at(*at, *from, ACK, data),
            None => one.tcp(*from, ACK, data),
        };
    }
    let sent = opening.chain(script.iter().map(|(time, from, _, _, came)| (*time, *from, *came)));
    past_both(&one, sent)
}

/// These packets as the client's and the server's end see them: when each leaves, from where, and
/// whether it comes.
pub(super) fn past_both(one: &Play, sent: impl Iterator<Item = (i64, Direction, bool)>) -> Play {
    let mut seen: Vec<(i64, u16, Vec<u8>)> = Vec::new();
    for (frame, (time, from, came)) in (0..).map(FrameId).zip(sent) {
        let bytes = one.frames.frame(frame).bytes.to_vec();
        let (here, there) = if from == Forward { (0, 1) } else { (1, 0) };
        seen.push((time, here, bytes.clone()));
        if came {
            seen.push((time + WAY, there, bytes));
        }
    }
    seen.sort_by_key(|(time, ..)| *time);
    let mut play = Play::against(9_999);
    play.frames = FrameList::new();
    for (time, interface, bytes) in seen {
        play.frames.push(Time(time * 1_000), interface, LinkType::ETHERNET, bytes);
    }
    play
}

/// A large segment, sent twice, that a network card cuts into two on its way.
fn cut_on_the_way() -> Play {
    let mut one = Play::against(9_999);
    one.tcp(Forward, SYN, b"").tcp(Backward, SYN | ACK, b"").tcp(Forward, ACK, b"");
    one.tcp(Forward, ACK, b"onetwo").tcp_at(1_001, Forward, ACK, b"onetwo");
    one.tcp_at(1_001, Forward, ACK, b"one").tcp_at(1_004, Forward, ACK, b"two");
    let bytes = |frame: u32| one.frames.frame(FrameId(frame)).bytes.to_vec();
    let seen: [(i64, u16, u32); 10] = [
        (0, 0, 0),
        (WAY, 1, 0),
        (WAY + 10, 1, 1),
        (2 * WAY, 0, 1),
        (2 * WAY + 10, 0, 2),
        (3 * WAY, 1, 2),
        (200_000, 0, 3),
        (500_000, 0, 4),
        (500_000 + WAY, 1, 5),
        (500_001 + WAY, 1, 6),
    ];
    let mut play = Play::against(9_999);
    play.frames = FrameList::new();
    for (time, interface, frame) in seen {
        play.frames.push(Time(time * 1_000), interface, LinkType::ETHERNET, bytes(frame));
    }
    play
}

#[test]
fn what_a_network_card_cuts_has_come_once_as_often_as_its_bytes_did() {
    let play = cut_on_the_way();
    let survey = Survey::of(&play.frames, standard());
    let twins = twins(FlowId(0), &play.frames, &survey).unwrap();
    let pairs = sightings(twins, &play.frames, &survey);
    let came: Vec<_> = pairs.iter().map(|one| one.received.map(|came| came.frame.0)).collect();
    assert_eq!(came, [Some(1), Some(3), Some(5), None, Some(9)]);
}

/// The steps behind the handshake: label, sentence, what a teacher adds.
fn steps(told: &Story) -> Vec<String> {
    let steps = told.steps();
    let later = steps.iter().skip(3).filter_map(|id| told.beat(*id));
    later.map(|beat| format!("{} | {} | {}", beat.label, beat.headline, beat.detail)).collect()
}

#[test]
fn what_was_lost_and_sent_again_is_told_as_that_at_either_end() {
    const LATE: i64 = 400_000;
    // What the server sent is lost on the way to the client, and the other way round.
    for (from, start) in [(Backward, 5_001), (Forward, 1_001)] {
        let play = over_the_way(&[
            (150_000, from, None, b"one", true),
            (150_010, from, None, b"two", false),
            (150_020, from, None, b"six", false),
            (LATE, from, Some(start + 6), b"six", true),
            (LATE + 2 * WAY, from, Some(start + 3), b"two", true),
        ]);
        let told = story(&play);
        let said = steps(&told);
        let [burst, probe, rest] = said.as_slice() else { panic!("{said:#?}") };
        let wanted = " bytes | Sends segments 1–3, of which 2, 3 never come | “one";
        assert!(burst.contains(wanted), "{burst}");
        assert!(
            probe.contains(" | Sends segment 3, the last, again: a probe | 250 ms "),
            "{probe}"
        );
        assert!(rest.contains(" | Sends segment 2 again"), "{rest}");
        let [transfer] = told.transfers.as_slice() else { panic!("{:?}", told.transfers) };
        let words = transfer.counts().words();
        assert!(words.starts_with("5 segments sent") && words.ends_with("2 lost, 2 sent again"));
        assert_eq!(told.segments(), [words]);
        let runs: Vec<String> = transfer.runs().iter().map(|run| run.label()).collect();
        assert_eq!(runs, ["1–3", "2, 3 lost", "3 again", "2 again"]);
        // Each segment is the packet that it says it is.
        for segment in &transfer.segments {
            let beat = segment.beat.and_then(|id| told.beat(id)).unwrap();
            assert_eq!((beat.sent, beat.received), (segment.sent, segment.received));
            assert_eq!(beat.parent, segment.flight);
            let fate = match (segment.is_lost(), segment.again) {
                (true, _) => Outcome::Lost,
                (false, Some(_)) => Outcome::Repeated,
                (false, None) => Outcome::Arrived,
            };
            assert_eq!(beat.outcome, fate);
        }
        assert_eq!(told.links.iter().filter(|one| one.relation == Relation::Repeats).count(), 2);
    }
}

#[test]
fn two_tries_at_once_are_one_step_that_names_both() {
    let play = over_the_way(&[
        (150_000, Backward, None, b"one", false),
        (150_010, Backward, None, b"two", true),
        (150_020, Backward, None, b"six", false),
        (400_000, Backward, Some(5_001), b"one", true),
        (400_010, Backward, Some(5_007), b"six", true),
    ]);
    let said = steps(&story(&play));
    let [_, tries] = said.as_slice() else { panic!("{said:#?}") };
    assert!(tries.ends_with(" Also: 3 again."), "{tries}");
}

#[test]
fn what_others_overtook_is_not_told_as_lost() {
    let mut play = over_the_way(&[
        (150_000, Backward, None, b"one", true),
        (150_010, Backward, None, b"two", true),
    ]);
    // The client's end sees them the other way round.
    let mut frames = FrameList::new();
    let all: Vec<_> = (0..play.frames.count())
        .map(|at| {
            let frame = play.frames.frame(FrameId(at));
            (frame.time, frame.interface, frame.bytes.to_vec())
        })
        .collect();
    let (one, two) = (all.len() - 2, all.len() - 1);
    for (at, (time, interface, bytes)) in all.iter().enumerate() {
        let bytes = match at {
            at if at == one => &all[two].2,
            at if at == two => &all[one].2,
            _ => bytes,
        };
        frames.push(*time, *interface, LinkType::ETHERNET, bytes.clone());
    }
    play.frames = frames;
    let told = story(&play);
    let said = steps(&told);
    assert!(said[0].contains("Others overtook segment 1 on the way"), "{said:#?}");
    assert_eq!(told.segments(), Vec::<String>::new());
    assert!(told.level(Level::Packet).all(|(_, beat)| beat.outcome == Outcome::Arrived));
}
