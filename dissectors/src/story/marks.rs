//! Marks: what programs did to their sockets, as the recording itself says, tied to the flights
//! that made it possible or that it set off.
//!
//! ```text
//!   wire      ── ACK ──>          ── data ──>                         <── data ──
//!   server              accept               read 251 B    write 750 B
//! ```
//!
//! Between a packet and the mark lies what the kernel does without the program: it completes the
//! handshake, and acknowledges data that no program has asked for yet.

use super::steps::AT_ONCE;
use super::times::lasting;
use super::{ActorId, BeatId, Moment, Story};
use crate::ids::Time;
use crate::wording::bytes;

/// One thing that a program did.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mark {
    /// Whose program.
    pub actor: ActorId,
    /// What the recording calls it: "server".
    pub role: String,
    /// When it had been done.
    pub at: Moment,
    /// What: "accept", "read", "write", "end" (read that the other side has ended its direction),
    /// "shutdown", "close", "abort", "listen", "thread" (it has started one for the connection),
    /// "no-port" (it could not connect once more), "parse" (it has a whole request), "execute" (it
    /// has done what the request asks for).
    pub what: String,
    /// With how many bytes.
    pub bytes: Option<u64>,
    /// The flight that made it possible, or that it set off.
    pub flight: BeatId,
    /// Whether it set that flight off: it stands where the flight leaves, else where it arrives.
    pub on_send: bool,
    /// Whether it had been done before that flight was sent, which needed it.
    pub earlier: bool,
    /// How long after the frame that made it possible, in nanoseconds.
    pub after: Option<i64>,
}

/// What a program did at one end of a flight, the same things counted together.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Doing {
    /// Whose program.
    pub actor: ActorId,
    /// Whether it set the flight off.
    pub on_send: bool,
    /// Whether it had been done before the flight was sent.
    pub earlier: bool,
    /// What, in the recording's word.
    pub what: String,
    /// The same with how often and how much, as short as can be: "accept", "read 251 B", "read × 3,
    /// 12 kB".
    pub label: String,
    /// The same as it stands beside an arrow: a packet that lay for long says for how long.
    pub beside: String,
    /// When the first of it had been done.
    pub first: Time,
    /// How long after the last frame that made it possible, in nanoseconds.
    pub after: Option<i64>,
}

/// From here on a program has let a packet lie, in nanoseconds: one that waits for it wakes up
/// within a millisecond, and on a busy machine within a few.
const LATE: i64 = 10_000_000;

impl Story {
    /// What programs did at the ends of a flight, in order of time.
    #[must_use]
    pub fn doings(&self, flight: BeatId) -> Vec<Doing> {
        let first = self.marks.partition_point(|mark| mark.flight < flight);
        let rest = self.marks.get(first..).unwrap_or_default();
        let of = rest.iter().take_while(|mark| mark.flight == flight);
        let mut groups: Vec<Vec<&Mark>> = Vec::new();
        for mark in of {
            // What returned much later had to wait: that is what its mark is there for.
            let same = |group: &&mut Vec<&Mark>| {
                group.last().is_some_and(|one| {
                    (one.actor, &one.what, one.on_send) == (mark.actor, &mark.what, mark.on_send)
                        && mark.at.time.since(one.at.time) <= AT_ONCE
                })
            };
            match groups.iter_mut().rfind(same) {
                Some(group) => group.push(mark),
                None => groups.push(vec![mark]),
            }
        }
        groups.iter().filter_map(|group| Doing::of(group)).collect()
    }
}

impl Doing {
    /// What it is said to do: "read 251 B, 0.012 ms after the packet"; and what that means, where
    /// the word does not say it.
    #[must_use]
    pub fn told(&self) -> String {
        let means = meaning(&self.what).map(|means| format!(" ({means})"));
        let after = self.after.map(|nanos| format!(", {} after the packet", lasting(nanos)));
        [self.label.clone(), means.unwrap_or_default(), after.unwrap_or_default()].concat()
    }

    fn of(group: &[&Mark]) -> Option<Self> {
        let (first, last) = (group.first()?, group.last()?);
        let amount = group.iter().filter_map(|mark| mark.bytes).reduce(u64::saturating_add);
        let what = &first.what;
        let label = match (group.len(), amount) {
            (1, None) => what.clone(),
            (1, Some(amount)) => format!("{what} {}", bytes(amount)),
            (count, None) => format!("{what} × {count}"),
            (count, Some(amount)) => format!("{what} × {count}, {}", bytes(amount)),
        };
        let late = last.after.filter(|nanos| *nanos >= LATE);
        let beside = match late {
            Some(nanos) => format!("{label}, {} ms later", (nanos + 500_000) / 1_000_000),
            None => label.clone(),
        };
        Some(Self {
            actor: first.actor,
            on_send: first.on_send,
            earlier: first.earlier,
            what: what.clone(),
            label,
            beside,
            first: first.at.time,
            after: last.after,
        })
    }
}

