//! EIGRP (RFC 7868): routers of one maker tell each other which networks they reach; its head.
//!
//! ```text
//!   version │ opcode │ checksum ×2 │ flags ×4 │ sequence ×4 │ acknowledge ×4 │ router ×2 │ system ×2
//! ```

use crate::field::{FieldDef, FieldId, Names};
use crate::fields;
use crate::headers::{Found, Next, Part, Walk};
use crate::protocol::{Claim, Protocol};

const OPCODES: Names = &[
    (1, "Update"),
    (2, "Request"),
    (3, "Query"),
    (4, "Reply"),
    (5, "Hello"),
    (10, "SIA-Query"),
    (11, "SIA-Reply"),
];

fields! { "eigrp", "EIGRP";
    PROTO = FieldDef::group("eigrp", "Cisco EIGRP"),
    VERSION = FieldDef::u8("eigrp.version", "Version"),
    OPCODE = FieldDef::u8("eigrp.opcode", "Opcode").names(OPCODES),
    CHECKSUM = FieldDef::u16("eigrp.checksum", "Checksum").hex(),
    FLAGS = FieldDef::u32("eigrp.flags", "Flags").hex(),
    INIT = FieldDef::flag("eigrp.flags.init", "Init", 0x01),
    CONDITIONAL = FieldDef::flag("eigrp.flags.condrecv", "Conditional Receive", 0x02),
    RESTART = FieldDef::flag("eigrp.flags.restart", "Restart", 0x04),
    END = FieldDef::flag("eigrp.flags.eot", "End Of Table", 0x08),
    SEQUENCE = FieldDef::u32("eigrp.seq", "Sequence"),
    ACK = FieldDef::u32("eigrp.ack", "Acknowledge"),
    ROUTER = FieldDef::u16("eigrp.vrid", "Virtual Router ID"),
    SYSTEM = FieldDef::u16("eigrp.as", "Autonomous System"),
}

/// Length of the head.
const HEAD: usize = 20;

/// What greets, or acknowledges.
const HELLO: u64 = 5;

/// The Enhanced Interior Gateway Routing Protocol.
pub struct Eigrp;

impl Protocol for Eigrp {
    fn heading(&self) -> FieldId {
        HEADING
    }

    fn standards(&self) -> &'static [&'static str] {
        &["RFC 7868"]
    }

    fn claims(&self) -> &'static [Claim<'static>] {
        &[Claim::IpProtocol(88)]
    }

    fn fields(&self) -> &'static [FieldDef] {
        FIELDS
    }

    fn header<'a>(&self, part: Part<'a>, _found: Found, walk: &mut Walk<'_>) -> Option<Next<'a>> {
        walk.plain_group(part.span, PROTO);
        walk.tell(&part, 0, 1, VERSION);
        walk.tell(&part, 1, 1, OPCODE);
        walk.tell(&part, 2, 2, CHECKSUM);
        walk.open(&part, 4, 4, FLAGS);
        for field in [INIT, CONDITIONAL, RESTART, END] {
            walk.tell(&part, 4, 4, field);
        }
        walk.close();
        walk.tell(&part, 8, 4, SEQUENCE);
        walk.tell(&part, 12, 4, ACK);
        walk.tell(&part, 16, 2, ROUTER);
        walk.tell(&part, 18, 2, SYSTEM);
        if part.get(0, HEAD).is_none() {
            walk.stop(&part, "EIGRP", format_args!("a head takes {HEAD} bytes"));
        }
        walk.close();
        let code = part.number(1, 1).unwrap_or_default();
        // A greeting that acknowledges is nothing else (RFC 7868, section 6.6.1).
        match (OPCODE.def().name_of(code), part.number(12, 4)) {
            (Some(name), Some(ack)) if code == HELLO && ack > 0 => {
                walk.summary(format_args!("{name} (Ack)"));
            }
            (Some(name), _) => walk.summary(format_args!("{name}")),
            (None, _) => walk.summary(format_args!("EIGRP, opcode {code}")),
        }
        Some(Next::Nothing)
    }
}
