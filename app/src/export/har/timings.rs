//! How long each part of an entry took.
//!
//! ```text
//!   start                                             the request
//!     │ dns │ blocked │ connect            │ blocked │ send │ wait │ receive │
//!                          │ ssl          │
//! ```
//!
//! Of a connection its first entry alone has the times that it took to open, as browsers write it;
//! what of the time before a request is neither is "blocked". All parts but `ssl`, which `connect`
//! includes, add up to the whole.

use serde_json::{Value, json};
use wirestage_dissectors::ids::Time;
use wirestage_dissectors::requests::{Before, Request, Timing, Took};

use super::entry::millis;

/// The parts, in nanoseconds; nothing for what does not apply or was not recorded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Timings {
    /// When the first of them began.
    pub(super) start: Time,
    blocked: Option<i64>,
    dns: Option<i64>,
    connect: Option<i64>,
    ssl: Option<i64>,
    own: Timing,
}

impl Timings {
    pub(super) fn of(row: &Request) -> Self {
        let (asked, own) = (row.start().time, row.timing());
        let Some(before) = row.before.as_deref() else {
            let [blocked, dns, connect, ssl] = [None; 4];
            return Self { start: asked, blocked, dns, connect, ssl, own };
        };
        let Before { lookup, connect, secure } = *before;
        let begun = [lookup, connect].into_iter().flatten().map(|took| took.from);
        let start = begun.fold(asked, Time::min);
        let [dns, connect, ssl] = [lookup, connect, secure].map(|took| took.map(Took::nanos));
        let spent = dns.unwrap_or(0) + connect.unwrap_or(0);
        let blocked = (asked.since(start) - spent).max(0);
        Self { start, blocked: Some(blocked), dns, connect, ssl, own }
    }

    /// From the first to the last.
    pub(super) fn whole(&self) -> i64 {
        let before = [self.blocked, self.dns, self.connect].into_iter().flatten();
        before.sum::<i64>() + self.own.send + self.own.wait + self.own.receive
    }

    /// As an archive has them: milliseconds, and -1 for what does not apply.
    pub(super) fn value(&self) -> Value {
        let known = |part: Option<i64>| part.map_or(json!(-1), |nanos| millis(nanos).into());
        json!({
            "blocked": known(self.blocked), "dns": known(self.dns),
            "connect": known(self.connect), "ssl": known(self.ssl),
            "send": millis(self.own.send), "wait": millis(self.own.wait),
            "receive": millis(self.own.receive),
        })
    }
}
