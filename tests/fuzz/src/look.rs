//! Looks at an input in every way that the program does, and holds one way against the other.

use std::collections::HashMap;
use std::sync::Arc;

use wirestage_dissectors::attribution::Attribution;
use wirestage_dissectors::course::{self, Wanted};
use wirestage_dissectors::describe::Dissection;
use wirestage_dissectors::engine::conversation::{Conversations, NEVER};
use wirestage_dissectors::engine::reader::Context;
use wirestage_dissectors::engine::sweep::Sweep;
use wirestage_dissectors::frames::Frames;
use wirestage_dissectors::ids::{Direction, FrameId};
use wirestage_dissectors::registry::standard;
use wirestage_dissectors::requests::{Detail, Requests, notes};
use wirestage_dissectors::secret::Secrets;
use wirestage_dissectors::sinks::{FieldTree, RowText};
use wirestage_dissectors::span::Span;
use wirestage_dissectors::story::apart::Apart;
use wirestage_dissectors::story::text::to_text;
use wirestage_dissectors::story::{Recorded, weave};
use wirestage_dissectors::survey::{Survey, survey_chunk};

use crate::naive;
use crate::novelty::{Known, Listener};

/// A recording with what is known of it.
pub struct Look<'a> {
    frames: &'a dyn Frames,
    secrets: Secrets,
    survey: Survey,
}

impl<'a> Look<'a> {
    /// Surveys it.
    #[must_use]
    pub fn new(frames: &'a dyn Frames, key_log: &str) -> Self {
        let mut secrets = Secrets::default();
        secrets.add_key_log(key_log);
        Self { frames, secrets, survey: Survey::of(frames, standard()) }
    }

    fn context(&self) -> Context<'_> {
        Context { frames: self.frames, secrets: &self.secrets, registry: standard() }
    }

    /// Describes everything; says whether anything was told that was not known.
    ///
    /// # Errors
    /// Where a field lies outside its frame or buffer, or a group is not closed.
    pub fn at_all(&self, known: &mut Known) -> Result<bool, String> {
        let mut is_new = false;
        let mut row = RowText::new();
        let mut wrong = None;
        self.sweep(self.frames.count(), |scene, id| {
            let column = scene.row(id, &mut row);
            let mut listener = Listener::new(known, self.frames);
            scene.describe(id, &mut listener);
            is_new |= listener.is_new;
            if listener.depth != 0 {
                wrong.get_or_insert(format!("frame {}: a group stays open", id.number()));
            }
            let outside = listener.outside.or_else(|| outside(scene, id, &listener.made));
            if let Some(outside) = outside {
                wrong.get_or_insert(outside);
            }
            is_new |= known.hear(column) | known.hear(&scene.protocols(id));
        });
        wrong.map_or(Ok(is_new), Err)
    }

    /// Reads everything once more in each other way.
    ///
    /// # Errors
    /// Where one way says something else than another.
    pub fn in_every_way(&self, chunk: u32) -> Result<(), String> {
        if columns(&self.in_chunks(chunk)) != columns(&self.survey) {
            return Err(format!("a survey in chunks of {chunk} is another"));
        }
        let context = self.context();
        let attribution = Attribution::new(context, &self.survey);
        let read = naive::read(context, &self.survey);
        let naively: Vec<String> = naive::messages(&read, context)
            .iter()
            .map(|(_, message, view)| naive::in_words(message, view))
            .collect();
        let swept = naive::swept(context, &self.survey, &attribution)?;
        if let Some(at) =
            (0..naively.len().max(swept.len())).find(|at| naively.get(*at) != swept.get(*at))
        {
            let (naive, swept) = (naively.get(at), swept.get(at));
            return Err(format!("message {at}\n  naive {naive:?}\n  swept {swept:?}"));
        }
        let whole = self.trees(self.frames.count());
        if self.trees(1) != whole {
            return Err("a sweep frame by frame is another".into());
        }
        let mut open = Conversations::new(attribution.into(), 0);
        for (id, tree) in (0..self.frames.count()).map(FrameId).zip(&whole) {
            let held = open.at_frame(id, context, &self.survey);
            let scene = match &held {
                Some(held) => Dissection::of_stretch(context, &self.survey, held),
                None => Dissection::of_headers(context, &self.survey),
            };
            if text(&scene, id) != *tree {
                let found = text(&scene, id);
                let place = format!("frame {} when looked at alone", id.number());
                return Err(format!("{place}:\n{found}\nand in a sweep:\n{tree}"));
            }
        }
        self.requests()?;
        self.story()
    }

    /// Gathers the requests, and reads what each of them holds.
    fn requests(&self) -> Result<(), String> {
        let context = self.context();
        let attribution = Arc::new(Attribution::new(context, &self.survey));
        let gathered = |window| {
            let (mut requests, mut found) = (Requests::default(), Vec::new());
            self.sweep(window, |scene, id| notes(id, scene, &attribution, &mut found));
            for note in found {
                requests.take(note);
            }
            requests.finish()
        };
        let whole = gathered(self.frames.count());
        if gathered(1) != whole {
            return Err("requests that are gathered frame by frame are others".into());
        }
        let mut open = Conversations::new(Arc::clone(&attribution), 0);
        for row in &whole.0 {
            let detail = Detail::of(row, &mut open, (context, &self.survey));
            let sides = [(row.question, detail.question), (row.answer, detail.answer)];
            for (said, half) in sides {
                let kept = half.content.filter(|one| !one.is_coded && one.unkept == 0);
                let (Some(said), Some(kept)) = (said, kept) else { continue };
                if said.short.is_none() && said.content() != kept.bytes.len() as u64 {
                    let (row, found) = (said.content(), kept.bytes.len());
                    return Err(format!("a content of {row} bytes has {found} when it is read"));
                }
            }
        }
        Ok(())
    }

    /// Tells the story.
    fn story(&self) -> Result<(), String> {
        let context = self.context();
        let attribution = Attribution::new(context, &self.survey);
        let connections = attribution.connections(&self.survey);
        let mut open = Conversations::new(attribution.into(), 1 << 20);
        let facts = Recorded::default();
        let apart = Apart::of(context, &self.survey);
        let story = weave(&mut open, context, (&self.survey, &apart), &connections, &facts);
        for story in [&story, &apart.story(None, (context, &self.survey), &facts)] {
            drop(to_text(story));
            let is_below = |(at, beat): (usize, &wirestage_dissectors::story::Beat)| {
                beat.parent.is_none_or(|parent| (parent.0 as usize) < at)
            };
            if !story.beats.iter().enumerate().all(is_below) {
                return Err("a beat stands before the one that it is part of".into());
            }
        }
        for (connection, sender) in
            connections.iter().flat_map(|id| Direction::BOTH.map(|way| (*id, way)))
        {
            let wanted = Wanted { connection, sender, far: None };
            let read = course::read(&mut open, (context, &self.survey), wanted, NEVER);
            if read.is_some_and(|it| it.sent.iter().any(|sent| sent.to < sent.from)) {
                return Err("a packet ends before it begins".into());
            }
        }
        Ok(())
    }

    fn in_chunks(&self, chunk: u32) -> Survey {
        let mut survey = Survey::new();
        let mut first = 0;
        while first < self.frames.count() {
            let end = first.saturating_add(chunk.max(1)).min(self.frames.count());
            survey.absorb(survey_chunk(self.frames, first..end, standard()), standard());
            first = end;
        }
        survey
    }

    fn trees(&self, window: u32) -> Vec<String> {
        let mut found = Vec::new();
        self.sweep(window, |scene, id| found.push(text(scene, id)));
        found
    }

    /// Sweeps in windows of so many frames.
    fn sweep(&self, window: u32, mut look: impl FnMut(&Dissection<'_>, FrameId)) {
        let context = self.context();
        let attribution = Attribution::new(context, &self.survey);
        let mut sweep = Sweep::new(context, &self.survey, &attribution);
        let mut first = 0;
        while first < self.frames.count() {
            let end = first.saturating_add(window).min(self.frames.count());
            let (read, frames) = sweep.read(first..end);
            first = frames.end;
            let scene = Dissection::of_window(context, &self.survey, &read);
            frames.map(FrameId).for_each(|id| look(&scene, id));
        }
    }
}

