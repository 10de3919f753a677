//! Whatever crosses the borders between the crates, in one program: it is linked once, and its
//! tests share the machine's cores.

mod architecture;
mod cli;
mod compare;
mod decoding;
mod diagram;
mod filtering;
mod filters;
mod following;
mod foreign_quic;
mod graphs;
mod key_schedule;
mod lessons;
mod link;
mod lost;
mod names;
mod numbers;
mod overview;
mod pictures;
mod private_keys;
mod programs;
mod programs_seen;
mod qlog;
mod quic_fields;
mod readme;
mod referee;
mod requests;
mod robustness;
mod rows;
mod scapy;
mod schema;
mod several;
mod streams;
mod transport_seen;
mod usage;
mod verdicts;
