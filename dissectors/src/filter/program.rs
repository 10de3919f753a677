//! A filter that was checked: what it needs of a frame, and what it asks of that.

use regex::bytes::Regex;

use super::datum::Datum;
use super::syntax::{Arithmetic, Order, Quantifier};
use super::token::Piece;
use crate::field::FieldId;

/// What a filter needs of a frame.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Slot {
    /// The fields of one name.
    pub(super) fields: Vec<FieldId>,
    pub(super) take: Take,
    /// Which layers of its protocol count; all where nothing is said.
    pub(super) layers: Option<Vec<Piece>>,
}

/// What is kept of a field.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Take {
    /// That it was there.
    Presence,
    /// Its value.
    Value,
    /// The bytes at its place; of a header, without what it carries.
    Bytes,
    /// The bytes of a protocol and of all that it carries.
    Content,
}

/// Something that has values.
#[derive(Clone, Debug)]
pub(super) enum Term {
    Slot(usize),
    Constant(Datum<'static>),
    Slice(Box<Self>, Vec<Piece>),
    Minus(Box<Self>),
    Both(Arithmetic, Box<Self>, Box<Self>),
    /// How often a field is in the frame.
    Count(usize),
    /// The names of a field's numbers.
    Names(usize),
    Each(Each, Box<Self>),
    /// The largest of all values, or the least.
    Largest(Vec<Self>),
    Least(Vec<Self>),
}

/// What is made of each value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Each {
    Len,
    Upper,
    Lower,
    /// Its text, addresses as they are written.
    Text(Written),
    Decimal,
    /// With so many digits.
    Hexadecimal(usize),
    Fraction,
    Absolute,
    IsLinkLocal,
    IsMulticast,
    IsPrivate,
    IsUniqueLocal,
}

/// How a value is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Written {
    Number,
    Time,
    Moment,
    Address,
    Ether,
}

/// What is asked.
#[derive(Clone, Debug)]
pub(super) enum Ask {
    All(Vec<Self>),
    Any(Vec<Self>),
    Xor(Box<Self>, Box<Self>),
    Not(Box<Self>),
    /// The field is there.
    Present(usize),
    /// A value is not zero.
    NotZero(Term),
    Compare {
        order: Order,
        quantifier: Quantifier,
        left: Term,
        right: Term,
    },
    Contains {
        quantifier: Quantifier,
        left: Term,
        right: Term,
    },
    Matches {
        quantifier: Quantifier,
        left: Term,
        pattern: Regex,
    },
    In {
        quantifier: Quantifier,
        left: Term,
        members: Vec<(Term, Option<Term>)>,
        negated: bool,
    },
}

impl Ask {
    /// Calls for every slot that it looks at.
    pub(super) fn slots(&self, call: &mut impl FnMut(usize)) {
        match self {
            Self::All(all) | Self::Any(all) => all.iter().for_each(|one| one.slots(call)),
            Self::Xor(a, b) => {
                a.slots(call);
                b.slots(call);
            }
            Self::Not(one) => one.slots(call),
            Self::Present(slot) => call(*slot),
            Self::NotZero(term) => term.slots(call),
            Self::Matches { left, .. } => left.slots(call),
            Self::Compare { left, right, .. } | Self::Contains { left, right, .. } => {
                left.slots(call);
                right.slots(call);
            }
            Self::In { left, members, .. } => {
                left.slots(call);
                for (from, to) in members {
                    from.slots(call);
                    to.iter().for_each(|to| to.slots(call));
                }
            }
        }
    }
}

impl Term {
    fn slots(&self, call: &mut impl FnMut(usize)) {
        match self {
            Self::Slot(slot) | Self::Count(slot) | Self::Names(slot) => call(*slot),
            Self::Constant(_) => {}
            Self::Slice(of, _) | Self::Minus(of) | Self::Each(_, of) => of.slots(call),
            Self::Both(_, a, b) => {
                a.slots(call);
                b.slots(call);
            }
            Self::Largest(all) | Self::Least(all) => all.iter().for_each(|one| one.slots(call)),
        }
    }
}
