//! What is asked for, as it is chosen and typed.

use std::path::PathBuf;

use wirestage_captures::live::{ANY, interfaces};

use crate::gui::work::live::{LiveWanted, Origin};
use crate::gui::work::open::expand;
use crate::record::Listen;

/// Where packets are to come from.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Source {
    /// An interface of this machine.
    #[default]
    Interface,
    /// Programs in a network of their own.
    Command,
}

/// What is chosen and typed.
#[derive(Clone, Debug, Default)]
pub struct Asking {
    /// Where packets are to come from.
    pub source: Source,
    /// The interfaces there are.
    pub interfaces: Vec<String>,
    /// The chosen one.
    pub interface: String,
    /// A filter in tcpdump's language.
    pub filter: String,
    /// The path of a key log.
    pub keys: String,
    /// A command of the shell.
    pub command: String,
    /// A server that runs beside it.
    pub server: String,
}

impl Asking {
    /// Nothing is typed, and the loopback chosen.
    pub(super) fn at_first() -> Self {
        let interfaces = interfaces();
        let interface = interfaces.first().cloned().unwrap_or_default();
        Self { interfaces, interface, ..Self::default() }
    }

    /// What was asked for before.
    pub(super) fn of(wanted: &LiveWanted) -> Self {
        let shown = |path: &Option<PathBuf>| {
            path.as_ref().map(|path| path.display().to_string()).unwrap_or_default()
        };
        let asking = Self { keys: shown(&wanted.keys), ..Self::at_first() };
        match &wanted.origin {
            Origin::Interface(Listen { interface, filter }) => Self {
                source: Source::Interface,
                interface: interface.clone(),
                filter: filter.clone().unwrap_or_default(),
                ..asking
            },
            Origin::Programs { server, command } => Self {
                source: Source::Command,
                command: command.clone(),
                server: server.clone().unwrap_or_default(),
                ..asking
            },
        }
    }

    /// What that means; nothing while something is missing.
    pub(super) fn wanted(&self) -> Option<(Origin, Option<PathBuf>)> {
        let typed = |text: &str| Some(text.trim().to_owned()).filter(|text| !text.is_empty());
        match self.source {
            Source::Interface => {
                let listen =
                    Listen { interface: typed(&self.interface)?, filter: typed(&self.filter) };
                Some((Origin::Interface(listen), typed(&self.keys).map(|path| expand(&path))))
            }
            Source::Command => {
                let (server, command) = (typed(&self.server), typed(&self.command)?);
                Some((Origin::Programs { server, command }, None))
            }
        }
    }
}

/// What an interface is called where one is chosen.
pub(super) fn called(interface: &str) -> String {
    match interface {
        "lo" => "lo (this machine, with itself)".to_owned(),
        ANY => "any (all of them)".to_owned(),
        name => name.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_typed_is_asked_for_and_asked_for_again() {
        let mut asking = Asking { interface: "lo".to_owned(), ..Asking::default() };
        asking.filter = " tcp port 443 ".to_owned();
        let (origin, keys) = asking.wanted().unwrap();
        let filter = Some("tcp port 443".to_owned());
        assert_eq!(origin, Origin::Interface(Listen { interface: "lo".to_owned(), filter }));
        assert_eq!(keys, None);
        asking.source = Source::Command;
        assert!(asking.wanted().is_none(), "no command is typed");
        asking.command = "curl http://127.0.0.1:8000/".to_owned();
        let (origin, _) = asking.wanted().unwrap();
        let wanted = LiveWanted { origin, keys: None, path: PathBuf::new() };
        assert_eq!(Asking::of(&wanted).wanted(), asking.wanted());
    }
}
