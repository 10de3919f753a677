//! The fields of QUIC, under Wireshark's names and types. What follows from the packets before, and
//! Wireshark does not work out, is under `quic.analysis`, as it is of TCP.

use super::names;
use crate::field::{FieldDef, Kind};
use crate::fields;

/// A number of variable length.
macro_rules! number {
    ($name:literal, $title:literal) => {
        FieldDef::u64(concat!("quic.", $name), $title).computed()
    };
}

/// A span of time that follows from the packets before.
macro_rules! duration {
    ($name:literal, $title:literal) => {
        FieldDef::of(concat!("quic.analysis.", $name), $title, Kind::Duration).computed()
    };
}

/// A number of bytes that follows from the packets before.
macro_rules! signed {
    ($name:literal, $title:literal) => {
        FieldDef::of(concat!("quic.analysis.", $name), $title, Kind::Signed(64)).computed()
    };
}

fields! { "quic", "QUIC";
    PACKET_LENGTH = FieldDef::u32("quic.packet_length", "Packet Length").computed(),
    HEADER_FORM = FieldDef::u8("quic.header_form", "Header Form").mask(0x80)
        .names(names::HEADER_FORMS),
    FIXED_BIT = FieldDef::flag("quic.fixed_bit", "Fixed Bit", 0x40),
    LONG_TYPE = FieldDef::u8("quic.long.packet_type", "Packet Type").mask(0x30)
        .names(names::LONG_TYPES),
    LONG_TYPE_V2 = FieldDef::u8("quic.long.packet_type_v2", "Packet Type").mask(0x30)
        .names(names::LONG_TYPES_V2),
    LONG_RESERVED = FieldDef::u8("quic.long.reserved", "Reserved").mask(0x0c),
    NUMBER_LENGTH = FieldDef::u8("quic.packet_number_length", "Packet Number Length").mask(0x03)
        .names(names::NUMBER_LENGTHS),
    VERSION = FieldDef::u32("quic.version", "Version").hex().names(names::VERSIONS),
    SUPPORTED_VERSION = FieldDef::u32("quic.supported_version", "Supported Version").hex()
        .names(names::VERSIONS),
    UNUSED = FieldDef::u8("quic.vn.unused", "Unused").hex().mask(0x7f),
    DCIL = FieldDef::u8("quic.dcil", "Destination Connection ID Length"),
    DCID = FieldDef::bytes("quic.dcid", "Destination Connection ID").fresh(),
    SCIL = FieldDef::u8("quic.scil", "Source Connection ID Length"),
    SCID = FieldDef::bytes("quic.scid", "Source Connection ID").fresh(),
    TOKEN_LENGTH = number!("token_length", "Token Length"),
    TOKEN = FieldDef::bytes("quic.token", "Token").fresh(),
    LENGTH = number!("length", "Length"),
    PACKET_NUMBER = number!("packet_number", "Packet Number"),
    PAYLOAD = FieldDef::bytes("quic.payload", "Payload"),
    REMAINING = FieldDef::bytes("quic.remaining_payload", "Remaining Payload"),
    RETRY_TOKEN = FieldDef::bytes("quic.retry_token", "Retry Token"),
    RETRY_TAG = FieldDef::bytes("quic.retry_integrity_tag", "Retry Integrity Tag"),
    SHORT = FieldDef::group("quic.short", "QUIC Short Header"),
    SPIN_BIT = FieldDef::flag("quic.spin_bit", "Spin Bit", 0x20),
    SHORT_RESERVED = FieldDef::u8("quic.short.reserved", "Reserved").mask(0x18),
    KEY_PHASE = FieldDef::flag("quic.key_phase", "Key Phase Bit", 0x04),
    PROTECTED = FieldDef::bytes("quic.protected_payload", "Protected Payload"),
    UNPREDICTABLE = FieldDef::bytes("quic.unpredictable_bits", "Unpredictable Bits"),
    RESET_TOKEN = FieldDef::bytes("quic.stateless_reset_token", "Stateless Reset Token"),
    DECRYPTION_FAILED = FieldDef::group("quic.decryption_failed", "Failed to decrypt"),
    BAD_RETRY = FieldDef::group("quic.bad_retry", "Retry Integrity Tag verification failure"),

    // Frames.
    FRAME = FieldDef::group("quic.frame", "Frame"),
    FRAME_TYPE = number!("frame_type", "Frame Type").hex().names(names::FRAMES),
    PADDING = FieldDef::u32("quic.padding_length", "Padding Length").computed(),
    ACK_LARGEST = number!("ack.largest_acknowledged", "Largest Acknowledged"),
    ACK_DELAY = number!("ack.ack_delay", "ACK Delay"),
    ACK_COUNT = number!("ack.ack_range_count", "ACK Range Count"),
    ACK_FIRST = number!("ack.first_ack_range", "First ACK Range"),
    ACK_GAP = number!("ack.gap", "Gap"),
    ACK_RANGE = number!("ack.ack_range", "ACK Range"),
    ACK_ECT0 = number!("ack.ect0_count", "ECT(0) Count"),
    ACK_ECT1 = number!("ack.ect1_count", "ECT(1) Count"),
    ACK_CE = number!("ack.ecn_ce_count", "ECN-CE Count"),
    RESET_STREAM = number!("rsts.stream_id", "Stream ID"),
    RESET_CODE = number!("rsts.application_error_code", "Application Error code"),
    RESET_SIZE = number!("rsts.final_size", "Final Size"),
    RELIABLE_SIZE = number!("rsts.reliable_size", "Reliable Size"),
    STOP_STREAM = number!("ss.stream_id", "Stream ID"),
    STOP_CODE = number!("ss.application_error_code", "Application Error code"),
    CRYPTO_OFFSET = number!("crypto.offset", "Offset"),
    CRYPTO_LENGTH = number!("crypto.length", "Length"),
    CRYPTO_DATA = FieldDef::group("quic.crypto.crypto_data", "Crypto Data"),
    NEW_TOKEN_LENGTH = number!("nt.length", "(Token) Length"),
    NEW_TOKEN = FieldDef::bytes("quic.nt.token", "Token"),
    STREAM_FIN = FieldDef::flag("quic.stream.fin", "Fin", 0x01),
    STREAM_LEN = FieldDef::flag("quic.stream.len", "Len(gth)", 0x02),
    STREAM_OFF = FieldDef::flag("quic.stream.off", "Off(set)", 0x04),
    STREAM_ID = number!("stream.stream_id", "Stream ID"),
    STREAM_INITIATOR = number!("stream.initiator", "Stream initiator").names(names::INITIATORS),
    STREAM_DIRECTION = number!("stream.direction", "Stream direction").names(names::DIRECTIONS),
    STREAM_OFFSET = number!("stream.offset", "Offset"),
    STREAM_LENGTH = number!("stream.length", "Length"),
    STREAM_DATA = FieldDef::bytes("quic.stream_data", "Stream Data"),
    MAX_DATA = number!("md.maximum_data", "Maximum Data"),
    MAX_STREAM = number!("msd.stream_id", "Stream ID"),
    MAX_STREAM_DATA = number!("msd.maximum_stream_data", "Maximum Stream Data"),
    MAX_STREAMS = number!("ms.max_streams", "Max Streams"),
    BLOCKED = number!("sb.stream_data_limit", "Stream Data Limit"),
    STREAM_BLOCKED = number!("sdb.stream_id", "Stream ID"),
    STREAMS_BLOCKED = number!("sib.stream_limit", "Stream Limit"),
    ID_SEQUENCE = number!("nci.sequence", "Sequence"),
    ID_RETIRE = number!("nci.retire_prior_to", "Retire Prior To"),
    ID_LENGTH = FieldDef::u8("quic.nci.connection_id.length", "Connection ID Length"),
    ID = FieldDef::bytes("quic.nci.connection_id", "Connection ID"),
    ID_TOKEN = FieldDef::bytes("quic.nci.stateless_reset_token", "Stateless Reset Token"),
    RETIRE_SEQUENCE = number!("rci.sequence", "Sequence"),
    CHALLENGE = FieldDef::bytes("quic.path_challenge.data", "Data"),
    RESPONSE = FieldDef::bytes("quic.path_response.data", "Data"),
    CLOSE_CODE = number!("cc.error_code", "Error code").names(names::ERRORS),
    CLOSE_APP = number!("cc.error_code.app", "Application Error code"),
    CLOSE_ALERT = FieldDef::u8("quic.cc.error_code.tls_alert", "TLS Alert Description").computed()
        .names(crate::protocols::tls::names::ALERTS),
    CLOSE_FRAME = number!("cc.frame_type", "Frame Type").names(names::FRAMES),
    CLOSE_LENGTH = number!("cc.reason_phrase.length", "Reason phrase Length"),
    CLOSE_REASON = FieldDef::of("quic.cc.reason_phrase", "Reason phrase", Kind::Text),
    DATAGRAM_LENGTH = number!("dg.length", "Datagram Length"),
    DATAGRAM = FieldDef::bytes("quic.dg", "Datagram"),
    FREQUENCY_SEQUENCE = number!("af.sequence_number", "Sequence Number"),
    FREQUENCY_THRESHOLD = number!("af.ack_eliciting_threshold", "Ack-Eliciting Threshold"),
    FREQUENCY_DELAY = number!("af.request_max_ack_delay", "Request Max Ack Delay"),
    FREQUENCY_REORDERING = number!("af.reordering_threshold", "Reordering Threshold"),
    UNKNOWN_FRAME = FieldDef::group("quic.ft.unknown", "Unknown Frame Type"),

    // What a packet is to those before it.
    ANALYSIS = FieldDef::group("quic.analysis", "Recovery analysis"),
    ACKS_FRAME = FieldDef::u32("quic.analysis.acks_frame", "Acknowledges the packet in frame")
        .computed(),
    NEWLY_ACKED = FieldDef::u32("quic.analysis.newly_acked", "Packets newly acknowledged")
        .computed(),
    ACK_RTT = duration!("ack_rtt", "Time from the packet to its acknowledgement"),
    ACK_HELD_BACK = duration!("ack_held_back", "Of that, held back"),
    SMOOTHED_RTT = duration!("smoothed_rtt", "Smoothed round trip, inferred"),
    MISSING = number!("analysis.missing", "Numbers newly left out"),
    LOST_FRAME = FieldDef::u32("quic.analysis.lost_frame", "Counts as lost, inferred: frame")
        .computed(),
    LOST_NUMBER = number!("analysis.lost_packet", "Counts as lost, inferred: packet"),
    SPURIOUS_FRAME = FieldDef::u32("quic.analysis.spurious_frame", "Had come, though it counted as lost: frame")
        .computed(),
    AGAIN_FRAME = FieldDef::u32("quic.analysis.retransmission_frame", "Sends again what is in frame")
        .computed(),
    AGAIN_AFTER = duration!("retransmission_after", "Time since that"),
    AGAIN_CAUSE = FieldDef::u8("quic.analysis.retransmission_cause", "Why, inferred").computed()
        .names(names::CAUSES),
    PROBES_AFTER = duration!("probe_after", "Probe, inferred: silence before"),
    WINDOW_BEFORE = signed!("window.before", "May be sent, before"),
    WINDOW_AFTER = signed!("window.after", "May be sent, after"),
    WINDOW_WAITED = duration!("window.waited", "Nothing could be sent for"),
    HELD_SENT = number!("analysis.amplification.sent", "Sent to an unproven address"),
    HELD_CAME = number!("analysis.amplification.received", "Received from it"),
    HELD_FOR = duration!("amplification.waited", "Could not go on for"),
    SPIN_PERIOD = duration!("spin_period", "Time since the spin bit turned"),
    FILLS = FieldDef::group("quic.analysis.fills_hole", "Fills a hole: a first try never came by here"),
    COPY = FieldDef::group("quic.analysis.duplicate", "A packet of this number came by before"),
}
