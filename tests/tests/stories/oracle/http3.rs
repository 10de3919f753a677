//! The steps of HTTP/3, from the header sections and the content of its request streams.

use std::collections::BTreeMap;

use wirestage_dissectors::ids::Direction::{self, Backward, Forward};
use wirestage_dissectors::ids::ProtocolId;
use wirestage_generators::Entry;
use wirestage_generators::steps::{self, FieldLines, StreamRequest, StreamResponse};

use super::fields::Fields;
use super::{Connection, say};

/// Frame types (RFC 9114, section 7.2).
const DATA: u64 = 0;
const HEADERS: u64 = 1;

/// Name and value of a header field.
type Line = (Vec<u8>, Vec<u8>);

/// What one side sends on a stream.
#[derive(Default)]
struct Side {
    list: Vec<Line>,
    body: Vec<u8>,
}

impl Side {
    /// The value of a field as text.
    fn text(&self, name: &str) -> Option<&str> {
        let (_, value) = self.list.iter().find(|(known, _)| known == name.as_bytes())?;
        Some(std::str::from_utf8(value).expect("this field is text"))
    }

    fn fields(&self) -> FieldLines {
        let plain = self.list.iter().filter(|(name, _)| !name.starts_with(b":"));
        FieldLines::of(plain.map(|(name, value)| (name.as_slice(), value.as_slice())))
    }
}

pub(super) fn tell(connection: &Connection<'_>, entries: &mut Vec<Entry>) {
    let mut streams: BTreeMap<u64, [Side; 2]> = BTreeMap::new();
    for said in connection.of(ProtocolId::of("http3")) {
        let fields = &said.fields;
        let Some(kind) = fields.number("http3.frame_type") else { continue };
        let stream = fields.number("http3.frame_streamid").expect("a frame has a stream");
        let side = &mut streams.entry(stream).or_default()[said.direction.index()];
        match kind {
            HEADERS => side.list.extend(lines(fields)),
            DATA => {
                side.body.extend_from_slice(fields.bytes("http3.data").unwrap_or_default());
            }
            _ => {}
        }
    }
    let [client, server] = [Forward, Backward].map(|direction| connection.role(direction));
    // The control streams carry no fields.
    for (stream, sides) in streams.iter().filter(|(_, sides)| !sides[0].list.is_empty()) {
        let side = |direction: Direction| &sides[direction.index()];
        let (asked, answered) = (side(Forward), side(Backward));
        let request = StreamRequest {
            stream: *stream,
            method: asked.text(":method").expect("a request has a method"),
            scheme: asked.text(":scheme"),
            authority: asked.text(":authority"),
            path: asked.text(":path"),
            fields: asked.fields(),
            body: &asked.body,
        };
        let status = answered.text(":status").expect("a response has a status");
        let response = StreamResponse {
            stream: *stream,
            status: status.parse().expect("a status is a number"),
            fields: answered.fields(),
            body: &answered.body,
        };
        say(entries, client, steps::http3_request_sent(&request));
        say(entries, server, steps::http3_request_received(&request));
        say(entries, server, steps::http3_response_sent(&response));
        say(entries, client, steps::http3_response_received(&response));
    }
}

/// Names and values of the header fields in a frame.
fn lines(fields: &Fields) -> Vec<Line> {
    let part = |line: &Fields, name| line.bytes(name).expect("a field is unpacked").to_vec();
    let line =
        |line| (part(&line, "http3.header.header.name"), part(&line, "http3.headers.header.value"));
    fields.each("http3.headers.header").into_iter().map(line).collect()
}
