//! Places over time: what was sent as dots (Stevens), or as bars between what is acknowledged and
//! how far the window reaches (tcptrace).

use wirestage_dissectors::course::{Carrier, Course, What};

use super::bars::Bars;
use super::lines::{Curve, Stroke};
use super::marks::{Mark, Marks};
use super::scale::Scale;
use super::spots::{Said, Spots};
use crate::diagram::scene::Layer;
use crate::diagram::sheet::Sheet;
use crate::diagram::style::Style;

/// The line of what is acknowledged.
pub(super) const ACKNOWLEDGED: Stroke =
    Stroke { style: Style::Application, width: 2.0, layer: Layer::Lines };

/// The line of how far the window reaches.
pub(super) const EDGE: Stroke = Stroke { style: Style::RoundTrip, width: 1.0, layer: Layer::Rails };

/// A dot for each segment.
pub(super) fn stevens(
    _: &mut Sheet<'_>,
    course: &Course,
    scale: &Scale,
    (marks, spots): (&mut Marks, &mut Spots),
) {
    for sent in &course.sent {
        let place = (course.since_start(sent.time), sent.from as f64);
        if sent.what == What::New {
            marks.add(scale, Mark::Segment, place);
        }
        Mark::of_sent(sent).for_each(|mark| marks.add(scale, mark, place));
        spots.add(scale, place, (sent.frame, Said::Sent(*sent)));
    }
}

/// Bars between two lines.
pub(super) fn tcptrace(
    sheet: &mut Sheet<'_>,
    course: &Course,
    scale: &Scale,
    (marks, spots): (&mut Marks, &mut Spots),
) {
    let time = |time| course.since_start(time);
    let mut bars = Bars::default();
    for sent in &course.sent {
        let at = time(sent.time);
        bars.add(scale, at, (sent.from, sent.to));
        let middle = (at, (sent.from + sent.to) as f64 / 2.0);
        for mark in Mark::of_sent(sent) {
            match mark {
                // Above the answer that comes at once.
                Mark::Probe => marks.above(scale, mark, middle),
                _ => marks.add(scale, mark, middle),
            }
        }
        spots.add(scale, middle, (sent.frame, Said::Sent(*sent)));
    }
    for heard in &course.heard {
        let place = (time(heard.time), heard.upto as f64);
        let blocks = course.blocks.get(heard.blocks.start as usize..heard.blocks.end as usize);
        for block in blocks.unwrap_or_default() {
            marks.block(scale, time(heard.time), *block);
        }
        if let Some(mark) = Mark::of_heard(heard.says) {
            marks.add(scale, mark, place);
        }
        let said = Said::Heard { says: heard.says, upto: heard.upto, window: heard.window };
        spots.add(scale, place, (heard.frame, said));
    }
    let edges = course.heard.iter().filter_map(|one| Some((time(one.time), one.edge()? as f64)));
    Curve::of(scale, edges).draw(sheet, scale, EDGE);
    bars.draw(sheet, scale, Style::Flow);
    let heard = course.heard.iter();
    // An acknowledgement that was overtaken takes nothing back.
    let acknowledged = heard.scan(0, |most, one| {
        *most = one.upto.max(*most);
        Some((time(one.time), *most as f64))
    });
    let acknowledged = Curve::of(scale, acknowledged);
    // Packets are counted from nothing.
    let is_counted = course.carrier == Carrier::Quic;
    let acknowledged = if is_counted { acknowledged.after(0.0) } else { acknowledged };
    acknowledged.draw(sheet, scale, ACKNOWLEDGED);
}
