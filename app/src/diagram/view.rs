//! The diagram as a widget: pan, zoom, point, choose, step from beat to beat.

use std::collections::BTreeSet;
use std::sync::Arc;

use egui::{EventFilter, Key, Modifiers, Rect, Response, Role, Sense, Ui, WidgetInfo, vec2};
use wirestage_dissectors::story::{BeatId, Level, Story};

use super::around::{Towards, bead, counterpart, is_retold, nearest, showing};
use super::drawing::{Change, Drawing};
use super::flags;
use super::layout::{Request, chapter_name};
use super::minimap::{self, Minimap};
use super::paint::{Paint, Placement, Raised, chapter_strip, color};
use super::pick::{self, Chosen};
use super::scene::{About, BeatBox, Scene};
use super::style::Style;
use super::theme::Theme;

/// How far in a zoom goes, and how far out.
const ZOOM: std::ops::RangeInclusive<f64> = 0.15..=8.0;
/// How much a key zooms.
const KEY_ZOOM: f64 = 1.2;
/// How wide a picture is laid out at most, and how narrow: what is still narrower is panned.
const WIDEST: f32 = 1900.0;
const NARROWEST: f32 = 300.0;

/// A diagram with its zoom and its place. One for each diagram on screen.
pub struct DiagramView {
    /// What to lay out; width and level are set by the view, unless `level` says otherwise.
    pub request: Request,
    /// How far to look in, or `None` if the zoom decides.
    pub level: Option<Level>,
    /// Whether sentences stand beside the arrows where there is room for them.
    pub steps: bool,
    /// Whether nothing beside the picture tells them.
    pub is_alone: bool,
    /// Whether what is told goes on: a picture of more of it keeps its place.
    pub grows: bool,
    /// What is to be remembered of beats, in the order of the story.
    pub flags: Arc<[(BeatId, String)]>,
    /// Beats that step back behind the others.
    pub pale: Arc<BTreeSet<BeatId>>,
    drawing: Drawing,
    /// The zoom beyond that which fits the picture to the width.
    closer: f64,
    /// Whether a picture that cannot be as narrow as the view is made smaller. By itself it is
    /// not: type would be too small to read, and the rest is one drag away.
    whole: bool,
    left: f64,
    top: f64,
    /// How much of the picture's height was in sight.
    sees: f64,
    pointed: Option<BeatId>,
    /// The selection that the view has been brought to.
    shown: Option<BeatId>,
    minimap: Minimap,
}

impl Default for DiagramView {
    fn default() -> Self {
        Self {
            request: Request::default(),
            level: None,
            steps: true,
            is_alone: false,
            grows: false,
            flags: Arc::default(),
            pale: Arc::default(),
            drawing: Drawing::default(),
            closer: 1.0,
            whole: false,
            left: 0.0,
            top: 0.0,
            sees: 0.0,
            pointed: None,
            shown: None,
            minimap: Minimap::default(),
        }
    }
}

impl DiagramView {
    /// Fits the picture to the width and goes back to its beginning.
    pub fn fit(&mut self) {
        (self.closer, self.left, self.top) = (1.0, 0.0, 0.0);
        self.whole = true;
    }

    /// Zooms by a factor; the upper left corner stays where it is.
    pub fn zoom_by(&mut self, factor: f64) {
        self.closer = (self.closer * factor).clamp(*ZOOM.start(), *ZOOM.end());
    }

    /// The scene that was last shown.
    #[must_use]
    pub fn scene(&self) -> Option<&Scene> {
        self.drawing.drawn().map(|drawn| &*drawn.scene)
    }

    /// The beats that were in sight when the picture was shown last.
    #[must_use]
    pub fn in_sight(&self) -> Option<impl Iterator<Item = BeatId>> {
        let (top, bottom) = (self.top as f32, (self.top + self.sees) as f32);
        let seen = move |drawn: &&BeatBox| drawn.bounds.bottom >= top && drawn.bounds.top <= bottom;
        Some(self.scene()?.beats().iter().filter(seen).map(|drawn| drawn.beat))
    }

    /// Whether a picture is on its way that is not shown yet.
    #[must_use]
    pub fn is_waiting(&self) -> bool {
        self.drawing.is_awaited()
    }

