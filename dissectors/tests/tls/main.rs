//! TLS read end to end: bytes in frames, through the reader, to messages and plaintexts.

mod carried;
mod carrier;
mod feed;
mod fragments;
mod hostile;
mod live;
mod openssl;
mod places;
mod rfc8448;
mod sample;
mod spans;
mod telling;
mod vector;

#[path = "../../../tests/src/skip.rs"]
mod skip;
