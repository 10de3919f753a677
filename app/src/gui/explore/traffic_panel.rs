//! The traffic panel: how much passed when; a brush over it narrows everything else to that time.

use egui::{Align2, Rect, Role, Sense, Ui, WidgetInfo, pos2, vec2};
use wirestage_dissectors::wording::{bytes, duration, in_unit, thousands, unit_of};

use super::tables::Counted;
use super::{Explore, Input, panes};
use crate::document::{Amount, Traffic};
use crate::gui::act::Act;
use crate::gui::theme::{Palette, mono};

/// Room for the axis below.
const AXIS: f32 = 36.0;
/// What the name of the amounts takes above them.
const NAME: f32 = 20.0;

/// The panel.
#[derive(Default)]
pub(super) struct TrafficPanel {
    whole: Counted<Traffic>,
    shown: Counted<Traffic>,
    in_bytes: bool,
    /// Where a drag began and where it is, as shares of the width.
    dragged: Option<(f32, f32)>,
    /// What the brush has put into the filter line.
    brushed: Option<Brushed>,
}

/// A stretch of time that everything is narrowed to.
#[derive(Clone, Debug, PartialEq)]
struct Brushed {
    /// In nanoseconds since the first frame, as the filter counts.
    from: i64,
    to: i64,
    /// What was typed before.
    base: String,
    /// What stands there since.
    typed: String,
}

/// Shows the panel.
pub(super) fn show(ui: &mut Ui, explore: &mut Explore, palette: &Palette, acts: &mut Vec<Act>) {
    let (stand, whole) = (explore.stand(), explore.whole_stand());
    let panel = &mut explore.tables.traffic;
    let all = panel.whole.look(&whole, |ground, rows, _| Some(ground.traffic(rows)));
    let shown = panel.shown.look(&stand, |ground, rows, _| Some(ground.traffic(rows)));
    let Some((all, shown)) = all.zip(shown) else {
        panes::counting(ui, palette, &panel.whole);
        return;
    };
    if all.stretches.is_empty() {
        panes::hint(ui, palette, "This recording says of no packet when it passed.");
        return;
    }
    ui.horizontal(|ui| {
        ui.add_space(8.0);
        ui.selectable_value(&mut panel.in_bytes, false, "Packets");
        ui.selectable_value(&mut panel.in_bytes, true, "Bytes");
        let is_brushed = panel.brushed.is_some();
        if ui.add_enabled(is_brushed, egui::Button::new("All of the time")).clicked() {
            acts.push(Act::Explore(Input::Brush(None)));
        }
        let hint = "Drag over the plot to look at a stretch of time; a double click takes it back.";
        ui.label(egui::RichText::new(hint).size(12.0).color(palette.dim));
    });
    let rect = ui.available_rect_before_wrap().shrink2(vec2(8.0, 4.0));
    ui.advance_cursor_after_rect(rect);
    let plot = Rect::from_min_max(rect.min, rect.max - vec2(0.0, AXIS));
    let response = ui.interact(plot, ui.scope_id().with("plot"), Sense::click_and_drag());
    let sum = shown.stretches.iter().map(|one| one.frames).sum::<u64>();
    let label = format!("Traffic, {} packets in {}", thousands(sum), duration(all.nanos));
    response.widget_info(|| WidgetInfo::labeled(Role::Canvas, true, &label));
    paint(ui, palette, plot, (&all, &shown), panel);
    axis(ui, palette, Rect::from_min_max(plot.left_bottom(), rect.max), all.nanos);

    let share = |at: egui::Pos2| ((at.x - plot.left()) / plot.width().max(1.0)).clamp(0.0, 1.0);
    if let Some(at) = response.interact_pointer_pos().map(share) {
        if response.drag_started() {
            panel.dragged = Some((at, at));
        } else if let Some((from, _)) = panel.dragged.filter(|_| response.dragged()) {
            panel.dragged = Some((from, at));
        }
    }
    if response.drag_stopped()
        && let Some((from, to)) = panel.dragged.take()
    {
        let nanos = |share: f32| all.before + (f64::from(share) * all.nanos as f64) as i64;
        let (from, to) = (nanos(from.min(to)), nanos(from.max(to)));
        acts.push(Act::Explore(Input::Brush(Some((from, to)))));
    }
    if response.double_clicked() {
        acts.push(Act::Explore(Input::Brush(None)));
    }
}

