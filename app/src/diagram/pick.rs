//! What can be pointed at and chosen in a picture: a node for each beat and each folded block in
//! sight, each with a name for who cannot see it.

use std::borrow::Cow;
use std::collections::BTreeSet;

use egui::{Pos2, Rect, Response, Role, Sense, Ui, WidgetInfo};
use wirestage_dissectors::story::{BeatId, TrackId};

use super::paint::Placement;
use super::scene::{About, BeatBox, Scene};

/// What was chosen in a picture.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Chosen {
    /// A beat.
    Beat(BeatId),
    /// The connections that are folded because they went the same way as this one.
    More(TrackId),
}

/// Puts up the nodes; returns what is chosen in this frame.
pub(super) fn nodes(
    ui: &mut Ui,
    response: &Response,
    scene: &Scene,
    (place, view): (Placement, Rect),
    selected: Option<BeatId>,
    pale: &BTreeSet<BeatId>,
) -> Option<Chosen> {
    let under = |at: Pos2| about(scene, place, at);
    let mut chosen = None;
    let node = |ui: &mut Ui, rect, key: (&str, u32, usize), info: Option<(&str, bool)>| {
        let rect = place.rect(rect).intersect(view);
        if !rect.is_positive() {
            return None;
        }
        let node = ui.interact(rect, ui.scope_id().with(key), Sense::CLICK);
        if let Some((spoken, is)) = info {
            node.widget_info(|| WidgetInfo::selected(Role::Button, true, is, spoken));
        }
        node.clicked().then(|| {
            response.request_focus();
            node.interact_pointer_pos()
        })
    };
    for drawn in in_sight(scene, place, view) {
        let spoken = match pale.contains(&drawn.beat) {
            true => Cow::from(format!("{} (nothing of it passes the filter)", drawn.spoken)),
            false => Cow::from(&drawn.spoken),
        };
        let parts = [Some(drawn.bounds), drawn.sentence];
        for (part, rect) in parts.into_iter().flatten().enumerate() {
            let info = (part == 0).then_some((&*spoken, selected == Some(drawn.beat)));
            if let Some(at) = node(ui, rect, ("beat", drawn.beat.0, part), info) {
                // The bead under the pointer, or the whole arrow from the keyboard.
                chosen = Some(at.and_then(under).unwrap_or(Chosen::Beat(drawn.beat)));
            }
        }
    }
    for fold in scene.folds() {
        let spoken = format!("Unfold: {}", fold.spoken);
        let key = ("more", u32::from(fold.like.0), 0);
        if node(ui, fold.bounds, key, Some((&spoken, false))).is_some() {
            chosen = Some(Chosen::More(fold.like));
        }
    }
    if response.clicked() {
        chosen = response.interact_pointer_pos().and_then(under);
    }
    chosen
}

/// What lies under a point of the window.
pub(super) fn about(scene: &Scene, place: Placement, at: Pos2) -> Option<Chosen> {
    match scene.at(place.to_scene(at)) {
        Some(About::Beat(id)) => Some(Chosen::Beat(id)),
        Some(About::More(id)) => Some(Chosen::More(id)),
        _ => None,
    }
}

/// The beats whose arrow or sentence may be in sight.
fn in_sight(scene: &Scene, place: Placement, view: Rect) -> impl Iterator<Item = &BeatBox> {
    let (low, high) = (place.to_scene(view.min).y, place.to_scene(view.max).y);
    let beats = scene.beats();
    let end = beats.partition_point(|drawn| drawn.bounds.top <= high);
    // An arrow and its sentence are hardly ever taller than this.
    let tallest = 600.0;
    let start = beats.partition_point(|drawn| drawn.bounds.top < low - tallest);
    beats.get(start..end.max(start)).unwrap_or_default().iter()
}
