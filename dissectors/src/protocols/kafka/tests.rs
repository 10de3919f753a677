//! Tests of Kafka: old and compact forms, responses that need their requests, and errors.

use crate::message::{Related, Relation};
use crate::protocols::stage::{Step, ask, check_told, crumble, cut, on_port, say};

const PORT: u16 = 9092;

/// A message behind its length.
fn message(parts: &[&[u8]]) -> Vec<u8> {
    let content = parts.concat();
    [&(content.len() as u32).to_be_bytes()[..], &content].concat()
}

fn request(api: u8, version: u8, number: u8, content: &[&[u8]]) -> Vec<u8> {
    let head = [0, api, 0, version, 0, 0, 0, number, 0, 4, b't', b'e', b's', b't'];
    message(&[&head, &content.concat()])
}

fn response(number: u8, content: &[&[u8]]) -> Vec<u8> {
    message(&[&[0, 0, 0, number], &content.concat()])
}

/// A text in the old form.
fn text(value: &str) -> Vec<u8> {
    [&(value.len() as u16).to_be_bytes()[..], value.as_bytes()].concat()
}

/// A text in the compact form.
fn compact(value: &str) -> Vec<u8> {
    [&[value.len() as u8 + 1][..], value.as_bytes()].concat()
}

fn one() -> [u8; 4] {
    [0, 0, 0, 1]
}

/// A Produce of version 3 with so many acknowledgements.
fn produce(number: u8, acks: u8) -> Vec<u8> {
    let records = [0, 0, 0, 3, 1, 2, 3];
    let head = [0xff, 0xff, 0, acks, 0, 0, 1, 0];
    request(0, 3, number, &[&head, &one(), &text("logs"), &one(), &[0; 4], &records])
}

fn plain() -> Vec<Step> {
    vec![
        ask(request(18, 3, 1, &[&[0], &compact("lib"), &compact("1"), &[0]])),
        say(response(1, &[&[0, 0, 2, 0, 0, 0, 0, 0, 9, 0, 0, 0, 0, 0, 0]])),
        ask(request(3, 9, 2, &[&[0, 2], &compact("logs"), &[0, 1, 0, 0, 0]])),
        say(response(
            2,
            &[
                &[0, 0, 0, 0, 0, 2, 0, 0, 0, 5],
                &compact("host"),
                &[0, 0, 35, 132, 0, 0],
                &compact("id"),
                &[0, 0, 0, 5, 2, 0, 3],
                &compact("logs"),
                &[0, 1, 0, 0, 0, 0, 0, 0],
            ],
        )),
        ask([produce(3, 1), produce(4, 0), produce(5, 1)].concat()),
        say(response(
            3,
            &[
                &one(),
                &text("logs"),
                &one(),
                &[0; 4],
                &[0, 0],
                &[0, 0, 0, 0, 0, 0, 0, 9],
                &[0xff; 8],
                &[0; 4],
            ],
        )),
        say(response(5, &[&one(), &text("logs"), &one(), &[0; 4], &[0, 6], &[0xff; 16], &[0; 4]])),
    ]
}

fn rows(steps: &[Step]) -> Vec<String> {
    on_port(PORT, steps).rows().lines().map(str::to_owned).collect()
}

#[test]
fn a_response_is_read_as_its_request_says() {
    assert_eq!(
        rows(&plain()),
        [
            "kafka@1 Kafka ApiVersions v3 Request",
            "kafka@2 Kafka ApiVersions v3 Response",
            "kafka@3 Kafka Metadata v9 Request",
            "kafka@4 Kafka Metadata v9 Response",
            "kafka@5 Kafka Produce v3 Request",
            "kafka@5 Kafka Produce v3 Request",
            "kafka@5 Kafka Produce v3 Request",
            "kafka@6 Kafka Produce v3 Response",
            "kafka@7 Kafka Produce v3 Response",
        ]
    );
    let pair =
        |one: &Related| (one.relation == Relation::Answers).then_some((one.from.0, one.to.0));
    let found: Vec<_> = on_port(PORT, &plain()).related().iter().filter_map(pair).collect();
    assert_eq!(found, [(1, 0), (3, 2), (7, 4), (8, 6)]);
}

