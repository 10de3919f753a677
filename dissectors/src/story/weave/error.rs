//! Errors of ICMP that quote a connection, ready to be told in its story.

use std::collections::HashMap;

use super::vantage::Vantage;
use crate::describe::{Dissection, Heard};
use crate::field::FieldId;
use crate::frames::Frames;
use crate::ids::{Direction, FrameId, ProtocolId};
use crate::protocols::{ipv4, ipv6};
use crate::story::apart::Apart;
use crate::story::cast::Cast;
use crate::story::errors::Quoting;
use crate::story::steps::AT_ONCE;
use crate::story::{ActorId, Telling};
use crate::survey::Flow;

/// How many hops a packet may take, by what standards call that.
const HOPS: &[(FieldId, &str)] = &[(ipv4::TTL, "TTL"), (ipv6::HLIM, "hop limit")];

/// An error that quotes a connection, ready to be told.
pub(super) struct Error {
    pub(super) frame: FrameId,
    /// Those that followed it at once and say the same of other packets.
    pub(super) others: Vec<FrameId>,
    /// By frame, the one in which the other end saw the same error.
    pub(super) there: HashMap<FrameId, FrameId>,
    /// Who says it, and to whom.
    pub(super) from: ActorId,
    pub(super) to: ActorId,
    /// Which way the quoted packet went, and its frame, where that is known.
    pub(super) direction: Direction,
    pub(super) quoted: Option<FrameId>,
    /// Whether that was dropped on its way, because its time to live ran out.
    pub(super) is_dropped: bool,
    pub(super) protocol: ProtocolId,
    pub(super) told: Telling,
}

impl Error {
    /// What these errors say, those in one go that say the same of packets which had left before
    /// the first of them came.
    pub(super) fn all_of(
        quoting: &[&Quoting],
        cast: &Cast,
        (flow, frames): (Option<&Flow>, &dyn Frames),
        there: &HashMap<FrameId, FrameId>,
    ) -> Vec<Self> {
        let time = |one: &Quoting| frames.frame(one.frame).time;
        let mut runs: Vec<Vec<&Quoting>> = Vec::new();
        for one in quoting {
            let run = runs.last_mut().filter(|run| {
                run.first().zip(run.last()).is_some_and(|(first, last)| {
                    last.is_like(one)
                        && last.quoted < one.quoted
                        && one.quoted.is_some_and(|left| left < first.frame)
                        && time(one).since(time(last)) <= AT_ONCE
                })
            });
            match run {
                Some(run) => run.push(one),
                None => runs.push(vec![one]),
            }
        }
        runs.iter().filter_map(|run| Self::of(run, cast, flow, there)).collect()
    }

    /// Says with how many hops a packet left that came no further.
    pub(super) fn add_hops(&mut self, scene: &Dissection<'_>) {
        let Some(quoted) = self.quoted.filter(|_| self.is_dropped) else { return };
        let mut heard = Heard::new(HOPS);
        scene.hear(quoted, &mut heard);
        // Of headers in each other the innermost is the packet's own.
        let Some(field) = heard.fields().last() else { return };
        let (number, name) = (field.number(), field.role);
        self.told.detail = format!("{} It left with {name} {number}.", self.told.detail);
    }

    fn of(
        run: &[&Quoting],
        cast: &Cast,
        flow: Option<&Flow>,
        there: &HashMap<FrameId, FrameId>,
    ) -> Option<Self> {
        let actor = |address| flow.map_or(ActorId(0), |flow| cast.guest(address, flow));
        let (quoting, others) = run.split_first()?;
        let twin = |one: &&Quoting| there.get(&one.frame).map(|twin| (one.frame, *twin));
        let quoted: Vec<Option<FrameId>> = run.iter().map(|one| one.quoted).collect();
        Some(Self {
            frame: quoting.frame,
            others: others.iter().map(|one| one.frame).collect(),
            there: run.iter().filter_map(twin).collect(),
            from: actor(quoting.complaint.from),
            to: actor(quoting.to),
            direction: quoting.direction,
            quoted: quoting.quoted,
            is_dropped: quoting.expired() == Some(true),
            protocol: quoting.protocol,
            told: quoting.tell_of(&quoted),
        })
    }
}

/// The same errors as the other end saw them, by the frames of those that are told: what a host
/// says, and no router on the way, passes both ends. They are known by the packet that they quote.
pub(super) fn seen_there(
    told: &[&Quoting],
    apart: &Apart,
    vantage: &Vantage,
) -> HashMap<FrameId, FrameId> {
    let Some(far) = vantage.far() else { return HashMap::new() };
    let others: Vec<&Quoting> = apart.errors(far).collect();
    let twin = |one: &&&Quoting| {
        let quoted = vantage.there(one.quoted?);
        let mut alike = others.iter().filter(|other| {
            other.frame != one.frame && other.is_like(one) && other.quoted == quoted
        });
        quoted.and_then(|_| Some((one.frame, alike.next()?.frame)))
    };
    told.iter().filter_map(|one| twin(&one)).collect()
}
