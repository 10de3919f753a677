//! The steps of QUIC, from the frames of its packets and the handshake inside.

use std::collections::{BTreeMap, BTreeSet};
use std::net::SocketAddr;

use wirestage_dissectors::ids::Direction::{self, Backward, Forward};
use wirestage_dissectors::ids::ProtocolId;
use wirestage_generators::Entry;
use wirestage_generators::steps::{
    self, EARLY_ACCEPTED, EARLY_REJECTED, QuicAccepted, QuicConnected, Step,
};

use super::fields::Fields;
use super::{Connection, Said, say};

/// Types of packets with a long header (RFC 9000, section 17.2).
const INITIAL: u64 = 0;
const ZERO_RTT: u64 = 1;
const RETRY: u64 = 3;

/// Types of frames (RFC 9000, section 19; RFC 9221, section 4).
const STREAM: std::ops::RangeInclusive<u64> = 0x08..=0x0f;
const CLOSE_APP: u64 = 0x1d;
const DATAGRAM: std::ops::RangeInclusive<u64> = 0x30..=0x31;

/// The field of an acknowledgement that names the latest packet that has come.
const LARGEST: &str = "quic.ack.largest_acknowledged";

/// Handshake types (RFC 9846, section 4).
const CLIENT_HELLO: u64 = 1;
const ENCRYPTED_EXTENSIONS: u64 = 8;
const FINISHED: u64 = 20;

/// The extension by which a server says that it takes early data (RFC 9846, section 4.3.10).
const EARLY_DATA: u64 = 42;

/// Whether the connection is one of QUIC.
pub(super) fn is_spoken(connection: &Connection<'_>) -> bool {
    connection.of(ProtocolId::of("quic")).next().is_some()
}

/// Whether the server takes what the client sends early.
fn takes_early(connection: &Connection<'_>) -> bool {
    connection.of(ProtocolId::of("tls")).any(|said| {
        let kind = said.fields.number("tls.handshake.type");
        kind == Some(ENCRYPTED_EXTENSIONS) && accepts_early(&said.fields)
    })
}

/// Whether nothing that was said before counts any more: the server has asked for another try.
pub(super) fn begins_anew(said: &Said) -> bool {
    said.protocol == ProtocolId::of("quic")
        && (is_retry(&said.fields) || is_negotiation(&said.fields))
}

pub(super) fn tell(connection: &Connection<'_>, entries: &mut Vec<Entry>) {
    if !is_spoken(connection) {
        return;
    }
    let mut read = Read::new(connection);
    for said in &connection.messages {
        if said.protocol == ProtocolId::of("quic") {
            read.packet(said);
        } else if said.protocol == ProtocolId::of("tls")
            && let Some(kind) = said.fields.number("tls.handshake.type")
        {
            read.handshake(kind, said.direction, &said.fields);
        }
    }
    read.end();
    let Read { client, server, .. } = read;
    client.into_iter().for_each(|step| say(entries, connection.role(Forward), step));
    server.into_iter().for_each(|step| say(entries, connection.role(Backward), step));
}

/// What one connection said so far.
struct Read<'a, 'c> {
    connection: &'a Connection<'c>,
    client: Vec<Step>,
    server: Vec<Step>,
    /// The destination of the client's first Initial, and the version of its latest.
    id: Option<Vec<u8>>,
    version: u32,
    is_validated: bool,
    alpn: Option<String>,
    server_name: Option<String>,
    /// Whether early data came, and whether the server took it.
    is_early: bool,
    takes_early: bool,
    is_connected: bool,
    ways: BTreeMap<(u64, bool), Way>,
    /// Where the client is.
    paths: Vec<SocketAddr>,
    phases: [bool; 2],
    closed: BTreeSet<bool>,
    is_reset: bool,
    /// The number of the packet at hand, and the largest that the server has acknowledged.
    number: u64,
    acknowledged: u64,
    /// Which of the server's steps are about streams, and which packet brought the last of each.
    last: Vec<(usize, u64)>,
}

/// One direction of a stream.
#[derive(Default)]
struct Way {
    pieces: BTreeMap<u64, Vec<u8>>,
    end: Option<u64>,
    is_early: bool,
    is_told: bool,
}

