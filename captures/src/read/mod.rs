//! Reading: a file of any size as frames by number.
//!
//! ```text
//!   file ──(window, forward once)──> index: 4 bytes a frame, tables of sections and interfaces
//!     └────(mapping, any order)────> frame(id): header read again, bytes borrowed
//! ```
//!
//! The ways were measured on 1.5 GB with 1.47 million frames in the page cache. Following record
//! headers takes 140 ms through the mapping and 75 ms through a 256 KiB buffer. Touching the first
//! 64 bytes of every frame then takes 205 ms through the mapping and 90 ms by stretches of a
//! megabyte ([`Recording::stretch`]). Followed from several places at once, the mapping is quicker
//! than either ([`Run`]); it also serves single frames, for a borrowed frame must stay where it is.
//! `guard.rs` says what happens when a mapped file is cut.

pub(crate) mod block;
mod capture_file;
mod contents;
mod facts;
mod format;
mod guard;
mod indexer;
pub(crate) mod interface;
mod joined;
mod mapped;
mod merge;
mod open;
mod options;
mod problem;
mod recording;
mod split;
pub(crate) mod spool;
mod stretch;
mod table;
mod taps;
mod tell;
mod variant;
mod walk;
mod walk_blocks;
mod window;
mod zstd;

pub use crate::bytes::Order as ByteOrder;
pub use contents::About;
pub use facts::{Comment, Place, Statistics};
pub use format::Format;
pub use indexer::Indexer;
pub use interface::{Interface, Resolution};
pub use joined::OneOf;
pub use open::OpenError;
pub(crate) use options::{COMMENT, Options};
pub use problem::{Problem, ProblemKind};
pub(crate) use recording::Blocks;
pub use recording::{Progress, Recording};
pub use split::{Run, Runs};
pub use stretch::Excerpt;
pub use variant::Variant;
