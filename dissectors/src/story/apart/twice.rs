//! Packets of ICMP that were recorded at both ends of their way: one arrow each.
//!
//! ```text
//!   interface 0, at the client         interface 1, at the server
//!   0.000 Echo request ──────────────> 0.010 Echo request     sent, received
//!   0.020 Echo reply   <────────────── 0.010 Echo reply       received, sent
//!   1.000 Echo request ────── x                               sent, never received
//! ```
//!
//! The way changes the hop limit and leaves the message as it was. Its first eight bytes hold its
//! type, its checksum over all of it, and what an echo is told by (RFC 792); so an error is known
//! again by what it quotes.

use std::collections::{HashMap, HashSet};

use super::Seen;
use crate::describe::{Dissection, Heard};
use crate::engine::reader::Context;
use crate::field::FieldId;
use crate::ids::FrameId;
use crate::protocols::{icmp, icmpv6, ipv4, ipv6};
use crate::span::Buffer;
use crate::story::Moment;
use crate::story::sighting::pairs;

/// What a packet is known again by, where it was seen, and how far it still might have gone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Sight {
    interface: u16,
    hops: u64,
    print: [u8; 8],
}

/// What a field is to it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Role {
    Hops,
    Type,
}

const ROLES: &[(FieldId, Role)] = &[
    (ipv4::TTL, Role::Hops),
    (ipv6::HLIM, Role::Hops),
    (icmp::TYPE, Role::Type),
    (icmpv6::TYPE, Role::Type),
];

impl Sight {
    /// Of a frame of ICMP; nothing for one that came in fragments.
    pub(super) fn of(frame: FrameId, scene: &Dissection<'_>) -> Option<Self> {
        let mut heard = Heard::new(ROLES);
        scene.hear(frame, &mut heard);
        let fields = heard.fields();
        // What stands behind its type is quoted.
        let at = fields.iter().position(|field| field.role == Role::Type)?;
        let start = fields.get(at).map(|field| field.span)?;
        let hops = fields.get(..at)?.last().map_or(0, |field| field.number());
        let Buffer::Frame(own) = start.buffer.kind() else { return None };
        let packet = scene.context().frames.frame(own);
        let print = packet.bytes.get(start.start as usize..)?.first_chunk().copied()?;
        (own == frame).then_some(Self { interface: packet.interface, hops, print })
    }
}

/// Who sent what to whom.
type Alike = ([String; 2], [u8; 8]);

/// Makes of the two sights of each packet one, and says which packets never came.
pub(super) fn join(seen: &mut Vec<Seen>, context: Context<'_>) {
    let mut groups: HashMap<Alike, Vec<usize>> = HashMap::new();
    for (at, one) in seen.iter().enumerate() {
        if let Some(sight) = one.sight {
            groups.entry((one.ends.clone(), sight.print)).or_default().push(at);
        }
    }
    let moment = |frame: FrameId| Moment { frame, time: context.frames.frame(frame).time };
    let sight = |at: usize| seen.get(at).and_then(|one| Some((one.sight?, one.frame)));
    let mut came: HashMap<FrameId, FrameId> = HashMap::new();
    // At which interface each host was recorded.
    let mut homes: HashMap<String, u16> = HashMap::new();
    for (([from, to], _), group) in &groups {
        let Some((sent, received)) = apart(group.iter().filter_map(|at| sight(*at))) else {
            continue;
        };
        let [here, there] = [&sent, &received]
            .map(|sights| sights.iter().map(|(_, frame)| moment(*frame)).collect::<Vec<Moment>>());
        let both = here.iter().zip(pairs(&here, &there));
        came.extend(both.filter_map(|(sent, came)| Some((sent.frame, came?.frame))));
        if let (Some((here, _)), Some((there, _))) = (sent.first(), received.first()) {
            homes.insert(from.clone(), here.interface);
            homes.insert(to.clone(), there.interface);
        }
    }
    let twins: HashSet<FrameId> = came.values().copied().collect();
    seen.retain(|one| !twins.contains(&one.frame));
    for one in seen {
        one.received = came.get(&one.frame).copied();
        let [from, to] = &one.ends;
        let (home, away) = (homes.get(from), homes.get(to));
        let here = one.sight.map(|sight| sight.interface);
        let is_home = here.is_some() && here == home.copied() && away.is_some() && away != home;
        one.is_lost = is_home && one.received.is_none();
    }
}

/// Sights of packets that are alike, by the two interfaces that saw them: where they were sent
/// first, where the hop limit is higher or, as long as that tells nothing, the first was seen
/// first.
fn apart(sights: impl Iterator<Item = (Sight, FrameId)>) -> Option<(Vec<Found>, Vec<Found>)> {
    let all: Vec<Found> = sights.collect();
    let first = *all.first()?;
    let (own, other): (Vec<Found>, Vec<Found>) =
        all.into_iter().partition(|(sight, _)| sight.interface == first.0.interface);
    let (there, _) = *other.first()?;
    let is_one_place = other.iter().all(|(sight, _)| sight.interface == there.interface);
    let is_turned = there.hops > first.0.hops;
    is_one_place.then_some(if is_turned { (other, own) } else { (own, other) })
}

/// A sight, and its frame.
type Found = (Sight, FrameId);
