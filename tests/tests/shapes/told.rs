//! Holds a story against the packets.

use std::collections::HashMap;
use std::path::Path;

use wirestage::document::Opening;
use wirestage_dissectors::ids::ProtocolId;
use wirestage_dissectors::limits::MAX_STORY_PACKETS;
use wirestage_dissectors::story::{ActorId, Beat, BeatId, Level, Story, Track, TrackId};
use wirestage_tests::open;

use super::http::{Exchange, Message};
use super::records::{Record, records};
use super::wire::{Stream, Wire};

/// A recording: its packets, and its story.
pub(crate) struct Recorded {
    pub(crate) name: String,
    pub(crate) wire: Wire,
    /// As it is shown.
    pub(crate) story: Story,
    /// With every connection told for itself.
    unfolded: Story,
    /// The round trips that have to be told, as frames of the question and of the answer.
    pub(crate) asked: Vec<(usize, usize)>,
    pub(crate) exchanges: Vec<Exchange>,
    /// The messages of HTTP that have to be told.
    messages: Vec<Message>,
}

impl Recorded {
    /// Opens a recording, and reads it apart from our own dissection.
    pub(crate) fn of(path: &Path) -> Self {
        let wire = Wire::of(path);
        let story = open(path, Opening::default()).story(None);
        let mut unfolded = story.clone();
        unfolded.unfold();
        let mut asked = wire.openings();
        asked.extend(wire.handshakes());
        let name = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        let (exchanges, messages) = Default::default();
        Self { name, wire, story, unfolded, asked, exchanges, messages }
    }

    /// Expects what is said of HTTP in the clear.
    pub(crate) fn plain_exchanges(&mut self) {
        let messages = self.wire.http();
        assert!(!messages.is_empty(), "{}: nothing was said", self.name);
        let exchanges = self.wire.exchanges(&messages);
        // What was held back is told apart from its head.
        let held = exchanges.iter().find(|one| one.answer.is_interim()).map(|one| &one.question);
        let is_whole = |one: &Message| held.is_none_or(|held| held.first != one.first);
        self.messages.extend(messages.iter().filter(|one| is_whole(one)).cloned());
        self.messages.extend(held.cloned());
        let rest = exchanges.iter().map(|one| &one.question).filter(|one| one.is_rest());
        self.messages.extend(rest.cloned());
        self.expect(exchanges);
    }

    /// Expects questions and answers of these lengths under keys.
    pub(crate) fn sealed_exchanges(&mut self, lengths: &[(usize, usize, usize)]) {
        let exchanges = self.wire.sealed(lengths);
        assert_eq!(exchanges.len(), lengths.len(), "{}: found by their lengths", self.name);
        self.messages.extend(exchanges.iter().map(|one| one.answer.clone()));
        self.expect(exchanges);
    }

    fn expect(&mut self, exchanges: Vec<Exchange>) {
        self.asked.extend(exchanges.iter().map(|one| (one.asked, one.answer.first)));
        self.exchanges.extend(exchanges);
    }

    /// An actor, as a reader finds it.
    pub(crate) fn actor(&self, number: usize) -> String {
        let actor = &self.story.cast[number];
        format!("{} {}", actor.name, actor.address)
    }

    /// Every check.
    pub(crate) fn check(&self) {
        self.steps_are_in_the_order_of_the_packets();
        self.packets_are_told_once_by_their_senders();
        self.trips_are_those_of_the_packets();
        self.sides_are_those_of_the_packets();
        self.sums_are_those_of_the_packets();
        self.bodies_have_their_length();
        self.what_is_sealed_is_told_so();
    }

    fn connection(&self, track: &Track) -> usize {
        self.wire.packets[track.first.frame.index()].connection
    }

    fn below(&self, id: BeatId, level: Level) -> impl Iterator<Item = &Beat> {
        let below = self.unfolded.beats.iter().skip(id.0 as usize + 1);
        let top = self.unfolded.beat(id).expect("a beat of the story").level;
        below.take_while(move |beat| beat.level > top).filter(move |beat| beat.level == level)
    }

    /// Each step stands at the frame with which it begins to speak, and steps follow each other as
    /// those frames do.
    fn steps_are_in_the_order_of_the_packets(&self) {
        let name = &self.name;
        let mut before = None;
        for id in self.unfolded.steps() {
            let step = self.unfolded.beat(id).expect("a step is a beat");
            let frame = step.sent.frame.index();
            assert_eq!(step.sent.time, self.wire.packets[frame].time, "{name}: {step:?}");
            assert!(before < Some(frame), "{name}: behind frame {before:?}: {step:?}");
            before = Some(frame);
            let own = || self.below(id, Level::Packet).filter(|packet| packet.from == step.from);
            let frames: Vec<usize> = own().map(|packet| packet.sent.frame.index()).collect();
            assert!(frames.contains(&frame), "{name}: {step:?} is none of {frames:?}");
            let mut speaking = frames.iter().filter(|at| self.wire.packets[**at].speaks());
            // An acknowledgement that says that bytes came twice speaks, too: a busy machine makes
            // some.
            let mut own = self.below(id, Level::Message);
            let is_twice =
                own.any(|one| one.sent.frame.index() == frame && one.label.starts_with("D-SACK"));
            if let Some(first) = speaking.next().filter(|_| !is_twice) {
                assert_eq!(frame, *first, "{name}: it spoke before: {step:?}");
            }
        }
        assert!(before.is_some(), "{name}: nothing is told");
    }

