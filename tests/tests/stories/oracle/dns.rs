//! The steps of DNS, from the fields of its messages.

use wirestage_dissectors::ids::ProtocolId;
use wirestage_dissectors::survey::Transport;
use wirestage_generators::steps::{
    DnsQuery, DnsRecord, DnsResponse, dns_query_received, dns_query_sent, dns_record_received,
    dns_response_received, dns_response_sent,
};
use wirestage_generators::{Entry, names};

use super::fields::Fields;
use super::{Connection, say};

pub(super) fn tell(connection: &Connection<'_>, entries: &mut Vec<Entry>) {
    let speaks = |name| connection.of(ProtocolId::of(name)).next().is_some();
    let over = match connection.flow.key.transport {
        Transport::Udp => "udp",
        Transport::Tcp if speaks("http2") => "https",
        Transport::Tcp if speaks("tls") => "tls",
        Transport::Tcp => "tcp",
    };
    for said in connection.of(ProtocolId::of("dns")) {
        let fields = &said.fields;
        let sender = connection.role(said.direction);
        let receiver = connection.role(said.direction.reverse());
        // Only on a stream of bytes does a length stand before the message.
        let length = fields.number("dns.length");
        let on_stream = matches!(over, "tcp" | "tls");
        assert_eq!(length.is_some(), on_stream, "two bytes of length on a stream of bytes alone");
        let length = length.map(|length| usize::try_from(length).expect("two bytes"));
        let id = small(fields, "dns.id");
        if !flag(fields, "dns.flags.response") {
            let query = DnsQuery {
                over,
                id,
                name: fields.text("dns.qry.name").expect("a question has a name"),
                kind: &names::dns_type(small(fields, "dns.qry.type")),
                udp_payload: fields
                    .number("dns.rr.udp_payload_size")
                    .map(|size| u16::try_from(size).expect("two bytes")),
                length: None,
            };
            say(entries, sender, dns_query_sent(&query));
            say(entries, receiver, dns_query_received(&DnsQuery { length, ..query }));
            continue;
        }
        let truncated = flag(fields, "dns.flags.truncated");
        let count = |name| usize::from(small(fields, name));
        let response = DnsResponse {
            over,
            id,
            code: &names::dns_code(small(fields, "dns.flags.rcode")),
            authoritative: flag(fields, "dns.flags.authoritative"),
            truncated,
            answers: count("dns.count.answers"),
            authorities: count("dns.count.auth_rr"),
            length: None,
        };
        say(entries, sender, dns_response_sent(&response));
        say(entries, receiver, dns_response_received(&DnsResponse { length, ..response }));
        if truncated {
            continue;
        }
        // The sections follow each other: the counts say where one ends.
        let records = fields.each("dns.resp.name");
        let wanted = response.answers + response.authorities;
        for (index, record) in records.iter().take(wanted).enumerate() {
            let section = if index < response.answers { "answer" } else { "authority" };
            say(entries, receiver, dns_record_received(&told(section, record)));
        }
    }
}

/// A record out of the fields of it alone.
fn told(section: &'static str, record: &Fields) -> DnsRecord {
    let name = record.text("dns.resp.name").expect("a record has a name").to_owned();
    let kind = names::dns_type(small(record, "dns.resp.type"));
    let ttl = record.number("dns.resp.ttl").expect("a record has a TTL");
    let ttl = u32::try_from(ttl).expect("four bytes");
    let data = data(&kind, record);
    DnsRecord { section, name, kind, ttl, data }
}

/// The value of a record, spelled as in the transcript.
fn data(kind: &str, record: &Fields) -> String {
    let text = |name| record.text(name).expect("a record has a value").to_owned();
    match kind {
        "A" => {
            let address: [u8; 4] = address(record, "dns.a");
            std::net::Ipv4Addr::from(address).to_string()
        }
        "AAAA" => {
            let address: [u8; 16] = address(record, "dns.aaaa");
            std::net::Ipv6Addr::from(address).to_string()
        }
        "CNAME" => text("dns.cname"),
        "TXT" => {
            let strings = record.chunks("dns.txt").map(String::from_utf8_lossy);
            strings.collect::<Vec<_>>().join(" ")
        }
        "SOA" => {
            let numbers = [
                "dns.soa.serial_number",
                "dns.soa.refresh_interval",
                "dns.soa.retry_interval",
                "dns.soa.expire_limit",
                "dns.soa.minimum_ttl",
            ];
            let number = |name| record.number(name).expect("an SOA has five numbers").to_string();
            let numbers = numbers.map(number).join(" ");
            format!("{} {} {numbers}", text("dns.soa.mname"), text("dns.soa.rname"))
        }
        other => panic!("no scenario here asks for {other}"),
    }
}

fn address<const N: usize>(record: &Fields, name: &str) -> [u8; N] {
    let bytes = record.bytes(name).expect("an address record has an address");
    bytes.try_into().expect("an address has its size")
}

fn small(fields: &Fields, name: &str) -> u16 {
    let number = fields.number(name).unwrap_or_else(|| panic!("{name} is told"));
    u16::try_from(number).expect("a number of two bytes")
}

fn flag(fields: &Fields, name: &str) -> bool {
    fields.number(name).unwrap_or_else(|| panic!("{name} is told")) != 0
}
