//! Holds what was found in a frame against what a filter asks.

use std::borrow::Cow;
use std::fmt::Write;

use super::catch::Found;
use super::datum::Datum;
use super::program::{Ask, Each, Slot, Term, Written};
use super::syntax::{Order, Quantifier};
use crate::sinks::date::Date;

/// What was found, and the slots that it was looked for.
#[derive(Clone, Copy)]
pub(super) struct Evidence<'f> {
    pub(super) found: &'f Found,
    pub(super) slots: &'f [Slot],
}

impl<'f> Evidence<'f> {
    /// Whether the frame passes.
    pub(super) fn passes(self, ask: &'f Ask) -> bool {
        match ask {
            Ask::All(all) => all.iter().all(|one| self.passes(one)),
            Ask::Any(any) => any.iter().any(|one| self.passes(one)),
            Ask::Xor(a, b) => self.passes(a) != self.passes(b),
            Ask::Not(one) => !self.passes(one),
            Ask::Present(slot) => self.of(*slot).next().is_some(),
            // A part of a field is asked for as the field itself is: whether it is there.
            Ask::NotZero(term @ Term::Slice(..)) => !self.values(term).is_empty(),
            Ask::NotZero(term) => self.values(term).iter().any(|value| !value.is_zero()),
            Ask::Compare {
                order,
                quantifier,
                left: Term::Slot(slot),
                right: Term::Constant(value),
            } => {
                // What is asked most often, without a list of values.
                enough(
                    *quantifier,
                    self.of(*slot).map(|one| self.found.datum(one).is(*order, value)),
                )
            }
            Ask::Compare { order, quantifier, left, right } => {
                let (left, right) = (self.values(left), self.values(right));
                pairs(*quantifier, &left, &right, |a, b| a.is(*order, b))
            }
            Ask::Contains { quantifier, left, right } => {
                let (left, right) = (self.values(left), self.values(right));
                pairs(*quantifier, &left, &right, |a, b| match (a.bytes(), b.bytes()) {
                    (Some(a), Some(b)) => memchr::memmem::find(a, b).is_some(),
                    _ => false,
                })
            }
            Ask::Matches { quantifier, left, pattern } => {
                let is_match =
                    |value: &Datum<'_>| value.bytes().is_some_and(|bytes| pattern.is_match(bytes));
                many(*quantifier, &self.values(left), is_match)
            }
            Ask::In { quantifier, left, members, negated } => {
                let is_in = |value: &Datum<'_>| {
                    members.iter().any(|(from, to)| match to {
                        None => self.values(from).iter().any(|one| value.is(Order::Equal, one)),
                        Some(to) => {
                            self.values(from).iter().any(|one| value.is(Order::AtLeast, one))
                                && self.values(to).iter().any(|one| value.is(Order::AtMost, one))
                        }
                    })
                };
                let values = self.values(left);
                if *negated {
                    // As with “is not”, none of them may be in it.
                    !values.is_empty() && !values.iter().any(is_in)
                } else {
                    many(*quantifier, &values, is_in)
                }
            }
        }
    }

    fn of(self, slot: usize) -> impl Iterator<Item = &'f super::catch::One> {
        let wanted = self.slots.get(slot);
        wanted.into_iter().flat_map(move |wanted| self.found.of(slot, wanted))
    }

    /// All values of a term; none where a field of it is not there, or there is no answer.
    fn values(self, term: &'f Term) -> Vec<Datum<'f>> {
        let one = |value: Datum<'f>| vec![value];
        match term {
            Term::Constant(value) => one(value.clone()),
            Term::Slot(slot) => self.of(*slot).map(|one| self.found.datum(one)).collect(),
            Term::Count(slot) => one(Datum::Number(self.of(*slot).count() as i128)),
            Term::Names(slot) => {
                let named = |one: &super::catch::One| match self.found.datum(one) {
                    Datum::Number(number) => {
                        let name = one.def.name_of(u64::try_from(number).ok()?)?;
                        Some(Datum::Text(name.as_bytes().into()))
                    }
                    _ => None,
                };
                self.of(*slot).filter_map(named).collect()
            }
            Term::Slice(of, pieces) => {
                self.values(of).iter().filter_map(|value| value.slice(pieces)).collect()
            }
            Term::Minus(of) => self.values(of).iter().filter_map(Datum::minus).collect(),
            Term::Both(how, a, b) => {
                let (a, b) = (self.values(a), self.values(b));
                let each = a.iter().flat_map(|a| b.iter().filter_map(|b| a.with(*how, b)));
                each.collect()
            }
            Term::Each(each, of) => {
                self.values(of).into_iter().filter_map(|value| made(*each, value)).collect()
            }
            Term::Largest(all) => self.extreme(all, Order::Greater),
            Term::Least(all) => self.extreme(all, Order::Less),
        }
    }

    /// The value of several terms that lies before all others in that order.
    fn extreme(self, all: &'f [Term], order: Order) -> Vec<Datum<'f>> {
        let mut best: Option<Datum<'f>> = None;
        for term in all {
            let values = self.values(term);
            if values.is_empty() {
                return Vec::new();
            }
            for value in values {
                if best.as_ref().is_none_or(|best| value.is(order, best)) {
                    best = Some(value);
                }
            }
        }
        best.into_iter().collect()
    }
}

/// Whether enough of the values pass. Where there are none, none does.
fn many(
    quantifier: Quantifier,
    values: &[Datum<'_>],
    test: impl FnMut(&Datum<'_>) -> bool,
) -> bool {
    enough(quantifier, values.iter().map(test))
}

/// Whether enough of these hold. Where there are none, none does.
fn enough(quantifier: Quantifier, mut held: impl Iterator<Item = bool>) -> bool {
    match quantifier {
        Quantifier::Any => held.any(|holds| holds),
        Quantifier::All => held.next().is_some_and(|first| first && held.all(|holds| holds)),
    }
}

/// Whether enough of the pairs pass.
fn pairs(
    quantifier: Quantifier,
    a: &[Datum<'_>],
    b: &[Datum<'_>],
    test: impl Fn(&Datum<'_>, &Datum<'_>) -> bool,
) -> bool {
    many(quantifier, a, |a| many(quantifier, b, |b| test(a, b)))
}

/// What is made of one value; `None` if it is of another kind.
fn made(each: Each, value: Datum<'_>) -> Option<Datum<'_>> {
    let flag = |flag: bool| Some(Datum::Number(flag.into()));
    match (each, value) {
        (Each::Len, value) => Some(Datum::Number(value.bytes()?.len() as i128)),
        (Each::Upper, Datum::Text(text)) => Some(Datum::Text(text.to_ascii_uppercase().into())),
        (Each::Lower, Datum::Text(text)) => Some(Datum::Text(text.to_ascii_lowercase().into())),
        (Each::Text(written), value) => {
            text(written, &value).map(|text| Datum::Text(text.into_bytes().into()))
        }
        (Each::Decimal, Datum::Number(number)) => {
            Some(Datum::Text(number.to_string().into_bytes().into()))
        }
        (Each::Hexadecimal(digits), Datum::Number(number)) => {
            let text = format!("0x{number:0digits$x}");
            Some(Datum::Text(text.into_bytes().into()))
        }
        (Each::Fraction, value) => value.as_fraction().map(Datum::Fraction),
        (Each::Absolute, Datum::Number(number)) => Some(Datum::Number(number.checked_abs()?)),
        (Each::Absolute, Datum::Nanos(nanos)) => Some(Datum::Nanos(nanos.checked_abs()?)),
        (Each::Absolute, Datum::Fraction(number)) => Some(Datum::Fraction(number.abs())),
        (Each::IsLinkLocal, value) => flag(match *value.bytes()? {
            [169, 254, _, _] => true,
            [0xfe, second, ..] => second & 0xc0 == 0x80,
            _ => false,
        }),
        (Each::IsMulticast, value) => flag(match *value.bytes()? {
            [first, _, _, _] => first & 0xf0 == 0xe0,
            [first, ..] => first == 0xff,
            _ => false,
        }),
        (Each::IsPrivate, value) => flag(match *value.bytes()? {
            [10, ..] | [192, 168, ..] => true,
            [172, second, ..] => second & 0xf0 == 16,
            _ => false,
        }),
        (Each::IsUniqueLocal, value) => {
            flag(matches!(*value.bytes()?, [first, ..] if first & 0xfe == 0xfc))
        }
        _ => None,
    }
}

/// A value as text.
fn text(written: Written, value: &Datum<'_>) -> Option<String> {
    match (written, value) {
        (Written::Number, Datum::Number(number)) => Some(number.to_string()),
        (Written::Number, Datum::Fraction(number)) => Some(number.to_string()),
        (Written::Time, Datum::Nanos(nanos)) => {
            let (whole, rest) =
                (nanos.unsigned_abs() / 1_000_000_000, nanos.unsigned_abs() % 1_000_000_000);
            let sign = if *nanos < 0 { "-" } else { "" };
            Some(format!("{sign}{whole}.{rest:09}"))
        }
        (Written::Moment, Datum::Nanos(nanos)) => {
            Some(Date(i64::try_from(*nanos).ok()?).to_string())
        }
        (Written::Address, value) => {
            let bytes: Cow<'_, [u8]> = value.bytes()?.into();
            if let Ok(octets) = <[u8; 4]>::try_from(&*bytes) {
                return Some(std::net::Ipv4Addr::from(octets).to_string());
            }
            <[u8; 16]>::try_from(&*bytes)
                .ok()
                .map(|octets| std::net::Ipv6Addr::from(octets).to_string())
        }
        (Written::Ether, value) => {
            let mut out = String::new();
            for byte in value.bytes()? {
                let colon = if out.is_empty() { "" } else { ":" };
                // Writing to a string does not fail.
                let _ = write!(out, "{colon}{byte:02x}");
            }
            Some(out)
        }
        _ => None,
    }
}
