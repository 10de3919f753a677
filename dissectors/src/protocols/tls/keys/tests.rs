//! Records of old and rare suites, sealed by other programs: OpenSSL's ciphers and Python's hashes
//! (of IDEA a cipher held against its published vector), with keys of a master secret of 48 times 9
//! and randoms of 7 and 8.

use super::*;

/// A record of "hello" and one of "and again": version and suite, then both.
const VECTORS: &str = include_str!("vectors.txt");

fn hex(text: &str) -> Vec<u8> {
    data_encoding::HEXLOWER.decode(text.as_bytes()).unwrap()
}

fn opener(version: Version, suite: u16) -> Arc<dyn Opener> {
    opener_of(version, suite, false)
}

fn opener_of(version: Version, suite: u16, encrypt_then_mac: bool) -> Arc<dyn Opener> {
    let master = Master {
        version,
        suite: Suite(suite),
        secret: &[9; 48],
        client_random: &[7; 32],
        server_random: &[8; 32],
        guards: Guards { encrypt_then_mac, truncated_mac: false },
    };
    tls12(&master, Direction::Forward).unwrap()
}

#[test]
fn records_of_other_programs_open() {
    for line in VECTORS.lines() {
        let words: Vec<&str> = line.split(' ').collect();
        let [version, suite, records @ ..] = &words[..] else { panic!("{line}") };
        let [version, suite] =
            [version, suite].map(|number| u16::from_str_radix(number, 16).unwrap());
        let version = Version(version);
        let opener = opener(version, suite);
        let chained =
            chained(Suite(suite), version, Guards::default()).map_or(0, |(block, _)| block);
        let mut last = Vec::new();
        let found: Vec<_> = (0..)
            .zip(records)
            .map(|(number, record)| {
                let record = hex(record);
                // Where records are chained, the last block of the one before stands in front.
                let handed = [&last[..], &record].concat();
                last = record[record.len() - chained..].to_vec();
                let mut out = vec![0; handed.len()];
                let len = opener.open(number, &handed, &mut out).unwrap_or(0);
                String::from_utf8_lossy(&out[..len]).into_owned()
            })
            .collect();
        assert_eq!(found, ["hello", "and again"], "{version:?} {suite:04x}");
    }
}

#[test]
fn what_was_changed_on_the_way_does_not_open() {
    let mut record =
        hex("170301002007d56c1654cfccd8ba7311623c9fe6decd6cd632670b58592c64a44cf0e89306");
    let opener = opener(Version::TLS10, 0x002f);
    let mut out = [0; 64];
    assert_eq!(opener.open(0, &record, &mut out), Some(5));
    assert_eq!(opener.open(1, &record, &mut out), None, "another number");
    record[9] ^= 1;
    assert_eq!(opener.open(0, &record, &mut out), None);
}

#[test]
fn a_stream_goes_on_from_record_to_record() {
    let records = [
        "1703030019e1e92719df903102cf90574ed7648aef5abef49926c019c04f",
        "170303001d5527a5f05c791209748221fb1a3cf9c95866faacd84bb0e963030b76dd",
    ]
    .map(hex);
    let opener = opener(Version::TLS12, 0x0005);
    let mut out = [0; 64];
    assert_eq!(opener.open(1, &records[1], &mut out), None, "nobody knows what went before");
    assert_eq!(opener.open(0, &records[0], &mut out), Some(5));
    assert_eq!(opener.open(1, &records[1], &mut out), Some(9));
    // Looked at again, in any order.
    assert_eq!(opener.open(1, &records[1], &mut out), Some(9));
    assert_eq!(&out[..9], b"and again");
    assert_eq!(opener.open(0, &records[0], &mut out), Some(5));
    assert_eq!(&out[..5], b"hello");
    assert_eq!(opener.open(0, &records[1], &mut out), None);
    assert_eq!(opener.open(u64::MAX, &records[1], &mut out), None);
}

#[test]
fn where_the_hash_is_over_what_is_sealed_it_is_no_part_of_the_chain() {
    let records = [
        "170301002472cac3cc6e5dd4c6157f67d93a035bb2654069303aba59142bc6d468e246fb19d8fe10a8",
        "170301002496fd8430ae285baee7f5891d9710af30ca3fb3e0e53d2b4b9ab0d2e0f4857d0bcd73ef92",
    ];
    let opener = opener_of(Version::TLS10, 0x002f, true);
    let guards = Guards { encrypt_then_mac: true, truncated_mac: false };
    let (block, behind) = chained(Suite(0x002f), Version::TLS10, guards).unwrap();
    let [first, second] = records.map(hex);
    let last = &first[first.len() - behind - block..first.len() - behind];
    let mut out = [0; 128];
    assert_eq!(opener.open(0, &first, &mut out), Some(5));
    let len = opener.open(1, &[last, &second].concat(), &mut out).unwrap();
    assert_eq!(&out[..len], b"and again");
}
