//! The Huffman code of HPACK and QPACK (RFC 7541, section 5.2 and appendix B; RFC 9204, section
//! 4.1.2).
//!
//! The code is canonical: among codes of one length, numbers go up with the symbols, and the first
//! of a length follows the last of the length before it. So the lengths alone say everything.
//!
//! ```text
//!   length 5: 00000 '0'  00001 '1'  …  01001 't'
//!   length 6: 010100 ' '  010101 '%'  …
//! ```

use std::sync::LazyLock;

/// The symbol that no string holds: its first bits fill the last byte.
const EOS: u16 = 256;

/// Lengths go from 5 to 30 bits.
const LONGEST: usize = 30;

/// The length of each symbol's code in bits; the last is that of [`EOS`].
#[rustfmt::skip]
const LENGTHS: [u8; 257] = [
    13, 23, 28, 28, 28, 28, 28, 28, 28, 24, 30, 28, 28, 30, 28, 28,
    28, 28, 28, 28, 28, 28, 30, 28, 28, 28, 28, 28, 28, 28, 28, 28,
     6, 10, 10, 12, 13,  6,  8, 11, 10, 10,  8, 11,  8,  6,  6,  6,
     5,  5,  5,  6,  6,  6,  6,  6,  6,  6,  7,  8, 15,  6, 12, 10,
    13,  6,  7,  7,  7,  7,  7,  7,  7,  7,  7,  7,  7,  7,  7,  7,
     7,  7,  7,  7,  7,  7,  7,  7,  8,  7,  8, 13, 19, 13, 14,  6,
    15,  5,  6,  5,  6,  5,  6,  6,  6,  5,  7,  7,  6,  6,  6,  5,
     6,  7,  6,  5,  5,  6,  7,  7,  7,  7,  7, 15, 11, 14, 13, 28,
    20, 22, 20, 20, 22, 22, 22, 23, 22, 23, 23, 23, 23, 23, 24, 23,
    24, 24, 22, 23, 24, 23, 23, 23, 23, 21, 22, 23, 22, 23, 23, 24,
    22, 21, 20, 22, 22, 23, 23, 21, 23, 22, 22, 24, 21, 22, 23, 23,
    21, 21, 22, 21, 23, 22, 23, 23, 20, 22, 22, 22, 23, 22, 22, 23,
    26, 26, 20, 19, 22, 23, 22, 25, 26, 26, 26, 27, 27, 26, 24, 25,
    19, 21, 26, 27, 27, 26, 27, 24, 21, 21, 26, 26, 28, 27, 27, 27,
    20, 24, 20, 21, 22, 21, 21, 23, 22, 22, 25, 25, 24, 24, 26, 23,
    26, 27, 26, 26, 27, 27, 27, 27, 27, 28, 27, 27, 27, 27, 27, 26,
    30,
];

/// Bits that are looked up at once: the codes of all that is frequent in headers are no longer.
const AT_ONCE: usize = 10;

/// The codes of one length.
#[derive(Clone, Copy, Debug, Default)]
struct OfLength {
    /// The lowest code.
    first: u32,
    /// How many there are.
    count: u32,
    /// Where its symbols begin in the list of all.
    start: u32,
}

/// The code, ready to be read.
struct Code {
    /// What begins with these bits: a symbol and the length of its code, or length 0 where the code
    /// is longer.
    short: Vec<(u8, u8)>,
    lengths: [OfLength; LONGEST + 1],
    /// All symbols, in the order of their codes.
    symbols: Vec<u16>,
}

static CODE: LazyLock<Code> = LazyLock::new(|| {
    let mut symbols = Vec::with_capacity(LENGTHS.len());
    let mut short = Vec::with_capacity(1 << AT_ONCE);
    let mut next = 0u32;
    let lengths = std::array::from_fn(|len| {
        next <<= 1;
        let start = symbols.len() as u32;
        let of_length = (0u16..).zip(LENGTHS).filter(|(_, bits)| usize::from(*bits) == len);
        symbols.extend(of_length.map(|(symbol, _)| symbol));
        let (first, count) = (next, symbols.len() as u32 - start);
        next += count;
        if (1..=AT_ONCE).contains(&len) {
            // Codes go up with the bits, so that each takes the places behind the one before.
            let own = symbols.iter().skip(start as usize);
            for symbol in own {
                let entry = (*symbol as u8, len as u8);
                short.extend(std::iter::repeat_n(entry, 1 << (AT_ONCE - len)));
            }
        }
        OfLength { first, count, start }
    });
    short.resize(1 << AT_ONCE, (0, 0));
    Code { short, lengths, symbols }
});

