//! The bundled fonts: the only ones that any picture is measured and painted with.

use std::sync::Arc;

use epaint::text::{FontData, FontDefinitions};
use epaint::{FontFamily, FontId};

use super::style::{Face, Type};

/// The bytes of a bundled font.
#[must_use]
pub const fn bytes(face: Face) -> &'static [u8] {
    match face {
        Face::Regular => include_bytes!("../../../assets/fonts/Inter-Regular.otf"),
        Face::Medium => include_bytes!("../../../assets/fonts/Inter-Medium.otf"),
        Face::SemiBold => include_bytes!("../../../assets/fonts/Inter-SemiBold.otf"),
        Face::Mono => include_bytes!("../../../assets/fonts/JetBrainsMono-Regular.ttf"),
    }
}

/// The name under which egui and epaint know a bundled font.
#[must_use]
pub const fn name(face: Face) -> &'static str {
    match face {
        Face::Regular => "inter-400",
        Face::Medium => "inter-500",
        Face::SemiBold => "inter-600",
        Face::Mono => "jetbrains-mono-400",
    }
}

/// The family of a face, for a `FontId` of egui.
#[must_use]
pub fn family(face: Face) -> FontFamily {
    match face {
        Face::Regular => FontFamily::Proportional,
        Face::Mono => FontFamily::Monospace,
        _ => FontFamily::Name(name(face).into()),
    }
}

/// The font of a type at a zoom.
#[must_use]
pub fn font_id(font: Type, zoom: f32) -> FontId {
    FontId::new(font.size() * zoom, family(font.face()))
}

/// The bundled fonts, and no others, as epaint and egui want them: what a window must install
/// for its text to be where the layout measured it.
#[must_use]
pub fn definitions() -> FontDefinitions {
    let faces = [Face::Regular, Face::Medium, Face::SemiBold, Face::Mono];
    let mut definitions = FontDefinitions::empty();
    for face in faces {
        let data = Arc::new(FontData::from_static(bytes(face)));
        definitions.font_data.insert(name(face).to_owned(), data);
        // What one face lacks the other may have: arrows, boxes, a check mark.
        let fallback = if face == Face::Mono { Face::Regular } else { Face::Mono };
        let chain = vec![name(face).to_owned(), name(fallback).to_owned()];
        definitions.families.insert(family(face), chain);
    }
    definitions
}
