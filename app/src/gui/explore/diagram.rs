//! The diagram panel: what is told, drawn.

use std::sync::Arc;

use egui::{ComboBox, RichText, Ui};
use wirestage_dissectors::story::passages::{Steps, said};
use wirestage_dissectors::story::{BeatId, Folded, Level, Story, Times};

use super::passing::Passing;
use super::{Explore, Input, View, telling};
use crate::diagram::{Chosen, DiagramView};
use crate::export::Clock;
use crate::gui::act::Act;
use crate::gui::command::Command;
use crate::gui::focus;
use crate::gui::theme::Palette;

/// The diagram's view, and what it needs between two pictures.
#[derive(Default)]
pub(super) struct Diagram {
    view: DiagramView,
    said: Option<Said>,
    followed: Option<Followed>,
    passing: Option<Passing>,
}

/// What is followed while a step is selected. Finding it walks the story, too.
struct Followed {
    story: Arc<Story>,
    selected: Option<BeatId>,
    /// The first question of what the selected step is part of: the same for all its steps, so that
    /// going from one to the next changes nothing in the picture.
    first: Option<BeatId>,
    /// From where the step was handed on and to where, and what proves it: a sentence each.
    passed: Vec<String>,
}

impl Diagram {
    /// From where the selected step was handed on and to where, once the diagram has found it.
    pub(super) fn passed(&self, story: &Arc<Story>, selected: BeatId) -> &[String] {
        let found = self.followed.as_ref().filter(|one| one.is_of(story, Some(selected)));
        found.map_or(&[], |one| &one.passed)
    }

    /// The beats that are in sight, once a picture is.
    pub(super) fn in_sight(&self) -> Option<impl Iterator<Item = BeatId>> {
        self.view.in_sight()
    }
}

impl Followed {
    fn of(story: &Arc<Story>, selected: Option<BeatId>) -> Self {
        let trail = selected.and_then(|beat| story.trail(beat));
        let first = trail.and_then(|trail| Some(trail.legs.first()?.question));
        let passed = selected.map(|beat| passed(story, beat)).unwrap_or_default();
        Self { story: Arc::clone(story), selected, first, passed }
    }

    fn is_of(&self, story: &Arc<Story>, selected: Option<BeatId>) -> bool {
        Arc::ptr_eq(&self.story, story) && self.selected == selected
    }
}

/// What is said of the step that a beat is, or is part of.
fn passed(story: &Story, beat: BeatId) -> Vec<String> {
    if story.passages.is_empty() {
        return Vec::new();
    }
    let mut flight = beat;
    while let Some(above) = story.beat(flight).filter(|beat| beat.level > Level::Flight) {
        let Some(parent) = above.parent else { break };
        flight = parent;
    }
    said(story, &Steps::of(story), flight)
}

/// What is said above the picture of a story. Finding it walks the story, which is not done for
/// each frame of the window.
struct Said {
    story: Arc<Story>,
    clock: Clock,
    times: Times,
    note: Option<String>,
    remarks: Vec<String>,
}

impl Said {
    fn of(story: &Arc<Story>, clock: Clock) -> Self {
        let times = clock.times(story);
        let note = times.note(story.began());
        Self { story: Arc::clone(story), clock, times, note, remarks: story.remarks() }
    }

    fn is_of(&self, story: &Arc<Story>, clock: Clock) -> bool {
        Arc::ptr_eq(&self.story, story) && self.clock == clock
    }
}

