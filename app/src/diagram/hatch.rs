//! A hatched plate: time that passes without progress.

use super::geometry::{Rect, at};
use super::scene::Shape;

/// From one stroke to the next.
pub(super) const HATCH: f32 = 6.0;

/// The plate and then its strokes, from the top down; nothing where it is too low to be seen.
pub(super) fn hatch(rect: Rect) -> impl Iterator<Item = Shape> {
    let Rect { left, right, top, bottom: end } = rect;
    let is_seen = end - top >= 1.0;
    let plate = Shape::Plate { rect, radius: 0.0, outline: 1.0, dashed: false };
    let first = HATCH - (right - left);
    let downs = (0_u16..).map(move |number| first + f32::from(number) * HATCH);
    let strokes = downs.take_while(move |down| top + down < end).filter_map(move |down| {
        // From the left edge down to the right, cut where the plate ends.
        let (y, width) = (top + down, right - left);
        let (from, to) = (at(left, y + width), at(right, y));
        let from = if from.y > end { at(left + (from.y - end), end) } else { from };
        let to = if to.y < top { at(right - (top - to.y), top) } else { to };
        (from.x < to.x).then_some(Shape::Line { from, to, width: 1.0, dashed: false })
    });
    std::iter::once(plate).chain(strokes).filter(move |_| is_seen)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn strokes_stay_inside_their_plate() {
        let rect = Rect { left: 10.0, top: 20.0, right: 38.0, bottom: 75.0 };
        let shapes: Vec<Shape> = hatch(rect).collect();
        assert!(shapes.len() > 8, "{shapes:?}");
        for shape in &shapes[1..] {
            let Shape::Line { from, to, .. } = shape else { panic!("{shape:?}") };
            for point in [from, to] {
                assert!((10.0..=38.0).contains(&point.x) && (20.0..=75.0).contains(&point.y));
            }
        }
        assert_eq!(hatch(Rect { bottom: 20.5, ..rect }).count(), 0);
    }
}
