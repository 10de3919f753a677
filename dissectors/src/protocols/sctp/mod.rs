//! SCTP (RFC 9260): several streams of whole messages between two ends that may have several
//! addresses.
//!
//! ```text
//!   ports | verification tag | checksum       the common header (section 3.1)
//!   type | flags | length | …                 then chunks, each filled up to a multiple of four
//! ```
//!
//! It is told as a header: its chunks, and what DATA carries as far as one chunk holds a whole
//! message. Streams are not put together. Where DTLS or UDP carries it (RFC 8261, RFC 6951), each
//! packet is a message of its own.

mod channel;
mod chunk;
mod message;
pub mod tell;
#[cfg(test)]
mod tests;

use std::fmt::{self, Write};

use crate::engine::session::Session;
use crate::engine::view::View;
use crate::field::{FieldDef, FieldId, Kind, Names};
use crate::fields;
use crate::headers::{Found, Next, Part, Walk};
use crate::message::Message;
use crate::protocol::{Claim, Facts, Framing, Likelihood, Protocol};
use crate::sink::{Severity, Sink};
use crate::telling::Telling;

/// RFC 9260, section 3.2, and the extensions that are met.
const TYPES: Names = &[
    (0, "DATA"),
    (1, "INIT"),
    (2, "INIT_ACK"),
    (3, "SACK"),
    (4, "HEARTBEAT"),
    (5, "HEARTBEAT_ACK"),
    (6, "ABORT"),
    (7, "SHUTDOWN"),
    (8, "SHUTDOWN_ACK"),
    (9, "ERROR"),
    (10, "COOKIE_ECHO"),
    (11, "COOKIE_ACK"),
    (12, "ECNE"),
    (13, "CWR"),
    (14, "SHUTDOWN_COMPLETE"),
    (15, "AUTH"),
    (16, "NR_SACK"),
    (64, "I_DATA"),
    (128, "ASCONF_ACK"),
    (130, "RE_CONFIG"),
    (132, "PAD"),
    (192, "FORWARD_TSN"),
    (193, "ASCONF"),
    (194, "I_FORWARD_TSN"),
];

/// Payload protocol identifiers that IANA gave and that are met.
const PAYLOADS: Names = &[
    (0, "not specified"),
    (1, "IUA"),
    (2, "M2UA"),
    (3, "M3UA"),
    (4, "SUA"),
    (5, "M2PA"),
    (18, "S1AP"),
    (27, "X2AP"),
    (46, "Diameter"),
    (47, "Diameter over DTLS"),
    (50, "WebRTC Control"),
    (51, "WebRTC String"),
    (53, "WebRTC Binary"),
    (60, "NGAP"),
    (61, "XnAP"),
];

/// RFC 9260, section 3.3.10.
const CAUSES: Names = &[
    (1, "Invalid stream identifier"),
    (2, "Missing mandatory parameter"),
    (3, "Stale cookie error"),
    (4, "Out of resource"),
    (5, "Unresolvable address"),
    (6, "Unrecognized chunk type"),
    (7, "Invalid mandatory parameter"),
    (8, "Unrecognized parameters"),
    (9, "No user data"),
    (10, "Cookie received while shutting down"),
    (11, "Restart of an association with new addresses"),
    (12, "User initiated ABORT"),
    (13, "Protocol violation"),
];

/// RFC 9260, sections 3.3.2 and 3.3.3.
const PARAMETERS: Names = &[
    (1, "Heartbeat info"),
    (5, "IPv4 address"),
    (6, "IPv6 address"),
    (7, "State cookie"),
    (8, "Unrecognized parameters"),
    (9, "Cookie preservative"),
    (12, "Supported address types"),
    (0x8000, "ECN"),
    (0x8002, "Random"),
    (0x8003, "Authenticated Chunk list"),
    (0x8004, "Requested HMAC Algorithm"),
    (0x8008, "Supported Extensions"),
    (0xc000, "Forward TSN supported"),
];

