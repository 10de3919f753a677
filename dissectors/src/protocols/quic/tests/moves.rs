//! Connections go by ids: they keep their datagrams whatever addresses those bear, and nothing else
//! is taken for theirs.

use etherparse::PacketBuilder;

use super::packets::{CHOSEN, OF_CLIENT, OF_SERVER, answer, first, last};
use super::seal::{
    CLIENT, SERVER, SERVER_HANDSHAKE, crypto, encrypted_extensions_with, finished, initial,
    key_log, long, server_hello, short,
};
use crate::attribution::Attribution;
use crate::claim::Framing;
use crate::engine::later::Unknown;
use crate::engine::reader::Context;
use crate::engine::stretch::Stretch;
use crate::frames::{FrameList, Frames, LinkType};
use crate::ids::{ConnectionId, Direction, FrameId, Time};
use crate::protocols::quic::PROTOCOL_ID;
use crate::protocols::stage::line;
use crate::registry::standard;
use crate::survey::Survey;

/// Stands for the first port of the client, and another address of the server's.
const ELSEWHERE: u16 = 0;

/// A datagram between the server and one of the client's ports.
fn datagram(port: u16, from_client: bool, payload: &[u8]) -> Vec<u8> {
    let (client, server) = match port {
        ELSEWHERE => (([192, 0, 2, 1], 50_001), ([192, 0, 2, 10], 4434)),
        port => (([192, 0, 2, 1], port), ([192, 0, 2, 9], 4433)),
    };
    let (from, to) = if from_client { (client, server) } else { (server, client) };
    let mut bytes = Vec::new();
    let packet = PacketBuilder::ipv4(from.0, to.0, 64).udp(from.1, to.1);
    packet.write(&mut bytes, payload).unwrap();
    bytes
}

fn recorded(sent: &[(u16, bool, Vec<u8>)]) -> FrameList {
    let mut frames = FrameList::new();
    for (number, (port, from_client, payload)) in (0..).zip(sent) {
        let time = Time(number * 1_000_000);
        frames.push(time, 0, LinkType::RAW, datagram(*port, *from_client, payload));
    }
    frames
}

/// What is told of packets of the first connection, with the frame.
fn told_of(sent: &[(u16, bool, Vec<u8>)]) -> Vec<String> {
    let (frames, secrets, registry) = (recorded(sent), key_log(), standard());
    let survey = Survey::of(&frames, registry);
    let context = Context { frames: &frames, secrets: &secrets, registry };
    let attribution = Attribution::new(context, &survey);
    let mut reader = attribution.reader(ConnectionId(0), &survey);
    let mut stretch = Stretch::default();
    for id in attribution.frames(ConnectionId(0), &survey) {
        let mut arrival = survey.arrival(id, &frames.frame(id)).unwrap();
        arrival.direction = attribution.of(id, &survey).unwrap().direction;
        reader.feed(&arrival, context, &Unknown, &mut stretch);
    }
    let view = reader.view(&frames, &stretch);
    let own = stretch
        .messages
        .iter()
        .filter(|one| view.layer(one.layer).is_some_and(|layer| layer.protocol == PROTOCOL_ID));
    let told = own.filter_map(|one| {
        let told = registry.get(PROTOCOL_ID).tell(one, &view)?;
        Some(format!("{}: {}", one.done.number(), line(&told)))
    });
    told.collect()
}

/// Whose each datagram is: the number of the connection, and which way it goes.
fn owners(sent: &[(u16, bool, Vec<u8>)]) -> Vec<(u32, Direction)> {
    let frames = recorded(sent);
    let (secrets, registry) = (key_log(), standard());
    let survey = Survey::of(&frames, registry);
    let context = Context { frames: &frames, secrets: &secrets, registry };
    let attribution = Attribution::new(context, &survey);
    let of = |number| attribution.of(FrameId(number), &survey).unwrap();
    let all = (0..sent.len() as u32).map(of);
    all.map(|owner| (owner.connection.0, owner.direction)).collect()
}

/// A packet after the handshake.
fn packet(from_client: bool, number: u16) -> Vec<u8> {
    let (to, secret) = if from_client { (OF_SERVER, &CLIENT) } else { (OF_CLIENT, &SERVER) };
    short(to, (secret, secret, false), number, &[1])
}

