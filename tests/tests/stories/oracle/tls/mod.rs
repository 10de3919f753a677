//! The steps of TLS, from its handshake messages and from the keys that the story sees held.

mod programs;
mod refusals;

use std::collections::BTreeSet;

use wirestage_dissectors::ids::Direction::{self, Backward, Forward};
use wirestage_dissectors::ids::ProtocolId;
use wirestage_dissectors::message::Protection;
use wirestage_dissectors::story::BeatId;
use wirestage_generators::steps::{
    Established, Step, tls_alert_received, tls_alert_sent, tls_certificate_compressed,
    tls_certificate_inflated, tls_certificate_verified, tls_client_certificate_verified,
    tls_client_hello_received, tls_early_received, tls_early_sent, tls_ech_accepted,
    tls_ech_greased, tls_established, tls_keys, tls_keys_updated, tls_session_found,
    tls_signature_verified, tls_staple_received, tls_ticket_received, tls_ticket_sent, tls_waited,
};
use wirestage_generators::{Entry, names};

use super::fields::Fields;
use super::{Connection, quic, say};

/// Handshake types (RFC 9846, section 4, and RFC 5246, section 7.4).
const CLIENT_HELLO: u64 = 1;
const SERVER_HELLO: u64 = 2;
const NEW_SESSION_TICKET: u64 = 4;
const ENCRYPTED_EXTENSIONS: u64 = 8;
const CERTIFICATE: u64 = 11;
const SERVER_KEY_EXCHANGE: u64 = 12;
const CERTIFICATE_VERIFY: u64 = 15;
const CLIENT_KEY_EXCHANGE: u64 = 16;
const FINISHED: u64 = 20;
const CERTIFICATE_STATUS: u64 = 22;
const KEY_UPDATE: u64 = 24;
const COMPRESSED_CERTIFICATE: u64 = 25;

/// Extensions (RFC 9846, sections 4.3.10 and 4.3.11; RFC 9849, section 5).
const PRE_SHARED_KEY: u64 = 41;
const EARLY_DATA: u64 = 42;
const ENCRYPTED_CLIENT_HELLO: u64 = 0xfe0d;

pub(super) fn tell(connection: &Connection<'_>, entries: &mut Vec<Entry>) {
    if programs::speak(connection) {
        return programs::tell(connection, entries);
    }
    let mut handshake = Handshake::default();
    let mut steps = Steps::default();
    for said in &connection.messages {
        if quic::begins_anew(said) {
            // What the client said first the server has not taken up.
            (handshake, steps) = Default::default();
        }
        if said.protocol != ProtocolId::of("tls") {
            continue;
        }
        let (fields, direction) = (&said.fields, said.direction);
        if let Some(kind) = fields.number("tls.handshake.type") {
            handshake.message(connection, kind, direction, fields, &mut steps);
        } else if let Some(number) = fields.number("tls.alert_message.desc") {
            refusals::tell(connection, (direction, number), &mut steps);
            let description = names::tls_alert(u8::try_from(number).expect("a byte"));
            steps.of(direction).push(tls_alert_sent(&description));
            // Who has refused hears nothing more.
            let hears = steps.of(direction.reverse());
            if !hears.iter().any(|step| step.name == "tls.refused") {
                hears.push(tls_alert_received(&description));
            }
        }
    }
    let Steps { client, server } = steps;
    client.into_iter().for_each(|step| say(entries, connection.role(Forward), step));
    server.into_iter().for_each(|step| say(entries, connection.role(Backward), step));
}

/// Whether the server has not taken what the client sent early.
pub(super) fn throws_early_data_away(connection: &Connection<'_>) -> bool {
    let has = |wanted: u64| {
        let all = connection.messages.iter().filter(move |said| {
            said.protocol == ProtocolId::of("tls")
                && said.fields.number("tls.handshake.type") == Some(wanted)
        });
        all.map(|said| {
            let mut kinds = said.fields.numbers("tls.handshake.extension.type");
            kinds.any(|kind| kind == EARLY_DATA)
        })
    };
    has(CLIENT_HELLO).any(|offers| offers) && has(ENCRYPTED_EXTENSIONS).any(|takes| !takes)
}

/// What the two sides did so far.
#[derive(Default)]
struct Steps {
    client: Vec<Step>,
    server: Vec<Step>,
}

