//! What of a story is drawn on a small ladder: the flights of the measured connection up to the
//! first byte of its answer, each with at most three beads.

use wirestage_dissectors::ids::{ProtocolId, Time};
use wirestage_dissectors::message::Protection;
use wirestage_dissectors::protocols::tcp;
use wirestage_dissectors::story::{Beat, BeatId, Ledger, Level, Outcome};

use crate::compare::{Way, short};
use crate::diagram::layout::style_of;
use crate::diagram::style::Style;

/// So many beads hang on one arrow at the most.
pub(super) const MOST_BEADS: usize = 3;

/// Flights of one side that follow each other by less than this part of their way are one arrow.
const AT_ONCE: i64 = 4;

/// Whose messages are shown whatever they say: with TCP they are all that takes round trips.
const TLS: ProtocolId = ProtocolId::of("tls");

/// Of a connection that nobody was answered on, so many arrows are drawn.
const MOST_ARROWS: usize = 16;

/// What a ladder shows. Times are nanoseconds since its first packet.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Ladder {
    pub(super) arrows: Vec<Arrow>,
    /// When the request left, and the first byte of the answer came.
    pub(super) asked: Option<i64>,
    pub(super) answered: Option<i64>,
    /// Where it ends.
    pub(super) end: i64,
    /// Whether arrows slant because both ends were recorded.
    pub(super) slants: bool,
    /// The round trips that are bracketed.
    pub(super) trips: Vec<Trip>,
    /// The shortest time between two arrows whose beads would lie on each other; `None` if they are
    /// a way apart.
    pub(super) apart: Option<i64>,
}

/// One arrow.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Arrow {
    /// Whether the client sends it.
    pub(super) forward: bool,
    pub(super) sent: i64,
    /// `None` if it never came.
    pub(super) received: Option<i64>,
    pub(super) beads: Vec<Bead>,
}

/// Messages under one protection, as one bead.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Bead {
    /// Their names in their order, without those that only set something up.
    pub(super) names: Vec<String>,
    pub(super) style: Style,
    pub(super) locked: bool,
    pub(super) repeated: bool,
    /// Whether the request is among them, or the first of the answer.
    pub(super) speaks: Option<Speaks>,
}

/// What a ladder is there for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Speaks {
    Asks,
    Answers,
}

/// A bracket in the margin: from when somebody asked until the answer came.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Trip {
    pub(super) from: i64,
    pub(super) to: i64,
    /// What it says: "2", "+1".
    pub(super) label: String,
    /// Whether it passes before the request leaves.
    pub(super) before: bool,
}

impl Ladder {
    /// What is drawn of a way.
    pub(super) fn of(way: &Way) -> Self {
        let story = &way.story;
        let flights = || story.level(Level::Flight).filter(|(_, beat)| beat.track == way.track);
        let client = way.client();
        let ledger = way.ledger.as_ref();
        let first = flights().map(|(_, beat)| beat.sent.time).min().unwrap_or_default();
        let began = ledger.map_or(first, |ledger| ledger.began.time);
        let since = |time: Time| time.since(began).max(0);
        let answered = ledger.map(|ledger| since(ledger.answered.time));
        let mut arrows: Vec<Arrow> = Vec::new();
        for (id, beat) in flights() {
            let lost = beat.outcome == Outcome::Lost;
            let sent = since(beat.sent.time);
            let came = beat.received.map_or(sent, |came| since(came.time));
            let forward = Some(beat.from) == client;
            // What had not come when the answer did changed nothing about it.
            if answered.is_some_and(|answered| came > answered) {
                continue;
            }
            let beads = beads(way, id, ledger);
            if beads.is_empty() {
                continue;
            }
            let received = (!lost).then_some(came);
            add(&mut arrows, Arrow { forward, sent, received, beads });
        }
        if ledger.is_none() {
            arrows.truncate(MOST_ARROWS);
        }
        let ends = arrows.iter().map(|arrow| arrow.received.unwrap_or(arrow.sent));
        let asked = ledger.map(|ledger| since(ledger.asked.time));
        let end = answered.or_else(|| ends.max()).unwrap_or(0);
        let trips = match (ledger, asked, answered) {
            (Some(ledger), Some(asked), Some(answered)) => {
                trips(&arrows, ledger, (asked, answered))
            }
            _ => Vec::new(),
        };
        Self { arrows, asked, answered, end, slants: story.both_ends, trips, apart: None }
    }

