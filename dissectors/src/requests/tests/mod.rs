//! Requests over connections made by hand, each row in a line.

mod http;
mod http2;
mod stage;
