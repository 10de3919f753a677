//! Logs of QUIC: held against what their schemas ask for, against the rules by which qvis loads
//! them, and against what the dissectors say of the same connection.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use etherparse::PacketBuilder;
use serde_json::Value;
use wirestage::cli::show::Format;
use wirestage::document::{Document, Opening, Progress, Windows};
use wirestage::export::qlog::beside::{Beside, beside};
use wirestage::export::qlog::{self, Counts, Version};
use wirestage_dissectors::secret::{Label, Secret, Secrets};
use wirestage_tests::{open, shown};

#[allow(dead_code, reason = "shared with the tests beside the protocol, which need more of it")]
#[path = "../../../dissectors/src/protocols/quic/tests/packets.rs"]
mod packets;
#[allow(dead_code, reason = "shared with the tests beside the protocol, which need more of it")]
#[path = "../../../dissectors/src/protocols/quic/tests/seal.rs"]
mod seal;

use packets::{CHOSEN, OF_CLIENT, OF_SERVER, answer, first, last};
use seal::{CLIENT, SERVER, short, stream};

/// A datagram from the client, or to it.
type Sent = (bool, Vec<u8>);

/// Writes datagrams down as a pcap file (link type RAW), a millisecond and a half apart.
fn record(path: &Path, sent: &[Sent]) {
    let mut file: Vec<u8> = Vec::new();
    file.extend(0xa1b2_c3d4_u32.to_le_bytes());
    file.extend([2, 0, 4, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
    file.extend(65_535u32.to_le_bytes());
    file.extend(101u32.to_le_bytes());
    for (number, (from_client, payload)) in (0u32..).zip(sent) {
        let (client, server) = (([192, 0, 2, 7], 50_001), ([192, 0, 2, 1], 443));
        let (from, to) = if *from_client { (client, server) } else { (server, client) };
        let mut bytes = Vec::new();
        let packet = PacketBuilder::ipv4(from.0, to.0, 64).udp(from.1, to.1);
        packet.write(&mut bytes, payload).expect("it has room");
        let len = bytes.len() as u32;
        for word in [1_700_000_000, 250 + number * 1_500, len, len] {
            file.extend(word.to_le_bytes());
        }
        file.extend(bytes);
    }
    fs::write(path, file).expect("it can be written");
}

/// The client sends a packet after the handshake.
fn ask(number: u16, frames: &[Vec<u8>]) -> Sent {
    (true, short(OF_SERVER, (&CLIENT, &CLIENT, false), number, &frames.concat()))
}

/// The server sends one.
fn say(number: u16, frames: &[Vec<u8>]) -> Sent {
    (false, short(OF_CLIENT, (&SERVER, &SERVER, false), number, &frames.concat()))
}

/// A connection with frames of every kind, an exchange of HTTP/3, and a packet that no key opens.
fn whole() -> Vec<Sent> {
    let settings = vec![0, 4, 5, 1, 0x40, 220, 0x21, 3];
    let id = [&[0x18, 1, 0, 4, 9, 9, 9, 9][..], &[1; 16]].concat();
    let path = |kind: u8| [&[kind][..], &[8; 8]].concat();
    let request = vec![1, 5, 3, 0x81, 0xd1, 0x10, 0x11];
    let inserts = vec![2, 0x3f, 0xbd, 1, 0xc0, 3, b'h', b'.', b'x', 0xc1, 2, b'/', b'a'];
    let response = vec![1, 3, 0, 0, 0xd9, 0, 4, b's', b'o', b'm', b'e'];
    vec![
        (true, first(CHOSEN, CHOSEN, &[], false)),
        (false, answer(CHOSEN)),
        (true, last()),
        say(0, &[vec![0x1e], stream(3, 0, &settings, false), id]),
        ask(0, &[stream(6, 0, &inserts, false), vec![2, 0, 0x40, 100, 0, 0]]),
        ask(1, &[stream(0, 0, &request, true), vec![0x19, 0], path(0x1a)]),
        say(1, &[stream(0, 0, &response, true), path(0x1b)]),
        say(4, &[vec![3, 5, 1, 1, 0, 2, 1, 7, 0, 1], vec![7, 2, 0xaa, 0xbb]]),
        ask(3, &[vec![4, 4, 1, 2], vec![5, 4, 1], vec![0x10, 9], vec![0x11, 0, 9], vec![0x12, 3]]),
        ask(4, &[vec![0x14, 9], vec![0x15, 0, 9], vec![0x17, 3], vec![0x13, 4], vec![1]]),
        say(5, &[vec![0x31, 2, 0, 7], vec![0x16, 8]]),
        (false, short(OF_CLIENT, (&[9; 32], &[9; 32], false), 6, &[1])),
        ask(5, &[vec![0x1c, 0x0a, 6, 2, b'n', b'o']]),
        say(7, &[vec![0x1d, 0x41, 0, 0]]),
    ]
}

/// The key log of both sides.
fn keys() -> String {
    seal::secrets().map(|secret| secret.line()).join("\n")
}

/// The texts of the sequence that a log is, with what it is said to hold.
fn logged(version: Version) -> (Vec<Value>, Counts, Document) {
    let folder = tempfile::tempdir().expect("there is room");
    let (capture, log) = (folder.path().join("a.pcap"), folder.path().join("a.sqlog"));
    record(&capture, &whole());
    let mut document = open(&capture, Opening::default());
    document.add_keys(&keys());
    let put = qlog::put(&document.ground(), |_| true, version, &log, &Progress::new());
    let put = put.expect("it can be written");
    let [one] = put.as_slice() else { panic!("one connection: {put:?}") };
    assert_eq!(one.path, log);
    let text = fs::read_to_string(&log).expect("it is there");
    assert!(text.starts_with('\u{1e}') && text.ends_with('\n'), "RFC 7464, section 2.2");
    let texts = text.split('\u{1e}').skip(1);
    let parsed = texts.map(|text| serde_json::from_str(text).expect("each text is JSON"));
    (parsed.collect(), one.counts, document)
}

/// How often each field is said of a document.
fn said(document: &Document) -> BTreeMap<String, u64> {
    fn count(value: &Value, found: &mut BTreeMap<String, u64>) {
        match value {
            Value::Array(all) => all.iter().for_each(|one| count(one, found)),
            Value::Object(all) => {
                if let Some(name) = all.get("name").and_then(Value::as_str) {
                    *found.entry(name.to_owned()).or_default() += 1;
                }
                all.values().for_each(|one| count(one, found));
            }
            _ => {}
        }
    }
    let mut found = BTreeMap::new();
    for line in shown(document, Format::Jsonl, Windows::default()).lines() {
        count(&serde_json::from_str(line).expect("a line is JSON"), &mut found);
    }
    found
}

/// What a frame of a kind must have besides its type.
fn required(kind: &str, version: Version) -> &'static [&'static str] {
    let error = if version == Version::Current { "error" } else { "error_code" };
    match (kind, error) {
        ("reset_stream", "error") => &["stream_id", "error", "final_size"],
        ("reset_stream", _) => &["stream_id", "error_code", "final_size"],
        ("stop_sending", "error") => &["stream_id", "error"],
        ("stop_sending", _) => &["stream_id", "error_code"],
        ("crypto", "error") => &["offset", "raw"],
        ("crypto", _) => &["offset", "length"],
        ("stream", "error") => &["stream_id", "raw"],
        ("stream", _) => &["stream_id", "offset", "length"],
        ("new_token", _) => &["token"],
        ("max_data", _) => &["maximum"],
        ("max_stream_data", _) => &["stream_id", "maximum"],
        ("max_streams", _) => &["stream_type", "maximum"],
        ("data_blocked", _) => &["limit"],
        ("stream_data_blocked", _) => &["stream_id", "limit"],
        ("streams_blocked", _) => &["stream_type", "limit"],
        ("new_connection_id", _) => &["sequence_number", "retire_prior_to", "connection_id"],
        ("retire_connection_id", _) => &["sequence_number"],
        ("connection_close", _) => &["error_space"],
        ("ack", _) => &["acked_ranges", "ack_delay"],
        ("padding" | "ping" | "path_challenge" | "path_response", _) => &[],
        ("handshake_done" | "datagram", _) => &[],
        (other, _) => panic!("{other} is no frame of the schema"),
    }
}

/// Holds events against what both schemas ask of them. How many of each frame there are.
fn check_events(events: &[Value], version: Version) -> BTreeMap<String, u64> {
    let mut kinds = BTreeMap::new();
    let mut latest = 0.0;
    for event in events {
        let time = event["time"].as_f64().expect("a time");
        assert!(time >= latest, "qvis wants events in the order of their times");
        latest = time;
        let name = event["name"].as_str().expect("a name");
        assert_eq!(name.split(':').count(), 2, "{name}");
        let data = event["data"].as_object().expect("data");
        assert!(!data.contains_key("packet_type"), "it belongs to the header");
        let Some(header) = data.get("header") else {
            assert!(!name.contains(":packet_"), "{event}");
            continue;
        };
        let kind = header["packet_type"].as_str().expect("a type");
        assert!(["initial", "handshake", "0RTT", "1RTT"].contains(&kind), "{event}");
        for gone in ["packet_size", "payload_length"] {
            assert!(header.get(gone).is_none(), "{gone} is of older versions");
        }
        assert!(data["raw"]["length"].as_u64() > Some(0), "{event}");
        let frames = data.get("frames").and_then(Value::as_array);
        assert_eq!(frames.is_some(), header.get("packet_number").is_some(), "{event}");
        for frame in frames.into_iter().flatten() {
            let kind = frame["frame_type"].as_str().expect("a type");
            *kinds.entry(kind.to_owned()).or_default() += 1;
            for name in required(kind, version) {
                assert!(frame.get(name).is_some(), "{name} is missing: {frame}");
            }
        }
    }
    kinds
}

/// Every frame that a connection can have, how often it has it.
const FRAMES: [(&str, u64); 21] = [
    ("ack", 2),
    ("connection_close", 2),
    ("crypto", 4),
    ("data_blocked", 1),
    ("datagram", 1),
    ("handshake_done", 1),
    ("max_data", 1),
    ("max_stream_data", 1),
    ("max_streams", 2),
    ("new_connection_id", 1),
    ("new_token", 1),
    ("padding", 1),
    ("path_challenge", 1),
    ("path_response", 1),
    ("ping", 1),
    ("reset_stream", 1),
    ("retire_connection_id", 1),
    ("stop_sending", 1),
    ("stream", 4),
    ("stream_data_blocked", 1),
    ("streams_blocked", 2),
];

#[test]
fn a_log_follows_the_current_schema() {
    let (texts, counts, document) = logged(Version::Current);
    let [header, events @ ..] = texts.as_slice() else { panic!("it is empty") };
    assert_eq!(header["file_schema"], "urn:ietf:params:qlog:file:sequential");
    assert_eq!(header["serialization_format"], "application/qlog+json-seq");
    let trace = &header["trace"];
    let schemas = trace["event_schemas"].as_array().expect("schemas");
    assert!(schemas.iter().any(|one| one == "urn:ietf:params:qlog:events:quic-13"));
    assert_eq!(trace["vantage_point"]["type"], "network");
    assert_eq!(trace["vantage_point"]["flow"], "client");
    assert_eq!(trace["common_fields"]["reference_time"]["epoch"], "2023-11-14T22:13:20.000Z");
    assert_eq!(events[0]["time"], 0.25);
    let kinds = check_events(events, Version::Current);
    let expected = FRAMES.map(|(kind, count)| (kind.to_owned(), count));
    assert_eq!(kinds, BTreeMap::from(expected));
    // The dissectors' own counts.
    let said = said(&document);
    assert_eq!(counts.packets, said["quic.packet_length"]);
    assert_eq!(counts.frames, said["quic.frame"]);
    assert_eq!(counts.events, events.len() as u64);
    assert_eq!(kinds.values().sum::<u64>(), counts.frames);
    let packets = events.iter().filter(|one| one["data"].get("header").is_some());
    assert_eq!(packets.count() as u64, counts.packets);
}

/// The first frame of a kind.
fn frame<'e>(events: &'e [Value], kind: &str) -> &'e Value {
    let frames = events.iter().filter_map(|event| event["data"]["frames"].as_array()).flatten();
    let mut own = frames.filter(|frame| frame["frame_type"] == kind);
    own.next().unwrap_or_else(|| panic!("{kind}"))
}

