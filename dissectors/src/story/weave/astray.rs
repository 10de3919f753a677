//! Datagrams that left one end and never came to the other, where both ends were recorded.
//!
//! The reading is that of the initiator's end. What the responder sent in vain is not in it, and
//! what it sent again looks there as if there had been no first time. So the responder's end is
//! asked what left there, what of it was said before, and why.
//!
//! ```text
//!   initiator's end                  responder's end
//!                       x ────────── packet 8     told as lost, by the reading there
//!   packet 11  <──────────────────── packet 11    told as what sends packet 8 again, likewise
//! ```

use std::collections::HashMap;

use super::gather::{Item, Place, Thread};
use super::vantage::Vantage;
use crate::engine::anchors::Anchors;
use crate::engine::conversation::{Conversations, Stop};
use crate::engine::reader::Context;
use crate::engine::view::View;
use crate::ids::{ConnectionId, Direction, FrameId, MessageId};
use crate::limits::MAX_STORY_SEGMENTS;
use crate::message::{Message, Relation};
use crate::protocol::Framing;
use crate::protocols::quic;
use crate::story::wording::uncapitalised;
use crate::story::{Outcome, Telling};
use crate::survey::Survey;
use crate::wording::span;

/// What is told of datagrams that never came.
#[derive(Debug, Default)]
pub(super) struct Astray {
    /// From what says it again to what was lost, by their frames in the story.
    pub(super) again: Vec<(FrameId, FrameId)>,
}

/// What one end knows of the datagrams that left there.
#[derive(Default)]
struct End {
    /// What those were that never came.
    lost: HashMap<FrameId, Lost>,
    /// The frames of messages that something may say again.
    frames: HashMap<MessageId, FrameId>,
    /// Pairs of messages: what is said again, and what said it before.
    repeats: Vec<(MessageId, MessageId)>,
    /// What is told there of what was sent again.
    tries: Vec<Item>,
    /// What packets that send something again are called.
    names: HashMap<FrameId, String>,
}

/// A datagram that never came.
#[derive(Default)]
struct Lost {
    /// What it is called: "Packet 8".
    name: Option<String>,
    /// What begins and ends in it.
    items: Vec<Item>,
    /// What it carries a part of.
    part: Option<Item>,
}

