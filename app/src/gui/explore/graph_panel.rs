//! Paints the graph panel: what is shown and of whom, the graph, and what lies under the pointer or
//! the keyboard.

use std::sync::Arc;

use egui::{ComboBox, Key, Modifiers, Rect, Response, RichText, ScrollArea, Sense, Stroke, Ui};
use egui::{Role, WidgetInfo, pos2, vec2};
use wirestage_dissectors::ids::{Direction, FrameId};

use super::{Explore, Input, View, panes};
use crate::diagram::graph::{Kind, NARROWEST, Picture, Spot};
use crate::diagram::style::Style;
use crate::diagram::{Axis, Paint, Placement, Raised, color};
use crate::gui::act::Act;
use crate::gui::theme::{Palette, Tone};
use crate::lessons;

/// A spot is meant within this distance of the pointer, in points.
const NEAR: f32 = 14.0;
/// How wide a lesson is.
const LESSON: f32 = 260.0;
/// The line below the graph.
const BELOW: f32 = 20.0;
/// How much nearer a key comes.
const CLOSER: f64 = 1.5;

/// Shows the panel.
pub(super) fn show(ui: &mut Ui, explore: &mut Explore, palette: &Palette, acts: &mut Vec<Act>) {
    if explore.followed().is_none() {
        panes::no_connection(ui, explore, palette, "how its bytes went over time stands");
        return;
    }
    explore.read_course();
    ui.horizontal_wrapped(|ui| bar(ui, explore));
    let Some(read) = explore.graphing.known().map(Arc::clone) else {
        panes::reading(ui, palette, explore.graphing.trouble());
        return;
    };
    let Some(course) = &read.course else {
        panes::hint(ui, palette, "Neither TCP nor QUIC carries this connection.");
        return;
    };
    let kind = explore.graphing.kind;
    if let Some(why) = kind.lacks(course) {
        panes::hint(ui, palette, &format!("There is no graph of that: {why}."));
        return;
    }
    let mut room = ui.available_rect_before_wrap();
    ui.advance_cursor_after_rect(room);
    if explore.graphing.teaches && room.width() > NARROWEST + LESSON {
        let (left, right) = room.split_left_right_at_x(room.right() - LESSON);
        room = left;
        lesson(ui, right, kind, palette);
    }
    let size = (room.width().max(NARROWEST), (room.height() - BELOW).max(120.0));
    explore.draw_course((size.0.floor(), size.1.floor()));
    let Some(picture) = explore.graphing.picture() else {
        let trouble = explore.graphing.trouble();
        let text = trouble.map_or("Drawing…", |trouble| trouble.cause.as_str());
        panes::hint_at(ui, room, palette, text);
        return;
    };
    let selected = explore.selected_in(course);
    let sight =
        ladder(explore).map(|(from, to)| (course.since_start(from), course.since_start(to)));
    paint(ui, (room, &picture), explore, (selected, sight), palette, acts);
}

/// What is shown, of whom, and which stretch of it.
fn bar(ui: &mut Ui, explore: &mut Explore) {
    let own = &mut explore.graphing;
    let combo = ComboBox::from_id_salt("graph").width(168.0).selected_text(own.kind.name());
    let combo = combo.show_ui(ui, |ui| {
        for kind in Kind::ALL {
            ui.selectable_value(&mut own.kind, kind, kind.name());
        }
    });
    combo.response.accessible_name("Which graph");
    let senders = [
        (None, "Who sent more"),
        (Some(Direction::Forward), "Client sends"),
        (Some(Direction::Backward), "Server sends"),
    ];
    let shown = senders.iter().find(|(sender, _)| *sender == own.sender);
    let combo = ComboBox::from_id_salt("sender").width(112.0);
    let combo = combo.selected_text(shown.map_or("", |(_, name)| name)).show_ui(ui, |ui| {
        for (sender, name) in senders {
            ui.selectable_value(&mut own.sender, sender, name);
        }
    });
    combo.response.accessible_name("Whose sending");
    if ui.add_enabled(own.stretch.is_some(), egui::Button::new("Whole time")).clicked() {
        own.stretch = None;
    }
    ui.toggle_value(&mut own.teaches, "How to read it");
}

