//! The key schedule of a handshake, as far as its messages and a key log show it (RFC 9846, section
//! 7.1; RFC 5246, sections 6.3 and 8.1).
//!
//! ```text
//!   messages ──> heard      transcript, what was agreed on, which Finished came, what was sealed
//!   key log  ──> finished   what a Finished must be
//!            ──> binder     what a binder must be, where a line names the pre-shared key
//!   both     ──> stages     each secret: since when, of what, what it opens, whether it is right
//! ```
//!
//! No arrow of the schedule runs backwards: a key log holds its leaves, and nobody climbs from them
//! to the secrets that they were made of. So a traffic secret and what follows from it (keys, IVs,
//! Finished, the next generation) can be worked out again, and how a leaf was made cannot. A
//! pre-shared key is a root that both had before: no program logs it, and where somebody does, its
//! binder is worked out, too.

mod binder;
mod finished;
mod heard;
mod stages;

pub use stages::{Finished, Opened, ScheduledSecret, Standing};

use super::suite::Suite;
use super::version::Version;
use crate::claim::Framing;
use crate::engine::conversation::Conversations;
use crate::engine::reader::Context;
use crate::ids::{ConnectionId, LayerId, ProtocolId};
use crate::limits::MAX_SCHEDULES;
use crate::survey::{Survey, Transport};
use heard::Heard;

/// The key schedule of one handshake.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Schedule {
    /// The version that was agreed on.
    pub version: Version,
    /// The suite.
    pub suite: Suite,
    /// The group of the key exchange; nothing where none was agreed on.
    pub group: Option<u16>,
    /// The random of its ClientHello, by which key logs name it.
    pub random: Option<[u8; 32]>,
    /// Its secrets, in the order in which they come to be.
    pub stages: Vec<ScheduledSecret>,
}

impl Schedule {
    /// The secret that one of them is made of; nothing where that is none of them.
    #[must_use]
    pub fn parent(&self, stage: usize) -> Option<usize> {
        let made_of = self.stages.get(stage)?.made_of.strip_prefix("of ")?;
        let made_of = made_of.strip_prefix("the ").unwrap_or(made_of);
        let names = self.stages.iter().enumerate().filter(|(_, one)| {
            // A name that only begins so is another one.
            let behind = made_of.strip_prefix(one.name.as_str());
            behind.is_some_and(|behind| behind.starts_with(','))
        });
        names.map(|(at, _)| at).find(|at| *at != stage)
    }
}

/// The key schedules of a connection, in the order of its handshakes; those without an answer have
/// none.
pub fn schedules(
    conversations: &mut Conversations,
    (context, survey): (Context<'_>, &Survey),
    id: ConnectionId,
) -> Vec<Schedule> {
    let mut layers: Vec<(LayerId, Heard)> = Vec::new();
    let mut carriers: Vec<(LayerId, usize)> = Vec::new();
    let mut done: Vec<Schedule> = Vec::new();
    for index in 0.. {
        let Some(held) = conversations.stretch(id, index, context, survey) else { break };
        let view = held.view(context.frames);
        for message in &held.stretch().messages {
            let layer = view.layer(message.layer);
            let Some(layer) = layer.filter(|layer| layer.protocol == ProtocolId::of("tls")) else {
                let carried = carriers.iter().find(|(carrier, _)| *carrier == message.layer);
                let heard = carried.and_then(|(_, place)| layers.get_mut(*place));
                heard.into_iter().for_each(|(_, heard)| heard.packet(message));
                continue;
            };
            let place = match layers.iter().position(|(layer, _)| *layer == message.layer) {
                Some(place) => place,
                None if layers.len() < MAX_SCHEDULES => {
                    layers.push((message.layer, Heard::default()));
                    let place = layers.len() - 1;
                    // Who carries a handshake in datagrams seals these by itself. TCP gets its
                    // segments the same way, and seals nothing.
                    let flow = survey.row(message.done).and_then(|row| survey.flow(row.flow));
                    let is_udp = flow.is_some_and(|flow| flow.key.transport == Transport::Udp);
                    let carrier = view.layer(layer.below).filter(|below| {
                        is_udp && below.framing == Framing::Datagram && below.below == LayerId::NONE
                    });
                    carriers.extend(carrier.map(|_| (layer.below, place)));
                    place
                }
                None => continue,
            };
            if let Some((_, heard)) = layers.get_mut(place) {
                done.extend(heard.hear(message, &view, context.secrets));
            }
        }
    }
    done.extend(layers.iter().filter_map(|(_, heard)| heard.schedule(context.secrets)));
    done.truncate(MAX_SCHEDULES);
    done
}