#[test]
fn a_log_says_what_packets_say() {
    let (texts, ..) = logged(Version::Current);
    let events = &texts[1..];
    let names = |wanted: &str| events.iter().filter(|one| one["name"] == wanted).count();
    assert_eq!((names("quic:packet_sent"), names("quic:packet_received")), (7, 8));
    assert_eq!(names("quic:parameters_set"), 2);
    let [first, ..] = events else { panic!("it is empty") };
    let header = &first["data"]["header"];
    assert_eq!(header["version"], "00000001");
    assert_eq!(header["dcid"], "0101010101010101");
    let acks: Vec<&Value> = events
        .iter()
        .filter_map(|event| event["data"]["frames"].as_array())
        .flatten()
        .filter(|frame| frame["frame_type"] == "ack")
        .collect();
    // 100 units of 8 µs (RFC 9000, section 18.2).
    assert_eq!(acks[0]["ack_delay"], 0.8);
    assert_eq!(acks[0]["acked_ranges"], serde_json::json!([[0]]));
    assert_eq!(acks[1]["acked_ranges"], serde_json::json!([[0, 1], [5]]));
    assert_eq!((&acks[1]["ect0"], &acks[1]["ce"]), (&7.into(), &1.into()));
    let close = frame(events, "connection_close");
    assert_eq!((&close["error"], &close["reason"]), (&"protocol_violation".into(), &"no".into()));
    assert_eq!(frame(events, "max_streams")["stream_type"], "bidirectional");
    assert_eq!(frame(events, "new_token")["token"]["raw"]["data"], "aabb");
    let http: Vec<&Value> = events
        .iter()
        .filter(|one| one["name"].as_str().unwrap_or("").starts_with("http3:"))
        .collect();
    let kinds: Vec<&Value> = http.iter().map(|one| &one["data"]["frame"]["frame_type"]).collect();
    assert_eq!(kinds, ["settings", "headers", "headers", "data"]);
    let settings = &http[0]["data"]["frame"]["settings"];
    assert_eq!(settings[0]["name"], "settings_qpack_max_table_capacity");
    assert_eq!(settings[1]["name"], "reserved");
    let request = &http[1]["data"]["frame"]["headers"];
    assert_eq!((&request[0]["name"], &request[0]["value"]), (&":method".into(), &"GET".into()));
    assert_eq!(http[1]["name"], "http3:frame_created");
    assert_eq!(http[2]["name"], "http3:frame_parsed");
}

