//! What bounds what hostile bytes can make us keep or do where several parts share it, with the
//! reason.

/// Layers inside layers above a transport (TLS in CONNECT in TLS …). Real stacks stay below six.
pub const MAX_DEPTH: usize = 12;

/// Unread bytes one direction of a layer may hold back while its session waits for more.
/// The largest thing waited for is a TLS handshake message or an HTTP head.
pub const MAX_INBOX: usize = 1 << 20;

/// Of those, bytes for which room is made at once where a session says how many it waits for: a TLS
/// record of the largest size (RFC 9846, section 5.2) is below it. For more, room grows with what
/// comes, for whoever claims much need not send it.
pub const MAX_RESERVED: usize = 1 << 15;

/// Bytes of one TLS handshake message that are kept; longer ones are passed over. Certificate
/// chains of the web stay below 20 kB, and OpenSSL takes no certificate message above 100 kB.
pub const MAX_HANDSHAKE: usize = 1 << 18;

/// Pieces in which one TLS handshake message may come, and those of one epoch that may wait behind
/// a hole; a message in more is passed over. At QUIC's smallest packets, 1200 bytes, the longest
/// message that is kept takes 219.
pub const MAX_HANDSHAKE_PIECES: usize = 1 << 12;

/// Handshake messages of one side that may be ahead of the one waited on where messages are
/// numbered (DTLS). No flight has ten.
pub const MAX_FLIGHT: u16 = 32;

/// Segments held back behind a hole in one direction before the hole is declared a gap.
pub const MAX_PENDING_SEGMENTS: usize = 4096;

/// Segments of one direction that are remembered so that a repetition and an acknowledgement can be
/// told what they are about: as many as may be on their way at once ([`LOOK_AHEAD`]).
pub const MAX_SAID: usize = 1 << 12;

/// Of those, segments that were acknowledged: who repeats one has not heard of that yet.
pub const MAX_SAID_HEARD: usize = 32;

/// Frames of a connection in which the filling of a hole is looked for before it is declared a gap.
/// A window of 4 MiB in segments of Ethernet's size is below it.
pub const LOOK_AHEAD: usize = 1 << 12;

/// Frames in which the beginning of a stream is looked for that was stored late: what queues and
/// threads of a capture put out of order lies close together.
pub const LOOK_AHEAD_FIRST: usize = 64;

/// Bytes that may be under way in one direction of a TCP connection (RFC 7323, section 2.3).
pub const MAX_WINDOW: u32 = 1 << 30;

/// Segments that may lie before the first one stored, one found from the other.
pub const LATE_START_STEPS: usize = 16;

/// Frames of the recording for which sealed bytes may wait for the key that a later frame brings.
/// What comes out before them is held back as long, and what waits with them gives up with them.
pub const MAX_PARKED_FRAMES: u32 = 1 << 16;

/// Messages of one connection that may wait for a key at once.
pub const MAX_PARKED: usize = 256;

/// Layers of one connection that are open at once (an HTTP/2 stream is one). Past it, further ones
/// stay unread. RFC 9113, section 6.5.2, recommends no fewer than 100 streams at once.
pub const MAX_LAYERS: usize = 1 << 16;

/// How often sessions of one layer may step aside for another protocol. STARTTLS, a proxy's header,
/// a tunnel and what is in it make four.
pub const MAX_SWITCHES: usize = 16;

/// Lanes of one layer that are open at once.
pub const MAX_LANES: usize = 1 << 16;

/// Messages of one side of a connection that may be open at once; the oldest is closed beyond it.
pub const MAX_OPEN_MESSAGES: usize = 1 << 12;

/// Pieces of one body that are remembered: 1 MiB of loopback segments, or 20 MB of Ethernet ones.
pub const MAX_COLLECTED_PIECES: usize = 1 << 14;

/// Bytes of one server-sent event that are waited for: most hold a few hundred, an image a few
/// hundred thousand.
pub const MAX_EVENT: usize = 1 << 19;

/// Contents, or values of one, that are told in each other: objects of JSON, tags, parts of parts.
pub const MAX_CONTENT_DEPTH: usize = 32;

/// Values of one content that are told: lines, members, tags. Who reads more saves the content.
pub const MAX_CONTENT_VALUES: usize = 1 << 13;

/// Parts, chunks or segments of one content that are told.
pub const MAX_CONTENT_PARTS: usize = 1 << 8;

/// Bytes of a path through JSON that are told with each of its values.
pub const MAX_JSON_PATH: usize = 256;

