//! Whole handshakes with a key log: levels, key updates, Retry, packets that come too early.

use super::packets::{CHOSEN, OF_CLIENT, OF_SERVER, TOKEN, answer, first, last, ping};
use super::seal::{
    CLIENT, EARLY, SERVER, SERVER_HANDSHAKE, crypto, encrypted_extensions, finished, greased,
    key_log, long, retry, short, stream, updated,
};
use super::{Label, PORTS, Secret, Secrets};
use crate::protocols::stage::{Played, Step, ask, play_keyed, say};

#[track_caller]
fn check(steps: &[Step], expected: &[&str]) -> Played {
    let stage = play_keyed(PORTS, steps, &key_log());
    let rows = stage.rows();
    assert_eq!(rows.lines().collect::<Vec<_>>(), expected, "{rows}");
    stage
}

const FIRST: [&str; 2] = [
    "quic@1 Initial, DCID=0101010101010101, SCID=0202020202, PKN: 0, CRYPTO, PADDING",
    "tls@1 Client Hello",
];
const ANSWER: [&str; 5] = [
    "quic@2 Initial, DCID=0202020202, SCID=03030303030303, PKN: 0, CRYPTO",
    "tls@2 Server Hello",
    "quic@2 Handshake, DCID=0202020202, SCID=03030303030303, PKN: 0, CRYPTO",
    "tls@2 Encrypted Extensions",
    "tls@2 Finished",
];

#[test]
fn every_level_opens_with_its_secret() {
    let done = short(OF_CLIENT, (&SERVER, &SERVER, false), 0, &[0x1e]);
    let steps = [
        ask(first(CHOSEN, CHOSEN, &[], false)),
        say(answer(CHOSEN)),
        ask([last(), ping(0)].concat()),
        say(done),
    ];
    let rest = [
        "quic@3 Handshake, DCID=03030303030303, SCID=0202020202, PKN: 0, CRYPTO",
        "tls@3 Finished",
        "quic@3 Protected Payload (KP0), DCID=03030303030303, PKN: 0, PING, PADDING",
        "quic@4 Protected Payload (KP0), DCID=0202020202, PKN: 0, DONE, PADDING",
    ];
    let all = [&FIRST[..], &ANSWER, &rest].concat();
    let stage = check(&steps, &all);
    assert_eq!(stage.values("quic.frame_type"), "6 0 6 6 6 1 0 30 0");
    assert_eq!(stage.values("tls.quic.parameter.stateless_reset_token"), "77".repeat(16));
}

#[test]
fn early_data_opens_with_the_suite_that_fits() {
    let early = long(0xd0, (CHOSEN, OF_CLIENT), None, &EARLY, 1, &[1]);
    let hello = first(CHOSEN, CHOSEN, &[], true);
    let zero = "quic@1 0-RTT, DCID=0101010101010101, SCID=0202020202, PKN: 1, PING, PADDING";
    check(&[ask([hello.clone(), early.clone()].concat())], &[&FIRST[..], &[zero]].concat());
    // Thrown away by the server, it counts for nothing: the stream begins anew.
    let request = stream(0, 0, &[0, 2, 7, 7], true);
    let lost = long(0xd0, (CHOSEN, OF_CLIENT), None, &EARLY, 1, &request);
    let again = short(OF_SERVER, (&CLIENT, &CLIENT, false), 2, &request);
    let hello = [first(CHOSEN, CHOSEN, &[], true), lost].concat();
    let steps = [ask(hello), say(answer(CHOSEN)), ask(last()), ask(again)];
    let stage = play_keyed(PORTS, &steps, &key_log());
    let rows = stage.rows();
    assert_eq!(rows.matches(" DATA").count(), 2, "{rows}");
    // Without an offer of early data no key is asked for.
    let sealed = "quic@1 0-RTT, DCID=0101010101010101, SCID=0202020202";
    let hello = first(CHOSEN, CHOSEN, &[], false);
    check(&[ask([hello, early].concat())], &[&FIRST[..], &[sealed]].concat());
}

