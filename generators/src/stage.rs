//! The stage: everything a scenario is given when it runs, and nothing it has to find for itself.
//!
//! Addresses, ports, knobs and the ways out for keys and marks come in as data, so that the same
//! scenario runs in a network of its own with standard ports, or on a busy host with whatever is
//! free.

use std::{
    collections::BTreeMap,
    fmt, io,
    net::{IpAddr, Ipv4Addr, SocketAddr},
    sync::Arc,
    time::Duration,
};

use crate::{
    Facts, Failure, Knob, Mark, MarkSink, RoleKind, Scenario, StopSignal,
    keys::{KeySink, NoKeys, SharedKeyLog},
    marks::{self, NoMarks},
};

/// Which ports servers take.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum PortPolicy {
    /// The protocol's own port, or failure. For a network of one's own.
    Standard,
    /// The protocol's own port; a free one where that is taken or not permitted.
    #[default]
    StandardOrFree,
    /// Always a free one.
    Free,
}

/// What brings the thread of a role into its network; every socket that the thread opens later
/// belongs to that network.
pub type Door = Arc<dyn Fn(&'static str) -> io::Result<()> + Send + Sync>;

/// A part that another program plays, in a play of a server and a client.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Guest {
    /// It connects to our server.
    Client,
    /// It listens there for our client.
    Server(SocketAddr),
}

/// What a run is given. Made by [`Stage::builder`]; copies are the same stage.
#[derive(Clone)]
pub struct Stage {
    set: Arc<Set>,
}

struct Set {
    scenario: &'static Scenario,
    addresses: BTreeMap<&'static str, IpAddr>,
    ports: PortPolicy,
    knobs: BTreeMap<&'static str, String>,
    keys: Arc<SharedKeyLog>,
    marks: Arc<dyn MarkSink>,
    stop: StopSignal,
    door: Option<Door>,
    own_network: bool,
    guest: Option<Guest>,
    limit: Duration,
}

impl Stage {
    /// Begins a stage for `scenario`, with default addresses and knobs, standard ports where they
    /// are free, and nobody listening for keys and marks.
    pub fn builder(scenario: &'static Scenario) -> StageBuilder {
        StageBuilder {
            scenario,
            addresses: Vec::new(),
            ports: PortPolicy::default(),
            knobs: Vec::new(),
            keys: Arc::new(NoKeys),
            marks: Arc::new(NoMarks),
            stop: StopSignal::new(),
            door: None,
            own_network: false,
            guest: None,
            patience: Duration::ZERO,
        }
    }

    /// The addresses roles get when the caller names none: the client 127.0.0.1, the server
    /// 127.0.0.2, further roles 127.0.0.3 and up in the order of the cast.
    ///
    /// One address a role makes a lifeline each out of one loopback interface. Linux answers on all
    /// of 127.0.0.0/8 unasked; elsewhere only 127.0.0.1 may exist.
    pub fn default_addresses(scenario: &Scenario) -> Vec<(&'static str, IpAddr)> {
        let mut further = 3..=u8::MAX;
        let mut address = |role: &'static str| match role {
            "client" => 1,
            "server" => 2,
            _ => further.next().unwrap_or(u8::MAX),
        };
        scenario
            .roles
            .iter()
            .map(|role| (role.name, IpAddr::V4(Ipv4Addr::new(127, 0, 0, address(role.name)))))
            .collect()
    }

    /// The scenario it was built for.
    pub fn scenario(&self) -> &'static Scenario {
        self.set.scenario
    }

    /// The address of `role`.
    ///
    /// # Errors
    /// [`Failure::UnknownRole`] if nobody of that name takes part.
    pub fn address(&self, role: &str) -> Result<IpAddr, Failure> {
        self.set.addresses.get(role).copied().ok_or_else(|| Failure::UnknownRole {
            scenario: self.set.scenario.name,
            role: role.to_owned(),
        })
    }

    /// Whether client and servers stand in networks of their own, with a link between them.
    pub fn is_linked(&self) -> bool {
        self.set.door.is_some()
    }

    /// Whether nobody else is in the network, or networks, that the roles stand in.
    pub(crate) fn has_own_network(&self) -> bool {
        self.set.own_network
    }

    /// The part that another program plays.
    pub(crate) fn guest(&self) -> Option<Guest> {
        self.set.guest
    }

    /// Brings the thread of `role` into that role's network, before it opens sockets.
    ///
    /// # Errors
    /// Where the system refuses.
    pub(crate) fn enter(&self, role: &'static str) -> io::Result<()> {
        self.set.door.as_ref().map_or(Ok(()), |door| door(role))
    }

    /// How long a run may take: the scenario's limit, and the patience that its network asks for.
    pub fn limit(&self) -> Duration {
        self.set.limit
    }

    /// Binds a server's socket: calls `bind` with `role`'s address and the port the policy allows,
    /// `standard` first, then 0, which stands for any free one.
    ///
    /// Binding is the only sure way to learn that a port is free, so ports are not handed out as
    /// numbers.
    ///
    /// # Errors
    /// What `bind` returned last.
    pub fn bind<T>(
        &self,
        role: &'static str,
        standard: u16,
        bind: impl Fn(SocketAddr) -> io::Result<T>,
    ) -> Result<T, Failure> {
        let address = self.address(role)?;
        let attempt = |port| {
            let at = SocketAddr::new(address, port);
            bind(at).map_err(|source| (source, at))
        };
        match self.set.ports {
            PortPolicy::Standard => attempt(standard),
            PortPolicy::Free => attempt(0),
            PortPolicy::StandardOrFree => {
                attempt(standard).or_else(|(source, at)| match source.kind() {
                    io::ErrorKind::AddrInUse | io::ErrorKind::PermissionDenied => attempt(0),
                    _ => Err((source, at)),
                })
            }
        }
        .map_err(|(cause, at)| Failure::Io { role, doing: format!("bind {at}"), cause })
    }

    /// What the knob called `name` is set to: the caller's value or the default. Empty for a name
    /// the scenario does not declare.
    pub fn knob(&self, name: &str) -> &str {
        self.set.knobs.get(name).map_or("", String::as_str)
    }

    /// A key log for TLS libraries that hands each secret to the sink once, whoever derives it
    /// first.
    pub fn keys(&self) -> Arc<dyn rustls::KeyLog> {
        self.set.keys.clone()
    }

    /// Records that `role` has just done `what`, on the wall clock.
    pub fn mark(&self, role: &'static str, what: &'static str, facts: Facts) {
        self.set.marks.mark(Mark { unix_nanos: marks::unix_nanos(), role, what, facts });
    }

    /// Whether `role` marks what it does: servers and those between do, clients do not.
    pub(crate) fn marks(&self, role: &str) -> bool {
        self.scenario().role(role).is_some_and(|role| role.kind != RoleKind::Client)
    }

    /// Whether the caller asked for the end.
    pub fn stopped(&self) -> bool {
        self.set.stop.is_raised()
    }

    /// The signal the caller asks for the end with, to await in async code.
    pub fn stop(&self) -> &StopSignal {
        &self.set.stop
    }
}

