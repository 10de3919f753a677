//! Reading: a file of any size as frames by number.
//!
//! ```text
//!   file ──(window, forward once)──> index: 8 bytes a frame, tables of sections and interfaces
//!     └────(mapping, any order)────> frame(id): header read again, bytes borrowed
//! ```
//!
//! The two ways were measured on 1.5 GB with 1.47 million frames in the page cache: following
//! record headers through the mapping takes 140 ms, through a 256 KiB buffer 75 ms. Reading
//! single frames needs the mapping, for a borrowed frame must stay where it is.
//! [`guard`] says what happens when a mapped file is cut.

pub(crate) mod block;
mod contents;
mod facts;
mod format;
mod guard;
mod interface;
mod mapped;
mod open;
mod options;
mod problem;
mod recording;
mod split;
pub(crate) mod spool;
mod stretch;
mod table;
mod tell;
mod walk;
mod walk_blocks;
mod window;

pub use crate::bytes::Order as ByteOrder;
pub use contents::About;
pub use facts::{Comment, Place, Statistics};
pub use format::Format;
pub use interface::{Interface, Resolution};
pub use open::OpenError;
pub use problem::{Problem, ProblemKind};
pub use recording::{Indexer, Progress, Recording};
pub use stretch::Stretch;