/// The rules of qvis' loader for text sequences: `TextSequenceJSONToQlog` and `QlogLoaderV2`.
#[test]
fn a_log_is_one_that_qvis_loads() {
    let (texts, counts, _) = logged(Version::Old);
    let [header, events @ ..] = texts.as_slice() else { panic!("it is empty") };
    assert_eq!(header["qlog_version"], "0.3");
    assert_eq!(header["qlog_format"], "JSON-SEQ");
    let trace = header["trace"].as_object().expect("a trace");
    // What it looks for to tell formats apart stands among the first thousand characters.
    assert!(header.to_string().len() < 1000);
    let common = &trace["common_fields"];
    assert_eq!(common["time_format"], "relative");
    assert_eq!(common["reference_time"], 1_700_000_000_000_u64);
    assert!(common.get("group_id").is_none(), "it would take events apart by it");
    assert_eq!(trace["vantage_point"]["type"], "network");
    let kinds = check_events(events, Version::Old);
    assert_eq!(kinds.values().sum::<u64>(), counts.frames);
    let categories = events.iter().filter_map(|event| event["name"].as_str()?.split(':').next());
    let mut categories: Vec<&str> = categories.collect();
    categories.sort_unstable();
    categories.dedup();
    assert_eq!(categories, ["http", "transport"]);
}

