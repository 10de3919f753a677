//! What a side's kernel asked on its own account, at its own end of a link: whether the other is
//! still there, and whether it has room again.

use wirestage_dissectors::frames::Frames;
use wirestage_dissectors::ids::Direction;
use wirestage_generators::steps::tcp_probed;

use super::Connection;
use super::resent::header;
use super::tcp::Taken;

/// SYN, FIN and RST: a segment with one of them asks nothing.
const CONTROLS: u8 = 0x07;

pub(super) fn tell(connection: &Connection<'_>, direction: Direction, ended: &mut Vec<Taken>) {
    let Some(flow) = connection.own_end(direction) else { return };
    let document = connection.document;
    let (mut alive, mut window) = (0, 0);
    // The number after the last that this side has said, and whether the other side has room.
    let (mut next, mut has_room) = (None, true);
    for id in document.survey.frames_from(flow.first) {
        let frame = document.recording.frame(id);
        let arrival = document.survey.arrival(id, &frame).expect("a frame of a flow arrives");
        let place = arrival.carried;
        let header = header(&frame.bytes[place.start as usize..place.end() as usize]);
        if arrival.direction != direction {
            has_room = header.window > 0;
            continue;
        }
        let is_bare = header.flags & CONTROLS == 0 && header.data <= 1;
        if is_bare && next == Some(header.seq.wrapping_add(1)) {
            *(if has_room { &mut alive } else { &mut window }) += 1;
            continue;
        }
        let controls = u32::from(header.flags & 0x01 != 0) + u32::from(header.flags & 0x02 != 0);
        let end = header.seq.wrapping_add(header.data + controls);
        let is_new = next.is_none_or(|next: u32| end.wrapping_sub(next) as i32 > 0);
        next = if is_new { Some(end) } else { next };
    }
    if alive + window > 0 {
        ended.push((direction, tcp_probed(alive, window)));
    }
}
