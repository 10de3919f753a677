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
mod bytes;
mod columns;
mod connections;
mod copying;
mod decode_line;
mod decoding;
mod details;
mod diagram;
pub(super) mod filter_line;
mod filtering;
mod finding;
mod follow;
mod follow_panel;
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
mod keys_detail;
mod keys_panel;
mod keys_plan;
mod keys_words;
mod links;
mod list;
mod list_heading;
mod list_rows;
mod list_times;
mod narrowing;
mod news;
mod noted_panel;
mod order;
mod overview;
mod panes;
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
mod sorting;
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

use wirestage_captures::Recording;
use wirestage_dissectors::attribution::Attribution;
use wirestage_dissectors::frames::Frames;
use wirestage_dissectors::ids::{ConnectionId, FrameId, Time};
use wirestage_dissectors::story::apart::Unread;
use wirestage_dissectors::story::{Level, Story};
use wirestage_dissectors::survey::Survey;

pub use asks::{Copied, Decode, Follow, Narrow, Remark, Secret, Seek, Since, Turn, Way};
pub use input::Input;
pub(super) use kept::{axis, clock};
pub(super) use panes::{Layout, show};
pub use select::Selection;
pub(super) use status::show as status;
pub use telling::{Reads, Teller};
pub use worker::KeysAdded;

use self::connections::Lines;
use self::decoding::Decoding;
use self::details::Details;
use self::diagram::Diagram;
use self::filtering::{Filtering, Found};
use self::finding::Finding;
use self::follow::Following;
use self::going::Going;
use self::graph::Graphing;
use self::keys::Keys;
use self::links::Links;
use self::list::List;
use self::overview::Overview;
use self::remarks::Remarks;
use self::requests::Requests;
use self::rows::MadeRows;
use self::sorting::Sorting;
use self::tables::Tables;
use self::telling::Telling;
use self::tree::Folds;
use self::visits::Visits;
use self::watch::Watch;
use self::worker::{Answer, Worker};
use super::work::open::Opened;
use super::work::{Job, Wake};
use crate::diagram::Axis;
use crate::document::{Ground, HANDFUL, title};
use crate::export::Clock;
use crate::trouble::Trouble;

/// What the diagram's panel shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum View {
    /// All connections in rows.
    Overview,
    /// What is told, drawn.
    Story,
}

