//! PTP, version 2 (IEEE 1588-2008, clause 13): clocks on a network are kept alike to less than a
//! microsecond; straight on Ethernet, or over UDP.
//!
//! ```text
//!   type │ version │ length ×2 │ domain │ flags … │ correction ×8 │ … │ clock ×8 │ port ×2 │
//!   sequence ×2 │ control │ period │ time: seconds ×6, nanoseconds ×4 │ what the type adds
//! ```

mod body;

use crate::field::{FieldDef, FieldId, Kind, Names, Value};
use crate::fields;
use crate::headers::{Found, Next, Part, Walk};
use crate::protocol::{Claim, Protocol};

const TYPES: Names = &[
    (0, "Sync Message"),
    (1, "Delay_Req Message"),
    (2, "Peer_Delay_Req Message"),
    (3, "Peer_Delay_Resp Message"),
    (8, "Follow_Up Message"),
    (9, "Delay_Resp Message"),
    (10, "Peer_Delay_Resp_Follow_Up Message"),
    (11, "Announce Message"),
    (12, "Signalling Message"),
    (13, "Management Message"),
];

const CONTROLS: Names = &[
    (0, "Sync Message"),
    (1, "Delay_Req Message"),
    (2, "Follow_Up Message"),
    (3, "Delay_Resp Message"),
    (4, "Management Message"),
    (5, "Other Message"),
];

const ACTIONS: Names =
    &[(0, "GET"), (1, "SET"), (2, "RESPONSE"), (3, "COMMAND"), (4, "ACKNOWLEDGE")];

