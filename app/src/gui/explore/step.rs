//! The step panel: what the chosen step is, why it is done, and where the standard says so.

use egui::text::LayoutJob;
use egui::{RichText, ScrollArea, TextFormat, Ui};
use wirestage_dissectors::ids::ConnectionId;
use wirestage_dissectors::message::Protection;
use wirestage_dissectors::story::{Beat, BeatId, Doing, Level, Story};
use wirestage_dissectors::wording::counted;

use super::{Explore, Input, View};
use crate::diagram::color;
use crate::diagram::style::Style;
use crate::gui::act::Act;
use crate::gui::theme::{Palette, Tone, mono};
use crate::lessons::{self, Lesson};

/// Shows the panel.
pub(super) fn show(ui: &mut Ui, explore: &Explore, palette: &Palette, acts: &mut Vec<Act>) {
    if explore.shown.view == View::Overview {
        super::overview::step(ui, explore, palette);
        return;
    }
    let story = explore.shown.story.as_ref();
    let chosen = story.zip(explore.selection.beat);
    let chosen = chosen.and_then(|(story, id)| Some((story, id, story.beat(id)?)));
    let Some((story, id, beat)) = chosen else {
        match elsewhere(explore) {
            Some(connection) => other(ui, explore, connection, palette, acts),
            None => {
                // A field is chosen, of a frame that no step tells.
                if let Some((_, lesson)) = of_field(explore) {
                    ScrollArea::vertical()
                        .auto_shrink(false)
                        .show(ui, |ui| read(ui, lesson, palette));
                    return;
                }
                let text = match (explore.frame_count(), story) {
                    (0, _) => "This recording holds no frames: nothing happens here.",
                    (_, Some(story)) if story.beats.is_empty() => {
                        "Nothing in this recording can be drawn as steps: the packet list and \
                         the details show its frames."
                    }
                    _ => {
                        "Choose an arrow or a bead in the diagram: what it does and why stands \
                         here."
                    }
                };
                super::panes::hint(ui, palette, text);
            }
        }
        return;
    };
    // Each step begins at its top.
    let area = ScrollArea::vertical().id_salt(explore.selection.beat.map(|beat| beat.0));
    area.auto_shrink(false).show(ui, |ui| {
        ui.set_max_width(ui.available_width() - 8.0);
        if let Some((field, lesson)) = of_field(explore) {
            ui.label(RichText::new(format!("Field: {field}")).size(12.0).tone(palette.dim));
            read(ui, lesson, palette);
            ui.add_space(8.0);
            ui.separator();
        }
        heading(ui, story, beat, palette);
        let headline = if beat.headline.is_empty() { &beat.label } else { &beat.headline };
        ui.label(RichText::new(headline).head(14.0).tone(palette.ink));
        if !beat.detail.is_empty() {
            ui.add_space(4.0);
            ui.label(RichText::new(&beat.detail).tone(palette.ink));
        }
        ui.add_space(6.0);
        ui.horizontal_wrapped(|ui| {
            protection(ui, (story, id), palette);
            if let Some(source) = beat.source {
                ui.label(RichText::new(source.to_string()).size(12.0).tone(palette.dim));
            }
        });
        for told in explore.diagram.passed(story, id) {
            ui.label(RichText::new(format!("{told}.")).size(12.0).tone(palette.ink));
        }
        super::handed::show(ui, (story, id), palette);
        for told in programs(story, id) {
            ui.label(RichText::new(told).size(12.0).tone(palette.dim));
        }
        if let Some(lesson) = beat.lesson.and_then(lessons::find) {
            ui.add_space(10.0);
            read(ui, lesson, palette);
        }
    });
}

/// The lesson about the chosen field, or about the nearest one around it that has one, and what
/// that field is called.
fn of_field(explore: &Explore) -> Option<(&'static str, Lesson)> {
    let (details, line) = (explore.details.as_ref()?, explore.selection.line?);
    let mut around = details.around(line);
    around.find_map(|node| {
        let def = node.field?.def();
        Some((def.title, lessons::about(def.name)?))
    })
}

/// A lesson, to be read.
fn read(ui: &mut Ui, lesson: Lesson, palette: &Palette) {
    ui.label(RichText::new(lesson.title).head(13.0).tone(palette.ink));
    for paragraph in lesson.paragraphs() {
        ui.add_space(4.0);
        ui.label(prose(&paragraph, palette));
    }
}

/// The connection of the selected frame, where another one is told.
fn elsewhere(explore: &Explore) -> Option<ConnectionId> {
    let frame = explore.selection.frame?;
    let connection = explore.ground.attribution.of(frame, &explore.ground.survey)?.connection;
    explore.shown.told.filter(|told| *told != connection).map(|_| connection)
}

