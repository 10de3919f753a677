//! Real clients and servers, one scenario each, that talk to each other so that the wire can be
//! recorded.
//!
//! A [`Scenario`] is a short play with a fixed cast: a client, a server, sometimes more. The caller
//! builds a [`Stage`] for it (addresses, ports, knobs, where keys and marks go), runs it, and gets
//! a [`Transcript`]: what each side believes it did, in a small fixed vocabulary that can be
//! checked against the recorded bytes.
//!
//! ```
//! use wirestage_generators::{Stage, find};
//!
//! let scenario = find("udp-echo").expect("it is in the catalogue");
//! let stage = Stage::builder(scenario).build()?;
//! let transcript = (scenario.run)(&stage)?;
//! assert!(transcript.entries.iter().any(|entry| entry.step == "udp.received"));
//! # Ok::<(), wirestage_generators::Failure>(())
//! ```
//!
//! To learn a protocol, read its file in [`mod@scenarios`]: the client and the server stand there
//! in full, one after the other. The files beside it are the theatre: [`mod@stage`] (what a
//! scenario is given), `actor` (one role at work), `perform` (a thread and a runtime for each role)
//! and [`mod@steps`] (the words of the transcript).
//!
//! This crate knows nothing of captures, dissection or screens.

#![forbid(unsafe_code)]
#![cfg_attr(not(test), warn(clippy::fn_params_excessive_bools, clippy::too_many_lines))]

mod actor;
mod amqp;
mod chargen;
mod counted;
mod digest;
mod dns;
mod each;
mod echo;
mod events;
mod exec;
mod failure;
mod grpc;
mod http2;
mod http3;
mod https;
mod icmp;
mod kernel;
mod keys;
mod lent;
mod marks;
mod mqtt;
pub mod names;
mod nss;
mod openssl;
mod perform;
mod proxy;
mod quic;
mod scenario;
pub mod scenarios;
mod signal;
pub mod stage;
pub mod steps;
mod streamed;
mod tls;
mod transcript;
mod turns;
mod web;
mod websocket;

pub use failure::Failure;
pub use keys::KeySink;
pub use marks::{Mark, MarkSink};
pub use scenario::{Group, Knob, Link, Role, RoleKind, Scenario};
pub use signal::StopSignal;
pub use stage::{Door, Guest, PortPolicy, Stage, StageBuilder};
pub use transcript::{Entry, Facts, Transcript};