#[test]
fn fields_of_both_forms() {
    let stage = on_port(PORT, &plain());
    for (name, expected) in [
        ("kafka.api_key", "18 18 3 3 0 0 0 0 0"),
        ("kafka.correlation_id", "1 1 2 2 3 4 5 3 5"),
        ("kafka.client_id", "test test test test test"),
        ("kafka.topic_name", "logs logs logs logs logs logs logs"),
        ("kafka.api_versions.max_version", "9"),
        ("kafka.host", "host"),
        ("kafka.port", "9092"),
        ("kafka.cluster_id", "id"),
        ("kafka.required_acks", "1 0 1"),
        ("kafka.records", "010203 010203 010203"),
        ("kafka.error", "0 3 0 6"),
        ("kafka.offset", "9 -1"),
    ] {
        assert_eq!(stage.values(name), expected, "{name}");
    }
    for message in stage.messages() {
        assert_eq!(stage.describe(message).notes, [""; 0]);
    }
}

#[test]
fn frames_may_end_anywhere() {
    let numberless = |rows: Vec<String>| -> Vec<String> {
        rows.iter().map(|row| row.split_once(' ').unwrap().1.to_owned()).collect()
    };
    let whole = numberless(rows(&plain()));
    for at in 1..60 {
        assert_eq!(numberless(rows(&cut(&plain(), at))), whole, "cut at {at}");
    }
    assert_eq!(numberless(rows(&crumble(&plain()))), whole);
}

#[test]
fn what_is_told() {
    let mut steps = plain();
    let group = || text("g");
    steps.extend([
        ask([
            request(1, 0, 6, &[&[0xff; 4], &[0; 8], &one(), &text("logs"), &[0; 4]]),
            request(2, 0, 7, &[]),
            request(8, 0, 8, &[&group()]),
            request(9, 0, 9, &[&group()]),
            request(10, 0, 10, &[&group()]),
            request(11, 0, 11, &[&group()]),
            request(12, 0, 12, &[&group(), &[0; 4], &group()]),
            request(13, 0, 13, &[&group()]),
            request(14, 0, 14, &[&group(), &[0; 4], &group()]),
            request(17, 0, 15, &[&text("PLAIN")]),
            request(36, 0, 16, &[]),
            request(19, 0, 17, &[]),
            request(3, 0, 18, &[&[0; 4]]),
        ]
        .concat()),
        say([
            response(6, &[&[0; 4]]),
            response(12, &[&[0, 0]]),
            response(18, &[&[0; 8]]),
            response(99, &[]),
        ]
        .concat()),
    ]);
    check_told(
        &on_port(PORT, &steps),
        &[
            "ApiVersions | Asks which requests the broker understands, and in which versions | It calls itself test, and the number 1 will be in the answer.",
            "ApiVersions | Says which requests it understands, and in which versions",
            "Metadata logs | Asks which brokers there are, and who leads which partition | It calls itself test, and the number 2 will be in the answer.",
            "Metadata logs | Refuses, or refuses a part of it, and says why | Unknown Topic or Partition.",
            "Produce logs | Appends records to a topic | It calls itself test, and the number 3 will be in the answer.",
            "Produce logs | Appends records to a topic | It calls itself test, and the number 4 will be in the answer.",
            "Produce logs | Appends records to a topic | It calls itself test, and the number 5 will be in the answer.",
            "Produce logs | Has the records, and says at which offset they stand",
            "Produce logs | Refuses, or refuses a part of it, and says why | Not Leader For Partition.",
            "Fetch logs | Asks for records from an offset on, and waits for them for a while | It calls itself test, and the number 6 will be in the answer.",
            "ListOffsets | Asks from which offset to which a partition has records | It calls itself test, and the number 7 will be in the answer.",
            "OffsetCommit | Writes down how far its group has read | It calls itself test, and the number 8 will be in the answer.",
            "OffsetFetch | Asks how far its group has read before | It calls itself test, and the number 9 will be in the answer.",
            "FindCoordinator | Asks which broker looks after its group | It calls itself test, and the number 10 will be in the answer.",
            "JoinGroup | Joins a group whose members share the partitions | It calls itself test, and the number 11 will be in the answer.",
            "Heartbeat | Says to its group that it is still there | It calls itself test, and the number 12 will be in the answer.",
            "LeaveGroup | Leaves its group: others take over its partitions | It calls itself test, and the number 13 will be in the answer.",
            "SyncGroup | Learns which partitions are its own in the group | It calls itself test, and the number 14 will be in the answer.",
            "SaslHandshake | Asks to prove itself by this mechanism | It calls itself test, and the number 15 will be in the answer.",
            "SaslAuthenticate | Proves who it is with SASL | It calls itself test, and the number 16 will be in the answer.",
            "CreateTopics | Asks the broker something | It calls itself test, and the number 17 will be in the answer.",
            "Metadata | Asks which brokers there are, and who leads which partition | It calls itself test, and the number 18 will be in the answer.",
            "Fetch | Gives the records that it has, or none when the wait is over",
            "Heartbeat | Answers the request of that number",
            "Metadata | Names the brokers, the topics and their leaders",
            "response 99 | Answers a request that was not captured",
        ],
    );
}