#[test]
fn a_connection_moves_with_its_ids() {
    use Direction::{Backward, Forward};
    let sent = [
        (50_001, true, first(CHOSEN, CHOSEN, &[], false)),
        (50_001, false, answer(CHOSEN)),
        (50_001, true, last()),
        (50_001, true, packet(true, 0)),
        // From another port of the same client, and back there.
        (50_002, true, packet(true, 1)),
        (50_002, false, packet(false, 0)),
        (50_001, true, packet(true, 2)),
        // Of another connection, whose beginning was not recorded.
        (50_003, true, short(&[9; 7], (&[9; 32], &[9; 32], false), 0, &[1])),
        (50_003, true, packet(true, 3)),
    ];
    let moved =
        [Forward, Backward, Forward, Forward, Forward, Backward, Forward].map(|way| (0, way));
    let others = [(2, Forward), (2, Forward)];
    assert_eq!(owners(&sent), [&moved[..], &others].concat());
}

#[test]
fn who_moves_is_told_once_and_who_was_overtaken_moves_nobody() {
    let sent = [
        (50_001, true, first(CHOSEN, CHOSEN, &[], false)),
        (50_001, false, answer(CHOSEN)),
        (50_001, true, [last(), packet(true, 0)].concat()),
        (50_002, true, packet(true, 2)),
        (50_001, true, packet(true, 1)),
        (50_002, true, packet(true, 3)),
    ];
    let moved = "another path | Goes on along another path: the connection goes by ids, not by addresses | An address has changed, as when a phone leaves a network, or a NAT gives out another port.";
    let ping = "PING | Asks for an acknowledgement, and for nothing else";
    let expected =
        [(3, ping), (4, moved), (5, ping), (6, ping)].map(|(at, line)| format!("{at}: {line}"));
    assert_eq!(told_of(&sent), expected);
}

#[test]
fn who_goes_on_where_the_server_prefers_is_told_so() {
    let id = &[6, 2, 8, 3, 1, 8];
    let addresses = [&[192, 0, 2, 10][..], &4434u16.to_be_bytes(), &[0; 18]].concat();
    let prefers = [&addresses[..], &[id.len() as u8], id, &[9; 16]].concat();
    let parameters = [&[0x0d, prefers.len() as u8][..], &prefers].concat();
    let ids = (OF_CLIENT, OF_SERVER);
    let secret = initial(CHOSEN, "server in");
    let hello = long(0xc0, ids, Some(&[]), &secret, 0, &crypto(0, &server_hello()));
    let rest = [encrypted_extensions_with(b"h3", &parameters), finished()].concat();
    let rest = long(0xe0, ids, None, &SERVER_HANDSHAKE, 0, &crypto(0, &rest));
    let there = |number| short(id, (&CLIENT, &CLIENT, false), number, &[1]);
    let sent = [
        (50_001, true, first(CHOSEN, CHOSEN, &[], false)),
        (50_001, false, [hello, rest].concat()),
        (50_001, true, [last(), packet(true, 0)].concat()),
        (ELSEWHERE, true, there(1)),
        (ELSEWHERE, false, packet(false, 0)),
        (ELSEWHERE, true, there(2)),
    ];
    let told = told_of(&sent);
    let prefers = "4: another path | Goes on at the address that the server prefers | The server has named it in its transport parameters, with an id to reach it by there: so many servers can share the first address, and each has one of its own for what follows.";
    assert_eq!(told[1], prefers, "{told:#?}");
    assert!(told[3].starts_with("6: PING | "), "{told:#?}");
    assert!(owners(&sent).iter().all(|(connection, _)| *connection == 0));
}

