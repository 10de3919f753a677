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
use crate::protocols::tcp;
use crate::registry::standard;
use crate::secret::Secrets;
use crate::story::sighting::{Twins, sightings, twins};
use crate::story::{Level, Outcome};
use crate::survey::Survey;

/// The way takes this long, in microseconds, in each direction.
const WAY: i64 = 50_000;

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
}

#[test]
fn whoever_waits_longer_for_the_answer_is_the_client() {
    let play = both_ends(&[]);
    let survey = Survey::of(&play.frames, standard());
    let expected = Twins { near: FlowId(0), far: FlowId(1) };
    assert_eq!(twins(FlowId(0), &play.frames, &survey), Some(expected));
    assert_eq!(twins(FlowId(1), &play.frames, &survey), Some(expected));
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
