//! A naive reader: the whole file in memory, one connection after the other, frame by frame into
//! one stretch. No windows, no checkpoints, nothing carried over, nothing evicted; what comes is
//! looked up in the list of all frames of the connection, however far ahead.
//!
//! Other readings are held against it, so that they cannot all be wrong together.

#![allow(dead_code, reason = "not every test that reads naively uses all of it")]

use wirestage_dissectors::attribution::Attribution;
use wirestage_dissectors::engine::later::{Coming, Filling, Later};
use wirestage_dissectors::engine::reader::{ConnectionReader, Context};
use wirestage_dissectors::engine::session::Ending;
use wirestage_dissectors::engine::stretch::Stretch;
use wirestage_dissectors::engine::sweep::Sweep;
use wirestage_dissectors::engine::tcp::flags;
use wirestage_dissectors::engine::view::View;
use wirestage_dissectors::ids::{ConnectionId, Direction, FrameId};
use wirestage_dissectors::limits::LOOK_AHEAD_FIRST;
use wirestage_dissectors::message::{Message, Related};
use wirestage_dissectors::span::{Buffer, BufferId, Span};
use wirestage_dissectors::survey::{Row, Survey};

/// A connection that was read to its end.
pub(crate) struct Naive {
    pub(crate) id: ConnectionId,
    reader: ConnectionReader,
    stretch: Stretch,
}

/// A frame of a connection, as its row has it.
struct Seen {
    frame: FrameId,
    direction: Direction,
    row: Row,
}

/// All frames of a connection.
struct All(Vec<Seen>);

impl All {
    /// Segments with data of one side behind a frame: frame, number of the first byte, length.
    fn data(&self, frame: FrameId, way: Direction) -> impl Iterator<Item = (FrameId, u32, u32)> {
        let behind = self.0.iter().filter(move |one| one.frame > frame && one.row.payload_len > 0);
        behind.filter(move |one| one.direction == way).map(|one| {
            let is_syn = one.row.tcp_flags() & flags::SYN != 0;
            (one.frame, one.row.seq.wrapping_add(u32::from(is_syn)), one.row.payload_len)
        })
    }

    /// The first segment behind a frame that carries a byte, and its number.
    fn carries(&self, frame: FrameId, way: Direction, seq: u32) -> Option<(FrameId, u32)> {
        let mut data = self.data(frame, way);
        let found = data.find(|(_, first, len)| seq.wrapping_sub(*first) < *len)?;
        Some((found.0, found.1))
    }
}

impl Later for All {
    fn next_data(&self, frame: FrameId, way: Direction) -> Coming {
        let next = self.data(frame, way).next();
        next.map_or(Coming::NEVER, |(until, seq, _)| Coming { first: Some(seq), until })
    }

    fn filling(&self, frame: FrameId, way: Direction, seq: u32) -> Filling {
        if let Some((by, _)) = self.carries(frame, way, seq) {
            return Filling::By(by);
        }
        let starts = self.data(frame, way).map(|(_, start, _)| start);
        let behind = starts.filter(|start| start.wrapping_sub(seq) as i32 > 0);
        let nearest = behind.min_by_key(|start| start.wrapping_sub(seq));
        nearest.map_or(Filling::Never, Filling::Behind)
    }

    fn carries_soon(&self, frame: FrameId, way: Direction, seq: u32) -> Option<u32> {
        // Where a stream begins is looked for close by, whoever reads.
        let last = self.0.iter().filter(|one| one.frame > frame).nth(LOOK_AHEAD_FIRST - 1);
        let found = self.carries(frame, way, seq)?;
        last.is_none_or(|last| found.0 <= last.frame).then_some(found.1)
    }

    fn is_last_data(&self, frame: FrameId, way: Direction) -> bool {
        let is_data =
            |one: &Seen| one.frame == frame && one.direction == way && one.row.payload_len > 0;
        self.0.iter().any(is_data) && self.data(frame, way).next().is_none()
    }

    fn end(&self, _frame: FrameId, way: Direction) -> Option<u32> {
        let own = || self.0.iter().filter(|one| one.direction == way);
        let all: u64 = own().map(|one| u64::from(one.row.payload_len)).sum();
        let fin = own().find(|one| one.row.tcp_flags() & flags::FIN != 0)?;
        (all <= 1 << 31).then(|| fin.row.end())
    }

    fn ending(&self, _frame: FrameId, way: Direction) -> Ending {
        let has = |bit: u16, way: Option<Direction>| {
            self.0.iter().any(|one| {
                one.row.tcp_flags() & bit != 0 && way.is_none_or(|way| one.direction == way)
            })
        };
        if has(flags::FIN, Some(way)) {
            Ending::Closed
        } else if has(flags::RST, None) {
            Ending::Reset
        } else {
            Ending::Cut
        }
    }