    /// Shows a story in all the room there is, with a beat selected; returns what
    /// the user chose in this frame, if anything.
    ///
    /// A selection made elsewhere is brought into sight.
    pub fn show(
        &mut self,
        ui: &mut Ui,
        story: &Arc<Story>,
        theme: &Theme,
        selected: Option<BeatId>,
    ) -> Option<Chosen> {
        let size = ui.available_size().max(vec2(64.0, 64.0));
        let (_, whole) = ui.allocate_space(size);
        let (view, strip) = self.beside(whole);
        let id = ui.scope_id().with("picture");
        let response = ui.interact(view, id, Sense::click_and_drag());
        let title = format!("Diagram: {}", story.title);
        response.widget_info(|| WidgetInfo::labeled(Role::Canvas, true, &title));

        let before = self.placement(view);
        self.navigate(ui, &response, view);
        self.lay_out(ui, story, view, before);
        let ground = color(theme.colours(Style::Paper).fill);
        let Some(drawn) = self.drawing.drawn().cloned() else {
            ui.painter_at(view).rect_filled(view, 0.0, ground);
            self.say_why(ui, view, theme);
            return None;
        };
        let scene = drawn.scene;
        if !is_retold(&drawn.story, story) {
            // The last picture stays until the next one is there, to be looked at only.
            self.stay(&scene, view);
            let painter = ui.painter_at(view);
            let paint = Paint { painter: &painter, theme, place: self.placement(view) };
            painter.rect_filled(view, 0.0, ground);
            self.paint(&paint, &scene, None, None);
            self.say_why(ui, view, theme);
            return None;
        }
        let chosen_by_key = self.step(ui, &response, &scene, story, selected);
        let selected = chosen_by_key.or(selected);
        self.bring_into_sight(&scene, story, view, selected);
        self.stay(&scene, view);

        if let Some(strip) = strip {
            self.walk(ui, strip, &scene, theme, view);
        }
        let place = self.placement(view);
        self.sees = f64::from(view.height()) / place.zoom;
        let painter = ui.painter_at(view);
        let paint = Paint { painter: &painter, theme, place };
        painter.rect_filled(view, 0.0, ground);
        let shown = selected.and_then(|id| showing(&scene, story, id));
        self.paint(&paint, &scene, selected, shown);
        paint.sticky_chapter(&scene, view, |id| Some(chapter_name(story, story.beat(id)?)));
        self.say_why(ui, view, theme);

        flags::show(ui, (&scene, story), &self.flags, (place, view), theme);
        let chosen = self.nodes(ui, &response, &scene, view, selected);
        chosen.or(chosen_by_key.map(Chosen::Beat))
    }

    /// The room for the picture, and for the strip beside it where it is long.
    fn beside(&self, whole: Rect) -> (Rect, Option<Rect>) {
        let height = self.scene().map_or(0.0, |scene| scene.height);
        let shown = height * self.placement(whole).zoom as f32;
        if !minimap::is_wanted(shown, whole) {
            return (whole, None);
        }
        let (view, strip) = whole.split_left_right_at_x(whole.right() - minimap::WIDTH);
        (view, Some(strip))
    }

    /// Shows the strip, and goes where it was touched.
    fn walk(&mut self, ui: &Ui, strip: Rect, scene: &Arc<Scene>, theme: &Theme, view: Rect) {
        let all = f64::from(scene.height).max(1.0);
        let sees = f64::from(view.height()) / self.placement(view).zoom;
        let sight = (self.top / all, ((self.top + sees) / all).min(1.0));
        if let Some(middle) = self.minimap.show(ui, strip, scene, theme, sight) {
            self.top = middle * all - sees / 2.0;
            self.stay(scene, view);
        }
    }

    /// Drag and scroll pan; ctrl and scroll, pinching and plus and minus zoom.
    fn navigate(&mut self, ui: &Ui, response: &Response, view: Rect) {
        let zoom = self.placement(view).zoom;
        let mut by = -response.drag_delta();
        let mut factor = 1.0;
        let mut about = view.left_top();
        if response.contains_pointer() {
            ui.input(|input| {
                by -= input.smooth_scroll_delta();
                factor = f64::from(input.zoom_delta());
                about = input.pointer.hover_pos().unwrap_or(about);
            });
        }
        if response.clicked() || response.drag_started() {
            response.request_focus();
        }
        if response.has_focus() {
            let filter = EventFilter {
                horizontal_arrows: true,
                vertical_arrows: true,
                ..EventFilter::default()
            };
            ui.memory_mut(|memory| memory.set_focus_lock_filter(response.id, filter));
            ui.input_mut(|input| {
                let mut pressed = |key| input.consume_key(Modifiers::NONE, key);
                if pressed(Key::Plus) || pressed(Key::Equals) {
                    (factor, about) = (KEY_ZOOM, view.center());
                }
                if pressed(Key::Minus) {
                    (factor, about) = (1.0 / KEY_ZOOM, view.center());
                }
                if pressed(Key::Num0) {
                    self.fit();
                }
                if pressed(Key::PageDown) {
                    by.y += view.height() * 0.9;
                }
                if pressed(Key::PageUp) {
                    by.y -= view.height() * 0.9;
                }
            });
        }
        self.left += f64::from(by.x) / zoom;
        self.top += f64::from(by.y) / zoom;
        if factor != 1.0 {
            // What is under the pointer stays there.
            let was = self.placement(view).to_scene(about);
            self.zoom_by(factor);
            let is = self.placement(view).to_scene(about);
            self.left += f64::from(was.x - is.x);
            self.top += f64::from(was.y - is.y);
        }
    }

