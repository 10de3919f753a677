//! What of a picture is taken already, so that a label finds a free place.

use std::collections::HashMap;
use std::ops::RangeInclusive;

use crate::diagram::geometry::{Point, Rect};

/// Places are looked up by strips of this height.
const STRIP: f32 = 64.0;

/// Places that are taken, and lines that no bare text may cross.
#[derive(Clone, Default)]
pub(super) struct Board {
    taken: HashMap<i32, Vec<Rect>>,
    lines: HashMap<i32, Vec<(Point, Point)>>,
}

fn strips(top: f32, end: f32) -> RangeInclusive<i32> {
    (top / STRIP).floor() as i32..=(end / STRIP).floor() as i32
}

impl Board {
    /// Takes a place.
    pub(super) fn take(&mut self, rect: Rect) {
        for strip in strips(rect.top, rect.bottom) {
            self.taken.entry(strip).or_default().push(rect);
        }
    }

    /// Notes a line.
    pub(super) fn line(&mut self, from: Point, to: Point) {
        for strip in strips(from.y.min(to.y), from.y.max(to.y)) {
            self.lines.entry(strip).or_default().push((from, to));
        }
    }

    /// Whether nothing stands there: what has a plate of its own may lie on lines.
    pub(super) fn is_free(&self, rect: Rect) -> bool {
        strips(rect.top, rect.bottom).all(|strip| {
            self.taken.get(&strip).is_none_or(|all| !all.iter().any(|one| one.overlaps(rect)))
        })
    }

    /// Whether nothing stands there and no line runs through it.
    pub(super) fn is_clear(&self, rect: Rect) -> bool {
        // A line is wider than its middle.
        let around = rect.grown(1.5);
        let crossed = |(from, to): &(Point, Point)| crosses(*from, *to, around);
        self.is_free(rect)
            && strips(rect.top, rect.bottom)
                .all(|strip| self.lines.get(&strip).is_none_or(|all| !all.iter().any(crossed)))
    }
}

/// Whether a line runs through a rectangle.
fn crosses(from: Point, to: Point, rect: Rect) -> bool {
    let (left, right) = if from.x <= to.x { (from, to) } else { (to, from) };
    let (low, high) = (rect.left.max(left.x), rect.right.min(right.x));
    if low > high {
        return false;
    }
    let level = |x: f32| {
        let way = right.x - left.x;
        if way == 0.0 { left.y } else { left.y + (right.y - left.y) * (x - left.x) / way }
    };
    let (a, b) = (level(low), if left.x == right.x { right.y } else { level(high) });
    a.min(b) < rect.bottom && a.max(b) > rect.top
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagram::geometry::at;

    #[track_caller]
    fn check(rect: (f32, f32), free: bool, clear: bool) {
        let mut board = Board::default();
        board.take(Rect::sized(0.0, 100.0, 10.0, 100.0));
        board.line(at(20.0, 0.0), at(120.0, 100.0));
        let rect = Rect::sized(rect.0, rect.1, 10.0, 10.0);
        assert_eq!((board.is_free(rect), board.is_clear(rect)), (free, clear));
    }

    #[test]
    fn a_plate_may_lie_on_a_line_but_a_text_may_not() {
        check((5.0, 150.0), false, false);
        check((15.0, 150.0), true, true);
        check((60.0, 40.0), true, false);
        check((60.0, 60.0), true, true);
        check((130.0, 90.0), true, true);
    }
}
