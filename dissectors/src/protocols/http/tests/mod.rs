//! Tests of HTTP/1.x over whole connections: what is read, described and told.

mod bodies;
mod doubts;
mod fields;
mod framing;
mod pairing;
mod robust;
mod sentences;
mod whole;
