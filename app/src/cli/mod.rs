//! The command line: one table of commands, each in a file of its own.
//!
//! ```text
//!  arguments ── clap ──> Entry of COMMANDS ── run(arguments, standard output) ──> exit code
//! ```
//!
//! A new command is a file with an [`Act`] and a line in [`COMMANDS`].

mod act;
mod capture;
mod compare;
mod depth;
mod doctor;
mod endpoint;
mod export;
mod facts;
mod fields;
mod filter;
mod filters;
mod follow;
pub mod info;
mod input;
mod lab_child;
mod lab_listen;
mod lab_run;
mod list;
mod meant;
mod output;
mod overview;
mod record;
mod ring;
mod run;
mod schedule;
mod shell;
pub mod show;
mod split;
mod stop;
mod story;
mod terminal;
mod watched;
mod window;
mod words;

use std::ffi::OsString;
use std::io::{BufWriter, Write};
use std::path::Path;
use std::process::ExitCode;

use clap::error::{ContextKind, ContextValue, ErrorKind};
use clap::{Args, Command, FromArgMatches};

use act::Entry;
pub use stop::{Outcome, Stop};

/// Every command, in the order in which help lists them.
static COMMANDS: &[Entry] = &[
    Entry::of::<list::List>(),
    Entry::of::<record::Record>(),
    Entry::of::<run::Run>(),
    Entry::of::<capture::Capture>(),
    Entry::of::<info::Info>(),
    Entry::of::<show::Show>(),
    Entry::of::<story::Tell>(),
    Entry::of::<export::Export>(),
    Entry::of::<compare::Compare>(),
    Entry::of::<filter::Filter>(),
    Entry::of::<follow::Follow>(),
    Entry::of::<fields::Fields>(),
    Entry::of::<doctor::Doctor>(),
    Entry::of::<shell::Completions>(),
    Entry::of::<shell::Manual>(),
    Entry::of::<lab_child::LabChild>(),
    Entry::of::<lab_run::LabRun>(),
    Entry::of::<lab_listen::LabListen>(),
];

/// What `--help` says below the commands.
const EXAMPLES: &str = "\
Examples:
  wirestage                                  open the window
  wirestage a.pcapng                         look at a recording in the window
  ssh host tcpdump -w - | wirestage -        look at what another machine records
  wirestage list                             see what can be recorded
  wirestage record tls13-full -o a.pcapng    record real TLS traffic, keys included
  wirestage show a.pcapng                    list its frames, decrypted
  wirestage story a.pcapng                   be told what happened, step by step
  wirestage story a.pcap --level overview    be told who spoke to whom, and how it went
  wirestage export a.pcapng -o a.svg         draw it
  wirestage compare https -o https.svg       see one request go six ways
  wirestage filter a.pcapng http -o b.pcapng  keep a part of it

Exit codes: 0 done, 1 the work failed, 2 wrong usage.";

/// Runs the program as it was called.
pub fn main() -> ExitCode {
    let mut out = BufWriter::new(std::io::stdout().lock());
    let outcome = run(std::env::args_os(), &mut out);
    let outcome = outcome.and_then(|()| Ok(out.flush()?));
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(stop) => stop.tell(),
    }
}

/// Runs the command that `arguments` name; the first of them is the program's own name.
fn run(arguments: impl IntoIterator<Item = OsString>, out: &mut dyn Write) -> Outcome {
    let matches = match root().try_get_matches_from(asked_for_help(arguments)) {
        Ok(matches) => matches,
        Err(error) => return explain(&error, out),
    };
    match matches.subcommand() {
        None => window::Window::from_arg_matches(&matches)
            .map_err(|error| Stop::usage(&error))?
            .run(out),
        Some((name, of_command)) => match COMMANDS.iter().find(|entry| entry.name == name) {
            Some(entry) => (entry.run)(of_command, out),
            // clap knows only the names of this table.
            None => Ok(()),
        },
    }
}

