//! Paints a scene as PNG, by way of its SVG and with the bundled fonts only.

use std::sync::Arc;

use resvg::{tiny_skia, usvg};

use super::fonts;
use super::scene::Scene;
use super::style::Face;
use super::svg::{Fonts, svg};
use super::theme::Theme;

/// The largest picture that is painted, in pixels: 400 MB of memory while it is made.
const LARGEST: f64 = 100_000_000.0;

/// Why no PNG was made.
#[derive(Debug, thiserror::Error)]
pub enum PngError {
    /// It would not fit in memory, and hardly any viewer would open it.
    #[error(
        "the picture would be {width} x {height} pixels, and {LARGEST:.0} in all is the most; \
         export as SVG, or with a smaller scale or fewer steps"
    )]
    TooLarge {
        /// Its width, in pixels.
        width: u64,
        /// Its height, in pixels.
        height: u64,
    },
    /// The SVG could not be read back.
    #[error("the picture could not be painted: {0}")]
    Svg(#[from] usvg::Error),
    /// The pixels could not be packed.
    #[error("the picture could not be packed as PNG: {0}")]
    Packing(String),
}

/// Paints a scene in the colours of a theme, with `scale` pixels to a point, and packs it.
///
/// # Errors
///
/// Where the picture would be larger than 100 million pixels.
pub fn png(scene: &Scene, theme: &Theme, scale: f32) -> Result<Vec<u8>, PngError> {
    pixels(scene, theme, scale)?.encode_png().map_err(|error| PngError::Packing(error.to_string()))
}

/// Paints a scene in the colours of a theme, with `scale` pixels to a point.
///
/// # Errors
///
/// Where the picture would be larger than 100 million pixels.
pub fn pixels(scene: &Scene, theme: &Theme, scale: f32) -> Result<tiny_skia::Pixmap, PngError> {
    let pixels = |length: f32| (f64::from(length) * f64::from(scale)).ceil().max(1.0);
    let (width, height) = (pixels(scene.width), pixels(scene.height));
    let too_large = || PngError::TooLarge { width: width as u64, height: height as u64 };
    if width * height > LARGEST {
        return Err(too_large());
    }
    let mut options = usvg::Options::default();
    let known = Arc::make_mut(&mut options.fontdb);
    for face in [Face::Regular, Face::Medium, Face::SemiBold, Face::Mono] {
        known.load_font_data(fonts::bytes(face).to_vec());
    }
    let tree = usvg::Tree::from_str(&svg(scene, theme, Fonts::Named), &options)?;
    let mut pixmap = tiny_skia::Pixmap::new(width as u32, height as u32).ok_or_else(too_large)?;
    let transform = tiny_skia::Transform::from_scale(scale, scale);
    resvg::render(&tree, transform, &mut pixmap.as_mut());
    Ok(pixmap)
}
