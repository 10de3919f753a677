//! The window itself: `logic` changes the state, `ui` looks at it.

use std::path::PathBuf;
use std::sync::Arc;

use eframe::{App, CreationContext, Storage};
use egui::{CentralPanel, Context, Frame, Margin, Panel, Ui, ViewportCommand};

use super::act::Act;
use super::command::Command;
use super::live::Closing;
use super::pace::Pace;
use super::settings::{KEY, Settings};
use super::state::{Screen, State};
use super::work::record::Recorder;
use super::{bar, compare, explore, export, focus, live, palette, problem, stage, theme};

/// The window.
pub struct Window {
    /// Everything it knows.
    pub state: State,
    /// How long its frames took.
    pub pace: Pace,
    /// What it is called now.
    title: String,
}

impl Window {
    /// A window over egui's context; `open` is opened at once.
    #[must_use]
    pub fn new(cc: &CreationContext<'_>, recorder: Arc<dyn Recorder>, open: Vec<PathBuf>) -> Self {
        let kept = cc.storage.and_then(|storage| eframe::get_value::<Settings>(storage, KEY));
        Self::with(&cc.egui_ctx, kept.unwrap_or_default(), recorder, open)
    }

    /// A window with these settings.
    #[must_use]
    pub fn with(
        ctx: &Context,
        settings: Settings,
        recorder: Arc<dyn Recorder>,
        open: Vec<PathBuf>,
    ) -> Self {
        theme::install(ctx);
        let of_workers = ctx.clone();
        let wake = Arc::new(move || of_workers.request_repaint());
        let mut state = State::new(settings, recorder, wake);
        if !open.is_empty() {
            state.acts.push(Act::Open(open));
        }
        Self { state, pace: Pace::default(), title: String::new() }
    }

    /// Files that were dropped on the window: key logs onto an open recording, all others are one
    /// recording.
    fn dropped(&mut self, ctx: &Context) {
        let files = ctx.input(|input| {
            input.raw.dropped_files.iter().map(|file| file.path().to_path_buf()).collect::<Vec<_>>()
        });
        let mut recording = Vec::new();
        for path in files {
            let extension = path.extension().unwrap_or_default().to_string_lossy().to_lowercase();
            let keys = matches!(extension.as_str(), "log" | "keys" | "keylog" | "txt");
            if keys && self.state.explore.is_some() {
                self.state.acts.push(Act::Keys(path));
            } else {
                recording.push(path);
            }
        }
        if !recording.is_empty() {
            self.state.acts.push(Act::Open(recording));
        }
    }
}

impl App for Window {
    fn logic(&mut self, ctx: &Context, _frame: &mut eframe::Frame) {
        self.pace.begin();
        self.dropped(ctx);
        self.state
            .acts
            .extend(Command::pressed(ctx, self.state.cancels()).into_iter().map(Act::Do));
        let is_closed = ctx.input(|input| input.viewport().close_requested());
        if is_closed {
            self.state.close();
        }
        self.state.advance();
        let copied = self.state.explore.as_mut().and_then(explore::Explore::take_copied);
        if let Some(text) = copied {
            ctx.copy_text(text);
        }
        if let Some(theme) = ctx.system_theme() {
            self.state.follow_system(theme == egui::Theme::Dark);
        }
        let settings = &self.state.settings;
        ctx.set_theme(if settings.dark { egui::Theme::Dark } else { egui::Theme::Light });
        ctx.set_zoom_factor(f32::from(settings.scale) / 100.0);
        let title = self.state.title();
        if self.title != title {
            ctx.send_viewport_cmd(ViewportCommand::Title(title.clone()));
            self.title = title;
        }
        match self.state.closing {
            Closing::Now => ctx.send_viewport_cmd(ViewportCommand::Close),
            Closing::WhenKept if is_closed => ctx.send_viewport_cmd(ViewportCommand::CancelClose),
            Closing::WhenKept | Closing::No => {}
        }
    }

    fn ui(&mut self, ui: &mut Ui, _frame: &mut eframe::Frame) {
        let state = &mut self.state;
        let palette = state.palette.clone();
        let line = Frame::new().fill(palette.band).inner_margin(Margin::symmetric(12, 0));
        Panel::top("bar")
            .exact_size(40.0)
            .resizable(false)
            .frame(line)
            .show(ui, |ui| bar::show(ui, state));
        match (state.screen, &mut state.explore) {
            (Screen::Explore, Some(open)) => {
                Panel::bottom("status")
                    .exact_size(26.0)
                    .resizable(false)
                    .frame(line)
                    .show(ui, |ui| explore::status(ui, open, &palette, &mut state.acts));
                if let Some(problem) = state.problem.clone() {
                    let card = Frame::new().fill(palette.paper).inner_margin(Margin::same(8));
                    Panel::top("problem").resizable(false).frame(card).show(ui, |ui| {
                        if problem::card(ui, &problem, &palette) {
                            state.acts.push(Act::Dismiss);
                        }
                    });
                }
                if let Some(one) = state.capturing.as_ref().filter(|one| one.is_shown()) {
                    Panel::top("live")
                        .exact_size(live::HEIGHT)
                        .resizable(false)
                        .frame(line)
                        .show(ui, |ui| live::strip(ui, one, &palette, &mut state.acts));
                }
                Panel::top("filter")
                    .exact_size(explore::filter_line::height(open))
                    .resizable(false)
                    .frame(line)
                    .show(ui, |ui| {
                        explore::filter_line::show(ui, open, &palette, &mut state.acts);
                    });
                if let Some(height) = explore::seek_line::height(open) {
                    Panel::top("seek")
                        .exact_size(height)
                        .resizable(false)
                        .frame(line)
                        .show(ui, |ui| {
                            explore::seek_line::show(ui, open, &palette, &mut state.acts)
                        });
                }
                let ground = Frame::new().fill(palette.line);
                CentralPanel::default().frame(ground).show(ui, |ui| {
                    explore::show(ui, open, &palette, &mut state.acts);
                });
            }
            (Screen::Compare, _) => compare::show(ui, state),
            _ => stage::show(ui, state),
        }
        if state.shortcuts {
            bar::shortcuts(ui, state);
        }
        bar::keys(ui, state);
        palette::show(ui, state);
        live::show(ui, state);
        export::show(ui, state);
        focus::turn(ui.ctx(), state.turning.take());
        if !state.acts.is_empty() {
            ui.ctx().request_repaint();
        }
        self.pace.end();
    }

    fn save(&mut self, storage: &mut dyn Storage) {
        self.state.keep_columns();
        if let Some(explore) = &self.state.explore {
            self.state.settings.layout = Some(explore.layout().clone());
        }
        eframe::set_value(storage, KEY, &self.state.settings);
    }

    fn clear_color(&self, _visuals: &egui::Visuals) -> [f32; 4] {
        self.state.palette.paper.to_normalized_gamma_f32()
    }
}
