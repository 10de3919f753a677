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

/// The cookie of TCP Fast Open, which is empty where one is asked for; also as it was tried before
/// the option had a number of its own (RFC 7413, section 4.1.1).
pub(crate) fn cookie(options: &[u8]) -> Option<&[u8]> {
    of(options).find_map(|(kind, value)| match (kind, value) {
        (34, cookie) | (253 | 254, [0xf9, 0x89, cookie @ ..]) => Some(cookie),
        _ => None,
    })
}

/// The blocks of SACK: what arrived beyond a hole, or twice (RFC 2018, section 3).
pub(crate) fn sack(options: &[u8]) -> impl Iterator<Item = (u32, u32)> {
    const SACK: u8 = 5;
    let values = of(options).filter(|(kind, _)| *kind == SACK);
    values.flat_map(|(_, value)| value.chunks_exact(8)).filter_map(|block| {
        let (left, right) = block.split_first_chunk::<4>()?;
        Some((u32::from_be_bytes(*left), u32::from_be_bytes(right.try_into().ok()?)))
    })
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
    fn a_cookie_stands_in_its_own_option_or_in_one_for_experiments() {
        let check = |options: &[u8], expected: Option<&[u8]>| {
            assert_eq!(cookie(options), expected, "{options:?}");
        };
        check(&[1, 34, 6, 1, 2, 3, 4], Some(&[1, 2, 3, 4]));
        check(&[34, 2], Some(&[]));
        check(&[254, 8, 0xf9, 0x89, 1, 2, 3, 4], Some(&[1, 2, 3, 4]));
        check(&[253, 4, 0xf9, 0x89], Some(&[]));
        check(&[254, 6, 0xf9, 0x88, 1, 2], None);
        check(&[3, 3, 7], None);
    }

    #[test]
    fn blocks_of_sack_are_taken_as_far_as_they_are_whole() {
        let check = |options: &[u8], expected: &[(u32, u32)]| {
            assert_eq!(sack(options).collect::<Vec<_>>(), expected, "{options:?}");
        };
        check(&[1, 5, 10, 0, 0, 0, 7, 0, 0, 1, 0, 1], &[(7, 256)]);
        check(&[5, 14, 0, 0, 0, 7, 0, 0, 1, 0, 9, 9, 9, 9], &[(7, 256)]);
        check(&[5, 10, 0, 0, 0, 7], &[]);
        check(&[3, 3, 7], &[]);
    }

    #[test]
    fn timestamps_stand_among_others() {
        assert_eq!(timestamps(&[1, 8, 10, 0, 0, 1, 0, 0, 0, 0, 7, 1]), Some((256, 7)));
        assert_eq!(timestamps(&[8, 6, 0, 0, 1, 0]), None);
        assert_eq!(timestamps(&[3, 3, 7]), None);
    }
}
