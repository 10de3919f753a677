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
    super::compare(
        &to_text(&apart.story(None, (context, &survey), &Recorded::default())),
        expected,
    );
    assert_eq!(apart.notes().join(" "), note);
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
    check(
        &frames(&[arp(255, 1, [1, 1], [0, 2]), arp(1, 2, [2, 2], [1, 1])]),
        "ARP

         10.0.0.1  02:00:00:00:00:01
         Everyone  ff:ff:ff:ff:ff:ff
         10.0.0.2  02:00:00:00:00:02

         ARP · 1 round trip · 2 packets · 84 B

         1      0.000  10.0.0.1 ──> Everyone  [Who has 10.0.0.2?]
                Asks who has 10.0.0.2.
                The answer goes to 10.0.0.1 at 02:00:00:00:00:01.
                RFC 826
         2      1.000  10.0.0.2 ──> 10.0.0.1  [Reply 10.0.0.2]
                10.0.0.2 is at 02:00:00:00:00:02.
                Answers step 1.
                RFC 826
                1 round trip, 1.000 ms

         No connection: 2 ARP frames (84 bytes)
         2 packets · 84 B · 1.000 ms",
        "Outside of connections, and not told here: 2 ARP frames (84 bytes).",
    );
}

#[test]
fn what_goes_to_all_stays_in_its_network() {
    let mut list = FrameList::new();
    let [(link, near), (_, far)] = [arp(255, 1, [1, 1], [0, 2]), arp(255, 3, [1, 3], [0, 4])];
    list.push(Time(0), 0, link, near.clone());
    list.push(Time(1_000_000), 1, link, far);
    list.push(Time(2_000_000), 0, link, near);
    let survey = Survey::of(&list, standard());
    let secrets = Secrets::default();
    let context = Context { frames: &list, secrets: &secrets, registry: standard() };
    let story = Apart::of(context, &survey).story(None, (context, &survey), &Recorded::default());
    let heard = story.level(Level::Flight).map(|(_, beat)| {
        let actor = &story.cast[usize::from(beat.to.0)];
        (actor.name.as_str(), actor.address.as_str())
    });
    let all = "ff:ff:ff:ff:ff:ff";
    let expected = [("Everyone", all), ("Everyone, network 2", all), ("Everyone", all)];
    assert_eq!(heard.collect::<Vec<_>>(), expected);
}

#[test]
fn an_echo_to_a_host_beyond_goes_to_the_next_hop() {
    let mut echo = arp(2, 1, [1, 1], [2, 2]).1;
    // Up to the EtherType; then a packet of IPv4 from 10.0.0.1 to 10.0.9.9, and an echo request.
    echo.truncate(12);
    echo.extend([8, 0, 0x45, 0, 0, 28, 0, 0, 0, 0, 64, 1, 0, 0, 10, 0, 0, 1, 10, 0, 9, 9]);
    echo.extend([8, 0, 0, 0, 0, 7, 0, 1]);
    let mut near = echo.clone();
    if let Some(to) = near.get_mut(30..34) {
        to.copy_from_slice(&[10, 0, 0, 2]);
    }
    let (ask, answer) = (arp(255, 1, [1, 1], [0, 2]), arp(1, 2, [2, 2], [1, 1]));
    let ethernet = |bytes| (LinkType::ETHERNET, bytes);
    let list = frames(&[ask, answer, ethernet(echo), ethernet(near)]);
    let survey = Survey::of(&list, standard());
    let secrets = Secrets::default();
    let context = Context { frames: &list, secrets: &secrets, registry: standard() };
    let story = Apart::of(context, &survey).story(None, (context, &survey), &Recorded::default());
    let details: Vec<&str> =
        story.level(Level::Flight).skip(2).map(|(_, beat)| beat.detail.as_str()).collect();
    let expected = [
        "Number 1 of ping 0x0007. Its frame goes to 02:00:00:00:00:02, where 10.0.0.2 is \
         (step 2): the next hop to 10.0.9.9.",
        "Number 1 of ping 0x0007.",
    ];
    assert_eq!(details, expected);
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

         No connection: 2 frames of Link type 40000 (4 bytes), 1 frame of EtherType 0x7777 (17 bytes)
         3 packets · 21 B · 0.000 ms
         Not read: 2 frames of Link type 40000 (4 bytes), 1 frame of EtherType 0x7777 (17 bytes).
         Only 1 of 3 frames are told.",
        "Not read: 2 frames of Link type 40000 (4 bytes), 1 frame of EtherType 0x7777 (17 bytes).",
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
    let story = Apart::of(context, &survey).story(None, (context, &survey), &Recorded::default());
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
    assert!(story.sum.starts_with("100 conversations over UDP. The first: "), "{}", story.sum);
}

