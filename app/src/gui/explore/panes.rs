//! Shows the panels: side by side, one at a time where the window is small, or one alone.

use egui::{EventFilter, Frame, Margin, Rect, Response, RichText, Stroke, Ui, Vec2, Visuals, vec2};
use egui_tiles::{SimplificationOptions, Tabs, TileId, Tiles};

use super::pane::Pane;
use super::tables::Counted;
use super::{Copied, Explore, Input, View, row_menu};
use crate::gui::act::Act;
use crate::gui::command::Command;
use crate::gui::focus;
use crate::gui::theme::{Palette, Tone, medium};
use crate::trouble::Trouble;

/// Shows all panels, or the one that has all room.
pub(crate) fn show(ui: &mut Ui, explore: &mut Explore, palette: &Palette, acts: &mut Vec<Act>) {
    panels(ui, explore, palette, acts);
    // What no panel has copied is the chosen step, or the row.
    if !ui.ctx().text_edit_focused() && row_menu::copies(ui) {
        let is_step = explore.shown.view == View::Story && explore.selection.beat.is_some();
        let what = if is_step { Copied::Step } else { Copied::Row };
        acts.push(Act::Explore(Input::Copy(what)));
    }
}

fn panels(ui: &mut Ui, explore: &mut Explore, palette: &Palette, acts: &mut Vec<Act>) {
    if let Some(pane) = explore.arranged.alone {
        alone(ui, pane, explore, palette, acts);
        return;
    }
    let window = ui.ctx().content_rect().size();
    explore.arranged.is_small = window.x < SMALL.x || window.y < SMALL.y;
    if explore.arranged.is_small {
        one_at_a_time(ui, explore, palette, acts);
        return;
    }
    let is_narrow = window.x < NARROW;
    let mut layout = std::mem::take(explore.arranged.layout_mut(is_narrow));
    let mut panels = Panels { explore, palette, acts };
    layout.ui(&mut panels, ui);
    *explore.arranged.layout_mut(is_narrow) = layout;
}

/// A window that is narrower or lower than this, in points at its scale, shows one panel at a time.
const SMALL: Vec2 = vec2(760.0, 500.0);
/// In one that is narrower than this, panels share places.
const NARROW: f32 = 1200.0;

/// One panel with all room, and tabs for the others, in the order of the work.
fn one_at_a_time(ui: &mut Ui, explore: &mut Explore, palette: &Palette, acts: &mut Vec<Act>) {
    Frame::new().fill(palette.band).inner_margin(Margin::symmetric(8, 2)).show(ui, |ui| {
        ui.set_min_width(ui.available_width());
        ui.horizontal_wrapped(|ui| {
            for pane in Pane::ALL.iter().copied() {
                let text = RichText::new(pane.panel().title).font(medium(12.0));
                if ui.selectable_label(explore.arranged.front == pane, text).clicked() {
                    explore.arranged.front = pane;
                }
            }
        });
    });
    panel(ui, explore.arranged.front, explore, palette, acts);
}

/// One panel with all room, and the way back.
fn alone(ui: &mut Ui, pane: Pane, explore: &mut Explore, palette: &Palette, acts: &mut Vec<Act>) {
    Frame::new().fill(palette.band).inner_margin(Margin::symmetric(8, 2)).show(ui, |ui| {
        ui.horizontal(|ui| {
            ui.label(RichText::new(pane.panel().title).font(medium(12.0)));
            ui.with_layout(egui::Layout::right_to_left(egui::Align::Center), |ui| {
                let back = ui.button("All panels").on_hover_text(Command::Alone.tip(ui.ctx()));
                if back.clicked() {
                    explore.arranged.alone = None;
                }
            });
        });
    });
    panel(ui, pane, explore, palette, acts);
}

/// One panel.
fn panel(ui: &mut Ui, pane: Pane, explore: &mut Explore, palette: &Palette, acts: &mut Vec<Act>) {
    let panel = pane.panel();
    let room = ui.available_rect_before_wrap();
    ui.painter().rect_filled(room, 0.0, palette.paper);
    focus::panel(ui, panel.title, room, |ui| {
        Frame::new()
            .inner_margin(panel.margin)
            .show(ui, |ui| (panel.show)(ui, explore, palette, acts));
    });
}

struct Panels<'a> {
    explore: &'a mut Explore,
    palette: &'a Palette,
    acts: &'a mut Vec<Act>,
}

