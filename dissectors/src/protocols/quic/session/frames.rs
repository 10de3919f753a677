//! What frames bring: bytes of the handshake, ids, tokens.

use super::super::frame::{Frame, Says, kind};
use super::levels::Opened;
use super::recovery::DELAY_EXPONENT;
use super::side::Side;
use super::{QuicSession, inside};
use crate::bytes::Reader;
use crate::engine::ordered::Event;
use crate::engine::session::{Out, To};
use crate::ids::Direction;
use crate::protocol::Claim;
use crate::protocols::tls::handshake::wire::{
    ANYWHERE, Hello, extension, find_extension, first_alpn, split,
};
use crate::protocols::tls::handshake::{Carried, Epoch, HandshakeType, Step, Unsealed};
use crate::protocols::varint::varint;
use crate::span::Span;
use crate::typed::AnyFact;

/// Transport parameters that matter to who reads on (RFC 9000, section 18.2).
const MAX_IDLE_TIMEOUT: u64 = 0x01;
const STATELESS_RESET_TOKEN: u64 = 0x02;
const PREFERRED_ADDRESS: u64 = 0x0d;
const MAX_DATA: u64 = 0x04;
const MAX_STREAM_DATA_OWN: u64 = 0x05;
const MAX_STREAM_DATA_OTHERS: u64 = 0x06;
const MAX_STREAM_DATA_ONE_WAY: u64 = 0x07;
const ACK_DELAY_EXPONENT: u64 = 0x0a;
const MAX_ACK_DELAY: u64 = 0x0b;

impl Opened {
    /// The frames of the packet.
    pub(super) fn frames(self, out: &Out<'_>) -> Vec<Frame> {
        let place = self.place.from(self.frames_at);
        Frame::all(Reader::new(out.bytes(place), place))
    }
}

impl QuicSession {
    /// Whether a packet brings bytes, and all of them had come by before.
    pub(super) fn repeats(&self, from: Direction, epoch: Epoch, frames: &[Frame]) -> bool {
        let side = self.side(from);
        let had_come = |frame: &Frame| match frame.says {
            Says::Crypto { offset, data } => {
                let crypto = side.crypto.get(epoch as usize);
                let end = offset.saturating_add(data.len.into());
                Some(crypto.is_some_and(|crypto| end <= crypto.next()))
            }
            Says::Stream { stream, offset, data, .. } if data.len > 0 => {
                let end = offset.saturating_add(data.len.into());
                Some(self.streams.had_come((stream, from), end))
            }
            _ => None,
        };
        let mut bytes = frames.iter().filter_map(had_come).peekable();
        bytes.peek().is_some() && bytes.all(|had_come| had_come)
    }

    /// Takes the frames of a packet into account.
    pub(super) fn act(
        &mut self,
        from: Direction,
        opened: Opened,
        frames: Vec<Frame>,
        out: &mut Out<'_>,
    ) {
        for frame in frames {
            match frame.says {
                Says::Crypto { offset, data } => self.crypto(from, opened, (offset, data), out),
                Says::Id { id, token, .. } => {
                    let [id, token] = [id, token].map(|span| out.bytes(span).to_vec());
                    self.goes_by(from, &id, out);
                    self.side_mut(from).ids.add_token(&token);
                }
                Says::Stream { stream, offset, data, is_last } => {
                    self.stream((stream, from), opened, (offset, data), is_last, out);
                }
                Says::Bytes(data) if matches!(frame.kind, kind::DATAGRAM | kind::DATAGRAM_LEN) => {
                    self.datagram(data, opened, out);
                }
                Says::Broken { stream, .. } if frame.kind == kind::RESET_STREAM => {
                    self.break_off(stream, from, out);
                }
                Says::Nothing if frame.kind == kind::HANDSHAKE_DONE => self.is_confirmed = true,
                _ => {}
            }
        }
    }

    /// Bytes of the handshake: to whoever tells them, and to what makes keys of them.
    fn crypto(
        &mut self,
        from: Direction,
        opened: Opened,
        (offset, data): (u64, Span),
        out: &mut Out<'_>,
    ) {
        let epoch = opened.epoch;
        let Some(crypto) = self.side_mut(from).crypto.get_mut(epoch as usize) else { return };
        let carried = [AnyFact::new(Carried)];
        let to = To::child(inside::HANDSHAKE, Claim::Named("tls")).settled(&carried);
        for event in crypto.push(offset, data, data.len.into()) {
            if let Event::Data(place) = event {
                out.hand_on(to.lane(epoch as u64), place, Some(opened.protection()));
            }
            self.handshake.take_up(from, epoch, event, out);
        }
        while let Some(step) = self.handshake.next(from, epoch, out) {
            self.settle(from, &step, out);
        }
    }

