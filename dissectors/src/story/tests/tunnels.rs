//! Connections in tunnels: the story speaks of those inside, and names the tunnel once.

use etherparse::{IpNumber, Ipv4Header, PacketBuilder};

use super::play::Play;
use super::{compare, story};
use crate::frames::{FrameList, Frames, LinkType};
use crate::ids::Direction::{Backward, Forward};
use crate::ids::{Direction, FrameId};
use crate::story::Story;
use crate::story::text::to_text;

/// The ends of the tunnels: the left one carries what the client sends.
const ENDS: [[u8; 4]; 2] = [[192, 0, 2, 1], [192, 0, 2, 2]];

/// The two addresses in the order in which a frame of that direction bears them.
fn ends(direction: Direction) -> ([u8; 4], [u8; 4]) {
    let [left, right] = ENDS;
    if direction == Forward { (left, right) } else { (right, left) }
}

/// The same frames, each as `wrap` makes it; directions as in [`play`].
fn carried(play: &Play, wrap: impl Fn(usize, Direction, &[u8]) -> Vec<u8>) -> Play {
    let mut wrapped = Play::against(7);
    for id in (0..play.frames.count()).map(FrameId) {
        let bytes = play.frames.frame(id).bytes;
        let direction = if bytes[29] == 1 { Forward } else { Backward };
        wrapped.push(wrap(id.index(), direction, bytes));
    }
    wrapped
}

/// Two connections, each with a question and an answer.
fn play() -> Play {
    let mut play = Play::against(7);
    play.udp(Forward, b"one").udp(Backward, b"one");
    play.another(40_001);
    play.udp(Forward, b"two").udp(Backward, b"two");
    play
}

fn udp(direction: Direction, port: u16, payload: &[u8]) -> Vec<u8> {
    let (from, to) = ends(direction);
    let builder = PacketBuilder::ethernet2([6; 6], [8; 6]).ipv4(from, to, 64).udp(port, port);
    let mut bytes = Vec::new();
    builder.write(&mut bytes, payload).unwrap();
    bytes
}

fn vxlan(direction: Direction, vni: u8, frame: &[u8]) -> Vec<u8> {
    let header = [8, 0, 0, 0, 0, 0, vni, 0];
    udp(direction, 4789, &[&header, frame].concat())
}

fn gtp(direction: Direction, teid: u8, packet: &[u8]) -> Vec<u8> {
    let header = [0x30, 255, 0, packet.len() as u8, 0, 0, 0, teid];
    udp(direction, 2152, &[&header, packet].concat())
}

fn ip(direction: Direction, number: IpNumber, payload: &[u8]) -> Vec<u8> {
    let (from, to) = ends(direction);
    let mut bytes = vec![8; 6];
    bytes.extend([6; 6]);
    bytes.extend([8, 0]);
    let header = Ipv4Header::new(payload.len() as u16, 64, number, from, to);
    header.unwrap().write(&mut bytes).unwrap();
    bytes.extend(payload);
    bytes
}

fn gre(direction: Direction, key: u8, packet: &[u8]) -> Vec<u8> {
    ip(direction, IpNumber(47), &[&[0x20, 0, 8, 0, 0, 0, 0, key][..], packet].concat())
}

fn pppoe(direction: Direction, session: u8, packet: &[u8]) -> Vec<u8> {
    let (host, hub) = ([6; 6], [8; 6]);
    let (from, to) = if direction == Forward { (host, hub) } else { (hub, host) };
    let len = packet.len() as u8 + 2;
    let header = [0x88, 0x64, 0x11, 0, 0, session, 0, len, 0, 0x21];
    [&to[..], &from, &header, packet].concat()
}

/// What a story says of the tunnels.
#[track_caller]
fn check(play: &Play, expected: &[&str]) {
    let told = story(play);
    assert_eq!(told.carried(), expected);
    let names: Vec<&str> = told.cast.iter().map(|actor| actor.name.as_str()).collect();
    assert_eq!(names, ["Client", "Server"], "those inside are told");
    assert_eq!(told.packets, 4);
}

/// The packet in a frame.
fn packet(frame: &[u8]) -> &[u8] {
    &frame[14..]
}

