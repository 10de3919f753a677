//! Values as text: once as a person reads them, once as `tshark -T fields` prints them.

use std::fmt::{self, Display, Formatter, Write};

use super::date::Date;
use super::decimal::{write_hex, write_hex_number, write_number, write_padded};
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
        self.put(f)
    }
}

impl Bare<'_> {
    /// Writes it.
    ///
    /// # Errors
    /// Where `out` cannot be written to.
    pub fn put<W: Write + ?Sized>(&self, out: &mut W) -> fmt::Result {
        let Self(def, value) = *self;
        match (value, def.kind) {
            (Value::None, _) => Ok(()),
            (Value::Bool(flag), _) => out.write_str(if flag { "1" } else { "0" }),
            (Value::Unsigned(number), Kind::Unsigned(bits)) if def.base == Base::Hex => {
                out.write_str("0x")?;
                write_hex_number(number, usize::from(bits).div_ceil(4), out)
            }
            (Value::Nanos(nanos), Kind::Time) => write!(out, "{}", Date(nanos)),
            (Value::Unsigned(nanos), Kind::Time) => {
                write!(out, "{}", Date(i64::try_from(nanos).unwrap_or(i64::MAX)))
            }
            (Value::Unsigned(nanos), Kind::Duration) => seconds(nanos, out),
            (Value::Unsigned(number), _) => write_number(number, out),
            (Value::Signed(number), _) => {
                out.write_str(if number < 0 { "-" } else { "" })?;
                write_number(number.unsigned_abs(), out)
            }
            (Value::Nanos(nanos), _) => {
                out.write_str(if nanos < 0 { "-" } else { "" })?;
                seconds(nanos.unsigned_abs(), out)
            }
            (Value::Text(text), _) => out.write_str(text),
            (Value::Bytes(bytes), kind) => bytes_as(kind, bytes, out),
        }
    }
}

impl Display for Named<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        self.put(f)
    }
}

impl Named<'_> {
    /// Writes it.
    ///
    /// # Errors
    /// Where `out` cannot be written to.
    pub fn put<W: Write + ?Sized>(&self, out: &mut W) -> fmt::Result {
        let Self(def, value) = *self;
        let bare = Bare(def, value);
        match value {
            Value::Unsigned(number) => match def.name_of(number) {
                Some(name) => {
                    out.write_str(name)?;
                    out.write_str(" (")?;
                    bare.put(out)?;
                    out.write_str(")")
                }
                None => bare.put(out),
            },
            Value::Bool(true) => out.write_str("yes"),
            Value::Bool(false) => out.write_str("no"),
            Value::Bytes(bytes) if bytes.len() > SHOWN_BYTES && def.kind == Kind::Bytes => {
                write_hex(bytes.get(..SHOWN_BYTES).unwrap_or(bytes), out)?;
                write!(out, "… ({} bytes)", bytes.len())
            }
            // One line: control characters as escapes, so that a hostile value cannot move the
            // terminal's cursor.
            Value::Text(text) if text.chars().any(char::is_control) => {
                text.chars().try_for_each(|c| match c {
                    c if c.is_control() => write!(out, "{}", c.escape_default()),
                    c => out.write_char(c),
                })
            }
            _ => bare.put(out),
        }
    }
}

/// Writes nanoseconds as seconds.
fn seconds<W: Write + ?Sized>(nanos: u64, out: &mut W) -> fmt::Result {
    write_number(nanos / 1_000_000_000, out)?;
    out.write_str(".")?;
    write_padded(nanos % 1_000_000_000, 9, out)
}

fn bytes_as<W: Write + ?Sized>(kind: Kind, bytes: &[u8], out: &mut W) -> fmt::Result {
    match kind {
        Kind::Ether => bytes.iter().enumerate().try_for_each(|(index, byte)| {
            out.write_str(if index == 0 { "" } else { ":" })?;
            write_hex(std::slice::from_ref(byte), out)
        }),
        Kind::Ipv4 => match <[u8; 4]>::try_from(bytes) {
            Ok(octets) => octets.iter().enumerate().try_for_each(|(index, octet)| {
                out.write_str(if index == 0 { "" } else { "." })?;
                write_number(u64::from(*octet), out)
            }),
            Err(_) => write_hex(bytes, out),
        },
        Kind::Ipv6 => match <[u8; 16]>::try_from(bytes) {
            Ok(address) => write!(out, "{}", std::net::Ipv6Addr::from(address)),
            Err(_) => write_hex(bytes, out),
        },
        _ => write_hex(bytes, out),
    }
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
