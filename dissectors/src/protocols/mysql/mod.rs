//! MySQL's protocol as far as it says hello: the server's greeting, the client's request for TLS
//! or to be let in, then commands and errors; everything else is shown as packets.
//!
//! ```text
//!   length (3, little-endian) | number | payload
//!   server: 0a version\0 …            greeting
//!   client: 32 bytes, flag SSL        from here on TLS speaks, with no answer before
//! ```

mod describe;
mod session;
mod tell;
#[cfg(test)]
mod tests;

use std::fmt::{self, Write};

use crate::codes;
use crate::engine::session::Session;
use crate::engine::view::View;
use crate::field::{FieldDef, FieldId, Names};
use crate::fields;
use crate::message::{Message, MessageKind};
use crate::protocol::{Claim, Facts, Framing, Likelihood, Protocol};
use crate::sink::Sink;
use crate::telling::Telling;

codes! {
    /// What a message of MySQL is.
    pub enum Kind {
        /// The server's greeting.
        Greeting,
        /// The client's request for TLS.
        TlsRequest,
        /// The client's request to be let in.
        Login,
        /// A command of the client.
        Command,
        /// An error of the server.
        Error,
        /// Any other packet.
        Packet,
        /// A packet of either side between the greeting and the end of the way in.
        WayIn,
        /// The OK with which the server lets the client in.
        Accepted,
        /// The error with which it does not.
        Denied,
        /// Bytes that are no packets: compressed, or broken.
        Other,
    }
}

impl MessageKind for Kind {
    type Extra = ();
}

fields! { "mysql", "MySQL";
    PACKET_LENGTH = FieldDef::u24("mysql.packet_length", "Packet Length").computed(),
    PACKET_NUMBER = FieldDef::u8("mysql.packet_number", "Packet Number"),
    SERVER_GREETING = FieldDef::group("mysql.server_greeting", "Server Greeting"),
    PROTOCOL = FieldDef::u8("mysql.protocol", "Protocol"),
    VERSION = FieldDef::text("mysql.version", "Version"),
    THREAD_ID = FieldDef::u32("mysql.thread_id", "Thread ID").computed(),
    LOGIN_REQUEST = FieldDef::group("mysql.login_request", "Login Request"),
    CAPS_CLIENT = FieldDef::u16("mysql.caps.client", "Client Capabilities").hex().computed(),
    EXT_CAPS_CLIENT =
        FieldDef::u16("mysql.extcaps.client", "Extended Client Capabilities").hex().computed(),
    MAX_PACKET = FieldDef::u32("mysql.max_packet", "MAX Packet").computed(),
    USER = FieldDef::text("mysql.user", "Username"),
    REQUEST = FieldDef::group("mysql.request", "Request Command"),
    COMMAND_CODE = FieldDef::u8("mysql.command", "Command").names(COMMANDS),
    QUERY = FieldDef::text("mysql.query", "Statement"),
    SCHEMA = FieldDef::text("mysql.schema", "Schema"),
    ERROR_CODE = FieldDef::u16("mysql.error_code", "Error Code").computed(),
    SQL_STATE = FieldDef::text("mysql.sqlstate", "SQL state"),
    ERROR_MESSAGE = FieldDef::text("mysql.error.message", "Error message"),
    PAYLOAD = FieldDef::bytes("mysql.payload", "Payload"),
}

/// Commands (MySQL's sources, `my_command.h`): those that are seen most.
const COMMANDS: Names = &[
    (0, "SLEEP"),
    (1, "Quit"),
    (2, "Use Database"),
    (3, "Query"),
    (4, "Show Fields"),
    (5, "Create Database"),
    (6, "Drop Database"),
    (7, "Refresh"),
    (8, "Shutdown"),
    (9, "Statistics"),
    (10, "Process List"),
    (12, "Kill Server Thread"),
    (14, "Ping"),
    (17, "Change User"),
    (18, "Send Binlog"),
    (21, "Register Slave"),
    (22, "Prepare Statement"),
    (23, "Execute Statement"),
    (24, "Send BLOB"),
    (25, "Close Statement"),
    (26, "Reset Statement"),
    (27, "Set Option"),
    (28, "Fetch Data"),
    (31, "Reset Connection"),
];

/// MySQL.
pub struct Mysql;

impl Protocol for Mysql {
    fn heading(&self) -> FieldId {
        HEADING
    }

    fn standards(&self) -> &'static [&'static str] {
        &["MySQL Client/Server Protocol"]
    }

    fn claims(&self) -> &'static [Claim<'static>] {
        &[Claim::TcpPort(3306)]
    }

    fn fields(&self) -> &'static [FieldDef] {
        FIELDS
    }

    fn probe(&self, bytes: &[u8], framing: Framing) -> Likelihood {
        if framing == Framing::Stream { session::probe(bytes) } else { Likelihood::No }
    }

    fn open(&self, facts: &Facts<'_>) -> Option<Box<dyn Session>> {
        let open = || Box::new(session::MysqlSession::default()) as Box<dyn Session>;
        (facts.framing == Framing::Stream).then(open)
    }

    fn summary(&self, message: &Message, view: &View<'_>, line: &mut dyn Write) -> fmt::Result {
        describe::summary(message, view, line)
    }

    fn describe(&self, message: &Message, view: &View<'_>, sink: &mut dyn Sink) {
        describe::describe(message, view, sink);
    }

    fn tell(&self, message: &Message, view: &View<'_>) -> Option<Telling> {
        tell::tell(message, view)
    }
}
