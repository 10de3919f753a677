//! Values as text: once as a person reads them, once as `tshark -T fields` prints them.

use std::fmt::{self, Display, Formatter, Write};

use super::date::Date;
use crate::field::{Base, FieldDef, Kind, Value};

/// A value in the bare form: numbers in their base, bytes in hexadecimal, no names.
#[derive(Clone, Copy, Debug)]
pub struct Bare<'a>(pub &'a FieldDef, pub Value<'a>);

/// A value with the name of its number: `Client Hello (1)`.
#[derive(Clone, Copy, Debug)]
pub struct Named<'a>(pub &'a FieldDef, pub Value<'a>);

/// How many bytes of a long value a person is shown; the rest is a click away.
const SHOWN_BYTES: usize = 24;

impl Display for Bare<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let Self(def, value) = *self;
        match (value, def.kind) {
            (Value::None, _) => Ok(()),
            (Value::Bool(flag), _) => f.write_str(if flag { "1" } else { "0" }),
            (Value::Unsigned(number), Kind::Unsigned(bits)) if def.base == Base::Hex => {
                write!(f, "0x{number:0width$x}", width = usize::from(bits).div_ceil(4))
            }
            (Value::Nanos(nanos), Kind::Time) => write!(f, "{}", Date(nanos)),
            (Value::Unsigned(nanos), Kind::Time) => {
                write!(f, "{}", Date(i64::try_from(nanos).unwrap_or(i64::MAX)))
            }
            (Value::Unsigned(nanos), Kind::Duration) => {
                write!(f, "{}.{:09}", nanos / 1_000_000_000, nanos % 1_000_000_000)
            }
            (Value::Unsigned(number), _) => write!(f, "{number}"),
            (Value::Signed(number), _) => write!(f, "{number}"),
            (Value::Nanos(nanos), _) => {
                let sign = if nanos < 0 { "-" } else { "" };
                let nanos = nanos.unsigned_abs();
                write!(f, "{sign}{}.{:09}", nanos / 1_000_000_000, nanos % 1_000_000_000)
            }
            (Value::Text(text), _) => f.write_str(text),
            (Value::Bytes(bytes), kind) => bytes_as(f, kind, bytes),
        }
    }
}

impl Display for Named<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let Self(def, value) = *self;
        let bare = Bare(def, value);
        match value {
            Value::Unsigned(number) => match def.name_of(number) {
                Some(name) => write!(f, "{name} ({bare})"),
                None => write!(f, "{bare}"),
            },
            Value::Bool(true) => f.write_str("yes"),
            Value::Bool(false) => f.write_str("no"),
            Value::Bytes(bytes) if bytes.len() > SHOWN_BYTES && def.kind == Kind::Bytes => {
                hex(f, bytes.get(..SHOWN_BYTES).unwrap_or(bytes))?;
                write!(f, "… ({} bytes)", bytes.len())
            }
            Value::Text(text) => {
                // One line: control characters as escapes, so that a hostile value cannot move
                // the terminal's cursor.
                text.chars().try_for_each(|c| match c {
                    c if c.is_control() => write!(f, "{}", c.escape_default()),
                    c => f.write_char(c),
                })
            }
            _ => write!(f, "{bare}"),
        }
    }
}

fn bytes_as(f: &mut Formatter<'_>, kind: Kind, bytes: &[u8]) -> fmt::Result {
    match kind {
        Kind::Ether => bytes.iter().enumerate().try_for_each(|(index, byte)| {
            let colon = if index == 0 { "" } else { ":" };
            write!(f, "{colon}{byte:02x}")
        }),
        Kind::Ipv4 => match <[u8; 4]>::try_from(bytes) {
            Ok(address) => write!(f, "{}", std::net::Ipv4Addr::from(address)),
            Err(_) => hex(f, bytes),
        },
        Kind::Ipv6 => match <[u8; 16]>::try_from(bytes) {
            Ok(address) => write!(f, "{}", std::net::Ipv6Addr::from(address)),
            Err(_) => hex(f, bytes),
        },
        _ => hex(f, bytes),
    }
}

fn hex(f: &mut Formatter<'_>, bytes: &[u8]) -> fmt::Result {
    bytes.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_read_as_tshark_prints_them() {
        let check = |def: FieldDef, value: Value<'_>, bare: &str, named: &str| {
            assert_eq!(Bare(&def, value).to_string(), bare);
            assert_eq!(Named(&def, value).to_string(), named);
        };
        let names: crate::field::Names = &[(1, "Client Hello")];
        check(FieldDef::u8("a", "A").names(names), Value::Unsigned(1), "1", "Client Hello (1)");
        check(FieldDef::u8("a", "A").names(names), Value::Unsigned(9), "9", "9");
        check(FieldDef::u16("a", "A").hex(), Value::Unsigned(0x303), "0x0303", "0x0303");
        check(FieldDef::u24("a", "A").hex(), Value::Unsigned(1), "0x000001", "0x000001");
        check(FieldDef::flag("a", "A", 1), Value::Bool(true), "1", "yes");
        check(FieldDef::bytes("a", "A"), Value::Bytes(&[1, 0xab]), "01ab", "01ab");
        let address = FieldDef::of("a", "A", Kind::Ipv4);
        check(address, Value::Bytes(&[127, 0, 0, 1]), "127.0.0.1", "127.0.0.1");
        let time = FieldDef::of("a", "A", Kind::Time);
        let shown = "Jan  1, 1970 00:00:01.500000000 UTC";
        check(time, Value::Unsigned(1_500_000_000), shown, shown);
        check(FieldDef::text("a", "A"), Value::Text("a\r\n"), "a\r\n", "a\\r\\n");
    }
}
