//! The key schedules of a connection, read beside whatever else is read.

use wirestage_dissectors::engine::conversation::Conversations;
use wirestage_dissectors::ids::ConnectionId;
use wirestage_dissectors::limits::TELLING_BUDGET;
use wirestage_dissectors::protocols::tls::schedule::{Schedule, schedules};

use super::Ground;

impl Ground {
    /// The key schedules of a connection, in the order of its handshakes. It is read to its end for
    /// them.
    #[must_use]
    pub fn schedules(&self, connection: ConnectionId) -> Vec<Schedule> {
        let budget = self.budget.min(TELLING_BUDGET);
        let mut read = Conversations::new(self.attribution.clone(), budget);
        schedules(&mut read, (self.context(), &self.survey), connection)
    }
}
