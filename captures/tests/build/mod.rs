//! Capture files put together byte by byte, in either byte order, for tests to read.

#![allow(dead_code, unreachable_pub)] // Each test program uses its own part of this.

use wirestage_captures::{OpenError, Recording};
use wirestage_dissectors::frames::{Frame, Frames};
use wirestage_dissectors::ids::FrameId;

/// The byte order to build a file in.
#[derive(Clone, Copy)]
pub enum Order {
    Little,
    Big,
}
pub use Order::{Big, Little};

/// Bytes put together number by number.
#[derive(Clone)]
pub struct Bytes(pub Order, pub Vec<u8>);

impl Bytes {
    pub fn u16(mut self, value: u16) -> Self {
        match self.0 {
            Little => self.1.extend(value.to_le_bytes()),
            Big => self.1.extend(value.to_be_bytes()),
        }
        self
    }
    pub fn u32(mut self, value: u32) -> Self {
        match self.0 {
            Little => self.1.extend(value.to_le_bytes()),
            Big => self.1.extend(value.to_be_bytes()),
        }
        self
    }
    pub fn raw(mut self, bytes: &[u8]) -> Self {
        self.1.extend(bytes);
        self
    }
    pub fn padded(mut self, bytes: &[u8]) -> Self {
        self.1.extend(bytes);
        self.1.resize(self.1.len().next_multiple_of(4), 0);
        self
    }
    pub fn option(self, code: u16, value: &[u8]) -> Self {
        self.u16(code).u16(value.len() as u16).padded(value)
    }
}

pub fn bytes(order: Order) -> Bytes {
    Bytes(order, Vec::new())
}

/// A classic pcap file: each packet is seconds, fraction, bytes.
pub fn pcap(order: Order, magic: u32, snap_len: u32, packets: &[(u32, u32, &[u8])]) -> Vec<u8> {
    pcap_with(order, magic, snap_len, b"", packets)
}

/// The same, with more in each record between its header and the packet.
pub fn pcap_with(
    order: Order,
    magic: u32,
    snap_len: u32,
    more: &[u8],
    packets: &[(u32, u32, &[u8])],
) -> Vec<u8> {
    let mut file = bytes(order).u32(magic).u16(2).u16(4).u32(0).u32(0).u32(snap_len).u32(1);
    for (seconds, fraction, packet) in packets {
        let len = packet.len() as u32;
        file = file.u32(*seconds).u32(*fraction).u32(len).u32(len).raw(more).raw(packet);
    }
    file.1
}

/// A pcapng block with its length at both ends.
pub fn block(order: Order, kind: u32, body: Bytes) -> Vec<u8> {
    let len = body.1.len() as u32 + 12;
    bytes(order).u32(kind).u32(len).raw(&body.1).u32(len).1
}

pub fn section(order: Order) -> Vec<u8> {
    block(
        order,
        0x0a0d_0d0a,
        bytes(order).u32(0x1a2b_3c4d).u16(1).u16(0).u32(!0).u32(!0).option(1, b"why").u32(0),
    )
}

pub fn interface(order: Order, link: u16, options: &[(u16, &[u8])]) -> Vec<u8> {
    let mut body = bytes(order).u16(link).u16(0).u32(65_535);
    for (code, value) in options {
        body = body.option(*code, value);
    }
    block(order, 1, body.u32(0))
}

pub fn packet(order: Order, interface: u32, ticks: u64, packet: &[u8]) -> Vec<u8> {
    let body = bytes(order).u32(interface).u32((ticks >> 32) as u32).u32(ticks as u32);
    let len = packet.len() as u32;
    block(order, 6, body.u32(len).u32(len + 1).padded(packet))
}

/// Opens bytes as a file; the file lives as long as the recording.
pub fn open(bytes: &[u8]) -> Result<(tempfile::NamedTempFile, Recording), OpenError> {
    let file = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(file.path(), bytes).unwrap();
    Recording::open(file.path()).map(|recording| (file, recording))
}

/// All frames as time, interface, link type and bytes.
pub fn frames(recording: &impl Frames) -> Vec<(i64, u16, u16, Vec<u8>)> {
    (0..recording.count())
        .map(|number| recording.frame(FrameId(number)))
        .map(|f: Frame<'_>| (f.time.0, f.interface, f.link.0, f.bytes.to_vec()))
        .collect()
}

/// A pcapng file of three packets, and where the third block of them starts.
pub fn three() -> (Vec<u8>, usize) {
    let mut file = [
        section(Little),
        interface(Little, 1, &[]),
        packet(Little, 0, 1, b"first"),
        packet(Little, 0, 2, b"second"),
    ]
    .concat();
    let last = file.len();
    file.extend(packet(Little, 0, 3, b"third"));
    (file, last)
}