fields! { "ptp", "PTPv2";
    PROTO = FieldDef::group("ptp", "Precision Time Protocol (IEEE1588)"),
    MAJOR_SDO = FieldDef::u8("ptp.v2.majorsdoid", "majorSdoId").hex().mask(0xf0),
    TYPE = FieldDef::u8("ptp.v2.messagetype", "messageType").hex().mask(0x0f).names(TYPES),
    MINOR_VERSION = FieldDef::u8("ptp.v2.minorversionptp", "minorVersionPTP").mask(0xf0),
    VERSION = FieldDef::u8("ptp.v2.versionptp", "versionPTP").mask(0x0f),
    LENGTH = FieldDef::u16("ptp.v2.messagelength", "messageLength"),
    DOMAIN = FieldDef::u8("ptp.v2.domainnumber", "domainNumber"),
    MINOR_SDO = FieldDef::u8("ptp.v2.minorsdoid", "minorSdoId"),
    FLAGS = FieldDef::u16("ptp.v2.flags", "flags").hex(),
    SECURITY = FieldDef::flag("ptp.v2.flags.security", "PTP_SECURITY", 0x8000),
    UNICAST = FieldDef::flag("ptp.v2.flags.unicast", "PTP_UNICAST", 0x0400),
    TWO_STEP = FieldDef::flag("ptp.v2.flags.twostep", "PTP_TWO_STEP", 0x0200),
    ALTERNATE = FieldDef::flag("ptp.v2.flags.alternatemaster", "PTP_ALTERNATE_MASTER", 0x0100),
    FREQUENCY = FieldDef::flag("ptp.v2.flags.frequencytraceable", "FREQUENCY_TRACEABLE", 0x0020),
    TRACEABLE = FieldDef::flag("ptp.v2.flags.timetraceable", "TIME_TRACEABLE", 0x0010),
    TIMESCALE = FieldDef::flag("ptp.v2.flags.timescale", "PTP_TIMESCALE", 0x0008),
    UTC = FieldDef::flag("ptp.v2.flags.utcreasonable", "PTP_UTC_REASONABLE", 0x0004),
    LEAP_59 = FieldDef::flag("ptp.v2.flags.li59", "PTP_LI_59", 0x0002),
    LEAP_61 = FieldDef::flag("ptp.v2.flags.li61", "PTP_LI_61", 0x0001),
    CORRECTION = FieldDef::u64("ptp.v2.correction.ns", "correction"),
    SPECIFIC = FieldDef::u32("ptp.v2.messagetypespecific", "messageTypeSpecific"),
    CLOCK = FieldDef::u64("ptp.v2.clockidentity", "ClockIdentity").hex(),
    PORT = FieldDef::u16("ptp.v2.sourceportid", "SourcePortID"),
    SEQUENCE = FieldDef::u16("ptp.v2.sequenceid", "sequenceId"),
    CONTROL = FieldDef::u8("ptp.v2.controlfield", "controlField").names(CONTROLS),
    PERIOD = FieldDef::of("ptp.v2.logmessageperiod", "logMessagePeriod", Kind::Signed(8))
        .computed(),
    SYNC_SECONDS =
        FieldDef::u64("ptp.v2.sdr.origintimestamp.seconds", "originTimestamp (seconds)"),
    SYNC_NANOS =
        FieldDef::u32("ptp.v2.sdr.origintimestamp.nanoseconds", "originTimestamp (nanoseconds)"),
    PEER_SECONDS =
        FieldDef::u64("ptp.v2.pdrq.origintimestamp.seconds", "originTimestamp (seconds)"),
    PEER_NANOS =
        FieldDef::u32("ptp.v2.pdrq.origintimestamp.nanoseconds", "originTimestamp (nanoseconds)"),
    RECEIPT_SECONDS = FieldDef::u64(
        "ptp.v2.pdrs.requestreceipttimestamp.seconds",
        "requestreceiptTimestamp (seconds)"
    ),
    RECEIPT_NANOS = FieldDef::u32(
        "ptp.v2.pdrs.requestreceipttimestamp.nanoseconds",
        "requestreceiptTimestamp (nanoseconds)"
    ),
    RECEIPT_CLOCK = FieldDef::u64(
        "ptp.v2.pdrs.requestingportidentity",
        "requestingSourcePortIdentity"
    ).hex(),
    RECEIPT_PORT =
        FieldDef::u16("ptp.v2.pdrs.requestingsourceportid", "requestingSourcePortId"),
    PRECISE_SECONDS = FieldDef::u64(
        "ptp.v2.fu.preciseorigintimestamp.seconds",
        "preciseOriginTimestamp (seconds)"
    ),
    PRECISE_NANOS = FieldDef::u32(
        "ptp.v2.fu.preciseorigintimestamp.nanoseconds",
        "preciseOriginTimestamp (nanoseconds)"
    ),
    RECEIVE_SECONDS =
        FieldDef::u64("ptp.v2.dr.receivetimestamp.seconds", "receiveTimestamp (seconds)"),
    RECEIVE_NANOS =
        FieldDef::u32("ptp.v2.dr.receivetimestamp.nanoseconds", "receiveTimestamp (nanoseconds)"),
    RECEIVE_CLOCK = FieldDef::u64(
        "ptp.v2.dr.requestingsourceportidentity",
        "requestingSourcePortIdentity"
    ).hex(),
    RECEIVE_PORT =
        FieldDef::u16("ptp.v2.dr.requestingsourceportid", "requestingSourcePortId"),
    RESPONSE_SECONDS = FieldDef::u64(
        "ptp.v2.pdfu.responseorigintimestamp.seconds",
        "responseOriginTimestamp (seconds)"
    ),
    RESPONSE_NANOS = FieldDef::u32(
        "ptp.v2.pdfu.responseorigintimestamp.nanoseconds",
        "responseOriginTimestamp (nanoseconds)"
    ),
    RESPONSE_CLOCK = FieldDef::u64(
        "ptp.v2.pdfu.requestingportidentity",
        "requestingSourcePortIdentity"
    ).hex(),
    RESPONSE_PORT =
        FieldDef::u16("ptp.v2.pdfu.requestingsourceportid", "requestingSourcePortId"),
    ANNOUNCE_SECONDS =
        FieldDef::u64("ptp.v2.an.origintimestamp.seconds", "originTimestamp (seconds)"),
    ANNOUNCE_NANOS =
        FieldDef::u32("ptp.v2.an.origintimestamp.nanoseconds", "originTimestamp (nanoseconds)"),
    UTC_OFFSET = FieldDef::of(
        "ptp.v2.an.origincurrentutcoffset",
        "originCurrentUTCOffset",
        Kind::Signed(16)
    ).computed(),
    PRIORITY_1 = FieldDef::u8("ptp.v2.an.priority1", "priority1"),
    CLASS = FieldDef::u8("ptp.v2.an.grandmasterclockclass", "grandmasterClockClass"),
    ACCURACY =
        FieldDef::u8("ptp.v2.an.grandmasterclockaccuracy", "grandmasterClockAccuracy").hex(),
    VARIANCE = FieldDef::u16("ptp.v2.an.grandmasterclockvariance", "grandmasterClockVariance"),
    PRIORITY_2 = FieldDef::u8("ptp.v2.an.priority2", "priority2"),
    GRANDMASTER = FieldDef::u64(
        "ptp.v2.an.grandmasterclockidentity",
        "grandmasterClockIdentity"
    ).hex(),
    STEPS = FieldDef::u16("ptp.v2.an.localstepsremoved", "localStepsRemoved"),
    TARGET = FieldDef::u64("ptp.v2.mm.targetportidentity", "targetPortIdentity").hex(),
    TARGET_PORT = FieldDef::u16("ptp.v2.mm.targetportid", "targetPortId"),
    STARTING_HOPS = FieldDef::u8("ptp.v2.mm.startingboundaryhops", "startingBoundaryHops"),
    HOPS = FieldDef::u8("ptp.v2.mm.boundaryhops", "boundaryHops"),
    ACTION = FieldDef::u8("ptp.v2.mm.action", "action").mask(0x0f).names(ACTIONS),
}

