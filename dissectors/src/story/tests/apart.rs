//! Recordings without connections, and what stands beside connections.

use super::play::Play;
use super::story;
use crate::engine::reader::Context;
use crate::frames::{FrameList, LinkType};
use crate::headers::samples::sample;
use crate::ids::Direction::{Backward, Forward};
use crate::ids::Time;
use crate::registry::standard;
use crate::secret::Secrets;
use crate::story::apart::Apart;
use crate::story::text::to_text;
use crate::story::{Level, Recorded};
use crate::survey::Survey;

/// Holds the story of these frames, and the note that connections would have beside them,
/// against what is expected.
#[track_caller]
fn check(frames: &FrameList, expected: &str, note: &str) {
    let survey = Survey::of(frames, standard());
    let secrets = Secrets::default();
    let context = Context { frames, secrets: &secrets, registry: standard() };
    let apart = Apart::of(context, &survey);
    super::compare(&to_text(&apart.story(context, &Recorded::default())), expected);
    assert_eq!(apart.note().unwrap_or_default(), note);
}

fn frames(frames: &[(LinkType, Vec<u8>)]) -> FrameList {
    let mut list = FrameList::new();
    for (at, (link, bytes)) in (0i64..).zip(frames) {
        list.push(Time(at * 1_000_000), 0, *link, bytes.clone());
    }
    list
}

#[test]
fn frames_without_connections_are_told_one_by_one() {
    let arp = sample("arp-reply");
    check(
        &frames(&[(LinkType::ETHERNET, arp.clone()), (LinkType::ETHERNET, arp)]),
        "ARP

         0a:0b:0c:0d:0e:0f
         02:00:00:00:00:01

         ARP · 2 packets · 84 B

         1      0.000  0a:0b:0c:0d:0e:0f ──> 02:00:00:00:00:01  [10.0.0.2 is at …]
                10.0.0.2 is at 02:00:00:00:00:01.
         2      1.000  0a:0b:0c:0d:0e:0f ──> 02:00:00:00:00:01  [10.0.0.2 is at …]
                10.0.0.2 is at 02:00:00:00:00:01.

         No connection: 2 ARP frames (84 bytes)
         2 packets · 84 B · 1.000 ms",
        "Outside of connections, and not told here: 2 ARP frames (84 bytes).",
    );
}

#[test]
fn what_nobody_can_read_is_counted_by_its_number() {
    let link = LinkType(40_000);
    let mut ether = vec![2; 12];
    ether.extend([0x77, 0x77, 1, 2, 3]);
    check(
        &frames(&[(link, vec![1, 2, 3]), (link, vec![4]), (LinkType::ETHERNET, ether)]),
        "Link type 40000, EtherType 0x7777

         02:02:02:02:02:02

         EtherType 0x7777 · 1 packet · 17 B

         1      0.000  02:02:02:02:02:02 ──> 02:02:02:02:02:02  [EtherType 0x7777]
                EtherType 0x7777.

         No connection: 2 frames of Link type 40000 (4 bytes), 1 frame of EtherType 0x7777 (17 bytes)
         3 packets · 21 B · 0.000 ms
         Not read: 2 frames of Link type 40000 (4 bytes), 1 frame of EtherType 0x7777 (17 bytes).
         Only 1 of 3 frames are told.",
        "Outside of connections, and not told here: 2 frames of Link type 40000 (4 bytes), \
         1 frame of EtherType 0x7777 (17 bytes).",
    );
}

#[test]
fn an_empty_recording_says_so() {
    check(
        &frames(&[]),
        "An empty recording

         Nothing was said.
         0 packets · 0 B · 0.000 ms",
        "",
    );
}

#[test]
fn a_long_recording_is_told_in_part_and_counted_whole() {
    let one = (LinkType::ETHERNET, sample("arp-reply"));
    let many = frames(&vec![one; crate::limits::MAX_APART_TOLD + 100]);
    let survey = Survey::of(&many, standard());
    let secrets = Secrets::default();
    let context = Context { frames: &many, secrets: &secrets, registry: standard() };
    let story = Apart::of(context, &survey).story(context, &Recorded::default());
    assert_eq!(story.level(Level::Flight).count(), crate::limits::MAX_APART_TOLD);
    assert_eq!(story.packets, 612);
    assert_eq!(story.notes, ["Only 512 of 612 frames are told."]);
}

#[test]
fn connections_beyond_the_limit_are_counted() {
    let mut play = Play::against(7);
    for port in 0..100 {
        play.another(40_000 + port);
        play.udp(Forward, b"hello").udp(Backward, b"hello");
    }
    let story = story(&play);
    assert_eq!(story.notes, ["Only the first 64 of 100 connections are told."]);
    assert!(story.sum.ends_with("; 100 connections in all"), "{}", story.sum);
}
