//! The requests of a recording: a request is one thing, whatever carried it.
//!
//! ```text
//!   message ── Protocol::exchange ──> Share ── notes(frame) ──> Note ── Requests::take ──> Request
//!              what it is, borrowed            what is kept of it       one row, put together
//!
//!   Request ── Detail::of ──> heads, trailers and content, read again for the one that is looked at
//! ```
//!
//! A protocol says of each message what share it has in an exchange, by one method; nothing here
//! knows a protocol. One sweep over the recording gathers the rows. [`notes`] looks at the messages
//! of one frame and is free to run beside others; [`Requests`] takes what it gave in the order of
//! frames. A row takes a bounded piece of memory, however large its messages are, and there are at
//! most [`MAX_REQUESTS`](crate::limits::MAX_REQUESTS) of them: more are counted.
//!
//! What opened a connection (a name found, a connection asked for, keys agreed on) stands with the
//! first request on it ([`Before`]).
//!
//! Times are those of frames: of the one that holds the first byte of a head, and of the one with
//! which the last byte of that side came.

mod detail;
mod gather;
mod note;
mod row;
#[cfg(test)]
mod tests;
mod way;

pub use detail::{Content, Detail, FieldLine, Half};
pub use gather::Requests;
pub use note::{Note, notes};
pub use row::{BrokenOff, Outcome, Place, Request, Said, Timing};
pub use way::{Before, Took};
