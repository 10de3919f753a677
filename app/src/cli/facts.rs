//! What `wirestage info` counts: of a whole recording, or of the frames that pass a filter.

use std::collections::{HashMap, HashSet};

use wirestage_dissectors::describe::Dissection;
use wirestage_dissectors::filter::RowSet;
use wirestage_dissectors::frames::{Frames, LinkType, Passing};
use wirestage_dissectors::ids::{FlowId, Time};
use wirestage_dissectors::overview::Report;
use wirestage_dissectors::protocol::Claim;
use wirestage_dissectors::registry::standard;
use wirestage_dissectors::sinks::RowText;
use wirestage_dissectors::story::apart::{Apart, Unread};
use wirestage_dissectors::survey::{Flow, Transport};

use crate::document::Document;

/// What a survey found.
pub(super) struct Facts {
    pub(super) frames: u32,
    pub(super) bytes: u64,
    pub(super) marks: u64,
    /// The earliest and the latest time, where any is known.
    pub(super) times: Option<(Time, Time)>,
    pub(super) tcp: usize,
    pub(super) udp: usize,
    /// By protocol, the one with most frames first.
    pub(super) protocols: Vec<Share>,
    pub(super) unread: Option<Unread>,
    /// Who was asked for what, and how it went, as far as headers tell.
    pub(super) report: Report,
}

/// What one protocol has of it.
pub(super) struct Share {
    pub(super) name: String,
    pub(super) flows: u64,
    pub(super) frames: u64,
    pub(super) bytes: u64,
}

/// Shares while they are counted.
#[derive(Default)]
struct Shares {
    all: Vec<Share>,
    by_name: HashMap<String, usize>,
}

impl Shares {
    fn add(&mut self, name: &str, [flows, frames, bytes]: [u64; 3]) {
        let at = self.by_name.get(name).copied().unwrap_or_else(|| {
            self.all.push(Share { name: name.to_owned(), flows: 0, frames: 0, bytes: 0 });
            self.by_name.insert(name.to_owned(), self.all.len() - 1);
            self.all.len() - 1
        });
        if let Some(share) = self.all.get_mut(at) {
            share.flows += flows;
            share.frames += frames;
            share.bytes += bytes;
        }
    }

    fn sorted(mut self) -> Vec<Share> {
        self.all.sort_by(|a, b| b.frames.cmp(&a.frames).then_with(|| a.name.cmp(&b.name)));
        self.all
    }
}

/// What a flow speaks, as far as headers tell.
fn spoken(id: FlowId, flow: &Flow, apart: &Apart) -> &'static str {
    let claimed = || {
        let mut ports = flow.key.ports.iter().map(|port| Claim::UdpPort(*port));
        ports.find_map(|claim| standard().by_claim(claim)).filter(|_| apart.tells(id))
    };
    let protocol = flow.protocol().or_else(claimed);
    protocol.map_or("unknown", |id| standard().get(id).title())
}

impl Facts {
    /// Those of the whole recording.
    pub(super) fn of(document: &Document) -> Self {
        let survey = &document.survey;
        let (mut shares, mut count, mut bytes) = (Shares::default(), [0; 2], 0);
        let apart = document.apart();
        for (id, flow) in survey.live_flows() {
            let [tcp, udp] = &mut count;
            *match flow.key.transport {
                Transport::Tcp => tcp,
                Transport::Udp => udp,
            } += 1;
            bytes += flow.bytes;
            shares.add(spoken(id, flow, apart), [1, u64::from(flow.frames), flow.bytes]);
        }
        for kind in apart.kinds() {
            let name = if kind.is_read { kind.name } else { format!("{} (not read)", kind.name) };
            bytes += kind.bytes;
            shares.add(&name, [0, kind.frames, kind.bytes]);
        }
        let pieces = apart.pieces();
        if pieces.frames > 0 {
            bytes += pieces.bytes;
            shares.add("IP fragments", [0, pieces.frames, pieces.bytes]);
        }
        let marks = apart.marks();
        bytes += marks.bytes;
        let [tcp, udp] = count;
        Self {
            frames: survey.frame_count(),
            bytes,
            marks: marks.frames,
            times: survey.times(),
            tcp,
            udp,
            protocols: shares.sorted(),
            unread: apart.unread(),
            report: document.overview_of_headers().report(),
        }
    }

    /// Those of some frames. Services are told of the connections that have any of them.
    pub(super) fn of_rows(document: &Document, rows: &RowSet) -> Self {
        let (survey, context) = (&*document.survey, document.context());
        let apart = document.apart();
        let scene = Dissection::of_headers(context, survey);
        let (mut shares, mut row) = (Shares::default(), RowText::new());
        let mut flows: HashSet<FlowId> = HashSet::new();
        let (mut bytes, mut marks) = (0, 0);
        let mut times: Option<(Time, Time)> = None;
        // What is counted is given back, so that a long recording stays out of memory.
        let passing = Passing::new(context.frames);
        for id in rows.iter() {
            let frame = passing.frame(id);
            bytes += u64::from(frame.wire_len);
            if let Some(time) = frame.time.known() {
                times = Some(
                    times.map_or((time, time), |(first, last)| (first.min(time), last.max(time))),
                );
            }
            let share = [0, 1, u64::from(frame.wire_len)];
            let flow = survey.row(id).and_then(|row| Some((row.flow, survey.flow(row.flow)?)));
            match flow {
                Some((id, flow)) => {
                    let is_first = u64::from(flows.insert(id));
                    shares.add(spoken(id, flow, apart), [is_first, share[1], share[2]]);
                }
                None if frame.link == LinkType::MARK => marks += 1,
                None => shares.add(scene.row(id, &mut row), share),
            }
        }
        let is_tcp = |id: &&FlowId| {
            survey.flow(**id).is_some_and(|flow| flow.key.transport == Transport::Tcp)
        };
        let tcp = flows.iter().filter(is_tcp).count();
        Self {
            frames: rows.len(),
            bytes,
            marks,
            times,
            tcp,
            udp: flows.len() - tcp,
            protocols: shares.sorted(),
            unread: None,
            report: document.overview_of_some(&document.connections_of(rows)).report(),
        }
    }
}