impl Steps {
    fn of(&mut self, direction: Direction) -> &mut Vec<Step> {
        match direction {
            Forward => &mut self.client,
            Backward => &mut self.server,
        }
    }
}

/// What was agreed on so far.
#[derive(Default)]
struct Handshake {
    random: Vec<u8>,
    server_name: Option<String>,
    version: Option<u16>,
    suite: Option<String>,
    group: Option<String>,
    alpn: Option<String>,
    certificate: Option<Vec<u8>>,
    /// The session id of the ClientHello, and of the ServerHello.
    session_ids: [Vec<u8>; 2],
    /// Whether the ClientHello shows a ticket of TLS 1.2.
    has_ticket: bool,
    /// Whether a HelloRetryRequest was answered.
    retried: bool,
    /// Whether an earlier session goes on.
    resumed: bool,
    /// Whether early data was offered, and taken.
    early: Option<bool>,
    /// Whether the ClientHello has an encrypted one in it, or what looks like one.
    greased: bool,
    /// Whether it was opened, and the server has taken what it holds.
    sealed: bool,
    /// Whether the server has not opened it: what stands outside is what counts, and the client
    /// ends the handshake that it has completed.
    unopened: bool,
    /// The random and the name of the ClientHello outside.
    outer: (Vec<u8>, Option<String>),
    /// Where the server's own "established" stands among its steps: tickets go before it.
    established: Option<usize>,
}

impl Handshake {
    fn message(
        &mut self,
        connection: &Connection<'_>,
        kind: u64,
        direction: Direction,
        fields: &Fields,
        steps: &mut Steps,
    ) {
        let tls13 = self.version == Some(0x0304);
        let has =
            |wanted: u64| fields.numbers("tls.handshake.extension.type").any(|kind| kind == wanted);
        match (kind, direction) {
            (CLIENT_HELLO, Forward) => {
                steps.server.push(self.client_hello(fields));
                self.early = has(EARLY_DATA).then_some(false);
                let data = fields.bytes("tls.handshake.extension.data");
                self.has_ticket = data.is_some_and(|data| !data.is_empty());
                let is_inside = fields.number("tls.ech.client_hello_type") == Some(1);
                self.greased = has(ENCRYPTED_CLIENT_HELLO) && !is_inside;
                if !is_inside {
                    self.outer = (self.random.clone(), self.server_name.clone());
                }
                if self.early.is_some() {
                    steps.client.push(tls_keys("early", &self.random));
                }
            }
            (SERVER_HELLO, Backward) if is_retry(fields) => self.retried = true,
            (SERVER_HELLO, Backward) => {
                self.server_hello(fields);
                self.sealed = fields.has("tls.ech_accepted");
                self.unopened = fields.has("tls.ech_rejected");
                if self.unopened {
                    (self.random, self.server_name) = self.outer.clone();
                }
                // The server's library makes this key of every session that it resumes.
                if has(PRE_SHARED_KEY) {
                    self.resumed = true;
                    steps.server.push(tls_keys("early", &self.random));
                }
                if self.version == Some(0x0304) {
                    self.keys(connection, "handshake", Protection::Handshake, steps);
                } else if self.resumed {
                    let [_, id] = &self.session_ids;
                    let found = (!self.has_ticket).then(|| tls_session_found(id));
                    steps.server.extend(found);
                    self.keys(connection, "connection", Protection::Application, steps);
                }
            }
            (ENCRYPTED_EXTENSIONS, Backward) => {
                self.alpn = alpn(fields).pop();
                if has(EARLY_DATA) {
                    self.early = Some(true);
                }
            }
            (CERTIFICATE, Backward) => self.server_certificate(fields, steps),
            (COMPRESSED_CERTIFICATE, Backward) => {
                steps.server.push(packed(fields, tls_certificate_compressed));
                steps.client.push(packed(fields, tls_certificate_inflated));
                self.server_certificate(fields, steps);
            }
            (CERTIFICATE_STATUS, Backward) => steps.client.extend(staple(fields)),
            (CERTIFICATE, Forward) => {
                let chain: Vec<&[u8]> = fields.chunks("tls.handshake.certificate").collect();
                steps.server.push(tls_client_certificate_verified(&chain));
            }
            (SERVER_KEY_EXCHANGE, Backward) => {
                self.group =
                    number(fields, "tls.handshake.server_named_curve").map(names::tls_group);
                steps.client.push(signature(fields));
            }
            (CERTIFICATE_VERIFY, from) => steps.of(from.reverse()).push(signature(fields)),
            (FINISHED, Backward) if tls13 => {
                self.keys(connection, "application", Protection::Application, steps);
            }
            // In QUIC it is not the library of TLS that tells the program what was agreed on.
            (FINISHED, Forward) if tls13 && quic::is_spoken(connection) => {}
            (FINISHED, Forward) if self.unopened => {}
            (FINISHED, Forward) if tls13 => {
                // What came early is said when all of that is done, the ticket included.
                self.established = Some(steps.server.len());
                self.early_data(connection, steps);
                self.client_done(connection, steps);
                steps.server.push(self.agreed());
            }
            (CLIENT_KEY_EXCHANGE, Forward) => {
                self.keys(connection, "connection", Protection::Application, steps);
            }
            // Who is second has seen both: the server, and in a resumed session the client.
            (FINISHED, Backward) if !self.resumed => self.done12(connection, steps),
            (FINISHED, Forward) if self.resumed => self.done12(connection, steps),
            (NEW_SESSION_TICKET, Backward) if tls13 => self.ticket(fields, steps),
            (NEW_SESSION_TICKET, Backward) => {
                steps.server.push(tls_ticket_sent(ticket_of(fields)));
            }
            (KEY_UPDATE, from)
                if fields.number("tls.handshake.key_update.request_update") == Some(1) =>
            {
                steps.of(from).push(tls_keys_updated());
            }
            _ => {}
        }
    }

