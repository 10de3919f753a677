//! Says what a message holds: its head, then options, and what lies in them.

use super::fields as f;
use super::names::OPTIONS;
use super::wire::{
    self, IA_ADDR, IA_NA, IA_PD, IA_PREFIX, IA_TA, Options, RELAY_MSG, STATUS, Stated,
};
use crate::bytes::{Reader, Short};
use crate::engine::view::View;
use crate::field::{self, FieldId, Value};
use crate::limits::MAX_RELAYS;
use crate::message::Message;
use crate::protocols::datagrams::{is_cut, note_short};
use crate::protocols::values::{bits, bytes, number, value};
use crate::sink::{Severity, Sink};

/// Options inside options inside one relay's message: an association, an address, a status.
const DEPTH_OF_OPTIONS: usize = 3;

/// A walk through a message.
struct Describer<'s> {
    sink: &'s mut dyn Sink,
    is_cut: bool,
    /// Levels of options that may still be opened.
    left: usize,
    /// Whether the message at hand is a server's.
    answers: bool,
}

/// Describes a message.
pub(super) fn describe(message: &Message, view: &View<'_>, sink: &mut dyn Sink) {
    let left = (MAX_RELAYS + 1) * (1 + DEPTH_OF_OPTIONS);
    let mut walk = Describer { sink, is_cut: is_cut(message, view), left, answers: false };
    if let Err(short) = walk.message(view.reader(message.span)) {
        walk.note(short);
    }
}

