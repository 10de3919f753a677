//! Values as they are typed, read as what they are compared with.
//!
//! What a value can never be is an error that says so, for nothing would ever be found.

use std::net::{Ipv4Addr, Ipv6Addr};
use std::ops::Range;

use super::datum::Datum;
use super::error::FilterError;
use super::moment::moment;
use super::syntax::{Expr, What};
use super::types::Type;
use crate::field::{FieldDef, Names};

/// What a value is compared with.
#[derive(Clone, Copy)]
pub(super) struct Against<'a> {
    pub(super) of: Type,
    /// What that is called.
    pub(super) name: &'a str,
    /// Its fields: their numbers may have names.
    pub(super) defs: &'a [&'static FieldDef],
    /// Whether bytes may be fewer than the field has: they are looked for in it.
    pub(super) partial: bool,
}

type Read = Result<Datum<'static>, FilterError>;

/// Reads a value as what it is compared with.
pub(super) fn constant(expr: &Expr<'_>, against: Against<'_>) -> Read {
    match &expr.what {
        What::Text(text) => of_text(&expr.at, text, against),
        What::Character(c) => of_character(&expr.at, *c, against),
        What::Word(word) => of_word(&expr.at, word, against),
        What::Minus(of) => {
            let of_any_size = match against.of {
                Type::Integer { .. } => Against { of: Type::NUMBER, ..against },
                _ => against,
            };
            let value = constant(of, of_any_size)?;
            let value = value.minus().ok_or_else(|| {
                FilterError::new(&expr.at, format!("{} has no sign", title(against.of)))
            })?;
            in_bounds(&expr.at, value, against)
        }
        What::Both(how, a, b) => {
            let (a, b) = (constant(a, against)?, constant(b, against)?);
            let value = a.with(*how, &b).ok_or_else(|| {
                FilterError::new(&expr.at, "This cannot be worked out")
                    .help("Write the value itself")
            })?;
            in_bounds(&expr.at, value, against)
        }
        _ => Err(FilterError::new(&expr.at, "Here stands a value")),
    }
}

fn title(of: Type) -> String {
    let mut name = of.name().to_owned();
    if let Some(first) = name.get_mut(..1) {
        first.make_ascii_uppercase();
    }
    name
}

/// A word without quotes.
fn of_word(at: &Range<usize>, word: &str, against: Against<'_>) -> Read {
    let no = || not_a(at, word, against);
    match against.of {
        Type::Integer { .. } => match integer(word) {
            Some(number) => in_bounds(at, Datum::Number(number), against),
            None => named(word.as_bytes(), against).ok_or_else(no),
        },
        Type::Flag => flag(word)
            .or_else(|| integer(word).map(|number| number != 0))
            .map(|flag| Datum::Number(flag.into()))
            .or_else(|| named(word.as_bytes(), against))
            .ok_or_else(no),
        Type::Fraction => word.parse().ok().map(Datum::Fraction).ok_or_else(no),
        Type::Duration | Type::Moment => seconds(word)
            .or_else(|| moment(word))
            .map(|nanos| Datum::Nanos(nanos.into()))
            .ok_or_else(no),
        Type::Text if integer(word).is_some() => {
            Err(FilterError::new(at, format!("{} is text, and “{word}” is a number", against.name))
                .help(format!("Write \"{word}\"")))
        }
        Type::Text => Ok(Datum::Text(word.as_bytes().to_vec().into())),
        Type::Ipv4 => address(at, word, against, 32, |text| {
            text.parse().ok().map(|found: Ipv4Addr| found.octets().to_vec())
        }),
        Type::Ipv6 => address(at, word, against, 128, |text| {
            text.parse().ok().map(|found: Ipv6Addr| found.octets().to_vec())
        }),
        Type::Bytes | Type::Ether | Type::Protocol => {
            let found = match integer(word).map(u8::try_from) {
                Some(Ok(byte)) => vec![byte],
                // More than one would need an order.
                Some(Err(_)) => {
                    return Err(FilterError::new(at, format!("{word} is a number and no byte"))
                        .help("Several bytes are written with colons: 47:45:54, or :474554"));
                }
                None => bytes(word).ok_or_else(no)?,
            };
            of_width(at, found, against)
        }
        Type::Presence => Err(no()),
    }
}