    /// Every frame of what is told is a packet of the story once, unless a step has more than are
    /// shown one by one, and its sender is the one who sent it.
    fn packets_are_told_once_by_their_senders(&self) {
        let name = &self.name;
        let mut seen: HashMap<usize, usize> = HashMap::new();
        for (_, packet) in self.unfolded.level(Level::Packet) {
            let frame = packet.sent.frame.index();
            *seen.entry(frame).or_default() += 1;
            let sent = &self.wire.packets[frame];
            assert_eq!(packet.sent.time, sent.time, "{name}: {packet:?}");
            assert_eq!(packet.bytes, sent.size, "{name}: {packet:?}");
            let track = packet.track.expect("a connection has a track");
            let begins = sent.from == self.wire.connections[sent.connection].ends[0];
            let [left, right] = self.track(track).ends;
            let expected = if begins { [left, right] } else { [right, left] };
            assert_eq!([packet.from, packet.to], expected, "{name}: {packet:?}");
        }
        assert!(seen.values().all(|count| *count == 1), "{name}: told twice: {seen:?}");
        let flights = self.unfolded.level(Level::Flight);
        let left_out = flights.map(|(id, flight)| {
            let shown = self.below(id, Level::Packet).count();
            let own = self.below(id, Level::Packet).filter(|packet| packet.from == flight.from);
            let (own, all) = (own.count(), flight.packets as usize);
            assert!(own == all || shown == MAX_STORY_PACKETS, "{name}: {own} of {flight:?}");
            shown == MAX_STORY_PACKETS
        });
        let left_out = left_out.filter(|is_full| *is_full).count();
        let tracks = self.unfolded.tracks.iter();
        let told = tracks.map(|track| self.wire.connections[self.connection(track)].packets.len());
        let told: usize = told.sum();
        assert!(seen.len() == told || left_out > 0, "{name}: {} of {told}", seen.len());
    }

    fn track(&self, id: TrackId) -> &Track {
        self.unfolded.track(id).expect("a track of the story")
    }

    /// Each round trip lasts from the last frame of the question to the first of the answer, and
    /// no other is told. Two processors stamp what crosses a loopback, and an answer may bear an
    /// earlier time than its question: that took no time, and never less.
    fn trips_are_those_of_the_packets(&self) {
        let name = &self.name;
        let told: Vec<usize> =
            self.unfolded.tracks.iter().map(|track| self.connection(track)).collect();
        let is_told =
            |(asked, _): &&(usize, usize)| told.contains(&self.wire.packets[*asked].connection);
        let mut expected: Vec<_> = self.asked.iter().filter(is_told).copied().collect();
        let trips = self.unfolded.trips.iter();
        let mut found: Vec<_> = trips
            .clone()
            .map(|trip| (trip.asked.frame.index(), trip.answered.frame.index()))
            .collect();
        expected.sort_unstable();
        found.sort_unstable();
        assert_eq!(found, expected, "{name}: round trips, by the frames of question and answer");
        for trip in trips {
            let time = |frame: usize| self.wire.packets[frame].time;
            let took = time(trip.answered.frame.index()).since(time(trip.asked.frame.index()));
            assert_eq!(trip.nanos, took.max(0), "{name}: {trip:?}");
        }
    }

    /// Who began asks, is on the left of whom it asks, and has its own address; no address is
    /// shown twice.
    fn sides_are_those_of_the_packets(&self) {
        let name = &self.name;
        for track in &self.unfolded.tracks {
            let ends = self.wire.connections[self.connection(track)].ends;
            let [left, right] = track.ends;
            assert!(left < right, "{name}: {track:?}");
            for (ActorId(actor), end) in [left, right].into_iter().zip(ends) {
                let actor = self.actor(actor.into());
                let address = end.ip().to_string();
                let found = actor.split(' ').any(|word| word.trim_matches(['[', ']']) == address);
                assert!(found, "{name}: {end} is told as {actor}");
            }
        }
        let cast = self.unfolded.cast.iter();
        let mut whole: Vec<_> = cast.map(|one| (&one.name, &one.address)).collect();
        whole.sort_unstable();
        whole.dedup();
        assert_eq!(whole.len(), self.unfolded.cast.len(), "{name}: {:?}", self.unfolded.cast);
    }

