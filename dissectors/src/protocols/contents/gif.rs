//! GIF (Graphics Interchange Format, version 89a): how large the screen and its first picture are.
//!
//! ```text
//!   GIF89a │ width 16 │ height 16 │ bits │ background │ ratio │ colours … │ 2c picture … │ 3b
//! ```
//!
//! Numbers have their low byte first.

use super::Placed;
use crate::bytes::{Reader, Short};
use crate::field::{FieldDef, FieldId, Value};
use crate::fields;
use crate::protocol::Protocol;
use crate::sink::{Severity, Sink};

fields! { "image-gif", "Compuserve GIF";
    VERSION = FieldDef::text("image-gif.version", "Version"),
    SCREEN_WIDTH = FieldDef::u16("image-gif.screen.width", "Screen width").computed(),
    SCREEN_HEIGHT = FieldDef::u16("image-gif.screen.height", "Screen height").computed(),
    HAS_MAP = FieldDef::u8("image-gif.global.color_map.present", "Global color map is present").mask(0x80),
    COLOUR_BITS = FieldDef::u8("image-gif.global.color_bpp", "Bits per color minus 1").mask(0x70),
    IS_ORDERED = FieldDef::u8("image-gif.global.color_map.ordered", "Global color map is ordered").mask(0x08),
    PIXEL_BITS = FieldDef::u8("image-gif.global.bpp", "Image bits per pixel minus 1").mask(0x07),
    BACKGROUND = FieldDef::u8("image-gif.image_background_index", "Background color index"),
    RATIO = FieldDef::u8("image-gif.global.pixel_aspect_ratio", "Global pixel aspect ratio"),
    MAP = FieldDef::bytes("image-gif.global.color_map", "Global color map"),
}

/// GIF.
pub struct Gif;

impl Protocol for Gif {
    fn heading(&self) -> FieldId {
        HEADING
    }

    fn standards(&self) -> &'static [&'static str] {
        &["GIF89a"]
    }

    fn fields(&self) -> &'static [FieldDef] {
        FIELDS
    }
}

/// Describes what stands before the pictures.
pub(super) fn describe(content: Placed<'_>, sink: &mut dyn Sink) {
    let mut reader = Reader::new(content.bytes, content.span);
    if let Err(short) = screen(&mut reader, sink) {
        sink.note(Severity::Missing, short.place, format_args!("{short}"));
    }
}

fn screen(reader: &mut Reader<'_>, sink: &mut dyn Sink) -> Result<(), Short> {
    let (version, place) = reader.take(6, "the version")?;
    sink.field(VERSION, Value::text(version), place);
    for field in [SCREEN_WIDTH, SCREEN_HEIGHT] {
        let (bytes, place) = reader.take(2, field.def().title)?;
        let number = bytes.iter().rev().fold(0, |sum, byte| sum << 8 | u64::from(*byte));
        sink.field(field, Value::Unsigned(number), place);
    }
    let (bits, place) = reader.u8("the global settings")?;
    for field in [HAS_MAP, COLOUR_BITS, IS_ORDERED, PIXEL_BITS] {
        crate::protocols::values::bits(field, bits.into(), place, sink);
    }
    let (background, place) = reader.u8("the background")?;
    sink.field(BACKGROUND, Value::Unsigned(background.into()), place);
    let (ratio, place) = reader.u8("the aspect ratio")?;
    if ratio > 0 {
        sink.field(RATIO, Value::Unsigned(ratio.into()), place);
    }
    if bits & 0x80 != 0 {
        let (map, place) = reader.take(3 << ((bits & 7) + 1), "the colours")?;
        sink.field(MAP, Value::Bytes(map), place);
    }
    Ok(())
}
