//! From tests to a program: fields are found, values read as what they are compared with, and
//! what can never hold is refused.

use std::ops::Range;

use super::constant::{Against, bytes, constant, integer};
use super::datum::Datum;
use super::error::FilterError;
use super::program::{Ask, Each, Slot, Take, Term};
use super::side::Side;
use super::syntax::{Comparison, Expr, Logic, Member, Order, Quantifier, Relation, Test, What};
use super::token::Piece;
use super::types::Type;
use super::vocabulary::Vocabulary;
use crate::field::FieldDef;
use crate::limits::MAX_PATTERN_BYTES;

pub(super) type Checked<T> = Result<T, FilterError>;

/// What is found out while tests are checked.
pub(super) struct Checker<'v> {
    pub(super) vocabulary: &'v Vocabulary,
    pub(super) expression: &'v str,
    pub(super) slots: Vec<Slot>,
}

impl<'v> Checker<'v> {
    /// Checks tests and what joins them.
    pub(super) fn logic(&mut self, logic: &Logic<'_>) -> Checked<Ask> {
        match logic {
            Logic::And(a, b) => {
                let mut all = match self.logic(a)? {
                    Ask::All(all) => all,
                    one => vec![one],
                };
                all.push(self.logic(b)?);
                Ok(Ask::All(all))
            }
            Logic::Or(a, b) => {
                let mut any = match self.logic(a)? {
                    Ask::Any(any) => any,
                    one => vec![one],
                };
                any.push(self.logic(b)?);
                Ok(Ask::Any(any))
            }
            Logic::Xor(a, b) => Ok(Ask::Xor(Box::new(self.logic(a)?), Box::new(self.logic(b)?))),
            Logic::Not(one) => Ok(Ask::Not(Box::new(self.logic(one)?))),
            Logic::Test(test) => self.test(test),
        }
    }

    fn test(&mut self, test: &Test<'_>) -> Checked<Ask> {
        let every = test.quantifier.unwrap_or(Quantifier::Any);
        match &test.relation {
            Relation::Holds => self.holds(&test.left),
            Relation::Compare(chain) => {
                let mut left = &test.left;
                let mut all = Vec::new();
                for (comparison, right) in chain {
                    let quantifier = test.quantifier.unwrap_or(comparison.quantifier);
                    let comparison = Comparison { quantifier, ..*comparison };
                    all.push(self.compare(left, comparison, right)?);
                    left = right;
                }
                Ok(if all.len() == 1 { all.remove(0) } else { Ask::All(all) })
            }
            Relation::Contains(right) => self.contains(&test.left, every, right),
            Relation::Matches(right) => self.matches(&test.left, every, right),
            Relation::In { members, negated } => self.is_in(&test.left, every, members, *negated),
        }
    }

    /// A field alone, or a value that is not zero.
    fn holds(&mut self, left: &Expr<'_>) -> Checked<Ask> {
        if let What::Word(name) = left.what {
            let is_value = integer(name).is_some() && self.vocabulary.get(name).is_none();
            if !is_value {
                return Ok(Ask::Present(self.slot(left, Take::Presence)?.0));
            }
        }
        if let What::Field { .. } = left.what {
            return Ok(Ask::Present(self.slot(left, Take::Presence)?.0));
        }
        if self.is_constant(left) {
            let message = format!("{} is a value and tests nothing", self.text(left));
            return Err(FilterError::new(&left.at, message).help("Compare a field with it"));
        }
        let side = self.side(left, Take::Bytes)?;
        Ok(Ask::NotZero(side.term))
    }