/// Appends what a coded string says. `false` where it breaks the code: it holds the symbol that no
/// string may hold, or its last byte is not filled with ones, or has more than seven of them; what
/// came before is appended. A byte of input gives at most 8/5 bytes.
pub fn decode(coded: &[u8], out: &mut Vec<u8>) -> bool {
    let code = &*CODE;
    // Unread bits, from the highest down, and how many they are.
    let (mut bits, mut count) = (0u64, 0usize);
    let mut rest = coded.iter();
    loop {
        while count <= 56
            && let Some(byte) = rest.next()
        {
            bits |= u64::from(*byte) << (56 - count);
            count += 8;
        }
        let (symbol, len) = match code.short.get((bits >> (64 - AT_ONCE)) as usize) {
            Some((symbol, len)) if *len > 0 => (u16::from(*symbol), usize::from(*len)),
            _ => match code.long(bits) {
                Some(found) => found,
                None => return false,
            },
        };
        if len > count {
            // No code is left: what is left fills the last byte.
            return count < 8 && bits == !(u64::MAX >> count);
        }
        if symbol == EOS {
            return false;
        }
        out.push(symbol as u8);
        bits <<= len;
        count -= len;
    }
}

impl Code {
    /// The symbol whose code the first of these bits are, and the length of that code.
    fn long(&self, bits: u64) -> Option<(u16, usize)> {
        self.lengths.iter().enumerate().skip(AT_ONCE + 1).find_map(|(len, codes)| {
            let place = ((bits >> (64 - len)) as u32).checked_sub(codes.first)?;
            let place = Some(place).filter(|place| *place < codes.count)?;
            Some((*self.symbols.get((codes.start + place) as usize)?, len))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bytes(hex: &str) -> Vec<u8> {
        let digit = |at: usize| u8::from_str_radix(&hex[at..at + 2], 16).unwrap();
        (0..hex.len()).step_by(2).map(digit).collect()
    }

    #[test]
    fn no_code_is_the_start_of_another_and_none_is_left_over() {
        let share = |len: u8| 1u64 << (LONGEST as u32 - u32::from(len));
        assert_eq!(LENGTHS.iter().map(|len| share(*len)).sum::<u64>(), 1 << LONGEST);
    }

    #[test]
    fn the_strings_of_the_standard_are_read() {
        // RFC 7541, appendices C.4 and C.6.
        let check = |hex: &str, text: &str| {
            let mut out = Vec::new();
            assert!(decode(&bytes(hex), &mut out), "{text}");
            assert_eq!(String::from_utf8(out).unwrap(), text);
        };
        check("", "");
        check("f1e3c2e5f23a6ba0ab90f4ff", "www.example.com");
        check("a8eb10649cbf", "no-cache");
        check("25a849e95ba97d7f", "custom-key");
        check("25a849e95bb8e8b4bf", "custom-value");
        check("6402", "302");
        check("640eff", "307");
        check("aec3771a4b", "private");
        check("d07abe941054d444a8200595040b8166e082a62d1bff", "Mon, 21 Oct 2013 20:13:21 GMT");
        check("9d29ad171863c78f0b97c8e9ae82ae43d3", "https://www.example.com");
        check("9bd9ab", "gzip");
        check(
            "94e7821dd7f2e6c7b335dfdfcd5b3960d5af27087f3672c1ab270fb5291f9587316065c003ed4ee5b1063d5007",
            "foo=ASDJKHQKBZXOQWEOPIUAXQWEOIU; max-age=3600; version=1",
        );
    }

    #[test]
    fn each_symbol_is_read_by_its_code() {
        for (symbol, len) in (0..=255u16).zip(LENGTHS) {
            let of_length = CODE.lengths[usize::from(len)];
            let place = CODE.symbols.iter().position(|one| *one == symbol).unwrap() as u64;
            let code = u64::from(of_length.first) + place - u64::from(of_length.start);
            // Filled with ones to whole bytes.
            let whole = usize::from(len).div_ceil(8) * 8;
            let padding = whole - usize::from(len);
            let bits = (code << padding) | ((1 << padding) - 1);
            let mut out = Vec::new();
            assert!(decode(&bits.to_be_bytes()[8 - whole / 8..], &mut out), "{symbol}");
            assert_eq!(out, [symbol as u8]);
        }
    }

    #[test]
    fn what_breaks_the_code_costs_the_rest_only() {
        let check = |coded: &[u8], whole: bool, text: &[u8]| {
            let mut out = Vec::new();
            assert_eq!((decode(coded, &mut out), &out[..]), (whole, text), "{coded:02x?}");
        };
        // Eight ones more than the string, the symbol of the end, and a last byte filled with
        // zeros.
        check(&[0x64, 0x02, 0xff], false, b"302");
        check(&[0xff, 0xff, 0xff, 0xff], false, b"");
        check(&[0x08], false, b"1");
        check(&[0x0f], true, b"1");
    }
}
