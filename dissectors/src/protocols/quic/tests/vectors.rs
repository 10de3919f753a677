//! The vectors of RFC 9001 and RFC 9369, appendix A.

use std::sync::Arc;

use data_encoding::HEXLOWER;

use super::super::header::Long;
use super::super::keys::{OpensLong, OpensShort, PacketKeys};
use super::super::retry;
use super::super::version::Version;
use super::PORTS;
use crate::engine::derive::Opener;
use crate::protocols::stage::{ask, play_over, say};
use crate::protocols::tls::suite::Suite;

/// The id that the client of all vectors chose.
const CHOSEN: [u8; 8] = [0x83, 0x94, 0xc8, 0xf0, 0x3e, 0x51, 0x57, 0x08];

/// The bytes below a title.
fn vector(title: &str) -> Vec<u8> {
    let (_, behind) = include_str!("vectors.txt").split_once(&format!("{title}\n")).unwrap();
    let digits: String = behind.lines().take_while(|line| !line.is_empty()).collect();
    HEXLOWER.decode(digits.as_bytes()).unwrap()
}

fn hex(digits: &str) -> Vec<u8> {
    HEXLOWER.decode(digits.as_bytes()).unwrap()
}

/// What an opener puts out.
fn opened(opener: &dyn Opener, expected: u64, packet: &[u8]) -> Option<Vec<u8>> {
    let mut out = vec![0; packet.len()];
    let len = opener.open(expected, packet, &mut out)?;
    out.truncate(len);
    Some(out)
}

#[test]
fn initial_packets_open_as_published() {
    fn check(version: Version, standard: &str, headers: [&str; 2]) {
        let keys = PacketKeys::initial(version.scheme().unwrap(), &CHOSEN).unwrap().map(OpensLong);
        let titles = ["A.2: client Initial", "A.3: server Initial"];
        for ((opener, title), header) in keys.iter().zip(titles).zip(headers) {
            let packet = vector(&format!("{standard}, {title}"));
            let plain = opened(opener, 0, &packet).unwrap();
            assert_eq!(plain.len() + 16, packet.len());
            let header = hex(header);
            assert_eq!(plain[..header.len()], header, "{standard}, {title}");
            let mut broken = packet.clone();
            broken[400 % packet.len()] ^= 1;
            assert_eq!(opened(opener, 0, &broken), None);
            assert_eq!(opened(opener, 0, &packet[..30]), None);
        }
    }
    let client = "c300000001088394c8f03e5157080000449e00000002060040f1010000ed0303ebf8";
    let server = "c1000000010008f067a5502a4262b5004075000102000000000600405a020000560303ee";
    check(Version::V1, "RFC 9001", [client, server]);
    let client = "d36b3343cf088394c8f03e5157080000449e00000002060040f1010000ed0303ebf8";
    let server = "d16b3343cf0008f067a5502a4262b5004075000102000000000600405a020000560303ee";
    check(Version::V2, "RFC 9369", [client, server]);
}

#[test]
fn a_short_header_opens_as_published() {
    fn check(version: Version, standard: &str) {
        let secret = hex("9ac312a7f877468ebe69422748ad00a15443f18203a07d6060f688f30f21632b");
        let keys = PacketKeys::of(version.scheme().unwrap(), Suite(0x1303), &secret).unwrap();
        let packet = vector(&format!("{standard}, A.5: ChaCha20-Poly1305"));
        let opener = OpensShort(Arc::new(keys), 0);
        for expected in [654_360_564, 654_360_500, 654_370_000] {
            assert_eq!(opened(&opener, expected, &packet), Some(hex("4200bff401")));
        }
        assert_eq!(opened(&opener, 0, &packet), None, "too far from what is expected");
    }
    check(Version::V1, "RFC 9001");
    check(Version::V2, "RFC 9369");
}

#[test]
fn the_tag_of_a_retry_is_checked() {
    for (version, standard) in [(Version::V1, "RFC 9001"), (Version::V2, "RFC 9369")] {
        let mut packet = vector(&format!("{standard}, A.4: Retry"));
        let long = Long::read(&packet).unwrap();
        assert_eq!(packet[long.token], *b"token");
        assert_eq!(retry::is_genuine(version, &CHOSEN, &packet), Some(true));
        assert_eq!(retry::is_genuine(version, &CHOSEN[1..], &packet), Some(false));
        assert_eq!(retry::is_genuine(Version(0xff00_001b), &CHOSEN, &packet), None);
        assert_eq!(retry::is_genuine(version, &CHOSEN, &packet[..12]), None);
        packet[20] ^= 1;
        assert_eq!(retry::is_genuine(version, &CHOSEN, &packet), Some(false));
    }
}

#[test]
fn whoever_listens_reads_the_hellos_without_any_key() {
    for standard in ["RFC 9001", "RFC 9369"] {
        let client = vector(&format!("{standard}, A.2: client Initial"));
        let server = vector(&format!("{standard}, A.3: server Initial"));
        let stage = play_over(PORTS, &[ask(&client), say(&server)]);
        let rows = "quic@1 Initial, DCID=8394c8f03e515708, PKN: 2, CRYPTO, PADDING\n\
                    tls@1 Client Hello\n\
                    quic@2 Initial, SCID=f067a5502a4262b5, PKN: 1, ACK, CRYPTO\n\
                    tls@2 Server Hello\n";
        assert_eq!(stage.rows(), rows);
        assert_eq!(stage.values("tls.handshake.extensions_server_name"), "example.com");
        assert_eq!(stage.values("tls.quic.parameter.initial_max_data"), "4611686018427387903");
        assert_eq!(stage.values("quic.padding_length"), "917");
    }
}
