//! Rows that a filter selects: a compressed set of frames.

use roaring::RoaringBitmap;

use crate::ids::FrameId;

/// A set of frames.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct RowSet {
    frames: RoaringBitmap,
}

impl RowSet {
    /// No frame.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// How many there are.
    #[must_use]
    pub fn len(&self) -> u32 {
        u32::try_from(self.frames.len()).unwrap_or(u32::MAX)
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.frames.is_empty()
    }

    /// Whether a frame is in it.
    #[must_use]
    pub fn contains(&self, frame: FrameId) -> bool {
        self.frames.contains(frame.0)
    }

    /// Adds a frame.
    pub fn insert(&mut self, frame: FrameId) {
        self.frames.insert(frame.0);
    }

    /// Adds all of another set.
    pub fn add(&mut self, other: &Self) {
        self.frames |= &other.frames;
    }

    /// Leaves those that are in another set, too.
    pub fn meet(&mut self, other: &Self) {
        self.frames &= &other.frames;
    }

    /// The frames, in the order of the file.
    pub fn iter(&self) -> impl Iterator<Item = FrameId> {
        self.frames.iter().map(FrameId)
    }

    /// The frame at a place in that order.
    #[must_use]
    pub fn at(&self, place: u32) -> Option<FrameId> {
        self.frames.select(place).map(FrameId)
    }

    /// How many of them lie before a frame: its place, if it is one of them.
    #[must_use]
    pub fn before(&self, frame: FrameId) -> u32 {
        let upto = frame.0.checked_sub(1).map_or(0, |last| self.frames.rank(last));
        u32::try_from(upto).unwrap_or(u32::MAX)
    }
}

impl FromIterator<FrameId> for RowSet {
    fn from_iter<I: IntoIterator<Item = FrameId>>(frames: I) -> Self {
        Self { frames: frames.into_iter().map(|frame| frame.0).collect() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_count_in_the_order_of_the_file() {
        let mut rows: RowSet = [70_000, 3, 9].into_iter().map(FrameId).collect();
        rows.add(&[FrameId(5)].into_iter().collect());
        assert_eq!(rows.iter().map(|frame| frame.0).collect::<Vec<_>>(), [3, 5, 9, 70_000]);
        assert_eq!((rows.at(2), rows.at(4)), (Some(FrameId(9)), None));
        let before = [0, 3, 4, 9, 80_000].map(|frame| rows.before(FrameId(frame)));
        assert_eq!(before, [0, 0, 1, 2, 4]);
        assert!(rows.contains(FrameId(5)) && !rows.contains(FrameId(6)));
    }
}
