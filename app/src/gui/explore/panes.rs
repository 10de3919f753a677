//! The panels of Explore: where they are, and how they are moved.

use egui::{EventFilter, Frame, Margin, Rect, Response, RichText, Stroke, Ui, Vec2, Visuals, vec2};
use egui_tiles::{
    Container, Linear, LinearDir, SimplificationOptions, Tabs, Tile, TileId, Tiles, Tree,
};
use serde::{Deserialize, Serialize};

use super::tables::Counted;
use super::{
    Copied, Explore, Input, View, bytes, connections, diagram, follow_panel, graph_panel,
    hierarchy_panel, hosts_panel, keys_panel, list, noted_panel, request_list, row_menu, step,
    traffic_panel, tree,
};
use crate::gui::act::Act;
use crate::gui::command::Command;
use crate::gui::theme::{Palette, Tone, medium};
use crate::trouble::Trouble;

/// One panel.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub(super) enum Pane {
    /// The sequence diagram.
    Diagram,
    /// What the chosen step means.
    Step,
    /// The fields of the selected frame.
    Details,
    /// Its bytes.
    Bytes,
    /// All frames.
    Packets,
    /// All connections.
    Connections,
    /// All requests.
    Requests,
    /// What the two sides of a connection said.
    Follow,
    /// The secrets between them.
    Keys,
    /// How its bytes went over time.
    Graph,
    /// Everything that was noted.
    Noted,
    /// Which protocols lie inside which.
    Hierarchy,
    /// Who sent how much.
    Hosts,
    /// How much passed when.
    Traffic,
}

impl Pane {
    /// All of them, in the order of the work.
    const ALL: [Self; 14] = [
        Self::Connections,
        Self::Requests,
        Self::Diagram,
        Self::Follow,
        Self::Keys,
        Self::Graph,
        Self::Step,
        Self::Packets,
        Self::Details,
        Self::Bytes,
        Self::Noted,
        Self::Hierarchy,
        Self::Hosts,
        Self::Traffic,
    ];

    /// What its tab says.
    #[must_use]
    pub(super) const fn title(self) -> &'static str {
        match self {
            Self::Diagram => "Diagram",
            Self::Step => "Step",
            Self::Details => "Details",
            Self::Bytes => "Bytes",
            Self::Packets => "Packets",
            Self::Connections => "Connections",
            Self::Requests => "Requests",
            Self::Follow => "Follow",
            Self::Keys => "Keys",
            Self::Graph => "Graph",
            Self::Noted => "Notes",
            Self::Hierarchy => "Protocols",
            Self::Hosts => "Hosts",
            Self::Traffic => "Traffic",
        }
    }
}

/// Where the panels are. It can be moved about, and kept.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Layout(Tree<Pane>);

impl Default for Layout {
    /// The diagram left and large, what is chosen right of it, the packets below.
    fn default() -> Self {
        Self::arranged(false)
    }
}

impl Layout {
    /// The same where there is less room: the bytes share a place with the details.
    pub(super) fn narrow() -> Self {
        Self::arranged(true)
    }

    fn arranged(narrow: bool) -> Self {
        let mut tiles = Tiles::default();
        let [drawing, step, details, bytes, packets, connections, requests, follow, keys, graph] =
            [
                Pane::Diagram,
                Pane::Step,
                Pane::Details,
                Pane::Bytes,
                Pane::Packets,
                Pane::Connections,
                Pane::Requests,
                Pane::Follow,
                Pane::Keys,
                Pane::Graph,
            ]
            .map(|pane| tiles.insert_pane(pane));
        let side = if narrow {
            let fields = tiles.insert_tab_tile(vec![details, bytes]);
            [(step, 1.2), (fields, 1.0)].to_vec()
        } else {
            [(step, 1.5), (details, 1.15), (bytes, 0.85)].to_vec()
        };
        let side = split(&mut tiles, LinearDir::Vertical, &side);
        let told = tiles.insert_tab_tile(vec![drawing, follow, keys, graph]);
        let upper = split(&mut tiles, LinearDir::Horizontal, &[(told, 1.48), (side, 1.0)]);
        let counted = [Pane::Noted, Pane::Hierarchy, Pane::Hosts, Pane::Traffic];
        let counted = counted.map(|pane| tiles.insert_pane(pane));
        let lower = [packets, connections, requests].into_iter().chain(counted).collect();
        let lower = tiles.insert_tab_tile(lower);
        let root = split(&mut tiles, LinearDir::Vertical, &[(upper, 2.6), (lower, 1.0)]);
        Self(Tree::new(egui::Id::unique("explore"), root, tiles))
    }
}

impl Layout {
    /// Whether every panel has a place: one that was kept by an earlier program may lack some.
    pub(super) fn is_whole(&self) -> bool {
        let is_there = |pane: &Pane| {
            let mut tiles = self.0.tiles.tiles();
            tiles.any(|tile| matches!(tile, Tile::Pane(one) if one == pane))
        };
        Pane::ALL.iter().all(is_there)
    }

    /// Brings a panel to the front of its tabs.
    pub(super) fn bring_forward(&mut self, pane: Pane) {
        let is_it = |_: TileId, tile: &Tile<Pane>| matches!(tile, Tile::Pane(one) if *one == pane);
        self.0.make_active(is_it);
    }
}

