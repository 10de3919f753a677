//! Connections above flows: usually one each; protocols whose connections outlive a five-tuple
//! publish names, and a flow that begins with such a name joins the connection that owns it.

use std::collections::HashMap;

use crate::engine::reader::Reader;
use crate::ids::{ConnectionId, FlowId};
use crate::survey::Survey;

/// Which flow belongs to which connection. A connection has the number of its first flow.
#[derive(Clone, Debug, Default)]
pub struct Connections {
    /// Only flows that joined another's connection.
    joined: HashMap<FlowId, ConnectionId>,
    /// Names that connections go by.
    aliases: HashMap<Box<[u8]>, ConnectionId>,
}

impl Connections {
    /// The connection of a flow.
    #[must_use]
    pub fn of_flow(&self, flow: FlowId) -> ConnectionId {
        self.joined.get(&flow).copied().unwrap_or(ConnectionId(flow.0))
    }

    /// A connection goes by these names from now on.
    pub fn publish(&mut self, connection: ConnectionId, names: Vec<Box<[u8]>>) {
        for name in names {
            self.aliases.entry(name).or_insert(connection);
        }
    }

    /// Lets a flow join the connection whose name its first datagram bears. Says whether it did.
    pub fn adopt(&mut self, flow: FlowId, name: &[u8]) -> bool {
        match self.aliases.get(name) {
            Some(connection) if *connection != ConnectionId(flow.0) => {
                self.joined.insert(flow, *connection);
                true
            }
            _ => false,
        }
    }

    /// The flows of a connection, its first one first.
    #[must_use]
    pub fn flows(&self, connection: ConnectionId) -> Vec<FlowId> {
        let mut flows: Vec<FlowId> = self
            .joined
            .iter()
            .filter(|(_, owner)| **owner == connection)
            .map(|(flow, _)| *flow)
            .collect();
        flows.push(FlowId(connection.0));
        flows.sort_unstable();
        flows
    }

    /// A reader at the beginning of a connection.
    #[must_use]
    pub fn reader(&self, connection: ConnectionId, survey: &Survey) -> Reader {
        let flow = survey.flow(FlowId(connection.0));
        let carrier = crate::protocol::Carrier::Datagram;
        let nothing = crate::engine::reader::Ports { carrier, ports: [0; 2] };
        Reader::new(flow.map_or(nothing, crate::survey::Flow::ports))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_flow_joins_the_connection_whose_name_it_bears() {
        let mut connections = Connections::default();
        connections.publish(ConnectionId(2), vec![b"cid-1"[..].into()]);
        assert!(connections.adopt(FlowId(7), b"cid-1"));
        assert!(!connections.adopt(FlowId(8), b"cid-2"));
        assert_eq!(connections.of_flow(FlowId(7)), ConnectionId(2));
        assert_eq!(connections.of_flow(FlowId(8)), ConnectionId(8));
        assert_eq!(connections.flows(ConnectionId(2)), [FlowId(2), FlowId(7)]);
    }
}
