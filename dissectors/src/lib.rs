//! Reads protocols out of captured bytes: find once, explain on demand.
//!
//! Three readings carry everything: the *survey* of every frame, the *conversation* of one
//! connection, the *description* of one message. Nothing here opens a file, asks a clock or
//! starts a thread: frames, times and secrets come in as data.

#![forbid(unsafe_code)]
#![cfg_attr(
    not(test),
    deny(clippy::indexing_slicing, clippy::unwrap_used, clippy::expect_used, clippy::panic)
)]

pub mod frames;
pub mod ids;
pub mod secret;
