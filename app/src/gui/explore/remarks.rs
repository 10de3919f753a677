//! Marks and comments on packets: those of the recording, and those that were set since.
//!
//! They stand in the recording as comments on its packets (`opt_comment` of pcapng), where every
//! other program shows them; a mark is a comment whose text is [`MARK`]. The open file stays as it
//! is: "Save recording…" writes them.

use std::collections::BTreeMap;
use std::sync::Arc;

use wirestage_captures::Recording;
use wirestage_captures::write::Comments;
use wirestage_dissectors::frames::{Frames, LinkType};
use wirestage_dissectors::ids::FrameId;
use wirestage_dissectors::story::BeatId;

use super::Explore;
use super::asks::Remark;
use crate::document::PREFIX;

/// What a mark is called behind [`PREFIX`].
const MARK: &str = "marked";

/// How a mark stands among comments.
fn mark() -> String {
    format!("{PREFIX}{MARK}")
}

/// What is remarked on steps, in the order of their packets.
type Flags = Arc<[(BeatId, String)]>;

/// All of them.
#[derive(Default)]
pub(super) struct Remarks {
    /// As the recording has them.
    kept: Comments,
    now: Comments,
    /// As they were written last, where they were.
    saved: Option<Comments>,
    /// The comment that is being typed, and on which packet.
    pub(super) editing: Option<(FrameId, String)>,
    /// Whether its field is to get the keyboard.
    pub(super) focus: bool,
    /// How often they changed.
    changed: u32,
    /// The flags of a story, and what they were made for.
    flags: Option<((u32, usize), Flags)>,
}

impl Remarks {
    /// Those of a recording.
    pub(super) fn of(recording: &Recording) -> Self {
        let mut kept = Comments::new();
        for (frame, text) in recording.frame_comments() {
            kept.entry(frame).or_default().push(text);
        }
        Self { now: kept.clone(), kept, ..Self::default() }
    }

    /// Whether a packet is marked.
    pub(super) fn is_marked(&self, frame: FrameId) -> bool {
        self.now.get(&frame).is_some_and(|all| all.contains(&mark()))
    }

    /// The comments on a packet, in one line; `None` if it has none.
    pub(super) fn comment(&self, frame: FrameId) -> Option<String> {
        let mark = mark();
        let all = self.now.get(&frame)?.iter().filter(|text| **text != mark);
        let lines: Vec<&str> = all.flat_map(|text| text.lines()).collect();
        (!lines.is_empty()).then(|| lines.join(" · "))
    }

    /// What is said of a packet, for whoever does not see its sign.
    pub(super) fn words(&self, frame: FrameId) -> Option<String> {
        let comment = self.comment(frame).map(|text| format!("comment: {text}"));
        match (self.is_marked(frame), comment) {
            (true, None) => Some("marked".to_owned()),
            (true, Some(comment)) => Some(format!("marked, {comment}")),
            (false, comment) => comment,
        }
    }

    /// Marks a packet, or no longer.
    fn toggle(&mut self, frame: FrameId) {
        let mark = mark();
        let all = self.now.entry(frame).or_default();
        match all.iter().position(|text| *text == mark) {
            Some(at) => drop(all.remove(at)),
            None => all.push(mark),
        }
        self.settle(frame);
    }

    /// The first comment on a packet, as it is typed into.
    fn first(&self, frame: FrameId) -> String {
        let mark = mark();
        let first = self.now.get(&frame).and_then(|all| all.iter().find(|text| **text != mark));
        first.cloned().unwrap_or_default()
    }

    /// Puts a text where the first comment stands; an empty one takes it away. Others stay.
    fn set(&mut self, frame: FrameId, text: &str) {
        let (mark, text) = (mark(), text.trim());
        let all = self.now.entry(frame).or_default();
        match (all.iter().position(|known| *known != mark), text) {
            (Some(at), "") => drop(all.remove(at)),
            (None, "") => {}
            (Some(at), text) => {
                if let Some(known) = all.get_mut(at) {
                    text.clone_into(known);
                }
            }
            (None, text) => all.insert(0, text.to_owned()),
        }
        self.settle(frame);
    }

    fn settle(&mut self, frame: FrameId) {
        self.now.retain(|known, all| *known != frame || !all.is_empty());
        self.changed += 1;
    }

    /// How often they changed.
    pub(super) fn changed(&self) -> u32 {
        self.changed
    }

    /// The packets that something is remarked on, in order.
    pub(super) fn frames(&self) -> impl Iterator<Item = FrameId> {
        self.now.keys().copied()
    }

