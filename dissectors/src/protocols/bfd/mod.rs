//! BFD (RFC 5880; over UDP: RFC 5881, RFC 5883 and RFC 7881): two routers find out within
//! milliseconds that the way between them is gone.
//!
//! ```text
//!   version, why │ state, flags │ multiplier │ length │ mine ×4 │ yours ×4 │ send ×4 │ receive ×4 │
//!   echo ×4 │ proof of who sends
//! ```

use std::fmt::{self, Write};

use super::datagrams::{self, Asking, Seen, is_cut, note_short};
use super::values::{bits, bytes, number};
use crate::bytes::{Reader, Short};
use crate::codes;
use crate::engine::session::Session;
use crate::engine::view::View;
use crate::field::{FieldDef, FieldId, Names};
use crate::fields;
use crate::ids::FrameId;
use crate::message::{Message, MessageKind};
use crate::protocol::{Claim, Facts, Framing, Likelihood, Protocol};
use crate::sink::Sink;
use crate::telling::Telling;

codes! {
    /// What a message is.
    pub enum Kind {
        /// A control packet.
        Control,
    }
}

impl MessageKind for Kind {
    /// Nothing answers.
    type Extra = Option<FrameId>;
}

const CAUSES: Names = &[
    (0, "No Diagnostic"),
    (1, "Control Detection Time Expired"),
    (2, "Echo Function Failed"),
    (3, "Neighbor Signaled Session Down"),
    (4, "Forwarding Plane Reset"),
    (5, "Path Down"),
    (6, "Concatenated Path Down"),
    (7, "Administratively Down"),
    (8, "Reverse Concatenated Path Down"),
    (9, "Mis-Connectivity Defect"),
];

const STATES: Names = &[(0, "AdminDown"), (1, "Down"), (2, "Init"), (3, "Up")];

const PROOFS: Names = &[
    (PASSWORD_IN_CLEAR, "Simple Password"),
    (2, "Keyed MD5"),
    (3, "Meticulous Keyed MD5"),
    (4, "Keyed SHA1"),
    (5, "Meticulous Keyed SHA1"),
];

fields! { "bfd", "BFD";
    VERSION = FieldDef::u8("bfd.version", "Protocol Version").mask(0xe0),
    DIAGNOSTIC = FieldDef::u8("bfd.diag", "Diagnostic Code").hex().mask(0x1f).names(CAUSES),
    STATE = FieldDef::u8("bfd.sta", "Session State").hex().mask(0xc0).names(STATES),
    FLAGS = FieldDef::u8("bfd.flags", "Message Flags").hex(),
    POLL = FieldDef::flag("bfd.flags.p", "Poll", 0x20),
    FINAL = FieldDef::flag("bfd.flags.f", "Final", 0x10),
    INDEPENDENT = FieldDef::flag("bfd.flags.c", "Control Plane Independent", 0x08),
    PROVEN = FieldDef::flag("bfd.flags.a", "Authentication Present", IS_PROVEN as u64),
    DEMAND = FieldDef::flag("bfd.flags.d", "Demand", 0x02),
    MULTIPOINT = FieldDef::flag("bfd.flags.m", "Multipoint", 0x01),
    MULTIPLIER = FieldDef::u8("bfd.detect_time_multiplier", "Detect Time Multiplier"),
    LENGTH = FieldDef::u8("bfd.message_length", "Message Length"),
    MINE = FieldDef::u32("bfd.my_discriminator", "My Discriminator").hex(),
    YOURS = FieldDef::u32("bfd.your_discriminator", "Your Discriminator").hex(),
    SENDS = FieldDef::u32("bfd.desired_min_tx_interval", "Desired Min TX Interval"),
    RECEIVES = FieldDef::u32("bfd.required_min_rx_interval", "Required Min RX Interval"),
    ECHOES = FieldDef::u32("bfd.required_min_echo_interval", "Required Min Echo Interval"),
    PROOF = FieldDef::u8("bfd.auth.type", "Authentication Type").names(PROOFS),
    PROOF_LENGTH = FieldDef::u8("bfd.auth.len", "Authentication Length"),
    KEY = FieldDef::u8("bfd.auth.key", "Authentication Key ID"),
    PASSWORD = FieldDef::text("bfd.auth.password", "Password"),
    SEQUENCE = FieldDef::u32("bfd.auth.seq_num", "Sequence Number").hex(),
    CHECK = FieldDef::bytes("bfd.checksum", "Checksum"),
}

