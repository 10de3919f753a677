//! JPEG (ITU-T T.81; T.871 for JFIF): segments, among which a frame header says how large the
//! picture is.
//!
//! ```text
//!   ff d8 │ ff e0 length "JFIF" … │ … │ ff c0 length precision lines samples … │ ff da …
//! ```

use super::Placed;
use crate::bytes::{Reader, Short};
use crate::field::{FieldDef, FieldId, Names, Value};
use crate::fields;
use crate::limits::MAX_CONTENT_PARTS;
use crate::protocol::Protocol;
use crate::protocols::values::number;
use crate::sink::{Severity, Sink};

/// Units of densities (T.871, section 10.1).
const UNITS: Names = &[
    (0, "No units; Xdensity and Ydensity specify the pixel aspect ratio"),
    (1, "Dots per inch"),
    (2, "Dots per centimeter"),
];

fields! { "image-jfif", "JPEG File Interchange Format";
    MARKER = FieldDef::u16("image-jfif.marker", "Marker").hex(),
    SEGMENT = FieldDef::group("image-jfif.marker_segment", "Marker segment"),
    LENGTH = FieldDef::u16("image-jfif.length", "Length"),
    IDENTIFIER = FieldDef::text("image-jfif.identifier", "Identifier").computed(),
    VERSION_MAJOR = FieldDef::u8("image-jfif.version.major", "Major Version"),
    VERSION_MINOR = FieldDef::u8("image-jfif.version.minor", "Minor Version"),
    UNIT = FieldDef::u8("image-jfif.units", "Units").names(UNITS),
    X_DENSITY = FieldDef::u16("image-jfif.Xdensity", "Xdensity"),
    Y_DENSITY = FieldDef::u16("image-jfif.Ydensity", "Ydensity"),
    FRAME = FieldDef::group("image-jfif.sof", "Start of Frame header"),
    PRECISION = FieldDef::u8("image-jfif.sof.precision", "Sample Precision (bits)"),
    LINES = FieldDef::u16("image-jfif.sof.lines", "Lines"),
    SAMPLES = FieldDef::u16("image-jfif.sof.samples_per_line", "Samples per line"),
    COMPONENTS = FieldDef::u8("image-jfif.sof.nf", "Number of image components in frame"),
    COMMENT = FieldDef::text("image-jfif.comment", "Comment"),
}

/// JPEG.
pub struct Jpeg;

impl Protocol for Jpeg {
    fn heading(&self) -> FieldId {
        HEADING
    }

    fn standards(&self) -> &'static [&'static str] {
        &["ITU-T T.81", "ITU-T T.871"]
    }

    fn fields(&self) -> &'static [FieldDef] {
        FIELDS
    }
}

/// Describes segments up to the first scan: what follows is the picture.
pub(super) fn describe(content: Placed<'_>, sink: &mut dyn Sink) {
    let mut reader = Reader::new(content.bytes, content.span);
    if let Err(short) = segments(&mut reader, sink) {
        sink.note(Severity::Missing, short.place, format_args!("{short}"));
    }
}

fn segments(reader: &mut Reader<'_>, sink: &mut dyn Sink) -> Result<(), Short> {
    number(MARKER, 2, reader, sink)?;
    for _ in 0..MAX_CONTENT_PARTS {
        if reader.is_empty() || sink.is_done() {
            break;
        }
        let whole = reader.span();
        let mut ahead = *reader;
        let (marker, _) = ahead.u16("a marker")?;
        let (len, _) = ahead.u16("the length of a segment")?;
        // Frame headers (T.81, table B.1): four numbers of that row are others.
        let is_frame =
            matches!(marker, 0xffc0..=0xffcf) && !matches!(marker, 0xffc4 | 0xffc8 | 0xffcc);
        let heading = if is_frame { FRAME } else { SEGMENT };
        sink.open(heading, Value::None, whole.part(0, 2 + usize::from(len)));
        let told = segment(marker, is_frame, reader, sink);
        sink.close();
        told?;
        if marker == 0xffda {
            break;
        }
    }
    Ok(())
}

fn segment(
    marker: u16,
    is_frame: bool,
    reader: &mut Reader<'_>,
    sink: &mut dyn Sink,
) -> Result<(), Short> {
    number(MARKER, 2, reader, sink)?;
    // The length counts itself.
    let len = number(LENGTH, 2, reader, sink)?.saturating_sub(2);
    let mut body = reader.sub(usize::try_from(len).unwrap_or(usize::MAX), "a segment")?;
    match marker {
        _ if is_frame => {
            number(PRECISION, 1, &mut body, sink)?;
            number(LINES, 2, &mut body, sink)?;
            number(SAMPLES, 2, &mut body, sink)?;
            number(COMPONENTS, 1, &mut body, sink)?;
        }
        0xffe0 if body.rest().starts_with(b"JFIF\0") => {
            let (_, place) = body.take(5, "the identifier")?;
            sink.field(IDENTIFIER, Value::Text("JFIF"), place);
            for field in [VERSION_MAJOR, VERSION_MINOR, UNIT] {
                number(field, 1, &mut body, sink)?;
            }
            for field in [X_DENSITY, Y_DENSITY] {
                number(field, 2, &mut body, sink)?;
            }
        }
        0xfffe => sink.field(COMMENT, Value::text(body.rest()), body.span()),
        _ => {}
    }
    Ok(())
}
