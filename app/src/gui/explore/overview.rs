//! The overview panel: who speaks to whom, drawn; a row opens its connections.

use std::sync::{Arc, Mutex, PoisonError};

use egui::{RichText, Role, ScrollArea, Sense, Ui, WidgetInfo, vec2};
use wirestage_dissectors::overview::{Activity, Report};
use wirestage_dissectors::wording::thousands;

use super::pane::Pane;
use super::watch::{Knowing, News, Shared, Watch, read};
use super::{Explore, Input};
use crate::diagram::overview::{Opens, Overview as Picture, Subject, overview};
use crate::diagram::scene::About;
use crate::diagram::style::Style;
use crate::diagram::{FontMeasure, Paint, Placement, Raised, color};
use crate::gui::act::Act;
use crate::gui::focus;
use crate::gui::theme::{Palette, Tone};
use crate::gui::work::{Job, Made};
use crate::trouble::Trouble;

/// How wide the picture is laid out at most.
const WIDEST: f32 = 1900.0;

/// The overview of the open recording, as far as it is known.
pub(super) struct Overview {
    watch: Watch,
    pub(super) shared: Option<Shared>,
    pub(super) stage: Knowing,
    pub(super) report: Option<Arc<Report>>,
    activity: Option<Arc<Activity>>,
    /// The row that was chosen last.
    pub(super) chosen: Option<usize>,
    drawn: Made<Basis, Picture>,
    /// Kept from one picture to the next: the first text that it measures takes it long.
    measure: Arc<Mutex<FontMeasure>>,
}

/// What a picture is made of.
#[derive(Clone)]
struct Basis {
    report: Arc<Report>,
    width: f32,
}

impl PartialEq for Basis {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.report, &other.report) && (self.width - other.width).abs() < 0.5
    }
}

impl Overview {
    pub(super) fn new(watch: Watch) -> Self {
        Self {
            watch,
            shared: None,
            stage: Knowing::Begun,
            report: None,
            activity: None,
            chosen: None,
            drawn: Made::default(),
            measure: Arc::default(),
        }
    }

    /// Begins anew, with more keys; what is shown stays until better is known.
    pub(super) fn watch_anew(&mut self, watch: Watch) {
        self.watch = watch;
        self.stage = Knowing::Begun;
    }

    /// What the watch brought, and what it died of, where it did.
    pub(super) fn collect(&mut self) -> (Vec<News>, Option<Trouble>) {
        self.watch.collect()
    }

    /// Whether no more will be known than is.
    pub(super) fn is_over(&self) -> bool {
        self.watch.is_over()
    }

    /// Takes a report.
    pub(super) fn take(&mut self, stage: Knowing, report: Arc<Report>, activity: Arc<Activity>) {
        (self.stage, self.report) = (stage, Some(report));
        self.activity = Some(activity);
    }

    /// What the watch is at, for the status line.
    pub(super) fn doing(&self) -> Option<String> {
        if self.is_over() {
            return None;
        }
        let (done, all) = self.watch.progress();
        let [done, all] = [done, all].map(thousands);
        match self.stage {
            Knowing::Begun => Some("looking at connections".into()),
            Knowing::Columns => Some(format!("first requests, {done} of {all} connections")),
            Knowing::FirstBytes => Some(format!("how they went, {done} of {all} frames")),
            Knowing::All => None,
        }
    }
}

/// Shows the panel.
pub(super) fn show(ui: &mut Ui, explore: &mut Explore, palette: &Palette, acts: &mut Vec<Act>) {
    let state = &explore.connections.overview;
    let told = state.report.clone().zip(state.activity.clone());
    let Some(((report, activity), shared)) = told.zip(state.shared.clone()) else {
        super::panes::hint(ui, palette, unknown(state));
        return;
    };
    let (name, wake) = (explore.source.name.clone(), Arc::clone(&explore.wake));
    let state = &mut explore.connections.overview;
    // Not under the scroll bar.
    let width = (ui.available_width() - 20.0).clamp(crate::diagram::overview::NARROWEST, WIDEST);
    let basis = Basis { report, width: width.floor() };
    // What it died of, where it did, is said below.
    let _ = state.drawn.collect();
    if state.drawn.lacks(&basis) {
        let (of, measure) = (basis.clone(), Arc::clone(&state.measure));
        let job = Job::start("Drawing the overview".to_owned(), wake, move |_| {
            let measure = measure.lock().unwrap_or_else(PoisonError::into_inner);
            let known = read(&shared);
            let subject = Subject {
                report: &of.report,
                known: &known.known(),
                activity: &activity,
                subtitle: &name,
            };
            Ok(Some(overview(&subject, of.width, &*measure)))
        });
        state.drawn.begin(basis, job);
    }
    let (Some(basis), Some(picture)) = (state.drawn.basis(), state.drawn.known()) else {
        let unknown =
            state.drawn.trouble().map_or("Drawing the connections…", |died| &died.cause);
        super::panes::hint(ui, palette, unknown);
        return;
    };
    let title = format!("Overview: {}", basis.report.title);
    let chosen = state.chosen;
    // Where it is scrolled to is kept under its name, also while a story is shown.
    let is_narrow = width > ui.available_width() - 16.0;
    let area = ScrollArea::new([is_narrow, true]).id_salt("overview").auto_shrink(false);
    area.show(ui, |ui| paint(ui, (picture, &title), palette, chosen, acts));
}

/// What is said where no connection is known yet.
pub(super) fn unknown(state: &Overview) -> &'static str {
    if state.is_over() {
        "The connections could not be looked at. Open the recording again."
    } else {
        "Looking at the connections…"
    }
}

