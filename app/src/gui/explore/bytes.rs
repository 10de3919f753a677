//! The bytes panel: a tab for each buffer on the way, the selected field raised in it.

use egui::{Key, Modifiers, Rect, Role, ScrollArea, Sense, Ui, WidgetInfo, pos2, vec2};
use wirestage_dissectors::span::{BufferId, Span};

use super::details::{Bytes, Details};
use super::{Copied, Explore, Input};
use crate::gui::act::Act;
use crate::gui::theme::{Palette, mono};

/// How many bytes stand in a line.
const WIDE: u32 = 16;
/// How high a line is.
const LINE: f32 = 17.0;

/// Where the cells of a line stand, from its left edge.
#[derive(Clone, Copy)]
struct Grid {
    /// The width of one letter.
    letter: f32,
}

impl Grid {
    const MARGIN: f32 = 4.0;

    fn hex(self, column: u32) -> f32 {
        // Eight letters of offset and two of space; a wider gap in the middle.
        let gap = if column >= WIDE / 2 { 1.0 } else { 0.0 };
        Self::MARGIN + (7.0 + 3.0 * column as f32 + gap) * self.letter
    }

    fn text(self, column: u32) -> f32 {
        Self::MARGIN + (7.0 + 3.0 * WIDE as f32 + 2.5 + column as f32) * self.letter
    }

    fn width(self) -> f32 {
        self.text(WIDE) + Self::MARGIN
    }

    /// The column at a place in a line, in either half.
    fn column(self, x: f32) -> Option<u32> {
        let hex = |column: &u32| {
            let left = self.hex(*column) - self.letter * 0.5;
            (left..left + 3.0 * self.letter).contains(&x)
        };
        let text = |column: &u32| {
            let left = self.text(*column);
            (left..left + self.letter).contains(&x)
        };
        (0..WIDE).find(|column| hex(column) || text(column))
    }
}

/// Shows the panel.
pub(super) fn show(ui: &mut Ui, explore: &Explore, palette: &Palette, acts: &mut Vec<Act>) {
    let Some(details) = &explore.details else {
        super::panes::hint(ui, palette, "The bytes of what you choose appear here.");
        return;
    };
    let tab = explore.selection.tab.and_then(|tab| details.buffer(tab));
    let Some(buffer) = tab.or(details.buffers.first()) else { return };
    tabs(ui, details, buffer.id, acts);
    let node = explore.selection.line.and_then(|line| details.tree.nodes.get(line));
    let raised = node.map(|node| node.span).filter(|span| span.buffer == buffer.id);
    let sources = explore.selection.line.and_then(|line| details.sources.get(line));
    let from = sources.into_iter().flatten().filter(|span| span.buffer == buffer.id);
    let from: Vec<Span> = from.copied().collect();
    caption(ui, palette, buffer, raised, &from);
    ui.separator();
    dump(ui, explore, palette, buffer, raised, &from, acts);
}

fn tabs(ui: &mut Ui, details: &Details, shown: BufferId, acts: &mut Vec<Act>) {
    ScrollArea::horizontal().id_salt("tabs").show(ui, |ui| {
        ui.horizontal(|ui| {
            for buffer in &details.buffers {
                let text = egui::RichText::new(&buffer.title).size(12.0);
                let tab = ui.selectable_label(buffer.id == shown, text);
                if tab.on_hover_text(&buffer.origin).clicked() {
                    acts.push(Act::Explore(Input::Tab(buffer.id)));
                }
            }
        });
    });
}

/// What is raised, in words.
fn caption(ui: &mut Ui, palette: &Palette, buffer: &Bytes, raised: Option<Span>, from: &[Span]) {
    let more = if buffer.cut { ", the first of more" } else { "" };
    let text = match (raised, from.first()) {
        (Some(span), _) if span.len > 0 => format!(
            "{} of {} bytes{more}: {} selected, from offset {}",
            span.len,
            buffer.bytes.len(),
            buffer.title,
            span.start
        ),
        (_, Some(first)) => format!(
            "The selected field was made from these bytes, from offset {}: {} bytes",
            first.start,
            from.iter().map(|span| u64::from(span.len)).sum::<u64>()
        ),
        _ => format!("{} bytes{more}. {}", buffer.bytes.len(), buffer.origin),
    };
    let text = egui::RichText::new(text).size(11.5).color(palette.dim);
    ui.add(egui::Label::new(text).truncate());
}

