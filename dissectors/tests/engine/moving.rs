//! Connections that go by names: they move between paths, and share one.

use wirestage_dissectors::attribution::Attribution;
use wirestage_dissectors::engine::reader::Context;
use wirestage_dissectors::frames::Frames;
use wirestage_dissectors::ids::Direction;
use wirestage_dissectors::secret::Secrets;

use crate::made::{hush, registry, roam};
use crate::play::{CLIENT, Line, SERVER, Wire, read, survey_in};

const HOME: Line = Line { client: 50_001, server: roam::PORT };
const AWAY: Line = Line { client: 50_002, server: roam::PORT };
const OTHER: Line = Line { client: 50_003, server: roam::PORT };

/// Two connections over three paths: `(path, way, datagram, connection)`.
const SENT: &[(Line, Direction, &[u8], u32)] = &[
    (HOME, CLIENT, b"Lnew1ClAahello from a", 0),
    (HOME, SERVER, b"LClAaSvAahello to a", 0),
    (HOME, CLIENT, b"SSvAaa at home", 0),
    // Another begins on the same five-tuple.
    (HOME, CLIENT, b"Lnew2ClBbhello from b", 3),
    (HOME, SERVER, b"LClBbSvBbhello to b", 3),
    (HOME, CLIENT, b"SSvAaa between", 0),
    (HOME, CLIENT, b"S????after a", 0),
    (HOME, CLIENT, b"SSvBbb between", 3),
    (HOME, SERVER, b"S????after b", 3),
    // The first moves; its server answers there. Then the server is the first to be heard on a
    // third path.
    (AWAY, CLIENT, b"SSvAaa away", 0),
    (AWAY, SERVER, b"SClAaa answered", 0),
    (OTHER, SERVER, b"SClBbb found", 3),
    (OTHER, CLIENT, b"SSvBbb answered", 3),
    (OTHER, CLIENT, b"S????after b again", 3),
    (HOME, CLIENT, b"S????b was last here", 3),
    (HOME, CLIENT, b"SSvAaa is back", 0),
];

fn wire() -> Wire {
    let mut wire = Wire::default();
    for (line, way, datagram, _) in SENT {
        wire.datagram(*line, *way, datagram);
    }
    wire
}

#[test]
fn a_connection_keeps_its_datagrams_whatever_path_they_take() {
    let told = read(&wire().frames);
    let found: Vec<_> = told
        .iter()
        .filter(|one| one.kind == 0)
        .map(|one| (one.frame, one.way, one.connection, one.bytes.clone()))
        .collect();
    let expected: Vec<_> = (1..)
        .zip(SENT)
        .map(|(frame, (_, way, datagram, connection))| {
            let text = &datagram[if datagram[0] == b'L' { 9 } else { 5 }..];
            (frame, *way, *connection, text.to_vec())
        })
        .collect();
    assert_eq!(found, expected);
    // Each direction of each connection ends once, where it was heard last.
    let ends = told.iter().filter(|one| one.kind == crate::made::END);
    let ends: Vec<_> = ends.map(|one| (one.frame, one.way, one.connection)).collect();
    assert_eq!(ends, [(11, SERVER, 0), (12, SERVER, 3), (15, CLIENT, 3), (16, CLIENT, 0)]);
}

#[test]
fn all_connections_are_listed_with_their_frames_and_their_first_path() {
    let (wire, secrets) = (wire(), Secrets::default());
    for chunk in [1, 7, u32::MAX] {
        let survey = survey_in(&wire.frames, chunk);
        let context = Context { frames: &wire.frames, secrets: &secrets, registry: registry() };
        let attribution = Attribution::new(context, &survey);
        let told: Vec<(u32, u32, Vec<u32>)> = attribution
            .connections(&survey)
            .into_iter()
            .map(|id| {
                let frames = attribution.frames(id, &survey).iter().map(|id| id.number()).collect();
                (id.0, attribution.first_path(id).0, frames)
            })
            .collect();
        let of = |which: u32| {
            let frames = (1..).zip(SENT).filter(|(_, (.., owner))| *owner == which);
            frames.map(|(frame, _)| frame).collect::<Vec<u32>>()
        };
        assert_eq!(told, [(0, 0, of(0)), (3, 0, of(3))], "chunks of {chunk}");
        let paths: Vec<u32> = (0..16)
            .map(|at| attribution.of(wirestage_dissectors::ids::FrameId(at), &survey).unwrap())
            .map(|owner| owner.path.0)
            .collect();
        assert_eq!(paths, [0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 2, 2, 2, 0, 0]);
    }
}

