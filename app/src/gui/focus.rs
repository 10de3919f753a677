//! Which widget has the keyboard: one line shows it, whatever the widget is, and what has it is
//! always in sight; keys go from each region of the window to the next.
//!
//! It hears all widgets at the end of a pass, so none has to draw a line of its own.

use egui::accesskit::{Action, ActionRequest, TreeId};
use egui::{
    Context, Event, EventFilter, Id, Key, Modifiers, Plugin, RawInput, Rect, Response, Role, Sense,
    Stroke, StrokeKind, Ui, WidgetInfo,
};

/// How thick the line is, and how far it stands from a widget.
const THICK: f32 = 2.0;
const APART: f32 = 1.0;
/// What is larger than this in both directions has the line inside: outside there is no room.
const PANEL: f32 = 120.0;

/// Shows who has the keyboard.
#[derive(Default)]
pub(super) struct Shows {
    /// Who had it last.
    had: Option<Id>,
    /// What is to be scrolled to in the next pass.
    hidden: Option<Id>,
}

/// Parts of the window that keys go from and to, in the order in which they are shown.
#[derive(Clone, Default)]
struct Regions {
    shown: Vec<(Id, Rect)>,
    /// What the panel that is shown just now has named as its stop.
    stop: Option<Id>,
}

/// What is known of this pass.
fn with<R>(ctx: &Context, act: impl FnOnce(&mut Regions) -> R) -> R {
    ctx.data_mut(|data| act(data.get_temp_mut_or_default(Id::NULL)))
}

/// Names a part of the window that F6 goes to: what gets the keyboard then, and all that belongs
/// to it.
pub(super) fn region(ctx: &Context, first: Id, rect: Rect) {
    with(ctx, |regions| regions.shown.push((first, rect)));
}

/// Takes the regions of this pass, and gives the keyboard to the next one or to the one before,
/// where that is asked for.
pub(super) fn turn(ctx: &Context, forward: Option<bool>) {
    let regions = with(ctx, std::mem::take);
    let (Some(forward), count @ 1..) = (forward, regions.shown.len()) else { return };
    let now = ctx.memory(|memory| memory.focused());
    let place = now.and_then(|id| ctx.read_response(id)).map(|widget| widget.rect.center());
    let is_here = |(first, rect): &(Id, Rect)| {
        Some(*first) == now || place.is_some_and(|place| rect.contains(place))
    };
    let next = match (regions.shown.iter().position(is_here), forward) {
        (Some(here), true) => (here + 1) % count,
        (Some(here), false) => (here + count - 1) % count,
        (None, true) => 0,
        (None, false) => count - 1,
    };
    if let Some((first, _)) = regions.shown.get(next) {
        ctx.memory_mut(|memory| memory.request_focus(*first));
        ctx.request_repaint();
    }
}

/// Names what gets the keyboard where F6 goes to the panel that is shown.
pub(super) fn stop(ctx: &Context, id: Id) {
    with(ctx, |regions| regions.stop = Some(id));
}

/// Shows a panel as a region. One that names no stop is a stop of its own.
pub(super) fn panel(ui: &mut Ui, title: &str, room: Rect, show: impl FnOnce(&mut Ui)) {
    let id = ui.scope_id().with(("region", title));
    let has_stop = ui.data(|data| data.get_temp::<bool>(id)).unwrap_or(true);
    if !has_stop {
        let own = ui.interact(room, id, Sense::focusable_noninteractive());
        own.widget_info(|| WidgetInfo::labeled(Role::Window, true, format!("Panel: {title}")));
    }
    with(ui.ctx(), |regions| regions.stop = None);
    show(ui);
    let named = with(ui.ctx(), |regions| regions.stop.take());
    ui.data_mut(|data| data.insert_temp(id, named.is_some()));
    region(ui.ctx(), named.unwrap_or(id), room);
}

/// A list whose entries are widgets: one of them is where the Tab key stops, and up, down, home and
/// end go from there to the others.
pub(super) struct List {
    id: Id,
    /// Where the Tab key stops.
    stop: Option<Id>,
    entries: Vec<Response>,
    chosen: Option<usize>,
}

impl List {
    /// A list of this name within what is shown.
    pub(super) fn new(ui: &Ui, name: &str) -> Self {
        let id = ui.scope_id().with(("list", name));
        let stop = ui.data(|data| data.get_temp(id));
        Self { id, stop, entries: Vec::new(), chosen: None }
    }

