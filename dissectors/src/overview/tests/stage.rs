//! Connections made by hand between any hosts.

use std::collections::HashMap;

use etherparse::PacketBuilder;

use crate::attribution::Attribution;
use crate::engine::reader::Context;
use crate::engine::tcp::flags::{ACK, FIN, RST, SYN};
use crate::frames::{FrameList, Frames, LinkType};
use crate::ids::{FrameId, Time};
use crate::overview::{
    Findings, Glance, Known, Line, Names, Quoted, Report, Times, glance, services,
};
use crate::registry::standard;
use crate::secret::Secrets;
use crate::story::apart::Apart;
use crate::survey::Survey;

pub(super) const CLIENT: [u8; 4] = [10, 0, 0, 1];
pub(super) const OTHER: [u8; 4] = [10, 0, 0, 3];
pub(super) const SERVER: [u8; 4] = [10, 0, 0, 2];
const ROUTER: [u8; 4] = [10, 0, 0, 254];

/// Who sends to whom.
pub(super) type Ends = [([u8; 4], u16); 2];

/// Frames, a millisecond apart.
#[derive(Default)]
pub(super) struct Wire {
    pub(super) frames: FrameList,
    pub(super) now: i64,
}

/// One step of a TCP connection: `>` or `<`, its flags as letters, and what it carries.
pub(super) type Step<'a> = (&'a str, &'a str);

impl Wire {
    /// A TCP connection as steps: `>S` is a SYN of the client, `<SA` a SYN-ACK of the server. `>A!`
    /// repeats what its sender said last.
    pub(super) fn tcp(&mut self, ends: Ends, steps: &[Step<'_>]) -> &mut Self {
        let mut seq = [1_000_u32, 5_000];
        for (step, payload) in steps {
            let side = usize::from(step.starts_with('<'));
            let has = |letter| step.contains(letter);
            let bits = [('S', SYN), ('A', ACK), ('F', FIN), ('R', RST)];
            let bits =
                bits.iter().filter(|(letter, _)| has(*letter)).fold(0, |all, (_, one)| all | one);
            let len = payload.len() as u32 + u32::from(has('S')) + u32::from(has('F'));
            if has('!') {
                seq[side] = seq[side].wrapping_sub(len);
            }
            self.segment(ends, side, (bits, seq[side], seq[1 - side]), payload.as_bytes());
            seq[side] = seq[side].wrapping_add(len);
        }
        self
    }

    fn segment(
        &mut self,
        ends: Ends,
        side: usize,
        (bits, seq, ack): (u16, u32, u32),
        payload: &[u8],
    ) {
        let ((from, port), (to, to_port)) = (ends[side], ends[1 - side]);
        let ip = PacketBuilder::ethernet2([2; 6], [4; 6]).ipv4(from, to, 64);
        let mut tcp = ip.tcp(port, to_port, seq, 64_240);
        if bits & ACK != 0 {
            tcp = tcp.ack(ack);
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
        let mut bytes = Vec::new();
        tcp.write(&mut bytes, payload).unwrap();
        self.push(bytes);
    }

    /// A datagram of one side.
    pub(super) fn udp(&mut self, ends: Ends, side: usize, payload: &[u8]) -> &mut Self {
        let ((from, port), (to, to_port)) = (ends[side], ends[1 - side]);
        let mut bytes = Vec::new();
        let ip = PacketBuilder::ethernet2([2; 6], [4; 6]).ipv4(from, to, 64);
        ip.udp(port, to_port).write(&mut bytes, payload).unwrap();
        self.push(bytes);
        self
    }

    /// An ICMP error of a router about the packet in a frame.
    pub(super) fn error(&mut self, (kind, code): (u8, u8), frame: u32) -> &mut Self {
        const LINK: usize = 14;
        let quoted = self.frames.frame(FrameId(frame)).bytes[LINK..LINK + 28].to_vec();
        let builder = PacketBuilder::ethernet2([2; 6], [4; 6]).ipv4(ROUTER, CLIENT, 64);
        let mut bytes = Vec::new();
        builder.icmpv4_raw(kind, code, [0; 4]).write(&mut bytes, &quoted).unwrap();
        self.push(bytes);
        self
    }

    pub(super) fn push(&mut self, bytes: Vec<u8>) {
        self.frames.push(Time(self.now * 1_000_000), 0, LinkType::ETHERNET, bytes);
        self.now += 1;
    }

    /// What the overview makes of it; `first` says whether first bytes are looked at.
    pub(super) fn seen<T>(&self, first: bool, look: impl FnOnce(&Known<'_>, &Report) -> T) -> T {
        let (survey, secrets) = (Survey::of(&self.frames, standard()), Secrets::default());
        let context = Context { frames: &self.frames, secrets: &secrets, registry: standard() };
        let attribution = Attribution::new(context, &survey);
        let quoted = Quoted::of(&Apart::of(context, &survey), &HashMap::new());
        let surroundings = (context, &survey, &attribution);
        let mut again = Vec::new();
        let ids = attribution.connections(&survey);
        let lines: Vec<Line> = ids
            .iter()
            .map(|id| Line::of(*id, surroundings, &quoted, Times::All, &mut again))
            .collect();
        let of = |line: &Line| glance(line.id, line.server, surroundings);
        let glances: Vec<Glance> = lines.iter().filter(|_| first).map(of).collect();
        let mut names = Names::default();
        for (name, address, frame) in glances.iter().flat_map(|glance| &glance.answers) {
            names.learn(*address, name, *frame);
        }
        let known = Known {
            lines: &lines,
            survey: &survey,
            registry: standard(),
            names: &names,
            glances: &glances,
            findings: &Findings::default(),
            quoted: &quoted,
        };
        let rows = services(&lines, &survey, |line| known.verdict(line), |line| known.spoken(line));
        let report = Report::new(&known, rows);
        look(&known, &report)
    }
}