    /// What a message of the handshake says of the connection around it.
    fn settle(&mut self, from: Direction, step: &Step, out: &mut Out<'_>) {
        // What was sealed inside is what the client means.
        let inner = step.unsealed.as_ref().and_then(Unsealed::hello);
        let message = inner.unwrap_or_else(|| out.bytes(step.span)).to_vec();
        let Ok((_, body)) = split(Reader::new(&message, ANYWHERE)) else { return };
        let find = |wanted| match step.kind {
            HandshakeType::CLIENT_HELLO => Hello::client(body)?.extension(wanted),
            HandshakeType::ENCRYPTED_EXTENSIONS => {
                find_extension(body.rest().get(2..).unwrap_or_default(), wanted)
            }
            _ => None,
        };
        if let Some(name) = find(extension::ALPN).and_then(first_alpn) {
            self.alpn = Some(name.to_vec());
        }
        let takes_early = || find(extension::EARLY_DATA).is_some();
        if step.kind == HandshakeType::ENCRYPTED_EXTENSIONS && !takes_early() {
            self.streams.begin_anew();
            let client = from.reverse();
            self.side_mut(client).log_mut(Epoch::Early).refuse_early();
        }
        let parameters = find(extension::QUIC_PARAMETERS);
        if let Some(mut list) = parameters.or_else(|| find(extension::QUIC_PARAMETERS_OF_DRAFTS)) {
            while let Some((kind, value)) = parameter(&mut list) {
                match kind {
                    STATELESS_RESET_TOKEN => self.side_mut(from).ids.add_token(value),
                    PREFERRED_ADDRESS => self.preferred(from, value, out),
                    _ => self.side_mut(from).parameter(kind, value),
                }
            }
        }
    }

    /// The server would rather be reached elsewhere, under this id (RFC 9000, section 9.6).
    fn preferred(&mut self, from: Direction, value: &[u8], out: &mut Out<'_>) {
        const ADDRESSES: usize = 4 + 2 + 16 + 2;
        let mut reader = Reader::new(value, ANYWHERE);
        let id = reader.take(ADDRESSES, "addresses").and_then(|_| {
            let (len, _) = reader.u8("the id's length")?;
            reader.take(usize::from(len), "the id")
        });
        if let Ok((id, _)) = id {
            self.goes_by(from, id, out);
            self.preferred = if id.is_empty() { None } else { Some(id.into()) };
            self.side_mut(from).ids.add_token(reader.rest());
        }
    }
}

impl Side {
    /// Takes up what a transport parameter says of delays and limits.
    fn parameter(&mut self, kind: u64, value: &[u8]) {
        let Some(number) = number_in(value) else { return };
        match kind {
            MAX_IDLE_TIMEOUT => self.idle = Some(number),
            MAX_DATA => self.allows.data = Some(number),
            MAX_STREAM_DATA_OWN => self.allows.own = Some(number),
            MAX_STREAM_DATA_OTHERS => self.allows.others = Some(number),
            MAX_STREAM_DATA_ONE_WAY => self.allows.one_way = Some(number),
            ACK_DELAY_EXPONENT => {
                self.delay_exponent = number.try_into().unwrap_or(DELAY_EXPONENT);
            }
            MAX_ACK_DELAY => {
                let nanos = number.checked_mul(1_000_000).and_then(|nanos| nanos.try_into().ok());
                self.max_ack_delay = nanos.unwrap_or(self.max_ack_delay);
            }
            _ => {}
        }
    }
}

/// The number that a transport parameter is.
fn number_in(value: &[u8]) -> Option<u64> {
    varint(&mut Reader::new(value, ANYWHERE), "the parameter").ok().map(|(number, _)| number)
}

/// The next transport parameter: its number and its value.
fn parameter<'a>(list: &mut Reader<'a>) -> Option<(u64, &'a [u8])> {
    let (kind, _) = varint(list, "the parameter's type").ok()?;
    let (len, _) = varint(list, "the parameter's length").ok()?;
    let (value, _) = list.take(usize::try_from(len).ok()?, "the parameter").ok()?;
    Some((kind, value))
}

const _: () = assert!(Epoch::Application as usize == 3, "each epoch has a place");
