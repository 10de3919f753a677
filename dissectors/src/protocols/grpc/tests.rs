//! Tests of gRPC over streams of HTTP/2.

use crate::protocols::stage::{Step, ask, check_told, crumble, play, say, told};

fn frame(kind: u8, flags: u8, payload: &[u8]) -> Vec<u8> {
    let mut out = (payload.len() as u32).to_be_bytes()[1..].to_vec();
    out.extend([kind, flags, 0, 0, 0, 1]);
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
fn messages_are_told() {
    let stage = play(&call());
    check_told(
        &stage,
        &[
            "Preface | Says that HTTP/2 is spoken from here on | It looks like a request that \
             most servers of HTTP/1 refuse, so that nothing goes on by mistake.",
            "SETTINGS | Says what this side can take: streams, windows, frame sizes",
            "POST /s/one | Gives the server something to process | POST /s/one. 4 header fields \
             with 61 bytes in 41.",
            "DATA 6 B | Sends content on a stream, in pieces that can be mixed with others | 6 \
             bytes.",
            "DATA end | Ends its content, and with it this side of the stream | 8 bytes of \
             content in 2 frames.",
            "Message 3 B | Sends one message of a call, with its length before it | 3 bytes. Its \
             method is /s/one.",
            "SETTINGS | Says what this side can take: streams, windows, frame sizes",
            "200 OK | Takes the call; how it went stands behind its messages, in trailers | It answers POST /s/one \
             after 1.00 ms. Content of type application/grpc is to follow. 2 header fields with \
             38 bytes in 32.",
            "DATA 11 B | Sends content on a stream, in pieces that can be mixed with others | 11 \
             bytes.",
            "Message 1 B | Sends one message of a call, with its length before it | 1 byte, \
             packed. Its method is /s/one.",
            "Message 0 B | Sends one message of a call, with its length before it | 0 bytes. Its \
             method is /s/one.",
            "Trailers | The call succeeded: its status stands behind the messages | \
             grpc-status: 0. 1 header field with 12 bytes in 15.",
        ],
    );
    let mut failed = call();
    failed.truncate(3);
    failed.push(say(frame(1, 5, b"\x00\x0bgrpc-status\x014")));
    let told = told(&play(&failed));
    let expected = "Trailers | The call failed, though HTTP did not: its status stands behind the \
        messages | grpc-status: 4. 1 header field with 12 bytes in 15.";
    assert_eq!(told.last().map(String::as_str), Some(expected), "{told:#?}");
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
                "SETTINGS | Says what this side can take: streams, windows, frame sizes",
                "POST /s/one | Gives the server something to process | POST /s/one. 4 header fields \
                 with 61 bytes in 41.",
                &format!(
                    "DATA end | Ends its content, and with it this side of the stream | {} bytes of \
                     content in 1 frame.",
                    5 + len
                ),
                &format!(
                    "Message {len} B | Sends one message of a call, with its length before it | \
                     {len} bytes{packing}. Its method is /s/one. Its fields, by number: 1 “Ada”, \
                     2 7."
                ),
            ],
        );
    }
}
