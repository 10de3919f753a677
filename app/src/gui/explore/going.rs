//! Going to a place that one can name: a frame, a time, a step, a connection.

use std::sync::Arc;

use wirestage_dissectors::frames::Frames;
use wirestage_dissectors::ids::{ConnectionId, FrameId};

use super::asks::Way;
use super::{Explore, View};
use crate::diagram::Towards;

/// The line that is typed into.
#[derive(Default)]
pub(super) struct Going {
    pub(super) open: bool,
    /// Whether it is to get the keyboard.
    pub(super) focus: bool,
    pub(super) typed: String,
    /// Why nobody can go there.
    pub(super) wrong: Option<String>,
}

/// A place that was named.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Goal {
    /// The frame with this number.
    Frame(u64),
    /// The first frame so many nanoseconds after the first one, or later.
    Since(i64),
    /// The first frame at this time of day or later, in nanoseconds since midnight.
    OfDay(i64),
    /// The step with this number in the diagram.
    Step(u64),
    /// The connection with this number.
    Connection(u64),
}

/// What can be typed.
pub(super) const HINT: &str = "418233 · 12.5 s · 14:10:02.118 · step 7 · connection 3";

const SECOND: f64 = 1e9;
const DAY: i64 = 86_400 * 1_000_000_000;

/// Units of time, longer names before those that they end in, with their nanoseconds.
const UNITS: [(&str, f64); 6] =
    [("min", 60.0 * SECOND), ("ms", 1e6), ("µs", 1e3), ("us", 1e3), ("ns", 1.0), ("s", SECOND)];

impl Goal {
    /// Reads what was typed.
    fn read(typed: &str) -> Result<Self, String> {
        let typed = typed.trim();
        let end = typed.find(|c: char| !c.is_alphabetic()).unwrap_or(typed.len());
        let (word, rest) = typed.split_at(end);
        let rest = rest.trim();
        let number = || number(rest).ok_or_else(|| format!("“{rest}” is no number"));
        match word {
            "" if rest.contains(':') => of_day(rest).map(Self::OfDay),
            "" => match number() {
                Ok(frame) => Ok(Self::Frame(frame)),
                Err(_) => since(rest).map(Self::Since),
            },
            "frame" | "f" => number().map(Self::Frame),
            "step" | "s" => number().map(Self::Step),
            "connection" | "c" => number().map(Self::Connection),
            "time" | "t" if rest.contains(':') => of_day(rest).map(Self::OfDay),
            "time" | "t" => since(rest).map(Self::Since),
            _ => Err(format!("“{word}” is no kind of place: {HINT}")),
        }
    }
}

/// A number, whose thousands may be parted.
fn number(text: &str) -> Option<u64> {
    let bare: String = text.trim_start_matches('#').chars().filter(|c| *c != ',').collect();
    bare.parse().ok()
}

/// A time since the first frame; seconds unless it says otherwise.
fn since(text: &str) -> Result<i64, String> {
    let wrong = || format!("“{text}” is no place: {HINT}");
    let unit = UNITS.iter().find_map(|(name, nanos)| Some((text.strip_suffix(name)?, *nanos)));
    let (count, nanos) = unit.unwrap_or((text, SECOND));
    let count: f64 = count.trim().trim_start_matches('+').parse().map_err(|_| wrong())?;
    let nanos = (count * nanos).round();
    // Beyond 2^63 nanoseconds, and for what is no number, there is no frame.
    if nanos.is_finite() && nanos.abs() < 9e18 { Ok(nanos as i64) } else { Err(wrong()) }
}

/// A time of day in nanoseconds since midnight.
fn of_day(text: &str) -> Result<i64, String> {
    let wrong = || format!("“{text}” is no time of day: 14:10:02.118");
    let mut parts = text.split(':');
    let mut whole = |limit: i64| {
        let part = parts.next().unwrap_or("0").parse::<i64>().ok();
        part.filter(|part| (0..limit).contains(part)).ok_or_else(wrong)
    };
    let (hours, minutes) = (whole(24)?, whole(60)?);
    let seconds: f64 = parts.next().unwrap_or("0").parse().map_err(|_| wrong())?;
    if parts.next().is_some() || !(0.0..61.0).contains(&seconds) {
        return Err(wrong());
    }
    Ok((hours * 3600 + minutes * 60) * 1_000_000_000 + (seconds * SECOND).round() as i64)
}

impl Explore {
    /// Carries out what is asked of the way.
    pub(super) fn way(&mut self, way: Way) {
        match way {
            Way::Open => (self.going.open, self.going.focus) = (true, true),
            Way::Close => {
                self.going.open = false;
                self.packets.list.focus();
            }
            Way::There => match Goal::read(&self.going.typed).and_then(|goal| self.go(goal)) {
                Ok(()) => {
                    self.going.wrong = None;
                    self.way(Way::Close);
                }
                Err(wrong) => (self.going.wrong, self.going.focus) = (Some(wrong), true),
            },
            Way::Back => self.turn(Towards::Previous),
            Way::Forward => self.turn(Towards::Next),
        }
    }

