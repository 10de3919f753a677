//! Describes frames: their headers, then the messages they complete.

use crate::engine::conversation::Held;
use crate::engine::reader::Context;
use crate::engine::sweep::Window;
use crate::engine::tcp::Segment;
use crate::engine::view::View;
use crate::field::{FieldId, Value};
use crate::ids::FrameId;
use crate::message::Message;
use crate::sink::Sink;
use crate::survey::Survey;

/// Frames that can be described: those of a sweep's window, or of a stretch that is looked at.
#[derive(Clone, Copy)]
pub struct Scene<'a> {
    context: Context<'a>,
    survey: &'a Survey,
    read: Read<'a>,
}

/// Where messages come from.
#[derive(Clone, Copy)]
enum Read<'a> {
    /// Nowhere: headers only.
    Nothing,
    Window(&'a Window),
    Held(&'a Held),
}

impl<'a> Scene<'a> {
    /// The frames of a window.
    #[must_use]
    pub const fn of_window(context: Context<'a>, survey: &'a Survey, window: &'a Window) -> Self {
        Self { context, survey, read: Read::Window(window) }
    }

    /// The frames of a stretch.
    #[must_use]
    pub const fn of_stretch(context: Context<'a>, survey: &'a Survey, held: &'a Held) -> Self {
        Self { context, survey, read: Read::Held(held) }
    }

    /// Any frame, as far as its own bytes tell.
    #[must_use]
    pub const fn of_headers(context: Context<'a>, survey: &'a Survey) -> Self {
        Self { context, survey, read: Read::Nothing }
    }

    /// What reading needs to know of its surroundings.
    #[must_use]
    pub const fn context(&self) -> Context<'a> {
        self.context
    }

    /// The survey.
    #[must_use]
    pub const fn survey(&self) -> &'a Survey {
        self.survey
    }

    /// The messages that a frame completed, in the order of their completion.
    #[must_use]
    pub fn messages(&self, frame: FrameId) -> Vec<(&'a Message, View<'a>)> {
        match self.read {
            Read::Nothing => Vec::new(),
            Read::Window(window) => window.messages(frame, self.context).collect(),
            Read::Held(held) => {
                let view = held.view(self.context.frames);
                held.completed_by(frame).map(|message| (message, view)).collect()
            }
        }
    }

    /// What a frame's segment was to its stream.
    #[must_use]
    pub fn segment(&self, frame: FrameId) -> Segment {
        match self.read {
            Read::Nothing => Segment::Plain,
            Read::Window(window) => window.segment(frame),
            Read::Held(held) => held.conversation().segment(frame),
        }
    }

    /// Describes a frame: its headers, then every message that it completes, parts inside what
    /// they are part of.
    pub fn describe(&self, id: FrameId, sink: &mut dyn Sink) {
        self.headers(id, sink);
        let messages = self.messages(id);
        for (message, view) in &messages {
            let here = |(other, _): &(&Message, View<'_>)| other.id == message.parent;
            if !sink.is_done() && !messages.iter().any(here) {
                describe_message(message, view, &messages, sink);
            }
        }
    }

    fn headers(&self, _id: FrameId, _sink: &mut dyn Sink) {}
}

/// Describes a message within its protocol's group, then the messages that are part of it.
fn describe_message(
    message: &Message,
    view: &View<'_>,
    all: &[(&Message, View<'_>)],
    sink: &mut dyn Sink,
) {
    let Some(layer) = view.layer(message.layer) else { return };
    let protocol = layer.protocol.get();
    let group = FieldId::group(layer.protocol);
    sink.open(group, Value::None, message.span);
    protocol.describe(message, view, sink);
    for (part, view) in all.iter().filter(|(part, _)| part.parent == message.id) {
        if sink.is_done() {
            break;
        }
        view_part(part, view, sink);
    }
    sink.close();
}

fn view_part(part: &Message, view: &View<'_>, sink: &mut dyn Sink) {
    if let Some(layer) = view.layer(part.layer) {
        layer.protocol.get().describe(part, view, sink);
    }
}
