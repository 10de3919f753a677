//! Connections whose SYN carried data that was taken, and SYNs that asked for a cookie, from the
//! headers as they stand.

use wirestage_dissectors::frames::Frames;
use wirestage_dissectors::ids::Direction::{self, Backward, Forward};
use wirestage_dissectors::survey::Transport;
use wirestage_generators::Entry;
use wirestage_generators::steps::{tcp_fast_open_sent, tcp_fast_open_taken};

use super::resent::header;
use super::{Connection, say};

const SYN: u8 = 0x02;

/// What all connections of a recording show.
#[derive(Default)]
pub(super) struct Opened {
    asked: u64,
    carried: u64,
    roles: Option<[String; 2]>,
}

impl Opened {
    pub(super) fn see(&mut self, connection: &Connection<'_>) {
        if connection.flow.key.transport != Transport::Tcp {
            return;
        }
        let document = connection.document;
        // The number that acknowledges all data of the SYN.
        let mut confirms = None;
        for id in document.survey.frames_from(connection.flow.first) {
            let frame = document.recording.frame(id);
            let arrival = document.survey.arrival(id, &frame).expect("a frame of a flow arrives");
            let place = arrival.carried;
            let bytes = &frame.bytes[place.start as usize..place.end() as usize];
            let header = header(bytes);
            if header.flags & SYN == 0 {
                break;
            }
            let ack = u32::from_be_bytes(bytes[8..12].try_into().expect("four bytes"));
            match arrival.direction {
                Forward if header.data > 0 => {
                    confirms = Some(header.seq.wrapping_add(1 + header.data));
                }
                // Kind 34 with no cookie behind its length asks for one (RFC 7413, section 4.1.1).
                Forward if header.options.windows(2).any(|two| two == [34, 2]) => {
                    self.asked += 1;
                }
                Backward if confirms == Some(ack) => self.carried += 1,
                Direction::Forward | Direction::Backward => {}
            }
        }
        let roles = [Forward, Backward].map(|way| connection.role(way).to_owned());
        self.roles.get_or_insert(roles);
    }

    pub(super) fn tell(self, entries: &mut Vec<Entry>) {
        let Some([client, server]) = self.roles.filter(|_| self.asked + self.carried > 0) else {
            return;
        };
        say(entries, &client, tcp_fast_open_sent(self.carried));
        say(entries, &server, tcp_fast_open_taken(self.asked, self.carried));
    }
}