/// A proof of who sends follows the message.
const IS_PROVEN: u8 = 0x04;

/// The proof that everybody can read.
const PASSWORD_IN_CLEAR: u64 = 1;

/// Length of a message without a proof.
const LEN: usize = 24;

/// Bidirectional Forwarding Detection.
pub struct Bfd;

impl Protocol for Bfd {
    fn heading(&self) -> FieldId {
        HEADING
    }

    fn standards(&self) -> &'static [&'static str] {
        &["RFC 5880", "RFC 5881", "RFC 5883", "RFC 7881"]
    }

    fn claims(&self) -> &'static [Claim<'static>] {
        &[Claim::UdpPort(3784), Claim::UdpPort(4784), Claim::UdpPort(7784)]
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
        let (state, cause) = states(view.bytes(message.span));
        write!(line, "State: {state}, Diag: {cause}")
    }

    fn describe(&self, message: &Message, view: &View<'_>, sink: &mut dyn Sink) {
        if let Err(short) = describe(view.reader(message.span), sink) {
            note_short(short, is_cut(message, view), sink);
        }
    }

    fn tell(&self, message: &Message, view: &View<'_>) -> Option<Telling> {
        let bytes = view.bytes(message.span);
        let headline = match bytes.get(1).map(|state| state >> 6) {
            Some(0) => "Keeps the watch over the way down, because somebody said so",
            Some(1) => "Says that the way to its neighbour is not there",
            Some(2) => "Hears its neighbour, and wants to be heard",
            _ => "Hears its neighbour: the way between them is there",
        };
        let (state, cause) = states(bytes);
        Some(Telling::new(state, headline, "BFD").detail(format!("Its last cause is: {cause}.")))
    }
}

/// The names of the sender's state, and of why it last went down.
fn states(bytes: &[u8]) -> (&'static str, &'static str) {
    let byte = |at: usize| u64::from(bytes.get(at).copied().unwrap_or_default());
    let state = STATE.def().name_of(byte(1) >> 6).unwrap_or_default();
    (state, DIAGNOSTIC.def().name_of(byte(0) & 0x1f).unwrap_or("Reserved"))
}

/// What a datagram is: a message of version 1, as long as it says, whose sender has a number.
fn look(bytes: &[u8], wire: usize) -> Option<Seen<Kind>> {
    let (version, len) = (bytes.first()? >> 5, usize::from(*bytes.get(3)?));
    let is_named = bytes.get(4..8).is_some_and(|mine| mine != [0; 4]);
    let fits = version == 1 && len >= LEN && len <= wire && is_named;
    fits.then_some(Seen { kind: Kind::Control, asking: Asking::Alone, same: 0 })
}