/// `wirestage help show` is `wirestage show --help`, as people know it from other programs.
fn asked_for_help(arguments: impl IntoIterator<Item = OsString>) -> Vec<OsString> {
    let mut arguments: Vec<OsString> = arguments.into_iter().collect();
    if arguments.get(1).is_some_and(|word| word == "help") && !meant::is_there(Path::new("help")) {
        arguments.remove(1);
        arguments.truncate(2);
        arguments.push("--help".into());
    }
    arguments
}

/// The whole command line as clap knows it.
fn root() -> Command {
    let root = Command::new("wirestage")
        .version(env!("CARGO_PKG_VERSION"))
        .args_conflicts_with_subcommands(true)
        .subcommand_help_heading("Commands")
        .disable_help_subcommand(true);
    window::Window::augment_args(root)
        .about("Makes clients and servers talk, records, decrypts and draws what they say")
        .after_help(EXAMPLES)
        .subcommands(COMMANDS.iter().map(|entry| (entry.command)()))
}

/// Prints help and version where they were asked for; anything else is wrong usage.
fn explain(error: &clap::Error, out: &mut dyn Write) -> Outcome {
    match error.kind() {
        ErrorKind::DisplayHelp | ErrorKind::DisplayVersion => {
            write!(out, "{}", error.render())?;
            Ok(())
        }
        _ => Err(elsewhere(error).unwrap_or_else(|| Stop::usage(error))),
    }
}

/// Where an option is none of this command and one of others: that they take it.
fn elsewhere(error: &clap::Error) -> Option<Stop> {
    let (ErrorKind::UnknownArgument, Some(ContextValue::String(option))) =
        (error.kind(), error.get(ContextKind::InvalidArg))
    else {
        return None;
    };
    let takers = takers(option);
    let cause = format!("this command takes no {option}");
    let mend = format!("wirestage {} takes it", takers.join(" or "));
    (!takers.is_empty()).then(|| Stop::wrong(cause, mend))
}

/// Which commands take this option.
fn takers(option: &str) -> Vec<&'static str> {
    let Some(name) = option.strip_prefix("--") else { return Vec::new() };
    let takes = |entry: &&Entry| {
        let command = (entry.command)();
        !entry.hidden && command.get_arguments().any(|argument| argument.get_long() == Some(name))
    };
    COMMANDS.iter().filter(takes).map(|entry| entry.name).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_a_sound_command_line() {
        root().debug_assert();
    }

    #[test]
    fn every_example_in_the_help_is_a_command_that_parses() {
        let examples = COMMANDS.iter().map(|entry| entry.examples).chain([EXAMPLES]);
        for line in examples.flat_map(str::lines) {
            // What stands behind two spaces explains; what stands behind a pipe is a call too.
            let shown = line.trim_start().split("  ").next().unwrap_or_default();
            let Some(start) = shown.find("wirestage") else { continue };
            // What a shell takes as one word stands in quotes, every second piece between them.
            let mut words: Vec<OsString> = Vec::new();
            for (at, piece) in shown[start..].split('\'').enumerate() {
                if at % 2 == 1 {
                    words.push(piece.into());
                    continue;
                }
                let call = piece.split(['|', '>']).next().unwrap_or_default();
                words.extend(call.split_whitespace().map(OsString::from));
                if call.len() < piece.len() {
                    break;
                }
            }
            if let Err(error) = root().try_get_matches_from(words) {
                panic!("`{shown}` does not parse: {error}");
            }
        }
    }

    #[test]
    fn an_option_of_other_commands_is_known() {
        assert_eq!(takers("--connection"), ["story", "export", "follow"]);
        assert_eq!(takers("--no-such-option"), [""; 0]);
    }

    #[test]
    fn what_may_be_meant_is_any_command_that_may_be_typed() {
        let typed = COMMANDS.iter().filter(|entry| !entry.hidden).map(|entry| entry.name);
        assert_eq!(typed.collect::<Vec<_>>(), meant::COMMANDS);
    }

    #[test]
    fn every_command_teaches_by_example() {
        for entry in COMMANDS.iter().filter(|entry| !entry.hidden) {
            let help = (entry.command)().render_long_help().to_string();
            assert!(help.contains("Examples:\n  wirestage"), "{}: {help}", entry.name);
            assert!((entry.command)().get_about().is_some(), "{} says what it does", entry.name);
        }
    }
}
