//! Reads a connection for its course: every stretch once, in order, and nothing is kept of them.

use super::listen::{Header, Packet};
use super::quic::Packets;
use super::tcp::Segments;
use super::{Carrier, Course, Sample};
use crate::describe::Dissection;
use crate::engine::conversation::{Conversations, Held, Stop};
use crate::engine::reader::Context;
use crate::engine::tcp::SegmentKind;
use crate::ids::{ConnectionId, Direction, FlowId, FrameId, MessageId, Time};
use crate::limits::MAX_COURSE_PACKETS;
use crate::maps::FastMap;
use crate::message::{Message, Related, Relation};
use crate::protocols::quic::{How, Kind, Note};
use crate::story::sighting::{Twins, sightings};
use crate::survey::Survey;

/// Of which connection, and of whom in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Wanted {
    /// The connection.
    pub connection: ConnectionId,
    /// Who sends.
    pub sender: Direction,
    /// The same flow at its other end, where it was recorded there.
    pub far: Option<FlowId>,
}

/// A message that was seen.
pub(super) struct Seen {
    pub(super) message: MessageId,
    pub(super) frame: FrameId,
    pub(super) time: Time,
}

impl Seen {
    /// So many bytes are under way from here on.
    pub(super) fn count(&self, value: u64, course: &mut Course) {
        if course.flight.last().is_none_or(|last| last.value != value) {
            course.flight.push(Sample { frame: self.frame, time: self.time, value });
        }
    }

    /// It ends a round trip, where it is known how long that took.
    pub(super) fn trip(&self, nanos: Option<i64>, course: &mut Course) {
        if let Some(value) = nanos.and_then(|nanos| u64::try_from(nanos).ok()) {
            course.trips.push(Sample { frame: self.frame, time: self.time, value });
        }
    }
}

