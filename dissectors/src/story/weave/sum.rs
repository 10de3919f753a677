//! The sum at the foot of a story: what it cost, in one sentence that is true of the recording.

use super::early;
use super::error::Error;
use super::gather::{Item, Place};
use super::question::{self, is_transport};
use super::told::Told;
use crate::engine::reader::Context;
use crate::ids::{Direction, ProtocolId};
use crate::protocol::{Framing, Registry};
use crate::protocols::{dtls, http2, http3, quic, tcp, tls};
use crate::story::wording::{capitalised, uncapitalised};
use crate::story::{Actor, ActorId, Outcome};
use crate::wording::thousands;

/// What the connections of a story cost until their first answers, or the first one where there are
/// many; and how many there are `in_all`, told or not.
pub(super) fn sum(told: &[Told], in_all: usize, context: Context<'_>) -> String {
    let Some(first) = told.first() else { return "Nothing was said.".into() };
    let own = |told: &Told| with_errors(with_fate(one(told, context), told), told);
    let first_own = own(first);
    if in_all == 1 {
        return first_own;
    }
    if let Some(failures) = failures(told, in_all) {
        return failures;
    }
    let alike = told.len() == in_all && told.iter().skip(1).all(|one| own(one) == first_own);
    let is_told = !alike && told.len() == in_all && in_all <= FEW;
    let names: Vec<String> = if is_told { names(told) } else { Vec::new() };
    let others = names.iter().zip(told).skip(1).map(|(name, one)| {
        let cost = brief(one, context).map(|cost| with_fate(cost, one));
        let cost = cost.unwrap_or_else(|| uncapitalised(&own(one)));
        format!("; {name}: {cost}")
    });
    let others: String = others.collect();
    let whose = match names.first() {
        _ if alike => "Each".into(),
        Some(name) => capitalised(name),
        None => "The first".into(),
    };
    // Datagrams that nothing binds are no connection.
    let what = match told.iter().filter(|one| one.thread.binds()).count() {
        0 => "conversations over UDP",
        all if all == told.len() => "connections",
        _ => "conversations",
    };
    let in_all = thousands(in_all as u64);
    format!("{in_all} {what}. {whose}: {}{others}", uncapitalised(&first_own))
}

/// Why several connections failed, each by its letter, where all of them did and not all alike.
fn failures(told: &[Told], in_all: usize) -> Option<String> {
    let cause = |one: &Told| Some((one.track?.letter(), failed(&one.thread.items)?));
    let all: Vec<(String, &str)> = told.iter().map(cause).collect::<Option<_>>()?;
    let is_alike = all.iter().all(|(_, cause)| all.first().is_some_and(|(_, one)| one == cause));
    if is_alike || all.len() != in_all || in_all > MANY {
        return None;
    }
    let all: Vec<String> = all.iter().map(|(letter, cause)| format!("{letter}: {cause}")).collect();
    let in_all = thousands(in_all as u64);
    Some(format!("{in_all} connections, each of which failed. {}", all.join("; ")))
}

/// So many failures are named in the sum.
const MANY: usize = 8;

/// So many connections have their own cost in the sum.
const FEW: usize = 4;

/// What the sum calls each of a few: by its letter where several go by letters, else by what it
/// runs over; nothing where that tells no two apart.
fn names(told: &[Told]) -> Vec<String> {
    let tracks = told.iter().filter(|one| one.track.is_some()).count();
    let name = |one: &Told| match one.track {
        Some(track) if tracks > 1 => track.letter(),
        _ if one.thread.framing == Framing::Stream => "over TCP".to_owned(),
        _ => "over UDP".to_owned(),
    };
    let is_mute = |one: &Told| one.track.is_none() && one.thread.framing == Framing::Stream;
    if told.iter().any(is_mute) {
        return Vec::new();
    }
    let names: Vec<String> = told.iter().map(name).collect();
    let mut distinct = names.clone();
    distinct.sort_unstable();
    distinct.dedup();
    if distinct.len() == names.len() { names } else { Vec::new() }
}

/// The cost of a later connection: until its question left, and until its answer came.
fn brief(told: &Told, context: Context<'_>) -> Option<String> {
    let asked = question::of(told.course(), context)?;
    let answer = asked.answer.filter(|_| told.thread.whole && !told.thread.one_sided)?;
    let item = told.thread.items.get(asked.item);
    let is_question = item.is_some_and(|item| is_question(item, context.registry));
    let what = if is_question { "question" } else { "request" };
    Some(format!("{} until the {what}, {} until the answer", asked.before, answer.round_trips))
}

