//! Themes: the colours of the styles, as files that can be read and changed without reading Rust.

use std::collections::BTreeMap;

use super::style::Style;

/// A colour: red, green, blue.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Colour(pub [u8; 3]);

/// The colours of one style.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Colours {
    /// Of areas.
    pub fill: Colour,
    /// Of lines, outlines, heads, locks and crosses.
    pub line: Colour,
    /// Of text.
    pub text: Colour,
}

/// The colours of all styles.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Theme {
    /// What it is called: "light".
    pub name: String,
    /// Whether its paper is darker than its ink.
    pub dark: bool,
    styles: [Colours; Style::ALL.len()],
}

/// Why a theme could not be read.
#[derive(Debug, thiserror::Error)]
pub enum ThemeError {
    /// It is not JSON, or not of the shape a theme has.
    #[error("the theme is not valid: {0}")]
    Json(#[from] serde_json::Error),
    /// A style has no colours.
    #[error("the theme has no colours for the style \"{0}\"")]
    Missing(&'static str),
    /// A colour is not of the form `#1b1f24`.
    #[error("\"{0}\" is not a colour of the form #1b1f24")]
    Colour(String),
}

#[derive(serde::Deserialize)]
struct File {
    name: String,
    dark: bool,
    styles: BTreeMap<String, Entry>,
}

#[derive(serde::Deserialize)]
struct Entry {
    fill: String,
    line: String,
    text: String,
}

impl Theme {
    /// The bundled light theme.
    #[must_use]
    pub fn light() -> Self {
        bundled(include_str!("../../../assets/themes/light.json"))
    }

    /// The bundled dark theme.
    #[must_use]
    pub fn dark() -> Self {
        bundled(include_str!("../../../assets/themes/dark.json"))
    }

    /// Reads a theme.
    ///
    /// # Errors
    ///
    /// Says which style lacks its colours, or which colour cannot be read.
    pub fn from_json(text: &str) -> Result<Self, ThemeError> {
        let file: File = serde_json::from_str(text)?;
        let mut styles = [Colours::default(); Style::ALL.len()];
        for (style, place) in Style::ALL.into_iter().zip(&mut styles) {
            let entry = file.styles.get(style.name()).ok_or(ThemeError::Missing(style.name()))?;
            *place = Colours {
                fill: entry.fill.parse()?,
                line: entry.line.parse()?,
                text: entry.text.parse()?,
            };
        }
        Ok(Self { name: file.name, dark: file.dark, styles })
    }

    /// The colours of a style.
    #[must_use]
    pub fn colours(&self, style: Style) -> Colours {
        self.styles.get(style as usize).copied().unwrap_or_default()
    }
}

/// A theme that came with the program, and that a test has read before.
fn bundled(text: &str) -> Theme {
    #[expect(clippy::expect_used, reason = "the file is part of the program; a test reads it")]
    Theme::from_json(text).expect("the bundled theme is valid")
}

impl std::str::FromStr for Colour {
    type Err = ThemeError;

    fn from_str(text: &str) -> Result<Self, ThemeError> {
        let wrong = || ThemeError::Colour(text.to_owned());
        let digits = text.strip_prefix('#').filter(|digits| digits.len() == 6).ok_or_else(wrong)?;
        let number = u32::from_str_radix(digits, 16).map_err(|_| wrong())?;
        let [_, red, green, blue] = number.to_be_bytes();
        Ok(Self([red, green, blue]))
    }
}

impl std::fmt::Display for Colour {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self([red, green, blue]) = self;
        write!(f, "#{red:02x}{green:02x}{blue:02x}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Relative luminance, as WCAG 2.2 defines it.
    fn luminance(Colour(channels): Colour) -> f64 {
        let [red, green, blue] = channels.map(|channel| {
            let share = f64::from(channel) / 255.0;
            if share <= 0.04045 { share / 12.92 } else { ((share + 0.055) / 1.055).powf(2.4) }
        });
        0.2126 * red + 0.7152 * green + 0.0722 * blue
    }

    fn contrast(a: Colour, b: Colour) -> f64 {
        let (a, b) = (luminance(a), luminance(b));
        (a.max(b) + 0.05) / (a.min(b) + 0.05)
    }

    #[test]
    fn every_text_stands_out_from_its_ground() {
        use Style::*;
        let grounds = [Paper, Band, BandAlt, Card, Followed];
        let on_grounds = [
            Ink,
            Dim,
            Faint,
            Tcp,
            Opaque,
            Initial,
            Ech,
            Early,
            Handshake,
            Application,
            RoundTrip,
            Failure,
        ];
        let beads =
            [Tcp, Clear, Opaque, Initial, Ech, Early, Handshake, Application, Failure, Focus];
        for theme in [Theme::light(), Theme::dark()] {
            let check = |text: Style, ground: Style| {
                let ratio = contrast(theme.colours(text).text, theme.colours(ground).fill);
                assert!(ratio >= 4.5, "{}: {text:?} on {ground:?} {ratio:.2}", theme.name);
            };
            for ground in grounds {
                // Times stand left of whatever is followed.
                let faint = |text: &&Style| (**text, ground) == (Faint, Followed);
                let texts = on_grounds.iter().filter(|text| !faint(text));
                texts.for_each(|text| check(*text, ground));
                Style::TRACKS.iter().for_each(|track| check(*track, ground));
            }
            for ground in [Paper, Band, BandAlt] {
                check(Followed, ground);
            }
            Style::TRACKS.iter().for_each(|track| check(*track, *track));
            beads.iter().for_each(|bead| check(Ink, *bead));
            check(Step, Step);
        }
    }

    #[test]
    fn outlines_stand_out_from_their_fill() {
        for theme in [Theme::light(), Theme::dark()] {
            let in_legend = Style::ALL.into_iter().filter(|style| style.legend().is_some());
            for style in in_legend.chain(Style::TRACKS) {
                let Colours { fill, line, .. } = theme.colours(style);
                let ratio = contrast(fill, line);
                assert!(ratio >= 3.0, "{}: {style:?} {ratio:.2}", theme.name);
            }
        }
    }

    #[test]
    fn what_is_wrong_with_a_theme_is_said() {
        assert!(matches!(Theme::from_json("{"), Err(ThemeError::Json(_))));
        let bare = r#"{"name":"x","dark":false,"styles":{}}"#;
        assert!(matches!(Theme::from_json(bare), Err(ThemeError::Missing("paper"))));
        assert!("#12345g".parse::<Colour>().is_err());
    }
}
