//! Reads a lane as far as its session goes: straight from where bytes lie while the session keeps
//! up, through the inbox where it has to wait for more.

use super::deliver::{Engine, put_back, take};
use super::inbox::{Inbox, Parcel};
use super::out::Rope;
use super::reader::ConnectionReader;
use super::session::{Input, Progress, Way};
use super::slot::SlotId;
use crate::claim::ENOUGH;
use crate::ids::Direction;
use crate::limits::MAX_INBOX;
use crate::protocol::Framing;
use crate::span::Span;

/// How much an inbox takes over at least when it has to hold bytes back: sessions that look for
/// the end of a head ask for one byte more at a time.
const MIN_HELD: usize = 4096;

impl Engine<'_> {
    /// Reads a datagram as far as its session goes; what it does not take is gone.
    pub(super) fn one_datagram(
        &mut self,
        reader: &mut ConnectionReader,
        id: SlotId,
        inbox: &mut Inbox,
        parcel: Parcel<'_>,
    ) {
        let framing = Framing::Datagram;
        let end = inbox.at + parcel.bytes.len() as u64;
        let mut rest = parcel;
        while !inbox.closed {
            let rope = Rope { at: inbox.at, pieces: &[], last: rest.span };
            match self.call(reader, id, rope, inbox, rest) {
                Progress::Took(len) if len < rest.bytes.len() => {
                    inbox.at += len as u64;
                    rest = rest.from(len);
                }
                turn @ (Progress::Switch(_) | Progress::GiveUp(_)) => {
                    let reads_on = matches!(turn, Progress::Switch(_));
                    self.turn(reader, id, inbox, rest, turn);
                    if !reads_on {
                        break;
                    }
                }
                Progress::Need(_) if !rest.bytes.is_empty() => {
                    // No other datagram brings what this one lacks.
                    let input = input(framing, inbox.at, rest);
                    self.with_session(reader, id, rope, rest, |session, out| {
                        session.cut(input, out);
                    });
                    break;
                }
                _ => break,
            }
        }
        inbox.at = end;
    }

    pub(super) fn stream(
        &mut self,
        reader: &mut ConnectionReader,
        id: SlotId,
        inbox: &mut Inbox,
        mut parcel: Parcel<'_>,
    ) {
        while !parcel.bytes.is_empty() && !inbox.closed {
            if inbox.pass > 0 {
                let len = usize::try_from(inbox.pass).unwrap_or(usize::MAX).min(parcel.bytes.len());
                self.pass(reader, id, inbox, parcel, len);
                parcel = parcel.from(len);
                continue;
            }
            if inbox.held.is_empty() && self.is_undecided(reader, id, parcel) {
                inbox.hold(parcel, parcel.bytes.len());
                inbox.need = ENOUGH;
                let way = Way { lane: parcel.lane, direction: parcel.direction };
                reader.undecided.push((id, way));
                return;
            }
            if inbox.held.is_empty() {
                let rope = Rope { at: inbox.at, pieces: &[], last: parcel.span };
                match self.call(reader, id, rope, inbox, parcel) {
                    Progress::Took(len) => {
                        let len = len.min(parcel.bytes.len());
                        inbox.at += len as u64;
                        parcel = parcel.from(len);
                    }
                    Progress::Need(need) => {
                        inbox.need = need;
                        inbox.hold(parcel, parcel.bytes.len());
                        parcel = parcel.from(parcel.bytes.len());
                    }
                    Progress::Pass(len) => inbox.pass = len,
                    progress => self.turn(reader, id, inbox, parcel, progress),
                }
            } else {
                let missing = inbox.need.saturating_sub(inbox.held.len()).max(1);
                // Who asks for one byte more does not know how many: as much again is held.
                let again = if missing == 1 { inbox.held.len() } else { 0 };
                let len = missing.max(MIN_HELD.saturating_sub(inbox.held.len())).max(again);
                let len = len.min(parcel.bytes.len());
                inbox.hold(parcel, len);
                parcel = parcel.from(len);
                self.drain(reader, id, inbox, parcel);
            }
        }
    }

    /// Bytes that waited for more to tell who speaks will get no more: whoever it is reads them.
    pub(super) fn settle_speaker(
        &mut self,
        reader: &mut ConnectionReader,
        id: SlotId,
        inbox: &mut Inbox,
        now: Parcel<'_>,
    ) {
        let slot = reader.slots.get(id);
        if !inbox.held.is_empty() && slot.is_some_and(|slot| slot.speaker(now.direction).is_none())
        {
            inbox.need = 0;
            self.drain(reader, id, inbox, now);
        }
    }

    /// Ways of this direction whose bytes are too few to tell who speaks go on waiting as long as
    /// each frame brings more, and the next one with data comes from the same side.
    pub(super) fn settle_speakers(&mut self, reader: &mut ConnectionReader, direction: Direction) {
        if reader.undecided.is_empty() || self.own != Some(direction) {
            return;
        }
        let goes_on = self.later.goes_on(self.moment.frame, direction);
        for (id, way) in std::mem::take(&mut reader.undecided) {
            if way.direction != direction {
                reader.undecided.push((id, way));
                continue;
            }
            let slot = reader.slots.get(id);
            if slot.is_none_or(|slot| slot.speaker(direction).is_some()) {
                continue;
            }
            let Some(mut inbox) = take(reader, id, way) else { continue };
            let is_fed = inbox.heard.is_some_and(|heard| heard.frame == self.moment.frame);
            if goes_on && is_fed {
                reader.undecided.push((id, way));
            } else {
                let now = self.nothing(way, &inbox);
                self.settle_speaker(reader, id, &mut inbox, now);
            }
            put_back(reader, id, way.lane, way.direction, inbox);
        }
    }

    /// Reads on in the held bytes as far as the session goes.
    fn drain(
        &mut self,
        reader: &mut ConnectionReader,
        id: SlotId,
        inbox: &mut Inbox,
        now: Parcel<'_>,
    ) {
        while !inbox.held.is_empty() && inbox.held.len() >= inbox.need && !inbox.closed {
            let held = std::mem::take(&mut inbox.held);
            let pieces = std::mem::take(&mut inbox.pieces);
            let nothing = Span { len: 0, ..now.span };
            let rope = Rope { at: inbox.at, pieces: pieces.as_slice(), last: nothing };
            let parcel = Parcel { bytes: held.as_slice(), ..now };
            let progress = if inbox.pass > 0 {
                Progress::Pass(inbox.pass)
            } else {
                self.call(reader, id, rope, inbox, parcel)
            };
            let taken = match progress {
                Progress::Took(len) => len.min(held.len()),
                Progress::Pass(len) => {
                    inbox.pass = len;
                    let here = usize::try_from(len).unwrap_or(usize::MAX).min(held.len());
                    self.pass_held(reader, id, inbox, pieces.as_slice(), here, now);
                    // `pass_held` has moved the offset along already.
                    inbox.restore(held, pieces, here);
                    continue;
                }
                Progress::Need(need) => {
                    inbox.need = need;
                    0
                }
                progress => {
                    let place = pieces.as_slice().first().copied().unwrap_or(nothing);
                    let unread = Parcel { span: place, bytes: &[], ..now };
                    self.turn(reader, id, inbox, unread, progress);
                    0
                }
            };
            inbox.at += taken as u64;
            inbox.restore(held, pieces, taken);
            if taken == 0 && inbox.held.len() < inbox.need {
                break;
            }
        }
        if inbox.held.len() > MAX_INBOX.max(inbox.need.min(2 * MAX_INBOX)) {
            let place = inbox.pieces.as_slice().first().copied().unwrap_or(now.span);
            let unread = Parcel { span: place, bytes: &[], ..now };
            self.note_given_up(reader, id, unread, "it waits for more bytes than are held back");
            inbox.close();
        }
    }

    fn pass(
        &mut self,
        reader: &mut ConnectionReader,
        id: SlotId,
        inbox: &mut Inbox,
        parcel: Parcel<'_>,
        len: usize,
    ) {
        if let Some(message) = inbox.collecting {
            reader.shared.collect(message, parcel.span.part(0, len), parcel.moment);
        }
        inbox.at += len as u64;
        inbox.pass -= len as u64;
        if inbox.pass == 0 {
            self.passed(reader, id, inbox, parcel);
        }
    }

    fn pass_held(
        &mut self,
        reader: &mut ConnectionReader,
        id: SlotId,
        inbox: &mut Inbox,
        pieces: &[Span],
        len: usize,
        now: Parcel<'_>,
    ) {
        let mut left = len;
        for piece in pieces {
            let part = piece.part(0, left);
            left -= part.len as usize;
            if let (Some(message), true) = (inbox.collecting, part.len > 0) {
                reader.shared.collect(message, part, now.moment);
            }
        }
        inbox.at += len as u64;
        inbox.pass -= len as u64;
        if inbox.pass == 0 {
            self.passed(reader, id, inbox, now);
        }
    }

    pub(super) fn passed(
        &mut self,
        reader: &mut ConnectionReader,
        id: SlotId,
        inbox: &mut Inbox,
        parcel: Parcel<'_>,
    ) {
        inbox.collecting = None;
        let rope = Rope { at: inbox.at, pieces: &[], last: Span { len: 0, ..parcel.span } };
        let way = Way { lane: parcel.lane, direction: parcel.direction };
        self.with_session(reader, id, rope, parcel, |session, out| session.passed(way, out));
    }

    fn call(
        &mut self,
        reader: &mut ConnectionReader,
        id: SlotId,
        rope: Rope<'_>,
        inbox: &mut Inbox,
        parcel: Parcel<'_>,
    ) -> Progress {
        let Some(framing) = self.seat(reader, id, parcel) else {
            return Progress::GiveUp("nothing reads this layer");
        };
        if std::mem::take(&mut inbox.missed) && self.is_joined(reader, id, parcel.direction) {
            let way = Way { lane: parcel.lane, direction: parcel.direction };
            let goes_on = self.with_session(reader, id, Rope::NOTHING, parcel, |session, out| {
                session.gap(way, None, out)
            });
            if goes_on != Some(true) {
                return Progress::GiveUp("it cannot be read behind a hole");
            }
        }
        let input = input(framing, rope.at, parcel);
        let mut collecting = None;
        let progress = self.with_session(reader, id, rope, parcel, |session, out| {
            let progress = session.read(input, out);
            collecting = out.collecting;
            progress
        });
        inbox.collecting = collecting.or(inbox.collecting);
        match progress.unwrap_or(Progress::GiveUp("nothing reads this layer")) {
            // A session that takes nothing, or needs no more than it has, would be called forever.
            Progress::Took(0) | Progress::Pass(0) => Progress::GiveUp("the session stands still"),
            Progress::Need(need) if need <= parcel.bytes.len() => {
                Progress::Need(parcel.bytes.len() + 1)
            }
            progress => progress,
        }
    }
}

/// The bytes of a parcel, as a session is given them.
pub(super) fn input(framing: Framing, at: u64, parcel: Parcel<'_>) -> Input<'_> {
    Input {
        lane: parcel.lane,
        direction: parcel.direction,
        framing,
        at,
        bytes: parcel.bytes,
        cut: parcel.cut as usize,
        frame: parcel.moment.frame,
        time: parcel.moment.time,
    }
}