/// The first place of a frame's fields, messages and their parts that lies outside the buffer it
/// names. What is decoded later claims all there is, and what cannot be made again has no bytes.
fn outside(scene: &Dissection<'_>, id: FrameId, made: &[(Span, &'static str)]) -> Option<String> {
    let messages = scene.messages(id);
    let (_, view) = messages.first()?;
    let own = messages.iter().flat_map(|(message, view)| {
        let parts = view.parts(message).iter().map(|part| (part.span, "part"));
        parts.chain([(message.span, "message")])
    });
    let mut lens = HashMap::new();
    made.iter().copied().chain(own).find_map(|(span, name)| {
        let whole = Span { buffer: span.buffer, start: 0, len: u32::MAX };
        let len = *lens.entry(span.buffer).or_insert_with(|| view.bytes(whole).len() as u64);
        let end = u64::from(span.start) + u64::from(span.len);
        let is_outside = len > 0 && span.len != u32::MAX && end > len;
        is_outside.then(|| format!("frame {}: {name} ends at {end} of {len}", id.number()))
    })
}

/// Everything that is told of a frame, with its row.
fn text(scene: &Dissection<'_>, id: FrameId) -> String {
    let (mut row, mut tree) = (RowText::new(), FieldTree::new());
    let column = scene.row(id, &mut row);
    scene.describe(id, &mut tree);
    format!("{column} {}\n{}", row.info, tree.to_text())
}

/// Columns, flows and datagrams.
fn columns(survey: &Survey) -> String {
    let one = |at| (survey.row(FrameId(at)), survey.reassembled(FrameId(at)));
    let rows = (0..survey.frame_count()).map(|at| format!("{:?}\n", one(at)));
    rows.chain(survey.flows().iter().map(|flow| format!("{flow:?}\n"))).collect()
}