/// What a word means that the recording has for what a program does.
fn meaning(what: &str) -> Option<&'static str> {
    Some(match what {
        "listen" => "connections may come from now on",
        "accept" => "it has the connection, which the kernel had opened",
        "thread" => "it has started a thread that serves this connection alone",
        "parse" => "it has read all of a request: its framing says where that ends",
        "execute" => "it has done what the request asks for",
        "end" => "it reads that the other side has ended its direction",
        "shutdown" => "it ends its own direction",
        "close" => "it gives the connection up",
        "abort" => "it gives the connection up without a close",
        "no-port" => {
            "every port towards this server is taken: the next connect fails and sends no packet"
        }
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ids::FrameId;

    /// Reads and writes of one flight, as what they are counted as.
    #[track_caller]
    fn check(marks: &[(&str, Option<u64>, Option<i64>)], expected: &[&str]) {
        let mark = |(at, (what, bytes, after)): (i64, &(&str, Option<u64>, Option<i64>))| Mark {
            actor: ActorId(1),
            role: "server".into(),
            at: Moment { frame: FrameId(9), time: Time(at) },
            what: (*what).into(),
            bytes: *bytes,
            flight: BeatId(3),
            on_send: false,
            earlier: false,
            after: *after,
        };
        let marks = (0..).zip(marks).map(mark).collect();
        let story = Story { marks, ..Story::default() };
        let told: Vec<String> = story.doings(BeatId(3)).iter().map(Doing::told).collect();
        assert_eq!(told, expected);
        assert!(story.doings(BeatId(2)).is_empty() && story.doings(BeatId(4)).is_empty());
    }

    #[test]
    fn what_lay_for_long_says_so_beside_its_arrow() {
        let mark = |after| Mark {
            actor: ActorId(1),
            role: "server".into(),
            at: Moment { frame: FrameId(9), time: Time(0) },
            what: "accept".into(),
            bytes: None,
            flight: BeatId(3),
            on_send: false,
            earlier: false,
            after,
        };
        for (after, beside) in [
            (None, "accept"),
            (Some(9_999_999), "accept"),
            (Some(35_020_000), "accept, 35 ms later"),
            (Some(35_732_000), "accept, 36 ms later"),
        ] {
            let doing = Doing::of(&[&mark(after)]).unwrap();
            assert_eq!((doing.label.as_str(), doing.beside.as_str()), ("accept", beside));
        }
    }

    #[test]
    fn what_had_to_wait_is_not_counted_with_what_went_before() {
        let mark = |at: i64, bytes| Mark {
            actor: ActorId(1),
            role: "server".into(),
            at: Moment { frame: FrameId(9), time: Time(at) },
            what: "write".into(),
            bytes: Some(bytes),
            flight: BeatId(3),
            on_send: true,
            earlier: false,
            after: None,
        };
        let marks = vec![mark(0, 40_000), mark(1_000_000, 6_000), mark(107_000_000, 19_000)];
        let story = Story { marks, ..Story::default() };
        let told: Vec<String> = story.doings(BeatId(3)).iter().map(Doing::told).collect();
        assert_eq!(told, ["write × 2, 46 kB", "write 19 kB"]);
    }

    #[test]
    fn the_same_things_are_counted_together() {
        check(&[], &[]);
        let accept = "accept (it has the connection, which the kernel had opened), \
                      0.071 ms after the packet";
        check(&[("accept", None, Some(71_000))], &[accept]);
        let thread = "thread (it has started a thread that serves this connection alone)";
        check(&[("thread", None, None)], &[thread]);
        check(&[("listen", None, None)], &["listen (connections may come from now on)"]);
        check(&[("shutdown", None, None)], &["shutdown (it ends its own direction)"]);
        check(&[("abort", None, None)], &["abort (it gives the connection up without a close)"]);
        check(
            &[("no-port", None, None)],
            &[
                "no-port (every port towards this server is taken: the next connect fails and sends \
               no packet)",
            ],
        );
        let parse = "parse (it has read all of a request: its framing says where that ends)";
        check(&[("parse", None, None)], &[parse]);
        let execute = "execute (it has done what the request asks for), 20.100 ms after the packet";
        check(&[("execute", None, Some(20_100_000))], &[execute]);
        check(&[("write", Some(750), None)], &["write 750 B"]);
        check(
            &[
                ("read", Some(80), Some(4_000)),
                ("end", None, Some(9_000)),
                ("read", Some(1120), Some(8_000)),
            ],
            &[
                "read × 2, 1.2 kB, 0.008 ms after the packet",
                "end (it reads that the other side has ended its direction), 0.009 ms after the packet",
            ],
        );
        check(
            &[("close", None, None), ("close", None, None)],
            &["close × 2 (it gives the connection up)"],
        );
    }
}