fn dump(
    ui: &mut Ui,
    explore: &Explore,
    palette: &Palette,
    buffer: &Bytes,
    raised: Option<Span>,
    from: &[Span],
    acts: &mut Vec<Act>,
) {
    let font = mono(11.5);
    let letter = ui.ctx().fonts_mut(|fonts| fonts.glyph_width(&font, '0'));
    let grid = Grid { letter };
    let lines = buffer.bytes.len().div_ceil(WIDE as usize);
    let mut area = ScrollArea::both().id_salt(("bytes", format!("{:?}", buffer.id)));
    area = area.auto_shrink(false);
    let start = raised.or(from.first().copied()).map(|span| span.start);
    if let Some(start) = start
        && moved(ui, (explore.selection.frame, buffer.id, start, explore.selection.line))
        && explore.selection.byte.is_none()
    {
        let target = (start / WIDE) as f32 * LINE - ui.available_height() * 0.3;
        area = area.vertical_scroll_offset(target.max(0.0));
    }
    let panel = keyboard(ui, explore, buffer, acts);
    ui.spacing_mut().item_spacing.y = 0.0;
    area.show_rows(ui, LINE, lines, |ui, range| {
        let (rect, _) = ui.allocate_exact_size(
            vec2(grid.width().max(ui.available_width()), LINE * range.len() as f32),
            Sense::hover(),
        );
        let cells = ui.interact(rect, ui.scope_id().with("cells"), Sense::CLICK);
        cells.widget_info(|| {
            WidgetInfo::labeled(Role::Canvas, true, format!("Bytes of {}", buffer.title))
        });
        let first = u32::try_from(range.start).unwrap_or(u32::MAX);
        let at = |place: egui::Pos2| {
            let line = first + ((place.y - rect.top()) / LINE) as u32;
            let offset = line * WIDE + grid.column(place.x - rect.left())?;
            ((offset as usize) < buffer.bytes.len()).then_some(offset)
        };
        super::row_menu::of_bytes(&cells, explore, acts);
        let hovered = cells.hover_pos().and_then(at);
        if cells.clicked()
            && let Some(offset) = cells.interact_pointer_pos().and_then(at)
        {
            acts.push(Act::Explore(Input::Byte(buffer.id, offset)));
            ui.memory_mut(|memory| memory.request_focus(panel.id));
        }
        let cursor = explore.selection.byte;
        let look = Look { palette, raised, from, hovered, cursor, grid, font: &font };
        for (nth, line) in (first..).take(range.len()).enumerate() {
            let top = rect.top() + nth as f32 * LINE;
            look.line(ui, buffer, line, pos2(rect.left(), top));
        }
    });
}

/// Whether this differs from what was there when it was asked last.
fn moved(ui: &Ui, now: impl std::hash::Hash + std::fmt::Debug) -> bool {
    let id = ui.scope_id().with("moved");
    let now = ui.scope_id().with(now);
    ui.data_mut(|data| {
        data.get_temp::<egui::Id>(id) != Some(now) && {
            data.insert_temp(id, now);
            true
        }
    })
}