/// The lesson beside the graph.
fn lesson(ui: &mut Ui, room: Rect, kind: Kind, palette: &Palette) {
    let Some(lesson) = lessons::find(kind.lesson()) else { return };
    ui.scope_builder(egui::UiBuilder::new().max_rect(room.shrink(8.0)), |ui| {
        ScrollArea::vertical().id_salt("reading").auto_shrink(false).show(ui, |ui| {
            ui.label(RichText::new(lesson.title).head(13.0).tone(palette.ink));
            for paragraph in lesson.paragraphs() {
                ui.add_space(6.0);
                ui.label(RichText::new(paragraph).size(12.0).tone(palette.dim));
            }
        });
    });
}

/// The times that the ladder has in sight, where it is to scale and tells a story.
fn ladder(
    explore: &Explore,
) -> Option<(wirestage_dissectors::ids::Time, wirestage_dissectors::ids::Time)> {
    let story = explore.shown.story.as_ref()?;
    let is_shown = explore.shown.view == View::Story && explore.shown.axis() == Axis::Time;
    let beats = is_shown.then(|| explore.diagram.in_sight())??;
    let times = beats.filter_map(|beat| story.beat(beat)).filter_map(|beat| beat.sent.time.known());
    let mut times: Vec<_> = times.collect();
    times.sort_unstable_by_key(|time| time.0);
    times.first().copied().zip(times.last().copied())
}

/// Paints the picture with what is selected, and hears pointer and keys.
fn paint(
    ui: &mut Ui,
    (room, picture): (Rect, &Arc<Picture>),
    explore: &mut Explore,
    (selected, sight): (Option<i64>, Option<(i64, i64)>),
    palette: &Palette,
    acts: &mut Vec<Act>,
) {
    let place = Placement { left: 0.0, top: 0.0, zoom: 1.0, corner: room.left_top() };
    let plot = place.rect(picture.plot);
    let response = ui.interact(room, ui.scope_id().with("graph"), Sense::click_and_drag());
    let here = explore.graphing.at.and_then(|frame| of_frame(picture, frame));
    let label = format!("Graph: {}", picture.spoken);
    response.widget_info(|| WidgetInfo::labeled(Role::Canvas, true, &label));
    let here = keys(ui, &response, (picture, here), explore, acts);
    let pointed = response.hover_pos().and_then(|at| nearest(picture, &place, at));

    let painter = ui.painter_at(room.with_max_y(room.bottom() - BELOW));
    let paint = Paint { painter: &painter, theme: &palette.theme, place };
    paint.scene(&picture.scene, |_| Raised::No, |_| ());
    let (from, to) = picture.stretch;
    let x = |nanos: i64| {
        let share = nanos.saturating_sub(from) as f64 / to.saturating_sub(from).max(1) as f64;
        plot.left() + share.clamp(0.0, 1.0) as f32 * plot.width()
    };
    let focus = color(palette.theme.colours(Style::Focus).line);
    if let Some((first, last)) = sight.filter(|(first, last)| *last > from && *first < to) {
        // What the ladder shows now, as a bar along the axis of time.
        let bar = Rect::from_x_y_ranges(x(first)..=x(last), plot.bottom()..=plot.bottom() + 3.0);
        painter.rect_filled(bar, 0.0, focus.gamma_multiply(0.5));
    }
    if let Some(nanos) = selected.filter(|nanos| (from..=to).contains(nanos)) {
        painter.vline(x(nanos), plot.y_range(), (1.0, focus));
    }
    for spot in [here, pointed].into_iter().flatten() {
        let at = pos2(room.left() + spot.at.x, room.top() + spot.at.y);
        painter.circle_stroke(at, 7.0, Stroke::new(1.5, focus));
    }
    brush(ui, (&response, plot), explore, (from, to), &painter);
    let said = pointed.or(here).map(Spot::words).unwrap_or_default();
    let line = Rect::from_min_max(pos2(room.left(), room.bottom() - BELOW), room.max);
    let help =
        "Arrows go along the packets, Enter chooses one; drag over a stretch to look closer.";
    let text = if said.is_empty() { help } else { &said };
    let text = RichText::new(text).size(12.0).color(palette.dim);
    ui.put(line, egui::Label::new(text).truncate());
    if let Some(spot) = pointed.filter(|_| response.clicked()) {
        choose(spot.frame, explore, acts);
    }
}

fn choose(frame: FrameId, explore: &mut Explore, acts: &mut Vec<Act>) {
    explore.graphing.at = Some(frame);
    acts.push(Act::Explore(Input::Frame(frame)));
}