#[test]
fn a_datagram_that_came_in_fragments_is_looked_at_whole() {
    let mut wire = wire();
    let sent = wire.frames.count();
    // The second fragment holds neither a name nor the beginning of one.
    wire.in_fragments(AWAY, CLIENT, b"SSvBbb in two fragments", 16);
    wire.in_fragments(AWAY, CLIENT, b"Lnew3ClCcfrom c in two fragments", 16);
    let told = read(&wire.frames);
    let told = told.iter().filter(|one| one.frame > sent && one.kind == 0);
    let told: Vec<_> = told.map(|one| (one.frame - sent, one.connection, &one.bytes[..])).collect();
    let (b, c): (&[u8], &[u8]) = (b"b in two fragments", b"from c in two fragments");
    assert_eq!(told, [(2, 3, b), (4, 1, c)]);
}

#[test]
fn what_bears_no_name_belongs_to_who_opens_it() {
    let line = |client| Line { client, server: hush::PORT };
    let (home, other, away) = (line(50_001), line(50_002), line(50_003));
    let of = |key: u8, number: u8| hush::hush(key, number, b"text");
    let (a, b) = (b'a', b'b');
    let sent: Vec<(Line, Direction, Vec<u8>, u32)> = vec![
        (home, CLIENT, vec![b'O', a], 0),
        (home, SERVER, of(a, 1), 0),
        (other, CLIENT, vec![b'O', b], 1),
        (other, SERVER, of(b, 1), 1),
        // Each appears on a path where nobody was: an address was translated anew.
        (away, CLIENT, of(a, 2), 0),
        (away, SERVER, of(a, 3), 0),
        // Another shares that path, and both are heard there, from either side.
        (away, CLIENT, vec![b'O', b'c'], 3),
        (away, SERVER, of(a, 4), 0),
        (away, CLIENT, of(b'c', 5), 3),
        (away, SERVER, of(b'c', 6), 3),
        (away, CLIENT, of(a, 7), 0),
        // What nobody opens stays where the one before it was.
        (away, CLIENT, of(b'x', 8), 0),
        (other, CLIENT, of(b, 9), 1),
        // On a path of its own it is nobody's.
        (line(50_004), CLIENT, of(b'x', 1), 4),
    ];
    let mut wire = Wire::default();
    for (line, way, datagram, _) in &sent {
        wire.datagram(*line, *way, datagram);
    }
    let told: Vec<_> =
        read(&wire.frames).iter().map(|one| (one.frame, one.way, one.connection)).collect();
    let owners: Vec<u32> = sent.iter().map(|(.., owner)| *owner).collect();
    let third = told[6].2;
    assert!(![0, 1].contains(&third), "a third connection: {told:?}");
    let expected: Vec<_> = (1..)
        .zip(&sent)
        .zip(owners)
        .map(|((frame, (_, way, ..)), owner)| match owner {
            3 => (frame, *way, third),
            4 => (frame, *way, 3),
            owner => (frame, *way, owner),
        })
        .collect();
    assert_eq!(told, expected);
    // The number was taken from the masked header, and each byte leads to its sealed form.
    let told = read(&wire.frames);
    assert_eq!(told[4].bytes, [&[0x82][..], b"text"].concat());
    assert_eq!(told[4].trace.iter().map(|place| place.len).sum::<u32>(), 5);
}
