//! QUIC for scenarios: both ends by `quinn`, with the TLS of all other scenarios inside.
//!
//! ```text
//!   Client ── one socket ──> Connection ── streams, datagrams ──> Connection <── one socket ── Server
//! ```
//!
//! An end listens to one UDP socket and may hold many connections. What its library returns is what
//! it says; packets, acknowledgements and repetitions are the library's own affair.

mod client;
mod config;
mod connection;
mod mortal;
mod server;

use std::time::Duration;

use quinn::Endpoint;

pub(crate) use client::Client;
pub(crate) use config::{DRAFT_29, Settings};
pub(crate) use connection::Connection;
pub(crate) use server::Server;

/// What the raw scenarios speak inside, as ALPN names it: whatever a stream brings goes back on it.
/// The name is our own.
pub(crate) const ECHO: &[u8] = b"wirestage-echo";

/// Where a server of [`ECHO`] listens: no protocol of ours has a port, and QUIC has none either.
pub(crate) const ECHO_PORT: u16 = 4433;

/// For how long an end waits for what the other may still have to say. The library would wait three
/// seconds after an attempt that was refused, for it has not learnt how far away the server is.
const FAREWELL: Duration = Duration::from_secs(1);

/// Waits until nothing is left of any connection of an end, or long enough.
async fn farewell(endpoint: &Endpoint) {
    let _ = tokio::time::timeout(FAREWELL, endpoint.wait_idle()).await;
}

/// The code with which a client of [`ECHO`] ends a connection that has served its purpose.
pub(crate) const DONE: u32 = 0;