    fn compare(&mut self, left: &Expr<'_>, how: Comparison, right: &Expr<'_>) -> Checked<Ask> {
        match (self.is_constant(left), self.is_constant(right)) {
            (true, true) => {
                if let What::Word(name) = left.what
                    && !is_plain_value(name)
                {
                    return Err(self.unknown(&left.at, name));
                }
                let at = left.at.start..right.at.end;
                Err(FilterError::new(&at, "Two values are compared, and no field")
                    .help("Every frame would pass, or none"))
            }
            (true, false) => {
                if let What::Word(name) = left.what
                    && !is_plain_value(name)
                {
                    return Err(self.unknown(&left.at, name));
                }
                let flipped = Comparison { order: flip(how.order), ..how };
                self.compare(right, flipped, left)
            }
            (false, true) => {
                let side = self.comparing(left)?;
                let right = self.value(right, &side, how.order)?;
                let (left, right) = (side.term, Term::Constant(right));
                Ok(Ask::Compare { order: how.order, quantifier: how.quantifier, left, right })
            }
            (false, false) => {
                let (a, b) = (self.comparing(left)?, self.comparing(right)?);
                if !a.of.fits(b.of) && !are_bytes(&a, &b) {
                    let message = format!(
                        "{} is {} and {} is {}: they are never equal",
                        a.name,
                        a.of.name(),
                        b.name,
                        b.of.name()
                    );
                    let error = FilterError::new(&right.at, message);
                    let known = names(&a.defs);
                    let is_name = known.iter().any(|known| known.eq_ignore_ascii_case(&b.name));
                    let help = format!("The name of a value stands in quotes: \"{}\"", b.name);
                    return Err(if is_name { error.help(help) } else { error });
                }
                let (order, quantifier) = (how.order, how.quantifier);
                Ok(Ask::Compare { order, quantifier, left: a.term, right: b.term })
            }
        }
    }

    /// A side that is compared.
    fn comparing(&mut self, expr: &Expr<'_>) -> Checked<Side> {
        let side = self.side(expr, Take::Bytes)?;
        if side.of.compares() {
            return Ok(side);
        }
        let message = format!("{} has no value that could be compared", side.name);
        Err(FilterError::new(&expr.at, message)
            .help(format!("Write “{}” alone to ask whether it is there", side.name)))
    }

