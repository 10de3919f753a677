//! What hosts are called: by names that the recording holds, or by their addresses.
//!
//! Names of an address come from the recording itself and from answers of DNS. What a client calls
//! a server (in a ClientHello, in a Host header) names what it wants there, which may stand behind
//! a proxy: that is told with the connection, and never of the host.

use std::net::IpAddr;

use rayon::prelude::*;
use wirestage_dissectors::ids::{ConnectionId, Direction};
use wirestage_dissectors::overview::{Glance, Names, glance};
use wirestage_dissectors::protocols::dns;

use super::{Document, Ground};

/// Connections of DNS that are looked at for names.
const MOST_LOOKUPS: usize = 10_000;

/// How hosts are called.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, clap::ValueEnum)]
pub enum Called {
    /// By names that the recording or DNS answers in it give
    #[default]
    Names,
    /// By their addresses
    Addresses,
}

impl Document {
    /// Calls hosts so from now on.
    pub fn call(&mut self, called: Called) {
        self.called = called;
    }
}

impl Ground {
    /// The same, with hosts called so.
    #[must_use]
    pub fn calling(self, called: Called) -> Self {
        Self { called, ..self }
    }

    /// What hosts are called; none of them anything where addresses are wanted. Looks at what DNS
    /// answers the first time.
    #[must_use]
    pub fn names(&self) -> Names {
        match self.called {
            Called::Names => self.named.get_or_init(|| self.look_up()).clone(),
            Called::Addresses => Names::default(),
        }
    }

    /// The same, those first that the recording itself gives, in its order.
    pub(super) fn names_in_order(&self) -> Vec<(IpAddr, String)> {
        let names = self.names();
        let mut recorded = self.recording.names();
        recorded.retain(|(address, _)| names.of(*address).is_some());
        let is_new = |(address, _): &(IpAddr, &str)| !recorded.iter().any(|one| one.0 == *address);
        let mut others: Vec<_> = names.all().filter(is_new).collect();
        others.sort_unstable();
        let others = others.into_iter().map(|(address, name)| (address, name.to_owned()));
        let others: Vec<_> = others.collect();
        recorded.into_iter().chain(others).collect()
    }

    fn look_up(&self) -> Names {
        let mut names = Names::new(&self.recording.names());
        let surroundings = (self.context(), &*self.survey, &*self.attribution);
        let asks = |id: &ConnectionId| {
            let flow = self.survey.flow(self.attribution.first_path(*id))?;
            let server = flow.ports().began.map_or(Direction::Backward, Direction::reverse);
            (flow.protocol() == Some(dns::PROTOCOL_ID)).then_some((*id, server))
        };
        // What one looks at may be narrower.
        let all = self.attribution.connections(&self.survey);
        let asking: Vec<_> = all.iter().filter_map(asks).take(MOST_LOOKUPS).collect();
        let looked: Vec<Glance> =
            asking.into_par_iter().map(|(id, server)| glance(id, server, surroundings)).collect();
        for (name, address, frame) in looked.iter().flat_map(|glance| &glance.answers) {
            names.learn(*address, name, *frame);
        }
        names
    }
}