fn one(told: &Told, context: Context<'_>) -> String {
    let registry = context.registry;
    let items = &told.thread.items;
    let refused =
        |item: &Item| item.told.outcome == Outcome::Refused && item.protocol == tcp::PROTOCOL_ID;
    match question::of(told.course(), context) {
        _ if !told.thread.whole => {
            "The recording begins inside the connection: what it cost before is not known".into()
        }
        _ if told.thread.one_sided => {
            "Only one direction was recorded: what it cost is not known".into()
        }
        None if items.iter().any(|item| quic::is_early(&item.told)) => {
            "Data leaves with the first packets (0-RTT), sealed".into()
        }
        None if told.thread.framing == Framing::Datagram && !items.iter().any(is_transport) => {
            "The first packet carries data (UDP has no handshake)".into()
        }
        None if items.iter().any(|item| refused(item) && item.told.turn.answers) => {
            format!(
                "{} to learn that the connection is refused",
                costs(told, Until::default(), registry)
            )
        }
        None if failed(items).is_some() => {
            let cause = failed(items).unwrap_or_default();
            format!("{}, and then it failed: {cause}", costs(told, Until::default(), registry))
        }
        None if told.trips.is_empty() => {
            let is_heard = |item: &Item| item.direction == Direction::Backward;
            if items.iter().any(is_heard) { "No round trip was seen" } else { "Nobody answered" }
                .into()
        }
        None => {
            let is_sent = |at: &usize| {
                items.get(*at).is_some_and(|item| !is_transport(item))
                    && !early::is_void(items, *at)
            };
            let first = (0..items.len()).find(is_sent);
            let trips = costs(told, Until { item: first, is_greeted: false }, registry);
            let seals =
                |item: &Item| matches!(item.protocol, tls::fields::PROTOCOL_ID | dtls::PROTOCOL_ID);
            let secured = items.iter().any(seals);
            let what = if secured { "the first byte of data" } else { "the first byte" };
            format!("{trips} until {what} can be sent")
        }
        Some(asked) => {
            let (at, before) = (asked.item, asked.before);
            let answer = asked.answer.map(|answer| answer.round_trips);
            let is_question = items.get(at).is_some_and(|item| is_question(item, registry));
            let what = if is_question { "the question" } else { "the request" };
            let until = match told.thread.framing {
                Framing::Datagram if before == 0 => {
                    let is_quic = items.iter().any(|item| item.protocol == quic::PROTOCOL_ID);
                    let why = if is_quic { "0-RTT" } else { "UDP has no handshake" };
                    format!("{} leaves with the first packet ({why})", capitalised(what))
                }
                _ => {
                    let trips = costs(
                        told,
                        Until { item: Some(at), is_greeted: asked.is_greeted },
                        registry,
                    );
                    format!("{trips} until {what} can be sent")
                }
            };
            let in_vain = |item: usize| items.get(item).is_some_and(|item| item.told.turn.in_vain);
            match answer {
                Some(_) if asked.answer.is_some_and(|answer| in_vain(answer.item)) => {
                    format!("{until}, and nobody answered in time")
                }
                Some(after) if told.thread.framing == Framing::Stream => {
                    format!("{until}, {after} until the first byte of the answer")
                }
                Some(after) => format!("{until}, {} until the answer", round_trips(after)),
                None => format!("{until}, {}", unanswered(told, at)),
            }
        }
    }
}

/// The same with how it went on and ended, where that was not as meant.
fn with_fate(sum: String, told: &Told) -> String {
    let items = &told.thread.items;
    if told.thread.framing != Framing::Stream || told.thread.cut || failed(items).is_some() {
        return sum;
    }
    let asks = |item: &&Item| {
        item.protocol == tcp::PROTOCOL_ID
            && item.told.turn.asks
            && item.told.label == "SYN"
            && !told.trips.is_empty()
    };
    let tries = match items.iter().filter(asks).count() {
        0 | 1 => String::new(),
        tries => format!("; its SYN was sent {tries} times"),
    };
    format!("{sum}{tries}{}", fate(told))
}

