//! Decode as: somebody says which protocol speaks on a port, or on one connection, whatever its
//! bytes look like.
//!
//! ```text
//!   tcp.port==8443=http          all connections of TCP with that port at either end
//!   udp.port==5000:6000,quic     the one between these two ports; as with tshark's -d, a comma does, too
//! ```

use std::sync::Arc;

use wirestage_dissectors::ids::ProtocolId;
use wirestage_dissectors::protocol::{Framing, Rule};
use wirestage_dissectors::registry;

use super::open::{CHUNK, survey};
use super::{Document, Ground, OpenError, Progress};

/// Why a rule is none.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum WrongRule {
    /// It is not of the form.
    #[error("\"{0}\" does not say which port is to be read as what")]
    Form(String),
    /// No protocol of that name reads such connections.
    #[error("nothing called \"{name}\" reads connections of {transport}")]
    Protocol {
        /// The name.
        name: String,
        /// TCP or UDP.
        transport: &'static str,
        /// Names that are near it.
        near: Vec<&'static str>,
    },
}

/// Reads a rule as people write it.
///
/// # Errors
/// Where it is not of the form, or names no protocol that reads such connections.
pub fn rule(text: &str) -> Result<Rule, WrongRule> {
    let form = || WrongRule::Form(text.to_owned());
    let (place, name) = text.rsplit_once(['=', ',']).ok_or_else(form)?;
    let (field, ports) = place.split_once("==").ok_or_else(form)?;
    let (framing, transport) = match field.trim() {
        "tcp.port" => (Framing::Stream, "TCP"),
        "udp.port" => (Framing::Datagram, "UDP"),
        _ => return Err(form()),
    };
    let port = |text: &str| text.trim().parse::<u16>().map_err(|_| form());
    let (one, other) = match ports.split_once(':') {
        Some((one, other)) => (port(one)?, Some(port(other)?)),
        None => (port(ports)?, None),
    };
    let name = name.trim();
    let readable = || registry::standard().readable(framing).map(|one| one.name());
    if !readable().any(|known| known == name) {
        let mut near: Vec<(usize, &'static str)> =
            readable().map(|known| (strsim::osa_distance(known, name), known)).collect();
        near.sort_unstable();
        let near = near.into_iter().take_while(|(far, _)| *far <= 2).map(|(_, known)| known);
        return Err(WrongRule::Protocol {
            name: name.to_owned(),
            transport,
            near: near.take(3).collect(),
        });
    }
    Ok(Rule { framing, port: one, other, protocol: ProtocolId::of(name) })
}

impl Document {
    /// Reads it again by these rules, and by no earlier ones.
    ///
    /// # Errors
    /// Where that is cancelled, or its file cannot be read any more.
    pub fn decode_as(self, rules: &[Rule], progress: &Progress) -> Result<Self, OpenError> {
        let broken_keys = self.broken_keys.clone();
        let again = self.ground().decoded_as(rules, progress)?;
        Ok(Self { broken_keys, ..again })
    }
}

impl Ground {
    /// A document that is read by these rules, with the secrets that are known here.
    ///
    /// # Errors
    /// As [`Document::decode_as`].
    pub fn decoded_as(&self, rules: &[Rule], progress: &Progress) -> Result<Document, OpenError> {
        let registry = Arc::new(registry::standard().ruled_by(rules));
        let surveyed = survey(&self.recording, progress, CHUNK, &registry)?;
        let read = (Arc::clone(&self.recording), surveyed);
        Ok(Document::with(read, Arc::clone(&self.secrets), registry, self.budget))
    }

    /// The rules in force.
    #[must_use]
    pub fn rules(&self) -> &[Rule] {
        self.registry.rules()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rules_are_read_as_people_write_them() {
        let check = |text: &str, framing, port, other, name: &str| {
            let protocol = ProtocolId::of(name);
            assert_eq!(rule(text), Ok(Rule { framing, port, other, protocol }), "{text}");
        };
        check("tcp.port==8443=http", Framing::Stream, 8443, None, "http");
        check("tcp.port == 8443, tls", Framing::Stream, 8443, None, "tls");
        check("udp.port==5000:6000=quic", Framing::Datagram, 5000, Some(6000), "quic");
        check("tcp.port==80=data", Framing::Stream, 80, None, "data");
        for wrong in ["", "http", "tcp.port==80", "tcp.port=80=http", "ip.addr==1=http"] {
            assert!(matches!(rule(wrong), Err(WrongRule::Form(_))), "{wrong}");
        }
        for wrong in ["tcp.port==http=http", "tcp.port==70000=http", "tcp.port==1:x=http"] {
            assert!(matches!(rule(wrong), Err(WrongRule::Form(_))), "{wrong}");
        }
        let Err(WrongRule::Protocol { near, .. }) = rule("tcp.port==80=htp") else {
            panic!("it is not known")
        };
        assert!(near.contains(&"http"), "{near:?}");
        // A header has no messages.
        assert!(matches!(rule("tcp.port==80=ip"), Err(WrongRule::Protocol { .. })));
    }
}
