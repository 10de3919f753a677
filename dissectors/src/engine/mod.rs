//! The engine: it owns the bytes, their order and their places, and calls the sessions.
//!
//! ```text
//!  frames ─> reader: slots, lanes ─> sessions, TCP's below all others
//!                                     │ messages, recipes
//!                                     v
//!                                  stretch <── view: bytes of any span, trace to frames
//!                     ┌───────────────┴───────────────┐
//!              conversation (open)              sweep (whole file)
//!              checkpoints, cache               windows, frame order
//! ```
//!
//! Conversation and sweep are two consumers of one [`reader::ConnectionReader`]: the first keeps
//! stretches between checkpoints and drops the least recently used, the second drops each after its
//! window.

pub mod anchors;
pub mod announce;
mod arena;
pub mod arrival;
pub mod attached;
pub mod conversation;
mod deliver;
pub mod derive;
mod ending;
mod growing;
pub mod hand;
pub mod huffman;
mod inbox;
pub mod inflate;
pub mod later;
mod layers;
pub mod options;
pub mod ordered;
pub mod out;
mod places;
pub mod ports;
mod queue;
pub mod reader;
mod seat;
pub mod session;
mod slot;
mod stream;
pub mod stretch;
pub mod sweep;
pub mod tcp;
pub mod under_way;
pub mod value;
pub mod view;
pub mod window;
