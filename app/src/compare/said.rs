//! What the messages of a measured connection say, field by field, until the first byte of its
//! answer.

use std::collections::HashMap;
use std::fmt;

use wirestage_dissectors::describe::Dissection;
use wirestage_dissectors::engine::anchors::Anchors;
use wirestage_dissectors::field::{FieldId, Kind, Value};
use wirestage_dissectors::ids::ProtocolId;
use wirestage_dissectors::message::Anchor;
use wirestage_dissectors::protocols::tcp;
use wirestage_dissectors::registry::standard;
use wirestage_dissectors::sink::{Severity, Sink};
use wirestage_dissectors::sinks::text::Named;
use wirestage_dissectors::span::Span;
use wirestage_dissectors::story::{Beat, BeatId, Level};

use super::Way;
use crate::document::Document;

/// So many messages are read for their fields: what passes until a first answer is less.
const MOST_MESSAGES: usize = 128;

/// So many fields of one message are kept.
const MOST_FIELDS: usize = 512;

/// One message of a way.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Said {
    /// What it is called: "ClientHello".
    pub name: String,
    /// Whether the client sends it.
    pub forward: bool,
    /// When it left, in nanoseconds since the first of its way.
    pub at: i64,
    /// What it is there for, where that is the same whatever it is called.
    pub purpose: Option<Purpose>,
    /// Its fields in their order.
    pub fields: Vec<Spoken>,
}

/// A field of a message.
#[derive(Clone, Debug, PartialEq)]
pub struct Spoken {
    /// What it is called.
    pub field: &'static str,
    /// Its value as a person reads it.
    pub value: String,
    /// Whether it is another in every recording.
    pub is_fresh: bool,
}

/// What a whole way is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// It is the request that is measured.
    Asks,
    /// It is the first of its answer.
    Answers,
}

/// What was said on the measured connection, in the order of time.
pub(super) fn said(document: &Document, way: &Way) -> Vec<Said> {
    let story = &way.story;
    let answered = way.ledger.map(|ledger| ledger.answered.frame);
    let is_counted = |beat: &&(BeatId, &Beat)| {
        let (_, beat) = beat;
        beat.track == way.track && answered.is_none_or(|last| beat.sent.frame <= last)
    };
    let beats: Vec<(BeatId, &Beat)> = story.level(Level::Message).collect();
    let mut beats: Vec<_> = beats.iter().filter(is_counted).take(MOST_MESSAGES).collect();
    // A story tells flights, one after the other; what left at one time keeps its order.
    beats.sort_by_key(|(_, beat)| beat.sent.time);
    let began = beats.first().map(|(_, beat)| beat.sent.time);
    let mut wanted: HashMap<Anchor, usize> = HashMap::new();
    let client = way.client();
    let mut all = Vec::new();
    for (at, (id, beat)) in beats.into_iter().enumerate() {
        if let Some(anchor) = beat.anchor {
            wanted.entry(anchor).or_insert(at);
        }
        let purpose = way.ledger.and_then(|ledger| match *id {
            id if id == ledger.request => Some(Purpose::Asks),
            id if id == ledger.answer => Some(Purpose::Answers),
            _ => None,
        });
        let (name, forward) = (short(&beat.label).to_owned(), Some(beat.from) == client);
        let at = began.map_or(0, |began| beat.sent.time.since(began));
        all.push(Said { name, forward, at, purpose, fields: Vec::new() });
    }
    read(document, wanted, &mut all);
    all
}

/// Reads the connection as far as messages are wanted, and keeps what those say.
fn read(document: &Document, mut wanted: HashMap<Anchor, usize>, all: &mut [Said]) {
    let Some(connection) = wanted.keys().map(|anchor| anchor.connection).next() else { return };
    let (context, survey) = (document.context(), &*document.survey);
    let mut anchors = Anchors::new(connection);
    for index in 0.. {
        let held = document.conversations().stretch(connection, index, context, survey);
        let Some(held) = held else { return };
        let view = held.view(context.frames);
        for message in &held.stretch().messages {
            let anchor = anchors.next(message, &view);
            let Some(said) = wanted.remove(&anchor).and_then(|at| all.get_mut(at)) else {
                continue;
            };
            if anchor.protocol == tcp::PROTOCOL_ID {
                // A segment is told by the header of its frame.
                let mut ear = Ear { only: Some(tcp::PROTOCOL_ID), fields: &mut said.fields };
                Dissection::of_stretch(context, survey, &held).describe(message.done, &mut ear);
            } else if let Some(layer) = view.layer(message.layer) {
                let mut ear = Ear { only: None, fields: &mut said.fields };
                standard().get(layer.protocol).describe(message, &view, &mut ear);
            }
            if wanted.is_empty() {
                return;
            }
        }
    }
}

/// Hears values, each with the name of its field; headings say nothing of their own.
struct Ear<'a> {
    /// The only protocol that is heard.
    only: Option<ProtocolId>,
    fields: &'a mut Vec<Spoken>,
}

impl Sink for Ear<'_> {
    fn field(&mut self, field: FieldId, value: Value<'_>, _: Span) {
        let def = field.def();
        let is_heard = self.only.is_none_or(|only| field.protocol() == only);
        if !is_heard || def.kind == Kind::Group || value == Value::None {
            return;
        }
        if self.fields.len() < MOST_FIELDS {
            let text = Named(def, value).to_string();
            let value = if text.is_empty() { "empty".to_owned() } else { text };
            self.fields.push(Spoken { field: def.name, value, is_fresh: def.is_fresh });
        }
    }

    fn open(&mut self, field: FieldId, value: Value<'_>, span: Span) {
        self.field(field, value, span);
    }

    fn note(&mut self, _: Severity, _: Span, _: fmt::Arguments<'_>) {}
}

/// A label without the number of its lane and the size of what it carries.
#[must_use]
pub fn short(label: &str) -> &str {
    let label = label.split("  ").next().unwrap_or(label);
    match label.rsplit_once(" #") {
        Some((name, lane)) if lane.chars().all(|c| c.is_ascii_digit()) => name,
        _ => label,
    }
}
