//! Which drawn beat stands for a beat of the story, at whatever level is drawn, and which one is
//! next to it.

use std::sync::Arc;

use wirestage_dissectors::story::{BeatId, Level, Story};

use super::scene::{BeatBox, Scene};

/// To which neighbour one goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Towards {
    /// To the one behind.
    Next,
    /// To the one before.
    Previous,
}

/// Whether two stories tell the same, folded differently at most.
pub(super) fn is_retold(a: &Arc<Story>, b: &Arc<Story>) -> bool {
    let size = |story: &Story| (story.beats.len(), story.packets, story.bytes);
    Arc::ptr_eq(a, b) || (size(a), &a.title, &a.cast) == (size(b), &b.title, &b.cast)
}

/// The drawn beat that shows a beat: itself, or what it is part of.
pub(super) fn showing(scene: &Scene, story: &Story, id: BeatId) -> Option<BeatId> {
    let mut around = Some(id);
    while let Some(beat) = around {
        if scene.beat(beat).is_some() {
            return Some(beat);
        }
        around = story.beat(beat)?.parent;
    }
    None
}

/// The drawn beat nearest to a height.
pub(super) fn nearest(scene: &Scene, y: f32) -> Option<&BeatBox> {
    let beats = scene.beats();
    let after = beats.partition_point(|drawn| drawn.bounds.bottom < y);
    beats.get(after).or(beats.last())
}

/// What shows a beat of another level in this scene: what it is part of, or its first part.
pub(super) fn counterpart<'s>(scene: &'s Scene, story: &Story, id: BeatId) -> Option<&'s BeatBox> {
    if let Some(shown) = showing(scene, story, id) {
        return scene.beat(shown);
    }
    let within = |drawn: &&BeatBox| {
        let mut around = story.beat(drawn.beat).and_then(|beat| beat.parent);
        while let Some(beat) = around {
            if beat == id {
                return true;
            }
            around = story.beat(beat).and_then(|beat| beat.parent);
        }
        false
    };
    scene.beats().iter().find(within)
}

/// The message after or before the selected one on its arrow, or its first one.
pub(super) fn bead(story: &Story, selected: BeatId, towards: Towards) -> Option<BeatId> {
    let beat = story.beat(selected)?;
    if beat.level < Level::Message {
        let found = story.children(Some(selected)).find(|(_, beat)| beat.level == Level::Message);
        return found.map(|(id, _)| id);
    }
    let siblings: Vec<BeatId> = story
        .children(beat.parent)
        .filter(|(_, sibling)| sibling.level == beat.level)
        .map(|(id, _)| id)
        .collect();
    let at = siblings.iter().position(|id| *id == selected)?;
    let wanted = match towards {
        Towards::Next => at + 1,
        Towards::Previous => at.checked_sub(1)?,
    };
    siblings.get(wanted).copied()
}