/// A log as a server of aioquic would write it of the connection, after `change` has had its
/// events.
fn of_server(change: impl FnOnce(&mut Vec<Value>)) -> Beside {
    let (texts, _, document) = logged(Version::Old);
    let turned = |name: &str| match name {
        "transport:packet_sent" => "transport:packet_received".to_owned(),
        "transport:packet_received" => "transport:packet_sent".to_owned(),
        other => other.to_owned(),
    };
    let mut events = texts[1..].to_vec();
    for event in &mut events {
        event["name"] = turned(event["name"].as_str().expect("a name")).into();
    }
    change(&mut events);
    let log = serde_json::json!({
        "qlog_format": "JSON",
        "qlog_version": "0.3",
        "traces": [{
            "common_fields": {"ODCID": texts[0]["trace"]["common_fields"]["ODCID"]},
            "vantage_point": {"name": "aioquic", "type": "server"},
            "events": events,
        }],
    });
    let folder = tempfile::tempdir().expect("there is room");
    let path = folder.path().join("server.qlog");
    fs::write(&path, log.to_string()).expect("it can be written");
    let found = beside(&document.ground(), &path, &Progress::new()).expect("the same connection");
    let [one] = found.try_into().expect("one trace");
    one
}

#[test]
fn a_log_of_the_same_connection_says_the_same() {
    let one = of_server(|_| {});
    assert_eq!((one.by.as_str(), one.connection), ("aioquic, server", 1));
    // One packet of the server is sealed with other keys: nobody knows its number.
    assert_eq!(one.both, [7, 7]);
    assert!(one.only_log.is_empty() && one.only_capture.is_empty(), "{one:?}");
    assert!(one.differences.is_empty(), "{:?}", one.differences);
    assert_eq!(one.later, Some((0.0, 0.0)));
}

