//! HTTP/2 without TLS, and what goes over HTTP: header blocks, gRPC, WebSocket.

use super::talk;
use crate::input::{Carrier, Input};

/// The preface and empty settings of a client, and those of a server.
const PREFACE: &str = "505249202a20485454502f322e300d0a0d0a534d0d0a0d0a 000000 04 00 00000000";
const SETTINGS: &str = "000000 04 00 00000000";

/// Header blocks of RFC 7541, appendix C, and others: sizes of the table, a field that is never
/// indexed.
const REQUESTS: [&str; 8] = [
    "828684410f7777772e6578616d706c652e636f6d",
    "828684be58086e6f2d6361636865",
    "828785bf400a637573746f6d2d6b65790c637573746f6d2d76616c7565",
    "828684418cf1e3c2e5f23a6ba0ab90f4ff",
    "828684be5886a8eb10649cbf",
    "828785bf408825a849e95ba97d7f8925a849e95bb8e8b4bf",
    "20 3fe11f 828684",
    "828684 10 03 616263 01 78",
];
const RESPONSE: &str = "488264025885aec3771a4b6196d07abe941054d444a8200595040b8166e082a62d1bff\
     6e919d29ad171863c78f0b97c8e9ae82ae43d3";

/// `POST /a.B/C` with `content-type: application/grpc`; the answer, and its trailers.
const CALL: &str = "83 86 44 06 2f612e422f43 5f 10 6170706c69636174696f6e2f67727063";
const ANSWER: &str = "88 5f 10 6170706c69636174696f6e2f67727063";
const STATUS: &str = "00 0b 677270632d737461747573 01 30";

/// A frame of HTTP/2: its type, its flags, its stream and its payload, in hexadecimal digits.
fn frame(kind: u8, flags: u8, stream: u32, payload: &str) -> String {
    let payload: String = payload.split_whitespace().collect();
    format!("{:06x} {kind:02x} {flags:02x} {stream:08x} {payload} ", payload.len() / 2)
}

fn over_http2(client: &[String], server: &[String]) -> Input {
    let said =
        [format!("Cx {PREFACE} {}", client.concat()), format!("Sx {SETTINGS} {}", server.concat())];
    talk(Carrier::Tcp(8083), &said.each_ref().map(String::as_str))
}

/// Header blocks alone, one on each stream; and one in pieces.
pub(super) fn hpack() -> Vec<Input> {
    let streams = (1..).step_by(2);
    let asked: Vec<_> =
        streams.zip(REQUESTS).map(|(stream, block)| frame(1, 5, stream, block)).collect();
    let pieces = [frame(1, 1, 1, "828684 41 8c f1e3c2"), frame(9, 4, 1, "e5f23a6ba0ab90f4ff")];
    vec![
        over_http2(&asked, &[frame(1, 5, 1, RESPONSE), frame(1, 5, 3, "88c1c0bf")]),
        over_http2(&pieces, &[frame(1, 4, 1, RESPONSE), frame(0, 1, 1, "68656c6c6f")]),
    ]
}

/// A call with one message each way, and one with a message in two frames.
pub(super) fn grpc() -> Vec<Input> {
    let whole = [frame(1, 4, 1, CALL), frame(0, 1, 1, "00 00000002 0801")];
    let halves = [
        frame(1, 4, 1, CALL),
        frame(0, 0, 1, "00 00000004 0801"),
        frame(0, 1, 1, "1001 01 00000001 00"),
    ];
    let answer =
        [frame(1, 4, 1, ANSWER), frame(0, 0, 1, "00 00000002 0802"), frame(1, 5, 1, STATUS)];
    vec![over_http2(&whole, &answer), over_http2(&halves, &answer)]
}

/// Messages of Protocol Buffers as contents: every wire type, messages in messages, fields that are
/// packed, and an end that is missing.
pub(super) fn protobuf() -> Vec<Input> {
    let said = [
        "C POST /a HTTP/1.1\r\nHost: a\r\nContent-Type: application/x-protobuf\r\n\
         Content-Length: 32\r\n\r\n",
        "Cx 08ac02 11182d4454fb210940 1a03616263 25db0f4940 2a06 1204 0a020801 33 34",
        "S HTTP/1.1 200 OK\r\nContent-Type: application/protobuf\r\nContent-Length: 18\r\n\r\n",
        "Sx 1a04 01ac0203 0a7f 616263 f8ffffff0f01 12",
    ];
    vec![talk(Carrier::Tcp(8085), &said)]
}

/// Text in pieces, ping and pong, what is compressed (RFC 7692, section 7.2.3.1), and the end.
pub(super) fn websocket() -> Vec<Input> {
    let said = [
        "C GET /chat HTTP/1.1\r\nHost: a\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\
         Sec-WebSocket-Extensions: permessage-deflate\r\n\r\n",
        "S HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\
         Sec-WebSocket-Extensions: permessage-deflate\r\n\r\n",
        "Cx 01 83 01020304 696e6f 80 82 01020304 6d6d 89 80 00000000",
        "Sx 8a 00 c1 07 f248cdc9c90700 82 7e 0004 01020304",
        "Cx 88 82 01020304 02ea",
        "Sx 88 02 03e8",
    ];
    vec![talk(Carrier::Tcp(8084), &said)]
}