impl fmt::Debug for Stage {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Stage")
            .field("scenario", &self.set.scenario.name)
            .field("addresses", &self.set.addresses)
            .field("ports", &self.set.ports)
            .field("knobs", &self.set.knobs)
            .finish_non_exhaustive()
    }
}

/// A stage in the making. Nothing is checked before [`StageBuilder::build`].
pub struct StageBuilder {
    scenario: &'static Scenario,
    addresses: Vec<(String, IpAddr)>,
    ports: PortPolicy,
    knobs: Vec<(String, String)>,
    keys: Arc<dyn KeySink>,
    marks: Arc<dyn MarkSink>,
    stop: StopSignal,
    door: Option<Door>,
    own_network: bool,
    guest: Option<Guest>,
    patience: Duration,
}

impl StageBuilder {
    /// Gives `role` an address of its own instead of the default one. It must be an address of this
    /// machine.
    pub fn address(mut self, role: impl Into<String>, address: IpAddr) -> Self {
        self.addresses.push((role.into(), address));
        self
    }

    /// Sets which ports servers take.
    pub fn ports(mut self, policy: PortPolicy) -> Self {
        self.ports = policy;
        self
    }

    /// Sets a knob. The last value given to a knob holds.
    pub fn knob(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.knobs.push((name.into(), value.into()));
        self
    }

    /// Sets where secrets go.
    pub fn keys(mut self, sink: Arc<dyn KeySink>) -> Self {
        self.keys = sink;
        self
    }

    /// Sets where marks go.
    pub fn marks(mut self, sink: Arc<dyn MarkSink>) -> Self {
        self.marks = sink;
        self
    }

    /// Sets the signal that ends the run early.
    pub fn stop(mut self, signal: StopSignal) -> Self {
        self.stop = signal;
        self
    }

    /// Sets how the thread of each role gets into its network. Without it, all stay where they
    /// were started.
    pub fn door(mut self, door: Door) -> Self {
        self.door = Some(door);
        self
    }

    /// Says that nobody else is in the network, or networks, that the roles stand in: scenarios may
    /// then set what holds for all of it.
    pub fn own_network(mut self, own: bool) -> Self {
        self.own_network = own;
        self
    }

    /// Leaves a part to another program, which is started by whoever says so. Only in plays of a
    /// server and a client, whose transcripts then have one side.
    pub fn guest(mut self, guest: Guest) -> Self {
        self.guest = Some(guest);
        self
    }

    /// Lets the run take longer than the scenario's limit by this much, because its network is
    /// slow.
    pub fn patience(mut self, patience: Duration) -> Self {
        self.patience = patience;
        self
    }

    /// Checks what was set against what the scenario declares.
    ///
    /// # Errors
    /// [`Failure::UnknownRole`], [`Failure::UnknownKnob`] or [`Failure::KnobValue`].
    pub fn build(self) -> Result<Stage, Failure> {
        let scenario = self.scenario;
        let mut addresses: BTreeMap<_, _> =
            Stage::default_addresses(scenario).into_iter().collect();
        for (role, address) in self.addresses {
            let Some(known) = scenario.role(&role) else {
                return Err(Failure::UnknownRole { scenario: scenario.name, role });
            };
            addresses.insert(known.name, address);
        }
        let mut knobs: BTreeMap<_, _> =
            scenario.knobs.iter().map(|knob| (knob.name, knob.default.to_owned())).collect();
        for (name, value) in self.knobs {
            let knob = find_knob(scenario, name)?;
            if !knob.takes(&value) {
                return Err(Failure::KnobValue { knob: knob.name, value, choices: knob.choices });
            }
            knobs.insert(knob.name, value);
        }
        let set = Set {
            scenario,
            addresses,
            ports: self.ports,
            knobs,
            keys: Arc::new(SharedKeyLog::new(self.keys)),
            marks: self.marks,
            stop: self.stop,
            door: self.door,
            own_network: self.own_network,
            guest: self.guest,
            limit: scenario.limit.saturating_add(self.patience),
        };
        Ok(Stage { set: Arc::new(set) })
    }
}

fn find_knob(scenario: &'static Scenario, name: String) -> Result<&'static Knob, Failure> {
    scenario.knob(&name).ok_or_else(|| Failure::UnknownKnob {
        scenario: scenario.name,
        knob: name,
        known: scenario.knobs.iter().map(|knob| knob.name).collect(),
    })
}