/// The open recording.
pub struct Explore {
    /// Its files.
    pub paths: Vec<PathBuf>,
    /// Its name.
    pub name: String,
    /// Why it ended before its end was written, where it did.
    pub ended_early: Option<String>,
    /// What is selected.
    pub selection: Selection,
    /// Whether the overview is shown, or a story.
    pub view: View,
    /// What is told, once it is.
    pub story: Option<Arc<Story>>,
    /// The same as it was before connections were unfolded, where they are.
    pub folded: Option<Arc<Story>>,
    /// Which connection is told; nothing for all.
    pub told: Option<ConnectionId>,
    /// How far the diagram looks in; nothing where the zoom decides.
    pub level: Option<Level>,
    /// Which times the diagram shows.
    pub clock: Clock,
    /// What its way down means.
    pub axis: Axis,
    /// The details of the selected frame.
    pub details: Option<Arc<Details>>,
    /// What the last key log gave.
    pub keys: Option<KeysAdded>,
    /// What could not be read, once that is known.
    pub unread: Option<Unread>,
    recording: Arc<Recording>,
    survey: Arc<Survey>,
    attribution: Arc<Attribution>,
    start: Time,
    reader: Worker,
    telling: Telling,
    rows: MadeRows,
    links: Links,
    list: List,
    folds: Folds,
    diagram: Diagram,
    connections: Arc<[ConnectionId]>,
    overview: Overview,
    lines: Lines,
    requests: Requests,
    filtering: Filtering,
    finding: Finding,
    going: Going,
    visits: Visits,
    sorting: Sorting,
    following: Following,
    keys_panel: Keys,
    remarks: Remarks,
    decoding: Decoding,
    graphing: Graphing,
    tables: Tables,
    /// What is to go on the clipboard, and what is being made for it.
    copied: Option<String>,
    copying: Option<Job<Option<String>>>,
    /// What everything rests on, whatever a filter lets pass.
    ground: Ground,
    /// What a filter has put aside.
    whole: Option<narrowing::Whole>,
    wake: Wake,
    layout: Layout,
    /// The same in a narrow window, and the panel that a small one shows.
    narrow: Layout,
    front: panes::Pane,
    /// Whether the window shows one panel at a time.
    is_small: bool,
    /// Whether it is being made while one looks.
    pub grows: bool,
    /// Whether more came than was read on in.
    is_behind: bool,
    /// The panel that has all room, where one has.
    alone: Option<panes::Pane>,
    problem: Option<Trouble>,
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
        let (recording, survey) = (Arc::clone(&document.recording), Arc::clone(&document.survey));
        let attribution = Arc::clone(&document.attribution);
        let connections = Arc::clone(&document.connections);
        let told = telling::at_first(&connections, &survey);
        let start = recording.frame(FrameId(0)).time;
        let unfinished = document
            .about()
            .ended_early()
            .then(|| "Whatever made this recording did not write its end.".to_owned());
        let view = if connections.len() > HANDFUL { View::Overview } else { View::Story };
        let ground = document.ground();
        let watch = Watch::start(ground.clone(), Arc::clone(&wake));
        let requests = Requests::new(ground.clone());
        let mut telling = Telling::new(teller, ground.clone(), Arc::clone(&wake));
        let reader = Worker::start(document, Arc::clone(&wake));
        if view == View::Story {
            telling.begin(told);
        }
        let cut = recording.problems().first().map(ToString::to_string).or(unfinished);
        let mut explore = Self {
            name: title(&paths),
            paths,
            ended_early: ended_early.or(cut),
            selection: Selection::default(),
            view,
            story: None,
            folded: None,
            told: if view == View::Story { told } else { None },
            level: None,
            clock: Clock::default(),
            axis: Axis::default(),
            details: None,
            keys: None,
            unread: None,
            start,
            reader,
            telling,
            rows: MadeRows::default(),
            links: Links::default(),
            list: List::new(survey.frame_count()),
            folds: Folds::default(),
            diagram: Diagram::default(),
            connections,
            overview: Overview::new(watch),
            lines: Lines::default(),
            requests,
            filtering: Filtering::default(),
            finding: Finding::default(),
            going: Going::default(),
            visits: Visits::default(),
            sorting: Sorting::default(),
            following: Following::default(),
            keys_panel: Keys::default(),
            remarks: Remarks::of(&recording),
            decoding: Decoding::default(),
            graphing: Graphing::default(),
            tables: Tables::default(),
            copied: None,
            copying: None,
            ground,
            whole: None,
            wake,
            layout: layout.filter(Layout::is_whole).unwrap_or_default(),
            narrow: Layout::narrow(),
            front: panes::Pane::Diagram,
            is_small: false,
            grows: false,
            is_behind: false,
            alone: None,
            problem: None,
            recording,
            survey,
            attribution,
        };
        if view == View::Overview {
            explore.bring_forward(panes::Pane::Connections);
            // The overview is the first to be looked at.
            explore.front = panes::Pane::Diagram;
        }
        explore.select_first();
        explore
    }

    /// Chooses the first packet: a recording may begin with marks.
    fn select_first(&mut self) {
        let first = self.survey.live_flows().next();
        let first = first.map_or(FrameId(0), |(_, flow)| flow.first);
        if first.0 < self.survey.frame_count() {
            self.select_frame(first);
            self.visited();
        }
    }

    /// Takes what the reader brought.
    pub fn collect(&mut self) {
        self.hear();
        for answer in self.reader.collect() {
            match answer {
                Answer::Rows(columns, rows) => {
                    let of = |columns: &Option<Arc<_>>| columns.as_ref().map(Arc::as_ptr);
                    if of(&columns) == of(&self.list.columns.fields) {
                        self.rows.put(rows);
                    }
                }
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
        match self.telling.poll() {
            Some(Ok(told)) => self.story_came(told),
            Some(Err(problem)) => self.problem = Some(problem),
            None => {}
        }
        self.catch_up();
    }

    /// What is being done right now, for the status line.
    #[must_use]
    pub fn doing(&self) -> Option<String> {
        let doing = self.reader.doing().or_else(|| self.telling.doing());
        let doing = doing.or_else(|| self.requests.doing()).or_else(|| self.sorting.doing());
        doing.or_else(|| self.overview.doing())
    }

    /// Carries out what a person did.
    pub fn input(&mut self, input: Input) {
        match input {
            Input::Frame(frame) => self.select_frame(frame),
            Input::Beat(beat) => self.select_beat(beat),
            Input::Line(line) => self.select_line(line),
            Input::Byte(buffer, offset) => self.select_byte(buffer, offset),
            Input::Tab(buffer) => self.selection.tab = Some(buffer),
            Input::Step(forward) => {
                let story = self.story.as_ref();
                let next = story.and_then(|s| links::neighbour(s, self.selection.beat, forward));
                if let Some(beat) = next {
                    self.select_beat(beat);
                }
            }
            Input::Tell(told) => self.tell(told),
            Input::Unfold(like) => {
                if let Some(story) = &self.story {
                    self.telling.unfold(self.told, Arc::clone(story), like);
                }
            }
            Input::FoldAgain => {
                if let Some(folded) = self.folded.take() {
                    self.story = Some(folded);
                }
            }
            Input::Row(row) => self.open_row(row),
            Input::Request(at) => self.open_request(at),
            Input::Level(level) => self.level = level,
            Input::Filter => self.filter(),
            Input::FocusFilter => self.filtering.focus = true,
            Input::Find(seek) => self.seek(seek),
            Input::Go(way) => self.way(way),
            Input::Sort(by, is_reversed) => self.sort(by, is_reversed),
            Input::Column(name) => self.toggle_column(name),
            Input::Since(since) => self.list.since = since,
            Input::Reference(frame) => self.list.reference = frame,
            Input::ReferHere => self.refer_here(),
            Input::Copy(what) => self.copy(what),
            Input::Follow(follow) => self.follow(follow),
            Input::Secret(ask) => self.secret(ask),
            Input::Remark(ask) => self.remark(ask),
            Input::Decode(ask) => self.decode(ask),
            Input::Graph => self.bring_forward(panes::Pane::Graph),
            Input::Brush(stretch) => self.brush(stretch),
            Input::Narrow(what) => self.narrow_to(what),
            Input::Overview => (self.view, self.front) = (View::Overview, panes::Pane::Diagram),
            Input::Fold(line) => {
                if let Some(details) = &self.details {
                    self.folds.toggle(details, line);
                }
            }
        }
        self.visited();
    }

    /// Tells one connection, or all.
    fn tell(&mut self, told: Option<ConnectionId>) {
        if self.view == View::Overview && self.told != told {
            // What was told before the overview is not what was asked for.
            self.story = None;
        }
        (self.view, self.told) = (View::Story, told);
        self.front = panes::Pane::Diagram;
        self.telling.begin(told);
    }

    /// Adds a key log, away from the window.
    pub fn add_keys(&mut self, path: PathBuf) {
        match self.reader.died() {
            Some(trouble) => self.problem = Some(trouble.clone()),
            None => self.reader.keys(path),
        }
    }

    /// Gives the diagram all room, or all panels theirs.
    pub fn toggle_alone(&mut self) {
        self.alone = if self.alone.is_some() { None } else { Some(panes::Pane::Diagram) };
    }

    /// Brings a panel to the front, wherever it is.
    fn bring_forward(&mut self, pane: panes::Pane) {
        self.layout.bring_forward(pane);
        self.narrow.bring_forward(pane);
        self.front = pane;
    }

    /// Puts the panels back to their first places.
    pub fn reset_layout(&mut self) {
        self.alone = None;
        self.layout = Layout::default();
        self.narrow = Layout::narrow();
    }

    /// Where the panels are.
    #[must_use]
    pub fn layout(&self) -> &Layout {
        &self.layout
    }

    /// Where the panels were.
    #[must_use]
    pub fn into_layout(self) -> Layout {
        self.layout
    }

    /// What went wrong since this was asked last.
    pub fn take_problem(&mut self) -> Option<Trouble> {
        self.problem.take()
    }

    /// How many frames there are.
    #[must_use]
    pub fn frame_count(&self) -> u32 {
        self.survey.frame_count()
    }

    /// Opens what a row of the overview stands for: its connection, or the list of them.
    fn open_row(&mut self, row: usize) {
        let Some(report) = self.overview.report.clone() else { return };
        let Some(row_of) = report.rows.get(row) else { return };
        self.overview.chosen = Some(row);
        let places = &row_of.service.places;
        if let [place] = places.as_slice()
            && let Some(id) = self.connections.get(*place as usize).copied()
        {
            self.input(Input::Tell(Some(id)));
            if let Some(flow) = self.survey.flow(self.attribution.first_path(id)) {
                self.select_frame(flow.first);
            }
            return;
        }
        self.lines.wanted.only = Some((row_of.title.clone(), places.as_slice().into()));
        self.lines.rewind();
        if let Some(shared) = &self.overview.shared {
            self.lines.ask(shared, self.overview.stage, &self.wake);
        }
        self.bring_forward(panes::Pane::Connections);
    }
}
