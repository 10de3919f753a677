//! Marks: what a program did and when, beside what the wire shows.
//!
//! A packet trace cannot show when an application accepted a connection or read a byte; the kernel
//! acknowledges data that no program has asked for yet. A mark says it from inside.

use std::time::{SystemTime, UNIX_EPOCH};

use crate::Facts;

/// One thing a role did.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mark {
    /// When it had been done: nanoseconds of the wall clock since 1970, the clock captures use.
    pub unix_nanos: u64,
    /// Who did it.
    pub role: &'static str,
    /// What: `listen`, `accept`, `read`, `write`, `shutdown` (nothing more will be written), `end`
    /// (all has been read), `close`.
    pub what: &'static str,
    /// Particulars, such as `bytes`, `local` and `peer`.
    pub facts: Facts,
}

/// Takes the marks of a run, as they happen. Each role calls it from its own thread.
pub trait MarkSink: Send + Sync {
    /// One mark.
    fn mark(&self, mark: Mark);
}

/// Drops every mark, for runs that nobody records.
pub(crate) struct NoMarks;

impl MarkSink for NoMarks {
    fn mark(&self, _: Mark) {}
}

/// Nanoseconds of the wall clock since 1970. Fits until the year 2554.
pub(crate) fn unix_nanos() -> u64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    u64::try_from(since.as_nanos()).unwrap_or(u64::MAX)
}
