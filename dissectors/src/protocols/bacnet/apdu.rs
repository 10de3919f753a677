//! BACnet's application layer (ANSI/ASHRAE 135, clause 20.1): who asks for which service, and how
//! it went. What services say is not read.
//!
//! ```text
//!   asks, to be answered   0, flags │ sizes │ id │ [number │ window] │ service
//!   asks                   1 │ service
//!   answers                2 │ id │ service       3, flags │ id │ [number │ window] │ service
//!   goes wrong             5 │ id │ service       6 │ id │ why       7 │ id │ why
//! ```

use crate::field::{FieldDef, FieldId, Names};
use crate::fields;
use crate::headers::{Found, Next, Part, Walk};
use crate::protocol::Protocol;

const TYPES: Names = &[
    (ASKS, "Confirmed-REQ"),
    (TELLS, "Unconfirmed-REQ"),
    (2, "Simple-ACK"),
    (ANSWERS, "Complex-ACK"),
    (SEGMENT, "Segment-ACK"),
    (5, "Error"),
    (REJECTS, "Reject"),
    (ABORTS, "Abort"),
];

const SERVICES: Names = &[
    (0, "acknowledgeAlarm"),
    (1, "confirmedCOVNotification"),
    (2, "confirmedEventNotification"),
    (3, "getAlarmSummary"),
    (4, "getEnrollmentSummary"),
    (5, "subscribeCOV"),
    (6, "atomicReadFile"),
    (7, "atomicWriteFile"),
    (8, "addListElement"),
    (9, "removeListElement"),
    (10, "createObject"),
    (11, "deleteObject"),
    (12, "readProperty"),
    (14, "readPropertyMultiple"),
    (15, "writeProperty"),
    (16, "writePropertyMultiple"),
    (17, "deviceCommunicationControl"),
    (18, "confirmedPrivateTransfer"),
    (19, "confirmedTextMessage"),
    (20, "reinitializeDevice"),
    (26, "readRange"),
    (27, "lifeSafetyOperation"),
    (28, "subscribeCOVProperty"),
    (29, "getEventInformation"),
];

const TOLD: Names = &[
    (0, "i-Am"),
    (1, "i-Have"),
    (2, "unconfirmedCOVNotification"),
    (3, "unconfirmedEventNotification"),
    (4, "unconfirmedPrivateTransfer"),
    (5, "unconfirmedTextMessage"),
    (6, "timeSynchronization"),
    (7, "who-Has"),
    (8, "who-Is"),
    (9, "utcTimeSynchronization"),
    (10, "writeGroup"),
];

fields! { "bacapp", "BACnet-APDU";
    PROTO = FieldDef::group("bacapp", "Building Automation and Control Network APDU"),
    TYPE = FieldDef::u8("bacapp.type", "APDU Type").mask(0xf0).names(TYPES),
    FLAGS = FieldDef::u8("bacapp.pduflags", "PDU Flags").hex().mask(0x0f),
    SEGMENTS = FieldDef::u8("bacapp.response_segments", "Max Response Segments accepted")
        .mask(0x70),
    SIZE = FieldDef::u8("bacapp.max_adpu_size", "Size of Maximum ADPU accepted").mask(0x0f),
    ID = FieldDef::u8("bacapp.invoke_id", "Invoke ID"),
    NUMBER = FieldDef::u8("bacapp.sequence_number", "Sequence Number"),
    WINDOW = FieldDef::u8("bacapp.window_size", "Proposed Window Size"),
    SERVICE = FieldDef::u8("bacapp.confirmed_service", "Service Choice").names(SERVICES),
    UNCONFIRMED = FieldDef::u8("bacapp.unconfirmed_service", "Unconfirmed Service Choice")
        .names(TOLD),
    REJECT = FieldDef::u8("bacapp.reject_reason", "Reject Reason"),
    ABORT = FieldDef::u8("bacapp.abort_reason", "Abort Reason"),
}

/// Types of messages whose form differs.
const ASKS: u64 = 0;
const TELLS: u64 = 1;
const ANSWERS: u64 = 3;
const SEGMENT: u64 = 4;
const REJECTS: u64 = 6;
const ABORTS: u64 = 7;

/// A message in several parts says which one this is.
const SEGMENTED: u64 = 0x08;

/// BACnet's application layer.
pub struct Bacapp;

impl Protocol for Bacapp {
    fn heading(&self) -> FieldId {
        HEADING
    }

    fn standards(&self) -> &'static [&'static str] {
        &["ANSI/ASHRAE 135"]
    }

    fn fields(&self) -> &'static [FieldDef] {
        FIELDS
    }

    fn header<'a>(&self, part: Part<'a>, _found: Found, walk: &mut Walk<'_>) -> Option<Next<'a>> {
        walk.plain_group(part.span, PROTO);
        walk.tell(&part, 0, 1, TYPE);
        let first = part.number(0, 1).unwrap_or_default();
        let (kind, is_segmented) = (first >> 4, first & SEGMENTED != 0);
        if matches!(kind, ASKS | ANSWERS) {
            walk.tell(&part, 0, 1, FLAGS);
        }
        if kind == ASKS {
            walk.tell(&part, 1, 1, SEGMENTS);
            walk.tell(&part, 1, 1, SIZE);
        }
        let mut at = match kind {
            ASKS => 2,
            TELLS => 0,
            _ => 1,
        };
        if at > 0 {
            walk.tell(&part, at, 1, ID);
        }
        at += 1;
        if kind == SEGMENT || (matches!(kind, ASKS | ANSWERS) && is_segmented) {
            walk.tell(&part, at, 1, NUMBER);
            walk.tell(&part, at + 1, 1, WINDOW);
            at += 2;
        }
        let field = match kind {
            TELLS => UNCONFIRMED,
            REJECTS => REJECT,
            ABORTS => ABORT,
            _ => SERVICE,
        };
        if kind != SEGMENT {
            walk.tell(&part, at, 1, field);
        }
        if part.get(0, if kind == SEGMENT { at } else { at + 1 }).is_none() {
            walk.stop(&part, "BACnet's application", format_args!("it takes more bytes"));
        }
        walk.close();
        let service = part.number(at, 1).and_then(|number| field.def().name_of(number));
        match (TYPE.def().name_of(kind), service) {
            (Some(name), Some(service)) if kind != SEGMENT => {
                walk.summary(format_args!("{name} {service}"));
            }
            (Some(name), _) => walk.summary(format_args!("{name}")),
            (None, _) => walk.summary(format_args!("BACnet, type {kind}")),
        }
        Some(Next::Nothing)
    }
}