    /// What an entry hears.
    pub(super) fn sense(&self, ui: &Ui, id: Id) -> Sense {
        let is_stop = self.stop == Some(id) || ui.memory(|memory| memory.has_focus(id));
        if is_stop { Sense::click() } else { Sense::CLICK }
    }

    /// The next entry, and whether it is the chosen one.
    pub(super) fn entry(&mut self, entry: &Response, is_chosen: bool) {
        if is_chosen {
            self.chosen = Some(self.entries.len());
        }
        self.entries.push(entry.clone());
    }

    /// A button as the next entry.
    pub(super) fn add(
        &mut self,
        ui: &mut Ui,
        button: egui::Button<'_>,
        name: impl std::hash::Hash + std::fmt::Debug,
        is_chosen: bool,
    ) -> Response {
        let named = self.id.with(name);
        // What a button is called is known once it was shown.
        let known: Option<Id> = ui.data(|data| data.get_temp(named));
        let sense = known.map_or(Sense::CLICK, |id| self.sense(ui, id));
        let shown = ui.add(button.sense(sense));
        ui.data_mut(|data| data.insert_temp(named, shown.id));
        self.entry(&shown, is_chosen);
        shown
    }

    /// Goes to another entry by the arrow keys, once all are there.
    pub(super) fn walk(self, ui: &Ui) {
        let ids = || self.entries.iter().map(|entry| entry.id);
        let here = self.entries.iter().position(Response::has_focus);
        let Some(here) = here else {
            let kept =
                self.stop.filter(|stop| self.chosen.is_none() && ids().any(|id| id == *stop));
            let stop = kept.or_else(|| ids().nth(self.chosen.unwrap_or(0)));
            ui.data_mut(|data| stop.map(|stop| data.insert_temp(self.id, stop)));
            return;
        };
        let keys = EventFilter { vertical_arrows: true, ..EventFilter::default() };
        let pressed = |key| ui.input_mut(|input| input.consume_key(Modifiers::NONE, key));
        let last = self.entries.len().saturating_sub(1);
        let mut there = here;
        for (key, to) in [
            (Key::ArrowDown, (here + 1).min(last)),
            (Key::ArrowUp, here.saturating_sub(1)),
            (Key::Home, 0),
            (Key::End, last),
        ] {
            there = if pressed(key) { to } else { there };
        }
        let Some(entry) = self.entries.get(there) else { return };
        ui.data_mut(|data| data.insert_temp(self.id, entry.id));
        if there != here {
            entry.request_focus();
            ui.scroll_to_rect(entry.rect, None);
        }
        ui.memory_mut(|memory| memory.set_focus_lock_filter(entry.id, keys));
    }
}

impl Plugin for Shows {
    fn debug_name(&self) -> &'static str {
        "who has the keyboard"
    }

    fn on_end_pass(&mut self, ui: &mut Ui) {
        let now = ui.memory(|memory| memory.focused());
        let widget = now.and_then(|id| ui.ctx().read_response(id));
        if let Some(widget) = &widget {
            ring(ui, widget);
            let is_new = self.had != now;
            let is_cut = !widget.interact_rect.expand(1.0).contains_rect(widget.rect);
            if is_new && is_cut {
                self.hidden = now;
                ui.ctx().request_repaint();
            }
        }
        self.had = now;
    }

    fn input_hook(&mut self, _ctx: &Context, input: &mut RawInput) {
        let Some(id) = self.hidden.take() else { return };
        input.events.push(Event::AccessKitActionRequest(ActionRequest {
            action: Action::ScrollIntoView,
            target_tree: TreeId::ROOT,
            target_node: id.accesskit_id(),
            data: None,
        }));
    }
}

/// The line around what has the keyboard, above all else of its layer.
fn ring(ui: &Ui, widget: &Response) {
    let seen = widget.interact_rect;
    if !seen.is_positive() {
        return;
    }
    let stroke = Stroke::new(THICK, ui.visuals().widgets.hovered.bg_stroke.color);
    let painter = ui.ctx().layer_painter(widget.layer_id);
    let is_panel = seen.width() > PANEL && seen.height() > PANEL;
    match is_panel {
        true => painter.rect_stroke(seen, 0.0, stroke, StrokeKind::Inside),
        false => painter.rect_stroke(seen.expand(APART), 4.0, stroke, StrokeKind::Outside),
    };
}
