//! What an expression says, before anybody asks whether its fields exist.

use std::ops::Range;

use super::token::Piece;

/// Tests and what joins them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Logic<'t> {
    Or(Box<Self>, Box<Self>),
    Xor(Box<Self>, Box<Self>),
    And(Box<Self>, Box<Self>),
    Not(Box<Self>),
    Test(Test<'t>),
}

/// One test.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Test<'t> {
    pub(super) at: Range<usize>,
    /// Whether `any` or `all` stood before it.
    pub(super) quantifier: Option<Quantifier>,
    pub(super) left: Expr<'t>,
    pub(super) relation: Relation<'t>,
}

/// How many of the values of a field have to pass.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Quantifier {
    Any,
    All,
}

/// What is asked of the left side.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Relation<'t> {
    /// That it is there, or is not zero.
    Holds,
    /// Comparisons in a row: `a < b < c`.
    Compare(Vec<(Comparison, Expr<'t>)>),
    Contains(Expr<'t>),
    Matches(Expr<'t>),
    /// One of a set, or none of it.
    In {
        members: Vec<Member<'t>>,
        negated: bool,
    },
}

/// One value of a set, or all from one to another.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Member<'t> {
    pub(super) from: Expr<'t>,
    pub(super) to: Option<Expr<'t>>,
}

/// How two values are compared, and how many of them have to pass.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Comparison {
    pub(super) order: Order,
    pub(super) quantifier: Quantifier,
}

/// How two values lie to each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Order {
    Equal,
    Unequal,
    Less,
    AtMost,
    Greater,
    AtLeast,
}

impl Order {
    /// Whether it asks which one comes first.
    pub(super) const fn is_ordering(self) -> bool {
        !matches!(self, Self::Equal | Self::Unequal)
    }
}

/// Something that has values.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Expr<'t> {
    pub(super) at: Range<usize>,
    pub(super) what: What<'t>,
}

/// What has values.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum What<'t> {
    /// A field, or a value: that is for its place to tell.
    Word(&'t str),
    /// A field and nothing else: `@` or `#` stood beside it.
    Field {
        name: &'t str,
        raw: bool,
        layers: Option<&'t [Piece]>,
    },
    Text(&'t [u8]),
    Character(u32),
    Slice(Box<Expr<'t>>, &'t [Piece]),
    Call(&'t str, Vec<Expr<'t>>),
    Minus(Box<Expr<'t>>),
    Both(Arithmetic, Box<Expr<'t>>, Box<Expr<'t>>),
}

/// What is worked out of two values.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Arithmetic {
    Mask,
    Add,
    Subtract,
    Multiply,
    Divide,
    Remainder,
}