    /// What is other than the recording has it: what stands on these packets now.
    pub(super) fn changes(&self) -> Comments {
        let mut changes = BTreeMap::new();
        for frame in self.kept.keys().chain(self.now.keys()) {
            if self.kept.get(frame) != self.now.get(frame) {
                changes.insert(*frame, self.now.get(frame).cloned().unwrap_or_default());
            }
        }
        changes
    }

    /// On how many packets something changed that was written nowhere.
    pub(super) fn unsaved(&self) -> usize {
        let known = self.saved.as_ref().unwrap_or(&self.kept);
        let frames = known.keys().chain(self.now.keys().filter(|one| !known.contains_key(*one)));
        frames.filter(|frame| known.get(*frame) != self.now.get(*frame)).count()
    }
}

impl Explore {
    /// Carries out what is asked about marks and comments.
    pub(super) fn remark(&mut self, ask: Remark) {
        match ask {
            Remark::Mark => {
                if let Some(frame) = self.selection.frame.filter(|frame| self.holds(*frame)) {
                    self.remarks.toggle(frame);
                }
            }
            Remark::Edit => {
                if let Some(frame) = self.selection.frame.filter(|frame| self.holds(*frame)) {
                    self.remarks.editing = Some((frame, self.remarks.first(frame)));
                    self.remarks.focus = true;
                }
            }
            Remark::Keep => {
                if let Some((frame, text)) = self.remarks.editing.take() {
                    self.remarks.set(frame, &text);
                    self.packets.list.focus();
                }
            }
            Remark::Close => {
                self.remarks.editing = None;
                self.packets.list.focus();
            }
            Remark::Next => {
                let here = self.selection.frame;
                let next = self.remarks.frames().find(|frame| Some(*frame) > here);
                if let Some(frame) = next.or_else(|| self.remarks.frames().next()) {
                    self.select_frame(frame);
                }
            }
        }
    }

    /// Whether comments can stand on a frame: they do on packets, and on nothing else.
    pub(super) fn holds(&self, frame: FrameId) -> bool {
        !matches!(self.ground.recording.frame(frame).link, LinkType::MARK | LinkType::CUSTOM)
    }

    /// What stands on packets other than the recording has it.
    #[must_use]
    pub fn comments(&self) -> Comments {
        self.remarks.changes()
    }

    /// They were written.
    pub fn comments_saved(&mut self) {
        self.remarks.saved = Some(self.remarks.now.clone());
    }

    /// What is remarked on steps of what is told.
    pub(super) fn flags(&mut self) -> Flags {
        let story = self.shown.story.as_ref().map_or(0, |story| Arc::as_ptr(story) as usize);
        let basis = (self.remarks.changed, story);
        if let Some((known, flags)) = &self.remarks.flags
            && *known == basis
        {
            return Arc::clone(flags);
        }
        let flag = |frame: FrameId| {
            let beat = self.shown.links.of_frame(frame)?;
            Some((beat, format!("Packet {}: {}", frame.number(), self.remarks.words(frame)?)))
        };
        let flags: Flags = self.remarks.frames().filter_map(flag).collect();
        self.remarks.flags = Some((basis, Arc::clone(&flags)));
        flags
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_and_comments_come_and_go_and_what_others_wrote_stays() {
        let mut remarks = Remarks::default();
        let (five, six) = (FrameId(4), FrameId(5));
        remarks.kept.insert(six, vec!["theirs".to_owned(), "second".to_owned()]);
        remarks.now = remarks.kept.clone();
        assert_eq!(remarks.words(six).as_deref(), Some("comment: theirs · second"));
        assert_eq!(remarks.unsaved(), 0);
        remarks.toggle(five);
        remarks.set(five, " why this late? ");
        assert_eq!(remarks.words(five).as_deref(), Some("marked, comment: why this late?"));
        remarks.set(six, "ours");
        assert_eq!(remarks.comment(six).as_deref(), Some("ours · second"));
        assert_eq!(remarks.unsaved(), 2);
        let changes = remarks.changes();
        assert_eq!(changes[&five], ["why this late?", "wirestage.marked"]);
        assert_eq!(changes[&six], ["ours", "second"]);
        remarks.saved = Some(remarks.now.clone());
        assert_eq!(remarks.unsaved(), 0);
        remarks.toggle(five);
        remarks.set(five, "");
        assert_eq!((remarks.words(five), remarks.unsaved()), (None, 1));
        remarks.set(six, "theirs");
        assert!(remarks.changes().is_empty(), "all is as the recording has it");
    }
}
