//! The tunnels around a frame, read from its headers, and how each is named.

use std::fmt;
use std::net::IpAddr;

use crate::describe::{Field, Heard};
use crate::field::FieldId;
use crate::headers::names::Address;
use crate::protocols::{
    erspan, ethernet, geneve, gre, gtp, ipv4, ipv6, l2tp, mpls, pbb, pppoe, tcp, teredo, udp, vxlan,
};

/// What a field is to a tunnel.
#[derive(Clone, Copy, Debug)]
pub(super) enum Role {
    /// The link that a frame, or a frame in a tunnel, came over.
    Link,
    /// The group of an IP header of that version.
    Ip(u8),
    From,
    To,
    /// The group of a transport header.
    Transport,
    /// The group of a tunnel's header.
    Tunnel(&'static Kind),
    /// What a tunnel's header tells it from others by.
    Id,
}

/// A kind of tunnel.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Kind {
    name: &'static str,
    /// What its numbers are called.
    ids: &'static [&'static str],
    /// Whether each side chose numbers of its own, for what it receives.
    each_way: bool,
    is_hex: bool,
}

impl Kind {
    const fn new(name: &'static str, ids: &'static [&'static str]) -> Self {
        Self { name, ids, each_way: false, is_hex: false }
    }

    const fn each_way(self) -> Self {
        Self { each_way: true, ..self }
    }

    const fn hex(self) -> Self {
        Self { is_hex: true, ..self }
    }
}

static VXLAN: Kind = Kind::new("VXLAN", &["VNI"]);
static GENEVE: Kind = Kind::new("Geneve", &["VNI"]);
static GRE: Kind = Kind::new("GRE", &["key"]).hex();
static PPTP: Kind = Kind::new("GRE", &["call"]).each_way();
static ERSPAN: Kind = Kind::new("ERSPAN", &["session"]);
static GTP: Kind = Kind::new("GTP-U", &["TEID"]).each_way().hex();
static L2TP: Kind = Kind::new("L2TP", &["tunnel", "session"]).each_way();
static PPPOE: Kind = Kind::new("PPPoE", &["session"]);
static TEREDO: Kind = Kind::new("Teredo", &[]);
static MPLS: Kind = Kind::new("MPLS", &["label"]).each_way();
static PBB: Kind = Kind::new("Provider backbone", &["service"]);
static IP_IN_IP: Kind = Kind::new("IPv4 in IPv4", &[]);
static SIX_IN_FOUR: Kind = Kind::new("IPv6 in IPv4", &[]);
static FOUR_IN_SIX: Kind = Kind::new("IPv4 in IPv6", &[]);
static SIX_IN_SIX: Kind = Kind::new("IPv6 in IPv6", &[]);

/// The fields that tunnels are read from.
pub(super) const ROLES: &[(FieldId, Role)] = &[
    (ethernet::PROTO, Role::Link),
    (ethernet::SRC, Role::From),
    (ethernet::DST, Role::To),
    (ipv4::PROTO, Role::Ip(4)),
    (ipv4::SRC, Role::From),
    (ipv4::DST, Role::To),
    (ipv6::PROTO, Role::Ip(6)),
    (ipv6::SRC, Role::From),
    (ipv6::DST, Role::To),
    (tcp::PROTO, Role::Transport),
    (udp::PROTO, Role::Transport),
    (vxlan::PROTO, Role::Tunnel(&VXLAN)),
    (vxlan::VNI, Role::Id),
    (geneve::PROTO, Role::Tunnel(&GENEVE)),
    (geneve::VNI, Role::Id),
    (gre::PROTO, Role::Tunnel(&GRE)),
    (gre::KEY, Role::Id),
    (gre::KEY_CALL, Role::Id),
    (erspan::PROTO, Role::Tunnel(&ERSPAN)),
    (erspan::SPAN_ID, Role::Id),
    (gtp::PROTO, Role::Tunnel(&GTP)),
    (gtp::TEID, Role::Id),
    (l2tp::PROTO, Role::Tunnel(&L2TP)),
    (l2tp::TUNNEL, Role::Id),
    (l2tp::SESSION, Role::Id),
    (pppoe::session::PROTO, Role::Tunnel(&PPPOE)),
    (pppoe::session::SESSION_ID, Role::Id),
    (teredo::PROTO, Role::Tunnel(&TEREDO)),
    (mpls::PROTO, Role::Tunnel(&MPLS)),
    (mpls::LABEL, Role::Id),
    (pbb::PROTO, Role::Tunnel(&PBB)),
    (pbb::SERVICE, Role::Id),
];

/// One end of a tunnel.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum End {
    Host(IpAddr),
    Link([u8; 6]),
}

/// A tunnel as one frame, or all of a connection, went through it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Hop {
    kind: &'static Kind,
    /// The lower end first; the same whichever way a frame goes.
    ends: Option<[End; 2]>,
    /// The numbers of what goes to the higher end, and of what goes to the lower one; empty where
    /// nothing was seen. Both are equal where the sides have no numbers of their own.
    ids: [Vec<u64>; 2],
}

/// All tunnels around a frame's own transport, from the outermost in; none is a way, too.
pub(super) type Way = Vec<Hop>;

/// Reads the way of a frame; of one that belongs to no connection, all tunnels are around it.
pub(super) fn way(heard: &Heard<Role>, is_apart: bool) -> Way {
    let mut walk = Hops::default();
    for field in heard.fields() {
        walk.hear(field);
    }
    if is_apart { walk.hops } else { walk.around }
}

