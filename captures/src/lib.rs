//! Recordings: read, written, and made.
//!
//! A recording is pcapng and nothing beside it: packets, the secrets that open them, the names
//! of the endpoints, and marks that say what a program did and when.
//! [`Recording`] reads one (and classic pcap, and either inside gzip or zstd), or several files
//! as one.
//! Protocols are none of this crate's business: it hands out bytes by frame number.

#![deny(unsafe_code)]
#![cfg_attr(
    not(test),
    deny(clippy::indexing_slicing, clippy::unwrap_used, clippy::expect_used, clippy::panic),
    warn(clippy::fn_params_excessive_bools, clippy::too_many_lines)
)]

#[cfg(not(target_os = "linux"))]
compile_error!("labs are made of Linux' namespaces, and captures of its packet sockets");

mod bytes;
mod clock;
pub mod doctor;
pub mod lab;
pub mod limits;
pub mod live;
pub mod read;
pub mod write;

pub use read::{OpenError, Progress, Recording};
pub use write::{Mark, PcapngWriter};