    /// How long its packets are on their way at most.
    pub(super) fn way(&self) -> i64 {
        let ways = self.arrows.iter().filter_map(|arrow| Some(arrow.received? - arrow.sent));
        ways.max().unwrap_or(0)
    }

    /// The most beads on one arrow.
    pub(super) fn beads(&self) -> impl Iterator<Item = &Bead> {
        self.arrows.iter().flat_map(|arrow| &arrow.beads)
    }
}

/// Adds an arrow, or hangs its beads on the one before where its sender had not stopped.
fn add(arrows: &mut Vec<Arrow>, arrow: Arrow) {
    let last = arrows.last_mut().filter(|last| {
        let way = last.received.map_or(0, |came| came - last.sent);
        last.forward == arrow.forward
            && last.received.is_some() == arrow.received.is_some()
            && arrow.sent - last.sent <= way / AT_ONCE
    });
    match last {
        Some(last) => {
            last.beads.extend(arrow.beads);
            last.beads = join(std::mem::take(&mut last.beads));
        }
        None => arrows.push(arrow),
    }
}

/// The beads of a flight: neighbours under one protection are one.
fn beads(way: &Way, flight: BeatId, ledger: Option<&Ledger>) -> Vec<Bead> {
    let story = &way.story;
    let found = story.beads(flight);
    let messages = found.iter().filter_map(|bead| Some((bead.first, story.beat(bead.first)?)));
    let is_own = |id: BeatId, beat: &Beat| match ledger {
        Some(ledger) if id == ledger.request || id == ledger.answer => true,
        // What only sets something up says nothing of who waits for whom.
        Some(_) => [tcp::PROTOCOL_ID, TLS].contains(&beat.protocol),
        None => true,
    };
    let is_quiet = |beat: &Beat| {
        let is_ack = beat.protocol == tcp::PROTOCOL_ID && beat.label == "ACK";
        is_ack || (beat.label == "ChangeCipherSpec" && beat.protection == Protection::Clear)
    };
    let speaks = |id: BeatId| match ledger {
        Some(ledger) if id == ledger.request => Some(Speaks::Asks),
        Some(ledger) if id == ledger.answer => Some(Speaks::Answers),
        _ => None,
    };
    let shown: Vec<(BeatId, &Beat)> =
        messages.filter(|(id, beat)| is_own(*id, beat) && !is_quiet(beat)).collect();
    // Under the protection of the request or the answer, that is all one looks for.
    let lead =
        shown.iter().find(|(id, _)| speaks(*id).is_some()).map(|(id, beat)| (*id, beat.protection));
    let is_lead = |id: BeatId, beat: &Beat| {
        lead.is_none_or(|(lead, protection)| {
            id == lead || beat.protection != protection || protection == Protection::Clear
        })
    };
    let shown = shown.into_iter().filter(|(id, beat)| is_lead(*id, beat));
    let each = shown.map(|(id, beat)| Bead {
        names: vec![short(&beat.label).to_owned()],
        style: style_of(beat),
        locked: beat.protection.is_secret(),
        repeated: beat.outcome == Outcome::Repeated,
        speaks: speaks(id),
    });
    part(join(each.collect()))
}

/// Lets the first of many messages that anyone can read stand alone where there is room: a hello is
/// what both sides go by.
fn part(mut beads: Vec<Bead>) -> Vec<Bead> {
    let is_long = |bead: &Bead| bead.style == Style::Clear && bead.names.len() > 2;
    if beads.len() >= MOST_BEADS {
        return beads;
    }
    if let Some(at) = beads.iter().position(is_long)
        && let Some(long) = beads.get_mut(at)
    {
        let first = Bead { names: long.names.drain(..1).collect(), speaks: None, ..long.clone() };
        shorten(&first.names, &mut long.names);
        beads.insert(at, first);
    }
    beads
}

/// Leaves out of the last name what the first one says already: `ServerHello`, and `Done` of
/// `ServerHelloDone`.
fn shorten(first: &[String], names: &mut [String]) {
    let (Some(first), Some(last)) = (first.first(), names.last_mut()) else { return };
    if let Some(rest) = last.strip_prefix(first.as_str()).filter(|rest| !rest.is_empty()) {
        *last = rest.to_owned();
    }
}

