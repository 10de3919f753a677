//! Who says why a connection failed: it hears all that passes, and speaks up once.

use crate::engine::session::Ending;
use crate::engine::view::View;
use crate::ids::{Direction, Time};
use crate::message::Message;
use crate::verdict::Verdict;

/// Hears one layer of a connection from its beginning, and what stands around it.
///
/// It speaks up where something ends that was not to end yet: what it says there stands with that
/// message.
pub trait Judge: Send {
    /// A message of its own layer, seen at that time.
    fn hear(&mut self, message: &Message, view: &View<'_>, time: Time) -> Option<Verdict>;

    /// Somebody speaks another protocol, of that title, in the clear on the same connection.
    fn beside(&mut self, title: &'static str, direction: Direction) -> Option<Verdict>;

    /// What carries the layer ends in one direction, or is broken off.
    fn ends(&mut self, direction: Direction, ending: Ending) -> Option<Verdict>;
}
