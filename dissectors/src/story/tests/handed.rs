//! A handshake that somebody between client and server hands on as it comes.

use super::play::{Line, Play};
use super::story;
use crate::engine::tcp::flags::{ACK, SYN};
use crate::ids::Direction::{self, Backward, Forward};
use crate::story::passages::{Steps, said};
use crate::story::{Level, Story};

const CLIENT: [u8; 4] = [192, 0, 2, 1];
const ROUTER: [u8; 4] = [192, 0, 2, 5];
const INNER: [u8; 4] = [10, 0, 0, 5];
const SERVER: [u8; 4] = [10, 0, 0, 21];

/// A record that holds a hello of TLS 1.3 with this random.
fn hello(from: Direction, random: u8) -> Vec<u8> {
    let mut body = vec![3, 3];
    body.extend([random; 32]);
    body.push(0);
    let share = [&[0, 0x1d, 0, 32][..], &[9; 32]].concat();
    let (kind, suites, versions, shares) = match from {
        Forward => (1, &[0, 2, 0x13, 1, 1, 0][..], &[2, 3, 4][..], [&[0, 36][..], &share].concat()),
        Backward => (2, &[0x13, 1, 0][..], &[3, 4][..], share),
    };
    body.extend(suites);
    let mut list = Vec::new();
    for (number, value) in [(43, versions), (51, &shares[..])] {
        list.extend([0, number, 0, value.len() as u8]);
        list.extend(value);
    }
    body.extend([0, list.len() as u8]);
    body.extend(list);
    let (len, whole) = (body.len() as u8, body.len() as u8 + 4);
    [&[22, 3, 3, 0, whole, kind, 0, 0, len][..], &body].concat()
}

/// Hellos that go over two connections with these ends, the client's with these randoms.
fn play(ends: [[[u8; 4]; 2]; 2], randoms: [u8; 2]) -> Story {
    let mut play = Play::against(443);
    let line = |hosts| Line { hosts, ports: [50_000, 443], seq: [1_000, 5_000] };
    let mut lines = ends.map(line);
    for (line, random) in lines.iter_mut().zip(randoms) {
        play.swap(line);
        play.tcp(Forward, SYN, b"").tcp(Backward, SYN | ACK, b"").tcp(Forward, ACK, b"");
        play.tcp(Forward, ACK, &hello(Forward, random));
        play.swap(line);
    }
    for (line, random) in lines.iter_mut().zip(randoms).rev() {
        play.swap(line);
        play.tcp(Backward, ACK, &hello(Backward, 200 + random));
        play.swap(line);
    }
    story(&play)
}

/// Who comes to hold keys, and whether the second ClientHello was handed on.
#[track_caller]
fn check(told: &Story, holders: &[[u8; 4]], added: bool) {
    // Nobody here has a name but the address.
    let name = |actor: crate::story::ActorId| told.cast[usize::from(actor.0)].name.clone();
    let mut found: Vec<String> = told.keys.iter().map(|held| name(held.actor)).collect();
    found.sort();
    found.dedup();
    let mut expected: Vec<String> =
        holders.iter().map(|ip| std::net::Ipv4Addr::from(*ip).to_string()).collect();
    expected.sort();
    assert_eq!(found, expected, "who holds keys");
    for label in ["ClientHello", "ServerHello"] {
        let hellos = told.level(Level::Message).filter(|(_, beat)| beat.label == label);
        let mut hellos: Vec<_> = hellos.map(|(_, beat)| beat).collect();
        hellos.sort_by_key(|beat| beat.sent.frame);
        let handed = format!("Hands the {label} on as it came");
        let said: Vec<bool> = hellos.iter().map(|beat| beat.headline == handed).collect();
        assert_eq!(said, [false, added], "{label}");
        let who = match label {
            "ClientHello" => {
                "Whoever hands it on can choose the way by what stands there in the clear, such as the \
                 server name, and holds no keys. "
            }
            _ => "Whoever hands it on holds no keys of what follows. ",
        };
        let said = hellos.iter().map(|beat| beat.detail.starts_with(who));
        assert_eq!(said.collect::<Vec<_>>(), [false, added], "{label}");
    }
    let steps = Steps::of(told);
    let said: Vec<String> =
        told.level(Level::Flight).flat_map(|(id, _)| said(told, &steps, id)).collect();
    let expected = ["Handed on as step 8 on B", "Hands on step 4 on A: both bear the same random"];
    assert_eq!(said, if added { &expected[..] } else { &[] });
}

#[test]
fn who_hands_bytes_on_holds_no_keys() {
    check(&play([[CLIENT, ROUTER], [ROUTER, SERVER]], [7, 7]), &[CLIENT, SERVER], true);
    check(&play([[CLIENT, ROUTER], [INNER, SERVER]], [7, 7]), &[CLIENT, SERVER], true);
}

#[test]
fn who_speaks_tls_with_both_does() {
    let terminated = play([[CLIENT, ROUTER], [ROUTER, SERVER]], [7, 8]);
    check(&terminated, &[CLIENT, ROUTER, SERVER], false);
}

#[test]
fn an_end_whose_address_was_left_as_it_was_does() {
    check(&play([[CLIENT, ROUTER], [CLIENT, SERVER]], [7, 7]), &[CLIENT, SERVER], true);
}
