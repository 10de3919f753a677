//! What is selected, and how one choice leads to all the others.

use std::collections::BTreeSet;
use std::sync::Arc;

use wirestage_dissectors::describe::Dissection;
use wirestage_dissectors::engine::reader::Context;
use wirestage_dissectors::field::FieldId;
use wirestage_dissectors::ids::FrameId;
use wirestage_dissectors::message::Anchor;
use wirestage_dissectors::registry;
use wirestage_dissectors::secret::Secrets;
use wirestage_dissectors::sinks::FieldTree;
use wirestage_dissectors::span::{BufferId, Span};
use wirestage_dissectors::story::BeatId;

use super::details::Details;
use super::{Explore, links};

/// What is selected. All of it is about one frame and, where there is one, one message in it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Selection {
    /// The frame.
    pub frame: Option<FrameId>,
    /// The message, in terms that outlive a reading.
    pub anchor: Option<Anchor>,
    /// The beat that the diagram raises.
    pub beat: Option<BeatId>,
    /// The line of the details.
    pub line: Option<usize>,
    /// The buffer whose bytes are shown.
    pub tab: Option<BufferId>,
    /// The byte that was clicked, within that buffer.
    pub byte: Option<u32>,
    /// Every frame that the beat is made of.
    pub frames: BTreeSet<FrameId>,
    /// The selected field, to be found again when the frame was read again.
    field: Option<(FieldId, Span)>,
}

impl Explore {
    /// A row was chosen: its frame, its beat, and its tree.
    pub(super) fn select_frame(&mut self, frame: FrameId) {
        self.go_to(frame, None);
        self.find_beat();
    }

    /// A message was chosen, which that frame completes.
    pub(super) fn select_message(&mut self, frame: FrameId, anchor: Anchor) {
        self.go_to(frame, Some(anchor));
        self.find_beat();
    }

    /// An arrow or a bead was chosen: its message, frames and bytes.
    pub(super) fn select_beat(&mut self, beat: BeatId) {
        let Some(story) = self.shown.story.clone() else { return };
        let Some((frame, anchor)) = links::target(&story, beat) else { return };
        self.go_to(frame, anchor);
        self.selection.beat = Some(beat);
        self.selection.frames = links::frames(&story, beat);
    }

    /// A line of the details was chosen: its bytes, and the beat of its message.
    pub(super) fn select_line(&mut self, line: usize) {
        let Some(details) = self.details.clone() else { return };
        self.take_line(&details, line);
        self.selection.byte = None;
        if let Some(anchor) = details.message_at(line) {
            self.selection.anchor = Some(anchor);
            self.find_beat();
        }
    }

    /// A byte was chosen: the innermost field around it.
    pub(super) fn select_byte(&mut self, buffer: BufferId, offset: u32) {
        let Some(details) = self.details.clone() else { return };
        if let Some(line) = details.tree.at(buffer, offset) {
            self.select_line(line);
            self.folds.reveal(&details, line);
        }
        self.selection.tab = Some(buffer);
        self.selection.byte = Some(offset);
    }

    /// Goes to a frame, and within it to a message. Its headers are there at once; the reader
    /// brings the rest.
    fn go_to(&mut self, frame: FrameId, anchor: Option<Anchor>) {
        let same = self.selection.frame == Some(frame);
        self.selection.anchor = anchor;
        self.packets.list.reveal(frame);
        if same && let Some(details) = self.details.clone() {
            self.selection.field = None;
            self.settle(&details);
            return;
        }
        self.selection = Selection { frame: Some(frame), anchor, ..Selection::default() };
        self.reader.frame(frame);
        let secrets = Secrets::default();
        let context = Context {
            frames: &*self.ground.recording,
            secrets: &secrets,
            registry: registry::standard(),
        };
        let mut tree = FieldTree::new();
        Dissection::of_headers(context, &self.ground.survey).describe(frame, &mut tree);
        let details = Details::bare(&*self.ground.recording, frame, tree);
        self.selection.tab = details.buffers.first().map(|buffer| buffer.id);
        self.details = Some(Arc::new(details));
    }

    /// A frame was read: what was selected in it is found again.
    pub(super) fn details_came(&mut self, details: Arc<Details>) {
        if self.selection.frame == Some(details.frame) {
            self.settle(&details);
            self.details = Some(details);
            self.raise_found();
        }
    }

    /// Finds the selected field again, else the line of the selected message.
    fn settle(&mut self, details: &Details) {
        let nodes = &details.tree.nodes;
        let field = self.selection.field.and_then(|(field, span)| {
            nodes.iter().position(|node| node.field == Some(field) && node.span == span)
        });
        let line = field.or_else(|| details.line_of(self.selection.anchor?));
        match line {
            Some(line) => {
                self.take_line(details, line);
                self.folds.reveal(details, line);
            }
            None => {
                self.selection.line = None;
                if let Some((_, first)) = details.messages.first() {
                    self.folds.reveal(details, *first);
                }
                let known = self.selection.tab.and_then(|tab| details.buffer(tab));
                let first = known.or(details.buffers.first());
                self.selection.tab = first.map(|buffer| buffer.id);
            }
        }
    }

    fn take_line(&mut self, details: &Details, line: usize) {
        let Some(node) = details.tree.nodes.get(line) else { return };
        self.selection.line = Some(line);
        self.selection.field = node.field.map(|field| (field, node.span));
        if details.buffer(node.span.buffer).is_some() {
            self.selection.tab = Some(node.span.buffer);
        }
    }

    /// Finds the beat of the selected message, else that of the selected frame.
    pub(super) fn find_beat(&mut self) {
        let of_message =
            self.selection.anchor.and_then(|anchor| self.shown.links.of_anchor(anchor));
        let of_frame = || self.selection.frame.and_then(|frame| self.shown.links.of_frame(frame));
        self.selection.beat = of_message.or_else(of_frame);
        self.selection.frames = match (&self.shown.story, self.selection.beat) {
            (Some(story), Some(beat)) => links::frames(story, beat),
            _ => BTreeSet::new(),
        };
    }
}