/// Reads the course of a connection; nothing where it shall stop before the end, or where neither
/// TCP nor QUIC carries it.
pub fn read(
    conversations: &mut Conversations,
    (context, survey): (Context<'_>, &Survey),
    wanted: Wanted,
    stop: Stop<'_>,
) -> Option<Course> {
    let twins = wanted.far.map(|far| Twins { near: FlowId(wanted.connection.0), far });
    // At the end of who sends, it is what that knew.
    let (connection, sender) = match twins {
        Some(twins) if wanted.sender == Direction::Backward => {
            (ConnectionId(twins.far.0), twins.at_far(wanted.sender, survey))
        }
        _ => (wanted.connection, wanted.sender),
    };
    let course = Course::of(wanted);
    let mut reader = Reader {
        course,
        sender,
        segments: Segments::default(),
        packets: Packets::default(),
        header: Header::default(),
    };
    for index in 0.. {
        let held = conversations.stretch_until(connection, index, stop, (context, survey));
        let Some(held) = held else { break };
        reader.stretch(&held, (context, survey));
        if stop() || reader.course.is_cut {
            break;
        }
    }
    let mut course = reader.course;
    if let Some(twins) = twins {
        course.mark_lost(twins, (context, survey));
        // One zero for both directions, and for the story: what one end sends first comes to the
        // other later.
        for flow in [twins.near, twins.far].into_iter().filter_map(|flow| survey.flow(flow)) {
            course.begins(context.frames.frame(flow.first).time);
        }
    }
    (!stop() && !course.is_empty()).then_some(course)
}

/// A course that is being read.
struct Reader {
    course: Course,
    sender: Direction,
    segments: Segments,
    packets: Packets,
    header: Header,
}

impl Reader {
    fn stretch(&mut self, held: &Held, (context, survey): (Context<'_>, &Survey)) {
        let scene = Dissection::of_stretch(context, survey, held);
        let view = held.view(context.frames);
        let relations = Relations::of(&held.stretch().related);
        for message in &held.stretch().messages {
            let course = &mut self.course;
            if course.sent.len() + course.heard.len() >= MAX_COURSE_PACKETS {
                course.is_cut = true;
                return;
            }
            let (frame, is_own) = (message.done, message.direction == self.sender);
            let seen = Seen { message: message.id, frame, time: context.frames.frame(frame).time };
            if let Some(kind) = message.kind::<SegmentKind>() {
                self.passes(seen.time);
                self.header = Header::default();
                scene.headers(frame, &mut self.header);
                let told = (&self.header, kind);
                if is_own {
                    let again = relations.first(message, Relation::Repeats);
                    self.segments.send(&seen, told, again, &mut self.course);
                } else {
                    let heard = relations.first(message, Relation::Acknowledges);
                    self.segments.hear(&seen, told, heard, &mut self.course);
                }
            } else if let Some(kind) = message.kind::<Kind>() {
                self.passes(seen.time);
                self.course.carrier = Carrier::Quic;
                let mut packet = Packet::default();
                if let Some(layer) = view.layer(message.layer) {
                    context.registry.get(layer.protocol).describe(message, &view, &mut packet);
                }
                let note = Note::of(message);
                self.course.sealed += usize::from(matches!(note.how, How::NoKey | How::Failed));
                if is_own {
                    let told = (note, message.span.len);
                    self.packets.send(&seen, (&packet, kind), told, &mut self.course);
                } else {
                    let heard = relations.all(message, Relation::Acknowledges);
                    self.packets.hear(&seen, (&packet, kind), heard, &mut self.course);
                }
            }
        }
    }

    /// Something of the connection came by.
    fn passes(&mut self, time: Time) {
        let course = &mut self.course;
        course.begins(time);
        if time.known().is_some() {
            course.end = Time(course.end.0.max(time.0));
        }
    }
}

/// What the messages of a stretch are to earlier ones.
struct Relations(FastMap<(MessageId, Relation), Vec<MessageId>>);

impl Relations {
    fn of(related: &[Related]) -> Self {
        let mut all: FastMap<_, Vec<MessageId>> = FastMap::default();
        let known = [Relation::Acknowledges, Relation::Repeats];
        for one in related.iter().filter(|one| known.contains(&one.relation)) {
            all.entry((one.from, one.relation)).or_default().push(one.to);
        }
        Self(all)
    }

    fn all(&self, message: &Message, relation: Relation) -> impl Iterator<Item = MessageId> {
        let found = self.0.get(&(message.id, relation));
        found.into_iter().flatten().copied()
    }

    fn first(&self, message: &Message, relation: Relation) -> Option<MessageId> {
        self.all(message, relation).next()
    }
}

impl Course {
    /// A course of which nothing is known yet.
    pub(super) const fn of(wanted: Wanted) -> Self {
        Self {
            connection: wanted.connection,
            sender: wanted.sender,
            carrier: Carrier::Tcp,
            both_ends: wanted.far.is_some(),
            start: Time::UNKNOWN,
            end: Time::UNKNOWN,
            sent: Vec::new(),
            heard: Vec::new(),
            blocks: Vec::new(),
            flight: Vec::new(),
            trips: Vec::new(),
            sealed: 0,
            is_cut: false,
        }
    }

    /// A packet of the connection was seen at that time.
    fn begins(&mut self, time: Time) {
        let is_first = self.start.known().is_none_or(|start| time.0 < start.0);
        if time.known().is_some() && is_first {
            self.start = time;
        }
    }

    /// Marks what was sent and never came.
    fn mark_lost(&mut self, twins: Twins, (context, survey): (Context<'_>, &Survey)) {
        let sightings = sightings(twins, context.frames, survey);
        let own = sightings.iter().filter(|one| one.direction == self.sender);
        let mut came: Vec<(FrameId, bool)> =
            own.map(|one| (one.sent.frame, one.received.is_some())).collect();
        came.sort_unstable();
        for sent in &mut self.sent {
            let place = came.binary_search_by_key(&sent.frame, |(frame, _)| *frame);
            let known = place.ok().and_then(|place| came.get(place));
            sent.is_lost = known.map_or(sent.is_lost, |(_, came)| !came);
        }
    }
}
