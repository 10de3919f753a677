//! Every bound of this crate in one place, each with its reason.
//!
//! Captures come from strangers. Whatever a file claims, memory and time stay within these.

use std::ops::RangeInclusive;
use std::time::Duration;

/// The longest frame of a classic pcap file, in bytes.
///
/// This is libpcap's and Wireshark's own limit for network link types. A larger claim is damage:
/// following it would swallow the records behind it.
pub const MAX_FRAME: u32 = 262_144;

/// The longest pcapng block, in bytes: Wireshark's limit, 64 times the longest frame.
pub const MAX_BLOCK: u32 = 16 << 20;

/// The most interfaces of one recording: their ids are `u16`, and the last value means "none".
pub const MAX_INTERFACES: usize = u16::MAX as usize;

/// The most sections of one recording. Each costs a table entry and some text.
pub const MAX_SECTIONS: usize = 65_536;

/// The most names, comments and statistics that are kept, each counted on its own.
pub const MAX_NOTES: usize = 65_536;

/// The most text that names and comments may hold together, in bytes.
pub const MAX_NOTE_BYTES: usize = 16 << 20;

/// The most key log text that is kept, in bytes: some 300,000 TLS connections.
pub const MAX_SECRET_BYTES: u64 = 256 << 20;

/// The most problems that are listed; beyond this many, one more would not help anybody.
pub const MAX_PROBLEMS: usize = 100;

/// The most bytes that a compressed capture may unfold to.
///
/// A few kilobytes of zstd can claim terabytes. Sixteen gigabytes is more than ten million
/// full-sized packets, and it ends before most disks do.
pub const MAX_UNFOLDED: u64 = 16 << 30;

/// How many bytes the index pass reads at a time: it fits into a core's second-level cache, so
/// that the headers it then follows are near (see [`crate::read`] for the figures).
pub const INDEX_WINDOW: usize = 256 << 10;

/// After how many bytes a step of the index pass ends, however few frames they held: a file of
/// nothing but tiny blocks must not keep a caller from cancelling.
pub const MAX_STEP_BYTES: u64 = 256 << 20;

/// How much address space is set aside for a source that still grows.
///
/// Address space is not memory: nothing is behind it until the file is that long. A recording
/// that outgrows it keeps what fits, and says so.
pub const GROWTH_ROOM: u64 = 256 << 30;

/// How many files may be mapped at once by one process: the guard behind mapped files searches
/// its table inside a signal handler, where it can neither allocate nor wait.
pub const MAX_MAPPINGS: usize = 1024;

/// The most files that are read as one recording: each is mapped and stays open, and half of what
/// a process may usually have open (1024) is left for everything else. What is bounded for a
/// recording (names, comments, key log text) is bounded for each of them.
pub const MAX_FILES: usize = 512;

/// How many bytes may be held to put the frames of several files into one order, for all files
/// together.
pub const MERGE_BYTES: u64 = 16 << 20;

/// The longest round trip of a lab link. What is not answered within a second is sent again (RFC
/// 6298, section 2.1): beyond ten seconds a handshake is mostly its own repetitions.
pub const MAX_LINK_RTT: Duration = Duration::from_secs(10);

/// How many percent of the packets of a lab link may meet one kind of mishap. Where every
/// second one is lost, most handshakes fail within a scenario's time; more shows nothing new.
pub const MAX_LINK_PERCENT: u32 = 50;

/// The slowest and the fastest lab link, in kilobits a second. On the slowest a full-sized packet
/// takes a second and a half, more than the first retransmission waits. Above the fastest, the one
/// thread that copies every packet would be measured, and not the rate that was asked for.
pub const LINK_KBITS: RangeInclusive<u64> = 8..=1_000_000;

/// The longest packet of a lab link, in bytes: every host takes 576 of IPv4 (RFC 791, section
/// 3.1), and 9000 is the largest that Ethernet cards commonly take.
pub const LINK_MTU: RangeInclusive<u16> = 576..=9000;

/// The most routers on a lab link: traceroute asks for no more by default.
pub const MAX_LINK_HOPS: u8 = 30;

/// After how long a middlebox forgets an idle connection at the latest: nobody records for longer.
pub const MAX_LINK_MEMORY: Duration = Duration::from_secs(1000);

/// How many connections a middlebox on the link remembers: more than scenarios open, and little
/// memory whatever else is recorded over one. Of more it knows nothing.
pub const MAX_LINK_KNOWN: usize = 10_000;

/// The most packets that a lab link can be told to lose for certain. They stand in a comment and
/// a form field that somebody should be able to read.
pub const MAX_LINK_DROPS: usize = 1000;

/// How many packets may be on a lab link at once in one direction: 15 megabytes of full-sized
/// ones. What comes on top is lost, as in the full queue of a router.
pub const MAX_LINK_FLIGHT: usize = 10_000;

/// The memory that a frame of zstd may ask for to unfold it, its window (RFC 8878, section
/// 3.1.1.1.2): what the `zstd` program takes without being told to.
pub const MAX_WINDOW: u64 = 128 << 20;
