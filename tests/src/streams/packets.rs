//! What both sides said, as segments of TCP.

use std::fs::File;
use std::io::{self, BufWriter};
use std::path::Path;

use etherparse::{PacketBuilder, PacketBuilderStep, TcpHeader};
use wirestage_captures::PcapngWriter;
use wirestage_captures::write::{NewInterface, SectionHeader};
use wirestage_dissectors::frames::LinkType;
use wirestage_dissectors::ids::Time;

use super::talk::Said;

/// What a segment holds at most, as over Ethernet (RFC 9293, section 3.7.1).
const SEGMENT: usize = 1460;
/// The ports: the server's is one at which readers expect HTTP.
const PORTS: [u16; 2] = [50_000, 8080];
/// From one packet to the next, in nanoseconds.
const PACE: i64 = 1_000;

/// A connection in the making: the next number of each side, the client's first.
struct Wire {
    out: PcapngWriter<BufWriter<File>>,
    interface: u32,
    next: [u32; 2],
    time: i64,
}

impl Wire {
    /// Writes a segment of the client or of the server.
    fn send(
        &mut self,
        is_client: bool,
        flags: impl FnOnce(TcpStep) -> TcpStep,
        payload: &[u8],
    ) -> io::Result<()> {
        let (own, other) = if is_client { (0, 1) } else { (1, 0) };
        let host = |side: usize| [10, 0, 0, side as u8 + 1];
        let step = PacketBuilder::ethernet2([2; 6], [4; 6]).ipv4(host(own), host(other), 64);
        let step = step.tcp(PORTS[own], PORTS[other], self.next[own], 65_535);
        let step = flags(step);
        let mut bytes = Vec::new();
        step.write(&mut bytes, payload).map_err(io::Error::other)?;
        self.time += PACE;
        self.out.packet(self.interface, Time(self.time), bytes.len() as u32, &bytes)?;
        self.next[own] = self.next[own].wrapping_add(payload.len() as u32);
        Ok(())
    }

    /// One that takes a number of its own: SYN or FIN.
    fn control(
        &mut self,
        is_client: bool,
        flags: impl FnOnce(TcpStep) -> TcpStep,
    ) -> io::Result<()> {
        self.send(is_client, flags, &[])?;
        let own = usize::from(!is_client);
        self.next[own] = self.next[own].wrapping_add(1);
        Ok(())
    }
}

type TcpStep = PacketBuilderStep<TcpHeader>;

/// Writes a whole connection.
pub(super) fn write(path: &Path, said: &[Said]) -> io::Result<()> {
    let header = SectionHeader { application: "streams".into(), ..SectionHeader::default() };
    let mut out = PcapngWriter::new(BufWriter::new(File::create(path)?), &header)?;
    let (name, description, filter) = ("line".into(), String::new(), String::new());
    let link = LinkType::ETHERNET;
    let interface = NewInterface { name, description, link, snap_len: 0, filter };
    let interface = out.interface(&interface)?;
    let mut wire = Wire { out, interface, next: [1_000, 900_000], time: 1_700_000_000_000_000_000 };
    wire.control(true, TcpStep::syn)?;
    let seen = wire.next[0];
    wire.control(false, |step| step.syn().ack(seen))?;
    let seen = wire.next[1];
    wire.send(true, |step| step.ack(seen), &[])?;
    for (is_client, bytes) in said {
        for segment in bytes.chunks(SEGMENT) {
            let seen = wire.next[usize::from(*is_client)];
            wire.send(*is_client, |step| step.ack(seen).psh(), segment)?;
        }
    }
    let seen = wire.next[1];
    wire.control(true, |step| step.fin().ack(seen))?;
    let seen = wire.next[0];
    wire.control(false, |step| step.fin().ack(seen))?;
    let seen = wire.next[1];
    wire.send(true, |step| step.ack(seen), &[])?;
    wire.out.flush()
}
