//! Transfers that nobody recorded: bursts over a link that loses, delays and throttles, from
//! microseconds to seconds, sent again one by one.

use wirestage_dissectors::ids::{ConnectionId, FrameId, ProtocolId, Time};
use wirestage_dissectors::message::{Protection, Relation};
use wirestage_dissectors::story::{
    Acknowledgement, ActorId, Again, Beat, BeatId, Cause, Level, Link, Moment, Numbers, Outcome,
    Role, Segment, Story, Transfer,
};

use super::fixture::Author;

/// A story while it is sent.
pub(crate) struct Wire {
    pub(crate) author: Author,
    pub(crate) transfer: Transfer,
    /// How long the way takes, in nanoseconds.
    delay: i64,
    next: u32,
}

impl Wire {
    /// From one actor to another, over a way that takes so long.
    pub(crate) fn new(author: Author, (from, to): (ActorId, ActorId), delay: i64) -> Self {
        let transfer = Transfer {
            connection: ConnectionId(0),
            track: None,
            from,
            to,
            segments: Vec::new(),
            acknowledgements: Vec::new(),
            in_flight: Vec::new(),
        };
        Self { author, transfer, delay, next: 1 }
    }

    fn packet(
        &mut self,
        flight: BeatId,
        (from, to): (ActorId, ActorId),
        (sent, received): (i64, Option<i64>),
        (label, outcome): (&str, Outcome),
    ) -> BeatId {
        let story = &mut self.author.story;
        let flight_beat = story.beat(flight).expect("it was pushed").clone();
        // A flight is seen where its first packet is.
        let is_first = flight_beat.sent.time == Time(sent) && flight_beat.from == from;
        let frame = if is_first { flight_beat.sent.frame } else { FrameId(9) };
        let moment = |nanos: i64| Moment { frame, time: Time(nanos) };
        story.beats.push(Beat {
            level: Level::Packet,
            parent: Some(flight),
            from,
            to,
            sent: moment(sent),
            ended: moment(sent),
            received: received.map(moment),
            label: format!("frame 9: {label}"),
            headline: String::new(),
            detail: String::new(),
            outcome,
            ..flight_beat
        });
        BeatId(story.beats.len() as u32 - 1)
    }

    /// Segments in a flight, each so long after the other; those that are lost, and how much later
    /// than the one before each comes.
    pub(crate) fn burst(
        &mut self,
        flight: BeatId,
        (start, apart, spread): (i64, i64, i64),
        lost: &[bool],
    ) {
        let ways = (self.transfer.from, self.transfer.to);
        for (at, lost) in (0..).zip(lost) {
            let sent = start + at * apart;
            let received = (!lost).then_some(sent + self.delay + at * spread);
            let outcome = if *lost { Outcome::Lost } else { Outcome::Arrived };
            let beat = self.packet(flight, ways, (sent, received), ("1448 B", outcome));
            let numbers = Numbers { first: self.next, last: self.next };
            self.next += 1;
            self.segment(flight, beat, numbers, (sent, received), None);
            if let Some(came) = received {
                let back = (ways.1, ways.0);
                let times = (came + 30, Some(came + 30 + self.delay));
                let answer = self.packet(flight, back, times, ("ACK", Outcome::Arrived));
                self.answer(answer, times, numbers.first, Role::Plain);
            }
        }
    }

    fn segment(
        &mut self,
        flight: BeatId,
        beat: BeatId,
        numbers: Numbers,
        (sent, received): (i64, Option<i64>),
        again: Option<Again>,
    ) {
        let moment = |nanos: i64| Moment { frame: FrameId(9), time: Time(nanos) };
        self.transfer.segments.push(Segment {
            beat: Some(beat),
            flight: Some(flight),
            numbers,
            bytes: 1448,
            sent: moment(sent),
            received: received.map(moment),
            again,
        });
        let under_way = self.transfer.segments.len() as u64 * 1448;
        self.transfer.in_flight.push((Time(sent), under_way % 9_000));
    }

    fn answer(&mut self, beat: BeatId, (sent, came): (i64, Option<i64>), upto: u32, role: Role) {
        let moment = |nanos: i64| Moment { frame: FrameId(9), time: Time(nanos) };
        let sack = vec![Numbers { first: upto + 2, last: upto + 4 }];
        self.transfer.acknowledgements.push(Acknowledgement {
            beat: Some(beat),
            sent: moment(sent),
            received: came.map(moment),
            upto,
            is_within: false,
            sack: if role == Role::Hint { sack } else { Vec::new() },
            role,
        });
    }

