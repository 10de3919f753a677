//! Values that earlier filters found: the same field with another constant reads nothing again.

use super::catch::{Found, One};
use super::evaluate::Evidence;
use super::program::{Ask, Slot, Take};
use super::rows::RowSet;
use crate::bits::Bits;
use crate::ids::FrameId;
use crate::limits::MAX_KEPT_VALUES;

/// What is known of fields, by what was asked before. It holds for one state of the keys.
#[derive(Clone, Debug, Default)]
pub struct Remembered {
    kept: Vec<(Slot, Kept)>,
}

/// The values of one field, of frames in their order.
#[derive(Clone, Debug, Default)]
pub(super) struct Kept {
    /// The frames that were looked at.
    covers: RowSet,
    /// Those of them that have values.
    frames: Vec<u32>,
    /// Where the values of each of them end.
    ends: Vec<u32>,
    ones: Vec<One>,
    bytes: Vec<u8>,
}

/// Values that a filter finds on its way, by slot; nothing for slots of which none are kept.
#[derive(Clone, Debug, Default)]
pub struct Finds {
    kept: Vec<Option<Kept>>,
}

/// Whether the values of a slot are worth keeping: bytes are not, they would be the whole file.
fn is_kept(slot: &Slot) -> bool {
    matches!(slot.take, Take::Presence | Take::Value) && slot.layers.is_none()
}

impl Finds {
    pub(super) fn new(slots: &[Slot]) -> Self {
        Self { kept: slots.iter().map(|slot| is_kept(slot).then(Kept::default)).collect() }
    }

    /// Keeps what a frame has.
    pub(super) fn take(&mut self, frame: FrameId, found: &Found) {
        for (number, kept) in self.kept.iter_mut().enumerate() {
            let Some(kept) = kept else { continue };
            kept.covers.insert(frame);
            let (ones, bytes) = found.raw(number);
            if ones.is_empty() {
                continue;
            }
            for one in ones {
                let moved = one.moved(bytes, &mut kept.bytes);
                kept.ones.push(moved);
            }
            kept.frames.push(frame.0);
            kept.ends.push(kept.ones.len() as u32);
        }
    }

    /// Takes in what was found in frames behind these.
    pub fn append(&mut self, later: Self) {
        if self.kept.is_empty() {
            *self = later;
            return;
        }
        for (own, later) in self.kept.iter_mut().zip(later.kept) {
            match (own.as_mut(), later) {
                (Some(kept), Some(later)) if kept.size() + later.size() <= MAX_KEPT_VALUES => {
                    kept.append(&later);
                }
                _ => *own = None,
            }
        }
    }
}

impl Kept {
    /// About how many bytes of memory it takes.
    fn size(&self) -> usize {
        8 * self.frames.len() + size_of::<One>() * self.ones.len() + self.bytes.len()
    }

    fn append(&mut self, later: &Self) {
        for at in 0..later.frames.len() {
            self.copy(later, at);
        }
        self.covers.add(&later.covers);
    }

    /// Takes over the values of one frame of another.
    fn copy(&mut self, other: &Self, at: usize) {
        let Some(frame) = other.frames.get(at) else { return };
        for one in other.values(at) {
            let moved = one.moved(&other.bytes, &mut self.bytes);
            self.ones.push(moved);
        }
        self.frames.push(*frame);
        self.ends.push(self.ones.len() as u32);
    }

    /// The values of the frame at a place.
    fn values(&self, at: usize) -> &[One] {
        let end = self.ends.get(at).map_or(0, |end| *end as usize);
        let start =
            at.checked_sub(1).and_then(|at| self.ends.get(at)).map_or(0, |end| *end as usize);
        self.ones.get(start..end).unwrap_or_default()
    }

    /// Both together, each frame once.
    fn join(&self, other: &Self) -> Self {
        let mut joined = Self::default();
        let (mut a, mut b) = (0, 0);
        loop {
            match (self.frames.get(a), other.frames.get(b)) {
                (Some(own), theirs) if theirs.is_none_or(|theirs| own <= theirs) => {
                    joined.copy(self, a);
                    b += usize::from(theirs == Some(own));
                    a += 1;
                }
                (_, Some(_)) => {
                    joined.copy(other, b);
                    b += 1;
                }
                _ => break,
            }
        }
        joined.covers = self.covers.clone();
        joined.covers.add(&other.covers);
        joined
    }
}

/// What is known of a test: of which frames, and which of them pass.
pub(super) struct Answer {
    pub(super) covers: Bits,
    pub(super) yes: Bits,
}

impl Remembered {
    /// Keeps what a filter with these slots found. What was asked longest ago gives way.
    pub(super) fn keep(&mut self, slots: &[Slot], finds: Finds) {
        for (slot, kept) in slots.iter().zip(finds.kept) {
            let Some(mut kept) = kept else { continue };
            if let Some(at) = self.kept.iter().position(|(known, _)| known == slot) {
                let (_, known) = self.kept.remove(at);
                kept = known.join(&kept);
            }
            self.kept.push((slot.clone(), kept));
        }
        let mut size: usize = self.kept.iter().map(|(_, kept)| kept.size()).sum();
        while size > MAX_KEPT_VALUES && !self.kept.is_empty() {
            size -= self.kept.remove(0).1.size();
        }
    }

    /// Answers a test from what is kept, as far as all of its fields are.
    pub(super) fn answer(&self, ask: &Ask, slots: &[Slot], frames: u32) -> Option<Answer> {
        let mut numbers = Vec::new();
        ask.slots(&mut |slot| numbers.push(slot));
        numbers.sort_unstable();
        numbers.dedup();
        let find = |number: &usize| {
            let slot = slots.get(*number)?;
            self.kept.iter().find(|(known, _)| known == slot).map(|(_, kept)| (*number, kept))
        };
        let kept: Vec<(usize, &Kept)> = numbers.iter().map(find).collect::<Option<_>>()?;
        let mut common = kept.first()?.1.covers.clone();
        kept.iter().for_each(|(_, kept)| common.meet(&kept.covers));
        let mut covers = Bits::none(frames);
        common.iter().for_each(|frame| covers.insert(frame.0));
        let mut found = Found::new(slots.len());
        let passes = |found: &Found| Evidence { found, slots }.passes(ask);
        let mut yes = Bits::none(frames);
        if passes(&found) {
            yes.or(&covers);
        }
        let mut ats = vec![0usize; kept.len()];
        loop {
            let next = kept.iter().zip(&ats).filter_map(|((_, kept), at)| kept.frames.get(*at));
            let Some(frame) = next.min().copied() else { break };
            found.clear();
            for ((number, kept), at) in kept.iter().zip(&mut ats) {
                if kept.frames.get(*at) == Some(&frame) {
                    found.load(*number, kept.values(*at), &kept.bytes);
                    *at += 1;
                }
            }
            if covers.contains(frame) {
                if passes(&found) { yes.insert(frame) } else { yes.remove(frame) }
            }
        }
        Some(Answer { covers, yes })
    }
}