    /// The server has shown who it is, and what its issuer says of that.
    fn server_certificate(&mut self, fields: &Fields, steps: &mut Steps) {
        let chain: Vec<&[u8]> = fields.chunks("tls.handshake.certificate").collect();
        self.certificate = chain.first().map(|own| own.to_vec());
        let name = self.server_name.as_deref().unwrap_or_default();
        steps.client.push(tls_certificate_verified(name, &chain));
        steps.client.extend(staple(fields));
    }

    /// What the client has sent before the handshake was complete, and what came of it.
    fn early_data(&self, connection: &Connection<'_>, steps: &mut Steps) {
        let Some(is_accepted) = self.early else { return };
        let inside = connection.messages.iter().filter(|said| {
            said.protection == Protection::Early && said.protocol != ProtocolId::of("tls")
        });
        let data: Vec<u8> = inside.flat_map(|said| said.bytes.clone()).collect();
        steps.client.push(tls_early_sent(&data, is_accepted));
        if is_accepted {
            steps.server.push(tls_early_received(&data));
        }
    }

    /// A handshake of TLS 1.2 is complete for both.
    fn done12(&mut self, connection: &Connection<'_>, steps: &mut Steps) {
        self.client_done(connection, steps);
        steps.server.push(self.agreed());
    }

    fn client_hello(&mut self, fields: &Fields) -> Step {
        let random = fields.bytes("tls.handshake.random").expect("a hello has a random");
        self.random = random.to_vec();
        let name = fields.text("tls.handshake.extensions_server_name");
        self.server_name = name.map(str::to_owned);
        self.session_ids[0] = session_id(fields);
        let list = |name, spell: fn(u16) -> String| -> Vec<String> {
            fields.numbers(name).map(|number| spell(small(number))).collect()
        };
        tls_client_hello_received(
            name,
            &list("tls.handshake.ciphersuite", names::tls_suite),
            &list("tls.handshake.extensions_supported_group", names::tls_group),
            &list("tls.handshake.sig_hash_alg", names::tls_signature_scheme),
            &alpn(fields),
        )
    }

    fn server_hello(&mut self, fields: &Fields) {
        let agreed = number(fields, "tls.handshake.extensions.supported_version");
        self.version = agreed.or(number(fields, "tls.handshake.version"));
        self.suite = number(fields, "tls.handshake.ciphersuite").map(names::tls_suite);
        let group = number(fields, "tls.handshake.extensions_key_share_group");
        self.group = group.map(names::tls_group);
        self.alpn = alpn(fields).pop();
        self.session_ids[1] = session_id(fields);
        let [theirs, ours] = &self.session_ids;
        self.resumed = self.version == Some(0x0303) && !ours.is_empty() && ours == theirs;
    }

    /// Both sides hold the keys of an epoch, where the story says so.
    fn keys(
        &self,
        connection: &Connection<'_>,
        epoch: &str,
        protection: Protection,
        steps: &mut Steps,
    ) {
        for direction in Direction::BOTH {
            if connection.holds(direction, protection) {
                steps.of(direction).push(tls_keys(epoch, &self.random));
            }
        }
    }

