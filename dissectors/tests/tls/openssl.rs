//! Real sessions of every cipher that can be opened: what was said comes out.

use wirestage_dissectors::ids::Direction;
use wirestage_dissectors::message::Protection;
use wirestage_dissectors::protocols::tls::Kind;
use wirestage_dissectors::protocols::{data, tls::fields as tls};
use wirestage_dissectors::secret::{Label, Secret, Secrets};

use crate::feed::{Read, read, read_on, read_without};
use crate::vector::{Vector, openssl};

fn said(read: &Read) -> Vec<(Direction, Vec<u8>)> {
    let view = read.view();
    let data = read.messages(data::PROTOCOL_ID);
    data.map(|data| (data.direction, view.bytes(data.span).to_vec())).collect()
}

#[test]
fn what_the_applications_said_comes_out_with_every_cipher() {
    for vector in openssl() {
        let read = read_on(8444, &vector.sent, &vector.secrets);
        assert_eq!(said(&read), vector.data, "{}", vector.name);
        let opaque =
            read.messages(tls::PROTOCOL_ID).filter(|one| one.protection == Protection::Opaque);
        assert_eq!(opaque.count(), 0, "{}", vector.name);
    }
}

#[test]
fn without_keys_records_are_opaque_and_the_missing_secrets_are_named() {
    for vector in openssl() {
        let read = read(&vector.sent, &Secrets::default());
        assert_eq!(said(&read), [], "{}", vector.name);
        let opaque = read
            .messages(tls::PROTOCOL_ID)
            .filter(|one| one.protection == Protection::Opaque)
            .inspect(|one| assert!(one.is(Kind::Record)));
        assert!(opaque.count() >= 4, "{}", vector.name);
        let wanted = read.reader.wants();
        let tls12 = wanted.iter().any(|want| want.label == Label::ClientRandom);
        let tls13 = wanted.iter().any(|want| want.label == Label::ServerHandshakeTraffic);
        assert_eq!((tls12, tls13), (is_tls12(&vector), !is_tls12(&vector)), "{}", vector.name);
        // A session may be named by its id as well, which no key log of OpenSSL does.
        let mut named = wanted.iter().filter(|want| want.label != Label::SessionId);
        assert!(
            named.all(|want| vector.secrets.find(want.label, &want.client_random).is_some()),
            "{}",
            vector.name
        );
    }
}

#[test]
fn with_application_secrets_alone_the_data_still_opens() {
    for vector in openssl().iter().filter(|vector| !is_tls12(vector)) {
        let mut secrets = Secrets::default();
        let mut random = [0; 32];
        random.copy_from_slice(&vector.sent[0].1[11..43]);
        for label in [Label::ClientTraffic0, Label::ServerTraffic0] {
            let bytes = vector.secrets.find(label, &random).unwrap().to_vec();
            secrets.insert(Secret { label, client_random: random, bytes });
        }
        let read = read(&vector.sent, &secrets);
        assert_eq!(said(&read), vector.data, "{}", vector.name);
    }
}

#[test]
fn wrong_keys_open_nothing_and_break_nothing() {
    for vector in openssl() {
        let mut secrets = Secrets::default();
        let mut random = [0; 32];
        random.copy_from_slice(&vector.sent[0].1[11..43]);
        for (label, _) in Label::ALL {
            if let Some(right) = vector.secrets.find(label, &random) {
                let bytes = right.iter().map(|byte| byte ^ 1).collect();
                secrets.insert(Secret { label, client_random: random, bytes });
            }
        }
        let read = read(&vector.sent, &secrets);
        assert_eq!(said(&read), [], "{}", vector.name);
        let hellos = read.messages(tls::PROTOCOL_ID).filter(|one| one.is(Kind::Handshake));
        assert!(hellos.count() >= 2, "{}", vector.name);
    }
}

#[test]
fn a_damaged_record_costs_itself_only() {
    for vector in openssl() {
        let at = vector.sent.iter().rposition(|(_, bytes)| bytes[0] == 23).unwrap();
        let first = vector.sent.iter().position(|(_, bytes)| bytes[0] == 23).unwrap();
        if vector.data.len() < 3 || at == first {
            continue;
        }
        // The first segment of application data in TLS 1.2 carries what was said first.
        if !is_tls12(&vector) {
            continue;
        }
        let mut sent = vector.sent.clone();
        *sent[first].1.last_mut().unwrap() ^= 1;
        let read = read(&sent, &vector.secrets);
        assert_eq!(said(&read), vector.data[1..], "{}", vector.name);
    }
}

#[test]
fn a_segment_that_was_not_captured_costs_itself_only() {
    for vector in openssl() {
        let said_first = |(who, bytes): &(Direction, Vec<u8>)| {
            *who == Direction::Forward && bytes.first() == Some(&23)
        };
        let lost = vector.sent.iter().position(said_first).unwrap();
        let read = read_without(&[lost], 443, &vector.sent, &vector.secrets);
        let mut said = said(&read);
        let mut rest = vector.data[1..].to_vec();
        // What waits behind the hole comes late.
        said.sort();
        rest.sort();
        assert_eq!(said, rest, "{}", vector.name);
    }
}

#[test]
fn a_capture_that_begins_inside_a_record_finds_the_next_one() {
    let vector = &openssl()[7];
    let mut sent = vector.sent.clone();
    let (_, flight) = &mut sent[1];
    *flight = flight.split_off(3);
    let read = read(&sent[1..], &vector.secrets);
    let first = read.messages(tls::PROTOCOL_ID).next().unwrap();
    // ServerHello is lost; the ChangeCipherSpec behind it is the first thing that can be read.
    assert_eq!(read.view().bytes(first.span), [20, 3, 3, 0, 1, 1]);
}

fn is_tls12(vector: &Vector) -> bool {
    vector.name.starts_with("TLS 1.2")
}
