//! The fields of SIP.

use crate::field::FieldDef;
use crate::fields;

fields! { "sip", "SIP";
    REQUEST_LINE = FieldDef::text("sip.Request-Line", "Request-Line"),
    METHOD = FieldDef::text("sip.Method", "Method"),
    URI = FieldDef::text("sip.r-uri", "Request-URI"),
    STATUS_LINE = FieldDef::text("sip.Status-Line", "Status-Line"),
    STATUS_CODE = FieldDef::u32("sip.Status-Code", "Status-Code").decimal(),
    RESEND = FieldDef::flag("sip.resend", "Resent Packet", 0).computed(),
    RESEND_ORIGINAL = FieldDef::u32("sip.resend-original", "Suspected resend of frame").computed(),
    REQUEST_FRAME = FieldDef::u32("sip.response-request", "Request Frame").computed(),
    HEADER = FieldDef::group("sip.msg_hdr", "Message Header"),
    VIA = FieldDef::text("sip.Via", "Via"),
    FROM = FieldDef::text("sip.From", "From"),
    TO = FieldDef::text("sip.To", "To"),
    CONTACT = FieldDef::text("sip.Contact", "Contact"),
    CALL_ID = FieldDef::text("sip.Call-ID", "Call-ID"),
    CSEQ = FieldDef::text("sip.CSeq", "CSeq"),
    CSEQ_NUMBER = FieldDef::u32("sip.CSeq.seq", "Sequence Number").decimal(),
    CSEQ_METHOD = FieldDef::text("sip.CSeq.method", "Method"),
    MAX_FORWARDS = FieldDef::u32("sip.Max-Forwards", "Max-Forwards").decimal(),
    EXPIRES = FieldDef::u32("sip.Expires", "Expires").decimal(),
    ALLOW = FieldDef::text("sip.Allow", "Allow"),
    SUPPORTED = FieldDef::text("sip.Supported", "Supported"),
    USER_AGENT = FieldDef::text("sip.User-Agent", "User-Agent"),
    SERVER = FieldDef::text("sip.Server", "Server"),
    ROUTE = FieldDef::text("sip.Route", "Route"),
    RECORD_ROUTE = FieldDef::text("sip.Record-Route", "Record-Route"),
    AUTHENTICATE = FieldDef::text("sip.WWW-Authenticate", "WWW-Authenticate"),
    AUTHORIZATION = FieldDef::text("sip.Authorization", "Authorization"),
    PROXY_AUTHENTICATE = FieldDef::text("sip.Proxy-Authenticate", "Proxy-Authenticate"),
    PROXY_AUTHORIZATION = FieldDef::text("sip.Proxy-Authorization", "Proxy-Authorization"),
    CONTENT_TYPE = FieldDef::text("sip.Content-Type", "Content-Type"),
    CONTENT_LENGTH = FieldDef::u32("sip.Content-Length", "Content-Length").decimal(),
    BODY = FieldDef::bytes("sip.msg_body", "Message Body"),
    /// Ours: what is no message.
    DATA = FieldDef::bytes("sip.data", "Data"),
}
