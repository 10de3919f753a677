//! The Explore screen: one open recording, its panels, and the selection that links them.
//!
//! ```text
//!   diagram ── beat ──┐                ┌── line ── details
//!                     ├── selection ───┤
//!   packets ── frame ─┘                └── bytes ── bytes
//! ```
//!
//! What is selected is held as an anchor, so that it survives being read again with more keys.

mod asks;
mod badges;
mod bytes;
mod columns;
mod connections;
mod copying;
mod decode_line;
mod decoding;
mod details;
mod diagram;
mod dragging;
mod filter_hint;
pub(super) mod filter_line;
mod filtering;
mod finding;
mod follow;
mod follow_panel;
mod follow_place;
mod going;
mod graph;
mod graph_panel;
mod growing;
mod handed;
mod headings;
mod hierarchy_panel;
mod hosts_panel;
mod input;
mod kept;
mod keys;
mod keys_box;
mod keys_detail;
mod keys_panel;
mod keys_plan;
mod keys_words;
mod layout;
mod links;
mod list;
mod list_frame;
mod list_heading;
mod list_rows;
mod list_times;
mod naming;
mod narrowing;
mod news;
mod noted_panel;
mod order;
mod ordered;
mod overview;
mod packets;
mod pane;
mod panes;
mod passing;
mod remark_line;
mod remarks;
mod request_bars;
mod request_list;
mod request_order;
mod requests;
mod row_menu;
mod rows;
mod scroll;
pub(super) mod seek_line;
mod select;
mod shown;
mod sorting;
mod source;
mod status;
mod step;
mod table;
mod tables;
mod telling;
mod traffic_panel;
mod tree;
mod values;
mod visits;
mod watch;
mod worker;

use std::path::PathBuf;
use std::sync::Arc;

use wirestage_dissectors::ids::FrameId;

pub use asks::{Copied, Decode, Follow, Narrow, Remark, Secret, Seek, Since, Turn, Way};
pub use input::Input;
pub(super) use kept::{axis, clock};
pub(super) use layout::Layout;
pub(super) use pane::Pane;
pub(super) use panes::show;
pub use select::Selection;
pub use shown::{Shown, View};
pub use source::Source;
pub(super) use status::show as status;
pub use telling::{Reads, Teller};
pub use worker::KeysAdded;

use self::copying::Clip;
use self::decoding::Decoding;
use self::details::Details;
use self::diagram::Diagram;
use self::filtering::{Filtering, Found};
use self::finding::Finding;
use self::follow::Following;
use self::going::Going;
use self::graph::Graphing;
use self::keys::Keys;
use self::layout::Arranged;
use self::narrowing::Connections;
use self::packets::Packets;
use self::remarks::Remarks;
use self::requests::Requests;
use self::status::Status;
use self::tables::Tables;
use self::telling::Telling;
use self::tree::Folds;
use self::visits::Visits;
use self::worker::{Answer, Worker};
use super::work::Wake;
use super::work::open::Opened;
use crate::document::{Called, Ground, HANDFUL};
use crate::trouble::Trouble;

/// The open recording. What belongs together is a type of its own, in a file with its acts.
pub struct Explore {
    /// Where it comes from.
    pub source: Source,
    /// What is selected.
    pub selection: Selection,
    /// What the diagram's panel shows.
    pub shown: Shown,
    /// The details of the selected frame.
    pub details: Option<Arc<Details>>,
    folds: Folds,
    /// What hosts are called.
    called: Called,
    /// What everything rests on, whatever a filter lets pass.
    ground: Ground,
    reader: Worker,
    /// The connections that are shown, and all where a filter has put some aside.
    connections: Connections,
    whole: Option<Connections>,
    packets: Packets,
    requests: Requests,
    diagram: Diagram,
    filtering: Filtering,
    finding: Finding,
    going: Going,
    visits: Visits,
    following: Following,
    keys_panel: Keys,
    remarks: Remarks,
    decoding: Decoding,
    graphing: Graphing,
    tables: Tables,
    clip: Clip,
    status: Status,
    arranged: Arranged,
    /// What went wrong last, until it is taken.
    problem: Option<Trouble>,
    wake: Wake,
}

impl Explore {
    /// Shows a document that was opened.
    #[must_use]
    pub fn new(
        opened: Opened,
        layout: Option<Layout>,
        teller: Arc<dyn Teller>,
        wake: Wake,
    ) -> Self {
        let Opened { paths, document, ended_early } = opened;
        let ground = document.ground();
        let told = telling::at_first(&ground.connections, &ground.survey);
        let is_many = ground.connections.len() > HANDFUL;
        let view = if is_many { View::Overview } else { View::Story };
        let telling = Telling::new(teller, ground.clone(), Arc::clone(&wake));
        let mut explore = Self {
            source: Source::new(paths, ended_early, &ground.recording),
            selection: Selection::default(),
            shown: Shown::new(view, told, telling),
            details: None,
            folds: Folds::default(),
            called: Called::default(),
            reader: Worker::start(document, Arc::clone(&wake)),
            connections: Connections::new(&ground, &wake),
            whole: None,
            packets: Packets::new(ground.survey.frame_count(), &ground.recording),
            requests: Requests::new(ground.clone()),
            diagram: Diagram::default(),
            filtering: Filtering::default(),
            finding: Finding::default(),
            going: Going::default(),
            visits: Visits::default(),
            following: Following::default(),
            keys_panel: Keys::default(),
            remarks: Remarks::of(&ground.recording),
            decoding: Decoding::default(),
            graphing: Graphing::default(),
            tables: Tables::default(),
            clip: Clip::default(),
            status: Status::default(),
            arranged: Arranged::new(layout),
            problem: None,
            ground,
            wake,
        };
        if view == View::Overview {
            explore.bring_forward(Pane::Connections);
            // The overview is the first to be looked at.
            explore.arranged.front = Pane::Diagram;
        }
        explore.select_first();
        explore
    }

