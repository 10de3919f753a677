//! Where the ladders of a comparison stand from left to right, and how many side by side.

use std::ops::Range;

/// From the edge to the plates, from the edge to the words, and what the names of the rows take
/// left of the ladders; the same in pictures that are narrower than so.
const MARGINS: [f32; 3] = [24.0, 40.0, 124.0];
const NARROW: f32 = 620.0;
const NARROW_MARGINS: [f32; 3] = [10.0, 20.0, 112.0];
/// No ladder has less room: a bead with two names fits between its lifelines.
const LEAST_PITCH: f32 = 236.0;
/// Nor is one wider: arrows would be all but level.
const MOST_PITCH: f32 = 340.0;
/// Between two ladders.
pub(super) const GUTTER: f32 = 18.0;
/// How far the name of a lifeline reaches over a bar, at most: two neighbours keep a gap.
const NAME: f32 = GUTTER - 10.0;
/// What a lane takes between the edge of a bar and the client's lifeline.
pub(super) const LANE: f32 = 34.0;
/// From the edges of a bar to the lifelines, without lanes: half the name of a server stands right
/// of its own, and keeps off the frame of a ladder that is pointed at.
const CLIENT: f32 = 32.0;
const SERVER: f32 = 18.0;

/// The columns of a comparison.
pub(super) struct Columns {
    /// How wide the picture is.
    pub(super) width: f32,
    /// From the edge to the plates.
    pub(super) outer: f32,
    /// From the edge to the words.
    pub(super) left: f32,
    /// What the names of the rows take.
    names: f32,
    count: usize,
    /// How many stand side by side.
    beside: usize,
    pitch: f32,
    /// From the left edge of a bar to the client's lifeline.
    client: f32,
}

impl Columns {
    /// Columns for so many ways, with room for so many lanes beside each.
    pub(super) fn new(count: usize, lanes: usize, width: f32) -> Self {
        let count = count.max(1);
        let lanes = lanes as f32 * LANE;
        let [outer, left, names] = if width < NARROW { NARROW_MARGINS } else { MARGINS };
        let room = width - left - names - outer;
        let most = ((room / (LEAST_PITCH + lanes)) as usize).clamp(1, count);
        // Blocks are as even as they can be.
        let beside = count.div_ceil(count.div_ceil(most));
        let pitch = (room / beside as f32).min(MOST_PITCH + lanes);
        Self { width, outer, left, names, count, beside, pitch, client: CLIENT + lanes }
    }

    /// Which ways stand side by side, block by block.
    pub(super) fn blocks(&self) -> Vec<Range<usize>> {
        let starts = (0..self.count).step_by(self.beside);
        starts.map(|start| start..(start + self.beside).min(self.count)).collect()
    }

    /// Where the first ladder begins.
    pub(super) const fn first(&self) -> f32 {
        self.left + self.names
    }

    /// From the left to the right side of a way's bar.
    pub(super) fn bar(&self, way: usize) -> (f32, f32) {
        let left = self.first() + (way % self.beside) as f32 * self.pitch;
        (left, left + self.pitch - GUTTER)
    }

    /// The same with what stands at its sides: the name of the server, centred on its lifeline,
    /// reaches over the bar.
    pub(super) fn around(&self, way: usize) -> (f32, f32) {
        let (left, right) = self.bar(way);
        (left, right + NAME)
    }

    /// Its lifelines: the client's and the server's.
    pub(super) fn rails(&self, way: usize) -> (f32, f32) {
        let (left, right) = self.bar(way);
        (left + self.client, right - SERVER)
    }

    /// The middle of one of its lanes, which stand left of the client's lifeline.
    pub(super) fn lane(&self, way: usize, lane: usize) -> f32 {
        let (left, _) = self.bar(way);
        left + (lane as f32 + 0.5) * LANE
    }

    /// The middle between its lifelines.
    pub(super) fn middle(&self, way: usize) -> f32 {
        let (client, server) = self.rails(way);
        client.midpoint(server)
    }

    /// Where the last ladder of a block may end.
    pub(super) const fn right(&self) -> f32 {
        self.width - self.outer
    }

    /// What words may take across the picture.
    pub(super) const fn room(&self) -> f32 {
        self.width - 2.0 * self.left
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagram::FontMeasure;
    use crate::diagram::measure::MeasureText;
    use crate::diagram::style::Type;

    #[track_caller]
    fn check(count: usize, width: f32, blocks: &[Range<usize>]) {
        let columns = Columns::new(count, 0, width);
        assert_eq!(columns.blocks(), blocks, "{count} at {width}");
        for way in 0..count {
            let ((left, right), (client, server)) = (columns.bar(way), columns.rails(way));
            assert!(left < client && client + 100.0 < server && server < right);
            assert!(right <= columns.right(), "{way} of {count} at {width}");
            let name = FontMeasure::default().width("Server", Type::Detail) / 2.0;
            assert!(server + name + 6.0 <= columns.around(way).1, "{way} of {count} at {width}");
        }
    }

    #[test]
    #[expect(clippy::single_range_in_vec_init, reason = "one block is a list of one")]
    fn blocks_are_even() {
        check(6, 1640.0, &[0..6]);
        check(6, 1240.0, &[0..3, 3..6]);
        check(5, 1240.0, &[0..3, 3..5]);
        check(6, 720.0, &[0..2, 2..4, 4..6]);
        check(2, 420.0, &[0..1, 1..2]);
        check(2, 900.0, &[0..2]);
    }
}
