//! The packets of a recording, read by other code than ours: who sent what when, and the streams
//! that they make up.
//!
//! Sequence numbers wrap and segments repeat each other (RFC 9293, section 3.4): a byte belongs to
//! the first packet that carries it.

use std::net::SocketAddr;
use std::ops::Range;
use std::path::Path;

use etherparse::{NetSlice, SlicedPacket, TransportSlice};
use wirestage_captures::Recording;
use wirestage_dissectors::frames::Frames;
use wirestage_dissectors::ids::{FrameId, Time};

/// A segment of TCP. Packets stand in the order of the file, so its place is its frame.
pub(crate) struct Packet {
    pub(crate) time: Time,
    pub(crate) from: SocketAddr,
    pub(crate) to: SocketAddr,
    pub(crate) syn: bool,
    pub(crate) ack: bool,
    pub(crate) fin: bool,
    pub(crate) rst: bool,
    /// Whether its window is 0: its sender takes nothing more.
    shut: bool,
    pub(crate) seq: u32,
    /// Its length on the wire.
    pub(crate) size: u64,
    /// Where its data begins in the frame.
    pub(crate) at: usize,
    pub(crate) data: Vec<u8>,
    /// Whether it says that its sender takes nothing more, or that it does so again.
    pub(crate) window: bool,
    /// Which connection it belongs to, by position.
    pub(crate) connection: usize,
}

impl Packet {
    /// Whether it says something, or only confirms.
    pub(crate) fn speaks(&self) -> bool {
        self.syn || self.fin || self.rst || self.window || !self.data.is_empty()
    }
}

/// A connection of TCP.
pub(crate) struct Connection {
    /// Who began, and who answers.
    pub(crate) ends: [SocketAddr; 2],
    /// Its packets, by position.
    pub(crate) packets: Vec<usize>,
    /// The number of the SYN that opened it, where that was seen.
    opened: Option<u32>,
}

impl Connection {
    /// Its first frame.
    pub(crate) fn first(&self) -> usize {
        self.packets[0]
    }

    /// Its last frame.
    pub(crate) fn last(&self) -> usize {
        self.packets[self.packets.len() - 1]
    }
}

/// What was recorded.
pub(crate) struct Wire {
    pub(crate) packets: Vec<Packet>,
    pub(crate) connections: Vec<Connection>,
}

/// What one end of a connection sent.
pub(crate) struct Stream {
    pub(crate) bytes: Vec<u8>,
    /// Which bytes a packet carried, in the order of the file.
    pieces: Vec<(Range<usize>, usize)>,
}

impl Stream {
    /// The frame that brought a byte.
    pub(crate) fn frame(&self, at: usize) -> usize {
        let mut carried = self.pieces.iter().filter(|(range, _)| range.contains(&at));
        carried.next().expect("every byte came in a frame").1
    }

    /// The last frame before another one that brought any of these bytes, where one did.
    pub(crate) fn last_before(&self, bytes: Range<usize>, before: usize) -> Option<usize> {
        let brought = self.pieces.iter().filter(|(range, frame)| {
            *frame < before && range.start < bytes.end && bytes.start < range.end
        });
        // A byte that was there already is not brought again.
        let anew = brought.filter(|(range, frame)| {
            range.clone().any(|byte| bytes.contains(&byte) && self.frame(byte) == *frame)
        });
        anew.map(|(_, frame)| *frame).max()
    }

    /// Where in the stream the byte is that stands there in a frame.
    pub(crate) fn place(&self, frame: usize, offset: usize, packet: &Packet) -> usize {
        let piece = self.pieces.iter().find(|(_, known)| *known == frame);
        let (range, _) = piece.expect("the frame carries some of it");
        range.start + offset - packet.at
    }
}

impl Wire {
    /// Reads all packets of a recording, which are of TCP over Ethernet.
    pub(crate) fn of(path: &Path) -> Self {
        let recording = Recording::open(path).expect("it can be read");
        let mut wire = Self { packets: Vec::new(), connections: Vec::new() };
        for number in 0..recording.count() {
            let frame = recording.frame(FrameId(number));
            let mut packet = read(frame.bytes, frame.time);
            packet.size = frame.wire_len.into();
            packet.connection = wire.connection(&packet);
            // A window that shut, or one that is open again, is said to whoever sends.
            let own = wire.connections[packet.connection].packets.iter().rev();
            let mut own = own.map(|at| &wire.packets[*at]).filter(|one| one.from == packet.from);
            packet.window = packet.shut != own.next().is_some_and(|last| last.shut);
            wire.connections[packet.connection].packets.push(number as usize);
            wire.packets.push(packet);
        }
        wire
    }

