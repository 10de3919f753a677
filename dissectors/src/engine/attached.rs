//! What is attached to the messages of a stretch: counted as it grows, and bounded.

use std::ops::{Deref, DerefMut};

use hashbrown::hash_map::Entry;

use crate::ids::MessageId;
use crate::limits::MAX_ATTACHMENTS;
use crate::maps::FastMap;
use crate::message::Attachment;

/// The attachments of a stretch.
#[derive(Debug, Default)]
pub(super) struct Attachments {
    all: FastMap<MessageId, Attachment>,
    /// About how many bytes of memory all of them take.
    cost: usize,
    /// The lowest message whose attachment found no room.
    left_out: Option<MessageId>,
}

impl Attachments {
    pub(super) fn get(&self, id: MessageId) -> Option<&Attachment> {
        self.all.get(&id)
    }

    /// About how many bytes of memory all of them take.
    pub(super) const fn cost(&self) -> usize {
        self.cost
    }

    /// Whether something may be missing beside a message because too much was attached.
    pub(super) fn may_lack(&self, id: MessageId) -> bool {
        self.left_out.is_some_and(|first| first <= id) && !self.all.contains_key(&id)
    }

    /// What is attached to a message, to be changed; where there is no room any more, something
    /// that nobody keeps.
    pub(super) fn change(&mut self, id: MessageId) -> Attached<'_> {
        if self.all.len() >= MAX_ATTACHMENTS && !self.all.contains_key(&id) {
            self.left_out = Some(self.left_out.map_or(id, |first| first.min(id)));
            return Attached(Kept::Nowhere(Attachment::default()));
        }
        let attachment = match self.all.entry(id) {
            Entry::Occupied(known) => {
                let known = known.into_mut();
                self.cost -= known.cost();
                known
            }
            Entry::Vacant(place) => place.insert(Attachment::default()),
        };
        Attached(Kept::Counted(attachment, &mut self.cost))
    }
}

/// What is attached to a message, to be changed.
#[derive(Debug)]
pub struct Attached<'a>(Kept<'a>);

#[derive(Debug)]
enum Kept<'a> {
    /// With a message that grows.
    Growing(&'a mut Attachment),
    /// In a stretch, whose sum lacks it meanwhile.
    Counted(&'a mut Attachment, &'a mut usize),
    Nowhere(Attachment),
}

impl<'a> Attached<'a> {
    pub(super) const fn growing(attachment: &'a mut Attachment) -> Self {
        Self(Kept::Growing(attachment))
    }
}

impl Deref for Attached<'_> {
    type Target = Attachment;

    fn deref(&self) -> &Attachment {
        match &self.0 {
            Kept::Growing(attachment) | Kept::Counted(attachment, _) => attachment,
            Kept::Nowhere(attachment) => attachment,
        }
    }
}

impl DerefMut for Attached<'_> {
    fn deref_mut(&mut self) -> &mut Attachment {
        match &mut self.0 {
            Kept::Growing(attachment) | Kept::Counted(attachment, _) => attachment,
            Kept::Nowhere(attachment) => attachment,
        }
    }
}

impl Drop for Attached<'_> {
    fn drop(&mut self) {
        if let Kept::Counted(attachment, sum) = &mut self.0 {
            **sum += attachment.cost();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::codes;
    use crate::message::MessagePart;
    use crate::span::Span;

    codes! {
        /// A role.
        enum Role {
            /// The only one.
            Whole,
        }
    }

    fn attach(all: &mut Attachments, id: u32, parts: usize) {
        let part = MessagePart::new(Role::Whole, Span::NONE);
        all.change(MessageId(id)).parts.extend(vec![part; parts]);
    }

    #[test]
    fn what_all_take_is_known_without_asking_each() {
        let mut all = Attachments::default();
        for id in 0..100 {
            attach(&mut all, id % 30, id as usize % 7);
            let sum: usize = all.all.values().map(Attachment::cost).sum();
            assert_eq!(all.cost(), sum);
        }
    }

    #[test]
    fn what_finds_no_room_is_named() {
        let mut all = Attachments::default();
        (0..MAX_ATTACHMENTS as u32).for_each(|id| attach(&mut all, id, 0));
        assert!(!all.may_lack(MessageId(u32::MAX - 1)));
        for id in [MAX_ATTACHMENTS as u32 + 5, MAX_ATTACHMENTS as u32 + 2] {
            attach(&mut all, id, 1);
        }
        attach(&mut all, 7, 3);
        assert_eq!(all.all.len(), MAX_ATTACHMENTS);
        assert_eq!(all.get(MessageId(7)).map(|one| one.parts.len()), Some(3));
        let lacks = [0, 1, 2, 5].map(|id| all.may_lack(MessageId(MAX_ATTACHMENTS as u32 + id)));
        assert_eq!(lacks, [false, false, true, true]);
    }
}