/// A Produce of version 3 with these records.
fn produce_of(records: &[u8]) -> Vec<u8> {
    let len = (records.len() as u32).to_be_bytes();
    let head = [0xff, 0xff, 0, 1, 0, 0, 1, 0];
    request(0, 3, 1, &[&head, &one(), &text("logs"), &one(), &[0; 4], &len, records])
}

/// A batch of the newest form with these attributes.
fn batch(attributes: u8, count: u8, records: &[u8]) -> Vec<u8> {
    let mut inside = vec![0, 0, 0, 5, 2, 0xaa, 0xbb, 0xcc, 0xdd, 0, attributes, 0, 0, 0, 1];
    inside.extend(1000_u64.to_be_bytes());
    inside.extend(1001_u64.to_be_bytes());
    inside.extend([0xff; 14]);
    inside.extend([0, 0, 0, count]);
    inside.extend(records);
    let len = (inside.len() as u32).to_be_bytes();
    [&7_u64.to_be_bytes()[..], &len, &inside].concat()
}

#[test]
fn records_are_told_with_their_keys_values_and_headers() {
    // One with a key and a header, and one with neither.
    let records =
        [26, 0, 0, 0, 2, b'k', 4, b'h', b'i', 2, 2, b'n', 2, b'v', 14, 0, 2, 2, 1, 2, b'x', 0];
    let whole = batch(0, 2, &records);
    let stage = on_port(PORT, &[ask(produce_of(&whole))]);
    for (name, expected) in [
        ("kafka.message_magic", "2"),
        ("kafka.leader_epoch", "5"),
        ("kafka.batch_size", "2"),
        ("kafka.message_key", "6b"),
        ("kafka.message_value", "6869 78"),
        ("kafka.header_key", "n"),
        ("kafka.header_value", "76"),
        ("kafka.record_offset_delta", "0 1"),
        ("kafka.message_timestamp", "1000000000 1001000000"),
    ] {
        assert_eq!(stage.values(name), expected, "{name}");
    }
    // A frame of Zstandard with one raw block (RFC 8878, section 3.1.1.2).
    let head = [0x28, 0xb5, 0x2f, 0xfd, 0x20, records.len() as u8, (records.len() as u8) << 3 | 1];
    let packed = [&head[..], &[0, 0], &records].concat();
    let stage = on_port(PORT, &[ask(produce_of(&batch(4, 2, &packed)))]);
    assert_eq!(stage.values("kafka.message_value"), "6869 78");
    assert_eq!(stage.values("kafka.record_offset_delta"), "0 1");
    let sealed = on_port(PORT, &[ask(produce_of(&batch(2, 1, b"snappy")))]);
    assert_eq!(sealed.values("kafka.batch_codec"), "2");
    assert_eq!(sealed.values("kafka.records_compressed"), "736e61707079");
    let mut old = vec![0, 0, 0, 0, 0, 0, 0, 9, 0, 0, 0, 26, 1, 2, 3, 4, 1, 0];
    old.extend(2000_u64.to_be_bytes());
    old.extend([0xff, 0xff, 0xff, 0xff, 0, 0, 0, 4, b'h', b'e', b'l', b'o']);
    let stage = on_port(PORT, &[ask(produce_of(&old))]);
    assert_eq!(stage.values("kafka.message_value"), "68656c6f");
    assert_eq!(stage.values("kafka.message_timestamp"), "2000000000");
    // What is cut off is told as far as it is there.
    for len in 0..whole.len() {
        let stage = on_port(PORT, &[ask(produce_of(&whole[..len]))]);
        stage.messages().iter().for_each(|message| drop(stage.describe(message)));
    }
}
