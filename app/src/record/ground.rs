//! What a scenario plays on: one loopback for all, a link between client and servers, or two local
//! networks with a router between.

use std::net::{IpAddr, Ipv4Addr};
use std::sync::Arc;
use std::time::Duration;

use wirestage_captures::lab::lan::Lan;
use wirestage_captures::lab::link::{Link, Side, Wire};
use wirestage_captures::lab::{self, Place};
use wirestage_captures::live::{Feed, Tap, Taps};
use wirestage_generators::{Door, Role, RoleKind, Scenario, Stage};

use super::setup::Setup;
use crate::document::PREFIX;
use crate::trouble::Trouble;

/// How many round trips a scenario may take beyond its limit; the longest takes about ten.
const ROUND_TRIPS: u32 = 40;
/// How much longer it may take where packets get lost: TCP waits for a second and more before it
/// tries again, and with each try longer.
const FOR_LOSSES: Duration = Duration::from_secs(30);

/// The ground, once it is prepared.
pub(super) struct Ground {
    /// Whose loopback it is, or whose networks.
    pub(super) place: Place,
    /// An address for each role.
    pub(super) addresses: Vec<(&'static str, IpAddr)>,
    laid: Laid,
}

/// What was laid for it.
enum Laid {
    /// Nothing: the loopback is there.
    Loopback,
    /// A link, as it was asked for.
    Link(Box<Link>, Wire),
    /// Local networks.
    Lan(Lan),
}

impl Ground {
    /// Prepares it, inside the lab; gives the taps that see everything from now on.
    pub(super) fn prepare(
        setup: &Setup,
        place: Place,
        feed: &Feed,
    ) -> Result<(Self, Taps), Trouble> {
        let link = setup.link()?;
        let router = setup.scenario.router();
        if place == Place::Host && (link.is_some() || router.is_some()) {
            // Laying them would change the networks of the host itself.
            return Err(Trouble::new(
                format!(
                    "{} needs private networks, and this recording is made on the host's own",
                    setup.between()
                ),
                format!("unset the variable {}", lab::WAY_VARIABLE),
            ));
        }
        if let Some(router) = router {
            return on_lan(setup.scenario, router, place);
        }
        let Some(link) = link else {
            let addresses = on_loopback(setup.scenario, place);
            let tap = Tap::open("lo", filter(&addresses, place).as_deref())?;
            return Ok((Self { place, addresses, laid: Laid::Loopback }, Taps::new(vec![tap])));
        };
        let addresses = on_link(setup.scenario);
        let hosts = Side::BOTH.map(|side| {
            let own = addresses.iter().filter(|(role, _)| side_of(setup.scenario, role) == side);
            own.map(|(_, address)| *address).collect::<Vec<_>>()
        });
        let [clients, servers] = &hosts;
        let (wire, taps) = Wire::lay(&link, [clients, servers], feed)?;
        Ok((Self { place, addresses, laid: Laid::Link(Box::new(link), wire) }, taps))
    }

    /// How the thread of each role gets to its network.
    pub(super) fn door(&self, scenario: &'static Scenario) -> Option<Door> {
        match &self.laid {
            Laid::Loopback => None,
            Laid::Link(_, wire) => {
                let door = wire.door();
                Some(Arc::new(move |role| door(side_of(scenario, role))))
            }
            Laid::Lan(lan) => Some(Arc::new(lan.door())),
        }
    }

    /// What recordings call each address.
    pub(super) fn names(&self, scenario: &Scenario) -> Vec<(IpAddr, String)> {
        let title = |role: &str| scenario.role(role).map_or(role, |role| role.title).to_owned();
        let mut names = Vec::new();
        for (role, address) in &self.addresses {
            names.push((*address, title(role)));
            if scenario.role(role).is_some_and(|role| role.kind == RoleKind::Router) {
                names.push((Lan::beyond(), format!("{}, far side", title(role))));
            }
        }
        names
    }