#[derive(Default)]
struct Hops {
    hops: Way,
    /// The hops around the last transport header.
    around: Way,
    /// Who sent what comes next, and to whom.
    from: Option<End>,
    to: Option<End>,
    /// The version of the IP header that was met last, and whether anything came behind it.
    ip: Option<u8>,
    /// The kind of what came directly before.
    latest: Option<&'static Kind>,
}

impl Hops {
    fn hear(&mut self, field: &Field<Role>) {
        // Deeper lies what a header quotes, or a part of it that says nothing of tunnels.
        let depth = usize::from(matches!(field.role, Role::From | Role::To | Role::Id));
        if field.depth != depth {
            return;
        }
        match field.role {
            Role::Link => (self.from, self.to, self.ip, self.latest) = (None, None, None, None),
            Role::Ip(version) => {
                let kind = self.ip.map(|outer| match (outer, version) {
                    (4, 4) => &IP_IN_IP,
                    (4, _) => &SIX_IN_FOUR,
                    (_, 4) => &FOUR_IN_SIX,
                    _ => &SIX_IN_SIX,
                });
                if let Some(kind) = kind {
                    self.enter(kind);
                }
                (self.from, self.to) = (None, None);
                (self.ip, self.latest) = (Some(version), None);
            }
            Role::From => self.from = end(field),
            Role::To => self.to = end(field),
            Role::Transport => {
                self.ip = None;
                self.around.clone_from(&self.hops);
            }
            Role::Tunnel(kind) => {
                // A label on a label is one stack, and what mirrors over GRE is one tunnel.
                let goes_on = self.latest == Some(kind) && *kind == MPLS;
                if *kind == ERSPAN && self.latest.is_some_and(|latest| *latest == GRE) {
                    self.hops.pop();
                }
                if !goes_on {
                    self.enter(kind);
                }
                (self.ip, self.latest) = (None, Some(kind));
            }
            Role::Id => self.number(field),
        }
    }

    fn enter(&mut self, kind: &'static Kind) {
        let ends = self.from.zip(self.to).map(|(from, to)| [from.min(to), from.max(to)]);
        self.hops.push(Hop { kind, ends, ids: [const { Vec::new() }; 2] });
    }

    /// A number of the last hop, in the direction of the frame.
    fn number(&mut self, field: &Field<Role>) {
        let Some(hop) = self.hops.last_mut() else { return };
        if field.id == gre::KEY_CALL {
            hop.kind = &PPTP;
        }
        let to_higher = self.from <= self.to;
        let [higher, lower] = &mut hop.ids;
        if to_higher || !hop.kind.each_way {
            higher.push(field.number());
        }
        if !to_higher || !hop.kind.each_way {
            lower.push(field.number());
        }
    }
}

fn end(field: &Field<Role>) -> Option<End> {
    field.ip().map(End::Host).or_else(|| field.link().map(End::Link))
}

impl Hop {
    /// Whether another one may be the same tunnel: nothing that was seen of both differs.
    pub(super) fn fits(&self, other: &Self) -> bool {
        let is_open = |ids: &Vec<u64>| self.kind.each_way && ids.is_empty();
        let alike =
            |(one, other): (&Vec<u64>, &Vec<u64>)| is_open(one) || is_open(other) || one == other;
        (self.kind, self.ends) == (other.kind, other.ends)
            && self.ids.iter().zip(&other.ids).all(alike)
    }

    pub(super) fn take(&mut self, other: &Self) {
        for (own, others) in self.ids.iter_mut().zip(&other.ids) {
            if own.is_empty() {
                own.clone_from(others);
            }
        }
    }

    /// "VNI 42", "TEID 0x1".
    fn numbers(&self, ids: &[u64]) -> String {
        let names = self.kind.ids.iter().chain(self.kind.ids.last().into_iter().cycle());
        let mut parts: Vec<String> = Vec::new();
        for (place, (name, id)) in names.zip(ids).enumerate() {
            let name = if place < self.kind.ids.len() { *name } else { "" };
            let id = if self.kind.is_hex { format!("{id:#x}") } else { id.to_string() };
            parts.push(format!("{name} {id}").trim().to_owned());
        }
        parts.join(", ")
    }
}

impl fmt::Display for End {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Host(address) => write!(f, "{address}"),
            Self::Link(address) => write!(f, "{}", Address(*address)),
        }
    }
}

impl fmt::Display for Hop {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.kind.name)?;
        let [higher, lower] = &self.ids;
        let Some([low, high]) = self.ends else {
            return if higher.is_empty() {
                Ok(())
            } else {
                write!(f, ", {}", self.numbers(higher))
            };
        };
        match (higher.as_slice(), lower.as_slice()) {
            ([], []) => write!(f, " between {low} and {high}"),
            (one, other) if one == other => {
                write!(f, ", {}, between {low} and {high}", self.numbers(one))
            }
            (one, []) => write!(f, ", {}, from {low} to {high}", self.numbers(one)),
            ([], other) => write!(f, ", {}, from {high} to {low}", self.numbers(other)),
            (one, other) => {
                let (one, other) = (self.numbers(one), self.numbers(other));
                write!(f, " between {low} ({other}) and {high} ({one})")
            }
        }
    }
}
