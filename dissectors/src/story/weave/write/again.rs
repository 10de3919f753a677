//! Transfers, and links from second tries to first ones, where both ends were recorded.

use super::Writer;
use crate::message::Relation;
use crate::protocols::data;
use crate::story::weave::gather::Item;
use crate::story::weave::told::Told;
use crate::story::{Beat, Link, Outcome, Telling};

impl Writer<'_> {
    /// Takes what was sent in segments into the story, and ties each second try to the try before
    /// it.
    pub(super) fn transfers(&mut self, told: &mut [Told]) {
        for one in told {
            self.astray(one);
            let Some(recovery) = one.recovery.take() else { continue };
            let number = one.thread.number;
            let beats = |frame| self.packets.get(&(number, frame)).copied();
            for transfer in recovery.transfers((one.track, one.ends), beats) {
                for segment in &transfer.segments {
                    let before =
                        segment.again.and_then(|again| transfer.segments.get(again.before));
                    let ends = segment.beat.zip(before.and_then(|before| before.beat));
                    let Some((from, to)) = ends else { continue };
                    self.story.links.push(Link { from, relation: Relation::Repeats, to });
                    if let Some(beat) = self.at(from).filter(|it| it.outcome == Outcome::Arrived) {
                        beat.outcome = Outcome::Repeated;
                    }
                }
                self.story.transfers.push(transfer);
            }
        }
    }

    /// Ties the packets that say again what a lost one had brought to that.
    fn astray(&mut self, told: &Told) {
        let packet = |frame| self.packets.get(&(told.thread.number, frame)).copied();
        let pairs = told.astray.again.iter();
        let mut links: Vec<Link> = pairs
            .filter_map(|(later, lost)| {
                let ((from, _), (to, _)) = (packet(*later)?, packet(*lost)?);
                Some(Link { from, relation: Relation::Repeats, to })
            })
            .collect();
        links.sort_unstable_by_key(|link| (link.from, link.to));
        links.dedup();
        self.story.links.append(&mut links);
    }
}

/// What a flight says, and that it is larger than the one a round trip before.
pub(super) fn with_growth(beat: Beat, lead: &Item, grown: Telling) -> Beat {
    if lead.protocol == data::PROTOCOL_ID {
        let detail = format!("{} {}", grown.detail, beat.detail).trim_end().to_owned();
        let Telling { headline, lesson, source, .. } = grown;
        return Beat { headline, detail, lesson, source, ..beat };
    }
    let detail = format!("{} {}. {}", beat.detail, grown.headline, grown.detail);
    Beat { detail: detail.trim_start().to_owned(), ..beat }
}
