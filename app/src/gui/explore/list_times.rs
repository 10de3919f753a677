//! What the times of the packet list count from.

use wirestage_dissectors::frames::Frames;
use wirestage_dissectors::ids::{FrameId, Time};

use super::Explore;
use super::asks::Since;

impl Explore {
    /// Counts times from the selected frame, or from the first again.
    pub(super) fn refer_here(&mut self) {
        let here = self.selection.frame;
        self.packets.list.reference = here.filter(|_| self.packets.list.reference != here);
        self.packets.list.since = Since::Start;
    }

    /// The heading of the times.
    pub(super) fn time_heading(&self) -> String {
        match (self.packets.list.since, self.packets.list.reference) {
            (Since::Start, Some(frame)) => format!("Since {}", frame.number()),
            (Since::Start, None) => "Time".to_owned(),
            (Since::Shown, _) => "Since above".to_owned(),
            (Since::Day, _) => "Time of day".to_owned(),
        }
    }

    /// The time of a frame, which stands in this row.
    pub(super) fn time_of(&self, frame: FrameId, row: u32) -> String {
        let time = |frame: FrameId| self.ground.recording.frame(frame).time;
        let own = time(frame);
        if own.known().is_none() {
            return String::new();
        }
        match (self.packets.list.since, self.packets.list.reference) {
            (Since::Start, Some(reference)) if reference == frame => "reference".to_owned(),
            (Since::Start, Some(reference)) => seconds(own.since(time(reference))),
            (Since::Start, None) => seconds(own.since(self.ground.start())),
            (Since::Shown, _) => {
                let above = row.checked_sub(1).and_then(|row| self.frame_at(row));
                above.map_or_else(|| seconds(0), |above| seconds(own.since(time(above))))
            }
            (Since::Day, _) => self.of_day(own),
        }
    }

    /// The time of day, to the microsecond.
    fn of_day(&self, time: Time) -> String {
        let micros = self.shown.clock.of_day(time) / 1000;
        let (seconds, micros) = (micros / 1_000_000, micros % 1_000_000);
        let (hours, minutes) = (seconds / 3600, seconds / 60 % 60);
        format!("{hours:02}:{minutes:02}:{:02}.{micros:06}", seconds % 60)
    }
}

/// Nanoseconds as seconds, to the microsecond.
fn seconds(nanos: i64) -> String {
    let sign = if nanos < 0 { "-" } else { "" };
    let micros = nanos.unsigned_abs() / 1000;
    format!("{sign}{}.{:06}", micros / 1_000_000, micros % 1_000_000)
}

#[cfg(test)]
mod tests {
    use super::seconds;

    #[test]
    fn times_are_seconds_to_the_microsecond() {
        assert_eq!(seconds(1_500_000_999), "1.500000");
        assert_eq!(seconds(-2_000), "-0.000002");
    }
}
