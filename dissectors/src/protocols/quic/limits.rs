//! Bounds of QUIC and nobody else, each with its reason.

/// Streams of one QUIC connection that are known, ended ones among them; the first that has ended
/// is forgotten beyond it, and what would still come of it would be read anew.
pub(super) const MAX_QUIC_STREAMS: usize = 1 << 14;

/// Pieces of one QUIC stream that may wait behind a hole before that is declared a gap.
pub(super) const MAX_STREAM_WAITING: usize = 1 << 12;

/// Frames of one QUIC packet that are read. A packet of 64 KiB has room for as many frames of one
/// byte; real ones have a few dozen.
pub(super) const MAX_QUIC_FRAMES: usize = 1 << 11;

/// Ranges of one ACK frame that are kept. A packet of 1500 bytes has room for some 700.
pub(super) const MAX_ACK_RANGES: usize = 1 << 10;

/// Packets of one QUIC space of numbers that are remembered until they are acknowledged: 5 MB in
/// packets of 1200 bytes, more than most senders have under way.
pub(super) const MAX_QUIC_SENT: usize = 1 << 12;

/// Of those that count as lost: one that was only late comes within round trips.
pub(super) const MAX_QUIC_LOST: usize = 1 << 8;

/// Of those that were acknowledged, the latest: who repeats one has not heard of that yet.
pub(super) const MAX_QUIC_HEARD: usize = 64;

/// What one QUIC packet carries that would be sent again, and is remembered. A packet of 1500 bytes
/// has room for more frames than this only where each is a few bytes long.
pub(super) const MAX_QUIC_CARRIED: usize = 16;

/// Packets that are named where a QUIC acknowledgement counts some as lost, or one says again what
/// they said.
pub(super) const MAX_QUIC_NAMED: usize = 16;

/// Connection ids of one side of a QUIC connection that are remembered, the latest. Each side says
/// how many it keeps (RFC 9000, section 18.2, `active_connection_id_limit`), mostly 2 to 8.
pub(super) const MAX_CONNECTION_IDS: usize = 64;

/// Initial keys of one QUIC connection that are kept: after a Retry, and for each version that is
/// tried, there are others (RFC 9001, section 5.2).
pub(super) const MAX_INITIAL_KEYS: usize = 8;

/// Initial keys that are made for one QUIC connection in all: what does not open with them is not
/// of it.
pub(super) const MAX_INITIAL_TRIES: usize = 64;

/// Lengths of connection ids for which one direction's keys are ready; nobody uses more than one.
pub(super) const MAX_ID_LENGTHS: usize = 4;

/// Packets of one connection of QUIC on which secrets are tried where its beginning was not
/// captured, and secrets of a kind up to which that is done: some thousand keys in all, a few
/// milliseconds.
pub(super) const MAX_TRIAL_PACKETS: u32 = 8;

/// See [`MAX_TRIAL_PACKETS`].
pub(super) const MAX_TRIAL_SECRETS: usize = 16;

/// Frames of a packet that stand beside its name, and runs of numbers of an acknowledgement: more
/// of them would fill the picture, and all stand in the tree.
pub(super) const MAX_LISTED_FRAMES: usize = 6;
/// See [`MAX_LISTED_FRAMES`].
pub(super) const MAX_LISTED_RANGES: usize = 3;
