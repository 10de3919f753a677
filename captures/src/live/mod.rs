//! Recording live traffic: taps on interfaces, and a feed of keys, names and marks beside it.
//!
//! ```text
//!  client and server ── sockets ──> interface ──> Tap ─┐ packets
//!        └── keys, names, marks ──> Feed ──> Notes ────┴─> record ──> pcapng, key before packet
//! ```

mod feed;
#[cfg(target_os = "linux")]
mod interrupt;
mod record;
mod tap;
mod taps;

pub use feed::{Feed, Notes};
#[cfg(target_os = "linux")]
pub use interrupt::{hear_interrupts, stop_on_interrupt};
pub use record::{Header, Summary, record};
pub use tap::{Batch, CaptureError, Source, Tap};
pub use taps::Taps;
