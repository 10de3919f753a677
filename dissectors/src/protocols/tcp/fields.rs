//! The fields of TCP.

use crate::field::{FieldDef, Kind, Names};
use crate::fields;
use crate::headers::names::CHECKSUM_STATUS;

const OPTION_KINDS: Names = &[
    (0, "End of Option List"),
    (1, "No-Operation"),
    (2, "Maximum Segment Size"),
    (3, "Window Scale"),
    (4, "SACK Permitted"),
    (5, "SACK"),
    (8, "Time Stamp Option"),
    (19, "MD5 Signature Option"),
    (28, "User Timeout Option"),
    (29, "The TCP Authentication Option"),
    (30, "Multipath TCP"),
    (34, "TCP Fast Open Cookie"),
    (172, "Accurate ECN Order 0"),
    (174, "Accurate ECN Order 1"),
    (253, "RFC3692-style Experiment 1"),
    (254, "RFC3692-style Experiment 2"),
];

const SUBTYPES: Names = &[
    (0, "Multipath Capable"),
    (1, "Join Connection"),
    (2, "Data Sequence Signal"),
    (3, "Add Address"),
    (4, "Remove Address"),
    (5, "Change Subflow Priority"),
    (6, "TCP Fallback"),
    (7, "Fast Close"),
    (8, "TCP Reset"),
];

