//! The codings of a content (RFC 9110, section 8.4), and how they are undone.

use crate::engine::derive::Coding;

/// Codings stacked on one body that are undone; more are left as they are.
const MAX_CODINGS: usize = 4;

/// The codings of a content, in the order in which they were applied.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(in crate::protocols) struct Codings {
    applied: [Option<Coding>; MAX_CODINGS],
    count: usize,
    /// One of them is unknown here, or there are too many.
    unknown: bool,
}

impl Codings {
    /// Adds the coding of that name, applied after those before.
    pub(in crate::protocols) fn add(&mut self, name: &[u8]) {
        let named = |text: &str| name.eq_ignore_ascii_case(text.as_bytes());
        let coding = match () {
            () if named("gzip") || named("x-gzip") => Coding::Gzip,
            () if named("deflate") => Coding::Deflate,
            () if named("br") => Coding::Brotli,
            () if named("zstd") => Coding::Zstd,
            () if named("identity") || name.is_empty() => return,
            () => return self.unknown = true,
        };
        match self.applied.get_mut(self.count) {
            Some(place) => {
                *place = Some(coding);
                self.count += 1;
            }
            None => self.unknown = true,
        }
    }

    /// Whether they cannot be undone.
    pub(in crate::protocols) const fn are_unknown(&self) -> bool {
        self.unknown
    }

    /// The codings in the order in which they are to be undone; none where one is unknown.
    pub(in crate::protocols) fn undoing(&self) -> impl Iterator<Item = Coding> {
        let known = if self.unknown { 0 } else { self.count };
        self.applied.into_iter().take(known).rev().flatten()
    }

    /// Transfer codings are applied after content codings.
    pub(in crate::protocols) fn follow(&mut self, transfer: Self) {
        self.unknown |= transfer.unknown;
        for coding in transfer.applied.into_iter().flatten() {
            match self.applied.get_mut(self.count) {
                Some(place) => {
                    *place = Some(coding);
                    self.count += 1;
                }
                None => self.unknown = true,
            }
        }
    }
}
