//! When requests happened, as bars of characters under one another.
//!
//! ```text
//!   ━━╌╌╌╌████          it asks, waits, and gets its answer
//!         ━╌╌╌╌         it asks, and nothing came
//! ```

use wirestage_dissectors::ids::Time;
use wirestage_dissectors::requests::Request;

/// What stands for each part of a request.
pub(super) const ASKS: char = '━';
/// See [`ASKS`].
pub(super) const WAITS: char = '╌';
/// See [`ASKS`].
pub(super) const GETS: char = '█';

/// A stretch of time on so many characters.
#[derive(Clone, Copy, Debug)]
pub(super) struct Scale {
    from: Time,
    nanos: i64,
    width: usize,
}

impl Scale {
    /// The time that these requests take together.
    pub(super) fn of(rows: &[Request], width: usize) -> Self {
        let times = rows.iter().flat_map(|row| [row.start().time, row.end().time]);
        let times = || times.clone().filter_map(Time::known);
        let from = times().min().unwrap_or_default();
        let nanos = times().max().map_or(0, |last| last.since(from)).max(1);
        Self { from, nanos, width }
    }

    /// The time on all characters, in nanoseconds.
    pub(super) const fn nanos(self) -> i64 {
        self.nanos
    }

    /// The place of a time.
    fn place(self, time: Time) -> usize {
        let share = time.since(self.from).clamp(0, self.nanos) as f64 / self.nanos as f64;
        ((share * self.width as f64) as usize).min(self.width.saturating_sub(1))
    }

    /// A request as a bar, without blanks behind it; nothing where its times are not known.
    pub(super) fn bar(self, row: &Request) -> String {
        let (start, end) = (row.start().time, row.end().time);
        if start.known().is_none() || end.known().is_none() {
            return String::new();
        }
        let asked = row.question.map_or(start, |said| said.last.time);
        let answered = row.answer.map_or(end, |said| said.first.time);
        let [first, last, from] = [start, end, answered].map(|time| self.place(time));
        let asks = self.place(asked);
        let mut bar = " ".repeat(first);
        for at in first..=last {
            bar.push(match () {
                () if row.answer.is_some() && at >= from => GETS,
                () if row.question.is_some() && at <= asks => ASKS,
                () => WAITS,
            });
        }
        bar
    }
}
