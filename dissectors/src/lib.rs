//! Reads protocols out of captured bytes: find once, explain on demand.
//!
//! Three readings carry everything: the *survey* of every frame, the *conversation* of one
//! connection, the *description* of one message. Nothing here opens a file, asks a clock or
//! starts a thread: frames, times and secrets come in as data.

#![forbid(unsafe_code)]
#![cfg_attr(
    not(test),
    deny(clippy::indexing_slicing, clippy::unwrap_used, clippy::expect_used, clippy::panic),
    warn(clippy::fn_params_excessive_bools, clippy::too_many_lines)
)]

pub mod attribution;
pub mod bits;
pub mod bytes;
pub mod claim;
pub mod completions;
pub mod course;
pub mod describe;
pub mod engine;
pub mod exchange;
pub mod field;
pub mod filter;
pub mod frames;
pub mod headers;
pub mod ids;
pub mod keys;
pub mod known;
pub mod limits;
mod maps;
pub mod message;
pub mod overview;
pub mod protocol;
pub mod protocols;
pub mod registry;
pub mod requests;
pub mod schema;
pub mod secret;
pub mod sink;
pub mod sinks;
pub mod span;
pub mod story;
pub mod survey;
pub mod telling;
pub mod typed;
pub mod verdict;
pub mod wording;
