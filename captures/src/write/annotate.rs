//! A packet's block with other comments: its fixed part, its bytes and its other options stay.

use crate::bytes::{Order, padded};
use crate::limits::MAX_BLOCK;
use crate::read::block as kind;
use crate::read::{COMMENT, Options};

/// Where the bytes of a packet begin in its block, common head included.
const BYTES: usize = 28;
/// The longest value of an option: its length is a 16-bit number.
const MAX_OPTION: usize = u16::MAX as usize;

/// The same block with these comments instead of those that it has; `None` if it cannot hold any (a
/// Simple Packet Block has no options, a journal entry none either).
pub(super) fn annotated(block: &[u8], order: Order, comments: &[String]) -> Option<Vec<u8>> {
    if !matches!(order.u32(block, 0)?, kind::ENHANCED | kind::PACKET) {
        return None;
    }
    let captured = order.u32(block, 20)? as usize;
    let from = BYTES.checked_add(padded(captured))?;
    let options = block.get(from..block.len().checked_sub(4)?)?;
    let mut out = block.get(..from)?.to_vec();
    let others = Options::new(options, order).filter(|(code, _)| *code != COMMENT);
    let comments = comments.iter().map(|text| {
        let end = text.floor_char_boundary(MAX_OPTION);
        (COMMENT, text.get(..end).unwrap_or_default().as_bytes())
    });
    let mut any = false;
    for (code, value) in others.chain(comments) {
        any = true;
        put16(&mut out, order, code);
        put16(&mut out, order, value.len() as u16);
        out.extend_from_slice(value);
        out.resize(padded(out.len()), 0);
    }
    if any {
        out.extend([0; 4]);
    }
    let len = u32::try_from(out.len() + 4).ok().filter(|len| *len <= MAX_BLOCK)?;
    let len = match order {
        Order::Little => len.to_le_bytes(),
        Order::Big => len.to_be_bytes(),
    };
    out.get_mut(4..8)?.copy_from_slice(&len);
    out.extend(len);
    Some(out)
}

fn put16(out: &mut Vec<u8>, order: Order, value: u16) {
    out.extend(match order {
        Order::Little => value.to_le_bytes(),
        Order::Big => value.to_be_bytes(),
    });
}

#[cfg(test)]
mod tests {
    use super::*;
    use wirestage_dissectors::ids::Time;

    use crate::write::{PcapngWriter, SectionHeader};

    /// The block of a packet of five bytes.
    fn block() -> Vec<u8> {
        let mut writer = PcapngWriter::new(Vec::new(), &SectionHeader::default()).unwrap();
        writer.flush().unwrap();
        let head = writer.into_inner().len();
        let mut writer = PcapngWriter::new(Vec::new(), &SectionHeader::default()).unwrap();
        writer.packet(0, Time(1), 5, b"bytes").unwrap();
        writer.into_inner().split_off(head)
    }

    fn comments(block: &[u8]) -> Vec<String> {
        let options = &block[BYTES + 8..block.len() - 4];
        let options = Options::new(options, Order::Little);
        options.map(|(_, value)| String::from_utf8(value.to_vec()).unwrap()).collect()
    }

    #[test]
    fn comments_come_and_go_and_the_rest_stays() {
        let plain = block();
        let two = ["one".to_owned(), "two lines\nof text".to_owned()];
        let with = annotated(&plain, Order::Little, &two).unwrap();
        assert_eq!(comments(&with), two);
        assert_eq!(with.len() % 4, 0);
        assert_eq!(with[4..8], with[with.len() - 4..]);
        assert_eq!(with[8..36], plain[8..36]);
        assert_eq!(annotated(&with, Order::Little, &[]), Some(plain.clone()));
        assert_eq!(annotated(&[3, 0, 0, 0], Order::Little, &two), None);
        assert_eq!(annotated(&plain[..30], Order::Little, &two), None);
    }
}
