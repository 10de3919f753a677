//! What the parsers say on their way: where they stood, and what they would have taken.

use std::ops::Range;

use winnow::error::{AddContext, ErrMode, ModalError, ParserError};
use winnow::stream::{Location, Stream};

use super::error::FilterError;
use super::parse::Tokens;
use super::token::Input;

/// The result of a parser.
pub(super) type Failure<T> = Result<T, ErrMode<Failed>>;

/// Why a parser did not go on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Failed {
    at: Range<usize>,
    /// What it says, where it says more than what was expected.
    said: Option<(String, String)>,
    /// What would have been right.
    expected: Vec<&'static str>,
}

impl Failed {
    /// Nothing is known but the place.
    pub(super) const fn at(offset: usize) -> Self {
        Self { at: offset..offset, said: None, expected: Vec::new() }
    }

    /// A mistake that has words of its own.
    pub(super) fn said(at: Range<usize>, what: impl Into<String>, help: impl Into<String>) -> Self {
        Self { at, said: Some((what.into(), help.into())), expected: Vec::new() }
    }

    /// A part that stands where others would be right.
    pub(super) fn expecting(at: Range<usize>, expected: &[&'static str]) -> Self {
        Self { at, said: None, expected: expected.to_vec() }
    }

    /// As one from which no parser tries another way.
    pub(super) const fn cut(self) -> ErrMode<Self> {
        ErrMode::Cut(self)
    }

    /// The mistake as whoever typed it is told.
    pub(super) fn error(self, expression: &str) -> FilterError {
        if let Some((message, help)) = self.said {
            return FilterError::new(&self.at, message).help(help);
        }
        let found = expression.get(self.at.clone()).unwrap_or_default();
        // Where nothing is named, values and what has them begin.
        let expected = if self.expected.is_empty() {
            "a field or a value".into()
        } else {
            list(&self.expected)
        };
        let message = match found {
            "" => format!("Expected {expected}, but the expression ends"),
            found => format!("Expected {expected}, found “{found}”"),
        };
        FilterError::new(&self.at, message)
    }
}

/// Words in a row: “a, b or c”.
fn list(words: &[&str]) -> String {
    match words {
        [] => String::new(),
        [one] => (*one).to_owned(),
        [first @ .., last] => format!("{} or {last}", first.join(", ")),
    }
}

impl<'t> ParserError<Input<'t>> for Failed {
    type Inner = Self;

    fn from_input(input: &Input<'t>) -> Self {
        let start = input.current_token_start();
        let len = input.chars().next().map_or(0, char::len_utf8);
        Self { at: start..start + len, ..Self::at(start) }
    }

    fn into_inner(self) -> Result<Self, Self> {
        Ok(self)
    }
}

impl<'t> ParserError<Tokens<'t>> for Failed {
    type Inner = Self;

    fn from_input(input: &Tokens<'t>) -> Self {
        match input.first() {
            Some(token) => Self { at: token.at.clone(), ..Self::at(0) },
            None => Self::at(input.previous_tokens().next().map_or(0, |token| token.at.end)),
        }
    }

    fn or(self, other: Self) -> Self {
        // Whoever got further knows better; of two that got equally far both are right.
        let (mut further, other) =
            if self.at.start > other.at.start { (self, other) } else { (other, self) };
        if further.at == other.at {
            for word in other.expected {
                if !further.expected.contains(&word) {
                    further.expected.insert(0, word);
                }
            }
        }
        further
    }

    fn into_inner(self) -> Result<Self, Self> {
        Ok(self)
    }
}

impl<I: Stream> AddContext<I, &'static str> for Failed {
    fn add_context(mut self, input: &I, start: &I::Checkpoint, context: &'static str) -> Self {
        // Only of what did not begin is its name what was expected.
        if input.offset_from(start) == 0 && !self.expected.contains(&context) {
            self.expected = vec![context];
        }
        self
    }
}

impl ModalError for Failed {
    fn cut(self) -> Self {
        self
    }

    fn backtrack(self) -> Self {
        self
    }
}
