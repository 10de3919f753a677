//! Describes key shares and pre-shared keys (RFC 9846, sections 4.3.8 and 4.3.11).

use super::super::{fields, names};
use super::describer::{Described, Describer};
use super::extensions::Place;
use crate::field::Value;

pub(super) fn key_share(place: Place, walk: &mut Describer<'_, '_>) -> Described {
    match place {
        Place::ClientHello => {
            let len = walk.u16(fields::KEY_SHARE_CLIENT_LENGTH)?;
            walk.within(len, fields::KEY_SHARE_CLIENT_LENGTH, |walk| {
                while !walk.is_done() {
                    entry(walk)?;
                }
                Ok(())
            })
        }
        Place::HelloRetryRequest => walk.u16(fields::KEY_SHARE_SELECTED).map(|_| ()),
        _ => entry(walk),
    }
}

fn entry(walk: &mut Describer<'_, '_>) -> Described {
    let mut ahead = walk.reader;
    let (group, _) = ahead.u16("key share group")?;
    let (len, _) = ahead.u16("key share length")?;
    let name = names::name(names::GROUPS, group);
    walk.group(fields::KEY_SHARE_ENTRY, Value::Text(&name), 4 + usize::from(len), |walk| {
        walk.u16(fields::KEY_SHARE_GROUP)?;
        walk.vector(fields::KEY_SHARE_LENGTH, 2, fields::KEY_SHARE)
    })
}

pub(super) fn pre_shared_key(client_hello: bool, walk: &mut Describer<'_, '_>) -> Described {
    if !client_hello {
        return walk.u16(fields::PSK_SELECTED).map(|_| ());
    }
    let len = walk.u16(fields::PSK_IDENTITIES_LENGTH)?;
    walk.within(len, fields::PSK_IDENTITIES_LENGTH, |walk| {
        while !walk.is_done() {
            walk.vector(fields::PSK_IDENTITY_LENGTH, 2, fields::PSK_IDENTITY)?;
            walk.number(fields::PSK_AGE, 4)?;
        }
        Ok(())
    })?;
    let len = walk.u16(fields::PSK_BINDERS_LENGTH)?;
    let (_, place) = walk.reader.take(len, "PSK binders")?;
    walk.sink.field(fields::PSK_BINDERS, Value::None, place);
    Ok(())
}
