//! Groups what a connection says into flights: what one side sends before the other answers.
//!
//! ```text
//!   client  SYN      │ ACK │ ClientHello │          Finished · GET │
//!   server     SYN, ACK                  │ ServerHello · … Finished        │ 200
//! ```
//!
//! An acknowledgement that opens a connection or ends a direction changes what both sides know, at
//! its own time: it is a step by itself, unless the same segment says more.
//! A ticket or a setting that nobody waits for crosses what the other side says: it ends no
//! flight, but for a question that left after it. An end takes a flight of its own, as does what is
//! sent again, and whatever comes after a pause begins another one, or after something that another
//! connection of the story has said meanwhile.
//! A flight stands at the time at which it began to speak: an acknowledgement or a ticket that
//! went ahead of that rides along.
//! An answer is shown when it came. It joins nothing that left before its question was asked, and
//! nothing so early that its wait would look half as long as it was.

use super::elsewhere::{Bond, Elsewhere};
use super::gather::{Item, QUIET, Thread};
use super::trips::Answered;
use crate::frames::Frames;
use crate::ids::{Direction, FrameId, ProtocolId, Time};
use crate::protocol::Framing;
use crate::protocols::{data, dtls, quic, tcp, tls};
use crate::story::Outcome;
use crate::story::steps::AT_ONCE;
use crate::telling::sentence;

/// How long a sender may pause within a flight where streams share the connection, or between two
/// messages that are whole each, in nanoseconds: when the next one goes out is what one looks for
/// there.
const TURN: i64 = 5_000_000;

/// What nobody sees between two arrows, in nanoseconds: what a program computes between two
/// messages that it meant to send as one.
const UNSEEN: i64 = 1_000_000;

/// So many messages of the protocol that speaks are told apart in one flight.
const NOTED: usize = 4;

/// What one side sends before it waits.
pub(super) struct Flight {
    /// Which connection, by position.
    pub(super) thread: usize,
    pub(super) direction: Direction,
    /// Its items, by position in the thread.
    pub(super) items: Vec<usize>,
    pub(super) start: FrameId,
    /// The first frame of what it is there for, as opposed to what rides along.
    pub(super) speaks: FrameId,
    /// The first frame of anything but an acknowledgement.
    says: Option<FrameId>,
    pub(super) end: FrameId,
    /// The chapter it belongs to.
    pub(super) title: String,
    /// The item whose sentence speaks for it, by position in the thread.
    pub(super) lead: usize,
    pub(super) outcome: Outcome,
    quiet: bool,
    closes: bool,
    /// The last second try in it, where it begins with one.
    tried: Option<FrameId>,
    /// The frame that never came, where it is one.
    lost: Option<FrameId>,
}

/// What flights are told from: the thread, and what is said around it.
#[derive(Clone, Copy)]
pub(super) struct Around<'a> {
    pub(super) frames: &'a dyn Frames,
    /// The frames of errors that quote it, in order.
    pub(super) errors: &'a [FrameId],
    /// What other connections say.
    pub(super) elsewhere: &'a Elsewhere,
    /// When a frame left that goes this way.
    pub(super) sent: &'a dyn Fn(FrameId, Direction) -> Time,
}

