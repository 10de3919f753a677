//! Says what a message holds, field by field.

use super::wire::{Binding, Bindings, Outer};
use super::{Kind, fields as f, wire};
use crate::bytes::Reader;
use crate::engine::view::View;
use crate::field::{self, FieldId, Value};
use crate::message::Message;
use crate::protocols::ber::{Element, Oid, Stop, number, signed};
use crate::protocols::datagrams::{is_cut, note_short, request};
use crate::protocols::values::{bits, value};
use crate::sink::{Severity, Sink};
use crate::span::Span;

/// Describes a message.
pub(super) fn describe(message: &Message, view: &View<'_>, sink: &mut dyn Sink) {
    let Some(outer) = Outer::read(view.reader(message.span)) else { return };
    let told = match outer.v3 {
        Some(_) => version3(&outer, sink),
        None => community(&outer, sink),
    };
    // What broke inside says more than the outermost length.
    let told = told.and_then(|()| outer.whole.short.map_or(Ok(()), |short| Err(short.into())));
    match told {
        Err(Stop::Short(short)) => note_short(short, is_cut(message, view), sink),
        Err(stop) => sink.note(Severity::Broken, stop.place(), format_args!("{stop}")),
        Ok(()) => {}
    }
    if message.is(Kind::Response)
        && let Some(request) = request::<Kind>(message, view)
    {
        sink.field(f::RESPONSE_TO, Value::Unsigned(request.frame.number().into()), Span::NONE);
        sink.field(f::TIME, Value::Nanos(request.before), Span::NONE);
    }
}

fn community(outer: &Outer<'_>, sink: &mut dyn Sink) -> Result<(), Stop> {
    tell(f::VERSION, &outer.version, sink)?;
    if let Some(community) = &outer.community {
        tell(f::COMMUNITY, community, sink)?;
    }
    outer.data.map_or(Ok(()), |data| pdu(data, sink))
}

/// RFC 3412, section 6, with the parameters of RFC 3414, section 2.4.
fn version3(outer: &Outer<'_>, sink: &mut dyn Sink) -> Result<(), Stop> {
    let Some(head) = outer.v3 else { return Ok(()) };
    tell(f::MSG_VERSION, &outer.version, sink)?;
    sink.open(f::GLOBAL, Value::None, head.global.span);
    let told = global(head.global.content, sink);
    sink.close();
    told?;
    if let Some(security) = head.security {
        let mut inside = security.content;
        // Other models put other things here.
        if let Ok(list) = Element::expect(&mut inside, wire::SEQUENCE, "security parameters") {
            all(USM, list.content, sink)?;
        }
    }
    let Some(data) = outer.data else { return Ok(()) };
    sink.open(f::MSG_DATA, Value::Unsigned(outer.is_sealed().into()), data.span);
    let told = if outer.is_sealed() { tell(f::ENCRYPTED, &data, sink) } else { plain(data, sink) };
    sink.close();
    told
}

/// What the user-based security model says.
const USM: &[FieldId] = &[
    f::ENGINE_ID,
    f::ENGINE_BOOTS,
    f::ENGINE_TIME,
    f::USER_NAME,
    f::AUTH_PARAMETERS,
    f::PRIV_PARAMETERS,
];

fn global(mut inside: Reader<'_>, sink: &mut dyn Sink) -> Result<(), Stop> {
    for field in [f::MSG_ID, f::MSG_MAX_SIZE] {
        tell(field, &Element::next(&mut inside, field.def().title)?, sink)?;
    }
    let flags = Element::next(&mut inside, "the flags")?;
    let raw = flags.whole()?;
    sink.open(f::MSG_FLAGS, Value::Bytes(raw), flags.content.span());
    if raw.len() == 1 {
        for flag in [f::FLAG_REPORT, f::FLAG_CRYPT, f::FLAG_AUTH] {
            bits(flag, number(raw), flags.content.span(), sink);
        }
    }
    sink.close();
    tell(f::MSG_MODEL, &Element::next(&mut inside, "the security model")?, sink)
}

fn plain(data: Element<'_>, sink: &mut dyn Sink) -> Result<(), Stop> {
    sink.open(f::PLAINTEXT, Value::None, data.span);
    let told = scoped(data.content, sink);
    sink.close();
    told
}

fn scoped(mut inside: Reader<'_>, sink: &mut dyn Sink) -> Result<(), Stop> {
    for field in [f::CONTEXT_ENGINE, f::CONTEXT_NAME] {
        tell(field, &Element::next(&mut inside, field.def().title)?, sink)?;
    }
    pdu(Element::next(&mut inside, "a PDU")?, sink)
}

fn pdu(data: Element<'_>, sink: &mut dyn Sink) -> Result<(), Stop> {
    let choice = u64::from(data.tag & 0x1f);
    sink.open(f::DATA, Value::Unsigned(choice), data.span);
    if let Some(heading) = f::PDU_HEADINGS.get(choice as usize) {
        sink.open(*heading, Value::None, data.span);
        let told = inside(data, sink);
        sink.close();
        sink.close();
        return told;
    }
    sink.close();
    Ok(())
}

