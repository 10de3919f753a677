//! The overview of a recording: who speaks to whom, when, what, and how it went.
//!
//! ```text
//!   survey ──> lines     one a connection: ends, times, bytes, fate    at once, from columns
//!              glances   names, first requests                         from the first bytes
//!              findings  alerts, errors, handshakes that failed        from reading everything
//!                 │
//!                 └──> services: each connection in exactly one row ──> report, in words
//! ```
//!
//! Each stage can be had without those below it, and whoever has threads may run each over many
//! connections at once: [`Line::of`] and [`glance()`] are pure.

mod activity;
mod again;
mod fate;
mod finding;
mod glance;
mod known;
mod line;
mod names;
mod quoted;
mod report;
mod scan;
mod service;
mod tells;
pub mod text;

#[cfg(test)]
mod tests;

pub use activity::{Activity, BINS, Busy, LANES, Lane, Places};
pub use fate::{Condition, Counts, Fate};
pub use finding::{Event, Finding, Findings, events};
pub use glance::{Glance, glance};
pub use known::Known;
pub use line::{Again, Line, Times};
pub use names::{NameSource, Names};
pub use quoted::Quoted;
pub use report::{Band, Bead, Host, Report, Row, Sums};
pub use service::{Client, Kind, Service, services};