impl egui_tiles::Behavior<Pane> for Panels<'_> {
    fn pane_ui(&mut self, ui: &mut Ui, _tile: TileId, pane: &mut Pane) -> egui_tiles::UiResponse {
        panel(ui, *pane, self.explore, self.palette, self.acts);
        egui_tiles::UiResponse::None
    }

    fn tab_title_for_pane(&mut self, pane: &Pane) -> egui::WidgetText {
        RichText::new(pane.panel().title).font(medium(12.0)).into()
    }

    fn on_tab_button(&mut self, tiles: &mut Tiles<Pane>, tile: TileId, tab: Response) -> Response {
        if tab.double_clicked() {
            self.explore.arranged.alone = tiles.get_pane(&tile).copied();
        }
        tab
    }

    fn top_bar_right_ui(
        &mut self,
        tiles: &Tiles<Pane>,
        ui: &mut Ui,
        _tile: TileId,
        tabs: &Tabs,
        _scroll: &mut f32,
    ) {
        let shown = tabs.active.and_then(|tile| tiles.get_pane(&tile));
        if let Some(pane) = shown
            && frame_button(ui, self.palette, &format!("{} alone", pane.panel().title)).clicked()
        {
            self.explore.arranged.alone = Some(*pane);
        }
    }

    fn tab_bar_height(&self, _style: &egui::Style) -> f32 {
        26.0
    }

    fn gap_width(&self, _style: &egui::Style) -> f32 {
        1.0
    }

    fn tab_bar_color(&self, _visuals: &Visuals) -> egui::Color32 {
        self.palette.band
    }

    fn tab_bg_color(
        &self,
        _visuals: &Visuals,
        _tiles: &Tiles<Pane>,
        _tile: TileId,
        state: &egui_tiles::TabState,
    ) -> egui::Color32 {
        if state.active { self.palette.paper } else { egui::Color32::TRANSPARENT }
    }

    fn tab_outline_stroke(
        &self,
        _visuals: &Visuals,
        _tiles: &Tiles<Pane>,
        _tile: TileId,
        _state: &egui_tiles::TabState,
    ) -> Stroke {
        Stroke::NONE
    }

    fn tab_bar_hline_stroke(&self, _visuals: &Visuals) -> Stroke {
        Stroke::new(1.0, self.palette.line)
    }

    fn tab_text_color(
        &self,
        _visuals: &Visuals,
        _tiles: &Tiles<Pane>,
        _tile: TileId,
        state: &egui_tiles::TabState,
    ) -> egui::Color32 {
        if state.active { self.palette.ink } else { self.palette.dim }
    }

    fn simplification_options(&self) -> SimplificationOptions {
        SimplificationOptions { all_panes_must_have_tabs: true, ..Default::default() }
    }
}

/// A button that shows a frame: one panel takes all room.
fn frame_button(ui: &mut Ui, palette: &Palette, name: &str) -> Response {
    let (rect, button) = ui.allocate_exact_size(egui::Vec2::splat(22.0), egui::Sense::click());
    let line = if button.hovered() || button.has_focus() { palette.ink } else { palette.dim };
    let stroke = Stroke::new(1.4, line);
    let icon = Rect::from_center_size(rect.center(), egui::vec2(11.0, 9.0));
    ui.painter().rect_stroke(icon, 1.0, stroke, egui::StrokeKind::Inside);
    button.widget_info(|| egui::WidgetInfo::labeled(egui::Role::Button, true, name));
    button.on_hover_text(name)
}

/// Says what stands here for a packet of a connection. Where the recording has no connection,
/// nobody could choose such a packet.
pub(super) fn no_connection(ui: &mut Ui, explore: &Explore, palette: &Palette, what: &str) {
    let text = match (explore.frame_count(), explore.connection_count()) {
        (0, _) => "This recording holds no frames: nothing is to be shown here.".to_owned(),
        (_, 0) => "This recording has no TCP connection and no UDP flow: nothing is to be shown \
                   here."
            .to_owned(),
        _ => format!("Choose a packet of a connection: {what} here."),
    };
    hint(ui, palette, &text);
}

/// Says what would be here, and what to do about it.
pub(super) fn hint(ui: &mut Ui, palette: &Palette, text: &str) {
    hint_at(ui, ui.available_rect_before_wrap(), palette, text);
}

/// Says that what would be here is being read, or why it is not.
pub(super) fn reading(ui: &mut Ui, palette: &Palette, trouble: Option<&Trouble>) {
    match trouble {
        Some(trouble) => hint(ui, palette, &format!("{}.", trouble.cause)),
        None => hint(ui, palette, "Reading the connection…"),
    }
}

/// Says how far a count is, or why there is none.
pub(super) fn counting<T: Send + 'static>(ui: &mut Ui, palette: &Palette, counted: &Counted<T>) {
    let text = match (counted.share(), counted.trouble()) {
        (Some(share), _) => format!("Counting: {:.0} % of the packets", share * 100.0),
        (None, Some(trouble)) => format!("{}. To mend it: {}.", trouble.cause, trouble.mend),
        (None, None) => "Looking for what passes the filter…".to_owned(),
    };
    hint(ui, palette, &text);
}

/// The same in a certain place.
pub(super) fn hint_at(ui: &mut Ui, rect: Rect, palette: &Palette, text: &str) {
    ui.scope_builder(egui::UiBuilder::new().max_rect(rect.shrink(16.0)), |ui| {
        ui.vertical_centered(|ui| {
            ui.add_space((ui.available_height() * 0.35).max(0.0));
            ui.label(RichText::new(text).tone(palette.dim));
        });
    });
}

/// Whether a panel has the keyboard. It then hears the arrow keys.
pub(super) fn keyboard(ui: &Ui, panel: &Response) -> bool {
    focus::stop(ui.ctx(), panel.id);
    let focus = panel.has_focus();
    if focus {
        let filter = EventFilter {
            horizontal_arrows: true,
            vertical_arrows: true,
            ..EventFilter::default()
        };
        ui.memory_mut(|memory| memory.set_focus_lock_filter(panel.id, filter));
    }
    focus
}