/// Messages of Protocol Buffers that are opened in each other.
pub const MAX_PROTOBUF_DEPTH: usize = 16;

/// Values that layers of one connection may leave for each other, one of a type.
pub const MAX_LEFT: usize = 8;

/// Bytes of one body that are remembered for looking at.
pub const MAX_COLLECTED: u64 = 16 << 20;

/// Bytes one content decoding may give, however small its input.
pub const MAX_DECODED: usize = 16 << 20;

/// Bytes one join may copy together: a collected body and its framing.
pub const MAX_JOINED: u64 = MAX_COLLECTED + MAX_INBOX as u64;

/// How deep recipes may rest on recipes when bytes are derived again: each layer may join what it
/// was given, open it, and undo a coding.
pub const MAX_RECIPE_DEPTH: usize = 3 * MAX_DEPTH;

/// Runs of frame bytes that a table's value is traced to. It is a header's name or value, and the
/// records of one flight hold it.
pub const MAX_ORIGIN_PLACES: usize = 64;

/// Bytes of a header table that are kept (RFC 7541, section 4.2); what a larger one holds besides
/// is not known. Browsers offer 64 KiB.
pub const MAX_HEADER_TABLE: u32 = 1 << 20;

/// Bytes of one header block of HTTP/2, in however many frames; what goes on behind them is not
/// read, as a flood. Servers refuse lists of more than 8 to 256 KiB.
pub const MAX_HEADER_BLOCK: usize = 1 << 20;

/// Frames that one header block may come in: one of [`MAX_HEADER_BLOCK`] in frames of the usual
/// size has 64.
pub const MAX_HEADER_FRAMES: usize = 1 << 10;

/// Bytes of one value of a request's control data (its path, its host) that are kept with its
/// stream: an entry of a table may give them for one byte, and on each stream anew. RFC 9112,
/// section 3, asks for request lines of 8000 bytes.
pub const MAX_ASKED: usize = 1 << 13;

/// Fields of one header list that are kept.
pub const MAX_HEADER_FIELDS: usize = 1 << 11;

/// Bytes of one header list, unpacked, up to which its fields are kept: a byte of a block may name
/// an entry of 4 KiB.
pub const MAX_HEADER_LIST: usize = 1 << 20;

/// Streams of one HTTP/2 connection that are followed at once. RFC 9113, section 6.5.2, recommends
/// no fewer than 100 to be allowed; nobody allows so many.
pub const MAX_STREAMS: usize = 1 << 13;

/// Streams that were broken off and are followed until what was on its way has come.
pub const MAX_BROKEN_OFF: usize = 128;

/// Pieces of bodies that all streams of one connection may wait for the end of.
pub const MAX_STREAM_PIECES: usize = 1 << 16;

/// Header sections of one HTTP/3 connection that may wait for entries of the table. A decoder says
/// how many it allows (RFC 9204, section 5), mostly 16 to 100.
pub const MAX_BLOCKED_SECTIONS: usize = 128;

/// Streams in a row that their asker breaks off before an answer from which on this is called a
/// rapid reset (CVE-2023-44487). A reader who leaves a page breaks off some dozen.
pub const RAPID_RESETS: u32 = 100;

/// Certificates of which one answer says whether they hold, certificates that come with it, and
/// extensions: servers staple an answer on one, with one or two beside.
pub const MAX_OCSP_ANSWERS: usize = 64;

/// Secrets one connection may ask for in vain before it stops remembering what it misses.
pub const MAX_WANTS: usize = 16;

/// Secrets that one connection may leave for those that resume it: an id and a ticket for each of a
/// few renegotiations.
pub const MAX_RESUMABLE: usize = 8;

/// Frames at the beginning of a connection that are read for what its handshake does with secrets:
/// a chain of certificates in small segments, behind what STARTTLS or a proxy take.
pub const MAX_HANDSHAKE_FRAMES: usize = 128;

/// Connections that are read so although their first bytes show no TLS: they may turn to it.
pub const MAX_TURNING: usize = 1 << 12;

/// Names that all connections of a recording may have published.
pub const MAX_KNOWN_NAMES: usize = 1 << 20;

/// Connections that are read at once for the names they publish; the one that began first is
/// forgotten beyond it, and begun anew where it goes on. A busy server of DHCP has fewer leases in
/// the making.
pub const MAX_NAMED_READ: usize = 1 << 12;

/// Connections that are tried to open a datagram which bears no name, the latest first. Who moves
/// to another path has been heard not long before.
pub const MAX_TRIALS: usize = 8;