    /// Packets and bytes of each connection, and of all that are told.
    fn sums_are_those_of_the_packets(&self) {
        let name = &self.name;
        let mut whole = (0, 0);
        for track in &self.unfolded.tracks {
            let own = &self.wire.connections[self.connection(track)].packets;
            let bytes: u64 = own.iter().map(|frame| self.wire.packets[*frame].size).sum();
            assert_eq!(
                (track.packets as usize, track.bytes),
                (own.len(), bytes),
                "{name}: {track:?}"
            );
            whole = (whole.0 + track.packets, whole.1 + bytes);
        }
        assert_eq!((self.unfolded.packets, self.unfolded.bytes), whole, "{name}");
    }

    /// Each message of HTTP is told where it begins, by who sent it, and where it has a body, with
    /// the length that was announced and what came of it.
    fn bodies_have_their_length(&self) {
        let name = &self.name;
        for message in &self.messages {
            let is_its = |(_, beat): &(BeatId, &Beat)| {
                let track = beat.track.map(|id| self.track(id));
                let by = track.map(|track| track.ends[message.end]);
                beat.protocol == ProtocolId::of("http")
                    && beat.sent.frame.index() == message.first
                    && track.is_some_and(|track| self.connection(track) == message.connection)
                    && by == Some(beat.from)
            };
            let (_, beat) = self
                .unfolded
                .level(Level::Message)
                .find(is_its)
                .unwrap_or_else(|| panic!("{name}: not told: {message:?}"));
            let ended = beat.ended.frame.index();
            if message.arrived == message.announced {
                assert_eq!(ended, message.last, "{name}: {message:?} {beat:?}");
            } else {
                // Of what was cut short, the end may be bytes that were sent again.
                assert!(ended >= message.last, "{name}: {message:?} {beat:?}");
                assert!(!self.wire.packets[ended].data.is_empty(), "{name}: {beat:?}");
            }
            if message.size > 0 {
                assert_eq!(beat.bytes as usize, message.size, "{name}: {message:?} {beat:?}");
            }
            if message.announced == 0 || message.is_rest() {
                continue;
            }
            let text = format!("{} {}", beat.label, beat.detail);
            let is_said = |number: usize| {
                // Sentences have commas in numbers, and behind them.
                let number = number.to_string();
                let mut words = text.split([' ', '.', '\u{a0}']);
                words.any(|word| word.replace(',', "") == number)
            };
            let both = is_said(message.announced) && is_said(message.arrived);
            assert!(both, "{name}: {message:?} is told as {text}");
        }
    }

    /// What lies in a sealed record is told as sealed, and nothing else is: of messages, and of
    /// what they make up.
    fn what_is_sealed_is_told_so(&self) {
        let name = &self.name;
        let streams: Vec<[(Stream, Vec<Record>); 2]> = (0..self.wire.connections.len())
            .map(|connection| {
                [0, 1].map(|end| {
                    let stream = self.wire.stream(connection, end);
                    let records = records(&stream);
                    (stream, records)
                })
            })
            .collect();
        let has_tls = streams.iter().flatten().any(|(_, records)| !records.is_empty());
        let mut sealed = 0;
        for (id, message) in self.unfolded.level(Level::Message) {
            let Some(anchor) = message.anchor.filter(|_| message.protocol != ProtocolId::of("tcp"))
            else {
                assert!(!message.protection.is_sealed(), "{name}: {message:?}");
                continue;
            };
            let frame = anchor.frame.index();
            let packet = &self.wire.packets[frame];
            let ends = self.wire.connections[packet.connection].ends;
            let (stream, records) =
                &streams[packet.connection][usize::from(packet.from == ends[1])];
            let place = stream.place(frame, anchor.offset as usize, packet);
            let record = records.iter().find(|record| place < record.end());
            let expected = record.is_some_and(|record| record.is_sealed());
            assert_eq!(message.protection.is_sealed(), expected, "{name}: {message:?}");
            sealed += usize::from(expected);
            let mut above = message.parent;
            while let Some(parent) = above {
                let said = self.unfolded.protections(parent);
                assert!(
                    said.contains(&message.protection),
                    "{name}: {id:?} in {parent:?}: {said:?}"
                );
                above = self.unfolded.beat(parent).and_then(|beat| beat.parent);
            }
        }
        assert_eq!(sealed > 0, has_tls, "{name}: {sealed} sealed messages");
        for level in [Level::Flight, Level::Chapter] {
            for (id, beat) in self.unfolded.level(level) {
                let said = self.unfolded.protections(id);
                let below = self.below(id, Level::Message).map(|one| one.protection);
                let mut expected: Vec<_> = below.collect();
                expected.dedup();
                assert!(
                    said.iter().all(|one| expected.contains(one)),
                    "{name}: {said:?} of {beat:?}"
                );
            }
        }
    }
}
