//! The units that settings of a link are written in.

use std::fmt::{self, Display};
use std::ops::RangeInclusive;
use std::str::FromStr;
use std::time::Duration;

/// How likely something is, in millionths.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Chance(u32);

impl Chance {
    /// Not at all.
    pub const NEVER: Self = Self(0);

    /// So many percent.
    #[must_use]
    pub const fn percent(percent: u32) -> Self {
        Self(percent.saturating_mul(10_000))
    }

    /// Whether it comes true for this throw of the dice, of which all values are as likely.
    #[must_use]
    pub(super) const fn meets(self, dice: u64) -> bool {
        dice % 1_000_000 < self.0 as u64
    }
}

impl Display for Chance {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}%", f64::from(self.0) / 10_000.0)
    }
}

/// How fast bits go onto the wire, in bits a second; never zero.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Rate(u64);

impl Rate {
    /// So many kilobits a second, at least one.
    #[must_use]
    pub const fn kbit(kbit: u64) -> Self {
        Self(if kbit == 0 { 1000 } else { kbit.saturating_mul(1000) })
    }

    /// How long a packet of `bytes` takes to get onto the wire.
    #[must_use]
    pub fn time_for(self, bytes: usize) -> Duration {
        let bits = u128::from(bytes as u64) * 8;
        Duration::from_nanos(u64::try_from(bits * 1_000_000_000 / u128::from(self.0)).unwrap_or(0))
    }
}

impl Display for Rate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let unit = RATES.iter().find(|(_, bits)| self.0.is_multiple_of(*bits as u64));
        match unit {
            Some((unit, bits)) => write!(f, "{}{unit}", self.0 / *bits as u64),
            None => write!(f, "{}kbit", self.0 as f64 / 1000.0),
        }
    }
}

/// Units of time, with their nanoseconds; longer names first where one ends like another.
const TIMES: &[(&str, f64)] = &[("ms", 1e6), ("us", 1e3), ("s", 1e9)];
/// Units of rate, with their bits.
const RATES: &[(&str, f64)] = &[("gbit", 1e9), ("mbit", 1e6), ("kbit", 1e3)];

/// A time such as `100ms`, of at most `most`.
pub(super) fn time(text: &str, most: Duration) -> Result<Duration, String> {
    let nanos = measure(text, TIMES).ok_or("a time has a unit: us, ms or s")??;
    if nanos > most.as_nanos() as f64 {
        return Err(format!("it is at most {}", written(most)));
    }
    Ok(Duration::from_nanos(nanos.round() as u64))
}

/// A share such as `2%`, of at most `most`.
pub(super) fn chance(text: &str, most: Chance) -> Result<Chance, String> {
    let share = measure(text, &[("%", 1e4)]).ok_or("it is given in percent")??;
    if share > f64::from(most.0) {
        return Err(format!("it is at most {most}"));
    }
    Ok(Chance(share.round() as u32))
}

/// A rate such as `10mbit`; `none` is no limit.
pub(super) fn rate(text: &str, within: RangeInclusive<Rate>) -> Result<Option<Rate>, String> {
    if text == "none" {
        return Ok(None);
    }
    let bits = measure(text, RATES).ok_or("a rate has a unit: kbit, mbit or gbit")??;
    let rate = Rate(bits.round() as u64);
    if within.contains(&rate) {
        return Ok(Some(rate));
    }
    Err(format!("it lies between {} and {}", within.start(), within.end()))
}

/// A whole number.
pub(super) fn number<N: FromStr + PartialOrd + Display + Into<u64> + Copy>(
    text: &str,
    within: RangeInclusive<N>,
) -> Result<N, String> {
    if text.is_empty() || !text.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(format!("{text:?} is not a number"));
    }
    let (start, end) = (*within.start(), *within.end());
    let end: u64 = end.into();
    let outside = || match end {
        u64::MAX => format!("it is {start} or more"),
        end => format!("it lies between {start} and {end}"),
    };
    text.parse().ok().filter(|number| within.contains(number)).ok_or_else(outside)
}

/// A number and a unit, as a number of the smallest; nothing where the unit is not known.
fn measure(text: &str, units: &[(&str, f64)]) -> Option<Result<f64, String>> {
    let (number, size) =
        units.iter().find_map(|(unit, size)| Some((text.strip_suffix(unit)?.trim_end(), *size)))?;
    // "inf", "NaN" and "1e9" are numbers to Rust, and a sign is of no use here.
    let is_plain = |byte: u8| byte.is_ascii_digit() || byte == b'.';
    let read = number.parse::<f64>().ok().filter(|_| number.bytes().all(is_plain));
    Some(read.map(|number| number * size).ok_or_else(|| format!("{number:?} is not a number")))
}

/// A time in the largest unit in which it is a whole number.
pub(super) fn written(time: Duration) -> String {
    let nanos = time.as_nanos();
    match (nanos % 1_000_000_000, nanos % 1_000_000) {
        (0, _) if nanos > 0 => format!("{}s", nanos / 1_000_000_000),
        (_, 0) => format!("{}ms", nanos / 1_000_000),
        _ => format!("{}us", nanos as f64 / 1000.0),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_packet_takes_as_long_as_its_bits() {
        assert_eq!(Rate::kbit(12).time_for(1500), Duration::from_secs(1));
        assert_eq!(Rate::kbit(1_000_000).time_for(125), Duration::from_micros(1));
    }

    #[test]
    fn a_chance_is_met_as_often_as_it_says() {
        let met = |chance: Chance| (0..1_000_000).filter(|dice| chance.meets(*dice)).count();
        assert_eq!(met(Chance::NEVER), 0);
        assert_eq!(met(Chance::percent(2)), 20_000);
        assert_eq!(met(Chance::percent(100)), 1_000_000);
    }
}
