//! Puts bytes into frames and reads them as one TCP connection.

use etherparse::TcpHeader;
use wirestage_dissectors::engine::arrival::Arrival;
use wirestage_dissectors::engine::later::Unknown;
use wirestage_dissectors::engine::ports::Ports;
use wirestage_dissectors::engine::reader::{ConnectionReader, Context};
use wirestage_dissectors::engine::stretch::Stretch;
use wirestage_dissectors::engine::view::View;
use wirestage_dissectors::frames::{FrameList, Frames, LinkType};
use wirestage_dissectors::ids::{Direction, FlowId, FrameId, ProtocolId, Time};
use wirestage_dissectors::message::Message;
use wirestage_dissectors::protocol::Framing;
use wirestage_dissectors::registry::standard;
use wirestage_dissectors::secret::Secrets;
use wirestage_dissectors::span::Span;

use crate::carrier;

/// Frames that hold nothing but TCP segments, and what was read out of them.
pub(crate) struct Read {
    pub(crate) frames: FrameList,
    pub(crate) reader: ConnectionReader,
    pub(crate) stretch: Stretch,
}

/// Bytes of a TCP header without options.
pub(crate) const HEADER: u32 = TcpHeader::MIN_LEN as u32;

/// Reads segments of one connection to port 443, one a frame.
pub(crate) fn read(segments: &[(Direction, Vec<u8>)], secrets: &Secrets) -> Read {
    read_on(443, segments, secrets)
}

/// Reads segments of one connection to that port, one a frame.
pub(crate) fn read_on(port: u16, segments: &[(Direction, Vec<u8>)], secrets: &Secrets) -> Read {
    read_without(&[], port, segments, secrets)
}

/// Reads segments of one connection, some of which arrived but were not captured.
pub(crate) fn read_without(
    lost: &[usize],
    port: u16,
    segments: &[(Direction, Vec<u8>)],
    secrets: &Secrets,
) -> Read {
    let mut frames = FrameList::new();
    let mut sequence = [0u32; 2];
    for (direction, bytes) in segments {
        let ports = match direction {
            Direction::Forward => [50000, port],
            Direction::Backward => [port, 50000],
        };
        let mut header = TcpHeader::new(ports[0], ports[1], sequence[direction.index()], 512);
        header.ack = true;
        header.acknowledgment_number = sequence[direction.reverse().index()];
        let mut segment = Vec::new();
        header.write(&mut segment).unwrap();
        segment.extend(bytes);
        frames.push(Time(0), 0, LinkType::RAW, segment);
        sequence[direction.index()] += bytes.len() as u32;
    }
    let (framing, ports) = (Framing::Stream, [50000, port]);
    let mut reader = ConnectionReader::new(Ports { framing, ports, began: None });
    let mut stretch = Stretch::starting_at(0);
    let context = Context { frames: &frames, secrets, registry: standard() };
    for (index, (direction, bytes)) in segments.iter().enumerate() {
        let frame = FrameId(index as u32);
        let len = bytes.len() as u32;
        let arrival = Arrival {
            frame,
            bytes: frames.frame(frame).bytes,
            time: Time(index as i64),
            direction: *direction,
            path: FlowId(0),
            by_name: false,
            carried: Span::frame(frame, 0, HEADER + len),
            cut: 0,
            data: len,
        };
        if !lost.contains(&index) {
            reader.feed(&arrival, context, &Unknown, &mut stretch);
        }
    }
    reader.finish(context, &mut stretch);
    Read { frames, reader, stretch }
}

/// Reads datagrams as those of a carrier of the handshake, one a frame, and gives each message and
/// its view to `look`. Of what came before a frame, only what is still needed is there.
pub(crate) fn read_datagrams(
    port: u16,
    datagrams: &[(Direction, Vec<u8>)],
    mut look: impl FnMut(&Message, &View<'_>),
) {
    let mut frames = FrameList::new();
    for (_, bytes) in datagrams {
        frames.push(Time(0), 0, LinkType::RAW, bytes.clone());
    }
    let (framing, ports) = (Framing::Datagram, [50000, port]);
    let mut reader = ConnectionReader::new(Ports { framing, ports, began: None });
    let mut stretch = Stretch::starting_at(0);
    let secrets = Secrets::default();
    let context = Context { frames: &frames, secrets: &secrets, registry: carrier::registry() };
    for (index, (direction, bytes)) in datagrams.iter().enumerate() {
        let frame = FrameId(index as u32);
        let len = bytes.len() as u32;
        let arrival = Arrival {
            frame,
            bytes,
            time: Time(index as i64),
            direction: *direction,
            path: FlowId(0),
            by_name: false,
            carried: Span::frame(frame, 0, len),
            cut: 0,
            data: len,
        };
        reader.feed(&arrival, context, &Unknown, &mut stretch);
        let view = reader.view(&frames, &stretch);
        stretch.messages.iter().for_each(|message| look(message, &view));
        stretch = reader.next_stretch(&stretch);
    }
}

impl Read {
    pub(crate) fn view(&self) -> View<'_> {
        self.reader.view(&self.frames, &self.stretch)
    }

    /// The messages of one protocol, in order.
    pub(crate) fn messages(&self, protocol: ProtocolId) -> impl Iterator<Item = &Message> {
        let of = move |message: &&Message| {
            self.stretch.layer(message.layer).is_some_and(|layer| layer.protocol == protocol)
        };
        self.stretch.messages.iter().filter(of)
    }
}

/// Bytes out of hexadecimal digits.
pub(crate) fn hex(text: &str) -> Vec<u8> {
    assert!(text.len().is_multiple_of(2));
    (0..text.len() / 2).map(|at| u8::from_str_radix(&text[2 * at..][..2], 16).unwrap()).collect()
}
