//! Points, rectangles and alignment, in the diagram's own points: x to the right, y downwards.

/// A place.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Point {
    /// To the right.
    pub x: f32,
    /// Downwards.
    pub y: f32,
}

/// A rectangle with its sides along the axes.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Rect {
    /// The left side.
    pub left: f32,
    /// The upper side.
    pub top: f32,
    /// The right side.
    pub right: f32,
    /// The lower side.
    pub bottom: f32,
}

/// Where a text stands with regard to its point.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Align {
    /// It begins there.
    Start,
    /// It is centred there.
    Middle,
    /// It ends there.
    End,
}

/// A place.
#[must_use]
pub const fn at(x: f32, y: f32) -> Point {
    Point { x, y }
}

impl Point {
    /// The place on the way to `other`, 0 being here and 1 there.
    #[must_use]
    pub fn towards(self, other: Self, share: f32) -> Self {
        at(self.x + (other.x - self.x) * share, self.y + (other.y - self.y) * share)
    }
}

/// The corners of a polygon of equal sides, clockwise from the one straight above its centre.
pub fn corners(centre: Point, radius: f32, count: u8) -> impl Iterator<Item = Point> {
    (0..count).map(move |corner| {
        let (across, up) = (std::f32::consts::TAU * f32::from(corner) / f32::from(count)).sin_cos();
        at(centre.x + radius * across, centre.y - radius * up)
    })
}

impl Rect {
    /// A rectangle from its upper left corner and its size.
    #[must_use]
    pub const fn sized(left: f32, top: f32, width: f32, height: f32) -> Self {
        Self { left, top, right: left + width, bottom: top + height }
    }

    /// A rectangle around a centre.
    #[must_use]
    pub const fn around(centre: Point, width: f32, height: f32) -> Self {
        Self::sized(centre.x - width / 2.0, centre.y - height / 2.0, width, height)
    }

    /// The smallest rectangle that holds both points.
    #[must_use]
    pub const fn spanning(a: Point, b: Point) -> Self {
        Self { left: a.x.min(b.x), top: a.y.min(b.y), right: a.x.max(b.x), bottom: a.y.max(b.y) }
    }

    /// From the left to the right side.
    #[must_use]
    pub const fn width(self) -> f32 {
        self.right - self.left
    }

    /// From the upper to the lower side.
    #[must_use]
    pub const fn height(self) -> f32 {
        self.bottom - self.top
    }

    /// The middle.
    #[must_use]
    pub const fn centre(self) -> Point {
        at((self.left + self.right) / 2.0, (self.top + self.bottom) / 2.0)
    }

    /// The same, larger by `by` on each side.
    #[must_use]
    pub const fn grown(self, by: f32) -> Self {
        Self {
            left: self.left - by,
            top: self.top - by,
            right: self.right + by,
            bottom: self.bottom + by,
        }
    }

    /// The smallest rectangle that holds both.
    #[must_use]
    pub const fn union(self, other: Self) -> Self {
        Self {
            left: self.left.min(other.left),
            top: self.top.min(other.top),
            right: self.right.max(other.right),
            bottom: self.bottom.max(other.bottom),
        }
    }

    /// Whether the point lies in it.
    #[must_use]
    pub fn contains(self, point: Point) -> bool {
        (self.left..=self.right).contains(&point.x) && (self.top..=self.bottom).contains(&point.y)
    }

    /// Whether the other one lies in it whole.
    #[must_use]
    pub fn holds(self, other: Self) -> bool {
        self.left <= other.left
            && self.top <= other.top
            && self.right >= other.right
            && self.bottom >= other.bottom
    }

    /// Whether the two share more than an edge.
    #[must_use]
    pub fn overlaps(self, other: Self) -> bool {
        self.left < other.right
            && other.left < self.right
            && self.top < other.bottom
            && other.top < self.bottom
    }
}
