//! What protocols keep with messages and hand to each other, in types of their own.
//!
//! ```text
//!   a code    one of a small set, in a byte       the kind of a message, the role of a part
//!   an extra  a small value, in four bytes        the frame of the request that is answered
//!   a fact    any value, behind a shared pointer  what attaches to a message, what a carrier settles
//! ```
//!
//! Whoever reads one names the type that was kept. Another type is no error: it gets nothing.

use std::any::Any;
use std::fmt;
use std::sync::Arc;

use crate::ids::{FrameId, fnv};

/// A small set of codes, told from others by the path of its type.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Set(u32);

impl Set {
    /// The set of that path: folded into 24 bits, so that a set and a code fit four bytes.
    #[must_use]
    pub const fn of(path: &str) -> Self {
        Self(fnv(path) >> 8)
    }
}

/// One of a small set: [`codes!`](crate::codes) makes it of an enum.
pub trait Code: Copy + 'static {
    /// The set that it is out of.
    const SET: Set;

    /// Its number within the set.
    fn number(self) -> u8;

    /// The code of that number; `None` if the set has none.
    fn of(number: u8) -> Option<Self>;
}

/// A code of whatever set, which it remembers.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Coded(u32);

impl Coded {
    /// Keeps a code.
    #[must_use]
    pub fn new<C: Code>(code: C) -> Self {
        Self(C::SET.0 << 8 | u32::from(code.number()))
    }

    /// The code, where it is out of that set.
    #[must_use]
    pub fn get<C: Code>(self) -> Option<C> {
        if self.0 >> 8 == C::SET.0 { C::of(self.number()) } else { None }
    }

    /// Whether it is this one.
    #[must_use]
    pub fn is<C: Code>(self, code: C) -> bool {
        self == Self::new(code)
    }

    /// The number of the code within its set.
    #[must_use]
    pub const fn number(self) -> u8 {
        self.0 as u8
    }
}

impl fmt::Debug for Coded {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "code {} of set {:06x}", self.number(), self.0 >> 8)
    }
}

/// A small value in four bytes.
pub trait Extra: Copy + Default {
    /// The value as a number.
    fn pack(self) -> u32;

    /// The value that was packed.
    fn unpack(packed: u32) -> Self;
}

impl Extra for () {
    fn pack(self) -> u32 {
        0
    }

    fn unpack(_packed: u32) -> Self {}
}

impl Extra for u32 {
    fn pack(self) -> u32 {
        self
    }

    fn unpack(packed: u32) -> Self {
        packed
    }
}

/// The frame of an earlier message, where there is one.
impl Extra for Option<FrameId> {
    fn pack(self) -> u32 {
        self.unwrap_or(FrameId::NONE).0
    }

    fn unpack(packed: u32) -> Self {
        FrameId(packed).some()
    }
}

impl<C: Code + Default> Extra for C {
    fn pack(self) -> u32 {
        self.number().into()
    }

    fn unpack(packed: u32) -> Self {
        u8::try_from(packed).ok().and_then(Self::of).unwrap_or_default()
    }
}

/// A value that is kept as it is. Two readings of the same bytes must come to equal ones.
pub trait Fact: fmt::Debug + PartialEq + Send + Sync + 'static {
    /// About how many bytes of memory it takes, with what it owns.
    fn size(&self) -> usize {
        size_of_val(self)
    }
}

/// A fact of whatever type.
trait Object: Any + fmt::Debug + Send + Sync {
    fn equals(&self, other: &dyn Object) -> bool;
    fn size(&self) -> usize;
}

impl<F: Fact> Object for F {
    fn equals(&self, other: &dyn Object) -> bool {
        let other: &dyn Any = other;
        other.downcast_ref::<Self>() == Some(self)
    }

    fn size(&self) -> usize {
        Fact::size(self)
    }
}

/// A fact of whatever type, shared by all its copies.
#[derive(Clone)]
pub struct AnyFact(Arc<dyn Object>);

