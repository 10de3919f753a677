//! Tests of gRPC over streams of HTTP/2.

use crate::engine::ports::Ports;
use crate::protocol::Framing;
use crate::protocols::protobuf::descriptor::tests::{files, held};
use crate::protocols::stage::{
    Played, Step, ask, check_told, crumble, line, play, play_keyed, say, told,
};
use crate::registry::standard;
use crate::schema::{Field, FieldType, MessageType, Schema};
use crate::secret::Secrets;

fn frame(kind: u8, flags: u8, payload: &[u8]) -> Vec<u8> {
    frame_on(1, kind, flags, payload)
}

fn frame_on(stream: u8, kind: u8, flags: u8, payload: &[u8]) -> Vec<u8> {
    let mut out = (payload.len() as u32).to_be_bytes()[1..].to_vec();
    out.extend([kind, flags, 0, 0, 0, stream]);
    out.extend(payload);
    out
}

/// The field that says whose messages come.
const KIND: &[u8] = b"\x00\x0ccontent-type\x10application/grpc";

fn settings() -> Vec<u8> {
    [&frame(4, 0, &[])[..5], &[0; 4]].concat()
}

/// The beginning of a connection, and of a call on it.
fn opening() -> Vec<u8> {
    let request = [&b"\x83\x86\x04\x06/s/one"[..], KIND].concat();
    [&b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"[..], &settings(), &frame(1, 4, &request)].concat()
}

/// A call of one method, its question in two frames, two answers in one.
fn call() -> Vec<Step> {
    let response = [&b"\x88"[..], KIND].concat();
    let settings = settings();
    vec![
        ask([opening(), frame(0, 0, b"\x00\x00\x00\x00\x03a")].concat()),
        ask(frame(0, 1, b"bc")),
        say([settings, frame(1, 4, &response), frame(0, 0, b"\x01\0\0\0\x01x\0\0\0\0\0")].concat()),
        say(frame(1, 5, b"\x00\x0bgrpc-status\x010")),
    ]
}

#[test]
fn messages_are_read_however_frames_cut_them() {
    for steps in [call(), crumble(&call())] {
        let stage = play(&steps);
        assert_eq!(stage.values("grpc.message_length"), "3 1 0");
        assert_eq!(stage.values("grpc.compressed_flag"), "0 1 0");
        assert_eq!(stage.values("grpc.message_data"), "616263 78");
        let rows = stage.rows();
        let own: Vec<&str> = rows.lines().filter(|row| row.starts_with("grpc@")).collect();
        assert_eq!(own.len(), 3, "{rows}");
        assert!(own.iter().all(|row| row.ends_with("bytes (/s/one)")), "{rows}");
        assert_eq!(stage.open_layers(), 1, "the layer of the stream has ended");
    }
}

#[test]
fn what_is_no_message_is_given_up() {
    let mut steps = call();
    steps[1] = ask(frame(0, 1, b"bc\xff\0\0\0\0"));
    assert_eq!(play(&steps).values("grpc.message_length"), "3 1 0");
}

#[test]
fn how_a_call_went_is_a_message_where_trailers_cannot_be_seen() {
    let kinds = [
        (&b"\x19application/connect+proto"[..], b"\x02\0\0\0\x02{}".to_vec(), "{}"),
        (
            b"\x1aapplication/grpc-web+proto",
            b"\x80\0\0\0\x0egrpc-status: 0".to_vec(),
            "grpc-status: 0",
        ),
    ];
    for (kind, outcome, said) in kinds {
        let kind = [&b"\x00\x0ccontent-type"[..], kind].concat();
        let request = [&b"\x83\x86\x04\x06/s/one"[..], &kind].concat();
        let preface = &b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"[..];
        let asks = [preface, &settings(), &frame(1, 5, &request)].concat();
        let head = frame(1, 4, &[&b"\x88"[..], &kind].concat());
        let answer = [&b"\0\0\0\0\x03abc"[..], &outcome].concat();
        let stage = play(&[ask(asks), say([settings(), head, frame(0, 1, &answer)].concat())]);
        let lines = told(&stage);
        let line = format!("Outcome | Says how the call went, for who sees no trailers | {said}");
        assert_eq!(lines.last(), Some(&line), "{lines:#?}");
        assert_eq!(stage.values("grpc.message_length"), format!("3 {}", said.len()));
    }
}

#[test]
fn messages_are_told() {
    let stage = play(&call());
    check_told(
        &stage,
        &[
            "Preface | Says that HTTP/2 is spoken from here on | It looks like a request that \
             most servers of HTTP/1 refuse, so that nothing goes on by mistake.",
            "SETTINGS | Says what this side can take: streams, windows, frame sizes | It names none: the initial values hold.",
            "POST /s/one | Gives the server something to process | POST /s/one. 4 header fields \
             with 61 bytes in 41.",
            "DATA 6 B | Sends content on a stream, in pieces that can be mixed with others | 6 \
             bytes.",
            "DATA end | Ends its content, and with it this side of the stream | 8 bytes of \
             content in 2 frames.",
            "Message 3 B | Sends one message of a call, with its length before it | 3 bytes. Its \
             method is /s/one.",
            "SETTINGS | Says what this side can take: streams, windows, frame sizes | It names none: the initial values hold.",
            "200 OK | Takes the call; how it went stands behind its messages, in trailers | It answers POST /s/one, \
             1.00 ms after its last byte. Content of type application/grpc is to follow. 2 header fields with \
             38 bytes in 32.",
            "DATA 11 B | Sends content on a stream, in pieces that can be mixed with others | 11 \
             bytes.",
            "Message 1 B | Sends one message of a call, with its length before it | 1 byte, \
             packed. Its method is /s/one.",
            "Message 0 B | Sends one message of a call, with its length before it | 0 bytes. Its \
             method is /s/one.",
            "Trailers | The call succeeded: its status stands behind the messages | \
             grpc-status: 0 (OK). 1 header field with 12 bytes in 15.",
        ],
    );
    let mut failed = call();
    failed.truncate(3);
    failed.push(say(frame(1, 5, b"\x00\x0bgrpc-status\x014")));
    let told = told(&play(&failed));
    let expected = "Trailers | The call failed, though HTTP did not: its status stands behind the \
        messages | grpc-status: 4 (DEADLINE_EXCEEDED). 1 header field with 12 bytes in 15.";
    assert_eq!(told.last().map(String::as_str), Some(expected), "{told:#?}");
}

/// Trailers with details: NOT_FOUND, and for how long to wait.
#[test]
fn details_of_a_status_are_told() {
    let details = b"CAUaMgoodHlwZS5nb29nbGVhcGlzLmNvbS9nb29nbGUucnBjLlJldHJ5SW5mbxIGCgQIAxAH";
    let field = |name: &[u8], value: &[u8]| {
        [&[0, name.len() as u8][..], name, &[value.len() as u8], value].concat()
    };
    let status = [field(b"grpc-status", b"5"), field(b"grpc-status-details-bin", details)];
    let mut failed = call();
    failed.truncate(3);
    failed.push(say(frame(1, 5, &status.concat())));
    let stage = play(&failed);
    let expected = "Trailers | The call failed, though HTTP did not: its status stands behind the \
        messages | grpc-status: 5 (NOT_FOUND). Its details say NOT_FOUND; RetryInfo: retry_delay \
        {seconds 3, nanos 7}. 2 header fields with 107 bytes in 113.";
    assert_eq!(told(&stage).last().map(String::as_str), Some(expected));
    assert_eq!(stage.values("protobuf.field.value.enum"), "NOT_FOUND (5)");
    let address = "type.googleapis.com/google.rpc.RetryInfo";
    assert_eq!(stage.values("protobuf.field.value.string"), address);
    assert_eq!(stage.values("protobuf.field.value.int64"), "3 7");
    let row = stage.rows().lines().last().map(str::to_owned).unwrap_or_default();
    assert!(row.ends_with("HEADERS[1]: grpc-status 5 (NOT_FOUND)"), "{row}");
}

/// A call with one message, whose first byte says whether it is packed.
fn one(flag: u8, held: &[u8]) -> Vec<Step> {
    let length = (held.len() as u32).to_be_bytes();
    vec![ask(opening()), ask(frame(0, 1, &[&[flag], &length[..], held].concat()))]
}

/// 1 “Ada”, 2 = 7.
const HELD: &[u8] = b"\x0a\x03Ada\x10\x07";

/// The same in gzip, and in zlib, as they store.
fn packed() -> [Vec<u8>; 2] {
    use std::io::Write;
    let level = flate2::Compression::none();
    let mut gzip = flate2::write::GzEncoder::new(Vec::new(), level);
    gzip.write_all(HELD).unwrap();
    let mut zlib = flate2::write::ZlibEncoder::new(Vec::new(), level);
    zlib.write_all(HELD).unwrap();
    [gzip.finish().unwrap(), zlib.finish().unwrap()]
}

#[test]
fn what_a_message_holds_is_read_by_numbers() {
    let [gzip, zlib] = packed();
    for steps in [one(0, HELD), one(1, &gzip), one(1, &zlib)] {
        for steps in [crumble(&steps), steps] {
            let stage = play(&steps);
            assert_eq!(stage.values("protobuf.field.number"), "1 2");
            assert_eq!(stage.values("protobuf.field.value.string"), "Ada");
        }
    }
    for held in [&b"{\"name\": \"Ada\"}"[..], b"abc", b"\xff"] {
        assert_eq!(play(&one(0, held)).values("protobuf.field.number"), "");
    }
    assert_eq!(play(&one(1, b"no coding that is known")).values("protobuf.field.number"), "");
}

#[test]
fn fields_are_told_where_they_can_be_read() {
    let [gzip, _] = packed();
    for (steps, packing) in [(one(0, HELD), ""), (one(1, &gzip), ", packed")] {
        let len = if packing.is_empty() { HELD.len() } else { gzip.len() };
        let stage = play(&steps);
        check_told(
            &stage,
            &[
                "Preface | Says that HTTP/2 is spoken from here on | It looks like a request that \
                 most servers of HTTP/1 refuse, so that nothing goes on by mistake.",
                "SETTINGS | Says what this side can take: streams, windows, frame sizes | It names none: the initial values hold.",
                "POST /s/one | Gives the server something to process | POST /s/one. 4 header fields \
                 with 61 bytes in 41.",
                &format!(
                    "DATA end | Ends its content, and with it this side of the stream | {} bytes of \
                     content in 1 frame.",
                    5 + len
                ),
                &format!(
                    "Message {len} B | Sends one message of a call, with its length before it | \
                     {len} bytes{packing}. Its method is /s/one. Its fields, by number: 1: “Ada”, \
                     2: 7."
                ),
            ],
        );
    }
}

/// What a call of `/s/one` asks with, and what it is answered with.
fn names() -> Secrets {
    let field = |number, name: &str, holds| Field { number, name: name.into(), holds };
    let size = FieldType::Enum([(1, "SMALL".into())].into());
    let order = vec![
        field(1, "item", FieldType::Text),
        field(2, "change", FieldType::ZigZag),
        field(3, "inner", FieldType::Message(2)),
        field(4, "size", size),
        field(5, "sum", FieldType::Double),
        field(6, "part", FieldType::Float),
        field(7, "seen", FieldType::Bool),
        field(8, "raw", FieldType::Bytes),
        field(9, "balance", FieldType::Int),
        field(10, "id", FieldType::Fixed),
        field(11, "offset", FieldType::SignedFixed),
        field(12, "count", FieldType::Unsigned),
    ];
    let receipt = vec![field(1, "name", FieldType::Text), field(2, "sum", FieldType::Unsigned)];
    let inner = vec![field(1, "gift", FieldType::Bool)];
    let all = [("shop.Order", order), ("shop.Receipt", receipt), ("shop.Inner", inner)];
    let messages =
        all.into_iter().map(|(name, fields)| MessageType { name: name.into(), fields }).collect();
    let mut schema = Schema { messages, ..Schema::default() };
    schema.calls.insert(b"/s/one"[..].into(), [0, 1]);
    let mut secrets = Secrets::default();
    secrets.set_schema(schema);
    secrets
}

fn named(steps: &[Step]) -> Played {
    let ports = Ports { framing: Framing::Stream, ports: [40000, 5555], began: None };
    play_keyed(ports, steps, &names())
}

#[test]
fn what_fields_are_called_is_told_where_somebody_handed_that_in() {
    let order = [
        &b"\x0a\x03Ada\x10\x03\x1a\x02\x08\x01\x20\x01\x29\0\0\0\0\0\0\xf8\x3f"[..],
        b"\x35\0\0\0\x3f\x38\x01\x42\x02\xff\0\x48\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01",
        b"\x51\x07\0\0\0\0\0\0\0\x5d\xfe\xff\xff\xff\x60\x05\x68\x09",
    ];
    let stage = named(&one(0, &order.concat()));
    let names = "item change inner gift size sum part seen raw balance id offset count";
    assert_eq!(stage.values("protobuf.field.name"), names);
    assert_eq!(stage.values("protobuf.message.name"), "shop.Order shop.Inner");
    assert_eq!(stage.values("protobuf.field.value.string"), "Ada");
    assert_eq!(stage.values("protobuf.field.value.int64"), "-2 -1 -2");
    assert_eq!(stage.values("protobuf.field.value.bool"), "1 1");
    assert_eq!(stage.values("protobuf.field.value.enum"), "SMALL (1)");
    assert_eq!(stage.values("protobuf.field.value.double"), "1.5");
    assert_eq!(stage.values("protobuf.field.value.float"), "0.5");
    // The last has a number that is not described.
    assert_eq!(stage.values("protobuf.field.value.uint64"), "7 5 9");
    assert_eq!(stage.values("protobuf.field.number").split(' ').next_back(), Some("13"));
}

#[test]
fn what_is_written_in_another_way_than_described_is_guessed() {
    // A number where text is described, and numbers that are packed together.
    let stage = named(&one(0, b"\x08\x07\x12\x03\x01\x02\x03"));
    assert_eq!(stage.values("protobuf.field.name"), "item change");
    assert_eq!(stage.values("protobuf.field.value.uint64"), "7");
    assert_eq!(stage.values("protobuf.field.value.string"), "");
}

#[test]
fn both_sides_have_types_of_their_own_and_are_told_with_names() {
    let response = [&b"\x88"[..], KIND].concat();
    let asked = message(b"\x0a\x03Ada\x1a\x02\x08\x01");
    let steps = [
        ask([opening(), frame(0, 1, &asked)].concat()),
        say([settings(), frame(1, 4, &response), frame(0, 1, &message(HELD))].concat()),
    ];
    let stage = named(&steps);
    assert_eq!(stage.values("protobuf.message.name"), "shop.Order shop.Inner shop.Receipt");
    let view = stage.view();
    let told = stage.messages().iter().filter_map(|message| {
        let layer = view.layer(message.layer)?;
        standard().get(layer.protocol).tell(message, &view)
    });
    let told = told.map(|told| line(&told));
    let messages: Vec<String> = told.filter(|line| line.starts_with("Message")).collect();
    assert_eq!(
        messages,
        [
            "Message 9 B | Sends one message of a call, with its length before it | 9 bytes. Its \
             method is /s/one. It is a shop.Order: item “Ada”, inner {gift true}.",
            "Message 7 B | Sends one message of a call, with its length before it | 7 bytes. Its \
             method is /s/one. It is a shop.Receipt: name “Ada”, sum 7.",
        ]
    );
    assert!(stage.rows().contains("protobuf@2 shop.Receipt name “Ada”, sum 7"), "{}", stage.rows());
}

/// A message with its length before it.
fn message(held: &[u8]) -> Vec<u8> {
    [&[0, 0, 0, 0, held.len() as u8][..], held].concat()
}

/// A call of the shop on a stream, with one message.
fn buys(stream: u8) -> Step {
    let request = [&b"\x83\x86\x04\x0e/shop.Shop/Buy"[..], KIND].concat();
    let order = message(b"\x0a\x03tea\x10\x01\x1a\x04\x0a\x02hi");
    ask([frame_on(stream, 1, 4, &request), frame_on(stream, 0, 1, &order)].concat())
}

#[test]
fn what_a_server_says_of_itself_names_what_comes_later() {
    let path = "/grpc.reflection.v1.ServerReflection/ServerReflectionInfo";
    let request = [b"\x83\x86\x04", &[path.len() as u8][..], path.as_bytes(), KIND].concat();
    let preface = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";
    let asks = [
        &preface[..],
        &settings(),
        &frame(1, 4, &request),
        &frame(0, 1, &message(&held(4, b"shop.Shop"))),
    ];
    let response = [&b"\x88"[..], KIND].concat();
    let [types, service] = files();
    let answer = held(4, &[held(1, &types), held(1, &service)].concat());
    let length = (answer.len() as u32).to_be_bytes();
    let answer = [&[0][..], &length, &answer].concat();
    let says = [settings(), frame(1, 4, &response), frame(0, 1, &answer)].concat();
    let steps = [ask(asks.concat()), buys(3), say(says), buys(5)];
    for steps in [crumble(&steps), steps.to_vec()] {
        let stage = play(&steps);
        assert_eq!(stage.values("protobuf.message.name"), "shop.Order shop.Order.Note");
        let by = stage.values("protobuf.message.described_by");
        assert!(by.starts_with("nobody before it came: "), "{by}");
        assert!(by.ends_with(" the server, asked by reflection before"), "{by}");
        assert_eq!(stage.values("protobuf.field.value.enum"), "SMALL (1)");
        // What came before the answer is guessed.
        let told = told(&stage);
        let orders: Vec<&str> = told
            .iter()
            .filter_map(|line| line.split_once(" Its method is /shop.Shop/Buy. "))
            .map(|(_, fields)| fields)
            .collect();
        assert_eq!(
            orders,
            [
                "Its fields, by number: 1: “tea”, 2: 1, 3: {1: “hi”}.",
                "It is a shop.Order, as the server describes it: item “tea”, size SMALL, note {said \
                 “hi”}.",
            ]
        );
    }
}
