//! Packets of QUIC, sealed by what its two sides know.
//!
//! A change to a sealed packet makes one that nobody can open. So what is changed here lies inside:
//! a connection begins with its handshake, every turn after it is a packet of its own, and all of
//! it is sealed when the frames are made.

use wirestage_dissectors::secret::{Label, Secret, Secrets};

use self::packets::{CHOSEN, OF_CLIENT, OF_SERVER, TOKEN};
use self::seal::{
    CLIENT, CLIENT_HANDSHAKE, EARLY, SERVER, SERVER_HANDSHAKE, client_hello_with, crypto,
    encrypted_extensions_with, finished, initial, long, server_hello, short, stream, updated,
};
use crate::input::Turn;

#[allow(dead_code, reason = "the tests of the protocol use the rest")]
#[path = "../../../dissectors/src/protocols/quic/tests/packets.rs"]
mod packets;
#[allow(dead_code, reason = "the tests of the protocol use the rest")]
#[path = "../../../dissectors/src/protocols/quic/tests/seal.rs"]
mod seal;

/// What the turns of a connection are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Inside {
    /// Of each side the first is its transport parameters, the rest as with `Frames`.
    Parameters,
    /// The frames of a packet, on the level that the turn names: see [`LEVELS`].
    Frames,
    /// Bytes of a stream, which follow those of the turn before; see [`FIN`].
    Streams,
}

/// The levels of packets by what a turn calls its link: Initial, 0-RTT, Handshake, and 1-RTT with
/// the first keys, those after an update, and those after another.
pub const LEVELS: u16 = 6;

/// A turn that ends its stream, beside the stream's number.
pub const FIN: u16 = 0x8000;

/// What each side says of itself where the turns do not say it: windows and numbers of streams
/// (RFC 9000, section 18.2).
const PARAMETERS: &[u8] = &[4, 2, 0x7f, 0xff, 5, 2, 0x7f, 0xff, 6, 1, 20, 7, 1, 20, 8, 1, 9];

/// A datagram.
pub(crate) struct Sent {
    pub(crate) time: i64,
    pub(crate) is_client: bool,
    pub(crate) bytes: Vec<u8>,
}

/// The key log of every connection that is made here.
#[must_use]
pub fn key_log() -> String {
    seal::secrets().map(|secret| secret.line()).join("\n")
}

/// What both sides send: the handshake, then a datagram for each turn.
pub(crate) fn datagrams(inside: Inside, turns: &[Turn]) -> Vec<Sent> {
    let mut said = turns.to_vec();
    let mut of = |is_client: bool| {
        let own = said.iter().position(|turn| turn.is_client == is_client);
        let own = own.filter(|_| inside == Inside::Parameters);
        own.map_or_else(|| PARAMETERS.to_vec(), |at| said.remove(at).bytes)
    };
    let parameters = [of(true), of(false)];
    let is_early = inside != Inside::Streams && said.iter().any(|turn| turn.link % LEVELS == 1);
    let mut found = handshake(&parameters, is_early);
    let mut sides = [Side::default(), Side::default()];
    let mut time = 0_i64;
    for turn in &said {
        time = time.wrapping_add(turn.after);
        let side = &mut sides[usize::from(!turn.is_client)];
        let (level, frames) = match inside {
            Inside::Streams => (3, side.stream(turn)),
            Inside::Parameters | Inside::Frames => (turn.link % LEVELS, turn.bytes.clone()),
        };
        let bytes = side.packet(turn.is_client, level, &frames);
        found.push(Sent { time, is_client: turn.is_client, bytes });
    }
    found
}

/// Three datagrams: the client's hello, the server's answer, the client's last word.
fn handshake([client, server]: &[Vec<u8>; 2], is_early: bool) -> Vec<Sent> {
    let [of_client, of_server] = [(OF_SERVER, OF_CLIENT), (OF_CLIENT, OF_SERVER)];
    let hello = [crypto(0, &client_hello_with(b"h3", is_early, client)), vec![0; 900]].concat();
    let secret = initial(CHOSEN, "client in");
    let hello = long(0xc0, (CHOSEN, OF_CLIENT), Some(&[]), &secret, 0, &hello);
    let secret = initial(CHOSEN, "server in");
    let answer = long(0xc0, of_server, Some(&[]), &secret, 0, &crypto(0, &server_hello()));
    let token = [&[2, 16][..], &TOKEN].concat();
    let parameters = [&server[..], &token].concat();
    let rest = [encrypted_extensions_with(b"h3", &parameters), finished()].concat();
    let rest = long(0xe0, of_server, None, &SERVER_HANDSHAKE, 0, &crypto(0, &rest));
    let last = crypto(0, &finished());
    let last = long(0xe0, of_client, None, &CLIENT_HANDSHAKE, 0, &last);
    let said = [(true, hello), (false, [answer, rest].concat()), (true, last)];
    said.map(|(is_client, bytes)| Sent { time: 0, is_client, bytes }).into()
}

/// What a side sends next.
#[derive(Default)]
struct Side {
    /// How many packets went out in each space of numbers, behind those of the handshake.
    numbers: [u16; 3],
    /// How far each stream went.
    streams: Vec<(u16, u64)>,
}

impl Side {
    /// A packet with these frames.
    fn packet(&mut self, is_client: bool, level: u16, frames: &[u8]) -> Vec<u8> {
        let (ids, handshake, first, who) = match is_client {
            true => ((OF_SERVER, OF_CLIENT), CLIENT_HANDSHAKE, CLIENT, "client in"),
            false => ((OF_CLIENT, OF_SERVER), SERVER_HANDSHAKE, SERVER, "server in"),
        };
        match level {
            0 => long(0xc0, ids, Some(&[]), &initial(CHOSEN, who), self.number(0), frames),
            1 if is_client => long(0xd0, (CHOSEN, OF_CLIENT), None, &EARLY, self.number(2), frames),
            2 => long(0xe0, ids, None, &handshake, self.number(1), frames),
            _ => {
                let updates = usize::from(level).saturating_sub(3);
                let now = (0..updates).fold(first, |secret, _| updated(&secret));
                short(ids.0, (&first, &now, updates % 2 == 1), self.number(2), frames)
            }
        }
    }

    fn number(&mut self, space: usize) -> u16 {
        // The handshake took the first of Initial and Handshake packets.
        let number = self.numbers[space] + u16::from(space < 2);
        self.numbers[space] += 1;
        number
    }

    /// The frame that carries the next bytes of a stream.
    fn stream(&mut self, turn: &Turn) -> Vec<u8> {
        let id = turn.link & !FIN;
        let known = self.streams.iter().position(|(known, _)| *known == id);
        let at = known.unwrap_or_else(|| {
            self.streams.push((id, 0));
            self.streams.len() - 1
        });
        let offset = &mut self.streams[at].1;
        let frame = stream(id.into(), *offset, &turn.bytes, turn.link & FIN != 0);
        *offset += turn.bytes.len() as u64;
        frame
    }
}
