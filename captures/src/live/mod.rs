//! Recording live traffic: taps on interfaces, and a feed of keys, names and marks beside it.
//!
//! ```text
//!  client and server ── sockets ──> interface ──> Tap ─┐ packets
//!        └── keys, names, marks ──> Feed ──> Notes ────┴─> record ──> pcapng, key before packet
//! ```

mod desk;
mod feed;
mod helper;
mod interrupt;
mod listen;
mod record;
mod tap;
mod taps;

pub use feed::{Feed, Notes};
pub use helper::helper;
pub(crate) use helper::may_capture;
pub use interrupt::{hear_interrupts, stop_on_interrupt};
pub use listen::{ANY, interfaces, listen};
pub use record::{Header, Summary, record, record_in};
pub use tap::{Batch, CaptureError, Source, Tap};
pub use taps::Taps;