/// Shows the panel.
pub(super) fn show(ui: &mut Ui, explore: &mut Explore, palette: &Palette, acts: &mut Vec<Act>) {
    if explore.shown.view == View::Overview {
        super::overview::show(ui, explore, palette, acts);
        return;
    }
    if explore.source.grows && explore.frame_count() == 0 {
        super::panes::hint(ui, palette, "Waiting for the first packet…");
        return;
    }
    let nothing = explore.shown.story.as_ref().filter(|story| story.beats.is_empty());
    if let Some(story) = nothing {
        let sum = story.sum.trim_end_matches('.');
        let text = match explore.frame_count() {
            0 => format!("Nothing in this recording can be drawn. {sum}."),
            _ => format!(
                "Nothing in this recording can be drawn. {sum}. The packet list shows its frames."
            ),
        };
        super::panes::hint(ui, palette, &text);
        return;
    }
    if let Some(story) = &explore.shown.story
        && !explore.diagram.said.as_ref().is_some_and(|said| said.is_of(story, explore.shown.clock))
    {
        explore.diagram.said = Some(Said::of(story, explore.shown.clock));
    }
    ui.horizontal_wrapped(|ui| bar(ui, explore, palette, acts));
    let Some(story) = explore.shown.story.clone() else {
        let text = match explore.shown.telling.doing() {
            Some(_) => "Reading the connections…",
            None => "This could not be told. Choose a connection, or open the recording again.",
        };
        super::panes::hint(ui, palette, text);
        return;
    };
    let selected = explore.selection.beat;
    let flags = explore.flags();
    let filtered = explore.filtering.passed.as_ref();
    let Diagram { view, said, followed, passing } = &mut explore.diagram;
    let is_known = passing.as_ref().zip(filtered).is_some_and(|(it, by)| it.is_of(&story, by));
    if !is_known {
        *passing = filtered.and_then(|passed| Passing::of(&story, passed));
    }
    view.pale = passing.as_ref().map(|passing| Arc::clone(&passing.pale)).unwrap_or_default();
    if !followed.as_ref().is_some_and(|one| one.is_of(&story, selected)) {
        *followed = Some(Followed::of(&story, selected));
    }
    view.request.followed = followed.as_ref().and_then(|one| one.first);
    for note in said.iter().flat_map(|said| &said.remarks) {
        ui.label(RichText::new(note).size(12.0).color(palette.warning));
    }
    view.level = explore.shown.level;
    (view.flags, view.grows) = (flags, explore.source.grows);
    // Where no panel beside tells what a step means, the picture does.
    view.is_alone = explore.arranged.is_small || explore.arranged.alone.is_some();
    view.request.axis = explore.shown.axis();
    view.request.times = said.as_ref().map_or(Times::Elapsed, |said| said.times);
    let chosen = view.show(ui, &story, &palette.theme, selected);
    if let Some(picture) = ui.ctx().read_response(ui.scope_id().with("picture")) {
        focus::stop(ui.ctx(), picture.id);
        super::row_menu::of_diagram(&picture, explore, acts);
    }
    match chosen {
        Some(Chosen::Beat(beat)) => acts.push(Act::Explore(match story.repeat(beat) {
            Some(repeat) => Input::Unfold(Folded::Exchanges(repeat.first)),
            None => Input::Beat(beat),
        })),
        Some(Chosen::More(like)) => {
            acts.push(Act::Explore(Input::Unfold(Folded::Connections(like))));
        }
        None => {}
    }
}

/// How wide the name of what is told is, and what is left to the other controls.
const NAME: (f32, f32) = (160.0, 340.0);
const OTHERS: f32 = 640.0;

/// What is told, from how near, and how it is written.
fn bar(ui: &mut Ui, explore: &mut Explore, palette: &Palette, acts: &mut Vec<Act>) {
    if explore.connections.all.len() > 1 {
        let tip = Command::Overview.tip(ui.ctx());
        if ui.button("‹ Overview").on_hover_text(tip).clicked() {
            acts.push(Act::Explore(Input::Overview));
        }
    }
    picker(ui, explore, acts);
    super::kept::level(ui, explore.shown.level, acts);
    super::kept::axis(ui, "Scale", explore.shown.axis(), acts);
    super::kept::clock(ui, "Times", explore.shown.clock, acts);
    let view = &mut explore.diagram.view;
    // Keys and the wheel zoom as well; a small window has no room for everything.
    if !explore.arranged.is_small {
        if ui.button("−").on_hover_text("Further away (-)").clicked() {
            view.zoom_by(0.8);
        }
        if ui.button("+").on_hover_text("Closer (+), or ctrl and the wheel").clicked() {
            view.zoom_by(1.25);
        }
        if ui.button("Fit").on_hover_text("Fit the picture to the width (0)").clicked() {
            view.fit();
        }
    }
    if explore.shown.folded.is_some() {
        let tip = "Tell connections that went the same way as one again";
        if ui.button("Fold alike").on_hover_text(tip).clicked() {
            acts.push(Act::Explore(Input::FoldAgain));
        }
    }
    if let Some(note) = explore.diagram.said.as_ref().and_then(|said| said.note.as_deref()) {
        ui.label(RichText::new(note).size(12.0).color(palette.dim));
    }
}

/// What is told: one of the first connections, or all of a small recording.
fn picker(ui: &mut Ui, explore: &Explore, acts: &mut Vec<Act>) {
    let connections = &explore.connections.all;
    if connections.len() <= 1 {
        return;
    }
    let name = |told: Option<_>| match told {
        None => format!("All {} connections", connections.len()),
        Some(id) => super::connections::name(explore, id),
    };
    let combo = ComboBox::from_id_salt("told").selected_text(name(explore.shown.told)).truncate();
    let combo = combo.width((ui.available_width() - OTHERS).clamp(NAME.0, NAME.1));
    let response = combo.show_ui(ui, |ui| {
        let all = telling::whole(connections, &explore.ground.survey);
        let some = connections.iter().copied().take(telling::MAX_TOLD);
        for told in all.then_some(None).into_iter().chain(some.map(Some)) {
            if ui.selectable_label(explore.shown.told == told, name(told)).clicked() {
                acts.push(Act::Explore(Input::Tell(told)));
            }
        }
        if connections.len() > telling::MAX_TOLD {
            ui.label("More of them stand in the Connections panel.");
        }
    });
    response.response.accessible_name("What the diagram tells");
}
