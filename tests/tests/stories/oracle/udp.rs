//! The steps of UDP: what arrived was sent, for no datagram of these recordings is lost; but one
//! that an error quotes found no program.

use wirestage_dissectors::ids::ProtocolId;
use wirestage_dissectors::protocols::{dns, udp_echo};
use wirestage_dissectors::story::Level;
use wirestage_generators::Entry;
use wirestage_generators::steps::{udp_received, udp_refused, udp_sent};

use super::{Connection, say};

pub(super) fn tell(connection: &Connection<'_>, entries: &mut Vec<Entry>) {
    for said in &connection.messages {
        let direction = said.direction;
        let payload = if said.protocol == udp_echo::PROTOCOL_ID {
            said.fields.bytes("echo.data").expect("an echo has data")
        } else if said.protocol == dns::PROTOCOL_ID {
            &said.bytes
        } else {
            continue;
        };
        let (from, to) = (connection.end(direction), connection.end(direction.reverse()));
        say(entries, connection.role(direction), udp_sent(from, to, payload));
        // The story shows the error as a step of whoever is told: there is one flow here.
        let is_refused = connection.story.beats.iter().any(|beat| {
            beat.protocol == ProtocolId::of("icmp")
                && beat.level == Level::Flight
                && connection.actor_is(beat.to, direction)
        });
        if is_refused {
            say(entries, connection.role(direction), udp_refused(from, to));
        } else {
            say(entries, connection.role(direction.reverse()), udp_received(from, to, payload));
        }
    }
}