#[test]
fn a_tunnel_is_named_with_its_number_and_its_ends() {
    check(&play(), &[]);
    check(
        &carried(&play(), |_, way, frame| vxlan(way, 42, frame)),
        &["Through VXLAN, VNI 42, between 192.0.2.1 and 192.0.2.2"],
    );
    check(
        &carried(&play(), |_, way, frame| gre(way, 7, packet(frame))),
        &["Through GRE, key 0x7, between 192.0.2.1 and 192.0.2.2"],
    );
    check(
        &carried(&play(), |_, way, frame| ip(way, IpNumber::IPV4, packet(frame))),
        &["Through IPv4 in IPv4 between 192.0.2.1 and 192.0.2.2"],
    );
    check(
        &carried(&play(), |_, way, frame| pppoe(way, 17, packet(frame))),
        &["Through PPPoE, session 17, between 06:06:06:06:06:06 and 08:08:08:08:08:08"],
    );
}

#[test]
fn numbers_that_each_side_chose_stand_beside_its_address() {
    let teid = |way| if way == Forward { 5 } else { 9 };
    check(
        &carried(&play(), |_, way, frame| gtp(way, teid(way), packet(frame))),
        &["Through GTP-U between 192.0.2.1 (TEID 0x9) and 192.0.2.2 (TEID 0x5)"],
    );
    // The second connection was seen one way only: it is the same tunnel all the same.
    let mut play = Play::against(7);
    play.udp(Forward, b"one").udp(Backward, b"one");
    play.another(40_001);
    play.udp(Forward, b"two").udp(Forward, b"two");
    check(
        &carried(&play, |_, way, frame| gtp(way, teid(way), packet(frame))),
        &["Through GTP-U between 192.0.2.1 (TEID 0x9) and 192.0.2.2 (TEID 0x5)"],
    );
}

#[test]
fn a_tunnel_in_a_tunnel_is_told_from_the_outermost_in() {
    check(
        &carried(&play(), |_, way, frame| vxlan(way, 42, &gre(way, 7, packet(frame)))),
        &["Through VXLAN, VNI 42, between 192.0.2.1 and 192.0.2.2; \
           inside it GRE, key 0x7, between 192.0.2.1 and 192.0.2.2"],
    );
}

#[test]
fn what_comes_on_several_ways_says_how_much_on_each() {
    // The first connection alone goes through the tunnel.
    let wrap = |at, way, frame: &[u8]| {
        if at < 2 { vxlan(way, 42, frame) } else { frame.to_vec() }
    };
    check(
        &carried(&play(), wrap),
        &[
            "2 frames through VXLAN, VNI 42, between 192.0.2.1 and 192.0.2.2",
            "2 frames through no tunnel",
        ],
    );
    // Of each, the question does.
    let wrap = |at, way, frame: &[u8]| {
        let vni = if at % 2 == 0 { 42 } else { 43 };
        vxlan(way, vni, frame)
    };
    check(
        &carried(&play(), wrap),
        &[
            "2 frames of 2 connections through VXLAN, VNI 42, between 192.0.2.1 and 192.0.2.2",
            "2 frames of 2 connections through VXLAN, VNI 43, between 192.0.2.1 and 192.0.2.2",
        ],
    );
}

#[test]
fn very_many_tunnels_are_counted_together() {
    let mut play = Play::against(7);
    for _ in 0..20 {
        play.udp(Forward, b"one");
    }
    let told: Story = story(&carried(&play, |at, way, frame| vxlan(way, at as u8, frame)));
    assert_eq!(told.carriers.len(), crate::limits::MAX_STORY_CARRIERS + 1);
    assert_eq!(told.carried().last().unwrap(), "14 frames through other tunnels");
}

#[test]
fn the_text_says_it_below_the_cast() {
    let mut play = Play::against(7);
    play.udp(Forward, b"one");
    let told = story(&carried(&play, |_, way, frame| vxlan(way, 42, frame)));
    compare(
        &to_text(&told).lines().take(7).collect::<Vec<_>>().join("\n"),
        "A play

         Client  10.0.0.1 : 40000
         Server  10.0.0.2 : 7

         Through VXLAN, VNI 42, between 192.0.2.1 and 192.0.2.2.",
    );
}

#[test]
fn link_types_do_not_matter() {
    let bare = play();
    let mut raw = FrameList::new();
    for id in (0..bare.frames.count()).map(FrameId) {
        let frame = bare.frames.frame(id);
        raw.push(frame.time, 0, LinkType::RAW, gre(Forward, 7, packet(frame.bytes))[14..].to_vec());
    }
    let mut play = Play::against(7);
    play.frames = raw;
    let told = story(&play);
    assert_eq!(told.carried(), ["Through GRE, key 0x7, between 192.0.2.1 and 192.0.2.2"]);
}
