//! How the window looks: fonts, type sizes, and colours out of the diagram's own themes.

use egui::{
    Color32, CornerRadius, FontFamily, FontId, Margin, RichText, Shadow, Stroke, TextStyle,
};

use crate::diagram::style::{Face, Style};
use crate::diagram::{Colour, Theme, fonts};

/// The colours of everything around the diagram, named for their use.
#[derive(Clone, Debug, PartialEq)]
pub struct Palette {
    /// The diagram's theme they come from.
    pub theme: Theme,
    /// The ground of panels and of the diagram.
    pub paper: Color32,
    /// The ground of bars, headings and side panels.
    pub band: Color32,
    /// What is read first.
    pub ink: Color32,
    /// What explains.
    pub dim: Color32,
    /// Numbers of lines, offsets, what is waiting.
    pub faint: Color32,
    /// Lines between things.
    pub line: Color32,
    /// What can be pressed or is selected: outlines, links, the focus.
    pub accent: Color32,
    /// The ground of what is selected.
    pub chosen: Color32,
    /// Text on `accent`.
    pub on_accent: Color32,
    /// What failed.
    pub failure: Color32,
    /// The ground of what failed.
    pub failure_fill: Color32,
    /// What is worth a warning.
    pub warning: Color32,
}

/// A colour of a theme as egui has it.
fn egui(Colour([red, green, blue]): Colour) -> Color32 {
    Color32::from_rgb(red, green, blue)
}

/// The colour between two, `share` of the way from the first.
fn between(from: Color32, to: Color32, share: f32) -> Color32 {
    from.lerp_to_gamma(to, share)
}

impl Palette {
    /// The colours of the light or the dark theme.
    #[must_use]
    pub fn new(dark: bool) -> Self {
        let theme = if dark { Theme::dark() } else { Theme::light() };
        let of = |style| theme.colours(style);
        let (paper, accent) = (egui(of(Style::Paper).fill), egui(of(Style::Focus).line));
        Self {
            paper,
            band: egui(of(Style::Band).fill),
            ink: egui(of(Style::Ink).text),
            dim: egui(of(Style::Dim).text),
            faint: egui(of(Style::Faint).text),
            line: egui(of(Style::Paper).line),
            accent,
            chosen: between(paper, accent, if dark { 0.30 } else { 0.16 }),
            on_accent: paper,
            failure: egui(of(Style::Failure).text),
            failure_fill: egui(of(Style::Failure).fill),
            warning: egui(of(Style::Handshake).text),
            theme,
        }
    }

    /// The line around selected or pointed-at things.
    #[must_use]
    pub fn outline(&self) -> Stroke {
        Stroke::new(1.5, self.accent)
    }

    /// Something between paper and ink: 0 is paper.
    #[must_use]
    pub fn tint(&self, share: f32) -> Color32 {
        between(self.paper, self.ink, share)
    }

    /// egui's own widgets in these colours.
    #[must_use]
    pub fn visuals(&self) -> egui::Visuals {
        let mut visuals =
            if self.theme.dark { egui::Visuals::dark() } else { egui::Visuals::light() };
        visuals.panel_fill = self.paper;
        visuals.window_fill = self.paper;
        visuals.window_stroke = Stroke::new(1.0, self.line);
        visuals.window_shadow = Shadow::NONE;
        visuals.popup_shadow = Shadow::NONE;
        visuals.window_corner_radius = CornerRadius::same(6);
        visuals.menu_corner_radius = CornerRadius::same(6);
        visuals.faint_bg_color = self.band;
        visuals.extreme_bg_color = self.paper;
        visuals.text_edit_bg_color = Some(self.paper);
        visuals.code_bg_color = self.band;
        visuals.hyperlink_color = self.accent;
        visuals.error_fg_color = self.failure;
        visuals.warn_fg_color = self.warning;
        visuals.weak_text_color = Some(self.dim);
        visuals.selection.bg_fill = self.chosen;
        visuals.selection.stroke = Stroke::new(1.0, self.ink);
        let widgets = &mut visuals.widgets;
        let all = [
            (&mut widgets.noninteractive, self.paper, self.line),
            (&mut widgets.inactive, self.tint(0.05), self.tint(0.42)),
            (&mut widgets.hovered, self.tint(0.10), self.accent),
            (&mut widgets.active, self.tint(0.14), self.accent),
            (&mut widgets.open, self.tint(0.10), self.accent),
        ];
        for (widget, fill, line) in all {
            widget.bg_fill = fill;
            widget.weak_bg_fill = fill;
            widget.bg_stroke = Stroke::new(1.0, line);
            widget.fg_stroke = Stroke::new(1.0, self.ink);
            widget.corner_radius = CornerRadius::same(4);
            widget.expansion = 0.0;
        }
        visuals
    }
}

/// Installs fonts, sizes, spacing and both themes.
pub(super) fn install(ctx: &egui::Context) {
    ctx.set_fonts(fonts::definitions());
    ctx.options_mut(|options| options.zoom_with_keyboard = false);
    ctx.add_plugin(super::focus::Shows::default());
    for (theme, dark) in [(egui::Theme::Light, false), (egui::Theme::Dark, true)] {
        ctx.set_visuals_of(theme, Palette::new(dark).visuals());
    }
    ctx.all_styles_mut(|style| {
        let inter = FontFamily::Proportional;
        style.text_styles = [
            (TextStyle::Heading, FontId::new(20.0, fonts::family(Face::SemiBold))),
            (TextStyle::Body, FontId::new(13.0, inter.clone())),
            (TextStyle::Button, FontId::new(13.0, inter.clone())),
            (TextStyle::Small, FontId::new(11.5, inter)),
            (TextStyle::Monospace, FontId::new(12.0, FontFamily::Monospace)),
        ]
        .into();
        style.spacing.item_spacing = egui::vec2(8.0, 4.0);
        style.spacing.button_padding = egui::vec2(10.0, 4.0);
        style.spacing.interact_size.y = 24.0;
        style.spacing.window_margin = Margin::same(12);
        style.spacing.menu_margin = Margin::same(8);
        style.spacing.scroll = egui::style::ScrollStyle::solid();
        style.spacing.scroll.bar_width = 10.0;
        style.spacing.scroll.fade.strength = 0.0;
        style.interaction.selectable_labels = false;
        // Motion explains nothing here, and a still window costs nothing.
        style.animation_time = 0.0;
    });
}

/// The semi-bold face at a size.
#[must_use]
pub(super) fn strong(size: f32) -> FontId {
    FontId::new(size, fonts::family(Face::SemiBold))
}

/// The medium face at a size.
#[must_use]
pub(super) fn medium(size: f32) -> FontId {
    FontId::new(size, fonts::family(Face::Medium))
}

/// The face of addresses, times and bytes at a size.
#[must_use]
pub(super) fn mono(size: f32) -> FontId {
    FontId::new(size, FontFamily::Monospace)
}

/// Text in one of the palette's colours.
pub(super) trait Tone {
    /// The same text in this colour.
    #[must_use]
    fn tone(self, colour: Color32) -> Self;

    /// The same text as a heading of this size.
    #[must_use]
    fn head(self, size: f32) -> Self;
}

impl Tone for RichText {
    fn tone(self, colour: Color32) -> Self {
        self.color(colour)
    }

    fn head(self, size: f32) -> Self {
        self.font(strong(size))
    }
}