fn split(tiles: &mut Tiles<Pane>, dir: LinearDir, parts: &[(TileId, f32)]) -> TileId {
    let mut linear = Linear::new(dir, parts.iter().map(|(tile, _)| *tile).collect());
    for (tile, share) in parts {
        linear.shares.set_share(*tile, *share);
    }
    tiles.insert_container(Container::Linear(linear))
}

/// Shows all panels, or the one that has all room.
pub(crate) fn show(ui: &mut Ui, explore: &mut Explore, palette: &Palette, acts: &mut Vec<Act>) {
    panels(ui, explore, palette, acts);
    // What no panel has copied is the chosen step, or the row.
    if !ui.ctx().text_edit_focused() && row_menu::copies(ui) {
        let is_step = explore.view == View::Story && explore.selection.beat.is_some();
        let what = if is_step { Copied::Step } else { Copied::Row };
        acts.push(Act::Explore(Input::Copy(what)));
    }
}

fn panels(ui: &mut Ui, explore: &mut Explore, palette: &Palette, acts: &mut Vec<Act>) {
    if let Some(pane) = explore.alone {
        alone(ui, pane, explore, palette, acts);
        return;
    }
    let window = ui.ctx().content_rect().size();
    explore.is_small = window.x < SMALL.x || window.y < SMALL.y;
    if explore.is_small {
        one_at_a_time(ui, explore, palette, acts);
        return;
    }
    let is_narrow = window.x < NARROW;
    let own = if is_narrow { &mut explore.narrow } else { &mut explore.layout };
    let mut layout = std::mem::take(own);
    let mut panels = Panels { explore, palette, acts };
    layout.0.ui(&mut panels, ui);
    *if is_narrow { &mut explore.narrow } else { &mut explore.layout } = layout;
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
            for pane in Pane::ALL {
                let text = RichText::new(pane.title()).font(medium(12.0));
                if ui.selectable_label(explore.front == pane, text).clicked() {
                    explore.front = pane;
                }
            }
        });
    });
    panel(ui, explore.front, explore, palette, acts);
}

/// One panel with all room, and the way back.
fn alone(ui: &mut Ui, pane: Pane, explore: &mut Explore, palette: &Palette, acts: &mut Vec<Act>) {
    Frame::new().fill(palette.band).inner_margin(Margin::symmetric(8, 2)).show(ui, |ui| {
        ui.horizontal(|ui| {
            ui.label(RichText::new(pane.title()).font(medium(12.0)));
            ui.with_layout(egui::Layout::right_to_left(egui::Align::Center), |ui| {
                let back = ui.button("All panels").on_hover_text(Command::Alone.tip(ui.ctx()));
                if back.clicked() {
                    explore.alone = None;
                }
            });
        });
    });
    panel(ui, pane, explore, palette, acts);
}

/// One panel.
fn panel(ui: &mut Ui, pane: Pane, explore: &mut Explore, palette: &Palette, acts: &mut Vec<Act>) {
    let margin = match pane {
        Pane::Packets | Pane::Connections | Pane::Requests | Pane::Noted => Margin::ZERO,
        Pane::Hierarchy | Pane::Hosts | Pane::Traffic => Margin::ZERO,
        Pane::Step => Margin::symmetric(12, 8),
        _ => Margin::same(6),
    };
    ui.painter().rect_filled(ui.available_rect_before_wrap(), 0.0, palette.paper);
    Frame::new().inner_margin(margin).show(ui, |ui| match pane {
        Pane::Diagram => diagram::show(ui, explore, palette, acts),
        Pane::Step => step::show(ui, explore, palette, acts),
        Pane::Details => tree::show(ui, explore, palette, acts),
        Pane::Bytes => bytes::show(ui, explore, palette, acts),
        Pane::Packets => list::show(ui, explore, palette, acts),
        Pane::Connections => connections::show(ui, explore, palette, acts),
        Pane::Requests => request_list::show(ui, explore, palette, acts),
        Pane::Follow => follow_panel::show(ui, explore, palette, acts),
        Pane::Keys => keys_panel::show(ui, explore, palette, acts),
        Pane::Graph => graph_panel::show(ui, explore, palette, acts),
        Pane::Noted => noted_panel::show(ui, explore, palette, acts),
        Pane::Hierarchy => hierarchy_panel::show(ui, explore, palette, acts),
        Pane::Hosts => hosts_panel::show(ui, explore, palette, acts),
        Pane::Traffic => traffic_panel::show(ui, explore, palette, acts),
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
        RichText::new(pane.title()).font(medium(12.0)).into()
    }

    fn on_tab_button(&mut self, tiles: &mut Tiles<Pane>, tile: TileId, tab: Response) -> Response {
        if tab.double_clicked() {
            self.explore.alone = tiles.get_pane(&tile).copied();
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
            && frame_button(ui, self.palette, &format!("{} alone", pane.title())).clicked()
        {
            self.explore.alone = Some(*pane);
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

/// A line around the panel that has the keyboard, above all that is in it.
pub(super) fn ring(ui: &Ui, panel: &Response) {
    if panel.has_focus() {
        let stroke = Stroke::new(1.5, ui.visuals().widgets.active.bg_stroke.color);
        ui.painter().rect_stroke(panel.rect, 0.0, stroke, egui::StrokeKind::Inside);
    }
}
