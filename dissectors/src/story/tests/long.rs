//! Long connections: what a story holds of them, how far they are read for it, and how it stops.

use std::cell::Cell;

use super::play::Play;
use super::{DEFAULT_BUDGET, story, with_known};
use crate::engine::conversation::Conversations;
use crate::engine::tcp::flags::{ACK, SYN};
use crate::ids::Direction::{Backward, Forward};
use crate::ids::{ConnectionId, FrameId};
use crate::limits::{ASKED_EACH, MAX_STORY_MESSAGES, MAX_STORY_PACKETS_IN_ALL};
use crate::story::{Level, Recorded, weave, weave_until};
use crate::wording::thousands;

/// So many datagrams of one flow.
fn datagrams(count: usize) -> Play {
    let mut play = Play::against(9_999);
    for _ in 0..count {
        play.udp(Forward, b"x");
    }
    play
}

#[test]
fn a_story_stops_whenever_it_is_asked_to() {
    let play = datagrams(3 * ASKED_EACH);
    with_known(&play, |attribution, context, (survey, apart)| {
        let facts = Recorded::default();
        let until = |most: usize| {
            let asked = Cell::new(0);
            let stop = || {
                asked.set(asked.get() + 1);
                asked.get() > most
            };
            let mut read = Conversations::new(attribution.clone().into(), 1 << 16);
            let ids = [ConnectionId(0)];
            let told = weave_until(&mut read, context, (survey, apart), &ids, (&facts, &stop));
            (told, asked.get())
        };
        let (whole, asked) = until(usize::MAX);
        let mut read = Conversations::new(attribution.clone().into(), DEFAULT_BUDGET);
        let plain = weave(&mut read, context, (survey, apart), &[ConnectionId(0)], &facts);
        assert!(whole.as_ref() == Some(&plain));
        assert!(asked > 12, "it is asked {asked} times only");
        for most in (0..asked).step_by(7).chain([asked - 1]) {
            assert!(until(most).0.is_none(), "it was told although it was stopped at {most}");
        }
    });
}

#[test]
fn what_is_not_told_is_not_read() {
    let play = datagrams(2 * MAX_STORY_MESSAGES);
    with_known(&play, |attribution, context, known| {
        let mut read = Conversations::new(attribution.clone().into(), 1 << 16);
        let facts = Recorded::default();
        let told = weave(&mut read, context, known, &[ConnectionId(0)], &facts);
        let left = "Only the first 16,384 messages are told, and 16,384 more packets are left out.";
        assert_eq!(told.notes, [left]);
        assert!(!read.begin(ConnectionId(0), known.0).is_whole());
    });
}

#[test]
fn a_connection_is_read_as_far_as_somebody_looks() {
    let play = datagrams(1_000);
    with_known(&play, |attribution, context, (survey, _)| {
        let id = ConnectionId(0);
        let mut read = Conversations::new(attribution.clone().into(), 1 << 14);
        assert_eq!(read.begin(id, survey).stretches(), 0);
        assert!(read.at_frame(FrameId(3), context, survey).is_some());
        assert_eq!(read.begin(id, survey).stretches(), 1);

        // Where reading is stopped, what was read stays, and is read on from.
        let asked = Cell::new(0);
        let stop = || {
            asked.set(asked.get() + 1);
            asked.get() > 4
        };
        assert!(read.at_frame_until(FrameId(999), &stop, (context, survey)).is_none());
        assert_eq!(read.begin(id, survey).stretches(), 5);
        let held = read.at_frame(FrameId(999), context, survey).unwrap();
        assert!(held.conversation().is_whole());
        assert_eq!(held.completed_by(FrameId(999)).count(), 1);
        assert_eq!(read.reads(), 1);

        let mut whole = Conversations::new(attribution.clone().into(), 1 << 14);
        let stretches = whole.open(id, context, survey).stretches();
        assert_eq!(read.begin(id, survey).stretches(), stretches);
        for index in 0..stretches {
            let messages = |of: &mut Conversations| {
                let held = of.stretch(id, index, context, survey).unwrap();
                held.stretch().messages.iter().map(|one| (one.id, one.done)).collect::<Vec<_>>()
            };
            assert_eq!(messages(&mut read), messages(&mut whole));
        }
    });
}

#[test]
fn packets_beyond_what_a_story_holds_are_counted() {
    const SEGMENTS: usize = 256;
    let exchanges = MAX_STORY_PACKETS_IN_ALL / SEGMENTS + 2;
    let mut play = Play::against(80);
    play.tcp(Forward, SYN, b"").tcp(Backward, SYN | ACK, b"").tcp(Forward, ACK, b"");
    let head = format!("HTTP/1.1 200 OK\r\nContent-Length: {}\r\n\r\n", 10 * (SEGMENTS - 1));
    for _ in 0..exchanges {
        play.tcp(Forward, ACK, b"GET / HTTP/1.1\r\nHost: a\r\n\r\n");
        play.tcp(Backward, ACK, head.as_bytes());
        for _ in 1..SEGMENTS {
            play.tcp(Backward, ACK, b"0123456789");
        }
    }
    let told = story(&play);
    let all = 3 + exchanges * (SEGMENTS + 1);
    assert_eq!(told.packets as usize, all);
    assert_eq!(told.level(Level::Packet).count(), MAX_STORY_PACKETS_IN_ALL);
    let [most, all] = [MAX_STORY_PACKETS_IN_ALL, all].map(|count| thousands(count as u64));
    let said = format!("Only the first {most} of {all} packets stand here one by one.");
    assert_eq!(told.notes, [said]);
    let counted: u32 = told.level(Level::Chapter).map(|(_, beat)| beat.packets).sum();
    assert_eq!(counted, told.packets);
}