fn inside(data: Element<'_>, sink: &mut dyn Sink) -> Result<(), Stop> {
    const TRAP: &[FieldId] =
        &[f::ENTERPRISE, f::AGENT_ADDR, f::GENERIC_TRAP, f::SPECIFIC_TRAP, f::TIME_STAMP];
    const BULK: &[FieldId] = &[f::REQUEST_ID, f::NON_REPEATERS, f::MAX_REPETITIONS];
    const PLAIN: &[FieldId] = &[f::REQUEST_ID, f::ERROR_STATUS, f::ERROR_INDEX];
    let parts = match data.tag {
        wire::TRAP => TRAP,
        wire::GET_BULK => BULK,
        _ => PLAIN,
    };
    let rest = all(parts, data.content, sink)?;
    if rest.is_empty() {
        return Ok(());
    }
    let mut rest = rest;
    let list = Element::expect(&mut rest, wire::SEQUENCE, "the list of bindings")?;
    let count = if sink.wants(f::BINDINGS) {
        Bindings(Some(list.content)).filter(Result::is_ok).count()
    } else {
        0
    };
    sink.open(f::BINDINGS, Value::Unsigned(count as u64), list.span);
    let told = bindings(list, sink);
    sink.close();
    told
}

fn bindings(list: Element<'_>, sink: &mut dyn Sink) -> Result<(), Stop> {
    for binding in Bindings(Some(list.content)) {
        if sink.is_done() {
            return Ok(());
        }
        one(&binding?, sink);
    }
    Ok(())
}

/// One element after the other; gives back what is behind them.
fn all<'a>(
    fields: &[FieldId],
    mut inside: Reader<'a>,
    sink: &mut dyn Sink,
) -> Result<Reader<'a>, Stop> {
    for field in fields {
        tell(*field, &Element::next(&mut inside, field.def().title)?, sink)?;
    }
    Ok(inside)
}

/// An element as its field has it.
fn tell(field: FieldId, element: &Element<'_>, sink: &mut dyn Sink) -> Result<(), Stop> {
    let (bytes, place) = (element.whole()?, element.content.span());
    let def = field.def();
    // Of names in the tree, the text is made.
    if def.kind == field::Kind::Text && def.reading == field::Reading::Computed {
        if sink.wants(field) {
            sink.field(field, Value::Text(&Oid(bytes).to_string()), place);
        }
        return Ok(());
    }
    match def.kind {
        field::Kind::Unsigned(_) if bytes.len() <= 8 => {
            sink.field(field, Value::Unsigned(number(bytes)), place);
        }
        field::Kind::Signed(_) => {
            if let Some(number) = signed(bytes) {
                sink.field(field, Value::Signed(number), place);
            }
        }
        field::Kind::Text | field::Kind::Bytes => sink.field(field, value(field, bytes), place),
        field::Kind::Ipv4 if bytes.len() == 4 => sink.field(field, Value::Bytes(bytes), place),
        _ => {}
    }
    Ok(())
}

/// A name and its value (RFC 3416, section 3; the tags of RFC 2578, section 2).
fn one(binding: &Binding<'_>, sink: &mut dyn Sink) {
    let Binding { name, value } = binding;
    let text =
        if sink.wants(f::NAME) { Oid(name.content.rest()).to_string() } else { String::new() };
    sink.open(f::NAME, Value::Text(&text), name.content.span());
    let (bytes, place) = (value.content.rest(), value.content.span());
    match value.tag {
        0x05 => sink.field(f::VALUE_NULL, Value::None, value.span),
        0x80 => sink.field(f::NO_SUCH_OBJECT, Value::None, value.span),
        0x81 => sink.field(f::NO_SUCH_INSTANCE, Value::None, value.span),
        0x82 => sink.field(f::END_OF_VIEW, Value::None, value.span),
        0x41 | 0x46 => sink.field(f::VALUE_COUNTER, Value::Unsigned(number(bytes)), place),
        0x43 => sink.field(f::VALUE_TICKS, Value::Unsigned(number(bytes)), place),
        0x42 | 0x47 => {
            let number = i64::try_from(number(bytes)).unwrap_or(i64::MAX);
            sink.field(f::VALUE_UNSIGNED, Value::Signed(number), place);
        }
        0x40 if bytes.len() == 4 => sink.field(f::VALUE_IPV4, Value::Bytes(bytes), place),
        tag => {
            let field = match tag {
                wire::INTEGER if bytes.len() <= 8 => f::VALUE_INT,
                wire::OCTETS => f::VALUE_OCTETS,
                wire::OBJECT => f::VALUE_OID,
                0x44 => f::VALUE_OPAQUE,
                _ => f::VALUE_UNKNOWN,
            };
            // It was read as a whole.
            let _ = tell(field, value, sink);
        }
    }
    sink.close();
}