    /// Chooses the first packet: a recording may begin with marks.
    fn select_first(&mut self) {
        let first = self.ground.survey.live_flows().next();
        let first = first.map_or(FrameId(0), |(_, flow)| flow.first);
        if first.0 < self.ground.survey.frame_count() {
            self.select_frame(first);
            self.visited();
        }
    }

    /// Takes what the reader brought.
    pub fn collect(&mut self) {
        self.hear();
        for answer in self.reader.collect() {
            match answer {
                Answer::Rows(columns, rows) => self.packets.take(columns, rows),
                Answer::Details(details) => self.details_came(details),
                Answer::Keys(added, ground) => self.keys_came(added, ground),
                Answer::Problem(problem) => self.problem = Some(problem),
            }
        }
        match self.filtering.collect() {
            Some(Found::All(connections)) => self.narrow(&connections),
            Some(Found::Died(trouble)) => self.problem = Some(trouble),
            None => {}
        }
        self.collect_order();
        self.collect_copied();
        self.collect_followed();
        self.collect_schedules();
        self.collect_decoded();
        self.collect_course();
        self.collect_found();
        if let Some(problem) = self.requests.collect(&self.wake) {
            self.problem = Some(problem);
        }
        self.collect_story();
        self.catch_up();
    }

    /// What is being done right now, for the status line.
    #[must_use]
    pub fn doing(&self) -> Option<String> {
        let doing = self.reader.doing().or_else(|| self.shown.telling.doing());
        let doing =
            doing.or_else(|| self.requests.doing()).or_else(|| self.packets.sorting.doing());
        doing.or_else(|| self.connections.overview.doing())
    }

    /// Carries out what a person did.
    pub fn input(&mut self, input: Input) {
        match input {
            Input::Frame(frame) => self.select_frame(frame),
            Input::Beat(beat) => self.select_beat(beat),
            Input::Line(line) => self.select_line(line),
            Input::Byte(buffer, offset) => self.select_byte(buffer, offset),
            Input::Tab(buffer) => self.selection.tab = Some(buffer),
            Input::Step(towards) => self.step(towards),
            Input::Connection(towards) => self.next_connection(towards),
            Input::Tell(told) => self.tell(told),
            Input::Unfold(like) => self.shown.unfold(like),
            Input::FoldAgain => self.shown.fold_again(),
            Input::Row(row) => self.open_row(row),
            Input::Spot(row, opens) => self.open_spot(row, opens),
            Input::Request(at) => self.open_request(at),
            Input::Level(level) => self.shown.level = level,
            Input::Filter => self.filter(),
            Input::FocusFilter => self.filtering.focus = true,
            Input::Find(seek) => self.seek(seek),
            Input::Go(way) => self.way(way),
            Input::Sort(by, is_reversed) => self.sort(by, is_reversed),
            Input::Column(name) => self.toggle_column(name),
            Input::Since(since) => self.packets.list.since = since,
            Input::Reference(frame) => self.packets.list.reference = frame,
            Input::ReferHere => self.refer_here(),
            Input::Copy(what) => self.copy(what),
            Input::Follow(follow) => self.follow(follow),
            Input::Secret(ask) => self.secret(ask),
            Input::Remark(ask) => self.remark(ask),
            Input::Decode(ask) => self.decode(ask),
            Input::Panel(title) => {
                let pane = Pane::ALL.iter().find(|pane| pane.title() == title);
                pane.into_iter().for_each(|pane| self.bring_forward(*pane));
            }
            Input::Brush(stretch) => self.brush(stretch),
            Input::Narrow(what) => self.narrow_to(what),
            Input::Overview => self.oversee(),
            Input::Fold(line) => {
                if let Some(details) = &self.details {
                    self.folds.toggle(details, line);
                }
            }
        }
        self.visited();
    }

    /// Adds a key log, away from the window.
    pub fn add_keys(&mut self, path: PathBuf) {
        match self.reader.died() {
            Some(trouble) => self.problem = Some(trouble.clone()),
            None => self.reader.keys(path),
        }
    }

    /// What went wrong since this was asked last.
    pub fn take_problem(&mut self) -> Option<Trouble> {
        self.problem.take()
    }

    /// What is looked at, in a line: the scenario that was recorded, else what is told, and the
    /// file.
    #[must_use]
    pub fn title(&self) -> String {
        let told = self.shown.story.as_ref().filter(|_| self.shown.view == View::Story);
        let told = told.map(|story| story.title.clone());
        let seen = || self.connections.overview.report.as_ref().map(|report| report.title.clone());
        match self.source.scenario.clone() {
            Some(scenario) => scenario,
            None => match told.or_else(seen).filter(|title| !title.is_empty()) {
                Some(title) => format!("{title} · {}", self.source.name),
                None => self.source.name.clone(),
            },
        }
    }

    /// How many frames there are.
    #[must_use]
    pub fn frame_count(&self) -> u32 {
        self.ground.survey.frame_count()
    }
}
