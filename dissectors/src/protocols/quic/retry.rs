//! The integrity tag of Retry packets (RFC 9001, section 5.8): nobody who has not seen the client's
//! first packet can make one.
//!
//! ```text
//!   aad:  |len|the id that the client chose|the Retry packet without its tag|    plaintext: none
//! ```

use aws_lc_rs::aead::{AES_128_GCM, Aad, LessSafeKey, Nonce, UnboundKey};

use super::header::TAG_LEN;
use super::version::Version;

/// Whether the tag of a Retry packet is that of the connection whose client chose this id; nothing
/// where its version has none.
pub(super) fn is_genuine(version: Version, chosen: &[u8], packet: &[u8]) -> Option<bool> {
    let (key, nonce) = version.scheme()?.retry?;
    let (bare, tag) = packet.split_at_checked(packet.len().checked_sub(TAG_LEN)?)?;
    let key = LessSafeKey::new(UnboundKey::new(&AES_128_GCM, &key).ok()?);
    let len = u8::try_from(chosen.len()).ok()?;
    let aad = [&[len], chosen, bare].concat();
    let nonce = Nonce::assume_unique_for_key(nonce);
    let opened = key.open_separate_gather(nonce, Aad::from(aad), &[], tag, &mut []);
    Some(opened.is_ok())
}
