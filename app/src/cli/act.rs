//! What a command is: a name, arguments, examples, and the work.

use std::io::Write;

use clap::{ArgMatches, Args, Command};

use super::stop::{Outcome, Stop};

/// One command. Its doc comment is what help says about it.
pub(super) trait Act: Args {
    /// What one types.
    const NAME: &'static str;
    /// Calls as a user would type them, one a line, with what each does behind two spaces.
    const EXAMPLES: &'static str;
    /// Whether help keeps silent about it: the program calls itself by such commands.
    const HIDDEN: bool = false;

    /// Does the work and writes its result to `out`.
    fn run(self, out: &mut dyn Write) -> Outcome;
}

/// A line of the table: a command without its type.
pub(super) struct Entry {
    pub(super) name: &'static str,
    #[cfg(test)]
    pub(super) examples: &'static str,
    /// Whether help keeps silent about it.
    pub(super) hidden: bool,
    /// The command as clap knows it.
    pub(super) command: fn() -> Command,
    /// Takes its arguments and does it.
    pub(super) run: fn(&ArgMatches, &mut dyn Write) -> Outcome,
}

impl Entry {
    /// The line for the command `A`.
    pub(super) const fn of<A: Act>() -> Self {
        Self {
            name: A::NAME,
            #[cfg(test)]
            examples: A::EXAMPLES,
            hidden: A::HIDDEN,
            command: command::<A>,
            run: run::<A>,
        }
    }
}

fn command<A: Act>() -> Command {
    let examples = format!("Examples:\n{}", A::EXAMPLES);
    A::augment_args(Command::new(A::NAME)).after_help(examples).hide(A::HIDDEN)
}

fn run<A: Act>(matches: &ArgMatches, out: &mut dyn Write) -> Outcome {
    A::from_arg_matches(matches).map_err(|error| Stop::usage(&error))?.run(out)
}
