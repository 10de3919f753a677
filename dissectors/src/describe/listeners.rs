//! Listeners of a walk over headers: for the row of a frame, and for the list of its protocols.

use std::fmt;

use crate::field::{FieldId, Kind, Value};
use crate::ids::ProtocolId;
use crate::protocols::{data, ethernet, frame, ipv4, ipv6, mpls, wlan};
use crate::sink::Sink;
use crate::sinks::RowText;
use crate::sinks::text::Bare;
use crate::span::Span;

/// Who sends, by the header that says so, then who receives.
const ADDRESSES: [FieldId; 8] =
    [ethernet::SRC, wlan::SA, ipv4::SRC, ipv6::SRC, ethernet::DST, wlan::DA, ipv4::DST, ipv6::DST];

/// Hears only the summary of the innermost header, and whose it is; the addresses where no flow
/// knows them.
pub(super) struct Innermost<'r> {
    pub(super) row: &'r mut RowText,
    pub(super) protocol: ProtocolId,
    pub(super) ends: [Option<String>; 2],
    pub(super) wanted: bool,
    pub(super) depth: usize,
    pub(super) is_read: bool,
}

impl Sink for Innermost<'_> {
    fn wants(&self, field: FieldId) -> bool {
        self.wanted && ADDRESSES.contains(&field)
    }

    fn field(&mut self, field: FieldId, value: Value<'_>, _span: Span) {
        // Deeper than a header's own fields lies a packet that it quotes.
        if !self.wanted || self.depth > 1 {
            return;
        }
        let [from, to] = &mut self.ends;
        let end = match ADDRESSES.iter().position(|known| *known == field) {
            Some(..4) => from,
            Some(_) => to,
            None => return,
        };
        *end = Some(Bare(field.def(), value).to_string());
    }

    fn open(&mut self, field: FieldId, value: Value<'_>, span: Span) {
        self.field(field, value, span);
        // What is inside a header's group is part of it, or a packet that it quotes. Bytes that no
        // header knows name no frame.
        if self.depth == 0 && field.protocol() != data::PROTOCOL_ID {
            self.protocol = field.protocol();
        }
        self.depth += 1;
    }

    fn close(&mut self) {
        self.depth = self.depth.saturating_sub(1);
    }

    fn summary(&mut self, text: fmt::Arguments<'_>) {
        self.row.info.clear();
        self.row.clause(|line| line.write_fmt(text));
    }

    fn unread(&mut self, text: fmt::Arguments<'_>) {
        self.is_read = false;
        self.summary(text);
    }
}

/// Hears only which protocols are opened, also those inside others: a packet that ICMP quotes.
#[derive(Default)]
pub(super) struct Protocols {
    pub(super) text: String,
    pub(super) latest: &'static str,
    pub(super) in_messages: bool,
}

impl Sink for Protocols {
    fn wants(&self, _field: FieldId) -> bool {
        false
    }

    fn open(&mut self, field: FieldId, _value: Value<'_>, _span: Span) {
        let def = field.def();
        // A protocol's own heading is named like it, or like a variant of it; groups within have a
        // dot in their names, but for extension headers of IPv6. Several messages of one protocol
        // in a row count once.
        let is_heading = def.kind == Kind::Group
            && (!def.name.contains('.') || ipv6::EXTENSIONS.contains(&field));
        // So does a stack of labels; a packet in a packet is two.
        let counts_once = self.in_messages || field.protocol() == mpls::PROTOCOL_ID;
        let is_same = counts_once && def.name == self.latest;
        if !is_heading || field.protocol() == frame::PROTOCOL_ID || is_same {
            return;
        }
        self.push(def.name);
    }

    fn looked_up(&mut self) {
        self.push("ethertype");
    }

    fn through(&mut self, protocol: &'static str) {
        // It carries all messages of the frame.
        if !self.text.split(':').any(|name| name == protocol) {
            self.push(protocol);
        }
    }
}

impl Protocols {
    fn push(&mut self, name: &'static str) {
        if !self.text.is_empty() {
            self.text.push(':');
        }
        self.latest = name;
        self.text.push_str(name);
    }
}