fields! { "sctp", "SCTP";
    PROTO = FieldDef::group("sctp", "Stream Control Transmission Protocol"),
    SOURCE = FieldDef::u16("sctp.srcport", "Source port"),
    DESTINATION = FieldDef::u16("sctp.dstport", "Destination port"),
    TAG = FieldDef::u32("sctp.verification_tag", "Verification tag").hex(),
    CHECKSUM = FieldDef::u32("sctp.checksum", "Checksum").hex(),
    CHUNK = FieldDef::group("sctp.chunk", "Chunk"),
    CHUNK_TYPE = FieldDef::u8("sctp.chunk_type", "Chunk type").names(TYPES),
    CHUNK_FLAGS = FieldDef::u8("sctp.chunk_flags", "Chunk flags").hex(),
    CHUNK_LENGTH = FieldDef::u16("sctp.chunk_length", "Chunk length"),
    CHUNK_VALUE = FieldDef::bytes("sctp.chunk_value", "Chunk value"),
    LAST = FieldDef::flag("sctp.data_e_bit", "E-Bit", 0x01),
    FIRST = FieldDef::flag("sctp.data_b_bit", "B-Bit", 0x02),
    UNORDERED = FieldDef::flag("sctp.data_u_bit", "U-Bit", 0x04),
    AT_ONCE = FieldDef::flag("sctp.data_i_bit", "I-Bit", 0x08),
    TSN = FieldDef::u32("sctp.data_tsn_raw", "Transmission sequence number (absolute)"),
    STREAM = FieldDef::u16("sctp.data_sid", "Stream identifier").hex(),
    STREAM_NUMBER = FieldDef::u16("sctp.data_ssn", "Stream sequence number"),
    MESSAGE_NUMBER = FieldDef::u32("sctp.data_mid", "Message identifier"),
    FRAGMENT_NUMBER = FieldDef::u32("sctp.data_fsn", "Fragment sequence number"),
    PAYLOAD =
        FieldDef::u32("sctp.data_payload_proto_id", "Payload protocol identifier").names(PAYLOADS),
    INIT_TAG = FieldDef::u32("sctp.init_initiate_tag", "Initiate tag").hex(),
    INIT_CREDIT = FieldDef::u32("sctp.init_credit", "Advertised receiver window credit (a_rwnd)"),
    INIT_OUT = FieldDef::u16("sctp.init_nr_out_streams", "Number of outbound streams"),
    INIT_IN = FieldDef::u16("sctp.init_nr_in_streams", "Number of inbound streams"),
    INIT_TSN = FieldDef::u32("sctp.init_initial_tsn", "Initial TSN"),
    ACK_TAG = FieldDef::u32("sctp.initack_initiate_tag", "Initiate tag").hex(),
    ACK_CREDIT = FieldDef::u32("sctp.initack_credit", "Advertised receiver window credit (a_rwnd)"),
    ACK_OUT = FieldDef::u16("sctp.initack_nr_out_streams", "Number of outbound streams"),
    ACK_IN = FieldDef::u16("sctp.initack_nr_in_streams", "Number of inbound streams"),
    ACK_TSN = FieldDef::u32("sctp.initack_initial_tsn", "Initial TSN"),
    PARAMETER = FieldDef::group("sctp.parameter", "Parameter"),
    PARAMETER_TYPE =
        FieldDef::u16("sctp.parameter_type", "Parameter type").hex().names(PARAMETERS),
    PARAMETER_LENGTH = FieldDef::u16("sctp.parameter_length", "Parameter length"),
    PARAMETER_V4 =
        FieldDef::of("sctp.parameter_ipv4_address", "IP Version 4 address", Kind::Ipv4),
    PARAMETER_V6 =
        FieldDef::of("sctp.parameter_ipv6_address", "IP Version 6 address", Kind::Ipv6),
    STATE_COOKIE = FieldDef::bytes("sctp.parameter_state_cookie", "State cookie"),
    HEARTBEAT =
        FieldDef::bytes("sctp.parameter_heartbeat_information", "Heartbeat information"),
    SACK_TSN =
        FieldDef::u32("sctp.sack_cumulative_tsn_ack_raw", "Cumulative TSN ACK (absolute)"),
    SACK_CREDIT = FieldDef::u32("sctp.sack_a_rwnd", "Advertised receiver window credit (a_rwnd)"),
    SACK_GAPS = FieldDef::u16(
        "sctp.sack_number_of_gap_blocks",
        "Number of gap acknowledgement blocks"
    ),
    SACK_DUPLICATES =
        FieldDef::u16("sctp.sack_number_of_duplicated_tsns", "Number of duplicated TSNs"),
    GAP_START = FieldDef::u16("sctp.sack_gap_block_start", "Start"),
    GAP_END = FieldDef::u16("sctp.sack_gap_block_end", "End"),
    DUPLICATE = FieldDef::u32("sctp.sack_duplicate_tsn", "Duplicate TSN"),
    COOKIE = FieldDef::bytes("sctp.cookie", "Cookie"),
    SHUTDOWN_TSN = FieldDef::u32("sctp.shutdown_cumulative_tsn_ack", "Cumulative TSN Ack"),
    NO_TAG = FieldDef::flag("sctp.abort_t_bit", "T-Bit", 0x01),
    CAUSE = FieldDef::u16("sctp.cause_code", "Cause code").hex().names(CAUSES),
    FORWARD_TSN = FieldDef::u32("sctp.forward_tsn_tsn", "New cumulative TSN"),
}

