//! The steps of DNS: queries and responses, and the records a response brought.
//!
//! Each side says a query before the response to it. The facts of [`dns_query_sent`] and
//! [`dns_query_received`] are those of one message, and likewise for responses; only `length` is
//! known to the receiver alone.

use super::Step;

/// A query in the terms both sides and the wire share.
#[derive(Clone, Copy, Debug)]
pub struct DnsQuery<'a> {
    /// `udp` or `tcp`.
    pub over: &'a str,
    /// The message id, which the response repeats.
    pub id: u16,
    /// The name asked for.
    pub name: &'a str,
    /// The type asked for, such as `AAAA`.
    pub kind: &'a str,
    /// The size of UDP payload that the client can take, where it says so (EDNS).
    pub udp_payload: Option<u16>,
    /// The bytes of the message, where they were announced in front of it: over TCP, for who reads.
    pub length: Option<usize>,
}

/// A response in the terms both sides and the wire share.
#[derive(Clone, Copy, Debug)]
pub struct DnsResponse<'a> {
    /// `udp` or `tcp`.
    pub over: &'a str,
    /// The message id of the query.
    pub id: u16,
    /// The response code, such as `NXDomain`.
    pub code: &'a str,
    /// Whether the server is the authority for the name.
    pub authoritative: bool,
    /// Whether the answer did not fit.
    pub truncated: bool,
    /// How many records stand in the answer section.
    pub answers: usize,
    /// How many records stand in the authority section.
    pub authorities: usize,
    /// As for a query.
    pub length: Option<usize>,
}

/// A resource record.
#[derive(Clone, Debug)]
pub struct DnsRecord {
    /// `answer` or `authority`.
    pub section: &'static str,
    /// The name it is about.
    pub name: String,
    /// Its type, such as `CNAME`.
    pub kind: String,
    /// For how many seconds it may be kept.
    pub ttl: u32,
    /// Its value, as a zone file has it: an address, a name, the fields of an SOA in their order,
    /// the strings of a TXT without quotes; parts are separated by one space.
    pub data: String,
}

/// `dns.query.sent {over, id, name, type, udp_payload}`: the client's library sent a query. Said
/// when it has the response, for the library tells the id no sooner.
///
/// On the wire: the id of the header, the one question, and the size in the OPT record (absent
/// without one).
pub fn dns_query_sent(query: &DnsQuery<'_>) -> Step {
    query_step("dns.query.sent", query)
}

/// `dns.query.received {over, id, name, type, udp_payload, length}`: the server's library read a
/// query. The facts of [`dns_query_sent`], and over TCP the length.
///
/// On the wire: `length` is what the two bytes in front of the message say.
pub fn dns_query_received(query: &DnsQuery<'_>) -> Step {
    query_step("dns.query.received", query)
}

fn query_step(name: &'static str, query: &DnsQuery<'_>) -> Step {
    Step::new(
        name,
        [
            ("over", query.over.to_owned()),
            ("id", query.id.to_string()),
            ("name", query.name.to_owned()),
            ("type", query.kind.to_owned()),
        ],
    )
    .maybe("udp_payload", query.udp_payload.map(|size| size.to_string()))
    .maybe("length", query.length.map(|length| length.to_string()))
}

/// `dns.response.sent {over, id, code, authoritative, truncated, answers, authorities}`: the
/// server's library wrote a response.
///
/// On the wire: the header with its flags AA and TC and its counts.
pub fn dns_response_sent(response: &DnsResponse<'_>) -> Step {
    response_step("dns.response.sent", response)
}

/// `dns.response.received {over, id, code, authoritative, truncated, answers, authorities,
/// length}`: the client's library took a response for the answer to its query. The facts of
/// [`dns_response_sent`], and over TCP the length.
///
/// On the wire: `length` is what the two bytes in front of the message say.
pub fn dns_response_received(response: &DnsResponse<'_>) -> Step {
    response_step("dns.response.received", response)
}

fn response_step(name: &'static str, response: &DnsResponse<'_>) -> Step {
    let flag = |set| if set { "yes" } else { "no" }.to_owned();
    Step::new(
        name,
        [
            ("over", response.over.to_owned()),
            ("id", response.id.to_string()),
            ("code", response.code.to_owned()),
            ("authoritative", flag(response.authoritative)),
            ("truncated", flag(response.truncated)),
            ("answers", response.answers.to_string()),
            ("authorities", response.authorities.to_string()),
        ],
    )
    .maybe("length", response.length.map(|length| length.to_string()))
}

/// `dns.record.received {section, name, type, ttl, data}`: a record of the response before it.
/// Said by the client alone, for each record in the order of the message; those of a truncated
/// response are dropped unsaid, and the OPT record is none.
///
/// On the wire: name, type, TTL and value of a record in the answer or authority section, with
/// compressed names written out.
pub fn dns_record_received(record: &DnsRecord) -> Step {
    Step::new(
        "dns.record.received",
        [
            ("section", record.section.to_owned()),
            ("name", record.name.clone()),
            ("type", record.kind.clone()),
            ("ttl", record.ttl.to_string()),
            ("data", record.data.clone()),
        ],
    )
}