/// Text in quotes.
fn of_text(at: &Range<usize>, text: &[u8], against: Against<'_>) -> Read {
    let shown = String::from_utf8_lossy(text);
    match against.of {
        Type::Text => Ok(Datum::Text(text.to_vec().into())),
        Type::Bytes | Type::Ether | Type::Protocol => of_width(at, text.to_vec(), against),
        Type::Integer { .. } | Type::Flag => named(text, against)
            .or_else(|| {
                flag(&shown)
                    .filter(|_| against.of == Type::Flag)
                    .map(|flag| Datum::Number(flag.into()))
            })
            .ok_or_else(|| {
                let error = not_a(at, &shown, against);
                if integer(&shown).is_some() {
                    error.help(format!("Write {shown}, without quotes"))
                } else {
                    error
                }
            }),
        Type::Moment | Type::Duration => {
            let found = moment(&shown).map(|nanos| Datum::Nanos(nanos.into()));
            found.ok_or_else(|| {
                let error = not_a(at, &shown, against);
                match seconds(&shown) {
                    Some(_) => error.help(format!("Write {shown}, without quotes")),
                    None => error,
                }
            })
        }
        _ => {
            let word = of_word(at, &shown, against).is_ok();
            let error = not_a(at, &shown, against);
            Err(if word { error.help(format!("Write {shown}, without quotes")) } else { error })
        }
    }
}

fn of_character(at: &Range<usize>, c: u32, against: Against<'_>) -> Read {
    let byte = u8::try_from(c).ok();
    match against.of {
        Type::Integer { .. } => in_bounds(at, Datum::Number(c.into()), against),
        Type::Text => {
            let c = char::from_u32(c).map(|c| c.to_string()).unwrap_or_default();
            Ok(Datum::Text(c.into_bytes().into()))
        }
        Type::Bytes | Type::Ether | Type::Protocol if byte.is_some() => {
            of_width(at, byte.into_iter().collect(), against)
        }
        _ => Err(not_a(at, &char::from_u32(c).unwrap_or_default().to_string(), against)),
    }
}

/// That something is no value of a field, and what would be one.
fn not_a(at: &Range<usize>, word: &str, against: Against<'_>) -> FilterError {
    let Against { of, name, defs, .. } = against;
    let error =
        FilterError::new(at, format!("“{word}” is no value of {name}, which is {}", of.name()));
    let names: Vec<&str> = defs.iter().flat_map(|def| def.names).map(|(_, name)| *name).collect();
    if !names.is_empty() {
        const SHOWN: usize = 4;
        let wanted = word.to_lowercase();
        let is_near = |name: &&&str| {
            name.to_lowercase().contains(&wanted)
                || strsim::osa_distance(&name.to_lowercase(), &wanted) < 3
        };
        let near: Vec<&str> = names.iter().filter(is_near).take(SHOWN).copied().collect();
        let shown = if near.is_empty() { names.get(..SHOWN).unwrap_or(&names) } else { &near };
        let quoted: Vec<String> = shown.iter().map(|name| format!("\"{name}\"")).collect();
        return error.help(format!("Its values have names such as {}", quoted.join(", ")));
    }
    let example = match of {
        Type::Flag => "Write true or false",
        Type::Integer { .. } => "Write a number: 80, 0x50 or 0b1010000",
        Type::Fraction => "Write a number: 1.5",
        Type::Duration => "Write seconds: 0.25",
        Type::Moment => "Write a time: \"2020-07-04 12:34:56\"",
        Type::Ether => "Write six bytes: 00:1b:21:3c:4d:5e",
        Type::Bytes | Type::Protocol => "Write bytes as 47:45:54 or text as \"GET\"",
        Type::Ipv4 => {
            "Write an address or a network: 10.0.0.1, 10.0.0.0/8. Names of hosts are not looked up"
        }
        Type::Ipv6 => {
            "Write an address or a network: 2001:db8::1, 2001:db8::/32. Names of hosts are not looked up"
        }
        Type::Text | Type::Presence => "",
    };
    error.help(example)
}

