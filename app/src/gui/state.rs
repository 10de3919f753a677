//! Everything the window knows: `logic` changes it, `ui` looks at it.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::act::Act;
use super::command::Command;
use super::compare::{self, Compare, Opens};
use super::explore::{Decode, Explore, Input, Reads, Remark, Seek, Teller, Way};
use super::export::Exporting;
use super::live::{self, Capturing, Closing};
use super::palette::Asking;
use super::settings::Settings;
use super::stage::{Choices, Stills};
use super::theme::Palette;
use super::work::open::{self, Opened};
use super::work::record::{self, Recorded, Recorder, Wanted};
use super::work::{Job, Wake};
use crate::compare::{SETS, Set};
use crate::diagram::Towards;
use crate::document::About;
use crate::trouble::Trouble;

/// Which screen is shown.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Screen {
    /// The catalogue.
    #[default]
    Stage,
    /// The open recording.
    Explore,
    /// What is seen side by side.
    Compare,
}

/// What a file was chosen for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Asked {
    /// To be opened.
    Recording,
    /// To be added as a key log.
    Keys,
    /// To be written.
    Export,
}

/// What runs in the background, besides the reading of conversations.
#[derive(Default)]
pub struct Background {
    /// A recording that is being opened.
    pub opening: Option<Job<Option<Opened>>>,
    /// A scenario that is being recorded.
    pub recording: Option<Job<Option<Recorded>>>,
    /// A file dialog that is open.
    pub dialog: Option<(Asked, Job<Option<Vec<PathBuf>>>)>,
}

/// The state of the window.
pub struct State {
    /// Which screen is shown.
    pub screen: Screen,
    /// What is kept from one start to the next.
    pub settings: Settings,
    /// The colours in use.
    pub palette: Palette,
    /// The catalogue's choices.
    pub stage: Choices,
    /// The pictures beside it.
    pub(super) stills: Stills,
    /// The open recording.
    pub explore: Option<Explore>,
    /// What is seen side by side, once somebody looked.
    pub compare: Option<Compare>,
    /// What runs.
    pub background: Background,
    /// What went wrong last.
    pub problem: Option<Trouble>,
    /// The path of a key log as it is typed, while its window is shown.
    pub adding: Option<String>,
    /// Key logs to be added to the recording that is opened next.
    pub keys: Vec<PathBuf>,
    /// What is to be captured, while its window is shown.
    pub listening: Option<live::Asking>,
    /// What is captured, or was last.
    pub capturing: Option<Capturing>,
    /// What is being exported, while its window is shown.
    pub exporting: Option<Exporting>,
    /// What is asked of the palette of commands, while it is shown.
    pub asking: Option<Asking>,
    /// Whether the list of shortcuts is shown.
    pub shortcuts: bool,
    /// Whether the next region is to get the keyboard, or the one before.
    pub turning: Option<bool>,
    /// Whether the window is to close.
    pub closing: Closing,
    /// What the person did since `logic` last ran.
    pub acts: Vec<Act>,
    /// Wakes the window.
    pub wake: Wake,
    /// What tells stories.
    pub teller: Arc<dyn Teller>,
    pub(super) recorder: Arc<dyn Recorder>,
}

impl State {
    /// A window with nothing open.
    #[must_use]
    pub fn new(settings: Settings, recorder: Arc<dyn Recorder>, wake: Wake) -> Self {
        Self {
            screen: Screen::Stage,
            palette: Palette::new(settings.dark),
            settings,
            stage: Choices::default(),
            stills: Stills::default(),
            explore: None,
            compare: None,
            background: Background::default(),
            problem: None,
            adding: None,
            keys: Vec::new(),
            listening: None,
            capturing: None,
            exporting: None,
            asking: None,
            shortcuts: false,
            turning: None,
            closing: Closing::No,
            acts: Vec::new(),
            wake,
            teller: Arc::new(Reads),
            recorder,
        }
    }

    /// Carries out what the person did, and takes what the workers brought.
    pub fn advance(&mut self) {
        for act in std::mem::take(&mut self.acts) {
            self.carry_out(act);
        }
        self.collect();
        if let Some(explore) = &mut self.explore {
            explore.collect();
            if let Some(problem) = explore.take_problem() {
                self.problem = Some(problem);
            }
        }
    }

