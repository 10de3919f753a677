//! A thousand streams of HTTP/2 at once on one connection, whose tables of header fields hold the
//! last few dozen and no more: what `h2` says on both ends, written down as packets.
//!
//! ```text
//!   ask ── h2 ──> ┌──────┐ <── h2 ── answer        talk
//!                 │ Line │ what left, in its order
//!                 └──────┘ ──> segments ──> pcapng    packets
//! ```
//!
//! Nothing touches a network, so it takes no lab, and no packet is lost.

mod packets;
mod talk;

use std::io;
use std::path::Path;

/// How many streams are open at once.
pub const STREAMS: usize = 1_000;

/// In how many pieces an answer comes, which take turns with those of all others, and how many
/// bytes a piece has.
pub const PIECES: usize = 4;
/// See [`PIECES`].
pub const PIECE: usize = 700;

/// A field of a head.
pub type Field = (&'static str, String);

/// Text that is another one each time, and too long for more than a few dozen of it to stay in a
/// table of 4,096 bytes (RFC 7541, section 4.1).
fn unlike(number: usize) -> String {
    // Steps of an odd constant meet each number once.
    let mixed = (number as u64).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    format!("{mixed:016x}{:016x}{number:08}", mixed.rotate_left(29))
}

/// The head of a question, without the control data of HTTP/2.
#[must_use]
pub fn question(number: usize) -> Vec<Field> {
    vec![
        ("accept", "text/plain".to_owned()),
        ("x-request-id", unlike(number)),
        // One that comes back when it may still be in the table, or no longer.
        ("x-tenant", format!("tenant-{}", number % 50)),
    ]
}

/// The head of an answer, without its status.
#[must_use]
pub fn answer(number: usize) -> Vec<Field> {
    vec![
        ("content-type", "text/plain".to_owned()),
        ("content-length", (PIECES * PIECE).to_string()),
        ("x-answer-id", unlike(number + 1)),
        ("x-shard", format!("shard-{}", number % 3)),
    ]
}

/// Writes a recording in which all streams are opened and answered, so many times.
///
/// # Errors
/// Where the file cannot be written, or the library breaks off.
pub fn write(path: &Path, rounds: usize) -> io::Result<()> {
    packets::write(path, &talk::talk(rounds)?)
}
