//! Finding protocols: by number, by claim, by the look of bytes.

use super::Protocol;
use crate::claim::{Claim, Claims, ENOUGH, Facts, Framing, Likelihood, Rule};
use crate::field::FieldId;
use crate::ids::ProtocolId;
use crate::maps::FastMap;

/// A set of protocols that is read with. Handed in to every reading: whoever wants other
/// protocols (a test, a tool) makes another.
pub struct Registry {
    protocols: Vec<&'static dyn Protocol>,
    fallback: &'static dyn Protocol,
    places: FastMap<ProtocolId, usize>,
    claims: Claims,
    /// UDP ports behind which headers of other packets lie.
    carriers: Vec<u16>,
}

impl Registry {
    /// Puts protocols together. Probing goes in their order, and the last one takes what no
    /// other knows.
    ///
    /// # Panics
    /// Where the list is empty, or two protocols have one number: a mistake in the program.
    #[must_use]
    #[allow(clippy::panic, reason = "what is put together is part of the program, not input")]
    pub fn new(protocols: &[&'static dyn Protocol]) -> Self {
        let Some(fallback) = protocols.last().copied() else {
            panic!("a registry needs at least the protocol of unknown bytes")
        };
        let mut places = FastMap::new();
        let mut claims = Claims::default();
        for (place, protocol) in protocols.iter().enumerate() {
            if places.insert(protocol.id(), place).is_some() {
                panic!("two protocols have the number of {}", protocol.name());
            }
            claims.add(protocol.id(), protocol.name(), protocol.claims());
        }
        // A protocol whose messages sessions read opens one; a header does not.
        let facts = Facts::new(Framing::Datagram);
        let headers = protocols.iter().filter(|one| one.open(&facts).is_none());
        let ports = headers.flat_map(|one| one.claims()).filter_map(|claim| match claim {
            Claim::UdpPort(port) => Some(*port),
            _ => None,
        });
        let carriers = ports.collect();
        Self { protocols: protocols.to_vec(), fallback, places, claims, carriers }
    }

    /// The same protocols, of which these rules say where some of them speak.
    #[must_use]
    pub fn ruled_by(&self, rules: &[Rule]) -> Self {
        let mut ruled = Self::new(&self.protocols);
        ruled.claims.rule(rules);
        ruled
    }

    /// The rules that were put down, those that hold before others first.
    #[must_use]
    pub fn rules(&self) -> &[Rule] {
        self.claims.rules()
    }

    /// Who speaks between these ports, where somebody said so: whatever bytes look like.
    #[must_use]
    pub fn ruled(&self, framing: Framing, ports: [u16; 2]) -> Option<ProtocolId> {
        self.claims.ruled(framing, ports)
    }

    /// The protocols whose messages sessions read on a transport of this kind: those that rules may
    /// name.
    pub fn readable(&self, framing: Framing) -> impl Iterator<Item = &'static dyn Protocol> {
        let protocols = self.protocols.iter().copied();
        protocols.filter(move |one| one.open(&Facts::new(framing)).is_some())
    }

    /// All protocols, in probing order.
    #[must_use]
    pub fn all(&self) -> &[&'static dyn Protocol] {
        &self.protocols
    }

    /// The protocol itself.
    #[must_use]
    pub fn get(&self, id: ProtocolId) -> &'static dyn Protocol {
        let place = self.places.get(&id);
        place.and_then(|place| self.protocols.get(*place)).copied().unwrap_or(self.fallback)
    }

    /// Who lays claim to what.
    #[must_use]
    pub const fn claims(&self) -> &Claims {
        &self.claims
    }

    /// The protocol of bytes that no other knows.
    #[must_use]
    pub fn fallback(&self) -> ProtocolId {
        self.fallback.id()
    }

    /// The protocol with that filter name.
    #[must_use]
    pub fn named(&self, name: &str) -> Option<ProtocolId> {
        self.claims.named(name)
    }

    /// All fields of that name: protocols may share one (`ip.src` has one, `http.request`
    /// another).
    pub fn fields_named(&self, name: &str) -> impl Iterator<Item = FieldId> {
        self.protocols.iter().flat_map(move |protocol| {
            fields_of(*protocol).filter(move |field| field.def().name == name)
        })
    }

    /// The protocol that lays claim to this.
    #[must_use]
    pub fn by_claim(&self, claim: Claim<'_>) -> Option<ProtocolId> {
        self.claims.find(claim)
    }

    /// Whether headers of other packets lie behind UDP on this port: a tunnel.
    #[must_use]
    pub fn is_carrier(&self, port: u16) -> bool {
        self.carriers.contains(&port)
    }

    /// The protocol that these first bytes look like, and how sure that is.
    #[must_use]
    pub fn by_content(&self, bytes: &[u8], framing: Framing) -> Option<(ProtocolId, Likelihood)> {
        let mut best = None;
        for protocol in &self.protocols {
            match protocol.probe(bytes, framing) {
                Likelihood::Surely => return Some((protocol.id(), Likelihood::Surely)),
                Likelihood::Perhaps if best.is_none() => {
                    best = Some((protocol.id(), Likelihood::Perhaps));
                }
                _ => {}
            }
        }
        best
    }

    /// Whether these first bytes are none of this protocol's, whatever a port says. Very few bytes
    /// belie nothing.
    #[must_use]
    pub fn belies(&self, id: ProtocolId, bytes: &[u8], framing: Framing) -> bool {
        bytes.len() >= ENOUGH && self.get(id).probe(bytes, framing) == Likelihood::No
    }

    /// Decides between what bytes look like (`content`, as [`Registry::by_content`] says) and what
    /// was claimed: certainty in the bytes wins, then the first claim that they do not belie,
    /// then a guess.
    #[must_use]
    pub fn settle(
        &self,
        content: Option<(ProtocolId, Likelihood)>,
        claimed: impl IntoIterator<Item = ProtocolId>,
        bytes: &[u8],
        framing: Framing,
    ) -> ProtocolId {
        if let Some((id, Likelihood::Surely)) = content {
            return id;
        }
        let mut claimed = claimed.into_iter();
        claimed
            .find(|id| !self.belies(*id, bytes, framing))
            .or(content.map(|(id, _)| id))
            .unwrap_or_else(|| self.fallback())
    }
}

/// The fields of one protocol.
pub fn fields_of(protocol: &'static dyn Protocol) -> impl Iterator<Item = FieldId> {
    let numbered = (0u16..).zip(protocol.fields());
    numbered.map(move |(index, def)| FieldId::new(protocol.id(), index, def))
}