#[test]
fn packets_that_come_before_their_keys_wait_where_they_stand() {
    let steps = [ask(first(CHOSEN, CHOSEN, &[], false)), ask(ping(5)), say(answer(CHOSEN))];
    let stage = play_keyed(PORTS, &steps, &key_log());
    let rows = stage.rows();
    let waited = "quic@2 Protected Payload (KP0), DCID=03030303030303, PKN: 5, PING, PADDING";
    assert!(rows.contains(waited), "{rows}");
    // The server's answer was stored first.
    let steps = [say(answer(CHOSEN)), ask(first(CHOSEN, CHOSEN, &[], false))];
    let stage = play_keyed(PORTS, &steps, &key_log());
    let rows = stage.rows();
    for row in
        ["quic@1 Initial, DCID=0202020202, SCID=03030303030303, PKN: 0, CRYPTO", "tls@1 Finished"]
    {
        assert!(rows.contains(row), "{rows}");
    }
}

#[test]
fn keys_are_updated_again_and_again_and_old_ones_stay_a_while() {
    let (second, third) = (updated(&CLIENT), updated(&updated(&CLIENT)));
    let packet = |secret, phase, number| short(OF_SERVER, (&CLIENT, secret, phase), number, &[1]);
    let steps = [
        ask(first(CHOSEN, CHOSEN, &[], false)),
        say(answer(CHOSEN)),
        ask(packet(&CLIENT, false, 0)),
        ask(packet(&second, true, 2)),
        ask(packet(&CLIENT, false, 1)),
        ask(packet(&third, false, 3)),
        ask(packet(&CLIENT, false, 4)),
    ];
    let row = |frame: u32, rest: &str| format!("quic@{frame} Protected Payload{rest}");
    let told = |phase: u8, number: u8| {
        format!(" (KP{phase}), DCID=03030303030303, PKN: {number}, PING, PADDING")
    };
    let rest = [
        row(3, &told(0, 0)),
        row(4, &told(1, 2)),
        row(5, &told(0, 1)),
        row(6, &told(0, 3)),
        row(7, ", DCID=03030303030303"),
    ];
    let rest: Vec<&str> = rest.iter().map(String::as_str).collect();
    let stage = check(&steps, &[&FIRST[..], &ANSWER, &rest].concat());
    let last = stage.messages().last().copied().unwrap();
    assert_eq!(stage.describe(&last).notes, ["the keys do not open this packet"]);
}

#[test]
fn a_retry_brings_other_initial_keys() {
    let again: &[u8] = &[4; 6];
    let genuine = retry((OF_CLIENT, again), b"token", CHOSEN);
    let steps = |retry: Vec<u8>| {
        [
            ask(first(CHOSEN, CHOSEN, &[], false)),
            say(retry),
            ask(first(again, again, b"token", false)),
            say(answer(again)),
        ]
    };
    let stage = play_keyed(PORTS, &steps(genuine), &key_log());
    let rows = stage.rows();
    let expected = [
        "quic@2 Retry, DCID=0202020202, SCID=040404040404",
        "quic@3 Initial, DCID=040404040404, SCID=0202020202, PKN: 0, CRYPTO, PADDING",
        "tls@3 Client Hello",
        "quic@4 Initial, DCID=0202020202, SCID=03030303030303, PKN: 0, CRYPTO",
        "tls@4 Server Hello",
        "quic@4 Handshake, DCID=0202020202, SCID=03030303030303, PKN: 0, CRYPTO",
        "tls@4 Encrypted Extensions",
        "tls@4 Finished",
    ];
    assert_eq!(rows.lines().skip(2).collect::<Vec<_>>(), expected, "{rows}");
    assert_eq!(stage.values("quic.retry_token"), "746f6b656e");
    // A tag that is wrong changes nothing, and is said.
    let stage = play_keyed(PORTS, &steps(retry((OF_CLIENT, again), b"token", &[0])), &key_log());
    let forged = stage.messages()[2];
    assert_eq!(stage.describe(&forged).notes, ["the integrity tag is not the right one"]);
}

#[test]
fn who_knows_nothing_of_a_connection_says_so_with_a_token() {
    let reset = [&[0x5a; 30][..], &TOKEN].concat();
    let steps =
        [ask(first(CHOSEN, CHOSEN, &[], false)), say(answer(CHOSEN)), ask(last()), say(&reset)];
    let stage = play_keyed(PORTS, &steps, &key_log());
    assert!(stage.rows().ends_with("quic@4 Stateless Reset\n"), "{}", stage.rows());
    assert_eq!(stage.values("quic.stateless_reset_token"), "77".repeat(16));
}

