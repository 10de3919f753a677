//! HTTP/1 as it is in the wild: heads that two readers read in two ways, and contents of every
//! type, in every coding.

use super::talk;
use crate::input::{Carrier, Input};

/// Starts, lines and chunks outside the grammar: what the client says and what the server says.
const HEADS: &[[&str; 2]] = &[
    ["GET /\n", "<html>no head at all"],
    ["GET / HTTP/1.01\nHost : a\n folded: b\n\n", "HTTP/0.9 200\n\n"],
    [
        "POST / HTTP/1.1\r\nContent-Length: 4\r\nContent-Length: 5\r\nTransfer-Encoding: \x0bchunked\r\n\r\n0\r\n\r\n",
        "HTTP/1.1 200\r\nTransfer-Encoding: chunked, identity\r\nContent-Length: 3\r\n\r\nabc",
    ],
    [
        "POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n+3\r\nabc\r\n 2 ;a=\"\r\n\"\r\nde\r\n0x1\r\nf\r\n-0\r\n\r\n",
        "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: <a>\r\n\r\nHTTP/1.1 204 No\r\n\r\n",
    ],
    [
        "GET http://a:b@[::1]:80/%00?\u{fffd}#x HTTP/1.1\r\nHost: a\rX: b\r\n\r\nPRI * HTTP/2.0\r\n\r\n",
        "HTTP/1.1 999 \x00\r\nLocation: \r\n\r\n",
    ],
    [
        "OPTIONS * HTTP/1.1\r\nHost: a\r\nCookie: a=b; c\r\nRange: bytes=0-1,-5\r\nAuthorization: Basic YTpi\r\n\r\n",
        "HTTP/1.1 206 Part\r\nContent-Range: bytes 0-1/*\r\nSet-Cookie: a=b; Max-Age=x\r\nContent-Length: 2\r\n\r\nab",
    ],
];

/// Contents: type, coding and bytes.
const CONTENTS: &[[&str; 3]] = &[
    ["application/json", "", "7b2261223a5b312c6e756c6c2c22785c75643833645c7564653030225d7d"],
    [
        "text/html; charset=utf-8",
        "",
        "3c21444f43545950452068746d6c3e3c7469746c653ec3a43c2f7469746c653e",
    ],
    ["application/xml", "", "3c3f786d6c2076657273696f6e3d27312e30273f3e3c613e3c622f3e3c2f613e"],
    ["application/x-www-form-urlencoded", "", "613d62266325323064653d256626"],
    [
        "multipart/form-data; boundary=x",
        "",
        "2d2d780d0a436f6e74656e742d446973706f736974696f6e3a20666f726d2d646174613b206e616d653d2261220d0a0d0a620d0a2d2d782d2d0d0a",
    ],
    ["text/event-stream", "", "69643a20310d0a6576656e743a20610a646174613a20620a0a3a630a0a"],
    ["image/png", "", "89504e470d0a1a0a0000000d49484452000000100000002008020000"],
    ["image/gif", "", "47494638396110002000"],
    ["image/jpeg", "", "ffd8ffc0001108001000200301220002110103110100"],
    ["text/plain; charset=utf-16", "", "fffe680069003dd8"],
    [
        "application/json",
        "",
        "7b226a736f6e727063223a22322e30222c226d6574686f64223a2261222c226964223a317d",
    ],
    ["text/plain", "gzip", "1f8b0800000000000003cb48cdc9c9070086a6103605000000"],
    ["text/plain", "deflate", "789ccb48cdc9c907000 62c0215"],
    ["text/plain", "deflate", "cb48cdc9c90700"],
    ["text/plain", "br", "0b028068656c6c6f03"],
    ["text/plain", "zstd", "28b52ffd0405290000 68656c6c6f 4f3c9a3d"],
    ["text/plain", "gzip, deflate", "789ccb48cdc9c9070006"],
    ["text/plain", "x-gzip, br, unknown", "1f8b08"],
];

/// Every head, whole and alone.
pub(super) fn heads() -> Vec<Input> {
    let said = |[client, server]: &[&str; 2]| {
        let said = [format!("C {client}"), format!("S {server}")];
        talk(Carrier::Tcp(80), &said.each_ref().map(String::as_str))
    };
    HEADS.iter().map(said).collect()
}

/// Every content as an answer and as a request, at once, in chunks, and until the end.
pub(super) fn bodies() -> Vec<Input> {
    let mut found = Vec::new();
    for [kind, coding, hex] in CONTENTS {
        let digits: String = hex.split_whitespace().collect();
        let len = digits.len() / 2;
        let head = |length: &str| {
            format!("Content-Type: {kind}\r\nContent-Encoding: {coding}\r\n{length}\r\n\r\n")
        };
        let counted = head(&format!("Content-Length: {len}"));
        let chunked = head("Transfer-Encoding: gzip, chunked");
        let said = [
            format!("C POST /a HTTP/1.1\r\nHost: a\r\n{counted}"),
            format!("Cx {digits}"),
            format!("S HTTP/1.1 200 OK\r\n{chunked}{len:x}\r\n"),
            format!("Sx {digits} 0d0a 30 0d0a 0d0a"),
            "C GET /b HTTP/1.0\r\n\r\n".to_owned(),
            format!("S HTTP/1.0 200 OK\r\n{}", head("X: y")),
            format!("Sx {digits}"),
        ];
        let said: Vec<&str> = said.iter().map(String::as_str).collect();
        found.push(talk(Carrier::Tcp(80), &said));
    }
    found
}
