//! qlog: connections of QUIC as their endpoints log them, for qvis and other tools that read such
//! logs (draft-ietf-quic-qlog-main-schema, -quic-events and -h3-events).
//!
//! ```text
//!   ␞{ "file_schema": …, "trace": { "vantage_point": { "type": "network", "flow": "client" }, … } }
//!   ␞{ "time": 0.412, "name": "quic:packet_sent", "data": { "header": …, "frames": [ … ] } }
//! ```
//!
//! A file holds one connection, as JSON text sequences (RFC 7464) do. The recording stands between
//! both ends: what goes to the server is sent, and what comes from there is received. What only an
//! endpoint knows, such as its timers and its congestion window, is not in it.
//!
//! All of it comes from what describing a message says, so that it tells what the details tell.

pub mod beside;
mod collect;
mod frame;
mod http3;
mod packet;
mod schema;

use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use serde_json::{Value, json};
use tempfile::NamedTempFile;
use wirestage_dissectors::engine::view::View;
use wirestage_dissectors::ids::{ConnectionId, Direction, Time};
use wirestage_dissectors::message::Message;
use wirestage_dissectors::protocol::Framing;
use wirestage_dissectors::protocols::{quic, tls};

use crate::document::{Ground, Progress};
use crate::trouble::Trouble;

use collect::Fields;
pub use schema::Version;

/// What is in a log.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Packets, those that no key opens among them.
    pub packets: u64,
    /// Frames of those that were opened; padding in a row counts once.
    pub frames: u64,
    /// All that happened.
    pub events: u64,
}

/// A log that was written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Logged {
    /// Where it is.
    pub path: PathBuf,
    /// What is in it.
    pub counts: Counts,
}

impl Logged {
    /// What was written, in words.
    #[must_use]
    pub fn told(&self) -> String {
        let Counts { packets, frames, events } = self.counts;
        format!("{events} events; {packets} packets with {frames} frames that were opened")
    }
}

/// One connection on its way into a log.
struct Log<'w> {
    version: Version,
    out: &'w mut dyn Write,
    /// Who began it.
    client: Direction,
    /// The time that others are told from: the first one, without what is less than a millisecond.
    epoch: Option<i64>,
    /// The time of the event before.
    latest: f64,
    /// How each side tells delays (RFC 9000, section 18.2).
    exponents: [u64; 2],
    counts: Counts,
}

/// Writes the log of a connection; nothing where that is none of QUIC, or was cancelled.
///
/// # Errors
/// Where `out` takes nothing.
pub fn write(
    ground: &Ground,
    id: ConnectionId,
    version: Version,
    progress: &Progress,
    out: &mut dyn Write,
) -> io::Result<Option<Counts>> {
    let flow = ground.survey.flow(ground.attribution.first_path(id));
    if flow.is_none_or(|flow| flow.ports().framing != Framing::Datagram) {
        return Ok(None);
    }
    let mut conversations = ground.conversations();
    let context = ground.context();
    let counts = Counts::default();
    let client = Direction::Forward;
    let exponents = [packet::DELAY_EXPONENT; 2];
    let mut log = Log { version, out, client, epoch: None, latest: 0.0, exponents, counts };
    for index in 0.. {
        let Some(held) = conversations.stretch(id, index, context, &ground.survey) else { break };
        if progress.is_cancelled() {
            return Ok(None);
        }
        let view = held.view(context.frames);
        for message in &held.stretch().messages {
            log.take(message, &view)?;
        }
    }
    Ok((log.counts.packets > 0).then_some(log.counts))
}

