//! Claims: what a protocol may be found by, how sure its bytes are, and who lays claim to what.

use crate::ids::{Direction, ProtocolId};
use crate::maps::FastMap;
use crate::typed::{AnyFact, Fact};

/// What a protocol may be found by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Claim<'a> {
    /// A link type, in the numbers of [`LinkType`](crate::frames::LinkType).
    Link(u16),
    /// An EtherType.
    EtherType(u16),
    /// A service access point of LLC (IEEE 802.2): the destination's.
    Sap(u8),
    /// What an organization (its number of 24 bits) numbers behind SNAP (IEEE 802). EtherTypes
    /// are claimed as such, also there.
    Snap(u32, u16),
    /// A protocol number of PPP (RFC 1661, section 2).
    Ppp(u16),
    /// An IP protocol number.
    IpProtocol(u8),
    /// A TCP port.
    TcpPort(u16),
    /// A UDP port.
    UdpPort(u16),
    /// A payload protocol identifier of SCTP (RFC 9260, section 3.3.1).
    Ppid(u32),
    /// A program number of ONC RPC (RFC 5531, section 8.3).
    RpcProgram(u32),
    /// A protocol name agreed on in TLS (RFC 7301).
    Alpn(&'a [u8]),
    /// A token of an HTTP `Upgrade` header (RFC 9110, section 7.8).
    Upgrade(&'a str),
    /// A media type whose content is read as one, when it is whole.
    ContentType(&'a str),
    /// A media type whose content is a stream of messages, read as it comes.
    StreamType(&'a str),
    /// The protocol of that name, whatever it is found by.
    Named(&'a str),
    /// That protocol.
    Protocol(ProtocolId),
    /// Nothing is known but the bytes.
    Content,
}

/// Bytes that are enough to tell that a protocol is not the one that was claimed, and to tell who
/// speaks where nothing was claimed.
pub(crate) const ENOUGH: usize = 8;

/// How sure a probe is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Likelihood {
    /// It is something else, whatever a port says.
    No,
    /// The bytes say nothing either way: a port decides.
    Unsaid,
    /// It may be; a port decides, and where none does, this is the best guess.
    Perhaps,
    /// Nothing else begins like this.
    Surely,
}

/// What bounds the bytes that are read or probed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Framing {
    /// An ordered stream (TCP, a TLS session, an HTTP/2 stream).
    Stream,
    /// Datagrams with bounds of their own (what UDP carries, the segments of TCP).
    Datagram,
}

/// What is known where a session begins.
#[derive(Clone, Copy, Debug)]
pub struct Facts<'a> {
    /// What bounds the bytes.
    pub framing: Framing,
    /// Who opened the transport connection, where that was captured. Directions are named after
    /// the first frame otherwise.
    pub began: Option<Direction>,
    /// What the carrier settled (a stream's number, a media type), one fact of a type.
    pub settled: &'a [AnyFact],
}

impl<'a> Facts<'a> {
    /// Nothing is known but the framing.
    #[must_use]
    pub const fn new(framing: Framing) -> Self {
        Self { framing, began: None, settled: &[] }
    }

    /// What the carrier settled that is of this type.
    #[must_use]
    pub fn get<F: Fact>(&self) -> Option<&'a F> {
        self.settled.iter().find_map(AnyFact::get)
    }
}

/// What somebody says of a port: who speaks there, whatever the bytes look like.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Rule {
    /// Of TCP where this is a stream, else of UDP.
    pub framing: Framing,
    /// The port, of either end.
    pub port: u16,
    /// The port of the other end, where only connections between these two are meant.
    pub other: Option<u16>,
    /// Who speaks.
    pub protocol: ProtocolId,
}

impl Rule {
    /// Whether it speaks of connections between these ports.
    fn meets(&self, framing: Framing, [one, other]: [u16; 2]) -> bool {
        let is = |here: u16, there: u16| {
            here == self.port && self.other.is_none_or(|other| other == there)
        };
        framing == self.framing && (is(one, other) || is(other, one))
    }
}

/// Who lays claim to what: numbers of protocols, and nothing of what they do.
#[derive(Default)]
pub struct Claims {
    laid: FastMap<Claim<'static>, ProtocolId>,
    names: FastMap<&'static str, ProtocolId>,
    /// What somebody says, whatever was claimed.
    rules: Vec<Rule>,
}

impl Claims {
    /// Adds a protocol. What somebody laid claim to before stays theirs.
    pub(crate) fn add(
        &mut self,
        id: ProtocolId,
        name: &'static str,
        claims: &'static [Claim<'static>],
    ) {
        self.names.insert(name, id);
        for claim in claims {
            self.laid.entry(*claim).or_insert(id);
        }
    }

    /// Puts down what somebody says. Of two rules for one port the later one holds, and one for a
    /// connection before one for all of a port.
    pub(crate) fn rule(&mut self, rules: &[Rule]) {
        self.rules = rules.to_vec();
        self.rules.reverse();
        self.rules.sort_by_key(|rule| rule.other.is_none());
    }

    /// What was put down.
    pub(crate) fn rules(&self) -> &[Rule] {
        &self.rules
    }

    /// Who speaks between these ports, where somebody said so.
    #[must_use]
    pub(crate) fn ruled(&self, framing: Framing, ports: [u16; 2]) -> Option<ProtocolId> {
        let rule = self.rules.iter().find(|rule| rule.meets(framing, ports))?;
        Some(rule.protocol)
    }

    /// The protocol with that filter name.
    #[must_use]
    pub fn named(&self, name: &str) -> Option<ProtocolId> {
        self.names.get(name).copied()
    }

    /// The protocol that lays claim to this.
    #[must_use]
    pub fn find(&self, claim: Claim<'_>) -> Option<ProtocolId> {
        match claim {
            Claim::Content => None,
            Claim::Named(name) => self.named(name),
            Claim::Protocol(id) => Some(id),
            claim => {
                let laid: &FastMap<Claim<'_>, ProtocolId> = &self.laid;
                laid.get(&claim).copied()
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rule_for_a_connection_holds_before_one_for_a_port_and_the_later_of_two() {
        let rule = |port, other, name| {
            let protocol = ProtocolId::of(name);
            Rule { framing: Framing::Stream, port, other, protocol }
        };
        let mut claims = Claims::default();
        claims.rule(&[rule(80, Some(5000), "tls"), rule(80, None, "data"), rule(80, None, "http")]);
        let ruled = |framing, ports| claims.ruled(framing, ports);
        assert_eq!(ruled(Framing::Stream, [5000, 80]), Some(ProtocolId::of("tls")));
        assert_eq!(ruled(Framing::Stream, [80, 5000]), Some(ProtocolId::of("tls")));
        assert_eq!(ruled(Framing::Stream, [5001, 80]), Some(ProtocolId::of("http")));
        assert_eq!(ruled(Framing::Datagram, [5001, 80]), None);
        assert_eq!(ruled(Framing::Stream, [5000, 81]), None);
    }
}