impl Way {
    /// All of it, once nothing is missing.
    fn whole(&self) -> Option<Vec<u8>> {
        let end = usize::try_from(self.end?).expect("a stream that fits into memory");
        let mut whole = vec![0; end];
        let mut next = 0;
        for (offset, bytes) in &self.pieces {
            if *offset > next {
                return None;
            }
            let at = usize::try_from(*offset).expect("it lies in the stream");
            whole[at..at + bytes.len()].copy_from_slice(bytes);
            next = next.max(offset + bytes.len() as u64);
        }
        (next == end as u64).then_some(whole)
    }
}

impl<'a, 'c> Read<'a, 'c> {
    fn new(connection: &'a Connection<'c>) -> Self {
        Self {
            connection,
            client: Vec::new(),
            server: Vec::new(),
            id: None,
            version: 0,
            is_validated: false,
            alpn: None,
            server_name: None,
            is_early: false,
            takes_early: false,
            is_connected: false,
            ways: BTreeMap::new(),
            paths: vec![connection.end(Forward)],
            phases: [false; 2],
            closed: BTreeSet::new(),
            is_reset: false,
            number: 0,
            acknowledged: 0,
            last: Vec::new(),
        }
    }

    fn steps(&mut self, direction: Direction) -> &mut Vec<Step> {
        match direction {
            Forward => &mut self.client,
            Backward => &mut self.server,
        }
    }

    fn server_end(&self) -> SocketAddr {
        self.connection.end(Backward)
    }

    fn packet(&mut self, said: &Said) {
        let (fields, from) = (&said.fields, said.direction);
        let kind = fields.number("quic.long.packet_type");
        if is_negotiation(fields) {
            self.client.push(steps::quic_version_refused(self.version));
            (self.id, self.is_validated) = (None, false);
            return;
        }
        if is_retry(fields) {
            let (end, server) = (self.paths[0], self.server_end());
            let id = self.id.clone().expect("a Retry answers an Initial");
            self.server.push(steps::quic_retry_sent(end, server, &id));
            return;
        }
        if kind == Some(INITIAL) && from == Forward {
            let version = fields.number("quic.version").expect("a long header has a version");
            self.version = u32::try_from(version).expect("four bytes");
            let id = fields.bytes("quic.dcid").expect("an Initial has an id");
            self.id.get_or_insert_with(|| id.to_vec());
            self.is_validated |= fields.bytes("quic.token").is_some();
        }
        let is_reset = fields.bytes("quic.stateless_reset_token").is_some() && from == Backward;
        if is_reset && !std::mem::replace(&mut self.is_reset, true) {
            // Whoever sends it has not read what it answers.
            let acknowledged = self.acknowledged;
            for (at, _) in self.last.iter().rev().filter(|(_, number)| *number > acknowledged) {
                self.server.remove(*at);
            }
            self.client.push(steps::quic_reset());
        }
        let is_early = kind == Some(ZERO_RTT);
        self.is_early |= is_early;
        self.moves(said);
        if kind.is_none() {
            self.phase(from, fields);
        }
        self.number = fields.number("quic.packet_number").unwrap_or(0);
        for frame in fields.each("quic.frame") {
            self.frame(from, is_early, &frame);
        }
        if let (None, Backward, Some(largest)) = (kind, from, fields.number(LARGEST)) {
            self.acknowledged = self.acknowledged.max(largest);
        }
    }

    /// A packet of the client from elsewhere than the one before.
    fn moves(&mut self, said: &Said) {
        let (Some(end), Forward) = (said.from, said.direction) else { return };
        if self.paths.last() == Some(&end) {
            return;
        }
        self.paths.push(end);
        let to = self.server_end();
        self.client.push(steps::quic_moved(end, to));
        self.server.push(steps::quic_followed(end, to));
    }

    /// The first of both sides that turns the bit has asked for new keys.
    fn phase(&mut self, from: Direction, fields: &Fields) {
        let Some(phase) = fields.number("quic.key_phase") else { return };
        let is_turned = phase == 1;
        let [forward, backward] = self.phases;
        let (own, other) = if from == Forward { (forward, backward) } else { (backward, forward) };
        if is_turned != own {
            if own == other {
                self.steps(from).push(steps::quic_keys_updated());
            }
            self.phases[from.index()] = is_turned;
        }
    }

    fn frame(&mut self, from: Direction, is_early: bool, frame: &Fields) {
        let kind = frame.number("quic.frame_type").expect("a frame has a type");
        if STREAM.contains(&kind) {
            self.stream(from, is_early, frame);
        } else if DATAGRAM.contains(&kind) {
            let bytes = frame.bytes("quic.dg").unwrap_or_default();
            self.steps(from).push(steps::quic_datagram_sent(bytes));
            self.steps(from.reverse()).push(steps::quic_datagram_received(bytes));
        } else if kind == CLOSE_APP && self.closed.insert(from == Forward) {
            let code = frame.number("quic.cc.error_code.app").expect("it has a code");
            let reason = frame.bytes("quic.cc.reason_phrase").unwrap_or_default();
            self.steps(from).push(steps::quic_close_sent(code, reason));
            self.steps(from.reverse()).push(steps::quic_close_received(code, reason));
        }
    }