/// Keys that one connection may take into use. Each generation of a TLS connection's application
/// keys is two, and so is each of a QUIC connection's.
pub const MAX_KEYS: usize = 1 << 14;

/// Places in one stretch of a connection at which sessions gave up that are remembered.
pub const MAX_NOTES: usize = 1 << 10;

/// Keys that layers of one connection may leave for each other.
pub const MAX_SHELF: usize = 64;

/// Names that one connection may publish between two frames.
pub const MAX_NAMES: usize = 64;

/// Messages that may carry attachments in one stretch.
pub const MAX_ATTACHMENTS: usize = 1 << 20;

/// IP fragments waiting for the rest of their datagram, over the whole recording.
pub const MAX_FRAGMENTS: usize = 1 << 16;

/// Fragments of one datagram. The longest has 64 KiB: so many pieces of 32 bytes, and no link asks
/// for less than 68 (RFC 791, section 3.2).
pub const MAX_DATAGRAM_FRAGMENTS: usize = 1 << 11;

/// Nanoseconds after which fragments are not waited for: senders count their datagrams anew by then
/// (RFC 1122, section 3.3.2: 60 to 120 seconds; RFC 8200, section 4.5: 60 seconds).
pub const FRAGMENT_LIFETIME: i64 = 120_000_000_000;

/// First bytes of a datagram in fragments that are kept to find out what it carries: IP, UDP and
/// TCP headers with all their options, in a tunnel or two.
pub const FRAGMENT_HEAD: usize = 512;

/// Tables of frames in one transfer of USB's NCM. Drivers write one.
pub const MAX_NCM_TABLES: usize = 16;

/// Frames in one such transfer: as many of the smallest as its first form, of 64 KiB, has room for.
pub const MAX_NCM_FRAMES: usize = 1 << 10;

/// Extension headers or tags before the transport header.
pub const MAX_HEADERS: usize = 16;

/// Connections one story tells of. A diagram of more than this helps nobody.
pub const MAX_STORY_CONNECTIONS: usize = 64;

/// Messages and control segments one story tells of; what comes later stays untold, and the
/// story says so.
pub const MAX_STORY_MESSAGES: usize = 1 << 14;

/// Bytes of a story as the source of another program's diagram; what comes later is left out, and
/// the last note says so. Mermaid refuses more than 50,000 characters unless it is told otherwise
/// (`maxTextSize`).
pub const MAX_SEQUENCE_TEXT: usize = 48_000;

/// Packets of one flight that stand in a story singly; all of them are counted.
pub const MAX_STORY_PACKETS: usize = 256;

/// The same of all flights together; the story says where there are more. With
/// [`MAX_STORY_MESSAGES`] it bounds what a story takes: some 50 MB, and nobody reads on so far.
pub const MAX_STORY_PACKETS_IN_ALL: usize = 1 << 16;

/// Lanes of one connection that a story follows, and what passed on all of them together: some
/// 2 MB. A picture has room for a dozen lanes.
pub const MAX_STORY_LANES: usize = 1024;
/// See [`MAX_STORY_LANES`].
pub const MAX_STORY_LANE_MARKS: usize = 1 << 14;

/// Changes of windows that a story follows in one connection, 16 bytes each.
pub const MAX_STORY_WINDOW_POINTS: usize = 1 << 15;

/// Stretches beyond holes that are remembered of one direction as acknowledged: a receiver of
/// megabytes with a hole at every third segment has fewer. What is forgotten counts as under way.
pub const MAX_HELD_STRETCHES: usize = 1 << 10;

/// Packets of one connection that its graphs are made of: some 300 MB where all are kept, and a
/// transfer of 10 GB. What comes later is left out, and said.
pub const MAX_COURSE_PACKETS: usize = 1 << 22;

/// Packets of a connection that was recorded at both its ends up to which a story follows its
/// segments one by one: some 3 MB, and far more than anyone tells apart in a picture.
pub const MAX_STORY_SEGMENTS: usize = 1 << 14;

/// Names in a list of what a ClientHello offers that a verdict spells out; browsers offer 16 suites
/// and 10 signature schemes, OpenSSL twice as many.
pub const MAX_OFFERED_TOLD: usize = 6;

/// Certificates of one chain that are counted: the longest seen on the web have five.
pub const MAX_CHAIN_TOLD: usize = 32;

/// Bytes of one handshake's messages that are kept so that its Finished can be checked: long chains
/// on both sides take a tenth of it.
pub const MAX_TRANSCRIPT: usize = 1 << 20;