/// How a connection ended that was not ended by both sides.
fn fate(told: &Told) -> &'static str {
    let items = &told.thread.items;
    let fin = |way: Direction| {
        items.iter().position(|item| {
            item.protocol == tcp::PROTOCOL_ID
                && (item.direction, item.place) == (way, Place::After)
                && !item.breaks_off()
        })
    };
    // A reset behind that ends nothing any more, and one that answers a SYN has its own sentence.
    let closed = fin(Direction::Forward).max(fin(Direction::Backward));
    let is_closed = Direction::BOTH.into_iter().all(|way| fin(way).is_some());
    let mut resets = items.iter().enumerate();
    let reset = resets.find(|(_, item)| item.breaks_off() && !item.told.turn.answers);
    match reset.filter(|(at, _)| !is_closed || Some(*at) < closed) {
        Some((_, reset)) if told.vantage.stray(reset.start).is_some() => {
            "; a reset that comes from the way breaks it off"
        }
        Some(_) => "; a reset breaks it off",
        None => {
            let is_lost =
                |item: &Item| item.is_lost || told.vantage.lost(item.start, item.direction);
            if items.last().is_some_and(is_lost) { "; what is sent last never comes" } else { "" }
        }
    }
}

/// What is said of a first question to which no answer is there.
fn unanswered(told: &Told, asked: usize) -> &'static str {
    let items = &told.thread.items;
    let is_later = |at: usize| items.get(at).is_some_and(|item| !is_transport(item));
    match () {
        () if told.unheard.iter().any(|one| one.asked == asked && one.is_alone) => {
            "and its answer was not captured"
        }
        () if told.pairs.iter().any(|pair| is_later(pair.asked)) => {
            "and no answer to the first one was recorded"
        }
        () => "and no answer was recorded",
    }
}

/// Why it failed, in a word.
fn failed(items: &[Item]) -> Option<&'static str> {
    items.iter().find_map(|item| item.told.verdict.as_ref()).map(|verdict| verdict.cause)
}

/// How far round trips are counted.
#[derive(Clone, Copy, Default)]
struct Until {
    /// Those that are answered before this item; `None` for all.
    item: Option<usize>,
    /// Whether the greeting of the server is one of them.
    is_greeted: bool,
}

/// Round trips in words, with whose they were, where several protocols took some.
fn costs(told: &Told, until: Until, registry: &Registry) -> String {
    let Until { item: end, is_greeted } = until;
    let is_before = |answered: usize| end.is_none_or(|end| answered < end);
    let trips = || told.trips.iter().filter(|trip| trip.counts && is_before(trip.answered));
    let mut owners: Vec<(ProtocolId, usize)> = Vec::new();
    // Over QUIC the handshake of TLS is that of the connection.
    let is_quic = told.thread.items.iter().any(|item| item.protocol == quic::PROTOCOL_ID);
    for item in trips().filter_map(|trip| told.thread.items.get(trip.asked)) {
        let owner = match item.protocol {
            tls::fields::PROTOCOL_ID if is_quic => quic::PROTOCOL_ID,
            id => id,
        };
        match owners.iter_mut().find(|(protocol, _)| *protocol == owner) {
            Some((_, count)) => *count += 1,
            None => owners.push((owner, 1)),
        }
    }
    let whole = round_trips(trips().count() + usize::from(is_greeted));
    let title = |id: &ProtocolId| registry.get(*id).title();
    let greeting = is_greeted.then(|| "1 for the greeting".to_owned());
    match owners.as_slice() {
        [] => whole,
        [(id, _)] if !is_greeted => format!("{whole} of {}", title(id)),
        owners => {
            let owners = owners.iter().map(|(id, count)| format!("{count} of {}", title(id)));
            format!("{whole} ({})", owners.chain(greeting).collect::<Vec<_>>().join(", "))
        }
    }
}

/// The same with what an error of ICMP says, where the other end says nothing.
fn with_errors(sum: String, told: &Told) -> String {
    let is_answered = told.thread.items.iter().any(|item| item.direction == Direction::Backward);
    let ends = |error: &&Error| error.told.outcome == Outcome::Refused || error.is_dropped;
    match told.errors.iter().find(ends).filter(|_| !is_answered) {
        Some(Error { told, .. }) => {
            format!("{sum}. {} says: {}", told.chapter.title, told.headline)
        }
        None => sum,
    }
}

