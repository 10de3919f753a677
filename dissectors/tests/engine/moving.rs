//! Connections that go by names: they move between paths, and share one.

use wirestage_dissectors::attribution::Attribution;
use wirestage_dissectors::engine::reader::Context;
use wirestage_dissectors::ids::Direction;
use wirestage_dissectors::secret::Secrets;

use crate::made::{registry, roam};
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
