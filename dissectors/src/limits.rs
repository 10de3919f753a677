//! Every bound on what hostile bytes can make us keep or do, with its reason.

/// Layers inside layers (TLS in CONNECT in TLS …). Real stacks stay below six.
pub const MAX_DEPTH: usize = 12;

/// Unread bytes one direction of a layer may hold back while its session waits for more.
/// The largest thing waited for is a TLS handshake message or an HTTP head.
pub const MAX_INBOX: usize = 1 << 20;

/// Bytes of one TLS handshake message that are kept; longer ones are passed over. Certificate chains
/// of the web stay below 20 kB, and OpenSSL takes no certificate message above 100 kB.
pub const MAX_HANDSHAKE: usize = 1 << 18;

/// Segments held back behind a hole in one direction before the hole is declared a gap.
pub const MAX_PENDING_SEGMENTS: usize = 4096;

/// Layers of one connection (an HTTP/2 stream is one). Past it, further ones stay unread.
pub const MAX_LAYERS: usize = 1 << 22;

/// Messages of one connection that may be open at once; the oldest is closed beyond it.
pub const MAX_OPEN_MESSAGES: usize = 1 << 12;

/// Pieces of one body that are remembered: 1 MiB of loopback segments, or 20 MB of Ethernet ones.
pub const MAX_COLLECTED_PIECES: usize = 1 << 14;

/// Bytes of one body that are remembered for looking at.
pub const MAX_COLLECTED: u64 = 16 << 20;

/// Bytes one content decoding may give, however small its input.
pub const MAX_DECODED: usize = 16 << 20;

/// Bytes one join may copy together: a collected body and its framing.
pub const MAX_JOINED: u64 = MAX_COLLECTED + MAX_INBOX as u64;

/// How deep recipes may rest on recipes when bytes are derived again.
pub const MAX_RECIPE_DEPTH: usize = 16;

/// Secrets one connection may ask for in vain before it stops remembering what it misses.
pub const MAX_WANTS: usize = 16;

/// Messages that may carry attachments in one stretch.
pub const MAX_ATTACHMENTS: usize = 1 << 20;

/// IP fragments waiting for the rest of their datagram, over the whole recording.
pub const MAX_FRAGMENTS: usize = 1 << 16;

/// Extension headers or tags before the transport header.
pub const MAX_HEADERS: usize = 16;

/// Connections one story tells of. A diagram of more lifelines than this is no diagram.
pub const MAX_STORY_CONNECTIONS: usize = 256;

/// Messages and control segments one story tells of; what comes later stays untold, and the
/// story says so.
pub const MAX_STORY_MESSAGES: usize = 1 << 14;

/// Packets of one flight that stand in a story singly; all of them are counted.
pub const MAX_STORY_PACKETS: usize = 256;