/// Paints the picture, with a node for each row.
fn paint(
    ui: &mut Ui,
    (picture, title): (&Picture, &str),
    palette: &Palette,
    chosen: Option<usize>,
    acts: &mut Vec<Act>,
) {
    let scene = &picture.scene;
    let size = vec2(scene.width, scene.height);
    let (view, canvas) = ui.allocate_exact_size(size, Sense::hover());
    canvas.widget_info(|| WidgetInfo::labeled(Role::Canvas, true, title));
    let place = Placement { left: 0.0, top: 0.0, zoom: 1.0, corner: view.left_top() };
    let mut pointed = None;
    let rows = &picture.rows;
    let mut list = focus::List::new(ui, "rows");
    for row in rows {
        let rect = place.rect(row.bounds);
        let id = ui.scope_id().with(("row", row.row));
        let is_chosen = chosen == Some(row.row);
        let node = ui.interact(rect.shrink2(vec2(4.0, 2.0)), id, list.sense(ui, id));
        list.entry(&node, is_chosen);
        if !ui.is_rect_visible(rect) {
            continue;
        }
        node.widget_info(|| WidgetInfo::selected(Role::Button, true, is_chosen, &row.spoken));
        if node.hovered() {
            pointed = Some(row.row);
            ui.ctx().set_cursor_icon(egui::CursorIcon::PointingHand);
        }
        if node.clicked() {
            acts.push(Act::Explore(Input::Row(row.row)));
        }
    }
    list.walk(ui);
    for (row, spot) in rows.iter().flat_map(|row| row.spots.iter().map(move |spot| (row, spot))) {
        let rect = place.rect(spot.bounds);
        if !ui.is_rect_visible(rect) {
            continue;
        }
        let id = ui.scope_id().with(("spot", row.row, &spot.spoken));
        let node = ui.interact(rect, id, Sense::CLICK);
        node.widget_info(|| WidgetInfo::labeled(Role::Link, true, &spot.spoken));
        if node.hovered() {
            ui.ctx().set_cursor_icon(egui::CursorIcon::PointingHand);
        }
        if node.on_hover_text(&spot.spoken).clicked() {
            acts.push(Act::Explore(Input::Spot(row.row, spot.opens)));
        }
    }
    let painter = ui.painter_at(ui.clip_rect());
    let paint = Paint { painter: &painter, theme: &palette.theme, place };
    let raised = |about: About| match about {
        About::Row(row) if Some(row as usize) == chosen => Raised::Selected,
        _ => Raised::No,
    };
    paint.scene(scene, raised, |paint| {
        for (row, share) in [(pointed, 0.5), (chosen, 1.0)] {
            let Some(row) = row.and_then(|row| rows.get(row)) else { continue };
            let ground = color(paint.theme.colours(Style::Focus).fill).gamma_multiply(share);
            let rect = place.rect(row.bounds.grown(-2.0));
            paint.painter.rect_filled(rect, 6.0, ground);
        }
    });
    paint.sticky_cast(scene, ui.clip_rect());
}

/// What the step panel says while the overview is shown: the chosen row in words.
pub(super) fn step(ui: &mut Ui, explore: &Explore, palette: &Palette) {
    let report = explore.connections.overview.report.as_ref();
    let row = report
        .zip(explore.connections.overview.chosen)
        .and_then(|(report, at)| report.rows.get(at));
    let Some(row) = row else {
        let text = "Choose a row of the overview: its connections open in the list below.";
        super::panes::hint(ui, palette, text);
        return;
    };
    ScrollArea::vertical().auto_shrink(false).show(ui, |ui| {
        ui.label(RichText::new(&row.title).size(12.0).tone(palette.dim));
        ui.label(RichText::new(&row.headline).head(14.0).tone(palette.ink));
        if !row.detail.is_empty() {
            ui.add_space(4.0);
            ui.label(RichText::new(&row.detail).tone(palette.ink));
        }
        ui.add_space(6.0);
        ui.label(RichText::new(format!("{}: {}", row.sum, row.fates)).tone(palette.dim));
    });
}

impl Explore {
    /// Opens what a place in the strip of a row shows.
    pub(super) fn open_spot(&mut self, row: usize, opens: Opens) {
        self.connections.overview.chosen = Some(row);
        let id = |place: u32| self.connections.all.get(place as usize).copied();
        match opens {
            Opens::Connection(place) => {
                if let Some(id) = id(place) {
                    self.go_to_connection(id);
                }
            }
            Opens::End(place) => {
                let Some(id) = id(place) else { return };
                self.tell(Some(id));
                let frames = self.ground.attribution.frames(id, &self.ground.survey);
                if let Some(last) = frames.last() {
                    self.select_frame(*last);
                }
            }
            Opens::Stretch(from, to) => self.brush(Some((from, to))),
        }
    }

    /// Opens what a row of the overview stands for: its connection, or the list of them.
    pub(super) fn open_row(&mut self, row: usize) {
        let Some(report) = self.connections.overview.report.clone() else { return };
        let Some(row_of) = report.rows.get(row) else { return };
        self.connections.overview.chosen = Some(row);
        let places = &row_of.service.places;
        if let [place] = places.as_slice()
            && let Some(id) = self.connections.all.get(*place as usize).copied()
        {
            self.go_to_connection(id);
            return;
        }
        // Details and bytes are of what the row is about, too.
        let first = places.first().and_then(|place| self.connections.all.get(*place as usize));
        if let Some(id) = first.copied() {
            self.select_connection(id);
        }
        self.connections.lines.wanted.only = Some((row_of.title.clone(), places.as_slice().into()));
        self.connections.lines.list.rewind();
        if let Some(shared) = &self.connections.overview.shared {
            self.connections.lines.ask(shared, self.connections.overview.stage, &self.wake);
        }
        self.bring_forward(Pane::Connections);
    }
}