#[test]
fn the_bit_that_is_always_set_need_not_be() {
    let greased = greased(OF_SERVER, &CLIENT, 0, &[1]);
    assert_eq!(greased[0] & 0xc0, 0);
    let steps = [ask(first(CHOSEN, CHOSEN, &[], false)), say(answer(CHOSEN)), ask(greased)];
    let row = "quic@3 Protected Payload (KP0), DCID=03030303030303, PKN: 0, PING, PADDING";
    check(&steps, &[&FIRST[..], &ANSWER, &[row]].concat());
}

#[test]
fn without_a_key_log_only_the_hellos_are_read() {
    let steps = [ask(first(CHOSEN, CHOSEN, &[], false)), say(answer(CHOSEN)), ask(last())];
    let stage = play_keyed(PORTS, &steps, &crate::secret::Secrets::default());
    let rows = stage.rows();
    let expected = [
        "quic@2 Initial, DCID=0202020202, SCID=03030303030303, PKN: 0, CRYPTO",
        "tls@2 Server Hello",
        "quic@2 Handshake, DCID=0202020202, SCID=03030303030303",
        "quic@3 Handshake, DCID=03030303030303, SCID=0202020202",
    ];
    assert_eq!(rows.lines().skip(2).collect::<Vec<_>>(), expected, "{rows}");
}

#[test]
fn hostile_bytes_never_panic() {
    let sound = [first(CHOSEN, CHOSEN, &[], false), answer(CHOSEN), last(), ping(0)];
    for packet in &sound {
        for at in (0..packet.len()).step_by(7) {
            let mut broken = packet.clone();
            broken[at] ^= 0x55;
            let steps = [ask(&sound[0]), say(&sound[1]), ask(&broken), say(&packet[..at])];
            let stage = play_keyed(PORTS, &steps, &key_log());
            let messages = stage.messages().to_vec();
            messages.iter().for_each(|message| drop(stage.describe(message)));
        }
    }
}

#[test]
fn random_frames_and_parameters_never_panic() {
    let mut state = 7u64;
    let mut next = || {
        state =
            state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) as u8
    };
    for round in 0..400 {
        // Small numbers are types of frames and short lengths.
        let mut some = |len: usize| -> Vec<u8> {
            (0..len).map(|_| next() >> if round % 2 == 0 { 3 } else { 0 }).collect()
        };
        let mut steps = vec![ask(first(CHOSEN, CHOSEN, &[], false)), say(answer(CHOSEN))];
        for number in 0..6 {
            let frames = some(5 + 9 * usize::from(number));
            let packet = short(OF_SERVER, (&CLIENT, &CLIENT, false), number, &frames);
            steps.push(ask(packet));
            // On streams of HTTP/3, of every kind.
            let bytes = [vec![number as u8 / 2], some(20)].concat();
            let frames = stream(u64::from(number), 0, &bytes, round % 3 == 0);
            steps.push(say(short(OF_CLIENT, (&SERVER, &SERVER, false), number, &frames)));
        }
        let stage = play_keyed(PORTS, &steps, &key_log());
        let messages = stage.messages().to_vec();
        messages.iter().for_each(|message| drop(stage.describe(message)));
    }
}

#[test]
fn a_connection_whose_first_packet_was_not_captured_opens_by_trial() {
    let rest = [encrypted_extensions(b"h3", TOKEN), finished()].concat();
    let ids = (OF_CLIENT, OF_SERVER);
    let steps = [
        say(long(0xe0, ids, None, &SERVER_HANDSHAKE, 0, &crypto(0, &rest))),
        ask(last()),
        ask(short(OF_SERVER, (&CLIENT, &CLIENT, false), 0, &[1])),
        say(short(OF_CLIENT, (&SERVER, &SERVER, false), 0, &[0x1e])),
    ];
    let mut secrets = key_log();
    // Those of another connection open nothing.
    secrets.insert(Secret {
        label: Label::ClientTraffic0,
        client_random: [1; 32],
        bytes: vec![0x55; 32],
    });
    let stage = play_keyed(PORTS, &steps, &secrets);
    assert_eq!(stage.values("quic.packet_number"), "0 0 0 0");
    assert_eq!(stage.values("quic.decryption_failed"), "");
    let stage = play_keyed(PORTS, &steps, &Secrets::default());
    assert_eq!(stage.values("quic.packet_number"), "");
}
