//! RFC 8448's handshakes: every record opens to the published plaintext.

use wirestage_dissectors::ids::Direction;
use wirestage_dissectors::message::{Message, Protection};
use wirestage_dissectors::protocols::tls::Kind;
use wirestage_dissectors::protocols::{data, tls::fields as tls};

use crate::feed::{Read, read, read_on};
use crate::vector::rfc8448;

/// What sealed records hold, put together again from messages and from what was handed on.
fn contents(read: &Read) -> Vec<Vec<u8>> {
    let view = read.view();
    let records = read.messages(tls::PROTOCOL_ID).filter(|message| message.is(Kind::Record));
    let sealed = records.filter(|record| record.protection != Protection::Clear);
    let content = |record: &Message| {
        let parts = read.messages(tls::PROTOCOL_ID).filter(|part| part.parent == record.id);
        let parts: Vec<u8> = parts.flat_map(|part| view.bytes(part.span).to_vec()).collect();
        if parts.is_empty() {
            let data = read.messages(data::PROTOCOL_ID).find(|data| data.done == record.done);
            view.bytes(data.expect("application data was handed on").span).to_vec()
        } else {
            parts
        }
    };
    sealed.map(content).collect()
}

#[test]
fn every_record_opens_to_the_published_plaintext() {
    for vector in rfc8448() {
        let read = read_on(4433, &vector.sent, &vector.secrets);
        assert_eq!(contents(&read), vector.plain, "{}", vector.name);
        assert!(read.reader.wants().is_empty(), "{}", vector.name);
    }
}

#[test]
fn epochs_follow_the_handshake() {
    let vector = &rfc8448()[1];
    let read = read(&vector.sent, &vector.secrets);
    let kinds: Vec<_> = read
        .messages(tls::PROTOCOL_ID)
        .filter(|message| !message.is(Kind::Record))
        .map(|message| {
            let first = read.view().bytes(message.span)[0];
            (message.kind().unwrap(), first, message.direction, message.protection)
        })
        .collect();
    let (client, server) = (Direction::Forward, Direction::Backward);
    let expected = [
        (Kind::Handshake, 1, client, Protection::Clear),
        (Kind::Handshake, 2, server, Protection::Clear),
        (Kind::Handshake, 8, server, Protection::Handshake),
        (Kind::Handshake, 20, server, Protection::Handshake),
        (Kind::Handshake, 5, client, Protection::Early),
        (Kind::Handshake, 20, client, Protection::Handshake),
        (Kind::Alert, 1, client, Protection::Application),
        (Kind::Alert, 1, server, Protection::Application),
    ];
    assert_eq!(kinds, expected);
    let data: Vec<_> = read.messages(data::PROTOCOL_ID).map(|data| data.protection).collect();
    assert_eq!(data, [Protection::Early, Protection::Application, Protection::Application]);
}

#[test]
fn however_segments_cut_the_stream_the_messages_are_the_same() {
    for vector in rfc8448() {
        let whole = read(&vector.sent, &vector.secrets);
        for size in [1, 7, 64, 1000] {
            let cut: Vec<_> = vector
                .sent
                .iter()
                .flat_map(|(direction, bytes)| {
                    bytes.chunks(size).map(|chunk| (*direction, chunk.to_vec()))
                })
                .collect();
            let parts = read(&cut, &vector.secrets);
            let texts = |read: &Read| -> Vec<Vec<u8>> {
                let messages = read.messages(tls::PROTOCOL_ID);
                messages.map(|message| read.view().bytes(message.span).to_vec()).collect()
            };
            assert!(texts(&parts) == texts(&whole), "{} in pieces of {size}", vector.name);
        }
    }
}
