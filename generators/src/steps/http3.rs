//! The steps of HTTP/3: what its request streams carry. What lies below is told by the steps of
//! QUIC.

use super::Step;
use super::streams::{StreamRequest, StreamResponse, request_step, response_step};

/// `http3.request.sent {stream, method, scheme, authority, path, fields, fields_sha256, body_bytes,
/// body_sha256}`: the client handed a request to its library.
///
/// On the wire: the header section of HEADERS, unpacked, and the DATA of the stream.
pub fn http3_request_sent(request: &StreamRequest<'_>) -> Step {
    request_step("http3.request.sent", request)
}

/// `http3.request.received {...}`: the library handed a request to the server. The same facts as
/// [`http3_request_sent`].
pub fn http3_request_received(request: &StreamRequest<'_>) -> Step {
    request_step("http3.request.received", request)
}

/// `http3.response.sent {stream, status, fields, fields_sha256, body_bytes, body_sha256}`: the
/// server handed a response to its library.
///
/// On the wire: as [`http3_request_sent`].
pub fn http3_response_sent(response: &StreamResponse<'_>) -> Step {
    response_step("http3.response.sent", response)
}

/// `http3.response.received {...}`: the library handed a response to the client. The same facts as
/// [`http3_response_sent`].
pub fn http3_response_received(response: &StreamResponse<'_>) -> Step {
    response_step("http3.response.received", response)
}