impl Log<'_> {
    /// Writes what a message is in a log.
    fn take(&mut self, message: &Message, view: &View<'_>) -> io::Result<()> {
        let Some(protocol) = view.layer(message.layer).map(|layer| layer.protocol) else {
            return Ok(());
        };
        let is_sent = message.direction == self.client;
        let time = view.frames().frame(message.done).time;
        if protocol == quic::PROTOCOL_ID {
            let fields = Fields::of(message, view);
            if self.epoch.is_none() {
                self.begin(time, &fields)?;
            }
            let exponent = self.exponents[message.direction.index()];
            let data = packet::data(message, &fields, (self.version, exponent));
            self.counts.packets += 1;
            let frames = data.get("frames").and_then(Value::as_array);
            self.counts.frames += frames.map_or(0, Vec::len) as u64;
            let name = if is_sent { "packet_sent" } else { "packet_received" };
            return self.event(time, &self.version.quic(name), data);
        }
        if self.epoch.is_none() {
            return Ok(());
        }
        if protocol == tls::fields::PROTOCOL_ID {
            let fields = Fields::of(message, view);
            if let Some(exponent) = fields.number(tls::fields::QUIC_ACK_EXPONENT) {
                self.exponents[message.direction.index()] = exponent;
            }
            return match packet::parameters(&fields, (self.version, is_sent)) {
                Some(data) => self.event(time, &self.version.quic("parameters_set"), data),
                None => Ok(()),
            };
        }
        if protocol == wirestage_dissectors::protocols::http3::PROTOCOL_ID {
            let fields = Fields::of(message, view);
            let name = if is_sent { "frame_created" } else { "frame_parsed" };
            for data in http3::frames(&fields, self.version) {
                self.event(time, &self.version.http3(name), data)?;
            }
        }
        Ok(())
    }

    /// Writes what stands at the beginning, once the first packet is known.
    fn begin(&mut self, first: Time, fields: &Fields) -> io::Result<()> {
        let millis = first.known().map_or(0, |time| time.0.div_euclid(1_000_000));
        self.epoch = Some(millis.saturating_mul(1_000_000));
        let group = fields.hex(quic::DCID).unwrap_or_default();
        self.record(&self.version.header(millis, &group))
    }

    fn event(&mut self, time: Time, name: &str, data: Value) -> io::Result<()> {
        if let (Some(time), Some(epoch)) = (time.known(), self.epoch) {
            self.latest = time.0.saturating_sub(epoch) as f64 / 1e6;
        }
        self.counts.events += 1;
        self.record(&json!({"time": self.latest, "name": name, "data": data}))
    }

    /// One text of a sequence (RFC 7464, section 2.2).
    fn record(&mut self, value: &Value) -> io::Result<()> {
        self.out.write_all(b"\x1e")?;
        serde_json::to_writer(&mut *self.out, value)?;
        self.out.write_all(b"\n")
    }
}

/// Writes a log for each connection of QUIC that is meant: where there are several, into
/// `name-1.sqlog`, `name-2.sqlog` and so on. Only their owner can read them: they may hold what was
/// sealed.
///
/// # Errors
/// Where a file cannot be written.
pub fn put(
    ground: &Ground,
    meant: impl Fn(ConnectionId) -> bool,
    version: Version,
    path: &Path,
    progress: &Progress,
) -> Result<Vec<Logged>, Trouble> {
    let fail = |error: io::Error| Trouble::unwritable(path, &error);
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
    let mut files = Vec::new();
    for id in ground.connections.iter().copied().filter(|id| meant(*id)) {
        let mut file = NamedTempFile::new_in(folder.unwrap_or(Path::new("."))).map_err(fail)?;
        let mut into = BufWriter::new(&mut file);
        let counts = write(ground, id, version, progress, &mut into);
        let counts = counts.and_then(|counts| into.flush().map(|()| counts)).map_err(fail)?;
        drop(into);
        files.extend(counts.map(|counts| (file, counts)));
    }
    let several = files.len() > 1;
    let mut logged = Vec::new();
    for (number, (file, counts)) in (1..).zip(files) {
        let path = if several { numbered(path, number) } else { path.to_owned() };
        file.persist(&path).map_err(|error| fail(error.error))?;
        logged.push(Logged { path, counts });
    }
    Ok(logged)
}

/// `name-2.sqlog`, of `name.sqlog`.
fn numbered(path: &Path, number: usize) -> PathBuf {
    let stem = path.file_stem().unwrap_or_default().to_string_lossy();
    let ending = path.extension().unwrap_or_default().to_string_lossy();
    path.with_file_name(format!("{stem}-{number}.{ending}"))
}
