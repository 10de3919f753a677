//! The lab: a private network to talk and capture in, without privileges.
//!
//! ```text
//!  program ── probe() ──> Way ── spawn(command) ──> child: enter() ── Tap on its own lo
//!     ^                                               │ scenario, record()
//!     └────────── LiveSource <── pcapng on a pipe ────┘
//! ```
//!
//! A user namespace gives the child every capability over a network namespace of its own, where
//! `lo` carries nobody else's traffic and standard ports are free. It must be entered while the
//! process has one thread, so the program starts itself anew for it.
//!
//! The environment variable `WIRESTAGE_LAB` overrides what [`probe`] would find: `namespace`
//! and `host` allow only that way, `refused` none. The child is told its way by the same
//! variable.

mod cause;
mod child;
pub mod family;
pub mod lan;
pub mod link;
mod netlink;
mod network;
mod offload;
mod probe;
mod source;
mod steps;
pub mod streams;

pub use cause::Refusal;
pub use child::{Place, enter, enter_as_oneself, stop_with_stdin, when_stdin_ends};
pub use probe::{Way, probe};
pub(crate) use probe::{host, namespace};
pub use source::{Ended, LiveSource, hear, spawn};

/// The environment variable that chooses the way.
pub const WAY_VARIABLE: &str = "WIRESTAGE_LAB";

/// Why a lab cannot be had.
#[derive(Debug, thiserror::Error)]
pub enum LabError {
    /// The system does not allow it.
    #[error("{0}")]
    Refused(Refusal),
    /// The process has other threads, and a namespace can be entered with one only.
    #[error(
        "the lab must be entered before any thread is started, but {0} are running. \
         This is a mistake in the program, please report it."
    )]
    Threads(usize),
    /// The parent ended while the child started.
    #[error("the program that started this capture has ended, so there is nobody to capture for")]
    Orphan,
    /// The ends of a link cannot be recorded.
    #[error(transparent)]
    Capture(crate::live::CaptureError),
    /// There is no room for what comes.
    #[error("no temporary file can be made for what is captured: {0}")]
    Spool(std::io::Error),
    /// The child cannot be started.
    #[error("the capture process cannot be started: {0}")]
    Spawn(std::io::Error),
}
