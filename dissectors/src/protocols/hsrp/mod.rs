//! HSRP, version 1 (RFC 2281): routers share an address, and settle which of them answers for it.
//!
//! ```text
//!   0 │ opcode │ state │ hello │ hold │ priority │ group │ 0 │ password ×8 │ address ×4
//!   0 │ 3      │ type ×2 │ length ×2 │ state │ 0 │ active groups ×2 │ passive groups ×2 │ 0 ×4
//! ```

use std::fmt::{self, Write};
use std::net::Ipv4Addr;

use super::datagrams::{self, Asking, Seen, is_cut, note_short};
use super::values::{number, text};
use crate::bytes::{Reader, Short};
use crate::codes;
use crate::engine::session::Session;
use crate::engine::view::View;
use crate::field::{FieldDef, FieldId, Kind as FieldKind, Names};
use crate::fields;
use crate::ids::FrameId;
use crate::message::{Message, MessageKind};
use crate::protocol::{Claim, Facts, Framing, Likelihood, Protocol};
use crate::protocols::values;
use crate::sink::Sink;
use crate::telling::Telling;

codes! {
    /// What a message is.
    pub enum Kind {
        /// One with its whole form.
        Message,
    }
}

impl MessageKind for Kind {
    /// Nothing answers.
    type Extra = Option<FrameId>;
}

const OPCODES: Names = &[(0, "Hello"), (1, "Coup"), (2, "Resign"), (3, "Advertise")];

const STATES: Names =
    &[(0, "Initial"), (1, "Learn"), (2, "Listen"), (4, "Speak"), (8, "Standby"), (16, "Active")];

/// The state of an interface that is advertised.
const ADVERTISED: Names = &[(1, "Dormant"), (2, "Passive"), (3, "Active")];

fields! { "hsrp", "HSRP";
    VERSION = FieldDef::u8("hsrp.version", "Version"),
    OPCODE = FieldDef::u8("hsrp.opcode", "Op Code").names(OPCODES),
    STATE = FieldDef::u8("hsrp.state", "State").names(STATES),
    HELLO = FieldDef::u8("hsrp.hellotime", "Hellotime"),
    HOLD = FieldDef::u8("hsrp.holdtime", "Holdtime"),
    PRIORITY = FieldDef::u8("hsrp.priority", "Priority"),
    GROUP = FieldDef::u8("hsrp.group", "Group"),
    RESERVED = FieldDef::u8("hsrp.reserved", "Reserved"),
    PASSWORD = FieldDef::text("hsrp.auth_data", "Authentication Data"),
    ADV_TYPE = FieldDef::u16("hsrp.adv.tlvtype", "Adv type"),
    ADV_LENGTH = FieldDef::u16("hsrp.adv.tlvlength", "Adv length"),
    ADV_STATE = FieldDef::u8("hsrp.adv.state", "Adv state").names(ADVERTISED),
    ADV_RESERVED_1 = FieldDef::u8("hsrp.adv.reserved1", "Adv reserved1"),
    ADV_ACTIVE = FieldDef::u16("hsrp.adv.activegrp", "Adv active groups"),
    ADV_PASSIVE = FieldDef::u16("hsrp.adv.passivegrp", "Adv passive groups"),
    ADV_RESERVED_2 = FieldDef::u32("hsrp.adv.reserved2", "Adv reserved2"),
    ADDRESS = FieldDef::of("hsrp.virt_ip", "Virtual IP Address", FieldKind::Ipv4),
}

/// Length of a message, behind which signatures may follow, and of what advertises an interface.
const LEN: usize = 20;
const ADVERTISED_LEN: usize = 16;

/// What says in how many groups an interface is.
const ADVERTISES: u8 = 3;

/// The Hot Standby Router Protocol.
pub struct Hsrp;

impl Protocol for Hsrp {
    fn heading(&self) -> FieldId {
        HEADING
    }

    fn standards(&self) -> &'static [&'static str] {
        &["RFC 2281"]
    }

    fn claims(&self) -> &'static [Claim<'static>] {
        &[Claim::UdpPort(1985)]
    }

    fn fields(&self) -> &'static [FieldDef] {
        FIELDS
    }

    fn probe(&self, bytes: &[u8], framing: Framing) -> Likelihood {
        match look(bytes, bytes.len()).filter(|_| framing == Framing::Datagram) {
            Some(_) => Likelihood::Unsaid,
            None => Likelihood::No,
        }
    }

    fn open(&self, facts: &Facts<'_>) -> Option<Box<dyn Session>> {
        datagrams::open(facts, look)
    }

    fn summary(&self, message: &Message, view: &View<'_>, line: &mut dyn Write) -> fmt::Result {
        let (opcode, state) = names(view.bytes(message.span));
        write!(line, "{opcode} (state {state})")
    }

    fn describe(&self, message: &Message, view: &View<'_>, sink: &mut dyn Sink) {
        if let Err(short) = describe(view.reader(message.span), sink) {
            note_short(short, is_cut(message, view), sink);
        }
    }

    fn tell(&self, message: &Message, view: &View<'_>) -> Option<Telling> {
        let bytes = view.bytes(message.span);
        let (opcode, state) = names(bytes);
        if bytes.get(1) == Some(&ADVERTISES) {
            let headline = "Says in how many groups its interface is";
            return Some(Telling::new(format!("{opcode}, {state}"), headline, "HSRP"));
        }
        let headline = match (bytes.get(1), bytes.get(2)) {
            (Some(1), _) => "Takes the address over: it is the better router",
            (Some(2), _) => "Gives the address up",
            (_, Some(16)) => "Answers for the shared address, and is still there",
            (_, Some(8)) => "Stands by, to take the address over",
            _ => "Says how far it is among the routers that share an address",
        };
        let address = bytes.get(16..).and_then(|rest| rest.first_chunk::<4>());
        let address = Ipv4Addr::from(address.copied().unwrap_or_default());
        let priority = bytes.get(5).copied().unwrap_or_default();
        let told = Telling::new(format!("{opcode}, {state}"), headline, "HSRP");
        Some(told.detail(format!("The address is {address}, its priority {priority}.")))
    }
}

