//! What is told: labels, round trips and keys, in TLS 1.2 and TLS 1.3.

use wirestage_dissectors::ids::Direction;
use wirestage_dissectors::protocols::tls::fields as tls;
use wirestage_dissectors::registry::standard;
use wirestage_dissectors::secret::Secrets;
use wirestage_dissectors::story::{Gained, Telling};

use crate::feed::{Read, read};
use crate::vector::{openssl, rfc8448};

fn told(read: &Read) -> Vec<(Direction, Telling)> {
    let protocol = standard().get(tls::PROTOCOL_ID);
    let messages = read.messages(tls::PROTOCOL_ID);
    messages
        .filter_map(|one| protocol.tell(one, &read.view()).map(|told| (one.direction, told)))
        .collect()
}

/// Round trips: how often one side's question is answered by the other.
fn round_trips(told: &[(Direction, Telling)]) -> usize {
    let mut asked = None;
    let mut trips = 0;
    for (direction, telling) in told {
        if telling.turn.answers && asked == Some(direction.reverse()) {
            trips += 1;
            asked = None;
        }
        if telling.turn.asks {
            asked = Some(*direction);
        }
    }
    trips
}

fn labels(told: &[(Direction, Telling)]) -> Vec<&str> {
    told.iter().map(|(_, telling)| telling.label.as_str()).collect()
}

fn keys(told: &[(Direction, Telling)]) -> Vec<(&str, &str)> {
    let gained = |(_, telling): &'_ (Direction, Telling)| -> Vec<&'static str> {
        let names = telling.gained.iter().filter_map(|(_, gained)| match gained {
            Gained::Keys(_, name) | Gained::Renewed(_, name) => Some(*name),
            Gained::State(..) => None,
        });
        names.collect()
    };
    told.iter()
        .flat_map(|one| gained(one).into_iter().map(|name| (one.1.label.as_str(), name)))
        .collect()
}

#[test]
fn tls13_takes_one_round_trip_and_each_message_has_its_bead() {
    let vector = &rfc8448()[0];
    let told = told(&read(&vector.sent, &vector.secrets));
    let expected = [
        "ClientHello",
        "ServerHello",
        "EncryptedExtensions",
        "Certificate",
        "CertificateVerify",
        "Finished",
        "Finished",
        "NewSessionTicket",
        "close_notify",
        "close_notify",
    ];
    assert_eq!(labels(&told), expected);
    assert_eq!(round_trips(&told), 1);
    let (handshake, application) = ("handshake keys", "application keys");
    let expected = [
        ("ServerHello", handshake),
        ("ServerHello", handshake),
        ("Finished", application),
        ("Finished", application),
    ];
    assert_eq!(keys(&told), expected);
    let [(_, hello), (_, answer), ..] = told.as_slice() else { panic!("two hellos") };
    assert_eq!(hello.headline, "Offers, and guesses: a key share for x25519 is sent at once");
    assert!(hello.detail.contains("server name server"), "{}", hello.detail);
    assert_eq!(answer.chapter.title, "TLS 1.3 handshake");
    assert!(answer.detail.contains("TLS_AES_128_GCM_SHA256"), "{}", answer.detail);
}

#[test]
fn tls12_takes_two_round_trips_and_keys_come_late() {
    let vector = &openssl()[0];
    let told = told(&read(&vector.sent, &vector.secrets));
    let expected = [
        "ClientHello",
        "ServerHello",
        "Certificate",
        "ServerKeyExchange",
        "ServerHelloDone",
        "ClientKeyExchange",
        "ChangeCipherSpec",
        "Finished",
        "ChangeCipherSpec",
        "Finished",
    ];
    assert_eq!(labels(&told), expected);
    assert_eq!(round_trips(&told), 2);
    let keys = keys(&told);
    assert_eq!(
        keys,
        [("ClientKeyExchange", "application keys"), ("ClientKeyExchange", "application keys")]
    );
    assert!(!told[0].1.headline.contains("guess"), "{}", told[0].1.headline);
    assert_eq!(told[1].1.headline, "Names the suite; the keys must wait for the next flight");
}

#[test]
fn a_wrong_guess_costs_a_round_trip() {
    let vector = &rfc8448()[2];
    let told = told(&read(&vector.sent, &vector.secrets));
    assert_eq!(
        labels(&told)[..4],
        ["ClientHello", "HelloRetryRequest", "ClientHello", "ServerHello"]
    );
    assert_eq!(round_trips(&told), 2);
    assert_eq!(told[1].1.headline, "Asks for another key share: secp256r1");
}

#[test]
fn without_keys_sealed_records_say_that_they_are_sealed() {
    let vector = &rfc8448()[0];
    let told = told(&read(&vector.sent, &Secrets::default()));
    let labels = labels(&told);
    assert_eq!(labels[..3], ["ClientHello", "ServerHello", "sealed record"]);
    assert_eq!(round_trips(&told), 1);
}
