//! Why a stage could not be built or a scenario did not reach its end.

use std::{io, time::Duration};

/// What kept a scenario from being played. `Display` is the cause in one line, [`Failure::mend`]
/// the way out.
#[derive(Debug, thiserror::Error)]
pub enum Failure {
    /// A knob was set that the scenario does not have.
    #[error("{scenario} has no knob called {knob:?}")]
    UnknownKnob {
        /// The scenario that was to be played.
        scenario: &'static str,
        /// The name nobody knows.
        knob: String,
        /// The names there are.
        known: Vec<&'static str>,
    },
    /// A knob was set to something it does not take.
    #[error("{knob} cannot be {value:?}")]
    KnobValue {
        /// The knob.
        knob: &'static str,
        /// The value it was given.
        value: String,
        /// The values it takes.
        choices: &'static [&'static str],
    },
    /// An address was given to, or asked for, a role that does not take part.
    #[error("{scenario} has no role called {role:?}")]
    UnknownRole {
        /// The scenario that was to be played.
        scenario: &'static str,
        /// The name nobody knows.
        role: String,
    },
    /// The operating system or a library refused something.
    #[error("{role} could not {doing}: {cause}")]
    Io {
        /// Who was refused.
        role: &'static str,
        /// What it was doing, so that "could not ..." reads as a sentence.
        doing: String,
        /// What the system or a library said, all of it: it has no source of its own to print.
        cause: io::Error,
    },
    /// Something is needed that holds for a whole network, and the network is not the scenario's
    /// own.
    #[error("{role} needs {what}, and this network is not the scenario's own")]
    NeedsNetwork {
        /// Who needs it.
        role: &'static str,
        /// What: `net.ipv4.tcp_fastopen to be set`.
        what: String,
    },
    /// A program is needed that is not on this machine.
    #[error("{role} needs the program {program}, which is not installed")]
    NeedsProgram {
        /// Who needs it.
        role: &'static str,
        /// What it is called.
        program: &'static str,
    },
    /// The other side did something this side has no answer to.
    #[error("{role} expected {expected}, but {found}")]
    Unexpected {
        /// Who was surprised.
        role: &'static str,
        /// What should have come.
        expected: String,
        /// What came, so that "but ..." reads as a sentence.
        found: String,
    },
    /// A role left, so this one could not go on. The reason is in the other's failure.
    #[error("{role} was left alone before the end")]
    Deserted {
        /// Who was left.
        role: &'static str,
    },
    /// A role's thread panicked, which is a mistake in this crate.
    #[error("{role} broke down: this is a bug in the scenario")]
    Panicked {
        /// Whose thread it was.
        role: &'static str,
    },
    /// The run took longer than the scenario's limit.
    #[error("{role} was still busy after {} s", .limit.as_secs_f64())]
    TimedOut {
        /// Who was still playing.
        role: &'static str,
        /// The limit that was passed.
        limit: Duration,
    },
    /// The caller asked for the end through the stop signal.
    #[error("the run was stopped")]
    Stopped,
}

/// The package of Debian that a program comes with.
fn package(program: &str) -> &str {
    match program {
        "selfserv" | "certutil" => "libnss3-tools",
        program => program,
    }
}

impl Failure {
    /// What the reader can do about it, in one line, where there is something.
    pub fn mend(&self) -> Option<String> {
        match self {
            Failure::UnknownKnob { known, .. } if known.is_empty() => {
                Some("this scenario has nothing to set".to_owned())
            }
            Failure::UnknownKnob { known, .. } => Some(format!("it has: {}", known.join(", "))),
            Failure::KnobValue { choices, .. } => {
                Some(format!("choose one of: {}", choices.join(", ")))
            }
            Failure::NeedsNetwork { .. } => Some(
                "record it in the lab; wirestage doctor says what keeps this machine from it"
                    .to_owned(),
            ),
            Failure::NeedsProgram { program, .. } => {
                let package = package(program);
                Some(format!("install {program}, as with sudo apt-get install {package}"))
            }
            Failure::Io { cause, .. } => mend_refusal(cause.kind()).map(str::to_owned),
            Failure::TimedOut { .. } => {
                let causes = "a firewall on the loopback interface can cause this, and so can a link \
                              that loses a datagram which nobody sends again";
                Some(format!("try again; {causes}"))
            }
            _ => None,
        }
    }

    /// Whether another role's failure is the reason for this one.
    pub(crate) fn is_consequence(&self) -> bool {
        matches!(self, Failure::Deserted { .. })
    }
}

/// What helps against the refusals that depend on the machine and not on the scenario.
fn mend_refusal(kind: io::ErrorKind) -> Option<&'static str> {
    match kind {
        io::ErrorKind::PermissionDenied => {
            Some("allow free ports instead of the standard ones, or record in the lab")
        }
        io::ErrorKind::AddrInUse => {
            Some("another program holds this port: allow free ports, or record in the lab")
        }
        io::ErrorKind::AddrNotAvailable => Some(
            "give the role an address of this machine: any of 127.0.0.0/8 on Linux, \
             127.0.0.1 elsewhere",
        ),
        _ => None,
    }
}
