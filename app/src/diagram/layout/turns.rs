//! The order in which lanes speak, where rows are only in order: each piece of a row has a place of
//! its own below the one that passed before it, on whichever lane that was.

use std::collections::{BTreeMap, HashMap};

use wirestage_dissectors::ids::FrameId;
use wirestage_dissectors::story::Piece;
use wirestage_dissectors::story::lanes::{Lane, LaneMark};

use super::plan::Plan;
use super::rows::Rows;

/// From one piece to the next, and before the next row.
const APART: f32 = 2.0;
const BEFORE_NEXT: f32 = 10.0;
/// The least height of a piece: thinner ones cannot be told from threads.
const LEAST: f32 = 1.0;
/// Pieces of content of one row that are drawn; where there are more, each stands for several.
const MOST: usize = 96;

/// A piece of a row: the number of its lane, its place among the marks of it.
type Key = (u64, usize);

/// The places of all pieces.
pub(super) struct Turns(HashMap<Key, (f32, f32)>);

impl Turns {
    /// The places of what passed on some lanes; `height` says how high a piece is where there is
    /// room.
    pub(super) fn new(
        lanes: &[&Lane],
        (plan, rows): (&Plan<'_>, &Rows),
        height: impl Fn(&Lane, &LaneMark) -> f32,
    ) -> Self {
        let mut turns: BTreeMap<usize, Vec<Turn>> = BTreeMap::new();
        for lane in lanes {
            for (at, mark) in lane.marks.iter().enumerate() {
                let Some((row, _)) = plan.cover(mark.beat) else { continue };
                let folds = matches!(mark.piece, Piece::Content(_)) && !mark.ends;
                let order = (mark.sent.frame, mark.beat.0);
                let key = (lane.number, at);
                turns.entry(row).or_default().push(Turn {
                    order,
                    key,
                    height: height(lane, mark),
                    folds,
                });
            }
        }
        let mut places = HashMap::new();
        for (row, mut pieces) in turns {
            let Some(placed) = rows.placed.get(row) else { continue };
            pieces.sort_by_key(|piece| piece.order);
            thin_out(&mut pieces);
            let next = rows.placed.get(row + 1).map_or(rows.end, |next| next.tail);
            let room = next - placed.tail - BEFORE_NEXT;
            let wanted: f32 = pieces.iter().map(|piece| piece.height + APART).sum();
            let scale = (room / wanted.max(1.0)).clamp(0.0, 1.0);
            let first = pieces.first().map_or(0.0, |piece| piece.height);
            let mut top = placed.tail - first / 2.0;
            for piece in &pieces {
                let height = (piece.height * scale).max(LEAST);
                places.insert(piece.key, (top, top + height));
                top += (piece.height + APART) * scale;
            }
        }
        Self(places)
    }

    /// From where to where a mark of a lane stands; `None` if others stand for it.
    pub(super) fn place(&self, lane: &Lane, at: usize) -> Option<(f32, f32)> {
        self.0.get(&(lane.number, at)).copied()
    }
}

/// A piece that passed.
struct Turn {
    order: (FrameId, u32),
    key: Key,
    height: f32,
    /// Whether another may stand for it: content that ends nothing.
    folds: bool,
}

/// Leaves every so many of the pieces of content, where there are more than are drawn.
fn thin_out(pieces: &mut Vec<Turn>) {
    let every = pieces.iter().filter(|piece| piece.folds).count().div_ceil(MOST).max(1);
    let mut count = 0;
    pieces.retain(|piece| {
        count += usize::from(piece.folds);
        !piece.folds || count % every == 1 % every
    });
}

#[cfg(test)]
mod tests {
    use wirestage_dissectors::ids::ProtocolId;
    use wirestage_dissectors::message::Protection;
    use wirestage_dissectors::story::BeatId;

    use super::super::family::Family;
    use super::super::{Axis, Request};
    use super::*;
    use crate::diagram::tests::fixture::Author;

    /// Where the first row and the row after it leave.
    const ROW: f32 = 100.0;
    const NEXT: f32 = 200.0;
    /// How high a piece is where there is room.
    const HIGH: f32 = 20.0;

    /// The places of pieces of content of one row, each on one of two lanes, by their order on the
    /// wire; nothing for those that have none. The last one ends its lane.
    fn places(pieces: &[u64]) -> Vec<Option<(f32, f32)>> {
        let mut author = Author::default();
        let ends = (author.actor("Client", "a"), author.actor("Server", "b"));
        let chapter = author.chapter("HTTP/2", 0, 1, 1);
        let named = vec![("DATA", ProtocolId::of("http2"), Protection::Clear); pieces.len()];
        let flight = author.flight(Some(chapter), ends, (0, None), ("Sends", ""), &named);
        author.flight(Some(chapter), ends, (100, None), ("Goes on", ""), &named[..1]);
        let mut lanes: Vec<Lane> = Vec::new();
        let mut found = Vec::new();
        for (place, number) in pieces.iter().enumerate() {
            let beat = BeatId(flight.0 + 1 + place as u32);
            let mut sent = author.story.beat(beat).expect("it was pushed").sent;
            sent.frame = FrameId(place as u32);
            let (from, piece) = (ends.1, Piece::Content(100));
            let ends = place + 1 == pieces.len();
            let mark = LaneMark {
                beat,
                from,
                sent,
                ended: sent,
                came: None,
                piece,
                ends,
                held: None,
                packed: None,
            };
            let at = lanes.iter().position(|lane| lane.number == *number).unwrap_or_else(|| {
                lanes.push(Lane {
                    track: None,
                    number: *number,
                    name: String::new(),
                    asker: None,
                    bytes: 0,
                    marks: Vec::new(),
                });
                lanes.len() - 1
            });
            found.push((at, lanes[at].marks.len()));
            lanes[at].marks.push(mark);
        }
        let family = Family::new(&author.story);
        let request = Request { axis: Axis::Order, ..Request::default() };
        let plan = Plan::new(&author.story, &family, &request);
        let mut rows = Rows::empty(plan.units.len(), 0.0);
        (rows.placed[0].tail, rows.placed[1].tail) = (ROW, NEXT);
        let all: Vec<&Lane> = lanes.iter().collect();
        let turns = Turns::new(&all, (&plan, &rows), |_, _| HIGH);
        found.into_iter().map(|(lane, at)| turns.place(&lanes[lane], at)).collect()
    }

    #[test]
    fn each_piece_stands_below_the_one_before_whichever_lane_that_is_on() {
        let found: Vec<_> = places(&[1, 3, 1]).into_iter().flatten().collect();
        assert_eq!(found, [(90.0, 110.0), (112.0, 132.0), (134.0, 154.0)]);
    }

    #[test]
    fn pieces_get_lower_where_there_is_no_room_for_all() {
        let found: Vec<_> = places(&[1, 3, 1, 3, 1, 3, 1, 3]).into_iter().flatten().collect();
        assert_eq!(found.len(), 8);
        assert!(found.windows(2).all(|two| two[0].1 <= two[1].0), "{found:?}");
        assert!(found.iter().all(|(top, end)| end - top >= LEAST), "{found:?}");
        let last = found.last().expect("it has a place").1;
        assert!(last <= NEXT - BEFORE_NEXT, "{last}");
    }

    #[test]
    fn of_very_many_pieces_each_stands_for_several_and_the_end_stays() {
        let found = places(&vec![1; 5 * MOST]);
        let drawn = found.iter().flatten().count();
        assert!((MOST / 2..=MOST + 1).contains(&drawn), "{drawn}");
        assert!(found.last().is_some_and(Option::is_some), "what ends a lane is drawn");
    }
}
