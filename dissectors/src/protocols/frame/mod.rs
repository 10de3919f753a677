//! What the recording says about a frame, whatever is in it.

use crate::field::{FieldDef, FieldId, Kind, Names, Value};
use crate::fields;
use crate::frames::{Frame as Captured, LinkType};
use crate::headers::Walk;
use crate::ids::{FrameId, Time};
use crate::protocol::Protocol;
use crate::sink::Severity;
use crate::span::Span;

/// Wireshark's numbers for link types (its `WTAP_ENCAP_` constants).
const ENCAPSULATIONS: Names = &[
    (1, "Ethernet"),
    (4, "PPP"),
    (7, "Raw IP"),
    (15, "NULL/Loopback"),
    (19, "PPP with directional info"),
    (20, "IEEE 802.11 Wireless LAN"),
    (23, "IEEE 802.11 plus radiotap radio header"),
    (25, "Linux cooked-mode capture v1"),
    (26, "Frame Relay"),
    (28, "Cisco HDLC"),
    (83, "Juniper Ethernet"),
    (84, "Juniper PPP"),
    (85, "Juniper Frame-Relay"),
    (86, "Juniper C-HDLC"),
    (97, "Per-Packet Information header"),
    (124, "Solaris IPNET"),
    (129, "Raw IPv4"),
    (130, "Raw IPv6"),
    (139, "PPP-over-Ethernet session"),
    (141, "NFLOG"),
    (171, "Apple PKTAP"),
    (174, "OpenBSD loopback"),
    (210, "Linux cooked-mode capture v2"),
];

fields! { "frame", "Frame";
    PROTO = FieldDef::group("frame", "Frame"),
    INTERFACE_ID = FieldDef::u32("frame.interface_id", "Interface id").computed(),
    ENCAP_TYPE = FieldDef::of("frame.encap_type", "Encapsulation type", Kind::Signed(16)).computed()
        .names(ENCAPSULATIONS),
    TIME = FieldDef::of("frame.time", "Arrival Time", Kind::Time).computed(),
    OFFSET_SHIFT = FieldDef::of("frame.offset_shift", "Time shift", Kind::Duration).computed().hidden(),
    TIME_EPOCH = FieldDef::of("frame.time_epoch", "Epoch Time", Kind::Duration).computed(),
    TIME_DELTA = FieldDef::of("frame.time_delta", "Time since the previous frame", Kind::Duration)
        .computed(),
    TIME_DELTA_DISPLAYED =
        FieldDef::of("frame.time_delta_displayed", "Time since the frame above", Kind::Duration)
        .computed().hidden(),
    TIME_RELATIVE = FieldDef::of("frame.time_relative", "Time since the first frame", Kind::Duration)
        .computed(),
    NUMBER = FieldDef::u32("frame.number", "Frame Number").computed(),
    LEN = FieldDef::u32("frame.len", "Frame Length").computed(),
    CAP_LEN = FieldDef::u32("frame.cap_len", "Capture Length").computed(),
    MARKED = FieldDef::flag("frame.marked", "Frame is marked", 0).computed().hidden(),
    IGNORED = FieldDef::flag("frame.ignored", "Frame is ignored", 0).computed().hidden(),
    PROTOCOLS = FieldDef::text("frame.protocols", "Protocols in frame").computed(),
    COMMENT = FieldDef::text("frame.comment", "Comment").computed(),
}

/// The frame itself.
pub struct Frame;

impl Protocol for Frame {
    fn heading(&self) -> FieldId {
        HEADING
    }

    fn fields(&self) -> &'static [FieldDef] {
        FIELDS
    }
}

/// Tells what the recording says about a frame, and what it turned out to hold.
pub(crate) fn describe(
    frame: &Captured<'_>,
    id: FrameId,
    (protocols, comments): (Option<&str>, &[String]),
    walk: &mut Walk<'_>,
) {
    let place = Span::frame(id, 0, u32::try_from(frame.bytes.len()).unwrap_or(u32::MAX));
    let part = crate::headers::Part::frame(frame, id);
    let text = format_args!("{} bytes on wire, {} captured", frame.wire_len, frame.bytes.len());
    walk.group(&part, place.len as usize, PROTO, text);
    let number = |number: u64| Value::Unsigned(number);
    if frame.link != LinkType::MARK && frame.link != LinkType::CUSTOM {
        walk.work_out(INTERFACE_ID, number(frame.interface.into()), Span::NONE);
        if let Some(encapsulation) = encapsulation(frame.link) {
            walk.work_out(ENCAP_TYPE, Value::Signed(encapsulation), Span::NONE);
        }
    }
    if let Some(time) = frame.time.known() {
        times(time, place, walk);
    }
    if walk.context.duplicate {
        let text = format_args!("The capture holds this packet twice: nothing was sent again");
        walk.note(Severity::Hint, place, text);
    }
    walk.work_out(NUMBER, number(id.number().into()), Span::NONE);
    walk.work_out(LEN, number(frame.wire_len.into()), Span::NONE);
    walk.work_out(CAP_LEN, number(frame.bytes.len() as u64), Span::NONE);
    walk.work_out(MARKED, Value::Bool(false), Span::NONE);
    walk.work_out(IGNORED, Value::Bool(false), Span::NONE);
    if let Some(protocols) = protocols {
        walk.work_out(PROTOCOLS, Value::Text(protocols), Span::NONE);
    }
    for comment in comments {
        walk.work_out(COMMENT, Value::Text(comment), Span::NONE);
    }
    walk.close();
}

/// Tells when the frame was seen, and how long after others.
fn times(time: Time, place: Span, walk: &mut Walk<'_>) {
    let context = walk.context;
    let since = |earlier| Value::Nanos(time.since(earlier));
    walk.work_out(TIME, Value::Nanos(time.0), Span::NONE);
    walk.work_out(OFFSET_SHIFT, Value::Nanos(0), Span::NONE);
    walk.work_out(TIME_EPOCH, Value::Nanos(time.0), Span::NONE);
    // The first frame of a recording has none before it: its own time stands in.
    let previous = context.previous_time.or(context.first_time);
    if let Some(previous) = previous {
        walk.work_out(TIME_DELTA, since(previous), Span::NONE);
        walk.work_out(TIME_DELTA_DISPLAYED, since(previous), Span::NONE);
        let back = previous.since(time);
        if back > 0 {
            let (seconds, nanos) = (back / 1_000_000_000, back % 1_000_000_000);
            let text = format_args!(
                "The clock steps back by {seconds}.{nanos:09} s: it was set, or frames were \
                 stored out of order"
            );
            walk.note(Severity::Hint, place, text);
        }
    }
    if let Some(first) = context.first_time {
        walk.work_out(TIME_RELATIVE, since(first), Span::NONE);
    }
}

/// Wireshark's own number for a link type.
const fn encapsulation(LinkType(link): LinkType) -> Option<i64> {
    Some(match link {
        0 => 15,
        1 => 1,
        9 | 50 => 4,
        51 => 139,
        101 => 7,
        104 => 28,
        105 => 20,
        107 => 26,
        108 => 174,
        113 => 25,
        127 => 23,
        166 | 204 => 19,
        178 => 83,
        179 => 84,
        180 => 85,
        181 => 86,
        192 => 97,
        226 => 124,
        228 => 129,
        229 => 130,
        239 => 141,
        258 => 171,
        276 => 210,
        _ => return None,
    })
}
