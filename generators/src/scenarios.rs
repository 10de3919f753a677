//! The scenarios themselves, each to be read as a text: first what is shown, then the server, then
//! the client.

pub mod dns_lookup;
pub mod dns_over_tcp;
pub mod grpc_bidi;
pub mod grpc_client_stream;
pub mod grpc_deadline;
pub mod grpc_server_stream;
pub mod grpc_unary;
pub mod http10_close;
pub mod http1_chunked;
pub mod http1_expect_continue;
pub mod http1_keepalive;
pub mod http1_pipelining;
pub mod http2_control;
pub mod http2_flow_control;
pub mod http2_multiplexing;
pub mod http2_prior_knowledge;
pub mod http2_server_push;
pub mod tcp_lifecycle;
pub mod tcp_loss_recovery;
pub mod tcp_refused;
pub mod tls12_full;
pub mod tls13_full;
pub mod udp_echo;
pub mod websocket_chat;
pub mod websocket_deflate;
