//! Both ends of a connection that carries data before its handshake is complete (RFC 9846, section
//! 2.3).
//!
//! Whoever uses such an end reads and writes, and the handshake goes on beneath. Each says what
//! came of it as soon as it is complete.

mod client;
mod server;

pub(crate) use client::EarlyClientEnd;
pub(crate) use server::EarlyServerEnd;