    /// How much longer a scenario may take here than on a loopback.
    pub(super) fn patience(&self) -> Duration {
        let Laid::Link(link, _) = &self.laid else { return Duration::ZERO };
        let for_losses = if link.loses() { FOR_LOSSES } else { Duration::ZERO };
        let stall = link.stall.map_or(Duration::ZERO, |stall| stall.time);
        (link.rtt + 2 * link.jitter) * ROUND_TRIPS + for_losses + stall
    }

    /// What the recording says of it.
    pub(super) fn comments(&self, scenario: &Scenario) -> Vec<String> {
        match &self.laid {
            Laid::Loopback => Vec::new(),
            Laid::Link(link, wire) => vec![
                format!("{PREFIX}link={link}"),
                format!("{PREFIX}link.devices={}", wire.devices().word()),
            ],
            Laid::Lan(_) => scenario
                .router()
                .map(|router| format!("{PREFIX}router={}", router.name))
                .into_iter()
                .collect(),
        }
    }

    /// Waits until what was sent has arrived.
    pub(super) fn settle(&self) {
        if let Laid::Link(_, wire) = &self.laid {
            wire.settle();
        }
    }
}

/// The ground of a scenario with a router: it stands between the roles before it and those after
/// it.
fn on_lan(
    scenario: &'static Scenario,
    router: &'static Role,
    place: Place,
) -> Result<(Ground, Taps), Trouble> {
    let names: Vec<&'static str> = scenario.roles.iter().map(|role| role.name).collect();
    let mut sides = names.split(|name| *name == router.name);
    let [near, far] = [sides.next(), sides.next()].map(Option::unwrap_or_default);
    let (lan, taps) = Lan::lay(near, router.name, far)?;
    let known = |name: &&'static str| Some((*name, lan.address(name)?));
    let addresses = names.iter().filter_map(known).collect();
    Ok((Ground { place, addresses, laid: Laid::Lan(lan) }, taps))
}

/// The side of the link on which a role stands. Whoever listens stands with the servers, a proxy
/// with its backends too.
fn side_of(scenario: &Scenario, role: &str) -> Side {
    match scenario.role(role).map(|role| role.kind) {
        Some(RoleKind::Client) => Side::Client,
        _ => Side::Server,
    }
}

/// An address for each role on its side of a link, in the order of the cast.
fn on_link(scenario: &Scenario) -> Vec<(&'static str, IpAddr)> {
    let mut taken = [0_u8; 2];
    let mut next = |side: Side| {
        let [clients, servers] = &mut taken;
        let count = if side == Side::Client { clients } else { servers };
        *count = count.saturating_add(1);
        side.address(*count)
    };
    let roles = scenario.roles.iter();
    roles.map(|role| (role.name, next(side_of(scenario, role.name)))).collect()
}

/// An address for each role on one loopback. In a network of its own they are those of every
/// textbook run; on the host they lie in a corner of 127.0.0.0/8 that is this process's alone, so
/// that recordings made at the same time do not mix.
fn on_loopback(scenario: &Scenario, place: Place) -> Vec<(&'static str, IpAddr)> {
    let mut addresses = Stage::default_addresses(scenario);
    if place == Place::Host {
        let [.., high, low] = std::process::id().to_be_bytes();
        for (_, address) in &mut addresses {
            if let IpAddr::V4(v4) = address {
                let [a, _, _, last] = v4.octets();
                // Other programs keep to 127.0.x.x and 127.1.x.x.
                *address = Ipv4Addr::new(a, high | 0x80, low, last).into();
            }
        }
    }
    addresses
}

/// On the host, only our own packets are recorded, in tcpdump's language.
fn filter(addresses: &[(&'static str, IpAddr)], place: Place) -> Option<String> {
    match (place, addresses.first()) {
        (Place::Host, Some((_, IpAddr::V4(first)))) => {
            let [a, b, c, _] = first.octets();
            Some(format!("net {a}.{b}.{c}.0/24"))
        }
        _ => None,
    }
}