    /// A value that a side is compared with.
    fn value(&self, right: &Expr<'_>, side: &Side, order: Order) -> Checked<Datum<'static>> {
        self.refuse_unknown(right)?;
        let value = constant(right, side.against(false))?;
        if matches!(value, Datum::OneOf(_)) && order.is_ordering() {
            let message = format!("{} is the name of several numbers", self.text(right));
            return Err(FilterError::new(&right.at, message).help("Compare with a number"));
        }
        self.can_be(right, side, &value, order)?;
        Ok(value)
    }

    /// Refuses what no value of a side can be equal to.
    fn can_be(
        &self,
        right: &Expr<'_>,
        side: &Side,
        value: &Datum<'_>,
        order: Order,
    ) -> Checked<()> {
        let Some(bytes) = value.bytes().filter(|_| !order.is_ordering()) else { return Ok(()) };
        let never = |why: String| Err(FilterError::new(&right.at, why));
        if let Some(len) = side.len().filter(|len| *len != bytes.len() && side.of == Type::Bytes) {
            let has = bytes.len();
            return never(format!("{} is {len} bytes long and never equal to {has}", side.name));
        }
        let text = String::from_utf8_lossy(bytes);
        match &side.term {
            Term::Each(Each::Upper, _) if text.chars().any(char::is_lowercase) => {
                never(format!("{} has no small letters and never equals “{text}”", side.name))
            }
            Term::Each(Each::Lower, _) if text.chars().any(char::is_uppercase) => {
                never(format!("{} has no capital letters and never equals “{text}”", side.name))
            }
            _ => Ok(()),
        }
    }

    /// A side in which something is looked for: numbers by their names.
    fn searched(&mut self, left: &Expr<'_>, verb: &str) -> Checked<Side> {
        if self.is_constant(left) {
            if let What::Word(name) = left.what
                && integer(name).is_none()
            {
                return Err(self.unknown(&left.at, name));
            }
            return Err(FilterError::new(&left.at, format!("Left of “{verb}” stands a field")));
        }
        let side = self.side(left, Take::Content)?;
        if side.of.contains() {
            return Ok(side);
        }
        if let (Term::Slot(slot), false) = (&side.term, names(&side.defs).is_empty()) {
            return Ok(Side { term: Term::Names(*slot), of: Type::Text, defs: Vec::new(), ..side });
        }
        let message =
            format!("{} is {}, in which nothing can be looked for", side.name, side.of.name());
        let help = match side.of {
            Type::Integer { .. } | Type::Ipv4 | Type::Ipv6 | Type::Duration | Type::Moment => {
                format!("string({}) {verb} … looks in its text", side.name)
            }
            _ => String::new(),
        };
        Err(FilterError::new(&left.at, message).help(help))
    }

    fn contains(
        &mut self,
        left: &Expr<'_>,
        quantifier: Quantifier,
        right: &Expr<'_>,
    ) -> Checked<Ask> {
        let side = self.searched(left, "contains")?;
        let right = if self.is_constant(right) {
            self.refuse_unknown(right)?;
            Term::Constant(constant(right, side.against(true))?)
        } else {
            let other = self.side(right, Take::Bytes)?;
            if !(other.of.contains() && (side.of.fits(other.of) || are_bytes(&side, &other))) {
                let (a, b) = (side.of.name(), other.of.name());
                let message = format!("{} is {a} and never contains {b}", side.name);
                return Err(FilterError::new(&right.at, message));
            }
            other.term
        };
        Ok(Ask::Contains { quantifier, left: side.term, right })
    }

    fn matches(
        &mut self,
        left: &Expr<'_>,
        quantifier: Quantifier,
        right: &Expr<'_>,
    ) -> Checked<Ask> {
        let side = self.searched(left, "matches")?;
        let What::Text(pattern) = right.what else {
            return Err(FilterError::new(
                &right.at,
                "A regular expression stands in double quotes",
            )
            .help("Write it as \"…\", or as r\"…\" where it has backslashes"));
        };
        let mut text = String::new();
        for byte in pattern {
            match byte {
                byte if byte.is_ascii() => text.push(char::from(*byte)),
                byte => text.push_str(&format!("\\x{byte:02x}")),
            }
        }
        let pattern = regex::bytes::RegexBuilder::new(&text)
            .unicode(false)
            .case_insensitive(true)
            .size_limit(MAX_PATTERN_BYTES)
            .build()
            .map_err(|error| {
                let whole = error.to_string();
                let why = whole.rsplit("error: ").next().unwrap_or_default().trim().to_owned();
                FilterError::new(&right.at, format!("This is no regular expression: {why}"))
            })?;
        Ok(Ask::Matches { quantifier, left: side.term, pattern })
    }

    fn is_in(
        &mut self,
        left: &Expr<'_>,
        quantifier: Quantifier,
        members: &[Member<'_>],
        negated: bool,
    ) -> Checked<Ask> {
        if self.is_constant(left) {
            if let What::Word(name) = left.what
                && integer(name).is_none()
            {
                return Err(self.unknown(&left.at, name));
            }
            return Err(FilterError::new(&left.at, "Left of “in” stands a field"));
        }
        let side = self.comparing(left)?;
        let mut found = Vec::new();
        for Member { from, to } in members {
            let order = if to.is_some() { Order::AtLeast } else { Order::Equal };
            let low = self.member(from, &side, order)?;
            let high = to.as_ref().map(|to| self.member(to, &side, Order::AtMost)).transpose()?;
            if let (Term::Constant(low), Some(Term::Constant(high)), Some(to)) = (&low, &high, to)
                && high.is(Order::Less, low)
            {
                let at = from.at.start..to.at.end;
                return Err(FilterError::new(&at, "Nothing lies in this range")
                    .help("The smaller value stands first"));
            }
            found.push((low, high));
        }
        Ok(Ask::In { quantifier, left: side.term, members: found, negated })
    }

    fn member(&mut self, expr: &Expr<'_>, side: &Side, order: Order) -> Checked<Term> {
        if self.is_constant(expr) {
            return Ok(Term::Constant(self.value(expr, side, order)?));
        }
        let other = self.comparing(expr)?;
        if !side.of.fits(other.of) {
            let (a, b) = (side.of.name(), other.of.name());
            let message = format!("{} is {a} and never equal to {b}", side.name);
            return Err(FilterError::new(&expr.at, message));
        }
        Ok(other.term)
    }

    /// Whether nothing in it is a field.
    pub(super) fn is_constant(&self, expr: &Expr<'_>) -> bool {
        match &expr.what {
            What::Text(_) | What::Character(_) => true,
            What::Word(word) => {
                word.strip_prefix('.').is_none_or(|name| self.vocabulary.get(name).is_none())
                    && self.vocabulary.get(word).is_none()
            }
            What::Minus(of) => self.is_constant(of),
            What::Both(_, a, b) => self.is_constant(a) && self.is_constant(b),
            What::Field { .. } | What::Slice(..) | What::Call(..) => false,
        }
    }

    /// Refuses a word that was meant to be a field.
    fn refuse_unknown(&self, expr: &Expr<'_>) -> Checked<()> {
        let What::Word(word) = expr.what else { return Ok(()) };
        let first = word.split_once('.').map(|(first, _)| first);
        let is_field = first.is_some_and(|first| self.vocabulary.get(first).is_some());
        if is_field && bytes(word).is_none() { Err(self.unknown(&expr.at, word)) } else { Ok(()) }
    }

    /// That there is no field of that name.
    pub(super) fn unknown(&self, at: &Range<usize>, name: &str) -> FilterError {
        let error = FilterError::new(at, format!("No field is called “{name}”"));
        let lower = name.to_ascii_lowercase();
        if ["and", "or", "not", "xor", "in", "contains", "matches"].contains(&lower.as_str()) {
            return error.help(format!("Write “{lower}”, in small letters"));
        }
        if let Some((field, rest)) = name.split_once('-')
            && self.vocabulary.get(field).is_some()
        {
            return error.help(format!("A minus stands between blanks: {field} - {rest}"));
        }
        let error = FilterError { is_unknown: true, ..error };
        let near = self.vocabulary.near(name.trim_start_matches('.'));
        match near[..] {
            [] => error.help("“wirestage fields WORD” lists what there is"),
            _ => error.help(format!("Did you mean {}?", near.join(", "))),
        }
    }

    /// What was typed.
    pub(super) fn text(&self, expr: &Expr<'_>) -> String {
        self.expression.get(expr.at.clone()).unwrap_or_default().to_owned()
    }

    /// The slot of a field, and what that is.
    pub(super) fn slot(
        &mut self,
        expr: &Expr<'_>,
        protocol: Take,
    ) -> Checked<(usize, Type, Vec<&'static FieldDef>)> {
        let (name, raw, layers) = match expr.what {
            What::Word(name) => (name, false, None),
            What::Field { name, raw, layers } => (name, raw, layers),
            _ => return Err(FilterError::new(&expr.at, "Here stands a field")),
        };
        let name = name.strip_prefix('.').unwrap_or(name);
        let Some(fields) = self.vocabulary.get(name) else {
            return Err(self.unknown(&expr.at, name));
        };
        let defs: Vec<&'static FieldDef> = fields.iter().map(|field| field.def()).collect();
        let of = defs.first().map_or(Type::Presence, |def| Type::of(def));
        let take = match (protocol, of) {
            (Take::Presence, _) => Take::Presence,
            _ if raw => Take::Bytes,
            (_, Type::Protocol) => protocol,
            _ => Take::Value,
        };
        let layers = layers.map(<[Piece]>::to_vec);
        let slot = Slot { fields: fields.to_vec(), take, layers };
        let at = self.slots.iter().position(|known| *known == slot).unwrap_or_else(|| {
            self.slots.push(slot);
            self.slots.len() - 1
        });
        Ok((at, if raw { Type::Bytes } else { of }, if raw { Vec::new() } else { defs }))
    }
}

/// Whether a word can only be a value: a number, an address, bytes.
fn is_plain_value(word: &str) -> bool {
    let first = word.split('/').next().unwrap_or(word);
    integer(word).is_some()
        || word.parse::<f64>().is_ok()
        || first.parse::<std::net::IpAddr>().is_ok()
        || bytes(word).is_some_and(|bytes| bytes.len() > 1)
}

/// Whether both are rows of bytes, of whatever kind.
fn are_bytes(a: &Side, b: &Side) -> bool {
    let is_row = |of: Type| of.is_sliced() && of != Type::Text;
    is_row(a.of) && is_row(b.of) && (a.is_slice() || b.is_slice())
}

/// The names that numbers of these fields have.
fn names(defs: &[&'static FieldDef]) -> Vec<&'static str> {
    defs.iter().flat_map(|def| def.names).map(|(_, name)| *name).collect()
}

const fn flip(order: Order) -> Order {
    match order {
        Order::Less => Order::Greater,
        Order::AtMost => Order::AtLeast,
        Order::Greater => Order::Less,
        Order::AtLeast => Order::AtMost,
        other => other,
    }
}

impl Side {
    /// What a value is read as that is compared with it.
    pub(super) fn against(&self, partial: bool) -> Against<'_> {
        Against { of: self.of, name: &self.name, defs: &self.defs, partial }
    }
}