/// Makes one bead of neighbours that look alike; of more than three the first and the last two are
/// kept.
fn join(beads: Vec<Bead>) -> Vec<Bead> {
    let mut joined: Vec<Bead> = Vec::new();
    for bead in beads {
        let look = |bead: &Bead| (bead.style, bead.locked, bead.repeated);
        match joined.last_mut().filter(|last| look(last) == look(&bead)) {
            Some(last) => {
                last.names.extend(bead.names);
                last.speaks = last.speaks.or(bead.speaks);
            }
            None => joined.push(bead),
        }
    }
    let extra = joined.len().saturating_sub(MOST_BEADS);
    let mut place = 0..;
    joined.retain(|_| place.next().is_none_or(|place| place == 0 || place > extra));
    joined
}

/// The brackets: each wait of the client on the arrows, where these are as many as the ledger
/// counts; else one for all before the request, and one for the answer.
fn trips(arrows: &[Arrow], ledger: &Ledger, (asked, answered): (i64, i64)) -> Vec<Trip> {
    let before = ledger.until_request.round_trips;
    let mut waits: Vec<(i64, i64)> = Vec::new();
    let mut since: Option<i64> = None;
    for arrow in arrows {
        match (arrow.forward, arrow.received, since) {
            (true, _, None) => since = Some(arrow.sent),
            (false, Some(came), Some(from)) if came <= asked => {
                waits.push((from, came));
                since = None;
            }
            _ => {}
        }
    }
    let is_whole = waits.len() == before as usize;
    let waits = match () {
        () if is_whole => waits,
        () if before > 0 => vec![(0, asked)],
        () => Vec::new(),
    };
    let label = |at: usize| match is_whole {
        true => (at + 1).to_string(),
        false => before.to_string(),
    };
    let waits = waits.into_iter().enumerate();
    let mut trips: Vec<Trip> =
        waits.map(|(at, (from, to))| Trip { from, to, label: label(at), before: true }).collect();
    let label = format!("+{}", ledger.for_the_answer());
    trips.push(Trip { from: asked, to: answered, label, before: false });
    trips
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_lose_lanes_and_sizes() {
        let cases = [
            ("GET / #0", "GET /"),
            ("200 OK  412 B", "200 OK"),
            ("GET /a #b", "GET /a #b"),
            ("SYN, ACK", "SYN, ACK"),
        ];
        for (label, expected) in cases {
            assert_eq!(short(label), expected);
        }
    }

    #[test]
    fn a_hello_stands_alone() {
        let bead = |names: &[&str], style| Bead {
            names: names.iter().map(|name| (*name).to_owned()).collect(),
            style,
            locked: false,
            repeated: false,
            speaks: None,
        };
        let said = |beads: Vec<Bead>| -> Vec<String> {
            part(beads).into_iter().map(|bead| bead.names.join(" ")).collect()
        };
        let hello = ["ServerHello", "Certificate", "ServerHelloDone"];
        assert_eq!(said(vec![bead(&hello, Style::Clear)]), ["ServerHello", "Certificate Done"]);
        let sealed = bead(&hello, Style::Handshake);
        assert_eq!(said(vec![sealed]), ["ServerHello Certificate ServerHelloDone"]);
        let many = [Style::Tcp, Style::Clear, Style::Handshake].map(|style| bead(&hello, style));
        assert_eq!(said(many.to_vec()).len(), 3);
    }

    #[test]
    fn neighbours_are_one_bead_and_three_are_the_most() {
        let bead = |name: &str, style| Bead {
            names: vec![name.to_owned()],
            style,
            locked: false,
            repeated: false,
            speaks: None,
        };
        let names = |beads: Vec<Bead>| -> Vec<String> {
            join(beads).into_iter().map(|bead| bead.names.join("+")).collect()
        };
        let (a, b) = (Style::Clear, Style::Handshake);
        assert_eq!(names(vec![bead("1", a), bead("2", a), bead("3", b)]), ["1+2", "3"]);
        let five = [(1, a), (2, b), (3, a), (4, b), (5, a)];
        let five = five.map(|(number, style)| bead(&number.to_string(), style));
        assert_eq!(names(five.to_vec()), ["1", "4", "5"]);
        assert!(names(Vec::new()).is_empty());
    }
}
