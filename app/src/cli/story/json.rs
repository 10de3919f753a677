//! The story as JSON. Actors and beats are named by their position, frames by their number.

use serde_json::{Value, json};
use wirestage_dissectors::registry::standard;
use wirestage_dissectors::story::lanes::{Lane, Window};
use wirestage_dissectors::story::passages::{Changes, Line, Passage};
use wirestage_dissectors::story::{
    Beat, Moment, Numbers, Piece, Pondered, Repeat, Story, Track, Transfer,
};

use super::super::words::Word;

/// All that a story holds.
pub(super) fn story(story: &Story) -> Value {
    json!({
        "title": story.title,
        "subtitle": story.subtitle,
        "sum": story.sum,
        "packets": story.packets,
        "bytes": story.bytes,
        "notes": story.remarks(),
        "carriers": list(&story.carriers, |one| {
            json!({"way": one.way, "connections": one.connections, "frames": one.frames})
        }),
        "cast": list(&story.cast, |one| json!({"name": one.name, "address": one.address})),
        "tracks": list(&story.tracks, track),
        "beats": list(&story.beats, beat),
        "links": list(&story.links, |one| {
            json!({"from": one.from.0, "relation": one.relation.word(), "to": one.to.0})
        }),
        "states": list(&story.states, |one| {
            json!({"actor": one.actor.0, "flight": one.flight.0, "message": one.message.0,
                   "on_send": one.on_send, "name": one.name, "open": one.open})
        }),
        "keys": list(&story.keys, |one| {
            json!({"actor": one.actor.0, "flight": one.flight.0, "message": one.message.0,
                   "on_send": one.on_send, "at_once": one.at_once, "name": one.name})
        }),
        "marks": list(&story.marks, |one| {
            json!({"actor": one.actor.0, "role": one.role, "at": moment(one.at),
                   "what": one.what, "bytes": one.bytes, "flight": one.flight.0,
                   "on_send": one.on_send, "earlier": one.earlier, "after": one.after})
        }),
        "round_trips": list(&story.trips, |one| {
            json!({"from": one.from.0, "to": one.to.0, "asked": moment(one.asked),
                   "answered": moment(one.answered), "nanos": one.nanos,
                   "first_try": one.first_try.map(|first| moment(first.moment)),
                   "pondered_nanos": one.pondered.map(Pondered::nanos),
                   "pondered_longer": matches!(one.pondered, Some(Pondered::AtLeast(_)))})
        }),
        "parcels": list(&story.parcels, |one| {
            json!({"packet": one.packet.0, "label": one.label,
                   "protection": one.protection.word()})
        }),
        "verdicts": list(&story.verdicts, |one| {
            json!({"flight": one.flight.0, "message": one.message.0, "actor": one.actor.0,
                   "cause": one.verdict.cause, "sentence": one.verdict.sentence,
                   "evidence": one.verdict.evidence})
        }),
        "lanes": list(&story.lanes, lane),
        "windows": list(&story.windows, window),
        "transfers": list(&story.transfers, transfer),
        "passages": list(&story.passages, passage),
        "repeats": list(&story.repeats, repeat),
        "spills": list(&story.spills, |one| {
            json!({"chapter": one.chapter.0, "flight": one.flight.0, "ends": one.ends})
        }),
        "silences": list(story.silences(), |one| {
            json!({"before": one.before.0, "nanos": one.nanos})
        }),
        "idles": list(story.idles(), |one| {
            json!({"before": one.before.0, "nanos": one.nanos, "at_least": one.at_least})
        }),
    })
}

/// Each of a list.
fn list<T>(all: impl AsRef<[T]>, one: impl Fn(&T) -> Value) -> Vec<Value> {
    all.as_ref().iter().map(one).collect()
}

fn track(track: &Track) -> Value {
    json!({"connection": track.connection.0, "name": track.name,
           "ends": track.ends.map(|end| end.0), "ports": track.ports,
           "first": moment(track.first), "last": moment(track.last),
           "packets": track.packets, "bytes": track.bytes,
           "round_trips": track.round_trips, "like": track.like.map(|like| like.0)})
}

fn repeat(repeat: &Repeat) -> Value {
    json!({"like": repeat.like.0, "first": repeat.first.0, "last": repeat.last.0,
           "count": repeat.count, "label": repeat.label, "bytes": repeat.bytes,
           "nanos": repeat.nanos})
}

