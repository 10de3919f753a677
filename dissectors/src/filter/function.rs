//! Functions: what they take and what they give.

use super::check::{Checked, Checker};
use super::error::FilterError;
use super::program::{Each, Take, Term, Written};
use super::side::Side;
use super::syntax::Expr;
use super::types::Type;

/// A function and what it is good for.
pub struct Function {
    /// Its name.
    pub name: &'static str,
    /// What it gives.
    pub gives: &'static str,
}

/// All functions.
pub const FUNCTIONS: &[Function] = &[
    Function { name: "len", gives: "how many bytes a value has" },
    Function { name: "count", gives: "how often a field is in the frame" },
    Function { name: "upper", gives: "text in capital letters" },
    Function { name: "lower", gives: "text in small letters" },
    Function { name: "string", gives: "a number, an address or a time as text" },
    Function { name: "vals", gives: "the name of a number" },
    Function { name: "dec", gives: "a number as decimal text" },
    Function { name: "hex", gives: "a number as hexadecimal text" },
    Function { name: "float", gives: "a number with a fraction" },
    Function { name: "double", gives: "a number with a fraction" },
    Function { name: "min", gives: "the least of several values" },
    Function { name: "max", gives: "the largest of several values" },
    Function { name: "abs", gives: "a number without its sign" },
    Function { name: "ip_linklocal", gives: "whether an address holds on one link only" },
    Function { name: "ip_multicast", gives: "whether an address is one of a group" },
    Function { name: "ip_rfc1918", gives: "whether an IPv4 address is private" },
    Function { name: "ip_ula", gives: "whether an IPv6 address is unique to a site" },
];

impl Checker<'_> {
    /// A function with what it is given.
    pub(super) fn call(
        &mut self,
        expr: &Expr<'_>,
        name: &str,
        arguments: &[Expr<'_>],
    ) -> Checked<Side> {
        if !FUNCTIONS.iter().any(|known| known.name == name) {
            let names: Vec<&str> = FUNCTIONS.iter().map(|known| known.name).collect();
            return Err(FilterError::new(&expr.at, format!("No function is called “{name}”"))
                .help(format!("There are {}", names.join(", "))));
        }
        if matches!(name, "min" | "max") {
            return self.extreme(expr, name, arguments);
        }
        let [argument] = arguments else {
            let count = arguments.len();
            let message = format!("{name}() takes one field, and was given {count}");
            return Err(FilterError::new(&expr.at, message));
        };
        if self.is_constant(argument) {
            let word = self.text(argument);
            if word.starts_with(|c: char| c.is_ascii_alphabetic()) {
                return Err(self.unknown(&argument.at, &word));
            }
            return Err(FilterError::new(&argument.at, format!("{name}() takes a field")));
        }
        if name == "count" {
            let (slot, ..) = self.slot(argument, Take::Presence)?;
            return Ok(self.given(expr, Term::Count(slot), Type::COUNT));
        }
        let inner = self.side(argument, Take::Bytes)?;
        let Some((each, of)) = each(name, &inner) else {
            if name == "vals"
                && !inner.defs.iter().all(|def| def.names.is_empty())
                && let Term::Slot(slot) = inner.term
            {
                return Ok(self.given(expr, Term::Names(slot), Type::Text));
            }
            let message = format!(
                "{name}() takes {}, and {} is {}",
                takes(name),
                inner.name,
                inner.of.name()
            );
            return Err(FilterError::new(&argument.at, message));
        };
        Ok(self.given(expr, Term::Each(each, Box::new(inner.term)), of))
    }

    fn given(&self, expr: &Expr<'_>, term: Term, of: Type) -> Side {
        Side { term, of, name: self.text(expr), defs: Vec::new() }
    }

    /// The largest or the least of several values.
    fn extreme(&mut self, expr: &Expr<'_>, name: &str, arguments: &[Expr<'_>]) -> Checked<Side> {
        let first = arguments.iter().find(|one| !self.is_constant(one));
        let Some(first) = first else {
            return Err(FilterError::new(&expr.at, format!("{name}() takes fields")));
        };
        let of = self.side(first, Take::Bytes)?;
        let mut all = Vec::new();
        for argument in arguments {
            if self.is_constant(argument) {
                all.push(self.operand(argument, of.of, &of.name)?);
                continue;
            }
            let other = self.side(argument, Take::Bytes)?;
            if !of.of.fits(other.of) {
                let message = format!(
                    "{} is {} and {} is {}",
                    of.name,
                    of.of.name(),
                    other.name,
                    other.of.name()
                );
                return Err(FilterError::new(&argument.at, message).help("They have no order"));
            }
            all.push(other.term);
        }
        let term = if name == "max" { Term::Largest(all) } else { Term::Least(all) };
        Ok(self.given(expr, term, of.of))
    }
}

/// What a function does with each value, and what that is; `None` if it takes none of this kind.
fn each(name: &str, inner: &Side) -> Option<(Each, Type)> {
    let of = inner.of;
    let number = |each| of.is_number().then_some((each, Type::Text));
    match name {
        "len" => of.is_sliced().then_some((Each::Len, Type::COUNT)),
        "upper" => (of == Type::Text).then_some((Each::Upper, Type::Text)),
        "lower" => (of == Type::Text).then_some((Each::Lower, Type::Text)),
        "dec" => number(Each::Decimal),
        "hex" => match of {
            Type::Integer { bits, .. } => {
                number(Each::Hexadecimal(usize::from(bits.unwrap_or(64)).div_ceil(4)))
            }
            _ => None,
        },
        "float" | "double" => of.is_number().then_some((Each::Fraction, Type::Fraction)),
        "abs" => {
            let of = if of.is_number() { of } else { Type::Duration };
            (inner.of.is_number() || inner.of == Type::Duration).then_some((Each::Absolute, of))
        }
        "string" => {
            let written = match of {
                Type::Integer { .. } | Type::Fraction => Written::Number,
                Type::Duration => Written::Time,
                Type::Moment => Written::Moment,
                Type::Ipv4 | Type::Ipv6 => Written::Address,
                Type::Ether => Written::Ether,
                _ => return None,
            };
            Some((Each::Text(written), Type::Text))
        }
        _ => {
            let (is_v4, is_v6) = (of == Type::Ipv4, of == Type::Ipv6);
            let (each, takes) = match name {
                "ip_linklocal" => (Each::IsLinkLocal, is_v4 || is_v6),
                "ip_multicast" => (Each::IsMulticast, is_v4 || is_v6),
                "ip_rfc1918" => (Each::IsPrivate, is_v4),
                "ip_ula" => (Each::IsUniqueLocal, is_v6),
                _ => return None,
            };
            takes.then_some((each, Type::Flag))
        }
    }
}

/// What a function takes.
fn takes(name: &str) -> &'static str {
    match name {
        "len" => "text or bytes",
        "upper" | "lower" => "text",
        "string" => "a number, an address or a time",
        "vals" => "a number whose values have names",
        "ip_rfc1918" => "an IPv4 address",
        "ip_ula" => "an IPv6 address",
        "ip_linklocal" | "ip_multicast" => "an address",
        _ => "a number",
    }
}