/// Tickets of one ClientHello whose origin is looked for: clients show one or two, and a digest of
/// each is made.
pub const MAX_TICKETS: usize = 16;

/// Handshakes of one connection whose key schedules are told: renegotiations, and TLS in TLS.
pub const MAX_SCHEDULES: usize = 16;

/// Generations of application keys that one direction goes through, as far as they are told singly.
pub const MAX_GENERATIONS: usize = 64;

/// Layers of one connection whose failures are judged, and protocols beside them that are
/// remembered: TLS in TLS is two.
pub const MAX_JUDGES: usize = 8;

/// Frames between two questions whether a story is still wanted.
pub const ASKED_EACH: usize = 1 << 12;

/// Bytes of stretches that are kept while a connection is told: telling goes through it once, and
/// never back.
pub const TELLING_BUDGET: usize = 16 << 20;

/// Connections that are kept open for looking around, the last ones looked at. The reader of one
/// and its checkpoints take some ten kilobytes; whoever goes back to an older one waits for it to
/// be read again.
pub const MAX_CONVERSATIONS: usize = 1 << 12;

/// How often one pair of addresses and ports may be used anew for its connections to be paired with
/// what another interface saw of them.
pub const MAX_REUSED: usize = 64;

/// Marks of programs that are tied to packets; a story that shows more could not be read.
pub const MAX_STORY_MARKS: usize = 1 << 12;

/// Marks of programs that are looked at: those of other connections than the told ones as well.
pub const MAX_MARKS_READ: usize = 1 << 16;

/// Frames outside of connections that are looked at for their name; more are counted only.
pub const MAX_APART_NAMED: usize = 1 << 16;

/// Frames outside of connections that a story tells one by one.
pub const MAX_APART_TOLD: usize = 512;

/// Frames before an ICMP error among which the one that it quotes is looked for: an error comes a
/// round trip after its cause.
pub const MAX_QUOTED_BACK: u32 = 1 << 10;

/// Lifelines of routers and others that a story has beside the ends of its connections: those who
/// send errors, and are many where a route is traced.
pub const MAX_STORY_GUESTS: usize = 10;

/// Names in a list by which a question is known again: nobody passes a request through more
/// proxies.
pub const MAX_QUESTION_MARKS: usize = 32;

/// The longest head, in bytes, that is set beside the one it was handed on as; those in use are a
/// tenth of that, and a story holds as many as it has messages.
pub const MAX_COMPARED_HEAD: usize = 8 << 10;

/// The lines of such a head: finding its pair takes a look at each of the other's.
pub const MAX_COMPARED_LINES: usize = 64;

/// Equal questions that may wait for their answers at the same time while a story looks for one
/// that was handed on; from more of them no one would be told apart, and none is looked for.
pub const MAX_EQUAL_QUESTIONS: usize = 32;

/// Ways through tunnels that a story names one by one.
pub const MAX_STORY_CARRIERS: usize = 6;

/// Lifelines that a story of such frames may have.
pub const MAX_APART_ACTORS: usize = 12;

/// Requests of one conversation over UDP that are remembered until their answer comes. Ids have
/// sixteen bits or fewer in most of these protocols, and whoever polls a thousand agents from one
/// port has given up on what is older.
pub const MAX_DATAGRAMS_ASKED: usize = 1 << 10;

/// Nanoseconds after a request within which the same one counts as sent again. DHCP waits up to 64
/// seconds between two tries (RFC 2131, section 4.1), most others a few.
pub const REPEATED_WITHIN: i64 = 75_000_000_000;

/// Bytes of one message of a database or a broker that are waited for; of a longer one the head is
/// told, and the rest passes by. It is less than a layer may hold back ([`MAX_INBOX`]).
pub const MAX_FRAMED_WHOLE: u64 = 1 << 19;

/// Bytes of such a head: what names a query, a key or a topic stands in front.
pub const MAX_FRAMED_HEAD: usize = 1 << 12;

/// Questions of one such connection that wait for their answers. Clients that send many at once,
/// without waiting, stop at some hundreds.
pub const MAX_FRAMED_ASKED: usize = 1 << 12;

/// Relays around one message of DHCPv6: no relay hands on what eight have handed on already
/// (RFC 8415, section 7.6).
pub const MAX_RELAYS: usize = 8;

/// Bytes of frames after which whoever reads in passing gives back what lies behind: what was read
/// of a mapped file need not stay in memory, and giving it back costs a call.
pub const FAR_BEHIND: u64 = 16 << 20;