/// Bars for all packets, those that are shown stronger, and the brush.
fn paint(
    ui: &Ui,
    palette: &Palette,
    plot: Rect,
    (all, shown): (&Traffic, &Traffic),
    panel: &TrafficPanel,
) {
    let painter = ui.painter_at(plot);
    let value = |one: &Amount| if panel.in_bytes { one.bytes } else { one.frames };
    let most = all.stretches.iter().map(value).max().unwrap_or(0).max(1);
    let width = plot.width() / all.stretches.len().max(1) as f32;
    for (traffic, tone) in [(all, palette.tint(0.22)), (shown, palette.accent)] {
        for (nth, one) in traffic.stretches.iter().enumerate() {
            let height = (value(one) as f32 / most as f32) * (plot.height() - NAME);
            if height <= 0.0 {
                continue;
            }
            // What is little is seen all the same.
            let top = plot.bottom() - height.max(1.5);
            let left = plot.left() + nth as f32 * width;
            let bar =
                Rect::from_min_max(pos2(left, top), pos2(left + width.max(1.0), plot.bottom()));
            painter.rect_filled(bar, 0.0, tone);
        }
    }
    let nanos = all.nanos.max(1) as f64;
    let share = |at: i64| ((at - all.before) as f64 / nanos) as f32;
    let kept = panel.brushed.as_ref().map(|one| (share(one.from), share(one.to)));
    if let Some((from, to)) = panel.dragged.map(|(a, b)| (a.min(b), a.max(b))).or(kept) {
        let at = |share: f32| plot.left() + share * plot.width();
        let brush = Rect::from_x_y_ranges(at(from)..=at(to), plot.y_range());
        painter.rect_filled(brush, 0.0, palette.accent.gamma_multiply(0.14));
        painter.vline(brush.left(), plot.y_range(), (1.5, palette.accent));
        painter.vline(brush.right(), plot.y_range(), (1.5, palette.accent));
    }
    let count = i64::try_from(all.stretches.len()).unwrap_or(i64::MAX).max(1);
    let stretch = duration(all.nanos / count);
    let (what, most) =
        if panel.in_bytes { ("Bytes", bytes(most)) } else { ("Packets", thousands(most)) };
    let text = format!("{what} in each {stretch}: at most {most}");
    let font = egui::FontId::proportional(12.0);
    painter.text(plot.left_top(), Align2::LEFT_TOP, text, font, palette.dim);
}

/// Times below, a few of them.
fn axis(ui: &Ui, palette: &Palette, rect: Rect, nanos: i64) {
    const TICKS: i64 = 4;
    let unit = unit_of(nanos);
    let painter = ui.painter_at(rect.expand2(vec2(8.0, 0.0)));
    painter.hline(rect.x_range(), rect.top(), (1.0, palette.line));
    for tick in 0..=TICKS {
        let x = rect.left() + rect.width() * tick as f32 / TICKS as f32;
        let align = match tick {
            0 => Align2::LEFT_TOP,
            TICKS => Align2::RIGHT_TOP,
            _ => Align2::CENTER_TOP,
        };
        let text = match tick {
            0 => "0".to_owned(),
            _ => in_unit(nanos / TICKS * tick, unit),
        };
        painter.text(pos2(x, rect.top() + 4.0), align, text, mono(11.0), palette.dim);
    }
    let font = egui::FontId::proportional(12.0);
    let name = "Time since the first packet";
    painter.text(rect.right_bottom(), Align2::RIGHT_BOTTOM, name, font, palette.dim);
}

impl Explore {
    /// Narrows everything to a stretch of time, in nanoseconds since the first frame; or takes
    /// that back.
    pub(super) fn brush(&mut self, stretch: Option<(i64, i64)>) {
        let typed = self.filtering.typed.clone();
        let brushed = self.tables.traffic.brushed.take();
        // What somebody typed since is what the next brush adds to.
        let base = brushed.filter(|one| one.typed == typed).map_or(typed, |one| one.base);
        self.filtering.typed.clone_from(&base);
        if let Some((from, to)) = stretch {
            let seconds =
                |nanos: i64| format!("{}.{:09}", nanos / 1_000_000_000, nanos % 1_000_000_000);
            let time = "frame.time_relative";
            let clause = format!("{time} >= {} and {time} <= {}", seconds(from), seconds(to));
            let typed = match base.trim() {
                "" => clause,
                base => format!("({base}) and {clause}"),
            };
            self.filtering.typed.clone_from(&typed);
            self.tables.traffic.brushed = Some(Brushed { from, to, base, typed });
        }
        self.filter();
    }
}
