//! The steps of server-sent events, from their fields.

use wirestage_dissectors::ids::ProtocolId;
use wirestage_generators::Entry;
use wirestage_generators::steps::{Event, sse_received, sse_sent};

use super::{Connection, say};

pub(super) fn tell(connection: &Connection<'_>, entries: &mut Vec<Entry>) {
    for said in connection.of(ProtocolId::of("sse")) {
        let [id, kind, data] =
            ["sse.id", "sse.event", "sse.data"].map(|name| said.fields.text(name));
        if let (Some(id), Some(kind), Some(data)) = (id, kind, data) {
            let event = Event { id, kind, data };
            say(entries, connection.role(said.direction), sse_sent(event));
            say(entries, connection.role(said.direction.reverse()), sse_received(event));
        }
    }
}