    /// The first of what is lost and was not sent again is sent again in this flight, and lost
    /// once more or not; an acknowledgement had told of it.
    pub(crate) fn again(&mut self, flight: BeatId, sent: i64, lost: bool) {
        let all = &self.transfer.segments;
        let is_open = |at: &usize| {
            all[*at].is_lost() && !all[at + 1..].iter().any(|one| one.numbers == all[*at].numbers)
        };
        let Some(before) = (0..all.len()).find(is_open) else { return };
        let Segment { numbers, beat: first, .. } = all[before];
        let ways = (self.transfer.from, self.transfer.to);
        let hinted = (sent - self.delay - 40, Some(sent - 40));
        let hint = self.packet(flight, (ways.1, ways.0), hinted, ("ACK", Outcome::Arrived));
        self.answer(hint, hinted, numbers.first - 1, Role::Hint);
        let received = (!lost).then_some(sent + self.delay);
        let outcome = if lost { Outcome::Lost } else { Outcome::Repeated };
        let beat = self.packet(flight, ways, (sent, received), ("1448 B", outcome));
        let again = Again { before, cause: Cause::Sack, silence: 0, follows: false };
        self.segment(flight, beat, numbers, (sent, received), Some(again));
        let (from, to) = (beat, first.expect("each has a packet"));
        self.author.story.links.push(Link { from, relation: Relation::Repeats, to });
    }

    pub(crate) fn finish(self) -> Story {
        let mut story = self.author.story;
        story.transfers = vec![self.transfer];
        (story.both_ends, story.one_clock) = (true, true);
        story
    }
}

/// A transfer of any shape. Equal seeds give equal stories.
pub(crate) fn lossy(seed: u64) -> Story {
    let mut state = seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1;
    let mut below = |bound: u64| {
        state =
            state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) % bound
    };
    let (tcp, bytes) = (ProtocolId::of("tcp"), ProtocolId::of("data"));
    let mut author = Author::default();
    for (at, name) in (0..2 + below(2)).zip(["Client", "Server", "Somebody else"]) {
        author.actor(name, &format!("10.0.{at}.1 : 4000{at}"));
    }
    let (client, server) = (ActorId(0), ActorId(1));
    let ways = if below(2) == 0 { (server, client) } else { (client, server) };
    // From a link in a box to one to the Moon, in microseconds.
    let tick = [1, 20, 2_000, 60_000][below(4) as usize];
    let delay = tick * (10 + below(90) as i64);
    let mut time = 0;
    let chapter = author.chapter("TCP handshake", 1, 3, 172);
    for (at, label) in ["SYN", "SYN, ACK", "ACK"].into_iter().enumerate() {
        let own = if at == 1 { (server, client) } else { (client, server) };
        let times = (time, Some(time + delay));
        let said = ("Opens the connection", "One of three.");
        let messages = [(label, tcp, Protection::Clear)];
        let flight = author.flight(Some(chapter), own, times, said, &messages);
        author.state(own.0, flight, true, "SYN-SENT");
        author.state(own.1, flight, false, "ESTABLISHED");
        time += delay + 1;
    }
    let chapter = author.chapter("Data", 0, 11, 15_000);
    let mut wire = Wire::new(author, ways, delay * 1_000);
    for _ in 0..1 + below(5) {
        let times = (time, Some(time + delay));
        let count = below(14) as usize;
        let lost: Vec<bool> = (0..=count).map(|_| below(6) == 0).collect();
        let said = ("Sends bytes", "Some of which never come, and are sent again one by one.");
        let messages = [("13032 bytes", bytes, Protection::Clear)];
        let flight = wire.author.flight(Some(chapter), ways, times, said, &messages);
        let (apart, spread) = (1 + below(30) as i64, (below(3) as i64) * tick * 500);
        wire.burst(flight, (time * 1_000, apart, spread), &lost);
        time += delay * below(3) as i64 + tick;
        for _ in 0..below(3) {
            let times = (time, Some(time + delay));
            let said = ("Sends a segment again", "An acknowledgement named what came behind it.");
            let messages = [("4 again", tcp, Protection::Clear)];
            let flight = wire.author.flight(Some(chapter), ways, times, said, &messages);
            let place = flight.0 as usize;
            wire.author.story.beats[place].outcome = Outcome::Repeated;
            wire.again(flight, time * 1_000, below(4) == 0);
            time += delay * below(4) as i64 + 1;
        }
    }
    let mut story = wire.finish();
    story.title = "TCP: segments get lost".to_owned();
    story
}
