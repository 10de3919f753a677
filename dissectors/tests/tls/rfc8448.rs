//! RFC 8448's handshakes: every record opens to the published plaintext.

use wirestage_dissectors::ids::Direction;
use wirestage_dissectors::message::Protection;
use wirestage_dissectors::protocols::tls::{ALERT, HANDSHAKE, RECORD};
use wirestage_dissectors::registry::ProtocolId;
use wirestage_dissectors::secret::Secrets;

use crate::feed::{Read, hex, read, read_on};

/// One published handshake.
pub(crate) struct Vector {
    pub(crate) name: &'static str,
    pub(crate) secrets: Secrets,
    pub(crate) records: Vec<(Direction, Vec<u8>)>,
    /// The content of each sealed record, in order.
    plain: Vec<Vec<u8>>,
}

/// All five of them.
pub(crate) fn vectors() -> Vec<Vector> {
    let mut vectors: Vec<Vector> = Vec::new();
    for line in include_str!("rfc8448.txt").lines() {
        if let Some(name) = line.strip_prefix('[') {
            let name = name.trim_end_matches(']');
            let (secrets, records, plain) = (Secrets::default(), Vec::new(), Vec::new());
            vectors.push(Vector { name, secrets, records, plain });
            continue;
        }
        let (Some(vector), Some((word, rest))) = (vectors.last_mut(), line.split_once(' ')) else {
            continue;
        };
        match word {
            "secret" => assert!(vector.secrets.add_key_log(rest).broken.is_empty()),
            "client" => vector.records.push((Direction::Forward, hex(rest))),
            "server" => vector.records.push((Direction::Backward, hex(rest))),
            "plain" => vector.plain.push(hex(rest)),
            _ => panic!("unknown line: {line}"),
        }
    }
    assert_eq!(vectors.len(), 5);
    vectors
}

/// What sealed records hold, put together again from messages and from what was handed on.
fn contents(read: &Read) -> Vec<Vec<u8>> {
    let view = read.view();
    let records = read.messages(ProtocolId::TLS).filter(|message| message.kind == RECORD);
    let sealed = records.filter(|record| record.protection != Protection::Clear);
    let content = |record: &wirestage_dissectors::message::Message| {
        let parts = read.messages(ProtocolId::TLS).filter(|part| part.parent == record.id);
        let parts: Vec<u8> = parts.flat_map(|part| view.bytes(part.span).to_vec()).collect();
        if parts.is_empty() {
            let data = read.messages(ProtocolId::DATA).find(|data| data.done == record.done);
            view.bytes(data.expect("application data was handed on").span).to_vec()
        } else {
            parts
        }
    };
    sealed.map(content).collect()
}

#[test]
fn every_record_opens_to_the_published_plaintext() {
    for vector in vectors() {
        let read = read_on(4433, &vector.records, &vector.secrets);
        assert_eq!(contents(&read), vector.plain, "{}", vector.name);
        assert!(read.reader.wants().is_empty(), "{}", vector.name);
    }
}

#[test]
fn epochs_follow_the_handshake() {
    let vector = &vectors()[1];
    let read = read(&vector.records, &vector.secrets);
    let kinds: Vec<_> = read
        .messages(ProtocolId::TLS)
        .filter(|message| message.kind != RECORD)
        .map(|message| {
            let first = read.view().bytes(message.span)[0];
            (message.kind, first, message.direction, message.protection)
        })
        .collect();
    let (client, server) = (Direction::Forward, Direction::Backward);
    let expected = [
        (HANDSHAKE, 1, client, Protection::Clear),
        (HANDSHAKE, 2, server, Protection::Clear),
        (HANDSHAKE, 8, server, Protection::Handshake),
        (HANDSHAKE, 20, server, Protection::Handshake),
        (HANDSHAKE, 5, client, Protection::Early),
        (HANDSHAKE, 20, client, Protection::Handshake),
        (ALERT, 1, client, Protection::Application),
        (ALERT, 1, server, Protection::Application),
    ];
    assert_eq!(kinds, expected);
    let data: Vec<_> = read.messages(ProtocolId::DATA).map(|data| data.protection).collect();
    assert_eq!(data, [Protection::Early, Protection::Application, Protection::Application]);
}

#[test]
fn however_segments_cut_the_stream_the_messages_are_the_same() {
    for vector in vectors() {
        let whole = read(&vector.records, &vector.secrets);
        for size in [1, 7, 64, 1000] {
            let cut: Vec<_> = vector
                .records
                .iter()
                .flat_map(|(direction, bytes)| {
                    bytes.chunks(size).map(|chunk| (*direction, chunk.to_vec()))
                })
                .collect();
            let parts = read(&cut, &vector.secrets);
            let texts = |read: &Read| -> Vec<Vec<u8>> {
                let messages = read.messages(ProtocolId::TLS);
                messages.map(|message| read.view().bytes(message.span).to_vec()).collect()
            };
            assert!(texts(&parts) == texts(&whole), "{} in pieces of {size}", vector.name);
        }
    }
}