fn describe(mut reader: Reader<'_>, sink: &mut dyn Sink) -> Result<(), Short> {
    let (first, place) = reader.u8("a version")?;
    bits(VERSION, first.into(), place, sink);
    bits(DIAGNOSTIC, first.into(), place, sink);
    let (flags, place) = reader.u8("a state")?;
    bits(STATE, flags.into(), place, sink);
    bits(FLAGS, flags.into(), place, sink);
    for field in [POLL, FINAL, INDEPENDENT, PROVEN, DEMAND, MULTIPOINT] {
        bits(field, flags.into(), place, sink);
    }
    number(MULTIPLIER, 1, &mut reader, sink)?;
    number(LENGTH, 1, &mut reader, sink)?;
    for field in [MINE, YOURS, SENDS, RECEIVES, ECHOES] {
        number(field, 4, &mut reader, sink)?;
    }
    if flags & IS_PROVEN == 0 {
        return Ok(());
    }
    let kind = number(PROOF, 1, &mut reader, sink)?;
    let len = number(PROOF_LENGTH, 1, &mut reader, sink)? as usize;
    let mut proof = reader.sub(len.saturating_sub(2), "a proof")?;
    number(KEY, 1, &mut proof, sink)?;
    if kind == PASSWORD_IN_CLEAR {
        bytes(PASSWORD, proof.len(), &mut proof, sink)?;
    } else {
        proof.take(1, "a zero")?;
        number(SEQUENCE, 4, &mut proof, sink)?;
        bytes(CHECK, proof.len(), &mut proof, sink)?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::ports::Ports;
    use crate::protocols::stage::{Played, ask, check_told, play_over};

    fn control(cause: u8, state: u8, proof: &[u8]) -> Vec<u8> {
        let numbers = [0, 0, 0, 7, 0, 0, 0, 8, 0, 0xf, 0x42, 0x40, 0, 0xf, 0x42, 0x40, 0, 0, 0, 0];
        let len = 24 + proof.len() as u8;
        let flags = state << 6 | if proof.is_empty() { 0 } else { IS_PROVEN };
        [&[0x20 | cause, flags, 3, len][..], &numbers, proof].concat()
    }

    fn play(bytes: &[u8]) -> Played {
        let ports = Ports { framing: Framing::Datagram, ports: [49152, 3784], began: None };
        play_over(ports, &[ask(bytes)])
    }

    #[track_caller]
    fn check(bytes: &[u8], rows: &str, values: &[(&str, &str)]) {
        let stage = play(bytes);
        assert_eq!(stage.rows(), rows);
        for (field, expected) in values {
            assert_eq!(stage.values(field), *expected, "{field}");
        }
    }

    #[test]
    fn routers_say_whether_they_hear_each_other() {
        check(
            &control(0, 3, &[]),
            "bfd@1 State: Up, Diag: No Diagnostic\n",
            &[
                ("bfd.version", "1"),
                ("bfd.sta", "3"),
                ("bfd.detect_time_multiplier", "3"),
                ("bfd.my_discriminator", "7"),
                ("bfd.desired_min_tx_interval", "1000000"),
                ("bfd.auth.type", ""),
            ],
        );
        let signed = [&[5, 28, 2, 0, 0, 0, 0, 9][..], &[0xab; 20]].concat();
        check(
            &control(1, 1, &signed),
            "bfd@1 State: Down, Diag: Control Detection Time Expired\n",
            &[("bfd.auth.seq_num", "9"), ("bfd.checksum", &"ab".repeat(20))],
        );
        check(
            &control(7, 0, &[1, 9, 2, b's', b'e', b'c', b'r', b'e', b't']),
            "bfd@1 State: AdminDown, Diag: Administratively Down\n",
            &[("bfd.auth.key", "2"), ("bfd.auth.password", "secret")],
        );
    }

    #[test]
    fn the_last_cause_has_a_name() {
        for (cause, name) in
            [(3, "Neighbor Signaled Session Down"), (8, "Reverse Concatenated Path Down")]
        {
            check(&control(cause, 3, &[]), &format!("bfd@1 State: Up, Diag: {name}\n"), &[]);
        }
    }

    #[test]
    fn what_is_none_of_it_is_data() {
        check(&control(0, 3, &[])[..23], "data@1 23 bytes\n", &[]);
        check(&[0x40; 24], "data@1 24 bytes\n", &[]);
        let nameless = [&[0x20, 0xc0, 3, 24][..], &[0; 20]].concat();
        check(&nameless, "data@1 24 bytes\n", &[]);
    }

    #[test]
    fn each_state_is_told() {
        let because = |cause: &str| format!(" | Its last cause is: {cause}.");
        for (state, said) in [
            (0, "AdminDown | Keeps the watch over the way down, because somebody said so"),
            (1, "Down | Says that the way to its neighbour is not there"),
            (2, "Init | Hears its neighbour, and wants to be heard"),
            (3, "Up | Hears its neighbour: the way between them is there"),
        ] {
            let expected = format!("{said}{}", because("Path Down"));
            check_told(&play(&control(5, state, &[])), &[&expected]);
        }
    }
}
