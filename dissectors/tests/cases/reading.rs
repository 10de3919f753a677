//! Reads a capture in every way there is, and holds its rows against what is right.

use std::collections::HashMap;
use std::ops::Range;

use wirestage_dissectors::attribution::Attribution;
use wirestage_dissectors::describe::Dissection;
use wirestage_dissectors::engine::conversation::{Conversations, DEFAULT_BUDGET};
use wirestage_dissectors::engine::reader::Context;
use wirestage_dissectors::engine::sweep::Sweep;
use wirestage_dissectors::frames::{FrameList, Frames};
use wirestage_dissectors::ids::{ConnectionId, FrameId};
use wirestage_dissectors::message::Relation;
use wirestage_dissectors::registry::standard;
use wirestage_dissectors::secret::Secrets;
use wirestage_dissectors::sinks::{FieldTree, RowText};
use wirestage_dissectors::story::apart::Apart;
use wirestage_dissectors::story::{Recorded, Story, weave};
use wirestage_dissectors::survey::Survey;

use crate::naive;

/// A capture with what is needed to read it.
pub(crate) struct Reading {
    pub(crate) frames: FrameList,
    secrets: Secrets,
    survey: Survey,
}

/// What is said of a frame.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Said {
    completes: bool,
    row: String,
    tree: String,
}

/// Reads frames, and holds them against the number of connections in them and the rows of all
/// frames that complete messages. Rows of other frames are compared where they are given.
///
/// A row is the frame's number, the protocol, the summary, and which frames it answers.
pub(crate) fn check(frames: FrameList, connections: usize, expected: &str) {
    Reading::new(frames, Secrets::default()).check(connections, expected);
}

impl Reading {
    pub(crate) fn new(frames: FrameList, secrets: Secrets) -> Self {
        let survey = Survey::of(&frames, standard());
        Self { frames, secrets, survey }
    }

    pub(crate) fn check(&self, connections: usize, expected: &str) {
        let said = self.swept_in(self.frames.count());
        for window in [1, 3] {
            assert_eq!(self.swept_in(window), said, "windows of {window}");
        }
        assert_eq!(self.conversed(), said, "conversations that keep nothing");
        self.check_naively();
        let expected: Vec<&str> =
            expected.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
        let number =
            |line: &str| line.split(' ').next().and_then(|word| word.parse::<usize>().ok());
        let asked: Vec<usize> = expected.iter().filter_map(|line| number(line)).collect();
        assert_eq!(asked.len(), expected.len(), "rows begin with a number");
        let answers = self.answers();
        let rows: Vec<String> = (1..)
            .zip(&said)
            .filter(|(number, said)| said.completes || asked.contains(number))
            .map(|(number, said)| {
                let to = answers.get(&number).map(|to| format!(" answers {to}"));
                format!("{number} {}{}", said.row, to.unwrap_or_default())
            })
            .collect();
        assert_eq!(rows.join("\n"), expected.join("\n"), "\nread:\n{}\n", rows.join("\n"));
        assert_eq!(self.survey.live_flows().count(), connections, "connections");
    }

    /// Holds each message against that of a naive reader, and its frame against its sender.
    fn check_naively(&self) {
        let context = self.context();
        let read = naive::read(context, &self.survey);
        let expected: Vec<String> = naive::messages(&read, context)
            .iter()
            .map(|(_, message, view)| naive::in_words(message, view))
            .collect();
        let attribution = Attribution::new(context, &self.survey);
        let found: Vec<String> = naive::swept(context, &self.survey, &attribution).unwrap();
        assert_eq!(found, expected, "a naive reader");
    }

    /// Looks at everything while keys arrive one after the other, and says what is said then.
    pub(crate) fn with_keys_in_turn(&self, lines: &[&str]) -> Vec<String> {
        let mut secrets = Secrets::default();
        let survey = &self.survey;
        let attribution = Attribution::new(self.context(), survey);
        let mut open = Conversations::new(attribution.into(), 1 << 12);
        let mut said = Vec::new();
        for line in std::iter::once(&"").chain(lines) {
            let added = secrets.add_key_log(line);
            open.secrets_arrived(&added.randoms);
            let context = Context { secrets: &secrets, ..self.context() };
            said.clear();
            for id in (0..self.frames.count()).map(FrameId) {
                let held = open.at_frame(id, context, survey).unwrap();
                let scene = Dissection::of_stretch(context, survey, &held);
                let mut tree = FieldTree::new();
                scene.describe(id, &mut tree);
                said.push(tree.to_text());
            }
        }
        said
    }

    /// Everything that is said of the frame of that number.
    pub(crate) fn tree(&self, number: usize) -> String {
        self.swept_in(self.frames.count())[number - 1].tree.clone()
    }

