//! Where a list of rows stands: a whole row and a fraction of one, exact to the last of ten
//! million rows.
//!
//! Scroll areas that count in `f32` points lose single rows past about 800,000 of them.

use std::ops::Range;

/// The place of a list: the first row in sight, and how much of it is above the edge.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Place {
    /// The first row in sight.
    pub first: u64,
    /// How much of it is out of sight, from 0 to 1.
    pub fraction: f64,
}

/// A list of so many rows, of which so many fit into the window (with a fraction).
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Extent {
    /// How many rows there are.
    pub count: u64,
    /// How many fit.
    pub page: f64,
}

impl Extent {
    /// The last place: the last row stands at the lower edge.
    fn last(self) -> Place {
        let whole = self.page.floor();
        // The first row in sight is partly hidden where the page is no whole number of rows.
        let part = self.page - whole;
        let rows = whole as u64 + u64::from(part > 0.0);
        match self.count.checked_sub(rows) {
            Some(first) if part > 0.0 => Place { first, fraction: 1.0 - part },
            Some(first) => Place { first, fraction: 0.0 },
            None => Place::default(),
        }
    }
}

impl Place {
    /// Scrolls by so many rows, backwards where negative, and stays within the list.
    #[must_use]
    pub(super) fn by(self, rows: f64, extent: Extent) -> Self {
        let moved = self.fraction + rows;
        let whole = moved.floor();
        let first = self.first as i128 + whole as i128;
        let place = match u64::try_from(first) {
            Ok(first) => Self { first, fraction: moved - whole },
            Err(_) => Self::default(),
        };
        place.within(extent)
    }

    /// The nearest place within the list.
    #[must_use]
    pub(super) fn within(self, extent: Extent) -> Self {
        let last = extent.last();
        if (self.first, self.fraction) > (last.first, last.fraction) { last } else { self }
    }

    /// Scrolls as little as it takes to bring a row into sight.
    #[must_use]
    pub(super) fn showing(self, row: u64, extent: Extent) -> Self {
        if row < self.first || row == self.first && self.fraction > 0.0 {
            return Self { first: row, fraction: 0.0 }.within(extent);
        }
        let below = (row - self.first) as f64 + 1.0 - self.fraction - extent.page;
        if below > 0.0 { self.by(below, extent) } else { self }
    }

    /// The rows in sight, those cut by an edge included.
    #[must_use]
    pub(super) fn rows(self, extent: Extent) -> Range<u64> {
        let shown = (self.fraction + extent.page).ceil() as u64;
        self.first.min(extent.count)..self.first.saturating_add(shown).min(extent.count)
    }

    /// The scroll bar's handle: where it begins and how long it is, as shares of the bar.
    #[must_use]
    pub(super) fn handle(self, extent: Extent) -> (f64, f64) {
        let count = extent.count.max(1) as f64;
        let length = (extent.page / count).clamp(0.0, 1.0);
        let last = extent.last();
        let room = last.first as f64 + last.fraction;
        let at = self.first as f64 + self.fraction;
        let share = if room > 0.0 { (at / room).clamp(0.0, 1.0) } else { 0.0 };
        (share, length)
    }

    /// The place at a share of the bar.
    #[must_use]
    pub(super) fn at_share(share: f64, extent: Extent) -> Self {
        let last = extent.last();
        let rows = (last.first as f64 + last.fraction) * share.clamp(0.0, 1.0);
        Self { first: rows as u64, fraction: rows.fract() }.within(extent)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LONG: Extent = Extent { count: 10_000_000, page: 20.5 };

    #[test]
    fn ten_million_rows_are_stepped_through_exactly() {
        let mut place = Place::at_share(1.0, LONG);
        assert_eq!(place.rows(LONG).end, 10_000_000);
        for step in 1..=1000 {
            place = place.by(-1.0, LONG);
            assert_eq!(place.first, 10_000_000 - 21 - step);
            assert!((place.fraction - 0.5).abs() < 1e-9);
        }
    }

    #[test]
    fn the_list_never_leaves_its_ends() {
        let place = Place::default();
        assert_eq!(place.by(-5.0, LONG), place);
        let end = place.by(1e12, LONG);
        assert_eq!(end, Place { first: 9_999_979, fraction: 0.5 });
        let short = Extent { count: 3, page: 20.0 };
        assert_eq!(place.by(7.0, short), place);
        assert_eq!(place.rows(short), 0..3);
    }

    #[test]
    fn a_row_is_brought_into_sight_with_the_least_scrolling() {
        let place = Place { first: 100, fraction: 0.25 };
        assert_eq!(place.showing(110, LONG), place);
        assert_eq!(place.showing(100, LONG), Place { first: 100, fraction: 0.0 });
        assert_eq!(place.showing(7, LONG), Place { first: 7, fraction: 0.0 });
        let below = place.showing(9_999_999, LONG);
        assert_eq!(below, Place { first: 9_999_979, fraction: 0.5 });
    }

    #[test]
    fn the_bar_and_the_list_agree() {
        for share in [0.0, 0.25, 0.5, 1.0] {
            let place = Place::at_share(share, LONG);
            assert!((place.handle(LONG).0 - share).abs() < 1e-9);
        }
    }
}