    fn carry_out(&mut self, act: Act) {
        match act {
            Act::Do(command) => self.command(command),
            Act::Open(paths) => self.open(paths, None),
            Act::Sample(name) => {
                self.problem = None;
                let wake = Arc::clone(&self.wake);
                self.background.opening = Some(open::open_sample(name, wake));
            }
            Act::Browse => self.ask(Asked::Keys),
            Act::Keys(path) => match (&self.capturing, &mut self.explore) {
                // Read as it grows.
                (Some(one), _) if one.is_shown() && one.live.is_running() => {
                    one.live.add_keys(path);
                    self.adding = None;
                }
                (_, Some(explore)) => {
                    explore.add_keys(path);
                    self.adding = None;
                }
                (_, None) => {
                    self.problem = Some(Trouble::new(
                        "There is no open recording that keys could be added to.",
                        "Open the recording first, then add its key log.",
                    ));
                }
            },
            Act::Choose(name) => {
                self.stage.choose(name);
                self.screen = Screen::Stage;
            }
            Act::Explore(input) => {
                if let Some(explore) = &mut self.explore {
                    explore.input(input);
                }
            }
            Act::Compare(input) => self.comparing(input),
            Act::Export(step) => self.export(step),
            Act::Live(step) => self.live(step),
            Act::Tell(trouble) => self.problem = Some(trouble),
            Act::Dismiss => self.problem = None,
        }
    }

    fn command(&mut self, command: Command) {
        match command {
            Command::Open => self.ask(Asked::Recording),
            Command::AddKeys if self.explore.is_some() => self.adding = Some(String::new()),
            Command::AddKeys => {}
            Command::Export | Command::SaveRecording | Command::CopyPicture | Command::CopyText => {
                self.export_command(command)
            }
            Command::Stage => self.screen = Screen::Stage,
            Command::Explore if self.explore.is_some() => self.screen = Screen::Explore,
            Command::Explore => {}
            Command::Compare => self.compare(None),
            Command::Run if self.screen == Screen::Explore => self.repeat(),
            Command::Run => self.run(),
            Command::Palette => {
                self.asking = if self.asking.is_some() { None } else { Some(Asking::default()) };
            }
            Command::Capture => self.live(live::Step::Ask),
            Command::StopCapture => self.live(live::Step::Stop),
            Command::Cancel => self.cancel(),
            Command::Find if self.screen != Screen::Explore || self.explore.is_none() => {
                self.screen = Screen::Stage;
                self.stage.find = true;
            }
            Command::Find => self.look(Input::Find(Seek::Open)),
            Command::FindNext => self.look(Input::Find(Seek::Go(Towards::Next))),
            Command::FindPrevious => self.look(Input::Find(Seek::Go(Towards::Previous))),
            Command::GoTo => self.look(Input::Go(Way::Open)),
            Command::Back => self.look(Input::Go(Way::Back)),
            Command::Forward => self.look(Input::Go(Way::Forward)),
            Command::Filter => self.look(Input::FocusFilter),
            Command::Mark => self.look(Input::Remark(Remark::Mark)),
            Command::Comment => self.look(Input::Remark(Remark::Edit)),
            Command::NextRemark => self.look(Input::Remark(Remark::Next)),
            Command::Reference => self.look(Input::ReferHere),
            Command::DecodeAs => self.look(Input::Decode(Decode::Open)),
            Command::NextStep => self.look(Input::Step(Towards::Next)),
            Command::PreviousStep => self.look(Input::Step(Towards::Previous)),
            Command::NextConnection => self.look(Input::Connection(Towards::Next)),
            Command::PreviousConnection => self.look(Input::Connection(Towards::Previous)),
            Command::NextRegion => self.turning = Some(true),
            Command::PreviousRegion => self.turning = Some(false),
            Command::Overview => self.look(Input::Overview),
            Command::Alone => {
                if let Some(explore) = &mut self.explore {
                    explore.toggle_alone();
                }
            }
            Command::ResetLayout => {
                if let Some(explore) = &mut self.explore {
                    explore.reset_layout();
                }
            }
            Command::Hosts => {
                self.settings.names = !self.settings.names;
                let called = self.settings.called();
                if let Some(explore) = &mut self.explore {
                    explore.call(called);
                }
            }
            Command::Theme => {
                self.settings.is_theme_chosen = true;
                self.darken(!self.settings.dark);
            }
            Command::Larger => self.settings.scale(self.settings.scale + 10),
            Command::Smaller => self.settings.scale(self.settings.scale.saturating_sub(10)),
            Command::ActualSize => self.settings.scale(100),
            Command::Shortcuts => self.shortcuts = !self.shortcuts,
            Command::Quit => self.close(),
        }
    }

