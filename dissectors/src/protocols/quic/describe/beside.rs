//! Says what a packet is to those before it.

use super::super::facts::{Again, Facts, Flow, News};
use super::super::fields as f;
use crate::field::Value;
use crate::ids::FrameId;
use crate::sink::Sink;
use crate::span::Span;

/// Describes what is kept beside a packet.
pub(super) fn describe(facts: &Facts, sink: &mut dyn Sink) {
    // What is there for its telling alone has no fields.
    let Facts { asks, is_to_preferred, is_http3, idle, .. } = *facts;
    if *facts == (Facts { asks, is_to_preferred, is_http3, idle, ..Facts::default() }) {
        return;
    }
    sink.open(f::ANALYSIS, Value::None, Span::NONE);
    if facts.is_copy {
        sink.field(f::COPY, Value::None, Span::NONE);
    }
    if let Some(news) = &facts.news {
        self::news(news, sink);
    }
    if let Some(again) = &facts.again {
        self::again(again, sink);
    }
    if facts.fills_hole {
        sink.field(f::FILLS, Value::None, Span::NONE);
    }
    if let Some(silence) = facts.probes {
        sink.field(f::PROBES_AFTER, Value::Nanos(silence), Span::NONE);
    }
    if let Some(flow) = facts.flow {
        self::flow(flow, sink);
    }
    if let Some(held) = facts.held {
        sink.field(f::HELD_SENT, Value::Unsigned(held.sent), Span::NONE);
        sink.field(f::HELD_CAME, Value::Unsigned(held.came), Span::NONE);
        sink.field(f::HELD_FOR, Value::Nanos(held.waited), Span::NONE);
    }
    if let Some(since) = facts.spun {
        sink.field(f::SPIN_PERIOD, Value::Nanos(since), Span::NONE);
    }
    sink.close();
}

fn frame(frame: FrameId) -> Value<'static> {
    Value::Unsigned(frame.number().into())
}

fn news(news: &News, sink: &mut dyn Sink) {
    sink.field(f::ACKS_FRAME, frame(news.largest.frame), Span::NONE);
    sink.field(f::NEWLY_ACKED, Value::Unsigned(news.count.into()), Span::NONE);
    if let Some(sample) = news.sample {
        sink.field(f::ACK_RTT, Value::Nanos(sample.latest), Span::NONE);
        sink.field(f::ACK_HELD_BACK, Value::Nanos(sample.delay), Span::NONE);
        sink.field(f::SMOOTHED_RTT, Value::Nanos(sample.smoothed), Span::NONE);
    }
    if let Some(gap) = news.gap {
        sink.field(f::MISSING, Value::Unsigned(gap.count), Span::NONE);
    }
    for lost in &news.lost {
        sink.field(f::LOST_NUMBER, Value::Unsigned(lost.packet.number), Span::NONE);
        sink.field(f::LOST_FRAME, frame(lost.packet.frame), Span::NONE);
    }
    for late in &news.late {
        sink.field(f::SPURIOUS_FRAME, frame(late.frame), Span::NONE);
    }
}

fn again(again: &Again, sink: &mut dyn Sink) {
    for before in &again.before {
        sink.field(f::AGAIN_FRAME, frame(before.frame), Span::NONE);
    }
    sink.field(f::AGAIN_AFTER, Value::Nanos(again.after), Span::NONE);
    sink.field(f::AGAIN_CAUSE, Value::Unsigned(again.cause.number()), Span::NONE);
}

fn flow(flow: Flow, sink: &mut dyn Sink) {
    let (room, waited) = match flow {
        Flow::UsedUp { room, .. } => (Some(room), None),
        Flow::Blocked { room, .. } => (room, None),
        Flow::GoesOn { room, waited, .. } => (Some(room), Some(waited)),
    };
    if let Some(room) = room {
        sink.field(f::WINDOW_BEFORE, Value::Signed(room.before), Span::NONE);
        sink.field(f::WINDOW_AFTER, Value::Signed(room.after), Span::NONE);
    }
    if let Some(waited) = waited {
        sink.field(f::WINDOW_WAITED, Value::Nanos(waited), Span::NONE);
    }
}
