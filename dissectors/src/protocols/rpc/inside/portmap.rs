//! The portmapper inside RPC (RFC 1833): says on which port a program listens.

use std::fmt::{self, Write};

use super::{Kind, describe as describe_message, head, number, opaque, procedure, program, text};
use crate::bytes::Lossy;
use crate::engine::session::Session;
use crate::engine::view::View;
use crate::field::{FieldDef, FieldId, Names};
use crate::fields;
use crate::message::Message;
use crate::protocol::{Claim, Facts, Framing, Likelihood, Protocol};
use crate::protocols::rpc::Procedure;
use crate::protocols::rpc::programs::{PORTMAP, PROGRAMS, name, procedures};
use crate::sink::Sink;

const TRANSPORTS: Names = &[(6, "TCP"), (17, "UDP")];

fields! { "portmap", "Portmap";
    PROCEDURE_2 = FieldDef::u32("portmap.procedure_v2", "V2 Procedure").names(procedures(PORTMAP, 2)).computed(),
    PROCEDURE_3 = FieldDef::u32("portmap.procedure_v3", "V3 Procedure").names(procedures(PORTMAP, 3)).computed(),
    PROCEDURE_4 = FieldDef::u32("portmap.procedure_v4", "V4 Procedure").names(procedures(PORTMAP, 4)).computed(),
    PROGRAM = FieldDef::u32("portmap.prog", "Program").names(PROGRAMS),
    VERSION = FieldDef::u32("portmap.version", "Version"),
    PROTOCOL = FieldDef::u32("portmap.proto", "Proto").names(TRANSPORTS),
    PORT = FieldDef::u32("portmap.port", "Port"),
    BIND_PROGRAM = FieldDef::u32("portmap.rpcb.prog", "Program").names(PROGRAMS),
    BIND_VERSION = FieldDef::u32("portmap.rpcb.version", "Version"),
    BIND_NET = FieldDef::text("portmap.rpcb.netid", "Network Id"),
    BIND_ADDRESS = FieldDef::text("portmap.rpcb.addr", "Universal Address"),
    BIND_OWNER = FieldDef::text("portmap.rpcb.owner", "Owner of this Service"),
    ADDRESS = FieldDef::text("portmap.uaddr", "Universal Address"),
}

/// The portmapper.
pub struct Portmap;

program!(Portmap, &["RFC 1833"], PORTMAP, summary, describe);

/// The procedure that asks for a port (version 2) or for an address (3 and 4), and those that take
/// the same arguments.
const GET: u32 = 3;

const fn names_program(one: Procedure) -> bool {
    matches!(one.number, 1..=GET)
}

fn summary(message: &Message, view: &View<'_>, line: &mut dyn Write) -> fmt::Result {
    head(message, PORTMAP, line)?;
    let one = procedure(message, PORTMAP);
    let mut reader = view.reader(message.span);
    if message.is(Kind::Call) && names_program(one) {
        let (Ok((program, _)), Ok((version, _))) =
            (reader.u32("A program"), reader.u32("A version"))
        else {
            return Ok(());
        };
        return match name(program) {
            Some(name) => write!(line, " {name}({program}) V:{version}"),
            None => write!(line, " {program} V:{version}"),
        };
    }
    if message.is(Kind::Call) || one.number != GET {
        return Ok(());
    }
    if one.version == 2 {
        let port = reader.u32("A port").map_or(0, |(port, _)| port);
        write!(line, " Port:{port}")
    } else {
        match opaque(&mut reader) {
            Ok((address, _)) => write!(line, " {}", Lossy(address)),
            Err(_) => Ok(()),
        }
    }
}

fn describe(message: &Message, view: &View<'_>, sink: &mut dyn Sink) {
    let fields = [(2, PROCEDURE_2), (3, PROCEDURE_3), (4, PROCEDURE_4)];
    let is_reply = message.is(Kind::Reply);
    describe_message(message, view, (PORTMAP, &fields), sink, |one, reader, sink| {
        match (one.version, is_reply) {
            (2, false) if names_program(one) => {
                for field in [PROGRAM, VERSION, PROTOCOL, PORT] {
                    number(reader, field, sink)?;
                }
            }
            (2, true) if one.number == GET => {
                number(reader, PORT, sink)?;
            }
            (3 | 4, false) if names_program(one) => {
                number(reader, BIND_PROGRAM, sink)?;
                number(reader, BIND_VERSION, sink)?;
                for field in [BIND_NET, BIND_ADDRESS, BIND_OWNER] {
                    text(reader, field, sink)?;
                }
            }
            (3 | 4, true) if one.number == GET => text(reader, ADDRESS, sink)?,
            _ => {}
        }
        Ok(())
    });
}