impl AnyFact {
    /// Keeps a fact.
    #[must_use]
    pub fn new<F: Fact>(fact: F) -> Self {
        Self(Arc::new(fact))
    }

    /// The fact, where it is of that type.
    #[must_use]
    pub fn get<F: Fact>(&self) -> Option<&F> {
        let fact: &dyn Any = &*self.0;
        fact.downcast_ref()
    }

    /// About how many bytes of memory it takes.
    #[must_use]
    pub fn size(&self) -> usize {
        (*self.0).size()
    }
}

impl PartialEq for AnyFact {
    fn eq(&self, other: &Self) -> bool {
        (*self.0).equals(&*other.0)
    }
}

impl fmt::Debug for AnyFact {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        (*self.0).fmt(f)
    }
}

/// Declares an enum whose values are [`Code`]s, numbered in their order.
///
/// ```ignore
/// codes! {
///     /// What a message is.
///     pub enum Kind {
///         /// A question.
///         Question,
///         /// Its answer.
///         Answer,
///     }
/// }
/// ```
#[macro_export]
macro_rules! codes {
    ($(#[$doc:meta])* $vis:vis enum $name:ident { $($(#[$of:meta])* $one:ident),+ $(,)? }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        #[repr(u8)]
        $vis enum $name { $($(#[$of])* $one),+ }

        impl $crate::typed::Code for $name {
            const SET: $crate::typed::Set =
                $crate::typed::Set::of(concat!(module_path!(), "::", stringify!($name)));

            fn number(self) -> u8 {
                self as u8
            }

            fn of(number: u8) -> Option<Self> {
                [$(Self::$one),+].get(usize::from(number)).copied()
            }
        }
    };
}

#[cfg(test)]
mod tests {
    use super::*;

    codes! {
        #[derive(Default)]
        enum Fruit { #[default] Apple, Pear }
    }
    codes! {
        enum Stone { Flint, Slate }
    }

    #[test]
    fn a_code_is_read_as_what_it_is_and_as_nothing_else() {
        let pear = Coded::new(Fruit::Pear);
        assert_eq!((pear.get(), pear.number()), (Some(Fruit::Pear), 1));
        assert_eq!(pear.get::<Stone>(), None);
        assert!(pear.is(Fruit::Pear) && !pear.is(Fruit::Apple) && !pear.is(Stone::Slate));
        assert_eq!([Fruit::of(2), Fruit::of(0)], [None, Some(Fruit::Apple)]);
        assert_eq!(Coded::new(Stone::Flint).get(), Some(Stone::Flint));
    }

    #[test]
    fn an_extra_comes_back_and_what_no_set_has_is_the_default() {
        fn check<E: Extra + PartialEq + fmt::Debug>(extra: E) {
            assert_eq!(E::unpack(extra.pack()), extra);
        }
        check(());
        check(u32::MAX);
        check(None::<FrameId>);
        check(Some(FrameId(0)));
        check(Fruit::Pear);
        assert_eq!([Fruit::unpack(9), Fruit::unpack(256)], [Fruit::Apple; 2]);
    }

    #[derive(Debug, PartialEq)]
    struct Names(Vec<String>);
    impl Fact for Names {
        fn size(&self) -> usize {
            self.0.iter().map(String::len).sum()
        }
    }
    #[derive(Debug, PartialEq)]
    struct Number(u64);
    impl Fact for Number {}

    #[test]
    fn a_fact_is_given_back_to_who_knows_its_type() {
        let names = AnyFact::new(Names(vec!["one".into(), "two".into()]));
        assert_eq!(names.get::<Names>().map(|names| names.0.len()), Some(2));
        assert_eq!(names.get::<Number>(), None);
        assert_eq!(names, AnyFact::new(Names(vec!["one".into(), "two".into()])));
        assert_ne!(names, AnyFact::new(Names(Vec::new())));
        assert_ne!(names, AnyFact::new(Number(2)));
        assert_eq!((names.size(), AnyFact::new(Number(2)).size()), (6, 8));
    }
}
