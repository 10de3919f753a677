//! Holds fields of HTTP/1, HTTP/2, gRPC, Protocol Buffers and WebSocket against what tshark 4.6
//! says of samples, and of a recording that was made for it (`referee/requests/record.py`): it says
//! each header field and each frame twice, with values that differ.

use crate::newer::{Set, samples_that};
use wirestage_tests::root;

/// The samples that are asked about.
const SAMPLES: &[&str] = &[
    "dns-over-https",
    "grpc-bidi",
    "grpc-client-stream",
    "grpc-deadline",
    "grpc-server-stream",
    "grpc-unary",
    "http1-chunked",
    "http1-keepalive",
    "http2-control",
    "http2-flow-control",
    "http2-multiplexing",
    "http2-prior-knowledge",
    "http2-server-push",
    "websocket-chat",
    "websocket-deflate",
];

#[test]
fn fields_of_requests_are_what_tshark_4_6_says() {
    let mut recordings = samples_that(|name| SAMPLES.contains(&name));
    let made = root().join("tests/referee/requests/recording.pcapng");
    recordings.push(("recording".to_owned(), made));
    let set =
        Set { folder: "requests", recordings, unlike: &[], fewest: 185, fewest_with_two: 170 };
    set.hold("fields_of_requests_are_what_tshark_4_6_says");
}
