//! What hosts are called, and who says so.

use std::collections::HashMap;
use std::fmt;
use std::net::IpAddr;

use crate::ids::FrameId;
use crate::limits::MAX_OVERVIEW_NAMES;

/// Who says what a host is called.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum NameSource {
    /// The client, in the server name of its ClientHello (RFC 6066, section 3).
    Sni,
    /// The client, in the Host header of its request (RFC 9110, section 7.2).
    Host,
    /// The recording itself.
    Recording,
    /// An answer of DNS, in this frame.
    Dns(FrameId),
}

impl fmt::Display for NameSource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Sni => f.write_str("server name in the ClientHello"),
            Self::Host => f.write_str("Host header"),
            Self::Recording => f.write_str("said by the recording"),
            Self::Dns(frame) => write!(f, "DNS answer in frame {}", frame.number()),
        }
    }
}

/// Names by address. What the recording says comes before what DNS said, and of that the first.
#[derive(Clone, Debug, Default)]
pub struct Names {
    by_address: HashMap<IpAddr, (Box<str>, NameSource)>,
}

impl Names {
    /// The names that the recording itself gives.
    #[must_use]
    pub fn new(recorded: &[(IpAddr, String)]) -> Self {
        let named = recorded.iter();
        let by_address =
            named.map(|(address, name)| (*address, (name.as_str().into(), NameSource::Recording)));
        Self { by_address: by_address.collect() }
    }

    /// Takes in that DNS gave this address for a name.
    pub fn learn(&mut self, address: IpAddr, name: &str, frame: FrameId) {
        if self.by_address.len() < MAX_OVERVIEW_NAMES {
            let named = || (name.into(), NameSource::Dns(frame));
            self.by_address.entry(address).or_insert_with(named);
        }
    }

    /// What a host is called.
    #[must_use]
    pub fn of(&self, address: IpAddr) -> Option<(&str, NameSource)> {
        self.by_address.get(&address).map(|(name, source)| (name.as_ref(), *source))
    }

    /// All of them, in no order.
    pub fn all(&self) -> impl Iterator<Item = (IpAddr, &str)> {
        self.by_address.iter().map(|(address, (name, _))| (*address, name.as_ref()))
    }

    /// Its name, or its address where it has none.
    #[must_use]
    pub fn name(&self, address: IpAddr) -> String {
        self.of(address).map_or_else(|| address.to_string(), |(name, _)| name.to_owned())
    }
}
