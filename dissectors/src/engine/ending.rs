//! How a way ends: its session is told, then those inside; never before bytes that still wait for a
//! key there.
//!
//! ```text
//!   frame 4   sealed record        parked: its key has not come
//!   frame 5   FIN                  the end is owed
//!   frame 9   the key              the record is opened on frame 4, then the end is told, on frame 5
//! ```

use super::deliver::{Engine, put_back, take};
use super::inbox::Moment;
use super::out::Rope;
use super::reader::ConnectionReader;
use super::session::{Ending, Way};
use super::slot::SlotId;
use crate::ids::{Direction, MessageId};

/// What has ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum What {
    /// One lane of a layer.
    Lane(SlotId, u64),
    /// A layer and those inside it.
    Layer(SlotId),
    /// All that a direction has left open.
    Rest,
}

/// An end that is told once what waits in front of it was read.
#[derive(Clone, Copy, Debug)]
pub(super) struct Owed {
    what: What,
    direction: Direction,
    ending: Ending,
    /// Where it stands, and whose frame that is.
    moment: Moment,
    own: Option<Direction>,
}

impl Engine<'_> {
    /// One lane of a layer has ended in one direction.
    pub(super) fn end(
        &mut self,
        reader: &mut ConnectionReader,
        id: SlotId,
        way: Way,
        ending: Ending,
    ) {
        if is_held_back(reader, id, Some(way.lane), way.direction) {
            return self.owe(reader, What::Lane(id, way.lane), way.direction, ending);
        }
        let Some(mut inbox) = take(reader, id, way) else { return };
        if !inbox.ended {
            inbox.ended = true;
            let parcel = self.nothing(way, &inbox);
            self.settle_speaker(reader, id, &mut inbox, parcel);
            self.cut(reader, id, &mut inbox, parcel);
            self.with_session(reader, id, Rope::NOTHING, parcel, |session, out| {
                session.end(way, ending, out);
            });
        }
        put_back(reader, id, way.lane, way.direction, inbox);
        if let Some(slot) = reader.slots.get_mut(id) {
            slot.lanes.free(way.lane);
        }
    }

    /// A layer has ended in one direction, and so have the layers inside it. One that has ended in
    /// both is freed.
    pub(super) fn end_all(
        &mut self,
        reader: &mut ConnectionReader,
        id: SlotId,
        direction: Direction,
        ending: Ending,
    ) {
        if is_held_back(reader, id, None, direction) {
            return self.owe(reader, What::Layer(id), direction, ending);
        }
        let Some(slot) = reader.slots.get_mut(id) else { return };
        let lanes = slot.lanes.open();
        for lane in lanes {
            self.end(reader, id, Way { lane, direction }, ending);
        }
        let Some(slot) = reader.slots.get(id) else { return };
        let mut children: Vec<(u64, SlotId)> =
            slot.children.iter().map(|(number, child)| (*number, *child)).collect();
        children.sort_unstable_by_key(|(number, _)| *number);
        for (_, child) in children {
            self.end_all(reader, child, direction, ending);
        }
        let Some(slot) = reader.slots.get(id) else { return };
        if slot.lanes.have_ended()
            && let Some((parent, number)) = slot.parent
        {
            if let Some(parent) = reader.slots.get_mut(parent) {
                parent.children.remove(&number);
            }
            reader.slots.remove(id);
        }
    }

    /// What a direction left open is complete with its last bytes, as far as it ever will be.
    pub(super) fn complete_all(&mut self, reader: &mut ConnectionReader, direction: Direction) {
        if reader.owed.iter().any(|owed| owed.direction == direction) {
            return self.owe(reader, What::Rest, direction, Ending::Cut);
        }
        for id in reader.shared.open.left(direction) {
            reader.shared.complete(id, Some(self.moment), self.stretch);
        }
    }

    fn owe(
        &mut self,
        reader: &mut ConnectionReader,
        what: What,
        direction: Direction,
        ending: Ending,
    ) {
        let is_known = reader.owed.iter().any(|one| (one.what, one.direction) == (what, direction));
        if !is_known {
            let (moment, own) = (self.moment, self.own);
            reader.owed.push(Owed { what, direction, ending, moment, own });
        }
    }

    /// Tells the ends that nothing waits in front of any more, each where it stands.
    pub(super) fn settle_ends(&mut self, reader: &mut ConnectionReader) {
        let mut place = 0;
        while let Some(owed) = reader.owed.get(place).copied() {
            let waits = match owed.what {
                What::Lane(id, lane) => is_held_back(reader, id, Some(lane), owed.direction),
                What::Layer(id) => is_held_back(reader, id, None, owed.direction),
                What::Rest => {
                    let before = reader.owed.iter().take(place);
                    before.into_iter().any(|other| other.direction == owed.direction)
                }
            };
            if waits {
                place += 1;
                continue;
            }
            reader.owed.remove(place);
            let here = (self.moment, self.own);
            (self.moment, self.own) = (owed.moment, owed.own);
            match owed.what {
                What::Lane(id, lane) => {
                    let way = Way { lane, direction: owed.direction };
                    self.end(reader, id, way, owed.ending);
                }
                What::Layer(id) => self.end_all(reader, id, owed.direction, owed.ending),
                What::Rest => self.complete_all(reader, owed.direction),
            }
            (self.moment, self.own) = here;
        }
    }

    /// What still waits for a key will wait in vain: it is complete as it is.
    pub(super) fn give_up_parked(&mut self, reader: &mut ConnectionReader) {
        let parked: Vec<MessageId> =
            reader.shared.open.parked().map(|open| open.message.id).collect();
        for id in parked {
            reader.shared.complete(id, None, self.stretch);
        }
        self.settle_ends(reader);
    }
}

/// Whether bytes of this direction wait for a key: of one lane of a layer, or of the layer and
/// those inside it.
fn is_held_back(
    reader: &ConnectionReader,
    id: SlotId,
    lane: Option<u64>,
    direction: Direction,
) -> bool {
    // Few messages wait, mostly none: who they are is asked first.
    let mut parked = reader.shared.open.parked().filter(|one| one.message.direction == direction);
    let Some(slot) = reader.slots.get(id) else { return false };
    parked.any(|open| {
        let (is_own, is_within) =
            slot.speakers.iter().flatten().fold((false, false), |(own, within), one| {
                let mut layers = open.lineage.iter();
                let own = own || layers.next().is_some_and(|(layer, _)| *layer == one.layer);
                (own, within || own || layers.any(|(layer, _)| *layer == one.layer))
            });
        lane.map_or(is_within, |lane| is_own && open.lane == lane)
    })
}