    /// Does something within the open recording, where it is what one looks at.
    fn look(&mut self, input: Input) {
        let explore = self.explore.as_mut().filter(|_| self.screen == Screen::Explore);
        if let Some(explore) = explore {
            explore.input(input);
        }
    }

    /// Opens files as one recording, away from the window.
    pub fn open(&mut self, paths: Vec<PathBuf>, ended_early: Option<String>) {
        self.problem = None;
        let whole = |path: PathBuf| path.canonicalize().unwrap_or(path);
        let paths = paths.into_iter().map(whole).collect();
        self.background.opening = Some(open::open(paths, ended_early, Arc::clone(&self.wake)));
    }

    /// Shows a file dialog, away from the window.
    pub(super) fn ask(&mut self, asked: Asked) {
        if self.background.dialog.is_some() {
            return;
        }
        let title = match asked {
            Asked::Recording => "Open a recording",
            Asked::Keys => "Add a key log",
            Asked::Export => "Export",
        };
        let file = self.exporting.as_ref().map(|one| PathBuf::from(&one.path)).unwrap_or_default();
        let job = Job::start(title.into(), Arc::clone(&self.wake), move |_| {
            let dialog = rfd::FileDialog::new().set_title(title);
            Ok(match asked {
                Asked::Recording => dialog
                    .add_filter("Recordings", &["pcapng", "pcap", "cap", "gz", "zst"])
                    .add_filter("All files", &["*"])
                    .pick_files(),
                Asked::Keys => dialog.pick_file().map(|path| vec![path]),
                Asked::Export => dialog
                    .set_directory(file.parent().unwrap_or(Path::new("/")))
                    .set_file_name(file.file_name().unwrap_or_default().to_string_lossy())
                    .save_file()
                    .map(|path| vec![path]),
            })
        });
        self.background.dialog = Some((asked, job));
    }

    /// Records the chosen scenario, unless one is being recorded.
    fn run(&mut self) {
        if self.background.recording.is_some() {
            return;
        }
        let Some(scenario) = self.stage.chosen() else { return };
        self.problem = None;
        self.screen = Screen::Stage;
        let (knobs, link) = (self.stage.knobs(), self.stage.link());
        let folder = &self.settings.recordings;
        let path = record::new_path(folder, scenario.name, knobs.clone(), link.clone());
        let wanted = Wanted { scenario, knobs, link, path };
        let (recorder, wake) = (Arc::clone(&self.recorder), Arc::clone(&self.wake));
        self.background.recording = Some(record::start(recorder, wanted, wake));
    }

    /// Records again what is open, as it was made, or reads its file again.
    fn repeat(&mut self) {
        if self.capture_again() {
            return;
        }
        let Some(explore) = &self.explore else { return };
        let about = About::of(explore.recording());
        let name = about.scenario.as_deref().and_then(wirestage_generators::find);
        match name {
            Some(scenario) => {
                self.stage.choose(scenario.name);
                self.stage.set(scenario, &about.knobs, about.link.as_deref());
                self.run();
            }
            None => {
                let paths = explore.source.paths.clone();
                self.open(paths, None);
            }
        }
    }

    /// Whether there is anything that could be cancelled.
    #[must_use]
    pub(crate) const fn cancels(&self) -> bool {
        let background = &self.background;
        self.shortcuts
            || self.export_is_open()
            || self.adding.is_some()
            || self.listening.is_some()
            || background.recording.is_some()
            || background.opening.is_some()
            || matches!(&self.compare, Some(compare) if compare.is_busy())
    }

    /// Closes an export if one is open, else stops what runs; where nothing does, closes shortcuts,
    /// keys and the choice of what to capture.
    fn cancel(&mut self) {
        if self.export_is_open() {
            return self.cancel_export();
        }
        let background = &self.background;
        if background.recording.is_none() && background.opening.is_none() {
            self.shortcuts = false;
            self.adding = None;
            self.listening = None;
        }
        // A recording that is cancelled still writes its end: its job stays until then.
        if let Some(job) = &background.recording {
            job.progress.cancel();
        }
        self.background.opening = None;
        if let Some(compare) = &mut self.compare {
            compare.cancel();
        }
    }

