//! How a command ends before its work is done: what is printed, and the exit code.

use std::io;
use std::process::ExitCode;

use clap::error::{ContextKind, ContextValue, ErrorKind};

use super::filters::WrongFilter;
use super::meant;
use crate::document::keys::KeyLogError;
use crate::document::schema::SchemaError;
use crate::trouble::Trouble;

/// What a command returns.
pub type Outcome<T = ()> = Result<T, Stop>;

/// Why a command ended early.
#[derive(Debug)]
pub enum Stop {
    /// The work failed: exit code 1.
    Work(Trouble),
    /// The command was called wrongly: exit code 2.
    Usage(Trouble),
    /// A filter is none: exit code 2.
    Filter(WrongFilter),
    /// Standard output does not take what is written.
    ///
    /// Made from any `io::Error` by `?`, so errors of other files must be told as
    /// [`Stop::Work`] where they happen.
    Output(io::Error),
}

/// What to type instead of a number that is not one of so many.
pub(super) fn one_of(count: usize) -> String {
    match count {
        1 => "there is one alone: its number is 1".to_owned(),
        count => format!("give a number from 1 to {count}"),
    }
}

impl Stop {
    /// The command was called wrongly.
    pub(super) fn wrong(cause: impl AsRef<str>, mend: impl AsRef<str>) -> Self {
        Self::Usage(Trouble::new(cause, mend))
    }

    /// The command was called in a way that clap does not understand.
    pub(super) fn usage(error: &clap::Error) -> Self {
        let text = error.render().to_string();
        // The first paragraph is the cause; it may go on below with what is missing.
        let cause = text.split("\n\n").next().unwrap_or_default();
        let cause = cause.strip_prefix("error: ").unwrap_or(cause);
        let argument = match error.get(ContextKind::InvalidArg) {
            Some(ContextValue::String(one)) => vec![one.as_str()],
            Some(ContextValue::Strings(several)) => several.iter().map(String::as_str).collect(),
            _ => Vec::new(),
        };
        let cause = match error.kind() {
            ErrorKind::MissingRequiredArgument => format!("{} is missing", argument.join(" and ")),
            _ => cause.to_owned(),
        };
        let meant = [ContextKind::SuggestedArg, ContextKind::SuggestedValue]
            .into_iter()
            .find_map(|kind| error.get(kind))
            .and_then(|meant| match meant {
                ContextValue::String(one) => Some(one.clone()),
                ContextValue::Strings(several) => several.first().cloned(),
                _ => None,
            });
        let usage = text.lines().find_map(|line| line.strip_prefix("Usage: "));
        let mend = match (meant, usage) {
            (Some(meant), _) => format!("did you mean {meant}? --help shows what there is"),
            (None, Some(_)) if argument.iter().any(|word| meant::is_operator(word)) => {
                meant::QUOTES.to_owned()
            }
            (None, Some(usage)) => format!("type it as: {usage}; --help shows examples"),
            (None, None) => "--help shows what there is, with examples".to_owned(),
        };
        Self::wrong(cause, mend)
    }

    /// Prints the two lines and gives the exit code.
    ///
    /// A reader that had enough (`| head`) is no error: that ends quietly.
    pub(super) fn tell(&self) -> ExitCode {
        let (trouble, code) = match self {
            Self::Work(trouble) => (trouble.clone(), 1),
            Self::Usage(trouble) => (trouble.clone(), 2),
            Self::Filter(wrong) => {
                eprint!("{}", wrong.print());
                return ExitCode::from(2);
            }
            Self::Output(error) if error.kind() == io::ErrorKind::BrokenPipe => {
                return ExitCode::SUCCESS;
            }
            Self::Output(error) => (
                Trouble::new(
                    format!("standard output takes nothing: {error}"),
                    "check where it is sent to, and that there is room",
                ),
                1,
            ),
        };
        eprint!("{}", trouble.print());
        ExitCode::from(code)
    }
}

impl From<io::Error> for Stop {
    fn from(error: io::Error) -> Self {
        Self::Output(error)
    }
}

impl From<Trouble> for Stop {
    fn from(trouble: Trouble) -> Self {
        Self::Work(trouble)
    }
}

impl From<KeyLogError> for Stop {
    fn from(error: KeyLogError) -> Self {
        Self::Work(error.into())
    }
}

impl From<SchemaError> for Stop {
    fn from(error: SchemaError) -> Self {
        Self::Work(error.into())
    }
}
