//! The one list of protocols. Adding one is a folder in `protocols/` and its two words here.

use std::fmt;
use std::sync::LazyLock;

use crate::field::{FieldDef, FieldId};
use crate::protocol::{Carrier, Claim, Likelihood, Protocol};
use crate::protocols;

/// One protocol of the registry.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ProtocolId(pub u8);

/// Makes the registry and a constant for each entry, numbered in order.
macro_rules! registry {
    ($($name:ident = $protocol:expr;)+) => {
        #[allow(non_camel_case_types, clippy::upper_case_acronyms)]
        enum Place { $($name),+ }
        impl ProtocolId {
            $(
                #[doc = concat!("`", stringify!($name), "`.")]
                pub const $name: Self = Self(Place::$name as u8);
            )+
        }
        /// Every protocol, by id. Probing goes in this order.
        pub static REGISTRY: &[&dyn Protocol] = &[$(&$protocol),+];
    };
}

registry! {
    FRAME = protocols::frame::Frame;
    MARK = protocols::mark::Mark;
    ETHERNET = protocols::ethernet::Ethernet;
    VLAN = protocols::vlan::Vlan;
    ARP = protocols::arp::Arp;
    IPV4 = protocols::ipv4::Ipv4;
    IPV6 = protocols::ipv6::Ipv6;
    ICMP = protocols::icmp::Icmp;
    ICMPV6 = protocols::icmpv6::Icmpv6;
    TCP = protocols::tcp::Tcp;
    UDP = protocols::udp::Udp;
    UDP_ECHO = protocols::udp_echo::UdpEcho;
    TLS = protocols::tls::Tls;
    HTTP = protocols::http::Http;
    HTTP2 = protocols::http2::Http2;
    DATA = protocols::data::Data;
}

impl ProtocolId {
    /// The protocol itself.
    #[must_use]
    pub fn get(self) -> &'static dyn Protocol {
        REGISTRY.get(usize::from(self.0)).copied().unwrap_or(&protocols::data::Data)
    }

    /// The protocol with that filter name.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        all().find(|id| id.get().name() == name)
    }
}

impl fmt::Debug for ProtocolId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.get().name())
    }
}

impl FieldId {
    /// The index of a protocol's own heading, under which its messages are described.
    pub const GROUP: u16 = u16::MAX;

    /// The heading of a protocol.
    #[must_use]
    pub const fn group(protocol: ProtocolId) -> Self {
        Self { protocol, index: Self::GROUP }
    }

    /// The definition of the field.
    #[must_use]
    pub fn def(self) -> &'static FieldDef {
        static UNKNOWN: FieldDef = FieldDef::group("unknown", "Unknown");
        static GROUPS: LazyLock<Vec<FieldDef>> = LazyLock::new(|| {
            REGISTRY.iter().map(|one| FieldDef::group(one.name(), one.title())).collect()
        });
        let found = match self.index {
            Self::GROUP => GROUPS.get(usize::from(self.protocol.0)),
            index => self.protocol.get().fields().get(usize::from(index)),
        };
        found.unwrap_or(&UNKNOWN)
    }
}

/// The ids of all protocols, in probing order.
pub fn all() -> impl Iterator<Item = ProtocolId> {
    (0..REGISTRY.len()).map(|index| ProtocolId(index as u8))
}

/// All fields of that name: protocols may share one (`ip.src` has one, `http.request` another).
pub fn fields_named(name: &str) -> impl Iterator<Item = FieldId> {
    all().flat_map(move |protocol| {
        let named = move |(index, def): (usize, &FieldDef)| {
            (def.name == name).then_some(FieldId { protocol, index: index as u16 })
        };
        protocol.get().fields().iter().enumerate().filter_map(named)
    })
}

/// The protocol that lays claim to this.
#[must_use]
pub fn by_claim(claim: Claim<'_>) -> Option<ProtocolId> {
    match claim {
        Claim::Content => None,
        Claim::Named(name) => ProtocolId::named(name),
        claim => all().find(|id| id.get().claims().contains(&claim)),
    }
}

/// The protocol that these first bytes look like, and how sure that is.
#[must_use]
pub fn by_content(bytes: &[u8], carrier: Carrier) -> Option<(ProtocolId, Likelihood)> {
    let mut best = None;
    for id in all() {
        match id.get().probe(bytes, carrier) {
            Likelihood::Surely => return Some((id, Likelihood::Surely)),
            Likelihood::Perhaps if best.is_none() => best = Some((id, Likelihood::Perhaps)),
            _ => {}
        }
    }
    best
}

/// Decides between what was claimed and what the bytes look like: certainty in the bytes wins,
/// then the claim, then a guess.
#[must_use]
pub fn decide(claims: &[Claim<'_>], bytes: &[u8], carrier: Carrier) -> ProtocolId {
    let content = by_content(bytes, carrier);
    if let Some((id, Likelihood::Surely)) = content {
        return id;
    }
    claims
        .iter()
        .find_map(|claim| by_claim(*claim))
        .or(content.map(|(id, _)| id))
        .unwrap_or(ProtocolId::DATA)
}