/// An ARP packet: operation, then sender and target, each as the last bytes of its addresses.
fn arp(to: u8, operation: u8, sender: [u8; 2], target: [u8; 2]) -> (LinkType, Vec<u8>) {
    let link = |last: u8| if last == 255 { [255; 6] } else { [2, 0, 0, 0, 0, last] };
    let ip = |last: u8| if last == 0 { [0; 4] } else { [10, 0, 0, last] };
    let mut bytes = [&link(to)[..], &link(sender[0]), &[8, 6, 0, 1, 8, 0, 6, 4, 0]].concat();
    bytes.push(operation);
    for [last, host] in [sender, target] {
        bytes.extend(if last == 0 { [0; 6] } else { link(last) });
        bytes.extend(ip(host));
    }
    (LinkType::ETHERNET, bytes)
}

/// The steps of these frames, less what explains them, and the notes.
#[track_caller]
fn check_steps(told: &[(LinkType, Vec<u8>)], expected: &[&str], notes: &[&str]) {
    let frames = frames(told);
    let survey = Survey::of(&frames, standard());
    let secrets = Secrets::default();
    let context = Context { frames: &frames, secrets: &secrets, registry: standard() };
    let story = Apart::of(context, &survey).story(None, (context, &survey), &Recorded::default());
    let name = |actor: crate::story::ActorId| story.cast[usize::from(actor.0)].name.as_str();
    let steps: Vec<String> = story
        .level(Level::Flight)
        .map(|(_, beat)| format!("{} > {}: {}", name(beat.from), name(beat.to), beat.headline))
        .collect();
    assert_eq!(steps, expected);
    assert_eq!(story.notes, notes);
}

#[test]
fn who_asks_and_who_answers_is_told_by_name() {
    let told = [arp(255, 1, [1, 1], [0, 2]), arp(1, 2, [2, 2], [1, 1])];
    check_steps(
        &told,
        &[
            "10.0.0.1 > Everyone: Asks who has 10.0.0.2",
            "10.0.0.2 > 10.0.0.1: 10.0.0.2 is at 02:00:00:00:00:02",
        ],
        &[],
    );
    let story = {
        let frames = frames(&told);
        let survey = Survey::of(&frames, standard());
        let secrets = Secrets::default();
        let context = Context { frames: &frames, secrets: &secrets, registry: standard() };
        Apart::of(context, &survey).story(None, (context, &survey), &Recorded::default())
    };
    let addresses: Vec<&str> = story.cast.iter().map(|one| one.address.as_str()).collect();
    assert_eq!(addresses, ["02:00:00:00:00:01", "ff:ff:ff:ff:ff:ff", "02:00:00:00:00:02"]);
    let trips: Vec<i64> = story.trips.iter().map(|trip| trip.nanos).collect();
    assert_eq!(trips, [1_000_000]);
    assert_eq!(story.level(Level::Chapter).next().unwrap().1.round_trips, 1);
}

#[test]
fn a_link_with_two_addresses_keeps_its_own_name() {
    check_steps(
        &[arp(255, 1, [1, 1], [0, 2]), arp(255, 1, [1, 9], [0, 2])],
        &[
            "02:00:00:00:00:01 > Everyone: Asks who has 10.0.0.2",
            "02:00:00:00:00:01 > Everyone: Asks who has 10.0.0.2",
        ],
        &[],
    );
}

