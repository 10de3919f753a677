//! The transcript: what each role believes it did, as its libraries told it.
//!
//! It is an oracle. Its entries come from return values and callbacks of the programs that talked,
//! never from the wire; whoever reads the recorded bytes must arrive at the same entries, fact for
//! fact. [`steps`](crate::steps) defines every step and every fact.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// Particulars by name. Every value is text that can be made from the wire alone.
pub type Facts = BTreeMap<String, String>;

/// One thing a role did or learned.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    /// Who.
    pub role: String,
    /// What, such as `tcp.connected`: the protocol stands before the first dot.
    pub step: String,
    /// The particulars, as defined for the step.
    pub facts: Facts,
}

impl Entry {
    /// The protocol the step belongs to: `tcp` of `tcp.connected`.
    pub fn protocol(&self) -> &str {
        self.step.split('.').next().unwrap_or_default()
    }

    /// The stream it belongs to; 0 for the connection as a whole.
    fn stream(&self) -> u64 {
        self.facts.get("stream").and_then(|number| number.parse().ok()).unwrap_or(0)
    }
}

/// What all roles said, in comparable order.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Transcript {
    /// Sorted by role (by name), then by protocol from the lowest to the highest, then by stream
    /// where entries name one; inside in the order it happened to that role.
    pub entries: Vec<Entry>,
}

impl Transcript {
    /// Brings entries, each role's in the order they happened, into comparable order.
    ///
    /// Why not simply in order of time: the two directions of a connection are independent. A TLS
    /// 1.3 server sends its ticket as soon as it has the client's Finished, and the client sends
    /// its request without waiting for it. Which of the two the wire shows first differs from run
    /// to run, and from the order in which either program handles them. Inside one protocol the
    /// order is fixed by cause and effect. So it is inside a stream of HTTP/2, and not between two:
    /// that they do not wait for each other is what they are for.
    pub fn new(mut entries: Vec<Entry>) -> Transcript {
        entries.sort_by(|a, b| {
            let rank = |entry: &Entry| PROTOCOLS.iter().position(|name| *name == entry.protocol());
            (&a.role, rank(a), a.stream()).cmp(&(&b.role, rank(b), b.stream()))
        });
        Transcript { entries }
    }

    /// The entries of one role.
    pub fn of<'a>(&'a self, role: &'a str) -> impl Iterator<Item = &'a Entry> {
        self.entries.iter().filter(move |entry| entry.role == role)
    }
}

/// The protocols steps are named after, each after what carries it.
const PROTOCOLS: &[&str] = &[
    "icmp",
    "udp",
    "tcp",
    "tls",
    "quic",
    "dns",
    "http",
    "http2",
    "http3",
    "grpc",
    "websocket",
    "mqtt",
    "amqp",
];

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(role: &str, step: &str) -> Entry {
        Entry { role: role.to_owned(), step: step.to_owned(), facts: Facts::new() }
    }

    #[test]
    fn entries_are_sorted_by_role_and_protocol_and_keep_their_order_inside() {
        let transcript = Transcript::new(vec![
            entry("server", "tls.ticket.sent"),
            entry("client", "tcp.connected"),
            entry("client", "http.request.sent"),
            entry("client", "tls.ticket.received"),
            entry("client", "tls.alert.sent"),
            entry("client", "tcp.closed"),
        ]);
        let order: Vec<_> = transcript
            .entries
            .iter()
            .map(|entry| (entry.role.as_str(), entry.step.as_str()))
            .collect();
        assert_eq!(
            order,
            [
                ("client", "tcp.connected"),
                ("client", "tcp.closed"),
                ("client", "tls.ticket.received"),
                ("client", "tls.alert.sent"),
                ("client", "http.request.sent"),
                ("server", "tls.ticket.sent"),
            ]
        );
    }
}
