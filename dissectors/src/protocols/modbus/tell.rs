//! What messages of Modbus mean.

use super::wire::{self, Head};
use super::{EXCEPTION, Kind, describe};
use crate::engine::view::View;
use crate::message::Message;
use crate::telling::{Outcome, Telling};

/// What a message means.
pub(super) fn tell(message: &Message, view: &View<'_>) -> Option<Telling> {
    let bytes = view.bytes(message.span);
    let head = Head::read(bytes)?;
    let name = describe::name(head.function);
    let new = |headline: &str| {
        let told = Telling::new(name.clone(), headline, "Modbus");
        told.lesson("modbus/poll", "MODBUS V1.1b3", "6")
    };
    if head.is_refusal() {
        let code = u64::from(bytes.get(wire::HEAD).copied().unwrap_or(0));
        let known = EXCEPTION.def().name_of(code);
        let why = known.map_or_else(|| format!("Exception {code}."), |why| format!("{why}."));
        let told = new("Cannot do what was asked").detail(why);
        return Some(told.answering().outcome(Outcome::Refused));
    }
    if message.is(Kind::Response) {
        let headline = match head.function {
            1..=4 | 23 | 24 => "Gives the values that were asked for",
            5 | 6 | 15 | 16 | 22 => "Has set what it was told to set",
            _ => "Answers what was asked",
        };
        return Some(new(headline).answering());
    }
    let headline = match head.function {
        1 | 2 => "Asks how switches stand",
        3 | 4 | 24 => "Asks for numbers that a machine holds",
        5 | 15 => "Switches something on or off",
        6 | 16 | 22 => "Sets numbers in a machine",
        23 => "Sets numbers, and asks for others in the same breath",
        43 | 17 => "Asks a machine who it is",
        _ => "Asks a machine for a function",
    };
    let told = match describe::place_and_count(bytes, head) {
        Some((place, count)) => {
            new(headline).detail(format!("{count} from place {place} on, of unit {}.", head.unit))
        }
        None => new(headline).detail(format!("Of unit {}.", head.unit)),
    };
    Some(told.asking())
}
