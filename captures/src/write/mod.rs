//! Writing: one recording as pcapng, to a file or a pipe, as it is made.
//!
//! ```text
//! section header ─ interfaces ─ names ─ (secrets ─ packets and marks)* ─ statistics with transcript
//! ```
//!
//! After draft-ietf-opsawg-pcapng, section 4.

mod block;
mod mark;
mod pcapng;

pub use mark::Mark;
pub use pcapng::{NewInterface, PcapngWriter, SectionHeader, Totals};
