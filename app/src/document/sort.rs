//! Sorting frames: by what columns say at once, or by what reading their connections gives.

use rayon::prelude::*;
use wirestage_dissectors::bits::Bits;
use wirestage_dissectors::describe::Dissection;
use wirestage_dissectors::filter::{Need, RowSet};
use wirestage_dissectors::frames::Frames;
use wirestage_dissectors::ids::{Direction, FrameId};
use wirestage_dissectors::registry;
use wirestage_dissectors::sinks::fields::Columns;
use wirestage_dissectors::sinks::{FieldLines, RowText};

use super::sweep::Swept;
use super::{Ground, Progress};

/// What frames are sorted by.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum SortBy {
    /// The order of the recording.
    #[default]
    Number,
    /// When they were captured.
    Time,
    /// Who sent them.
    Source,
    /// Whom they were sent to.
    Destination,
    /// What they speak.
    Protocol,
    /// Their length on the wire.
    Length,
    /// At which interface they were seen.
    Interface,
    /// What they say.
    Info,
    /// The value of a field of this name.
    Field(&'static str),
}

impl SortBy {
    /// Whether connections have to be read for it.
    #[must_use]
    pub const fn rests_on_reading(self) -> bool {
        matches!(self, Self::Protocol | Self::Info | Self::Field(_))
    }
}

/// Bytes of a text that count; what is equal that far stays in the order of the recording.
const TOLD: usize = 64;

/// What a frame is sorted by. Numbers stand before texts, and what is missing last.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Key {
    Number(i128),
    Text(Box<str>),
    Missing,
}

impl Key {
    fn text(text: &str) -> Self {
        if text.is_empty() {
            return Self::Missing;
        }
        let end = text.floor_char_boundary(TOLD);
        Self::Text(text.get(..end).unwrap_or(text).to_lowercase().into())
    }

    /// A value as text, by its number where it is one.
    fn value(text: &str) -> Self {
        let hex = || i128::from_str_radix(text.strip_prefix("0x")?, 16).ok();
        let decimal = || {
            let number: f64 = text.parse().ok()?;
            // Seconds have nine places.
            number.is_finite().then_some((number * 1e9) as i128)
        };
        match hex().map(|number| number.saturating_mul(1_000_000_000)).or_else(decimal) {
            Some(number) => Self::Number(number),
            None => Self::text(text),
        }
    }
}

impl Ground {
    /// The numbers of frames in their new order, of those given, or all where none are. Equal ones
    /// stand as in the recording. `None` if it was cancelled.
    #[must_use]
    pub fn sorted(
        &self,
        by: SortBy,
        is_reversed: bool,
        among: Option<&RowSet>,
        progress: &Progress,
    ) -> Option<Vec<u32>> {
        let all: Vec<u32> = match among {
            Some(rows) => rows.iter().map(|frame| frame.0).collect(),
            None => (0..self.survey.frame_count()).collect(),
        };
        let mut keyed = match by {
            SortBy::Number => all.into_iter().map(|id| (Key::Number(id.into()), id)).collect(),
            by if by.rests_on_reading() => self.keys_read(by, &all, progress)?,
            by => self.keys(by, &all, progress)?,
        };
        // Also in the other direction equal ones stay in order.
        if is_reversed {
            keyed.par_sort_by(|(a, _), (b, _)| b.cmp(a));
        } else {
            keyed.par_sort_by(|(a, _), (b, _)| a.cmp(b));
        }
        (!progress.is_cancelled()).then(|| keyed.into_iter().map(|(_, id)| id).collect())
    }