    fn goes_on(&self, frame: FrameId, way: Direction) -> bool {
        let mut behind = self.0.iter().filter(|one| one.frame > frame && one.row.payload_len > 0);
        behind.next().is_some_and(|one| one.direction == way)
    }
}

impl Naive {
    /// How its messages bear on each other.
    pub(crate) fn related(&self) -> &[Related] {
        &self.stretch.related
    }
}

/// Reads all connections of a recording.
pub(crate) fn read(context: Context<'_>, survey: &Survey) -> Vec<Naive> {
    let attribution = Attribution::new(context, survey);
    let one = |id: ConnectionId| {
        let mut reader = attribution.reader(id, survey);
        let mut stretch = Stretch::default();
        let (mut all, mut arrivals) = (Vec::new(), Vec::new());
        for frame in attribution.frames(id, survey) {
            let row = survey.row(frame).unwrap();
            if row.is_duplicate() && row.tcp_flags() != 0 || survey.is_told(row, context.registry) {
                continue;
            }
            let mut arrival = survey.arrival(frame, &context.frames.frame(frame)).unwrap();
            let owner = attribution.of(frame, survey).unwrap();
            (arrival.direction, arrival.by_name) = (owner.direction, owner.by_name);
            all.push(Seen { frame, direction: arrival.direction, row: *row });
            arrivals.push(arrival);
        }
        let all = All(all);
        for mut arrival in arrivals {
            if let Some(whole) = survey.reassembled(arrival.frame) {
                (arrival.carried, arrival.cut) = (stretch.join(&whole.carried), 0);
            }
            reader.feed(&arrival, context, &all, &mut stretch);
        }
        reader.finish(context, &mut stretch);
        Naive { id, reader, stretch }
    };
    attribution.connections(survey).into_iter().map(one).collect()
}

/// The messages of all connections, in the order of the frames they stand on.
pub(crate) fn messages<'n>(
    read: &'n [Naive],
    context: Context<'n>,
) -> Vec<(ConnectionId, &'n Message, View<'n>)> {
    let mut all: Vec<_> = read
        .iter()
        .flat_map(|one| {
            let view = one.reader.view(context.frames, &one.stretch);
            one.stretch.messages.iter().map(move |message| (one.id, message, view))
        })
        .collect();
    all.sort_by_key(|(_, message, _)| message.done);
    all
}

/// All that is known of a message, with nothing in it that depends on how it was read.
pub(crate) fn in_words(message: &Message, view: &View<'_>) -> String {
    let mut layers = Vec::new();
    let mut next = view.layer(message.layer);
    while let Some(layer) = next {
        layers.push((layer.protocol, layer.child));
        next = layer.below.some().and_then(|below| view.layer(below));
    }
    let of = |span: Span| (view.bytes(span).escape_ascii().to_string(), view.trace(span));
    let attached = view.attachment(message);
    let parts: Vec<_> =
        attached.iter().flat_map(|one| one.parts.iter().map(|part| of(part.span))).collect();
    let mut plain = *message;
    // A derived buffer's number says nothing.
    if matches!(plain.span.buffer.kind(), Buffer::Derived(_)) {
        plain.span = Span::NONE;
    }
    format!("{plain:?} {layers:?} {:?} {parts:?}", of(message.span))
}

/// All messages of a sweep in windows of one frame, longer where something waits for a later one,
/// in words; an error where one does not stand on a frame of its own sender.
pub(crate) fn swept(
    context: Context<'_>,
    survey: &Survey,
    attribution: &Attribution,
) -> Result<Vec<String>, String> {
    let mut sweep = Sweep::new(context, survey, attribution);
    let (mut found, mut first) = (Vec::new(), 0);
    while first < survey.frame_count() {
        let (done, frames) = sweep.read(first..first + 1);
        first = frames.end;
        for frame in frames.map(FrameId) {
            for (message, view) in done.messages(frame, context) {
                found.push(in_words(message, &view));
                stands_on_its_own(message, attribution, survey)?;
            }
        }
    }
    Ok(found)
}

/// Whether a message stands on a frame of its own sender that holds it, or other data of its
/// connection.
pub(crate) fn stands_on_its_own(
    message: &Message,
    attribution: &Attribution,
    survey: &Survey,
) -> Result<(), String> {
    let frame = message.done;
    let owner = attribution.of(frame, survey).ok_or("on a frame of nobody")?;
    if owner.direction != message.direction {
        return Err(format!("on frame {} of the other side: {message:?}", frame.number()));
    }
    match survey.row(frame).map(|row| row.payload_len) {
        Some(1..) => Ok(()),
        // An empty datagram; put together out of fragments, it lies in no frame.
        _ if message.span.buffer == BufferId::frame(frame) => Ok(()),
        _ if survey.reassembled(frame).is_some() => Ok(()),
        _ => Err(format!("on frame {} without data: {message:?}", frame.number())),
    }
}