/// Arrow keys move the chosen byte while the panel has the keyboard.
fn keyboard(ui: &mut Ui, explore: &Explore, buffer: &Bytes, acts: &mut Vec<Act>) -> egui::Response {
    let rect = ui.available_rect_before_wrap();
    let id = ui.scope_id().with("keys");
    let panel = ui.interact(rect, id, Sense::focusable_noninteractive());
    let name = format!("{}: arrow keys choose a byte", buffer.title);
    panel.widget_info(|| WidgetInfo::labeled(Role::Grid, true, &name));
    if !super::panes::keyboard(ui, &panel) {
        return panel;
    }
    let steps = [
        (Key::ArrowRight, 1),
        (Key::ArrowLeft, -1),
        (Key::ArrowDown, i64::from(WIDE)),
        (Key::ArrowUp, -i64::from(WIDE)),
    ];
    if super::row_menu::copies(ui) {
        acts.push(Act::Explore(Input::Copy(Copied::Hex)));
    }
    let here = explore.selection.byte.map_or(-1, i64::from);
    for (key, step) in steps {
        if ui.input_mut(|input| input.consume_key(Modifiers::NONE, key)) {
            let last = i64::try_from(buffer.bytes.len()).unwrap_or(i64::MAX) - 1;
            if let Ok(offset) = u32::try_from((here + step).clamp(0, last.max(0))) {
                acts.push(Act::Explore(Input::Byte(buffer.id, offset)));
            }
        }
    }
    panel
}

/// What the bytes look like.
struct Look<'a> {
    palette: &'a Palette,
    raised: Option<Span>,
    from: &'a [Span],
    hovered: Option<u32>,
    cursor: Option<u32>,
    grid: Grid,
    font: &'a egui::FontId,
}

impl Look<'_> {
    fn line(&self, ui: &Ui, buffer: &Bytes, line: u32, at: egui::Pos2) {
        let painter = ui.painter();
        let Self { palette, grid, font, .. } = self;
        let start = line * WIDE;
        let text = |x: f32, text: String, color| {
            let place = pos2(at.x + x, at.y + LINE / 2.0);
            painter.text(place, egui::Align2::LEFT_CENTER, text, (*font).clone(), color);
        };
        text(Grid::MARGIN, format!("{start:05x}"), palette.faint);
        for column in 0..WIDE {
            let offset = start + column;
            let Some(byte) = buffer.bytes.get(offset as usize) else { break };
            if let Some(ground) = self.ground(offset) {
                let wide = if column == WIDE / 2 - 1 { 4.0 } else { 3.0 };
                let more = column + 1 < WIDE && self.ground(offset + 1) == Some(ground);
                let width = if more { wide * grid.letter } else { 2.0 * grid.letter + 4.0 };
                let cells = [(grid.hex(column) - 2.0, width), (grid.text(column), grid.letter)];
                for (left, width) in cells {
                    let cell = Rect::from_min_size(pos2(at.x + left, at.y), vec2(width, LINE));
                    painter.rect_filled(cell, 0.0, ground);
                }
            }
            if self.cursor == Some(offset) || self.hovered == Some(offset) {
                let cells = [
                    (grid.hex(column) - 2.0, 2.0 * grid.letter + 4.0),
                    (grid.text(column), grid.letter),
                ];
                for (left, width) in cells {
                    let cell = Rect::from_min_size(pos2(at.x + left, at.y), vec2(width, LINE));
                    let stroke = egui::Stroke::new(1.0, palette.accent);
                    painter.rect_stroke(cell, 2.0, stroke, egui::StrokeKind::Inside);
                }
            }
            text(grid.hex(column), format!("{byte:02x}"), palette.ink);
            let printable = byte.is_ascii_graphic() || *byte == b' ';
            let (letter, color) =
                if printable { (char::from(*byte), palette.ink) } else { ('·', palette.faint) };
            text(grid.text(column), letter.to_string(), color);
        }
    }

    /// The ground of a byte that is selected, or that what is selected was made from.
    fn ground(&self, offset: u32) -> Option<egui::Color32> {
        let within = |span: &Span| (span.start..span.end()).contains(&offset);
        if self.raised.as_ref().is_some_and(within) {
            Some(self.palette.chosen)
        } else if self.from.iter().any(within) {
            Some(self.palette.tint(0.10))
        } else {
            None
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_in_either_half_names_its_byte() {
        let grid = Grid { letter: 7.0 };
        for column in 0..WIDE {
            assert_eq!(grid.column(grid.hex(column) + 3.0), Some(column));
            assert_eq!(grid.column(grid.text(column) + 3.0), Some(column));
        }
        assert_eq!(grid.column(0.0), None);
        assert_eq!(grid.column(grid.width()), None);
    }
}
