//! What the recording says of a connection's packets.

use std::collections::BTreeSet;

use serde_json::Value;
use wirestage_dissectors::ids::{ConnectionId, Direction, FrameId, Time};
use wirestage_dissectors::protocol::Framing;
use wirestage_dissectors::protocols::quic;

use super::super::collect::Fields;
use super::super::packet::{DELAY_EXPONENT, data};
use super::super::schema::Version;
use super::Name;
use crate::document::{Ground, Progress};

/// A packet that came by.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Own {
    pub(super) frame: FrameId,
    pub(super) time: Time,
    pub(super) by_client: bool,
    /// `None` if no key opens it.
    pub(super) name: Option<Name>,
    /// What it is in a log.
    pub(super) data: Value,
}

/// A connection's packets.
#[derive(Debug, Default)]
pub(super) struct Owns {
    pub(super) packets: Vec<Own>,
    pub(super) ids: BTreeSet<String>,
    /// Packets of each side that count as lost by what the other acknowledges, the client's first.
    pub(super) lost: [BTreeSet<Name>; 2],
    /// The shortest round trip of each side, and its last smoothed one, in nanoseconds.
    pub(super) trips: [Option<(u64, u64)>; 2],
    /// The most bytes of each side in flight.
    pub(super) in_flight: [Option<u64>; 2],
}

/// The packets of a connection; none where that is none of QUIC.
pub(super) fn packets(ground: &Ground, id: ConnectionId, progress: &Progress) -> Owns {
    let mut owns = Owns::default();
    let flow = ground.survey.flow(ground.attribution.first_path(id));
    if flow.is_none_or(|flow| flow.ports().framing != Framing::Datagram) {
        return owns;
    }
    let mut conversations = ground.conversations();
    let context = ground.context();
    for index in 0.. {
        let Some(held) = conversations.stretch(id, index, context, &ground.survey) else { break };
        if progress.is_cancelled() {
            break;
        }
        let view = held.view(context.frames);
        for message in &held.stretch().messages {
            if message.kind::<quic::Kind>().is_none() {
                continue;
            }
            let fields = Fields::of(message, &view);
            let time = context.frames.frame(message.done).time;
            owns.take((message.done, time), message.direction, &fields, || {
                data(message, &fields, (Version::Current, DELAY_EXPONENT))
            });
        }
    }
    if owns.packets.is_empty() {
        return owns;
    }
    for (way, most) in Direction::BOTH.into_iter().zip(&mut owns.in_flight) {
        let course = ground.course(id, way, progress);
        *most = course.and_then(|it| it.flight.iter().map(|one| one.value).max());
    }
    owns
}

impl Owns {
    fn take(
        &mut self,
        (frame, time): (FrameId, Time),
        direction: Direction,
        fields: &Fields,
        data: impl FnOnce() -> Value,
    ) {
        for id in [quic::DCID, quic::SCID] {
            self.ids.extend(fields.hex(id).filter(|id| id.len() >= 8));
        }
        let data = data();
        let name = Name::of(&data);
        // What a side acknowledges, and what counts as lost by it, the other side has sent.
        let other = direction.reverse().index();
        let kind = name.as_ref().map(|name| name.kind.clone()).unwrap_or_default();
        if let Some(lost) = self.lost.get_mut(other) {
            let numbers = fields.all(quic::LOST_NUMBER).into_iter().filter_map(|one| one.number());
            lost.extend(numbers.map(|number| Name { kind: kind.clone(), number }));
        }
        let measured = fields.number(quic::ACK_RTT).zip(fields.number(quic::SMOOTHED_RTT));
        if let (Some((latest, smoothed)), Some(trips)) = (measured, self.trips.get_mut(other)) {
            let least = trips.map_or(latest, |(least, _)| least.min(latest));
            *trips = Some((least, smoothed));
        }
        let by_client = direction == Direction::Forward;
        self.packets.push(Own { frame, time, by_client, name, data });
    }
}
