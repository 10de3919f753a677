//! QUIC, held against the vectors of its standards, and against connections made in memory.

mod enclosed;
mod glued;
mod handshakes;
mod limits;
mod moves;
mod packets;
pub(in crate::protocols) mod play;
mod recovery;
pub(in crate::protocols) mod seal;
mod sealed;
mod streams;
mod told;
mod vectors;

use crate::engine::ports::Ports;
use crate::protocol::Framing;
use crate::secret::{Label, Secret, Secrets};

/// Where these connections are: UDP, on a port that nobody lays claim to.
const PORTS: Ports = Ports { framing: Framing::Datagram, ports: [40_000, 4433], began: None };