    /// Keys that headers and columns have.
    fn keys(&self, by: SortBy, all: &[u32], progress: &Progress) -> Option<Vec<(Key, u32)>> {
        const SHARE: usize = 1 << 14;
        let scene = Dissection::of_headers(self.context(), &self.survey);
        let parts = all.par_chunks(SHARE).map(|share| {
            if progress.is_cancelled() {
                return Vec::new();
            }
            let mut row = RowText::new();
            let keys = share.iter().map(|id| (self.key(by, FrameId(*id), &scene, &mut row), *id));
            let keys: Vec<(Key, u32)> = keys.collect();
            if let (Some(first), Some(last)) = (share.first(), share.last()) {
                self.recording.release(*first..last.saturating_add(1));
            }
            keys
        });
        let keys: Vec<Vec<(Key, u32)>> = parts.collect();
        (!progress.is_cancelled()).then(|| keys.into_iter().flatten().collect())
    }

    fn key(&self, by: SortBy, id: FrameId, scene: &Dissection<'_>, text: &mut RowText) -> Key {
        let end = |is_source: bool, text: &mut RowText| {
            let row = self.survey.row(id);
            let flow = row.and_then(|row| Some((row.direction(), self.survey.flow(row.flow)?)));
            if let Some((way, flow)) = flow {
                let way: Direction = if is_source { way } else { way.reverse() };
                let address = match flow.address(way) {
                    std::net::IpAddr::V4(address) => i128::from(u32::from(address)),
                    // Behind all of the older kind.
                    std::net::IpAddr::V6(address) => (u128::from(address) >> 1).cast_signed(),
                };
                return Key::Number(address);
            }
            text.set_ends(None);
            scene.row(id, text);
            let ends = text.ends().unwrap_or_default();
            Key::text(if is_source { ends.0 } else { ends.1 })
        };
        match by {
            SortBy::Time => match self.recording.frame(id).time.known() {
                Some(time) => Key::Number(time.0.into()),
                None => Key::Missing,
            },
            SortBy::Length => Key::Number(self.recording.frame(id).wire_len.into()),
            SortBy::Interface => Key::Number(self.recording.frame(id).interface.into()),
            SortBy::Source => end(true, text),
            SortBy::Destination => end(false, text),
            _ => Key::Number(id.0.into()),
        }
    }

    /// Keys that reading connections gives.
    fn keys_read(&self, by: SortBy, all: &[u32], progress: &Progress) -> Option<Vec<(Key, u32)>> {
        let mut frames = Bits::none(self.survey.frame_count());
        all.iter().for_each(|id| frames.insert(*id));
        let columns = match by {
            SortBy::Field(name) => {
                let fields = |name: &str| registry::standard().fields_named(name).collect();
                Columns::new([name], fields).ok()
            }
            _ => None,
        };
        let mut keyed = Vec::with_capacity(all.len());
        let read = |scene: &Dissection<'_>, frames: &mut dyn Iterator<Item = FrameId>| {
            let (mut row, mut cells) = (RowText::new(), String::new());
            let mut line = columns.as_ref().map(FieldLines::new);
            let key = |id: FrameId| {
                let key = match &mut line {
                    Some(line) => {
                        cells.clear();
                        scene.describe(id, line);
                        line.flush(&mut cells);
                        Key::value(cells.trim_end_matches('\n'))
                    }
                    None => {
                        let protocol = scene.row(id, &mut row);
                        Key::text(if by == SortBy::Info { &row.info } else { protocol })
                    }
                };
                (key, id.0)
            };
            frames.map(key).collect::<Vec<_>>()
        };
        let take = |keys: Vec<(Key, u32)>| {
            keyed.extend(keys);
            true
        };
        let swept = self.read_frames(&frames, Need::Messages, progress, read, take);
        (swept == Swept::All).then_some(keyed)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_stand_before_texts_and_what_is_missing_last() {
        let mut keys =
            ["b", "", "10", "0x0a", "9", "1.5", "A"].map(|text| (Key::value(text), text));
        keys.sort_by(|(a, _), (b, _)| a.cmp(b));
        assert_eq!(keys.map(|(_, text)| text), ["1.5", "9", "10", "0x0a", "A", "b", ""]);
    }
}