/// Tells in a connection's thread what of its datagrams never came.
pub(super) fn tell(
    thread: &mut Thread,
    vantage: &Vantage,
    conversations: &mut Conversations,
    (context, survey): (Context<'_>, &Survey),
    stop: Stop<'_>,
) -> Astray {
    let mut astray = Astray::default();
    let (Some(sightings), Some(far)) = (vantage.sightings(), vantage.far()) else { return astray };
    let is_long = sightings.len() > MAX_STORY_SEGMENTS;
    if thread.framing != Framing::Datagram || thread.cut || is_long {
        return astray;
    }
    // Where the two ends do not agree on who began, each way has another name there.
    let began = [thread.paths.first, far].map(|id| Some(survey.flow(id)?.initiator_is_low));
    let is_turned = matches!(began, [Some(near), Some(far)] if near != far);
    for direction in Direction::BOTH {
        let mut own = sightings.iter().filter(|one| one.direction == direction);
        let mut end = End::default();
        let gone = own.clone().filter(|one| one.received.is_none());
        end.lost = gone.map(|one| (one.sent.frame, Lost::default())).collect();
        if end.lost.is_empty() {
            continue;
        }
        let (id, way) = match direction {
            Direction::Forward => (thread.id, direction),
            Direction::Backward if is_turned => (ConnectionId(far.0), direction.reverse()),
            Direction::Backward => (ConnectionId(far.0), direction),
        };
        end.read(conversations, (id, way), (context, survey), stop);
        if stop() {
            return astray;
        }
        let came: HashMap<FrameId, FrameId> =
            own.by_ref().filter_map(|one| Some((one.sent.frame, one.received?.frame))).collect();
        // By which frame of the story something goes that left with this one.
        let here = |frame: FrameId| match direction {
            Direction::Forward => frame,
            Direction::Backward => came.get(&frame).copied().unwrap_or(frame),
        };
        let again = end.again();
        for (frame, tries) in &again {
            astray.again.extend(tries.iter().map(|later| (here(*later), *frame)));
        }
        let names = std::mem::take(&mut end.names);
        let sent_again = |frame: FrameId| {
            let later = *again.get(&frame)?.iter().min()?;
            let time = |frame| context.frames.frame(frame).time;
            let after = span(time(later).since(time(frame)));
            // Packets of the handshake have their kind before them, which is a name.
            let within = names.get(&later).map(|name| match name.starts_with("Packet") {
                true => format!(", in {}", uncapitalised(name)),
                false => format!(", in {name}"),
            });
            Some(format!("{after} later{}", within.unwrap_or_default()))
        };
        match direction {
            Direction::Forward => {
                for item in thread.items.iter_mut().filter(|item| item.direction == direction) {
                    if let Some(lost) = end.lost.get(&item.start).filter(|_| item.start == item.end)
                    {
                        item.lose(lost.name.as_deref(), sent_again(item.start));
                    }
                }
            }
            Direction::Backward => {
                thread.items.retain(|item| item.direction != direction || !is_second_try(item));
                for mut item in end.tries {
                    if end.lost.contains_key(&item.start) {
                        continue;
                    }
                    (item.start, item.end) = (here(item.start), here(item.end));
                    (item.came, item.direction) = (item.end, direction);
                    thread.items.push(item);
                }
                for (frame, lost) in end.lost {
                    let name = lost.name;
                    let own = if lost.items.is_empty() {
                        lost.part.into_iter().collect()
                    } else {
                        lost.items
                    };
                    for mut item in own {
                        item.direction = direction;
                        item.lose(name.as_deref(), sent_again(frame));
                        item.unheard();
                        thread.items.push(item);
                    }
                }
            }
        }
    }
    thread.items.sort_by_key(Item::order);
    astray
}

/// Whether one end alone tells of it that something was sent again.
fn is_second_try(item: &Item) -> bool {
    item.protocol == quic::PROTOCOL_ID && quic::is_second_try(&item.told)
}

impl End {
    /// Reads what left there in one direction.
    fn read(
        &mut self,
        conversations: &mut Conversations,
        (id, way): (ConnectionId, Direction),
        (context, survey): (Context<'_>, &Survey),
        stop: Stop<'_>,
    ) {
        let mut anchors = Anchors::new(id);
        for index in 0.. {
            let held = conversations.stretch_until(id, index, stop, (context, survey));
            let Some(held) = held else { break };
            let view = held.view(context.frames);
            let own = held.stretch().messages.iter().filter(|one| one.direction == way);
            for message in own {
                let begun = anchors.next(message, &view).frame;
                self.take((message, begun), &view, context);
            }
            let related = held.stretch().related.iter();
            let repeats = related.filter(|one| one.relation == Relation::Repeats);
            self.repeats.extend(repeats.map(|one| (one.from, one.to)));
        }
    }

    fn take(
        &mut self,
        (message, begun): (&Message, FrameId),
        view: &View<'_>,
        context: Context<'_>,
    ) {
        let Some(layer) = view.layer(message.layer) else { return };
        self.frames.insert(message.id, message.done);
        let start = begun.min(message.done);
        let item = || {
            let told = context.registry.get(layer.protocol).tell(message, view)?;
            let told = told.terse().on_its_lane();
            Some(Item::of_datagram((start, message.done), layer.protocol, message, told))
        };
        let is_packet = layer.protocol == quic::PROTOCOL_ID;
        if let Some(lost) = self.lost.get_mut(&message.done) {
            if is_packet {
                lost.name = lost.name.take().or_else(|| quic::name(message, view));
            }
            if start == message.done {
                lost.items.extend(item());
                return;
            }
        }
        if is_packet {
            if let Some(item) = item().filter(is_second_try) {
                self.names.extend(quic::name(message, view).map(|name| (message.done, name)));
                self.tries.push(Item { is_try: true, place: Place::Before, ..item });
            }
            return;
        }
        let within = self.lost.iter_mut().filter(|(frame, lost)| {
            start <= **frame && **frame <= message.done && lost.part.is_none()
        });
        for (frame, lost) in within {
            lost.part = item().map(|mut item| {
                item.told.label = format!("part of {}", item.told.label);
                (item.start, item.end, item.came) = (*frame, *frame, *frame);
                item
            });
        }
    }

    /// What says again what a lost datagram had brought, by the frame of that.
    fn again(&self) -> HashMap<FrameId, Vec<FrameId>> {
        let mut again: HashMap<FrameId, Vec<FrameId>> = HashMap::new();
        for (later, before) in &self.repeats {
            let frame = |id: &MessageId| self.frames.get(id).copied();
            let (Some(later), Some(before)) = (frame(later), frame(before)) else { continue };
            if self.lost.contains_key(&before) {
                again.entry(before).or_default().push(later);
            }
        }
        again
    }
}

impl Item {
    /// It never came: that is what there is to say of it.
    fn lose(&mut self, name: Option<&str>, sent_again: Option<String>) {
        (self.is_try, self.is_lost) = (true, true);
        let told = &mut self.told;
        told.outcome = Outcome::Lost;
        let what = name.unwrap_or("It");
        let again = match sent_again {
            Some(when) => format!("What it brought is sent again {when}."),
            None => String::new(),
        };
        let stop = if told.headline.ends_with(['.', '!', '?']) { "" } else { "." };
        told.detail = format!("{again} In it: {}{stop}", told.headline).trim_start().to_owned();
        told.headline = format!("{what} leaves, and never comes: lost on the way");
    }

    /// Whom it never came to has learned nothing from it.
    fn unheard(&mut self) {
        let Telling { label, headline, detail, weight, chapter, outcome, lesson, source, .. } =
            self.told.clone();
        let told = Telling::new(label, headline, "").detail(detail).aside();
        self.told = Telling { weight, chapter, outcome, lesson, source, ..told };
    }
}