    /// Asks for what is to be shown now. Where the level changes, the beat in the middle of
    /// attention stays at its height.
    fn lay_out(&mut self, ui: &Ui, story: &Arc<Story>, view: Rect, before: Placement) {
        let width = view.width().clamp(NARROWEST, WIDEST) as u32;
        let between = Request::STRIP..Request::BOTH_MARGINS;
        let request = Request {
            width,
            level: self.level.unwrap_or_else(|| level(self.closer)),
            // In between, the panel beside the diagram tells them.
            steps: self.steps && (self.is_alone || !between.contains(&width)),
            ..self.request.clone()
        };
        let Some(Change { before: old }) = self.drawing.ask(ui.ctx(), story, request) else {
            return;
        };
        let Some(scene) = self.drawing.drawn().map(|drawn| Arc::clone(&drawn.scene)) else {
            return;
        };
        if let Some(old) = old.filter(|old| is_retold(&old.story, story)) {
            let pointer = ui.input(|input| input.pointer.hover_pos());
            let focus = pointer.filter(|at| view.contains(*at)).unwrap_or(view.center());
            let y = before.to_scene(focus).y;
            if let Some(anchor) = nearest(&old.scene, y)
                && let Some(now) = counterpart(&scene, story, anchor.beat)
            {
                self.top += f64::from(now.bounds.top - anchor.bounds.top);
            }
        } else if self.grows {
            self.shown = None;
        } else {
            self.fit();
            self.whole = false;
            self.shown = None;
        }
    }

    /// Says why no picture comes, where the thread that lays it out has died.
    fn say_why(&self, ui: &Ui, view: Rect, theme: &Theme) {
        if !self.drawing.has_failed() {
            return;
        }
        let ink = color(theme.colours(Style::Failure).text);
        let text = "This picture could not be laid out. That is a mistake in the program: please \
                    report it with the file that caused it.";
        let font = egui::FontId::proportional(13.0);
        let text = ui.painter().layout(text.to_owned(), font, ink, view.width() - 32.0);
        ui.painter_at(view).galley(view.left_top() + vec2(16.0, 16.0), text, ink);
    }

    /// Arrow keys go from beat to beat; Enter opens one, or closes it.
    fn step(
        &mut self,
        ui: &Ui,
        response: &Response,
        scene: &Scene,
        story: &Story,
        selected: Option<BeatId>,
    ) -> Option<BeatId> {
        if !response.has_focus() {
            return None;
        }
        let pressed = |key| ui.input_mut(|input| input.consume_key(Modifiers::NONE, key));
        let beats = scene.beats();
        let here = selected.and_then(|id| showing(scene, story, id));
        let at = here.and_then(|id| beats.iter().position(|drawn| drawn.beat == id));
        let wanted = if pressed(Key::ArrowDown) {
            at.map_or(0, |at| at + 1)
        } else if pressed(Key::ArrowUp) {
            at.map_or(0, |at| at.saturating_sub(1))
        } else if pressed(Key::Home) {
            0
        } else if pressed(Key::End) {
            beats.len().saturating_sub(1)
        } else {
            if pressed(Key::Enter)
                && let Some(id) = selected
            {
                self.open_or_close(story, id);
            }
            let next = pressed(Key::ArrowRight).then_some(Towards::Next);
            let towards = next.or(pressed(Key::ArrowLeft).then_some(Towards::Previous));
            return towards.and_then(|towards| bead(story, selected?, towards));
        };
        beats.get(wanted.min(beats.len().saturating_sub(1))).map(|drawn| drawn.beat)
    }

    /// Opens a beat in place, or closes it, or the one that it is part of.
    fn open_or_close(&mut self, story: &Story, id: BeatId) {
        let mut around = Some(id);
        while let Some(beat) = around {
            if self.request.opened.remove(&beat) {
                return;
            }
            around = story.beat(beat).and_then(|beat| beat.parent);
        }
        self.request.opened.insert(id);
    }