impl Describer<'_> {
    fn note(&mut self, short: Short) {
        note_short(short, self.is_cut, self.sink);
    }

    fn message(&mut self, mut reader: Reader<'_>) -> Result<(), Short> {
        let kind = number(f::MSGTYPE, 1, &mut reader, self.sink)? as u8;
        self.answers = wire::is_answer(kind);
        if matches!(kind, wire::RELAY_FORW | wire::RELAY_REPL) {
            number(f::HOPCOUNT, 1, &mut reader, self.sink)?;
            bytes(f::LINK, 16, &mut reader, self.sink)?;
            bytes(f::PEER, 16, &mut reader, self.sink)?;
        } else {
            number(f::XID, 3, &mut reader, self.sink)?;
        }
        self.options(reader)
    }

    fn options(&mut self, reader: Reader<'_>) -> Result<(), Short> {
        let Some(left) = self.left.checked_sub(1) else {
            let text = format_args!("Options inside options, deeper than any message has them");
            self.sink.note(Severity::Broken, reader.span(), text);
            return Ok(());
        };
        let before = std::mem::replace(&mut self.left, left);
        for stated in Options(reader) {
            if self.sink.is_done() {
                break;
            }
            self.option(&stated?);
        }
        self.left = before;
        Ok(())
    }

    fn option(&mut self, stated: &Stated<'_>) {
        let code = u64::from(stated.code);
        let name = OPTIONS.iter().find(|(known, _)| *known == code).map(|(_, name)| *name);
        self.sink.open(f::OPTION, Value::Text(name.unwrap_or("Unknown")), stated.span);
        bits(f::OPTION_TYPE, code, stated.span.part(0, 2), self.sink);
        bits(f::OPTION_LENGTH, stated.data.len() as u64, stated.span.part(2, 2), self.sink);
        let answers = self.answers;
        if let Err(short) = self.inside(stated.code, stated.data) {
            self.note(short);
        }
        self.answers = answers;
        self.sink.close();
    }

    fn inside(&mut self, code: u16, mut data: Reader<'_>) -> Result<(), Short> {
        if let Some((_, field)) = f::PLAIN.iter().find(|(known, _)| *known == code) {
            return self.plain(*field, data);
        }
        match code {
            1 | 2 => self.duid(data),
            IA_NA | IA_PD => {
                self.hex(f::IAID, &mut data)?;
                number(f::T1, 4, &mut data, self.sink)?;
                number(f::T2, 4, &mut data, self.sink)?;
                self.options(data)
            }
            IA_TA => {
                self.hex(f::IATA, &mut data)?;
                self.options(data)
            }
            IA_ADDR => {
                bytes(f::IA_ADDRESS, 16, &mut data, self.sink)?;
                number(f::IA_PREFERRED, 4, &mut data, self.sink)?;
                number(f::IA_VALID, 4, &mut data, self.sink)?;
                self.options(data)
            }
            IA_PREFIX => {
                number(f::PREFIX_PREFERRED, 4, &mut data, self.sink)?;
                number(f::PREFIX_VALID, 4, &mut data, self.sink)?;
                number(f::PREFIX_LENGTH, 1, &mut data, self.sink)?;
                bytes(f::PREFIX_ADDRESS, 16, &mut data, self.sink)?;
                self.options(data)
            }
            RELAY_MSG => self.message(data),
            STATUS => {
                number(f::STATUS_CODE, 2, &mut data, self.sink)?;
                self.rest(f::STATUS_MSG, data);
                Ok(())
            }
            8 => {
                let (hundredths, place) = data.u16("the time that has passed")?;
                self.sink.field(f::ELAPSED, Value::Unsigned(u64::from(hundredths) * 10), place);
                Ok(())
            }
            16 => {
                number(f::VENDOR_ENTERPRISE, 4, &mut data, self.sink)?;
                while !data.is_empty() {
                    let (len, _) = data.u16("the length of a vendor class")?;
                    bytes(f::VENDOR_DATA, len.into(), &mut data, self.sink)?;
                }
                Ok(())
            }
            17 => {
                number(f::OPTS_ENTERPRISE, 4, &mut data, self.sink)?;
                self.rest(f::OPTION_DATA, data);
                Ok(())
            }
            24 => {
                while !data.is_empty() {
                    self.domain(f::SEARCH_ENTRY, &mut data)?;
                }
                Ok(())
            }
            39 => self.full_name(data),
            _ => {
                self.rest(f::OPTION_DATA, data);
                Ok(())
            }
        }
    }

    /// What is left, if anything is.
    fn rest(&mut self, field: FieldId, data: Reader<'_>) {
        if !data.is_empty() {
            self.sink.field(field, value(field, data.rest()), data.span());
        }
    }

    fn plain(&mut self, field: FieldId, mut data: Reader<'_>) -> Result<(), Short> {
        while !data.is_empty() {
            match field.def().kind {
                field::Kind::Unsigned(bits) => {
                    number(field, usize::from(bits / 8), &mut data, self.sink)?;
                }
                field::Kind::Ipv6 => {
                    bytes(field, 16, &mut data, self.sink)?;
                }
                _ => {
                    bytes(field, data.len(), &mut data, self.sink)?;
                }
            }
        }
        Ok(())
    }

    /// Four bytes in hexadecimal digits.
    fn hex(&mut self, field: FieldId, data: &mut Reader<'_>) -> Result<(), Short> {
        let (number, place) = data.u32(field.def().title)?;
        if self.sink.wants(field) {
            self.sink.field(field, Value::Text(&format!("{number:08x}")), place);
        }
        Ok(())
    }

    /// Who somebody is: four forms, of which two hold an address of hardware.
    fn duid(&mut self, mut data: Reader<'_>) -> Result<(), Short> {
        // Seconds from 1970 to 2000, from where these count.
        const FROM_1970: i64 = 946_684_800;
        self.sink.field(f::DUID, Value::Bytes(data.rest()), data.span());
        match number(f::DUID_TYPE, 2, &mut data, self.sink)? {
            1 => {
                let hardware = number(f::LLT_HARDWARE, 2, &mut data, self.sink)?;
                let (seconds, place) = data.u32("the time of a DUID")?;
                let nanos = (FROM_1970 + i64::from(seconds)) * 1_000_000_000;
                self.sink.field(f::LLT_TIME, Value::Nanos(nanos), place);
                self.hardware(hardware, (f::LLT_ADDRESS, f::LLT_ETHER), data);
            }
            2 => {
                number(f::EN_ENTERPRISE, 4, &mut data, self.sink)?;
                self.rest(f::EN_IDENTIFIER, data);
            }
            3 => {
                let hardware = number(f::LL_HARDWARE, 2, &mut data, self.sink)?;
                self.hardware(hardware, (f::LL_ADDRESS, f::LL_ETHER), data);
            }
            4 => self.rest(f::UUID, data),
            _ => {}
        }
        Ok(())
    }

    fn hardware(&mut self, hardware: u64, fields: (FieldId, FieldId), data: Reader<'_>) {
        const ETHERNET: u64 = 1;
        if data.is_empty() {
            return;
        }
        if self.sink.wants(fields.0) {
            let digits: Vec<_> = data.rest().iter().map(|byte| format!("{byte:02x}")).collect();
            self.sink.field(fields.0, Value::Text(&digits.join(":")), data.span());
        }
        if hardware == ETHERNET && data.len() == 6 {
            self.sink.field(fields.1, Value::Bytes(data.rest()), data.span());
        }
    }

    /// A domain name in labels, without pointers: up to its root, or to the end of the data.
    fn domain(&mut self, field: FieldId, data: &mut Reader<'_>) -> Result<(), Short> {
        let start = data.span();
        let mut text = String::new();
        loop {
            let len = if data.is_empty() { 0 } else { data.u8("a label")?.0 };
            if len == 0 {
                break;
            }
            let (label, _) = data.take(len.into(), "a label")?;
            if !text.is_empty() {
                text.push('.');
            }
            text += &String::from_utf8_lossy(label);
        }
        // A name that is searched in ends with its root.
        if field == f::SEARCH_ENTRY {
            text.push('.');
        }
        let len = data.span().start.saturating_sub(start.start) as usize;
        self.sink.field(field, Value::Text(&text), start.part(0, len));
        Ok(())
    }

    /// RFC 4704, section 4.1.
    fn full_name(&mut self, mut data: Reader<'_>) -> Result<(), Short> {
        let (flags, place) = data.number(1, "flags")?;
        self.sink.open(f::FQDN_FLAGS, Value::Unsigned(flags), place);
        let client: &[FieldId] = &[f::FQDN_CLIENT_N, f::FQDN_CLIENT_S];
        let server = &[f::FQDN_SERVER_N, f::FQDN_SERVER_O, f::FQDN_SERVER_S];
        let told = if self.answers { server } else { client };
        told.iter().for_each(|field| bits(*field, flags, place, self.sink));
        self.sink.close();
        if data.is_empty() { Ok(()) } else { self.domain(f::CLIENT_DOMAIN, &mut data) }
    }
}
