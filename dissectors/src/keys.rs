//! What the keys of a recording are good for, by the beginnings of its connections: which secrets
//! another connection goes on with, and which open nothing.
//!
//! ```text
//!   connection A   hello … ticket ── its secret is in the key log ──┐
//!   connection B   hello with that ticket ── no line of its own <───┘
//! ```
//!
//! Connections are read apart, in any order and by several threads, so what one leaves for another
//! is found before: it is one more secret at hand, and what is read stays a function of frames and
//! secrets.

use std::collections::HashSet;

use crate::attribution::Attribution;
use crate::claim::Framing;
use crate::engine::announce::Want;
use crate::engine::reader::Context;
use crate::engine::stretch::Stretch;
use crate::engine::sweep::{Surroundings, feed};
use crate::frames::Frames;
use crate::ids::{ConnectionId, ProtocolId};
use crate::limits::{MAX_HANDSHAKE_FRAMES, MAX_TURNING};
use crate::message::Protection;
use crate::protocol::Registry;
use crate::protocols::{dtls, quic, tls};
use crate::secret::{Label, Secret, Secrets};
use crate::survey::Survey;

/// After how many connections to look whether every secret was asked for.
const AT_ONCE: usize = 1_024;

/// How many of the secrets that were handed in open nothing: no connection asks for them in its
/// first [`MAX_HANDSHAKE_FRAMES`] frames.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Idle {
    /// Secrets that open records.
    pub secrets: usize,
    /// Of these, for how many no connection has asked.
    pub idle: usize,
}

impl Idle {
    /// That in words, where any does.
    #[must_use]
    pub fn said(self) -> Option<String> {
        let Self { secrets, idle } = self;
        (idle > 0).then(|| format!("{idle} of {secrets} secrets open nothing in this recording"))
    }
}

/// What a connection leaves for those that resume it, and what it lacks itself.
#[derive(Debug)]
pub struct Begun {
    resumable: Vec<Secret>,
    wants: Vec<Want>,
    used: Vec<Want>,
}

/// Reads how each of these connections begins, in any order and on as many threads as one likes;
/// what comes back stands in the order of the connections.
pub type ReadEach<'a> =
    &'a dyn Fn(&[ConnectionId], &(dyn Fn(ConnectionId) -> Begun + Sync)) -> Vec<Begun>;

/// Carries master secrets on to the connections that resume a session by its id or its ticket (TLS
/// 1.2 and before it). Says under which names there are new ones.
pub fn carry(
    secrets: &mut Secrets,
    (frames, registry): (&dyn Frames, &Registry),
    (survey, attribution): (&Survey, &Attribution),
    read_each: ReadEach<'_>,
) -> Vec<[u8; 32]> {
    let mut found = Vec::new();
    if !secrets.has_masters() {
        return found;
    }
    let speaks = [tls::fields::PROTOCOL_ID, dtls::PROTOCOL_ID];
    let mut ids = beginnings(&speaks, survey, attribution);
    // A session that was resumed may be resumed again: who lacked what was found is read once more.
    while !ids.is_empty() {
        let context = Context { frames, secrets, registry };
        let all = read_each(&ids, &|id| begun(id, true, (context, survey, attribution)));
        let (mut new, mut lacking) = (HashSet::new(), Vec::new());
        for (id, begun) in ids.into_iter().zip(all) {
            for secret in begun.resumable {
                let (label, name) = (secret.label, secret.client_random);
                let is_known = secrets.find(label, &name) == Some(&secret.bytes[..]);
                if !is_known && secrets.carry(secret) {
                    new.insert((label, name));
                    found.push(name);
                }
            }
            lacking.push((id, begun.wants));
        }
        let is_found = |want: &Want| new.contains(&(want.label, want.client_random));
        lacking.retain(|(_, wants)| wants.iter().any(is_found));
        ids = lacking.into_iter().map(|(id, _)| id).collect();
    }
    found
}

/// Counts the secrets for which no connection asks.
#[must_use]
pub fn idle(
    context: Context<'_>,
    (survey, attribution): (&Survey, &Attribution),
    read_each: ReadEach<'_>,
) -> Idle {
    let all = context.secrets.openers();
    if all == 0 {
        return Idle::default();
    }
    let speaks = [tls::fields::PROTOCOL_ID, dtls::PROTOCOL_ID, quic::PROTOCOL_ID];
    let mut used: HashSet<(Label, [u8; 32])> = HashSet::new();
    for ids in beginnings(&speaks, survey, attribution).chunks(AT_ONCE) {
        let read = read_each(ids, &|id| begun(id, false, (context, survey, attribution)));
        let asked = read.iter().flat_map(|begun| &begun.used);
        let asked = asked.map(|one| (one.label, one.client_random));
        used.extend(asked.filter(|(label, name)| context.secrets.is_handed_in(*label, name)));
        if used.len() >= all {
            break;
        }
    }
    Idle { secrets: all, idle: all.saturating_sub(used.len()) }
}

/// The connections that may agree on secrets: those that speak what seals, and some of those that
/// may turn to it.
fn beginnings(
    speaks: &[ProtocolId],
    survey: &Survey,
    attribution: &Attribution,
) -> Vec<ConnectionId> {
    let mut turning = 0;
    let mut all = attribution.connections(survey);
    all.retain(|id| {
        let Some(flow) = survey.flow(attribution.first_path(*id)) else { return false };
        if flow.protocol().is_some_and(|id| speaks.contains(&id)) {
            return true;
        }
        turning += 1;
        flow.ports().framing == Framing::Stream && turning <= MAX_TURNING
    });
    all
}

/// Reads how a connection begins, as far as both sides seal for good what they say; or further, for
/// they may agree on other secrets again.
fn begun(id: ConnectionId, only_first: bool, surroundings: Surroundings<'_>) -> Begun {
    let (_, survey, attribution) = surroundings;
    let mut reader = attribution.reader(id, survey);
    let (mut stretch, mut seen) = (Stretch::default(), 0);
    let mut sealed = [false; 2];
    for frame in attribution.frames(id, survey).into_iter().take(MAX_HANDSHAKE_FRAMES) {
        feed(&mut reader, &mut stretch, frame, surroundings);
        for message in stretch.messages.iter().skip(seen) {
            let is_sealed =
                matches!(message.protection, Protection::Application | Protection::Opaque);
            if let Some(side) = sealed.get_mut(message.direction.index()) {
                *side |= is_sealed;
            }
        }
        seen = stretch.messages.len();
        if only_first && sealed == [true; 2] {
            break;
        }
    }
    Begun {
        resumable: reader.take_resumable(),
        wants: reader.wants().to_vec(),
        used: reader.used().to_vec(),
    }
}
