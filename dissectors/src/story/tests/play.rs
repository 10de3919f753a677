//! A recording made by hand, packet by packet.

use etherparse::{PacketBuilder, TcpOptionElement};

use crate::engine::tcp::flags::{ACK, FIN, RST, SYN};
use crate::frames::{FrameList, LinkType};
use crate::ids::{Direction, Time};

pub(super) const CLIENT: [u8; 4] = [10, 0, 0, 1];
pub(super) const SERVER: [u8; 4] = [10, 0, 0, 2];

/// One connection: the addresses and the ports of its ends, and the place of each in its stream.
#[derive(Clone)]
pub(super) struct Line {
    pub(super) hosts: [[u8; 4]; 2],
    pub(super) ports: [u16; 2],
    pub(super) seq: [u32; 2],
}

/// Frames, and what a TCP conversation needs to go on. Times are in microseconds.
pub(super) struct Play {
    pub(super) frames: FrameList,
    line: Line,
    pub(super) now: i64,
    pub(super) interface: u16,
    pub(super) window: u16,
    /// The timestamp that the next segments bear, and the one that they echo.
    pub(super) stamps: Option<(u32, u32)>,
    /// The block of SACK that the next segments bear.
    pub(super) sack: Option<(u32, u32)>,
}

impl Play {
    /// A client on port 40000 against this port of the server.
    pub(super) fn against(port: u16) -> Self {
        let frames = FrameList::new();
        let (hosts, ports, seq) = ([CLIENT, SERVER], [40_000, port], [1_000, 5_000]);
        let line = Line { hosts, ports, seq };
        Self { frames, line, now: 0, interface: 0, window: 64_240, stamps: None, sack: None }
    }

    /// Another connection of the same client, from another port.
    pub(super) fn another(&mut self, port: u16) {
        self.line.ports[0] = port;
        self.line.seq = [70_000, 90_000];
    }

    /// Goes on with another connection, and leaves the one at hand in its stead.
    pub(super) fn swap(&mut self, line: &mut Line) {
        std::mem::swap(&mut self.line, line);
    }

    pub(super) fn at(&mut self, micros: i64) -> &mut Self {
        self.now = micros;
        self
    }

    fn ends(&self, from: Direction) -> ([[u8; 4]; 2], [u16; 2]) {
        let Line { hosts: [asks, answers], ports: [client, server], .. } = self.line;
        match from {
            Direction::Forward => ([asks, answers], [client, server]),
            Direction::Backward => ([answers, asks], [server, client]),
        }
    }

    pub(super) fn udp(&mut self, from: Direction, payload: &[u8]) -> &mut Self {
        let ([source, destination], ports) = self.ends(from);
        let builder = PacketBuilder::ethernet2([2; 6], [4; 6])
            .ipv4(source, destination, 64)
            .udp(ports[0], ports[1]);
        let mut bytes = Vec::new();
        builder.write(&mut bytes, payload).unwrap();
        self.push(bytes)
    }

    /// A segment at the sender's place in its stream, which moves on.
    pub(super) fn tcp(&mut self, from: Direction, bits: u16, payload: &[u8]) -> &mut Self {
        let seq = self.line.seq[from.index()];
        self.tcp_at(seq, from, bits, payload);
        let counts = u32::from(bits & SYN != 0) + u32::from(bits & FIN != 0);
        self.line.seq[from.index()] = seq.wrapping_add(payload.len() as u32 + counts);
        self
    }

    /// A segment at any place; nothing moves on.
    pub(super) fn tcp_at(
        &mut self,
        seq: u32,
        from: Direction,
        bits: u16,
        payload: &[u8],
    ) -> &mut Self {
        let ([source, destination], ports) = self.ends(from);
        let mut tcp = PacketBuilder::ethernet2([2; 6], [4; 6]).ipv4(source, destination, 64).tcp(
            ports[0],
            ports[1],
            seq,
            self.window,
        );
        if bits & ACK != 0 {
            tcp = tcp.ack(self.line.seq[from.reverse().index()]);
        }
        if bits & SYN != 0 {
            tcp = tcp.syn();
        }
        if bits & FIN != 0 {
            tcp = tcp.fin();
        }
        if bits & RST != 0 {
            tcp = tcp.rst();
        }
        let stamps = self.stamps.map(|(own, echoed)| TcpOptionElement::Timestamp(own, echoed));
        let block = |block| TcpOptionElement::SelectiveAcknowledgement(block, [None; 3]);
        let options: Vec<_> = stamps.into_iter().chain(self.sack.map(block)).collect();
        if !options.is_empty() {
            tcp = tcp.options(&options).unwrap();
        }
        let mut bytes = Vec::new();
        tcp.write(&mut bytes, payload).unwrap();
        self.push(bytes)
    }

    /// Bytes that a side has sent and nobody recorded.
    pub(super) fn missed(&mut self, from: Direction, bytes: u32) -> &mut Self {
        self.line.seq[from.index()] += bytes;
        self
    }

    /// The place of a side in its stream.
    pub(super) fn seq(&self, from: Direction) -> u32 {
        self.line.seq[from.index()]
    }

    /// Puts a frame in, ten microseconds after the one before.
    pub(super) fn push(&mut self, bytes: Vec<u8>) -> &mut Self {
        let time = Time(self.now * 1_000);
        self.frames.push(time, self.interface, LinkType::ETHERNET, bytes);
        self.now += 10;
        self
    }
}
