//! Recording live traffic: taps on interfaces, and a feed of keys, names and marks beside it.
//!
//! ```text
//!  client and server ── sockets ──> interface ──> Tap ─┐ packets
//!        └── keys, names, marks ──> Feed ──> Notes ────┴─> record ──> pcapng, key before packet
//! ```

mod feed;
mod record;
mod tap;
mod taps;

pub use feed::{Feed, Notes};
pub use record::{Header, Summary, record};
pub use tap::{Batch, CaptureError, Source, Tap};
pub use taps::Taps;