    fn stream(&mut self, from: Direction, is_early: bool, frame: &Fields) {
        // What HTTP/3 says on streams is told by it.
        if self.alpn.as_deref() == Some("h3") {
            return;
        }
        let id = frame.number("quic.stream.stream_id").expect("a stream has a number");
        let offset = frame.number("quic.stream.offset").unwrap_or(0);
        let bytes = frame.bytes("quic.stream_data").unwrap_or_default();
        let way = self.ways.entry((id, from == Forward)).or_default();
        if way.is_early && !is_early && !self.takes_early {
            // The server has thrown away what came early: streams begin anew.
            *way = Way::default();
        }
        way.is_early |= is_early;
        if frame.number("quic.stream.fin") == Some(1) {
            way.end = Some(offset + bytes.len() as u64);
        }
        let piece = way.pieces.entry(offset).or_default();
        if piece.len() < bytes.len() {
            *piece = bytes.to_vec();
        }
        let Some(whole) = way.whole().filter(|_| !way.is_told) else { return };
        way.is_told = true;
        let was_early = way.is_early;
        self.steps(from).push(steps::quic_stream_sent(id, &whole, was_early));
        if !was_early || takes_early(self.connection) {
            if from == Forward {
                self.last.push((self.server.len(), self.number));
            }
            self.steps(from.reverse()).push(steps::quic_stream_received(id, &whole));
        }
    }

    fn handshake(&mut self, kind: u64, from: Direction, fields: &Fields) {
        let alpn = || {
            let name = fields.chunks("tls.handshake.extensions_alpn_str").next()?;
            Some(String::from_utf8_lossy(name).into_owned())
        };
        match (kind, from) {
            (CLIENT_HELLO, Forward) => {
                let name = fields.text("tls.handshake.extensions_server_name");
                (self.server_name, self.alpn) = (name.map(str::to_owned), alpn());
            }
            (ENCRYPTED_EXTENSIONS, Backward) => {
                self.alpn = alpn();
                self.takes_early = accepts_early(fields);
            }
            (FINISHED, Backward) => self.connected(),
            (FINISHED, Forward) => self.accepted(),
            _ => {}
        }
    }

    /// The handshake is complete for the client, whose own last word is to come.
    fn connected(&mut self) {
        let (from, to) = (self.paths[0], self.server_end());
        let early = if self.takes_early { EARLY_ACCEPTED } else { EARLY_REJECTED };
        let alpn = self.alpn.clone();
        self.client.push(steps::quic_connected(&QuicConnected {
            from,
            to,
            alpn: alpn.as_deref(),
            early: Some(early).filter(|_| self.is_early),
        }));
    }

    /// The handshake is complete.
    fn accepted(&mut self) {
        self.is_connected = true;
        let (from, to) = (self.paths[0], self.server_end());
        let accepted = steps::quic_accepted(&QuicAccepted {
            from,
            to,
            id: self.id.as_deref().expect("a connection begins with an Initial"),
            validated: self.is_validated,
            alpn: self.alpn.as_deref(),
            server_name: self.server_name.as_deref(),
        });
        // A server that takes early data has the connection before that is read.
        let retries = self.server.iter().take_while(|step| step.name == "quic.retry.sent").count();
        self.server.insert(retries, accepted);
        self.last.iter_mut().for_each(|(at, _)| *at += 1);
    }

    /// Nothing more came.
    fn end(&mut self) {
        if self.is_connected && self.closed.is_empty() && !self.is_reset {
            self.client.push(steps::quic_timed_out());
            self.server.push(steps::quic_timed_out());
        }
    }
}

fn is_retry(fields: &Fields) -> bool {
    fields.number("quic.long.packet_type") == Some(RETRY)
}

/// A packet of no version names those that there are (RFC 9000, section 17.2.1).
fn is_negotiation(fields: &Fields) -> bool {
    fields.number("quic.version") == Some(0)
}

fn accepts_early(fields: &Fields) -> bool {
    fields.numbers("tls.handshake.extension.type").any(|kind| kind == EARLY_DATA)
}