/// Goes along the spots, nearer and farther; gives the one where the keyboard is.
fn keys<'p>(
    ui: &Ui,
    response: &Response,
    (picture, here): (&'p Picture, Option<&'p Spot>),
    explore: &mut Explore,
    acts: &mut Vec<Act>,
) -> Option<&'p Spot> {
    if response.clicked() || response.drag_started() {
        response.request_focus();
    }
    if !panes::keyboard(ui, response) {
        return here;
    }
    let pressed = |key| ui.input_mut(|input| input.consume_key(Modifiers::NONE, key));
    let spots = &picture.spots;
    let place = here.and_then(|here| spots.iter().position(|spot| spot == here));
    let last = spots.len().checked_sub(1)?;
    let next = |step: isize| {
        let place = place.map_or(0, |place| place.saturating_add_signed(step));
        spots.get(place.min(last))
    };
    let there = match () {
        () if pressed(Key::ArrowRight) => next(1),
        () if pressed(Key::ArrowLeft) => next(-1),
        () if pressed(Key::PageDown) => next(20),
        () if pressed(Key::PageUp) => next(-20),
        () if pressed(Key::Home) => spots.first(),
        () if pressed(Key::End) => spots.last(),
        () => here,
    };
    explore.graphing.at = there.map(|spot| spot.frame);
    if let Some(spot) = there.filter(|_| pressed(Key::Enter)) {
        choose(spot.frame, explore, acts);
    }
    let (from, to) = picture.stretch;
    let middle = there.map_or((from + to) / 2, |spot| spot.nanos);
    let zoomed = |factor: f64| {
        let half = ((to - from) as f64 * factor / 2.0) as i64;
        Some((middle.saturating_sub(half).max(0), middle.saturating_add(half.max(1))))
    };
    if pressed(Key::Plus) || pressed(Key::Equals) {
        explore.graphing.stretch = zoomed(1.0 / CLOSER);
    } else if pressed(Key::Minus) && explore.graphing.stretch.is_some() {
        explore.graphing.stretch = zoomed(CLOSER);
    } else if pressed(Key::Num0) {
        explore.graphing.stretch = None;
    }
    there
}

/// A drag over the graph chooses the stretch that is shown; a double click takes that back.
fn brush(
    ui: &Ui,
    (response, plot): (&Response, Rect),
    explore: &mut Explore,
    (from, to): (i64, i64),
    painter: &egui::Painter,
) {
    let nanos = |x: f32| {
        let share = f64::from(((x - plot.left()) / plot.width().max(1.0)).clamp(0.0, 1.0));
        from + (share * (to - from) as f64) as i64
    };
    let own = &mut explore.graphing;
    let at = response.interact_pointer_pos().map(|at| at.x);
    if response.drag_started() {
        // The pointer may have moved before it counts as a drag.
        let origin = ui.input(|input| input.pointer.press_origin());
        own.dragged = origin.map(|at| nanos(at.x));
    }
    let Some((begun, x)) = own.dragged.zip(at) else {
        if response.double_clicked() {
            own.stretch = None;
        }
        return;
    };
    let (first, last) = (begun.min(nanos(x)), begun.max(nanos(x)));
    if response.drag_stopped() {
        (own.stretch, own.dragged) = ((last > first).then_some((first, last)), None);
        return;
    }
    let share = |nanos: i64| (nanos - from) as f32 / (to - from).max(1) as f32;
    let across = |nanos: i64| plot.left() + share(nanos) * plot.width();
    let rect = Rect::from_x_y_ranges(across(first)..=across(last), plot.y_range());
    painter.rect_filled(rect, 0.0, ui.visuals().selection.bg_fill.gamma_multiply(0.25));
}

/// The spot of a frame.
fn of_frame(picture: &Picture, frame: FrameId) -> Option<&Spot> {
    picture.spots.iter().find(|spot| spot.frame == frame)
}

/// The spot that is meant by a pointer. They stand in the order of time, so few are looked at.
fn nearest<'p>(picture: &'p Picture, place: &Placement, at: egui::Pos2) -> Option<&'p Spot> {
    let at = at - place.corner;
    let first = picture.spots.partition_point(|spot| spot.at.x < at.x - NEAR);
    let own = picture.spots.get(first..).unwrap_or_default();
    let near = own.iter().take_while(|spot| spot.at.x <= at.x + NEAR);
    let distance = |spot: &&Spot| vec2(spot.at.x - at.x, spot.at.y - at.y).length();
    let found = near.map(|spot| (distance(&spot), spot)).filter(|(far, _)| *far <= NEAR);
    found.min_by(|a, b| a.0.total_cmp(&b.0)).map(|(_, spot)| spot)
}