/// Whether its protocol calls what is asked a question: DNS does (RFC 1035, section 4.1.2), and an
/// echo is no request either. All others have requests.
fn is_question(item: &Item, registry: &Registry) -> bool {
    const ASK: [&str; 5] = ["DNS", "MDNS", "LLMNR", "NBNS", "ECHO"];
    ASK.contains(&registry.get(item.protocol).title())
}

/// A number of round trips in words a sentence may begin with.
pub(in crate::story) fn round_trips(count: usize) -> String {
    match count {
        0 => "No round trip".into(),
        1 => "1 round trip".into(),
        count => format!("{count} round trips"),
    }
}

/// What a story is about, where the recording has no title: the protocols that spoke, and with
/// whom.
pub(super) fn title(told: &[Told], cast: &[Actor], registry: &Registry) -> String {
    let mut spoken: Vec<ProtocolId> =
        told.iter().flat_map(|one| &one.thread.items).map(|item| item.protocol).collect();
    spoken.sort_unstable();
    spoken.dedup();
    // From the outermost in, as the registry lists them.
    let all = registry.all().iter().filter(|one| spoken.binary_search(&one.id()).is_ok());
    let ids: Vec<ProtocolId> = all.map(|one| one.id()).collect();
    let whom = with_whom(told, cast);
    match (ids.as_slice(), told) {
        ([], _) => "An empty recording".into(),
        (ids, [_]) if ids.iter().any(|id| carrier(*id).is_some()) => {
            format!("{}{whom}", on_carrier(ids, registry))
        }
        (ids, _) => {
            let names: Vec<&str> = ids.iter().map(|id| registry.get(*id).title()).collect();
            format!("{}{whom}", names.join(", "))
        }
    }
}

/// How far up a protocol stands that carries others on a connection; nothing for what it is there
/// for.
const fn carrier(id: ProtocolId) -> Option<u8> {
    match id {
        tcp::PROTOCOL_ID => Some(0),
        tls::fields::PROTOCOL_ID => Some(1),
        // Its handshake is that of TLS.
        quic::PROTOCOL_ID => Some(2),
        _ => None,
    }
}

/// What a connection is there for, and what carries that: "HTTP/3 over QUIC".
fn on_carrier(ids: &[ProtocolId], registry: &Registry) -> String {
    let name = |id: &ProtocolId| match *id {
        http2::PROTOCOL_ID => "HTTP/2",
        http3::PROTOCOL_ID => "HTTP/3",
        id => registry.get(id).title(),
    };
    let carried: Vec<&str> = ids.iter().filter(|id| carrier(**id).is_none()).map(name).collect();
    let mut carriers: Vec<&ProtocolId> = ids.iter().filter(|id| carrier(**id).is_some()).collect();
    carriers.sort_by_key(|id| std::cmp::Reverse(carrier(**id)));
    let carrying = carriers.first().map(|id| name(id)).unwrap_or_default();
    match (carried.as_slice(), carriers.as_slice()) {
        // TLS needs not be named twice, and TCP is below all but QUIC.
        ([], [_, below]) if **below == tcp::PROTOCOL_ID => format!("{carrying} over TCP"),
        ([], _) => carrying.to_owned(),
        (carried, _) => format!("{} over {carrying}", carried.join(", ")),
    }
}

/// Who answers: by name where it is one host. Where there are several, how many hosts there are in
/// all.
fn with_whom(told: &[Told], cast: &[Actor]) -> String {
    let distinct = |mut hosts: Vec<ActorId>| {
        hosts.sort_unstable();
        hosts.dedup();
        hosts
    };
    let answering = distinct(told.iter().map(|Told { ends: [_, host], .. }| *host).collect());
    match answering.as_slice() {
        [one] => match cast.get(usize::from(one.0)) {
            // "Server" alone says nothing of a recording.
            Some(actor) if actor.name == "Server" => {
                let host = actor.address.split(" : ").next().unwrap_or_default();
                format!(" with {host}")
            }
            Some(actor) => format!(" with {}", actor.name),
            None => String::new(),
        },
        _ => {
            let all = distinct(told.iter().flat_map(|one| one.ends).collect());
            format!(" between {} hosts", all.len())
        }
    }
}