    fn go(&mut self, goal: Goal) -> Result<(), String> {
        let count = self.frame_count();
        match goal {
            Goal::Frame(number) => {
                let index = number.checked_sub(1).and_then(|index| u32::try_from(index).ok());
                let index = index.filter(|index| *index < count);
                let index = index.ok_or_else(|| match count {
                    0 => "This recording holds no frames".to_owned(),
                    _ => format!("There are frames 1 to {count}"),
                })?;
                self.select_frame(FrameId(index));
            }
            Goal::Since(nanos) => self.go_to_time(nanos)?,
            Goal::OfDay(nanos) => {
                let start = self.shown.clock.of_day(self.ground.start());
                self.go_to_time((nanos - start).rem_euclid(DAY))?;
            }
            Goal::Step(number) => {
                let story = self.shown.story.as_ref().filter(|_| self.shown.view == View::Story);
                let steps = story.map(|story| story.steps()).unwrap_or_default();
                let index = usize::try_from(number).ok().and_then(|number| number.checked_sub(1));
                let step = index.and_then(|index| steps.get(index)).copied();
                self.select_beat(step.ok_or_else(|| match steps.len() {
                    0 => "No diagram is told whose steps have numbers".to_owned(),
                    len => format!("The diagram has steps 1 to {len}"),
                })?);
            }
            Goal::Connection(number) => {
                let all = &self.ground.connections;
                let index = usize::try_from(number).ok().and_then(|number| number.checked_sub(1));
                let id = index.and_then(|index| all.get(index)).copied();
                let id = id.ok_or_else(|| match all.len() {
                    0 => "This recording has no connection".to_owned(),
                    len => format!("There are connections 1 to {len}"),
                })?;
                self.go_to_connection(id);
            }
        }
        Ok(())
    }

    /// Tells a connection, and chooses its first packet.
    pub(super) fn go_to_connection(&mut self, id: ConnectionId) {
        self.tell(Some(id));
        self.select_connection(id);
    }

    /// Chooses the first packet of a connection.
    pub(super) fn select_connection(&mut self, id: ConnectionId) {
        if let Some(flow) = self.ground.survey.flow(self.ground.attribution.first_path(id)) {
            self.select_frame(flow.first);
        }
    }

    /// Tells the connection that began after the one that is told or chosen, or before it; among
    /// those that are shown.
    pub(super) fn next_connection(&mut self, towards: Towards) {
        let all = Arc::clone(&self.connections.all);
        let here = self.shown.told.or_else(|| self.followed());
        let place = here.map(|here| all.partition_point(|id| *id < here));
        let is_in = here.is_some_and(|here| all.contains(&here));
        let next = match (place, towards) {
            (None, Towards::Next) => Some(0),
            (None, Towards::Previous) => all.len().checked_sub(1),
            (Some(place), Towards::Next) => Some(place + usize::from(is_in)),
            (Some(place), Towards::Previous) => place.checked_sub(1),
        };
        if let Some(id) = next.and_then(|next| all.get(next)) {
            self.go_to_connection(*id);
        }
    }

    /// Goes to the first frame so long after the first one. Where times go back, to one of those.
    fn go_to_time(&mut self, nanos: i64) -> Result<(), String> {
        let count = self.frame_count();
        let since =
            |id: u32| self.ground.recording.frame(FrameId(id)).time.since(self.ground.start());
        let (mut low, mut high) = (0, count);
        while low < high {
            let middle = low + (high - low) / 2;
            if since(middle) < nanos { low = middle + 1 } else { high = middle }
        }
        if low >= count {
            return Err("The recording ends before that time".to_owned());
        }
        self.select_frame(FrameId(low));
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(typed: &str, expected: Goal) {
        assert_eq!(Goal::read(typed), Ok(expected));
    }

    #[test]
    fn places_are_read_as_people_write_them() {
        check("418233", Goal::Frame(418_233));
        check("#418,233", Goal::Frame(418_233));
        check("frame 7", Goal::Frame(7));
        check("12.5", Goal::Since(12_500_000_000));
        check("12.5 s", Goal::Since(12_500_000_000));
        check("3ms", Goal::Since(3_000_000));
        check("time 2 min", Goal::Since(120_000_000_000));
        check("14:10:02.118", Goal::OfDay(51_002_118_000_000));
        check("time 0:05", Goal::OfDay(300_000_000_000));
        check(" step 7 ", Goal::Step(7));
        check("c3", Goal::Connection(3));
    }

    #[test]
    fn what_is_no_place_says_what_one_is() {
        for typed in ["", "abc", "1e400", "step", "connection x", "24:00", "1:2:3:4", "-"] {
            assert!(Goal::read(typed).is_err(), "{typed}");
        }
        assert_eq!(Goal::read("step x"), Err("“x” is no number".to_owned()));
        assert!(Goal::read("elsewhere").is_err_and(|wrong| wrong.ends_with(HINT)));
    }
}
