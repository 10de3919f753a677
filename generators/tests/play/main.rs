//! Plays every scenario for real, on the host's loopback with free ports, and checks what each role
//! says.

mod common;
mod dns;
mod events;
mod exec;
mod grpc;
mod http;
mod http2;
mod http3;
mod keys;
mod patterns;
mod quic;
#[path = "../../../tests/src/skip.rs"]
mod skip;
mod stage;
mod tls;
mod transport;
mod websocket;
