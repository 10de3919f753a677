//! Handshake messages over several records, and records that break the rules.

use wirestage_dissectors::ids::Direction;
use wirestage_dissectors::message::Message;
use wirestage_dissectors::protocols::tls::Kind;
use wirestage_dissectors::protocols::tls::fields as tls;
use wirestage_dissectors::registry::standard;
use wirestage_dissectors::secret::Secrets;
use wirestage_dissectors::sinks::FieldTree;

use crate::feed::{Read, read};
use crate::spans::Checked;
use crate::vector::rfc8448;

/// The same record cut into records of at most `size` bytes of content.
fn in_records(record: &[u8], size: usize) -> Vec<Vec<u8>> {
    let (header, fragment) = record.split_at(5);
    let one = |part: &[u8]| {
        let len = (part.len() as u16).to_be_bytes();
        [&header[..3], &len, part].concat()
    };
    fragment.chunks(size).map(one).collect()
}

fn describe(read: &Read, message: &Message) -> FieldTree {
    let mut tree = FieldTree::new();
    standard().get(tls::PROTOCOL_ID).describe(message, &read.view(), &mut tree);
    tree
}

#[test]
fn a_message_over_several_records_is_shown_with_the_last() {
    let vector = &rfc8448()[0];
    let hello = &vector.sent[0].1;
    for size in [1, 10, 100] {
        let records = in_records(hello, size);
        let sent: Vec<_> =
            records.iter().map(|record| (Direction::Forward, record.clone())).collect();
        let read = read(&sent, &vector.secrets);
        let messages: Vec<_> = read.messages(tls::PROTOCOL_ID).collect();
        assert_eq!(messages.len(), records.len() + 1);
        let (message, last) = (messages[records.len()], messages[records.len() - 1]);
        assert_eq!(
            (message.kind(), last.kind(), message.parent),
            (Some(Kind::Handshake), Some(Kind::Record), last.id)
        );
        assert_eq!(message.done.index(), records.len() - 1);
        assert_eq!(read.view().bytes(message.span), &hello[5..]);
        let text = describe(&read, message).to_text();
        assert!(text.contains("Server Name: server"), "{text}");
        // Each byte is traced to the frame that brought it, record headers left out.
        let total: u32 = read.view().trace(message.span).iter().map(|span| span.len).sum();
        assert_eq!(total as usize, hello.len() - 5);
    }
}

#[test]
fn lengths_that_lie_are_told_and_the_good_part_is_kept() {
    let vector = &rfc8448()[0];
    let hello = vector.sent[0].1.clone();
    // The cipher suites claim to be longer than the message: byte 5 of the record starts the
    // message, 4 of header, 2 of version, 32 of random and 1 of session id length go before.
    let mut lies = hello.clone();
    lies[5 + 4 + 2 + 32 + 1] = 0xff;
    let read = read(&[(Direction::Forward, lies)], &Secrets::default());
    let message = read.messages(tls::PROTOCOL_ID).find(|one| one.is(Kind::Handshake)).unwrap();
    let tree = describe(&read, message);
    let text = tree.to_text();
    assert!(text.contains("Random: cb34ecb1"), "{text}");
    let note = tree.nodes.iter().find(|node| node.severity.is_some()).unwrap();
    assert!(note.text.contains("claims 65,286 bytes, but only 155 are there"), "{}", note.text);
}

#[test]
fn of_a_hello_that_was_cut_the_beginning_is_told() {
    let hello = rfc8448()[0].sent[0].1.clone();
    let lines = |tree: &FieldTree, title: &str| {
        tree.nodes.iter().filter(|node| node.text.starts_with(title)).count()
    };
    let mut before = 0;
    for len in 9..hello.len() {
        let read = read(&[(Direction::Forward, hello[..len].to_vec())], &Secrets::default());
        Checked::all(&read);
        let messages: Vec<_> = read.messages(tls::PROTOCOL_ID).collect();
        let [record, message] = messages[..] else { panic!("{len}: {messages:?}") };
        assert_eq!((record.kind(), message.kind()), (Some(Kind::Record), Some(Kind::Handshake)));
        assert_eq!((message.parent, read.view().bytes(message.span)), (record.id, &hello[5..len]));
        let tree = describe(&read, message);
        let notes: Vec<_> = tree.nodes.iter().filter(|node| node.severity.is_some()).collect();
        let [note] = notes[..] else { panic!("{len}: {}", tree.to_text()) };
        assert_eq!(note.text, format!("Note: {} of 196 bytes are in the capture", len - 5));
        // Each byte may bring a line and never takes one away.
        assert!(tree.nodes.len() >= before, "{len}: {}", tree.to_text());
        before = tree.nodes.len();
        assert_eq!(lines(&tree, "Random: ") == 1, len >= 5 + 4 + 2 + 32);
        let told = standard().get(tls::PROTOCOL_ID).tell(message, &read.view()).unwrap();
        assert_eq!((told.label.as_str(), told.turn.asks), ("ClientHello", true));
        assert_eq!(told.headline, "Only its beginning is in the capture");
    }
    assert!(before > 40, "{before} lines");
}

#[test]
fn what_is_no_record_is_said_and_ends_the_reading() {
    let vector = &rfc8448()[0];
    let mut sent = vector.sent[..2].to_vec();
    sent.push((Direction::Backward, b"HTTP/1.1 400 Bad Request\r\n\r\n".to_vec()));
    let read = read(&sent, &vector.secrets);
    let last = read.messages(tls::PROTOCOL_ID).last().unwrap();
    let text = describe(&read, last).to_text();
    assert!(text.contains("this is no TLS record: type 72"), "{text}");
}
