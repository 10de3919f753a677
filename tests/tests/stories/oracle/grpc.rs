//! The steps of gRPC, from header lists of HTTP/2 and the messages between them.

use wirestage_dissectors::ids::Direction::{self, Backward, Forward};
use wirestage_dissectors::ids::ProtocolId;
use wirestage_generators::steps::{
    TIMED_OUT, grpc_call_dropped, grpc_call_received, grpc_call_sent, grpc_given_up,
    grpc_message_received, grpc_message_sent, grpc_status_received, grpc_status_sent,
};
use wirestage_generators::{Entry, names};

use super::fields::Fields;
use super::http2::{RST_STREAM, lines};
use super::{Connection, say};

/// CANCEL of HTTP/2 (RFC 9113, section 7), and CANCELLED of gRPC.
const CANCEL: u64 = 8;
const CANCELLED: u32 = 1;

/// Whether calls are made on a connection.
pub(super) fn is_spoken(connection: &Connection<'_>) -> bool {
    connection.of(ProtocolId::of("grpc")).next().is_some()
}

pub(super) fn tell(connection: &Connection<'_>, entries: &mut Vec<Entry>) {
    for said in &connection.messages {
        let (from, to) =
            (connection.role(said.direction), connection.role(said.direction.reverse()));
        if said.protocol == ProtocolId::of("grpc") {
            let message = said.fields.bytes("grpc.message_data").unwrap_or_default();
            say(entries, from, grpc_message_sent(message));
            say(entries, to, grpc_message_received(message));
        } else if said.protocol == ProtocolId::of("http2") {
            frame(said.direction, [from, to], &said.fields, entries);
        }
    }
}

fn frame(direction: Direction, [from, to]: [&str; 2], fields: &Fields, entries: &mut Vec<Entry>) {
    let list = lines(fields);
    let text = |name: &str| {
        let (_, value) = list.iter().find(|(known, _)| known == name.as_bytes())?;
        Some(std::str::from_utf8(value).expect("this field is text"))
    };
    if let (Forward, Some(path)) = (direction, text(":path")) {
        let timeout = text("grpc-timeout");
        say(entries, from, grpc_call_sent(path, timeout));
        say(entries, to, grpc_call_received(path, timeout));
    } else if let (Backward, Some(status)) = (direction, text("grpc-status")) {
        let code = names::grpc_status(status.parse().expect("a status is a number"));
        // Spaces are percent-encoded; nothing else here has to be.
        let message = text("grpc-message").map(|message| message.replace("%20", " "));
        say(entries, from, grpc_status_sent(&code, message.as_deref()));
        say(entries, to, grpc_status_received(&code, message.as_deref()));
    } else if direction == Forward && fields.number("http2.type") == Some(RST_STREAM) {
        assert_eq!(fields.number("http2.rst_stream.error"), Some(CANCEL), "it is given up");
        say(entries, from, grpc_given_up(&names::grpc_status(CANCELLED), Some(TIMED_OUT)));
        say(entries, to, grpc_call_dropped());
    }
}
