//! Which of two lists of steps are the same: the choice in order that shares the most.
//!
//! ```text
//!   SYN   SYN, ACK   ClientHello   ServerHello … Done   ClientKeyExchange   …
//!   SYN   SYN, ACK   ClientHello   ServerHello … Finished       ┄┄┄┄        …
//! ```

/// The pairs of places in both lists that are the same step, given how much two have in common;
/// nothing in common makes no pair. Both lists are tens of steps long: it takes their product.
#[must_use]
pub fn pairs(
    ones: usize,
    others: usize,
    shares: impl Fn(usize, usize) -> u32,
) -> Vec<(usize, usize)> {
    // The most that both can share from these places on.
    let mut best = vec![vec![0_u32; others + 1]; ones + 1];
    let known = |best: &[Vec<u32>], one: usize, other: usize| {
        best.get(one).and_then(|row| row.get(other)).copied().unwrap_or_default()
    };
    for one in (0..ones).rev() {
        for other in (0..others).rev() {
            let apart = known(&best, one + 1, other).max(known(&best, one, other + 1));
            let shares = shares(one, other);
            let paired = if shares > 0 { shares + known(&best, one + 1, other + 1) } else { 0 };
            if let Some(slot) = best.get_mut(one).and_then(|row| row.get_mut(other)) {
                *slot = apart.max(paired);
            }
        }
    }
    let mut pairs = Vec::new();
    let (mut one, mut other) = (0, 0);
    while one < ones && other < others {
        let shares = shares(one, other);
        if shares > 0 && known(&best, one, other) == shares + known(&best, one + 1, other + 1) {
            pairs.push((one, other));
            (one, other) = (one + 1, other + 1);
        } else if known(&best, one + 1, other) >= known(&best, one, other + 1) {
            one += 1;
        } else {
            other += 1;
        }
    }
    pairs
}
