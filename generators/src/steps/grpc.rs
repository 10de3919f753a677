//! The steps of gRPC: calls, messages, and how calls went.
//!
//! The libraries tell their callers of calls and not of streams, so the frames below are not told.

use super::Step;
use crate::digest;

/// `grpc.call.sent {method, timeout}`: the client began a call; `timeout` is how long it waits, as
/// it stands in the header field, where that is limited.
///
/// On the wire: a request of HTTP/2 with the content type of gRPC, and its `:path` and
/// `grpc-timeout`.
pub fn grpc_call_sent(method: &str, timeout: Option<&str>) -> Step {
    call("grpc.call.sent", method, timeout)
}

/// `grpc.call.received {method, timeout}`: the library handed a call to the server. The facts of
/// [`grpc_call_sent`].
pub fn grpc_call_received(method: &str, timeout: Option<&str>) -> Step {
    call("grpc.call.received", method, timeout)
}

fn call(name: &'static str, method: &str, timeout: Option<&str>) -> Step {
    let step = Step::new(name, [("method", method.to_owned())]);
    step.maybe("timeout", timeout.map(str::to_owned))
}

/// `grpc.message.sent {bytes, sha256}`: a message was handed to the library, which packs it as
/// here.
///
/// On the wire: a message behind its five bytes of flag and length.
pub fn grpc_message_sent(message: &[u8]) -> Step {
    self::message("grpc.message.sent", message)
}

/// `grpc.message.received {bytes, sha256}`: the library handed a message over. The facts of
/// [`grpc_message_sent`].
pub fn grpc_message_received(message: &[u8]) -> Step {
    self::message("grpc.message.received", message)
}

fn message(name: &'static str, message: &[u8]) -> Step {
    Step::new(name, [("bytes", message.len().to_string()), ("sha256", digest::sha256(message))])
}

/// `grpc.status.sent {code, message}`: the server's method ended so.
///
/// On the wire: `grpc-status` and `grpc-message`, in the trailers, or in the head of a response
/// without content.
pub fn grpc_status_sent(code: &str, message: Option<&str>) -> Step {
    status("grpc.status.sent", code, message)
}

/// `grpc.status.received {code, message}`: the client's library returned this. The facts of
/// [`grpc_status_sent`].
pub fn grpc_status_received(code: &str, message: Option<&str>) -> Step {
    status("grpc.status.received", code, message)
}

/// `grpc.given-up {code, message}`: the time for a call was over, and the client's library returned
/// this in place of an answer. No server sent it.
///
/// On the wire: RST_STREAM of the client with CANCEL, for a call with a `grpc-timeout`. The message
/// is [`TIMED_OUT`].
pub fn grpc_given_up(code: &str, message: Option<&str>) -> Step {
    status("grpc.given-up", code, message)
}

/// What `tonic` says of a call whose time is over.
pub const TIMED_OUT: &str = "Timeout expired";

fn status(name: &'static str, code: &str, message: Option<&str>) -> Step {
    let step = Step::new(name, [("code", code.to_owned())]);
    step.maybe("message", message.map(str::to_owned))
}

/// `grpc.call.dropped {}`: the server's library dropped the method that was working on a call, for
/// the client no longer wants the answer.
///
/// On the wire: as [`grpc_given_up`].
pub fn grpc_call_dropped() -> Step {
    Step::new("grpc.call.dropped", [])
}
