//! What the frames around a frame say about it: what its headers mean and do not say.

use super::{Dissection, Read};
use crate::engine::tcp::Analysis;
use crate::engine::view::View;
use crate::frames::first_time;
use crate::headers::{HeaderContext, Joined};
use crate::ids::FrameId;
use crate::message::Message;
use crate::protocols::tcp;
use crate::span::Span;
use crate::survey::Transport;

impl<'a> Dissection<'a> {
    /// What it is to those before it, in numbers.
    pub(super) fn analysis(&self, frame: FrameId) -> Option<Analysis> {
        let (message, view) = self.first(frame)?;
        tcp::analysis(message, &view)
    }

    /// The first message that a frame completes: its segment, where it is one, which is announced
    /// before whatever it carries.
    pub(super) fn first(&self, frame: FrameId) -> Option<(&'a Message, View<'a>)> {
        match self.read {
            Read::Nothing => None,
            Read::Window(window) => window.messages(frame, self.context).next(),
            Read::Held(held) => {
                let view = held.view(self.context.frames);
                held.completed_by(frame).next().map(|message| (message, view))
            }
        }
    }

    /// What the frames around one say about it.
    pub(super) fn header_context(&self, id: FrameId, times: bool) -> HeaderContext {
        let time = |frame: FrameId| {
            let frame = times.then(|| self.context.frames.frame(frame));
            frame.and_then(|frame| frame.time.known())
        };
        let first = || first_time(self.context.frames);
        let context = HeaderContext {
            first_time: times.then(first).flatten(),
            previous_time: id.0.checked_sub(1).and_then(|previous| time(FrameId(previous))),
            ..HeaderContext::default()
        };
        let Some(row) = self.survey.row(id) else { return context };
        let Some(flow) = self.survey.flow(row.flow) else { return context };
        let tcp = flow.key.transport == Transport::Tcp;
        HeaderContext {
            stream: Some(flow.stream),
            direction: Some(row.direction()),
            flow_first_time: time(flow.first),
            flow_previous_time: row.prev.some().and_then(time),
            base_seq: flow.numbers.bases(),
            window_scale: flow.scales(),
            completeness: tcp.then(|| flow.digest.completeness(id)),
            segment: tcp.then(|| self.segment(id)),
            duplicate: row.is_duplicate(),
            own: self.own(id, row.transport_at(flow.key.transport)),
            ..context
        }
    }

    /// Where the header of a frame's own transport begins: in the frame, or in a datagram that it
    /// makes whole.
    fn own(&self, id: FrameId, at: u16) -> Option<Span> {
        let span = Span::frame(id, at.into(), 0);
        let Some(whole) = self.survey.reassembled(id) else { return Some(span) };
        let buffer = Joined::buffer(whole.datagrams.len().checked_sub(1)?);
        Some(Span { buffer, start: whole.transport_at, len: 0 })
    }

    /// The datagrams that a frame, as their last fragment, makes whole.
    pub(super) fn joined(&self, id: FrameId) -> Vec<Joined<'_>> {
        let whole = self.survey.reassembled(id);
        let datagrams = whole.iter().flat_map(|whole| &whole.datagrams);
        datagrams.map(|datagram| datagram.join(self.context.frames)).collect()
    }
}
