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
    /// The places of what passed on some lanes; `height` says how high a piece is where there is room.
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

    /// From where to where a mark of a lane stands; nothing where others stand for it.
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