    /// The rows of all frames that complete messages, each with its tree from TCP on.
    pub(crate) fn told(&self) -> Vec<(String, String)> {
        let said = self.swept_in(self.frames.count());
        assert_eq!(self.swept_in(2), said, "windows of 2");
        let done = said.into_iter().filter(|said| said.completes);
        let from_tcp = |tree: &str| {
            let place = tree.rfind("Transmission Control Protocol").expect("TCP is told");
            // What carries them may take more frames: their numbers are another matter.
            let names = ["Request in frame", "Acknowledges the segment of frame"];
            let is_own = |line: &&str| !names.iter().any(|name| line.contains(name));
            let lines = tree[place..].lines().filter(is_own);
            lines.map(|line| format!("{line}\n")).collect()
        };
        done.map(|said| (said.row, from_tcp(&said.tree))).collect()
    }

    /// The protocols of all frames that complete messages.
    pub(crate) fn protocols(&self) -> Vec<String> {
        let context = self.context();
        let scene = Dissection::of_headers(context, &self.survey);
        let ids = (0..self.frames.count()).map(FrameId);
        let done = ids.zip(self.swept_in(self.frames.count()));
        done.filter(|(_, said)| said.completes).map(|(id, _)| scene.protocols(id)).collect()
    }

    fn context(&self) -> Context<'_> {
        Context { frames: &self.frames, secrets: &self.secrets, registry: standard() }
    }

    fn said(&self, scene: &Dissection<'_>, frames: Range<u32>) -> impl Iterator<Item = Said> {
        let one = |id: FrameId| {
            let (mut row, mut tree) = (RowText::new(), FieldTree::new());
            let column = scene.row(id, &mut row);
            scene.describe(id, &mut tree);
            let row = format!("{column} {}", row.info.trim_end());
            Said { completes: scene.completes(id), row, tree: tree.to_text() }
        };
        frames.map(FrameId).map(one).collect::<Vec<_>>().into_iter()
    }

    fn swept_in(&self, window: u32) -> Vec<Said> {
        let context = self.context();
        let attribution = Attribution::new(context, &self.survey);
        let mut sweep = Sweep::new(context, &self.survey, &attribution);
        let (mut said, mut first) = (Vec::new(), 0);
        while first < self.frames.count() {
            let end = (first + window).min(self.frames.count());
            let (read, frames) = sweep.read(first..end);
            first = frames.end;
            let scene = Dissection::of_window(context, &self.survey, &read);
            said.extend(self.said(&scene, frames));
        }
        said
    }

    /// Frame by frame, with room for nothing.
    fn conversed(&self) -> Vec<Said> {
        let mut open = self.conversations(0);
        let mut of = |id: u32| {
            let held = open.at_frame(FrameId(id), self.context(), &self.survey);
            let scene = match &held {
                Some(held) => Dissection::of_stretch(self.context(), &self.survey, held),
                None => Dissection::of_headers(self.context(), &self.survey),
            };
            self.said(&scene, id..id + 1).next().unwrap()
        };
        (0..self.frames.count()).map(&mut of).collect()
    }

    fn conversations(&self, budget: usize) -> Conversations {
        Conversations::new(Attribution::new(self.context(), &self.survey).into(), budget)
    }

    pub(crate) fn connections(&self) -> Vec<ConnectionId> {
        Attribution::new(self.context(), &self.survey).connections(&self.survey)
    }

    /// By the number of each frame that completes answers: the numbers of the frames that
    /// completed what they answer.
    fn answers(&self) -> HashMap<usize, String> {
        let mut open = self.conversations(DEFAULT_BUDGET);
        let mut found: HashMap<usize, Vec<String>> = HashMap::new();
        for id in self.connections() {
            let held = open.stretch(id, 0, self.context(), &self.survey).unwrap();
            let messages = &held.stretch().messages;
            let done = |id| messages.iter().find(|one| one.id == id).unwrap().done.number();
            for related in &held.stretch().related {
                if related.relation != Relation::Answers {
                    continue;
                }
                let of = found.entry(done(related.from) as usize).or_default();
                of.push(done(related.to).to_string());
            }
        }
        found.into_iter().map(|(frame, to)| (frame, to.join(", "))).collect()
    }

    /// The story of all of it.
    pub(crate) fn story(&self) -> Story {
        self.story_called("A case")
    }

    /// The same, with the title that it finds where it has none.
    pub(crate) fn story_called(&self, title: &str) -> Story {
        let mut open = self.conversations(DEFAULT_BUDGET);
        let facts = Recorded { title: title.into(), subtitle: String::new(), names: Vec::new() };
        let apart = Apart::of(self.context(), &self.survey);
        let known = (&self.survey, &apart);
        weave(&mut open, self.context(), known, &self.connections(), &facts)
    }
}
