//! Telnet (RFC 854): what is typed and what is shown, with commands in between that begin with a
//! byte of ones.
//!
//! ```text
//!   text …                          data; a byte of ones in it is sent twice
//!   FF 241…249                      a command
//!   FF 251…254 option               WILL, WON'T, DO, DON'T (RFC 854, "Command structure")
//!   FF 250 option … FF 240          what an option has to say (RFC 855)
//! ```

mod items;
mod session;
#[cfg(test)]
mod tests;

use std::fmt::{self, Write};

use items::Item;

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
    /// What a message is.
    pub enum Kind {
        /// Data and commands that were sent together.
        Run,
    }
}

impl MessageKind for Kind {
    type Extra = ();
}

/// RFC 854, "Telnet command structure".
const COMMANDS: Names = &[
    (236, "End of File"),
    (237, "Suspend Current Process"),
    (238, "Abort Process"),
    (239, "End of Record"),
    (240, "Suboption End"),
    (241, "No Operation"),
    (242, "Data Mark"),
    (243, "Break"),
    (244, "Interrupt Process"),
    (245, "Abort Output"),
    (246, "Are You There?"),
    (247, "Escape Character"),
    (248, "Erase Line"),
    (249, "Go Ahead"),
    (250, "Suboption"),
    (251, "Will"),
    (252, "Won't"),
    (253, "Do"),
    (254, "Don't"),
];

/// Options that IANA lists and that are met.
const OPTIONS: Names = &[
    (0, "Binary Transmission"),
    (1, "Echo"),
    (3, "Suppress Go Ahead"),
    (5, "Status"),
    (6, "Timing Mark"),
    (17, "Extended ASCII"),
    (18, "Logout"),
    (23, "Send Location"),
    (24, "Terminal Type"),
    (25, "End of Record"),
    (31, "Negotiate About Window Size"),
    (32, "Terminal Speed"),
    (33, "Remote Flow Control"),
    (34, "Linemode"),
    (35, "X Display Location"),
    (36, "Environment Option"),
    (37, "Authentication Option"),
    (38, "Encryption Option"),
    (39, "New Environment Option"),
    (40, "TN3270E"),
    (42, "Charset"),
    (44, "Com Port Control"),
    (46, "Start TLS"),
];

fields! { "telnet", "TELNET";
    GROUP = FieldDef::group("telnet.item", "Command"),
    COMMAND = FieldDef::u8("telnet.cmd", "Command").names(COMMANDS),
    OPTION = FieldDef::u8("telnet.subcmd", "Subcommand").names(OPTIONS),
    WIDTH = FieldDef::u16("telnet.naws_subopt.width", "Width"),
    HEIGHT = FieldDef::u16("telnet.naws_subopt.height", "Height"),
    TEXT = FieldDef::text("telnet.string_subopt.value", "Value"),
    OPTION_DATA = FieldDef::bytes("telnet.option_data", "Option data"),
    DATA = FieldDef::text("telnet.data", "Data"),
}

/// Telnet.
pub struct Telnet;

impl Protocol for Telnet {
    fn heading(&self) -> FieldId {
        HEADING
    }

    fn standards(&self) -> &'static [&'static str] {
        &["RFC 854", "RFC 855"]
    }

    fn claims(&self) -> &'static [Claim<'static>] {
        &[Claim::TcpPort(23)]
    }

    fn fields(&self) -> &'static [FieldDef] {
        FIELDS
    }

    fn probe(&self, bytes: &[u8], framing: Framing) -> Likelihood {
        match framing {
            Framing::Stream => probe(bytes),
            Framing::Datagram => Likelihood::No,
        }
    }

    fn open(&self, facts: &Facts<'_>) -> Option<Box<dyn Session>> {
        let open = || Box::new(session::TelnetSession) as Box<dyn Session>;
        (facts.framing == Framing::Stream).then(open)
    }

    fn summary(&self, message: &Message, view: &View<'_>, line: &mut dyn Write) -> fmt::Result {
        let bytes = view.bytes(message.span);
        /// Commands and their ends that a row has room for.
        const MOST: usize = 16;
        let (mut data, mut parted) = (0, "");
        for (count, item) in items::items(bytes).enumerate() {
            match item {
                Item::Data(range) => data += range.len(),
                Item::End(_) => {}
                item if count < MOST => {
                    write!(line, "{parted}{}", Named(&item))?;
                    parted = ", ";
                }
                _ => return line.write_str(", …"),
            }
        }
        match data {
            0 => Ok(()),
            1 => write!(line, "{parted}1 byte data"),
            _ => write!(line, "{parted}{data} bytes data"),
        }
    }

    fn describe(&self, message: &Message, view: &View<'_>, sink: &mut dyn Sink) {
        let bytes = view.bytes(message.span);
        for item in items::items(bytes) {
            if sink.is_done() {
                return;
            }
            items::describe(&item, bytes, message.span, sink);
        }
    }

    fn tell(&self, message: &Message, view: &View<'_>) -> Option<Telling> {
        let bytes = view.bytes(message.span);
        let first = items::items(bytes).find(|item| !matches!(item, Item::Data(_)));
        let Some(item) = first else {
            let label = super::lines::text::short(bytes);
            let headline = "Sends what is typed, or what is shown, in the open";
            let told = Telling::new(label, headline, "Telnet").weight(3, 4);
            return Some(told.lesson("telnet/options", "RFC 854", ""));
        };
        let label = Named(&item).to_string();
        let headline = match item {
            Item::Option { command: 251 | 252, .. } => "Says what it would do itself, or will not",
            Item::Option { .. } => "Asks the other side to do something, or not to",
            Item::Sub { .. } => "Says what an option that was agreed on needs to know",
            _ => "Gives a command between the data",
        };
        let told = Telling::new(label, headline, "Telnet").weight(4, 4);
        Some(told.lesson("telnet/options", "RFC 854", ""))
    }
}

/// An item that is no data, as it stands in a row.
struct Named<'a>(&'a Item);

impl fmt::Display for Named<'_> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let command = |number: u8| COMMAND.def().name_of(number.into()).unwrap_or("<unknown>");
        let option = |number: u8| OPTION.def().name_of(number.into()).unwrap_or("<unknown option>");
        match self.0 {
            Item::Data(range) => write!(out, "{} bytes data", range.len()),
            Item::Command { command: number, .. } => out.write_str(command(*number)),
            Item::Option { command: number, option: one, .. } => {
                write!(out, "{} {}", command(*number), option(*one))
            }
            Item::Sub { option: one, .. } => write!(out, "Suboption {}", option(*one)),
            Item::End(_) => out.write_str("Suboption End"),
        }
    }
}

/// Two offers in a row are nothing else; text and other commands are left to the port.
fn probe(bytes: &[u8]) -> Likelihood {
    let is_known = |option: &u8| OPTION.def().name_of((*option).into()).is_some();
    match bytes {
        [255, 251..=254, one, 255, 251..=254, other, ..] if is_known(one) && is_known(other) => {
            Likelihood::Surely
        }
        [255, 251..=254, one] if is_known(one) => Likelihood::Perhaps,
        [255, 236..=254, ..] | [255] => Likelihood::Unsaid,
        // What terminals are sent: text, ends of lines, bells, escapes, and zeros behind a CR.
        _ => {
            let start = bytes.get(..16).unwrap_or(bytes);
            let is_shown =
                |byte: &u8| matches!(byte, 0 | 3 | 4 | 7..=13 | 27 | b' '..=b'~' | 127..=254);
            super::lines::unsaid(start.iter().all(is_shown))
        }
    }
}
