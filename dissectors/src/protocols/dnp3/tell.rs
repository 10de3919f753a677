//! What frames of DNP3 mean.

use super::AL_FUNC;
use super::wire::{self, Head};
use crate::engine::view::View;
use crate::message::Message;
use crate::telling::Telling;

/// What a frame means.
pub(super) fn tell(message: &Message, view: &View<'_>) -> Option<Telling> {
    let bytes = view.bytes(message.span);
    let head = Head::read(bytes)?;
    let ends = format!("From address {} to {}.", head.from, head.to);
    let code = wire::function(bytes);
    let label = match code.map(u64::from) {
        Some(code) => AL_FUNC.def().name_of(code).unwrap_or("function"),
        None if head.carries > 0 => "part",
        None => "link",
    };
    let (headline, asks) = match code {
        Some(0) => ("Confirms that it has the response", false),
        Some(1) => ("Asks for what is measured", true),
        Some(3) => ("Says what is to be switched: it has to come back as it was said", true),
        Some(4 | 5) => ("Has something switched", true),
        Some(6) => ("Has something switched, and wants no answer", false),
        Some(13 | 14) => ("Has the outstation restart", true),
        Some(130) => ("Reports what has changed, without being asked", false),
        Some(129 | 131) => ("Answers, and says how it is doing", false),
        Some(_) => ("Asks the outstation something", true),
        None if head.carries > 0 => {
            ("Goes on with a message that is too long for one frame", false)
        }
        None => ("Looks after the link between the two, and says nothing else", false),
    };
    let told =
        Telling::new(label, headline, "DNP3").detail(ends).lesson("dnp3/poll", "IEEE 1815", "");
    Some(match code {
        Some(129 | 131) => told.answering(),
        _ if asks => told.asking(),
        None => told.weight(2, 3),
        _ => told,
    })
}
