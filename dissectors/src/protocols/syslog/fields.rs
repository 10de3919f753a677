//! The fields of syslog, under Wireshark's names and types.

use crate::field::{FieldDef, Kind, Names};
use crate::fields;

const FACILITIES: Names = &[
    (0, "KERN - kernel messages"),
    (1, "USER - random user-level messages"),
    (2, "MAIL - mail system"),
    (3, "DAEMON - system daemons"),
    (4, "AUTH - security/authorization messages"),
    (5, "SYSLOG - messages generated internally by syslogd"),
    (6, "LPR - line printer subsystem"),
    (7, "NEWS - network news subsystem"),
    (8, "UUCP - UUCP subsystem"),
    (9, "CRON - clock daemon (BSD, Linux)"),
    (10, "AUTHPRIV - security/authorization messages (private)"),
    (11, "FTP - ftp daemon"),
    (12, "NTP - ntp subsystem"),
    (13, "LOGAUDIT - log audit"),
    (14, "LOGALERT - log alert"),
    (15, "CRON - clock daemon (Solaris)"),
    (16, "LOCAL0 - reserved for local use"),
    (17, "LOCAL1 - reserved for local use"),
    (18, "LOCAL2 - reserved for local use"),
    (19, "LOCAL3 - reserved for local use"),
    (20, "LOCAL4 - reserved for local use"),
    (21, "LOCAL5 - reserved for local use"),
    (22, "LOCAL6 - reserved for local use"),
    (23, "LOCAL7 - reserved for local use"),
];

const LEVELS: Names = &[
    (0, "EMERG - system is unusable"),
    (1, "ALERT - action must be taken immediately"),
    (2, "CRIT - critical conditions"),
    (3, "ERR - error conditions"),
    (4, "WARNING - warning conditions"),
    (5, "NOTICE - normal but significant condition"),
    (6, "INFO - informational"),
    (7, "DEBUG - debug-level messages"),
];

fields! { "syslog", "Syslog";
    /// The priority is written in decimal digits: its bits are no bits of the line.
    FACILITY = FieldDef::u16("syslog.facility", "Facility").mask(0x3f8).names(FACILITIES).computed(),
    LEVEL = FieldDef::u16("syslog.level", "Level").mask(0x7).names(LEVELS).computed(),
    VERSION = FieldDef::text("syslog.version", "Syslog version"),
    TIMESTAMP = FieldDef::of("syslog.timestamp", "Syslog timestamp", Kind::Time).computed(),
    TIMESTAMP_OLD = FieldDef::text("syslog.timestamp_rfc3164", "Timestamp (RFC3164)"),
    HOSTNAME = FieldDef::text("syslog.hostname", "Hostname"),
    APPNAME = FieldDef::text("syslog.appname", "App Name"),
    PROCID = FieldDef::text("syslog.procid", "Process ID"),
    MSGID = FieldDef::text("syslog.msgid", "Message ID"),
    SD = FieldDef::group("syslog.sd", "Structured Data"),
    SD_ELEMENT = FieldDef::group("syslog.sd.element", "Element"),
    SD_NAME = FieldDef::text("syslog.sd.element.name", "Element Name"),
    SD_PARAM = FieldDef::group("syslog.sd.param", "Parameter"),
    SD_PARAM_NAME = FieldDef::text("syslog.sd.param.name", "Parameter Name"),
    SD_PARAM_VALUE = FieldDef::text("syslog.sd.param.value", "Parameter Value"),
    MSG = FieldDef::text("syslog.msg", "Message"),
}