#[test]
fn two_links_that_claim_one_address_are_a_conflict() {
    check_steps(
        &[arp(255, 1, [1, 1], [0, 1]), arp(255, 1, [3, 1], [0, 1])],
        &[
            "02:00:00:00:00:01 > Everyone: Tells all that 10.0.0.1 is at 02:00:00:00:00:01",
            "02:00:00:00:00:03 > Everyone: \
             Claims 10.0.0.1, which 02:00:00:00:00:01 claimed in step 1",
        ],
        &["Several link addresses claim 10.0.0.1: \
           02:00:00:00:00:01 (frame 1), 02:00:00:00:00:03 (frame 2)."],
    );
}

#[test]
fn an_address_that_is_probed_may_be_taken() {
    check_steps(
        &[arp(255, 1, [1, 0], [0, 2]), arp(1, 2, [2, 2], [1, 0])],
        &[
            "02:00:00:00:00:01 > Everyone: Asks whether anyone has 10.0.0.2, before using it",
            "10.0.0.2 > 02:00:00:00:00:01: 10.0.0.2 is taken: 02:00:00:00:00:02 has it",
        ],
        &[],
    );
}

#[test]
fn neighbours_and_echoes_are_paired_and_errors_told() {
    let ether = |name| (LinkType::ETHERNET, sample(name));
    let told = [ether("neighbor-solicitation"), ether("neighbor-advertisement")];
    check_steps(
        &told,
        &[
            "::1 > ::2: Asks ::2 whether it is still there",
            "::1 > ::2: ::2 is at 02:00:00:00:00:01",
        ],
        &[],
    );
    let quoting = "127.0.0.2 > 127.0.0.1: UDP port 9999 of 127.0.0.2 is closed";
    check_steps(&[ether("icmp-unreachable")], &[quoting], &[]);
    check_steps(&[ether("ping")], &["127.0.0.1 > 127.0.0.2: Asks 127.0.0.2 for an echo"], &[]);
}

#[test]
fn what_a_tunnel_carries_without_ports_is_told_with_the_tunnel() {
    let (_, inner) = arp(255, 1, [1, 1], [0, 2]);
    let mut bytes = Vec::new();
    let builder = etherparse::PacketBuilder::ethernet2([6; 6], [8; 6]);
    let builder = builder.ipv4([192, 0, 2, 1], [192, 0, 2, 2], 64).udp(4789, 4789);
    builder.write(&mut bytes, &[&[8, 0, 0, 0, 0, 0, 42, 0][..], &inner].concat()).unwrap();
    let len = bytes.len();
    check(
        &frames(&[(LinkType::ETHERNET, bytes)]),
        &format!(
            "ARP

             10.0.0.1  02:00:00:00:00:01
             Everyone  ff:ff:ff:ff:ff:ff

             Through VXLAN, VNI 42, between 192.0.2.1 and 192.0.2.2.

             ARP · 1 packet · {len} B

             1      0.000  10.0.0.1 ──> Everyone  [Who has 10.0.0.2?]
                    Asks who has 10.0.0.2.
                    The answer goes to 10.0.0.1 at 02:00:00:00:00:01.
                    RFC 826

             No connection: 1 ARP frame ({len} bytes)
             1 packet · {len} B · 0.000 ms"
        ),
        &format!("Outside of connections, and not told here: 1 ARP frame ({len} bytes)."),
    );
}

#[test]
fn a_packet_that_is_quoted_is_in_no_tunnel() {
    let frames = frames(&[(LinkType::ETHERNET, sample("icmpv6-unreachable"))]);
    let survey = Survey::of(&frames, standard());
    let secrets = Secrets::default();
    let context = Context { frames: &frames, secrets: &secrets, registry: standard() };
    let story = Apart::of(context, &survey).story(None, (context, &survey), &Recorded::default());
    assert_eq!(story.level(Level::Flight).count(), 1);
    assert!(story.carriers.is_empty(), "{:?}", story.carriers);
}
