//! A scenario as the catalogue shows it: what it is called, what it teaches, who plays and what can
//! be set.

use std::time::Duration;

use serde::{Serialize, Serializer};

use crate::{Failure, Stage, Transcript};

/// One exchange between real programs, small enough to be read and drawn as a whole.
#[derive(Debug, Serialize)]
pub struct Scenario {
    /// What it is called on the command line: lower case, words joined by hyphens.
    pub name: &'static str,
    /// The part of the catalogue it stands in.
    pub group: Group,
    /// What it is called on the screen.
    pub title: &'static str,
    /// What one learns from it, in two sentences.
    pub teaches: &'static str,
    /// Who takes part, in the order their lifelines are drawn.
    pub roles: &'static [Role],
    /// What can be set before it runs.
    pub knobs: &'static [Knob],
    /// The link that has to lie between client and servers; `None` if any network will do.
    pub link: Option<Link>,
    /// After this long a run fails with [`Failure::TimedOut`]; every run on a healthy machine is
    /// far shorter.
    #[serde(serialize_with = "seconds")]
    pub limit: Duration,
    /// Plays it to the end on `stage`, on threads of its own, and blocks until they have ended.
    ///
    /// # Errors
    /// Whatever kept a role from playing its part to the end; the other roles are ended with it.
    #[serde(skip)]
    pub run: fn(&Stage) -> Result<Transcript, Failure>,
}

impl Scenario {
    /// The role called `name`, if it takes part.
    pub fn role(&self, name: &str) -> Option<&'static Role> {
        self.roles.iter().find(|role| role.name == name)
    }

    /// The role that stands between two local networks, in a scenario that is played on such.
    pub fn router(&self) -> Option<&'static Role> {
        self.roles.iter().find(|role| role.kind == RoleKind::Router)
    }

    /// Whether it needs more than one network: those of its own link, or those around its router.
    pub fn stands_apart(&self) -> bool {
        self.link.is_some() || self.router().is_some()
    }

    /// The knob called `name`, if there is one.
    pub fn knob(&self, name: &str) -> Option<&'static Knob> {
        self.knobs.iter().find(|knob| knob.name == name)
    }
}

/// A link that a scenario cannot do without, in the words of `wirestage record --link`.
#[derive(Debug, Serialize)]
pub struct Link {
    /// What it always is: `rtt=40ms`.
    pub settings: &'static str,
    /// What a knob's choice adds to it: knob, choice, settings.
    pub by_choice: &'static [(&'static str, &'static str, &'static str)],
}

impl Link {
    /// The settings where the knobs are set so: those of a choice come last.
    pub fn of<'a>(&self, knob: impl Fn(&str) -> &'a str) -> String {
        let chosen = self.by_choice.iter().filter(|(name, choice, _)| knob(name) == *choice);
        let added = chosen.map(|(.., settings)| *settings);
        let all: Vec<_> = [self.settings].into_iter().chain(added).collect();
        all.join(",")
    }
}

/// The parts of the catalogue, in teaching order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Group {
    /// IP, UDP and TCP themselves.
    Transport,
    /// TLS handshakes and what can go wrong in them.
    Tls,
    /// The same page fetched in several ways, side by side.
    HttpsCompared,
    /// HTTP, one version after the other.
    Http,
    /// QUIC below HTTP/3.
    Quic,
    /// Remote procedure calls and real-time channels.
    RealTime,
    /// Ways of communicating that recur above every protocol.
    Patterns,
    /// What the kernel and the application do while the wire is quiet.
    Execution,
    /// Proxies and load balancers.
    Proxying,
}

impl Group {
    /// The heading it stands under.
    pub fn title(self) -> &'static str {
        match self {
            Group::Transport => "Transport",
            Group::Tls => "TLS",
            Group::HttpsCompared => "HTTPS compared",
            Group::Http => "HTTP",
            Group::Quic => "QUIC",
            Group::RealTime => "RPC and real time",
            Group::Patterns => "Communication patterns",
            Group::Execution => "Execution: kernel and application",
            Group::Proxying => "Proxying and load balancing",
        }
    }
}

/// Someone who takes part: one address, one lifeline.
#[derive(Debug, Serialize)]
pub struct Role {
    /// How transcript, marks and addresses call it.
    pub name: &'static str,
    /// What stands above its lifeline.
    pub title: &'static str,
    /// What it does in the exchange.
    pub kind: RoleKind,
}

impl Role {
    /// The side that asks.
    pub const CLIENT: Role = Role { name: "client", title: "Client", kind: RoleKind::Client };
    /// The side that answers.
    pub const SERVER: Role = Role { name: "server", title: "Server", kind: RoleKind::Server };
}

/// What a role does in the exchange.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum RoleKind {
    /// It opens connections or sends the first datagram.
    Client,
    /// It waits to be spoken to. Servers mark what they do and when.
    Server,
    /// It does both: a proxy, a balancer, a broker.
    Intermediary,
    /// It hands packets on between two local networks: that of the roles before it in the cast, and
    /// that of those after it. A kernel does it, so it plays no part.
    Router,
}

/// One thing that can be set before a run.
#[derive(Debug, Serialize)]
pub struct Knob {
    /// How it is called: `--set name=value`.
    pub name: &'static str,
    /// What it changes, in one sentence.
    pub help: &'static str,
    /// What it is when nobody sets it.
    pub default: &'static str,
    /// All values it takes; empty if any text will do.
    pub choices: &'static [&'static str],
}

impl Knob {
    /// Whether `value` is one it takes.
    pub fn takes(&self, value: &str) -> bool {
        self.choices.is_empty() || self.choices.contains(&value)
    }
}

fn seconds<S: Serializer>(limit: &Duration, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_f64(limit.as_secs_f64())
}