fields! { "tcp", "TCP";
    PROTO = FieldDef::group("tcp", "Transmission Control Protocol"),
    SRCPORT = FieldDef::u16("tcp.srcport", "Source Port").fresh(),
    DSTPORT = FieldDef::u16("tcp.dstport", "Destination Port").fresh(),
    PORT = FieldDef::u16("tcp.port", "Source or Destination Port").hidden().fresh(),
    STREAM = FieldDef::u32("tcp.stream", "Stream index").computed().fresh(),
    COMPLETENESS = FieldDef::u8("tcp.completeness", "Conversation completeness").computed(),
    LEN = FieldDef::u32("tcp.len", "TCP Segment Len").computed(),
    SEQ = FieldDef::u32("tcp.seq", "Sequence Number").computed(),
    SEQ_RAW = FieldDef::u32("tcp.seq_raw", "Sequence Number (raw)").fresh(),
    NXTSEQ = FieldDef::u32("tcp.nxtseq", "Next Sequence Number").computed(),
    ACK = FieldDef::u32("tcp.ack", "Acknowledgment Number").computed(),
    ACK_RAW = FieldDef::u32("tcp.ack_raw", "Acknowledgment number (raw)").fresh(),
    HDR_LEN = FieldDef::u8("tcp.hdr_len", "Header Length").computed(),
    FLAGS = FieldDef::u16("tcp.flags", "Flags").hex().mask(0x0fff),
    FLAG_RES = FieldDef::flag("tcp.flags.res", "Reserved", 0x0e),
    FLAG_AE = FieldDef::flag("tcp.flags.ae", "Accurate ECN", 0x01),
    FLAG_CWR = FieldDef::flag("tcp.flags.cwr", "Congestion Window Reduced", 0x80),
    FLAG_ECE = FieldDef::flag("tcp.flags.ece", "ECN-Echo", 0x40),
    FLAG_URG = FieldDef::flag("tcp.flags.urg", "Urgent", 0x20),
    FLAG_ACK = FieldDef::flag("tcp.flags.ack", "Acknowledgment", 0x10),
    FLAG_PUSH = FieldDef::flag("tcp.flags.push", "Push", 0x08),
    FLAG_RESET = FieldDef::flag("tcp.flags.reset", "Reset", 0x04),
    FLAG_SYN = FieldDef::flag("tcp.flags.syn", "Syn", 0x02),
    FLAG_FIN = FieldDef::flag("tcp.flags.fin", "Fin", 0x01),
    FLAGS_STR = FieldDef::text("tcp.flags.str", "TCP Flags").computed(),
    CONNECTION_SYN = FieldDef::flag("tcp.connection.syn", "Connection request", 0).computed().hidden(),
    CONNECTION_SYNACK =
        FieldDef::flag("tcp.connection.synack", "Connection acknowledged", 0).computed().hidden(),
    CONNECTION_FIN = FieldDef::flag("tcp.connection.fin", "Connection finish", 0).computed().hidden(),
    CONNECTION_FIN_ACTIVE =
        FieldDef::flag("tcp.connection.fin_active", "Initiates the close", 0).computed().hidden(),
    CONNECTION_FIN_PASSIVE =
        FieldDef::flag("tcp.connection.fin_passive", "Undergoes the close", 0).computed().hidden(),
    CONNECTION_RST = FieldDef::flag("tcp.connection.rst", "Connection reset", 0).computed().hidden(),
    WINDOW_VALUE = FieldDef::u16("tcp.window_size_value", "Window"),
    WINDOW = FieldDef::u32("tcp.window_size", "Calculated window size").computed(),
    WINDOW_SCALE =
        FieldDef::of("tcp.window_size_scalefactor", "Window size scaling factor", Kind::Signed(32))
        .computed().names(&[(u64::MAX, "unknown"), (u64::MAX - 1, "no window scaling used")]),
    CHECKSUM = FieldDef::u16("tcp.checksum", "Checksum").hex().fresh(),
    STATUS = FieldDef::u8("tcp.checksum.status", "Checksum Status").computed()
        .names(CHECKSUM_STATUS),
    URGENT = FieldDef::u16("tcp.urgent_pointer", "Urgent Pointer"),
    OPTIONS = FieldDef::bytes("tcp.options", "Options").fresh(),
    OPTION_KIND = FieldDef::u8("tcp.option_kind", "Kind").names(OPTION_KINDS),
    OPTION_LEN = FieldDef::u8("tcp.option_len", "Length"),
    EOL = FieldDef::bytes("tcp.options.eol", "End of Option List"),
    NOP = FieldDef::bytes("tcp.options.nop", "No-Operation"),
    MSS = FieldDef::bytes("tcp.options.mss", "Maximum segment size"),
    MSS_VAL = FieldDef::u16("tcp.options.mss_val", "MSS Value"),
    MSS_ABSENT = FieldDef::flag("tcp.options.mss.absent", "No segment size given", 0).computed(),
    WSCALE = FieldDef::bytes("tcp.options.wscale", "Window scale"),
    WSCALE_SHIFT = FieldDef::u8("tcp.options.wscale.shift", "Shift count"),
    WSCALE_MULTIPLIER = FieldDef::u16("tcp.options.wscale.multiplier", "Multiplier").computed(),
    SACK_PERM = FieldDef::bytes("tcp.options.sack_perm", "SACK permitted"),
    SACK = FieldDef::bytes("tcp.options.sack", "SACK"),
    SACK_LE = FieldDef::u32("tcp.options.sack_le", "Left edge").computed(),
    SACK_RE = FieldDef::u32("tcp.options.sack_re", "Right edge").computed(),
    SACK_COUNT = FieldDef::u8("tcp.options.sack.count", "SACK Count").computed(),
    DSACK = FieldDef::flag("tcp.options.sack.dsack", "Came twice", 0).computed(),
    DSACK_LE = FieldDef::u32("tcp.options.sack.dsack_le", "Left edge of what came twice").computed(),
    DSACK_RE = FieldDef::u32("tcp.options.sack.dsack_re", "Right edge of what came twice").computed(),
    TIMESTAMP = FieldDef::bytes("tcp.options.timestamp", "Timestamps").fresh(),
    TSVAL = FieldDef::u32("tcp.options.timestamp.tsval", "Timestamp value").fresh(),
    TSECR = FieldDef::u32("tcp.options.timestamp.tsecr", "Timestamp echo reply").fresh(),
    TFO = FieldDef::bytes("tcp.options.tfo", "TCP Fast Open"),
    TFO_REQUEST = FieldDef::flag("tcp.options.tfo.request", "Fast Open Cookie Request", 0).computed(),
    TFO_COOKIE = FieldDef::bytes("tcp.options.tfo.cookie", "Fast Open Cookie").fresh(),
    MPTCP = FieldDef::bytes("tcp.options.mptcp", "Multipath TCP"),
    MPTCP_SUBTYPE = FieldDef::u8("tcp.options.mptcp.subtype", "Subtype").mask(0xf0).names(SUBTYPES),
    MPTCP_VERSION = FieldDef::u8("tcp.options.mptcp.version", "Version").mask(0x0f),
    MPTCP_SENDKEY = FieldDef::u64("tcp.options.mptcp.sendkey", "Sender's key").fresh(),
    ACC_ECN = FieldDef::bytes("tcp.options.acc_ecn", "Accurate ECN"),
    ACC_ECN_EE0B = FieldDef::u24("tcp.options.acc_ecn.ee0b", "Bytes that came with ECT(0)"),
    ACC_ECN_ECEB = FieldDef::u24("tcp.options.acc_ecn.eceb", "Bytes that came marked (CE)"),
    ACC_ECN_EE1B = FieldDef::u24("tcp.options.acc_ecn.ee1b", "Bytes that came with ECT(1)"),
    EXPERIMENTAL = FieldDef::bytes("tcp.options.experimental", "Experimental"),
    EXPERIMENT = FieldDef::u16("tcp.options.experimental.exid", "Experiment Identifier").hex()
        .names(&[(0xf989, "Fast Open")]),
    UNKNOWN = FieldDef::bytes("tcp.options.unknown", "Unknown option"),
    UNKNOWN_PAYLOAD = FieldDef::bytes("tcp.options.unknown.payload", "Payload"),
    TIME_RELATIVE =
        FieldDef::of("tcp.time_relative", "Time since first frame in this TCP stream", Kind::Duration)
        .computed().fresh(),
    TIME_DELTA =
        FieldDef::of("tcp.time_delta", "Time since previous frame in this TCP stream", Kind::Duration)
        .computed().fresh(),
    RETRANSMISSION = FieldDef::flag("tcp.analysis.retransmission", "Retransmission", 0).computed(),
    SPURIOUS_RETRANSMISSION =
        FieldDef::flag("tcp.analysis.spurious_retransmission", "Sent again, though confirmed", 0)
            .computed(),
    OUT_OF_ORDER = FieldDef::flag("tcp.analysis.out_of_order", "Out of order", 0).computed(),
    KEEP_ALIVE = FieldDef::flag("tcp.analysis.keep_alive", "Keep-alive", 0).computed(),
    KEEP_ALIVE_ACK =
        FieldDef::flag("tcp.analysis.keep_alive_ack", "Answer to a keep-alive", 0).computed(),
    WINDOW_UPDATE =
        FieldDef::flag("tcp.analysis.window_update", "Window update", 0).computed(),
    ACKS_FRAME = FieldDef::u32("tcp.analysis.acks_frame", "Acknowledges the segment of frame").computed().fresh(),
    ACK_RTT =
        FieldDef::of("tcp.analysis.ack_rtt", "Time since that segment", Kind::Duration).computed().fresh(),
    BYTES_IN_FLIGHT =
        FieldDef::u32("tcp.analysis.bytes_in_flight", "Bytes under way with it").computed(),
    PUSH_BYTES_SENT =
        FieldDef::u32("tcp.analysis.push_bytes_sent", "Bytes since the last push").computed(),
    RTO = FieldDef::of("tcp.analysis.rto", "Time since the first try", Kind::Duration).computed().fresh(),
    RTO_FRAME = FieldDef::u32("tcp.analysis.rto_frame", "The first try is frame").computed().fresh(),
    DUPLICATE_ACK_NUM =
        FieldDef::u32("tcp.analysis.duplicate_ack_num", "Repeated for the n-th time").computed(),
    DUPLICATE_ACK_FRAME =
        FieldDef::u32("tcp.analysis.duplicate_ack_frame", "Repeats the acknowledgement of frame")
        .computed().fresh(),
    FAST_RETRANSMISSION =
        FieldDef::flag("tcp.analysis.fast_retransmission", "Answers duplicate acknowledgements", 0)
        .computed(),
    WINDOW_FULL =
        FieldDef::flag("tcp.analysis.window_full", "Fills the window of the other side", 0)
        .computed(),
    WINDOW_PROBE =
        FieldDef::flag("tcp.analysis.zero_window_probe", "Probes a closed window", 0).computed(),
    LOST_SEGMENT =
        FieldDef::flag("tcp.analysis.lost_segment", "Something before it was not captured", 0)
        .computed(),
    ACK_LOST_SEGMENT =
        FieldDef::flag("tcp.analysis.ack_lost_segment", "Acknowledges what was not captured", 0)
        .computed(),
    TFO_SYN = FieldDef::flag("tcp.analysis.tfo_syn", "SYN with data of Fast Open", 0).computed(),
    TFO_ACK =
        FieldDef::flag("tcp.analysis.tfo_ack", "Takes the data of the SYN", 0).computed(),
    DUPLICATE_ACK =
        FieldDef::flag("tcp.analysis.duplicate_ack", "Duplicate acknowledgement", 0).computed(),
    ZERO_WINDOW = FieldDef::flag("tcp.analysis.zero_window", "Zero window", 0).computed(),
    PAYLOAD = FieldDef::bytes("tcp.payload", "TCP payload").fresh(),
    RESET_CAUSE = FieldDef::text("tcp.reset_cause", "Reset cause"),
}
