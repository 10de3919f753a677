//! Things of given heights in one column, none over another, as near as can be to where each
//! belongs.
//!
//! What would overlap is grouped and spread around its common middle, which makes the sum of
//! squared moves least (pooling of adjacent violators).

/// What has been put together because it would overlap: from the first of it on, everything
/// follows at its distance.
struct Pool {
    first: usize,
    count: usize,
    /// Where the first of it would stand, by each of it, added up.
    wishes: f32,
}

impl Pool {
    fn place(&self) -> f32 {
        self.wishes / self.count as f32
    }
}

/// The tops of things that want to stand at `wanted`, in that order, each as high as `heights` says
/// and followed by a gap; none above `top`.
pub(super) fn nearest(wanted: &[f32], heights: &[f32], gap: f32, top: f32) -> Vec<f32> {
    // How far below the first thing each stands, where nothing lies between.
    let mut below = Vec::with_capacity(wanted.len());
    let mut sum = 0.0;
    for height in heights {
        below.push(sum);
        sum += height + gap;
    }
    let mut pools: Vec<Pool> = Vec::new();
    for (at, (wish, below)) in wanted.iter().zip(&below).enumerate() {
        let mut pool = Pool { first: at, count: 1, wishes: wish - below };
        while let Some(before) = pools.pop_if(|before| before.place() > pool.place()) {
            pool = Pool {
                first: before.first,
                count: before.count + pool.count,
                wishes: before.wishes + pool.wishes,
            };
        }
        pools.push(pool);
    }
    let mut places = below;
    for pool in pools {
        let place = pool.place().max(top);
        for below in places.iter_mut().skip(pool.first).take(pool.count) {
            *below += place;
        }
    }
    places
}

#[cfg(test)]
mod tests {
    use super::nearest;

    fn check(wanted: &[f32], heights: &[f32], expected: &[f32]) {
        assert_eq!(nearest(wanted, heights, 2.0, 0.0), expected, "{wanted:?} of {heights:?}");
    }

    #[test]
    fn what_has_room_stands_where_it_belongs() {
        check(&[], &[], &[]);
        check(&[7.0], &[10.0], &[7.0]);
        check(&[0.0, 12.0, 50.0], &[10.0, 10.0, 10.0], &[0.0, 12.0, 50.0]);
    }

    #[test]
    fn what_has_none_gives_way_to_both_sides() {
        check(&[50.0, 50.0], &[10.0, 10.0], &[44.0, 56.0]);
        check(&[50.0, 50.0, 50.0], &[10.0, 10.0, 10.0], &[38.0, 50.0, 62.0]);
        // Who gives way may be in the way of others.
        check(&[35.0, 50.0, 50.0], &[10.0, 10.0, 10.0], &[33.0, 45.0, 57.0]);
        check(&[0.0, 50.0, 50.0], &[10.0, 10.0, 10.0], &[0.0, 44.0, 56.0]);
    }

    #[test]
    fn nothing_stands_above_the_top() {
        check(&[0.0, 0.0, 0.0], &[10.0, 10.0, 10.0], &[0.0, 12.0, 24.0]);
        check(&[-5.0, 40.0], &[10.0, 10.0], &[0.0, 40.0]);
    }
}
