//! One side of a comparison: fields, parts of them, and what is worked out of them.

use super::check::{Checked, Checker};
use super::constant::{Against, constant};
use super::datum::range;
use super::error::FilterError;
use super::program::{Take, Term};
use super::syntax::{Arithmetic, Expr, What};
use super::token::{Piece, Until};
use super::types::Type;
use crate::field::FieldDef;

/// Something that has values, and what is known of them.
pub(super) struct Side {
    pub(super) term: Term,
    pub(super) of: Type,
    /// What was typed.
    pub(super) name: String,
    /// Its fields, where it is one: their numbers may have names.
    pub(super) defs: Vec<&'static FieldDef>,
}

impl Side {
    /// Whether it is a part of something.
    pub(super) const fn is_slice(&self) -> bool {
        matches!(self.term, Term::Slice(..))
    }

    /// How many bytes it always has; `None` if that depends on the frame.
    pub(super) fn len(&self) -> Option<usize> {
        let Term::Slice(_, pieces) = &self.term else { return None };
        let len = |piece: &Piece| match (piece.until, piece.from) {
            (Until::Len(len), _) => usize::try_from(len).ok(),
            (Until::Last(last), from) if (last < 0) == (from < 0) => {
                usize::try_from(last - from + 1).ok()
            }
            _ => None,
        };
        pieces.iter().map(len).sum()
    }
}

impl Checker<'_> {
    /// One side. Of a protocol that stands there alone, `protocol` says what is taken.
    pub(super) fn side(&mut self, expr: &Expr<'_>, protocol: Take) -> Checked<Side> {
        let name = self.text(expr);
        let side = |term, of| Side { term, of, name: name.clone(), defs: Vec::new() };
        match &expr.what {
            What::Word(_) | What::Field { .. } => {
                let (slot, of, defs) = self.slot(expr, protocol)?;
                Ok(Side { defs, ..side(Term::Slot(slot), of) })
            }
            What::Slice(of, pieces) => {
                if self.is_constant(of) {
                    if let What::Word(word) = of.what {
                        return Err(self.unknown(&of.at, word));
                    }
                    return Err(FilterError::new(&of.at, "Parts are taken of fields only"));
                }
                let inner = self.side(of, Take::Bytes)?;
                self.can_be_cut(expr, &inner, pieces)?;
                let term = Term::Slice(Box::new(inner.term), pieces.to_vec());
                Ok(side(term, inner.of.part()))
            }
            What::Call(function, arguments) => self.call(expr, function, arguments),
            What::Minus(of) => {
                let inner = self.side(of, protocol)?;
                if !(inner.of.is_number() || inner.of.is_time()) {
                    let message = format!("{} is {} and has no sign", inner.name, inner.of.name());
                    return Err(FilterError::new(&of.at, message));
                }
                let of = if inner.of.is_number() { Type::NUMBER } else { inner.of };
                Ok(side(Term::Minus(Box::new(inner.term)), of))
            }
            What::Both(how, a, b) => self.both(expr, *how, a, b),
            What::Text(_) | What::Character(_) => {
                Err(FilterError::new(&expr.at, "Here stands a field"))
            }
        }
    }

    fn can_be_cut(&self, expr: &Expr<'_>, inner: &Side, pieces: &[Piece]) -> Checked<()> {
        if !inner.of.is_sliced() {
            let message =
                format!("{} is {}, of which no part can be taken", inner.name, inner.of.name());
            let error = FilterError::new(&expr.at, message);
            let has_bytes = matches!(inner.term, Term::Slot(_)) && inner.of.compares();
            let help = format!("@{} takes its bytes", inner.name);
            return Err(if has_bytes { error.help(help) } else { error });
        }
        let Some(width) = inner.of.width() else { return Ok(()) };
        match pieces.iter().find(|piece| range(**piece, width).is_none()) {
            Some(_) => {
                let message =
                    format!("{} has {width} bytes, and these are not among them", inner.name);
                Err(FilterError::new(&expr.at, message).help("The first has the number 0"))
            }
            None => Ok(()),
        }
    }

    /// What is worked out of two values.
    fn both(
        &mut self,
        expr: &Expr<'_>,
        how: Arithmetic,
        a: &Expr<'_>,
        b: &Expr<'_>,
    ) -> Checked<Side> {
        let (a_is, b_is) = (self.is_constant(a), self.is_constant(b));
        let known = self.side(if a_is { b } else { a }, Take::Bytes)?;
        let of = known.of;
        let fits = match how {
            Arithmetic::Mask => {
                matches!(of, Type::Integer { .. }) || (of.is_sliced() && of != Type::Text)
            }
            Arithmetic::Remainder => of.is_number(),
            _ => of.is_number() || of.is_time(),
        };
        if !fits {
            let message = format!("{} is {} and cannot be counted with", known.name, of.name());
            let at = if a_is { &b.at } else { &a.at };
            return Err(FilterError::new(at, message));
        }
        let is_scaled = of.is_time() && matches!(how, Arithmetic::Multiply | Arithmetic::Divide);
        if is_scaled && a_is {
            return Err(FilterError::new(&expr.at, "A time is multiplied by a number behind it"));
        }
        let wanted = match of {
            Type::Integer { .. } => Type::NUMBER,
            of if is_scaled && of.is_time() => Type::Fraction,
            of => of,
        };
        let name = known.name.clone();
        let (a, b) = match (a_is, b_is) {
            (false, false) => {
                let other = self.side(b, Take::Bytes)?;
                let is_fit = if is_scaled { other.of.is_number() } else { of.fits(other.of) };
                let are_rows = how == Arithmetic::Mask && of.is_sliced() && other.of.is_sliced();
                if !is_fit && !are_rows {
                    let (a, b) = (of.name(), other.of.name());
                    let message = format!("There is nothing to be worked out of {a} and {b}");
                    return Err(FilterError::new(&expr.at, message));
                }
                (known.term, other.term)
            }
            (true, _) => (self.operand(a, wanted, &name)?, known.term),
            (_, true) => (known.term, self.operand(b, wanted, &name)?),
        };
        let by_zero = matches!(how, Arithmetic::Divide | Arithmetic::Remainder)
            && matches!(&b, Term::Constant(value) if value.is_zero());
        if by_zero {
            return Err(FilterError::new(&expr.at, "Nothing can be divided by zero"));
        }
        let of = match of {
            Type::Integer { .. } => Type::NUMBER,
            of if of.is_sliced() => Type::Bytes,
            of => of,
        };
        let term = Term::Both(how, Box::new(a), Box::new(b));
        Ok(Side { term, of, name: self.text(expr), defs: Vec::new() })
    }

    /// A value that is counted with.
    pub(super) fn operand(&self, expr: &Expr<'_>, of: Type, name: &str) -> Checked<Term> {
        let against = Against { of, name, defs: &[], partial: true };
        Ok(Term::Constant(constant(expr, against)?))
    }
}
