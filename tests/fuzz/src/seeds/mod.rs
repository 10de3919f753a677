//! The targets, and what each begins with: built here, and the sample recordings.

mod contents;
mod datagrams;
mod dialogues;
mod files;
mod http;
mod icmp;
mod links;
mod packets;
mod quic;
mod sealed;

use crate::carry::bytes;
use crate::input::{Carrier, Input, Turn};

/// A group of protocols that is tried together.
pub struct Target {
    /// What it is called.
    pub name: &'static str,
    /// What it begins with.
    pub seeds: fn() -> Vec<Input>,
}

/// All of them: groups, then readers and protocols one by one.
pub const TARGETS: &[Target] = &[
    Target { name: "links", seeds: links::seeds },
    Target { name: "tunnels", seeds: packets::tunnels },
    Target { name: "fragments", seeds: packets::fragments },
    Target { name: "icmp", seeds: icmp::seeds },
    Target { name: "datagrams", seeds: datagrams::seeds },
    Target { name: "dialogues", seeds: dialogues::seeds },
    Target { name: "pcap", seeds: files::pcap },
    Target { name: "pcapng", seeds: files::pcapng },
    Target { name: "headers", seeds: || [links::seeds(), packets::tunnels()].concat() },
    Target { name: "tcp", seeds: || dialogues::of(&[7], &["tcp-"]) },
    Target { name: "tls", seeds: || dialogues::of(&[443, 8443], &["tls"]) },
    Target { name: "x509", seeds: dialogues::certificates },
    Target { name: "http1", seeds: || dialogues::of(&[80, 8080, 3128], &["http1"]) },
    Target { name: "http2", seeds: || dialogues::of(&[8081], &[]) },
    Target { name: "hpack", seeds: http::hpack },
    Target { name: "grpc", seeds: http::grpc },
    Target { name: "protobuf", seeds: http::protobuf },
    Target { name: "websocket", seeds: http::websocket },
    Target { name: "dns", seeds: || [datagrams::dns(), dialogues::of(&[53], &["dns-"])].concat() },
    Target { name: "quic", seeds: quic::packets },
    Target { name: "quic-frames", seeds: quic::frames },
    Target { name: "quic-parameters", seeds: quic::parameters },
    Target { name: "http3", seeds: quic::http3 },
    Target { name: "qpack", seeds: quic::qpack },
    Target { name: "smtp", seeds: || dialogues::of(&[25], &[]) },
    Target { name: "resp", seeds: || dialogues::of(&[6379], &[]) },
    Target { name: "mqtt", seeds: || dialogues::of(&[1883], &[]) },
    Target { name: "memcache", seeds: || dialogues::of(&[11211], &[]) },
    Target { name: "kafka", seeds: || dialogues::of(&[9092], &[]) },
    Target { name: "amqp", seeds: || dialogues::of(&[5672], &[]) },
    Target { name: "mongo", seeds: || dialogues::of(&[27017], &[]) },
    Target { name: "nats", seeds: || dialogues::of(&[4222], &[]) },
    Target { name: "stun", seeds: || datagrams::of(3478) },
    Target { name: "dtls", seeds: || datagrams::of(4433) },
    Target { name: "kerberos", seeds: || datagrams::of(88) },
    Target { name: "dnp3", seeds: || dialogues::of(&[20_000], &[]) },
    Target { name: "enip", seeds: || dialogues::of(&[44_818], &[]) },
    Target { name: "modbus", seeds: || dialogues::of(&[502], &[]) },
    Target { name: "s7comm", seeds: || dialogues::of(&[102], &[]) },
    Target { name: "bgp", seeds: || dialogues::of(&[179], &[]) },
    Target { name: "irc", seeds: || dialogues::of(&[6667], &[]) },
    Target { name: "stomp", seeds: || dialogues::of(&[61_613], &[]) },
    Target { name: "sctp", seeds: || datagrams::of(9899) },
    Target { name: "ages", seeds: sealed::ages },
    Target { name: "keylogs", seeds: sealed::logs },
    Target { name: "chains", seeds: dialogues::chains },
    Target { name: "heads", seeds: contents::heads },
    Target { name: "bodies", seeds: contents::bodies },
    Target { name: "databases", seeds: || dialogues::of(&DATABASES, &[]) },
];

/// Where what is behind an application is asked: Redis, PostgreSQL, MySQL, MongoDB, Kafka, AMQP,
/// MQTT, memcached, NATS and LDAP.
const DATABASES: [u16; 10] = [6379, 5432, 3306, 27017, 9092, 5672, 1883, 11211, 4222, 389];

/// What is said, as it is written down: `C` or `S` for who says it, then a space and text, or `x`
/// and hexadecimal digits.
fn talk(carrier: Carrier, said: &[&str]) -> Input {
    let turns = said.iter().map(|said| {
        let (who, what) = said.split_at(1);
        let bytes = match what.split_at(1) {
            ("x", hex) => bytes(hex),
            (_, text) => text.as_bytes().to_vec(),
        };
        Turn { is_client: who == "C", after: 1_000_000, link: 1, bytes }
    });
    Input::new(carrier, turns.collect())
}

/// One input for each of these frames of a link, and one of all.
fn alone(link: u16, frames: &[&str]) -> Vec<Input> {
    let turn = |hex: &&str| Turn { is_client: true, after: 1_000, link, bytes: bytes(hex) };
    let turns: Vec<Turn> = frames.iter().map(turn).collect();
    let mut found: Vec<Input> =
        turns.iter().map(|turn| Input::new(Carrier::Frame, vec![turn.clone()])).collect();
    found.push(Input::new(Carrier::Frame, turns));
    found
}
