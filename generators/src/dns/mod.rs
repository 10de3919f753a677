//! DNS for scenarios: a name server with a zone of its own, and a client that asks it and nobody
//! else.
//!
//! Both ends are `hickory`, as programs use it: its server answers out of a zone file, its client
//! makes the queries and reads the answers. Nothing here consults the system: no resolv.conf, no
//! hosts file, no root servers. What is added stands in `sockets`: they tell of every datagram
//! that passes.

mod client;
mod https;
mod server;
mod sockets;

use hickory_net::proto::rr::{Name, RData, Record};

use crate::{Knob, Role, RoleKind, names, steps};

pub(crate) use client::Client;
pub(crate) use https::serve as serve_https;
pub(crate) use server::NameServer;

/// The well-known port of DNS, over UDP and over TCP.
pub(crate) const PORT: u16 = 53;

/// The well-known port of DNS inside TLS (RFC 7858, section 3.1).
pub(crate) const TLS_PORT: u16 = 853;

/// DNS inside TLS, as ALPN names it.
pub(crate) const ALPN: &[u8] = b"dot";

/// Who answers in DNS.
pub(crate) const NAME_SERVER: Role =
    Role { name: "server", title: "Name server", kind: RoleKind::Server };

/// The knob for the size of an answer over UDP. 1232 bytes fit into a packet on any path that
/// carries IPv6 (1280, less 48 of headers); without EDNS the limit is 512 (RFC 1035, section
/// 4.2.1).
pub(crate) const EDNS: Knob = Knob {
    name: "edns",
    help: "The bytes of UDP answer the client says it can take (EDNS); with none it says nothing, \
           and 512 is the limit.",
    default: "1232",
    choices: &["1232", "none"],
};

/// What carries messages.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Over {
    /// A datagram each (RFC 1035, section 4.2.1).
    Udp,
    /// A connection, each behind its length (RFC 1035, section 4.2.2).
    Tcp,
    /// The same inside TLS (RFC 7858).
    Tls,
    /// Content of HTTP (RFC 8484).
    Https,
}

impl Over {
    /// As the transcript spells it.
    fn word(self) -> &'static str {
        match self {
            Over::Udp => "udp",
            Over::Tcp => "tcp",
            Over::Tls => "tls",
            Over::Https => "https",
        }
    }

    /// Whether a length stands before each message.
    fn has_length(self) -> bool {
        matches!(self, Over::Tcp | Over::Tls)
    }
}

/// A domain name as the transcript spells it: without the dot of the root.
fn spelled(name: &Name) -> String {
    name.to_ascii().trim_end_matches('.').to_owned()
}

/// A record as the transcript tells it.
fn told_record(section: &'static str, record: &Record) -> steps::DnsRecord {
    steps::DnsRecord {
        section,
        name: spelled(&record.name),
        kind: names::dns_type(record.record_type().into()),
        ttl: record.ttl,
        data: data(&record.data),
    }
}

/// The value of a record, as zone files write it.
fn data(data: &RData) -> String {
    match data {
        RData::CNAME(name) => spelled(&name.0),
        RData::SOA(soa) => {
            let (master, mailbox) = (spelled(&soa.mname), spelled(&soa.rname));
            let times = [soa.refresh, soa.retry, soa.expire].map(|seconds| seconds.to_string());
            format!("{master} {mailbox} {} {} {}", soa.serial, times.join(" "), soa.minimum)
        }
        RData::TXT(text) => {
            let strings = text.txt_data.iter().map(|string| String::from_utf8_lossy(string));
            strings.collect::<Vec<_>>().join(" ")
        }
        other => other.to_string(),
    }
}