#[test]
fn who_asks_a_path_has_not_moved_there_yet() {
    let asks = [&[0x1a][..], &[8; 8]].concat();
    let sent = [
        (50_001, true, first(CHOSEN, CHOSEN, &[], false)),
        (50_001, false, answer(CHOSEN)),
        (50_001, true, [last(), packet(true, 0)].concat()),
        (50_002, true, short(OF_SERVER, (&CLIENT, &CLIENT, false), 1, &asks)),
        (50_001, true, packet(true, 2)),
        (50_002, true, packet(true, 3)),
    ];
    let told = told_of(&sent);
    let expected = [
        "4: PATH_CHALLENGE | Asks along another path before it moves there | Only what the other side sends back along it proves that it leads there. Until then data stays on the old one.",
        "5: PING | Asks for an acknowledgement, and for nothing else",
    ];
    assert_eq!(told[1..3], expected, "{told:#?}");
    assert!(told[3].starts_with("6: another path | "), "{told:#?}");
}

#[test]
fn who_follows_asks_both_paths() {
    let asks = [&[0x1a][..], &[8; 8]].concat();
    let both = [&asks[..], &[1]].concat();
    let server =
        |frames: &[u8], number| short(OF_CLIENT, (&SERVER, &SERVER, false), number, frames);
    let sent = [
        (50_001, true, first(CHOSEN, CHOSEN, &[], false)),
        (50_001, false, answer(CHOSEN)),
        (50_001, true, [last(), packet(true, 0)].concat()),
        (50_001, false, packet(false, 0)),
        (50_002, true, packet(true, 1)),
        (50_001, false, server(&asks, 1)),
        (50_002, false, server(&both, 2)),
        (50_002, false, server(&both, 3)),
    ];
    let told = told_of(&sent);
    let expected = [
        "6: PATH_CHALLENGE | Asks along the path of before as well | Somebody on the way could have sent a packet on from another address. Where the other side never moved, it answers here.",
        "7: PATH_CHALLENGE | Asks along the new path whether the other side is really there | Anybody can write an address of somebody else into a packet. Until the answer is there, little is sent that way.",
        "8: PATH_CHALLENGE | Asks along a path whether the other side is really there",
    ];
    assert_eq!(told[3..], expected, "{told:#?}");
}

#[test]
fn who_is_told_which_versions_there_are_begins_anew() {
    use Direction::{Backward, Forward};
    let versions = [&[0x80, 0, 0, 0, 0, 0, 0][..], &[0, 0, 0, 1]].concat();
    let other: &[u8] = &[8; 8];
    let reserved = unknown_version(0x1a2a_3a4a);
    let sent = [
        (50_001, true, reserved.clone()),
        (50_001, false, versions.clone()),
        (50_001, true, first(CHOSEN, CHOSEN, &[], false)),
        (50_001, false, answer(CHOSEN)),
        // Another one on the same path begins a connection of its own.
        (50_001, true, first(other, other, &[], false)),
    ];
    let expected = [(0, Forward), (0, Backward), (0, Forward), (0, Backward), (1, Forward)];
    assert_eq!(owners(&sent), expected);
    let told = told_of(&sent);
    let anew = "3: Initial, version 1 | Begins anew, with a version that the server speaks | Nothing of the first try counts: it has cost a round trip.";
    assert!(told.iter().any(|line| line == anew), "{told:#?}");
}

/// A first packet of a version that nobody here speaks.
fn unknown_version(version: u32) -> Vec<u8> {
    [&[0xc0][..], &version.to_be_bytes(), &[0, 0], &[0; 1200]].concat()
}

#[test]
fn two_connections_share_a_path() {
    use Direction::{Backward, Forward};
    let other: &[u8] = &[8; 8];
    let sent = [
        (50_001, true, first(CHOSEN, CHOSEN, &[], false)),
        (50_001, false, answer(CHOSEN)),
        (50_001, true, first(other, other, &[], false)),
        (50_001, true, packet(true, 0)),
    ];
    assert_eq!(owners(&sent), [(0, Forward), (0, Backward), (1, Forward), (0, Forward)]);
}

#[test]
fn random_datagrams_are_never_called_quic() {
    let mut state = 1u64;
    let mut next = || {
        state =
            state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) as u8
    };
    for len in 1..2000 {
        let bytes: Vec<u8> = (0..len).map(|_| next()).collect();
        let found = standard().by_content(&bytes, Framing::Datagram);
        assert!(found.is_none_or(|(id, _)| id != PROTOCOL_ID), "{bytes:02x?}");
    }
}
