//! What hosts are called on the screen: by names that the recording holds, or by their addresses.

use std::net::IpAddr;

use super::Explore;
use super::watch::{Shared, read};
use crate::document::Called;

/// Names of hosts, as far as they are known and wanted.
#[derive(Clone)]
pub(super) struct Naming(Option<Shared>);

impl Naming {
    /// What a host is called.
    pub(super) fn name(&self, address: IpAddr) -> String {
        match &self.0 {
            Some(shared) => read(shared).names.name(address),
            None => address.to_string(),
        }
    }

    /// The same of one that is written down; what is no address of IP stays as it is.
    pub(super) fn text(&self, written: &str) -> String {
        match (&self.0, written.parse()) {
            (Some(_), Ok(address)) => self.name(address),
            _ => written.to_owned(),
        }
    }
}

impl Explore {
    /// What hosts are called now.
    pub(super) fn naming(&self) -> Naming {
        let all = self.whole.as_ref().unwrap_or(&self.connections);
        let wanted = self.called == Called::Names;
        Naming(all.overview.shared.clone().filter(|_| wanted))
    }

    /// Calls hosts so from now on.
    pub fn call(&mut self, called: Called) {
        if called != self.called {
            self.called = called;
            self.shown.telling.call(called);
            self.shown.tell_again();
        }
    }
}
