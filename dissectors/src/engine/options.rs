//! The options of a TCP header as pairs of kind and value (RFC 9293, section 3.1): what the survey
//! looks window scales up in, and stories segment sizes.

/// The options in their order, each a kind and its value, as far as their lengths hold; kinds
/// that are not known here are passed over by their lengths (RFC 9293, section 3.1).
pub(crate) fn of(options: &[u8]) -> impl Iterator<Item = (u8, &[u8])> {
    let mut rest = options;
    std::iter::from_fn(move || match *rest {
        [] | [0, ..] => None,
        [1, ref behind @ ..] => {
            rest = behind;
            Some((1, &[][..]))
        }
        [kind, len, ..] => {
            let value = rest.get(2..usize::from(len))?;
            rest = rest.get(usize::from(len)..)?;
            Some((kind, value))
        }
        [_] => None,
    })
}

/// The timestamp of the sender, and the one that it echoes (RFC 7323, section 3.2).
pub(crate) fn timestamps(options: &[u8]) -> Option<(u32, u32)> {
    const TIMESTAMPS: u8 = 8;
    let (_, value) = of(options).find(|(kind, _)| *kind == TIMESTAMPS)?;
    let (own, echoed) = value.split_first_chunk::<4>()?;
    Some((u32::from_be_bytes(*own), u32::from_be_bytes(echoed.try_into().ok()?)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn options_are_taken_as_far_as_their_lengths_hold() {
        let check = |options: &[u8], expected: &[(u8, &[u8])]| {
            assert_eq!(of(options).collect::<Vec<_>>(), expected, "{options:?}");
        };
        check(&[], &[]);
        check(&[1, 3, 3, 7, 0, 3, 3, 8], &[(1, &[]), (3, &[7])]);
        // A kind that nobody knows (172: Accurate ECN) before one that counts.
        check(&[172, 5, 1, 2, 3, 3, 3, 7], &[(172, &[1, 2, 3]), (3, &[7])]);
        check(&[2, 4, 5], &[]);
        check(&[1, 2, 1, 3, 3, 7], &[(1, &[])]);
        check(&[8], &[]);
    }

    #[test]
    fn timestamps_stand_among_others() {
        assert_eq!(timestamps(&[1, 8, 10, 0, 0, 1, 0, 0, 0, 0, 7, 1]), Some((256, 7)));
        assert_eq!(timestamps(&[8, 6, 0, 0, 1, 0]), None);
        assert_eq!(timestamps(&[3, 3, 7]), None);
    }
}
