//! The course of a connection, as its graphs show it.

use std::net::SocketAddr;

use wirestage_dissectors::course::{Course, Wanted, read};
use wirestage_dissectors::engine::conversation::Conversations;
use wirestage_dissectors::engine::reader::Context;
use wirestage_dissectors::ids::{ConnectionId, Direction, FlowId};
use wirestage_dissectors::limits::TELLING_BUDGET;
use wirestage_dissectors::survey::Transport;

use super::follow::{Depth, protocols};
use super::{Ground, Progress};

impl Ground {
    /// The direction of a connection in which more was sent.
    #[must_use]
    pub fn busier(&self, connection: ConnectionId) -> Direction {
        let mut sums = [0_u64; 2];
        for frame in self.attribution.frames(connection, &self.survey) {
            let Some(row) = self.survey.row(frame) else { continue };
            if let Some(sum) = sums.get_mut(row.direction().index()) {
                *sum += u64::from(row.data_len());
            }
        }
        let [forward, backward] = sums;
        if backward > forward { Direction::Backward } else { Direction::Forward }
    }

    /// The course of one direction of a connection. It is read with no more protocols than that
    /// takes, and nothing is kept. `None` if neither TCP nor QUIC carries it, or it was
    /// cancelled.
    #[must_use]
    pub fn course(
        &self,
        connection: ConnectionId,
        sender: Direction,
        progress: &Progress,
    ) -> Option<Course> {
        let path = self.attribution.first_path(connection);
        let depth = match self.survey.flow(path)?.key.transport {
            Transport::Tcp => Depth::Carried,
            Transport::Udp => Depth::Opened,
        };
        let context = Context { registry: protocols(depth), ..self.context() };
        let mut conversations =
            Conversations::new(self.attribution.clone(), self.budget.min(TELLING_BUDGET));
        let far = self.far.get(&path).copied();
        let wanted = Wanted { connection, sender, far };
        let stop = || progress.is_cancelled();
        read(&mut conversations, (context, &self.survey), wanted, &stop)
    }

    /// A connection as its initiator's end saw it, where it was recorded at both ends.
    #[must_use]
    pub fn near(&self, connection: ConnectionId) -> ConnectionId {
        let mut both = self.far.iter();
        let own = both.find(|(_, far)| far.0 == connection.0);
        own.map_or(connection, |(near, _)| ConnectionId(near.0))
    }

    /// What the end of a connection is called that sends in a direction: its name, where it has
    /// one, and its address with the port.
    #[must_use]
    pub fn end(&self, connection: ConnectionId, sends: Direction) -> String {
        let Some(flow) = self.survey.flow(FlowId(self.attribution.first_path(connection).0)) else {
            return String::new();
        };
        let address = flow.address(sends);
        let [asker, answerer] = flow.ports().ports;
        let port = if sends == Direction::Forward { asker } else { answerer };
        let names = self.names();
        let known = names.of(address.to_canonical());
        let end = SocketAddr::new(address.to_canonical(), port);
        known.map_or_else(|| end.to_string(), |(name, _)| format!("{name} {end}"))
    }
}
