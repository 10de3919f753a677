//! The ids that one side of a connection goes by: what is sent to it bears one of them.

use crate::protocols::quic::limits::MAX_CONNECTION_IDS;

/// The ids of one side, the latest last.
#[derive(Clone, Debug, Default)]
pub(super) struct Ids {
    known: Vec<Box<[u8]>>,
    /// Tokens by which it would say that it knows nothing of the connection any more.
    tokens: Vec<[u8; 16]>,
}

impl Ids {
    /// Takes up an id. Says whether it is a new one.
    pub(super) fn add(&mut self, id: &[u8]) -> bool {
        if self.known.iter().any(|known| **known == *id) {
            return false;
        }
        if self.known.len() >= MAX_CONNECTION_IDS {
            self.known.remove(0);
        }
        self.known.push(id.into());
        true
    }

    /// Takes up the token of a stateless reset.
    pub(super) fn add_token(&mut self, token: &[u8]) {
        let Ok(token) = token.try_into() else { return };
        if self.tokens.len() >= MAX_CONNECTION_IDS {
            self.tokens.remove(0);
        }
        self.tokens.push(token);
    }

    /// How long the id is that a packet with a short header begins with: the longest that is known
    /// and fits, else as long as the latest one. `None` if none is known.
    pub(super) fn len_in(&self, packet: &[u8]) -> Option<u8> {
        let behind = packet.get(1..).unwrap_or_default();
        let found = self.in_front_of(behind).or(self.known.last().map(|id| &**id));
        found.and_then(|id| u8::try_from(id.len()).ok())
    }

    /// The longest id that bytes begin with.
    pub(super) fn in_front_of(&self, bytes: &[u8]) -> Option<&[u8]> {
        let fitting = self.known.iter().filter(|id| bytes.starts_with(id));
        fitting.max_by_key(|id| id.len()).map(|id| &**id)
    }

    /// Whether a packet with a short header bears none of its ids, though it has some, and none of
    /// them is empty.
    pub(super) fn is_unlike(&self, packet: &[u8]) -> bool {
        let behind = packet.get(1..).unwrap_or_default();
        !self.known.is_empty() && !self.known.iter().any(|id| behind.starts_with(id))
    }

    /// Whether a packet ends in one of its tokens (RFC 9000, section 10.3.1).
    pub(super) fn is_reset(&self, packet: &[u8]) -> bool {
        packet.last_chunk().is_some_and(|last| self.tokens.contains(last))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_longest_id_that_fits_is_meant() {
        let mut ids = Ids::default();
        assert_eq!(ids.len_in(&[0x40, 1, 2, 3]), None);
        assert!(ids.add(&[1, 2]) && ids.add(&[1, 2, 3]) && !ids.add(&[1, 2]));
        assert_eq!(ids.len_in(&[0x40, 1, 2, 3]), Some(3));
        assert_eq!(ids.len_in(&[0x40, 1, 2, 4]), Some(2));
        assert!(ids.add(&[]));
        assert_eq!(ids.len_in(&[0x40, 9, 9, 9]), Some(0), "as the latest");
        for number in 0..2 * MAX_CONNECTION_IDS as u8 {
            ids.add(&[9, number]);
            ids.add_token(&[number; 16]);
        }
        assert_eq!((ids.known.len(), ids.tokens.len()), (MAX_CONNECTION_IDS, MAX_CONNECTION_IDS));
        assert!(ids.is_reset(&[&[0x40, 7][..], &[127; 16]].concat()));
        assert!(!ids.is_reset(&[0; 40]) && !ids.is_reset(&[127; 15]));
    }
}
