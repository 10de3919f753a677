//! The order of time among steps of several ways: no way has its steps in another order than its
//! own, and where ways leave a choice the step comes first that left first.
//!
//! ```text
//!   one    ClientHello                               ServerHello
//!   other  ClientHello  HelloRetryRequest ClientHello ServerHello
//! ```

use super::Step;

/// The steps, put in order. Where ways have the same two steps in opposite orders, the one that
/// left first in any of them comes first.
#[must_use]
pub(super) fn in_time(mut left: Vec<Step>) -> Vec<Step> {
    let mut sorted = Vec::with_capacity(left.len());
    while !left.is_empty() {
        let first = |at: &usize| left.get(*at).and_then(earliest);
        // Nothing that is left went before it in any way.
        let is_next = |at: &usize| {
            let Some(step) = left.get(*at) else { return false };
            left.iter().all(|other| !is_before(other, step))
        };
        let next = (0..left.len()).filter(is_next).min_by_key(first);
        let next = next.or_else(|| (0..left.len()).min_by_key(first)).unwrap_or(0);
        sorted.push(left.remove(next));
    }
    sorted
}

/// When it left first in any way.
fn earliest(step: &Step) -> Option<i64> {
    step.times.iter().flatten().min().copied()
}

/// Whether some way that has both has this one before the other.
fn is_before(one: &Step, other: &Step) -> bool {
    let both = one.times.iter().zip(&other.times);
    both.filter_map(|(one, other)| (*one).zip(*other)).any(|(one, other)| one < other)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn step(name: &str, times: &[Option<i64>]) -> Step {
        let present = times.iter().map(Option::is_some).collect();
        let (name, times) = (name.to_owned(), times.to_vec());
        Step { name, forward: true, purpose: None, present, times, differences: Vec::new() }
    }

    #[track_caller]
    fn check(steps: &[(&str, &[Option<i64>])], expected: &[&str]) {
        let sorted = in_time(steps.iter().map(|(name, times)| step(name, times)).collect());
        let names: Vec<&str> = sorted.iter().map(|step| step.name.as_str()).collect();
        assert_eq!(names, expected);
    }

    #[test]
    fn no_way_has_its_steps_in_another_order_than_its_own() {
        let hello = ("hello", &[Some(0), Some(0)][..]);
        let retry = ("retry", &[None, Some(10)][..]);
        let again = ("again", &[None, Some(11)][..]);
        let server = ("server", &[Some(10), Some(20)][..]);
        check(&[hello, server, again, retry], &["hello", "retry", "again", "server"]);
    }

    #[test]
    fn where_ways_leave_a_choice_time_decides() {
        let one = ("one", &[Some(5), None][..]);
        let other = ("other", &[None, Some(3)][..]);
        check(&[one, other], &["other", "one"]);
        let same = ("same", &[None, Some(5)][..]);
        check(&[one, same], &["one", "same"]);
    }

    #[test]
    fn opposite_orders_stand_as_the_first_left() {
        let one = ("one", &[Some(4), Some(1)][..]);
        let other = ("other", &[Some(2), Some(3)][..]);
        check(&[other, one], &["one", "other"]);
    }
}
