//! The key schedule of the connection at hand: read when somebody looks, and one secret of it
//! chosen.

use std::sync::Arc;

use data_encoding::HEXLOWER;
use wirestage_dissectors::ids::{ConnectionId, FrameId};
use wirestage_dissectors::message::Protection;
use wirestage_dissectors::protocols::tls::schedule::{Schedule, ScheduledSecret};
use wirestage_dissectors::story::Level;

use super::Explore;
use super::asks::{Secret, Turn};
use super::pane::Pane;
use crate::gui::work::{Job, Made};
use crate::trouble::Trouble;

/// What was read rests on: the connection, and how often keys came.
type Basis = (ConnectionId, u32);

/// What is known, and what is chosen of it.
#[derive(Default)]
pub(super) struct Keys {
    made: Made<Basis, Vec<Schedule>>,
    /// Which of several handshakes is shown.
    handshake: usize,
    /// The chosen secret of it.
    chosen: usize,
    /// Whether values are shown: each opens what it seals, so only where somebody asked.
    pub(super) shows_values: bool,
    /// Whether the panel is to get the keyboard.
    pub(super) focus: bool,
    /// How high what is told of the chosen secret was.
    pub(super) told: f32,
    /// Whether the first secret that is lacking is to be chosen, once it is known.
    lacking: bool,
}

impl Keys {
    /// The handshakes that are known.
    pub(super) fn known(&self) -> Option<Arc<Vec<Schedule>>> {
        self.made.known().map(Arc::clone)
    }

    /// Why none is, where they were read in vain.
    pub(super) fn trouble(&self) -> Option<&Trouble> {
        self.made.trouble()
    }

    /// The number of the handshake that is shown, from 0.
    pub(super) fn handshake(&self) -> usize {
        let count = self.made.known().map_or(0, |all| all.len());
        self.handshake.min(count.saturating_sub(1))
    }

    /// The handshake that is shown.
    fn shown(&self) -> Option<&Schedule> {
        self.made.known()?.get(self.handshake())
    }

    /// The number of the chosen secret.
    pub(super) fn chosen(&self) -> usize {
        let count = self.shown().map_or(0, |schedule| schedule.stages.len());
        self.chosen.min(count.saturating_sub(1))
    }

    fn stage(&self) -> Option<&ScheduledSecret> {
        self.shown()?.stages.get(self.chosen())
    }

    /// The chosen secret as a line of a key log, where one may hold it and its value is known.
    pub(super) fn line(&self) -> Option<String> {
        let (schedule, stage) = (self.shown()?, self.stage()?);
        let hex = |bytes: &[u8]| HEXLOWER.encode(bytes);
        let (random, value) = (schedule.random.as_ref()?, stage.value.as_ref()?);
        Some(format!("{} {} {}", stage.label?.name(), hex(random), hex(value)))
    }

    /// The value of the chosen secret, where it is known.
    pub(super) fn value(&self) -> Option<String> {
        self.stage()?.value.as_ref().map(|value| HEXLOWER.encode(value))
    }

    /// Whether the chosen secret opened anything here.
    pub(super) fn opens(&self) -> bool {
        self.stage().is_some_and(|stage| stage.opened.is_some())
    }

    /// Where the chosen secret shows: the first record that it opens, else the message from which
    /// on it exists.
    pub(super) fn place(&self) -> Option<FrameId> {
        let stage = self.stage()?;
        let opened = stage.opened.map(|opened| opened.frames.0);
        opened.or(stage.proof().map(|(_, finished)| finished.frame)).or(stage.since.1)
    }

    /// Chooses the first secret that is lacking, where somebody asked for it.
    pub(super) fn choose_lacking(&mut self) {
        if !self.lacking {
            return;
        }
        let Some(all) = self.known() else { return };
        self.lacking = false;
        let lacks = |schedule: &Schedule| schedule.stages.iter().position(|one| one.is_lacking());
        let found = all.iter().enumerate().find_map(|(at, one)| Some((at, lacks(one)?)));
        if let Some(found) = found {
            (self.handshake, self.chosen) = found;
        }
    }

    /// Chooses what lies another way: along the order, to what it is made of, or to what is made of
    /// it.
    fn turn(&mut self, way: Turn) {
        let here = self.chosen();
        let Some(schedule) = self.shown() else { return };
        let next = match way {
            Turn::Next => Some(here + 1).filter(|next| *next < schedule.stages.len()),
            Turn::Before => here.checked_sub(1),
            Turn::MadeOf => schedule.parent(here),
            Turn::Makes => (0..schedule.stages.len()).find(|at| schedule.parent(*at) == Some(here)),
        };
        self.chosen = next.unwrap_or(here);
    }
}

impl Explore {
    /// Carries out what is asked of the panel.
    pub(super) fn secret(&mut self, ask: Secret) {
        match ask {
            Secret::Open => {
                self.bring_forward(Pane::Keys);
                self.keys_panel.focus = true;
            }
            Secret::Lacking => {
                let story = self.shown.story.as_ref();
                let sealed = story.and_then(|story| {
                    let mut messages = story.level(Level::Message);
                    let sealed = messages.find(|(_, beat)| beat.protection == Protection::Opaque);
                    sealed.map(|(id, _)| id)
                });
                if let Some(beat) = sealed {
                    self.select_beat(beat);
                }
                self.bring_forward(Pane::Keys);
                (self.keys_panel.focus, self.keys_panel.lacking) = (true, true);
            }
            Secret::Handshake(number) => {
                (self.keys_panel.handshake, self.keys_panel.chosen) = (number, 0);
            }
            Secret::Choose(number) => self.keys_panel.chosen = number,
            Secret::Turn(way) => self.keys_panel.turn(way),
            Secret::Values => self.keys_panel.shows_values = !self.keys_panel.shows_values,
            Secret::CopyValue => {
                self.clip.copied = self.keys_panel.value().or(self.clip.copied.take())
            }
            Secret::CopyLine => {
                self.clip.copied = self.keys_panel.line().or(self.clip.copied.take())
            }
            Secret::Show => {
                if let Some(frame) = self.keys_panel.place() {
                    self.select_frame(frame);
                }
            }
        }
    }

    /// Begins to read the schedules that the panel is to show, unless they are there or under way.
    pub(super) fn read_schedules(&mut self) {
        let Some(connection) = self.followed() else { return };
        let basis = (connection, self.tables.keys);
        let panel = &mut self.keys_panel;
        if !panel.made.lacks(&basis) {
            return;
        }
        if panel.made.basis().is_some_and(|(known, _)| *known != connection) {
            // Those of another connection are others.
            (panel.made, panel.handshake, panel.chosen) = (Made::default(), 0, 0);
        }
        let ground = self.ground.clone();
        let title = "Reading the key schedule".to_owned();
        let job = Job::start(title, Arc::clone(&self.wake), move |_| {
            Ok(Some(ground.schedules(connection)))
        });
        panel.made.begin(basis, job);
    }

    /// Takes what was read.
    pub(super) fn collect_schedules(&mut self) {
        if let Some(trouble) = self.keys_panel.made.collect() {
            self.problem = Some(trouble);
        }
    }
}
