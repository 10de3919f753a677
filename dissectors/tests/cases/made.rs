//! Segments of one TCP connection, made one after the other.

use etherparse::PacketBuilder;
use wirestage_dissectors::frames::{FrameList, Frames, LinkType};
use wirestage_dissectors::ids::{FrameId, Time};

const CLIENT: [u8; 4] = [192, 0, 2, 10];
const SERVER: [u8; 4] = [198, 51, 100, 20];

/// Who sends.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Side {
    Client,
    Server,
}

pub(crate) use Side::{Client, Server};

/// A connection from port 50000 to a port of a server, with the numbers 1000 and 5000.
pub(crate) struct Made {
    pub(crate) frames: FrameList,
    port: u16,
    /// The next number of each side.
    pub(crate) next: [u32; 2],
    clock: i64,
}

/// A segment that is written down.
struct Segment<'a> {
    from: Side,
    seq: u32,
    ack: Option<u32>,
    flags: &'a str,
    options: &'a [u8],
    payload: &'a [u8],
}

impl Made {
    pub(crate) fn to_port(port: u16) -> Self {
        Self { frames: FrameList::new(), port, next: [1000, 5000], clock: 0 }
    }

    /// The three segments that open a connection.
    pub(crate) fn open(port: u16) -> Self {
        let mut made = Self::to_port(port);
        made.syn(Client, &[]).syn(Server, &[]).ack(Client);
        made
    }

    /// A SYN, of the server with an ACK; its number is the sender's next one.
    pub(crate) fn syn(&mut self, from: Side, options: &[u8]) -> &mut Self {
        let seq = self.next[from as usize];
        let ack = (from == Server).then_some(self.next[0]);
        self.next[from as usize] = seq + 1;
        self.segment(Segment { from, seq, ack, flags: "S", options, payload: b"" })
    }

    /// An acknowledgement of all that the other side sent.
    pub(crate) fn ack(&mut self, from: Side) -> &mut Self {
        self.say(from, b"")
    }

    /// Data that follows what its sender sent before.
    pub(crate) fn say(&mut self, from: Side, payload: impl AsRef<[u8]>) -> &mut Self {
        let seq = self.next[from as usize];
        self.next[from as usize] += payload.as_ref().len() as u32;
        self.say_at(from, seq, payload)
    }

    /// Data at any place; nothing moves on.
    pub(crate) fn say_at(&mut self, from: Side, seq: u32, payload: impl AsRef<[u8]>) -> &mut Self {
        let (ack, payload) = (Some(self.next[1 - from as usize]), payload.as_ref());
        self.segment(Segment { from, seq, ack, flags: "", options: &[], payload })
    }

    /// The end of a direction, behind all its data.
    pub(crate) fn fin(&mut self, from: Side) -> &mut Self {
        let (seq, ack) = (self.next[from as usize], Some(self.next[1 - from as usize]));
        self.next[from as usize] += 1;
        self.segment(Segment { from, seq, ack, flags: "F", options: &[], payload: b"" })
    }

    /// A reset at a place.
    pub(crate) fn reset_at(&mut self, from: Side, seq: u32) -> &mut Self {
        let ack = Some(self.next[1 - from as usize]);
        self.segment(Segment { from, seq, ack, flags: "R", options: &[], payload: b"" })
    }

    /// Makes the IP header of the latest frame claim this length.
    pub(crate) fn lie(&mut self, len: u16) -> &mut Self {
        let mut frames = FrameList::new();
        for id in (0..self.frames.count()).map(FrameId) {
            let frame = self.frames.frame(id);
            let mut bytes = frame.bytes.to_vec();
            if id.0 + 1 == self.frames.count() {
                bytes[16..18].copy_from_slice(&len.to_be_bytes());
            }
            frames.push(frame.time, frame.interface, frame.link, bytes);
        }
        self.frames = frames;
        self
    }

    /// The place of the next byte of a sender, which is passed over: it is sent later, or never.
    pub(crate) fn skip(&mut self, from: Side, len: usize) -> u32 {
        let seq = self.next[from as usize];
        self.next[from as usize] += len as u32;
        seq
    }

    fn segment(&mut self, segment: Segment<'_>) -> &mut Self {
        let Segment { from, seq, ack, flags, options, payload } = segment;
        let (ends, ports) = match from {
            Client => ([CLIENT, SERVER], [50_000, self.port]),
            Server => ([SERVER, CLIENT], [self.port, 50_000]),
        };
        let mut builder = PacketBuilder::ethernet2([2; 6], [4; 6])
            .ipv4(ends[0], ends[1], 64)
            .tcp(ports[0], ports[1], seq, 1_000);
        if let Some(number) = ack {
            builder = builder.ack(number);
        }
        for flag in flags.chars() {
            builder = match flag {
                'S' => builder.syn(),
                'F' => builder.fin(),
                _ => builder.rst(),
            };
        }
        let mut bytes = Vec::new();
        let builder = builder.options_raw(options).unwrap();
        builder.write(&mut bytes, payload).unwrap();
        self.push(bytes)
    }

    fn push(&mut self, bytes: Vec<u8>) -> &mut Self {
        self.clock += 1_000_000;
        self.frames.push(Time(self.clock), 0, LinkType::ETHERNET, bytes);
        self
    }
}
