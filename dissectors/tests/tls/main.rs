//! TLS read end to end: bytes in frames, through the reader, to messages and plaintexts.

mod feed;
mod rfc8448;