/// Bytes that reading a frame brings into memory at least: a system maps some pages around the one
/// that is asked for (Linux up to 64 KiB), and frames of one connection may lie far apart.
pub const TOUCHED: u64 = 16 << 10;

/// Holes of one direction in which the overview looks for what fills them; segments beyond count
/// as sent again. A burst of losses leaves a few.
pub const MAX_OVERVIEW_HOLES: usize = 64;

/// Segments that were sent again which the overview knows one by one; all of them are counted.
pub const MAX_OVERVIEW_AGAIN: usize = 1 << 12;

/// Packets of a connection up to which the overview pairs both sights of each, where both ends
/// were recorded: it takes reading all their bytes. Of longer ones those that never came are not
/// counted.
pub const MAX_OVERVIEW_PAIRED: u32 = 1 << 18;

/// Addresses whose names the overview remembers.
pub const MAX_OVERVIEW_NAMES: usize = 1 << 16;

/// Requests that are kept as rows, some 500 bytes each; more are counted. Nobody reads on so far,
/// and a filter over all of them still takes no time that one sees.
pub const MAX_REQUESTS: usize = 1 << 18;

/// Bytes of one word of a request's row: its path, its host. Browsers and servers take longer
/// targets, and nobody reads them in a row.
pub const MAX_REQUEST_WORDS: usize = 1 << 11;

/// Answers for now that a request's row names. A server sends one or two.
pub const MAX_REQUEST_INTERIM: usize = 8;

/// Messages that a request remembers for what its row does not hold; of those that it cannot do
/// without, the ends of heads and contents, twice as many. Header blocks in more pieces are a
/// flood.
pub const MAX_REQUEST_PLACES: usize = 16;

/// Connections of which the overview remembers what reading found.
pub const MAX_OVERVIEW_FINDINGS: usize = 1 << 20;

/// Rows of an overview that are told and drawn one by one; the rest is counted. More would fit no
/// screen, and the worst come first.
pub const MAX_OVERVIEW_ROWS: usize = 40;

/// Frames at the beginning of a connection that a glance reads: a handshake of TLS with a chain of
/// certificates, its acknowledgements, and the first request.
pub const MAX_GLANCE_FRAMES: usize = 32;

/// Bytes of payload that a glance reads.
pub const MAX_GLANCE_BYTES: u64 = 64 << 10;

/// Frames of a connection that a glance reads for what DNS answers, and addresses that it keeps.
pub const MAX_GLANCE_ANSWERS: usize = 512;

/// Letters of a first request that are kept.
pub const MAX_GLANCE_WORDS: usize = 160;

/// So many ports tried in vain make a scan: nothing that is used has so many that nobody listens
/// on.
pub const SCAN_ATTEMPTS: usize = 20;

/// Nanoseconds within which they have to be tried: 10 seconds.
pub const SCAN_WITHIN: i64 = 10_000_000_000;

/// Nanoseconds before the first and after the last of them in which what was answered may belong to
/// the scan, too: the first port that is tried, or the last, may be one that answers.
pub const SCAN_AROUND: i64 = 1_000_000_000;

/// Room that a sweep gives out at a time for bytes that it works out: four TLS records of the
/// largest size (RFC 9846, section 5.2), and little enough that each connection of a window may
/// have some.
pub const CHUNK_BYTES: usize = 1 << 16;

/// Room that a connection takes first for bytes that it works out where nobody has some left:
/// a few small records. Each time twice as much follows, up to [`CHUNK_BYTES`].
pub const FIRST_CHUNK_BYTES: usize = 1 << 12;

/// Bytes of a filter. The longest that people keep have some hundred.
pub const MAX_FILTER_BYTES: usize = 1 << 13;

/// Words and signs of a filter: they bound how deep its tests hang in each other, and so the stack.
pub const MAX_FILTER_TOKENS: usize = 1 << 10;

/// Brackets of a filter that stand in each other.
pub const MAX_FILTER_DEPTH: usize = 48;

/// Bytes of memory that a regular expression may take once it is compiled.
pub const MAX_PATTERN_BYTES: usize = 1 << 20;

/// Bytes that one frame's values may take while a filter is held against it: those of a few bodies
/// of the largest size that is put together.
pub const MAX_FILTER_VALUES: usize = 1 << 26;

/// Bytes that values of fields may take which filters found, so that another constant is answered
/// without reading: a number for each message of ten million packets.
pub const MAX_KEPT_VALUES: usize = 1 << 26;
