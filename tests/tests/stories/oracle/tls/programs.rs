//! The steps of TLS where programs speak it that say little of themselves.

use wirestage_dissectors::ids::Direction::{self, Backward, Forward};
use wirestage_dissectors::ids::ProtocolId;
use wirestage_dissectors::message::Protection;
use wirestage_generators::steps::{
    tls_agreed, tls_lines_received, tls_lines_sent, tls_renegotiated,
};
use wirestage_generators::{Entry, names};

use super::super::{Connection, Said, say};
use super::{CLIENT_HELLO, FINISHED, SERVER_HELLO, number};

/// Scenarios in which the program `openssl` speaks.
const SCENARIOS: &[&str] = &["tls12-rsa", "tls12-renegotiation"];

/// Whether a program speaks TLS here, and no library.
pub(super) fn speak(connection: &Connection<'_>) -> bool {
    let scenario = connection.document.about().scenario;
    scenario.is_some_and(|name| SCENARIOS.contains(&name.as_str()))
}

pub(super) fn tell(connection: &Connection<'_>, entries: &mut Vec<Entry>) {
    let handshakes = |kind: u64, direction: Direction| {
        connection.messages.iter().filter(move |said| {
            said.protocol == ProtocolId::of("tls")
                && said.direction == direction
                && said.fields.number("tls.handshake.type") == Some(kind)
        })
    };
    let is_done = |direction| handshakes(FINISHED, direction).next().is_some();
    let Some(hello) = handshakes(SERVER_HELLO, Backward).next() else { return };
    if Direction::BOTH.into_iter().all(is_done) {
        let version = number(&hello.fields, "tls.handshake.version").unwrap_or_default();
        let suite = number(&hello.fields, "tls.handshake.ciphersuite").unwrap_or_default();
        for direction in Direction::BOTH {
            let agreed = tls_agreed(&names::tls_version(version), &names::tls_suite(suite));
            say(entries, connection.role(direction), agreed);
        }
    }
    let is_sealed = |said: &&Said| said.protection == Protection::Application;
    for _ in handshakes(CLIENT_HELLO, Forward).filter(is_sealed) {
        say(entries, connection.role(Forward), tls_renegotiated());
    }
    let lines = |direction: Direction| -> Vec<u8> {
        let own = connection.of(ProtocolId::of("data")).filter(is_sealed);
        own.filter(|said| said.direction == direction).flat_map(|said| said.bytes.clone()).collect()
    };
    for direction in Direction::BOTH {
        say(entries, connection.role(direction), tls_lines_sent(&lines(direction)));
        say(entries, connection.role(direction), tls_lines_received(&lines(direction.reverse())));
    }
}
