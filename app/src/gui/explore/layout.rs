//! Where the panels are, wide and narrow; which one is in front, and which has all room.

use egui_tiles::{Behavior, Container, Linear, LinearDir, Tile, TileId, Tiles, Tree};
use serde::{Deserialize, Serialize};

use super::Explore;
use super::pane::{Home, Pane};

/// Where the panels are. It can be moved about, and kept.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Layout(Tree<Pane>);

impl Default for Layout {
    /// The diagram left and large, what is chosen right of it, the packets below.
    fn default() -> Self {
        let mut tiles = Tiles::default();
        let side = [(Pane::Step, 1.5), (Pane::Details, 1.15), (Pane::Bytes, 0.85)];
        let side = side.map(|(pane, share)| (tiles.insert_pane(pane), share));
        Self::around(tiles, &side)
    }
}

impl Layout {
    /// The same where there is less room: the bytes share a place with the details.
    fn narrow() -> Self {
        let mut tiles = Tiles::default();
        let step = tiles.insert_pane(Pane::Step);
        let fields = [Pane::Details, Pane::Bytes].map(|pane| tiles.insert_pane(pane));
        let fields = tiles.insert_tab_tile(fields.to_vec());
        Self::around(tiles, &[(step, 1.2), (fields, 1.0)])
    }

    /// All other panels around those of what is chosen.
    fn around(mut tiles: Tiles<Pane>, side: &[(TileId, f32)]) -> Self {
        let side = split(&mut tiles, LinearDir::Vertical, side);
        let told = tabs(&mut tiles, &[Home::Told]);
        let upper = split(&mut tiles, LinearDir::Horizontal, &[(told, 1.48), (side, 1.0)]);
        let lower = tabs(&mut tiles, &[Home::Front, Home::Below]);
        let root = split(&mut tiles, LinearDir::Vertical, &[(upper, 2.6), (lower, 1.0)]);
        Self(Tree::new(egui::Id::unique("explore"), root, tiles))
    }

    /// Shows it.
    pub(super) fn ui(&mut self, panels: &mut dyn Behavior<Pane>, ui: &mut egui::Ui) {
        self.0.ui(panels, ui);
    }

    /// Whether every panel has a place: one that was kept by an earlier program may lack some.
    fn is_whole(&self) -> bool {
        let is_there = |pane: &Pane| {
            let mut tiles = self.0.tiles.tiles();
            tiles.any(|tile| matches!(tile, Tile::Pane(one) if one == pane))
        };
        Pane::ALL.iter().all(is_there)
    }

    /// Brings a panel to the front of its tabs.
    fn bring_forward(&mut self, pane: Pane) {
        let is_it = |_: TileId, tile: &Tile<Pane>| matches!(tile, Tile::Pane(one) if *one == pane);
        self.0.make_active(is_it);
    }
}

/// All panels of these homes, one behind the other.
fn tabs(tiles: &mut Tiles<Pane>, homes: &[Home]) -> TileId {
    let mut panes = Vec::new();
    for home in homes {
        let own = Pane::ALL.iter().filter(|pane| pane.panel().home == *home);
        panes.extend(own.map(|pane| tiles.insert_pane(*pane)));
    }
    tiles.insert_tab_tile(panes)
}

fn split(tiles: &mut Tiles<Pane>, dir: LinearDir, parts: &[(TileId, f32)]) -> TileId {
    let mut linear = Linear::new(dir, parts.iter().map(|(tile, _)| *tile).collect());
    for (tile, share) in parts {
        linear.shares.set_share(*tile, *share);
    }
    tiles.insert_container(Container::Linear(linear))
}

/// How the panels of one window are arranged, whatever its size.
pub(super) struct Arranged {
    /// In a window with room for all.
    wide: Layout,
    /// In a narrow one.
    narrow: Layout,
    /// The panel that a small one shows.
    pub(super) front: Pane,
    /// Whether the window shows one panel at a time.
    pub(super) is_small: bool,
    /// The panel that has all room, where one has.
    pub(super) alone: Option<Pane>,
}

impl Arranged {
    /// As it was kept, where that has a place for every panel.
    pub(super) fn new(kept: Option<Layout>) -> Self {
        Self {
            wide: kept.filter(Layout::is_whole).unwrap_or_default(),
            narrow: Layout::narrow(),
            front: Pane::Diagram,
            is_small: false,
            alone: None,
        }
    }

    /// The layout of a window that is narrow or not.
    pub(super) fn layout_mut(&mut self, is_narrow: bool) -> &mut Layout {
        if is_narrow { &mut self.narrow } else { &mut self.wide }
    }
}

impl Explore {
    /// Gives the diagram all room, or all panels theirs.
    pub fn toggle_alone(&mut self) {
        let alone = &mut self.arranged.alone;
        *alone = if alone.is_some() { None } else { Some(Pane::Diagram) };
    }

    /// Brings a panel to the front, wherever it is.
    pub(super) fn bring_forward(&mut self, pane: Pane) {
        self.arranged.wide.bring_forward(pane);
        self.arranged.narrow.bring_forward(pane);
        self.arranged.front = pane;
    }

    /// Puts the panels back to their first places.
    pub fn reset_layout(&mut self) {
        self.arranged.alone = None;
        self.arranged.wide = Layout::default();
        self.arranged.narrow = Layout::narrow();
    }

    /// Where the panels are.
    #[must_use]
    pub fn layout(&self) -> &Layout {
        &self.arranged.wide
    }

    /// Where the panels were.
    #[must_use]
    pub fn into_layout(self) -> Layout {
        self.arranged.wide
    }
}