#[test]
fn what_only_one_says_and_what_differs_is_told() {
    let packet = |event: &Value, number: u64| {
        let header = &event["data"]["header"];
        event["name"] == "transport:packet_sent"
            && header["packet_type"] == "1RTT"
            && header["packet_number"] == number
    };
    let one = of_server(|events| {
        events.retain(|event| !packet(event, 0));
        let place = events.iter().position(|event| packet(event, 1)).expect("packet 1");
        let mut more = events[place].clone();
        more["data"]["header"]["packet_number"] = 99.into();
        events[place]["data"]["frames"].as_array_mut().expect("frames").pop();
        let time = &events[place]["time"].clone();
        events.push(more);
        for (name, data) in [
            ("recovery:metrics_updated", serde_json::json!({"cwnd": 15000, "min_rtt": 1.5})),
            ("recovery:metrics_updated", serde_json::json!({"cwnd": 12000, "bytes_in_flight": 77})),
            ("recovery:packet_lost", serde_json::json!({"type": "1RTT", "packet_number": 5})),
            ("recovery:congestion_state_updated", serde_json::json!({"new": "recovery"})),
        ] {
            events.push(serde_json::json!({"time": time, "name": name, "data": data}));
        }
    });
    let names = |all: &[qlog::beside::Told]| -> Vec<String> {
        all.iter().map(|one| one.name.words()).collect()
    };
    assert_eq!(one.both, [6, 7]);
    assert_eq!(names(&one.only_log), ["1-RTT 99"]);
    assert_eq!(names(&one.only_capture), ["1-RTT 0"]);
    assert!(one.only_capture[0].frame.is_some() && one.only_capture[0].is_sent);
    assert_eq!(names(&one.differences), ["1-RTT 1"]);
    assert_eq!(one.differences[0].what, "the recording has path_response");
    assert_eq!(
        (one.window, one.in_flight.log, one.min_rtt.log),
        (Some(15e3), Some(77.0), Some(1.5))
    );
    assert_eq!(one.lost[1].iter().map(|name| name.words()).collect::<Vec<_>>(), ["1-RTT 5"]);
    assert_eq!(one.thoughts.get("congestion_state_updated"), Some(&1));
    let text = one.text();
    for said in [
        "both know            6 packets that it sent, 7 that it received",
        "lost, the log says   1-RTT 5",
        "1-RTT 99, sent",
        "1-RTT 1, sent at",
        "1 × congestion_state_updated",
        "15 kB at most, which only the log says",
    ] {
        assert!(text.contains(said), "{said:?} is missing:\n{text}");
    }
    assert_eq!(one.json()["only_log"][0]["packet"], "1-RTT 99");
}

#[test]
fn a_log_of_another_connection_is_refused() {
    let (_, _, document) = logged(Version::Old);
    let folder = tempfile::tempdir().expect("there is room");
    let path = folder.path().join("other.qlog");
    let log = r#"{"traces":[{"common_fields":{"ODCID":"ffffffffffffffff"},
        "events":[{"time":1,"name":"transport:packet_sent","data":{}}]}]}"#;
    fs::write(&path, log).expect("it can be written");
    let trouble = beside(&document.ground(), &path, &Progress::new()).expect_err("another one");
    assert!(trouble.cause.contains("no connection of this recording"), "{trouble:?}");
}
