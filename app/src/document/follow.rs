//! Following a connection: what each side said, in order, as the engine puts it together.
//!
//! ```text
//!   frames ── TCP, UDP ──> (as carried) ── TLS, QUIC, DTLS ──> (opened) ──> runs of bytes
//! ```
//!
//! The engine reads it with fewer protocols than it has: whatever lies above those that are kept
//! is nobody's, and comes as it is, in order and once.

use std::sync::LazyLock;

use wirestage_dissectors::engine::conversation::Conversations;
use wirestage_dissectors::engine::reader::Context;
use wirestage_dissectors::frames::Frames;
use wirestage_dissectors::ids::{ConnectionId, Direction, FrameId, Time};
use wirestage_dissectors::message::Message;
use wirestage_dissectors::protocol::{Facts, Framing, Protocol, Registry};
use wirestage_dissectors::protocols::data;
use wirestage_dissectors::registry;

use super::{Ground, Progress};

/// How far bytes are opened before they are followed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Depth {
    /// What TCP or UDP carries, sealed where it is sealed.
    Carried,
    /// What lies inside TLS, DTLS or QUIC, where there are keys.
    #[default]
    Opened,
}

/// A run of bytes that one side sent.
#[derive(Clone, Copy, Debug)]
pub struct Piece<'a> {
    /// Whether the client sent it.
    pub by_client: bool,
    /// The stream that it belongs to, where the connection has several.
    pub stream: Option<u64>,
    /// The frame that brought the last of it.
    pub frame: FrameId,
    /// When that was.
    pub time: Time,
    /// The bytes.
    pub bytes: &'a [u8],
}

/// Protocols that carry bytes of others in streams or datagrams.
const CARRIERS: [&str; 2] = ["tcp", "udp"];
/// Those that seal what they carry.
const SEALS: [&str; 3] = ["tls", "dtls", "quic"];

/// The protocols that are read with: headers, carriers, and for opening what seals.
pub(super) fn protocols(depth: Depth) -> &'static Registry {
    static CARRIED: LazyLock<Registry> = LazyLock::new(|| fewer(Depth::Carried));
    static OPENED: LazyLock<Registry> = LazyLock::new(|| fewer(Depth::Opened));
    match depth {
        Depth::Carried => &CARRIED,
        Depth::Opened => &OPENED,
    }
}

fn fewer(depth: Depth) -> Registry {
    let all = registry::standard();
    let is_header = |protocol: &dyn Protocol| {
        [Framing::Stream, Framing::Datagram]
            .iter()
            .all(|framing| protocol.open(&Facts::new(*framing)).is_none())
    };
    let is_kept = |protocol: &&&'static dyn Protocol| {
        let name = protocol.name();
        is_header(**protocol)
            || CARRIERS.contains(&name)
            || depth == Depth::Opened && SEALS.contains(&name)
            || protocol.id() == all.fallback()
    };
    let kept: Vec<&'static dyn Protocol> = all.all().iter().filter(is_kept).copied().collect();
    Registry::new(&kept)
}

impl Ground {
    /// Calls for each run of bytes of a connection in the order in which they were complete, until
    /// the call says that it has enough. Says whether it got to the end.
    pub fn follow(
        &self,
        connection: ConnectionId,
        depth: Depth,
        progress: &Progress,
        mut take: impl FnMut(Piece<'_>) -> bool,
    ) -> bool {
        let mut registry = protocols(depth);
        let ruled;
        if !self.registry.rules().is_empty() {
            // Who is not read here at all comes as data.
            ruled = registry.ruled_by(self.registry.rules());
            registry = &ruled;
        }
        let context = Context { registry, ..self.context() };
        let path = self.survey.flow(self.attribution.first_path(connection));
        let client = path.and_then(|flow| flow.ports().began).unwrap_or(Direction::Forward);
        let mut read = Conversations::new(self.attribution.clone(), self.budget);
        let stop = || progress.is_cancelled();
        let frames = self.attribution.frames(connection, &self.survey).len() as u64;
        let mut seen = 0;
        for index in 0.. {
            let surroundings = (context, &*self.survey);
            let Some(held) = read.stretch_until(connection, index, &stop, surroundings) else {
                break;
            };
            let view = held.view(context.frames);
            let runs = held.stretch().messages.iter();
            for message in runs.filter(|message: &&Message| message.is(data::Kind::Bytes)) {
                let layer = view.layer(message.layer);
                let below = layer.and_then(|layer| view.layer(layer.below));
                let is_many = below.is_some_and(|one| registry.get(one.protocol).name() == "quic");
                seen += 1;
                progress.set(seen, frames);
                let piece = Piece {
                    by_client: message.direction == client,
                    stream: layer.filter(|_| is_many).map(|layer| layer.child),
                    frame: message.done,
                    time: self.recording.frame(message.done).time,
                    bytes: view.bytes(message.span),
                };
                if !take(piece) || progress.is_cancelled() {
                    return false;
                }
            }
        }
        !progress.is_cancelled()
    }
}
