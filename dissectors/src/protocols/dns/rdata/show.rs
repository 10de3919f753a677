//! The data of a record in a few words, as a row shows them: ` 10 mx.example.com`.

use std::fmt::{self, Display};
use std::net::{Ipv4Addr, Ipv6Addr};

use super::super::wire::{Record, Wire, name};
use super::{Item, layout};
use crate::bytes::Reader;

/// The items of a record's data that a row shows, a blank before each.
pub(in super::super) struct Shown<'r, 'a>(
    pub(in super::super) &'r Record<'a>,
    pub(in super::super) &'r Wire<'a>,
);

impl Display for Shown<'_, '_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self(record, wire) = self;
        let mut data = record.data;
        for piece in layout(record).unwrap_or(&[]) {
            // Shown items come first.
            if !piece.shown || data.is_empty() {
                break;
            }
            if one(&piece.item, &mut data, wire, f)?.is_none() {
                break;
            }
        }
        Ok(())
    }
}

/// Writes one item; nothing where its bytes are not there.
fn one<'a>(
    item: &Item,
    data: &mut Reader<'a>,
    wire: &Wire<'a>,
    f: &mut fmt::Formatter<'_>,
) -> Result<Option<()>, fmt::Error> {
    match *item {
        Item::Number(width, _) => {
            let Ok((value, _)) = data.number(width, "") else { return Ok(None) };
            write!(f, " {value}")?;
        }
        Item::Bytes(len, _) => {
            let Ok((bytes, _)) = data.take(len, "") else { return Ok(None) };
            match bytes.len() {
                4 => {
                    write!(f, " {}", Ipv4Addr::from(<[u8; 4]>::try_from(bytes).unwrap_or([0; 4])))?
                }
                _ => {
                    let bytes = <[u8; 16]>::try_from(bytes).unwrap_or([0; 16]);
                    write!(f, " {}", Ipv6Addr::from(bytes))?;
                }
            }
        }
        Item::Name(_) => {
            let Ok(name) = name(wire, data) else { return Ok(None) };
            write!(f, " {name}")?;
        }
        Item::Text(_, _) => {
            let text = data.u8("").and_then(|(len, _)| data.take(len.into(), ""));
            let Ok((text, _)) = text else { return Ok(None) };
            write!(f, " {}", text.escape_ascii())?;
        }
        _ => return Ok(None),
    }
    Ok(Some(()))
}