/// The Stream Control Transmission Protocol.
pub struct Sctp;

impl Protocol for Sctp {
    fn heading(&self) -> FieldId {
        HEADING
    }

    fn standards(&self) -> &'static [&'static str] {
        &["RFC 9260", "RFC 3758", "RFC 8260"]
    }

    fn claims(&self) -> &'static [Claim<'static>] {
        &[Claim::IpProtocol(132)]
    }

    fn fields(&self) -> &'static [FieldDef] {
        FIELDS
    }

    fn probe(&self, bytes: &[u8], framing: Framing) -> Likelihood {
        message::probe(bytes, framing)
    }

    fn open(&self, facts: &Facts<'_>) -> Option<Box<dyn Session>> {
        message::open(facts)
    }

    fn summary(&self, message: &Message, view: &View<'_>, line: &mut dyn Write) -> fmt::Result {
        message::summary(message, view, line)
    }

    fn describe(&self, message: &Message, view: &View<'_>, sink: &mut dyn Sink) {
        message::describe(message, view, sink);
    }

    fn tell(&self, message: &Message, view: &View<'_>) -> Option<Telling> {
        message::tell(message, view)
    }

    fn header<'a>(&self, part: Part<'a>, _found: Found, walk: &mut Walk<'_>) -> Option<Next<'a>> {
        Some(describe(part, walk))
    }
}

/// Length of the common header.
const HEAD: usize = 12;

fn describe<'a>(part: Part<'a>, walk: &mut Walk<'_>) -> Next<'a> {
    let ports = [0, 2].map(|at| part.number(at, 2).unwrap_or_default());
    let [from, to] = ports;
    walk.group(&part, part.bytes.len(), PROTO, format_args!("Src Port: {from}, Dst Port: {to}"));
    told(part, walk);
    walk.close();
    walk.summary(format_args!("{}", chunk::Names(part.after(HEAD))));
    Next::Nothing
}

/// The common header and the chunks.
fn told(part: Part<'_>, walk: &mut Walk<'_>) {
    walk.tell(&part, 0, 2, SOURCE);
    walk.tell(&part, 2, 2, DESTINATION);
    walk.tell(&part, 4, 4, TAG);
    walk.tell(&part, 8, 4, CHECKSUM);
    if part.get(0, HEAD).is_none() {
        walk.stop(&part, "SCTP", format_args!("the common header takes {HEAD} bytes"));
    }
    let mut rest = part.after(HEAD);
    while let Some(found) = chunk::Chunk::read(&rest) {
        chunk::describe(&found, walk);
        if found.len < chunk::HEAD || found.len > rest.wire {
            let len = found.len;
            let text = format_args!("A chunk claims {len} bytes, and {} are left", rest.wire);
            walk.note(Severity::Broken, rest.place(0, chunk::HEAD), text);
            break;
        }
        rest = rest.after(found.len.next_multiple_of(4));
    }
}
