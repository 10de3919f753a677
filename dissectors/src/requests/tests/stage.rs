//! Connections made by hand, and what is gathered from them.

use etherparse::PacketBuilder;

use crate::attribution::Attribution;
use crate::describe::Dissection;
use crate::engine::conversation::{Conversations, DEFAULT_BUDGET};
use crate::engine::reader::Context;
use crate::engine::sweep::Sweep;
use crate::frames::{FrameList, Frames, LinkType};
use crate::ids::{FrameId, Time};
use crate::registry::standard;
use crate::requests::{Detail, Request, Requests, Said, notes};
use crate::secret::Secrets;
use crate::survey::Survey;

/// A segment: whose port the client has, who sends, and what. `>` asks, `<` answers; `>.` and `<.`
/// end a direction, and `<x` resets.
pub(super) type Step<'a> = (u16, &'a str, &'a [u8]);

/// A recording of steps, a millisecond apart.
pub(super) struct Stage {
    frames: FrameList,
}

impl Stage {
    pub(super) fn of(steps: &[Step<'_>]) -> Self {
        let mut frames = FrameList::new();
        let mut numbers: Vec<(u16, [u32; 2])> = Vec::new();
        for (at, (port, step, payload)) in steps.iter().enumerate() {
            let place = numbers.iter().position(|(known, _)| known == port);
            let place = place.unwrap_or_else(|| {
                numbers.push((*port, [1_000, 5_000]));
                numbers.len() - 1
            });
            let side = usize::from(step.starts_with('<'));
            let [seq, ack] = [side, 1 - side].map(|side| numbers[place].1[side]);
            let (from, to) = if side == 0 { (1, 2) } else { (2, 1) };
            let ports = if side == 0 { (*port, 80) } else { (80, *port) };
            let ip =
                PacketBuilder::ethernet2([2; 6], [4; 6]).ipv4([10, 0, 0, from], [10, 0, 0, to], 64);
            let mut tcp = ip.tcp(ports.0, ports.1, seq, 64_240).ack(ack);
            tcp = if step.ends_with('.') { tcp.fin() } else { tcp };
            tcp = if step.ends_with('x') { tcp.rst() } else { tcp };
            let mut bytes = Vec::new();
            tcp.write(&mut bytes, payload).unwrap();
            frames.push(Time(at as i64 * 1_000_000), 0, LinkType::ETHERNET, bytes);
            let len = payload.len() as u32 + u32::from(step.ends_with('.'));
            numbers[place].1[side] = seq.wrapping_add(len);
        }
        Self { frames }
    }

    /// The requests, gathered in windows of so many frames, and what each of them holds.
    fn gathered(&self, window: u32) -> (Vec<Request>, Vec<Detail>) {
        let (survey, secrets) = (Survey::of(&self.frames, standard()), Secrets::default());
        let context = Context { frames: &self.frames, secrets: &secrets, registry: standard() };
        let attribution = Attribution::new(context, &survey);
        let mut sweep = Sweep::new(context, &survey, &attribution);
        let mut requests = Requests::default();
        let (mut first, count) = (0, self.frames.count());
        while first < count {
            let (read, frames) = sweep.read(first..(first + window).min(count));
            first = frames.end;
            let scene = Dissection::of_window(context, &survey, &read);
            let mut found = Vec::new();
            frames.for_each(|id| notes(FrameId(id), &scene, &attribution, &mut found));
            for note in found {
                requests.take(note);
            }
        }
        let (rows, left_out) = requests.finish();
        assert_eq!(left_out, 0);
        let mut conversations = Conversations::new(attribution.into(), DEFAULT_BUDGET);
        let surroundings = (context, &survey);
        let details =
            rows.iter().map(|row| Detail::of(row, &mut conversations, surroundings)).collect();
        (rows, details)
    }

    /// The requests and what each of them holds, which windows do not change.
    pub(super) fn requests(&self) -> Vec<(Request, Detail)> {
        let (rows, details) = self.gathered(self.frames.count());
        for window in [1, 3] {
            assert_eq!(self.gathered(window), (rows.clone(), details.clone()));
        }
        rows.into_iter().zip(details).collect()
    }
}

/// Holds the requests of a recording against a table: a line for each.
#[track_caller]
pub(super) fn check(steps: &[Step<'_>], expected: &[&str]) {
    let found: Vec<String> = Stage::of(steps).requests().iter().map(|(row, _)| line(row)).collect();
    assert_eq!(found, expected, "{found:#?}");
}

/// One request in a line: what was asked, how it was answered, the bytes of each side and its
/// frames, and how it went.
pub(super) fn line(row: &Request) -> String {
    let mut out = format!("{} {} {}", row.version, row.method, row.url());
    if let Some(lane) = row.lane {
        out += &format!(" on {lane}");
    }
    out += &side(">", row.question);
    for (status, at) in &row.interim {
        out += &format!(" | {status} @{}", at.frame.number());
    }
    out += &side("<", row.answer);
    if let Some(status) = row.status {
        out += &format!(" {status} {}", row.kind);
    }
    let trouble = row.trouble().map_or_else(String::new, |why| format!(": {why}"));
    out.trim_end().to_owned() + &trouble
}

fn side(mark: &str, said: Option<Said>) -> String {
    let Some(said) = said else { return format!(" {mark} nothing") };
    let Said { first, last, head, body, decoded, .. } = said;
    let decoded = decoded.map_or_else(String::new, |decoded| format!("={decoded}"));
    let (first, last) = (first.frame.number(), last.frame.number());
    format!(" {mark} {head}+{body}{decoded} @{first}-{last}")
}
