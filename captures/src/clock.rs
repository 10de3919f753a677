//! The clock that stamps packets, and so everything that is told beside them.

use std::time::{SystemTime, UNIX_EPOCH};

use wirestage_dissectors::ids::Time;

/// The time now (`CLOCK_REALTIME`).
pub(crate) fn now() -> Time {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    Time(i64::try_from(since.as_nanos()).unwrap_or(i64::MAX))
}