/// A number in one of the ways of writing it.
pub(super) fn integer(word: &str) -> Option<i128> {
    let digits = |rest: &str, radix: u32| {
        let is_plain = rest.bytes().next().is_some_and(|byte| byte.is_ascii_hexdigit());
        u64::from_str_radix(rest, radix).ok().filter(|_| is_plain)
    };
    let lower = word.to_ascii_lowercase();
    let number = match lower.as_str() {
        "0" => Some(0),
        word if word.starts_with("0x") => digits(word.get(2..)?, 16),
        word if word.starts_with("0b") => digits(word.get(2..)?, 2),
        word if word.starts_with('0') => digits(word.get(1..)?, 8),
        word => digits(word, 10),
    };
    number.map(i128::from)
}

/// Seconds with a fraction, in nanoseconds.
fn seconds(word: &str) -> Option<i64> {
    if let Some(whole) = integer(word) {
        return i64::try_from(whole).ok()?.checked_mul(1_000_000_000);
    }
    match word.split_once('.') {
        Some((whole, fraction))
            if fraction.len() <= 9 && fraction.bytes().all(|byte| byte.is_ascii_digit()) =>
        {
            let whole: i64 = whole.parse().ok()?;
            let fraction: i64 = format!("{fraction:0<9}").parse().ok()?;
            whole.checked_mul(1_000_000_000)?.checked_add(fraction)
        }
        _ => {
            let number: f64 =
                word.parse().ok().filter(|_| word.starts_with(|c: char| c.is_ascii_digit()))?;
            (number < 9e9).then_some((number * 1e9) as i64)
        }
    }
}

fn flag(word: &str) -> Option<bool> {
    match word.to_ascii_lowercase().as_str() {
        "true" | "set" | "yes" => Some(true),
        "false" | "not set" | "no" => Some(false),
        _ => None,
    }
}

