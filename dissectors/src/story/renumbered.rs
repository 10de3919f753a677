//! All places of a story that name a beat, for when beats get other numbers.

use super::{BeatId, Story};

impl Story {
    /// Calls for each place that names a beat.
    pub(super) fn each_beat_id(&mut self, mut call: impl FnMut(&mut BeatId)) {
        // None is left out by `..`: whoever adds a field decides here whether it names beats.
        let Self {
            title: _,
            subtitle: _,
            cast: _,
            carriers: _,
            tracks: _,
            beats,
            links,
            passages,
            repeats,
            spills,
            states,
            keys,
            marks,
            trips,
            lanes,
            parcels,
            verdicts,
            windows: _,
            ledgers,
            transfers,
            sum: _,
            packets: _,
            bytes: _,
            both_ends: _,
            one_clock: _,
            notes: _,
            in_frames,
        } = self;
        beats.iter_mut().filter_map(|beat| beat.parent.as_mut()).for_each(&mut call);
        for link in links {
            call(&mut link.from);
            call(&mut link.to);
        }
        for passage in passages {
            call(&mut passage.asked);
            call(&mut passage.handed_on);
            if let Some(answer) = &mut passage.answer {
                call(&mut answer.came);
                call(&mut answer.went);
            }
        }
        for repeat in repeats {
            call(&mut repeat.like);
            call(&mut repeat.first);
            call(&mut repeat.last);
        }
        for spill in spills {
            call(&mut spill.chapter);
            call(&mut spill.flight);
        }
        for state in states {
            call(&mut state.flight);
            call(&mut state.message);
        }
        for key in keys {
            call(&mut key.flight);
            call(&mut key.message);
        }
        marks.iter_mut().for_each(|mark| call(&mut mark.flight));
        for trip in trips {
            call(&mut trip.from);
            call(&mut trip.to);
        }
        let lanes = lanes.iter_mut().flat_map(|lane| &mut lane.marks);
        lanes.for_each(|mark| call(&mut mark.beat));
        parcels.iter_mut().for_each(|parcel| call(&mut parcel.packet));
        for judged in verdicts {
            call(&mut judged.flight);
            call(&mut judged.message);
        }
        for ledger in ledgers {
            call(&mut ledger.request);
            call(&mut ledger.answer);
        }
        for transfer in transfers {
            let segments = transfer.segments.iter_mut();
            segments.flat_map(|one| one.beat.iter_mut().chain(&mut one.flight)).for_each(&mut call);
            let acknowledgements = transfer.acknowledgements.iter_mut();
            acknowledgements.filter_map(|one| one.beat.as_mut()).for_each(&mut call);
        }
        in_frames.iter_mut().for_each(|(id, _)| call(id));
    }
}