    /// The connection that a packet belongs to: the latest between its ends, or a new one where it
    /// opens one.
    fn connection(&mut self, packet: &Packet) -> usize {
        let opens = packet.syn && !packet.ack;
        let own = [packet.from, packet.to];
        let known = self.connections.iter().rposition(|one| {
            let same = one.ends == own || one.ends == [own[1], own[0]];
            same && !(opens && one.opened != Some(packet.seq))
        });
        known.unwrap_or_else(|| {
            // A SYN is sent by who begins, one with an ACK by who answers; else who speaks first.
            let answers = packet.syn && packet.ack;
            let ends = if answers { [packet.to, packet.from] } else { own };
            let opened = opens.then_some(packet.seq);
            self.connections.push(Connection { ends, packets: Vec::new(), opened });
            self.connections.len() - 1
        })
    }

    /// What one end of a connection sent, up to the first hole in it.
    pub(crate) fn stream(&self, connection: usize, end: usize) -> Stream {
        let connection = &self.connections[connection];
        let own = || {
            let all = connection.packets.iter().map(|frame| (*frame, &self.packets[*frame]));
            all.filter(|(_, packet)| packet.from == connection.ends[end])
        };
        let syn =
            own().find(|(_, packet)| packet.syn).map(|(_, packet)| packet.seq.wrapping_add(1));
        let data = || own().filter(|(_, packet)| !packet.data.is_empty());
        let first = syn.or_else(|| data().next().map(|(_, packet)| packet.seq)).unwrap_or_default();
        let place = |packet: &Packet| packet.seq.wrapping_sub(first) as usize;
        let pieces: Vec<_> = data()
            .map(|(frame, packet)| (place(packet)..place(packet) + packet.data.len(), frame))
            .collect();
        let mut sorted: Vec<&(Range<usize>, usize)> = pieces.iter().collect();
        sorted.sort_by_key(|(range, _)| range.start);
        let mut bytes = Vec::new();
        for (range, frame) in sorted {
            if range.start > bytes.len() {
                break;
            }
            let known = bytes.len().min(range.end) - range.start;
            bytes.extend(&self.packets[*frame].data[known..]);
        }
        Stream { bytes, pieces }
    }

    /// The round trip that opens each connection: the SYN, and what answers it.
    pub(crate) fn openings(&self) -> Vec<(usize, usize)> {
        let opening = |one: &Connection| {
            let mut own = one.packets.iter().map(|frame| (*frame, &self.packets[*frame]));
            let (asked, _) = own.find(|(_, packet)| packet.syn && !packet.ack)?;
            let (answered, _) =
                own.find(|(_, packet)| packet.from == one.ends[1] && (packet.syn || packet.rst))?;
            Some((asked, answered))
        };
        self.connections.iter().filter_map(opening).collect()
    }

    /// Whether a connection was refused before it was open.
    pub(crate) fn is_refused(&self, one: &Connection) -> bool {
        let mut own = one.packets.iter().map(|frame| &self.packets[*frame]);
        own.any(|packet| packet.rst && packet.from == one.ends[1]) && one.packets.len() == 2
    }

    /// Each probe that begins before what was confirmed already (RFC 9293, section 3.8.4), with
    /// the packet that answers it.
    pub(crate) fn keep_alives(&self) -> Vec<(usize, usize)> {
        let mut found = Vec::new();
        for one in &self.connections {
            let mut next = [None; 2];
            let mut probe = None;
            for frame in &one.packets {
                let packet = &self.packets[*frame];
                let end = usize::from(packet.from == one.ends[1]);
                if let Some((asked, by)) = probe.take()
                    && by != end
                {
                    found.push((asked, *frame));
                }
                let behind = next[end] == Some(packet.seq.wrapping_add(1));
                if behind && packet.data.len() <= 1 && !packet.fin && !packet.syn && !packet.rst {
                    probe = Some((*frame, end));
                } else {
                    let length = packet.data.len() as u32 + u32::from(packet.syn || packet.fin);
                    next[end] = Some(packet.seq.wrapping_add(length));
                }
            }
        }
        found
    }
}

/// Reads one frame.
fn read(bytes: &[u8], time: Time) -> Packet {
    let packet = SlicedPacket::from_ethernet(bytes).expect("a packet");
    let (from, to) = match &packet.net {
        Some(NetSlice::Ipv4(ip)) => {
            let ip = ip.header();
            (ip.source_addr().into(), ip.destination_addr().into())
        }
        Some(NetSlice::Ipv6(ip)) => {
            let ip = ip.header();
            (ip.source_addr().into(), ip.destination_addr().into())
        }
        _ => panic!("a packet of IP"),
    };
    let Some(TransportSlice::Tcp(tcp)) = &packet.transport else { panic!("a segment of TCP") };
    let data = tcp.payload();
    let at = data.as_ptr() as usize - bytes.as_ptr() as usize;
    Packet {
        time,
        from: SocketAddr::new(from, tcp.source_port()),
        to: SocketAddr::new(to, tcp.destination_port()),
        syn: tcp.syn(),
        ack: tcp.ack(),
        fin: tcp.fin(),
        rst: tcp.rst(),
        shut: tcp.window_size() == 0 && !tcp.rst(),
        window: false,
        seq: tcp.sequence_number(),
        size: 0,
        at,
        data: data.to_vec(),
        connection: 0,
    }
}