/// Offers to tell the connection of the selected frame.
fn other(
    ui: &mut Ui,
    explore: &Explore,
    connection: ConnectionId,
    palette: &Palette,
    acts: &mut Vec<Act>,
) {
    let name = super::connections::name(explore, connection);
    let text = format!("This frame belongs to another connection: {name}");
    ui.label(RichText::new(text).tone(palette.dim));
    ui.add_space(6.0);
    if ui.button("Draw that connection").clicked() {
        acts.push(Act::Explore(Input::Tell(Some(connection))));
    }
}

/// A paragraph in which words between backticks stand in the face of code.
fn prose(text: &str, palette: &Palette) -> LayoutJob {
    let mut job = LayoutJob::default();
    for (part, text) in text.split('`').enumerate() {
        let font_id = if part % 2 == 1 { mono(12.0) } else { egui::FontId::proportional(13.0) };
        let format = TextFormat { font_id, color: palette.ink, ..TextFormat::default() };
        job.append(text, 0.0, format);
    }
    job
}

/// Who sends what to whom.
fn heading(ui: &mut Ui, story: &Story, beat: &Beat, palette: &Palette) {
    let actor = |id: wirestage_dissectors::story::ActorId| {
        story.cast.get(usize::from(id.0)).map_or("?", |actor| actor.name.as_str())
    };
    let kind = match beat.level {
        Level::Chapter => "Chapter",
        Level::Exchange => "Exchange",
        Level::Flight => "Flight",
        Level::Message => "Message",
        Level::Packet => "Packet",
    };
    ui.horizontal_wrapped(|ui| {
        let who = format!("{kind}: {} → {}", actor(beat.from), actor(beat.to));
        ui.label(RichText::new(who).size(12.0).tone(palette.dim));
        let (first, last) = (beat.sent.frame.number(), beat.ended.frame.number());
        let frames = if first == last {
            format!("frame {first}")
        } else {
            format!("frames {first}–{last}")
        };
        let size = format!("{frames}, {}", counted(beat.bytes, "byte"));
        ui.label(RichText::new(size).font(mono(11.0)).tone(palette.faint));
    });
    ui.add_space(2.0);
}

/// What programs did at the ends of a flight, or of the flight that a message is part of.
fn programs(story: &Story, id: BeatId) -> Vec<String> {
    let beat = story.beat(id);
    let flight = beat.filter(|beat| beat.level > Level::Flight).and_then(|beat| beat.parent);
    let told = |doing: &Doing| {
        let actor = story.cast.get(usize::from(doing.actor.0))?;
        Some(format!("{}'s program: {}.", actor.name, doing.told()))
    };
    story.doings(flight.unwrap_or(id)).iter().filter_map(told).collect()
}

/// Who can read it: of a flight or a chapter, all that it holds.
fn protection(ui: &mut Ui, (story, id): (&Story, BeatId), palette: &Palette) {
    let held = story.protections(id);
    let style = |protection| match protection {
        Protection::Clear => Style::Ink,
        Protection::Opaque => Style::Opaque,
        Protection::Initial => Style::Initial,
        Protection::Ech => Style::Ech,
        Protection::Early => Style::Early,
        Protection::Handshake => Style::Handshake,
        Protection::Application => Style::Application,
    };
    let (style, text) = match held.as_slice() {
        [one] => (style(*one), who_reads(*one)),
        several => (Style::Ink, mixture(several)),
    };
    let tone = color(palette.theme.colours(style).text);
    ui.label(RichText::new(text).size(12.0).tone(tone));
}

/// Who can read what travels under one protection.
fn who_reads(protection: Protection) -> String {
    match (protection, protection.keys()) {
        (Protection::Opaque, _) => {
            "Sealed, and there is no key here: add a key log to read it.".into()
        }
        (Protection::Initial, _) => "Sealed with keys that anyone can derive.".into(),
        (_, Some(keys)) => format!("Sealed with the {keys}."),
        (_, None) => "In the clear: anyone on the way can read it.".into(),
    }
}

/// The same of several: what is in the clear, and which keys the rest is sealed with.
fn mixture(several: &[Protection]) -> String {
    let keys = several.iter().filter_map(|one| one.keys());
    let mut sealed: Vec<String> = keys.map(|keys| format!("the {keys}")).collect();
    if several.contains(&Protection::Opaque) {
        sealed.push("keys that are not known here".into());
    }
    let sealed = format!("sealed with {}", sealed.join(" and with "));
    if several.contains(&Protection::Clear) {
        format!("Part in the clear, part {sealed}.")
    } else {
        format!("All of it {sealed}.")
    }
}