    /// The handshake is complete for the client.
    fn client_done(&self, connection: &Connection<'_>, steps: &mut Steps) {
        let trips = connection.story.trips.iter().filter(|trip| {
            let is_handshake = |flight| {
                let flight = connection.story.beat(flight);
                flight.is_some_and(|flight| {
                    // One that takes new keys into use waits for nothing.
                    let renews = flight.label.starts_with("KeyUpdate");
                    flight.protocol == ProtocolId::of("tls") && !renews
                })
            };
            connection.is_own(trip.from) && is_handshake(trip.from) && is_handshake(trip.to)
        });
        // A request that left with a ClientHello is answered by its own protocol.
        let asked: BTreeSet<BeatId> = trips.map(|trip| trip.from).collect();
        let waited = u32::try_from(asked.len()).expect("a few round trips");
        steps.client.push(self.agreed());
        if self.greased {
            steps.client.push(tls_ech_greased());
        }
        if self.sealed {
            steps.client.push(tls_ech_accepted());
        }
        steps.client.push(tls_waited(waited));
    }

    fn agreed(&self) -> Step {
        let handshake = match (self.resumed, self.retried) {
            (true, _) => "resumed",
            (false, true) => "full-after-retry",
            (false, false) => "full",
        };
        tls_established(Established {
            version: self.version.map(names::tls_version).as_deref(),
            suite: self.suite.as_deref(),
            group: self.group.as_deref(),
            alpn: self.alpn.as_deref(),
            handshake: Some(handshake),
            server_name: self.server_name.as_deref(),
            certificate: self.certificate.as_deref(),
        })
    }

    fn ticket(&mut self, fields: &Fields, steps: &mut Steps) {
        let ticket = ticket_of(fields);
        let early = fields.number("tls.early_data.max_early_data_size").unwrap_or(0);
        let early = u32::try_from(early).expect("a size of four bytes");
        let suite = self.suite.as_deref().unwrap_or_default();
        steps.client.push(tls_ticket_received(suite, early));
        let place = self.established.unwrap_or(steps.server.len());
        steps.server.insert(place, tls_ticket_sent(ticket));
        self.established = self.established.map(|place| place + 1);
    }
}

/// What a CompressedCertificate says of itself.
fn packed(fields: &Fields, step: fn(&str, usize, usize) -> Step) -> Step {
    let len = |name| fields.number(name).and_then(|len| usize::try_from(len).ok());
    let algorithm = match fields.number("tls.compress_certificate.algorithm") {
        Some(1) => "zlib",
        _ => "another",
    };
    let whole = len("tls.compress_certificate.uncompressed_length");
    let coded = len("tls.compress_certificate.compressed_certificate_message.length");
    step(algorithm, whole.unwrap_or_default(), coded.unwrap_or_default())
}

fn staple(fields: &Fields) -> Option<Step> {
    fields.bytes("tls.handshake.ocsp_response").map(tls_staple_received)
}

fn signature(fields: &Fields) -> Step {
    let scheme = number(fields, "tls.handshake.sig_hash_alg").unwrap_or_default();
    tls_signature_verified(&names::tls_signature_scheme(scheme))
}

fn alpn(fields: &Fields) -> Vec<String> {
    let chosen = fields.chunks("tls.handshake.extensions_alpn_str");
    chosen.map(|name| String::from_utf8_lossy(name).into_owned()).collect()
}

fn number(fields: &Fields, name: &str) -> Option<u16> {
    fields.number(name).map(small)
}

fn small(number: u64) -> u16 {
    u16::try_from(number).expect("a number of two bytes")
}

fn ticket_of(fields: &Fields) -> &[u8] {
    fields.bytes("tls.handshake.session_ticket").expect("a ticket has bytes")
}

fn session_id(fields: &Fields) -> Vec<u8> {
    fields.bytes("tls.handshake.session_id").unwrap_or_default().to_vec()
}

/// Whether a ServerHello is a HelloRetryRequest: it has this random (RFC 9846, section 4.2.4).
fn is_retry(fields: &Fields) -> bool {
    let random = fields.bytes("tls.handshake.random").unwrap_or_default();
    random.starts_with(&[0xcf, 0x21, 0xad, 0x74, 0xe5, 0x9a, 0x61, 0x11])
}