/// The catalogue, in teaching order. A new scenario is a module and a line here.
pub static SCENARIOS: &[&Scenario] = &[
    &scenarios::udp_echo::SCENARIO,
    &scenarios::udp_unreachable::SCENARIO,
    &scenarios::udp_fragments::SCENARIO,
    &scenarios::arp_gateway::SCENARIO,
    &scenarios::icmp_ping::SCENARIO,
    &scenarios::icmp_traceroute::SCENARIO,
    &scenarios::path_mtu::SCENARIO,
    &scenarios::tcp_lifecycle::SCENARIO,
    &scenarios::tcp_simultaneous_open::SCENARIO,
    &scenarios::tcp_refused::SCENARIO,
    &scenarios::tcp_abort::SCENARIO,
    &scenarios::tcp_half_close::SCENARIO,
    &scenarios::tcp_zero_window::SCENARIO,
    &scenarios::tcp_keepalive::SCENARIO,
    &scenarios::tcp_idle_forgotten::SCENARIO,
    &scenarios::tcp_nagle::SCENARIO,
    &scenarios::tcp_fast_open::SCENARIO,
    &scenarios::tcp_loss_recovery::SCENARIO,
    &scenarios::tcp_slow_start::SCENARIO,
    &scenarios::tcp_ports_exhausted::SCENARIO,
    &scenarios::dns_lookup::SCENARIO,
    &scenarios::dns_over_tcp::SCENARIO,
    &scenarios::dns_over_tls::SCENARIO,
    &scenarios::dns_over_https::SCENARIO,
    &scenarios::tls12_full::SCENARIO,
    &scenarios::tls12_resumption::SCENARIO,
    &scenarios::tls12_mtls::SCENARIO,
    &scenarios::tls12_rsa::SCENARIO,
    &scenarios::tls12_renegotiation::SCENARIO,
    &scenarios::tls13_full::SCENARIO,
    &scenarios::tls13_hello_retry::SCENARIO,
    &scenarios::tls13_resumption::SCENARIO,
    &scenarios::tls13_0rtt::SCENARIO,
    &scenarios::tls13_mtls::SCENARIO,
    &scenarios::tls13_key_update::SCENARIO,
    &scenarios::tls13_hybrid_pq::SCENARIO,
    &scenarios::tls13_ech::SCENARIO,
    &scenarios::tls13_ech_accepted::SCENARIO,
    &scenarios::tls13_cert_compression::SCENARIO,
    &scenarios::tls_ocsp_stapling::SCENARIO,
    &scenarios::tls_failures::SCENARIO,
    &scenarios::https_tls12::SCENARIO,
    &scenarios::https_tls13::SCENARIO,
    &scenarios::https_tfo_tls13::SCENARIO,
    &scenarios::https_tls13_0rtt::SCENARIO,
    &scenarios::https_quic::SCENARIO,
    &scenarios::https_quic_0rtt::SCENARIO,
    &scenarios::http10_close::SCENARIO,
    &scenarios::http1_keepalive::SCENARIO,
    &scenarios::http1_pipelining::SCENARIO,
    &scenarios::http1_chunked::SCENARIO,
    &scenarios::http1_expect_continue::SCENARIO,
    &scenarios::http2_prior_knowledge::SCENARIO,
    &scenarios::http2_multiplexing::SCENARIO,
    &scenarios::http2_flow_control::SCENARIO,
    &scenarios::http2_control::SCENARIO,
    &scenarios::http2_server_push::SCENARIO,
    &scenarios::http_graceful_shutdown::SCENARIO,
    &scenarios::http3_get::SCENARIO,
    &scenarios::http3_multiplexing::SCENARIO,
    &scenarios::hol_blocking_http2::SCENARIO,
    &scenarios::hol_blocking_http3::SCENARIO,
    &scenarios::quic_1rtt::SCENARIO,
    &scenarios::quic_0rtt::SCENARIO,
    &scenarios::quic_retry::SCENARIO,
    &scenarios::quic_version_negotiation::SCENARIO,
    &scenarios::quic_key_update::SCENARIO,
    &scenarios::quic_migration::SCENARIO,
    &scenarios::quic_datagrams::SCENARIO,
    &scenarios::quic_close::SCENARIO,
    &scenarios::grpc_unary::SCENARIO,
    &scenarios::grpc_server_stream::SCENARIO,
    &scenarios::grpc_client_stream::SCENARIO,
    &scenarios::grpc_bidi::SCENARIO,
    &scenarios::grpc_deadline::SCENARIO,
    &scenarios::websocket_chat::SCENARIO,
    &scenarios::websocket_deflate::SCENARIO,
    &scenarios::pattern_request_response::SCENARIO,
    &scenarios::pattern_sync_async::SCENARIO,
    &scenarios::pattern_push::SCENARIO,
    &scenarios::pattern_short_polling::SCENARIO,
    &scenarios::pattern_long_polling::SCENARIO,
    &scenarios::pattern_server_sent_events::SCENARIO,
    &scenarios::pattern_token_stream::SCENARIO,
    &scenarios::pattern_publish_subscribe::SCENARIO,
    &scenarios::pattern_work_queue::SCENARIO,
    &scenarios::pattern_multiplexing_pooling::SCENARIO,
    &scenarios::pattern_stateful_stateless::SCENARIO,
    &scenarios::exec_accept_queue::SCENARIO,
    &scenarios::exec_socket_buffers::SCENARIO,
    &scenarios::exec_single_thread::SCENARIO,
    &scenarios::exec_thread_per_connection::SCENARIO,
    &scenarios::exec_event_loop::SCENARIO,
    &scenarios::exec_idempotency::SCENARIO,
    &scenarios::proxy_sni::SCENARIO,
    &scenarios::balancer_l4_l7::SCENARIO,
];

/// The scenario called `name` in the catalogue, such as `tls13-full`.
pub fn find(name: &str) -> Option<&'static Scenario> {
    SCENARIOS.iter().copied().find(|scenario| scenario.name == name)
}