/// The number of that name; all of them where several share it.
fn named(name: &[u8], against: Against<'_>) -> Option<Datum<'static>> {
    let of = |names: Names| {
        let same = move |known: &&(u64, &str)| known.1.as_bytes().eq_ignore_ascii_case(name);
        names.iter().filter(same).map(|(number, _)| *number)
    };
    let mut numbers: Vec<u64> = against.defs.iter().flat_map(|def| of(def.names)).collect();
    numbers.sort_unstable();
    numbers.dedup();
    match numbers[..] {
        [] => None,
        [number] => Some(Datum::Number(number.into())),
        _ => Some(Datum::OneOf(numbers.into())),
    }
}

/// Whether a field can have that number at all.
fn in_bounds(at: &Range<usize>, value: Datum<'static>, against: Against<'_>) -> Read {
    let (Datum::Number(number), Some((least, most))) = (&value, against.of.bounds()) else {
        return Ok(value);
    };
    if (least..=most).contains(number) {
        return Ok(value);
    }
    let name = against.name;
    let message = if *number < least {
        format!("{name} is never {number}: it is never less than {least}")
    } else {
        format!("{name} is never {number}: it is {}, at most {most}", against.of.name())
    };
    Err(FilterError::new(at, message))
}

/// An address, or all that begin like it.
fn address(
    at: &Range<usize>,
    word: &str,
    against: Against<'_>,
    most: u8,
    read: impl Fn(&str) -> Option<Vec<u8>>,
) -> Read {
    let (address, prefix) = word.split_once('/').map_or((word, None), |(a, b)| (a, Some(b)));
    let bytes = read(address).ok_or_else(|| not_a(at, word, against))?;
    let Some(prefix) = prefix else { return Ok(Datum::Bytes(bytes.into())) };
    match prefix.parse() {
        Ok(bits) if bits <= most => Ok(Datum::Net(bytes.into(), bits)),
        _ => Err(FilterError::new(at, format!("No network has a prefix of {prefix} bits"))
            .help(format!("It has 0 to {most}"))),
    }
}

/// Bytes in hexadecimal, with or without what parts them.
pub(super) fn bytes(word: &str) -> Option<Vec<u8>> {
    let word = word.strip_prefix(':').unwrap_or(word);
    let word = word.strip_suffix(':').unwrap_or(word);
    let byte = |text: &str| {
        let is_hex = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_hexdigit());
        u8::from_str_radix(text, 16).ok().filter(|_| is_hex)
    };
    if word.contains([':', '.', '-']) {
        let mut out = Vec::new();
        for part in word.split([':', '.', '-']) {
            match part.len() {
                1 | 2 => out.push(byte(part)?),
                4 => out.extend([byte(part.get(..2)?)?, byte(part.get(2..)?)?]),
                _ => return None,
            }
        }
        return Some(out);
    }
    if word.is_empty() || !word.len().is_multiple_of(2) {
        return byte(word).filter(|_| word.len() == 1).map(|byte| vec![byte]);
    }
    (0..word.len()).step_by(2).map(|at| byte(word.get(at..at + 2)?)).collect()
}

/// Bytes that are as many as the field has, where that is known.
fn of_width(at: &Range<usize>, found: Vec<u8>, against: Against<'_>) -> Read {
    match against.of.width() {
        Some(width) if !against.partial && found.len() != width => {
            let (name, len) = (against.name, found.len());
            let message = format!("{name} has {width} bytes and is never equal to {len}");
            Err(FilterError::new(at, message).help(format!("Compare a part: {name}[0:{len}]")))
        }
        _ => Ok(Datum::Bytes(found.into())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_read_in_four_bases() {
        let check =
            |word: &str, expected: Option<i128>| assert_eq!(integer(word), expected, "{word}");
        check("80", Some(80));
        check("0x50", Some(80));
        check("0b1010000", Some(80));
        check("0120", Some(80));
        check("0", Some(0));
        check("18446744073709551615", Some(u64::MAX.into()));
        for word in ["18446744073709551616", "08", "0x", "0xg", "+1", "1.5", "", "0b2", "0x+1"] {
            check(word, None);
        }
    }

    #[test]
    fn bytes_are_read_with_and_without_what_parts_them() {
        let check = |word: &str, expected: Option<&[u8]>| {
            assert_eq!(bytes(word).as_deref(), expected, "{word}");
        };
        for word in ["47:45:54", "47.45.54", "47-45-54", "474554", ":47:45:54"] {
            check(word, Some(b"GET"));
        }
        check("7a", Some(&[0x7a]));
        check("1:2", Some(&[1, 2]));
        check("0123.4567.89ab", Some(&[1, 0x23, 0x45, 0x67, 0x89, 0xab]));
        for word in ["0xff", "474", "xy", "47:4x", "", ":"] {
            check(word, None);
        }
    }

    #[test]
    fn seconds_keep_all_nine_digits() {
        let check =
            |word: &str, expected: Option<i64>| assert_eq!(seconds(word), expected, "{word}");
        check("1", Some(1_000_000_000));
        check("0.000000001", Some(1));
        check("1700000000.123456789", Some(1_700_000_000_123_456_789));
        check("1e-3", Some(1_000_000));
        for word in ["inf", "nan", "x", "1.x", "99999999999999"] {
            check(word, None);
        }
    }
}
