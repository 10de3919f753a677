//! The steps of server-sent events: each event, as both sides see it.

use super::Step;

/// An event in the terms both sides and the wire share.
#[derive(Clone, Copy, Debug)]
pub struct Event<'a> {
    /// Its id.
    pub id: &'a str,
    /// Its type.
    pub kind: &'a str,
    /// What it is about.
    pub data: &'a str,
}

/// `sse.sent {id, kind, data}`: the server handed an event to its library.
///
/// On the wire: the lines of one event in the content of an answer, in either order.
pub fn sse_sent(event: Event<'_>) -> Step {
    step("sse.sent", event)
}

/// `sse.received {id, kind, data}`: the client read an event. The facts of [`sse_sent`].
pub fn sse_received(event: Event<'_>) -> Step {
    step("sse.received", event)
}

fn step(name: &'static str, Event { id, kind, data }: Event<'_>) -> Step {
    Step::new(name, [("id", id), ("kind", kind), ("data", data)].map(|(k, v)| (k, v.to_owned())))
}
