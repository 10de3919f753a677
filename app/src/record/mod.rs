//! Recording a scenario: generators talk, captures listen, in a child process of our own.
//!
//! ```text
//!   start(setup) ── spawns this program as `lab-child NAME` ──┐
//!      │                                                      v
//!     Take <── pcapng on a pipe, into a spool file ──── play(setup): tap, stage, scenario
//!      └── save(recording, FILE)
//! ```
//!
//! The parent never holds a privilege and never waits for the child; the window and the command
//! line use the same [`Take`]. The child enters the lab before it starts any thread, which is why
//! it is a process.

mod child;
mod ground;
mod listen;
mod listening;
mod programs;
mod save;
mod setup;
mod sinks;
mod take;

pub use child::play;
pub use listen::{LISTEN_COMMAND, Listen};
pub use programs::{PROGRAMS_COMMAND, Programs, attend, command_ended};
pub use save::{save, save_with_comments, save_with_keys, text as save_text};
pub use setup::{Setup, find};
pub use take::{State, Take, start};
