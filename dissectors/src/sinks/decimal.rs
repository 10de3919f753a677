//! Numbers and bytes in digits, where many are written: formatting one by [`write!`] takes several
//! times as long, and a row holds a dozen.

use std::fmt::Write;

/// What stands before a number that is not as wide as its column.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fill {
    /// Blanks.
    Spaces,
    /// Zeros.
    Zeros,
}

impl Fill {
    /// Writes so many of it: no more than fifteen, which no column is wider than.
    pub fn put(self, count: usize, out: &mut String) {
        out.push_str(self.text(count));
    }

    fn text(self, count: usize) -> &'static str {
        let text = match self {
            Self::Spaces => "               ",
            Self::Zeros => "000000000000000",
        };
        text.get(..count).unwrap_or(text)
    }
}

/// Appends a number, with so much in front that it is `width` wide.
pub fn put_number(number: u64, width: usize, fill: Fill, out: &mut String) {
    let mut buffer = itoa::Buffer::new();
    let digits = buffer.format(number);
    fill.put(width.saturating_sub(digits.len()), out);
    out.push_str(digits);
}

/// Writes a number as it is.
///
/// # Errors
/// Where `out` cannot be written to.
pub fn write_number<W: Write + ?Sized>(number: u64, out: &mut W) -> std::fmt::Result {
    out.write_str(itoa::Buffer::new().format(number))
}

/// Writes a number with zeros in front, so that it has at least so many digits, no more than
/// fifteen.
///
/// # Errors
/// Where `out` cannot be written to.
pub fn write_padded<W: Write + ?Sized>(number: u64, width: usize, out: &mut W) -> std::fmt::Result {
    let mut buffer = itoa::Buffer::new();
    let digits = buffer.format(number);
    out.write_str(Fill::Zeros.text(width.saturating_sub(digits.len())))?;
    out.write_str(digits)
}

/// Writes bytes in hexadecimal, some at a time.
///
/// # Errors
/// Where `out` cannot be written to.
pub fn write_hex<W: Write + ?Sized>(bytes: &[u8], out: &mut W) -> std::fmt::Result {
    const SOME: usize = 32;
    for some in bytes.chunks(SOME) {
        let mut digits = [0; 2 * SOME];
        for (pair, byte) in digits.chunks_exact_mut(2).zip(some) {
            pair.copy_from_slice(&[digit(byte >> 4), digit(byte & 0x0f)]);
        }
        let text = digits.get(..2 * some.len()).and_then(|text| std::str::from_utf8(text).ok());
        out.write_str(text.unwrap_or_default())?;
    }
    Ok(())
}

/// Writes a number in hexadecimal, with at least so many digits.
///
/// # Errors
/// Where `out` cannot be written to.
pub fn write_hex_number<W: Write + ?Sized>(
    number: u64,
    width: usize,
    out: &mut W,
) -> std::fmt::Result {
    const ALL: usize = 16;
    let needed = (u64::BITS - number.leading_zeros()).div_ceil(4) as usize;
    let mut digits = [0; ALL];
    for (place, shift) in digits.iter_mut().zip((0..ALL).rev()) {
        *place = digit((number >> (4 * shift)) as u8 & 0x0f);
    }
    let text = digits.get(ALL - needed.max(width).clamp(1, ALL)..);
    out.write_str(text.and_then(|text| std::str::from_utf8(text).ok()).unwrap_or_default())
}

/// The digit of a number below sixteen.
const fn digit(number: u8) -> u8 {
    if number < 10 { b'0' + number } else { b'a' - 10 + number }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_as_wide_as_their_columns() {
        for (number, width, fill, expected) in [
            (0, 0, Fill::Spaces, "0"),
            (7, 3, Fill::Spaces, "  7"),
            (42, 9, Fill::Zeros, "000000042"),
            (10, 1, Fill::Spaces, "10"),
            (99, 3, Fill::Spaces, " 99"),
            (100, 3, Fill::Spaces, "100"),
            (999, 3, Fill::Spaces, "999"),
            (1000, 3, Fill::Spaces, "1000"),
            (1_002_030, 9, Fill::Zeros, "001002030"),
            (u64::MAX, 5, Fill::Spaces, "18446744073709551615"),
        ] {
            let mut text = String::new();
            put_number(number, width, fill, &mut text);
            assert_eq!(text, expected, "{number}");
            let mut text = String::new();
            write_number(number, &mut text).unwrap();
            assert_eq!(text, number.to_string());
        }
    }

    #[test]
    fn digits_of_sixteen_and_of_parts_of_a_second() {
        for (number, width) in [(0, 0), (0, 2), (0x303, 4), (0x1_2345, 4), (u64::MAX, 1)] {
            let mut text = String::new();
            write_hex_number(number, width, &mut text).unwrap();
            assert_eq!(text, format!("{number:0width$x}"));
        }
        for number in [0, 7, 1_000, 999_999_999] {
            let mut text = String::new();
            write_padded(number, 9, &mut text).unwrap();
            assert_eq!(text, format!("{number:09}"));
        }
        let bytes: Vec<u8> = (0..=255).collect();
        let mut text = String::new();
        write_hex(&bytes, &mut text).unwrap();
        assert_eq!(text, bytes.iter().map(|byte| format!("{byte:02x}")).collect::<String>());
    }
}