/// A question that was handed on, and the answer that was handed back.
fn passage(passage: &Passage) -> Value {
    let answer = passage.answer.as_ref().map(|answer| {
        json!({"came": answer.came.0, "went": answer.went.0, "changes": changes(&answer.changes)})
    });
    json!({"asked": passage.asked.0, "handed_on": passage.handed_on.0, "same": passage.same,
           "attempt": passage.attempt, "proof": passage.proof.word(),
           "field": passage.proof.field(),
           "question": passage.question.as_ref().map(changes), "answer": answer})
}

/// What flow control lets one side send.
fn window(window: &Window) -> Value {
    let points: Vec<_> = window.points.iter().map(|(time, bytes)| json!([time.0, bytes])).collect();
    json!({"track": window.track.map(|track| track.0), "lane": window.lane,
           "sender": window.sender.0, "initial": window.initial, "points": points})
}

/// A stream that shares its connection with others.
fn lane(lane: &Lane) -> Value {
    let marks: Vec<_> = lane
        .marks
        .iter()
        .map(|one| {
            let (bytes, waited) = match one.piece {
                Piece::Content(bytes) => (Some(bytes), None),
                Piece::Leave(waited) => (None, Some(waited)),
                Piece::Head | Piece::Reset => (None, None),
            };
            json!({"beat": one.beat.0, "piece": one.piece.word(), "bytes": bytes, "waited": waited,
                   "ends": one.ends})
        })
        .collect();
    json!({"track": lane.track.map(|track| track.0), "number": lane.number, "name": lane.name,
           "asker": lane.asker.map(|actor| actor.0), "bytes": lane.bytes, "marks": marks})
}

/// What one end sent in segments. Numbers are pairs of the first and the last.
fn transfer(transfer: &Transfer) -> Value {
    let pair = |numbers: Numbers| [numbers.first, numbers.last];
    let segments: Vec<_> = transfer
        .segments
        .iter()
        .map(|one| {
            let again = one.again.map(|again| {
                json!({"before": again.before, "cause": again.cause.word(),
                       "silence": again.silence})
            });
            json!({"beat": one.beat.map(|id| id.0), "flight": one.flight.map(|id| id.0),
                   "numbers": pair(one.numbers), "bytes": one.bytes, "sent": moment(one.sent),
                   "received": one.received.map(moment), "again": again})
        })
        .collect();
    let acknowledgements: Vec<_> = transfer
        .acknowledgements
        .iter()
        .map(|one| {
            json!({"beat": one.beat.map(|id| id.0), "sent": moment(one.sent),
                   "received": one.received.map(moment), "upto": one.upto,
                   "sack": one.sack.iter().copied().map(pair).collect::<Vec<_>>(),
                   "role": one.role.word()})
        })
        .collect();
    let in_flight: Vec<_> =
        transfer.in_flight.iter().map(|(time, bytes)| json!([time.0, bytes])).collect();
    let counts = transfer.counts();
    json!({
        "connection": transfer.connection.0,
        "from": transfer.from.0,
        "to": transfer.to.0,
        "segments": segments,
        "acknowledgements": acknowledgements,
        "in_flight": in_flight,
        "counts": {"sent": counts.sent, "new": counts.new, "again": counts.again,
                   "lost": counts.lost, "for_good": counts.for_good,
                   "acknowledgements": counts.acknowledgements},
    })
}

fn beat(beat: &Beat) -> Value {
    let source = beat.source.map(|one| json!({"standard": one.standard, "section": one.section}));
    json!({
        "level": beat.level.word(),
        "parent": beat.parent.map(|parent| parent.0),
        "track": beat.track.map(|track| track.0),
        "from": beat.from.0,
        "to": beat.to.0,
        "sent": moment(beat.sent),
        "ended": moment(beat.ended),
        "received": beat.received.map(moment),
        "protocol": standard().get(beat.protocol).name(),
        "label": beat.label,
        "headline": beat.headline,
        "detail": beat.detail,
        "protection": beat.protection.word(),
        "outcome": beat.outcome.word(),
        "lesson": beat.lesson,
        "source": source,
        "bytes": beat.bytes,
        "packets": beat.packets,
        "round_trips": beat.round_trips,
    })
}

/// Both heads of what was handed on, line beside line.
fn changes(changes: &Changes) -> Value {
    let line = |line: &Line| {
        json!({"name": line.name, "came": line.came, "went": line.went,
               "change": line.change().word()})
    };
    json!({"start": changes.start.iter().map(line).collect::<Vec<_>>(),
           "lines": changes.lines.iter().map(line).collect::<Vec<_>>()})
}

fn moment(moment: Moment) -> Value {
    json!({"frame": moment.frame.number(), "time_ns": moment.time.known().map(|time| time.0)})
}
