//! Who hands bytes on as they come: two connections with the same bytes, in both directions, meet
//! in one role.

use wirestage_dissectors::ids::Direction::{self, Backward, Forward};
use wirestage_dissectors::survey::Transport;

use super::{Connection, tcp};

/// Marks the ends in the middle, which have nothing to say of what lies above TCP.
pub(super) fn mark(connections: &mut [Connection<'_>]) {
    let streams: Vec<Option<[Vec<u8>; 2]>> = connections
        .iter()
        .map(|one| {
            let is_tcp = one.flow.key.transport == Transport::Tcp;
            is_tcp.then(|| Direction::BOTH.map(|direction| tcp::stream(one, direction)))
        })
        .collect();
    for front in 0..connections.len() {
        for back in 0..connections.len() {
            let same = streams[front].is_some()
                && streams[front] == streams[back]
                && streams[front].iter().flatten().all(|stream| !stream.is_empty());
            if same && connections[front].role(Backward) == connections[back].role(Forward) {
                connections[front].blind = Some(Backward);
                connections[back].blind = Some(Forward);
            }
        }
    }
}
