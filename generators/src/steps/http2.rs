//! The steps of HTTP/2: what its streams carry, and what bounds them.
//!
//! Frames are told where a library tells its caller of them. Acknowledgements of SETTINGS, the
//! pings by which a library times a shutdown and the GOAWAY with which it closes are its own
//! affair.

use super::Step;
use super::streams::{StreamRequest, StreamResponse, request_step, response_step};

/// `http2.settings.sent {…}`: this side's library was told to send these; each by its name, such as
/// `initial_window_size`.
///
/// On the wire: the first SETTINGS of this side that is no acknowledgement.
pub fn http2_settings_sent(settings: impl IntoIterator<Item = (u16, u32)>) -> Step {
    let named = settings.into_iter();
    let facts = named.map(|(id, value)| (crate::names::http2_setting(id), value.to_string()));
    Step { name: "http2.settings.sent", facts: facts.collect() }
}

/// `http2.streams.allowed {most}`: how many streams the server lets the client have open, as the
/// client's library knows it when the first answer has come.
///
/// On the wire: SETTINGS_MAX_CONCURRENT_STREAMS of the server.
pub fn http2_streams_allowed(most: usize) -> Step {
    Step::new("http2.streams.allowed", [("most", most.to_string())])
}

/// `http2.request.sent {stream, method, scheme, authority, path, fields, fields_sha256, body_bytes,
/// body_sha256}`: the client handed a request to its library.
///
/// On the wire: the header list of HEADERS and what continues it, unpacked, and the DATA of the
/// stream.
pub fn http2_request_sent(request: &StreamRequest<'_>) -> Step {
    request_step("http2.request.sent", request)
}

/// `http2.request.received {...}`: the library handed a request to the server. The same facts as
/// [`http2_request_sent`].
pub fn http2_request_received(request: &StreamRequest<'_>) -> Step {
    request_step("http2.request.received", request)
}

/// `http2.response.sent {stream, status, fields, fields_sha256, body_bytes, body_sha256}`: the
/// server handed a response to its library.
///
/// On the wire: as [`http2_request_sent`]. Of a stream that was broken off, what was sent before.
pub fn http2_response_sent(response: &StreamResponse<'_>) -> Step {
    response_step("http2.response.sent", response)
}

/// `http2.response.received {...}`: the library handed a response to the client. The same facts as
/// [`http2_response_sent`].
pub fn http2_response_received(response: &StreamResponse<'_>) -> Step {
    response_step("http2.response.received", response)
}

/// `http2.turns {streams}`: for which streams the server handed pieces of content to its library,
/// one after the other. Said where several answers are under way at once.
///
/// On the wire: the streams of the server's DATA frames, in their order.
pub fn http2_turns(streams: &[u32]) -> Step {
    let streams: Vec<_> = streams.iter().map(u32::to_string).collect();
    Step::new("http2.turns", [("streams", streams.join(","))])
}

/// `http2.window.spent {stream, bytes}`: the server has more for a stream and its library takes no
/// more; `bytes` of its content it has taken.
///
/// On the wire: DATA with which the window of the stream or of the connection comes to nothing, and
/// which is not the last of its stream.
pub fn http2_window_spent(stream: u32, bytes: usize) -> Step {
    stream_step("http2.window.spent", stream, bytes)
}

/// `http2.window.opened {stream, bytes}`: the client, of whose window nothing was left, gave back
/// room for so many bytes; stream 0 is the connection.
///
/// On the wire: a WINDOW_UPDATE for a window that was used up.
pub fn http2_window_opened(stream: u32, bytes: usize) -> Step {
    stream_step("http2.window.opened", stream, bytes)
}

fn stream_step(name: &'static str, stream: u32, bytes: usize) -> Step {
    Step::new(name, [("stream", stream.to_string()), ("bytes", bytes.to_string())])
}

/// `http2.ping.answered {}`: the client's library was sent back the ping that it was told to send.
///
/// On the wire: a PING of the client, and one with the same eight bytes and the flag ACK.
pub fn http2_ping_answered() -> Step {
    Step::new("http2.ping.answered", [])
}

/// `http2.reset.sent {stream, code}`: the client gave a stream up.
///
/// On the wire: RST_STREAM.
pub fn http2_reset_sent(stream: u32, code: &str) -> Step {
    reset("http2.reset.sent", stream, code)
}

/// `http2.reset.received {stream, code}`: the server's library says that the client gave a stream
/// up. The facts of [`http2_reset_sent`].
pub fn http2_reset_received(stream: u32, code: &str) -> Step {
    reset("http2.reset.received", stream, code)
}

fn reset(name: &'static str, stream: u32, code: &str) -> Step {
    Step::new(name, [("stream", stream.to_string()), ("code", code.to_owned())])
}

/// `http2.goaway.sent {code}`: the server told its library to take leave in order.
///
/// On the wire: a GOAWAY that names the highest stream there is (RFC 9113, section 6.8).
pub fn http2_goaway_sent(code: &str) -> Step {
    Step::new("http2.goaway.sent", [("code", code.to_owned())])
}

/// `http2.goaway.received {code}`: the client wanted to open another stream, and its library
/// refused, for the server has taken leave. The facts of [`http2_goaway_sent`].
pub fn http2_goaway_received(code: &str) -> Step {
    Step::new("http2.goaway.received", [("code", code.to_owned())])
}

/// `http2.push.promised {stream, promised, path}`: the server's library took a promise on `stream`.
///
/// On the wire: PUSH_PROMISE.
pub fn http2_push_promised(stream: u32, promised: u32, path: &str) -> Step {
    push("http2.push.promised", stream, promised, path)
}

/// `http2.push.received {stream, promised, path}`: the library handed a promise to the client. The
/// facts of [`http2_push_promised`].
pub fn http2_push_received(stream: u32, promised: u32, path: &str) -> Step {
    push("http2.push.received", stream, promised, path)
}

fn push(name: &'static str, stream: u32, promised: u32, path: &str) -> Step {
    Step::new(
        name,
        [
            ("stream", stream.to_string()),
            ("promised", promised.to_string()),
            ("path", path.to_owned()),
        ],
    )
}

/// `http2.push.refused {stream, because}`: the server's library refused to promise anything on
/// `stream`, and said why.
///
/// On the wire: the client's SETTINGS_ENABLE_PUSH of 0 before the request, and no PUSH_PROMISE
/// behind it. The reason is [`PUSH_DISABLED`].
pub fn http2_push_refused(stream: u32, because: &str) -> Step {
    Step::new(
        "http2.push.refused",
        [("stream", stream.to_string()), ("because", because.to_owned())],
    )
}

/// What `h2` says where a client wants no pushed answers.
pub const PUSH_DISABLED: &str = "user error: sending PUSH_PROMISE to peer who disabled server push";
