//! The diagram: a story laid out as marks, and the painters that put them on screen or in a file.
//!
//! ```text
//!   Story ── layout(&Story, &Request, &dyn MeasureText) ──> Scene ──┬──> svg ──> png
//!                                                                   ├──> pdf
//!                                                                   └──> DiagramView (egui)
//! ```
//!
//! A scene knows no colours and no painter: a theme names the colours of its styles. Text is
//! measured with the bundled fonts for all painters alike, so a picture in a file shows what the
//! window shows.

#[cfg(feature = "gui")]
mod around;
pub mod compare;
#[cfg(feature = "gui")]
mod drawing;
#[cfg(feature = "gui")]
mod flags;
pub mod fonts;
pub mod geometry;
pub mod graph;
mod hatch;
mod layout;
mod measure;
#[cfg(feature = "gui")]
mod minimap;
mod outline;
pub mod overview;
#[cfg(feature = "gui")]
mod paint;
mod pdf;
#[cfg(feature = "gui")]
mod pick;
mod png;
pub mod scene;
mod sheet;
pub mod style;
mod subset;
mod svg;
mod theme;
#[cfg(feature = "gui")]
mod view;

#[cfg(feature = "gui")]
pub use around::Towards;
pub use layout::{Axis, Prepared, Request, layout, layout_prepared, pages};
pub use measure::{FontMeasure, MeasureText, elide, wrap};
#[cfg(feature = "gui")]
pub use paint::{Paint, Placement, Raised, color};
pub use pdf::{PAPER_WIDTH, PdfError, pdf};
#[cfg(feature = "gui")]
pub use pick::Chosen;
pub use png::{PngError, pixels, png};
pub use scene::Scene;
pub use svg::{Fonts, svg};
pub use theme::{Colour, Colours, Theme, ThemeError};
#[cfg(feature = "gui")]
pub use view::DiagramView;

#[cfg(test)]
mod tests;