/// Length of the head that all messages have (clause 13.3).
const HEAD: usize = 34;

/// The version that is read.
const CURRENT: u64 = 2;

/// The Precision Time Protocol.
pub struct Ptp;

impl Protocol for Ptp {
    fn heading(&self) -> FieldId {
        HEADING
    }

    fn standards(&self) -> &'static [&'static str] {
        &["IEEE 1588-2008"]
    }

    fn claims(&self) -> &'static [Claim<'static>] {
        &[Claim::EtherType(0x88f7), Claim::UdpPort(319), Claim::UdpPort(320)]
    }

    fn fields(&self) -> &'static [FieldDef] {
        FIELDS
    }

    fn header<'a>(&self, part: Part<'a>, found: Found, walk: &mut Walk<'_>) -> Option<Next<'a>> {
        let version = part.number(1, 1).unwrap_or_default() & 0x0f;
        let is_long = part.number(2, 2).is_some_and(|len| len as usize >= HEAD);
        let is_known = version == CURRENT && is_long && part.wire >= HEAD;
        // A port proves nothing: there, what is none of it goes on as what it is.
        if !is_known && matches!(found.claim, Claim::UdpPort(_)) {
            return None;
        }
        let message = part.upto(if is_known { part.number(2, 2)? as usize } else { HEAD });
        walk.plain_group(message.span, PROTO);
        walk.tell(&message, 0, 1, MAJOR_SDO);
        walk.tell(&message, 0, 1, TYPE);
        walk.tell(&message, 1, 1, MINOR_VERSION);
        walk.tell(&message, 1, 1, VERSION);
        let kind = message.number(0, 1).unwrap_or_default() & 0x0f;
        if is_known {
            head(&message, walk);
            body::describe(kind, &message.after(HEAD), walk);
        } else if version == CURRENT {
            walk.stop(&part, "PTP", format_args!("a message takes {HEAD} bytes"));
        }
        walk.close();
        match TYPE.def().name_of(kind) {
            Some(name) if is_known => walk.summary(format_args!("{name}")),
            None if is_known => walk.summary(format_args!("PTP, type {kind}")),
            _ => walk.summary(format_args!("PTP, version {version}")),
        }
        Some(Next::Nothing)
    }
}

/// Tells what stands at the beginning of every message.
fn head(part: &Part<'_>, walk: &mut Walk<'_>) {
    walk.tell(part, 2, 2, LENGTH);
    walk.tell(part, 4, 1, DOMAIN);
    walk.tell(part, 5, 1, MINOR_SDO);
    walk.open(part, 6, 2, FLAGS);
    for field in [
        SECURITY, UNICAST, TWO_STEP, ALTERNATE, FREQUENCY, TRACEABLE, TIMESCALE, UTC, LEAP_59,
        LEAP_61,
    ] {
        walk.tell(part, 6, 2, field);
    }
    walk.close();
    walk.tell(part, 8, 6, CORRECTION);
    walk.tell(part, 16, 4, SPECIFIC);
    walk.tell(part, 20, 8, CLOCK);
    walk.tell(part, 28, 2, PORT);
    walk.tell(part, 30, 2, SEQUENCE);
    walk.tell(part, 32, 1, CONTROL);
    if let Some(period) = part.number(33, 1) {
        walk.work_out(PERIOD, Value::Signed((period as u8 as i8).into()), part.place(33, 1));
    }
}
