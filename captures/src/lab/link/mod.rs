//! The lab link: a distance between client and server, and both ends recorded.
//!
//! On a loopback a packet leaves and arrives at one moment. Here client and server stand in
//! networks of their own, and a thread of the lab carries packets from one to the other as late,
//! as seldom and as disorderly as it is asked to. Both ends are recorded on one clock: what a
//! diagram shows of a packet's way was measured, not guessed.
//!
//! ```text
//!   text ─ Link ─ Wire::lay ──> Taps, to be recorded
//!                    └──> door: threads enter their side before they open sockets
//! ```

mod end;
mod fate;
mod forward;
mod middlebox;
mod queue;
mod router;
mod settings;
mod side;
mod tun;
mod units;
mod wire;
mod wrong;

pub use settings::{Drops, KEYS, Key, Link};
pub use side::Side;
pub use units::{Chance, Rate};
pub use wire::{DEVICES_VARIABLE, Devices, Wire};
pub use wrong::Wrong;