/// Whether an item, with the last frame of the question that it answers, may join the open flight
/// of its sender: unless something was said between, of it by whoever sent one of those errors, or
/// by another connection.
fn joins(
    flight: &Flight,
    (item, asked): (&Item, Option<FrameId>),
    previous: &Item,
    (thread, around): (&Thread, Around<'_>),
) -> bool {
    let Around { frames, errors, elsewhere, sent } = around;
    let next = errors.partition_point(|error| *error <= previous.end);
    if errors.get(next).is_some_and(|error| *error < item.start) {
        return false;
    }
    // What is stored where it does not belong is a step by itself.
    if item.told.turn.stored_late || previous.told.turn.stored_late {
        return false;
    }
    // What was said between and not recorded parts what came before from what came after.
    let next = thread.holes.partition_point(|hole| hole.shown <= previous.end);
    let mut missing = thread.holes.iter().skip(next).take_while(|hole| hole.shown <= item.start);
    if missing.any(|hole| hole.direction != item.direction) {
        return false;
    }
    // Whoever opens a connection waits, even where what it waits for was not recorded.
    let waits = previous.protocol == tcp::PROTOCOL_ID
        && (previous.told.turn.asks || previous.told.turn.answers)
        && previous.end != item.start;
    if waits || (previous.decides() && previous.end != item.start) {
        return false;
    }
    let time = |frame| frames.frame(frame).time;
    // A second try is a step of its own, however near it follows what was sent before, or goes on
    // with other second tries.
    if item.is_try {
        return flight.tried.is_some_and(|last| time(item.start).since(time(last)) <= AT_ONCE);
    }
    // What is new does not belong to it, but for what the same packet brings.
    if flight.tried.is_some_and(|last| last < item.start) {
        return false;
    }
    if asked.is_some_and(|asked| flight.belies(asked, item, frames)) {
        return false;
    }
    let shared = item.told.lane.is_some() && previous.told.lane.is_some();
    let pause = if shared || are_whole(previous, item, thread) { TURN } else { AT_ONCE };
    let pause = match elsewhere.between(thread.number, (previous.end, item.start)) {
        Some(Bond::Bound) => return false,
        Some(Bond::Beside) => pause.min(UNSEEN),
        Some(Bond::Apart) | None => pause,
    };
    // What was sent at once may come with a gap between.
    let left = |frame| sent(frame, item.direction);
    let at_once = left(item.start).since(left(previous.end)) <= pause;
    at_once && (flight.quiet || flight.closes == item.told.stance.closes)
}

/// Whether two items are messages that their sender may have meant for different times: of two
/// protocols of which neither is TCP, or of one, but no parts of a handshake, nor bytes that nobody
/// reads, nor datagrams, of which a stream of sound or pictures may be made.
fn are_whole(previous: &Item, item: &Item, thread: &Thread) -> bool {
    const PARTS: [ProtocolId; 4] =
        [tls::fields::PROTOCOL_ID, dtls::PROTOCOL_ID, quic::PROTOCOL_ID, data::PROTOCOL_ID];
    let protocols = [previous.protocol, item.protocol];
    if protocols.contains(&tcp::PROTOCOL_ID) {
        return false;
    }
    let [before, own] = protocols;
    if before != own {
        return true;
    }
    !PARTS.contains(&own)
        && thread.framing == Framing::Stream
        && item.told.chapter.title == previous.told.chapter.title
}

/// The flights of one thread, in the order in which they begin, with its answers and what is said
/// around it.
pub(super) fn flights(thread: &Thread, pairs: &[Answered], around: Around<'_>) -> Vec<Flight> {
    let mut flights: Vec<Flight> = Vec::new();
    let mut pairs = pairs.iter().peekable();
    // The last flight of each direction, as long as it may grow.
    let mut open: [Option<usize>; 2] = [None; 2];
    // What each side said last that nobody waited for.
    let mut asides: [Option<FrameId>; 2] = [None; 2];
    for (at, item) in thread.items.iter().enumerate() {
        if item.is_lost {
            // It interrupts nobody, for nobody heard it.
            match flights.last_mut().filter(|last| last.lost == Some(item.start)) {
                Some(flight) => flight.items.push(at),
                None => flights.push(Flight::new(thread.number, at, item)),
            }
            continue;
        }
        let [forward, backward] = &mut open;
        let [aside, crossed] = &mut asides;
        let (own, other, aside, crossed) = match item.direction {
            Direction::Forward => (forward, backward, aside, crossed),
            Direction::Backward => (backward, forward, crossed, aside),
        };
        if item.told.stance.aside {
            *aside = Some(item.end);
        }
        let answer = pairs.next_if(|pair| pair.answered == at);
        let asked = answer.and_then(|pair| pair.asked_until(&thread.items));
        let joined = own.filter(|place| {
            let previous = flights
                .get(*place)
                .and_then(|flight| Some((flight, thread.items.get(*flight.items.last()?)?)));
            previous.is_some_and(|(flight, previous)| {
                joins(flight, (item, asked), previous, (thread, around))
                    && !flight.is_crossed(item, *crossed)
            })
        });
        let place = joined.unwrap_or(flights.len());
        *own = Some(place);
        // Whoever began before this flight has been heard and answered.
        if !item.told.stance.aside && other.is_some_and(|other| other < place) {
            *other = None;
        }
        match joined.and_then(|place| flights.get_mut(place)) {
            Some(flight) => {
                flight.items.push(at);
                flight.says = flight.says.or_else(|| item.says());
                flight.quiet &= item.is_quiet();
                flight.closes |= item.told.stance.closes;
                if item.is_try {
                    flight.tried = Some(item.end);
                }
            }
            None => flights.push(Flight::new(thread.number, at, item)),
        }
    }
    for flight in &mut flights {
        flight.settle(&thread.items);
    }
    refine(&mut flights);
    of_quic(&mut flights, thread);
    stay(&mut flights, &thread.items);
    close(&mut flights, &thread.items);
    flights
}

impl Flight {
    /// What a teacher would add: of the message that speaks for the flight, and in a sentence of
    /// what other protocols say in it.
    pub(super) fn detail(&self, items: &[Item]) -> String {
        let Some(lead) = items.get(self.lead) else { return String::new() };
        let mut detail = lead.told.detail.clone();
        let own = || self.items.iter().filter_map(|at| items.get(*at));
        let mut said = vec![lead.protocol];
        // Those that are told apart by nothing are counted on their beads.
        let mut others: Vec<&str> = own()
            .filter(|item| item.is_try && item.start != lead.start)
            .map(|item| item.told.label.as_str())
            .filter(|label| *label != lead.told.label)
            .collect();
        others.dedup();
        if lead.is_try && !others.is_empty() {
            detail += &format!(" Also: {}.", others.join("; "));
        }
        for item in own().filter(|item| item.is_about_another_path(lead)) {
            detail +=
                &format!(" {}: {}. {}", item.told.label, item.told.headline, item.told.detail);
        }
        let mut noted: Vec<&str> = Vec::new();
        for item in own().filter(|item| item.start != lead.start || item.message != lead.message) {
            let is_heard = item.turns()
                && !lead.turns()
                && item.protocol != tcp::PROTOCOL_ID
                && !item.is_about_another_path(lead);
            let headline = Some(item.told.headline.as_str()).filter(|_| is_heard);
            let Some(words) = item.told.noted.as_deref().or(headline) else { continue };
            let is_new = item.protocol == lead.protocol && item.told.label != lead.told.label;
            // Of several that say the same the first one does.
            if is_new && noted.len() < NOTED && !noted.contains(&words) {
                noted.push(words);
                detail = sentence(&format!("{detail} {}: {words}", item.told.label));
            }
        }
        for item in own().filter(|item| !item.is_quiet() && !item.told.stance.carries) {
            // What bytes that are sent again mean was said before.
            let is_said = lead.is_try && item.protocol == data::PROTOCOL_ID;
            if said.contains(&item.protocol) || is_said {
                continue;
            }
            said.push(item.protocol);
            // Of equals the first one speaks.
            let others = own().rev().filter(|other| other.protocol == item.protocol);
            let Some(other) = others.max_by_key(|other| other.told.weight) else { continue };
            let gap = match detail.chars().last() {
                None => "",
                Some('.' | '!' | '?') => " ",
                Some(_) => ". ",
            };
            // "sealed record: Sealed: only …" would say it twice.
            let headline = other.told.headline.as_str();
            let (word, rest) = headline.split_once(": ").unwrap_or(("", headline));
            let is_said = other.told.label.to_lowercase().starts_with(&word.to_lowercase());
            let headline = if is_said { rest } else { headline };
            detail += &sentence(&format!("{gap}{}: {headline}", other.told.label));
        }
        detail
    }
}

/// What nobody waits for begins no chapter: a ticket that comes after the request stays with it.
fn stay(flights: &mut [Flight], items: &[Item]) {
    let mut latest: Option<String> = None;
    for flight in flights.iter_mut() {
        let mut own = flight.items.iter().filter_map(|at| items.get(*at));
        match &latest {
            Some(title) if flight.title.is_empty() || own.all(|item| item.told.stance.aside) => {
                flight.title.clone_from(title);
            }
            _ => latest = Some(flight.title.clone()),
        }
    }
    // What never came belongs to what it would have brought, which is told where that comes.
    let mut next: Option<String> = None;
    for flight in flights.iter_mut().rev() {
        let mut own = flight.items.iter().filter_map(|at| items.get(*at));
        let is_lost = own.all(|item| item.is_try && item.told.outcome == Outcome::Lost);
        match &next {
            Some(title) if is_lost => flight.title.clone_from(title),
            _ => next = Some(flight.title.clone()),
        }
    }
}

/// What insists on no chapter of its own, such as a record that nobody can open, stays in the
/// last chapter once a connection has begun to close.
fn close(flights: &mut [Flight], items: &[Item]) {
    let mut closing: Option<String> = None;
    for flight in flights {
        let own = || flight.items.iter().filter_map(|at| items.get(*at));
        let weight = own().map(|item| item.told.chapter.weight).max().unwrap_or(0);
        // What opens a connection, or ends a direction of it, is of the chapter that it names: its
        // packet counts there.
        let decides = own().any(Item::decides);
        match &closing {
            Some(title) if weight <= QUIET && !decides => flight.title.clone_from(title),
            _ if flight.closes => closing = Some(flight.title.clone()),
            _ => {}
        }
    }
}

impl Item {
    /// Whether it asks or answers: that is said beside a message of its protocol that does neither.
    fn turns(&self) -> bool {
        self.told.turn.asks || self.told.turn.answers
    }

    /// Whether both are about the paths that they take, and these are two.
    fn is_about_another_path(&self, other: &Self) -> bool {
        let both = self.told.route.is_some() && other.told.route.is_some();
        both && self.protocol == other.protocol && self.told.label != other.told.label
    }

    /// Its first frame, where it is more than an acknowledgement.
    fn says(&self) -> Option<FrameId> {
        (!self.is_quiet()).then_some(self.start)
    }
}

impl Flight {
    /// Whether an answer would be shown at a wrong time in this flight, which stands where it
    /// began: before its question had been asked, or after half of the wait there was.
    fn belies(&self, asked: FrameId, answer: &Item, frames: &dyn Frames) -> bool {
        let Some(says) = self.says else { return false };
        let time = |frame| frames.frame(frame).time;
        let early = time(answer.start).since(time(says));
        let wait = time(answer.start).since(time(asked));
        says < asked || (early > UNSEEN && early > wait / 2)
    }

    /// Whether an item asks for something after what the other side had said since this flight
    /// began: a question that left behind a ticket would stand before it, were it shown here.
    fn is_crossed(&self, item: &Item, crossed: Option<FrameId>) -> bool {
        let between = |frame: FrameId| self.start < frame && frame < item.start;
        item.told.turn.asks && crossed.is_some_and(between)
    }

    fn new(thread: usize, at: usize, item: &Item) -> Self {
        Self {
            thread,
            direction: item.direction,
            items: vec![at],
            start: item.start,
            speaks: item.start,
            says: item.says(),
            end: item.end,
            title: String::new(),
            lead: at,
            outcome: Outcome::Arrived,
            quiet: item.is_quiet(),
            closes: item.told.stance.closes,
            tried: item.is_try.then_some(item.end),
            lost: item.is_lost.then_some(item.start),
        }
    }

    /// Works out what speaks for the whole, once all of it is there.
    fn settle(&mut self, items: &[Item]) {
        let own = || self.items.iter().filter_map(|at| Some((*at, items.get(*at)?)));
        // Of equals the first one speaks.
        let heaviest = |weigh: fn(&Item) -> u8| {
            own().rev().max_by_key(|(_, item)| weigh(item)).map(|(at, _)| at)
        };
        let lead = heaviest(|item| item.told.weight).unwrap_or(self.lead);
        let title = heaviest(|item| item.told.chapter.weight)
            .and_then(|at| items.get(at))
            .map_or_else(String::new, |item| item.told.chapter.title.clone());
        // Where streams share the flight, what befalls one of them does not befall it.
        let on = items.get(lead).and_then(|lead| lead.told.lane);
        let is_shared = own().any(|(_, item)| item.told.lane.is_some_and(|lane| Some(lane) != on));
        let counts = |item: &Item| !is_shared || item.told.lane.is_none_or(|lane| Some(lane) == on);
        let counted = own().filter(|(_, item)| counts(item));
        let outcome = counted.map(|(_, item)| item.told.outcome).max_by_key(|how| match how {
            Outcome::Arrived => 0,
            Outcome::Repeated => 1,
            Outcome::Lost => 2,
            Outcome::Refused => 3,
        });
        let end = own().map(|(_, item)| item.end).max().unwrap_or(self.end);
        let speaks = own().find(|(_, item)| !item.is_quiet() && !item.told.stance.aside);
        self.speaks = speaks.map_or(self.start, |(_, item)| item.start);
        (self.lead, self.title, self.end) = (lead, title, end);
        self.outcome = outcome.unwrap_or_default();
    }
}

/// Gives chapters the fuller name that a later one finds for them: a ClientHello does not know
/// yet that its "TLS handshake" will be a "TLS 1.3 handshake".
fn refine(flights: &mut [Flight]) {
    let mut fuller: Option<String> = None;
    for flight in flights.iter_mut().rev() {
        match &fuller {
            Some(title) if refines(title, &flight.title) => flight.title.clone_from(title),
            _ => {
                if flight.title.split(' ').count() > 2 {
                    fuller = Some(flight.title.clone());
                }
            }
        }
    }
}

/// Over QUIC the handshake of TLS is that of the connection (RFC 9001, section 4): what QUIC asks
/// for before it is done, such as a token, belongs to the same chapter.
fn of_quic(flights: &mut [Flight], thread: &Thread) {
    if !thread.items.iter().any(|item| item.protocol == quic::PROTOCOL_ID) {
        return;
    }
    for flight in flights.iter_mut().filter(|flight| is_of_tls(&flight.title)) {
        flight.title = quic::BEGINNING.to_owned();
    }
}

/// Whether a chapter of this title is a handshake of TLS.
fn is_of_tls(title: &str) -> bool {
    title.starts_with("TLS ") && title.ends_with(" handshake")
}

/// Whether what names its chapter so belongs to the chapter that goes by this title: the same, a
/// fuller one, or that of QUIC for a handshake of TLS.
pub(super) fn is_of(named: &str, title: &str) -> bool {
    named == title || refines(title, named) || (title == quic::BEGINNING && is_of_tls(named))
}

/// Whether one title is another with words put in between its first and its last.
fn refines(fuller: &str, title: &str) -> bool {
    let mut words = fuller.split(' ');
    let found = title.split(' ').all(|word| words.any(|other| other == word));
    let ends = |title: &str| {
        let mut words = title.split(' ');
        (words.next().map(str::to_owned), words.next_back().map(str::to_owned))
    };
    found && fuller != title && ends(fuller) == ends(title)
}

#[cfg(test)]
mod tests {
    use super::refines;

    #[test]
    fn a_title_is_refined_by_the_same_words_with_more_between() {
        assert!(refines("TLS 1.3 handshake", "TLS handshake"));
        assert!(!refines("TLS 1.3 handshake", "TCP handshake"));
        assert!(!refines("TLS handshake", "TLS handshake"));
        assert!(!refines("TLS handshake", "TLS 1.3 handshake"));
        assert!(!refines("TLS 1.3 handshake and more", "TLS handshake"));
    }
}