    /// Goes to a set, or to the one that was seen last.
    fn compare(&mut self, name: Option<&str>) {
        let shown = self.compare.as_ref().map(Compare::set);
        let set = name.map_or_else(|| shown.or(SETS.first()), Set::find);
        let Some(set) = set else { return };
        if shown.is_none_or(|shown| shown.name != set.name) {
            self.compare = Some(Compare::new(set, &self.wake));
        }
        self.screen = Screen::Compare;
    }

    /// Carries out what was done on the Compare screen.
    fn comparing(&mut self, input: compare::Input) {
        match input {
            compare::Input::Choose(name) => self.compare(Some(name)),
            compare::Input::Record => {
                self.problem = None;
                let recorder = (Arc::clone(&self.recorder), self.settings.recordings.clone());
                if let Some(compare) = &mut self.compare {
                    compare.record(recorder, &self.wake);
                }
            }
            compare::Input::Open(way) => {
                match self.compare.as_ref().and_then(|compare| compare.place(way)) {
                    Some(Opens::Sample(name)) => self.carry_out(Act::Sample(name)),
                    Some(Opens::File(path)) => self.open(vec![path], None),
                    None => {}
                }
            }
        }
    }

    /// Takes what finished jobs brought.
    fn collect(&mut self) {
        self.collect_export();
        self.collect_capture();
        if let Some(problem) = self.compare.as_mut().and_then(Compare::collect) {
            self.problem = Some(problem);
        }
        if let Some(result) = self.background.recording.as_ref().and_then(Job::poll) {
            self.background.recording = None;
            match result {
                Ok(Some(made)) => self.open(vec![made.path], made.ended_early),
                Ok(None) => {}
                Err(problem) => self.problem = Some(problem),
            }
        }
        if let Some(result) = self.background.opening.as_ref().and_then(Job::poll) {
            self.background.opening = None;
            match result {
                Ok(Some(opened)) => self.opened(opened),
                Ok(None) => {}
                Err(problem) => self.problem = Some(problem),
            }
        }
        let answer =
            self.background.dialog.as_ref().and_then(|(asked, job)| Some((*asked, job.poll()?)));
        if let Some((asked, result)) = answer {
            self.background.dialog = None;
            match (asked, result) {
                (Asked::Recording, Ok(Some(paths))) => self.open(paths, None),
                (Asked::Keys, Ok(Some(paths))) => {
                    self.acts.extend(paths.into_iter().map(Act::Keys));
                }
                (Asked::Export, Ok(Some(paths))) => {
                    paths.iter().for_each(|path| self.export_to(path));
                }
                (_, Ok(None)) => {}
                (_, Err(problem)) => self.problem = Some(problem),
            }
        }
    }

    fn darken(&mut self, dark: bool) {
        self.settings.dark = dark;
        self.palette = Palette::new(dark);
    }

    /// Is as light or dark as the system is, until a person chooses.
    pub(super) fn follow_system(&mut self, dark: bool) {
        if !self.settings.is_theme_chosen && self.settings.dark != dark {
            self.darken(dark);
        }
    }

    /// Keeps which fields are columns, and which filters are favourites.
    pub(super) fn keep_columns(&mut self) {
        if let Some(explore) = &self.explore {
            self.settings.columns = explore.columns();
            self.settings.filters = explore.filters().0;
        }
    }

    /// Goes to a document that was opened.
    pub(super) fn opened(&mut self, opened: Opened) {
        self.leave_capture();
        if let [path] = &opened.paths[..]
            && path.is_file()
        {
            self.settings.remember(path);
        }
        self.keep_columns();
        let typed = self.explore.as_ref().map(|explore| explore.filters().1).unwrap_or_default();
        let layout = self.explore.take().map(Explore::into_layout);
        let layout = layout.or_else(|| self.settings.layout.clone());
        self.exporting = None;
        let mut explore =
            Explore::new(opened, layout, Arc::clone(&self.teller), Arc::clone(&self.wake));
        explore.call(self.settings.called());
        explore.shown.clock = self.settings.clock;
        explore.shown.chosen_axis = self.settings.down;
        explore.show_columns(&self.settings.columns);
        explore.offer_filters(&self.settings.filters, typed);
        std::mem::take(&mut self.keys).into_iter().for_each(|path| explore.add_keys(path));
        self.explore = Some(explore);
        self.screen = Screen::Explore;
    }
}
