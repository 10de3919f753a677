//! The bytes of derived buffers of a stretch: what was opened, decoded, worked out.
//!
//! They lie in chunks that never move. Each depth of layers fills chunks of its own, for the
//! layers above read what a layer has opened while they add to theirs:
//!
//! ```text
//!   depth 1 (TLS)      chunk 0: record, record, record │ chunk 2: record …
//!   depth 2 (HTTP/2)   chunk 1: …
//! ```
//!
//! A sweep keeps chunks when their window is done, and uses their room again as it is: to fetch it
//! from the system, and to fill it with zeros, takes as long as to open what is put there.

use std::sync::{Arc, Mutex, PoisonError};

use crate::limits::{CHUNK_BYTES, FIRST_CHUNK_BYTES};

/// Room for bytes, and how much of it is taken.
#[derive(Debug)]
pub(super) struct Chunk {
    room: Box<[u8]>,
    used: usize,
}

impl Chunk {
    /// The bytes that were put there.
    pub(super) fn bytes(&self) -> &[u8] {
        self.room.get(..self.used).unwrap_or_default()
    }
}

/// Room that nobody uses, shared by the stretches of a sweep.
pub(super) type Pool = Arc<Mutex<Vec<Box<[u8]>>>>;

/// All chunks of a stretch.
#[derive(Debug, Default)]
pub(super) struct Arena {
    chunks: Vec<Arc<Chunk>>,
    /// By depth, the chunk that is added to.
    latest: Vec<Option<u32>>,
    /// Where room comes from, and goes when this is dropped.
    pool: Option<Pool>,
}

impl Arena {
    /// An empty one that takes room from this pool.
    pub(super) fn of(pool: Option<Pool>) -> Self {
        Self { chunks: Vec::new(), latest: Vec::new(), pool }
    }

    /// An empty one that takes room from where this one does.
    pub(super) fn another(&self) -> Self {
        Self::of(self.pool.clone())
    }

    /// How many bytes were put there.
    pub(super) fn len(&self) -> usize {
        self.chunks.iter().map(|chunk| chunk.used).sum()
    }

    /// A chunk, to read while others are added to.
    pub(super) fn chunk(&self, number: u32) -> Option<Arc<Chunk>> {
        self.chunks.get(number as usize).map(Arc::clone)
    }

    /// Some bytes of a chunk.
    pub(super) fn bytes(&self, chunk: u32, start: u32, len: u32) -> Option<&[u8]> {
        self.chunks.get(chunk as usize)?.bytes().get(start as usize..)?.get(..len as usize)
    }

    /// Puts up to `most` bytes where that depth of layers has room: `put` writes them, and says
    /// how many they are. Gives the chunk, where in it they start, and how many they are.
    pub(super) fn put(
        &mut self,
        depth: usize,
        most: usize,
        put: impl FnOnce(&mut [u8]) -> Option<usize>,
    ) -> Option<(u32, u32, u32)> {
        let number = self.chunk_with_room(depth, most)?;
        let chunk = self.chunks.get_mut(number as usize).and_then(Arc::get_mut)?;
        let start = chunk.used;
        let len = put(chunk.room.get_mut(start..)?.get_mut(..most)?)?.min(most);
        chunk.used += len;
        Some((number, start as u32, len as u32))
    }

    /// The chunk of that depth, or another one where it is full, or somebody reads it.
    fn chunk_with_room(&mut self, depth: usize, most: usize) -> Option<u32> {
        let known = self.latest.get(depth).copied().flatten();
        let chunk = known.and_then(|number| self.chunks.get_mut(number as usize));
        let size = chunk.as_ref().map_or(0, |chunk| chunk.room.len());
        let free = chunk.and_then(Arc::get_mut).map(|chunk| chunk.room.len() - chunk.used);
        if let Some(number) = known.filter(|_| free.is_some_and(|free| free >= most)) {
            return Some(number);
        }
        let room = self.pooled(most).unwrap_or_else(|| {
            let usual = if self.pool.is_some() {
                CHUNK_BYTES
            } else {
                (2 * size).clamp(FIRST_CHUNK_BYTES, CHUNK_BYTES)
            };
            vec![0; usual.max(most)].into()
        });
        let number = u32::try_from(self.chunks.len()).ok()?;
        self.chunks.push(Arc::new(Chunk { room, used: 0 }));
        if self.latest.len() <= depth {
            self.latest.resize(depth + 1, None);
        }
        *self.latest.get_mut(depth)? = Some(number);
        Some(number)
    }

    fn pooled(&self, most: usize) -> Option<Box<[u8]>> {
        let pool = self.pool.as_ref().filter(|_| most <= CHUNK_BYTES)?;
        pool.lock().unwrap_or_else(PoisonError::into_inner).pop()
    }
}

impl Drop for Arena {
    fn drop(&mut self) {
        let Some(pool) = &self.pool else { return };
        // What is larger than usual was for one large thing.
        let rooms = self.chunks.drain(..).filter_map(Arc::into_inner).map(|chunk| chunk.room);
        let rooms = rooms.filter(|room| room.len() == CHUNK_BYTES);
        pool.lock().unwrap_or_else(PoisonError::into_inner).extend(rooms);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Puts so many bytes of that value at a depth; says in which chunk they came to lie.
    #[track_caller]
    fn put(arena: &mut Arena, depth: usize, len: usize, value: u8) -> u32 {
        let put = |room: &mut [u8]| {
            room.fill(value);
            Some(room.len())
        };
        let (chunk, start, found) = arena.put(depth, len, put).unwrap();
        assert_eq!(found as usize, len);
        assert_eq!(arena.bytes(chunk, start, found).unwrap(), vec![value; len]);
        chunk
    }

    #[test]
    fn depths_have_chunks_of_their_own_and_what_is_read_stays() {
        let mut arena = Arena::default();
        assert_eq!(put(&mut arena, 1, 10, 1), 0);
        assert_eq!(put(&mut arena, 2, 10, 2), 1);
        assert_eq!(put(&mut arena, 1, 20, 3), 0);
        let held = arena.chunk(0).unwrap();
        assert_eq!(put(&mut arena, 1, 1, 4), 2, "somebody reads the first");
        assert_eq!((held.bytes().len(), arena.len()), (30, 41));
        assert_eq!(put(&mut arena, 1, 2 * CHUNK_BYTES, 5), 3);
        assert_eq!(arena.put(1, 5, |_| None), None);
        assert_eq!(arena.len(), 41 + 2 * CHUNK_BYTES);
    }

    #[test]
    fn room_is_used_again_and_shows_nothing_of_before() {
        let pool = Pool::default();
        let mut arena = Arena::of(Some(Arc::clone(&pool)));
        put(&mut arena, 0, 100, 7);
        put(&mut arena, 0, CHUNK_BYTES + 1, 7);
        let another = arena.another();
        drop(arena);
        assert_eq!(pool.lock().unwrap().len(), 1, "of the usual size");
        let mut arena = another;
        let (chunk, start, len) = arena.put(0, 50, |_| Some(3)).unwrap();
        assert_eq!((start, len), (0, 3));
        assert_eq!(pool.lock().unwrap().len(), 0);
        assert_eq!(arena.bytes(chunk, 0, 4), None);
    }
}