    /// Scrolls to a selection that the view has not been brought to before.
    fn bring_into_sight(
        &mut self,
        scene: &Scene,
        story: &Story,
        view: Rect,
        selected: Option<BeatId>,
    ) {
        if self.shown == selected {
            return;
        }
        self.shown = selected;
        let drawn = selected.and_then(|id| scene.beat(showing(scene, story, id)?));
        let Some(drawn) = drawn else { return };
        let place = self.placement(view);
        let strip = f64::from(chapter_strip(place.zoom as f32)) / place.zoom;
        let cast = f64::from(scene.cast.end - scene.cast.start) + 24.0 + strip;
        let height = f64::from(view.height()) / place.zoom;
        let margin = 24.0;
        let bounds = drawn.to_be_seen((height - cast - 2.0 * margin) as f32);
        let (top, bottom) = (f64::from(bounds.top), f64::from(bounds.bottom));
        if top < self.top + cast + margin {
            self.top = top - cast - margin;
        } else if bottom > self.top + height - margin {
            // Of what is higher than the view one sees where it begins.
            self.top = (bottom + margin - height).min(top - cast - margin);
        }
    }

    /// Keeps the picture in the view: no further than its edges, centred where it is narrower.
    fn stay(&mut self, scene: &Scene, view: Rect) {
        let zoom = self.placement(view).zoom;
        let limit = |start: f64, length: f32, room: f32, centred: bool| {
            let (length, room) = (f64::from(length), f64::from(room) / zoom);
            if length <= room {
                if centred { (length - room) / 2.0 } else { 0.0 }
            } else {
                start.clamp(0.0, length - room)
            }
        };
        self.left = limit(self.left, scene.width, view.width(), true);
        self.top = limit(self.top, scene.height, view.height(), false);
    }

    fn placement(&self, view: Rect) -> Placement {
        let width = self.scene().map_or(view.width(), |scene| scene.width);
        let fit = if self.whole { f64::from(view.width() / width.max(1.0)).min(1.0) } else { 1.0 };
        Placement {
            left: self.left,
            top: self.top,
            zoom: fit * self.closer,
            corner: view.left_top(),
        }
    }

    fn paint(
        &self,
        paint: &Paint<'_>,
        scene: &Scene,
        selected: Option<BeatId>,
        shown: Option<BeatId>,
    ) {
        let raised = |about: About| match about {
            About::Beat(id) if Some(id) == selected || Some(id) == shown => Raised::Selected,
            About::Beat(id) if Some(id) == self.pointed => Raised::Pointed,
            About::Beat(id) if self.pale.contains(&id) => Raised::Back,
            _ => Raised::No,
        };
        paint.scene(scene, raised, |paint| {
            // The chosen step stands on a plate of its own, from its arrow to its sentence.
            let drawn = shown.and_then(|id| scene.beat(id));
            if let Some(BeatBox { bounds, sentence, .. }) = drawn {
                let ground = color(paint.theme.colours(Style::Focus).fill);
                for rect in [Some(*bounds), *sentence].into_iter().flatten() {
                    paint.painter.rect_filled(paint.place.rect(rect.grown(6.0)), 8.0, ground);
                }
            }
        });
        paint.sticky_cast(scene, paint.painter.clip_rect());
    }

    /// What is chosen in this frame, and what is pointed at.
    fn nodes(
        &mut self,
        ui: &mut Ui,
        response: &Response,
        scene: &Scene,
        view: Rect,
        selected: Option<BeatId>,
    ) -> Option<Chosen> {
        let place = self.placement(view);
        let chosen = pick::nodes(ui, response, scene, (place, view), selected, &self.pale);
        let pointer = ui.input(|input| input.pointer.hover_pos());
        let over = pointer.filter(|at| view.contains(*at) && ui.rect_contains_pointer(view));
        let over = over.and_then(|at| pick::about(scene, place, at));
        self.pointed = match over {
            Some(Chosen::Beat(id)) => Some(id),
            _ => None,
        };
        if over.is_some() {
            ui.ctx().set_cursor_icon(egui::CursorIcon::PointingHand);
        }
        if let Some(Chosen::Beat(id)) = chosen {
            // What was clicked is in sight; the picture need not move.
            self.shown = Some(id);
        }
        chosen
    }
}

/// How far to look in at a zoom beyond that which fits.
fn level(closer: f64) -> Level {
    match closer {
        z if z < 0.6 => Level::Chapter,
        z if z < 0.8 => Level::Exchange,
        z if z < 1.7 => Level::Flight,
        z if z < 3.5 => Level::Message,
        _ => Level::Packet,
    }
}