/// The names of what a message does, and of its sender's state.
fn names(bytes: &[u8]) -> (&'static str, &'static str) {
    let name = |at: usize, field: FieldId| {
        let number = bytes.get(at).copied().unwrap_or_default();
        field.def().name_of(number.into()).unwrap_or("Unknown")
    };
    match bytes.get(1) {
        Some(&ADVERTISES) => (name(1, OPCODE), name(6, ADV_STATE)),
        _ => (name(1, OPCODE), name(2, STATE)),
    }
}

/// What a datagram is: a message of version 1, whose operations and states are few.
fn look(bytes: &[u8], wire: usize) -> Option<Seen<Kind>> {
    let fits = match bytes {
        [0, 0..=2, state, ..] => STATE.def().name_of(u64::from(*state)).is_some() && wire >= LEN,
        [0, ADVERTISES, 0, 1, 0, _, 1..=3, ..] => wire >= ADVERTISED_LEN,
        _ => false,
    };
    let seen = Seen { kind: Kind::Message, asking: Asking::Alone, same: 0 };
    fits.then_some(seen)
}

fn describe(mut reader: Reader<'_>, sink: &mut dyn Sink) -> Result<(), Short> {
    number(VERSION, 1, &mut reader, sink)?;
    if number(OPCODE, 1, &mut reader, sink)? == u64::from(ADVERTISES) {
        for (field, width) in [
            (ADV_TYPE, 2),
            (ADV_LENGTH, 2),
            (ADV_STATE, 1),
            (ADV_RESERVED_1, 1),
            (ADV_ACTIVE, 2),
            (ADV_PASSIVE, 2),
            (ADV_RESERVED_2, 4),
        ] {
            number(field, width, &mut reader, sink)?;
        }
        return Ok(());
    }
    for field in [STATE, HELLO, HOLD, PRIORITY, GROUP, RESERVED] {
        number(field, 1, &mut reader, sink)?;
    }
    text(PASSWORD, reader.sub(8, "a password")?, sink);
    values::bytes(ADDRESS, 4, &mut reader, sink)?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::ports::Ports;
    use crate::protocols::stage::{ask, check_told, play_over};

    fn message(opcode: u8, state: u8) -> Vec<u8> {
        let head = [0, opcode, state, 3, 10, 200, 1, 0];
        [&head[..], b"cisco\0\0\0", &[192, 0, 2, 1]].concat()
    }

    #[track_caller]
    fn check(bytes: &[u8], rows: &str, values: &[(&str, &str)]) {
        let ports = Ports { framing: Framing::Datagram, ports: [1985, 1985], began: None };
        let stage = play_over(ports, &[ask(bytes)]);
        assert_eq!(stage.rows(), rows);
        for (field, expected) in values {
            assert_eq!(stage.values(field), *expected, "{field}");
        }
    }

    #[test]
    fn routers_say_who_answers() {
        check(
            &message(0, 16),
            "hsrp@1 Hello (state Active)\n",
            &[
                ("hsrp.state", "16"),
                ("hsrp.priority", "200"),
                ("hsrp.auth_data", "cisco"),
                ("hsrp.virt_ip", "c0000201"),
            ],
        );
        check(
            &[0, 3, 0, 1, 0, 10, 3, 0, 0, 2, 0, 1, 0, 0, 0, 0],
            "hsrp@1 Advertise (state Active)\n",
            &[("hsrp.adv.activegrp", "2"), ("hsrp.adv.passivegrp", "1"), ("hsrp.state", "")],
        );
        check(&message(2, 8), "hsrp@1 Resign (state Standby)\n", &[("hsrp.opcode", "2")]);
    }

    #[test]
    fn what_is_told() {
        let ports = Ports { framing: Framing::Datagram, ports: [1985, 1985], began: None };
        let advertised = vec![0, 3, 0, 1, 0, 10, 3, 0, 0, 2, 0, 1, 0, 0, 0, 0];
        let all = [(1, 16), (2, 8), (0, 16), (0, 8), (0, 4)].map(|(does, is)| message(does, is));
        let steps: Vec<_> = all.into_iter().chain([advertised]).map(ask).collect();
        let shared = "The address is 192.0.2.1, its priority 200.";
        let told = [
            "Coup, Active | Takes the address over: it is the better router",
            "Resign, Standby | Gives the address up",
            "Hello, Active | Answers for the shared address, and is still there",
            "Hello, Standby | Stands by, to take the address over",
            "Hello, Speak | Says how far it is among the routers that share an address",
        ];
        let told = told.map(|one| format!("{one} | {shared}"));
        let mut expected: Vec<&str> = told.iter().map(String::as_str).collect();
        expected.push("Advertise, Active | Says in how many groups its interface is");
        check_told(&play_over(ports, &steps), &expected);
    }

    #[test]
    fn what_is_none_of_it_is_data() {
        check(&message(0, 3), "data@1 20 bytes\n", &[]);
        check(&[0, 3, 0, 1, 0, 10, 9, 0, 0, 2, 0, 1, 0, 0, 0, 0], "data@1 16 bytes\n", &[]);
        check(&message(0, 16)[..19], "data@1 19 bytes\n", &[]);
    }
}
