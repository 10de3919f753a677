//! What frames say of their lengths and times, asked of many at once: whatever clocks did and
//! however long frames are, what columns answer is what each frame says.

use std::sync::LazyLock;

use proptest::prelude::*;
use wirestage_dissectors::filter::{Columns, Filter, Plain, Plan, Remembered, Vocabulary};
use wirestage_dissectors::frames::{Frame, Frames, LinkType};
use wirestage_dissectors::ids::{FrameId, Time};
use wirestage_dissectors::registry::standard;
use wirestage_dissectors::survey::{Survey, survey_chunk};

static VOCABULARY: LazyLock<Vocabulary> = LazyLock::new(|| Vocabulary::new(standard()));

/// Frames of which nothing was kept but when they were seen and how long they were.
#[derive(Debug)]
struct Said(Vec<(Time, u32)>);

impl Frames for Said {
    fn count(&self) -> u32 {
        self.0.len() as u32
    }

    fn frame(&self, id: FrameId) -> Frame<'_> {
        let said = self.0.get(id.index());
        said.map_or(Frame::EMPTY, |(time, len)| Frame {
            time: *time,
            wire_len: *len,
            link: LinkType::RAW,
            ..Frame::EMPTY
        })
    }
}

impl Said {
    /// The frames that columns find, taken in by parts of that many.
    fn found(&self, expression: &str, part: u32) -> Vec<u32> {
        let (registry, mut survey) = (standard(), Survey::new());
        for begin in (0..self.count()).step_by(part as usize) {
            let range = begin..self.count().min(begin + part);
            survey.absorb(survey_chunk(self, range, registry), registry);
        }
        let filter = Filter::new(expression, &VOCABULARY, registry);
        let filter = filter.expect("a filter");
        let plain = Plain::of(&survey, self, registry);
        let columns = Columns::new(&survey, self, registry, &plain);
        let plan = Plan::new(&filter, columns, &Remembered::default());
        let triage = plan.verdict(0..self.count());
        assert!(triage.perhaps.is_empty(), "{expression}: nothing is left to be read");
        triage.yes.iter().collect()
    }

    fn expected(&self, passes: impl Fn(Time, u32) -> bool) -> Vec<u32> {
        let all = (0..).zip(&self.0);
        all.filter(|(_, (time, len))| passes(*time, *len)).map(|(frame, _)| frame).collect()
    }
}

/// A second from the first frame on, in which clocks run, stand, and run back.
fn frames() -> impl Strategy<Value = Said> {
    let step = prop_oneof![9 => 0..400_000_i64, 1 => -2_000_000..0_i64];
    let len = prop_oneof![8 => 40..1600_u32, 1 => 65_530..65_540_u32, 1 => Just(1 << 20)];
    let one = (step, len, prop::bool::weighted(0.0002));
    prop::collection::vec(one, 1..5_000).prop_map(|all| {
        let mut now = 1_000_000_000;
        let frame = |(number, (step, len, is_timeless)): (usize, (i64, u32, bool))| {
            now += step;
            let time = if is_timeless && number > 0 { Time::UNKNOWN } else { Time(now) };
            (time, len)
        };
        Said(all.into_iter().enumerate().map(frame).collect())
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]
    #[test]
    fn columns_answer_what_each_frame_says(said in frames(), part in 1..3_000_u32) {
        let first = said.0[0].0;
        let since = |time: Time| time.known().map(|time| time.since(first));
        let is = |expression: &str, passes: &dyn Fn(Time, u32) -> bool| {
            prop_assert_eq!(said.found(expression, part), said.expected(passes), "{}", expression);
            Ok(())
        };
        is("frame.len > 1000", &|_, len| len > 1000)?;
        is("frame.len != 65535", &|_, len| len != 65_535)?;
        is("frame.len in {60..80, 65536}", &|_, len| (60..=80).contains(&len) || len == 65_536)?;
        is("frame.len % 2 == 0", &|_, len| len % 2 == 0)?;
        is("not frame.len", &|_, _| false)?;
        is("frame.time_relative > 0.25", &|time, _| since(time) > Some(250_000_000))?;
        is("0.125 >= frame.time_relative", &|time, _| {
            since(time).is_some_and(|since| since <= 125_000_000)
        })?;
        is("not frame.time_relative < 0.25", &|time, _| {
            since(time).is_none_or(|since| since >= 250_000_000)
        })?;
        is("frame.time_epoch < 1.5", &|time, _| {
            time.known().is_some_and(|time| time.0 < 1_500_000_000)
        })?;
        let late = said.found("frame.number > 1500 and frame.len < 100", part);
        let short = said.expected(|_, len| len < 100);
        prop_assert_eq!(late, short.into_iter().filter(|frame| *frame >= 1500).collect::<Vec<_>>());
    }
}
